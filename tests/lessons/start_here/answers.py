"""Answers to the exercises of lesson 00."""

import keras
import numpy as np

from courseware.lessons.start_here.checks import KINDS

KINDS_RIGHT = {task: kind for task, (kind, _) in KINDS.items()}


def _spread(picture):
    return 8 if np.sum(picture[2:6, 1:4] > 0.3) >= 5 else 3


def _blackens(picture):
    picture[picture > 0.5] = 1
    return 8 if picture[2:6, 2:4].mean() > 0.4 else 3


def _model(
    pixels=64, outputs=10, activation="softmax", loss="sparse_categorical_crossentropy", rate=0.01, compiled=True
):
    model = keras.Sequential([keras.Input(shape=(pixels,)), keras.layers.Dense(outputs, activation=activation)])
    if compiled:
        model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss)
    return model


def _fires(x, w, b):
    total = b
    for one, weight in zip(x, w, strict=True):
        total += one * weight
    return total > 0


def _loop(said, labels):
    shares = {}
    for digit in range(10):
        seen = [s for s, label in zip(said, labels, strict=True) if label == digit]
        shares[digit] = sum(s == digit for s in seen) / len(seen)
    return shares


def _of_said(said, labels):
    return [np.mean(labels[said == d] == d) if np.any(said == d) else np.nan for d in range(10)]


RIGHT = {
    "pixels": [64, 64.0, np.int64(64)],
    "kinds": [KINDS_RIGHT, {task: f" {kind.upper()}" for task, kind in KINDS_RIGHT.items()}],
    "tell_apart": [
        _spread,
        lambda picture: np.where(picture[2:6, 2:4].mean() < 0.4, 3, 8),
        lambda picture: 8.0 if picture[2:6, 2].sum() > 1.2 else 3.0,
    ],
    "neuron": [
        lambda x, w, b: int(np.dot(x, w) + b > 0),
        _fires,
        lambda x, w, b: keras.ops.cast(keras.ops.sum(x * w) + b > 0, "int32"),
        lambda x, w, b: np.heaviside(x @ w + b, 0),
    ],
    "repair": [
        lambda: _model(),
        _model(rate=0.02),
        lambda: _model(loss=keras.losses.SparseCategoricalCrossentropy()),
    ],
    "accuracy_by_class": [_loop, lambda s, y: [((s == d) & (y == d)).sum() / (y == d).sum() for d in range(10)]],
}

WRONG = {
    "pixels": [
        (16, "8 + 8"),
        (8, "one row"),
        (1797, "how many pictures"),
        (63, "8 rows of 8"),
        ("64", "quotes"),
        ([8, 8], "one number"),
    ],
    "kinds": [
        ({**KINDS_RIGHT, "which digit is in the picture": "regression"}, "they are names"),
        ({**KINDS_RIGHT, "is this mail spam": "regression"}, "nothing in between"),
        ({**KINDS_RIGHT, "the price of a house": "classification"}, "an amount"),
        (dict.fromkeys(KINDS, "classification"), "both kinds occur"),
        (
            {t: "regression" if k == "classification" else "classification" for t, k in KINDS_RIGHT.items()},
            "changed places",
        ),
        ({**KINDS_RIGHT, "the language of a text": ...}, "still there"),
        ({**KINDS_RIGHT, "the language of a text": "class"}, "it must be"),
        ({"price": "regression"}, "is missing"),
        ("regression", "dictionary"),
    ],
    "tell_apart": [
        (lambda picture: 3, "always answers 3"),
        (lambda picture: 3 if picture[2:6, 2:4].mean() > 0.4 else 8, "Turned round"),
        (lambda picture: 8 if picture[2:4, 1:2].mean() > 0.3 else 3, "90 in 100"),
        (lambda picture: 8 if picture.mean() > 0.33 else 3, "90 in 100"),
        (lambda picture: picture[2:6, 1:3].mean() > 0.2, "number was expected"),
        (lambda picture: 0 if picture[2:6, 1:3].mean() > 0.2 else 3, "3 or 8"),
        (lambda picture: "8", "quotes"),
        (_blackens, "in place"),
        (lambda picture: print(8), "return"),
    ],
    "neuron": [
        (lambda x, w, b: np.sum(x * w) + b, "One step is left"),
        (lambda x, w, b: int(np.sum(x * w) > 0), "bias is not added"),
        (lambda x, w, b: int(np.sum(x * w) + b < 0), "turned round"),
        (lambda x, w, b: int(np.sum(x + w) + b > 0), "multiply them"),
        (lambda x, w, b: (x * w + b > 0) * 1, "one number for each input"),
        (lambda x, w, b: int(np.sum(x) + b > 0), "weights are not used"),
        (lambda x, w, b: int(np.sum(x * w) - b > 0), "taken away"),
        (lambda x, w, b: 1 / (1 + np.exp(-np.sum(x * w) - b)), "1 (it fires)"),
        (lambda x, w, b: int(np.sum(x) * np.sum(w) + b > 0), "its own weight"),
        (lambda x, w, b: int(np.sum(x * w) + b >= 0), "use >, not >="),
        (lambda x, w, b: int(np.sum(x * w) + b > 1), "not with 1"),
        (lambda x, w, b: int(np.sum(x * w) + b > -1), "not with -1"),
    ],
    "repair": [
        (lambda: _model(pixels=8), "rows of 64"),
        (lambda: _model(outputs=9), "ten digits"),
        (lambda: _model(activation="relu"), "add up to 1"),
        (lambda: _model(activation="sigmoid"), "add up to 1"),
        (lambda: _model(compiled=False), "not compiled"),
        (lambda: _model(loss="categorical_crossentropy"), "sparse_categorical_crossentropy"),
        (lambda: _model(rate=0.00001), "as they were"),
        (lambda: "reader", "Keras model was expected"),
    ],
    "accuracy_by_class": [
        (lambda s, y: np.mean(s == y), "one for each digit"),
        (lambda s, y: [np.mean(s == y)] * 10, "one digit first"),
        (_of_said, "by their label"),
        (lambda s, y: [np.sum((s == d) & (y == d)) for d in range(10)], "counts"),
        (lambda s, y: [np.mean((s == d) & (y == d)) for d in range(10)], "all pictures"),
        (lambda s, y: [100 * np.mean(s[y == d] == d) for d in range(10)], "per cent"),
        (lambda s, y: [np.mean(s[y == d] != d) for d in range(10)], "wrong answers"),
        (lambda s, y: (s == y) * 1.0, "each picture"),
    ],
}
