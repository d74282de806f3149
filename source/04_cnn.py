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
# * build a network in Keras that reads digits wherever they stand;
# * tell what a network has learned from what was there before it learned anything;
# * split pictures into training and test data without fooling yourself.

# %%
from courseware import open_lesson

lesson = open_lesson("04_cnn")

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from sklearn.model_selection import train_test_split

from courseware.batches import ShuffledBatches
from courseware.data import digits, photos
from courseware.lessons.fnn.models import build_digit_classifier
from courseware.drawing import show
from courseware.lessons.cnn import drawings as draw

# %% [markdown]
# First the trouble. We take 2,500 handwritten digits for training, 300 for validation and 600 for the test, and put each on a page of 32 by 32 pixels. Those that come closer than four pixels to an edge, about one in eight, are left out, so that all of them can move by four without losing ink.

# %%
images, numerals = digits()
if images.shape[1] == 8:  # the small digits: draw each pixel twice as large
    images = images.repeat(2, axis=1).repeat(2, axis=2)
size = 32
margin = (size - images.shape[1]) // 2
images = np.pad(images, ((0, 0), (margin, margin), (margin, margin)))

rim = images.copy()
rim[:, 4:-4, 4:-4] = 0
fits = rim.max(axis=(1, 2)) == 0  # no ink in the outer four rows and columns
images, numerals = images[fits], numerals[fits]
print(f"left out: {np.mean(~fits):.1%}")

x_train, x_rest, y_train, y_rest = train_test_split(
    images,
    numerals,
    train_size=2500 if len(images) > 3400 else 1100,
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
# **Before you run it, guess:** where they stood in training, at home in the middle, it reads well over 80 of 100 test digits. How many does it read when they stand four pixels further to a side, an eighth of the page?

# %%
lesson.guess("moved_by_two", "about 80", "about 60", "fewer than 50")


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


distances = (0, 2, 4)
fnn_scores = [accuracy_moved(fnn, distance) for distance in distances]
for distance, score in zip(distances, fnn_scores, strict=True):
    print(f"moved by {distance}: accuracy ≈ {score:.2f}")

# %%
lesson.claim("at home it reads more than 80 %", fnn_scores[0] > 0.8)
lesson.claim("moved by 2, it loses over 10 points", fnn_scores[1] < fnn_scores[0] - 0.1)
lesson.claim("moved by 4, it reads fewer than half", fnn_scores[2] < 0.5, guess="moved_by_two")

# %%
sureness = probabilities(fnn, x_test)
first = [sureness[:, numeral].argmax() for numeral in (3, 5, 7)]  # the surest of each
places = {
    "at home": (0, 0),
    "2 right": (0, 2),
    "4 right": (0, 4),
    "4 down": (4, 0),
    "4 up": (-4, 0),
}
rows = []
for i in first:
    row = [moved(x_test[i][None], *place) for place in places.values()]
    rows.append([(picture[0], int(read(fnn, picture)[0])) for picture in row])

# %%
show(
    draw.moved_digits(rows, list(places), y_test[first]),
    "A 3, a 5 and a 7, each drawn at home and moved by two or four pixels, with the network's "
    "answer below. At home all three are read correctly; moved, they often are not.",
)

# %% [markdown]
# Compare each row. To you hardly anything has changed. To this network much has: each hidden unit has one weight *for each pixel of the page*, and after the shift other pixels hold the ink. The rest of the lesson builds a
# network that copes, with far fewer parameters.
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

twin = build_digit_classifier(size)
w1, b1, w2, b2 = fnn.get_weights()
twin.set_weights([w1[order], b1, w2, b2])

i = first[0]
pair = [(p[i], int(read(m, p[i : i + 1])[0])) for m, p in ((fnn, x_test), (twin, scrambled))]
show(
    draw.moved_digits([pair], ["a digit", "the same, scrambled"], y_test[[i]]),
    "A digit, and the same picture with its pixels in disorder, which looks like noise. The answer "
    "below both is the same.",
)
lesson.claim(
    "to a dense network, digits and scrambled digits are the same task",
    np.allclose(probabilities(fnn, x_test), probabilities(twin, scrambled), atol=1e-4),
)

# %% [markdown]
# To us the right-hand picture is noise. To a dense network it is as good as the left one. So it makes no use of something that we know: in a picture, neighbouring pixels belong together. **Local patterns** (an end of a line, a corner, an edge between dark and bright) can be seen in a few neighbouring pixels, and they look the same wherever they are.
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
    "Three stops of a kernel of 3 by 3 on a picture of 6 by 6 with a bright square. In the empty "
    "corner the sum is 0. Across the square's left edge it is positive. Inside the square it is "
    "0 again. The result fills up row by row; it is 4 by 4.",
)

# %% [markdown]
# A 1 is bright here and a 0 dark. Follow the thick orange-red frame. Where nothing changes from left to right, the weights $-1$ and $1$ cancel and the sum is 0: in the empty corner, and inside the bright square as well. Where there is more on the right than on the
# left, the sum is positive, and largest where the edge runs through all three rows. This kernel finds **vertical edges**.
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
# For large pictures we use a version with the loops the other way round: each of the nine weights is multiplied by all the pixels it meets, at once. The sums are the same. It also takes
# pictures with several channels: then the kernel has a matrix of weights for each channel, and all the products are added up.


# %%
def slide(picture, kernel):
    """Convolve a picture (height, width) or (height, width, channels) with a kernel alike."""
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
theirs = keras.ops.convert_to_numpy(layer(picture[None].astype("float32")))[0]
ours = np.stack([slide(picture, kernels[..., k]) + biases[k] for k in range(4)], axis=-1)

print("shape of the kernels:", kernels.shape, " shape of the feature maps:", theirs.shape)

# %%
lesson.claim(
    "Keras's Conv2D and ours give the same four maps", np.allclose(theirs, ours, atol=2e-2)
)

# %% [markdown]
# ### For the curious; nothing later needs it: the name
#
# In mathematics, to *convolve* means to rotate the kernel by 180 degrees first and then slide it. What Keras, TensorFlow and PyTorch slide is the kernel as it is, and the exact name for that is
# **cross-correlation**. SciPy has both, so we can see which one Keras computes. The picture is a single bright pixel.

# %%
from scipy.signal import convolve2d, correlate2d

dot = np.zeros((5, 5))
dot[2, 2] = 1
numbered = np.arange(1.0, 10.0).reshape(3, 3)

layer = layers.Conv2D(1, 3, use_bias=False)
layer.build((None, 5, 5, 1))
layer.set_weights([numbered[:, :, None, None]])
by_keras = keras.ops.convert_to_numpy(layer(dot[None, :, :, None].astype("float32")))[0, :, :, 0]
print("the kernel:\n", numbered, "\nKeras:\n", by_keras)
print("convolution:\n", convolve2d(dot, numbered, "valid"))
lesson.claim(
    "Keras computes the cross-correlation",
    np.allclose(by_keras, correlate2d(dot, numbered, "valid")),
)
lesson.claim(
    "it equals the convolution once the kernel is rotated by 180 degrees",
    np.allclose(by_keras, convolve2d(dot, numbered[::-1, ::-1], "valid")),
)

# %% [markdown]
# Does it matter? Not for a network that learns its kernels: any map that one rule makes, the other makes with the kernel rotated by 180 degrees. It matters when you copy a kernel from a book. We keep the
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
sky, pagoda = np.s_[0:60, 420:620], np.s_[150:380, 100:330]
strength = np.abs(across) + np.abs(down)
of_sky, of_pagoda = strength[sky].mean(), strength[pagoda].mean()
print(f"mean strength: sky ≈ {of_sky:.2f}, pagoda ≈ {of_pagoda:.2f}")

pillar = np.zeros((40, 12))
pillar[:, 4:8] = 1  # a bright pillar on a dark wall
by_first, by_second = np.abs(slide(pillar, vertical)).sum(), np.abs(slide(pillar, horizontal)).sum()

# %%
show(
    draw.edges(grey, {"vertical edges": across, "horizontal edges": down}),
    "The grey photo and two feature maps. The first kernel marks the pillars and both sides of "
    "the building, red on one side and blue on the other. The second marks roofs, storeys and "
    "the horizon. The sky is white in both.",
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
# Look for the pillars in both maps. Red means brighter to the right (or below), blue the reverse. A pillar has its edges on the left and on the right, and those are vertical; they stand out in the first map. The roofs and storeys, with **horizontal edges**, stand out in the second. Two kernels of nine numbers each find outlines in every corner of the photo, and nobody told them where to look.
#
# The visual cortex, the part of the brain that receives what the eyes see, has cells that respond to an edge of a certain direction at a certain place. David Hubel and Torsten Wiesel found them in cats, around 1960, and
# the networks of this lesson were inspired by that. The likeness is loose: a cortex has no kernel that is copied to all places, and many of its connections run backward or sideways.
#
# ### Exercise: edge_kernel
#
# A goal to reach. Design a kernel of 3 by 3 that finds edges running **diagonally**, from the lower left to the upper right (like a /). It must respond with more than 1 where the picture is 0 above such a diagonal and 1 on and
# below it, with less than $-1$ where it is the other way round, and with 0 on an even area, whether dark or bright. To edges along the other diagonal (like a \\) it must not respond: between $-0.5$ and $0.5$, wherever they run.


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
# You designed this kernel. A network need not be told: its kernels are weights like any others, they start at random, and gradient descent changes them. Can it find a kernel from examples alone?
#
# We make the examples with the kernel for vertical edges, and then hide it. The network is a single convolution with nine weights. It sees 100 pictures and, for each, the map that should come out.
#
# **Before you run it, guess:** how close will its nine weights come to the hidden ones?

# %%
lesson.guess("kernel_found", "some similar kernel", "the same numbers, nearly", "nothing like them")

# %%
pictures = x_train[:100]
wanted = np.array([slide(picture, vertical) for picture in pictures])


def learn_kernel(inputs, outputs, start):
    """Return a kernel at a random start, and after gradient descent on all the pairs."""
    keras.utils.set_random_seed(start)
    model = keras.Sequential(
        [keras.Input(shape=(size, size, 1)), layers.Conv2D(1, 3, use_bias=False)]
    )
    model.compile(keras.optimizers.SGD(1.0), loss="mse")
    before = model.get_weights()[0][:, :, 0, 0]
    model.fit(inputs[..., None], outputs[..., None], batch_size=100, epochs=300, verbose=0)
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
    "to about a tenth. The one learned from wrong pairs has only small weights.",
)
lesson.claim("all nine weights come within 0.25", off < 0.25, guess="kernel_found")
lesson.claim(
    "from wrong pairs, none of the six weights of size 1 comes within 0.4",
    np.abs(from_wrong_pairs - vertical)[:, [0, 2]].min() > 0.4,
)

# %% [markdown]
# Compare the first picture with the third. Nobody wrote the numbers into it; they came out of the pairs. The last picture is the control: the same pictures, the same maps and the same start, but each picture with the wrong map. What gradient descent finds, it finds in the pairing of question and answer.
#
# Here each place of the map was a hint of its own. A classifier gets one label for a whole picture, and has to share it among all its kernels. How far they move then, we shall see.
#
# ## How large, how many
#
# Three settings say how large a feature map is:
#
# * The **kernel size** $k$. Without padding, a map made by a kernel of 3 by 3 is smaller by one pixel on each side.
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
# Count the zeros. Two ideas save all that: each unit looks at a small neighbourhood only, and all places share one set of weights.
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


def pool(table):
    return table.reshape(3, 2, 3, 2).max(axis=(1, 3))


print("dark line on white:\n", pool(paper))
print("the same, inverted:\n", pool(1 - paper))
lesson.claim("pooling has erased the dark line", np.all(pool(paper) == 1))
lesson.claim("with the colours inverted it survives", np.any(pool(1 - paper) == 1))

# %% [markdown]
# The line was all there was to see, and it is gone. After a convolution with ReLU, large means "pattern found", and then keeping the largest makes sense.
#
# What pooling does give is some tolerance: as long as the largest number of a block stays inside the block, the result stays the same. Look at a small bump that moves to the right:

# %%
bump = np.array([0, 1, 3, 1, 0, 0, 0, 0])
for steps in (0, 1, 2):
    row = np.roll(bump, steps)
    print(
        f"moved by {steps}:",
        row,
        " pooled by 2:",
        row.reshape(4, 2).max(axis=1),
        " largest:",
        row.max(),
    )

# %% [markdown]
# Moved by two, the pooled row is the old pooled row, moved by one. Moved by *one*, it is a different row: pooling in blocks of two keeps step with even shifts only. It is often said that pooling makes a network indifferent to
# shifts. A little, not quite, as you see.
#
# The last column does not change. It is the largest number of the whole row, wherever it stands. Doing this to a whole feature map is called **global max pooling**: one number per map, "is this pattern
# there, anywhere?"
#
# ### Exercise: max_pool
#
# Write max pooling for blocks of any size. Return the largest number of each full block of `block` by `block`. If the table's height or width is no multiple of `block`, the rest at the lower and the right
# edge is dropped, as Keras does.


# %%
def max_pool(table, block):
    """Return the largest number of every full block of block x block numbers."""
    ### BEGIN SOLUTION
    rows, columns = table.shape[0] // block, table.shape[1] // block
    full = table[: rows * block, : columns * block]
    return full.reshape(rows, block, columns, block).max(axis=(1, 3))
    ### END SOLUTION


# %%
lesson.check("max_pool", max_pool)
# lesson.hint("max_pool")

# %% [markdown]
# ## A network that finds digits anywhere
#
# We now have all the parts. The classic order is convolution, pooling, convolution, pooling: the maps become smaller and there are more of them. The second convolution slides over the eight feature maps of the first, so it can respond to patterns *of patterns*. After the third, global max pooling asks each of 32 maps whether its pattern was found,
# and a dense layer decides by the 32 answers. Such a network is called a **convolutional network**, **CNN** for short.

# %%
### SOURCE courseware.lessons.cnn.models.build_digit_cnn

# %% [markdown]
# Keras wants the channel as an axis of its own, so pictures come as (batch, size, size, 1); where it is missing, `[..., None]` adds it. Count before you train:

# %%
epochs = 6 if len(x_train) > 2000 else 10
steps = epochs * -(-len(x_train) // 32)  # epochs times batches


def new_cnn(**how):
    """Return the network at its random start, always the same one; the rate shrinks to zero."""
    keras.utils.set_random_seed(lesson.seed)
    return build_digit_cnn(size, keras.optimizers.schedules.CosineDecay(0.005, steps), **how)


def train(model, pictures):
    """Train a network on these pictures and their labels; return the curves."""
    batches = ShuffledBatches(pictures[..., None], y_train, batch_size=32, seed=lesson.seed)
    return model.fit(
        batches,
        epochs=epochs,
        validation_data=(x_val[..., None], y_val),
        callbacks=[lesson.live()],
        verbose=0,
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
# **Before you run it, guess:** the other network lost most of its accuracy by a shift of four pixels. How much of it will this one lose?

# %%
lesson.guess(
    "cnn_moved",
    "less than a quarter as much",
    "about half as much",
    "as much as the other network",
)

# %%
log = train(cnn, x_train)

# %%
show(
    draw.history(log),
    "Two plots over the epochs. The losses on training and validation data fall steeply, then "
    "slowly. Both accuracies rise and level off near the top.",
)
lesson.claim("more than 85 % of the validation digits are read", log["val_accuracy"][-1] > 0.85)

# %%
cnn_scores = [accuracy_moved(cnn, distance) for distance in distances]
most_common = np.mean(y_test == np.bincount(y_train).argmax())
print(f"at home: FNN ≈ {fnn_scores[0]:.3f}, CNN ≈ {cnn_scores[0]:.3f}")
print(f"CNN, moved by 2 ≈ {cnn_scores[1]:.3f}, by 4 ≈ {cnn_scores[2]:.3f}")
print(f"always the most common digit ≈ {most_common:.3f}")

# %%
show(
    draw.accuracy_bars(
        {"FNN of lesson 03": fnn_scores, "CNN": cnn_scores},
        ["at home", "moved by 2", "moved by 4"],
        chance=most_common,
    ),
    "Bars of accuracy. At home both networks do well. With each move the FNN falls steeply, the "
    "CNN hardly.",
)
fnn_cost, cnn_cost = (scores[0] - np.array(scores) for scores in (fnn_scores, cnn_scores))
lesson.claim(
    "moved by 4, it loses less than a quarter as much",
    cnn_cost[2] < fnn_cost[2] / 4,
    guess="cnn_moved",
)
lesson.claim("moved by 4, it is over 30 points better", cnn_scores[2] > fnn_scores[2] + 0.3)

# %% [markdown]
# Read the bars from left to right. At home the two are close, and the CNN gets there with a small part of the parameters. Moved, they differ by far.
#
# ### Digits anywhere
#
# Nothing in this network depends on the size of the page: kernels slide over any picture, and global pooling leaves 32 numbers. So its layers, with the very weights they have now, can be put behind a larger page. We take one of 64 by 64 pixels, four times the area, and drop each test digit at a random place.

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
# layer, for a shift by two pixels:

# %%
first_maps = keras.Model(cnn.inputs, cnn.layers[0].output)
home = first_maps.predict(x_test[:50, ..., None], verbose=0)
away = first_maps.predict(moved(x_test[:50], 2, 0)[..., None], verbose=0)

# %%
lesson.claim(
    "the feature maps of a moved picture are the old maps, moved (away from the border)",
    np.allclose(away[:, 3:-1, 1:-1], home[:, 1:-3, 1:-1], atol=1e-2),
)

# %% [markdown]
# (At the border of the page the zeros of the padding enter.) An answer that stays the same when the picture moves is something else: it is called **invariance**. After a convolution the pattern is found, but at another place. What becomes of that depends on what comes next. Many CNNs flatten their maps and let a dense layer decide, and a dense layer has a weight for each
# place again. Here is such a network. It has the same three convolutions with the same random start; only the global pooling is replaced by `Flatten`.
#
# **Before you run it, guess:** how many points of accuracy will it lose by a shift of four pixels?

# %%
lesson.guess("flatten_moved", "fewer than 5", "about 10", "more than 20")

# %%
flat_cnn = new_cnn(flatten=True)
train(flat_cnn, x_train)
flat_scores = [accuracy_moved(flat_cnn, distance) for distance in distances]
print("with Flatten:", ", ".join(f"≈ {score:.2f}" for score in flat_scores))

# %%
show(
    draw.accuracy_bars(
        {"ends with Flatten": flat_scores, "ends with global max": cnn_scores},
        ["at home", "moved by 2", "moved by 4"],
    ),
    "Bars of accuracy. At home both convolutional networks do well. With Flatten the accuracy "
    "falls steeply with the shift; with global max pooling it hardly does.",
)
lesson.claim("with Flatten it reads more than 85 % at home", flat_scores[0] > 0.85)
lesson.claim(
    "moved by 4, it loses over 20 points",
    flat_scores[2] < flat_scores[0] - 0.2,
    guess="flatten_moved",
)
lesson.claim("and is over 20 points behind the other", flat_scores[2] < cnn_scores[2] - 0.2)

# %% [markdown]
# Up to the last maps the two are the same network; they differ in what they make of these maps. A convolution says where a pattern is, and pooling over the whole map forgets where. (Forgetting is not always good: a network
# that must tell "cup on table" from "table on cup" needs the places.)
#
# ### Another cure: move the training pictures
#
# There is another way, and it needs no new layer. If digits will stand elsewhere, let the network see some that do. Making further training pictures from the ones you have, by changes that leave the answer as it is, is called **augmentation** (more in lesson 09). To be fair we add none: each training picture is pushed once, by up to four pixels in each direction. So the network with `Flatten` gets as many pictures and as many steps as before.
#
# **Before you run it, guess:** the same network with `Flatten`, trained on moved digits. What does it lose by a shift of four pixels now?

# %%
lesson.guess("augmented", "as much as before", "about half of that", "less than half of that")

# %%
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
        {"Flatten": flat_scores, "Flatten, moved in training": augmented_scores},
        ["at home", "moved by 2", "moved by 4"],
    ),
    "Bars of accuracy for the network with Flatten. Trained at home, it falls steeply with the "
    "shift; trained on moved digits, it falls only a little.",
)
lesson.claim(
    "it loses less than half of what it lost before",
    augmented_scores[0] - augmented_scores[2] < (flat_scores[0] - flat_scores[2]) / 2,
    guess="augmented",
)
lesson.claim("moved by 4, it reads over 20 points more", augmented_scores[2] > flat_scores[2] + 0.2)

# %% [markdown]
# Compare the two bars on the right. The cures differ in their promise. Global pooling was built not to ask for the place, and it worked on pages of a size it had never seen. Augmentation teaches what it shows, here shifts of up to four pixels. (On a larger page this network cannot even be tried: its dense layer has a weight for each place of this one.)
#
# ### Exercise: repair
#
# This network for the small digits (8 by 8 pixels, on pages of 12 by 12, grey) learns next to nothing. Three things are wrong with it. Return a compiled model that reads digits. The check trains it for 30 epochs on 1,300 digits, in batches of 32, and expects it to read 80 % of 400 new ones; Adam's rate of 0.005 is a good choice here.


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
# in batches of 64, from up to two starts, which takes some seconds. Count before you train. (The digits on which the check judges are a practice quiz here: you may try as often as you like, so the score is no exam.)


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
# ## What it has learned
#
# Nobody told the network which patterns to look for. It is tempting to open it and admire what it has found. But a picture of a trained network shows two things at once: what it has learned, and the random numbers it started from. So beside each picture we put its **untrained twin**, the same network at its random start, which we can make anew at any time.
#
# Here are the eight kernels of the first layer, red for weights above zero and blue for those below.
#
# **Before you run it, guess:** the weights of the first layer were drawn at random, and then trained in some hundred steps. How much does a trained kernel resemble its own start? (Measured by the correlation of their nine weights: 1 for the same pattern, 0 for nothing in common.)

# %%
lesson.guess("kernel_alike", "hardly, near 0", "about 0.3", "above 0.6")

# %%
twin = new_cnn()
kernels, at_start = (np.moveaxis(m.get_weights()[0][:, :, 0, :], 2, 0) for m in (cnn, twin))
alike = np.median([np.corrcoef(k.ravel(), s.ravel())[0, 1] for k, s in zip(kernels, at_start)])
print(f"correlation of a kernel with its start, median ≈ {alike:.2f}")

# %%
show(
    draw.kernel_rows({"at the start": at_start, "trained": kernels}),
    "Two rows of eight kernels. Most trained kernels in the lower row look like the random ones "
    "above them, with some weights stronger or weaker.",
)
lesson.claim("half of the kernels or more have above 0.6", alike > 0.6, guess="kernel_alike")

# %% [markdown]
# Compare each kernel with the one above it. What you see in the trained row is to a large part the random draw. Some kernels look like edge finders, but some did so before the network had seen a single digit.
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
    "A handwritten 4, and two rows of eight feature maps, dark where a filter responds. In both "
    "rows some are dark along one side of the strokes, and some on all ink.",
)
lesson.claim("each of 8 filters gives one map", maps["trained"].shape == (size, size, 8))

# %% [markdown]
# Each map shows where one pattern was found: one side of the strokes here, all ink there. And the untrained row does that, too. So the maps alone do not tell us what was learned.
#
# ### How far a network can get with random kernels
#
# Then how much of the reading is learned in the convolutions at all? We train the network with `Flatten` once more, but freeze its convolutions: only the dense layer at the end may learn. And as a control, we train that dense layer without any convolution, on the pixels themselves.
#
# **Before you run it, guess:** with random kernels in all three convolutions, how many of 100 digits does it read?

# %%
lesson.guess("random_kernels", "about 10, like guessing", "about 40", "more than 65")

# %%
random_cnn = new_cnn(flatten=True)
for layer in random_cnn.layers[:-1]:
    layer.trainable = False
random_cnn.compile(random_cnn.optimizer, random_cnn.loss, metrics=["accuracy"])
train(random_cnn, x_train)
random_scores = [accuracy_moved(random_cnn, distance) for distance in distances]

keras.utils.set_random_seed(lesson.seed)
no_kernels = keras.Sequential(
    [
        keras.Input(shape=(size, size, 1)),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
no_kernels.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
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
        ["at home", "moved by 2", "moved by 4"],
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
# Look at the three bars on the left. Random kernels with a trained dense layer are a good digit classifier, and so is the dense layer alone. So a high accuracy by itself does not show that good kernels were learned. What training the kernels added is the difference between the last two bars, and only that may be put to their account.
#
# ### How far a unit sees
#
# A kernel of 3 by 3 sees nine pixels and no more. How can such a network know a whole digit? Convolutions are stacked. A unit of the second layer sees 3 by 3 places of the first map, and each of those sees 3 by 3 pixels. The part of the picture that can reach
# a unit is its **receptive field**. Look backwards from one unit, by spreading one bright dot:

# %%
spread, fields = np.zeros((13, 13)), {}
spread[6, 6] = 1
for depth in (1, 2, 3):
    spread = slide(np.pad(spread, 1), np.ones((3, 3)))
    fields[f"{depth} layer{'s' * (depth > 1)}"] = spread
    across_field, down_field = (np.count_nonzero(spread.sum(axis=k)) for k in (0, 1))
    print(f"{depth}: {down_field} by {across_field} pixels")

# %%
show(
    draw.field_growth(fields),
    "Three grids. After one layer the receptive field is 3 by 3 pixels, after two 5 by 5, after "
    "three 7 by 7.",
)

# %% [markdown]
# That is without pooling. Pooling by 2 makes neighbouring places of a map lie two pixels apart, and the field grows faster. In our network, 3 pixels become 4 with the first pooling, the second convolution makes them 4 + 2 · 2 = 8, the second pooling 8 + 2 = 10, and the third convolution 10 + 2 · 4 = 18. So a unit of the third layer sees most of a digit.
#
# To which pieces of digits does it respond most? For five filters of the third layer we look through the test digits, and cut out the pieces with the strongest responses. And again we ask the twin.

# %%
reach = 18  # the receptive field of the third convolution


def best_pieces(model):
    """Return for 5 filters of the third convolution the 9 pieces with the largest responses."""
    last_maps = keras.Model(model.inputs, model.layers[4].output)
    responses = last_maps.predict(x_test[..., None], batch_size=100, verbose=0)
    page = np.pad(x_test, ((0, 0), (7, 10), (7, 10)))  # the place (0, 0) sees from -7 to 10
    best = responses.max(axis=(1, 2))
    rows = []
    for place in best.std(axis=0).argsort()[::-1][:5]:  # filters that tell pictures apart
        found = []
        for i in best[:, place].argsort()[::-1][:9]:
            row, column = np.unravel_index(responses[i, ..., place].argmax(), (8, 8))
            found.append(page[i, 4 * row : 4 * row + reach, 4 * column : 4 * column + reach])
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
    draw.best_pieces(pieces_of, [f"filter {k}" for k in range(1, 6)]),
    "Two blocks of five rows of nine pieces of digits, from the untrained network and from the "
    "trained one. In both the pieces of one row resemble one another.",
)
lesson.claim(
    "untrained, too, pieces of the same filter are more alike than those of different ones",
    same["at the start"] > other["at the start"],
)

# %% [markdown]
# Look at one row at a time. Each filter of the trained network has its favourite shapes, and it is easy to find names for them. But the untrained network's filters have favourites as well, as the numbers above the figure say. So such a gallery alone does not show that something was learned.
#
# ### How much does each layer know?
#
# A better question is what can be read from a layer. We take only the global maximum of each of its maps, and read the digit with the simplest classifier of lesson 03, the nearest average. (The maxima are divided by their standard deviation first.)
#
# **Before you run it, guess:** in which layers did training raise that accuracy by more than five points, compared with the untrained twin?

# %%
lesson.guess("known_by_layer", "in all three", "in the third, not in the first", "in none")


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
    "training adds over 5 points in layer 3, and not in layer 1",
    gain[2] > 0.05 and gain[0] < 0.05,
    guess="known_by_layer",
)

# %% [markdown]
# Compare the pairs. The untrained network rises from layer to layer as well. (Why, we can only guess: later layers have more maps, and see more of the picture.) That part of the rise is not learned. What is learned is the difference between the two bars of a pair. In the first layer there is none to speak of; in the third it is large.
#
# You may read that "pooling picks out the important features, such as eyes and noses". It has no weights and learns nothing; all it can do is keep the largest of what the convolutions before it hand over. In large networks for photos, whose filters were trained on millions of pictures, later layers do respond to wheels, eyes or faces (Zeiler and Fergus, below).
#
# ## Two photos, and an honest test
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
# The convolution costs next to nothing; flattening a large map into a dense layer costs four million. (Later architectures avoid it by pooling globally, as our digit network does.)
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
# The halves are not alike: bright sky above, dark trees below. That is intended: we want to know what the network can do with a part of the world that it has not seen. First a baseline, the average colour: which photo's average is nearer?


# %%
def by_colour(x_train, y_train, x_test, y_test):
    """Return the accuracy of answering with the photo whose average training colour is nearer."""
    averages = [x_train[y_train == photo].mean(axis=(0, 1, 2)) for photo in (0, 1)]
    colours = x_test.mean(axis=(1, 2))
    distances = [((colours - average) ** 2).sum(axis=1) for average in averages]
    return np.mean(np.argmin(distances, axis=0) == y_test)


def by_cnn(x_train, y_train, x_test, y_test, epochs=5):
    """Train the network and return its accuracy on the test patches."""
    keras.utils.set_random_seed(lesson.seed)
    model = build_photo_cnn(size=x_train.shape[1])
    batches = ShuffledBatches(x_train, y_train, batch_size=32, seed=lesson.seed)
    model.fit(batches, epochs=epochs, callbacks=[lesson.live()], verbose=0)
    return np.mean((model.predict(x_test, verbose=0)[:, 0] > 0.5) == y_test)


colour_unseen = by_colour(p_train, w_train, p_test, w_test)
cnn_unseen = by_cnn(p_train, w_train, p_test, w_test)
print(f"on the unseen halves: average colour ≈ {colour_unseen:.2f}, CNN ≈ {cnn_unseen:.2f}")

# %%
lesson.claim("the CNN is right on more than 70 of 100 unseen patches", cnn_unseen > 0.7)
lesson.claim("it beats the average colour by over 10 points", cnn_unseen > colour_unseen + 0.1)

# %% [markdown]
# So 200 patches of the upper halves taught it something that also holds below. Now the same with a **random split**, as one often sees it: patches from everywhere, shuffled, then divided into two sets.
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
colour_random, cnn_random = by_colour(pa, wa, pb, wb), by_cnn(pa, wa, pb, wb)
print(f"random split: average colour ≈ {colour_random:.2f}, CNN ≈ {cnn_random:.2f}")

# %%
show(
    draw.accuracy_bars(
        {"average colour": [colour_unseen, colour_random], "CNN": [cnn_unseen, cnn_random]},
        ["test on unseen halves", "random split"],
    ),
    "Bars of accuracy. On unseen halves the average colour is little better than a guess and the "
    "CNN good. With a random split the CNN is nearly perfect.",
)
lesson.claim(
    "with a random split the CNN looks better than 90 %", cnn_random > 0.9, guess="random_split"
)
lesson.claim("the average colour stays far behind", colour_random < cnn_random - 0.1)

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
lesson.claim("of the patches of unseen halves, none does", met_apart == 0)
lesson.claim("with the random split nearly all do", met_random > 0.9)

# %% [markdown]
# With the random split nearly every test patch consists, in part, of pixels that were in the training set. What the test should find out has leaked into the training. This is called **leakage**. A score from such a
# test may be near the honest score or far above it, and you cannot tell which. (Part of the rise here may have another reason: now there are training patches from all parts of both photos.)
#
# How far above can it be? Let us leave nothing that could be learned. We cut both photos into tiles and toss a coin for each pair of neighbours: one becomes "heads", the other "tails". That is the label. Then we cut six overlapping patches
# from each tile. (Of each patch we take every second row and column; that saves three quarters of the work.) Nobody can know the label of a tile without having seen it, so the honest score is 50 %.
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
    [tiles[t][r : r + 64 : 2, c : c + 64 : 2] for t, r, c in zip(tile, down, right, strict=True)]
)
apart = tile // 2 % 3 == 0  # every third pair is kept for the test, with all of its patches
mixed = rng.permutation(apart)  # as many patches, but drawn at random

coin_scores = {}
for name, test in {"tiles kept apart": apart, "random split": mixed}.items():
    x_coin, y_coin = pieces[~test], label[tile][~test]
    coin_scores[name] = by_cnn(x_coin, y_coin, pieces[test], label[tile][test], epochs=10)
    print(f"coin tosses, {name}: accuracy ≈ {coin_scores[name]:.2f}")

# %%
by_tile, by_patch = coin_scores.values()
lesson.claim("with tiles kept apart it is near a guesser's score", abs(by_tile - 0.5) < 0.2)
lesson.claim("the random split pretends more than 55 %", by_patch > 0.55, guess="coin_tosses")
lesson.claim("the difference is over 5 points", by_patch > by_tile + 0.05)

# %% [markdown]
# There was nothing to learn, and yet the random split reports a success. The two runs differ in one thing only, which patches are in the test: with the random split, the network meets tiles again whose label it has seen. The same happens with several scans of one patient, several frames of one film, several
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
# Convolutional networks read cheques in the 1990s (Yann LeCun's *LeNet*; like ours, it put digits of 28 by 28 pixels on pages of 32 by 32). Then came three names that you will meet everywhere. Each won the yearly ImageNet contest or came close: a thousand classes, over a million photos.
#
# * **AlexNet** (2012): five convolutional and three dense layers, ReLU, a new trick against memorizing (lesson 09), trained on two graphics cards. It made so many fewer mistakes than anything before it that the whole field changed its tools.
# * **VGG** (2014): 16 or 19 layers, and only kernels of 3 by 3, stacked. Two of them see as far as one of 5 by 5, with fewer weights and one more bend.
# * **ResNet** (2015): up to 152 layers, with *shortcuts* that carry a layer's input past it (lesson 11).
#
# Today one rarely starts from random kernels: one takes a network that was trained on millions of photos, and trains only its last layers for the new task (*transfer learning*). And since 2020 there is a rival without any convolution, *ViT*: it cuts a picture into patches and compares each with all the others. With very many pictures to train on, it does as well or better.
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
# 138 million parameters, nearly nine tenths of them in the dense layers, as in our photo network. ResNet pools globally instead, and gets by with some 25 million in its version of 50 layers.
#
# Where they are used: recognizing faces, in phones and at borders; finding tumours in medical scans, as a second pair of eyes beside a doctor; seeing lanes, signs and people from a car. In each of these, who fails and what it costs is a question of its own (lesson 00),
# and so is how the test set was cut. A network that was tested on patients whom it had met in training has not been tested.
#
# ## What people get wrong
#
# * **"Convolutional layers compute a convolution."** They compute a cross-correlation: the kernel is not rotated. For learned kernels the difference is only in the name.
# * **"Pooling keeps the most important information."** It keeps the largest number. A dark line on white paper was erased.
# * **"Pooling finds the eyes and noses."** It has no weights and learns nothing. If anything finds an eye, it is a convolution before it.
# * **"A CNN recognizes things wherever they are."** A feature map moves along with the picture, and `Flatten` has a weight for each place. With global pooling our network hardly noticed a shift; with `Flatten` it lost most of its accuracy, unless it had met shifts in training.
# * **"Look at these kernels: this is what it has learned."** Most of our first kernels looked like their random start. Show the untrained twin beside every such picture.
# * **"A CNN has few parameters."** Its convolutions have. The photo network had four million, in one dense layer.
# * **"It works like the visual cortex."** It borrowed one idea from there.
# * **"A random split is a fair split."** Not if examples overlap or belong together. It made coin tosses look predictable.
#
# ## Takeaways
#
# * A kernel slides over the picture; each place gives one sum. The sums form a feature map: where was the pattern found?
# * Output size: $\lfloor (n + 2p - k)/s \rfloor + 1$. Parameters: $(k \cdot k \cdot \text{channels} + 1) \cdot \text{filters}$, whatever the size of the picture.
# * Local patterns and weight sharing save parameters by the million.
# * Stacked convolutions see further: the receptive field grows from layer to layer, and faster with pooling.
# * What a network has learned is the difference from its untrained twin. Random kernels with a trained last layer are a baseline, and a strong one.
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
# * Next lesson: *Networks that remember*, which share weights over time as this one does over places.
# * Yann LeCun, Léon Bottou, Yoshua Bengio and Patrick Haffner, "Gradient-Based Learning Applied to Document Recognition", *Proceedings of the IEEE* 86 (1998): the networks that read cheques.
# * Matthew Zeiler and Rob Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014 (arXiv:1311.2901): edges, parts and objects, layer by layer.
# * Richard Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019 (arXiv:1904.11486): what pooling does to a shift by one pixel, taken seriously.
