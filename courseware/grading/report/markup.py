"""Numbers and texts as the report's page shows them; every text from outside is escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

import numpy as np

from courseware.grading.statistics import Interval
from courseware.quiz.formulas import plain_formula
from courseware.quiz.maths import html, plain
from courseware.quiz.model import Misconception

CANNOT = "cannot be said"
# For the head of a page: nothing is fetched, nothing runs, nothing is sent, whatever a text should manage to bring in.
POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'\">"
)


def number(value: float, form: str = ".2f") -> str:
    """A number for a reader, or that it cannot be said.

    >>> number(0.254), number(-0.001), number(float("nan"))
    ('0.25', '0.00', 'cannot be said')
    """
    return CANNOT if np.isnan(value) else f"{value:z{form}}".replace("-", "\N{MINUS SIGN}")


def share(value: float) -> str:
    """A share in per cent.

    >>> share(0.254).replace("\xa0", " ")
    '25 %'
    """
    return CANNOT if np.isnan(value) else f"{value:.0%}".replace("%", "\N{NO-BREAK SPACE}%")


def between(interval: Interval, words: Callable[[float], str] = number) -> str:
    """The ends of an interval."""
    if np.isnan(interval.value) or np.isnan(interval.low):
        return CANNOT
    return f"{words(interval.low)} to {words(interval.high)}"


def prompt_html(markdown: str) -> str:
    """Markdown as HTML; raw HTML in it is shown as text, and nothing is fetched."""
    return html(markdown, maths=lambda tex: escape(plain_formula(tex)), tight=False) + "\n"


def line(markdown: str) -> str:
    """Markdown as escaped text in one line."""
    return escape(" ".join(plain(markdown).split()))


def title_of(key: str | None, known: Mapping[str, Misconception]) -> str:
    """The title of a misconception, or its key if there is no title."""
    return line(known[key].title) if key and key in known else escape(key or "")
