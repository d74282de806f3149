r"""A quiz as GIFT, Moodle's text format for questions, which other programs read as well.

By Moodle's own importer (question/format/gift/format.php): `~ = # { } :` and the backslash are written with a
backslash before them, a new line in a text as `\n`, since a blank line ends a question. `[html]` before a text says
how it is marked up, and keeps a text that begins with `%50%` from being taken for a weight. A multiple choice without
any `=` takes several ticks. A question whose answers hold `->` is a matching one, whatever else it holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from courseware.quiz import questions
from courseware.quiz.export.answers import figures, numbers, prompt, weights, words
from courseware.quiz.export.moodle import by_pool, category, general, note_missed, plain_pairs
from courseware.quiz.export.notes import LeftOut, Notes, written_by
from courseware.quiz.maths import html
from courseware.quiz.model import Quiz

_ESCAPES = str.maketrans({sign: f"\\{sign}" for sign in "~=#{}:\\"} | {"\n": "\\n"})


def write_gift(quiz: Quiz, notes: Notes) -> str:
    """The quiz as GIFT; `notes` gets what GIFT cannot hold. The questions must be drawn."""
    written = [f"$CATEGORY: {category(quiz)}"]
    here: str | None = None
    for question in by_pool(quiz):
        if question.pool != here:
            here = question.pool
            written.append(f"$CATEGORY: {category(quiz, here)}")
        try:
            answers = written_by(_WRITERS, question, "GIFT")(question, notes)
        except LeftOut as reason:
            notes.leave_out(question.id, reason)
            continue
        if feedback := general(question):
            answers.append(f"####{_rich(feedback)}")
        start = "{#" if question.kind == "number" else "{"
        # Moodle reads tags in the comment before a question.
        tag = f"// [tag:seed-{quiz.seeds[question.id]}]\n" if question.id in quiz.seeds else ""
        stem = f"{tag}::{question.id}::{_rich(html(*prompt(question, notes, 'GIFT')))}"
        written.append("\n".join([stem + start, *(f"    {answer}" for answer in answers), "}"]))
    return "\n\n".join(written) + "\n"


def _single(question: questions.SingleChoice, notes: Notes) -> list[str]:
    return [
        f"{'=' if option.correct else '~'}{_told(html(option.text), option.feedback)}" for option in question.options
    ]


def _multiple(question: questions.MultipleChoice, notes: Notes) -> list[str]:
    share = weights(question)
    note_missed(question, notes)
    return [f"~%{share[option.id]}%{_told(html(option.text), option.feedback)}" for option in question.options]


def _number(question: questions.NumberQuestion, notes: Notes) -> list[str]:
    answers = [
        f"=%{100 if known.answer.right else 0}%{figures(known.centre)}:{figures(known.reach)}#"
        f"{_rich(html(known.answer.feedback))}"
        for known in numbers(question, notes)
    ]
    return [*answers, f"~#{_rich(html(question.wrong))}"]


def _words(question: questions.TextQuestion | questions.OutputQuestion, notes: Notes) -> list[str]:
    known = words(question, notes, case=False)
    for answer in known:
        if "->" in answer.typed:
            raise LeftOut("GIFT takes `->` in an answer for a match; Moodle XML holds it")
        if "&&0" in answer.typed or answer.typed.startswith(("[html]", "[moodle]", "[plain]", "[markdown]")):
            raise LeftOut(f"GIFT takes signs in `{answer.typed}` for its own; Moodle XML holds it")
    lines = [f"=%{100 if answer.right else 0}%{_escaped(_literal(answer.typed))}#{_rich(html(answer.feedback))}"
             for answer in known]  # fmt: skip
    return [*lines, f"=%0%*#{_rich(html(question.wrong))}"]


def _literal(typed: str) -> str:
    """An answer in which a star stands for itself, not for anything."""
    return typed.replace("*", r"\*")


def _ordering(question: questions.OrderingQuestion, notes: Notes) -> list[str]:
    raise LeftOut("GIFT has no such kind of question; Moodle XML has")


def _matching(question: questions.MatchingQuestion, notes: Notes) -> list[str]:
    return [f"={_rich(left) if left else ''} -> {_escaped(right)}" for left, right in plain_pairs(question, notes)]


_WRITERS: dict[str, Callable[[Any, Notes], list[str]]] = {
    "single": _single, "multiple": _multiple, "number": _number, "text": _words, "output": _words,
    "ordering": _ordering, "matching": _matching,
}  # fmt: skip


def _told(text: str, feedback: str) -> str:
    return f"{_rich(text)}#{_rich(html(feedback))}"


def _rich(text: str) -> str:
    return f"[html]{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
