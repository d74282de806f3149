# %% [markdown]
# # Networks with a long memory
#
# *140 minutes: 65 to read and run, 40 for 8 exercises, 35 for the 35 questions of the quiz. Builds on: recurrent networks (lesson 05), sigmoid and tanh (lesson 02).*
#
# "The dog chased the boy." "The boy chased the dog." The same five words, and two different stories. A reader must keep track of who came before the verb. The networks of the last lesson have a memory, but everything in it is rewritten at every step. This lesson builds
# a memory with doors on it: one to write, one to keep, one to read.
#
# **After this lesson you can**
#
# * write one step of an LSTM in NumPy, show that Keras computes the same, and count its parameters;
# * say what each of its three gates does, and set them by hand so that a number is kept for hundreds of steps;
# * measure what a network's state still holds, and tell that from what its output shows;
# * turn sentences into numbers, train a network that minds the order of words, and test it on kinds of sentences that it has never met.

# %%
from courseware import open_lesson

lesson = open_lesson("06_lstm")

import keras
import numpy as np
from keras import layers
from sklearn.linear_model import LogisticRegression, RidgeClassifier

from courseware.batches import ShuffledBatches
from courseware.data import sunspots, word_order
from courseware.lessons.lstm import drawings as draw
from courseware.drawing import show
from courseware.restart import Restart

# %% [markdown]
# The course comes with a small collection of such sentences, written for it: 378 pairs. In each pair a person and an animal change places.
# The question is always the same: **who acts, the person or the animal?**

# %%
sentences, acts = word_order()
print("sentences:", len(sentences), "  the person acts in", acts.sum())
for chosen in (10, 11, 28, 29):
    print(("animal acts: ", "person acts: ")[acts[chosen]], sentences[chosen])

# %% [markdown]
# ## A game of memory
#
# We come back to these sentences; first a smaller task. An answer that depends on something much earlier is called a **long-term dependency**. The smallest game that
# needs one: you hear a row of digits, one by one, and at the end you are asked **which one was first**. All
# the others are a distraction. Their number is the *gap*.
#
# Each digit goes in as ten numbers, nine zeros and a single 1 at the digit's place, so that no digit counts as larger than another (**one-hot encoding**).


# %%
def game(rng, n, gap):
    """Return n rows of gap + 1 digits, each as ten numbers, and the first digit of each row."""
    digits = rng.integers(0, 10, (n, gap + 1))
    return np.eye(10, dtype="float32")[digits], digits[:, 0]


x, y = game(np.random.default_rng(lesson.seed), n=2000, gap=4)
print("inputs:", x.shape, " labels:", y.shape)

# %% [markdown]
# The baseline is to guess: one digit in ten is right, 0.1. This is **chance**.
#
# First the plain recurrent network of lesson 05, with 32 numbers in its state. It is trained at the gaps 4, 7 and 10: one epoch at each, five rounds of that, always with fresh rows. One random start can be an odd one, so we train it from five. (`Restart` puts one model back to given weights, and its optimizer back to the start.)

# %%
### SOURCE courseware.lessons.lstm.models.build_recall


# %%
def train_recall(cell, units, gaps=(4, 7, 10), starts=1):
    """Train from `starts` random starts, and return the weights of each."""
    restart, trained = Restart(build_recall(cell, n_symbols=10, units=units)), []
    for start in range(10 * lesson.seed, 10 * lesson.seed + starts):
        keras.utils.set_random_seed(start)
        fresh = build_recall(cell, n_symbols=10, units=units)  # built for its random weights
        model, rng = restart.begin(fresh.get_weights()), np.random.default_rng(start)
        for _ in range(5):
            for gap in gaps:
                x, y = game(rng, n=2000, gap=gap)
                model.fit(x, y, batch_size=100, verbose=0)
        trained.append(model.get_weights())
    return trained


rnns = train_recall(layers.SimpleRNN, units=32, starts=5)

# %% [markdown]
# (`sparse_categorical_crossentropy` is the cross-entropy of lesson 03.)
#
# Now the test, on new rows, at *every* gap up to 160 (the first figure shows 40 of them). The same weights are asked after every digit, "which one was first?". In Keras this is the
# same network with `return_sequences=True`, which answers at each step and not only at the last.
#
# **Before you run it, guess:** trained at gaps of 4, 7 and 10, it is asked at 13 and at 14, which are both new to it. At which of them will it be right more often?

# %%
lesson.guess("rnn_13_14", "at 13", "at 14", "about equally often")

# %%
test_x, test_y = game(np.random.default_rng(lesson.seed + 1000), n=500, gap=160)


def right_by_gap(cell, units, trained):
    """Return the fraction of right answers at the gaps 0, 1, 2, ..., 160, a row for each start."""
    asked, fractions = build_recall(cell, n_symbols=10, units=units, every_step=True), []
    for weights in trained:
        asked.set_weights(weights)
        answers = keras.ops.convert_to_numpy(asked(test_x)).argmax(axis=-1)  # (500, 161)
        fractions.append(np.mean(answers == test_y[:, None], axis=0))
    return np.array(fractions)


rnn_right = right_by_gap(layers.SimpleRNN, 32, rnns)
rnn_mean = rnn_right.mean(axis=0)

# %%
show(
    draw.by_gap({"SimpleRNN": (rnn_right, (4, 7, 10))}),
    "Fraction of right answers against the gap, from 1 to 40: a thin line for each start and a "
    "thick one for their mean. A zigzag: a high peak at every third gap, 4, 7, 10, 13, 16, and "
    "valleys of different depth at the gaps in between.",
)
lesson.claim(
    "on average over the starts it is right in nine of ten rows at the three gaps of the training",
    min(rnn_mean[[4, 7, 10]]) > 0.9,
)
lesson.claim(
    "at 13 as well, but at 11, 12, 14 and 15 together in less than 60 %",
    rnn_mean[13] > 0.9 and rnn_mean[[11, 12, 14, 15]].mean() < 0.6,
    guess="rnn_13_14",
)

# %% [markdown]
# Follow the thick line. (How deep the valleys are differs from start to start; in other runs now and then one has hardly any.) The peaks are three steps apart, and so were the gaps of the training. A network that had learned "keep the first
# digit" would not care how many digits follow. This one seems to keep time, as if its state turned like the hand of a clock, and the answer could be read only when the hand is back at the top.
#
# That is a guess, so we test it. If the training's gaps set the clock, other gaps set another one: we train the same network at 4, 6 and 8.
#
# **Before you run it, guess:** after that training, will it be right at gap 9, and at gap 10?

# %%
lesson.guess("rnn_9_10", "at both", "only at 9", "only at 10", "at neither")

# %%
others = train_recall(layers.SimpleRNN, units=32, gaps=(4, 6, 8), starts=5)
other_right = right_by_gap(layers.SimpleRNN, 32, others)
other_mean = other_right.mean(axis=0)

# %%
show(
    draw.by_gap(
        {
            "SimpleRNN, trained at 4, 7, 10": (rnn_right, (4, 7, 10)),
            "SimpleRNN, trained at 4, 6, 8": (other_right, (4, 6, 8)),
        }
    ),
    "Two zigzags, one above the other. The upper one is that of before, with a peak at every third "
    "gap. The lower one has a peak at every second gap and a valley at every odd one.",
)
lesson.claim(
    "it is right at gap 10 in more than four of five rows, and in less than 60 % of them at 9",
    other_mean[10] > 0.8 and other_mean[9] < 0.6,
    guess="rnn_9_10",
)
lesson.claim(
    "at gap 7, where the one before is right in nine of ten rows, this one is in less than 60 %",
    rnn_mean[7] > 0.9 and other_mean[7] < 0.6,
)

# %% [markdown]
# The rhythm is that of the training: most of these networks have learned to have the digit ready *at certain times*.
#
# ### Is the digit still there?
#
# Between its peaks, as at gap 14, the first of the five networks trained at 4, 7 and 10 gives a wrong digit, in our run more
# often than guessing would. Has it forgotten the right one? The answer is only what the *output layer* makes of the state, so we
# ask the state itself. Our own version of the network gives us the states of every step, for 2,000 new rows. For each gap we fit
# a new reader to them, scikit-learn's `RidgeClassifier`: for each digit one weighted sum, found by least squares (lesson 01) with
# small weights preferred (lesson 09), and the digit whose sum is largest is the answer. Such a reader of a network's state is
# called a **probe**. It might be clever enough to find the digit by itself, so there is a control: the same probe on an untrained
# network.


# %%
def rnn_by_hand(x, w_x, w_h, b):
    """Return the hidden states of all steps, of shape (time, batch, units)."""
    h, states = np.zeros((len(x), len(b))), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ w_x + h @ w_h + b)
        states.append(h)
    return np.array(states)


def read_back(states, digits):
    """Fit a probe to three quarters of the rows; return how often it is right on the rest."""
    cut = 3 * len(states) // 4
    probe = RidgeClassifier().fit(states[:cut], digits[:cut])
    return probe.score(states[cut:], digits[cut:])


rows, first = game(np.random.default_rng(lesson.seed + 2), n=2000, gap=40)
keras.utils.set_random_seed(lesson.seed)
fresh = build_recall(layers.SimpleRNN, n_symbols=10, units=32)
probed = {}
for name, weights in {"trained": rnns[0], "untrained": fresh.get_weights()}.items():
    states = rnn_by_hand(rows, *weights[:3])
    probed[name] = np.array([read_back(state, first) for state in states])

# %% [markdown]
# **Before you run it, guess:** at gap 14, how often does the probe find the first digit in the trained network's state?

# %%
lesson.guess(
    "probe_14", "about one time in ten", "about half of the time", "more than nine times in ten"
)

# %%
show(
    draw.probes(
        {
            "its own output layer": rnn_right[0, :41],
            "a probe on its state": probed["trained"],
            "a probe on an untrained state": probed["untrained"],
        }
    ),
    "Three curves against the gap from 1 to 40. The output layer's is the first start's zigzag. "
    "The probe on the trained state starts at the top and stays far above the valleys. The "
    "probe on the untrained state falls to chance within about twenty steps.",
)
lesson.claim(
    "at gap 14 the first digit can be read from the state in nine of ten rows",
    probed["trained"][14] > 0.9,
    guess="probe_14",
)
lesson.claim(
    "from an untrained state it is read in less than four of ten",
    probed["untrained"][14] < 0.4,
)

# %% [markdown]
# Compare the squares with the zigzag. The digit was there all the time. We could have known: at gap 16 the answer is right again,
# and the digits in between cannot have brought the first one back. What was lost at gap 14 is the *reading*: the output layer was
# fitted to the states at the gaps of the training, and by gap 14 the state, though it still tells the digits apart, has moved on.
# So two things can go wrong with a memory: what was stored can fade, and what is left can move, so that whoever reads it looks in
# the wrong place.
#
# What we want is a memory that *stands still*.
#
# ## A belt with gates
#
# A SimpleRNN makes a whole new state at each step. To keep a number for 100 steps, it must be rewritten correctly 100 times.
#
# The **LSTM** (long short-term memory, 1997; its forget gate came in 2000) offers another way. Beside the hidden state $h$ it carries a second list of numbers, the **cell state** $c$. Think of a
# conveyor belt that runs through all the steps. What lies on it is carried on, and **gates** decide how much of it: a gate is a number between 0 (shut) and 1 (open) by which something is multiplied:
#
# $$c_t = f \cdot c_{t-1} + i \cdot g$$
#
# * $f$, the **forget gate**: how much of the old cell state stays. 1 keeps everything, 0 wipes it out. (The name is misleading: open means *keep*.)
# * $g$, the **candidate**: what could be stored in this step.
# * $i$, the **input gate**: how much of the candidate really is stored.

# %%
show(
    draw.belt(),
    "A thick line, the cell state, runs from left to right. The forget gate multiplies what comes "
    "along. Then the product of input gate and candidate is added to it.",
)

# %% [markdown]
# Each number on the belt has its own gates, and they are computed anew at each step. On paper, with one number:

# %%
c = 0.0
story = [("store", 0.0, 1.0, 0.8), ("hold", 1.0, 0.0, -0.5), ("hold", 1.0, 0.0, 0.9)]
story += [("fade", 0.5, 0.0, 0.3), ("add", 1.0, 1.0, 0.2), ("wipe", 0.0, 0.0, 0.7)]
for name, f, i, g in story:
    c = f * c + i * g
    print(f"{name:5}  f = {f}  i = {i}  candidate = {g:4}  ->  c = {c:.2f}")

# %% [markdown]
# In the two "hold" steps the 0.8 on the belt is not touched at all.
#
# ### Exercise: new_cell
#
# Write the formula as a function. The arguments may be numbers or arrays.


# %%
def new_cell(c, f, i, g):
    """Return the new cell state from the old one, the two gates and the candidate."""
    ### BEGIN SOLUTION
    return f * c + i * g
    ### END SOLUTION


# %%
lesson.check("new_cell", new_cell)
# Stuck? Remove the # from the next line and run the cell. Each run gives one more hint, of three.
# lesson.hint("new_cell")

# %% [markdown]
# How open must the forget gate be? If it stands at the same $f$ in each step, what is left after $k$ steps is $f^k$.
#
# **Before you run it, guess:** a gate at 0.9 sounds nearly open. How much of the memory is left after 40 steps?

# %%
lesson.guess("gate_at_0_9", "about 1.5 %", "about 20 %", "about 60 %")

# %%
for f in (0.5, 0.73, 0.9, 0.99):
    print(f"gate at {f}: after 40 steps {f**40:.6f} is left")

# %%
show(
    draw.keeping([0.5, 0.73, 0.9, 0.99]),
    "Four falling curves. With the gate at 0.5 nothing is left after a few steps, at 0.73 after "
    "about fifteen, at 0.9 after about forty. At 0.99 more than half is left after sixty steps.",
)
lesson.claim("at 0.9 about 1.5 % is left", abs(0.9**40 - 0.015) < 0.0005, guess="gate_at_0_9")

# %% [markdown]
# Compare 0.9 and 0.99 after 40 steps. A number that nothing refreshes needs gates that are almost fully open. (0.73 is where Keras starts its forget gates; we come back to it.)
#
# ### Exercise: gate_for
#
# Now the reverse: what value must the forget gate have so that **half** of the memory is left after `steps` steps?


# %%
def gate_for(steps):
    """Return the gate value f for which f ** steps is one half."""
    ### BEGIN SOLUTION
    return 0.5 ** (1 / steps)
    ### END SOLUTION


# %%
lesson.check("gate_for", gate_for)
# lesson.hint("gate_for")

# %% [markdown]
# ## One step, by hand
#
# Where do the gates come from? Each is a small dense layer of its own. It looks at the new input $x$ and the old hidden state $h$, takes a weighted sum, and squeezes it to between 0 and 1 by a
# sigmoid. The candidate is made in the same way, with tanh, so that it may be negative. A last gate decides what of the cell state is shown to the outside, as the new hidden state: the
# **output gate** $o$.
#
# $$i, f, o = \text{sigmoid}(x W + h U + b) \qquad g = \tanh(x W + h U + b) \qquad \text{each with its own } W, U, b$$
#
# $$c_t = f \cdot c_{t-1} + i \cdot g \qquad\qquad h_t = o \cdot \tanh(c_t)$$

# %%
show(
    draw.cell(),
    "One step of an LSTM. A thick line, the cell state, runs straight through at the top. The "
    "forget gate multiplies it. Input gate and candidate are multiplied with each other and "
    "added to it. Below, the output gate multiplies the tanh of the cell state, which gives the "
    "new hidden state. All four boxes read the input and the old hidden state.",
)

# %% [markdown]
# So the gates decide what to keep ($f$), what to store ($i$) and what to output ($o$). On the belt itself there is no weight and no tanh: just a product and a sum.
#
# Keras lays the four sets of weights side by side in one array, in the order $i$, $f$, $g$, $o$. With `units` units, `np.split(z, 4, axis=1)` cuts the weighted sums into the four parts.
#
# ### Exercise: lstm_step
#
# Write the step for whole arrays: `x` of shape (batch, features), `h` and `c` of shape (batch, units), `kernel` (features, 4 * units), `recurrent` (units, 4 * units), `bias`
# (4 * units,). The kernel is the $W$ above and `recurrent` the $U$, in lesson 05 `w_x` and `w_h`. Return the new `h` and the new `c`. A `sigmoid` is given.


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm_step(x, h, c, kernel, recurrent, bias):
    """Return the new hidden state and the new cell state, both of shape (batch, units)."""
    z = x @ kernel + h @ recurrent + bias
    i, f, g, o = np.split(z, 4, axis=1)
    ### BEGIN SOLUTION
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
    ### END SOLUTION


# %%
lesson.check("lstm_step", lstm_step)
# lesson.hint("lstm_step")

# %% [markdown]
# Our own version runs through a whole sequence and keeps what we want to look at later. It gets the very weights that a Keras layer has drawn.


# %%
def lstm_by_hand(x, kernel, recurrent, bias):
    """Return hidden states, cell states and forget gates, each of shape (time, batch, units)."""
    h = c = np.zeros((len(x), len(bias) // 4))
    states, cells, gates = [], [], []
    for t in range(x.shape[1]):
        i, f, g, o = np.split(x[:, t] @ kernel + h @ recurrent + bias, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        states.append(h)
        cells.append(c)
        gates.append(sigmoid(f))
    return np.array(states), np.array(cells), np.array(gates)


# %%
keras.utils.set_random_seed(lesson.seed)
layer = layers.LSTM(5)
some_x = np.random.default_rng(lesson.seed).normal(size=(8, 12, 3)).astype("float32")
from_keras = keras.ops.convert_to_numpy(layer(some_x))
by_hand = lstm_by_hand(some_x, *layer.get_weights())[0][-1]
for weight in layer.weights:
    print(weight.path.split("/")[-1], tuple(weight.shape))

# %%
difference = np.max(np.abs(from_keras - by_hand))
lesson.claim("our step, repeated, computes what Keras computes", difference < 1e-4)

# %% [markdown]
# The shapes are those of lesson 05, only four times as wide.
#
# ### Exercise: lstm_parameters
#
# Count an LSTM's parameters. It has `n` units and reads `m` features at each step; gates and candidate are dense layers that see $m$ inputs and $n$ old states. (Check: the layer above, with 5 units and 3
# features, has 180.)


# %%
def lstm_parameters(n, m):
    """Return the number of parameters of an LSTM with n units that reads m features."""
    ### BEGIN SOLUTION
    return 4 * (n * (n + m) + n)
    ### END SOLUTION


# %%
lesson.check("lstm_parameters", lstm_parameters)
# lesson.hint("lstm_parameters")

# %% [markdown]
# ### Gates by hand
#
# One cell, forty steps, and you set its gates. Two of the numbers that come are marked, the others are a distraction.
#
# **Before you run it, guess:** all forget gates stand at 0.9. A number is written at step 6. Nudge it, and what the cell holds at
# step 40 moves by the nudge times the *gradient*. How large is the gradient?

# %%
lesson.guess("gradient_back", "smaller than 0.03", "about 0.03", "near 1")

# %% [markdown]
# A ring marks a step at which the cell is to show a number, and how large. First push all forget gates to 1, and see what piles
# up in the cell. Then choose which steps may write.

# %%
lesson.explore("gates")


# %%
def held(candidates, forget=0.9):
    c = 0.0
    for step, candidate in enumerate(candidates, start=1):
        c = forget * c + (step == 6) * candidate  # step 6 alone is written
    return c


candidates = np.cos(np.arange(40.0))
nudge = 1e-6 * (np.arange(1, 41) == 6)
gradient = (held(candidates + nudge) - held(candidates - nudge)) / 2e-6
part = held(candidates) / candidates[5]
print(f"of the number {part:.4f} is left, and its gradient is {gradient:.4f}")
lesson.claim(
    "both are 0.9 to the power of 34",
    np.allclose([part, gradient], 0.9**34),
    guess="gradient_back",
)

# %% [markdown]
# The number is multiplied by 34 gates on its way, and so is every nudge of it. Training can learn nothing from what a cell has let go.
#
# ### Exercise: latch
#
# A challenge: **no training, you set the weights yourself.** One LSTM unit reads two numbers at each step, a *value* between -1 and 1 and a
# *mark*. The mark is 1 in exactly one step, and 0 in all others. The unit must store the value that comes with the mark, and hold it. 200 steps later
# the output must still have the sign of that value and at least half its size, whatever values arrive in between.
#
# The sigmoid of 10 is 0.99995 and that of -10 is 0.00005, so a weighted sum of 10 or -10 slams a gate open or shut. (It is the *sum* of bias and weights: 10 and -10 together leave it half open.) The order of the columns is $i$, $f$, $g$, $o$. The weights from the old hidden
# state are all 0 here.


# %%
def latch():
    """Return kernel (2, 4), rows value and mark, and bias (4,); columns i, f, g, o."""
    ### BEGIN SOLUTION
    kernel = np.array([[0, 0, 1.5, 0], [20, 0, 0, 0]])  # only the mark opens the input gate
    bias = np.array([-10, 10, 0, 10])  # shut to write, open to keep, open to show
    return kernel, bias
    ### END SOLUTION


# %%
lesson.check("latch", latch)
# lesson.hint("latch")

# %% [markdown]
# **A good place for a break.**
#
# ## The game again
#
# Now an LSTM plays the game: half as many units, same gaps, same rows. So does the **GRU** (gated recurrent unit, 2014), a
# smaller relative without a separate cell state. Its *update gate* $z$ does two jobs: it keeps $z$ of the old state and fills the other $1 - z$ with the candidate. Its *reset gate* decides how
# much of the old state the candidate gets to see.
#
# **Before you run it, guess:** trained up to gap 10, how often will the LSTM be right at gap 160?

# %%
lesson.guess(
    "lstm_gap_160",
    "about one time in ten",
    "about one time in four",
    "more than half of the time",
)

# %%
lstm, gru = train_recall(layers.LSTM, units=16), train_recall(layers.GRU, units=16)
(lstm_right,) = right_by_gap(layers.LSTM, 16, lstm)
(gru_right,) = right_by_gap(layers.GRU, 16, gru)
by_cell = {"SimpleRNN, first start": rnn_right[0], "GRU": gru_right, "LSTM": lstm_right}
for name, right in by_cell.items():
    print(name + ": " + ", ".join(f"gap {g} ≈ {right[g]:.2f}" for g in (14, 40, 159, 160)))

# %%
show(
    draw.by_gap({name: (right, (4, 7, 10)) for name, right in by_cell.items()}, longest=160),
    "Three panels, for gaps from 1 to 160. The first SimpleRNN's zigzag goes on to the end. GRU "
    "and LSTM have no zigzag: from the shortest trained gap on they are at the top, and come down "
    "slowly.",
)
lesson.claim(
    "at 11, 12, 14 and 15, where the SimpleRNNs were right in less than 60 %, the LSTM is right "
    "in over 90 %, the GRU in over 60 %",
    lstm_right[[11, 12, 14, 15]].mean() > 0.9 and gru_right[[11, 12, 14, 15]].mean() > 0.6,
)
lesson.claim(
    "the LSTM is right in more than half of the rows at every gap from 4 to 160",
    lstm_right[4:].min() > 0.5,
    guess="lstm_gap_160",
)
by_start = np.abs(np.diff(rnn_right[:, 10:41])).max(axis=1)  # the largest jump of each start
jump = {name: np.abs(np.diff(right[10:41])).max() for name, right in by_cell.items()}
lesson.claim(
    "between gap 10 and 40 the largest jump from one gap to the next is above 0.3, averaged over "
    "the SimpleRNNs, and below 0.1 for GRU and LSTM",
    by_start.mean() > 0.3 and max(jump["GRU"], jump["LSTM"]) < 0.1,
)

# %% [markdown]
# Compare each line's last two numbers. The SimpleRNN drawn here is the first of the five. In our run it is about as good as the
# LSTM at gap 160, where it has a peak, and at chance if asked one digit earlier. (In other runs it is at chance at 160, too.) The
# lower two curves have no rhythm. They come down slowly, and one digit more or less hardly matters.
#
# As to the size of the memories: the LSTM's 16 units have 32 numbers to remember with, 16 in $h$ and 16 in $c$, as many as the SimpleRNN has, and the GRU has 16. The price is in the weights: for the same number of units, the LSTM has four parts with $n (n + m)$ weights each, the GRU three, the SimpleRNN one.
#
# This does not prove that a SimpleRNN can never hold a digit still. But this one LSTM and this one GRU saw the same gaps, and did
# not take up their rhythm.
#
# ### How far are its gates open?
#
# Our own LSTM can show its forget gates. We multiply them, step by step, over 20 steps after the first digit: that is what they leave of the numbers on the 16 belts.

# %%
hidden, cells, gates = lstm_by_hand(rows, *lstm[0][:3])
kept = np.cumprod(gates[1:21], axis=0)  # (20, rows, 16): the product of all gates so far
best_of_row, mean_gate = kept[-1].max(axis=1), gates[1:21].mean()
print(f"mean gate ≈ {mean_gate:.2f}, to the power of 20 ≈ {mean_gate**20:.2f}")
print(f"left on the best belt of the typical row ≈ {np.median(best_of_row):.2f}")

# %%
show(
    draw.belts(kept[:, np.argsort(best_of_row)[len(rows) // 2]], mean_gate),
    "For a typical row, sixteen falling curves, one for each belt, at all heights: the best "
    "keeps more than half for all twenty steps. A dashed line, the mean gate multiplied with "
    "itself, falls to a small rest, and many of the curves lie above it.",
)
lesson.claim(
    "in the typical row the best belt keeps more than half over 20 steps",
    np.median(best_of_row) > 0.5,
)
lesson.claim(
    "most products are larger than the mean gate's power", np.mean(kept[-1] > mean_gate**20) > 0.5
)

# %% [markdown]
# An average gate says little about a memory: a few gates that are nearly shut pull it down, and what is left of a number is the *product* of the gates that it met itself. On some belts more than half is left. So the usual story goes: an LSTM remembers by
# keeping its gates open.
#
# We run the trained network again and, after the first digit, interfere: we force *all* forget gates to 0.7, which leaves less than a thousandth after 20 steps, or let nothing be added to the belts any more, or both.
#
# **Before you run it, guess:** with all forget gates at 0.7, how often is it still right at gap 20?

# %%
lesson.guess(
    "gates_at_0_7",
    "about one time in ten",
    "about one time in four",
    "more than half of the time",
)


# %%
def right_with(change, squeeze=np.tanh):
    """Return the fraction right at gap 20 if gates and additions are changed from step 1 on."""
    kernel, recurrent, bias, out, out_bias = lstm[0]
    h = c = np.zeros((len(rows), 16))
    for t in range(21):
        i, f, g, o = np.split(rows[:, t] @ kernel + h @ recurrent + bias, 4, axis=1)
        keep, add = sigmoid(f), sigmoid(i) * np.tanh(g)
        if t > 0:
            keep, add = change(keep, add)
        c = keep * c + add
        h = sigmoid(o) * squeeze(c)
    return np.mean((h @ out + out_bias).argmax(axis=1) == first)


right_if = {
    "left as it is": right_with(lambda keep, add: (keep, add)),
    "its own gates, nothing added": right_with(lambda keep, add: (keep, 0)),
    "gates at 0.7": right_with(lambda keep, add: (0.7, add)),
    "gates at 0.7, nothing added": right_with(lambda keep, add: (0.7, 0)),
}
for name, fraction in right_if.items():
    print(f"{name}: right at gap 20 ≈ {fraction:.2f}")

# %%
lesson.claim(
    "with all forget gates at 0.7 it is right in more than half of the rows",
    right_if["gates at 0.7"] > 0.5,
    guess="gates_at_0_7",
)
lesson.claim(
    "with nothing added either, less than half of that is left",
    right_if["gates at 0.7, nothing added"] < right_if["gates at 0.7"] / 2,
)

# %% [markdown]
# Compare the third line with the fourth. Of the first step's numbers nearly nothing is left in either. What makes the difference is what was *added* later. Later inputs know nothing of the first digit, so the additions must have it from the hidden state: the network reads its own memory, and by $h$ and $U$ writes the digit
# onto the belts again, step after step. (In our run the belts alone carry it in part: the second line.)
#
# How can it be rewritten so often and stand still? Beyond 3 or -3, $\tanh(c)$ is within a hundredth of 1 or -1, and $h$ shows
# little more than a sign. We count how many numbers on the belts are out there, and run the network once more with the sign of
# $c$ in place of $\tanh(c)$; the output gates stay as they are.

# %%
only_signs = right_with(lambda keep, add: (keep, add), np.sign)
print(f"fraction of the cell states beyond 3 or -3 ≈ {np.mean(np.abs(cells[20]) > 3):.2f}")
print(f"with the sign of c in place of tanh(c): right at gap 20 ≈ {only_signs:.2f}")

# %%
lesson.claim("most cell states are beyond 3 or -3", np.mean(np.abs(cells[20]) > 3) > 0.5)
lesson.claim(
    "with only the signs of c, it is still right in more than half of the rows", only_signs > 0.5
)

# %% [markdown]
# Most of these numbers are like switches that have clicked into place. This is not your `latch`, whose input gate was shut while it held.
#
# ## The other digits
#
# What else is in the memory? After a row of 21 digits we fit a probe for each of them to the state (hidden *and* cell state, 32 numbers). The control is an untrained LSTM.
#
# **Before you run it, guess:** how often can the digit in the middle be read back from the trained one?

# %%
lesson.guess("middle_digit", "about one time in ten", "about half of the time", "nearly always")

# %%
keras.utils.set_random_seed(lesson.seed)
fresh_lstm = build_recall(layers.LSTM, n_symbols=10).get_weights()[:3]
fresh_hidden, fresh_cells, _ = lstm_by_hand(rows, *fresh_lstm)
states = {
    "trained": np.hstack([hidden[20], cells[20]]),
    "untrained": np.hstack([fresh_hidden[20], fresh_cells[20]]),
}
digits = rows.argmax(axis=2)
readable = {
    name: np.array([read_back(state, digits[:, place]) for place in range(21)])
    for name, state in states.items()
}

# %%
show(
    draw.places(readable, chance=0.1),
    "Two bars for each of the 21 places. Trained: the first place reaches the top, the second and "
    "the last are lower but above the dashed line of chance, those between lie near it. Untrained: "
    "the last place is near the top, the few before it are somewhat above the line of chance, the "
    "first ones near it.",
)
middle = readable["trained"][6:16].mean()
lesson.claim("the trained LSTM still has the first digit", readable["trained"][0] > 0.9)
lesson.claim(
    "in the middle the probe is hardly better than chance", middle < 0.2, guess="middle_digit"
)
lesson.claim(
    "untrained it is the other way round: it has the last digit in most rows, and not the first",
    readable["untrained"][20] > 0.6 and readable["untrained"][0] < 0.3,
)

# %% [markdown]
# Compare the two colours. Left alone, an LSTM has the last digit and traces of those before, and training has turned that round: it keeps what the game asks for and drops most of the rest. Such a memory is called **lossy**. (What this probe does not read may still be there, for readers that do more than weighted sums.)
#
# ## Follow the gradient
#
# What does training hear of the first digit, before the network has learned anything? In lesson 05 you measured **influence**: nudge an input, and see how much changes later. Where a nudge of the first digit changes nothing at the end, training can learn nothing from it. We nudge each
# of its ten numbers, and follow what they change in the memory (the hidden state of the SimpleRNN, the cell state of the LSTM) over 60 steps.
#
# **Before you run it, guess:** which untrained network still has a tenth or more of the first digit's influence after 40 steps?

# %%
lesson.guess("untrained_influence", "only the SimpleRNN", "only the LSTM", "both", "neither")

# %% [markdown]
# We add three variants of the LSTM: *gates open* (forget bias 5, sigmoid 0.9933; Keras starts with 1, sigmoid 0.731), *belt
# alone* (all $U$ set to 0), and both.


# %%
def influence(memory, x, nudge=1e-5):
    """Return how much the memory at each step changes per change of the first digit (median)."""
    total = 0.0
    for place in range(x.shape[2]):
        change = np.zeros(x.shape)
        change[:, 0, place] = nudge
        rate = (memory(x + change) - memory(x - change)) / (2 * nudge)
        total = total + np.sum(rate**2, axis=-1)
    return np.median(np.sqrt(total), axis=1)  # the typical row


def cell_states(weights, forget_bias=None, side_path=True):
    """Return a function from x to the cell states, with the weights changed as asked."""
    kernel, recurrent, bias = (weight.astype("float64") for weight in weights)
    if forget_bias is not None:
        bias[16:32] = forget_bias  # the biases of the 16 forget gates
    return lambda x: lstm_by_hand(x, kernel, recurrent * side_path, bias)[1]


nudged, _ = game(np.random.default_rng(lesson.seed + 1), n=50, gap=60)
fresh_rnn = [weight.astype("float64") for weight in fresh.get_weights()[:3]]
untrained = {
    "SimpleRNN": influence(lambda x: rnn_by_hand(x, *fresh_rnn), nudged),
    "LSTM": influence(cell_states(fresh_lstm), nudged),
    "LSTM, gates open": influence(cell_states(fresh_lstm, forget_bias=5), nudged),
    "LSTM, belt alone": influence(cell_states(fresh_lstm, side_path=False), nudged),
    "LSTM, belt alone, gates open": influence(
        cell_states(fresh_lstm, forget_bias=5, side_path=False), nudged
    ),
}
left = {name: values[40] / values[0] for name, values in untrained.items()}
for name, fraction in left.items():
    print(f"{name}: after 40 steps a fraction of ≈ {fraction:.6f}")
print(f"for comparison, 0.731 ** 40 = {0.731**40:.6f} and 0.9933 ** 40 = {0.9933**40:.4f}")

# %%
show(
    draw.influence({"The first digit, before any training": untrained}),
    "Influence on a logarithmic scale, on which each large tick is a factor of ten. SimpleRNN and "
    "LSTM both fall in a nearly straight line by several powers of ten. The belt alone falls more "
    "steeply still. With open gates the belt's line is almost level, and the whole LSTM's rises.",
)
lesson.claim(
    "neither has a twentieth left after 40 steps",
    left["SimpleRNN"] < 0.05 and left["LSTM"] < 0.05,
    guess="untrained_influence",
)
lesson.claim(
    "of what the LSTM has left, the belt alone carries less than a tenth",
    10 * left["LSTM, belt alone"] < left["LSTM"],
)
lesson.claim(
    "with its gates open, the belt alone keeps 0.9933 to the power of 40",
    abs(left["LSTM, belt alone, gates open"] - 0.9933**40) < 0.05,
)
lesson.claim(
    "the whole LSTM with its gates open has more than at the start", left["LSTM, gates open"] > 1
)

# %% [markdown]
# Compare the belt alone with $0.731^{40}$: next to nothing is left. So **an untrained LSTM forgets, too**. What little
# the whole LSTM has left comes mostly by the side path, through $h$ and $U$ into the gates and candidates of later steps.
#
# **The gates can be opened.** With a forget bias of 5 the belt alone carries three quarters over 40 steps. On the belt the factor per step is a gate: nearly 1 for as long as needed, and never above. That *allows* a memory to last.
#
# **The whole can still grow.** See the line that rises: with the same open gates and $U$, more of the influence is there after 40 steps than at the start, since the side path adds to what the belt keeps. So gradients can grow in an LSTM, too, as in a SimpleRNN (lesson 05).
#
# Does that matter for learning? The game again, this time at gap 40 from the very first epoch, with the forget bias at 1 and at 5. Four epochs each, the mean of three starts.

# %%
x_40, y_40 = game(np.random.default_rng(lesson.seed), n=2000, gap=40)
x_new, y_new = game(np.random.default_rng(lesson.seed + 1), n=1000, gap=40)
restart, accuracy_40 = Restart(build_recall(layers.LSTM, n_symbols=10)), {}
for bias in (1, 5):
    scores = []
    for start in range(10 * lesson.seed, 10 * lesson.seed + 3):
        keras.utils.set_random_seed(start)
        weights = build_recall(layers.LSTM, n_symbols=10).get_weights()
        weights[2][16:32] = bias  # of the 16 forget gates
        model = restart.begin(weights)
        batches = ShuffledBatches(x_40, y_40, batch_size=64, seed=start)
        model.fit(batches, epochs=4, verbose=0)
        answers = keras.ops.convert_to_numpy(model(x_new)).argmax(axis=1)
        scores.append(np.mean(answers == y_new))
    accuracy_40[bias] = np.mean(scores)
    print(f"forget bias {bias}: right at gap 40 ≈ {accuracy_40[bias]:.2f}")

# %%
lesson.claim("with a forget bias of 1 it is right in less than a fifth", accuracy_40[1] < 0.2)
lesson.claim(
    "with the gates open it has begun to learn: it is clearly above chance and above the other",
    accuracy_40[5] > max(0.15, 1.25 * accuracy_40[1]),
)

# %% [markdown]
# With open gates the network *begins* to learn sooner; given more epochs the other may get there, too.
#
# ## Back to the Sun
#
# Better memory, better forecasts? In lesson 05 recurrent networks forecast sunspots about as well as a weighted sum of the last two years. Here is an LSTM of 50 units, with the
# same windows and parts: training up to 1855, validation to 1915, test years after that.

# %%
### SOURCE courseware.lessons.lstm.models.build_lstm_forecaster

# %%
_, counts = sunspots()
length, first_valid, first_test = 24, 1856 - 1700, 1916 - 1700
scaled = (counts - counts[:first_valid].mean()) / counts[:first_valid].std()
cut = np.lib.stride_tricks.sliding_window_view(scaled, length + 1)
windows, following = cut[:, :-1, None], cut[:, -1]
year = np.arange(length, len(scaled))
is_train, is_test = year < first_valid, year >= first_test
is_valid = ~is_train & ~is_test


def mse(prediction, chosen):
    return np.mean((prediction[chosen] - following[chosen]) ** 2)


def weighted_sum(years):
    table = np.column_stack([np.ones(len(windows)), windows[:, -years:, 0]])
    weights, *_ = np.linalg.lstsq(table[is_train], following[is_train])
    return table @ weights


persistence, sum_of_two = windows[:, -1, 0], weighted_sum(2)
print("windows:", is_train.sum(), "training,", is_valid.sum(), "validation,", is_test.sum(), "test")
valid_error = {"persistence": mse(persistence, is_valid), "sum": mse(sum_of_two, is_valid)}
print(", ".join(f"{name}: validation ≈ {error:.2f}" for name, error in valid_error.items()))

# %%
lesson.claim(
    "on the validation years the weighted sum is far ahead of persistence",
    valid_error["sum"] < 0.7 * valid_error["persistence"],
)

# %% [markdown]
# The model has 10,451 parameters, for 132 training windows. We train for about 20 epochs and for about 100 more. The error jumps from epoch to epoch, so it is measured after 15, 20 and 25 epochs and averaged, and again after 115, 120 and 125.
#
# **Before you run it, guess:** what do the 100 further epochs do to the error on the validation years?

# %%
lesson.guess("longer_training", "they lower it", "they hardly change it", "they raise it")

# %%
keras.utils.set_random_seed(lesson.seed)
forecaster = build_lstm_forecaster()
batches = ShuffledBatches(windows[is_train], following[is_train], 16, seed=lesson.seed)
forecasts = {}
for after, epochs in {15: 15, 20: 5, 25: 5, 115: 90, 120: 5, 125: 5}.items():
    forecaster.fit(batches, epochs=epochs, verbose=0, callbacks=[lesson.live()])
    forecasts[after] = forecaster.predict(windows, batch_size=300, verbose=0)[:, 0]


def mean_error(looks, chosen):
    return np.mean([mse(forecasts[after], chosen) for after in looks])


early, late = [15, 20, 25], [115, 120, 125]
train_errors = mean_error(early, is_train), mean_error(late, is_train)
valid_errors = mean_error(early, is_valid), mean_error(late, is_valid)
print(f"about 20 epochs: training ≈ {train_errors[0]:.3f}, validation ≈ {valid_errors[0]:.3f}")
print(f"about 120 epochs: training ≈ {train_errors[1]:.3f}, validation ≈ {valid_errors[1]:.3f}")

# %%
lesson.claim("training on lowers the training error", train_errors[1] < 0.8 * train_errors[0])
lesson.claim(
    "and raises the error on the validation years",
    valid_errors[1] > valid_errors[0],
    guess="longer_training",
)

# %% [markdown]
# Compare the two columns. The network knows the training years better, and others worse: it *overfits* (lesson 09). So the
# validation years choose about 20 epochs, and now this network gets its one look at the test years. (Lesson 05 opened them for
# its own networks.) Beside it stands the sum of two years, which the validation years chose.

# %%
results = {
    "persistence": mse(persistence, is_test),
    "sum of 2 years": mse(sum_of_two, is_test),
    "LSTM, about 20 epochs": mean_error(early, is_test),
}

# %%
show(
    draw.bars(results, "Sunspots, one year ahead", "mean squared error on the test years"),
    "Three bars of error. Persistence is by far the longest. The sum and the LSTM are less than "
    "half as long, and not far from each other.",
)
lesson.claim(
    "the LSTM misses less than six tenths of what persistence misses",
    results["LSTM, about 20 epochs"] < 0.6 * results["persistence"],
)
lesson.claim(
    "it differs from the sum of two years by less than half of that one's error",
    abs(results["LSTM, about 20 epochs"] / results["sum of 2 years"] - 1) < 1 / 2,
)

# %% [markdown]
# Compare the lower two bars. In our run the LSTM, which sees 24 years, has the smaller error. Whether it is better than a
# weighted sum of two years, 93 years and one start do not settle.
#
# **Another good place for a break.**
#
# ## Words as numbers
#
# Back to the pairs of sentences. Each word gets a number: the list of all words with their numbers is the **vocabulary**. Number 0 is reserved for *padding*: short sentences are filled up with zeros in front, so
# that all rows have the same length. Number 1 stands for any unknown word.
#
# First the split. The two sentences of a pair must stay on the same side: a quarter of the *pairs* is held out for testing. The vocabulary is made from the training sentences only.


# %%
def words_of(sentence):
    return sentence.lower().replace(",", "").replace(".", "").split()


def vocabulary_of(chosen):
    """Return a number from 2 on for each word of the sentences that are chosen (True or False)."""
    known = sorted({word for n in np.flatnonzero(chosen) for word in words_of(sentences[n])})
    return {word: number for number, word in enumerate(known, start=2)}


pair_order = np.random.default_rng(lesson.seed).permutation(len(sentences) // 2)
held_out = np.isin(np.arange(len(sentences)) // 2, pair_order[:95])
longest = max(len(words_of(sentence)) for sentence in sentences)
print("training sentences:", (~held_out).sum(), "  test sentences:", held_out.sum())
print("words in the longest sentence:", longest)

# %% [markdown]
# ### Exercise: encode
#
# Turn a list of words into a list of exactly `length` numbers. Unknown words become 1. Fill up with zeros **in front**, so that the end of the sentence is what the network reads last.


# %%
def encode(words, vocabulary, length):
    """Return a list of `length` numbers: zeros, then the number of each word (1 if unknown)."""
    ### BEGIN SOLUTION
    numbers = [vocabulary.get(word, 1) for word in words]
    return [0] * (length - len(numbers)) + numbers
    ### END SOLUTION


# %%
lesson.check("encode", encode)
# lesson.hint("encode")

# %% [markdown]
# ## Counting words
#
# The classical baseline for text counts how often each word of the vocabulary occurs. Order is thrown away, as if the words were poured into a bag. It is called a **bag of words**, and for many tasks, such as telling praise from complaint, it is hard to beat with little data.
#
# ### Exercise: same_bag
#
# Write a function that says whether two lists of words make the same bag: the same words, each as often.


# %%
def same_bag(first, second):
    """Return True if both lists hold the same words equally often."""
    ### BEGIN SOLUTION
    return sorted(first) == sorted(second)
    ### END SOLUTION


# %%
lesson.check("same_bag", same_bag)
# lesson.hint("same_bag")

# %% [markdown]
# We train a logistic regression (one sigmoid unit; lesson 04) on such counts. Then we let it count pairs of *neighbouring* words as well ("chased the", "by the"), which saves a little of the order.
#
# **Before you run it, guess:** how often is the bag of words right on the test pairs?

# %%
lesson.guess(
    "bag_of_words", "about 50 % of the time", "about 75 % of the time", "about 95 % of the time"
)

# %%
from sklearn.feature_extraction.text import CountVectorizer

train_text = [sentences[n] for n in np.flatnonzero(~held_out)]
test_text = [sentences[n] for n in np.flatnonzero(held_out)]
accuracy = {}
for name, upto in {"bag of words": 1, "bag with neighbouring pairs": 2}.items():
    counter = CountVectorizer(ngram_range=(1, upto))
    bag = LogisticRegression(max_iter=2000).fit(counter.fit_transform(train_text), acts[~held_out])
    accuracy[name] = bag.score(counter.transform(test_text), acts[held_out])
print("bag of words:", accuracy["bag of words"])
print(f"with neighbouring pairs ≈ {accuracy['bag with neighbouring pairs']:.2f}")
pairs_match = [
    sorted(words_of(sentences[n])) == sorted(words_of(sentences[n + 1]))
    for n in range(0, len(sentences), 2)
]

# %%
lesson.claim("in every pair both sentences make the same bag", all(pairs_match))
lesson.claim(
    "the bag of words is right half of the time",
    accuracy["bag of words"] == 0.5,
    guess="bag_of_words",
)
lesson.claim("neighbours help", accuracy["bag with neighbouring pairs"] > 0.55)

# %% [markdown]
# Look at the first of the two numbers: it is not *about* a half. Both sentences of a pair give the same counts, hence the same answer, and that is right for one of them. No training and no larger model
# can change that: what is not in the input cannot be learned. With neighbours some of the order is back, and some of the answers.
#
# ## A reader that minds the order
#
# The numbers of the vocabulary are only names: word 17 is not "more" than word 16. So the first layer gives each word a short list of numbers of its own, to be learned like any other weights. This **embedding** is just a table: row
# 17 is looked up for word 17. (Row 1, for unknown words, stays as it was drawn: no word is unknown in training.)

# %%
### SOURCE courseware.lessons.lstm.models.build_reader

# %% [markdown]
# `mask_zero=True` tells the following layers to skip the padding. The LSTM reads 16 numbers for each word, one word at a time, and the sigmoid unit gives the probability that the person acts.
#
# **Before you run it, guess:** the test sentences are new, but of the same kinds as the 566 training sentences. What percentage
# of them will it get right?

# %%
lesson.guess("reader_right", "about 55 %", "about 75 %", "about 95 %")


# %%
def train_reader(chosen, epochs, labels=acts):
    """Train on the chosen sentences; return the vocabulary, the model, and where it is right."""
    vocabulary = vocabulary_of(chosen)
    rows = np.zeros((len(sentences), longest), dtype="int32")
    for row, sentence in zip(rows, sentences, strict=True):
        numbers = [vocabulary.get(word, 1) for word in words_of(sentence)]
        row[longest - len(numbers) :] = numbers
    keras.utils.set_random_seed(lesson.seed)
    model = build_reader(n_words=len(vocabulary) + 2)
    batches = ShuffledBatches(rows[chosen], labels[chosen], batch_size=32, seed=lesson.seed)
    model.fit(batches, epochs=epochs, verbose=0, callbacks=[lesson.live()])
    probability = keras.ops.convert_to_numpy(model(rows))[:, 0]
    return vocabulary, model, (probability > 0.5) == labels


vocabulary, reader, right = train_reader(~held_out, epochs=18)
accuracy["embedding + LSTM"] = right[held_out].mean()
print(f"embedding + LSTM ≈ {accuracy['embedding + LSTM']:.2f}")

# %%
show(
    draw.bars(accuracy, "Who acts?", "fraction of test sentences right", ("chance", 0.5)),
    "Three bars. The bag of words ends at the dashed line of chance, the bag with neighbouring "
    "pairs beyond it, and the LSTM near the right end.",
)
lesson.claim(
    "the LSTM is right in over 85 % of them",
    accuracy["embedding + LSTM"] > 0.85,
    guess="reader_right",
)
lesson.claim(
    "it is ahead of both bags",
    accuracy["embedding + LSTM"] > max(0.5, accuracy["bag with neighbouring pairs"]) + 0.05,
)

# %% [markdown]
# ### Has it learned grammar?
#
# In a simple active sentence ("the dog chased the boy") the first-named acts. In a *passive* one ("the dog was chased by the boy") it is the other, and so it is in some *relative clauses* ("the dog that the boy chased is well again"). Our reader handles them all. Has it worked out what a passive *is*? This test cannot say: the collection is
# written in a few dozen patterns with changing words, and the test sentences follow the very patterns of the training.
#
# So we ask for more. A new reader is trained without a single passive sentence. Of the other sentences two kinds are held out as controls: those with three openings ("Nobody knew why ...", "In the morning ...", "Everyone says that ..."), and a third of the pairs with such a relative clause. In the first kind the first-named always acts, in the second never: a reader that always answers "the first-named" fails on one of them.
#
# **Before you run it, guess:** how often will it be right on passive sentences?

# %%
lesson.guess(
    "passives",
    "in more than nine of ten",
    "in about half, as by chance",
    "in less than one of three",
)

# %%
people = "boy girl farmer baker teacher nurse sailor doctor painter gardener hunter driver".split()
animals = "dog cat goat horse cow donkey goose pig sheep fox bear parrot".split()
first_named = [next(w for w in words_of(s) if w in people + animals) for s in sentences]
first_acts = np.isin(first_named, people) == acts
passive = np.array([{"was", "by"} <= set(words_of(sentence)) for sentence in sentences])
opening = ("Nobody knew why", "In the morning", "Everyone says that")
new_opening = np.array([sentence.startswith(opening) for sentence in sentences]) & ~passive
pair = np.arange(len(sentences)) // 2
clause_pairs = np.random.default_rng(lesson.seed).permutation(pair[~passive & ~first_acts][::2])
new_clause = np.isin(pair, clause_pairs[:14])  # of 42
chosen = ~passive & ~new_opening & ~new_clause
*_, right = train_reader(chosen, epochs=12)
print(f"trained on {chosen.sum()}; the first-named acts in {first_acts[chosen].mean():.0%}")
tests = {"new opening": new_opening, "new clause": new_clause, "passive": passive}
for name, kind in tests.items():
    print(f"{name}: right in ≈ {right[kind].mean():.2f} of {kind.sum()}")

# %%
lesson.claim(
    "with a new opening, and on new relative clauses, it is right in more than two of three",
    min(right[new_opening].mean(), right[new_clause].mean()) > 2 / 3,
)
lesson.claim(
    "of the passives it gets less than a third right",
    right[passive].mean() < 1 / 3,
    guess="passives",
)

# %% [markdown]
# Compare the three numbers. New openings do little harm, though some of their words are unknown, nor do new sentences with a
# clause of a known kind. A new construction is another matter: the answers are not random, they are the wrong way round. In a
# passive the first-named never acts, so a wrong answer says that it does, as if the sentence were a simple active one.
#
# Does the network just go by what was true of most of its training sentences? Then half and half should cure it.

# %%
simple_pairs = np.random.default_rng(lesson.seed).permutation(pair[chosen & first_acts][::2])
balanced = np.isin(pair, [*clause_pairs, *simple_pairs[: len(clause_pairs)]])
*_, right = train_reader(balanced, epochs=30)
print(f"trained on {balanced.sum()}; the first-named acts in {first_acts[balanced].mean():.0%}")
print(f"passive: right in ≈ {right[passive].mean():.2f} of {passive.sum()}")

# %%
lesson.claim("it still gets most passives wrong", right[passive].mean() < 1 / 2)

# %% [markdown]
# So the majority alone is not to blame. The network has learned to read the constructions that it met, also in new sentences and after new openings. When somebody tells you that a network handles what it has never seen, ask *how* new the test was.
#
# ### What the embedding has learned
#
# Back to the reader that was trained on all patterns. Each word is 16 numbers for it, and words are alike for it if these numbers lie close together. So we ask for each of the 24 persons and animals: is the word that lies nearest to it of the same kind? For a picture 16 numbers are too many. It shows each word's place along one direction, that in which the 24 words differ most from each other, whatever their kind (lesson 07 explains how it is found).

# %%
def looked_up(reader):
    """Return the 24 words' places along it, and how many have a word of their kind nearest."""
    embedding = reader.layers[0].get_weights()[0]
    vectors = np.array([embedding[vocabulary[word]] for word in people + animals])
    apart = np.linalg.norm(vectors[:, None] - vectors[None], axis=2)  # (24, 24)
    np.fill_diagonal(apart, np.inf)  # a word is not its own neighbour
    same_kind = apart.argmin(axis=1) // 12 == np.arange(24) // 12  # people come first
    centred = vectors - vectors.mean(axis=0)
    return centred @ np.linalg.svd(centred)[2][0], same_kind.sum()


along, same_kind = looked_up(reader)
print(f"the nearest word is of the same kind for ≈ {same_kind} of 24")

# %%
show(
    draw.words(dict(zip(people + animals, along, strict=True)), people),
    "Twenty-four words at their places along one line. The people gather at one end and the "
    "animals at the other, with a wide gap between them.",
)
lesson.claim("for at least 23 of 24 words the nearest is of the same kind", same_kind >= 23)

# %% [markdown]
# Who told the network which word is a person? Not the company that the words keep: each sentence has a twin in which person and animal change places. That leaves the labels, which say which *kind* acts. If they are the teacher, another
# question about the same sentences should leave no groups: *does the first-named act?*

# %%
_, other_reader, right = train_reader(~held_out, epochs=10, labels=first_acts)
_, same_kind = looked_up(other_reader)
print(f"the other question: right in ≈ {right[held_out].mean():.2f} of the test sentences")
print(f"the nearest word is of the same kind for ≈ {same_kind} of 24")

# %%
lesson.claim(
    "it answers in over 85 %, and the nearest is of the same kind for fewer than 21 words",
    right[held_out].mean() > 0.85 and same_kind < 21,
)

# %% [markdown]
# The same sentences, the same network (trained for 10 epochs; the other for 18), and no groups. By chance the nearest word would
# be of the same kind for 11 or 12 of 24, as 11 of the 23 other words are. This question does not ask what a goose is. An
# embedding learns what the task needs.
#
# ### Exercise: repair
#
# This reader was meant to answer yes or no for each sentence. Three things are wrong with it: there is no room in the table for the last word of the vocabulary, it answers after every word instead of once, and its output is not a probability between 0 and 1. Repair it for word numbers from
# 0 to 99, the numbers of `n_words = 100` words.


# %%
def repaired_reader():
    """Return a compiled model: numbers 0 to 99 in, (batch, any length); one probability out."""
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input(shape=(None,), dtype="int32"),
            layers.Embedding(100, 8, mask_zero=True),
            layers.LSTM(16, use_cudnn=False),  # cuDNN: NVIDIA's own code for graphics cards
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    ### STARTER
    # model = keras.Sequential(
    #     [
    #         keras.Input(shape=(None,), dtype="int32"),
    #         layers.Embedding(99, 8, mask_zero=True),
    #         layers.LSTM(16, return_sequences=True, use_cudnn=False),
    #         layers.Dense(1, activation="relu"),
    #     ]
    # )
    ### END SOLUTION
    model.compile(keras.optimizers.Adam(0.01), loss="binary_crossentropy")
    return model


# %%
lesson.check("repair", repaired_reader)
# lesson.hint("repair")

# %% [markdown]
# ## Where LSTMs stand today
#
# From about 2014 to 2018 LSTMs were *the* networks for language and speech. Google's translation system of 2016, GNMT, was made of LSTM layers, each reading the states of the one below: eight took in the sentence, and eight wrote the translation, with
# **attention** between them. Attention is a weighted look back at all the places of the input at once, with the weights computed from the contents, so that the last state need not hold the whole sentence.
#
# In 2017 came the **Transformer**. It keeps the attention and drops the recurrence: the words of a text are taken in all at once, no state is handed from word to word, and their places are told to the network separately. (A chat program still *writes* one word after the other.) So a Transformer is *not* a recurrent network, though it does the same
# work. It trains faster, because nothing has to wait for the step before, and far-apart words are one step away from each other. Translation in more than a hundred languages, speech recognition and chat programs are built on it today. LSTMs and GRUs live on where data come one step at a time and memory is small, as in sensors. Lesson 13 builds attention and a small Transformer.
#
# ## What people get wrong
#
# * **"A wrong answer means that the network has forgotten."** At gap 14 many of the SimpleRNN's answers were wrong, and a probe read the digit from its state.
# * **"An LSTM remembers everything."** It kept what the game asked for, and little else that a probe could read.
# * **"An LSTM remembers only by keeping its forget gates open."** With all of these at 0.7 ours still answered: it wrote the digit again at every step.
# * **"An LSTM does not suffer from vanishing gradients."** In the untrained one the first digit's influence vanished, too. Open gates *allow* it to last.
# * **"The forget gate at 1 forgets."** It keeps.
# * **"Google translates with LSTMs, into a hundred languages."** That was so for some years after 2016. GNMT, made of LSTMs,
#   began with a few languages and grew to about a hundred. Transformers have taken over, and they are not recurrent.
# * **"It was right on sentences it had never seen, so it knows grammar."** Without passives in the training it read nearly all of them the wrong way round.
#
# ## Takeaways
#
# * An LSTM carries a cell state beside its hidden state: $c_t = f c_{t-1} + i g$ and $h_t = o \tanh(c_t)$. Gates decide what to
#   keep, what to store and what to output.
# * It has $4 (n (n + m) + n)$ parameters for $n$ units and $m$ features; a GRU has about three quarters of that.
# * A gate at $f$ keeps $f^k$ over $k$ steps. A number that nothing refreshes needs gates that are almost fully open; a larger forget bias helps training to begin.
# * What a state holds and what the output makes of it are two things. A probe, with an untrained network beside it, tells them apart.
# * Where only the order of words decides, a bag of words is at chance. An embedding and a recurrent layer read in order. How far that carries depends on the training: hold out whole kinds, not only examples.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Keras's recurrent layers, with all their arguments: [keras.io/api/layers/recurrent_layers](https://keras.io/api/layers/recurrent_layers/).
# * Next lesson: *Learning without labels*, with a network that learns to say the same with fewer numbers.
# * Sepp Hochreiter and Jürgen Schmidhuber, "Long Short-Term Memory", *Neural Computation* 9 (1997); the forget gate came later: Felix Gers, Jürgen Schmidhuber and Fred Cummins, "Learning to Forget", *Neural Computation* 12 (2000).
# * Christopher Olah, "Understanding LSTM Networks" (2015), colah.github.io: the gates drawn step by step.
# * Kyunghyun Cho and others, "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation" (2014): the GRU.
# * Yonghui Wu and others, "Google's Neural Machine Translation System" (2016), and Ashish Vaswani and others, "Attention Is All You Need" (2017): the translator made of LSTMs, and what followed it.
