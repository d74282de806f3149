"""The model of lesson 09: one classifier whose regularizers are parameters, all of them switched off at first."""

import keras
from keras import layers


def build_network(
    n_features=64, n_classes=10, hidden=(64,),
    l1=0.0, l2=0.0, dropout=0.0, batch_norm=False, rate=0.003,
):  # fmt: skip
    """Return a compiled classifier, (batch, n_features) to (batch, n_classes), regularized at will.

    Args:
        hidden: width of each hidden layer; ``()`` for none. All are regularized alike.
        l1, l2: prices on the size and on the square of each weight in the hidden layers.
        dropout: fraction of the hidden units that each training step leaves out.
        batch_norm: whether weighted sums are standardized over the batch.
        rate: the learning rate of Adam.

    >>> build_network(hidden=(64,)).count_params()  # (64 + 1) * 64 + (64 + 1) * 10
    4810
    """
    model = keras.Sequential([keras.Input(shape=(n_features,))])  # (batch, n_features)
    for width in hidden:
        penalty = keras.regularizers.L1L2(l1=l1, l2=l2)
        model.add(layers.Dense(width, use_bias=not batch_norm, kernel_regularizer=penalty))
        if batch_norm:  # it brings its own bias
            model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.Activation("relu"))
        if dropout:
            model.add(layers.Dropout(dropout))
    model.add(layers.Dense(n_classes, activation="softmax"))  # (batch, n_classes)
    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy", keras.metrics.SparseCategoricalCrossentropy(name="cross_entropy")],
    )
    model.optimizer.build(model.trainable_variables)  # else the training step is compiled twice
    return model
