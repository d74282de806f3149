"""Whose mark changed since a class was graded before, and by which questions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from courseware.grading.answers import Answers
from courseware.grading.gradetable import Mark, read_marks
from courseware.grading.marks import Marker
from courseware.grading.people import name_key
from courseware.grading.problems import count


class Comparison:
    """The marks of an earlier table, with which new ones are compared while they are given.

    Args:
        path: a table that `course grade` wrote.

    Raises:
        CourseError: if it is none.
    """

    def __init__(self, path: Path):
        self.path = path
        self._before = read_marks(path)
        self._left = set(range(len(self._before)))  # those that no new mark belongs to yet
        self._places: dict[tuple[str, str], list[int]] = {}
        for place, mark in enumerate(self._before):
            for key in {name_key(mark.id), name_key(mark.learner)} - {""}:
                self._places.setdefault((key, mark.attempt), []).append(place)
        self._changes: list[str] = []
        self._new = 0
        self._same = 0

    def watch(self, answers: Answers, markers: Sequence[Marker], codes: Sequence[Sequence[int]]) -> None:
        """Compare graded rows with those of before."""
        for row, (learner, attempt) in enumerate(zip(answers.learners, answers.attempts, strict=True)):
            person = answers.people[row] if answers.people else None
            texts = [person.id, learner, person.email] if person else [learner]
            before = self._find([name_key(text) for text in texts if text], str(attempt), person.id if person else "")
            earned = {
                marker.question.id: f"{marker.weight * marker.outcomes[column[row]].points:.6g}"
                if marker.weight_of(column[row])
                else ""
                for marker, column in zip(markers, codes, strict=True)
            }
            if before is None:
                self._new += 1
            else:
                out_of = sum(marker.weight_of(column[row]) for marker, column in zip(markers, codes, strict=True))
                self._compare(before, earned, out_of)

    def _find(self, keys: list[str], attempt: str, id_: str) -> Mark | None:
        """The earlier mark of a learner who is called one of `keys`, the surest first, and of nobody with another id."""
        for key in keys:
            for place in self._places.get((key, attempt), ()):
                if place in self._left and (not id_ or self._before[place].id in ("", id_)):
                    self._left.remove(place)
                    return self._before[place]
        return None

    def _compare(self, before: Mark, earned: dict[str, str], out_of: float) -> None:
        points = f"{sum(float(text) for text in earned.values() if text):.6g}"
        names = dict.fromkeys((*before.questions, *earned))
        changed = [
            f"{name} {_word(before.questions.get(name))} → {_word(earned.get(name))}"
            for name in names
            if before.questions.get(name) != earned.get(name)
        ]
        by_hand = not changed and not _near(before.points, points)
        if not changed and not by_hand and before.out_of == f"{out_of:.6g}":
            self._same += 1
            return
        why = (
            "the sum was changed by hand, no question was" if by_hand else ", ".join(changed) or "the points to be had"
        )
        attempt = f", attempt {before.attempt}" if before.attempt != "1" else ""
        self._changes.append(
            f"{before.learner}{attempt}: {before.points} of {before.out_of} → {points} of {out_of:.6g} ({why})"
        )

    def lines(self) -> list[str]:
        """What changed, a line for each mark, and at last a sentence in numbers."""
        gone = [self._before[place] for place in sorted(self._left)]
        lines = [*self._changes, *(f"{mark.learner}, attempt {mark.attempt}: not graded any more" for mark in gone)]
        numbers = [
            count(len(self._changes), "mark differs", "marks differ"),
            f"{self._same:,} as before",
            f"{self._new:,} new",
            f"{len(gone):,} gone",
        ]
        return [*lines, f"Compared with {self.path}: {', '.join(numbers)}."]


def _near(one: str, other: str) -> bool:
    """Whether two sums are the same, apart from the rounding of what was added."""
    try:
        return abs(float(one) - float(other)) < 2e-3
    except ValueError:
        return one == other


def _word(points: str | None) -> str:
    return "not asked" if points is None else points or "void"
