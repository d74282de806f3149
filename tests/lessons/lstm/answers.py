"""Answers to the exercises of lesson 06."""

from collections import Counter

import keras
import numpy as np


def _s(z):
    return 1 / (1 + np.exp(-z))


def _step(new_c, new_h=None):
    """A step whose new cell state and new hidden state are the given expressions."""

    def step(x, h, c, kernel, recurrent, bias):
        i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=1)
        made = new_c(i, f, g, o, h, c)
        return (_s(o) * np.tanh(made) if new_h is None else new_h(o, made, c)), made

    return step


def _good(i, f, g, o, h, c):
    return _s(f) * c + _s(i) * np.tanh(g)


def _swapped(x, h, c, kernel, recurrent, bias):
    return _step(_good)(x, h, c, kernel, recurrent, bias)[::-1]


def _sliced(x, h, c, kernel, recurrent, bias):
    n = h.shape[1]
    z = np.concatenate([x, h], axis=1) @ np.concatenate([kernel, recurrent]) + bias
    gate = 0.5 * (1 + np.tanh(z / 2))
    new = gate[:, n : 2 * n] * c + gate[:, :n] * np.tanh(z[:, 2 * n : 3 * n])
    return [gate[:, 3 * n :] * np.tanh(new), new]


def _latch(value=(0, 0, 1.5, 0), mark=(20, 0, 0, 0), bias=(-10, 10, 0, 10)):
    return lambda: (np.array([value, mark], dtype=float), np.array(bias, dtype=float))


def _encode(words, vocabulary, length, unknown=1, fill=0, front=True):
    numbers = [vocabulary.get(word, unknown) for word in words]
    padding = [fill] * (length - len(numbers))
    return padding + numbers if front else numbers + padding


def _loop_encode(words, vocabulary, length):
    row = np.zeros(length, dtype=int)
    for place, word in enumerate(reversed(words), start=1):
        row[-place] = vocabulary.get(word, 1)
    return row


def _without_table():
    model = keras.Sequential(
        [
            keras.Input(shape=(None,)),
            keras.layers.Reshape((-1, 1)),
            keras.layers.LSTM(16),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", loss="binary_crossentropy")
    return model


def _without_memory():
    model = keras.Sequential(
        [
            keras.Input(shape=(None,), dtype="int32"),
            keras.layers.Embedding(100, 8, mask_zero=True),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", loss="binary_crossentropy")
    return model


def _reader(rows=100, every=False, activation="sigmoid", compiled=True, outputs=1, cell=keras.layers.LSTM, mask=True):
    model = keras.Sequential(
        [
            keras.Input(shape=(None,), dtype="int32"),
            keras.layers.Embedding(rows, 8, mask_zero=mask),
            cell(16, return_sequences=every),
            keras.layers.Dense(outputs, activation=activation),
        ]
    )
    if compiled:
        model.compile("adam", loss="binary_crossentropy")
    return model


RIGHT = {
    "new_cell": [lambda c, f, i, g: np.add(np.multiply(f, c), np.multiply(i, g)), lambda c, f, i, g: g * i + c * f],
    "gate_for": [lambda steps: np.exp(np.log(0.5) / steps), lambda steps: 2 ** (-1 / steps)],
    "lstm_step": [_sliced, _step(_good)],
    "lstm_parameters": [lambda n, m: 4 * n * (n + m + 1), lambda n, m: sum(n * m + n * n + n for _ in "ifgo")],
    "latch": [_latch(), _latch(value=(0, 0, 3, 0), mark=(30, -30, 0, 0), bias=(-15, 15, 0, 12))],
    "encode": [_encode, _loop_encode],
    "same_bag": [
        lambda a, b: Counter(a) == Counter(b),
        lambda a, b: np.bool_(len(a) == len(b) and all(a.count(w) == b.count(w) for w in a)),
    ],
    "repair": [
        _reader,
        lambda: _reader(rows=120),
        _reader(cell=keras.layers.GRU),
        lambda: _reader(activation=lambda z: 1 / (1 + keras.ops.exp(-z))),
    ],
}

WRONG = {
    "new_cell": [
        (lambda c, f, i, g: f * c, "new part is missing"),
        (lambda c, f, i, g: i * g, "old part is missing"),
        (lambda c, f, i, g: f * c - i * g, "it is added"),
        (lambda c, f, i, g: f * c + g, "through its gate"),
        (lambda c, f, i, g: c + i * g, "passes its gate"),
        (lambda c, f, i, g: i * c + f * g, "swapped"),
        (lambda c, f, i, g: f * c + (1 - f) * g, "1 - f is not used"),
        (lambda c, f, i, g: np.tanh(f * c + i * g), "No tanh"),
        (0.3, "must be a function"),
    ],
    "gate_for": [
        (lambda steps: 0.5 / steps, "in brackets"),
        (lambda steps: 0.5**1 / steps, "in brackets"),
        (lambda steps: 0.5**steps, "Now the reverse"),
        (lambda steps: 1 - 0.5 / steps, "what is left"),
        (lambda steps: np.log(0.5) / steps, "np.exp"),
        (lambda steps: 1 - 1 / steps, "about a third"),
        (lambda steps: (1 / steps) ** 0.5, "swapped"),
        (lambda steps: 0.5**0.1, "steps=1"),
    ],
    "lstm_step": [
        (_swapped, "return h first"),
        (_step(lambda i, f, g, o, h, c: f * c + i * g), "still sums"),
        (_step(lambda i, f, g, o, h, c: f * c + i * np.tanh(g)), "squeezed by sigmoid"),
        (_step(lambda i, f, g, o, h, c: _s(f) * c + _s(i) * g), "needs tanh"),
        (_step(lambda i, f, g, o, h, c: _s(f) * c + _s(i) * _s(g)), "not by sigmoid"),
        (_step(lambda i, f, g, o, h, c: _s(i) * np.tanh(g)), "old cell state is missing"),
        (_step(lambda i, f, g, o, h, c: _s(f) * c + np.tanh(g)), "through the input gate"),
        (_step(lambda i, f, g, o, h, c: np.tanh(_good(i, f, g, o, h, c))), "No tanh on the belt"),
        (_step(lambda i, f, o, g, h, c: _good(i, f, g, o, h, c)), "order is i, f, g, o"),
        (_step(lambda i, f, g, o, h, c: _s(f) * c - _s(i) * np.tanh(g)), "Which squeeze"),
        (_step(lambda i, f, g, o, h, c: _s(i) * c + _s(f) * np.tanh(g)), "swapped"),
        (_step(lambda i, f, g, o, h, c: (1 - _s(f)) * c + _s(i) * np.tanh(g)), "keeps where it is open"),
        (_step(lambda i, f, g, o, h, c: _s(f) * h + _s(i) * np.tanh(g)), "not h"),
        (_step(_good, lambda o, new, c: np.tanh(new)), "output gate is missing"),
        (_step(_good, lambda o, new, c: _s(o) * new), "tanh of the new c is missing"),
        (_step(_good, lambda o, new, c: o * np.tanh(new)), "squeezed by sigmoid: sigmoid(o)"),
        (_step(_good, lambda o, new, c: _s(o) * np.tanh(c)), "old c"),
        (lambda *a: _step(_good)(*a)[0], "2 values"),
    ],
    "lstm_parameters": [
        (lambda n, m: n * (n + m) + n, "There are four"),
        (lambda n, m: 3 * (n * (n + m) + n), "also the candidate"),
        (lambda n, m: 4 * n * (n + m), "biases are missing"),
        (lambda n, m: 4 * (n * (n + m) + 1), "for each *unit*"),
        (lambda n, m: 4 * (n * m + n), "from the old state"),
        (lambda n, m: 4 * (n * n + n), "from the input"),
        (lambda n, m: 4 * n * (n + m) + n, "biases of its own"),
        (lambda n, m: 4 * (n * (n + m) + 2 * n), "not two"),
        (lambda n, m: 180, "; expected 10400"),
    ],
    "latch": [
        (_latch(mark=(0, 0, 0, 0)), "stays shut"),
        (_latch(mark=(0, 0, 0, 0), bias=(10, 10, 0, 10)), "leak in"),
        (_latch(mark=(10, 0, 0, 0)), "not fully open"),
        (_latch(value=(0, 0, 10, 0), mark=(10, 0, 0, 0)), "not fully open"),
        (_latch(bias=(-10, 1, 0, 10)), "fades"),
        (_latch(value=(0, 0, 0, 0)), "does not look at the value"),
        (_latch(mark=(20, 0, 1, 0)), "Both should be 0"),
        (_latch(mark=(20, 0, -5, 0)), "Both should be 0"),
        (_latch(bias=(-10, 10, 2, 10)), "Both should be 0"),
        (_latch(value=(0, 0, -1.5, 0)), "sign turned"),
        (_latch(bias=(-10, 10, 0, -10)), "output gate"),
        (_latch(value=(0, 0, 0.4, 0)), "a little weak"),
        (lambda: np.zeros((2, 4)), "kernel"),
        (lambda: (np.zeros((4, 2)), np.zeros(4)), "shape"),
    ],
    "encode": [
        (lambda w, v, n: _encode(w, v, n, front=False), "zeros belong in front"),
        (lambda w, v, n: _encode(w, v, n, unknown=0), "0 is for padding"),
        (lambda w, v, n: _encode([x for x in w if x in v], v, n), "was left out"),
        (lambda w, v, n: _encode(w, v, n, fill=1), "Fill up with 0"),
        (lambda w, v, n: _encode(w[::-1], v, n), "reversed"),
        (lambda w, v, n: [0] * (n - len(w)) + [place for place, _ in enumerate(w, start=1)], "numbered by place"),
        (lambda w, v, n: sorted(_encode(w, v, n)), "are sorted"),
        (lambda w, v, n: [v.get(x, 1) for x in w], "expected 8"),
        (lambda w, v, n: ([0] * 8 + [v.get(x, 1) for x in w])[-n:], "length of 13"),
        (lambda w, v, n: [v[x] for x in w], "it becomes 1"),
        (lambda w, v, n: [0] * (n - len(w)) + [v.get(x) for x in w], "with None in it"),
        (lambda w, v, n: None, "returned None"),
    ],
    "same_bag": [
        (lambda a, b: a == b, "Order must not count"),
        (lambda a, b: set(a) == set(b), "twice"),
        (lambda a, b: len(a) == len(b), "One of the words differs"),
        (lambda a, b: len(a) == len(b) and set(a) == set(b), "not equally often"),
        (lambda a, b: all(a.count(w) == b.count(w) for w in a), "second list has a word"),
        (lambda a, b: all(a.count(w) == b.count(w) for w in b), "first list has a word"),
        (lambda a, b: sorted("".join(a)) == sorted("".join(b)), "letters are the same"),
        (lambda a, b: sorted(a), "True or False"),
        (lambda a, b: a.sort() == b.sort(), "sorted(x) rather than"),
        (True, "must be a function"),
    ],
    "repair": [
        (lambda: _reader(rows=99), "none for word 99"),
        (lambda: _reader(every=True), "number for every word"),
        (lambda: _reader(activation="relu"), "between 0 and 1"),
        (lambda: _reader(activation=None), "between 0 and 1"),
        (lambda: _reader(outputs=2), "one probability for each"),
        (lambda: _reader(compiled=False), "not compiled"),
        (lambda: _reader(mask=False), "Zeros are no words"),
        (lambda: _reader(activation=lambda z: keras.ops.cast(z > 0, "float32")), "two probabilities between 0 and 1"),
        (_without_table, "no Embedding left"),
        (_without_memory, "no recurrent layer left"),
        (lambda: "a model", "Keras model was expected"),
    ],
}
