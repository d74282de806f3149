"""Grade columns of responses: each distinct response once, by `question.grade`, all others by a table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from courseware.grading import moodle
from courseware.quiz import parameters
from courseware.quiz.grade import Grade, ResponseError
from courseware.quiz.maths import plain
from courseware.quiz.model import Quiz

_MOST_REMEMBERED = 200_000


@dataclass(frozen=True)
class Outcome:
    """What a response to a question comes to, apart from how it was written.

    `chosen` holds the ids of options that were chosen; of an open question ``right``, the position of a known wrong
    answer, or ``other``; of a matching question the pairs that were matched wrongly, each ``pair=choice``.
    """

    state: Literal["given", "empty", "unreadable", "absent"]
    points: float = 0.0
    feedback: str = ""
    chosen: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()


# The first outcomes of every question; ABSENT is that of one that the file has no column for.
ABSENT, EMPTY, UNREADABLE = (
    Outcome("absent"),
    Outcome("empty", feedback="not answered"),
    Outcome("unreadable", feedback="could not be read"),
)
STANDARD = (ABSENT, EMPTY, UNREADABLE)


class Marker:
    """Grades the responses to one question.

    Args:
        question: one of `quiz`, with its parameters undrawn.
        quiz: where it belongs to.
    """

    def __init__(self, question: Any, quiz: Quiz):
        self.question, self.lesson = question, quiz.lesson
        self.outcomes: list[Outcome] = list(STANDARD)
        self._numbers = {outcome: number for number, outcome in enumerate(STANDARD)}
        self._draws = parameters.count(question.parameters) if question.parameters else 0
        self._drawn: dict[int, Any] = {}
        self._remembered: dict[tuple[str, int, str], int] = {}

    def codes(self, column: pa.Array | None, learners: pa.Array, form: str) -> np.ndarray:
        """The position in `outcomes` of each response.

        Args:
            column: the responses, dictionary-encoded text; None if there are none.
            learners: who gave them; a question with parameters is graded as it was drawn for each.
            form: how the text is to be read, see `Rows`.
        """
        if column is None:
            return np.zeros(len(learners), dtype=np.int32)
        texts, indices = column.dictionary.to_pylist(), np.from_dlpack(column.indices)
        if not self._draws:
            return np.array([self._code(form, 0, text, "") for text in texts], dtype=np.int32)[indices]
        names = learners.to_pylist()
        places = np.array([parameters.place(self._draws, name, self.lesson, self.question.id) for name in names])
        pairs, first, back = np.unique(places * len(texts) + indices, return_index=True, return_inverse=True)
        codes = [
            self._code(form, pair // len(texts), texts[pair % len(texts)], names[at])
            for pair, at in zip(pairs.tolist(), first.tolist(), strict=True)
        ]
        return np.array(codes, dtype=np.int32)[back]

    def code(self, text: str, form: str) -> int:
        """The position in `outcomes` of one response to a question without parameters."""
        return self._code(form, 0, text, "")

    def complaint(self, text: str, learner: str, form: str) -> str:
        """Why a response cannot be read."""
        try:
            read_response(self._question_for(learner), text, form)
        except ResponseError as error:
            return f"`{self.question.id}`: {error}"
        return f"`{self.question.id}` cannot be read"

    def _question_for(self, learner: str) -> Any:
        return self.question.drawn(learner, self.lesson)

    def _code(self, form: str, place: int, text: str, learner: str) -> int:
        key = (form, place, text)
        if key not in self._remembered:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            if place not in self._drawn:
                self._drawn[place] = self._question_for(learner)
            outcome = _outcome(self._drawn[place], text, form)
            if outcome not in self._numbers:
                self._numbers[outcome] = len(self.outcomes)
                self.outcomes.append(outcome)
            self._remembered[key] = self._numbers[outcome]
        return self._remembered[key]


def read_response(question: Any, text: str, form: str) -> Any:
    """Read a response as the kind of file that it stands in writes it.

    Raises:
        ResponseError: if it cannot be read.
    """
    if form == "moodle":
        return moodle.read_moodle(question, text)
    if form == "learner":
        value = json.loads(text)
        return question.read(value) if isinstance(value, str) else question.accept(value)
    return question.read(text)


def _outcome(question: Any, text: str, form: str) -> Outcome:
    if not text.strip() or (form == "moodle" and text.strip() in moodle.NOT_ANSWERED) or text == '""':
        return EMPTY
    try:
        result = question.grade(read_response(question, text, form))
    except ResponseError:
        return UNREADABLE
    feedback = "" if result.correct else " ".join(dict.fromkeys(_words(result)))
    return Outcome("given", result.points, feedback, _chosen(question, result), result.misconceptions)


def _words(result: Grade) -> list[str]:
    """The feedback on what was not right, each in one line."""
    return [
        ("Left out: " if message.verdict == "missed" else "") + " ".join(plain(message.feedback).split())
        for message in result.messages
        if message.verdict != "right"
    ]


def _chosen(question: Any, result: Grade) -> tuple[str, ...]:
    if question.kind == "single":
        return (result.response,)
    if question.kind == "multiple":
        return tuple(result.response)
    if question.kind == "matching":
        return tuple(
            f"{pair}={choice}" for pair, choice in result.response.items() if choice != question.key[pair]
        ) or ("right",)
    if result.correct:
        return ("right",)
    [message] = result.messages
    known = [
        number
        for number, entry in enumerate(question.known_wrong)
        if (entry.feedback, entry.misconception) == (message.feedback, message.misconception)
    ]
    return (str(known[0]),) if known else ("other",)
