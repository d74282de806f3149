"""Grade one response to one question: pure, without printing, files, or heavy imports."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from courseware.quiz.reading import ResponseError, normal_output, normal_text, read
from courseware.quiz.tolerance import distance, within_tolerance

if TYPE_CHECKING:
    from courseware.quiz.model import (
        MatchingQuestion,
        MultipleChoice,
        NumberQuestion,
        Option,
        OrderingQuestion,
        OutputQuestion,
        Question,
        SingleChoice,
        TextQuestion,
    )

__all__ = ["Grade", "Message", "ResponseError", "grade"]


@dataclass(frozen=True)
class Message:
    """Feedback on one part of a response: `right`, `wrong`, or `missed` (a right option left unticked)."""

    verdict: Literal["right", "wrong", "missed"]
    text: str
    feedback: str
    misconception: str | None = None


@dataclass(frozen=True)
class Grade:
    """The marks for one response, the feedback, and the response in the form that is kept.

    `response` is what `reading.read` returns; grading it again gives the same grade.
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

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """The keys of the misconceptions that the response shows, each once."""
        return tuple(dict.fromkeys(m.misconception for m in self.messages if m.misconception))


def grade(question: Question, response: Any) -> Grade:
    """Grade `response`, for one point; `reading.read` says what a response may be.

    - single: one point or none.
    - multiple: with R right and W wrong options, of which r and w are ticked, the points are
      ``max(0, r/R - w/W)``: full marks for exactly the right ones, nothing for ticking all.
    - number: right within the tolerance, the edges included.
    - text: right if it is one of the accepted answers, by `reading.normal_text`.
    - output: right if it is what the code prints, by `reading.normal_output`.
    - ordering: of the n - 1 neighbours in the right order, the share that follow each other in the response.
    - matching: the share of pairs that are matched rightly.

    A question of a student's copy has no key: the response is read, and there are no points to be had.

    A question with parameters is graded as it was drawn: ``grade(question.drawn(learner, lesson), response)``.

    Raises:
        ResponseError: if the response cannot be read; the message says what came and what to write instead.

    >>> from courseware.quiz.model import NumberQuestion
    >>> question = NumberQuestion(id="half", kind="number", section="Halves", prompt="Half of 1?", answer=0.5,
    ...     tolerance={"absolute": 0.01}, feedback="Yes.", wrong="Divide 1 by 2.")
    >>> grade(question, "0,51").points, grade(question, 5).messages[0].feedback
    (1.0, 'Divide 1 by 2.')
    >>> grade(question, "a half")
    Traceback (most recent call last):
    courseware.quiz.reading.ResponseError: not a number: 'a half'; write e.g. 0.25
    """
    if question.parameters:
        raise TypeError(f"question {question.id!r} has parameters that are not drawn; grade question.drawn(...)")
    value = read(question, response)
    if not question.keyed:
        return Grade(0.0, 0.0, (), value)
    points, messages = _MARKS[question.kind](question, value)
    return Grade(points, 1.0, tuple(messages), value, question.explanation)


def _single(question: SingleChoice, chosen: str):
    [option] = [option for option in question.options if option.id == chosen]
    return float(option.correct), [_ticked(option)]


def _multiple(question: MultipleChoice, ids: list[str]):
    ticked = set(ids)
    right = {option.id for option in question.options if option.correct}
    wrong = {option.id for option in question.options if not option.correct}
    # One fraction over whole numbers, so that the right set gives exactly 1.
    points = (len(right & ticked) * len(wrong) - len(wrong & ticked) * len(right)) / (len(right) * len(wrong))
    return max(0.0, points), [
        _ticked(option) if option.id in ticked else Message("missed", option.text, option.feedback)
        for option in question.options
        if option.id in ticked or option.correct
    ]


def _ticked(option: Option) -> Message:
    return Message("right" if option.correct else "wrong", option.text, option.feedback, option.misconception)


def _number(question: NumberQuestion, value: float):
    shown = f"{value:g}" + (f" {question.unit}" if question.unit else "")
    near = [known for known in question.known_wrong if within_tolerance(question, value, known.value)]
    known = min(near, key=lambda known: distance(value, known.value), default=None)
    return _open(question, within_tolerance(question, value, question.answer), shown, known)


def _text(question: TextQuestion, text: str):
    typed = normal_text(text)
    known = next((known for known in question.known_wrong if normal_text(known.value) == typed), None)
    return _open(question, any(normal_text(answer) == typed for answer in question.answers), text, known)


def _output(question: OutputQuestion, text: str):
    typed = normal_output(text)
    known = next((known for known in question.known_wrong if normal_output(known.value) == typed), None)
    return _open(question, normal_output(question.answer) == typed, text, known)


def _ordering(question: OrderingQuestion, ids: list[str]):
    right = list(pairwise(item.id for item in question.items))
    points = sum(neighbours in right for neighbours in pairwise(ids)) / len(right)
    known = next((known for known in question.known_wrong if list(known.order) == ids), None)
    texts = {item.id: item.text for item in question.items}
    _, messages = _open(question, points == 1, "; ".join(texts[name] for name in ids), known)
    return points, messages


def _open(question, right: bool, shown: str, known):
    if right:
        return 1.0, [Message("right", shown, question.feedback)]
    if known:
        return 0.0, [Message("wrong", shown, known.feedback, known.misconception)]
    return 0.0, [Message("wrong", shown, question.wrong)]


def _matching(question: MatchingQuestion, chosen: dict[str, str]):
    texts = {choice.id: choice.text for choice in question.choices}
    messages = []
    for pair in question.pairs:
        right = chosen[pair.id] == question.key[pair.id]
        shown = f"{pair.text}: {texts[chosen[pair.id]]}"
        verdict, misconception = ("right", None) if right else ("wrong", pair.misconception)
        messages.append(Message(verdict, shown, pair.feedback, misconception))
    return sum(message.verdict == "right" for message in messages) / len(messages), messages


_MARKS = {
    "single": _single, "multiple": _multiple, "number": _number, "text": _text,
    "output": _output, "ordering": _ordering, "matching": _matching,
}  # fmt: skip
