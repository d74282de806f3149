"""Answers as they are graded, whatever files they come in: rows that belong to one quiz each, and to a learner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from courseware.errors import CourseError
from courseware.grading import learnerfile
from courseware.grading.people import Person, Roster, name_key
from courseware.grading.problems import AnswersError
from courseware.quiz import parameters
from courseware.quiz.folder import Quizzes
from courseware.quiz.load import QuizError
from courseware.quiz.model import Quiz


@dataclass(frozen=True)
class Answers:
    """Some learners' answers to one quiz, a row for each attempt.

    `cells` holds a column of texts by question id, which are to be read as `form` says; a question that the file has no
    column for is left out. `seconds` are texts as well. `lines` are the lines where the rows begin. `seeds` are what
    the numbers were drawn from; None where nothing says it, which only rows have that answer no question with drawn
    numbers. Two rows are one learner's if their `keys` are equal; `people` are those of the roster, if there is one.
    """

    path: Path
    form: Literal["table", "moodle", "learner"]
    lines: Sequence[int]
    learners: Sequence[str]
    seeds: Sequence[str | None]
    attempts: Sequence[int]
    cells: Mapping[str, Sequence[str]]
    seconds: Mapping[str, Sequence[str]] = field(default_factory=dict)
    keys: Sequence[str] = ()
    people: Sequence[Person | None] = ()
    handed_in: Sequence[str] = ()
    shown: str = ""  # what the file is called where its name alone does not tell it from another
    # Of each question in a pool, who was asked it; `courseware.grading.pools` finds it out.
    asked: Mapping[str, Sequence[bool]] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """What the file is called."""
        return self.shown or self.path.name

    def place(self, row: int) -> str:
        """Where a row stands."""
        return self.file if self.form == "learner" else f"{self.file}:{self.lines[row]}"


@dataclass(frozen=True)
class Given:
    """What the instructor says about all answers: their quiz, the seed of those that name none, and the roster."""

    quiz: Quiz | None = None
    seed: str | None = None
    roster: Roster | None = None


def keyed_quiz(quizzes: Quizzes, name: str, form: str | None = None) -> Quiz:
    """The quiz called `name`, or that form of it, by which answers can be graded.

    Raises:
        CourseError: if it is a student copy.
        QuizError: if there is no such quiz, or it has faults.
    """
    return _keyed(quizzes.load(name, form))


def _keyed(quiz: Quiz) -> Quiz:
    if not quiz.keyed:
        raise CourseError(
            f"{quiz.title!r} is a student copy, without keys; name the quiz that it was made from, or its folder with --quizzes"
        )
    return quiz


def quiz_of(quizzes: Quizzes, given: Quiz | None, named: str | None, path: Path) -> Quiz:
    """The quiz that answers belong to.

    Raises:
        AnswersError: if that cannot be said, or it is not the one given.
    """
    if given and not named:
        return given
    if not (name := named or quizzes.of_file(path)):
        raise AnswersError(
            f"{path}: it does not say which quiz it belongs to; add --quiz, a column `quiz`, or begin its name with "
            "the quiz's, e.g. 04_cnn_group_a.csv"
        )
    if given and name == given.lesson:
        return given
    if len(name) > learnerfile.MOST_SIGNS:
        raise AnswersError(f"{path}: no quiz has a name of {len(name)} signs; mend it")
    try:
        # A name from outside is looked up among the names of the bank, and is never a path: who hands in brings no key.
        found = quizzes.named(name)
        if given and found.lesson != given.lesson:
            raise AnswersError(
                f"{path}: these answers belong to {found.lesson}, not to {given.lesson}; they are left out"
            )
        return given or _keyed(found)
    except QuizError as error:
        raise AnswersError(f"{path}: {error.problems[0]}") from None


def drawn_questions(quiz: Quiz) -> list[str]:
    """The ids of the questions with drawn numbers, which cannot be graded unless one knows the seed."""
    return [question.id for question in quiz.questions if parameters.count(question.parameters) > 1]


def no_seed(questions: Sequence[str]) -> str:
    """Words for answers to questions with drawn numbers of which nobody knows what was drawn."""
    named = ", ".join(f"`{name}`" for name in questions)
    have = "has numbers that are" if len(questions) == 1 else "have numbers that are"
    return (
        f"{named} {have} drawn, and nothing here says with which seed; give it in a column `seed`, or with --seed "
        "(`course export` says it: 0, unless you chose another)"
    )


def moment(handed_in: str) -> float:
    """A time in seconds, by which hand-ins are put in order; those without one come last."""
    try:
        return datetime.fromisoformat(handed_in).timestamp()
    except (ValueError, OverflowError, OSError):
        return float("inf")


def in_order(attempts: Sequence[int], times: Sequence[float]) -> list[int]:
    """The places of one learner's attempts, first to last: by time if all have one, else by number, then as they stand.

    Numbers are counted by the learner's record, and anew by a page in a browser; times go on through both.

    >>> in_order([1, 2, 1], [10.0, 30.0, 20.0]), in_order([2, 1], [float("inf"), 5.0])
    ([0, 2, 1], [1, 0])
    """
    timed = float("inf") not in times
    return sorted(
        range(len(attempts)),
        key=lambda place: (times[place], attempts[place]) if timed else (attempts[place], times[place]),
    )


def identify(roster: Roster | None, texts: Sequence[str], learner: str) -> tuple[str, str, Person | None, str | None]:
    """The key of a learner, the name to be shown, the person in the roster, and what is wrong, if something is.

    `texts` are what says who it is, the surest first.
    """
    if roster is None:
        return name_key(next(filter(None, map(str.strip, texts)), learner)), learner, None, None
    found = roster.find(texts)
    if isinstance(found, Person):
        return f"line {found.line}", found.name or learner, found, None
    return name_key(next(filter(None, map(str.strip, texts)), learner)), learner, None, found
