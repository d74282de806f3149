"""Questions whose answer is a number, right within a tolerance that is counted in decimals, as the author wrote them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Context, Decimal
from numbers import Real
from typing import Any, Literal, Self

from pydantic import Field, FiniteFloat, ValidationInfo, field_validator, model_validator

from courseware.quiz.feedback import ResponseError, quoted
from courseware.quiz.fields import Name, Short, Strict, Text, fault
from courseware.quiz.parameters import Number, compute, shown
from courseware.quiz.questions.base import Marks
from courseware.quiz.questions.numerals import read_number, size_of
from courseware.quiz.questions.open_question import OpenQuestion

_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
# Digits enough for the difference of any two floats, and the product: nothing is rounded.
_EXACT = Context(prec=1000)


def decimal(value: float | str) -> Decimal:
    """A number as it is written in the fewest digits."""
    return Decimal(repr(float(value)))


def distance(a: float | str, b: float | str) -> Decimal:
    """How far two numbers lie apart, in decimals."""
    return _EXACT.subtract(decimal(a), decimal(b)).copy_abs()


class Tolerance(Strict):
    """How far from the answer still counts as right, the edge included: give one of the two."""

    absolute: FiniteFloat | None = Field(default=None, ge=0)
    relative: FiniteFloat | None = Field(default=None, ge=0, le=1, description="0.05 is five per cent of the answer")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.absolute is None) == (self.relative is None):
            raise fault("`tolerance` needs one of `absolute` and `relative`; write e.g. `absolute: 0.01`")
        return self


class KnownWrongNumber(Strict):
    """A wrong number that people really give, and what it says about their thinking."""

    value: Number
    feedback: Text
    misconception: Name | None = None
    slip: Text | None = Field(
        default=None,
        description="Python expression that makes the slip and so gives this number; `course verify` computes it, as `verify`",
    )


class NumberQuestion(OpenQuestion):
    """A question whose answer is a number."""

    kind: Literal["number"]
    answer: Number = Field(description="The number, or a formula over the question's parameters")
    tolerance: Tolerance
    unit: Short | None = None
    known_wrong: tuple[KnownWrongNumber, ...] = Field(default=(), max_length=20)
    verify: Text | None = Field(
        default=None,
        description="Python expression that gives the answer, which `course verify` computes; "
        "never evaluated when a quiz is loaded or graded",
    )

    instruction = "Type a number."
    copied = (("unit", "unit"),)

    @field_validator("answer", "known_wrong")
    @classmethod
    def _formula_needs_parameters(cls, value: Any, info: ValidationInfo) -> Any:
        if not info.data.get("parameters", True):
            entries: list[tuple[Any, tuple[str | int, ...]]] = (
                [(value, ())] if info.field_name == "answer" else [(k.value, (n, "value")) for n, k in enumerate(value)]
            )
            for entry, at in entries:
                if isinstance(entry, str):
                    raise fault(f"wants a number, not text ({entry!r}); a formula needs `parameters`", *at)
        return value

    @model_validator(mode="after")
    def _numbers_fit(self) -> Self:
        if self._formulas():
            return self  # looked at for every draw
        if self.tolerance.relative and not self.answer:
            raise fault(f"a relative tolerance of the answer 0 is 0; give `{self.id}` an absolute one", "tolerance")
        self._check_known_wrong([known.value for known in self.known_wrong], self.is_right, "{:g}".format)
        return self

    @property
    def how(self) -> str:
        return f"{self.instruction} The unit is {self.unit}." if self.unit else self.instruction

    @property
    def width(self) -> Decimal:
        """How far from the answer still counts as right."""
        # Decimals keep the edge where the author wrote it: 0.3 + 0.1 is 0.4 here.
        if self.tolerance.absolute is not None:
            return decimal(self.tolerance.absolute)
        return _EXACT.multiply(decimal(self.tolerance.relative or 0), decimal(self.answer).copy_abs())

    def is_near(self, value: float | str, other: float | str) -> bool:
        """Whether two numbers lie as near to each other as the tolerance asks, the edge included."""
        return distance(value, other) <= self.width

    def is_right(self, value: float | str) -> bool:
        """Whether a number counts as right."""
        return self.is_near(value, self.answer)

    def _known_texts(self) -> list[str]:
        unit = f" {self.unit}" if self.unit else ""
        values = [self.answer, *(known.value for known in self.known_wrong)]
        return [(value if isinstance(value, str) else shown(value)) + unit for value in values]

    def accept(self, response: Any) -> float:
        """A float, from a number or a text that `read_number` knows."""
        wrong_kind = ResponseError(f"not a number: {quoted(response)}; write e.g. 0.25")
        if isinstance(response, str):
            text, value = read_number(response, self.unit)
            if text:
                self._refuse_thousands(response, text, value)
        elif isinstance(response, Real) and not isinstance(response, bool):
            try:
                value = float(response)
            except (OverflowError, ValueError):
                raise wrong_kind from None
            self._refuse_thousands(response, "", value)
        else:
            raise wrong_kind
        if value != value or value in (float("inf"), float("-inf")):
            raise ResponseError(f"not a finite number: {quoted(response)}; write e.g. 0.25")
        return value

    def _refuse_thousands(self, response: Any, text: str, value: float) -> None:
        """Refuse 1.234 where 1234 is right; without the key, a number that would be kept without its last zero.

        Raises:
            ResponseError: if the point can part thousands.
        """
        texts = [each for each in (text, repr(value)) if _THOUSANDS.fullmatch(each)]
        if not texts:
            return
        whole = texts[0].replace(".", "")
        if self.keyed and not isinstance(self.answer, str):
            known = (self.answer, *(known.value for known in self.known_wrong))
            if any(self.is_near(value, each) for each in known) or not self.is_right(whole):
                return
        elif not texts[0].endswith("0"):
            return
        instead = f"{whole} or {value:g}" if whole.endswith("0") else "it without a point"
        raise ResponseError(f"{quoted(response)} can mean a thousand or a decimal; write {instead}")

    def _marks(self, value: float) -> Marks:
        """Right within the tolerance; of the known wrong numbers that are near, the nearest speaks."""
        text = f"{value:g}" + (f" {self.unit}" if self.unit else "")
        near = [known for known in self.known_wrong if self.is_near(value, known.value)]
        known = min(near, key=lambda known: distance(value, known.value), default=None)
        size = size_of(self.unit)
        if size and not known and not self.is_right(value) and self.is_right(value / size[1]):
            raise ResponseError(f"{value:g} is not counted in {self.unit}; write how many {self.unit} it is")
        return self._verdict(self.is_right(value), text, known)

    def _formulas(self) -> list[str]:
        values: list[float | str] = [self.answer, *(known.value for known in self.known_wrong)] if self.keyed else []
        return [value for value in values if isinstance(value, str)]

    def _with(self, values: Mapping[str, float]) -> Self:
        drawn = super()._with(values)
        if not self.keyed:
            return drawn
        known_wrong = [known.model_copy(update={"value": _number(known.value, values)}) for known in drawn.known_wrong]
        return drawn.model_copy(update={"answer": _number(self.answer, values), "known_wrong": tuple(known_wrong)})


def _number(value: float | str, values: Mapping[str, float]) -> float:
    return float(compute(value, values)) if isinstance(value, str) else value
