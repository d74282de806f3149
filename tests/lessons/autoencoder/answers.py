"""Answers to the exercises of lesson 07."""

import keras
import numpy as np
from sklearn.metrics import roc_auc_score

from courseware.lessons.autoencoder.models import build_autoencoder


def _model(n_code=8, output="sigmoid", loss="binary_crossentropy", n_out=64, shape=64, optimizer="adam"):
    inputs = keras.Input(shape=(shape,))
    code = keras.layers.Dense(n_code, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(n_out, activation=output)(code))
    model.compile(optimizer=optimizer, loss=loss)
    return model


def _of_convolutions():
    filters = [keras.layers.Conv1D(n, 3, padding="same", activation=kind) for n, kind in ((8, "relu"), (1, "sigmoid"))]
    model = keras.Sequential(
        [keras.Input(shape=(64,)), keras.layers.Reshape((64, 1)), *filters, keras.layers.Flatten()]
    )
    model.compile(optimizer="adam", loss="mse")
    return model


def _in_two_halves():
    encoder = keras.Sequential([keras.Input(shape=(64,)), keras.layers.Dense(8, activation="relu")])
    decoder = keras.Sequential([keras.Input(shape=(8,)), keras.layers.Dense(64), keras.layers.Activation("sigmoid")])
    model = keras.Sequential([encoder, decoder])
    model.compile(optimizer="adam", loss="mse")
    return model


def _round_the_code():
    _, encoder, decoder = build_autoencoder(64, 6, (64,), code="linear")
    inputs = keras.Input(shape=(64,))
    past = keras.layers.Dense(64)(inputs)
    model = keras.Model(inputs, keras.layers.Add()([decoder(encoder(inputs)), past]))
    model.compile(keras.optimizers.Adam(0.003), loss="mse")
    return model, encoder, decoder


def _auc_sorted(normal, odd):
    labels = np.r_[np.zeros(len(normal)), np.ones(len(odd))]
    return roc_auc_score(labels, np.r_[normal, odd])


def _alarm(add=0):
    def alarm(scores, fraction):
        ordered = sorted(scores)
        return ordered[max(0, len(ordered) - 1 - int(fraction * len(ordered) + 1e-9) + add)]

    return alarm


def _scaled(x, spread, rng):
    noisy = x + rng.normal(0, spread, x.shape)
    return (noisy - noisy.min()) / (noisy.max() - noisy.min())


RIGHT = {
    "pca_code": [
        lambda x, a, d: np.array([[np.sum((row - a) * w) for w in d] for row in x]),
        lambda x, a, d: x @ d.T - a @ d.T,
    ],
    "pca_rebuild": [lambda c, a, d: np.array([a + sum(v * w for v, w in zip(row, d, strict=True)) for row in c])],
    "parameters": [lambda n, k: 2 * n * k + n + k],
    "repair": [
        lambda: _model(16, loss="mse"),
        _model(2),
        lambda: _model(loss=keras.losses.BinaryCrossentropy()),
        _in_two_halves,
        lambda: _model(loss="mae"),
        lambda: _model(optimizer=keras.optimizers.Adadelta(1.0)),
        lambda: _model(output="hard_sigmoid", loss="mse"),
    ],
    "add_noise": [
        lambda x, s, rng: np.minimum(1, np.maximum(0, x + s * rng.standard_normal(x.shape))),
        lambda x, s, rng: (x + rng.normal(0, s, x.shape)).clip(0, 1).astype("float32"),
    ],
    "auc": [
        _auc_sorted,
        lambda normal, odd: sum((o > n) + 0.5 * (o == n) for n in normal for o in odd) / (len(normal) * len(odd)),
    ],
    "alarm_at": [
        _alarm(),
        lambda scores, fraction: np.sort(scores)[-int(fraction * len(scores)) - 1],
        lambda scores, fraction: min(s for s in scores if np.mean(np.asarray(scores) > s) <= fraction + 1e-12),
    ],
    "six_numbers": [
        lambda: build_autoencoder(64, 6, (100, 50), code="linear", optimizer=keras.optimizers.Adam(0.004)),
    ],
}

WRONG = {
    "pca_code": [
        (lambda x, a, d: x @ d.T, "average was not subtracted"),
        (lambda x, a, d: (a - x) @ d.T, "sign"),
        (lambda x, a, d: (x - x.mean(axis=0)) @ d.T, "given average"),
        (lambda x, a, d: d @ (x - a).T, "Swap"),
        (lambda x, a, d: x - a, "(5, 4)"),
        (lambda x, a, d: (x - a) @ d, "in its columns"),
        (lambda x, a, d: np.dot(x - a, d), "in its columns"),
        (lambda x, a, d: d @ (x - a), "in its columns"),
        (lambda x, a, d: (x - a) * d, "that is written `@`"),
        (lambda x, a, d: x.no_such_name, "AttributeError"),
    ],
    "pca_rebuild": [
        (lambda c, a, d: c @ d, "average is missing"),
        (lambda c, a, d: c @ d - a, "added"),
        (lambda c, a, d: c @ d.T, "without .T"),
        (lambda c, a, d: a + c * d, "that is written `@`"),
        (lambda c, a, d: a + c[0] @ d, "(4,)"),
        (lambda c, a, d: a + (c @ d) ** 2, "expected"),
    ],
    "parameters": [
        (lambda n, k: 2 * n * k, "biases are missing"),
        (lambda n, k: (n + 1) * k, "That is the encoder"),
        (lambda n, k: (k + 1) * n, "That is the decoder"),
        (lambda n, k: 2 * (n + 1) * k, "784 outputs"),
        (lambda n, k: 2 * n * k + n, "32 units"),
        (lambda n, k: 50992, "parameters(64, 8)"),
    ],
    "repair": [
        (lambda: _model(64), "simply copy"),
        (lambda: _model(8, "softmax"), "add up to 1"),
        (lambda: _model(8, "sigmoid", "categorical_crossentropy"), "expects classes"),
        (lambda: _model(8, "relu", "mse"), "sigmoid does"),
        (lambda: _model(8, "linear", "mse"), "sigmoid does"),
        (lambda: _model(8, None, keras.losses.BinaryCrossentropy(from_logits=True)), "are logits"),
        (lambda: _model(8, n_out=10), "64 pixels in and out"),
        (lambda: _model(8, "elu", "mse"), "sigmoid does"),
        (lambda: _model(8, "softplus", "mse"), "sigmoid does"),
        (lambda: _model(8, "gelu", "mse"), "sigmoid does"),
        (lambda: _model(8, loss="mse", optimizer=keras.optimizers.Adam(10.0)), "that of the average picture"),
        (lambda: _model(8, loss="hinge"), "equals the target"),
        (lambda: _model(8, loss="kl_divergence"), "equals the target"),
        (lambda: _model(8, optimizer="adadelta"), "at its default rate"),
        (_of_convolutions, "no dense layer left"),
        (lambda: 8, "a compiled Keras model"),
    ],
    "add_noise": [
        (lambda x, s, rng: x + rng.normal(0, s, x.shape), "np.clip"),
        (lambda x, s, rng: np.clip(x + rng.normal(0, s), 0, 1), "each pixel"),
        (lambda x, s, rng: np.clip(x + rng.random(x.shape) * s, 0, 1), "mean of 0.05"),
        (lambda x, s, rng: np.clip(x + rng.normal(0, s**2, x.shape), 0, 1), "squared"),
        (lambda x, s, rng: np.clip(x + rng.normal(0, 1, x.shape), 0, 1), "expected 0.1"),
        (lambda x, s, rng: np.clip(x + rng.normal(0, 0.1, x.shape), 0, 1), "expected 0.2"),
        (lambda x, s, rng: np.clip(x + s * rng.choice([-1, 1], x.shape), 0, 1), "no normal noise"),
        (lambda x, s, rng: np.clip(x + s * np.sqrt(3) * rng.uniform(-1, 1, x.shape), 0, 1), "no normal noise"),
        (lambda x, s, rng: np.clip(x + np.random.default_rng(0).normal(0, s, x.shape), 0, 1), "different seeds"),
        (lambda x, s, rng: np.clip(x + np.random.default_rng().normal(0, s, x.shape), 0, 1), "same seed"),
        (lambda x, s, rng: np.clip(x + rng.normal(0, s, x.shape[1]), 0, 1), "Whole rows"),
        (_scaled, "were scaled"),
        (lambda x, s, rng: x, "Nothing was added"),
        (lambda x, s, rng: rng.normal(0, s, x.shape), "mean of -0.50"),
    ],
    "auc": [
        (lambda n, o: np.mean(o[:, None] < n), "normal case has the higher"),
        (lambda n, o: np.sum(o[:, None] > n), "divide"),
        (lambda n, o: np.sum(o[:, None] > n) / len(o), "4 times 2"),
        (lambda n, o: np.sum(o[:, None] > n) / len(n), "4 times 2"),
        (lambda n, o: np.mean([a > b for b, a in zip(n, o, strict=False)]), "at the same place"),
        (lambda n, o: np.mean(o[:, None] > n), "not as none"),
        (lambda n, o: np.mean(o[:, None] >= n), "not as a whole"),
        (lambda n, o: max(_auc_sorted(n, o), 1 - _auc_sorted(n, o)), "do not turn it round"),
        (lambda n, o: np.mean(o > n), "raised ValueError"),
        (lambda n, o: o[:, None] > n, "8 numbers"),
    ],
    "alarm_at": [
        (lambda s, fraction: np.sort(s)[int(fraction * len(s)) - 1], "other end"),
        (lambda s, fraction: np.max(s), "Lower thresholds"),
        (_alarm(add=1), "One more may be"),
        (_alarm(add=-1), "one too many"),
        (lambda s, fraction: np.quantile(s, 1 - fraction), "one of the scores"),
        (lambda s, fraction: s[-6], "expected 95"),
        (lambda s, fraction: np.sort(s)[len(s) - 1 - int(np.ceil(fraction * len(s)))], "more than a quarter"),
        (lambda s, fraction: np.sort(s)[94], "fraction 0"),
        (lambda s, fraction: np.sort(s)[len(s) - 1 - round(fraction * len(s))], "round down"),
        (lambda s, fraction: _alarm()(np.unique(s), fraction), "occur several times"),
    ],
    "six_numbers": [
        (lambda: build_autoencoder(64, 6), "15 % below PCA"),
        (lambda: build_autoencoder(64, 8, (128, 64)), "at most 6"),
        (lambda: build_autoencoder(64, 6, (128, 64), code="linear", optimizer="adadelta"), "was the goal"),
        (lambda: build_autoencoder(64, 6)[0], "all three"),
        (lambda: build_autoencoder(784, 6), "64 pixels in and out"),
        (lambda: [keras.Model(m.inputs, m.outputs) for m in build_autoencoder(64, 6)], "not compiled"),
        (lambda: "model", "three models"),
        (lambda: (build_autoencoder(64, 40, (128,))[0], *build_autoencoder(64, 6)[1:]), "share their layers"),
        (_round_the_code, "go round the code"),
    ],
}
