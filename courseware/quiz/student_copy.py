"""A quiz without keys and feedback, to be handed to learners: asked and kept as any other, graded by the teacher alone."""

from __future__ import annotations

import re
from io import StringIO
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, PrivateAttr

from courseware.quiz.fields import Code, Name, Short, Slug, Strict, Text
from courseware.quiz.kinds import _Question as Base
from courseware.quiz.model import Quiz
from courseware.quiz.parameters import names_used
from courseware.quiz.reading import LETTERS

MARK = "student_copy"


class Entry(Strict):
    """What a learner reads of an option, an item or a pair; its id tells nothing."""

    id: Name
    text: Text


class _Unkeyed(Base):
    keyed: ClassVar[bool] = False


class _Options(_Unkeyed):
    kind: Literal["single", "multiple"]
    options: tuple[Entry, ...] = Field(min_length=2, max_length=10)


class _Number(_Unkeyed):
    kind: Literal["number"]
    unit: Short | None = None
    # What filling in drawn numbers looks at.
    answer: Literal[0] = 0
    known_wrong: tuple[()] = ()


class _Text(_Unkeyed):
    kind: Literal["text"]


class _Output(_Unkeyed):
    kind: Literal["output"]
    code: Code
    lines: int = Field(ge=1)


class _Ordering(_Unkeyed):
    kind: Literal["ordering"]
    items: tuple[Entry, ...] = Field(
        min_length=2, max_length=10, description="In the order shown, which is not the right one"
    )

    @property
    def shown(self) -> tuple[Entry, ...]:
        return self.items


class _Matching(_Unkeyed):
    kind: Literal["matching"]
    pairs: tuple[Entry, ...] = Field(min_length=2, max_length=10)
    choices: tuple[Entry, ...] = Field(min_length=2, max_length=15)

    @property
    def shown(self) -> tuple[Entry, ...]:
        return self.choices


class StudentCopy(Strict):
    """A quiz without keys; `Quiz` has the same fields but the first."""

    student_copy: Literal[True]
    lesson: Slug
    title: Short
    questions: tuple[
        Annotated[_Options | _Number | _Text | _Output | _Ordering | _Matching, Field(discriminator="kind")], ...
    ] = Field(min_length=1, max_length=200)

    _record: str = PrivateAttr("")
    record = Quiz.record
    drawn = Quiz.drawn


def without_keys(quiz: Quiz) -> StudentCopy:
    """The copy of `quiz` that learners get: what they read, and nothing that tells the answer.

    The order of options and items shown is the same as in the quiz, and so are the numbers that a learner draws.
    """
    return StudentCopy.model_validate(
        {MARK: True, "lesson": quiz.lesson, "title": quiz.title, "questions": tuple(map(_unkeyed, quiz.questions))}
    )


def as_yaml(copy: StudentCopy) -> str:
    """The copy as a quiz file, which `bank.load_quiz` reads."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 10**6  # the library's folding of quoted lines does not always read back as it was
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    yaml.dump(_plain(copy.model_dump(exclude_defaults=True)), text)
    return text.getvalue()


def _unkeyed(question: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(question, name) for name in ("id", "kind", "section", "prompt")}
    if question.kind in ("single", "multiple"):
        fields["options"] = _lettered(question.options)
    if question.kind == "number" and question.unit:
        fields["unit"] = question.unit
    if question.kind == "output":
        fields |= {"code": question.code, "lines": question.lines}
    if question.kind == "ordering":
        fields["items"] = _lettered(question.shown)
    if question.kind == "matching":
        fields |= {"pairs": _lettered(question.pairs), "choices": _lettered(question.shown)}
    if question.parameters:
        fields["parameters"] = _shown_parameters(fields, question.parameters)
    return fields


def _lettered(entries: tuple) -> tuple[dict[str, str], ...]:
    """The entries under letters, since their ids may tell too much; `reading.read` takes letters back."""
    return tuple({"id": letter, "text": entry.text} for letter, entry in zip(LETTERS, entries, strict=False))


def _shown_parameters(fields: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    """The lists, which decide what is drawn, and those formulas whose results a text shows."""
    needed = names_used({**fields, "parameters": {}, "answer": 0, "known_wrong": ()})
    for name, value in reversed(parameters.items()):
        if name in needed and isinstance(value, str):
            needed |= set(re.findall(r"[a-z][a-z0-9_]*", value))
    return {name: value for name, value in parameters.items() if name in needed or not isinstance(value, str)}


def _plain(entry: Any) -> Any:
    """Data as the YAML library writes them without a second way to read them: every text in quotes, or as a block."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

    if isinstance(entry, dict):
        return {key: _plain(value) for key, value in entry.items()}
    if isinstance(entry, (tuple, list)):
        return [_plain(value) for value in entry]
    if isinstance(entry, float) and entry.is_integer() and abs(entry) < 1e15:
        return int(entry)
    if not isinstance(entry, str):
        return entry
    block = "\n" in entry and not re.search(
        r"\A\s|[^\S\n]$|\n\n\Z|[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff]", entry, re.MULTILINE
    )
    return (LiteralScalarString if block else DoubleQuotedScalarString)(entry)
