# %% [markdown]
# # Learning without labels
#
# *135 minutes: 60 to read and run, 40 for 8 exercises, 35 for the 34 questions of the quiz. Builds on: feedforward networks (lesson 03). The digits come without their labels this time.*
#
# Describe a handwritten digit over the telephone, with eight numbers and no more, so that the other side can draw it. Which eight numbers say the most about a digit? A network can find that out, and nobody has to label anything: the right answer to each picture is the picture itself.
#
# **After this lesson you can**
#
# * build an encoder and a decoder that can be used apart, and train them without labels;
# * compress data by the directions in which they spread most, and compare a network with that;
# * draw a map of data that nobody has sorted, and clean noisy pictures;
# * find the odd ones out with a network that has only seen normal cases, measure how well, and choose a threshold.

# %%
from courseware import open_lesson

lesson = open_lesson("07_autoencoder")

import math

import keras
import numpy as np
from keras import layers, ops
from sklearn.model_selection import train_test_split

from courseware.batches import ShuffledBatches
from courseware.data import digits
from courseware.lessons.autoencoder import drawings as draw
from courseware.drawing import show

# %% [markdown]
# The digits are those of lesson 03, and 3,000 of them are enough for training. A validation part is there for choices, the test part for the final numbers. We keep the labels for colouring pictures, for scoring, and once to leave a digit out. No network will see them in training.

# %%
images, numerals = digits()
size = images.shape[1]
x_train, x_rest, label_train, label_rest = train_test_split(
    images.reshape(len(images), -1),
    numerals,
    train_size=3000 if len(images) > 4300 else 1200,
    stratify=numerals,
    random_state=lesson.seed,
)
x_val, x_test, label_test = x_rest[:300], x_rest[300:1300], label_rest[300:1300]
n_pixels = x_train.shape[1]
print("pixels in a picture:", n_pixels)
print("training:", len(x_train), "  validation:", len(x_val), "  test:", len(x_test))

# %% [markdown]
# Here is the builder of this lesson. Its parts will be explained one by one. First look at what it does: two networks, with only eight numbers between them.

# %%
### SOURCE courseware.lessons.autoencoder.models.build_autoencoder

# %%
epochs = 12 if len(x_train) > 2000 else 40


def train(model, inputs, targets, epochs=epochs):
    batches = ShuffledBatches(inputs, targets, batch_size=64, seed=lesson.seed)
    return model.fit(batches, epochs=epochs, callbacks=[lesson.live()], verbose=0).history


def run(model, inputs):
    return ops.convert_to_numpy(model(inputs, training=False))


def error(pictures, rebuilt):
    """Return the mean squared error per pixel."""
    return np.mean((pictures - rebuilt) ** 2)


keras.utils.set_random_seed(lesson.seed)
autoencoder, encoder, decoder = build_autoencoder(
    n_pixels, 8, hidden=(128, 64), code="linear", optimizer=keras.optimizers.Adam(0.003)
)
train(autoencoder, x_train, x_train)  # the inputs are the labels
codes = run(encoder, x_test)
drawn_again = run(decoder, codes)

average = x_train.mean(axis=0)
error_average, error_deep = error(x_test, average), error(x_test, drawn_again)
print(f"error per pixel: the average picture for every digit ≈ {error_average:.4f}")
print(f"error per pixel: drawn from 8 numbers ≈ {error_deep:.4f}")

# %%
show(
    draw.telephone(x_test[:8], codes[:8], drawn_again[:8], size),
    "Three rows. Above, eight handwritten digits. In the middle, eight bars for each, the code. "
    "Below, the digits drawn from the code alone: softer, and most still readable.",
)
lesson.claim(
    "eight numbers leave less than half of the baseline's error", error_deep < error_average / 2
)

# %% [markdown]
# The upper pictures went in, only the bars were passed on, and the lower pictures were drawn from the bars. These are test
# pictures, which the network did not see in training. Strokes are softer, and now and then a digit has turned into another. Most
# are still there.
#
# ## What to keep
#
# A network that rebuilds its own input is called an **autoencoder**. Its first half, the **encoder**, turns the input into a short list of numbers, the **code**. Its second half, the **decoder**, turns the code back into something like the input; the result is the **reconstruction**. Training makes the *reconstruction error* small, the difference between what went in and what came out.
#
# If the code were as long as the input, the network could simply pass everything on. The narrow place in the middle, the
# **bottleneck**, leaves no room for that: it has to find out what matters. Learning from examples without labels is called
# **unsupervised learning**. (Here the targets are made from the data themselves, so people also say *self-supervised*.)
#
# ## The classic one
#
# The autoencoder of many introductions has one dense layer on each side: 784 pixels, a code of 32 numbers with ReLU, 784 pixels with sigmoid. (Our first network had hidden layers as well: 784-128-64-8-64-128-784.) Its loss is the binary cross-entropy, taken for each pixel as if ink were a yes or no. It is smallest where the output equals the input. Even there something is left, as a grey pixel is neither yes nor no.
#
# ### Exercise: parameters
#
# How many parameters does it have? Write the count for any number of pixels and any code.


# %%
def parameters(n_pixels, n_code):
    """Return the number of weights and biases of the autoencoder with one layer on each side."""
    ### BEGIN SOLUTION
    return (n_pixels + 1) * n_code + (n_code + 1) * n_pixels
    ### END SOLUTION


# %%
lesson.check("parameters", parameters)
# Stuck? Remove the # from the next line and run the cell. Each run gives one more hint, of three.
# lesson.hint("parameters")

# %% [markdown]
# Our builder uses the *functional API* of Keras: layers are called like functions, `layers.Dense(8)(x)`, and a `keras.Model` is made from where it begins and where it ends. The builder makes three. The autoencoder is the decoder, called on the result of the encoder. All three share their weights: train one, and the others have learned, too.

# %%
classic, classic_encoder, classic_decoder = build_autoencoder(784, 32)
print("784-32-784:", classic.count_params(), "parameters")
print("encoder:", classic_encoder.count_params(), "  decoder:", classic_decoder.count_params())
lesson.claim(
    "the two halves add up to the whole",
    classic.count_params() == classic_encoder.count_params() + classic_decoder.count_params(),
)

# %% [markdown]
# A well-known example of 2016, "Building Autoencoders in Keras" on the Keras blog, compiles this network with
# `optimizer="adadelta"`. We train it that way, for ten epochs, and once more with Adam. Two numbers to judge the loss by; the
# first is what grey pixels cost even a perfect copy:

# %%
cross_entropy = keras.losses.BinaryCrossentropy()
loss_perfect = float(cross_entropy(x_train, x_train))
loss_average = float(cross_entropy(x_train, np.broadcast_to(average, x_train.shape)))
print(f"loss of a perfect copy ≈ {loss_perfect:.3f}, of the average picture ≈ {loss_average:.3f}")
lesson.claim("not even a perfect copy costs nothing", 0.01 < loss_perfect < loss_average)

# %% [markdown]
# **Before you run it, guess:** where is the loss after ten epochs with Adadelta?

# %%
lesson.guess("adadelta", "about 0.1", "about 0.3", "about 0.7")

# %%
history, rebuilt = {}, {}


def train_classic(name, optimizer):
    keras.utils.set_random_seed(lesson.seed)
    model, _, _ = build_autoencoder(n_pixels, 32, optimizer=optimizer)
    history[name] = train(model, x_train, x_train, epochs=10)["loss"]
    rebuilt[name] = run(model, x_test)
    first, last = history[name][0], history[name][-1]
    print(f"{name}: loss after one epoch ≈ {first:.3f}, after ten ≈ {last:.3f}")
    return model


train_classic("adadelta", "adadelta")
classic = train_classic("adam", "adam")
fallen = {name: losses[0] - losses[-1] for name, losses in history.items()}

# %%
lesson.claim("Adadelta's loss has hardly moved", fallen["adadelta"] < 0.05, guess="adadelta")
lesson.claim(
    "Adam's has fallen more than five times as far", fallen["adam"] > 5 * fallen["adadelta"]
)

# %% [markdown]
# Is Adadelta a bad method, then? In Keras its learning rate is 0.001 today unless you say otherwise. The paper that introduced it has no learning rate at all, which comes to a rate of 1, and 1 was Keras's default when the example was written. We change that one number only.

# %%
train_classic("adadelta, rate 1", keras.optimizers.Adadelta(1.0))
fallen["adadelta, rate 1"] = history["adadelta, rate 1"][0] - history["adadelta, rate 1"][-1]
errors_classic = {name: error(x_test, pictures) for name, pictures in rebuilt.items()}

# %%
show(
    draw.optimizers(
        history, x_test[:6], {n: p[:6] for n, p in rebuilt.items()}, size, loss_average
    ),
    "Left, three loss curves, and a dashed line for the average picture: Adadelta's is flat at "
    "the top, Adam's falls far below the line, and that of Adadelta with a rate of 1 falls fast "
    "and stays near the line. Right, six digits in four rows: the originals; grey noise by "
    "Adadelta; blurred digits by Adam; and by Adadelta at rate 1 much the same grey blot for all.",
)
lesson.claim(
    "with a rate of 1, Adadelta's has fallen more than five times as far, too",
    fallen["adadelta, rate 1"] > 5 * fallen["adadelta"],
)
lesson.claim(
    "but its squared error is still above three quarters of the average picture's, Adam's below",
    errors_classic["adadelta, rate 1"] > 3 / 4 * error_average > errors_classic["adam"],
)

# %% [markdown]
# Compare the second row with the last: the same method with another rate. The rate was why nothing moved. But even with a rate of
# 1 the result is little better than the average picture (the dashed line) after these ten epochs, and Adam, at its default, is
# far ahead. (The example trained some 25 times as long.) Naming an optimizer is only half a choice: look up its rate, and put a
# simple baseline beside the curve.
#
# ### Exercise: repair
#
# Three things are wrong with this autoencoder for 64 pixels: the code is as wide as the picture, the activation of the output makes all pixels share one unit of ink, and the loss expects classes. Repair it: a code of at most 16 numbers, and outputs that stay between 0 and 1, each by itself. Trained for 20 epochs on the small digits, it must have a smaller squared error than their average picture; the optimizer may stay as it is.


# %%
def repaired_autoencoder():
    """Return a compiled model: 64 pixels from 0 to 1 in, the same out, at most 16 between."""
    ### BEGIN SOLUTION
    n_code, output, loss = 8, "sigmoid", "binary_crossentropy"
    ### STARTER
    # n_code, output, loss = 64, "softmax", "categorical_crossentropy"
    ### END SOLUTION
    inputs = keras.Input(shape=(64,))
    code = layers.Dense(n_code, activation="relu")(inputs)
    model = keras.Model(inputs, layers.Dense(64, activation=output)(code))
    model.compile(optimizer="adam", loss=loss)
    return model


# %%
lesson.check("repair", repaired_autoencoder)
# lesson.hint("repair")

# %% [markdown]
# ## A baseline: directions
#
# What would one do without a network? Look at just two pixels. We take the two neighbours whose ink varies together most. How much it varies is measured by the *variance*, the mean squared distance from the mean: the square of the standard deviation.

# %%
grids = (x_train - average).reshape(-1, size, size)
together = np.mean(grids[:, :, :-1] * grids[:, :, 1:], axis=0)  # large where both vary together
row, column = np.unravel_index(together.argmax(), together.shape)  # where it is largest
pair = x_train.reshape(-1, size, size)[:, row, column : column + 2]
centred = pair - pair.mean(axis=0)
arrows = np.linalg.svd(centred, full_matrices=False)[2]  # the next section says what this does
along, across = (centred @ arrows.T).var(axis=0)
print(f"fraction of the variance along the long arrow ≈ {along / (along + across):.2f}")

# %%
show(
    draw.two_pixels(pair, arrows),
    "Dots, the ink of one pixel against that of its right-hand neighbour: many where both are "
    "white or both are inked, and others between. A long arrow lies along the direction of the "
    "greatest spread and a short one across. Each is as long as the standard deviation in its "
    "direction.",
)
lesson.claim("more than two thirds of the variance lies along the long arrow", along > 2 * across)

# %% [markdown]
# If you may pass on *one* number for the two pixels, which one? The place along the long arrow: it is the direction in which the data spread most, so least is lost. This is the whole idea of **principal component analysis**, **PCA** for short (Karl Pearson, 1901). The first direction is the one of greatest spread; the second the one of greatest spread among those at a right angle to it; and so on. Keep the first few.
#
# ## PCA, by hand
#
# NumPy finds the directions by the *singular value decomposition*, `np.linalg.svd`. Take it as a tool: given the centred data, it returns the directions as the rows of its third result, the one of greatest spread first. Each has length 1 and is at right angles to all others.

# %%
directions = np.linalg.svd(x_train - average, full_matrices=False)[2]
print("directions, one per row:", directions.shape)

# %%
show(
    draw.strips(directions[:8], size, "The first eight directions, as pictures"),
    "Eight pictures with red and blue areas. The first ones look like blurred strokes and rings, "
    "later ones have finer and finer patterns.",
)
lesson.claim(
    "they have length 1 and are at right angles",
    np.allclose(directions @ directions.T, np.eye(n_pixels), atol=1e-3),
)

# %% [markdown]
# Red adds ink, blue removes it. Each digit is the average picture, plus so much of the first pattern, plus so much of the second, and so on. Those amounts are its code.
#
# ### Exercise: pca_code
#
# Write the encoder of PCA. `x` has shape (n, pixels), `average` (pixels,) and `directions` (k, pixels). Return the amounts, of shape (n, k): centre the pictures, and take the product of each with each direction.


# %%
def pca_code(x, average, directions):
    """Return how much of each direction is in each picture, of shape (n, k)."""
    ### BEGIN SOLUTION
    return (x - average) @ directions.T
    ### END SOLUTION


# %%
lesson.check("pca_code", pca_code)
# lesson.hint("pca_code")

# %% [markdown]
# ### Exercise: pca_rebuild
#
# And the decoder: the average, plus each direction times its amount.


# %%
def pca_rebuild(code, average, directions):
    """Return the pictures of shape (n, pixels) that belong to the codes of shape (n, k)."""
    ### BEGIN SOLUTION
    return average + code @ directions
    ### END SOLUTION


# %%
lesson.check("pca_rebuild", pca_rebuild)
# lesson.hint("pca_rebuild")

# %% [markdown]
# Both in one line, so that the next cells do not need your functions, and scikit-learn agrees:

# %%
from sklearn.decomposition import PCA


def through_pca(x, k):
    """Return the reconstruction from the amounts of the first k directions."""
    return average + (x - average) @ directions[:k].T @ directions[:k]


pca = PCA(8, svd_solver="covariance_eigh").fit(x_train)
theirs = pca.inverse_transform(pca.transform(x_test))
lesson.claim(
    "scikit-learn rebuilds the same", np.allclose(theirs, through_pca(x_test, 8), atol=1e-2)
)

# %% [markdown]
# Now the comparison: our first network with PCA at eight numbers, and the classic one with PCA at 32. The classic one, as Adam has trained it above, is trained further, at a larger rate.
#
# **Before you run it, guess:** PCA needs no training at all. With eight numbers each, how does our first network compare with it?

# %%
lesson.guess("pca_or_network", "worse", "about the same", "at least a tenth less error")

# %%
classic.optimizer.learning_rate = 0.003  # so far Adam's default, 0.001
train(classic, x_train, x_train)  # run a second time, this would train it still further
error_classic = error(x_test, run(classic, x_test))

kept = [1, 2, 4, 8, 16, 32, 64]
errors_pca = [error(x_test, through_pca(x_test, k)) for k in kept]
error_pca, error_pca_32 = errors_pca[kept.index(8)], errors_pca[kept.index(32)]
print(f" 8 numbers: PCA ≈ {error_pca:.4f}, network with hidden layers ≈ {error_deep:.4f}")
print(f"32 numbers: PCA ≈ {error_pca_32:.4f}, classic one ≈ {error_classic:.4f}")
print(f"32 numbers: classic one before, after its ten epochs ≈ {errors_classic['adam']:.4f}")

# %%
show(
    draw.error_curve(
        kept,
        errors_pca,
        {
            "average picture": error_average,
            "hidden layers, 8 numbers": (8, error_deep),
            "classic, 32 numbers": (32, error_classic),
            "classic, first ten epochs": (32, errors_classic["adam"]),
        },
    ),
    "Reconstruction error of PCA against the number of directions kept, falling steadily. A "
    "diamond at eight numbers, the first network, lies clearly below the curve. At 32, a hollow "
    "square, the classic one after its first ten epochs, lies high above it, and a full one, after "
    "more training, near it. A dashed line at the top is the average picture.",
)
lesson.claim("more directions, less error", np.all(np.diff(errors_pca) < 0))
lesson.claim(
    "with eight numbers the network's error is at least a tenth smaller",
    error_deep < 0.9 * error_pca,
    guess="pca_or_network",
)
lesson.claim(
    "after its first ten epochs, the classic one was worse than PCA",
    errors_classic["adam"] > error_pca_32,
)

# %% [markdown]
# PCA is the baseline of this lesson, and a strong one: no training, one number to choose, and always the same result. Look at the
# two squares: after ten epochs (the hollow one) the classic network was far behind PCA, and only further training, at a larger
# rate, brought it a little below the curve. "Neural" is not the same as "better". Run PCA first.
#
# Where the network is better, what makes the difference? PCA can only *add up* fixed patterns. The network has ReLU layers, so what one number means may depend on the others. Is that it? Here is our first network without the ReLUs of its hidden layers, and nothing else changed:

# %%
keras.utils.set_random_seed(lesson.seed)
straight = keras.Sequential(
    [keras.Input(shape=(n_pixels,))]
    + [layers.Dense(units) for units in (128, 64, 8, 64, 128)]  # no activation
    + [layers.Dense(n_pixels, activation="sigmoid")]
)
straight.compile(keras.optimizers.Adam(0.003), loss="binary_crossentropy")
train(straight, x_train, x_train)
error_straight = error(x_test, run(straight, x_test))
print(f"PCA ≈ {error_pca:.4f}, ReLU ≈ {error_deep:.4f}, no ReLU ≈ {error_straight:.4f}")

# %%
lesson.claim(
    "without ReLU, more than half of the network's lead over PCA is gone",
    error_pca - error_straight < (error_pca - error_deep) / 2,
)

# %% [markdown]
# Compare the last number with the two before it. One bend is left, the sigmoid of the output. Now remove that, too: this autoencoder has no activation, three numbers in the middle, squared error for its loss, and is trained on centred pictures. Its learning rate shrinks to zero, so that it comes to rest.
#
# **Before you run it, guess:** how well will it rebuild the test pictures, compared with PCA with three numbers?

# %%
lesson.guess("no_bend", "worse", "equally well", "better")

# %%
steps = 20 * math.ceil(len(x_train) / 64)  # epochs times batches
keras.utils.set_random_seed(lesson.seed)
linear = keras.Sequential(
    [
        keras.Input(shape=(n_pixels,)),
        layers.Dense(3, use_bias=False),  # (batch, 3); centred pictures need no bias
        layers.Dense(n_pixels, use_bias=False),  # (batch, n_pixels)
    ]
)
linear.compile(
    keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.02, steps)), loss="mse"
)
train(linear, x_train - average, x_train - average, epochs=20)
error_linear = error(x_test - average, run(linear, x_test - average))
error_pca_3 = error(x_test, through_pca(x_test, 3))
print(f"3 numbers: PCA ≈ {error_pca_3:.4f}, linear autoencoder ≈ {error_linear:.4f}")

# %%
lesson.claim(
    "the two errors agree to three per cent",
    abs(error_linear / error_pca_3 - 1) < 0.03,
    guess="no_bend",
)

# %% [markdown]
# ## Does it find the same patterns?
#
# The errors agree. Do the three patterns? Those of the network are the rows of its decoder's weights. How much of them can PCA's
# three directions make?

# %%
patterns = linear.get_weights()[1]  # (3, n_pixels)
inside = patterns @ directions[:3].T @ directions[:3]  # what PCA's three directions make of them
fraction = np.sum(inside**2) / np.sum(patterns**2)
print(f"fraction of the patterns that PCA's three directions can make ≈ {fraction:.3f}")

# %%
lengths = np.sqrt(np.sum(patterns**2, axis=1, keepdims=True))
show(
    draw.pattern_rows({"PCA": directions[:3], "network": patterns / lengths}, size),
    "Two rows of three pictures. Those of the network are not those of PCA, but look like "
    "mixtures of them.",
)
lesson.claim("PCA's three directions can make more than half of the patterns", fraction > 0.5)

# %% [markdown]
# Not the same patterns, but mixtures of them: in our run, nearly all that the network can draw, PCA's three directions can draw. (In a rare start it is only three quarters, at the same error. We guess that descent had not yet told the third direction from the fourth, which carries nearly as much.) All that some patterns can make, in any amounts, is called their *subspace*. PCA's three, sorted and at right angles, are only one choice of patterns with this subspace. So a **linear autoencoder ends in PCA's subspace**, by a longer road, at the end of which it is slow. What makes an autoencoder more than PCA is the bend in its hidden layers, its *nonlinearity*.
#
# *A good place for a break. What comes next: what autoencoders are used for.*
#
# ## Two halves, used apart
#
# The encoder alone compresses. The decoder alone *draws*: give it any eight numbers. What lies between two digits? Walk from the code of one to that of another in even steps and let the decoder draw each, and do the same with PCA's eight numbers.

# %%
first = x_test[label_test == 0][0]
second = x_test[label_test == 6][0]
way = np.linspace(0, 1, 9)[:, None]
start, end = run(encoder, np.array([first, second]))
walk = run(decoder, (1 - way) * start + way * end)
pca_start, pca_end = pca.transform(np.array([first, second]))
pca_walk = pca.inverse_transform((1 - way) * pca_start + way * pca_end)
one_after_the_other = run(decoder, run(encoder, x_test))

# %%
show(
    draw.rows({"network's code": walk, "PCA's code": pca_walk.clip(0, 1)}, size),
    "Two rows of nine pictures from a zero to a six. In the upper row the strokes change shape; "
    "in the lower row one blurred picture fades out while the other fades in.",
)
lesson.claim(
    "encoder and decoder, one after the other, are the autoencoder",
    np.allclose(one_after_the_other, drawn_again, atol=1e-3),
)
lesson.claim(
    "PCA's middle picture is its first and its last, half and half",
    np.allclose(pca_walk[4], (pca_walk[0] + pca_walk[8]) / 2, atol=1e-3),
)

# %% [markdown]
# Look at the middle of each row. PCA only adds up, so halfway between two codes it must draw two half-faded pictures, one over the other. The network need not, and here the stroke itself changes shape. One pair is an example, no proof: not every place in between is a digit, and perhaps the decoder was never asked about those places in training.
#
# ## A map of the digits
#
# With a code of two numbers every picture gets a place on a map. We draw both maps, PCA's and the network's. The numerals are the labels, which neither has seen.
#
# To measure a map: hide one picture's label, look at the ten nearest neighbours among the training pictures, and take the label that most of them have. How often is that right? For comparison we ask it of a network with random weights, too.
#
# **Before you run it, guess:** which map keeps the ten digits apart better?

# %%
lesson.guess("map", "PCA's", "the network's", "both alike")

# %%
from sklearn.neighbors import KNeighborsClassifier

keras.utils.set_random_seed(lesson.seed)
mapper, map_encoder, map_decoder = build_autoencoder(
    n_pixels, 2, hidden=(128, 64), code="linear", optimizer=keras.optimizers.Adam(0.003)
)
places, right = {}, {}


def score_map(name, place):
    """Find the places of the test pictures, and how often their neighbours know the label."""
    places[name] = place(x_test)
    neighbours = KNeighborsClassifier(10).fit(place(x_train), label_train)
    right[name] = neighbours.score(places[name], label_test)
    print(f"{name}: neighbours know the label in a fraction of ≈ {right[name]:.2f}")


score_map("random weights", lambda x: run(map_encoder, x))
score_map("PCA", lambda x: (x - average) @ directions[:2].T)
train(mapper, x_train, x_train)
score_map("autoencoder", lambda x: run(map_encoder, x))

# %%
show(
    draw.maps({name: places[name] for name in ("PCA", "autoencoder")}, label_test),
    "Two maps of the first test pictures, each drawn as its numeral; a few far out are left off. "
    "On PCA's most kinds overlap in the middle. On "
    "the autoencoder's some kinds have much room to themselves, and others lie close together and "
    "still overlap.",
)
lesson.claim(
    "on both maps far more often than chance, 0.1", min(right["PCA"], right["autoencoder"]) > 0.3
)
lesson.claim(
    "on the autoencoder's map more often than on PCA's",
    right["autoencoder"] > right["PCA"],
    guess="map",
)
lesson.claim(
    "and more often than with random weights", right["autoencoder"] > right["random weights"] + 0.1
)

# %% [markdown]
# Find a kind that has a region of its own, and two that overlap. (A crowded region need not be mixed: the score asks only which
# pictures are nearest, however near or far they are.) Nobody told the network that there are ten kinds of digits, and with random
# weights the map is poor: training put the kinds apart. Our guess at how: a small step on the map changes the decoder's drawing
# only a little. It cannot draw a 0 and a 7 from neighbouring places, so training has to move them apart.
#
# How small is a change? On PCA's map a step of length 1 changes the drawing by 1 (the root of the summed squares), wherever it begins and wherever it leads.
#
# **Before you run it, guess:** on the network's map, how does the largest change by a step of length 1 compare with the smallest?

# %%
lesson.guess("even_map", "about as large", "up to twice", "more than five times")

# %% [markdown]
# This is such a map, with its decoder. First drag the orange-red handle from the sevens to the zeros; watch the drawing, and the bars.

# %%
lesson.explore("codes")

# %%
angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
one_step = np.column_stack([np.cos(angles), np.sin(angles)]).astype("float32")  # of length 1


def changes(draw_at, place):
    """How much a step changes the drawing, in 12 directions from each place."""
    before = draw_at(place)
    return [np.linalg.norm(draw_at(place + one) - before, axis=1) for one in one_step]


change_pca = changes(lambda code: average + code @ directions[:2], places["PCA"])
change_network = changes(lambda code: run(map_decoder, code), places["autoencoder"])
for name, change in (("PCA", change_pca), ("network", change_network)):
    print(f"{name}: a step changes the drawing by ≈ {np.min(change):.2f} to ≈ {np.max(change):.2f}")

# %%
lesson.claim("on PCA's map each step changes it by 1", np.allclose(change_pca, 1, atol=1e-3))
lesson.claim(
    "on the network's, the largest change is more than five times the smallest",
    np.max(change_network) > 5 * np.min(change_network),
    guess="even_map",
)

# %% [markdown]
# So distances on the network's map mean different things in different places. Drag the handle once more and see where the bars
# are long: there, a step leads to another digit; where they are short, it leads nearly nowhere.
#
# ## Taking noise away
#
# Put noise into the inputs, and ask for the *clean* picture. Noise cannot be predicted, so the best answer is an average of the
# clean pictures that may be behind it. This is a **denoising autoencoder**.
#
# ### Exercise: add_noise
#
# Add normal random noise with mean 0 and the given standard deviation, drawn from `rng`, to every pixel (`rng.normal(0, spread, x.shape)`), and keep all values between 0 and 1.


# %%
def add_noise(x, spread, rng):
    """Return the pictures with noise, all values between 0 and 1."""
    ### BEGIN SOLUTION
    return np.clip(x + rng.normal(0, spread, x.shape), 0, 1)
    ### END SOLUTION


# %%
lesson.check("add_noise", add_noise)
# lesson.hint("add_noise")

# %% [markdown]
# Which of these cleans best?
#
# * **PCA of the noisy pictures**, with 32 numbers: a bottleneck, and no clean picture is ever shown.
# * **The best linear map** from noisy to clean: each clean pixel is predicted as a weighted sum of all noisy ones, as in lesson 01. Clean targets, no bottleneck, no network. (`Ridge` holds the weights small; how small is chosen on the validation pictures.) And the same map with a bottleneck: its answers pass through 32 numbers.
# * **A network** with clean targets and a code of 256 numbers, trained on two noisy copies of each picture.
#
# **Before you run it, guess:** which comes closest to the clean test pictures?

# %%
lesson.guess(
    "cleaning", "PCA", "the linear map, by far", "the network, by far", "map and network alike"
)

# %%
from sklearn.linear_model import Ridge

rng = np.random.default_rng(lesson.seed)
clean_twice = np.concatenate([x_train, x_train])
noisy_train, noisy_val, noisy_test = (
    np.clip(x + rng.normal(0, 0.5, x.shape), 0, 1).astype("float32")  # add_noise(x, 0.5, rng)
    for x in (clean_twice, x_val, x_test)
)

keras.utils.set_random_seed(lesson.seed)
denoiser, _, _ = build_autoencoder(n_pixels, 256, optimizer=keras.optimizers.Adam(0.002))
train(denoiser, noisy_train, clean_twice, epochs=5)

k = 32 if n_pixels > 100 else 8  # numbers in the bottleneck
noisy_pca = PCA(k, random_state=0).fit(noisy_train)
by_pca = noisy_pca.inverse_transform(noisy_pca.transform(noisy_test))
maps = [Ridge(alpha).fit(noisy_train, clean_twice) for alpha in (20, 200, 2000)]
best = min(maps, key=lambda one: error(x_val, one.predict(noisy_val).clip(0, 1)))
cleaned = {
    "noisy": noisy_test,
    "PCA": by_pca.clip(0, 1),
    "linear map": best.predict(noisy_test).clip(0, 1),
    "linear, bottleneck": through_pca(best.predict(noisy_test), k).clip(0, 1),
    "network": run(denoiser, noisy_test),
}
left = {name: error(x_test, pictures) for name, pictures in cleaned.items()}
print(", ".join(f"{name} ≈ {value:.4f}" for name, value in left.items()))

# %%
show(
    draw.rows({**{name: each[:9] for name, each in cleaned.items()}, "true": x_test[:9]}, size),
    "Six rows of nine digits: with grey noise; with grey paper and blurred strokes by PCA; with "
    "clear strokes by the linear map, with and without 32 numbers, and by the network, much alike; "
    "and the true ones.",
)
lesson.claim(
    "the network leaves less than half of the noisy pictures' error",
    left["network"] < left["noisy"] / 2,
)
lesson.claim(
    "the linear map has less than three quarters of PCA's error",
    left["linear map"] < left["PCA"] * 3 / 4,
)
lesson.claim(
    "linear map and network are within a third of each other",
    max(left["network"], left["linear map"]) < 4 / 3 * min(left["network"], left["linear map"]),
    guess="cleaning",
)

# %% [markdown]
# Compare PCA's number with the two of the linear map. A bottleneck alone cleans badly, it seems, and the clean targets do the work. But look at PCA's row once more: its *paper* is grey. The noise was cut off at 0 and 1, so where paper is white, the noisy pictures have some grey on average. PCA has never seen anything else; it rebuilds the grey, and the squared error counts it.
#
# This rival explanation can be tested. Measure what the noise makes of white paper on average, and stretch PCA's pictures so that this grey becomes white. (Black ink has become as much paler, and is stretched back to black.) No clean picture is needed.

# %%
grey = np.clip(rng.normal(0, 0.5, 100_000), 0, 1).mean()  # white paper, noisy and cut off
stretched = (by_pca - grey) / (1 - 2 * grey)  # grey becomes 0, 1 - grey becomes 1
left["PCA, stretched"] = error(x_test, stretched.clip(0, 1))
print(f"white paper has become ≈ {grey:.2f}")
for name in ("noisy", "PCA", "PCA, stretched", "linear, bottleneck", "linear map", "network"):
    print(f"{name} ≈ {left[name]:.4f}")

# %%
costs = (error_pca_32 if k == 32 else error_pca) > 0.01  # the bottleneck itself loses something
if costs and n_pixels > 100:  # of 64 pixels, 8 numbers hold an eighth of the noise
    lesson.claim(
        "stretched, PCA is as good as the linear map with a bottleneck, to a seventh",
        left["PCA, stretched"] < 8 / 7 * left["linear, bottleneck"],
    )
lesson.claim(
    "PCA's bottleneck alone removes more than half of the noisy pictures' error",
    left["PCA, stretched"] < left["noisy"] / 2,
)
if costs:
    lesson.claim(
        "without a bottleneck, the linear map has less error than with one",
        left["linear map"] < 0.95 * left["linear, bottleneck"],
    )

# %% [markdown]
# Read the lines from the top. What made PCA look bad was the grey paper. Stretched, it is about as good as the linear map with as narrow a bottleneck. So there are two ways to clean, and one is enough. A bottleneck does it without a clean picture: the noise spreads over all 784 directions about alike, and 32 of them hold a twenty-fifth of it. Clean targets do it without a bottleneck, and a little better; with the noisy pictures as targets, such a map would simply copy them.
#
# And after five epochs the network is about where one matrix is. (Does it get ahead in ten?)
#
# Note what all of them do: they draw what they *expect*. A true speck of dirt, or a rare way of writing, may be cleaned away as well.
#
# ## The odd one out
#
# Fraud, a failing machine, a sick cell: often there are thousands of normal cases and hardly any of the other kind. So train an autoencoder on **normal cases only**. One hopes that something else comes out badly rebuilt, and that the reconstruction error gives it away. This is called **anomaly detection**; the odd ones are the *anomalies*.
#
# How well does such a score tell them apart? Pick one normal and one odd case at random. In what fraction of such pairs does the odd one score higher? This fraction is called **ROC AUC** (the area under the so-called ROC curve, which is the same number). 1 is perfect, 0.5 is a coin, and no threshold has to be chosen first.
#
# ### Exercise: auc
#
# Compute it from two arrays of scores, by comparing all pairs. Equal scores count as half.


# %%
def auc(normal, odd):
    """Return the fraction of pairs in which the odd case has the higher score."""
    ### BEGIN SOLUTION
    higher = odd[:, None] > normal
    equal = odd[:, None] == normal
    return np.mean(higher + 0.5 * equal)
    ### END SOLUTION


# %%
lesson.check("auc", auc)
# lesson.hint("auc")

# %% [markdown]
# First the digits. One digit is left out of training altogether, and then turns up among the test pictures. With PCA, which is quick, we try all ten; with the network, the zero and the one.
#
# **Before you run it, guess:** which of the two is easier to notice as odd?

# %%
lesson.guess("unseen_digit", "the zero", "the one", "both alike")

# %%
from sklearn.metrics import roc_auc_score


def errors_without(unseen, network):
    """Learn all digits but one; return the test pictures' reconstruction errors."""
    known = x_train[label_train != unseen]
    if network:
        keras.utils.set_random_seed(lesson.seed)
        model, _, _ = build_autoencoder(
            n_pixels, 8, hidden=(128,), code="linear", optimizer=keras.optimizers.Adam(0.003)
        )
        train(model, known, known, epochs=epochs // 2)
        made = run(model, x_test)
    else:
        model = PCA(8, random_state=0).fit(known)
        made = model.inverse_transform(model.transform(x_test))
    return np.mean((made - x_test) ** 2, axis=1)


pca_found = {d: roc_auc_score(label_test == d, errors_without(d, False)) for d in range(10)}
scores = {d: errors_without(d, True) for d in (0, 1)}
found = {d: roc_auc_score(label_test == d, score) for d, score in scores.items()}
print(f"ROC AUC of the network: unseen 0 ≈ {found[0]:.2f}, unseen 1 ≈ {found[1]:.2f}")

# %%
show(
    draw.oddness(pca_found, found),
    "A bar for each of the ten digits, PCA's ROC AUC when it was left out. The bar of 0 is "
    "high, that of 1 the lowest. Diamonds for the network at 0 and 1 show the same.",
)
lesson.claim("zeros are noticed in at least two of three pairs", found[0] > 2 / 3)
lesson.claim("ones less often", found[1] < found[0] - 0.05, guess="unseen_digit")
lesson.claim("of all ten, PCA notices ones least", min(pca_found, key=pca_found.get) == 1)

# %% [markdown]
# Look at the bar of 1. In our run it is below the dotted line: a 1, never seen, looks *more* normal than the digits that were.
# (The bar of 9 is near the line; we follow the 1.) Does the network not notice that ones are new to it? For a control, we train
# the same network on all ten digits.

# %%
seen = errors_without(-1, True)  # no label is -1: nothing is left out
grown = {}
for d in (0, 1):
    is_d = label_test == d
    before, after = seen[is_d].mean(), scores[d][is_d].mean()
    grown[d] = after / before
    print(f"{d}: error seen ≈ {before:.4f}, unseen ≈ {after:.4f}, ", end="")
    print(f"that of the others ≈ {scores[d][~is_d].mean():.4f}")

# %%
lesson.claim(
    "unseen, the error of either is more than a quarter larger", min(grown.values()) > 1.25
)
if found[1] < 0.5:  # in coarse pictures ones are noticed anyway
    kinds = [seen[label_test == d].mean() for d in range(10)]
    lesson.claim(
        "of the digits that were all seen, ones have the smallest error", np.argmin(kinds) == 1
    )

# %% [markdown]
# Read the line of the 1. The network does notice: unseen, ones have a clearly larger error than seen. But they start from the smallest error of all, and are compared with other digits, which are harder to rebuild even when seen.
#
# Why are ones so easy? They have little ink, so perhaps little can be wrong. One may want to divide each error by the picture's ink. For a control, a score with no network in it:

# %%
ink = np.sum(x_test**2, axis=1)  # a sum of squares, as the error is
is_one = label_test == 1
by_ink = roc_auc_score(is_one, 1 / ink)
print(f"unseen 1, ROC AUC of the error ≈ {found[1]:.2f}, ", end="")
print(f"of error / ink ≈ {roc_auc_score(is_one, scores[1] / ink):.2f}, of 1 / ink ≈ {by_ink:.2f}")

# %%
if found[1] < 0.5:
    lesson.claim("1 / ink, with no network in it, finds ones in four of five pairs", by_ink > 0.8)

# %% [markdown]
# Divided by its ink, the unseen 1 does stand out more. That is no evidence, though: the division lifts whatever has little ink, as the last number shows. So ink stays a guess.
#
# What the method finds is not "new" but "**badly rebuilt**", and what is easily rebuilt may pass.
#
# Now a case that matters: 569 tumours with 30 measured features each. We train on 157 benign ones and keep 100 to choose a threshold and 100 for the test. The 212 malignant ones are the anomalies. The baseline is very simple: how far is a case from the average of the benign ones, after standardizing?

# %%
from sklearn.datasets import load_breast_cancer

cancer = load_breast_cancer()
benign, malignant = cancer.data[cancer.target == 1], cancer.data[cancer.target == 0]  # 1: benign
benign_train, benign_rest = train_test_split(benign, train_size=157, random_state=lesson.seed)
mean, spread = benign_train.mean(axis=0), benign_train.std(axis=0)
z_train, z_val, z_test, z_malignant = (
    (part - mean) / spread
    for part in (benign_train, benign_rest[:100], benign_rest[100:], malignant)
)

keras.utils.set_random_seed(lesson.seed)
watcher, _, _ = build_autoencoder(
    30, 6, hidden=(20,), code="linear", output="linear", optimizer=keras.optimizers.Adam(0.003)
)
batches = ShuffledBatches(z_train, z_train, batch_size=8, seed=lesson.seed)
watcher.fit(batches, epochs=20, verbose=0)

scorers = {
    "network": lambda z: np.mean((run(watcher, z) - z) ** 2, axis=1),
    "distance": lambda z: np.mean(z**2, axis=1),
}
aucs = {}
for name, score in scorers.items():
    both = np.concatenate([score(z_test), score(z_malignant)])
    is_malignant = np.arange(len(both)) >= len(z_test)  # they come last
    aucs[name] = roc_auc_score(is_malignant, both)
    print(f"ROC AUC, {name} ≈ {aucs[name]:.2f}")

# %%
lesson.claim("the network finds the malignant ones without having seen any", aucs["network"] > 0.8)
lesson.claim("the distance from the average finds them, too", aucs["distance"] > 0.85)

# %% [markdown]
# Without a malignant example in training, both scores put the malignant case above the benign one in most pairs. Compare the two lines above: is the network ahead? The plain distance takes one line of code; always put such a score beside yours. (Neither is a diagnosis. If you have labelled examples of both kinds, learn from them, as in lesson 03.)
#
# ### Exercise: alarm_at
#
# To use a score one needs a threshold. Say that at most a given fraction of the *normal* cases may raise a false alarm. Return the threshold: a score such that at most that fraction of the normal scores lies **above** it, and as low as possible, taken from the normal scores themselves.


# %%
def alarm_at(normal_scores, fraction):
    """Return the smallest of the scores that has at most this fraction of all scores above it."""
    ### BEGIN SOLUTION
    return min(s for s in normal_scores if np.mean(normal_scores > s) <= fraction)
    ### END SOLUTION


# %%
lesson.check("alarm_at", alarm_at)
# lesson.hint("alarm_at")

# %% [markdown]
# Now use it: allow false alarms for 5 % of the benign cases. The threshold comes from the 100 benign cases of the validation part, which no network was trained on; the test part then says what it is worth. NumPy has the same threshold, so the cell does not need your function.

# %%
false_alarms, caught = {}, {}
for name, score in scorers.items():
    # the same as alarm_at(score(z_val), 0.05)
    threshold = np.quantile(score(z_val), 0.95, method="inverted_cdf")
    false_alarms[name] = np.mean(score(z_test) > threshold)
    caught[name] = np.mean(score(z_malignant) > threshold)
    told = f"{name}: false alarms ≈ {false_alarms[name]:.2f}"
    print(f"{told}, malignant missed ≈ {1 - caught[name]:.2f}")

# %%
lesson.claim("false alarms stay below one in four", max(false_alarms.values()) < 0.25)
lesson.claim(
    "each score raises the alarm more than twice as often for a malignant case as for a benign one",
    all(caught[name] > 2 * false_alarms[name] for name in scorers),
)

# %% [markdown]
# These are numbers that one can decide by. We meant 5 % of false alarms. But a hundred cases set the threshold and a hundred measure it, so by chance alone anything from 1 to 12 % is ordinary. If one score misses fewer but raises more false alarms, it need not be better: a lower threshold does the same. And a high ROC AUC sounds like success; compare it with the fraction missed.
#
# ## What else it is used for
#
# * **Recommendation.** Put in which films somebody has seen, and let the network rebuild the list. Films that come out strongly although they were not put in are suggestions. (Lesson 12 has another way.)
# * **Searching.** Short codes are quick to compare, to find what resembles a picture.
# * **A head start.** The encoder's numbers can feed a classifier where labels are few.
#
# For storing photos an autoencoder of this kind is no use: it knows only the kind of picture that it was trained on, whereas JPEG handles any picture. (Larger ones, trained on photos of every kind, do store them; since 2025 there is a standard, JPEG AI. For large pictures one builds encoder and decoder from the convolutions of lesson 04: a *convolutional autoencoder*.)
#
# ### Exercise: six_numbers
#
# A goal to reach. Return an autoencoder for the small digits (64 pixels, as `build_autoencoder` makes it) with a code of **at most six numbers**. It is trained for 40 epochs on 1,347 digits, in batches of 32. On the remaining digits its squared error must be at least 15 % below that of PCA with six directions.


# %%
def six_numbers():
    """Return (autoencoder, encoder, decoder) for 64 pixels with a code of at most 6 numbers."""
    ### BEGIN SOLUTION
    return build_autoencoder(
        64, 6, hidden=(128, 64), code="linear", optimizer=keras.optimizers.Adam(0.003)
    )
    ### END SOLUTION


# %%
lesson.check("six_numbers", six_numbers)
# lesson.hint("six_numbers")

# %% [markdown]
# ## For the curious; nothing later needs it: few at a time
#
# A narrow code is one way to keep a network from copying. Another is a wider code of which each picture may use only a little. To the loss we add a *penalty* on the code: the sum of its numbers, times a small factor (lesson 09 has more on such penalties). A unit that does not earn its price stays at 0. This is a **sparse autoencoder**.


# %%
def wide_autoencoder(penalty):
    """Train n_pixels-256-n_pixels; return the error, active units, and patterns of the decoder."""
    keras.utils.set_random_seed(lesson.seed)
    price = keras.regularizers.L1(penalty) if penalty else None
    inputs = keras.Input(shape=(n_pixels,))
    code = layers.Dense(256, activation="relu", activity_regularizer=price)(inputs)
    model = keras.Model(inputs, layers.Dense(n_pixels, activation="sigmoid")(code))
    model.compile(keras.optimizers.Adam(0.003), loss="binary_crossentropy")
    train(model, x_train, x_train, epochs=6)
    active = run(keras.Model(inputs, code), x_test) > 0
    patterns = model.get_weights()[2][active.mean(axis=0).argsort()[::-1][:8]]  # the busiest units
    return error(x_test, run(model, x_test)), active.sum(axis=1), patterns


error_free, active_free, patterns_free = wide_autoencoder(0)
error_sparse, active_sparse, patterns_sparse = wide_autoencoder(0.0005)
print(f"no penalty: error ≈ {error_free:.4f}, active units ≈ {active_free.mean():.0f} of 256")
print(f"penalty: error ≈ {error_sparse:.4f}, active units ≈ {active_sparse.mean():.0f} of 256")

# %%
show(
    draw.pattern_rows(
        {
            "no penalty": patterns_free / np.abs(patterns_free).max(),
            "penalty": patterns_sparse / np.abs(patterns_sparse).max(),
        },
        size,
    ),
    "Two rows of eight patterns, what a unit of the code adds to the picture, for the eight units "
    "that are active most often, without and with the penalty. Each row has its own scale.",
)
lesson.claim(
    "with the penalty, less than three quarters as many units are active",
    active_sparse.mean() < 0.75 * active_free.mean(),
)
lesson.claim("and the error is larger", error_sparse > error_free)

# %% [markdown]
# The price works: fewer units for each picture, at some cost in error. And look at the patterns (red adds ink, blue removes it): with the penalty, what a unit adds looks like strokes here, or even like a digit. In large language models, sparse autoencoders are used in the same way to take apart what goes on inside: one hopes for units that stand for one thing each.
#
# ## For the curious; nothing later needs it: a map to draw from
#
# Can the decoder *invent* digits? It was trained on the codes of real pictures, and nobody told these where to lie. A **variational autoencoder**, **VAE** for short (Diederik Kingma and Max Welling, 2013), tells them. Its encoder gives two lists for each picture, a mean and a spread. In training, the code is *picked* at random around that mean, so that nearby codes must do for the picture, too. And a second term in the loss, the *Kullback-Leibler divergence*, pulls each mean to 0 and each spread to 1. Then one knows where to look for codes: among *standard* normal random numbers, of mean 0 and spread 1.
#
# We build one beside the plain network of the map, with the same layers. Here is the layer that picks the code and adds the second term, and then the builder:

# %%
### SOURCE courseware.lessons.autoencoder.models.Sample

# %%
### SOURCE courseware.lessons.autoencoder.models.build_variational

# %%
keras.utils.set_random_seed(lesson.seed)
vae, vae_encoder, vae_decoder = build_variational(
    n_pixels, 2, hidden=(128, 64), optimizer=keras.optimizers.Adam(0.003)
)
train(vae, x_train, x_train)
plain_codes, vae_codes = run(map_encoder, x_test), run(vae_encoder, x_test)
for name, each in (("plain", plain_codes), ("variational", vae_codes)):
    (first, second), spread = each.mean(axis=0), each.std(axis=0).mean()
    print(f"{name}: codes lie around (≈ {first:.1f}, ≈ {second:.1f}), with a spread ≈ {spread:.1f}")
print(f"error: plain ≈ {error(x_test, run(mapper, x_test)):.4f}, ", end="")
print(f"variational ≈ {error(x_test, run(vae, x_test)):.4f}")

drawn = np.random.default_rng(lesson.seed).normal(size=(400, 2)).astype("float32")
made = {
    "plain": run(map_decoder, drawn),
    "plain, in its own range": run(map_decoder, plain_codes.mean(0) + plain_codes.std(0) * drawn),
    "variational": run(vae_decoder, drawn),
}
made["real"] = x_test[:400]
variety = {name: pictures.var(axis=0).mean() for name, pictures in made.items()}
print("variance of a pixel:", ", ".join(f"{name} ≈ {v:.3f}" for name, v in variety.items()))

# %%
show(
    draw.sheets({name: made[name][:64] for name in list(made)[:3]}, size),
    "Three sheets of 64 pictures, drawn from the same normal random numbers. Those of the plain "
    "network look much alike; in its own range they are different digits, some of them spoilt; on "
    "the variational one's sheet many are blurred.",
)
lesson.claim(
    "the plain one's codes spread more than twice as widely as the variational one's",
    plain_codes.std(axis=0).mean() > 2 * vae_codes.std(axis=0).mean(),
)
lesson.claim(
    "in its own range, the plain one draws more varied pictures than the variational one",
    variety["plain, in its own range"] > variety["variational"],
)

# %% [markdown]
# Compare the first sheet with the last. The plain network's codes lie elsewhere and spread more widely, so standard normal numbers hit only a small part of its map. But look at the sheet in the middle: once one has measured where its codes lie, the plain network invents, too. What the variational one offers is a map whose range is known beforehand. What it costs in error, the lines above say; and its pictures vary less here, though a variance does not tell fewer kinds from blurred strokes. Lesson 08 is about networks that are trained for inventing and nothing else.
#
# ## What people get wrong
#
# * **"An autoencoder is better than PCA."** Without a bend it ends in PCA's subspace. With one layer on each side it depends on
#   how long and at what rate it was trained. Compare.
# * **"Compile with Adadelta, as in the example."** At the default rate of Keras 3 it hardly learns. Look up the rate, or use Adam.
# * **"The code keeps the most important information."** It keeps what lowers the reconstruction error. A small but decisive detail may go.
# * **"Noise is removed by a network that has seen clean pictures."** That is one way. PCA's bottleneck removes most of it without any. Look for what else differs, here grey paper, before you praise.
# * **"A high error means that something is wrong with the case."** It means that the network could not rebuild it. And a low
#   error does not mean normal: an unseen 1 passed for normal.
# * **"A wider code is better."** As wide as the input, it can copy, and a small error proves nothing.
# * **"It learns without labels, so no test set is needed."** It can memorize pictures like any network. All squared errors printed in this lesson are on pictures that were not trained on.
#
# ## Takeaways
#
# * An autoencoder rebuilds its input through a bottleneck: encoder, code, decoder. The labels are the inputs themselves.
# * PCA keeps the directions of greatest spread. It is the baseline, and a linear autoencoder ends in the same subspace.
# * Nonlinearity in the hidden layers is what an autoencoder adds: with very few numbers a smaller error, and a map on which
#   neighbours are more often of one kind.
# * Train it from noisy to clean, and it denoises. Train it on normal cases only, and its error is a score for oddness.
# * ROC AUC is the fraction of pairs that are put in the right order; to raise an alarm you need a threshold as well. Always put a simple score beside it.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Next lesson: *Two networks that compete*, for pictures that nobody has drawn.
# * Geoffrey Hinton and Ruslan Salakhutdinov, "Reducing the Dimensionality of Data with Neural Networks", *Science* 313 (2006): deep autoencoders against PCA, with maps of digits.
# * Pascal Vincent and others, "Extracting and Composing Robust Features with Denoising Autoencoders", ICML 2008.
# * Pierre Baldi and Kurt Hornik, "Neural Networks and Principal Component Analysis", *Neural Networks* 2 (1989): why the linear one is PCA.
# * Diederik Kingma and Max Welling, "Auto-Encoding Variational Bayes", ICLR 2014: the variational autoencoder.
# * The [Keras guide](https://keras.io/guides/functional_api/) to the functional API.
