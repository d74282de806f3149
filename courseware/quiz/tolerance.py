"""Whether a number is near enough to another, counted in decimals as the author wrote them."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from courseware.quiz.model import NumberQuestion

# Digits enough for the difference of any two floats, and the product: nothing is rounded.
_EXACT = Context(prec=1000)


def within_tolerance(question: NumberQuestion, value: float, target: float) -> bool:
    """Whether `value` is as near to `target` as the question's tolerance asks, the edges included."""
    return distance(value, target) <= width(question)


def width(question: NumberQuestion) -> Decimal:
    """How far from the answer still counts as right."""
    # Decimals keep the edge where the author wrote it: 0.3 + 0.1 is 0.4 here.
    absolute, relative = question.tolerance.absolute, question.tolerance.relative
    if absolute is not None:
        return decimal(absolute)
    return _EXACT.multiply(decimal(relative), decimal(question.answer).copy_abs())


def distance(a: float, b: float) -> Decimal:
    """How far two numbers lie apart, in decimals."""
    return _EXACT.subtract(decimal(a), decimal(b)).copy_abs()


def decimal(value: float) -> Decimal:
    """A number as it is written in the fewest digits."""
    return Decimal(repr(float(value)))
