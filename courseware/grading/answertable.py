"""Read a table of answers, the course's own or Moodle's, a block of rows at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from courseware.grading import moodle
from courseware.grading.answers import Answers, Given, drawn_questions, identify, no_seed, quiz_of
from courseware.grading.columns import Columns, name_columns, question_columns, unknown
from courseware.grading.csvfile import Row, Table
from courseware.grading.moodletable import AsAsked, numbered
from courseware.grading.people import Person, Roster, name_key
from courseware.grading.problems import AnswersError, Problems
from courseware.grading.seeds import no_such_seed, tidy_seed
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
        if (named := quizzes.of_file(path)) and named != quiz.lesson:
            problems.note(
                path,
                None,
                f"WARNING: by its name it belongs to {named}; it is graded as {quiz.lesson}, which you named",
                loud=True,
            )
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
                    yield from ((quiz, answers) for answers in reader.answers(quiz, fit, rows))
    if columns.quiz is not None:
        known = {question.id for each in found.values() if not isinstance(each, str) for question in each[0].questions}
        for name in columns.answers:
            if name and known and name not in known:
                problems.note(path, 1, f"the column {unknown(name, known)}; it is left out")


def says_when(path: Path) -> bool:
    """Whether a table says when its answers were handed in."""
    try:
        names = {name.lower(): number for number, name in enumerate(Table(path).header)}
    except AnswersError:
        return False  # whoever reads it says why
    return "handed_in" in names or bool(moodle.responses(names) and moodle.time_columns(names))


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
        self._attempts = numbered(table, self.columns, problems) if self.columns.form == "moodle" else {}
        self._as_asked = AsAsked(table.path, self.columns, problems, self._seed)
        self._drawn: dict[str, list[str]] = {}

    def fitting(self, quiz: Quiz) -> dict[str, int]:
        """The column of each question.

        Raises:
            AnswersError: if there is none.
        """
        return self._noted(quiz, question_columns(self.columns, quiz, self.path, self.problems))

    def named_in(self, quiz: Quiz) -> dict[str, int]:
        """The column of each question of one of several quizzes.

        Raises:
            AnswersError: as `fitting`.
        """
        answers = self.columns.answers
        fit = {question.id: answers[question.id] for question in quiz.questions if question.id in answers}
        if not fit:
            raise AnswersError(f"{self.path}: no column is headed by the id of a question of {quiz.lesson}")
        return self._noted(quiz, fit)

    def _noted(self, quiz: Quiz, fit: dict[str, int]) -> dict[str, int]:
        self._drawn[quiz.lesson] = [name for name in drawn_questions(quiz) if name in fit]
        return fit

    def answers(self, quiz: Quiz, fit: dict[str, int], rows: list[Row]) -> Iterator[Answers]:
        """The answers in `rows`, as far as they can be graded."""
        for part, rows_of_it in self._as_asked.parted(quiz, fit, rows):
            if gradable := self._gradable(quiz, part, rows_of_it):
                yield self._answers(part, gradable)

    def _seed(self, cells: Sequence[str]) -> str | None:
        """What the numbers of a row were drawn with."""
        said = "" if self.columns.seed is None else cells[self.columns.seed].strip()
        return (said and (tidy_seed(said) or said)) or self.given.seed

    def _answers(self, fit: dict[str, int], rows: list[Row]) -> Answers:
        columns = self.columns
        lines = [line for line, _ in rows]
        texts = list(zip(*(cells for _, cells in rows), strict=True))
        learners: Sequence[str] = [
            " ".join(names).strip() for names in zip(*(texts[number] for number in columns.learner), strict=True)
        ]
        known = [list(map(" ".join, zip(*(texts[number] for number in each), strict=True))) for each in columns.who]
        if "" in learners:
            learners = [
                learner or next(filter(None, map(str.strip, texts)), "")
                for learner, *texts in zip(learners, *known, strict=True)
            ]
        keys, learners, people = self._people(learners, known, lines)
        attempts = [1] * len(rows)
        if columns.attempt is not None:
            attempts = [int(text) if text.strip() else 1 for text in texts[columns.attempt]]
        handed_in: Sequence[str] = () if columns.handed_in is None else texts[columns.handed_in]
        if columns.form == "moodle":
            found = [self._attempts[line] for line in lines]
            attempts, handed_in = [each[0] for each in found], [each[1] for each in found]
        return Answers(
            self.path, columns.form, lines, learners, [self._seed(cells) for _, cells in rows], attempts,
            {id_: texts[number] for id_, number in fit.items()},
            {id_: texts[number] for id_, number in columns.seconds.items() if id_ in fit},
            keys, people, handed_in, self.problems.name(self.path),
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
            rows, left = _parted(rows, lambda cells: bool(_ATTEMPT.fullmatch(cells[attempt].strip() or "1")))
            for line, cells in left:
                problems.lost(path, line, f"the attempt {cells[attempt]!r} is not a whole number from 1; mend it")
        rows, left = _parted(
            rows,
            lambda cells: any(cells[number].strip() for each in (columns.learner, *columns.who) for number in each),
        )
        for line, _ in left:
            problems.lost(path, line, "no learner's name; fill it in")
        if (seed := columns.seed) is not None:
            rows, left = _parted(rows, lambda cells: not _ROUNDED.fullmatch(cells[seed].strip()))
            for line, cells in left:
                problems.lost(path, line, f"the seed {cells[seed]!r} was rounded by a spreadsheet; copy it as text")
            if self._drawn[quiz.lesson]:
                rows, left = _parted(
                    rows, lambda cells: not cells[seed].strip() or bool(tidy_seed(cells[seed].strip()))
                )
                for line, cells in left:
                    problems.lost(path, line, f"{no_such_seed(cells[seed])}; copy it from the hand-in")
        asked = [fit[name] for name in self._drawn[quiz.lesson] if name in fit]
        if asked and self.given.seed is None:
            blank = ("", "-") if columns.form == "moodle" else ("",)
            rows, left = _parted(
                rows, lambda cells: bool(self._seed(cells)) or all(cells[each].strip() in blank for each in asked)
            )
            for line, _ in left:
                problems.lost(path, line, no_seed(self._drawn[quiz.lesson]))
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
