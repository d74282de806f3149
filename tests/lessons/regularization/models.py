"""The models of lesson 09."""

import numpy as np

from courseware.data import digits
from courseware.lessons.regularization.models import build_network
from lessons import Case


def pictures():
    images, numerals = digits("small")
    return images[:300].reshape(300, -1), numerals[:300]


def moons():
    from sklearn.datasets import make_moons

    return make_moons(200, noise=0.2, random_state=0)


TEN, TWO = np.log(10), np.log(2)  # the cross-entropy of "every class is equally likely"
CASES = [
    Case(build_network, {}, 65 * 64 + 65 * 10, pictures, baseline=TEN / 2),
    Case(build_network, {"n_features": 2, "n_classes": 2, "hidden": ()}, 3 * 2, moons, baseline=TWO),
    # two numbers for shift and stretch and two running averages for each of the units; no bias
    Case(
        build_network,
        {"hidden": (32, 16), "batch_norm": True, "dropout": 0.2, "rate": 0.01},
        64 * 32 + 4 * 32 + 32 * 16 + 4 * 16 + 17 * 10,
        pictures,
        baseline=TEN / 2,
    ),
    Case(build_network, {"l1": 1e-4, "l2": 1e-3}, 65 * 64 + 65 * 10, pictures, baseline=TEN / 2),
]
