# %% [markdown]
# # Why a network must bend
#
# *145 minutes: 75 to read and run, 40 for 8 exercises, 30 for the 27 questions of the quiz. Builds on: lesson 01 (a line, its loss, gradient descent).*
#
# Lesson 01 ended in a town whose prices curve. No straight line fits them, and more training would not have helped: the best
# line is still a line. This lesson adds the one small ingredient that turns lines into curves. It costs one word of code, and
# without it a network of a hundred layers is a straight line in disguise.
#
# **After this lesson you can**
#
# * say what a neuron computes, and work one out on paper;
# * show why stacked layers without activations are one layer;
# * build a curve by hand from a few units;
# * write the common activations and their slopes, and say where each goes flat;
# * choose the output of a network for a price, for yes or no, and for one of many classes;
# * explain vanishing gradients and dead units, and what helps against them.

# %%
from courseware import open_lesson

lesson = open_lesson("02_activations")

import keras
import numpy as np
from keras import layers

from courseware.batches import ShuffledBatches
from courseware.data import co2, houses
from courseware.drawing import show
from courseware.lessons.activations import drawings as draw

# %% [markdown]
# Real data curve, too. On a mountain in Hawaii the carbon dioxide in the air has been measured since 1958, in parts per million
# (ppm). It rises from year to year, and within each year it goes up and down. We look at the second only: how far each month lay
# above or below the average of the year around it, from 1959 to 2000.
#
# The picture below shows two fits. On the left is the best straight line, found by least squares as in lesson 01. On the right the
# fit also uses two more columns of numbers. Each is made by `np.maximum(0, month - knee)`: "how many months after the knee, and 0
# before it". (You need not follow how the cell takes the rise out.)


# %%
def least_squares(columns, y):
    """Return the best factor for each column, and the predictions that they give."""
    matrix = np.column_stack(columns)
    parameters = np.linalg.lstsq(matrix, y)[0]
    return parameters, matrix @ parameters


_, ppm = co2()  # from March 1958 on, so number 10 is January 1959
year_around = [(ppm[i - 6 : i + 6].mean() + ppm[i - 5 : i + 7].mean()) / 2 for i in range(10, 514)]
change = ppm[10:514] - np.array(year_around)  # 42 years: the rise from year to year is gone
month = np.array(42 * list(range(1, 13)))  # 1 to 12, for each year again
ones = np.ones_like(month)

_, straight = least_squares([ones, month], change)
after_may, after_october = np.maximum(0, month - 5), np.maximum(0, month - 10)
parameters, bent = least_squares([ones, month, after_may, after_october], change)

# %%
show(
    draw.seasons(month, change, {"A line": straight, "A line with two bends": bent}),
    "Twice the same grey dots, 42 for each month: they rise to May, fall to September and "
    "rise again. Left: the best straight line slopes gently down through them and follows "
    "nothing. Right: a line that bends in May and in October follows the dots.",
)
loss_straight, loss_bent = np.mean((straight - change) ** 2), np.mean((bent - change) ** 2)
print(f"loss of the line ≈ {loss_straight:.2f}, of the bent line ≈ {loss_bent:.2f}")
lesson.claim("two bends remove nine tenths of the loss", loss_bent < loss_straight / 10)

# %% [markdown]
# The bent line is made of three straight pieces. It bends at the knees, which we put in May, when the plants of the northern half
# of the world begin to take in more carbon dioxide than they give off, and in October, when that ends. The function
# $\max(0, z)$ that makes such a bend is an **activation**, today one of the most used. You will meet it again under its name.
#
# ## A neuron: weigh, add, activate
#
# A **neuron**, also called a **unit**, does three things. It multiplies each input by a weight; it adds up the products and a
# bias; and it passes the result through a function $f$:
#
# $$z = w_1 x_1 + w_2 x_2 + \dots + b \qquad \text{output} = f(z)$$
#
# The number $z$ is the **weighted sum** (also called pre-activation). The function $f$ is the **activation function**, or
# activation for short. It is applied once, to each unit's weighted sum: not to the inputs, not to the weights, not to the loss.
# The model of lesson 01 was one unit with no activation, which is to say $f(z) = z$, called the **linear** activation.
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
# The products 1.6, 0.5 and -0.6 add up to 1.5, and the bias of -1 brings that down to 0.5. It is above zero, so the windows open.
#
# ### The threshold, and why it is only one of many
#
# "Open if $z > 0$" is an activation too: the **step function**, 1 above zero and 0 below. Look at what the bias does in it. The
# windows open when the weighted inputs together exceed 1, which is $-b$. So $-b$ is a **threshold**, and a bias shifts it. The
# first artificial neurons, of 1943, worked like this, and people still say that a unit "fires or not".
#
# That is true of the step only. Here it stands beside two activations that networks use today. The dashed line marks $-b$. (In
# Python `lambda z: 2 * z` is a short way to write a function of `z` that returns `2 * z`.)

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
    "the left of it and rises as a straight line to the right, out of the picture.",
)

# %% [markdown]
# The step answers yes or no. The **sigmoid** answers "how much", and changes a little with every change of its input. **ReLU** is
# silent up to $-b$, and from there on passes on *how far* beyond it the input is.
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
measured = {}
for name, f in step_like.items():
    measured[name] = (f(places + nudge) - f(places - nudge)) / (2 * nudge)
    print(f"{name:8}", np.round(measured[name], 3))

# %%
lesson.claim(
    "the step has slope 0 at all six places", np.all(measured["step"] == 0), guess="slope_of_step"
)
lesson.claim("the sigmoid has a slope above 0 at all six", np.all(measured["sigmoid"] > 0))

# %% [markdown]
# Each row above has the slopes at six places, three on either side of the jump; compare the first row with the second. Gradient
# descent goes by the slope alone. Where it is 0, a nudge of a weight changes nothing in the output and nothing in the loss, so
# there is no downhill to go. An activation for training needs a slope.
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
# ## Layers without a bend
#
# Units that look at the same inputs side by side form a **layer**. The outputs of one layer can be the inputs of the next. All
# layers but the last are **hidden layers**, and the last is the **output layer**. The weights of a layer are laid out in one
# matrix, $W$, with a column for each unit. Then `x @ W + b` computes all weighted sums at once, just as `matrix @ parameters` did
# above.
#
# Suppose that no unit has an activation. Surely a stack of three such layers can do more than one?
#
# **Before you run it, guess:** below, 2 inputs go into a layer of 3 units, then one of 2 units and one of 1 unit. How many numbers
# are enough to describe exactly what the whole stack does to its inputs?

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
print("three layers:", through_three_layers.ravel())  # ravel: as one row
print("one layer:   ", through_one_layer.ravel(), " with W =", W.ravel(), "and b =", b)
in_three = sum(part.size for part in (W1, b1, W2, b2, W3, b3))
print("numbers in three layers:", in_three, " in one:", W.size + b.size)

# %%
lesson.claim(
    "3 numbers are enough: the outputs are equal, exactly",
    np.array_equal(through_three_layers, through_one_layer) and W.size + b.size == 3,
    guess="numbers_needed",
)

# %% [markdown]
# To see why the two printed rows agree, take one input and two layers of one unit each: $h = 2x + 1$, then $y = 3h + 4$. Put the
# first into the second: $y = 3\,(2x + 1) + 4 = 6x + 7$, again one unit. With several units the weights are matrices, and
# `W1 @ W2` multiplies them. Its first entry says how much the first input counts for the first unit of the second layer: there are
# three ways from one to the other, one through each unit of the first layer, so it is
# $1 \cdot 2 + 2 \cdot (-1) + (-1) \cdot 1 = -1$.
#
# Now multiply out as before: $(x W_1 + b_1) W_2 + b_2$ is $x (W_1 W_2) + (b_1 W_2 + b_2)$. The bracket $W_1 W_2$ is just another
# matrix, the second bracket just another bias. So two layers are one, whatever goes in. A fourth layer, or a hundredth, would be
# swallowed in the same way. Keras is no exception.

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
K1, c1, K2, c2, K3, c3 = deep_linear.get_weights()  # Keras calls a matrix of weights a kernel
K, c = K1 @ K2 @ K3, (c1 @ K2 + c2) @ K3 + c3

points = np.random.default_rng(lesson.seed).normal(size=(1000, 2)).astype("float32")
difference = np.abs(deep_linear.predict(points, verbose=0) - (points @ K + c)).max()
print("parameters in Keras:", deep_linear.count_params(), " that matter:", K.size + c.size)
print(f"largest difference over 1000 points ≈ {difference:.7f}")

# %%
lesson.claim("337 parameters in three layers do what 3 do, up to rounding", difference < 0.01)

# %% [markdown]
# (The tiny difference is rounding: Keras keeps about seven digits, and on some graphics cards three in products. With the whole
# numbers above there was none.)
#
# ### Doubling is not an activation
#
# Could a unit simply double its sum? Doubling is a function, so why should it not serve as an activation? Its curve is a straight
# line, and here is a test for that: a straight line has no bend, so **halfway between two inputs its value is halfway between
# the two values**. Try it between -5 and 3, where halfway is -1:

# %%
candidates = {
    "2z": lambda z: 2 * z,
    "3z + 1": lambda z: 3 * z + 1,
    "ReLU": lambda z: np.maximum(0, z),
}
for name, f in candidates.items():
    print(f"{name:7} value halfway: {f(-1):5}   halfway between the values: {(f(-5) + f(3)) / 2:5}")

# %%
doubled = 2 * (2 * (x @ W1 + b1) @ W2 + b2) @ W3 + b3
lesson.claim(
    "a stack with doubling is one layer too",
    np.array_equal(doubled, x @ (4 * W) + (4 * b1 @ W2 + 2 * b2) @ W3 + b3),
)

# %% [markdown]
# Doubling passes the test, between these two inputs and between any others, and so does $3z + 1$. The 2 and the 3 join the weights,
# the 1 joins the biases, and the layers collapse as before. ReLU fails: halfway its value is 0, but halfway
# between its two values lies 1.5. Such a function is **non-linear**. (Strictly, *linear* is $2z$, and $3z + 1$, with a constant
# added, is *affine*. In this field both are called linear.) To bring in non-linearity is the role of an activation.
#
# See it for whole networks. Each panel shows three networks with one input and random weights:

# %%
rng = np.random.default_rng(lesson.seed)
across = np.linspace(-2, 2, 401)


def random_network(depth, f):
    """Return the outputs of a network of random weights, with 12 units in each layer."""
    h = across[:, None]
    for _ in range(depth):
        n_inputs = h.shape[1]
        weights = rng.normal(0, np.sqrt(2 / n_inputs), (n_inputs, 12))  # this size: lesson 11
        h = f(h @ weights + rng.normal(size=12))
    return (h @ rng.normal(size=12)).ravel()


linear_networks = [random_network(10, lambda z: z) for _ in range(3)]
relu_networks = [random_network(3, lambda z: np.maximum(0, z)) for _ in range(3)]

# %%
show(
    draw.stacks(across, {"10 layers, linear": linear_networks, "3 layers, ReLU": relu_networks}),
    "Left: three straight lines. Right: three curves made of short straight pieces, each with "
    "bends at places of its own.",
)
second_step = [np.abs(np.diff(curve, 2)).max() / np.ptp(curve) for curve in linear_networks]
lesson.claim("ten linear layers draw straight lines", max(second_step) < 1e-10)

# %% [markdown]
# Ten layers without a bend: straight lines. Three layers with ReLU: curves made of straight pieces.
#
# You may also hear that a network without activations is *bland*, and that activations add *the right amount of flavour*. Bland
# means linear, a weighted sum of the inputs plus a constant, however many layers there are. The flavour is non-linearity, and a
# little is enough: many units with a single bend each add up to a curve. The section after next draws how.
#
# ### Exercise: collapse
#
# Two layers without activations compute `(x @ W1 + b1) @ W2 + b2`. Return the matrix and the bias of the one layer that does the
# same.


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
# ## Seven ways to bend
#
# Seven activations cover nearly all that you will read in code of today. Two are S-shaped, two bend sharply at 0, and three bend
# there in a curve.
#
# * **Sigmoid** (also: logistic function), $\frac{1}{1 + e^{-z}}$: an S that runs from 0 to 1. (`np.exp(z)` is $e^z$, with
#   $e = 2.718\ldots$: always positive, tiny for negative $z$, huge for large $z$.)
# * **Tanh** (hyperbolic tangent): the same S, stretched to run from -1 to 1, and centred on zero.
# * **ReLU** (rectified linear unit), $\max(0, z)$: negative sums become 0, positive ones pass unchanged.
# * **Leaky ReLU**: like ReLU, but negative sums are multiplied by a small number, here 0.01, instead of being cut off.
# * **ELU** (exponential linear unit): passes positive sums, and bends negative ones smoothly towards a floor of -1 by $e^z - 1$.
# * **SiLU** (sigmoid linear unit; also: swish), $z \cdot \text{sigmoid}(z)$: the sum times a factor that rises from 0 to 1.
# * **GELU** (Gaussian error linear unit), $z \cdot \Phi(z)$: the same with another factor. $\Phi(z)$ is the probability that a
# random number from the bell curve (mean 0, standard deviation 1) is below $z$. SciPy calls it `ndtr`.


# %%
from scipy.special import ndtr


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def tanh(z):
    return 2 / (1 + np.exp(-2 * z)) - 1


def relu(z):
    return np.maximum(0, z)


def leaky_relu(z):
    return np.where(z > 0, z, 0.01 * z)


def elu(z):
    return np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)  # minimum: no huge numbers on the way


def silu(z):
    return z * sigmoid(z)


def gelu(z):
    return z * ndtr(z)


# %% [markdown]
# **Before you run it, guess:** which of these activations gives the lowest number for -2?

# %%
lesson.guess("lowest_at_minus_2", "sigmoid", "tanh", "leaky ReLU", "ELU", "SiLU")

# %%
functions = {
    "sigmoid": sigmoid,
    "tanh": tanh,
    "ReLU": relu,
    "leaky ReLU": leaky_relu,
    "ELU": elu,
    "SiLU": silu,
    "GELU": gelu,
}
for name, f in functions.items():
    print(f"{name:11}", "  ".join(f"{f(at):7.3f}" for at in np.array([-2.0, 0.0, 2.0])))

z = np.linspace(-8, 8, 1601)
values = {name: f(z) for name, f in functions.items()}
at_minus_2 = {name: f(np.array(-2.0)) for name, f in functions.items()}
stretched = 2 * sigmoid(2 * z) - 1

# %%
show(
    draw.gallery(np.linspace(-5, 5, 1001), functions),
    "Seven curves. Sigmoid and tanh are S-shaped. ReLU, leaky ReLU and ELU rise as a straight "
    "line on the right; on the left ReLU is 0, leaky ReLU hardly below it, and ELU falls to -1. "
    "SiLU and GELU look like ReLU with a rounded bend that dips below zero.",
)
lowest = min(at_minus_2, key=at_minus_2.get)
lesson.claim("tanh gives the lowest for -2", lowest == "tanh", guess="lowest_at_minus_2")
lesson.claim(
    "sigmoid stays between 0 and 1", np.all((0 < values["sigmoid"]) & (values["sigmoid"] < 1))
)
lesson.claim("tanh stays between -1 and 1", np.all(np.abs(values["tanh"]) < 1))
lesson.claim("tanh is a sigmoid, stretched", np.allclose(values["tanh"], stretched))
lesson.claim("NumPy has the same tanh", np.allclose(values["tanh"], np.tanh(z)))

# %% [markdown]
# Compare tanh and ELU in the first column. Both have their floor at -1, but ELU comes down to it more slowly. (The standard
# definition of tanh is $\frac{e^z - e^{-z}}{e^z + e^{-z}}$. Our form, a sigmoid made twice as steep and twice as tall and moved
# down by one, is the same function, as the claims say.)
#
# Keras has all seven. One comes with a trap: what Keras calls `"leaky_relu"` multiplies by 0.2, its layer `LeakyReLU` by 0.3, and
# many papers use 0.01. Say which you mean.


# %%
def keras_leaky(z):
    return keras.ops.leaky_relu(z, negative_slope=0.01)


keras_functions = {
    "sigmoid": keras.activations.sigmoid,
    "tanh": keras.activations.tanh,
    "ReLU": keras.activations.relu,
    "leaky ReLU": keras_leaky,
    "ELU": keras.activations.elu,
    "SiLU": keras.activations.silu,
    "GELU": keras.activations.gelu,
}


def by_keras(name, z):
    return keras.ops.convert_to_numpy(keras_functions[name](z.astype("float32")))


gaps = [np.abs(values[name] - by_keras(name, z)).max() for name in functions]
lesson.claim("ours are Keras's, all seven", max(gaps) < 1e-5)
minus_one = np.array([-1.0], dtype="float32")
by_name = keras.ops.convert_to_numpy(keras.activations.leaky_relu(minus_one))
by_layer = keras.ops.convert_to_numpy(layers.LeakyReLU()(minus_one))

# %%
lesson.claim('"leaky_relu" without a number leaks 0.2', abs(by_name[0] + 0.2) < 1e-6)
lesson.claim("the layer LeakyReLU leaks 0.3", abs(by_layer[0] + 0.3) < 1e-6)

# %% [markdown]
# ## Adding units up
#
# Look again at the bent line of carbon dioxide. `np.maximum(0, month - 5)` is the output of a ReLU unit with weight 1 and bias -5.
# The month itself can be written as one, too: `np.maximum(0, month - 0)`, a unit that is on all year. So the bent line is a
# **network**: one input, a hidden layer of three ReLU units, and a linear output, which multiplies the three outputs by weights of
# its own and adds them and a bias. We draw the three products one by one, and then their sum.

# %%
hidden_biases = np.array([0.0, -5.0, -10.0])  # the knees, with the opposite sign
output_bias, output_weights = parameters[0], parameters[1:]
year = np.linspace(1, 12, 221)
hidden_units = relu(year[:, None] + hidden_biases)  # (221, 3)
weighted = hidden_units * output_weights  # (221, 3): each unit times its output weight
total = weighted.sum(axis=1) + output_bias
for bias, weight in zip(hidden_biases, output_weights, strict=True):
    print(f"knee at month {abs(bias):2.0f}, output weight ≈ {weight:.2f}")

# %%
show(
    draw.added_up(year, weighted.T, output_bias, total, month, change),
    "Four panels. First unit: a line that rises all year. Second: flat until May, then "
    "steeply down. Third: flat until October, then steeply up. The sum with the bias: up to "
    "May, down to October, up again, through the grey dots of the measurements.",
)
lesson.claim("the network's sum is the bent line", np.allclose(total[::20], bent[:12]))
lesson.claim(
    "each knee turns the direction: up, down, up",
    output_weights[0] > 0 > sum(output_weights[:2]) and sum(output_weights) > 0,
)

# %% [markdown]
# Start with the two panels above. The first unit alone would rise all year. In May the second sets in, falls more steeply than the
# first rises, and turns the sum downwards. In October the third (below left) turns it up again; mind the larger scale of the sum.
# **Each ReLU unit adds one knee**, the place where its weighted sum is zero, at $-b/w$. (You will also read kink or hinge.) The
# slope of the sum changes there by the output weight times the size of $w$, which is 1 here. We chose the knees, and least squares
# found the output weights. Training a network finds both.
#
# **Before you run it, guess:** a tower is flat, rises in a straight line, is flat, falls, and is flat again. How many ReLU units draw it?

# %%
lesson.guess("tower", "2", "4", "5")

# %% [markdown]
# Try it. The round handle of a hinge moves its knee, the square one its weight. Follow the months by hand first, then build the tower.

# %%
lesson.explore("hinges")

# %%
tower_knees, tower_weights = np.array([3, 5, 8, 10]), np.array([1.5, -1.5, -1.5, 1.5])
tower = np.maximum(0, year[:, None] - tower_knees) @ tower_weights
lesson.claim(
    "four units draw a tower: 0 outside, 3 between the middle knees",
    np.allclose(tower[(year < 3) | (year > 10)], 0)
    and np.allclose(tower[(year > 5) & (year < 8)], 3),
    guess="tower",
)

# %% [markdown]
# One unit for each corner; the fifth piece needs none. With more units the pieces become shorter, and the sum can follow a curve as closely as you like. This is called **universal
# approximation**, and it has two limits. It holds for curves without jumps, on a range that has two ends and includes them. And it says that fitting weights
# exist, not that training finds them, nor that the units needed are few.
#
# **Before you run it, guess:** month 21 is September of the next year. Septembers lie about 3 ppm below the average. What does our
# network say for month 21?

# %%
lesson.guess("beyond_december", "about 3 ppm below", "close to the average", "far above it")

# %%
september = change[month == 9].mean()
at_21 = relu(21.0 + hidden_biases) @ output_weights + output_bias
print(f"September, measured: ≈ {september:.2f} ppm; month 21, by the network: ≈ {at_21:.2f} ppm")

# %%
lesson.claim(
    "the network is more than 10 ppm too high",
    at_21 > september + 10,
    guess="beyond_december",
)

# %% [markdown]
# To the right of its last knee a sum of ReLU units runs straight on, forever. It has seen no month after the twelfth, and nothing
# told it that the year starts anew. Beyond the data nothing is promised.
#
# ### Exercise: knees
#
# A goal to reach. The town at the end of lesson 01 had prices along the curve $2x^2 + 0.5$, with $x$ for the size. Choose **at most
# three** places for knees, such that the bent line found by least squares stays within **0.035** of this curve for all sizes from
# 0.4 to 1.6. Give the places as a list. (Two are not enough, wherever you put them. You can measure with the function below.)


# %%
def largest_miss(knees):
    size = np.linspace(0.4, 1.6, 241)
    truth = 2 * size**2 + 0.5
    units = [relu(size - knee) for knee in knees]
    _, fitted = least_squares([np.ones_like(size), size, *units], truth)
    return np.abs(fitted - truth).max()


print("with knees at 0.8 and 1.2:", round(largest_miss([0.8, 1.2]), 3))

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
# Gradient descent feels an activation through its slope. The seven slopes are short:
#
# | activation | slope at $z$ | largest slope |
# |---|---|---|
# | sigmoid $s$ | $s\,(1 - s)$ | 0.25, at $z = 0$ |
# | tanh $t$ | $1 - t^2$ | 1, at $z = 0$ |
# | ReLU | 1 if $z > 0$, else 0 | 1 |
# | leaky ReLU | 1 if $z > 0$, else 0.01 | 1 |
# | ELU | 1 if $z > 0$, else $e^z$ | 1 |
# | SiLU | $s + z\,s\,(1 - s)$, with the sigmoid $s$ | 1.10, near $z = 2.4$ |
# | GELU | $\Phi(z) + z\,\varphi(z)$, with the bell curve $\varphi(z) = e^{-z^2/2} / \sqrt{2\pi}$ | 1.13, near $z = 1.4$ |
#
# Sigmoid and tanh have a pleasant property: their slope follows from their own value. (Exactly at 0 ReLU has no slope.
# Libraries use 0 there, and in practice it does not matter.)


# %%
def bell(z):
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


slopes = {
    "sigmoid": lambda z: sigmoid(z) * (1 - sigmoid(z)),
    "tanh": lambda z: 1 - tanh(z) ** 2,
    "ReLU": lambda z: np.where(z > 0, 1.0, 0.0),
    "leaky ReLU": lambda z: np.where(z > 0, 1.0, 0.01),
    "ELU": lambda z: np.where(z > 0, 1.0, np.exp(np.minimum(z, 0))),
    "SiLU": lambda z: sigmoid(z) + z * sigmoid(z) * (1 - sigmoid(z)),
    "GELU": lambda z: ndtr(z) + z * bell(z),
}

# %%
show(
    draw.gallery(np.linspace(-5, 5, 1001), functions, slopes),
    "Seven panels, each with a function as a solid line and its slope as a dashed line. "
    "Sigmoid and tanh are S-shaped; their slopes are bells that die away on both sides, and "
    "the sigmoid's bell is low. ReLU, leaky ReLU and ELU are straight with slope 1 on the "
    "right; on the left the slope is 0, hardly above 0, and falling towards 0. SiLU and GELU "
    "look like ReLU with a rounded bend that dips below zero; their slope goes a little "
    "above 1 on the right and below 0 on the left.",
)
in_table = np.array([0.25, 1, 1, 1, 1, 1.10, 1.13])
steepest = np.array([slope(z).max() for slope in slopes.values()])
places = {name: z[slope(z).argmax()] for name, slope in slopes.items()}
lesson.claim("the largest slopes are those of the table", np.abs(steepest - in_table).max() < 0.005)
lesson.claim(
    "and where it gives a place, they are there",
    max(abs(places["sigmoid"]), abs(places["tanh"])) < 0.01
    and max(abs(places["SiLU"] - 2.4), abs(places["GELU"] - 1.4)) < 0.05,
)

# %% [markdown]
# Follow the dashed lines. The sigmoid's bell is low, and both bells are nearly zero beyond $z = \pm 5$: there the S is flat. ReLU,
# leaky ReLU and ELU have slope 1 on the right. On the left ReLU's slope is zero, leaky ReLU's is small but constant (too small to
# see in the picture), and ELU's fades away. SiLU and GELU fade away on the left as well, and their slope is slightly negative
# there: left of about -1.3 and -0.75 they run downhill.
#
# Never trust a formula for a slope that you have not checked with numbers. Let us nudge ours, and Keras's.

# %%
off_zero = z[np.abs(z) > 0.05]  # at 0 itself ReLU has no slope


def nudged(f, at, nudge):
    return (f(at + nudge) - f(at - nudge)) / (2 * nudge)


gaps_ours, gaps_keras = [], []
for name, f in functions.items():
    formula = slopes[name](off_zero)
    ours = nudged(f, off_zero, 1e-5)
    theirs = (by_keras(name, off_zero + 0.01) - by_keras(name, off_zero - 0.01)) / 0.02
    gaps_ours.append(np.abs(ours - formula).max())
    gaps_keras.append(np.abs(theirs - formula).max())
lesson.claim("nudging our functions confirms all seven slopes", max(gaps_ours) < 1e-6)
lesson.claim("so does nudging Keras's", max(gaps_keras) < 1e-3)
for name, at_these in {"sigmoid": (0, 5, 10), "ELU": (-1, -5, -10)}.items():
    for at in at_these:
        print(f"slope of {name} at {at}: {slopes[name](np.array(float(at))):.6f}")

# %% [markdown]
# A unit whose activation is nearly flat where it stands is **saturated**. At $z = 5$ a sigmoid keeps under 3 % of its best slope,
# at $z = 10$ next to nothing. ELU saturates too, but on the left side only: its slope is about 0.007 at -5.
#
# ### Exercise: elu
#
# ELU has a knob: with a number $\alpha$, its floor is at $-\alpha$ instead of -1. For $z > 0$ it is $z$, otherwise
# $\alpha\,(e^z - 1)$, so $\alpha$ multiplies the slope on that side, too. Return the value and the slope, as two values. `z` may
# be an array, so use `np.where` rather than `if`.


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
# *A good place for a break. What comes next: the output of a network; then networks in training.*
#
# ## What the output should say
#
# Output layers have activations as well, for another reason. A hidden activation is there to bend. An output activation is there
# to **give the answer the right form**.
#
# * **Regression** (a price, a temperature): any number may be right, so leave the output alone: **linear**, one unit.
# * **Binary classification** (yes or no: spam or not): the answer is a probability, a number from 0 to 1. **Sigmoid**, one unit,
#   read as the probability of yes. At 0.5 the network is undecided.
# * **Multi-class classification** (exactly one of several: which digit?): one probability for each class, together 1. **Softmax**,
#   one unit for each class.
# * **Several yes-or-no questions at once** (which topics does a text touch? perhaps two, perhaps none; also called multi-label
#   classification): a **sigmoid** for each, independently.
#
# ### Softmax
#
# You used softmax in lesson 00; here is more of what it does. Suppose that an output layer with three units has the weighted sums
# 1.5, 0.5 and -1 for the classes cat, dog and bird. Such raw outputs are called scores or **logits**. They say cat, but they are not
# probabilities: one is negative, and they do not add up to 1. **Softmax** mends that in two steps. First, $e$ to the power of each
# score, which makes all of them positive and keeps their order. Then each is divided by the sum of all:
#
# $$\text{softmax}(z)_k = \frac{e^{z_k}}{e^{z_1} + e^{z_2} + \dots}$$

# %%
animals = ["cat", "dog", "bird"]
scores = np.array([1.5, 0.5, -1.0])
exponentials = np.exp(scores)
probabilities = exponentials / exponentials.sum()
keras_probabilities = keras.ops.convert_to_numpy(keras.ops.softmax(scores))

# %%
show(
    draw.softmax_steps(animals, scores, exponentials, probabilities),
    "Three bar charts for cat, dog and bird. Scores: 1.5, 0.5 and -1. e to the score: 4.48, "
    "1.65 and 0.37. Divided by their sum: 0.69, 0.25 and 0.06.",
)
lesson.claim("the probabilities add up to 1", abs(probabilities.sum() - 1) < 1e-12)
odds = probabilities[0] / probabilities[1]
lesson.claim("cat against dog stands e to 1", abs(odds - np.e) < 1e-9)
lesson.claim("Keras's softmax agrees", np.allclose(probabilities, keras_probabilities, atol=1e-6))

# %% [markdown]
# The winner is emphasized, the others keep something: a soft version of "take the maximum", hence the name. The other activations
# look at one unit at a time; softmax looks at all units of its layer together.
#
# **Before you run it, guess:** what happens to the three probabilities if every score grows by 100?

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
print("scores as they are:", np.round(probabilities, 3))
print("all scores + 100:  ", np.round(shifted, 3))
print("one unit alone:    ", softmax_naive(np.array([-3.7])), softmax_naive(np.array([12.0])))
print("scores 1.5 and 0:  ", np.round(of_two, 3))
print("sigmoid of 1.5:    ", np.round(sigmoid_of_one, 3))

# %%
lesson.claim(
    "a shift of all scores changes no probability",
    np.allclose(shifted, probabilities),
    guess="scores_plus_100",
)
lesson.claim(
    "softmax of two scores is the sigmoid of their difference",
    np.allclose(of_two[0], sigmoid_of_one),
)

# %% [markdown]
# Compare the printed rows. In the formula, 100 more in each score multiplies every $e^{z_k}$ by the same huge number, above and
# below the line, where it cancels. So softmax depends on the differences of scores alone. The cat's score is one point above the
# dog's, and its probability is $e$, about 2.7, times the dog's. Each point more in a difference multiplies the **odds**, the ratio
# of the two probabilities, by $e$ once more.
#
# A single softmax unit has no other to differ from: it answers $e^z / e^z = 1$, whatever it is shown. That is a common mistake, and
# a network that makes it cannot learn. And for two classes softmax is a sigmoid of the difference, so one sigmoid unit is enough
# there.
#
# ### Exercise: softmax
#
# Write a softmax that survives large scores. `np.exp(1000)` is too large for the computer, so the naive version above breaks. But
# a number may be subtracted from all scores first without changing the result. Which number makes the largest score harmless?


# %%
def softmax(scores):
    """Return the probabilities for the scores, an array of one dimension, without overflow."""
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
# Probabilities call for a loss of their own, the one that lesson 00 trained with: **cross-entropy**, minus the logarithm of the
# probability that the network gave to the *right* answer, averaged over the examples. (`np.log` is the natural logarithm, to the
# base $e$.) A confident right answer costs almost nothing, an undecided one between two classes 0.69, a confident wrong one a
# great deal. For yes or no it is called **binary cross-entropy**. Lesson 03 says more.
#
# ## Two moons
#
# Twelve hundred points form two crescents that reach into each other. The task is binary: which moon does
# a point belong to? Half of the points are held out, as a test set. Both features are standardized, as in lesson 01, with the mean
# and the standard deviation of the training set.

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

# %%
show(
    draw.points(x_train, y_train),
    "Two crescents. The circles, class 0, form an arch; the triangles, class 1, a bowl. One end "
    "of each reaches into the hollow of the other.",
)

# %% [markdown]
# `stratify` gives each set as many points of one moon as of the other. So the baseline, always giving the same answer, has an
# accuracy of one half.
#
# How far can a straight line get? We need not train anything to know. A line is a direction and a place: let us try 361 directions,
# half a degree apart, and for each of them a line through every point.
#
# **Before you run it, guess:** what percentage of the training points does the best of these lines classify correctly?

# %%
lesson.guess("best_line")


# %%
def best_line(x, y, n_directions):
    best = 0.0
    for angle in np.linspace(0, np.pi, n_directions):
        direction = np.array([np.cos(angle), np.sin(angle)])
        along = x @ direction  # how far each point lies in that direction
        beyond = along[:, None] > along[None, :]  # row i, column j: is point i beyond point j?
        right = (beyond == (y[:, None] == 1)).mean(axis=0)  # a line through j, class 1 beyond it
        best = max(best, right.max(), 1 - right.min())  # or class 0 beyond it
    return best


best_of_lines, best_of_more = best_line(x_train, y_train, 361), best_line(x_train, y_train, 1081)
print(f"training points right, the best of these lines: ≈ {best_of_lines:.3f}")
print(f"with three times as many directions: ≈ {best_of_more:.3f}")

# %%
lesson.claim("the best line beats the baseline by far", best_of_lines > 0.75)
lesson.claim("none of these lines gets 92.5 %", best_of_more < 0.925, guess="best_line")
lesson.claim("finer steps gain less than 1 %", best_of_more - best_of_lines < 0.01)

# %% [markdown]
# Both printed numbers say how far lines get. It is a limit of lines, not of training: no learning rate, no number of epochs and
# no loss function can lift it.
#
# ### One unit, from scratch and in Keras
#
# As a classifier, a single sigmoid unit draws a straight line: its **decision boundary**, where it answers 0.5, is where the
# weighted sum is zero. To train it by hand we need the slopes of the cross-entropy. They come out even simpler than in lesson 01:
# with $p$ for the probability and $y$ for the label, each weight has the slope "mean of $(p - y) \cdot x$", and the bias "mean of
# $(p - y)$". (The steep logarithm and the flat sigmoid cancel, which makes them a good pair.)


# %%
def cross_entropy(w, b):
    p = sigmoid(x_train @ w + b)
    return -np.mean(np.where(y_train == 1, np.log(p), np.log(1 - p)))


def cross_entropy_slopes(w, b):
    error = sigmoid(x_train @ w + b) - y_train  # p - y
    return x_train.T @ error / len(error), np.mean(error)


rng = np.random.default_rng(lesson.seed)
gaps = []  # between the formula and nudging, for both weights and the bias, at ten places
for at in rng.normal(size=(10, 3)):
    slope_w, slope_b = cross_entropy_slopes(at[:2], at[2])
    for i, formula in enumerate([*slope_w, slope_b]):
        step = np.zeros(3)
        step[i] = 1e-5  # a nudge of one of the three
        up, down = at + step, at - step
        by_nudging = (cross_entropy(up[:2], up[2]) - cross_entropy(down[:2], down[2])) / 2e-5
        gaps.append(abs(by_nudging - formula))

w, b = np.zeros(2), 0.0
for _ in range(200):
    slope_w, slope_b = cross_entropy_slopes(w, b)
    w, b = w - 0.5 * slope_w, b - 0.5 * slope_b
accuracy_by_hand = np.mean((x_test @ w + b > 0) == y_test)
print(f"by hand: w ≈ {w[0]:.4f} and ≈ {w[1]:.4f}, b ≈ {b:.4f}")
print(f"test accuracy ≈ {accuracy_by_hand:.3f}")

# %%
lesson.claim("nudging confirms the slopes of both weights and of the bias", max(gaps) < 1e-6)
lesson.claim(
    "a single unit beats the baseline, and stays below 95 %", 0.7 < accuracy_by_hand < 0.95
)

# %% [markdown]
# The same unit in Keras. This is the model of the lesson: a classifier with the activation as a parameter, and with `n_hidden=0`
# nothing but the one output unit. `train_on_batch` takes one step of descent with all the points that it is given.

# %%
### SOURCE courseware.lessons.activations.models.build_classifier

# %%
model = build_classifier(n_hidden=0, learning_rate=0.5)
model.set_weights([np.zeros((2, 1)), np.zeros(1)])
for _ in range(200):
    model.train_on_batch(x_train, y_train)
keras_w, keras_b = model.get_weights()
print(f"Keras: w ≈ {keras_w[0, 0]:.4f} and ≈ {keras_w[1, 0]:.4f}, b ≈ {keras_b[0]:.4f}")

# %%
lesson.claim(
    "after 200 steps Keras and our own loop agree",
    np.abs(keras_w[:, 0] - w).max() < 0.01 and abs(keras_b[0] - b) < 0.01,
)

# %% [markdown]
# ### Now with hidden layers
#
# The training below uses small batches in a new random order every epoch, as in lesson 01.
#
# **Before you run it, guess:** three networks with 16 units in each layer and the same learning rate: three hidden layers with the
# linear activation, one hidden layer with ReLU, one with tanh. Which of them separate the moons?

# %%
lesson.guess("who_separates", "only ReLU", "ReLU and tanh", "all three")


# %%
def train_classifier(activation, n_hidden=1, learning_rate=0.5, epochs=30):
    keras.utils.set_random_seed(lesson.seed)
    model = build_classifier(activation, n_hidden=n_hidden, learning_rate=learning_rate)
    batches = ShuffledBatches(x_train, y_train, batch_size=15, seed=lesson.seed)
    live = [lesson.live()]  # shows, while you wait, how far the training is
    model.fit(batches, epochs=epochs, verbose=0, callbacks=live)
    return model, model.evaluate(x_test, y_test, verbose=0)[1]


linear_model, linear_accuracy = train_classifier("linear", n_hidden=3)
relu_model, relu_accuracy = train_classifier("relu")
tanh_model, tanh_accuracy = train_classifier("tanh")
n_linear, n_relu = linear_model.count_params(), relu_model.count_params()
print("parameters, 3 linear layers:", n_linear, " 1 ReLU layer:", n_relu)
print("test accuracy")
print(f"  3 linear layers ≈ {linear_accuracy:.3f}")
print(f"  1 ReLU layer    ≈ {relu_accuracy:.3f}")
print(f"  1 tanh layer    ≈ {tanh_accuracy:.3f}")

# %%
lesson.claim("three linear layers stay below 92.5 %, as a line does", linear_accuracy < 0.925)
lesson.claim("one layer of ReLU gets over 92.5 %", relu_accuracy > 0.925)
lesson.claim("so does tanh", tanh_accuracy > 0.925, guess="who_separates")

# %%
first_kernel, first_bias = relu_model.get_weights()[:2]  # the weights and biases of layer 1
answers = {
    "3 hidden layers, linear": lambda at: linear_model.predict(at, verbose=0),
    "1 hidden layer, tanh": lambda at: tanh_model.predict(at, verbose=0),
    "1 hidden layer, ReLU": lambda at: relu_model.predict(at, verbose=0),
}
lengths = np.sqrt((first_kernel**2).sum(axis=0))
from_middle = np.abs(first_bias) / lengths  # of the knee of each of the 16 units
print(f"half of the knees lie further from the point (0, 0) than ≈ {np.median(from_middle):.2f}")

# %%
show(
    draw.maps(x_test, y_test, answers, knees=(first_kernel, first_bias)),
    "Three maps with the two crescents. With linear layers the boundary is a straight line "
    "that cuts off the tip of each crescent. With tanh it is a smooth S between them, with "
    "ReLU an S made of straight pieces. In the ReLU map, dashed lines mark where each hidden "
    "unit has its knee.",
)
lesson.claim("half of the knees lie further than 0.2 from it", np.median(from_middle) > 0.2)

# %% [markdown]
# The black line in each map is the decision boundary. Compare its shape with the number of parameters: the network with linear
# layers has more than 600, and they draw one straight line, as one unit does. The ReLU network has 65. The dashed lines in its map
# are its knees, one for each hidden unit: with two inputs, the places where a weighted sum is zero form a line. Between these lines
# the boundary is straight; where it meets one, it may turn.
#
# A new unit has bias 0, so before training its knee runs through the point (0, 0), which is the middle of the data, as they are
# standardized. Training has moved the knees, half of them by at least the distance that is printed above: their *median*, the
# middle value.
#
# There is no magic in `predict`. Two lines of NumPy with the trained weights give the same answers. This way from the inputs to the
# answer is called the **forward pass**.

# %%
kernel_1, bias_1, kernel_2, bias_2 = relu_model.get_weights()
hidden = relu(x_test @ kernel_1 + bias_1)  # (600, 16)
by_hand = sigmoid(hidden @ kernel_2 + bias_2)  # (600, 1)
by_model = relu_model.predict(x_test, verbose=0)

# %%
lesson.claim("our forward pass and Keras agree", np.abs(by_hand - by_model).max() < 0.01)

# %% [markdown]
# ## What is left of a gradient
#
# Why not use sigmoids everywhere? They bend too. The trouble begins when layers are stacked. Imagine gears in a row. If turning
# the first by one turns the second by a half, and turning the second by one turns the third by a half, then the first moves the
# third by a quarter: **rates along a chain are multiplied**.
#
# In a chain of units, a nudge of the first weight must pass through every later unit before it reaches the loss. Each link
# contributes its weight times the slope of its activation. For a sigmoid that slope is at most
# 0.25. If the weights are at most 1 in size, then after $n$ sigmoids at most $0.25^n$ of the gradient is left.
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
left = np.abs(np.cumprod(links, axis=0)).T  # (2000, 20): products of the first 1, 2, ... 20 links
by_nudging = np.abs(nudged(lambda at: chain_output(at, 3), 0.5, 1e-4))
print(f"0.25 to the power 10: {0.25**10:.10f}")

# %%
show(
    draw.chains(left),
    "On a logarithmic scale, where each mark is a thousand times smaller than the one above "
    "it, a straight orange-red line falls from one quarter to a millionth of a millionth over "
    "20 sigmoids. The blue lines of 200 of the random chains all lie below it and fall "
    "faster.",
)
lesson.claim(
    "all 2000 chains stay below 0.25 to the n",
    np.all(left <= 0.25 ** np.arange(1, 21)),
    guess="ten_sigmoids",
)
lesson.claim("nudging the input confirms the product", np.abs(by_nudging - left[:, 2]).max() < 1e-8)

# %% [markdown]
# The picture has a **logarithmic** vertical axis: equal distances are equal *factors*, here a thousand from mark to mark. The
# orange-red line is the bound $0.25^n$; its value for ten sigmoids is printed above. It is the *best* case. The chains lie far
# below it: their weights are smaller than 1, and most of their units are not at the steepest point. This is the **vanishing
# gradient**.
#
# ### Exercise: depth
#
# Predict a number. With weights of at most 1 in size, how many sigmoids in a row are enough to be *certain* that less than one
# part in a **thousand** of the gradient is left? Give the smallest such number.

# %%
### BEGIN SOLUTION
depth = 5  # 0.25**4 is 0.0039, 0.25**5 is 0.00098
### END SOLUTION

# %%
lesson.check("depth", depth)
# lesson.hint("depth")

# %% [markdown]
# ### In whole networks
#
# In a wide layer many chains add up, and weights above 1 can make up for some of the loss. So let us measure. One step of descent
# with learning rate 1 moves each weight by exactly its gradient. We take networks of six hidden layers of 16 units at their random
# start, take one such step with all training points, and see how far the weights of each layer have moved. We average over ten
# starts. Before the step we set the output bias so that the answers are about 0.5 on average, which is right for two moons of the
# same size. Otherwise much of the step would go into that average.
#
# **Before you run it, guess:** compare each layer of the sigmoid network with the same layer of the tanh network. Where is the
# gradient more than 100 times smaller?

# %%
lesson.guess(
    "first_and_last", "nowhere", "in the first layer only", "in the first half", "everywhere"
)


# %%
def differences(f, weights):
    """Return how much the outputs of each hidden layer differ from point to point."""
    h, result = x_train, []
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):  # every second array
        h = f(h @ kernel + bias)
        result.append(h.std(axis=0).mean())  # standard deviation over the points, mean of 16 units
    return np.array(result)


def gradient_sizes(activation, f, starts=10):
    """Return two means over random starts: the gradient's size in each layer, and `differences`."""
    model = build_classifier(activation, n_hidden=6, learning_rate=1.0)
    sizes, differ = [], []
    for start in range(starts):
        keras.utils.set_random_seed(lesson.seed + start)
        before = build_classifier(activation, n_hidden=6).get_weights()
        model.set_weights(before)
        p = model.predict(x_train, batch_size=600, verbose=0)
        before[-1] = before[-1] - np.log(p / (1 - p)).mean()  # the mean weighted sum is now 0
        model.set_weights(before)
        differ.append(differences(f, before))
        model.train_on_batch(x_train, y_train)  # weights minus 1 times the gradient
        moved = [np.abs(a - b).mean() for a, b in zip(model.get_weights(), before, strict=True)]
        sizes.append(moved[::2])  # every other one: the weights of a layer, without its biases
    return np.mean(sizes, axis=0), np.mean(differ, axis=0)


gradients, differ = {}, {}
for name, f in {"sigmoid": sigmoid, "tanh": tanh, "relu": relu}.items():
    gradients[name], differ[name] = gradient_sizes(name, f)
    print(f"{name:8} outputs differ by: layer 1 ≈ {differ[name][0]:.4f}, ", end="")
    print(f"layer 6 ≈ {differ[name][-1]:.4f}")

# %%
show(
    draw.gradients(gradients),
    "Mean size of the gradient for each of seven layers, on a logarithmic scale. With tanh and "
    "with ReLU all layers lie within one power of ten. The sigmoid network lies more than "
    "two powers of ten below both, in every layer.",
)
smaller = (gradients["tanh"] / gradients["sigmoid"]).min()
lesson.claim(
    "in every layer sigmoid's gradient is over 100 times smaller than tanh's",
    smaller > 100,
    guess="first_and_last",
)
falls = differ["sigmoid"][1:] / differ["sigmoid"][:-1]  # layer 2 against 1, 3 against 2, ...
lesson.claim(
    "with sigmoid, outputs differ less than half as much with each layer", max(falls) < 0.5
)
lesson.claim(
    "with tanh, layer 6 keeps over a quarter of that", differ["tanh"][-1] > differ["tanh"][0] / 4
)

# %% [markdown]
# The vertical axis is logarithmic again; compare the line with the round marks with the other two. Slopes are multiplied in **both
# directions**. On the way back, the early layers are reached by little of the error. On the way forward, the same slopes shrink the
# differences between the points, as the printed rows show: to the last layers of the sigmoid network
# all points look nearly the same. The gradient of a weight is the mean, over the points, of its input times what comes back to it.
# With an input that is the same for all points, the two moons, whose errors have opposite signs, cancel. So every layer starves,
# the early ones from behind and the late ones from the front. ReLU has slope 1 where it is on, and tanh has slope 1 at zero and
# nearly that close by.
#
# Does it matter for learning? Same sizes, same data, same number of steps:

# %%
deep = {}
for name in ("sigmoid", "tanh", "relu"):
    _, deep[name] = train_classifier(name, n_hidden=6, learning_rate=0.1, epochs=20)
for name in deep:
    print(f"six hidden layers, {name:7}: test accuracy ≈ {deep[name]:.3f}")

# %%
lesson.claim("the deep sigmoid network stays near the baseline", deep["sigmoid"] < 0.65)
lesson.claim("the deep tanh network learns: over 75 %", deep["tanh"] > 0.75)
lesson.claim("so does the deep ReLU network", deep["relu"] > 0.75)

# %% [markdown]
# The network with starving layers did not learn; the other two did. Tanh is a good control here: it is a sigmoid, stretched, and
# it flattens at both ends just as the sigmoid does. So a deep network can learn with an activation that saturates. Tanh differs in
# two ways: its largest slope is 1 instead of a quarter, and its outputs are centred on 0 instead of 0.5. We cannot say from this
# which of them matters. Nor does it follow that sigmoid networks *cannot* represent an S. This is what plain descent finds from
# such a start in this time. Lesson 11 is about better starts.
#
# ReLU eases vanishing gradients. It does not eliminate them, though you will often read that it does: the weights are still
# multiplied along the chain, and a unit that is off has slope 0 and cuts its chain.
#
# ### For the curious; nothing later needs it: chains of ReLU
#
# Here are the same 2000 chains with the same weights and biases, only with ReLU.
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
on = left_relu[:, 3] > 0  # the chains whose first four units are all on
typical_relu, typical_sigmoid = np.median(left_relu[on, 3]), np.median(left[on, 3])
through = np.mean(left_relu[:, 19] > 0)
print(f"after four units, all on: ReLU ≈ {typical_relu:.5f}, sigmoid ≈ {typical_sigmoid:.5f}")
print(f"fraction of chains with all 20 ReLUs on ≈ {through:.4f}")

# %%
lesson.claim(
    "where the first four units are on, ReLU typically keeps over 50 times as much as sigmoid",
    typical_relu > 50 * typical_sigmoid,
)
lesson.claim(
    "fewer than 1 in 100 of these chains get through 20 ReLUs",
    through < 0.01,
    guess="through_20_relus",
)

# %% [markdown]
# In an open chain, one with every unit on, only the weights shrink the product: with weights of a half, 20 active ReLUs leave
# only a millionth. And each unit here is off about half of the time. A layer of many units offers many paths, and an example
# needs only some of them open.

# %% [markdown]
# ## Units that die
#
# ReLU has a weakness of its own. Suppose that the weighted sum of a unit is negative for *every* example. Its output is always 0,
# its slope is always 0, so its gradient is exactly 0. The unit is **dead**, and the trouble is known as **dying ReLU**. In the
# first hidden layer, whose inputs stay the same, plain gradient descent never changes it again. (In a later layer the inputs keep
# changing while the layers before it learn, and that can bring a unit back.)
#
# It can happen in one careless moment. Take the straight town of lesson 01 and one ReLU unit that predicts its prices. They are all
# positive, so ReLU does no harm here. But the learning rate is too large:

# %%
size, price = houses(seed=lesson.seed)
w, b, rate = 1.0, 0.0, 2.0
alive = []
for step in range(5):
    z = w * size + b
    alive.append(int(np.sum(z > 0)))
    slope = 2 * (relu(z) - price) * (z > 0)  # the error, times ReLU's slope of 1 or 0
    w, b = w - rate * np.mean(slope * size), b - rate * np.mean(slope)
print("houses for which the unit is on, before each of five steps:", alive)

# %%
lesson.claim(
    "after two steps the unit is off for all houses, and stays off", alive[2:] == [0, 0, 0]
)

# %% [markdown]
# The first step overshot, the second threw the unit far below zero, and there it stays. In lesson 01 such a rate made the
# loss explode. Here nothing explodes: the loss just stops changing, which is harder to notice.
#
# Now we kill units on purpose and see which of them come back. Each starts with weight 1 and a bias of -10, which puts all weighted
# sums near -9. The rate is 0.1, a good one for a unit that is on.
#
# **Before you run it, guess:** the slopes at -9 are 0 for ReLU, 0.01 for leaky ReLU and 0.0001 for ELU. Which of the three are back
# within 5000 steps?

# %%
lesson.guess("back_to_life", "none", "leaky ReLU only", "leaky ReLU and ELU", "all three")


# %%
def train_unit(name, bias, steps=5000, rate=0.1):
    f, slope_of = functions[name], slopes[name]
    w, b, trace = 1.0, bias, []
    for _ in range(steps):
        z = w * size + b
        trace.append(z.max())  # the largest weighted sum of any house
        slope = 2 * (f(z) - price) * slope_of(z)
        w, b = w - rate * np.mean(slope * size), b - rate * np.mean(slope)
    return w, b, np.mean((f(w * size + b) - price) ** 2), np.array(trace)


starts = [("ReLU", -10.0), ("leaky ReLU", -10.0), ("ELU", -10.0), ("ELU", -9.0)]
units = {f"{name}, bias {bias:.0f}": train_unit(name, bias) for name, bias in starts}

_, line = least_squares([np.ones_like(size), size], price)
line_loss = np.mean((line - price) ** 2)
losses = {name: unit[2] for name, unit in units.items()}
first_on = {name: int(np.argmax(unit[3] > 0)) for name, unit in units.items()}  # 0 for never
for name in units:
    when = f"at step ≈ {first_on[name]}" if first_on[name] else "never"
    print(f"{name:20} loss ≈ {losses[name]:.3f}, first above zero {when}")
print(f"best line            loss ≈ {line_loss:.3f}")

# %%
show(
    draw.revivals({name: unit[3] for name, unit in units.items()}),
    "Largest weighted sum against training step. ReLU: a level line near -8. Leaky ReLU: rises "
    "steadily, crosses zero after some hundred steps and jumps to its final place. ELU from a "
    "bias of -9: creeps at first, ever faster, and is up after about a thousand steps. ELU from "
    "-10: the same, after about three thousand.",
)
lesson.claim("the ReLU unit has not moved at all", units["ReLU, bias -10"][:2] == (1.0, -10.0))
lesson.claim("leaky ReLU is back", losses["leaky ReLU, bias -10"] < 1.1 * line_loss)
lesson.claim("so is ELU", losses["ELU, bias -10"] < 1.1 * line_loss, guess="back_to_life")
lesson.claim(
    "ELU needs over four times as long as leaky ReLU",
    first_on["ELU, bias -10"] > 4 * first_on["leaky ReLU, bias -10"],
)
waits = first_on["ELU, bias -10"] / first_on["ELU, bias -9"]
lesson.claim("and about e times as long as from one unit less deep", abs(waits - np.e) < 0.2)

# %% [markdown]
# Follow each line to where it crosses zero. The ReLU unit keeps its weights to the last digit. The leaky unit creeps up at a steady
# trickle and, once across zero, learns the line like any other. For this unit that works however far below zero it starts: all
# prices are above zero, every output below zero is too low, so the leak pushes upwards at every step. ELU starts far more slowly
# and gains speed as it climbs, since its slope $e^z$ grows. Each unit deeper multiplies its wait by about $e$. From -20 that
# would make tens of millions of steps: not dead, but as good as dead.
#
# Keras agrees:

# %%
### SOURCE courseware.lessons.activations.models.build_unit

# %%
keras_units = {}
for name in ("ReLU", "leaky ReLU"):
    unit = build_unit(keras_functions[name], weight=1.0, bias=-10.0, learning_rate=0.1)
    for _ in range(1000):
        unit.train_on_batch(size[:, None], price)
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
    abs(leaky_w - own_w) < 0.02 and abs(leaky_b - own_b) < 0.02,
)

# %% [markdown]
# ### A whole layer that starts too low
#
# Is a leak a cure for a whole network, too? We start the 16 hidden units of the moons classifier with biases of -10, once with ReLU
# and once with Keras's leaky ReLU, and train as usual; then once more leaky, with biases of 0. A unit *bends* if its weighted sum
# is positive for some of the training points and negative for others.
#
# **Before you run it, guess:** does the leaky network separate the moons when it starts from -10?

# %%
lesson.guess("leaky_layer", "no, it stays at the baseline", "it gets as far as a line", "yes")


# %%
def train_from(bias, activation):
    keras.utils.set_random_seed(lesson.seed)
    model = build_classifier(activation, learning_rate=0.2)
    weights = model.get_weights()
    weights[1] = np.full(16, bias)  # the biases of the hidden layer
    model.set_weights(weights)
    batches = ShuffledBatches(x_train, y_train, batch_size=15, seed=lesson.seed)
    model.fit(batches, epochs=30, verbose=0)
    kernel, bias = model.get_weights()[:2]
    on = x_train @ kernel + bias > 0  # (600, 16)
    return model.evaluate(x_test, y_test, verbose=0)[1], np.sum(on.any(axis=0) & ~on.all(axis=0))


low_relu, bending_relu = train_from(-10.0, "relu")
low_leaky, bending_leaky = train_from(-10.0, "leaky_relu")
leaky, bending = train_from(0.0, "leaky_relu")
print("test accuracy, and how many of the 16 units bend")
print(f"  ReLU, from -10       ≈ {low_relu:.3f}, {bending_relu}")
print(f"  leaky ReLU, from -10 ≈ {low_leaky:.3f}, {bending_leaky}")
print(f"  leaky ReLU, from 0   ≈ {leaky:.3f}, ≈ {bending}")
print(f"best line, on the training points: ≈ {best_of_lines:.3f}")

# %%
lesson.claim("the ReLU network stays at the baseline", abs(low_relu - 0.5) < 0.1)
lesson.claim("the leaky network learns something", low_leaky > 0.65)
lesson.claim(
    "but it is still a straight line: not one of its units bends",
    bending_leaky == 0,
    guess="leaky_layer",
)
lesson.claim(
    "from biases of 0 it gets over 92.5 %, and most units bend", leaky > 0.925 and bending > 8
)

# %% [markdown]
# Compare the accuracies with that of the best line. As long as a leaky unit is below zero for every point, it is a straight line,
# with the slope of the leak. Sixteen straight lines add up to one, so this network is a line and has learned about what a line
# can. A leak lets units move, but here the loss did not pull them across zero.
#
# So prevention comes first: a smaller learning rate, and biases that start at zero, as Keras sets them and as in the last row.
#
# ### Exercise: repair
#
# This network should separate the moons, and never gets beyond the baseline. Two things are wrong with it, both from this lesson.
# Find them, and return a compiled model that learns: after 200 epochs in batches of 30, at least **94 %** of 300 points
# right. (Keras itself warns of one of the two when such a model is used.)


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
# For the output the task decides. For hidden layers, **ReLU is a good first choice**, for three reasons, each with its limit:
#
# * **It is cheap.** One comparison, no exponential, and a slope that is 1 or 0. (In a wide layer the multiplications by the
#   weights cost far more than any activation.)
# * **It is sparse.** For a given input many units answer exactly 0, so different inputs use different parts of the network. (To
#   skip those zeros takes special software; a dense layer in Keras multiplies them like other numbers.)
# * **It mitigates vanishing gradients.** Slope 1 where it is on. It does not eliminate them, and units can die.
#
# The second is easily seen in the networks that we have trained.

# %%
tanh_kernel, tanh_bias = tanh_model.get_weights()[:2]
hidden_tanh = tanh(x_test @ tanh_kernel + tanh_bias)
zeros_relu, zeros_tanh = np.mean(hidden == 0), np.mean(hidden_tanh == 0)
print(f"hidden outputs that are exactly 0: ReLU ≈ {zeros_relu:.2f}, tanh ≈ {zeros_tanh:.2f}")

# %%
lesson.claim("more than a fifth of the ReLU outputs are exactly zero", zeros_relu > 0.2)
lesson.claim("fewer than 1 in 100 of the tanh outputs are", zeros_tanh < 0.01)

# %% [markdown]
# | | values | flat where? | use it |
# |---|---|---|---|
# | ReLU | 0 and up | left, slope exactly 0 | hidden layers, a good first choice |
# | leaky ReLU | all | nowhere | hidden layers, if units die |
# | ELU | above -1 | far left | hidden layers, smooth, if units die |
# | SiLU (swish) | above -0.28 | far left | hidden layers of many newer image networks; multiplied by a second weighted sum (*gated*), of many language models |
# | GELU | above -0.17 | far left | hidden layers of many language models |
# | tanh | -1 to 1, centred on 0 | both ends | small hidden layers, and networks with memory (lesson 05) |
# | sigmoid | 0 to 1 | both ends | output for yes or no |
# | softmax | probabilities that add up to 1 | where one takes nearly all | output for one of many classes |
# | linear | all | nowhere, and no bend | output for regression |
#
# ## What people get wrong
#
# * **"The activation is a threshold: a unit fires or it does not."** The step does that, and it has no slope to learn by.
#   Sigmoid and tanh answer by degrees, and ReLU passes on how far the sum is above zero.
# * **"Activations live in hidden layers only."** Output layers have them too: sigmoid for yes or no, softmax for one of many.
#   There they give the answer its form. Even "none" is a choice: linear, for regression.
# * **"Doubling the sum is an activation."** Doubling is linear and is swallowed by the weights. A stack of such layers is one
#   layer.
# * **"More layers make any network more powerful."** Not without a bend: three linear layers drew the same kind of line as one
#   unit.
# * **"ReLU abolishes vanishing gradients."** It removes one cause. Small weights still multiply to nothing, and a unit that is
#   off passes nothing back.
# * **"ELU never dies."** Its slope is never exactly 0. But each unit deeper multiplies the wait by about $e$, and from -20 nobody
#   waits that long.
# * **"Leaky ReLU cures every dead layer."** It lets units move. A layer that started wholly below zero stayed a straight line here.
# * **"Softmax on one output unit gives a probability."** It gives 1, always. Use a sigmoid.
#
# ## Takeaways
#
# * A unit weighs, adds a bias and applies its activation to the weighted sum.
# * Without non-linear activations every network is one linear layer. Each ReLU unit adds one knee, and together they make curves.
# * Gradient descent feels the slope: at most 0.25 for a sigmoid, 1 for an active ReLU, 0 for a dead one. Along a chain slopes are
#   multiplied.
# * Hidden layers: ReLU first, GELU or SiLU in many newer networks. Output: linear for a number, sigmoid for yes or no, softmax for
#   one of many.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Next lesson: *Feedforward networks, forward and backward*, where the chain of slopes becomes backpropagation.
# * Keras's activations, all of them: [keras.io/api/layers/activations](https://keras.io/api/layers/activations/).
# * Xavier Glorot, Antoine Bordes and Yoshua Bengio, "Deep Sparse Rectifier Neural Networks", *AISTATS* (2011): the case for ReLU,
#   with the argument from sparsity.
# * Dan Hendrycks and Kevin Gimpel, "Gaussian Error Linear Units (GELUs)", arXiv:1606.08415 (2016): GELU, and SiLU by that name.
# * Ian Goodfellow, Yoshua Bengio and Aaron Courville, *Deep Learning* (MIT Press, 2016), sections 6.2 and 6.3: output and hidden
#   units. Free to read at deeplearningbook.org.
