"""The models of lesson 00: ten neurons that read a digit, and a network with a hidden layer for a chessboard.

Beside them a rule by hand, to compare with.
"""

import keras
from keras import layers


def build_digit_classifier(n_pixels=784, n_digits=10, learning_rate=0.003):
    """Return one layer of neurons, one for each digit, without anything in between.

    Args:
        n_pixels: how many numbers describe one picture.
        n_digits: how many different answers there are.
        learning_rate: how large the steps of training are.

    Returns:
        A model compiled for labels that are whole numbers from 0 to n_digits - 1.
        Input shape (batch, n_pixels). Output shape (batch, n_digits): probabilities.

    >>> build_digit_classifier().count_params()  # 784 weights and 1 bias for each of 10 neurons
    7850
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(n_pixels,)),
            layers.Dense(n_digits, activation="softmax"),  # (batch, n_digits)
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def build_board_classifier(n_hidden):
    """Return a network with one hidden layer that says which colour a place on a chessboard has.

    Args:
        n_hidden: how many neurons stand between the input and the output.

    Returns:
        A compiled model. Input shape (batch, 2): the place.
        Output shape (batch, 2): the probability of each colour.

    >>> build_board_classifier(n_hidden=64).count_params()  # 2*64 + 64, then 64*2 + 2
    322
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(2,)),
            layers.Dense(n_hidden, activation="relu"),  # (batch, n_hidden)
            layers.Dense(2, activation="softmax"),  # (batch, 2)
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def three_or_eight(picture):
    """Return 8 if a picture of shape (28, 28) has ink where an 8 closes its lower loop on the left, else 3.

    >>> import numpy as np
    >>> three_or_eight(np.zeros((28, 28))), three_or_eight(np.ones((28, 28)))
    (3, 8)
    """
    return 8 if picture[17:19, 8:14].mean() > 0.2 else 3


def __getattr__(name):
    """What copies of this lesson ask for that were made when its pictures had 8 by 8 pixels."""
    if name == "build_digit_reader":
        return lambda n_pixels=64, n_digits=10: build_digit_classifier(n_pixels, n_digits, learning_rate=0.01)
    if name == "build_board_reader":
        return build_board_classifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
