"""Texts as they are compared, without what does not count."""

from __future__ import annotations

import re
import unicodedata

_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_AROUND_SIGNS = re.compile(r" ?([][(){},]) ?")
_DASHES = re.compile("[\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{MINUS SIGN}]")
_DOUBLE, _SINGLE = re.compile("[“”„‟«»]"), re.compile("[‘’‚‛‹›′]")
_QUOTES = re.compile(r"(?<![\w'])([a-z]'+)(?![\w'])|[\"']")
_CODE = re.compile(r"[][(){}=_<>*/\\]")
_ENDS = " .,;:!"


def normal_text(text: str, /) -> str:
    """Short text as it is compared: case, spaces, quotes and a final full stop do not count.

    A hyphen between letters is a space. Quotes count in what looks like code or a formula, unless they stand around the
    whole, and after a single letter, where they are a derivative's sign.

    >>> normal_text(' The  "Dead-ReLU" problem. ')
    'the dead relu problem'
    >>> normal_text("f’(x)"), normal_text("„f“"), normal_text('print("a")'), normal_text("`x[0]`")
    ("f'(x)", 'f', "print('a')", 'x[0]')
    """
    text = _DASHES.sub("-", _BLANKS.sub(" ", unicodedata.normalize("NFKC", text))).lower()
    text = re.sub(r"(?<=[a-z])-(?=[a-z])", " ", text)
    text = _SINGLE.sub("'", _DOUBLE.sub('"', text)).replace("`", "").strip(_ENDS)
    if not _CODE.search(text):
        return _QUOTES.sub(r"\1", text).strip(_ENDS)
    text = text.replace('"', "'")
    return text[1:-1].strip(_ENDS) if len(text) > 2 and text[0] == text[-1] == "'" else text


def normal_output(text: str, /) -> str:
    """What a program prints, as it is compared: blanks at line ends, doubled ones, and those at brackets and commas do
    not count, nor which sign stands for a minus.

    >>> normal_output("( 2,3 )  \\n\\nTrue\\n")
    '(2,3)\\nTrue'
    """
    lines = (_AROUND_SIGNS.sub(r"\1", _BLANKS.sub(" ", line)).strip(" ") for line in _DASHES.sub("-", text).split("\n"))
    return "\n".join(line for line in lines if line)
