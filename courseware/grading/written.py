"""The columns of the tables that grading writes, and how its files begin, by which a later run knows them again."""

from __future__ import annotations

from pathlib import Path

PROBLEMS = "Listed by `course`: what was noticed while reading the answers."
PAGE = '<meta name="generator" content="course">'
# A table of grades has these columns, one for each question, `feedback`, and perhaps what the roster and hand-ins say.
GRADES = ("learner", "attempt", "points", "out_of", "percent")
GAINS = ("lesson", "learner", "pre_test", "post_test", "pre_percent", "post_percent", "gain")
ROSTER, SOURCES = ("id", "section"), ("file", "seed", "handed_in")
GRADEBOOK = {
    "moodle": ("ID number", "Email address", "Name", "Section"),
    "canvas": ("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
}
_TABLES = (
    f"{','.join(GRADES)},",
    "key,feedback",
    "lesson,question,kind,learners,answered,",
    f"lesson,{','.join(GRADES)}",
    ",".join(GAINS),
    *map(",".join, GRADEBOOK.values()),
)
_FIRST = 2000  # bytes


def is_written(path: Path) -> bool:
    """Whether a file begins as those do that grading writes.

    Raises:
        OSError: if it cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(_FIRST).decode("utf-8", "replace").removeprefix("\ufeff")
    first = start.split("\n", 1)[0].replace(";", ",").strip()
    return first.startswith((*_TABLES, PROBLEMS)) or PAGE in start
