"""Moodle's export of a quiz's responses: which column is what, and a response's text as a response.

Moodle shows what a learner chose by its text, several parted by "; " or line breaks, and a match as "left -> right".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from courseware.quiz.feedback import ResponseError, quoted
from courseware.quiz.maths import plain

NOT_ANSWERED = ("", "-")
FINISHED = ("finished", "submitted", "graded")

_MARKUP = re.compile(r"[\s`*$\\;]+")
_RESPONSE = re.compile(r"response (\d{1,3})")
_LEARNER = (("email address",), ("email",), ("first name", "last name"), ("first name", "surname"))
_STATE = ("state", "status")


def responses(names: list[str]) -> dict[str, int]:
    """Which column (from 0) holds the response to the question at a place (from 1); `names` are in lower case."""
    found: dict[str, int] = {}
    for column, name in enumerate(names):
        if response := _RESPONSE.fullmatch(name):
            found.setdefault(str(int(response[1])), column)
    return found


def learner_columns(names: list[str]) -> tuple[int, ...]:
    """The columns that name the learner: the email address, or else the first and last name."""
    fitting = (wanted for wanted in _LEARNER if all(name in names for name in wanted))
    return tuple(names.index(name) for name in next(fitting, ()))


def state_column(names: list[str]) -> int | None:
    """The column that says whether an attempt is finished."""
    return next((names.index(name) for name in _STATE if name in names), None)


def read_moodle(question: Any, text: str) -> Any:
    """Read the text of a response as Moodle exports it.

    Raises:
        ResponseError: if it cannot be read.
    """
    text = text.strip()
    if question.kind == "single":
        return question.accept(_one(_by_text(question.options), text))
    if question.kind == "multiple":
        return question.accept(_all(_by_text(question.options), text))
    if question.kind == "ordering":
        return question.accept(_all(_by_text(question.items), text))
    if question.kind == "matching":
        matches = [
            (f"{pair.text} -> {choice.text}", (pair.id, choice.id))
            for pair in question.pairs
            for choice in question.choices
        ]
        return question.accept(dict(_all(_by_key(matches), text)))
    return question.accept(text)


def _by_text(entries: Iterable[Any]) -> dict[str, str]:
    return _by_key((entry.text, entry.id) for entry in entries)


def _by_key(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """What each text stands for, without the texts that could stand for two."""
    found: dict[str, list[Any]] = {}
    for text, value in pairs:
        for key in {_key(text), _key(plain(text))}:
            found.setdefault(key, []).append(value)
    return {key: values[0] for key, values in found.items() if len(values) == 1}


def _key(text: str) -> str:
    """What is left of a text when marks, blanks and semicolons, which Moodle changes or adds, are taken away."""
    return _MARKUP.sub("", text).casefold()


def _one(known: Mapping[str, Any], text: str) -> Any:
    if _key(text) not in known:
        raise ResponseError(f"no such option: {quoted(text)}; the quiz has no option with this text")
    return known[_key(text)]


def _all(known: Mapping[str, Any], text: str) -> list[Any]:
    """The entries that `text` names, one after another; a text may itself hold semicolons and line breaks."""
    parts = [part for part in re.split(r";|\n", text) if part.strip()]
    found: list[Any] = []
    while parts:
        length = next((n for n in range(len(parts), 0, -1) if _key(";".join(parts[:n])) in known), 1)
        found.append(_one(known, ";".join(parts[:length])))
        parts = parts[length:]
    return found
