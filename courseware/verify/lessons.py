"""`course verify`: every lesson and solution once, as they are shipped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from courseware import course
from courseware.course import LessonInfo
from courseware.verify.judging import KEYS, Finding, Row, judge
from courseware.verify.keys import quiz_faults
from courseware.verify.running import LIMITS, ONE_THREAD, CellBegun, Limits, Run, run_notebook
from courseware.verify.workers import run_all, workers


def run_lessons(infos: Sequence[LessonInfo], limits: Limits = LIMITS, jobs: int | None = None) -> list[Row]:
    """Run the notebooks of `infos` and look at their quizzes; return a row a lesson, in their order.

    Args:
        limits: what each cell may take.
        jobs: how many notebooks at a time; by default one a core, as far as memory allows.
    """
    count = workers(jobs)
    settings = ONE_THREAD if count > 1 else {}  # two kernels that each want all cores are slower than on one each
    notebooks = {_shown(path): (info, path) for info in infos for path in (info.lesson, info.solution)}
    runs: dict[Path, Run] = {}
    rows: dict[str, Row] = {}

    def work(job: tuple[LessonInfo, Path], begun: CellBegun) -> Run:
        return run_notebook(job[1], settings, limits, begun)

    for (info, path), run in run_all(notebooks, work, lambda _, run: _in_words(run), count):
        runs[path] = run
        if {info.lesson, info.solution} <= runs.keys():  # its quiz is looked at while the next notebooks run
            asked, faults = quiz_faults(info.quiz, info.lesson)
            quiz = _shown(info.quiz)
            keys = [Finding(KEYS, f"{quiz}, question {name}" if name else quiz, text) for name, text in faults]
            rows[info.slug] = judge(info, [runs[info.lesson], runs[info.solution]], keys, asked)
    return [rows[info.slug] for info in infos]


def _shown(path: Path) -> str:
    return path.relative_to(course.ROOT).as_posix()


def _in_words(run: Run) -> str:
    problems = sum(bool(cell["problem"]) for cell in run.cells) + bool(run.trouble)
    return f"{f'{problems} problems' if problems else 'holds'}, {run.seconds:.0f} s, {run.memory} MB"
