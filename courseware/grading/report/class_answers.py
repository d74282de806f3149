"""Gather a class's graded answers in memory, quiz by quiz, for the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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


# Of one batch of answers: who gave them, and arrays of attempts, codes and seconds.
_Batch = tuple[Sequence[str], np.ndarray, np.ndarray, np.ndarray]


def collect(
    batches: Iterable[tuple[Quiz, Answers]], problems: Problems, all_attempts: bool = False
) -> list[ClassAnswers]:
    """Grade all answers, and keep each learner's first attempt at each quiz, or all of them."""
    found: dict[int, tuple[Quiz, list[Marker], list[_Batch]]] = {}
    for quiz, answers in batches:
        if id(quiz) not in found:  # the quiz itself, not what it calls itself
            found[id(quiz)] = quiz, [Marker(question, quiz) for question in quiz.questions], []
        _, markers, gathered = found[id(quiz)]
        codes = np.array(grade_answers(markers, answers, problems), dtype=np.int32).T
        seconds = np.stack([_seconds(answers, marker) for marker in markers], axis=1)
        gathered.append((answers.learners, np.array(answers.attempts), codes, seconds))
    classes = [_class(*each, all_attempts) for each in sorted(found.values(), key=lambda each: each[0].lesson)]
    return [each for each in classes if each.markers]


def _class(quiz: Quiz, markers: list[Marker], gathered: list[_Batch], all_attempts: bool) -> ClassAnswers:
    names, *arrays = zip(*gathered, strict=True)
    learners = [name for part in names for name in part]
    attempts, codes, seconds = map(np.concatenate, arrays)
    repeats = 0
    if not all_attempts:
        first: dict[str, int] = {}
        for row in np.argsort(attempts, kind="stable").tolist():
            first.setdefault(learners[row], row)
        kept = sorted(first.values())
        repeats = len(attempts) - len(kept)
        learners = [learners[row] for row in kept]
        attempts, codes, seconds = attempts[kept], codes[kept], seconds[kept]
    asked = (codes != ABSENT).any(axis=0)
    absent = tuple(marker.question.id for marker, there in zip(markers, asked, strict=True) if not there)
    markers = [marker for marker, there in zip(markers, asked, strict=True) if there]
    codes, seconds = codes[:, asked], seconds[:, asked]
    worth = [np.array([outcome.points for outcome in marker.outcomes]) for marker in markers]
    points = np.array([values[codes[:, number]] for number, values in enumerate(worth)]).T
    return ClassAnswers(quiz, markers, learners, attempts, codes, points, seconds, repeats, absent)


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
