"""Write the report on a class into a folder: the page, and tables of questions and of learners."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from courseware.grading.report.analysis import LessonAnalysis
from courseware.grading.report.findings import findings
from courseware.grading.spreadsheet import PLAIN, Style
from courseware.grading.written import GRADES, ROSTER

_ITEMS = (
    "lesson", "question", "kind", "learners", "answered", "unreadable", "difficulty", "difficulty_low", "difficulty_high",
    "discrimination", "discrimination_low", "discrimination_high", "median_seconds", "to_do",
)  # fmt: skip


def items_table(lessons: Sequence[LessonAnalysis], style: Style = PLAIN) -> str:
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
    return style.table(rows)


def learners_table(lessons: Sequence[LessonAnalysis], style: Style = PLAIN) -> str:
    """One row a learner and quiz; with a roster, the columns `id` and `section` as well."""
    roster = any(lesson.answers.people for lesson in lessons)
    head = ("lesson", *GRADES, *(ROSTER if roster else ()))
    rows: list[Sequence[object]] = [head]
    for lesson in lessons:
        answers = lesson.answers
        for row, (name, attempt, score, out_of) in enumerate(
            zip(answers.learners, answers.attempts.tolist(), lesson.scores.tolist(), answers.had.tolist(), strict=True)
        ):
            person = answers.people[row] if answers.people else None
            about = ((person.id, person.section) if person else ("", "")) if roster else ()
            rows.append((answers.quiz.lesson, name, attempt, score, out_of, 100 * score / out_of, *about))
    return style.table(rows)
