"""Texts as they are compared, without what does not count; `grade.js` in `faces/web` has the same rules."""

from __future__ import annotations

import re
import unicodedata

_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_OTHER_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_AROUND_SIGNS = re.compile(r" ?([][(){},]) ?")
_DASHES = re.compile("[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d]")
# Signs that cannot be seen: a learner who pastes a word does not know that they are there.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_DOUBLE, _SINGLE = re.compile("[“”„‟«»]"), re.compile("[‘’‚‛‹›′]")
_QUOTES = re.compile(r"(?<![\w'])([a-z]'+)(?![\w'])|[\"']")
_CODE = re.compile(r"[][(){}=_<>*/\\]")
_ENDS = " .,;:!"
_ACCENTED = re.compile("[a-z][a-z\u0300-\u036f]+")
_ACCENT = re.compile("[\u0300-\u036f]")
_LETTER_AND_MARK = re.compile("[a-z][\u0300-\u036f]+")
_ARTICLE = re.compile(r"(?<![^ ])(?:an?|the) (?=[^ ])")
_WORD = re.compile("[a-z]{4,}")
_TOKEN = re.compile(r"(?:[-+](?=[0-9.]))?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:E[-+]?[0-9]+)?|[A-Z_]+|[^ \n\[\](){},;:|'\"`]")
_NUMBER = re.compile(r"[-+]?\.?[0-9]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def visible(text: str, /) -> str:
    """Text without the signs that cannot be seen."""
    return _UNSEEN.sub("", text)


def hyphens(text: str, /) -> str:
    """Text whose dashes and minus signs, of whatever length, are the one of the keyboard."""
    return _DASHES.sub("-", text)


def blanks(text: str, /) -> str:
    """Text with one usual blank for each run of blanks of any kind."""
    return re.sub(" +", " ", _OTHER_BLANKS.sub(" ", _BLANKS.sub(" ", text)))


def half_width(text: str, /) -> str:
    """Text whose full-width signs, as East Asian keyboards write them, are the usual ones."""
    return text.translate(_FULL_WIDTH)


def normal_text(text: str, /) -> str:
    """Short text without what cannot count: case, spaces, quotes, what cannot be seen, and a final full stop.

    A hyphen between letters is a space. Quotes count in what looks like code or a formula, unless they stand around the
    whole, and after a single letter, where they are a derivative's sign.

    >>> normal_text(' The  "Dead-ReLU" problem. ')
    'the dead relu problem'
    >>> normal_text("f’(x)"), normal_text("„f“"), normal_text('print("a")'), normal_text("`x[0]`")
    ("f'(x)", 'f', "print('a')", 'x[0]')
    """
    text = hyphens(_BLANKS.sub(" ", unicodedata.normalize("NFKC", visible(text)))).upper().lower()
    text = re.sub(r"(?<=[a-z]) ?- ?(?=[a-z])", " ", text)
    text = _SINGLE.sub("'", _DOUBLE.sub('"', text)).replace("`", "").strip(_ENDS)
    if not _CODE.search(text):
        return _QUOTES.sub(r"\1", text).strip(_ENDS)
    text = text.replace('"', "'")
    return text[1:-1].strip(_ENDS) if len(text) > 2 and text[0] == text[-1] == "'" else text


def word_key(text: str, /) -> str:
    """What of a text decides whether two say the same: beside `normal_text`, articles, plurals and accents do not count.

    In code and formulas they do, and so does the accent of a single letter, which makes another symbol of it.

    >>> word_key("The dead ReLUs"), word_key("a naïve base-line"), word_key("classes"), word_key("ŷ") == word_key("y")
    ('dead relu', 'naive base line', 'class', False)
    """
    text = normal_text(text)
    if _CODE.search(text):
        return text
    text = _ACCENTED.sub(_without_accents, unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", _WORD.sub(lambda word: _singular(word[0]), _ARTICLE.sub("", text)))


def _without_accents(word: re.Match[str]) -> str:
    return word[0] if _LETTER_AND_MARK.fullmatch(word[0]) else _ACCENT.sub("", word[0])


def _singular(word: str) -> str:
    """A word without the ending of a plural; what is no plural may lose an s as well, on either side alike."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    if re.search("(?:ss|ias|x|zz|sh|tch|nch|rch)es$", word):
        return word[:-2]
    return word[:-1] if re.search("[^s]s$", word) and not word.endswith("ias") else word


def normal_output(text: str, /) -> str:
    """What a program prints, as it is compared: blanks at line ends, doubled ones, and those at brackets and commas do
    not count, nor what cannot be seen, nor which sign stands for a minus.

    >>> normal_output("( 2,3 )  \\n\\nTrue\\n")
    '(2,3)\\nTrue'
    """
    text = _OTHER_BLANKS.sub(" ", hyphens(visible(text)))
    lines = (_AROUND_SIGNS.sub(r"\1", _BLANKS.sub(" ", line)).strip(" ") for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def printed_values(text: str, /) -> tuple[str | float, ...]:
    """The numbers and words of what a program prints, whatever brackets, commas, quotes and lines they stand in.

    >>> printed_values("(32, 10)") == printed_values("32 10.0"), printed_values("a < 'B'")
    (True, ('A', '<', 'B'))
    """
    tokens = _TOKEN.findall(normal_output(half_width(text)).upper())
    return tuple(float(token) if _NUMBER.match(token) else token for token in tokens)
