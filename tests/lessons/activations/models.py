"""The models of lesson 02."""

import numpy as np
from sklearn.datasets import make_moons

from courseware.lessons.activations.models import build_classifier, build_unit
from lessons import Case


def moons():
    points, moon = make_moons(400, noise=0.15, random_state=0)
    return points.astype("float32"), moon


def line():
    x = np.linspace(0.5, 1.5, 100)[:, None]
    return x, 3 * x[:, 0] + 1


CASES = [
    # (2 + 1) * 16 in the hidden layer, 16 + 1 in the output; ln 2 is the loss of always answering one half
    Case(build_classifier, {"activation": "relu", "units": 16}, 65, moons, baseline=np.log(2)),
    Case(build_classifier, {"activation": "tanh", "units": 8, "n_hidden": 2}, 105, moons, baseline=np.log(2)),
    Case(build_unit, {"activation": "relu", "bias": 1.0}, 2, line, baseline=3 * 3 / 12),
]
