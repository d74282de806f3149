"""The model of lesson 11."""

import numpy as np

from courseware.data import digits
from courseware.lessons.deep_training.models import build_deep
from lessons import Case


def pixels():
    images, labels = digits("small")
    rows = images.reshape(len(images), -1)[:640]
    return (rows - rows.mean()) / rows.std(), labels[:640]


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
]
