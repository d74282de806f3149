"""By hand for lesson 11: activations, spreads, backpropagation through normalization and shortcuts, a walk through a valley."""

import numpy as np


def typical_size(values):
    """Return the root of the mean square."""
    return np.sqrt(np.mean(values**2))


def relu(z):
    """Return z where it is positive, else 0."""
    return np.maximum(0, z)


def relu_slope(z):
    """Return the slope of ReLU: 1 where z is positive, else 0."""
    return (z > 0) * 1.0


def sigmoid(z):
    """Return 1 / (1 + e^-z)."""
    return 1 / (1 + np.exp(-z))


def sigmoid_slope(z):
    """Return the slope of the sigmoid."""
    return sigmoid(z) * (1 - sigmoid(z))


def softmax(z):
    """Return the probabilities (n, classes) that belong to scores of that shape."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def glorot(fan_in, fan_out):
    """Return the spread of Glorot's initialization."""
    return np.sqrt(2 / (fan_in + fan_out))


def he(fan_in, fan_out):
    """Return the spread of He's initialization, which looks at the fan-in alone."""
    return np.sqrt(2 / fan_in)


def cured_gradients(weights, x, labels, normalize, shortcut):
    """Return the cross-entropy of a ReLU network without biases, and its derivatives for each matrix of weights.

    Args:
        weights: a matrix for each hidden layer, then the one of the output.
        x, labels: the examples (n, features) and their classes.
        normalize: whether the sums of each hidden layer are normalized over the examples.
        shortcut: whether each hidden layer but the first adds its input to its output.

    >>> rng = np.random.default_rng(0)
    >>> loss, found = cured_gradients([rng.normal(size=(3, 3)) for _ in range(3)], np.eye(3), [0, 1, 2], True, True)
    >>> [derivatives.shape for derivatives in found]
    [(3, 3), (3, 3), (3, 3)]
    """
    rows = np.arange(len(x))
    h, kept = x, []
    for i, w in enumerate(weights[:-1]):
        z, root = h @ w, 1.0
        if normalize:
            root = np.sqrt(z.var(axis=0) + 0.001)
            z = (z - z.mean(axis=0)) / root
        kept.append((h, z, root))
        h = np.maximum(0, z) + h if shortcut and i > 0 else np.maximum(0, z)

    logits = h @ weights[-1]
    logits = logits - logits.max(axis=1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    blame = np.exp(log_p)
    blame[rows, labels] -= 1  # probability minus truth
    blame = blame / len(x)

    found, blame = [h.T @ blame], blame @ weights[-1].T
    for i in reversed(range(len(weights) - 1)):
        h, z, root = kept[i]
        blame_z = blame * (z > 0)  # through ReLU
        if normalize:  # mean and spread of the batch depend on every example, so its blame passes through them as well
            blame_z = blame_z - blame_z.mean(axis=0) - z * (blame_z * z).mean(axis=0)
            blame_z = blame_z / root
        found.insert(0, h.T @ blame_z)
        blame = blame_z @ weights[i].T + (blame if shortcut and i > 0 else 0)  # and the shortcut's, unchanged
    return -log_p[rows, labels].mean(), found


def valley(w):
    """Return the height at places (..., 2) of a valley that is a hundred times steeper across than along."""
    return 0.5 * (w[..., 0] ** 2 + 100 * w[..., 1] ** 2)


def valley_slope(w):
    """Return the gradient of the valley at a place."""
    return np.array([1.0, 100.0]) * w


def walk(step, rate, slope, n_steps=300):
    """Return the places (n_steps, 2) that a walk from (10, 1) visits.

    Args:
        step: what makes the next place of the place, its slope, a dictionary that it may keep things in, the learning
            rate and the number of the step, from 1 on.
        rate: the learning rate.
        slope: the gradient at a place.

    >>> walk(lambda w, g, memory, rate, t: w - rate * g, 0.5, lambda w: w, n_steps=3)[-1]
    array([2.5 , 0.25])
    """
    w, memory, path = np.array([10.0, 1.0]), {}, []
    with np.errstate(over="ignore", invalid="ignore"):  # with a large rate it leaves every map
        for t in range(1, n_steps + 1):
            path.append(w)
            w = step(w, slope(w), memory, rate, t)
    return np.array(path)


def adam_step(w, g, memory, rate, t):
    """Return the place after step `t` of Adam, whose two running averages are kept in `memory`."""
    memory["m"] = 0.9 * memory.get("m", 0) + 0.1 * g
    memory["s"] = 0.999 * memory.get("s", 0) + 0.001 * g**2
    return w - rate * memory["m"] / (1 - 0.9**t) / (np.sqrt(memory["s"] / (1 - 0.999**t)) + 1e-7)


def steps_needed(path, height):
    """Return after how many steps `path` is below a thousandth of its first height, and stays there.

    >>> steps_needed(np.array([[1.0, 0.0], [0.1, 0.0], [0.01, 0.0]]), lambda w: (w**2).sum(axis=-1))
    2
    """
    with np.errstate(over="ignore", invalid="ignore"):  # a walk may leave the map
        heights = height(path)
    above = np.flatnonzero(~(heights < heights[0] / 1000))
    return int(above[-1]) + 1  # the last place that was still too high, and one more
