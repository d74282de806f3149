"""Quizzes in the formats of other programs; each exporter says what its format cannot hold."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from courseware.errors import CourseError
from courseware.quiz.export.notes import Notes
from courseware.quiz.model import Quiz


@dataclass(frozen=True)
class Format:
    """One format: what it is for, and the ending of its files."""

    reader: str
    suffix: str


FORMATS = {
    "moodle": Format("Moodle, as Moodle XML", ".xml"),
    "gift": Format("Moodle and other programs that read GIFT", ".gift"),
    "text2qti": Format("Canvas, by way of the program text2qti", ".txt"),
    "jupyterquiz": Format("notebooks, with the package jupyterquiz", ".json"),
}


class ExportError(CourseError):
    """Raised for a quiz of which a format can hold nothing; the message says which."""


def export(quiz: Quiz, to: str, seed: str | int = 0) -> tuple[str, list[str]]:
    """The quiz in the format `to` (a key of `FORMATS`), and a line for all that the format cannot hold.

    Questions with parameters are drawn with `seed`.

    Raises:
        ExportError: if no question can be written.
    """
    notes = Notes(len(quiz.questions))
    for question in quiz.questions:
        notes.add(question.id, "without the section to reread and the misconceptions, the format has no such fields")
    for question in quiz.questions:
        if question.parameters:
            notes.add(question.id, f"its numbers are drawn with the seed {seed}, the same for every learner")
    writer = import_module(f"courseware.quiz.export.{to}")
    text = writer.write(quiz.drawn(seed), notes)
    lines = notes.lines()
    if len(notes.left_out) == len(quiz.questions):
        raise ExportError(f"no question of {quiz.lesson} can be written for {to}:\n" + "\n".join(lines[1:]))
    return text, lines
