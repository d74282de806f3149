"""Read a lesson's source: cells in jupytext's percent format, with solution regions and model listings.

A solution region stands between ``### BEGIN SOLUTION`` and ``### END SOLUTION`` in a code cell. The lesson shows
a blank in its place: ``return ...`` where the solution returns, ``name = ...`` for each name it assigns. A region may
name its own blank, as comments after ``### STARTER``. A line ``### SOURCE module.function`` stands for the
source text of that function.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat

from courseware.authoring.folding import FOLDED, only_shows
from courseware.course import site
from courseware.errors import CourseError

BEGIN, STARTER, END, LISTING = "### BEGIN SOLUTION", "### STARTER", "### END SOLUTION", "### SOURCE "
MARKERS = (BEGIN, STARTER, END)


@dataclass(frozen=True)
class Place:
    """Where a cell stands in its source file, for messages."""

    path: Path
    line: int

    def fail(self, offset: int, problem: str) -> CourseError:
        return CourseError(f"{self.path.name}:{self.line + offset}: {problem}")


@dataclass(frozen=True)
class Cell:
    """A code cell of a notebook: its text, and the lines of it (from 1) that stand for a solution."""

    code: str
    regions: tuple[range, ...] = ()


def raw_cells(path: Path) -> list[tuple[nbformat.NotebookNode, Place]]:
    """Return the cells of a source as they are written there, each with its place."""
    text = path.read_text(encoding="utf-8")
    lines = [number + 1 for number, line in enumerate(text.splitlines(), 1) if line.startswith("# %%")]
    cells = jupytext.reads(text, fmt="py:percent").cells
    return [(cell, Place(path, lines[index] if index < len(lines) else 1)) for index, cell in enumerate(cells)]


def read_source(path: Path, *, solved: bool) -> nbformat.NotebookNode:
    """Return the notebook that `path` describes, without outputs.

    Args:
        path: a Python file in percent format.
        solved: True for the solution notebook, False for the lesson with blanks.

    Raises:
        CourseError: for an unbalanced or misplaced marker, a listing that does not exist, or code that does not parse.
    """
    cells = []
    for index, (cell, place) in enumerate(raw_cells(path)):
        if cell.cell_type == "code":
            cell = nbformat.v4.new_code_cell(read_cell(cell.source, solved=solved, place=place).code)
            if only_shows(cell.source):
                cell.source = f"{FOLDED}\n{cell.source}"
                cell.metadata = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}  # JupyterLab's and MyST's
        else:
            _refuse_markers(cell.source, place)
            cell = nbformat.v4.new_markdown_cell(cell.source)
        cell.id = f"cell-{index:03d}"
        cells.append(cell)
    first = next((cell for cell in cells if cell.cell_type == "code"), None)
    if first and (line := _install_line()):
        first.source = (
            f"# On Colab or Kaggle run this line first, without the # at its beginning:\n# {line}\n\n{first.source}"
        )
    made: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=cells)
    made.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "courseware": {
            "lesson": path.stem,
            "version": hashlib.sha256("\0".join(c.source for c in cells).encode()).hexdigest()[:12],
            "exercises": exercise_names(cells),
        },
    }
    return made


def _install_line() -> str:
    """What brings the course to a hosted notebook, where `course.toml` names the repository; else ""."""
    place = site()
    if not place.repository:
        return ""
    return f"!pip install -q --no-deps git+{place.repository}@{place.branch} && python -m courseware.hosted"


def read_cell(source: str, *, solved: bool, place: Place = Place(Path("cell"), 1)) -> Cell:
    """Return the code cell written as `source`, its regions solved or blanked and its listings filled in.

    Raises:
        CourseError: as `read_source`.

    >>> cell = '''def double(x):
    ...     ### BEGIN SOLUTION
    ...     return 2 * x
    ...     ### END SOLUTION'''
    >>> read_cell(cell, solved=True)
    Cell(code='def double(x):\\n    return 2 * x', regions=(range(2, 3),))
    >>> print(read_cell(cell, solved=False).code)
    def double(x):
        return ...  # replace the dots
    """
    lines: list[str] = []
    regions: list[range] = []
    region: list[str] | None = None
    starter: list[str] | None = None
    begun = 0
    for offset, line in enumerate(source.splitlines()):
        marker = line.strip()
        if marker.startswith("###") and marker not in MARKERS and not marker.startswith(LISTING):
            raise place.fail(offset, f"unknown marker {marker!r}; known are {', '.join(MARKERS)} and '{LISTING}...'.")
        if marker == BEGIN:
            if region is not None:
                raise place.fail(offset, f"{BEGIN} inside a region begun in line {place.line + begun}; end that first.")
            region, starter, begun = [], None, offset
            indent = line[: len(line) - len(line.lstrip())]
        elif marker == STARTER:
            if region is None or starter is not None:
                raise place.fail(offset, f"{STARTER} belongs once between {BEGIN} and {END}.")
            starter = []
        elif marker == END:
            if region is None:
                raise place.fail(offset, f"{END} without {BEGIN} before it in this cell.")
            if not "".join(region).strip():
                raise place.fail(offset, "the solution region is empty; put the solved lines in it.")
            blank = _uncomment(starter, place, begun) if starter is not None else _blank(region, indent, place, begun)
            shown = region if solved else blank
            regions.append(range(len(lines) + 1, len(lines) + len(shown) + 1))
            lines += shown
            region = None
        elif starter is not None and region is not None:
            starter.append(line)
        elif region is not None:
            region.append(line)
        elif marker.startswith(LISTING):
            lines += listing(marker.removeprefix(LISTING).strip(), place, offset).splitlines()
        else:
            lines.append(line)
    if region is not None:
        raise place.fail(begun, f"{BEGIN} has no {END} in this cell.")
    made = "\n".join(lines)
    try:
        ast.parse(made)
    except SyntaxError as error:
        raise place.fail((error.lineno or 1) - 1, f"the {'solved' if solved else 'blank'} cell: {error.msg}") from None
    return Cell(made, tuple(regions))


def listing(name: str, place: Place, offset: int) -> str:
    """Return the source text of ``module.function``, read without importing the module.

    Raises:
        CourseError: if the module or the function does not exist.
    """
    module, _, function = name.rpartition(".")
    spec = importlib.util.find_spec(module) if module else None
    if spec is None or not spec.origin:
        raise place.fail(offset, f"there is no module {module!r} to list {function!r} from.")
    text = Path(spec.origin).read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == function:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            return "\n".join(text.splitlines()[first - 1 : node.end_lineno])
    raise place.fail(offset, f"{module} has no function {function!r}.")


def exercise_names(cells: list[nbformat.NotebookNode]) -> list[str]:
    """Names of the exercises that the cells check, ``lesson.check("name", ...)``, in order."""
    code_cells = [cell for cell in cells if cell.cell_type == "code"]
    return list(dict.fromkeys(name for cell in code_cells for name, _ in checks(cell.source)))


def checks(code: str) -> Iterator[tuple[str, ast.expr]]:
    """Yield the exercises that the code of a cell checks, in order: name and answer of each ``lesson.check``."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: call.lineno):
        match call:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="lesson"), attr="check"),
                args=[ast.Constant(value=str(name)), answer],
            ):
                yield name, answer


def _blank(region: list[str], indent: str, place: Place, begun: int) -> list[str]:
    try:
        body = ast.parse(textwrap.dedent("\n".join(region))).body
    except SyntaxError as error:
        raise place.fail(begun + (error.lineno or 1), f"the solution does not parse: {error.msg}") from None
    if isinstance(body[-1], ast.Return):
        return [f"{indent}return ...  # replace the dots"]
    assigned = [ast.unparse(t) for node in body if isinstance(node, ast.Assign) for t in node.targets]
    if not assigned:
        raise place.fail(begun, f"no `return` and no assignment to blank; write the blank after {STARTER}.")
    return [f"{indent}{name} = ...  # replace the dots" for name in dict.fromkeys(assigned)]


def _uncomment(starter: list[str], place: Place, begun: int) -> list[str]:
    lines = []
    for line in starter:
        indent, mark, rest = line.partition("#")
        if indent.strip() or not mark:
            raise place.fail(begun, f"each line after {STARTER} must be a comment, e.g. '# x = 1'; got {line!r}.")
        lines.append((indent + rest.removeprefix(" ")).rstrip())
    return lines


def _refuse_markers(text: str, place: Place) -> None:
    for offset, line in enumerate(text.splitlines()):
        if line.strip() in MARKERS:
            raise place.fail(offset, f"{line.strip()} belongs in a code cell.")
