"""Read a lesson's source as cells of code, with the lines that hold a solution and the exercise that checks it."""

from __future__ import annotations

import ast
import symtable
from dataclasses import dataclass
from pathlib import Path

import jupytext

from courseware.authoring.source import BEGIN, END, LISTING, MARKERS, STARTER, listing, read_source
from courseware.errors import CourseError


@dataclass(frozen=True)
class Cell:
    """A code cell: its text and the lines of it (from 1) that a learner writes."""

    code: str
    regions: tuple[range, ...] = ()


@dataclass(frozen=True)
class Task:
    """An exercise: its name, the number of the cell that holds its solution, and the answer given to the check."""

    name: str
    cell: int
    answer: str


def read_cells(path: Path) -> list[Cell]:
    """Return the code cells of a lesson's source, solved.

    Raises:
        CourseError: as `courseware.authoring.source.read_source`.
    """
    read_source(path, solved=True)  # refuses what is not a lesson
    raw = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    return [cell(raw_cell.source) for raw_cell in raw.cells if raw_cell.cell_type == "code"]


def cell(source: str) -> Cell:
    """Return the cell written as `source`, without its markers.

    >>> cell('''def f(x):
    ...     ### BEGIN SOLUTION
    ...     return x
    ...     ### STARTER
    ...     # return 7
    ...     ### END SOLUTION''')
    Cell(code='def f(x):\\n    return x', regions=(range(2, 3),))
    """
    lines: list[str] = []
    regions: list[range] = []
    inside, begun = "", 0
    for line in source.splitlines():
        marker = line.strip()
        if marker == BEGIN:
            begun = len(lines) + 1
        elif marker in (STARTER, END) and inside == BEGIN:
            regions.append(range(begun, len(lines) + 1))
        if marker in MARKERS:
            inside = marker
        elif marker.startswith(LISTING):
            lines += listing(marker.removeprefix(LISTING).strip()).splitlines()
        elif inside != STARTER:
            lines.append(line)
    return Cell("\n".join(lines), tuple(regions))


def tasks(cells: list[Cell], path: Path = Path("lesson")) -> list[Task]:
    """Return the exercises that `cells` hold solutions for, in order.

    An exercise's solution stands in the last cell before ``lesson.check("name", answer)`` that has a solution and makes
    a name which the answer uses.

    Raises:
        CourseError: if a solution is checked by no cell.
    """
    found: list[Task] = []
    for number, solution in enumerate(cells):
        if not solution.regions:
            continue
        made = names(solution.code)[0]
        for later in cells[number + 1 :]:
            check = next((c for c in _checks(later.code) if names(ast.unparse(c.args[1]))[1] & made), None)
            if check:
                found.append(Task(ast.literal_eval(check.args[0]), number, ast.unparse(check.args[1])))
                break
        else:
            raise CourseError(f"{path.name}: no cell checks the solution that makes {', '.join(sorted(made))}.")
    return found


def needed(cells: list[Cell], last: int) -> list[int]:
    """Return the numbers of the cells before `last` that make the names which that cell uses, directly or not."""
    wanted = names(cells[last].code)[1]
    chosen: list[int] = []
    for number in reversed(range(last)):
        made, used = names(cells[number].code)
        if made & wanted:
            wanted |= used
            chosen.append(number)
    return sorted(chosen)


def names(code: str) -> tuple[set[str], set[str]]:
    """Return the names that `code` makes at its outermost level, and those that it uses there or inside functions.

    A function's own variables are neither.

    >>> made, used = names("import numpy as np\\ndef f(x):\\n    y = np.exp(x)\\n    return y + k")
    >>> sorted(made), sorted(used)
    (['f', 'np'], ['k', 'np'])
    """
    top = symtable.symtable(code, "cell", "exec")
    made = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    used: set[str] = set()
    waiting = [top]
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        used |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and (table is top or s.is_global())}
    return made, used


def _checks(code: str) -> list[ast.Call]:
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    return [call for call in calls if ast.unparse(call.func) == "lesson.check" and len(call.args) == 2]
