"""Gather a class's graded answers in memory, quiz by quiz, for the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from courseware.grading.answers import Answers, in_order, moment
from courseware.grading.marks import Marker, grade_answers
from courseware.grading.people import Person
from courseware.grading.problems import Problems
from courseware.grading.report.others import Raw, frequent
from courseware.quiz.model import Quiz

Attempt = Literal["first", "last", "best", "all"]


@dataclass
class ClassAnswers:
    """What a class answered to one quiz, a row for each attempt that counts.

    Arrays have the shape (attempts, questions): `codes` are positions in the outcomes of each question's marker,
    `points` the share of its points that each earns, `seconds` the time taken, NaN where it is not known. `weights` are
    the points that each question has. Questions that no file has a column for are in `absent` only; what was
    decided about questions is in `adjusted`, in words. `others` are the most frequent answers to each question that it does not know. Two rows are one learner's if their `keys` are equal; `people` are those of the roster, if there
    is one.
    """

    quiz: Quiz
    markers: list[Marker]
    learners: list[str]
    keys: list[str]
    people: list[Person | None]
    attempts: np.ndarray
    codes: np.ndarray
    points: np.ndarray
    seconds: np.ndarray
    weights: np.ndarray
    repeats: int = 0
    absent: tuple[str, ...] = ()
    adjusted: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[tuple[str, int], ...], ...] = ()

    @cached_property
    def asked(self) -> np.ndarray:
        """Whether each question was asked in each attempt: of a pool, those that were drawn."""
        asked = [np.array([outcome.state != "not asked" for outcome in marker.outcomes]) for marker in self.markers]
        return np.stack([each[self.codes[:, number]] for number, each in enumerate(asked)], axis=1)

    @property
    def had(self) -> np.ndarray:
        """The points that could be earned in each attempt."""
        return np.asarray(self.asked @ self.weights)

    @property
    def out_of(self) -> float:
        """The points that could be earned; the most of all attempts, if questions of a pool have other weights."""
        return float(self.had.max())

    @property
    def worth(self) -> np.ndarray:
        """The points of each attempt at each question, as they count."""
        return np.asarray(self.points * self.weights)

    @property
    def shares(self) -> np.ndarray:
        """The share of its points that each attempt earns."""
        return np.asarray(self.worth.sum(axis=1) / self.had)

    def state(self, question: int) -> np.ndarray:
        """The state of the outcome of each attempt at a question."""
        states = np.array([outcome.state for outcome in self.markers[question].outcomes])
        return np.asarray(states[self.codes[:, question]])


@dataclass
class _Gathered:
    """All that was answered to one quiz, as it comes."""

    quiz: Quiz
    markers: list[Marker]
    learners: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    people: list[Person | None] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    attempts: list[int] = field(default_factory=list)
    codes: list[np.ndarray] = field(default_factory=list)
    seconds: list[np.ndarray] = field(default_factory=list)
    others: dict[str, list[Raw]] = field(default_factory=dict)


def collect(
    batches: Iterable[tuple[Quiz, Answers]],
    problems: Problems,
    attempt: Attempt = "first",
    markers_of: Callable[[Quiz], list[Marker]] | None = None,
    watch: Callable[[Quiz, Answers, list[Marker], list[list[int]]], None] | None = None,
) -> list[ClassAnswers]:
    """Grade all answers, and keep one attempt of each learner at each quiz, or all of them.

    `markers_of` gives what grades a quiz; `watch` looks on at all answers, with their places in the markers' outcomes.
    """
    found: dict[int, _Gathered] = {}
    for quiz, answers in batches:
        if id(quiz) not in found:  # the quiz itself, not what it calls itself
            markers = markers_of(quiz) if markers_of else [Marker(question, quiz) for question in quiz.questions]
            found[id(quiz)] = _Gathered(quiz, markers)
        each = found[id(quiz)]
        codes = grade_answers(each.markers, answers, problems)
        if watch:
            watch(quiz, answers, each.markers, codes)
        rows = len(answers.lines)
        for marker, column in zip(each.markers, codes, strict=True):
            each.others.setdefault(marker.question.id, []).extend(_unknown(answers, marker, column, len(each.learners)))
        each.learners += answers.learners
        each.keys += answers.keys or answers.learners
        each.people += answers.people or [None] * rows
        each.times += map(moment, answers.handed_in or [""] * rows)
        each.attempts += answers.attempts
        each.codes.append(np.array(codes, dtype=np.int32).T)
        each.seconds.append(np.stack([_seconds(answers, marker) for marker in each.markers], axis=1))
    classes = [_class(each, attempt) for each in sorted(found.values(), key=lambda each: each.quiz.lesson)]
    return [each for each in classes if each.markers]


def _unknown(answers: Answers, marker: Marker, codes: list[int], first: int) -> Iterable[Raw]:
    """The answers that are none of those that the question knows; `first` is the row of the class that they begin at."""
    unknown = {code for code, outcome in enumerate(marker.outcomes) if outcome.chosen == ("other",)}
    texts = answers.cells.get(marker.question.id, ())
    return (
        (first + row, answers.form, text)
        for row, (code, text) in enumerate(zip(codes, texts, strict=False))
        if code in unknown
    )


def _class(found: _Gathered, attempt: Attempt) -> ClassAnswers:
    codes, seconds, attempts = np.concatenate(found.codes), np.concatenate(found.seconds), np.array(found.attempts)
    weights = np.array([marker.weight for marker in found.markers])
    worth = [np.array([outcome.points for outcome in marker.outcomes]) for marker in found.markers]
    points = np.array([values[codes[:, number]] for number, values in enumerate(worth)]).T
    kept = np.arange(len(attempts)) if attempt == "all" else _kept(found, attempt, points @ weights)
    codes, seconds, points = codes[kept], seconds[kept], points[kept]
    answered = np.array([_was_asked(marker, codes[:, number]) for number, marker in enumerate(found.markers)])
    shown = answered & (weights > 0)
    named = [marker.question.id for marker in found.markers]
    rows = kept.tolist()
    there_now = set(rows)
    return ClassAnswers(
        found.quiz,
        [marker for marker, there in zip(found.markers, shown, strict=True) if there],
        [found.learners[row] for row in rows],
        [found.keys[row] for row in rows],
        [found.people[row] for row in rows] if any(found.people) else [],
        attempts[kept],
        codes[:, shown],
        points[:, shown],
        seconds[:, shown],
        weights[shown],
        len(attempts) - len(kept),
        tuple(name for name, there, weight in zip(named, answered, weights, strict=True) if weight and not there),
        tuple((marker.question.id, str(marker.adjustment)) for marker in found.markers if marker.adjustment),
        tuple(
            frequent(marker, (each for each in found.others[marker.question.id] if each[0] in there_now))
            for marker, there in zip(found.markers, shown, strict=True)
            if there
        ),
    )


def _was_asked(marker: Marker, codes: np.ndarray) -> bool:
    """Whether a question was asked of anybody."""
    asked = np.array([outcome.state not in ("absent", "not asked") for outcome in marker.outcomes])
    return bool(asked[codes].any())


def _kept(found: _Gathered, attempt: Attempt, scores: np.ndarray) -> np.ndarray:
    """The row of each learner that counts."""
    by_learner: dict[str, list[int]] = {}
    for row, key in enumerate(found.keys):
        by_learner.setdefault(key, []).append(row)
    kept = []
    for rows in by_learner.values():
        if len(rows) > 1:
            order = in_order([found.attempts[row] for row in rows], [found.times[row] for row in rows])
            rows = [rows[place] for place in order]
        best = max(rows, key=lambda row: round(float(scores[row]), 9)) if attempt == "best" else rows[0]
        kept.append(rows[-1] if attempt == "last" else best)
    return np.array(sorted(kept))


def _seconds(answers: Answers, marker: Marker) -> np.ndarray:
    given: Sequence[str] | None = answers.seconds.get(marker.question.id)
    return np.full(len(answers.lines), np.nan) if given is None else np.array([_time(text) for text in given])


def _time(text: str) -> float:
    """Seconds as a number; what is no sensible number of seconds is not known."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return np.nan
    return value if 0 <= value < 1e6 else np.nan
