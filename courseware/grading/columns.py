"""Which column of a table of answers is what: the course's own form, or Moodle's."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from courseware.grading import moodle
from courseware.grading.problems import AnswersError, Problems
from courseware.quiz.model import Quiz

SECONDS = "seconds:"
_MOST_SIGNS = 80  # of a name that others are compared with


@dataclass(frozen=True)
class Columns:
    """The numbers (from 0) of the columns; `answers` and `seconds` by question id, in Moodle's form by place."""

    form: Literal["table", "moodle"]
    learner: tuple[int, ...]
    attempt: int | None
    quiz: int | None
    state: int | None
    answers: dict[str, int]
    seconds: dict[str, int]


def name_columns(header: list[str], path: Path, problems: Problems) -> Columns:
    """Find the columns by the names in the first row.

    Raises:
        AnswersError: if it is the first row of neither form.
    """
    names = [name.lower() for name in header]
    if "learner" in names:
        seconds: dict[str, int] = {}
        answers: dict[str, int] = {}
        for number, name in enumerate(header):
            if names.index(names[number]) < number:
                if name:
                    problems.note(path, 1, f"the column `{name}` stands twice; the first counts")
            elif names[number].startswith(SECONDS):
                seconds[name[len(SECONDS) :].strip()] = number
            elif names[number] not in ("learner", "attempt", "quiz"):
                answers[name] = number
        found = {name: names.index(name) if name in names else None for name in ("attempt", "quiz")}
        return Columns("table", (names.index("learner"),), found["attempt"], found["quiz"], None, answers, seconds)
    answers, learner = moodle.responses(names), moodle.learner_columns(names)
    if answers and learner:
        return Columns("moodle", learner, None, None, moodle.state_column(names), answers, {})
    if answers:
        raise AnswersError(
            f"{path}:1: responses as Moodle exports them, but neither `Email address` nor `First name` and `Last name`; "
            "export the responses with the names of the learners"
        )
    raise AnswersError(
        f"{path}:1: no column `learner`; the first row names the columns: learner, then the questions' ids (or is that "
        "of Moodle's responses, in English)"
    )


def question_columns(columns: Columns, quiz: Quiz, path: Path, problems: Problems) -> dict[str, int]:
    """The column of each question of `quiz`; unknown and missing columns are noted."""
    moodle_s = columns.form == "moodle"
    names = {question.id: str(place) if moodle_s else question.id for place, question in enumerate(quiz.questions, 1)}
    for name in (*columns.answers, *columns.seconds):
        if name and name not in names.values():
            left_out = f"`Response {name}` is left out; {quiz.lesson} has {len(names)} questions"
            problems.note(path, 1, left_out if moodle_s else f"the column {unknown(name, names)}; it is left out")
    missing = [f"Response {name}" if moodle_s else name for name in names.values() if name not in columns.answers]
    if len(missing) == len(names):
        problems.note(path, 1, f"no column for any question of {quiz.lesson}; is this the right quiz?")
    elif missing:
        what = f"column for {', '.join(missing)}" if missing[1:] else f"column `{missing[0]}`"
        problems.note(path, 1, f"no {what}; nobody gets points for it")
    return {id_: columns.answers[name] for id_, name in names.items() if name in columns.answers}


def unknown(name: str, ids: Collection[str]) -> str:
    """Words for a question's id that the quiz does not have.

    >>> unknown("larger-pictures", ["larger-picture", "pooling"])
    '`larger-pictures` is not a question of the quiz; did you mean `larger-picture`?'
    """
    near = difflib.get_close_matches(name, ids, n=1) if len(name) <= _MOST_SIGNS else []
    name = name if len(name) <= _MOST_SIGNS else name[: _MOST_SIGNS - 3] + "..."
    return f"`{name}` is not a question of the quiz" + (f"; did you mean `{near[0]}`?" if near else "")
