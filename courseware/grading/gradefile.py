"""Grade a class's answers to one quiz into one CSV file, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from math import fsum
from typing import BinaryIO

from courseware.grading.answers import Answers
from courseware.grading.marks import Marker, grade_answers
from courseware.grading.problems import Problems, count
from courseware.grading.spreadsheet import PLAIN, Style, cell
from courseware.grading.written import GRADES, ROSTER, SOURCES
from courseware.quiz.model import Quiz

# What looks on while rows are graded: their answers, and of each question each row's place in the marker's outcomes.
Watcher = Callable[[Answers, list[list[int]]], None]


class GradeFile:
    """Turns answers to a quiz into the lines of the graded CSV file.

    Args:
        markers: what grades each question.
        problems: where cells that cannot be read are listed.
        keys: name the feedback by keys, which `feedback_lines` explains, instead of writing it out.
        roster: write also the columns `id` and `section`.
        sources: write also the columns `file`, `seed` and `handed_in`.
        style: how cells are parted.
    """

    def __init__(
        self,
        markers: Sequence[Marker],
        problems: Problems,
        keys: bool = False,
        roster: bool = False,
        sources: bool = False,
        style: Style = PLAIN,
    ):
        self.markers, self.problems, self.keys, self.style = markers, problems, keys, style
        self.roster, self.sources = roster, sources
        self.rows, self.points, self.had = 0, 0.0, 0.0
        self.out_of = fsum(marker.weight for marker in markers)
        self._pooled = any(marker.question.pool for marker in markers)  # so that rows may have other questions
        # Of each question the outcomes as they are written: points, the text of these, feedback, and points to be had.
        self._written: list[list[tuple[float, str, str, float]]] = [[] for _ in self.markers]

    def header(self) -> str:
        """The first line: the names of the columns."""
        ids = [marker.question.id for marker in self.markers]
        more = [*(ROSTER if self.roster else ()), *(SOURCES if self.sources else ())]
        names = [*GRADES, *ids, "feedback", *more]
        return self.style.mark + self.style.line(names)

    def lines(self, answers: Answers, watch: Iterable[Watcher] = ()) -> list[str]:
        """The graded rows."""
        codes = grade_answers(self.markers, answers, self.problems)
        for watcher in watch:
            watcher(answers, codes)
        for marker, written in zip(self.markers, self._written, strict=True):
            for code, outcome in enumerate(marker.outcomes[len(written) :], len(written)):
                entry = f"{marker.question.id}:{code}" if self.keys else f"{marker.question.id}: {outcome.feedback}"
                feedback = entry.replace('"', '""') if outcome.feedback and marker.weight else ""
                points, weight = marker.weight * outcome.points, marker.weight_of(code)
                written.append((points, self.style.number(points) if weight else "", feedback, weight))
        columns = [map(written.__getitem__, each) for written, each in zip(self._written, codes, strict=True)]
        lines, totals = [], []
        delimiter, decimal, out_of = self.style.delimiter, self.style.decimal, self.out_of
        more = self._more(answers)
        for learner, attempt, last, *outcomes in zip(answers.learners, answers.attempts, more, *columns, strict=True):
            earned, texts, entries, weights = zip(*outcomes, strict=True)
            total = fsum(earned)
            if self._pooled:
                out_of = fsum(weights)
            self.had += out_of
            totals.append(total)
            lines.append(
                f"{cell(learner)}{delimiter}{attempt}{delimiter}{_totals(total, out_of, delimiter, decimal)}{delimiter}"
                f'{delimiter.join(texts)}{delimiter}"{" | ".join(filter(None, entries))}"{last}\n'
            )
        self.rows += len(lines)
        self.points = fsum([self.points, *totals])
        return lines

    def _more(self, answers: Answers) -> Sequence[str]:
        """The end of each line, for the columns that not every table has."""
        rows = len(answers.lines)
        if not (self.roster or self.sources):
            return [""] * rows
        columns: list[Iterable[str]] = []
        if self.roster:
            columns += [[person.id if person else "" for person in answers.people or [None] * rows]]
            columns += [[person.section if person else "" for person in answers.people or [None] * rows]]
        if self.sources:
            name = answers.file.encode("utf-8", "replace").decode()
            columns += [[name] * rows, [seed or "" for seed in answers.seeds], answers.handed_in or [""] * rows]
        return ["".join(self.style.delimiter + cell(text) for text in texts) for texts in zip(*columns, strict=True)]

    def feedback_lines(self) -> str:
        """A table of what each key stands for."""
        rows: list[Sequence[str]] = [("key", "feedback")]
        for marker in self.markers:
            for number, outcome in enumerate(marker.outcomes):
                if outcome.feedback:
                    rows.append((f"{marker.question.id}:{number}", outcome.feedback))
        return self.style.table(rows)

    def __str__(self) -> str:
        mean = f", on average {self.points / self.rows:.3g} of {self.had / self.rows:.4g} points" if self.rows else ""
        return f"{count(self.rows, 'row')} graded{mean}."


@lru_cache(1000)
def _totals(points: float, out_of: float, delimiter: str = ",", decimal: str = ".") -> str:
    """The cells `points`, `out_of` and `percent`.

    >>> _totals(2 / 3, 2)
    '0.666667,2,33.33'
    """
    percent = 100 * points / out_of if out_of else 0.0
    return delimiter.join((f"{points:.6g}", f"{out_of:.6g}", f"{percent:.4g}")).replace(".", decimal)


def write_grades(
    grades: GradeFile,
    batches: Iterable[tuple[Quiz, Answers]],
    file: BinaryIO,
    feedback_file: BinaryIO | None = None,
    watch: Sequence[Watcher] = (),
) -> str:
    """Grade `batches` of answers to a quiz, write them to `file` as UTF-8 text, and say in a sentence what was graded.

    With `feedback_file`, each feedback is written there once, and the lines only name it by its key.
    """
    file.write(grades.header().encode())
    for _, answers in batches:
        file.write("".join(grades.lines(answers, watch)).encode())
    if feedback_file:
        feedback_file.write(grades.feedback_lines().encode())
    return str(grades)
