"""The model of lesson 01."""

import numpy as np

from courseware.lessons.linear_regression.models import build_linear_model
from lessons import Case


def plane(n_features):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, n_features))
    return x, x @ np.arange(1.0, n_features + 1) + 0.5


CASES = [
    # n weights and 1 bias; answering with the mean leaves the variance, 1² + ... + n²
    Case(build_linear_model, {"n_features": 1}, 2, lambda: plane(1), baseline=0.5),
    Case(build_linear_model, {"n_features": 3, "learning_rate": 0.05}, 4, lambda: plane(3), baseline=7.0),
]
