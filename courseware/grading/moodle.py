"""Moodle's export of a quiz's responses: which column is what, and a response's text as a response.

Moodle shows what a learner chose by its text, several parted by "; " or line breaks, and a match as "left -> right".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from courseware.quiz.export import FORMATS
from courseware.quiz.export.answers import in_lines
from courseware.quiz.export.notes import Notes
from courseware.quiz.feedback import ResponseError, quoted
from courseware.quiz.maths import plain
from courseware.quiz.model import Quiz

NOT_ANSWERED = ("", "-")
FINISHED = ("finished", "submitted", "graded")

_PARTING = re.compile(r";|\n")
_MOST_PARTS, _MOST_IN_ONE = 1000, 50  # of a response, and of one of the texts that it names
_MARKUP = re.compile(r"\\[()\[\]]|[\s`*$\\;]")  # also the brackets that Moodle has around a formula
_RESPONSE = re.compile(r"response (\d{1,3})")
_QUESTION = re.compile(r"question (\d{1,3})")
_TIMES = ("completed", "started on", "started")
_LEARNER = (("email address",), ("email",), ("first name", "last name"), ("first name", "surname"))
_STATE = ("state", "status")
# Columns that say who it is, beside those that name the learner; the surest first.
WHO = (("id number",), ("username",), ("email address",), ("first name", "last name"), ("first name", "surname"))


def responses(names: Mapping[str, int]) -> dict[str, int]:
    """Which column (from 0) holds the response to the question at a place (from 1).

    `names` are those of the columns, in lower case, each with its number.
    """
    return _by_place(_RESPONSE, names)


def questions(names: Mapping[str, int]) -> dict[str, int]:
    """Which column says what was asked at a place; as `responses`."""
    return _by_place(_QUESTION, names)


def _by_place(heading: re.Pattern[str], names: Mapping[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, column in names.items():
        if place := heading.fullmatch(name):
            found.setdefault(str(int(place[1])), column)
    return found


def time_columns(names: Mapping[str, int]) -> tuple[int, ...]:
    """The columns that say when an attempt was made, the one to go by first."""
    return tuple(names[name] for name in _TIMES if name in names)


def learner_columns(names: Mapping[str, int]) -> tuple[int, ...]:
    """The columns that name the learner: the email address, or else the first and last name."""
    fitting = (wanted for wanted in _LEARNER if all(name in names for name in wanted))
    return tuple(names[name] for name in next(fitting, ()))


def state_column(names: Mapping[str, int]) -> int | None:
    """The column that says whether an attempt is finished."""
    return next((names[name] for name in _STATE if name in names), None)


def places(quiz: Quiz, there: Collection[str]) -> tuple[list[str], str | None]:
    """The ids of the questions in the order of Moodle's columns, and what is to be said about it.

    A quiz that came to Moodle as GIFT lacks the questions that GIFT cannot hold: where there are just so many columns,
    those that are left are counted. `there` are the places that have a column.
    """
    ids = [question.id for question in quiz.questions]
    for to in ("moodle", "gift"):
        notes = Notes(len(ids))
        FORMATS[to].write(quiz.with_numbers(0), notes)
        held = [id_ for id_ in ids if id_ not in notes.left_out]
        if len(there) == len(held) < len(ids):
            missing = ", ".join(f"`{id_}`" for id_ in ids if id_ in notes.left_out)
            last = len(held)
            return held, (
                f"{len(there)} responses for {len(ids)} questions: as in a quiz that was imported from "
                f"{'GIFT' if to == 'gift' else 'Moodle XML'}, which cannot hold {missing}, `Response {last}` is taken "
                f"as the answer to `{held[-1]}`; nobody gets points for what is missing"
            )
    return ids, None


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
    if question.kind == "output":
        return question.accept(in_lines(question, text))
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
    parts = [part for part in _PARTING.split(text) if part.strip()]
    if len(parts) > _MOST_PARTS:
        raise ResponseError(f"{len(parts)} parts; no answer to this question has so many")
    found: list[Any] = []
    at = 0
    while at < len(parts):
        ends = range(min(len(parts), at + _MOST_IN_ONE), at, -1)
        end = next((end for end in ends if _key(";".join(parts[at:end])) in known), at + 1)
        found.append(_one(known, ";".join(parts[at:end])))
        at = end
    return found
