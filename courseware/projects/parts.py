"""A project's data in two parts: the working part, which learners get, and the held-out part, which only the check reads.

The split is the same every time. Each working part has the fault that its project is about; docs/projects.md tells which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from courseware.data import digits
from courseware.projects.briefs import find

Array = np.ndarray[Any, Any]
WINDOW = 24  # months that a forecast of the sea is made from


@dataclass(frozen=True)
class Parts:
    """The two parts, and what the baseline answers for the held-out part, learned from the working part alone."""

    x: Array
    y: Array
    held_x: Array
    held_y: Array
    baseline: Array


def data(name: str) -> tuple[Array, Array]:
    """Return the working part of a project: all that there is to train, validate and test with.

    Args:
        name: of the project, e.g. ``"tumours"``.

    Returns:
        x: array (n, ...), one row for each example. tumours: (440, 31) measurements; postcodes: (3300, 28, 28) pictures from
            0 for paper to 1 for ink; sea: (500, 24) temperatures of 24 months, the latest last.
        y: array (n,). tumours: 1 for malignant, 0 for benign; postcodes: 0 to 9; sea: the temperature of the month after.

    >>> x, y = data("tumours")
    >>> x.shape, y.shape
    ((440, 31), (440,))
    """
    parts = all_parts(name)
    return parts.x, parts.y


def columns(name: str) -> list[str]:
    """Return the names of the columns of the project ``"tumours"``."""
    if find(name).name != "tumours":
        raise ValueError(f"only the project tumours is a table with named columns; got {name!r}.")
    from sklearn.datasets import load_breast_cancer

    return [*map(str, load_breast_cancer().feature_names), "visits since"]


def all_parts(name: str) -> Parts:
    """Both parts of a project; notebooks take ``data``."""
    return {"tumours": _tumours, "postcodes": _postcodes, "sea": _sea}[find(name).name]()


def _tumours() -> Parts:
    from sklearn.datasets import load_breast_cancer

    rng = np.random.default_rng(569)
    measured, benign = load_breast_cancer(return_X_y=True)
    malignant = 1 - benign
    work, held = np.split(rng.permutation(len(malignant)), [400])
    # Known only after the diagnosis: whoever is ill has come back often. On the day of the question nobody has.
    visits = rng.poisson(np.where(malignant == 1, 6, 0.3))
    visits[held] = 0
    x = np.column_stack([measured, visits])
    work = rng.permutation(np.concatenate([work, work[:40]]))  # 40 samples were entered twice
    threshold, column = _best_threshold(x[work, :30], malignant[work])
    return Parts(x[work], malignant[work], x[held], malignant[held], (x[held, column] > threshold).astype(int))


def _best_threshold(x: Array, y: Array) -> tuple[float, int]:
    """The threshold and the column above which most are 1 and below which most are 0."""
    right = [((x[:, c] > t) == y).mean() for c in range(x.shape[1]) for t in x[:, c]]
    column, row = divmod(int(np.argmax(right)), len(x))
    return float(x[row, column]), column


def _postcodes() -> Parts:
    rng = np.random.default_rng(10_000)
    images, labels = digits("10k")
    work, held, _ = np.split(rng.permutation(len(labels)), [3000, 5000])
    work = rng.permutation(np.concatenate([work, work[:300]]))  # 300 letters went through the scanner twice
    means = np.stack([images[work][labels[work] == digit].mean(axis=0).ravel() for digit in range(10)])  # (10, 784)
    flat = images[held].reshape(len(held), -1)
    distances = (means**2).sum(axis=1) - 2 * flat @ means.T  # squared, less what is the same for all ten
    return Parts(images[work], labels[work], images[held], labels[held], distances.argmin(axis=1))


def _sea() -> Parts:
    from statsmodels.datasets import elnino

    months = elnino.load_pandas().data.drop(columns="YEAR").to_numpy().ravel()  # 732, from January 1950
    x = np.lib.stride_tricks.sliding_window_view(months, WINDOW)[:-1].copy()
    y = months[WINDOW:]
    month = np.arange(len(y)) % 12  # WINDOW is two years, so row 0 asks for a January
    usual = np.array([y[:500][month[:500] == each].mean() for each in range(12)])
    return Parts(x[:500], y[:500], x[500:], y[500:], usual[month[500:]])
