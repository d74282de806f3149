"""The file of a student's copy: a quiz without keys, asked and kept as any other, graded by the teacher alone."""

from __future__ import annotations

import re
from functools import cache, reduce
from io import StringIO
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from courseware.quiz.fields import Short, Slug, Strict
from courseware.quiz.model import Quiz
from courseware.quiz.questions import KINDS

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
        lesson=(Slug, ...),
        title=(Short, ...),
        questions=(questions, Field(min_length=1, max_length=200)),
    )


def quiz_of(found: Any) -> Quiz:
    """The quiz of a file that has this `form`."""
    questions = tuple(KINDS[question.kind].from_copy(dict(question)) for question in found.questions)
    return Quiz.model_construct(lesson=found.lesson, title=found.title, questions=questions)


def as_yaml(quiz: Quiz) -> str:
    """The file of a quiz without keys, which `load_student_copy` reads."""
    yaml = YAML()
    yaml.width = 10**6  # the library's folding of quoted lines does not always read back as it was
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    questions = [question.in_copy() for question in quiz.questions]
    yaml.dump(_plain({MARK: True, "lesson": quiz.lesson, "title": quiz.title, "questions": questions}), text)
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
