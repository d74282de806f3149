"""The model of lesson 11: a feedforward network whose depth and cures are parameters."""

import keras
from keras import layers


def build_deep(
    depth, initializer="he_normal", normalization=False, shortcut=False,
    width=32, learning_rate=0.05,
):  # fmt: skip
    """Return a reader of digits: `depth` hidden layers of `width` ReLU units, then ten logits.

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
