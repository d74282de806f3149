"""Where the learner stands in each lesson, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from courseware.course import LessonInfo
from courseware.learner.copies import WorkspaceError, exercise_names

if TYPE_CHECKING:
    from courseware.learner.review import Review
    from courseware.progress import Progress


@dataclass(frozen=True)
class Status:
    """One lesson: its exercises with their outcome ("open" if never tried), and its quiz."""

    info: LessonInfo
    exercises: dict[str, str]
    answered: int = 0
    questions: int = 0
    points: float = 0.0

    @property
    def passed(self) -> int:
        return sum(outcome == "passed" for outcome in self.exercises.values())

    @property
    def state(self) -> str:
        """One of ``coming``, ``new``, ``started``, ``done``; a quiz is done when every question is answered."""
        if not self.info.ready:
            return "coming"
        if self.passed == len(self.exercises) and self.answered == self.questions:
            return "done"
        tried = self.answered or any(outcome != "open" for outcome in self.exercises.values())
        return "started" if tried else "new"


def status(info: LessonInfo, progress: Progress) -> Status:
    """Look up one lesson.

    Raises:
        WorkspaceError: if the lesson's notebook or quiz cannot be read.
        ProgressError: if the learner's record cannot be read.
    """
    if not info.ready:
        return Status(info, {})
    from courseware.quiz.load import QuizError, load_quiz
    from courseware.quiz.results import earlier_grades, score

    outcomes = progress.exercises(info.slug)
    try:
        quiz = load_quiz(info.quiz).drawn(progress.seed())
    except QuizError as error:
        raise WorkspaceError(str(error)) from error
    result = score(quiz, earlier_grades(quiz, progress))
    return Status(
        info,
        {name: outcomes.get(name, "open") for name in exercise_names(info)},
        result.answered,
        result.questions,
        result.points,
    )


def next_open(statuses: Iterable[Status]) -> Status | None:
    """The first lesson in teaching order that is written and not done."""
    return next((each for each in statuses if each.state in ("new", "started")), None)


def advice(statuses: Iterable[Status]) -> str:
    """The next thing to do, in a line or two."""
    each = next_open(statuses)
    if each is None:
        return "You have done every lesson that is ready. `course progress` shows them all."
    number = each.info.slug.split("_")[0]
    if each.state == "new":
        title, minutes = each.info.title, each.info.minutes
        return f'Lesson {number}, "{title}", is next ({minutes} minutes). Run `course lab {number}`.'
    for name, outcome in each.exercises.items():
        if outcome != "passed":
            state = "open" if outcome == "open" else "not passed yet"
            return f'Lesson {number}, exercise "{name}" is {state}. Run `course lab {number}`.'
    left = each.questions - each.answered
    return (
        f"Lesson {number}: every exercise is passed; {left} quiz question{'s are' if left > 1 else ' is'} open. "
        f"Run `course quiz {number}`."
    )


def reviews_line(reviews: Iterable[Review], now: datetime | None = None) -> str:
    """How many questions are due for review, or when the next will be."""
    from courseware.learner.review import due

    reviews, now = list(reviews), now or datetime.now(UTC)
    if not reviews:
        return "Nothing to review yet: questions that you have answered come back from the next day on."
    if waiting := len(due(reviews, now)):
        return f"{waiting} question{' is' if waiting == 1 else 's are'} due for review. Run `course review`."
    soonest = min(review.due for review in reviews)
    return f"Nothing is due for review before {soonest.astimezone():%Y-%m-%d %H:%M}."


def table(statuses: Iterable[Status]) -> str:
    """All lessons as a plain table that stays readable in a file or a pipe."""
    rows = [("lesson", "exercises", "quiz", "state")]
    for each in statuses:
        if each.state == "coming":
            rows.append((each.info.slug, "-", "-", "coming"))
            continue
        quiz = f"{each.points:.3g} of {each.questions} points" if each.answered else f"0 of {each.questions} answered"
        if 0 < each.answered < each.questions:
            quiz += f", {each.answered} answered"
        rows.append((each.info.slug, f"{each.passed} of {len(each.exercises)} passed", quiz, each.state))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
