"""Whether a number is near enough to another, counted in decimals as the author wrote them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from courseware.quiz.model import NumberQuestion


def within_tolerance(question: NumberQuestion, value: float, target: float) -> bool:
    """Whether `value` is as near to `target` as the question's tolerance asks, the edges included."""
    return distance(value, target) <= width(question)


def width(question: NumberQuestion) -> Decimal:
    """How far from the answer still counts as right."""
    # Decimals keep the edge where the author wrote it: 0.3 + 0.1 is 0.4 here.
    absolute, relative = question.tolerance.absolute, question.tolerance.relative
    return decimal(relative) * abs(decimal(question.answer)) if absolute is None else decimal(absolute)


def distance(a: float, b: float) -> Decimal:
    """How far two numbers lie apart, in decimals."""
    return abs(decimal(a) - decimal(b))


def decimal(value: float) -> Decimal:
    """A number as it is written in the fewest digits."""
    return Decimal(repr(float(value)))
