# %% [markdown]
# # Why a network must bend
#
# *125 minutes: 60 to read and run, 40 for 8 exercises, 25 for the 23 questions of the quiz. Builds on: lesson 01 (a line, its loss, gradient descent).*
#
# Lesson 01 ended in a town where no straight line is right, because its prices curve. More training would not have helped: the
# best line is still a line. This lesson adds the one small ingredient that turns lines into curves. It costs one
# line of code, and without it even a network of a hundred layers is a straight line in disguise.
#
# **After this lesson you can**
#
# * say what a neuron computes, and work one out on paper;
# * prove that stacked layers without activations are one layer;
# * write the common activations and their slopes, and say where each goes flat;
# * choose the output of a network for a price, for yes or no, and for one of many classes;
# * explain vanishing gradients and dead units, and cure a network that has them.

# %%
from courseware import open_lesson

lesson = open_lesson("02_activations")

import keras
import numpy as np
from keras import layers

from courseware.data import curved_houses, houses
from courseware.lessons.activations import drawings as draw
from courseware.drawing import show

# %% [markdown]
# Here is such a town. On the left is the best straight line. On the right stands the same kind of fit with two
# more columns of numbers, made by `np.maximum(0, size - 0.8)`: "how much larger than 0.8 the house is, and 0 if it is smaller".


# %%
def least_squares(columns, price):
    table = np.column_stack(columns)
    parameters, *_ = np.linalg.lstsq(table, price)
    return table @ parameters


curved_size, curved_price = curved_houses(seed=lesson.seed)
ones = np.ones_like(curved_size)
straight = least_squares([curved_size, ones], curved_price)
bends = [np.maximum(0, curved_size - 0.8), np.maximum(0, curved_size - 1.2)]
bent = least_squares([curved_size, ones, *bends], curved_price)
show(
    draw.curved_town(
        curved_size, curved_price, {"A line": straight, "A line with two hinges": bent}
    ),
    "The same rising cloud of houses twice; it curves upwards. Left: a straight line lies below "
    "the cloud at both ends and above it in the middle. Right: a line that is bent at 0.8 and at "
    "1.2 follows the cloud.",
)
loss_straight = np.mean((straight - curved_price) ** 2)
loss_bent = np.mean((bent - curved_price) ** 2)
print(f"loss of the line ≈ {loss_straight:.4f}, of the bent line ≈ {loss_bent:.4f}")

# %%
lesson.claim("two bends take away more than half of the loss", loss_bent < loss_straight / 2)

# %% [markdown]
# The straight line is too low at both ends and too high in the middle. The bent one follows the cloud: it is made of three
# straight pieces, with a hinge
# at 0.8 and another at 1.2. That `np.maximum(0, ...)` is the most used activation of all. You will meet it again under its name.
#
# ## A neuron: weigh, add, activate
#
# A **neuron**, also called a **unit**, does three things with its inputs. It multiplies each by a weight, adds the products and
# a bias, and passes the result through a function $f$:
#
# $$z = w_1 x_1 + w_2 x_2 + \dots + b \qquad \text{output} = f(z)$$
#
# The number $z$ is the **weighted sum**. The function $f$ is the **activation function**, or activation for short. It is applied to
# each unit's weighted sum, once: not to the inputs, not to the weights, not to the loss. The model of lesson 01 was one unit with
# no activation, which is to say $f(z) = z$, called the **linear** activation.
#
# Take a unit that opens the windows of a greenhouse. It sees warmth, sunshine and wind, each from 0 to 1.

# %%
warmth_sun_wind = np.array([0.8, 0.5, 0.2])
weights = np.array([2.0, 1.0, -3.0])  # wind speaks against opening
bias = -1.0

z = np.sum(weights * warmth_sun_wind) + bias
print("products:", weights * warmth_sun_wind)
print("weighted sum z =", round(z, 4))
print("open the windows:", z > 0)

# %% [markdown]
# The products 1.6, 0.5 and -0.6 add up to 1.5, and the bias takes 1 away. The sum is above zero, so the windows open.
#
# ### The threshold, and why it is only one of many
#
# "Open if $z > 0$" is an activation too: the **step function**, 1 above zero and 0 below. Look at what the bias does
# in it. The windows open when the weighted inputs exceed 1, which is $-b$. So $-b$ is a **threshold**, and a bias shifts it. The
# first artificial neurons, of 1943, worked like this, and people still say "the activation acts as a threshold".
#
# That is true of the step only. Here it stands beside two activations that networks use today; you will write both in a
# minute. The dashed line marks $-b$.

# %%
step_like = {
    "step": lambda z: (z > 0) * 1.0,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "ReLU": lambda z: np.maximum(0, z),
}

# %%
show(
    draw.thresholds(step_like, bias=-1.0),
    "Three curves over the weighted inputs, with a dashed line at -b = 1. The step jumps there "
    "from 0 to 1. The sigmoid rises smoothly from 0 to 1, and is halfway up there. ReLU is 0 to "
    "the left of it and rises as a straight line to the right.",
)

# %% [markdown]
# The step answers yes or no. The **sigmoid** answers "how much", and changes a little with every change of its input. **ReLU** is silent up to $-b$
# and from there on passes on *how far* beyond it the input is.
#
# Why did the step go out of use? Recall how a unit learns: nudge a weight, see how the loss changes, go downhill.
#
# **Before you run it, guess:** the weighted sum of a unit with a step lies a little to the left or to the right of the jump. How
# large is the slope there?

# %%
lesson.guess("slope_of_step", "0", "small, but above 0", "very large")

# %%
places = np.array([-3.0, -1.0, -0.1, 0.1, 1.0, 3.0])
nudge = 1e-4
felt = {}
for name, f in step_like.items():
    felt[name] = (f(places + nudge) - f(places - nudge)) / (2 * nudge)
    print(f"{name:8}", np.round(felt[name], 3))

# %%
lesson.claim(
    "the step has slope 0 at every one of these places",
    np.all(felt["step"] == 0),
    guess="slope_of_step",
)
lesson.claim("the sigmoid has a slope above 0 at every one of them", np.all(felt["sigmoid"] > 0))

# %% [markdown]
# Under the step the ground is level everywhere but at the jump itself. Gradient descent stands on a plateau and does not know where to
# go. An activation for training needs a slope.
#
# ### Exercise: neuron
#
# Write the whole unit: weigh, add, activate. `w` and `x` are arrays of the same length, `b` is a number, `f` is the activation.


# %%
def neuron(w, b, x, f):
    """Return the output of one unit with weights w, bias b and activation f for the inputs x."""
    ### BEGIN SOLUTION
    return f(np.sum(w * x) + b)
    ### END SOLUTION


# %%
lesson.check("neuron", neuron)
# lesson.hint("neuron")

# %% [markdown]
# ## Without a bend, depth adds nothing
#
# Units that look at the same inputs side by side form a **layer**. The outputs of one layer can be the inputs of the next. Layers
# between the
# inputs and the last layer are called **hidden layers**, and the last one is the **output layer**. All weights of a layer are
# laid out in one table, $W$, with one column for
# each unit. Then `x @ W + b` computes all weighted sums at once, just as `table @ parameters` did in lesson 01.
#
# Suppose that no unit has an activation. Surely a stack of three such layers can do more than one?
#
# Begin with one input and two layers of one unit each: $h = 2x + 1$, then $y = 3h + 4$. Put the first into the second: $y =
# 3\,(2x + 1) + 4 = 6x + 7$. That is
# again one unit, with weight 6 and bias 7. With several units per layer the weights are tables. `W1 @ W2` multiplies them: it
# tells how much each
# *input* counts for each unit of the *second* layer, added up over all ways through the first.
#
# **Before you run it, guess:** below are three layers with 2 inputs, 3 units, 2 units and 1 unit. How many numbers does one need
# to describe all that the stack can do?

# %%
lesson.guess("numbers_needed")

# %%
W1, b1 = np.array([[1, 2, -1], [0, 1, 3]]), np.array([1, 0, -2])
W2, b2 = np.array([[2, 1], [-1, 0], [1, 4]]), np.array([3, -1])
W3, b3 = np.array([[1], [-2]]), np.array([5])

x = np.array([[1, 0], [0, 1], [3, -2], [-7, 4]])  # four examples, two features each
through_three_layers = ((x @ W1 + b1) @ W2 + b2) @ W3 + b3

W = W1 @ W2 @ W3
b = (b1 @ W2 + b2) @ W3 + b3
through_one_layer = x @ W + b
print("three layers:", through_three_layers.ravel())
print("one layer:   ", through_one_layer.ravel(), " with W =", W.ravel(), "and b =", b)
in_three = sum(part.size for part in (W1, b1, W2, b2, W3, b3))
print("numbers in three layers:", in_three, " in one:", W.size + b.size)

# %%
lesson.claim(
    "the outputs are equal, exactly", np.array_equal(through_three_layers, through_one_layer)
)

# %% [markdown]
# Whatever goes in, one layer with three numbers gives exactly the same. You can see why by multiplying out, as with $6x + 7$
# above: $(x W_1 + b_1) W_2 + b_2$
# is $x (W_1 W_2) + (b_1 W_2 + b_2)$. The bracket $W_1 W_2$ is just another table, the second bracket just another bias. A fourth
# layer, or a hundredth, would be swallowed in
# the same way. Keras is no exception.

# %%
keras.utils.set_random_seed(lesson.seed)
deep_linear = keras.Sequential(
    [
        keras.Input(shape=(2,)),
        layers.Dense(16),  # (batch, 16)
        layers.Dense(16),  # (batch, 16)
        layers.Dense(1),  # (batch, 1)
    ]
)
K1, c1, K2, c2, K3, c3 = deep_linear.get_weights()
K, c = K1 @ K2 @ K3, (c1 @ K2 + c2) @ K3 + c3

points = np.random.default_rng(lesson.seed).normal(size=(1000, 2)).astype("float32")
difference = np.abs(deep_linear.predict(points, verbose=0) - (points @ K + c)).max()
print(
    "parameters in Keras:", deep_linear.count_params(), " parameters that matter:", K.size + c.size
)
print(f"largest difference over 1000 points ≈ {difference:.7f}")

# %%
lesson.claim("337 parameters in three layers do what 3 do, up to rounding", difference < 1e-4)

# %% [markdown]
# (The tiny difference is rounding: Keras keeps about seven digits. With the whole numbers above there was none.)
#
# ### Doubling is not an activation
#
# Some introductions show a unit that adds its inputs and then doubles the sum, and they call the doubling its activation. It is a
# function, so why
# not? Because doubling is **linear**: it treats a sum as the sum of its parts. For such an $f$, $f(u + v)$ always equals $f(u) +
# f(v)$. A layer with doubling is
# again a table of weights, each twice as large, and is swallowed like the others. An activation worth its name breaks this rule:

# %%
u, v = 3, -5
for name, f in {"doubling": lambda z: 2 * z, "ReLU": lambda z: np.maximum(0, z)}.items():
    print(f"{name}: f(u + v) = {f(u + v)},  f(u) + f(v) = {f(u) + f(v)}")

# %%
doubled = 2 * (2 * (x @ W1 + b1) @ W2 + b2) @ W3 + b3
lesson.claim(
    "a stack with doubling is one layer too",
    np.array_equal(doubled, x @ (4 * W) + (4 * b1 @ W2 + 2 * b2) @ W3 + b3),
)

# %% [markdown]
# Doubling gives -4 both ways. ReLU gives 0 one way and 3 the other: it is **non-linear**. Bringing in non-linearity is the role of an
# activation. See it for whole networks. Each panel shows three networks with one input and random weights:

# %%
rng = np.random.default_rng(lesson.seed)
across = np.linspace(-2, 2, 401)


def random_network(depth, f):
    h = across[:, None]
    for _ in range(depth):
        h = f(h @ rng.normal(0, np.sqrt(2 / h.shape[1]), (h.shape[1], 12)) + rng.normal(size=12))
    return (h @ rng.normal(size=12)).ravel()


linear_networks = [random_network(10, lambda z: z) for _ in range(3)]
relu_networks = [random_network(3, lambda z: np.maximum(0, z)) for _ in range(3)]

# %%
show(
    draw.stacks(across, {"10 layers, linear": linear_networks, "3 layers, ReLU": relu_networks}),
    "Left: three straight lines. Right: three curves made of short straight pieces, each with "
    "bends at places of its own.",
)
second_step = np.array(
    [np.abs(np.diff(curve, 2)).max() / np.ptp(curve) for curve in linear_networks]
)
lesson.claim("ten linear layers draw straight lines", np.all(second_step < 1e-10))

# %% [markdown]
# Ten layers without a bend: straight lines. Three layers with ReLU: curves made of straight pieces.
#
# A cook would say that a network without activations is bland. However many pots you use, the dish tastes of nothing new.
# Activations are the
# seasoning: a pinch at every unit gives the network its flavour. And like seasoning, the right amount is the point: ReLU is as
# close to a straight line as
# a function can be that still bends, and that one bend for each unit is just enough.
#
# ### Exercise: collapse
#
# Two layers without activations compute `(x @ W1 + b1) @ W2 + b2`. Return the table and the bias of the one layer that does the same.


# %%
def collapse(W1, b1, W2, b2):
    """Return W and b such that x @ W + b equals (x @ W1 + b1) @ W2 + b2 for every x."""
    ### BEGIN SOLUTION
    return W1 @ W2, b1 @ W2 + b2
    ### END SOLUTION


# %%
lesson.check("collapse", collapse)
# lesson.hint("collapse")

# %% [markdown]
# ## Five ways to bend
#
# Five activations cover nearly everything you will read. Two of them squash, three of them are hinges.
#
# * **Sigmoid**, $\frac{1}{1 + e^{-z}}$: an S that runs from 0 to 1. (`np.exp(z)` is $e^z$, with $e = 2.718\ldots$: always positive, tiny
#   for negative $z$, huge for large $z$.)
# * **Tanh**: the same S, stretched to run from -1 to 1, so that it is centred on zero.
# * **ReLU** (rectified linear unit), $\max(0, z)$: negative sums become 0, positive ones pass unchanged.
# * **Leaky ReLU**: like ReLU, but negative sums are multiplied by a small number, here 0.01, instead of being cut off.
# * **ELU** (exponential linear unit): passes positive sums, and bends negative ones smoothly towards a floor of -1 by $e^z - 1$.


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def tanh(z):
    return 2 / (1 + np.exp(-2 * z)) - 1


def relu(z):
    return np.maximum(0, z)


def leaky_relu(z):
    return np.where(z > 0, z, 0.01 * z)


def elu(z):
    return np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)


# %% [markdown]
# **Before you run it, guess:** which of these activations gives the lowest number for -2?

# %%
lesson.guess("lowest_at_minus_2", "sigmoid", "tanh", "leaky ReLU", "ELU")

# %%
functions = {"sigmoid": sigmoid, "tanh": tanh, "ReLU": relu, "leaky ReLU": leaky_relu, "ELU": elu}
for name, f in functions.items():
    print(f"{name:11}", "  ".join(f"{f(at):7.3f}" for at in np.array([-2.0, 0.0, 2.0])))

z = np.linspace(-8, 8, 1601)
sigmoid_z, tanh_z, stretched = sigmoid(z), tanh(z), 2 * sigmoid(2 * z) - 1

# %%
lesson.claim("sigmoid stays between 0 and 1", np.all((0 < sigmoid_z) & (sigmoid_z < 1)))
lesson.claim("tanh stays between -1 and 1", np.all((-1 < tanh_z) & (tanh_z < 1)))
lesson.claim("tanh is a sigmoid, stretched", np.allclose(tanh_z, stretched))
lesson.claim("NumPy has the same tanh", np.allclose(tanh_z, np.tanh(z)))

# %% [markdown]
# Tanh has the standard definition $\frac{e^z - e^{-z}}{e^z + e^{-z}}$, and the claims show that our form, a sigmoid made twice as
# steep and twice as tall and moved down by one, is the same function.
# Keras has all five. One of them comes with a trap: what Keras calls `"leaky_relu"` multiplies by 0.2, its layer `LeakyReLU` by
# 0.3, and many
# papers use 0.01. Say which you mean.


# %%
def keras_leaky(z):
    return keras.ops.leaky_relu(z, negative_slope=0.01)


keras_functions = {
    "sigmoid": keras.activations.sigmoid,
    "tanh": keras.activations.tanh,
    "ReLU": keras.activations.relu,
    "leaky ReLU": keras_leaky,
    "ELU": keras.activations.elu,
}


def by_keras(name, z):
    return keras.ops.convert_to_numpy(keras_functions[name](z.astype("float32")))


for name, f in functions.items():
    lesson.claim(f"our {name} is Keras's", np.abs(f(z) - by_keras(name, z)).max() < 1e-5)
keras_default = keras.ops.convert_to_numpy(keras.activations.leaky_relu(np.array([-1.0, 1.0])))

# %%
lesson.claim('"leaky_relu" without a number leaks 0.2', abs(keras_default[0] + 0.2) < 1e-6)

# %% [markdown]
# ### A hinge is a unit
#
# Look again at the hook of this lesson. `np.maximum(0, size - 0.8)` is the output of a ReLU unit with weight 1 and bias -0.8. The
# bent line was a
# network: two hidden ReLU units and a linear output (the size itself went to the output, too). Each unit adds one hinge, at the
# place where its weighted sum
# crosses zero, here at $-b/w = 0.8$. With enough hinges such a line can follow any curve without jumps as closely as you like.
#
# ### Exercise: knees
#
# A goal to reach. Choose **at most three** places for hinges so that the best bent line stays within **0.04** of the true curve,
# $2x^2 + 0.5$, for all
# sizes from 0.4 to 1.6. Give the places as a list. (Two will not do, wherever you put them. You can measure with the function below.)


# %%
def largest_miss(knees):
    size = np.linspace(0.4, 1.6, 241)
    truth = 2 * size**2 + 0.5
    hinges = [relu(size - knee) for knee in knees]
    return np.abs(least_squares([size, np.ones_like(size), *hinges], truth) - truth).max()


print("with hinges at 0.8 and 1.2:", round(largest_miss([0.8, 1.2]), 3))

# %%
### BEGIN SOLUTION
knees = [0.7, 1.0, 1.3]  # four pieces of equal length
### END SOLUTION

# %%
lesson.check("knees", knees)
# lesson.hint("knees")

# %% [markdown]
# ## How steep is it?
#
# An activation is judged by its values and even more by its slope, since the slope is what gradient descent feels. The five
# slopes are short:
#
# | activation | slope at $z$ | largest slope |
# |---|---|---|
# | sigmoid $s$ | $s\,(1 - s)$ | 0.25, at $z = 0$ |
# | tanh $t$ | $1 - t^2$ | 1, at $z = 0$ |
# | ReLU | 1 if $z > 0$, else 0 | 1 |
# | leaky ReLU | 1 if $z > 0$, else 0.01 | 1 |
# | ELU | 1 if $z > 0$, else $e^z$ | 1 |
#
# Sigmoid and tanh have a pleasant property: their slope follows from their own value. (Exactly at its corner ReLU has no slope. Libraries
# use 0 there, and in practice it does not matter.)

# %%
slopes = {
    "sigmoid": lambda z: sigmoid(z) * (1 - sigmoid(z)),
    "tanh": lambda z: 1 - tanh(z) ** 2,
    "ReLU": lambda z: np.where(z > 0, 1.0, 0.0),
    "leaky ReLU": lambda z: np.where(z > 0, 1.0, 0.01),
    "ELU": lambda z: np.where(z > 0, 1.0, np.exp(np.minimum(z, 0))),
}

# %%
show(
    draw.gallery(np.linspace(-5, 5, 1001), functions, slopes),
    "Five panels, each with a function as a solid line and its slope as a dashed line. Sigmoid and "
    "tanh are S-shaped; their slopes are bells that die away on both sides, and the sigmoid's bell "
    "is low. ReLU, leaky ReLU and ELU are straight with slope 1 on the right; on the left the "
    "slope is 0, hardly above 0, and falling towards 0.",
)

# %% [markdown]
# Follow the dashed lines. The bell of the sigmoid is low, and both bells are nearly zero beyond $z = \pm 5$: there the S is flat.
# The three hinges
# have slope 1 all the way to the right. They differ on the left: ReLU has nothing there, leaky ReLU a trickle, ELU something that fades.
#
# Never trust a formula for a slope before you have nudged. We nudge our functions, and Keras's too.

# %%
off_corner = z[np.abs(z) > 0.05]  # away from the corner at zero


def nudged(f, at, nudge):
    return (f(at + nudge) - f(at - nudge)) / (2 * nudge)


for name, f in functions.items():
    formula = slopes[name](off_corner)
    ours = nudged(f, off_corner, 1e-5)
    theirs = nudged(lambda at, name=name: by_keras(name, at), off_corner, 1e-2)
    lesson.claim(
        f"the slope of {name} agrees with nudging, ours and Keras's",
        np.abs(ours - formula).max() < 1e-6 and np.abs(theirs - formula).max() < 1e-3,
    )
for name, places in {"sigmoid": (0, 5, 10), "ELU": (-1, -5, -10)}.items():
    for at in places:
        print(f"slope of {name} at {at}: {slopes[name](np.array(float(at))):.6f}")

# %% [markdown]
# A unit whose activation is nearly flat where it stands is **saturated**. At $z = 5$ a sigmoid keeps under 3 % of its best slope,
# at $z = 10$ next to nothing. ELU saturates too, but
# on the left side only: its slope is about 0.007 at -5. Keep these two numbers in mind for later.
#
# ### Exercise: elu
#
# ELU has a knob: with a number $\alpha$, its floor is at $-\alpha$ instead of -1. For $z > 0$ it is $z$, otherwise $\alpha\,(e^z - 1)$.
# Return the value
# and the slope, as two values. `z` may be an array, so use `np.where` rather than `if`.


# %%
def elu_and_slope(z, alpha):
    """Return the value of ELU with the floor -alpha, and its slope, at z."""
    ### BEGIN SOLUTION
    e = np.exp(np.minimum(z, 0))  # minimum: no overflow for large z, where it is not used
    return np.where(z > 0, z, alpha * (e - 1)), np.where(z > 0, 1.0, alpha * e)
    ### END SOLUTION


# %%
lesson.check("elu", elu_and_slope)
# lesson.hint("elu")

# %% [markdown]
# ## What the output should say
#
# It is often said that activations live in hidden layers only. Output layers have them as well, but for another reason. A hidden
# activation is there to bend. An output activation is there
# to **give the answer the right form**.
#
# * **Regression** (a price, a temperature): any number may be right, so leave the output alone: **linear**, one unit.
# * **Binary classification** (yes or no: spam or not): the answer is a probability, a number from 0 to 1. **Sigmoid**, one unit,
#   read as the
#   probability of yes. At 0.5 the network is undecided.
# * **Multi-class classification** (exactly one of several: which digit?): one probability for each class, together 1. **Softmax**, one unit
#   for each class.
# * **Several yes-or-no questions at once** (which topics does a text touch? perhaps two, perhaps none): a **sigmoid** for each,
#   independently.
#
# ### Softmax
#
# Suppose that an output layer with three units has weighted sums 2, 1 and -1 for the classes cat, dog and bird. Such raw outputs are called
# scores or **logits**. They say cat, but they are no probabilities: one is negative, and they do not add up to 1. **Softmax**
# mends that in two steps.
# First, $e$ to the power of each score, which makes all of them positive and keeps their order. Then each is divided by the sum of all:
#
# $$\text{softmax}(z)_k = \frac{e^{z_k}}{e^{z_1} + e^{z_2} + \dots}$$

# %%
animals = ["cat", "dog", "bird"]
scores = np.array([2.0, 1.0, -1.0])
exponentials = np.exp(scores)
probabilities = exponentials / exponentials.sum()
show(
    draw.shares(animals, scores, exponentials, probabilities),
    "Three bar charts for cat, dog and bird. Scores: 2, 1 and -1. e to the score: 7.39, 2.72 and "
    "0.37. Share of the sum: 0.71, 0.26 and 0.04.",
)
lesson.claim("the shares add up to 1", abs(probabilities.sum() - 1) < 1e-12)
keras_shares = keras.ops.convert_to_numpy(keras.ops.softmax(scores))

# %%
lesson.claim("Keras's softmax agrees", np.allclose(probabilities, keras_shares, atol=1e-6))

# %% [markdown]
# One point more in the score makes a share $e$, about 2.7, times as large: 0.71 for the cat against 0.26 for the dog. The winner
# is emphasized, the losers keep a share: a soft version of "take
# the maximum", hence the name. Unlike the other activations it looks at all units of its layer together.
#
# **Before you run it, guess:** what happens to the three shares if every score grows by 100?

# %%
lesson.guess(
    "scores_plus_100",
    "they become nearly equal",
    "they stay the same",
    "the largest takes nearly all",
)


# %%
def softmax_naive(scores):
    return np.exp(scores) / np.exp(scores).sum()


shifted, of_two = softmax_naive(scores + 100), softmax_naive(np.array([1.5, 0.0]))
sigmoid_of_one = sigmoid(1.5)
print("all scores + 100:", np.round(shifted, 3))
print("one unit alone:  ", softmax_naive(np.array([-3.7])), softmax_naive(np.array([12.0])))
print("scores 1.5 and 0:", np.round(of_two, 3))
print("sigmoid of 1.5:  ", np.round(sigmoid_of_one, 3))

# %%
lesson.claim(
    "only differences of scores count", np.allclose(shifted, probabilities), guess="scores_plus_100"
)
lesson.claim(
    "softmax of two scores is the sigmoid of their difference",
    np.allclose(of_two[0], sigmoid_of_one),
)

# %% [markdown]
# Only differences count. Therefore a single softmax unit always answers 1, whatever it is shown: a common mistake, and a network that makes
# it cannot learn. And for two classes softmax is nothing but a sigmoid, which is why one sigmoid unit is enough there.
#
# ### Exercise: softmax
#
# Write it so that it survives large scores. `np.exp(1000)` is too large for the computer, so the naive version above breaks. But
# you have seen that only
# differences count: you may first subtract any number from all scores. Which number makes the largest one harmless?


# %%
def softmax(scores):
    """Return the shares of the scores, an array of one dimension, without overflow."""
    ### BEGIN SOLUTION
    exponentials = np.exp(scores - scores.max())  # the largest is now e to the 0, that is 1
    return exponentials / exponentials.sum()
    ### END SOLUTION


# %%
lesson.check("softmax", softmax)
# lesson.hint("softmax")

# %% [markdown]
# ### Exercise: outputs
#
# For each task give the number of output units and their activation: `"linear"`, `"sigmoid"` or `"softmax"`. Replace the dots.

# %%
outputs = {
    ### BEGIN SOLUTION
    "price of a house": (1, "linear"),
    "spam or not": (1, "sigmoid"),
    "which of the ten digits": (10, "softmax"),
    "which of five topics, any number of them": (5, "sigmoid"),
    ### STARTER
    # "price of a house": (..., ...),
    # "spam or not": (..., ...),
    # "which of the ten digits": (..., ...),
    # "which of five topics, any number of them": (..., ...),
    ### END SOLUTION
}

# %%
lesson.check("outputs", outputs)
# lesson.hint("outputs")

# %% [markdown]
# ### A loss for probabilities
#
# With probabilities comes a fitting loss, **cross-entropy**: minus the logarithm of the probability that the network gave to
# the *right* answer, averaged over the examples. For yes or no it is called **binary cross-entropy**.

# %%
for given in (0.99, 0.5, 0.01):
    print(f"the right answer was given probability {given}: loss {-np.log(given):.2f}")

# %% [markdown]
# Being sure and right costs next to nothing, being undecided 0.69, being sure and wrong a lot. Lesson 03 says more about it. Here
# it is the loss that descent
# walks down.
#
# ## A line cannot part the moons
#
# Now the test of it all. Twelve hundred points form two crescents that reach into each other. The task is binary: which moon does
# a point belong to? Half
# of the points are put aside first, so that we can judge on points that training never saw. Then both features are standardized,
# as in lesson 01, with the mean and the standard deviation of the training set.

# %%
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split

all_points, moon = make_moons(1200, noise=0.15, random_state=lesson.seed)
x_train, x_test, y_train, y_test = train_test_split(
    all_points.astype("float32"), moon, test_size=0.5, random_state=lesson.seed, stratify=moon
)
mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
x_train, x_test = (x_train - mean) / deviation, (x_test - mean) / deviation
print("training set:", x_train.shape, " test set:", x_test.shape)
print("baseline, always the same moon:", np.mean(y_test == 0))

# %% [markdown]
# The **accuracy** is the share of points that are classified correctly. There are as many points of one moon as of the other
# (`stratify` keeps it so in both sets),
# so the baseline, always giving the same answer, gets one half.
#
# How far can a straight border get? We need not train anything to know. A border is a direction and a place, so let us try them
# *all*: 361 directions, half a degree apart, and in each
# one every place that makes a difference.
#
# **Before you run it, guess:** how many percent of the training points does the best of all lines classify correctly?

# %%
lesson.guess("best_line")


# %%
def best_line(x, y):
    best = 0.0
    for angle in np.linspace(0, np.pi, 361):
        order = np.argsort(x @ np.array([np.cos(angle), np.sin(angle)]))
        # a border after the first k points: class 0 before it and class 1 behind, or the reverse
        right = np.concatenate([[0], np.cumsum(1 - 2 * y[order])]) + y.sum()
        best = max(best, right.max() / len(y), 1 - right.min() / len(y))
    return best


best_of_all_lines = best_line(x_train, y_train)
print(f"the best of all lines gets ≈ {best_of_all_lines:.3f} of the training points right")

# %%
lesson.claim("it beats the baseline by far", best_of_all_lines > 0.8)
lesson.claim("but no line gets 93 %", best_of_all_lines < 0.93, guess="best_line")

# %% [markdown]
# More than the baseline, and never enough. This is a limit of lines, not of training. No learning rate, no number of epochs, no
# loss can lift it.
#
# ### One unit, from scratch and in Keras
#
# A single sigmoid unit is a line as a classifier: its **decision border**, where it answers 0.5, lies where the weighted sum is
# zero, and that is a straight line. To train it by hand
# we need the slopes of the cross-entropy. They come out even simpler than in lesson 01: with $p$ for the probability and $y$ for the label,
# each weight has the slope "mean of $(p - y) \cdot x$", and the bias "mean of $(p - y)$". (The steep logarithm and the flat
# sigmoid cancel: that is why they are
# used together.)

# %%
w, b = np.zeros(2), 0.0


def cross_entropy(w, b):
    p = sigmoid(x_train @ w + b)
    return -np.mean(np.where(y_train == 1, np.log(p), np.log(1 - p)))


start_slope = nudged(lambda bias: cross_entropy(w + 1, bias), 0.3, 1e-5)
by_formula = np.mean(sigmoid(x_train @ (w + 1) + 0.3) - y_train)
for _ in range(200):
    p = sigmoid(x_train @ w + b)
    w, b = w - 0.5 * x_train.T @ (p - y_train) / len(y_train), b - 0.5 * np.mean(p - y_train)
accuracy_by_hand = np.mean((x_test @ w + b > 0) == y_test)
print(f"by hand: w ≈ {w[0]:.4f} and ≈ {w[1]:.4f}, b ≈ {b:.4f}")
print(f"test accuracy ≈ {accuracy_by_hand:.3f}")

# %%
lesson.claim("nudging confirms the slope", abs(start_slope - by_formula) < 1e-6)
lesson.claim(
    "a single unit beats the baseline, and stays below 95 %", 0.7 < accuracy_by_hand < 0.95
)

# %% [markdown]
# The same unit in Keras. This is the model of the lesson: a classifier with the activation as a parameter, and with `n_hidden=0`
# nothing but the one output unit.

# %%
### SOURCE courseware.lessons.activations.models.build_classifier

# %%
model = build_classifier(n_hidden=0, learning_rate=0.5)
model.set_weights([np.zeros((2, 1)), np.zeros(1)])
# all training points at each step; 200 copies in one epoch, which spares Keras 199 starts
copies, labels = np.tile(x_train, (200, 1)), np.tile(y_train, 200)
model.fit(copies, labels, batch_size=len(x_train), epochs=1, shuffle=False, verbose=0)
keras_w, keras_b = model.get_weights()
print(f"Keras: w ≈ {keras_w[0, 0]:.4f} and ≈ {keras_w[1, 0]:.4f}, b ≈ {keras_b[0]:.4f}")

# %%
lesson.claim(
    "after 200 steps Keras and our own loop agree",
    np.abs(keras_w[:, 0] - w).max() < 1e-3 and abs(keras_b[0] - b) < 1e-3,
)

# %% [markdown]
# ### Now with hidden layers
#
# **Before you run it, guess:** three networks with 16 units in each layer: three hidden layers with the linear activation, one
# hidden layer with ReLU, one with tanh. Which of them separate the moons?

# %%
lesson.guess("who_separates", "only ReLU", "ReLU and tanh", "all three")


# %%
def train_classifier(activation, n_hidden=1, learning_rate=0.5, epochs=30):
    keras.utils.set_random_seed(lesson.seed)
    model = build_classifier(activation, n_hidden=n_hidden, learning_rate=learning_rate)
    live = [lesson.live()]  # shows, while you wait, how far the training is
    model.fit(x_train, y_train, batch_size=15, epochs=epochs, verbose=0, callbacks=live)
    return model, model.evaluate(x_test, y_test, verbose=0)[1]


linear_model, linear_accuracy = train_classifier("linear", n_hidden=3, learning_rate=0.1)
relu_model, relu_accuracy = train_classifier("relu")
tanh_model, tanh_accuracy = train_classifier("tanh")
print("test accuracy")
print(f"  3 linear layers ≈ {linear_accuracy:.3f}")
print(f"  1 ReLU layer    ≈ {relu_accuracy:.3f}")
print(f"  1 tanh layer    ≈ {tanh_accuracy:.3f}")

# %%
lesson.claim("three linear layers do no better than a line can", linear_accuracy < 0.93)
lesson.claim("one layer of ReLU parts the moons: over 94 %", relu_accuracy > 0.94)
lesson.claim("so does tanh", tanh_accuracy > 0.94, guess="who_separates")

# %%
fold_kernel, fold_bias = relu_model.get_weights()[:2]
answers = {
    "3 hidden layers, linear": lambda at: linear_model.predict(at, verbose=0),
    "1 hidden layer, tanh": lambda at: tanh_model.predict(at, verbose=0),
    "1 hidden layer, ReLU": lambda at: relu_model.predict(at, verbose=0),
}
from_middle = np.abs(fold_bias) / np.linalg.norm(fold_kernel, axis=0)  # of each of 16 folds
print(f"distance of the folds from the point (0, 0), median ≈ {np.median(from_middle):.2f}")

# %%
show(
    draw.parted(x_test, y_test, answers, folds=(fold_kernel, fold_bias)),
    "Three maps with the two crescents. With linear layers the border is a straight line that cuts "
    "off the tip of each crescent. With tanh it is a smooth S between them, with ReLU an S made of "
    "straight pieces. In the ReLU map, dashed lines mark where each hidden unit folds.",
)
lesson.claim("half of the folds lie further than 0.2 from it", np.median(from_middle) > 0.2)

# %% [markdown]
# Over 600 parameters with linear layers draw one straight border. 65 parameters that bend draw an S between the moons. The dashed
# lines on the right are the hinges, one for each hidden unit: there its weighted sum is zero. Between the folds everything is
# straight; at each fold the border may turn.
#
# A new unit has bias 0, so before training its hinge runs through the point (0, 0): the middle of the data, since we standardized.
# Training has moved them, half of them by at least the distance that is printed above. (A *median* is a middle value: half of the
# values lie above it, and half below.)
#
# There is no magic in `predict`. Two lines of NumPy with the trained weights give the same answers:

# %%
kernel_1, bias_1, kernel_2, bias_2 = relu_model.get_weights()
hidden = relu(x_test @ kernel_1 + bias_1)  # (600, 16)
by_hand = sigmoid(hidden @ kernel_2 + bias_2)  # (600, 1)
by_model = relu_model.predict(x_test, verbose=0)
print("parameters, linear:", linear_model.count_params(), " ReLU:", relu_model.count_params())

# %%
lesson.claim("our forward pass and Keras agree", np.abs(by_hand - by_model).max() < 1e-4)

# %% [markdown]
# ## What is left of a gradient
#
# Why not use sigmoids everywhere? They bend too. The trouble begins when layers are stacked. Imagine gears in a row. If turning
# the first by one turns the second by a half, and
# turning the second by one turns the third by a half, then the first moves the third by a quarter: **rates along a chain are multiplied**.
#
# In a chain of units, each link contributes its weight times the slope of its activation. For a sigmoid that slope is at most
# 0.25. If the weights are at most 1
# in size, then after $n$ sigmoids at most $0.25^n$ of the gradient is left.
#
# **Before you run it, guess:** how much is left after ten sigmoids, at the very best?

# %%
lesson.guess("ten_sigmoids", "about a tenth", "about a thousandth", "about a millionth")

# %%
rng = np.random.default_rng(lesson.seed)
chain_w = rng.uniform(-1, 1, (2000, 20))  # 2000 chains of 20 units
chain_b = rng.uniform(-2, 2, (2000, 20))


def chain_output(start, n):
    h = start
    for i in range(n):
        h = sigmoid(chain_w[:, i] * h + chain_b[:, i])
    return h


links = []
h = np.full(2000, 0.5)
for i in range(20):
    h = sigmoid(chain_w[:, i] * h + chain_b[:, i])
    links.append(chain_w[:, i] * h * (1 - h))  # weight times slope
left = np.abs(np.cumprod(links, axis=0)).T  # (2000, 20): after 1, 2, ... 20 sigmoids
print(f"0.25 to the power 10: {0.25**10:.10f}")
by_nudging = np.abs(nudged(lambda at: chain_output(at, 3), 0.5, 1e-4))

# %%
show(
    draw.chains(left),
    "On a logarithmic scale a straight red line falls from one quarter to below a millionth of a "
    "millionth over 20 sigmoids. All the blue lines of random chains lie below it and fall faster.",
)
lesson.claim(
    "all 2000 chains stay below 0.25 to the n",
    np.all(left <= 0.25 ** np.arange(1, 21)),
    guess="ten_sigmoids",
)
lesson.claim(
    "nudging the input confirms the product",
    np.abs(by_nudging - left[:, 2]).max() < 1e-8,
)

# %% [markdown]
# About a millionth after ten, and that is the *best* case: real chains lie far below the red line, because their weights are
# smaller than 1 and their units
# not all at the steepest point. This is the **vanishing gradient**: the first layers of a deep sigmoid network hardly feel the
# loss, so they hardly learn. (In a wide layer many chains
# add up, and weights above 1 can make up for some of it. The pull is the same.)
#
# ReLU has slope 1 on its active side. Along a chain of active units nothing is lost to the activation. So the same deep network,
# six hidden layers of
# 16 units, ought to learn with ReLU and fail with sigmoid.

# %%
deep_sigmoid, deep_sigmoid_accuracy = train_classifier("sigmoid", 6, learning_rate=0.1, epochs=20)
deep_relu, deep_relu_accuracy = train_classifier("relu", 6, learning_rate=0.1, epochs=20)
print(f"six hidden layers: sigmoid ≈ {deep_sigmoid_accuracy:.3f}, ReLU ≈ {deep_relu_accuracy:.3f}")

# %%
lesson.claim("the deep sigmoid network stays near the baseline", deep_sigmoid_accuracy < 0.65)
lesson.claim("the deep ReLU network parts the moons", deep_relu_accuracy > 0.93)

# %% [markdown]
# Same size, same data, same steps, only another activation. Is the vanishing gradient really to blame? Then the layers near the
# inputs should hardly
# have moved. The same seed gives the same starting weights again, so we can compare.


# %%
def moved(model, activation):
    keras.utils.set_random_seed(lesson.seed)
    start = build_classifier(activation, n_hidden=6, learning_rate=0.1).get_weights()[::2]
    return [
        np.abs(now - then).mean() for now, then in zip(model.get_weights()[::2], start, strict=True)
    ]


moved_sigmoid, moved_relu = moved(deep_sigmoid, "sigmoid"), moved(deep_relu, "relu")

# %%
show(
    draw.moves({"sigmoid": moved_sigmoid, "ReLU": moved_relu}),
    "Mean change of a weight for each of seven layers, on a logarithmic scale. The ReLU network "
    "moved much in all layers. The sigmoid network moved least in the layers near the inputs, more "
    "towards the output, and in all layers less than ReLU.",
)
lesson.claim(
    "the first ReLU layer moved over 20 times as far as the first sigmoid layer",
    moved_relu[0] > 20 * moved_sigmoid[0],
)
lesson.claim(
    "in the sigmoid network the output layer moved over 4 times as far as the first",
    moved_sigmoid[-1] > 4 * moved_sigmoid[0],
)

# %% [markdown]
# So it is. The early layers of the sigmoid network have stayed where chance put them, and what comes after them has little to
# work with. This does not say what sigmoid networks *can*
# represent, since they bend too. It says what plain descent finds in this time.
#
# ReLU eases the problem. It does not abolish it, although one often reads so. The weights are still multiplied along the chain,
# and a unit that is off
# has slope 0 and cuts its chain. Here are the same 2000 chains with the same weights and biases, only with ReLU.
#
# **Before you run it, guess:** in how many of the 2000 chains does anything get through all 20 units?

# %%
lesson.guess("through_20_relus", "in fewer than 20", "in about 200", "in about 1000")

# %%
print("20 ReLUs, all on, weights 1:  ", 1.0**20)
print(f"20 ReLUs, all on, weights 0.5: {0.5**20:.10f}")

links, h = [], np.full(2000, 0.5)
for i in range(20):
    z = chain_w[:, i] * h + chain_b[:, i]
    links.append(chain_w[:, i] * (z > 0))  # weight times slope, which is 1 or 0
    h = relu(z)
left_relu = np.abs(np.cumprod(links, axis=0)).T
on = left_relu[:, 3] > 0  # all of the first four units are on
typical_relu, typical_sigmoid = np.median(left_relu[on, 3]), np.median(left[on, 3])
through = np.mean(left_relu[:, 19] > 0)
print(f"after four units, all on: ReLU ≈ {typical_relu:.5f}, sigmoid ≈ {typical_sigmoid:.5f}")
print(f"share of chains that get through all 20 ReLUs ≈ {through:.4f}")

# %%
lesson.claim(
    "an unbroken ReLU chain keeps over 50 times as much as the sigmoids do",
    typical_relu > 50 * typical_sigmoid,
)
lesson.claim(
    "but hardly any chain of 20 ReLUs is unbroken", through < 0.01, guess="through_20_relus"
)

# %% [markdown]
# An unbroken chain loses to its weights only. But each unit is off about half of the time, so nearly every long chain is cut
# somewhere. And with weights of a half even 20 active
# ReLUs leave only a millionth. That is why a layer needs many units, so that some path is open for each example, and weights of a
# good size. Lesson 11
# comes back to how such weights are chosen.
#
# ### Exercise: depth
#
# Predict a number. With weights of at most 1 in size, how many sigmoids in a row are enough to be *certain* that less than one
# part in a **thousand** of the gradient is
# left? Give the smallest such number.

# %%
### BEGIN SOLUTION
depth = 5  # 0.25**4 is 0.0039, 0.25**5 is 0.00098
### END SOLUTION

# %%
lesson.check("depth", depth)
# lesson.hint("depth")

# %% [markdown]
# ## Units that die
#
# ReLU has a weakness of its own. Suppose that a unit's weighted sum is negative for *every* example. Its output is always 0, its
# slope is always 0, so its gradient is
# exactly 0, and so it never changes again. The unit is **dead**, and the trouble is known as **dying ReLU**.
#
# It can happen in one careless moment. Take the straight town of lesson 01 and one ReLU unit that predicts its prices. The prices
# are all positive, so ReLU does no
# harm here. But the learning rate is too large:

# %%
size, price = houses(seed=lesson.seed)
w, b = 1.0, 0.0
alive = []
for step in range(5):
    z = w * size + b
    alive.append(int(np.sum(z > 0)))
    slope = 2 * (relu(z) - price) * (z > 0)  # the error, times ReLU's slope of 1 or 0
    w, b = w - 2.0 * np.mean(slope * size), b - 2.0 * np.mean(slope)
print("houses for which the unit is on, before each of five steps:", alive)

# %%
lesson.claim("after two steps the unit is off for all houses, for ever", alive[2:] == [0, 0, 0])

# %% [markdown]
# The first step overshot, the second threw the unit far back below zero, and there it stays. In lesson 01 such a rate made the
# loss explode. Here nothing
# explodes: the loss just stops changing, which is harder to notice.
#
# Now we kill units on purpose and see which of them come back. Each starts with weight 1 and a bias of -10, so that all weighted
# sums are near -9. The rate is a good one.
# One more ELU starts less deep, with a bias of -3.
#
# **Before you run it, guess:** the slopes at -9 are 0 for ReLU, 0.01 for leaky ReLU and 0.0001 for ELU. Which of the three that
# start there are back within 1500 steps?

# %%
lesson.guess("back_to_life", "none", "leaky ReLU only", "leaky ReLU and ELU", "all three")


# %%
def train_unit(name, bias, steps=1500, rate=0.1):
    f, slope_of = functions[name], slopes[name]
    w, b, trace = 1.0, bias, []
    for _ in range(steps):
        z = w * size + b
        trace.append(z.mean())
        slope = 2 * (f(z) - price) * slope_of(z)
        w, b = w - rate * np.mean(slope * size), b - rate * np.mean(slope)
    return w, b, np.mean((f(w * size + b) - price) ** 2), trace


starts = [("ReLU", -10.0), ("leaky ReLU", -10.0), ("ELU", -10.0), ("ELU", -3.0)]
units = {f"{name}, bias {bias:.0f}": train_unit(name, bias) for name, bias in starts}

# %%
line_loss = np.mean((least_squares([size, np.ones_like(size)], price) - price) ** 2)
baseline_loss = np.mean((price.mean() - price) ** 2)
losses = {name: unit[2] for name, unit in units.items()}
for name, loss in losses.items():
    print(f"{name:20} loss ≈ {loss:.3f}")
print(f"best line ≈ {line_loss:.3f}, average price ≈ {baseline_loss:.3f}")

# %%
show(
    draw.revivals({name: unit[-1] for name, unit in units.items()}),
    "Mean weighted sum against training step. ReLU: a level line near -9. Leaky ReLU: rises "
    "steadily from -9, crosses zero after some hundred steps and jumps to its final place. ELU "
    "from -9: hardly rises. ELU from a bias of -3: is up within a few steps.",
)
lesson.claim("the ReLU unit has not moved at all", units["ReLU, bias -10"][:2] == (1.0, -10.0))
lesson.claim("leaky ReLU is back", losses["leaky ReLU, bias -10"] < 1.1 * line_loss)
lesson.claim("ELU is back from -3", losses["ELU, bias -3"] < 1.1 * line_loss)
lesson.claim(
    "ELU is not back from -10", losses["ELU, bias -10"] > baseline_loss, guess="back_to_life"
)

# %% [markdown]
# ReLU did not move, not even in the last digit. Leaky ReLU crept up at its steady trickle, crossed zero, and then learned the
# line like any other. ELU came
# back at once from the shallow start. From the deep one it did not: its slope there is about a ten-thousandth, and it fades the
# deeper one goes. So leaky ReLU revives units from any depth, and ELU only those that are not
# deep in its flat part.
#
# Keras agrees. (The houses are handed over 1000 times in one epoch, 200 at a time, which makes 1000 steps with all houses.)

# %%
### SOURCE courseware.lessons.activations.models.build_unit

# %%
many_sizes, many_prices = np.tile(size, 1000)[:, None], np.tile(price, 1000)
keras_units = {}
for name in ("ReLU", "leaky ReLU"):
    unit = build_unit(keras_functions[name], weight=1.0, bias=-10.0, learning_rate=0.1)
    unit.fit(many_sizes, many_prices, batch_size=200, shuffle=False, verbose=0)
    keras_units[name] = [parameter.item() for parameter in unit.get_weights()]
own_w, own_b, *_ = train_unit("leaky ReLU", -10.0, steps=1000)
leaky_w, leaky_b = keras_units["leaky ReLU"]
print(
    f"leaky ReLU in Keras: w ≈ {leaky_w:.3f}, b ≈ {leaky_b:.3f};",
    f"by hand: w ≈ {own_w:.3f}, b ≈ {own_b:.3f}",
)

# %%
lesson.claim("in Keras, too, the ReLU unit has not moved", keras_units["ReLU"] == [1.0, -10.0])
lesson.claim(
    "and leaky ReLU ends where ours does",
    abs(leaky_w - own_w) < 0.01 and abs(leaky_b - own_b) < 0.01,
)

# %% [markdown]
# The cures, then: a smaller learning rate and a start with small biases, so that units do not die. And leaky ReLU or ELU, so that
# they can come back. A few dead units in a large
# layer do no harm; it is the layer in which most are dead that fails.
#
# ### Exercise: repair
#
# This network should part the moons, and never gets beyond the baseline. Two things are wrong with it, both from this lesson.
# Find them, and return a compiled model that
# learns. (Keras itself warns of one of them when such a model is used.)


# %%
def repaired_classifier():
    """Return a compiled classifier of the moons: two features in, a probability out."""
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input(shape=(2,)),
            layers.Dense(16, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    ### STARTER
    # model = keras.Sequential(
    #     [
    #         keras.Input(shape=(2,)),
    #         layers.Dense(
    #             16, activation="relu", bias_initializer=keras.initializers.Constant(-20.0)
    #         ),
    #         layers.Dense(1, activation="softmax"),
    #     ]
    # )
    ### END SOLUTION
    model.compile(
        optimizer=keras.optimizers.SGD(0.5), loss="binary_crossentropy", metrics=["accuracy"]
    )
    return model


# %%
lesson.check("repair", repaired_classifier)
# lesson.hint("repair")

# %% [markdown]
# ## Which one, where?
#
# For the output the task decides. For hidden layers, **ReLU is the first choice**, for three reasons, each with its limit:
#
# * **It is cheap.** One comparison, no exponential, and a slope that is 1 or 0. (In a wide layer the multiplications by the
#   weights cost far more than any activation.)
# * **It is sparse.** For a given input many units answer exactly 0. So different inputs use different parts of the network, and
#   zeros can be skipped.
# * **It mitigates vanishing gradients.** Slope 1 where it is on. It does not abolish them, and it can die.
#
# The second is easily seen in the networks that we have trained.

# %%
tanh_kernel, tanh_bias = tanh_model.get_weights()[:2]
hidden_tanh = tanh(x_test @ tanh_kernel + tanh_bias)
zeros_relu, zeros_tanh = np.mean(hidden == 0), np.mean(hidden_tanh == 0)
print(f"hidden outputs that are exactly 0: ReLU ≈ {zeros_relu:.2f}, tanh ≈ {zeros_tanh:.2f}")

# %%
lesson.claim("more than a fifth of the ReLU outputs are exactly zero", zeros_relu > 0.2)
lesson.claim("of the tanh outputs hardly any", zeros_tanh < 0.01)

# %% [markdown]
# | | values | flat where? | use it |
# |---|---|---|---|
# | ReLU | 0 and up | left, slope exactly 0 | hidden layers, first choice |
# | leaky ReLU | all | nowhere | hidden layers, if units die |
# | ELU | above -1 | far left | hidden layers, smooth, if units die |
# | tanh | -1 to 1, centred on 0 | both ends | small hidden layers, and networks with memory (lesson 05) |
# | sigmoid | 0 to 1 | both ends | output for yes or no |
# | softmax | shares that add up to 1 | | output for one of many classes |
# | linear | all | nowhere, and no bend | output for regression |
#
# ## What people get wrong
#
# * **"The activation is a threshold: a unit fires or it does not."** Only the step does that, and it has no slope to learn by.
#   Sigmoid and tanh answer by degrees, and ReLU passes on how
#   far the sum is above zero.
# * **"Activations live in hidden layers only."** Output layers have them too: sigmoid for yes or no, softmax for one of many.
#   There they give the answer its form. Even "none" is a choice: linear, for regression.
# * **"Doubling the sum is an activation."** Doubling is linear and is swallowed by the weights. A stack of such layers is one layer.
# * **"More layers make any network more powerful."** Not without a bend: three linear layers drew the same kind of line as none.
# * **"ReLU abolishes vanishing gradients."** It takes away one cause. Small weights still multiply to nothing, and a unit that is
#   off passes nothing back.
# * **"ELU never dies."** Never quite, but at -10 its slope is so small that it makes no difference.
# * **"Softmax on one output unit gives a probability."** It gives 1, always. Use a sigmoid, or two softmax units.
#
# ## Takeaways
#
# * A unit weighs, adds a bias and applies its activation to the weighted sum.
# * Without non-linear activations every network is one linear layer. Each ReLU unit adds one hinge.
# * Gradient descent feels the slope: at most 0.25 for a sigmoid, 1 for an active ReLU, 0 for a dead one. Along a chain slopes are
#   multiplied.
# * Hidden layers: ReLU first; leaky ReLU or ELU if units die. Output: linear for a number, sigmoid for yes or no, softmax for one of many.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Next lesson: *Feedforward networks, forward and backward*, where the chain of slopes becomes backpropagation.
# * Xavier Glorot, Antoine Bordes and Yoshua Bengio, "Deep Sparse Rectifier Neural Networks", *AISTATS* (2011): the case for ReLU,
#   with the argument from sparsity.
# * Djork-Arné Clevert, Thomas Unterthiner and Sepp Hochreiter, "Fast and Accurate Deep Network Learning by Exponential Linear
#   Units (ELUs)", *ICLR* (2016).
# * Ian Goodfellow, Yoshua Bengio and Aaron Courville, *Deep Learning* (MIT Press, 2016), sections 6.2 and 6.3: output and hidden
#   units. Free to read at deeplearningbook.org.
