"""Answers to the exercises of lesson 14."""

import keras
import numpy as np
from keras import layers


def _counts(sizes):
    return [a * b + b for a, b in sizes]


def _borrow(freeze=True, activation="softmax", loss="sparse_categorical_crossentropy", head=True, rate=0.01):
    def borrow(body, n_classes):
        body.trainable = not freeze
        dense = layers.Dense(n_classes, activation=activation)
        dense.trainable = head
        model = keras.Sequential([body, dense])
        model.compile(keras.optimizers.Adam(rate), loss=loss)
        return model

    return borrow


def _functional(body, n_classes):
    for layer in body.layers:
        layer.trainable = False
    x = keras.Input(body.input_shape[1:])
    model = keras.Model(x, layers.Softmax()(layers.Dense(n_classes)(body(x, training=False))))
    model.compile("sgd", loss=keras.losses.SparseCategoricalCrossentropy())
    return model


def _logits(body, n_classes):
    body.trainable = False
    model = keras.Sequential([*body.layers, layers.Dense(n_classes)])
    for layer in body.layers:
        layer.trainable = False
    model.compile("adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def _not_compiled(body, n_classes):
    body.trainable = False
    return keras.Sequential([body, layers.Dense(n_classes, activation="softmax")])


def _copy(body, n_classes):
    return _borrow()(keras.models.clone_model(body), n_classes)


def _all_frozen(body, n_classes):
    model = _borrow()(body, n_classes)
    model.trainable = False
    model.compile("adam", loss="sparse_categorical_crossentropy")
    return model


def _thaw(body, n):
    body.trainable = False
    body.trainable = True
    kept = [layer for layer in body.layers if layer.weights]
    for place, layer in enumerate(kept):
        layer.trainable = place >= len(kept) - n
    return body


def _thaw_any(body, n):
    """Counts all layers, those without weights too."""
    body.trainable = True
    for layer in body.layers[: len(body.layers) - n]:
        layer.trainable = False
    return body


def _thaw_frozen(body, n):
    """Thaws layers of a body that stays frozen itself."""
    body.trainable = False
    for layer in [layer for layer in body.layers if layer.weights][-n:]:
        layer.trainable = True
    return body


def _thaw_zero(body, n):
    body.trainable = True
    for layer in [layer for layer in body.layers if layer.weights][:-n]:
        layer.trainable = False
    return body


def _thaw_zero_last(body, n):
    """Freezes each layer, then thaws the last by [-n:]."""
    body.trainable = True
    kept = [layer for layer in body.layers if layer.weights]
    for layer in kept:
        layer.trainable = False
    for layer in kept[-n:]:
        layer.trainable = True
    return body


def _thaw_one_less(body, n):
    """Freezes one layer too many."""
    body.trainable = True
    kept = [layer for layer in body.layers if layer.weights]
    for layer in kept[: len(kept) - n + 1]:
        layer.trainable = False
    return body


def _thaw_first(body, n):
    body.trainable = True
    for layer in [layer for layer in body.layers if layer.weights][n:]:
        layer.trainable = False
    return body


def _thaw_others(body, n):
    body.trainable = True
    kept = [layer for layer in body.layers if layer.weights]
    for layer in kept[len(kept) - n :]:
        layer.trainable = False
    return body


def _all_thawed(body, n):
    body.trainable = True
    return body


CHOSEN = {
    "loans": "feedforward", "bees": "borrowed", "chips": "convolutional", "power": "recurrent", "logs": "Transformer",
    "pumps": "autoencoder", "patterns": "GAN", "fees": "none", "shops": "none", "letters": "borrowed",
}  # fmt: skip
FAULTS = {
    "rain": "no baseline", "lungs": "leak", "settings": "chosen on the test", "birds": "too few to tell",
    "flowers": "wrong scaling", "sounds": "foreign source",
}  # fmt: skip


def _thaw_one_more(body, n):
    return _thaw(body, min(n + 1, 4))


def _all_frozen_inside(body, n):
    body.trainable = True
    for layer in body.layers:
        layer.trainable = False
    return body


RIGHT = {
    "parameters_to_learn": [
        lambda sizes, frozen: (sum(_counts(sizes)), sum(_counts(sizes)[frozen:])),
        lambda sizes, frozen: np.array([sum((a + 1) * b for a, b in sizes[skip:]) for skip in (0, frozen)]),
    ],
    "borrow": [_borrow(), _functional, _logits],
    "compare": [
        lambda first, second: (np.mean(first) - np.mean(second), np.mean(np.array(first) > np.array(second))),
        lambda a, b: (
            sum(x - y for x, y in zip(a, b, strict=True)) / len(a),
            sum(x > y for x, y in zip(a, b, strict=True)) / len(a),
        ),
    ],
    "thaw": [_thaw],
    "which_network": [
        CHOSEN,
        {**CHOSEN, "logs": "recurrent"},
        {**CHOSEN, "patterns": "gan ", "fees": None, "logs": "transformer"},
    ],
    "what_went_wrong": [FAULTS, {**FAULTS, "lungs": "Leak"}],
}

WRONG = {
    "parameters_to_learn": [
        (lambda s, f: (sum(a * b for a, b in s), sum(a * b for a, b in s[f:])), "biases are missing"),
        (lambda s, f: (sum(_counts(s)), sum(_counts(s)[:f])), "what is frozen"),
        (lambda s, f: (sum(_counts(s)[f:]), sum(_counts(s))), "swapped"),
        (lambda s, f: (sum(_counts(s)[f:]), sum(_counts(s)[f:])), "still have their parameters"),
        (lambda s, f: (sum(_counts(s)), sum(_counts(s)[: len(s) - f])), "froze the last layers"),
        (lambda s, f: (sum(_counts(s)), _counts(s)[-1]), "all layers but the last"),
        (lambda s, f: (sum(_counts(s)), sum(_counts(s))), "do not learn"),
        (lambda s, f: (sum(_counts(s)), sum(_counts(s)[2:])), "frozen=0"),
        (lambda s, f: (sum(_counts(s)), sum(_counts(s)[f + 1 :])), "One layer too many"),
        (lambda s, f: (sum(_counts(s)), sum(_counts(s)[f - 1 :])), "One layer too few"),
        (lambda s, f: (sum(_counts(s)), sum(_counts(s)[-f:])), "all but the first"),
        (lambda s, f: sum(_counts(s)), "expected 2 values"),
    ],
    "borrow": [
        (_borrow(freeze=False), "have changed"),
        (_borrow(activation="relu"), "no probabilities"),
        (_borrow(loss="categorical_crossentropy"), "whole-number labels"),
        (_borrow(rate=0.0), "not moved"),
        (_borrow(rate=-0.01), "uphill"),
        (_not_compiled, "not compiled"),
        (_copy, "Put `body` itself"),
        (_all_frozen, "head is frozen as well"),
        (lambda body, n: _borrow()(body, n + 1), "three classes"),
        (lambda body, n: None, "returned None"),
        (7, "must be a function"),
    ],
    "compare": [
        (lambda a, b: (np.sum(np.array(a) - b) / (len(a) - 1), np.mean(np.array(a) > b)), "n - 1"),
        (lambda a, b: (np.median(np.array(a) - b), np.mean(np.array(a) > b)), "median"),
        (lambda a, b: (np.mean(a - b), np.mean(a > b)), "np.array(...)"),
        (lambda a, b: (np.mean(b) - np.mean(a), np.mean(np.array(b) > np.array(a))), "other way round"),
        (lambda a, b: (np.mean(b) - np.mean(a), np.mean(np.array(a) > np.array(b))), "first minus second"),
        (lambda a, b: (np.mean(a) - np.mean(b), np.mean(np.array(b) > np.array(a))), "the second wins"),
        (lambda a, b: (np.mean(a) - np.mean(b), np.sum(np.array(a) > np.array(b))), "number of draws"),
        (lambda a, b: (np.sum(a) - np.sum(b), np.mean(np.array(a) > np.array(b))), "sum of the differences"),
        (lambda a, b: (np.mean(np.array(a) > np.array(b)), np.mean(a) - np.mean(b)), "swapped"),
        (lambda a, b: (max(a) - max(b), np.mean(np.array(a) > np.array(b))), "difference of the best"),
        (lambda a, b: (max(a) - max(b), float(max(a) > max(b))), "compares the best"),
        (lambda a, b: (np.mean(a) - np.mean(b), float(np.mean(a) > np.mean(b))), "wins one of these"),
        (lambda a, b: (np.mean(a) - np.mean(b), np.mean(a > b)), "as wholes"),
        (lambda a, b: (np.mean(np.abs(np.array(a) - b)), np.mean(np.array(a) > np.array(b))), "keep their sign"),
        (lambda a, b: (np.mean(a) - np.mean(b), np.mean(np.array(a) >= np.array(b))), "no win"),
        (lambda a, b: np.mean(a) - np.mean(b), "expected 2 values"),
    ],
    "thaw": [
        (_thaw_any, "do not count"),
        (_thaw_frozen, "The body itself is frozen"),
        (_thaw_zero, "[:-0]"),
        (_thaw_zero_last, "[-0:]"),
        (_thaw_one_less, "One layer too many"),
        (_thaw_first, "counted from the front"),
        (_thaw_others, "These are the others"),
        (_all_thawed, "All learn"),
        (_thaw_one_more, "Freeze all before"),
        (_all_frozen_inside, "or all are"),
        (lambda body, n: n, "the body was expected"),
        (3, "must be a function"),
    ],
    "which_network": [
        ({**CHOSEN, "bees": "convolutional"}, "from 180 photos"),
        ({**CHOSEN, "chips": "borrowed"}, "no source that is similar"),
        ({**CHOSEN, "letters": "Transformer"}, "from scratch it would have to learn English"),
        ({**CHOSEN, "letters": "recurrent"}, "300 letters alone"),
        ({**CHOSEN, "logs": "borrowed"}, "No other machine"),
        ({**CHOSEN, "logs": "feedforward"}, "order matters"),
        ({**CHOSEN, "loans": "convolutional"}, "no neighbours"),
        ({**CHOSEN, "loans": "recurrent"}, "no series"),
        ({**CHOSEN, "pumps": "feedforward"}, "examples of both"),
        ({**CHOSEN, "power": "feedforward"}, "first choice"),
        ({**CHOSEN, "power": "Transformer"}, "might do, too"),
        ({**CHOSEN, "shops": "feedforward"}, "more parameters"),
        ({**CHOSEN, "patterns": "autoencoder"}, "another task"),
        ({**CHOSEN, "fees": "feedforward"}, "rule is known"),
        ({**CHOSEN, "loans": "GAN"}, "neither places nor an order"),
        ({**CHOSEN, "bees": "GAN"}, "networks that know photos"),
        ({**CHOSEN, "chips": "feedforward"}, "plenty of them; and no network"),
        ({**CHOSEN, "power": "GAN"}, "in the order of time"),
        ({**CHOSEN, "pumps": "GAN"}, "what is normal"),
        ({**CHOSEN, "patterns": "convolutional"}, "makes new ones"),
        ({**CHOSEN, "shops": "recurrent"}, "Twelve examples"),
        ({**CHOSEN, "letters": "feedforward"}, "networks that know English"),
        ({**CHOSEN, "fees": "feedforward", "shops": "GAN"}, "8 of 10"),
        ({**CHOSEN, "power": "CNN"}, "choose among"),
        ({**CHOSEN, "power": ...}, "still has its dots"),
        ({case: name for case, name in CHOSEN.items() if case != "logs"}, "is missing"),
        (list(CHOSEN.values()), "a dictionary was expected"),
    ],
    "what_went_wrong": [
        ({**FAULTS, "rain": "leak"}, '"never"'),
        ({**FAULTS, "lungs": "foreign source"}, "same person"),
        ({**FAULTS, "settings": "too few to tell"}, "chosen among 60"),
        ({**FAULTS, "birds": "chosen on the test"}, "one photo more"),
        ({**FAULTS, "flowers": "foreign source"}, "numbers that go in"),
        ({**FAULTS, "sounds": "wrong scaling"}, "control"),
        ({**FAULTS, "sounds": "bad"}, "choose among"),
        (FAULTS.values(), "a dictionary was expected"),
    ],
}
