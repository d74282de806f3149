"""Which quizzes are exported, and where to; nothing that exists is overwritten unasked, a quiz never."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from courseware import course
from courseware.errors import CourseError
from courseware.files import write_whole
from courseware.quiz.export import FORMATS, export
from courseware.quiz.folder import Quizzes


@dataclass(frozen=True)
class Written:
    """One file: its path, the lesson, and a line for all that the format cannot hold."""

    path: Path
    lesson: str
    notes: list[str]


def export_files(
    lesson: str,
    to: str,
    *,
    output: Path | None = None,
    quizzes: Path | None = None,
    form: str | None = None,
    seed: int = 0,
    force: bool = False,
) -> list[Written]:
    """Write the quiz of `lesson`, or of every lesson for ``"all"``, in the format `to`; on an error nothing is written.

    Args:
        lesson: a quiz's name as `Quizzes.load` knows it, or "all".
        to: a key of `FORMATS`.
        output: a file, or a folder for files with the lessons' names; by default the current folder.
        quizzes: the folder of quizzes; by default the course's own.
        form: "a" or "b" for that form of the quiz alone; of "all", of those that have it.
        seed: draws the numbers of questions with parameters.
        force: overwrite files, though none in a folder of quizzes.

    Raises:
        CourseError: if there is no such quiz, it is faulty, a file is in the way, or a format can hold nothing of it.
    """
    made = []
    bank = Quizzes(quizzes)
    for quiz in bank.all(form) if lesson == "all" else [bank.load(lesson, form)]:
        path = _target(output or Path(), quiz.lesson + FORMATS[to].suffix, several=lesson == "all")
        _refuse(path, bank.folder, force)
        text, notes = export(quiz, to, seed)
        made.append((text, Written(path, quiz.lesson, notes)))
    for text, written in made:
        _write(written.path, text)
    return [written for _, written in made]


def _target(output: Path, name: str, *, several: bool) -> Path:
    if several and output.is_file():
        raise CourseError(f"{output} is a file; for all lessons, name a folder.")
    return output / name if several or output.is_dir() else output


def _refuse(path: Path, quizzes: Path, force: bool) -> None:
    if not path.exists():
        return
    if path.is_dir():
        raise CourseError(f"{path} is a folder; name a file in it.")
    if path.resolve().parent in (quizzes.resolve(), (course.ROOT / "quizzes").resolve()):
        raise CourseError(f"{path} is there already, in a folder of quizzes, where nothing is overwritten.")
    if not force:
        raise CourseError(f"{path} is there already. Take another name with -o, or --force to overwrite it.")


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text)
    except OSError as error:
        raise CourseError(f"Cannot write {path}: {error.strerror}. Name another place with -o.") from error
