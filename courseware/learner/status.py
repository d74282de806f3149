"""Where the learner stands in each lesson, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from courseware import course
from courseware.course import LessonInfo
from courseware.errors import CourseError
from courseware.learner.copies import exercise_names
from courseware.progress import PASSED, Progress, ProgressError
from courseware.quiz.load import load_quiz
from courseware.quiz.results import earlier_grades, score
from courseware.tables import text_table


@dataclass(frozen=True)
class Status:
    """One lesson: its exercises with their outcome ("open" if never tried), and its quiz."""

    info: LessonInfo
    exercises: dict[str, str]
    answered: int = 0
    questions: int = 0
    points: float = 0.0
    problem: str = ""  # why its notebook or its quiz cannot be read

    @property
    def passed(self) -> int:
        return sum(outcome == PASSED for outcome in self.exercises.values())

    @property
    def state(self) -> str:
        """One of ``coming``, ``broken``, ``new``, ``started``, ``done``; a quiz is done when every question is answered."""
        if not self.info.ready:
            return "coming"
        if self.problem:
            return "broken"
        if self.passed == len(self.exercises) and self.answered == self.questions:
            return "done"
        tried = self.answered or any(outcome != "open" for outcome in self.exercises.values())
        return "started" if tried else "new"


def status(info: LessonInfo, progress: Progress) -> Status:
    """Look up one lesson.

    Raises:
        CourseError: if the lesson's notebook or quiz cannot be read.
        ProgressError: if the learner's record cannot be read.
    """
    if not info.ready:
        return Status(info, {})
    outcomes = progress.exercises(info.slug)
    quiz = load_quiz(info.quiz).drawn(progress.seed())
    result = score(quiz, earlier_grades(quiz, progress))
    return Status(
        info,
        {name: outcomes.get(name, "open") for name in exercise_names(info)},
        result.answered,
        result.questions,
        result.points,
    )


def statuses(progress: Progress) -> list[Status]:
    """Look up all lessons, in teaching order; one that cannot be read says so in its status.

    Raises:
        ProgressError: if the learner's record cannot be read.
    """
    found = []
    for info in course.lessons():
        try:
            found.append(status(info, progress))
        except ProgressError:
            raise
        except CourseError as error:
            found.append(Status(info, {}, problem=str(error)))
    return found


def next_open(statuses: Iterable[Status], worked_in: Iterable[str] = ()) -> Status | None:
    """The lesson that was worked in last if something of it is open, else the next one in teaching order that is not done.

    `worked_in` names lessons, the one worked in last first, as `Progress.worked_in` does.
    """
    in_order = list(statuses)
    slugs = [each.info.slug for each in in_order]
    start = next((slugs.index(slug) for slug in worked_in if slug in slugs), 0)
    return next((each for each in in_order[start:] + in_order[:start] if each.state in ("new", "started")), None)


def next_lesson(progress: Progress) -> LessonInfo | None:
    """The lesson that `next_open` finds, without its status."""
    each = next_open(statuses(progress), progress.worked_in())
    return each.info if each else None


def advice(statuses: Iterable[Status], worked_in: Iterable[str] = ()) -> str:
    """The next thing to do, in a line or two."""
    each = next_open(statuses, worked_in)
    if each is None:
        return "You have done every lesson that is ready. `course progress` shows them all. `course project` has a project to finish with."
    number = each.info.slug.split("_")[0]
    if each.state == "new":
        title, minutes = each.info.title, each.info.minutes
        return f'Lesson {number}, "{title}", is next ({minutes} minutes). Run `course lab {number}`.'
    for name, outcome in each.exercises.items():
        if outcome != PASSED:
            state = "open" if outcome == "open" else "not passed yet"
            return f'Lesson {number}, exercise "{name}" is {state}. Run `course lab {number}`.'
    left = each.questions - each.answered
    return (
        f"Lesson {number}: every exercise is passed; {left} quiz question{'s are' if left > 1 else ' is'} open. "
        f"Run `course quiz {number}`."
    )


def lessons_table(statuses: Iterable[Status]) -> str:
    """All lessons as a plain table that stays readable in a file or a pipe."""
    rows = []
    for each in statuses:
        if each.state == "coming":
            rows.append((each.info.slug, "-", "-", "coming"))
            continue
        if each.problem:
            rows.append((each.info.slug, "-", "-", "cannot be read"))
            continue
        quiz = f"{each.points:.3g} of {each.questions} points" if each.answered else f"0 of {each.questions} answered"
        if 0 < each.answered < each.questions:
            quiz += f", {each.answered} answered"
        rows.append((each.info.slug, f"{each.passed} of {len(each.exercises)} passed", quiz, each.state))
    return text_table(("lesson", "exercises", "quiz", "state"), rows)


def as_rows(statuses: Iterable[Status]) -> list[dict[str, object]]:
    """All lessons as plain data, for programs."""
    return [
        {
            "lesson": each.info.slug, "state": each.state, "exercises": each.exercises,
            "questions": each.questions, "answered": each.answered, "points": each.points,
        }
        for each in statuses
    ]  # fmt: skip
