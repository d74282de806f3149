# %% [markdown]
# # A straight line that learns
#
# *130 minutes: 55 to read and run, 40 for 8 exercises, 35 for the 32 questions of the quiz. Builds on: lesson 00. No calculus is needed: you will measure slopes before you see a formula.*
#
# Give a program examples but no rule, and let it find the rule by being a little less wrong each time: that is how
# networks learn, and the smallest complete case is a straight line. The loop that will later train a network with a million
# numbers is already here with two.
#
# **After this lesson you can**
#
# * say what a model, a loss and a learning rate are, with numbers you worked out yourself;
# * write gradient descent in a few lines of NumPy, and the same model in Keras;
# * find out which learning rate is too large, and what to do when training jumps about instead of settling;
# * tell from what a line leaves over whether the data bend.

# %%
from courseware import open_lesson

lesson = open_lesson("01_linear_regression")

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from courseware.batches import ShuffledBatches
from courseware.drawing import show
from courseware.lessons.linear_regression import drawings as draw
from courseware.lessons.linear_regression.models import orders_of_fit

# %% [markdown]
# Our first data are made up, and that is their strength: we know the truth and can check whether learning finds it.
# Here is the recipe. A house costs 3 times its size, plus 0.5, plus random noise (drawn by `rng.normal`).
# Sizes are in hundreds of square metres, prices in hundreds of thousands of euros.

# %%
### SOURCE courseware.data.houses

# %% [markdown]
# Now watch a line learn. It starts flat, sees only sizes and prices, and is never told the numbers 3 and 0.5.
# You are not expected to follow the loop yet. By the middle of this lesson you will have written it yourself.

# %%
size, price = houses(n=256, seed=lesson.seed)

w, b = 0.0, 0.0
path = [(w, b)]
for step in range(500):
    error = w * size + b - price
    w, b = w - 0.1 * np.mean(2 * error * size), b - 0.1 * np.mean(2 * error)
    path.append((w, b))
print(f"found: w ≈ {w:.2f}, b ≈ {b:.2f}")

# %%
show(
    draw.learning_line(size, price, path),
    "Left: a cloud of houses, rising to the right, and four lines: flat at step 0, too low "
    "after step 1, closer but too flat after step 3, and through the middle at the end. Right: "
    "how wrong the line is, over the first 50 steps. The curve drops steeply and then runs on "
    "almost level.",
)
lesson.claim("the price of one unit of size, w, is within 0.3 of the true 3", abs(w - 3) < 0.3)
lesson.claim("the price at size zero, b, is within 0.3 of the true 0.5", abs(b - 0.5) < 0.3)

# %% [markdown]
# The right-hand picture shows how wrong the line is after each step; how that is measured comes below.
#
# ## A line has two numbers
#
# A **model** is a rule that turns an input into a prediction. Ours is
#
# $$\text{prediction} = w \cdot x + b$$
#
# As in lesson 00, the input $x$ (here the size) is called a **feature**, and the number we want to predict (the price) the **label**.
# $w$ is the **weight**: how much the prediction grows when $x$ grows by one (at school, $m$).
# $b$ is the **bias**: the prediction at $x = 0$. Together, $w$ and $b$ are the model's **parameters**: the
# numbers that training is allowed to change. Choosing them is all that "learning" means here. Fitting such a rule
# to numbers is called *linear regression*.
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
# No later cell needs an exercise solved. If one resists, leave it and come back.
#
# ## The baseline: how well can you do without learning?
#
# The simplest predictor ignores the size and always answers with the average price. As in lesson 00, such an answer is
# the **baseline**. A model that cannot beat it is of no use, however impressive its code.
#
# **Before you run it, guess:** the prices spread from about 1 to about 6. If you always answered with the average,
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
# This is the number to beat.
#
# ## How wrong is a line? The loss
#
# To improve a line we must first say how wrong it is, in one number. Take any line, say $w = 2$ and $b = 1$, and look at
# the vertical distance from each house to it.

# %%
show(
    draw.errors(size[:40], price[:40], w=2, b=1),
    "Forty houses and a line that is too flat. A vertical stick joins each house to the "
    "line; the sticks are longest at the right end, where the houses lie above the line.",
)

# %% [markdown]
# Each stick is an **error**: prediction minus label. The line is too flat, so large houses lie above it. Some
# errors are positive and some negative, and if we simply added them up they would cancel: a bad line could look
# perfect. So we square each one first. A square is never negative, and squaring counts one large
# miss more than several small ones that add up to it: a miss of 2 costs 4, two misses of 1 cost 2. (The size without its sign would do,
# too. It leads to a somewhat different line, and has a corner at zero, where its slope jumps.)
#
# The **loss** is the number that says how wrong the model is; the rule that computes it is the **loss function**. Two forms of ours are in use:
#
# * the sum of the squared errors, called **RSS** (residual sum of squares; a **residual** is label minus prediction, the
#   error with its sign turned);
# * their mean, called **MSE** (mean squared error): RSS divided by the number of examples $n$.
#
# Both are smallest for the same line. The mean does not grow with the number of examples, and it is what Keras reports.
# The curve in the first figure was the MSE. Here are both for three houses, few enough to check on paper.

# %%
x_small = np.array([1.0, 2.0, 3.0])
y_small = np.array([2.0, 2.0, 5.0])

error_small = (1 * x_small + 1) - y_small  # the line w = 1, b = 1
print("errors: ", error_small)
print("squared:", error_small**2)
print("RSS =", np.sum(error_small**2), "  MSE = RSS / 3 =", round(np.mean(error_small**2), 4))

# %% [markdown]
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
# every prediction is exact. With real data that hardly ever happens: two houses of the same size
# have different prices, and no single rule can hit both. Even the true line, the one that generated our data, has a loss:

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
# Imagine standing on a hillside in thick fog, wanting to get down into the valley. You cannot see it, but you
# can feel with your feet which way the ground falls, take a step that way, and feel again. **Gradient descent**
# is this walk. The landscape is the loss: each place on the map is one choice of $w$ and $b$, and the height there
# is the loss of that line.
#
# How do you feel the slope? Nudge $w$ by a tiny amount, once to each side, and see how much the loss changes.


# %%
def loss_at(w, b):
    return np.mean((w * size + b - price) ** 2)


nudge = 0.001
slope_measured = (loss_at(1 + nudge, 0.5) - loss_at(1 - nudge, 0.5)) / (2 * nudge)
print(f"slope at w = 1 ≈ {slope_measured:.2f}")

# %%
show(
    draw.loss_over_w(size, price, b=0.5, at=1, slope=slope_measured),
    "A bowl-shaped curve: the loss as w goes from about -0.5 to 6.5, lowest near w = 3. At w = "
    "1, on the left side of the bowl, a straight line touches the curve and points down to the "
    "right.",
)
lesson.claim(
    "left of the valley the loss falls to the right: the slope is negative", slope_measured < -1
)

# %% [markdown]
# With $b$ held at 0.5 the loss is a bowl. At $w = 1$ the ground falls to the right, so its slope is negative, and
# downhill means a *larger* $w$. On the other side of the valley it would be the other way round. In both cases the rule is:
# **go against the sign of the slope**.
#
# Measuring a slope by nudging works for any loss without corners, but needs two evaluations of the loss for each parameter. With a
# million parameters that is hopeless. There are formulas that give the same slopes at once. For the mean squared error they are
#
# $$\frac{\partial L}{\partial w} = \text{mean of } 2 \cdot \text{error} \cdot x
# \qquad
# \frac{\partial L}{\partial b} = \text{mean of } 2 \cdot \text{error}$$
#
# Read $\partial L / \partial w$ as "how fast the loss $L$ changes when only $w$ changes". It is called the **derivative** of the
# loss with respect to $w$. Where does it come from? Let an error $e$ grow by a tiny $h$. Its square grows by
#
# $$(e + h)^2 - e^2 = 2 e h + h^2$$
#
# and when $h$ is tiny, $h^2$ is too small to matter: the square grows $2e$ times as fast as the error. Moving $w$ by a
# little moves each error by $x$ times as much, so each $2 \cdot \text{error}$ is multiplied by its $x$. Moving $b$ moves
# each error by just as much as $b$: no factor.

# %%
error = 1 * size + 0.5 - price
slope_w, slope_b = np.mean(2 * error * size), np.mean(2 * error)
print(f"along w: measured by nudging ≈ {slope_measured:.6f}, by the formula ≈ {slope_w:.6f}")
nudged_b = (loss_at(1, 0.5 + nudge) - loss_at(1, 0.5 - nudge)) / (2 * nudge)
print(f"along b: measured by nudging ≈ {nudged_b:.6f}, by the formula ≈ {slope_b:.6f}")

# %%
lesson.claim("both give the same slope along w", abs(slope_measured - slope_w) < 1e-6)
lesson.claim("both give the same slope along b", abs(nudged_b - slope_b) < 1e-6)

# %% [markdown]
# The two derivatives together are the **gradient**. Read them as an arrow on the map: the first says how far it goes along $w$, the
# second how far along $b$. This arrow points straight uphill, where the ground rises fastest. Check it by trying: take the same
# tiny step in each of 360 directions, and see where the loss is highest.

# %%
turn = np.linspace(0, 2 * np.pi, 360, endpoint=False)
right, up = np.cos(turn), np.sin(turn)  # 360 directions, each of length 1
around = [loss_at(1 + 0.0001 * r, 0.5 + 0.0001 * u) for r, u in zip(right, up, strict=True)]
best = np.argmax(around)  # the number of the highest
steepest = np.array([right[best], up[best]])

# %%
show(
    draw.arrow_uphill(size, price, (1, 0.5), (slope_w, slope_b), steepest),
    "A map of the loss: a long narrow valley from the top left to the bottom right, and a place "
    "beside it. From there an arrow, the gradient, points down to the left, across the lines of "
    "equal height and away from the valley. A dashed line, the steepest of the 360 directions, "
    "lies along it.",
)
lesson.claim(
    "the gradient points in the direction of steepest climb, to the degree",
    steepest @ [slope_w, slope_b] > np.cos(np.radians(1)) * np.hypot(slope_w, slope_b),
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
# The number $a$ is the **learning rate**. It scales the step. Each step is one *iteration*.
#
# Note where the *direction* comes from: from the sign of the slope. Here are two starting points, one on each side of the valley:

# %%
slopes = []
for start in (1.0, 5.0):
    error = start * size + 0.5 - price
    slope = np.mean(2 * error * size)
    slopes.append(slope)
    way = "up" if slope < 0 else "down"
    print(f"w = {start}: loss ≈ {np.mean(error**2):.1f}, slope ≈ {slope:.1f}, so w must go {way}")

# %%
lesson.claim("on the left the slope is negative, on the right positive", slopes[0] < 0 < slopes[1])

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
# landscape, seen from above like a hiking map: each line joins places of equal height, dark is low, and a cross marks the lowest place. From one line to the next the
# loss grows by the same factor. The third map shows a wider area.
#
# **Before you run it, guess:** one walk uses rate 0.02, one 0.2 and one 0.55. Which one ends lowest after 60 steps?

# %%
lesson.guess("three_rates", "rate 0.02", "rate 0.2", "rate 0.55")


# %%
def walk(x, y, rate, steps, start=(0.0, 0.0)):
    w, b = start
    path = [(w, b)]
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - rate * np.mean(2 * error * x), b - rate * np.mean(2 * error)
        path.append((w, b))
    return path


paths = {f"rate {rate}": walk(size, price, rate, steps=60) for rate in (0.02, 0.2, 0.55)}
ends = {name: loss_at(*path[-1]) for name, path in paths.items()}  # * hands over w and b one by one
for name, loss in ends.items():
    print(f"{name}: loss after 60 steps ≈ {loss:.3g}")  # 5e+17 is 5 with 17 zeros
loss_at_start = loss_at(0, 0)

# %%
show(
    draw.walks(size, price, paths),
    "Three maps of the same long narrow valley, which runs from the top left to the bottom "
    "right, with a cross at its lowest place. With rate 0.02 the path creeps down in small "
    "steps and stops on the valley's side. With rate 0.2 it reaches the valley floor and "
    "follows it towards the cross. With rate 0.55 it jumps from one side to the other; its first "
    "landings are numbered, and each lies further out than the one before on that side.",
)
lesson.claim(
    "rate 0.2 ends lower than rate 0.02", ends["rate 0.2"] < ends["rate 0.02"], guess="three_rates"
)
lesson.claim("rate 0.55 ends higher than where it began", ends["rate 0.55"] > loss_at_start)

# %% [markdown]
# Look at the maps from left to right. The small rate is safe and slow. The middle one drops to the valley floor at once and then follows
# it; after 60 steps it is close to the cross, but still on its way. The large one jumps right across the valley, to a place that is *higher* than where it came from. There the ground is
# steeper, so the next jump is longer still. It **diverges**: the loss grows without end.
#
# A ball rolling downhill gathers speed and swings through the bottom. Plain gradient descent has no speed and no memory: each step depends on the
# slope at that place alone, and where the slope is zero it stops. Here the only such place is the bottom, for the loss of a line is one single bowl.
#
# ## How large is too large?
#
# Start with one direction only. The slope along $w$ is the mean of $2 \cdot \text{error} \cdot x$, and each error grows by its $x$ when $w$ grows by 1.
# So every unit of $w$ adds the same amount to the slope, the mean of $2x^2$. At the bottom it is zero; twice as far out, it is twice as steep. So a step is always the same multiple of your distance. If the slope is
# 4 times the distance and the rate 0.1, each step is 0.4 times the distance, and 0.6 of it is left.
#
# **Before you run it, guess:** in this bowl, slope 4 times the distance, what happens at rate 0.6?

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
        distance = distance - rate * 4 * distance
    print(f"rate {rate}: a step of {rate * 4:.1f} times the distance:", seen)

# %%
lesson.claim(
    "at rate 0.6 each step overshoots and lands further away",
    seen[1] < 0 < seen[2] and np.all(np.diff(np.abs(seen)) > 0),
    guess="rate_in_bowl",
)

# %% [markdown]
# Compare the length of a step with the distance. If the step is shorter than the distance, you walk straight in; if it is just as long, you are there at once. If it is between
# once and twice as long, you overshoot and land nearer on the other side. If it is more than twice as long, you land further away, again and again.
#
# So there is an edge: a rate above which the walk diverges.
#
# **Before you run it, guess:** take one rate 2 % below the edge of our landscape and one 2 % above, and give each 500 steps. How will the two losses compare?

# %%
lesson.guess(
    "sharpness", "about alike", "the second a few times as large", "the second is above a million"
)

# %% [markdown]
# Find the edge by hand first, on 24 houses. Drag the line or its place on the map, then let it walk, and turn up the learning rate until it explodes.

# %%
lesson.explore("line")

# %% [markdown]
# Did you try a rate halfway between one that arrived and one that exploded? If it works, the edge lies above it, if not, below it: either way the gap is halved.
# This is called **bisection**. For all 256 houses a loop does it: rate 0.2 worked, rate 0.55 did not.

# %%
low, high = 0.2, 0.55  # works, does not work
for _ in range(12):
    middle = (low + high) / 2
    loss = loss_at(*walk(size, price, middle, steps=200)[-1])
    if loss < loss_at_start:
        low = middle
    else:
        high = middle
    print(f"tried ≈ {middle:.4f}, so the edge is between ≈ {low:.4f} and ≈ {high:.4f}")
edge = low

# %%
lesson.claim("twelve halvings leave a gap of less than a ten-thousandth", high - low < 1e-4)
lesson.claim("the edge lies above 0.3 and below 0.55", 0.3 < edge < 0.55)

# %% [markdown]
# The loop found the edge more finely than you could by hand. How sharp is it?

# %%
below = loss_at(*walk(size, price, 0.98 * edge, steps=500)[-1])
above = loss_at(*walk(size, price, 1.02 * edge, steps=500)[-1])
print(f"2 % below the edge: loss ≈ {below:.4f}; that of the true line ≈ {loss_of_truth:.4f}")
print(f"2 % above the edge: loss ≈ {above:.0e}")

# %%
lesson.claim(
    "just below the edge the loss is at most 5 % above the true line's",
    below < 1.05 * loss_of_truth,
)
lesson.claim("just above the edge the loss is over a million", above > 1e6, guess="sharpness")

# %% [markdown]
# Compare the two losses: the rates are only four per cent apart, about the gap that you reached by hand. If a loss
# grows and grows, try a smaller rate.
#
# ### Exercise: largest_rate
#
# Find the edge for any town: given the sizes `x` and the prices `y`, return the largest learning rate at which a walk
# from (0, 0) still ends lower than it began, to within 1 %. It always lies between 0 and 1, but it can be tiny: with sizes in
# square metres it is about 0.00008. You may use `walk` and copy from the bisection above; then begin with `low, high = 0, 1`, halve more
# often, and compute both losses from `x` and `y`: `loss_at` and `loss_at_start` know only our own houses. Any other way is just as welcome.
# (If NumPy warns of an overflow, the loss has grown too large for a number. Here that only means that the rate does not work.)


# %%
def largest_rate(x, y):
    """Return the learning rate above which gradient descent on w and b diverges, to within 1 %."""
    ### BEGIN SOLUTION
    low, high = 0.0, 1.0
    for _ in range(25):
        middle = (low + high) / 2
        w, b = walk(x, y, middle, steps=200)[-1]
        if np.mean((w * x + b - y) ** 2) < np.mean(y**2):  # at (0, 0) each error is -y
            low = middle
        else:
            high = middle
    return low
    ### END SOLUTION


# %%
lesson.check("largest_rate", largest_rate)
# lesson.hint("largest_rate")

# %% [markdown]
# ## For the curious; nothing later needs it: the edge from a formula
#
# The edge can be computed without running anything. Write $c$ for the number that was 4 above: the slope is $c$ times the distance $d$. This
# $c$ is the **curvature**, how sharply the bowl bends. One step takes you from $d$ to $d - a\,c\,d = (1 - a\,c)\,d$. The distance shrinks as long as $1 - a\,c$ lies
# between -1 and 1, so the edge is at $a = 2 / c$.
#
# With two parameters the bowl bends differently in different directions. All its bending is in a small matrix of second derivatives (slopes of slopes), the **Hessian**:
#
# $$H = \begin{pmatrix} \text{mean of } 2x^2 & \text{mean of } 2x \\ \text{mean of } 2x & 2 \end{pmatrix}$$
#
# Its entries say how much each slope grows when a parameter grows by 1; the first is the mean of $2x^2$ from above. The valley runs diagonally across the map, so its own directions, those of the sharpest and the flattest bend, are not those of $w$ and $b$. NumPy finds
# the curvatures along them; they are the **eigenvalues** of the matrix. The most sharply curved direction breaks first: with $\lambda_\text{max}$ for the largest eigenvalue, the edge is at
# $2 / \lambda_\text{max}$. The ratio of the largest to the smallest is the **condition number**: how narrow the valley is.

# %%
hessian = np.array([[np.mean(2 * size**2), np.mean(2 * size)], [np.mean(2 * size), 2.0]])
curvatures = np.linalg.eigvalsh(hessian)  # from smallest to largest
print(f"curvatures ≈ {curvatures[0]:.3f} and ≈ {curvatures[1]:.3f}")
print(f"condition number ≈ {curvatures[1] / curvatures[0]:.1f}")
print(f"edge by the formula ≈ {2 / curvatures[1]:.4f}, by trial ≈ {edge:.4f}")

# %%
lesson.claim(
    "formula and trial agree on the edge to a thousandth", abs(edge * curvatures[1] / 2 - 1) < 1e-3
)
lesson.claim(
    "the valley is at least twenty times as sharply curved across as along",
    curvatures[1] > 20 * curvatures[0],
)

# %% [markdown]
# The formula needs the sizes only: which rate is too large does not depend on the prices at all.
#
# ## The same line in Keras
#
# **Keras** is a library for building and training networks. Networks are made of **layers**, and our line is the smallest
# network there is: one layer, of the kind called *dense*, with a single output. It computes $w \cdot x + b$. `SGD` is its name for gradient descent (stochastic gradient descent; "stochastic",
# by chance, for a reason that the next section shows).

# %%
### SOURCE courseware.lessons.linear_regression.models.build_linear_model

# %% [markdown]
# We start it at $w = 0$, $b = 0$ like our own walk, and let it look at all 256 houses in each step (`batch_size=256`). An
# epoch, one pass over all examples, is then a single step. After 100 steps the two must agree.

# %%
model = build_linear_model(n_features=1, learning_rate=0.2)
model.set_weights([np.zeros((1, 1)), np.zeros(1)])
model.fit(size[:, None], price, batch_size=256, epochs=100, verbose=0)

keras_w, keras_b = [parameter.item() for parameter in model.get_weights()]
our_w, our_b = walk(size, price, 0.2, steps=100)[-1]
print(f"Keras: w ≈ {keras_w:.4f}, b ≈ {keras_b:.4f}\nNumPy: w ≈ {our_w:.4f}, b ≈ {our_b:.4f}")

# %%
lesson.claim(
    "after 100 steps Keras and our own loop have the same weight", abs(keras_w - our_w) < 1e-3
)
lesson.claim("and the same bias", abs(keras_b - our_b) < 1e-3)

# %% [markdown]
# The same steps give the same numbers. (`size[:, None]` turns the 256 sizes into a matrix of 256 rows and one column:
# Keras wants one row per example.) Keras stores numbers with about seven digits, NumPy with sixteen, so the last
# digits differ.
#
# ### Exercise: repair
#
# This model should learn the house prices, but it never does. Three things are wrong with it. Find them, and return a
# compiled model that learns. The check trains it for 100 steps on 100 houses, all of them in each step; the loss must then be less than 1.5 times
# that of the best possible line. (`activation="sigmoid"` squeezes the output to between 0 and 1; you will meet it in the
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
# *This is a good place for a break.*
#
# ## A few houses at a time: mini-batches
#
# With a million examples, looking at all of them before each step costs too much. Unless told otherwise, Keras shuffles
# the examples and takes 32 at a time, a **mini-batch**. Each step follows the slope of 32 houses rather than of all: much cheaper, and a little off
# in a random direction. Our 256 houses make 8 mini-batches, so an epoch is 8 steps, and each epoch has a new order. Here is this walk by hand. It gets
# one learning rate for each step, all alike for now.


# %%
def walk_in_batches(x, y, rates, batch_size, seed=lesson.seed):
    """Take one step for each rate, each on the next mini-batch; return the path."""
    rng = np.random.default_rng(seed)
    w, b, path, waiting = 0.0, 0.0, [(0.0, 0.0)], []
    for rate in rates:
        if len(waiting) < batch_size:
            waiting = rng.permutation(len(x))  # a new epoch: all houses, in a new order
        batch, waiting = waiting[:batch_size], waiting[batch_size:]
        error = w * x[batch] + b - y[batch]
        w, b = w - rate * np.mean(2 * error * x[batch]), b - rate * np.mean(2 * error)
        path.append((w, b))
    return path


constant = np.full(200, 0.9 * edge)  # the same rate 200 times
last_steps = {
    f"{n} houses a step": walk_in_batches(size, price, constant, n)[140:] for n in (256, 32)
}

# %%
show(
    draw.around_the_bottom(size, price, last_steps),
    "Two maps of the surroundings of the lowest place, each with the last 60 of 200 steps at "
    "90 per cent of the edge. With all houses in each step they lie on the cross, a single dot. "
    "With 32 houses a step they jump to and fro across the valley around the cross.",
)

# %% [markdown]
# Both walks have long arrived. The left one rests on the cross. The right one **rattles**: each mini-batch has a valley of its own, a little
# beside the common one, and each step jumps across that one. (Watch it on the landscape above, with 6 houses a step or 1.) Next we average the loss on all houses over the second half of such a walk.
#
# **Before you run it, guess:** with 32 houses a step, and a rate at 90 % of the edge, where is the loss on average?

# %%
lesson.guess(
    "mini_batches",
    "less than 1 % above the smallest",
    "5 % to 100 % above it",
    "more than twice as large",
)


# %%
def settled_loss(path):
    """Return the mean loss on all houses over the second half of a path."""
    return np.mean([loss_at(w, b) for w, b in path[len(path) // 2 :]])


smallest = loss_at(*walk(size, price, 0.9 * edge, steps=2000)[-1])
fractions = np.array([0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.995, 1.005, 1.02])
reached = {}
for batch_size in (256, 32, 8):
    walks = [walk_in_batches(size, price, np.full(960, f * edge), batch_size) for f in fractions]
    reached[batch_size] = np.array([settled_loss(path) for path in walks]) / smallest
full_at_98 = reached[256][fractions == 0.98].item()
mini_at_90 = reached[32][fractions == 0.9].item()
tiny_at_50 = reached[8][fractions == 0.5].item()
print(f"loss at 90 % of the edge, 32 houses a step: ≈ {mini_at_90:.2f} times the smallest")

# %%
show(
    draw.edge(fractions, {f"{n} houses a step": losses for n, losses in reached.items()}),
    "Loss reached against learning rate. With all 256 houses in each step the curve lies flat on "
    "the smallest loss and then rises like a wall at the edge. With 32 houses it "
    "leaves the floor before the edge, with 8 much earlier.",
)
lesson.claim(
    "with all houses in each step, 98 % of the edge still reaches the smallest loss",
    full_at_98 < 1.01,
)
lesson.claim(
    "with mini-batches of 32, 90 % of the edge stays 5 % to 100 % above it",
    1.05 < mini_at_90 < 2,
    guess="mini_batches",
)
lesson.claim(
    "with mini-batches of 8, half of the edge stays more than 5 % above it", tiny_at_50 > 1.05
)

# %% [markdown]
# Follow each curve from left to right. With all examples in each step the edge is a wall. With mini-batches the loss leaves the floor earlier, and the smaller the batch, the
# earlier. The edge is blurred, and in practice you stay well below it.
#
# ### A learning rate that changes
#
# In the landscape above, can you bring a walk with 6 houses a step to rest? Start with a large rate, and turn it down while it walks.
# The learning rate need not stay the same. A plan by which it changes is called a **learning-rate schedule**. A common one
# follows half a wave of the cosine, from a large rate down to zero.
#
# We compare four plans of 240 steps on mini-batches of 32: three constant ones, 90 %, 30 % and 5 % of the edge, and a cosine schedule from
# 90 % to zero. The loss is averaged over the last 40 steps of ten walks.
#
# **Before you run it, guess:** where will the schedule end?

# %%
lesson.guess(
    "schedule",
    "it rattles like the constant 90 %",
    "within 1 % of the smallest loss",
    "it stops too early, as high as the constant 5 %",
)

# %%
progress = np.arange(240) / 240  # from 0 at the beginning to almost 1 at the end
plans = {f"constant {percent} %": np.full(240, percent / 100 * edge) for percent in (90, 30, 5)}
plans["schedule"] = 0.9 * edge * (1 + np.cos(np.pi * progress)) / 2
excess = {}  # for each plan, by how many per cent each of ten walks exceeds the smallest loss
for name, rates in plans.items():
    walks = [walk_in_batches(size, price, rates, 32, seed=lesson.seed + k) for k in range(10)]
    losses = np.array([[loss_at(w, b) for w, b in path] for path in walks])
    excess[name] = 100 * (losses / smallest - 1)
ended = {name: each[:, -40:].mean() for name, each in excess.items()}
for name, above in ended.items():
    print(f"{name}: ≈ {above:.2f} % above the smallest loss")

# %%
show(
    draw.schedules(edge, plans, {name: each[0] for name, each in excess.items()}),
    "Left: the four plans. Three are level lines; the fourth starts at the highest and "
    "sinks in a smooth curve to zero. Right: the loss along one walk of each. The highest constant "
    "rate falls at once and then jumps up and down, the middle one does so further below. The "
    "lowest rate sinks slowly. The schedule jumps less and less and ends far below all others.",
)
lesson.claim("the constant 90 % stays more than 5 % above the smallest", ended["constant 90 %"] > 5)
lesson.claim("the constant 5 % is more than 20 % above it", ended["constant 5 %"] > 20)
lesson.claim(
    "the schedule ends within 1 % of the smallest loss", ended["schedule"] < 1, guess="schedule"
)
lesson.claim(
    "and at least ten times nearer than the constant 30 %",
    ended["schedule"] < ended["constant 30 %"] / 10,
)

# %% [markdown]
# Follow the thick line on the right; each mark on the axis is ten times the one below. Early on the schedule is as fast as the large rate, and just
# as restless. As the rate shrinks, so do the jumps. A well-chosen medium rate does well, too. The schedule spares you
# the search for it, and comes to rest.
#
# ### The same in Keras
#
# Does Keras rattle in the same way, and does its own schedule help? One thing to know first. A lesson fixes the random draws with
# `keras.utils.set_random_seed`, so that everyone sees the same numbers. After that, `model.fit(x, y)` on TensorFlow, the library that computes for
# Keras here, shuffles once and repeats this order in every epoch: the same houses share a mini-batch again and again.
# `ShuffledBatches` comes with this course and draws a new order for every epoch; lessons use it wherever mini-batches matter.

# %%
by_fit = orders_of_fit(epochs=3, seed=lesson.seed)  # ten examples, 0 to 9
by_us = orders_of_fit(epochs=3, seed=lesson.seed, batches=ShuffledBatches)
print("order of the examples with model.fit(x, y):", *by_fit, sep="\n  ")
print("with model.fit(ShuffledBatches(x, y)):", *by_us, sep="\n  ")

# %%
lesson.claim(
    "seeded, TensorFlow's fit repeats the first epoch's order",
    by_fit[0] == by_fit[1] == by_fit[2] or keras.backend.backend() != "tensorflow",
)
lesson.claim(
    "with ShuffledBatches the three epochs have three different orders",
    by_us[0] != by_us[1] and by_us[1] != by_us[2] and by_us[0] != by_us[2],
)

# %% [markdown]
# The function `measure` below is a **callback**: code that Keras runs at set moments of training. It measures the loss on all houses after
# each step. `CosineDecay` is Keras's name for our schedule.


# %%
def keras_losses(rate, batch_size, epochs):
    """Train a line on shuffled batches; return its loss on all houses after each step."""
    keras.utils.set_random_seed(lesson.seed)
    model, losses = build_linear_model(n_features=1, learning_rate=rate), []

    def measure(batch, logs):  # Keras hands over two things that we do not need
        w, b = watch.model.get_weights()  # of the model that is being trained
        losses.append(loss_at(w.item(), b.item()))  # .item() takes the number out of its array

    watch = keras.callbacks.LambdaCallback(on_train_batch_end=measure)
    batches = ShuffledBatches(size[:, None], price, batch_size=batch_size, seed=lesson.seed)
    model.fit(batches, epochs=epochs, callbacks=[watch], verbose=0)
    return np.array(losses) / smallest


schedule = keras.optimizers.schedules.CosineDecay(0.9 * edge, decay_steps=240)
keras_full = keras_losses(0.9 * edge, batch_size=256, epochs=150)[-1]
keras_mini = keras_losses(0.9 * edge, batch_size=32, epochs=120)[480:].mean()
keras_scheduled = keras_losses(schedule, batch_size=32, epochs=30)[-1]
print("Keras, loss in multiples of the smallest, at 90 % of the edge:")
print(f"all houses ≈ {keras_full:.3f}, 32 at a time ≈ {keras_mini:.2f}")
print(f"32 at a time with its schedule ≈ {keras_scheduled:.4f}")

# %%
lesson.claim("Keras reaches the smallest loss below the edge, with all houses", keras_full < 1.01)
lesson.claim("with mini-batches of 32 it stays more than 5 % above the smallest", keras_mini > 1.05)
lesson.claim("with its schedule it ends within 1 % of the smallest", keras_scheduled < 1.01)

# %% [markdown]
# ## Straight to the bottom: least squares
#
# Looking for the smallest sum of squares is called **least squares**, a method more than two hundred years old. For a line we need
# not walk there. A bowl has exactly one lowest place, the slopes are zero there, and "both slopes are
# zero" is two equations for two unknowns, which can be solved at once. `np.linalg.lstsq` returns the result. It is our *oracle*: an independent answer to check the walk against.

# %%
inputs = np.column_stack([size, np.ones_like(size)])  # one column for w, a column of ones for b
best_w, best_b = np.linalg.lstsq(inputs, price)[0]  # the first of its results
walked_w, walked_b = walk(size, price, 0.2, steps=1000)[-1]
print(f"least squares: w ≈ {best_w:.5f}, b ≈ {best_b:.5f}")
print(f"1000 steps:    w ≈ {walked_w:.5f}, b ≈ {walked_b:.5f}")

best_error = best_w * size + best_b - price
slopes = np.array([np.mean(2 * best_error * size), np.mean(2 * best_error)])

# %%
lesson.claim(
    "walking and solving arrive at the same line",
    abs(walked_w - best_w) < 1e-4 and abs(walked_b - best_b) < 1e-4,
)
lesson.claim("both slopes are zero there", np.all(np.abs(slopes) < 1e-9))

# %% [markdown]
# No line has a smaller loss on these houses, the true line included.
#
# If solving is so easy, why walk? Solving needs a prediction in which each parameter is only multiplied by a number from the data, and the
# products are added up. That holds for a line, for many features, and even for a curve such as
# $w_1 x + w_2 x^2 + b$. But most parameters of a network sit inside bends, as the next lesson shows. Then the
# equations "all slopes are zero" still exist, but they have many solutions, and in general no formula gives them. And where there is one, its work grows
# roughly with the cube of the number of parameters. Walking downhill remains possible.
#
# ## Many features
#
# Now real data. For 442 people with diabetes, ten measurements were taken (age, sex, body mass index, blood pressure and six blood values),
# and a year later a score, from 25 to 346, of how far the disease had progressed. Each feature gets its own weight:
#
# $$\text{prediction} = w_1 x_1 + w_2 x_2 + \dots + w_{10} x_{10} + b$$
#
# The slope along each weight $w_j$ is, as before, the mean of $2 \cdot \text{error} \cdot x_j$.
#
# Here no true line is known. So, as in lesson 00, a quarter of the people are held out before anything else is done: the
# **test set**, labelled examples that training never sees. The model is fitted on the rest, the
# **training set**, and the test set then tells how well it does on people it does not know.

# %%
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split

data = load_diabetes(scaled=False)
x_train, x_test, y_train, y_test = train_test_split(
    data.data, data.target, test_size=0.25, random_state=lesson.seed
)
print("training set:", x_train.shape, " test set:", x_test.shape)
for name, column in zip(data.feature_names, x_train.T, strict=True):
    print(f"{name:>4}: from {column.min():.1f} to {column.max():.1f}")

# %% [markdown]
# (`bmi` is the body mass index, weight divided by height squared; `bp` the blood pressure; `s1` to `s6` the blood values; sex is coded as 1 and 2.)
#
# Look at data before you fit them, here at the score against two of the features. How closely two quantities follow
# a line is their **correlation**: 1 if all points lie on a rising line, -1 on a falling one, near 0 if neither fits.
#
# **Before you run it, guess:** which of the two follows the score more closely, the age or the body mass index?

# %%
lesson.guess("which_feature", "the age", "the body mass index", "both alike")

# %%
of_age = np.corrcoef(x_train[:, 0], y_train)[0, 1]  # from a matrix: the first with the second
of_bmi = np.corrcoef(x_train[:, 2], y_train)[0, 1]
of_blood = np.corrcoef(x_train[:, 4], x_train[:, 5])[0, 1]
print(f"correlation with the score: age ≈ {of_age:.2f}, body mass index ≈ {of_bmi:.2f}")
print(f"correlation of two blood values, s1 and s2, with each other ≈ {of_blood:.2f}")

# %%
show(
    draw.features(
        {
            "age (years)": (x_train[:, 0], y_train, "progression score"),
            "body mass index": (x_train[:, 2], y_train, "progression score"),
            "blood value s1": (x_train[:, 4], x_train[:, 5], "blood value s2"),
        }
    ),
    "Three clouds of points. Score against age: no shape to speak of. Score against body mass "
    "index: a broad cloud that rises to the right. Value s2 against s1: a narrow rising band.",
)
lesson.claim(
    "the body mass index follows the score more closely than the age",
    of_bmi > of_age + 0.1,
    guess="which_feature",
)
lesson.claim("s1 and s2 rise and fall almost together: correlation above 0.8", of_blood > 0.8)

# %% [markdown]
# Look at the width of the clouds: neither feature alone tells the score. The narrow
# band on the right will matter below. Note also the scales: some blood values reach hundreds, sex only 2.
#
# ## Scale before you descend
#
# Look at the houses first, with sizes in plain square metres: 40 to 160 instead of 0.4 to 1.6. The data are the same, but the landscape is not.
#
# To **standardize** a feature, subtract its mean and divide by its **standard deviation** (its typical distance from the
# mean). Afterwards it has mean 0 and standard deviation 1, whatever its unit was.

# %%
square_metres = 100 * size
standard_size = (size - size.mean()) / size.std()

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.8))
draw.surface(square_metres, price, left, "In square metres", (-3, 3, -2.5, 3.5), lines=False)
draw.surface(standard_size, price, right, "Standardized", (-2, 4, 0.6, 6.6), lines=False)
show(
    figure,
    "Two maps of the loss, drawn to the same scale. In square metres the places of equal height "
    "are so stretched that they look like vertical stripes beside one thin dark line. For "
    "standardized sizes they are circles around one low point.",
)
w, b = np.polyfit(standard_size, price, 1)  # the lowest place; now step aside from it
error = (w + 0.6) * standard_size + (b + 0.8) - price
slopes = np.array([np.mean(2 * error * standard_size), np.mean(2 * error)])
lesson.claim(
    "standardized, the slopes are twice the distances along w and b",
    np.allclose(slopes, [2 * 0.6, 2 * 0.8]),
)

# %% [markdown]
# On the left the valley is so narrow that its floor looks like a line: strongly curved across, hardly at all along. The curved direction
# forbids large steps, the flat one needs them, and one learning rate must serve both.
#
# On the right, standardized, the bowl is round: the slope is 2 times the distance
# in every direction, and downhill points straight at the bottom.
#
# We let each walk go for 50 steps at 90 % of its own edge, found by bisection. The walk here
# is ready for many features: `x @ w` multiplies each row of the matrix `x` with the weights and adds up, for all examples at once.


# %%
def walk_many(x, y, rate, steps):
    """Walk with many features, x of shape (n, features); return weights, bias and the last loss."""
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        error = x @ w + b - y
        slopes = 2 * error @ x / len(y)  # for each feature the mean of 2 * error * x
        w, b = w - rate * slopes, b - rate * np.mean(2 * error)
    return w, b, np.mean((x @ w + b - y) ** 2)


def find_edge(x, y):
    """Return the largest rate, between 0 and 1, at which 100 steps end lower than they began."""
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        with np.errstate(over="ignore", invalid="ignore"):  # no warning where the loss explodes
            works = walk_many(x, y, middle, steps=100)[-1] < np.mean(y**2)
        low, high = (middle, high) if works else (low, middle)
    return low


units = {"square metres": square_metres, "hundreds of them": size, "standardized": standard_size}
after_50 = {}
for name, x in units.items():
    x = x[:, None]  # one column
    rate = 0.9 * find_edge(x, price)
    w, b, loss = after_50[name] = walk_many(x, price, rate, steps=50)
    times = loss / loss_at(best_w, best_b)
    print(f"{name}: rate ≈ {rate:.6f}, loss ≈ {times:.4f} times the smallest")
print(f"in square metres b is now ≈ {after_50['square metres'][1]:.3f}; the best is ≈ {best_b:.3f}")

# %%
lesson.claim(
    "in square metres, 50 steps do not even take b half of the way",
    after_50["square metres"][1] < best_b / 2,
)
lesson.claim(
    "standardized, they end within 0.1 % of the smallest loss",
    after_50["standardized"][2] < 1.001 * loss_at(best_w, best_b),
)

# %% [markdown]
# In square metres $b$ has hardly left zero: in its direction the ground is nearly flat.
#
# Now the ten measurements. The mean and the standard deviation are computed **from the training set only** and then used for both sets.
# If the people in the test set helped to set the scale, they would no longer be unknown: information would leak from the test into the training.
#
# **Before you run it, guess:** each walk again uses 90 % of its own edge. After 100 steps, how far above the least-squares
# loss will the unscaled walk be?

# %%
lesson.guess("unscaled", "about 1 %", "about 10 %", "about 50 %")

# %%
mean, spread = x_train.mean(axis=0), x_train.std(axis=0)  # axis=0: one for each column
z_train = (x_train - mean) / spread
z_test = (x_test - mean) / spread

with_ones = np.column_stack([z_train, np.ones(len(z_train))])
oracle = np.linalg.lstsq(with_ones, y_train)[0]
best = np.mean((with_ones @ oracle - y_train) ** 2)

curves = {}
variants = {
    "as measured": x_train,
    "only divided": x_train / spread,
    "only centred": x_train - mean,
    "standardized": z_train,
}
for name, x in variants.items():
    rate = 0.9 * find_edge(x, y_train)
    curves[name] = [walk_many(x, y_train, rate, steps)[-1] / best for steps in range(101)]
    print(f"{name}: after 100 steps ≈ {curves[name][-1]:.3f} times the smallest loss")

# %%
show(
    draw.four_walks(curves),
    "Four falling curves over 100 steps. The standardized one reaches the least-squares loss "
    "within about twenty steps. As measured and only divided, they fall fast at first, then creep, "
    "and are still above it at the end. Only centred, it stays far above them all.",
)
lesson.claim("standardized, 100 steps come within 3 % of it", curves["standardized"][-1] < 1.03)
lesson.claim(
    "unscaled, 100 steps stay more than 30 % above it",
    curves["as measured"][-1] > 1.3,
    guess="unscaled",
)
lesson.claim(
    "with one half of the recipe, 100 steps stay more than 10 % above it",
    min(curves["only divided"][-1], curves["only centred"][-1]) > 1.1,
)

# %% [markdown]
# Both halves of the recipe are needed. Now Keras, with the same builder and ten features.

# %%
keras.utils.set_random_seed(lesson.seed)
model = build_linear_model(n_features=10, learning_rate=0.1)
model.fit(z_train, y_train, batch_size=len(z_train), epochs=100, verbose=0)

test_keras = model.evaluate(z_test, y_test, verbose=0)
test_oracle = np.mean((z_test @ oracle[:10] + oracle[10] - y_test) ** 2)
test_baseline = np.mean((y_train.mean() - y_test) ** 2)
print(f"test loss of the baseline ≈ {test_baseline:.0f}")
print(f"of Keras ≈ {test_keras:.0f}, of least squares ≈ {test_oracle:.0f}")
s1, s2 = model.get_weights()[0][4:6, 0]
print(f"weights of s1 and s2: Keras ≈ {s1:.1f} and ≈ {s2:.1f}")
print(f"least squares ≈ {oracle[4]:.1f} and ≈ {oracle[5]:.1f}")

# %%
lesson.claim(
    "Keras and least squares agree within 10 % on the test people",
    abs(test_keras / test_oracle - 1) < 0.1,
)
lesson.claim(
    "each has less than four fifths of the baseline's test loss",
    max(test_keras, test_oracle) < 0.8 * test_baseline,
)
lesson.claim("s1 has got less than half of its least-squares weight", abs(s1 / oracle[4]) < 0.5)

# %% [markdown]
# On people that it never saw, the model removes a good part of the baseline's loss, and far from all of it.
#
# Yet compare the weights of `s1` and `s2`. These two rise and fall almost
# together, so weight can be shifted from one to another with little change in the predictions: in that direction even the standardized
# bowl is nearly flat, and the walk is slow. Do not read a single weight as the importance of its feature.
#
# ### Exercise: standardize
#
# Write the preparation as a function. It gets two arrays of shape (people, features) and returns both standardized, with
# the mean and the standard deviation of the *training* array, one for each column. (NumPy's `std` divides by $n$, that of pandas by $n - 1$;
# both are fine here.)


# %%
def standardize(train, test):
    """Return train and test, both scaled by the mean and standard deviation of train."""
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
# (In the round bowl the slope is 2 times the distance. With which rate is a step just as long as the distance?)


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
# How do you know whether a line is the right model at all? Look at what it leaves over, the residuals: label minus prediction. If the line has caught all that this
# feature can tell, they lie around zero in a band without shape.
#
# Here are two more towns of 1000 houses each. In one, price still follows a straight line, with somewhat more noise than before. In the other it grows with the
# *square* of the size.

# %%
rng = np.random.default_rng(lesson.seed)
sizes = rng.uniform(0.4, 1.6, 1000)
towns = {
    "A": 3 * sizes + 0.5 + rng.normal(0, 0.37, 1000),
    "B": 2 * sizes**2 + 0.5 + rng.normal(0, 0.3, 1000),
}
predictions, residuals = {}, {}
for town, prices in towns.items():
    w, b = np.polyfit(sizes, prices, 1)  # least squares for a line, in one call
    predictions[town] = w * sizes + b
    residuals[town] = prices - predictions[town]
loss_a, loss_b = (np.mean(residuals[town] ** 2) for town in towns)
print(f"loss of the best line: in town A ≈ {loss_a:.3f}, in town B ≈ {loss_b:.3f}")
lesson.claim("the two losses differ by less than a third", abs(loss_a / loss_b - 1) < 1 / 3)

# %% [markdown]
# The loss cannot tell which town is the bent one.
#
# **Before you run it, guess:** what will the residuals of the bent town look like?

# %%
lesson.guess("bent_town", "a U", "a shapeless band", "a rising line")

# %%
show(
    draw.residuals({f"Town {town}": (predictions[town], residuals[town]) for town in towns}),
    "Left: residuals of town A, a shapeless band around zero. Right: residuals of town B, a band "
    "that bends like a U: mostly above zero at both ends and below it in the middle.",
)
middle = (0.8 < sizes) & (sizes < 1.2)
in_middle = {town: residuals[town][middle].mean() for town in towns}
at_ends = {town: residuals[town][~middle].mean() for town in towns}
lesson.claim(
    "in town A, middle and ends have about the same mean residual",
    abs(in_middle["A"] - at_ends["A"]) < 0.15,
)
lesson.claim(
    "in town B the line is too high in the middle and too low at the ends",
    in_middle["B"] < -0.1 and at_ends["B"] > 0.04,
    guess="bent_town",
)

# %% [markdown]
# Small houses, with small predictions, are on the left. Compare the ends of each band with its middle: where they differ, the line is missing something about the size. (No such shape is no proof
# that nothing is missing; a feature that you do not have may leave none.) In town B the line overestimates houses of middle size and underestimates both
# small and large ones, and no choice of $w$ and $b$ can change that. The cure is a model that can bend, and that is the next lesson.
#
# ## What people get wrong
#
# * **"If the loss is positive, decrease the weight; if it is negative, increase it."** A squared loss is never negative. The sign of
#   the step comes from the slope.
# * **"The learning rate is one iteration."** An iteration is one step. The learning rate is the number that scales it.
# * **"Training drives the loss to zero."** It drives it towards the smallest value that the model can reach. For a line through many noisy houses that is not
#   zero.
# * **"Training adjusts only $w$."** Both $w$ and $b$ are adjusted, in the same step and by the same rule.
# * **"A smaller learning rate is always safer, so always better."** Safer, yes. The walk with rate 0.02 was safe and had not arrived.
#
# ## Takeaways
#
# * A model is a rule with parameters; the loss says how wrong it is; training changes the parameters to make the loss smaller.
# * The gradient points uphill. Gradient descent steps against it, and the learning rate scales the step.
# * Above a sharp edge of the learning rate the walk diverges; you can find it by trial.
# * Mini-batches make steps cheap and let the walk rattle. A learning-rate schedule lets it come to rest.
# * Standardize features, with numbers from the training set only: the bowl becomes much rounder, quite round for a single feature.
#   Features that move together still leave flat directions.
# * Always compare with a baseline, judge on held-out examples, and look whether the residuals bend.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Next lesson: *Why a network must bend*, with models that can follow town B's curve.
# * The pages of [Dense](https://keras.io/api/layers/core_layers/dense/) and of [learning-rate schedules](https://keras.io/api/optimizers/learning_rate_schedules/)
#   in Keras's own documentation.
# * Ian Goodfellow, Yoshua Bengio and Aaron Courville, *Deep Learning* (MIT Press, 2016), sections 4.3 and 5.1: gradient descent and
#   linear regression, with the mathematics. Free to read at deeplearningbook.org.
# * Gabriel Goh, "Why Momentum Really Works", *Distill* (2017): the edge of the learning rate, drawn so that you can drag it.
# * Stephen Stigler, *The History of Statistics* (Harvard University Press, 1986), chapters 1 and 4: how Legendre and Gauss found least squares.
