"""Whether a number is near enough to another, counted in decimals as the author wrote them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from courseware.quiz.model import NumberQuestion


def within_tolerance(question: NumberQuestion, value: float, target: float) -> bool:
    """Whether `value` is as near to `target` as the question's tolerance asks, the edges included."""
    # Decimals keep the edge where the author wrote it: 0.3 + 0.1 is 0.4 here.
    width = question.tolerance.absolute
    wide = _decimal(question.tolerance.relative) * abs(_decimal(question.answer)) if width is None else _decimal(width)
    return distance(value, target) <= wide


def distance(a: float, b: float) -> Decimal:
    """How far two numbers lie apart, in decimals."""
    return abs(_decimal(a) - _decimal(b))


def _decimal(value: float) -> Decimal:
    return Decimal(repr(float(value)))
