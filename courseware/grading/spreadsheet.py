"""Cells of a CSV file that people open in a spreadsheet: nothing that a learner wrote runs there as a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan

_NUMBER = re.compile(r"[-+]?(\d+([.,]\d+)?|[.,]\d+)([eE][-+]?\d+)?", re.ASCII)
# Blanks, and signs that are not seen, may stand before what makes a cell a formula, also in its full-width form.
_FORMULA = re.compile(
    r"[\s\x00-\x1f\x7f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u3164\ufe0f\ufeff]*"
    r"[=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b]|[\t\r\n]"
)
# Signs that steer a terminal, or that no table may hold; tabs and line breaks stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_QUOTED = re.compile('[",;\t\r\n]')


def cell(text: str) -> str:
    """A cell as it is written: formulas made harmless by an apostrophe, quoted where that is needed.

    >>> print(cell("=1+1"), cell(" @now"), cell("-0.5"), cell("Ann, A."))
    '=1+1 ' @now -0.5 "Ann, A."
    """
    if text.isalnum():
        return text
    text = without_control(text)
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def without_control(text: str) -> str:
    r"""Text with a replacement sign for each control sign.

    >>> without_control("Eve\x00\x1b[2J")
    'Eve\ufffd\ufffd[2J'
    """
    return text if text.isprintable() else _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


@dataclass(frozen=True)
class Style:
    """How a table is written: what parts its cells and its decimals, and whether a mark at its start says UTF-8."""

    delimiter: str = ","
    decimal: str = "."
    mark: str = ""

    def number(self, value: float, form: str = ".6g") -> str:
        """A number as a cell; what is no number is an empty one."""
        return "" if isnan(value) else f"{value:{form}}".replace(".", self.decimal)

    def line(self, row: Iterable[object]) -> str:
        """A row of texts and numbers as a line."""
        cells = (self.number(each) if isinstance(each, float) else cell(str(each)) for each in row)
        return self.delimiter.join(cells) + "\n"

    def table(self, rows: Iterable[Iterable[object]]) -> str:
        """All of a table."""
        return self.mark + "".join(map(self.line, rows))


PLAIN = Style()
# Excel takes a file for UTF-8 by the mark, and parts cells as the country does.
EXCEL = {"comma": Style(mark="\ufeff"), "semicolon": Style(";", ",", "\ufeff")}
