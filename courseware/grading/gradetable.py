"""Read a table back that `course grade` wrote, also if a spreadsheet has saved it since."""

from __future__ import annotations

from dataclasses import dataclass
from os.path import isfile
from pathlib import Path

from courseware.errors import CourseError
from courseware.grading.csvfile import Table
from courseware.grading.written import GRADES, ROSTER, SOURCES

_AFTER = ("feedback", *ROSTER, *SOURCES)


@dataclass(frozen=True)
class Mark:
    """One row: who, which attempt, the points, of how many, and those of each question; empty where it did not count."""

    line: int
    learner: str
    id: str
    attempt: str
    handed_in: str
    points: str
    out_of: str
    questions: dict[str, str]
    names_ids: bool = False  # whether the table has a column for ids, as those have that were graded with a roster


def read_marks(path: Path) -> list[Mark]:
    """The rows of a table of grades.

    Raises:
        CourseError: if it is none.
    """
    if not isfile(path):
        raise CourseError(f"{path}: no such file; name a table that `course grade` wrote")
    table = Table(path)
    header = table.header
    if tuple(header[: len(GRADES)]) != GRADES:
        raise CourseError(f"{path}:1: not a table that `course grade` wrote; it begins with {', '.join(GRADES)}")
    questions = [name for name in header[len(GRADES) :] if name not in _AFTER]
    marks = []
    for block in table.blocks():
        for line, text in block.bad:
            raise CourseError(f"{path}:{line}: {text}")
        for line, cells in block.rows:
            row = {name: _plain(text) for name, text in zip(header, cells, strict=True)}
            marks.append(
                Mark(
                    line, row["learner"], row.get("id", ""), row["attempt"], row.get("handed_in", ""), row["points"],
                    row["out_of"], {name: row[name] for name in questions}, "id" in row,
                )
            )  # fmt: skip
    return marks


def _plain(text: str) -> str:
    """A cell without what is done to it for spreadsheets."""
    text = text.strip().removeprefix("'")
    number = text.replace(",", ".")
    return number if number.replace(".", "", 1).isdigit() else text
