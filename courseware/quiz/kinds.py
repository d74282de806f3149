"""The kinds of question: strict, immutable pydantic models."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar, Literal

from pydantic import Field, FiniteFloat, ValidationError, ValidationInfo, field_validator, model_validator

from courseware.quiz import parameters as parameters_
from courseware.quiz.fields import Code, EntryName, Name, Short, Strict, Text, fault, twice
from courseware.quiz.parameters import Number, Parameter, ParameterName
from courseware.quiz.reading import normal_output, normal_text
from courseware.quiz.tolerance import within_tolerance


class _Question(Strict):
    keyed: ClassVar[bool] = True  # False in a student's copy, which cannot be graded

    id: Name = Field(description="Unique in the quiz; learners' answers are kept under it, so never reuse one")
    section: Short = Field(description="The heading of the lesson to reread, text as in the notebook")
    prompt: Text = Field(description="The question; Markdown, code blocks and $maths$")
    explanation: Text | None = Field(default=None, description="Shown after any answer")
    cites: tuple[Text, ...] = Field(
        default=(),
        max_length=10,
        description="What a cell of the lesson prints and the question leans on; `course verify` tells when it changes",
    )
    parameters: dict[ParameterName, Parameter] = Field(
        default={},
        max_length=10,
        description="Numbers that each learner draws: a list to draw from, or a formula over those above. "
        "{name} in a text shows the number",
    )

    @model_validator(mode="after")
    def _every_draw_holds(self) -> _Question:
        """A question with parameters must be a good one with every number that it can draw."""
        if not self.parameters:
            return self
        if (draws := parameters_.count(self.parameters)) > parameters_.MAX_DRAWS:
            raise fault(
                f"has {draws} draws; at most {parameters_.MAX_DRAWS} are checked. Shorten the lists", "parameters"
            )
        if self.keyed and (unused := sorted(set(self.parameters) - parameters_.names_used(self.model_dump()))):
            raise fault(
                f"`{unused[0]}` is drawn and never used; write {{{unused[0]}}} where it is to stand", "parameters"
            )
        try:
            for values in parameters_.draws(self.parameters):
                self._with(values)
        except ValidationError as error:
            problem = error.errors(include_url=False)[0]
            given = ", ".join(f"{name} = {parameters_.shown(value)}" for name, value in values.items())
            at = problem.get("ctx", {}).get("at", problem["loc"])
            raise fault(f"drawn with {given}: {problem['msg']}", *at) from None
        except ValueError as error:
            raise fault(str(error), "parameters") from None
        return self

    def drawn(self, *seed: str | int) -> _Question:
        """The question as the learner called `seed` meets it: the numbers filled in, the formulas worked out."""
        return self._with(parameters_.choose(self.parameters, *seed, self.id)) if self.parameters else self

    def _with(self, values: dict[str, float]) -> _Question:
        return type(self).model_validate(parameters_.fill(self.model_dump(), values))


class Option(Strict):
    """One option of a choice question."""

    id: EntryName = Field(description="Short name that stays the same when options are moved or reworded")
    text: Text = Field(description="What the learner reads; Markdown and $maths$")
    correct: bool = Field(default=False, description="true on right options, left out on wrong ones")
    feedback: Text = Field(description="Why it is right, or why it is tempting and wrong")
    misconception: Name | None = Field(default=None, description="For a wrong option: a key of misconceptions.yaml")

    @model_validator(mode="after")
    def _misconception_fits(self) -> Option:
        if self.correct and self.misconception:
            raise fault(f"option `{self.id}` is right and names a misconception; take one of the two away")
        if not self.correct and not self.misconception:
            raise fault(
                f"wrong option `{self.id}` names no misconception; add `misconception:` with a key of "
                "misconceptions.yaml, or `correct: true` if it is right"
            )
        return self


class _Choice(_Question):
    options: tuple[Option, ...] = Field(min_length=2, max_length=10)

    @model_validator(mode="after")
    def _options_fit(self) -> _Choice:
        for what, values in (("id", [o.id for o in self.options]), ("text", [o.text for o in self.options])):
            if again := twice(values):
                raise fault(f"question `{self.id}` has two options with the {what} {again[0]!r}; change one")
        right = sum(option.correct for option in self.options)
        if self.kind == "single" and right != 1:
            raise fault(f"single choice `{self.id}` has {right} right options; mark exactly one `correct: true`")
        if right in (0, len(self.options)):
            raise fault(
                f"question `{self.id}` needs right and wrong options; {right} of "
                f"{len(self.options)} are marked `correct: true`"
            )
        return self


class SingleChoice(_Choice):
    """A question with exactly one right option."""

    kind: Literal["single"]


class MultipleChoice(_Choice):
    """A question where every right option is to be ticked, and no other."""

    kind: Literal["multiple"]


class _Open(_Question):
    """A question without options: feedback for the right answer, for wrong ones that are known, and for all others."""

    feedback: Text = Field(description="Shown when the answer is right")
    wrong: Text = Field(description="Shown for a wrong answer that is not in known_wrong")

    def _known_wrong_fits(self, values: list, is_right, shown=repr) -> None:
        for number, value in enumerate(values):
            if is_right(value):
                raise fault(f"{shown(value)} counts as right; mend one of the two", "known_wrong", number, "value")
            if value in values[:number]:
                raise fault(f"{shown(value)} stands twice; keep one", "known_wrong", number, "value")


class Tolerance(Strict):
    """How far from the answer still counts as right, the edge included: give one of the two."""

    absolute: FiniteFloat | None = Field(default=None, ge=0)
    relative: FiniteFloat | None = Field(default=None, ge=0, le=1, description="0.05 is five per cent of the answer")

    @model_validator(mode="after")
    def _one(self) -> Tolerance:
        if (self.absolute is None) == (self.relative is None):
            raise fault("`tolerance` needs one of `absolute` and `relative`; write e.g. `absolute: 0.01`")
        return self


class KnownWrongNumber(Strict):
    """A wrong number that people really give, and what it says about their thinking."""

    value: Number
    feedback: Text
    misconception: Name


class NumberQuestion(_Open):
    """A question whose answer is a number."""

    kind: Literal["number"]
    answer: Number = Field(description="The number, or a formula over the question's parameters")
    tolerance: Tolerance
    unit: Short | None = None
    known_wrong: tuple[KnownWrongNumber, ...] = Field(default=(), max_length=20)
    verify: Text | None = Field(
        default=None,
        description="Python expression that the project's tests recompute; "
        "never evaluated when a quiz is loaded or graded",
    )

    @field_validator("answer", "known_wrong")
    @classmethod
    def _formula_needs_parameters(cls, value: Any, info: ValidationInfo) -> Any:
        if not info.data.get("parameters", True):
            entries = (
                [(value,)] if info.field_name == "answer" else [(k.value, n, "value") for n, k in enumerate(value)]
            )
            for entry, *at in entries:
                if isinstance(entry, str):
                    raise fault(f"wants a number, not text ({entry!r}); a formula needs `parameters`", *at)
        return value

    @model_validator(mode="after")
    def _numbers_fit(self) -> NumberQuestion:
        values = [known.value for known in self.known_wrong]
        if any(isinstance(value, str) for value in (self.answer, *values)):
            return self  # looked at for every draw
        if self.tolerance.relative and not self.answer:
            raise fault(f"a relative tolerance of the answer 0 is 0; give `{self.id}` an absolute one", "tolerance")
        self._known_wrong_fits(values, lambda value: within_tolerance(self, value, self.answer), "{:g}".format)
        return self


class KnownWrongText(Strict):
    """A wrong answer that people really type."""

    value: Short
    feedback: Text
    misconception: Name


class TextQuestion(_Open):
    """A question whose answer is a word or a few; case, spaces, quotes and a final full stop do not count."""

    kind: Literal["text"]
    answers: tuple[Short, ...] = Field(min_length=1, max_length=50, description="Every spelling that is accepted")
    known_wrong: tuple[KnownWrongText, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _texts_fit(self) -> TextQuestion:
        right = [normal_text(answer) for answer in self.answers]
        if "" in right:
            raise fault(
                "nothing is left of this answer when quotes and spaces are taken off", "answers", right.index("")
            )
        if again := twice(right):
            raise fault(f"{again[0]!r} stands twice, case and spaces aside; keep one", "answers")
        self._known_wrong_fits([normal_text(known.value) for known in self.known_wrong], lambda text: text in right)
        return self


class KnownWrongOutput(Strict):
    """A wrong idea of what the code prints."""

    value: Code
    feedback: Text
    misconception: Name


class OutputQuestion(_Open):
    """A question "what does this code print?"; the project's tests run the code, nothing else does."""

    kind: Literal["output"]
    code: Code = Field(description="Python that prints; shown beneath the prompt")
    answer: Code = Field(description="What it prints; spaces at line ends and after commas do not count")
    known_wrong: tuple[KnownWrongOutput, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _output_fits(self) -> OutputQuestion:
        right = normal_output(self.answer)
        if not right:
            raise fault("is blank; ask about code that prints something", "answer")
        self._known_wrong_fits([normal_output(known.value) for known in self.known_wrong], lambda text: text == right)
        return self

    @property
    def lines(self) -> int:
        """How many lines the code prints, blank ones aside."""
        return len(normal_output(self.answer).split("\n"))


class Item(Strict):
    """One item to be put in order, or one to be matched to."""

    id: EntryName
    text: Text


class KnownWrongOrder(Strict):
    """A wrong order that people really give."""

    order: tuple[Name, ...] = Field(description="The ids of all items, in the wrong order")
    feedback: Text
    misconception: Name


class OrderingQuestion(_Open):
    """A question where items are put in order; the learner sees them shuffled."""

    kind: Literal["ordering"]
    items: tuple[Item, ...] = Field(min_length=2, max_length=10, description="In the right order")
    known_wrong: tuple[KnownWrongOrder, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _order_fits(self) -> OrderingQuestion:
        right = tuple(item.id for item in self.items)
        for what, values in (("id", right), ("text", [item.text for item in self.items])):
            if again := twice(values):
                raise fault(f"two items have the {what} {again[0]!r}; change one", "items")
        seen = [right]
        for number, known in enumerate(self.known_wrong):
            if sorted(known.order) != sorted(right):
                raise fault(f"must name each of {', '.join(right)} once", "known_wrong", number, "order")
            if known.order in seen:
                raise fault("is the right order, or stands twice; change it", "known_wrong", number, "order")
            seen.append(known.order)
        return self

    @property
    def shown(self) -> tuple[Item, ...]:
        """The items as the learner meets them: never in the right order."""
        return _shuffled(self.items, self.id)


def _shuffled(entries: tuple[Item, ...], salt: str) -> tuple[Item, ...]:
    """The entries in an order that is not theirs, the same on every machine."""
    mixed = tuple(sorted(entries, key=lambda entry: hashlib.sha256(f"{salt}/{entry.id}".encode()).digest()))
    return mixed if mixed != entries else entries[::-1]


class Pair(Strict):
    """Two texts that belong together."""

    id: EntryName
    text: Text = Field(description="What is given")
    match: Text = Field(description="What belongs to it; two pairs may share one")
    feedback: Text = Field(description="Why they belong together")
    misconception: Name = Field(description="What a wrong match says: a key of misconceptions.yaml")


class MatchingQuestion(_Question):
    """A question where each text on the left gets the one on the right that belongs to it."""

    kind: Literal["matching"]
    pairs: tuple[Pair, ...] = Field(min_length=2, max_length=10)
    extra: tuple[Item, ...] = Field(default=(), max_length=5, description="More texts on the right that belong to none")

    @model_validator(mode="after")
    def _pairs_fit(self) -> MatchingQuestion:
        if again := twice([pair.id for pair in self.pairs] + [item.id for item in self.extra]):
            raise fault(f"the id {again[0]!r} stands twice; change one", "pairs")
        if again := twice([pair.text for pair in self.pairs]):
            raise fault(f"the text {again[0]!r} is given twice; change one", "pairs")
        matches = {pair.match for pair in self.pairs}
        for number, item in enumerate(self.extra):
            if item.text in matches:
                raise fault(f"{item.text!r} belongs to a pair; take it away here", "extra", number)
        if len(self.choices) < 2:
            raise fault("everything belongs to one and the same text; nothing can be matched wrongly", "pairs")
        return self

    @property
    def choices(self) -> tuple[Item, ...]:
        """The texts on the right, each once, under the id of the first pair (or extra) that has it."""
        texts = {}
        for pair in self.pairs:
            texts.setdefault(pair.match, pair.id)
        return (*(Item(id=name, text=text) for text, name in texts.items()), *self.extra)

    @property
    def shown(self) -> tuple[Item, ...]:
        """The choices as the learner meets them: not in the order of their pairs."""
        return _shuffled(self.choices, self.id)

    @property
    def key(self) -> dict[str, str]:
        """The right choice for each pair, by their ids."""
        by_text = {choice.text: choice.id for choice in self.choices}
        return {pair.id: by_text[pair.match] for pair in self.pairs}
