"""Answers to the exercises of lesson 02."""

import keras
import numpy as np


def _relu(z):
    return np.maximum(0, z)


def _elu(alpha_used=True, minus_one=True, slope_minus_one=False, above=1.0, corner=0):
    def answer(z, alpha):
        a = alpha if alpha_used else 1.0
        e = np.exp(np.minimum(z, 0))
        return np.where(z > corner, z, a * (e - minus_one)), np.where(z > corner, above, a * (e - slope_minus_one))

    return answer


def _elu_with_if(z, alpha):
    if z > 0:
        return z, 1.0
    return alpha * (np.exp(z) - 1), alpha * np.exp(z)


def _elu_by_mask(z, alpha):
    value, slope = np.array(z, dtype=float), np.ones(np.shape(z))
    low = value <= 0
    slope[low] = alpha * np.exp(value[low])
    value[low] = slope[low] - alpha
    return [value, slope]


def _naive(scores):
    return np.exp(scores) / np.sum(np.exp(scores))


def _stable(scores):
    e = np.exp(scores - np.max(scores))
    return e / e.sum()


def _outputs(price=(1, "linear"), spam=(1, "sigmoid"), digits=(10, "softmax"), topics=(5, "sigmoid")):
    return {
        "price of a house": price,
        "spam or not": spam,
        "which of the ten digits": digits,
        "which of five topics, any number of them": topics,
    }


def _moons(activation="relu", output="sigmoid", out_units=1, bias=0.0, rate=0.5, loss="binary_crossentropy"):
    def build():
        start = keras.initializers.Constant(bias)
        model = keras.Sequential(
            [
                keras.Input(shape=(2,)),
                keras.layers.Dense(16, activation=activation, bias_initializer=start),
                keras.layers.Dense(out_units, activation=output),
            ]
        )
        model.compile(optimizer=keras.optimizers.SGD(rate), loss=loss)
        return model

    return build


def _apart(hidden, output, bias=0.0, out_units=1):
    """The same classifier with the activations as layers of their own."""

    def build():
        start = keras.initializers.Constant(bias)
        model = keras.Sequential(
            [
                keras.Input(shape=(2,)),
                keras.layers.Dense(16, bias_initializer=start),
                hidden(),
                keras.layers.Dense(out_units),
                output(),
            ]
        )
        model.compile(optimizer=keras.optimizers.SGD(0.5), loss=keras.losses.BinaryCrossentropy())
        return model

    return build


def _functional():
    given = keras.Input((2,))
    hidden = keras.layers.Dense(32, activation="gelu")(given)
    model = keras.Model(given, keras.layers.Dense(1, activation="sigmoid")(hidden))
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss="binary_crossentropy")
    return model


def _uncompiled():
    return keras.Sequential([keras.Input(shape=(2,)), keras.layers.Dense(1, activation="sigmoid")])


RIGHT = {
    "neuron": [
        lambda w, b, x, f: f(w @ x + b),
        lambda w, b, x, f: f(sum(p * q for p, q in zip(w, x, strict=True)) + b),
        lambda w, b, x, f: np.array([f(np.dot(x, w) + b)]),
    ],
    "collapse": [
        lambda W1, b1, W2, b2: [np.matmul(W1, W2), np.dot(b1, W2) + b2],
        lambda W1, b1, W2, b2: (np.einsum("ij,jk->ik", W1, W2), b1[None] @ W2 + b2),
    ],
    "knees": [[0.7, 1.0, 1.3], (1.3, 0.7, 1.0), np.array([0.69, 1.0, 1.31]), {0.7, 1.0, 1.3}],
    "elu": [_elu(), _elu_by_mask, lambda z, alpha: (np.where(z < 0, alpha * np.expm1(z), z),
                                                  np.where(z < 0, alpha * np.exp(z), 1))],
    "softmax": [_stable, lambda s: np.exp(s - np.logaddexp.reduce(s)), lambda s: keras.ops.softmax(s)],
    "outputs": [
        _outputs(),
        _outputs(price=(1, None), spam=["sigmoid", 1], digits=(10, "Softmax")),
        _outputs(spam=(2, "softmax"), topics=(5, keras.activations.sigmoid)),
    ],
    "depth": [5, 5.0, np.int64(5)],
    "repair": [
        _moons(),
        _moons("tanh"),
        _moons(out_units=2, output="softmax", loss="sparse_categorical_crossentropy"),
        _moons()(),
        _moons("leaky_relu"),
        _moons("silu"),
        _moons(bias=-0.1),
        _apart(keras.layers.ReLU, lambda: keras.layers.Activation("sigmoid")),
        _apart(keras.layers.LeakyReLU, lambda: keras.layers.Activation("sigmoid")),
        _functional,
    ],
}  # fmt: skip

WRONG = {
    "neuron": [
        (lambda w, b, x, f: f(np.sum(w * (x + b))), "added to each input"),
        (lambda w, b, x, f: f(w[0] * x[0] + w[1] * x[1] + b), "first two products"),
        (lambda w, b, x, f: (w @ x + b, f(w @ x + b)), "2 values"),
        (lambda w, b, x, f: np.sum(w * x) + b, "Apply f"),
        (lambda w, b, x, f: f(np.sum(w * x)), "bias is missing"),
        (lambda w, b, x, f: f(np.sum(w * x)) + b, "before f"),
        (lambda w, b, x, f: np.sum(w * f(x)) + b, "applied to the inputs"),
        (lambda w, b, x, f: np.sum(f(w * x)) + b, "each product"),
        (lambda w, b, x, f: f(w * x + b), "two numbers"),
        (lambda w, b, x, f: f(np.sum(w * x + b)), "once for each input"),
        (lambda w, b, x, f: np.tanh(np.sum(w * x) + b), "f that is passed in"),
        (lambda w, b, x, f: f(np.mean(w * x) + b), "mean of the products"),
        (lambda w, b, x, f: f(np.sum(w * x) - b), "bias was subtracted"),
        (lambda w, b, x: w @ x + b, "TypeError"),
    ],
    "collapse": [
        (lambda W1, b1, W2, b2: (np.array([[2, -1], [0, 1], [6, 2]]), np.array([7, 0])), "1 input, 3 units"),
        (lambda W1, b1, W2, b2: (W1 @ W2, b2), "first bias is missing"),
        (lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2), "second bias is missing"),
        (lambda W1, b1, W2, b2: (W1 @ W2, b1.sum() + b2), "multiplied by W2"),
        (lambda W1, b1, W2, b2: (W2 @ W1, b2), "ValueError"),
        (lambda W1, b1, W2, b2: (W1 * W2, b1 + b2), "ValueError"),
        (lambda W1, b1, W2, b2: (W1 @ W2, b1 + b2), "multiplied by W2"),
        (lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2), "Mind the order"),
        (lambda W1, b1, W2, b2: (W1, b1 @ W2 + b2), "W2 is missing"),
        (lambda W1, b1, W2, b2: (W1 @ W2.T, b1 @ W2 + b2), "W2 is transposed"),
        (lambda W1, b1, W2, b2: (W1 @ W2, (b1 @ W2) * b2), "added, not multiplied"),
        (lambda W1, b1, W2, b2: (W1 @ W2, b1 * W2 + b2), "entry by entry"),
        (lambda W1, b1, W2, b2: (b1 @ W2 + b2, W1 @ W2), "swapped"),
        (lambda W1, b1, W2, b2: ((W1 @ W2).T, b1 @ W2 + b2), "transposed"),
        (lambda W1, b1, W2, b2: W1 @ W2, "2 values"),
    ],
    "knees": [
        ([0.8, 1.2], "Use all three"),
        ([0.8, 1.0, 1.2], "equally long"),
        ([0.5, 1.0, 1.5], "equally long"),
        ([0.64, 0.88, 1.12, 1.36], "make do with three"),
        ([0.3, 0.7, 1.0], "does not lie between"),
        ([0.4, 0.8, 1.2], "does not lie between"),
        ("0.7, 1.0, 1.3", "Leave out the quotes"),
        (keras.Input((3,)), "could not make sense"),
        ([0.66, 1.0, 1.3], "equally long"),
        (1.0, "Use all three"),
    ],
    "elu": [
        (lambda z, alpha: (_elu()(z, alpha)[0], np.where(z == 0, 0, _elu()(z, alpha)[1])), "At z = 0"),
        (_elu(alpha_used=False), "alpha is not used"),
        (_elu(minus_one=False), "subtract 1"),
        (_elu(slope_minus_one=True), "constant and adds nothing"),
        (_elu(above=0.0), "slope is 1, not 0"),
        (lambda z, alpha: (_relu(z), (z > 0) * 1.0), "That is ReLU"),
        (lambda z, alpha: (_elu()(z, alpha)[0], (z > 0) * 1.0), "ReLU's slope"),
        (lambda z, alpha: (_elu()(z, alpha)[0], _elu()(z, 1.0)[1]), "missing in the slope"),
        (lambda z, alpha: _elu()(z, alpha)[::-1], "return the value first"),
        (lambda z, alpha: (np.where(z > 0, z, alpha * np.exp(z) - 1), _elu()(z, alpha)[1]), "mind the brackets"),
        (lambda z, alpha: (alpha * (np.exp(z) - 1), alpha * np.exp(z)), "use np.where"),
        (_elu_with_if, "Use np.where"),
        (lambda z, alpha: z.no_such_thing, "AttributeError"),
        (lambda z, alpha: (np.where(z > 0, z, alpha * (1 - np.exp(z))), _elu()(z, alpha)[1]), "lies below zero"),
        (lambda z, alpha: (z, _elu()(z, alpha)[1]), "instead of z"),
        (lambda z, alpha: (_elu()(z, alpha)[0],) * 2, "That is the value again"),
        (lambda z, alpha: (_elu()(z, alpha)[0], np.where(z > 0, z, alpha * np.exp(z))), "so the slope is 1."),
        (lambda z, alpha: (_elu()(z, alpha)[0], alpha * np.exp(z)), "np.where for the slope"),
        (lambda z, alpha: (alpha * _elu()(z, 1.0)[0], _elu()(z, alpha)[1]), "belongs to the negative side only."),
        (lambda z, alpha: (np.where(z > 0, z, np.exp(alpha * z) - 1), _elu()(z, alpha)[1]), "multiplies the result"),
        (lambda z, alpha: (_elu()(z, alpha)[0], alpha * _elu()(z, 1.0)[1]), "above zero the slope is 1"),
        (_elu(corner=1), "the value is z"),
        (lambda z, alpha: (_elu()(z, alpha)[0], _elu(corner=1)(z, alpha)[1]), "the slope is 1"),
        (lambda z, alpha: _elu()(z, alpha)[0], "2 values"),
    ],
    "softmax": [
        (lambda s: np.exp(s - s[0]) / np.exp(s - s[0]).sum(), "Subtract the largest"),
        (lambda s: np.exp(s - s[-1]) / np.exp(s - s[-1]).sum(), "Subtract the largest"),
        (_naive, "Subtract the largest"),
        (lambda s: np.exp(s), "Divide by their sum"),
        (lambda s: s / s.sum(), "divided by the sum of the scores"),
        (lambda s: 1 / (1 + np.exp(-s)), "sigmoid of each"),
        (lambda s: np.exp(s) / np.exp(s).max(), "Divide by their sum"),
        (lambda s: (s == s.max()) * 1.0, "hard maximum"),
        (lambda s: np.exp(s - s.min()) / np.exp(s - s.min()).sum(), "Subtract the largest"),
        (lambda s: np.exp(s - s.mean()) / np.exp(s - s.mean()).sum(), "Subtract the largest"),
        (lambda s: _stable(s).max(), "one number"),
        (lambda s: np.log(_stable(s)), "logarithms of"),
    ],
    "outputs": [
        (_outputs(price=("1", "linear")), "the text '1'"),
        (_outputs(price=(2, "linear")), "one unit is enough"),
        (_outputs(topics=(5, "linear")), "a linear output does not"),
        (_outputs(price=(1, "relu")), "Choose among"),
        (_outputs(price=(1, "sigmoid")), "nothing should squeeze"),
        (_outputs(spam=(1, "softmax")), "always 1"),
        (_outputs(spam=(1, "linear")), "between 0 and 1"),
        (_outputs(digits=(1, "linear")), "a linear output does not"),
        (_outputs(digits=(1, "sigmoid")), "Exactly one of the ten"),
        (_outputs(digits=(10, "sigmoid")), "add up to 1"),
        (_outputs(digits=(9, "softmax")), "how many probabilities"),
        (_outputs(topics=(5, "softmax")), "independent"),
        (_outputs(topics="sigmoid"), "expected 2 values"),
        ({"spam or not": (1, "sigmoid")}, "is missing"),
        (["linear", "sigmoid"], "replace the dots"),
        (_outputs(price=(1.7, "linear")), "a whole number"),
        (_outputs(spam=(2, "sigmoid")), "one unit is enough"),
    ],
    "depth": [
        (4, "0.0039"),
        (3, "0.0156"),
        (10, "the smallest number"),
        (250, "multiplied"),
        (0, "a number of sigmoids"),
        (np.log(0.001) / np.log(0.25), "round up"),
        ("five", "Leave out the quotes"),
    ],
    "repair": [
        (_moons(bias=-20.0), "dead from the start"),
        (_moons(output="softmax"), "always 1"),
        (_moons("linear"), "Which activation lets the hidden layer bend"),
        (_moons("leaky_relu", bias=-20.0), "Where do their biases start"),
        (_moons("leaky_relu", bias=-20.0, output="softmax"), "always 1"),
        (
            _apart(keras.layers.LeakyReLU, lambda: keras.layers.Activation("sigmoid"), bias=-20.0),
            "Where do their biases",
        ),
        (_apart(keras.layers.ReLU, lambda: keras.layers.Activation("sigmoid"), bias=-20.0), "dead from the start"),
        (_apart(keras.layers.ReLU, keras.layers.Softmax), "always 1"),
        (_moons("elu", bias=-20.0), "Where do their biases start"),
        (_moons(output="tanh"), "between 0 and 1"),
        (_moons("relu", bias=0.0, rate=1e-6), "learning rate"),
        (_uncompiled, "not compiled"),
        (_moons(out_units=3, output="softmax", loss="sparse_categorical_crossentropy"), "one probability"),
        (lambda: "a model", "Keras model was expected"),
    ],
}
