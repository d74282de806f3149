# %% [markdown]
# # Learning without memorizing
#
# *140 minutes: 70 to read and run, 40 for 8 exercises, 30 for the 27 questions of the quiz. Builds on: lesson 01 (gradient descent), lesson 02 (cross-entropy) and lesson 03 (backpropagation; training, validation and test set). A good place for a break is marked about halfway.*
#
# You train a network on 200 pictures, and it gets better and better at them. Has it understood anything? This lesson shows you how to tell, and goes through the common remedies when the answer is no:
# from more data to dropout. At the end they meet in a contest.
#
# **After this lesson you can**
#
# * tell from two curves whether a network is too small, about right, or memorizing;
# * put a price on weights, and say what two kinds of price do to them, and what Adam makes of one of them;
# * write dropout, the stopping rule and shifted copies yourself, and use batch normalization with your eyes open;
# * compare remedies fairly: each at its best strength, over several samples, against a baseline.

# %%
from courseware import open_lesson

lesson = open_lesson("09_regularization")

import keras
import numpy as np
from keras import layers

from courseware.batches import ShuffledBatches
from courseware.data import noisy_digits
from courseware.lessons.regularization import contest
from courseware.lessons.regularization import drawings as draw
from courseware.lessons.regularization.models import build_network
from courseware.lessons.regularization.side_by_side import build_team
from courseware.drawing import show

# %% [markdown]
# We take 200 pictures of digits, 8 by 8 pixels each, and give each a label by rolling a ten-sided die. There is nothing to learn here: the label has nothing to do with the picture.

# %%
rng = np.random.default_rng(lesson.seed)
x_200, y_200, x_test, y_test = noisy_digits(200, wrong=0, seed=lesson.seed)
dice = rng.integers(0, 10, 200)

# %%
show(
    draw.labelled(x_200[:9], y_200[:9], dice[:9]),
    "Nine handwritten digits. Above each stands a label rolled with a die, wrong for most of "
    "them; below each stands which digit it is.",
)

# %% [markdown]
# `build_network` makes a classifier as in lesson 03: dense layers with ReLU, softmax at the end, compiled with Adam. It also has switches for the remedies of this lesson; you will see its code once they have all been explained.
#
# **Before you run it, guess:** how many in 100 of the dice labels can a network with 512 hidden units learn?

# %%
lesson.guess("dice_labels")


# %%
def flat(images):
    """Lay the rows of each picture end to end."""
    return images.reshape(len(images), -1)


def train(model, x, y, epochs, batch_size=20):
    """Train on mini-batches, in a new order every epoch, and return what Keras recorded."""
    batches = ShuffledBatches(x, y, batch_size=batch_size, seed=lesson.seed)
    return model.fit(batches, epochs=epochs, callbacks=[lesson.live()], verbose=0).history


def accuracy(model, x, y):
    probabilities = keras.ops.convert_to_numpy(model(x))  # all at once, (examples, classes)
    return np.mean(probabilities.argmax(axis=1) == y)


learned, right = {}, {}
for name, labels in {"dice labels": dice, "true labels": y_200}.items():
    keras.utils.set_random_seed(lesson.seed)
    model = build_network(hidden=(512,), rate=0.005)
    train(model, flat(x_200), labels, epochs=40, batch_size=40)
    learned[name] = accuracy(model, flat(x_200), labels)
    right[name] = accuracy(model, flat(x_test), y_test)
    print(f"{name}: right on the 200 ≈ {learned[name]:.3f}, on 997 new digits ≈ {right[name]:.3f}")

# %%
lesson.claim(
    "it knows more than 90 % of the dice labels", learned["dice labels"] > 0.9, guess="dice_labels"
)
lesson.claim("it knows more than 95 % of the true labels", learned["true labels"] > 0.95)
lesson.claim(
    "after the dice it reads less than a quarter of new digits", right["dice labels"] < 0.25
)
lesson.claim("after true labels it reads more than 80 %", right["true labels"] > 0.8)

# %% [markdown]
# Compare the two lines. On the 200 pictures the two networks look alike: one has learned nonsense, the other sense. **The score on the training data does not tell you which.** Only digits
# that they have not seen do. There, guessing would be right 10 % of the time.
#
# ## Two students
#
# One student learns a single book by heart, down to the commas. Asked a question from the book, he is perfect; asked anything else, he is lost. Another hardly opens the book,
# and is lost in both cases. The third understands the chapters, and manages new questions nearly as well as old ones.
#
# * **Overfitting** is the first: much better on the training data than on new data. The model has learned the accidents of its examples (noise, wrong labels) along with the rule.
# * **Underfitting** is the second: poor already on the training data. The model is too small, was trained too briefly, or cannot express the rule.
# * To **generalize** is what the third does: to do well on new examples of the same kind.
#
# How much a model *could* learn by heart is called its **capacity**. It grows with the number of weights. How much of it is used depends on the training, too.
#
# Memorizing needs no network. Here is the purest memorizer: it stores all pictures and answers with the label of the most similar one, the nearest neighbour of lesson 00. And here is a model that
# has hardly any room, the baseline of lesson 03: it keeps one average picture for each label and answers with the nearest (`contest.nearest_average`).
#
# **Before you run it, guess:** how many in 100 of the dice labels will the ten averages know?

# %%
lesson.guess("ten_averages")


# %%
def most_similar(x, y, new):
    """Answer with the label of the most similar stored picture."""
    distance = ((new[:, None] - x) ** 2).sum(axis=2)
    return y[distance.argmin(axis=1)]


on_dice, on_new = {}, {}
answering = {"stored pictures": most_similar, "averages": contest.nearest_average}
for name, answer in answering.items():
    on_dice[name] = np.mean(answer(flat(x_200), dice, flat(x_200)) == dice)
    on_new[name] = np.mean(answer(flat(x_200), y_200, flat(x_test)) == y_test)
    print(f"{name}: dice known ≈ {on_dice[name]:.2f}; with true labels, new ≈ {on_new[name]:.2f}")

# %%
for name in on_new:
    lesson.claim(f"{name}: taught the true labels, over 75 % of new digits", on_new[name] > 0.75)
lesson.claim("the stored pictures know every dice label", on_dice["stored pictures"] == 1)
lesson.claim(
    "ten averages know fewer than 60 % of them", on_dice["averages"] < 0.6, guess="ten_averages"
)

# %% [markdown]
# Look at the first numbers: ten pictures have little room for 200 accidents. (Still, they know more than guessing would, as each picture has a share in the average of its own label.) Then at the second: with *true* labels the memorizer does well on new digits, too. Knowing
# things by heart does not always hurt. It hurts when what is known by heart is partly wrong, and in real data it often is.
#
# ### Exercise: diagnose
#
# Four networks classify digits. For each you know the accuracy on the training data and on validation data; guessing is right 10 % of the time. Give each a verdict: `"overfits"`, `"underfits"` or
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
# Now watch it happen. The data are two moons that overlap (lesson 02), standardized: 100 points to train on, 1,000 others for validation. Three networks of growing
# capacity: no hidden layer; one of 16 units; two of 128.
#
# A single sample of 100 points may be a lucky or an unlucky one, so we take six. `build_team` puts six networks side by side in one Keras model. They share nothing, and each learns from its own sample. Below, *sure* is the part of the map where one class gets over 95 %.
#
# **Before you run it, guess:** the training loss of the largest falls lowest. What does its validation loss do?

# %%
lesson.guess(
    "validation_loss",
    "it falls as low",
    "it falls less far and stays there",
    "it falls and climbs again",
)

# %%
points, moon = contest.six_moons(100, seed=10 * lesson.seed)
points_val, moon_val = contest.six_moons(1000, seed=10 * lesson.seed + 5000)
mean, deviation = points.mean(axis=0), points.std(axis=0)  # of the training points
points, points_val = (points - mean) / deviation, (points_val - mean) / deviation
way = np.linspace(-2.8, 2.8, 80)
grid = np.column_stack([part.ravel() for part in np.meshgrid(way, way)])

# %%
sizes = {
    "too small: no hidden layer": (),
    "about right: 16": (16,),
    "too large: two of 128": (128, 128),
}
logs, maps, sure = {}, {}, {}
for name, hidden in sizes.items():
    keras.utils.set_random_seed(lesson.seed)
    none = [{}] * 6  # six networks, each without a remedy
    team = build_team(none, n_features=2, n_classes=2, hidden=hidden, rate=0.02)
    logs[name] = team.fit(
        ShuffledBatches(points, moon, batch_size=10, seed=lesson.seed),
        epochs=40,
        validation_data=(points_val, moon_val),
        validation_batch_size=1000,
        validation_freq=4,  # every fourth epoch
        callbacks=[lesson.live()],
        verbose=0,
    ).history
    seen_by_six = np.repeat(grid[:, None], 6, axis=1)
    answers = keras.ops.convert_to_numpy(team(seen_by_six))  # (places, networks, classes)
    maps[name], sure[name] = answers[:, 0, 1], np.mean(answers.max(axis=2) > 0.95)

# %%
small, middle, large = ({key: np.array(log[key]) for key in log} for log in logs.values())
for name, log in zip(sizes, (small, middle, large), strict=True):
    lowest, last = log["val_cross_entropy"].min(), log["val_cross_entropy"][-1]
    print(f"{name}: training loss ≈ {log['cross_entropy'][-1]:.3f}, sure ≈ {sure[name]:.2f}")
    print(f"   validation loss: lowest ≈ {lowest:.3f}, last ≈ {last:.3f}")
difference = large["val_accuracy"].max() - large["val_accuracy"][-1]
print(f"   validation accuracy, highest minus last ≈ {difference:.3f}")

# %%
show(
    draw.sizes(logs, maps, way, points[:, 0], moon[:, 0]),
    "Three columns. Without hidden layer: a straight boundary in a broad pale band, and two "
    "losses that level off high, close together. With 16 units: a bent boundary, both losses "
    "low. With two layers of 128: a bent boundary with full colours right up to it; the "
    "training loss falls, the validation loss turns, climbs, and ends far above it.",
)
lesson.claim(
    "too small: the training loss stays above 0.25, and the validation loss within 0.1 of it",
    small["cross_entropy"][-1] > 0.25
    and abs(small["val_cross_entropy"][-1] - small["cross_entropy"][-1]) < 0.1,
)
lesson.claim(
    "16 units get lower in validation",
    middle["val_cross_entropy"].min() < small["val_cross_entropy"].min() - 0.05,
)
lesson.claim(
    "too large: its validation loss ends more than 10 % above its lowest",
    large["val_cross_entropy"][-1] > 1.1 * large["val_cross_entropy"].min(),
    guess="validation_loss",
)
lesson.claim("its validation accuracy has fallen by less than five points", difference < 0.05)
_, sure_16, sure_128 = sure.values()
lesson.claim("it is sure in a larger part of the map than 16 units", sure_128 > sure_16)

# %% [markdown]
# The curves are means over six samples, the maps show the first. Read the lower row as you will read it in your own work:
#
# * **Both losses high and close together:** underfitting. More data would not help. Give it more capacity (more units, another layer), better features, or more time. (Such a model can hardly memorize, so the validation loss may well be the lower one, as in our run, where the two samples are not equally hard.)
# * **Both low, and not far apart:** about right.
# * **Training low, validation turning upward for good:** overfitting. That turn is the moment to look at. (A bump in both curves at once is only a jump in the training.)
#
# Compare the colours of the maps. The largest network is sure nearly everywhere, right up to its boundary, although the moons overlap there. So the validation *accuracy* suffers less than the loss (it falls by less than five percentage points): the network can become more and more sure of
# answers that are wrong, and the cross-entropy charges for that.
#
# ### For the curious; nothing later needs it: a peak, and down again
#
# Is larger always worse, then? Here are models of any width: a hidden layer with random weights that are never trained, and output weights by least squares (of several exact solutions, the one with the smallest weights). There are 200 digits, 40 with a wrong label.

# %%
x_noisy, y_noisy, x_clean, y_clean = noisy_digits(200, wrong=0.2, seed=lesson.seed)
widths, test_error, known = [10, 25, 50, 100, 200, 250, 400, 800, 1600], [], []
for width in widths:
    rng = np.random.default_rng(lesson.seed)
    w, b = rng.normal(0, 1 / 8, (64, width)), rng.normal(0, 0.5, width)
    hidden, hidden_new = np.maximum(0, flat(x_noisy) @ w + b), np.maximum(0, flat(x_clean) @ w + b)
    out = np.linalg.lstsq(hidden, np.eye(10)[y_noisy], rcond=None)[0]
    known.append(np.mean((hidden @ out).argmax(axis=1) == y_noisy))
    test_error.append(np.mean((hidden_new @ out).argmax(axis=1) != y_clean))

# %%
show(
    draw.double_descent(widths, test_error, 1 - np.array(known)),
    "Errors over the number of hidden units, 10 to 1600. The training error falls to almost "
    "0 at 200 units. The test error falls, climbs to a peak at 250, and falls again.",
)
peak = int(np.argmax(test_error[3:7])) + 3
lesson.claim(
    "at the peak the error is twice that with 50 units", test_error[peak] > 2 * test_error[2]
)
lesson.claim(
    "with 1,600 units it is less than two thirds of the peak",
    test_error[-1] < test_error[peak] * 2 / 3,
)
lesson.claim("there all 200 labels are known, the wrong ones too", known[-1] == 1)

# %% [markdown]
# Follow the test error from left to right. (At the far left it can be the lower one: a fifth of the training labels are wrong, the new ones are right.) It is worst about where the model can *just* fit all its examples; at 1,600 units it is again about as low as at 50. (The peak lies right of the dotted line, we guess because some random units are silent for all digits or repeat others.) This is called **double descent**, and has been seen in large trained networks, too. So a network with far more weights than examples, like yours of 512 units with the true labels, may fit everything and still read new data well.
#
# ## More data, better data
#
# The first remedy for overfitting is not a trick. It is more data: there are more accidents to learn by heart, and the rule shows more often.
#
# **Before you run it, guess:** eight times as many digits. How many percent of the gap between training and test accuracy remain?

# %%
lesson.guess("gap")


# %%
def taught(n, wrong, epochs):
    """Train on n digits, some with wrong labels; return the accuracies on them and on new ones."""
    x, y, x_new, y_new = noisy_digits(n, wrong, seed=lesson.seed)
    keras.utils.set_random_seed(lesson.seed)
    model = build_network(rate=0.005)
    train(model, flat(x), y, epochs, batch_size=10)
    return accuracy(model, flat(x), y), accuracy(model, flat(x_new), y_new)


runs = {n: taught(n, 0, epochs=3200 // n) for n in (100, 200, 800)}  # 320 mini-batches each
gap_first, gap_last = runs[100][0] - runs[100][1], runs[800][0] - runs[800][1]
print(f"gap with 100 digits ≈ {gap_first:.3f}, with 800 ≈ {gap_last:.3f}, "
      f"that is ≈ {100 * gap_last / gap_first:.0f} % of it")  # fmt: skip

# %%
show(
    draw.data_curve(list(runs), *np.transpose(list(runs.values()))),
    "Accuracy over the number of training digits, 100, 200 and 800. The training accuracy is "
    "near 1, a little lower with 800. The test accuracy climbs toward it; the grey gap shrinks.",
)
lesson.claim(
    "with 800 digits less than 70 % of the gap is left", gap_last < 0.7 * gap_first, guess="gap"
)

# %% [markdown]
# Look at the grey area. Network and number of steps are the same; the data grew, so each digit was seen less often. Look which
# end of the gap moved: the training side fell, and the test side rose.
#
# But not *any* data will do. A network learns what its labels say, right or wrong: **garbage in, garbage out**. Here are 200 digits again, some with wrong labels.

# %%
quality = {0.0: runs[200][1]}
for wrong in (0.2, 0.4):
    _, quality[wrong] = taught(200, wrong, epochs=16)
for wrong, clean in quality.items():
    print(f"{wrong:.0%} wrong labels: accuracy on clean digits ≈ {clean:.3f}")

# %%
lesson.claim("20 % wrong labels cost accuracy", quality[0.2] < quality[0.0])
lesson.claim("40 % cost more than 5 points", quality[0.4] < quality[0.0] - 0.05)

# %% [markdown]
# So look at your data before you look for tricks. Where no more data can be had and nobody can check every label, there is **regularization**: anything that
# keeps a model from fitting the accidents of its training data.
#
# ## A price on weights
#
# To bend sharply around single points, a network's answer must change a lot over a short way, and that takes large weights. So make weights cost something. Add a **penalty** to the loss:
#
# $$\text{what training makes small} \;=\; \text{loss on the data} \;+\; \text{penalty}$$
#
# Two penalties are common, each with a strength $\lambda$ that you choose:
#
# * **L1** adds the sizes of the weights: $\lambda \sum |w|$.
# * **L2** adds their squares: $\lambda \sum w^2$.
#
# Training now weighs two wishes against each other. A weight may be large if it pays for itself by lowering the loss enough. Biases are usually left free.
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
    best_l1 += 0  # else the zero may be printed as -0.00
    print(f"strength {strength}: best w with L2 {best_l2:.2f}, with L1 {best_l1:.2f}")

# %%
show(
    draw.one_weight(),
    "Two panels of bowls over w. With L2 the bowls stay smooth and their lowest points move from "
    "1 to 0.5 and 0.25. With L1 the bowls have a kink at zero; the lowest points are at 1, 0.5 "
    "and, for strength 3, exactly at the kink.",
)

# %% [markdown]
# Follow the lowest points; there the slopes of loss and penalty add up to zero. The slope of the loss is $2(w - 1)$.
#
# * The slope of $\lambda w^2$ is $2 \lambda w$: the push toward zero fades as the weight shrinks. $2(w - 1) + 2 \lambda w = 0$ gives $w = 1 / (1 + \lambda)$. L2 *divides* the weight by $1 + \lambda$, and never makes it zero.
# * The slope of $\lambda |w|$ is $+\lambda$ or $-\lambda$, with the sign of the weight: the push is the same down to the end. For a positive $w$, $2(w - 1) + \lambda = 0$ gives $w = 1 - \lambda / 2$. L1 *subtracts* a fixed amount, here half of the strength, until nothing is left, and then keeps the weight *at* zero.
#
# So
#
# * **L2 shrinks large weights most**, under plain gradient descent in proportion to their size.
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
# ### Room for noise
#
# The same in a picture with sliders. A polynomial is fitted to twelve noisy points of a wave. Its degree is its capacity: degree 1 is a straight line, and each further degree adds one weight and allows one more bend. The penalty is L2, on all weights but the constant.
#
# **Before you run it, guess:** a polynomial of degree 11 has 12 weights for 12 points, and goes through all of them. Which brings its validation loss down to a fifth or less?

# %%
lesson.guess(
    "held_back", "a penalty of 0.02", "five times as many points", "each of the two", "neither"
)

# %% [markdown]
# Push the degree up first, and watch the two losses part. Then try the penalty, and the number of points.

# %%
lesson.explore("overfit")

# %% [markdown]
# The same kind of fit in numbers: medians over a hundred draws of the noise and of the new points. The points to fit now lie at even distances up to both ends; the picture's twelve leave the ends free, and there its curve goes far off.

# %%
from numpy.polynomial.legendre import legvander  # like the powers of x, but easier on the computer
from sklearn.linear_model import LinearRegression, Ridge  # Ridge: with an L2 penalty


def wave(x, rng):
    return np.sin(3.2 * x) + 0.4 * x + rng.normal(0, 0.3, x.shape)


def polynomial_losses(rng, n_points, degree, penalty):
    x, x_new = np.linspace(-0.95, 0.95, n_points), rng.uniform(-0.95, 0.95, 500)
    y, y_new = wave(x, rng), wave(x_new, rng)
    # Ridge penalizes the sum of the squared errors, we their mean: hence n_points
    model = Ridge(alpha=n_points * penalty) if penalty else LinearRegression()
    model.fit(legvander(x, degree)[:, 1:], y)
    predicted = [model.predict(legvander(part, degree)[:, 1:]) for part in (x, x_new)]
    return [np.mean((predicted[0] - y) ** 2), np.mean((predicted[1] - y_new) ** 2)]


rng = np.random.default_rng(lesson.seed)
settings = {
    "degree 3, 12 points": (12, 3, 0),
    "degree 11, 12 points": (12, 11, 0),
    "degree 11, 12 points, penalty 0.02": (12, 11, 0.02),
    "degree 11, 60 points": (60, 11, 0),
}
typical = {
    name: np.median([polynomial_losses(rng, *setting) for _ in range(100)], axis=0)
    for name, setting in settings.items()
}
for name, (on_points, on_new) in typical.items():
    print(f"{name}: training ≈ {on_points:.3f}, validation ≈ {on_new:.3f}")

# %%
free = typical["degree 11, 12 points"]
lesson.claim("through all twelve points: a training loss of zero", free[0] < 1e-6)
lesson.claim(
    "a penalty brings the validation loss to less than a fifth",
    typical["degree 11, 12 points, penalty 0.02"][1] < free[1] / 5,
)
lesson.claim(
    "so do five times as many points",
    typical["degree 11, 60 points"][1] < free[1] / 5,
    guess="held_back",
)

# %% [markdown]
# Twelve weights and twelve points leave nothing over: the curve follows the noise of every point, and between them it swings. A penalty makes swinging expensive. More points leave the noise less room. The first line, degree 3, is the third way: less capacity from the start.
#
# ### Forty features, five that matter
#
# Now two cases whose truth we know. Each of 60 examples has 40 features, and the label is a weighted sum of them plus noise. In the first case only five of the features matter, in the second all forty do, each a little. A model with 40 weights has two weights for
# every three examples: it can fit the noise.
#
# We try six strengths, on eight samples. On each sample, 1,000 other examples (the validation set) choose the strength, and 1,000 more judge the choice. (The rate shrinks to zero, or L1's constant push would make small
# weights hop back and forth across zero forever.)
#
# **Before you run it, guess:** each at its best strength, where does L1 beat L2?

# %%
lesson.guess("l1_or_l2", "where five matter", "where all forty matter", "in both", "in neither")

# %%
strengths = np.array([0, 0.01, 0.03, 0.1, 0.3, 1])


def descend(x, y, l1, l2, steps=1500, rate=0.05):
    """Gradient descent for several strengths at once; the weights have a row for each."""
    w = np.zeros((len(l1), x.shape[1]))
    for step in range(steps):
        slope = 2 * (w @ x.T - y) @ x / len(y) + l1[:, None] * np.sign(w) + 2 * l2[:, None] * w
        w = w - rate * (1 - step / steps) * slope
    return w


rng = np.random.default_rng(lesson.seed)
few, many, zero = np.zeros(40), rng.choice([-0.7, 0.7], 40), np.zeros(6)
few[:5] = [3, -2, 1.5, -1, 2]
curves, chosen, found = {}, {}, {}
for case, truth in {"all forty matter": many, "five matter": few}.items():
    for sample in range(8):
        x = rng.normal(size=(2060, 40))
        y = x @ truth + rng.normal(0, 2, 2060)
        for penalty, l1, l2 in (("L1", strengths, zero), ("L2", zero, strengths)):
            w = descend(x[:60], y[:60], l1, l2)
            squares = (w @ x[60:].T - y[60:]) ** 2  # (strengths, other examples)
            on_val, on_new = squares[:, :1000].mean(axis=1), squares[:, 1000:].mean(axis=1)
            # setdefault gives the list of this case and penalty, at first an empty one
            curves.setdefault((case, penalty), []).append(on_new)
            chosen.setdefault((case, penalty), []).append(on_new[on_val.argmin()])
            found |= {"no penalty": w[0], penalty: w[on_val.argmin()]}  # the last sample stays

curves = {key: np.mean(losses, axis=0) for key, losses in curves.items()}
new_loss = {key: np.mean(losses) for key, losses in chosen.items()}
for case in ("five matter", "all forty matter"):
    print(f"{case}: loss on new data without penalty ≈ {curves[case, 'L1'][0]:.1f}, "
          f"L1 ≈ {new_loss[case, 'L1']:.1f}, L2 ≈ {new_loss[case, 'L2']:.1f}")  # fmt: skip

# %%
show(
    draw.strengths(strengths, curves),
    "Two panels of loss over strength, from 0 to 1, with a curve for L1 and one for L2. All four "
    "curves fall and rise again. Where five features matter, L1's gets lower, and at a higher "
    "strength. Where all forty matter, L2's gets lower.",
)
show(
    draw.recovered(few, found),
    "Forty weights as sticks in three panels, rings at the true values. Without a penalty many "
    "of the last 35 sticks are clearly off zero. With L1 many of the 35 vanish and the first ones "
    "stand out, a little too short. With L2 most are a bit shorter.",
)
lesson.claim(
    "where five matter, L1's loss is less than 80 % of L2's",
    new_loss["five matter", "L1"] < 0.8 * new_loss["five matter", "L2"],
    guess="l1_or_l2",
)
lesson.claim(
    "where all matter, L2's loss is less than 90 % of L1's",
    new_loss["all forty matter", "L2"] < 0.9 * new_loss["all forty matter", "L1"],
    guess="l1_or_l2",
)
for case in ("five matter", "all forty matter"):
    lesson.claim(f"{case}: L2 beats no penalty", new_loss[case, "L2"] < 0.9 * curves[case, "L2"][0])

# %% [markdown]
# In the upper figure every curve falls and rises again: **the strength decides**. And each penalty has its own case. L1 assumes that most features are idle, L2 that
# all of them matter a little; each did better where its assumption was true. No *one* penalty is best everywhere, and no one strength. (A printed loss can be below its curve's ring: the strength was chosen anew for each sample.)
#
# The lower figure shows one sample in which five features matter. L1 has cleared away many of the idle ones. L2 shrank most of the weights, those of the five included, and cleared away hardly any.
#
# ### Features that say the same
#
# What does L2 do with two features that say nearly the same? Lesson 03 showed that the data cannot tell how to divide a weight between them. We draw 30 samples of 60 examples: the label is three times the first feature plus noise, and the second feature is nearly a copy of the first. The best weights
# can be computed at once: `np.linalg.solve` finds where all slopes are zero. (Take its formula as given; it has the sum of the squared errors, not their mean: hence the 60.)

# %%
rng = np.random.default_rng(lesson.seed)
pairs = {"no penalty": [], "L2, strength 0.1": []}
for sample in range(30):
    first = rng.normal(size=60)
    x = np.column_stack([first, first + rng.normal(0, 0.1, 60)])
    y = 3 * first + rng.normal(0, 1, 60)
    for name, strength in zip(pairs, (0, 0.1), strict=True):
        pairs[name].append(np.linalg.solve(x.T @ x + 60 * strength * np.eye(2), x.T @ y))
pairs = {name: np.array(weights) for name, weights in pairs.items()}
apart = {name: np.abs(weights[:, 0] - weights[:, 1]).mean() for name, weights in pairs.items()}
for name, weights in pairs.items():
    print(f"{name}: sum of the two ≈ {weights.sum(axis=1).mean():.2f}, apart ≈ {apart[name]:.2f}")

# %%
show(
    draw.shared(pairs),
    "The first weight against the second, a mark for each sample. Without a penalty the crosses "
    "are strewn along a falling line around 3 and 0. With L2 the circles lie together at one "
    "place of it, near 1.4 and 1.4.",
)
lesson.claim(
    "with L2 the two weights are less than a fifth as far apart",
    apart["L2, strength 0.1"] < apart["no penalty"] / 5,
)
lesson.claim("their sum stays above 2.5", pairs["L2, strength 0.1"].sum(axis=1).mean() > 2.5)

# %% [markdown]
# The crosses scatter around the truth, which is (3, 0) here: without a penalty only the *sum* is settled by a sample. The circles lie close together at an even division, since by arithmetic $1.5^2 + 1.5^2$ is less than $3^2 + 0^2$. So with L2 the weights hardly change from sample to sample, but are off the truth in all of them. Where several features say the same, no single one dominates.
#
# ## The same in Keras
#
# In Keras the penalty is an argument of the layer, and Keras adds it to the loss. Our steps and Keras's must agree:

# %%
priced = keras.regularizers.L2(0.1)
unit = layers.Dense(1, use_bias=False, kernel_initializer="zeros", kernel_regularizer=priced)
line = keras.Sequential([keras.Input(shape=(40,)), unit])
line.compile(optimizer=keras.optimizers.SGD(0.05), loss="mse")
x_40, y_40 = rng.normal(size=(60, 40)), rng.normal(size=60)
line.fit(x_40, y_40, batch_size=60, epochs=20, verbose=0)  # all 60 in each step

ours = np.zeros(40)
for _ in range(20):
    ours = ours - 0.05 * (2 * x_40.T @ (x_40 @ ours - y_40) / 60 + 2 * 0.1 * ours)
reported = line.evaluate(x_40, y_40, batch_size=60, verbose=0)
data_loss = np.mean((x_40 @ ours - y_40) ** 2)
print(f"Keras reports ≈ {reported:.4f}; the data loss alone is ≈ {data_loss:.4f}")

# %%
lesson.claim(
    "after 20 steps all 40 weights agree", np.allclose(line.get_weights()[0][:, 0], ours, atol=1e-3)
)
lesson.claim("Keras reports data loss plus penalty",
             abs(reported - data_loss - 0.1 * np.sum(ours**2)) < 1e-3 * reported)  # fmt: skip

# %% [markdown]
# Note the last claim. **The loss that Keras prints contains the penalty.** A loss with a penalty and a loss without are two different things and cannot be compared. Compare accuracies, or a metric: our builder
# asks for `cross_entropy` as a metric, which leaves the penalty out.
#
# Now the classic setting: a hidden layer `Dense(64)` and a penalty of 0.01. What do the 4,096 weights look like after training on 500 digits? We leave out the pixels that are blank in all pictures, since nothing but the penalty acts on their weights.
#
# **Before you run it, guess:** with L1, how many in 100 weights are nearer to zero than 0.01?

# %%
lesson.guess("near_zero")

# %%
x_500, y_500, x_new, y_new = noisy_digits(500, wrong=0, seed=lesson.seed)
inked = flat(x_500).std(axis=0) > 0
networks, hidden_weights, near_zero, reads = {}, {}, {}, {}
for name, setting in {"no penalty": {}, "L2 0.01": {"l2": 0.01}, "L1 0.01": {"l1": 0.01}}.items():
    keras.utils.set_random_seed(lesson.seed)
    networks[name] = model = build_network(**setting)
    log = train(model, flat(x_500), y_500, epochs=15, batch_size=25)
    hidden_weights[name] = model.get_weights()[0][inked]
    near_zero[name] = np.mean(np.abs(hidden_weights[name]) < 0.01)
    reads[name] = accuracy(model, flat(x_new), y_new)
    loss, crossed = log["loss"][-1], log["cross_entropy"][-1]
    print(f"{name}: near zero ≈ {near_zero[name]:.2f}, reads ≈ {reads[name]:.2f}; ", end="")
    print(f"loss ≈ {loss:.2f}, cross-entropy ≈ {crossed:.2f}")

# %%
show(
    draw.sorted_weights(hidden_weights),
    "The sizes of the weights in falling order, a curve for each network. Without a penalty the "
    "curve falls slowly all the way. With L2 it is lower. With L1 it drops to near zero within "
    "the first tenth or so and stays there.",
)
largest = {name: np.abs(w).max() for name, w in hidden_weights.items()}
for name in reads:
    lesson.claim(f"{name}: it reads more than 80 % of new digits", reads[name] > 0.8)
lesson.claim(
    "with L1 more than 85 % of the weights are near zero",
    near_zero["L1 0.01"] > 0.85,
    guess="near_zero",
)
lesson.claim("with L2 fewer than 60 %", near_zero["L2 0.01"] < 0.6)
lesson.claim(
    "L2 makes the largest weight smaller, by a fifth or more",
    largest["L2 0.01"] < 0.8 * largest["no penalty"],
)

# %% [markdown]
# Compare the three curves. L1 leaves a small fraction of the weights at work, and those can be as large as without a penalty. The rest are near zero, not at it: the rate stays the same to the end, so they hop. L2 keeps many more weights at work, but small ones. All three networks read the digits. In the printed lines, loss and cross-entropy agree only where there is no penalty.
#
# ### L1 and L2 in one network
#
# What does a network do that stacks the two penalties like this?

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
# These are not two options to choose from: the first layer pays L1, the second pays L2, both at once. To choose, build two networks. For
# both prices on the same weights, write `keras.regularizers.L1L2(l1=..., l2=...)`.
#
# ### What Adam makes of L2
#
# Let the penalty act alone: two weights, 4 and 0.4, an L2 penalty of strength 0.01, no data, 100 steps. By plain gradient descent each weight loses the same *percentage*, so this shrinking is known as **weight decay**. The networks above were trained by Adam, though. The third optimizer below, AdamW, is explained afterwards. (`keras.Variable` holds weights, and `optimizer.apply` does one step with the given slopes.)
#
# **Before you run it, guess:** with Adam, the 4 loses about 0.3. How much does the 0.4 lose?

# %%
lesson.guess("adam_and_l2", "about 0.03, a tenth of it", "nearly as much, about 0.25", "nothing")

# %%
optimizers = {
    "SGD, L2 in the loss": keras.optimizers.SGD(0.003),
    "Adam, L2 in the loss": keras.optimizers.Adam(0.003),
    # 0.02 because the slope of 0.01 * w**2 is 0.02 * w
    "AdamW, decay apart": keras.optimizers.AdamW(0.003, weight_decay=0.02),
}
lost = {}
for name, optimizer in optimizers.items():
    w = keras.Variable(np.array([4, 0.4], dtype="float32"))
    for _ in range(100):
        slope = 2 * 0.01 * w.value if "L2" in name else 0 * w.value  # the slope of 0.01 * w**2
        optimizer.apply([slope], [w])
    lost[name] = np.array([4, 0.4]) - keras.ops.convert_to_numpy(w.value)
    print(f"{name:20}: 4 loses ≈ {lost[name][0]:.3f}, 0.4 loses ≈ {lost[name][1]:.4f}")

# %%
sgd, adam, adamw = lost.values()
lesson.claim("by SGD the 4 loses ten times as much", abs(sgd[0] / sgd[1] - 10) < 0.1)
lesson.claim(
    "by Adam the 0.4 loses more than 80 % as much as the 4",
    adam[1] > 0.8 * adam[0],
    guess="adam_and_l2",
)
lesson.claim("by AdamW the 4 loses ten times as much again", abs(adamw[0] / adamw[1] - 10) < 0.1)

# %% [markdown]
# Compare the second line with the others. Adam divides each slope by its typical size (lesson 03). The larger weight has the larger slope, and that is divided away: with no data, as here, L2's pull under Adam is nearly as strong on the small weight as on the large one. With data it depends on the size of the data's slopes as well. **AdamW** (Loshchilov and Hutter, 2019) keeps the two
# apart. Adam's step follows the loss on the data alone, and besides, every step takes the same percentage off each weight. In Keras it is `keras.optimizers.AdamW(rate, weight_decay=...)`.
#
# ### What a penalty cannot do
#
# A penalty looks at weights and never at the data. Try it: 60 points around the line $y = 3x$, and in one of them a slipped decimal point has made the feature a hundred
# times too large. For a line through zero the best slope with L2 can be written down: $\sum xy \,/\, (\sum x^2 + \lambda n)$, where $n$ is there because the loss is a mean. We try enormous strengths.

# %%
rng = np.random.default_rng(lesson.seed)
x_60 = rng.normal(size=60)
y_60 = 3 * x_60 + rng.normal(0, 0.5, 60)
x_typo = x_60.copy()
x_typo[x_60.argmax()] *= 100

slopes = {"clean data": np.sum(x_60 * y_60) / np.sum(x_60**2)}
for strength in (0, 100, 1000):
    slopes[f"L2 {strength}"] = np.sum(x_typo * y_60) / (np.sum(x_typo**2) + 60 * strength)
for name, slope in slopes.items():
    print(f"{name:10}: slope ≈ {slope:.3f}")

# %%
lesson.claim("on clean data the slope is within 0.5 of 3", abs(slopes["clean data"] - 3) < 0.5)
lesson.claim("one typo flattens it to less than 0.3", slopes["L2 0"] < 0.3)
lesson.claim(
    "L2 makes it flatter still",
    slopes["L2 1000"] < slopes["L2 100"] < slopes["L2 0"],
)

# %% [markdown]
# One typo rules the line, and L2 pulls the slope further down. The remedy for a bad value is to find it: look at the largest and smallest value of each feature.
#
# *A good place for a break. What comes next: remedies that change how a network is trained, and the contest.*
#
# ## Dropout: nobody is indispensable
#
# Imagine a team in which, every morning, half the people, picked at random, are sent home. Nobody can leave a task to one colleague, and everyone learns a bit of everything.
#
# **Dropout** does this to a layer. In every training step, and for each example anew, each unit is set to zero with a probability, the *rate*, often 0.5. Two details matter:
#
# * The units that stay are multiplied by $1 / (1 - \text{rate})$, that is by 2 for rate 0.5. So the next layer gets, on average, as much as if nobody had gone.
# * **It acts in training only.** When the network is used, everybody works, and nothing is scaled.


# %%
hidden_values = np.maximum(0, np.random.default_rng(1).normal(0.5, 1, (4, 12))).round(1)
stays = np.random.default_rng(2).random((4, 12)) >= 0.5  # a draw for each unit and example
after = hidden_values * stays / (1 - 0.5)
print("first example before:", hidden_values[0])
print("first example after: ", after[0])

# %%
show(
    draw.dropped(hidden_values, after, stays),
    "Two matrices of four examples by twelve units, coloured by value. In the right one about half "
    "of the cells are crossed out, different ones in each row. Of the rest, those "
    "above zero are darker.",
)

# %% [markdown]
# What stays is doubled. Does Keras do the same?
#
# **Before you run it, guess:** a layer of 100,000 ones goes through `Dropout(0.2)` in training. What is the largest value that comes out?

# %%
lesson.guess("after_dropout", "0.8", "1", "1.25", "2")

# %%
keras.utils.set_random_seed(lesson.seed)
layer, ones = layers.Dropout(0.2), np.ones((100, 1000), dtype="float32")
in_training = keras.ops.convert_to_numpy(layer(ones, training=True))
in_use = keras.ops.convert_to_numpy(layer(ones, training=False))

print("training:", np.unique(in_training).tolist(), "  use:", np.unique(in_use).tolist())
print(f"zeros ≈ {np.mean(in_training == 0):.3f}, mean in training ≈ {in_training.mean():.3f}")

# %%
lesson.claim("about 20 % are dropped", abs(np.mean(in_training == 0) - 0.2) < 0.02)
lesson.claim("the mean stays at 1", abs(in_training.mean() - 1) < 0.02)
lesson.claim("in use, nothing changes", np.all(in_use == 1))

# %% [markdown]
# ### Exercise: drop
#
# Write dropout. `values` is an array of any shape; draw with `rng.random(values.shape)`, which gives a number between 0 and 1 for each place. If `training` is False, return the values as they are.


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
# Is the work really shared? We train a network with dropout 0.5 on the 500 digits. Then we remove hidden units for good, picked at random and with no scaling of the others, from it and from two networks trained above: the one without any remedy, and the one with L2.


# %%
def without(model, fraction, x, y, rng, trials=20):
    """Return the mean accuracy after removing a fraction of the hidden units, picked at random."""
    w1, b1, w2, b2 = model.get_weights()
    hidden, found = np.maximum(0, x @ w1 + b1), []
    for _ in range(trials):
        stays = rng.permutation(hidden.shape[1]) >= fraction * hidden.shape[1]
        found.append(np.mean(((hidden * stays) @ w2 + b2).argmax(axis=1) == y))
    return np.mean(found)


keras.utils.set_random_seed(lesson.seed)
model = build_network(dropout=0.5)
log = train(model, flat(x_500), y_500, epochs=15, batch_size=25)

fractions, curves = [0, 0.25, 0.5, 0.75], {}
trained = {name: networks[name] for name in ("no penalty", "L2 0.01")} | {"dropout 0.5": model}
for name, network in trained.items():
    rng = np.random.default_rng(lesson.seed)
    curves[name] = [without(network, part, flat(x_new), y_new, rng) for part in fractions]
    print(f"{name}: all units ≈ {curves[name][0]:.2f}, half of them ≈ {curves[name][2]:.2f}")

# %%
show(
    draw.with_units_removed(fractions, curves),
    "Three falling curves of accuracy over the fraction of units removed. They start together. "
    "The one trained with dropout falls more slowly than the two others.",
)
lesson.claim(
    "complete, each reads more than 85 %", min(curve[0] for curve in curves.values()) > 0.85
)
lesson.claim(
    "with half removed, the one trained with dropout is more than 3 points ahead of both",
    curves["dropout 0.5"][2] > max(curves["no penalty"][2], curves["L2 0.01"][2]) + 0.03,
)

# %% [markdown]
# Compare the curves at half of the units. The network trained with dropout loses least: it has learned to do without any one of
# them. L2 regularizes too, but gives little of this protection.
#
# A side effect confuses many people. During training Keras reports the loss *with* units missing, while the validation loss is measured with all of them. So the training loss can be the higher one. Here are both, on the very same 500 digits:

# %%
while_training = log["cross_entropy"][-1]  # in the last epoch of the training above
measured = model.evaluate(flat(x_500), y_500, batch_size=500, verbose=0, return_dict=True)
afterwards = measured["cross_entropy"]
print(f"reported by fit ≈ {while_training:.3f}, all units at work ≈ {afterwards:.3f}")

# %%
lesson.claim(
    "with all units at work the loss is less than two thirds of that",
    afterwards < while_training * 2 / 3,
)

# %% [markdown]
# ## Batch normalization
#
# In lesson 01 standardized inputs made the valley round, and training fast. Inside a deep network each layer's inputs are the outputs of the layer before, and their scale changes while that layer learns. **Batch normalization** standardizes them
# again, at every step: for the weighted sum $z$ of each unit it takes the mean and the variance (the square of the standard deviation) *over the examples of the current batch*,
#
# $$\hat z = \frac{z - \text{mean}}{\sqrt{\text{variance} + \epsilon}} \qquad \text{output} = \gamma \hat z + \beta$$
#
# where the scale $\gamma$ (gamma) and the shift $\beta$ (beta) are learned, so that the layer may undo the scaling where that
# helps. The small $\epsilon$ avoids dividing by zero. In use there may be just one example, and no batch to average over. So
# during training the layer keeps running averages of means and variances (with `momentum=0.9` each batch moves them a tenth of
# the way), and in use it takes those. By hand and in Keras, for a batch of four examples and two units:

# %%
z = np.array([[1.0, 10.0], [2.0, 10.0], [3.0, 30.0], [6.0, 30.0]], dtype="float32")
mean, variance = z.mean(axis=0), z.var(axis=0)
by_hand = (z - mean) / np.sqrt(variance + 0.001)

layer = layers.BatchNormalization(momentum=0.9, epsilon=0.001)
in_training = keras.ops.convert_to_numpy(layer(z, training=True))
print("means", mean, " variances", variance)
print(by_hand.round(2))

running_mean = 0.9 * 0 + 0.1 * mean  # the averages start at 0 and 1
running_variance = 0.9 * 1 + 0.1 * variance
in_use = keras.ops.convert_to_numpy(layer(z, training=False))

# %%
lesson.claim("in training Keras agrees", np.allclose(in_training, by_hand, atol=1e-4))
lesson.claim(
    "in use Keras takes the running averages",
    np.allclose(in_use, (z - running_mean) / np.sqrt(running_variance + 0.001), atol=1e-3),
)

# %% [markdown]
# Both columns have the same scale now, although one had values five to ten times as large.
#
# There is an odd thing about this layer: in training, what becomes of an example depends on which others share its batch. How much? We take one digit and one layer of 64 units with random weights, and put the digit into 200 random batches of each size.

# %%
rng = np.random.default_rng(lesson.seed)
x_800, y_800, x_last, y_last = noisy_digits(800, wrong=0, seed=lesson.seed)
sums = flat(x_800) @ rng.normal(0, 1 / 8, (64, 64))  # (800, 64), weighted sums before ReLU
noise = {}
for size in (5, 20, 80, 320):
    results = []
    for _ in range(200):
        batch = sums[np.append(0, 1 + rng.permutation(799)[: size - 1])]  # digit 0 and others
        results.append((batch[0] - batch.mean(axis=0)) / np.sqrt(batch.var(axis=0) + 0.001))
    noise[size] = np.std(results, axis=0).mean()
    print(f"batches of {size}: the same digit's values vary by ≈ {noise[size]:.2f}")

# %%
lesson.claim("in batches of 5 they vary over four times as much as in batches of 320",
             noise[5] > 4 * noise[320])  # fmt: skip

# %% [markdown]
# So the other examples of its batch act on an example as noise, more so in smaller batches, and not at all if every step takes all examples. Noise may keep a network from memorizing. But the purpose is **steadier and faster training**. Here is the builder, now that you know all its switches:

# %%
### SOURCE courseware.lessons.regularization.models.build_network

# %% [markdown]
# What does the layer do for training? Four hidden layers of 32 units, 96 steps of plain gradient descent, at four learning rates: 0.01, 0.1, 0.3 and 1.
#
# **Before you run it, guess:** at which of the rates will the network without batch normalization do best?

# %%
lesson.guess(
    "plain_rates", "at the smallest", "at those in the middle", "at the largest", "at none"
)

# %%
rates, curves = [0.01, 0.1, 0.3, 1.0], {}
for name, batch_norm in {"plain": False, "with batch normalization": True}.items():
    keras.utils.set_random_seed(lesson.seed)
    model = build_network(hidden=(32, 32, 32, 32), batch_norm=batch_norm)
    model.compile(keras.optimizers.SGD(), "sparse_categorical_crossentropy")
    start, curves[name] = model.get_weights(), []
    for rate in rates:
        model.set_weights(start)
        model.optimizer.learning_rate = rate
        train(model, flat(x_800), y_800, epochs=6, batch_size=50)
        curves[name].append(accuracy(model, flat(x_last), y_last))

plain, normalized = (np.array(curve) for curve in curves.values())
print("plain:", ", ".join(f"≈ {each:.2f}" for each in plain))
print("with batch normalization:", ", ".join(f"≈ {each:.2f}" for each in normalized))

# %%
show(
    draw.rates(rates, curves, "96 steps of plain gradient descent"),
    "Accuracy over the learning rate, 0.01 to 1. The plain network has a peak in the middle and "
    "falls far at the right. With batch normalization the curve rises quickly and stays high to "
    "the end.",
)
lesson.claim(
    "normalized, it reads more than 80 % at three rates, 0.1 to 1", normalized[1:].min() > 0.8
)
lesson.claim(
    "plain, it does best at a rate in the middle",
    max(plain[1], plain[2]) > max(plain[0], plain[3]),
    guess="plain_rates",
)

# %% [markdown]
# Compare how high and how wide the two curves are. With batch normalization a tenfold range of rates works well within 96 steps, each better than the plain network's best in our run; that one barely starts at small rates and is thrown off by large ones. That is what the layer is for; lesson 11 comes back to it. Whether it also helps against memorizing, the contest will show.
#
# ## Stop in time
#
# **Early stopping** watches the validation loss after each epoch. When it has not reached a new low for a number of
# epochs, called the *patience*, training stops, and the weights of the best epoch are restored.
#
# The data are 200 digits of which 40 have a wrong label. We hold out 40 of the 200 for validation; their labels are as noisy as the rest, since nobody has clean ones. One network trains for 30 epochs, to see what happens; a second one with the same start stops early. For the first, a small callback, `WhatIsKnown`, also writes down after each epoch what fraction of the right and of the wrong training labels it knows.
#
# **Before you run it, guess:** when the network knows nine in ten of the *right* labels, what fraction of the *wrong* ones does it know?

# %%
lesson.guess("wrong_labels", "about as many, nine in ten", "about half", "far fewer")

# %%
x_noisy, y_noisy, x_clean, y_clean = noisy_digits(200, wrong=0.2, seed=lesson.seed)
is_right = y_noisy == noisy_digits(200, wrong=0, seed=lesson.seed)[1]  # the same digits
x_fit, y_fit, right_fit = flat(x_noisy[:160]), y_noisy[:160], is_right[:160]
watch = {"validation_data": (flat(x_noisy[160:]), y_noisy[160:]), "validation_batch_size": 40}


def fit_noisy(callback):
    keras.utils.set_random_seed(lesson.seed)
    model = build_network(hidden=(64, 64), rate=0.005)
    batches = ShuffledBatches(x_fit, y_fit, batch_size=20, seed=lesson.seed)
    log = model.fit(batches, epochs=30, callbacks=[callback], **watch, verbose=0).history
    return model, log


known = contest.WhatIsKnown(x_fit, y_fit, right_fit)
long_model, long = fit_noisy(known)
patience = keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True)
short_model, short = fit_noisy(patience)

# %%
stopped, best = len(short["val_loss"]), int(np.argmin(short["val_loss"])) + 1
restored = short_model.evaluate(flat(x_noisy[160:]), y_noisy[160:], batch_size=40, verbose=0)[0]
nine_in_ten = int(np.argmax(np.array(known.right) >= 0.9))
right, wrong = np.array(known.right), np.array(known.wrong)
for name, epoch in {f"epoch ≈ {nine_in_ten + 1}": nine_in_ten, "the last epoch": 29}.items():
    print(f"{name}: right labels known ≈ {right[epoch]:.2f}, wrong ≈ {wrong[epoch]:.2f}")
for name, model in {"30 epochs": long_model, "stopped": short_model}.items():
    print(f"accuracy on clean digits, {name} ≈ {accuracy(model, flat(x_clean), y_clean):.3f}")

# %%
show(
    draw.early_stopping(long, best, stopped, known.right, known.wrong),
    "Left, two loss curves over 30 epochs. The training loss keeps falling. The validation loss "
    "falls, reaches its low within the first ten epochs or so, and climbs. Lines mark the low and "
    "the epoch four later. Right, the fraction of labels known: the right ones rise at once, the "
    "wrong ones stay low for some epochs and then climb high.",
)
lesson.claim(
    "when nine in ten right labels are known, less than 40 % of the wrong ones are",
    known.wrong[nine_in_ten] < 0.4,
    guess="wrong_labels",
)
lesson.claim("in the end more than 60 % of the wrong ones are", known.wrong[-1] > 0.6)
lesson.claim("Keras stopped four epochs after the low", stopped == best + 4)
lesson.claim("the weights are those of the low", abs(restored - min(short["val_loss"])) < 1e-3)

# %% [markdown]
# Look at the right panel first. The rule comes first, the accidents later: what many examples agree on moves the weights in the same direction in every batch, while each wrong label pulls alone. (That is our explanation; the panel shows only the order.) So: stop in between. In the left panel the validation loss turns about where the wrong labels begin to be learned.
#
# Without `restore_best_weights=True` you would keep the weights of the *last* epoch. And two warnings. The validation data have now had a say, so they cannot be the final test as well (lesson 03); we judged on other digits. And they cost examples: 40 of our 200 were not trained on.
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
# You cannot get more digits? Make some: a 3 that stands one pixel further left is still a 3, and to a dense network it is a new
# picture. This is the augmentation of lesson 04, also called **data augmentation**.

# %%
around = contest.four_ways(x_500[0])

# %%
show(
    draw.shifted(x_500[0], around),
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
# Ours is called `contest.moved_at_random` (add `??` to read it). It moves each picture at random by up to one pixel, up or down and left or right. Used on every mini-batch, it shows the network each picture a little differently in every epoch. (Keras has layers for that, such as `layers.RandomTranslation`, which act in training only.)
#
# **Before you run it, guess:** a network is trained on 200 digits as they are. How much worse, in percentage points, does it read digits that were moved like that?

# %%
lesson.guess("moved_digits", "hardly at all", "by 5 to 20 points", "by more than 20 points")


# %%
class Moved(ShuffledBatches):  # a new kind of ShuffledBatches, changed in one point
    """Mini-batches in which every picture is moved at random."""

    def __getitem__(self, number):  # Keras asks for the mini-batch with this number
        images, labels = super().__getitem__(number)  # what ShuffledBatches itself gives
        return flat(contest.moved_at_random(images, self.rng)), labels  # rng: what it shuffles with


x_moved = contest.moved_at_random(x_test, np.random.default_rng(lesson.seed))
both_ways = {
    "as they are": ShuffledBatches(flat(x_200), y_200, batch_size=20, seed=lesson.seed),
    "moved": Moved(x_200, y_200, batch_size=20, seed=lesson.seed),
}
still, jolted = {}, {}
for name, batches in both_ways.items():
    keras.utils.set_random_seed(lesson.seed)
    model = build_network(rate=0.005)
    model.fit(batches, epochs=20, verbose=0)
    still[name] = accuracy(model, flat(x_test), y_test)
    jolted[name] = accuracy(model, flat(x_moved), y_test)
    print(f"trained on digits {name}: as drawn ≈ {still[name]:.2f}, moved ≈ {jolted[name]:.2f}")

# %%
lesson.claim(
    "on moved digits the first loses over 20 points",
    jolted["as they are"] < still["as they are"] - 0.2,
    guess="moved_digits",
)
lesson.claim(
    "with moved copies it gains over 15 points there",
    jolted["moved"] > jolted["as they are"] + 0.15,
)
lesson.claim(
    "on digits as drawn, moved copies cost accuracy", still["moved"] < still["as they are"]
)

# %% [markdown]
# Compare the two lines column by column. A pixel of eight is a long way, and the plain network has never learned that digits can move. (The networks of lesson 04 have some of that built in.) The moved copies mend much of it, at a price: after the same 20 epochs, digits as drawn are read less well. Augmentation tells the network what does *not* matter. You must know it: a 6 turned upside down is a 9, and a mirrored 3 is not a 3.
#
# ## Who wins? A fair contest
#
# Now all remedies against each other, on the same kind of data: 200 digits, 40 of them wrongly labelled. One run could mislead
# you: the order that you see might be chance. So there are eight rounds. Each has its own sample, the same for all remedies, and
# each network has its own start. They play in batches of 20, for 30 epochs, by Adam at rate 0.005. The networks are 64-64-64-10.
#
# L1 and L2 play with four strengths, dropout with three rates: 14 settings in all, in eight rounds, which makes 112 networks. `contest.play` puts them side by side, as with the moons, and each learns what it would learn alone. 400 clean digits choose each remedy's strength; 597 others judge. (Early stopping has to do without clean digits: it holds out 40 of its own 200.)

# %%
rounds = contest.draw_rounds(8, seed=lesson.seed)
tried = {
    "nothing": [{}],
    "shifted copies": [{"shifts": True}],
    "L1": [{"l1": strength} for strength in (0.001, 0.003, 0.01, 0.03)],
    "L2": [{"l2": strength} for strength in (0.001, 0.003, 0.01, 0.03)],
    "dropout": [{"dropout": rate} for rate in (0.3, 0.5, 0.7)],
    "batch normalization": [{"batch_norm": True}],
}
validation, test = contest.play(rounds, tried, seed=lesson.seed)
stopped_early, epochs_used = contest.play_early_stopping(rounds, patience=4, seed=lesson.seed)

# %% [markdown]
# First the strengths, on the 400 validation digits.
#
# **Before you run it, guess:** at one and the same strength, which penalty does better?

# %%
lesson.guess(
    "one_strength", "L1, at every strength", "L2, at every strength", "it depends on the strength"
)

# %%
four = [0.001, 0.003, 0.01, 0.03]
by_strength = {name: validation[name].mean(axis=1) for name in ("L1", "L2")}
for name, scores in by_strength.items():
    print(f"{name}:", ", ".join(f"≈ {score:.3f}" for score in scores))
best = {name: validation[name].mean(axis=1).argmax() for name in tried}
for name in ("L1", "L2", "dropout"):
    print(f"{name}: chosen ≈", *tried[name][best[name]].values())

# %%
show(
    draw.two_penalties(four, by_strength, validation["nothing"].mean()),
    "Validation accuracy over strength for L1 and L2, with a dotted line for no remedy. Both "
    "start above the line, rise and fall again. L1's peak is at a smaller strength; at 0.03 it is "
    "far below the picture, at guessing.",
)
l1, l2 = by_strength.values()
lesson.claim("at 0.001 L1 is ahead", l1[0] > l2[0], guess="one_strength")
lesson.claim("at 0.01 L2 is ahead", l2[2] > l1[2], guess="one_strength")
lesson.claim("each at its best, they are within 3 points", abs(l1.max() - l2.max()) < 0.03)
lesson.claim("at 0.03 L1 reads less than 30 %", l1[3] < 0.3)

# %% [markdown]
# Read the two curves at 0.001, then at 0.01. Whoever compares the penalties at one strength gets the answer that belongs to that strength. Compared at the best strength of each, there is little between them here.
#
# Now the judgement, on the 597 test digits: the gain of each remedy over doing nothing, its mean over the eight rounds, its spread (standard deviation), and the smallest of the eight.
#
# **Before you run it, guess:** nothing, L1, L2, dropout, batch normalization, early stopping, shifted copies. Will the best of these seven beat the nearest average?

# %%
lesson.guess("contest", "hardly, or not at all", "by some 5 points", "by 10 points or more")

# %%
at_end = {name: test[name][best[name], -1] for name in tried} | {"early stopping": stopped_early}
by_epoch = {name: test[name][best[name]].mean(axis=1) for name in tried}
baseline = contest.averages_read(rounds)
gain = {name: accuracies - at_end["nothing"] for name, accuracies in at_end.items()}
print(f"nearest average ≈ {baseline:.3f}, nothing ≈ {at_end['nothing'].mean():.3f}")
for name in list(gain)[1:]:
    print(f"{name}: mean gain ≈ {gain[name].mean():.3f}, spread ≈ {gain[name].std():.3f}, "
          f"smallest ≈ {gain[name].min():.3f}")  # fmt: skip

# %%
show(
    draw.contest_by_epoch(at_end, by_epoch, baseline),
    "Left, accuracy over epochs for four of the seven: with batch normalization and with nothing "
    "done the curves rise first and fall after five or ten epochs; with dropout it rises more "
    "slowly and stays. Right, "
    "a row of eight dots for each remedy at the end, with a bar at their mean. Batch "
    "normalization and nothing are at the left, dropout and the others to the right of them. A "
    "dashed line marks the nearest average.",
)
lesson.claim("dropout: a mean gain of more than 3 points", gain["dropout"].mean() > 0.03)
for name in ("L1", "L2", "shifted copies", "early stopping"):
    lesson.claim(f"{name}: a gain on average", gain[name].mean() > 0)
lesson.claim("batch normalization: less than 2 points", gain["batch normalization"].mean() < 0.02)
lesson.claim(
    "after 5 epochs nothing is ahead of dropout", by_epoch["nothing"][1] > by_epoch["dropout"][1]
)
lesson.claim(
    "none beats the nearest average by more than 3 points",
    max(each.mean() for each in at_end.values()) < baseline + 0.03,
    guess="contest",
)

# %% [markdown]
# Each dot is a round. Read the figure with care:
#
# * **Five remedies gain on average, dropout most in this run.** How close the others come to it may change with the samples. (Above, where all labels were right, shifted copies cost accuracy on digits as drawn.)
# * **Early stopping gains, too,** although it gives up a fifth of the examples and decides by 40 noisy ones.
# * **Batch normalization is no remedy here,** although its batches of 20 bring it noise. In our run it even lost a little.
# * **The ranking depends on the budget.** After 5 epochs dropout is behind; after 30 it is in front.
# * **The eight dots of one remedy lie about as far apart as the bars of different remedies.** All played on the same samples, so we could look at the gain *within* each round, which is fairer; the starts still differ.
# * **The best network does not clearly beat the simplest baseline,** the nearest average; in this run none reaches it on average. (Averaging 20 pictures for each digit, we suppose, washes most wrong labels out.)
#
# On other data the order will differ; how to look for strengths is the next lesson.
#
# ### Exercise: repair
#
# Somebody has overdone the regularization of this digit classifier, and now it learns nothing. Three things are wrong. Return a compiled model that reads 85 % of new digits after 200 steps, each on all 400 clean digits, and keep some regularization in it (strong enough to be noticed: a penalty of strength at least 0.00001, or a dropout rate of at least 0.05).


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
# Build a network that reads at least **82 %** of clean digits after 30 epochs, in batches of 20, on 200 digits with 40 wrong labels, on average over three samples. With nothing done, 64-64-64-10 stays below. Architecture, penalties,
# dropout and rate are yours; the digits come as they are, 64 pixels in a row, ten softmax outputs.


# %%
def noise_proof():
    """Return a compiled model for 64 pixels and ten classes that withstands wrong labels."""
    ### BEGIN SOLUTION
    return build_network(hidden=(64, 64), dropout=0.5, rate=0.005)
    ### END SOLUTION


# %%
lesson.check("beat_noise", noise_proof)
# lesson.hint("beat_noise")

# %% [markdown]
# ## What people get wrong
#
# * **"It is right on 100 % of the training data, so it has learned the task."** So was the network that learned dice.
# * **"L1 is better than L2," or the other way round.** At which strength, and on what? Compare each at its own best.
# * **"L2 is weight decay."** Under plain gradient descent, yes. Under Adam it is not; AdamW has the decay.
# * **"L2 prevents outliers from doing harm."** One typo ruled our line, with L2 or without. What L2 does is share weight among features that say the same.
# * **"Batch normalization is a regularizer."** Its purpose is stable, fast training. In the contest it was no remedy.
# * **"The validation loss is below the training loss, so something is broken."** With dropout that is normal: the two are measured in different states.
# * **"Regularization helps, so use all of it, strongly."** Too much is underfitting: L1 at 0.03 left nothing.
#
# ## Takeaways
#
# * Overfitting: good on training data, worse on new data. Underfitting: poor on both. Only data not trained on can tell.
# * First get more and cleaner data. Regularization is for what then remains.
# * L1 subtracts a fixed amount and makes zeros; L2 divides and makes weights small. Both are terms in the loss, and the strength decides. If weights are to shrink in proportion under Adam, use AdamW.
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
# * All terms of the course, each in a sentence: [glossary](glossary.md). Keras's regularizers: [keras.io/api/layers/regularizers](https://keras.io/api/layers/regularizers/).
# * Next lesson: *Choosing hyperparameters*: how to look for strengths without fooling yourself.
# * Chiyuan Zhang, Samy Bengio, Moritz Hardt, Benjamin Recht and Oriol Vinyals, "Understanding deep learning requires rethinking generalization", ICLR 2017 (arXiv:1611.03530): large networks memorize random labels.
# * Mikhail Belkin, Daniel Hsu, Siyuan Ma and Soumik Mandal, "Reconciling modern machine-learning practice and the classical bias–variance trade-off", *PNAS* 116 (2019; arXiv:1812.11118): double descent.
# * Ilya Loshchilov and Frank Hutter, "Decoupled Weight Decay Regularization", ICLR 2019 (arXiv:1711.05101): L2, weight decay and AdamW.
# * Nitish Srivastava, Geoffrey Hinton, Alex Krizhevsky, Ilya Sutskever and Ruslan Salakhutdinov, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", *Journal of Machine Learning Research* 15 (2014).
# * Sergey Ioffe and Christian Szegedy, "Batch Normalization", ICML 2015 (arXiv:1502.03167); and Shibani Santurkar and others, "How Does Batch Normalization Help Optimization?", NeurIPS 2018 (arXiv:1805.11604), on why it works.
