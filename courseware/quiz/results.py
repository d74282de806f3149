"""Where a learner stands in a quiz: earlier answers graded again, the score, and what to reread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from courseware.progress import Progress
from courseware.quiz.feedback import Grade, ResponseError
from courseware.quiz.model import Quiz


@dataclass(frozen=True)
class Score:
    """The points over the whole quiz.

    `reread` holds the sections of missed questions, `misconceptions` the keys of those that the latest answers show;
    both in the lesson's order, each once.
    """

    points: float
    out_of: float
    answered: int
    questions: int
    reread: tuple[str, ...]
    misconceptions: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.out_of:
            return f"{self.answered} of {self.questions} answered"
        answered = "" if self.answered == self.questions else f", {self.answered} of {self.questions} answered"
        return f"Score: {self.points:.3g} of {self.out_of:g} points{answered}"


def earlier_grades(quiz: Quiz, progress: Progress) -> dict[str, Grade]:
    """The learner's latest answer to each question, graded by the quiz (as drawn for the learner) as it is today.

    An answer that no longer fits (a question or option was taken out, or it names an option by where it stood in an
    older student copy) counts as not given.

    Raises:
        ProgressError: if the learner's record cannot be read.
    """
    answers = progress.answers(quiz.record)
    grades = {}
    for question in quiz.questions:
        if question.id in answers and not question.is_by_place(answers[question.id].response):
            try:
                grades[question.id] = question.grade(answers[question.id].response)
            except ResponseError:
                continue
    return grades


def tries(progress: Progress) -> Counter[tuple[str, str]]:
    """How often each question was answered, by the quiz's name in the record and the question's id.

    Raises:
        ProgressError: if the learner's record cannot be read.
    """
    return Counter((answer.quiz, answer.question) for answer in progress.all_answers())


def to_earlier_versions(quiz: Quiz, progress: Progress, grades: Mapping[str, Grade]) -> int:
    """How many questions the learner answered that have no grade today: they were taken out, or the answer no longer fits.

    Those to a student copy of this name in another folder are to an earlier version as well.

    Raises:
        ProgressError: if the learner's record cannot be read.
    """
    kept = {(answer.quiz, answer.question) for answer in progress.all_answers()}
    known = {(quiz.record, name) for name in grades}
    others = f"{quiz.lesson} in "
    return sum(name == quiz.record or (not quiz.keyed and name.startswith(others)) for name, _ in kept - known)


def score(quiz: Quiz, grades: Mapping[str, Grade]) -> Score:
    """Add up `grades` (by question id); a question without one has no points yet."""
    missed = [q.section for q in quiz.questions if q.id in grades and not grades[q.id].correct]
    given = [grades[q.id] for q in quiz.questions if q.id in grades]
    misconceptions = [key for g in given for key in g.misconceptions]
    total = float(sum(q.keyed for q in quiz.questions))
    points = sum(g.points for g in given)
    return Score(points, total, len(given), len(quiz.questions), _each_once(missed), _each_once(misconceptions))


def _each_once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
