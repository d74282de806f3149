"""Questions that are answered in words, or with what code prints."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, PrivateAttr, model_validator

from courseware.quiz.feedback import Grade, ResponseError, quoted
from courseware.quiz.fields import Code, Name, Short, Strict, Text, fault, twice
from courseware.quiz.questions.base import Marks
from courseware.quiz.questions.open_question import OpenQuestion
from courseware.quiz.questions.spelling import normal_output, normal_text, printed_values, word_key

_LONGEST = 4000


def _lines(response: Any) -> str:
    """A text with line breaks of one kind.

    Raises:
        ResponseError: if it is none, or a very long one.
    """
    if not isinstance(response, str):
        raise ResponseError(f"not text: {quoted(response)}; write a word or a few")
    if len(response) > _LONGEST:
        raise ResponseError(f"{len(response)} characters; a short answer is enough")
    return response.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


class KnownWrongText(Strict):
    """A wrong answer that people really type."""

    value: Short
    feedback: Text
    misconception: Name | None = None


class TextQuestion(OpenQuestion):
    """A question whose answer is a word or a few; how it is written does not count, see `word_key`."""

    kind: Literal["text"]
    answers: tuple[Short, ...] = Field(
        min_length=1,
        max_length=50,
        description="Every word that is accepted; case, articles, plurals and hyphens do not count",
    )
    known_wrong: tuple[KnownWrongText, ...] = Field(default=(), max_length=20)

    instruction = "Type your answer, a word or a few."
    other_answer = "A word that the quiz does not know"

    @model_validator(mode="after")
    def _texts_fit(self) -> Self:
        right = [word_key(answer) for answer in self.answers]
        if "" in right:
            raise fault(
                "nothing is left of this answer when quotes and spaces are taken off", "answers", right.index("")
            )
        if again := twice(normal_text(answer) for answer in self.answers):
            raise fault(f"{again[0]!r} stands twice, case and spaces aside; keep one", "answers")
        self._check_known_wrong([word_key(known.value) for known in self.known_wrong], right.__contains__)
        return self

    def _known_texts(self) -> list[str]:
        return [self.answers[0], *(known.value for known in self.known_wrong)]

    def accept(self, response: Any) -> str:
        """The text itself."""
        text = _lines(response)
        if not normal_text(text):
            raise ResponseError("nothing is written; type your answer")
        return text.strip()

    def _marks(self, value: str) -> Marks:
        known = next((known for known in self.known_wrong if self.is_same(known.value, value)), None)
        return self._verdict(any(self.is_same(answer, value) for answer in self.answers), value, known)

    @staticmethod
    def is_same(one: str, other: str) -> bool:
        """Whether two texts say the same."""
        return word_key(one) == word_key(other)

    def again(self, grade: Grade) -> str:
        """A word that is not known may be another name for the right thing, or misspelt."""
        if not self.keyed or grade.keys != ("other",):
            return ""
        return f"I do not know {quoted(grade.response)} here. Look at the spelling, or say it in another word; your next answer counts."


class KnownWrongOutput(Strict):
    """A wrong idea of what the code prints."""

    value: Code
    feedback: Text
    misconception: Name | None = None


class OutputQuestion(OpenQuestion):
    """A question "what does this code print?"; the project's tests run the code, nothing else does."""

    kind: Literal["output"]
    code: Code = Field(description="Python that prints; shown beneath the prompt")
    answer: Code = Field(description="What it prints; spaces at line ends and after commas do not count")
    known_wrong: tuple[KnownWrongOutput, ...] = Field(default=(), max_length=20)
    _lines: int = PrivateAttr(default=0)  # in a student's copy

    copied = (("code", "code"), ("lines", "lines"))
    instruction = "Type what it prints."
    feedback_quotes = False

    @model_validator(mode="after")
    def _output_fits(self) -> Self:
        right = normal_output(self.answer)
        if not right:
            raise fault("is blank; ask about code that prints something", "answer")
        self._check_known_wrong([normal_output(known.value) for known in self.known_wrong], right.__eq__)
        return self

    @property
    def how(self) -> str:
        return f"{self.instruction} It prints {self.lines} lines." if self.lines > 1 else self.instruction

    @property
    def listing(self) -> str:
        return self.code

    @property
    def lines(self) -> int:
        """How many lines the code prints, blank ones aside."""
        return self._lines or len(normal_output(self.answer).split("\n"))

    @classmethod
    def from_copy(cls, fields: Any) -> Self:
        question = super().from_copy(fields)
        question._lines = fields["lines"]
        return question

    def _known_texts(self) -> list[str]:
        return [self.answer, *(known.value for known in self.known_wrong)]

    def accept(self, response: Any) -> str:
        """The text itself."""
        text = _lines(response)
        if not normal_output(text):
            raise ResponseError("nothing is written; type your answer")
        return text

    def _marks(self, value: str) -> Marks:
        typed, values = normal_output(value), printed_values(value)
        right = normal_output(self.answer) == typed
        known = next((known for known in self.known_wrong if normal_output(known.value) == typed), None)
        if not right and not known and values:
            if values == printed_values(self.answer):
                raise ResponseError(
                    "the values are right, but Python prints them in another way; look at brackets, commas, quotes, points, capitals and lines, and write what it prints"
                )
            known = next((known for known in self.known_wrong if printed_values(known.value) == values), None)
        return self._verdict(right, value, known)
