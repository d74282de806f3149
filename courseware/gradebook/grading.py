"""Grade a class's answers to one quiz: from the files of answers to one CSV file, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from courseware.gradebook.answers import Rows
from courseware.gradebook.arrays import number_array, text_array
from courseware.gradebook.collect import list_unreadable
from courseware.gradebook.marks import Marker, Outcome
from courseware.gradebook.problems import Problems, count
from courseware.gradebook.spreadsheet import cell, cells
from courseware.quiz.model import Quiz

_GROUP_BITS = 12
_PARTED = " | "


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
        self._bits: list[int] = []
        self._groups: list[_Group] = []

    def header(self) -> bytes:
        """The first line: the names of the columns."""
        ids = [question.id for question in self.quiz.questions]
        return (",".join(["learner", "attempt", "points", "out_of", "percent", *ids, "feedback"]) + "\n").encode()

    def lines(self, rows: Rows) -> pa.Buffer:
        """The graded rows as text."""
        codes = [marker.codes(rows.cells.get(marker.question.id), rows.drawn_by, rows.form) for marker in self.markers]
        list_unreadable(self.markers, rows, codes, self.problems)
        self._regroup()
        before = np.zeros(len(rows), dtype=np.int32)
        total = np.zeros(len(rows))
        points, feedback = [], []
        for group in self._groups:
            slots = group.slots([codes[number] for number in group.members], before)
            total += group.points[slots]
            points.append((group.points_text, slots))
            feedback.append((group.feedback_text, slots))
            before |= group.has_feedback[slots]
        self.summary.rows += len(rows)
        self.summary.points += float(total.sum())
        learners = cells(rows.learner), np.arange(len(rows), dtype=np.int32)
        return _joined([learners, self._totals(rows.attempt, total), *points, *feedback])

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
            f",{number},{_number(points)},{_number(out_of)},{100 * points / out_of:.4g},"
            for number in attempts.dictionary.to_pylist()
            for points in totals.dictionary.to_pylist()
        ]
        which, of_attempt = np.from_dlpack(totals.indices), np.from_dlpack(attempts.indices)
        return text_array(texts), which + of_attempt * len(totals.dictionary)

    def _regroup(self) -> None:
        """Form groups of questions anew when a question has more outcomes than there was room for."""
        needed = [(len(marker.outcomes) - 1).bit_length() for marker in self.markers]
        if self._groups and all(n <= bits for n, bits in zip(needed, self._bits, strict=True)):
            return
        self._bits = needed
        members: list[list[int]] = [[]]
        for number, bits in enumerate(needed):
            if members[-1] and sum(needed[n] for n in members[-1]) + bits > _GROUP_BITS:
                members.append([])
            members[-1].append(number)
        self._groups = [_Group(group, needed, self.markers, self.keys, last=group is members[-1]) for group in members]


class _Group:
    """What some questions come to together, for each combination of their outcomes that was met so far."""

    def __init__(self, members: list[int], bits: list[int], markers: list[Marker], keys: bool, last: bool):
        self.members, self._keys = members, keys
        self._opens, self._ends = ('"', '"\n') if last else ("", "")
        self._bits = [bits[number] for number in members]
        self._markers = [markers[number] for number in members]
        self._slot_of = np.full(2 << sum(self._bits), -1, dtype=np.int32)
        self.points = np.empty(0)
        self.has_feedback = np.empty(0, dtype=np.int32)
        self.points_text = self.feedback_text = text_array([])

    def slots(self, codes: list[np.ndarray], before: np.ndarray) -> np.ndarray:
        """The positions of each row's combination; `before` is 1 where feedback on earlier questions stands before."""
        keys = before.copy()
        shift = 1
        for code, bits in zip(codes, self._bits, strict=True):
            keys |= code << shift
            shift += bits
        slots = self._slot_of[keys]
        if (new := np.unique(keys[slots < 0])).size:
            self._add(new.tolist())
            slots = self._slot_of[keys]
        return slots

    def _add(self, keys: list[int]) -> None:
        points, points_text, feedback = [], [], []
        for key in keys:
            left, outcomes = key >> 1, []
            for marker, bits in zip(self._markers, self._bits, strict=True):
                number = left & ((1 << bits) - 1)
                outcomes.append((number, marker.outcomes[number]))
                left >>= bits
            self._slot_of[key] = len(self.points) + len(points)
            points.append(sum(outcome.points for _, outcome in outcomes))
            points_text.append("".join(f"{_number(outcome.points)}," for _, outcome in outcomes) + self._opens)
            entries = [
                self._entry(marker, number, outcome)
                for marker, (number, outcome) in zip(self._markers, outcomes, strict=True)
                if outcome.feedback
            ]
            feedback.append((_PARTED if key & 1 and entries else "") + _PARTED.join(entries) + self._ends)
        self.points = np.concatenate([self.points, points])
        self.has_feedback = np.concatenate(
            [self.has_feedback, np.array([text not in ("", self._ends) for text in feedback], dtype=np.int32)]
        )
        self.points_text = _extended(self.points_text, points_text)
        self.feedback_text = _extended(self.feedback_text, feedback)

    def _entry(self, marker: Marker, number: int, outcome: Outcome) -> str:
        if self._keys:
            return f"{marker.question.id}:{number}"
        return f"{marker.question.id}: {outcome.feedback}".replace('"', '""')


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
    for _, rows in batches:
        if len(rows):
            file.write(book.lines(rows))
    if feedback_file:
        feedback_file.write(book.feedback_lines())
    return book.summary


def _joined(pieces: list[tuple[pa.Array, np.ndarray]]) -> pa.Buffer:
    """The pieces of each row one after the other, and row after row; a piece is a text at a position.

    A take lays texts out side by side, so one take from all texts makes the pieces and joins them as well.
    """
    positions = np.empty((len(pieces[0][1]), len(pieces)), dtype=np.int32)
    start = 0
    for number, (texts, at) in enumerate(pieces):
        np.add(at, start, out=positions[:, number])
        start += len(texts)
    return pa.concat_arrays([texts for texts, _ in pieces]).take(number_array(positions.reshape(-1))).buffers()[2]


def _extended(texts: pa.Array, more: list[str]) -> pa.Array:
    return pa.concat_arrays([texts, text_array(more)])


def _number(value: float) -> str:
    return f"{value:.6g}"
