"""The models of lesson 08: a generator, a discriminator, both in a row, and their training steps.

The steps use nothing but ``train_on_batch`` and ``predict_on_batch``, so they run on every backend of Keras.
"""

import keras
import numpy as np
from keras import layers


def build_generator(n_noise=2, n_out=2, hidden=64, output="linear"):
    """Return a network that turns noise into samples.

    Args:
        n_noise: how many random numbers one sample is made from.
        n_out: how many numbers one sample has: 2 for a point, 64 for a picture of 8 by 8 pixels.
        hidden: units in each of the two hidden layers.
        output: activation of the last layer; ``"sigmoid"`` for pixels between 0 and 1.

    Returns:
        A model that is not compiled, since alone it has no loss.
        Input shape (batch, n_noise), output shape (batch, n_out).

    >>> build_generator().count_params()  # (2 + 1) * 64 + (64 + 1) * 64 + (64 + 1) * 2
    4482
    """
    return keras.Sequential(
        [
            keras.Input(shape=(n_noise,)),  # (batch, n_noise)
            layers.Dense(hidden, activation="relu"),  # (batch, hidden)
            layers.Dense(hidden, activation="relu"),  # (batch, hidden)
            layers.Dense(n_out, activation=output),  # (batch, n_out)
        ]
    )


def build_discriminator(n_in=2, hidden=64, learning_rate=0.002):
    """Return a network that tells real samples (label 1) from fake ones (label 0).

    Args:
        n_in: how many numbers one sample has.
        hidden: units in each of the two hidden layers.
        learning_rate: the rate of Adam.

    Returns:
        A compiled model. Input shape (batch, n_in), output shape (batch, 1): a logit, above 0 for
        "real".

    >>> build_discriminator().count_params()  # (2 + 1) * 64 + (64 + 1) * 64 + (64 + 1) * 1
    4417
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(n_in,)),  # (batch, n_in)
            layers.Dense(hidden, activation="leaky_relu"),  # (batch, hidden)
            layers.Dense(hidden, activation="leaky_relu"),  # (batch, hidden)
            layers.Dense(1),  # (batch, 1)
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate, beta_1=0.5),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
    )
    return model


def build_gan(n_noise=2, n_out=2, hidden=64, output="linear", rates=(0.001, 0.002)):
    """Return a generator, a discriminator, and both in a row for the generator's training.

    Args:
        n_noise, n_out, hidden, output: as in `build_generator`.
        rates: the learning rates of the generator and of the discriminator.

    Returns:
        generator, discriminator, combined. The last has the input shape (batch, n_noise) and the
        output shape (batch, 1), a logit; it is compiled, and trains the generator alone.

    >>> generator, discriminator, combined = build_gan()
    >>> combined.count_params(), len(combined.trainable_weights)  # of both; of the generator
    (8899, 6)
    """
    generator = build_generator(n_noise, n_out, hidden, output)
    discriminator = build_discriminator(n_out, hidden, rates[1])
    discriminator.trainable = False  # in the combined model only the generator learns
    combined = keras.Sequential(
        [
            keras.Input(shape=(n_noise,)),  # (batch, n_noise)
            generator,  # (batch, n_out)
            discriminator,  # (batch, 1)
        ]
    )
    combined.compile(
        optimizer=keras.optimizers.Adam(rates[0], beta_1=0.5),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
    )
    return generator, discriminator, combined


def values(model, inputs):
    """Return what `model` gives for `inputs` as a NumPy array; `predict` is slower for few inputs.

    >>> values(build_generator(), np.zeros((5, 2))).shape
    (5, 2)
    """
    return keras.ops.convert_to_numpy(model(keras.ops.convert_to_tensor(inputs, dtype="float32")))


def discriminator_step(gan, real, noise):
    """Let the discriminator learn once: real samples have the label 1, fake ones the label 0."""
    generator, discriminator, _ = gan
    fake = generator.predict_on_batch(noise)  # as a NumPy array
    samples = np.concatenate([real, fake])
    labels = np.concatenate([np.ones((len(real), 1)), np.zeros((len(fake), 1))])
    discriminator.trainable = True
    discriminator.train_on_batch(samples, labels)


def generator_step(gan, noise):
    """Let the generator learn once: the frozen discriminator is to answer 1 for its samples."""
    _, discriminator, combined = gan
    discriminator.trainable = False
    combined.train_on_batch(noise, np.ones((len(noise), 1)))


def train_gan(gan, draw_real, steps, rng, batch=128, generator_steps=1, look_every=20, live=None):
    """Train both networks in turn; now and then look at them, and return what was seen.

    Args:
        gan: the three models of `build_gan`.
        draw_real: a function of n that returns n real samples, an array (n, n_out).
        steps: the last step that is looked at; they are counted from 0.
        rng: the source of the random numbers.
        batch: how many real samples it sees in a turn, and as many fakes.
        generator_steps: how many turns the generator has after each turn of the discriminator.
        look_every: steps between looks.
        live: ``lesson.live()`` to watch.

    Returns:
        For each look ``step``, ``accuracy`` (of D), ``loss`` (of G) and ``samples``, (500, n_out).
    """
    generator, discriminator, _ = gan
    n_noise, looks = generator.input_shape[1], []
    fixed_noise = rng.normal(size=(500, n_noise))
    if live:
        live.set_params({"epochs": steps // look_every + 1, "counted": "look"})
        live.on_train_begin()
    for step in range(steps + 1):
        if step % look_every == 0:
            samples = values(generator, fixed_noise)
            real, fake = values(discriminator, draw_real(500)), values(discriminator, samples)
            accuracy = (np.mean(real > 0) + np.mean(fake < 0)) / 2
            loss = np.mean(np.logaddexp(0, -fake))  # -log D, safe from overflow
            looks.append({"step": step, "accuracy": accuracy, "loss": loss, "samples": samples})
            if live:
                live.on_epoch_end(step // look_every, {"step": step})
        discriminator_step(gan, draw_real(batch), rng.normal(size=(batch, n_noise)))
        for _ in range(generator_steps):
            generator_step(gan, rng.normal(size=(batch, n_noise)))
    return looks
