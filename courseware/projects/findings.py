"""What the check says about a run: a finding for each thing that is asked, with what came, what was expected, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from courseware.projects.briefs import Brief
from courseware.projects.parts import Array, Parts
from courseware.projects.sandbox import Outcome, Trial

SEEDS = (0, 1)
STEP = 1.0  # what is added to every number to be learned, where answers are numbers


@dataclass(frozen=True)
class Finding:
    """One thing that was asked: whether it holds, and a sentence or two about it."""

    holds: bool
    words: str


def trials(brief: Brief, parts: Parts) -> list[Trial]:
    """The trainings that a check asks for: two seeds, then one on answers that are wrong in a regular way."""
    return [*(Trial(parts.y, seed) for seed in SEEDS), Trial(changed(brief, parts.y), SEEDS[0])]


def changed(brief: Brief, y: Array) -> Array:
    """Wrong answers that are as easy to learn as the right ones: the next label, or a number larger by one.

    >>> from courseware.projects.briefs import find
    >>> changed(find("tumours"), np.array([0, 1, 1])).tolist(), changed(find("sea"), np.array([20.5])).tolist()
    ([1, 0, 0], [21.5])
    """
    return (y + 1) % (int(y.max()) + 1) if brief.of_labels else y + STEP


def score(brief: Brief, answers: Array, truth: Array) -> float:
    """The fraction of right labels, or the mean absolute error of numbers."""
    return float((answers == truth).mean() if brief.of_labels else np.abs(answers - truth).mean())


def judge(brief: Brief, parts: Parts, outcome: Outcome) -> Iterator[Finding]:
    """All findings; the held-out score is told only when everything before it holds."""
    if outcome.stage == "cell":
        yield Finding(False, f"The notebook stops in {outcome.where}: {outcome.trouble}. Mend it, then choose *Kernel > "
                             "Restart Kernel and Run All Cells* and see that it goes through.")  # fmt: skip
        return
    yield Finding(True, "The notebook runs from its first cell to its last.")
    before = [_split(brief, parts, outcome.rows), _reported(brief, outcome.report)]
    if outcome.stage == "train":
        yield from before
        yield Finding(
            False,
            f"{outcome.where} does not do what is asked: {outcome.trouble}. In the notebook, "
            "`train(x[train_rows], y[train_rows], 0)(x[valid_rows])` shows it.",
        )
        return
    half = len(parts.held_x)
    whole = [answers[:half] for answers in outcome.answers]
    if unusable := _unusable(brief, parts, whole):
        yield from before
        yield Finding(False, unusable)
        return
    scores = [score(brief, answers, parts.held_y) for answers in whole[: len(SEEDS)]]
    before += [
        _row_by_row(outcome.answers[0], half),
        _from_its_arguments(brief, parts, whole[0], whole[-1]),
        _repeats(brief, scores),
    ]
    yield from before
    if all(finding.holds for finding in before):
        yield _beats(brief, scores, score(brief, parts.baseline, parts.held_y))
        yield _honest(brief, outcome.report["test"], scores)


def _unusable(brief: Brief, parts: Parts, answers: list[Array]) -> str:
    """Why answers cannot be scored; "" if they can."""
    every = np.concatenate(answers)
    if not np.isfinite(every).all():
        return (
            "`predict` answered with nan or infinity. The training has run away: try a smaller learning rate, and see that "
            "the inputs are scaled."
        )
    middle = np.median(every)
    if not brief.of_labels and not parts.y.min() <= middle <= parts.y.max():
        return (
            f"`predict` answers with {middle:.3g} {brief.unit} or so; all there is to learn lies between {parts.y.min():.3g} and "
            f"{parts.y.max():.3g}. If `train` scales the answers, `predict` must undo it."
        )
    strange = every[~np.isin(every, parts.y)] if brief.of_labels else every[:0]
    if strange.size:
        return (
            f"`predict` answered with {strange[0]:g}, which is no label; the labels are 0 to {parts.y.max()}. For one "
            "probability a row return `(probabilities > 0.5).astype(int)`, for several `probabilities.argmax(axis=1)`."
        )
    return ""


def _split(brief: Brief, parts: Parts, rows: dict[str, list[int] | None]) -> Finding:
    """Whether training, validation and test part have nothing in common."""
    if missing := [name for name, numbers in rows.items() if numbers is None]:
        return Finding(False, f"Not started: `{missing[0]}` is no list of row numbers. Say in `train_rows`, `valid_rows` and "
                              "`test_rows` which rows of `x` you train, choose and test with.")  # fmt: skip
    n = len(parts.x)
    named = {name.removesuffix("_rows"): np.array(numbers) for name, numbers in rows.items()}
    if wrong := [row for numbers in named.values() for row in numbers if not 0 <= row < n]:
        return Finding(False, f"There is no row {wrong[0]}: `x` has the rows 0 to {n - 1}.")
    train, valid, test = named.values()
    if brief.in_time and not (train.max() < valid.min() and valid.max() < test.min()):
        return Finding(False, "The three parts overlap in time: the training rows reach to row "
                              f"{train.max()}, validation from {valid.min()} to {valid.max()}, test begins at {test.min()}. "
                              "Neighbouring months are alike, so that such a test is too easy, and nobody has next year's sea to learn "
                              "from. Take the first rows to train, later ones to validate, the last ones to test.")  # fmt: skip
    flat = parts.x.reshape(n, -1)
    _, same = np.unique(flat, axis=0, return_inverse=True)  # rows that are equal have the same number
    for one, other in (("test", "train"), ("test", "valid"), ("valid", "train")):
        common = np.isin(same[named[one]], same[named[other]])
        if common.any():
            row = int(named[one][common][0])
            twin = int(named[other][same[named[other]] == same[row]][0])
            how = "it is in both parts" if row == twin else f"it is the same, number for number, as row {twin}"
            return Finding(False, f"{common.sum()} of the {len(common)} rows in `{one}_rows` are known from `{other}_rows`; row "
                                  f"{row} for one: {how}. What was learned by heart looks like understanding there. Keep one of "
                                  "each before you split (`np.unique(..., axis=0, return_index=True)` finds them).")  # fmt: skip
    return Finding(
        True, f"Training, validation and test part ({len(train)}, {len(valid)}, {len(test)} rows) share nothing."
    )


def _reported(brief: Brief, report: dict[str, float]) -> Finding:
    if missing := [key for key in ("baseline", "validation", "test") if not np.isfinite(report.get(key, np.nan))]:
        return Finding(False, f'Not started: `report["{missing[0]}"]` is no number. The last code cell must set `report` to your '
                              'scores: {"baseline": ..., "validation": ..., "test": ...}.')  # fmt: skip
    if brief.of_labels and (wrong := [key for key, value in report.items() if not 0 <= value <= 1]):
        return Finding(
            False, f'`report["{wrong[0]}"]` is {report[wrong[0]]:g}; a fraction of right answers lies between 0 and 1.'
        )
    return Finding(True, "The report names a score of the baseline, one of validation and one of the test.")


def _row_by_row(answers: Array, half: int) -> Finding:
    """Whether a row's answer is the same, whatever other rows are asked for with it."""
    together, apart = answers[: len(answers) - half], answers[half:]
    if np.abs(together - apart).mean() > 0.01:
        return Finding(False, "`predict(x)` answers the same row differently when other rows are asked for with it. Use nothing "
                              "that is computed from the new rows together, such as their mean: scale them by the mean of "
                              "the training rows.")  # fmt: skip
    return Finding(True, "`predict` answers each row by itself.")


def _from_its_arguments(brief: Brief, parts: Parts, right: Array, wrong: Array) -> Finding:
    """Whether wrong answers are learned as well as right ones: who cannot be misled knows the answers from elsewhere.

    Args:
        right: what was answered after training on the right answers.
        wrong: what was answered after training on the changed ones.
    """
    learned = score(brief, right, parts.held_y)
    misled = score(brief, wrong, changed(brief, parts.held_y))
    if abs(learned - misled) <= 2 * brief.repeats:
        return Finding(True, "`train` learns from what it is given, and from nothing else.")
    what = "each label replaced by the next" if brief.of_labels else f"every temperature {STEP:g} {brief.unit} higher"
    told = f"`train(x, y, seed)` was given wrong answers to learn, {what}, and did not learn them as it learned the right ones."
    moved = 1 - (right == wrong).mean() if brief.of_labels else (wrong - right).mean() / STEP
    if moved < 0.75:  # much of what it says is still the right answer
        return Finding(False, f"{told} So it uses more than its arguments: `x_train` or another name of the notebook instead of "
                              "`x` and `y`, a network trained before, or the data set from elsewhere. Train a new network in it, "
                              "on `x` and `y` alone.")  # fmt: skip
    return Finding(False, f"{told} It went after them, but not as well: {brief.in_words(misled)}, with the right ones "
                          f"{brief.in_words(learned)}. Either the training is unsteady (a smaller learning rate, more epochs), or "
                          "something in it is made for the right answers alone.")  # fmt: skip


def _repeats(brief: Brief, scores: list[float]) -> Finding:
    apart = abs(scores[0] - scores[1])
    gap = f"{apart * 100:.1f} points" if brief.of_labels else f"{apart:.2f} {brief.unit}"
    allowed = f"{brief.repeats * 100:g} points" if brief.of_labels else f"{brief.repeats:g} {brief.unit}"
    if apart > brief.repeats:
        return Finding(False, f"Two trainings with the seeds {SEEDS[0]} and {SEEDS[1]} differ by {gap} on new rows; at most {allowed} "
                              "are allowed. Make the training steadier: a smaller learning rate, more epochs, a smaller "
                              "network, or the mean of several.")  # fmt: skip
    return Finding(True, f"Another seed gives nearly the same: {gap} apart.")


def _beats(brief: Brief, scores: list[float], baseline: float) -> Finding:
    came = f"On the held-out part: {' and '.join(brief.in_words(each) for each in scores)}; the baseline ({brief.baseline}): {brief.in_words(baseline)}."
    if all(brief.is_better(each, baseline) for each in scores):
        return Finding(True, came)
    return Finding(False, f"{came} The network must be better with both seeds. If it was better on your own test rows, something "
                          "tells the answer there and not where the network is to be used: look at each input, and ask "
                          "whether it is known on the day of the question. Else train longer, or change one thing at a "
                          "time and choose by validation.")  # fmt: skip


def _honest(brief: Brief, reported: float, scores: list[float]) -> Finding:
    """Whether the reported test score is no better than the held-out one, but for chance."""
    held = float(np.mean(scores))
    told = (
        f"Your report says {brief.in_words(reported)} for the test; on the held-out part it is {brief.in_words(held)}."
    )
    better_by = reported - held if brief.of_labels else held - reported
    if better_by > brief.honest:
        return Finding(False, f"{told} Chance alone seldom makes such a difference. Was the score measured on rows that the network "
                              "was trained on, or that you chose by? Does an input tell the answer only in your rows?")  # fmt: skip
    return Finding(True, told)
