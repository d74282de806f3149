"""The model of lesson 14: a body that turns a picture into features. The lesson puts the heads on."""

import keras
from keras import layers


def build_body(size, channels=1):
    """Return a small convolutional network that turns a picture into 48 features.

    Args:
        size: height and width of a picture.
        channels: 1 for grey pictures, 3 for colour.

    Returns:
        A model without a loss; it is the body of others.
        Input shape (batch, size, size, channels), output shape (batch, 48).

    >>> body = build_body(size=20)
    >>> body.count_params()  # (9 + 1) * 12, (9 * 12 + 1) * 24, (9 * 24 + 1) * 48
    13152
    """
    return keras.Sequential(
        [
            keras.Input(shape=(size, size, channels)),
            layers.Conv2D(12, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(24, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(48, 3, activation="relu"),
            layers.GlobalAveragePooling2D(),  # (batch, 48): at size 20 one place was left
        ]
    )
