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
    # Decimals keep the edge where the author wrote it: 0.3 + 0.1 is 0.4 here.
    width = question.tolerance.absolute
    if width is None:
        wide = _EXACT.multiply(_decimal(question.tolerance.relative), _decimal(question.answer).copy_abs())
    else:
        wide = _decimal(width)
    return distance(value, target) <= wide


def distance(a: float, b: float) -> Decimal:
    """How far two numbers lie apart, in decimals."""
    return _EXACT.subtract(_decimal(a), _decimal(b)).copy_abs()


def _decimal(value: float) -> Decimal:
    return Decimal(repr(float(value)))
