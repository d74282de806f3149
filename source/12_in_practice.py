# %% [markdown]
# # Cost, deployment and applications
#
# *135 minutes: 65 to read and run, 40 for 8 exercises, 30 for the 28 questions of the quiz. Builds on: lesson 03 (feedforward networks), lesson 04 (convolution), lesson 06 (embeddings), lesson 11 (what the way back keeps). A good place for a break is marked about halfway.*
#
# A network that works in a notebook is half the job. Somebody has to pay for it, fit it into a phone, and answer for what it does to people. Each of these begins with a number that you can work out on paper and then measure.
#
# **After this lesson you can**
#
# * work out what a network costs, in parameters, multiply-adds and bytes;
# * say what makes an answer fast, and make your own code faster;
# * shrink a network, and show what that did to its bytes, speed and accuracy;
# * put a network behind a small web service and ask it over HTTP;
# * build a recommender, and measure it against honest baselines;
# * find the group that a good average hides.

# %%
from courseware import open_lesson

lesson = open_lesson("12_in_practice")

import json
import pathlib
import sys
import tempfile
import time
import tracemalloc
import urllib.request
import warnings

import keras
import numpy as np
from keras import layers
from sklearn.model_selection import train_test_split

from courseware.batches import ShuffledBatches
from courseware.data import digits, tastes
from courseware.lessons.in_practice import drawings as draw
from courseware.lessons.in_practice.by_hand import (
    compare, fastest, forward, neighbours_alike, running, time_steps, zipped_bytes,
)  # fmt: skip
from courseware.drawing import show

# %% [markdown]
# The small digits again, 8 by 8 pixels. This time they stay as the data set has them, 0 for paper to 16 for ink. Nobody who sends a picture to your network will standardize it first, so the scaling is a layer of the network itself.

# %%
images, numerals = digits("small")
pixels = (16 * images).reshape(len(images), 64)
x_train, x_test, y_train, y_test = train_test_split(
    pixels, numerals, test_size=500, random_state=lesson.seed, stratify=numerals
)
print("training set:", x_train.shape, " pixels from", x_train.min(), "to", x_train.max())

# %%
### SOURCE courseware.lessons.in_practice.models.build_digit_network

# %% [markdown]
# Train it. Then set half of its weights to zero, the half closest to zero, with no training afterwards. (`forward` is the same network in NumPy.)
#
# **Before you run it, guess:** the test accuracy is about 0.98. What is it with half of the weights gone?

# %%
lesson.guess("half_gone", "about 0.1", "about 0.6", "about 0.95")


# %%
def zero_small(weights, fraction):
    """Set this fraction of all weights, those closest to zero, to zero; biases stay."""
    limit = np.quantile(np.concatenate([abs(w).ravel() for w in weights if w.ndim == 2]), fraction)
    return [np.where(abs(w) <= limit, 0, w) if w.ndim == 2 else w for w in weights]


def accuracy_of(weights, x=x_test, y=y_test):
    return np.mean(forward(weights, x).argmax(axis=1) == y)


keras.utils.set_random_seed(lesson.seed)
network = build_digit_network()
batches = ShuffledBatches(x_train, y_train, batch_size=32, seed=lesson.seed)
network.fit(batches, epochs=15, verbose=0, callbacks=[lesson.live()])
full = network.get_weights()
by_keras = network.predict(x_test, verbose=0).argmax(axis=1)
same_digits = np.mean(forward(full, x_test).argmax(axis=1) == by_keras)
halved = zero_small(full, 0.5)
full_right, halved_right = accuracy_of(full), accuracy_of(halved)
print(f"test accuracy: all weights ≈ {full_right:.3f}, half of them zero ≈ {halved_right:.3f}")

# %%
largest_gone = max(abs(w[h == 0]).max() for w, h in zip(full, halved, strict=True) if w.ndim == 2)
show(
    draw.weight_sizes(full, largest_gone),
    "How many weights have which size. The hatched half, which is set to zero, is the left part; "
    "the half that is kept reaches to several times that size, with fewer and fewer weights.",
)
lesson.claim("Keras and NumPy read at least 99 of 100 digits alike", same_digits >= 0.99)
lesson.claim("the network reads more than 93 % of the test digits", full_right > 0.93)
lesson.claim(
    "without half of its weights it loses under 5 points",
    halved_right > full_right - 0.05,
    guess="half_gone",
)

# %% [markdown]
# In the figure, the hatched weights are gone: as many as the others, but small, and the digits are read nearly as before. First,
# what does a network cost at all?
#
# ## What a network costs
#
# Two counts say most. The first you know: the parameters. They decide how much room the network takes. The second says how much arithmetic one answer takes. A weighted sum is a long row of "multiply, then add to what you have". One such pair is a **multiply-add** (also *MAC*, for multiply-accumulate).
#
# A dense layer uses each weight once for each example, so it has as many multiply-adds as weights. A convolution uses its few weights at every place of the picture, so its multiply-adds are weights times places.
#
# ### Exercise: multiply_adds
#
# A convolution without padding and with stride 1, on a picture of `size` by `size` pixels. How many multiply-adds for one picture?


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
# Do not believe a count that you can measure. Here is a matrix product in the plainest Python, which counts. We send a row through each matrix of our network, and the 36 patches (3 by 3 pixels) of a picture through a convolution of 16 filters.
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
def in_loops(rows, matrix):
    """Return rows @ matrix as a list of rows, and the number of multiply-adds that it took."""
    columns, result, count = matrix.T.tolist(), [], 0
    for row in rows.tolist():
        sums = []
        for column in columns:
            total = 0.0
            for value, weight in zip(row, column):
                total = total + value * weight
                count = count + 1
            sums.append(total)
        result.append(sums)
    return result, count


dense_count = sum(in_loops(np.ones((1, len(w))), w)[1] for w in full if w.ndim == 2)
_, conv_count = in_loops(np.ones((36, 9)), np.ones((9, 16)))  # only the shapes matter
print("network:     counted", dense_count, " by hand", 64 * 256 + 256 * 256 + 256 * 10)
print("convolution: counted", conv_count, " by hand", 3 * 3 * 1 * 16 * 6 * 6)
print("multiply-adds for each parameter:", round(dense_count / 85002, 2), "and", conv_count / 160)

# %%
lesson.claim("the dense network: as many as by hand", dense_count == 64 * 256 + 256**2 + 256 * 10)
lesson.claim("the convolution: as many as by hand", conv_count == 3 * 3 * 1 * 16 * 6 * 6)
lesson.claim(
    "the network has about 16 times as many", 16 < dense_count / conv_count < 17, guess="multiplies"
)

# %% [markdown]
# Compare the last line of the print with the parameters: about one multiply-add for each in the dense network, 32 in the convolution (36 for each weight; biases count as parameters, too). So "how many parameters" alone says little about time. ResNet-50, a network for photos with 25 million parameters, needs about 4 *billion* multiply-adds for one picture.
#
# ## Memory: for use and for training
#
# A *bit* is a 0 or a 1. A *byte* is 8 bits, enough for 256 different values. Keras keeps a parameter in 32 bits, four bytes (`float32`). So our network should take $4 \cdot 85{,}002 = 340{,}008$ bytes.
#
# **Before you run it, guess:** how large is the file that `save` writes right after training?

# %%
lesson.guess("file_size", "about 340,000 bytes", "about twice that", "about three times that")

# %%
folder = pathlib.Path(tempfile.mkdtemp())


def for_use(weights):
    """Return a network built the same way with these weights, without what only training needs."""
    plain = keras.Sequential.from_config(network.get_config())
    plain.set_weights(weights)
    return plain


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
# The file as trained also holds Adam's two running averages for each parameter, so that training can go on. A network that is only used does not need them, so the second file leaves them out.
#
# During training there is more: the gradient, another four bytes for each parameter, and (lesson 11) the values of every layer, kept for the way back, for every example of the batch. In use, a layer's values may be forgotten as soon as the next layer has read them. Python can measure both (we leave out the inputs, 64 more numbers for each example):

# %%
weighed = {}
for name, keep in (("kept", []), ("forgotten", None)):
    tracemalloc.start()
    scores = forward(full, x_train[:1000], keep)
    weighed[name] = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
by_hand = {"kept": 4 * 1000 * (256 + 256 + 10), "forgotten": 4 * 1000 * 10}
for name, n_bytes in weighed.items():
    print(f"{name}: by hand {by_hand[name]} bytes, weighed ≈ {n_bytes}")

# %%
lesson.claim(
    "what is kept weighs what was predicted, to 2 %",
    abs(weighed["kept"] / by_hand["kept"] - 1) < 0.02,
)
lesson.claim(
    "with nothing kept, less than a tenth of it is left",
    weighed["forgotten"] < 0.1 * weighed["kept"],
)

# %% [markdown]
# (While it computes, the values of two neighbouring layers are held at once, with or without keeping; in a deep network that is little compared with all of them.) For a batch of 1,000 what is kept is six times the parameters themselves, and in networks for photos much more. So when memory runs out in training, the usual reason is not the network but the batch. What helps, in this order: a smaller batch, smaller pictures, numbers of two bytes (`keras.mixed_precision`), a smaller network, a larger machine.
#
# What happens when memory runs out? A single absurd request, such as `np.empty((1_000_000, 1_000_000, 1_000))`, is refused with an error called **out of memory** (in Python, `MemoryError`), and nothing else happens. A batch too large for the memory of a graphics card meets it, too. In the computer's own memory a training run mostly grows by steps small enough to be granted, until the operating system ends the whole process to save the others. The notebook then says that the kernel has died, and every variable is gone. So save your work before you try a larger batch.
#
# ### Exercise: largest_batch
#
# A machine has `memory` bytes free. Training keeps four numbers for each parameter (its value, its gradient, Adam's two averages) and `values` numbers for each example of the batch (those of all layers together). Every number takes 4 bytes. Return the largest batch size that fits, as a whole number; 0 if not even one example fits.


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
# How long does an answer take? Timings are unreliable: other programs disturb them, and nearly always make them longer. So we repeat, and take the **best of several** repeats, the least disturbed one. `fastest` does so; given several things to compare, it times them alternately, so that a disturbance hits all of them.
#
# **Before you run it, guess:** 256 digits one by one, or all 256 in one batch. How much faster is the batch, for each digit?

# %%
lesson.guess("one_batch", "no faster", "about 3 times", "more than 10 times")


# %%
sizes = [1, 4, 16, 64, 256, 1024]
calls = {str(n): lambda n=n: network.predict_on_batch(x_train[:n]) for n in sizes}  # own n each
times = fastest(50, **calls)
per_example = np.array(list(times.values())) / sizes
gain = per_example[0] / per_example[4]
print(f"one by one takes ≈ {gain:.0f} times as long for each digit as batches of 256")

# %%
show(
    draw.time_per_example(sizes, per_example),
    "Time for each example against the batch size, both scales logarithmic: a fall by a "
    "factor of a hundred or more from 1 to 1024, steep at first and flatter at the end.",
)
lesson.claim(
    "one by one takes more than ten times as long for each digit", gain > 10, guess="one_batch"
)

# %% [markdown]
# And the multiply-adds? A network with 1,024 units in each hidden layer has 13 times as many.
#
# **Before you run it, guess:** how many times as long does it take, for one digit and for a batch of 1,024?

# %%
lesson.guess(
    "wide_for_one",
    "about 13 times for both",
    "more for one digit than for the batch",
    "far less for one digit than for the batch",
)


# %%
wide = build_digit_network(hidden=1024)
longer = {size: compare(network, wide, x_train[:size]) for size in (1, 1024)}
print("multiply-adds:", round((64 * 1024 + 1024**2 + 1024 * 10) / dense_count, 1), "times as many")
print(f"time: one digit ≈ {longer[1]:.1f} times, a batch of 1,024 ≈ {longer[1024]:.1f} times")

# %%
lesson.claim("in the batch it takes at least twice as long", longer[1024] > 2)
lesson.claim(
    "for one digit the wide network loses far less",
    longer[1] < longer[1024] / 1.5,
    guess="wide_for_one",
)

# %% [markdown]
# Compare the two ratios with the 13. In the large batch the multiply-adds make themselves felt; how near to 13 the ratio comes depends on the machine. For a single digit they cost so little that arithmetic cannot be what takes the time. The rest is getting started, the **overhead**: Python calls Keras, Keras calls the backend, the backend looks for its routine. A batch pays that once.
#
# A **GPU** (graphics processing unit) was made for drawing pictures and does thousands of multiply-adds at the same moment. A **TPU** (tensor processing unit) is Google's chip made for products of matrices. Both shine on large batches and large layers, and are little help for one small digit at a time. **Cloud** providers rent them out by the hour (computers reached over the internet).
#
# ### Compiled once, called less often
#
# Training is many small steps, so getting started counts there too. Keras fights it in two ways. It **compiles** the training step: at the first call the backend records every operation, and then runs the whole record without Python. (`model.compile` only names optimizer and loss. The record is made when `fit` begins, and the first epoch waits for it.) And with `steps_per_execution=20` twenty steps are handed over in one go.
#
# `time_steps` trains a small network in batches of 8, once under each setting, always from the same first weights and in the same order. With `run_eagerly=True` Keras makes no record; `{}` is Keras as usual. The settings take turns, two epochs each. For each setting we get a pair: the processor time per step in each epoch, and the weights at the end. (On PyTorch Keras records nothing, and the cell below times nothing.)
#
# **Before you run it, guess:** do twenty steps at once change the weights that come out?

# %%
lesson.guess("twenty_at_once", "not at all", "in their last digits", "clearly")


# %%
records = keras.backend.backend() != "torch"  # TensorFlow and JAX do
if records:
    settings = {"run_eagerly": True}, {}, {"steps_per_execution": 20}
    (unrecorded, eager), (recorded, one), (in_twenties, twenty) = time_steps(
        x_train[:320], y_train[:320], lesson.seed, *settings
    )
    step = min(recorded)
    print(f"not recorded ≈ {min(unrecorded) / step:.0f} times the recorded step")
    print(f"the first epoch ≈ {recorded[0] / step:.0f} times the fastest one")
    print(f"twenty steps at once ≈ {min(in_twenties) / step:.2f} times the recorded step")

# %%
if records:
    same = all(map(np.array_equal, one, twenty))
    apart = max([np.abs(a - b).max() for a, b in zip(eager, one, strict=True)])
    lesson.claim("recording saves more than half of the time", step < min(unrecorded) / 2)
    lesson.claim("and changes no weight by a hundredth", apart < 0.01)
    lesson.claim("the first epoch, with the recording, is slower", recorded[0] > 1.2 * step)
    lesson.claim("twenty steps at once take less time", min(in_twenties) < step)
    lesson.claim(
        "and end with the very same weights, to the last bit", same, guess="twenty_at_once"
    )

# %% [markdown]
# Look at the times, and then at the claims about weights: nothing was traded for the time. Larger *batches* save time as well, but they change the training itself (lesson 11).
#
# ## Your own code first
#
# Before you rent a faster computer, look at what the one you have is doing. `in_loops`, above, is a layer as a beginner writes it. NumPy does the same by `rows @ matrix`.
#
# **Before you run it, guess:** how many times faster is NumPy?

# %%
lesson.guess("at_once")

# %%
x_few, w_first = x_test[:20].astype(float), full[0].astype(float)
apart = abs(np.array(in_loops(x_few, w_first)[0]) - x_few @ w_first).max()
times = fastest(5, loops=lambda: in_loops(x_few, w_first), at_once=lambda: x_few @ w_first)
times_faster = times["loops"] / times["at_once"]
print(f"the loops take ≈ {times_faster:.0f} times as long")

# %%
lesson.claim("loops and NumPy agree", apart < 1e-9)
lesson.claim("NumPy is more than twenty times faster", times_faster > 20, guess="at_once")

# %% [markdown]
# A processor twice as fast would only have halved the time of the loops. To write a loop as an operation on whole arrays is to **vectorize** it. Two rules come before it:
#
# * *Measure first.* If a part takes 80 % of the time and becomes ten times faster, the whole takes $0.2 + 0.8 / 10 = 0.28$ of what it took.
# * *Keep the slow version.* The fast one is tested against it.
#
# ### Exercise: faster
#
# `nearest_slowly` looks for the most similar training picture: for each row of `queries` it finds the row of `known` with the smallest sum of squared differences. Write `nearest` so that it gives the same answers at least five times faster. (A hint from school: $(a - b)^2 = a^2 - 2ab + b^2$, and $a^2$ does not matter for which is smallest.)


# %%
def nearest_slowly(queries, known):
    """Return, for each query, the number (index) of the nearest row of `known`."""
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
# Setting weights to zero is called **pruning**, and the fraction of zeros is the **sparsity**. Which weights should go? The plain
# answer is *magnitude* pruning: those closest to zero, which add the least to a sum if the inputs are of similar size. To see
# whether the choice matters, we also zero as many at random.
#
# **Before you run it, guess:** with the smallest weights going first, at which fraction of zeros has the network lost half of its accuracy?

# %%
lesson.guess("break_down", "at 50 to 80 %", "at 80 to 90 %", "after 90 %")


# %%
def zero_random(weights, fraction, rng):
    """Set about this fraction of all weights, drawn at random, to zero; biases stay."""
    return [np.where(rng.random(w.shape) < fraction, 0, w) if w.ndim == 2 else w for w in weights]


rng = np.random.default_rng(lesson.seed)
sparsities = np.array([0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99])
plain = {
    "smallest first": [accuracy_of(zero_small(full, s)) for s in sparsities],
    "at random": [  # twenty draws each
        np.mean([accuracy_of(zero_random(full, s, rng)) for _ in range(20)]) for s in sparsities
    ],
}

# %% [markdown]
# After pruning, the rest can be trained a little more, to make up for what is gone, while the zeros stay zeros. For that Keras has *constraints*: functions that are applied to a weight after every step. Ours multiplies by a matrix of ones and zeros, a *mask*. What was pruned at random gets the same retraining. Otherwise the retraining could deserve the credit, and not the choice.


# %%
def retrain(weights, epochs=5):
    """Train on, with every weight that is zero held at zero; return the new weights."""
    model = build_digit_network()
    model.set_weights(weights)
    for layer in model.layers:
        if isinstance(layer, layers.Dense):
            mask = (layer.get_weights()[0] != 0).astype("float32")
            layer.kernel.constraint = lambda w, mask=mask: w * mask  # each layer its own mask
    batches = ShuffledBatches(x_train, y_train, batch_size=32, seed=lesson.seed)
    model.fit(batches, epochs=epochs, verbose=0)
    return model.get_weights()


retrained_at = (0.8, 0.9, 0.98)
after = {
    "smallest first": [retrain(zero_small(full, s)) for s in retrained_at],
    "at random": [retrain(zero_random(full, s, rng)) for s in retrained_at],
}
retrained = {name: [accuracy_of(w) for w in found] for name, found in after.items()}
pruned, pruned_right = after["smallest first"][1], retrained["smallest first"][1]
for name in plain:
    for i, j, percent in ((5, 1, 90), (7, 2, 98)):
        before, now = plain[name][i], retrained[name][j]
        print(f"{name}, {percent} % zeros ≈ {before:.2f}, retrained ≈ {now:.2f}")

# %%
show(
    draw.pruned(sparsities, plain, retrained_at, retrained),
    "Accuracy against the fraction of zeros. Smallest first, the line stays level up to about 0.7 "
    "and falls off at the end. At random, the dashed line falls from the start. The open marks, "
    "for the retrained networks, stand above the lines of the same colour, shifted a little to "
    "the left or right, so that none hides the other.",
)
lesson.claim(
    "at 70 %, smallest first is 20 points ahead",
    plain["smallest first"][3] > plain["at random"][3] + 0.2,
)
lesson.claim("it keeps half of its accuracy at 90 %", plain["smallest first"][5] > full_right / 2)
lesson.claim(
    "and has lost half of it at 99 %",
    plain["smallest first"][-1] < full_right / 2,
    guess="break_down",
)
lesson.claim("retrained, 90 % zeros lose under 4 points", pruned_right > full_right - 0.04)
lesson.claim(
    "at random, 90 % zeros: retraining brings back 30 points",
    retrained["at random"][1] > plain["at random"][5] + 0.3,
)
lesson.claim(
    "at 98 %, retrained, smallest first is ahead",
    retrained["smallest first"][2] > retrained["at random"][2],
)
lesson.claim(
    "and retraining has lifted it by 20 points",
    retrained["smallest first"][2] > plain["smallest first"][7] + 0.2,
)
zeros = sum(np.sum(w == 0) for w in pruned if w.ndim == 2) / dense_count
lesson.claim("and the zeros stayed zeros", abs(zeros - 0.9) < 0.001)

# %% [markdown]
# Compare the open marks with the lines below them, and with each other. The choice of weights decides how far one gets *without*
# retraining. With it, at 90 %, even a random choice comes back most of the way. At 98 % it falls behind, while the smallest-first
# one still comes back: there the choice matters. (We choose nothing by this figure. Whoever picks a sparsity by such a curve
# draws it on validation data.)
#
# At 90 %, the retrained network reads nearly as before. And its file?
#
# **Before you run it, guess:** how large is the saved file, compared with before?

# %%
lesson.guess("pruned_file", "about a tenth", "about half", "the same")

# %%
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
# Compare the four sizes. As Keras saves it, a zero takes four bytes like any other number; only compression makes use of many equal numbers. And the time?

# %%
rows = np.ones((1000, 256), dtype="float32")
times = fastest(100, all_weights=lambda: rows @ full[2], zeros=lambda: rows @ pruned[2])
slower = times["zeros"] / times["all_weights"]
print(f"time with nine of ten weights zero ≈ {slower:.2f} times that with all")

# %%
lesson.claim("far from ten times faster: not even twice", slower > 0.5)

# %% [markdown]
# The processor multiplies by zero as diligently as by anything else. Zeros save time only where the program or the chip can skip them. The plain way is to remove *whole units*: then the matrices get smaller.
#
# ### Exercise: drop_units
#
# A hidden layer has the matrix `first` (inputs, units) and `biases` (units,); the layer after it has the matrix `second` (units, outputs). Keep the `keep` strongest units. Take the strength of a unit to be the sum of squares of what leaves it, its row of `second`. Return the three smaller arrays. (In which of them is a unit a row, in which a column?)


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
# Our own version at work: a quarter of the units in both hidden layers, then the same short retraining. Beside it, two controls: units drawn at random, retrained as long, and a network of 64 units trained from the start.
#
# **Before you run it, guess:** a quarter of the units. Which fraction of the parameters is that?

# %%
lesson.guess("quarter_of_units", "about a quarter", "about a ninth", "about a sixteenth")


# %%
def strongest(matrix, keep):
    return np.argsort(-np.sum(matrix**2, axis=1))[:keep]


def narrow_network(a=None, b=None, epochs=5):
    """Train a network with the units a and b of the two hidden layers, or with 64 new ones each."""
    model = build_digit_network(hidden=64)
    if a is not None:
        between = full[2][np.ix_(a, b)]  # the rows a, and of them the columns b
        model.set_weights([full[0][:, a], full[1][a], between, full[3][b], full[4][b], full[5]])
    model.fit(ShuffledBatches(x_train, y_train, seed=lesson.seed), epochs=epochs, verbose=0)
    return model, accuracy_of(model.get_weights())


narrow, narrow_right = narrow_network(strongest(full[2], 64), strongest(full[4], 64))
_, drawn_right = narrow_network(rng.permutation(256)[:64], rng.permutation(256)[:64])
_, new_right = narrow_network(epochs=20)  # as many as ours: 15 and 5
quicker = compare(network, narrow, x_train)
fraction = narrow.count_params() / network.count_params()
print("parameters:", narrow.count_params(), "of", network.count_params(), f"or {fraction:.3f}")
print(f"test accuracy ≈ {narrow_right:.3f}, time for a batch ≈ {quicker:.2f} of before")
print(f"random units ≈ {drawn_right:.3f}, 64 from the start ≈ {new_right:.3f}")

# %%
lesson.claim(
    "between a tenth and an eighth of the parameters",
    1 / 10 < fraction < 1 / 8,
    guess="quarter_of_units",
)
lesson.claim("a quarter of the units loses under 5 points", narrow_right > full_right - 0.05)
lesson.claim("and takes less time", quicker < 0.9)
apart = max(abs(drawn_right - narrow_right), abs(new_right - narrow_right))
lesson.claim("both controls come within 5 points of it", apart < 0.05)

# %% [markdown]
# The largest matrix, between the hidden layers, shrinks on both sides, so to a sixteenth; the others shrink to a quarter. Together this makes about a ninth, with no compression and no special chip. The time falls less: not all of it is multiply-adds. Compare the accuracies, too: after retraining, the choice of units hardly mattered. A smaller network from the start would have done.
#
# *A good place for a break. What comes next: fewer bits; then the network is put to work, and meets people.*
#
# ## Fewer bits
#
# The other way: keep all weights, but write each with fewer digits. To store numbers on a coarse grid is called **quantization**. Keras uses the whole numbers from -127 to 127, which fit into one byte (`int8`), and for each unit one **scale**, so that its largest weight comes to 127:
#
# $$\text{scale} = \frac{127}{\text{largest size of the unit's weights}} \qquad q = \text{round}(w \cdot \text{scale}) \qquad w \approx \frac{q}{\text{scale}}$$
#
# Read back, the numbers lie on a grid with *steps* of 1/scale. By hand, for one unit with three weights:

# %%
w_unit, scale = np.array([0.5, -0.2, 0.013]), 127 / 0.5
q = np.round(w_unit * scale).astype("int8")
print("scale:", scale, "  stored:", q, "  read back:", np.round(q / scale, 4))
print("errors:", np.round(np.abs(q / scale - w_unit), 4), " half a step:", round(0.5 / scale, 4))

# %% [markdown]
# No error is larger than half a step of the grid.
#
# ### Exercise: to_int8
#
# Do it for a matrix of shape (inputs, units). Return the whole numbers, really in one byte each (`.astype("int8")`), and the scales, one for each unit, that is for each *column*.


# %%
def to_int8(table):
    """Return the quantized matrix and the scale of each column."""
    ### BEGIN SOLUTION
    scale = 127 / np.abs(table).max(axis=0)
    return np.round(table * scale).astype("int8"), scale
    ### END SOLUTION


# %%
lesson.check("to_int8", to_int8)
# lesson.hint("to_int8")

# %% [markdown]
# Keras does it in one line. (`filters` names the layers; only some kinds can be quantized.) We compare Keras's numbers with ours.

# %%
small = for_use(full)
small.quantize("int8", filters="dense")
small.save(folder / "int8.keras")

first = [layer for layer in small.layers if isinstance(layer, layers.Dense)][0]
stored = {w.path.split("/")[-1]: keras.ops.convert_to_numpy(w) for w in first.weights}
int8_bytes = (folder / "int8.keras").stat().st_size
int8_right = np.mean(small.predict(x_test, verbose=0).argmax(axis=1) == y_test)
print("kernel:", stored["kernel"].dtype, " scales:", stored["kernel_scale"].dtype)
print(f"file: float32 ≈ {use_bytes} bytes, int8 ≈ {int8_bytes} bytes")
print(f"test accuracy: float32 ≈ {full_right:.3f}, int8 ≈ {int8_right:.3f}")

# %%
scale = 127 / np.abs(full[0]).max(axis=0)
differing = np.sum(np.round(full[0] * scale) != stored["kernel"])
off = np.abs(stored["kernel"] / stored["kernel_scale"] - full[0]) * scale  # in steps of the grid
lesson.claim("Keras's scales are ours", np.allclose(stored["kernel_scale"], scale, rtol=1e-4))
lesson.claim(
    "fewer than one weight in a thousand is rounded otherwise", differing < full[0].size / 1000
)
lesson.claim("no weight is off by more than half a step", off.max() < 0.51)
lesson.claim("int8 takes less than 40 % of the bytes", int8_bytes < 0.4 * use_bytes)
lesson.claim("the accuracy moves by less than 2 points", abs(int8_right - full_right) < 0.02)

# %% [markdown]
# A third of the bytes and not a quarter: the file has a frame of its own, of some 20,000 bytes, and biases and scales keep their four bytes each. Is the network faster, too? We time it.

# %%
plain_network = for_use(full)
ratios = {size: compare(plain_network, small, x_train[:size]) for size in (1, 256, 1024)}
for size, ratio in ratios.items():
    print(f"{size:,} digits: int8 takes ≈ {ratio:.1f} times as long as float32")

# %%
lesson.claim("a quarter of the bytes is not a quarter of the time", min(ratios.values()) > 0.25)

# %% [markdown]
# Look at the three ratios: above 1 means slower. They depend on the machine and on the backend's routines, so the claim is only that none of them is a quarter. Fewer bytes are fewer seconds only where fetching the weights takes the time, or where a chip is faster with whole numbers and the program uses that. Besides, there is new work: Keras's `Dense` in int8 multiplies whole numbers by whole numbers, so it quantizes its *inputs*, too, afresh for each example, and divides by both scales afterwards.
#
# Convolutions are left alone by Keras 3:

# %%
pictures = keras.Sequential(
    [keras.Input(shape=(8, 8, 1)), layers.Conv2D(16, 3), layers.Flatten(), layers.Dense(10)]
)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    pictures.quantize("int8", filters="conv|dense")
print("Keras says:", [str(w.message) for w in caught if "Conv2D" in str(w.message)][0])
for layer in (pictures.layers[0], pictures.layers[-1]):
    kinds = {keras.backend.standardize_dtype(w.dtype) for w in layer.weights}
    print(type(layer).__name__, "now holds", sorted(kinds))

# %% [markdown]
# So look at what was really done. A network that is mostly convolutions would have stayed about as large.
#
# Pruning and quantization go together: a zero stays a zero on any grid, and small whole numbers, most of them zero, pack well.

# %%
smallest = for_use(pruned)
smallest.quantize("int8", filters="dense")
smallest.save(folder / "smallest.keras")
smallest_right = np.mean(smallest.predict(x_test, verbose=0).argmax(axis=1) == y_test)
smallest_bytes = zipped_bytes(folder / "smallest.keras")
print(f"the smallest file: ≈ {trained_bytes / smallest_bytes:.0f} times smaller than as trained,")
print(f"≈ {zip_full / smallest_bytes:.0f} times smaller than for use, zipped as well")

# %%
files = {
    "as trained": (trained_bytes, full_right),
    "for use": (use_bytes, full_right),
    "int8": (int8_bytes, int8_right),
    "pruned, zipped": (zip_pruned, pruned_right),
    "pruned, int8, zipped": (smallest_bytes, smallest_right),
}
show(
    draw.sizes(files),
    "Bars of file sizes. The file as trained is by far the longest; for use it is a third of "
    "that, and pruned, in int8 and zipped it is a small stub. The accuracies beside the bars "
    "are nearly the same.",
)
lesson.claim("over seven times smaller than that for use, zipped", zip_full / smallest_bytes > 7)
lesson.claim("and at most 5 points less accurate", smallest_right > full_right - 0.05)

# %% [markdown]
# Of the two factors printed above the honest one is the second: nobody would have shipped Adam's averages, and any file can be zipped.
#
# Why does Keras give each unit a scale of its own? Here is a network trained like ours. A slider makes one unit *louder*: what comes into it is multiplied, what leaves it divided by the same number. With 32 bits no answer changes: $\text{ReLU}(16z) = 16\,\text{ReLU}(z)$, and the way out divides by 16.
#
# **Before you run it, guess:** 4 bits (whole numbers from -7 to 7), one scale for all, one unit 16 times as loud. How many of 500 digits are read?

# %%
lesson.guess("loud_unit", "nearly all", "about 400", "about 250", "about 50, as by guessing")

# %% [markdown]
# Set 4 bits, and make the unit louder step by step. Then repair it with the choice of scale, and nothing else.

# %%
lesson.explore("bits")


# %%
def in_4_bits(weights, one_scale):
    """Return the matrices as whole numbers from -7 to 7, and all weights as they are read back."""
    whole, back = [], []
    largest = max(abs(w).max() for w in weights if w.ndim == 2)
    for w in weights:
        if w.ndim == 2:
            size = largest if one_scale else abs(w).max(axis=0)
            whole.append(np.round(7 * w / size))
            w = whole[-1] * size / 7
        back.append(w)
    return whole, back


exact = [w.astype(float) for w in full]
louder = [w.copy() for w in exact]
loudest = abs(exact[0]).max(axis=0).argmax()  # the unit with the largest weight
for part, factor in ((louder[0].T, 16), (louder[1], 16), (louder[2], 1 / 16)):
    part[loudest] *= factor
first_in_4_bits, read = {}, {}
for name, weights in (("as trained", exact), ("one unit loud", louder)):
    for one_scale in (True, False):
        whole, back = in_4_bits(weights, one_scale)
        first_in_4_bits[name, one_scale] = whole[0]
        read[name, one_scale] = 500 * accuracy_of(back)
    one, own = read[name, True], read[name, False]
    print(f"{name}: one scale for all ≈ {one:.0f} digits, one for each unit ≈ {own:.0f}")

# %%
lesson.claim(
    "a single scale: under 100 of 500 digits are read",
    read["one unit loud", True] < 100,
    guess="loud_unit",
)
others = np.delete(first_in_4_bits["one unit loud", True], loudest, axis=1)
lesson.claim("and in the first matrix the other units' weights become zero", not others.any())
own_scales = [first_in_4_bits[name, False] for name in ("as trained", "one unit loud")]
lesson.claim("one for each unit: the whole numbers are as before", np.array_equal(*own_scales))
apart = abs(read["as trained", True] - read["as trained", False])
lesson.claim("as trained, both choices of scale are within 15 digits", apart < 15)

# %% [markdown]
# The largest weight sets the step, and half a step is now more than any weight of the other units in the first matrix: what is left is guessing. With scales of their own, units do not disturb each other. As trained, no unit is loud, and one scale does as well.
#
# ### Exercise: squeeze
#
# A goal to reach. The check trains a network like ours and gives your function its weights: a list of six arrays (matrix, biases, matrix, biases, matrix, biases). Return six arrays of the same shapes. The network may lose at most 4 points of accuracy on digits that it was not trained on, and the file that `np.savez_compressed` makes of your arrays may have at most 80,000 bytes (it had about 315,000). No retraining is needed. (Zeros are equal, and pack well. What else can be made equal? Columns with scales of their own hardly share a number.)


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
# A network earns its keep in another program: a website, a phone, a machine that sorts letters. To have it answer requests there is called **serving**. The other program has none of our variables, only the file.
#
# Here is a small web service. It loads the file once. Then it waits on a *port*, a numbered door of this machine, for requests over **HTTP**, the language of the web, with text in JSON form, which looks like a Python dictionary. (It is made with Tornado, on which Jupyter itself runs. The address 127.0.0.1 means "this machine": nobody outside can reach it.) Three lines of it matter: `load_model`, `model.predict`, and `self.write`, which sends the answer. Neither the scaling nor the layers are written there: both are in the file.

# %%
service = """
import asyncio, json, sys
import keras
import numpy as np
from tornado import httpserver, netutil, web

model = keras.saving.load_model(sys.argv[1])


class Digit(web.RequestHandler):
    def post(self):
        pixels = np.array([json.loads(self.request.body)["pixels"]], dtype="float32")
        p = model.predict(pixels, verbose=0)[0]  # one picture: a batch of one
        self.write({"digit": int(p.argmax()), "probabilities": p.tolist()})


async def main():
    sockets = netutil.bind_sockets(0, "127.0.0.1")  # 0: any port that is free
    httpserver.HTTPServer(web.Application([("/digit", Digit)])).add_sockets(sockets)
    print(sockets[0].getsockname()[1], flush=True)  # its number
    await asyncio.to_thread(sys.stdin.read)  # serve until whoever started it is gone


asyncio.run(main())
"""
_ = (folder / "service.py").write_text(service)

# %% [markdown]
# `running` starts it as a process of its own, and ends it when the `with` is left, even if something goes wrong in between.
#
# **Before you run it, guess:** starting the service, then its first answer. Of the total time, how much goes into the answer?

# %%
lesson.guess("answer_time", "nearly all", "about half", "little")

# %%
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no detour over a proxy


def ask(port, picture):
    """Send one picture to the service; return its answer, and the seconds that it took."""
    start = time.perf_counter()
    request = json.dumps({"pixels": picture.tolist()}).encode()
    with direct.open(f"http://127.0.0.1:{port}/digit", request, timeout=60) as reply:
        answer = json.load(reply)
    return answer, time.perf_counter() - start


begin = time.perf_counter()
with running(sys.executable, folder / "service.py", folder / "smallest.keras") as (process, port):
    starting = time.perf_counter() - begin
    answer, first_time = ask(port, x_test[0])
    later = [ask(port, picture) for picture in x_test[1:21]]
ended = process.poll() is not None
later_time = min(seconds for _, seconds in later)
here = smallest.predict(x_test[:21], verbose=0)
print(f"start ≈ {starting:.1f} s, first answer ≈ {first_time:.3f} s, later ≈ {later_time:.3f} s")

# %%
there = np.array([reply["probabilities"] for reply in [answer] + [reply for reply, _ in later]])
lesson.claim("it answers with the probabilities of the notebook", np.abs(there - here).max() < 1e-3)
lesson.claim(
    "starting takes over three times as long as the first answer",
    starting > 3 * first_time,
    guess="answer_time",
)
lesson.claim("and over ten times as long as a later one", starting > 10 * later_time)
lesson.claim("afterwards the service is gone", ended)

# %% [markdown]
# Look at the three times. (At the first answer Keras makes the record that later ones use.) Starting Python, loading Keras and reading the file are done once; so real services start once and stay up. Busy ones gather requests that arrive together into a batch. (A service for the world needs more: encryption, limits, a log. It need not carry all of Keras: `model.export(...)` writes the network in other formats, such as ONNX or LiteRT.)
#
# The scaling in the file matters more than it seems. Suppose that it were left to the other program, and somebody there thinks that pixels go from 0 to 1:

# %%
wrong_scale = np.mean(smallest.predict(x_test / 16, verbose=0).argmax(axis=1) == y_test)
print(f"accuracy: pixels 0 to 16 ≈ {smallest_right:.3f}, pixels 0 to 1 ≈ {wrong_scale:.3f}")

# %%
lesson.claim("with the wrong scale more than half of the digits are misread", wrong_scale < 0.5)

# %% [markdown]
# No error message, only wrong answers. It is one of the most common faults in practice: training and use prepare the data differently (**training-serving skew**). Let the file carry the preparation, test the served answer as we did, and keep watching the answers in use.
#
# ## What to suggest
#
# Shops and film services live on suggestions. A program that suggests is a **recommender**. It needs to know surprisingly little: not what the items are, nor who the users are, only *who took what*.
#
# Our shop is made up, so that we know the truth. It has 400 users and 120 items of six genres. Each user took 20, of which we hide four. A recommender makes a list of ten unseen items for each user; its score is the fraction of hidden items that are on the list (the field calls it *recall at 10*).

# %%
taken, genre, liking = tastes(seed=lesson.seed)
hidden, known = taken[:, :4], taken[:, 4:]
n_users, n_items = liking.shape
took = np.zeros((n_users, n_items))
np.put_along_axis(took, known, 1, axis=1)  # in each row a 1 at the items that are known
print("users, items:", took.shape, " known for each user:", known.shape[1])

# %% [markdown]
# ### Exercise: suggest
#
# `scores` holds one number for each item, `seen` the numbers of the items that this user took already. Return the numbers of the `n` items with the highest scores that are not seen, best first. Leave `scores` as it is.


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
# Three ways to score. First the baseline: **popularity**, how many users took the item.
#
# Second: "who took this also took that". Two items are alike if the same people took them. We measure it by the number of users who took both, divided by the root of the product of their popularities; without the division, popular items would be like everything. (An item is a column of zeros and ones in `took`, and the root of its popularity is the column's length. The quotient is 1 for two columns in the same direction and 0 for two with no user in common: their **cosine similarity**.) An item's score is its likeness to the items you have. It is called **item-to-item filtering**. Amazon's "customers who bought this also bought" began so, in the late 1990s, with counting and no network at all.
#
# As a ceiling we also score by the true liking, which no method can know.
#
# **Before you run it, guess:** the ten of the list come from 104 open items, so chance finds a tenth of the hidden ones. How many in 100 will item-to-item filtering find?

# %%
lesson.guess("item_to_item")


# %%
def recall(scores):
    """Return the fraction of hidden items that are among the ten best unseen ones."""
    open_scores = np.where(took == 1, -np.inf, scores)
    best = np.argsort(-open_scores, axis=1)[:, :10]
    return np.mean([np.isin(h, b) for h, b in zip(hidden, best, strict=True)])


popularity = took.sum(axis=0)
together = took.T @ took  # row i, column j: how many users took both
np.fill_diagonal(together, 0)
likeness = together / np.sqrt(np.outer(popularity, popularity) + 1e-9)

found = {
    "popularity": recall(np.tile(popularity, (n_users, 1))),
    "item to item": recall(took @ likeness),
    "true liking": recall(liking),
}
for name, fraction in found.items():
    print(f"{name}: fraction of hidden items found ≈ {fraction:.2f}")

# %%
lesson.claim("popularity is twice as good as chance", found["popularity"] > 2 * 10 / 104)
lesson.claim(
    "item-to-item beats popularity by 20 points",
    found["item to item"] > found["popularity"] + 0.2,
)
lesson.claim(
    "it finds 55 to 75 of 100 hidden items",
    0.55 < found["item to item"] < 0.75,
    guess="item_to_item",
)

# %% [markdown]
# Our matrix `together` has a place for every pair of items. Amazon's method, as its authors describe it, notes only the pairs that *occur* in the purchases. Ten million customers with 20 purchases each make $20 \cdot 19 / 2 = 190$ pairs each, so at most 1.9 billion occur, of the 500 billion that a million items have. This is done beforehand, *offline*. When a customer comes, the program only looks up what goes with her items; how long that takes depends on what she bought, and not on how many items or customers there are.
#
# Now a network. It gives each user two numbers (an embedding, as in lesson 06) and each item two weights and a bias, and is asked a question with 120 possible answers: given the user, which item?

# %%
### SOURCE courseware.lessons.in_practice.models.build_recommender

# %%
users, items = np.repeat(np.arange(n_users), known.shape[1]), known.ravel()
keras.utils.set_random_seed(lesson.seed)
recommender = build_recommender(n_users, n_items)
batches = ShuffledBatches(users[:, None], items, batch_size=128, seed=lesson.seed)
recommender.fit(batches, epochs=30, verbose=0, callbacks=[lesson.live()])
scores = recommender.predict(np.arange(n_users)[:, None], batch_size=n_users, verbose=0)
found["embeddings"] = recall(scores)
print(f"embeddings: fraction of hidden items found ≈ {found['embeddings']:.2f}")

# %%
show(
    draw.found(found, chance=10 / 104),
    "Bars of the fraction of hidden items found. Popularity is well above the dashed line of "
    "chance; item to item and embeddings reach twice as far and lie close together, just below "
    "the true liking.",
)
lesson.claim(
    "the embeddings beat popularity by 20 points", found["embeddings"] > found["popularity"] + 0.2
)
lesson.claim(
    "and are within 8 points of item-to-item",
    abs(found["embeddings"] - found["item to item"]) < 0.08,
)

# %% [markdown]
# Both are close to the ceiling; in so small a shop counting does as well as the network. Embeddings offer something else. They place every item by a short list of numbers, so that even items that nobody took together can be compared: they are alike if they lie in a similar *direction* from the middle. And two numbers make a map. (Nobody told it the genres. Two numbers suffice since the tastes of our shop are made as directions in a plane; in a real shop one chooses their number on validation data.)

# %%
item_vectors, item_bias = recommender.layers[-1].get_weights()
item_vectors = item_vectors.T  # (items, 2)
same_genre = neighbours_alike(item_vectors, genre)
goes_along = np.corrcoef(item_bias, np.log(popularity + 1))[0, 1]
print(f"fraction of items whose nearest in direction is of the same genre ≈ {same_genre:.2f}")
print(f"correlation of the biases with the logarithm of popularity ≈ {goes_along:.2f}")

# %%
show(
    draw.item_map(item_vectors, genre, popularity),
    "Items on a map, a colour and a marker for each genre, larger if more popular. The six genres "
    "form six sectors around the middle, like slices of a cake.",
)
lesson.claim(
    "the nearest is of the same genre over three times as often as by chance", same_genre > 3 / 6
)
lesson.claim("the biases have learned popularity", goes_along > 0.7)

# %% [markdown]
# Each genre has its own direction. The biases go along with the popularity (with its logarithm: softmax makes $e^b$ of a bias $b$), so the baseline is in the network, too, and the vectors add the taste.
#
# What such a recommender cannot do: say anything about an item that nobody has taken, or a user who took nothing (a *cold start*). Services then fall back on popularity. And it feeds on itself: what is suggested gets taken, and what gets taken is suggested more.
#
# ### Exercise: repair
#
# This recommender has three faults: with some backends it stops with an error, with others it learns nothing. Return one that after 30 epochs finds at least 8 points more of the hidden items than popularity does. (Look at how many rows the embedding has, at what the output must be for this loss, and at the optimizer.)


# %%
def repaired_recommender(n_users, n_items):
    """Return a compiled recommender: a user's number in, a probability for each item out."""
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
# So far the right answers were known. A program that plays, or a website that tries four headlines, does something and then hears only how well it went. That number is a **reward**, and learning from it is **reinforcement learning**. It is often said to learn "from its mistakes". No mistake is ever pointed out; a reward never says what would have been better.
#
# The smallest case has four buttons (a *multi-armed bandit*, after the slot machine). Each pays one coin with a fixed probability that the player does not know. Keep an average for every button, beginning at 0. Mostly press the one with the best average so far (of equals, the first), and one time in ten press one at random: this is called *exploring*.
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
earned = {explore: np.mean([play(explore, rng) for _ in range(10)]) for explore in (1.0, 0.0, 0.1)}
print(f"always at random ≈ {earned[1.0]:.2f}, never at random ≈ {earned[0.0]:.2f}")
print(f"one in ten at random ≈ {earned[0.1]:.2f} coins for each press")

# %%
lesson.claim("a little exploring earns more than 0.58", earned[0.1] > 0.58)
lesson.claim(
    "without exploring, the player earns what the first button pays, 0.2",
    abs(earned[0.0] - 0.2) < 0.03,
    guess="never_explores",
)
lesson.claim("at random it is the mean of the buttons, 0.45", abs(earned[1.0] - 0.45) < 0.03)

# %% [markdown]
# Follow the code for a player who never explores: all averages begin at zero, and `argmax` takes the first of equals. After its first coin the first button is above zero, the others are not, and none of them is ever pressed.
#
# Two things are missing here that make real tasks hard. Pressing changes nothing but the purse: there are no *states*, such as the position on a board. And the reward comes at once: there is no *delay*, while in a game it may come fifty moves later. With states, a network can take the place of the four averages.
#
# ## Where networks are at work
#
# Read success stories with a builder's eye: what went in, what came out, what was it compared with?
#
# * **Translation.** Google Translate changed to networks in 2016, to the LSTMs of lesson 06. By 2020 it was a hybrid, a Transformer (the next lesson) that reads and a recurrent network that writes. Today Transformers lead the field.
# * **Go.** AlphaGo beat Lee Sedol in 2016. Convolutional networks looked at the board. They learned first from games of people, then by reinforcement learning from games against themselves. And a **tree search**, guided by the networks, tried out moves and replies, many steps ahead.
# * **Faces.** Facebook's DeepFace (2014) said of two photos whether they show the same person, and was right in 97.35 % of the 6,000 pairs of the benchmark LFW; people reach about 97.5 %. Facebook ended its tagging of faces in 2021. In 2024 its owner Meta began to compare faces again, to catch advertisements that misuse famous faces and to let people back into their accounts.
# * **Fraud and failing machines.** Both are rare. One way is to learn what is normal (lesson 07), and to look for what is not.
# * **Language and sight.** Telling praise from complaint (*sentiment*), speech into text; finding things in a picture (*object detection*); robots and cars, which must see, decide and act.
#
# Check such numbers with a quick calculation. DeepFace's 97.35 % and the people's 97.5 % are about ten errors apart in 6,000: as
# good as equal. Or take 100,000 payments with 100 frauds, and an alarm that finds 90 % of the frauds and is wrong for 1 % of the
# honest payments: 90 right alarms, and 999 false ones. Never to raise an alarm would be 99.9 % accurate. Ask how often the thing
# occurs, and what each kind of error costs whom.
#
# ## Accurate for whom?
#
# Here is the question at its most serious, as a measurement. Our network becomes an app, and the pictures come from phones. Some people hold the phone sideways, and some of their phones do not record which way up that was. Their pictures arrive rotated by a quarter turn. The training data have hardly any of them: 20 of 1,297 pictures. In use they are one in twenty. (Each accuracy is the average over three networks, with other first weights and another choice of the 20.)


# %%
def sideways(x):
    return np.rot90(x.reshape(-1, 8, 8), axes=(1, 2)).reshape(-1, 64)


def by_group(n_sideways, weight=1.0, networks=3):
    """Train with so many pictures sideways; return the accuracies, upright and sideways."""
    found = []
    for seed in lesson.seed + 100 * np.arange(networks):
        which = np.random.default_rng(seed).permutation(len(x_train))[:n_sideways]
        x, importance = x_train.copy(), np.ones(len(x_train))
        x[which], importance[which] = sideways(x[which]), weight
        keras.utils.set_random_seed(int(seed))
        model = build_digit_network()
        batches = ShuffledBatches(x, y_train, batch_size=64, seed=seed, sample_weight=importance)
        model.fit(batches, epochs=12, verbose=0)
        weights = model.get_weights()
        found.append([accuracy_of(weights), accuracy_of(weights, sideways(x_test))])
    return np.mean(found, axis=0)


few = by_group(20)
overall = 0.95 * few[0] + 0.05 * few[1]  # as in use: one in twenty is sideways

# %%
lesson.claim("overall, more than 90 % are read right", overall > 0.9)

# %% [markdown]
# Ready to be sold?
#
# **Before you run it, guess:** how many in 100 digits are read right for those whose pictures arrive sideways?

# %%
lesson.guess("read_sideways")

# %% [markdown]
# The cell below tries two remedies. The first costs nothing: let each of the 20 count twenty times in the loss (`sample_weight`). The second costs work: collect 325 sideways pictures, a quarter of the training set. (We play it by turning more of ours. In the loss the sideways pictures weigh about a quarter either way: 400 of 1,677, or 325 of 1,297.)

# %%
weighted = by_group(20, weight=20.0)
collected = by_group(325)
print(f"overall, 20 sideways ≈ {overall:.3f}")
print(f"sideways: 20 ≈ {few[1]:.2f}, weighted ≈ {weighted[1]:.2f}, 325 ≈ {collected[1]:.2f}")
print(f"upright: 20 ≈ {few[0]:.3f}, weighted ≈ {weighted[0]:.3f}, 325 ≈ {collected[0]:.3f}")

# %%
show(
    draw.two_groups(
        {"20 sideways": few, "20, weighted": weighted, "325 sideways": collected},
        overall,
        ("upright", "sideways"),
    ),
    "Three pairs of bars. Upright: always near the top. Sideways, hatched: a little above half "
    "with 20 pictures, hardly higher when those are weighted, nearly level with the others with "
    "325. A dashed line shows the overall accuracy of the first networks, near the top.",
)
lesson.claim(
    "with 20 pictures, 30 to 80 of 100 sideways ones are read right",
    0.3 < few[1] < 0.8,
    guess="read_sideways",
)
lesson.claim("upright pictures are read at least 20 points better", few[0] > few[1] + 0.2)
lesson.claim("more data gains at least 15 points", collected[1] > few[1] + 0.15)
lesson.claim(
    "weighting gains less than half of what more data gains",
    weighted[1] - few[1] < 0.5 * (collected[1] - few[1]),
)
lesson.claim("and the upright lose less than 5 points by it", collected[0] > few[0] - 0.05)

# %% [markdown]
# The overall figure is an average over people, and the many outvote the few. A weight makes the same 20 pictures louder; it adds no new one. Real examples do. How much a weight helps differs from case to case (lesson 00 had another), so measure it. (Here you could also turn upright pictures yourself, as lesson 09 shifted copies. With groups of people one rarely knows how they differ.)
#
# This happens in practice, too. In 2018 researchers measured programs on sale that say whether a face is a man's or a woman's. The error was below 1 % for light-skinned men and up to 35 % for dark-skinned women; the overall figures had not shown it. What you can do:
#
# * Ask who will use it, and test each group on its own, with enough people in each.
# * Ask what an error costs, and whom. Then set the threshold for that, rather than for accuracy.
# * After every change, also after pruning or quantizing, measure the groups again.
# * Some things should not be built, however accurate they are. No measurement decides that; people must.
#
# ## What people get wrong
#
# * **"More parameters, more time."** A convolution used each weight 36 times. Count multiply-adds, and then time it.
# * **"Pruning makes the file smaller, and the network faster."** Zeros alone did neither. It takes compression for the one, and smaller matrices for the other.
# * **"Quantizing shrinks every network to a quarter, and makes it faster."** Only the layers that it treats get smaller. Speed has to be timed.
# * **"97 % accurate, so it works."** For whom, how often, and against which baseline?
#
# ## Takeaways
#
# * Cost is countable: parameters, multiply-adds, bytes. Predict, then measure.
# * Batches and compilation pay the overhead once for many. Vectorize before you rent.
# * Most weights of our network could go, given a short retraining afterwards, and the rest fit into one byte each. Compare with the file you would have used.
# * Let the file carry the scaling, and test the served answer.
# * A recommender needs only who took what. Popularity is its baseline.
# * An average hides groups. Measure each, and what a remedy does for it.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Keras's guides to saving and to quantization: [keras.io/guides](https://keras.io/guides/).
# * Next lesson: *Networks that look where it matters*, of which large language models are built.
# * Greg Linden, Brent Smith and Jeremy York, "Amazon.com Recommendations: Item-to-Item Collaborative Filtering", *IEEE Internet Computing* (2003).
# * David Silver and others, "Mastering the game of Go with deep neural networks and tree search", *Nature* 529 (2016).
# * Song Han, Huizi Mao and William Dally, "Deep Compression", *ICLR* (2016; arXiv:1510.00149).
# * Joy Buolamwini and Timnit Gebru, "Gender Shades", *PMLR* 81 (2018): face programs measured group by group.
