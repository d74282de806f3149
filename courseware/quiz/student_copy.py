"""The file of a student's copy: a quiz without keys, asked and kept as any other, graded by the teacher alone.

A copy calls options, items and pairs by opaque names that their ids decide, so that answers find them wherever they
stand; copies made by version 0.1.0 called them by letters in the order in which they stood.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache, reduce
from io import StringIO
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from courseware.errors import CourseError
from courseware.quiz.fields import Short, Slug, Strict
from courseware.quiz.model import Pools, Quiz
from courseware.quiz.questions import KINDS, Question

MARK = "student_copy"


@cache
def form() -> type[Strict]:
    """What the file must look like: the fields of a quiz that its copy has, and the mark as the first."""
    question: Any = reduce(or_, (kind.copy_form() for kind in KINDS.values()))
    questions: Any = tuple[Annotated[question, Field(discriminator="kind")], ...]
    return create_model(
        "StudentCopy",
        __base__=Strict,
        student_copy=(Literal[True], ...),
        fingerprint=(str | None, None),
        lesson=(Slug, ...),
        title=(Short, ...),
        pools=(Pools, {}),
        questions=(questions, Field(min_length=1, max_length=200)),
    )


def quiz_of(found: Any) -> Quiz:
    """The quiz of a file that has this `form`.

    Raises:
        CourseError: if it is not what its fingerprint says it was when it was made; older copies have none.
    """
    questions = tuple(KINDS[question.kind].from_copy(dict(question)) for question in found.questions)
    quiz = Quiz.model_construct(lesson=found.lesson, title=found.title, pools=found.pools, questions=questions)
    if found.fingerprint and found.fingerprint != fingerprint(quiz):
        raise CourseError("this copy was changed after it was made; get it again from your teacher")
    return quiz


def fingerprint(quiz: Quiz, *, by_place: bool = False) -> str:
    """16 hex digits that tell what learners see and answer: the same for a quiz and its student copy, drawn or not.

    They change with the title, any text, the order of what is offered, what a name stands for, or the numbers to draw
    from and their order, and not with the key or the feedback.

    Args:
        quiz: with keys or without.
        by_place: as a copy made by version 0.1.0 has it, which calls entries by letters; names do not count.
    """
    questions = [_seen(each, by_place) for each in quiz.undrawn.questions]
    seen: dict[str, Any] = {"lesson": quiz.lesson, "title": quiz.title, "questions": questions}
    if quiz.undrawn.pools:
        seen["pools"] = quiz.undrawn.pools
    text = json.dumps(_plain(seen), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _seen(question: Question, by_place: bool) -> dict[str, Any]:
    """What a copy holds of a question; what is drawn hangs on the order of the parameters, so they are a list."""
    fields = question.in_copy()
    entries = {name: value for name, value in fields.items() if isinstance(value, tuple)}
    by_place = by_place or any(len(each.id) == 1 for value in entries.values() for each in value)
    seen = {name: [each.text if by_place else [each.id, each.text] for each in entries[name]] for name in entries}
    return {**fields, **seen, "parameters": list(fields.get("parameters", {}).items())}


def answered_by_place(quiz: Quiz, answers: Mapping[str, Any]) -> list[str]:
    """The ids of the questions whose answer names options, items or pairs by where they stood, as older copies do.

    Such answers are graded rightly only by a quiz with the fingerprint of the one that was answered.
    """
    return [each.id for each in quiz.questions if each.id in answers and each.is_by_place(answers[each.id])]


def as_yaml(quiz: Quiz) -> str:
    """The file of a quiz without keys, which `load_student_copy` reads."""
    yaml = YAML()
    yaml.width = 10**6  # the library's folding of quoted lines does not always read back as it was
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    questions = [question.in_copy() for question in quiz.questions]
    about = {MARK: True, "fingerprint": fingerprint(quiz), "lesson": quiz.lesson, "title": quiz.title}
    if quiz.pools:
        about["pools"] = quiz.pools
    yaml.dump(_plain({**about, "questions": questions}), text)
    return text.getvalue()


def _plain(entry: Any) -> Any:
    """Data as the YAML library writes them without a second way to read them: every text in quotes, or as a block."""
    if isinstance(entry, BaseModel):
        entry = dict(entry)
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
