"""Cells of a CSV file that people open in a spreadsheet: nothing that a learner wrote runs there as a formula."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[-+]?(\d+([.,]\d+)?|[.,]\d+)([eE][-+]?\d+)?", re.ASCII)
# Blanks, and signs that are not seen, may stand before what makes a cell a formula, also in its full-width form.
_FORMULA = re.compile(r"[\s\x00-\x1f\x7f\u00ad\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_QUOTED = re.compile('[",;\t\r\n]')


def cell(text: str) -> str:
    """A cell as it is written: formulas made harmless by an apostrophe, quoted where that is needed.

    >>> print(cell("=1+1"), cell(" @now"), cell("-0.5"), cell("Ann, A."))
    '=1+1 ' @now -0.5 "Ann, A."
    """
    if text.isalnum():
        return text
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
