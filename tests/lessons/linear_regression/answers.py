"""Answers to the exercises of lesson 01."""

import keras
import numpy as np

from courseware.data import houses


def _walk(x, y, rate, steps, *, sign=1.0, two=2.0, mean=np.mean, in_turn=False, extra=0):
    w = b = 0.0
    for _ in range(steps + extra):
        error = w * x + b - y
        new_w = w - sign * rate * mean(two * error * x)
        if in_turn:
            error = new_w * x + b - y
        w, b = new_w, b - sign * rate * mean(two * error)
    return w, b


def _returns_inside_loop(x, y, rate, steps):
    w = b = 0.0
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - rate * np.mean(2 * error * x), b - rate * np.mean(2 * error)
        return w, b
    return w, b


def _moves_b_first(x, y, rate, steps):
    w = b = 0.0
    for _ in range(steps):
        b -= rate * np.mean(2 * (w * x + b - y))
        w -= rate * np.mean(2 * (w * x + b - y) * x)
    return w, b


def _adds_in_place(w, b, x):
    x *= w
    x += b
    return x


def _lower(x, y, rate, steps=200, **how):
    with np.errstate(all="ignore"):
        w, b = _walk(x, y, rate, steps, **how)
        return np.mean((w * x + b - y) ** 2) < np.mean(y**2)


def _bisect(x, y, halvings=25, turned=False, **how):
    low, high = 0.0, 1.0
    for _ in range(halvings):
        middle = (low + high) / 2
        low, high = (middle, high) if _lower(x, y, middle, **how) != turned else (low, middle)
    return (low + high) / 2


def _ends_at_our_houses(x, y, rate, at_start, at_end):
    """Whether a walk works, by the loss on the lesson's houses at its start, its end, or both."""
    size, price = houses(n=256, seed=0)
    with np.errstate(all="ignore"):
        w, b = _walk(x, y, rate, 200)
        end = np.mean((w * size + b - price) ** 2) if at_end else np.mean((w * x + b - y) ** 2)
    return end < (np.mean(price**2) if at_start else np.mean(y**2))


def _by_our_houses(x, y, at_start=True, at_end=True, halvings=40):
    low, high = 0.0, 1.0
    for _ in range(halvings):
        middle = (low + high) / 2
        low, high = (middle, high) if _ends_at_our_houses(x, y, middle, at_start, at_end) else (low, middle)
    return low


def _begins_as_the_lesson(x, y, low=0.2, high=0.55):
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if _lower(x, y, middle) else (low, middle)
    return low


def _by_factors(x, y):
    rate = 1.0
    while not _lower(x, y, rate):
        rate /= 1.008
    return rate


def _table(x):
    return np.array([[np.mean(2 * x**2), np.mean(2 * x)], [np.mean(2 * x), 2.0]])


def _curvature(x, of=np.max):
    return of(np.linalg.eigvalsh(_table(x)))


def _model(rate=0.2, loss="mse", compiled=True, **dense):
    model = keras.Sequential([keras.Input(shape=(1,)), keras.layers.Dense(1, **dense)])
    if compiled:
        model.compile(optimizer=keras.optimizers.SGD(rate), loss=loss)
    return model


def _any_optimizer(optimizer, loss="mse"):
    model = _model(compiled=False)
    model.compile(optimizer=optimizer, loss=loss)
    return model


def _twice_the_price(label, prediction):
    return keras.ops.mean(keras.ops.square(prediction - 2 * label))


def _activation_apart():
    line = [keras.Input(shape=(1,)), keras.layers.Dense(1), keras.layers.Activation("relu")]
    model = keras.Sequential(line)
    model.get_layer(index=0).set_weights([np.array([[1.0]]), np.array([2.0])])
    model.compile(optimizer=keras.optimizers.SGD(0.2), loss="mse")
    return model


def _z(train, test, of=None, axis=0, low=np.mean, high=np.std):
    of = train if of is None else of
    return (train - low(of, axis=axis)) / high(of, axis=axis), (test - low(of, axis=axis)) / high(of, axis=axis)


def _standard(size):
    return (size - size.mean()) / size.std()


def _leaves_b(x, y, rate, steps):
    w = 0.0
    for _ in range(steps):
        w -= rate * np.mean(2 * (w * x - y) * x)
    return w, 0.0


def _mse_returns_inside_loop(p, y):
    total = 0
    for one, label in zip(p, y, strict=True):
        total += (one - label) ** 2
        return total / len(p)


def _mse_of_the_last(p, y):
    for one, label in zip(p, y, strict=True):
        total = (one - label) ** 2
    return total / len(p)


def _starts_anew(x, y, rate, steps):
    w = b = 0.0
    for _ in range(steps):
        w, b = _walk(x, y, rate, 1)
    return w, b


def _errors_once(x, y, rate, steps):
    w, b = _walk(x, y, rate, 1)
    return steps * w, steps * b


def _overwrites_train(train, test):
    train = (train - train.mean(0)) / train.std(0)
    return train, (test - train.mean(0)) / train.std(0)


def _asks_whether_larger(x, y):
    low, high = 0.0, 1.0
    for _ in range(25):
        middle = (low + high) / 2
        with np.errstate(all="ignore"):
            w, b = _walk(x, y, middle, 200)
            low, high = (low, middle) if np.mean((w * x + b - y) ** 2) > np.mean(y**2) else (middle, high)
    return low


def _bisect_low(x, y, halvings, high=1.0):
    low = 0.0
    for _ in range(halvings):
        middle = (low + high) / 2
        low, high = (middle, high) if _lower(x, y, middle) else (low, middle)
    return low


RIGHT = {
    "predict": [lambda w, b, x: b + np.multiply(x, w), lambda w, b, x: np.asarray(w * np.asarray(x) + b, "float32")],
    "mse": [
        lambda p, y: np.sum((y - p) ** 2) / len(y),
        lambda p, y: float(np.average(np.square(p - y))),
        lambda p, y: keras.ops.mean(keras.ops.square(p - y)),
        lambda p, y: sum((a - b) ** 2 for a, b in zip(p, y, strict=True)) / len(p),
    ],
    "gradient": [
        lambda w, b, x, y: keras.ops.stack([np.mean(2 * (w * x + b - y) * x), np.mean(2 * (w * x + b - y))]),
        lambda w, b, x, y: [2 / len(x) * np.sum((w * x + b - y) * x), 2 / len(x) * np.sum(w * x + b - y)],
        lambda w, b, x, y: -2 * np.array([np.mean((y - w * x - b) * x), np.mean(y - w * x - b)]),
    ],
    "descend": [
        lambda x, y, rate, steps: _walk(x, y, rate, steps),
        lambda x, y, rate, steps: np.array(_walk(x, y, rate, steps), dtype="float32"),
    ],
    "largest_rate": [
        _bisect,
        lambda x, y: _bisect(x, y, halvings=40, steps=1000),
        lambda x, y: np.float32(_bisect(x, y)),
        _by_factors,
        lambda x, y: 2 / np.linalg.eigvals(_table(x)).real.max(),
        lambda x, y: 1 / np.linalg.norm(_table(x) / 2, ord=2),
    ],
    "repair": [
        lambda: _model(0.1),
        lambda: _model(0.3, loss=keras.losses.MeanSquaredError()),
        _model(0.2),
        lambda: _any_optimizer(keras.optimizers.Adam(0.3)),
        lambda: _any_optimizer(keras.optimizers.SGD(0.05, momentum=0.9)),
        lambda: _any_optimizer(keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(0.4, 100))),
        lambda: _model(0.2, activation="linear"),
    ],
    "standardize": [
        lambda train, test: tuple((part - np.mean(train, 0)) / np.std(train, 0) for part in (train, test)),
        lambda train, test: [(train - train.mean(0)) / train.std(0), (test - train.mean(0)) / train.std(0)],
        lambda train, test: [(part - train.mean(0)) / train.std(0, ddof=1) for part in (train, test)],
    ],
    "three_steps": [(_standard, 0.5), [lambda size: -_standard(size), 0.45]],
}

WRONG = {
    "predict": [
        (lambda w, b, x: np.maximum(0, w * x + b), "; expected [ 1.  -0.5  4. ]"),
        (lambda w, b, x: w * x, "bias b is missing"),
        (lambda w, b, x: w * (x + b), "add b after multiplying"),
        (lambda w, b, x: w + x, "weight multiplies"),
        (lambda w, b, x: (w + b) * x, "only w multiplies"),
        (lambda w, b, x: w * x - b, "That is w * x - b"),
        (lambda w, b, x: b * x + w, "That is b * x + w"),
        (lambda w, b, x: w + x + b, "That is w + x + b"),
        (lambda w, b, x: print(w * x + b), "return"),
        (lambda w, b: w + b, "TypeError"),
        (_adds_in_place, "in place"),
        (7.0, "must be a function"),
    ],
    "mse": [
        (_mse_returns_inside_loop, "inside the loop"),
        (_mse_of_the_last, "+="),
        (lambda p, y: np.sum(np.abs(p - y)), "sum of the errors' sizes"),
        (lambda p, y: np.sum((p - y) ** 2), "RSS"),
        (lambda p, y: np.mean(p - y), "cancel"),
        (lambda p, y: np.mean(y - p), "cancel"),
        (lambda p, y: np.median((p - y) ** 2), "; expected 9.75."),
        (lambda p, y: np.mean(np.abs(p - y)), "Square them"),
        (lambda p, y: np.mean(p - y) ** 2, "Square first"),
        (lambda p, y: np.sqrt(np.mean((p - y) ** 2)), "root"),
        (lambda p, y: np.mean((p - y) ** 2) / 2, "factor 1/2"),
        (lambda p, y: (p - y) ** 2, "four numbers"),
        (lambda p, y: np.sum((p - y) ** 2) / (len(y) - 1), "divided by 3"),
        (lambda p, y: np.sum((p - y) ** 2) / 3, "divided by 3"),
        (lambda p, y: np.sum((p - y) ** 2) / 4, "fixed 4"),
    ],
    "gradient": [
        (lambda w, b, x, y: (np.mean(2 * (y - w * x - b) * x), np.mean(2 * (y - w * x - b))), "sign"),
        (lambda w, b, x, y: (np.mean((w * x + b - y) * x), np.mean(w * x + b - y)), "factor 2"),
        (lambda w, b, x, y: (np.sum(2 * (w * x + b - y) * x), np.sum(2 * (w * x + b - y))), "sum over"),
        (lambda w, b, x, y: (np.mean(2 * (w * x + b - y)), np.mean(2 * (w * x + b - y) * x)), "swapped"),
        (lambda w, b, x, y: (np.mean(2 * (w * x + b - y)),) * 2, "multiplied by its x"),
        (lambda w, b, x, y: (np.mean(2 * (w * x + b - y) * x),) * 2, "no factor x"),
        (lambda w, b, x, y: (2 * (w * x + b - y) * x, 2 * (w * x + b - y)), "take the mean"),
        (lambda w, b, x, y: np.mean(2 * (w * x + b - y) * x), "2 values"),
        (lambda w, b, x, y: (np.mean(2 * (x + b - y) * x), np.mean(2 * (x + b - y))), "w is not used"),
        (
            lambda w, b, x, y: (np.mean(2 * (w * x + b - y)) * np.mean(x), np.mean(2 * (w * x + b - y))),
            "mean of products",
        ),
    ],
    "descend": [
        (_starts_anew, "start anew"),
        (_errors_once, "belong in the loop"),
        (lambda x, y, rate, steps: _walk(x, y, rate, steps)[::-1], "swapped"),
        (lambda x, y, rate, steps: _walk(x, y, 0.1, steps), "not a fixed 0.1"),
        (_returns_inside_loop, "inside the loop"),
        (lambda x, y, rate, steps: _walk(x, y, rate, steps, sign=-1), "uphill"),
        (lambda x, y, rate, steps: _walk(x, y, 1.0, steps), "not used"),
        (lambda x, y, rate, steps: _walk(x, y, rate, steps, in_turn=True), "after w had moved"),
        (_moves_b_first, "after b had moved"),
        (lambda x, y, rate, steps: _walk(x, y, rate, steps, two=1.0), "factor 2"),
        (lambda x, y, rate, steps: _walk(x, y, rate, steps, mean=np.sum), "take means"),
        (lambda x, y, rate, steps: (_walk(x, y, rate, steps)[0], 0.0), "; expected"),
        (_leaves_b, "b never moved"),
        (lambda x, y, rate, steps: _walk(x, y, rate, max(steps - 1, 0)), "too few"),
        (lambda x, y, rate, steps: _walk(x, y, rate, steps, extra=1), "before the loop"),
        (lambda x, y, rate, steps: _walk(x, y, rate, steps, mean=np.median), "; expected"),
    ],
    "largest_rate": [
        (lambda x, y: _bisect_low(x, y, 17), "stop too early"),
        (lambda x, y: _bisect_low(x, y, 25, high=0.55), "between 0 and 1"),
        (_asks_whether_larger, "is not larger than anything"),
        (lambda x, y: _bisect(x, y, turned=True), "raise `low`"),
        (lambda x, y: 1.0, "upper end"),
        (lambda x, y: 0.0, "lower end"),
        (lambda x, y: _bisect(x, y, halvings=0), "first middle"),
        (lambda x, y: _bisect(x, y, halvings=10), "stop too early"),
        (lambda x, y: _by_our_houses(x, y, halvings=12), "stop too early"),
        (_by_our_houses, "look at the lesson's houses"),
        (lambda x, y: _by_our_houses(x, y, at_end=False), "look at the lesson's houses"),
        (lambda x, y: _by_our_houses(x, y, at_start=False), "largest_rate([4 5 6 8]"),
        (_begins_as_the_lesson, "low = 0 and high = 1"),
        (lambda x, y: _bisect(x, y, two=1.0), "twice the edge"),
        (lambda x, y: _bisect(x, y, mean=np.sum), "a third of the edge"),
        (lambda x, y: _curvature(x), "divided by it"),
        (lambda x, y: 1 / _curvature(x), "2 / curvature"),
        (lambda x, y: 2 / _curvature(x, of=np.min), "smallest curvature"),
        (lambda x, y: 4 / _curvature(x), "twice the edge"),
        (lambda x, y: 2 / np.mean(2 * x**2), "w alone"),
        (lambda x, y: 2 / np.linalg.eigvalsh(_table(x)), "holds 2 numbers"),
        (lambda x: 2 / _curvature(x), "TypeError"),
        (0.46, "must be a function"),
    ],
    "repair": [
        (lambda: _model(20.0), "larger than at the start"),
        (lambda: _any_optimizer(keras.optimizers.SGD()), "too short"),
        (lambda: _any_optimizer("adam"), "too short"),
        (lambda: _any_optimizer(keras.optimizers.SGD(0.2), loss=_twice_the_price), "not the squared one"),
        (lambda: _model(1), "decimal point"),
        (_activation_apart, "straight line"),
        (lambda: _model(0.2, use_bias=False), "without bias"),
        (lambda: _model(0.2, activation="sigmoid"), "between 0 and 1"),
        (lambda: _model(0.2, activation="relu"), "still has an activation"),
        (lambda: _model(compiled=False), "not compiled"),
        (lambda: _model(0.0001), "too short"),
        (lambda: "a model", "Keras model was expected"),
    ],
    "standardize": [
        (_overwrites_train, "overwritten before"),
        (lambda train, test: (_z(train, test)[0], (test - train.mean(0)) / test.std(0)), "spread is its own"),
        (lambda train, test: (_z(train, test)[0], (test - test.mean(0)) / train.std(0)), "mean is its own"),
        (lambda train, test: (_z(train, test)[0], _z(test, test)[1]), "own mean"),
        (
            lambda train, test: (_z(train, test)[0], (test - test.mean(0)) / test.std(0, ddof=1)),
            "own mean",
        ),
        (lambda train, test: _z(train, test, of=np.vstack([train, test])), "leaked"),
        (lambda train, test: _z(train, test, axis=None), "axis=0"),
        (lambda train, test: _z(train, test, high=np.var), "variance"),
        (lambda train, test: (train / train.std(0), test / train.std(0)), "Subtract the mean before"),
        (lambda train, test: ((train - train.mean(0)) / train.std(0, ddof=1), test), "came back as it was"),
        (lambda train, test: _z(train, test, axis=1), "axis=0"),
        (
            lambda train, test: tuple((x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True) for x in (train, test)),
            "for each person",
        ),
        (lambda train, test: _z(train, test, low=np.min, high=np.ptp), "mean and std"),
        (lambda train, test: (_z(train, test)[0], test), "came back as it was"),
        (lambda train, test: (train - train.mean(0), test - train.mean(0)), "now divide"),
        (lambda train, test: _z(train, test)[0], "2 values"),
    ],
    "three_steps": [
        ((lambda size: size, 0.2), "not round"),
        ((_standard, 0.1), "as long as the distance"),
        ((_standard, 2.0), "at the edge or above it"),
        ((_standard, 1.0), "at the edge or above it"),
        ((lambda size: size * 0 + 1, 0.5), "stay apart"),
        ((lambda size: size**2, 0.5), "shift and stretch"),
        ((_standard, "0.5"), "quotes"),
        (_standard, "2 values"),
    ],
}
