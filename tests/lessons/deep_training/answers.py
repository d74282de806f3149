"""Answers to the exercises of lesson 11."""

import keras
import numpy as np

from courseware.lessons.deep_training.models import build_deep


def _until(factor, share):
    return int(np.floor(np.log(share) / np.log(factor) + 1e-9)) + 1


def _until_by_loop(factor, share):
    n = 1
    while factor**n >= share:
        n += 1
    return n


def _norm(tables):
    return np.sqrt(sum(np.sum(table**2) for table in tables))


def _clip(tables, limit):
    norm = _norm(tables)
    return [table * limit / norm for table in tables] if norm > limit else [1.0 * table for table in tables]


def _batch_norm(z, gamma, beta, epsilon=0.001, axis=0):
    return gamma * (z - z.mean(axis=axis, keepdims=True)) / np.sqrt(z.var(axis=axis, keepdims=True) + epsilon) + beta


def _batch_norm_by_keras(z, gamma, beta, epsilon=0.001):
    layer = keras.layers.BatchNormalization(epsilon=epsilon, dtype="float64")
    layer.build(z.shape)
    layer.set_weights([gamma, beta, np.zeros(len(gamma)), np.ones(len(gamma))])
    return layer(z, training=True)


def _back(h, w, blame):
    return blame + np.where(h @ w > 0, blame, 0) @ w.T


def _back_by_rows(h, w, blame):
    rows = [b + w @ (b * (row @ w > 0)) for row, b in zip(h, blame, strict=True)]
    return np.array(rows)


def _momentum(w, v, g, rate, beta):
    return w + beta * v - rate * g, beta * v - rate * g


def _plain(activation="relu", init="he_normal", rate=0.05, n=12, optimizer=None, compiled=True, n_in=64, norm=False):
    model = keras.Sequential([keras.Input(shape=(n_in,))])
    for _ in range(n):
        model.add(keras.layers.Dense(32, activation=activation, kernel_initializer=init))
        if norm:
            model.add(keras.layers.BatchNormalization())
    model.add(keras.layers.Dense(10, activation="softmax"))
    if compiled:
        model.compile(
            optimizer=optimizer or keras.optimizers.SGD(rate),
            loss="sparse_categorical_crossentropy",
        )
    return model


def _tiny():
    return keras.initializers.RandomNormal(stddev=0.01)


def _quiet(scale=0.2 / 30):
    return keras.initializers.VarianceScaling(scale=scale)


def _back_by_nudging(h, w, blame):
    def paid(h):
        return np.sum(blame * (h + np.maximum(0, h @ w)))

    found = np.zeros_like(h)
    for place in np.ndindex(h.shape):
        nudge = np.zeros_like(h)
        nudge[place] = 1e-6
        found[place] = (paid(h + nudge) - paid(h - nudge)) / 2e-6
    return found


def _clip_in_place(arrays, limit):
    factor = min(1.0, limit / _norm(arrays))
    for part in arrays:
        part *= factor
    return arrays


def _one_of(n):
    """A network of one hidden layer that learns, and n - 1 frozen ones full of zeros beside it."""
    inputs = keras.Input(shape=(64,))
    h = keras.layers.Dense(32, activation="relu")(inputs)
    for _ in range(n - 1):
        idle = keras.layers.Dense(32, kernel_initializer="zeros", trainable=False)
        h = keras.layers.Add()([h, idle(h)])
    model = keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(h))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return model


def _hung_on(n):
    """A linear classifier, with n hidden layers hung on by a factor of 0."""
    inputs = keras.Input(shape=(64,))
    h = inputs
    for _ in range(n):
        h = keras.layers.Dense(32, activation="relu", kernel_initializer="he_normal")(h)
    nothing = keras.layers.Rescaling(0.0)(keras.layers.Dense(10)(h))
    linear = keras.layers.Dense(10)(inputs)
    model = keras.Model(inputs, keras.layers.Softmax()(keras.layers.Add()([linear, nothing])))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model


def _sigmoids_that_learn():
    inputs = keras.Input(shape=(64,))
    h = keras.layers.Dense(32)(inputs)
    for _ in range(12):
        h = keras.layers.Add()([h, keras.layers.Dense(32, activation="sigmoid")(h)])
    model = keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(h))
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy")
    return model


def _until_returns_inside_loop(factor, share):
    left, n = 1.0, 0
    while left >= share:
        left, n = left * factor, n + 1
        return n


RIGHT = {
    "layers_until": [_until, _until_by_loop],
    "first_spread": [
        lambda n, m, activation: (2 / n) ** 0.5 if activation == "relu" else (2 / (n + m)) ** 0.5,
        lambda n, m, activation: np.sqrt(2 / (n if activation == "relu" else n + m)),
    ],
    "clip": [
        _clip,
        lambda tables, limit: tuple(table / max(1.0, _norm(tables) / limit) for table in tables),
    ],
    "batch_norm": [_batch_norm, _batch_norm_by_keras],
    "block_back": [
        _back,
        _back_by_rows,
        _back_by_nudging,
        lambda h, w, blame: blame + (blame * (h @ w >= 0)) @ w.T,
    ],
    "momentum_step": [_momentum, lambda *a: list(_momentum(*a))],
    "repair": [
        lambda: _plain(optimizer=keras.optimizers.Adam(0.003)),
        lambda: build_deep(depth=14, normalization=True, shortcut=True),
        _sigmoids_that_learn,
    ],
    "thirty": [
        lambda: build_deep(depth=32, initializer=_quiet(0.1 / 30), shortcut=True),
        lambda: _plain("selu", "lecun_normal", rate=0.02, n=30),
    ],
}

WRONG = {
    "layers_until": [
        (_until_returns_inside_loop, "inside the loop"),
        (lambda factor, share: int(np.ceil(np.log(factor) / np.log(share))), "upside down"),
        (lambda factor, share: np.log(share) / np.log(factor), "round up"),
        (lambda factor, share: int(np.log(share) / np.log(factor)), "too few"),
        (lambda factor, share: _until(factor, share) + 1, "too many"),
        (lambda factor, share: np.log(factor) / np.log(share), "upside down"),
        (lambda factor, share: -np.log(share) / np.log(factor), "sign"),
        (lambda factor, share: int(np.ceil((1 - share) / (1 - factor))), "what is *left*"),
        (lambda factor, share: int(np.ceil(np.log(share) / np.log(factor))), "not *less*"),
        (lambda factor, share: share / factor, "power of the factor"),
        (lambda factor, share: (1 - share) / (1 - factor), "what is *left*"),
    ],
    "first_spread": [
        (lambda n, m, activation: 0.2, "; expected 0.25"),
        (lambda n, m, activation: 2 / n if activation == "relu" else 2 / (n + m), "square root"),
        (lambda n, m, activation: np.sqrt(2 / n), "Take Glorot's"),
        (lambda n, m, activation: np.sqrt(2 / (n + m)), "take He's"),
        (lambda n, m, activation: np.sqrt(2 / m) if activation == "relu" else np.sqrt(2 / (n + m)), "fan-out"),
        (lambda n, m, activation: np.sqrt(1 / n), "half of the mean square"),
        (lambda n, m, activation: np.sqrt(6 / n) if activation == "relu" else np.sqrt(6 / (n + m)), "uniform draw"),
        (lambda n, m, activation: np.sqrt(2 / n) if activation == "relu" else np.sqrt(1 / (n + m)), "with a 2"),
        (lambda n, m, activation: np.sqrt(2 / n) if activation == "relu" else np.sqrt(1 / n), "fan-in alone"),
        (lambda n, m, activation: np.sqrt((2 / n) if activation == "relu" else 6 / (n + m)), "limit of Glorot's"),
        (lambda n, m, activation: np.sqrt(2 / n) if activation == "relu" else np.sqrt(2 / (n * m)), "multiply them"),
    ],
    "clip": [
        (lambda t, limit: [part * limit / np.linalg.norm(t) for part in t], "in a loop"),
        (lambda t, limit: [part * min(1, limit / np.linalg.norm(part)) for part in t], "by itself"),
        (lambda t, limit: [np.clip(part, -limit, limit) for part in t], "bends the direction"),
        (lambda t, limit: t, "Nothing was shortened"),
        (lambda t, limit: [part / _norm(t) for part in t], "multiply by the limit"),
        (lambda t, limit: [part * limit / _norm(t) for part in t], "made longer"),
        (lambda t, limit: [part * limit / _norm(t) ** 2 for part in t], "its root"),
        (lambda t, limit: [part * limit / sum(np.linalg.norm(p) for p in t) for part in t], "norms of the arrays"),
        (lambda t, limit: [part * limit / sum(np.abs(p).sum() for p in t) for part in t], "sizes of the numbers"),
        (lambda t, limit: _norm(t), "a list of 2 arrays"),
        (lambda t, limit: _clip(t, limit) if _norm(t) > 1 else t, "not with 1"),
        (lambda t, limit: [part * limit / max(_norm(t), limit * (_norm(t) > 0)) for part in t], "full of zeros"),
        (_clip_in_place, "in place"),
    ],
    "batch_norm": [
        (lambda z, g, b, e=0.001: _batch_norm(z, g, b, e, axis=1), "axis=0"),
        (lambda z, g, b, e=0.001: _batch_norm(z, g, b, e, axis=None), "its own"),
        (lambda z, g, b, e=0.001: g * (z - z.mean(axis=0)) / (z.var(axis=0) + e) + b, "square root"),
        (lambda z, g, b, e=0.001: _batch_norm(z, 1.0, 0.0, e), "gamma and beta"),
        (lambda z, g, b, e=0.001: _batch_norm(z, g, 0.0, e), "beta is missing"),
        (lambda z, g, b, e=0.001: _batch_norm(z, 1.0, b, e), "gamma is missing"),
        (lambda z, g, b, e=0.001: _batch_norm(z, g, -b, e), "not subtracted"),
        (lambda z, g, b, e=0.001: g * (z - z.mean(axis=0)) / (z.std(axis=0) + e) + b, "under the root"),
        (lambda z, g, b, e=0.001: _batch_norm(z, g, b, 0.0), "epsilon is missing"),
        (lambda z, g, b, e=0.001: _batch_norm(z, g, b, 0.001), "not used"),
        (lambda z, g, b, e=0.001: g * (_batch_norm(z, 1.0, 0.0, e) + b), "add it at the end"),
        (lambda z, g, b, e=0.001: _batch_norm(z, b, g, e), "changed places"),
        (lambda z, g, b, e=0.001: g * (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0, ddof=1) + e) + b, "divides by n,"),
        (lambda z, g, b, e=0.001: g * z / np.sqrt(z.var(axis=0) + e) + b, "not subtracted"),
        (lambda z, g, b, e=0.001: g * (z - z.mean(axis=0)) + b, "Divide by the spread"),
    ],
    "block_back": [
        (lambda h, w, blame: np.array([[2.0, 2.5], [4.5, -1.4], [1.0, 4.25]]), "two other examples"),
        (lambda h, w, blame: _back(h, w, blame) - blame, "through the shortcut is missing"),
        (lambda h, w, blame: blame, "through relu"),
        (lambda h, w, blame: blame * (_back(h, w, blame) - blame), "not multiplied"),
        (lambda h, w, blame: 2 * blame - _back(h, w, blame), "two paths add up."),
        (lambda h, w, blame: blame + blame @ w.T, "gate is missing"),
        (lambda h, w, blame: blame + (blame * (h @ w > 0)) @ w, "transposed"),
        (lambda h, w, blame: blame + (blame * (h > 0)) @ w.T, "not where h is"),
        (lambda h, w, blame: _back(h, w, blame) * (h @ w > 0), "shortcut has none"),
        (lambda h, w, blame: h + (blame * (h @ w > 0)) @ w.T, "not h itself"),
        (lambda h, w, blame: h + np.maximum(0, h @ w), "the way forward"),
        (lambda h, w, blame: blame + blame * (h @ w > 0), "pass the weights"),
        (lambda h, w, blame: blame + (h @ w > 0) @ w.T, "multiply the blame by it"),
        (lambda h, w, blame: blame + (blame @ w.T) * (h @ w > 0), "it comes first"),
    ],
    "momentum_step": [
        (lambda w, v, g, rate, beta: _momentum(w, v, g, 0.1, beta), "not a fixed 0.1"),
        (lambda w, v, g, rate, beta: (w - rate * g, v), "velocity was not updated"),
        (lambda w, v, g, rate, beta: (w - rate * g, beta * v - rate * g), "plain descent"),
        (lambda w, v, g, rate, beta: (w + v, beta * v - rate * g), "old velocity; update"),
        (lambda w, v, g, rate, beta: _momentum(w, v, g, rate, beta)[::-1], "swapped"),
        (lambda w, v, g, rate, beta: _momentum(w, v, -g, rate, beta), "downhill"),
        (lambda w, v, g, rate, beta: _momentum(w, v, g, 1.0, beta), "rate is missing"),
        (lambda w, v, g, rate, beta: _momentum(w, v, g, rate, 1.0), "beta is missing"),
        (lambda w, v, g, rate, beta: _momentum(w, v, g, rate, 0.0), "old velocity is missing"),
        (lambda w, v, g, rate, beta: _momentum(w, v, g, rate, 1 - beta), "swapped"),
        (lambda w, v, g, rate, beta: (w, beta * v + (1 - beta) * g), "as in Adam"),
        (lambda w, v, g, rate, beta: (w, beta * (v - rate * g)), "not to the push"),
        (lambda w, v, g, rate, beta: (w - (beta * v - rate * g), beta * v - rate * g), "add it to w"),
        (
            lambda w, v, g, rate, beta: (w + rate * (beta * v - rate * g), beta * v - rate * g),
            "rate is in the velocity",
        ),
        (lambda w, v, g, rate, beta: (w, beta * v - rate * g), "w did not move"),
        (lambda w, v, g, rate, beta: (w + beta * v - 2 * rate * g, beta * v - rate * g), "do not subtract it again"),
        (lambda w, v, g, rate, beta: (w + beta * (beta * v - rate * g), beta * v - rate * g), "whole new velocity"),
        (lambda w, v, g, rate, beta: (w + beta * (beta * v - rate * g) - rate * g, beta * v - rate * g), "Nesterov"),
        (lambda w, v, g, rate, beta: _momentum(w, v, g, rate, beta)[0], "2 values"),
    ],
    "repair": [
        (lambda: _plain(init=_tiny()), "about 0.25"),
        (lambda: _plain("sigmoid"), "still sigmoids"),
        (lambda: _plain(rate=0.0001), "learning rate is 0.0001"),
        (lambda: _plain(rate=50.0), "70 % were expected"),
        (lambda: _plain(n=4), "at least 12"),
        (lambda: _one_of(12), "only 1 of the hidden layers"),
        (lambda: _plain(compiled=False), "not compiled"),
        (lambda: _plain(n_in=10), "64 pixels"),
        (lambda: "relu", "Keras model was expected"),
    ],
    "thirty": [
        (
            lambda: build_deep(depth=30, initializer=keras.initializers.RandomNormal(stddev=0.1), shortcut=True),
            "below a tenth",
        ),
        (lambda: build_deep(depth=30, initializer="glorot_uniform"), "shortcut=True"),
        (lambda: build_deep(depth=30, normalization=True, shortcut=True), "do without"),
        (lambda: build_deep(depth=12, initializer=_quiet(), shortcut=True), "at least 30"),
        (lambda: _plain("sigmoid", n=30), "Thirty sigmoids"),
        (lambda: _hung_on(30), "only 0 of the hidden layers"),
        (lambda: _plain(n=30, compiled=False), "not compiled"),
        (30, "must be a function"),
    ],
}
