"""For checks of Keras models: is the answer one that can be trained, and quick training."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from courseware.checking import TryAgain, call, describe


def compiled_model(answer: Any, name: str, *arguments: Any, inputs: tuple[int | None, ...]) -> keras.Model:
    """The compiled Keras model that `answer` is, or returns.

    Args:
        answer: a model, or a function that builds one.
        name: what the function is called in the exercise.
        arguments: what the function is called with.
        inputs: the shape of one example, None for any length; a `Sequential` without `keras.Input`, which Keras allows,
            is built for it. Whether a model that has inputs has these is for the check to say.

    Raises:
        TryAgain: if that is no Keras model, if it is not compiled, or if it cannot take such inputs.
    """
    model = answer if isinstance(answer, keras.Model) else call(answer, *arguments, name=name)
    if not isinstance(model, keras.Model):
        dots = "..." if arguments else ""
        raise TryAgain(f"{name}({dots}) returned {describe(model)}; a compiled Keras model was expected.")
    if not model.compiled:
        raise TryAgain("The model is not compiled. Its last line must be model.compile(...), with optimizer and loss.")
    if not model.built:
        try:
            model.build((None, *inputs))
        except Exception as error:  # Keras raises many kinds
            shape = (None, *inputs)
            raise TryAgain(f"The model cannot take inputs of shape {shape}: {str(error).splitlines()[0]}") from None
    return model


def refuse_no_probabilities(model: keras.Model, x: np.ndarray) -> None:
    """Raise TryAgain if the outputs for `x`, a row each, are not ten probabilities; logits are fine if the loss takes them."""
    if getattr(model.loss, "from_logits", False):
        return
    made = model.predict(x, batch_size=1000, verbose=0)
    if np.isfinite(made).all() and (made.min() < -1e-6 or not np.allclose(made.sum(axis=1), 1, atol=1e-3)):
        raise TryAgain(
            f"The ten outputs of a picture add up to {made[0].sum():.3g}, so they are no probabilities: those are never "
            "below 0 and add up to 1. Which activation of the last layer sees to that?"
        )


def train(model: Any, x: np.ndarray, y: np.ndarray, *, epochs: int, batch_size: int = 32) -> None:
    """Train `model` as `model.fit` does for so many epochs, all in one call of a single epoch.

    On TensorFlow each epoch of `fit` begins with about 30 ms of making data iterators, which is most of the time with
    data as small as a check's. Here the examples are laid out beforehand, each epoch in an order of its own; an epoch
    whose last batch would be smaller hands its rest on to the next.

    Args:
        model: a compiled Keras model.
        x, y: inputs and labels, n of each along the first axis.
    """
    rng = np.random.default_rng(0)
    order = np.concatenate([rng.permutation(len(x)) for _ in range(epochs)])
    model.fit(x[order], y[order], batch_size=batch_size, epochs=1, shuffle=False, verbose=0)
