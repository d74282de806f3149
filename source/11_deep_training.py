# %% [markdown]
# # When depth hurts: gradients, initialization, normalization
#
# *140 minutes: 70 to read and run, 40 for 8 exercises, 30 for the 28 questions of the quiz. Builds on: lesson 02 (slopes of activations), lesson 03 (backpropagation, Adam), lesson 05 (recurrent networks)
# and lesson 09 (batch normalization).*
#
# Stack thirty layers with everyday settings, press start, and nothing happens: the loss does not move. Change a few words in the builder, and the same
# thirty layers learn within seconds. This lesson measures what goes wrong between the first layer and the last. Then it takes
# the cures one at a time, since each of them cures something else.
#
# **After this lesson you can**
#
# * compute what is left of a signal, or of a gradient, after thirty layers;
# * choose the spread of a layer's first weights, and say where the 2 in "2 / fan-in" comes from;
# * measure the gradient of each layer, and tell vanishing from exploding;
# * say which cure helps against which disease, and which does not;
# * write batch normalization, a shortcut, gradient clipping and momentum by hand;
# * find a learning rate in eighty batches, and watch a long training without sitting beside it.

# %%
from courseware import open_lesson

lesson = open_lesson("11_deep_training")

import csv
import pathlib
import tempfile

import keras
import numpy as np
from keras import layers
from sklearn.model_selection import train_test_split
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from courseware.data import digits
from courseware.lessons.deep_training import drawings as draw
from courseware.drawing import show

# %% [markdown]
# The data are the small handwritten digits of lesson 03: 64 pixels, ten classes. The task is easy, so whatever fails below
# fails because of depth.

# %%
images, numerals = digits("small")
pixels = images.reshape(len(images), 64)
x_train, x_test, y_train, y_test = train_test_split(
    pixels, numerals, train_size=1280, random_state=lesson.seed, stratify=numerals
)
mean, spread = x_train.mean(), x_train.std()  # all pixels share one unit, so they share one scale
x_train, x_test = (x_train - mean) / spread, (x_test - mean) / spread
print("training set:", x_train.shape, " test set:", x_test.shape)
baseline = np.log(10)
print("baseline, one tenth for every digit: a loss of ln 10 =", round(baseline, 4))

# %% [markdown]
# And here is the builder. `depth` says how many hidden layers there are. Three more arguments switch the cures on and off:
# `initializer`, `normalization` and `shortcut`. You will understand each of its lines by the end.
# (The last layer gives logits, and `from_logits=True` tells the loss so. A deep network can begin so wrong that the share of the right digit
# is rounded to 0. Taken alone, the logarithm of such a share has no slope to follow; taken together with softmax it has.)

# %%
### SOURCE courseware.lessons.deep_training.models.build_deep

# %% [markdown]
# Two networks of thirty hidden layers, with the same data, the same learning rate and the same number of steps. The first is drawn
# with Keras's default, `"glorot_uniform"`, and has no cure; the second has all of them.
#
# **Before you run it, guess:** after ten epochs, how many of 100 training digits does the second network read right?

# %%
lesson.guess("cured")


# %%
def train_deep(epochs=10, **settings):
    """Build a network, train it on the digits; return it and what `fit` recorded."""
    keras.utils.set_random_seed(lesson.seed)
    model = build_deep(**settings)
    history = model.fit(
        x_train, y_train, batch_size=64, epochs=epochs, verbose=0, callbacks=[lesson.live()]
    )
    return model, history.history


plain, plain_history = train_deep(depth=30, initializer="glorot_uniform")
cured, cured_history = train_deep(depth=30, normalization=True, shortcut=True)
plain_loss = plain_history["loss"][-1]
plain_right, cured_right = plain_history["accuracy"][-1], cured_history["accuracy"][-1]
print(f"training accuracy: no cure ≈ {plain_right:.2f}, all cures ≈ {cured_right:.2f}")

# %%
show(
    draw.losses({"no cure": plain_history["loss"], "all cures": cured_history["loss"]}, baseline),
    "Training loss over ten epochs. The network without cures lies flat on the dashed baseline. "
    "The one with all cures starts above it, falls steeply, and ends close to zero.",
)
lesson.claim("without cures the loss is still the baseline's", abs(plain_loss - baseline) < 0.02)
lesson.claim("with all cures more than 80 % are right", cured_right > 0.8, guess="cured")

# %% [markdown]
# The red curve does not fall at all: thirty layers know nothing about digits after ten epochs. The blue one begins above the picture and learns. Note
# that these are *training* losses, so this has nothing to do with memorizing. The plain network cannot even fit the examples it is shown.
#
# ## A product of thirty factors
#
# Why would depth hurt at all? In lesson 02 you saw that rates along a chain are multiplied; in lesson 05 the chain ran through time. Here
# it runs through layers. Suppose that each layer multiplies what passes through it by the same factor.
#
# **Before you run it, guess:** after thirty layers, what is left of 1 if each layer multiplies by 0.9?

# %%
lesson.guess("nine_tenths")

# %%
for factor in (0.5, 0.9, 1.0, 1.1, 2.0):
    print(f"{factor} thirty times: {factor**30:.3g}")

# %% [markdown]
# Only near 1 does anything reasonable come out. A half leaves a billionth, a doubling gives a billion. With three layers nobody would
# notice ($0.5^3$ is an eighth). So depth is not a new problem. It takes a small imbalance and raises it to a high power.
#
# When a gradient shrinks to nothing on its way through the layers, it *vanishes*, as you know. When it grows without
# limit, it is called an **exploding gradient**. They are one trouble with two faces, a factor per layer below or above 1.
#
# ### Exercise: layers_until
#
# Write a function. Each layer multiplies by `factor`, between 0 and 1. After how many layers is *less* than `share` left? Return the
# smallest whole number.


# %%
def layers_until(factor, share):
    """Return the smallest number of layers after which less than `share` is left."""
    ### BEGIN SOLUTION
    left, n_layers = 1.0, 0
    while left >= share:
        left = left * factor
        n_layers = n_layers + 1
    return n_layers
    ### END SOLUTION


# %%
lesson.check("layers_until", layers_until)
# lesson.hint("layers_until")

# %% [markdown]
# ## How large should the first weights be?
#
# Before training, weights are drawn at random. How they are drawn is called the **initialization**. It sets the factor per layer, so
# in a deep network it decides whether training ever starts.
#
# Take one unit. It adds up $n$ products of a weight and an input. The number $n$ of inputs is called the **fan-in** (and the number of
# units in a layer is the **fan-out** of that layer). Weights are positive as often as negative, so the products partly
# cancel. A sum of $n$ such products therefore does not grow like $n$, only like $\sqrt{n}$:
#
# $$\text{typical size of } z = \sqrt{n} \cdot \text{spread of the weights} \cdot \text{typical size of the inputs}$$
#
# By "typical size" we mean the root of the mean square. The size stays the same if the spread is $\sqrt{1/n}$. That is the rule for a layer
# without activation. ReLU sets the negative half of the sums to 0 and thereby throws away half of the mean square, so to make up for it
# the weights must have twice the mean square: a spread of $\sqrt{2/n}$.
#
# Let us see it. A wide layer with 1,000 inputs is drawn with both rules.

# %%
rng = np.random.default_rng(lesson.seed)


def typical_size(values):
    return np.sqrt(np.mean(values**2))


def relu(z):
    return np.maximum(0, z)


inputs = rng.normal(size=(200, 1000))
for_linear = inputs @ rng.normal(0, np.sqrt(1 / 1000), (1000, 1000))
for_relu = inputs @ rng.normal(0, np.sqrt(2 / 1000), (1000, 1000))
in_size, linear_size = typical_size(inputs), typical_size(for_linear)
cut_size, relu_size = typical_size(relu(for_linear)), typical_size(relu(for_relu))
print(f"inputs ≈ {in_size:.2f}, weighted sums with spread √(1/n) ≈ {linear_size:.2f}")
print(f"after ReLU: with √(1/n) ≈ {cut_size:.2f}, with √(2/n) ≈ {relu_size:.2f}")

# %%
lesson.claim("√(1/n) keeps the size of the weighted sums", abs(linear_size / in_size - 1) < 0.05)
lesson.claim("ReLU then takes it to √(1/2), about 0.71", abs(cut_size / in_size - 0.707) < 0.05)
lesson.claim("√(2/n) makes up for that", abs(relu_size / in_size - 1) < 0.05)

# %% [markdown]
# The rule with the 2 is the **He initialization** (Kaiming He and others, 2015), and it is made for ReLU. An older one looks both ways: forward, a layer wants $1/\text{fan-in}$; backward the gradient comes in
# through the fan-out, so it wants $1/\text{fan-out}$. The **Glorot initialization** (Xavier Glorot and Yoshua Bengio, 2010; also called
# *Xavier* after his first name) takes a compromise between the two:
#
# | name | spread of the weights | made for | in Keras |
# |---|---|---|---|
# | Glorot, or Xavier | $\sqrt{2 / (\text{fan-in} + \text{fan-out})}$ | tanh, sigmoid, linear | `"glorot_uniform"` (the default), `"glorot_normal"` |
# | He, or Kaiming | $\sqrt{2 / \text{fan-in}}$ | ReLU and its relatives | `"he_normal"`, `"he_uniform"` |
#
# "Normal" and "uniform" only name the shape of the draw; the spread is the same. Believe nothing: measure it.

# %%
for name, formula in {
    "glorot_uniform": np.sqrt(2 / (300 + 100)),
    "glorot_normal": np.sqrt(2 / (300 + 100)),
    "he_uniform": np.sqrt(2 / 300),
    "he_normal": np.sqrt(2 / 300),
}.items():
    keras.utils.set_random_seed(lesson.seed)
    drawn = keras.ops.convert_to_numpy(keras.initializers.get(name)((300, 100)))
    measured = drawn.std()
    print(f"{name:15} formula {formula:.4f}, measured ≈ {measured:.4f}")
    lesson.claim("Keras's spread is the formula's, to 3 %", abs(measured / formula - 1) < 0.03)

# %% [markdown]
# Look at the default again: for a square layer, Glorot's spread is $\sqrt{1/n}$, which is right without activation. With ReLU it makes a factor of
# $\sqrt{1/2}$ per layer. Thirty of those:

# %%
print("√(1/2) thirty times:", round(0.5**15, 6))

# %% [markdown]
# A thirty-thousandth of the signal is left. Three weight spreads, through thirty ReLU layers of 32 units:
#
# **Before you run it, guess:** with half of He's spread, how much of the signal is left after thirty layers?

# %%
lesson.guess(
    "half_of_he", "less than a millionth", "about a thousandth", "about a thirtieth", "about half"
)


# %%
def forward(weights, x, f):
    """Return the values of all layers, input first, and the weighted sums they were made from."""
    hs, zs = [x], []
    for w in weights[:-1]:  # the last table belongs to the output layer
        zs.append(hs[-1] @ w)
        hs.append(f(zs[-1]))
    return hs, zs


def draw_weights(rng, depth, spread_of, width=32):
    """Draw the tables of 64 inputs, `depth` hidden layers and 10 outputs; biases start at 0."""
    widths = [64] + [width] * depth + [10]
    return [
        rng.normal(0, spread_of(n_in, n_out), (n_in, n_out))
        for n_in, n_out in zip(widths, widths[1:])
    ]


def glorot(fan_in, fan_out):
    return np.sqrt(2 / (fan_in + fan_out))


def he(fan_in, fan_out):
    return np.sqrt(2 / fan_in)


# %%
x_probe, y_probe = x_train[:200], y_train[:200]
rng = np.random.default_rng(lesson.seed)
sizes = {}
for name, factor in {"half of He": 0.5, "He": 1.0, "twice He": 2.0}.items():
    weights = draw_weights(rng, 30, lambda n_in, n_out: factor * he(n_in, n_out))
    hs, _ = forward(weights, x_probe, relu)
    sizes[name] = [typical_size(h) for h in hs]
low, level, high = (values[-1] / values[0] for values in sizes.values())
print(f"left after thirty layers, with He ≈ {level:.2f}")

# %%
show(
    draw.signals(sizes),
    "Size of the signal on a logarithmic scale against the layer. With He's spread the line "
    "stays nearly level. With half of it, it falls in a straight line by about nine powers of "
    "ten; with twice of it, it climbs by as much.",
)
lesson.claim("half of He's spread leaves less than a ten-millionth", low < 1e-7, guess="half_of_he")
lesson.claim("He's spread keeps it between a thousandth and a hundred times", 0.001 < level < 100)
lesson.claim("twice that spread makes it over a million times as large", high > 1e6)

# %% [markdown]
# The outer lines are straight on a logarithmic scale: a constant factor per layer, near one half and near two. The middle one is nearly level. It wanders by some factor up or down, since 32 units are few and each
# layer is one random draw; but it does not run away.
#
# ### Exercise: first_spread
#
# Return the right spread for a layer: He's if `activation` is `"relu"`, else Glorot's.


# %%
def first_spread(fan_in, fan_out, activation):
    """Return the standard deviation that the weights of a layer should be drawn with."""
    ### BEGIN SOLUTION
    if activation == "relu":
        return np.sqrt(2 / fan_in)
    return np.sqrt(2 / (fan_in + fan_out))
    ### END SOLUTION


# %%
lesson.check("first_spread", first_spread)
# lesson.hint("first_spread")

# %% [markdown]
# ## The gradient, layer by layer
#
# The signal goes forward, the blame comes back. In lesson 03 you carried it back through two layers; here is the same for any number.
# The start is short: with softmax and cross-entropy the blame of the ten weighted sums is simply "probability minus truth".


# %%
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def gradients(weights, x, labels, f, slope):
    """Return the derivatives of the cross-entropy for each table of weights, first layer first."""
    hs, zs = forward(weights, x, f)
    blame = (softmax(hs[-1] @ weights[-1]) - np.eye(10)[labels]) / len(x)
    found = []
    for i in reversed(range(len(weights))):
        found.insert(0, hs[i].T @ blame)  # value that came in, times blame of what went out
        if i > 0:
            blame = (blame @ weights[i].T) * slope(zs[i - 1])  # back through weights and activation
    return found


def relu_slope(z):
    return (z > 0) * 1.0


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_slope(z):
    return sigmoid(z) * (1 - sigmoid(z))


# %% [markdown]
# Never trust a gradient that was not checked. A nudge at a few weights of each layer measures the same slopes:


# %%
def cross_entropy(weights, x, labels, f):
    p = softmax(forward(weights, x, f)[0][-1] @ weights[-1])
    return -np.mean(np.log(p[np.arange(len(labels)), labels]))


rng = np.random.default_rng(lesson.seed)
worst = 0.0
for f, slope, spread_of in ((relu, relu_slope, he), (sigmoid, sigmoid_slope, glorot)):
    weights = draw_weights(rng, 4, spread_of)
    found = gradients(weights, x_probe, y_probe, f, slope)
    for table, derivative in zip(weights, found, strict=True):
        place = np.unravel_index(np.abs(derivative).argmax(), table.shape)
        ends = []
        for nudge in (1e-5, -1e-5):
            table[place] += nudge
            ends.append(cross_entropy(weights, x_probe, y_probe, f))
            table[place] -= nudge
        slope_there = (ends[0] - ends[1]) / 2e-5
        worst = max(worst, abs(slope_there / derivative[place] - 1))

# %%
lesson.claim("backpropagation and nudging agree to a thousandth", worst < 1e-3)

# %% [markdown]
# A gradient is a table of numbers. To say in one number how large it is, take its **norm**: square all its numbers, add them up, take the root. It is the length of
# the arrow.
#
# Now the measurement. Four ways to start, twenty random draws of each, no training: one pass forward, one pass back.
#
# **Before you run it, guess:** in which of the four is the first layer's gradient neither tiny nor huge?

# %%
lesson.guess("healthy_start", "sigmoid, Glorot", "ReLU, Glorot", "ReLU, He", "ReLU, twice He")

# %%
starts = {
    "sigmoid, Glorot": (sigmoid, sigmoid_slope, glorot),
    "ReLU, Glorot": (relu, relu_slope, glorot),
    "ReLU, He": (relu, relu_slope, he),
    "ReLU, twice He": (relu, relu_slope, lambda n_in, n_out: 2 * he(n_in, n_out)),
}


def norms(name, depth, draws=20):
    """Return the gradient norms (draws, hidden layers) of fresh networks of this depth."""
    f, slope, spread_of = starts[name]
    rng = np.random.default_rng(lesson.seed)
    rows = []
    for _ in range(draws):
        found = gradients(draw_weights(rng, depth, spread_of), x_probe, y_probe, f, slope)
        rows.append([np.linalg.norm(table) for table in found[:-1]])
    return np.array(rows)


depths = (2, 5, 10, 20, 30, 50)
by_layer = {name: norms(name, 30) for name in starts}
by_depth = {
    name: (depths, np.column_stack([norms(name, depth)[:, 0] for depth in depths]))
    for name in starts
}

# %%
show(
    draw.gradients(by_layer, by_depth),
    "Two panels on a logarithmic scale, each with four bands. Left, by layer: sigmoid climbs in "
    "a straight line from about ten to the minus nineteen at layer 1 to about a tenth at layer "
    "30; the three ReLU bands are level, Glorot very low, He near 1, twice He very high. Right, "
    "against depth: sigmoid falls fastest, ReLU with Glorot falls, He stays near 1, and twice He "
    "climbs.",
)
ends = {name: rows[:, 0] for name, rows in by_layer.items()}
lesson.claim("sigmoid: below a trillionth in every draw", np.all(ends["sigmoid, Glorot"] < 1e-12))
lesson.claim("ReLU, Glorot: below a hundredth in every draw", np.all(ends["ReLU, Glorot"] < 1e-2))
lesson.claim(
    "ReLU, He: between a thousandth and a thousand in every draw",
    np.all(ends["ReLU, He"] > 1e-3) and np.all(ends["ReLU, He"] < 1e3),
    guess="healthy_start",
)
lesson.claim("ReLU, twice He: above a million in every draw", np.all(ends["ReLU, twice He"] > 1e6))

# %% [markdown]
# On the right, the four ways part with every layer. Sigmoid loses the factor 0.25 per layer that you know from lesson 02, since Glorot's weights keep the rest level. ReLU with Glorot loses $\sqrt{1/2}$
# per layer. That is the flat curve at the top of this lesson. Twice He doubles at each layer and explodes. Only ReLU with He stays near 1: **activation and initialization belong
# together**. Neither alone is the cure.
#
# The bands are the range over twenty draws. Even with He, one draw is not like another.
#
# Now the left panel, which holds a surprise. "In a deep network the first layers get the smallest gradient", one reads everywhere. For the sigmoids that is so. But the
# ReLU bands are *level*: all thirty layers have the same gradient.

# %%
first_to_last = {name: np.median(rows[:, 0] / rows[:, -1]) for name, rows in by_layer.items()}
for name in ("ReLU, Glorot", "ReLU, twice He"):
    print(f"{name}: gradient of layer 1 / gradient of layer 30 ≈ {first_to_last[name]:.2f}")
lesson.claim("sigmoid: under a trillionth", first_to_last["sigmoid, Glorot"] < 1e-12)
lesson.claim("ReLU, Glorot: level", 0.1 < first_to_last["ReLU, Glorot"] < 20)
lesson.claim("ReLU, twice He: level too", 0.1 < first_to_last["ReLU, twice He"] < 20)
he_first = ends["ReLU, He"]
print(f"ReLU, He: largest draw / smallest draw ≈ {he_first.max() / he_first.min():.0f}")

# %%
lesson.claim("the draws with He differ more than fivefold", he_first.max() > 5 * he_first.min())

# %% [markdown]
# The line `hs[i].T @ blame` explains it. A weight's gradient is the *value that came in* times the *blame of what went out*. In the first layer the value has passed no layer and the blame has passed
# all of them. In the last it is the other way round. If each layer shrinks both alike, every product holds the same number of factors, and all layers starve together. (A sigmoid's values
# do not shrink: they lie between 0 and 1, near a half. Only the blame shrinks, and so the early layers suffer most.)
#
# ### What the way back costs
#
# The line also shows what backpropagation must remember: the values `hs[i]` of *every* layer, until the blame comes by. That memory grows with depth and with the batch, and we can weigh it.

# %%
for depth in (10, 20, 40):
    weights = draw_weights(rng, depth, he)
    hs, zs = forward(weights, x_probe, relu)
    kept = sum(table.nbytes for table in hs[1:] + zs)
    print(f"{depth} layers, {len(x_probe)} examples: {kept:,} bytes kept for the way back")
half = sum(table.nbytes for table in hs[1:] + zs)
hs, zs = forward(weights, x_probe[:100], relu)

# %%
lesson.claim(
    "half the batch needs half the memory",
    sum(table.nbytes for table in hs[1:] + zs) == half / 2,
)

# %% [markdown]
# Twice the layers, twice the memory; half the batch, half the memory. (Lesson 12 comes back to it.)
#
# ## Clipping: for explosions only
#
# When a gradient explodes, the plainest cure is this: if it is too long, make it shorter. **Gradient clipping** leaves a gradient alone while its norm is below a limit. Above it, it shrinks
# all its numbers by the same factor, so that the norm equals the limit. The direction stays.
#
# Here is the smallest case, a recurrent network with one number: start with 1, multiply by $w$ fifty times, and the result should be a half. The loss is $(w^{50} - 0.5)^2$.
#
# **Before you run it, guess:** the walk starts at $w = 1.1$ with a learning rate of 0.005. To which $w$ does one step of plain descent lead?

# %%
lesson.guess("one_step")


# %%
def cliff_slope(w):
    return 2 * (w**50 - 0.5) * 50 * w**49


one_step = 1.1 - 0.005 * cliff_slope(1.1)
path = [1.1]
for _ in range(60):
    slope = cliff_slope(path[-1])
    slope = slope * min(1, 1 / abs(slope))  # never longer than 1
    path.append(path[-1] - 0.005 * slope)

print(f"one plain step leads to w = {one_step:,.0f}")
print("clipped, after 60 steps: w =", round(path[-1], 2), " the best w:", round(0.5 ** (1 / 50), 2))

# %%
w = np.linspace(0.85, 1.11, 400)
show(
    draw.cliff(w, (w**50 - 0.5) ** 2, path, out_to=one_step),
    "The loss over w is flat up to w = 1.05 and then rises like a wall. Green dots step down the "
    "wall from w = 1.1 and stop in the flat part near w = 0.99. A red arrow from the start "
    "leaves the picture to the left.",
)
lesson.claim("the clipped walk arrives", abs(path[-1] - 0.5 ** (1 / 50)) < 0.005)

# %% [markdown]
# The landscape of a deep or recurrent network has walls. On a wall the slope is over a million, and one honest step throws the walker far off the map. The direction was not wrong. Clipped, the same direction with a
# bounded length leads down.
#
# A real network has many tables. Keras offers three ways: `clipvalue` cuts every single number (which bends the direction), `clipnorm` shortens each table by itself,
# and `global_clipnorm` looks at all tables together as one long arrow, which keeps the direction.
#
# ### Exercise: clip
#
# Write the last one. `tables` is a list of arrays, `limit` the largest norm. Return a new list.


# %%
def clip(tables, limit):
    """Return the tables, shortened together so that their common norm is at most `limit`."""
    ### BEGIN SOLUTION
    norm = np.sqrt(sum(np.sum(table**2) for table in tables))
    factor = min(1.0, limit / norm) if norm > 0 else 1.0
    return [table * factor for table in tables]
    ### END SOLUTION


# %%
lesson.check("clip", clip)
# lesson.hint("clip")

# %% [markdown]
# Now a recurrent network in Keras that must add up what it reads: 20 numbers, one after the other. Its activation is linear, so nothing squashes its state, and
# it starts with weights that multiply the state by 1.1 at every step. The labels have mean 0 and spread 1, so always answering 0 costs 1: the baseline.

# %%
rng = np.random.default_rng(lesson.seed)
sequences = rng.normal(size=(1000, 20, 1)).astype("float32")
totals = sequences.sum(axis=(1, 2)) / np.sqrt(20)  # spread 1


def train_recurrent(limit):
    """Train a linear recurrent network, its gradient clipped at `limit`; return its losses."""
    keras.utils.set_random_seed(lesson.seed)
    model = keras.Sequential(
        [
            keras.Input(shape=(None, 1)),
            layers.SimpleRNN(
                16,
                activation="linear",
                recurrent_initializer=keras.initializers.Orthogonal(gain=1.1),
            ),  # (batch, 16)
            layers.Dense(1),  # (batch, 1)
        ]
    )
    optimizer = keras.optimizers.SGD(0.05, global_clipnorm=limit)
    model.compile(optimizer=optimizer, loss="mse")
    return model.fit(sequences, totals, batch_size=50, epochs=20, verbose=0).history["loss"]


unclipped, clipped = train_recurrent(limit=None), train_recurrent(limit=1.0)
print(f"clipped: loss in the first epoch ≈ {clipped[0]:.1f}, in the last ≈ {clipped[-1]:.3f}")

# %%
lesson.claim("without clipping the loss is no number any more", not np.isfinite(unclipped[-1]))
lesson.claim("clipped, it ends below a third of the baseline", clipped[-1] < 1 / 3)

# %% [markdown]
# One line of code separates "not a number" from a network that adds.
#
# Clipping is often listed among the cures of "vanishing and exploding gradients", as if these were one thing. Would it have helped the plain network at the top?

# %%
rng = np.random.default_rng(lesson.seed)
weights = draw_weights(rng, 30, glorot)
tiny = gradients(weights, x_probe, y_probe, relu, relu_slope)[:-1]  # the thirty hidden layers
norm = np.sqrt(sum(np.sum(table**2) for table in tiny))
shortened = [table * min(1, 1 / norm) for table in tiny]
print(f"norm of the thirty hidden layers' gradients ≈ {norm:.6f}")

# %%
lesson.claim("it lies far below the limit of 1", norm < 0.01)
lesson.claim(
    "so clipping at 1 changes not a single number of it",
    all(np.array_equal(a, b) for a, b in zip(tiny, shortened, strict=True)),
)

# %% [markdown]
# Clipping only ever shortens. What is too short already passes untouched. It helps against exploding gradients, and against nothing else.
#
# | cure | vanishing | exploding | how |
# |---|---|---|---|
# | initialization that fits the activation | yes, at the start | yes, at the start | factor per layer near 1 |
# | ReLU instead of sigmoid | yes, in part | no | slope 1 instead of 0.25 at most |
# | gradient clipping | **no** | yes | bounds the step |
# | batch normalization | yes | of the signal; the gradient may still grow | sets the signal back at each layer |
# | shortcuts | yes | no, they may cause it | a path with factor 1 |
# | smaller learning rate | **no** | sometimes | shorter steps |
#
# The lower half of this table is what comes next.
#
# ## Batch normalization, inside
#
# Initialization sets the factor right *once*. Training then moves the weights, and nobody guards the factor any more. Batch normalization, which you met in lesson 09, does. Once more in short: for each unit, over the
# examples of the batch,
#
# $$\hat z = \frac{z - \text{mean}}{\sqrt{\text{variance} + \epsilon}} \qquad \text{output} = \gamma\, \hat z + \beta$$
#
# The first half standardizes, as in lesson 01, only within the network and anew for each batch. (The variance is the standard deviation squared. The tiny $\epsilon$ prevents a division by zero; in Keras it is 0.001.) The second
# half gives back the freedom to have another mean and spread, if training wants it: $\gamma$ (gamma) starts at 1, $\beta$ (beta) at 0, and both are learned.
#
# In use there may be one example only, and its answer must not depend on its neighbours. So the layer keeps running averages of mean and variance while it trains, and uses those later. By hand, and by Keras:

# %%
rng = np.random.default_rng(lesson.seed)
z = rng.normal(5, 3, (8, 2)).astype("float32")  # 8 examples, 2 units
layer = layers.BatchNormalization(momentum=0.9)
keras_train = keras.ops.convert_to_numpy(layer(z, training=True))
keras_use = keras.ops.convert_to_numpy(layer(z, training=False))

batch_mean, batch_variance = z.mean(axis=0), z.var(axis=0)
by_hand_train = (z - batch_mean) / np.sqrt(batch_variance + 0.001)
running_mean = 0.9 * 0 + 0.1 * batch_mean  # the averages start at 0 and 1
running_variance = 0.9 * 1 + 0.1 * batch_variance
by_hand_use = (z - running_mean) / np.sqrt(running_variance + 0.001)

lesson.claim("in training we and Keras agree", np.allclose(by_hand_train, keras_train, atol=1e-4))
lesson.claim("in use we and Keras agree", np.allclose(by_hand_use, keras_use, atol=1e-4))
lesson.claim(
    "after one batch the two modes still differ by a lot",
    np.abs(keras_train - keras_use).max() > 0.5,
)
print("numbers that the layer keeps for 2 units:", layer.count_params())
trained = sum(np.prod(weight.shape) for weight in layer.trainable_weights)
print("of these, trained by descent:", int(trained))

# %% [markdown]
# Four numbers per unit: gamma and beta are trained, the two averages are only kept. The averages lag behind: after a single batch they are still far off. A network whose validation loss is terrible in the first epochs
# while its training loss falls often has just that.
#
# Why does this help depth? Because a layer's scale no longer matters. Multiply all its weights by ten, and the normalized sums are what they were:

# %%
weights = rng.normal(0, 1, (64, 32))


def normalized(z):
    return (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 0.001)


once, ten_times = normalized(x_probe @ weights), normalized(x_probe @ (10 * weights))
lesson.claim(
    "ten times the weights, the same output (up to epsilon)",
    np.allclose(once, ten_times, atol=0.01),
)
shifted = normalized(x_probe @ weights + 3.0)

# %%
lesson.claim("a bias changes nothing at all", np.allclose(once, shifted, atol=1e-6))

# %% [markdown]
# The factor per layer is set back to 1, in every batch, whatever training does to the weights. And a bias before the normalization is taken away again with the mean. It would be wasted, so the builder leaves it out (`use_bias=not
# normalization`); beta does its work.
#
# ### Exercise: batch_norm
#
# Write the layer for training. `z` has one row per example; `gamma` and `beta` have one number per unit.


# %%
def batch_norm(z, gamma, beta, epsilon=0.001):
    """Return the batch-normalized weighted sums, in training mode."""
    ### BEGIN SOLUTION
    hat = (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + epsilon)
    return gamma * hat + beta
    ### END SOLUTION


# %%
lesson.check("batch_norm", batch_norm)
# lesson.hint("batch_norm")

# %% [markdown]
# Batch normalization depends on its batch. With two examples, mean and variance are mere luck; with one, every normalized sum is 0. Where batches are small or sequences vary in length, **layer normalization** is used instead, which takes mean and variance over the units of one
# example. Transformers have that one, and so do recurrent networks where they normalize.
#
# ## Shortcuts
#
# The other cure changes the wiring. Instead of $h \to f(h)$ a layer computes
#
# $$h \;\to\; h + f(h)$$
#
# The added line around the layer is called a **shortcut**, or *skip connection*; the layer with its shortcut is a **residual block**, since $f$ has to learn only what is left over: the residual, the difference between what comes in and what should go out. A layer that has nothing to
# say can answer 0 and does no harm.
#
# And on the way back? A sum passes its blame to both of its parts. So the blame of $h$ is the blame that arrives, unchanged, *plus* what comes back through $f$:
#
# $$\text{blame of } h = \text{blame} + \text{blame through } f$$
#
# However small the second part is, the first one stays. Along thirty blocks there is a path with thirty factors of exactly 1. You met the same idea in lesson 06: the LSTM's cell state is a shortcut through time.
#
# ### Exercise: block_back
#
# The block computes `h + relu(h @ w)`. Given `h`, `w` and the blame of the block's output (all arrays with one row per example), return the blame of `h`.


# %%
def block_back(h, w, blame):
    """Return the derivative of the loss with respect to h, for the block h + relu(h @ w)."""
    ### BEGIN SOLUTION
    through = (blame * (h @ w > 0)) @ w.T
    return blame + through
    ### END SOLUTION


# %%
lesson.check("block_back", block_back)
# lesson.hint("block_back")

# %% [markdown]
# To measure both cures we put them into our own backpropagation. Two things are new: the blame passes through the normalization (the two means in the line with `blame_z.mean` are there because mean and spread of the batch depend on every example), and the shortcut adds
# the arriving blame.


# %%
def cured_gradients(weights, x, labels, normalize, shortcut):
    """Return the derivatives for each table (the first layer has no shortcut, as in Keras)."""
    h, kept = x, []
    for i, w in enumerate(weights[:-1]):
        z, root = h @ w, 1.0
        if normalize:
            root = np.sqrt(z.var(axis=0) + 0.001)
            z = (z - z.mean(axis=0)) / root
        kept.append((h, z, root))
        h = relu(z) + h if shortcut and i > 0 else relu(z)
    blame = (softmax(h @ weights[-1]) - np.eye(10)[labels]) / len(x)
    found, blame = [h.T @ blame], blame @ weights[-1].T
    for i in reversed(range(len(weights) - 1)):
        h, z, root = kept[i]
        blame_z = blame * (z > 0)
        if normalize:
            blame_z = blame_z - blame_z.mean(axis=0) - z * (blame_z * z).mean(axis=0)
            blame_z = blame_z / root
        found.insert(0, h.T @ blame_z)
        blame = blame_z @ weights[i].T + (blame if shortcut and i > 0 else 0)
    return found


# %% [markdown]
# Is it right? Keras can tell, on any backend: take one step with learning rate 1, and see how far each weight moved. That *is* the gradient.

# %%
keras.utils.set_random_seed(lesson.seed)
model = build_deep(depth=6, normalization=True, shortcut=True, learning_rate=1.0)
dense = [layer for layer in model.layers if isinstance(layer, layers.Dense)]
before = [layer.get_weights()[0] for layer in dense]
model.fit(x_probe, y_probe, batch_size=200, epochs=1, verbose=0)
moved = [old - layer.get_weights()[0] for old, layer in zip(before, dense, strict=True)]

by_hand = cured_gradients(
    [table.astype("float64") for table in before], x_probe, y_probe, normalize=True, shortcut=True
)

# %%
apart = max(np.linalg.norm(m - g) / np.linalg.norm(g) for m, g in zip(moved, by_hand, strict=True))
lesson.claim("our gradients and Keras's step agree to one per cent", apart < 0.01)

# %% [markdown]
# So we may measure. He's initialization throughout, and networks of up to a hundred layers.
#
# **Before you run it, guess:** which keeps the first layer's gradient in bounds at a hundred layers?

# %%
lesson.guess(
    "hundred_layers",
    "batch normalization alone",
    "shortcuts alone",
    "either of the two",
    "only the two together",
)

# %% [markdown]
# Try it first. Turn the spread until thirty layers hold; then take a hundred layers, and switch the cures on and off.

# %%
lesson.explore("depth")

# %%
depths = (5, 10, 20, 30, 50, 100)
by_cure = {}
for name, normalize, shortcut in (
    ("batch normalization alone", True, False),
    ("shortcuts alone", False, True),
    ("both", True, True),
):
    rng = np.random.default_rng(lesson.seed)
    by_cure[name] = (depths, np.zeros((8, len(depths))))
    for row in by_cure[name][1]:
        for column, depth in enumerate(depths):
            found = cured_gradients(
                draw_weights(rng, depth, he), x_probe, y_probe, normalize, shortcut
            )
            row[column] = np.linalg.norm(found[0])

factors = {name: np.median(rows[:, -1] / rows[:, 1]) for name, (_, rows) in by_cure.items()}
per_layer = factors["batch normalization alone"] ** (1 / 90)
print(f"the gradient with 100 layers / with 10 layers, both ≈ {factors['both']:.0f}")
print(f"the same for each layer, batch normalization alone ≈ {per_layer:.2f}")

# %%
show(
    draw.growth(by_cure, "Cures compared, up to a hundred layers"),
    "Norm of the first layer's gradient against depth, logarithmic. Shortcuts alone: a steep "
    "straight climb over twenty powers of ten. Batch normalization alone: a slower straight "
    "climb over eight powers of ten. Both together: nearly level, between 3 and 100.",
)
lesson.claim("shortcuts alone: by more than a trillion", factors["shortcuts alone"] > 1e12)
lesson.claim("batch norm alone: by more than 100,000", factors["batch normalization alone"] > 1e5)
lesson.claim("that is a tenth to a third more at each layer", 1.1 < per_layer < 1.35)
lesson.claim("both: by less than 200", factors["both"] < 200, guess="hundred_layers")

# %% [markdown]
# Neither does it alone, at any spread that you tried. With shortcuts alone each block adds something of the size of what came in, and at the start both the signal and the gradient grow by a factor at each block. Batch normalization alone keeps the *signal* level, by construction, but the
# *gradient* grows by about a fifth per layer. That is bearable over ten layers and fatal over a hundred. Together, each block adds something of size 1 to a sum that is already large, so the share of each block gets smaller with
# depth, and the path with factor 1 does the rest. This is why very deep networks have shortcuts *and* some control of the blocks' size.
#
# Does the measurement predict the training? Thirty layers, the same rate as at the top, one cure at a time.

# %%
_, he_history = train_deep(depth=30)
_, norm_history = train_deep(depth=30, initializer="glorot_uniform", normalization=True)
_, short_history = train_deep(depth=30, shortcut=True)

# %%
histories = {
    "no cure": plain_history,
    "He": he_history,
    "batch normalization": norm_history,
    "He and shortcuts": short_history,
    "all cures": cured_history,
}
show(
    draw.losses({name: history["loss"] for name, history in histories.items()}, baseline),
    "Training loss over ten epochs for five networks of thirty layers. No cure: flat on the "
    "baseline. He alone and batch normalization alone: fall slowly. Both cures with He: falls "
    "steeply towards zero. Shortcuts alone: not a number.",
)

# %%
right = {name: history["accuracy"][-1] for name, history in histories.items()}
for name, share in right.items():
    print(f"{name}: training accuracy ≈ {share:.2f}")

# %%
norm_loss, short_loss = norm_history["loss"][-1], short_history["loss"][-1]
lesson.claim("batch norm alone does learn something", norm_loss < baseline - 0.2)
lesson.claim("at this rate shortcuts alone fail", not np.isfinite(short_loss))
lesson.claim(
    "both together beat batch norm alone by 20 points",
    right["all cures"] > right["batch normalization"] + 0.2,
)

# %% [markdown]
# As predicted. Without cures nothing moves. A fitting initialization alone lets the network stir: its gradient is healthy at the first step, and nothing keeps it so. Batch normalization alone gets it going, though slowly. Shortcuts alone explode (at this rate; you may
# tame them in an exercise below). Together they train thirty layers in ten epochs.
#
# The thirty layers train. Were they worth it? A network with two hidden layers, same data, same rate, same epochs:
#
# **Before you run it, guess:** which is better on the test set?

# %%
lesson.guess("two_or_thirty", "2 layers, clearly", "both about alike", "30 layers, clearly")

# %%
shallow, shallow_history = train_deep(depth=2)
medium, medium_history = train_deep(depth=12, initializer="glorot_uniform")
test = {}
for name, network in {"2 layers": shallow, "30 layers, cured": cured}.items():
    test[name] = network.evaluate(x_test, y_test, verbose=0)[1]
    print(f"{name}: test accuracy ≈ {test[name]:.2f}")
print("parameters:", shallow.count_params(), "and", cured.count_params())

# %%
lesson.claim(
    "thirty layers are not more than 4 points better than two",
    test["30 layers, cured"] < test["2 layers"] + 0.04,
    guess="two_or_thirty",
)
lesson.claim(
    "without cures, more depth is worse on the training set already: 2, 12, 30 layers",
    shallow_history["loss"][-1] < medium_history["loss"][-1] - 0.2
    and medium_history["loss"][-1] <= plain_loss + 0.02,
)

# %% [markdown]
# ## Deeper is not better by itself
#
# Ten times the parameters, and nothing gained: on these digits two layers can express all that is needed. And without cures a deeper network is worse *on its own training set*. In principle it could copy the shallow one and let the other layers pass everything through.
# Descent does not find that. This is called the **degradation problem**, and it is what shortcuts were invented for.
#
# Very deep networks do exist. Where tasks are hard and data plenty, depth pays: networks for photos have 50 to 150 layers, and large language models some tens to over a hundred blocks. In 2016 a residual network of 1,202 layers was trained, to show that it can be
# done. It was *worse* than its sibling of 110 layers. Depth beyond some tens of layers needs shortcuts, and depth is a choice like any other: measured, not assumed.
#
# ## Three walkers in one valley
#
# Once the gradient is healthy, the optimizer decides how it is used. Lesson 01 knew the walker in the fog, lesson 03 Adam. Between them stands an old idea: let the walker be a ball after all. **Momentum** keeps a velocity $v$. Each step keeps most of it and
# adds a push downhill:
#
# $$v \leftarrow \beta\, v - a\, g \qquad\qquad w \leftarrow w + v$$
#
# with $\beta$ (beta; not the one above) usually 0.9. Along a valley the pushes agree and add up, at most to $1 / (1 - 0.9) = 10$ times one push. Across the valley they alternate and cancel.
#
# ### Exercise: momentum_step
#
# One step. Return the new `w` and the new `v`.


# %%
def momentum_step(w, v, g, rate, beta):
    """Return w and v after one step of descent with momentum, for the gradient g."""
    ### BEGIN SOLUTION
    v = beta * v - rate * g
    return w + v, v
    ### END SOLUTION


# %%
lesson.check("momentum_step", momentum_step)
# lesson.hint("momentum_step")

# %% [markdown]
# The valley is the narrow one of lesson 01: flat along the first parameter, a hundred times steeper across. A comparison at one common rate would compare rates, not walkers. So each walker tries the same sixty rates, and we take each at its best.


# %%
def valley(w):
    return 0.5 * (w[..., 0] ** 2 + 100 * w[..., 1] ** 2)


def walk(step, rate, n_steps=300):
    """Return the places visited from (10, 1)."""
    w, memory, path = np.array([10.0, 1.0]), {}, []
    for t in range(1, n_steps + 1):
        path.append(w)
        w = step(w, np.array([1.0, 100.0]) * w, memory, rate, t)
    return np.array(path)


def plain_step(w, g, memory, rate, t):
    return w - rate * g


def ball_step(w, g, memory, rate, t):
    memory["v"] = 0.9 * memory.get("v", 0) - rate * g
    return w + memory["v"]


def adam_step(w, g, memory, rate, t):
    memory["m"] = 0.9 * memory.get("m", 0) + 0.1 * g
    memory["s"] = 0.999 * memory.get("s", 0) + 0.001 * g**2
    return w - rate * memory["m"] / (1 - 0.9**t) / (np.sqrt(memory["s"] / (1 - 0.999**t)) + 1e-7)


# %% [markdown]
# "There" shall mean: the loss is below a thousandth of its start, and stays there.
#
# **Before you run it, guess:** plain descent needs about 160 steps. How many does momentum need?

# %%
lesson.guess("momentum_steps")


# %%
def steps_needed(step, rate):
    with np.errstate(over="ignore", invalid="ignore"):
        height = valley(walk(step, rate))
    above = np.flatnonzero(~(height < height[0] / 1000))
    return above[-1] + 1  # the last place that was still too high, and one more


rates = np.geomspace(1e-4, 3, 60)
best, paths = {}, {}
for name, step in {"plain": plain_step, "momentum": ball_step, "Adam": adam_step}.items():
    needed = [steps_needed(step, rate) for rate in rates]
    best[name] = min(needed)
    chosen = rates[np.argmin(needed)]
    paths[f"{name}, the first 50 steps"] = walk(step, chosen)[:50]
    print(f"{name}: steps at its best rate ≈ {best[name]:.0f}")

# %%
show(
    draw.valley(valley, paths),
    "Three maps of one long flat valley, with the lowest point in the middle. Plain descent "
    "zigzags across, crawls along the floor and is not halfway after 50 steps. Momentum swings "
    "from side to side like a ball, and Adam in gentler curves; both come close to the middle.",
)
lesson.claim(
    "momentum needs less than half of plain descent's steps",
    best["momentum"] < best["plain"] / 2,
    guess="momentum_steps",
)
lesson.claim("Adam as well", best["Adam"] < best["plain"] / 2)

# %% [markdown]
# Plain descent must not step too far across, so it crawls along. Momentum gathers speed on the floor and overshoots a little. Adam divides each direction by its typical slope, so steep and flat look alike to it. It has an easy time here because the valley
# runs along one of the parameters; in a slanted valley it loses part of that advantage. No walker is the best everywhere.
#
# Keras's momentum is ours, and its price can be counted: the numbers that each optimizer keeps.

# %%
ball = keras.Variable(np.array([10.0, 1.0]), dtype="float32")
optimizer = keras.optimizers.SGD(0.003, momentum=0.9)
for _ in range(20):
    g = np.array([1.0, 100.0]) * keras.ops.convert_to_numpy(ball)
    optimizer.apply([keras.ops.convert_to_tensor(g.astype("float32"))], [ball])
apart = np.abs(keras.ops.convert_to_numpy(ball) - walk(ball_step, 0.003)[20]).max()
lesson.claim("after 20 steps Keras's ball is where ours is", apart < 1e-3)

for name, optimizer in {
    "plain descent": keras.optimizers.SGD(0.01),
    "momentum": keras.optimizers.SGD(0.01, momentum=0.9),
    "Adam": keras.optimizers.Adam(0.01),
}.items():
    optimizer.build(shallow.trainable_variables)
    extra = sum(int(np.prod(v.shape)) for v in optimizer.variables if len(v.shape) > 0)
    print(f"{name} keeps {extra} numbers for {shallow.count_params()} parameters")

# %% [markdown]
# None, one and two numbers for each parameter.
#
# ## How fast, and in how large batches?
#
# The learning rate is the one knob that nobody can leave alone: too small and nothing happens, too large and training diverges. A **learning-rate range test** finds its range in less than a hundred batches: start with a tiny rate, raise it by a constant factor after every batch, and
# write down the loss.

# %%
keras.utils.set_random_seed(lesson.seed)
model = build_deep(depth=4)
rng = np.random.default_rng(lesson.seed)
rates = np.geomspace(1e-4, 30, 80)
losses = []
for rate in rates:
    rows = rng.choice(len(x_train), 64)
    model.optimizer.learning_rate = rate
    model.reset_metrics()
    losses.append(model.train_on_batch(x_train[rows], y_train[rows])[0])
losses = np.array(losses)

smooth = np.convolve(losses, np.ones(5) / 5, mode="valid")  # the mean of five neighbours
lowest = rates[2:-2][np.nanargmin(smooth)]
chosen = lowest / 3
show(
    draw.range_test(rates, losses, chosen, baseline),
    "Loss of each batch against the rate, on a logarithmic scale. On the left the loss hardly "
    "moves, from about 0.001 on it falls, sinks below the baseline, then jumps about, and at the "
    "right it shoots out of the picture. A green line marks the chosen rate, left of the lowest "
    "point.",
)
print(f"lowest at a rate of ≈ {lowest:.2f}, chosen: a third of it ≈ {chosen:.2f}")

# %%
lesson.claim("the lowest point lies between 0.03 and 3", 0.03 < lowest < 3)
lesson.claim(
    "at the right end the loss is above the start or no number", not losses[-1] < losses[0]
)

# %% [markdown]
# Left: too slow to see. Middle: it learns. Right: it explodes. A good rate lies on the falling part, somewhat left of the lowest point, because at the lowest point itself the trouble has begun already. Does the choice hold up?

# %%
ends = {}
for name, rate in {
    "a hundredth": chosen / 100,
    "chosen": chosen,
    "a hundred times": 100 * chosen,
}.items():
    _, history = train_deep(depth=4, epochs=5, learning_rate=float(rate))
    ends[name] = history["loss"][-1]
for name in ("a hundredth", "chosen"):
    print(f"{name}: loss after 5 epochs ≈ {ends[name]:.2f}")

# %%
lesson.claim("at the chosen rate it learns", ends["chosen"] < 1.3)
lesson.claim("at a hundredth of it, it has hardly begun", ends["a hundredth"] > 1.8)
lesson.claim("at a hundred times that rate it learns nothing", not ends["a hundred times"] < 2)

# %% [markdown]
# The batch size belongs to the same question. A batch is a sample, and its gradient is an estimate of the gradient of all examples. How far off is it?

# %%
rng = np.random.default_rng(lesson.seed)
weights = draw_weights(rng, 3, he)


def flat_gradient(rows):
    found = gradients(weights, x_train[rows], y_train[rows], relu, relu_slope)
    return np.concatenate([table.ravel() for table in found])


whole = flat_gradient(np.arange(len(x_train)))
sizes, spreads = [4, 16, 64, 256], []
for size in sizes:
    misses = [
        np.sum((flat_gradient(rng.choice(len(x_train), size)) - whole) ** 2) for _ in range(100)
    ]
    spreads.append(np.sqrt(np.mean(misses)) / np.linalg.norm(whole))
show(
    draw.noise(sizes, spreads),
    "Noise of the gradient against the batch size, both scales logarithmic: a straight fall that "
    "lies on the dashed line of one over the root.",
)
print(f"from 4 to 64 examples the noise falls by a factor ≈ {spreads[0] / spreads[2]:.1f}")

# %%
lesson.claim("sixteen times the batch, a quarter of the noise", 3 < spreads[0] / spreads[2] < 5.3)

# %% [markdown]
# Sixteen times the work per step for a quarter of the noise: larger batches pay less and less. Per *epoch* they even cost something, since they take fewer steps. But a less noisy gradient bears a larger rate, so the two are tuned together:


# %%
def descend(size, rate, epochs=5):
    """Train a fresh network of three hidden layers; return its loss on the training set."""
    rng = np.random.default_rng(lesson.seed)
    weights = draw_weights(rng, 3, he)
    for _ in range(epochs):
        for rows in np.array_split(rng.permutation(len(x_train)), len(x_train) // size):
            found = gradients(weights, x_train[rows], y_train[rows], relu, relu_slope)
            weights = [w - rate * g for w, g in zip(weights, found, strict=True)]
    return cross_entropy(weights, x_train, y_train, relu)


small_batch, large_batch = descend(16, 0.02), descend(256, 0.02)
large_and_fast = descend(256, 0.16)
print(f"batches of 16, rate 0.02 ≈ {small_batch:.2f}; of 256, rate 0.02 ≈ {large_batch:.2f}")
print(f"batches of 256, rate 0.16 ≈ {large_and_fast:.2f}")

# %%
lesson.claim("same rate: the large batch is behind after 5 epochs", large_batch > 1.5 * small_batch)
lesson.claim("an eightfold rate makes up for much of it", large_and_fast < 0.8 * large_batch)

# %% [markdown]
# As a rule of thumb: raise the rate with the batch size, up to where the range test says stop.
#
# ## Watching a training
#
# Deep networks train for hours or weeks. Nobody watches; callbacks do. Four that earn their place:
#
# * `ModelCheckpoint` saves the model to a file whenever it is the best so far. Such a saved state is a **checkpoint**. A crash, or a bad last epoch, then costs little.
# * `ReduceLROnPlateau` lowers the learning rate when the validation loss has stopped falling: large steps first, fine ones at the end.
# * `CSVLogger` writes every epoch into a table that any program can read.
# * `TensorBoard` writes a log for the program of that name, which draws the curves, also of many runs side by side, in a browser while training is under way. (`tensorboard --logdir FOLDER` in a terminal starts it.)
#
# All files go into a temporary folder. We start with a rate that is a bit too large.

# %%
folder = pathlib.Path(tempfile.mkdtemp())
watchers = [
    keras.callbacks.ModelCheckpoint(folder / "best.keras", monitor="val_loss", save_best_only=True),
    keras.callbacks.ReduceLROnPlateau(
        monitor="val_loss", factor=0.3, patience=1, min_delta=0.02, min_lr=0.003
    ),
    keras.callbacks.CSVLogger(folder / "log.csv"),
    keras.callbacks.TensorBoard(folder / "board"),
]

keras.utils.set_random_seed(lesson.seed)
model = build_deep(depth=4, learning_rate=0.3)
history = model.fit(
    x_train, y_train, batch_size=32, epochs=15, validation_data=(x_test, y_test),
    callbacks=watchers, verbose=0,
).history  # fmt: skip

print("files written:", sorted(path.name for path in folder.iterdir() if path.is_file()))
with open(folder / "log.csv") as file:
    rows = list(csv.DictReader(file))
print("columns of the table:", list(rows[0]))
curves = EventAccumulator(str(folder / "board" / "validation"), size_guidance={"tensors": 0})
curves.Reload()
print("curves in TensorBoard's log:", sorted(curves.Tags()["tensors"]))
lesson.claim("the table has one row for each of 15 epochs", len(rows) == 15)
lesson.claim("and the log one point", len(curves.Tensors("epoch_loss")) == 15)

# %%
log = {column: [float(row[column]) for row in rows] for column in rows[0]}
kept = int(np.argmin(log["val_loss"]))
show(
    draw.monitored(log, kept),
    "Left: training and validation loss over 15 epochs; they fall, wobble, then settle. A green "
    "star marks the lowest validation loss. Right: the learning rate, a staircase that goes down "
    "in several steps.",
)
saved = keras.saving.load_model(folder / "best.keras")
saved_loss = saved.evaluate(x_test, y_test, verbose=0)[0]

# %%
lesson.claim(
    "the file holds the model of the best epoch", abs(saved_loss - min(log["val_loss"])) < 1e-3
)
lesson.claim("the rate was lowered at least once", log["learning_rate"][-1] < 0.1)

# %% [markdown]
# The star marks what is kept, the staircase what the plateau rule did. (To keep the cell short, the test set stands in for a validation set here. In earnest you would split twice, as in lesson 03.)
#
# Watching is the first half of tuning. The other half is to change **one** thing, and to look again:
#
# | you see | ask first | then try |
# |---|---|---|
# | loss flat at the baseline from the start | gradient norm of each layer | initialization, ReLU, normalization, shortcuts; a larger rate |
# | loss is suddenly no number | gradient norm over time | smaller rate, clipping, initialization |
# | loss jumps up and down | range test | smaller rate, larger batch, plateau rule |
# | training falls, validation rises | lesson 09 | regularization, more data |
# | both fall, then stop too high | is the task learnable at all? | more units, more time, another optimizer |
#
# It is a loop, like descent itself: guess, train, look, change one thing, repeat. Nobody gets a deep network right in one go.
#
# ### Exercise: repair
#
# This network of twelve layers stays at the baseline. Three things are wrong, all from this lesson. Return a compiled model that learns the digits. (It should keep twelve hidden layers or more.)


# %%
def repaired_network():
    """Return a compiled model of at least twelve hidden layers that learns the digits."""
    ### BEGIN SOLUTION
    return build_deep(depth=12, normalization=True, shortcut=True, learning_rate=0.05)
    ### STARTER
    # model = keras.Sequential([keras.Input(shape=(64,))])
    # for _ in range(12):
    #     model.add(
    #         layers.Dense(
    #             32,
    #             activation="sigmoid",
    #             kernel_initializer=keras.initializers.RandomNormal(stddev=0.01),
    #         )
    #     )
    # model.add(layers.Dense(10, activation="softmax"))
    # optimizer = keras.optimizers.SGD(0.0001)
    # model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy")
    # return model
    ### END SOLUTION


# %%
lesson.check("repair", repaired_network)
# lesson.hint("repair")

# %% [markdown]
# ### Exercise: thirty
#
# A goal to reach. Train **thirty** hidden layers **without any normalization layer**. The check trains your model for 12 epochs on 1,280 digits, in batches of 64, from up to two starts, and wants 85 % of these training digits right. Initialization, shortcuts, activation,
# optimizer, rate and clipping are yours. (Remember why shortcuts alone exploded: each block added as much as it got.)


# %%
def thirty_layers():
    """Return a compiled model of at least thirty hidden layers and no normalization."""
    ### BEGIN SOLUTION
    quiet = keras.initializers.VarianceScaling(scale=0.2 / 30)  # He has scale 2: blocks start small
    return build_deep(depth=30, initializer=quiet, shortcut=True, learning_rate=0.05)
    ### END SOLUTION


# %%
lesson.check("thirty", thirty_layers)
# lesson.hint("thirty")

# %% [markdown]
# ## What people get wrong
#
# * **"Clipping cures vanishing and exploding gradients."** It shortens what is too long. What is too short passes untouched: on the vanishing gradient above it changed not a single number.
# * **"ReLU solves it."** Only together with an initialization that fits: with Keras's default, thirty ReLU layers did not move.
# * **"The first layers always get the smallest gradient."** With sigmoids, yes. In our ReLU networks all thirty layers starved, or exploded, together.
# * **"Batch normalization makes any depth trainable."** It keeps the signal level. The gradient still grew from layer to layer. Beyond some tens of layers shortcuts are needed.
# * **"A shortcut cannot hurt."** With He's weights and without normalization the shortcuts exploded.
# * **"Deeper is better."** Thirty layers did no better than two on these digits, with ten times the parameters. A residual network of 1,202 layers was worse than one of 110.
# * **"Batch normalization does the same in training and in use."** In training it uses the batch, in use the running averages.
# * **"Adam is the best optimizer."** At its best rate it beat plain descent in this valley; so did momentum.
#
# ## Takeaways
#
# * Thirty layers are a product of thirty factors. Keep each factor near 1, for the signal and for the gradient.
# * He's spread, $\sqrt{2/\text{fan-in}}$, goes with ReLU; Glorot's with tanh, sigmoid and linear layers.
# * A weight's gradient is the value that came in times the blame of what went out. Measure it, layer by layer, before you train.
# * Clipping bounds exploding steps. Batch normalization resets the scale of every layer. A shortcut opens a path with factor 1. Each does something else.
# * Find the rate by a range test, tune it together with the batch size, let callbacks watch, change one thing at a time.
# * Start shallow, and add depth only where it measurably helps.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Next lesson: *Cost, deployment and applications*, where networks are made small and put to work.
# * Xavier Glorot and Yoshua Bengio, "Understanding the difficulty of training deep feedforward neural networks", *AISTATS* (2010), and Kaiming He and others, "Delving Deep into Rectifiers", *ICCV* (2015; arXiv:1502.01852): the two initializations.
# * Kaiming He and others, "Deep Residual Learning for Image Recognition", *CVPR* (2016; arXiv:1512.03385): the degradation problem, shortcuts, and the network of 1,202 layers.
# * Razvan Pascanu, Tomas Mikolov and Yoshua Bengio, "On the difficulty of training recurrent neural networks", *ICML* (2013; arXiv:1211.5063): walls in the landscape, and clipping.
