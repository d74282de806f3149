"""What a quiz is: strict, immutable pydantic models, from which the JSON Schema for editors is made."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, StringConstraints, model_validator

from courseware.quiz.tolerance import within_tolerance

# Line breaks and tabs are welcome in text; other control characters could drive a terminal.
_PRINTABLE = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$"
NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f]*$"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000, pattern=_PRINTABLE)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_ONE_LINE)]
Name = Annotated[str, StringConstraints(max_length=60, pattern=NAME)]
Slug = Annotated[str, StringConstraints(max_length=60, pattern=r"^[0-9]{2}(_[a-z0-9]+)+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Option(_Strict):
    """One option of a choice question."""

    id: Name = Field(description="Short name that stays the same when options are moved or reworded")
    text: Text = Field(description="What the learner reads; Markdown and $maths$")
    correct: bool = Field(default=False, description="true on right options, left out on wrong ones")
    feedback: Text = Field(description="Why it is right, or why it is tempting and wrong")
    misconception: Name | None = Field(default=None, description="For a wrong option: a key of misconceptions.yaml")

    @model_validator(mode="after")
    def _misconception_fits(self) -> Option:
        if self.correct and self.misconception:
            raise ValueError(f"option `{self.id}` is right and names a misconception; take one of the two away")
        if not self.correct and not self.misconception:
            raise ValueError(
                f"wrong option `{self.id}` names no misconception; add `misconception:` with a key of "
                "misconceptions.yaml, or `correct: true` if it is right"
            )
        return self


class _Question(_Strict):
    id: Name = Field(description="Unique in the quiz; learners' answers are kept under it, so never reuse one")
    section: Short = Field(description="The heading of the lesson to reread, text as in the notebook")
    prompt: Text = Field(description="The question; Markdown, code blocks and $maths$")
    explanation: Text | None = Field(default=None, description="Shown after any answer")


class _Choice(_Question):
    options: tuple[Option, ...] = Field(min_length=2, max_length=10)

    @model_validator(mode="after")
    def _options_fit(self) -> _Choice:
        for what, values in (("id", [o.id for o in self.options]), ("text", [o.text for o in self.options])):
            if twice := sorted({value for value in values if values.count(value) > 1}):
                raise ValueError(f"question `{self.id}` has two options with the {what} {twice[0]!r}; change one")
        right = sum(option.correct for option in self.options)
        if self.kind == "single" and right != 1:
            raise ValueError(f"single choice `{self.id}` has {right} right options; mark exactly one `correct: true`")
        if right in (0, len(self.options)):
            raise ValueError(
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


class Tolerance(_Strict):
    """How far from the answer still counts as right, the edge included: give one of the two."""

    absolute: FiniteFloat | None = Field(default=None, ge=0)
    relative: FiniteFloat | None = Field(default=None, ge=0, le=1, description="0.05 is five per cent of the answer")

    @model_validator(mode="after")
    def _one(self) -> Tolerance:
        if (self.absolute is None) == (self.relative is None):
            raise ValueError("`tolerance` needs one of `absolute` and `relative`; write e.g. `absolute: 0.01`")
        return self


class KnownWrong(_Strict):
    """A wrong number that people really give, and what it says about their thinking."""

    value: FiniteFloat
    feedback: Text
    misconception: Name


class NumberQuestion(_Question):
    """A question whose answer is a number."""

    kind: Literal["number"]
    answer: FiniteFloat
    tolerance: Tolerance
    unit: Short | None = None
    feedback: Text = Field(description="Shown when the number is right")
    wrong: Text = Field(description="Shown for a wrong number that is not in known_wrong")
    known_wrong: tuple[KnownWrong, ...] = Field(default=(), max_length=20)
    verify: Text | None = Field(
        default=None,
        description="Python expression that the project's tests recompute; "
        "never evaluated when a quiz is loaded or graded",
    )

    @model_validator(mode="after")
    def _numbers_fit(self) -> NumberQuestion:
        if self.tolerance.relative and not self.answer:
            raise ValueError(f"a relative tolerance of the answer 0 is 0; give `{self.id}` an absolute one")
        values = [known.value for known in self.known_wrong]
        for value in values:
            if within_tolerance(self, value, self.answer):
                raise ValueError(f"known wrong value {value:g} of `{self.id}` counts as right; narrow the tolerance")
            if values.count(value) > 1:
                raise ValueError(f"known wrong value {value:g} of `{self.id}` stands twice; keep one")
        return self


Question = Annotated[SingleChoice | MultipleChoice | NumberQuestion, Field(discriminator="kind")]


class Quiz(_Strict):
    """A quiz: one lesson's questions in the order they are asked."""

    lesson: Slug = Field(description="The lesson's slug, which is also the file's name")
    title: Short
    questions: tuple[Question, ...] = Field(min_length=1, max_length=200)


class Misconception(_Strict):
    """A wrong idea that many share: its name for a reader, and what is true instead."""

    title: Short
    explanation: Text
