"""The model of lesson 01: a straight line, or a flat plane when there are several features."""

import keras
from keras import layers


def build_linear_model(n_features, learning_rate=0.1):
    """Return one dense unit without activation: prediction = w · x + b.

    Args:
        n_features: how many numbers describe one example.
        learning_rate: how far one step of gradient descent goes.

    Returns:
        A model compiled with plain gradient descent and the mean squared error.
        Input shape (batch, n_features), output shape (batch, 1).

    >>> model = build_linear_model(n_features=10)
    >>> model.count_params()  # 10 weights and 1 bias
    11
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            layers.Dense(1),  # (batch, 1)
        ]
    )
    model.compile(optimizer=keras.optimizers.SGD(learning_rate), loss="mse")
    return model
