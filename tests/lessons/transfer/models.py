"""The models of lesson 14."""

import keras
import numpy as np

from courseware.lessons.transfer.models import build_body
from lessons import Case


def with_head(body):
    """The body and a head for three classes, compiled."""
    model = keras.Sequential([body, keras.layers.Dense(3, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model


def brightness(channels):
    """Pictures of noise, a third of them dark, a third grey and a third bright."""
    labels = np.arange(240) % 3
    noise = np.random.default_rng(0).random((240, 20, 20, channels))
    return (noise * (labels + 1)[:, None, None, None]).astype("float32"), labels


CASES = [
    # (9 + 1) * 12, or (27 + 1) * 12 in colour, (9 * 12 + 1) * 24, (9 * 24 + 1) * 48, and a head for three
    Case(build_body, {"size": 20}, 120 + 2616 + 10416 + 147, lambda: brightness(1), np.log(3), 8, model_of=with_head),
    Case(
        build_body, {"size": 20, "channels": 3}, 336 + 2616 + 10416 + 147,
        lambda: brightness(3), np.log(3), 8, model_of=with_head,
    ),
]  # fmt: skip
