# %% [markdown]
# # Choosing hyperparameters
#
# *120 minutes: 55 to read and run, 35 for 7 exercises, 30 for the 28 questions of the quiz. Builds on: feedforward networks and the split in three (lesson 03), penalties and dropout (lesson 09).*
#
# One network, one data set, one number turned from low to high: the learning rate. At one end it learns nothing, at the other it falls apart, and in between it is good. Training cannot find that number. It is *given* to
# the training. Somebody has to choose it, and a dozen more like it. This lesson is about choosing them well, about what it costs, and about the ways in which a search fools the one who searches.
#
# **After this lesson you can**
#
# * tell a hyperparameter from a parameter, and say what a search will cost before it starts;
# * run grid, random and Bayesian searches over Keras models, and a grid on a cluster;
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
# The data are the 569 tumours of lesson 03, by the first eight features of scikit-learn's table (not quite lesson 03's eight: perimeter and area are in, symmetry and fractal dimension are out). The label says whether the tumour is malignant. **Before anything else we lock the test set away.** A search looks at its data again
# and again, and data that have been looked at can no longer serve as a judge. We keep 180 tumours for searching and hold 389 out for the very end: few to search with, to let you see what chance does, and many to judge by.

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
# To watch many training runs we need a fast network. Here is one like lesson 03's in plain NumPy: eight features, one hidden layer with ReLU, one sigmoid output, gradient descent on all training examples at once. The learning rate, the strength of an L2 penalty (lesson 09's with 1/2 before it, as some books have it), and the number of hidden units are left open.

# %%
from courseware.lessons.gridsearch.models import SmallNetwork  # SmallNetwork?? shows its code

# %%
x_fit, x_val, y_fit, y_val = train_test_split(
    x_search, y_search, test_size=0.4, stratify=y_search, random_state=lesson.seed
)


def validation_loss(rate, penalty=0.0001, units=12, seed=lesson.seed, steps=40):
    """Train the network with these settings; return its cross-entropy on the validation part."""
    network = SmallNetwork(rate, penalty, units, seed)
    return network.train(x_fit, y_fit, steps).loss(x_val, y_val)


# %% [markdown]
# **Before you run it, guess:** we try 29 learning rates from 0.00001 to 100. How many of them will at least halve the loss of a baseline that always answers with the fraction of malignant tumours?

# %%
lesson.guess("useful_rates")

# %%
rates = 10.0 ** np.linspace(-5, 2, 29)
starts = range(5 * lesson.seed, 5 * lesson.seed + 5)  # five networks for each rate
losses = np.array([np.mean([validation_loss(rate, seed=k) for k in starts]) for rate in rates])
untrained = np.mean([validation_loss(0, seed=k, steps=0) for k in starts])
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
lesson.claim(
    "at the smallest rate, the loss ends within 1 % of where it started",
    abs(losses[0] - untrained) < 0.01 * untrained,
)
lesson.claim("the largest one is worse than knowing nothing", losses[-1] > no_idea)

# %% [markdown]
# The dashed line is the baseline that always answers with the fraction of malignant tumours. At the left end the steps are so short that forty of them lead nowhere. At the right end they are so long that the network is thrown about until it falls apart; then we write down a loss of 7. In between lies a valley. It is easy to miss: of these 29 rates, most lie outside.
#
# ## Knobs, and what training turns itself
#
# A sound engineer sits at a mixer full of knobs. The band plays; the knobs decide what becomes of it. Weights and biases are the
# notes: training finds them. The knobs are set *before* it starts and stay where they are. They are called **hyperparameters**:
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
    # return ...  # a set of names: {"...", "..."}
    ### END SOLUTION


# %%
lesson.check("knobs", knobs)
# Stuck? Remove the # from the next line and run the cell. Each run gives one more hint, of three.
# lesson.hint("knobs")

# %% [markdown]
# ## Judging a setting: cross-validation
#
# Our validation part has 72 tumours. One more or one fewer of them right shifts the accuracy by 1.4 points. To choose between settings that differ by less, one small validation set is a poor judge. **Cross-validation** makes more of the same data: cut them into $k$ equal parts, the **folds**. Each fold is the validation part once, while
# the others train. At the end every example has judged exactly once, and the network that it judged had not seen it. The score of a setting is the mean of the $k$ scores.

# %%
show(
    draw.folds(3),
    "Three rows, each with three blocks. In each row a different block is marked as the "
    "validation part and the other two as training parts.",
)

# %% [markdown]
# The price is plain: $k$ training runs for each setting instead of one.
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
# (Blocks will do only where the order of the examples says nothing. `train_test_split` has shuffled ours; sorted ones have to be shuffled first.) scikit-learn has the same under the name `KFold`, and `StratifiedKFold`, which keeps the fraction of each class the same in all folds. The latter is what its searches use for classifiers.

# %%
from sklearn.model_selection import KFold

for train, validation in KFold(3).split(np.zeros(6)):
    print("train on", train, "  validate on", validation)

# %% [markdown]
# ## Grid search
#
# The most obvious search: choose a few values for each knob, and try **every combination**. That is a **grid search**. In plain Python it is a loop over `itertools.product`. (Our small network is still judged by one validation part, over five starts. Folds come back in the next section.)

# %%
table = {}
for rate, units in itertools.product([0.01, 0.1, 1.0], [4, 12, 36]):
    table[rate, units] = np.mean([validation_loss(rate, units=units, seed=k) for k in starts])
best_rate, best_units = min(table, key=table.get)
print("combinations tried:", len(table))
print(f"best: rate ≈ {best_rate:.2f}, units ≈ {best_units}, loss ≈ {min(table.values()):.3f}")

# %%
show(
    draw.heatmap(table, "learning rate", "hidden units"),
    "A grid of three by three squares coloured by validation loss. It is highest for the smallest "
    "learning rate with the fewest units and falls towards larger rates and more units.",
)
more_units = {rate: table[rate, 4] - table[rate, 36] for rate in (0.01, 1.0)}
lesson.claim(
    "at the smallest rate more units lower the loss at least twice as much as at the largest",
    more_units[0.01] > 2 * abs(more_units[1.0]),
)

# %% [markdown]
# The knobs interact. Go up the left column, and then up the right one: at the smallest rate more units help a lot, at the largest much less. Turn one knob at a time, and you miss that. And if the best square lies at the edge of the grid, the valley may go on beyond it: move the grid and search again.
#
# Searching is done with training and validation data only. When it is over, the best setting is usually trained once more on *all* the search data. This last training is called the **refit**. With folds, the cost is then
#
# $$(\text{combinations} \times \text{folds} + 1) \ \text{fits, each of so many epochs}$$
#
# ### Exercise: cost
#
# Put that into code; `epochs` is what one fit trains. `grid` is a dictionary of lists, one for each knob, as in `{"rate": [0.1, 1.0], "units": [4, 12, 36]}`, which has six combinations.


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
# Let us compare seven optimizers on a network with 12 ReLU units, with three folds: SGD, Adam, and five relatives of theirs. Each fit has 5 epochs; 100 in batches of 10 would be more usual, and you will see what they cost. What is compared is the accuracy, so here the *highest* score is the best.
#
# scikit-learn can search over Keras models through a wrapper, `keras.wrappers.SKLearnClassifier`. It needs a function that builds the model:

# %%
### SOURCE courseware.lessons.gridsearch.models.build_classifier

# %% [markdown]
# Two outputs with softmax, where lesson 03 had one sigmoid unit? The wrapper turns the labels 0 and 1 into two columns, (1, 0) and (0, 1), with a single one in the column of the class. You know this one-hot encoding from lesson 06. So the network needs two outputs and the categorical cross-entropy. It loses nothing by that: softmax over two scores is the sigmoid of their difference.
#
# **Before you run it, guess:** how many epochs will the search train in all, with 5 epochs for each fit?

# %%
lesson.guess("epochs_in_all")

# %% [markdown]
# We do not take it on trust. A callback writes a line into a file at the end of *every* epoch, whichever process it is in.


# %%
class EpochCounter(keras.callbacks.Callback):  # a new kind of callback
    """Append the number of the process to a file at the end of each epoch."""

    def __init__(self, path):
        super().__init__()  # what every callback begins with
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

EPOCHS, BATCH = 5, 3  # 100 and 10 would be more usual; see below
OPTIMIZERS = ["sgd", "rmsprop", "adagrad", "adadelta", "adam", "adamax", "nadam"]

search = GridSearchCV(
    SKLearnClassifier(build_classifier),
    {"model_kwargs": [{"optimizer": name, "seed": lesson.seed} for name in OPTIMIZERS]},
    cv=3,
)  # n_jobs=-1 would use all cores; see below
counter = EpochCounter(folder / "optimizers")
search.fit(x_search, y_search, epochs=EPOCHS, batch_size=BATCH, verbose=0, callbacks=[counter])
trained = epochs_counted("optimizers")
print("epochs trained:", trained, f"  with 100 epochs a fit it would be {22 * 100:,}")

# %%
lesson.claim(
    f"seven optimizers, three folds and the refit: 22 fits of {EPOCHS} epochs",
    trained == (7 * 3 + 1) * EPOCHS,
    guess="epochs_in_all",
)

# %% [markdown]
# As predicted. With 100 epochs in batches of 10, each fit would take six times as many steps. (Set `EPOCHS, BATCH = 100, 10` if you like; what the claims below say was tried with our numbers only.)

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
# Is this a ranking of optimizers? Two questions first.
#
# **What does the learning rate do?** Each optimizer ran at the one that Keras chose as its default: 0.01 for SGD, 0.001 for all
# others. The comparison is one of those rates as much as of the optimizers. You know Adadelta from lesson 07: there it hardly
# moved, as Keras's default is a thousandth of what its paper has.

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
lesson.claim("at a rate of 1 the same optimizer learns well", adadelta[1.0] < 0.5 * before)

# %% [markdown]
# The same optimizer, the same number of epochs. It was not Adadelta that failed in the grid. (Its score there may lie below a coin's one half: it shows whatever answers the random first weights happen to give.)
#
# **What does chance do?** Each fit starts from random weights. We keep the optimizer fixed, take Adam, and search over nothing but the *seed*:
#
# **Before you run it, guess:** how far is it from the highest to the lowest score of three Adams, compared with a single step, on average, down the list of the four best optimizers?

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
whole = best_four[ranked[0]] - best_four[ranked[3]]
print(f"from the best to the fourth ≈ {whole:.4f}, that is ≈ {whole / 3:.4f} a place")
print(f"Adam's mean score over three seeds: lowest to highest ≈ {by_seed:.4f}")

# %%
show(
    draw.luck(best_four, "adam", adams),
    "Two rows of marks on one scale. Above, the mean scores of the four best optimizers; below, "
    "those of Adam alone with three seeds, in the same region, but further apart.",
)
lesson.claim(
    "Adam's scores over three seeds lie further apart than two neighbours do on average",
    by_seed > whole / 3,
    guess="three_adams",
)

# %% [markdown]
# The lower row is one and the same optimizer. All that differs is the seed: the random weights at the start and the order of the examples. That is enough to change places. A whole range beside a single step, is that fair? Compare the two printed ranges, then: unless that of the four is clearly the wider, nothing is known about their order. (One tumour of 180 is 0.0056.) A difference counts only if it exceeds what chance alone produces. The gap between Adagrad and Adadelta and the rest, in the figure before, does.
#
# ### Exercise: repair
#
# This builder worked by itself, but inside the wrapper every fit stops with an error about shapes. Repair it: an output of two probabilities, and a cross-entropy that fits labels which come as two columns. The 8 features and the 12 units stay as they are.


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
# The wrapper also takes its settings for `fit` when it is made: `SKLearnClassifier(build, fit_kwargs={"epochs": 5})`. Let us count again.
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
# There was no error and no warning. A search makes a fresh copy of its model for every fit, and this wrapper does not copy
# `fit_kwargs`. Keras then falls back to its default of one epoch. (The counter was lost with them, too; our `fit` names it once
# more. It does not set the epochs, so it cannot be the cause.) Two habits protect you: pass epochs to `search.fit(...)`, and
# **count**.
#
# ## The best of many is flattered
#
# A search ends with a winner and a score. Lesson 03 played this with 200 guessers who knew nothing. Now imagine forty settings that are good, and all *exactly equally good*: each is right in 80 of 100 cases. We score each on 72 examples, as in our validation part, pick the best, and then test that one on new examples.
#
# **Before you run it, guess:** what score will the winner show on the 72, on average?

# %%
lesson.guess("winner", "about 80 %", "about 85 %", "about 90 %", "about 95 %")

# %%
rng = np.random.default_rng(lesson.seed)
# binomial(72, 0.8): how many of 72 are right, if each is right with a probability of 0.8
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
# This is the **winner's curse**: whatever is picked *because of* a high score owes part of that score to chance, and chance does not carry over to the next test. In this game more settings, or fewer examples, make it worse: change the numbers and see.
#
# That was a game. So let us rehearse a search with real networks, sixty times: forty small networks with random settings, their rates from inside the valley, on another draw of the tumours each time. Each network is judged twice: by the same 72 tumours as the others, and, for comparison, by 72 drawn for it alone. The winner is then tested on tumours that neither trained nor judged any of them. (The rehearsals mix all 569 tumours anew. We choose nothing by them, so our locked test set stays fit for its purpose.)
#
# **Before you run it, guess:** which of the two flatters its winner more?

# %%
lesson.guess("flattered_more", "judged by the same 72", "each by its own 72", "no difference")

# %%
rng = np.random.default_rng(lesson.seed)
flattery = {"all judged by the same 72": [], "each judged by its own 72": []}
for rehearsal in range(60):
    order = rng.permutation(len(y_all))
    fit, judge, others, new = np.split(order, [108, 180, 369])
    x = (x_all - x_all[fit].mean(axis=0)) / x_all[fit].std(axis=0)
    shared, own, true = [], [], []  # a score for each of forty networks
    for _ in range(40):
        rate, penalty = 10 ** rng.uniform(-1, 0.5), 10 ** rng.uniform(-6, -2)
        units, seed = rng.integers(4, 33), rng.integers(1_000_000)
        network = SmallNetwork(rate, penalty, units, seed)
        right = network.train(x[fit], y_all[fit], steps=40).right(x, y_all)
        shared.append(right[judge].mean())
        own.append(right[rng.choice(others, 72, replace=False)].mean())
        true.append(right[new].mean())
    for name, score in zip(flattery, (shared, own)):
        flattery[name].append(max(score) - true[np.argmax(score)])
points = {name: 100 * np.mean(values) for name, values in flattery.items()}
print(", ".join(f"{name}: ≈ {gain:.1f} points too high" for name, gain in points.items()))

# %%
show(
    draw.flattery(flattery),
    "Two rows of sixty dots: by how many points the winner of each rehearsal looked better "
    "than it was. Both rows lie mostly to the right of zero. The row of networks with examples "
    "of their own lies further to the right.",
)
shared, own = points.values()
lesson.claim(
    "judged by the same 72, the winner looks over a point better than it is", shared > 1
)
lesson.claim("with examples of its own for each, by more", own > shared, guess="flattered_more")

# %% [markdown]
# Most tumours are easy for all networks, and a few are hard for all. So networks that are judged by the same ones rise and fall together, and chance has a smaller part in who comes out highest. The curse is milder than when each has examples of its own, and it is still there. Nothing but **data that had no part in the search** removes it. (Where no test set can be spared, one can run the whole search inside each fold of an outer cross-validation. That is *nested* cross-validation.)
#
# So now, and only now, we unlock the test set, for the one model that the grid of seven optimizers has chosen. A logistic regression stands beside it for comparison. (If we now picked the better of the two by these numbers, they would flatter it, too.)

# %%
from sklearn.linear_model import LogisticRegression

test_score = search.score(x_test, y_test)
line_score = LogisticRegression().fit(x_search, y_search).score(x_test, y_test)
print(f"the winner: at the search ≈ {search.best_score_:.3f}, on the test set ≈ {test_score:.3f}")
print(f"logistic regression, no search at all: on the test set ≈ {line_score:.3f}")

# %%
lesson.claim("the winner is far above always answering benign", test_score > always_benign + 0.15)
lesson.claim(
    "a logistic regression is at most five points worse, if at all", line_score > test_score - 0.05
)

# %% [markdown]
# You may see the winner do *better* on the test set than in the search. That does not refute the curse. Only seven settings competed, so there was little to be flattered by; the refit had 180 examples instead of 120; and both numbers have their own noise. The curse is about the average.
#
# The last line is the honest part. One sigmoid unit (that is what a logistic regression is), trained in a moment, does much the same job on these eight features. A search improves a model; it does not ask whether you need that model. Run the simple thing first.
#
# ### Exercise: no_leak
#
# There is one more way to spoil a search, and we did it above: we standardized, in the second code cell, with the mean of *all* search data. So each validation fold had a say in how the network that it judges was prepared. With a mean over 180 examples it is a very small say; picking features by the labels of all would be a large one. The cure: the preparation becomes part of
# the model, so that it is fitted anew on the training folds of each round.
#
# Write a search over `LogisticRegression`'s `C` (values 0.01, 1 and 100) on *raw* features with the scaling inside. `make_pipeline(StandardScaler(), LogisticRegression())` makes one model of two steps: its `fit` fits the scaler first, and then the regression to the scaled features. In the grid, `"logisticregression__C"` names the step, and after `__` the knob (the smaller `C`, the stronger an L2 penalty). Return the fitted search.

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
# A grid with eight runs and three knobs: that is two values for each knob. Of the learning rate, which moves the loss far more than the penalty does, we would see *two* values. Look at eight runs placed at random instead:

# %%
rng = np.random.default_rng(lesson.seed)
LOW, HIGH = np.array([-5, -6, 2]), np.array([2, -2, 5])  # powers of 10, 10 and 2


def grid_points(rng):
    """Two values for each of three knobs; the grid as a whole is shifted at random."""
    shift = rng.uniform(0, 1, 3)
    corners = np.array(list(itertools.product([0, 1], repeat=3)))
    return LOW + (HIGH - LOW) * (corners + shift) / 2


def random_points(rng, n=8):
    return rng.uniform(LOW, HIGH, size=(n, 3))


def network_at(point):
    return SmallNetwork(10 ** point[0], 10 ** point[1], int(2 ** point[2]), seed=lesson.seed)


def loss_at(point):
    return network_at(point).train(x_fit, y_fit, steps=40).loss(x_val, y_val)


examples = grid_points(rng), random_points(rng)
show(
    draw.projections(*examples, rates, losses),
    "Two panels, each with eight rings over learning rate and penalty, and the curve of the "
    "first figure above, with a dot at each rate. The grid's rings share two learning rates, "
    "two at each of four places. The random ones have eight different rates.",
)
different = [len(set(np.round(points[:, 0], 6))) for points in examples]
print("different learning rates: grid", different[0], " random", different[1])
by_penalty = sorted(loss_at([-0.5, power, 4]) for power in np.linspace(LOW[1], HIGH[1], 9))
print(f"loss over all rates: from ≈ {losses.min():.2f} to ≈ {losses.max():.2f}")
print(f"over all penalties, at one rate: from ≈ {by_penalty[0]:.2f} to ≈ {by_penalty[-1]:.2f}")

# %%
lesson.claim(
    "the penalty moves the loss by less than a tenth of what the rate does",
    by_penalty[-1] - by_penalty[0] < 0.1 * (losses.max() - losses.min()),
)

# %% [markdown]
# Read the dots at the top, which only mark the rates on the curve of the first figure. The grid spends its eight runs on two learning rates, and repeats each four times for the sake of the other knobs, of which the penalty hardly matters. **Random search** draws every setting freely, so *each knob* gets eight different values, whichever of them turns out to be the one that matters (James Bergstra and Yoshua Bengio, 2012).
#
# One thing needs care. From 0.00001 to 100 we want as many draws between 0.001 and 0.01 as between 1 and 10. So the *exponent* is drawn evenly. This is called **log-uniform**.
#
# ### Exercise: draw_rates
#
# Draw `n` learning rates between `low` and `high`, log-uniformly. `rng.uniform(a, b, n)` draws n numbers evenly between a and b. `np.log10` turns a rate into its exponent: `np.log10(0.001)` is -3.


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
# ## Learning from the trials so far
#
# Grid and random search decide everything beforehand. A person would not: after three bad runs at small rates one tries larger ones. **Bayesian optimization** does the same with statistics. It keeps a guess of how the score depends on the knobs, improves it after every run, and picks as the next **trial** a point that promises much:
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
studies = [optuna_search(seed=10 * lesson.seed + k, n_trials=30) for k in range(10)]
exponents = np.array([[trial.params["knob 0"] for trial in study.trials] for study in studies])
in_valley = np.mean((exponents > -2) & (exponents < 1))
print(f"trials between 0.01 and 10, over ten searches ≈ {100 * in_valley:.0f} %")

# %%
show(
    draw.trials(
        [(trial.params["knob 0"], trial.value) for trial in studies[0].trials], rates, losses
    ),
    "The learning rate of thirty trials in the order in which they were made. The early ones are "
    "scattered; of the later ones most lie in and around the valley of good rates.",
)
lesson.claim("more than half of the trials are spent between 0.01 and 10", in_valley > 0.5)

# %% [markdown]
# The interval from 0.01 to 10 is three sevenths of the whole range, 43 %; it gets more of the trials than that. Do not expect it of the first few after the random four, which may be worse than those: four results teach little. Later Optuna still looks elsewhere at times: a better valley might lie there.
#
# ## Giving up early
#
# All searches so far train every trial to its end, the hopeless ones included. But hopeless ones often show early. **Successive halving** takes advantage of it: start many trials, train each a little, drop the worse ones, train the rest a little longer, and so on. Only a few are trained to the end. (Here we keep a third each time. The name has stayed.)

# %%
ROUNDS = [(5, 9), (10, 3), (25, 1)]  # steps for all that are left; then keep so many


def halving_search(points):
    """Return the winner's loss, and the losses of every network after each round that it was in."""
    running = [network_at(point) for point in points]
    seen = {network: [] for network in running}
    for steps, keep in ROUNDS:
        for network in running:
            seen[network].append(network.train(x_fit, y_fit, steps).loss(x_val, y_val))
        running = sorted(running, key=lambda network: seen[network][-1])[:keep]
    return seen[running[0]][-1], list(seen.values())


rng = np.random.default_rng(lesson.seed)
winner, way = halving_search(random_points(rng, 27))
after = np.cumsum([steps for steps, _ in ROUNDS])  # 5, 15, 40: the steps after each round
show(
    draw.halving(way, after),
    "Validation loss over steps for 27 networks. 18 of them are single dots, after 5 steps; six "
    "lines end after 15 steps. Three run to 40 steps, and the lowest of these is the winner.",
)
steps = sum(after[len(losses) - 1] for losses in way)  # as many losses as rounds it was in
print("steps in all:", steps, "  for eight full trials:", 8 * 40)
lesson.claim("27 networks cost less than eight that are trained to the end", steps < 8 * 40)

# %% [markdown]
# $27 \cdot 5 + 9 \cdot 10 + 3 \cdot 25 = 300$ steps. (The orange-red line is the winner.) The bet is that whoever leads early will lead late. A setting that starts slowly and ends best is dropped. *Hyperband* hedges the bet: it runs several such races, some with longer first rounds. KerasTuner, Keras's own library for searches, offers it. In Optuna the same idea goes by the name of *pruners*, and in scikit-learn it is `HalvingGridSearchCV`.
#
# ## A race at equal cost
#
# One search each proves nothing (you have just read about chance), so every method runs **sixty** times, always on the same budget: at most 320 steps of gradient descent, that is eight runs of 40. What is compared are the losses on the validation part, the scores at the search, which flatter each winner, most of all perhaps one of 27. The grid as a whole is shifted at random each time; else we would measure how well one grid happens to lie. Two more rows for comparison: *one* setting drawn at random, with no search at all; and the 27 settings that successive halving starts with, each trained to the end, for more than three times the price.
#
# **Before you run it, guess:** who finds the lowest loss, on average?

# %%
lesson.guess("race", "the grid", "random search", "Optuna", "successive halving")

# %%
rng = np.random.default_rng(lesson.seed)
methods = ["one draw", "grid", "random", "Optuna", "halving", "all 27 to the end"]
race = {name: [] for name in methods}
for repeat in range(60):
    race["one draw"].append(loss_at(random_points(rng)[0]))
    race["grid"].append(min(loss_at(point) for point in grid_points(rng)))
    race["random"].append(min(loss_at(point) for point in random_points(rng)))
    race["Optuna"].append(optuna_search(seed=100 * lesson.seed + repeat).best_value)
    points = random_points(rng, 27)
    race["halving"].append(halving_search(points)[0])
    race["all 27 to the end"].append(min(loss_at(point) for point in points))
mean_best = {name: np.mean(values) for name, values in race.items()}
print(", ".join(f"{name} ≈ {value:.3f}" for name, value in mean_best.items()))

# %%
show(
    draw.race(race),
    "For each method sixty dots, one for the best loss of each search. Those of one draw "
    "are spread over the whole scale. The grid's reach far to the right; those of random search "
    "and Optuna lie further left; those of successive halving form a narrow clump at "
    "the left end, and so do those of all 27 settings trained to the end.",
)
lesson.claim(
    "even the grid beats a single draw by far", mean_best["grid"] < 0.6 * mean_best["one draw"]
)
lesson.claim("random search beats the grid", mean_best["random"] < mean_best["grid"])
lesson.claim("so does Optuna", mean_best["Optuna"] < mean_best["grid"])
lesson.claim(
    "successive halving beats random search",
    mean_best["halving"] < mean_best["random"],
    guess="race",
)
lesson.claim(
    "it gets most of what training all 27 to the end would gain over random search",
    mean_best["random"] - mean_best["halving"]
    > 0.5 * (mean_best["random"] - mean_best["all 27 to the end"]),
)

# %% [markdown]
# Searching pays: compare the top row with any other. (Its bar counts failed networks in full, up to a loss of 7.) Random search beats the grid, which looks at two rates only. Optuna beats the grid, too. Is it better than random search? Whatever the two bars say, we would not bet: but for a few searches that went badly, the dots of the two rows lie mixed, and with eight trials, of which four are random anyway, there is not much to learn from. It is meant for searches of some dozens of expensive runs. Successive halving beats random search because it looks at 27 settings for the price of eight. The last row is the control: trained to the end, the same 27 find hardly more, so little was lost by giving up early. In this network good settings show within five steps. That is not so everywhere.
#
# ## Nine trials of your own
#
# Here is a landscape for you to search. It is made up, and so you can change what you cannot change in real life: how much the penalty matters, and how noisy the judge is.
#
# **Before you run it, guess:** if the penalty mattered as much as the rate, which would find the lower loss on average, a grid of nine or nine random trials?

# %%
lesson.guess("both_matter", "the grid", "random trials")

# %% [markdown]
# Search by hand first: drag the round handle, or move it with the arrow keys, and press "Try here". Then let the others search. (The *guided* one is Bayesian: three random trials, then always where the loss may well be lowest.)

# %%
lesson.explore("search")

# %% [markdown]
# The same landscape in NumPy, two thousand of them, each with its valley elsewhere:


# %%
def made_up_loss(rate, penalty, valley_rate, valley_penalty, matters):
    """The landscape above; `rate` and `penalty` are powers of ten, `matters` goes from 0 to 1."""
    far = rate - valley_rate
    by_rate = np.exp(-((far / np.where(far < 0, 1.1, 0.6)) ** 2))
    by_penalty = 1 - matters * (1 - np.exp(-(((penalty - valley_penalty) / 0.7) ** 2)))
    return 0.7 - 0.62 * by_rate * by_penalty


rng = np.random.default_rng(lesson.seed)
many = 2000
valley = rng.uniform(-2.5, 0.5, (many, 1)), rng.uniform(-5, -3, (many, 1))
cell_rate, cell_penalty = np.tile([0, 1, 2], 3), np.repeat([0, 1, 2], 3)  # 012012012, 000111222
grids = (
    -5 + 7 * (cell_rate + rng.uniform(size=(many, 1))) / 3,
    -6 + 4 * (cell_penalty + rng.uniform(size=(many, 1))) / 3,
)
randoms = rng.uniform(-5, 2, (many, 9)), rng.uniform(-6, -2, (many, 9))
best_of_nine = {}
for matters in (0, 1):
    for name, points in (("grid", grids), ("random", randoms)):
        losses_of_nine = made_up_loss(*points, *valley, matters)
        best_of_nine[name, matters] = losses_of_nine.min(axis=1).mean()
for (name, matters), loss in best_of_nine.items():
    print(f"{name}, the penalty matters {'fully' if matters else 'not at all'}: ≈ {loss:.3f}")

# %%
lesson.claim(
    "where only the rate matters, random trials are better by far",
    best_of_nine["random", 0] < 0.8 * best_of_nine["grid", 0],
)
lesson.claim(
    "where both matter fully, the grid is better",
    best_of_nine["grid", 1] < best_of_nine["random", 1],
    guess="both_matter",
)

# %% [markdown]
# So it is not randomness as such that helps. A grid spreads its trials evenly, which is good where both knobs matter; random trials take nine different values of *each* knob, which is good where one matters most. Of a new network you rarely know which case you have. (Methods that do both exist; look for *quasi-random* or *Sobol* sequences.)
#
# Press "20 of each", then turn up the noise of the judge and press it again. Now each dot has a tail that ends at what the loss seemed to be. Most tails point to the left: the winners seemed better than they are. It is the winner's curse.
#
# ## The same with Keras
#
# These searches run on Keras models as well: `GridSearchCV`; `RandomizedSearchCV`, which takes distributions instead of lists and draws from them; and Optuna, which takes a function that trains and returns a score. Here they are at equal budget, **six runs** each, with one validation part instead of folds (`cv` takes a list of pairs, as your `folds` returns). The knobs are Adam's learning rate and the number
# of units. The wrapper wants all of a model's settings in one dictionary, so what we hand to the random search is something to draw such dictionaries from: an object with a method `rvs`, scikit-learn's name for drawing ("random variates"). `loguniform` does what your `draw_rates` does.

# %%
from scipy.stats import loguniform
from sklearn.model_selection import RandomizedSearchCV

part = [tuple(train_test_split(np.arange(180), test_size=0.4, random_state=lesson.seed))]
how = {"cv": part, "refit": False}


def adam_with(rate, units):
    turned = {"learning_rate": float(rate), "units": int(units)}
    return {"optimizer": "adam", "seed": lesson.seed, **turned}


class RandomAdam:
    def rvs(self, random_state):
        rate = loguniform(1e-5, 1).rvs(random_state=random_state)
        return adam_with(rate, random_state.randint(4, 33))


grid = [adam_with(rate, units) for rate in (1e-5, 0.003, 1.0) for units in (4, 32)]
searches = {
    "grid": GridSearchCV(SKLearnClassifier(build_classifier), {"model_kwargs": grid}, **how),
    "random": RandomizedSearchCV(
        SKLearnClassifier(build_classifier),
        {"model_kwargs": RandomAdam()},
        n_iter=6,
        random_state=lesson.seed,
        **how,
    ),
}
for name, one in searches.items():
    counter = EpochCounter(folder / name)
    one.fit(x_search, y_search, epochs=EPOCHS, batch_size=10, verbose=0, callbacks=[counter])

# %% [markdown]
# Optuna needs no wrapper. The function builds, trains and scores the model by itself.


# %%
def objective(trial):
    rate = trial.suggest_float("learning rate", 1e-5, 1, log=True)
    units = trial.suggest_int("units", 4, 32)
    model = build_classifier(x_search, None, **adam_with(rate, units))
    train, validation = part[0]
    model.fit(
        x_search[train],
        labels_2[train],  # the one-hot columns from above
        epochs=EPOCHS,
        batch_size=10,
        verbose=0,
        callbacks=[EpochCounter(folder / "optuna")],
    )
    answers = model.predict(x_search[validation]).argmax(axis=1)
    return np.mean(answers == y_search[validation])


sampler = optuna.samplers.TPESampler(seed=lesson.seed, n_startup_trials=3)
keras_study = optuna.create_study(direction="maximize", sampler=sampler)  # an accuracy
keras_study.optimize(objective, n_trials=6)

# %%
best = {name: one.best_score_ for name, one in searches.items()}
best["Optuna"] = keras_study.best_value
for name in ("grid", "random", "optuna"):
    print(name, "trained", epochs_counted(name), "epochs")
drawn = searches["random"].cv_results_["param_model_kwargs"]
rates_tried = {setting["learning_rate"] for setting in drawn}
print(", ".join(f"best by {name} ≈ {score:.3f}" for name, score in best.items()))
spent = {epochs_counted(name) for name in ("grid", "random", "optuna")}

# %%
lesson.claim(f"all three spent the same: six runs of {EPOCHS} epochs", spent == {6 * EPOCHS})
lesson.claim("the random search drew six different rates", len(rates_tried) == 6)

# %% [markdown]
# Remember two things: how it is written, and that the count shows equal cost. It is no ranking: each search ran once, judged on
# 72 examples. For a ranking you had the sixty repetitions.
#
# ## From one machine to many
#
# The runs of a grid or a random search do not need each other, so they can go on at the same time: `n_jobs=-1` sends them to **worker processes**, one per core of this computer. Each starts empty and has to load Keras first, so this pays only when fits are long. If one computer is not enough, they can be sent to a **cluster**, many computers that take orders over the network. Dask is a library for it. The search stays as it is; *one line* around it, `with joblib.parallel_config(...)`, says
# where to compute. The lines before it start the cluster. Ours consists of two worker processes on this machine. With the address of a real one, the search would not change. (Our counter would: it writes to a folder of this machine.)

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
        how = {"epochs": EPOCHS, "batch_size": 10, "verbose": 0, "callbacks": [counter]}
        on_cluster.fit(x_search, y_search, **how)

used = {int(pid) for pid in (folder / "dask").read_text().split()}
print("worker processes:", len(workers), "  epochs trained:", epochs_counted("dask"))
trained = epochs_counted("dask")
lesson.claim(f"two optimizers, two folds, {EPOCHS} epochs", trained == 2 * 2 * EPOCHS)
lesson.claim("all of it happened in the cluster's processes, not in this one", used <= workers)
lesson.claim("this notebook's own process is not one of them", os.getpid() not in workers)

# %% [markdown]
# (A random seed set in this notebook would not have reached these processes. That is why `build_classifier` sets it inside.)
#
# ## Searching as a craft
#
# In practice one searches in rounds: a few wide random trials, a look at the picture, a narrower range around the valley, again; the learning rate first; and a stop when the gain falls below what the seed does.
#
# ### Exercise: coarse_to_fine
#
# A goal to reach. Somewhere between $10^{-6}$ and $10^{1}$ there is a learning rate at which a loss is smallest. To both sides of it the loss rises. You get a function `loss(rate)` and may call it at most **12** times. Return a rate whose exponent is within 0.15 of the best one. (Twelve evenly spaced exponents are 0.64 apart, which is too coarse, and two rounds of six are not fine enough either. What can *two* calls rule out?)


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
# * **"The search score is what I will get."** The best of many is flattered. Keep a test set out of the search.
# * **"A grid is thorough."** With three knobs and eight runs it looks at two values of each.
# * **"I asked for 5 epochs, so 5 were trained."** Count. The wrapper drops `fit_kwargs` in a search.
# * **"`from keras.wrappers.scikit_learn import KerasClassifier`."** That module is gone. Use `keras.wrappers.SKLearnClassifier`.
# * **"Bayesian optimization always wins."** In eight trials, four of them random, it has little to learn from.
# * **"Every trial has to be trained to its end."** Most can be dropped after a few steps, if good settings show early.
# * **"A search makes the model good."** It makes it better. On these data a logistic regression without any search did about as well.
#
# ## Takeaways
#
# * Training finds parameters. Hyperparameters are set before it, by you or by a search.
# * A grid costs (combinations × folds + 1) fits. Combinations multiply with every knob.
# * Cross-validation lets every example judge each setting once. Preparation belongs inside the folds.
# * Draw at random rather than on a grid if you do not know which knob matters. Draw rates log-uniformly. Drop hopeless trials early. Bayesian optimization is for expensive runs.
# * Compare gaps with the spread over seeds, and report the score of data that the search has never touched.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * KerasTuner, which searches with a Keras model in hand: [keras.io/keras_tuner](https://keras.io/keras_tuner/).
# * Next lesson: *When depth hurts*: why thirty layers do not train and what makes them, with a quicker way to a learning rate.
# * James Bergstra and Yoshua Bengio, "Random Search for Hyper-Parameter Optimization", *Journal of Machine Learning Research* 13 (2012).
# * Kevin Jamieson and Ameet Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization" (2016), and Lisha Li and others, "Hyperband", *Journal of Machine Learning Research* 18 (2018): successive halving, and how to hedge its bet.
# * Takuya Akiba and others, "Optuna: A Next-generation Hyperparameter Optimization Framework" (2019).
# * Gavin Cawley and Nicola Talbot, "On Over-fitting in Model Selection and Subsequent Selection Bias in Performance Evaluation", *Journal of Machine Learning Research* 11 (2010): the winner's curse, measured.
