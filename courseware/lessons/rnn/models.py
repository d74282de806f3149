"""The model of lesson 05: a small recurrent network that forecasts the next value of a series."""

import keras
from keras import layers


def build_rnn_forecaster(units=10, activation="tanh", learning_rate=0.01):
    """Return a recurrent network that reads a series of any length and predicts the next value.

    Args:
        units: how many numbers the hidden state holds.
        activation: of the recurrent layer.
        learning_rate: of Adam.

    Returns:
        A model compiled with Adam and the mean squared error.
        Input shape (batch, time, 1) for any length of time, output shape (batch, 1).

    >>> model = build_rnn_forecaster()
    >>> model.count_params()  # 10 * (1 + 10 + 1) in the recurrence, 10 + 1 in the output
    131
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(None, 1)),  # None: any number of time steps
            layers.SimpleRNN(units, activation),  # (batch, units)
            layers.Dense(1),  # (batch, 1)
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    return model
