"""What an export changes or leaves out, told in one line for all the questions that it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from courseware.quiz.questions import Question

# For `str.translate`: two signs that YAML can write and XML forbids.
FOR_XML = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}


class LeftOut(Exception):
    """Raised for a question that a format cannot hold; the message says why."""


Writer = TypeVar("Writer")


def written_by(writers: Mapping[str, Writer], question: Question, program: str) -> Writer:
    """What writes a question of this kind.

    Raises:
        LeftOut: if the `program` has no such kind.
    """
    if question.kind not in writers:
        raise LeftOut(f"{program} has no such kind of question")
    return writers[question.kind]


class Notes:
    """Notes by question, in the order in which they are first made.

    >>> notes = Notes(questions=3)
    >>> notes.add("steps", "left out, there is no such kind")
    >>> notes.add("order", "left out, there is no such kind")
    >>> notes.lines()
    ['questions `steps`, `order`: left out, there is no such kind']
    """

    def __init__(self, questions: int) -> None:
        self._questions = questions
        self._ids: dict[str, list[str]] = {}
        self.left_out: set[str] = set()

    def add(self, question: str, text: str) -> None:
        """Note `text` about the question with this id."""
        ids = self._ids.setdefault(text, [])
        if question not in ids:
            ids.append(question)

    def leave_out(self, question: str, reason: LeftOut | str) -> None:
        """Note that the question with this id is not in the export."""
        self.add(question, f"left out, {reason}")
        self.left_out.add(question)

    def lines(self) -> list[str]:
        """One line for each different note."""
        return [f"{_named(ids, self._questions)}: {text}" for text, ids in self._ids.items()]


def _named(ids: list[str], of: int) -> str:
    if len(ids) == of > 1:
        return "every question"
    return f"question{'s' if len(ids) > 1 else ''} {', '.join(f'`{name}`' for name in ids)}"
