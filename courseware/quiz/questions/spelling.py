"""Texts as they are compared, without what does not count."""

from __future__ import annotations

import re
import unicodedata

_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_AROUND_SIGNS = re.compile(r" ?([][(){},]) ?")


def normal_text(text: str, /) -> str:
    """Short text as it is compared: case, spaces, quotes and a final full stop do not count.

    >>> normal_text(' The  "Dead-ReLU" problem. ')
    'the dead relu problem'
    """
    text = _BLANKS.sub(" ", unicodedata.normalize("NFKC", text)).lower()
    text = re.sub(r"(?<=[a-z])-(?=[a-z])", " ", text)
    return re.sub(r"[\"'`“”‘’«»]", "", text).strip(" .,;:!")


def normal_output(text: str, /) -> str:
    """What a program prints, as it is compared: blanks at line ends, doubled ones, and those at brackets and commas do
    not count.

    >>> normal_output("( 2,3 )  \\n\\nTrue\\n")
    '(2,3)\\nTrue'
    """
    lines = (_AROUND_SIGNS.sub(r"\1", _BLANKS.sub(" ", line)).strip(" ") for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
