"""What a quiz is, from which the JSON Schema for editors is made; `courseware.quiz.questions` has the questions."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Annotated

from pydantic import Field, PrivateAttr

from courseware.errors import CourseError
from courseware.quiz import parameters
from courseware.quiz.fields import Name, Short, Slug, Strict, Text
from courseware.quiz.questions import AnyQuestion, Question

FORMS = ("a", "b")  # of a quiz: two tests of the same ideas, for before and after
_FORM = re.compile(r"(.+)_form_([ab])")
LONGEST = 53  # signs of the name of a quiz with forms, whose names are longer

Pools = Annotated[dict[Name, Annotated[int, Field(ge=1, le=199)]], Field(max_length=50)]


def form_name(lesson: str, form: str) -> str:
    """What the form of a quiz is called, as a quiz of its own.

    >>> form_name("04_cnn", "a")
    '04_cnn_form_a'
    """
    return f"{lesson}_form_{form}"


def whole_and_form(name: str) -> tuple[str, str | None]:
    """The quiz that a form belongs to, and which form it is; None for a whole quiz.

    >>> whole_and_form("04_cnn_form_a"), whole_and_form("04_cnn")
    (('04_cnn', 'a'), ('04_cnn', None))
    """
    found = _FORM.fullmatch(name)
    return (found[1], found[2]) if found else (name, None)


class Quiz(Strict):
    """A quiz: one lesson's questions in the order they are asked."""

    lesson: Slug = Field(description="The name of the lesson, or of an exam, e.g. `midterm`; also the file's name")
    title: Short
    pools: Pools = Field(
        default={},
        description="How many questions are drawn for each learner of those that name the pool, e.g. kernels: 2",
    )
    questions: tuple[AnyQuestion, ...] = Field(min_length=1, max_length=200)
    _bank: str = PrivateAttr(default="")
    _undrawn: Quiz | None = PrivateAttr(default=None)
    _seeds: dict[str, str | int] = PrivateAttr(default={})
    _seed: str | int | None = PrivateAttr(default=None)

    @property
    def record(self) -> str:
        """The name that a learner's answers are kept under: the lesson's slug, and the folder of a private bank."""
        return self.lesson + self._bank

    @property
    def is_private(self) -> bool:
        """Whether it is of a teacher's own bank, not of the course's."""
        return self.record != self.lesson

    @property
    def stored_line(self) -> str:
        """What a notebook shows in the quiz's place where widgets cannot run."""
        whole, form = whole_and_form(self.lesson)
        return (
            f"Quiz: {self.title}, {self.length} questions. Run this cell to take it here, "
            f"or `course quiz {whole}{f' --form {form}' if form else ''}` in a terminal."
        )

    def in_bank(self, folder: Path) -> Quiz:
        """The quiz as one of a private bank: answers to it are kept apart from those to the course's own."""
        quiz = self.model_copy()
        quiz._bank = f" in {folder.resolve()}"
        return quiz

    @property
    def length(self) -> int:
        """How many questions a learner is asked."""
        in_pools = Counter(question.pool for question in self.questions if question.pool in self.pools)
        return len(self.questions) - sum(number - self.pools[name] for name, number in in_pools.items() if name)

    def has_form(self, form: str) -> bool:
        """Whether it has questions of this form, or is it."""
        return whole_and_form(self.lesson)[1] == form or any(question.form == form for question in self.questions)

    def of_form(self, form: str) -> Quiz:
        """The questions of the form "a" or "b", as a quiz with a name and a record of its own; unmarked ones are in neither.

        Raises:
            CourseError: if there are none.
        """
        whole = self.undrawn
        questions = [question for question in whole.questions if question.form == form]
        if not questions:
            if not self.keyed:
                raise CourseError(
                    f"The student copy {self.lesson} does not say which questions are of form {form}; ask your teacher for "
                    f"the copy {form_name(self.lesson, form)}"
                )
            raise CourseError(f"{self.lesson} has no questions of form {form}; mark those that are with `form: {form}`")
        quiz = whole._with(questions)
        return quiz.model_copy(
            update={"lesson": form_name(self.lesson, form), "title": f"{self.title[:180]}, form {form}", "pools": {}}
        )

    def drawn(self, seed: str | int) -> Quiz:
        """The quiz as the learner called `seed` meets it; the same seed gives the same on every machine.

        Of each pool it has the questions that are drawn for this learner, and all numbers are drawn.
        """
        quiz, drawn = self.with_numbers(seed), self.drawn_ids(seed)
        return quiz.model_copy(
            update={"questions": tuple(each for each in quiz.questions if each.id in drawn), "pools": {}}
        )

    def in_draw_order(self, pool: str, seed: str | int) -> list[str]:
        """The ids of a pool's questions in the order in which the learner called `seed` draws them.

        An id decides where its question stands in it, so that one more or one less moves no other.
        """
        names = [question.id for question in self.undrawn.questions if question.pool == pool]
        return sorted(names, key=lambda name: parameters.rank(seed, self.lesson, "pool", name))

    def drawn_ids(self, seed: str | int) -> set[str]:
        """The ids of the questions that the learner called `seed` is asked."""
        drawn = {name for pool, number in self.pools.items() for name in self.in_draw_order(pool, seed)[:number]}
        return drawn | {question.id for question in self.questions if question.pool not in self.pools}

    def with_numbers(self, seed: str | int) -> Quiz:
        """The quiz with the numbers of the learner called `seed`, and with all questions of its pools."""
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
