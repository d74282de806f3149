# %% [markdown]
# # Networks that see
#
# *120 minutes: 60 to read and run, 40 for 8 exercises, 20 for the 20 questions of the quiz. Builds on: lesson 03 (feedforward networks, and the digits).*
#
# Write a 7 in the middle of a page, or two millimetres further to the right: to you it is the same 7. The network of lesson 03 does not agree, as you will see
# in a moment. What it lacks is a simple idea: look for the same thing in every place. Networks with that idea read
# handwriting, find faces in photos and tumours in scans.
#
# **After this lesson you can**
#
# * compute a convolution by hand, and say what it finds;
# * predict the shape and the number of parameters of every layer in a convolutional network;
# * say what pooling keeps, what it throws away, and what it is not for;
# * build a network in Keras that still reads digits after they have moved;
# * cut pictures into training and test data without fooling yourself.

# %%
from courseware import open_lesson

lesson = open_lesson("04_cnn")

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from sklearn.model_selection import train_test_split

from courseware.data import digits, photos
from courseware.lessons.fnn.models import build_digit_classifier
from courseware.lessons.cnn import drawings as draw
from courseware.drawing import show

# %% [markdown]
# First the trouble. We take the digits of lesson 03 and put each on a slightly larger page, so that it can move without losing ink. A part is kept for the test. (All settings in
# this lesson are fixed beforehand. We choose nothing by these scores, so we can do without a validation set.)

# %%
images, numerals = digits("small")
images, numerals = images[:8000], numerals[:8000]  # all of the small digits; of MNIST, enough
margin = 2 if images.shape[1] < 20 else 0  # MNIST's pictures have a margin of their own
images = np.pad(images, ((0, 0), (margin, margin), (margin, margin)))

x_train, x_test, y_train, y_test = train_test_split(
    images, numerals, test_size=0.3, random_state=lesson.seed, stratify=numerals
)
size = x_train.shape[1]
print("training:", x_train.shape, " test:", x_test.shape)

# %%
keras.utils.set_random_seed(lesson.seed)
fnn = build_digit_classifier(size)
fnn.fit(x_train, y_train, batch_size=32, epochs=20 if size < 20 else 8, verbose=0)
print("size-128-10, parameters:", fnn.count_params())

# %% [markdown]
# That is the network of lesson 03, with one hidden layer. Now we move the test digits. `np.roll` pushes a picture down and to the right; what leaves the page on one side comes back on
# the other, but here only empty margin does. (On MNIST's finer pictures the moves are two and four pixels, and of some digits a speck of ink comes round.)
#
# **Before you run it, guess:** at home in the middle, it reads well over 85 of 100 digits. How many when they stand two pixels further to a side?

# %%
lesson.guess("moved_by_two")


# %%
def moved(pictures, down, right):
    return np.roll(pictures, (down, right), axis=(1, 2))


def probabilities(model, pictures):
    """Return how sure the model is of each digit, (pictures, 10)."""
    return keras.ops.convert_to_numpy(model(pictures))


def read(model, pictures):
    """Return the digit that the model sees in each picture."""
    return probabilities(model, pictures).argmax(axis=1)


def accuracy_moved(model, distance):
    """Return the accuracy on the test digits, moved up, down, left and right by `distance`."""
    moves = {(distance, 0), (-distance, 0), (0, distance), (0, -distance)}  # one move if it is 0
    return np.mean([read(model, moved(x_test, *move)) == y_test for move in moves])


distances = (0, 1, 2) if size < 20 else (0, 2, 4)  # MNIST's pixels are finer
_, near, far = distances
fnn_scores = [accuracy_moved(fnn, distance) for distance in distances]
for distance, score in zip(distances, fnn_scores, strict=True):
    print(f"moved by {distance}: accuracy ≈ {score:.2f}")

# %%
lesson.claim("at home it reads more than 85 %", fnn_scores[0] > 0.85)
lesson.claim(f"moved by {near}, it loses over 5 points", fnn_scores[1] < fnn_scores[0] - 0.05)
lesson.claim(
    f"moved by {far}, over 30 points", fnn_scores[2] < fnn_scores[0] - 0.3, guess="moved_by_two"
)

# %%
sureness = probabilities(fnn, x_test)
first = [sureness[:, numeral].argmax() for numeral in (3, 5, 7)]  # the surest of each
places = {
    "at home": (0, 0),
    f"{near} right": (0, near),
    f"{far} right": (0, far),
    f"{far} down": (far, 0),
    f"{far} up": (-far, 0),
}
rows = []
for i in first:
    row = [moved(x_test[i][None], *place) for place in places.values()]
    rows.append([(picture[0], int(read(fnn, picture)[0])) for picture in row])

# %%
show(
    draw.moved_digits(rows, list(places), y_test[first]),
    "A 3, a 5 and a 7, each drawn at home and moved by a pixel or more, with the network's "
    "answer below. At home all three are read correctly; moved, they often are not.",
)

# %% [markdown]
# You would not have noticed that anything had changed. To this network everything has: each hidden unit has one weight *for each place*, and after the move other places hold the ink. The rest of the lesson builds a
# network that is not troubled, and with fewer parameters.
#
# ## A picture is a grid of numbers
#
# You know that a grey picture is a table of numbers, one for each pixel. A colour picture is three such tables, laid over one another: how much red, green and blue. Each
# table is called a **channel**. So a colour picture has the shape (height, width, 3), and a grey one (height, width, 1).

# %%
china, flower = photos()
print("shape of the photo:", china.shape)
print("the pixel in row 200, column 300:", china[200, 300].round(2), "(red, green, blue)")

# %%
show(
    draw.channels(china),
    "A photo of a pagoda on a hill under a pale sky, and its red, green and blue parts. The "
    "roofs are bright in the red part and dark in the blue part; the sky is bright in all three.",
)

# %% [markdown]
# In such a grid it matters who is whose neighbour. The network of lesson 03 does not know that. `Flatten` lays all pixels in one row, and a dense layer has no idea which of
# them were side by side. Here is the proof. We shuffle the pixels of every picture, all in the same way, and shuffle the rows of the first weight table likewise.

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
# To us the right-hand picture is noise. To a dense network it is as good as the left one. So it throws away something that we know: what belongs together in a picture lies close together. Such
# **local patterns** (an end of a line, a corner, an edge between dark and bright) can be seen in a few neighbouring pixels. And they look the same wherever they are.
#
# ## A small table slides over a large one
#
# That is what a **convolution** uses. Take a small table of weights, the **kernel**, say 3 by 3. Lay it on the picture, multiply each weight with the pixel under it, add up the nine products. Write down the
# sum. Move on by one pixel, and do it again, until every place has been visited.

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
upright = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]], dtype=float)

sums = np.array(
    [[np.sum(corner[i : i + 3, j : j + 3] * upright) for j in range(4)] for i in range(4)]
)
print(sums)

# %%
show(
    draw.sliding(corner, upright, sums, [(0, 0), (2, 1), (3, 3)]),
    "Three stops of a kernel of 3 by 3 on a picture of 6 by 6 with a dark square. In the empty "
    "corner the sum is 0. Across the square's left edge it is positive. Inside the square it is "
    "0 again. The result fills up row by row; it is 4 by 4.",
)

# %% [markdown]
# Follow the red frame. Where nothing changes from left to right, the weights $-1$ and $1$ cancel and the sum is 0: in the empty corner, and inside the dark square as well. Where there is more on the right than on the
# left, the sum is positive, and largest where the edge runs through all three rows. This kernel finds upright edges.
#
# The result is called a **feature map**: a new picture that says where the pattern was found, and how clearly. It is a little smaller than the old one, since the kernel must not stick out.
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
# For large pictures we use a version with the loops the other way round: not nine products for each place, but each of the nine weights for all places at once. The sums are the same. It also takes
# pictures with several channels: then the kernel has a layer of weights for each channel, and everything under it is added up.


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


lesson.claim("both ways of summing agree", np.array_equal(slide(corner, upright), sums))

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
    "Keras's Conv2D and ours give the same four maps", np.allclose(theirs, ours, atol=1e-4)
)

# %% [markdown]
# ### A word about the name
#
# In mathematics, to *convolve* means to turn the kernel by half a turn first and then slide it. What Keras, TensorFlow and PyTorch slide is the kernel as it is, and the exact name for that is
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
    "it equals the convolution only after the kernel is turned by half a turn",
    np.allclose(by_keras, convolve2d(dot, numbered[::-1, ::-1], "valid")),
)

# %% [markdown]
# Does it matter? For a network that learns its kernels, no: with the other rule it would learn the same kernels turned round. It matters when you copy a kernel from a book. We keep the
# usual name and the library's rule.
#
# ## Edges in a photo
#
# Now the photo. We make it grey and slide two kernels over it: the one from above, and the same one lying on its side.
#
# **Before you run it, guess:** which of the two finds the pillars?

# %%
lesson.guess("pillars", "the one from above", "the one lying on its side", "both")

# %%
grey = china.mean(axis=2)
level = upright.T  # -1 in the upper row, 0 in the middle, 1 in the lower row
across, down = slide(grey, upright), slide(grey, level)
sky, pagoda = np.s_[0:60, 420:620], np.s_[150:380, 100:330]
strength = np.abs(across) + np.abs(down)
of_sky, of_pagoda = strength[sky].mean(), strength[pagoda].mean()
print(f"mean strength: sky ≈ {of_sky:.2f}, pagoda ≈ {of_pagoda:.2f}")

# %%
show(
    draw.edges(grey, {"the upright kernel": across, "the level kernel": down}),
    "The grey photo and two feature maps. The upright kernel marks the pillars and both sides "
    "of the building, red on one side and blue on the other. The level kernel marks roofs, "
    "storeys and the horizon. The sky is white in both.",
)
lesson.claim(
    "the pagoda answers ten times as strongly as the sky",
    of_pagoda > 10 * of_sky,
)

# %% [markdown]
# Red means brighter to the right (or below), blue the reverse. Two kernels of nine numbers find the outlines of everything, in every corner of the photo. Nobody told them where to look.
#
# The visual cortex, the part of the brain that receives what the eyes see, has cells that respond to an edge of a certain direction at a certain place. David Hubel and Torsten Wiesel found them in cats, around 1960, and
# the networks of this lesson were inspired by that. The likeness is loose: a cortex has no kernel that is copied to all places, it hardly learns by backpropagation, and most of its connections
# run in other directions, too.
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
# You designed this kernel. A network need not be told: its kernels are weights like any others, start at random, and are learned by gradient descent.
#
# ## How large, how many
#
# Three settings say how large a feature map is:
#
# * The **kernel size** $k$. Without more, a kernel of 3 loses one pixel on each side.
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
# Now the parameters. A filter has one weight for each place of its kernel and each channel that comes in, and one bias. The size of the picture does not matter, since the *same* weights are used at every place. This is
# called **weight sharing**.
#
# $$\text{parameters} = (k \cdot k \cdot \text{channels in} + 1) \cdot \text{filters}$$
#
# **Before you run it, guess:** a layer makes 32 feature maps of 62 by 62 from a colour picture of 64 by 64. How many parameters would a dense layer need to compute as many numbers
# from the same picture?

# %%
lesson.guess(
    "dense_parameters", "about 400 thousand", "about 10 million", "over a thousand million"
)

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
# 896 against one and a half thousand million. Two ideas save all that: each unit looks at a small neighbourhood only, and all places share one set of weights.
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
    "A table of 4 by 4 in four coloured blocks, and beside it a table of 2 by 2 with the largest "
    "number of each block: 5, 2, 2 and 7.",
)
lesson.claim("Keras's MaxPooling2D(2) keeps the same four numbers", np.array_equal(by_keras, after))

# %% [markdown]
# Nothing is learned here: pooling has no parameters. And it has no opinion. You may read that pooling "keeps the most important information". It keeps the *largest number*, which is something else. Watch what happens
# to a thin dark line on white paper, when white is 1:

# %%
paper = np.ones((6, 6))
paper[:, 3] = 0  # a dark line from top to bottom


def pool(table):
    return table.reshape(3, 2, 3, 2).max(axis=(1, 3))


print("dark line on white:\n", pool(paper))
print("the same, colours turned round:\n", pool(1 - paper))
lesson.claim("pooling has erased the dark line", np.all(pool(paper) == 1))
lesson.claim("with colours turned round it is kept", np.any(pool(1 - paper) == 1))

# %% [markdown]
# The line was all there was to see, and it is gone. After a convolution with ReLU, large means "pattern found", and then keeping the largest makes sense. But it is the convolution that makes it so.
#
# What pooling does give is some tolerance: inside its block a pattern may move, and the result stays the same. Look at a small bump that moves to the right:

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
# Moved by two, the pooled row is the old pooled row, moved by one. Moved by *one*, it is a different row: pooling in blocks of two keeps step with even moves only. It is often said that pooling makes a network indifferent to
# moves. A little, not quite, as you see.
#
# The last column is indifferent. It is the largest number of the whole row, wherever it stands. Doing this to a whole feature map is called **global max pooling**: one number per map, "is this pattern
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
# All parts are there. Convolutions are stacked: the second one slides over the 16 feature maps of the first, and finds patterns *of patterns*. After the last one, global max pooling asks each of 48 maps whether its pattern was found,
# and a dense layer decides by the 48 answers. Such a network is called a convolutional network, **CNN** for short.

# %%
### SOURCE courseware.lessons.cnn.models.build_digit_cnn

# %% [markdown]
# `pool=1` means no pooling in between; for large pictures we pool once, to save work. Keras wants the channel as an axis of its own, so pictures come as (batch, size, size, 1); where it is missing, `[..., None]` adds it. Count before you train:

# %%
pool_by = 1 if size < 20 else 2
epochs = 5 if size > 20 else 8
steps = epochs * -(-len(x_train) // 32)  # epochs times batches
keras.utils.set_random_seed(lesson.seed)
cnn = build_digit_cnn(size, pool_by, keras.optimizers.schedules.CosineDecay(0.005, steps))

counted = [(9 * 1 + 1) * 16, (9 * 16 + 1) * 32, (9 * 32 + 1) * 48, (48 + 1) * 10]
print("by hand:", " + ".join(map(str, counted)), "=", sum(counted), "  Keras:", cnn.count_params())
print("the network of lesson 03, on the same pictures:", fnn.count_params())
lesson.claim("we counted right", sum(counted) == cnn.count_params())
lesson.claim("the CNN has no more parameters", cnn.count_params() <= fnn.count_params())

# %% [markdown]
# It is trained on the same pictures, all of them at home. It never sees one that has moved. As in lesson 03 the rate shrinks to zero, so that the training comes to rest.
#
# **Before you run it, guess:** how much of its accuracy will it lose by a move of one pixel?

# %%
lesson.guess(
    "cnn_moved",
    "hardly anything",
    "about half as much as the other network",
    "as much as the other network",
)

# %%
cnn.fit(
    x_train[..., None],
    y_train,
    batch_size=32,
    epochs=epochs,
    callbacks=[lesson.live()],
    verbose=0,
)
cnn_scores = [accuracy_moved(cnn, distance) for distance in distances]
most_common = np.mean(y_test == np.bincount(y_train).argmax())
print(f"at home: FNN ≈ {fnn_scores[0]:.3f}, CNN ≈ {cnn_scores[0]:.3f}")
print(f"always the most common digit ≈ {most_common:.3f}")
print(f"CNN, moved by {near} ≈ {cnn_scores[1]:.3f}, by {far} ≈ {cnn_scores[2]:.3f}")

# %%
show(
    draw.accuracy_bars(
        {"FNN of lesson 03": fnn_scores, "CNN": cnn_scores},
        ["at home", f"moved by {near}", f"moved by {far}"],
        chance=most_common,
    ),
    "Bars of accuracy. At home both networks are nearly perfect, the CNN a little ahead. With "
    "each move the FNN falls steeply, the CNN hardly.",
)
lesson.claim("at home the CNN is at least as accurate", cnn_scores[0] >= fnn_scores[0])
fnn_cost, cnn_cost = (scores[0] - np.array(scores) for scores in (fnn_scores, cnn_scores))
lesson.claim(
    f"moved by {near}, it loses less than half as much",
    cnn_cost[1] < fnn_cost[1] / 2,
    guess="cnn_moved",
)
lesson.claim(f"moved by {far}, it loses less than half as much", cnn_cost[2] < fnn_cost[2] / 2)
lesson.claim(f"moved by {far}, it is over 20 points better", cnn_scores[2] > fnn_scores[2] + 0.2)

# %% [markdown]
# No more parameters, at least as good a score, and a move hardly matters. (It matters a little: at the border of the page the zeros of the padding come into view, and those look different from an inside.)
#
# ### Is it the convolution that does it?
#
# "CNNs recognize a thing wherever it is" is often said. But of which part is it true? A convolution is faithful: when the picture moves, its feature map moves along. That is all. Let us see it on the first
# layer, for a move by two:

# %%
first_maps = keras.Model(cnn.inputs, cnn.layers[0].output)
home = first_maps.predict(x_test[:50, ..., None], verbose=0)
away = first_maps.predict(moved(x_test[:50], 2, 0)[..., None], verbose=0)

# %%
lesson.claim(
    "the feature maps of a moved picture are the old maps, moved (away from the border)",
    np.allclose(away[:, 3:-1, 1:-1], home[:, 1:-3, 1:-1], atol=1e-4),
)

# %% [markdown]
# So after a convolution the pattern is found, but at another place. What happens then depends on what comes next. Many CNNs flatten their maps and let a dense layer decide, and a dense layer has a weight for each
# place again. Here is such a network.
#
# **Before you run it, guess:** how many points of accuracy will it lose by a move of two pixels?

# %%
lesson.guess("flatten_moved", "fewer than 2", "about 5", "more than 10")

# %%
keras.utils.set_random_seed(lesson.seed)
flat_cnn = keras.Sequential(
    [
        keras.Input(shape=(size, size, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
flat_cnn.compile(keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy")
flat_cnn.fit(x_train[..., None], y_train, batch_size=64, epochs=8 if size < 20 else 4, verbose=0)
flat_scores = [accuracy_moved(flat_cnn, distance) for distance in distances]
print(f"with Flatten: ≈ {flat_scores[0]:.2f}, ≈ {flat_scores[1]:.2f}, ≈ {flat_scores[2]:.2f}")

# %%
show(
    draw.accuracy_bars(
        {"convolution, then Flatten": flat_scores, "convolutions, then global max": cnn_scores},
        ["at home", f"moved by {near}", f"moved by {far}"],
    ),
    "Bars of accuracy. At home both convolutional networks are nearly perfect. With Flatten the "
    "accuracy falls with every pixel; with global max pooling it hardly does.",
)
lesson.claim("with Flatten it reads more than 85 % at home", flat_scores[0] > 0.85)
lesson.claim(
    f"moved by {far}, it loses over 10 points",
    flat_scores[2] < flat_scores[0] - 0.1,
    guess="flatten_moved",
)
lesson.claim("and is over 10 points behind the global one", flat_scores[2] < cnn_scores[2] - 0.1)

# %% [markdown]
# Convolution alone does not do it. Convolution says where, and pooling over the whole map forgets where. Only both together make a network indifferent to moves. (And forgetting is not always good: a network
# that must tell "cup on table" from "table on cup" needs the places.)
#
# ### Exercise: repair
#
# This network for the digits (pages of 12 by 12, grey) learns next to nothing. Three things are wrong with it. Return a compiled model that reads digits.


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
# A goal to reach: read the small digits (pages of 12 by 12, grey) with **at most 2,000 parameters**, right in 92 % at home and still in 80 % when moved by one pixel. Return a compiled model. The check trains it for 20 epochs
# in batches of 64, from up to two starts, which takes some seconds. Count before you train.


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
# Nobody told the network what to look for. Here are the 16 kernels of its first layer, red for weights above zero and blue for those below, and the 16 feature maps that they make of one digit.

# %%
kernels = cnn.layers[0].get_weights()[0][:, :, 0, :]  # (3, 3, 16)

# %%
show(
    draw.filters(np.moveaxis(kernels, 2, 0)),
    "Sixteen tables of 3 by 3. In some, red and blue lie on opposite sides, as in an edge "
    "finder; others are mostly red, mostly blue, or have no plain shape.",
)

# %%
example = np.flatnonzero(y_test == 4)[0]
maps = first_maps.predict(x_test[example][None, ..., None], verbose=0)[0]

# %%
show(
    draw.feature_maps(
        x_test[example], maps, ("a 4", "its 16 feature maps, dark where a filter responds")
    ),
    "A handwritten 4 and sixteen feature maps. Some are dark along the left or right side of "
    "strokes, some along their upper or lower side, some on all ink, and some outside of the "
    "ink.",
)
lesson.claim(
    "each of 16 filters gives one map of the picture's size", maps.shape == (size, size, 16)
)

# %% [markdown]
# Each map shows where one pattern was found: left sides of strokes here, lower ends there, plain paper in another. Some kernels look like edge finders, others have no name. They do what helps, not what we find pretty.
#
# A kernel of 3 by 3 sees nine pixels and no more. How can such a network know a whole digit? Because convolutions are stacked. A unit of the second layer sees 3 by 3 places of the first map, and each of those sees 3 by 3 pixels. The part of the picture that can reach
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
# Three by three, five by five, seven by seven: nearly the whole of a small digit. (Pooling or a stride in between makes it grow faster.) What do units with such a view respond to? For some filters of the *third* layer we look through all test digits and cut out the pieces at which each responds most.

# %%
reach = 3 if pool_by == 1 else 6  # the receptive field goes so far to every side
last_maps = keras.Model(cnn.inputs, cnn.layers[3].output)
responses = last_maps.predict(x_test[:600, ..., None], batch_size=100, verbose=0)
wide = np.pad(x_test[:600], ((0, 0), (reach, reach), (reach, reach)))

rows = []
spread_of = responses.max(axis=(1, 2)).std(axis=0)  # filters that tell pictures apart
chosen = spread_of.argsort()[::-1][:5]
for place in chosen:
    found = []
    for i in responses[..., place].max(axis=(1, 2)).argsort()[::-1][:9]:
        row, column = np.unravel_index(responses[i, ..., place].argmax(), responses.shape[1:3])
        row, column = row * pool_by, column * pool_by  # back to pixels
        found.append(wide[i, row : row + 2 * reach + 1, column : column + 2 * reach + 1])
    rows.append(found)
show(
    draw.best_pieces(rows, [f"filter {k}" for k in range(1, 6)]),
    "Five rows of nine small pieces of digits. The pieces of one row resemble one another: "
    "in one row bends open to one side, in another crossings or ends of strokes.",
)
flat = np.array(rows).reshape(5 * 9, -1)
alike = np.corrcoef(flat).reshape(5, 9, 5, 9).mean(axis=(1, 3))  # 1 for equal pieces
same, other = np.trace(alike) / 5, (alike.sum() - np.trace(alike)) / 20
print(f"likeness of pieces: same filter ≈ {same:.2f}, different filters ≈ {other:.2f}")

# %%
lesson.claim("pieces of the same filter are much more alike", same > other + 0.2)

# %% [markdown]
# These are parts of digits: bends that are open to one side, crossings, ends. **Early layers find edges, later layers find parts, and what comes last sees the whole.** It is how you recognize a friend from far away: first patches of colour, then
# features (a walk, a beard, a red scarf), then the person. In networks for photos the last layers respond to wheels, eyes or faces.
#
# How much does each layer know? We ask only the global maximum of each of its maps, and read the digit with the simplest reader of lesson 03, the nearest average. (The maxima are divided by their standard deviation first.) As a start: the same for the raw
# picture, whose global maximum is a single number.
#
# **Before you run it, guess:** how many percent of the digits can be read from the maxima of layer 1 alone?

# %%
lesson.guess("known_by_layer_1")


# %%
def nearest_average(f_train, f_test):
    """Return the accuracy of answering with the digit whose average features are nearest."""
    spread = f_train.std(axis=0) + 1e-6
    averages = np.array([f_train[y_train == digit].mean(axis=0) for digit in range(10)]) / spread
    distances = [((f_test / spread - average) ** 2).sum(axis=1) for average in averages]
    return np.mean(np.argmin(distances, axis=0) == y_test)


tops = [layers.GlobalMaxPooling2D()(cnn.layers[k].output) for k in (0, 2, 3)]  # the convolutions
tapped = keras.Model(cnn.inputs, tops)
tops_train = tapped.predict(x_train[..., None], batch_size=500, verbose=0)
tops_test = tapped.predict(x_test[..., None], batch_size=500, verbose=0)

brightest = nearest_average(x_train.max(axis=(1, 2))[:, None], x_test.max(axis=(1, 2))[:, None])
known = [brightest, *(nearest_average(a, b) for a, b in zip(tops_train, tops_test, strict=True))]
print("accuracy:", ", ".join(f"≈ {score:.2f}" for score in known))

# %%
show(
    draw.accuracy_bars(
        {"nearest average": known}, ["brightest pixel", "layer 1", "layer 2", "layer 3"]
    ),
    "Four rising bars: next to nothing from the brightest pixel, about half or more from layer "
    "1, more from layer 2, nearly all from layer 3.",
)
lesson.claim("pooling the raw picture tells hardly anything", known[0] < 0.3)
lesson.claim("layer 1 tells much more", known[1] > known[0] + 0.1, guess="known_by_layer_1")
lesson.claim("layer 2 more than layer 1", known[2] > known[1] + 0.03)
lesson.claim("layer 3 more than layer 2", known[3] > known[2] + 0.05)

# %% [markdown]
# All four were pooled in the same way. What made the difference is the convolutions before. You may read that "pooling picks out the important features, such as eyes and noses". It does not: pooling alone finds nothing. **What finds an eye or a nose is a later
# convolution**; pooling only makes the answer coarser.
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
share = parts["Dense(128)"] / keras_count
lesson.claim("more than 99.9 % of the parameters are in one dense layer", share > 0.999)

# %% [markdown]
# The convolution costs next to nothing; flattening a large map into a dense layer costs four million. (Later architectures avoid it by pooling globally, as our reader of digits does.)
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
# The halves are not alike: bright sky above, dark trees below. That is intended. We want to know what the network can do in a part of the world that it has not seen. First a baseline: the average colour. Which photo's average is nearer?


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
    live = [lesson.live()]
    model.fit(x_train, y_train, batch_size=32, epochs=epochs, callbacks=live, verbose=0)
    return np.mean((model.predict(x_test, verbose=0)[:, 0] > 0.5) == y_test)


colour_unseen = by_colour(p_train, w_train, p_test, w_test)
cnn_unseen = by_cnn(p_train, w_train, p_test, w_test)
print(f"on the unseen halves: average colour ≈ {colour_unseen:.2f}, CNN ≈ {cnn_unseen:.2f}")

# %%
lesson.claim("the CNN is right on more than 70 of 100 unseen patches", cnn_unseen > 0.7)
lesson.claim("it beats the average colour by over 10 points", cnn_unseen > colour_unseen + 0.1)

# %% [markdown]
# From 200 patches of the upper halves it has learned something that also holds below. Now the same, split as one usually does: patches from everywhere, shuffled, then cut in two.
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
# Nearly perfect! Has the network become better? Or has the test become easier? Count how many test patches share pixels with a training patch of the same photo.


# %%
def met_before(test, train):
    """Return the share of test patches that overlap with a training patch of the same photo."""
    near = np.abs(test[:, None] - train[None]) < [1, 64, 64]  # same photo, near rows, near columns
    return near.all(axis=2).any(axis=1).mean()


met_apart, met_random = met_before(place_test, place_train), met_before(place_b, place_a)
print(f"share pixels with training: halves {met_apart:.0%}, random split ≈ {met_random:.2f}")

# %%
lesson.claim("of the patches of unseen halves, none does", met_apart == 0)
lesson.claim("with the random split nearly all do", met_random > 0.9)

# %% [markdown]
# With the random split nearly every test patch consists, in part, of pixels that were in the training set. What the test should find out has leaked into the training. This is called **leakage**. A score from such a
# test says how well the network knows *these* pixels. It may be near the honest score or far above it, and you cannot tell which.
#
# How far above? Let us take away everything that could be learned. We cut both photos into tiles and toss a coin for each pair of neighbours: one becomes "heads", the other "tails". That is the label. Then we cut six overlapping patches
# from each tile. (Of each patch we take every second row and column; that saves three quarters of the work.) Nobody can know the label of a tile without having seen it. The truth is 50 %.
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
by_tile, by_luck = coin_scores.values()
lesson.claim("with tiles kept apart it is near a guesser's score", abs(by_tile - 0.5) < 0.2)
lesson.claim("the random split pretends more than 55 %", by_luck > 0.55, guess="coin_tosses")
lesson.claim("the difference is over 5 points", by_luck > by_tile + 0.05)

# %% [markdown]
# There was nothing to learn, and the random split reports a success. The network has memorized what tiles look like, and met them again in the test. The same happens with several scans of one patient, several frames of one film, several
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
# Convolutional networks read cheques in the 1990s (Yann LeCun's *LeNet*). Then came three names that you will meet everywhere. Each won the yearly ImageNet contest or came close: a thousand classes, over a million photos.
#
# * **AlexNet** (2012): five convolutional and three dense layers, ReLU, a new trick against memorizing (lesson 09), trained on two graphics cards. It made so many fewer mistakes than everything before that the whole field changed its tools.
# * **VGG** (2014): 16 or 19 layers, and only kernels of 3 by 3, stacked. Two of them see as far as one of 5 by 5, with fewer weights and one more bend.
# * **ResNet** (2015): up to 152 layers, trainable because of *shortcuts* that carry a layer's input past it (lesson 11).
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
# * **"Convolutional layers compute a convolution."** They compute a cross-correlation: the kernel is not turned. For learned kernels the difference is only in the name.
# * **"Pooling keeps the most important information."** It keeps the largest number. A dark line on white paper was erased.
# * **"Pooling finds the eyes and noses."** It finds nothing and learns nothing. Later convolutions do; pooled raw pixels told us next to nothing.
# * **"A CNN recognizes things wherever they are."** Convolution moves along, pooling in blocks helps a little, and Flatten brings the places back in. Ours was indifferent because it pooled globally.
# * **"A CNN has few parameters."** Its convolutions have. The photo network had four million, in one dense layer.
# * **"It works like the visual cortex."** It borrowed one idea from there.
# * **"A random split is a fair split."** Not if examples overlap or belong together. It made coin tosses look predictable.
#
# ## Takeaways
#
# * A kernel slides over the picture; each place gives one sum. The sums form a feature map: where was the pattern found?
# * Output size: $\lfloor (n + 2p - k)/s \rfloor + 1$. Parameters: $(k \cdot k \cdot \text{channels} + 1) \cdot \text{filters}$, whatever the size of the picture.
# * Local patterns and weight sharing save parameters by the million.
# * Stacked convolutions see further and find parts of parts: edges first, then parts, then the whole.
# * Convolution says where. Global pooling forgets where. Choose what your task needs.
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
# * Richard Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019 (arXiv:1904.11486): the bump that moved by one, taken seriously.
