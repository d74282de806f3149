"""The models of lesson 11: a feedforward network whose depth and cures are parameters, and one of residual blocks."""

import keras
from keras import layers


def build_deep(
    depth, initializer="he_normal", normalization=False, shortcut=False,
    width=32, learning_rate=0.05,
):  # fmt: skip
    """Return a digit classifier: `depth` hidden layers of `width` ReLU units, then ten logits.

    Args:
        depth, width: the number of hidden layers, and of units in each.
        initializer: how the hidden weights are drawn; Keras's own default is "glorot_uniform".
        normalization: whether each hidden layer is normalized over the batch.
        shortcut: whether each hidden layer but the first adds its input to its output.
        learning_rate: that of plain gradient descent, with which the model is compiled.

    >>> model = build_deep(depth=30)  # input (batch, 64), output (batch, 10)
    >>> model.count_params()  # 65 * 32 + 29 * (33 * 32) + 33 * 10
    33034
    """
    h = inputs = keras.Input(shape=(64,))  # (batch, 64)
    for place in range(depth):
        before = h
        dense = layers.Dense(width, kernel_initializer=initializer, use_bias=not normalization)
        h = dense(h)  # (batch, width)
        if normalization:
            h = layers.BatchNormalization(momentum=0.9)(h)  # (batch, width)
        h = layers.ReLU()(h)  # (batch, width)
        if shortcut and place > 0:  # the first layer changes the width, so it has none
            h = layers.Add()([before, h])  # (batch, width)
    model = keras.Model(inputs, layers.Dense(10)(h))  # (batch, 10); logits
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    sgd = keras.optimizers.SGD(learning_rate)
    model.compile(optimizer=sgd, loss=loss, metrics=["accuracy"])
    return model


def build_blocks(depth, filters, kernel_size=3, learning_rate=0.05):
    """Return a digit classifier of `depth` convolutions, each but the first with a shortcut around it, then ten logits.

    Args:
        depth, filters: the number of convolutions, and of filters in each.
        kernel_size: how many pixels across a filter sees of the layer before.
        learning_rate: a number or a schedule, for descent with momentum, with which the model is compiled.

    >>> build_blocks(depth=4, filters=16).count_params()  # 9 * 16 + 3 * (9 * 16 * 16) + 4 * (4 * 16) + 17 * 10
    7482
    """
    h = inputs = keras.Input(shape=(8, 8, 1))  # (batch, 8, 8, 1)
    for place in range(depth):
        before = h
        h = layers.Conv2D(filters, kernel_size, padding="same", kernel_initializer="he_normal", use_bias=False)(
            h
        )  # (batch, 8, 8, filters)
        h = layers.BatchNormalization(momentum=0.9)(h)
        h = layers.ReLU()(h)
        if place > 0:
            h = layers.Add()([before, h])
    h = layers.GlobalAveragePooling2D()(h)  # (batch, filters)
    model = keras.Model(inputs, layers.Dense(10)(h))  # (batch, 10); logits
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    sgd = keras.optimizers.SGD(learning_rate, momentum=0.9)
    model.compile(optimizer=sgd, loss=loss, metrics=["accuracy"])
    return model
