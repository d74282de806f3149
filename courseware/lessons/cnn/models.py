"""The models of lesson 04: a reader of digits that may have moved, and a judge of photo patches."""

import keras
from keras import layers


def build_digit_cnn(size=12, pool=1, learning_rate=0.005):
    """Return a convolutional network that reads digits wherever they stand.

    Args:
        size: height and width of the pictures.
        pool: 1 leaves the first feature maps as they are; 2 halves them, to save work.
            The shapes beside the layers are those for 1.
        learning_rate: the rate of Adam, a number or a schedule.

    Returns:
        A compiled model. Input shape (batch, size, size, 1), output shape (batch, 10).

    >>> build_digit_cnn().count_params()  # 160 + 4640 + 13872 + 490
    19162
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(size, size, 1)),
            layers.Conv2D(16, 3, padding="same", activation="relu"),  # (batch, size, size, 16)
            layers.MaxPooling2D(pool),  # (batch, size, size, 16)
            layers.Conv2D(32, 3, padding="same", activation="relu"),  # (batch, size, size, 32)
            layers.Conv2D(48, 3, padding="same", activation="relu"),  # (batch, size, size, 48)
            layers.GlobalMaxPooling2D(),  # (batch, 48)
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
