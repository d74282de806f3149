"""The models of lesson 04: a reader of digits that may have moved, and a judge of photo patches."""

import keras
from keras import layers


def build_digit_cnn(size=32, learning_rate=0.005, flatten=False):
    """Return a convolutional network that reads digits: convolution and pooling, three times.

    Args:
        size: height and width of the pictures.
        learning_rate: the rate of Adam, a number or a schedule.
        flatten: False pools the last maps globally; True lays all their numbers in one row.

    Returns:
        A compiled model. Input shape (batch, size, size, 1), output shape (batch, 10).

    >>> build_digit_cnn().count_params()  # 80 + 1168 + 4640 + 330
    6218
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(size, size, 1)),
            layers.Conv2D(8, 3, padding="same", activation="relu"),  # (batch, 32, 32, 8)
            layers.MaxPooling2D(2),  # (batch, 16, 16, 8)
            layers.Conv2D(16, 3, padding="same", activation="relu"),  # (batch, 16, 16, 16)
            layers.MaxPooling2D(2),  # (batch, 8, 8, 16)
            layers.Conv2D(32, 3, padding="same", activation="relu"),  # (batch, 8, 8, 32)
            layers.Flatten() if flatten else layers.GlobalMaxPooling2D(),  # (batch, 32)
            layers.Dense(10, activation="softmax"),  # (batch, 10)
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def build_photo_cnn(size=64, filters=32, hidden=128):
    """Return a convolutional network that answers yes or no about a small colour picture.

    Args:
        size: height and width of the pictures.
        filters: how many kernels the convolutional layer has.
        hidden: how many units the dense layer has.

    Returns:
        A compiled model. Input shape (batch, size, size, 3), output shape (batch, 1).

    >>> build_photo_cnn(size=8, filters=4, hidden=5).count_params()  # 28*4 + 37*5 + 6
    303
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(size, size, 3)),  # (batch, 64, 64, 3)
            layers.Conv2D(filters, 3, activation="relu"),  # (batch, 62, 62, 32)
            layers.MaxPooling2D(2),  # (batch, 31, 31, 32)
            layers.Flatten(),  # (batch, 30752)
            layers.Dense(hidden, activation="relu"),  # (batch, 128)
            layers.Dense(1, activation="sigmoid"),  # (batch, 1)
        ]
    )
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model
