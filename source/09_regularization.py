# %% [markdown]
# # Learning without memorizing
#
# *135 minutes: 65 to read and run, 40 for 8 exercises, 30 for the 27 questions of the quiz. Builds on: lesson 01 (gradient descent), lesson 02 (cross-entropy) and lesson 03 (training, validation and test set).*
#
# A network with enough weights can learn anything by heart, even nonsense. Then it is perfect on what it has
# seen and useless on everything else. This lesson shows you how to notice that, and what can be done about it: five common
# remedies, each first by hand, and at the end a contest in which not all of them do well.
#
# **After this lesson you can**
#
# * tell from two curves whether a network is too small, about right, or memorizing;
# * put a price on weights, and say why one kind of price makes them zero and another only small;
# * write dropout, the stopping rule and shifted copies yourself, and use batch normalization with open eyes;
# * compare remedies fairly: over several samples, with the spread shown, against a baseline.

# %%
from courseware import open_lesson

lesson = open_lesson("09_regularization")

import keras
import numpy as np
from keras import layers

from courseware.data import digits, noisy_digits
from courseware.lessons.regularization import drawings as draw
from courseware.drawing import show

# %% [markdown]
# We take 200 pictures of digits and give each a label by throwing a ten-sided die. There is nothing to learn here: the label has nothing to do with the picture.

# %%
rng = np.random.default_rng(lesson.seed)
x_200, y_200, x_test, y_test = noisy_digits(200, wrong=0, seed=lesson.seed)
dice = rng.integers(0, 10, 200)

# %%
show(
    draw.labelled(x_200[:9], y_200[:9], dice[:9]),
    "Nine handwritten digits. Above each stands a label thrown by a die, nearly always wrong; "
    "below each stands which digit it is.",
)

# %% [markdown]
# This one builder makes every classifier of this lesson. For now we leave all its switches off; each of them will be explained.

# %%
### SOURCE courseware.lessons.regularization.models.build_network


# %% [markdown]
# Training takes one line more than usual. In this lesson every step looks at all examples (there are few), and `np.tile` lays the examples
# out once for each step. That gives the same steps as many epochs of one batch, but Keras starts up only once, which saves you minutes.
#
# **Before you run it, guess:** how many of the 200 dice labels can a network with 128 hidden units learn?

# %%
lesson.guess("dice_labels")


# %%
def flat(images):
    """Lay the rows of each picture end to end."""
    return images.reshape(len(images), -1)


def train(model, x, y, steps):
    """Take `steps` steps, each on all examples at once."""
    x, y, n = np.tile(x, (steps, 1)), np.tile(y, steps), len(x)
    model.fit(x, y, batch_size=n, shuffle=False, verbose=0)


def accuracy(model, x, y):
    probabilities = keras.ops.convert_to_numpy(model(x))  # all at once, (examples, classes)
    return np.mean(probabilities.argmax(axis=1) == y)


taught, learned, right = {}, {}, {}
for name, labels in {"dice labels": dice, "true labels": y_200}.items():
    keras.utils.set_random_seed(lesson.seed)
    taught[name] = build_network(hidden=(128,), rate=0.01)
    train(taught[name], flat(x_200), labels, steps=300)
    learned[name] = accuracy(taught[name], flat(x_200), labels)
    right[name] = accuracy(taught[name], flat(x_test), y_test)
    print(f"{name}: right on the 200 ≈ {learned[name]:.3f}, on 997 new digits ≈ {right[name]:.3f}")

# %%
lesson.claim(
    "it knows more than 98 % of the labels it was given",
    learned["dice labels"] > 0.98,
    guess="dice_labels",
)
lesson.claim("it knows more than 98 % of the labels it was given", learned["true labels"] > 0.98)
lesson.claim(
    "after the dice it reads less than a quarter of new digits", right["dice labels"] < 0.25
)
lesson.claim("after true labels it reads more than 80 %", right["true labels"] > 0.8)

# %% [markdown]
# Nearly all of them. The same network, with the same number of weights, has learned nonsense as perfectly as sense. **Its score on the training data cannot tell you which.** Only digits
# that it has not seen can: there, the first network is about as good as guessing.
#
# ## Two students
#
# One student learns a single book by heart, down to the commas. Asked a question from the book, he is perfect; asked anything else, he is lost. Another student hardly opens the book,
# and is lost in both cases. The third understands the chapters, makes a slip here and there, and manages new questions nearly as well as old ones.
#
# * **Overfitting** is the first: much better on the training data than on new data. The model has learned the accidents of its examples (noise, wrong labels) along with the rule.
# * **Underfitting** is the second: poor already on the training data. The model is too small, was trained too briefly, or cannot express the rule.
# * To **generalize** is what the third does: to do well on new examples of the same kind.
#
# How much a model *could* learn by heart is called its **capacity**. It grows with the number of weights and with the time given to train them.
#
# Memorizing needs no network. Here is the purest memorizer, a table: it stores all pictures and answers with the label of the most similar one. And here is a model that
# cannot memorize, the baseline of lesson 03: it keeps one average picture for each label and answers with the nearest.
#
# **Before you run it, guess:** how many of the 200 dice labels will the ten averages know?

# %%
lesson.guess("ten_averages")


# %%
def most_similar(x, y, new):
    """Answer with the label of the most similar stored picture."""
    distance = ((new[:, None] - x) ** 2).sum(axis=2)
    return y[distance.argmin(axis=1)]


def nearest_average(x, y, new):
    """Answer with the label whose average picture is nearest."""
    known = np.unique(y)
    averages = np.array([x[y == label].mean(axis=0) for label in known])
    return known[((new[:, None] - averages) ** 2).sum(axis=2).argmin(axis=1)]


on_dice, on_new = {}, {}
for name, answer in {"table": most_similar, "averages": nearest_average}.items():
    on_dice[name] = np.mean(answer(flat(x_200), dice, flat(x_200)) == dice)
    on_new[name] = np.mean(answer(flat(x_200), y_200, flat(x_test)) == y_test)
    print(f"{name}: dice known ≈ {on_dice[name]:.2f}; with true labels, new ≈ {on_new[name]:.2f}")

# %%
for name in on_new:
    lesson.claim("taught the true labels, it reads over 75 % of new digits", on_new[name] > 0.75)
lesson.claim("the table knows every dice label", on_dice["table"] == 1)
lesson.claim(
    "ten averages know fewer than 60 % of them", on_dice["averages"] < 0.6, guess="ten_averages"
)

# %% [markdown]
# The table is perfect on nonsense, as any table is. Ten averages have no room for 200 accidents. Note that with *true* labels the table does well on new digits too: knowing things
# by heart does not always hurt. It hurts when what is known by heart is partly wrong, and that is the usual case.
#
# ### Exercise: diagnose
#
# Four networks read digits. For each you know the accuracy on the training data and on validation data; guessing is right in 10 %. Give each a verdict: `"overfits"`, `"underfits"` or
# `"generalizes"`.
#
# | network | training | validation |
# |---|---|---|
# | A | 1.00 | 0.71 |
# | B | 0.43 | 0.42 |
# | C | 0.96 | 0.95 |
# | D | 0.99 | 0.10 |

# %%
### BEGIN SOLUTION
verdicts = {"A": "overfits", "B": "underfits", "C": "generalizes", "D": "overfits"}
### STARTER
# verdicts = {"A": ..., "B": ..., "C": ..., "D": ...}
### END SOLUTION

# %%
lesson.check("diagnose", verdicts)
# Stuck? Remove the # from the next line and run the cell. Each run gives one more hint, of three.
# lesson.hint("diagnose")

# %% [markdown]
# ## Too small, about right, too large
#
# Now watch it happen. The data are two moons that overlap (lesson 02), standardized: 100 points to train on, 1000 others for validation. Some points lie on the wrong side, and no border should bow to them. Three networks of growing
# capacity: no hidden layer; one of 16 units; two of 128.
#
# **Before you run it, guess:** the training loss of the largest goes to zero. What does its validation loss do?

# %%
lesson.guess(
    "validation_loss",
    "it goes to zero as well",
    "it falls and stays low",
    "it falls and climbs again",
)

# %%
from sklearn.datasets import make_moons

points, moon = make_moons(100, noise=0.3, random_state=lesson.seed)
points_val, moon_val = make_moons(1000, noise=0.3, random_state=lesson.seed + 100)
mean, deviation = points.mean(axis=0), points.std(axis=0)  # of the training points
points, points_val = (points - mean) / deviation, (points_val - mean) / deviation
way = np.linspace(-2.8, 2.8, 80)
grid = np.column_stack([part.ravel() for part in np.meshgrid(way, way)])

# %%
sizes = {
    "too small: no hidden layer": (),
    "about right: 16": (16,),
    "too large: 128-128": (128, 128),
}
steps = 15  # in each epoch, on all points at once
logs, maps = {}, {}
for name, hidden in sizes.items():
    keras.utils.set_random_seed(lesson.seed)
    model = build_network(2, 2, hidden=hidden, rate=0.008)
    logs[name] = model.fit(
        np.tile(points, (steps, 1)),
        np.tile(moon, steps),
        batch_size=100,
        shuffle=False,
        epochs=20,
        callbacks=[lesson.live()],
        validation_data=(points_val, moon_val),
        validation_batch_size=1000,
        verbose=0,
    ).history
    maps[name] = keras.ops.convert_to_numpy(model(grid))[:, 1]

# %%
small, middle, large = ({key: np.array(log[key]) for key in log} for log in logs.values())
for name, log in zip(sizes, (small, middle, large), strict=True):
    lowest, last = log["val_loss"].min(), log["val_loss"][-1]
    print(f"{name}: training ≈ {log['loss'][-1]:.3f}")
    print(f"   validation: lowest ≈ {lowest:.3f}, last ≈ {last:.3f}")
difference = large["val_accuracy"][large["val_loss"].argmin()] - large["val_accuracy"][-1]
print(f"   validation accuracy at the lowest loss, minus that at the end ≈ {difference:.3f}")

# %%
show(
    draw.three_sizes(logs, steps, maps, way, points, moon),
    "Three columns. Without hidden layer: a straight border and two losses that level off high, "
    "close together. With 16 units: a bent border, both losses low. With 128-128: a jagged border "
    "with bays around single points; the training loss goes to zero, the validation loss turns "
    "and climbs.",
)
lesson.claim("too small: the training loss stays above 0.25", small["loss"][-1] > 0.25)
lesson.claim(
    "16 units get lower in validation", middle["val_loss"].min() < small["val_loss"].min() - 0.02
)
lesson.claim("too large: the training loss ends below 0.15", large["loss"][-1] < 0.15)
lesson.claim(
    "its validation loss has doubled",
    large["val_loss"][-1] > 2 * large["val_loss"].min(),
    guess="validation_loss",
)
lesson.claim("its validation accuracy has fallen by less than a tenth", difference < 0.1)

# %% [markdown]
# Read the lower row as you will read it in your own work:
#
# * **Both losses high and close together:** underfitting. More data would not help. Give it more capacity (more units, another layer), better features, or more time.
# * **Both low and close together:** about right. (After more steps, the 16 units begin to overfit too.)
# * **Training low, validation turning upward:** overfitting. The turn is the moment to look at.
#
# Above you see what the third has learned: bays around single points, some of which lie there by chance. Its validation *accuracy* suffers less than its loss. It is not wrong much more often;
# it is very *sure* where it is wrong, and the cross-entropy charges for that.
#
# ## More data, better data
#
# The best remedy for overfitting is not a trick. It is more data: a network cannot learn 800 accidents by heart as easily as 50, and it sees more of the rule.
#
# **Before you run it, guess:** 16 times as many digits. How much of the gap between training and test accuracy remains, in per cent?

# %%
lesson.guess("gap")

# %%
counts, seen, unseen = [50, 100, 200, 400, 800], [], []
keras.utils.set_random_seed(lesson.seed)
model = build_network(rate=0.005)
start = model.get_weights()
for n in counts:
    x, y, x_new, y_new = noisy_digits(n, wrong=0, seed=lesson.seed)
    model.set_weights(start)
    order = np.resize(np.arange(n), 12_500)  # round and round: 250 mini-batches of 50
    model.fit(flat(x)[order], y[order], batch_size=50, shuffle=False, verbose=0)
    seen.append(accuracy(model, flat(x), y))
    unseen.append(accuracy(model, flat(x_new), y_new))
gap_first, gap_last = seen[0] - unseen[0], seen[-1] - unseen[-1]
print(f"gap with 50 digits ≈ {gap_first:.3f}, with 800 ≈ {gap_last:.3f}")

# %%
show(
    draw.data_curve(counts, seen, unseen),
    "Accuracy over the number of training digits, 50 to 800. The training accuracy stays near "
    "1. The test accuracy climbs toward it, and the grey gap between them shrinks.",
)
lesson.claim(
    "with 800 digits less than half of the gap is left", gap_last < gap_first / 2, guess="gap"
)

# %% [markdown]
# Same network, same 250 steps. Only the data grew, and the gap shrank.
#
# But not *any* data. A network learns what its labels say, right or wrong: **garbage in, garbage out**. Here are 400 digits with a growing share of wrong labels.

# %%
quality = {}
for wrong in (0.0, 0.2, 0.4):
    x, y, x_new, y_new = noisy_digits(400, wrong, seed=lesson.seed)
    model.set_weights(start)
    order = np.resize(np.arange(400), 15_000)  # 300 mini-batches of 50
    model.fit(flat(x)[order], y[order], batch_size=50, shuffle=False, verbose=0)
    quality[wrong] = accuracy(model, flat(x_new), y_new)
    print(f"{wrong:.0%} wrong labels: accuracy on clean digits ≈ {quality[wrong]:.3f}")

# %%
lesson.claim("20 % wrong labels cost more than five points", quality[0.2] < quality[0.0] - 0.05)
lesson.claim("40 % cost more than fifteen", quality[0.4] < quality[0.0] - 0.15)

# %% [markdown]
# So look at your data before you look for tricks. Often, though, no more data can be had and nobody can check every label. For that case there is **regularization**: anything that
# keeps a model from fitting the accidents of its training data. The rest of the lesson goes through the common ways.
#
# ## A price on weights
#
# To bend around single points, a network needs large weights: a steep turn is a large number. So make weights cost something. Add a **penalty** to the loss:
#
# $$\text{what training makes small} \;=\; \text{loss on the data} \;+\; \text{penalty}$$
#
# Two penalties are common, each with a strength $\lambda$ that you choose:
#
# * **L1** adds the sizes of the weights: $\lambda \sum |w|$.
# * **L2** adds their squares: $\lambda \sum w^2$.
#
# Training now weighs two wishes against each other. A weight may be large if it pays for itself by lowering the loss enough. Biases are usually left free: they shift an answer, and do not make it bend.
#
# One weight shows what the two do. Say that the data want it to be 1: the loss is $(w - 1)^2$. We add either penalty, with strength 0, 1 or 3.
#
# **Before you run it, guess:** with strength 3, which of the two makes the best weight *exactly* zero?

# %%
lesson.guess("exactly_zero", "L1", "L2", "both", "neither")

# %%
w_line = np.linspace(-1, 2, 30_001)
for strength in (0, 1, 3):
    best_l2 = w_line[((w_line - 1) ** 2 + strength * w_line**2).argmin()]
    best_l1 = w_line[((w_line - 1) ** 2 + strength * np.abs(w_line)).argmin()]
    print(f"strength {strength}: best w with L2 {best_l2:.2f}, with L1 {best_l1 + 0:.2f}")

# %%
show(
    draw.one_weight(),
    "Two panels of bowls over w. With L2 the bowls stay smooth and their lowest points move from "
    "1 to 0.5 and 0.25. With L1 the bowls have a kink at zero; the lowest points are at 1, 0.5 "
    "and, for strength 3, exactly at the kink.",
)

# %% [markdown]
# L2 divides the weight: by 2, then by 4, and however strong it is, never to zero. L1 takes away a fixed amount, here half of the strength, until nothing is left, and then leaves the weight *at* zero.
#
# Look at the slopes to see why. The slope of $\lambda w^2$ is $2 \lambda w$: the push toward zero fades as the weight shrinks. The slope of $\lambda |w|$ is $+\lambda$ or $-\lambda$, with the sign of the weight: the push is the
# same down to the end. So
#
# * **L2 shrinks large weights most.** Because of this steady shrinking it is also known as **weight decay**.
# * **L1 makes weights sparse** (many zeros). An input whose weights are all zero is no longer used, so L1 *selects features*.
#
# ### Exercise: penalized_loss
#
# Write what training makes small: the loss on the data plus both penalties. `weights` is an array of any shape; `l1` and `l2` are the strengths.


# %%
def penalized_loss(data_loss, weights, l1, l2):
    """Return the loss on the data plus the L1 and the L2 penalty."""
    ### BEGIN SOLUTION
    return data_loss + l1 * np.sum(np.abs(weights)) + l2 * np.sum(weights**2)
    ### END SOLUTION


# %%
lesson.check("penalized_loss", penalized_loss)
# lesson.hint("penalized_loss")

# %% [markdown]
# ### Exercise: penalized_slope
#
# Gradient descent needs the slope of that sum. `slope` is the slope of the loss on the data for each weight; add what the two penalties contribute. (At $w = 0$ let L1 contribute 0, as `np.sign` does.)


# %%
def penalized_slope(slope, weights, l1, l2):
    """Return the slope of the penalized loss for each weight."""
    ### BEGIN SOLUTION
    return slope + l1 * np.sign(weights) + 2 * l2 * weights
    ### END SOLUTION


# %%
lesson.check("penalized_slope", penalized_slope)
# lesson.hint("penalized_slope")

# %% [markdown]
# ### Forty features, five that matter
#
# Now a case whose truth we know. Each of 60 examples has 40 features, but only the first five have anything to do with the label. A straight model with 40 weights has nearly as many
# weights as examples: it can fit the noise. We train it by gradient descent, without a penalty, with L2 and with L1. (The rate shrinks to zero on the way. With a fixed rate, L1's constant push makes small
# weights hop to and fro across zero for ever.)

# %%
truth = np.zeros(40)
truth[:5] = [3, -2, 1.5, -1, 2]
rng = np.random.default_rng(lesson.seed)
x_40, x_40_new = rng.normal(size=(60, 40)), rng.normal(size=(1000, 40))
y_40 = x_40 @ truth + rng.normal(0, 1, 60)
y_40_new = x_40_new @ truth + rng.normal(0, 1, 1000)


def descend(x, y, l1=0.0, l2=0.0, steps=4000, rate=0.05):
    w = np.zeros(x.shape[1])
    for step in range(steps):
        slope = 2 * x.T @ (x @ w - y) / len(y) + l1 * np.sign(w) + 2 * l2 * w
        w = w - rate * (1 - step / steps) * slope
    return w


found = {
    "no penalty": descend(x_40, y_40),
    "L2, strength 0.1": descend(x_40, y_40, l2=0.1),
    "L1, strength 0.3": descend(x_40, y_40, l1=0.3),
}

# %%
show(
    draw.recovered(truth, found),
    "Forty weights as sticks in three panels, rings at the true values. Without a penalty many "
    "of the last 35 sticks are clearly off zero. With L2 all are a little shorter. With L1 most "
    "of the 35 vanish and the first five stand out, a little too short.",
)

# %%
idle, used, new_loss, size = {}, {}, {}, {}
for name, w in found.items():
    idle[name] = np.mean(np.abs(w[5:]) < 0.01)
    used[name] = np.sum(np.abs(w[:5]) > 0.1)
    new_loss[name], size[name] = np.mean((x_40_new @ w - y_40_new) ** 2), np.sum(w**2)
    print(
        f"{name}: near zero of 35 idle ≈ {idle[name]:.2f}, loss on new data ≈ {new_loss[name]:.2f}"
    )

# %%
none, with_l2, with_l1 = found
lesson.claim("L1 puts more than half of the 35 idle weights near zero", idle[with_l1] > 0.5)
lesson.claim("L2 and no penalty do so for less than a quarter",
             max(idle[with_l2], idle[none]) < 0.25)  # fmt: skip
lesson.claim("L1 keeps all five that matter", used[with_l1] == 5)
lesson.claim("L2's weights are smaller than without a penalty", size[with_l2] < 0.9 * size[none])
lesson.claim(
    "on new data L1 does best here",
    new_loss[with_l1] < 0.9 * min(new_loss[with_l2], new_loss[none]),
)

# %% [markdown]
# L1 has found out which features matter, with little more than one example for each weight. L2 shrank everything a little, the five that matter too, and need not be better than no penalty at all. L1 fits this case
# because its assumption is true here: most features are idle. Where every input matters a little, L2 is the better bet. No penalty is best everywhere.
#
# ## The same in Keras
#
# In Keras the penalty is an argument of the layer, and Keras adds it to the loss. Our walk and Keras's must agree:

# %%
line = keras.Sequential(
    [
        keras.Input(shape=(40,)),
        layers.Dense(1, use_bias=False, kernel_regularizer=keras.regularizers.L2(0.1)),
    ]
)
line.set_weights([np.zeros((40, 1))])
line.compile(optimizer=keras.optimizers.SGD(0.05), loss="mse")
train(line, x_40, y_40, steps=30)

ours = np.zeros(40)
for _ in range(30):
    ours = ours - 0.05 * (2 * x_40.T @ (x_40 @ ours - y_40) / 60 + 2 * 0.1 * ours)
reported = line.evaluate(x_40, y_40, batch_size=60, verbose=0)
data_loss = np.mean((x_40 @ ours - y_40) ** 2)
print(f"Keras reports ≈ {reported:.4f}; the data loss alone is ≈ {data_loss:.4f}")

# %%
lesson.claim(
    "after 30 steps all 40 weights agree", np.allclose(line.get_weights()[0][:, 0], ours, atol=1e-3)
)
lesson.claim("Keras reports data loss plus penalty",
             abs(reported - data_loss - 0.1 * np.sum(ours**2)) < 1e-3 * reported)  # fmt: skip

# %% [markdown]
# Note the last claim. **The loss that Keras prints contains the penalty.** A loss with a penalty and a loss without are two different things and cannot be compared. Compare accuracies, or a metric: our builder
# asks for `cross_entropy` as a metric, which leaves the penalty out.
#
# Now the classic setting: a hidden layer `Dense(64)` and a penalty of 0.01. How do the 4096 weights look after training on 500 digits? We leave out the pixels that are blank in all pictures, since nothing but the penalty acts on their weights.
#
# **Before you run it, guess:** with L1, how many in 100 weights are nearer to zero than 0.01?

# %%
lesson.guess("near_zero")

# %%
x_500, y_500, x_new, y_new = noisy_digits(500, wrong=0, seed=lesson.seed)
inked = flat(x_500).std(axis=0) > 0
settings = {"no penalty": {}, "L2 0.01": {"l2": 0.01}, "L1 0.01": {"l1": 0.01}}
networks, hidden_weights, near_zero, reads = {}, {}, {}, {}
for name, setting in settings.items():
    keras.utils.set_random_seed(lesson.seed)
    networks[name] = model = build_network(**setting)
    train(model, flat(x_500), y_500, steps=300)
    hidden_weights[name] = model.get_weights()[0][inked]
    near_zero[name] = np.mean(np.abs(hidden_weights[name]) < 0.01)
    loss, reads[name], cross_entropy = model.evaluate(
        flat(x_new), y_new, batch_size=1000, verbose=0
    )
    print(f"{name}: near zero ≈ {near_zero[name]:.2f}, reads ≈ {reads[name]:.2f}, "
          f"loss ≈ {loss:.2f}, cross-entropy ≈ {cross_entropy:.2f}")  # fmt: skip
largest = {name: np.abs(w).max() for name, w in hidden_weights.items()}
for name in largest:
    print(f"{name}: largest weight ≈ {largest[name]:.2f}")

# %%
show(
    draw.weights(hidden_weights),
    "Three histograms of weights. Without a penalty: a broad hill from -0.8 to 0.8. With L2: a "
    "narrow hill around zero. With L1: nearly all weights in one tall bar at zero, and a few "
    "far from it.",
)
for name in reads:
    lesson.claim("it reads more than 85 % of new digits", reads[name] > 0.85)
lesson.claim(
    "with L1 more than 85 % of the weights are near zero",
    near_zero["L1 0.01"] > 0.85,
    guess="near_zero",
)
lesson.claim("with L2 fewer than 60 %", near_zero["L2 0.01"] < 0.6)
lesson.claim("L2 cuts the largest weight to less than two thirds",
             largest["L2 0.01"] < largest["no penalty"] * 2 / 3)  # fmt: skip

# %% [markdown]
# L1 leaves a small share of the weights at work and clears the rest away; L2 keeps many more of them, but small. Both networks still read the digits.
#
# ### Not a pair of layers
#
# A snippet that goes round on the web shows the two penalties like this:

# %%
both = keras.Sequential(
    [
        keras.Input(shape=(64,)),
        layers.Dense(64, activation="relu", kernel_regularizer=keras.regularizers.L1(0.01)),
        layers.Dense(64, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01)),
        layers.Dense(10, activation="softmax"),
    ]
)
first, second = both.layers[0].get_weights()[0], both.layers[1].get_weights()[0]
by_hand = 0.01 * np.sum(np.abs(first)) + 0.01 * np.sum(second**2)
by_keras = float(keras.ops.convert_to_numpy(sum(both.losses)))
print("penalties that Keras adds to the loss:", len(both.losses))

# %%
lesson.claim(
    "it pays L1 for the first layer and L2 for the second", abs(by_hand / by_keras - 1) < 1e-4
)

# %% [markdown]
# It looks as if one line were for L1 and the other for L2, to choose from. But these are two stacked layers of *one* network: the first pays L1, the second pays L2, and both are at work at once. If you want to choose, build two networks. If you
# want both prices on the same weights, write `keras.regularizers.L1L2(l1=..., l2=...)`, as our builder does.
#
# ### What a penalty cannot do
#
# You may also read that L2 "prevents outlier features". It looks at weights and never at the data. Try it: 60 points around the line $y = 3x$, and in one of them a slipped decimal point has made the feature a hundred
# times too large. For a line through zero the best slope with L2 can be written down: $\sum xy \,/\, (\sum x^2 + \lambda n)$.

# %%
rng = np.random.default_rng(lesson.seed)
x_60 = rng.normal(size=60)
y_60 = 3 * x_60 + rng.normal(0, 0.5, 60)
x_typo = x_60.copy()
x_typo[x_60.argmax()] *= 100


def best_slope(x, y, strength):
    return np.sum(x * y) / (np.sum(x**2) + strength * len(x))


slopes = {"clean data": best_slope(x_60, y_60, 0), "typo, no penalty": best_slope(x_typo, y_60, 0)}
for strength in (1, 100):
    slopes[f"typo, L2 {strength}"] = best_slope(x_typo, y_60, strength)
show(
    draw.typo(x_60, y_60, x_typo, slopes),
    "Left: a rising cloud with the steep line for the clean data through it, and three nearly "
    "flat lines for the data with the typo, with and without L2. Right: the same from afar; one "
    "point lies more than a hundred units to the right of the cloud.",
)
for name, slope in slopes.items():
    print(f"{name}: slope ≈ {slope:.3f}")

# %%
lesson.claim("on clean data the slope is within 0.3 of 3", abs(slopes["clean data"] - 3) < 0.3)
lesson.claim("one typo flattens it to less than 0.3", slopes["typo, no penalty"] < 0.3)
lesson.claim("L2 makes it flatter still", slopes["typo, L2 100"] < slopes["typo, no penalty"])

# %% [markdown]
# One typo rules the line, and L2 does not lift it back; it pulls the slope further down. The remedy for a bad value is to find it: look at the largest and smallest value of each feature. That is cleaning, not regularization.
#
# ## Dropout: nobody is indispensable
#
# Imagine a team in which, every morning, half of the people are sent home by lot. Nobody can leave a task to one colleague, because that colleague may be gone. Everyone learns a bit of everything, and the work is shared.
#
# **Dropout** does this to a layer. In every training step each unit is set to zero with a probability, the *rate*, often 0.5. Two details matter:
#
# * Who stays is multiplied by $1 / (1 - \text{rate})$, that is by 2 for rate 0.5. So the next layer gets, on average, as much as if nobody had gone.
# * **It acts in training only.** When the network is used, everybody works, and nothing is scaled.


# %%
hidden_values = np.maximum(0, np.random.default_rng(1).normal(0.5, 1, (4, 12))).round(1)
stays = np.random.default_rng(2).random((4, 12)) >= 0.5  # one lot for each unit and example
after = hidden_values * stays / (1 - 0.5)
show(
    draw.dropped(hidden_values, after),
    "Two tables of four examples by twelve units, coloured by value. In the right one about half "
    "of the cells are crossed out, others in each row; the remaining cells are darker.",
)
print("first example before:", hidden_values[0])
print("first example after: ", after[0])

# %% [markdown]
# Each example has its own lot. What stays is doubled. Does Keras do the same?
#
# **Before you run it, guess:** a layer of 100,000 ones goes through `Dropout(0.2)` in training. What is the largest value that comes out?

# %%
lesson.guess("after_dropout", "0.8", "1", "1.25", "2")

# %%
keras.utils.set_random_seed(lesson.seed)
layer, ones = layers.Dropout(0.2), np.ones((100, 1000), dtype="float32")
in_training = keras.ops.convert_to_numpy(layer(ones, training=True))
in_use = keras.ops.convert_to_numpy(layer(ones, training=False))

print(
    "values in training:", np.unique(in_training).tolist(), "  in use:", np.unique(in_use).tolist()
)
print(
    f"share of zeros ≈ {np.mean(in_training == 0):.3f}, mean in training ≈ {in_training.mean():.3f}"
)

# %%
lesson.claim("about 20 % are dropped", abs(np.mean(in_training == 0) - 0.2) < 0.02)
lesson.claim("the mean stays at 1", abs(in_training.mean() - 1) < 0.02)
lesson.claim("in use, nothing changes", np.all(in_use == 1))

# %% [markdown]
# ### Exercise: drop
#
# Write dropout. `values` is an array of any shape; draw the lots with `rng.random(values.shape)`, which gives a number between 0 and 1 for each place. If `training` is False, return the values as they are.


# %%
def drop(values, rate, training, rng):
    """Return the values after dropout with this rate."""
    ### BEGIN SOLUTION
    if not training:
        return values
    stays = rng.random(values.shape) >= rate
    return values * stays / (1 - rate)
    ### END SOLUTION


# %%
lesson.check("drop", drop)
# lesson.hint("drop")

# %% [markdown]
# Is the work really shared? We train a network with dropout 0.5 on the 500 digits on which we have already trained one without. Then, in both finished networks, we take hidden units away for good, chosen by lot, and see how they cope.


# %%
def without(model, share, x, y, rng, trials=20):
    """Return the mean accuracy after removing a share of the hidden units, chosen by lot."""
    w1, b1, w2, b2 = model.get_weights()
    hidden, found = np.maximum(0, x @ w1 + b1), []
    for _ in range(trials):
        stays = rng.permutation(hidden.shape[1]) >= share * hidden.shape[1]
        found.append(np.mean(((hidden * stays) @ w2 + b2).argmax(axis=1) == y))
    return np.mean(found)


keras.utils.set_random_seed(lesson.seed)
model = build_network(dropout=0.5)
train(model, flat(x_500), y_500, steps=300)

shares, curves = [0, 0.25, 0.5, 0.75], {}
pair = {"trained without dropout": networks["no penalty"], "trained with dropout 0.5": model}
for name, network in pair.items():
    rng = np.random.default_rng(lesson.seed)
    curves[name] = [without(network, share, flat(x_new), y_new, rng) for share in shares]

plain, shared = curves.values()
show(
    draw.removed(shares, curves),
    "Two falling curves of accuracy over the share of units removed. They start together. The "
    "one trained with dropout falls far more slowly.",
)
print(f"half of the units removed: without dropout ≈ {plain[2]:.2f}, with ≈ {shared[2]:.2f}")

# %%
lesson.claim("both read more than 85 % when complete", min(plain[0], shared[0]) > 0.85)
lesson.claim(
    "with half removed, dropout is ahead by more than 8 points", shared[2] > plain[2] + 0.08
)

# %% [markdown]
# With half of its units gone, the network trained with dropout hardly notices. The other one had units that it could not do without.
#
# A side effect confuses many people. During training Keras reports the loss *with* units missing, while the validation loss is measured with all of them. So the training loss can be the higher one, which looks like magic and is not.

# %%
keras.utils.set_random_seed(lesson.seed)
order = np.resize(np.arange(500), 10_000)
log = model.fit(flat(x_500)[order], y_500[order], batch_size=500, shuffle=False, verbose=0).history
while_training = log["cross_entropy"][-1]
afterwards = model.evaluate(flat(x_500), y_500, batch_size=500, verbose=0)[2]
print(
    f"the 500 digits: reported by fit ≈ {while_training:.3f}, all units at work ≈ {afterwards:.3f}"
)

# %%
lesson.claim("with all units at work the loss is less than half", afterwards < while_training / 2)

# %% [markdown]
# ## Batch normalization
#
# In lesson 01 standardized inputs made the valley round, and training fast. Inside a deep network each layer's inputs are the outputs of the layer before, and their scale drifts while that layer learns. **Batch normalization** standardizes them
# again, at every step: for each unit it takes the mean and the variance (the square of the standard deviation) *over the examples of the current batch*,
#
# $$\hat z = \frac{z - \text{mean}}{\sqrt{\text{variance} + \epsilon}} \qquad \text{output} = \gamma \hat z + \beta$$
#
# where $\gamma$ (a stretch) and $\beta$ (a shift) are learned, so that the layer may undo the scaling where that helps. The small $\epsilon$ avoids dividing by zero. In use there may be just one example, and no batch to average over. So during training the layer keeps
# running averages of means and variances, and in use it takes those. By hand and in Keras, for a batch of four examples and two units:

# %%
z = np.array([[1.0, 10.0], [2.0, 10.0], [3.0, 30.0], [6.0, 30.0]], dtype="float32")
mean, variance = z.mean(axis=0), z.var(axis=0)
by_hand = (z - mean) / np.sqrt(variance + 0.001)

layer = layers.BatchNormalization(momentum=0.9, epsilon=0.001)
in_training = keras.ops.convert_to_numpy(layer(z, training=True))
print("means", mean, " variances", variance)
print(by_hand.round(2))
lesson.claim("in training Keras agrees", np.allclose(in_training, by_hand, atol=1e-4))

running_mean = 0.9 * 0 + 0.1 * mean  # the averages start at 0 and 1
running_variance = 0.9 * 1 + 0.1 * variance
in_use = keras.ops.convert_to_numpy(layer(z, training=False))
lesson.claim(
    "in use Keras takes the running averages",
    np.allclose(in_use, (z - running_mean) / np.sqrt(running_variance + 0.001), atol=1e-3),
)
other = z[[0, 0, 0, 1]]  # the first example in other company
in_company = keras.ops.convert_to_numpy(layer(other, training=True))[0]

# %%
lesson.claim(
    "in training an example's values depend on its company",
    not np.allclose(in_company, in_training[0], atol=0.1),
)

# %% [markdown]
# Both columns have the same scale now, although one had values ten times as large. The last claim is the odd thing about this layer: in training, what happens to an example depends on which others share its batch. That is
# a kind of noise, and noise can keep a network from memorizing. But it is a side effect. The first purpose is **steadier and faster training**. See for yourself: four hidden layers of 32 units, 100 steps of plain gradient
# descent, at six learning rates.
#
# **Before you run it, guess:** at which of the six rates will the network without batch normalization get anywhere?

# %%
lesson.guess(
    "plain_rates", "at the smallest", "at those in the middle", "at the largest", "at none"
)

# %%
rates, curves = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0], {}
x_800, y_800, x_last, y_last = noisy_digits(800, wrong=0, seed=lesson.seed)
order = np.random.default_rng(lesson.seed).integers(0, 800, 5000)  # 100 mini-batches of 50
for name, batch_norm in {"plain": False, "with batch normalization": True}.items():
    keras.utils.set_random_seed(lesson.seed)
    model = build_network(hidden=(32, 32, 32, 32), batch_norm=batch_norm)
    model.compile(keras.optimizers.SGD(), "sparse_categorical_crossentropy")
    start, curves[name] = model.get_weights(), []
    for rate in rates:
        model.set_weights(start)
        model.optimizer.learning_rate = rate
        model.fit(flat(x_800)[order], y_800[order], batch_size=50, shuffle=False, verbose=0)
        curves[name].append(accuracy(model, flat(x_last), y_last))

plain, normalized = (np.array(curve) for curve in curves.values())
print(f"best of six rates: plain ≈ {plain.max():.2f}, with ≈ {normalized.max():.2f}")

# %%
show(
    draw.rates(rates, curves),
    "Accuracy over the learning rate, 0.01 to 3. The plain network stays low, with a modest peak "
    "in the middle. With batch normalization the curve rises quickly and stays high to the end.",
)
lesson.claim(
    "normalized, it reads more than 70 % at four rates, 0.03 to 1", normalized[1:5].min() > 0.7
)
lesson.claim("its best beats the plain network's best", normalized.max() > plain.max() + 0.05)
lesson.claim("plain, the rate 1 fails", plain[4] < 0.5)

# %% [markdown]
# With batch normalization a thirtyfold range of rates works, in 100 steps. Without it this network barely starts, or is thrown off. That is what the layer is for; lesson 11 comes back to it with deeper networks. Whether it also helps against memorizing, the
# contest below will show.
#
# ## Stop in time
#
# A network learns the rule first and the accidents later, because the rule is what many examples agree on. So: stop in between. **Early stopping** watches the validation loss after each epoch. When it has not reached a new low for a number of
# epochs, called the *patience*, training stops, and the weights of the best epoch are taken back.
#
# From here on the data are small and noisy: 200 digits, of which 40 have a wrong label. We put 40 of the 200 aside for validation; their labels are as noisy as the others, since nobody has clean ones.
#
# One network is trained twice, first to the end and then with early stopping. In between, `restart` starts it afresh: new random weights, and an optimizer that has forgotten everything. (Building another one would do as well, but Keras would have to compile it anew each time.)


# %%
def restart(model, seed):
    """Give the model new random weights, and its optimizer an empty memory."""
    keras.utils.set_random_seed(seed)
    model.set_weights(keras.models.clone_model(model).get_weights())
    for variable in model.optimizer.variables:
        if "learning_rate" not in variable.path:
            variable.assign(np.zeros(variable.shape))


x_noisy, y_noisy, x_clean, y_clean = noisy_digits(200, wrong=0.2, seed=lesson.seed)
x_fit, y_fit = flat(x_noisy[:160]), y_noisy[:160]
x_val, y_val = flat(x_noisy[160:]), y_noisy[160:]
five_steps = {
    "x": np.tile(x_fit, (5, 1)),
    "y": np.tile(y_fit, 5),
    "batch_size": 160,
    "shuffle": False,
}
watch = {"validation_data": (x_val, y_val), "validation_batch_size": 40, "verbose": 0}

restarted = build_network(hidden=(64, 64), rate=0.005)
restart(restarted, lesson.seed)
long = restarted.fit(**five_steps, **watch, epochs=20, callbacks=[lesson.live()]).history
long_accuracy = accuracy(restarted, flat(x_clean), y_clean)

restart(restarted, lesson.seed)  # with the same weights as before
patience = keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True)
short = restarted.fit(**five_steps, **watch, epochs=20, callbacks=[patience]).history
short_accuracy = accuracy(restarted, flat(x_clean), y_clean)

# %%
stopped, best = len(short["val_loss"]), int(np.argmin(short["val_loss"])) + 1
show(
    draw.stopping(long, best, stopped),
    "Two loss curves over 20 epochs of five steps. The training loss falls to zero. The "
    "validation loss falls, reaches its low in one of the first epochs, and then climbs high. "
    "Lines mark the low and the epoch four later where patience ended.",
)
restored = restarted.evaluate(x_val, y_val, batch_size=40, verbose=0)[0]
print(
    f"accuracy on clean digits: all 20 epochs ≈ {long_accuracy:.3f}, stopped ≈ {short_accuracy:.3f}"
)

# %%
lesson.claim("Keras stopped four epochs after the low", stopped == best + 4)
lesson.claim("the weights are those of the low", abs(restored - min(short["val_loss"])) < 1e-3)
lesson.claim("stopped in time, it reads more clean digits", short_accuracy > long_accuracy + 0.01)

# %% [markdown]
# The lowest validation loss comes early. After it the network learns the wrong labels, and the price is paid on clean digits. Without `restore_best_weights=True` you would keep the weights of the *last* epoch, when patience ended.
#
# Two warnings. The validation data have now had a say, so they cannot be the exam as well (lesson 03); we judged on other digits. And it costs examples: 40 of our 200 were not trained on.
#
# ### Exercise: stop_at
#
# Write the rule. `losses` are the validation losses epoch by epoch. Return two numbers, counted from 1: the epoch after which training stops (the last one, if patience never ends), and the best epoch up to then.


# %%
def stop_at(losses, patience):
    """Return the epoch after which training stops, and the best epoch so far."""
    ### BEGIN SOLUTION
    best = 1
    for epoch in range(1, len(losses) + 1):
        if losses[epoch - 1] < losses[best - 1]:
            best = epoch
        elif epoch - best >= patience:
            return epoch, best
    return len(losses), best
    ### END SOLUTION


# %%
lesson.check("stop_at", stop_at)
# lesson.hint("stop_at")

# %% [markdown]
# ## More data from the data you have
#
# You cannot get more digits? Make some. A 3 that stands one pixel further left is still a 3, and to a dense network it is a new picture. Such copies that keep their label are called **data augmentation**.

# %%
digit, around = x_500[:1], {}
padded = np.pad(digit, ((0, 0), (1, 1), (1, 1)))  # one more row or column of paper on every side
for name, top, left in [("up", 2, 1), ("down", 0, 1), ("left", 1, 2), ("right", 1, 0)]:
    around[name] = padded[0, top : top + 8, left : left + 8]
show(
    draw.shifted(digit[0], around),
    "A handwritten digit and four copies of it, moved by one pixel up, down, left and right.",
)

# %% [markdown]
# ### Exercise: shift
#
# Write it for any shift. `images` has shape (n, height, width). Move all of them `down` rows down and `right` columns to the right (negative numbers: up and left). What leaves the picture is lost; what comes in is paper, 0. It must not come back in on the other side, as with `np.roll`.


# %%
def shift(images, down, right):
    """Return the images, moved; the empty places are 0."""
    ### BEGIN SOLUTION
    n, height, width = images.shape
    room = max(abs(down), abs(right), 1)
    padded = np.pad(images, ((0, 0), (room, room), (room, room)))
    top, left = room - down, room - right
    return padded[:, top : top + height, left : left + width]
    ### END SOLUTION


# %%
lesson.check("shift", shift)
# lesson.hint("shift")

# %% [markdown]
# Here is ours. `shifted_steps` makes training data for many steps; in each step every picture is moved by a random pixel of its own, so no two steps show the network quite the same.
#
# **Before you run it, guess:** a network is trained on 200 digits as they are. How much worse does it read digits that were moved by one pixel?

# %%
lesson.guess("moved_digits", "hardly at all", "by 5 to 20 points", "by more than 20 points")


# %%
def moved(images, down, right):
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    return padded[:, 1 - down : 9 - down, 1 - right : 9 - right]


def shifted_steps(images, steps, rng):
    """Return the images once for each step, each of them moved by -1, 0 or 1 pixel both ways."""
    nine = np.stack([moved(images, down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)])
    lots = rng.integers(0, 9, (steps, len(images)))  # one for each picture, anew in each step
    return np.concatenate(nine[lots, np.arange(len(images))])


rng = np.random.default_rng(lesson.seed)
copies = {"as they are": np.tile(x_200, (200, 1, 1)), "moved": shifted_steps(x_200, 200, rng)}
places = [(0, 1), (0, -1), (1, 0), (-1, 0)]
still, jolted = {}, {}
for name, pictures in copies.items():
    keras.utils.set_random_seed(lesson.seed)
    model = build_network(rate=0.005)
    model.fit(flat(pictures), np.tile(y_200, 200), batch_size=200, shuffle=False, verbose=0)
    still[name] = accuracy(model, flat(x_test), y_test)
    jolted[name] = np.mean([accuracy(model, flat(moved(x_test, *p)), y_test) for p in places])
    print(f"trained on digits {name}: as drawn ≈ {still[name]:.2f}, moved ≈ {jolted[name]:.2f}")

# %%
lesson.claim(
    "moved by a pixel, the first loses over 20 points",
    jolted["as they are"] < still["as they are"] - 0.2,
    guess="moved_digits",
)
lesson.claim(
    "with moved copies it gains over 20 points there", jolted["moved"] > jolted["as they are"] + 0.2
)
lesson.claim(
    "on digits as drawn, moved copies gain less than 3 points",
    still["moved"] < still["as they are"] + 0.03,
)

# %% [markdown]
# One pixel of eight is a long way, and the plain network is lost. It has never learned that digits can move. (The networks of lesson 04 have some of that built in.) The moved copies mend it. On digits as drawn they gain nothing, and may even cost a little. Augmentation tells the network what does *not* matter. You must know it: a 6 turned upside down is a 9, so
# turning is no augmentation for digits, and a mirrored 3 is not a 3.
#
# ## Who wins? A fair contest
#
# Now all remedies against each other, on the same kind of data: 200 digits, 40 of them wrongly labelled. One run would prove nothing; you would mostly see luck. So there are four rounds. Each has its own sample and its own start, the same ones for every remedy, and all are judged on 997 clean digits.
#
# We take one network for each remedy and restart it for each round. Is that honest? It is, if a restarted network learns just what a new one learns. The network that was stopped in time above has been trained twice already; once more, beside a new one:

# %%
new = build_network(hidden=(64, 64), rate=0.005)
for model in (restarted, new):
    restart(model, lesson.seed)
    train(model, x_fit, y_fit, steps=20)
lesson.claim(
    "a restarted network and a new one learn the same",
    all(
        np.allclose(a, b, atol=1e-3)
        for a, b in zip(restarted.get_weights(), new.get_weights(), strict=True)
    ),
)

# %% [markdown]
# All networks are 64-64-64-10 and take 100 steps. Strengths were set once, by a rough trial on other samples: L1 0.001, L2 0.03, dropout 0.5. Early stopping gives up 40 of its 200 digits for validation. (How to choose strengths properly is lesson 10.)
#
# **Before you run it, guess:** nothing, L1, L2, dropout, batch normalization, early stopping, shifted copies. Will the best of these seven beat the nearest average?

# %%
lesson.guess("contest", "hardly, or not at all", "by some 5 points", "by 10 points or more")


# %%
samples = [noisy_digits(200, wrong=0.2, seed=1000 * lesson.seed + number) for number in range(4)]


def play(model, shifts=False, stop=False):
    """Return the accuracies of one remedy in all rounds."""
    found = []
    for number, (x, y, x_new, y_new) in enumerate(samples):
        seed = 1000 * lesson.seed + number
        restart(model, seed)
        if shifts:
            steps = shifted_steps(x, 100, np.random.default_rng(seed))
            model.fit(flat(steps), np.tile(y, 100), batch_size=200, shuffle=False, verbose=0)
        elif stop:
            model.fit(
                np.tile(flat(x[:160]), (10, 1)),
                np.tile(y[:160], 10),
                batch_size=160,
                shuffle=False,
                validation_data=(flat(x[160:]), y[160:]),
                epochs=10,
                callbacks=[keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True)],
                verbose=0,
            )
        else:
            train(model, flat(x), y, steps=100)
        found.append(accuracy(model, flat(x_new), y_new))
    return np.array(found)


# %%
scores = {"nothing": play(new), "shifted copies": play(new, shifts=True)}
scores["early stopping"] = play(new, stop=True)

# %%
for name, setting in {
    "L1": {"l1": 0.001},
    "L2": {"l2": 0.03},
    "dropout": {"dropout": 0.5},
    "batch normalization": {"batch_norm": True},
}.items():
    scores[name] = play(build_network(hidden=(64, 64), rate=0.005, **setting))

# %%
baseline = np.mean(
    [nearest_average(flat(x), y, flat(x_new)) == y_new for x, y, x_new, y_new in samples]
)
gain = {name: score - scores["nothing"] for name, score in scores.items()}
print(f"nearest average ≈ {baseline:.3f}, nothing ≈ {scores['nothing'].mean():.3f}")
for name in list(scores)[1:]:
    print(f"{name}: mean gain ≈ {gain[name].mean():.3f}, spread ≈ {gain[name].std():.3f}, "
          f"smallest ≈ {gain[name].min():.3f}")  # fmt: skip

# %%
show(
    draw.contest(scores, baseline),
    "One row of four dots for each remedy, with a bar at their mean. Nothing, L1 and batch "
    "normalization lie to the left and overlap. L2, early stopping, dropout and shifted copies "
    "lie to the right. The dashed line of the nearest average is at the right edge.",
)
for name in ("shifted copies", "dropout", "L2"):
    lesson.claim(f"{name}: a mean gain of more than 5 points", gain[name].mean() > 0.05)
lesson.claim("early stopping: a gain on average", gain["early stopping"].mean() > 0)
for name in ("L1", "batch normalization"):
    lesson.claim(
        f"{name}: less than 60 % of what dropout gains",
        gain[name].mean() < 0.6 * gain["dropout"].mean(),
    )
lesson.claim(
    "none beats the nearest average by more than 2 points",
    max(score.mean() for score in scores.values()) < baseline + 0.02,
    guess="contest",
)

# %% [markdown]
# Each dot is a round. Read it with care:
#
# * **Three remedies help clearly** on these data: shifted copies, dropout and L2. Their order among each other is within the spread; another four rounds may swap them. (Above, where all labels were right, shifted copies gained nothing on digits as drawn. Here, with wrong labels to learn by heart, they do.)
# * **Early stopping gains, too, but stands on less.** It gives up a fifth of the examples, and it decides by 40 digits with wrong labels among them. On an unlucky sample it stops at the wrong time.
# * **L1 and batch normalization gain little or nothing.** L1 assumes that most weights are idle, and here they are not. Batch normalization may gain a little, far less than dropout; it was made for something else.
# * **The spread between rounds is as large as many of the differences.** Had you compared two remedies in one round each, luck might have chosen for you. Because all played on the same samples, we could look at the gain *within* each round, which is the fairer view.
# * **The best network does not clearly beat the simplest baseline.** Averaging 20 pictures for each digit washes most wrong labels out. With 200 noisy examples, simplicity is hard to beat; the networks' time comes with more data.
#
# This is one network on one kind of data. On others the order will differ, so try it on yours.
#
# ### Exercise: repair
#
# Somebody has regularized this digit reader with zeal, and now it learns nothing. Three things are wrong. Return a compiled model that learns, and keep some regularization in it.


# %%
def repaired_reader():
    """Return a compiled model for 64 pixels that reads digits, with some regularization."""
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input(shape=(64,)),
            layers.Dense(64, activation="relu", kernel_regularizer=keras.regularizers.L2(0.001)),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy")
    return model
    ### STARTER
    # model = keras.Sequential(
    #     [
    #         keras.Input(shape=(64,)),
    #         layers.Dense(64, activation="relu", kernel_regularizer=keras.regularizers.L2(10.0)),
    #         layers.Dropout(0.99),
    #         layers.Dense(10, activation="softmax"),
    #         layers.Dropout(0.5),
    #     ]
    # )
    # model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy")
    # return model
    ### END SOLUTION


# %%
lesson.check("repair", repaired_reader)
# lesson.hint("repair")

# %% [markdown]
# ### Exercise: beat_noise
#
# A goal to reach. Build a network for the contest that reads at least **77 %** of clean digits after 300 steps on 200 digits with 40 wrong labels, on average over two samples. With nothing done, 64-64-64-10 stays clearly below. Architecture, penalties,
# dropout and rate are yours; the digits come as they are, 64 pixels in a row, ten softmax outputs.


# %%
def noise_proof():
    """Return a compiled model for 64 pixels and ten classes that withstands wrong labels."""
    ### BEGIN SOLUTION
    return build_network(hidden=(64, 64), l2=0.01, dropout=0.5)
    ### END SOLUTION


# %%
lesson.check("beat_noise", noise_proof)
# lesson.hint("beat_noise")

# %% [markdown]
# ## What people get wrong
#
# * **"It is right in 100 % of the training data, so it has learned the task."** So was the network that learned dice.
# * **"L1 for one layer, L2 for the next: choose one."** Stacked layers are both at work. To choose, build two networks; to combine, use `L1L2` on the same layer.
# * **"L2 prevents outlier features."** It prices weights and never looks at features. One typo ruled our line, with L2 or without.
# * **"Batch normalization is a regularizer."** Its first purpose is stable, fast training. In the contest it gained little.
# * **"Dropout weakens the network, since half of it is missing."** In training only. In use all units work.
# * **"The validation loss is below the training loss, so something is broken."** With dropout that is normal: the two are measured in different states.
# * **"The loss went up when I added a penalty, so the penalty hurts."** The loss that Keras reports contains the penalty. Compare a metric.
# * **"Regularization helps, so use all of it, strongly."** Too much is underfitting. And on a small noisy sample a plain average was as good as anything.
# * **"It overfits, so train longer."** Time and capacity are remedies for *under*fitting.
#
# ## Takeaways
#
# * Overfitting: good on training data, worse on new data. Underfitting: poor on both. Only data not trained on can tell.
# * First get more and cleaner data. Regularization is for what then remains.
# * L1 takes a fixed amount and makes zeros; L2 shrinks in proportion and makes weights small. Both are terms in the loss.
# * Dropout zeroes units in training and scales the others, so nothing changes on average. In use it does nothing.
# * Batch normalization standardizes over the batch, and makes training steadier and faster.
# * Early stopping needs a validation set and a patience; augmentation needs to know what does not matter.
# * Compare over several samples, on the same samples for all, against a baseline, and show the spread.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Next lesson: *Choosing hyperparameters*: how to set the strengths that were simply given here.
# * Chiyuan Zhang, Samy Bengio, Moritz Hardt, Benjamin Recht and Oriol Vinyals, "Understanding deep learning requires rethinking generalization", ICLR 2017 (arXiv:1611.03530): large networks memorize random labels.
# * Nitish Srivastava, Geoffrey Hinton, Alex Krizhevsky, Ilya Sutskever and Ruslan Salakhutdinov, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", *Journal of Machine Learning Research* 15 (2014).
# * Sergey Ioffe and Christian Szegedy, "Batch Normalization", ICML 2015 (arXiv:1502.03167); and Shibani Santurkar and others, "How Does Batch Normalization Help Optimization?", NeurIPS 2018 (arXiv:1805.11604), on why it works.
