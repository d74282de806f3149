"""The model of lesson 07: a network that learns to say the same with fewer numbers."""

import keras
from keras import layers


def build_autoencoder(n_inputs, n_code, hidden=(), code="relu", output="sigmoid", optimizer="adam"):
    """Return an autoencoder and its two halves, which share their weights with it.

    Args:
        n_inputs: how many numbers go in, and come out again.
        n_code: how many numbers there are in the middle.
        hidden: widths of layers before the code; the decoder has the same, in reverse.
        code: the activation of the code.
        output: "sigmoid" for inputs between 0 and 1, "linear" for any numbers.
        optimizer: a Keras optimizer or its name.

    Returns:
        (autoencoder, encoder, decoder). The autoencoder is compiled; its input and output have
        shape (batch, n_inputs). The code has shape (batch, n_code).

    >>> autoencoder, encoder, decoder = build_autoencoder(784, 32)
    >>> autoencoder.count_params(), encoder.count_params(), decoder.count_params()
    (50992, 25120, 25872)
    """
    inputs = x = keras.Input(shape=(n_inputs,))  # (batch, n_inputs)
    for units in hidden:
        x = layers.Dense(units, activation="relu")(x)
    encoder = keras.Model(inputs, layers.Dense(n_code, activation=code)(x))  # (batch, n_code)

    codes = x = keras.Input(shape=(n_code,))  # (batch, n_code)
    for units in reversed(hidden):
        x = layers.Dense(units, activation="relu")(x)
    decoder = keras.Model(codes, layers.Dense(n_inputs, activation=output)(x))  # (batch, n_inputs)

    autoencoder = keras.Model(inputs, decoder(encoder(inputs)))
    loss = "binary_crossentropy" if output == "sigmoid" else "mse"
    autoencoder.compile(optimizer=optimizer, loss=loss, metrics=["mse"])
    return autoencoder, encoder, decoder
