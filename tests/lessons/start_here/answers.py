"""Answers to the exercises of lesson 00."""

import keras
import numpy as np

from courseware.lessons.start_here.checks import KINDS, SHAPES

KINDS_RIGHT = {task: kind for task, (kind, _) in KINDS.items()}
SHAPES_RIGHT = {code: shape for code, (shape, _) in SHAPES.items()}


def _spread(picture):
    return 8 if np.sum(picture[16:20, 8:14] > 0.3) >= 4 else 3


def _blackens(picture):
    picture[picture > 0.5] = 1
    return 8 if picture[17:19, 8:14].mean() > 0.3 else 3


def _model(
    pixels=784, outputs=10, activation="softmax", loss="sparse_categorical_crossentropy", rate=0.01, compiled=True
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


def _bias_in_loop(x, w, b):
    total = 0
    for one, weight in zip(x, w, strict=True):
        total += one * weight + b
    return int(total > 0)


def _loop(said, labels):
    shares = {}
    for digit in range(10):
        seen = [s for s, label in zip(said, labels, strict=True) if label == digit]
        shares[digit] = sum(s == digit for s in seen) / len(seen)
    return shares


def _of_said(said, labels):
    return [np.mean(labels[said == d] == d) if np.any(said == d) else np.nan for d in range(10)]


RIGHT = {
    "pixels": [784, 784.0, np.int64(784)],
    "shapes": [
        SHAPES_RIGHT,
        {code: list(shape) for code, shape in SHAPES_RIGHT.items()},
        {code: shape[0] if len(shape) == 1 else shape for code, shape in SHAPES_RIGHT.items()},
        {code: np.array(shape) for code, shape in SHAPES_RIGHT.items()},
    ],
    "average_picture": [
        lambda pictures, labels, digit: pictures[labels == digit].sum(axis=0) / np.sum(labels == digit),
        lambda pictures, labels, digit: np.mean(
            [p for p, label in zip(pictures, labels, strict=True) if label == digit], axis=0
        ),
        lambda pictures, labels, digit: np.average(pictures, axis=0, weights=labels == digit).tolist(),
    ],
    "centred": [
        lambda m: m - np.mean(m, axis=0, keepdims=True),
        lambda m: (m.T - m.mean(axis=0)[:, None]).T,
        lambda m: np.column_stack([column - column.mean() for column in m.T]),
        lambda m: keras.ops.convert_to_tensor(m) - keras.ops.mean(m, axis=0),
    ],
    "kinds": [KINDS_RIGHT, {task: f" {kind.upper()}" for task, kind in KINDS_RIGHT.items()}],
    "tell_apart": [
        _spread,
        lambda picture: np.where(picture[17:19, 8:14].mean() < 0.2, 3, 8),
        lambda picture: 8.0 if picture[17, 9:15].sum() > 1.2 else 3.0,
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
        (56, "28 + 28"),
        (28, "one row"),
        (81, "blue frame"),
        (4000, "how many pictures"),
        (10000, "how many pictures"),
        (7840, "ten times"),
        (783, "28 rows of 28"),
        ("784", "quotes"),
        ([28, 28], "one number"),
    ],
    "shapes": [
        ({**SHAPES_RIGHT, "x[0]": (100,)}, "One row is left"),
        ({**SHAPES_RIGHT, "x[0]": (1, 784)}, "One row is left"),
        ({**SHAPES_RIGHT, "x[:, 0]": (784,)}, "One column is left"),
        ({**SHAPES_RIGHT, "x[20:30]": (11, 784)}, "the end of a range is left out"),
        ({**SHAPES_RIGHT, "x.mean(axis=0)": (100,)}, "axis 0, the 100 rows"),
        ({**SHAPES_RIGHT, "x.argmax(axis=1)": (784,)}, "axis 1, the 784 columns"),
        ({**SHAPES_RIGHT, "x @ w": (784, 784)}, "two inner numbers"),
        ({**SHAPES_RIGHT, "x @ w + b": (100, 20)}, "keeps its shape"),
        ({**SHAPES_RIGHT, "w.T": (784, 10)}, "change places"),
        ({**SHAPES_RIGHT, "w.T": "(10, 784)"}, "a shape such as"),
        ({**SHAPES_RIGHT, "w.T": (10.5, 784)}, "a shape such as"),
        ({**SHAPES_RIGHT, "w.T": ...}, "still there"),
        ({"x[0]": (784,)}, "is missing"),
        ((784,), "dictionary"),
    ],
    "average_picture": [
        (lambda pictures, labels, digit: (pictures[labels == digit].mean(axis=0), digit), "different lengths"),
        (lambda pictures, labels, digit: pictures.mean(axis=0), "pick those of the digit first"),
        (lambda pictures, labels, digit: pictures[labels == digit].mean(), "name an axis"),
        (lambda pictures, labels, digit: pictures[labels == digit].mean(axis=(1, 2)), "one number for each picture"),
        (lambda pictures, labels, digit: pictures[labels == digit].mean(axis=1), "must disappear"),
        (lambda pictures, labels, digit: pictures[labels == digit].mean(axis=2), "must disappear"),
        (lambda pictures, labels, digit: pictures[labels == digit], "the 3 pictures themselves"),
        (lambda pictures, labels, digit: pictures[labels == digit].sum(axis=0), "That is the sum"),
        (lambda pictures, labels, digit: pictures[labels != digit].mean(axis=0), "use =="),
        (lambda pictures, labels, digit: pictures[digit], "Pick by label"),
        (lambda pictures, labels, digit: np.median(pictures[labels == digit], axis=0), "the median"),
        (lambda pictures, labels, digit: pictures[labels == digit].mean(axis=0).ravel(), "shape (28, 28)"),
        (lambda pictures, labels, digit: (pictures * (labels == digit)[:, None, None]).mean(axis=0), "still count"),
        (lambda pictures, labels, digit: None, "return"),
    ],
    "centred": [
        (lambda m: m.mean(axis=0), "one number for each column"),
        (lambda m: m - m.mean(axis=1), "subtracted from columns"),
        (lambda m: m - m.mean(axis=1, keepdims=True), "from each row"),
        (lambda m: m - m.mean(), "mean of all numbers"),
        (lambda m: (m - m.mean(axis=0)) / m.std(axis=0), "also divides"),
        (lambda m: m.mean(axis=0) - m, "turned round"),
        (lambda m: m, "as it was"),
        (lambda m: m - np.median(m, axis=0), "the median"),
        (lambda m: m - m.sum(axis=0), "the sum"),
    ],
    "kinds": [
        ({**KINDS_RIGHT, "which digit is in the picture": "regression"}, "they are names"),
        ({**KINDS_RIGHT, "is this mail spam": "regression"}, "nothing in between"),
        ({**KINDS_RIGHT, "the price of a house": "classification"}, "an amount"),
        ({**KINDS_RIGHT, "tomorrow's temperature at noon": "classification"}, "19 degrees"),
        ({**KINDS_RIGHT, "the language of a text": "regression"}, "list of names"),
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
        (lambda picture: 3 if picture[17:19, 8:14].mean() > 0.2 else 8, "it would be good"),
        (lambda picture: 3 if picture[17:19, 8:14].mean() > 0.5 else 8, "it would be better"),
        (lambda picture: 8 if picture[8:12, 6:9].mean() > 0.3 else 3, "85 in 100"),
        (lambda picture: 8 if picture.mean() > 0.14 else 3, "85 in 100"),
        (lambda picture: picture[17:19, 8:14].mean() > 0.2, "number was expected"),
        (lambda picture: 0 if picture[17:19, 8:14].mean() > 0.2 else 3, "3 or 8"),
        (lambda picture: "8", "quotes"),
        (_blackens, "in place"),
        (lambda picture: print(8), "return"),
    ],
    "neuron": [
        (lambda x, w, b: int(np.sum(w) + b > 0), "inputs are not used"),
        (lambda x, w, b: (int(np.sum(x * w) + b > 0), np.sum(x * w) + b), "2 values"),
        (lambda x, w, b: np.sum(x * w) + b, "One step is left"),
        (lambda x, w, b: int(np.sum(x * w) > 0), "bias is not added"),
        (lambda x, w, b: int(np.sum(x * w) + b < 0), "turned round"),
        (lambda x, w, b: int(np.sum(x + w) + b > 0), "multiply them"),
        (lambda x, w, b: (x * w + b > 0) * 1, "one number for each input"),
        (lambda x, w, b: int(np.sum(x) + b > 0), "weights are not used"),
        (lambda x, w, b: int(np.sum(x * w) - b > 0), "subtracted"),
        (lambda x, w, b: 1 / (1 + np.exp(-np.sum(x * w) - b)), "1 (it fires)"),
        (lambda x, w, b: int(np.sum(x) * np.sum(w) + b > 0), "its own weight"),
        (lambda x, w, b: int(np.sum(x * w) + b >= 0), "use >, not >="),
        (lambda x, w, b: int(np.sum(x * w) + b > 1), "not with 1"),
        (lambda x, w, b: int(np.sum(x * w) + b > -1), "not with -1"),
        (lambda x, w, b: int(np.sum(x * w + b) > 0), "once for each input"),
        (_bias_in_loop, "once for each input"),
        (lambda x, w, b: int(np.mean(x * w) + b > 0), "averaged"),
        (lambda x, w, b: 1 if x * w + b > 0 else 0, "Add the products up first"),
        (lambda x, w, b: int(np.sum(x * (w + b)) > 0), "once, to the sum"),
        (lambda x, w, b: int(np.sign(np.sum(x * w) + b)), "1 (it fires) or 0"),
        (lambda x, w, b: int(x[0] * w[0] + b > 0), "Only the first input counts"),
        (lambda x, w, b: 1, "whatever comes in"),
        (lambda x, w, b: 0, "never fires"),
        (lambda x, w, b: max(0, np.sum(x * w) + b), "1 (it fires) or 0"),
    ],
    "repair": [
        (lambda: _model(pixels=28), "rows of 784"),
        (lambda: _model(outputs=9), "ten digits"),
        (lambda: _model(activation="relu"), "add up to 1"),
        (lambda: _model(activation="sigmoid"), "add up to 1"),
        (lambda: _model(compiled=False), "not compiled"),
        (lambda: _model(loss="categorical_crossentropy"), "sparse_categorical_crossentropy"),
        (lambda: _model(rate=0.00001), "as they were"),
        (lambda: "classifier", "Keras model was expected"),
    ],
    "accuracy_by_class": [
        (lambda s, y: [s[y == d] == d for d in range(10)], "different lengths"),
        (lambda s, y: {str(d): np.mean(s[y == d] == d) for d in range(10)}, "no entry 0"),
        (lambda s, y: np.mean(s == y), "one for each digit"),
        (lambda s, y: [np.mean(s == y)] * 10, "one digit first"),
        (lambda s, y: np.mean([np.mean(s[y == d] == d) for d in range(10)]), "ten were expected"),
        (lambda s, y: [np.mean((s == d) == (y == d)) for d in range(10)], "that is not the digit"),
        (_of_said, "by their label"),
        (lambda s, y: [np.sum((s == d) & (y == d)) for d in range(10)], "counts"),
        (lambda s, y: [np.mean((s == d) & (y == d)) for d in range(10)], "all pictures"),
        (lambda s, y: [100 * np.mean(s[y == d] == d) for d in range(10)], "per cent"),
        (lambda s, y: [np.mean(s[y == d] != d) for d in range(10)], "wrong answers"),
        (lambda s, y: (s == y) * 1.0, "each picture"),
    ],
}
