"""What a few questions of a quiz come to together: points and feedback, worded once for each combination of outcomes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from courseware.grading.answers import Rows
from courseware.grading.arrays import text_array
from courseware.grading.marks import UNREADABLE, Marker, Outcome
from courseware.grading.stretches import Stretch

_PARTED = " | "


class Group:
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
            points_text.append("".join(f"{number_text(outcome.points)}," for outcome in outcomes) + self._opens)
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


def number_text(value: float) -> str:
    """A number of points as it is written.

    >>> number_text(1.0), number_text(2 / 3)
    ('1', '0.666667')
    """
    return f"{value:.6g}"


def _extended(texts: pa.Array, more: list[str]) -> pa.Array:
    return pa.concat_arrays([texts, text_array(more)])
