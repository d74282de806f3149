# %% [markdown]
# # Feedforward networks, forward and backward
#
# *150 minutes: 80 to read and run, 40 for 8 exercises, 30 for the 30 questions of the quiz. Builds on: lesson 01 (gradient descent) and lesson 02 (activations). A good place for a break is marked about halfway.*
#
# One neuron draws one straight line. Put some dozens of them into layers, or a hundred, and the idea that fitted a straight line,
# step by step downhill, unwinds a spiral and reads handwriting. One question is open: with thousands of weights in several
# layers, how does each of them learn how much it contributed to an error? The answer is *backpropagation*, and in this lesson you
# work it out by hand.
#
# **After this lesson you can**
#
# * compute a network's answer layer by layer, and count its parameters before you build it;
# * carry the blame for an error backward through the layers, on paper and in NumPy;
# * say what backpropagation does, what the optimizer does, and what Adam does differently;
# * split data into training, validation and test sets, and say what each is for;
# * build and judge networks in Keras that read digits and classify tumours;
# * say what a trained weight tells you, and what it does not.

# %%
from courseware import open_lesson

lesson = open_lesson("03_fnn")

import keras
import numpy as np
from keras import layers

from courseware.batches import ShuffledBatches
from courseware.data import digits, spiral
from courseware.lessons.fnn import drawings as draw
from courseware.drawing import show

# %% [markdown]
# Here is where you are heading. Two classes of points lie along two intertwined spiral arms. A network gets the
# two coordinates of a point and must say which arm it lies on. Its builder is short; by the end you will understand each line of it.

# %%
### SOURCE courseware.lessons.fnn.models.build_stack

# %% [markdown]
# Watch it learn. The shading is the network's answer: blue where it says "circle", red where it says "triangle", pale where it is unsure. Along the black line,
# the **decision boundary** of lesson 02, it is undecided; where its answers lie on one side everywhere, there is no such line. (`ShuffledBatches` deals the examples out in mini-batches, in a new order every epoch; see lesson 01.)


# %%
def answers(model, points):
    """Return the model's probabilities for an array of points."""
    inputs = keras.ops.convert_to_tensor(np.asarray(points, dtype="float32"))
    return keras.ops.convert_to_numpy(model(inputs))[:, 0]


points, arm = spiral(n=1000, turns=1.25, noise=0.02, seed=lesson.seed)
keras.utils.set_random_seed(lesson.seed)
two_layers = build_stack([16, 16], activation="relu", learning_rate=0.02)
way = np.linspace(-1.15, 1.15, 90)
grid = np.column_stack([part.ravel() for part in np.meshgrid(way, way)])

batches = ShuffledBatches(points, arm, batch_size=25, seed=lesson.seed)
stages, done = {"before training": answers(two_layers, grid)}, 0
for epochs in (2, 20):
    live = [lesson.live()]  # shows, while you wait, how far the training has got
    two_layers.fit(batches, epochs=epochs, initial_epoch=done, verbose=0, callbacks=live)
    stages[f"after {epochs} epochs"], done = answers(two_layers, grid), epochs

show(
    draw.surfaces(stages, way, points[::3], arm[::3]),
    "Three maps of the plane with two spiral arms of points. Before training the shading does "
    "not follow the points. After 2 epochs the boundary is bent, in two pieces. After 20 epochs it "
    "winds between the arms from the middle outward.",
)
reached = np.mean((answers(two_layers, points) > 0.5) == arm)
print(f"points on the correct side ≈ {reached:.3f}")

# %%
lesson.claim("after 20 epochs more than 95 % of the points are on the correct side", reached > 0.95)

# %% [markdown]
# Compare the three maps. Before training, the answers have nothing to do with the points. After two epochs the boundary has begun
# to bend, in two separate pieces that follow neither arm yet. After twenty it winds between the arms, all the way to the middle.
# Nobody told the network what a spiral is. In each epoch it was told, for 1,000 points in 40 mini-batches, which arm is right,
# and after each batch its weights were corrected a little.
#
# ## Layers: in, through, out
#
# Think of a small restaurant with a robot kitchen. The waiter carries in the order: two numbers, 2 and 3. The kitchen
# doubles each and adds them up. A second waiter serves the result as it is.
#
# * The **input layer** is where the data enter: one place for each feature. It computes nothing.
# * The **hidden layers** are the kitchen. They do the processing. "Hidden" only means that their values are neither given with the data nor
#   served as the answer; you can print them at any time. There may be many such layers, or one, or none.
# * The **output layer** gives the answer.
#
# Values move one way only, from the input to the output. Such a network is called a **feedforward network**, FNN for short; one of dense layers, like all in this lesson, is also called a *multilayer perceptron*, MLP. Here is the kitchen in Keras, with weights that we set by hand:

# %%
kitchen = keras.Sequential(
    [
        keras.Input(shape=(2,)),  # (batch, 2)  the order comes in
        layers.Dense(1, use_bias=False, name="hidden"),  # (batch, 1)  2 * a + 2 * b
        layers.Dense(1, use_bias=False, name="output"),  # (batch, 1)  served as it is
    ]
)
kitchen.set_weights([np.array([[2.0], [2.0]]), np.array([[1.0]])])
dish = keras.ops.convert_to_numpy(kitchen(np.array([[2.0, 3.0]], dtype="float32"))).item()
print("served:", dish)

# %%
show(
    draw.network(
        [["2", "3"], ["10"], ["10"]],
        ["input layer", "hidden layer", "output layer"],
        [[["·2"], ["·2"]], [["·1"]]],
        title="The kitchen",
    ),
    "Two circles with the inputs 2 and 3, each joined by an arrow marked times 2 to one hidden "
    "circle with 10, which is joined by an arrow marked times 1 to the output circle with 10.",
)
lesson.claim("the kitchen serves (2 + 3) * 2 = 10", dish == 10.0)

# %% [markdown]
# $2 \cdot 2 + 3 \cdot 2 = (2 + 3) \cdot 2 = 10$. No activation is at work here, so by lesson 02 this kitchen could be
# replaced by one neuron. A real hidden layer has several units and an activation.
#
# Who decides how wide each layer is?
#
# * **Input width:** the data. One input for each feature.
# * **Output width and activation:** the task, as in lesson 02.
# * **Hidden layers, how many and how wide:** you.
#
# | task | inputs | output |
# |---|---|---|
# | price of a house | size, rooms, year, ... | 1 unit, linear: a number |
# | is this mail spam? | how often certain words occur | 1 unit, sigmoid: a probability |
# | is this tumour malignant? | measurements of its cells | 1 unit, sigmoid: a probability |
# | which digit is this? | the pixels | 10 units, softmax: ten probabilities |
#
# The **architecture** of a network is its plan: how many layers, how wide, with which activations. It is fixed before training; the
# weights are what training fills in. We write it as a row of widths: 2-3-1 is two inputs, three hidden units, one output. With no hidden layer at
# all, 1-1 is the line of lesson 01.
#
# How many parameters does an architecture have? Each unit has one weight for every value that comes in, plus one bias.
#
# **Before you run it, guess:** the network 784-128-10 reads digits of 28 by 28 pixels. How many parameters does it have?

# %%
lesson.guess("parameters", "about 1,000", "about 10,000", "about 100,000")

# %%
hidden_count = 784 * 128 + 128  # each of 128 units: 784 weights, and 1 bias
output_count = 128 * 10 + 10  # each of 10 units: 128 weights, and 1 bias
print("hidden layer:", hidden_count, "  output layer:", output_count)
print("784-128-10 has", hidden_count + output_count, "parameters")

# %% [markdown]
# Compare the two layers. Nearly all parameters belong to the hidden layer: it is where the 784 pixels come in.
#
# ### Exercise: count_parameters
#
# Write the count for any architecture. `widths` is a list such as `[784, 128, 10]`.


# %%
def count_parameters(widths):
    """Return the number of weights and biases of a dense network with these layer widths."""
    ### BEGIN SOLUTION
    return sum((before + 1) * after for before, after in zip(widths, widths[1:]))
    ### END SOLUTION


# %%
lesson.check("count_parameters", count_parameters)
# lesson.hint("count_parameters")

# %% [markdown]
# ## Forward: from input to answer
#
# Computing the answer is called **forward propagation**, or the *forward pass*. Each layer does two things with what it gets:
#
# $$z = x W + b \qquad\qquad h = f(z)$$
#
# First the weighted sums $z$, with $W$ for the matrix of all weights of the layer and $b$ for its biases; then the activation $f$. The result $h$ is the input of the next layer.
# That is all. A network with many layers repeats it.
#
# Let us do it once with numbers that fit on paper. The network is 2-3-2 with ReLU in the hidden layer and two linear outputs. As in
# lesson 02, `x` has one example per row, and the weights have a row for each input and a column for each unit. Keras stores them in the same way.

# %%
x = np.array([[2.0, 3.0]])  # one example, two features
w1 = np.array([[2.0, 1.0, -1.0], [1.0, -2.0, 3.0]])  # 2 inputs, 3 hidden units
b1 = np.array([0.0, -2.0, -1.0])
w2 = np.array([[1.0, 2.0], [2.0, -1.0], [1.0, -2.0]])  # 3 hidden units, 2 outputs
b2 = np.array([-1.0, 2.0])

z = x @ w1 + b1
h = np.maximum(0, z)  # ReLU
prediction = h @ w2 + b2
print("weighted sums z:", z[0])
print("after ReLU    h:", h[0])
print("predictions:    ", prediction[0])

# %%
show(
    draw.network(
        [["2", "3"], ["7", "0", "6"], ["12", "4"]],
        ["inputs x", "hidden units h", "predictions"],
        [w1.astype(int), w2.astype(int)],
        notes=[
            None,
            [f"z = {value:g}, b = {bias:g}" for value, bias in zip(z[0], b1, strict=True)],
            [f"b = {bias:g}" for bias in b2],
        ],
        title="Forward: every arrow carries a weight",
    ),
    "A 2-3-2 network. The inputs 2 and 3 lead to three hidden units with z = 7, -6 and 6, "
    "which after ReLU hold 7, 0 and 6. They lead to two outputs that hold 12 and 4.",
)

# %% [markdown]
# Check the first hidden unit on paper: $2 \cdot 2 + 3 \cdot 1 + 0 = 7$. The second comes to $2 \cdot 1 + 3 \cdot (-2) - 2 = -6$, and ReLU makes it 0: it is silent for this
# example. The bias says where a unit becomes active: $b = -1$ means that the third unit's inputs must bring in more than 1.
#
# Does Keras agree?

# %%
small = keras.Sequential(
    [
        keras.Input(shape=(2,)),
        layers.Dense(3, activation="relu"),  # (batch, 3)
        layers.Dense(2),  # (batch, 2)
    ]
)
small.set_weights([w1, b1, w2, b2])
keras_says = keras.ops.convert_to_numpy(small(x.astype("float32")))
print("Keras says:", keras_says[0], "  parameters:", small.count_params())

# %%
lesson.claim("Keras and our three lines of NumPy agree", np.allclose(keras_says, prediction))

# %% [markdown]
# ### Exercise: forward
#
# Write forward propagation for any number of layers. `layers_list` is a list of pairs `(w, b)`. Every layer but the last is
# followed by ReLU; the last is linear. `x` has one example per row.


# %%
def forward(x, layers_list):
    """Return the output of a dense network, shape (examples, outputs)."""
    ### BEGIN SOLUTION
    for w, b in layers_list[:-1]:
        x = np.maximum(0, x @ w + b)
    w, b = layers_list[-1]
    return x @ w + b
    ### END SOLUTION


# %%
lesson.check("forward", forward)
# lesson.hint("forward")

# %% [markdown]
# ## How wrong? Two losses
#
# Training needs one number that says how wrong the answers are, the **loss**; the rule that computes it is the *loss function*. Which one depends on the task:
#
# * for numbers (regression): the **mean squared error** of lesson 01;
# * for classes: **cross-entropy**, with which lesson 00 trained and which lesson 02 named. It looks at the probability $p$ that
#   the network gave to the *right* class, and charges $-\log p$.
#
# Why not use squared error for classification as well? Look at what each of them does with a network that is sure and wrong. What matters is
# the slope, since gradient descent moves the weights by it. The network's weights act on the weighted sum $z$, *before* the sigmoid turns it into $p$. So we draw both losses over $z$.

# %%
z_right = np.array([2.2, 0.0, -2.2, -6.9])  # the sum before the sigmoid; the right answer is "yes"
p = 1 / (1 + np.exp(-z_right))
slope_entropy = p - 1  # of -log p, along z (lesson 02)
slope_squared = -2 * (1 - p) * p * (1 - p)  # of (1 - p)**2: its rate, times the sigmoid's slope
print("slopes along z:")
for row in zip(z_right, p, slope_entropy, slope_squared, strict=True):
    print("z = {:4}, p = {:.3f}: cross-entropy {:.3f}, squared error {:.3f}".format(*row))

# %%
show(
    draw.two_losses(),
    "Two falling curves over the weighted sum z. To the left, where the network is sure and wrong, "
    "the cross-entropy goes on rising in an almost straight line, and the squared error is flat "
    "near 1. To the right both fall to 0.",
)
lesson.claim(
    "sure and wrong, the squared error has less than a hundredth of the cross-entropy's slope",
    abs(slope_squared[-1]) < abs(slope_entropy[-1]) / 100,
)

# %% [markdown]
# Far to the left the network is sure and wrong. There the squared error is flat: hardly any correction, just where it is needed most. The cross-entropy's slope is $p - 1$, almost $-1$:
# it pushes hardest where the answer is worst.
#
# The baseline of the cross-entropy is worth knowing by heart: a network that gives every one of $k$ classes the same probability $1/k$ has the
# cross-entropy $\log k$: 0.69 for two classes, 2.30 for ten. A loss far above that, before training, is often a sign that
# something is wrong with the network or the data. (Deep networks can start far above it and still train well: lesson 11.)
#
# **Is every output a probability, then?** No. The kitchen above answered 10. A linear output is a number on the scale of the label: euros,
# degrees, servings. Of the outputs in our table, only those of sigmoid and softmax lie between 0 and 1. They are read as probabilities, and the cross-entropy trains them
# for that: it is lowest, on average, when they equal the true frequencies. (A network may still be too sure of itself.)
#
# ### Exercise: cross_entropy
#
# Write it. `probabilities` has one row per example and one column per class; `labels` holds the number of the right class of each example.
# Return the mean. One line of NumPy helps: `a[[0, 1, 2], [5, 0, 7]]` picks one entry from each of three rows, `a[0, 5]`, `a[1, 0]` and `a[2, 7]`.


# %%
def cross_entropy(probabilities, labels):
    """Return the mean of -log(probability of the right class)."""
    ### BEGIN SOLUTION
    right = probabilities[np.arange(len(labels)), labels]
    return np.mean(-np.log(right))
    ### END SOLUTION


# %%
lesson.check("cross_entropy", cross_entropy)
# lesson.hint("cross_entropy")

# %% [markdown]
# ## Backward: who is to blame?
#
# Back to the 2-3-2 network. It predicted 12 and 4. Suppose that the labels are 13 and 2. The errors are $e_1 = 12 - 13 = -1$ and $e_2 = 4 - 2 = 2$, and the
# loss, the mean of their squares, is $(e_1^2 + e_2^2) / 2 = 2.5$. Seventeen parameters took part. Who is to blame, and by how much?
#
# "Blame" has an exact meaning here: the *derivative* of the loss with respect to that parameter. If I nudge this weight, how fast does the loss change? All
# the derivatives together are the *gradient*. In
# lesson 02 you saw that **rates along a chain are multiplied**. That is the chain rule, and it is nearly all we need. We start at the end and go back:
#
# 1. **The predictions.** The rate of $e^2 / 2$ is $e$. So the blames are $-1$ and $2$: the first prediction should go up, the second down.
# 2. **The output weights.** A weight is multiplied by the hidden value $h$ that it carries. So its blame is $h$ times the blame of the prediction that it leads to. A bias is multiplied by 1, so it gets that blame itself.
# 3. **The hidden units.** Each $h$ feeds *both* predictions, so blame comes back to it along both arrows, each time multiplied by that arrow's weight, and **the blames add up**. For the first unit: $1 \cdot (-1) + 2 \cdot 2 = 3$.
# 4. **Through the activation.** From $h$ to $z$ the blame is multiplied by the slope of ReLU at $z$.
# 5. **The first weights.** As in step 2: the input that the weight carries, times the blame of the sum $z$ that it leads to.
#
# This procedure is **backpropagation**: the blame travels from the output back to the input, and each layer
# passes on what the layer before it needs.
#
# **Before you run it, guess:** the second hidden unit was silent, $z = -6$. How much blame do its own three parameters (two weights and a bias) get?

# %%
lesson.guess(
    "silent_unit",
    "none",
    "less than those of the other units",
    "as much as those of the other units",
)

# %% [markdown]
# In code we need the transpose `.T` of lesson 00 twice.
#
# * Forward, `h @ w2` adds up, for each prediction, over the hidden units. Backward, we add up, for each hidden unit, over the predictions: rows and columns change roles, `d_prediction @ w2.T`.
# * The blame of the weight from input $i$ to unit $j$ is input $i$ times the blame of unit $j$. For all pairs at once that is a small multiplication table, with the inputs down the side and the blames along the top. `x.T @ d_z` makes that
#   table for each example (for each row of `x`) and adds the tables up. Here it is for three examples:

# %%
show(
    draw.blame_tables(
        np.array([[1, 2], [3, 0], [-1, 1]]), np.array([[2, 0, 5], [1, -2, 0], [4, 3, 1]])
    ),
    "Three multiplication tables, one for each example: two inputs down the side, the blames of "
    "three units along the top, their products inside. A fourth table, the sum of the three, is "
    "x.T @ d.",
)

# %% [markdown]
# Now the five steps, in five lines:

# %%
label = np.array([[13.0, 2.0]])
d_prediction = 2 * (prediction - label) / label.size  # step 1: the mean of two squares
d_w2, d_b2 = h.T @ d_prediction, d_prediction.sum(axis=0)  # step 2
d_h = d_prediction @ w2.T  # step 3
d_z = np.where(z > 0, d_h, 0.0)  # step 4
d_w1, d_b1 = x.T @ d_z, d_z.sum(axis=0)  # step 5 (.sum(axis=0) adds over the examples)
print("blame of the hidden values h:", d_h[0])
print("blame of the sums z:         ", d_z[0])

# %%
show(
    draw.network(
        [["x = 2", "x = 3"], ["3", "0", "-5"], ["-1", "2"]],
        ["inputs", "blame of each z", "blame of the\npredictions"],
        [d_w1.astype(int), d_w2.astype(int)],
        notes=[None, [f"h = {value:g}" for value in h[0]], None],
        color="#D55E00",
        title="Backward: the blame of every sum and of every weight",
        backward=True,
    ),
    "The same 2-3-2 network with its arrows turned backward. The predictions have the blames -1 "
    "and 2. The output weights have -7 and 14, 0 and 0, -6 and 12. The sums z have 3, 0 and -5, "
    "and their weights 6, 0, -10 from the first input and 9, 0, -15 from the second.",
)
lesson.claim(
    "the silent unit's own parameters get no blame",
    np.all(d_w1[:, 1] == 0) and d_b1[1] == 0,
    guess="silent_unit",
)

# %% [markdown]
# Follow the arrows from right to left. The blame $2 \cdot (-1) + (-1) \cdot 2 = -4$ arrives at the silent unit and stops there, since ReLU is flat at $z = -6$: a unit that is silent for an example
# learns nothing from it. The other weights from the second input (3) bear more blame than those from the first (2), in proportion to what they carried.
#
# **Before you run it, guess:** both predictions are wrong, and a hidden unit is active. Can its blame still be exactly 0?

# %%
lesson.guess(
    "no_blame",
    "never",
    "only if both its output weights are 0",
    "also with other output weights",
)

# %% [markdown]
# Press "Next step" first, through the whole network, and open a few numbers. Then change the inputs and the labels.

# %%
lesson.explore("backward")

# %%
other_label = np.array([[14.0, 3.0]])
other_d = prediction - other_label
first_blame = (other_d @ w2.T)[0, 0]
print("blame of the predictions: ", other_d[0], "  of the first hidden unit:", first_blame)

# %%
lesson.claim(
    "both predictions are wrong, and the first unit, though active, gets no blame",
    np.all(other_d != 0) and h[0, 0] > 0 and first_blame == 0,
    guess="no_blame",
)

# %% [markdown]
# $1 \cdot (-2) + 2 \cdot 1 = 0$: along one arrow the unit is asked for more, along the other for less, and the two cancel.
#
# Don't trust it untested. The slowest and surest way to measure a slope is the one of lesson 01: nudge the parameter and look.


# %%
def loss_of(parameters, x, y):
    w1, b1, w2, b2 = parameters
    return np.mean((np.maximum(0, x @ w1 + b1) @ w2 + b2 - y) ** 2)


def nudged_gradient(parameters, x, y, nudge=1e-6):
    """Measure the slope of the loss along every parameter, one after the other."""
    slopes = [np.zeros_like(p) for p in parameters]
    for p, slope in zip(parameters, slopes, strict=True):
        for place in np.ndindex(p.shape):  # each place in the array, one after the other
            kept = p[place]
            p[place] = kept + nudge
            above = loss_of(parameters, x, y)
            p[place] = kept - nudge
            slope[place] = (above - loss_of(parameters, x, y)) / (2 * nudge)
            p[place] = kept
    return slopes


measured = nudged_gradient([w1, b1, w2, b2], x, label)

# %%
by_hand = [d_w1, d_b1, d_w2, d_b2]
difference = max(np.abs(m - c).max() for m, c in zip(measured, by_hand, strict=True))
lesson.claim("all seventeen blames agree with the measured slopes", difference < 1e-6)

# %% [markdown]
# If nudging is so simple, why bother with backpropagation? Because nudging runs the network twice *per parameter*: 203,540 times for 784-128-10. Backpropagation goes forward once and backward once.
#
# ### Exercise: backward
#
# Now for a whole batch. Return the derivatives of the mean squared error with respect to `w1`, `b1`, `w2` and `b2`, each with the shape of its
# parameter. `x` has shape (n, inputs) and `y` has shape (n, outputs), with any number of outputs. The loss is the mean over all `y.size` squared errors. Go by the chain rule, not by nudging.


# %%
def backward(w1, b1, w2, b2, x, y):
    """Return d_w1, d_b1, d_w2, d_b2 of the mean squared error of a network with one ReLU layer."""
    ### BEGIN SOLUTION
    z = x @ w1 + b1
    h = np.maximum(0, z)
    prediction = h @ w2 + b2
    d_prediction = 2 * (prediction - y) / y.size
    d_z = (d_prediction @ w2.T) * (z > 0)
    return x.T @ d_z, d_z.sum(axis=0), h.T @ d_prediction, d_prediction.sum(axis=0)
    ### END SOLUTION


# %%
lesson.check("backward", backward)
# lesson.hint("backward")

# %% [markdown]
# ### And for classes: p − y
#
# A classifier ends in softmax and cross-entropy instead. Only step 1 changes, and it becomes even simpler: the blame of each weighted sum before the softmax is its
# probability minus its label, $p - y$, where $y$ is 1 for the right class and 0 for the others. (For sigmoid you saw it in lesson 02.) Three classes, of which the second is right:

# %%
sums, right_class = np.array([2.0, 1.0, -1.0]), 1


def entropy_of(sums):
    p = np.exp(sums) / np.exp(sums).sum()  # softmax
    return -np.log(p[right_class])


by_rule = np.exp(sums) / np.exp(sums).sum() - np.array([0.0, 1.0, 0.0])  # p - y
nudges = 1e-6 * np.eye(3)  # one row for each sum: nudge it and leave the others
by_nudging = np.array([(entropy_of(sums + n) - entropy_of(sums - n)) / 2e-6 for n in nudges])
print("p - y:     ", by_rule.round(4))
print("by nudging:", by_nudging.round(4))

# %%
lesson.claim("p - y is the slope of the cross-entropy", np.allclose(by_rule, by_nudging, atol=1e-6))

# %% [markdown]
# The right class is pushed up, the others down, and the blames add up to 0. A right answer teaches, too, as long as its $p$ is below 1.
#
# ## The loop: learning by correction
#
# Think of throwing a ball at a basket. You throw, you see that it went too far to the left, you correct a little, you throw again. A network learns in the same way, by many small corrections, in
# seven steps:
#
# 1. **start** with random weights;
# 2. **predict**: forward propagation;
# 3. **compare** the predictions with the labels;
# 4. **measure the error**: one number, the loss;
# 5. **adjust**: backpropagation finds each parameter's blame, and each parameter moves against it, $W \leftarrow W - a \, \dfrac{\partial L}{\partial W}$ and $b \leftarrow b - a \, \dfrac{\partial L}{\partial b}$ (read $\dfrac{\partial L}{\partial W}$ as "the blames of the weights");
# 6. **repeat** from step 2, thousands of times;
# 7. **improve**: over many rounds the loss shrinks. Stop when it hardly shrinks any more. You cannot be sure that it would not
#    have shrunk again later.
#
# The steps are those of lesson 01. The only new thing is how step 5 gets its gradient. Our data set is a famous small one that no line can separate, **exclusive-or** (XOR for short): the answer is 1 if exactly one of two inputs is 1.


# %%
def gradient(parameters, x, y):
    """Return the loss and its derivatives for all parameters, by backpropagation."""
    w1, b1, w2, b2 = parameters
    z = x @ w1 + b1  # (n, width)
    h = np.maximum(0, z)
    error = h @ w2 + b2 - y  # (n, outputs)
    d_prediction = 2 * error / error.size
    d_z = (d_prediction @ w2.T) * (z > 0)  # (n, width)
    slopes = [x.T @ d_z, d_z.sum(axis=0), h.T @ d_prediction, d_prediction.sum(axis=0)]
    return np.mean(error**2), slopes


def random_start(rng, width=3):
    w1, w2 = rng.normal(0, 1, (2, width)), rng.normal(0, 1, (width, 1))
    return [w1, np.zeros(width), w2, np.zeros(1)]


def train(parameters, x, y, rate, steps):
    """Return the parameters after `steps` steps, and the loss before each of them."""
    losses = []
    for _ in range(steps):  # 6. repeat
        loss, slopes = gradient(parameters, x, y)  # 2. predict, 3. compare, 4. measure the error
        losses.append(loss)  # 7. does it improve?
        parameters = [p - rate * s for p, s in zip(parameters, slopes, strict=True)]  # 5. adjust
    return parameters, np.array(losses)


# %% [markdown]
# First the baseline. The best constant answer is 0.5, with the loss 0.25. And the best weighted sum, a plane over the four points?

# %%
x_xor = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y_xor = np.array([[0.0], [1.0], [1.0], [0.0]])
with_ones = np.column_stack([x_xor, np.ones(4)])  # the column of ones is for the bias
plane, *_ = np.linalg.lstsq(with_ones, y_xor)
plane_loss = np.mean((with_ones @ plane - y_xor) ** 2)
print("loss of the constant 0.5:", np.mean((0.5 - y_xor) ** 2))
print("loss of the best plane:  ", round(plane_loss, 6))

# %%
lesson.claim("for XOR the best plane is no better than a constant", abs(plane_loss - 0.25) < 1e-9)

# %% [markdown]
# A network without a hidden layer learns nothing here. Two hidden ReLU units are enough if their weights are right: $h_1 = \max(0, x_1 + x_2)$, $h_2 = \max(0, x_1 + x_2 - 1)$ and
# the output $h_1 - 2 h_2$ give 0, 1, 1, 0. We train 2-3-1, with one unit to spare, from sixty random starts.
#
# **Before you run it, guess:** how many of the sixty will solve it in 1,000 steps?

# %%
lesson.guess(
    "sixty_starts", "fewer than one in six", "between one and five in six", "more than five in six"
)

# %%
rng = np.random.default_rng(lesson.seed)
runs = [train(random_start(rng), x_xor, y_xor, rate=0.1, steps=1000) for _ in range(60)]
curves = np.array([losses for _, losses in runs])
solved = np.mean(curves[:, -1] < 0.01)
stuck = np.mean(curves[:, -1] > 0.05)
print(f"of the sixty starts, a fraction of ≈ {solved:.2f} solved it, and ≈ {stuck:.2f} got stuck")

# %%
show(
    draw.starts(curves[:12]),
    "The loss curves of the first twelve starts over 1000 steps. Some fall steeply to nearly zero, "
    "others level off at a high loss and stay there, several of them on the same level.",
)
lesson.claim("at least one start in six solves it", solved >= 1 / 6)
lesson.claim("and at least one in six gets stuck", stuck >= 1 / 6, guess="sixty_starts")

# %% [markdown]
# Look at the curves that stay high: same network, same data, same rule, and only the start differs. The loss of a line is a bowl. The loss of a network
# is a landscape with plains and side valleys, and where you end depends on where you start. (A curve that rests for a long time may still find a way down: nobody knows
# beforehand how long to wait.)
#
# Does a wider network help? Sixty starts with twelve hidden units:

# %%
wider = [train(random_start(rng, 12), x_xor, y_xor, rate=0.1, steps=1000)[1] for _ in range(60)]
solved_wider = np.mean(np.array(wider)[:, -1] < 0.01)
print(f"solved, with 12 hidden units ≈ {solved_wider:.2f}")

# %%
lesson.claim("twelve units solve it clearly more often than three", solved_wider > solved + 0.1)

# %% [markdown]
# It does. One more thing is needed: a start that differs from unit to unit. If all weights start equal, see what happens.

# %%
equal_start = [np.full((2, 3), 0.5), np.zeros(3), np.full((3, 1), 0.5), np.zeros(1)]
(equal_w1, *_), equal_losses = train(equal_start, x_xor, y_xor, rate=0.1, steps=1000)

# %%
lesson.claim(
    "from an equal start the three hidden units are still equal after 1000 steps",
    np.ptp(equal_w1, axis=1).max() < 1e-9,
)
lesson.claim("so they act as one unit, and XOR is not solved", equal_losses[-1] > 0.05)

# %% [markdown]
# Identical units get identical blame, so they take identical steps forever. Random numbers in the start make them different.
#
# ### The same loop in Keras
#
# In Keras `compile` chooses the loss and the optimizer, and `fit` is the loop. From the same start, the two must walk the same way.

# %%
start = random_start(np.random.default_rng(lesson.seed + 100))
ours, our_losses = train(start, x_xor, y_xor, rate=0.1, steps=20)

xor_model = keras.Sequential(
    [keras.Input(shape=(2,)), layers.Dense(3, activation="relu"), layers.Dense(1)]
)
xor_model.set_weights(start)
xor_model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
xor_model.fit(x_xor, y_xor, batch_size=4, epochs=20, verbose=0)
apart = max(np.abs(k - o).max() for k, o in zip(xor_model.get_weights(), ours, strict=True))

# %%
lesson.claim("after 20 steps all 13 parameters agree with Keras's", apart < 1e-4)

# %% [markdown]
# Remember from lesson 01: a step usually looks at a mini-batch of examples, whose size is the **batch
# size**, and one pass over all examples is an epoch. With $n$ examples one epoch has $\lceil n / \text{batch size} \rceil$ steps (rounded up: the last batch may be smaller). Here a batch
# was the whole data set, so 20 epochs were 20 steps.
#
# ## How Adam walks
#
# Look again at step 5. It has two halves, and two different parts of a library do them. **Backpropagation computes the gradient. It changes nothing.** The **optimizer** takes
# the gradient and decides how to move the parameters. *Optimization* is the search for parameters that make the loss small; plain gradient descent, SGD in Keras, is its simplest
# form. The same gradient can be used in other ways.
#
# The most common is **Adam** (for *adaptive moment estimation*). For each parameter it keeps two running averages: $m$, of the slopes $g$, and $v$, of the squared slopes.
#
# $$m \leftarrow 0.9\, m + 0.1\, g \qquad v \leftarrow 0.999\, v + 0.001\, g^2 \qquad
# w \leftarrow w - a\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}$$
#
# with $\hat m = m / (1 - 0.9^t)$ and $\hat v = v / (1 - 0.999^t)$ at step $t = 1, 2, \dots$, since averages that start at 0 are
# too small in the beginning: after the first step $m$ is $0.1\, g$, and divided by $1 - 0.9 = 0.1$ it is $g$ again. The tiny
# $\epsilon$ prevents a division by zero (Keras adds it in a slightly different place; the difference is just as tiny). Read the
# fraction as "average slope, divided by the typical size of the slopes".
#
# **Before you run it, guess:** two parameters have the slopes 100 and 0.001. How far does Adam's first step, at rate 0.1, move the second one?

# %%
lesson.guess("first_adam_step", "by 0.0001", "by 0.01", "by 0.1")


# %%
def adam(w, slopes_at, rate, steps):
    """Walk with Adam from `w`, by the slopes that slopes_at(w) gives; return all places passed."""
    m, v, places = np.zeros_like(w), np.zeros_like(w), [w]
    for t in range(1, steps + 1):
        g = slopes_at(w)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        w = w - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)
        places.append(w)
    return np.array(places)


g = np.array([100.0, 0.001])
plain, adaptive = -0.1 * g, adam(np.zeros(2), lambda w: g, rate=0.1, steps=1)[-1]
print(f"gradient descent moves them by {plain[0]:.4f} and {plain[1]:.4f}")
print(f"Adam moves them by             {adaptive[0]:.4f} and {adaptive[1]:.4f}")

# %%
lesson.claim(
    "Adam moves both by the learning rate",
    np.allclose(adaptive, -0.1, rtol=1e-3),
    guess="first_adam_step",
)

# %% [markdown]
# Compare the two lines. At the first step the average slope *is* the slope, and divided by its own size it is 1 or $-1$. So Adam's first step does not depend on how steep its direction is.
#
# What does that do to a walk? Here is the map of a loss like a narrow valley: along $w_2$ it is 100 times as steep as along $w_1$. SGD and Adam both walk 60 steps from the
# same place down towards the bottom in the middle.

# %%
steepness = np.array([1.0, 100.0])


def valley(w):
    return steepness * w  # the slopes of (w1**2 + 100 * w2**2) / 2


def descend(w, slopes_at, rate, steps):
    places = [w]
    for _ in range(steps):
        w = w - rate * slopes_at(w)
        places.append(w)
    return np.array(places)


top = np.array([1.0, 1.0])
walks = {
    "SGD, rate 0.002": descend(top, valley, rate=0.002, steps=60),
    "SGD, rate 0.019": descend(top, valley, rate=0.019, steps=60),
    "Adam, rate 0.05": adam(top, valley, rate=0.05, steps=60),
}

# %%
show(
    draw.walks(walks, steepness),
    "Three walks on the map of a narrow valley, from the upper right corner. SGD with a small rate "
    "drops to the valley's floor and hardly moves along it. With a larger rate it jumps from side "
    "to side of the valley. Adam walks along the diagonal, past the bottom, and turns back.",
)
lesson.claim(
    "Adam walks equally far in both directions, though one is 100 times as steep",
    np.allclose(walks["Adam, rate 0.05"][:, 0], walks["Adam, rate 0.05"][:, 1], atol=1e-4),
)

# %% [markdown]
# SGD has one rate for both directions. Above 0.02 each step along $w_2$ is longer than twice the way to the floor
# ($0.02 \cdot 100 = 2$), so it lands further away than it started (lesson 01), and any rate below that is slow along the floor. Adam scales
# the step of each parameter by itself, and so it walks equally far in both. This valley runs along one of the parameters; along a
# valley that lies diagonally, Adam has no such advantage. (The averages carry it past the bottom at first.)
#
# You may read that Adam "needs less memory". It needs *more*: the two averages are two extra numbers for every parameter, and plain gradient descent keeps none. Count
# them for the small network 2-3-2:

# %%
kept = {}
for name, optimizer in {"SGD": keras.optimizers.SGD(), "Adam": keras.optimizers.Adam()}.items():
    optimizer.build(small.trainable_variables)
    kept[name] = sum(int(np.prod(v.shape)) for v in optimizer.variables if len(v.shape) > 0)
    print(f"{name} keeps {kept[name]} numbers for {small.count_params()} parameters")
lesson.claim(
    "Adam keeps two extra numbers for every parameter", kept["Adam"] == 2 * small.count_params()
)

# %% [markdown]
# In return, the standard rate, 0.001, is a usable first try for many networks.
#
# ### Exercise: adam_step
#
# Write one step of Adam. It gets the parameter `w`, its slope `g`, the two averages `m` and `v` as they were, the number `t` of this step (counted from 1) and the
# rate. It returns the new `w`, `m` and `v`. Use 0.9, 0.999 and `1e-7` as above.


# %%
def adam_step(w, g, m, v, t, rate):
    """Return w, m and v after one step of Adam."""
    ### BEGIN SOLUTION
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    step = (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)
    return w - rate * step, m, v
    ### END SOLUTION


# %%
lesson.check("adam_step", adam_step)
# lesson.hint("adam_step")

# %% [markdown]
# **A good place for a break.** You have everything that happens inside a network while it trains. What follows is about what networks can do, and how to judge them.
#
# ## Weights by hand, weights by training
#
# Lesson 02 named *universal approximation*, or *universality*: with enough units, one hidden layer comes as close as you like to **any continuous function on a
# closed, bounded range of inputs** (a range with both its ends, such as from $-3$ to 3). Here you write the weights down, without any training: each hidden ReLU unit adds one bend at a place of your choice, and a
# curve can be traced by straight pieces between bends.


# %%
def wave(x):
    return np.sin(2 * x) * (1 + 0.3 * x)


def trace(function, width):
    """Return weights of a 1-width-1 ReLU network that hits the function at width + 1 places."""
    places = np.linspace(-3, 3, width + 1)
    slopes = np.diff(function(places)) / np.diff(places)  # of each straight piece
    bends = np.diff(slopes, prepend=0)  # how much the slope changes at each bend, from 0 at first
    starts = places[:-1]  # unit j is max(0, x - starts[j]): it bends where its piece starts
    return [np.ones((1, width)), -starts, bends.reshape(width, 1), function(places[:1])]


def output(weights, x):
    w1, b1, w2, b2 = weights
    return np.maximum(0, x @ w1 + b1) @ w2 + b2


x_wave = np.linspace(-3, 3, 200).reshape(200, 1)  # 200 examples of one feature
target = wave(x_wave)
built = {width: output(trace(wave, width), x_wave) for width in (4, 8, 16, 32, 64)}
built_loss = {width: np.mean((curve - target) ** 2) for width, curve in built.items()}
for width, loss in built_loss.items():
    print(f"{width} units: loss ≈ {loss:.6f}")

# %%
show(
    draw.fits(x_wave, target, {f"{n} units, by hand": built[n] for n in (4, 8, 16)}),
    "A wave and three networks. With 4 units the network misses most bends, with 8 it follows "
    "roughly, with 16 it lies on the wave almost everywhere.",
)
lesson.claim(
    "from 8 units on, twice the width divides the loss by more than ten",
    all(built_loss[2 * width] < built_loss[width] / 10 for width in (8, 16, 32)),
)

# %% [markdown]
# The wider, the closer. (Outside the range nothing is promised: there the last straight piece just goes on. And a jump cannot be traced, since no piece is vertical.)
#
# So for 64 units we know weights with a tiny loss. Does training get there? We try nine starts of each of two kinds: the usual
# one of Keras, small weights and biases of 0, with all bends at $x = 0$; and a helpful one, which places the bends over the range
# and takes their slopes from the network made by hand, so that only the output weights are drawn at random. The optimizer is
# Adam, and the rate shrinks to zero in the course of the training. It is a learning-rate schedule (lesson 01): large steps to get
# there, small ones to come to rest.
#
# **Before you run it, guess:** which kind of start gets, at least once in nine, below twice the loss of the network that was made by hand?

# %%
lesson.guess("loss_by_hand", "neither", "only the helpful start", "both")


# %%
def usual_start(rng, width):
    """Weights drawn as Keras draws them, smaller in a wider layer, and biases of 0."""
    limit = np.sqrt(6 / (1 + width))
    w1, w2 = rng.uniform(-limit, limit, (1, width)), rng.uniform(-limit, limit, (width, 1))
    return [w1, np.zeros(width), w2, np.zeros(1)]


def helpful_start(rng, width):
    return trace(wave, width)[:2] + usual_start(rng, width)[2:]


def train_with_adam(parameters, x, y, rate, steps):
    m, v = [0 * p for p in parameters], [0 * p for p in parameters]
    for t in range(1, steps + 1):
        loss, slopes = gradient(parameters, x, y)
        now = rate * (1 + np.cos(np.pi * t / steps)) / 2  # the schedule: from `rate` down to 0
        for i, g in enumerate(slopes):
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            move = now * (m[i] / (1 - 0.9**t)) / (np.sqrt(v[i] / (1 - 0.999**t)) + 1e-7)
            parameters[i] = parameters[i] - move
    return parameters, loss


# %%
in_the_middle, close, by_hand_too = {}, {}, {}
for name, start in {"usual start": usual_start, "helpful start": helpful_start}.items():
    rng = np.random.default_rng(lesson.seed)
    runs = [train_with_adam(start(rng, 64), x_wave, target, 0.02, 1000) for _ in range(9)]
    runs.sort(key=lambda run: run[1])  # by the loss
    in_the_middle[name] = output(runs[4][0], x_wave)
    close[name] = sum(loss < 0.005 for _, loss in runs)
    by_hand_too[name] = sum(loss < 2 * built_loss[64] for _, loss in runs)
    print(f"{name}: of nine, ≈ {close[name]} have a loss below 0.005", end=", ")
    print(f"{by_hand_too[name]} below {2 * built_loss[64]:.6f}")

# %%
show(
    draw.fits(x_wave, target, in_the_middle),
    "The wave and two trained networks, each the one in the middle of nine. With the helpful start "
    "the network lies on the wave; with the usual start it is further away from it.",
)
lesson.claim(
    "at this rate and with these 1,000 steps more of the helpful starts come close to the wave",
    close["helpful start"] > close["usual start"],
)
lesson.claim(
    "none of either kind gets below twice the loss of the weights we know",
    max(by_hand_too.values()) == 0,
    guess="loss_by_hand",
)

# %% [markdown]
# Compare the two lines. **Weights exist; nobody says that training finds them.** What a network *can* express and what training
# *finds* are two questions. (Another rate may reverse the order of the two starts, and more steps may bring both closer.)
#
# ## Textbook, practice quiz, final exam
#
# From now on the data are real, and what counts is how a network does on examples it has never seen. Lesson 01 held out a test set for that. But when you build networks, you make choices on
# the way: how wide, how many epochs, which rate. Which data should judge those choices? Not the training data, which flatter a network that fits what does not carry over.
# Not the test data either: whatever was chosen by them can no longer be judged fairly by them. So there are three sets:
#
# * The **training set** is the textbook. The network studies it.
# * The **validation set** is the practice quiz. You look at it as often as you like, to see how the studying goes and to make choices. (Also called *development set*.)
# * The **test set** is the final exam. It is taken once, at the end.
#
# A usual split is 70 %, 15 % and 15 %. scikit-learn cuts in two only, so we cut twice: 30 % off, and then that in half.

# %%
from sklearn.model_selection import train_test_split

images, numerals = digits()
x_train, x_rest, y_train, y_rest = train_test_split(
    images, numerals, test_size=0.3, random_state=lesson.seed, stratify=numerals
)
x_val, x_test, y_val, y_test = train_test_split(
    x_rest, y_rest, test_size=0.5, random_state=lesson.seed, stratify=y_rest
)
print("training:", x_train.shape, " validation:", x_val.shape, " test:", x_test.shape)

# %% [markdown]
# (`stratify` keeps the fraction of each digit the same in all three.) These are pictures of handwritten digits, 10,000 of the famous collection MNIST; the network that reads them comes next. (`digits("small")` would give 1,797 pictures of 8 by 8 pixels, `digits("mnist")` all 70,000.)
#
# Is the third set really necessary? Try it with a pure game of chance. The labels are coin tosses, so in the long run nobody can be right more than half of the time. We let 200 "models" guess at
# random, choose the best of them by its accuracy on 100 validation examples, and then look at the test.
#
# **Before you run it, guess:** what validation accuracy does the winner have, on average over many such games?

# %%
lesson.guess("lucky_winner", "about 50 %", "about 55 %", "about 65 %", "about 80 %")

# %%
rng = np.random.default_rng(lesson.seed)
winner_val, winner_test = [], []
for game in range(50):  # the whole game 50 times, to see what is typical
    labels_val, labels_test = rng.integers(0, 2, 100), rng.integers(0, 2, 100)
    accuracy_val = np.mean(rng.integers(0, 2, (200, 100)) == labels_val, axis=1)
    accuracy_test = np.mean(rng.integers(0, 2, (200, 100)) == labels_test, axis=1)
    winner = accuracy_val.argmax()
    winner_val.append(accuracy_val[winner])
    winner_test.append(accuracy_test[winner])
val_mean, test_mean = np.mean(winner_val), np.mean(winner_test)
print(f"the winner: validation ≈ {val_mean:.2f}, test ≈ {test_mean:.2f}")

# %%
lesson.claim(
    "the best of 200 guessers seems to be right 60 to 68 % of the time",
    0.60 < val_mean < 0.68,
    guess="lucky_winner",
)
lesson.claim("the exam shows the truth: about half", abs(test_mean - 0.5) < 0.05)

# %% [markdown]
# Compare the two numbers. Each guesser is right on about 50 of the 100 examples, give or take 5, and the best of 200 lies nearly three times that far above. The winner was not good; by chance it suited those 100 examples. The more choices you make by the validation set, the more its score flatters what you chose. Only data that took part in no choice can judge it.
#
# ### Exercise: split
#
# Write the split as a function. Return the six arrays in the order train, validation, test: `x_train, y_train, x_val, y_val, x_test, y_test`, with 70 %, 15 % and 15 % of the
# examples, shuffled by `seed`.


# %%
def split(x, y, seed):
    """Return x_train, y_train, x_val, y_val, x_test, y_test: 70, 15 and 15 % of the examples."""
    ### BEGIN SOLUTION
    x_train, x_rest, y_train, y_rest = train_test_split(x, y, test_size=0.3, random_state=seed)
    x_val, x_test, y_val, y_test = train_test_split(
        x_rest, y_rest, test_size=0.5, random_state=seed
    )
    return x_train, y_train, x_val, y_val, x_test, y_test
    ### END SOLUTION


# %%
lesson.check("split", split)
# lesson.hint("split")

# %% [markdown]
# ## A network that reads
#
# As in lesson 00, a picture is a matrix of numbers, one for each pixel: 0 for white paper, 1 for black ink, and grey in between.

# %%
show(
    draw.pixels(x_train[0], y_train[0]),
    "Left: a handwritten digit in grey pixels. Right: numbers of the same picture, of every "
    "second row and column, between 0 and 1 and high where there is ink.",
)

# %% [markdown]
# The network gets these numbers as one long row; `Flatten` lays the rows of the picture end to end. It is not told which pixels are neighbours. For each of
# the ten digits it answers with a probability.

# %%
### SOURCE courseware.lessons.fnn.models.build_digit_classifier

# %% [markdown]
# `sparse_categorical_crossentropy` is the cross-entropy for labels that are class numbers. (To look up what a layer or an option does, run `help(layers.Dense)`.) With 28 by 28 pixels this is the 784-128-10 network whose parameters
# you counted.

# %%
keras.utils.set_random_seed(lesson.seed)
model = build_digit_classifier(size=x_train.shape[1])
first_weights = model.get_weights()[0]  # how it starts: kept for a comparison later on
classic = build_digit_classifier(28)
print("784-128-10 by Keras:", classic.count_params(), "parameters")
lesson.claim("Keras counts what we counted", classic.count_params() == hidden_count + output_count)

# %% [markdown]
# First the baselines, without any network. The simplest always answers with the most common digit. A better one keeps the average picture of
# each digit and answers with the nearest. The validation set judges them, like everything that we compare before the exam.

# %%
most_common = np.bincount(y_train).argmax()
common_accuracy = np.mean(y_val == most_common)
averages = np.array([x_train[y_train == digit].mean(axis=0) for digit in range(10)])
distances = np.array([((x_val - average) ** 2).sum(axis=(1, 2)) for average in averages])
nearest_accuracy = np.mean(distances.argmin(axis=0) == y_val)
print(f"most common digit ≈ {common_accuracy:.3f}, nearest average ≈ {nearest_accuracy:.3f}")

# %%
lesson.claim("the most common digit is right less than one time in five", common_accuracy < 0.2)
lesson.claim("the nearest average is right at least 70 % of the time", nearest_accuracy > 0.7)

# %% [markdown]
# So "80 % right" would be nothing to boast about on these digits. (Differences are told in *points* from here on: from 80 % to 82 % is two points.) Now the network. `validation_data` makes Keras measure on the validation set after each epoch, without learning from it. We stop after the first
# epoch and look, then go on.

# %%
batches = ShuffledBatches(x_train, y_train, batch_size=32, seed=lesson.seed)
validation = (x_val, y_val)
loss_untrained = model.evaluate(*validation, verbose=0)[0]
first = model.fit(batches, epochs=1, validation_data=validation, verbose=0).history
train_after = model.evaluate(x_train, y_train, verbose=0)[1]
print(f"the first epoch: training accuracy ≈ {first['accuracy'][0]:.2f}")
print(f"validation accuracy ≈ {first['val_accuracy'][0]:.2f}")
print(f"the training pictures once more, after the epoch ≈ {train_after:.2f}")

# %%
lesson.claim(
    "after the epoch, the training accuracy is higher than the average that Keras reported for it",
    train_after > first["accuracy"][0] + 0.03,
)
lesson.claim("untrained, the loss was near log 10", abs(loss_untrained - np.log(10)) < 0.5)

# %% [markdown]
# By the first two lines you might think that the validation set is easier. The third line says otherwise. Keras computes the training accuracy *during* the epoch, as an average over all its batches, the early ones included, in which the network had hardly learned anything.
# The validation accuracy is computed *after* it, and so is the third line, which makes the comparison fair. So in the curves below each training point stands, roughly, for the network of half an epoch before.

# %%
epochs = max(3, min(20, 56_000 // len(x_train)))  # the fewer pictures, the more epochs
log = model.fit(
    batches,
    epochs=epochs,
    initial_epoch=1,
    validation_data=validation,
    callbacks=[lesson.live()],
    verbose=0,
).history
log = {name: first[name] + log[name] for name in log}

steps_per_epoch = int(np.ceil(len(x_train) / 32))
print("parameters:", model.count_params())
print("steps:", epochs, "epochs of", steps_per_epoch, "=", int(model.optimizer.iterations))
last_train, last_val = log["loss"][-1], log["val_loss"][-1]
print(f"last epoch: training loss ≈ {last_train:.2f}, validation loss ≈ {last_val:.2f}")

# %%
show(
    draw.history(log),
    "Two plots over the epochs. The training loss falls to the end, the validation loss ever more "
    "slowly. The training accuracy rises nearly to 1, the validation accuracy levels off below it.",
)
lesson.claim(
    "the validation loss is less than a quarter of log 10", log["val_loss"][-1] < np.log(10) / 4
)
lesson.claim("more than 90 % of the validation digits are read", log["val_accuracy"][-1] > 0.9)
lesson.claim(
    "the network beats the nearest average by more than two points",
    log["val_accuracy"][-1] > nearest_accuracy + 0.02,
)

# %% [markdown]
# These curves are what you watch while a network trains. As long as both losses fall, it is learning something that also holds
# for unseen digits. Here the training loss soon drops below the validation loss and keeps falling, while the validation loss
# hardly falls any more, and at times rises: more and more of what is learned fits the training pictures and does not carry over.
# Lesson 09 is about that. Accuracy is what people will ask you for; the loss is the finer instrument, since it also notices how
# sure the network was.
#
# ### Which digits does it get wrong?
#
# One number hides a lot. The **confusion matrix** shows more: row by row the digit that it is, column by column what the network said. We look at the mistakes in the validation set, since whoever looks may want to change something.

# %%
probabilities = model.predict(x_val, verbose=0)
said = probabilities.argmax(axis=1)
confusion = np.zeros((10, 10), dtype=int)
for digit, answer in zip(y_val, said, strict=True):
    confusion[digit, answer] += 1

wrong = np.flatnonzero(said != y_val)
sureness = probabilities.max(axis=1)  # the highest of the ten
sure_right, sure_wrong = sureness[said == y_val].mean(), sureness[wrong].mean()
print(f"mean of the highest probability: when right ≈ {sure_right:.2f}, wrong ≈ {sure_wrong:.2f}")

# %%
show(
    draw.confusions(confusion, x_val[wrong], y_val[wrong], said[wrong]),
    "Left: a matrix of ten rows and ten columns with nearly all counts on the diagonal and a few "
    "elsewhere. Right: up to nine digits that were misread, many of them sloppily written.",
)
lesson.claim(
    "the diagonal holds the digits that were read correctly",
    np.trace(confusion) == np.sum(said == y_val),
)
lesson.claim("it is less sure of itself where it is wrong", sure_wrong < sure_right - 0.1)
lesson.claim(
    "the ten probabilities add up to one", np.allclose(probabilities.sum(axis=1), 1, atol=1e-4)
)

# %% [markdown]
# Off the diagonal are the mistakes, and some of these digits you might misread yourself. Where the network was wrong it was, on average, less sure. That is useful: a
# machine that sorts mail may hand its unsure cases to a person, as in lesson 00.
#
# We change nothing. So the exam, once:

# %%
test_accuracy = np.mean(model.predict(x_test, verbose=0).argmax(axis=1) == y_test)
print(f"test accuracy ≈ {test_accuracy:.3f}")

# %%
lesson.claim("more than 90 % of digits that took part in no choice are read", test_accuracy > 0.9)

# %% [markdown]
# ## Eight measurements, one answer
#
# The second network of this lesson answers a yes-or-no question: is a tumour malignant? For 569 tumours, cell nuclei were measured under a microscope. We take eight of the
# measurements in scikit-learn's `load_breast_cancer`: for each tumour the averages over its nuclei of radius, texture, smoothness, compactness, concavity, number of concave points, symmetry and fractal dimension. (Two more, perimeter and area, say
# nearly the same as the radius.)

# %%
from sklearn.datasets import load_breast_cancer

cancer = load_breast_cancer()
names = ["radius", "texture", "smoothness", "compactness", "concavity", "concave points"]
names += ["symmetry", "fractal dimension"]
columns = [list(cancer.feature_names).index(f"mean {name}") for name in names]
cells, malignant = cancer.data[:, columns], 1 - cancer.target  # there, 0 stands for malignant

c_train, c_rest, m_train, m_rest = train_test_split(
    cells, malignant, test_size=0.3, random_state=lesson.seed, stratify=malignant
)
c_val, c_test, m_val, m_test = train_test_split(
    c_rest, m_rest, test_size=0.5, random_state=lesson.seed, stratify=m_rest
)
mean, deviation = c_train.mean(axis=0), c_train.std(axis=0)  # from the training set only
c_train, c_val, c_test = ((part - mean) / deviation for part in (c_train, c_val, c_test))
print("training:", c_train.shape, " validation:", c_val.shape, " test:", c_test.shape)

# %%
### SOURCE courseware.lessons.fnn.models.build_binary_classifier

# %% [markdown]
# It is the network 8-10-1. One output with sigmoid is enough for yes or no: the probability of "no" is 1 minus it. For comparison we also train one without a hidden layer, 8-1.

# %%
keras.utils.set_random_seed(lesson.seed)
tumour_network = build_binary_classifier(learning_rate=0.03)  # 8-10-1
tumour_line = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(1, activation="sigmoid")])
tumour_line.compile(keras.optimizers.Adam(0.03), loss="binary_crossentropy")


def accuracy(model, cells, malignant):
    return np.mean((answers(model, cells) > 0.5) == malignant)


validated = {"always benign": np.mean(m_val == 0)}
for name, tumour_model in {"8-10-1": tumour_network, "8-1": tumour_line}.items():
    batches = ShuffledBatches(c_train, m_train, batch_size=16, seed=lesson.seed)
    tumour_model.fit(batches, epochs=20, verbose=0)
    validated[name] = accuracy(tumour_model, c_val, m_val)
for name, right in validated.items():
    print(f"{name}: validation accuracy ≈ {right:.2f}")

# %%
lesson.claim(
    "8-10-1 beats always saying benign by 15 points",
    validated["8-10-1"] > validated["always benign"] + 0.15,
)
lesson.claim("8-1 does so as well", validated["8-1"] > validated["always benign"] + 0.15)
lesson.claim(
    "the two differ by less than ten points", abs(validated["8-10-1"] - validated["8-1"]) < 0.1
)

# %% [markdown]
# On the 85 tumours of the validation set one tumour more or less is more than a point, so a difference of a few points says little. When nothing speaks clearly for the larger model, take the simpler one: 8-1. Always try the simple one first.
#
# Accuracy is not the whole story here. Missing a malignant tumour (a *false negative*) is worse than a false alarm (a *false positive*). So count them apart, and try another **threshold**, the probability above which we call a tumour malignant: not 0.5, but 0.1. (To have more tumours to count, we take training and validation set together. That flatters both counts, as most of these tumours were trained on.)
#
# **Before you run it, guess:** what does the lower threshold do?

# %%
lesson.guess("lower_threshold", "fewer missed, more false alarms", "fewer of both", "more of both")


# %%
c_seen, m_seen = np.concatenate([c_train, c_val]), np.concatenate([m_train, m_val])


def misses_and_alarms(threshold):
    called = answers(tumour_line, c_seen) > threshold
    return np.sum(~called & (m_seen == 1)), np.sum(called & (m_seen == 0))


missed, alarms = misses_and_alarms(0.5)
missed_low, alarms_low = misses_and_alarms(0.1)
print(f"malignant: {np.sum(m_seen == 1)}, benign: {np.sum(m_seen == 0)}")
print(f"threshold 0.5: missed ≈ {missed}, false alarms ≈ {alarms}")
print(f"threshold 0.1: missed ≈ {missed_low}, false alarms ≈ {alarms_low}")

# %%
lesson.claim("the lower threshold misses fewer", missed_low < missed)
lesson.claim("and raises more false alarms", alarms_low > alarms, guess="lower_threshold")

# %% [markdown]
# Compare the last two lines. A lower threshold can only say "malignant" more often, so it trades missed tumours for false alarms.
# Where to set it depends on what each mistake costs, which is not a question of mathematics; someone who screens patients may
# prefer 0.1. In the exam we want to compare accuracy with the baseline's, and so take the usual 0.5:

# %%
baseline = np.mean(m_test == 0)
line_test = accuracy(tumour_line, c_test, m_test)
print(f"always benign ≈ {baseline:.2f}, 8-1 ≈ {line_test:.2f}")

# %%
lesson.claim("8-1 beats the baseline by more than 15 points", line_test > baseline + 0.15)

# %% [markdown]
# ### Exercise: repair
#
# This tumour classifier gives the answer "malignant" with probability 1 for everybody, whatever it is shown. Three things are wrong with it. Return a compiled model that learns.
# The check trains it for 100 epochs on 1,000 made-up patients, whom no straight boundary separates, and wants 85 % of them right.


# %%
def repaired_classifier():
    """Return a compiled model for eight standardized measurements that learns yes or no."""
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input(shape=(8,)),
            layers.Dense(10, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy")
    return model
    ### STARTER
    # model = keras.Sequential(
    #     [
    #         keras.Input(shape=(8,)),
    #         layers.Dense(10, activation="relu", kernel_initializer="zeros"),
    #         layers.Dense(1, activation="softmax"),
    #     ]
    # )
    # model.compile(optimizer=keras.optimizers.Adam(10.0), loss="binary_crossentropy")
    # return model
    ### END SOLUTION


# %%
lesson.check("repair", repaired_classifier)
# lesson.hint("repair")

# %% [markdown]
# ## What the weights say
#
# People like to explain networks by their weights. Some of what they say is wrong, so let us look.
#
# **"Weights are numbers between 0 and 1."** Here are all weights of the trained 8-10-1 network:

# %%
w_hidden, b_hidden, w_out, b_out = tumour_network.get_weights()
all_weights = np.concatenate([w_hidden.ravel(), w_out.ravel()])
print(f"smallest ≈ {all_weights.min():.2f}, largest ≈ {all_weights.max():.2f}")

# %%
show(
    draw.weight_histogram(all_weights),
    "A histogram of weights, spread around zero on both sides, some of them above 1. The band "
    "from 0 to 1 is marked, and many weights lie outside.",
)
lesson.claim("there are weights below zero", all_weights.min() < 0)
lesson.claim("and weights above one", all_weights.max() > 1)

# %% [markdown]
# A weight can be any number.
#
# **"A high weight means an important input, a low weight an unimportant one."** Three objections. We use the network without a hidden layer, 8-1, as it has just one weight for each measurement.
#
# *The sign.* A weight of $-3$ is as strong as one of 3; it pulls the answer down instead of up. Flip the sign of every measurement and of every weight: not a single answer changes.
#
# *The scale.* We standardized the measurements. If we had not, the same answers would need these weights:

# %%
weights_line = tumour_line.get_weights()[0][:, 0]
raw_weights = weights_line / deviation  # w * (x - mean) / deviation = (w / deviation) * x - ...
for name, standard, raw in zip(names, weights_line, raw_weights, strict=True):
    print(f"{name:17}  standardized ≈ {standard:.2f}, in raw units ≈ {raw:.2f}")

flipped = keras.models.clone_model(tumour_line)  # the same architecture, with new weights
flipped.set_weights([-weights_line.reshape(8, 1), tumour_line.get_weights()[1]])
as_before, with_signs_flipped = answers(tumour_line, c_val), answers(flipped, -c_val)

# %%
shrinks = deviation[0] / deviation[2]  # how much the scale alone raises smoothness over radius
lesson.claim(
    "with all signs flipped the answers are the same",
    np.allclose(with_signs_flipped, as_before, atol=1e-5),
)
lesson.claim("the raw units alone raise smoothness over radius more than 100-fold", shrinks > 100)

# %% [markdown]
# The same model, the same answers, and a very different ranking. Smoothness varies by hundredths, so in raw units it needs a huge
# weight to change the answer.
#
# *Measurements that go together.* Tumours whose cells have many concave points tend to have a high concavity, too. Their *correlation* (lesson 01), 1 or $-1$ if one can be computed from the other by a line, is near 1.
# What happens to weights then can be seen exactly if we give the network a perfect copy of one measurement:

# %%
together = np.corrcoef(c_train[:, 4], c_train[:, 5])[0, 1]
print(f"correlation of {names[4]} and {names[5]} ≈ {together:.2f}")

w = weights_line[5]
with_copy = np.column_stack([c_val, c_val[:, 5]])  # concave points, twice
answers_before = c_val @ weights_line
for first_share, second_share in ((w / 2, w / 2), (10 * w, -9 * w)):
    nine = np.append(weights_line, second_share)
    nine[5] = first_share
    difference = np.abs(with_copy @ nine - answers_before).max()
    lesson.claim(
        "with the weight divided up between the two, every weighted sum is the same",
        difference < 1e-4,
    )

# %%
lesson.claim("concavity and concave points nearly go together", together > 0.8)

# %% [markdown]
# Half and half, or ten times and minus nine times: the data cannot tell such weights apart. Of measurements that go together, no single weight can be read as importance.
#
# **"The first layer learns edges."** It is said of networks for photos, and then repeated about every network. Look at hidden units of our digit
# network. Each has one weight per pixel, so its weights can be drawn as a picture. To see what they have *learned*, we need the start as well:

# %%
from courseware.lessons.fnn.edges import best_edge

size = x_train.shape[1]
trained_weights = model.get_weights()[0]


def as_pictures(weights):
    return weights.T.reshape(-1, size, size)  # one picture for each unit


loudest = np.abs(model.get_weights()[2]).sum(axis=1).argsort()[::-1][:8]  # largest output weights
learned = trained_weights - first_weights
blank = x_train.reshape(len(x_train), -1).max(axis=0) == 0  # pixels without ink in any picture
rows = {"start": first_weights, "trained": trained_weights, "difference": learned}
rows = {name: as_pictures(weights)[loudest] for name, weights in rows.items()}

# %%
show(
    draw.unit_pictures(rows),
    "Three rows of eight small pictures of weights in red and blue. The first row, the start, is "
    "noise. The second, after training, still has that noise around the middle. The third, the "
    "difference, is blank at the rim and has patches of both colours in the middle.",
)
lesson.claim(
    "where no picture has ink, the weights are exactly those of the start",
    np.all(learned[blank] == 0),
)

# %% [markdown]
# The first row is chance, and much of it is still there in the second. Only the third row was learned. At the rim it is empty, for a reason you know: the blame of a weight is the input that it carries times the blame of the
# unit, and a pixel that is always 0 carries nothing.
#
# Are there edges in it, red on one side of a line and blue on the other? We compare each picture with 900 such edges and ask how much of its
# variation the best one explains, from 0 to 1. For comparison: pictures of digits added up with random weights, which nobody has trained.

# %%
true_edge = np.where(np.arange(size) < size / 2, -1.0, 1.0) * np.ones((1, size, size))
mixtures = np.random.default_rng(lesson.seed).normal(0, 1, (128, len(x_train)))
mixtures = (mixtures @ x_train.reshape(len(x_train), -1)).reshape(-1, size, size)
edge_fraction = {
    "a real edge": best_edge(true_edge)[0],
    "random mixtures of digits": np.median(best_edge(mixtures)),
    "the difference": np.median(best_edge(as_pictures(learned))),
}
for name, fraction in edge_fraction.items():
    print(f"{name} ≈ {fraction:.2f}")

# %%
lesson.claim("the measure recognizes a real edge", edge_fraction["a real edge"] > 0.8)
lesson.claim(
    "what was learned is no more like an edge than a random mixture of digits",
    edge_fraction["the difference"] <= edge_fraction["random mixtures of digits"],
)

# %% [markdown]
# So these dense units are not edge detectors. Nobody told them which pixels are neighbours; the next lesson builds a network that is told, and looks.
#
# ## Depth or width
#
# Back to the spiral. The network at the beginning had two hidden layers of 16, and 337 parameters. One hidden layer of 84 units has 337 parameters as well. Does the spiral need the second layer?
#
# **Before you run it, guess:** three networks, 2-2-1, 2-84-1 and 2-16-16-1. Which of them separate the arms?

# %%
lesson.guess("spiral", "only 2-16-16-1", "2-84-1 and 2-16-16-1", "all three")

# %%
fresh_points, fresh_arm = spiral(n=1000, turns=1.25, noise=0.02, seed=lesson.seed + 1000)
maps, score = {}, {}
for widths in ([2], [84], [16, 16]):
    keras.utils.set_random_seed(lesson.seed)
    if widths == [16, 16]:
        stack = two_layers  # that one is trained already
    else:
        stack = build_stack(widths, activation="relu", learning_rate=0.02)
        batches = ShuffledBatches(points, arm, batch_size=25, seed=lesson.seed)
        stack.fit(batches, epochs=20, verbose=0, callbacks=[lesson.live()])
    plan = "-".join(map(str, [2, *widths, 1]))
    score[plan] = np.mean((answers(stack, fresh_points) > 0.5) == fresh_arm)
    maps[plan] = answers(stack, grid)
    print(f"{plan}: right on new points ≈ {score[plan]:.3f}")

# %%
narrow, wide, both = score.values()
show(
    draw.surfaces(maps, way, points[::3], arm[::3]),
    "Three maps. With 2 hidden units the boundary is straight or bent once or twice and cuts "
    "through both arms. With 84 units in one layer, and with two layers of 16, it winds between "
    "the arms.",
)
lesson.claim("84 units in one layer get 95 % of new points right", wide > 0.95)
lesson.claim("two layers of 16 do so, too", both > 0.95)
lesson.claim(
    "2 units make at least five times as many mistakes", 1 - narrow > 5 * (1 - wide), guess="spiral"
)

# %% [markdown]
# Compare the second map with the third. With the same number of parameters one wide layer can do it as well. (Both come so near to 100 % that this task, with 20 epochs, cannot rank them.) So what may depth be good for?
#
# ### What depth can buy: folding
#
# *For the curious; nothing later needs it.*
#
# Two ReLU units can fold the line from 0 to 1 in the middle, like a sheet of paper: $f(x) = 2 \max(0, x) - 4 \max(0, x - 0.5)$ rises from 0 to 1 and falls back to 0. A second layer that does the same folds the folded sheet, and so on.

# %%
w_fold = np.array([[2.0, 2.0], [-4.0, -4.0]])  # from the two units of a fold to those of the next
half = np.array([0.0, -0.5])


def folded(x, times):
    """A network of `times` hidden layers of two units, with weights set by hand."""
    h = np.maximum(0, x @ np.ones((1, 2)) + half)
    for _ in range(times - 1):
        h = np.maximum(0, h @ w_fold + half)
    return h @ np.array([[2.0], [-4.0]])


fine = np.linspace(0, 1, 2**12 + 1).reshape(-1, 1)
curves = {times: folded(fine, times) for times in (1, 2, 5, 10)}
pieces = {}
for times, curve in curves.items():
    rising = np.diff(curve[:, 0]) > 0
    pieces[times] = 1 + np.sum(rising[1:] != rising[:-1])  # each turn begins a new piece
    deep, wide_layer = 6 * times + 1, 3 * pieces[times] + 1  # a unit for each straight piece
    print(f"folds: {times}, straight pieces: {pieces[times]}, parameters: {deep}", end="; ")
    print(f"a single layer needs at least {wide_layer}")

# %%
show(
    draw.folds(fine, {times: curves[times] for times in (1, 2, 5)}),
    "Three zigzag lines between 0 and 1: one tooth after one fold, two after two folds, sixteen "
    "after five.",
)
lesson.claim("every fold doubles the pieces", all(pieces[times] == 2**times for times in pieces))

# %% [markdown]
# Each fold adds six parameters and *doubles* the number of straight pieces. A single layer needs a unit for each piece of such a zigzag. For one and two folds that makes no difference, for ten folds a factor of fifty. That is again about what weights *can* do: we set them by hand, and training need not find them.
#
# ### Exercise: small_spiral
#
# A goal to reach: separate the spiral with **at most 60 parameters**. Return a compiled model for two coordinates with one sigmoid output. The check gives so small a network more time than those above had (60 epochs, batches of 50), up to
# three starts, and wants 95 % of new points right. Architecture, activation, optimizer and rate are yours. Count before you train.


# %%
def small_spiral():
    """Return a compiled model with at most 60 parameters that can learn the spiral."""
    ### BEGIN SOLUTION
    return build_stack([14], activation="relu", learning_rate=0.02)
    ### END SOLUTION


# %%
lesson.check("small_spiral", small_spiral)
# lesson.hint("small_spiral")

# %% [markdown]
# ## Your playground
#
# Now train networks with your own hands. Below you choose the points and the network, press *Start*, and see boundary and losses move while it trains; *Pause* stops it, *Step* trains for one
# epoch, *Reset* begins again with other random weights. It is trained on 256 points, step for step as Keras would; 256 others are the test points. Each unit shows where it is active. (*Two Gaussians* are two clouds of points. *Regularization*, such as L2, charges the network
# for large weights; lesson 09 explains it.)
#
# Some things to try. Predict first, each time:
#
# 1. *two Gaussians* with 0 hidden layers, then *circle* with 0: what can a straight boundary do?
# 2. *exclusive-or* with 1 layer of 2, 3, 4 and 8 neurons. Reset several times: which widths get stuck?
# 3. *circle* with 1 layer of 8, activation *linear*. Why does it stay straight?
# 4. *spiral*, noise 0: 1 layer of 4, then 1 of 16, then 2 of 16. How about learning rate 0.3?
# 5. *two Gaussians*, noise 0.4, 4 layers of 16, batch size 4, for 100 epochs. Watch the two losses move apart. Then again with L2, strength 0.01.
# 6. *circle* with other *inputs*: the squares $x_1^2$ and $x_2^2$ in place of $x_1$ and $x_2$.
#
# **Before you run it, guess:** the last of these. How many hidden units does a network need that gets $x_1^2$ and $x_2^2$ instead of $x_1$ and $x_2$?

# %%
lesson.guess("squares", "none", "one", "three or more")

# %%
lesson.explore("playground")

# %%
around = np.linspace(0, 2 * np.pi, 60)
unit_circle = np.column_stack([np.cos(around), np.sin(around)])
rim, ring = 0.45 * unit_circle, 0.65 * unit_circle  # where the inner points end, the others begin
lesson.claim(
    "on the squares one neuron with the weights 1 and 1 and the bias -0.3 parts them",
    np.all((rim**2).sum(axis=1) - 0.3 < 0) and np.all((ring**2).sum(axis=1) - 0.3 > 0),
    guess="squares",
)

# %% [markdown]
# Over $x_1^2$ and $x_2^2$ the circle $x_1^2 + x_2^2 = 0.3$ is a straight line. Hidden units have to find such inputs by themselves.
#
# ## What people get wrong
#
# * **"Backpropagation updates the weights."** It computes the gradient: who is to blame. The optimizer makes the update.
# * **"Only mistakes teach."** A right answer teaches, too, until its probability is 1: its blame is $p - 1$.
# * **"Adam needs less memory."** It keeps two extra numbers for every parameter. Plain gradient descent keeps none.
# * **"Weights are numbers between 0 and 1."** They are any numbers.
# * **"High weight: important. Low weight: unimportant."** A negative weight is as strong as a positive one, only inputs on the same scale compare, and inputs that go together can trade their weights.
# * **"The output is a probability."** That of a sigmoid or a softmax can be read as one. In regression the output is a number in
#   the unit of the label.
# * **"Hidden units are edge detectors."** Ours were no more like edges than random mixtures of digits.
# * **"A network can learn any function."** Weights exist that come close to any *continuous* function on a *closed, bounded* range. Whether training finds them is another matter.
# * **"Hidden layers are always better."** On the tumours nothing spoke clearly for 8-10-1 over 8-1.
#
# ## Takeaways
#
# * A feedforward network repeats $z = xW + b$, $h = f(z)$ from input to output. Data set the input's width, the task sets the output, you choose what lies between.
# * Backpropagation is the chain rule, applied from the loss backward: along a path rates are multiplied, and where paths meet, blames add up. A silent ReLU unit gets no blame.
# * Training is a loop of small corrections: predict, compare, measure, adjust, repeat. Where it ends depends on the start.
# * Adam divides each average slope by its typical size.
# * Train on the training set, choose by the validation set, and use the test set once.
# * Start with a baseline, then the simplest model. Compare what was learned with what the start already had.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md). All of Keras's layers, optimizers and losses: [keras.io/api](https://keras.io/api/).
# * Next lesson: *Networks that see*, in which a network does know which pixels are neighbours.
# * David Rumelhart, Geoffrey Hinton and Ronald Williams, "Learning representations by back-propagating errors", *Nature* 323 (1986), pages 533–536: four pages that made the method famous.
# * Diederik Kingma and Jimmy Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015 (arXiv:1412.6980).
# * Matus Telgarsky, "Benefits of depth in neural networks", COLT 2016 (arXiv:1602.04485): the folding, with proofs.
# * Michael Nielsen, *Neural Networks and Deep Learning* (2015), chapters 2 and 4, free at neuralnetworksanddeeplearning.com: backpropagation at length, and universality as a thing to play with.
# * The idea of the playground is that of playground.tensorflow.org.
