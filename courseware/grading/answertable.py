"""Read a table of answers, the course's own or Moodle's, a block of rows at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from courseware.grading import moodle
from courseware.grading.answers import Answers, Given, drawn_questions, identify, no_seed, quiz_of
from courseware.grading.columns import Columns, name_columns, question_columns, unknown
from courseware.grading.csvfile import Row, Table
from courseware.grading.people import Person, Roster, name_key
from courseware.grading.problems import AnswersError, Problems
from courseware.quiz.folder import Quizzes
from courseware.quiz.model import Quiz

_ATTEMPT = re.compile("[1-9][0-9]{0,5}", re.ASCII)
_ROUNDED = re.compile(r"\d+[.,]?\d*E\+\d+", re.ASCII)  # what a spreadsheet makes of 16 digits


def read_table(path: Path, quizzes: Quizzes, problems: Problems, given: Given) -> Iterator[tuple[Quiz, Answers]]:
    """The rows of a table, which all belong to one quiz, or say in a column to which.

    Raises:
        AnswersError: if no row of it can be graded.
    """
    reader = _Reader(Table(path), problems, given)
    columns = reader.columns
    # By what the column says: the quiz and the column of each question, or why there is no quiz.
    found: dict[str, tuple[Quiz, dict[str, int]] | str] = {}
    if columns.quiz is None:
        quiz = quiz_of(quizzes, given.quiz, None, path)
        found[""] = quiz, reader.fitting(quiz)
    for block in reader.table.blocks():
        for line, text in block.bad:
            problems.lost(path, line, text)
        for name, rows in _by_quiz(block.rows, columns.quiz).items():
            if name not in found:
                try:
                    quiz = quiz_of(quizzes, given.quiz, name.strip() or None, path)
                    found[name] = quiz, reader.named_in(quiz)
                except AnswersError as error:
                    found[name] = str(error).removeprefix(f"{path}: ")
            match found[name]:
                case str(fault):
                    for line, _ in rows:
                        problems.lost(path, line, fault)
                case quiz, fit:
                    if answers := reader.answers(quiz, fit, rows):
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


class _Reader:
    """Turns the rows of one table into answers; the rows that cannot be graded are listed."""

    def __init__(self, table: Table, problems: Problems, given: Given):
        self.table, self.path, self.problems, self.given = table, table.path, problems, given
        self.columns: Columns = name_columns(table.header, table.path, problems)
        self._seen: Counter[str] = Counter()  # each learner's rows in Moodle's form, which does not number attempts
        self._drawn: dict[str, list[str]] = {}

    def fitting(self, quiz: Quiz) -> dict[str, int]:
        """The column of each question.

        Raises:
            AnswersError: if there is none, or nothing says what numbers a question was drawn with.
        """
        return self._with_seed(quiz, question_columns(self.columns, quiz, self.path, self.problems))

    def named_in(self, quiz: Quiz) -> dict[str, int]:
        """The column of each question of one of several quizzes.

        Raises:
            AnswersError: as `fitting`.
        """
        answers = self.columns.answers
        fit = {question.id: answers[question.id] for question in quiz.questions if question.id in answers}
        if not fit:
            raise AnswersError(f"{self.path}: no column is headed by the id of a question of {quiz.lesson}")
        return self._with_seed(quiz, fit)

    def _with_seed(self, quiz: Quiz, fit: dict[str, int]) -> dict[str, int]:
        drawn = [name for name in drawn_questions(quiz) if name in fit]
        if drawn and self.columns.seed is None and self.given.seed is None:
            raise AnswersError(f"{self.path}: {no_seed(drawn)}. No row is graded")
        self._drawn[quiz.lesson] = drawn
        return fit

    def answers(self, quiz: Quiz, fit: dict[str, int], rows: list[Row]) -> Answers | None:
        """The answers in `rows`, if any can be graded."""
        if not (rows := self._gradable(quiz, fit, rows)):
            return None
        columns = self.columns
        lines = [line for line, _ in rows]
        texts = list(zip(*(cells for _, cells in rows), strict=True))
        learners: Sequence[str] = [
            " ".join(names).strip() for names in zip(*(texts[number] for number in columns.learner), strict=True)
        ]
        known = [list(map(" ".join, zip(*(texts[number] for number in each), strict=True))) for each in columns.who]
        keys, learners, people = self._people(learners, known, lines)
        attempts = [1] * len(rows) if columns.attempt is None else [int(text) for text in texts[columns.attempt]]
        if columns.form == "moodle":
            for row, name in enumerate(keys):
                attempts[row] = self._seen[name] = self._seen[name] + 1
        default = self.given.seed
        seeds: Sequence[str | None] = [default] * len(rows)
        if columns.seed is not None:
            seeds = [text.strip() or default for text in texts[columns.seed]]
        return Answers(
            self.path, columns.form, lines, learners, seeds, attempts,
            {id_: texts[number] for id_, number in fit.items()},
            {id_: texts[number] for id_, number in columns.seconds.items() if id_ in fit},
            keys, people, () if columns.handed_in is None else texts[columns.handed_in],
        )  # fmt: skip

    def _gradable(self, quiz: Quiz, fit: dict[str, int], rows: list[Row]) -> list[Row]:
        """The rows that can be graded; the others are listed."""
        columns, path, problems = self.columns, self.path, self.problems
        if (state := columns.state) is not None:
            rows, left = _parted(rows, lambda cells: cells[state].strip().lower() in moodle.FINISHED)
            for line, cells in left:
                problems.unfinished += 1
                problems.note(path, line, f"not graded: the attempt is {cells[state]!r}, not finished")
        if (attempt := columns.attempt) is not None:
            rows, left = _parted(rows, lambda cells: bool(_ATTEMPT.fullmatch(cells[attempt].strip())))
            for line, cells in left:
                problems.lost(path, line, f"the attempt {cells[attempt]!r} is not a whole number from 1; mend it")
        rows, left = _parted(rows, lambda cells: any(cells[number].strip() for number in columns.learner))
        for line, _ in left:
            problems.lost(path, line, "no learner's name; fill it in")
        if (seed := columns.seed) is not None:
            drawn = self._drawn[quiz.lesson]
            rows, left = _parted(rows, lambda cells: not _ROUNDED.fullmatch(cells[seed].strip()))
            for line, cells in left:
                problems.lost(path, line, f"the seed {cells[seed]!r} was rounded by a spreadsheet; copy it as text")
            if drawn and self.given.seed is None:
                asked = [fit[name] for name in drawn]
                rows, left = _parted(
                    rows, lambda cells: bool(cells[seed].strip()) or not any(cells[each].strip() for each in asked)
                )
                for line, _ in left:
                    problems.lost(path, line, no_seed(drawn))
        return rows

    def _people(
        self, learners: Sequence[str], known: Sequence[Sequence[str]], lines: Sequence[int]
    ) -> tuple[list[str], Sequence[str], list[Person | None]]:
        """The key, the shown name and the person of each row; `known` are the columns that say who it is."""
        roster = self.given.roster
        if roster is None and not known:
            return list(map(name_key, learners)), learners, []
        keys, names, people = [], [], []
        for line, learner, *texts in zip(lines, learners, *known, strict=True):
            key, name, person, wrong = identify(roster, [*texts, learner], learner)
            if wrong:
                self.problems.unmatched += 1
                self.problems.note(self.path, line, f"{learner!r}: {wrong}")
            keys.append(key)
            names.append(name)
            people.append(person)
        return keys, names, people if isinstance(roster, Roster) else []


def _parted(rows: list[Row], good: Callable[[list[str]], bool]) -> tuple[list[Row], list[Row]]:
    """The rows whose cells are good, and the others."""
    kept = [row for row in rows if good(row[1])]
    return kept, [] if len(kept) == len(rows) else [row for row in rows if not good(row[1])]
