"""Exercises of lesson 04: what each checks, and its hints."""

import keras
import numpy as np

from courseware.checking import NotStarted, TryAgain, array, call, describe, exercise, expect, number
from courseware.checking_keras import (
    DIGIT_LABELS,
    accuracy,
    compiled_model,
    every_layer,
    layers_of,
    learning_rate,
    refuse_no_probabilities,
    starts,
    train,
)
from courseware.data import digits


def _slide(picture, kernel):
    rows, columns = (a - b + 1 for a, b in zip(picture.shape, kernel.shape, strict=True))
    parts = np.lib.stride_tricks.sliding_window_view(picture, kernel.shape)
    return np.einsum("rcij,ij->rc", parts, kernel).reshape(rows, columns)


def _call(answer, *arguments, name, stumble, advice):
    """Call the answer; if NumPy's message about shapes has the word `stumble` in it, add what to do about it."""
    try:
        return call(answer, *arguments, name=name)
    except TryAgain as problem:
        if stumble not in str(problem):
            raise
        raise TryAgain(f"{problem} {advice}") from None


@exercise(
    "How many places are there? A kernel of height h fits on a picture of height n in n - h + 1 places.",
    "Two loops, over i and j; in them, cut out picture[i : i + height, j : j + width].",
    "result[i, j] = np.sum(picture[i : i + height, j : j + width] * kernel), and return result after the loops.",
)
def convolve(answer):
    rng = np.random.default_rng(3)
    picture = rng.integers(0, 5, (5, 7)).astype(float)
    kernel = np.array([[1.0, 2.0, 0.0], [-1.0, 0.0, 3.0]])
    got = _call(
        answer, picture, kernel, name="convolve", stumble="broadcast",
        advice="The part must have the kernel's own shape, here 2 by 3, at every place: use kernel.shape, and stop where it still fits.",
    )  # fmt: skip
    right = _slide(picture, kernel)
    shape = np.shape(got)
    if shape == ():
        raise TryAgain("convolve returned a single number; it should return a matrix, one sum for each place.")
    if shape != right.shape:
        likely = {
            (5, 7): "The kernel must not stick out, so the map is smaller than the picture.",
            (3, 5): "The kernel here has 2 rows and 3 columns: use its own height and width, not a fixed 3.",
            (3, 4): "There is one place more in each direction: picture minus kernel, plus 1.",
            (3, 6): "Rows and columns are mixed up: height goes with rows, width with columns.",
            (2, 3): "That is the product for a single place. Sum it, and do so for every place.",
        }.get(shape, "")
        raise TryAgain(
            f"convolve of a 5 by 7 picture with a 2 by 3 kernel has shape {shape}; expected {right.shape}. {likely}"
        )
    ones = np.ones_like(kernel)
    expect(
        "convolve of a 5 by 7 picture with the kernel [[1 2 0] [-1 0 3]]", got, right,
        mistakes=[
            (_slide(picture, kernel[::-1, ::-1]), "That rotates the kernel by half a turn. Networks slide it as it is."),
            (_slide(picture, ones), "That adds up the pixels without the weights."),
            (right / kernel.size, "That is the mean of the products; take their sum."),
            (np.full(right.shape, right[0, 0]), "Every place has the sum of the first one. Does the part move along?"),
            (np.full(right.shape, right[-1, -1]), "Every place has the sum of the last one. Write each into its own place."),
            (np.zeros(right.shape), "The map is still full of zeros. Are the sums written into it?"),
        ],
    )  # fmt: skip
    picture, kernel = rng.normal(size=(7, 7)), rng.normal(size=(3, 3))
    expect("convolve of a 7 by 7 picture with a 3 by 3 kernel", call(answer, picture, kernel, name="convolve"),
           _slide(picture, kernel))  # fmt: skip
    picture = rng.normal(size=(4, 3))
    expect("convolve with a kernel as large as the picture", call(answer, picture, picture, name="convolve"),
           [[np.sum(picture**2)]])  # fmt: skip
    return "The whole of it: multiply, add up, move on."


@exercise(
    "Draw a / through the 3 by 3 grid. What sign belongs above it, what sign below it?",
    "Zeros on the diagonal itself, the same negative number at the three places above it, a positive one at the three below.",
    "np.array([[-1, -1, 0], [-1, 0, 1], [0, 1, 1]]) adds up to 0 and changes its sign across the /.",
)
def edge_kernel(answer):
    kernel = call(answer, name="edge_kernel") if callable(answer) else answer
    kernel = array(kernel, (3, 3), "edge_kernel()")
    row, column = np.mgrid[:12, :12]
    wanted = np.where(row + column >= 11, 1.0, 0.0)  # like /
    other = np.where(row >= column, 1.0, 0.0)  # like \
    even = float(kernel.sum())
    if abs(even) > 1e-6:
        raise TryAgain(
            f"On an even bright area the sum is {even:.3g}; expected 0. The nine weights must add up to 0, so that "
            "what is equal cancels."
        )
    found = _slide(wanted, kernel)
    if found.max() <= 1 and found.min() < -1:
        raise TryAgain(
            f"Where the picture turns bright below a / the sum is {found.min():.3g}; more than 1 was expected. The sign "
            "is turned: positive weights belong below."
        )
    if found.max() <= 1:
        raise TryAgain(
            f"At an edge like / the largest sum is {found.max():.3g}; more than 1 was expected. Put weights above zero "
            "on one side of the diagonal and below zero on the other."
        )
    crossed = np.concatenate([_slide(other, kernel).ravel(), _slide(1 - other, kernel).ravel()])
    if (most := np.abs(crossed).max()) > 0.5:
        raise TryAgain(
            f"It also responds to edges like \\, with a sum of up to {most:.3g} in size; at most 0.5 was allowed. "
            "Mirror symmetry about the diagonal \\ helps, with opposite signs on the two sides of the other one."
            if not np.allclose(kernel, kernel.T)
            else f"It also responds to edges like \\, with a sum of up to {most:.3g} in size; at most 0.5 was allowed. "
            "What lies along a / should have one sign above it and the opposite sign below it."
        )
    if found.min() < -1:
        raise TryAgain(
            f"Along one and the same edge it answers with sums from {found.min():.3g} to {found.max():.3g}. Less than -1 "
            "should mean the opposite edge: all weights above the / should have one sign."
        )
    return "Nine numbers, and it knows one direction from the other."


@exercise(
    "How far can the kernel travel? The padded picture is n + 2 * padding wide, and the kernel takes up `kernel` of it.",
    "Divide that way by the stride, rounding down (//), and add 1 for the first place.",
    "return (n + 2 * padding - kernel) // stride + 1",
)
def output_size(answer):
    def ask(*case):
        return call(answer, *case, name="output_size")

    expect("output_size(64, 3)", ask(64, 3), 62, mistakes=[
        (61, "Do not forget the 1: the first place counts as well."),
        (63, "Add 1, not 2: (n - kernel) + 1."),
        (64, "That is the size with padding=\"same\". Here there is no padding."),
        (68, "The kernel takes away: n - kernel."),
    ])  # fmt: skip
    expect("output_size(28, 3, stride=2)", ask(28, 3, 2, 0), 13, mistakes=[
        (13.5, "Round down: a last step that would stick out is not taken. Use // instead of /."),
        (14, "Round down before you add the 1."),
        (26, "The stride is not used."),
        (51, "Divide by the stride; a larger stride gives fewer places."),
        (52, "Divide by the stride; a larger stride gives fewer places."),
    ])  # fmt: skip
    expect("output_size(28, 5, stride=1, padding=2)", ask(28, 5, 1, 2), 28, mistakes=[
        (26, "Padding is added on both sides: 2 * padding."),
        (24, "The padding is not used."),
        (20, "Padding makes the picture larger: add it."),
        (22, "Padding makes the picture larger: add it, on both sides."),
    ])  # fmt: skip
    expect("output_size(7, 3, stride=3, padding=1)", ask(7, 3, 3, 1), 3,
           mistakes=[(2, "First divide by the stride, then add 1.")])  # fmt: skip
    nearest = "You rounded to the nearest whole number. Round down: a last step that would stick out is not taken."
    for case, right in (((30, 3, 4), 7), ((32, 5, 2), 14), ((34, 5, 2), 15)):  # 6.75, and two odd halves
        got = ask(*case)
        expect(f"output_size{case}", got, right, mistakes=[(right + 1, nearest)])
    expect("output_size(10, 4), with the defaults", ask(10, 4), 7)
    return "It works for convolutions, and for pooling as well."


@exercise(
    "Think of one filter first: how many numbers lie under it at one place?",
    "kernel * kernel * channels weights and 1 bias. And there are several filters.",
    "return (kernel * kernel * channels + 1) * filters",
)
def conv_parameters(answer):
    expect(
        "conv_parameters(kernel=5, channels=3, filters=8)", call(answer, 5, 3, 8), 608,
        mistakes=[
            (600, "The biases are missing: one for each filter."),
            (601, "One bias was counted in all; every filter has its own."),
            (603, "The biases belong to the filters, not to the channels."),
            (625, "The biases belong to the filters: one each, not one for every place of the kernel."),
            (208, "A filter has weights for every channel that comes in."),
            (624, "A filter has one bias, not one for each channel."),
            (128, "The kernel is square: kernel * kernel weights for each channel."),
            (76, "That is a single filter. There are several."),
            (75, "Those are the weights of a single filter."),
            (83, "One bias for each filter: (kernel * kernel * channels + 1) * filters."),
        ],
    )  # fmt: skip
    expect("conv_parameters(3, 3, 32)", call(answer, 3, 3, 32), 896)
    expect("conv_parameters(1, 64, 10)", call(answer, 1, 64, 10), 650)
    return "And not a word about the size of the picture."


@exercise(
    "How many full blocks fit? matrix.shape[0] // block of them from top to bottom.",
    "Either two loops over the blocks with matrix[i * block : (i + 1) * block, ...].max(), or a reshape into four axes.",
    "Cut off the rest, reshape to (rows, block, columns, block), and take .max(axis=(1, 3)).",
)
def max_pool(answer):
    rng = np.random.default_rng(8)
    matrix = rng.permutation(63).astype(float).reshape(7, 9) - 10
    matrix[:2, :2] = [[-9, -2], [-4, -7]]  # a block below zero
    right = matrix[:6, :8].reshape(3, 2, 4, 2).max(axis=(1, 3))
    got = _call(
        answer, matrix, 2, name="max_pool", stumble="reshape",
        advice="The rows and columns of a matrix need not divide by the block: first cut off the rest at the lower and the right edge.",
    )  # fmt: skip
    shape = np.shape(got)
    if shape != (3, 4):
        likely = {
            (4, 5): "Blocks that are not full are dropped.",
            (6, 8): "The blocks must not overlap: each begins where the last one ended.",
            (4, 3): "Rows and columns are mixed up.",
            (7, 9): "The matrix should shrink: one number for each block.",
            (): "One number came back; each block gives one.",
        }.get(shape, "")
        raise TryAgain(f"max_pool of a 7 by 9 matrix in blocks of 2 has shape {shape}; expected (3, 4). {likely}")
    blocks = matrix[:6, :8].reshape(3, 2, 4, 2)
    expect(
        "max_pool of a 7 by 9 matrix in blocks of 2", got, right,
        mistakes=[
            (blocks.mean(axis=(1, 3)), "Those are the means of the blocks; take the largest number."),
            (blocks.min(axis=(1, 3)), "Those are the smallest numbers."),
            (blocks.sum(axis=(1, 3)), "Those are the sums; take the largest number."),
            (np.abs(blocks).max(axis=(1, 3)), "The largest, not the largest in size: -9 is less than 2."),
            (matrix[:6:2, :8:2], "That takes the upper left number of each block, not the largest."),
            (np.maximum(right, 0), "Numbers below zero may be the largest of their block. Start from the block, not from 0."),
        ],
    )  # fmt: skip
    matrix = rng.normal(size=(12, 6)) - 5
    expect("max_pool of a 12 by 6 matrix in blocks of 3", call(answer, matrix, 3, name="max_pool"),
           matrix.reshape(4, 3, 2, 3).max(axis=(1, 3)))  # fmt: skip
    return "No weights, nothing learned, and three numbers out of four are gone."


CONVOLUTIONS = keras.layers.Conv2D, keras.layers.SeparableConv2D, keras.layers.DepthwiseConv2D


def _small_digits(n_train=1300, n_test=400):
    images, labels = digits("small")
    images = np.pad(images, ((0, 0), (2, 2), (2, 2)))[..., None]
    way = np.random.default_rng(0).permutation(len(images))
    train, test = way[:n_train], way[n_train : n_train + n_test]
    return images[train], labels[train], images[test], labels[test]


def _reader(answer, name):
    """The learner's model, after the checks that come before training."""
    model = compiled_model(answer, name, inputs=(12, 12, 1))
    if model.input_shape != (None, 12, 12, 1):
        raise TryAgain(f"The model takes shape {model.input_shape}; pictures have (None, 12, 12, 1).")
    return model


@exercise(
    "Follow a picture through the layers, with its shape. Where does most of it get lost? And count the outputs.",
    "MaxPooling2D(6) belongs after the convolutions. There are ten digits. And compare the rate with those above.",
    'Convolutions first, then MaxPooling2D(6), Flatten, Dense(10, activation="softmax"); Adam(0.005).',
    seconds=60,
)
def repair(answer):
    model = _reader(answer, "repaired_cnn")
    kinds = keras.layers.MaxPooling2D, keras.layers.AveragePooling2D
    convolutions = [i for i, layer in enumerate(every_layer(model)) if isinstance(layer, CONVOLUTIONS)]
    pools = [i for i, layer in enumerate(every_layer(model)) if isinstance(layer, kinds) and layer.pool_size[0] > 2]
    pooled_first = bool(convolutions and pools and pools[0] < convolutions[0])
    rate = learning_rate(model)
    one_output = model.output_shape == (None, 1)
    if pooled_first and one_output and rate >= 5:
        raise NotStarted("The model is still as it was given. Three things are wrong with it.")
    if not convolutions:
        raise TryAgain("There is no convolution left in it.")
    if pooled_first:
        raise TryAgain(
            "The picture is pooled before anything has looked at it: four numbers are left of 144. First find, then "
            "forget where."
        )
    if one_output:
        raise TryAgain("There are ten digits and one output. A softmax over one unit always says 1.")
    if model.output_shape != (None, 10):
        raise TryAgain(f"The output has shape {model.output_shape}; ten answers, (None, 10), were expected.")
    if rate >= 1:
        raise TryAgain(f"Adam's rate is {rate:g}: each step moves every weight by about that much. Try 0.005.")
    x_train, y_train, x_test, y_test = _small_digits()
    for epochs in (10, 20):  # 30 in all, unless it reads well before
        train(model, x_train, y_train, epochs=epochs, labels=DIGIT_LABELS)
        refuse_no_probabilities(model, x_test)
        right = accuracy(model, x_test, y_test)
        if right >= 0.8:
            break
    else:
        raise TryAgain(
            f"After 30 epochs it reads {right:.0%} of new digits; 80 % were expected. Is the rate large enough? 0.005 does."
        )
    return "Look first, pool later, and one output for each answer."


@exercise(
    "The dense layer is the danger. What makes its input small, and forgets the place as well?",
    "Two convolutions with few filters, GlobalMaxPooling2D, Dense(10). Count: conv_parameters(3, 1, 8) + ...",
    '8 and 20 filters, padding="same", relu, GlobalMaxPooling2D, Dense(10, activation="softmax"), Adam(0.01).',
    seconds=90,
)
def small_reader(answer):
    x_train, y_train, x_test, y_test = _small_digits()
    home = moved = 0.0
    for _ in starts(answer, 2):
        model = _reader(answer, "small_reader")
        if model.output_shape != (None, 10):
            raise TryAgain(f"The output has shape {model.output_shape}; ten answers, (None, 10), were expected.")
        if model.count_params() > 2000:
            raise TryAgain(f"The model has {model.count_params():,} parameters; at most 2,000 were allowed.")
        train(model, x_train, y_train, epochs=20, batch_size=64, labels=DIGIT_LABELS)
        refuse_no_probabilities(model, x_test)
        home = accuracy(model, x_test, y_test)
        moves = [np.roll(x_test, move, axis=(1, 2)) for move in ((1, 0), (-1, 0), (0, 1), (0, -1))]
        moved = accuracy(model, np.concatenate(moves), np.tile(y_test, 4))
        if home >= 0.92 and moved >= 0.8:
            return f"{model.count_params():,} parameters are enough."
        if home < 0.5:  # no luck of another start makes up for so much
            break
    if home >= 0.92:
        advice = "At home it reads well. What forgets the place?"
    elif len(layers_of(model, CONVOLUTIONS)) < 2:
        advice = "One convolution sees 3 by 3 pixels only. Stack two."
    else:
        advice = "Try relu, another learning rate (0.01, say), or more filters in the last convolution."
    raise TryAgain(
        f"It reads {home:.0%} at home and {moved:.0%} when moved by one pixel; 92 % and 80 % were the goal. {advice}"
    )


@exercise(
    "Look at the rows alone first. When do two stretches of `size` rows have one in common?",
    "When their beginnings are less than `size` apart: abs(first[0] - second[0]) < size.",
    "The same for the columns, and both must be true: return rows and columns.",
)
def share_pixels(answer):
    def ask(first, second, size):
        got = call(answer, first, second, size, name="share_pixels")
        if isinstance(got, str) or np.size(got) != 1:
            raise TryAgain(f"share_pixels returned {describe(got)}; True or False was expected.")
        return bool(number(float(got), "the answer"))

    cases = [
        ((10, 10), (20, 30), 64, True, "They overlap in both directions."),
        ((0, 0), (200, 10), 64, False, "They lie one below the other; sharing columns is not enough."),
        ((0, 0), (10, 200), 64, False, "They lie side by side; sharing rows is not enough."),
        ((0, 0), (64, 0), 64, False, "They touch, but share no pixel: one ends in row 63, the other begins in row 64."),
        ((0, 0), (0, 64), 64, False, "They touch, but share no pixel: one ends in column 63, the other begins in column 64."),
        ((300, 10), (310, 20), 64, True, "Compare rows with rows and columns with columns."),
        ((0, 0), (63, 63), 64, True, "They share the one pixel in row 63 and column 63."),
        ((100, 50), (60, 80), 64, True, "The second patch may begin above the first: take the size of the difference."),
        ((100, 100), (30, 100), 64, False, "The second patch ends in row 93, above the first."),
        ((5, 5), (5, 5), 64, True, "A patch shares all its pixels with itself."),
        ((0, 0), (20, 20), 16, False, "Use `size`, which is 16 here, not a fixed 64."),
    ]  # fmt: skip
    for first, second, size, expected, why in cases:
        if ask(first, second, size) != expected:
            raise TryAgain(
                f"share_pixels({first}, {second}, size={size}) is {not expected}; expected {expected}. {why}"
            )
    return "With it you can throw out every test patch that leaks."


EXERCISES = (convolve, edge_kernel, output_size, conv_parameters, max_pool, repair, small_reader, share_pixels)
