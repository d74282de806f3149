"""Grade one response to one question: pure, without printing, files, or heavy imports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

from courseware.quiz.tolerance import distance, within_tolerance

if TYPE_CHECKING:
    from courseware.quiz.model import MultipleChoice, NumberQuestion, Option, SingleChoice

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_MAX_TEXT = 100


class ResponseError(ValueError):
    """Raised for a response that cannot be read; the message is one line for the learner."""


@dataclass(frozen=True)
class Message:
    """Feedback on one option or number: `right`, `wrong`, or `missed` (a right option left unticked)."""

    verdict: Literal["right", "wrong", "missed"]
    text: str
    feedback: str
    misconception: str | None = None


@dataclass(frozen=True)
class Grade:
    """The marks for one response, the feedback, and the response in the form that is kept.

    `response` is the option's id, the sorted ids, or the number; grading it again gives the same grade.
    """

    points: float
    out_of: float
    messages: tuple[Message, ...]
    response: Any
    explanation: str | None = None

    @property
    def correct(self) -> bool:
        """Whether the marks are full."""
        return self.points == self.out_of


def grade(question: SingleChoice | MultipleChoice | NumberQuestion, response: Any) -> Grade:
    """Grade `response`, for one point.

    - single: an option's id, or its position from 0; one point or none.
    - multiple: a collection of ids or positions. With R right and W wrong options, of which r and w are ticked,
      the points are ``max(0, r/R - w/W)``: full marks for exactly the right ones, nothing for ticking all.
    - number: a number, or text such as ``0.25``, ``0,25``, ``-3e2`` or ``150 m²`` (with the question's own unit).
      Right if it lies within the tolerance, the edges included.

    Raises:
        ResponseError: if the response cannot be read; the message says what came and what to write instead.

    >>> from courseware.quiz.model import NumberQuestion
    >>> question = NumberQuestion(id="half", kind="number", section="Halves", prompt="Half of 1?", answer=0.5,
    ...     tolerance={"absolute": 0.01}, feedback="Yes.", wrong="Divide 1 by 2.")
    >>> grade(question, "0,51").points, grade(question, 5).messages[0].feedback
    (1.0, 'Divide 1 by 2.')
    >>> grade(question, "a half")
    Traceback (most recent call last):
    courseware.quiz.grade.ResponseError: not a number: 'a half'; write e.g. 0.25
    """
    if question.kind == "number":
        return _grade_number(question, _read_number(question, response))
    if question.kind == "single":
        return _grade_single(question, _read_option(question, response))
    return _grade_multiple(question, _read_options(question, response))


def _grade_single(question: SingleChoice, chosen: Option) -> Grade:
    return Grade(float(chosen.correct), 1.0, (_ticked(chosen),), chosen.id, question.explanation)


def _grade_multiple(question: MultipleChoice, ticked: set[str]) -> Grade:
    right = {option.id for option in question.options if option.correct}
    wrong = {option.id for option in question.options if not option.correct}
    # One fraction over whole numbers, so that the right set gives exactly 1.
    points = (len(right & ticked) * len(wrong) - len(wrong & ticked) * len(right)) / (len(right) * len(wrong))
    messages = [
        _ticked(option) if option.id in ticked else Message("missed", option.text, option.feedback)
        for option in question.options
        if option.id in ticked or option.correct
    ]
    return Grade(max(0.0, points), 1.0, tuple(messages), sorted(ticked), question.explanation)


def _grade_number(question: NumberQuestion, value: float) -> Grade:
    shown = f"{value:g}" + (f" {question.unit}" if question.unit else "")
    if within_tolerance(question, value, question.answer):
        message = Message("right", shown, question.feedback)
    else:
        near = [known for known in question.known_wrong if within_tolerance(question, value, known.value)]
        known = min(near, key=lambda known: distance(value, known.value), default=None)
        message = Message(
            "wrong", shown, known.feedback if known else question.wrong, known.misconception if known else None
        )
    return Grade(float(message.verdict == "right"), 1.0, (message,), value, question.explanation)


def _ticked(option: Option) -> Message:
    verdict = "right" if option.correct else "wrong"
    return Message(verdict, option.text, option.feedback, option.misconception)


def _read_option(question: SingleChoice | MultipleChoice, response: Any) -> Option:
    options = question.options
    if isinstance(response, int) and not isinstance(response, bool) and 0 <= response < len(options):
        return options[response]
    for option in options:
        if isinstance(response, str) and response == option.id:
            return option
    raise ResponseError(f"no such option: {_shown(response)}; choose one of {', '.join(o.id for o in options)}")


def _read_options(question: MultipleChoice, response: Any) -> set[str]:
    if isinstance(response, (str, bytes, dict)) or not isinstance(response, Iterable):
        raise ResponseError(f"not a list of options: {_shown(response)}; name each one to tick")
    ids = [_read_option(question, entry).id for entry in response]
    if not ids:
        raise ResponseError("nothing is ticked; tick every option that is right, at least one is")
    if len(set(ids)) < len(ids):
        raise ResponseError(f"an option is named twice: {_shown(ids)}; name each one once")
    return set(ids)


def _read_number(question: NumberQuestion, response: Any) -> float:
    wrong_kind = ResponseError(f"not a number: {_shown(response)}; write e.g. 0.25")
    if isinstance(response, str):
        text = response.strip().replace("\N{MINUS SIGN}", "-")
        if question.unit and text.endswith(question.unit):
            text = text.removesuffix(question.unit).rstrip()
        whole, comma, after = text.partition(",")
        if comma and len(after) == 3 and after.isdigit() and whole.strip("+-") != "0":
            raise ResponseError(f"{_shown(response)} can mean a thousand or a decimal; write it without a comma")
        text = text.replace(",", ".", 1)
        if len(text) > _MAX_TEXT or not _NUMBER.fullmatch(text):
            raise wrong_kind
        value = float(text)
    elif isinstance(response, Real) and not isinstance(response, bool):
        try:
            value = float(response)
        except (OverflowError, ValueError):
            raise wrong_kind from None
    else:
        raise wrong_kind
    if value != value or value in (float("inf"), float("-inf")):
        raise ResponseError(f"not a finite number: {_shown(response)}; write e.g. 0.25")
    return value


def _shown(value: Any) -> str:
    """A response as an error message quotes it: short, and in one line whatever it holds."""
    if isinstance(value, int) and value.bit_length() > 1000:
        return "a number of hundreds of digits"
    try:
        text = repr(value)
    except Exception:  # the repr of a stranger's object may do anything
        text = f"an object of type {type(value).__name__}"
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."
