"""Grade answers: each distinct text once a question, by `question.grade`, all others by looking it up."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from courseware.grading import moodle
from courseware.grading.adjustments import Adjustment
from courseware.grading.answers import Answers
from courseware.grading.problems import Problems
from courseware.quiz import parameters
from courseware.quiz.feedback import Grade, ResponseError
from courseware.quiz.maths import plain
from courseware.quiz.model import Quiz

_MOST_REMEMBERED = 10_000  # texts a question


@dataclass(frozen=True)
class Outcome:
    """What a response to a question comes to, apart from how it was written.

    A question of a pool that a learner did not draw is not asked. `chosen` holds the keys of the question's known answers that were given, or ``other``, or
    ``accepted`` for one of these that was accepted later. `right` says whether it earns full points by itself.
    """

    state: Literal["given", "empty", "unreadable", "absent", "not asked"]
    points: float = 0.0
    feedback: str = ""
    chosen: tuple[str, ...] = ()
    right: bool = False
    misconceptions: tuple[str, ...] = ()


# The first outcomes of every question; ABSENT is that of one that the file has no column for.
STANDARD = (
    Outcome("absent"),
    Outcome("empty", feedback="not answered"),
    Outcome("unreadable", feedback="could not be read"),
)
ABSENT, EMPTY, UNREADABLE = range(3)
_NOT_ASKED = Outcome("not asked")


class Marker:
    """Grades the responses to one question.

    Args:
        question: one of `quiz`, with its parameters undrawn.
        quiz: where it belongs to.
        adjustment: what was decided about it since.
    """

    def __init__(self, question: Any, quiz: Quiz, adjustment: Adjustment | None = None):
        self.question, self.lesson, self.adjustment = question, quiz.lesson, adjustment
        self.weight = 0.0 if adjustment and adjustment.void else adjustment.weight if adjustment else 1.0
        self.outcomes: list[Outcome] = [self._decided(outcome) for outcome in STANDARD]
        self._codes = {outcome: code for code, outcome in enumerate(self.outcomes)}
        self._draws = parameters.count(question.parameters) if question.parameters else 1
        self._known: dict[tuple[str, int], _CodeByText] = {}

    def codes(self, answers: Answers) -> list[int]:
        """The position in `outcomes` of each learner's response."""
        codes = self._codes_of(answers)
        asked = answers.asked.get(self.question.id)
        if asked is None or all(asked):
            return codes
        not_asked = self._code(_NOT_ASKED)
        return [code if is_asked else not_asked for code, is_asked in zip(codes, asked, strict=True)]

    def _codes_of(self, answers: Answers) -> list[int]:
        texts = answers.cells.get(self.question.id)
        if texts is None:
            return [ABSENT] * len(answers.lines)
        if self._draws == 1:
            return list(map(self._by_text(answers.form, 0, "").__getitem__, texts))
        codes = []
        for seed, text in zip(answers.seeds, texts, strict=True):
            if seed is None:  # of rows that leave this question out
                codes.append(EMPTY)
                continue
            place = parameters.place(self._draws, seed, self.lesson, self.question.id)
            codes.append(self._by_text(answers.form, place, seed)[text])
        return codes

    def weight_of(self, code: int) -> float:
        """The points that there were to be had, of a learner whose response is at this position in `outcomes`."""
        return 0.0 if self.outcomes[code].state == "not asked" else self.weight

    def complaint(self, text: str, seed: str | None, form: str) -> str:
        """Why a response cannot be read."""
        try:
            question = self.question.drawn(seed or "", self.lesson)
            question.grade(read_response(question, text, form))
        except ResponseError as error:
            return f"`{self.question.id}`: {error}"
        return f"`{self.question.id}` cannot be read"

    def _by_text(self, form: str, place: int, seed: str) -> _CodeByText:
        """The codes of texts in answer to the question as it is drawn for `seed`, which is at `place` of all draws."""
        if (form, place) not in self._known:
            question = self.question.drawn(seed, self.lesson)
            accepts = self._accepts(question, seed)
            self._known[form, place] = _CodeByText(
                lambda text: self._code(self._decided(_outcome(question, text, form, accepts))),
                _MOST_REMEMBERED // self._draws,
            )
        return self._known[form, place]

    def _accepts(self, question: Any, seed: str) -> Callable[[Any], bool] | None:
        """Whether a wrong answer is accepted all the same."""
        if not (self.adjustment and self.adjustment.accept):
            return None
        drawn = self.question.parameters
        values = parameters.choose(drawn, seed, self.lesson, self.question.id) if drawn else {}
        return self.adjustment.accepts(question, values)

    def _decided(self, outcome: Outcome) -> Outcome:
        """An outcome as it counts after what was decided about the question."""
        if self.adjustment and self.adjustment.full_points:
            return replace(outcome, points=1.0, feedback="")
        return replace(outcome, feedback="") if self.adjustment and self.adjustment.void else outcome

    def _code(self, outcome: Outcome) -> int:
        if outcome not in self._codes:
            self._codes[outcome] = len(self.outcomes)
            self.outcomes.append(outcome)
        return self._codes[outcome]


class _CodeByText(dict[str, int]):
    """Grades each text when it is first met, and remembers the code; of very many texts only the latest."""

    def __init__(self, grade_text: Callable[[str], int], most: int):
        super().__init__()
        self._grade_text, self._most = grade_text, most

    def __missing__(self, text: str) -> int:
        if len(self) >= self._most:
            self.clear()
        code = self[text] = self._grade_text(text)
        return code


def grade_answers(markers: Sequence[Marker], answers: Answers, problems: Problems) -> list[list[int]]:
    """The codes of each question; cells that cannot be read are listed, those that would not be shown only counted."""
    found = [marker.codes(answers) for marker in markers]
    for marker, codes in zip(markers, found, strict=True):
        lost = {code for code, each in enumerate(marker.outcomes) if each.state == "unreadable" and not each.points}
        if lost.isdisjoint(codes) or not marker.weight:
            continue
        unreadable = [row for row, code in enumerate(codes) if code in lost]
        problems.cells_lost += len(unreadable)
        for number, row in enumerate(unreadable):
            if problems.full:
                problems.more(len(unreadable) - number)
                break
            complaint = marker.complaint(answers.cells[marker.question.id][row], answers.seeds[row], answers.form)
            problems.note(answers.path, answers.lines[row], f"{complaint}; 0 points")
    return found


def read_response(question: Any, text: str, form: str) -> Any:
    """Read a response as the kind of file that it stands in writes it.

    Raises:
        ResponseError: if it cannot be read.
    """
    if form == "moodle":
        return moodle.read_moodle(question, text)
    if form == "learner":
        value = json.loads(text)
        return question.read(value) if isinstance(value, str) else question.accept(value)
    return question.read(text)


def is_blank(text: str, form: str) -> bool:
    """Whether a question was left unanswered."""
    # Two quotation marks are a text without anything in it, as JSON writes it.
    return not text.strip() or text == '""' or (form == "moodle" and text.strip() in moodle.NOT_ANSWERED)


def _outcome(question: Any, text: str, form: str, accepts: Callable[[Any], bool] | None = None) -> Outcome:
    if is_blank(text, form):
        return STANDARD[EMPTY]
    response = None
    try:
        response = read_response(question, text, form)
        result = question.grade(response)
    except ResponseError as error:
        if response is None:
            return STANDARD[UNREADABLE]
        # What can be read and is not judged, such as the right values of a print in another dress, may be accepted.
        if accepts and accepts(response):
            return Outcome("given", 1.0, "", ("accepted",), True)
        return Outcome("unreadable", feedback=f"not judged: {error}")
    if accepts and not result.correct and accepts(result.response):
        return Outcome("given", 1.0, "", ("accepted",) if result.keys == ("other",) else result.keys, True)
    feedback = "" if result.correct else " ".join(dict.fromkeys(_words(result)))
    return Outcome("given", result.points, feedback, result.keys, result.correct, result.misconceptions)


def _words(result: Grade) -> list[str]:
    """The feedback on what was not right, each in one line."""
    return [
        ("Left out: " if message.verdict == "missed" else "") + " ".join(plain(message.feedback).split())
        for message in result.messages
        if message.verdict != "right"
    ]
