"""What in a lesson wants an author's eye: places that may be wrong, and that no rule can judge.

An explanation of what a trained network does needs an experiment beside it that separates it from its rivals, or the
word that it is a guess. A sweeping word in a claim needs a condition that fails whenever the sentence is false. A word
of this house that a reader cannot look up gives way to the field's.

Who has looked at a place and found it right says so in ``source/looked_at.toml``, with the reason; it is listed no more
until its words change.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from courseware.authoring.calls import is_call
from courseware.authoring.source import raw_cells
from courseware.course import ROOT, LessonInfo
from courseware.errors import CourseError

LOOKED_AT = "looked_at.toml"
EXPLAINS = re.compile(
    r"\b(because|since|so that|that is why|this is why|the reason|therefore|thanks to|due to)\b", re.I
)
SWEEPS = re.compile(r"\b(all|always|every|never|only|no|none|nothing|nobody|any|beats|in proportion)\b", re.I)
HOUSE_WORDS = {  # as they stand here -> the field's word
    r"parts?\b(?= the| them| two| moons)": "separate", r"borders?": "boundary", r"put aside": "held out",
    r"take[sn]? away": "subtract", r"digit readers?": "digit classifier", r"luck": "random noise, chance",
    r"foretell\w*": "predict", r"upright edges?": "vertical edge", r"level edges?": "horizontal edge",
    r"(?:a|the) share of": "probability, fraction", r"has it\?": "does it have?",
}  # fmt: skip
_HOUSE = re.compile(r"\b(" + "|".join(HOUSE_WORDS) + r")(?!\w)", re.I)
_SENTENCE = re.compile(r"(?<=[.?!:])\s+(?=[A-Z*\"(])|\n\s*\n|\n(?=\s*[*#|-] )")


@dataclass(frozen=True)
class Place:
    """One sentence that wants to be looked at: where it stands, why, and its words."""

    where: str
    why: str
    words: str

    def __str__(self) -> str:
        return f"{self.where}: {self.why}: {self.words}"


def places(info: LessonInfo) -> list[Place]:
    """The places of a lesson's source that nobody has looked at yet, in their order.

    Raises:
        CourseError: if ``source/looked_at.toml`` cannot be read, or names words that the lesson does not have any more.
    """
    seen = looked_at(info)
    found = list(_all_places(info))
    if gone := seen.keys() - {place.words for place in found}:
        raise CourseError(f"{LOOKED_AT}: {info.slug} says no more {min(gone)!r}; remove that line")
    return [place for place in found if place.words not in seen]


def looked_at(info: LessonInfo) -> dict[str, str]:
    """Sentences of a lesson that were looked at, each with what makes it right."""
    path = ROOT / "source" / LOOKED_AT
    if not path.exists():
        return {}
    try:
        lessons = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{LOOKED_AT} cannot be read: {error}") from None
    seen = lessons.get(info.slug, {})
    if not isinstance(seen, dict) or not all(isinstance(reason, str) and reason.strip() for reason in seen.values()):
        raise CourseError(f'{LOOKED_AT}: below [{info.slug}] each line is "the sentence" = "what makes it right"')
    return seen


def _all_places(info: LessonInfo) -> Iterator[Place]:
    for cell, place in raw_cells(info.source):
        where = f"{info.source.name}:{place.line}"
        if cell.cell_type == "code":
            yield from _claims(where, cell.source)
            continue
        for sentence in filter(None, (" ".join(part.split()) for part in _SENTENCE.split(cell.source))):
            if match := EXPLAINS.search(sentence):
                yield Place(where, f'explains ("{match[0].lower()}")', sentence)
            if match := _HOUSE.search(sentence):
                yield Place(where, f'the field says "{_field_word(match[0])}"', sentence)


def _claims(where: str, code: str) -> Iterator[Place]:
    lines = [line for line in code.splitlines() if not line.strip().startswith("### ")]
    try:
        nodes = list(ast.walk(ast.parse("\n".join(lines))))
    except SyntaxError:  # a region that is only whole with its starter
        return
    for node in nodes:
        if is_call(node, "lesson", "claim") and isinstance(node, ast.Call) and isinstance(node.args[0], ast.Constant):
            sentence = str(node.args[0].value)
            if match := SWEEPS.search(sentence):
                yield Place(where, f'claims "{match[0].lower()}"', sentence)


def _field_word(found: str) -> str:
    return next(word for pattern, word in HOUSE_WORDS.items() if re.match(pattern.split("(?=")[0], found, re.I))
