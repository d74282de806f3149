"""What all kinds of question have in common: strict, immutable, and able to read, grade and describe themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, PrivateAttr, ValidationError, create_model, model_validator

from courseware.quiz import parameters as parameters_
from courseware.quiz.feedback import Grade, KnownAnswer, Message
from courseware.quiz.fields import Name, Short, Strict, Text, fault
from courseware.quiz.parameters import Parameters
from courseware.quiz.questions.entries import (
    Entries,
    Entry,
    another_place,
    id_of,
    is_place,
    named,
    opaque,
    parts,
    typed_ids,
)

Marks = tuple[float, list[Message]]
Lines = Annotated[int, Field(ge=1)]


class Question(Strict):
    """One question. A kind of question is a class made from this one and named in `courseware.quiz.questions`.

    In a student's copy, a question is of the same class and lacks what tells the answer: its fields are `in_copy`, its
    entries are plain `Entry`s, `keyed` is false, and there are no points to be had.
    """

    if TYPE_CHECKING:
        kind: str  # each kind has its own, Literal["single"] for instance

    id: Name = Field(description="Unique in the quiz; learners' answers are kept under it, so never reuse one")
    section: Short = Field(description="The heading of the lesson to reread, text as in the notebook")
    prompt: Text = Field(description="The question; Markdown, code blocks and $maths$")
    explanation: Text | None = Field(default=None, description="Shown after any answer")
    cites: tuple[Text, ...] = Field(
        default=(),
        max_length=10,
        description="What a cell of the lesson prints and the question leans on; `course verify` tells when it changes",
    )
    parameters: Parameters = Field(
        default={},
        max_length=10,
        description="Numbers that each learner draws: a list to draw from, or a formula over those above. "
        "{name} in a text shows the number",
    )
    pool: Name | None = Field(
        default=None, description="The pool that it may be drawn from; `pools` at the quiz's top says how many are"
    )
    form: Literal["a", "b"] | None = Field(
        default=None,
        description="Of two parallel questions one is `a` and one is `b`: `course quiz 04 --form a` asks those of form a. "
        "One without it is in neither",
    )
    _keyed: bool = PrivateAttr(default=True)
    _order: tuple[str | int, ...] = PrivateAttr(default=())

    instruction: ClassVar[str]
    # The fields that a student's copy has beside those above, each with the attribute that it is made from.
    copied: ClassVar[tuple[tuple[str, str], ...]] = ()
    # Whether a response is written, not chosen among what is shown.
    typed: ClassVar[bool] = True
    # What a report calls answers that are none of the known ones.
    other_answer: ClassVar[str] = "Another wrong answer"
    # Whether feedback is told together with the part of the response that it is about.
    feedback_quotes: ClassVar[bool] = True

    # Asking

    @property
    def how(self) -> str:
        """How to answer in a terminal."""
        return self.instruction

    @property
    def shown(self) -> tuple[Entry, ...]:
        """What is offered, in the order of the file and of what is exported; letters and numbers mean places in it."""
        return ()

    @property
    def asked(self) -> tuple[Entry, ...]:
        """What is offered, in the order in which a learner meets it; see `in_order`."""
        if not self._order:
            return self.shown
        names = dict(zip(self.shown, self.names_in_copy, strict=True))
        return tuple(sorted(self.shown, key=lambda entry: parameters_.rank(*self._order, names[entry])))

    @property
    def names_in_copy(self) -> tuple[str, ...]:
        """What a student's copy calls each of those `shown`; the order in which they are asked is drawn by these names."""
        return tuple(self._copied("shown", entry) if self.keyed else entry.id for entry in self.shown)

    def in_order(self, *seed: str | int) -> Self:
        """The question with what it offers in the order that belongs to `seed`: whose, in which quiz, at which try from 0.

        A student's copy has the same order. It decides what a letter means that is typed, and no more: what is kept are ids.
        """
        question = self.model_copy()
        question._order = (*seed, self.id) if getattr(self, "shuffle", False) else ()
        return question

    @property
    def given(self) -> tuple[Entry, ...]:
        """What each gets an entry of those `shown`."""
        return ()

    @property
    def listing(self) -> str | None:
        """The code beneath the prompt."""
        return None

    @property
    def lines(self) -> int:
        """How many lines a typed response has."""
        return 1

    # Reading and grading

    def accept(self, response: Any) -> Any:
        """Return `response` in the form that is kept; accepting that again gives the same.

        Instead of an id there may stand the name that the entry has in a student's copy, or its place among those
        `shown`: a letter from a, or a number from 0.

        Raises:
            ResponseError: if it cannot be read; the message says what came and what to give instead.
        """
        raise NotImplementedError

    def is_by_place(self, response: Any) -> bool:
        """Whether `response` names an entry by its place: it is meant only for the order in which it was seen."""
        return any(is_place(self.shown, each) for each in _named_in(response))

    def read(self, text: str) -> Any:
        """Read a response from one line of text, as a table of answers holds it, into the form that is kept.

        Options and items may be given by id, by letter (a is the first of those `shown`) or, where there is one
        only, by their own text; several are parted by semicolons, commas or spaces. A match is ``pair=choice``.

        Raises:
            ResponseError: if the text cannot be read.
        """
        return self.accept([named(self.shown, part) for part in parts(text)] if self.shown else text.strip())

    def read_typed(self, typed: str) -> Any:
        """Read what a learner types in a terminal, where entries stand with letters, into the form that is kept.

        Raises:
            ResponseError: if it cannot be read.
        """
        return self.accept(typed_ids(self.asked, typed) if self.shown else typed)

    def grade(self, response: Any) -> Grade:
        """Grade `response`, anything that `accept` knows, for one point.

        A question with parameters is graded as it was drawn: ``question.drawn(learner, lesson).grade(response)``. One of
        a student's copy has no key: the response is read, and there are no points to be had.

        Raises:
            ResponseError: if the response cannot be read; the message says what came and what to write instead.
        """
        if self.parameters:
            raise TypeError(f"question {self.id!r} has parameters that are not drawn; grade question.drawn(...)")
        value = self.accept(response)
        if not self.keyed:
            return Grade(0.0, 0.0, (), value)
        points, messages = self._marks(value)
        return Grade(points, 1.0, tuple(messages), value, self.explanation)

    def again(self, grade: Grade) -> str:
        """What to say to a response that a learner may think over once before it counts; "" where it counts at once."""
        return ""

    def _marks(self, value: Any) -> Marks:
        """The points for an accepted response, and a message on each part of it."""
        raise NotImplementedError

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """The keys of the misconceptions that wrong answers name, in their order, each once."""
        return tuple(dict.fromkeys(key for key in self._misconceptions() if key)) if self.keyed else ()

    def _misconceptions(self) -> Iterable[str | None]:
        """The misconception of each entry that has feedback of its own."""
        raise NotImplementedError

    @property
    def known_answers(self) -> tuple[KnownAnswer, ...]:
        """What may be answered: the right answer, and each wrong one that has feedback of its own."""
        raise NotImplementedError

    # Without the key

    @property
    def keyed(self) -> bool:
        """Whether it knows its answer; false in a student's copy."""
        return self._keyed

    def in_copy(self) -> dict[str, Any]:
        """The fields that a student's copy has: what the learner reads, and nothing that tells the answer."""
        own = {}
        for name, source in self.copied:
            value = getattr(self, source)
            if isinstance(value, tuple) and self.keyed:
                value = tuple(Entry(id=self._copied(source, entry), text=entry.text) for entry in value)
            if value is not None and value is not True:  # nor what says that a question is as others are
                own[name] = value
        fields: dict[str, Any] = {"id": self.id, "section": self.section, "prompt": self.prompt}
        if needed := parameters_.needed_for((self.prompt, own), self.parameters):
            fields["parameters"] = needed
        if self.pool:
            fields["pool"] = self.pool
        return {**fields, "kind": self.kind, **own}

    def _copied(self, source: str, entry: Entry) -> str:
        """The name in a student's copy of an entry of `shown` or `given`."""
        return opaque(self.id, source, entry.id)

    def _id(self, source: str, response: Any, what: str) -> str:
        """The id of the entry of `shown` or `given` that `response` names.

        Raises:
            ResponseError: if there is none; the message calls it `what`.
        """
        return id_of(getattr(self, source), response, what, lambda entry: self._copied(source, entry))

    def without_key(self) -> Self:
        """The question as a student's copy holds it: it looks the same, draws the same numbers, and tells no answer."""
        return self.from_copy(self.in_copy())

    @classmethod
    def from_copy(cls, fields: Mapping[str, Any]) -> Self:
        """The question of a student's copy, of its validated fields."""
        question = cls.model_construct(**fields)
        question._keyed = False
        return question

    @classmethod
    def copy_form(cls) -> type[Strict]:
        """What the entry of this kind in the file of a student's copy must look like."""
        fields: dict[str, Any] = {name: (field.annotation, field) for name, field in Question.model_fields.items()}
        fields["kind"] = (cls.model_fields["kind"].annotation, ...)
        for name, source in cls.copied:
            field = cls.model_fields.get(source)
            fields[name] = (field.annotation, field) if field else (Lines if source == "lines" else Entries, ...)
        return create_model(f"{cls.__name__}InCopy", __base__=Strict, **fields)

    # Numbers that are drawn

    def drawn(self, *seed: str | int) -> Self:
        """The question as the learner called `seed` meets it: the numbers filled in, the formulas worked out."""
        return self._with(parameters_.choose(self.parameters, *seed, self.id)) if self.parameters else self

    def draws(self) -> Iterator[tuple[dict[str, float], Self]]:
        """The question as every learner may meet it, each with what was drawn."""
        for values in parameters_.draws(self.parameters):
            yield values, self._with(values) if values else self

    def _with(self, values: Mapping[str, float]) -> Self:
        drawn: Self = parameters_.fill(self, values)
        return drawn.model_copy(update={"parameters": {}})

    def _formulas(self) -> list[str]:
        """The formulas beside those of the parameters."""
        return []

    @model_validator(mode="after")
    def _no_text_is_another_place(self) -> Self:
        for entries in (self.shown, self.given):
            if entry := another_place(entries):
                raise fault(
                    f"the text {entry.text!r} of `{entry.id}` is also the letter of another place, and an answer may name "
                    "either; write a word or two, e.g. `curve A`"
                )
        return self

    @model_validator(mode="after")
    def _every_draw_holds(self) -> Self:
        """A question with parameters must be a good one with every number that it can draw."""
        if not self.parameters:
            return self
        if unused := sorted(set(self.parameters) - parameters_.names_used(self, self.parameters, self._formulas())):
            raise fault(
                f"`{unused[0]}` is drawn and never used; write {{{unused[0]}}} where it is to stand", "parameters"
            )
        try:
            for values, drawn in self.draws():  # noqa: B007
                type(self).model_validate(drawn.model_dump())
        except ValidationError as error:
            problem = error.errors(include_url=False)[0]
            given = ", ".join(f"{name} = {parameters_.shown(value)}" for name, value in values.items())
            at = problem.get("ctx", {}).get("at", problem["loc"])
            raise fault(f"drawn with {given}: {problem['msg']}", *at) from None
        except ValueError as error:
            raise fault(str(error), "parameters") from None
        return self


def _named_in(response: Any) -> Iterable[Any]:
    """What names one entry each in a response of any form."""
    if isinstance(response, Mapping):
        return response.values()
    return response if isinstance(response, (list, tuple, set, frozenset)) else (response,)
