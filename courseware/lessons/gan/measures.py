"""What lesson 08 measures of a generator's samples: modes covered, good points, the nearest training picture."""

import numpy as np

_TURN = 2 * np.pi * np.arange(8) / 8
CENTRES = np.column_stack([np.cos(_TURN), np.sin(_TURN)])  # of the eight clouds of the ring, (8, 2)


def score(points):
    """Return how many of the ring's eight modes are covered, and the good share of `points`, an array (n, 2).

    A point is good if it lies within 0.2 of a centre; a mode is covered if at least 2 % of all points are good and lie
    there.

    >>> score(np.repeat(CENTRES[:2], 5, axis=0))
    (2, 1.0)
    """
    distance = np.linalg.norm(points[:, None] - CENTRES[None], axis=2)  # (n, 8)
    good = distance.min(axis=1) < 0.2
    counts = np.bincount(distance.argmin(axis=1)[good], minlength=8)
    return int(np.sum(counts >= 0.02 * len(points))), float(good.mean())


def nearest_picture(pictures, training):
    """Return for each of `pictures` which one of `training` is nearest, and the distance to it.

    Both have the shape (n, pixels). The squares are multiplied out, (a - b)^2 = a^2 + b^2 - 2ab: all differences at once
    would fill the memory.

    >>> nearest_picture(np.array([[0.0, 0.0]]), np.array([[6.0, 8.0], [3.0, 4.0]]))
    (array([1]), array([5.]))
    """
    squared = (pictures**2).sum(axis=1)[:, None] + (training**2).sum(axis=1) - 2 * pictures @ training.T
    return squared.argmin(axis=1), np.sqrt(np.maximum(squared.min(axis=1), 0))
