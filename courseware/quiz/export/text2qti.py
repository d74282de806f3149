r"""A quiz as text for the program text2qti, which makes a QTI file for Canvas of it.

By the sources of text2qti 0.8 (quiz.py, xml_assessment.py): a text goes on over lines that are indented as far as its
first one; `...` gives feedback, `+` and `-` that for a right and for a wrong answer; `*a)` is the right option, `[*]`
one of several, which count only all together; `* word` is an accepted answer, one a line; `= 3 +- 0.1` is a number,
kept with four decimals, and no bound may lie within 0.0001 of 0. Markdown is read by Python-Markdown, which takes
raw HTML, smart quotes, tables and more for its own: a text goes through as it is only if both read it alike, and as
HTML otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from courseware.quiz import questions
from courseware.quiz.export.answers import figures, prompt, words
from courseware.quiz.export.notes import FOR_XML, LeftOut, Notes, written_by
from courseware.quiz.maths import html, one_line
from courseware.quiz.model import Quiz
from courseware.quiz.questions.number import decimal

_STEP = Decimal("0.0001")
# Of all blanks only the plain one: text2qti takes a line of others, such as a line separator, for an empty one.
_FENCE = re.compile(r"(?:(?<=\n\n)|\A)```[a-z]*\n((?:(?!```)[\S ]*\n)+)```(?=\n\n|\Z)")
_CODE = re.compile(r"(?<!`)`[^`\n\\\s](?:[^`\n\\]*[^`\n\\\s])?`(?!`)")
_FORMULA = re.compile(r"(?<![\w$\\`])\$(?=\S)[^$\n`]+?(?<=[^\s\\])\$(?![\w$`])")
_STRESS = re.compile(r"(?<![\w*])(\*\*?)(?=\w)[\w ,]+(?<=\w)\1(?![\w*])")
# What Python-Markdown and CommonMark both read as plain prose: one line of words, begun by a word.
_PROSE = re.compile(r"(?!\d+[.)](?: |$))[\w\"'(](?:[\w.,;:?!'\"()/=+%-]|[^\x00-\x7f\s]| (?! ))*")


def write_text2qti(quiz: Quiz, notes: Notes) -> str:
    """The quiz as text2qti reads it; `notes` gets what it cannot hold. The questions must be drawn."""
    choices = [question for question in quiz.questions if isinstance(question, questions.ChoiceQuestion)]
    is_shuffled = bool(choices) and all(question.shuffle for question in choices)
    head = f"Quiz title: {quiz.title}" + ("\nShuffle answers: true" if is_shuffled else "")
    prompts: set[str] = set()
    blocks: dict[str, list[str]] = {}  # a question each, or a pool where its first question stands
    for question in quiz.questions:
        stem = _item("1.  ", *prompt(question, notes, "Canvas"))
        try:
            if stem in prompts:
                raise LeftOut("another question has the same prompt, which text2qti refuses")
            lines = [*_general(question, notes), *written_by(_WRITERS, question, "text2qti")(question, notes)]
        except LeftOut as reason:
            notes.leave_out(question.id, reason)
            continue
        prompts.add(stem)
        comment = [f"% Drawn with the seed {quiz.seeds[question.id]}"] if question.id in quiz.seeds else []
        text = "\n".join([*comment, f"Title: {question.id}", stem, *lines])
        blocks.setdefault(question.pool or f"question {question.id}", []).append(text)
    written = [head, *(_block(texts, quiz.pools.get(name)) for name, texts in blocks.items())]
    return "\n\n".join(written).translate(FOR_XML) + "\n"


def _block(texts: list[str], number: int | None) -> str:
    """A question, or of a pool a group of which so many are drawn; where no more than that are left, they are asked of all."""
    if number is None or len(texts) <= number:
        return "\n\n".join(texts)
    return "\n\n".join([f"GROUP\npick: {number}\npoints per question: 1", *texts, "END_GROUP"])


def _general(question: questions.Question, notes: Notes) -> list[str]:
    """The lines of general feedback, and of feedback for right and wrong answers."""
    lines = [_item("... ", question.explanation)] if question.explanation else []
    if not isinstance(question, questions.OpenQuestion) or question.kind not in _WRITERS:
        return lines
    if question.known_wrong:
        notes.add(
            question.id, "the feedback of known wrong answers is left out, text2qti has one for all wrong answers"
        )
    return [*lines, _item("+   ", question.feedback), _item("-   ", question.wrong)]


def _options(question: questions.SingleChoice | questions.MultipleChoice, notes: Notes) -> list[str]:
    single = isinstance(question, questions.SingleChoice)
    if not single:
        notes.add(question.id, "no partial credit, in the QTI file only exactly the right options together count")
    lines = []
    for letter, option in zip("abcdefghij", question.options, strict=False):
        mark = f"{'*' if option.correct else ''}{letter})  " if single else f"[{'*' if option.correct else ' '}] "
        lines += [_item(mark, option.text), _item("... ", option.feedback)]
    if len({_shown(option.text) for option in question.options}) < len(question.options):
        raise LeftOut("two options look alike, which text2qti refuses")
    return lines


def _number(question: questions.NumberQuestion, notes: Notes) -> list[str]:
    answer, reach = decimal(question.answer), question.width
    low, high = answer - reach, answer + reach
    kept_low, kept_high = low.quantize(_STEP, ROUND_FLOOR), high.quantize(_STEP, ROUND_CEILING)
    if min(abs(kept_low), abs(kept_high)) <= _STEP:
        raise LeftOut("text2qti takes no number whose tolerance ends within 0.0001 of 0")
    if (kept_low, kept_high, answer.quantize(_STEP)) == (low, high, answer):
        return [f"=   {figures(answer)} +- {figures(reach)}"]
    if kept_high - kept_low > 3 * (high - low):
        raise LeftOut("text2qti keeps four decimals, too few for this number")
    notes.add(question.id, f"right from {figures(kept_low)} to {figures(kept_high)}, text2qti keeps four decimals")
    return [f"=   [{figures(kept_low)}, {figures(kept_high)}]"]


def _words(question: questions.TextQuestion | questions.OutputQuestion, notes: Notes) -> list[str]:
    return [f"*   {answer.typed}" for answer in words(question, notes, case=False) if answer.right]


_WRITERS: dict[str, Callable[[Any, Notes], list[str]]] = {
    "single": _options, "multiple": _options, "number": _number, "text": _words, "output": _words,
}  # fmt: skip


def _item(mark: str, *parts: str) -> str:
    """A mark and a text, whose further lines are indented as far as the first."""
    text = "\n\n".join(part if simple(part) else _as_html(part) for part in parts)
    return mark + re.sub(r"\n(?=[^\n])", "\n" + " " * len(mark), text)


def _as_html(markdown: str) -> str:
    r"""Markdown as HTML in one line for each block, in which text2qti finds nothing of its own but formulas."""
    rendered = html(markdown, maths=lambda tex: f"<!-- -->${tex}$", entities="$`\\~")
    rendered = re.sub(
        r"(?<=<pre>).*?(?=</pre>)", lambda code: code[0].replace("\n", "&#10;"), rendered, flags=re.DOTALL
    )
    return f"<div>{rendered.replace(chr(10), ' ')}</div>"


def simple(markdown: str) -> bool:
    """Whether Python-Markdown and CommonMark read this text alike.

    >>> simple("What does `a * b` print for $a = 2$, *once more*?\\n\\n```python\\na = 2\\n```")
    True
    >>> simple("1 < 2"), simple("a * b * c"), simple("# one"), simple("- one")
    (False, False, False, False)
    """
    prose = _FENCE.sub("word", markdown)
    for piece in (_CODE, _FORMULA, _STRESS):
        prose = piece.sub("word", prose)
    return "--" not in prose and "..." not in prose and all(
        _PROSE.fullmatch(line) for block in prose.split("\n\n") for line in block.split("\n")
    )  # fmt: skip


def _shown(markdown: str) -> str:
    return html(markdown) if "`" in markdown or "$" in markdown else one_line(markdown)
