"""What became of the mutants, beside the survivors that are listed with a reason: a table, and what is to be done.

A lesson lists the mutants that a check rightly accepts in its ``equivalent_mutants.toml``. In a listed change ``...``
stands for any text, so that one entry can speak for a goal that many answers reach.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from courseware import course
from courseware.course import LessonInfo
from courseware.errors import CourseError
from courseware.tables import text_table
from courseware.verify.mutants.survivors import Outcome

FILE = "equivalent_mutants.toml"
FIELDS = {"exercise", "mutants", "reason"}
HEAD = ("lesson", "exercises", "mutants", "refused", "listed", "unexplained")


@dataclass(frozen=True)
class Excuse:
    """A listed change of one exercise."""

    lesson: str
    exercise: str
    change: str

    def fits(self, outcome: Outcome, change: str) -> bool:
        """Whether it speaks for `change` in the exercise of `outcome`.

        >>> Excuse("04_cnn", "small", "Dense(16) -> ...").fits(Outcome("04_cnn", "small"), "Dense(16) -> Dense(17)")
        True
        >>> Excuse("04_cnn", "small", "x -> y").fits(Outcome("04_cnn", "small"), "x -> y + 1")
        False
        """
        same = (self.lesson, self.exercise) == (outcome.lesson, outcome.exercise)
        pattern = ".*".join(re.escape(part) for part in self.change.split("..."))
        return same and re.fullmatch(pattern, change) is not None


def listed(info: LessonInfo) -> Path:
    """Where the survivors of a lesson are listed."""
    return course.ROOT / "tests" / "lessons" / info.short_name / FILE


def read_excuses(info: LessonInfo) -> list[Excuse]:
    """Return the changes that a lesson lists.

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
        excuses += [Excuse(info.slug, row["exercise"], change) for change in row["mutants"]]
    return excuses


def unexplained(outcomes: list[Outcome], excuses: list[Excuse]) -> list[tuple[Outcome, str]]:
    """Return the survivors that no entry speaks for, each with its exercise."""
    return [
        (outcome, change)
        for outcome in outcomes
        for change in outcome.survivors
        if not any(excuse.fits(outcome, change) for excuse in excuses)
    ]


def stale(outcomes: list[Outcome], excuses: list[Excuse]) -> list[Excuse]:
    """Return the listed changes of the lessons in `outcomes` that no survivor fits any more."""
    lessons = {outcome.lesson for outcome in outcomes}
    survivors = [(outcome, change) for outcome in outcomes for change in outcome.survivors]
    return [
        excuse
        for excuse in excuses
        if excuse.lesson in lessons and not any(excuse.fits(*survivor) for survivor in survivors)
    ]


def mutants_text(outcomes: list[Outcome], excuses: list[Excuse]) -> str:
    """Return the table and what is to be done, as text.

    >>> print(mutants_text([Outcome("01_line", "predict", 15, ["w * x -> w * x"])], []))
    lesson   exercises  mutants  refused  listed  unexplained
    ---------------------------------------------------------
    01_line          1       15       14       0            1
    <BLANKLINE>
    Accepted, though changed (strengthen the check, or list it with the reason in equivalent_mutants.toml):
      01_line predict: w * x -> w * x
    """
    open_ones, gone = unexplained(outcomes, excuses), stale(outcomes, excuses)
    rows: list[tuple[str, *tuple[int, ...]]] = []
    for lesson, group in groupby(sorted(outcomes, key=lambda o: o.lesson), key=lambda o: o.lesson):
        own = list(group)
        tried, accepted = sum(o.tried for o in own), sum(len(o.survivors) for o in own)
        left = sum(outcome.lesson == lesson for outcome, _ in open_ones)
        rows.append((lesson, len(own), tried, tried - accepted, accepted - left, left))
    if len(rows) > 1:
        rows.append(("all", *(sum(column) for column in list(zip(*rows, strict=True))[1:])))
    text = [text_table(HEAD, rows, numbers=HEAD[1:])]
    if open_ones:
        text += ["", f"Accepted, though changed (strengthen the check, or list it with the reason in {FILE}):"]
        text += [f"  {outcome.lesson} {outcome.exercise}: {change}" for outcome, change in open_ones]
    if gone:
        text += ["", f"Listed in {FILE}, but no mutant like it is accepted any more (remove the entry):"]
        text += [f"  {excuse.lesson} {excuse.exercise}: {excuse.change}" for excuse in gone]
    return "\n".join(text)


def holds(outcomes: list[Outcome], excuses: list[Excuse]) -> bool:
    """Whether every survivor is listed and every entry still needed."""
    return not unexplained(outcomes, excuses) and not stale(outcomes, excuses)
