"""Read a class's answers, whatever files they come in, as rows that belong to one quiz each."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from courseware.grading import learnerfile, moodle
from courseware.grading.columns import Columns, match, name_columns, unknown
from courseware.grading.problems import GradebookError, Problems
from courseware.grading.stretches import Cells
from courseware.grading.table import Block, Table
from courseware.quiz.folder import Quizzes
from courseware.quiz.load import QuizError
from courseware.quiz.model import Quiz

TABLES, LEARNERS = (".csv", ".tsv", ".txt"), (".yaml", ".yml", ".json")
_ATTEMPT = re.compile("[1-9][0-9]{0,5}", re.ASCII)


@dataclass(frozen=True)
class Rows:
    """Some learners' answers to one quiz, a row each.

    `cells` holds dictionary-encoded text by question id, which is to be read as `form` says; a question that the file
    has no column for is left out. `seconds` is text as well. `lines` are the lines where the rows begin.
    """

    path: Path
    form: Literal["table", "moodle", "learner"]
    learner: pa.Array
    attempt: np.ndarray
    lines: np.ndarray
    cells: Cells
    seconds: dict[str, pa.Array]
    seeds: pa.Array | None = None

    @property
    def drawn_by(self) -> pa.Array:
        """What each learner's numbers were drawn from: the seed that is handed in, else the learner's name."""
        return self.learner if self.seeds is None else self.seeds

    def __len__(self) -> int:
        return len(self.lines)


def answer_files(paths: Iterable[Path]) -> list[Path]:
    """The files that `paths` stand for: a folder stands for the files in it, in the order of their names.

    Raises:
        GradebookError: if one is not there, or is not a kind of file that holds answers.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in TABLES + LEARNERS and p.is_file())
            if not inside:
                raise GradebookError(f"{path}: no answers in this folder; they are .csv, .yaml or .json files")
            found += inside
        elif not path.exists():
            raise GradebookError(f"{path}: no such file; check the name")
        elif path.suffix.lower() not in TABLES + LEARNERS:
            raise GradebookError(f"{path}: not a file of answers; name .csv, .yaml or .json files, or folders of them")
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def read(
    files: list[Path], quizzes: Quizzes, problems: Problems, given: Quiz | None = None
) -> Iterator[tuple[Quiz, Rows]]:
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
        except GradebookError as error:
            problems.lost(None, None, str(error))


def _one_learner(path: Path, quizzes: Quizzes, given: Quiz | None) -> tuple[Quiz, Rows]:
    answers = learnerfile.read(path)
    quiz = _quiz(quizzes, given, answers.quiz, path)
    known = {question.id for question in quiz.questions}
    for name in (*answers.answers, *answers.seconds):
        if name not in known:
            raise GradebookError(f"{path}: {unknown(name, known)}")
    return quiz, Rows(
        path, "learner", pa.array([answers.learner], pa.string()), np.array([answers.attempt]), np.array([1]),
        Cells({name: _encoded(json.dumps(_given(answers.answers.get(name)))) for name in sorted(known)}),
        {name: pa.array([str(value)]) for name, value in answers.seconds.items()},
        pa.array([answers.seed or answers.learner], pa.string()),
    )  # fmt: skip


def _given(value: Any) -> Any:
    return "" if value is None else value


def _encoded(text: str) -> pa.Array:
    return pa.array([text], pa.string()).dictionary_encode()


def _quiz(quizzes: Quizzes, given: Quiz | None, named: str | None, path: Path) -> Quiz:
    """The quiz that answers belong to.

    Raises:
        GradebookError: if that cannot be said, or it is not the one given.
    """
    if named:
        try:
            quiz = quizzes.load(named)
        except QuizError as error:
            raise GradebookError(f"{path}: {error.problems[0]}") from None
        if given and quiz.lesson != given.lesson:
            raise GradebookError(
                f"{path}: these answers belong to {quiz.lesson}, not to {given.lesson}; they are left out"
            )
        return given or quiz
    if given:
        return given
    name = quizzes.of_file(path)
    if name is None:
        raise GradebookError(
            f"{path}: it does not say which quiz it belongs to; add --quiz, a column `quiz`, or begin its name with "
            "the quiz's, e.g. 04_cnn_group_a.csv"
        )
    try:
        return quizzes.load(name)
    except QuizError as error:
        raise GradebookError(f"{path}: {error.problems[0]}") from None


def _table(path: Path, quizzes: Quizzes, problems: Problems, given: Quiz | None) -> Iterator[tuple[Quiz, Rows]]:
    table = Table(path)
    columns = name_columns(table.header, path, problems)
    encoded = [*columns.answers.values(), *(n for n in (columns.attempt, columns.quiz, columns.state) if n is not None)]
    text = [*columns.learner, *columns.seconds.values()]
    if columns.quiz is None:
        quiz = _quiz(quizzes, given, None, path)
        fit = match(columns, quiz, path, problems)
        together = [fit[question.id] for question in quiz.questions if question.id in fit and not question.parameters]
        seen: Counter[str] = Counter()
        for block in _listed(path, table.blocks(encoded, text, together), problems):
            rows = _rows(path, columns, fit, block, problems)
            yield quiz, _numbered(rows, seen) if rows.form == "moodle" else rows
    else:
        yield from _by_quiz(
            path, columns, _listed(path, table.blocks(encoded, text), problems), quizzes, problems, given
        )


def _numbered(rows: Rows, seen: Counter[str]) -> Rows:
    """Moodle does not number attempts: a learner's rows are the first, the second, ... as they stand in the file."""
    attempt = np.zeros(len(rows), dtype=np.int64)
    for row, name in enumerate(rows.learner.to_pylist()):
        seen[name] += 1
        attempt[row] = seen[name]
    return replace(rows, attempt=attempt)


def _listed(path: Path, blocks: Iterable[Block], problems: Problems) -> Iterator[Block]:
    for block in blocks:
        for line, text in block.bad:
            problems.lost(path, line, text)
        if len(block.lines):
            yield block


def _by_quiz(
    path: Path, columns: Columns, blocks: Iterable[Block], quizzes: Quizzes, problems: Problems, given: Quiz | None
) -> Iterator[tuple[Quiz, Rows]]:
    """The rows of a table that says in a column which quiz each belongs to."""
    found: dict[str, Quiz | str] = {}
    used: set[str] = set()
    for block in blocks:
        named = block.columns[columns.quiz]
        for number, name in enumerate(named.dictionary.to_pylist()):
            part = _only(block, np.from_dlpack(named.indices) == number)
            if not len(part.lines):
                continue
            if name not in found:
                try:
                    found[name] = _quiz(quizzes, given, name.strip() or None, path)
                    used.update(question.id for question in found[name].questions)
                except GradebookError as error:
                    found[name] = str(error)
            quiz = found[name]
            if isinstance(quiz, str):
                for line in part.lines.tolist():
                    problems.lost(path, line, quiz.removeprefix(f"{path}: "))
            else:
                fit = {q.id: columns.answers[q.id] for q in quiz.questions if q.id in columns.answers}
                yield quiz, _rows(path, columns, fit, part, problems)
    for name in columns.answers:
        if name and used and name not in used:
            problems.note(path, 1, f"the column {unknown(name, used)}; it is left out")


def _only(block: Block, mask: np.ndarray) -> Block:
    return Block(block.columns.filter(mask), block.lines[mask])


def _rows(path: Path, columns: Columns, fit: dict[str, int], block: Block, problems: Problems) -> Rows:
    """The rows of a block that can be graded; the others are listed."""
    good = np.ones(len(block.lines), dtype=bool)
    if columns.state is not None:
        state = block.columns[columns.state]
        finished = [name.strip().lower() in moodle.FINISHED for name in state.dictionary.to_pylist()]
        unfinished = ~np.array(finished, dtype=bool)[np.from_dlpack(state.indices)]
        for row in np.flatnonzero(unfinished).tolist():
            problems.unfinished += 1
            problems.note(
                path, int(block.lines[row]), f"not graded: the attempt is {state[row].as_py()!r}, not finished"
            )
        good &= ~unfinished
    attempt = np.ones(len(block.lines), dtype=np.int64)
    if columns.attempt is not None:
        given = block.columns[columns.attempt]
        texts = [text.strip() for text in given.dictionary.to_pylist()]
        numbers = [int(text) if _ATTEMPT.fullmatch(text) else 0 for text in texts]
        attempt = np.array(numbers, dtype=np.int64)[np.from_dlpack(given.indices)]
        for row in np.flatnonzero(good & (attempt == 0)).tolist():
            what = f"the attempt {given[row].as_py()!r} is not a whole number from 1; mend it"
            problems.lost(path, int(block.lines[row]), what)
        good &= attempt > 0
    names = [block.columns[number] for number in columns.learner]
    learner = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*names, " ") if names[1:] else names[0])
    nameless = np.from_dlpack(pc.binary_length(learner)) == 0
    for row in np.flatnonzero(good & nameless).tolist():
        problems.lost(path, int(block.lines[row]), "no learner's name; fill it in")
    good &= ~nameless
    if not good.all():
        block, attempt, learner = _only(block, good), attempt[good], learner.filter(pa.array(good))
    return Rows(
        path, columns.form, learner, attempt, block.lines,
        block.columns.renamed({number: id_ for id_, number in fit.items()}),
        {id_: block.columns[n] for id_, n in columns.seconds.items() if id_ in fit},
    )  # fmt: skip
