"""Answers to the exercises of lesson 03."""

import itertools

import keras
import numpy as np
from sklearn.model_selection import train_test_split


def _relu(z):
    return np.maximum(0, z)


def _forward(x, given, *, hidden=_relu, last=lambda z: z, bias=True):
    for place, (w, b) in enumerate(given):
        z = x @ w + (b if bias else 0)
        x = last(z) if place == len(given) - 1 else hidden(z)
    return x


def _backward(w1, b1, w2, b2, x, y, *, two=2, mean=True, gate=True, sign=1, through=True, over=None):
    z = x @ w1 + b1
    h = _relu(z)
    d = sign * two * (h @ w2 + b2 - y) / ((over(y) if over else y.size) if mean else 1)
    weights = w2.T if through is True else through(w2.T)
    d_z = d @ weights
    d_z = d_z * (z > 0) if gate else d_z
    return x.T @ d_z, d_z.sum(axis=0), h.T @ d, d.sum(axis=0)


def _backward_by_sums(w1, b1, w2, b2, x, y):
    """One example and one output after the other, as on paper."""
    totals = [np.zeros_like(p) for p in (w1, b1, w2, b2)]
    for row, labels in zip(x, y, strict=True):
        h = _relu(row @ w1 + b1)
        for k, label in enumerate(labels):
            d = 2 * (h @ w2[:, k] + b2[k] - label) / y.size
            d_h = np.where(h > 0, d * w2[:, k], 0.0)
            totals[0] += np.outer(row, d_h)
            totals[1] += d_h
            totals[2][:, k] += d * h
            totals[3][k] += d
    return totals


def _backward_by_tensorflow(*case):
    """In single precision, and with the engine's own backpropagation."""
    import tensorflow as tf

    w1, b1, w2, b2, x, y = (tf.Variable(np.asarray(part, dtype="float32")) for part in case)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((tf.nn.relu(x @ w1 + b1) @ w2 + b2 - y) ** 2)
    return [slope.numpy() for slope in tape.gradient(loss, [w1, b1, w2, b2])]


def _backward_by_nudging(*case, nudge=1e-6):
    *parameters, x, y = case
    slopes = [np.zeros_like(p) for p in parameters]

    def loss():
        return np.mean((_relu(x @ parameters[0] + parameters[1]) @ parameters[2] + parameters[3] - y) ** 2)

    for p, slope in zip(parameters, slopes, strict=True):
        for place in np.ndindex(p.shape):
            kept = p[place]
            p[place] = kept + nudge
            above = loss()
            p[place] = kept - nudge
            slope[place] = (above - loss()) / (2 * nudge)
            p[place] = kept
    return slopes


def _adam(
    w, g, m, v, t, rate, *, corrected=True, root=True, square=True, sign=-1.0, swapped=False, keep=True, small=1e-7
):
    new_m = 0.1 * m + 0.9 * g if swapped else 0.9 * m + 0.1 * g
    new_v = 0.999 * v + 0.001 * (g**2 if square else g)
    fair_m, fair_v = (new_m / (1 - 0.9**t), new_v / (1 - 0.999**t)) if corrected else (new_m, new_v)
    w = w + sign * rate * fair_m / ((np.sqrt(np.abs(fair_v)) if root else fair_v) + small)
    return (w, new_m, new_v) if keep else (w, fair_m, fair_v)


def _adam_old(w, m, v, t, rate):
    """A step by the averages as they were."""
    return w - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)


def _adam_as_keras(w, g, m, v, t, rate):
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    return w - rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + 1e-7), m, v


def _split(x, y, seed, first=0.3, second=0.5, cut_again="rest", order=None, **options):
    options = {"random_state": seed, **options}
    x_train, x_rest, y_train, y_rest = train_test_split(x, y, test_size=first, **options)
    again = (x_rest, y_rest) if cut_again == "rest" else (x_train, y_train)
    x_val, x_test, y_val, y_test = train_test_split(*again, test_size=second, **options)
    parts = (x_train, y_train, x_val, y_val, x_test, y_test)
    return parts if order is None else tuple(parts[i] for i in order)


def _split_stratified(x, y, seed):
    x_train, x_rest, y_train, y_rest = train_test_split(x, y, test_size=0.3, random_state=seed, stratify=y)
    x_val, x_test, y_val, y_test = train_test_split(x_rest, y_rest, test_size=0.5, random_state=seed, stratify=y_rest)
    return x_train, y_train, x_val, y_val, x_test, y_test


def _split_by_permutation(x, y, seed):
    way = np.random.default_rng(seed).permutation(len(x))
    cuts = [round(0.7 * len(x)), round(0.85 * len(x))]
    return [part[rows] for rows in np.split(way, cuts) for part in (x, y)]


def _split_apart(x, y, seed):
    rows = _split_by_permutation(x, y, seed)
    labels = _split_by_permutation(x, y, seed + 1)
    return rows[0], labels[1], rows[2], labels[3], rows[4], labels[5]


def _split_unshuffled(x, y, seed):
    return x[:140], y[:140], x[140:170], y[140:170], x[170:], y[170:]


def _split_with_overlap(x, y, seed):
    x_train, _, y_train, _ = train_test_split(x, y, test_size=0.3, random_state=seed)
    x_val, x_test, y_val, y_test = train_test_split(x, y, test_size=0.5, random_state=seed + 1)
    return x_train, y_train, x_val[:30], y_val[:30], x_test[:30], y_test[:30]


def _split_off_twice(x, y, seed):
    x_rest, x_test, y_rest, y_test = train_test_split(x, y, test_size=0.15, random_state=seed)
    x_train, x_val, y_train, y_val = train_test_split(x_rest, y_rest, test_size=0.15, random_state=seed)
    return x_train, y_train, x_val, y_val, x_test, y_test


def _split_once(x, y, seed):
    x_train, x_rest, y_train, y_rest = train_test_split(x, y, test_size=0.3, random_state=seed)
    return x_train, y_train, x_rest, y_rest, x_rest, y_rest


def _split_by_luck(x, y, seed):
    return _split(x, y, None)


def _tumours(
    output="sigmoid", rate=0.01, loss="binary_crossentropy", compiled=True, units=1, hidden_activation="relu", **hidden
):
    model = keras.Sequential(
        [
            keras.Input(shape=(8,)),
            keras.layers.Dense(10, activation=hidden_activation, **hidden),
            keras.layers.Dense(units, activation=output),
        ]
    )
    if compiled:
        model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss)
    return model


def _tumours_apart():
    """Activations in layers of their own."""
    model = keras.Sequential([keras.Input(shape=(8,)), keras.layers.Dense(10), keras.layers.ReLU()])
    model.add(keras.layers.Dense(1))
    model.add(keras.layers.Activation("sigmoid"))
    model.compile(optimizer=keras.optimizers.AdamW(0.01), loss=keras.losses.BinaryCrossentropy())
    return model


def _spiral(*widths, activation="relu", rate=0.02, compiled=True, inputs=2):
    model = keras.Sequential([keras.Input(shape=(inputs,))])
    for width in widths:
        model.add(keras.layers.Dense(width, activation=activation))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    if compiled:
        model.compile(optimizer=keras.optimizers.Adam(rate), loss="binary_crossentropy")
    return model


def _count(widths, bias=lambda before, after: after, extra=0):
    return sum(before * after + bias(before, after) for before, after in itertools.pairwise(widths)) + extra


def _rolled(x, y, seed):
    x, y = np.roll(x, 10 * seed, axis=0), np.roll(y, 10 * seed)
    return x[:140], y[:140], x[140:170], y[140:170], x[170:], y[170:]


def _cross_entropy_loop(p, y):
    total = 0.0
    for row, label in zip(p, y, strict=True):
        total -= np.log(row[label])
    return total / len(y)


RIGHT = {
    "count_parameters": [
        _count,
        lambda widths: np.sum((np.array(widths[:-1]) + 1) * widths[1:]),
        lambda widths: int(
            keras.Sequential(
                [keras.Input(shape=(widths[0],)), *(keras.layers.Dense(width) for width in widths[1:])]
            ).count_params()
        ),
    ],
    "forward": [
        _forward,
        lambda x, given: keras.ops.convert_to_tensor(_forward(x, given)),
        lambda x, given: _forward(x, given, hidden=lambda z: z * (z > 0)),
    ],
    "cross_entropy": [
        _cross_entropy_loop,
        lambda p, y: -np.log(np.take_along_axis(p, y[:, None], axis=1)).mean(),
        lambda p, y: -np.sum(np.eye(p.shape[1])[y] * np.log(p)) / len(y),
        lambda p, y: float(keras.ops.mean(keras.losses.sparse_categorical_crossentropy(y, p))),
    ],
    "backward": [
        _backward,
        _backward_by_sums,
        _backward_by_tensorflow,
        lambda *a: [*_backward(*a)[:3], _backward(*a)[3].item() if a[5].shape[1] == 1 else _backward(*a)[3]],
    ],
    "adam_step": [_adam, lambda *a: [np.asarray(part, dtype="float32") for part in _adam(*a)], _adam_as_keras],
    "split": [
        _split,
        _split_by_permutation,
        lambda x, y, seed: [np.asarray(part) for part in _split(x, y, seed)],
        _split_stratified,
    ],
    "repair": [
        _tumours,
        lambda: _tumours(hidden_activation="tanh"),
        lambda: _tumours(hidden_activation="tanh", kernel_initializer="zeros"),  # only ReLU is silent at 0
        lambda: _tumours(rate=0.03, bias_initializer="ones"),
        _tumours(),
        lambda: _tumours(rate=0.001),  # Adam's usual rate
        lambda: _tumours(rate=0.001, hidden_activation="tanh"),
        lambda: _tumours(output="linear", loss=keras.losses.BinaryCrossentropy(from_logits=True)),
        _tumours_apart,
    ],
    "small_spiral": [lambda: _spiral(14), lambda: _spiral(14, rate=0.03), lambda: _spiral(7, 4, rate=0.02)],
}

WRONG = {
    "count_parameters": [
        (lambda w: sum(a * b for a, b in itertools.pairwise(w)), "weights alone"),
        (lambda w: _count(w) + w[0], "input layer"),
        (lambda w: _count(w, bias=lambda before, after: 1), "every unit has its own"),
        (lambda w: sum(w), "number of units"),
        (lambda w: sum(w[1:]), "biases only"),
        (lambda w: sum(a * (b + 1) for a, b in itertools.pairwise(w)), "before the arrow"),
        (lambda w: _count(w, bias=lambda before, after: 0, extra=1), "adds one bias in all"),
        (lambda w: _count(w[:-1]) + w[-2] * w[-1], "biases of the output layer"),
        (lambda w: sum(a * b for a, b in itertools.pairwise(w)) + sum(w[1:-1]) + 1, "bias of its own"),
        (lambda w: _count(w) + (w[0] > 100), "101771"),
        (lambda w: (w[0] + 1) * w[1] + (w[1] + 1) * w[2], "IndexError"),
        (13, "must be a function"),
    ],
    "forward": [
        (lambda x, given: _forward(x, given, last=_relu), "last layer is linear"),
        (lambda x, given: _forward(x, given, hidden=lambda z: z), "no ReLU"),
        (lambda x, given: _forward(x, given, bias=False), "biases are missing"),
        (lambda x, given: _forward(x, given[:-1], last=_relu), "output layer comes after"),
        (lambda x, given: _relu(x @ given[0][0] + given[0][1]) @ given[1][0] + given[1][1], "three layers"),
        (lambda x, given: _relu(x @ given[0][0]) @ given[-1][0] + given[-1][1], "hidden layer's bias"),
        (lambda x, given: _relu(x @ given[0][0] + given[0][1]) @ given[-1][0], "output layer's bias"),
        (
            lambda x, given: (_relu(x @ given[0][0]) + given[0][1]) @ given[-1][0] + given[-1][1],
            "inside ReLU",
        ),
        (lambda x, given: _forward(x, given, last=_relu if len(given) == 1 else lambda z: z), "only layer"),
        (lambda x, given: print(_forward(x, given)), "return"),
        (lambda x, given: _forward(x, given)[:, 0], "shape (2,)"),
    ],
    "cross_entropy": [
        (lambda p, y: -_cross_entropy_loop(p, y), "sign"),
        (lambda p, y: _cross_entropy_loop(p, y) * len(y), "take the mean"),
        (lambda p, y: -np.log(p[np.arange(len(y)), y].mean()), "logarithm of each"),
        (lambda p, y: -np.log(p).mean(), "right class counts"),
        (lambda p, y: -np.log(p.max(axis=1)).mean(), "largest probability"),
        (lambda p, y: -np.log2(p[np.arange(len(y)), y]).mean(), "base 2"),
        (lambda p, y: -np.log10(p[np.arange(len(y)), y]).mean(), "base 10"),
        (lambda p, y: -np.log(p[:, y]).mean(), "three columns"),
        (lambda p, y: np.mean(-np.log(p)[y]), "whole rows"),
        (lambda p, y: -np.log(p[np.arange(len(y)), y]), "one loss for each"),
        (lambda p, y: np.mean((1 - p[np.arange(len(y)), y]) ** 2), "squared error"),
        (lambda p, y: -np.log(p[np.arange(3), y[:3]]).mean(), "use len(labels)"),
    ],
    "backward": [
        (lambda *a: _backward(*a, two=1), "factor 2"),
        (lambda *a: _backward(*a, mean=False), "divide the blame"),
        (lambda *a: _backward(*a, over=len), "two outputs"),
        (lambda *a: _backward(*a, through=lambda w: w * (np.arange(len(w)) == 0)[:, None]), "feeds both"),
        (_backward_by_nudging, "nudging"),
        (lambda *a: _backward(*a, sign=-1), "sign"),
        (lambda *a: _backward(*a, gate=False), "slope is missing"),
        (lambda *a: _backward(*a, through=lambda w: w.T), "shapes of a product"),
        (lambda *a: 1 / 0, "ZeroDivisionError"),
        (lambda *a: _backward(*a, through=np.ones_like), "the weight that leads to it"),
        (lambda *a: _backward(*a)[::-1], "has shape"),
        (lambda *a: _backward(*a)[:2], "4 values"),
        (lambda *a: (_backward(*a)[0].T, *_backward(*a)[1:]), "expected (2, 3)"),
    ],
    "adam_step": [
        (lambda *a: _adam(*a, corrected=False), "before you use them"),
        (lambda *a: _adam(*a, root=False), "square root"),
        (lambda *a: _adam(*a, square=False), "squared slopes"),
        (lambda *a: _adam(*a, sign=1.0), "uphill"),
        (lambda *a: _adam(*a, swapped=True), "old average"),
        (lambda *a: _adam(*a, keep=False), "as it is"),
        (lambda w, g, m, v, t, rate: (w - rate * g, m, v), "not updated"),
        (lambda w, g, m, v, t, rate: (w - rate * g, *_adam(w, g, m, v, t, rate)[1:]), "plain gradient descent"),
        (lambda *a: _adam(*a, small=0.0), "Add 1e-7"),
        (lambda *a: _adam(*a, small=3e-7), "expected -0.05"),
        (lambda *a: _adam(*a)[0], "3 values"),
        (lambda w, g, m, v, t, rate: (w, 0.9 * m + 0.1 * g, 0.9 * v + 0.1 * g**2), "0.999 and 0.001"),
        (lambda w, g, m, v, t, rate: (*_adam(w, g, m, v, t, rate)[:2], v), "v was not updated"),
        (
            lambda *a: (*_adam(*a)[:2], _adam(*a, keep=False)[2]),
            "Return v as it is",
        ),
        (
            lambda w, g, m, v, t, rate: (_adam_old(w, m, v, t, rate), *_adam(w, g, m, v, t, rate)[1:]),
            "use the new ones",
        ),
        (lambda w, g, m, v, t, rate: (_adam(w, g, m, v, 1, rate)[0], *_adam(w, g, m, v, t, rate)[1:]), "not 1"),
    ],
    "split": [
        (lambda x, y, seed: _split(x, y, seed, first=0.15, second=0.15), "Cut off 30 %"),
        (_rolled, "one behind the other"),
        (lambda x, y, seed: _split(x, y, seed, second=0.15), "second cut is a half"),
        (lambda x, y, seed: _split(x, y, seed, cut_again="train", second=0.15), "second cut halves"),
        (lambda x, y, seed: _split(x, y, seed, cut_again="train"), "expected 30"),
        (_split_off_twice, "less than 15 % of all"),
        (_split_once, "cut once more"),
        (lambda x, y, seed: _split(x, y, seed, order=(0, 2, 4, 1, 3, 5)), "order"),
        (lambda x, y, seed: _split(x, y, seed, order=(2, 3, 0, 1, 4, 5)), "expected 140"),
        (_split_apart, "belong to their rows"),
        (_split_unshuffled, "not shuffled"),
        (_split_with_overlap, "in two of the three"),
        (_split_by_luck, "same seed"),
        (lambda x, y, seed: _split(x, y, 0), "seed is not used"),
        (lambda x, y, seed: train_test_split(x, y, test_size=0.3, random_state=seed), "6 values"),
    ],
    "repair": [
        (lambda: _tumours(output="softmax"), "always 1"),
        (lambda: _tumours(kernel_initializer="zeros"), "every unit is silent"),
        (lambda: _tumours(rate=10.0), "Adam's rate"),
        (lambda: _tumours(rate=1e-5), "large enough"),
        (lambda: _tumours(hidden_activation="linear"), "Keep the hidden layer"),
        (lambda: _tumours(output="linear", loss="mse"), "not probabilities"),
        (lambda: _tumours(output="softmax", units=2, loss="sparse_categorical_crossentropy"), "one answer"),
        (lambda: _tumours(compiled=False), "not compiled"),
        (lambda: "a model", "Keras model was expected"),
    ],
    "small_spiral": [
        (lambda: _spiral(16, 16), "at most 60"),
        (lambda: _spiral(4), "Use more of the 60"),
        (lambda: _spiral(), "Without a hidden layer"),
        (lambda: _spiral(5, 5, activation="linear"), "no activation"),
        (lambda: _spiral(6, 4, rate=0.00001), "which learning rate"),
        (lambda: _spiral(6, 4, compiled=False), "not compiled"),
        (lambda: _spiral(6, 4, inputs=3), "two coordinates"),
        (51, "must be a function"),
    ],
}
