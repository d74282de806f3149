"""Grade a class's answers to one quiz: from the files of answers to one CSV file, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from courseware.grading.answers import Rows
from courseware.grading.arrays import number_array, text_array
from courseware.grading.collect import list_unreadable
from courseware.grading.group import Group, number_text
from courseware.grading.inorder import in_order
from courseware.grading.marks import Marker
from courseware.grading.problems import Problems, count
from courseware.grading.spreadsheet import cell, cells
from courseware.quiz.model import Quiz

_MOST_REMEMBERED = 50_000  # combinations of answers to the questions of a group
_ROWS_AT_ONCE = 4000  # joined: few enough for their text to stay in the processor's cache until it is written


@dataclass
class Summary:
    """What was graded, in numbers."""

    rows: int = 0
    points: float = 0.0
    out_of: float = 0.0

    def __str__(self) -> str:
        mean = f", on average {self.points / self.rows:.3g} of {self.out_of:g} points" if self.rows else ""
        return f"{count(self.rows, 'row')} graded{mean}."


class GradeBook:
    """Turns rows of answers into the lines of the graded CSV file.

    A line is put together from pieces: what a few questions come to together (their points and feedback) is worded
    once for each combination of outcomes, and then only looked up.

    Args:
        quiz: the quiz.
        problems: where cells that cannot be read are listed.
        keys: name the feedback by keys, which `feedback_lines` explains, instead of writing it out.
    """

    def __init__(self, quiz: Quiz, problems: Problems, keys: bool = False):
        self.quiz, self.problems, self.keys = quiz, problems, keys
        self.markers = [Marker(question, quiz) for question in quiz.questions]
        self.summary = Summary(out_of=float(len(quiz.questions)))
        self._groups: dict[tuple[int, int, str], Group] = {}

    def header(self) -> bytes:
        """The first line: the names of the columns."""
        ids = [question.id for question in self.quiz.questions]
        return (",".join(["learner", "attempt", "points", "out_of", "percent", *ids, "feedback"]) + "\n").encode()

    def lines(self, rows: Rows) -> list[tuple[pa.Array, np.ndarray]]:
        """The graded rows, as pieces for `_joined`: texts, and which of them each row has."""
        before = np.zeros(len(rows), dtype=np.intp)
        total = np.zeros(len(rows))
        points, feedback = [], []
        for group in self._grouped(rows):
            slots = group.slots(rows)
            self._list_unreadable(group, rows, slots)
            total += group.points[slots]
            points.append((group.points_text, slots))
            feedback.append((group.feedback_text, 2 * slots + before))
            before |= group.has_feedback[slots]
        self.summary.rows += len(rows)
        self.summary.points += float(total.sum())
        learners = cells(rows.learner), np.arange(len(rows), dtype=np.int32)
        return [learners, self._totals(rows.attempt, total), *points, *feedback]

    def feedback_lines(self) -> bytes:
        """A table of what each key stands for."""
        lines = ["key,feedback"]
        for marker in self.markers:
            for number, outcome in enumerate(marker.outcomes):
                if outcome.feedback:
                    lines.append(f"{marker.question.id}:{number},{cell(outcome.feedback)}")
        return ("\n".join(lines) + "\n").encode()

    def _totals(self, attempt: np.ndarray, total: np.ndarray) -> tuple[pa.Array, np.ndarray]:
        """The cells from `attempt` to `percent`: the distinct texts, and which of them each row has."""
        totals = number_array(total).dictionary_encode()
        attempts = number_array(attempt).dictionary_encode()
        out_of = self.summary.out_of
        texts = [
            f",{number},{number_text(points)},{number_text(out_of)},{100 * points / out_of:.4g},"
            for number in attempts.dictionary.to_pylist()
            for points in totals.dictionary.to_pylist()
        ]
        which, of_attempt = np.from_dlpack(totals.indices), np.from_dlpack(attempts.indices)
        return text_array(texts), which + of_attempt * len(totals.dictionary)

    def _grouped(self, rows: Rows) -> Iterator[Group]:
        """The questions in groups, one for each stretch of cells in `rows`."""
        stretches = {names[0]: len(names) for names in rows.cells.stretches}
        start = 0
        while start < len(self.markers):
            end = start + stretches.get(self.markers[start].question.id, 1)
            key = start, end, rows.form
            if key not in self._groups or len(self._groups[key]) > _MOST_REMEMBERED:
                self._groups[key] = Group(self.markers[start:end], rows.form, self.keys, end == len(self.markers))
            yield self._groups[key]
            start = end

    def _list_unreadable(self, group: Group, rows: Rows, slots: np.ndarray) -> None:
        at = np.flatnonzero(group.unreadable.any(axis=1)[slots])
        for place, marker in enumerate(group.markers):
            list_unreadable(marker, rows, at[group.unreadable[slots[at], place]], self.problems)


def write(
    quiz: Quiz,
    batches: Iterable[tuple[Quiz, Rows]],
    file: BinaryIO,
    problems: Problems,
    feedback_file: BinaryIO | None = None,
) -> Summary:
    """Grade `batches` of answers to `quiz` and write them to `file` as UTF-8 text.

    With `feedback_file`, each feedback is written there once, and the lines only name it by its key.
    """
    book = GradeBook(quiz, problems, keys=feedback_file is not None)
    file.write(book.header())

    def write_lines(pieces: list[tuple[pa.Array, np.ndarray]]) -> None:
        for text in _joined(pieces):
            file.write(text)

    for _ in in_order(write_lines, (book.lines(rows) for _, rows in batches if len(rows)), threads=1):
        pass
    if feedback_file:
        feedback_file.write(book.feedback_lines())
    return book.summary


def _joined(pieces: list[tuple[pa.Array, np.ndarray]]) -> Iterator[pa.Buffer]:
    """The pieces of each row one after the other, and row after row, some rows at a time; a piece is a text at a position.

    A take lays texts out side by side, so one take from all texts makes the pieces and joins them as well.
    """
    positions = np.empty((len(pieces[0][1]), len(pieces)), dtype=np.int32)
    start = 0
    for number, (texts, at) in enumerate(pieces):
        np.add(at, start, out=positions[:, number])
        start += len(texts)
    texts = pa.concat_arrays([texts for texts, _ in pieces])
    for row in range(0, len(positions), _ROWS_AT_ONCE):
        taken = number_array(positions[row : row + _ROWS_AT_ONCE].reshape(-1))
        yield pc.take(texts, taken, boundscheck=False).buffers()[2]
