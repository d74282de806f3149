# %% [markdown]
# # Cost, deployment and applications
#
# *140 minutes: 70 to read and run, 40 for 8 exercises, 30 for the 28 questions of the quiz. Builds on: lesson 03 (feedforward networks), lesson 04 (convolution), lesson 06 (embeddings), lesson 11 (what the way back
# keeps). The last lesson of the course.*
#
# A network that works in a notebook is half the job. Somebody has to pay for it, fit it into a phone, start it at night when nobody is
# looking, and answer for what it does to people. Each of these begins with a number that you can work out on paper and then measure.
#
# **After this lesson you can**
#
# * work out what a network costs, in parameters, multiply-adds and bytes, and check it;
# * say what makes an answer fast, and make your own code a hundred times faster;
# * shrink a network to a tenth of its bytes, and show what that did to its accuracy;
# * save a network and let another program ask it;
# * build a recommender from nothing but "who took what", and hold it against honest baselines;
# * find the group that a good average hides, and say what helps and what hardly does.

# %%
from courseware import open_lesson

lesson = open_lesson("12_in_practice")

import json
import pathlib
import subprocess
import sys
import tempfile
import time
import tracemalloc
import warnings
import zipfile

import keras
import numpy as np
from keras import layers
from sklearn.model_selection import train_test_split

from courseware.data import digits, tastes
from courseware.lessons.in_practice import drawings as draw
from courseware.drawing import show

# %% [markdown]
# The digits again, 8 by 8 pixels. This time the pixels stay as the scanner gives them, 0 for paper to 16 for ink. Nobody who
# sends a picture to your network will standardize it first, so the scaling is a layer of the network itself.

# %%
images, numerals = digits("small")
pixels = (16 * images).reshape(len(images), 64)
x_train, x_test, y_train, y_test = train_test_split(
    pixels, numerals, test_size=500, random_state=lesson.seed, stratify=numerals
)
print("training set:", x_train.shape, " test set:", x_test.shape)
print("smallest and largest pixel:", x_train.min(), x_train.max())

# %%
### SOURCE courseware.lessons.in_practice.models.build_digit_network

# %% [markdown]
# Train it. Then throw away every second weight: those closest to zero are set to zero, with no training afterwards.
#
# **Before you run it, guess:** the test accuracy is about 0.97. What is it with half of the weights gone?

# %%
lesson.guess("half_gone", "about 0.1", "about 0.6", "about 0.95")


# %%
def zero_small(weights, share):
    """Set the given share of all weights, those closest to zero, to zero; biases stay."""
    tables = [np.abs(w).ravel() for w in weights if w.ndim == 2]
    limit = np.quantile(np.concatenate(tables), share)
    return [np.where(np.abs(w) <= limit, 0, w) if w.ndim == 2 else w for w in weights]


def accuracy_of(weights, x=x_test, y=y_test):
    network.set_weights(weights)
    return np.mean(network.predict(x, batch_size=500, verbose=0).argmax(axis=1) == y)


keras.utils.set_random_seed(lesson.seed)
network = build_digit_network()
network.fit(x_train, y_train, epochs=15, verbose=0, callbacks=[lesson.live()])
full = network.get_weights()
halved = zero_small(full, 0.5)
full_right, halved_right = accuracy_of(full), accuracy_of(halved)
print(f"test accuracy: all weights ≈ {full_right:.3f}, half of them zero ≈ {halved_right:.3f}")

# %%
show(
    draw.tables({"all weights": full[2], "every second one is zero": halved[2]}),
    "The weights between the hidden layers as two pictures of 256 by 256 dots. Left: fine purple "
    "and orange grain all over. Right: the same, with every second dot white.",
)
lesson.claim("the network reads more than 93 % of the test digits", full_right > 0.93)
lesson.claim(
    "without half of its weights it loses under 5 points",
    halved_right > full_right - 0.05,
    guess="half_gone",
)

# %% [markdown]
# Half of the network was hardly needed. Every white dot is a number that nobody has to store, if you store it cleverly. How cleverly, and how
# far you can go, is one part of this lesson. First, what does a network cost at all?
#
# ## What a network costs
#
# Two counts say most. The first you know: the parameters. They decide how much room the network takes. The second decides how long an
# answer takes. A weighted sum is a long row of "multiply, then add to what you have". One such pair is a **multiply-add**.
#
# A dense layer uses each weight once for each example, so it has as many multiply-adds as weights. A convolution uses its few weights
# at every place of the picture. So its cost is weights times places.
#
# | layer | weights | multiply-adds for one example |
# |---|---|---|
# | dense, $n$ inputs, $m$ units | $n \cdot m$ | $n \cdot m$ |
# | convolution, kernel $k \times k$, $c$ channels in, $m$ filters, $h \times w$ places | $k \cdot k \cdot c \cdot m$ | $k \cdot k \cdot c \cdot m \cdot h \cdot w$ |
#
# ### Exercise: multiply_adds
#
# A convolution without padding and with stride 1, on a picture of `size` by `size` pixels. How many multiply-adds for one picture? (Remember: a kernel
# of width 3 fits 6 times into 8 pixels.)


# %%
def multiply_adds(size, kernel_size, channels, filters):
    """Return the multiply-adds of a convolution for one picture, biases not counted."""
    ### BEGIN SOLUTION
    places = (size - kernel_size + 1) ** 2
    return kernel_size**2 * channels * filters * places
    ### END SOLUTION


# %%
lesson.check("multiply_adds", multiply_adds)
# lesson.hint("multiply_adds")

# %% [markdown]
# Do not believe a count that you can measure. Here is a number that counts how often it is multiplied. We send such numbers through
# the network's tables, and through a convolution of 16 filters. (Any values will do, as only the counting matters.)
#
# **Before you run it, guess:** the network has 85,002 parameters, the convolution 160. Which of the two multiplies more often?

# %%
lesson.guess(
    "multiplies",
    "the network, about 500 times as often",
    "the network, about 16 times as often",
    "the convolution, about twice as often",
)


# %%
class Counted:
    """A number that counts multiplications."""

    times = 0

    def __init__(self, value):
        self.value = value

    def __mul__(self, other):
        Counted.times += 1
        return Counted(self.value * other.value)

    def __add__(self, other):
        return Counted(self.value + other.value)


def multiplications(rows, table):
    Counted.times = 0
    _ = np.frompyfunc(Counted, 1, 1)(rows) @ np.frompyfunc(Counted, 1, 1)(table)
    return Counted.times


dense_count = sum(multiplications(np.ones((1, len(w))), w) for w in full if w.ndim == 2)
patches = np.lib.stride_tricks.sliding_window_view(np.ones((8, 8)), (3, 3)).reshape(36, 9)
conv_count = multiplications(patches, np.ones((9, 16)))
print("network:     counted", dense_count, " by hand", 64 * 256 + 256 * 256 + 256 * 10)
print("convolution: counted", conv_count, " by hand", 3 * 3 * 1 * 16 * 6 * 6)
print("multiply-adds for each parameter:", round(dense_count / 85002, 2), "and", conv_count / 160)

# %% [markdown]
# The count by hand is exact. The dense network does one multiply-add for each parameter, the convolution 32 for each. So "how many parameters"
# alone says little about time: a network for photos with 25 million parameters (ResNet-50) needs about 4 *billion* multiply-adds for one picture.
#
# ## Memory: for use and for training
#
# Keras keeps a parameter in four bytes (`float32`). So our network should take $4 \cdot 85{,}002 = 340{,}008$ bytes. Let us save it and look
# at the size of the file.
#
# **Before you run it, guess:** how large will the file be?

# %%
lesson.guess("file_size", "about 340,000 bytes", "about twice that", "about three times that")

# %%
folder = pathlib.Path(tempfile.mkdtemp())


def for_use(weights):
    """Return a network of the same plan with these weights, without what only training needs."""
    plain = keras.Sequential.from_config(network.get_config())
    plain.set_weights(weights)
    return plain


network.set_weights(full)
network.save(folder / "trained.keras")
for_use(full).save(folder / "for_use.keras")

predicted = 4 * network.count_params()
trained_bytes = (folder / "trained.keras").stat().st_size
use_bytes = (folder / "for_use.keras").stat().st_size
print("predicted for the parameters:", predicted)
print(f"as it was trained ≈ {trained_bytes} bytes, for use only ≈ {use_bytes} bytes")

# %%
lesson.claim("for use: the prediction, to 10 %", abs(use_bytes / predicted - 1) < 0.1)
lesson.claim(
    "as trained: three times that, to 10 %",
    abs(trained_bytes / predicted / 3 - 1) < 0.1,
    guess="file_size",
)

# %% [markdown]
# Three times, because Adam keeps two running averages for each parameter, and Keras saves them so that training can go on. A network that
# is only used does not need them. It is the simplest way of all to shrink a file, and often forgotten.
#
# During training there is more. The gradient takes another four bytes for each parameter. And, as lesson 11 showed, the values of every layer are kept for
# the way back, for every example of the batch. For use, a layer's values may be forgotten as soon as the next layer has read them. Python can weigh both:


# %%
def values(weights, x, keep):
    """Run forward; return the last layer's values, and those of all layers if `keep`."""
    kept, h = [], (x / 8 - 1).astype("float32")
    for w, b in zip(weights[::2], weights[1::2], strict=True):
        h = np.maximum(0, h @ w + b)
        if keep:
            kept.append(h)
    return h, kept


weighed = {}
for keep in (True, False):
    tracemalloc.start()
    result = values(full, x_train[:1000], keep)
    weighed[keep] = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
by_hand = {True: 4 * 1000 * (256 + 256 + 10), False: 4 * 1000 * 10}
print("by hand: kept", by_hand[True], "bytes, forgotten", by_hand[False])
print(f"weighed: kept ≈ {weighed[True]} bytes, forgotten ≈ {weighed[False]}")

# %%
lesson.claim(
    "what is kept weighs what was predicted, to 2 %", abs(weighed[True] / by_hand[True] - 1) < 0.02
)
lesson.claim("use needs less than a tenth of that", weighed[False] < 0.1 * weighed[True])

# %% [markdown]
# Six times the parameters themselves, for a batch of 1,000. In networks for photos the layers' values weigh much more still. So the usual reason
# why training stops with an error called **out of memory** is not the network, it is the batch. What helps, in this order: a smaller batch, smaller pictures, numbers of two bytes
# instead of four (`keras.mixed_precision`), a smaller network, a larger machine. The error itself is harmless:

# %%
try:
    np.empty((1_000_000, 1_000_000, 1_000))  # eight bytes each: 8 million gigabytes
except MemoryError:
    print("MemoryError: 8 million gigabytes are not to be had. Nothing else happened.")

# %% [markdown]
# ### Exercise: largest_batch
#
# A machine has `memory` bytes free. Training keeps, for each parameter, four numbers: its value, its gradient and Adam's two averages. For each
# example of the batch it keeps `values` numbers (those of all layers together). Every number takes 4 bytes. Return the largest batch size that fits, as a whole
# number; 0 if not even one example fits.


# %%
def largest_batch(memory, parameters, values):
    """Return how many examples a batch may have."""
    ### BEGIN SOLUTION
    left = memory - 4 * 4 * parameters
    return max(0, int(left // (4 * values)))
    ### END SOLUTION


# %%
lesson.check("largest_batch", largest_batch)
# lesson.hint("largest_batch")

# %% [markdown]
# ## Many at once
#
# How long does an answer take? Timings are measurements with a bad character: other programs disturb them, and always in one direction. So we repeat, and
# take the **best of several** repeats: the least disturbed.
#
# **Before you run it, guess:** 256 digits one by one, or all 256 in one batch. How much faster is the batch, for each digit?

# %%
lesson.guess("one_batch", "no faster", "about 3 times", "30 times or more")


# %%
def seconds(work, repeats=5):
    """Return the shortest time that `work()` took."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def seconds_per_example(size):
    rows = x_train[:size]
    network.predict_on_batch(rows)  # the first call prepares; it is not timed
    calls = max(1, 32 // size)
    return seconds(lambda: [network.predict_on_batch(rows) for _ in range(calls)]) / calls / size


sizes = [1, 4, 16, 64, 256, 1024]
per_example = np.array([seconds_per_example(size) for size in sizes])
gain = per_example[0] / per_example[4]
print(f"one by one takes ≈ {gain:.0f} times as long for each digit as batches of 256")

# %%
show(
    draw.time_per_example(sizes, per_example),
    "Time for each example against the batch size, both scales logarithmic: a fall of about two "
    "powers of ten from batches of 1 to batches of 1024, steep at first and flatter at the end.",
)
lesson.claim(
    "one by one takes more than three times as long for each digit", gain > 3, guess="one_batch"
)

# %% [markdown]
# And what of the multiply-adds? A network with 1,024 units in each hidden layer has 13 times as many.
#
# **Before you run it, guess:** how much longer does it take for one digit?

# %%
lesson.guess("wide_for_one", "hardly longer", "about 4 times as long", "about 13 times as long")

# %%
wide = build_digit_network(hidden=1024)
longer = {}
for size in (1, 1024):
    rows = x_train[:size]
    times = {"ours": [], "wide": []}
    for _ in range(30):  # by turns, so that a disturbance hits both
        times["ours"].append(seconds(lambda: network.predict_on_batch(rows), repeats=1))
        times["wide"].append(seconds(lambda: wide.predict_on_batch(rows), repeats=1))
    longer[size] = min(times["wide"]) / min(times["ours"])
print(
    "multiply-adds:", round((64 * 1024 + 1024 * 1024 + 1024 * 10) / dense_count, 1), "times as many"
)
print(f"time: one digit ≈ {longer[1]:.1f} times, a batch of 1,024 ≈ {longer[1024]:.1f} times")

# %%
lesson.claim("in the batch it takes at least twice as long", longer[1024] > 2)
lesson.claim(
    "for one digit the wide network loses far less",
    longer[1] < longer[1024] / 1.5,
    guess="wide_for_one",
)

# %% [markdown]
# So the count of multiply-adds rules the time where there are many of them. For a single digit nearly all the time goes into getting started: Python calls Keras, Keras calls the backend, the backend looks for its routine. A batch pays
# that once. Then there is the arithmetic itself, where many examples keep all parts of the processor busy.
#
# That is what a **GPU** (graphics processing unit) is about: a processor made for drawing pictures, which does thousands of multiply-adds at the same moment. A **TPU** (tensor processing unit) is
# Google's chip made for nothing but tables of multiply-adds. Both shine on large batches and large layers. For one small digit at a time they are no help, since the
# arithmetic was not the problem. You rarely buy such chips: **cloud** providers rent them out by the hour (rented computers, reached over the network), and the bill is hours times price. So it
# pays to know what takes the time.
#
# ### Compiled once, called less often
#
# Training is many small steps, so getting started counts there too. Keras fights it in two ways. It **compiles** the training step: at the first
# call the backend records every operation, and then runs the whole record without Python. (`model.compile` only names optimizer and loss. The record is made when `fit` begins; it is why
# the first epoch is slow.) And with `steps_per_execution=20` twenty steps are handed over in one go.
#
# We time epochs of the same training, in batches of 8: without any record (`run_eagerly=True`), recorded, and twenty steps at once. (Keras
# records on TensorFlow and JAX. On PyTorch it does not, and refuses `steps_per_execution`; the cells below then time nothing.)
#
# **Before you run it, guess:** do twenty steps at once change the weights that come out?

# %%
lesson.guess("twenty_at_once", "not at all", "in their last digits", "clearly")


# %%
class Stopwatch(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.times = []

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.times.append(time.perf_counter() - self.start)


def new_network(steps_per_execution=1, run_eagerly=False):
    keras.utils.set_random_seed(lesson.seed)
    model = build_digit_network(hidden=32)
    model.compile(
        "adam",
        "sparse_categorical_crossentropy",
        steps_per_execution=steps_per_execution,
        run_eagerly=run_eagerly,
    )
    return model


def step_times(model, n, epochs):
    """Train on n digits in batches of 8; return for each epoch the time for one step."""
    watch = Stopwatch()
    model.fit(
        x_train[:n], y_train[:n], batch_size=8, epochs=epochs,
        shuffle=False, verbose=0, callbacks=[watch],
    )  # fmt: skip
    return [t * 8 / n for t in watch.times]


# %%
records = keras.backend.backend() != "torch"  # TensorFlow and JAX do
if records:
    eager_step = min(step_times(new_network(run_eagerly=True), 160, 2))
    one, twenty = new_network(), new_network(steps_per_execution=20)
    one_times, twenty_times = [], []
    for _ in range(2):  # by turns, so that a disturbance hits both
        one_times += step_times(one, 1280, 4)
        twenty_times += step_times(twenty, 1280, 4)
    step, step_of_20, first_step = min(one_times), min(twenty_times), one_times[0]

# %%
if records:
    same = all(
        np.array_equal(a, b) for a, b in zip(one.get_weights(), twenty.get_weights(), strict=True)
    )
    print(f"not recorded ≈ {eager_step / step:.0f} times the recorded step")
    print(f"first epoch ≈ {first_step / step:.1f} times the fastest one")
    print(f"twenty steps at once ≈ {step_of_20 / step:.2f} times the recorded step")
else:
    print("On PyTorch, Keras calls each operation from Python: there is no record to time.")

# %%
if records:
    lesson.claim("recording saves more than half of the time", step < eager_step / 2)
    lesson.claim("the first epoch, with the recording, is slower", first_step > 1.2 * step)
    lesson.claim("twenty steps at once take less time", step_of_20 < step)
    lesson.claim(
        "and end with the very same weights, to the last bit", same, guess="twenty_at_once"
    )

# %% [markdown]
# The same numbers for less time. That is the best kind of speed-up: nothing was traded. (One thing you do give up: callbacks that look at single batches see only every twentieth.) Larger *batches* also
# save time, but they change the training itself (lesson 11).
#
# ## Your own code first
#
# Before you rent a faster computer, look at what the one you have is doing. Here is a dense layer as a beginner writes it, and as NumPy does it.
#
# **Before you run it, guess:** how many times faster is the second?

# %%
lesson.guess("at_once")


# %%
def layer_in_loops(x, w, b):
    result = []
    for row in x.tolist():
        sums = []
        for unit in range(len(b)):
            total = b[unit]
            for i in range(len(row)):
                total += row[i] * w[i][unit]
            sums.append(total)
        result.append(sums)
    return result


def layer_at_once(x, w, b):
    return x @ w + b


x_few = x_test[:20].astype(float)
w_first, b_first = full[0].astype(float), full[1].astype(float)
w_list, b_list = w_first.tolist(), b_first.tolist()
apart = np.abs(layer_in_loops(x_few, w_list, b_list) - layer_at_once(x_few, w_first, b_first)).max()
slow = seconds(lambda: layer_in_loops(x_few, w_list, b_list), repeats=3)
fast = seconds(lambda: layer_at_once(x_few, w_first, b_first), repeats=20)
print(f"the loops take ≈ {slow / fast:.0f} times as long")

# %%
lesson.claim("loops and NumPy agree", apart < 1e-9)
lesson.claim("NumPy is more than twenty times faster", fast < slow / 20, guess="at_once")

# %% [markdown]
# No hardware that you can buy gives such a factor. To write a loop as an operation on whole arrays is to **vectorize** it. Two rules come before it:
#
# * *Measure first.* If a part takes 10 % of the time, making it infinitely fast saves 10 %. If a part takes 80 % and becomes ten times faster, the whole takes $0.2 + 0.8 / 10 = 0.28$ of what it took.
# * *Keep the slow version.* It is the oracle that the fast one is held against.
#
# ### Exercise: faster
#
# This function looks for the most similar training picture: for each row of `queries` it finds the row of `known` with the smallest sum of squared differences. It is right, and slow. Write it so that it
# gives the same answers at least five times faster. (A hint from school: $(a - b)^2 = a^2 - 2ab + b^2$, and $a^2$ does not matter for which is smallest.)


# %%
def nearest_slowly(queries, known):
    """Return, for each query, the number of the nearest row of `known`."""
    found = []
    for query in queries:
        distances = []
        for row in known:
            distances.append(sum((a - b) ** 2 for a, b in zip(query, row)))
        found.append(int(np.argmin(distances)))
    return np.array(found)


def nearest(queries, known):
    """The same, faster."""
    ### BEGIN SOLUTION
    squared = np.sum(known**2, axis=1) - 2 * queries @ known.T  # row of queries, column of known
    return squared.argmin(axis=1)
    ### END SOLUTION


# %%
lesson.check("faster", nearest)
# lesson.hint("faster")

# %% [markdown]
# ## Fewer weights
#
# Now make the network small. Setting weights to zero is called **pruning**, and the share of zeros is the **sparsity**. Which weights should go? The plain answer is *magnitude*
# pruning: those closest to zero, as they add the least to any sum.
#
# How far can we go? And does it matter *which* weights we take? For comparison we also zero weights at random.
#
# **Before you run it, guess:** with the smallest weights going first, at which share of zeros does the accuracy break down?

# %%
lesson.guess("break_down", "before 50 %", "at 50 to 80 %", "at 80 to 90 %", "after 90 %")

# %%
rng = np.random.default_rng(lesson.seed)
sparsities = np.array([0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98])
smallest_first = [accuracy_of(zero_small(full, share)) for share in sparsities]
at_random = [
    accuracy_of([np.where(rng.random(w.shape) < s, 0, w) if w.ndim == 2 else w for w in full])
    for s in sparsities
]

# %% [markdown]
# After pruning, the rest can be trained a little more, so that it makes up for what is gone. The zeros must stay zeros. Keras lets us say so: a *constraint* is a function that is applied
# to a weight after every step. Ours multiplies by a table of ones and zeros.


# %%
def retrain(weights, epochs=5):
    """Train on, with every weight that is zero held at zero; return the new weights."""
    model = build_digit_network()
    model.set_weights(weights)
    for layer in model.layers:
        if isinstance(layer, layers.Dense):
            mask = (layer.get_weights()[0] != 0).astype("float32")
            layer.kernel.constraint = lambda w, mask=mask: w * mask
    keras.utils.set_random_seed(lesson.seed)
    model.fit(x_train, y_train, epochs=epochs, verbose=0)
    return model.get_weights()


pruned = retrain(zero_small(full, 0.9))
pruned_right = accuracy_of(pruned)
zeros = sum(np.sum(w == 0) for w in pruned if w.ndim == 2) / dense_count
print(f"70 % zeros: smallest first ≈ {smallest_first[3]:.2f}, at random ≈ {at_random[3]:.2f}")
print(f"90 % zeros: before retraining ≈ {smallest_first[5]:.3f}, after ≈ {pruned_right:.3f}")

# %%
show(
    draw.pruning(
        sparsities, {"smallest first": smallest_first, "at random": at_random}, 0.9, pruned_right
    ),
    "Accuracy against the share of zeros. Pruned by size the curve stays level up to about 0.7 "
    "and falls off at the end. Pruned at random it falls from the start. A star at 0.9, for the "
    "retrained network, lies back at the height of the beginning.",
)
lesson.claim("at 70 %, size beats chance by 20 points", smallest_first[3] > at_random[3] + 0.2)
lesson.claim("98 % zeros ruin it", smallest_first[-1] < full_right - 0.2, guess="break_down")
lesson.claim("retrained, 90 % zeros lose under 4 points", pruned_right > full_right - 0.04)
lesson.claim("and the zeros stayed zeros", abs(zeros - 0.9) < 0.001)

# %% [markdown]
# Nine of ten weights are zero, and the network reads as before. Is its file now a tenth as large?
#
# **Before you run it, guess:** how large is the saved file, compared with before?

# %%
lesson.guess("pruned_file", "about a tenth", "about half", "the same")


# %%
def zipped_bytes(path):
    """Return the size of the file after compression, as in any .zip file."""
    packed = folder / "packed.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "model")
    return packed.stat().st_size


for_use(pruned).save(folder / "pruned.keras")
pruned_bytes = (folder / "pruned.keras").stat().st_size
zip_full, zip_pruned = (zipped_bytes(folder / f"{name}.keras") for name in ("for_use", "pruned"))
print(f"as saved: all weights ≈ {use_bytes} bytes, nine of ten zero ≈ {pruned_bytes} bytes")
print(f"zipped:   all weights ≈ {zip_full} bytes, nine of ten zero ≈ {zip_pruned} bytes")

# %%
lesson.claim("zeros alone save less than 1 %", pruned_bytes > 0.99 * use_bytes, guess="pruned_file")
lesson.claim("zipping alone saves less than 15 %", zip_full > 0.85 * use_bytes)
lesson.claim("zeros and zipping save more than 70 %", zip_pruned < 0.3 * use_bytes)

# %% [markdown]
# A zero takes four bytes like any other number. Only compression makes use of many equal numbers. And what of time? The same table sizes, the same routine:

# %%
batch = np.ones((1000, 256), dtype="float32")
times = {"all": [], "zeros": []}
for _ in range(100):  # by turns, so that a disturbance hits both
    times["all"].append(seconds(lambda: batch @ full[2], repeats=1))
    times["zeros"].append(seconds(lambda: batch @ pruned[2], repeats=1))
dense_time, zeros_time = min(times["all"]), min(times["zeros"])
print(f"time with nine of ten weights zero ≈ {zeros_time / dense_time:.2f} times that with all")

# %%
lesson.claim("nothing like ten times faster: not even twice", zeros_time > 0.5 * dense_time)

# %% [markdown]
# The processor multiplies by zero as diligently as by anything else. Zeros save time only where the program or the chip can skip them. The plain way to save
# time is to remove *whole units*: then the tables themselves get smaller.
#
# ### Exercise: drop_units
#
# Do it. A hidden layer has the table `first` (inputs, units) and `biases` (units,); the layer after it has the table `second` (units, outputs). Keep the `keep` strongest units. The strength of a unit shall be
# the sum of squares of what leaves it, its row of `second`. Return the three smaller arrays. (Think: in which of them is a unit a row, in which a column?)


# %%
def drop_units(first, biases, second, keep):
    """Return first, biases and second for the `keep` strongest units alone."""
    ### BEGIN SOLUTION
    strength = np.sum(second**2, axis=1)
    kept = np.sort(np.argsort(-strength)[:keep])
    return first[:, kept], biases[kept], second[kept]
    ### END SOLUTION


# %%
lesson.check("drop_units", drop_units)
# lesson.hint("drop_units")

# %% [markdown]
# Here is our own version at work: a quarter of the units in both hidden layers, then the same short retraining.
#
# **Before you run it, guess:** a quarter of the units. Which share of the parameters is that?

# %%
lesson.guess("quarter_of_units", "about a quarter", "about a ninth", "about a sixteenth")


# %%
def strongest(table, keep):
    return np.argsort(-np.sum(table**2, axis=1))[:keep]


a, b = strongest(full[2], 64), strongest(full[4], 64)
narrow = build_digit_network(hidden=64)
narrow.set_weights(
    [full[0][:, a], full[1][a], full[2][np.ix_(a, b)], full[3][b], full[4][b], full[5]]
)
keras.utils.set_random_seed(lesson.seed)
narrow.fit(x_train, y_train, epochs=5, verbose=0)
narrow_right = np.mean(narrow.predict(x_test, verbose=0).argmax(axis=1) == y_test)
times = {"ours": [], "narrow": []}
for _ in range(30):
    times["ours"].append(seconds(lambda: network.predict_on_batch(x_train), repeats=1))
    times["narrow"].append(seconds(lambda: narrow.predict_on_batch(x_train), repeats=1))
quicker = min(times["narrow"]) / min(times["ours"])
print("parameters:", narrow.count_params(), "of", network.count_params())
print(f"test accuracy ≈ {narrow_right:.3f}, time for a batch ≈ {quicker:.2f} of before")

# %%
lesson.claim("a quarter of the units loses under 5 points", narrow_right > full_right - 0.05)
lesson.claim("and takes less time", quicker < 0.9)

# %% [markdown]
# A ninth of the parameters, since between the hidden layers both sides of the table shrink. No compression and no special chip is needed.
#
# ## Fewer bits
#
# The other way: keep all weights, but write each with fewer digits. To store numbers on a coarse grid of whole numbers is called **quantization**. With one byte there are 256 values; Keras uses the whole numbers from -127 to 127
# (`int8`) and for each unit one **scale**, so that its largest weight comes to 127:
#
# $$\text{scale} = \frac{127}{\text{largest size of the unit's weights}} \qquad q = \text{round}(w \cdot \text{scale}) \qquad w \approx \frac{q}{\text{scale}}$$
#
# By hand, for one unit with three weights:

# %%
w_unit = np.array([0.5, -0.2, 0.013])
scale = 127 / 0.5
q = np.round(w_unit * scale).astype("int8")
print("scale:", scale, "  stored:", q, "  read back:", np.round(q / scale, 4))
print(
    "largest error:",
    round(np.abs(q / scale - w_unit).max(), 5),
    " half a step:",
    round(0.5 / scale, 5),
)

# %% [markdown]
# An error is never larger than half a step of the grid. Small weights suffer the most in proportion.
#
# ### Exercise: to_int8
#
# Do it for a table of shape (inputs, units). Return the whole numbers (shape as the table) and the scales, one for each unit, that is for each *column*.


# %%
def to_int8(table):
    """Return the quantized table and the scale of each column."""
    ### BEGIN SOLUTION
    scale = 127 / np.abs(table).max(axis=0)
    return np.round(table * scale).astype("int8"), scale
    ### END SOLUTION


# %%
lesson.check("to_int8", to_int8)
# lesson.hint("to_int8")

# %% [markdown]
# Keras does it in one line. We name the layers by `filters`, since only some kinds can be quantized. Then we compare Keras's numbers with ours, and the errors with half a step.

# %%
small = for_use(full)
small.quantize("int8", filters="dense")
small.save(folder / "int8.keras")

first = [layer for layer in small.layers if isinstance(layer, layers.Dense)][0]
stored = {w.path.split("/")[-1]: keras.ops.convert_to_numpy(w) for w in first.weights}
scale = 127 / np.abs(full[0]).max(axis=0)
by_hand = np.round(full[0] * scale)
differing = np.sum(by_hand != stored["kernel"])
off = np.abs(stored["kernel"] / stored["kernel_scale"] - full[0]) * scale  # in steps of the grid
print("kernel:", stored["kernel"].dtype, stored["kernel"].shape)
print("scales:", stored["kernel_scale"].dtype, stored["kernel_scale"].shape)

# %%
lesson.claim("Keras's scales are ours", np.allclose(stored["kernel_scale"], scale, rtol=1e-4))
lesson.claim(
    "fewer than one weight in a thousand is rounded otherwise", differing < full[0].size / 1000
)
lesson.claim("no weight is off by more than half a step", off.max() < 0.51)

# %%
int8_bytes = (folder / "int8.keras").stat().st_size
int8_right = np.mean(small.predict(x_test, verbose=0).argmax(axis=1) == y_test)
print(f"file: float32 ≈ {use_bytes} bytes, int8 ≈ {int8_bytes} bytes")
print(f"test accuracy: float32 ≈ {full_right:.3f}, int8 ≈ {int8_right:.3f}")

# %%
lesson.claim("int8 takes less than 40 % of the bytes", int8_bytes < 0.4 * use_bytes)
lesson.claim("the accuracy moves by less than 2 points", abs(int8_right - full_right) < 0.02)

# %% [markdown]
# A third of the bytes instead of a quarter, because biases and scales keep their four bytes and the file has a frame of its own. The accuracy hardly notices.
#
# Convolutions are left alone by this version of Keras:

# %%
pictures = keras.Sequential(
    [keras.Input((8, 8, 1)), layers.Conv2D(16, 3), layers.Flatten(), layers.Dense(10)]
)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    pictures.quantize("int8", filters="conv|dense")
print("Keras says:", [str(w.message) for w in caught if "Conv2D" in str(w.message)][0])
for layer in pictures.layers:
    if layer.weights:
        kinds = sorted({keras.backend.standardize_dtype(w.dtype) for w in layer.weights})
        print(type(layer).__name__, "now holds", kinds)

# %% [markdown]
# So look at what was really done. A network that is mostly convolutions would have come out as large as before.
#
# Pruning and quantization go together: a zero stays a zero on any grid, and a file of small whole numbers, most of them zero, packs well.

# %%
smallest = for_use(pruned)
smallest.quantize("int8", filters="dense")
smallest.save(folder / "smallest.keras")
smallest_right = np.mean(smallest.predict(x_test, verbose=0).argmax(axis=1) == y_test)
files = {
    "as trained": (trained_bytes, full_right),
    "for use": (use_bytes, full_right),
    "pruned, zipped": (zip_pruned, pruned_right),
    "int8": (int8_bytes, int8_right),
    "pruned, int8, zipped": (zipped_bytes(folder / "smallest.keras"), smallest_right),
}
show(
    draw.sizes(files),
    "Bars of file sizes. The file as trained is by far the longest; for use it is a third of "
    "that, and pruned, in int8 and zipped it is a small stub. The accuracies beside the bars "
    "are nearly the same.",
)
shrunk = trained_bytes / files["pruned, int8, zipped"][0]
print(f"the smallest file is ≈ {shrunk:.0f} times smaller than the first")

# %%
lesson.claim("more than fifteen times smaller", shrunk > 15)
lesson.claim("and at most 5 points less accurate", smallest_right > full_right - 0.05)

# %% [markdown]
# ### Exercise: squeeze
#
# A goal to reach. The check trains a network like ours and gives its weights to your function: a list of six arrays (table, biases, table, biases, table, biases). Return six arrays of the same shapes. The network
# may lose at most 4 points of accuracy on the test set, and the file that `np.savez_compressed` makes of your arrays may have at most 80,000 bytes (it had about 315,000). No retraining is needed. (Numbers pack well if many of them are equal.
# Zeros are equal. What else can be made equal?)


# %%
def squeeze(weights):
    """Return the weights, changed so that they pack well and still read digits."""
    ### BEGIN SOLUTION
    squeezed = []
    for w in zero_small(weights, 0.6):
        if w.ndim == 2:  # onto a grid like that of int8 and back: at most 255 different values
            step = np.abs(w).max() / 127
            w = (np.round(w / step) * step).astype("float32")
        squeezed.append(w)
    return squeezed
    ### END SOLUTION


# %%
lesson.check("squeeze", squeeze)
# lesson.hint("squeeze")

# %% [markdown]
# ## Put it to work
#
# A network earns its keep in another program: a website, a phone, a machine that sorts letters. To have it answer requests there is called **serving**. The other program has
# none of our variables. All it gets is the file.
#
# Here is such a program, the smallest one possible. It loads the file, reads one request from its input, and writes one answer. Requests and answers are text in
# JSON form, as on the web. Note what it does *not* contain: no scaling, no plan of the network, no training. All of that is in the file.

# %%
service = """
import json, sys, time
start = time.perf_counter()
import keras
import numpy as np

model = keras.saving.load_model(sys.argv[1])
ready = time.perf_counter()
request = json.load(sys.stdin)
pixels = np.array([request["pixels"]], dtype="float32")  # one picture: a batch of one
shares = model.predict(pixels, verbose=0)[0]
answered = time.perf_counter()
answer = {"digit": int(shares.argmax()), "shares": shares.tolist()}
print(json.dumps({**answer, "start": ready - start, "work": answered - ready}))
"""
(folder / "service.py").write_text(service)
request = json.dumps({"pixels": x_test[0].tolist()})
process = subprocess.run(
    [sys.executable, folder / "service.py", folder / "smallest.keras"],
    input=request,
    capture_output=True,
    text=True,
    timeout=120,
    check=True,
)
answer = json.loads(process.stdout.splitlines()[-1])

# %% [markdown]
# **Before you run it, guess:** of the time that this took, how much went into the answer itself?

# %%
lesson.guess("answer_time", "nearly all", "about half", "little")

# %%
here = smallest.predict(x_test[:1], verbose=0)[0]
print(f"start ≈ {answer['start']:.1f} s, the answer ≈ {answer['work']:.2f} s")

# %%
lesson.claim("the fresh process reads the same digit", answer["digit"] == here.argmax())
lesson.claim(
    "with the same shares, to 0.001", np.abs(np.array(answer["shares"]) - here).max() < 0.001
)
lesson.claim(
    "starting takes over three times as long as answering",
    answer["start"] > 3 * answer["work"],
    guess="answer_time",
)

# %% [markdown]
# Little. Nearly all the time went into starting Python, loading Keras and reading the file. So real services start once and stay up, answering one request after another; busy ones
# gather requests that arrive together into a batch, for the reason you measured above.
#
# The scaling in the file matters more than it seems. Suppose that it were left to the other program, and that somebody there thinks that pixels go from 0 to 1:

# %%
wrong_scale = np.mean(smallest.predict(x_test / 16, verbose=0).argmax(axis=1) == y_test)
print(f"accuracy: pixels 0 to 16 ≈ {smallest_right:.3f}, pixels 0 to 1 ≈ {wrong_scale:.3f}")

# %%
lesson.claim("with the wrong scale more than half of the digits are misread", wrong_scale < 0.5)

# %% [markdown]
# No error message, only wrong answers. It is one of the most common faults in practice: training and use prepare the data differently. Let the file carry the preparation, test the served
# answer against the notebook's as we did, and keep watching the answers in use, since the world changes and the file does not.
#
# ## What to suggest
#
# Shops and film services live on suggestions: Netflix says that most of what people watch there was suggested to them. A program that suggests is a **recommender**. The surprising thing is how little it needs to know. Not what
# the items are, nor who the users are; only *who took what*.
#
# Our shop is made up, so that we know the truth. It has 400 users and 120 items of six genres. Each user took 20 items. We hide four of each user's twenty, and ask: which unseen items would you suggest? A suggestion
# list has ten places. The score is the share of hidden items that are on the list.

# %%
taken, genre, liking = tastes(seed=lesson.seed)
hidden, known = taken[:, :4], taken[:, 4:]
n_users, n_items = liking.shape
took = np.zeros((n_users, n_items))
np.put_along_axis(took, known, 1, axis=1)
print("users, items:", took.shape, " known for each user:", known.shape[1])
print("items that the list may come from:", n_items - known.shape[1])

# %% [markdown]
# ### Exercise: suggest
#
# Turn scores into a list. `scores` holds one number for each item, `seen` the numbers of the items that this user took already. Return the numbers of the `n` items with the highest scores
# that are not seen, best first. Leave `scores` as it is.


# %%
def suggest(scores, seen, n):
    """Return the n best unseen items, best first."""
    ### BEGIN SOLUTION
    open_scores = np.array(scores, dtype=float)
    open_scores[seen] = -np.inf
    return np.argsort(-open_scores)[:n]
    ### END SOLUTION


# %%
lesson.check("suggest", suggest)
# lesson.hint("suggest")

# %% [markdown]
# Three ways to score. First the baseline: **popularity**, how many users took the item. It suggests nearly the same to everyone, and is hard to beat where a few items are famous.
#
# Second: "who took this also took that". Two items are alike if the same people took them, whatever they are. An item's score is its likeness to the items you have. It is called
# **item-to-item filtering**. Amazon's "customers who bought this also bought" began so, in the late 1990s, with counting and no network at all. In NumPy it is three lines.
#
# As a ceiling we also score by the true liking, which no method can know. (Even it misses some, as users have whims.)
#
# **Before you run it, guess:** the ten of the list come from 104 open items, so chance finds a tenth of the hidden ones. How many in 100 will item-to-item filtering find?

# %%
lesson.guess("item_to_item")


# %%
def found(scores):
    """Return the share of hidden items that are among the ten best unseen ones."""
    open_scores = np.where(took == 1, -np.inf, scores)
    best = np.argsort(-open_scores, axis=1)[:, :10]
    return np.mean([np.isin(h, b) for h, b in zip(hidden, best, strict=True)])


popularity = took.sum(axis=0)
together = took.T @ took  # how many users took both
np.fill_diagonal(together, 0)
likeness = together / np.sqrt(np.outer(popularity, popularity) + 1e-9)

shares = {
    "popularity": found(np.tile(popularity, (n_users, 1))),
    "item to item": found(took @ likeness),
    "true liking": found(liking),
}
for name, share in shares.items():
    print(f"{name}: share of hidden items found ≈ {share:.2f}")

# %%
lesson.claim("popularity is twice as good as chance", shares["popularity"] > 2 * 10 / 104)
lesson.claim(
    "item-to-item beats popularity by 20 points",
    shares["item to item"] > shares["popularity"] + 0.2,
    guess="item_to_item",
)

# %% [markdown]
# The table `together` knows a good deal. Now a network. It gives each user two numbers (an embedding, as for words in lesson 06) and each item two weights and a bias, and it is asked a question with 120 possible answers: given the user, which item?

# %%
### SOURCE courseware.lessons.in_practice.models.build_recommender

# %%
users, items = np.repeat(np.arange(n_users), known.shape[1]), known.ravel()
keras.utils.set_random_seed(lesson.seed)
recommender = build_recommender(n_users, n_items)
recommender.fit(
    users[:, None], items, batch_size=128, epochs=30, verbose=0, callbacks=[lesson.live()]
)

scores = recommender.predict(np.arange(n_users)[:, None], batch_size=n_users, verbose=0)
shares["embeddings"] = found(scores)
show(
    draw.found(shares, chance=10 / 104),
    "Bars of the share of hidden items found. Popularity is well above the dashed line of "
    "chance; item to item and embeddings reach twice as far and lie close together, just below "
    "the true liking.",
)
print(f"embeddings: share of hidden items found ≈ {shares['embeddings']:.2f}")

# %%
lesson.claim(
    "the embeddings beat popularity by 20 points",
    shares["embeddings"] > shares["popularity"] + 0.2,
)
lesson.claim(
    "and are within 8 points of item-to-item",
    abs(shares["embeddings"] - shares["item to item"]) < 0.08,
)

# %% [markdown]
# Both are close to the ceiling, and on so small a shop counting does as well as the network. Embeddings win something else. Item-to-item needs a table of items by items, which for a million items has a million
# million entries; embeddings need a short list for each. And the lists can be looked at. Two numbers for each item make a map. Nobody told the network of genres; the colours are ours.

# %%
item_vectors, item_bias = recommender.layers[-1].get_weights()
item_vectors = item_vectors.T
show(
    draw.item_map(item_vectors, genre, popularity),
    "Items as dots on a map, coloured by genre, larger if more popular. The six colours form six "
    "sectors around the middle, like a cake, neighbouring genres side by side.",
)
length = np.linalg.norm(item_vectors, axis=1, keepdims=True)
alike = (item_vectors / length) @ (item_vectors / length).T  # 1: same direction, -1: opposite
np.fill_diagonal(alike, -2)
same_genre = np.mean(genre[alike.argmax(axis=1)] == genre)
goes_along = np.corrcoef(item_bias, np.log(popularity + 1))[0, 1]
print(f"nearest neighbour is of the same genre ≈ {same_genre:.2f}")
print(f"correlation of the biases with the logarithm of popularity ≈ {goes_along:.2f}")

# %%
lesson.claim("that is more than three times the sixth that chance would give", same_genre > 3 / 6)
lesson.claim("the biases have learned popularity", goes_along > 0.7)

# %% [markdown]
# The directions are the genres, in their true order around the circle, found from nothing but who took what. The biases hold the popularity: the baseline sits inside the network, and the vectors add the taste.
#
# What such a recommender cannot do: say anything about an item that nobody has taken, or a user who took nothing. Their numbers are still what chance drew at the start. Services fall back on popularity, or on a description of the item. And it feeds on itself. What is
# suggested gets taken, and what gets taken is suggested more.
#
# ### Exercise: repair
#
# This recommender has three faults, and gets nowhere. Return one that beats popularity. (Look at how many rows the table has, at what the output must be for this loss, and at the optimizer.)


# %%
def repaired_recommender(n_users, n_items):
    """Return a compiled recommender: a user's number in, a share for each item out."""
    ### BEGIN SOLUTION
    return build_recommender(n_users, n_items)
    ### STARTER
    # model = keras.Sequential(
    #     [
    #         keras.Input(shape=(1,), dtype="int32"),
    #         layers.Embedding(n_items, 2),
    #         layers.Flatten(),
    #         layers.Dense(n_items, activation="relu"),
    #     ]
    # )
    # model.compile(keras.optimizers.SGD(0.001), loss="sparse_categorical_crossentropy")
    # return model
    ### END SOLUTION


# %%
lesson.check("repair", repaired_recommender)
# lesson.hint("repair")

# %% [markdown]
# ## Learning from reward
#
# Everything so far learned from right answers. Sometimes nobody knows them. A robot that walks, a program that plays, a website that tries four headlines: each does something, and then hears only how well it went. That number is a **reward**, and learning from it
# is **reinforcement learning**. It is often said to learn "from its mistakes". No mistake is ever pointed out. There is a reward, larger or smaller, and it never says what would have been better.
#
# The smallest case has four buttons. Each pays one coin with a fixed chance that the player does not know. Keep an average for every button. Mostly press the one with the best average so far, and one time in ten press any: that is to *explore*.
#
# **Before you run it, guess:** the buttons pay in 20, 40, 50 and 70 % of cases. How many coins for each press does a player earn who always presses the best average so far, and never explores?

# %%
lesson.guess("never_explores", "about 0.2", "about 0.45", "about 0.6", "about 0.7")


# %%
def play(explore, rng, pays=(0.2, 0.4, 0.5, 0.7), presses=2000):
    average, count, coins = np.zeros(4), np.zeros(4), 0
    for _ in range(presses):
        button = rng.integers(4) if rng.random() < explore else average.argmax()
        reward = float(rng.random() < pays[button])
        count[button] += 1
        average[button] += (reward - average[button]) / count[button]  # the running average
        coins += reward
    return coins / presses


rng = np.random.default_rng(lesson.seed)
earned = {share: np.mean([play(share, rng) for _ in range(10)]) for share in (1.0, 0.0, 0.1)}
print(f"always at random ≈ {earned[1.0]:.2f}, never at random ≈ {earned[0.0]:.2f}")
print(f"one in ten at random ≈ {earned[0.1]:.2f} coins for each press")

# %%
lesson.claim("a little exploring earns more than 0.58", earned[0.1] > 0.58)
lesson.claim(
    "without any, the player stays with the first button",
    earned[0.0] < 0.3,
    guess="never_explores",
)
lesson.claim("all random earns the mean of the buttons, 0.45", abs(earned[1.0] - 0.45) < 0.03)

# %% [markdown]
# Without exploring, the first button's average is above zero after its first coin, the others' are still zero, and the player never finds out. One press in ten is enough to find the best button. In real tasks the place of the four averages is
# taken by a network, and the reward may come only at the end of a long game.
#
# ## Where networks are at work
#
# You can now read success stories with a builder's eye: what went in, what came out, what was it compared with?
#
# * **Translation.** Google Translate changed to networks in 2016: two stacks of LSTMs, an encoder and a decoder, joined by attention. Transformers have since replaced them.
# * **Go.** AlphaGo beat Lee Sedol, one of the strongest players, in 2016. Convolutional networks looked at the board. They first learned from games of people, then by reinforcement learning from games against themselves. And a **tree search** tried out moves and replies, many steps ahead, guided by the
#   networks. Leaving the search out, as many accounts do, leaves out half of the player.
# * **Faces.** Facebook's DeepFace (2014) said of two photos whether they show the same person, and was right in 97.35 % of the 6,000 pairs of the benchmark LFW; people reach about 97.5 %. See below what is left of that. Facebook ended its tagging of faces in 2021, and said it would delete over a billion
#   stored face templates.
# * **Suggestions.** Netflix and Amazon, as above: counting first, embeddings later.
# * **Fraud and failing machines.** Both are rare, so there are few examples to learn from. One learns what is normal, as in lesson 07, and looks for what is not.
# * **Language.** Telling praise from complaint (*sentiment*), assistants that answer, speech into text.
# * **Sight.** Naming what is in a picture, finding where it is (*object detection*), reading X-rays; and robots and cars, which must see, decide and act.
#
# Such numbers deserve a pencil. Two examples:

# %%
pairs = 6000
print("DeepFace: wrong pairs of 6000:", round(pairs * (1 - 0.9735)))
print("people, at 97.5 %:            ", round(pairs * (1 - 0.975)))
print("same errors in a million comparisons:", round(1_000_000 * (1 - 0.9735)))

payments, frauds = 100_000, 100
caught, false_alarms = 0.9 * frauds, 0.01 * (payments - frauds)
print()
print("an alarm that finds 90 % of frauds, and is wrong for 1 % of honest payments:")
print("  right alarms:", round(caught), "  false alarms:", round(false_alarms))
print("  share of alarms that are right:", round(caught / (caught + false_alarms), 3))
print("accuracy of never raising an alarm:", 1 - frauds / payments)

# %% [markdown]
# Nine errors in 6,000 separate machine and people: as good as equal. But 97 % right means 26,500 errors where a million comparisons are made. And with rare events even a good alarm is mostly wrong, while
# *doing nothing* is 99.9 % accurate. The share of right answers alone says little. Ask how often the thing occurs, and what each kind of error costs whom.
#
# ## Accurate for whom?
#
# Here is the question at its most serious, as a measurement. Suppose that some people write with the sheet turned by a quarter, as some left-handers do. When the training data were collected, hardly any of them were there: 20 of 1,297 pictures. In use they are
# one in twenty.

# %%
turned_test = np.rot90(x_test.reshape(-1, 8, 8), axes=(1, 2)).reshape(-1, 64)


def by_group(n_turned, weight=1.0):
    """Train with that many turned pictures; return the accuracy for upright and for turned ones."""
    x = x_train.copy()
    x[:n_turned] = np.rot90(x[:n_turned].reshape(-1, 8, 8), axes=(1, 2)).reshape(-1, 64)
    importance = np.where(np.arange(len(x)) < n_turned, weight, 1.0)
    keras.utils.set_random_seed(lesson.seed)
    model = build_digit_network()
    model.fit(x, y_train, sample_weight=importance, epochs=12, verbose=0)
    weights = model.get_weights()
    return np.array([accuracy_of(weights), accuracy_of(weights, turned_test)])


few = by_group(20)
overall = 0.95 * few[0] + 0.05 * few[1]  # as in use: one in twenty is turned
print(f"overall ≈ {overall:.3f}")

# %%
lesson.claim("overall, more than 90 % are read right", overall > 0.9)

# %% [markdown]
# Ready to be sold, one might think.
#
# **Before you run it, guess:** how many in 100 digits are read right for those who turn the sheet?

# %%
lesson.guess("turned_sheet")

# %% [markdown]
# The cell below also tries two remedies. The first costs nothing: let each of the 20 count twenty times in the loss (`sample_weight`). The second costs work: collect 325 turned pictures, a quarter of the training set. (The total stays the same.)

# %%
weighted = by_group(20, weight=20.0)
collected = by_group(325)
print(f"turned: 20 ≈ {few[1]:.2f}, weighted ≈ {weighted[1]:.2f}, 325 ≈ {collected[1]:.2f}")
print(f"upright: 20 ≈ {few[0]:.3f}, 325 ≈ {collected[0]:.3f}")

# %%
show(
    draw.groups({"20 turned": few, "20, weighted": weighted, "325 turned": collected}, overall),
    "Three pairs of bars. Upright writers: always near the top. Turned writers: a little above "
    "half with 20 pictures, hardly higher when those are weighted, nearly level with the others "
    "with 325. A dashed line shows the overall accuracy of the first network, near the top.",
)
lesson.claim(
    "with 20 pictures, more than a quarter of the turned are misread",
    few[1] < 0.75,
    guess="turned_sheet",
)
lesson.claim("upright writers are read at least 20 points better", few[0] > few[1] + 0.2)
lesson.claim("more data wins at least 15 points", collected[1] > few[1] + 0.15)
lesson.claim(
    "weighting wins less than half of what more data wins",
    weighted[1] - few[1] < 0.5 * (collected[1] - few[1]),
)
lesson.claim("and the upright lose less than 5 points by it", collected[0] > few[0] - 0.05)

# %% [markdown]
# The overall figure is an average over people, and the many outvote the few. A weight makes the same 20 pictures louder; it cannot show the network what other turned digits look like. Real examples can. In lesson 00 you saw the same with one rare digit.
# How much a weight helps differs from case to case, so measure it and do not take it on trust.
#
# This is not made up out of thin air. In 2018 researchers measured programs on sale that say whether a face is a man's or a woman's. The error was below 1 % for light-skinned men and up to 35 % for dark-skinned women; the overall figures had not shown it. What you can do, as a builder:
#
# * Ask who will use it, and test each group on its own, with enough people in each.
# * Ask what an error costs, and whom. Then set the threshold for that, rather than for accuracy.
# * After every change, also after pruning or quantizing, measure the groups again.
# * Some things should not be built, however accurate they are. No measurement decides that; people must.
#
# ## What people get wrong
#
# * **"More parameters, more time."** A convolution used each weight 32 times, a dense layer once. Count multiply-adds.
# * **"The file is as large as the network."** With Adam's averages it was three times that.
# * **"Out of memory means that the network is too large."** Mostly it is the values kept for the way back, and they grow with the batch.
# * **"Pruning makes the file smaller, and the network faster."** Zeros alone did neither. It takes compression for the one, and code that skips zeros, or smaller tables, for the other.
# * **"Quantizing shrinks every network to a quarter."** Only the layers that it treats: Keras left the convolution alone.
# * **"We need a GPU."** Perhaps. The loops above were slow on any hardware, and one digit at a time would be slow on a GPU as well.
# * **"AlphaGo was a deep network."** Convolutional networks, reinforcement learning *and* tree search.
# * **"Reinforcement learning learns from its mistakes."** It learns from reward. Nobody marks a mistake.
# * **"Also bought" is deep learning.** It began as item-to-item filtering: counting. On our small shop counting was as good.
# * **"Facebook recognizes you in every photo."** Its tagging of faces ended in 2021.
# * **"97 % accurate, so it works."** For whom, how often, and against which baseline?
#
# ## Takeaways
#
# * Cost is countable: parameters, multiply-adds, bytes for use, bytes for training. Predict, then measure.
# * Batches, compilation and `steps_per_execution` pay the overhead once for many. Vectorize before you rent.
# * Most weights of our network could go, and the rest fit into one byte each. Check accuracy after each step.
# * Let the file carry the scaling; test the served answer; a service that stays up need not start again.
# * A recommender needs only who took what. Popularity is its baseline.
# * An average hides groups. Measure each; more examples help most.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# This was the last lesson. Look at what you can do now. You can write a network and its training from scratch, and check the gradient by a nudge. You can build networks for tables, pictures, series and sentences, with labels and without, and generate new data.
# You know what to look at when training fails, and how to choose settings without fooling yourself. You can say what a network costs, make it small, put it to work, and find out whom it fails.
#
# How to go on? Take data that *you* care about, and go the way of every lesson: a baseline, the smallest network that might work, an honest test, then one change at a time. Show it to somebody who will use it. The field moves fast, and part of what is best today will be history in five years. The
# habits will not. So keep learning: read a paper now and then, run its code, and measure what it claims. When something surprises you, build the smallest experiment that shows it.
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * François Chollet, *Deep Learning with Python* (Manning, third edition 2025): by the author of Keras, and the natural next book.
# * Greg Linden, Brent Smith and Jeremy York, "Amazon.com Recommendations: Item-to-Item Collaborative Filtering", *IEEE Internet Computing* (2003): four pages on "also bought".
# * David Silver and others, "Mastering the game of Go with deep neural networks and tree search", *Nature* 529 (2016). The title names the search.
# * Song Han, Huizi Mao and William Dally, "Deep Compression", *ICLR* (2016; arXiv:1510.00149): pruning, quantization and packing, one after another.
# * Joy Buolamwini and Timnit Gebru, "Gender Shades", *PMLR* 81 (2018): face programs measured group by group.
