# %% [markdown]
# # Choosing hyperparameters
#
# *105 minutes: 45 to read and run, 35 for 7 exercises, 25 for the 24 questions of the quiz. Builds on: feedforward networks and the split in three (lesson 03), penalties and dropout (lesson 09).*
#
# One network, one data set, one number turned from low to high: the learning rate. At one end it learns nothing, at the other it falls apart, and in between it is good. Training cannot find that number. It is *given* to
# the training. Somebody has to choose it, and a dozen more like it. This lesson is about choosing them well, about what it costs, and about the ways in which a search fools the one who searches.
#
# **After this lesson you can**
#
# * tell a hyperparameter from a parameter, and say what a search will cost before it starts;
# * run grid, random and Bayesian searches over Keras models, in one process or on a cluster;
# * check that a search really trained what you asked for;
# * report a result that does not flatter itself.

# %%
from courseware import open_lesson

lesson = open_lesson("10_gridsearch")

import itertools
import os
import tempfile
from pathlib import Path

import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

from courseware.lessons.gridsearch import drawings as draw
from courseware.drawing import show
from courseware.notebook import quiet_workers

# %% [markdown]
# The data are the eight measured features of lesson 03: mean radius, texture and so on of cells from 569 tumours. The label says whether the tumour is malignant. **Before anything else we lock the test set away.** A search looks at its data again
# and again, and what was looked at cannot judge any more. We keep 180 tumours for searching and put 389 aside for the very end.

# %%
cancer = load_breast_cancer()
x_all, y_all = cancer.data[:, :8], 1 - cancer.target  # 1: malignant
x_search, x_test, y_search, y_test = train_test_split(
    x_all, y_all, train_size=180, stratify=y_all, random_state=lesson.seed
)
mean, spread = x_search.mean(axis=0), x_search.std(axis=0)
x_search, x_test = (x_search - mean) / spread, (x_test - mean) / spread
print("for searching:", x_search.shape, "  for the end:", x_test.shape)
always_benign = np.mean(y_search == 0)
print(f"baseline, always the more frequent answer: {always_benign:.3f}")

# %% [markdown]
# To see many trainings we need fast ones. Here is the network of lesson 03 once more in plain NumPy: eight features, a hidden layer with ReLU, one sigmoid output, forty steps of gradient descent on all training examples at once. It takes a small part of a second. Three numbers are left open for
# us to set: the learning rate, the weight of an L2 penalty, and the number of hidden units.

# %%
x_fit, x_val, y_fit, y_val = train_test_split(
    x_search, y_search, test_size=0.4, stratify=y_search, random_state=lesson.seed
)


def validation_loss(rate, penalty, units):
    """Train the network with these settings; return its cross-entropy on the validation part."""
    rng = np.random.default_rng(lesson.seed)
    w1, b1 = rng.normal(0, 0.5, (8, units)), np.zeros(units)
    w2, b2 = rng.normal(0, units**-0.5, units), 0.0
    for _ in range(40):
        z = x_fit @ w1 + b1
        h = np.maximum(0, z)
        p = 1 / (1 + np.exp(-np.clip(h @ w2 + b2, -30, 30)))
        blame = (p - y_fit) / len(y_fit)
        blame_h = np.outer(blame, w2) * (z > 0)
        w2, b2 = w2 - rate * (h.T @ blame + penalty * w2), b2 - rate * blame.sum()
        w1, b1 = w1 - rate * (x_fit.T @ blame_h + penalty * w1), b1 - rate * blame_h.sum(axis=0)
    p = 1 / (1 + np.exp(-np.clip(np.maximum(0, x_val @ w1 + b1) @ w2 + b2, -30, 30)))
    p = np.clip(p, 0.001, 0.999)  # so that one confident mistake costs at most 7
    loss = -np.mean(y_val * np.log(p) + (1 - y_val) * np.log(1 - p))
    return loss if np.isfinite(loss) else 7.0  # 7: it has fallen apart


# %% [markdown]
# **Before you run it, guess:** we try 29 learning rates from 0.00001 to 100. How many of them will at least halve the baseline's loss?

# %%
lesson.guess("useful_rates")

# %%
rates = 10.0 ** np.linspace(-5, 2, 29)
with np.errstate(all="ignore"):  # very large rates overflow, and that is part of the picture
    losses = np.array([validation_loss(rate, 0.0001, 12) for rate in rates])
no_idea = -np.mean(np.log(np.where(y_val == 1, 1 - always_benign, always_benign)))
useful = int(np.sum(losses < 0.5 * no_idea))
print(f"of {len(rates)} rates ≈ {useful} at least halve the loss of the baseline")

# %%
show(
    draw.rate_curve(rates, losses, no_idea),
    "Validation loss against the learning rate, on a logarithmic scale. On the left the curve is "
    "high and flat, in the middle it sinks into a valley, on the right it shoots up.",
)
lesson.claim("some rates do, and fewer than half", 2 < useful < 15, guess="useful_rates")
lesson.claim("the smallest rate learns next to nothing", losses[0] > 0.8 * no_idea)
lesson.claim("the largest one is worse than knowing nothing", losses[-1] > no_idea)

# %% [markdown]
# The dashed line is the baseline that answers with the share of malignant tumours every time. Below a rate of about 0.01 forty steps are not enough to get anywhere, and above 10 the network explodes. The valley in between spans less than half of the range that we tried.
#
# ## Knobs, and what training turns itself
#
# A sound engineer sits at a mixer full of knobs. The band plays; the knobs decide what becomes of it. Weights and biases are the notes: training plays them. The knobs are set *before* it starts and stay where they are. They are called **hyperparameters**:
#
# | knob | what it decides |
# |---|---|
# | learning rate | how long the steps are |
# | batch size | how many examples share one step |
# | epochs | how often all examples are seen |
# | optimizer | how a gradient becomes a step |
# | layers, units | how much the network *can* express |
# | dropout, penalties | how strongly simple solutions are preferred |
#
# (You may read that dropout and penalties set "how much the network can forget". They do not: nothing that was learned is erased. They make memorizing single examples costly while it learns, as lesson 09 showed.)
#
# ### Exercise: knobs
#
# Sort these nine. Return the set of the names that are hyperparameters.


# %%
names = ["learning rate", "weights of the first layer", "batch size", "biases", "dropout rate"]
names += ["number of units", "output for one example", "L2 penalty", "training loss"]


def knobs(names):
    """Return the set of those names that are hyperparameters."""
    ### BEGIN SOLUTION
    chosen = {"learning rate", "batch size", "dropout rate", "number of units", "L2 penalty"}
    return chosen & set(names)
    ### STARTER
    # return ...  # e.g. {"biases", "training loss"}
    ### END SOLUTION


# %%
lesson.check("knobs", knobs)
# Stuck? Remove the # from the next line and run the cell. Each run gives one more hint, of three.
# lesson.hint("knobs")

# %% [markdown]
# ## Judging a setting: cross-validation
#
# Our validation part has 72 tumours. One of them more or less makes 1.4 percent. To choose between settings that differ by less, one small validation set is a poor judge. **Cross-validation** makes more of the same data: cut them into $k$ equal parts, the **folds**. Each fold is the validation part once, while
# the others train. At the end every example has been judged on exactly once, by a network that had not seen it. The score of a setting is the mean of the $k$ scores.

# %%
show(
    draw.folds(3),
    "Three rows, each with three blocks. In each row another block is marked as the validation "
    "part and the other two as training parts.",
)

# %% [markdown]
# The price is plain: $k$ trainings for each setting instead of one.
#
# ### Exercise: folds
#
# Write the cutting. For `n` examples and `k` folds return a list of `k` pairs `(train, validation)` of index arrays: the first pair validates on the first block of examples, and so on. You may assume that `k` divides `n`.


# %%
def folds(n, k):
    """Return k pairs of index arrays: what trains, and what validates."""
    ### BEGIN SOLUTION
    blocks = np.arange(n).reshape(k, n // k)
    return [(np.delete(blocks, i, axis=0).ravel(), blocks[i]) for i in range(k)]
    ### END SOLUTION


# %%
lesson.check("folds", folds)
# lesson.hint("folds")

# %% [markdown]
# scikit-learn has the same under the name `KFold`, and `StratifiedKFold`, which keeps the share of each class alike in all folds. The latter is what its searches use for classifiers.

# %%
from sklearn.model_selection import KFold

for train, validation in KFold(3).split(np.zeros(6)):
    print("train on", train, "  validate on", validation)

# %% [markdown]
# ## Grid search
#
# The most obvious search: choose a few values for each knob, and try **every combination**. That is a **grid search**. In plain Python it is a loop over `itertools.product`:

# %%
table = {}
for rate, units in itertools.product([0.01, 0.1, 1.0], [4, 12, 36]):
    table[rate, units] = validation_loss(rate, 0.0001, units)
best_rate, best_units = min(table, key=table.get)
print("combinations tried:", len(table))
show(
    draw.heatmap(table, "learning rate", "hidden units"),
    "A grid of three by three fields coloured by validation loss. It is highest for the smallest "
    "learning rate with the fewest units and falls towards larger rates and more units.",
)
print(f"best: rate ≈ {best_rate:.2f}, loss ≈ {table[best_rate, best_units]:.3f}")

# %%
lesson.claim("the smallest rate is not the best one", best_rate > 0.01)

# %% [markdown]
# Look how the knobs work together: at the smallest rate more units help a lot, at the largest hardly at all. Turned one after the other, knobs do not show that.
#
# Searching is done with training and validation data only. When it is over, the best setting is usually trained once more on *all* the search data. This last training is called the **refit**. So the cost is
#
# $$(\text{combinations} \times \text{folds} + 1) \ \text{fits, each of so many epochs}$$
#
# ### Exercise: cost
#
# Put that into code. `grid` is a dictionary of lists, one for each knob, as in `{"rate": [0.1, 1.0], "units": [4, 12, 36]}`, which has six combinations.


# %%
def cost(grid, folds, epochs):
    """Return two numbers: how many fits the search makes, and how many epochs it trains in all."""
    ### BEGIN SOLUTION
    fits = int(np.prod([len(values) for values in grid.values()])) * folds + 1
    return fits, fits * epochs
    ### END SOLUTION


# %%
lesson.check("cost", cost)
# lesson.hint("cost")

# %% [markdown]
# Costs *multiply* over knobs. Three values for each of six knobs are 729 combinations.
#
# ## A grid of seven optimizers
#
# A well-known example compares seven optimizers on a network with 12 ReLU units, with three folds, on all cores, in 100 epochs of batches of 10. We run it, in fewer epochs and in this one process; why, you will see.
#
# Keras models can be searched by scikit-learn through a wrapper, `keras.wrappers.SKLearnClassifier`. (Older texts import it from `keras.wrappers.scikit_learn`. That module no longer exists.) It needs a function that builds the model:

# %%
### SOURCE courseware.lessons.gridsearch.models.build_classifier

# %% [markdown]
# Two outputs with softmax, where lesson 03 had one sigmoid unit? The wrapper turns the labels 0 and 1 into two columns, (1, 0) and (0, 1). So the network needs two outputs and the categorical cross-entropy. It loses nothing by that: softmax over two scores is the sigmoid of their difference.
#
# **Before you run it, guess:** how many epochs will the search train in all, with 5 epochs for each training?

# %%
lesson.guess("epochs_in_all")

# %% [markdown]
# We do not take it on trust: a callback writes a line into a file at the end of *every* epoch, whichever process it is in.


# %%
class EpochCounter(keras.callbacks.Callback):
    """Append the number of the process to a file at the end of each epoch."""

    def __init__(self, path):
        super().__init__()
        self.path = path

    def on_epoch_end(self, epoch, logs=None):
        with open(self.path, "a") as file:
            file.write(f"{os.getpid()}\n")


folder = Path(tempfile.mkdtemp())


def epochs_counted(name):
    return len((folder / name).read_text().split())


# %%
from keras.wrappers import SKLearnClassifier
from sklearn.model_selection import GridSearchCV

EPOCHS, BATCH = 5, 3  # 100 and 10 in the example that we follow; see below
OPTIMIZERS = ["sgd", "rmsprop", "adagrad", "adadelta", "adam", "adamax", "nadam"]

search = GridSearchCV(
    SKLearnClassifier(build_classifier),
    {"model_kwargs": [{"optimizer": name, "seed": lesson.seed} for name in OPTIMIZERS]},
    cv=3,
)  # n_jobs=-1 would use all cores; see below
counter = EpochCounter(folder / "optimizers")
search.fit(x_search, y_search, epochs=EPOCHS, batch_size=BATCH, verbose=0, callbacks=[counter])
trained = epochs_counted("optimizers")
print("epochs trained:", trained)

# %%
lesson.claim(
    "seven optimizers, three folds and the refit: 22 fits of 5 epochs",
    trained == (7 * 3 + 1) * EPOCHS,
    guess="epochs_in_all",
)

# %% [markdown]
# 110 epochs, as predicted. With 100 epochs a fit it would be 2,200. That is twenty times the epochs to wait for, which is why we settled for 5, of smaller batches: the file of this lesson should run within a minute. Set `EPOCHS, BATCH = 100, 10` if you like.
#
# The example also passes `n_jobs=-1`, "all cores". Then as many **worker processes** as there are cores share the fits. But each of them starts empty and has to load Keras first, which takes longer than one of our small fits. So here it would gain little. It pays when fits are long, as with 100 epochs: add `n_jobs=-1` to `GridSearchCV` then. At the end of this lesson we let worker processes train.

# %%
scores = {
    name: [search.cv_results_[f"split{fold}_test_score"][n] for fold in range(3)]
    for n, name in enumerate(OPTIMIZERS)
}
ranked = sorted(OPTIMIZERS, key=lambda name: -np.mean(scores[name]))
show(
    draw.scores(scores, always_benign),
    "For each optimizer three dots, one for each fold, and a bar at their mean. Several "
    "optimizers lie close together on the right; Adadelta and Adagrad lie far to the left.",
)
print(f"best mean score ≈ {np.mean(scores[ranked[0]]):.3f}")

# %%
lesson.claim(
    "the best beats the baseline clearly", np.mean(scores[ranked[0]]) > always_benign + 0.1
)
lesson.claim(
    "the grid reports the best of the means",
    search.best_score_ == search.cv_results_["mean_test_score"].max(),
)

# %% [markdown]
# It is tempting to read this as a ranking of optimizers. Two things speak against it.
#
# **First, each optimizer ran at one learning rate**, the one that Keras chose as its default: 0.01 for SGD, 0.001 for all others. The comparison is one of those rates as much as of the optimizers. Adadelta shows it best. The paper that introduced it used 1.0, a thousand times the default of Keras.

# %%
adadelta = {}
labels_2 = np.eye(2)[y_search]
for rate in (0.001, 1.0):
    model = build_classifier(x_search, None, "adadelta", learning_rate=rate, seed=lesson.seed)
    before = model.evaluate(x_search, labels_2, batch_size=180, verbose=0)
    model.fit(x_search, labels_2, epochs=EPOCHS, batch_size=BATCH, verbose=0)
    adadelta[rate] = model.evaluate(x_search, labels_2, batch_size=180, verbose=0)
print(f"untrained ≈ {before:.2f}, rate 0.001 ≈ {adadelta[0.001]:.2f}, rate 1 ≈ {adadelta[1.0]:.2f}")

# %%
lesson.claim("at the default rate the loss has hardly moved", adadelta[0.001] > 0.85 * before)
lesson.claim("at the paper's rate the same optimizer learns well", adadelta[1.0] < 0.5 * before)

# %% [markdown]
# The same optimizer, the same 5 epochs. It was not Adadelta that failed in the grid.
#
# **Second, luck.** Each training starts from random weights. Would the winner win again? We keep the optimizer fixed, take Adam, and search over nothing but the *seed*:
#
# **Before you run it, guess:** how far will the scores of three Adams lie apart, compared with the step from one place in the ranking to the next?

# %%
lesson.guess("three_adams", "less far", "about as far", "further")

# %%
seeds = [lesson.seed + 10, lesson.seed + 20]
again = GridSearchCV(
    SKLearnClassifier(build_classifier),
    {"model_kwargs": [{"optimizer": "adam", "seed": seed} for seed in seeds]},
    cv=3,
    refit=False,  # no best one is wanted here
)
again.fit(x_search, y_search, epochs=EPOCHS, batch_size=BATCH, verbose=0)
adams = np.array([np.mean(scores["adam"]), *again.cv_results_["mean_test_score"]])
best_four = {name: np.mean(scores[name]) for name in ranked[:4]}
by_seed = adams.max() - adams.min()
step = (best_four[ranked[0]] - best_four[ranked[3]]) / 3
print(f"from one place to the next, among the four best ≈ {step:.4f} on average")
print(f"Adam's mean score over three seeds: lowest to highest ≈ {by_seed:.4f}")

# %%
show(
    draw.luck(best_four, "adam", adams),
    "Two rows of marks on one scale. Above, the mean scores of the four best optimizers; below, "
    "those of Adam alone with three seeds, in the same region.",
)
lesson.claim(
    "Adam's spread over three seeds is larger than that step", by_seed > step, guess="three_adams"
)

# %% [markdown]
# One and the same optimizer, and all that differs are the random weights at the start and the order of the examples. A table of optimizers would credit the optimizer with it. Whoever reports "the best optimizer" from one run reports the weather. A difference counts when it is larger than what luck alone does.
#
# ### Exercise: repair
#
# This builder worked by itself, but inside the wrapper every fit stops with an error about shapes. Repair it: 8 features in, 12 ReLU units, and an output and a loss that fit labels which come as two columns.


# %%
def repaired_builder(X, y):
    """Return a compiled model that keras.wrappers.SKLearnClassifier can train on two classes."""
    ### BEGIN SOLUTION
    outputs, activation, loss = 2, "softmax", "categorical_crossentropy"
    ### STARTER
    # outputs, activation, loss = 1, "sigmoid", "binary_crossentropy"
    ### END SOLUTION
    model = keras.Sequential(
        [
            keras.Input(shape=(X.shape[1],)),
            layers.Dense(12, activation="relu"),
            layers.Dense(outputs, activation=activation),
        ]
    )
    model.compile(optimizer="adam", loss=loss)
    return model


# %%
lesson.check("repair", repaired_builder)
# lesson.hint("repair")

# %% [markdown]
# ## Check that the search did what you asked
#
# The wrapper also takes its settings for `fit` when it is made: `SKLearnClassifier(build, fit_kwargs={"epochs": 5})`. That reads well. Let us use it, and count.
#
# **Before you run it, guess:** one setting, two folds and the refit, with 5 epochs each. How many epochs will be counted?

# %%
lesson.guess("epochs_by_fit_kwargs")

# %%
settings = {"epochs": EPOCHS, "verbose": 0, "callbacks": [EpochCounter(folder / "fit_kwargs")]}
with_kwargs = GridSearchCV(
    SKLearnClassifier(build_classifier, fit_kwargs=settings),
    {"model_kwargs": [{"seed": lesson.seed}]},
    cv=2,
)
with_kwargs.fit(x_search, y_search, callbacks=[EpochCounter(folder / "fit_kwargs")], verbose=0)
trained = epochs_counted("fit_kwargs")
print("epochs asked for:", (1 * 2 + 1) * EPOCHS, "  epochs trained:", trained)

# %%
lesson.claim(
    "each of the three fits trained for a single epoch", trained == 3, guess="epochs_by_fit_kwargs"
)

# %% [markdown]
# Three, and no error, no warning. A search makes a fresh copy of its model for every fit, and this wrapper does not copy `fit_kwargs`. Keras then falls back to its default of one epoch. A comparison made in this way compares networks that have hardly begun. Two habits
# protect you: pass epochs to `search.fit(...)`, and **count**.
#
# A search ends with a winner and a score. How good is the winner really? Imagine forty settings that are all *exactly equally good*: each is right in 80 of 100 cases. We score each on 72 examples, as in our validation part, pick the best, and then test that one on new examples.
#
# **Before you run it, guess:** what score will the winner show, on average?

# %%
lesson.guess("winner", "about 80 %", "about 85 %", "about 90 %", "about 95 %")

# %%
rng = np.random.default_rng(lesson.seed)
at_search = rng.binomial(72, 0.8, size=(1000, 40)) / 72  # 1000 searches over 40 settings
winners = at_search.max(axis=1)
on_test = rng.binomial(389, 0.8, size=1000) / 389  # each winner on 389 new examples
print(f"winners at the search ≈ {winners.mean():.3f}, on new examples ≈ {on_test.mean():.3f}")

# %%
show(
    draw.winners(winners, on_test, 0.8),
    "Two histograms over 1000 searches. The scores with which settings won lie well to the right "
    "of the true 0.8. The scores of the same winners on new examples lie around 0.8.",
)
lesson.claim(
    "the winner looks at least eight points better than it is",
    winners.mean() > 0.88,
    guess="winner",
)
lesson.claim("on new examples it is what it always was", abs(on_test.mean() - 0.8) < 0.01)

# %% [markdown]
# ## The best of many is flattered
#
# This is the **winner's curse**: who is picked *because of* a high score owes part of that score to luck, and luck does not come along to the next test. The more settings and the smaller the validation set, the worse. Cross-validation makes it milder, and nothing but **data that had no part in the search** takes it away.
# So now, and only now, we unlock the test set, for the one model that the grid has chosen:

# %%
from sklearn.linear_model import LogisticRegression

test_score = search.score(x_test, y_test)
line_score = LogisticRegression().fit(x_search, y_search).score(x_test, y_test)
print(f"the winner: at the search ≈ {search.best_score_:.3f}, on the test set ≈ {test_score:.3f}")
print(f"logistic regression, no search at all: on the test set ≈ {line_score:.3f}")

# %%
lesson.claim("the winner is far above the baseline", test_score > always_benign + 0.15)
lesson.claim("a logistic regression is at least nearly as good", line_score > test_score - 0.04)

# %% [markdown]
# The last line is the honest part. One softmax-like unit, trained in a moment, does the same job on these eight features. A search improves a model; it does not ask whether you need that model. Run the simple thing first.
#
# ### Exercise: no_leak
#
# There is one more way to spoil a search, and we did it above, in the second cell: we standardized with the mean of *all* search data, before the folds were cut. So each validation fold had a little say in how its judge was trained. Here the harm is tiny, with other preparations it is large. The cure: the preparation becomes part of
# the model, so that it is fitted anew on the training folds of each split.
#
# Write a search over `LogisticRegression`'s `C` (values 0.01, 1 and 100) on *raw* features with the scaling inside. You need `make_pipeline(StandardScaler(), LogisticRegression())`; in the grid the knob is called `"logisticregression__C"`. Return the fitted search.

# %%
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def no_leak(x, y):
    """Return a fitted GridSearchCV whose every fit scales with its own training data only."""
    ### BEGIN SOLUTION
    model = make_pipeline(StandardScaler(), LogisticRegression())
    return GridSearchCV(model, {"logisticregression__C": [0.01, 1, 100]}, cv=5).fit(x, y)
    ### END SOLUTION


# %%
lesson.check("no_leak", no_leak)
# lesson.hint("no_leak")

# %% [markdown]
# ## Random search
#
# A grid with eight trainings and three knobs: that is two values for each knob. Of the learning rate, the knob that decides everything here, we would see *two* values. Look at the same eight trainings placed at random:

# %%
rng = np.random.default_rng(lesson.seed)
LOW, HIGH = np.array([-5, -6, 2]), np.array([2, -2, 5])  # powers of 10, 10 and 2


def grid_points(rng):
    """Two values for each of three knobs; the grid as a whole is shifted at random."""
    shift = rng.uniform(0, 1, 3)
    corners = np.array(list(itertools.product([0, 1], repeat=3)))
    return LOW + (HIGH - LOW) * (corners + shift) / 2


def random_points(rng):
    return rng.uniform(LOW, HIGH, size=(8, 3))


def loss_at(point):
    rate, penalty, units = 10 ** point[0], 10 ** point[1], int(2 ** point[2])
    with np.errstate(all="ignore"):
        return validation_loss(rate, penalty, units)


examples = grid_points(rng), random_points(rng)
show(
    draw.projections(*examples, rates, losses),
    "Two panels, each with eight points over learning rate and penalty, and the curve of the "
    "first figure above. The grid's points share two learning rates. The random points have "
    "eight different ones, so that several fall into the valley.",
)
different = [len(set(np.round(points[:, 0], 6))) for points in examples]
print("different learning rates: grid", different[0], " random", different[1])

# %% [markdown]
# Read the marks at the top. The grid spends its eight trainings on two learning rates, and repeats each four times for the sake of the other knobs, of which the penalty hardly matters at all. The **random search** draws every setting freely, so *each knob* gets eight different values, whichever of them turns out to be the one that matters (James Bergstra and Yoshua Bengio, 2012).
#
# One thing needs care. From 0.00001 to 100 we want as many draws between 0.001 and 0.01 as between 1 and 10. So the *exponent* is drawn evenly. This is called **log-uniform**.
#
# ### Exercise: draw_rates
#
# Draw `n` learning rates between `low` and `high`, log-uniformly. `rng.uniform(a, b, n)` draws n numbers evenly between a and b.


# %%
def draw_rates(rng, n, low, high):
    """Return n numbers from low to high whose logarithm is spread evenly."""
    ### BEGIN SOLUTION
    return 10 ** rng.uniform(np.log10(low), np.log10(high), n)
    ### END SOLUTION


# %%
lesson.check("draw_rates", draw_rates)
# lesson.hint("draw_rates")

# %% [markdown]
# ## Learning from the trainings so far
#
# Grid and random search decide everything beforehand. A person would not: after three bad trainings at small rates one tries larger ones. **Bayesian optimization** does the same with statistics. It keeps a guess of how the score depends on the knobs, improves it after every training, and picks as the next **trial** a point that promises much:
# because its neighbours were good, or because little is known there. The library Optuna does it with a method called TPE. It compares where good trials lie with where bad ones lie.

# %%
import optuna

optuna.logging.set_verbosity(optuna.logging.WARNING)


def optuna_search(seed, n_trials=8):
    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=4)  # the first 4 are random
    study = optuna.create_study(sampler=sampler)

    def objective(trial):
        return loss_at([trial.suggest_float(f"knob {k}", LOW[k], HIGH[k]) for k in range(3)])

    study.optimize(objective, n_trials=n_trials)
    return study


# %%
study = optuna_search(seed=lesson.seed, n_trials=30)
tried = [(trial.params["knob 0"], trial.value) for trial in study.trials]
show(
    draw.trials(tried, rates, losses),
    "The learning rate of thirty trials in the order in which they were made. The first ones are "
    "scattered; the later ones crowd into the valley of good rates.",
)
in_valley = [10**exponent for exponent, _ in tried if 0.01 < 10**exponent < 10]
print(f"trials between 0.01 and 10 ≈ {len(in_valley)} of {len(tried)}")

# %%
lesson.claim("most of the trials are spent where it is worthwhile", len(in_valley) > 15)

# %% [markdown]
# The interval from 0.01 to 10 is three sevenths of the whole range, and gets most of the trials.
#
# Now the race. One search each proves nothing (you have just read about luck), so every method runs **forty** times, always with the same budget: **eight trainings**. The grid as a whole is shifted at random each time, so that it is not the luck of its corners that we measure.
#
# **Before you run it, guess:** who comes last, on average?

# %%
lesson.guess("race", "the grid", "random search", "Optuna")

# %%
rng = np.random.default_rng(lesson.seed)
race = {"grid": [], "random": [], "Optuna": []}
for repeat in range(40):
    race["grid"].append(min(loss_at(point) for point in grid_points(rng)))
    race["random"].append(min(loss_at(point) for point in random_points(rng)))
    race["Optuna"].append(optuna_search(seed=100 * lesson.seed + repeat).best_value)
mean_best = {name: np.mean(values) for name, values in race.items()}
print(", ".join(f"{name} ≈ {value:.3f}" for name, value in mean_best.items()))

# %%
show(
    draw.race(race),
    "For each method forty dots, one for the best loss of each search. The dots of the grid reach "
    "far to the right; those of random search and Optuna are mostly on the left, much alike.",
)
lesson.claim("random search beats the grid on average", mean_best["random"] < mean_best["grid"])
lesson.claim("so does Optuna", mean_best["Optuna"] < mean_best["grid"], guess="race")

# %% [markdown]
# Random search beats the grid because one knob matters far more than the others. Optuna beats the grid, too. Is it better than random search? With eight trainings, of which four are random anyway, there is not much to learn from, and we would not bet. Its strength shows when a training is expensive and some dozens can be afforded.
#
# ## The same with Keras
#
# All three run on Keras models as well: `GridSearchCV`, `RandomizedSearchCV`, which takes distributions instead of lists, and Optuna, which takes a function that trains and returns a score. Here they are at equal budget, **six trainings** each, one validation part instead of folds. The knobs are Adam's learning rate and the number
# of units.

# %%
from scipy.stats import loguniform
from sklearn.model_selection import RandomizedSearchCV

part = [tuple(train_test_split(np.arange(180), test_size=0.4, random_state=lesson.seed))]
how = {"cv": part, "refit": False}
adam = {"optimizer": "adam", "seed": lesson.seed}


def with_knobs(pairs):
    return [adam | {"learning_rate": float(rate), "units": int(units)} for rate, units in pairs]


grid = with_knobs(itertools.product(np.geomspace(1e-5, 1, 3), [4, 32]))
rng = np.random.default_rng(lesson.seed)
drawn = with_knobs(zip(loguniform(1e-5, 1).rvs(6, random_state=rng), rng.integers(4, 33, 6)))
searches = {
    "grid": GridSearchCV(SKLearnClassifier(build_classifier), {"model_kwargs": grid}, **how),
    "random": RandomizedSearchCV(
        SKLearnClassifier(build_classifier), {"model_kwargs": drawn}, n_iter=6, **how
    ),
}
for name, one in searches.items():
    counter = EpochCounter(folder / name)
    one.fit(x_search, y_search, epochs=5, batch_size=10, verbose=0, callbacks=[counter])

# %% [markdown]
# Optuna needs no wrapper. The function builds, trains and scores the model by itself.


# %%
def objective(trial):
    rate = trial.suggest_float("learning rate", 1e-5, 1, log=True)
    units = trial.suggest_int("units", 4, 32)
    model = build_classifier(x_search, None, **adam, learning_rate=rate, units=units)
    train, validation = part[0]
    model.fit(
        x_search[train],
        labels_2[train],
        epochs=5,
        batch_size=10,
        verbose=0,
        callbacks=[EpochCounter(folder / "optuna")],
    )
    answers = model.predict(x_search[validation]).argmax(axis=1)
    return np.mean(answers == y_search[validation])


sampler = optuna.samplers.TPESampler(seed=lesson.seed, n_startup_trials=3)
keras_study = optuna.create_study(direction="maximize", sampler=sampler)
keras_study.optimize(objective, n_trials=6)

# %%
best = {name: one.best_score_ for name, one in searches.items()}
best["Optuna"] = keras_study.best_value
for name in ("grid", "random", "optuna"):
    print(name, "trained", epochs_counted(name), "epochs")
print(", ".join(f"best by {name} ≈ {score:.3f}" for name, score in best.items()))
spent = {epochs_counted(name) for name in ("grid", "random", "optuna")}

# %%
lesson.claim("all three spent the same: six trainings of five epochs", spent == {30})
lesson.claim(
    "each found a setting far above the baseline", min(best.values()) > always_benign + 0.1
)

# %% [markdown]
# Do not read a ranking into these three numbers: it is one search each, judged on 72 examples. The ranking that counts is that of the forty repetitions.
#
# ## From one machine to many
#
# The trainings of a search do not need each other, so they can run at the same time: `n_jobs=-1` sends them to one worker process per core of this computer. If one computer is not enough, they can be sent to a **cluster**, many computers that take orders over the network. Dask is a library for it. The search stays as it is; *one line* around it says
# where to compute. Our cluster consists of two worker processes on this machine. With the address of a real one, nothing else would change.

# %%
import joblib
from dask.distributed import Client, LocalCluster

two = [{"optimizer": name, "seed": lesson.seed} for name in ("sgd", "adam")]
on_cluster = GridSearchCV(
    SKLearnClassifier(build_classifier), {"model_kwargs": two}, cv=2, n_jobs=-1, refit=False
)
counter = EpochCounter(folder / "dask")
with (
    quiet_workers(),
    LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
    Client(cluster) as client,
):
    workers = set(client.run(os.getpid).values())
    with joblib.parallel_config(backend="dask"):  # the one line
        on_cluster.fit(x_search, y_search, epochs=5, batch_size=10, verbose=0, callbacks=[counter])

used = {int(pid) for pid in (folder / "dask").read_text().split()}
print("worker processes:", len(workers), "  epochs trained:", epochs_counted("dask"))
lesson.claim("two optimizers, two folds, five epochs", epochs_counted("dask") == 2 * 2 * 5)
lesson.claim("all of it happened in the cluster's processes, not in this one", used <= workers)
lesson.claim("this notebook's own process is not one of them", os.getpid() not in workers)

# %% [markdown]
# The file of our counter holds the number of the process that trained each epoch. All of them belong to the cluster. (A random seed set in this notebook would not have reached them. That is why `build_classifier` sets it inside.)
#
# ## Searching as a craft
#
# Choosing hyperparameters is called an iterative art, and in practice it goes like this: a few wide random trials, a look at the picture, a narrower range around the valley, again; the learning rate first, since it matters most; and a stop when the gain falls below what the seed does.
#
# ### Exercise: coarse_to_fine
#
# A goal to reach. Somewhere between $10^{-6}$ and $10^{1}$ there is a learning rate at which a loss is smallest. To both sides of it the loss rises. You get a function `loss(rate)` and may call it at most **12** times. Return a rate whose exponent is within 0.15 of the best one. (Twelve evenly spaced exponents are 0.64 apart, which is too coarse.)


# %%
def coarse_to_fine(loss):
    """Return a rate between 1e-6 and 10 that is close to the best; call `loss` at most 12 times."""
    ### BEGIN SOLUTION
    low, high = -6.0, 1.0  # the exponents between which the best one lies
    for _ in range(6):
        left, right = low + 0.45 * (high - low), low + 0.55 * (high - low)
        if loss(10**left) < loss(10**right):
            high = right  # the valley is not beyond `right`
        else:
            low = left
    return 10 ** ((low + high) / 2)
    ### END SOLUTION


# %%
lesson.check("coarse_to_fine", coarse_to_fine)
# lesson.hint("coarse_to_fine")

# %% [markdown]
# ## What people get wrong
#
# * **"The best optimizer won my grid."** It won at one learning rate each, with one seed. At 0.001 Adadelta's loss hardly moved; at 1.0 it learned well.
# * **"Dropout and penalties set how much the network can forget."** They make memorizing costly. Nothing is erased.
# * **"The search score is what I will get."** The best of many is flattered. Keep a test set out of the search.
# * **"A grid is thorough."** With three knobs and eight trainings it looks at two values of each.
# * **"I asked for 5 epochs, so 5 were trained."** Count. The wrapper drops `fit_kwargs` in a search.
# * **"`from keras.wrappers.scikit_learn import KerasClassifier`."** That module is gone. Use `keras.wrappers.SKLearnClassifier`.
# * **"Bayesian optimization always wins."** In eight trainings it had nothing to learn from yet, and was about as good as chance draws.
# * **"Search until it is good enough."** On these data a logistic regression without any search was as good.
#
# ## Takeaways
#
# * Training turns parameters. Hyperparameters are set before it, by you or by a search.
# * A grid costs (combinations × folds + 1) fits. Combinations multiply with every knob.
# * Cross-validation judges each setting on every example once. Preparation belongs inside the folds.
# * Draw at random rather than on a grid, and rates log-uniformly. Bayesian optimization helps when trainings are dear.
# * Compare gaps with the spread over seeds, and report the score of data that the search has never touched.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Next lesson: *When depth hurts*, with a better way to find a learning rate than to try them one by one.
# * James Bergstra and Yoshua Bengio, "Random Search for Hyper-Parameter Optimization", *Journal of Machine Learning Research* 13 (2012).
# * Takuya Akiba and others, "Optuna: A Next-generation Hyperparameter Optimization Framework" (2019).
# * Gavin Cawley and Nicola Talbot, "On Over-fitting in Model Selection and Subsequent Selection Bias in Performance Evaluation", *Journal of Machine Learning Research* 11 (2010): the winner's curse, measured.
