"""Cells of a CSV file that people open in a spreadsheet: nothing that a learner wrote runs there as a formula."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_NUMBER = re.compile(r"[-+]?(\d+([.,]\d+)?|[.,]\d+)([eE][-+]?\d+)?", re.ASCII)
# Blanks, and signs that are not seen, may stand before what makes a cell a formula, also in its full-width form.
_FORMULA = re.compile(r"[\s\x00-\x1f\x7f\u00ad\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_QUOTED = re.compile('[",;\t\r\n]')
# Bytes that a plain name has: with no others in it, a column needs no look at each cell.
_HARMLESS = np.zeros(256, dtype=bool)
_HARMLESS[[byte for byte in range(128) if chr(byte).isalnum() or chr(byte) in "._ '"]] = True


def cell(text: str) -> str:
    """A cell as it is written: formulas made harmless by an apostrophe, quoted where that is needed.

    >>> print(cell("=1+1"), cell(" @now"), cell("-0.5"), cell("Ann, A."))
    '=1+1 ' @now -0.5 "Ann, A."
    """
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def cells(texts: pa.Array) -> pa.Array:
    """`cell` of each of many texts."""
    data = np.frombuffer(texts.buffers()[2] or b"", dtype=np.uint8)
    if _HARMLESS[data].all():
        return texts
    suspect = pc.match_substring_regex(texts, r"^[^A-Za-z0-9]|[\",;\t\r\n]").to_numpy(zero_copy_only=False)
    if not suspect.any():
        return texts
    mended = [cell(text) for text in texts.filter(pa.array(suspect)).to_pylist()]
    return pc.replace_with_mask(texts, pa.array(suspect), pa.array(mended, pa.string()))
