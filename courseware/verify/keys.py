"""Quiz keys against the truth: computed answers are computed anew, printed ones printed, and cited cells looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from courseware import course
from courseware.quiz.feedback import ResponseError
from courseware.quiz.folder import Quizzes
from courseware.quiz.load import QuizError, load_quiz
from courseware.quiz.model import Quiz
from courseware.quiz.questions import NumberQuestion, OutputQuestion
from courseware.verify.computing import Computed, ComputingError, compute_all


def quiz_faults(quiz: Path, lesson: Path | None) -> tuple[int, list[tuple[str, str]]]:
    """Recompute the keys of a quiz, for every number that its questions can draw.

    Args:
        quiz: the quiz file.
        lesson: the notebook whose stored outputs its questions may cite; none for an exam.

    Returns:
        How many keys and citations were looked at; and for each that does not hold, the question's id (empty if the
        quiz itself cannot be read) and what is wrong.
    """
    try:
        loaded = load_quiz(quiz)
    except QuizError as error:
        return 0, [("", problem) for problem in error.problems]
    keys = [key for question in loaded.questions for key in _keys(question)]
    looked_at = len({(key.question.id, key.what) for key in keys})
    looked_at += sum(len(question.cites) for question in loaded.questions)
    try:
        computed = compute_all([key.item for key in keys])
    except ComputingError as error:
        return looked_at, [("", str(error))]
    faults: dict[tuple[str, str], str] = {}  # the first of each: one draw tells enough
    for key, found in zip(keys, computed, strict=True):
        if fault := key.fault(found):
            faults.setdefault((key.question.id, key.what), fault)
    return looked_at, [*((id, fault) for (id, _), fault in faults.items()), *_cited(loaded, lesson)]


class _Key:
    """One number or text of a question that can be computed: `what` it is, `item` as `compute_all` wants it."""

    def __init__(self, question: NumberQuestion | OutputQuestion, what: str, item: Mapping[str, Any]):
        self.question, self.what, self.item = question, what, item

    def fault(self, found: Computed) -> str:
        """What is wrong, if it is not what was computed."""
        question = self.question
        if isinstance(question, OutputQuestion):
            if found.trouble:
                return f"its code {found.trouble}."
            return (
                ""
                if _is_key(question, found.text)
                else f"the key is {question.answer!r}, but its code prints {found.text!r}."
            )
        values = self.item["values"]
        given = f" with {values}" if values else ""
        if found.trouble or found.number is None:
            return f"`{self.item['verify']}` cannot be computed{given} ({found.trouble})."
        said = f"`{self.item['verify']}` is {found.number:g}{given}"
        if self.what == "key":
            return "" if _is_key(question, found.number) else f"the key is {question.answer:g}, but {said}."
        stated = question.known_wrong[int(self.what)].value
        if _is_key(question, found.number):
            return f"the slip to {stated:g} gives the right answer: {said}. Who makes it is told that all is well."
        fits = found.number == found.number and question.is_near(found.number, stated)
        return "" if fits else f"the known wrong number is {stated:g}, but its slip {said}."


def _keys(question: Any) -> Iterator[_Key]:
    if isinstance(question, OutputQuestion):
        yield from (_Key(drawn, "key", {"code": drawn.code}) for _, drawn in question.draws())
    if isinstance(question, NumberQuestion):
        for values, drawn in question.draws():
            if question.verify:
                yield _Key(drawn, "key", {"verify": question.verify, "values": dict(values)})
            for n, known in enumerate(question.known_wrong):
                if known.slip:
                    yield _Key(drawn, str(n), {"verify": known.slip, "values": dict(values)})


def _is_key(question: NumberQuestion | OutputQuestion, value: Any) -> bool:
    try:
        return question.grade(value).correct
    except ResponseError:  # e.g. not a finite number, or nothing printed
        return False


def _cited(quiz: Quiz, lesson: Path | None) -> Iterator[tuple[str, str]]:
    if lesson is None or not any(question.cites for question in quiz.questions):
        return
    try:
        notebook = nbformat.read(lesson, as_version=4)
    except Exception:  # told under the notebook itself
        return
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = "\n".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs)
    for question in quiz.questions:
        for text in question.cites:
            if text not in shown:
                yield question.id, f"cites {text!r}, which no cell of {lesson.stem} shows any more; look at it again."


def bank_text(folder: Path) -> tuple[str, bool]:
    """What `course verify --quizzes` says of the quizzes in `folder`, and whether all of their keys hold.

    Raises:
        QuizError: if the folder is not there or has no quizzes.
    """
    lessons = {info.slug: info.lesson for info in course.lessons()}
    lines, looked_at, wrong = [], 0, 0
    files = Quizzes(folder).files
    for file in files:
        count, faults = quiz_faults(file, lessons.get(file.stem))
        looked_at, wrong = looked_at + count, wrong + len(faults)
        lines += [
            f"{file.name}, question `{name}`: {text}" if name else f"{file.name}: {text}" for name, text in faults
        ]
    summary = f"{looked_at} keys and citations of {len(files)} quizzes were looked at"
    lines.append(f"{summary}; {wrong} {'does' if wrong == 1 else 'do'} not hold." if wrong else f"{summary}; all hold.")
    if not looked_at:
        lines.append("None of them can be computed: a number needs `verify`, see docs/quizzes.md.")
    return "\n".join(lines), not wrong
