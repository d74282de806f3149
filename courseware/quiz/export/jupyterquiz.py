r"""A quiz as JSON for the package jupyterquiz, which shows it in a notebook: ``display_quiz("04_cnn.json")``.

By the JavaScript of jupyterquiz 2.9: all texts are HTML, in which it turns `$x$` and `[a](b)` into formulas and links;
a range holds its lower end and not its upper one; of the answers in a list the first that fits counts, and the entry of
type `default` takes the rest. It gives no marks: each option says by itself whether it is right.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from courseware.quiz import questions
from courseware.quiz.export.answers import numbers, prompt, words
from courseware.quiz.export.notes import LeftOut, Notes, written_by
from courseware.quiz.formulas import in_brackets
from courseware.quiz.maths import html
from courseware.quiz.model import Quiz


def write_jupyterquiz(quiz: Quiz, notes: Notes) -> str:
    """The quiz as JSON; `notes` gets what jupyterquiz cannot hold. The questions must be drawn."""
    written = []
    for question in quiz.questions:
        try:
            writer = written_by(_WRITERS, question, "jupyterquiz")
        except LeftOut as reason:
            notes.leave_out(question.id, reason)
            continue
        if question.explanation:
            notes.add(question.id, "the explanation stands at the end of each feedback, jupyterquiz has no other place")
        stem = _html(*prompt(question, notes, "jupyterquiz"))
        kind, answers = writer(question, notes)
        # jupyterquiz passes over a field that it does not know.
        seed = {"seed": quiz.seeds[question.id]} if question.id in quiz.seeds else {}
        written.append({"question": stem, "type": kind, "answers": answers, **seed})
    return json.dumps(written, indent=2) + "\n"


def _options(
    question: questions.SingleChoice | questions.MultipleChoice, notes: Notes
) -> tuple[str, list[dict[str, Any]]]:
    answers = [
        {"answer": _html(option.text), "correct": option.correct, "feedback": _feedback(question, option.feedback)}
        for option in question.options
    ]
    if isinstance(question, questions.SingleChoice):
        return "multiple_choice", answers
    notes.add(
        question.id, "no marks and no feedback for right options that are missed, each click is answered by itself"
    )
    if sum(option.correct for option in question.options) == 1:
        notes.add(question.id, "shown as a single choice, since one option is right")
    return "many_choice", answers


def _number(question: questions.NumberQuestion, notes: Notes) -> tuple[str, list[dict[str, Any]]]:
    answers: list[dict[str, Any]] = []
    for known in numbers(question, notes):
        low, high = float(known.low), float(known.high)
        # The next number above belongs to no one, so the upper end counts.
        fits = {"value": low} if low == high else {"range": [low, math.nextafter(high, math.inf)]}
        answers.append(fits | _told(question, known.answer.right, known.answer.feedback))
    return "numeric", [*answers, _rest(question)]


def _words(
    question: questions.TextQuestion | questions.OutputQuestion, notes: Notes
) -> tuple[str, list[dict[str, Any]]]:
    case = isinstance(question, questions.OutputQuestion)
    answers = [
        {"answer": answer.typed, "match_case": case, **_told(question, answer.right, answer.feedback)}
        for answer in words(question, notes, case=case)
    ]
    return "string", [*answers, _rest(question)]


_WRITERS: dict[str, Callable[[Any, Notes], tuple[str, list[dict[str, Any]]]]] = {
    "single": _options,
    "multiple": _options,
    "number": _number,
    "text": _words,
    "output": _words,
}


def _told(question: questions.Question, right: bool, feedback: str) -> dict[str, Any]:
    return {"correct": right, "feedback": _feedback(question, feedback)}


def _rest(question: questions.NumberQuestion | questions.TextQuestion | questions.OutputQuestion) -> dict[str, Any]:
    return {"type": "default", "feedback": _feedback(question, question.wrong)}


def _feedback(question: questions.Question, feedback: str) -> str:
    return _html(feedback, *filter(None, [question.explanation]))


def _html(*markdown: str) -> str:
    text = html(*markdown, maths=lambda tex: in_brackets(tex).replace("[", "&#91;"), entities="$[")
    # The package's own class for code; long lines scroll within it.
    return text.replace("<pre>", '<div class="QuizCode"><pre style="overflow-x: auto">').replace(
        "</pre>", "</pre></div>"
    )
