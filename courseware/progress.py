"""What one learner has done: exercises checked and quiz questions answered, in one SQLite file.

Every event is a row that is only ever added, in a transaction of its own, so a kill at any moment
loses at most the event being written, and two programs may write at once.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs

from courseware.errors import CourseError

FOLDER_VARIABLE = "COURSEWARE_HOME"
NOT_STARTED, TRY_AGAIN, PASSED = "not started", "try again", "passed"  # what a check of an exercise can say

SCHEMA = """
CREATE TABLE IF NOT EXISTS exercise (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, lesson TEXT NOT NULL, name TEXT NOT NULL, outcome TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS answer (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, quiz TEXT NOT NULL, question TEXT NOT NULL,
    response TEXT NOT NULL, points REAL NOT NULL, out_of REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS hand_in (id INTEGER PRIMARY KEY, at TEXT NOT NULL, quiz TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS learner (one INTEGER PRIMARY KEY CHECK (one = 1), seed TEXT NOT NULL);
"""


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
    """Path of the progress file: in ``$COURSEWARE_HOME`` if set, else in the user's data folder."""
    folder = os.environ.get(FOLDER_VARIABLE)
    return (Path(folder) if folder else platformdirs.user_data_path("courseware", appauthor=False)) / "progress.sqlite"


class Progress:
    """The learner's record, read and written through one file.

    Args:
        path: the SQLite file; by default the one that `progress_file` names.

    Raises:
        ProgressError: from every method, if the file cannot be opened, read or written.

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

    def record_exercise(self, lesson: str, name: str, outcome: str) -> None:
        """Add one check of an exercise: `outcome` is `PASSED` or `TRY_AGAIN`."""
        self._run(
            "INSERT INTO exercise (at, lesson, name, outcome) VALUES (?, ?, ?, ?)", (_now(), lesson, name, outcome)
        )

    def record_answer(self, quiz: str, question: str, response: Any, points: float, out_of: float) -> None:
        """Add one graded answer; `response` is whatever JSON can hold."""
        self._run(
            "INSERT INTO answer (at, quiz, question, response, points, out_of) VALUES (?, ?, ?, ?, ?, ?)",
            (_now(), quiz, question, json.dumps(response), points, out_of),
        )

    def exercises(self, lesson: str) -> dict[str, str]:
        """Best outcome so far of every exercise tried in `lesson`: once passed, always passed."""
        rows = self._run("SELECT name, outcome FROM exercise WHERE lesson = ? ORDER BY id", (lesson,))
        best: dict[str, str] = {}
        for name, outcome in rows:
            if best.get(name) != PASSED:
                best[name] = outcome
        return best

    def answers(self, quiz: str) -> dict[str, Answer]:
        """Latest answer to every question of `quiz` that has one, by question id."""
        return {answer.question: answer for answer in self._answers("WHERE quiz = ?", quiz)}

    def all_answers(self) -> list[Answer]:
        """Every answer ever given, to any quiz, in the order of time."""
        return self._answers("")

    def record_hand_in(self, quiz: str) -> None:
        """Add that the answers to `quiz` were handed in."""
        self._run("INSERT INTO hand_in (at, quiz) VALUES (?, ?)", (_now(), quiz))

    def hand_ins(self, quiz: str) -> int:
        """How often answers to `quiz` were handed in."""
        return int(self._run("SELECT COUNT(*) FROM hand_in WHERE quiz = ?", (quiz,))[0][0])

    def seed(self) -> str:
        """What this learner's draws start from: made once at random, then always the same."""
        self._run("INSERT OR IGNORE INTO learner VALUES (1, ?)", (secrets.token_hex(8),))
        return str(self._run("SELECT seed FROM learner", ())[0][0])

    def _answers(self, where: str, *values: str) -> list[Answer]:
        columns = "quiz, question, response, points, out_of, at"
        rows = self._run(f"SELECT {columns} FROM answer {where} ORDER BY id", values)
        return [Answer(quiz, question, json.loads(response), *rest) for quiz, question, response, *rest in rows]

    def _run(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=10)) as connection, connection:
                connection.executescript(SCHEMA)
                return connection.execute(statement, values).fetchall()
        except (sqlite3.Error, OSError) as error:
            raise ProgressError(
                f"Progress could not be kept in {self.path}: {error}. "
                f"Move that file away, or set {FOLDER_VARIABLE} to a folder that you can write to."
            ) from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
