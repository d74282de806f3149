"""Read a lesson's source as cells of code, with the lines that hold a solution and the exercise that checks it."""

from __future__ import annotations

import ast
import symtable
from dataclasses import dataclass
from pathlib import Path

from courseware.authoring.source import Cell, checks, raw_cells, read_cell
from courseware.errors import CourseError


@dataclass(frozen=True)
class Task:
    """An exercise: its name, the number of the cell that holds its solution, and the answer given to the check."""

    name: str
    cell: int
    answer: str


def read_cells(path: Path) -> list[Cell]:
    """Return the code cells of a lesson's source, solved.

    Raises:
        CourseError: as `courseware.authoring.source.read_cell`.
    """
    return [
        read_cell(cell.source, solved=True, place=place) for cell, place in raw_cells(path) if cell.cell_type == "code"
    ]


def tasks(cells: list[Cell], path: Path) -> list[Task]:
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
            answers = [(name, ast.unparse(answer)) for name, answer in checks(later.code)]
            fitting = [Task(name, number, answer) for name, answer in answers if names(answer)[1] & made]
            if fitting:
                found.append(fitting[0])
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
