"""Options, items and pairs: what a question offers, and how a learner names one of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import Field

from courseware.quiz.feedback import ResponseError, quoted
from courseware.quiz.fields import EntryName, Name, Strict, Text
from courseware.quiz.maths import one_line
from courseware.quiz.questions.spelling import normal_output

LETTERS = "abcdefghijklmno"
_BRACKETS = re.compile(r"\\[()]")  # around formulas in what is exported


class Entry(Strict):
    """What a learner reads of an option, an item or a pair; in a student's copy the id tells nothing, see `opaque`."""

    id: Name
    text: Text


class Item(Entry):
    """One item to be put in order, or one to be matched to."""

    id: EntryName


Shuffle = Annotated[
    bool,
    Field(
        description="false: all learners see one order, at every try (options as they are written), e.g. for years or sizes"
    ),
]
Entries = Annotated[tuple[Entry, ...], Field(min_length=2, max_length=15)]
AnyEntry = TypeVar("AnyEntry", bound=Entry)


def shuffled(entries: tuple[AnyEntry, ...], salt: str) -> tuple[AnyEntry, ...]:
    """The entries in an order that may be any, their own as well, so that it tells nothing; the same everywhere."""
    return tuple(sorted(entries, key=lambda entry: hashlib.sha256(f"{salt}/{entry.id}".encode()).digest()))


def opaque(*names: str) -> str:
    """What a student's copy calls an entry instead of by its id, which may tell too much: ten letters.

    The id decides the name, so it stays the same when the entry is moved or reworded.

    >>> opaque("what-b-does", "shown", "steeper")
    'ghipckhfbb'
    """
    digits = hashlib.sha256("/".join(names).encode()).hexdigest()[:10]
    return digits.translate(_AS_LETTERS)


_AS_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def is_place(entries: Sequence[Entry], response: Any) -> bool:
    """Whether `response` names one of the entries by where it stands: a letter from a, or a number from 0."""
    if isinstance(response, str):
        known = any(entry.id == response for entry in entries)
        return not known and len(response) == 1 and response in LETTERS[: len(entries)]
    return isinstance(response, int) and not isinstance(response, bool) and 0 <= response < len(entries)


def id_of(entries: Sequence[Entry], response: Any, what: str, copied: Callable[[Entry], str]) -> str:
    """The id of the entry that `response` names by its id, the name that it has in a `copied` quiz, or its place.

    Raises:
        ResponseError: if there is none; the message calls it `what`.
    """
    if is_place(entries, response):
        return entries[LETTERS.index(response) if isinstance(response, str) else response].id
    if isinstance(response, str):
        for entry in entries:
            if response in (entry.id, copied(entry)):
                return entry.id
    raise ResponseError(f"no such {what}: {quoted(response)}; choose one of {', '.join(entry.id for entry in entries)}")


def spoken(entries: Sequence[Entry]) -> str:
    """Entries as a message names them: by their texts, shortened."""
    texts = [one_line(entry.text) for entry in entries]
    return ", ".join(f"`{text if len(text) <= 40 else text[:37] + '...'}`" for text in texts)


def named(entries: Sequence[Entry], text: str) -> str:
    """An id, a letter, or an entry's own text, as an id or a letter; what is none of these as it is."""
    if any(entry.id == text for entry in entries):
        return text
    letter = letter_of(text)
    if letter and letter in LETTERS[: len(entries)]:
        return letter
    same = [entry.id for entry in entries if normal_output(entry.text) == normal_output(_BRACKETS.sub("$", text))]
    return same[0] if len(same) == 1 else text


def letter_of(text: str) -> str:
    """The letter that names an entry by its place: ``B)`` is b.

    >>> letter_of("B)"), letter_of("b2")
    ('b', '')
    """
    letter = text.lower().rstrip(").")
    return letter if len(letter) == 1 and letter in LETTERS else ""


def another_place(entries: Sequence[Entry]) -> Entry | None:
    """An entry whose text is the letter that names another one by its place, if there is one."""
    letters = LETTERS[: len(entries)]
    for letter, entry in zip(letters, entries, strict=True):
        text = letter_of(entry.text)
        if text and text in letters and text != letter:
            return entry
    return None


def parts(text: str) -> list[str]:
    """The parts of a line that names several entries."""
    return [part for part in re.split(r"[;,\s]+", text) if part]


def typed_ids(entries: Sequence[Entry], typed: str, wanted: str = "letters") -> list[str]:
    """The ids of entries that are shown with letters: ``ac``, ``a, c``, ``a c`` and ``a) c)`` all mean the same.

    Raises:
        ResponseError: for anything but such letters.
    """
    letters = LETTERS[: len(entries)]
    chosen = [letter for part in parts(typed) for letter in part.strip(").").lower()]
    if not chosen or any(letter not in letters for letter in chosen):
        shown = typed if len(typed) <= 40 else typed[:37] + "..."
        what = f"no such option: {shown!r}" if typed else "nothing typed"
        raise ResponseError(f"{what}; type {wanted} from a to {letters[-1]}, or q to leave")
    return [entries[letters.index(letter)].id for letter in chosen]
