"""Write the report on a class into a folder: the page, and tables of questions and of learners."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from courseware.grading.report.analysis import LessonAnalysis
from courseware.grading.report.findings import findings
from courseware.grading.spreadsheet import cell

_ITEMS = (
    "lesson", "question", "kind", "learners", "answered", "unreadable", "difficulty", "difficulty_low", "difficulty_high",
    "discrimination", "discrimination_low", "discrimination_high", "median_seconds", "to_do",
)  # fmt: skip


def items_table(lessons: Sequence[LessonAnalysis]) -> str:
    """One row a question; a cell is empty where the number cannot be said."""
    rows: list[Sequence[object]] = [_ITEMS]
    for lesson in lessons:
        for each in lesson.questions:
            rows.append((
                lesson.answers.quiz.lesson, each.question.id, each.question.kind, each.learners, each.answered,
                each.unreadable, each.difficulty.value, each.difficulty.low, each.difficulty.high,
                each.discrimination.value, each.discrimination.low, each.discrimination.high,
                each.seconds[1] if each.seconds else np.nan,
                " ".join(f"{finding.what} {finding.advice}" for finding in findings(each)),
            ))  # fmt: skip
    return _csv(rows)


def learners_table(lessons: Sequence[LessonAnalysis]) -> str:
    """One row a learner and quiz."""
    rows: list[Sequence[object]] = [("lesson", "learner", "attempt", "points", "out_of", "percent")]
    for lesson in lessons:
        out_of = lesson.answers.points.shape[1]
        for name, attempt, score in zip(
            lesson.answers.learners, lesson.answers.attempts.tolist(), lesson.scores.tolist(), strict=True
        ):
            rows.append((lesson.answers.quiz.lesson, name, attempt, score, out_of, 100 * score / out_of))
    return _csv(rows)


def _csv(rows: Sequence[Sequence[object]]) -> str:
    return "".join(",".join(_cell(value) for value in row) + "\n" for row in rows)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.6g}"
    return cell(str(value))
