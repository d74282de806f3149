"""Many classifiers side by side in one Keras model, so that one training trains them all."""

import keras
import numpy as np
from keras import layers, ops


def build_team(settings, n_features=64, n_classes=10, hidden=(64, 64), batch_norm=False, rate=0.005):
    """Return one compiled model that holds several classifiers side by side; they share nothing.

    The loss is the sum of theirs, so each learns what it would learn alone; training them takes little longer than
    training one. The metric ``cross_entropy`` is their mean, without penalties.

    Args:
        settings: for each classifier a dictionary with any of ``l1``, ``l2`` and ``dropout``, as in `models.build_network`.
        n_features, n_classes, hidden, batch_norm, rate: as in `models.build_network`, the same for all.

    >>> build_team([{}, {"l2": 0.01}], hidden=(64,)).output_shape
    (None, 2, 10)
    """
    n = len(settings)
    l1, l2, dropout = (np.array([each.get(key, 0.0) for each in settings]) for key in ("l1", "l2", "dropout"))
    model = keras.Sequential([keras.Input(shape=(n, n_features))])  # (batch, classifiers, n_features)
    inputs = n_features
    for width in hidden:
        model.add(_side_by_side(n, inputs, width, use_bias=not batch_norm, kernel_regularizer=_Prices(l1, l2)))
        inputs = width
        if batch_norm:  # over the batch, for each unit of each classifier
            model.add(layers.Reshape((n * width,)))
            model.add(layers.BatchNormalization(momentum=0.9))
            model.add(layers.Reshape((n, width)))
        model.add(layers.Activation("relu"))
        if dropout.any():
            model.add(_EachDropout(dropout))
    model.add(_side_by_side(n, inputs, n_classes))
    model.add(layers.Activation("softmax"))  # (batch, classifiers, n_classes)
    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=_sum_over_classifiers,
        metrics=["accuracy", keras.metrics.SparseCategoricalCrossentropy(name="cross_entropy")],
    )
    model.optimizer.build(model.trainable_variables)
    return model


def _side_by_side(n, inputs, width, use_bias=True, kernel_regularizer=None):
    """A dense layer for each of `n` classifiers, initialized as `layers.Dense` is."""
    limit = np.sqrt(6 / (inputs + width))  # Glorot's, which Keras would reckon for all classifiers as one
    return layers.EinsumDense(
        "bnf,nfw->bnw",
        output_shape=(n, width),
        bias_axes="nw" if use_bias else None,
        kernel_initializer=keras.initializers.RandomUniform(-limit, limit),
        kernel_regularizer=kernel_regularizer,
    )


def _sum_over_classifiers(labels, probabilities):
    return ops.sum(keras.losses.sparse_categorical_crossentropy(labels, probabilities), axis=-1)


class _Prices(keras.regularizers.Regularizer):
    """A strength of L1 and of L2 for each classifier, (classifiers,)."""

    def __init__(self, l1, l2):
        self.l1, self.l2 = (np.reshape(each, (-1, 1, 1)).astype("float32") for each in (l1, l2))

    def __call__(self, weights):
        return ops.sum(self.l1 * ops.abs(weights)) + ops.sum(self.l2 * ops.square(weights))


class _EachDropout(layers.Layer):
    """Dropout with a rate for each classifier, (classifiers,)."""

    def __init__(self, rates):
        super().__init__()
        self.rates = np.reshape(rates, (-1, 1)).astype("float32")
        self.random = keras.random.SeedGenerator()

    def call(self, inputs, training=False):
        if not training:
            return inputs
        stays = keras.random.uniform(ops.shape(inputs), seed=self.random) >= self.rates
        return inputs * ops.cast(stays, inputs.dtype) / (1 - self.rates)
