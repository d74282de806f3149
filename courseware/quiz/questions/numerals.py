"""Numbers as people write them, read into floats; `grade.js` in `faces/web` has the same rules."""

from __future__ import annotations

import re
import unicodedata

from courseware.quiz.feedback import ResponseError, quoted
from courseware.quiz.questions.spelling import blanks, half_width, hyphens, visible

_LONGEST = 100
_PLAIN = r"(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)"
_GROUPS = r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?"
_TENTH = r"10 ?(?:\^|\*\*) ?\(?(?P<power>[-+]?[0-9]+)\)?"
_WRITTEN = re.compile(
    rf"(?P<before>[^-+0-9.,]*?) ?(?P<sign>(?:[-+] ?)?)(?:"
    rf"(?P<over>{_PLAIN}) ?[/\u2044\u2215] ?(?P<under>{_PLAIN})"
    rf"|(?:(?P<times>{_GROUPS}|{_PLAIN}) ?[*x\u00d7\u00b7\u22c5] ?)?{_TENTH}"
    rf"|(?P<figures>{_GROUPS}|{_PLAIN})(?P<exponent>(?:[eE][-+]?[0-9]+)?)"
    rf")(?![0-9]) ?(?P<after>.*)",
    re.DOTALL | re.IGNORECASE | re.ASCII,
)
_RAISED = re.compile("(?<=10)[\u207a\u207b]?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+")
_LOWERED = str.maketrans("\u207a\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "+-0123456789")
_THREE_DIGITS = re.compile("0*[1-9][0-9]*,[0-9]{3}|00+,[0-9]{3}|,[0-9]{3}")
_PARTED = re.compile(r"[-+]?[0-9]+(?:[.,'’_ ][0-9]+)+")
_VULGAR = {"½": "1/2", "¼": "1/4", "¾": "3/4"}
_PER_CENT = {"percent", "per cent", "pct", "percents"}
SIZES = {
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "%": 0.01,
    "kb": 1e3, "kilobyte": 1e3, "mb": 1e6, "megabyte": 1e6, "gb": 1e9, "gigabyte": 1e9,
}  # fmt: skip


def unit_key(unit: str) -> str:
    """What of a unit is compared: not case, nor a final s or full stop.

    >>> unit_key("Thousand euros"), unit_key("per cent"), unit_key("ms")
    ('thousand euro', '%', 'ms')
    """
    key = unicodedata.normalize("NFKC", unit).upper().lower().strip(" .")
    key = re.sub("(?<=[a-z]{3})s(?![^ ])", "", key)
    return "%" if key in _PER_CENT else key


def size_of(unit: str | None) -> tuple[str, float] | None:
    """The word for a size that a unit begins with, and how much it is."""
    word = unit_key(unit).split(" ")[0] if unit else ""
    return (word, SIZES[word]) if word in SIZES else None


def read_number(response: str, unit: str | None) -> tuple[str, float]:
    """A number from a text such as ``0.25``, ``0,25``, ``-3e2``, ``3/2``, ``16 000``, ``9.77×10^-4`` or ``150 m²``.

    Returns:
        Its figures as Python writes a float, empty for a fraction; and its value, which may be infinite.

    Raises:
        ResponseError: if it cannot be read, or in two ways; the message says why.
    """
    text = _RAISED.sub(lambda found: "^" + found[0].translate(_LOWERED), blanks(hyphens(half_width(visible(response)))))
    text = _VULGAR.get(text.strip(), text.strip())
    if not text or (unit and unit_key(text) == unit_key(unit)):
        raise ResponseError("nothing is written; type a number, e.g. 0.25")
    if any(unicodedata.category(sign) == "Nd" and not sign.isascii() for sign in text):
        raise ResponseError(f"{quoted(response)} has other digits than 0 to 9; write it with those")
    found = _WRITTEN.fullmatch(text) if len(text) <= _LONGEST else None
    if not found:
        raise ResponseError(f"not a number: {quoted(response)}; write e.g. 0.25")
    _look_beside(response, text, [each for each in (found["before"], found["after"]) if each], unit)
    sign = found["sign"].strip(" ")
    if found["over"]:
        over, under = (float(_point(found[name], response)) for name in ("over", "under"))
        if not under:
            raise ResponseError(f"{quoted(response)} divides by 0; write e.g. 0.25")
        return "", float(f"{sign}1") * (over / under)
    if found["power"]:
        figures = f"{sign}{_point(found['times'] or '1', response)}e{found['power']}"
    elif found["exponent"]:
        figures = sign + found["figures"].replace(" ", "").replace(",", ".") + found["exponent"]
    else:
        figures = sign + _point(found["figures"], response)
    return figures, float(figures)


def _look_beside(response: str, text: str, beside: list[str], unit: str | None) -> None:
    """Raise ResponseError unless what stands beside a number is its unit, or the beginning of it that is a size."""
    if not beside:
        return
    words = unit_key(beside[0])
    if len(beside) == 1 and unit and (words == unit_key(unit) or words == (size_of(unit) or ("",))[0]):
        return
    if _PARTED.fullmatch(text):
        raise ResponseError(
            f"{quoted(response)} has signs between its digits; write it without them, e.g. 16000 or 0.25"
        )
    if len(beside) == 1 and words == "%":
        raise ResponseError(f"{quoted(response)} has a sign of per cent; write the number alone, e.g. 0.25")
    if any(re.search("[0-9]", each) for each in beside):
        raise ResponseError(f"not a number: {quoted(response)}; write e.g. 0.25")
    which = f"the unit is {unit}" if unit else "e.g. 0.25"
    raise ResponseError(f"{quoted(response)} holds more than a number; write the number alone, {which}")


def _point(figures: str, response: str) -> str:
    """Figures with a point for a comma, and without the blanks between thousands.

    Raises:
        ResponseError: if the comma may part thousands.
    """
    if _THREE_DIGITS.fullmatch(figures):
        raise ResponseError(f"{quoted(response)} can mean a thousand or a decimal; write it without a comma")
    return figures.replace(" ", "").replace(",", ".")
