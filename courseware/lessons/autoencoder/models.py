"""The models of lesson 07: networks that learn to say the same with fewer numbers."""

import keras
from keras import layers, ops


def build_autoencoder(n_inputs, n_code, hidden=(), code="relu", output="sigmoid", optimizer="adam"):
    """Return an autoencoder and its two halves, which share their weights with it.

    Args:
        n_inputs: how many numbers go in, and come out again.
        n_code: how many numbers there are in the middle.
        hidden: widths of layers before the code; the decoder has the same, in reverse.
        code: the activation of the code; "linear" is none, and lets its numbers be negative, too.
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


class Sample(layers.Layer):
    """Pick a code near its mean at random, in training; in use return the mean itself.

    It takes two arrays of shape (batch, n_code), the mean of each number of the code and the
    logarithm of its variance. (A variance is above 0; its logarithm may be any number, as what a
    layer returns.) To the model's loss it adds how far these are from 0 and from a variance of 1,
    averaged over the batch. That is the Kullback-Leibler divergence,
    0.5 * sum(variance + mean**2 - 1 - log(variance)).

    Args:
        weight: that divergence is multiplied by it.
    """

    def __init__(self, weight):
        super().__init__()
        self.weight = weight
        self.noise = keras.random.SeedGenerator()

    def call(self, inputs, training=False):
        mean, log_variance = inputs
        each = ops.exp(log_variance) + ops.square(mean) - 1 - log_variance
        self.add_loss(self.weight * 0.5 * ops.mean(ops.sum(each, axis=1)))
        if not training:
            return mean
        noise = keras.random.normal(ops.shape(mean), seed=self.noise)
        return mean + ops.exp(log_variance / 2) * noise


def build_variational(n_inputs, n_code, hidden=(), optimizer="adam"):
    """Return a variational autoencoder for inputs between 0 and 1, and its two halves.

    D. Kingma and M. Welling, "Auto-Encoding Variational Bayes", ICLR 2014. The arguments are those
    of `build_autoencoder`, and the halves share their weights in the same way.

    Returns:
        (autoencoder, encoder, decoder). The autoencoder is compiled; the encoder returns the
        mean of each code.

    >>> autoencoder, encoder, decoder = build_variational(784, 2, hidden=(128,))
    >>> encoder.output_shape, decoder.output_shape
    ((None, 2), (None, 784))
    """
    inputs = x = keras.Input(shape=(n_inputs,))  # (batch, n_inputs)
    for units in hidden:
        x = layers.Dense(units, activation="relu")(x)
    mean = layers.Dense(n_code)(x)  # (batch, n_code)
    log_variance = layers.Dense(n_code)(x)  # (batch, n_code)
    encoder = keras.Model(inputs, mean)

    codes = x = keras.Input(shape=(n_code,))  # (batch, n_code)
    for units in reversed(hidden):
        x = layers.Dense(units, activation="relu")(x)
    pictures = layers.Dense(n_inputs, activation="sigmoid")(x)  # (batch, n_inputs)
    decoder = keras.Model(codes, pictures)

    # Keras's cross-entropy is a mean over the pixels; the divergence is divided by as many
    drawn = Sample(1 / n_inputs)([mean, log_variance])
    autoencoder = keras.Model(inputs, decoder(drawn))
    autoencoder.compile(optimizer=optimizer, loss="binary_crossentropy", metrics=["mse"])
    return autoencoder, encoder, decoder
