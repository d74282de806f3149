# %% [markdown]
# # Networks that remember
#
# *115 minutes: 55 to read and run, 35 for 7 exercises, 25 for the 25 questions of the quiz. Builds on: feedforward networks (lesson 03) and the activation tanh (lesson 02).*
#
# Read this sentence word by word and you will notice that you carry something along: what came before. The networks so
# far carry nothing. They get all their inputs at once, give an answer, and start from nothing at the next example. In a
# sentence, a melody or a series of measurements, the order matters. This lesson builds a network with a memory, a
# **recurrent neural network** (RNN), and measures how long that memory is.
#
# **After this lesson you can**
#
# * write a recurrent network in four lines of NumPy, and show that Keras computes the same;
# * turn a series into training, validation and test examples, so that the past trains and the future tests;
# * say honestly whether a forecast is any good, by comparing it with simple baselines;
# * measure how far back a network remembers, and tell "forgotten" from "not needed".

# %%
from courseware import open_lesson

lesson = open_lesson("05_rnn")

import keras
import numpy as np
from keras import layers
from statsmodels.tsa.ar_model import AutoReg

from courseware.batches import ShuffledBatches
from courseware.data import co2, sunspots
from courseware.lessons.rnn import drawings as draw
from courseware.drawing import show

# %% [markdown]
# Astronomers have watched the dark spots on the Sun for centuries. They put them into one figure, the **sunspot number**: ten for each
# group of spots and one for each spot, averaged over the days of the year. Here it is since 1700, in the version of the record that was in use until 2015.

# %%
years, counts = sunspots()
show(
    draw.series(years, counts, [1856, 1916], "Sunspots, yearly mean since 1700", "sunspot number"),
    "A jagged curve that rises and falls about every eleven years, with peaks of very different "
    "height. The years up to 1855 are blue, those up to 1915 green and "
    "dashed, the later ones orange.",
)
print("years:", len(years))

# %% [markdown]
# The number rises and falls about every eleven years, but no two peaks are alike. The question of this lesson: knowing all
# years up to now, **how high will it be next year?**
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
# Lesson 03 split its examples at random. A time series is split **by time**, since a forecaster knows only the past:
#
# * the **training years**, up to 1855, set the weights;
# * the **validation years**, 1856 to 1915, are for every choice that we make on the way;
# * the **test years**, from 1916 on, stay closed until all choices are made.
#
# A random split would train on years *after* those it is tested on, and so test how well the network fills gaps, not how well it forecasts.
# How far the two can lie apart you will see at the end of the lesson.
# The mean and the standard deviation for scaling come from the training years alone, too.

# %%
LENGTH = 24
first_valid, first_test = 1856 - 1700, 1916 - 1700  # places in the series


def make_windows(series, length=LENGTH):
    cut = np.lib.stride_tricks.sliding_window_view(series, length + 1)
    return cut[:, :-1, None], cut[:, -1]  # (examples, length, 1) and (examples,)


mean, spread = counts[:first_valid].mean(), counts[:first_valid].std()
scaled = (counts - mean) / spread
x, y = make_windows(scaled)
place = np.arange(LENGTH, len(scaled))  # where in the series each label stands
is_train, is_test = place < first_valid, place >= first_test
is_valid = ~is_train & ~is_test
x_train, y_train, x_valid, y_valid = x[is_train], y[is_train], x[is_valid], y[is_valid]
print("training windows:", x_train.shape, " validation windows:", x_valid.shape)

# %% [markdown]
# The last number in the shape is the number of features at each time step, here one.
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
# ## Baselines
#
# Before any network, the simple forecasters. A series has natural ones:
#
# * **the mean**: always answer with the average of the training years;
# * **persistence**: next year will be like this year. For slowly changing series this is hard to beat;
# * **seasonal naive**: next year will be like the same year of the last cycle, eleven years before it;
# * **autoregression**: a weighted sum of the last few values, with the weights found by least squares as in lesson 01. It is
#   a line fit whose features are past values. "Auto" means "itself": the series is predicted from itself.
#
# Autoregression was invented for this very series, by the statistician Udny Yule in 1927. How many past values a sum weighs is
# called its number of **lags**. How many are best here? We fit sums with 1 to 12 lags on the training years, and let the
# validation years choose.
#
# **Before you run it, guess:** how many lags will do best on the validation years?

# %%
lesson.guess("lags", "1", "2", "3 to 6", "7 to 12")


# %%
def mse(prediction, truth):
    return np.mean((prediction - truth) ** 2)


def lag_table(windows_, lags):
    # a column of ones for the bias, then the last values, the oldest first
    return np.column_stack([np.ones(len(windows_)), windows_[:, -lags:, 0]])


def fit_sum(lags):
    weights, *_ = np.linalg.lstsq(lag_table(x_train, lags), y_train)
    return weights


numbers = np.arange(1, 13)
by_lags = [mse(lag_table(x_valid, lags) @ fit_sum(lags), y_valid) for lags in numbers]
lags = numbers[np.argmin(by_lags)]
weights = fit_sum(lags)
oracle = AutoReg(scaled[LENGTH - lags : first_valid], lags=int(lags)).fit().params
print("lags chosen:", lags)

# %%
show(
    draw.lags(numbers, by_lags),
    "Validation error against the number of lags. It drops by nearly half from one lag to two, and "
    "rises slowly after that.",
)
lesson.claim("the validation years choose two lags", lags == 2, guess="lags")
lesson.claim(
    "the library statsmodels finds the same weights",
    np.max(np.abs(oracle - np.r_[weights[0], weights[:0:-1]])) < 1e-6,
)

# %% [markdown]
# (Yule took the same number, for the years up to 1924.) Now all four on the validation years. (Errors here are of the scaled numbers: always answering with the mean costs about 1 on the training years.)

# %%
valid_errors = {
    "mean": mse(y_train.mean(), y_valid),
    "seasonal naive": mse(x_valid[:, -11, 0], y_valid),
    "persistence": mse(x_valid[:, -1, 0], y_valid),
    "autoregression": mse(lag_table(x_valid, lags) @ weights, y_valid),
}
show(
    draw.errors(valid_errors, "Sunspots, one year ahead", "validation"),
    "Four bars of error. The mean is the longest, then the seasonal naive forecast, then "
    "persistence. Autoregression is the shortest.",
)
lesson.claim(
    "autoregression misses least of the four, persistence comes second",
    valid_errors["autoregression"] < 0.7 * valid_errors["persistence"]
    and valid_errors["persistence"] < 0.8 * valid_errors["seasonal naive"],
)

# %% [markdown]
# The shortest bar is the one that a network has to beat.
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
# A feedforward network can take the 24 values as 24 features. It then has separate weights for "3 years ago" and for "4
# years ago", and it fits windows of exactly 24 values. We will train one for comparison.
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
# Drawn like this, once for each time step, the network is said to be **unrolled**. It looks like a deep network,
# but all the boxes are one and the same: the weights are **shared over time**.
#
# Small enough to do on paper, with one unit whose state starts at $h_0 = 0$, $W_x = 1$, $W_h = 0.5$ and $b = 0$: one input of 1, then zeros.

# %%
h = 0.0
for step, value in enumerate([1.0, 0.0, 0.0, 0.0], start=1):
    h = np.tanh(value * 1.0 + h * 0.5)
    print(f"step {step}: input {value:.0f}, state {h:.4f}")

# %% [markdown]
# The input came at step 1 only. At step 4 the state still holds a trace of it, weaker each time. That fading trace is the memory.
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
# state, and 1 bias: $10 \cdot (1 + 10 + 1) = 120$. The dense layer adds $10 + 1$. The length of the window does not appear. (Keras calls $W_x$ `kernel` and $W_h$ `recurrent_kernel`.)

# %%
keras.utils.set_random_seed(lesson.seed)
model = build_rnn_forecaster()
print("parameters:", model.count_params())
for weight in model.weights:
    print(weight.path.split("/", 1)[-1], tuple(weight.shape))

# %% [markdown]
# Now our own version of the whole network, with the very weights that Keras has just initialized. The two must agree.


# %%
def rnn_by_hand(windows_, w_x, w_h, b, w_out, b_out, activation=np.tanh):
    h = np.zeros((len(windows_), len(b)))
    for t in range(windows_.shape[1]):
        h = activation(windows_[:, t] @ w_x + h @ w_h + b)
    return (h @ w_out + b_out)[:, 0]


untrained = [weight.astype("float64") for weight in model.get_weights()]
difference = np.max(
    np.abs(rnn_by_hand(x_valid, *untrained) - model.predict(x_valid, verbose=0)[:, 0])
)

# %%
lesson.claim("four lines of NumPy compute what SimpleRNN computes", difference < 1e-4)

# %% [markdown]
# ### Exercise: rnn_parameters
#
# How many parameters does a `SimpleRNN` with `units` units have that reads `features` values at each step, followed by a `Dense(1)`? Write the
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
# *A good place for a break. What comes next: training, and what the network has learned.*
#
# ## Training, and an honest comparison
#
# Training is what it always was: predict, compare, find who is to blame, adjust. The blame now travels backwards through the unrolled boxes, from the
# last step to the first; this is called **backpropagation through time**. Since all boxes share their weights, the blame from all steps is added up.
#
# One run depends on its random first weights, so we train five networks and look at their average. Beside them stand feedforward
# networks with one hidden **dense** layer, three on the same 24 years, and three on the last three years only. All train for 8 epochs.
#
# **Before you run it, guess:** which of the two dense kinds will miss less on the validation years?

# %%
lesson.guess(
    "which_network", "the one on 24 years", "the one on 3 years", "they are about equal"
)


# %%
def build_dense_forecaster(length):
    model = keras.Sequential(
        [
            keras.Input(shape=(length, 1)),
            layers.Flatten(),
            layers.Dense(10, "tanh"),
            layers.Dense(1),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
    return model


def trained(build, x, y, start=0, epochs=8, batch_size=8, **more):
    """Train a network from random weights; each `start` draws others."""
    keras.utils.set_random_seed(lesson.seed + 100 * start)
    model = build()
    batches = ShuffledBatches(x, y, batch_size, seed=lesson.seed + start)
    model.fit(batches, epochs=epochs, verbose=0, callbacks=[lesson.live()], **more)
    return model


def as_arrays(model):
    return [weight.astype("float64") for weight in model.get_weights()]


# %%
valid = {"validation_data": (x_valid, y_valid)}
rnns = [trained(build_rnn_forecaster, x_train, y_train, start, **valid) for start in range(5)]
rnn_weights = [as_arrays(model) for model in rnns]


def average_error(forecasts, truth):
    return np.mean([mse(forecast, truth) for forecast in forecasts])


valid_errors["recurrent network"] = average_error(
    [rnn_by_hand(x_valid, *w) for w in rnn_weights], y_valid
)
dense = {}
for length in (24, 3):
    dense[length] = [
        trained(lambda n=length: build_dense_forecaster(n), x_train[:, -length:], y_train, start)
        for start in range(3)
    ]
    valid_errors[f"dense network, {length} years"] = average_error(
        [model.predict(x_valid[:, -length:], verbose=0)[:, 0] for model in dense[length]], y_valid
    )

# %%
show(
    draw.errors(valid_errors, "Sunspots, one year ahead", "validation"),
    "Seven bars of error. The mean is the longest. The dense network on three years is the "
    "shortest, before autoregression and the recurrent network; the dense network on 24 years lies "
    "between them and persistence.",
)
lesson.claim(
    "the recurrent network beats persistence: its error is below 0.8 of it",
    valid_errors["recurrent network"] < 0.8 * valid_errors["persistence"],
)
lesson.claim(
    "the dense network on 3 years misses less than 0.9 of what the one on 24 misses",
    valid_errors["dense network, 3 years"] < 0.9 * valid_errors["dense network, 24 years"],
    guess="which_network",
)

# %% [markdown]
# Find the two bars of the dense networks. The dense networks on three years missed least of all in our run, those on 24 more.
# (They have 51 and 261 parameters. The recurrent network, which reads all 24, has 131.) So on these years a network that carries
# no memory along need not be behind.
#
# The 8 epochs were fixed before we looked. What do the validation years say of them?

# %%
losses = [model.history.history for model in rnns]
show(
    draw.losses(
        np.mean([history["loss"] for history in losses], axis=0),
        np.mean([history["val_loss"] for history in losses], axis=0),
    ),
    "Two curves of error over 8 epochs. Both fall steeply at first. Then the one for the training "
    "years goes on falling slowly, and the one for the validation years stays about level.",
)

# %% [markdown]
# Follow the dashed curve: in the second half nothing is left to gain. In our run it was lowest near the fourth epoch and then
# rose a little, so by the validation years one would have stopped earlier.
#
# ## Does it use the order?
#
# A claim such as "the network uses the order" can be tested: destroy the order and see what happens. We shuffle the 24 values inside every
# window, train networks like the ones above on that, and test them on shuffled windows. They still see the same numbers. For one more kind of network
# the last value stays in its place, and only the 23 before it are shuffled.
#
# **Before you run it, guess:** how well will the network for wholly shuffled windows do?

# %%
lesson.guess(
    "shuffled",
    "a little worse than in order",
    "about as badly as persistence",
    "much worse than persistence",
)

# %%
rng = np.random.default_rng(lesson.seed)


def error_on(shuffle):
    errors = []
    for start in range(3):
        windows_ = shuffle(x)  # another shuffling for each start
        model = trained(build_rnn_forecaster, windows_[is_train], y_train, start)
        errors.append(mse(rnn_by_hand(windows_[is_valid], *as_arrays(model)), y_valid))
    return np.mean(errors)


def shuffled(v):
    return rng.permuted(v, axis=1)


mse_rnn = valid_errors["recurrent network"]
mse_shuffled = error_on(shuffled)
mse_last_kept = error_on(lambda v: np.concatenate([shuffled(v[:, :-1]), v[:, -1:]], axis=1))
mse_persistence = valid_errors["persistence"]
print(f"in order ≈ {mse_rnn:.2f}, last value kept ≈ {mse_last_kept:.2f}")
print(f"all shuffled ≈ {mse_shuffled:.2f}, persistence ≈ {mse_persistence:.2f}")

# %%
lesson.claim(
    "without the order the error is at least 1.5 times that of persistence",
    mse_shuffled > 1.5 * mse_persistence,
    guess="shuffled",
)
lesson.claim(
    "with the last value kept, the error is still at least a tenth larger than in order",
    mse_last_kept > 1.1 * mse_rnn,
)

# %% [markdown]
# Compare the three networks. A network for wholly shuffled windows cannot know which value was the last, and most of the damage comes from that: put back in
# its place, that one value repairs much. But the network in order is still clearly better, so it uses the order of the years before it as well.
#
# ## Any length
#
# The weights do not depend on the length of the window. The networks trained on 24 years accept any number of them.


# %%
def valid_windows(length):
    values, _ = make_windows(scaled, length)
    return values[first_valid - length : first_test - length]  # labels: the validation years


for length in (5, 60):
    given = valid_windows(length)
    print(f"input {given.shape} -> output {rnns[0].predict(given, verbose=0).shape}")

by_length = {
    length: average_error([rnn_by_hand(valid_windows(length), *w) for w in rnn_weights], y_valid)
    for length in (1, 2, 3, 12, 24, 60)
}
print("error by years given:", ", ".join(f"{n}: ≈ {e:.2f}" for n, e in by_length.items()))

# %%
lesson.claim(
    "given a single year, the same weights miss at least 1.5 times as much as given 24",
    by_length[1] > 1.5 * by_length[24],
)
lesson.claim(
    "given three years, they miss less than half as much as given one",
    by_length[3] < 0.5 * by_length[1],
)

# %% [markdown]
# With a single year there is nothing to remember, and the forecast suffers. With three it was, in our run, about as good as with 24. Is that because older years do not matter, or because the network has forgotten them?
#
# ## Several years ahead
#
# To look further ahead, let the network forecast next year, append that forecast to the window as if it had happened, and go on from there.
# This is called an **iterated** forecast, and the weighted sum can do it as well. Suppose that it were 1.4 times the last value minus 0.7 times the one before. After
# 1, 2 it says $1.4 \cdot 2 - 0.7 \cdot 1 = 2.1$; then, from 2 and its own 2.1, $1.4 \cdot 2.1 - 0.7 \cdot 2 = 1.54$, and so on.
#
# **Before you run it, guess:** who misses least five years ahead?

# %%
lesson.guess("five_ahead", "the recurrent network", "persistence", "the seasonal naive forecast")


# %%
def ahead(step, windows_, steps):
    """Forecast `steps` values after each window, each from the forecasts before it."""
    made = []
    for _ in range(steps):
        made.append(step(windows_))
        windows_ = np.concatenate([windows_[:, 1:], made[-1][:, None, None]], axis=1)
    return np.column_stack(made)  # (examples, steps)


steps = 11
happened = np.lib.stride_tricks.sliding_window_view(scaled[first_valid:first_test], steps)
begin = x_valid[: len(happened)]


def by_distance(forecast):
    return np.mean((forecast - happened) ** 2, axis=0)


far = {
    "recurrent network": np.mean(
        [by_distance(ahead(lambda v, w=w: rnn_by_hand(v, *w), begin, steps)) for w in rnn_weights],
        0,
    ),
    "autoregression": by_distance(ahead(lambda v: lag_table(v, lags) @ weights, begin, steps)),
    "mean": by_distance(np.full(happened.shape, y_train.mean())),
    "persistence": by_distance(begin[:, -1]),
    "seasonal naive": by_distance(begin[:, -11:, 0]),
}

# %%
show(
    draw.horizons(far),
    "Error against years ahead, from 1 to 11. Persistence climbs to a high arch and comes back "
    "after a whole cycle. The recurrent network starts lowest with autoregression, climbs, and "
    "levels off; autoregression "
    "climbs more slowly. The seasonal naive forecast stays flat and is the lowest in the middle.",
)
lesson.claim(
    "five years ahead the network's error is at least twice that of one year ahead",
    far["recurrent network"][4] > 2 * far["recurrent network"][0],
)
lesson.claim(
    "five years ahead the seasonal naive forecast misses less than the network",
    far["seasonal naive"][4] < far["recurrent network"][4],
    guess="five_ahead",
)
lesson.claim(
    "three years ahead the weighted sum misses less than the network",
    far["autoregression"][2] < far["recurrent network"][2],
)

# %% [markdown]
# Follow each curve from left to right. One year ahead the network and the sum are close; three years ahead the sum is ahead of
# the network, and both have lost much of their lead over the mean. The seasonal naive forecast repeats a value that happened, so
# by its very rule it misses about as much ten years ahead as one. (These are the 50 windows with eleven known years after them;
# the bars above had all 60.) Which forecaster is best depends on the distance.
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
# We can measure it, with the nudge of lesson 01. Change one input, some years before the end, by a tiny amount, and see how much the prediction changes. That
# ratio is the gradient of the prediction with respect to that input: its **influence**.
#
# **Before you run it, guess:** compared with the most influential year, how much influence is left 40 years back in the trained networks?

# %%
lesson.guess("influence_left", "more than a half", "about a tenth", "less than a fiftieth")


# %%
def influence(weights, windows_, activation=np.tanh, nudge=1e-4):
    """Return the mean effect of each input on the prediction, per unit of change, last first."""
    before, effects = rnn_by_hand(windows_, *weights, activation), []
    for back in range(windows_.shape[1]):
        change = np.zeros_like(windows_)
        change[:, -1 - back] = nudge
        nudged = rnn_by_hand(windows_ + change, *weights, activation)
        effects.append(np.mean(np.abs(nudged - before)) / nudge)
    return np.array(effects)


long_windows = valid_windows(60)
starts = []
for start in range(5):  # the first weights of the five networks, drawn once more
    keras.utils.set_random_seed(lesson.seed + 100 * start)
    starts.append(as_arrays(build_rnn_forecaster()))

measured = {
    "untrained": [influence(w, long_windows) for w in starts],
    "trained": [influence(w, long_windows) for w in rnn_weights],
    "trained, tanh left out": [influence(w, long_windows, lambda z: z) for w in rnn_weights],
}
curves = {name: np.median(each, axis=0) for name, each in measured.items()}
left = {name: curve[39:].max() / curve.max() for name, curve in curves.items()}
part = 10 ** int(np.log10(1 / left["trained"]))
print(f"of the strongest influence, left 40 years back: less than one part in ≈ {part:,}")

# %%
show(
    draw.memory(curves),
    "Influence on a logarithmic scale against years back. The untrained and the trained curve "
    "fall by "
    "several powers of ten over sixty years. The curve with tanh left out stays far above them.",
)
lesson.claim(
    "40 or more years back, less than a fiftieth of the strongest influence is left",
    left["trained"] < 0.02,
    guess="influence_left",
)
lesson.claim("in the untrained ones as well", left["untrained"] < 0.02)
lesson.claim(
    "with tanh left out the oldest year would count at least 100 times as much",
    curves["trained, tanh left out"][-1] > 100 * curves["trained"][-1],
)

# %% [markdown]
# The curves are the median of the five networks, as they were before and after training; the third takes the same trained weights and leaves tanh out.
# Powers of ten are evenly spaced on the vertical axis, so a straight fall means: the same factor is lost at every step. Each
# step back multiplies the influence by the weights $W_h$ and by the slope of tanh, which is at most 1. The third curve shows that here most of
# the fading comes from the slope of tanh: by the weights alone the influence would fade far less, or grow. A gradient that shrinks like this is the
# **vanishing gradient** of lesson 02, only along time; one that grows is said to explode. Training follows the same gradient, so it hears little about an input that is far back.
#
# See it link by link, in a single unit. With $W_x = 1$ and $W_h = 1.2$ it reads a 1, then zeros, and its state stays at 0.66.
#
# **Before you run it, guess:** how much of a nudge of that 1 is left in the state 23 steps later?

# %%
lesson.guess("held", "all of it", "about a tenth", "less than a thousandth")

# %% [markdown]
# Turn the weight of the state first, up past 1, and watch the links. Then try the goals.

# %%
lesson.explore("unrolled")

# %%
one_input = np.zeros((1, 24, 1))
one_input[0, 0] = 1
unit = [np.ones((1, 1)), np.array([[1.2]]), np.zeros(1), np.ones((1, 1)), np.zeros(1)]
held, arrives = rnn_by_hand(one_input, *unit)[0], influence(unit, one_input)[-1]
print(f"state at the end: {held:.2f}, of a nudge of the 1 arrives: {arrives:.5f}")
lesson.claim(
    "the state is held, and less than a thousandth of a nudge arrives",
    held > 0.6 and arrives < 0.001,
    guess="held",
)

# %% [markdown]
# Holding a value and passing blame back to its input are two things. Each link passes on about two thirds of a nudge, and 23
# links leave next to nothing of it. A state that is held so firmly shrinks whatever disturbs it, and a nudge of its own input is
# such a disturbance.
#
# ## Forgotten, or not needed?
#
# *Are older years needed?* The weighted sum forgets nothing: with 12 lags it has the value from 12 years ago just as exactly as
# last year's. And still the validation years chose two lags, and in our run the networks did about as well with three years as
# with 24. On the validation years older years do not help, whoever reads them.
#
# *Could the network use them?* Give it a task in which an old value is everything: a window of 24 random numbers, and the label is the one that stands
# $k$ places from the end. It is trained as before, with as many windows as there were training years. Always answering with the mean would miss by about 1.
#
# **Before you run it, guess:** which of the numbers will the network learn to recall?

# %%
lesson.guess(
    "recall", "the last, the 4th and the 10th from the end", "the last and the 4th", "only the last"
)

# %%
noise = rng.normal(size=(1500, LENGTH, 1))


def recall_error(back, examples, **more):
    label = noise[:, -back, 0]
    model = trained(build_rnn_forecaster, noise[:examples], label[:examples], **more)
    return mse(rnn_by_hand(noise[1000:], *as_arrays(model)), label[1000:])


recalled = {back: recall_error(back, 132) for back in (1, 4, 10)}
recalled_with_more = recall_error(10, 1000, epochs=15, batch_size=16)
print("error by place from the end:", ", ".join(f"{k}: ≈ {e:.2f}" for k, e in recalled.items()))
print(f"10 from the end, with 1,000 windows and seven times the steps: ≈ {recalled_with_more:.2f}")

# %%
lesson.claim(
    "the last and the 4th from the end are recalled; at the 10th the error is above 0.35",
    max(recalled[1], recalled[4]) < 0.2 and recalled[10] > 0.35,
    guess="recall",
)
lesson.claim(
    "with more windows and more training the same network recalls the 10th better",
    recalled_with_more < recalled[10],
)

# %% [markdown]
# So far the answer is: both. The validation years ask for no older years, and a network trained on so little would hardly have learned to use them. But look at
# the last line before you call that a law: with more windows and more training the very same network reaches back further. The fading makes old
# inputs *hard to learn*; how hard depends on the training as well.
#
# ## The test years, opened once
#
# All choices are made: two lags and three years for the dense network by the validation years, 8 epochs beforehand. Now, and only
# once, the years from 1916 on.
#
# **Before you run it, guess:** the recurrent network has 131 parameters and a memory, the weighted sum two weights and a bias. Which one wins?

# %%
lesson.guess(
    "network_or_sum", "the network, by far", "they are about equal", "the weighted sum, by far"
)

# %%
x_test, y_test = x[is_test], y[is_test]
network = [rnn_by_hand(x_test, *w) for w in rnn_weights]
small_dense = [model.predict(x_test[:, -3:], verbose=0)[:, 0] for model in dense[3]]
test_errors = {
    "mean": mse(y_train.mean(), y_test),
    "seasonal naive": mse(x_test[:, -11, 0], y_test),
    "persistence": mse(x_test[:, -1, 0], y_test),
    "autoregression": mse(lag_table(x_test, lags) @ weights, y_test),
    "recurrent network": average_error(network, y_test),
    "dense network, 3 years": average_error(small_dense, y_test),
}
ratio = test_errors["recurrent network"] / test_errors["autoregression"]

# %%
show(
    draw.errors(test_errors, "Sunspots, one year ahead", "test"),
    "Six bars of error. The mean is by far the longest, then the seasonal naive forecast and "
    "persistence. "
    "Autoregression, the recurrent network and the dense network on three years are short.",
)
lesson.claim(
    "the recurrent network misses less than 0.65 of what persistence misses",
    test_errors["recurrent network"] < 0.65 * test_errors["persistence"],
)
lesson.claim(
    "network and weighted sum are less than a third apart",
    0.67 < ratio < 1.33,
    guess="network_or_sum",
)

# %% [markdown]
# Most errors are two to three times those of the validation years: after 1916 the numbers in this record are higher on average, with peaks above any
# seen before. Baselines are needed on the same years for exactly this reason; an error alone says little.
#
# Network and sum are close: they differ by less than a tenth in our run, and we have not tested whether that is more than chance.
# The dense network, best on the validation years, misses most of the three there. Were older years needed after all? The choices
# are made, so we may look at the sums of all lengths.

# %%
sums = {n: mse(lag_table(x_test, n) @ fit_sum(n), y_test) for n in range(1, LENGTH + 1)}
for first in (1, 9, 17):
    print(", ".join(f"{n} years: {sums[n]:.2f}" for n in range(first, first + 8)))
more = [sums[n] for n in range(3, LENGTH + 1)]

# %%
lesson.claim(
    "on the test years some sums of more years miss less than the sum of two, and some miss more",
    min(more) < sums[2] < max(more),
)

# %% [markdown]
# Find the sum of two years, and run along the row. Some sums of more years miss less than it (those of 8 to 11), others miss more
# (3 to 6, and most from 13 on). To pick the best of them now would be to choose by the test, and other years would be needed to test that
# choice. So these years leave the question open: older years may help a little, or it is chance.

# %%
test_years = years[first_test:]
show(
    draw.forecasts(
        test_years,
        y_test * spread + mean,
        {
            "network": network[0] * spread + mean,
            "persistence": x_test[:, -1, 0] * spread + mean,
        },
        "sunspot number",
    ),
    "The test years as a thick grey curve, with two forecasts over it. The network's curve lies "
    "close to it where it falls, is late where it climbs steeply, and misses the highest peaks. "
    "The persistence curve has the same "
    "shape, but comes one year late.",
)

# %% [markdown]
# Persistence is the same curve, always one year late. The network (the first of the five) follows the falls closely, lags behind
# steep rises, and misjudges the height of peaks. (Why, we have not tested. Some of them are higher than any in the training, and
# the end of this lesson shows what that can do.) Near zero it may even forecast less than nothing: it was never told that this
# number cannot be negative.
#
# *Another good place for a break. What comes next is a second series, which never comes back to where it was.*
#
# ## When the future leaves the known range
#
# A second series: the carbon dioxide in the air at Mauna Loa, Hawaii, month by month. Lesson 02 used only its yearly swing; here is the rise as well.

# %%
months, ppm = co2()
n_train = 368  # seventy per cent of the months
show(
    draw.series(months, ppm, [months[n_train]], "Carbon dioxide at Mauna Loa", "parts per million"),
    "A curve that climbs steadily, with a small regular wave every year. Nearly all of the test "
    "part, the last third, lies above the training part.",
)
above = np.sum(ppm[n_train:] > ppm[:n_train].max())
print("test months above the highest training value:", above, "of", len(ppm) - n_train)

# %% [markdown]
# Two things differ from the sunspots: a steady climb, and a wave that repeats each year as the plants of the northern summer take up carbon dioxide. Because of the climb,
# most of the future lies *above everything that was there to learn from*. Which forecasters can follow?
#
# We compare an autoregression with recurrent networks that differ only in their activation, tanh or ReLU. Each forecasts one
# month ahead. The last 88 training months, about seven years, choose the lags among one, two, a year, a year and a month, and two
# years. The networks train for 15 epochs in batches of 16, fixed beforehand. Nothing is chosen by the test months.
#
# **Before you run it, guess:** which will miss most?

# %%
lesson.guess(
    "who_follows",
    "persistence",
    "the weighted sum",
    "the tanh networks",
    "the ReLU networks",
)


# %%
def sum_forecast(series, n_train):
    """Choose lags on the 88 values before n_train; forecast all later ones, one step ahead."""

    def forecast(lags, until, start, end):
        x, y = make_windows(series, LENGTH)
        place = np.arange(LENGTH, len(series))
        table, early = lag_table(x, lags), place < until
        weights, *_ = np.linalg.lstsq(table[early], y[early])
        return (table @ weights)[(place >= start) & (place < end)]

    cut, end = n_train - 88, len(series)
    errors = {
        lags: mse(forecast(lags, cut, cut, n_train), series[cut:n_train])
        for lags in (1, 2, 12, 13, 24)
    }
    chosen = min(errors, key=errors.get)
    return forecast(chosen, n_train, n_train, end), chosen


# %%
def rnn_forecast(series, n_train, activation="tanh", start=0):
    """Train on the labels before n_train; return one-step forecasts of all later ones."""
    mean, spread = series[:n_train].mean(), series[:n_train].std()
    x, y = make_windows((series - mean) / spread)
    early = np.arange(LENGTH, len(series)) < n_train
    model = trained(
        lambda: build_rnn_forecaster(activation=activation),
        x[early], y[early], start, epochs=15, batch_size=16,
    )  # fmt: skip
    return model.predict(x[~early], verbose=0)[:, 0] * spread + mean


truth = ppm[n_train:]


def miss(forecast):
    """The typical miss, in parts per million: the root of the mean squared error."""
    return np.sqrt(mse(forecast, truth))


last = ppm[n_train - 1 : -1]
sum_levels, lags_levels = sum_forecast(ppm, n_train)
miss_persistence, miss_sum = miss(last), miss(sum_levels)
levels = {
    "tanh": [rnn_forecast(ppm, n_train, "tanh", start) for start in range(2)],
    "ReLU": [rnn_forecast(ppm, n_train, "relu", start) for start in range(4)],
}
misses = {name: [miss(forecast) for forecast in found] for name, found in levels.items()}
print(f"persistence: {miss_persistence:.2f}, weighted sum of {lags_levels}: {miss_sum:.2f}")
for name, each in misses.items():
    print(f"{name}, each start ≈", ", ".join(f"{value:.2f}" for value in each))
miss_tanh, miss_relu = np.mean(misses["tanh"]), np.median(misses["ReLU"])

# %%
lesson.claim(
    "the weighted sum misses by less than half of persistence", miss_sum < 0.5 * miss_persistence
)
lesson.claim(
    "the tanh networks miss most, by more than 1.5 times as much as persistence",
    miss_tanh > max(1.5 * miss_persistence, miss_sum, miss_relu),
    guess="who_follows",
)

# %% [markdown]
# Look at each start as well. Leaving the known range does not break every forecast: the weighted sum simply goes on along its
# line. The ReLU networks stay nearer on the whole than those with tanh, from which they differ in nothing else, but how well they
# follow depends on the start. Our guess: the new values push the units into the flat part of **tanh**, where a larger input
# changes hardly anything. We have not looked at the states, and it cannot be all: with ReLU, which is not flat there, a start can
# fail as well.
#
# One cure is old and simple: predict not the **level**, the value itself, but the **change** from month to month. The forecast is then the last level plus the
# predicted change. Changes look nearly alike in 1960 and in 2000. A rule that needs no training is the seasonal naive forecast of the change: *the same change as in this month last year*.
#
# **Before you run it, guess:** how will the tanh network that is fed with changes compare with the weighted sum of changes?

# %%
lesson.guess(
    "better_than_sum",
    "it misses by more than twice as much",
    "they are within a factor of two",
    "it misses by less than half as much",
)

# %%
changes = np.diff(ppm)
sum_changes, lags_changes = sum_forecast(changes, n_train - 1)
from_changes = last + rnn_forecast(changes, n_train - 1)
same_as_last_year = last + ppm[n_train - 12 : -12] - ppm[n_train - 13 : -13]
miss_changes, miss_sum_changes = miss(from_changes), miss(last + sum_changes)
miss_seasonal = miss(same_as_last_year)
print("on changes:")
print(f"network ≈ {miss_changes:.2f}, weighted sum of {lags_changes}: {miss_sum_changes:.2f}")
print(f"last year's change: {miss_seasonal:.2f}")

# %%
show(
    draw.two_ways(
        months[n_train:],
        truth,
        {
            "tanh on levels": levels["tanh"][0],
            "ReLU on levels": levels["ReLU"][np.argsort(misses["ReLU"])[1]],  # second best of four
            "tanh on changes": from_changes,
        },
        ppm[:n_train].max(),
    ),
    "The test months climb in waves above a dashed line, the highest training value. The tanh "
    "network fed with levels follows at first, then falls further and further behind. The ReLU "
    "network stays nearer. The tanh network fed with changes lies on the truth all along.",
)
lesson.claim(
    "on changes the network misses by less than half of persistence",
    miss_changes < 0.5 * miss_persistence,
)
lesson.claim(
    "network and weighted sum are within a factor of two",
    0.5 < miss_changes / miss_sum_changes < 2,
    guess="better_than_sum",
)

# %% [markdown]
# The same kind of network fails or succeeds depending on how the question is put. On changes it follows the wave closely, and so
# do the weighted sum and a rule without any training, both of them a little more closely in our run.
#
# Now take the tanh network on levels that fails in the future, and test it with a random split: train on 70 per cent of the windows, drawn at random, and test on the rest.

# %%
x_ppm, y_ppm = make_windows(ppm)
mixed = rng.permutation(len(x_ppm))
drawn, rest = mixed[: n_train - LENGTH], mixed[n_train - LENGTH :]
middle, width = y_ppm[drawn].mean(), y_ppm[drawn].std()
x_ppm, y_ppm = (x_ppm - middle) / width, (y_ppm - middle) / width
model = trained(build_rnn_forecaster, x_ppm[drawn], y_ppm[drawn], epochs=15, batch_size=16)
random_split = np.sqrt(mse(model.predict(x_ppm[rest], verbose=0)[:, 0], y_ppm[rest])) * width
print(f"miss ≈ {random_split:.2f} by a random split, ≈ {miss_tanh:.2f} by time")

# %%
lesson.claim(
    "by time the same kind of network misses more than twice as much",
    miss_tanh > 2 * random_split,
)

# %% [markdown]
# By a random split it seems far better. It was tested on months between those it had learned from, and never had to leave the known range. Nobody who
# forecasts is in that position.
#
# ### Exercise: no_network
#
# A goal to reach: write a forecaster for the carbon dioxide that typically misses by **less than 0.6 parts per million**, without any network. It gets all months up to now as an
# array and returns its forecast for the next month. Persistence, `return history[-1]`, misses by more than 1. (The check
# opens the test months as often as you try. Where it counts, try a rule on the last training months first.)


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
# Measurements over time are one kind of sequence: weather, prices, heartbeats, sounds. **Language** is the other great kind:
# there each step is a word or a letter, turned into numbers first. In text a verb at the end may depend on the first word. That
# is where fading memory hurts, and where the next lesson picks up.
#
# ## What people get wrong
#
# * **"A recurrent network remembers the whole sequence."** Its state is a short list of numbers, and the trace of each input fades.
# * **"A network is better than old statistics."** On the sunspots a weighted sum of two values was about as good.
# * **"The forecast follows the curve, so it is good."** So does persistence, one step late. Compare errors, not pictures.
#
# ## Takeaways
#
# * A recurrent network reads a sequence step by step and carries a hidden state: $h_t = \tanh(x_t W_x + h_{t-1} W_h + b)$, the same weights at each step.
# * Cut series into windows, split by time, scale with the training part only.
# * Compare every forecast with persistence, a seasonal rule and an autoregression, and report them all, even where they win.
#   Choose on validation years; open the test years once.
# * The influence of old inputs shrinks step by step, which makes them hard to learn. Whether they are needed is another question.
# * A network that fits a range well need not follow the series out of it. Predicting changes, and not levels, helps.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Keras's guide to recurrent layers: [keras.io/guides/working_with_rnns](https://keras.io/guides/working_with_rnns/).
# * Next lesson: *Networks with a long memory*, with gates that protect the memory.
# * Jeffrey Elman, "Finding Structure in Time", *Cognitive Science* 14 (1990): the simple recurrent network, and what its hidden state learns.
# * Udny Yule, "On a Method of Investigating Periodicities in Disturbed Series, with Special Reference to Wolfer's Sunspot Numbers", *Philosophical Transactions of the Royal Society A* 226 (1927): the first autoregression.
# * Rob Hyndman and George Athanasopoulos, *Forecasting: Principles and Practice* (OTexts, third edition, 2021), chapters 5 and 9: baselines and autoregression. Free to read online.
# * Yoshua Bengio, Patrice Simard and Paolo Frasconi, "Learning Long-Term Dependencies with Gradient Descent Is Difficult", *IEEE Transactions on Neural Networks* 5 (1994).
