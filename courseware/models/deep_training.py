"""The model of lesson 11: a feedforward network whose depth and cures are parameters."""

import keras
from keras import layers


def build_deep(
    depth, initializer="he_normal", normalization=False, shortcut=False, width=32, n_features=64, learning_rate=0.05
):
    """Return a classifier of ten classes with `depth` hidden layers of ReLU units.

    Args:
        depth: the number of hidden layers.
        initializer: how the weights of the hidden layers are drawn, e.g. ``"glorot_uniform"``, which is Keras's default.
        normalization: whether each hidden layer but the first normalizes its weighted sums over the batch.
        shortcut: whether each hidden layer but the first adds its input to its output.
        width: the number of units of each hidden layer.
        n_features: how many numbers describe one example.
        learning_rate: that of plain gradient descent.

    Returns:
        A compiled model. Input shape (batch, n_features), output shape (batch, 10).

    >>> build_deep(depth=30).count_params()  # 65 * 32 + 29 * (33 * 32) + 33 * 10
    33034
    """
    inputs = keras.Input(shape=(n_features,))  # (batch, n_features)
    h = layers.Dense(width, activation="relu", kernel_initializer=initializer)(inputs)  # (batch, width)
    for _ in range(depth - 1):
        before = h
        h = layers.Dense(width, kernel_initializer=initializer, use_bias=not normalization)(h)  # (batch, width)
        if normalization:
            h = layers.BatchNormalization(momentum=0.9)(h)  # (batch, width)
        h = layers.ReLU()(h)  # (batch, width)
        if shortcut:
            h = layers.Add()([before, h])  # (batch, width)
    outputs = layers.Dense(10, activation="softmax")(h)  # (batch, 10)
    model = keras.Model(inputs, outputs)
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=20,  # the same steps, handed over twenty at a time
    )
    return model
