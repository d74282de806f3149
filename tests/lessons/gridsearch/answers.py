"""Answers to the exercises of lesson 10."""

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, KFold, RandomizedSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

FIVE = {"learning rate", "batch size", "dropout rate", "number of units", "L2 penalty"}
C = {"logisticregression__C": [0.01, 1, 100]}


def _interleaved(n, k):
    return [(np.flatnonzero(np.arange(n) % k != i), np.flatnonzero(np.arange(n) % k == i)) for i in range(k)]


def _blocks(n, k):
    return [(train, validation) for train, validation in KFold(k).split(np.zeros(n))]


def _pairs_of_two(n, k):
    return [(np.delete(np.arange(n), [2 * i, 2 * i + 1]), np.array([2 * i, 2 * i + 1])) for i in range(k)]


def _cost(combine=np.prod, refits=1, of_folds=None):
    def cost(grid, folds, epochs):
        fits = int(combine([len(values) for values in grid.values()])) * (of_folds or folds) + refits
        return fits, fits * epochs

    return cost


def _letters(grid, folds, epochs):
    n = 1
    for values in grid:  # the keys, not the lists
        n *= len(values)
    return n * folds + 1, (n * folds + 1) * epochs


def _builder(outputs, activation, loss):
    def build(X, y):
        model = keras.Sequential(
            [
                keras.Input(shape=(X.shape[1],)),
                keras.layers.Dense(12, activation="relu"),
                keras.layers.Dense(outputs, activation=activation),
            ]
        )
        model.compile(optimizer="adam", loss=loss)
        return model

    return build


def _softmax_apart(X, y):
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(12, "relu"), keras.layers.Dense(2)])
    model.add(keras.layers.Softmax())
    model.compile("adam", "categorical_crossentropy")
    return model


def _three_units(X, y):
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(3, "relu"), keras.layers.Dense(2, "softmax")])
    model.compile("adam", "categorical_crossentropy")
    return model


def _pipe(scaler=StandardScaler, grid=C):
    return GridSearchCV(make_pipeline(scaler(), LogisticRegression()), grid)


def _on_itself(x, y):
    every = np.arange(len(y))
    return GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression()), C, cv=[(every, every)]).fit(x, y)


def _triangular(rng, n, low, high):
    exponents = rng.uniform(np.log10(low), np.log10(high), (2, n))
    return 10 ** exponents.mean(axis=0)


def _halves(rng, n, low, high):
    middle = np.sqrt(low * high)
    return np.concatenate([rng.uniform(low, middle, n // 2), rng.uniform(middle, high, n - n // 2)])


def _golden(loss):
    ratio, low, high = (5**0.5 - 1) / 2, -6.0, 1.0
    a, b = high - ratio * (high - low), low + ratio * (high - low)
    at_a, at_b = loss(10**a), loss(10**b)
    for _ in range(10):
        if at_a < at_b:
            high, b, at_b = b, a, at_a
            a = high - ratio * (high - low)
            at_a = loss(10**a)
        else:
            low, a, at_a = a, b, at_b
            b = low + ratio * (high - low)
            at_b = loss(10**b)
    return 10 ** ((low + high) / 2)


def _halving(steps=6, jump=0.45):
    def search(loss):
        low, high = -6.0, 1.0
        for _ in range(steps):
            left, right = low + 0.45 * (high - low), low + 0.55 * (high - low)
            if loss(10**left) < loss(10**right):
                high = right
            else:
                low = low + jump * (high - low)
        return 10 ** ((low + high) / 2)

    return search


def _spaced(n):
    def search(loss):
        exponents = np.linspace(-6, 1, n)
        return 10 ** exponents[np.argmin([loss(10**e) for e in exponents])]

    return search


def _thirds(loss):
    low, high = -6.0, 1.0
    for _ in range(6):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, right) if loss(10**left) < loss(10**right) else (left, high)
    return 10 ** ((low + high) / 2)


def _rounds(*counts):
    """As many evenly spaced calls per round as `counts` says, each round between the neighbours of the best so far."""

    def search(loss):
        low, high, seen = -6.0, 1.0, {}
        for n in counts:
            inner = np.linspace(low, high, n) if not seen else np.linspace(low, high, n + 2)[1:-1]
            seen |= {e: loss(10**e) for e in inner}
            best = min(seen, key=seen.get)
            low = max((e for e in seen if e < best), default=best)
            high = min((e for e in seen if e > best), default=best)
        return 10**best

    return search


def _at_random(loss):
    rng = np.random.default_rng(0)
    return 10 ** min(rng.uniform(-6, 1, 12), key=lambda e: loss(10**e))


def _no_end(n, k):
    while True:
        yield from _blocks(n, k)


def _over_budget(loss):
    low, high = -6.0, 1.0
    try:
        for _ in range(20):
            left, right = low + 0.45 * (high - low), low + 0.55 * (high - low)
            low, high = (low, right) if loss(10**left) < loss(10**right) else (left, high)
    except Exception:
        pass
    return 10 ** ((low + high) / 2)


RIGHT = {
    "knobs": [
        lambda names: FIVE,
        lambda names: [n for n in names if n in FIVE],
        lambda names: {names[0], names[2], names[4], names[5], names[7]},
        lambda names: np.array(sorted(FIVE)),
    ],
    "folds": [_blocks, lambda n, k: [(list(a), list(b)) for a, b in _blocks(n, k)]],
    "cost": [
        _cost(),
        lambda grid, folds, epochs: [f := np.prod(list(map(len, grid.values()))) * folds + 1, f * epochs],
    ],
    "repair": [
        _builder(2, "softmax", "categorical_crossentropy"),
        _builder(2, "softmax", keras.losses.CategoricalCrossentropy()),
        _builder(2, "sigmoid", "binary_crossentropy"),
        _builder(2, None, keras.losses.CategoricalCrossentropy(from_logits=True)),
        _builder(2, "softmax", keras.losses.categorical_crossentropy),
        _builder(2, "softmax", "kl_divergence"),
        _builder(2, "softmax", "binary_crossentropy"),
        _softmax_apart,
        _builder(2, None, keras.losses.BinaryCrossentropy(from_logits=True)),
    ],
    "no_leak": [
        lambda x, y: _pipe().fit(x, y),
        lambda x, y: GridSearchCV(
            Pipeline([("scale", StandardScaler()), ("logisticregression", LogisticRegression())]), C, cv=3
        ).fit(x, y),
        lambda x, y: GridSearchCV(
            Pipeline([("scale", StandardScaler()), ("lr", LogisticRegression())]), {"lr__C": [0.01, 1, 100]}
        ).fit(x, y),
        lambda x, y: GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression()), C, refit=False).fit(x, y),
    ],
    "draw_rates": [
        lambda rng, n, low, high: low * (high / low) ** rng.random(n),
        lambda rng, n, low, high: np.exp(rng.uniform(np.log(low), np.log(high), n)),
        lambda rng, n, low, high: [10 ** rng.uniform(np.log10(low), np.log10(high)) for _ in range(n)],
    ],
    "coarse_to_fine": [_golden, _halving(), _rounds(8, 4), _rounds(4, 4, 4)],
}

WRONG = {
    "knobs": [
        (lambda names: [FIVE], "expected a set"),
        (lambda names: names[:5], "no hyperparameter"),
        (lambda names: set(names), "is no hyperparameter"),
        (lambda names: FIVE | {"biases"}, "training turns the biases"),
        (lambda names: {"learning rate", "batch size"}, "2 of the 5"),
        (lambda names: {"Learning rate"}, "not one of the nine names"),
        (lambda names: "learning rate", "expected a set"),
        (lambda names: 5, "expected a set"),
    ],
    "folds": [
        (lambda n, k: [(np.isin(np.arange(n), a), np.isin(np.arange(n), b)) for a, b in _blocks(n, k)], "flatnonzero"),
        (_no_end, "3 pairs"),
        (_interleaved, "first block"),
        (lambda n, k: np.arange(n), "a list of 3 pairs"),
        (lambda n, k: [(a + 1, b + 1) for a, b in _blocks(n, k)], "0 to 5 exactly once"),
        (_pairs_of_two, "blocks of five"),
        (lambda n, k: [(b, a) for a, b in _blocks(n, k)], "training indexes come first"),
        (lambda n, k: [(np.arange(n), b) for _, b in _blocks(n, k)], "all six indexes"),
        (lambda n, k: _blocks(n, k)[::-1], "first block"),
        (lambda n, k: _blocks(n, k)[:1] * k, "Not every example validates once"),
        (lambda n, k: _blocks(n, k)[0], "expected 3 pairs"),
        (lambda n, k: [b for _, b in _blocks(n, k)], "has shape ()"),
        (lambda n, k: [([0, 1, 2, 3], b) for _, b in _blocks(n, k)], "both trains and validates"),
        (lambda n, k: [([j for j in range(6) if j not in b], b) for _, b in _blocks(n, k)], "expected the other 15"),
        (lambda n, k: _blocks(n, k) if n == 6 else 4, "expected a list of 4 pairs"),
    ],
    "cost": [
        (_cost(refits=0), "refit"),
        (_cost(combine=np.sum), "multiplied, not added"),
        (_cost(of_folds=1), "once per fold."),
        (_cost(of_folds=1, refits=0), "And the refit?"),
        (_cost(combine=lambda lengths: lengths[0]), "only the first knob"),
        (lambda grid, folds, epochs: _cost(of_folds=folds + 1, refits=0)(grid, folds, epochs), "not one per setting"),
        (
            lambda grid, folds, epochs: (_cost()(grid, folds, epochs)[0], _cost(refits=0)(grid, folds, epochs)[1]),
            "trains all",
        ),
        (_cost(refits=3), "one refit in all"),
        (lambda grid, folds, epochs: (22, 100), "That is one fit"),
        (lambda grid, folds, epochs: _cost()(grid, folds, epochs)[::-1], "first the fits"),
        (lambda grid, folds, epochs: (len(grid) * folds + 1, epochs), "counts the knobs"),
        (_letters, "letters of the knob's name"),
        (lambda grid, folds, epochs: 22, "2 values"),
        (lambda grid, folds, epochs: (22, 2200), "expected 31"),
        (lambda grid, folds, epochs: (_cost()(grid, folds, 1)[0], _cost()(grid, folds, 100)[1]), "Use the argument"),
    ],
    "repair": [
        (_builder(2, "softmax", "sparse_categorical_crossentropy"), "whole numbers"),
        (_builder(2, "softmax", "mse"), "is no cross-entropy"),
        (_builder(2, "softmax", "categorical_hinge"), "is no cross-entropy"),
        (_builder(2, "softmax", keras.losses.CategoricalCrossentropy(from_logits=True)), "Leave out one"),
        (_three_units, "with 8 features, 12 hidden units and 2 outputs it has 134"),
        (_builder(2, None, "categorical_crossentropy"), "need softmax"),
        (_builder(2, "relu", "categorical_crossentropy"), "softmax"),
        (_builder(1, "softmax", "categorical_crossentropy"), "two are needed"),
        (_builder(3, "softmax", "categorical_crossentropy"), "3 output"),
        (lambda X, y: "model", "a compiled Keras model"),
    ],
    "no_leak": [
        (lambda x, y: _pipe(grid={"C": [0.01, 1, 100]}).fit(x, y), "two underscores"),
        (lambda x, y: _pipe().fit(x[:40], y[:40]), "40 of the 60"),
        (lambda x, y: GridSearchCV(LogisticRegression(), {"C": [0.01, 1, 100]}).fit(x, y), "without its scaling"),
        (lambda x, y: _pipe(), "not been fitted"),
        (lambda x, y: _on_itself(x, y), "both train and validate"),
        (lambda x, y: _pipe().fit(StandardScaler().fit_transform(x), y), "did not see the raw features"),
        (lambda x, y: _pipe(MinMaxScaler).fit(x, y), "no StandardScaler"),
        (lambda x, y: make_pipeline(StandardScaler(), LogisticRegression()).fit(x, y), "put it into a GridSearchCV"),
        (lambda x, y: _pipe(grid={"logisticregression__C": [1, 10]}).fit(x, y), "expected 0.01, 1 and 100"),
        (
            lambda x, y: RandomizedSearchCV(make_pipeline(StandardScaler(), LogisticRegression()), C, n_iter=3).fit(
                x, y
            ),
            "expected a fitted GridSearchCV",
        ),
    ],
    "draw_rates": [
        (lambda rng, n, low, high: [10 ** rng.uniform(np.log10(low), np.log10(high))] * n, "only a few different"),
        (lambda rng, n, low, high: rng.uniform(low, high, n), "draw the exponent evenly"),
        (lambda rng, n, low, high: rng.uniform(np.log10(low), np.log10(high), n), "look like exponents"),
        (lambda rng, n, low, high: np.exp(rng.uniform(np.log10(low), np.log10(high), n)), "np.exp undoes np.log"),
        (lambda rng, n, low, high: 10 ** rng.uniform(np.log(low), np.log(high), n), "10 ** undoes np.log10"),
        (lambda rng, n, low, high: 10 ** rng.uniform(low, high, n), "not exponents"),
        (lambda rng, n, low, high: 10 ** rng.uniform(-5, 2, n), "use the arguments low and high"),
        (_triangular, "expected about 17 in each"),
        (_halves, "expected about 17 in each"),
        (lambda rng, n, low, high: np.geomspace(low, high, n), "nothing was drawn"),
        (
            lambda rng, n, low, high: 10 ** np.random.default_rng(0).uniform(np.log10(low), np.log10(high), n),
            "nothing was drawn",
        ),
        (
            lambda rng, n, low, high: 10 ** np.random.default_rng().uniform(np.log10(low), np.log10(high), n),
            "and only with it",
        ),
        (lambda rng, n, low, high: 10 ** rng.uniform(-5, 1, n), "Use the arguments"),
        (lambda rng, n, low, high: 10 ** rng.uniform(np.log10(low), np.log10(high)), "expected (4000,)"),
        (lambda rng, n, low, high: 10.0 ** rng.integers(-5, 2, n), "only a few different"),
        (lambda rng, n, low, high: np.resize(np.geomspace(low, high, 40), n), "only a few different"),
    ],
    "coarse_to_fine": [
        (_over_budget, "budget"),
        (lambda loss: min(loss(10**e) for e in np.linspace(-6, 1, 12)), "returned a loss"),
        (lambda loss: loss(10 ** np.linspace(-6, 1, 12)), "called with holds 12 numbers"),
        (_spaced(12), "Spend the later calls"),
        (_spaced(100), "budget"),
        (_halving(steps=5), "2 calls are left"),
        (_halving(jump=0.55), "rule out only what lies beyond"),
        (_thirds, "calls still lie"),
        (_rounds(6, 6), "calls still lie"),
        (_at_random, "Spend the later calls"),
        (lambda loss: 0.1, "Only calls of loss"),
        (lambda loss: min(np.linspace(1e-6, 10, 12), key=loss), "spread the exponents"),
        (lambda loss: np.log10(_golden(loss)), "Is that the exponent?"),
        (lambda loss: loss(0.0), "a positive number"),
        (lambda loss: [0.1, 1.0], "2 numbers"),
    ],
}
