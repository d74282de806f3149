"""From what a run showed to verdicts: one row a lesson, one column a check."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from courseware import course
from courseware.course import Budget, LessonInfo
from courseware.lesson import MARKS
from courseware.progress import NOT_STARTED, PASSED
from courseware.verify.running import Run

EXECUTES, OUTPUTS, CLAIMS, EXERCISES, KEYS, TIME, MEMORY = COLUMNS = (
    "executes", "outputs", "claims", "exercises", "quiz keys", "time", "memory",
)  # fmt: skip
KINDS = {"memory": MEMORY, "died": EXECUTES, "limit": TIME}
CONTEXT = 2  # lines shown around a difference


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, under the column it belongs to.

    Attributes:
        where: the file, and the cell as nbval counts it, e.g. ``lessons/04_cnn.ipynb, Cell 12``.
        diff: lines of a difference, expected against got, or the words of an error.
        failure: False for what is reported and fails nothing: a budget that is exceeded.
    """

    column: str
    where: str
    text: str
    diff: tuple[str, ...] = ()
    failure: bool = True


@dataclass
class Row:
    """One lesson's verdicts.

    Attributes:
        counts: for each column what was looked at, e.g. 45 cells or 12 claims; seconds and MB for the last two.
    """

    slug: str
    counts: dict[str, float] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return any(finding.failure for finding in self.findings)

    def under(self, column: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.column == column]


def judge(info: LessonInfo, runs: Iterable[Run], keys: Iterable[Finding], asked: int) -> Row:
    """Put together a lesson's row from the runs of its notebooks and what was found in its quiz.

    Args:
        keys: what is wrong in the quiz.
        asked: how many keys were looked at.
    """
    runs = list(runs)
    row = Row(info.slug, findings=[finding for run in runs for finding in _findings(run, course.budget())] + list(keys))
    cells = [cell for run in runs for cell in run.cells]
    row.counts = {
        EXECUTES: len(cells),
        OUTPUTS: len(cells),
        CLAIMS: sum(len(run.claims) for run in runs),
        EXERCISES: sum(len(cell.get("checks", ())) for cell in cells),
        KEYS: asked,
        TIME: max((run.seconds for run in runs), default=0.0),
        MEMORY: max((run.memory for run in runs), default=0),
    }
    return row


def _findings(run: Run, budget: Budget) -> Iterator[Finding]:
    if run.trouble:
        yield Finding(EXECUTES, run.notebook, run.trouble)
    broken = ""
    for cell in run.cells:
        where = f"{run.notebook}, Cell {cell['cell']}"
        if problem := cell["problem"]:
            finding = _from_problem(where, cell, problem)
            if finding.column == EXECUTES and broken:
                continue  # most likely a consequence, e.g. a name that the broken cell did not define
            if finding.column in (EXECUTES, TIME, MEMORY):
                broken = where
            yield finding
        if cell.get("seconds", 0) > budget.cell_seconds and not cell["problem"]:
            yield Finding(
                TIME, where, f"took {cell['seconds']:.0f} s; {budget.cell_seconds} s are planned for a cell.",
                (_first_line(cell),), failure=False,
            )  # fmt: skip
    yield from _wrong_checks(run)
    if not run.trouble and all("source" in cell for cell in run.cells):  # the kernel has started
        checked = re.findall(r'lesson\.check\("(\w+)"', "\n".join(cell["source"] for cell in run.cells))
        for name in sorted({*run.exercises}.difference(checked)):
            yield Finding(EXERCISES, run.notebook, f"no cell checks {name}, which is one of its exercises.")
    if run.left_behind:
        text = f"left {run.left_behind} process{'' if run.left_behind == 1 else 'es'} running, now ended."
        yield Finding(EXECUTES, run.notebook, text, failure=False)
    if run.seconds > budget.seconds:
        text = f"took {run.seconds:.0f} s; {budget.seconds} s are planned."
        yield Finding(TIME, run.notebook, text, failure=False)
    stopped = any(cell["problem"] and cell["problem"]["kind"] == "memory" for cell in run.cells)
    if run.memory > budget.memory_mb and not stopped:
        text = f"took {run.memory} MB; {budget.memory_mb} MB are planned."
        yield Finding(MEMORY, run.notebook, text, failure=False)


def _from_problem(where: str, cell: dict[str, Any], problem: dict[str, Any]) -> Finding:
    kind = problem["kind"]
    if kind == "differs":
        column = EXERCISES if cell["checks"] else KEYS if "lesson.quiz(" in cell["source"] else OUTPUTS
        return Finding(column, where, f"shows something else: {_first_line(cell)}", difference(problem))
    if kind == "error":
        column = CLAIMS if problem["name"] == "ClaimFailed" else EXECUTES
        first, *rest = problem["text"].splitlines() or [""]
        name = "" if column == CLAIMS else f"{problem['name']}: "
        return Finding(column, where, f"{name}{first}", tuple(rest))
    return Finding(KINDS[kind], where, problem["text"], (_first_line(cell),))


def _wrong_checks(run: Run) -> Iterator[Finding]:
    """Exercises whose last check, though it says what is stored, is not what a lesson or a solution must show."""
    wanted = PASSED if run.notebook.startswith("solutions/") else NOT_STARTED
    last = {name: (line, cell) for cell in run.cells for name, line in cell.get("checks", {}).items()}
    for name, (line, cell) in last.items():
        if not line.startswith(MARKS[wanted]) and not cell["problem"]:
            where = f"{run.notebook}, Cell {cell['cell']}"
            yield Finding(EXERCISES, where, f"the check of {name} should say that it is {wanted}.", (f"got: {line}",))


def difference(problem: dict[str, Any]) -> tuple[str, ...]:
    """What was expected against what came, as lines that begin with a space, - or +.

    >>> difference({"expected": "a\\nb", "got": "a\\nc"})
    ('  a', '- b', '+ c')
    >>> far = "\\n".join("abcdefgh")
    >>> difference({"expected": far, "got": far.replace("a", "A").replace("h", "H")})
    ('- a', '+ A', '  b', '  c', '...', '  f', '  g', '- h', '+ H')
    """
    expected, got = problem["expected"].splitlines(), problem["got"].splitlines()
    lines = list(difflib.unified_diff(expected, got, n=CONTEXT, lineterm=""))[2:]
    if not lines:  # they differ in what is not text
        return tuple(problem.get("nbval", "").strip().splitlines())
    return tuple("..." if line.startswith("@@") else f"{line[0]} {line[1:]}" for line in lines[1:])


def _first_line(cell: dict[str, Any]) -> str:
    return next((line.strip() for line in cell.get("source", "").splitlines() if line.strip()), "")
