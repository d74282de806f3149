"""The models of lesson 12: the digit classifier that is made small and put to work, and a recommender."""

import keras
from keras import layers


def build_digit_network(hidden=256):
    """Return a digit classifier that takes the pixels as the data set has them, 0 to 16.

    Args:
        hidden: how many units each of the two hidden layers has.

    Returns:
        A compiled model. Input shape (batch, 64), output shape (batch, 10).

    >>> build_digit_network().count_params()  # 65 * 256 + 257 * 256 + 257 * 10
    85002
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(64,)),
            layers.Rescaling(1 / 8, offset=-1),  # (batch, 64): 0 to 16 becomes -1 to 1
            layers.Dense(hidden, activation="relu"),  # (batch, hidden)
            layers.Dense(hidden, activation="relu"),  # (batch, hidden)
            layers.Dense(10, activation="softmax"),  # (batch, 10)
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def build_recommender(n_users, n_items, size=2, learning_rate=0.02):
    """Return a model that says for each item how likely a user is to take it next.

    Args:
        n_users: how many users there are; a user is given by a whole number from 0.
        n_items: how many items there are.
        size: how many numbers describe a user's taste, and an item.
        learning_rate: of Adam.

    Returns:
        A compiled model. Input shape (batch, 1) of whole numbers, output shape (batch, n_items).

    >>> build_recommender(n_users=400, n_items=120).count_params()  # 400 * 2 + 2 * 120 + 120
    1160
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(1,), dtype="int32"),
            layers.Embedding(n_users, size),  # (batch, 1, size)
            layers.Flatten(),  # (batch, size)
            layers.Dense(n_items, activation="softmax"),  # (batch, n_items)
        ]
    )
    model.compile(keras.optimizers.Adam(learning_rate), loss="sparse_categorical_crossentropy")
    return model
