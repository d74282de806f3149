"""`course verify`: every lesson and solution once, as they are shipped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from courseware import course
from courseware.course import LessonInfo
from courseware.verify.judging import KEYS, Finding, Row, judge
from courseware.verify.keys import quiz_faults
from courseware.verify.running import LIMITS, ONE_THREAD, Limits, Run, run_notebook
from courseware.verify.workers import ProgressLine, run_all, workers


def run_lessons(infos: Sequence[LessonInfo], limits: Limits = LIMITS, jobs: int | None = None) -> list[Row]:
    """Run the notebooks of `infos` and look at their quizzes; return a row a lesson, in their order.

    Args:
        limits: what each cell may take.
        jobs: how many notebooks at a time; by default one a core, as far as memory allows.
    """
    count = workers(jobs)
    settings = ONE_THREAD if count > 1 else {}  # two kernels that each want all cores are slower than on one each
    todo = [(info, path) for info in infos for path in (info.lesson, info.solution)]
    progress = ProgressLine(len(todo))
    runs: dict[str, dict[str, Run]] = {info.slug: {} for info in infos}
    rows: dict[str, Row] = {}

    def work(job: tuple[LessonInfo, Path]) -> Run:
        path = job[1]
        name = path.relative_to(course.ROOT).as_posix()
        run = run_notebook(path, settings, limits, lambda cell, cells: progress.update(name, cell, cells))
        problems = sum(bool(cell["problem"]) for cell in run.cells) + bool(run.trouble)
        progress.end(name, f"{f'{problems} problems' if problems else 'holds'}, {run.seconds:.0f} s, {run.memory} MB")
        return run

    try:
        for (info, path), run in run_all(todo, work, count):
            of_lesson = runs[info.slug]
            of_lesson[path.parent.name] = run
            if len(of_lesson) == 2:  # its quiz is looked at while the next notebooks run
                rows[info.slug] = _row(info, [of_lesson["lessons"], of_lesson["solutions"]])
    finally:
        progress.close()
    return [rows[info.slug] for info in infos]


def _row(info: LessonInfo, runs: list[Run]) -> Row:
    asked, faults = quiz_faults(info.quiz, info.lesson)
    quiz = info.quiz.relative_to(course.ROOT).as_posix()
    keys = [Finding(KEYS, f"{quiz}, question {name}" if name else quiz, text) for name, text in faults]
    return judge(info, runs, keys, asked)
