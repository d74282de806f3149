# %% [markdown]
# # Networks that remember
#
# *90 minutes: 35 to read and run, 35 for 7 exercises, 20 for the 20 questions of the quiz. Builds on: feedforward networks (lesson 03) and the activation tanh (lesson 02).*
#
# Read this sentence word by word and you will notice that you carry something along: what came before. The networks so
# far carry nothing. They get all their inputs at once, give an answer, and start from nothing at the next example. For a
# sentence, a melody or a series of measurements that is the wrong shape: what matters is what came before what.
# This lesson builds a network with a memory, and then measures how long that memory is.
#
# **After this lesson you can**
#
# * write a recurrent network in four lines of NumPy, and show that Keras computes the same;
# * turn a series into training examples without letting the future leak into the past;
# * say honestly whether a forecast is any good, by holding it against three baselines;
# * measure how far back a network remembers, and say why it forgets.

# %%
from courseware import open_lesson

lesson = open_lesson("05_rnn")

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from statsmodels.tsa.ar_model import AutoReg

from courseware.data import co2, sunspots
from courseware.lessons.rnn import drawings as draw
from courseware.drawing import show

# %% [markdown]
# Astronomers have counted dark spots on the Sun for centuries. Here are the yearly means since 1700.

# %%
years, counts = sunspots()
show(
    draw.series(years, counts, 1916, "Sunspots, yearly mean since 1700", "sunspots"),
    "A jagged curve that rises and falls about every eleven years, with peaks of very different "
    "height. The last third of it, from 1916 on, is drawn in another colour: the test part.",
)
print("years:", len(years))

# %% [markdown]
# The number rises and falls about every eleven years, but no two peaks are alike. The question of this lesson: knowing all
# years up to now, **how many spots will there be next year?**
#
# ## Order carries meaning
#
# Numbers that come in an order, with a meaning in the order, are a **sequence**: a series of measurements, the words of a
# text, the notes of a tune. When the order is time, it is called a **time series**. Shuffle the years of the
# sunspots, and the same numbers are all still there, but the rise and fall is gone.
#
# To learn from a series we cut it into examples. Each example is a **window**: some consecutive values as the
# input, and the value that follows as the label.

# %%
small = np.array([10, 20, 30, 40, 50, 60])
for start in range(3):
    print("input:", small[start : start + 3], " label:", small[start + 3])

# %% [markdown]
# ### Exercise: windows
#
# Write that as a function. For a series of $n$ values and windows of `length`, there are $n - \text{length}$ examples. Return two
# arrays: the inputs of shape (examples, length) and the labels of shape (examples,).


# %%
def windows(series, length):
    """Return all windows of `length` values, and the value that follows each."""
    ### BEGIN SOLUTION
    inputs = np.array([series[i : i + length] for i in range(len(series) - length)])
    return inputs, series[length:]
    ### END SOLUTION


# %%
lesson.check("windows", windows)
# Stuck? Remove the # from the next line and run the cell. Each run gives one more hint, of three.
# lesson.hint("windows")

# %% [markdown]
# Our own version below uses a NumPy tool that does the same without a loop. Each window holds 24 years, a little over two cycles.
#
# Where do we cut between training and test? **By time**: the past for training, the future for testing. A random
# cut would put the year 1900 into the training set and 1899 into the test set, and neighbouring windows overlap in all but one
# value. The network would be tested on what it has already seen. It could look excellent and be useless for next year.
# For the same reason the mean and the standard deviation for scaling come from the training part alone.

# %%
LENGTH = 24
first_test = (
    216  # the year 1916 is the first label of the test set; all labels before it are for training
)


def make_windows(series, length=LENGTH):
    cut = np.lib.stride_tricks.sliding_window_view(series, length + 1)
    return cut[:, :-1, None], cut[:, -1]  # (examples, length, 1) and (examples,)


mean, spread = counts[:first_test].mean(), counts[:first_test].std()
scaled = (counts - mean) / spread
x, y = make_windows(scaled)
is_train = np.arange(LENGTH, len(scaled)) < first_test
x_train, y_train, x_test, y_test = x[is_train], y[is_train], x[~is_train], y[~is_train]
print("training windows:", x_train.shape, " test windows:", x_test.shape)

# %% [markdown]
# The last number in the shape is the number of features at each time step, here one. A weather station that measures three things
# would have a 3 there.
#
# ### Exercise: split_by_time
#
# Write the cut as a function: the examples are in the order of time; return the first `n_train` inputs and labels for training
# and the rest for testing, as four arrays.


# %%
def split_by_time(inputs, labels, n_train):
    """Return inputs_train, labels_train, inputs_test, labels_test."""
    ### BEGIN SOLUTION
    return inputs[:n_train], labels[:n_train], inputs[n_train:], labels[n_train:]
    ### END SOLUTION


# %%
lesson.check("split_by_time", split_by_time)
# lesson.hint("split_by_time")

# %% [markdown]
# ## Three baselines
#
# Before any network, the simple forecasters. A series has natural ones:
#
# * **the mean**: always answer with the average of the training years;
# * **persistence**: next year will be like this year. For slowly changing series this is hard to beat;
# * **autoregression**: a weighted sum of the last few values, with the weights found by least squares as in lesson 01. It is a
#   straight line, only with past values as its features. "Auto" means "itself": the series is predicted from itself.
#
# Statisticians have used autoregression for a hundred years. We compute it by least squares, and check it against the library
# statsmodels, which was made for this.
#
# **Before you run it, guess:** what is the order of the three, from worst to best?

# %%
lesson.guess(
    "three_baselines",
    "autoregression, mean, persistence",
    "mean, autoregression, persistence",
    "mean, persistence, autoregression",
)


# %%
def lag_table(windows_, lags):
    return np.column_stack([np.ones(len(windows_)), windows_[:, -lags:, 0]])


lags = 9
weights, *_ = np.linalg.lstsq(lag_table(x_train, lags), y_train)
mse_mean = np.mean((y_train.mean() - y_test) ** 2)
mse_persistence = np.mean((x_test[:, -1, 0] - y_test) ** 2)
mse_auto = np.mean((lag_table(x_test, lags) @ weights - y_test) ** 2)
print(
    f"mean ≈ {mse_mean:.2f}, persistence ≈ {mse_persistence:.2f}, autoregression ≈ {mse_auto:.2f}"
)

oracle = AutoReg(scaled[LENGTH - lags : first_test], lags=lags).fit().params

# %%
lesson.claim(
    "statsmodels finds the same weights",
    np.max(np.abs(oracle - np.r_[weights[0], weights[:0:-1]])) < 1e-6,
)
lesson.claim("persistence beats the mean", mse_persistence < 0.5 * mse_mean)
lesson.claim(
    "autoregression beats persistence", mse_auto < 0.5 * mse_persistence, guess="three_baselines"
)

# %% [markdown]
# The mean is useless, persistence is decent, and a plain weighted sum of the last nine years is far better than both. That is the
# bar for our network. A forecast that is only compared with the mean, or with nothing, has not been tested.
#
# ### Exercise: persistence_mse
#
# Write the persistence baseline for any series: return the mean squared error of forecasting each value by the one before it.


# %%
def persistence_mse(series):
    """Return the mean squared error of "next is like now"."""
    ### BEGIN SOLUTION
    return np.mean((series[1:] - series[:-1]) ** 2)
    ### END SOLUTION


# %%
lesson.check("persistence_mse", persistence_mse)
# lesson.hint("persistence_mse")

# %% [markdown]
# ## A state that is carried along
#
# A feedforward network could take the 24 values as 24 features. But it would treat "the value 3 years ago" and "the value 4
# years ago" as unrelated, learn separate weights for each, and fit windows of exactly 24 values only.
#
# A **recurrent network** reads the sequence one step at a time. Between the steps it carries a short list of numbers, the **hidden
# state** $h$: its memory. At each step it mixes the new input with the old state and gets the new state:
#
# $$h_t = \tanh(x_t W_x + h_{t-1} W_h + b)$$
#
# $W_x$ says how the input enters, $W_h$ how the old state is kept and changed, $b$ is the bias, and tanh bends the sum and keeps it between -1
# and 1. At the end an ordinary dense layer turns the last state into the prediction. It is the same small network at every step:

# %%
show(
    draw.unrolled(),
    "Four equal boxes in a row, all labelled 'same weights'. An input goes into each from "
    "below, and an arrow with the hidden state leads from each to the next. The last leads to a "
    "dense layer, and that to the prediction.",
)

# %% [markdown]
# Drawn like this, once for each time step, the network is said to be **unrolled**. It looks like a deep network with as many layers as
# there are time steps, but all the boxes are one and the same: the weights are **shared over time**. What is learned about "a rise after
# three low years" in one place applies in every place.
#
# Small enough to do on paper, with one unit, $W_x = 1$, $W_h = 0.5$ and $b = 0$: one input of 1, then silence.

# %%
h = 0.0
for step, value in enumerate([1.0, 0.0, 0.0, 0.0], start=1):
    h = np.tanh(value * 1.0 + h * 0.5)
    print(f"step {step}: input {value:.0f}, state {h:.4f}")

# %% [markdown]
# The input came at step 1 only. At step 4 the state still holds a trace of it, weaker each time. That fading trace is the memory, and also
# the weakness, as we will see.
#
# ### Exercise: rnn_step
#
# Write one step for whole arrays: `x` of shape (batch, features), `h` of shape (batch, units). `@` multiplies matrices.


# %%
def rnn_step(x, h, w_x, w_h, b):
    """Return the next hidden state, of shape (batch, units)."""
    ### BEGIN SOLUTION
    return np.tanh(x @ w_x + h @ w_h + b)
    ### END SOLUTION


# %%
lesson.check("rnn_step", rnn_step)
# lesson.hint("rnn_step")

# %% [markdown]
# ## The same network in Keras
#
# In Keras the recurrence is one layer, `SimpleRNN`. The input shape is `(None, 1)`: any number of time steps, one feature each.

# %%
### SOURCE courseware.lessons.rnn.models.build_rnn_forecaster

# %% [markdown]
# The optimizer is Adam, the loss the mean squared error. How many parameters? Each of the 10 units has 1 weight for the input, 10 for the
# state, and 1 bias: $10 \cdot (1 + 10 + 1) = 120$. The dense layer adds $10 + 1$. The length of the window does not appear.

# %%
keras.utils.set_random_seed(lesson.seed)
model = build_rnn_forecaster()
print("parameters:", model.count_params())
for weight in model.weights:
    print(weight.path.split("/", 1)[-1], tuple(weight.shape))

# %% [markdown]
# Now our own version of the whole network, the loop written out, with the very weights that Keras has just drawn. The two must agree.


# %%
def rnn_by_hand(windows_, w_x, w_h, b, w_out, b_out):
    h = np.zeros((len(windows_), len(b)))
    for t in range(windows_.shape[1]):
        h = np.tanh(windows_[:, t] @ w_x + h @ w_h + b)
    return (h @ w_out + b_out)[:, 0]


untrained = [weight.astype("float64") for weight in model.get_weights()]
difference = np.max(
    np.abs(rnn_by_hand(x_test, *untrained) - model.predict(x_test, verbose=0)[:, 0])
)

# %%
lesson.claim("four lines of NumPy compute what SimpleRNN computes", difference < 1e-4)

# %% [markdown]
# ### Exercise: rnn_parameters
#
# How many parameters has a `SimpleRNN` of `units` units that reads `features` values at each step, followed by a `Dense(1)`? Write the
# formula. Then check yourself: 32 units and 8 features should give 1,345.


# %%
def rnn_parameters(units, features):
    """Return the number of parameters of SimpleRNN(units) and Dense(1) together."""
    ### BEGIN SOLUTION
    return units * (features + units + 1) + units + 1
    ### END SOLUTION


# %%
lesson.check("rnn_parameters", rnn_parameters)
# lesson.hint("rnn_parameters")

# %% [markdown]
# ## Training, and an honest comparison
#
# Training is what it always was: predict, compare, find who is to blame, adjust. The blame now travels backwards through the unrolled boxes, from the
# last step to the first; this is called **backpropagation through time**. Since all boxes share their weights, the blame from all steps is added up.
#
# One training depends on the luck of its first weights, so we look at three.
#
# **Before you run it, guess:** 131 parameters and a memory, against a weighted sum of nine values. Which one wins?

# %%
lesson.guess(
    "network_or_sum", "the network, by far", "they are about equal", "the weighted sum, by far"
)

# %%
training = {"x": x_train, "y": y_train, "epochs": 30, "batch_size": 16, "verbose": 0}
live = [lesson.live()]  # shows, while you wait, how far the training is
model.fit(**training, callbacks=live)
prediction = model.predict(x_test, verbose=0)[:, 0]
mse_rnn = np.mean((prediction - y_test) ** 2)
starts = [mse_rnn]
for number in (1, 2):  # two more networks, from other random weights
    keras.utils.set_random_seed(lesson.seed + 100 * number)
    other = build_rnn_forecaster()
    other.fit(**training, callbacks=live)
    starts.append(np.mean((other.predict(x_test, verbose=0)[:, 0] - y_test) ** 2))
results = {
    "mean": mse_mean,
    "persistence": mse_persistence,
    "autoregression": mse_auto,
    "recurrent network": mse_rnn,
}
print(f"autoregression ≈ {mse_auto:.2f}, recurrent network ≈ {mse_rnn:.2f}")
print(f"and from two other starts ≈ {starts[1]:.2f} and ≈ {starts[2]:.2f}")

# %%
show(
    draw.errors(results, "Sunspots, one year ahead"),
    "Four bars of error. The mean is by far the longest, persistence a third of it, and "
    "autoregression and the recurrent network are both short and about equal.",
)
lesson.claim("the recurrent network beats persistence clearly", mse_rnn < 0.65 * mse_persistence)
lesson.claim(
    "the mean of three starts does not beat autoregression clearly: not by more than a tenth",
    np.mean(starts) > 0.9 * mse_auto,
    guess="network_or_sum",
)

# %% [markdown]
# The network has learned a great deal: it beats persistence by a wide margin. And on average it does **not** beat the weighted sum of nine values, a method
# that fits in one line. That is a common and honest result on short, simple series: fewer than two hundred training examples are not enough
# for a flexible model to show what it can do. Recurrent networks earn their place on long, rich sequences such as text and
# speech. You only find out by keeping the baseline in the picture.

# %%
test_years = years[first_test:]
show(
    draw.forecasts(
        test_years,
        y_test * spread + mean,
        {"network": prediction * spread + mean, "persistence": x_test[:, -1, 0] * spread + mean},
    ),
    "The test years as a thick grey curve, with two forecasts over it. The network's curve lies "
    "close to it, also on the slopes. The persistence curve has the same shape, but comes one "
    "year late.",
)

# %% [markdown]
# Persistence is the same curve, always one year late. The network rises and falls with the truth, and mostly misjudges the height of peaks.
#
# ## Does it use the order?
#
# A claim such as "the network uses the order" can be tested: destroy the order and see what happens. We shuffle the 24 values inside every
# window, train an equal network on that, and test it on shuffled windows. It still sees the same numbers.
#
# **Before you run it, guess:** how well will the network for shuffled windows do?

# %%
lesson.guess(
    "shuffled",
    "a little worse than in order",
    "about as badly as persistence",
    "no better than the mean",
)

# %%
rng = np.random.default_rng(lesson.seed)
x_shuffled = rng.permuted(x, axis=1)

keras.utils.set_random_seed(lesson.seed)
shuffled_model = build_rnn_forecaster()
shuffled_model.fit(x_shuffled[is_train], y_train, epochs=30, batch_size=16, verbose=0)
mse_shuffled = shuffled_model.evaluate(x_shuffled[~is_train], y_test, verbose=0)
print(f"in order ≈ {mse_rnn:.2f}, shuffled ≈ {mse_shuffled:.2f}, mean ≈ {mse_mean:.2f}")

# %%
lesson.claim(
    "without the order the error is at least four times as large", mse_shuffled > 4 * mse_rnn
)
lesson.claim(
    "without the order the network is no better than the mean",
    mse_shuffled > 0.9 * mse_mean,
    guess="shuffled",
)

# %% [markdown]
# Without the order nothing is left: the network is no better than always answering with the mean. So it was the order that it used.
#
# ## Any length
#
# The weights do not depend on the length of the window. The network trained on 24 years accepts 5, 12 or 60 of them.


# %%
def test_windows(length):
    values, _ = make_windows(scaled, length)
    return values[first_test - length :]  # the windows whose labels are the test years


for length in (5, 12, 24, 60):
    given = test_windows(length)
    output = model.predict(given, verbose=0)
    print(f"input {given.shape} -> output {output.shape}")

mse_by_length = {
    length: np.mean((model.predict(test_windows(length), verbose=0)[:, 0] - y_test) ** 2)
    for length in (1, 12, 24, 60)
}
print("years given:", ", ".join(f"{years}: ≈ {mse:.2f}" for years, mse in mse_by_length.items()))

# %%
lesson.claim(
    "given one year only, the same weights do worse than given 24",
    mse_by_length[1] > 1.2 * mse_by_length[24],
)
lesson.claim("60 years serve about as well as 24", mse_by_length[60] < 1.5 * mse_by_length[24])

# %% [markdown]
# With a single year there is nothing to remember, and the forecast suffers. Beyond some dozen years more history changes little. Is that because older years do
# not matter, or because the network has forgotten them?
#
# ### Exercise: repair
#
# This forecaster should read sequences of **any** length and return **one** number for each. It does neither. Two arguments are wrong; find them.
# (`return_sequences=True` makes the layer return its state after every step, not only the last.)


# %%
def repaired_forecaster():
    """Return a compiled model: input (batch, any length, 1), output (batch, 1)."""
    ### BEGIN SOLUTION
    model = keras.Sequential([keras.Input(shape=(None, 1)), layers.SimpleRNN(10), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
    return model
    ### STARTER
    # model = keras.Sequential(
    #     [
    #         keras.Input(shape=(24, 1)),
    #         layers.SimpleRNN(10, return_sequences=True),
    #         layers.Dense(1),
    #     ]
    # )
    # model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
    # return model
    ### END SOLUTION


# %%
lesson.check("repair", repaired_forecaster)
# lesson.hint("repair")

# %% [markdown]
# ## How far back does it remember?
#
# We can measure it, with the nudge of lesson 01. Change one input, $k$ steps before the end, by a tiny amount, and see how much the prediction changes. That
# ratio is the gradient of the prediction with respect to that input: its **influence**. If it is zero, the network has forgotten that input. And training
# cannot use what has no influence: the gradient that should teach the network about that input is the same tiny number.
#
# **Before you run it, guess:** compared with the most influential year, how much influence is left 40 years back?

# %%
lesson.guess("influence_left", "about a half", "about a tenth", "a hundredth or less")


# %%
def influence(weights, windows_, nudge=1e-4):
    """Return the mean effect of each input on the prediction, per unit of change, last first."""
    effects = []
    for back in range(windows_.shape[1]):
        change = np.zeros_like(windows_)
        change[:, -1 - back] = nudge
        up, down = (
            rnn_by_hand(windows_ + change, *weights),
            rnn_by_hand(windows_ - change, *weights),
        )
        effects.append(np.mean(np.abs(up - down)) / (2 * nudge))
    return np.array(effects)


# %%
long_windows = test_windows(60)
trained = [weight.astype("float64") for weight in model.get_weights()]
curves = {
    "untrained": influence(untrained, long_windows),
    "trained": influence(trained, long_windows),
}
old, peak = curves["trained"][40:].max(), curves["trained"].max()
old_untrained, peak_untrained = curves["untrained"][40:].max(), curves["untrained"].max()
print(f"trained: strongest ≈ {peak:.3f}, 40 or more years back ≈ {old:.5f}")

# %%
show(
    draw.memory(curves),
    "Influence on a logarithmic scale against steps back in time. Both curves fall steadily, by "
    "several powers of ten over sixty steps. The trained network starts higher, because it has "
    "learned to use recent years.",
)
lesson.claim(
    "40 years back, the trained network has lost four fifths of its influence or more",
    old < 0.2 * peak,
    guess="influence_left",
)
lesson.claim(
    "40 years back, the untrained one has lost nineteen twentieths",
    old_untrained < 0.05 * peak_untrained,
)

# %% [markdown]
# On this scale each mark of the upright axis is a factor of ten, so a straight fall means: the same factor is lost at every step. It is the fading trace from the paper example. Each
# step back multiplies the influence by the weights $W_h$ and by the slope of tanh, which is at most 1. Many factors below 1 multiply to nearly nothing. This is the
# **vanishing gradient**, and it is why plain recurrent networks forget over long sequences. (Were the factors above 1, the product would explode
# instead.) The next lesson builds a memory that is protected against it.
#
# ## When the future leaves the known range
#
# A second series: the carbon dioxide in the air at Mauna Loa, Hawaii, month by month.

# %%
months, ppm = co2()
n_train = 368  # seventy per cent of the months
show(
    draw.series(months, ppm, months[n_train], "Carbon dioxide at Mauna Loa", "parts per million"),
    "A curve that climbs steadily, with a small regular wave every year. Nearly all of the test "
    "part, the last third, lies above the training part.",
)
above = np.sum(ppm[n_train:] > ppm[:n_train].max())
print("test months above the highest training value:", above, "of", len(ppm) - n_train)

# %% [markdown]
# Two things differ from the sunspots: a steady climb, and a wave that repeats each year as the plants of the northern summer take up carbon dioxide. Because of the climb,
# most of the future lies *above everything the network has ever seen*. tanh flattens out for large inputs, so a network fed with such values answers
# from the flat part of its curve.
#
# One cure is old and simple: predict not the level but the **change** from month to month. Changes look alike in 1960 and in 2000. The forecast is then the last level plus the
# predicted change.
#
# **Before you run it, guess:** there is also a rule that needs no training: the same change as in this month last year. How
# will the network that is fed with changes compare with it?

# %%
lesson.guess(
    "better_than_rule",
    "it misses by far more",
    "the two are close",
    "it misses by less than half as much",
)


# %%
def rnn_forecast(series, n_train, length=24):
    """Train on the labels before n_train; return one-step forecasts of all later ones."""
    mean, spread = series[:n_train].mean(), series[:n_train].std()
    x, y = make_windows((series - mean) / spread, length)
    early = np.arange(length, len(series)) < n_train
    keras.utils.set_random_seed(lesson.seed)
    model = build_rnn_forecaster()
    model.fit(x[early], y[early], epochs=30, batch_size=16, verbose=0, callbacks=[lesson.live()])
    return model.predict(x[~early], verbose=0)[:, 0] * spread + mean


truth = ppm[n_train:]
from_levels = rnn_forecast(ppm, n_train)
from_changes = ppm[n_train - 1 : -1] + rnn_forecast(np.diff(ppm), n_train - 1)
same_as_last_year = ppm[n_train - 1 : -1] + ppm[n_train - 12 : -12] - ppm[n_train - 13 : -13]


# %%
def miss(forecast):
    return np.sqrt(np.mean((forecast - truth) ** 2))  # in parts per million


miss_persistence, miss_seasonal = miss(ppm[n_train - 1 : -1]), miss(same_as_last_year)
miss_levels, miss_changes = miss(from_levels), miss(from_changes)
print("typical miss in parts per million:")
print(f"persistence ≈ {miss_persistence:.2f}, last year's change ≈ {miss_seasonal:.2f}")
print(f"network on levels ≈ {miss_levels:.2f}, network on changes ≈ {miss_changes:.2f}")

# %%
show(
    draw.two_ways(months[n_train:], truth, from_levels, from_changes, ppm[:n_train].max()),
    "The test months climb in waves above a dashed line, the highest training value. The "
    "network fed with levels follows at first, then falls further and further behind. The one "
    "fed with changes lies on the truth all along.",
)
lesson.claim("on levels the network loses to persistence", miss_levels > 1.5 * miss_persistence)
lesson.claim("on changes it beats persistence by far", miss_changes < 0.5 * miss_persistence)
lesson.claim(
    "and is about as good as last year's change, within a third",
    miss_changes < 1.33 * miss_seasonal,
    guess="better_than_rule",
)

# %% [markdown]
# The very same network fails or succeeds by how the question is put. On levels it falls behind more and more, and the laziest forecast of all beats it. On changes it
# follows the wave closely, about as well as a rule that needs no training: "the same change as in this month last year". Know your series before you train on it.
#
# ### Exercise: no_network
#
# A goal to reach: write a forecaster for the carbon dioxide that misses by **less than 0.6 parts per million** typically, without any network. It gets all months up to now as an
# array and returns its forecast for the next month. Persistence, `return history[-1]`, misses by more than 1.


# %%
def forecast(history):
    """Return a forecast of the value that follows history."""
    ### BEGIN SOLUTION
    return history[-1] + (history[-12] - history[-13])
    ### END SOLUTION


# %%
lesson.check("no_network", forecast)
# lesson.hint("no_network")

# %% [markdown]
# ## Where sequences occur
#
# Everything here was a time series with one number per step. **Language** is the other great sequence: there each step is a word or a letter, turned into numbers first. "Dog bites man" and "man bites
# dog" hold the same words; only the order tells them apart. A recurrent network reads them one by one, and its state after the last word stands for the sentence. For text the
# dependencies reach far: the verb at the end may hang on the first word. That is just where the fading memory hurts, and where the next lesson goes on.
#
# ## What people get wrong
#
# * **"A recurrent network remembers the whole sequence."** Its state is a short list of numbers, and the trace of each input fades. You measured how fast.
# * **"A network is better than old statistics."** On the sunspots a weighted sum of nine values was at least as good. Without the baseline you would not have known.
# * **"The forecast follows the curve, so it is good."** So does persistence, one step late. Compare errors, not pictures.
# * **"Shuffle and split at random, as always."** Not a time series: the future would leak into the training set. Split by time.
# * **"A longer window needs a larger network."** The weights are shared over time; their number does not depend on the length.
# * **"Unrolled, it has many layers of weights."** Many steps, one set of weights.
#
# ## Takeaways
#
# * A recurrent network reads a sequence step by step and carries a hidden state: $h_t = \tanh(x_t W_x + h_{t-1} W_h + b)$, the same weights at each step.
# * Cut series into windows, split by time, scale with the training part only.
# * Hold every forecast against persistence and an autoregression, and report it when they win.
# * The influence of old inputs shrinks by a factor at every step: plain recurrent networks forget.
# * A model cannot follow where its inputs leave the range it was trained on; predicting changes often cures it.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Next lesson: *Networks that remember for long*, with gates that protect the memory.
# * Jeffrey Elman, "Finding Structure in Time", *Cognitive Science* 14 (1990): the simple recurrent network, and what its hidden state learns.
# * Rob Hyndman and George Athanasopoulos, *Forecasting: Principles and Practice* (OTexts, third edition, 2021), chapters 5 and 9: baselines and autoregression. Free to read online.
# * Yoshua Bengio, Patrice Simard and Paolo Frasconi, "Learning Long-Term Dependencies with Gradient Descent Is Difficult", *IEEE Transactions on Neural Networks* 5 (1994).
