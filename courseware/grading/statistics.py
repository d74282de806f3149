"""Classical test statistics: arrays of points in, numbers out; NaN is what cannot be said.

`points` has the shape (learners, questions). Every coefficient is worked out from the means and covariances of the
questions, so that the bootstrap resamples sums instead of learners.

Sources: alpha is Cronbach's (Psychometrika 16, 1951), which for points of 0 and 1 is the KR-20 of Kuder and Richardson
(Psychometrika 2, 1937). Discrimination is the correlation of a question with the sum of all others, the corrected
point-biserial (Henrysson, Psychometrika 28, 1963). Percentile intervals are in Efron and Tibshirani, An Introduction to
the Bootstrap (1993), chapter 13. Upper and lower 27 % are Kelley's (Journal of Educational Psychology 30, 1939). Shares
of few are ranked by the lower end of Wilson's interval (Journal of the American Statistical Association 22, 1927). The
normalized gain is Hake's (American Journal of Physics 66, 1998).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

REPLICATES, SEED = 1000, 20
_MOST_UNITS = 2000
_LARGE_CLASS = 100


@dataclass(frozen=True)
class Interval:
    """A number with the ends of its 95 % interval; any of the three is NaN where it cannot be said."""

    value: float
    low: float = float("nan")
    high: float = float("nan")


@dataclass(frozen=True)
class TestStatistics:
    """What a class's points say about the test and about each question, in the order of the columns."""

    mean: Interval
    alpha: Interval
    difficulty: list[Interval]
    discrimination: list[Interval]


def covariances(points: np.ndarray) -> np.ndarray:
    """Covariances of the questions, divided by the number of learners."""
    centred = points - points.mean(axis=0)
    return np.asarray(centred.T @ centred / len(points))


def cronbach_alpha(points: np.ndarray) -> float:
    """Cronbach's alpha, which is KR-20 where every question gives 0 or 1.

    >>> cronbach_alpha(np.array([[1, 1, 1], [1, 1, 0], [0, 1, 0], [0, 0, 0]]))
    0.75
    """
    return float(_alpha(covariances(points)[None])[0])


def discriminations(points: np.ndarray) -> np.ndarray:
    """Correlation of each question with the sum of the others.

    >>> discriminations(np.array([[1, 1], [1, 1], [0, 0], [0, 1]])).round(3).tolist()
    [0.577, 0.577]
    """
    return np.asarray(_discrimination(covariances(points)[None])[0])


def analyse(
    points: np.ndarray,
    weights: np.ndarray | None = None,
    seed: int = SEED,
    replicates: int = REPLICATES,
    asked: np.ndarray | None = None,
) -> TestStatistics:
    """All statistics, with intervals from resampling the learners.

    `weights` are the points that each question has, by default 1; difficulty is the share of them. `asked` says which
    questions each learner was asked, by default all. What is said of a question is then said of those who were asked it,
    and alpha cannot be said: they had different tests.
    """
    if asked is not None and not asked.all():
        whole = analyse(points, weights, seed, replicates)
        found = [
            analyse(points[asked[:, number]], weights, seed, replicates) if not asked[:, number].all() else whole
            for number in range(points.shape[1])
        ]
        return TestStatistics(
            whole.mean,
            Interval(float("nan")),
            [each.difficulty[number] for number, each in enumerate(found)],
            [each.discrimination[number] for number, each in enumerate(found)],
        )
    cov = covariances(points)[None]
    means, alphas, difficulties, discrimination = _resampled(points, seed, replicates)
    out_of = np.ones(points.shape[1]) if weights is None else weights
    return TestStatistics(
        mean=_interval(points.sum(axis=1).mean(), means),
        alpha=_interval(_alpha(cov)[0], alphas),
        difficulty=[
            _interval(*pair) for pair in zip(points.mean(axis=0) / out_of, (difficulties / out_of).T, strict=True)
        ],
        discrimination=[_interval(*pair) for pair in zip(_discrimination(cov)[0], discrimination.T, strict=True)],
    )


@dataclass(frozen=True)
class Gain:
    """What a class gained between two tests, as shares of what could be had.

    `gain` is that of the class, of its mean shares; `own` is the mean of the learners' own gains, which those do not have
    who had everything before: they are `full`.
    """

    pre: Interval
    post: Interval
    gain: Interval
    own: Interval
    full: int


def own_gains(pre: np.ndarray, post: np.ndarray) -> np.ndarray:
    """Each learner's (post - pre) / (1 - pre) of shares; NaN for who had everything before and could gain nothing.

    >>> own_gains(np.array([0.5, 0.8, 1.0]), np.array([0.75, 0.6, 1.0])).round(6).tolist()
    [0.5, -1.0, nan]
    """
    return _ratio(post - pre, 1 - pre)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """The quotients; NaN where there is none."""
    return np.asarray(np.divide(above, below, out=np.full(len(below), np.nan), where=below > 1e-9))


def normalized_gain(pre: np.ndarray, post: np.ndarray, seed: int = SEED, replicates: int = REPLICATES) -> Gain:
    """The gain of learners whose shares of points were `pre` and then `post`, with intervals from resampling them.

    That of the class is (mean post - mean pre) / (1 - mean pre), in which all count, those with full points before, too.

    >>> round(normalized_gain(np.array([0.2, 0.6, 1.0]), np.array([0.6, 0.9, 0.9])).gain.value, 6)
    0.5
    """
    own = own_gains(pre, post)
    has = ~np.isnan(own)
    columns = np.stack([pre, post, np.where(has, own, 0), has], axis=1).astype(float)
    _, _, sums, drawn, total = _draws(columns, seed, replicates)
    means = drawn @ sums / total

    here = columns.mean(axis=0)[None]

    def of_class(means: np.ndarray) -> np.ndarray:
        return own_gains(means[:, 0], means[:, 1])

    def of_learners(means: np.ndarray) -> np.ndarray:
        return _ratio(means[:, 2], means[:, 3])

    return Gain(
        pre=_interval(here[0, 0], means[:, 0]),
        post=_interval(here[0, 1], means[:, 1]),
        gain=_interval(of_class(here)[0], of_class(means)),
        own=_interval(of_learners(here)[0], of_learners(means)),
        full=int((~has).sum()),
    )


def score_groups(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Which learners are in the lower and in the upper group; None if scores are too alike to tell two groups apart.

    The groups are thirds; with 100 learners or more 27 % at either end. Learners with one score stay together.
    """
    scores = np.round(scores, 9)
    size = int(np.ceil(len(scores) * group_share(len(scores))))
    if not size:
        return None
    ordered = np.sort(scores)
    lower, upper = scores <= ordered[size - 1], scores >= ordered[-size]
    return None if (lower & upper).any() else (lower, upper)


def group_share(learners: int) -> float:
    """The share of the class that the lower and the upper group aim at."""
    return 0.27 if learners >= _LARGE_CLASS else 1 / 3


def wilson_low(showed: float, met: int) -> float:
    """The lower end of Wilson's 95 % interval of a share.

    >>> round(wilson_low(1, 2), 3), round(wilson_low(50, 100), 3)
    (0.095, 0.404)
    """
    z = 1.959964
    share = showed / met
    middle = share + z * z / (2 * met)
    return (middle - z * math.sqrt(share * (1 - share) / met + z * z / (4 * met * met))) / (1 + z * z / met)


def _resampled(points: np.ndarray, seed: int, replicates: int) -> tuple[np.ndarray, ...]:
    """Mean score, alpha, difficulties and discriminations of `replicates` classes drawn from this one.

    In a class of more than 2,000, what is drawn are 2,000 random groups of learners.
    """
    questions = points.shape[1]
    shuffled, starts, sums, drawn, total = _draws(points, seed, replicates)
    units = len(starts)
    products = np.stack(
        [group.T @ group for group in np.split(shuffled, starts[1:])] if len(points) > units
        else shuffled[:, :, None] * shuffled[:, None, :]
    )  # fmt: skip
    means = drawn @ sums / total
    cov = (drawn @ products.reshape(units, -1) / total).reshape(-1, questions, questions)
    cov -= means[:, :, None] * means[:, None, :]
    return means.sum(axis=1), _alpha(cov), means, _discrimination(cov)


def _draws(points: np.ndarray, seed: int, replicates: int) -> tuple[np.ndarray, ...]:
    """Learners in groups, of one each if they are few, and how often each group is in each of `replicates` classes.

    Returns:
        the rows in the order of the groups, where each group starts, the sums of its columns, how often it is drawn, with
        a row for each class, and how many learners that makes, as a column.
    """
    rng = np.random.default_rng(seed)
    learners = len(points)
    units = min(learners, _MOST_UNITS)
    order = rng.permutation(learners) if learners > units else np.arange(learners)
    starts = np.linspace(0, learners, units, endpoint=False).astype(int)
    shuffled = points[order]
    sums = np.add.reduceat(shuffled, starts, axis=0)
    sizes = np.diff(np.append(starts, learners))
    drawn = rng.multinomial(units, np.full(units, 1 / units), size=replicates).astype(float)
    return shuffled, starts, sums, drawn, (drawn @ sizes)[:, None]


def _alpha(cov: np.ndarray) -> np.ndarray:
    questions = cov.shape[1]
    variance = cov.sum(axis=(1, 2))
    own = np.trace(cov, axis1=1, axis2=2)
    alpha = np.full(len(cov), np.nan)
    if questions > 1:
        said = variance > 1e-12
        alpha[said] = questions / (questions - 1) * (1 - own[said] / variance[said])
    return alpha


def _discrimination(cov: np.ndarray) -> np.ndarray:
    own = np.diagonal(cov, axis1=1, axis2=2)
    with_all = cov.sum(axis=2)
    rest = cov.sum(axis=(1, 2))[:, None] - 2 * with_all + own
    result = np.full(own.shape, np.nan)
    said = (own > 1e-12) & (rest > 1e-12)
    result[said] = ((with_all - own)[said] / np.sqrt(own[said] * rest[said])).clip(-1, 1)
    return result


def _interval(value: float, replicates: np.ndarray) -> Interval:
    said = replicates[~np.isnan(replicates)]
    # Where all were right, or all wrong, or there is one learner, the replicates are all alike and say nothing.
    if np.isnan(value) or len(said) < 0.9 * len(replicates) or np.ptp(said) < 1e-9:
        return Interval(float(value))
    low, high = np.percentile(said, [2.5, 97.5])
    return Interval(float(value), float(low), float(high))
