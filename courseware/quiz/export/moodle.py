r"""A quiz as Moodle XML, for "Import questions" in a Moodle question bank.

What each kind becomes, by Moodle's own importer (question/format/xml/format.php, question/type/ordering):

- single, multiple: `multichoice`. Moodle adds up the fractions of what is ticked and cuts the sum off at 0 and 1.
- number: `numerical`. The first answer within whose tolerance a response lies counts, so the right one comes first;
  `*` takes the rest. Units are optional, since no `unitgradingtype` is given.
- text, output: `shortanswer`. The first answer that fits counts; `*` in an answer stands for anything, `\*` for itself.
- ordering: `ordering`. RELATIVE_NEXT_EXCLUDE_LAST gives the share of items that are followed by the right one.
- matching: `match`. An answer without a question is one more choice. Choices are plain text, in which entities count.

A question with drawn numbers has the tag `seed-0`, of the seed that they were drawn with: `course grade --seed 0`.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any
from xml.etree import ElementTree

from courseware.quiz import questions
from courseware.quiz.export.answers import Answer, figures, numbers, prompt, weights, words
from courseware.quiz.export.notes import FOR_XML, LeftOut, Notes, written_by
from courseware.quiz.maths import html, one_line
from courseware.quiz.model import Quiz


def write_moodle(quiz: Quiz, notes: Notes) -> str:
    """The quiz as Moodle XML; `notes` gets what Moodle cannot hold. The questions must be drawn."""
    root = ElementTree.Element("quiz")
    _text(ElementTree.SubElement(root, "question", type="category"), "category", category(quiz))
    here: str | None = None
    for question in by_pool(quiz):
        if question.pool != here:
            here = question.pool
            _text(ElementTree.SubElement(root, "question", type="category"), "category", category(quiz, here))
        element = ElementTree.Element("question")
        _text(element, "name", question.id)
        _html(element, "questiontext", *prompt(question))
        _text(element, "generalfeedback", general(question)).set("format", "html")
        _plain(element, "defaultgrade", "1")
        try:
            type_, writer = written_by(_WRITERS, question, "Moodle")
            element.set("type", type_)
            writer(element, question, notes)
        except LeftOut as reason:
            notes.leave_out(question.id, reason)
        else:
            if question.id in quiz.seeds:
                tag = ElementTree.SubElement(ElementTree.SubElement(element, "tags"), "tag")
                _plain(tag, "text", f"seed-{quiz.seeds[question.id]}")
            root.append(element)
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode").translate(FOR_XML)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def by_pool(quiz: Quiz) -> list[questions.AnyQuestion]:
    """The questions of no pool in their order, and behind them those of each pool."""
    pools = [None, *quiz.pools]
    return sorted(quiz.questions, key=lambda question: pools.index(question.pool))


def category(quiz: Quiz, pool: str | None = None) -> str:
    """Where the questions of a quiz, or of one of its pools, go in Moodle's question bank."""
    return f"$course$/{quiz.lesson}{f'/{pool}' if pool else ''}"


def general(question: questions.Question) -> str:
    """The general feedback as HTML: the explanation, and the feedback of pairs, which holds whatever is chosen."""
    parts = [html(question.explanation)] if question.explanation else []
    if isinstance(question, questions.MatchingQuestion):
        parts += [f"<div>{html(pair.text)}: {html(pair.feedback)}</div>" for pair in question.pairs]
    return "\n".join(parts)


def _choice(
    element: ElementTree.Element, question: questions.SingleChoice | questions.MultipleChoice, notes: Notes
) -> None:
    share = weights(question) if isinstance(question, questions.MultipleChoice) else {}
    _plain(element, "single", "false" if share else "true")
    _plain(element, "shuffleanswers", str(question.shuffle).lower())
    for option in question.options:
        fraction = share.get(option.id) or ("100" if option.correct else "0")
        answer = ElementTree.SubElement(element, "answer", fraction=fraction, format="html")
        _plain(answer, "text", html(option.text))
        _html(answer, "feedback", option.feedback)
    if isinstance(question, questions.MultipleChoice):
        note_missed(question, notes)


def note_missed(question: questions.MultipleChoice, notes: Notes) -> None:
    """Note that the feedback of a right option is not seen by who does not tick it."""
    notes.add(question.id, "Moodle shows the feedback of ticked options only, not of right ones that are missed")


def _number(element: ElementTree.Element, question: questions.NumberQuestion, notes: Notes) -> None:
    for known in numbers(question, notes):
        _plain(_answer(element, figures(known.centre), known.answer), "tolerance", figures(known.reach))
    _answer(element, "*", Answer("", False, question.wrong))
    if question.unit:
        unit = ElementTree.SubElement(ElementTree.SubElement(element, "units"), "unit")
        _plain(unit, "multiplier", "1")
        _plain(unit, "unit_name", question.unit)


def _words(
    element: ElementTree.Element, question: questions.TextQuestion | questions.OutputQuestion, notes: Notes
) -> None:
    case = isinstance(question, questions.OutputQuestion)
    _plain(element, "usecase", "1" if case else "0")
    for answer in words(question, notes, case=case):
        _answer(element, answer.typed.replace("*", r"\*"), answer)
    _answer(element, "*", Answer("", False, question.wrong))


def _ordering(element: ElementTree.Element, question: questions.OrderingQuestion, notes: Notes) -> None:
    for name, value in (("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("selectcount", str(len(question.items))),
                        ("gradingtype", "RELATIVE_NEXT_EXCLUDE_LAST"), ("showgrading", "SHOW")):  # fmt: skip
        _plain(element, name, value)
    _html(element, "correctfeedback", question.feedback)
    _html(element, "partiallycorrectfeedback", question.wrong)
    _html(element, "incorrectfeedback", question.wrong)
    for number, item in enumerate(question.items, start=1):
        answer = ElementTree.SubElement(element, "answer", fraction=str(number), format="html")
        _plain(answer, "text", html(item.text))
    if question.known_wrong:
        notes.add(question.id, "the feedback of known wrong orders is left out, Moodle has one for all wrong orders")


def _matching(element: ElementTree.Element, question: questions.MatchingQuestion, notes: Notes) -> None:
    _plain(element, "shuffleanswers", str(question.shuffle).lower())
    for left, right in plain_pairs(question, notes):
        sub = ElementTree.SubElement(element, "subquestion", format="html")
        _plain(sub, "text", left)
        _text(sub, "answer", right)


def plain_pairs(question: questions.MatchingQuestion, notes: Notes) -> list[tuple[str, str]]:
    """Each left text as HTML and its choice as Moodle takes it; the left of a choice that belongs to none is empty."""
    choices = {text: choice_text(text) for text in [choice.text for choice in question.choices]}
    if len(set(choices.values())) < len(choices):
        raise LeftOut("two choices look alike as plain text, and Moodle takes no markup there")
    if any(one_line(text) != text for text in choices):
        notes.add(question.id, "the texts on the right are plain, since Moodle takes no markup and no formulas there")
    notes.add(question.id, "the feedback of each pair stands in the general feedback, Moodle has none for a pair")
    pairs = [(html(pair.text), choices[pair.match]) for pair in question.pairs]
    return [*pairs, *(("", choices[item.text]) for item in question.extra)]


def choice_text(markdown: str) -> str:
    """A choice of a matching question: one line of plain text, with the signs of HTML as entities."""
    return escape(one_line(markdown), quote=False)


# The type that each kind becomes, and what writes its answers.
_WRITERS: dict[str, tuple[str, Callable[[ElementTree.Element, Any, Notes], None]]] = {
    "single": ("multichoice", _choice), "multiple": ("multichoice", _choice), "number": ("numerical", _number),
    "text": ("shortanswer", _words), "output": ("shortanswer", _words), "ordering": ("ordering", _ordering),
    "matching": ("match", _matching),
}  # fmt: skip


def _plain(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = text


def _text(parent: ElementTree.Element, tag: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, tag)
    _plain(element, "text", text)
    return element


def _html(parent: ElementTree.Element, tag: str, *markdown: str) -> None:
    _text(parent, tag, html(*markdown)).set("format", "html")


def _answer(parent: ElementTree.Element, typed: str, answer: Answer) -> ElementTree.Element:
    fraction = "100" if answer.right else "0"
    element = ElementTree.SubElement(parent, "answer", fraction=fraction, format="moodle_auto_format")
    _plain(element, "text", typed)
    _html(element, "feedback", answer.feedback)
    return element
