# %% [markdown]
# # When depth hurts: gradients, initialization, normalization
#
# *135 minutes: 65 to read and run, 40 for 8 exercises, 30 for the 28 questions of the quiz. Builds on: slopes of activations (lesson 02), backpropagation (03), convolution (04), recurrent networks (05) and batch normalization (09). A good place for a break is marked about halfway.*
#
# Stack thirty layers with everyday settings, press start, and nothing happens: the loss does not move. Change a few words in the builder, and it does. This lesson measures what goes wrong between the first layer and the last. Then it takes the cures one at a time, because each cures something different, and asks when so many layers are worth the trouble.
#
# **After this lesson you can**
#
# * choose the spread of a layer's first weights, and say where the 2 in "2 / fan-in" comes from;
# * measure the gradient of each layer, and tell vanishing from exploding;
# * say which cure helps against which disease, and which does not;
# * write batch normalization, a shortcut, gradient clipping and momentum by hand;
# * find a learning rate in eighty batches, and let callbacks watch a training.

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

from courseware.batches import ShuffledBatches
from courseware.data import digits
from courseware.lessons.deep_training import drawings as draw
from courseware.lessons.deep_training.by_hand import (
    adam_step, cured_gradients, glorot, he, relu, relu_slope, sigmoid, sigmoid_slope, softmax,
    steps_needed, typical_size, valley, valley_slope, walk,
)  # fmt: skip
from courseware.drawing import show

# %% [markdown]
# The data are small handwritten digits: 64 pixels, ten classes. Shallow networks learn them: where a deeper one fails, the digits are not to blame.

# %%
images, numerals = digits("small")
pixels = images.reshape(len(images), 64)
x_train, x_rest, y_train, y_rest = train_test_split(
    pixels, numerals, train_size=1280, random_state=lesson.seed, stratify=numerals
)
mean, spread = x_train.mean(), x_train.std()  # all pixels share one unit, so they share one scale
x_train, x_rest = (x_train - mean) / spread, (x_rest - mean) / spread
x_val, x_test, y_val, y_test = x_rest[:217], x_rest[217:], y_rest[:217], y_rest[217:]
print("training:", x_train.shape, " validation:", x_val.shape, " test:", x_test.shape)
baseline = np.log(10)
print("baseline, one tenth for every digit: a loss of log 10 =", round(baseline, 4))

# %% [markdown]
# And here is the builder. `depth` is the number of hidden layers. Three more arguments switch the cures on and off: `initializer`, `normalization` and `shortcut`. By the end you will understand each of its lines. (The last layer gives logits, and the loss is told so. A deep network can begin so wrong that the probability of the right digit is rounded to 0, whose logarithm has no slope to follow; the loss computed from logits has one.)

# %%
### SOURCE courseware.lessons.deep_training.models.build_deep

# %% [markdown]
# Two networks of thirty hidden layers, trained alike. The first is drawn with Keras's default, `"glorot_uniform"`, and has no cure; the second has all of them.
#
# **Before you run it, guess:** in the last of ten epochs, how many of 100 training digits does the second network read right?

# %%
lesson.guess("cured")


# %%
def train_deep(epochs=10, **settings):
    """Build a network, train it on the digits; return it and what `fit` recorded."""
    keras.utils.set_random_seed(lesson.seed)
    model = build_deep(**settings)
    batches = ShuffledBatches(x_train, y_train, batch_size=64, seed=lesson.seed)
    history = model.fit(batches, epochs=epochs, verbose=0, callbacks=[lesson.live()])
    return model, history.history


plain, plain_history = train_deep(depth=30, initializer="glorot_uniform", learning_rate=0.02)
cured, cured_history = train_deep(depth=30, normalization=True, shortcut=True, learning_rate=0.02)
plain_loss, cured_right = plain_history["loss"][-1], np.mean(cured_history["accuracy"][-3:])
print(f"training accuracy, the last epoch: no cure ≈ {plain_history['accuracy'][-1]:.2f}")
print(f"all cures ≈ {cured_history['accuracy'][-1]:.2f}, the last three epochs ≈ {cured_right:.2f}")

# %%
show(
    draw.losses({"no cure": plain_history["loss"], "all cures": cured_history["loss"]}, baseline),
    "Training loss over ten epochs. The network without cures lies flat on the dashed baseline. "
    "The one with all cures starts above it, falls steeply, and ends low.",
)
lesson.claim("without cures the loss is still the baseline's", abs(plain_loss - baseline) < 0.02)
lesson.claim("with all cures more than 70 % are right", cured_right > 0.7, guess="cured")

# %% [markdown]
# The dashed line is the loss of an answer of one tenth for every digit. One curve lies on it to the end; the other starts off the
# top of the chart and falls, perhaps with a jump or two. (*Above* the line, for large random logits make answers that are
# confident and mostly wrong.) These are *training* losses, so this has nothing to do with memorizing: in ten epochs the plain
# network did not even begin to fit what it is shown.
#
# ## A product of thirty factors
#
# Why would depth hurt at all? Rates along a chain are multiplied (lesson 02); in lesson 05 the chain ran through time, here it runs through layers. Suppose that each layer multiplies what passes through it by the same factor.
#
# **Before you run it, guess:** after thirty layers, what is left of 1 if each layer multiplies by 0.9?

# %%
lesson.guess("nine_tenths")

# %%
for factor in (0.5, 0.9, 1.0, 1.1, 2.0):
    print(f"{factor} thirty times: {factor**30:.3g}")

# %% [markdown]
# Depth takes a small imbalance and raises it to a high power.
#
# A gradient that shrinks to nothing on its way *vanishes*, as you know. One that grows without limit is an **exploding gradient**. These are two faces of one problem, a factor per layer below or above 1.
#
# ### Exercise: layers_until
#
# Each layer multiplies by `factor`, between 0 and 1. After how many layers is *less* than `fraction` left? Return the smallest whole number.


# %%
def layers_until(factor, fraction):
    """Return the smallest number of layers after which less than `fraction` is left."""
    ### BEGIN SOLUTION
    left, n_layers = 1.0, 0
    while left >= fraction:
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
# Before training, weights are drawn at random. How they are drawn is called the **initialization**. It sets the factor per layer.
#
# A unit adds up $n$ products of a weight and an input. Its number of inputs, $n$, is called the **fan-in** (and the number of units in a layer the **fan-out** of that layer). Weights are positive as often as negative, so the products partly cancel. A sum of $n$ such products does not grow like $n$, only like $\sqrt{n}$. (Toss 1,000 coins, heads +1 and tails −1: the typical size of the sum is 32.)
#
# $$\text{typical size of } z = \sqrt{n} \cdot \text{spread of the weights} \cdot \text{typical size of the inputs}$$
#
# By "typical size" (`typical_size`) we mean the root of the mean square. The size stays the same if the spread is $\sqrt{1/n}$. That is the rule for a layer without activation. ReLU sets the negative half of the sums to 0, and half of the mean square is gone. To make up for it, the spread must be $\sqrt{2/n}$.
#
# A wide layer with 1,000 inputs, drawn with both rules:

# %%
rng = np.random.default_rng(lesson.seed)
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
# The rule with the 2 is the **He initialization** (Kaiming He and others, 2015), and it is made for ReLU. An older rule looks both ways, for on the way back a unit adds up what comes from all the units it feeds, as many as the fan-out: the **Glorot initialization** (Xavier Glorot and Yoshua Bengio, 2010; also called *Xavier*) is a compromise between the two.
#
# | name | spread of the weights | made for | in Keras |
# |---|---|---|---|
# | Glorot, or Xavier | $\sqrt{2 / (\text{fan-in} + \text{fan-out})}$ | linear, tanh (customary for sigmoid) | `"glorot_uniform"` (the default), `"glorot_normal"` |
# | He, or Kaiming | $\sqrt{2 / \text{fan-in}}$ | ReLU and its relatives | `"he_normal"`, `"he_uniform"` |
#
# "Normal" and "uniform" only name the shape of the draw; the spread is the same:

# %%
formulas = {"glorot": np.sqrt(2 / (300 + 100)), "he": np.sqrt(2 / 300)}
for name in ("glorot_uniform", "glorot_normal", "he_uniform", "he_normal"):
    keras.utils.set_random_seed(lesson.seed)
    drawn = keras.ops.convert_to_numpy(keras.initializers.get(name)((300, 100)))
    formula = formulas[name.split("_")[0]]
    print(f"{name:15} formula {formula:.4f}, measured ≈ {drawn.std():.4f}")
    lesson.claim("the same, to 3 %", abs(drawn.std() / formula - 1) < 0.03)

# %% [markdown]
# For a square layer Glorot's spread is $\sqrt{1/n}$, which is right without activation. With ReLU it makes a factor of $\sqrt{1/2}$ per layer. Thirty of those leave about 1/30,000. Now we send digits through thirty ReLU layers of 32 units, with three spreads, twenty draws of each.
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
    for w in weights[:-1]:  # the last matrix belongs to the output layer
        zs.append(hs[-1] @ w)
        hs.append(f(zs[-1]))
    return hs, zs


def draw_weights(rng, depth, spread_of, width=32):
    """Draw the matrices of 64 inputs, `depth` hidden layers and 10 outputs; there are no biases."""
    widths = [64] + [width] * depth + [10]
    return [
        rng.normal(0, spread_of(n_in, n_out), (n_in, n_out))
        for n_in, n_out in zip(widths, widths[1:])
    ]


# %%
x_probe, y_probe = x_train[:200], y_train[:200]
rng = np.random.default_rng(lesson.seed)


def signal(factor, width=32):
    """Return the size of the signal after each layer of a fresh network; the input's is 1."""
    weights = [factor * w for w in draw_weights(rng, 30, he, width)]
    hs, _ = forward(weights, x_probe[:50], relu)
    return np.array([typical_size(h) for h in hs]) / typical_size(hs[0])


sizes = {
    name: np.array([signal(factor) for _ in range(20)])
    for name, factor in {"half of He": 0.5, "He": 1.0, "twice He": 2.0}.items()
}
low, level, high = (values[:, -1] for values in sizes.values())
wide = signal(1.0, width=800)[-1]
print(f"with He, the middle one of twenty ≈ {np.median(level):.2f}; 800 units wide ≈ {wide:.2f}")

# %%
show(
    draw.signal_bands(sizes),
    "Size of the signal on a logarithmic scale against the layer, three bands. With He's spread "
    "the band stays within a few powers of ten of 1 and grows wider. With half of it, it falls in "
    "a straight line by about nine powers of ten; with twice He's, it climbs by as much.",
)
lesson.claim(
    "half of He's spread leaves less than a millionth, in all twenty",
    low.max() < 1e-6,
    guess="half_of_he",
)
lesson.claim(
    "with He's, the middle one of twenty keeps between a twentieth and twice the size",
    0.05 < np.median(level) < 2,
)
lesson.claim("800 units wide: between a third and three times the size", 1 / 3 < wide < 3)
lesson.claim("twice He's spread makes it over a million times as large", high.min() > 1e6)

# %% [markdown]
# On this scale a straight band means a constant factor per layer. The middle one does not run away, but it wanders, and mostly sinks somewhat: the rule holds on average, and in a narrow network a few draws that grow make up, in the mean, for many that sink. With 800 units a layer (printed above) it hardly sinks.
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
# The signal goes forward, the blame comes back. (Textbooks call the blame of a unit its *error signal*, or *delta*.) In lesson 03
# you carried it back through two layers; here is the same for any number. With softmax and cross-entropy the blame of the ten
# weighted sums is simply "probability minus truth" (lesson 03).


# %%
def gradients(weights, x, labels, f, slope):
    """Return the derivatives of the cross-entropy for each matrix of weights, first layer first."""
    hs, zs = forward(weights, x, f)
    blame = (softmax(hs[-1] @ weights[-1]) - np.eye(10)[labels]) / len(x)
    found = []
    for i in reversed(range(len(weights))):
        found.insert(0, hs[i].T @ blame)  # value that came in, times blame of what went out
        if i > 0:
            blame = (blame @ weights[i].T) * slope(zs[i - 1])  # back through weights and activation
    return found


# %% [markdown]
# Never trust a gradient that was not checked. Nudging a weight of each layer measures the same slope:


# %%
def cross_entropy(weights, x, labels, f):
    p = softmax(forward(weights, x, f)[0][-1] @ weights[-1])
    return -np.mean(np.log(p[np.arange(len(labels)), labels]))


worst = 0.0
for f, slope, spread_of in ((relu, relu_slope, he), (sigmoid, sigmoid_slope, glorot)):
    weights = draw_weights(rng, 4, spread_of)
    for w, derivative in zip(weights, gradients(weights, x_probe, y_probe, f, slope), strict=True):
        place = np.unravel_index(np.abs(derivative).argmax(), w.shape)
        ends = []
        for nudge in (1e-5, -1e-5):
            w[place] += nudge
            ends.append(cross_entropy(weights, x_probe, y_probe, f))
            w[place] -= nudge
        worst = max(worst, abs((ends[0] - ends[1]) / 2e-5 / derivative[place] - 1))

# %%
lesson.claim("backpropagation and nudging agree to a thousandth", worst < 1e-3)

# %% [markdown]
# How large is a layer's gradient, a whole matrix? Take its **norm**: square all its numbers, add them up, take the root. It is the length of the arrow.
#
# Now the measurement. Five ways to start, twenty draws of each, no training: one pass forward, one back.
#
# **Before you run it, guess:** in "ReLU, Glorot", with thirty layers, how does the gradient of layer 1 compare with that of layer 30?

# %%
lesson.guess("first_and_last", "far smaller", "about alike", "far larger")

# %%
starts = {
    "sigmoid, Glorot": (sigmoid, sigmoid_slope, glorot),
    "sigmoid, He": (sigmoid, sigmoid_slope, he),
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
        rows.append([np.linalg.norm(derivatives) for derivatives in found[:-1]])
    return np.array(rows)


depths = (2, 5, 10, 20, 30, 50)
by_layer = {name: norms(name, 30) for name in starts}
first = {name: rows[:, 0] for name, rows in by_layer.items()}  # of the first layer, in each draw
by_depth = {
    name: (depths, np.column_stack([norms(name, depth)[:, 0] for depth in depths]))
    for name in starts
}
last_values = forward(draw_weights(rng, 30, glorot), x_probe, sigmoid)[0][-1]
for name in starts:
    print(f"{name}: first of thirty layers, the middle draw ≈ {np.median(first[name]):.1e}")

# %%
show(
    draw.gradients(by_layer, by_depth),
    "Two panels on a logarithmic scale, each with five bands. Left, by layer: the sigmoids climb "
    "in straight lines from fifteen to nineteen powers of ten below 1 at layer 1 to near 1 at "
    "layer 30; the three ReLU bands are level, Glorot very low, He near 1, twice He very high. "
    "Right, against depth: the sigmoids fall fastest, ReLU with Glorot falls, ReLU with He stays "
    "within a few powers of ten, and twice He climbs.",
)
lesson.claim("sigmoid: below a trillionth in every draw", np.all(first["sigmoid, Glorot"] < 1e-12))
lesson.claim("ReLU, Glorot: below a hundredth in every draw", np.all(first["ReLU, Glorot"] < 1e-2))
lesson.claim(
    "ReLU, He: between a thousandth and a thousand in every draw",
    np.all(first["ReLU, He"] > 1e-3) and np.all(first["ReLU, He"] < 1e3),
)
lesson.claim(
    "ReLU, He: the middle draw between a tenth and ten", 0.1 < np.median(first["ReLU, He"]) < 10
)
lesson.claim("ReLU, twice He: above a million in every draw", np.all(first["ReLU, twice He"] > 1e6))
lesson.claim("sigmoid, He: below a trillionth as well", np.all(first["sigmoid, He"] < 1e-12))

# %% [markdown]
# In the right panel the sigmoids fall fastest, for each lets at most a quarter of the blame through (lesson 02). ReLU with Glorot keeps about $\sqrt{1/2}$ per layer: the flat curve at the top of this lesson. Twice He's spread doubles it. And the sigmoid with He is the control: that rule does not save sigmoids. **Activation and initialization belong together**; neither alone is the cure. (The bands reach from the lowest of twenty draws to the highest.)
#
# The left panel holds a surprise. "In a deep network the first layers get the smallest gradient", one often reads. For the sigmoids that is so, by its size. But the ReLU bands are *level*: in the middle draw, layer 1 and layer 30 have about the same gradient.

# %%
first_to_last = {name: np.median(rows[:, 0] / rows[:, -1]) for name, rows in by_layer.items()}
lesson.claim(
    "sigmoid: layer 1 has less than a trillionth of the gradient of layer 30",
    first_to_last["sigmoid, Glorot"] < 1e-12,
)
for name, guess in (("ReLU, Glorot", "first_and_last"), ("ReLU, twice He", None)):
    holds = 0.1 < first_to_last[name] < 10
    lesson.claim(f"{name}: the same within a factor of ten", holds, guess=guess)
lesson.claim(
    "thirty sigmoids: the last values differ between digits by less than a millionth",
    last_values.std(axis=0).max() < 1e-6,
)

# %% [markdown]
# The line `hs[i].T @ blame` explains it. A weight's gradient is the *value that came in* times the *blame of what went out*. In the first layer the value has passed no layer and the blame has passed all of them. In the last it is the other way round. If each layer shrinks both alike, every product holds the same number of factors, and all layers starve together. (A sigmoid's values do not shrink; only the blame does, and the early layers get least. But the late ones starve too, as in lesson 02: their values no longer depend on the digit, so their gradient can only teach how frequent each numeral is.)
#
# The same line says why weights are drawn *at random*. If all start alike, all units of a layer carry the same value and get the
# same blame, and they stay copies forever, as you saw in lesson 03.

# %%
alike = [np.full(w.shape, 0.1) for w in draw_weights(rng, 3, he)]
of_first = gradients(alike, x_probe, y_probe, relu, relu_slope)[0]  # a column for each unit

# %%
lesson.claim(
    "all weights alike: each unit gets the same gradient as its neighbour",
    np.abs(of_first).max() > 0 and np.allclose(of_first, of_first[:, :1], rtol=1e-9, atol=1e-12),
)

# %% [markdown]
# ### What the way back costs
#
# Backpropagation must remember the values `hs[i]` and the sums `zs[i]` of *every* layer, until the blame comes by:

# %%
for depth, n in ((10, 200), (20, 200), (40, 200), (40, 100)):
    hs, zs = forward(draw_weights(rng, depth, he), x_probe[:n], relu)
    kept = sum(values.nbytes for values in hs[1:] + zs)
    print(f"{depth} layers, {n} examples: {kept:,} bytes kept for the way back")

# %% [markdown]
# Twice the layers, twice the memory; half the batch, half of it.
#
# ## Clipping: for explosions only
#
# The plainest cure of a gradient that explodes: if it is too long, make it shorter. **Gradient clipping** leaves a gradient alone while its norm is below a limit. Above it, all its numbers are shrunk by one factor, and the norm becomes the limit. The direction stays.
#
# The smallest case is a recurrent network with one number: start with 1, multiply by $w$ fifty times; the result should be a half. The loss is $(w^{50} - 0.5)^2$.
#
# **Before you run it, guess:** the walk starts at $w = 1.1$ with a learning rate of 0.005. To which $w$ does one step of plain descent lead?

# %%
lesson.guess("one_step", "1.05", "0.9", "about -6", "about -6,000")


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
    "wall from the start, a black dot at w = 1.1, and stop in the flat part near w = 0.99. An "
    "arrow from the start leaves the picture to the left.",
)
lesson.claim("the clipped walk arrives", abs(path[-1] - 0.5 ** (1 / 50)) < 0.005)

# %% [markdown]
# On such a wall the slope is over a million, and one honest step throws the walker far off the map. Clipped, the same direction leads down.
#
# For the many matrices of a real network Keras offers three ways: `clipvalue` cuts every single number (which bends the direction), `clipnorm` shortens each matrix by itself, and `global_clipnorm` takes all of them together as one long arrow, which keeps the direction.
#
# ### Exercise: clip
#
# Write the last one. `arrays` is a list of arrays, `limit` the largest norm. Return a new list, and leave the arrays that you were given as they are.


# %%
def clip(arrays, limit):
    """Return the arrays, shortened together so that their common norm is at most `limit`."""
    ### BEGIN SOLUTION
    norm = np.sqrt(sum(np.sum(array**2) for array in arrays))
    factor = min(1.0, limit / norm) if norm > 0 else 1.0
    return [array * factor for array in arrays]
    ### END SOLUTION


# %%
lesson.check("clip", clip)
# lesson.hint("clip")

# %% [markdown]
# Now a recurrent network in Keras that must add up 20 numbers. Its activation is linear, so nothing squashes its state, and it starts with weights that turn the state and make it 1.1 times as long at every step. (Over 20 steps that is a factor of less than 7. But descent can raise the 1.1.) The labels have mean 0 and spread 1; always answering 0 costs 1, the baseline.

# %%
rng = np.random.default_rng(lesson.seed)
sequences = rng.normal(size=(1000, 20, 1)).astype("float32")
totals = sequences.sum(axis=(1, 2)) / np.sqrt(20)  # spread 1


def train_recurrent(limit, epochs):
    """Train a linear recurrent network, its gradient clipped at `limit`; return its losses."""
    keras.utils.set_random_seed(lesson.seed)
    start = keras.initializers.Orthogonal(gain=1.1)
    adder = layers.SimpleRNN(16, activation="linear", recurrent_initializer=start)  # (batch, 16)
    model = keras.Sequential([keras.Input(shape=(20, 1)), adder, layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.05, global_clipnorm=limit), loss="mse")
    batches = ShuffledBatches(sequences, totals, batch_size=50, seed=lesson.seed)
    return model.fit(batches, epochs=epochs, verbose=0).history["loss"]


unclipped, clipped = train_recurrent(None, epochs=2), train_recurrent(1.0, epochs=20)
print(f"clipped: loss in the first epoch ≈ {clipped[0]:.1f}, in the last ≈ {clipped[-1]:.3f}")

# %%
lesson.claim(
    "without clipping the loss is not a number after two epochs", not np.isfinite(unclipped[-1])
)
lesson.claim("clipped, it ends below a third of the baseline", clipped[-1] < 1 / 3)

# %% [markdown]
# Clipping only ever shortens: a gradient below the limit, such as that of the plain network at the top, passes as it is.
#
# *A good place for a break. What comes next: two cures that change the network itself, and whether so much depth is worth it.*
#
# ## Batch normalization, inside
#
# Initialization sets the factor right *once*. Training then moves the weights. Batch normalization keeps the signal's factor in check. As a reminder from lesson 09, for each unit, over the examples of the batch:
#
# $$\hat z = \frac{z - \text{mean}}{\sqrt{\text{variance} + \epsilon}} \qquad \text{output} = \gamma\, \hat z + \beta$$
#
# The scale $\gamma$ (gamma) and the shift $\beta$ (beta) are learned; in use the layer takes running averages of mean and
# variance (the larger `momentum`, the more slowly they move). Four numbers for each unit:

# %%
rng = np.random.default_rng(lesson.seed)
z = rng.normal(5, 3, (8, 2)).astype("float32")  # 8 examples, 2 units
layer = layers.BatchNormalization(momentum=0.9)
in_training = keras.ops.convert_to_numpy(layer(z, training=True))  # and moves the averages a tenth
in_use = keras.ops.convert_to_numpy(layer(z, training=False))
print("numbers for 2 units:", layer.count_params())

# %%
lesson.claim(
    "after one batch the two modes still differ by a lot", np.abs(in_training - in_use).max() > 0.5
)

# %% [markdown]
# The averages lag behind: a common reason for a terrible validation loss in the first epochs.
#
# Why does this help depth? A layer's scale no longer matters. Multiply all its weights by ten, or add a bias, and the normalized sums are what they were:

# %%
sums, layer = x_probe @ rng.normal(0, 1, (64, 32)), layers.BatchNormalization()
once, ten_times, shifted = (
    keras.ops.convert_to_numpy(layer(z.astype("float32"), training=True))
    for z in (sums, 10 * sums, sums + 3.0)
)

# %%
lesson.claim("ten times the weights: the same", np.allclose(once, ten_times, atol=0.01))
lesson.claim("a bias added: the same", np.allclose(once, shifted, atol=1e-3))

# %% [markdown]
# So the signal is set back at each layer to the size that $\gamma$ and $\beta$ give it, whatever training does to the weights. And a bias before the normalization is subtracted again with the mean; the builder leaves it out.
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
# Batch normalization depends on its batch; with a single example, every normalized sum is 0. Where batches are small or sequences vary in length, **layer normalization** is used instead, which takes mean and variance over the units of one example. Transformers have it (lesson 13).
#
# ## Shortcuts
#
# The other cure changes the wiring. A layer computes $h + f(h)$ in place of $f(h)$. The added line around it is called a
# **shortcut**, or *skip connection*; the layer with its shortcut is a **residual block**: $f$ has to learn only the residual, the
# difference between what comes in and what should go out (not the residual of lesson 01). A layer with nothing to say can answer
# 0.
#
# And on the way back? A sum passes its blame to both of its parts. So the blame of $h$ is the blame that arrives, unchanged, *plus* what comes back through $f$. However small the second part is, the first one stays. Along thirty blocks there is a path with thirty factors of exactly 1.
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
# `cured_gradients` is backpropagation with both cures, in thirty lines of NumPy (run `cured_gradients??` to read it). Is it
# right? Keras can tell, by the trick of lesson 02: a step with learning rate 1 moves each weight by minus its gradient.

# %%
keras.utils.set_random_seed(lesson.seed)
model = build_deep(depth=3, normalization=True, shortcut=True, learning_rate=1.0)
dense = [layer for layer in model.layers if isinstance(layer, layers.Dense)]
before = [layer.get_weights()[0] for layer in dense]
model.fit(x_probe, y_probe, batch_size=200, epochs=1, verbose=0)
moved = [old - layer.get_weights()[0] for old, layer in zip(before, dense, strict=True)]

_, by_hand = cured_gradients(
    [w.astype("float64") for w in before], x_probe, y_probe, normalize=True, shortcut=True
)

# %%
apart = max(np.linalg.norm(m - g) / np.linalg.norm(g) for m, g in zip(moved, by_hand, strict=True))
lesson.claim("our gradients and Keras's step agree to one per cent", apart < 0.01)

# %% [markdown]
# Now up to a hundred layers, all drawn with He's rule. He alone, as you saw, wanders and sinks a little before training; what do the cures do?
#
# **Before you run it, guess:** which of them keep the first layer's gradient from growing more than 200-fold between ten layers and a hundred?

# %%
lesson.guess(
    "hundred_layers",
    "batch normalization alone",
    "shortcuts alone",
    "either of the two",
    "only the two together",
)

# %% [markdown]
# Then try it. (The green band allows a factor of 10, and 5 % more for each layer that the network has. Grey lines: other draws.) Turn the spread until thirty layers stay in it. Then take a hundred, at 0.8 and at 1.2 times He's spread, and switch the cures on and off.

# %%
lesson.explore("depth")

# %%
cures = {
    "He alone": (False, False),
    "batch normalization": (True, False),
    "shortcuts": (False, True),
    "both": (True, True),
}
depths = (5, 10, 20, 30, 50, 100)
by_cure = {}
for name in cures:
    rng = np.random.default_rng(lesson.seed)
    by_cure[name] = (depths, np.zeros((8, len(depths))))
    for row in by_cure[name][1]:
        for column, depth in enumerate(depths):
            weights = draw_weights(rng, depth, he)
            _, found = cured_gradients(weights, x_probe, y_probe, *cures[name])
            row[column] = np.linalg.norm(found[0])

factors = {name: np.median(rows[:, -1] / rows[:, 1]) for name, (_, rows) in by_cure.items()}
per_layer = factors["batch normalization"] ** (1 / 90)
print(f"the gradient with 100 layers / with 10 layers, both ≈ {factors['both']:.0f}")
print(f"batch normalization alone ≈ {factors['batch normalization']:.0e}")
print(f"that is, for each layer ≈ {per_layer:.2f}")

# %%
show(
    draw.growth(by_cure, "Cures compared, up to a hundred layers"),
    "Norm of the first layer's gradient against depth, logarithmic. Shortcuts alone: a steep "
    "straight climb over twenty powers of ten. Batch normalization alone: a slower straight "
    "climb over eight powers of ten. Both together: far flatter, between 3 and 100. He alone: it "
    "wanders, and sinks by one or two powers of ten.",
)
lesson.claim("shortcuts alone: by more than a trillion", factors["shortcuts"] > 1e12)
lesson.claim("batch norm alone: by more than 100,000", factors["batch normalization"] > 1e5)
lesson.claim("that is a tenth to a third more at each layer", 1.1 < per_layer < 1.35)
lesson.claim("both: by less than 200", factors["both"] < 200, guess="hundred_layers")

# %% [markdown]
# Take the bands one by one. With **shortcuts alone** each block adds, at the start, about as much as came in, so signal and gradient grow by a factor at each block. (Then blocks that start smaller should cure it; an exercise below lets you try.) **Batch normalization alone** keeps the *signal* level, by construction, but the *gradient* grows by about a fifth per layer, which is bearable over ten layers and not over a hundred. A theory of wide networks predicts such a growth (Greg Yang and others, 2019; arXiv:1902.08129). With **both**, each block adds something of about the same size to a sum that grows, so a block changes less and less the deeper it sits. **He alone** wanders and sinks, slowly beside either cure alone, but only at just the right spread: at 0.8 or 1.2 times it a hundred layers leave the green band, while the two together do not notice.
#
# Does the measurement predict the training? We train thirty layers by hand, with the same gradients: four combinations, all drawn with He's rule, from three starts each.


# %%
def descend(depth, normalize, shortcut, rate=0.05, batch_size=64, epochs=10, start=0):
    """Train a fresh network; return its mean loss by epoch, its last weights, and in each step
    the norm of the first layer's gradient."""
    rng = np.random.default_rng([lesson.seed, start])
    weights = draw_weights(rng, depth, he)
    losses, norms = [], []
    for _ in range(epochs):
        for rows in np.array_split(rng.permutation(len(x_train)), len(x_train) // batch_size):
            with np.errstate(all="ignore"):  # numbers beyond all limits are what we want to see
                loss, found = cured_gradients(
                    weights, x_train[rows], y_train[rows], normalize, shortcut
                )
                weights = [w - rate * g for w, g in zip(weights, found, strict=True)]
                norms.append(np.linalg.norm(found[0]))
            losses.append(loss)
    return np.reshape(losses, (epochs, -1)).mean(axis=1), weights, norms


runs = {
    name: [descend(30, *cure, start=start) for start in range(3)] for name, cure in cures.items()
}
curves = {name: np.array([losses for losses, _, _ in three]) for name, three in runs.items()}
ends = {name: np.median(losses[:, -1]) for name, losses in curves.items()}
for name in ("He alone", "batch normalization", "both"):
    print(f"{name}: loss in the tenth epoch, the middle one of three ≈ {ends[name]:.2f}")

# %%
show(
    draw.trainings(curves, baseline),
    "Training loss over ten epochs for networks of thirty layers, three starts each. He alone: "
    "falls a little below the baseline. Batch normalization: falls slowly. Both: falls steeply, "
    "with some jumps. Shortcuts alone: on the baseline, or not a number.",
)
lesson.claim("with He alone the loss stays above 1.2", ends["He alone"] > 1.2)
lesson.claim("batch normalization alone does learn something", ends["batch normalization"] < 2.1)
lesson.claim(
    "at this rate shortcuts alone learn nothing, from any of the starts",
    not np.any(curves["shortcuts"][:, -1] < baseline - 0.1),
)
lesson.claim(
    "the two together end below half of either's loss",
    ends["both"] < min(ends["He alone"], ends["batch normalization"]) / 2,
)

# %% [markdown]
# Shortcuts alone explode. (Where a curve lies exactly on the baseline, we guess that a whole layer has fallen silent, so that all
# logits are 0.) Batch normalization alone learns slowly. The two together train thirty layers in ten epochs, with leaps. He alone
# is the odd one: its gradient is healthy at the start, and yet it hardly gets anywhere. So the measurement predicted the
# explosion, but not this. The cures so far:
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
# ## Is deeper better?
#
# Are the thirty cured layers worth it? Here are two hidden layers, same data and epochs, at the builder's own rate.
#
# **Before you run it, guess:** on the test set, is the one with thirty layers better by more than 10 points?

# %%
lesson.guess("two_or_thirty", "yes", "no")

# %%
shallow, shallow_history = train_deep(depth=2)
test = {}
for name, network in {"2 layers": shallow, "30 layers, cured": cured}.items():
    test[name] = network.evaluate(x_test, y_test, verbose=0)[1]
    print(f"{name}: test accuracy ≈ {test[name]:.2f}")
print("parameters:", shallow.count_params(), "and", cured.count_params())

# %%
lesson.claim(
    "thirty layers are not more than 10 points better than two",
    test["30 layers, cured"] < test["2 layers"] + 0.1,
    guess="two_or_thirty",
)

# %% [markdown]
# With ten times the parameters, the thirty layers gain nothing on our 300 test digits; in our run they read a few points less.
#
# ## Deeper is not better by itself
#
# Now the odd one, He alone. Should a deeper network not fit the *training* set at least as well as a shallower one? Here are 2, 10 and 30 layers without shortcuts, from three starts each.

# %%
deeper = {
    name: {
        depth: [descend(depth, *cures[name], start=start) for start in range(3)]
        for depth in (2, 10)
    }
    | {30: runs[name]}
    for name in ("He alone", "batch normalization")
}
last = {}
for name, by_depth in deeper.items():
    for depth, three in by_depth.items():
        last[name, depth] = [losses[-1] for losses, _, _ in three]
        norm = np.median([norms[-20:] for _, _, norms in three])  # in the last epoch
        loss = np.median(last[name, depth])
        print(f"{name}, {depth} layers: loss ≈ {loss:.2f}, first layer's gradient ≈ {norm:.1f}")

# %%
show(
    draw.by_depth(last, baseline),
    "Training loss in the tenth epoch against depth, three starts each, for He alone and for "
    "batch normalization. Both are low with 2 and with 10 layers and far higher with 30.",
)
for name in ("He alone", "batch normalization"):
    lesson.claim(
        f"{name}: the loss with 30 layers is more than 0.5 above those with 2 and with 10",
        np.median(last[name, 30]) > max(np.median(last[name, 2]), np.median(last[name, 10])) + 0.5,
    )
    lesson.claim(
        "and in its last epoch the first layer's gradient has not vanished",
        np.median([norms[-20:] for _, _, norms in runs[name]]) > 0.1,
    )

# %% [markdown]
# Look at the gradients in the printed lines: thirty layers have no smaller ones than two. With batch normalization they start far too large (over 100, in "Cures compared"), so He alone is the clean case. And a good solution exists, for we can write it down. Take the trained network of two layers, and put 28 layers behind it that pass everything on: their matrix has ones on its diagonal and zeros elsewhere (the *identity matrix*), and ReLU leaves what is not negative as it is.

# %%
two = deeper["He alone"][2][0][1]  # the trained weights of the first start
thirty = [*two[:-1], *[np.eye(32)] * 28, two[-1]]
lesson.claim(
    "thirty layers that do exactly what two do",
    np.array_equal(forward(two, x_train, relu)[0][-1], forward(thirty, x_train, relu)[0][-1]),
)

# %% [markdown]
# So thirty layers can do what two can, and descent did not find it in our ten epochs. Kaiming He and others met the same with networks for photos (2015): 56 plain layers fitted the training set worse than 20 on small photos, 34 worse than 18 on large ones. All were batch-normalized, and for the large ones they report that the gradients had healthy norms. They called it the **degradation problem**, thought vanishing gradients an unlikely cause, and invented shortcuts for it: with one around each layer, passing things on is easy to learn. What exactly goes wrong without them is still argued about.
#
# ## Layers that see little
#
# So far each layer looks at all that the one before has. Now one in which it sees only a little: kernels of 3 by 3 (lesson 04), each layer with batch normalization and, from the second on, a shortcut. At the end each map is averaged to one number, and ten logits follow. Three such networks, all with about 7,400 parameters:
#
# **Before you run it, guess:** which of them reads the most training digits right after five epochs?

# %%
lesson.guess(
    "which_reads_most",
    "1 layer of 320 filters",
    "2 layers of 27",
    "4 layers of 16",
    "all about alike",
)


# %%
### SOURCE courseware.lessons.deep_training.models.build_blocks


# %%
def train_blocks(depth, filters, kernel_size=3):
    """Train a network of blocks for five epochs; return its last loss, its accuracy, itself."""
    keras.utils.set_random_seed(lesson.seed)
    rate = keras.optimizers.schedules.CosineDecay(0.05, 5 * 40)  # shrinks to zero in five epochs
    model = build_blocks(depth, filters, kernel_size, rate)
    pictures = x_train.reshape(-1, 8, 8, 1)
    batches = ShuffledBatches(pictures, y_train, batch_size=32, seed=lesson.seed)
    history = model.fit(batches, epochs=5, verbose=0, callbacks=[lesson.live()]).history
    return history["loss"][-1], history["accuracy"][-1], model


right = {}
for depth, filters in ((1, 320), (2, 27), (4, 16)):
    loss_small, right[depth], model = train_blocks(depth, filters)
    on_test = model.evaluate(x_test.reshape(-1, 8, 8, 1), y_test, verbose=0)[1]
    print(f"depth {depth}, {filters} filters, {model.count_params():,} parameters: ", end="")
    print(f"training accuracy ≈ {right[depth]:.2f}, test accuracy ≈ {on_test:.2f}")

# %%
lesson.claim(
    "four layers read over 20 points more of the training digits than one",
    right[4] > right[1] + 0.2,
    guess="which_reads_most",
)
lesson.claim("and two over 10 points more", right[2] > right[1] + 0.1)

# %% [markdown]
# All three have about as many parameters. One thing that differs is the *receptive field* (lesson 04): a unit of the first layer sees 3 by 3 pixels, one of the second 5 by 5, one of the fourth 9 by 9. If that is all, a single layer with kernels of 9 by 9, and about as many parameters, should do as well as four:

# %%
loss_large, right_large, model = train_blocks(1, 80, kernel_size=9)
print(f"9 by 9, {model.count_params():,} parameters: training accuracy ≈ {right_large:.2f}")
print(f"training loss ≈ {loss_large:.2f}, that of the four layers ≈ {loss_small:.2f}")

# %%
lesson.claim("seeing further is much of it: over 15 points", right_large > right[1] + 0.15)
lesson.claim("but the loss of four layers is under 0.6 times that", loss_small < 0.6 * loss_large)

# %% [markdown]
# Much of the gain, then, is that a layer sees further, but not all of it. (In our run the two layers, which see only 5 by 5, read more than the one layer with 9 by 9.) The rest, we suppose, is that a later layer works with what earlier ones have found; this experiment does not show it.
#
# Networks for photos have 50 to 150 layers, and large language models some tens to over a hundred blocks. A residual network of 1,202 layers was trained in 2015; on small photos it was *worse* than its sibling of 110. In practice, depth beyond some tens of layers goes with shortcuts, though with careful starts 10,000 plain layers have been trained (Lechao Xiao and others, 2018; arXiv:1806.05393). And often the best deep network is one that others have trained (lesson 14).
#
# ## Three walkers in one valley
#
# Once the gradient is healthy, the optimizer decides how it is used. An old idea is to turn the walker in the fog (lesson 01) into a ball after all. **Momentum** keeps most of a velocity $v$ and adds a push downhill:
#
# $$v \leftarrow \beta\, v - a\, g \qquad\qquad w \leftarrow w + v$$
#
# where $g$ is the gradient, $a$ the learning rate, and $\beta$ (beta) usually 0.9. (Batch normalization's beta and `momentum` are other things.) Along a valley the pushes agree and add up, at most to $1 / (1 - 0.9) = 10$ times one push. Across the valley they alternate and cancel.
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
# Three walkers now go down the narrow valley of lesson 03, flat along the first parameter, a hundred times steeper across. A comparison at one common rate would compare rates, not walkers. So each tries the same sixty rates, and we take each at its best. (`walk` takes 300 steps, and gives each its number `t` and a `memory`; `adam_step` is Adam's, as in lesson 03.)


# %%
def plain_step(w, g, memory, rate, t):
    return w - rate * g


def ball_step(w, g, memory, rate, t):
    memory["v"] = 0.9 * memory.get("v", 0) - rate * g
    return w + memory["v"]


# %% [markdown]
# A walker has arrived when the loss is below a thousandth of its start, and stays there.
#
# **Before you run it, guess:** plain descent needs about 160 steps. How many does momentum need?

# %%
lesson.guess("momentum_steps")

# %%
rates = np.geomspace(1e-4, 3, 60)
best, paths = {}, {}
for name, step in {"plain": plain_step, "momentum": ball_step, "Adam": adam_step}.items():
    needed = [steps_needed(walk(step, rate, valley_slope), valley) for rate in rates]
    best[name] = min(needed)
    chosen = rates[np.argmin(needed)]
    paths[f"{name}, the first 50 steps"] = walk(step, chosen, valley_slope)[:50]
    print(f"{name}: steps at its best rate ≈ {best[name]:.0f}, the rate ≈ {chosen:.3f}")

# %%
show(
    draw.valley(valley, paths),
    "Three maps of one long flat valley, with the lowest point in the middle. Plain descent "
    "zigzags across, crawls along the floor and is little more than halfway after 50 steps. "
    "Momentum swings "
    "from side to side like a ball, and Adam in gentler curves; both come close to the middle.",
)
lesson.claim(
    "momentum needs less than half of plain descent's steps",
    best["momentum"] < best["plain"] / 2,
    guess="momentum_steps",
)
lesson.claim("Adam as well", best["Adam"] < best["plain"] / 2)

# %% [markdown]
# Plain descent must not step too far across, and crawls along. Momentum gathers speed on the floor. It is not ten times as fast: while its swinging dies out, the loss falls by about a tenth a step, and 0.9 to the power 66 is a thousandth. Adam divides each direction by its typical slope; steep and flat look alike to it, as long as the valley runs along one of the parameters. In a slanted one it loses part of that advantage. No walker is the best everywhere.
#
# Each has its price in memory: plain descent keeps nothing, momentum one number for each parameter, Adam two (lesson 03 counted them).
#
# ## How fast, and in how large batches?
#
# Too small a rate, and nothing happens; too large, and training diverges. A **learning-rate range test** finds the useful range in fewer than a hundred batches: start with a tiny rate, raise it by a constant factor after every batch, and write down the loss.

# %%
keras.utils.set_random_seed(lesson.seed)
model = build_deep(depth=4)
start_weights = model.get_weights()
batches = ShuffledBatches(x_train, y_train, batch_size=64, seed=lesson.seed)


def train_at(rates):
    """Train the network from its start, one batch for each of the rates; return the losses."""
    model.set_weights(start_weights)
    losses = []
    for i, rate in enumerate(rates):
        model.optimizer.learning_rate = rate
        model.reset_metrics()
        losses.append(model.train_on_batch(*batches[i % len(batches)])[0])  # loss, accuracy
        if i % len(batches) == len(batches) - 1:
            batches.on_epoch_end()  # a new order
    return np.array(losses)


rates = np.geomspace(1e-4, 30, 80)
losses = train_at(rates)
smooth = np.convolve(losses, np.ones(5) / 5, mode="valid")  # the mean of five neighbours
lowest = rates[2:-2][np.nanargmin(smooth)]  # the mean of five has lost two at each end
chosen = lowest / 3
print(f"lowest at a rate of ≈ {lowest:.2f}, chosen: a third of it ≈ {chosen:.2f}")

# %%
show(
    draw.range_test(rates, losses, chosen, baseline),
    "Loss of each batch against the rate, on a logarithmic scale. On the left the loss hardly "
    "moves; then it falls below the baseline, jumps about, and at the right it shoots up or stays "
    "at the baseline, or ends where it is no number any more. A vertical line marks the chosen "
    "rate, left of the lowest point.",
)
lesson.claim("the lowest point lies between 0.01 and 3", 0.01 < lowest < 3)

# %% [markdown]
# Left: too slow to see. Middle: it learns. Right: it is thrown off. A good rate lies on the falling part, left of the lowest point; a third of it is a rule of thumb. Does it hold up? Five epochs at one rate:

# %%
ends = {}
for name, rate in {
    "a hundredth of it": chosen / 100,
    "chosen": chosen,
    "a hundred times it": 100 * chosen,
}.items():
    ends[name] = train_at([rate] * 5 * len(batches))[-len(batches) :].mean()
    print(f"{name}: loss in the fifth epoch ≈ {ends[name]:.2f}")

# %%
lesson.claim("at the chosen rate it learns", ends["chosen"] < 1.3)
lesson.claim("at a hundredth of it, it has hardly begun", ends["a hundredth of it"] > 1.7)
lesson.claim(
    "at a hundred times it, the loss is over twice as large, or not a number",
    not ends["a hundred times it"] < 2 * ends["chosen"],
)

# %% [markdown]
# A rate need not stay the same. Large networks mostly start with a *warm-up*, in which it rises from near zero, and end with a slow fall, such as the `CosineDecay` of the blocks above.
#
# The batch size belongs to the same question. A batch is a sample, and its gradient an estimate of the gradient of all examples. How far off is it, in the first layer? (We call the typical length of the miss, divided by that of the whole gradient, its noise.)

# %%
weights = draw_weights(rng, 3, he)
whole = gradients(weights, x_train, y_train, relu, relu_slope)[0]
batch_sizes, spreads = [4, 16, 64, 256], []
for size in batch_sizes:
    misses = []
    for _ in range(100):
        rows = rng.choice(len(x_train), size)
        sample = gradients(weights, x_train[rows], y_train[rows], relu, relu_slope)[0]
        misses.append(np.sum((sample - whole) ** 2))
    spreads.append(np.sqrt(np.mean(misses)) / np.linalg.norm(whole))
print(f"from 4 to 64 examples the noise falls by a factor ≈ {spreads[0] / spreads[2]:.1f}")

# %%
show(
    draw.noise(batch_sizes, spreads),
    "Noise of the gradient against the batch size, both scales logarithmic: a straight fall that "
    "lies on the dashed line of one over the root.",
)
lesson.claim("sixteen times the batch, a quarter of the noise", 3 < spreads[0] / spreads[2] < 5.3)

# %% [markdown]
# With 4 examples the noise in the figure is above 1, so the miss is longer than the gradient itself. Larger batches pay off less and less, and take fewer steps per epoch. But a less noisy gradient tolerates a larger rate, so the two are tuned together. As a rule of thumb, raise the rate with the batch size, up to where the range test says stop.
#
# ## Watching a training
#
# Deep networks train for hours or weeks, watched by callbacks. Four of them:
#
# * `ModelCheckpoint` saves the model to a file whenever it is the best so far. Such a saved state is a **checkpoint**. A crash then costs little.
# * `ReduceLROnPlateau` lowers the learning rate when the validation loss has stopped falling: large steps first, fine ones at the end.
# * `CSVLogger` writes every epoch into a file for any program.
# * `TensorBoard` writes a log for the program of that name, which draws the curves of many runs in a browser (`tensorboard --logdir FOLDER`).
#
# We start with a rate near the lowest point of the range test, a bit too large. An epoch (`patience=1`) that gains less than 0.02 (`min_delta`) lowers it. The callbacks choose by the *validation* set; the test set stays out of it, as in lesson 03.

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
batches = ShuffledBatches(x_train, y_train, batch_size=32, seed=lesson.seed)
model.fit(batches, epochs=15, validation_data=(x_val, y_val), callbacks=watchers, verbose=0)

print("written:", sorted(path.name for path in folder.iterdir()))  # board: TensorBoard's
with open(folder / "log.csv") as file:
    rows = list(csv.DictReader(file))
lesson.claim("the log has one row for each of 15 epochs", len(rows) == 15)

# %%
log = {column: [float(row[column]) for row in rows] for column in rows[0]}
kept = int(np.argmin(log["val_loss"]))
saved = keras.saving.load_model(folder / "best.keras")
saved_loss = saved.evaluate(x_val, y_val, verbose=0)[0]
print(f"kept: epoch ≈ {kept + 1}, with a validation loss ≈ {saved_loss:.2f}")
print(f"the last epoch: validation loss ≈ {log['val_loss'][-1]:.2f}")

# %%
show(
    draw.monitored(log, kept),
    "Left: training and validation loss by epoch; they fall, wobble, then settle. A star marks "
    "the lowest validation loss. Right: the learning rate, a staircase that goes down.",
)
lesson.claim(
    "the file holds the model of the best epoch", abs(saved_loss - min(log["val_loss"])) < 1e-3
)
lesson.claim("the rate was lowered at least once", log["learning_rate"][-1] < 0.1)

# %% [markdown]
# The star marks what is kept: the best epoch, whichever it was. Its validation loss is a little too good, for it was chosen for being low; only the test set can say how good the model is. (Early on it may lie below the training loss, a mean over the epoch.) The staircase is what the plateau rule did; whether it helped, one run cannot tell.
#
# The rest of tuning is to change **one** thing, and to look again:
#
# | you see | ask first | then try |
# |---|---|---|
# | loss flat at the baseline from the start | gradient norm of each layer | initialization, ReLU, normalization, shortcuts; a larger rate |
# | loss is suddenly not a number | gradient norm over time | smaller rate, clipping, initialization |
# | loss jumps up and down | range test | smaller rate, larger batch, plateau rule |
# | training falls, validation rises | lesson 09 | regularization, more data |
# | both fall, then stop too high | is the task learnable at all? | more units, more time, another optimizer |
#
# ### Exercise: repair
#
# This network of twelve layers stays at the baseline. Three things are wrong, all from this lesson: find them. Return a compiled model with at least twelve hidden dense layers that learns the digits: the check trains it for 12 epochs on 1,280 digits, in batches of 64, and wants 70 % of them right and all twelve layers to have learned.


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
# A goal to reach. Train **thirty** hidden dense layers **without any normalization layer**. The check trains your model for 12 epochs on 1,280 digits, in batches of 64, from up to two starts. It wants 85 % of these training digits right, and thirty layers that have learned. Initialization, shortcuts, activation, optimizer, rate and clipping are yours. (Remember why shortcuts alone exploded: each block adds as much as it gets.)


# %%
def thirty_layers():
    """Return a compiled model of at least thirty hidden layers and no normalization."""
    ### BEGIN SOLUTION
    quiet = keras.initializers.RandomNormal(stddev=0.01)  # He's spread is 0.25: blocks start small
    return build_deep(depth=30, initializer=quiet, shortcut=True, learning_rate=0.05)
    ### END SOLUTION


# %%
lesson.check("thirty", thirty_layers)
# lesson.hint("thirty")

# %% [markdown]
# ## What people get wrong
#
# * **"Clipping cures vanishing and exploding gradients."** It shortens what is too long. What is too short passes as it is.
# * **"The first layers always get the smallest gradient."** With sigmoids, yes, by size. In our ReLU networks all thirty layers starved, or exploded, together.
# * **"Batch normalization makes any depth trainable."** It keeps the signal level. The first layer's gradient still grew with depth.
# * **"A shortcut cannot hurt."** With He's weights alone, gradients through shortcuts exploded.
# * **"If a deep plain network fails, its gradients vanish."** Ours with He's rule had healthy gradients, and failed as well.
# * **"Deeper is better."** Thirty dense layers gained nothing over two; four layers of small kernels did far better than one. Measure.
#
# ## Takeaways
#
# * Thirty layers are a product of thirty factors. Keep each factor near 1, for the signal and for the gradient.
# * He's spread, $\sqrt{2/\text{fan-in}}$, goes with ReLU; Glorot's with tanh, sigmoid and linear layers.
# * A weight's gradient is the value that came in times the blame of what went out. Measure it before you train.
# * Clipping bounds exploding steps. Batch normalization resets the scale of every layer. A shortcut opens a path with factor 1.
# * Find the rate by a range test, tune it together with the batch size, let callbacks watch, change one thing at a time.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Keras's pages on initializers and on callbacks: [keras.io/api/layers/initializers](https://keras.io/api/layers/initializers/), [keras.io/api/callbacks](https://keras.io/api/callbacks/).
# * Next lesson: *Cost, deployment and applications*, where networks are made small and put to work.
# * Xavier Glorot and Yoshua Bengio, "Understanding the difficulty of training deep feedforward neural networks", *AISTATS* (2010), and Kaiming He and others, "Delving Deep into Rectifiers", *ICCV* (2015; arXiv:1502.01852): the two initializations.
# * Kaiming He and others, "Deep Residual Learning for Image Recognition", *CVPR* (2016; arXiv:1512.03385): the degradation problem, shortcuts, and the network of 1,202 layers.
# * Razvan Pascanu, Tomas Mikolov and Yoshua Bengio, "On the difficulty of training recurrent neural networks", *ICML* (2013; arXiv:1211.5063): walls in the landscape, and clipping.
