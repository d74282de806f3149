"""Steps a real Keras model on points in the plane, in slices of time, and says how it stands. No drawing here."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from courseware.playground import datasets

TRAINING = 256  # points; every batch size offered divides it, so all batches are alike
TEST = 256
BATCH_SIZES = (1, 4, 16, 64, 256)
ACTIVATIONS = ("relu", "tanh", "sigmoid", "linear")
REGULARIZATIONS = ("none", "L1", "L2")
REACH = 1.25  # the map goes from -REACH to REACH
SIDE = 50  # places along one side of the map


@dataclass(frozen=True)
class Settings:
    """What a player can set.

    Attributes:
        data: name of a data set.
        noise: spread of the luck in the points.
        layers, neurons: number of hidden layers, and of units in each; no layers gives a straight border.
        activation: that of the hidden layers.
        learning_rate: the rate of Adam.
        regularization: ``"none"``, ``"L1"`` or ``"L2"``: which size of the weights is charged for.
        strength: how much is charged.
        batch_size: points for each step.
        seed: where the draws of points, weights and batches start.
    """

    data: str = "circle"
    noise: float = 0.05
    layers: int = 1
    neurons: int = 4
    activation: str = "relu"
    learning_rate: float = 0.03
    regularization: str = "none"
    strength: float = 0.001
    batch_size: int = 16
    seed: int = 0


@dataclass(frozen=True)
class State:
    """How training stands: losses are mean cross-entropies, without what regularization charges."""

    epoch: int
    step: int
    training_loss: float
    test_loss: float
    test_accuracy: float
    surface: np.ndarray  # (SIDE, SIDE) probabilities, row by row from the bottom


class Trainer:
    """A network, its data, and how far its training has come.

    Attributes:
        settings: as given.
        model: the compiled Keras model.
        points, labels: training data; test_points, test_labels: as many others.
        history: list of (epoch, training loss, test loss), one for each state that was asked for.

    >>> trainer = Trainer(Settings(data="two Gaussians", layers=0))
    >>> trainer.model.count_params()  # two weights and a bias: a straight border
    3
    """

    def __init__(self, settings: Settings):
        if TRAINING % settings.batch_size:
            raise ValueError(f"batch_size must divide {TRAINING}; got {settings.batch_size}.")
        self.settings = settings
        points, labels = datasets.make(settings.data, TRAINING + TEST, settings.noise, settings.seed)
        self.points, self.test_points = points[:TRAINING], points[TRAINING:]
        self.labels, self.test_labels = labels[:TRAINING], labels[TRAINING:]
        self.model = build(settings)
        self.step = 0
        self.history: list[tuple[float, float, float]] = []
        self._rng = np.random.default_rng(settings.seed)
        self._order = np.arange(TRAINING)
        way = np.linspace(-REACH, REACH, SIDE)
        grid = np.column_stack([part.ravel() for part in np.meshgrid(way, way)])
        self._looked_at = np.concatenate([self.points, self.test_points, grid]).astype("float32")

    @property
    def steps_per_epoch(self) -> int:
        return TRAINING // self.settings.batch_size

    @property
    def epoch(self) -> int:
        """How many epochs are complete."""
        return self.step // self.steps_per_epoch

    def train_step(self) -> None:
        """Take one step on the next mini-batch. The first takes about a second: Keras compiles the step then."""
        at = self.step % self.steps_per_epoch
        if at == 0:
            self._order = self._rng.permutation(TRAINING)
        batch = self._order[at * self.settings.batch_size :][: self.settings.batch_size]
        self.model.train_on_batch(self.points[batch], self.labels[batch, None].astype("float32"))
        self.step += 1

    def train_for(self, seconds: float, until_epoch: int) -> None:
        """Take steps until `seconds` are over or `until_epoch` epochs are complete."""
        end = time.monotonic() + seconds
        while self.epoch < until_epoch:
            self.train_step()
            if time.monotonic() >= end:
                return

    def state(self) -> State:
        """Look at the network as it is now, and note its losses in `history`."""
        import keras

        out = self.model(keras.ops.convert_to_tensor(self._looked_at), training=False)
        probabilities = keras.ops.convert_to_numpy(out)[:, 0]
        given, test = probabilities[:TRAINING], probabilities[TRAINING : TRAINING + TEST]
        now = State(
            epoch=self.epoch,
            step=self.step,
            training_loss=_cross_entropy(given, self.labels),
            test_loss=_cross_entropy(test, self.test_labels),
            test_accuracy=float(np.mean((test > 0.5) == self.test_labels)),
            surface=probabilities[TRAINING + TEST :].reshape(SIDE, SIDE),
        )
        self.history.append((self.step / self.steps_per_epoch, now.training_loss, now.test_loss))
        return now


def build(settings: Settings) -> Any:
    """Return the compiled network: two coordinates, hidden layers, one probability. Input (batch, 2), output (batch, 1)."""
    import keras
    from keras import layers

    charge = {
        "none": lambda: None,
        "L1": lambda: keras.regularizers.L1(settings.strength),
        "L2": lambda: keras.regularizers.L2(settings.strength),
    }[settings.regularization]

    def dense(width: int, activation: str, number: int) -> Any:
        start = keras.initializers.GlorotUniform(seed=1000 * settings.seed + number)
        return layers.Dense(width, activation=activation, kernel_initializer=start, kernel_regularizer=charge())

    model = keras.Sequential([keras.Input(shape=(2,))])
    for number in range(settings.layers):
        model.add(dense(settings.neurons, settings.activation, number))
    model.add(dense(1, "sigmoid", settings.layers))
    model.compile(optimizer=keras.optimizers.Adam(settings.learning_rate), loss="binary_crossentropy")
    return model


def _cross_entropy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    right = np.where(labels == 1, probabilities, 1 - probabilities)
    return float(np.mean(-np.log(np.maximum(right, 1e-7))))
