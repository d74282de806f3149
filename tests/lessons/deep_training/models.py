"""The models of lesson 11."""

import numpy as np

from courseware.data import digits
from courseware.lessons.deep_training.models import build_blocks, build_deep
from lessons import Case


def pixels():
    images, labels = digits("small")
    rows = images.reshape(len(images), -1)[:640]
    return (rows - rows.mean()) / rows.std(), labels[:640]


def pictures():
    rows, labels = pixels()
    return rows.reshape(-1, 8, 8, 1), labels


CASES = [
    # 65 * 32 into the first layer, 33 * 32 into each of three, 33 * 10 out; ln 10 is the loss of answering one tenth
    Case(build_deep, {"depth": 4}, 5_578, pixels, baseline=np.log(10), epochs=5),
    # without the biases, but with four numbers for each normalized unit: 64 * 32 + 11 * 32 * 32 weights, 12 * 4 * 32
    Case(
        build_deep,
        {"depth": 12, "normalization": True, "shortcut": True},
        15_178,
        pixels,
        baseline=np.log(10),
        epochs=8,
    ),
    Case(
        build_deep,
        {"depth": 4, "initializer": "glorot_uniform", "shortcut": True, "width": 16},
        2_026,
        pixels,
        baseline=np.log(10),
        epochs=5,
    ),
    # 9 * 16 weights into the first, 9 * 16 * 16 into each of three, 4 * 4 * 16 for the normalizations, 17 * 10 out
    Case(build_blocks, {"depth": 4, "filters": 16}, 7_482, pictures, baseline=np.log(10), epochs=5),
    # one of 9 by 9 pixels: 81 * 80 weights, 4 * 80 for its normalization, 81 * 10 out
    Case(
        build_blocks,
        {"depth": 1, "filters": 80, "kernel_size": 9},
        7_610,
        pictures,
        baseline=np.log(10),
        epochs=5,
    ),
]
