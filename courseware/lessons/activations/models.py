"""The models of lesson 02: a small classifier with the activation as a parameter, and a single unit."""

import keras
from keras import layers


def build_classifier(activation="relu", units=16, n_hidden=1, learning_rate=0.5):
    """Return a yes-or-no classifier of points in the plane with the activation of your choice.

    Args:
        activation: name of a Keras activation for the hidden layers, or a function.
        units: number of units in each hidden layer.
        n_hidden: number of hidden layers; 0 leaves one sigmoid unit, which can only draw a line.
        learning_rate: how far one step of gradient descent goes.

    Returns:
        A model compiled with plain gradient descent and binary cross-entropy.
        Input shape (batch, 2), output shape (batch, 1): the probability of class 1.

    >>> model = build_classifier("tanh", units=16)
    >>> model.count_params()  # (2 + 1) * 16 hidden + (16 + 1) * 1 output
    65
    """
    model = keras.Sequential([keras.Input(shape=(2,))])
    for _ in range(n_hidden):
        model.add(layers.Dense(units, activation=activation))  # (batch, units)
    model.add(layers.Dense(1, activation="sigmoid"))  # (batch, 1)
    optimizer = keras.optimizers.SGD(learning_rate)
    model.compile(optimizer=optimizer, loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_unit(activation, weight=1.0, bias=0.0, learning_rate=0.1):
    """Return one unit with one input, started at a place of your choice.

    Args:
        activation: name of a Keras activation, or a function of a tensor.
        weight, bias: the two parameters before training.
        learning_rate: how far one step of gradient descent goes.

    Returns:
        A model compiled with plain gradient descent and the mean squared error.
        Input shape (batch, 1), output shape (batch, 1).

    >>> model = build_unit("relu", bias=-10.0)
    >>> [parameter.item() for parameter in model.get_weights()]
    [1.0, -10.0]
    """
    unit = layers.Dense(
        1,
        activation=activation,
        kernel_initializer=keras.initializers.Constant(weight),
        bias_initializer=keras.initializers.Constant(bias),
    )
    model = keras.Sequential(
        [
            keras.Input(shape=(1,)),
            unit,  # (batch, 1)
        ]
    )
    model.compile(optimizer=keras.optimizers.SGD(learning_rate), loss="mse")
    return model
