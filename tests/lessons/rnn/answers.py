"""Answers to the exercises of lesson 05."""

import itertools

import keras
import numpy as np

from courseware.data import co2


def _windows(series, length, label=0, extra=0, flip=False):
    inputs = np.array([series[i : i + length] for i in range(len(series) - length + extra)])
    labels = np.array([series[i + length + label] for i in range(len(series) - length)])
    return inputs[:, ::-1] if flip else inputs, labels


def _one_window_too_many(series, length):
    starts = range(len(series) - length + 1)
    return np.array([series[i : i + length] for i in starts]), np.array([series[i + length] for i in starts])


def _random_split(inputs, labels, n_train):
    order = np.random.default_rng(0).permutation(len(inputs))
    first, rest = order[:n_train], order[n_train:]
    return inputs[first], labels[first], inputs[rest], labels[rest]


def _model(length=None, compiled=True, outputs=1, output=None, loss="mse", rate=0.001, **recurrent):
    model = keras.Sequential(
        [keras.Input(shape=(length, 1)), keras.layers.SimpleRNN(10, **recurrent), keras.layers.Dense(outputs, output)]
    )
    if compiled:
        model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss)
    return model


def _both_ways():
    both = keras.layers.Bidirectional(keras.layers.SimpleRNN(10))
    model = keras.Sequential([keras.Input(shape=(None, 1)), both, keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="mse")
    return model


def _reshaped():
    """All outputs of all steps under one another: the shape looks right."""
    steps = [keras.layers.SimpleRNN(10, return_sequences=True), keras.layers.Dense(1)]
    under = keras.layers.Lambda(lambda made: keras.ops.reshape(made, (-1, 1)))
    model = keras.Sequential([keras.Input(shape=(None, 1)), *steps, under])
    model.compile(optimizer="adam", loss="mse")
    return model


def _flat():
    model = keras.Sequential([keras.Input(shape=(24, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse")
    return model


def _mean_change(history):
    """The mean of the same month's change in the last three years."""
    return history[-1] + np.mean([history[-12 * k] - history[-12 * k - 1] for k in (1, 2, 3)])


RIGHT = {
    "windows": [
        _windows,
        lambda s, n: (np.lib.stride_tricks.sliding_window_view(s, n)[:-1], s[n:]),
        lambda s, n: ([list(s[i : i + n]) for i in range(len(s) - n)], [s[i + n] for i in range(len(s) - n)]),
    ],
    "split_by_time": [lambda x, y, n: [*np.split(x, [n])[:1], y[:n], x[n:], y[n:]]],
    "persistence_mse": [
        lambda s: np.mean(np.diff(s) ** 2),
        lambda s: sum((b - a) ** 2 for a, b in itertools.pairwise(s)) / (len(s) - 1),
    ],
    "rnn_step": [
        lambda x, h, w_x, w_h, b: np.tanh(np.hstack([x, h]) @ np.vstack([w_x, w_h]) + b),
        lambda x, h, w_x, w_h, b: keras.ops.tanh(x @ w_x + h @ w_h + b),
    ],
    "rnn_parameters": [lambda units, features: units**2 + features * units + 2 * units + 1],
    "repair": [lambda: _model(), _model(), lambda: _model(rate=0.01), lambda: _model(loss="mae"), _both_ways],
    "no_network": [lambda h: h[-1] + h[-12] - h[-13], _mean_change],
}

WRONG = {
    "windows": [
        (lambda s, n: _windows(s, n, label=-1), "last value of each window"),
        (lambda s, n: (_windows(s, n)[0], s[: len(s) - n]), "first value of each window"),
        (lambda s, n: _windows(s, n, extra=1), "7 - 3 = 4"),
        (lambda s, n: _windows(s, n, flip=True), "reversed"),
        (lambda s, n: _windows(s, n)[0], "2 values"),
        (_one_window_too_many, "a value after it"),
        (lambda s, n: (_windows(s, n)[0][:, :, None], s[n:]), "two axes"),
        (lambda s, n: (s.reshape(-1, n), s[n:]), "ValueError"),
        (lambda s, n: (_windows(s, n)[0], s[3:]), "labels of windows(series, 5)"),
    ],
    "split_by_time": [
        (_random_split, "future is in the training set"),
        (lambda x, y, n: (x[-n:], y[-n:], x[:-n], y[:-n]), "future is in the training set"),
        (lambda x, y, n: (x[:n], x[n:], y[:n], y[n:]), "The order of the four"),
        (lambda x, y, n: (x[:n], y[:n]), "4 values"),
        (lambda x, y, n: (x[:7], y[:7], x[7:], y[7:]), "split_by_time(inputs, labels, 4)"),
        (lambda x, y, n: (x[:7], y[:n], x[7:], y[7:]), "split_by_time(inputs, labels, 4)"),
        (lambda x, y, n: (x[:n], y[:n], x[n:], y[7:]), "split_by_time(inputs, labels, 4)"),
        (lambda x, y, n: (x[: n + 1], y[: n + 1], x[n + 1 :], y[n + 1 :]), "expected (7, 2)"),
    ],
    "persistence_mse": [
        (lambda s: np.sum(np.diff(s) ** 2), "sum"),
        (lambda s: np.mean(np.diff(s)), "cancel"),
        (lambda s: np.mean(np.abs(np.diff(s))), "absolute"),
        (lambda s: np.sum(np.diff(s) ** 2) / len(s), "three forecasts"),
        (lambda s: np.var(s), "baseline of the mean"),
        (lambda s: np.mean((s - s[-1]) ** 2), "no forecast for the others"),
        (lambda s: np.sqrt(np.mean(np.diff(s) ** 2)), "root"),
        (lambda s: np.sum(np.diff(s) ** 2) / 3, "not always by three"),
    ],
    "rnn_step": [
        (lambda x, h, w_x, w_h, b: x @ w_x + h @ w_h + b, "tanh is missing"),
        (lambda x, h, w_x, w_h, b: np.tanh(x @ w_x + h @ w_h), "bias is missing"),
        (lambda x, h, w_x, w_h, b: np.tanh(x @ w_x + b), "old state is missing"),
        (lambda x, h, w_x, w_h, b: np.tanh(h @ w_h + b), "input is missing"),
        (lambda x, h, w_x, w_h, b: 1 / (1 + np.exp(-(x @ w_x + h @ w_h + b))), "sigmoid"),
        (lambda x, h, w_x, w_h, b: np.tanh(x @ w_x + b) + h @ w_h, "whole sum"),
        (lambda x, h, w_x, w_h, b: np.maximum(0, x @ w_x + h @ w_h + b), "ReLU"),
        (lambda x, h, w_x, w_h, b: np.tanh(x @ w_x + h @ w_h.T + b), "transposed"),
        (lambda x, h, w_x, w_h, b: np.tanh(x * w_x + h * w_h + b), "ValueError"),
        (lambda x, h, w_x, w_h, b: np.tanh(w_x @ x + w_h @ h + b), "Put x before w_x"),
    ],
    "rnn_parameters": [
        (lambda units, features: units * (features + units + 1), "recurrent layer alone"),
        (lambda units, features: units * (features + 1) + units + 1, "state to state"),
        (lambda units, features: units * (features + units + 1) + units, "bias of the dense layer"),
        (lambda units, features: units * (features + units), "biases are missing"),
        (lambda units, features: units * (features + units) + units + 1, "bias for each of its units"),
        (lambda units, features: 24 * units * (features + units + 1) + units + 1, "shared over time"),
        (lambda units, features: units * (units + 2) + units + 1, "one feature only"),
        (131, "must be a function"),
    ],
    "repair": [
        (lambda: _model(length=24), "only sequences of 24"),
        (lambda: _model(return_sequences=True), "every time step"),
        (_reshaped, "expected (2, 1)"),
        (lambda: _model(outputs=2), "one number for each"),
        (lambda: _model(compiled=False), "not compiled"),
        (lambda: _model(output="relu"), "may be any number"),
        (lambda: _model(output="softmax"), "may be any number"),
        (lambda: _model(loss="binary_crossentropy"), "squared loss"),
        (lambda: _model(loss="sparse_categorical_crossentropy"), "which is a number"),
        (lambda: _model(rate=1e-6), "the rate"),
        (lambda: _model(output="tanh"), "plain output"),
        (_flat, "no recurrent layer"),
        (lambda: 7, "Keras model was expected"),
    ],
    "no_network": [
        (lambda h: h[-1], "That is persistence"),
        (lambda h: h[-12], "a year of climbing"),
        (lambda h: np.mean(h), "Start from the last value"),
        (lambda h: h[-1] + h[-11] - h[-12], "a neighbouring month"),
        (lambda h: h[-1] + h[-13] - h[-14], "a neighbouring month"),
        (lambda h: 2 * h[-1] - h[-2], "Start from the last value"),
        (lambda h: h, "numbers (shape"),
        (lambda h: co2()[1][len(h)], "Forecast from `history` alone"),
    ],
}
