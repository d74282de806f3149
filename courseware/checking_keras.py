"""For checks of Keras models: is the answer one that can be trained, what is in it, quick training, what it has learned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

from courseware.checking import TryAgain, call, describe, said, where

DIGIT_LABELS = "The labels are class numbers, 0 to 9, so the loss must be sparse_categorical_crossentropy."
AT_ONCE = 50  # so many steps TensorFlow takes in one call


def compiled_model(answer: Any, name: str, *arguments: Any, inputs: tuple[int | None, ...]) -> keras.Model:
    """The compiled Keras model that `answer` is, or returns.

    Args:
        answer: a model, or a function that builds one.
        name: what the function is called in the exercise.
        arguments: what the function is called with.
        inputs: the shape of one example, None for any length; a `Sequential` without `keras.Input`, which Keras allows,
            is built for it, and so is a subclassed model, which then comes back inside a model that has shapes.
            Whether a model that has inputs has these is for the check to say.

    Raises:
        TryAgain: if that is no Keras model, if it is not compiled, or if it cannot take such inputs.
    """
    model = answer if isinstance(answer, keras.Model) else call(answer, *arguments, name=name)
    if not isinstance(model, keras.Model):
        dots = "..." if arguments else ""
        raise TryAgain(f"{name}({dots}) returned {describe(model)}; a compiled Keras model was expected.")
    if not model.compiled:
        raise TryAgain("The model is not compiled. Its last line must be model.compile(...), with optimizer and loss.")
    try:
        if not hasattr(model, "input_shape") and not isinstance(model, keras.Sequential):
            return _with_shapes(model, inputs)
        if not model.built:
            model.build((None, *inputs))
    except Exception as error:  # Keras raises many kinds
        told = f"{said(error).splitlines()[0]}{where(error)}"
        raise TryAgain(f"The model cannot take inputs of shape {(None, *inputs)}: {told}") from None
    return model


def _with_shapes(model: keras.Model, inputs: tuple[int | None, ...]) -> keras.Model:
    """A functional model that holds the subclassed `model`, its weights and its optimizer, and trains as it does."""
    given = keras.Input(inputs)
    whole = keras.Model(given, model(given))
    whole.compile(optimizer=model.optimizer, loss=model.loss, run_eagerly=model.run_eagerly)
    if type(model).train_step is not keras.Model.train_step:
        whole.train_step = model.train_step
    return whole


def refuse_other_shapes(model: keras.Model, inputs: tuple[int, ...], outputs: tuple[int, ...], meaning: str) -> None:
    """Raise TryAgain unless `model` goes from `inputs` to `outputs`, shapes without the batch, whose `meaning` is told."""
    given, wanted = (model.input_shape, model.output_shape), ((None, *inputs), (None, *outputs))
    if given != wanted:
        raise TryAgain(
            f"The model goes from shape {given[0]} to {given[1]}; {meaning}, {wanted[0]} to {wanted[1]}, were expected."
        )


def layers_of(model: keras.Model, kind: type | tuple[type, ...]) -> list[Any]:
    """The layers of `model` that are of that kind, in order, those inside other models and wrappers included."""
    return [layer for layer in every_layer(model) if isinstance(layer, kind)]


def every_layer(model: keras.Model) -> list[Any]:
    """The layers of `model` in order; in the place of a model, a wrapper or a learner's own layer, those inside it."""
    found = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            found += every_layer(layer)
        elif isinstance(layer, keras.layers.Bidirectional):
            found.append(layer.forward_layer)
        elif isinstance(layer, keras.layers.Wrapper):
            found.append(layer.layer)
        elif not type(layer).__module__.startswith("keras.") and (inside := getattr(layer, "_layers", None)):
            found += inside
        else:
            found.append(layer)
    return found


def output_activation(model: keras.Model) -> str:
    """The name of the activation at the end of `model`, whichever way it is written; "" where there is none to be seen."""
    for layer in reversed(every_layer(model)):
        for kind, name in ((keras.layers.Softmax, "softmax"), (keras.layers.ReLU, "relu")):
            if isinstance(layer, kind):
                return name
        if not isinstance(layer, keras.layers.Reshape | keras.layers.Flatten):
            return getattr(getattr(layer, "activation", None), "__name__", "")
    return ""


def loss_name(model: keras.Model) -> str:
    """The name of the loss, whether it was given as a text, a function or an object: "mean_squared_error" for "mse"."""
    try:
        loss: Any = keras.losses.get(model.loss)
    except (ValueError, TypeError):
        loss = model.loss
    return str(getattr(loss, "__name__", None) or getattr(loss, "name", None) or loss)


def keeps_to_0_and_1(model: keras.Model, x: np.ndarray) -> bool:
    """Whether the outputs for `x` lie between 0 and 1 whatever the weights: they do with twenty times these."""
    weights = model.get_weights()
    model.set_weights([20 * each for each in weights])
    made = outputs_of(model, x)
    model.set_weights(weights)
    return bool(np.all((made >= 0) & (made <= 1)))


@contextmanager
def without_cudnn(model: keras.Model) -> Iterator[None]:
    """Let recurrent layers compute by themselves: on a graphics card cuDNN's take padding only behind a sentence."""
    asked = {layer: layer.use_cudnn for layer in every_layer(model) if hasattr(layer, "use_cudnn")}
    for layer in asked:
        layer.use_cudnn = False
    try:
        yield
    finally:
        for layer, before in asked.items():
            layer.use_cudnn = before


def learning_rate(model: keras.Model) -> float:
    """The learning rate with which `model` was compiled."""
    return float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))


def starts(answer: Any, most: int) -> Iterator[int]:
    """Seed Keras anew for each of so many tries, for no start decides alone; a model that is built already has only one."""
    for start in range(1 if isinstance(answer, keras.Model) else most):
        keras.utils.set_random_seed(start)
        yield start


def train(
    model: Any,
    x: np.ndarray,
    y: np.ndarray,
    *,
    epochs: int,
    batch_size: int = 32,
    labels: str = "Does the loss fit the labels?",
) -> None:
    """Train `model` as `model.fit` does for so many epochs, all in one call of a single epoch.

    On TensorFlow each epoch of `fit` begins with about 30 ms of making data iterators, and each step with a millisecond
    of Python, which is most of the time with data as small as a check's. Here the examples are laid out beforehand, each
    epoch in an order of its own, and many steps go in one call; an epoch whose last batch would be smaller hands its
    rest on to the next.

    Args:
        model: a compiled Keras model.
        x, y: inputs and labels, n of each along the first axis.
        epochs, batch_size: as in `model.fit`.
        labels: a sentence on the labels and the loss, for the learner whose loss does not take them.

    Raises:
        TryAgain: if Keras cannot train it so.
    """
    rng = np.random.default_rng(0)
    order = np.concatenate([rng.permutation(len(x)) for _ in range(epochs)])
    at_once = model.steps_per_execution
    if keras.backend.backend() == "tensorflow":
        model.steps_per_execution, model.train_function = AT_ONCE, None
    try:
        model.fit(x[order], y[order], batch_size=batch_size, epochs=1, shuffle=False, verbose=0)
    except Exception as error:  # Keras and its engines raise many kinds
        if place := where(error):  # in a layer or a loss of the learner's own
            raise TryAgain(f"Training stopped with {type(error).__name__}: {said(error)}{place}") from error
        raise TryAgain(f"Training stopped with {type(error).__name__}. {labels}") from error
    finally:
        model.steps_per_execution, model.train_function = at_once, None


def outputs_of(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """What `model` answers to the examples `x`, in one call; `predict` would first be compiled, which takes longer."""
    return np.asarray(keras.ops.convert_to_numpy(model(x, training=False)))


def loss_of(model: keras.Model, x: np.ndarray, y: np.ndarray) -> float:
    """The loss of `model` on the examples, penalties included, in one call, as `outputs_of`."""
    return float(keras.ops.convert_to_numpy(model.compute_loss(x=x, y=y, y_pred=model(x, training=False))))


def accuracy(model: keras.Model, x: np.ndarray, y: np.ndarray) -> float:
    """The share of examples for which the largest output is that of the right class; 0 if outputs are no numbers."""
    made = outputs_of(model, x)
    return float(np.mean(made.argmax(axis=1) == y)) if np.isfinite(made).all() else 0.0


def refuse_no_probabilities(model: keras.Model, x: np.ndarray, each: str = "a picture") -> None:
    """Raise TryAgain if the outputs for `x`, a row each, are no probabilities; logits are fine if the loss takes them."""
    if getattr(model.loss, "from_logits", False):
        return
    made = outputs_of(model, x)
    if np.isfinite(made).all() and (made.min() < -1e-6 or not np.allclose(made.sum(axis=1), 1, atol=1e-3)):
        raise TryAgain(
            f"The outputs of {each} add up to {made[0].sum():.3g}, so they are no probabilities: those are never below 0 and "
            "add up to 1. Which activation of the last layer sees to that?"
        )
