"""Train the course's two digit readers and print test accuracy against seconds of training, epoch by epoch.

    python benchmarks/accuracy_per_second.py DIGITS.npz

The file holds `x`, pictures of shape (n, 28, 28) with pixels from 0 to 255 (or 0 to 1), and `y`, the n digits. The
first 80 % train, the rest test. Seconds count from the call of `fit`, compilation included, without the testing.
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import sys
import time

import keras
import numpy as np
from keras import layers

from courseware.lessons.fnn.models import build_digit_classifier

Pair = tuple[np.ndarray, np.ndarray]  # pictures of shape (n, 28, 28), labels


def build_fnn() -> keras.Model:
    """Return the network of lesson 03, with twice as many hidden units."""
    return build_digit_classifier(size=28, hidden=256)


def build_cnn() -> keras.Model:
    """Return a small convolutional network; the first layer takes large steps, which saves most of the work."""
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            layers.Reshape((28, 28, 1)),  # (batch, 28, 28, 1)
            layers.Conv2D(16, 5, strides=2, activation="relu"),  # (batch, 12, 12, 16)
            layers.Conv2D(32, 3, activation="relu"),  # (batch, 10, 10, 32)
            layers.MaxPooling2D(2),  # (batch, 5, 5, 32)
            layers.Conv2D(64, 3, activation="relu"),  # (batch, 3, 3, 64)
            layers.Flatten(),  # (batch, 576)
            layers.Dense(10, activation="softmax"),  # (batch, 10)
        ]
    )


class Race(keras.callbacks.Callback):
    """Print a line for each epoch; the clock stands still while Keras tests."""

    def on_train_begin(self, logs: object = None) -> None:
        self.seconds, self.started = 0.0, time.perf_counter()

    def on_test_begin(self, logs: object = None) -> None:
        self.seconds += time.perf_counter() - self.started

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        print(f"{epoch + 1:>5} {self.seconds:>9.2f} {logs['val_accuracy']:>10.4f}", flush=True)

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        if epoch:
            self.started = time.perf_counter()


def train(name: str, model: keras.Model, data: tuple[Pair, Pair], batch_size: int, epochs: int, rate: float) -> None:
    """Train with a rate that falls to nearly nothing in a straight line, so that the last epochs come to rest."""
    (x_train, y_train), test = data
    steps = len(x_train) // batch_size * epochs
    falling = keras.optimizers.schedules.PolynomialDecay(rate, steps, end_learning_rate=rate / 100)
    model.compile(
        optimizer=keras.optimizers.Adam(falling),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=25,
    )
    print(f"\n{name}, {model.count_params():,} parameters\nepoch   seconds   accuracy")
    model.fit(x_train, y_train, batch_size=batch_size, epochs=epochs, validation_data=test,
              validation_batch_size=500, verbose=0, callbacks=[Race()])  # fmt: skip


def load(path: str) -> tuple[Pair, Pair]:
    """Return ((x_train, y_train), (x_test, y_test)), pixels from 0 to 1.

    Raises:
        SystemExit: if the file cannot be read, or does not hold such pictures.
    """
    try:
        with np.load(path) as stored:
            x, y = stored["x"], stored["y"]
    except (OSError, KeyError, ValueError) as error:
        raise SystemExit(f"{path}: a .npz file with the arrays x and y was expected ({error}).") from None
    if x.ndim != 3 or x.shape[1:] != (28, 28) or y.shape != (len(x),):
        raise SystemExit(f"{path}: x has shape {x.shape} and y {y.shape}; expected (n, 28, 28) and (n,).")
    x = x.astype("float32") / (255 if x.max() > 1 else 1)
    cut = int(0.8 * len(x))
    return (x[:cut], y[:cut].astype(int)), (x[cut:], y[cut:].astype(int))


def main(arguments: list[str]) -> None:
    if len(arguments) != 1:
        raise SystemExit(__doc__)
    data = load(arguments[0])
    print(f"{len(data[0][0]):,} training pictures, {len(data[1][0]):,} test pictures")
    keras.utils.set_random_seed(0)
    train("FNN", build_fnn(), data, batch_size=64, epochs=6, rate=0.005)
    keras.utils.set_random_seed(0)
    train("CNN", build_cnn(), data, batch_size=32, epochs=3, rate=0.005)


if __name__ == "__main__":
    main(sys.argv[1:])
