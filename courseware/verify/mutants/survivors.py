"""Run every mutant of a lesson's solutions past the exercise's own check, and keep those that it accepts."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import time
import warnings
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from courseware.authoring.source import Cell
from courseware.checking import Exercise, Verdict, examine
from courseware.course import LessonInfo
from courseware.errors import CourseError
from courseware.notebook import standard_error_closed
from courseware.progress import PASSED
from courseware.timelimit import TimeLimitReached, run_limited
from courseware.verify.mutants.cells import Task, needed, read_cells, tasks
from courseware.verify.mutants.making import Mutant, mutants

Trying = Callable[[Exercise, str], None]


@dataclass
class Outcome:
    """What became of the mutants of one exercise: how many there were, the changes that were accepted, the time."""

    lesson: str
    exercise: str
    tried: int = 0
    survivors: list[str] = field(default_factory=list)
    seconds: float = 0.0


def outcomes(
    info: LessonInfo,
    skip: Collection[str] = (),
    fatal: Collection[tuple[str, str]] = (),
    trying: Trying = lambda exercise, change: None,
) -> Iterator[Outcome]:
    """Yield what became of the mutants of each exercise of a lesson, in this process.

    Args:
        info: the lesson.
        skip: the names of exercises to leave out.
        fatal: exercises and changes that ended a process before; they count as refused and are not run.
        trying: is told of each mutant before it is run: the exercise and the change.

    Raises:
        CourseError: if a cell of the lesson does not run, or a check refuses the solution as it stands.
    """
    cells = read_cells(info.source)
    with standard_error_closed():  # the start-up messages of Keras's engine
        module = importlib.import_module(info.checks)
    exercises = {exercise.name: exercise for exercise in module.EXERCISES}
    for task in tasks(cells, info.source):
        if task.name not in skip:
            deadly = [change for name, change in fatal if name == task.name]
            yield _outcome(info.slug, cells, task, exercises[task.name], deadly, trying)


def accepts(exercise: Exercise, namespace: dict[str, Any], code: str, answer: str) -> Verdict | None:
    """Return the check's verdict on the answer that `code` gives, or None if `code` itself fails.

    `namespace` is copied; what `code` binds does not reach it.
    """
    scope = dict(namespace)
    with _quiet():
        try:
            run_limited(lambda: exec(compile(code, "<mutant>", "exec"), scope), exercise.seconds)
            given = eval(answer, scope)
        except (Exception, TimeLimitReached):
            return None
        return examine(exercise, given)


def survivors(
    exercise: Exercise,
    namespace: dict[str, Any],
    candidates: list[Mutant],
    answer: str,
    trying: Trying = lambda exercise, change: None,
) -> list[str]:
    """Return the changes of those candidates that the check accepts."""
    accepted = []
    gc.freeze()  # what is loaded stays; looking through it again for each mutant would take longer than most checks
    for mutant in candidates:
        trying(exercise, mutant.change)
        verdict = accepts(exercise, namespace, mutant.code, answer)
        if verdict is not None and verdict.outcome == PASSED:
            accepted.append(mutant.change)
        gc.collect()  # a network refers to itself in circles
    return accepted


def _outcome(slug: str, cells: list[Cell], task: Task, exercise: Exercise, fatal: list[str], trying: Trying) -> Outcome:
    begun = time.monotonic()
    namespace = _namespace(slug, cells, task.cell)
    solution = cells[task.cell]
    verdict = accepts(exercise, namespace, solution.code, task.answer)
    if verdict is None or verdict.outcome != PASSED:
        said = verdict.message if verdict else "its cell does not run."
        raise CourseError(f"{slug}: the check {task.name} refuses the solution as it stands: {said}")
    candidates = mutants(solution.code, solution.regions)
    accepted = survivors(exercise, namespace, [m for m in candidates if m.change not in fatal], task.answer, trying)
    return Outcome(slug, task.name, len(candidates), accepted, time.monotonic() - begun)


def _namespace(slug: str, cells: list[Cell], last: int) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for number in needed(cells, last):
        with _quiet():
            try:
                exec(compile(cells[number].code, f"<{slug} cell {number}>", "exec"), namespace)
            except Exception as error:
                first = cells[number].code.splitlines()[0]
                raise CourseError(
                    f"{slug}: the cell that begins `{first}` raised {type(error).__name__}: {error}"
                ) from error
    return namespace


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    nowhere = io.StringIO()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
