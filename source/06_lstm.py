# %% [markdown]
# # Networks that remember for long
#
# *115 minutes: 50 to read and run, 40 for 8 exercises, 25 for the 22 questions of the quiz. Builds on: recurrent networks (lesson 05), sigmoid and tanh (lesson 02).*
#
# "The dog chased the boy." "The boy chased the dog." The same five words, and two different stories. Whoever only
# counts words cannot tell them apart. A reader must keep track of who came before the verb, often across a whole
# sentence in between. The networks of the last lesson have a memory, but it fades at every step. This lesson builds
# a memory with doors on it: one to write, one to erase, one to read.
#
# **After this lesson you can**
#
# * write one step of an LSTM in NumPy, show that Keras computes the same, and count its parameters;
# * say what each of its three gates does, and set them by hand so that a number is kept for hundreds of steps;
# * measure how far back a network remembers, and what it has thrown away;
# * turn sentences into numbers and train a network that minds the order of words.

# %%
from courseware import open_lesson

lesson = open_lesson("06_lstm")

import keras
import numpy as np
from keras import layers

from courseware.data import sunspots, word_order
from courseware.lessons.lstm import drawings as draw
from courseware.drawing import show

# %% [markdown]
# The course comes with a small collection of such sentences, written for it: 378 pairs. In each pair a person and an animal change places.
# The question is always the same: **who acts, the person or the animal?**

# %%
sentences, acts = word_order()
print("sentences:", len(sentences), "  the person acts in", acts.sum())
for chosen in (10, 11, 28, 29):
    print(("animal acts: ", "person acts: ")[acts[chosen]], sentences[chosen])

# %% [markdown]
# By the end of the lesson a network will answer this for sentences it has never seen. First it needs a better memory.
#
# ## A game of memory
#
# Where an answer hangs on something that came much earlier, we speak of a **long-term dependency**. Here is the smallest game that
# needs one. You hear a row of digits, one by one. At the end you are asked: **which one was first?** All
# the digits in between are a distraction. Their number is the *gap*.
#
# Each digit goes in as ten numbers, nine zeros and a single 1 at the digit's place, so that no digit counts as larger than another.


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
# To teach the game we go from short to long, as a school would: five epochs at gap 4, five at gap 7, five at gap 10. Then comes the test, with new
# rows of digits, at these gaps and at longer ones that the network was never trained on. Nothing new is asked there. It just has to hold on for longer.

# %%
### SOURCE courseware.lessons.lstm.models.build_recall

# %%
TRAINED, TESTED = (4, 7, 10), (4, 7, 10, 14, 20, 28, 40, 80, 160)


def train_recall(cell):
    keras.utils.set_random_seed(lesson.seed)
    rng = np.random.default_rng(lesson.seed)
    model = build_recall(cell, n_symbols=10)
    for gap in TRAINED:
        x, y = game(rng, n=2000, gap=gap)
        model.fit(x, y, epochs=5, batch_size=64, verbose=0, callbacks=[lesson.live()])
    return model


def recall_by_gap(model):
    rng = np.random.default_rng(lesson.seed + 1000)  # other rows than in training
    tests = [game(rng, n=500, gap=gap) for gap in TESTED]
    return np.array([model.evaluate(x, y, batch_size=500, verbose=0)[1] for x, y in tests])


# %% [markdown]
# (`sparse_categorical_crossentropy` is the cross-entropy of lesson 02 for labels that are given as whole numbers.)
#
# **Before you run it, guess:** the plain recurrent network is trained up to gap 10. How often is it right at gap 20?

# %%
lesson.guess(
    "rnn_gap_20", "in less than half of the rows", "in about two of three", "in nine of ten"
)

# %%
rnn = train_recall(layers.SimpleRNN)
curves = {"SimpleRNN": recall_by_gap(rnn)}
at = dict(zip(TESTED, curves["SimpleRNN"], strict=True))
beyond = np.array(TESTED) >= 20
far_rnn = curves["SimpleRNN"][beyond].mean()
print(f"gap 10 ≈ {at[10]:.2f}, gap 20 ≈ {at[20]:.2f}, mean from gap 20 on ≈ {far_rnn:.2f}")

# %%
show(
    draw.recall(TESTED, curves, TRAINED, chance=0.1),
    "Share of right answers against the gap. The curve of the SimpleRNN is at the top for a gap "
    "of ten, where training ended, and falls steeply towards chance for longer gaps.",
)
lesson.claim("at gap 10 the SimpleRNN is right in at least nine of ten cases", at[10] > 0.9)
lesson.claim("at gap 20 it fails in more than half of them", at[20] < 0.5, guess="rnn_gap_20")
worst_rnn = curves["SimpleRNN"][beyond].min()
lesson.claim("at its worst gap it is right in less than three of ten", worst_rnn < 0.3)

# %% [markdown]
# At gap 10 it is nearly perfect. At gap 20 it is wrong most of the time. So it has not learned "keep the first digit". It has learned to have it
# ready *ten steps later*, like a runner who knows the track of one stadium. At a few longer gaps it may be right more often than chance, perhaps because its state turns
# like the hand of a clock and sometimes points the right way again.
#
# ## A belt with gates
#
# What goes wrong? At each step the SimpleRNN makes a whole new state: old state times weights, plus the input, through tanh. Nothing is ever
# left alone. To keep a number for 100 steps it has to be rewritten correctly 100 times.
#
# The **LSTM** (long short-term memory, 1997) changes that. Beside the hidden state $h$ it carries a second list of numbers, the **cell state** $c$. Think of it as a
# conveyor belt that runs through all the steps. By default, what lies on it is simply carried on. What may happen to it is decided by **gates**. A gate is a
# number between 0 (shut) and 1 (open) that something is multiplied by:
#
# $$c_t = f \cdot c_{t-1} + i \cdot g$$
#
# * $f$, the **forget gate**: how much of the old cell state stays. 1 keeps everything, 0 wipes it out. (The name is the wrong way round: open means *keep*.)
# * $g$, the **candidate**: what could be stored in this step.
# * $i$, the **input gate**: how much of the candidate really is stored.
#
# Each number on the belt has its own gates, and they are computed anew at each step. On paper, with one number:

# %%
c = 0.0
story = [("store", 0.0, 1.0, 0.8), ("hold", 1.0, 0.0, -0.5), ("hold", 1.0, 0.0, 0.9)]
story += [("fade", 0.5, 0.0, 0.3), ("add", 1.0, 1.0, 0.2), ("wipe", 0.0, 0.0, 0.7)]
for name, f, i, g in story:
    c = f * c + i * g
    print(f"{name:5}  f = {f}  i = {i}  candidate = {g:4}  ->  c = {c:.2f}")

# %% [markdown]
# In the two "hold" steps candidates of -0.5 and 0.9 come along, and the 0.8 on the belt is not touched at all. That is what a SimpleRNN cannot do.
#
# ### Exercise: new_cell
#
# Write that line. The arguments may be numbers or arrays.


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
    "some fifteen, at 0.9 after about forty. At 0.99 more than half is left after sixty steps.",
)

# %% [markdown]
# With 0.9 one part in seventy is left, with 0.99 two thirds. A memory for long needs gates that are open almost all the way.
#
# ### Exercise: gate_for
#
# Turn it round: at which value must the forget gate stand so that **half** of the memory is left after `steps` steps?


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
# Where do the gates come from? Each is a small dense layer of its own. It looks at the new input $x$ and the old hidden state $h$, takes a weighted sum, and squeezes it between 0 and 1 by a
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
# So the gates decide what to forget ($f$), what to store ($i$) and what to output ($o$). On the belt itself there is no weight and no tanh: just a product and a sum.
#
# Keras lays the four sets of weights side by side in one array, in the order $i$, $f$, $g$, $o$. With `units` units, `np.split(z, 4, axis=1)` cuts the weighted sums into the four parts.
#
# ### Exercise: lstm_step
#
# Write the step for whole arrays: `x` of shape (batch, features), `h` and `c` of shape (batch, units), `kernel` (features, 4 units), `recurrent` (units, 4 units), `bias`
# (4 units,). Return the new `h` and the new `c`. A `sigmoid` is given.


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
# Our own version runs through a whole sequence, and keeps the hidden state and the forget gates of every step, because we want to look at them later. It gets
# the very weights that a Keras layer has drawn.


# %%
def lstm_by_hand(x, kernel, recurrent, bias):
    """Return hidden states and forget gates, both of shape (time, batch, units)."""
    h = c = np.zeros((len(x), len(bias) // 4))
    states, gates = [], []
    for t in range(x.shape[1]):
        i, f, g, o = np.split(x[:, t] @ kernel + h @ recurrent + bias, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        states.append(h)
        gates.append(sigmoid(f))
    return np.array(states), np.array(gates)


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
lesson.claim("our step, repeated, computes what Keras computes", difference < 1e-5)

# %% [markdown]
# The shapes are those of lesson 05, only four times as wide.
#
# ### Exercise: lstm_parameters
#
# Count them. An LSTM has `n` units and reads `m` features at each step. Each gate and the candidate are a dense layer that sees $m$ inputs and $n$ old states. (Check: the layer above, with 5 units and 3
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
# ### Exercise: latch
#
# A goal to reach, and the best way to understand gates: **no training, you set the weights yourself.** One LSTM unit reads two numbers at each step, a *value* between -1 and 1 and a
# *mark*. The mark is 1 in exactly one step, and 0 in all others. The unit must store the value that comes with the mark, and hold it. 200 steps later
# the output must still have the sign of that value and at least half its size, whatever values have come by.
#
# Weights of about 10 or -10 slam a gate open or shut, since the sigmoid of 10 is 0.99995. The order of the columns is $i$, $f$, $g$, $o$. The weights from the old hidden
# state are all 0 here, so only these two arrays count.


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
# ## The game again
#
# Now an LSTM plays the game of memory: same number of units, same digits, same epochs. A second newcomer plays too. The **GRU** (gated recurrent unit, 2014) is a
# smaller relative: it has two gates, no separate cell state, and one gate $z$ that does two jobs. It keeps $z$ of the old state and fills the other $1 - z$ with the candidate.
#
# **Before you run it, guess:** trained up to gap 10, how often will the LSTM be right at gap 40?

# %%
lesson.guess(
    "lstm_gap_40",
    "about one time in ten",
    "about half of the time",
    "more than three times in four",
)

# %%
lstm, gru = train_recall(layers.LSTM), train_recall(layers.GRU)
curves |= {"LSTM": recall_by_gap(lstm), "GRU": recall_by_gap(gru)}
far_lstm, far_gru = curves["LSTM"][beyond].mean(), curves["GRU"][beyond].mean()
print(f"mean from gap 20 on: SimpleRNN ≈ {far_rnn:.2f}, LSTM ≈ {far_lstm:.2f}, GRU ≈ {far_gru:.2f}")

# %%
show(
    draw.recall(TESTED, curves, TRAINED, chance=0.1),
    "The same picture with two more curves. The LSTM stays at or near the top at all gaps. The "
    "GRU stays there up to a gap of about twenty and then declines slowly. The SimpleRNN falls "
    "to the neighbourhood of chance right after the gaps it was trained on.",
)
lesson.claim("at gap 10 all three are right", all(c[2] > 0.9 for c in curves.values()))
worst_lstm = curves["LSTM"][beyond].min()
lesson.claim(
    "even at its worst gap the LSTM is right in three of four cases",
    worst_lstm > 0.75,
    guess="lstm_gap_40",
)
lesson.claim("from gap 20 on it beats the SimpleRNN by far on average", far_lstm > far_rnn + 0.3)
lesson.claim("the GRU beats the SimpleRNN there, too", far_gru > far_rnn + 0.1)

# %% [markdown]
# At gap 10 nobody could have told them apart. The difference shows where the memory is asked for more than it was trained for: the LSTM has learned to *hold*, and holding works for
# any length. This is what "long-term" in its name means.
#
# The price is size. Three parts with $n (n + m)$ weights each in the GRU, four in the LSTM, one in the SimpleRNN:

# %%
for name, model in {"SimpleRNN": rnn, "GRU": gru, "LSTM": lstm}.items():
    print(f"{name}: {model.layers[0].count_params()} parameters in the recurrent layer")

# %% [markdown]
# (The GRU has $3 (n (n + m) + 2 n)$: Keras gives it two biases for each unit and part.)
#
# A fair word about the SimpleRNN: this is no proof that it can never hold a digit. Trained in other ways it may learn to jam its units at -1 or 1 like switches. It has to find such a trick; the LSTM has
# the means to hold built in.
#
# ## Follow the gradient
#
# In lesson 05 you measured influence: nudge an input, and see how much changes later. Let us nudge the first digit, and follow the change in the hidden state over 60 steps. First in fresh, untrained networks.
#
# **Before you run it, guess:** in the untrained networks, which one still has a tenth or more of the first digit's influence after 40 steps?

# %%
lesson.guess("untrained_influence", "only the SimpleRNN", "only the LSTM", "both", "neither")


# %%
def rnn_by_hand(x, w_x, w_h, b):
    h, states = np.zeros((len(x), len(b))), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ w_x + h @ w_h + b)
        states.append(h)
    return np.array(states), None


def influence(run, weights, x, nudge=1e-5):
    """Return how much the state at each step changes per change of the first digit (median)."""
    weights, total = [w.astype("float64") for w in weights], 0.0
    for place in range(x.shape[2]):
        change = np.zeros(x.shape)
        change[:, 0, place] = nudge
        up, down = run(x + change, *weights)[0], run(x - change, *weights)[0]
        total = total + np.sum(((up - down) / (2 * nudge)) ** 2, axis=-1)
    return np.median(np.sqrt(total), axis=1)  # the typical row


probe, _ = game(np.random.default_rng(lesson.seed + 1), n=50, gap=60)

# %%
keras.utils.set_random_seed(lesson.seed)
fresh_rnn = build_recall(layers.SimpleRNN, n_symbols=10).get_weights()[:3]
fresh_lstm = build_recall(layers.LSTM, n_symbols=10).get_weights()[:3]
open_lstm = [weight.copy() for weight in fresh_lstm]
open_lstm[2][16:32] = 5.0  # the bias of the 16 forget gates; Keras starts them at 1

untrained = {
    "SimpleRNN": influence(rnn_by_hand, fresh_rnn, probe),
    "LSTM": influence(lstm_by_hand, fresh_lstm, probe),
    "LSTM, gates open": influence(lstm_by_hand, open_lstm, probe),
}
trained = {
    "SimpleRNN": influence(rnn_by_hand, rnn.get_weights()[:3], probe),
    "LSTM": influence(lstm_by_hand, lstm.get_weights()[:3], probe),
}

left = {name: values[40] / values[0] for name, values in untrained.items()}
print("after 40 steps, as multiples of the start:")
print(", ".join(f"{name} ≈ {share:.4f}" for name, share in left.items()))
before = untrained["SimpleRNN"][5] / untrained["SimpleRNN"][0]
after = trained["SimpleRNN"][5] / trained["SimpleRNN"][0]
print(f"SimpleRNN after 5 steps: untrained ≈ {before:.2f}, trained ≈ {after:.2f}")

# %%
show(
    draw.influence({"untrained": untrained, "trained on the game": trained}),
    "Two panels on a logarithmic scale. Untrained, the SimpleRNN and the LSTM both fall in a "
    "straight line by several powers of ten; the LSTM with its forget gates held open stays "
    "almost level. Trained, the curve of the SimpleRNN rises above its start before it falls; "
    "that of the LSTM declines from about the tenth step on.",
)
lesson.claim("untrained, the SimpleRNN has lost 95 % after 40 steps", left["SimpleRNN"] < 0.05)
lesson.claim("so has the untrained LSTM", left["LSTM"] < 0.05, guess="untrained_influence")
lesson.claim("with its forget gates open it has kept a third", left["LSTM, gates open"] > 0.33)
lesson.claim("training has more than doubled what is left after 5 steps", after > 2 * before)
peak = trained["SimpleRNN"].max() / trained["SimpleRNN"][0]
lesson.claim("the trained SimpleRNN's influence even rises above its start", peak > 1.2)
last = trained["LSTM"][60] / trained["LSTM"][0]
lesson.claim("in the trained LSTM a tiny nudge has nearly died away after 60 steps", last < 0.2)

# %% [markdown]
# Three surprises.
#
# **An untrained LSTM forgets just as fast as a SimpleRNN.** Keras starts the forget gates with a bias of 1, and the sigmoid of 1 is 0.73. You saw what becomes of $0.73^{40}$. The gates keep nothing by themselves; they
# *can* be opened, and training has to do it. With the bias at 5 they stand at 0.993, and the influence stays. (It even grows a little, by a side path: the hidden state feeds the gates and candidates of later steps.)
#
# **The trained SimpleRNN first swells.** To get the digit across ten steps, training has pushed the factor per step above 1, as far as tanh lets it. That is its whole choice: with a factor below 1 the gradient vanishes, and with one above 1 it may
# explode over a long sequence. On the LSTM's belt the factor is a gate. It can stand at nearly 1 for as long as needed, and never above.
#
# **The trained LSTM shrugs off a tiny nudge, and yet knows the digit.** It was right at gap 40, remember. It holds the digit like a switch that has clicked into place: a *tiny* push does not move it, and that is just what makes it safe against
# the distraction. Influence says what training can still change. How well something is remembered, only the game itself says.
#
# Did training open the gates?

# %%
_, gates_before = lstm_by_hand(probe, *fresh_lstm)
_, gates_after = lstm_by_hand(probe, *lstm.get_weights()[:3])
print(f"mean forget gate: before ≈ {gates_before.mean():.2f}, after ≈ {gates_after.mean():.2f}")

# %%
lesson.claim("before training the gates stand near 0.73", abs(gates_before.mean() - 0.73) < 0.05)
lesson.claim("after training they stand above 0.8 on average", gates_after.mean() > 0.8)

# %% [markdown]
# It did. This also says why we taught from short to long: with gates at 0.73 nothing of the first digit survives a gap of 40, so at first there is nothing to learn from. What if the gates are opened *before*
# training? Gap 40 from the start, no school, and only the first five epochs:

# %%
x_40, y_40 = game(np.random.default_rng(lesson.seed), n=2000, gap=40)
histories = {}
for bias in (1, 5):
    keras.utils.set_random_seed(lesson.seed)
    model = build_recall(layers.LSTM, n_symbols=10)
    weights = model.get_weights()
    weights[2][16:32] = bias  # the 16 biases of the forget gates
    model.set_weights(weights)
    history = model.fit(x_40, y_40, epochs=5, batch_size=64, verbose=0)
    histories[f"forget gates start at bias {bias}"] = history.history["accuracy"]
show(
    draw.learning(histories, chance=0.1),
    "Two curves over five epochs. With a bias of 1 the accuracy stays near chance. With a bias "
    "of 5 it lies above from the first epochs on and rises.",
)
closed, opened = (np.mean(values) for values in histories.values())
print(f"mean over five epochs: bias 1 ≈ {closed:.2f}, bias 5 ≈ {opened:.2f}")

# %%
lesson.claim("with a bias of 1 the first epochs are hardly better than chance", closed < 0.17)
lesson.claim(
    "open gates gain at least twice as much over chance", opened - 0.1 > 2 * (closed - 0.1)
)

# %% [markdown]
# The same network, the same data, one number changed at the start, and learning begins at once. It *begins* sooner, which is all we claim: given more epochs the other one may find the way, too, and even overtake.
#
# ## What it does not keep
#
# "An LSTM remembers everything" is said often. Test it: after a row of 21 digits, what does the state of our trained LSTM still hold? We take the last hidden state of many rows, and let a simple classifier (scikit-learn's
# `LogisticRegression`, one softmax layer) try to read back the digit at the first place, at the second, and so on.
#
# **Before you run it, guess:** how often can the digit in the middle be read back?

# %%
lesson.guess("middle_digit", "about one time in ten", "about half of the time", "nearly always")

# %%
from sklearn.linear_model import LogisticRegression

rows, _ = game(np.random.default_rng(lesson.seed + 2), n=1500, gap=20)
final = lstm_by_hand(rows, *lstm.get_weights()[:3])[0][-1]
readable = {}
for place in (0, 1, 2, 5, 10, 15, 18, 19, 20):
    digit = rows[:, place].argmax(axis=1)
    reader = LogisticRegression(max_iter=300).fit(final[:1000], digit[:1000])
    readable[place] = reader.score(final[1000:], digit[1000:])
print(f"first place ≈ {readable[0]:.2f}, middle ≈ {readable[10]:.2f}")

# %%
show(
    draw.positions(readable, chance=0.1),
    "One bar for each place examined. The bar of the first place reaches the top. All others "
    "lie close to the dashed line of chance.",
)
lesson.claim("the first digit can be read back", readable[0] > 0.9)
middle = np.mean([readable[place] for place in (5, 10, 15)])
lesson.claim("of the middle next to nothing is left", middle < 0.2, guess="middle_digit")

# %% [markdown]
# The first digit is there, and the rest is gone. The memory is **lossy**: sixteen numbers cannot hold everything, and training keeps what the task asks for. That is its strength, too.
# Forgetting the distraction is half of the game.
#
# ## Back to the Sun
#
# Better memory, better forecasts? In lesson 05 a SimpleRNN was about as good as a weighted sum of the last years. Here is an LSTM of 50 units on the same sunspots, tested on the same years, from 1916 on. Its rival weighs the last nine years. (The validation years of lesson 05 chose two. On these test years nine do better, so this rival is the stronger one.)

# %%
### SOURCE courseware.lessons.lstm.models.build_lstm_forecaster

# %%
_, counts = sunspots()
first_test, length = 216, 24
scaled = (counts - counts[:first_test].mean()) / counts[:first_test].std()
cut = np.lib.stride_tricks.sliding_window_view(scaled, length + 1)
windows, following = cut[:, :-1, None], cut[:, -1]
early = np.arange(length, len(scaled)) < first_test


def last_nine(x):
    return np.column_stack([np.ones(len(x)), x[:, -9:, 0]])


nine, *_ = np.linalg.lstsq(last_nine(windows[early]), following[early])
mse_last = np.mean((windows[~early][:, -1, 0] - following[~early]) ** 2)
mse_nine = np.mean((last_nine(windows[~early]) @ nine - following[~early]) ** 2)
print("training windows:", early.sum(), "  test windows:", (~early).sum())
print(f"persistence ≈ {mse_last:.2f}, autoregression ≈ {mse_nine:.2f}")

# %%
lesson.claim("autoregression is far ahead of persistence", mse_nine < 0.5 * mse_last)

# %% [markdown]
# The model has 10,451 parameters, and there are 192 training windows. We train for 20 epochs and test, and then for 60 more.
#
# **Before you run it, guess:** what do the 60 further epochs do to the error on the test years?

# %%
lesson.guess("longer_training", "they lower it", "they hardly change it", "they raise it")

# %%
keras.utils.set_random_seed(lesson.seed)
forecaster = build_lstm_forecaster()
test_errors, train_errors = [], []
for epochs in (20, 60):
    x, y = windows[early], following[early]
    forecaster.fit(x, y, epochs=epochs, batch_size=16, verbose=0, callbacks=[lesson.live()])
    train_errors.append(forecaster.evaluate(windows[early], following[early], verbose=0))
    test_errors.append(forecaster.evaluate(windows[~early], following[~early], verbose=0))

# %%
results = {"persistence": mse_last, "autoregression": mse_nine}
results |= {"LSTM, 20 epochs": test_errors[0], "LSTM, 80 epochs": test_errors[1]}
show(
    draw.bars(results, "Sunspots, one year ahead", "mean squared error on the test years"),
    "Four bars of error. Persistence is the longest. Autoregression and the LSTM after 20 epochs "
    "are about equal and short. The LSTM after 80 epochs is longer again.",
)
lesson.claim("the LSTM beats persistence clearly", test_errors[0] < 0.65 * mse_last)
lesson.claim("it is not clearly better than nine weights", test_errors[0] > 0.85 * mse_nine)
lesson.claim("more training lowers the training error", train_errors[1] < 0.8 * train_errors[0])
lesson.claim(
    "and makes the forecasts worse", test_errors[1] > 1.15 * test_errors[0], guess="longer_training"
)

# %% [markdown]
# After 20 epochs it is level with the nine weights, not ahead. After 80 it knows the training years better and the test years worse: it has begun to learn the past by heart. A longer memory does not help where there is no long-term dependency to
# remember and little to learn from. (Lesson 09 is about this trouble.) Where the LSTM did change things was language.
#
# ## Words as numbers
#
# Back to the pairs of sentences. A network needs numbers, so each word gets one: the list of all words with their numbers is the **vocabulary**. Number 0 is reserved for *padding*: short sentences are filled up with zeros in front, so
# that all rows have the same length. Number 1 stands for any unknown word.
#
# First the split. The two sentences of a pair must stay on the same side: a quarter of the *pairs* is put aside for testing. And the vocabulary is made from the training sentences only.


# %%
def words_of(sentence):
    return sentence.lower().replace(",", "").replace(".", "").split()


pair_order = np.random.default_rng(lesson.seed).permutation(len(sentences) // 2)
is_test = np.isin(np.arange(len(sentences)) // 2, pair_order[:95])
known = sorted({word for n in np.flatnonzero(~is_test) for word in words_of(sentences[n])})
vocabulary = {word: number for number, word in enumerate(known, start=2)}
longest = max(len(words_of(sentence)) for sentence in sentences)
print("training sentences:", (~is_test).sum(), "  test sentences:", is_test.sum())
print("words in the longest sentence:", longest)
print(words_of("In the end, the fox sat down."))

# %% [markdown]
# ### Exercise: encode
#
# Write the translation: a list of words into a list of exactly `length` numbers. Unknown words become 1. Fill up with zeros **in front**, so that the end of the sentence is what the network reads last.


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
# ## Counting words is not enough
#
# The classical baseline for text counts: how often does each word of the vocabulary occur? Order is thrown away, as if the words were poured into a bag. It is called a **bag of words**, and for many tasks, such as telling praise from complaint, it is hard to beat.
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
# We train a logistic regression on such counts. Then we let it count pairs of *neighbouring* words as well ("chased the", "by the"), which saves a little of the order.
#
# **Before you run it, guess:** how often is the bag of words right on the test pairs?

# %%
lesson.guess(
    "bag_of_words", "about 50 % of the time", "about 75 % of the time", "about 95 % of the time"
)

# %%
from sklearn.feature_extraction.text import CountVectorizer

train_text = [sentences[n] for n in np.flatnonzero(~is_test)]
test_text = [sentences[n] for n in np.flatnonzero(is_test)]
accuracy = {}
for name, upto in {"bag of words": 1, "bag with neighbouring pairs": 2}.items():
    counter = CountVectorizer(ngram_range=(1, upto))
    bag = LogisticRegression(max_iter=2000).fit(counter.fit_transform(train_text), acts[~is_test])
    accuracy[name] = bag.score(counter.transform(test_text), acts[is_test])
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
lesson.claim("neighbours help", accuracy["bag with neighbouring pairs"] > 0.6)

# %% [markdown]
# Exactly half, and it could not be otherwise. Both sentences of a pair give the same counts, hence the same answer, and that is right for one of them. No training and no larger model
# can change that: what is not in the input cannot be learned. With neighbours some of the order is back, and some of the answers.
#
# ## A reader that minds the order
#
# The numbers of the vocabulary are only names: word 17 is not "more" than word 16. So the first layer of the network gives each word a short list of numbers of its own, to be learned like any other weights. This is an **embedding**. It is just a table: row
# 17 is looked up for word 17. Words that act alike in the task can come to lie close together.

# %%
### SOURCE courseware.lessons.lstm.models.build_reader

# %% [markdown]
# `mask_zero=True` tells the following layers to skip the padding. The embedding has 16 numbers for each word, the LSTM reads them one word at a time, and the sigmoid unit gives the belief that the person acts.
#
# **Before you run it, guess:** 566 training sentences, none of the test sentences among them. How many percent of the test sentences will it get right?

# %%
lesson.guess("reader_right", "about 50 %", "about 75 %", "over 85 %")


# %%
def table(chosen):
    rows = []
    for sentence in chosen:
        numbers = [vocabulary.get(word, 1) for word in words_of(sentence)]
        rows.append([0] * (longest - len(numbers)) + numbers)
    return np.array(rows, dtype="int32")


keras.utils.set_random_seed(lesson.seed)
reader = build_reader(n_words=len(vocabulary) + 2)
live = [lesson.live()]
reader.fit(table(train_text), acts[~is_test], epochs=25, batch_size=32, verbose=0, callbacks=live)
accuracy["embedding + LSTM"] = reader.evaluate(table(test_text), acts[is_test], verbose=0)[1]
print(f"embedding + LSTM ≈ {accuracy['embedding + LSTM']:.2f}")

# %%
show(
    draw.bars(accuracy, "Who acts?", "share of test sentences answered correctly", ("chance", 0.5)),
    "Three bars. The bag of words ends at the dashed line of chance, the bag with neighbouring "
    "pairs clearly beyond it, and the LSTM near the right end.",
)
lesson.claim(
    "the LSTM is nearly always right", accuracy["embedding + LSTM"] > 0.85, guess="reader_right"
)
lesson.claim(
    "it is well ahead of both bags",
    accuracy["embedding + LSTM"] > max(0.5, accuracy["bag with neighbouring pairs"]) + 0.05,
)

# %% [markdown]
# The network has worked out the rule from examples: mostly the first-named acts, but "was ... by" turns it round, and so does "the dog the teacher amused". Nobody told it what a passive is.
#
# What has the embedding learned? Each word is 16 numbers now, too many to draw. So we look along the one direction in which the persons and animals differ most among each other (lesson 07 explains how it is found), and mark each word's place on it.

# %%
people = "boy girl farmer baker teacher nurse sailor doctor painter gardener hunter driver".split()
animals = "dog cat goat horse cow donkey goose pig sheep fox bear parrot".split()
embedding = reader.layers[0].get_weights()[0]
vectors = np.array([embedding[vocabulary[word]] for word in people + animals])
centred = vectors - vectors.mean(axis=0)
along = centred @ np.linalg.svd(centred)[2][0]  # each word's place on the main direction
show(
    draw.words(dict(zip(people + animals, along, strict=True)), people),
    "Twenty-four words at their places along one line. The people gather at one end and the "
    "animals at the other, with a wide gap between them.",
)
is_person = np.arange(24) < 12
gap_between = abs(along[is_person].mean() - along[~is_person].mean())
spread_within = max(along[is_person].std(), along[~is_person].std())
print(f"distance of the groups ≈ {gap_between:.1f}, spread within ≈ {spread_within:.1f}")

# %%
lesson.claim(
    "the groups lie further apart than three times their spread", gap_between > 3 * spread_within
)

# %% [markdown]
# Nobody told the network that "baker" and "nurse" have something in common. They do the same work in the sentences, so they came to lie together.
#
# An honest last check: is it the *LSTM* that matters here, or would any network do that reads in order?

# %%
keras.utils.set_random_seed(lesson.seed)
plain = keras.Sequential(
    [
        keras.Input(shape=(None,), dtype="int32"),
        layers.Embedding(len(vocabulary) + 2, 16, mask_zero=True),
        layers.SimpleRNN(24),
        layers.Dense(1, activation="sigmoid"),
    ]
)
plain.compile(
    keras.optimizers.Adam(0.01),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
plain.fit(table(train_text), acts[~is_test], epochs=25, batch_size=32, verbose=0, callbacks=live)
accuracy["embedding + SimpleRNN"] = plain.evaluate(table(test_text), acts[is_test], verbose=0)[1]
print(f"embedding + SimpleRNN ≈ {accuracy['embedding + SimpleRNN']:.2f}")

# %%
lesson.claim("reading in order is what counts", accuracy["embedding + SimpleRNN"] > 0.8)

# %% [markdown]
# Our sentences have at most thirteen words, and over such a distance a SimpleRNN serves as well. What beats the bag is *reading in order*; what beats the SimpleRNN is *distance*, as the game of memory showed.
#
# ### Exercise: repair
#
# This reader was meant to answer yes or no for each sentence. Three things are wrong with it: there is no room in the table for the last word of the vocabulary, it answers after every word instead of once, and its output is not a belief between 0 and 1. Repair it for word numbers from
# 0 to 99, the numbers of `n_words = 100` words.


# %%
def repaired_reader():
    """Return a compiled model: word numbers 0 to 99 in, (batch, any length); one belief out."""
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input(shape=(None,), dtype="int32"),
            layers.Embedding(100, 8, mask_zero=True),
            layers.LSTM(16),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    ### STARTER
    # model = keras.Sequential(
    #     [
    #         keras.Input(shape=(None,), dtype="int32"),
    #         layers.Embedding(99, 8, mask_zero=True),
    #         layers.LSTM(16, return_sequences=True),
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
# From about 2014 to 2018 LSTMs were *the* networks for language and speech. They wrote down what people said to their phones, and they translated. Google's translation system of 2016, GNMT, was a stack of LSTMs: eight layers that read the sentence and eight that wrote the translation, with
# **attention** between them. Attention is a weighted look back at all the places of the input at once, with the weights computed from the contents, so that not everything has to be squeezed through one last state.
#
# In 2017 came the **Transformer**. It keeps the attention and drops the recurrence: all words are taken in at once, no state is handed from word to word, and the order is told to the network as an extra input, with each word. So a Transformer is *not* a recurrent network, though it does the same kind of
# work. It trains faster, because nothing has to wait for the step before, and far-apart words are one step away from each other. Translation in a hundred and more languages, speech recognition and the chat programs are built on it today, mostly or entirely. LSTMs and GRUs live on where data come one step at a time and memory is small: in
# sensors, in small devices, in short time series. New recurrent networks are being built again as well, because attention gets expensive on very long inputs.
#
# ## What people get wrong
#
# * **"An LSTM remembers everything."** Its memory is lossy. After 21 digits only the one it was asked for could be read back.
# * **"An LSTM does not suffer from vanishing gradients."** The untrained one faded like the SimpleRNN. The gates *allow* the memory to last, and training has to open them.
# * **"The forget gate at 1 forgets."** It keeps. At 0 it wipes.
# * **"A Transformer is a kind of recurrent network."** It has no recurrence: no state is carried from step to step.
# * **"Google translates with LSTMs, into a hundred languages."** GNMT in 2016 was a stack of LSTMs. Transformers have taken over since.
# * **"More memory gives better forecasts."** On 192 windows of sunspots nine weights were as good.
# * **"A larger model would rescue the bag of words."** The order is not in its input. Nothing can bring it back.
#
# ## Takeaways
#
# * An LSTM carries a cell state beside its hidden state: $c_t = f c_{t-1} + i g$ and $h_t = o \tanh(c_t)$. Gates decide what to forget, what to store and what to output.
# * It has $4 (n (n + m) + n)$ parameters for $n$ units and $m$ features; a GRU has about three quarters of that.
# * A gate at $f$ keeps $f^k$ over $k$ steps. Long memories need gates that are almost fully open: teach from short to long, or start with a larger forget bias.
# * Where only the order of words decides, a bag of words is at chance. An embedding and a recurrent layer read in order.
# * Keep the baselines in the picture: short series and short sentences do not need an LSTM.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Next lesson: *Learning without labels*, with a network that learns to say the same with fewer numbers.
# * Sepp Hochreiter and Jürgen Schmidhuber, "Long Short-Term Memory", *Neural Computation* 9 (1997); the forget gate came later: Felix Gers, Jürgen Schmidhuber and Fred Cummins, "Learning to Forget", *Neural Computation* 12 (2000).
# * Christopher Olah, "Understanding LSTM Networks" (2015), colah.github.io: the gates drawn step by step.
# * Kyunghyun Cho and others, "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation" (2014): the GRU.
# * Yonghui Wu and others, "Google's Neural Machine Translation System" (2016), and Ashish Vaswani and others, "Attention Is All You Need" (2017): the stack of LSTMs, and what followed it.
