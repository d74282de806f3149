"""The model of lesson 01: a straight line, or a flat plane when there are several features."""

import keras
import numpy as np
from keras import layers


def build_linear_model(n_features, learning_rate=0.1):
    """Return a line as a network, one dense layer with one output: prediction = w · x + b.

    Args:
        n_features: how many numbers describe one example.
        learning_rate: scales each step of gradient descent.

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


def orders_of_fit(epochs, seed, batches=None):
    """Return, for each of some epochs, in which order `fit` shows ten examples after Keras's seed is set.

    The labels are 0 to 9 and the input is 1. At rate 0.5 a step sets the only weight to the label it looks at:
    w - 0.5 * 2 * (w - label) = label. So the weight tells which example came last.

    Args:
        epochs: how many.
        seed: for `keras.utils.set_random_seed`, and for `batches`.
        batches: ``ShuffledBatches``, to deal the examples out; None for ``fit(x, y)`` itself.
    """
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(1, use_bias=False)])
    model.compile(optimizer=keras.optimizers.SGD(0.5), loss="mse")
    seen = []
    look = keras.callbacks.LambdaCallback(  # asked for its model, for on JAX the weights are elsewhere while fit runs
        on_train_batch_end=lambda batch, logs: seen.append(round(look.model.get_weights()[0].item()))
    )
    x, y = np.ones((10, 1)), np.arange(10)
    if batches is None:
        model.fit(x, y, batch_size=1, epochs=epochs, callbacks=[look], verbose=0)
    else:
        model.fit(batches(x, y, batch_size=1, seed=seed), epochs=epochs, callbacks=[look], verbose=0)
    return [seen[start : start + 10] for start in range(0, 10 * epochs, 10)]
