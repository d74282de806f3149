"""What one learner has done: exercises checked, guesses made and quiz questions answered, in one SQLite file.

Every event is a row that is only ever added, in a transaction of its own, so a kill at any moment
loses at most the event being written, and two programs may write at once.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs

from courseware.course import full_path
from courseware.errors import CourseError

FOLDER_VARIABLE = "COURSEWARE_HOME"
FILE = "progress.sqlite"
NOT_STARTED, TRY_AGAIN, PASSED = "not started", "try again", "passed"  # what a check of an exercise can say

VERSION = 2  # of the tables below, kept in the file; earlier ones (0 and 1) have neither `guess` nor `hand_in`
SCHEMA = """
CREATE TABLE IF NOT EXISTS exercise (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, lesson TEXT NOT NULL, name TEXT NOT NULL, outcome TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS answer (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, quiz TEXT NOT NULL, question TEXT NOT NULL,
    response TEXT NOT NULL, points REAL NOT NULL, out_of REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS hand_in (id INTEGER PRIMARY KEY, at TEXT NOT NULL, quiz TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS guess (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, lesson TEXT NOT NULL, name TEXT NOT NULL, guess TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS learner (one INTEGER PRIMARY KEY CHECK (one = 1), seed TEXT NOT NULL);
"""

# What SQLite or the system says -> what helps. Nothing here may cost the learner the record.
BUSY = "another program is writing to it. Close that program, or wait a little, and try again"
FULL = "the disk is full. Free some room and try again"
UNWRITABLE = (
    f"it cannot be written to. Make its folder writable, or set {FOLDER_VARIABLE} to a folder that you can write to"
)
FOREIGN = f"it is not a record of the course, or is damaged. Give it another name, or set {FOLDER_VARIABLE} to another folder, and a new record begins"
OTHER_FORM = "its tables are not those of this version of the course. Update the course; the record stays as it is"
REMEDIES = {
    "BUSY": BUSY, "LOCKED": BUSY, "FULL": FULL, "READONLY": UNWRITABLE, "CANTOPEN": UNWRITABLE, "PERM": UNWRITABLE,
    "NOTADB": FOREIGN, "CORRUPT": FOREIGN, "ERROR": OTHER_FORM, "MISMATCH": OTHER_FORM, "CONSTRAINT": OTHER_FORM,
    "ENOSPC": FULL, "EDQUOT": FULL, "EACCES": UNWRITABLE, "EPERM": UNWRITABLE, "EROFS": UNWRITABLE,
    "ENOTDIR": UNWRITABLE, "EEXIST": UNWRITABLE, "ENOENT": UNWRITABLE,
}  # fmt: skip


class ProgressError(CourseError):
    """Raised when the progress file cannot be read or written; the message says which and what to do."""


@dataclass(frozen=True)
class Answer:
    """One graded answer: the response as it was given, the points it earned, and when (UTC, ISO 8601)."""

    quiz: str
    question: str
    response: Any
    points: float
    out_of: float
    at: str


def progress_file() -> Path:
    """Path of the progress file: in ``$COURSEWARE_HOME`` if set, else in the user's data folder.

    It is the same wherever it is asked from: a relative ``$COURSEWARE_HOME`` counts as `full_path` says.
    """
    named = os.environ.get(FOLDER_VARIABLE)
    return full_path(named or platformdirs.user_data_dir("courseware", appauthor=False)) / FILE


class Progress:
    """The learner's record, read and written through one file.

    Args:
        path: the SQLite file; by default the one that `progress_file` names.

    Attributes:
        bad_rows: what was left out so far since it cannot be read, e.g. "row 3 of the table answer".

    Raises:
        ProgressError: from every method, if the file cannot be opened, read or written. Reading needs no file, and
            none that can be written.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> progress = Progress(Path(folder.name) / "progress.sqlite")
    >>> progress.record_exercise("01_linear_regression", "predict", "passed")
    >>> progress.exercises("01_linear_regression")
    {'predict': 'passed'}
    >>> folder.cleanup()
    """

    def __init__(self, path: Path | None = None):
        self.path = path or progress_file()
        self.bad_rows: set[str] = set()
        self._seed: str | None = None

    def record_exercise(self, lesson: str, name: str, outcome: str) -> None:
        """Add one check of an exercise: `outcome` is `PASSED` or `TRY_AGAIN`."""
        self._write(
            "INSERT INTO exercise (at, lesson, name, outcome) VALUES (?, ?, ?, ?)", (_now(), lesson, name, outcome)
        )

    def record_answer(self, quiz: str, question: str, response: Any, points: float, out_of: float) -> None:
        """Add one graded answer; `response` is whatever JSON can hold."""
        self._write(
            "INSERT INTO answer (at, quiz, question, response, points, out_of) VALUES (?, ?, ?, ?, ?, ?)",
            (_now(), quiz, question, json.dumps(response), points, out_of),
        )

    def record_guess(self, lesson: str, name: str, guess: str) -> None:
        """Add one guess, in the words in which it was made; "" takes it back."""
        self._write("INSERT INTO guess (at, lesson, name, guess) VALUES (?, ?, ?, ?)", (_now(), lesson, name, guess))

    def guesses(self, lesson: str) -> dict[str, str]:
        """The latest of each guess that was made in `lesson`, by name."""
        rows = self._read("SELECT name, guess FROM guess WHERE lesson = ? ORDER BY id", lesson, since=2)
        return {str(name): str(guess) for name, guess in rows}

    def exercises(self, lesson: str) -> dict[str, str]:
        """Best outcome so far of every exercise tried in `lesson`: once passed, always passed."""
        best: dict[str, str] = {}
        for id, name, outcome in self._read(
            "SELECT id, name, outcome FROM exercise WHERE lesson = ? ORDER BY id", lesson
        ):
            if not isinstance(name, str) or outcome not in (PASSED, TRY_AGAIN):
                self._leave_out("exercise", id)
            elif best.get(name) != PASSED:
                best[name] = outcome
        return best

    def worked_in(self) -> list[str]:
        """The lessons and quizzes of the record, the one worked in last first; a date in the future is no date."""
        both = "SELECT lesson, at FROM exercise UNION ALL SELECT quiz, at FROM answer"
        rows = self._read(f"SELECT lesson FROM ({both}) WHERE at <= ? GROUP BY lesson ORDER BY max(at) DESC", _now())
        return [str(lesson) for (lesson,) in rows]

    def answers(self, quiz: str) -> dict[str, Answer]:
        """Latest answer to every question of `quiz` that has one, by question id."""
        return {answer.question: answer for answer in self._answers("WHERE quiz = ?", quiz)}

    def all_answers(self) -> list[Answer]:
        """Every answer ever given, to any quiz, in the order of time."""
        return self._answers("")

    def record_hand_in(self, quiz: str) -> None:
        """Add that the answers to `quiz` were handed in."""
        self._write("INSERT INTO hand_in (at, quiz) VALUES (?, ?)", (_now(), quiz))

    def hand_ins(self, quiz: str) -> int:
        """How often answers to `quiz` were handed in."""
        return len(self._read("SELECT id FROM hand_in WHERE quiz = ?", quiz, since=2))

    def seed(self) -> str:
        """What this learner's draws start from: made once at random, then always the same.

        Where nothing is kept yet and nothing can be written it holds for as long as this object.
        """
        for (kept,) in self._read("SELECT seed FROM learner"):
            return str(kept)
        if self._seed is None:
            self._seed = secrets.token_hex(8)
            with suppress(ProgressError):  # whoever has an answer to keep will say so
                self._write("")
            return self.seed()
        return self._seed

    def _answers(self, where: str, *values: str) -> list[Answer]:
        columns = "id, quiz, question, response, points, out_of, at"
        answers = []
        for id, *row in self._read(f"SELECT {columns} FROM answer {where} ORDER BY id", *values):
            try:
                answers.append(_answer(*row))
            except (ValueError, TypeError, OverflowError, RecursionError):
                self._leave_out("answer", id)
        return answers

    def _leave_out(self, table: str, id: object) -> None:
        self.bad_rows.add(f"row {id} of the table {table}")

    def _read(self, statement: str, *values: object, since: int = 0) -> list[tuple[Any, ...]]:
        """The rows; none where the file is of an earlier version than `since`, and so has no such table."""
        try:
            if not self.path.exists():
                return []
            # Not "ro": then what a killed program left half written could not be taken back. A file that cannot be
            # written is opened for reading.
            with closing(
                sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=rw", uri=True, timeout=10)
            ) as connection:
                connection.text_factory = lambda text: text.decode("utf-8", "replace")
                version = self._look_at_version(connection)
                made = connection.execute("SELECT 1 FROM sqlite_master").fetchall()
                if not made or version < since:  # `made`: it may be just being made
                    return []
                return connection.execute(statement, values).fetchall()
        except (sqlite3.Error, OSError) as error:
            raise self._explained(f"Your record {self.path} could not be read", error) from error

    def _write(self, statement: str, values: tuple[object, ...] = ()) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(sqlite3.connect(self.path, timeout=10)) as connection, connection:
                if self._look_at_version(connection) < VERSION:
                    connection.executescript(f"{SCHEMA} PRAGMA user_version = {VERSION};")
                    with suppress(OSError):
                        os.chmod(self.path, 0o600)  # others on this computer need not read it
                if self._seed:
                    connection.execute("INSERT OR IGNORE INTO learner VALUES (1, ?)", (self._seed,))
                connection.execute(statement, values)
        except (sqlite3.Error, OSError) as error:
            raise self._explained(f"Progress could not be kept in {self.path}", error) from error

    def _look_at_version(self, connection: sqlite3.Connection) -> int:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > VERSION:
            raise ProgressError(
                f"Your record {self.path} is of a newer version of the course than this one. Update the course (in a "
                f"checkout: `git pull`); the record stays as it is."
            )
        return version

    def _explained(self, what: str, error: sqlite3.Error | OSError) -> ProgressError:
        """The error with the remedy that fits its cause."""
        if isinstance(error, OSError):
            name = errno.errorcode.get(error.errno or 0, "")
        else:
            name = (getattr(error, "sqlite_errorname", None) or "").removeprefix("SQLITE_").split("_")[0]
        remedy = REMEDIES.get(name, f"see whether its disk is in order, or set {FOLDER_VARIABLE} to another folder")
        return ProgressError(f"{what} ({error}): {remedy}.")


def _answer(quiz: object, question: object, response: str, points: float, out_of: float, at: str) -> Answer:
    """The row as an answer.

    Raises:
        ValueError, TypeError, OverflowError, RecursionError: if it cannot be one.
    """
    if not (isinstance(quiz, str) and isinstance(question, str)):
        raise TypeError("names are text")
    if not (0 <= float(points) <= float(out_of) < float("inf")):
        raise ValueError("points are between 0 and the most that there is to get")
    datetime.fromisoformat(at).astimezone().astimezone(UTC)  # in the first and last hours of the calendar it has none
    return Answer(quiz, question, json.loads(response), float(points), float(out_of), at)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
