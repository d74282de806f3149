# %% [markdown]
# # A straight line that learns
#
# *115 minutes: 45 to read and run, 40 for 8 exercises, 30 for the 26 questions of the quiz. Builds on: some Python. No calculus is needed: you will measure slopes before you see a formula.*
#
# A program that nobody tells the rule, only examples, and that finds the rule by being wrong a little less each time:
# that is machine learning, and the smallest honest case of it is a straight line. Everything that later trains a
# network with a million numbers is already here with two.
#
# **After this lesson you can**
#
# * say what a model, a loss and a learning rate are, with numbers you worked out yourself;
# * write gradient descent in a few lines of NumPy, and the same model in Keras;
# * predict, before running anything, which learning rate is too large;
# * tell by a simple check whether a line is the right model at all.

# %%
from courseware import open_lesson

lesson = open_lesson("01_linear_regression")

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from courseware.lessons.linear_regression import drawings as draw
from courseware.drawing import show

# %% [markdown]
# Our first data are made up, and that is their strength: we know the truth and can check whether learning finds it.
# Here is the recipe. A house costs 3 times its size, plus 0.5, plus luck (`rng.normal` draws the luck).
# Sizes are in hundreds of square metres, prices in hundreds of thousands of euros.

# %%
### SOURCE courseware.data.houses

# %% [markdown]
# Now watch a line learn. It starts flat, sees only sizes and prices, and is never told the numbers 3 and 0.5.
# You are not expected to follow the loop yet. By the middle of this lesson you will have written it yourself.

# %%
size, price = houses(seed=lesson.seed)

w, b = 0.0, 0.0
path = [(w, b)]
for step in range(500):
    error = w * size + b - price
    w, b = w - 0.1 * np.mean(2 * error * size), b - 0.1 * np.mean(2 * error)
    path.append((w, b))

show(
    draw.learning_line(size, price, path),
    "Left: a cloud of houses, rising to the right, and four lines: flat at step 0, too low "
    "after step 1, closer but too flat after step 3, and through the middle at the end. Right: "
    "the error falls steeply, then levels off above zero.",
)
print(f"found: w ≈ {w:.2f}, b ≈ {b:.2f}")

# %%
lesson.claim("the price of one unit of size, w, is within 0.3 of the true 3", abs(w - 3) < 0.3)
lesson.claim("the price at size zero is within 0.3 of the true 0.5", abs(b - 0.5) < 0.3)

# %% [markdown]
# The line at step 0 is useless. After one step it has risen, after three it is in the cloud but too flat, and at the end it
# runs through the middle. The right-hand picture shows how wrong the line is: less and less, but never zero. Why it
# does not reach zero is one of the things this lesson explains.
#
# ## A line has two numbers
#
# A **model** is a rule that turns an input into a prediction. Ours is
#
# $$\text{prediction} = w \cdot x + b$$
#
# The input $x$ (here the size) is called a **feature**, the number we want to predict (the price) the **label**.
# $w$ is the **weight**: how much the prediction grows when $x$ grows by one. School books call it the slope, $m$.
# $b$ is the **bias**: the prediction at $x = 0$. Together, $w$ and $b$ are the model's **parameters**: the
# numbers that training is allowed to change. Choosing them is all that "learning" means here.
#
# ### Exercise: predict
#
# Fill in the rule. `x` may be one number or a whole array of them; NumPy treats both alike. Replace the dots, run the
# cell, then run the check below it.


# %%
def predict(w, b, x):
    """Return the model's prediction for x."""
    ### BEGIN SOLUTION
    return w * x + b
    ### END SOLUTION


# %%
lesson.check("predict", predict)
# Stuck? Remove the # from the next line and run the cell. Each run gives one more hint, of three.
# lesson.hint("predict")

# %% [markdown]
# Exercises are for you: no later cell needs them solved. If one resists, leave it and come back.
#
# ## Guess nothing: the baseline
#
# Before any learning, ask how well you can do without it. The simplest predictor ignores the size and always answers
# with the average price. This is the **baseline**. A model that cannot beat it has learned nothing, however
# impressive its code.
#
# **Before you run it, guess:** the prices spread from about 1.5 to about 5.5. If you always answered with the average,
# by how much would you typically be off?

# %%
lesson.guess("off_by", "about 0.1", "about 1", "about 3")

# %%
baseline = price.mean()
typical_miss = np.mean(np.abs(price - baseline))
print(f"always answering ≈ {baseline:.2f} misses by ≈ {typical_miss:.2f} on average")

# %%
lesson.claim(
    "the average answer is typically off by more than half a unit and less than one and a half",
    0.5 < typical_miss < 1.5,
    guess="off_by",
)

# %% [markdown]
# About one unit: a hundred thousand euros. That is the number to beat.
#
# ## How wrong is a line? The loss
#
# To improve a line we must first say how wrong it is, in one number. Take any line, say $w = 2$ and $b = 1$, and look at
# the vertical distance from each house to it.

# %%
show(
    draw.errors(size[:40], price[:40], w=2, b=1),
    "Forty houses and a line that is too flat. A red vertical stick joins each house to the "
    "line; the sticks are longest at the right end, where the houses lie above the line.",
)

# %% [markdown]
# Each stick is an **error**: prediction minus label. The line is too flat, so large houses lie above it. Some
# errors are positive and some negative, and if we simply added them up they would cancel: a bad line could look
# perfect. So we square each one first. Squaring makes every error count as positive, and counts one large
# miss more than several small ones: a miss of 2 costs 4, two misses of 1 cost 2.
#
# The **loss** is the number that says how wrong the model is. Two forms of it are in use:
#
# * the sum of the squared errors, called **RSS** (residual sum of squares; a **residual** is label minus prediction, the
#   error with its sign turned);
# * their mean, called **MSE** (mean squared error): RSS divided by the number of examples $n$.
#
# Both are smallest for the same line. The mean has the practical advantage that it does not grow with the
# number of examples; the library that we use later reports it. Here they are for three houses, small enough to check on paper.

# %%
x_small = np.array([1.0, 2.0, 3.0])
y_small = np.array([2.0, 2.0, 5.0])

error_small = (1 * x_small + 1) - y_small  # the line w = 1, b = 1
print("errors: ", error_small)
print("squared:", error_small**2)
print("RSS =", np.sum(error_small**2), "  MSE = RSS / 3 =", round(np.mean(error_small**2), 4))

# %% [markdown]
# The first house is predicted exactly, the second is guessed one too high, the third one too low.
#
# ### Exercise: mse
#
# Write the loss. It takes an array of predictions and an array of labels of the same length, and returns one number.


# %%
def mse(prediction, label):
    """Return the mean squared error of the predictions."""
    ### BEGIN SOLUTION
    return np.mean((prediction - label) ** 2)
    ### END SOLUTION


# %%
lesson.check("mse", mse)
# lesson.hint("mse")

# %% [markdown]
# One property of this loss matters a great deal below: a mean of squares is **never negative**. Zero would mean that
# every prediction is exact. With real data that does not happen: two houses of the same size
# have different prices, and no single rule can hit both. The true line itself, the one that made our data, has this loss:

# %%
loss_of_truth = np.mean((3 * size + 0.5 - price) ** 2)
loss_of_baseline = np.mean((baseline - price) ** 2)
print(f"loss of the true line ≈ {loss_of_truth:.3f}, of the baseline ≈ {loss_of_baseline:.3f}")

# %%
lesson.claim("even the true line has a loss above zero", loss_of_truth > 0.05)
lesson.claim(
    "the true line has less than a fifth of the baseline's loss",
    loss_of_truth < loss_of_baseline / 5,
)

# %% [markdown]
# So the goal is not "loss zero". It is the smallest loss that a line can reach on these data.
#
# ## Walking downhill
#
# Imagine standing on a hillside in thick fog, wanting to get down into the valley. You cannot see the valley. But you
# can feel with your feet which way the ground falls, take a step that way, and feel again. **Gradient descent**
# is exactly this walk. The landscape is the loss: each place on the map is one choice of $w$ and $b$, and the height there
# is the loss of that line.
#
# How do you feel the slope? Nudge $w$ by a tiny amount and see how much the loss changes.


# %%
def loss_at(w, b):
    return np.mean((w * size + b - price) ** 2)


nudge = 0.001
slope_measured = (loss_at(1 + nudge, 0.5) - loss_at(1 - nudge, 0.5)) / (2 * nudge)
show(
    draw.loss_over_w(size, price, b=0.5, at=1, slope=slope_measured),
    "A bowl-shaped curve: the loss as w goes from about -0.5 to 6.5, lowest near w = 3. At w = "
    "1, on the left side of the bowl, a red line touches the curve and points down to the right.",
)
print(f"slope at w = 1 ≈ {slope_measured:.2f}")

# %%
lesson.claim(
    "left of the valley the loss falls to the right: the slope is negative", slope_measured < -1
)

# %% [markdown]
# With $b$ held at 0.5 the loss is a bowl. At $w = 1$ the ground falls to the right, so its slope is negative, and
# downhill means a *larger* $w$. On the other side of the valley it would be the other way round. In both cases the rule is:
# **go against the sign of the slope**.
#
# Measuring a slope by nudging works for any function, but needs two evaluations of the loss for each parameter. With a
# million parameters that is hopeless. Mathematics gives the same slopes at once. For the mean squared error they are
#
# $$\frac{\partial L}{\partial w} = \text{mean of } 2 \cdot \text{error} \cdot x
# \qquad
# \frac{\partial L}{\partial b} = \text{mean of } 2 \cdot \text{error}$$
#
# Read $\partial L / \partial w$ as "how fast the loss $L$ changes when only $w$ changes". It is called the **derivative** of the
# loss with respect to $w$. You can see where the parts come from. A square $e^2$ grows at the rate $2e$. Moving $w$ by a
# little moves each error by $x$ times as much, so each $2 \cdot \text{error}$ is multiplied by its $x$. Moving $b$ moves
# each error by just as much as $b$: no factor. The two derivatives together are the **gradient**. It points
# straight uphill.

# %%
error = 1 * size + 0.5 - price
slope_by_formula = np.mean(2 * error * size)
print(f"measured by nudging ≈ {slope_measured:.6f}\nby the formula     ≈ {slope_by_formula:.6f}")

# %%
lesson.claim(
    "nudging and the formula give the same slope", abs(slope_measured - slope_by_formula) < 1e-6
)

# %% [markdown]
# ### Exercise: gradient
#
# Write both derivatives for any $w$, $b$ and data. Return them as two values.


# %%
def gradient(w, b, x, y):
    """Return the slope of the mean squared error along w and along b."""
    ### BEGIN SOLUTION
    error = w * x + b - y
    return np.mean(2 * error * x), np.mean(2 * error)
    ### END SOLUTION


# %%
lesson.check("gradient", gradient)
# lesson.hint("gradient")

# %% [markdown]
# ## The learning rate
#
# One step of the walk changes both parameters against their slopes:
#
# $$w \leftarrow w - a \cdot \frac{\partial L}{\partial w} \qquad b \leftarrow b - a \cdot \frac{\partial L}{\partial b}$$
#
# The number $a$ is the **learning rate**. It scales the step. Repeating the step is an *iteration*; the
# learning rate is not the iteration, it is how far each one goes.
#
# Note where the *direction* comes from: from the sign of the slope. It cannot come from the sign of the loss, since that
# is never negative. A program that asked "is the loss positive or negative?" would always walk the same way. Here are two
# starting points, one on each side of the valley:

# %%
for start in (1.0, 5.0):
    error = start * size + 0.5 - price
    slope = np.mean(2 * error * size)
    loss_sign, slope_sign = ("+" if value > 0 else "-" for value in (np.mean(error**2), slope))
    way = "up" if slope < 0 else "down"
    print(f"w = {start}: loss {loss_sign}, slope {slope_sign}, so w must go {way}")

# %% [markdown]
# Both losses are positive, yet one $w$ must go up and the other down.
#
# ### Exercise: descend
#
# Now the whole walk. Start at $w = 0$, $b = 0$, take `steps` steps with learning rate `rate`, and return the final
# $w$ and $b$. Update both from the *same* point: compute both slopes before you change either.


# %%
def descend(x, y, rate, steps):
    """Return w and b after `steps` steps of gradient descent from (0, 0)."""
    w, b = 0.0, 0.0
    ### BEGIN SOLUTION
    for _ in range(steps):
        error = w * x + b - y
        slope_w = np.mean(2 * error * x)
        slope_b = np.mean(2 * error)
        w = w - rate * slope_w
        b = b - rate * slope_b
    return w, b
    ### END SOLUTION


# %%
lesson.check("descend", descend)
# lesson.hint("descend")

# %% [markdown]
# Here is our own version, which also keeps the path so that we can draw it. Look at three walks on the same
# landscape, seen from above like a hiking map: each line joins places of equal height, dark is low.
#
# **Before you run it, guess:** one walk uses rate 0.02, one 0.2 and one 0.5. Which one ends lowest after 60 steps?

# %%
lesson.guess("three_rates", "rate 0.02", "rate 0.2", "rate 0.5")


# %%
def walk(x, y, rate, steps, start=(0.0, 0.0)):
    w, b = start
    path = [(w, b)]
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - rate * np.mean(2 * error * x), b - rate * np.mean(2 * error)
        path.append((w, b))
    return path


paths = {f"rate {rate}": walk(size, price, rate, steps=60) for rate in (0.02, 0.2, 0.5)}
ends = {name: loss_at(*path[-1]) for name, path in paths.items()}
for name, loss in ends.items():
    print(f"{name}: loss after 60 steps ≈ {loss:.3f}")
loss_at_start = loss_at(0, 0)

# %%
show(
    draw.walks(size, price, paths),
    "Three maps of the same long narrow valley, which runs from the top left to the bottom "
    "right. With rate 0.02 the path creeps down in small steps and stops short. With rate 0.2 "
    "it reaches the valley floor and follows it. With rate 0.5 it jumps from one side to the "
    "other, further each time, and leaves the map.",
)
lesson.claim(
    "rate 0.2 ends lower than rate 0.02", ends["rate 0.2"] < ends["rate 0.02"], guess="three_rates"
)
lesson.claim("rate 0.5 ends higher than where it began", ends["rate 0.5"] > loss_at_start)

# %% [markdown]
# The small rate is safe and slow: it has not finished. The middle one drops to the valley floor at once and then follows
# it. The large one steps right across the valley to a place that is *higher* than where it came from; there the slope is
# steeper, so the next step is longer still. It **diverges**: the loss grows without end.
#
# Two things that people like to say about this picture are not quite true. A ball rolling into the valley
# gathers speed and swings through the bottom; plain gradient descent has no speed and no memory, and each step
# depends on the slope at that place alone. And it stops wherever the slope is zero. Here the only such place is the bottom,
# because the loss of a line is one single bowl. Deep networks have more complicated landscapes, and we will meet them.
#
# ## How large is too large?
#
# It can be predicted. Think of a bowl along one direction with height $\frac{1}{2} c\, d^2$, where $d$ is the distance from the
# bottom. The number $c$ is the **curvature**: how sharply the bowl bends. Its slope at distance $d$ is $c\,d$, so one step takes you from
#
# $$d \quad\text{to}\quad d - a\,c\,d = (1 - a\,c)\, d$$
#
# Every step multiplies the distance by the same number $1 - a\,c$. If that number lies between -1 and 1, the distance shrinks.
# If it is below -1, you land further away on the other side. The edge is at $a\,c = 2$, so
#
# $$a_\text{edge} = \frac{2}{c}$$
#
# **Before you run it, guess:** a bowl has curvature 4. What happens at rate 0.6?

# %%
lesson.guess(
    "rate_in_bowl",
    "you walk straight in",
    "you overshoot each time, by less and less",
    "you overshoot each time, by more and more",
)

# %%
for rate in (0.1, 0.4, 0.6):
    distance, seen = 1.0, []
    for _ in range(5):
        seen.append(round(distance, 3))
        distance = (1 - rate * 4) * distance
    print(f"rate {rate}: each step times {1 - rate * 4:.1f}:", seen)

# %% [markdown]
# At 0.1 you walk straight in; at 0.4 you overshoot each time, by less and less; at 0.6, above the edge of $2/4 = 0.5$, the
# distance grows.
#
# Our landscape has two directions, and it bends differently along each. The second derivatives of the loss, laid
# out in a small table, describe all its bending; the table is called the **Hessian**:
#
# $$H = \begin{pmatrix} \text{mean of } 2x^2 & \text{mean of } 2x \\ \text{mean of } 2x & 2 \end{pmatrix}$$
#
# A valley need not lie along the axes, and ours lies askew. NumPy finds the directions of strongest and weakest bending for
# us, and how strong each is. Those strengths are the **eigenvalues** of the table. The steepest direction breaks
# first, so the largest eigenvalue, $\lambda_\text{max}$, sets the limit: $a_\text{edge} = 2 / \lambda_\text{max}$.

# %%
hessian = np.array([[np.mean(2 * size**2), np.mean(2 * size)], [np.mean(2 * size), 2.0]])
curvatures = np.linalg.eigvalsh(hessian)  # from weakest to strongest
edge = 2 / curvatures[-1]
print(
    f"curvatures ≈ {curvatures[0]:.3f} and ≈ {curvatures[-1]:.3f}",
    f"predicted edge: rate ≈ {edge:.3f}",
    sep="\n",
)

# %%
lesson.claim(
    "the steepest direction bends at least twenty times as much as the flattest",
    curvatures[-1] > 20 * curvatures[0],
)
lesson.claim("0.2 lies below the predicted edge and 0.5 above it", 0.2 < edge < 0.5)

# %% [markdown]
# Nobody ran anything to get this number: it follows from the sizes alone, not even from the prices. Test it: two per cent below
# the edge, and two per cent above.

# %%
below = loss_at(*walk(size, price, 0.98 * edge, steps=500)[-1])
above = loss_at(*walk(size, price, 1.02 * edge, steps=500)[-1])
print(f"2 % below the edge: loss ≈ {below:.4f}")
print("2 % above the edge: loss over a million:", above > 1e6)

# %%
lesson.claim(
    "just below the edge the walk ends lower than the true line's loss", below <= loss_of_truth
)
lesson.claim("just above the edge the loss explodes", above > 1e6)

# %% [markdown]
# A line of arithmetic told us where a training run breaks. (Below the edge the loss is even a little under that of the true line:
# the line that fits these 200 houses best is not exactly the one that made them, because it also follows their luck.)
#
# ### Exercise: largest_rate
#
# Write the rule as a function of the sizes: return the rate at which gradient descent on $w$ and $b$ stops converging. You may
# copy from the cell above, but try from memory first.


# %%
def largest_rate(x):
    """Return 2 divided by the largest curvature of the mean squared error of a line over x."""
    ### BEGIN SOLUTION
    hessian = np.array([[np.mean(2 * x**2), np.mean(2 * x)], [np.mean(2 * x), 2.0]])
    return 2 / np.linalg.eigvalsh(hessian).max()
    ### END SOLUTION


# %%
lesson.check("largest_rate", largest_rate)
# lesson.hint("largest_rate")

# %% [markdown]
# ## The same line in Keras
#
# **Keras** is a library for building and training networks. Networks are made of **layers**, and our line is the smallest
# network there is: one layer, of the kind called *dense*, with a single output. It computes $w \cdot x + b$. `SGD` is its name for gradient descent (stochastic gradient descent; "stochastic",
# by chance, for a reason that we come to in a moment).

# %%
### SOURCE courseware.lessons.linear_regression.models.build_linear_model

# %% [markdown]
# We start it at $w = 0$, $b = 0$ like our own walk, and let it look at all 200 houses in each step (`batch_size=200`). An
# **epoch** is one pass over all examples; here, one step. After 100 steps the two must agree. If they did
# not, one of us would have misunderstood something.

# %%
model = build_linear_model(n_features=1, learning_rate=0.2)
model.set_weights([np.zeros((1, 1)), np.zeros(1)])
model.fit(size[:, None], price, batch_size=200, epochs=100, verbose=0)

keras_w, keras_b = [parameter.item() for parameter in model.get_weights()]
our_w, our_b = walk(size, price, 0.2, steps=100)[-1]
print(f"Keras: w ≈ {keras_w:.4f}, b ≈ {keras_b:.4f}\nNumPy: w ≈ {our_w:.4f}, b ≈ {our_b:.4f}")

# %%
lesson.claim(
    "after 100 steps Keras and our own loop have the same weight", abs(keras_w - our_w) < 1e-3
)
lesson.claim("and the same bias", abs(keras_b - our_b) < 1e-3)

# %% [markdown]
# The same steps give the same numbers. (`size[:, None]` turns the 200 sizes into a table of 200 rows and one column:
# Keras wants one row per example.) Keras stores numbers with about seven digits, NumPy with sixteen, so the last
# digits differ.
#
# Now the "stochastic" part. Unless told otherwise, Keras does not look at all examples before a step. It shuffles them
# and takes 32 at a time, a **mini-batch**. Each step then follows the slope of 32 houses rather than of all: cheaper, and a little off
# in a random direction. What does that do to the edge that we predicted so exactly?
#
# **Before you run it, guess:** with 32 houses a step, and a rate at 90 % of the edge, where will the loss settle?

# %%
lesson.guess(
    "mini_batches", "as low as with all houses", "more than 5 % higher", "nowhere, it explodes"
)


# %%
def walk_in_batches(x, y, rate, epochs, batch_size):
    """Walk in shuffled mini-batches; return the mean loss over the second half of the steps."""
    rng = np.random.default_rng(lesson.seed)
    w, b, losses = 0.0, 0.0, []
    for _ in range(epochs):
        for batch in np.array_split(rng.permutation(len(x)), len(x) // batch_size):
            error = w * x[batch] + b - y[batch]
            w, b = w - rate * np.mean(2 * error * x[batch]), b - rate * np.mean(2 * error)
            losses.append(np.mean((w * x + b - y) ** 2))
    return np.mean(losses[len(losses) // 2 :])


# %%
fractions = np.array([0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.995, 1.005, 1.02])
smallest = loss_at(*walk(size, price, 0.9 * edge, steps=2000)[-1])
full = np.array([walk_in_batches(size, price, f * edge, 500, 200) for f in fractions]) / smallest
mini = np.array([walk_in_batches(size, price, f * edge, 60, 32) for f in fractions]) / smallest
tiny = np.array([walk_in_batches(size, price, f * edge, 60, 8) for f in fractions]) / smallest
full_at_98, mini_at_90 = full[fractions == 0.98].item(), mini[fractions == 0.9].item()
tiny_at_50 = tiny[fractions == 0.5].item()

# %%
show(
    draw.edge(
        fractions,
        {"all 200 houses a step": full, "32 houses a step": mini, "8 houses a step": tiny},
    ),
    "Loss reached against learning rate. With all houses in each step the curve lies flat on "
    "the smallest loss and then rises like a wall at the predicted edge. With 32 houses it "
    "leaves the floor before the edge, with 8 much earlier.",
)
lesson.claim(
    "with all houses, 98 % of the edge still reaches the smallest loss",
    full_at_98 < 1.01,
)
lesson.claim(
    "with mini-batches of 32, 90 % of the edge stays more than 5 % above it",
    mini_at_90 > 1.05,
    guess="mini_batches",
)
lesson.claim("with mini-batches of 8, half of the edge already does", tiny_at_50 > 1.05)

# %% [markdown]
# With all examples in each step the edge is a wall. With mini-batches the loss leaves the floor earlier: near the edge each
# noisy step is magnified, so the line keeps rattling around the best one instead of settling. The smaller the batch, the
# noisier. The edge is blurred, not gone, and in practice you stay well below it. Keras itself behaves in the same way. (A
# **callback** is a piece of code that Keras runs at set moments, here after each epoch, to measure the loss on all houses.
# With `steps_per_epoch=1` each step counts as an epoch. We average over the second half of the run.)


# %%
def keras_loss(rate, batch_size, steps):
    keras.utils.set_random_seed(lesson.seed)
    model, losses = build_linear_model(n_features=1, learning_rate=rate), []

    def measure(epoch, logs):
        kernel, bias = model.get_weights()
        losses.append(loss_at(kernel.item(), bias.item()))

    model.fit(
        size[:, None],
        price,
        batch_size=batch_size,
        steps_per_epoch=1,
        epochs=steps,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=measure)],
        verbose=0,
    )
    return np.mean(losses[len(losses) // 2 :])


keras_below = keras_loss(0.9 * edge, batch_size=200, steps=120)
keras_above = keras_loss(1.1 * edge, batch_size=200, steps=60)
keras_mini = keras_loss(0.9 * edge, batch_size=32, steps=200)
print(
    "Keras at 90 % of the edge:",
    f"all houses at once ≈ {keras_below:.4f}, mini-batches of 32 ≈ {keras_mini:.4f}",
)

# %%
lesson.claim("Keras reaches the smallest loss below the edge", keras_below < 1.01 * smallest)
lesson.claim("Keras, too, explodes above the edge that we computed", keras_above > 1e6)
lesson.claim(
    "mini-batches rattle in Keras as well: more than 2 % above the smallest loss",
    keras_mini > 1.02 * smallest,
)

# %% [markdown]
# ### Exercise: repair
#
# This model should learn the house prices, but it never does. Three things are wrong with it. Find them, and return a
# compiled model that learns. (`activation="sigmoid"` squeezes the output to between 0 and 1; you will meet it in the
# next lesson.)


# %%
def repaired_model():
    """Return a compiled model that learns the price from the size."""
    ### BEGIN SOLUTION
    model = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.2), loss="mse")
    return model
    ### STARTER
    # model = keras.Sequential(
    #     [keras.Input(shape=(1,)), layers.Dense(1, activation="sigmoid", use_bias=False)]
    # )
    # model.compile(optimizer=keras.optimizers.SGD(20.0), loss="mse")
    # return model
    ### END SOLUTION


# %%
lesson.check("repair", repaired_model)
# lesson.hint("repair")

# %% [markdown]
# ## Straight to the bottom: least squares
#
# A bowl has exactly one lowest place, and for a line we need not walk there: the slope is zero at the bottom, and "both slopes are
# zero" is two equations for two unknowns. Solving them is called **least squares**, and it is two hundred
# years old. NumPy does it in one call. It is our *oracle*: an independent answer to hold the walk against.

# %%
table = np.column_stack([size, np.ones_like(size)])  # one column for w, a column of ones for b
(best_w, best_b), *_ = np.linalg.lstsq(table, price)
walked_w, walked_b = walk(size, price, 0.2, steps=1000)[-1]
print(f"least squares: w ≈ {best_w:.5f}, b ≈ {best_b:.5f}")
print(f"1000 steps:    w ≈ {walked_w:.5f}, b ≈ {walked_b:.5f}")
lesson.claim(
    "walking and solving arrive at the same line",
    abs(walked_w - best_w) < 1e-4 and abs(walked_b - best_b) < 1e-4,
)
lesson.claim(
    "no line has a smaller loss on these houses than the least-squares line",
    all(
        loss_at(best_w + dw, best_b + db) > loss_at(best_w, best_b)
        for dw in (-0.01, 0.01)
        for db in (-0.01, 0.01)
    ),
)

# %% [markdown]
# If solving is so easy, why walk? Because solving works for lines only. A network with bends in it has no such equations, and
# then walking is all we have. That is why this lesson dwells on the walk.
#
# ## Many features
#
# Now real data. For 442 people with diabetes, ten measurements were taken (age, body mass index, blood pressure, six blood values,
# and sex), and a year later a doctor's measure of how far the disease had progressed, a number from 25 to 346. Each feature gets its own weight:
#
# $$\text{prediction} = w_1 x_1 + w_2 x_2 + \dots + w_{10} x_{10} + b$$
#
# With real data there is no known truth to compare with, so we put a quarter of the people aside before anything else is done. These
# are the **test set**: labelled examples that training never sees. The model is fitted on the rest, the
# **training set**, and the test set then tells how well it does on people it does not know.

# %%
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split

features, labels = load_diabetes(return_X_y=True, scaled=False)
x_train, x_test, y_train, y_test = train_test_split(
    features, labels, test_size=0.25, random_state=lesson.seed
)
print("training set:", x_train.shape, " test set:", x_test.shape)
print("smallest and largest age:", features[:, 0].min(), features[:, 0].max())
print(
    "smallest and largest value of the fifth feature:", features[:, 4].min(), features[:, 4].max()
)

# %% [markdown]
# The features live on very different scales: one of the blood values reaches 301, another feature (sex, coded as 1 and 2) only 2.
# That is trouble for gradient descent, as the next section shows.
#
# ## Scale before you descend
#
# Look at the houses first, with sizes in plain square metres: 40 to 160 instead of 0.4 to 1.6. It is the same data, and
# the same straight line fits it. But the landscape is not the same.

# %%
square_metres = 100 * size
standard_size = (size - size.mean()) / size.std()

figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4))
_ = draw.surface(square_metres, price, left, "In square metres", span=(-3, 3, -2.5, 3.5))
_ = draw.surface(standard_size, price, right, "Standardized", span=(-2, 4, 0.6, 6.6))
show(
    figure,
    "Two maps of the loss, drawn to the same scale. In square metres the height lines are so "
    "stretched that they look like upright stripes. For standardized sizes they are circles "
    "around one low point.",
)

# %% [markdown]
# Both maps are drawn to the same scale. On the left the valley is so narrow that its floor looks like a line: steep across, almost flat along. The steep direction
# forbids large steps, the flat one needs them, and one learning rate must serve both.
#
# To **standardize** a feature, subtract its mean and divide by its **standard deviation** (its typical distance from the
# mean). Afterwards it has mean 0 and spread 1, whatever its unit was. On the right the bowl is round: it bends alike
# in every direction, and downhill points straight at the bottom. The ratio of the largest to the smallest curvature measures
# how narrow the valley is; it is called the **condition number**.


# %%
def curvatures_of(x):
    table = np.column_stack([x, np.ones(len(x))])
    return np.linalg.eigvalsh(2 * table.T @ table / len(x))


for name, x in {
    "square metres": square_metres,
    "hundreds": size,
    "standardized": standard_size,
}.items():
    c = curvatures_of(x)
    print(f"{name}: condition number ≈ {c[-1] / c[0]:.1f}, edge: rate ≈ {2 / c[-1]:.6f}")
c = curvatures_of(square_metres)
lesson.claim("in square metres the condition number is above ten thousand", c[-1] / c[0] > 1e4)
c = curvatures_of(standard_size)

# %%
lesson.claim("standardized, the bowl is round", c[-1] / c[0] < 1.0001)

# %% [markdown]
# Now the ten measurements. The mean and the spread are computed **from the training set only** and then used for both sets.
# If the test people helped to set the scale, they would no longer be unknown: information would leak from the test into the training. Here the
# leak would be tiny; with other preparations it is not, and the habit costs nothing.

# %%
mean, spread = x_train.mean(axis=0), x_train.std(axis=0)
z_train = (x_train - mean) / spread
z_test = (x_test - mean) / spread


def descend_many(x, y, steps):
    """Descend at 90 % of the edge with many features; return the parameters and all losses."""
    table = np.column_stack([x, np.ones(len(x))])
    rate = 0.9 * 2 / np.linalg.eigvalsh(2 * table.T @ table / len(x)).max()
    parameters, losses = np.zeros(table.shape[1]), []
    for _ in range(steps):
        error = table @ parameters - y  # all predictions at once, minus the labels
        losses.append(np.mean(error**2))
        parameters = parameters - rate * 2 * table.T @ error / len(y)
    return parameters, losses


# %% [markdown]
# `table @ parameters` multiplies each row of the table with the parameters and adds up: ten products and one bias, for everybody
# at once. The walk is the same as before.
#
# **Before you run it, guess:** each walk uses 90 % of its own edge. After 100 steps, how far above the least-squares
# loss will the unscaled walk be?

# %%
lesson.guess("unscaled", "about 1 %", "about 10 %", "about 50 %")

# %%
raw_parameters, raw_losses = descend_many(x_train, y_train, steps=100)
parameters, losses = descend_many(z_train, y_train, steps=100)

table_train = np.column_stack([z_train, np.ones(len(z_train))])
oracle, *_ = np.linalg.lstsq(table_train, y_train)
best = np.mean((table_train @ oracle - y_train) ** 2)
print(
    "loss after 100 steps, in multiples of the smallest:",
    f"as measured ≈ {raw_losses[-1] / best:.2f}, standardized ≈ {losses[-1] / best:.3f}",
)

# %%
figure, ax = plt.subplots()
_ = ax.plot(np.array(raw_losses) / best, label="as measured")
_ = ax.plot(np.array(losses) / best, label="standardized")
_ = ax.set(
    xlabel="step",
    ylabel="training loss / least-squares loss",
    ylim=(0.9, 3),
    title="Same data, same rule",
)
_ = ax.legend()
show(
    figure,
    "Two falling curves over 100 steps. The standardized one reaches the least-squares loss "
    "within about ten steps. The other falls fast at first, then creeps, and is still far above "
    "at the end.",
)
lesson.claim("standardized, 100 steps come within 2 % of least squares", losses[-1] < 1.02 * best)
lesson.claim(
    "unscaled, 100 steps stay more than 30 % above it",
    raw_losses[-1] > 1.3 * best,
    guess="unscaled",
)

# %% [markdown]
# Keras does the same with the same builder, only with ten features instead of one.

# %%
keras.utils.set_random_seed(lesson.seed)
model = build_linear_model(n_features=10, learning_rate=0.1)
model.fit(z_train, y_train, batch_size=len(z_train), epochs=100, verbose=0)

test_table = np.column_stack([z_test, np.ones(len(z_test))])
test_keras = model.evaluate(z_test, y_test, verbose=0)
test_oracle = np.mean((test_table @ oracle - y_test) ** 2)
test_baseline = np.mean((y_train.mean() - y_test) ** 2)
print(f"test loss of the baseline ≈ {test_baseline:.0f}")
print(f"of Keras ≈ {test_keras:.0f}, of least squares ≈ {test_oracle:.0f}")

# %%
lesson.claim(
    "Keras and least squares agree within 5 % on the test people",
    abs(test_keras / test_oracle - 1) < 0.05,
)
lesson.claim("both beat the average answer by more than a fifth", test_keras < 0.8 * test_baseline)

# %% [markdown]
# On people that it never saw, the model removes a good part of the baseline's error, and far from all of it: ten measurements say
# something about the coming year, but not everything. That is a normal, honest result for real data.
#
# The individual weights of the walk and of least squares need not agree so well. Two of the blood values rise and fall almost
# together, so shifting weight from one to the other hardly changes any prediction: the bowl is nearly flat in that
# direction, and the walk is slow there. What is nearly flat hardly matters for the loss.
#
# ### Exercise: standardize
#
# Write the preparation as a function. It gets two arrays of shape (people, features) and returns both standardized, with
# the mean and spread of the *training* array.


# %%
def standardize(train, test):
    """Return train and test, both scaled by mean and standard deviation (np.std) of train."""
    ### BEGIN SOLUTION
    mean, spread = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / spread, (test - mean) / spread
    ### END SOLUTION


# %%
lesson.check("standardize", standardize)
# lesson.hint("standardize")

# %% [markdown]
# ### Exercise: three_steps
#
# A goal to reach. Bring the house line to within 1 % of the least-squares loss in **three steps** of gradient descent from
# (0, 0). You choose how the size is rescaled before the walk, and the learning rate. Give both: a function of the sizes, and a number.
# (Think of the round bowl. What is its curvature, and which rate makes $1 - a\,c$ as small as can be?)


# %%
def rescale(size):
    """Return the sizes, rescaled as you like."""
    ### BEGIN SOLUTION
    return (size - size.mean()) / size.std()
    ### END SOLUTION


### BEGIN SOLUTION
rate = 0.5
### END SOLUTION

# %%
lesson.check("three_steps", (rescale, rate))
# lesson.hint("three_steps")

# %% [markdown]
# ## What the line leaves over: residuals
#
# How do you know whether a line is the right model at all? Look at what it leaves over. A residual, you remember, is
# label minus prediction. If the line has caught everything there is to catch, the residuals look like pure luck: a
# band without shape. If they have a shape, the line is missing something.
#
# Here are the houses, and next to them a second town in which price grows with the *square* of the size.

# %%
rng = np.random.default_rng(lesson.seed)
other_price = 2 * size**2 + 0.5 + rng.normal(0, 0.1, len(size))

# %%
(other_w, other_b), *_ = np.linalg.lstsq(table, other_price)

residual = price - (best_w * size + best_b)
other_residual = other_price - (other_w * size + other_b)
show(
    draw.residuals(
        {
            "Our houses": (best_w * size + best_b, residual),
            "The other town": (other_w * size + other_b, other_residual),
        }
    ),
    "Left: residuals of our houses, a shapeless band around zero. Right: residuals of the other "
    "town, a clear U shape: above zero at both ends and below it in the middle.",
)
middle = (0.8 < size) & (size < 1.2)
lesson.claim(
    "in our town, middle and ends have about the same mean residual",
    abs(residual[middle].mean() - residual[~middle].mean()) < 0.15,
)
lesson.claim(
    "in the other town the line is too high in the middle and too low at the ends",
    other_residual[middle].mean() < -0.05 and other_residual[~middle].mean() > 0.02,
)

# %% [markdown]
# The left band has no shape. The right one bends like a U: the line overestimates houses of middle size and underestimates both
# small and large ones. The loss alone would not have told you. The cure is a model that can bend, and that is the next lesson.
#
# ## What people get wrong
#
# * **"If the loss is positive, decrease the weight; if it is negative, increase it."** A squared loss is never negative. The sign of
#   the step comes from the slope, as the two starting points above showed.
# * **"The learning rate is one iteration."** An iteration is one step. The learning rate is the number that scales it.
# * **"Training drives the loss to zero."** It drives it to the smallest value that the model can reach. With noise in the data that is not
#   zero, and the true line itself had a loss above zero.
# * **"Training adjusts the slope."** Both $w$ and $b$ are adjusted, in the same step and by the same rule.
# * **"Gradient descent is a ball rolling downhill."** A ball has momentum. Plain descent has none: it is a walker who feels the ground, takes
#   one step, and stops wherever the ground is level. In a bowl that is the bottom; in the landscapes of deep networks it may not be.
# * **"A smaller learning rate is always safer, so always better."** Safer, yes. The walk with rate 0.02 was safe and had not arrived.
#
# ## Takeaways
#
# * A model is a rule with parameters; the loss says how wrong it is; training changes the parameters to make the loss smaller.
# * The gradient points uphill. Gradient descent steps against it, and the learning rate scales the step.
# * The sharpest curvature sets the largest rate, $2 / \lambda_\text{max}$. Mini-batches blur that edge.
# * Standardize features, with numbers from the training set only, so that one rate can serve every direction.
# * Always compare with a baseline, judge on examples kept aside, and look at the residuals.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Next lesson: *Why a network must bend*, with models that can follow the other town's curve.
# * Ian Goodfellow, Yoshua Bengio and Aaron Courville, *Deep Learning* (MIT Press, 2016), sections 4.3 and 5.1: gradient descent and
#   linear regression, with the mathematics. Free to read at deeplearningbook.org.
# * Gabriel Goh, "Why Momentum Really Works", *Distill* (2017): the edge $2/\lambda_\text{max}$ drawn so that you can drag it.
# * Stephen Stigler, *The History of Statistics* (Harvard University Press, 1986), chapter 1: how least squares was found, by Legendre and Gauss.
