"""What a quiz is, from which the JSON Schema for editors is made; `courseware.quiz.questions` has the questions."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, PrivateAttr

from courseware.quiz.fields import Short, Slug, Strict, Text
from courseware.quiz.questions import AnyQuestion, Question


class Quiz(Strict):
    """A quiz: one lesson's questions in the order they are asked."""

    lesson: Slug = Field(description="The name of the lesson, or of an exam, e.g. `midterm`; also the file's name")
    title: Short
    questions: tuple[AnyQuestion, ...] = Field(min_length=1, max_length=200)
    _record: str = PrivateAttr(default="")
    _undrawn: Quiz | None = PrivateAttr(default=None)
    _seeds: dict[str, str | int] = PrivateAttr(default={})
    _seed: str | int | None = PrivateAttr(default=None)

    @property
    def record(self) -> str:
        """The name that a learner's answers are kept under: the lesson's slug, and the folder of a private bank."""
        return self._record or self.lesson

    @property
    def is_private(self) -> bool:
        """Whether it is of a teacher's own bank, not of the course's."""
        return self.record != self.lesson

    @property
    def stored_line(self) -> str:
        """What a notebook shows in the quiz's place where widgets cannot run."""
        return (
            f"Quiz: {self.title}, {len(self.questions)} questions. Run this cell to take it here, "
            f"or `course quiz {self.lesson}` in a terminal."
        )

    def in_bank(self, folder: Path) -> Quiz:
        """The quiz as one of a private bank: answers to it are kept apart from those to the course's own."""
        quiz = self.model_copy()
        quiz._record = f"{self.lesson} in {folder.resolve()}"
        return quiz

    def drawn(self, seed: str | int) -> Quiz:
        """The quiz as the learner called `seed` meets it; the same seed gives the same numbers on every machine."""
        quiz = self._with([question.drawn(seed, self.lesson) for question in self.questions])
        quiz._undrawn = self.undrawn
        quiz._seed = seed
        quiz._seeds = {**self._seeds, **{question.id: seed for question in self.questions if question.parameters}}
        return quiz

    def asked(self, question: Question, tries: int) -> Question:
        """A question of the quiz as the learner for whom it is drawn meets it after so many tries, in a new order each time.

        A student's copy has one order for all tries, so that the seed of a hand-in alone tells what was seen.
        """
        if self._seed is None:
            return question
        return question.in_order(self._seed, self.lesson, tries if question.keyed else 0)

    @property
    def seeds(self) -> dict[str, str | int]:
        """What the numbers of each question that has drawn ones were drawn with, by its id."""
        return self._seeds

    @property
    def undrawn(self) -> Quiz:
        """The quiz as its file holds it, whose numbers are not drawn yet."""
        return self._undrawn or self

    @property
    def keyed(self) -> bool:
        """Whether its questions know their answers; false for a student's copy."""
        return all(question.keyed for question in self.questions)

    def without_keys(self) -> Quiz:
        """The copy that learners get: what they read, and nothing that tells the answer.

        The order of options and items shown is the same, and so are the numbers that a learner draws.
        """
        return self._with([question.without_key() for question in self.questions])

    def _with(self, questions: list[AnyQuestion]) -> Quiz:
        return self.model_copy(update={"questions": tuple(questions)})


class Misconception(Strict):
    """A wrong idea that many share: its name for a reader, and what is true instead."""

    title: Short
    explanation: Text
