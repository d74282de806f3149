"""Four sets of points in the plane, from easy to hard, all between about -1 and 1."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from courseware.data import spiral


def _circle(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    labels = np.arange(n) % 2
    distance = np.where(labels == 1, rng.uniform(0.0, 0.45, n), rng.uniform(0.65, 1.0, n))
    angle = rng.uniform(0, 2 * np.pi, n)
    return distance[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), labels


def _exclusive_or(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    points = rng.uniform(0.08, 1.0, (n, 2)) * rng.choice([-1, 1], (n, 2))
    return points, (points[:, 0] * points[:, 1] < 0).astype(int)


def _two_gaussians(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    labels = np.arange(n) % 2
    return rng.normal(0, 0.17, (n, 2)) + np.where(labels == 1, 0.45, -0.45)[:, None], labels


def _spiral(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    return spiral(n, turns=1.25, seed=int(rng.integers(2**31)))


DATASETS: dict[str, Callable[[int, np.random.Generator], tuple[np.ndarray, np.ndarray]]] = {
    "circle": _circle,
    "exclusive-or": _exclusive_or,
    "two Gaussians": _two_gaussians,
    "spiral": _spiral,
}


def make(name: str, n: int = 512, noise: float = 0.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return points and their labels.

    Args:
        name: a key of `DATASETS`.
        n: number of points.
        noise: spread of the luck that is added to each coordinate after the labels are given.
        seed: where the random draw starts.

    Returns:
        points: array (n, 2) of float32.
        labels: array (n,) of zeros and ones.

    >>> points, labels = make("circle", n=6)
    >>> points.shape, labels.tolist()
    ((6, 2), [0, 1, 0, 1, 0, 1])
    """
    rng = np.random.default_rng(seed)
    points, labels = DATASETS[name](n, rng)
    return (points + rng.normal(0, noise, (n, 2))).astype("float32"), labels
