# %% [markdown]
# # Feedforward networks, forward and backward
#
# *135 minutes: 70 to read and run, 40 for 8 exercises, 25 for the 23 questions of the quiz. Builds on: lesson 01 (gradient descent) and lesson 02 (activations). A pause after "How Adam walks" is a good idea.*
#
# One neuron draws one line. Put a few dozen of them into layers, and the same gradient descent that fitted a straight line
# unwinds a spiral and reads handwriting. One thing was missing until now: with thousands of weights in several layers,
# how does each of them learn its share of the blame? That is *backpropagation*, and in this lesson you work it out by hand.
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

from courseware.data import digits, spiral
from courseware.lessons.fnn import drawings as draw
from courseware.drawing import show

# %% [markdown]
# Here is what you are heading for. Two kinds of points lie on two arms that are wound into each other. A network gets the
# two coordinates of a point and must say which arm it lies on. Its builder is short; you will understand each line of it by the end.

# %%
### SOURCE courseware.lessons.fnn.models.build_stack

# %% [markdown]
# Watch it learn. The colour is the network's answer: blue for the one arm, red for the other. On the black line it is undecided.


# %%
def answers(model, points):
    """Return the model's probabilities for an array of points."""
    inputs = keras.ops.convert_to_tensor(np.asarray(points, dtype="float32"))
    return keras.ops.convert_to_numpy(model(inputs))[:, 0]


points, arm = spiral(n=1000, turns=1.25, noise=0.02, seed=lesson.seed)
keras.utils.set_random_seed(lesson.seed)
deep = build_stack([16, 16], activation="relu", learning_rate=0.02)
way = np.linspace(-1.15, 1.15, 90)
grid = np.column_stack([part.ravel() for part in np.meshgrid(way, way)])

stages, done = {"before training": answers(deep, grid)}, 0
for epochs in (2, 20):
    live = [lesson.live()]  # shows, while you wait, how far the training is
    deep.fit(
        points, arm, batch_size=25, epochs=epochs, initial_epoch=done, verbose=0, callbacks=live
    )
    stages[f"after {epochs} epochs"], done = answers(deep, grid), epochs

show(
    draw.surfaces(stages, way, points[::3], arm[::3]),
    "Three maps of the plane with two spiral arms of points. Before training the colours are "
    "pale and ignore the points. After 2 epochs the border bends a little. After 20 epochs the "
    "border winds between the arms from the middle outward.",
)
reached = np.mean((answers(deep, points) > 0.5) == arm)
print(f"points on the right side ≈ {reached:.3f}")

# %%
lesson.claim("after 20 epochs more than 95 % of the points are on the right side", reached > 0.95)

# %% [markdown]
# Before training the border has nothing to do with the points. After two epochs it has begun to bend. After twenty it winds between
# the arms, all the way to the middle. Nobody told the network what a spiral is. It was told 1,000 times per epoch which arm is right,
# and it corrected itself.
#
# ## Layers: in, through, out
#
# Think of a small restaurant with a robot kitchen. The waiter carries in the order: two numbers, 2 and 3. The kitchen, which no guest ever
# sees, adds them up and doubles the sum. A second waiter serves the result as it is. Nothing is ever carried back from
# the table into the kitchen.
#
# * The **input layer** is where the data enter: one place for each feature. It computes nothing.
# * The **hidden layers** are the kitchen. They do the processing, and their values are nobody's input and nobody's answer. There may be many of them, or one, or none.
# * The **output layer** hands out the answer.
#
# Because everything moves one way, from the input to the output, such a network is called a **feedforward network**, FNN for short. Here is the kitchen in
# Keras, with weights that we set by hand:

# %%
kitchen = keras.Sequential(
    [
        keras.Input(shape=(2,)),  # (batch, 2)  the order comes in
        layers.Dense(1, use_bias=False, name="hidden"),  # (batch, 1)  (a + b) * 2
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
# $2 \cdot 2 + 3 \cdot 2 = (2 + 3) \cdot 2 = 10$. Note that no activation is at work here: adding and doubling are both linear, so this kitchen could be
# replaced by one neuron. A real hidden layer has several units and an activation, for the reasons of lesson 02.
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
# | is this mail spam? | how often each of some words occurs | 1 unit, sigmoid: a probability |
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
# A little over 100,000, and nearly all of them sit in the first layer, because the picture is wide.
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
# Computing the answer is called **forward propagation**. Each layer does two things with what it gets:
#
# $$z = W x + b \qquad\qquad h = f(z)$$
#
# First the weighted sums, with $W$ for the table of all weights of the layer and $b$ for its biases; then the activation $f$. The result $h$ is the input of the next layer.
# That is all. A deep network repeats it.
#
# Let us do it once with numbers that fit on paper. The network is 2-3-1 with ReLU in the hidden layer and a linear output. In code we
# keep one example per row, so the weights of a layer form a table with a row for each input and a column for each unit, and we write `x @ w` instead of $Wx$. Keras stores them in
# the same way.

# %%
x = np.array([[2.0, 3.0]])  # one example, two features
w1 = np.array([[1.0, -1.0, 0.5], [-0.5, 0.5, 0.5]])  # 2 inputs, 3 hidden units
b1 = np.array([0.5, 0.0, -1.0])
w2 = np.array([[1.0], [-2.0], [1.0]])  # 3 hidden units, 1 output
b2 = np.array([-0.5])

z = x @ w1 + b1
h = np.maximum(0, z)  # ReLU
prediction = h @ w2 + b2
print("weighted sums z:", z[0])
print("after ReLU    h:", h[0])
print("prediction:     ", prediction[0])

# %%
forward_figure = draw.network(
    [["2", "3"], ["1", "0", "1.5"], ["2"]],
    ["inputs x", "hidden units h", "prediction"],
    [w1, w2],
    notes=[
        None,
        [f"z = {value:g}, b = {bias:g}" for value, bias in zip(z[0], b1, strict=True)],
        ["b = -0.5"],
    ],
    title="Forward: every arrow carries a weight",
)
show(
    forward_figure,
    "A 2-3-1 network. The inputs 2 and 3 lead to three hidden units with z = 1, -0.5 and 1.5, "
    "which after ReLU hold 1, 0 and 1.5. They lead to one output that holds 2.",
)

# %% [markdown]
# Check the first hidden unit on paper: $2 \cdot 1 + 3 \cdot (-0.5) + 0.5 = 1$. The second comes to $-0.5$, and ReLU makes it 0: it is silent for this
# example. The bias is the unit's private threshold: $b = -1$ means that the third unit's inputs must bring in more than 1 before it speaks up.
#
# Is Keras of the same opinion?

# %%
small = keras.Sequential(
    [
        keras.Input(shape=(2,)),
        layers.Dense(3, activation="relu"),  # (batch, 3)
        layers.Dense(1),  # (batch, 1)
    ]
)
small.set_weights([w1, b1, w2, b2])
keras_says = keras.ops.convert_to_numpy(small(x.astype("float32"))).item()
print("Keras says:", keras_says, "  parameters:", small.count_params())

# %%
lesson.claim("Keras and our two lines of NumPy agree", abs(keras_says - 2.0) < 1e-6)

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
# Training needs one number that says how wrong the answers are. Which one depends on the task:
#
# * for numbers (regression): the **mean squared error** of lesson 01;
# * for classes: **cross-entropy**, which you met in lesson 02. It looks at the probability $p$ that the network gave to the *right* class, and charges $-\log p$.
#
# Why not the squared error for classes, too? Look at what each of them charges a network that is sure and wrong.

# %%
show(
    draw.two_losses(),
    "Two falling curves over the probability given to the right answer. The squared error "
    "starts at 1 and falls to 0. The cross-entropy rises without limit as the probability goes "
    "to 0, and also falls to 0 at probability 1.",
)
for p in (0.9, 0.5, 0.1, 0.001):
    print(f"p = {p}: cross-entropy {-np.log(p):.2f}, squared error {(1 - p) ** 2:.2f}")

# %% [markdown]
# From $p = 0.1$ to $p = 0.001$ the squared error hardly changes, so its slope there is nearly flat, and a network that is sure and wrong would hardly
# be corrected. The cross-entropy more than doubles. It pushes hardest exactly where the answer is worst.
#
# Its baseline is worth knowing by heart: a network that knows nothing and gives every one of $k$ classes the same probability
# $1/k$ has the cross-entropy $\log k$: 0.69 for two classes, 2.30 for ten. A first loss far above that means that something is wrong with the network.
#
# **Is every output a probability, then?** No. The kitchen above answered 10. A linear output is a number on the scale of the label: euros,
# degrees, servings. Only sigmoid and softmax outputs lie between 0 and 1, and they can be read as probabilities because the cross-entropy rewards
# them for being so.
#
# ### Exercise: cross_entropy
#
# Write it. `probabilities` has one row per example and one column per class; `labels` holds the number of the right class of each example.
# Return the mean.


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
# Back to the small network. Its prediction was 2. Suppose that the label is 1, so the squared error is $(2 - 1)^2 = 1$. Thirteen
# parameters took part. Who is to blame, and by how much?
#
# "Blame" has an exact meaning: the derivative of the loss with respect to that parameter. If I nudge this weight, how fast does the loss change? In
# lesson 02 you saw that **rates along a chain are multiplied**. That is the chain rule, and it is all we need. We start at the end and go back:
#
# 1. **The prediction.** The loss is $e^2$ with $e = 1$, so its rate is $2e = 2$.
# 2. **The output weights.** The prediction is $h_1 w_1 + h_2 w_2 + h_3 w_3 + b$. Each weight is multiplied by its $h$, so its blame is $2 \cdot h$. The bias is multiplied by 1: its blame is 2.
# 3. **The hidden units.** Each $h$ is multiplied by its weight, so the blame passed back to it is $2 \cdot w$.
# 4. **Through the activation.** ReLU lets the blame pass where $z > 0$ (slope 1), and stops it where the unit was silent (slope 0).
# 5. **The first weights.** As in step 2: the blame of the unit times the input that the weight was multiplied by.
#
# Where a value feeds several units, the blames that come back from them add up. This procedure is **backpropagation**: the blame travels from the output back to the input, and each layer
# passes on what its neighbour needs.
#
# **Before you run it, guess:** the second hidden unit was silent. How much blame do its three parameters (two weights and a bias) get?

# %%
lesson.guess(
    "silent_unit",
    "none",
    "less than those of the other units",
    "as much as those of the other units",
)

# %%
label = 1.0
d_prediction = 2 * (prediction - label)  # step 1
d_w2, d_b2 = h.T @ d_prediction, d_prediction[0]  # step 2
d_h = d_prediction @ w2.T  # step 3
d_z = np.where(z > 0, d_h, 0.0)  # step 4
d_w1, d_b1 = x.T @ d_z, d_z[0]  # step 5

print("blame of the output weights:", d_w2[:, 0], "and bias:", d_b2)
print("blame of the hidden units:  ", d_h[0])
print("after ReLU's gate:          ", d_z[0])
print("blame of the first weights:\n", d_w1, "\nand biases:", d_b1)

# %%
show(
    draw.network(
        [["2", "3"], ["2", "0", "2"], ["2"]],
        ["inputs x", "blame of each z", "blame of the\nprediction"],
        [d_w1.astype(int), d_w2.astype(int)],
        color="#D55E00",
        title="Backward: the blame of every unit and of every weight",
    ),
    "The same 2-3-1 network with derivatives. The output has blame 2. The output weights have "
    "2, 0 and 3. The hidden units have 2, 0 and 2, and their weights have 4, 0, 4 from the first "
    "input and 6, 0, 6 from the second.",
)

# %% [markdown]
# Nothing at all: a unit that said nothing bears no blame for this example, and learns nothing from it. The first weights from the second input (3) bear more blame than those from the first
# (2), because they were multiplied by more.
#
# Do you trust it? You should not without a test. The slowest and surest way to measure a slope is the one of lesson 01: nudge the parameter and look.


# %%
def loss_of(parameters, x, y):
    w1, b1, w2, b2 = parameters
    return np.mean(((np.maximum(0, x @ w1 + b1) @ w2 + b2)[:, 0] - y) ** 2)


def nudged_gradient(parameters, x, y, nudge=1e-6):
    """Measure the slope of the loss along every parameter, one after the other."""
    slopes = [np.zeros_like(p) for p in parameters]
    for p, slope in zip(parameters, slopes, strict=True):
        for place in np.ndindex(p.shape):
            kept = p[place]
            p[place] = kept + nudge
            above = loss_of(parameters, x, y)
            p[place] = kept - nudge
            slope[place] = (above - loss_of(parameters, x, y)) / (2 * nudge)
            p[place] = kept
    return slopes


measured = nudged_gradient([w1, b1, w2, b2], x, np.array([1.0]))

# %%
by_hand = [d_w1, d_b1, d_w2, d_b2]
difference = max(np.abs(m - c).max() for m, c in zip(measured, by_hand, strict=True))
lesson.claim("all thirteen blames agree with the measured slopes", difference < 1e-6)

# %% [markdown]
# Then why backpropagation at all, if nudging is so simple? Because of what it costs. Nudging runs the network twice *per parameter*:

# %%
print("784-128-10 by nudging:", 2 * 101_770, "passes through the network, for one gradient")
print("by backpropagation: 1 pass forward, 1 pass backward")

# %% [markdown]
# ### Exercise: backward
#
# Now for a whole batch, and with the mean squared error. Return the derivatives with respect to `w1`, `b1`, `w2` and `b2`, each with the shape of its
# parameter. `x` has shape (n, inputs), `y` has shape (n,). Each example carries $1/n$ of the blame, because the loss is a mean, and the blames of the
# examples add up. (`x.T @ d_z` already adds over the examples; a bias needs `.sum(axis=0)`.)


# %%
def backward(w1, b1, w2, b2, x, y):
    """Return d_w1, d_b1, d_w2, d_b2 of the mean squared error of a network with one ReLU layer."""
    ### BEGIN SOLUTION
    z = x @ w1 + b1
    h = np.maximum(0, z)
    prediction = (h @ w2 + b2)[:, 0]
    d_prediction = 2 * (prediction - y)[:, None] / len(y)
    d_z = (d_prediction @ w2.T) * (z > 0)
    return x.T @ d_z, d_z.sum(axis=0), h.T @ d_prediction, d_prediction.sum(axis=0)
    ### END SOLUTION


# %%
lesson.check("backward", backward)
# lesson.hint("backward")

# %% [markdown]
# ## The loop: learning by correction
#
# Think of throwing a ball at a basket. You throw, you see that it went too far to the left, you correct a little, you throw again. You do not
# compute the perfect throw in advance. You start with any throw and let the misses teach you. A network learns in the same way, by many small corrections, in
# seven steps:
#
# 1. **start** with random weights;
# 2. **predict**: forward propagation;
# 3. **compare** the predictions with the labels;
# 4. **measure the error**: one number, the loss;
# 5. **adjust**: backpropagation finds each parameter's blame, and each parameter moves against it, $W \leftarrow W - a \, \dfrac{\partial L}{\partial W}$ and $b \leftarrow b - a \, \dfrac{\partial L}{\partial b}$;
# 6. **repeat** from step 2, thousands of times;
# 7. **improve**: the loss shrinks. Stop when it no longer does.
#
# The steps are those of lesson 01. New is only how step 5 gets its gradient. Our data are the smallest that no line can part, **exclusive-or** (XOR for short): the answer is 1 if exactly one of two inputs is 1.


# %%
def gradient(parameters, x, y):
    """Return the loss and its derivatives for all parameters, by backpropagation."""
    w1, b1, w2, b2 = parameters
    z = x @ w1 + b1  # (n, 3)
    h = np.maximum(0, z)
    error = (h @ w2 + b2)[:, 0] - y  # (n,)
    d_prediction = 2 * error[:, None] / len(y)  # (n, 1)
    d_z = (d_prediction @ w2.T) * (z > 0)  # (n, 3)
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
# First the baseline. The best constant answer is 0.5, with the loss 0.25. And the best straight line?

# %%
x_xor = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y_xor = np.array([0.0, 1.0, 1.0, 0.0])
table = np.column_stack([x_xor, np.ones(4)])
line, *_ = np.linalg.lstsq(table, y_xor)
line_loss = np.mean((table @ line - y_xor) ** 2)
print(
    "loss of the constant 0.5:",
    np.mean((0.5 - y_xor) ** 2),
    "  of the best line:",
    round(line_loss, 6),
)

# %%
lesson.claim("for XOR the best line is no better than a constant", abs(line_loss - 0.25) < 1e-9)

# %% [markdown]
# A network without hidden layer learns nothing here. Now 2-3-1, from forty random starts.
#
# **Before you run it, guess:** of forty starts, how many will solve it?

# %%
lesson.guess("forty_starts", "hardly any", "about half", "nearly all")

# %%
rng = np.random.default_rng(lesson.seed)
runs = [train(random_start(rng), x_xor, y_xor, rate=0.1, steps=1000) for _ in range(40)]
curves = np.array([losses for _, losses in runs])
solved = np.mean(curves[:, -1] < 0.01)
stuck = np.mean(curves[:, -1] > 0.05)
print(f"share of the starts that solved it ≈ {solved:.2f}, that got stuck ≈ {stuck:.2f}")

# %%
show(
    draw.starts(curves[:12]),
    "Twelve loss curves over 1000 steps. Some fall steeply to nearly zero, others level off at "
    "a high loss and stay there.",
)
lesson.claim("some starts solve it: at least one in eight", solved >= 1 / 8)
lesson.claim("and some get stuck: at least one in eight", stuck >= 1 / 8, guess="forty_starts")

# %% [markdown]
# A good part of them, and a good part not, with the same network, the same data and the same rule. The loss of a line is a bowl, and every walk ends at its bottom. The loss of a network
# is a landscape with plains and side valleys, and where you end depends on where you start.
#
# This is a network of the smallest size that can do the job. Does a wider one help? Here are forty starts with twelve hidden units.

# %%
wider = [train(random_start(rng, 12), x_xor, y_xor, rate=0.1, steps=1000)[1] for _ in range(40)]
solved_wider = np.mean(np.array(wider)[:, -1] < 0.01)
print(f"share of the starts that solved it, with 12 hidden units ≈ {solved_wider:.2f}")

# %%
lesson.claim("twelve units solve it clearly more often than three", solved_wider > solved + 0.1)

# %% [markdown]
# More units, more ways down. One more thing is needed: a start that differs from unit to unit. If all weights start equal, see what happens.

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
# Equal units get equal blame and take equal steps, for ever. This is why networks start at random.
#
# ### The same loop in Keras
#
# In Keras `compile` chooses the loss and the optimizer, and `fit` is the loop. From the same start, the two must walk the same way.

# %%
start = random_start(np.random.default_rng(lesson.seed + 100))
ours, our_losses = train(start, x_xor, y_xor, rate=0.1, steps=20)

small.set_weights(start)
small.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
small.fit(x_xor, y_xor, batch_size=4, epochs=20, verbose=0)
apart = max(np.abs(k - o).max() for k, o in zip(small.get_weights(), ours, strict=True))

# %%
lesson.claim("after 20 steps all 13 parameters agree with Keras's", apart < 1e-4)

# %% [markdown]
# Two more words on that loop, since every call of `fit` needs them. Usually a step does not look at all examples but at a mini-batch of them: the **batch
# size** says how many. One pass over all examples is an epoch. With $n$ examples one epoch has $\lceil n / \text{batch size} \rceil$ steps (the last batch may be smaller). Here a batch
# was the whole data set, so 20 epochs were 20 steps.
#
# ## How Adam walks
#
# Look again at step 5. It has two halves, and two different parts of a library do them. **Backpropagation computes the gradient. It changes nothing.** The **optimizer** takes
# the gradient and decides how to move the parameters. Optimization is the search for the best way to make the loss smaller; plain gradient descent is its simplest
# form. The same gradient can be used in other ways.
#
# The most common is **Adam** (for *adaptive moment estimation*). For each parameter it keeps two running averages: $m$, of the slopes, and $v$, of the squared slopes.
#
# $$m \leftarrow 0.9\, m + 0.1\, g \qquad v \leftarrow 0.999\, v + 0.001\, g^2 \qquad
# w \leftarrow w - a\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}$$
#
# with $\hat m = m / (1 - 0.9^t)$ and $\hat v = v / (1 - 0.999^t)$ at step $t = 1, 2, \dots$, since averages that start at 0 are too small in the
# beginning. The tiny $\epsilon$ only prevents a division by zero. Read the fraction as "average slope, divided by its typical size". The step of each parameter no longer depends on how steep its direction is. A steep
# direction gets no longer steps than a gentle one, so one rate serves all.
#
# **Before you run it, guess:** two parameters have the slopes 100 and 0.001. How far does Adam's first step, at rate 0.1, move the second one?

# %%
lesson.guess("first_adam_step", "by 0.0001", "by 0.01", "by 0.1")


# %%
def adam(w, slopes, rate):
    """Walk along a list of gradients with Adam; return where it ends."""
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t, g in enumerate(slopes, start=1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        w = w - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)
    return w


g = np.array([100.0, 0.001])
plain, adaptive = -0.1 * g, adam(np.zeros(2), [g], rate=0.1)
print(f"gradient descent moves them by {plain[0]:.4f} and {plain[1]:.4f}")
print(f"Adam moves them by             {adaptive[0]:.4f} and {adaptive[1]:.4f}")

# %% [markdown]
# Both by 0.1, the learning rate itself: at the first step the average slope *is* the slope, and divided by its own size it is 1 or -1. Our six lines against Keras, on
# three gradients:

# %%
slopes = np.random.default_rng(lesson.seed).normal(0, [1.0, 10.0, 0.1], (3, 3))
place = keras.Variable(np.zeros(3, dtype="float32"))
optimizer = keras.optimizers.Adam(0.1)
for slope in slopes:
    optimizer.apply([keras.ops.convert_to_tensor(slope.astype("float32"))], [place])

keras_place, our_place = keras.ops.convert_to_numpy(place), adam(np.zeros(3), slopes, rate=0.1)

# %%
lesson.claim(
    "Keras's Adam and ours end in the same place", np.allclose(keras_place, our_place, atol=1e-4)
)

# %% [markdown]
# You may read that Adam "needs less memory". It needs *more*: the two averages are two extra numbers for every parameter, and plain gradient descent keeps none. Count
# them:

# %%
reader = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
kept = {}
for name, optimizer in {"SGD": keras.optimizers.SGD(), "Adam": keras.optimizers.Adam()}.items():
    optimizer.build(reader.trainable_variables)
    kept[name] = sum(int(np.prod(v.shape)) for v in optimizer.variables if len(v.shape) > 0)
    print(f"{name} keeps {kept[name]} numbers for {reader.count_params()} parameters")
lesson.claim(
    "Adam keeps two extra numbers for every parameter", kept["Adam"] == 2 * reader.count_params()
)

# %% [markdown]
# What you buy with that memory is that the standard rate, 0.001, is a usable first try for most networks.
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
# ## What a network can be, and what training finds
#
# A famous theorem says that one hidden layer is enough: given enough units, such a network comes as close as you like to **any continuous function on a
# bounded range of inputs**. This is called **universality**. With ReLU you can see why. Each hidden unit adds one kink at a place of your choice, and a
# curve can be traced by straight pieces between kinks. So we can write the weights down, without any training:


# %%
def wave(x):
    return np.sin(2 * x) * (1 + 0.3 * x)


def trace(function, width):
    """Return weights of a 1-width-1 ReLU network that hits the function at width + 1 places."""
    places = np.linspace(-3, 3, width + 1)
    slopes = np.diff(function(places)) / np.diff(places)  # of each straight piece
    bends = np.diff(slopes, prepend=0)  # how much the slope changes at each kink
    return np.ones((1, width)), -places[:-1], bends[:, None], function(places[:1])


def output(weights, x):
    w1, b1, w2, b2 = weights
    return (np.maximum(0, x[:, None] @ w1 + b1) @ w2 + b2)[:, 0]


x_wave = np.linspace(-3, 3, 600)
built = {width: output(trace(wave, width), x_wave) for width in (4, 8, 16, 32, 64)}
built_loss = {width: np.mean((curve - wave(x_wave)) ** 2) for width, curve in built.items()}
show(
    draw.fits(
        x_wave, wave(x_wave), {f"{width} units, by hand": built[width] for width in (4, 8, 16)}
    ),
    "A wave and three networks. With 4 units the network misses most bends, with 8 it follows "
    "roughly, with 16 it lies on the wave almost everywhere.",
)
for width, loss in built_loss.items():
    print(f"{width} units: loss ≈ {loss:.6f}")

# %%
lesson.claim(
    "from 8 units on, twice the width divides the loss by more than ten",
    all(built_loss[2 * width] < built_loss[width] / 10 for width in (8, 16, 32)),
)

# %% [markdown]
# The wider, the better, without end. Now read the small print of the theorem, which is often left out.
#
# **Bounded range.** Outside the range for which they were chosen, the weights promise nothing. The last straight piece just goes on:

# %%
weights = trace(wave, 64)
far = np.array([6.0])
print(
    "at x = 6 the wave is",
    wave(far).round(2),
    "and the network says",
    output(weights, far).round(2),
)

# %% [markdown]
# **Continuous.** A jump cannot be traced. Straight pieces can be steep, but never upright, so somewhere beside the jump the network is far off, however many units it has:


# %%
def jump(x):
    return np.where(x < 0.001, 0.0, 1.0)


near_jump = np.linspace(-3, 3, 20_001)
for width in (16, 64, 256):
    worst = np.abs(output(trace(jump, width), near_jump) - jump(near_jump)).max()
    print(f"{width} units: largest error at the jump ≈ {worst:.2f}")
    lesson.claim(f"{width} units miss the jump by 0.4 or more somewhere", worst >= 0.4)

# %% [markdown]
# **Weights exist; nobody says that training finds them.** You saw this with XOR, where many starts got stuck. Here we know weights for 64 units with a tiny loss. What does
# training find with the same 64 units? We try it twice: with Keras's usual start, in which all kinks lie at $x = 0$, because all biases start at 0; and with a helpful start, in which the kinks are spread evenly
# over the range, as in the network by hand, and only the output weights start at random.
#
# **Before you run it, guess:** which of the two reaches the loss of the network that was made by hand?

# %%
lesson.guess("loss_by_hand", "neither", "only the one with the helpful start", "both")


# %%
def fit_wave(width, spread):
    """Train 1-width-1 on the wave; return its curve and its loss."""
    keras.utils.set_random_seed(lesson.seed)
    hidden = layers.Dense(width, activation="relu")
    model = keras.Sequential([keras.Input(shape=(1,)), hidden, layers.Dense(1)])
    if spread:
        hidden.set_weights(trace(wave, width)[:2])
    rate = keras.optimizers.schedules.CosineDecay(0.02, 1200)  # shrinks to 0 in 1200 steps
    model.compile(keras.optimizers.Adam(rate), loss="mse")
    x, y = x_wave[:, None], wave(x_wave)
    model.fit(x, y, batch_size=10, epochs=20, verbose=0, callbacks=[lesson.live()])
    curve = answers(model, x_wave[:, None])
    return curve, np.mean((curve - wave(x_wave)) ** 2)


usual, usual_loss = fit_wave(64, spread=False)
spread = {width: fit_wave(width, spread=True) for width in (4, 16, 64)}

# %%
target = wave(x_wave)
print(f"64 units, usual start: loss ≈ {usual_loss:.5f}")
loss = {width: found[1] for width, found in spread.items()}
for width in loss:
    print(f"{width} units, spread start: loss ≈ {loss[width]:.5f}")

# %%
show(
    draw.fits(
        x_wave,
        target,
        {
            "64 units, usual start": usual,
            "4 units, spread start": spread[4][0],
            "16 units, spread start": spread[16][0],
            "64 units, spread start": spread[64][0],
        },
    ),
    "The wave and four trained networks. With the usual start, 64 units leave a part of the wave "
    "unfollowed. With spread kinks 4 units miss bends, 16 follow the wave, 64 lie on it.",
)
lesson.claim("well started, 16 units fit at least three times as well as 4", loss[16] < loss[4] / 3)
lesson.claim("and 64 at least twice as well as 16", loss[64] < loss[16] / 2)
lesson.claim("the usual start leaves 64 units ten times worse off", usual_loss > 10 * loss[64])
lesson.claim(
    "even the good start does not reach the weights we know",
    loss[64] > 3 * built_loss[64],
    guess="loss_by_hand",
)

# %% [markdown]
# Width helps training too, if the start is good: four units, then sixteen, then sixty-four come ever closer. But what can be expressed and what is found
# are two questions. (A longer training would bring all of them closer. The learning rate shrinks to zero here, so that the walk comes to rest instead of rattling, as it did in lesson 01.)
#
# ## Textbook, practice quiz, final exam
#
# From now on the data are real, and what counts is how a network does on examples it has never seen. In lesson 01 we put aside a test set. When you build networks, you make choices on
# the way: how wide, how many epochs, which rate. Which data should judge those choices? Not the training data, which flatter a network that memorizes.
# Not the test data either: whatever you choose by them, they can no longer judge fairly. So there are three sets:
#
# * The **training set** is the textbook. The network studies it.
# * The **validation set** is the practice quiz. You look at it as often as you like, to see how the studying goes and to make choices.
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
# (`stratify` keeps the share of each digit the same in all three.) These are pictures of handwritten digits; the network that reads them comes next.
#
# Is the third set really necessary? Try it with a pure game of chance. The labels are coin tosses, so nobody can be right more than half of the time. We let 200 "models" guess at
# random, choose the best of them by its validation accuracy, and then look at the test.
#
# **Before you run it, guess:** what validation accuracy does the winner have, on average over many such games?

# %%
lesson.guess("lucky_winner", "about 50 %", "about 55 %", "about 65 %", "about 80 %")

# %%
rng = np.random.default_rng(lesson.seed)
winner_val, winner_test = [], []
for season in range(50):  # the whole game 50 times, to see what is typical
    labels_val, labels_test = rng.integers(0, 2, 100), rng.integers(0, 2, 100)
    accuracy_val = np.mean(rng.integers(0, 2, (200, 100)) == labels_val, axis=1)
    accuracy_test = np.mean(rng.integers(0, 2, (200, 100)) == labels_test, axis=1)
    winner = accuracy_val.argmax()
    winner_val.append(accuracy_val[winner])
    winner_test.append(accuracy_test[winner])

print(f"the winner: validation ≈ {np.mean(winner_val):.2f}, test ≈ {np.mean(winner_test):.2f}")

# %%
lesson.claim(
    "the winner of 200 guessers looks better than 58 %",
    np.mean(winner_val) > 0.58,
    guess="lucky_winner",
)
lesson.claim("the exam shows the truth: about half", abs(np.mean(winner_test) - 0.5) < 0.05)

# %% [markdown]
# The winner was not good, it was lucky on those 100 examples. The more choices you make by the validation set, the more luck you collect. Only data that had no say in any choice can tell.
#
# ### Exercise: split
#
# Write the split as a function. Return the six arrays in the order train, validation, test: `x_train, y_train, x_val, y_val, x_test, y_test`, with 70 %, 15 % and 15 % of the
# examples, shuffled by `seed`.


# %%
def split(x, y, seed):
    """Return x_train, y_train, x_val, y_val, x_test, y_test with shares 70, 15 and 15 %."""
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
# To a network a picture is a table of numbers, one for each pixel: 0 for white paper, 1 for black ink, and grey in between.

# %%
show(
    draw.pixels(x_train[0], y_train[0]),
    "Left: a handwritten digit in grey pixels. Right: the same picture as a table of numbers "
    "between 0 and 1, high where there is ink.",
)

# %% [markdown]
# The network gets these numbers as one long row; `Flatten` lays the rows of the picture end to end. It is not told which pixels are neighbours. For each of
# the ten digits it answers with a probability.

# %%
### SOURCE courseware.lessons.fnn.models.build_digit_classifier

# %% [markdown]
# `sparse_categorical_crossentropy` is the cross-entropy for labels that are class numbers. The input size follows the data: our pictures are small. For the classic pictures of
# 28 by 28 pixels, known as MNIST, the same builder makes the 784-128-10 network whose parameters we counted.

# %%
classic = build_digit_classifier(28)
print("784-128-10 by Keras:", classic.count_params(), "parameters")
lesson.claim(
    "Keras counts what we counted", classic.count_params() == 784 * 128 + 128 + 128 * 10 + 10
)

# %% [markdown]
# (To run this whole lesson on MNIST, write `digits("mnist")` above, or set `COURSEWARE_DIGITS=mnist` before you start. It is downloaded once.)
#
# First the baselines, without any network. The simplest always answers with the most common digit. A better one keeps the average picture of
# each digit and answers with the nearest.

# %%
most_common = np.bincount(y_train).argmax()
common_accuracy = np.mean(y_test == most_common)
averages = np.array([x_train[y_train == digit].mean(axis=0) for digit in range(10)])
distances = np.array([((x_test - average) ** 2).sum(axis=(1, 2)) for average in averages])
nearest_accuracy = np.mean(distances.argmin(axis=0) == y_test)
print(f"most common digit ≈ {common_accuracy:.3f}, nearest average ≈ {nearest_accuracy:.3f}")

# %%
lesson.claim("the most common digit is right less than one time in five", common_accuracy < 0.2)
lesson.claim("the nearest average is right most of the time", nearest_accuracy > 0.7)

# %% [markdown]
# So "90 % right" would be no feat on these digits. Now the network. `validation_data` makes Keras take the practice quiz after each epoch, without learning from it.

# %%
keras.utils.set_random_seed(lesson.seed)
model = build_digit_classifier(size=x_train.shape[1])
epochs = 20 if len(x_train) < 10_000 else 5  # all of MNIST has many more steps per epoch
log = model.fit(
    x_train,
    y_train,
    batch_size=32,
    epochs=epochs,
    validation_data=(x_val, y_val),
    callbacks=[lesson.live()],
    verbose=0,
).history

steps_per_epoch = -(-len(x_train) // 32)  # rounded up
print("parameters:", model.count_params())
print("steps:", epochs, "epochs of", steps_per_epoch, "=", int(model.optimizer.iterations))

# %%
show(
    draw.history(log),
    "Two plots over the epochs. The losses on training and validation data fall steeply, then "
    "slowly, the validation loss above the training loss at the end. Both accuracies rise "
    "and level off near the top.",
)
lesson.claim(
    "the validation loss has fallen to less than half", log["val_loss"][-1] < log["val_loss"][0] / 2
)
lesson.claim("more than 85 % of the validation digits are read", log["val_accuracy"][-1] > 0.85)

# %% [markdown]
# This picture is what you watch while a network trains. As long as both losses fall, it is learning something that also holds for unseen digits. When the
# training loss goes on falling and the validation loss turns upward, it has begun to memorize; lesson 09 is about that. The validation accuracy is what you will be asked
# for; the loss is the finer instrument, since it also notices how sure the network was.
#
# No more choices are left to make. The exam:

# %%
test_accuracy = np.mean(model.predict(x_test, verbose=0).argmax(axis=1) == y_test)
print(f"test accuracy ≈ {test_accuracy:.3f}")

# %%
lesson.claim(
    "the network beats the nearest average by more than two points",
    test_accuracy > nearest_accuracy + 0.02,
)

# %% [markdown]
# ### Which digits does it get wrong?
#
# One number hides a lot. The **confusion matrix** shows it all: row by row the digit that it is, column by column what the network said.

# %%
probabilities = model.predict(x_test, verbose=0)
said = probabilities.argmax(axis=1)
confusion = np.zeros((10, 10), dtype=int)
np.add.at(confusion, (y_test, said), 1)  # count each pair (true digit, answer)

wrong = np.flatnonzero(said != y_test)
show(
    draw.confusions(confusion, x_test[wrong], y_test[wrong], said[wrong]),
    "Left: a table of ten rows and ten columns with nearly all counts on the diagonal and a few "
    "elsewhere. Right: up to nine digits that were misread, many of them sloppily written.",
)
sureness = probabilities.max(axis=1)  # the highest of the ten
sure_right, sure_wrong = sureness[said == y_test].mean(), sureness[wrong].mean()
print(
    f"mean of the highest probability: when right ≈ {sure_right:.2f}, when wrong ≈ {sure_wrong:.2f}"
)

# %%
lesson.claim(
    "the diagonal holds the digits that were read correctly",
    np.trace(confusion) == np.sum(said == y_test),
)
lesson.claim("it is less sure of itself where it is wrong", sure_wrong < sure_right - 0.1)
lesson.claim(
    "the ten probabilities add up to one", np.allclose(probabilities.sum(axis=1), 1, atol=1e-4)
)

# %% [markdown]
# Off the diagonal are the mistakes, and some of these digits you might misread yourself. Where the network is wrong it was, on average, less sure. That is useful: a
# machine that sorts mail may hand its unsure cases to a person.
#
# ## Eight measurements, one answer
#
# The second network of this lesson answers a yes-or-no question: is a tumour malignant? For 569 tumours, cell nuclei were measured under a microscope. We take eight of the
# measurements in scikit-learn's `load_breast_cancer`: the averages of radius, texture, smoothness, compactness, concavity, number of concave points, symmetry and fractal dimension. (Two more, perimeter and area, say
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
# It is the network 8-10-1. One output with sigmoid is enough for yes or no: the probability of "no" is what remains to 1. For comparison we also train one without a hidden layer, 8-1.

# %%
keras.utils.set_random_seed(lesson.seed)
tumour_network = build_binary_classifier(learning_rate=0.03)  # 8-10-1
tumour_line = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(1, activation="sigmoid")])
tumour_line.compile(keras.optimizers.Adam(0.03), loss="binary_crossentropy")


def accuracy(model, cells, malignant):
    return np.mean((answers(model, cells) > 0.5) == malignant)


for name, tumour_model in {"8-10-1": tumour_network, "8-1": tumour_line}.items():
    tumour_model.fit(c_train, m_train, batch_size=16, epochs=20, verbose=0)
    validated = accuracy(tumour_model, c_val, m_val)
    print(
        f"{name}: {tumour_model.count_params()} parameters, validation accuracy ≈ {validated:.2f}"
    )
    lesson.claim(f"{name} is right in more than 80 % of the practice quiz", validated > 0.8)

# %% [markdown]
# On the 85 tumours of the practice quiz one tumour more or less is more than a point, so the two can hardly be told apart. The simpler model is the better choice then. To the exam we send both, only to see
# whether that choice would have cost us anything.

# %%
baseline = np.mean(m_test == 0)
line_test = accuracy(tumour_line, c_test, m_test)
network_test = accuracy(tumour_network, c_test, m_test)
print(f"always benign ≈ {baseline:.2f}, 8-1 ≈ {line_test:.2f}, 8-10-1 ≈ {network_test:.2f}")

# %%
lesson.claim("8-1 beats the baseline by more than 15 points", line_test > baseline + 0.15)
lesson.claim("8-10-1 does so as well", network_test > baseline + 0.15)
lesson.claim("the two differ by less than 12 points", abs(network_test - line_test) < 0.12)

# %% [markdown]
# Both are far better than always saying "benign", and with 86 tumours in the test, one tumour more or less is more than a point: the two cannot be told apart. On these data a hidden layer is
# not needed, and an honest engineer would take the simpler model. Always try the simple one first. (And accuracy is not the whole story: missing a malignant tumour is worse
# than a false alarm.)
#
# ### Exercise: repair
#
# This tumour classifier gives the answer "malignant" with probability 1 for everybody, whatever it is shown. Three things are wrong with it. Return a compiled model that learns.


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
show(
    draw.weight_histogram(all_weights),
    "A histogram of weights, spread around zero on both sides, with some below -1 and some "
    "above 1. The band from 0 to 1 covers less than half of them.",
)
print(f"smallest ≈ {all_weights.min():.2f}, largest ≈ {all_weights.max():.2f}")

# %%
lesson.claim("there are weights below zero", all_weights.min() < -0.5)
lesson.claim("and weights above one", all_weights.max() > 1)

# %% [markdown]
# Weights are any numbers. (Pixels are often scaled to between 0 and 1, and probabilities are; weights are neither.)
#
# **"A high weight means an important input, a low weight an unimportant one."** A weight does set how strongly its input counts. But a strongly *negative* weight is as strong as a positive one: it
# *inhibits*, pulling the answer down. What counts is the magnitude. The network without hidden layer, 8-1, shows it best, as it has one weight for each measurement:

# %%
weights_line = tumour_line.get_weights()[0][:, 0]
typical = np.zeros((1, 8))  # the average tumour, since the features are standardized
for i in (weights_line.argmax(), weights_line.argmin()):
    raised = typical.copy()
    raised[0, i] = 1.0
    change = answers(tumour_line, raised).item() - answers(tumour_line, typical).item()
    lesson.claim(
        "raising a feature moves the answer in the direction of its weight's sign",
        np.sign(change) == np.sign(weights_line[i]),
    )

mirrored_cells, mirrored_line = -c_test, keras.models.clone_model(tumour_line)
mirrored_line.set_weights([-weights_line[:, None], tumour_line.get_weights()[1]])
lesson.claim(
    "measure every feature backwards, turn all signs: not one answer changes",
    np.allclose(answers(mirrored_line, mirrored_cells), answers(tumour_line, c_test), atol=1e-5),
)

# %% [markdown]
# So no sign is "important" by itself: whether we count what is there or what is missing decides it.
#
# And magnitudes can be compared only between inputs on the same scale. We standardized. If we had not, the same classifier would need these weights:

# %%
raw_weights = weights_line / deviation  # w * (x - mean) / deviation = (w / deviation) * x - ...
for name, standard, raw in zip(names, weights_line, raw_weights, strict=True):
    print(f"{name:17}  standardized ≈ {standard:.2f}, in raw units ≈ {raw:.2f}")

# %%
radius, smooth = abs(weights_line[0]), abs(weights_line[2])
radius_raw, smooth_raw = abs(raw_weights[0]), abs(raw_weights[2])
lesson.claim("standardized, radius has a larger weight than smoothness", radius > smooth)
lesson.claim("in raw units its weight is twenty times smaller", 20 * radius_raw < smooth_raw)

# %% [markdown]
# The same model, the same answers, and the ranking is turned upside down. Smoothness varies by hundredths, so in raw units it needs a huge weight to have any say. Before you read importance into a
# weight, ask on which scale its input lives. In networks with hidden layers there is more to ask, since an input acts through many paths.
#
# **"The first layer learns edges."** That is said of networks in general. It is often true of convolutional networks, which are the next lesson. Look at what hidden units of our digit
# network have learned. Each has one weight per pixel, so its weights can be drawn as a picture:

# %%
size = x_train.shape[1]
unit_weights = model.get_weights()[0].T.reshape(-1, size, size)
loudest = np.abs(model.get_weights()[2]).sum(axis=1).argsort()[::-1]

# %%
show(
    draw.unit_pictures(unit_weights[loudest[:16]]),
    "Sixteen small pictures of weights in red and blue: speckled, with patches of either colour "
    "in the region where digits are written. No clear edges are to be seen.",
)

# %% [markdown]
# An edge detector would be red on one side of a line and blue on the other. We can measure it: compare each picture with many such edges, at all angles, places and sizes, and ask what share of its
# weights' variation the best one explains. For a real edge that share is near 1.


# %%
def best_edge(pictures):
    """Return for each picture the largest share of its variation that one edge explains."""
    side = pictures.shape[-1]
    row, column = np.mgrid[:side, :side] - (side - 1) / 2
    flat = pictures.reshape(len(pictures), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    best = np.zeros(len(pictures))
    for angle in np.pi * np.arange(12) / 12:
        for y in side * np.linspace(-0.3, 0.3, 5):
            for x in side * np.linspace(-0.3, 0.3, 5):
                ahead = np.cos(angle) * (column - x) + np.sin(angle) * (row - y)
                for reach in (side / 8, side / 4, side):  # a small edge, a larger one, a whole one
                    window = np.exp(-((column - x) ** 2 + (row - y) ** 2) / (2 * reach**2))
                    edge = (np.sign(ahead) * window).ravel()
                    edge = edge - edge.mean()
                    share = (flat @ edge) ** 2 / ((flat**2).sum(axis=1) * (edge @ edge))
                    best = np.maximum(best, share)
    return best


true_edge = np.where(np.arange(size) < size / 2, -1.0, 1.0) * np.ones((1, size, size))
edge_share, unit_share = best_edge(true_edge)[0], np.median(best_edge(unit_weights))
print(f"a real edge ≈ {edge_share:.2f}, the median hidden unit ≈ {unit_share:.2f}")

# %%
lesson.claim("the measure recognizes a real edge", edge_share > 0.8)
lesson.claim(
    "half of the hidden units are explained by an edge to less than 40 %", unit_share < 0.4
)

# %% [markdown]
# Dense hidden units rarely are edge detectors. They do not know which pixels are neighbours, so nothing invites them to become one. They learn whatever mixture of pixels helps.
#
# ## Depth or width
#
# Back to the spiral. The network you watched had two hidden layers of 16. Does it need them?
#
# **Before you run it, guess:** three networks, 2-2-1, 2-64-1 and 2-16-16-1. Which of them separate the spiral?

# %%
lesson.guess("spiral", "only 2-16-16-1", "2-64-1 and 2-16-16-1", "all three")

# %%
fresh_points, fresh_arm = spiral(n=1000, turns=1.25, noise=0.02, seed=lesson.seed + 1000)
maps, score = {}, {}
for widths in ([2], [64], [16, 16]):
    keras.utils.set_random_seed(lesson.seed)
    if widths == [16, 16]:
        stack = deep  # that one is trained already
    else:
        stack = build_stack(widths, activation="relu", learning_rate=0.02)
        stack.fit(points, arm, batch_size=25, epochs=20, verbose=0, callbacks=[lesson.live()])
    plan = "-".join(map(str, [2, *widths, 1]))
    score[plan] = np.mean((answers(stack, fresh_points) > 0.5) == fresh_arm)
    maps[plan] = answers(stack, grid)
    print(f"{plan}: {stack.count_params()} parameters, right on new points ≈ {score[plan]:.3f}")

# %%
narrow, wide, both = score.values()
show(
    draw.surfaces(maps, way, points[::3], arm[::3]),
    "Three maps. With 2 hidden units the border has a few straight pieces and cuts through both "
    "arms. With 64 units in one layer, and with two layers of 16, it winds between the arms.",
)
lesson.claim("2 units in one layer cannot part the spiral", narrow < 0.9)
lesson.claim("64 units in one layer nearly can", wide > 0.93, guess="spiral")
lesson.claim("two layers of 16 can", both > 0.95)

# %% [markdown]
# One narrow layer has too few kinks. Width cures it, and depth cures it too: the second layer bends what the first has already bent. The spiral needs one or the other. With depth, far fewer
# parameters may do, as you can now find out.
#
# ### Exercise: small_spiral
#
# A goal to reach: part the spiral with **at most 60 parameters**. Return a compiled model for two coordinates with one sigmoid output. The check gives so small a network more time than those above had (60 epochs, batches of 50), up to
# three starts, and wants 95 % of new points right. Architecture, activation, optimizer and rate are yours. Count before you train.


# %%
def small_spiral():
    """Return a compiled model with at most 60 parameters that can learn the spiral."""
    ### BEGIN SOLUTION
    return build_stack([6, 5], activation="relu", learning_rate=0.02)
    ### END SOLUTION


# %%
lesson.check("small_spiral", small_spiral)
# lesson.hint("small_spiral")

# %% [markdown]
# ## Your playground
#
# Now train networks with your own hands. Below (in JupyterLab) you choose the points and the network, press *Start*, and see border and losses move while it trains; *Pause* stops it, *Step* trains for one
# epoch, *Reset* begins again with other random weights. It is a real Keras model, trained with Adam on 256 points; 256 others are the test points. (*Regularization* charges the network
# for large weights; lesson 09 explains it.)
#
# Some things to try. Predict first, each time:
#
# 1. *two Gaussians* with 0 hidden layers, then *circle* with 0: what can a straight border do?
# 2. *exclusive-or* with 1 layer of 2, 3, 4 and 8 neurons. Reset several times: which widths get stuck?
# 3. *circle* with 1 layer of 8, activation *linear*. Why does it stay straight?
# 4. *spiral*, noise 0: 1 layer of 4, then 1 of 16, then 2 of 16. How about learning rate 0.3?
# 5. *two Gaussians*, noise 0.4, 4 layers of 16, batch size 4, for 100 epochs. Watch the two losses part. Then again with L2, strength 0.01.

# %%
from courseware.playground import playground

playground()

# %% [markdown]
# ## What people get wrong
#
# * **"Backpropagation updates the weights."** It computes the gradient: who is to blame. The optimizer makes the update. The same gradient
#   moved two parameters by 10 and 0.0001 with gradient descent, and by 0.1 each with Adam.
# * **"Adam needs less memory."** It keeps two extra numbers for every parameter. Plain gradient descent keeps none.
# * **"Weights are numbers between 0 and 1."** They are any numbers. The trained network had them below zero and above one.
# * **"High weight: important. Low weight: unimportant."** Magnitude counts, a negative weight inhibits, and only inputs on the same scale compare.
# * **"The output is a probability."** A sigmoid's or a softmax's is read so. In regression the output is a number in the unit of the label; the kitchen served 10.
# * **"Hidden units are edge detectors."** Dense ones rarely are. Ours were mixtures of pixels.
# * **"A network can learn any function."** Weights exist that come close to any *continuous* function on a *bounded* range. Whether training finds them is another matter: many of the XOR starts did not.
# * **"Hidden layers are always better."** On the tumours 8-1 did as well as 8-10-1.
#
# ## Takeaways
#
# * A feedforward network repeats $z = Wx + b$, $h = f(z)$ from input to output. Data set the input's width, the task sets the output, you choose what lies between.
# * Backpropagation is the chain rule, applied from the loss backward. A silent ReLU unit gets no blame.
# * Training is a loop of small corrections: predict, compare, measure, adjust, repeat. Where it ends depends on the start.
# * Adam divides each average slope by its typical size, at the price of two numbers per parameter.
# * Train on the textbook, choose by the practice quiz, and take the exam once.
# * Start with a baseline, then the simplest model. Width and depth both buy flexibility.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Next lesson: *Networks that see*, in which a network does know which pixels are neighbours, and edge detectors appear.
# * David Rumelhart, Geoffrey Hinton and Ronald Williams, "Learning representations by back-propagating errors", *Nature* 323 (1986): three pages that made the method famous.
# * Diederik Kingma and Jimmy Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015 (arXiv:1412.6980).
# * Michael Nielsen, *Neural Networks and Deep Learning* (2015), chapters 2 and 4, free at neuralnetworksanddeeplearning.com: backpropagation at length, and universality as a thing to play with.
