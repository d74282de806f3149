"""What a quiz is, from which the JSON Schema for editors is made; `courseware.quiz.kinds` has the questions."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, PrivateAttr

from courseware.quiz.fields import Short, Slug, Strict, Text
from courseware.quiz.kinds import (
    MatchingQuestion,
    MultipleChoice,
    NumberQuestion,
    OrderingQuestion,
    OutputQuestion,
    SingleChoice,
    TextQuestion,
)

Question = Annotated[
    SingleChoice
    | MultipleChoice
    | NumberQuestion
    | TextQuestion
    | OutputQuestion
    | OrderingQuestion
    | MatchingQuestion,
    Field(discriminator="kind"),
]
KINDS = ("single", "multiple", "number", "text", "output", "ordering", "matching")


class Quiz(Strict):
    """A quiz: one lesson's questions in the order they are asked."""

    lesson: Slug = Field(description="The lesson's slug, which is also the file's name")
    title: Short
    questions: tuple[Question, ...] = Field(min_length=1, max_length=200)
    _record: str = PrivateAttr("")

    @property
    def record(self) -> str:
        """The name that a learner's answers are kept under: the lesson's slug, and the folder of a private bank."""
        return self._record or self.lesson

    def drawn(self, seed: str | int) -> Quiz:
        """The quiz as the learner called `seed` meets it; the same seed gives the same numbers on every machine."""
        if not any(question.parameters for question in self.questions):
            return self
        return self.model_copy(
            update={"questions": tuple(question.drawn(seed, self.lesson) for question in self.questions)}
        )


class Misconception(Strict):
    """A wrong idea that many share: its name for a reader, and what is true instead."""

    title: Short
    explanation: Text


def names_of_misconceptions(question: Any) -> list[str]:
    """The misconceptions that the wrong answers to a question name, in their order, each once."""
    entries = [
        *getattr(question, "options", ()),
        *getattr(question, "known_wrong", ()),
        *getattr(question, "pairs", ()),
    ]
    return list(dict.fromkeys(entry.misconception for entry in entries if entry.misconception))
