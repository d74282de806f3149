"""The models of lesson 08."""

import keras
import numpy as np

from courseware.lessons.gan.models import build_discriminator, build_gan, build_generator
from lessons import Case


def two_clouds():
    """Points of a small cloud (label 1) and of one beside it (label 0)."""
    rng = np.random.default_rng(0)
    label = np.arange(200) % 2
    return rng.normal(0, 0.3, (200, 2)) + label[:, None], label[:, None].astype(float)


def noise_to_points():
    """A generator that is told what to make: each noise vector, turned and stretched."""
    noise = np.random.default_rng(0).normal(size=(200, 2))
    return noise, noise @ np.array([[0.0, 2.0], [-1.0, 0.0]])


def asks_for_real():
    return np.random.default_rng(0).normal(size=(200, 2)), np.ones((200, 1))


def compiled(generator):
    generator.compile(optimizer="adam", loss="mse")
    return generator


def picked(gan):
    keras.utils.set_random_seed(0)
    return gan[2]


CASES = [
    # (2 + 1) * 64 + (64 + 1) * 64 + (64 + 1) * 2; answering 0 leaves the variance, (4 + 1) / 2
    Case(build_generator, {}, 4482, noise_to_points, baseline=0.5, model_of=compiled),
    Case(build_generator, {"n_noise": 2, "n_out": 2, "hidden": 8}, 114, noise_to_points, baseline=2.0, model_of=compiled),
    Case(build_discriminator, {}, 4417, two_clouds, baseline=0.5),
    Case(build_gan, {}, 4482 + 4417, asks_for_real, baseline=0.6, model_of=picked),
]  # fmt: skip
