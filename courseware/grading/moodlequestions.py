"""Which question a response of Moodle's answers, by what the column beside it says was asked.

Moodle writes the text of a question as plain text; that of a choice or an order goes on with the options, that of a
match with the pairs. Only letters and digits are compared, since Moodle sets the rest its own way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Any

from courseware.quiz import parameters
from courseware.quiz.export.answers import prompt
from courseware.quiz.export.notes import Notes
from courseware.quiz.maths import html, plain
from courseware.quiz.model import Quiz

_TAG = re.compile(r"<[^>]*>")
_GOES_ON = ("single", "multiple", "ordering", "matching")  # kinds after whose prompt Moodle names the entries


def asked_key(text: str) -> str:
    """What of a question's text is compared.

    >>> asked_key("What is w * x?\\n")
    'whatiswx'
    """
    return "".join(filter(str.isalnum, text)).casefold()


class Asked:
    """The questions of a quiz by what Moodle says was asked, with the numbers that `seed` draws."""

    def __init__(self, quiz: Quiz, seed: str | None):
        self._whole: dict[str, list[str]] = {}
        self._starts: list[tuple[str, str, list[str]]] = []  # the key, the id, the keys of its entries
        self._known: dict[str, list[str]] = {}
        for question in quiz.questions:
            if parameters.count(question.parameters) > 1 and seed is None:
                continue
            drawn = question if seed is None else question.drawn(seed, quiz.lesson)
            for program in ("moodle", "GIFT"):
                for key in _prompts(drawn, program):
                    self._whole.setdefault(key, [])
                    if question.id not in self._whole[key]:
                        self._whole[key].append(question.id)
                    if question.kind in _GOES_ON:
                        self._starts.append((key, question.id, _entries(drawn)))

    def find(self, text: str) -> list[str]:
        """The ids of the questions that this may be the text of."""
        if text not in self._known:
            key = asked_key(text)
            found = self._whole.get(key, [])
            if not found:
                fitting = [each for each in self._starts if key.startswith(each[0])]
                with_entries = [each for each in fitting if all(entry in key[len(each[0]) :] for entry in each[2])]
                found = list(dict.fromkeys(each[1] for each in with_entries or fitting))
            self._known[text] = found
        return self._known[text]


def by_text(asked: Asked, texts: Mapping[str, str], by_place: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The place that answers each question, and the places that answer none.

    Args:
        asked: the quiz.
        texts: what was asked at each place, which may be empty.
        by_place: the question at each place if nothing says what was asked there.
    """
    found: dict[str, str] = {}
    open_: list[str] = []
    candidates = {place: asked.find(text) for place, text in texts.items()}
    sure = Counter(each[0] for each in candidates.values() if len(each) == 1)
    for place, ids in candidates.items():
        if len(ids) == 1 and sure[ids[0]] == 1:
            found[ids[0]] = place
        elif by_place.get(place) in ids and sure[by_place[place]] <= 1:
            found.setdefault(by_place[place], place)
        else:
            open_.append(place)
    return found, open_


def _prompts(question: Any, program: str) -> set[str]:
    pieces = prompt(question, Notes(1), program) if program == "GIFT" else prompt(question)
    in_tex = unescape(_TAG.sub(" ", html(*pieces)))
    # The prompt alone, for a table that leaves the code out.
    alone = "" if question.parameters else asked_key(plain(question.prompt))
    return {asked_key(in_tex), asked_key("\n".join(map(plain, pieces))), alone} - {""}


def _entries(question: Any) -> list[str]:
    fields = (getattr(question, name, None) for name in ("options", "items", "pairs"))
    entries: Iterable[Any] = next(filter(None, fields), ())
    return [asked_key(unescape(_TAG.sub(" ", html(entry.text)))) for entry in entries]
