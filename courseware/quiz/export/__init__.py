"""Quizzes in the formats of other programs; each exporter says what its format cannot hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from courseware.errors import CourseError
from courseware.quiz.export.gift import write_gift
from courseware.quiz.export.jupyterquiz import write_jupyterquiz
from courseware.quiz.export.moodle import write_moodle
from courseware.quiz.export.notes import Notes
from courseware.quiz.export.text2qti import write_text2qti
from courseware.quiz.model import Quiz


@dataclass(frozen=True)
class Format:
    """One format: the ending of its files, and what writes a quiz whose questions are drawn."""

    suffix: str
    write: Callable[[Quiz, Notes], str]


FORMATS = {
    "moodle": Format(".xml", write_moodle),
    "gift": Format(".gift", write_gift),
    "text2qti": Format(".txt", write_text2qti),
    "jupyterquiz": Format(".json", write_jupyterquiz),
}


# What becomes of a pool.
_POOLS = {
    "moodle": "a category of its own, {lesson}/{pool}; in your quiz add {number} random questions from it",
    "gift": "a category of its own, {lesson}/{pool}; in your quiz add {number} random questions from it",
    "text2qti": "a group, of which Canvas draws {number} for each learner",
    "jupyterquiz": "all of them are written, since jupyterquiz draws from no pool; take out those that you do not want",
}


def export(quiz: Quiz, to: str, seed: str | int = 0) -> tuple[str, list[str]]:
    """The quiz in the format `to` (a key of `FORMATS`), and a line for all that the format cannot hold.

    Questions with parameters are drawn with `seed`. Of a pool all questions are written; from which the program draws, if
    it can.

    Raises:
        CourseError: if no question can be written.
    """
    notes = Notes(len(quiz.questions))
    for question in quiz.questions:
        notes.add(question.id, "without the section to reread and the misconceptions, the format has no such fields")
    for question in quiz.questions:
        if to in ("gift", "jupyterquiz") and getattr(question, "shuffle", True) is False:
            notes.add(question.id, f"its order is fixed, which {to} cannot say: switch shuffling off where you use it")
        if question.parameters:
            notes.add(
                question.id,
                f"its numbers are drawn with the seed {seed}, the same for every learner; "
                f"grade the answers with `course grade --seed {seed}`",
            )
    for question in quiz.questions:
        if question.pool:
            number, name = quiz.pools[question.pool], question.pool
            notes.add(
                question.id,
                f"the pool {name}, of which {number} are drawn here: {_POOLS[to].format(number=number, pool=name, lesson=quiz.lesson)}",
            )
    text = FORMATS[to].write(quiz.with_numbers(seed), notes)
    lines = notes.lines()
    if len(notes.left_out) == len(quiz.questions):
        raise CourseError(f"no question of {quiz.lesson} can be written for {to}:\n" + "\n".join(lines[1:]))
    return text, lines
