"""The models of lesson 03: a classifier of digits, a binary classifier, and a stack of any widths for two coordinates."""

import keras
from keras import layers


def build_digit_classifier(size, hidden=128):
    """Return a network that reads digits: pixels, one hidden layer, ten probabilities.

    Args:
        size: height and width of the pictures; 28 gives the classic 784-128-10 network.
        hidden: how many units the hidden layer has.

    Returns:
        A compiled model. Input shape (batch, size, size), output shape (batch, 10).

    >>> build_digit_classifier(28).count_params()  # (784 + 1) * 128 + (128 + 1) * 10
    101770
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(size, size)),  # (batch, 28, 28)
            layers.Flatten(),  # (batch, 784)
            layers.Dense(hidden, activation="relu"),  # (batch, 128)
            layers.Dense(10, activation="softmax"),  # (batch, 10)
        ]
    )
    model.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def build_binary_classifier(n_features=8, hidden=10, learning_rate=0.01):
    """Return a network that answers yes or no: features, one hidden layer, one probability.

    Args:
        n_features: how many numbers describe one example.
        hidden: how many units the hidden layer has.
        learning_rate: the rate of Adam.

    Returns:
        A compiled model. Input shape (batch, n_features), output shape (batch, 1).

    >>> build_binary_classifier().count_params()  # (8 + 1) * 10 + (10 + 1) * 1
    101
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),  # (batch, 8)
            layers.Dense(hidden, activation="relu"),  # (batch, 10)
            layers.Dense(1, activation="sigmoid"),  # (batch, 1)
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    return model


def build_stack(widths, activation="tanh", learning_rate=0.01):
    """Return a network for points in the plane: two coordinates, hidden layers, one probability.

    Args:
        widths: the number of units of each hidden layer, e.g. ``[16, 16]``.
        activation: that of the hidden layers.
        learning_rate: the rate of Adam.

    Returns:
        A compiled model. Input shape (batch, 2), output shape (batch, 1).

    >>> build_stack([3]).count_params()  # (2 + 1) * 3 + (3 + 1) * 1
    13
    """
    model = keras.Sequential([keras.Input(shape=(2,))])  # (batch, 2)
    for width in widths:
        model.add(layers.Dense(width, activation=activation))  # as wide as its entry says
    model.add(layers.Dense(1, activation="sigmoid"))  # (batch, 1)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="binary_crossentropy")
    return model
