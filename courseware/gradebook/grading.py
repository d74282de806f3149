"""Grade a class's answers to one quiz: from the files of answers to one CSV file, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from courseware.gradebook.answers import Rows
from courseware.gradebook.arrays import number_array, text_array
from courseware.gradebook.collect import list_unreadable
from courseware.gradebook.inorder import in_order
from courseware.gradebook.marks import UNREADABLE, Marker, Outcome
from courseware.gradebook.problems import Problems, count
from courseware.gradebook.spreadsheet import cell, cells
from courseware.gradebook.stretches import Stretch
from courseware.quiz.model import Quiz

_MOST_COMBINATIONS = 50_000  # that are kept of a group of questions
_ROWS_AT_ONCE = 4000  # joined: few enough for their text to stay in the processor's cache until it is written
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
        self._groups: dict[tuple[int, int, str], _Group] = {}

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
            f",{number},{_number(points)},{_number(out_of)},{100 * points / out_of:.4g},"
            for number in attempts.dictionary.to_pylist()
            for points in totals.dictionary.to_pylist()
        ]
        which, of_attempt = np.from_dlpack(totals.indices), np.from_dlpack(attempts.indices)
        return text_array(texts), which + of_attempt * len(totals.dictionary)

    def _grouped(self, rows: Rows) -> Iterator[_Group]:
        """The questions in groups, one for each stretch of cells in `rows`."""
        stretches = {names[0]: len(names) for names in rows.cells.stretches}
        start = 0
        while start < len(self.markers):
            end = start + stretches.get(self.markers[start].question.id, 1)
            key = start, end, rows.form
            if key not in self._groups or len(self._groups[key]) > _MOST_COMBINATIONS:
                self._groups[key] = _Group(self.markers[start:end], rows.form, self.keys, end == len(self.markers))
            yield self._groups[key]
            start = end

    def _list_unreadable(self, group: _Group, rows: Rows, slots: np.ndarray) -> None:
        at = np.flatnonzero(group.unreadable.any(axis=1)[slots])
        for place, marker in enumerate(group.markers):
            list_unreadable(marker, rows, at[group.unreadable[slots[at], place]], self.problems)


class _Group:
    """What some questions come to together, for each combination of their outcomes that was met so far.

    A combination has a slot: its place in the arrays `points`, `unreadable` (for each question), `has_feedback` and
    `points_text`. In `feedback_text` it has two, the second for where feedback on earlier questions stands before.
    """

    def __init__(self, markers: list[Marker], form: str, keys: bool, last: bool):
        self.markers, self._form, self._keys = markers, form, keys
        self._opens, self._ends = ('"', '"\n') if last else ("", "")
        self._ids = tuple(marker.question.id for marker in markers)
        self._slot_of: dict[tuple[int, ...], int] = {}
        self._texts, self._slot_of_text = text_array([]), np.empty(0, dtype=np.intp)
        self.points = np.empty(0)
        self.unreadable = np.empty((0, len(markers)), dtype=bool)
        self.has_feedback = np.empty(0, dtype=np.intp)
        self.points_text = self.feedback_text = text_array([])

    def __len__(self) -> int:
        return len(self._texts) + len(self._slot_of)

    def slots(self, rows: Rows) -> np.ndarray:
        """The slot of each row."""
        stretch = rows.cells.stretches.get(self._ids)
        if stretch is not None:
            slot_of, numbers = self._slots_of_stretch(stretch), stretch.numbers
        else:
            [marker] = self.markers
            numbers = marker.codes(rows.cells.get(marker.question.id), rows.drawn_by, rows.form)
            slot_of = np.array([self._slot((code,)) for code in range(len(marker.outcomes))])
        self._word(list(self._slot_of)[len(self.points) :])
        return slot_of[numbers]

    def _slots_of_stretch(self, stretch: Stretch) -> np.ndarray:
        """The slot of each text of the stretch, of which only those not seen before are read and graded."""
        at = pc.index_in(stretch.texts, self._texts)
        if at.null_count:
            new, slots = stretch.texts.filter(pc.is_null(at)), []
            for text in new.to_pylist():
                answers = zip(self.markers, text.split(stretch.delimiter), strict=True)
                slots.append(self._slot(tuple(marker.code(cell, self._form) for marker, cell in answers)))
            self._texts = pa.concat_arrays([self._texts, new])
            self._slot_of_text = np.append(self._slot_of_text, slots)
            at = pc.index_in(stretch.texts, self._texts)
        return self._slot_of_text[np.from_dlpack(at)]

    def _slot(self, codes: tuple[int, ...]) -> int:
        return self._slot_of.setdefault(codes, len(self._slot_of))

    def _word(self, combinations: list[tuple[int, ...]]) -> None:
        """Fill the slots of new combinations."""
        if not combinations:
            return
        points, unreadable, has_feedback, points_text, feedback_text = [], [], [], [], []
        for codes in combinations:
            outcomes = [marker.outcomes[code] for marker, code in zip(self.markers, codes, strict=True)]
            points.append(sum(outcome.points for outcome in outcomes))
            unreadable.append([outcome is UNREADABLE for outcome in outcomes])
            points_text.append("".join(f"{_number(outcome.points)}," for outcome in outcomes) + self._opens)
            feedback = _PARTED.join(
                self._entry(marker, code, outcome)
                for marker, code, outcome in zip(self.markers, codes, outcomes, strict=True)
                if outcome.feedback
            )
            has_feedback.append(int(bool(feedback)))
            feedback_text += [feedback + self._ends, (_PARTED + feedback if feedback else "") + self._ends]
        self.points = np.concatenate([self.points, points])
        self.unreadable = np.concatenate([self.unreadable, unreadable])
        self.has_feedback = np.concatenate([self.has_feedback, has_feedback])
        self.points_text = _extended(self.points_text, points_text)
        self.feedback_text = _extended(self.feedback_text, feedback_text)

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


def _extended(texts: pa.Array, more: list[str]) -> pa.Array:
    return pa.concat_arrays([texts, text_array(more)])


def _number(value: float) -> str:
    return f"{value:.6g}"
