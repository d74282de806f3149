"""The models of lesson 03."""

import numpy as np
from sklearn.datasets import make_moons

from courseware.data import digits
from courseware.lessons.fnn.models import build_binary_classifier, build_digit_classifier, build_stack
from lessons import Case


def small_digits():
    images, labels = digits("small")
    return images[:400], labels[:400]


def large_digits():
    images, labels = small_digits()
    return np.pad(images, ((0, 0), (10, 10), (10, 10))), labels


def moons():
    points, moon = make_moons(300, noise=0.1, random_state=0)
    return points.astype("float32"), moon


def eight_features():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 8))
    return x, (x[:, 0] + x[:, 1] > 0).astype(int)


CASES = [
    # (784 + 1) * 128 + (128 + 1) * 10; ln 10 is the loss of answering one tenth each time, ln 2 that of one half
    Case(build_digit_classifier, {"size": 28}, 101_770, large_digits, baseline=np.log(10), epochs=5),
    Case(build_binary_classifier, {}, 101, eight_features, baseline=np.log(2), epochs=20),
    Case(build_stack, {"widths": [8, 8]}, 105, moons, baseline=np.log(2), epochs=20),
]
