"""Which column of a table of answers is what: the course's own form, or Moodle's."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from courseware.grading import moodle
from courseware.grading.problems import AnswersError, Problems
from courseware.quiz.model import Quiz

SECONDS = "seconds:"
OWN = ("learner", "id", "attempt", "quiz", "seed", "handed_in")  # columns that hold no answers, beside
_EMAIL = ("email", "e-mail")
_MOST_NAMED = 40  # unknown columns of a table
_MOST_SIGNS = 80  # of a name that others are compared with


@dataclass(frozen=True)
class Columns:
    """The numbers (from 0) of the columns; `answers` and `seconds` by question id, in Moodle's form by place.

    `learner` are the columns that name the learner, joined; each of `who` are others that say who it is, the surest
    first.
    """

    form: Literal["table", "moodle"]
    learner: tuple[int, ...]
    who: tuple[tuple[int, ...], ...]
    attempt: int | None
    quiz: int | None
    state: int | None
    seed: int | None
    handed_in: int | None
    answers: dict[str, int]
    seconds: dict[str, int]
    asked: dict[str, int] = field(default_factory=dict)  # in Moodle's form what was asked, by place
    times: tuple[int, ...] = ()  # in Moodle's form


def name_columns(header: list[str], path: Path, problems: Problems) -> Columns:
    """Find the columns by the names in the first row.

    Raises:
        AnswersError: if it is the first row of neither form.
    """
    names: dict[str, int] = {}
    for number, name in enumerate(header):
        if names.setdefault(name.lower(), number) < number and name:
            problems.note(path, 1, f"the column `{name}` stands twice; the first counts")
    first = {name: names.get(name) for name in OWN}
    if "learner" in names:
        who: tuple[tuple[int, ...], ...] = tuple((names[name],) for name in ("id", *_EMAIL) if name in names)
        named = [(header[number], number) for name, number in names.items() if name not in (*OWN, *_EMAIL)]
        seconds = {name[len(SECONDS) :].strip(): number for name, number in named if name.lower().startswith(SECONDS)}
        return Columns(
            "table", (names["learner"],), who, first["attempt"], first["quiz"], None, first["seed"], first["handed_in"],
            {name: number for name, number in named if not name.lower().startswith(SECONDS)}, seconds,
        )  # fmt: skip
    answers, learner = moodle.responses(names), moodle.learner_columns(names)
    if answers and learner:
        who = tuple(tuple(names[name] for name in each) for each in moodle.WHO if all(name in names for name in each))
        return Columns(
            "moodle", learner, who, None, None, moodle.state_column(names), first["seed"], None, answers, {},
            moodle.questions(names), moodle.time_columns(names),
        )  # fmt: skip
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
    """The column of each question of `quiz`; unknown and missing columns are noted.

    Raises:
        AnswersError: if there is none for any question.
    """
    moodle_s = columns.form == "moodle"
    names = {question.id: question.id for question in quiz.questions}
    if moodle_s and not columns.asked and quiz.pools:
        raise AnswersError(
            f"{path}:1: no columns `Question 1`, `Question 2`, which say what was drawn from the pools of {quiz.lesson}; "
            "download the responses with the text of the questions"
        )
    if moodle_s and not columns.asked:
        problems.note(
            path, 1, "WARNING: no columns `Question 1`, `Question 2`, so that answers are taken in the order of "
            f"{quiz.lesson} as it is now; marks are wrong if a question was moved, added or deleted since the export. "
            "Download the responses with the text of the questions", loud=True,
        )  # fmt: skip
    if moodle_s:
        ids, note = moodle.places(quiz, columns.answers.keys())
        names = {id_: str(place) for place, id_ in enumerate(ids, 1)}
        if note:
            problems.note(path, 1, note)
    known = set(names.values())
    for number, name in enumerate(name for name in (*columns.answers, *columns.seconds) if name and name not in known):
        if name in columns.asked:
            continue  # what was asked there says more
        if moodle_s:
            problems.note(path, 1, f"`Response {name}` is left out; {quiz.lesson} has {len(names)} questions")
        elif number < _MOST_NAMED:
            problems.note(path, 1, f"the column {unknown(name, known)}; it is left out")
        else:
            problems.more(1)
    missing = [f"Response {name}" if moodle_s else name for name in names.values() if name not in columns.answers]
    if columns.asked.keys() >= columns.answers.keys():
        missing = []
    if len(missing) == len(names):
        raise AnswersError(f"{path}:1: no column for any question of {quiz.lesson}; is this the right quiz?")
    if missing:
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
