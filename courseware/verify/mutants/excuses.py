"""The listed survivors: mutants that a check rightly accepts, each with the reason, in a file ``equivalent_mutants.toml`` a lesson.

In a listed change ``...`` stands for any text, so that one entry can speak for a goal that many answers reach.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from courseware import course
from courseware.course import LessonInfo
from courseware.errors import CourseError
from courseware.verify.mutants.survivors import Outcome

FILE = "equivalent_mutants.toml"
FIELDS = {"exercise", "mutants", "reason"}


@dataclass(frozen=True)
class Excuse:
    """Survivors of one exercise that share a reason."""

    lesson: str
    exercise: str
    mutants: tuple[str, ...]
    reason: str


def listed(info: LessonInfo) -> Path:
    """Where the survivors of a lesson are listed."""
    return course.ROOT / "tests" / "lessons" / info.short_name / FILE


def read_excuses(info: LessonInfo) -> list[Excuse]:
    """Return the entries of a lesson's list.

    Raises:
        CourseError: if the file is missing, is not TOML, or an entry lacks a field or has an unknown one.
    """
    path = listed(info)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{path.parent.name}/{path.name} cannot be read: {error}") from error
    excuses = []
    for number, row in enumerate(table.get("equivalent", []), 1):
        if set(row) != FIELDS or not row["reason"] or not isinstance(row["mutants"], list):
            raise CourseError(
                f"{path.parent.name}/{path.name}: entry {number} has {', '.join(sorted(row)) or 'nothing'}; expected exercise, "
                "mutants (a list of texts) and reason."
            )
        excuses.append(Excuse(info.slug, row["exercise"], tuple(row["mutants"]), row["reason"]))
    return excuses


def fits(pattern: str, change: str) -> bool:
    """Whether a listed change speaks for `change`.

    >>> fits("x * 2 -> x * 3", "x * 2 -> x * 3"), fits("Dense(16) -> ...", "Dense(16) -> Dense(17)")
    (True, True)
    >>> fits("x -> y", "x -> y + 1")
    False
    """
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("...")), change) is not None


def unexplained(outcomes: list[Outcome], excuses: list[Excuse]) -> list[tuple[Outcome, str]]:
    """Return the survivors that no entry speaks for, each with its exercise."""
    return [
        (outcome, change)
        for outcome in outcomes
        for change in outcome.survivors
        if not any(fits(pattern, change) for excuse in _of(outcome, excuses) for pattern in excuse.mutants)
    ]


def stale(outcomes: list[Outcome], excuses: list[Excuse]) -> list[tuple[Excuse, str]]:
    """Return the listed changes of the lessons in `outcomes` that no survivor fits any more."""
    lessons = {outcome.lesson for outcome in outcomes}
    left = {(outcome.lesson, outcome.exercise): outcome.survivors for outcome in outcomes}
    return [
        (excuse, pattern)
        for excuse in excuses
        if excuse.lesson in lessons
        for pattern in excuse.mutants
        if not any(fits(pattern, change) for change in left.get((excuse.lesson, excuse.exercise), []))
    ]


def _of(outcome: Outcome, excuses: list[Excuse]) -> list[Excuse]:
    return [e for e in excuses if (e.lesson, e.exercise) == (outcome.lesson, outcome.exercise)]
