# %% [markdown]
# # Networks that see
#
# *140 minutes: 75 to read and run, 40 for 8 exercises, 25 for the 25 questions of the quiz. Builds on: lesson 03 (feedforward networks, and the digits).*
#
# Write a 7 in the middle of a page, or a few millimetres further to the right: to you it is the same 7. To the network of lesson 03 it is not, as you will see
# in a moment. What that network lacks is a simple idea: look for the same thing in every place. Networks with that idea read
# handwriting, find faces in photos and tumours in scans.
#
# **After this lesson you can**
#
# * compute a convolution by hand, and say what it finds;
# * predict the shape and the number of parameters of every layer in a convolutional network;
# * say what pooling keeps, what it throws away, and what it is not for;
# * build a convolutional network in Keras, and test it on digits that have moved;
# * tell what a network has learned from what was there before it learned anything;
# * split pictures into training and test data without fooling yourself.

# %%
from courseware import open_lesson

lesson = open_lesson("04_cnn")

import keras
import numpy as np
from keras import layers
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from courseware.batches import ShuffledBatches
from courseware.data import digits, photos
from courseware.lessons.fnn.models import build_digit_classifier
from courseware.drawing import show
from courseware.lessons.cnn import drawings as draw

# %% [markdown]
# First the trouble. We take 2,000 handwritten digits for training, 300 for validation and 600 for the test, and put each on a page of 32 by 32 pixels. Those that come closer than four pixels to an edge, about one in eight, are left out, so that all of them can move by four without losing ink.

# %%
images, numerals = digits()
if images.shape[1] == 8:  # the small digits: draw each pixel twice as large
    images = images.repeat(2, axis=1).repeat(2, axis=2)
size = 32
margin = (size - images.shape[1]) // 2
images = np.pad(images, ((0, 0), (margin, margin), (margin, margin)))

outer = images.copy()
outer[:, 4:-4, 4:-4] = 0
fits = outer.max(axis=(1, 2)) == 0  # no ink in the outer four rows and columns
images, numerals = images[fits], numerals[fits]
print(f"left out: {np.mean(~fits):.1%}")

x_train, x_rest, y_train, y_rest = train_test_split(
    images,
    numerals,
    train_size=2000 if len(images) > 2900 else 1100,
    random_state=lesson.seed,
    stratify=numerals,
)
x_val, y_val = x_rest[:300], y_rest[:300]
x_test, y_test = x_rest[300:900], y_rest[300:900]
print("training:", x_train.shape, " validation:", x_val.shape, " test:", x_test.shape)

# %%
keras.utils.set_random_seed(lesson.seed)
fnn = build_digit_classifier(size)
batches = ShuffledBatches(x_train, y_train, batch_size=32, seed=lesson.seed)
fnn.fit(batches, epochs=8, callbacks=[lesson.live()], verbose=0)
print("1024-128-10, parameters:", fnn.count_params())

# %% [markdown]
# That is the network of lesson 03, with one hidden layer. Now we move the test digits; moving a picture without turning or stretching it is called a **translation** or a *shift*. `np.roll` pushes a picture down and to the right. What leaves the page on one side comes back on
# the other, but here only empty margin does.
#
# **Before you run it, guess:** where they stood in training, at home in the middle, it reads well over 80 of 100 test digits. How
# many does it read when they stand four pixels to one side, an eighth of the page? (We shall look at the test digits many times in
# this lesson. Nothing is chosen by them, so their verdict stays fair.)

# %%
lesson.guess("moved_by_four", "about 80", "about 60", "fewer than 50")


# %%
def moved(pictures, down, right):
    return np.roll(pictures, (down, right), axis=(1, 2))


def probabilities(model, pictures):
    """Return the probability that the model gives to each digit, (pictures, 10)."""
    return model.predict(pictures, batch_size=300, verbose=0)


def read(model, pictures):
    """Return the digit that the model sees in each picture."""
    return probabilities(model, pictures).argmax(axis=1)


def accuracy_moved(model, distance):
    """Return the accuracy on the test digits, moved up, down, left and right by `distance`."""
    moves = {(distance, 0), (-distance, 0), (0, distance), (0, -distance)}  # one move if it is 0
    return np.mean([read(model, moved(x_test, *move)) == y_test for move in moves])


distances, ticks = (0, 2, 3, 4), ["at home", "moved by 2", "by 3", "by 4"]
fnn_scores = [accuracy_moved(fnn, distance) for distance in distances]
for distance, score in zip(distances, fnn_scores, strict=True):
    print(f"moved by {distance}: accuracy ≈ {score:.2f}")

# %%
lesson.claim("at home it reads more than 80 %", fnn_scores[0] > 0.8)
lesson.claim("moved by 2, it loses over 10 points", fnn_scores[1] < fnn_scores[0] - 0.1)
lesson.claim("moved by 4, it reads fewer than half", fnn_scores[-1] < 0.5, guess="moved_by_four")

# %%
sureness = probabilities(fnn, x_test)
first = [sureness[:, numeral].argmax() for numeral in (3, 5, 7)]  # the surest of each
places = {"at home": (0, 0), "2 to the right": (0, 2), "4 to the right": (0, 4)}
places |= {"4 down": (4, 0), "4 up": (-4, 0)}
rows = []
for i in first:
    row = [moved(x_test[i : i + 1], *place) for place in places.values()]
    rows.append([(picture[0], int(read(fnn, picture)[0])) for picture in row])

# %%
show(
    draw.moved_digits(rows, list(places), y_test[first]),
    "A 3, a 5 and a 7, each drawn at home and moved by two or four pixels, with the network's "
    "answer below. At home all three are read correctly; moved, they often are not.",
)

# %% [markdown]
# Compare each row. To you hardly anything has changed. To this network much has: each hidden unit has one weight *for each pixel of the page*, and after the shift other pixels hold the ink.
#
# ## A picture is a grid of numbers
#
# You know that a grey picture is a matrix of numbers, one for each pixel. A colour picture is three such matrices, laid over one another: how much red, green and blue. Each
# of them is called a **channel**. So a colour picture has the shape (height, width, 3), and a grey one (height, width, 1).

# %%
china, flower = photos()
print("shape of the photo:", china.shape)
print("the pixel in row 200, column 300:", china[200, 300].round(2), "(red, green, blue)")

# %%
show(
    draw.channels(china),
    "A photo of a pagoda on a hill under a pale sky, and its red, green and blue channels in "
    "grey. The roofs are bright in the red channel and dark in the blue one; the sky is bright "
    "in all three.",
)

# %% [markdown]
# In such a grid it matters which pixels are neighbours. The network of lesson 03 does not know that. `Flatten` lays all pixels in one row, and nothing in a dense layer says which of
# them were side by side. Here is the proof. We shuffle the pixels of every picture, all in the same way, and shuffle the rows of the first weight matrix likewise.

# %%
order = np.random.default_rng(lesson.seed).permutation(size * size)
scrambled = x_test.reshape(len(x_test), -1)[:, order].reshape(x_test.shape)

renumbered = build_digit_classifier(size)
w1, b1, w2, b2 = fnn.get_weights()
renumbered.set_weights([w1[order], b1, w2, b2])

i = first[0]
pair = [(p[i], int(read(m, p[i : i + 1])[0])) for m, p in ((fnn, x_test), (renumbered, scrambled))]
show(
    draw.moved_digits([pair], ["a digit", "the same, scrambled"], y_test[[i]]),
    "A digit, and the same picture with its pixels in disorder, which looks like noise. The answer "
    "below both is the same.",
)
lesson.claim(
    "to a dense network, digits and scrambled digits are the same task",
    np.allclose(
        probabilities(fnn, x_test), probabilities(renumbered, scrambled), atol=1e-4
    ),
)

# %% [markdown]
# So a dense network makes no use of something that we know: in a picture, neighbouring pixels belong together. **Local patterns** (an end of a line, a corner, an edge between dark and bright) can be seen in a few neighbouring pixels, and they look the same wherever they are.
#
# ## A small matrix slides over a large one
#
# That is what a **convolution** uses. Take a small matrix of weights, the **kernel**, say 3 by 3. Lay it on the picture, multiply each weight by the pixel under it, and add up the nine products. Write down the
# sum. Move on by one pixel and do it again, until every place has been visited.

# %%
corner = np.array(
    [
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 1, 1, 1],
        [0, 0, 0, 1, 1, 1],
        [0, 0, 0, 1, 1, 1],
    ],
    dtype=float,
)
vertical = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]], dtype=float)

sums = np.array(
    [[np.sum(corner[i : i + 3, j : j + 3] * vertical) for j in range(4)] for i in range(4)]
)
print(sums)

# %%
show(
    draw.sliding(corner, vertical, sums, [(0, 0), (2, 1), (3, 3)]),
    "A kernel of 3 by 3 and three of its stops on a picture of 6 by 6 with a bright square. In the "
    "dark corner the sum is 0, across the square's left edge it is positive, inside the square it "
    "is 0 again. The result fills up row by row; it is 4 by 4.",
)

# %% [markdown]
# A 1 is bright here and a 0 dark. Follow the thick orange-red frame. Where nothing changes from left to right, the weights $-1$ and $1$ cancel and the sum is 0: in the dark corner, and inside the bright square as well. Where there is more on the right than on the
# left, the sum is positive, and largest where the edge runs through all three rows.
#
# The result is called a **feature map**: a new picture that says where the pattern was found, and how clearly. It is a little smaller than the old one: the kernel must not stick out.
#
# ### Exercise: convolve
#
# Write it for any picture and any kernel (both two-dimensional arrays; the kernel need not be 3 by 3, nor square). Return the feature map.


# %%
def convolve(picture, kernel):
    """Return the sums of products of the kernel with every part of the picture that it fits on."""
    ### BEGIN SOLUTION
    height, width = kernel.shape
    rows = picture.shape[0] - height + 1
    columns = picture.shape[1] - width + 1
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            result[i, j] = np.sum(picture[i : i + height, j : j + width] * kernel)
    return result
    ### END SOLUTION


# %%
lesson.check("convolve", convolve)
# lesson.hint("convolve")

# %% [markdown]
# For large pictures we use a version with the loops the other way round: each of the nine weights is multiplied by all the pixels it meets, at once. (You need not follow its loop.) The sums are the same. It also takes
# pictures with several channels: then the kernel has a matrix of weights for each channel, and all the products are added up.


# %%
def slide(picture, kernel):
    """Convolve a picture (height, width) or (height, width, channels) with such a kernel."""
    if picture.ndim == 2:
        picture, kernel = picture[:, :, None], kernel[:, :, None]
    rows = picture.shape[0] - kernel.shape[0] + 1
    columns = picture.shape[1] - kernel.shape[1] + 1
    result = np.zeros((rows, columns))
    for (i, j, channel), weight in np.ndenumerate(kernel):
        result += weight * picture[i : i + rows, j : j + columns, channel]
    return result


lesson.claim("both ways of summing agree", np.array_equal(slide(corner, vertical), sums))

# %% [markdown]
# And Keras? A layer `Conv2D(filters=4, kernel_size=3)` has four kernels, here called **filters**, each with a bias that is added to all its sums. It returns four feature maps, as channels
# of a new picture. We give it random weights and a random picture in colour.

# %%
rng = np.random.default_rng(lesson.seed)
picture = rng.normal(size=(10, 12, 3))
kernels, biases = rng.normal(size=(3, 3, 3, 4)), rng.normal(size=4)  # height, width, in, out

layer = layers.Conv2D(filters=4, kernel_size=3)
layer.build((None, 10, 12, 3))
layer.set_weights([kernels, biases])
batch = picture[None].astype("float32")  # [None] adds an axis in front: a batch of one picture
theirs = keras.ops.convert_to_numpy(layer(batch))[0]
ours = np.stack([slide(picture, kernels[..., k]) + biases[k] for k in range(4)], axis=-1)

print("shape of the kernels:", kernels.shape, " shape of the feature maps:", theirs.shape)

# %%
lesson.claim(
    "Keras's Conv2D and ours give the same four maps",
    np.allclose(theirs, ours, atol=2e-2),  # some graphics cards keep three digits only
)

# %% [markdown]
# ### Convolution or cross-correlation?
#
# In mathematics, to *convolve* means to rotate the kernel by 180 degrees first and then slide it. What Keras, TensorFlow and PyTorch slide is the kernel as it is, and the exact name for that is
# **cross-correlation**. SciPy has both. The picture is a single bright pixel.

# %%
from scipy.signal import convolve2d, correlate2d

dot = np.zeros((5, 5))
dot[2, 2] = 1
numbered = np.arange(1.0, 10.0).reshape(3, 3)
print("the kernel:\n", numbered, "\nslid as it is:\n", slide(dot, numbered))
print("convolution:\n", convolve2d(dot, numbered, "valid"))
lesson.claim(
    "what Keras and we compute is the cross-correlation",
    np.allclose(slide(dot, numbered), correlate2d(dot, numbered, "valid")),
)
lesson.claim(
    "it equals the convolution once the kernel is rotated by 180 degrees",
    np.allclose(slide(dot, numbered), convolve2d(dot, numbered[::-1, ::-1], "valid")),
)

# %% [markdown]
# For a network that learns its kernels it makes no difference: any map that one rule makes, the other makes with the kernel rotated. It matters when you copy a kernel from a book. We keep the
# usual name and the library's rule.
#
# ## Edges in a photo
#
# Now the photo. We make it grey and slide two kernels over it: the one from above, and the same one turned on its side.
#
# **Before you run it, guess:** which of the two finds the pillars?

# %%
lesson.guess("pillars", "the one from above", "the one turned on its side", "both alike")

# %%
grey = china.mean(axis=2)
horizontal = vertical.T  # -1 in the upper row, 0 in the middle, 1 in the lower row
across, down = slide(grey, vertical), slide(grey, horizontal)
strength = np.abs(across) + np.abs(down)
of_sky, of_pagoda = strength[0:60, 420:620].mean(), strength[150:380, 100:330].mean()
print(f"mean strength: sky ≈ {of_sky:.2f}, pagoda ≈ {of_pagoda:.2f}")

pillar = np.zeros((40, 12))
pillar[:, 4:8] = 1  # a bright pillar on a dark wall
by_first, by_second = np.abs(slide(pillar, vertical)).sum(), np.abs(slide(pillar, horizontal)).sum()

# %%
show(
    draw.edges(grey, {"vertical edges": across, "horizontal edges": down}),
    "The grey photo and two feature maps. The first kernel marks the pillars and both sides of "
    "the building, red on one side and blue on the other, and the tiles of the roofs. The second "
    "marks the edges of roofs and floors. The sky is white in both.",
)
lesson.claim(
    "the pagoda answers ten times as strongly as the sky",
    of_pagoda > 10 * of_sky,
)
lesson.claim(
    "on a drawn pillar only the kernel from above responds",
    by_first > 0 and by_second == 0,
    guess="pillars",
)

# %% [markdown]
# Look for the pillars in both maps. Red means brighter to the right (or below), blue the reverse. A pillar has **vertical edges**, on its left and on its right; they stand out in the first map. The *edges* of the roofs and floors are **horizontal edges** and stand out in the second. (The dark patches in the first map are the tiled roofs as well: their ribs run downward. The kernel does not know pillars; it finds whatever is vertical.)
#
# Cells that respond to an edge of a certain direction at a certain place were found in the visual cortex of cats by David Hubel and Torsten Wiesel, around 1960. That inspired the networks of this lesson. But a cortex has no kernel that is copied to all places.
#
# ### Exercise: edge_kernel
#
# A goal to reach. Design a kernel of 3 by 3 that finds edges running **diagonally**, from the lower left to the upper right (like a /). Along such an edge that is 0 above and 1 on and below it, some sum must be more than 1 and none less than $-1$. (With dark and bright exchanged, the signs turn by themselves.) On an even area, dark or bright, every sum must be 0. To edges along the other diagonal (like a \\) it must not respond: between $-0.5$ and $0.5$, wherever they run.


# %%
def edge_kernel():
    """Return a 3 by 3 array that responds to diagonal edges like / and not to edges like \\."""
    ### BEGIN SOLUTION
    return np.array([[-1.0, -1.0, 0.0], [-1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
    ### END SOLUTION


# %%
lesson.check("edge_kernel", edge_kernel)
# lesson.hint("edge_kernel")

# %% [markdown]
# ## A kernel that is learned
#
# You designed this kernel. In a network, kernels are weights like any others: they start at random, and gradient descent changes them. Can it find a kernel from examples alone?
#
# We make the examples with the kernel for vertical edges, and then hide it. The network is a single convolution with nine weights. It sees 100 pictures and, for each, the map that should come out. (`train_on_batch` makes one step of gradient descent; `[..., None]` adds an axis at the end, the channel, which Keras wants.)
#
# **Before you run it, guess:** how close will its nine weights come to the hidden ones?

# %%
lesson.guess("kernel_found", "some similar kernel", "the same numbers, nearly", "nothing like them")

# %%
pictures = x_train[:100]
wanted = np.array([slide(picture, vertical) for picture in pictures])


def learn_kernel(inputs, outputs, start):
    """Return a kernel at a random start, and after 300 steps of gradient descent."""
    keras.utils.set_random_seed(start)
    model = keras.Sequential(
        [keras.Input(shape=(size, size, 1)), layers.Conv2D(1, 3, use_bias=False)]
    )
    model.compile(keras.optimizers.SGD(1.0), loss="mse")
    before = model.get_weights()[0][:, :, 0, 0]
    for _ in range(300):
        model.train_on_batch(inputs[..., None], outputs[..., None])
    return before, model.get_weights()[0][:, :, 0, 0]


wrong_pairs = np.roll(wanted, 1, axis=0)  # each picture gets the map of another
before, found = learn_kernel(pictures, wanted, lesson.seed)
_, from_wrong_pairs = learn_kernel(pictures, wrong_pairs, lesson.seed)
off = np.abs(found - vertical).max()
print(f"largest difference from the hidden kernel ≈ {off:.2f}")

# %%
show(
    draw.kernels(
        {
            "hidden": vertical,
            "random start": before,
            "learned": found,
            "learned from\nwrong pairs": from_wrong_pairs,
        }
    ),
    "Four kernels with their nine weights. The hidden one has -1 on the left, 0 in the middle "
    "and 1 on the right. The random start looks nothing like it. The learned one agrees with it "
    "closely. The one learned from wrong pairs has only small weights.",
)
lesson.claim("all nine weights come within 0.25", off < 0.25, guess="kernel_found")
lesson.claim(
    "from wrong pairs, none of the six weights of size 1 comes within 0.4",
    np.abs(from_wrong_pairs - vertical)[:, [0, 2]].min() > 0.4,
)

# %% [markdown]
# Compare the first picture with the third. The numbers came out of the pairs. The last picture is the control: the same pictures, the same maps and the same start, but each picture with the wrong map. What gradient descent finds, it finds in the pairing of question and answer.
#
# A classifier gets only one label for each picture. How far its kernels move, we shall see.
#
# ## How large, how many
#
# Three settings say how large a feature map is:
#
# * The **kernel size** $k$. The kernel must not stick out, so with 3 by 3 the map is smaller by one pixel on each side.
# * **Padding**: $p$ rows and columns of zeros, put around the picture before sliding. `padding="same"` in Keras adds as many as it takes to keep the size; `padding="valid"`, the default, adds none.
# * The **stride** $s$: by how many pixels the kernel moves on. With stride 2 it visits every second place.
#
# A side of $n$ pixels becomes
#
# $$\left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$
#
# where $\lfloor\;\rfloor$ means rounding down: a last step that would stick out is not taken. For example $(64 + 0 - 3)/1 + 1 = 62$. (With `"same"` the result is simply $n / s$, rounded up.)

# %%
for n, k, s, padding in [
    (64, 3, 1, "valid"),
    (28, 5, 1, "valid"),
    (28, 3, 2, "valid"),
    (28, 3, 1, "same"),
]:
    p = (k - 1) // 2 if padding == "same" else 0
    predicted = (n + 2 * p - k) // s + 1
    made = layers.Conv2D(1, k, strides=s, padding=padding)(np.zeros((1, n, n, 1), dtype="float32"))
    print(f"n={n} k={k} s={s} {padding}: predicted {predicted}, Keras {made.shape[1]}")
    lesson.claim("the formula and Keras agree", predicted == made.shape[1])

# %% [markdown]
# ### Exercise: output_size
#
# Write the formula as a function.


# %%
def output_size(n, kernel, stride=1, padding=0):
    """Return how many places a kernel visits along a side of n pixels."""
    ### BEGIN SOLUTION
    return (n + 2 * padding - kernel) // stride + 1
    ### END SOLUTION


# %%
lesson.check("output_size", output_size)
# lesson.hint("output_size")

# %% [markdown]
# Now the parameters. A filter has one weight for each place of its kernel and each channel that comes in, and one bias. The size of the picture does not matter: the *same* weights are used at every place. This is
# called **weight sharing**.
#
# $$\text{parameters} = (k \cdot k \cdot \text{channels in} + 1) \cdot \text{filters}$$
#
# **Before you run it, guess:** a layer makes 32 feature maps of 62 by 62 from a colour picture of 64 by 64. How many parameters would a dense layer need to compute as many numbers
# from the same picture?

# %%
lesson.guess("dense_parameters", "about 400 thousand", "about 10 million", "over a billion")

# %%
as_convolution = (3 * 3 * 3 + 1) * 32
as_dense = (64 * 64 * 3 + 1) * (62 * 62 * 32)
print(f"convolution: {as_convolution:,}   dense: {as_dense:,}")

# %%
lesson.claim(
    "a dense layer needs over a million times as many",
    as_dense > 1e6 * as_convolution,
    guess="dense_parameters",
)

# %% [markdown]
# Count the digits: ten against three. Two ideas save all that: each unit looks at a small neighbourhood only, and all places
# share one set of weights.
#
# ### Exercise: conv_parameters
#
# Write the count.


# %%
def conv_parameters(kernel, channels, filters):
    """Return the number of weights and biases of a convolutional layer with square kernels."""
    ### BEGIN SOLUTION
    return (kernel * kernel * channels + 1) * filters
    ### END SOLUTION


# %%
lesson.check("conv_parameters", conv_parameters)
# lesson.hint("conv_parameters")

# %% [markdown]
# *A good place for a break. What comes next: making maps coarser, and a network that reads digits.*
#
# ## Pooling
#
# A feature map says exactly where a pattern was found. Often that is more than we want to know. **Pooling** makes the map coarser. **Max pooling** with a block of 2 by 2 keeps the
# largest of every four numbers and drops the other three.

# %%
before = np.array([[1, 3, 0, 2], [5, 2, 1, 1], [0, 0, 4, 7], [2, 1, 6, 3]], dtype=float)
after = before.reshape(2, 2, 2, 2).max(axis=(1, 3))  # blocks of 2 by 2
pooled = layers.MaxPooling2D(2)(before[None, :, :, None].astype("float32"))
by_keras = keras.ops.convert_to_numpy(pooled)[0, :, :, 0]

# %%
show(
    draw.pooling(before, after),
    "A matrix of 4 by 4 in four coloured blocks, and beside it one of 2 by 2 with the largest "
    "number of each block: 5, 2, 2 and 7.",
)
lesson.claim("Keras's MaxPooling2D(2) keeps the same four numbers", np.array_equal(by_keras, after))

# %% [markdown]
# Nothing is learned here: pooling has no parameters. You may read that pooling "keeps the most important information". It keeps the *largest number*, which is something else. Watch what happens
# to a thin dark line on white paper, when white is 1:

# %%
paper = np.ones((6, 6))
paper[:, 3] = 0  # a dark line from top to bottom


def pool(matrix):
    return matrix.reshape(3, 2, 3, 2).max(axis=(1, 3))


print("dark line on white:\n", pool(paper))
print("the same, inverted:\n", pool(1 - paper))
lesson.claim("pooling has erased the dark line", np.all(pool(paper) == 1))
lesson.claim("with the colours inverted it survives", np.any(pool(1 - paper) == 1))

# %% [markdown]
# The line was all there was to see, and it is gone. After a convolution with ReLU, large means "pattern found", and then keeping the largest makes sense.
#
# What pooling does give is some tolerance: a block's result stays the same as long as its largest number stays inside and nothing larger moves in. Look at a small bump that moves to the right:

# %%
bump = np.array([0, 1, 3, 1, 0, 0, 0, 0])
for steps in (0, 1, 2):
    row = np.roll(bump, steps)
    pooled = row.reshape(4, 2).max(axis=1)
    print(f"moved by {steps}:", row, " pooled by 2:", pooled, " largest:", row.max())

# %% [markdown]
# Moved by two, the pooled row is the old pooled row, moved by one. Moved by *one*, it is a different row: pooling in blocks of two keeps step with even shifts only.
#
# The last column does not change. It is the largest number of the whole row, wherever it stands. Doing this to a whole feature map is called **global max pooling**: one number per map, "is this pattern
# there, anywhere?"
#
# ### Exercise: max_pool
#
# Write max pooling for blocks of any size. Return the largest number of each full block of `block` by `block`. If the matrix's height or width is no multiple of `block`, the rest at the lower and the right
# edge is dropped, as Keras does.


# %%
def max_pool(matrix, block):
    """Return the largest number of every full block of block x block numbers."""
    ### BEGIN SOLUTION
    rows, columns = matrix.shape[0] // block, matrix.shape[1] // block
    full = matrix[: rows * block, : columns * block]
    return full.reshape(rows, block, columns, block).max(axis=(1, 3))
    ### END SOLUTION


# %%
lesson.check("max_pool", max_pool)
# lesson.hint("max_pool")

# %% [markdown]
# ## A convolutional network
#
# We now have all the parts. The classic order is convolution, pooling, convolution, pooling: the maps become smaller and there are more of them. The second convolution slides over the eight feature maps of the first, so it can respond to patterns *of patterns*. After the third, global max pooling asks each of 32 maps whether its pattern was found,
# and a dense layer decides by the 32 answers. Such a network is called a **convolutional network**, **CNN** for short.

# %%
### SOURCE courseware.lessons.cnn.models.build_digit_cnn

# %% [markdown]
# Keras wants the channel as an axis of its own, so pictures come as (batch, size, size, 1). Count before you train:

# %%
epochs = 5 if len(x_train) >= 2000 else 10
rate = keras.optimizers.schedules.CosineDecay(0.005, epochs * len(batches))  # shrinks to zero


def new_cnn(flatten=False):
    """Return the network at its random start, always the same one."""
    keras.utils.set_random_seed(lesson.seed)
    return build_digit_cnn(size, rate, flatten)


def train(model, pictures, validation=None):
    """Train a network on these pictures and their labels; return the curves."""
    batches = ShuffledBatches(pictures[..., None], y_train, batch_size=32, seed=lesson.seed)
    live = [lesson.live()]
    return model.fit(
        batches, epochs=epochs, validation_data=validation, callbacks=live, verbose=0
    ).history


cnn = new_cnn()
counted = [(9 * 1 + 1) * 8, (9 * 8 + 1) * 16, (9 * 16 + 1) * 32, (32 + 1) * 10]
print("by hand:", " + ".join(map(str, counted)), "=", sum(counted), "  Keras:", cnn.count_params())
print("the network of lesson 03, on the same pictures:", fnn.count_params())
lesson.claim("we counted right", sum(counted) == cnn.count_params())
lesson.claim(
    "the CNN has less than a tenth of the parameters", cnn.count_params() < fnn.count_params() / 10
)

# %% [markdown]
# It is trained on the same pictures, all of them at home. It never sees one that has moved.
#
# **Before you run it, guess:** the other network lost most of its accuracy through a shift of four pixels. How much of it will this one lose?

# %%
lesson.guess(
    "cnn_moved",
    "less than a quarter as much",
    "about half as much",
    "as much as the other network",
)

# %%
log = train(cnn, x_train, (x_val[..., None], y_val))

# %%
show(
    draw.history(log),
    "Two plots over the epochs. The losses on training and validation data fall steeply, then "
    "slowly. Both accuracies rise and level off near the top.",
)
lesson.claim("more than 80 % of the validation digits are read", log["val_accuracy"][-1] > 0.8)

# %%
cnn_scores = [accuracy_moved(cnn, distance) for distance in distances]
most_common = np.mean(y_test == np.bincount(y_train).argmax())
print(f"at home: FNN ≈ {fnn_scores[0]:.3f}, CNN ≈ {cnn_scores[0]:.3f}")
print("CNN, moved by 2, 3, 4:", ", ".join(f"≈ {score:.3f}" for score in cnn_scores[1:]))
print(f"always the most common digit ≈ {most_common:.3f}")

# %%
show(
    draw.accuracy_bars(
        {"FNN of lesson 03": fnn_scores, "CNN": cnn_scores},
        ticks,
        chance=most_common,
    ),
    "Bars of accuracy. At home both networks do well. The further the digits move, the less the "
    "FNN reads. The CNN loses a few points.",
)
fnn_cost, cnn_cost = (scores[0] - np.array(scores) for scores in (fnn_scores, cnn_scores))
lesson.claim(
    "moved by 4, it loses less than a quarter as much",
    cnn_cost[-1] < fnn_cost[-1] / 4,
    guess="cnn_moved",
)
lesson.claim("moved by 4, it is over 30 points better", cnn_scores[-1] > fnn_scores[-1] + 0.3)

# %% [markdown]
# Read the bars from left to right. At home the two are close, and the CNN gets there with a small part of the parameters. (Not with less work: its few weights are used at many places, which makes 664,000 multiplications for each picture, against 132,000.) Moved, they differ by a lot. The CNN loses a few points, too, and oddly, often no more by four pixels than by two. Why, you will see soon.
#
# ### Digits anywhere
#
# Nothing in this network depends on the size of the page: kernels slide over any picture, and global pooling leaves 32 numbers.
# So its layers, with the very weights they have now, can be given a larger page. We take one of 64 by 64 pixels, four times the
# area, and drop each test digit at a random place.

# %%
rng = np.random.default_rng(lesson.seed)
large = np.zeros((len(x_test), 64, 64), dtype="float32")
for page, digit in zip(large, x_test, strict=True):
    row, column = rng.integers(0, 33, 2)
    page[row : row + size, column : column + size] = digit

wide_cnn = keras.Sequential([keras.Input(shape=(64, 64, 1)), *cnn.layers])
anywhere = np.mean(read(wide_cnn, large[..., None]) == y_test)
print(f"on the large page: accuracy ≈ {anywhere:.2f}")

# %%
answers = read(wide_cnn, large[:10, ..., None])
show(
    draw.pages(large[:10], answers, y_test[:10]),
    "Ten large pages, each with a digit somewhere on it, and the network's answers, most of "
    "them right.",
)
lesson.claim("it still reads more than three of four", anywhere > 0.75)

# %% [markdown]
# ### Is it the convolution that does it?
#
# "CNNs recognize a thing wherever it is" is often said. But of which part is it true? When the picture moves, the feature map of a convolution moves along. That is called **equivariance** under translation. Let us see it on the first
# layer, for a shift by two pixels, and on the last maps, for a shift by four. (`keras.Model(inputs, output)` is a network that ends at an inner layer; it uses the same layers and weights.)

# %%
first_maps = keras.Model(cnn.inputs, cnn.layers[0].output)
last_maps = keras.Model(cnn.inputs, cnn.layers[4].output)


def maps_of(model, down):
    """Return the feature maps of 50 test digits, moved down by some pixels."""
    return model.predict(moved(x_test[:50], down, 0)[..., None], verbose=0)


first_home, first_away = maps_of(first_maps, 0), maps_of(first_maps, 2)
last_home, last_away = maps_of(last_maps, 0), maps_of(last_maps, 4)

# %%
lesson.claim(
    "the first maps of a picture moved by two are the old maps, moved by two (away from the edge)",
    np.allclose(first_away[:, 3:-1, 1:-1], first_home[:, 1:-3, 1:-1], atol=1e-2),
)
lesson.claim(
    "the last maps of a picture moved by four are the old maps, moved by one (away from the edge)",
    np.allclose(last_away[:, 3:-2, 2:-2], last_home[:, 2:-3, 2:-2], atol=1e-1),
)

# %% [markdown]
# Two poolings by 2 make neighbouring places of the last maps lie four
# pixels apart. So a shift by four moves these maps by exactly one place; a shift by two falls in between. That is why four pixels
# need not be harder for this network than two. What it still loses by four must come from the edges, where places leave the map
# and zeros of the padding enter.
#
# An answer that stays the same when the picture moves is something else: it is called **invariance**. After a convolution the pattern is found, but at another place. What becomes of that depends on what comes next. Many CNNs flatten their maps and let a dense layer decide. Here is such a network. It has the same three convolutions with the same random start; only the global pooling is replaced by `Flatten`.
#
# **Before you run it, guess:** how many points of accuracy will it lose by a shift of four pixels?

# %%
lesson.guess("flatten_moved", "fewer than 5", "about 10", "more than 20")

# %%
flat_cnn = new_cnn(flatten=True)
train(flat_cnn, x_train)
flat_scores = [accuracy_moved(flat_cnn, distance) for distance in distances]
for name, scores in {"Flatten": flat_scores, "global max": cnn_scores}.items():
    print(f"{name:11}", ", ".join(f"≈ {score:.2f}" for score in scores))

# %%
lesson.claim("with Flatten it reads more than 85 % at home", flat_scores[0] > 0.85)
lesson.claim(
    "moved by 4, it loses over 20 points",
    flat_scores[-1] < flat_scores[0] - 0.2,
    guess="flatten_moved",
)
lesson.claim("and is over 20 points behind the other", flat_scores[-1] < cnn_scores[-1] - 0.2)

# %% [markdown]
# Compare the two lines. Up to the last maps the networks have the same plan and the same start; they differ in what they make of these maps. A convolution says where a pattern is. A dense layer has a weight for each place again; pooling over the whole map forgets where. (Forgetting is not always good: a network
# that must say in which half of the page a digit stands needs the place. What lies *beside* what is still seen, if both fit into what one unit of the last maps sees.)
#
# ### Kernel bench
#
# All of it to touch: a kernel, how far it steps, a page, and three networks that read it: the dense one, the one with `Flatten`,
# and the one with global max pooling.
#
# **Before you run it, guess:** a kernel slides with stride 2, and max pooling by 3 follows. By how many pixels must a picture of many different pixels move to the right, so that the map it gives is the old one, moved by one place?

# %%
lesson.guess("map_step", "3", "5", "6", "any number")

# %% [markdown]
# First move the frame over an edge of the digit, and read the nine products. Then push the digit.

# %%
lesson.explore("kernel")

# %%
page = np.pad(np.arange(36.0).reshape(6, 6), 13)  # 36 different pixels in the middle of a page


def coarse_map(picture):
    sums = slide(picture, vertical)[::2, ::2]  # stride 2: every second place
    return sums.reshape(5, 3, 5, 3).max(axis=(1, 3))


home = coarse_map(page)
pushed = {right: coarse_map(np.roll(page, right, axis=1)) for right in range(1, 9)}
steps = [n for n, away in pushed.items() if np.array_equal(away[:, 1:], home[:, :-1])]
print("moved by one place after a push of", steps)
lesson.claim("of all pushes by 1 to 8, only one by 6 does it", steps == [6], guess="map_step")

# %% [markdown]
# Two pixels a step, three steps a block. In between, the map changes.
#
# ### Move the training pictures
#
# There is another way, and it needs no new layer. If digits will stand elsewhere, let the network see some that do. Making further training pictures from the ones you have, by changes that leave the answer as it is, is called **augmentation** (more in lesson 09). To be fair we add none: each training picture is pushed once, by up to four pixels in each direction. So the network with `Flatten` gets as many pictures and as many steps as before.
#
# **Before you run it, guess:** the same network with `Flatten`, trained on moved digits. What does it lose by a shift of four pixels now?

# %%
lesson.guess("augmented", "as much as before", "about half of that", "less than half of that")

# %%
rng = np.random.default_rng(lesson.seed)
shifts = rng.integers(-4, 5, (len(x_train), 2))
x_moved = np.array(
    [np.roll(x, shift, axis=(0, 1)) for x, shift in zip(x_train, shifts, strict=True)]
)
augmented = new_cnn(flatten=True)
train(augmented, x_moved)
augmented_scores = [accuracy_moved(augmented, distance) for distance in distances]
print("trained on moved digits:", ", ".join(f"≈ {score:.2f}" for score in augmented_scores))

# %%
show(
    draw.accuracy_bars(
        {
            "Flatten": flat_scores,
            "Flatten, moved in training": augmented_scores,
            "global max": cnn_scores,
        },
        ticks,
    ),
    "Bars of accuracy. With Flatten, trained at home, it falls steeply with the shift; trained on "
    "moved digits, only a little. The network with global max pooling stands beside it.",
)
lesson.claim(
    "it loses less than half of what it lost before",
    augmented_scores[0] - augmented_scores[-1] < (flat_scores[0] - flat_scores[-1]) / 2,
    guess="augmented",
)
lesson.claim(
    "moved by 4, it reads over 20 points more", augmented_scores[-1] > flat_scores[-1] + 0.2
)

# %% [markdown]
# Compare the bars on the right. For the shifts that it has met, augmentation did better than global pooling in our run; by four
# pixels the two are about level. The cures differ in their promise: global pooling was built not to ask for the place, and it
# worked on a page of a size it had never seen. Augmentation teaches what it shows. (On a larger page this network cannot even be
# tried: its dense layer has a weight for each place of this one.)
#
# ### Exercise: repair
#
# This network for the small digits (8 by 8 pixels, on pages of 12 by 12, grey) learns next to nothing. Three things are wrong with it. Return a compiled model that reads digits. The check trains it for up to 30 epochs on 1,300 digits, in batches of 32, and expects it to read 80 % of 400 new ones; Adam's rate of 0.005 is a good choice here.


# %%
def repaired_cnn():
    """Return a compiled model for pictures (12, 12, 1) that learns to read ten digits."""
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input(shape=(12, 12, 1)),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(6),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy")
    return model
    ### STARTER
    # model = keras.Sequential(
    #     [
    #         keras.Input(shape=(12, 12, 1)),
    #         layers.MaxPooling2D(6),
    #         layers.Conv2D(16, 3, padding="same", activation="relu"),
    #         layers.Conv2D(32, 3, padding="same", activation="relu"),
    #         layers.Flatten(),
    #         layers.Dense(1, activation="softmax"),
    #     ]
    # )
    # model.compile(keras.optimizers.Adam(5.0), loss="sparse_categorical_crossentropy")
    # return model
    ### END SOLUTION


# %%
lesson.check("repair", repaired_cnn)
# lesson.hint("repair")

# %% [markdown]
# ### Exercise: small_reader
#
# A goal to reach: read the small digits (pages of 12 by 12, grey) with **at most 2,000 parameters**, 92 % of them at home and still 80 % when moved by one pixel. Return a compiled model. The check trains it for 20 epochs
# in batches of 64, from up to two starts, which takes some seconds; Adam's rate of 0.01 is a good choice. Count before you train. (You may try as often as you like, so the score is no exam.)


# %%
def small_reader():
    """Return a compiled model for (12, 12, 1) with at most 2,000 parameters."""
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input(shape=(12, 12, 1)),
            layers.Conv2D(8, 3, padding="same", activation="relu"),
            layers.Conv2D(20, 3, padding="same", activation="relu"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model
    ### END SOLUTION


# %%
lesson.check("small_reader", small_reader)
# lesson.hint("small_reader")

# %% [markdown]
# *Another good place for a break. What comes next: looking into the network, and a test that leaks.*
#
# ## What it has learned
#
# It is tempting to open the network and admire what it has found. But a picture of a trained network shows two things at once: what it has learned, and the random numbers it started from. So beside each picture we put its **untrained twin**, the same network at its random start, which we can make anew at any time.
#
# Here are the eight kernels of the first layer, red for weights above zero and blue for those below.
#
# **Before you run it, guess:** the weights of the first layer were drawn at random, and then trained in some hundred steps. How much does a trained kernel resemble its own start? (Measured by the correlation of their nine weights: 1 for the same pattern, 0 for nothing in common.)

# %%
lesson.guess("kernel_alike", "hardly, near 0", "about 0.3", "above 0.6")

# %%
twin = new_cnn()
kernels, at_start = (np.moveaxis(m.get_weights()[0][:, :, 0, :], 2, 0) for m in (cnn, twin))
flat, flat_start = kernels.reshape(8, 9), at_start.reshape(8, 9)
alike = np.corrcoef(flat, flat_start)[:8, 8:]  # trained kernels down, starts across
own, others = np.median(np.diag(alike)), np.median(alike[~np.eye(8, dtype=bool)])
# a kernel's norm: the root of the sum of its squares, the length of an arrow
growth = np.median(np.linalg.norm(flat, axis=1) / np.linalg.norm(flat_start, axis=1))
print(f"median correlation with its own start ≈ {own:.2f}, with the others' ≈ {others:.2f}")
print(f"median growth of a kernel's norm: ≈ {growth:.1f} times")

# %%
show(
    draw.kernel_rows({"at the start": at_start, "trained": kernels}),
    "Two rows of eight kernels. Most trained kernels in the lower row look like the random ones "
    "above them, in stronger colours.",
)
lesson.claim(
    "half of the kernels or more have a correlation above 0.6 with their own start",
    own > 0.6,
    guess="kernel_alike",
)
lesson.claim("with the start of another, it is far smaller", others < own - 0.3)

# %% [markdown]
# Compare each kernel with the one above it. The weights have grown; it is the pattern that stayed. Some kernels look like edge finders, but some did so before the network had seen a single digit.
#
# Here are the feature maps that both make of one digit.

# %%
example = np.flatnonzero(y_test == 4)[0]
twin_maps = keras.Model(twin.inputs, twin.layers[0].output)
maps = {
    name: model.predict(x_test[[example], ..., None], verbose=0)[0]
    for name, model in {"at the start": twin_maps, "trained": first_maps}.items()
}

# %%
show(
    draw.feature_maps(x_test[example], maps),
    "A handwritten 4, and two rows of eight feature maps after bias and ReLU, dark where a filter "
    "responds. In both rows some are dark along one side of the strokes, and some on all ink.",
)
lesson.claim("each of 8 filters gives one map", maps["trained"].shape == (size, size, 8))

# %% [markdown]
# Each map shows where one pattern was found: one side of the strokes here, all ink there. (A map that is tinted on the empty page
# has a bias above zero.) The untrained row does that, too. So the maps alone do not tell us what was learned.
#
# ### How far a network can get with random kernels
#
# Then how much of the reading is learned in the convolutions at all? We train the network with `Flatten` once more, but freeze
# its convolutions: only the dense layer at the end may learn. (We take `Flatten`, since then the dense layer sees all places of
# the maps. What random kernels tell through 32 maxima comes later.) As a control, we train that dense layer on the pixels
# themselves.
#
# **Before you run it, guess:** with random kernels in all three convolutions, how many of 100 digits does it read?

# %%
lesson.guess("random_kernels", "about 10, like guessing", "about 40", "more than 65")

# %%
random_cnn = new_cnn(flatten=True)
for layer in random_cnn.layers[:-1]:
    layer.trainable = False
random_cnn.compile(keras.optimizers.Adam(rate), random_cnn.loss, metrics=["accuracy"])
train(random_cnn, x_train)
random_scores = [accuracy_moved(random_cnn, distance) for distance in distances]

keras.utils.set_random_seed(lesson.seed)
no_kernels = keras.Sequential(
    [keras.Input(shape=(size, size, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")]
)
no_kernels.compile(keras.optimizers.Adam(rate), random_cnn.loss)
train(no_kernels, x_train)
pixel_scores = [accuracy_moved(no_kernels, distance) for distance in distances]
print(f"at home: dense layer on the pixels ≈ {pixel_scores[0]:.2f}")
print(f"random kernels ≈ {random_scores[0]:.2f}, all trained ≈ {flat_scores[0]:.2f}")

# %%
show(
    draw.accuracy_bars(
        {
            "no kernels": pixel_scores,
            "random kernels": random_scores,
            "trained kernels": flat_scores,
        },
        ticks,
    ),
    "Bars of accuracy for a dense layer on the pixels, on the maps of random kernels, and on "
    "those of trained ones. At home all three read most digits, the last one the most.",
)
lesson.claim(
    "random kernels and a trained dense layer read more than 65 %",
    random_scores[0] > 0.65,
    guess="random_kernels",
)
lesson.claim(
    "with trained kernels it reads more at home than with either of the others",
    flat_scores[0] > max(random_scores[0], pixel_scores[0]),
)

# %% [markdown]
# Look at the three bars on the left. Random kernels with a trained dense layer are a good digit classifier, and so is the dense layer alone. So a high accuracy by itself does not show that good kernels were learned. What training the kernels added is the difference between the last two bars, and only that is to their credit.
#
# ### How far a unit sees
#
# A kernel of 3 by 3 sees nine pixels and no more. How can such a network know a whole digit? Convolutions are stacked. The part of the picture that can reach
# a unit is its **receptive field**. Each place that a unit of the second layer sees reaches one pixel further on each side, so the field grows from 3 by 3 to 5 by 5, and to 7 by 7 in the third.
#
# That is without pooling. Pooling by 2 makes neighbouring places lie twice as far apart, and each later layer adds so much more:

# %%
field, step = 1, 1  # how many pixels a place sees; how far apart neighbouring places lie
for name, width, stride in [
    ("first convolution", 3, 1),
    ("first pooling", 2, 2),
    ("second convolution", 3, 1),
    ("second pooling", 2, 2),
    ("third convolution", 3, 1),
]:
    added = (width - 1) * step
    field += added
    step *= stride
    print(f"{name:19} adds {added}: sees {field:2} pixels, its places lie {step} apart")

# %% [markdown]
# So a unit of the third layer sees most of a digit. To which pieces of digits does it respond most? For five filters of that
# layer we cut out of the test digits the pieces with the strongest responses. (You need not follow how they are cut out.) And
# again we ask the twin.


# %%
def best_pieces(model):
    """Return for 5 filters of the third convolution the 9 pieces with the largest responses."""
    last = keras.Model(model.inputs, model.layers[4].output)
    responses = last.predict(x_test[..., None], batch_size=100, verbose=0)
    page = np.pad(x_test, ((0, 0), (7, 10), (7, 10)))  # the place (0, 0) sees from -7 to 10
    best = responses.max(axis=(1, 2))
    rows = []
    for place in best.std(axis=0).argsort()[::-1][:5]:  # filters that tell pictures apart
        found = []
        for i in best[:, place].argsort()[::-1][:9]:
            row, column = np.unravel_index(responses[i, ..., place].argmax(), (8, 8))
            found.append(page[i, 4 * row : 4 * row + field, 4 * column : 4 * column + field])
        rows.append(found)
    return rows


def likeness(rows):
    """Return the mean correlation of pieces of the same filter, and of different filters."""
    flat = np.array(rows).reshape(5 * 9, -1)
    alike = np.corrcoef(flat).reshape(5, 9, 5, 9).mean(axis=(1, 3))
    same = (9 * np.trace(alike) / 5 - 1) / 8  # without each piece's likeness to itself
    return same, (alike.sum() - np.trace(alike)) / 20


pieces_of = {"at the start": best_pieces(twin), "trained": best_pieces(cnn)}
same, other = {}, {}
for name, rows in pieces_of.items():
    same[name], other[name] = likeness(rows)
    print(f"{name}: same filter ≈ {same[name]:.2f}, different filters ≈ {other[name]:.2f}")

# %%
show(
    draw.best_pieces(pieces_of, ["one filter", *["another"] * 4]),
    "Two blocks of five rows of nine pieces of digits, one row for each of five filters of the "
    "untrained network, and of the trained one. In both the pieces of a row resemble one another.",
)
lesson.claim(
    "untrained, too, pieces of the same filter are more alike than those of different ones",
    same["at the start"] > other["at the start"],
)
lesson.claim("trained, they are more alike than untrained", same["trained"] > same["at the start"])

# %% [markdown]
# Look at one row at a time. It is easy to find names for the favourite shapes of the trained filters. But the untrained ones have favourites as well. What was learned is the difference between the numbers above the figure: after training, a row holds pieces that are more alike.
#
# ### How much does each layer know?
#
# A better question is what can be read from a layer. We take only the global maximum of each of its maps, and read the digit with a simple classifier, the nearest average of lesson 03. (The maxima are divided by their standard deviation first.)
#
# **Before you run it, guess:** in which layer did training raise that accuracy most, compared with the untrained twin?

# %%
lesson.guess("known_by_layer", "in the first", "in the second", "in the third")


# %%
def nearest_average(f_train, f_test):
    """Return the accuracy of answering with the digit whose average features are nearest."""
    spread = f_train.std(axis=0) + 1e-6
    averages = np.array([f_train[y_train == digit].mean(axis=0) for digit in range(10)]) / spread
    distances = [((f_test / spread - average) ** 2).sum(axis=1) for average in averages]
    return np.mean(np.argmin(distances, axis=0) == y_test)


def known_by_layer(model):
    """Return what the nearest average reads from the maxima of each convolution's maps."""
    tops = [layers.GlobalMaxPooling2D()(model.layers[k].output) for k in (0, 2, 4)]
    tapped = keras.Model(model.inputs, tops)
    found = [tapped.predict(x[..., None], batch_size=500, verbose=0) for x in (x_train, x_test)]
    return [nearest_average(a, b) for a, b in zip(*found, strict=True)]


known = {"untrained twin": known_by_layer(twin), "trained": known_by_layer(cnn)}
for name, scores in known.items():
    print(f"{name}:", ", ".join(f"≈ {score:.2f}" for score in scores))

# %%
show(
    draw.accuracy_bars(known, ["layer 1", "layer 2", "layer 3"], chance=most_common),
    "Two bars for each of three layers. In layer 1 the untrained and the trained network are "
    "close. Both rise with the layers, and in layer 3 the trained one is far ahead.",
)
gain = np.subtract(known["trained"], known["untrained twin"])
lesson.claim(
    "untrained, layer 3 already tells more than layer 1",
    known["untrained twin"][2] > known["untrained twin"][0],
)
lesson.claim(
    "training adds most in layer 3", gain[2] > max(gain[0], gain[1]), guess="known_by_layer"
)

# %% [markdown]
# Compare the pairs. The untrained network rises from layer to layer as well. (Why, we can only guess: later layers have more maps, and see more of the picture.) That part of the rise is not learned. What is learned is the difference between the two bars of a pair. By this measure there is little of it in the first layer, and much in the third. (That does not mean that nothing useful was learned in the first: the measure asks for eight maxima only.)
#
# In large networks for photos, whose filters were trained on over a million pictures, later layers do respond to wheels, eyes or
# faces (Zeiler and Fergus, below).
#
# ## Two photos
#
# Now colour. The task: look at a patch of 64 by 64 pixels, cut from one of two photos, and say from which. (A **patch** is any small piece of a picture.) The network is a classic of many introductions:

# %%
### SOURCE courseware.lessons.cnn.models.build_photo_cnn

# %% [markdown]
# One convolution, one pooling, flatten, two dense layers (many texts call them *fully connected*), compiled with Adam and the binary cross-entropy. You know every number in it. Where do you expect most of its parameters?

# %%
parts = {
    "Conv2D": (3 * 3 * 3 + 1) * 32,  # 27 weights and 1 bias for each of 32 filters
    "MaxPooling2D": 0,
    "Flatten": 0,
    "Dense(128)": (31 * 31 * 32 + 1) * 128,  # 30,752 numbers come in
    "Dense(1)": 128 + 1,
}
for name, count in parts.items():
    print(f"{name:13}{count:>10,}")
keras_count = build_photo_cnn().count_params()
print("by hand:", sum(parts.values()), "  Keras:", keras_count)

# %%
lesson.claim("we counted right", keras_count == sum(parts.values()))
fraction = parts["Dense(128)"] / keras_count
lesson.claim("more than 99.9 % of the parameters are in one dense layer", fraction > 0.999)

# %% [markdown]
# The convolution has few; flattening a large map into a dense layer costs four million. (Most later architectures hand over the average of each map instead: *global average pooling*.)
#
# Where do training and test patches come from? There are only two photos. So we cut both along the middle: **training patches come from the upper halves, test patches from the lower halves.** No pixel is in both.

# %%
cut = china.shape[0] // 2


def patches(rows, n, rng):
    """Return n patches of each photo, from random places in these rows, and photo, row, column."""
    top = rng.integers(rows.start, rows.stop - 63, 2 * n)
    left = rng.integers(0, china.shape[1] - 63, 2 * n)
    which = np.arange(2 * n) % 2
    pieces = [
        (china, flower)[w][r : r + 64, c : c + 64] for w, r, c in zip(which, top, left, strict=True)
    ]
    return np.array(pieces), np.column_stack([which, top, left])


upper, lower = slice(0, cut), slice(cut, china.shape[0])
show(
    draw.halves(
        {"china: answer 0": china, "flower: answer 1": flower},
        [(75, 35), (75, 260), (130, 500), (40, 420), (230, 90), (300, 330), (340, 520), (250, 450)],
        cut,
    ),
    "Two photos, each with a white line across the middle. Above it blue frames mark training "
    "patches, below it orange frames mark test patches. The pagoda's sky and roofs are above, "
    "its trees below; the flower is cut in two.",
)
rng = np.random.default_rng(lesson.seed)
p_train, place_train = patches(upper, 100, rng)
p_test, place_test = patches(lower, 150, rng)
w_train, w_test = place_train[:, 0], place_test[:, 0]  # which photo: the label
print("training patches:", p_train.shape, " test patches:", p_test.shape)

# %% [markdown]
# The halves are not alike: bright sky above, dark trees below. That is intended: we want to know what the network can do with a part of the world that it has not seen. First two baselines, each a single neuron with a sigmoid (scikit-learn calls that logistic regression): it sees only the average colour, or two numbers more, how much neighbouring pixels differ downward and to the right.


# %%
def five_numbers(pieces):
    """Return of each piece the average red, green and blue, and two average differences."""
    grey = pieces.mean(axis=3)
    down, right = (np.abs(np.diff(grey, axis=k)).mean(axis=(1, 2)) for k in (1, 2))
    return np.column_stack([pieces.mean(axis=(1, 2)), down, right])


def by_neuron(count, x_train, y_train, x_test, y_test):
    """Return the accuracy of a single neuron that sees the first `count` of the five numbers."""
    neuron = LogisticRegression(C=1e4, max_iter=10_000)  # large C: the weights may grow
    neuron.fit(five_numbers(x_train)[:, :count], y_train)
    return neuron.score(five_numbers(x_test)[:, :count], y_test)


def by_cnn(x_train, y_train, x_test, y_test, epochs=5):
    """Train the network and return its accuracy on the test patches."""
    keras.utils.set_random_seed(lesson.seed)
    model = build_photo_cnn(size=x_train.shape[1])
    batches = ShuffledBatches(x_train, y_train, batch_size=32, seed=lesson.seed)
    model.fit(batches, epochs=epochs, callbacks=[lesson.live()], verbose=0)
    return np.mean((model.predict(x_test, verbose=0)[:, 0] > 0.5) == y_test)


def all_three(*data):
    """Print and return the accuracies of the two neurons and of the network."""
    scores = by_neuron(3, *data), by_neuron(5, *data), by_cnn(*data)
    for name, score in zip(readers, scores, strict=True):
        print(f"{name} ≈ {score:.2f}")
    return scores


readers = ["average colour", "five numbers", "CNN"]
unseen = all_three(p_train, w_train, p_test, w_test)

# %%
lesson.claim("the CNN is right on more than 60 of 100 unseen patches", unseen[2] > 0.6)
lesson.claim("the neuron that sees five numbers, on more than 85", unseen[1] > 0.85)
lesson.claim("five numbers beat the average colour by over 10 points", unseen[1] > unseen[0] + 0.1)

# %% [markdown]
# So 200 patches of the upper halves taught it something that also holds below. But before you praise its four million parameters, compare it with the neuron that has six. Now the same with a **random split**, as one often sees it: patches from everywhere, shuffled, then divided into two sets.
#
# **Before you run it, guess:** as many training patches, the same network. How will its score compare with the one before?

# %%
lesson.guess("random_split", "lower", "about the same", "higher")

# %%
everywhere = slice(0, china.shape[0])
p_all, place_all = patches(everywhere, 250, rng)
pa, pb, place_a, place_b = train_test_split(
    p_all, place_all, train_size=200, random_state=lesson.seed
)
wa, wb = place_a[:, 0], place_b[:, 0]
split = all_three(pa, wa, pb, wb)

# %%
show(
    draw.accuracy_bars(
        dict(zip(readers, zip(unseen, split, strict=True), strict=True)),
        ["test on unseen halves", "random split"],
    ),
    "Bars of accuracy. On unseen halves the five numbers do well and the average colour does not. "
    "With a random split all are better, and the CNN is nearly perfect.",
)
lesson.claim(
    "with a random split the CNN looks better than 90 %", split[2] > 0.9, guess="random_split"
)

# %% [markdown]
# Compare the two groups of bars. Has the network become better? Or has the test become easier? Count how many test patches share pixels with a training patch of the same photo.


# %%
def met_before(test, train):
    """Return the fraction of test patches that overlap a training patch of the same photo."""
    near = np.abs(test[:, None] - train[None]) < [1, 64, 64]  # same photo, near rows, near columns
    return near.all(axis=2).any(axis=1).mean()


met_apart, met_random = met_before(place_test, place_train), met_before(place_b, place_a)
print(f"overlap with training: halves {met_apart:.0%}, random split ≈ {met_random:.2f}")

# %%
lesson.claim("no patch of the unseen halves overlaps a training patch", met_apart == 0)
lesson.claim("with the random split over 90 % do", met_random > 0.9)

# %% [markdown]
# With the random split nearly every test patch consists, in part, of pixels that were in the training set. What the test should find out has leaked into the training. This is called **leakage**. A score from such a
# test may be near the honest score or far above it, and you cannot tell which. (Part of the rise here may have another reason: now there are training patches from all parts of both photos.)
#
# Let us make a task in which nothing can be learned. We cut both photos into tiles and toss a coin for each pair of neighbours: one becomes "heads", the other "tails". That is the label. Then we cut six overlapping patches
# from each tile. (Of each patch we take every fourth row and column, to save work.) Nobody can know the label of a tile without having seen it, so the honest score is 50 %.
#
# **Before you run it, guess:** what accuracy does a random split of these patches report?

# %%
lesson.guess("coin_tosses", "below 45 %", "near 50 %", "above 55 %")

# %%
corners = [(r, c) for r in range(0, 340, 85) for c in range(0, 640, 80)]
tiles = [photo[r : r + 68, c : c + 68] for photo in (china, flower) for r, c in corners]
heads = rng.integers(0, 2, len(tiles) // 2)  # one toss for each pair of neighbours
label = np.column_stack([heads, 1 - heads]).ravel()

tile = np.repeat(np.arange(len(tiles)), 6)  # the tile of each patch
down, right = rng.integers(0, 5, (2, len(tile)))
pieces = np.array(
    [tiles[t][r : r + 64 : 4, c : c + 64 : 4] for t, r, c in zip(tile, down, right, strict=True)]
)
apart = tile // 2 % 3 == 0  # every third pair is kept for the test, with all of its patches
mixed = rng.permutation(apart)  # as many patches, but drawn at random

coin_scores = {}
for name, test in {"tiles kept apart": apart, "random split": mixed}.items():
    x_coin, y_coin = pieces[~test], label[tile][~test]
    coin_scores[name] = by_cnn(x_coin, y_coin, pieces[test], label[tile][test], epochs=16)
    print(f"coin tosses, {name}: accuracy ≈ {coin_scores[name]:.2f}")

# %%
lesson.claim(
    "the random split pretends more than 55 %",
    coin_scores["random split"] > 0.55,
    guess="coin_tosses",
)

# %% [markdown]
# There was nothing to learn, and yet the random split reports a success. (With tiles kept apart the score is chance, in a single run up to some 15 points above or below 50.) The two runs differ in one thing only, which patches are in the test: with the random split, the network meets tiles again whose label it has seen. The same happens with several scans of one patient, several frames of one film, several
# photos of one person: **what belongs together must stay together**, all in the training set or all in the test set.
#
# ### Exercise: share_pixels
#
# Write a guard against leakage. A patch is given by the row and column of its upper left corner, and all are squares of `size` pixels. Do two patches of one photo share at least one pixel? Return True or False.


# %%
def share_pixels(first, second, size=64):
    """Return whether two square patches with corners (row, column) overlap."""
    ### BEGIN SOLUTION
    rows = abs(first[0] - second[0]) < size
    columns = abs(first[1] - second[1]) < size
    return rows and columns
    ### END SOLUTION


# %%
lesson.check("share_pixels", share_pixels)
# lesson.hint("share_pixels")

# %% [markdown]
# ## From digits to the world
#
# Convolutional networks read cheques in the 1990s (Yann LeCun's *LeNet*). Their plan is older: Kunihiko Fukushima's *Neocognitron* (1980) had layers that look everywhere and layers that pool. Then came three networks that you will meet everywhere. Each won the yearly ImageNet contest or came close: a thousand classes, over a million photos.
#
# * **AlexNet** (2012): five convolutional and three dense layers, ReLU, a new trick against memorizing (it switches units off at
#   random, lesson 09), trained on two graphics cards.
# * **VGG** (2014): 16 or 19 layers, and only kernels of 3 by 3, stacked. Two of them see as far as one of 5 by 5, with fewer weights and one more bend.
# * **ResNet** (2015): up to 152 layers, with *shortcuts* that carry a layer's input past it (lesson 11).
#
# Today one rarely starts from random kernels (lesson 14): one takes a network that was trained on millions of photos, and trains
# only its last layers for the new task (*transfer learning*), or all of them by small steps (*fine-tuning*). And since 2020 there
# is a rival almost without convolution, *ViT*: it cuts a picture into patches and lets each look at all the others, as lesson 13 does with words.
# With very many pictures to train on, it does as well or better.
#
# You can count them. VGG with 16 layers, by your own formula:

# %%
channels_in, total = 3, 0
for filters in (64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512):
    total += (3 * 3 * channels_in + 1) * filters
    channels_in = filters
print(f"13 convolutional layers: {total:,}")
dense = (7 * 7 * 512 + 1) * 4096 + (4096 + 1) * 4096 + (4096 + 1) * 1000
print(f"3 dense layers:          {dense:,}\nVGG-16:                  {total + dense:,}")
print("two 3x3 or one 5x5, 64 channels:", 2 * (9 * 64 + 1) * 64, "or", (25 * 64 + 1) * 64)

# %% [markdown]
# 138 million parameters, nearly nine tenths of them in the dense layers, as in our photo network. ResNet takes the global average of each map instead, and gets by with some 25 million in its version of 50 layers.
#
# Convolutional networks recognize faces in phones and at borders, find tumours in scans beside a doctor, and see lanes, signs and
# people from a car. In each of these, ask whom it fails and at what cost (lesson 00), and how the test set was cut. A
# network that was tested on patients whom it had met in training has not been tested.
#
# ## What people get wrong
#
# * **"Convolutional layers compute a convolution."** They compute a cross-correlation: the kernel is not rotated. For learned kernels the difference is only in the name.
# * **"Pooling finds what matters in a picture."** It has no weights and learns nothing. If anything finds an eye or a nose, it is
#   a convolution before it.
# * **"A CNN recognizes things wherever they are."** A feature map moves along with the picture, and `Flatten` has a weight for each place. With global pooling our network lost a few points through a shift; with `Flatten` it lost most of its accuracy, unless it had met shifts in training.
# * **"Look at these kernels: this is what it has learned."** Most of our first kernels looked like their random start. Show the untrained twin beside every such picture.
# * **"A CNN has few parameters."** Its convolutions have. The photo network had four million, in one dense layer.
# * **"A random split is a fair split."** Not if examples overlap or belong together. It made coin tosses look predictable.
#
# ## Takeaways
#
# * A kernel slides over the picture; each place gives one sum. The sums form a feature map: where was the pattern found?
# * Output size: $\lfloor (n + 2p - k)/s \rfloor + 1$. Parameters: $(k \cdot k \cdot \text{channels} + 1) \cdot \text{filters}$, whatever the size of the picture.
# * Local patterns and weight sharing save parameters by the million.
# * Stacked convolutions see further: the receptive field grows from layer to layer, and faster with pooling.
# * What a network has learned is the difference from its untrained twin, in whatever you measure. Random kernels with a trained dense layer on all places of their maps are a strong baseline.
# * Convolution is equivariant: the map moves with the picture. Global pooling makes the answer nearly invariant to shifts; training on moved pictures helps as well. Choose what your task needs.
# * Keep together what belongs together when you split.
#
# ## Quiz

# %%
lesson.quiz()

# %% [markdown]
# ## Where to go next
#
# * All terms of the course, each in a sentence: [glossary](glossary.md).
# * Keras's convolution and pooling layers: [keras.io/api/layers](https://keras.io/api/layers/).
# * Next lesson: *Networks that remember*, which share weights over time as this one does over places.
# * Yann LeCun, Léon Bottou, Yoshua Bengio and Patrick Haffner, "Gradient-Based Learning Applied to Document Recognition", *Proceedings of the IEEE* 86 (1998): the networks that read cheques.
# * Matthew Zeiler and Rob Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014 (arXiv:1311.2901): edges, parts and objects, layer by layer.
# * Richard Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019 (arXiv:1904.11486): what pooling does to a shift by one pixel, taken seriously.
