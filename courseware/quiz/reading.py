"""Read a response to a question, whatever a face or a file hands over, into the one form that is graded and kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from courseware.quiz.model import (
        MatchingQuestion,
        MultipleChoice,
        NumberQuestion,
        OrderingQuestion,
        OutputQuestion,
        Question,
        SingleChoice,
        TextQuestion,
    )

LETTERS = "abcdefghijklmno"
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_THREE_DIGITS = re.compile(r"\d{3}", re.ASCII)
_MAX_NUMBER, _MAX_TEXT = 100, 4000
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_AROUND_SIGNS = re.compile(r" ?([][(){},]) ?")


class ResponseError(ValueError):
    """Raised for a response that cannot be read; the message is one line for the learner."""


def read(question: Question, response: Any) -> Any:
    """Return `response` in the form that is kept; reading that again gives the same.

    - single: the option's id.
    - multiple: the sorted ids of what is ticked (from any collection of ids).
    - number: a float (from a number, or text such as ``0.25``, ``0,25``, ``-3e2``, ``150 m²``).
    - text and output: the text itself.
    - ordering: a list of all items' ids, first to last.
    - matching: a dict from each pair's id to the id of the choice made for it.

    Instead of an id there may stand the place where the learner sees the entry: a letter from a, or a number from 0.

    Raises:
        ResponseError: if the response cannot be read; the message says what came and what to give instead.
    """
    return _READERS[question.kind](question, response)


def read_text(question: Question, text: str) -> Any:
    """Read a response from one line of text, as a table of answers or a terminal holds it.

    Options and items may be given by id, by letter (a is the first that the learner sees) or, where there is one only,
    by their own text; several are parted by semicolons, commas or spaces. A match is written ``pair=choice``.

    Raises:
        ResponseError: if the text cannot be read.
    """
    text = text.strip()
    if question.kind == "single":
        return read(question, _by_name(question.options, text))
    if question.kind == "multiple":
        return read(question, [_by_name(question.options, part) for part in _parts(text)])
    if question.kind == "ordering":
        return read(question, [_by_name(question.shown, part) for part in _parts(text)])
    if question.kind == "matching":
        return read(question, _matches(question, text))
    return read(question, text)


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


def _read_single(question: SingleChoice, response: Any) -> str:
    return _read_id(question.options, response, "option")


def _read_multiple(question: MultipleChoice, response: Any) -> list[str]:
    if isinstance(response, (str, bytes, Mapping)) or not isinstance(response, Iterable):
        raise ResponseError(f"not a list of options: {quoted(response)}; name each one to tick")
    ids = [_read_id(question.options, entry, "option") for entry in response]
    if not ids:
        raise ResponseError("nothing is ticked; tick every option that is right, at least one is")
    if len(set(ids)) < len(ids):
        raise ResponseError(f"an option is named twice: {quoted(ids)}; name each one once")
    return sorted(ids)


def _read_ordering(question: OrderingQuestion, response: Any) -> list[str]:
    if isinstance(response, (str, bytes, Mapping, set, frozenset)) or not isinstance(response, Iterable):
        raise ResponseError(f"not a list of items: {quoted(response)}; name all of them, first to last")
    ids = [_read_id(question.shown, entry, "item") for entry in response]
    missing = [item.id for item in question.items if item.id not in ids]
    if missing or len(ids) != len(question.items):
        what = f"{', '.join(missing)} missing" if missing else "an item is named twice"
        raise ResponseError(f"{what}: {quoted(ids)}; name each item once, first to last")
    return ids


def _read_matching(question: MatchingQuestion, response: Any) -> dict[str, str]:
    if not isinstance(response, Mapping):
        raise ResponseError(f"not a match for each: {quoted(response)}; give every pair its choice")
    given = {_read_id(question.pairs, left, "pair"): _read_id(question.shown, right, "choice")
             for left, right in response.items()}  # fmt: skip
    if missing := [pair.id for pair in question.pairs if pair.id not in given]:
        raise ResponseError(f"no match for {', '.join(missing)}; give every pair its choice")
    return {pair.id: given[pair.id] for pair in question.pairs}


def _read_id(entries: tuple, response: Any, what: str) -> str:
    if isinstance(response, int) and not isinstance(response, bool) and 0 <= response < len(entries):
        return entries[response].id
    if isinstance(response, str):
        if any(entry.id == response for entry in entries):
            return response
        if len(response) == 1 and response in LETTERS[: len(entries)]:
            return entries[LETTERS.index(response)].id
    raise ResponseError(f"no such {what}: {quoted(response)}; choose one of {', '.join(entry.id for entry in entries)}")


def _read_words(question: TextQuestion | OutputQuestion, response: Any) -> str:
    if not isinstance(response, str):
        raise ResponseError(f"not text: {quoted(response)}; write a word or a few")
    if len(response) > _MAX_TEXT:
        raise ResponseError(f"{len(response)} characters; a short answer is enough")
    text = response.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not (normal_output if question.kind == "output" else normal_text)(text):
        raise ResponseError("nothing is written; type your answer")
    return text if question.kind == "output" else text.strip()


def _read_number(question: NumberQuestion, response: Any) -> float:
    wrong_kind = ResponseError(f"not a number: {quoted(response)}; write e.g. 0.25")
    if isinstance(response, str):
        text = response.strip().replace("\N{MINUS SIGN}", "-")
        if question.unit and text.endswith(question.unit):
            text = text.removesuffix(question.unit).rstrip()
        whole, comma, after = text.partition(",")
        if comma and _THREE_DIGITS.fullmatch(after) and whole.strip("+-") != "0":
            raise ResponseError(f"{quoted(response)} can mean a thousand or a decimal; write it without a comma")
        text = text.replace(",", ".", 1)
        if len(text) > _MAX_NUMBER or not _NUMBER.fullmatch(text):
            raise wrong_kind
        value = float(text)
    elif isinstance(response, Real) and not isinstance(response, bool):
        try:
            value = float(response)
        except (OverflowError, ValueError):
            raise wrong_kind from None
    else:
        raise wrong_kind
    if value != value or value in (float("inf"), float("-inf")):
        raise ResponseError(f"not a finite number: {quoted(response)}; write e.g. 0.25")
    return value


_READERS = {
    "single": _read_single, "multiple": _read_multiple, "number": _read_number, "text": _read_words,
    "output": _read_words, "ordering": _read_ordering, "matching": _read_matching,
}  # fmt: skip


def _by_name(entries: tuple, text: str) -> str:
    """An id, a letter, or an entry's own text, as an id or a letter."""
    if any(entry.id == text for entry in entries):
        return text
    letter = text.lower().rstrip(").")
    if len(letter) == 1 and letter in LETTERS[: len(entries)]:
        return letter
    same = [entry.id for entry in entries if normal_output(entry.text) == normal_output(text)]
    return same[0] if len(same) == 1 else text


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[;,\s]+", text) if part]


def _matches(question: MatchingQuestion, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in _parts(text):
        left, sign, right = part.partition("=")
        if not sign:
            raise ResponseError(
                f"not a match: {quoted(part)}; write e.g. {question.pairs[0].id}={question.choices[0].id}"
            )
        name = _by_name(question.pairs, left)
        if name in found:
            raise ResponseError(f"{left} is matched twice; match it once")
        found[name] = _by_name(question.shown, right)
    return found


def quoted(value: Any) -> str:
    """A response as an error message quotes it: short, and in one line whatever it holds."""
    if isinstance(value, int) and value.bit_length() > 1000:
        return "a number of hundreds of digits"
    try:
        text = repr(value)
    except Exception:  # the repr of a stranger's object may do anything
        text = f"an object of type {type(value).__name__}"
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."
