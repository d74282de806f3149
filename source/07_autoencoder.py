# %% [markdown]
# # Learning without labels
#
# *100 minutes: 40 to read and run, 40 for 8 exercises, 20 for the 18 questions of the quiz. Builds on: feedforward networks (lesson 03). The digits come without their labels this time.*
#
# Describe a handwritten digit over the telephone, using eight numbers and no more, so that the other side can draw it. You would have to find out which eight numbers say the most about digits. A network can find them, and nobody has to
# label anything: the right answer to each picture is the picture itself.
#
# **After this lesson you can**
#
# * compress data by the directions in which they spread most, and by a network, and say when which is better;
# * build an encoder and a decoder that can be used apart;
# * clean noisy pictures, and draw a map of data that nobody has sorted;
# * find the odd ones out with a network that has only seen normal cases, and measure how well.

# %%
from courseware import open_lesson

lesson = open_lesson("07_autoencoder")

import keras
import numpy as np
from keras import layers
from sklearn.model_selection import train_test_split

from courseware.data import digits
from courseware.lessons.autoencoder import drawings as draw
from courseware.drawing import show

# %% [markdown]
# The digits are those of lesson 03. We keep the labels for colouring pictures and for scoring at the end. No network will see them in training.

# %%
images, numerals = digits("small")
images, numerals = images[:8000], numerals[:8000]  # of MNIST a part is enough
size = images.shape[1]
x_all = images.reshape(len(images), -1)
x_train, x_test, label_train, label_test = train_test_split(
    x_all, numerals, test_size=0.25, stratify=numerals, random_state=lesson.seed
)
n_pixels = x_train.shape[1]
print("pixels in a picture:", n_pixels)
print("training pictures:", len(x_train), "  test pictures:", len(x_test))

# %% [markdown]
# Here is the builder of this lesson. Its parts will be explained one by one. First look at what it does: two networks are stacked, with only eight numbers between them.

# %%
### SOURCE courseware.lessons.autoencoder.models.build_autoencoder

# %%
epochs = 30 if size == 8 else 20


def train(model, inputs, targets, epochs=epochs):
    keras.utils.set_random_seed(lesson.seed)
    model.fit(inputs, targets, batch_size=32, epochs=epochs, callbacks=[lesson.live()], verbose=0)


keras.utils.set_random_seed(lesson.seed)
autoencoder, encoder, decoder = build_autoencoder(
    n_pixels, 8, hidden=(128, 64), code="linear", optimizer=keras.optimizers.Adam(0.003)
)
train(autoencoder, x_train, x_train)  # the inputs are the labels
codes = encoder.predict(x_test, verbose=0)
drawn_again = decoder.predict(codes, verbose=0)
show(
    draw.telephone(x_test[:8], codes[:8], drawn_again[:8], size),
    "Three rows. Above, eight handwritten digits. In the middle, eight bars for each, the code. "
    "Below, the digits drawn from the code alone: softer, and nearly all still readable.",
)


def error(pictures, rebuilt):
    """Return the mean squared error per pixel."""
    return np.mean((pictures - rebuilt) ** 2)


average = x_train.mean(axis=0)
error_average, error_deep = error(x_test, average), error(x_test, drawn_again)
print(f"error per pixel: the average picture, always ≈ {error_average:.4f}")
print(f"error per pixel: drawn from 8 numbers ≈ {error_deep:.4f}")

# %%
lesson.claim(
    "eight numbers leave less than half of the baseline's error", error_deep < error_average / 2
)

# %% [markdown]
# The upper pictures went in. Only the bars were passed on. The lower pictures were drawn from the bars, and these are test pictures, which were not there in training. Some strokes are softer, some quirks of the hand are gone, and the digit is still there.
#
# ## What to keep
#
# A network that rebuilds its own input is called an **autoencoder**. Its first half, the **encoder**, turns the input into a short list of numbers, the **code**. Its second half, the **decoder**, turns the code back into something like the input; the result is the **reconstruction**. Training
# makes the *reconstruction error* small, the difference between what went in and what came out.
#
# If the code were as long as the input, the network could simply pass everything on, and would learn nothing. The narrow place in the middle, the **bottleneck**, forces it to find out what matters. Learning of this kind, from examples without labels, is called **unsupervised learning**. (Because the labels are made from the data themselves,
# people also say *self-supervised*.)
#
# Why can 64 numbers be replaced by 8 at all? Because the pixels are not free. Neighbours go together; corners are nearly always paper; there are only so many ways to move a pen. Look at just two pixels, side by side:

# %%
grids = (x_train - x_train.mean(axis=0)).reshape(-1, size, size)
together = np.mean(grids[:, :, :-1] * grids[:, :, 1:], axis=0)  # large where neighbours agree
row, column = np.unravel_index(together.argmax(), together.shape)
pair = x_train.reshape(-1, size, size)[:, row, column : column + 2]
centred = pair - pair.mean(axis=0)
directions = np.linalg.svd(centred, full_matrices=False)[2]
show(
    draw.two_pixels(pair, directions),
    "A cloud of dots, the ink of one pixel against that of its right-hand neighbour, with a long "
    "arrow along the direction in which the cloud spreads most and a short one across.",
)
along, across = (centred @ directions.T).var(axis=0)
print(f"share of the spread along the long arrow ≈ {along / (along + across):.2f}")

# %%
lesson.claim("more than half of the spread lies along one direction", along > across)

# %% [markdown]
# If you may pass on *one* number for the two pixels, which one? Not the first pixel, not the second: the place along the long arrow. It is the direction in which the data spread most, so it loses least. This is the whole idea of **principal component analysis**, **PCA** for short (Karl Pearson, 1901). The first direction is the one of
# greatest spread; the second the one of greatest spread among those at a right angle to it; and so on. With 64 pixels there are 64 such directions. Keep the first few.
#
# ## PCA, by hand
#
# NumPy finds the directions by the *singular value decomposition*, `np.linalg.svd`. Take it as a tool: of the centred data it returns, as the rows of its third result, the directions, the one of greatest spread first. Each has length 1 and is at right angles to all others.

# %%
_, strengths, directions = np.linalg.svd(x_train - average, full_matrices=False)
print("directions, one per row:", directions.shape)

# %%
lesson.claim(
    "they have length 1 and are at right angles",
    np.allclose(directions @ directions.T, np.eye(n_pixels), atol=1e-3),
)
show(
    draw.strips(directions[:8], size, "The first eight directions, as pictures"),
    "Eight pictures with red and blue areas. The first ones look like blurred strokes and rings, "
    "later ones have finer and finer patterns.",
)

# %% [markdown]
# Red adds ink, blue takes it away. Each digit is the average picture, plus so much of the first pattern, plus so much of the second, and so on. Those amounts are its code.
#
# ### Exercise: pca_code
#
# Write the encoder of PCA. `x` has shape (n, pixels), `average` (pixels,) and `directions` (k, pixels), one direction per row. Return the amounts, of shape (n, k): centre the pictures, and take the product of each with each direction.


# %%
def pca_code(x, average, directions):
    """Return how much of each direction is in each picture, of shape (n, k)."""
    ### BEGIN SOLUTION
    return (x - average) @ directions.T
    ### END SOLUTION


# %%
lesson.check("pca_code", pca_code)
# Stuck? Remove the # from the next line and run the cell. Each run gives one more hint, of three.
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
# Encoder and decoder by hand, and scikit-learn agrees:

# %%
from sklearn.decomposition import PCA


def through_pca(x, k):
    """Return the reconstruction from the amounts of the first k directions."""
    return average + (x - average) @ directions[:k].T @ directions[:k]


pca = PCA(8).fit(x_train)
theirs = pca.inverse_transform(pca.transform(x_test))
lesson.claim(
    "scikit-learn rebuilds the same", np.allclose(theirs, through_pca(x_test, 8), atol=1e-3)
)

kept = [1, 2, 4, 8, 16, 32, 64]
errors_pca = [error(x_test, through_pca(x_test, k)) for k in kept]
show(
    draw.error_curve(
        kept, errors_pca, {"average picture": error_average, "network, 8 numbers": error_deep}
    ),
    "Reconstruction error of PCA against the number of directions kept, falling steadily. One dot "
    "at eight numbers, the network, lies clearly below the curve; a dashed line at the top is the "
    "average picture.",
)
error_pca = errors_pca[kept.index(8)]
print(f"8 numbers: PCA ≈ {error_pca:.4f}, network ≈ {error_deep:.4f}")

# %%
lesson.claim("more directions, less error", np.all(np.diff(errors_pca) < 0))
lesson.claim(
    "with eight numbers the network loses at least a fifth less", error_deep < 0.8 * error_pca
)

# %% [markdown]
# PCA is the baseline of this lesson, and a strong one: no training, no knobs, and always the same result. With eight numbers our network is better. Why? PCA can only *add up* fixed patterns. The network has ReLU layers, so what one number means may depend on the others.
#
# Take the bend away and see. This autoencoder has no activation, three numbers in the middle, and is trained on centred pictures.
#
# **Before you run it, guess:** how well will it rebuild the test pictures, compared with PCA with three numbers?

# %%
lesson.guess("no_bend", "worse", "equally well", "better")

# %%
keras.utils.set_random_seed(lesson.seed)
linear = keras.Sequential(
    [
        keras.Input(shape=(n_pixels,)),
        layers.Dense(3, use_bias=False),  # (batch, 3)
        layers.Dense(n_pixels, use_bias=False),  # (batch, n_pixels)
    ]
)
linear.compile(keras.optimizers.Adam(0.003), loss="mse")
linear.fit(x_train - average, x_train - average, batch_size=32, epochs=10, verbose=0)
error_linear = error(x_test - average, linear.predict(x_test - average, verbose=0))
error_pca_3 = error(x_test, through_pca(x_test, 3))
print(f"3 numbers: PCA ≈ {error_pca_3:.4f}, linear autoencoder ≈ {error_linear:.4f}")

# %%
lesson.claim(
    "the two errors agree to three per cent",
    abs(error_linear / error_pca_3 - 1) < 0.03,
    guess="no_bend",
)

# %% [markdown]
# ## Without bend it is PCA again
#
# The same error. Has it found the same three patterns? Here are the rows of its decoder, beside PCA's directions:

# %%
patterns = linear.get_weights()[1]  # (3, n_pixels)
both = np.concatenate([directions[:3], patterns / np.linalg.norm(patterns, axis=1, keepdims=True)])
show(
    draw.strips(both, size, "PCA's first three directions, and the linear network's patterns"),
    "Six pictures. The last three are not the first three, but look like mixtures of them.",
)
inside = patterns @ directions[:3].T @ directions[:3]  # the part made of PCA's three directions
share = np.sum(inside**2) / np.sum(patterns**2)
print(f"share of the network's patterns that PCA's three directions can make ≈ {share:.3f}")

# %%
lesson.claim("practically all of it", share > 0.97)

# %% [markdown]
# Not the same patterns, but mixtures of them: everything that the network can draw, PCA's three directions can draw, and the other way round. One says they span the same *subspace*. PCA's own choice, sorted and at right angles, is only one way to lay three axes into it. So a **linear autoencoder is PCA**, reached by a longer road. What makes an autoencoder more than PCA is the bend.
#
# ## The classic one
#
# The autoencoder of many introductions has one dense layer on each side: 784 pixels, a code of 32 numbers with ReLU, 784 pixels with sigmoid. Its loss is the binary cross-entropy, taken for each pixel as if ink were a yes or no; for values between 0 and 1 it is smallest where the output equals the input.
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
# lesson.hint("parameters")

# %% [markdown]
# Our builder uses the *functional* way of Keras: layers are called like functions, `layers.Dense(8)(x)`, and a `keras.Model` is made from where it begins and where it ends. Look at the code above once more. It makes three models. The autoencoder is the decoder, called on the result of the encoder. All three share their weights: train one, and
# the others have learned, too.

# %%
classic, classic_encoder, classic_decoder = build_autoencoder(784, 32)
print("784-32-784:", classic.count_params(), "parameters")
print("encoder:", classic_encoder.count_params(), "  decoder:", classic_decoder.count_params())
lesson.claim(
    "the halves hold the whole",
    classic.count_params() == classic_encoder.count_params() + classic_decoder.count_params(),
)

# %% [markdown]
# A well-known version of this network is compiled with the optimizer *Adadelta*, by its name alone. We train it so, on our digits, for ten epochs, and once more with Adam.
#
# **Before you run it, guess:** with random answers the loss is about 0.69. Where is it after ten epochs with Adadelta?

# %%
lesson.guess("adadelta", "about 0.05", "about 0.3", "about 0.7")

# %%
history, rebuilt = {}, {}
for name in ("adadelta", "adam"):
    keras.utils.set_random_seed(lesson.seed)
    model, _, _ = build_autoencoder(n_pixels, 32, optimizer=name)
    log = model.fit(x_train, x_train, batch_size=32, epochs=10, verbose=0)
    history[name] = log.history["loss"]
    rebuilt[name] = model.predict(x_test, verbose=0)
fallen = {name: losses[0] - losses[-1] for name, losses in history.items()}
for name, losses in history.items():
    print(f"{name}: loss after 10 epochs ≈ {losses[-1]:.3f}")

# %%
show(
    draw.optimizers(history, x_test[:6], {n: p[:6] for n, p in rebuilt.items()}, size),
    "Left, two loss curves: Adadelta's is flat at the top, Adam's falls. Right, six digits in "
    "three rows: the originals, Adadelta's reconstructions, which are grey noise, and Adam's, "
    "which are blurred digits.",
)
lesson.claim("Adadelta's loss has hardly moved", fallen["adadelta"] < 0.02, guess="adadelta")
lesson.claim(
    "Adam's has fallen more than ten times as far", fallen["adam"] > 10 * fallen["adadelta"]
)

# %% [markdown]
# Nothing is wrong with the method called Adadelta. In Keras its learning rate is 0.001 unless you say otherwise, and the paper that introduced it used 1.0. An optimizer's name alone is not a choice; look up its rate.
#
# And is the classic one, trained longer, better than PCA with 32 numbers?

# %%
keras.utils.set_random_seed(lesson.seed)
shallow, _, _ = build_autoencoder(n_pixels, 32, optimizer=keras.optimizers.Adam(0.003))
train(shallow, x_train, x_train, epochs=30)
error_shallow = error(x_test, shallow.predict(x_test, verbose=0))
error_pca_32 = error(x_test, through_pca(x_test, 32))
print(f"32 numbers: PCA ≈ {error_pca_32:.4f}, one layer on each side ≈ {error_shallow:.4f}")

# %%
lesson.claim("it is far better than the average picture", error_shallow < error_average / 2)

# %% [markdown]
# Compare the two numbers. On small digits PCA wins clearly: 32 of its directions draw 64 pixels nearly perfectly, and one layer on each side has little bend to offer. (On larger pictures, and with far more of them, it may end otherwise.) "Neural" is not the same as "better". Run PCA first.
#
# ### Exercise: repair
#
# This autoencoder for 64 pixels does not compress, and its output cannot be a picture with ink in many places. Three things are wrong: the code is as wide as the picture, the activation of the output makes all pixels share one unit of ink, and the loss expects classes. Repair it.


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
# ## Two halves, used apart
#
# The encoder alone compresses. The decoder alone *draws*: give it any eight numbers. What lies between two digits? Walk from the code of one to the code of another in even steps and let the decoder draw each:

# %%
first = x_test[label_test == 0][0]
second = x_test[label_test == 6][0]
steps = np.linspace(0, 1, 9)[:, None]
start, end = encoder.predict(np.array([first, second]), verbose=0)
walk = decoder.predict((1 - steps) * start + steps * end, verbose=0)
crossfade = (1 - steps) * first + steps * second
show(
    draw.rows({"from code to code": walk, "from pixel to pixel": crossfade}, size),
    "Two rows of nine pictures from a zero to a six. In the upper row the strokes move; in the "
    "lower row one picture fades out while the other fades in, with both visible in the middle.",
)
lesson.claim(
    "encoder and decoder, one after the other, are the autoencoder",
    np.allclose(
        decoder.predict(codes, verbose=0), autoencoder.predict(x_test, verbose=0), atol=1e-4
    ),
)

# %% [markdown]
# In the upper row the pen changes its way. In the lower row two pictures are laid over each other. Is one of them more like a digit? We take two hundred pairs of different digits, draw the *middle* in both ways, and look up how far the most similar training picture is.

# %%
rng = np.random.default_rng(lesson.seed)
ones, others = rng.integers(0, len(x_test), (2, 300))
differ = label_test[ones] != label_test[others]
ones, others = ones[differ][:200], others[differ][:200]
middles = {
    "from code to code": decoder.predict((codes[ones] + codes[others]) / 2, verbose=0),
    "from pixel to pixel": (x_test[ones] + x_test[others]) / 2,
}
to_nearest = {}
for name, pictures in middles.items():
    distance = np.array([np.min(np.mean((x_train - one) ** 2, axis=1)) for one in pictures])
    to_nearest[name] = distance.mean()
    print(f"{name}: squared distance to the nearest real picture ≈ {to_nearest[name]:.4f}")

# %%
lesson.claim(
    "what lies between two codes is more like a real digit",
    to_nearest["from code to code"] < 0.95 * to_nearest["from pixel to pixel"],
)

# %% [markdown]
# More like one, on average. The code holds something like "which way the strokes go". (Not every place in between is a digit. The decoder was never asked about those places in training. Other networks do better at *inventing*; lesson 08 is about one.)
#
# ## A map of the digits
#
# With a code of two numbers every picture gets a place on a map. Here are both maps, PCA's and the network's. The colours are the labels, which neither has seen.
#
# **Before you run it, guess:** which map keeps the ten digits apart better?

# %%
lesson.guess("map", "PCA's", "the network's", "both alike")

# %%
keras.utils.set_random_seed(lesson.seed)
mapper, map_encoder, map_decoder = build_autoencoder(
    n_pixels, 2, hidden=(128, 64), code="linear", optimizer=keras.optimizers.Adam(0.003)
)
train(mapper, x_train, x_train)
places = {
    "PCA": (x_test - average) @ directions[:2].T,
    "autoencoder": map_encoder.predict(x_test, verbose=0),
}

# %%
show(
    draw.maps(places, label_test),
    "Two maps with coloured dots for ten digits. On the left, PCA: the colours overlap in the "
    "middle. On the right, the autoencoder: most colours have a region of their own.",
)

# %% [markdown]
# To measure it: hide one picture's label, look at the ten nearest neighbours on the map, and guess the label that most of them have. How often is that right?

# %%
from sklearn.neighbors import KNeighborsClassifier

places_train = {
    "PCA": (x_train - average) @ directions[:2].T,
    "autoencoder": map_encoder.predict(x_train, verbose=0),
}
right = {
    name: KNeighborsClassifier(10)
    .fit(places_train[name], label_train)
    .score(places[name], label_test)
    for name in places
}
for name, share in right.items():
    print(f"{name}: neighbours know the label in a share of ≈ {share:.2f}")

# %%
lesson.claim("on both maps far more often than chance, 0.1", min(right.values()) > 0.3)
lesson.claim(
    "on the autoencoder's map more often",
    right["autoencoder"] > right["PCA"] + 0.05,
    guess="map",
)

# %% [markdown]
# Nobody told the network that there are ten kinds of digits. Pictures that are drawn in a similar way came to lie together, because one decoder has to draw them all. Lesson 06 looked at words in the same manner: the direction in which persons and animals differed most was the first principal direction of their embeddings.
#
# ## Taking noise away
#
# A small change in training gives a new skill. Put noise into the inputs, and ask for the *clean* picture. Noise cannot be predicted, so what does not fit through the bottleneck is the noise. This is a **denoising autoencoder**.
#
# ### Exercise: add_noise
#
# Add luck of the given spread to every pixel (`rng.normal(0, spread, x.shape)`), and keep all values between 0 and 1.


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
# Two baselines: leave the noise in, and PCA, fitted on the noisy pictures, with 16 directions kept.

# %%
rng = np.random.default_rng(lesson.seed)
noisy_train = np.clip(x_train + rng.normal(0, 0.3, x_train.shape), 0, 1).astype("float32")
noisy_test = np.clip(x_test + rng.normal(0, 0.3, x_test.shape), 0, 1).astype("float32")

keras.utils.set_random_seed(lesson.seed)
denoiser, _, _ = build_autoencoder(
    n_pixels, 32, hidden=(128,), optimizer=keras.optimizers.Adam(0.003)
)
train(denoiser, noisy_train, x_train, epochs=epochs // 2)
cleaned = denoiser.predict(noisy_test, verbose=0)
noisy_pca = PCA(16).fit(noisy_train)
by_pca = noisy_pca.inverse_transform(noisy_pca.transform(noisy_test))
show(
    draw.rows(
        {"noisy": noisy_test[:9], "PCA": by_pca[:9], "network": cleaned[:9], "true": x_test[:9]},
        size,
    ),
    "Four rows of nine digits: with grey noise; smoothed by PCA, still patchy; cleaned by the "
    "network, with clear strokes on clean paper; and the true ones, much like the third row.",
)
left = {"noisy": noisy_test, "PCA": by_pca, "network": cleaned}
left = {name: error(x_test, pictures) for name, pictures in left.items()}
print(", ".join(f"{name} ≈ {value:.4f}" for name, value in left.items()))

# %%
lesson.claim(
    "cleaning leaves less than two thirds of the noise", left["network"] < left["noisy"] * 2 / 3
)
lesson.claim("and beats PCA", left["network"] < 0.9 * left["PCA"])

# %% [markdown]
# The network was never shown these test digits, clean or noisy. It knows what pen strokes look like, and noise is no pen stroke. Note what this also means: it draws what it *expects*. A true speck of dirt, or a rare way of writing, is cleaned away as well.
#
# ## The odd one out
#
# Fraud, a failing machine, a sick cell: often there are thousands of normal cases and hardly any of the other kind, and nobody knows what the next one will look like. So train an autoencoder on **normal cases only**. It learns to rebuild what is normal. Something else comes out badly rebuilt, and the reconstruction error gives it away. This is called **anomaly detection**; the odd
# ones are the *anomalies*.
#
# How well does such a score tell them apart? Pick one normal and one odd case at random. In which share of such pairs has the odd one the higher score? This share is called **ROC AUC** (the area under the so-called ROC curve, which is the same number). 1 is perfect, 0.5 is a coin, and no threshold has to be chosen first.
#
# ### Exercise: auc
#
# Compute it from two arrays of scores, by comparing all pairs. Equal scores count as half.


# %%
def auc(normal, odd):
    """Return the share of pairs in which the odd case has the higher score."""
    ### BEGIN SOLUTION
    higher = odd[:, None] > normal
    equal = odd[:, None] == normal
    return np.mean(higher + 0.5 * equal)
    ### END SOLUTION


# %%
lesson.check("auc", auc)
# lesson.hint("auc")

# %% [markdown]
# First the digits. One digit is left out of training altogether, and then turns up among the test pictures. We try it with the zero, and with the one.
#
# **Before you run it, guess:** which of the two is easier to notice as odd?

# %%
lesson.guess("unseen_digit", "the zero", "the one", "both alike")

# %%
from sklearn.metrics import roc_auc_score


def odd_scores(unseen):
    """Train on all digits but one; return the test pictures' reconstruction errors."""
    keras.utils.set_random_seed(lesson.seed)
    model, _, _ = build_autoencoder(
        n_pixels, 8, hidden=(128, 64), code="linear", optimizer=keras.optimizers.Adam(0.003)
    )
    known = x_train[label_train != unseen]
    train(model, known, known, epochs=20)
    return np.mean((model.predict(x_test, verbose=0) - x_test) ** 2, axis=1)


scores = {digit: odd_scores(digit) for digit in (0, 1)}
found = {digit: roc_auc_score(label_test == digit, score) for digit, score in scores.items()}
print(f"ROC AUC: unseen 0 ≈ {found[0]:.2f}, unseen 1 ≈ {found[1]:.2f}")

# %%
show(
    draw.score_histograms(scores, label_test),
    "Two panels of histograms. Left: the errors of zeros lie to the right of those of the other "
    "digits, with little overlap. Right: the errors of ones overlap far more with the others.",
)
lesson.claim("zeros are noticed in at least four of five pairs", found[0] > 0.8)
lesson.claim("ones are noticed less", found[1] < found[0], guess="unseen_digit")

# %% [markdown]
# A one is a plain stroke, and strokes are in every digit. So it is rebuilt rather well although it was never seen. What the method finds is not "new" but "**badly rebuilt**", and simple things are easily rebuilt. Keep that in mind before you trust such a detector.
#
# Now a case that matters: 569 tumours with 30 measured features each. We train on benign ones only, and the malignant ones are the anomalies. The baseline is very simple: how far is a case from the average of the benign ones, after standardizing?

# %%
from sklearn.datasets import load_breast_cancer

cancer = load_breast_cancer()
benign, malignant = cancer.data[cancer.target == 1], cancer.data[cancer.target == 0]
normal_train, normal_test = train_test_split(benign, test_size=0.4, random_state=lesson.seed)
mean, spread = normal_train.mean(axis=0), normal_train.std(axis=0)
z_train = (normal_train - mean) / spread
z_test = (np.concatenate([normal_test, malignant]) - mean) / spread
is_malignant = np.arange(len(z_test)) >= len(normal_test)

keras.utils.set_random_seed(lesson.seed)
watcher, _, _ = build_autoencoder(
    30, 6, hidden=(20,), code="linear", output="linear", optimizer=keras.optimizers.Adam(0.003)
)
watcher.fit(z_train, z_train, batch_size=8, epochs=10, verbose=0)
by_network = np.mean((watcher.predict(z_test, verbose=0) - z_test) ** 2, axis=1)
by_distance = np.mean(z_test**2, axis=1)
auc_network = roc_auc_score(is_malignant, by_network)
auc_distance = roc_auc_score(is_malignant, by_distance)
print(f"ROC AUC: network ≈ {auc_network:.2f}, distance from the average ≈ {auc_distance:.2f}")

# %%
lesson.claim("the network finds the malignant ones without having seen any", auc_network > 0.85)
lesson.claim("so does the distance from the average", auc_distance > 0.85)

# %% [markdown]
# Without a single malignant example in training, the score puts the malignant case above the benign one in more than 85 of 100 pairs. And so does the plain distance, which takes one line. On such data the simplest score is hard to beat. (Neither is a diagnosis. If you have labelled examples of both kinds, learn from them, as in lesson 03.)
#
# ### Exercise: alarm_at
#
# To use a score one needs a threshold. Say that at most a given share of the *normal* cases may raise a false alarm. Return the threshold: a score such that at most that share of the normal scores lies **above** it, and as low as possible, taken from the normal scores themselves.


# %%
def alarm_at(normal_scores, share):
    """Return the smallest of the scores that has at most this share of all scores above it."""
    ### BEGIN SOLUTION
    ordered = np.sort(normal_scores)
    allowed = int(np.floor(share * len(ordered) + 1e-9))  # so many may lie above
    return ordered[len(ordered) - 1 - allowed]
    ### END SOLUTION


# %%
lesson.check("alarm_at", alarm_at)
# lesson.hint("alarm_at")

# %% [markdown]
# ## What else it is used for
#
# * **Recommendation.** Put in which films somebody has seen, and let the network rebuild the list through a bottleneck. Films that come out strongly although they were not put in are good suggestions. (Lesson 12 makes suggestions in another way.)
# * **A head start.** The encoder's numbers can feed a classifier where labels are few.
# * **Searching.** Codes of similar pictures are close together, and short codes are quick to compare.
#
# For storing photos, though, nobody uses an autoencoder of this kind: it knows only the kind of picture that it was trained on, where JPEG knows all.
#
# ### Exercise: six_numbers
#
# A goal to reach. Return an autoencoder for the small digits (64 pixels, as `build_autoencoder` makes it) with a code of **at most six numbers**. It is trained for 40 epochs on 1,347 digits, in batches of 32, and must beat PCA with six directions on the others by at least 15 %.


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
# ## What people get wrong
#
# * **"An autoencoder is better than PCA."** Without bend it *is* PCA. With one layer on each side it was worse here. Compare.
# * **"Compile with Adadelta, as in the example."** At Keras's default rate it hardly learns. Look up the rate, or use Adam.
# * **"The code keeps the most important information."** It keeps what lowers the reconstruction error. A small but decisive detail may go.
# * **"A high error means that something is wrong with the case."** It means that the network could not rebuild it. And a low error does not mean normal: an unseen one looks familiar.
# * **"A wider code is better."** As wide as the input, it can copy, and has learned nothing.
# * **"It learns without labels, so no test set is needed."** It can memorize pictures like any network. All errors in this lesson are on pictures that were not trained on.
# * **"The decoder can invent."** It was trained on codes of real pictures only. What lies between them may be nothing.
#
# ## Takeaways
#
# * An autoencoder rebuilds its input through a bottleneck: encoder, code, decoder. The labels are the inputs themselves.
# * PCA keeps the directions of greatest spread. It is the baseline, and a linear autoencoder ends in the same subspace.
# * Bend and depth are what an autoencoder adds: fewer numbers for the same error, and maps that keep kinds apart.
# * Train it from noisy to clean, and it denoises. Train it on normal cases only, and its error is a score for oddness.
# * ROC AUC is the share of pairs that are put in the right order. Always put a simple score beside it.
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
