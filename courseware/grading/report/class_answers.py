"""Gather a class's graded answers in memory, quiz by quiz, for the report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from courseware.grading.answers import Answers
from courseware.grading.marks import ABSENT, Marker, grade_answers
from courseware.grading.problems import Problems
from courseware.quiz.model import Quiz


@dataclass
class ClassAnswers:
    """What a class answered to one quiz, a row for each attempt.

    Arrays have the shape (attempts, questions): `codes` are positions in the outcomes of each question's marker,
    `points` what they are worth, `seconds` the time taken, NaN where it is not known. Questions that no file has a
    column for are in `absent` only.
    """

    quiz: Quiz
    markers: list[Marker]
    learners: list[str]
    attempts: np.ndarray
    codes: np.ndarray
    points: np.ndarray
    seconds: np.ndarray
    repeats: int = 0
    absent: tuple[str, ...] = ()

    def state(self, question: int) -> np.ndarray:
        """The state of the outcome of each attempt at a question."""
        states = np.array([outcome.state for outcome in self.markers[question].outcomes])
        return np.asarray(states[self.codes[:, question]])


@dataclass
class _Gathering:
    quiz: Quiz
    markers: list[Marker]
    learners: list[str] = field(default_factory=list)
    attempts: list[np.ndarray] = field(default_factory=list)
    codes: list[np.ndarray] = field(default_factory=list)
    seconds: list[np.ndarray] = field(default_factory=list)


def collect(
    batches: Iterable[tuple[Quiz, Answers]], problems: Problems, all_attempts: bool = False
) -> list[ClassAnswers]:
    """Grade all answers, and keep each learner's first attempt at each quiz, or all of them."""
    found: dict[str, _Gathering] = {}
    for quiz, answers in batches:
        if quiz.lesson not in found:
            found[quiz.lesson] = _Gathering(quiz, [Marker(question, quiz) for question in quiz.questions])
        here = found[quiz.lesson]
        here.learners += answers.learners
        here.attempts.append(np.array(answers.attempts))
        here.codes.append(np.array(grade_answers(here.markers, answers, problems), dtype=np.int32).T)
        here.seconds.append(np.stack([_seconds(answers, marker) for marker in here.markers], axis=1))
    classes = [_class(found[lesson], all_attempts) for lesson in sorted(found)]
    return [each for each in classes if each.markers]


def _class(here: _Gathering, all_attempts: bool) -> ClassAnswers:
    attempts, codes = np.concatenate(here.attempts), np.concatenate(here.codes)
    seconds = np.concatenate(here.seconds)
    repeats = 0
    if not all_attempts:
        first: dict[str, int] = {}
        for row in np.argsort(attempts, kind="stable").tolist():
            first.setdefault(here.learners[row], row)
        kept = sorted(first.values())
        repeats = len(attempts) - len(kept)
        here.learners = [here.learners[row] for row in kept]
        attempts, codes, seconds = attempts[kept], codes[kept], seconds[kept]
    asked = (codes != ABSENT).any(axis=0)
    markers = [marker for marker, there in zip(here.markers, asked, strict=True) if there]
    absent = tuple(m.question.id for m, there in zip(here.markers, asked, strict=True) if not there)
    codes, seconds = codes[:, asked], seconds[:, asked]
    worth = [np.array([outcome.points for outcome in marker.outcomes]) for marker in markers]
    points = np.array([values[codes[:, number]] for number, values in enumerate(worth)]).T
    return ClassAnswers(here.quiz, markers, here.learners, attempts, codes, points, seconds, repeats, absent)


def _seconds(answers: Answers, marker: Marker) -> np.ndarray:
    given = answers.seconds.get(marker.question.id)
    return np.full(len(answers.lines), np.nan) if given is None else np.array([_time(text) for text in given])


def _time(text: str) -> float:
    """Seconds as a number; what is no sensible number of seconds is not known."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return np.nan
    return value if 0 <= value < 1e6 else np.nan
