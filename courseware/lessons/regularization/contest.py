"""The contest of lesson 09: rounds with a sample of their own, played by networks side by side."""

from typing import NamedTuple

import keras
import numpy as np
from keras import ops

from courseware.batches import ShuffledBatches
from courseware.data import digits
from courseware.lessons.regularization.side_by_side import build_team

EPOCHS, BATCH, HELD_OUT = 30, 20, 40
LOOKS = (2, 5, 10, 15, 20, 30)  # after so many epochs the test digits are read


class Rounds(NamedTuple):
    """The data of a contest."""

    x: np.ndarray  # (200, rounds, 64), each round's own sample
    y: np.ndarray  # (200, rounds), a fifth of the labels wrong
    x_val: np.ndarray  # (400, 64), other digits, to choose a strength by
    y_val: np.ndarray  # (400,), all right
    x_test: np.ndarray  # (597, 64), still others, to judge by
    y_test: np.ndarray  # (597,), all right


def draw_rounds(n_rounds=8, n=200, wrong=0.2, seed=0):
    """Draw the data: 800 of the 8 by 8 digits to draw `n` from in each round, 400 to choose by and 597 to judge by.

    >>> draw_rounds(3).x.shape
    (200, 3, 64)
    """
    images, labels = digits("small")
    images = images.reshape(len(images), -1).astype("float32")
    rng = np.random.default_rng(seed)
    pool, val, test = np.split(rng.permutation(len(images)), [800, 1200])
    picked = np.stack([rng.permutation(pool)[:n] for _ in range(n_rounds)], axis=1)
    again = rng.permutation(n)
    given, changed = labels[picked], round(wrong * n)  # in random order, so the first are as good as any
    given[:changed] = (given[:changed] + rng.integers(1, 10, (changed, n_rounds))) % 10
    return Rounds(images[picked][again], given[again], images[val], labels[val], images[test], labels[test])


def six_moons(n, seed):
    """Return six samples of two moons side by side: points (n, 6, 2) and labels (n, 6).

    >>> six_moons(100, seed=0)[0].shape
    (100, 6, 2)
    """
    from sklearn.datasets import make_moons

    samples = [make_moons(n, noise=0.25, random_state=seed + number) for number in range(6)]
    return np.stack([x for x, _ in samples], axis=1), np.stack([y for _, y in samples], axis=1)


class WhatIsKnown(keras.callbacks.Callback):
    """Writes down, after each epoch, the fraction of right and of wrong labels that the network knows.

    Args:
        x, y: the training examples.
        is_right: array (n,), which of their labels are right.
    """

    def __init__(self, x, y, is_right):
        super().__init__()
        self.x, self.y, self.is_right = x, y, is_right
        self.right, self.wrong = [], []

    def on_epoch_end(self, epoch, logs=None):
        known = ops.convert_to_numpy(self.model(self.x, training=False)).argmax(axis=1) == self.y
        self.right.append(np.mean(known[self.is_right]))
        self.wrong.append(np.mean(known[~self.is_right]))


def play(rounds, tried, seed=0):
    """Train a network for each setting in each round, 30 epochs in batches of 20, and see what it reads.

    Args:
        rounds: the data, from `draw_rounds`.
        tried: name -> list of settings, each a dictionary with any of ``l1``, ``l2``, ``dropout``, ``batch_norm`` and
            ``shifts`` (whether every picture is moved by up to a pixel, anew in each epoch).
        seed: where the random draws start.

    Returns:
        validation: name -> array (settings, rounds) of accuracies at the end.
        test: name -> array (settings, looks, rounds) of accuracies after `LOOKS` epochs.
    """
    validation, test = {}, {}
    for batch_norm in (False, True):
        chosen = [(name, each) for name in tried for each in tried[name] if each.get("batch_norm", False) == batch_norm]
        if not chosen:
            continue
        found = _train([each for _, each in chosen], rounds, batch_norm, seed)
        for (name, _), on_val, on_test in zip(chosen, *found, strict=True):
            validation.setdefault(name, []).append(on_val)
            test.setdefault(name, []).append(on_test)
    ordered = [{name: np.array(each[name]) for name in tried} for each in (validation, test)]
    return ordered[0], ordered[1]


def _train(settings, rounds, batch_norm, seed):
    """One team of all settings in all rounds: validation (settings, rounds) and test (settings, looks, rounds)."""
    n_rounds = rounds.x.shape[1]
    keras.utils.set_random_seed(seed)
    team = build_team([each for each in settings for _ in range(n_rounds)], batch_norm=batch_norm)
    numbers = np.tile(np.arange(n_rounds), len(settings))
    moved = np.repeat([each.get("shifts", False) for each in settings], n_rounds)
    batches = _TeamBatches(rounds.x[:, numbers], rounds.y[:, numbers], moved, seed)
    done, test = 0, []
    for look in LOOKS:
        team.fit(batches, initial_epoch=done, epochs=look, verbose=0)
        test.append(_right(team, rounds.x_test, rounds.y_test).reshape(len(settings), n_rounds))
        done = look
    return _right(team, rounds.x_val, rounds.y_val).reshape(len(settings), n_rounds), np.stack(test, axis=1)


def play_early_stopping(rounds, patience=4, seed=0):
    """Hold out 40 of each round's 200 examples, noisy labels and all, and stop each network by its own loss on them.

    Returns:
        test: array (rounds,) of accuracies with the weights of the lowest loss before patience was over.
        stopped: array (rounds,), the epoch of these weights, counted from 1.
    """
    n_rounds = rounds.x.shape[1]
    keras.utils.set_random_seed(seed)
    team = build_team([{}] * n_rounds)
    batches = ShuffledBatches(rounds.x[HELD_OUT:], rounds.y[HELD_OUT:], BATCH, seed)
    best = np.ones(n_rounds, dtype=int)
    lowest, found = np.full(n_rounds, np.inf), np.zeros(n_rounds)
    for epoch in range(1, EPOCHS + 1):
        team.fit(batches, initial_epoch=epoch - 1, epochs=epoch, verbose=0)
        p = ops.convert_to_numpy(team(rounds.x[:HELD_OUT], training=False))
        losses = -np.log(np.take_along_axis(p, rounds.y[:HELD_OUT, :, None], axis=2)[:, :, 0] + 1e-7).mean(axis=0)
        better = (losses < lowest) & (epoch - best <= patience)
        right = _right(team, rounds.x_test, rounds.y_test)
        lowest, best = np.where(better, losses, lowest), np.where(better, epoch, best)
        found = np.where(better, right, found)
        if np.all(epoch - best >= patience):
            break
    return found, best


def nearest_average(x, y, new):
    """Answer with the label whose average picture is nearest.

    >>> nearest_average(np.array([[0, 0], [0, 2], [5, 5]]), np.array([3, 3, 7]), np.array([[1, 1], [4, 4]])).tolist()
    [3, 7]
    """
    known = np.unique(y)
    averages = np.array([x[y == label].mean(axis=0) for label in known])
    return known[((new[:, None] - averages) ** 2).sum(axis=2).argmin(axis=1)]


def averages_read(rounds):
    """The accuracy of `nearest_average` on the test digits, the mean of all rounds."""
    answers = [
        nearest_average(rounds.x[:, each], rounds.y[:, each], rounds.x_test) for each in range(rounds.x.shape[1])
    ]
    return np.mean(np.array(answers) == rounds.y_test)


def _right(team, x, y):
    """The accuracy of each network of the team, (networks,)."""
    n = team.output_shape[1]
    answers = ops.convert_to_numpy(team(np.repeat(x[:, None], n, axis=1), training=False)).argmax(axis=2)
    return np.mean(answers == y[:, None], axis=0)


class _TeamBatches(ShuffledBatches):
    """Mini-batches in which some networks see every picture moved by up to a pixel, anew each time."""

    def __init__(self, x, y, moved, seed):
        super().__init__(x, y, BATCH, seed)
        self.moved = np.flatnonzero(moved)

    def __getitem__(self, number):
        x, y = super().__getitem__(number)
        if len(self.moved):
            x = x.copy()
            images = x[:, self.moved].reshape(-1, 8, 8)
            x[:, self.moved] = moved_at_random(images, self.rng).reshape(len(x), len(self.moved), 64)
        return x, y


def moved_at_random(images, rng):
    """Return the images, (n, height, width), each moved by -1, 0 or 1 pixel both ways; the empty places are 0.

    >>> moved_at_random(np.ones((1, 2, 2)), np.random.default_rng(0)).shape
    (1, 2, 2)
    """
    n, height, width = images.shape
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    top, left = rng.integers(0, 3, (2, n, 1, 1))
    return padded[np.arange(n)[:, None, None], top + np.arange(height)[:, None], left + np.arange(width)]


def four_ways(image):
    """Return copies of an image, (height, width), moved by one pixel: "up", "down", "left" and "right" -> copy.

    >>> four_ways(np.eye(2))["down"].tolist()
    [[0.0, 0.0], [1.0, 0.0]]
    """
    height, width = image.shape
    padded = np.pad(image, 1)
    corners = {"up": (2, 1), "down": (0, 1), "left": (1, 2), "right": (1, 0)}
    return {name: padded[top : top + height, left : left + width] for name, (top, left) in corners.items()}
