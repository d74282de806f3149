"""How the files that grading writes begin, by which a later run knows them again."""

from __future__ import annotations

from pathlib import Path

PROBLEMS = "Listed by `course`: what was noticed while reading the answers."
PAGE = '<meta name="generator" content="course">'
_TABLES = (
    "learner,attempt,points,out_of,percent,",
    "key,feedback",
    "lesson,question,kind,learners,answered,",
    "lesson,learner,attempt,points,out_of,percent",
    "Student,ID,SIS User ID,SIS Login ID,Section",
    "ID number,Email address,Name,Section",
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
