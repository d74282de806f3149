"""The models of lesson 07."""

import numpy as np

from courseware.lessons.autoencoder.models import build_autoencoder, build_variational
from lessons import Case


def mixtures():
    """Twelve numbers between 0 and 1 that are mixtures of two patterns, so that two numbers suffice."""
    rng = np.random.default_rng(0)
    x = rng.random((300, 2)) @ np.array([np.linspace(0, 0.5, 12), np.linspace(0.5, 0, 12)])
    return x, x


def centred_mixtures():
    x, _ = mixtures()
    x = x - x.mean(axis=0)
    return x, x


def first(models):
    return models[0]


CASES = [
    # 13 * 2 into the code, 3 * 12 out of it; always saying one half costs log 2
    Case(
        build_autoencoder,
        {"n_inputs": 12, "n_code": 2, "code": "linear"},
        13 * 2 + 3 * 12,
        mixtures,
        0.65,
        model_of=first,
    ),
    # the variance is what the mean alone leaves
    Case(
        build_autoencoder,
        {"n_inputs": 12, "n_code": 2, "hidden": (7,), "code": "linear", "output": "linear"},
        13 * 7 + 8 * 2 + 3 * 7 + 8 * 12,
        centred_mixtures,
        float(np.var(centred_mixtures()[0])) / 2,
        model_of=first,
    ),
    # 13 * 7 and 8 * 2 twice, for mean and spread; 3 * 7 + 8 * 12 out of it
    Case(
        build_variational,
        {"n_inputs": 12, "n_code": 2, "hidden": (7,)},
        13 * 7 + 2 * 8 * 2 + 3 * 7 + 8 * 12,
        mixtures,
        0.68,
        model_of=first,
    ),
]
