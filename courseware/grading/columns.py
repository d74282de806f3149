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
        seconds, answers = {}, {}
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
    responses, learner = moodle.responses(header), moodle.learner_columns(header)
    if responses and learner:
        answers = {str(place): number for place, number in responses.items()}
        return Columns("moodle", learner, None, None, moodle.state_column(header), answers, {})
    if responses:
        raise AnswersError(
            f"{path}:1: responses as Moodle exports them, but neither `Email address` nor `First name` and `Last name`; "
            "export the responses with the names of the learners"
        )
    raise AnswersError(
        f"{path}:1: no column `learner`; the first row names the columns: learner, then the questions' ids (or is that "
        "of Moodle's responses, in English)"
    )


def match(columns: Columns, quiz: Quiz, path: Path, problems: Problems) -> dict[str, int]:
    """The column of each question of `quiz`; unknown and missing columns are noted."""
    ids = [question.id for question in quiz.questions]
    if columns.form == "moodle":
        by_id = {id_: columns.answers.get(str(place)) for place, id_ in enumerate(ids, 1)}
        for name in columns.answers:
            if int(name) > len(ids):
                problems.note(path, 1, f"`Response {name}` is left out; {quiz.lesson} has {len(ids)} questions")
        missing = [f"Response {place}" for place, id_ in enumerate(ids, 1) if by_id[id_] is None]
    else:
        by_id = {id_: columns.answers.get(id_) for id_ in ids}
        for name in (*columns.answers, *columns.seconds):
            if name and name not in ids:
                problems.note(path, 1, f"the column {unknown(name, ids)}; it is left out")
        missing = [id_ for id_ in ids if by_id[id_] is None]
    if len(missing) == len(ids):
        problems.note(path, 1, f"no column for any question of {quiz.lesson}; is this the right quiz?")
    else:
        if missing:
            what = f"column for {', '.join(missing)}" if missing[1:] else f"column `{missing[0]}`"
            problems.note(path, 1, f"no {what}; nobody gets points for it")
    return {id_: number for id_, number in by_id.items() if number is not None}


def unknown(name: str, ids: Collection[str]) -> str:
    """Words for a question's id that the quiz does not have.

    >>> unknown("larger-pictures", ["larger-picture", "pooling"])
    '`larger-pictures` is not a question of the quiz; did you mean `larger-picture`?'
    """
    near = difflib.get_close_matches(name, ids, n=1)
    return f"`{name}` is not a question of the quiz" + (f"; did you mean `{near[0]}`?" if near else "")
