"""Grade a class's answers to one quiz into one CSV file, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import fsum
from typing import BinaryIO

from courseware.grading.answers import Answers
from courseware.grading.marks import Marker, grade_answers
from courseware.grading.problems import Problems, count
from courseware.grading.spreadsheet import cell
from courseware.quiz.model import Quiz


class GradeFile:
    """Turns answers to a quiz into the lines of the graded CSV file.

    Args:
        quiz: the quiz.
        problems: where cells that cannot be read are listed.
        keys: name the feedback by keys, which `feedback_lines` explains, instead of writing it out.
    """

    def __init__(self, quiz: Quiz, problems: Problems, keys: bool = False):
        self.markers = [Marker(question, quiz) for question in quiz.questions]
        self.problems, self.keys = problems, keys
        self.rows, self.points = 0, 0.0
        # Of each question the outcomes as they are written: points, the text of these, and feedback.
        self._written: list[list[tuple[float, str, str]]] = [[] for _ in self.markers]

    def header(self) -> str:
        """The first line: the names of the columns."""
        ids = [marker.question.id for marker in self.markers]
        return ",".join(["learner", "attempt", "points", "out_of", "percent", *ids, "feedback"]) + "\n"

    def lines(self, answers: Answers) -> list[str]:
        """The graded rows."""
        codes = grade_answers(self.markers, answers, self.problems)
        for marker, written in zip(self.markers, self._written, strict=True):
            for code, outcome in enumerate(marker.outcomes[len(written) :], len(written)):
                entry = f"{marker.question.id}:{code}" if self.keys else f"{marker.question.id}: {outcome.feedback}"
                feedback = entry.replace('"', '""') if outcome.feedback else ""
                written.append((outcome.points, f"{outcome.points:.6g}", feedback))
        columns = [map(written.__getitem__, each) for written, each in zip(self._written, codes, strict=True)]
        lines, totals = [], []
        for learner, attempt, *outcomes in zip(answers.learners, answers.attempts, *columns, strict=True):
            points, texts, entries = zip(*outcomes, strict=True)
            total = fsum(points)
            totals.append(total)
            lines.append(
                f"{cell(learner)},{attempt},{_totals(total, len(points))},{','.join(texts)},"
                f'"{" | ".join(filter(None, entries))}"\n'
            )
        self.rows += len(lines)
        self.points = fsum([self.points, *totals])
        return lines

    def feedback_lines(self) -> str:
        """A table of what each key stands for."""
        lines = ["key,feedback"]
        for marker in self.markers:
            for number, outcome in enumerate(marker.outcomes):
                if outcome.feedback:
                    lines.append(f"{marker.question.id}:{number},{cell(outcome.feedback)}")
        return "\n".join(lines) + "\n"

    def __str__(self) -> str:
        mean = f", on average {self.points / self.rows:.3g} of {len(self.markers):g} points" if self.rows else ""
        return f"{count(self.rows, 'row')} graded{mean}."


@lru_cache(1000)
def _totals(points: float, out_of: int) -> str:
    """The cells `points`, `out_of` and `percent`.

    >>> _totals(2 / 3, 2)
    '0.666667,2,33.33'
    """
    return f"{points:.6g},{out_of:.6g},{100 * points / out_of:.4g}"


def write_grades(
    quiz: Quiz,
    batches: Iterable[tuple[Quiz, Answers]],
    file: BinaryIO,
    problems: Problems,
    feedback_file: BinaryIO | None = None,
) -> str:
    """Grade `batches` of answers to `quiz`, write them to `file` as UTF-8 text, and say in a sentence what was graded.

    With `feedback_file`, each feedback is written there once, and the lines only name it by its key.
    """
    grades = GradeFile(quiz, problems, keys=feedback_file is not None)
    file.write(grades.header().encode())
    for _, answers in batches:
        file.write("".join(grades.lines(answers)).encode())
    if feedback_file:
        feedback_file.write(grades.feedback_lines().encode())
    return str(grades)
