"""The model of lesson 10."""

import numpy as np

from courseware.lessons.gridsearch.models import build_classifier
from lessons import Case


def two_sides():
    """Points whose first coordinate tells the class; always answering one half costs log 2."""
    x = np.random.default_rng(0).normal(size=(200, 8))
    return x, np.eye(2)[(x[:, 0] > 0).astype(int)]


X = np.zeros((1, 8))

CASES = [
    Case(build_classifier, {"X": X, "y": None}, 9 * 12 + 13 * 2, two_sides, baseline=0.35),
    Case(
        build_classifier,
        {"X": X, "y": None, "optimizer": "sgd", "learning_rate": 0.3, "units": 5, "seed": 1},
        9 * 5 + 6 * 2,
        two_sides,
        baseline=0.35,
    ),
]
