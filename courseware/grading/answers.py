"""Read a class's answers, whatever files they come in, as rows that belong to one quiz each."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from courseware.errors import CourseError
from courseware.grading import learnerfile, moodle
from courseware.grading.columns import Columns, name_columns, question_columns, unknown
from courseware.grading.csvfile import Row, Table
from courseware.grading.problems import AnswersError, Problems
from courseware.quiz.folder import Quizzes
from courseware.quiz.load import QuizError
from courseware.quiz.model import Quiz

TABLES, LEARNERS = (".csv", ".tsv", ".txt"), (".yaml", ".yml", ".json")
_ATTEMPT = re.compile("[1-9][0-9]{0,5}", re.ASCII)


@dataclass(frozen=True)
class Answers:
    """Some learners' answers to one quiz, a row for each attempt.

    `cells` holds a column of texts by question id, which are to be read as `form` says; a question that the file has no
    column for is left out. `seconds` are texts as well. `lines` are the lines where the rows begin. `seeds` are what
    each learner's numbers were drawn from: the seed that is handed in, else the learner's name.
    """

    path: Path
    form: Literal["table", "moodle", "learner"]
    lines: Sequence[int]
    learners: Sequence[str]
    seeds: Sequence[str]
    attempts: Sequence[int]
    cells: Mapping[str, Sequence[str]]
    seconds: Mapping[str, Sequence[str]] = field(default_factory=dict)


def answer_files(paths: Iterable[Path]) -> list[Path]:
    """The files that `paths` stand for: a folder stands for the files in it, in the order of their names.

    Raises:
        CourseError: if one is not there, or is not a kind of file that holds answers.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in TABLES + LEARNERS and p.is_file())
            if not inside:
                raise CourseError(f"{path}: no answers in this folder; they are .csv, .yaml or .json files")
            found += inside
        elif not path.exists():
            raise CourseError(f"{path}: no such file; check the name")
        elif path.suffix.lower() not in TABLES + LEARNERS:
            raise CourseError(f"{path}: not a file of answers; name .csv, .yaml or .json files, or folders of them")
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def keyed_quiz(quizzes: Quizzes, name: str) -> Quiz:
    """The quiz called `name`, by which answers can be graded.

    Raises:
        CourseError: if it is a student copy.
        QuizError: if there is no such quiz, or it has faults.
    """
    return _keyed(quizzes.load(name))


def _keyed(quiz: Quiz) -> Quiz:
    if not quiz.keyed:
        raise CourseError(
            f"{quiz.title!r} is a student copy, without keys; name the quiz that it was made from, or its folder with --quizzes"
        )
    return quiz


def read_answers(
    files: list[Path], quizzes: Quizzes, problems: Problems, given: Quiz | None = None
) -> Iterator[tuple[Quiz, Answers]]:
    """The answers in `files`, each batch with its quiz; what cannot be read goes to `problems`.

    With `given`, answers that say they belong to another quiz are listed. Without, the quiz is the one that a row or a
    file names, or that the file's name begins with.
    """
    for path in files:
        try:
            if path.suffix.lower() in LEARNERS:
                yield _one_learner(path, quizzes, given)
            else:
                yield from _table(path, quizzes, problems, given)
        except AnswersError as error:
            problems.lost(None, None, str(error))


def _one_learner(path: Path, quizzes: Quizzes, given: Quiz | None) -> tuple[Quiz, Answers]:
    found = learnerfile.read(path)
    quiz = _quiz(quizzes, given, found.quiz, path)
    known = {question.id for question in quiz.questions}
    for name in (*found.answers, *found.seconds):
        if name not in known:
            raise AnswersError(f"{path}: {unknown(name, known)}")
    cells = {name: [json.dumps(_given(found.answers.get(name)))] for name in known}
    seconds = {name: [str(value)] for name, value in found.seconds.items()}
    seed = found.seed or found.learner
    return quiz, Answers(path, "learner", [1], [found.learner], [seed], [found.attempt], cells, seconds)


def _given(value: Any) -> Any:
    return "" if value is None else value


def _quiz(quizzes: Quizzes, given: Quiz | None, named: str | None, path: Path) -> Quiz:
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


def _table(path: Path, quizzes: Quizzes, problems: Problems, given: Quiz | None) -> Iterator[tuple[Quiz, Answers]]:
    """The rows of a table, which all belong to one quiz, or say in a column to which."""
    table = Table(path)
    columns = name_columns(table.header, path, problems)
    # By what the column says: the quiz and the column of each question, or why there is no quiz.
    found: dict[str, tuple[Quiz, dict[str, int]] | str] = {}
    if columns.quiz is None:
        quiz = _quiz(quizzes, given, None, path)
        found[""] = quiz, question_columns(columns, quiz, path, problems)
    seen: Counter[str] = Counter()
    for block in table.blocks():
        for line, text in block.bad:
            problems.lost(path, line, text)
        for name, rows in _by_quiz(block.rows, columns.quiz).items():
            if name not in found:
                try:
                    quiz = _quiz(quizzes, given, name.strip() or None, path)
                    found[name] = quiz, {q.id: columns.answers[q.id] for q in quiz.questions if q.id in columns.answers}
                except AnswersError as error:
                    found[name] = str(error).removeprefix(f"{path}: ")
            match found[name]:
                case str(fault):
                    for line, _ in rows:
                        problems.lost(path, line, fault)
                case quiz, fit:
                    if answers := _answers(path, columns, fit, rows, problems, seen):
                        yield quiz, answers
    if columns.quiz is not None:
        known = {question.id for each in found.values() if not isinstance(each, str) for question in each[0].questions}
        for name in columns.answers:
            if name and known and name not in known:
                problems.note(path, 1, f"the column {unknown(name, known)}; it is left out")


def _by_quiz(rows: list[Row], column: int | None) -> dict[str, list[Row]]:
    """The rows by what the column for the quiz says."""
    if column is None:
        return {"": rows}
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(row[1][column], []).append(row)
    return parts


def _answers(
    path: Path, columns: Columns, fit: dict[str, int], rows: list[Row], problems: Problems, seen: Counter[str]
) -> Answers | None:
    """The answers in `rows`, if any can be graded; the other rows are listed.

    `seen` counts each learner's rows in Moodle's form, which does not number attempts.
    """
    state, attempt = columns.state, columns.attempt
    if state is not None:
        rows, left = _parted(rows, lambda cells: cells[state].strip().lower() in moodle.FINISHED)
        for line, cells in left:
            problems.unfinished += 1
            problems.note(path, line, f"not graded: the attempt is {cells[state]!r}, not finished")
    if attempt is not None:
        rows, left = _parted(rows, lambda cells: bool(_ATTEMPT.fullmatch(cells[attempt].strip())))
        for line, cells in left:
            problems.lost(path, line, f"the attempt {cells[attempt]!r} is not a whole number from 1; mend it")
    rows, left = _parted(rows, lambda cells: any(cells[number].strip() for number in columns.learner))
    for line, _ in left:
        problems.lost(path, line, "no learner's name; fill it in")
    if not rows:
        return None
    texts = list(zip(*(cells for _, cells in rows), strict=True))
    learners = [" ".join(names).strip() for names in zip(*(texts[number] for number in columns.learner), strict=True)]
    attempts = [1] * len(rows) if attempt is None else [int(text) for text in texts[attempt]]
    if columns.form == "moodle":
        for row, name in enumerate(learners):
            attempts[row] = seen[name] = seen[name] + 1
    seconds = {id_: texts[number] for id_, number in columns.seconds.items() if id_ in fit}
    cells_of = {id_: texts[number] for id_, number in fit.items()}
    return Answers(path, columns.form, [line for line, _ in rows], learners, learners, attempts, cells_of, seconds)


def _parted(rows: list[Row], good: Callable[[list[str]], bool]) -> tuple[list[Row], list[Row]]:
    """The rows whose cells are good, and the others."""
    kept = [row for row in rows if good(row[1])]
    return kept, [] if len(kept) == len(rows) else [row for row in rows if not good(row[1])]
