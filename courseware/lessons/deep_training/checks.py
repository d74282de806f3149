"""Exercises of lesson 11: what each checks, and its hints."""

import keras
import numpy as np

from courseware.checking import NotStarted, TryAgain, array, call, describe, exercise, expect, number, pair
from courseware.checking_keras import (
    DIGIT_LABELS,
    accuracy,
    compiled_model,
    every_layer,
    layers_of,
    learning_rate,
    refuse_other_shapes,
    starts,
    train,
)
from courseware.data import digits


def _whole(number):
    """A number, and what becomes of it when it is rounded."""
    return number, np.floor(number), np.ceil(number), np.floor(number) + 1


@exercise(
    "Start with 1 and multiply by the factor until less than the fraction is left; count how often.",
    "A while loop does it: while left >= fraction. Or solve factor**n < fraction with logarithms.",
    "left, n_layers = 1.0, 0; in the loop left = left * factor and n_layers = n_layers + 1; return n_layers after it.",
)
def layers_until(answer):
    for factor, fraction in ((0.8, 0.001), (0.5, 0.1), (0.9, 0.5)):
        exact = np.log(fraction) / np.log(factor)
        right = int(np.ceil(exact))
        expect(
            f"layers_until(factor={factor}, fraction={fraction})", number(call(answer, factor, fraction), "The number of layers"), right,
            mistakes=[
                (exact, "That is where exactly the fraction is left; layers come whole, so round up."),
                (np.floor(exact), "One layer too few: more than the fraction is still left there."),
                (right + 1, "One layer too many: less than the fraction was left one layer before."),
                (-exact, "The sign is turned: both logarithms are negative, and their quotient is positive."),
                (np.log(factor) / np.log(fraction), "The quotient is upside down: log(fraction) / log(factor)."),
                (1, "Does `return` stand inside the loop? Or is a quotient upside down? It is log(fraction) / log(factor)."),
                (fraction / factor, "Layers multiply; the fraction is reached by a power of the factor, not by a division."),
                *((part, "Each layer removes a part of what is *left*, not the same amount each time.")
                  for part in _whole((1 - fraction) / (1 - factor))),
            ],
        )  # fmt: skip
    expect("layers_until(factor=0.5, fraction=0.125)", number(call(answer, 0.5, 0.125)), 4,
           mistakes=[(3, "After 3 layers exactly 0.125 is left, which is not *less* than 0.125.")])  # fmt: skip
    return "With 0.8 per layer, thirty-one layers are enough to lose 99.9 %."


@exercise(
    "Look at the table of the two initializations. Which of them looks at the fan-out?",
    "An if on the activation; both rules are a square root: np.sqrt(...).",
    'np.sqrt(2 / fan_in) if activation == "relu", else np.sqrt(2 / (fan_in + fan_out))',
)
def first_spread(answer):
    def run(*arguments):
        return number(call(answer, *arguments), "The spread")

    expect(
        'first_spread(50, 200, "relu")', run(50, 200, "relu"), 0.2,
        mistakes=[
            (0.04, "That is the variance; the spread is its square root."),
            (np.sqrt(1 / 50), "ReLU loses half of the mean square: 2 / fan-in instead of 1 / fan-in."),
            (np.sqrt(2 / 200), "That uses the fan-out. He's rule looks at what comes in."),
            (np.sqrt(2 / 250), "That is Glorot's spread. For ReLU take He's."),
            (np.sqrt(6 / 50), "That is the limit of He's uniform draw; its spread is smaller."),
            (2 / 50, "That is the variance; the spread is its square root."),
        ],
    )  # fmt: skip
    for activation in ("tanh", "sigmoid", "linear"):
        expect(
            f'first_spread(20, 12, "{activation}")', run(20, 12, activation), 0.25,
            mistakes=[
                (2 / 32, "That is the variance; the spread is its square root."),
                (np.sqrt(2 / 20), "That is He's spread, which is made for ReLU. Take Glorot's."),
                (np.sqrt(1 / 32), "Glorot's rule is 2 / (fan-in + fan-out), with a 2."),
                (np.sqrt(2 / 240), "Glorot's rule adds fan-in and fan-out; it does not multiply them."),
                (np.sqrt(6 / 32), "That is the limit of Glorot's uniform draw; its spread is smaller."),
                (np.sqrt(1 / 20), "That looks at the fan-in alone; Glorot's rule takes fan-in and fan-out."),
            ],
        )  # fmt: skip
    return "For a square layer the two differ by the root of 2, per layer."


def _clipped(answer, arrays, limit):
    got = call(answer, arrays, limit)
    if not isinstance(got, list | tuple) or len(got) != len(arrays):
        raise TryAgain(f"clip returned {describe(got)}; a list of {len(arrays)} arrays was expected.")
    return [array(part, given.shape, "a clipped array") for part, given in zip(got, arrays, strict=True)]


def _flat(arrays):
    return np.concatenate([np.ravel(part) for part in arrays])


@exercise(
    "First one number: the norm over all arrays together. Then one factor for all of them.",
    "norm = np.sqrt(sum(np.sum(array**2) for array in arrays)); the factor is limit / norm, but never above 1.",
    "return [array * min(1.0, limit / norm) for array in arrays]",
)
def clip(answer):
    long = [np.array([[3.0, 0.0], [0.0, -4.0]]), np.array([12.0])]  # norms 5 and 12, together 13
    each = [part * min(1, 2 / np.linalg.norm(part)) for part in long]
    expect(
        "clip([[[3 0] [0 -4]], [12]], limit=2), all numbers in a row", _flat(_clipped(answer, long, 2.0)), _flat(long) * 2 / 13,
        mistakes=[
            (_flat(each), "Each array was shortened by itself. Take one norm over all of them together."),
            (np.clip(_flat(long), -2, 2), "Each number was cut by itself, which bends the direction. Multiply all by one factor."),
            (np.minimum(_flat(long), 2), "Each number was cut by itself, which bends the direction. Multiply all by one factor."),
            (_flat(long), "Nothing was shortened, though the norm is 13 and the limit 2."),
            (_flat(long) / 13, "The norm is now 1; multiply by the limit too."),
            (_flat(long) * 2 / 169, "That divides by the sum of squares; the norm is its root."),
            (_flat(long) * 2 / 17, "That adds the norms of the arrays. Add the squares of all numbers, then take one root."),
            (_flat(long) * 2 / 19, "That adds the sizes of the numbers. The norm is the root of the sum of their squares."),
        ],
    )  # fmt: skip
    short = [np.array([[0.03, 0.0]]), np.array([0.04])]
    expect(
        "clip([[[0.03 0]], [0.04]], limit=2), all numbers in a row", _flat(_clipped(answer, short, 2.0)), _flat(short),
        mistakes=[(_flat(short) * 40, "A gradient below the limit must stay as it is; yours was made longer.")],
    )  # fmt: skip
    small = [np.array([[0.3, 0.0]]), np.array([0.4])]  # norm 0.5
    expect("clip([[[0.3 0]], [0.4]], limit=0.1), all numbers in a row", _flat(_clipped(answer, small, 0.1)), _flat(small) / 5,
           mistakes=[(_flat(small), "The norm is 0.5 and the limit 0.1: compare the norm with the limit, not with 1.")])  # fmt: skip
    with np.errstate(all="ignore"):
        still = _flat(call(answer, [np.zeros((1, 2)), np.zeros(1)], 2.0))
    if not np.all(still == 0):
        raise TryAgain("clip of arrays full of zeros must return zeros. Do not divide by a norm of 0.")
    return "The arrow keeps its direction, and a short one is left alone."


@exercise(
    "Standardize each column, then stretch it by gamma and shift it by beta.",
    "z.mean(axis=0) and z.var(axis=0) give one number for each unit; epsilon is added to the variance.",
    "hat = (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + epsilon); return gamma * hat + beta",
)
def batch_norm(answer):
    z = np.array([[1.0, 10.0], [3.0, 30.0], [5.0, 80.0], [7.0, 0.0]])
    gamma, beta = np.array([2.0, 0.5]), np.array([1.0, -1.0])

    def right(axis=0, root=True, eps=0.001, scale=gamma, shift=beta):
        mean, variance = z.mean(axis=axis, keepdims=True), z.var(axis=axis, keepdims=True)
        return scale * (z - mean) / ((variance + eps) ** (0.5 if root else 1)) + shift

    got = call(answer, z, gamma, beta, name="batch_norm")
    expect(
        "batch_norm of 4 examples and 2 units", got, right(), rtol=1e-6,
        mistakes=[
            (right(axis=1), "The mean runs over the wrong axis: take it over the examples, axis=0, for each unit by itself."),
            (right(axis=None), "One mean for all numbers was used; each unit needs its own: axis=0."),
            (right(root=False), "That divides by the variance; take its square root."),
            (right(scale=1.0, shift=0.0), "gamma and beta are missing."),
            (right(shift=0.0), "beta is missing."),
            (right(scale=1.0), "gamma is missing."),
            (gamma * (right(scale=1.0, shift=0.0) + beta), "beta was multiplied by gamma; add it at the end."),
            (right(eps=0.0), "epsilon is missing: add it to the variance, under the root."),
            (gamma * (z - z.mean(axis=0)) / (z.std(axis=0) + 0.001) + beta, "epsilon belongs under the root, added to the variance."),
            (right() - 2 * beta, "beta is added, not subtracted."),
            (right(scale=beta, shift=gamma), "gamma and beta have changed places: gamma stretches, beta shifts."),
            (gamma * (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0, ddof=1) + 0.001) + beta,
             "That variance divides by n - 1; z.var(axis=0) divides by n, the number of examples."),
            (gamma * z / np.sqrt(z.var(axis=0) + 0.001) + beta, "The mean was not subtracted."),
            (gamma * (z - z.mean(axis=0)) + beta, "Divide by the spread, np.sqrt(z.var(axis=0) + epsilon)."),
        ],
    )  # fmt: skip
    flat = np.ones((3, 2))
    expect(
        "batch_norm of three equal examples", call(answer, flat, gamma, beta, name="batch_norm"), np.tile(beta, (3, 1))
    )
    got = call(answer, z, gamma, beta, 1.0, name="batch_norm")
    expect("batch_norm(z, gamma, beta, epsilon=1.0)", got, right(eps=1.0),
           mistakes=[(right(), "The argument epsilon is not used.")])  # fmt: skip
    return "Unless a column of z hardly varies, what goes on has spread gamma and mean beta."


@exercise(
    "Two paths lead from h to the output, so two blames come back, and they add up.",
    "Through the weights: the gate (h @ w > 0) stops some of the blame, then it passes w.T.",
    "return blame + (blame * (h @ w > 0)) @ w.T",
)
def block_back(answer):
    h = np.array([[1.0, 2.0], [-1.0, 0.7], [0.5, -0.3]])
    w = np.array([[1.0, -1.5], [0.5, 0.4]])  # no sum is 0, where ReLU has no slope of its own
    blame = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 4.0]])
    gate = h @ w > 0
    through = (blame * gate) @ w.T
    expect(
        "block_back(h, w, blame)", call(answer, h, w, blame), blame + through,
        mistakes=[
            (through, "The blame that passes through the shortcut is missing."),
            (blame, "The blame that comes back through relu(h @ w) is missing."),
            (blame + blame @ w.T, "ReLU's gate is missing: where h @ w is not positive, no blame passes."),
            (blame + (blame * gate) @ w, "The weights must be transposed on the way back: w.T."),
            (blame + (blame * (h > 0)) @ w.T, "The gate is open where h @ w is positive, not where h is."),
            (blame * gate + through, "The gate belongs to the path through the weights only; the shortcut has none."),
            ((blame + through) * gate, "The gate belongs to the path through the weights only; the shortcut has none."),
            (blame * through, "The two paths add up; they are not multiplied."),
            (blame - through, "The two paths add up."),
            (h + through, "Through the shortcut comes the blame, not h itself."),
            (blame + blame * gate, "Behind the gate the blame still has to pass the weights: @ w.T."),
            (blame + gate @ w.T, "The gate lets blame through or stops it: multiply the blame by it."),
            (blame + (blame @ w.T) * gate, "The gate stands behind the weights, so on the way back it comes first: (blame * gate) @ w.T."),
            (h + np.maximum(0, h @ w), "That is the way forward. Asked for is the blame that comes back to h."),
        ],
    )  # fmt: skip
    h, w, blame = h[:2, ::-1], w.T, blame[1:]
    expect("block_back of two other examples", call(answer, h, w, blame), blame + (blame * (h @ w > 0)) @ w.T)
    return "Even if w were all zeros, the blame would arrive whole."


@exercise(
    "First the velocity, then the place.",
    "The new velocity is beta * v - rate * g; the new w is w plus the new velocity.",
    "v = beta * v - rate * g; return w + v, v",
)
def momentum_step(answer):
    w, v, g = np.array([1.0, -2.0, 0.5]), np.array([0.5, 0.1, 0.0]), np.array([4.0, -1.0, 2.0])

    def run(beta, rate=0.1):
        got = pair(call(answer, w, v, g, rate, beta), "momentum_step(...)", ("w", "v"))
        return [array(part, (3,), name) for part, name in zip(got, ("the new w", "the new v"), strict=True)]

    new_v = 0.8 * v - 0.1 * g
    new_w = w + new_v
    got_w, got_v = run(0.8)
    if np.allclose(got_w, new_v) and np.allclose(got_v, new_w):
        raise TryAgain("The two are swapped: first w, then v.")
    expect(
        "the new v of momentum_step(w, v, g, rate=0.1, beta=0.8)", got_v, new_v,
        mistakes=[
            (v, "The velocity was not updated, or the old one was returned."),
            (0.8 * v + 0.1 * g, "The push goes downhill: subtract rate * g."),
            (0.8 * v + 0.2 * g, "That is an average of slopes, as in Adam. Here the push is rate * g, subtracted."),
            (0.8 * v - g, "The push is rate * g; the rate is missing."),
            (v - 0.1 * g, "beta is missing: only a part of the old velocity is kept."),
            (-0.1 * g, "The old velocity is missing; that is plain descent."),
            (0.8 * (v - 0.1 * g), "beta belongs to the old velocity only, not to the push."),
            (0.2 * v - 0.1 * g, "beta and 1 - beta are swapped: beta is the part that is kept."),
        ],
    )  # fmt: skip
    expect(
        "the new w of momentum_step(w, v, g, rate=0.1, beta=0.8)", got_w, new_w,
        mistakes=[
            (w + v, "w was moved by the old velocity; update v first."),
            (w - new_v, "v already points downhill: add it to w."),
            (w - 0.1 * g, "That is plain descent; w moves by the velocity."),
            (w + 0.1 * new_v, "The rate is in the velocity already; do not multiply by it again."),
            (w + new_v - 0.1 * g, "The push is in the new velocity already; do not subtract it again."),
            (w + 0.8 * new_v, "beta is in the velocity already; add the whole new velocity."),
            (w + 0.8 * new_v - 0.1 * g, "That is Nesterov's momentum. Here w moves by the new velocity, no more."),
            (w, "w did not move."),
        ],
    )  # fmt: skip
    expect("the new w with beta=0", run(0.0)[0], w - 0.1 * g)
    expect("the new w with beta=0.8, rate=0.5", run(0.8, rate=0.5)[0], w + 0.8 * v - 0.5 * g,
           mistakes=[(new_w, "The rate is 0.5 here: use the argument, not a fixed 0.1.")])  # fmt: skip
    return "With beta = 0 it is plain descent."


def _pixels():
    images, labels = digits("small")
    rows = images.reshape(len(images), 64)[:1280]
    return (rows - rows.mean()) / rows.std(), labels[:1280]


def _hidden(model):
    return layers_of(model, keras.layers.Dense)[:-1]


def _network(answer, name, least):
    """Return the model that the answer builds, if it is compiled, reads digits and is deep enough."""
    model = compiled_model(answer, name, inputs=(64,))
    refuse_other_shapes(model, (64,), (10,), "64 pixels in and ten numbers out")
    if len(_hidden(model)) < least:
        raise TryAgain(f"The model has {len(_hidden(model))} hidden dense layers; at least {least} were asked for.")
    return model


def _learned(model):
    """Train on the digits; return which part of them is read right, and how many hidden layers have moved."""
    x, y = _pixels()
    before = [layer.get_weights()[0] for layer in _hidden(model)]
    train(model, x, y, batch_size=64, epochs=12, labels=DIGIT_LABELS)
    after = [layer.get_weights()[0] for layer in _hidden(model)]
    return accuracy(model, x, y), sum(not np.array_equal(old, new) for old, new in zip(before, after, strict=True))


def _refuse_idle(moved, least):
    """Raise TryAgain unless so many hidden layers have moved in training: more layers than that do nothing for the digits."""
    if moved < least:
        raise TryAgain(
            f"The digits are read, but only {moved} of the hidden layers have learned: the weights of the others are what "
            f"they were before training. At least {least} layers should have a part in it."
        )


@exercise(
    "Compare it with build_deep: the activation, the initialization, the rate.",
    "ReLU with He's initialization, and a rate near 0.05. Shortcuts and normalization make it easy.",
    "return build_deep(depth=12, normalization=True, shortcut=True)",
    seconds=90,
)
def repair(answer):
    model = _network(answer, "repaired_network", least=12)
    hidden, rate = _hidden(model), learning_rate(model)
    sigmoid = all(layer.activation is keras.activations.sigmoid for layer in hidden)
    spread = max(float(layer.get_weights()[0].std()) for layer in hidden)
    if sigmoid and spread < 0.03 and rate < 0.001:
        raise NotStarted("The network is still as it was given. Three things are wrong with it.")
    right, moved = _learned(model)
    if right >= 0.7:
        _refuse_idle(moved, 12)
        return "Twelve layers, and the gradient reaches every one of them."
    told = f"After 12 epochs {right:.0%} of the training digits are right; 70 % were expected. "
    if sigmoid:
        raise TryAgain(told + "The hidden layers are still sigmoids: each lets at most a quarter of the blame through.")
    if spread < 0.03:
        raise TryAgain(
            told
            + f"The largest spread of a hidden layer's first weights is {spread:.3f}; for 32 inputs and ReLU it should be "
            "about 0.25. What is left of the signal after twelve such layers?"
        )
    if isinstance(model.optimizer, keras.optimizers.SGD) and rate < 0.001:
        raise TryAgain(told + f"The learning rate is {rate:g}. What did the range test recommend?")
    raise TryAgain(told + "Look at the learning rate and the initialization again, or add normalization and shortcuts.")


@exercise(
    "Give the blame a path with factor 1, and keep the blocks from adding too much at the start.",
    "shortcut=True, and a spread below a tenth of He's 0.25: keras.initializers.RandomNormal(stddev=...).",
    "build_deep(depth=30, initializer=keras.initializers.RandomNormal(stddev=0.01), shortcut=True)",
    seconds=120,
)
def thirty(answer):
    best = 0.0
    for _ in starts(answer, 2):
        model = _network(answer, "thirty_layers", least=30)
        if any("Norm" in type(layer).__name__ for layer in every_layer(model)):
            raise TryAgain("The model has a normalization layer; the goal is to do without.")
        right, moved = _learned(model)
        if right >= 0.85:
            _refuse_idle(moved, 30)
            return "Thirty layers without normalization, and they learn."
        best = max(best, right)
    told = f"At best {best:.0%} of the training digits were right; 85 % was the goal. "
    if keras.activations.sigmoid in {layer.activation for layer in _hidden(model)}:
        raise TryAgain(told + "Thirty sigmoids leave a billionth of a billionth of the blame. Take another activation.")
    if any(isinstance(layer, keras.layers.Add) for layer in every_layer(model)):
        raise TryAgain(
            told
            + "You have shortcuts. Are the blocks quiet enough at the start? Try a spread below a tenth of He's, or a smaller rate."
        )
    raise TryAgain(
        told
        + "Without shortcuts this is hard. Try shortcut=True, with weights that start below a tenth of He's spread."
    )


EXERCISES = (layers_until, first_spread, clip, batch_norm, block_back, momentum_step, repair, thirty)
