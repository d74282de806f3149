"""Train one compiled model again and again, each time from given weights and with a fresh optimizer."""

import keras


class Restart:
    """Puts a compiled model back to where a training begins.

    Building the model anew would do the same, and take longer. `start` has the weights with which the model came.

    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> model.compile("adam", loss="mse")
    >>> restart = Restart(model)
    >>> _ = restart.train(restart.start, keras.ops.ones((4, 1)), keras.ops.ones((4, 1)), steps=3)
    >>> int(model.optimizer.iterations)
    3
    >>> int(restart.begin(restart.start).optimizer.iterations)
    0
    """

    def __init__(self, model):
        self.model, self.start = model, model.get_weights()
        model.optimizer.build(model.trainable_variables)
        self.states = [keras.ops.convert_to_numpy(value) for value in model.optimizer.variables]

    def begin(self, weights):
        """Set the weights and what the optimizer remembers, and return the model."""
        self.model.set_weights(weights)
        for value, start in zip(self.model.optimizer.variables, self.states, strict=True):
            value.assign(start)
        return self.model

    def train(self, weights, x, y, steps):
        """Begin at the weights, take so many steps with all examples at once, and return the model."""
        self.begin(weights)
        for _ in range(steps):
            self.model.train_on_batch(x, y)
        return self.model
