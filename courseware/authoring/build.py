"""Make lessons and solutions from their sources, executed; or say where they have drifted apart."""

from __future__ import annotations

import ast
import os
import tempfile
from base64 import b64decode
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from courseware.authoring import glossary
from courseware.authoring.source import read_source
from courseware.course import ROOT, LessonInfo, pictures
from courseware.errors import CourseError
from courseware.files import whole_file, write_whole
from courseware.progress import FOLDER_VARIABLE

CELL_SECONDS = 300


def build(infos: Iterable[LessonInfo], check: bool = False) -> list[str]:
    """Build the lesson and the solution notebook of each lesson; return the problems, one line each.

    Args:
        infos: the lessons to build.
        check: only compare the notebooks on disk with their sources; write nothing and run nothing.
    """
    jobs = [(info, solved) for info in infos for solved in (False, True)]
    if check:
        stale = [
            f"{folder.name}/{glossary.FILE}: is not what the lessons' glossary.toml say; run `course build`."
            for folder in {_target(*job).parent for job in jobs}
            if glossary.is_stale(folder)
        ]
        return [problem for info, solved in jobs for problem in drift(info, solved)] + stale
    for folder in {_target(*job).parent for job in jobs}:
        glossary.write_glossary(folder)
    with tempfile.TemporaryDirectory() as home, ThreadPoolExecutor(max_workers=2) as pool:
        os.environ[FOLDER_VARIABLE] = home  # kernels inherit it: a build leaves no trace in the author's progress
        return [problem for problems in pool.map(lambda job: _build_one(*job), jobs) for problem in problems]


def build_words(infos: Iterable[LessonInfo]) -> list[str]:
    """Bring words, comments and layout of the sources into the notebooks, which keep their outputs; nothing runs.

    Returns:
        the problems, one line each: a notebook is left as it is where the code of a cell has changed.
    """
    jobs = [(info, solved) for info in infos for solved in (False, True)]
    for folder in {_target(*job).parent for job in jobs}:
        glossary.write_glossary(folder)
    return [problem for job in jobs for problem in _rewrite(*job)]


def _rewrite(info: LessonInfo, solved: bool) -> list[str]:
    path = _target(info, solved)
    shown = path.relative_to(ROOT)
    try:
        wanted, stored = _both(info, solved)
        if [cell.cell_type for cell in wanted.cells] != [cell.cell_type for cell in stored.cells]:
            raise CourseError(f"{shown}: its source has other cells; {_remedy(info)}.")
        for index, (want, have) in enumerate(zip(wanted.cells, stored.cells, strict=True)):
            if want.cell_type == "code":
                if _code(want) != _code(have):
                    raise CourseError(f"{shown}: the code of cell {index} has changed; {_remedy(info)}.")
                want.outputs, want.execution_count = have.outputs, have.execution_count
    except CourseError as error:
        return [str(error)]
    write_whole(path, f"{nbformat.writes(wanted)}\n")
    return []


def _code(cell: nbformat.NotebookNode) -> str:
    """What a cell computes, without its comments and layout; its text as it is where that is no Python."""
    try:
        return ast.dump(ast.parse(cell.source))
    except SyntaxError:
        return str(cell.source)


def _both(info: LessonInfo, solved: bool) -> tuple[nbformat.NotebookNode, nbformat.NotebookNode]:
    """The notebook that a source makes now, without outputs, and the stored one.

    Raises:
        CourseError: if one of the two cannot be read.
    """
    path = _target(info, solved)
    shown = path.relative_to(ROOT)
    try:
        wanted = read_source(info.source, solved=solved)
    except OSError as error:
        raise CourseError(str(error)) from error
    try:
        return wanted, nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise CourseError(f"{shown}: missing; {_remedy(info)}.") from None
    except Exception as error:
        raise CourseError(f"{shown}: not a notebook ({type(error).__name__}); {_remedy(info)}.") from error


def _remedy(info: LessonInfo) -> str:
    return f"run `course build {info.slug}`"


def drift(info: LessonInfo, solved: bool) -> list[str]:
    """Problems of one stored notebook: missing, unreadable, or made from another source."""
    path = _target(info, solved)
    shown, remedy = path.relative_to(ROOT), _remedy(info)
    try:
        wanted, stored = _both(info, solved)
    except CourseError as error:
        return [str(error)]
    if len(wanted.cells) != len(stored.cells):
        return [f"{shown}: has {len(stored.cells)} cells, its source {len(wanted.cells)}; {remedy}."]
    for index, (want, have) in enumerate(zip(wanted.cells, stored.cells, strict=True)):
        if any(want.get(part) != have.get(part) for part in ("cell_type", "source", "id", "metadata")):
            return [f"{shown}: cell {index} differs from {info.source.relative_to(ROOT)}; {remedy}."]
    if wanted.metadata["courseware"] != stored.metadata.get("courseware"):
        return [f"{shown}: its course metadata differs from the source's; {remedy}."]
    return []


def _build_one(info: LessonInfo, solved: bool) -> list[str]:
    path = _target(info, solved)
    shown = path.relative_to(ROOT)
    print(f"building {shown}", flush=True)
    try:
        notebook = read_source(info.source, solved=solved)
        execute(notebook, path.parent)
    except (CourseError, OSError) as error:
        return [str(error)]
    except CellExecutionError as error:
        return [f"{shown}: a cell raised {error.ename}: {error.evalue}\n{error}"]
    write_whole(path, f"{nbformat.writes(notebook)}\n")
    if not solved:
        for picture in pictures():
            if picture.lesson == info.slug:
                with whole_file(picture.path) as file:
                    file.write(figures(notebook)[picture.figure - 1])
    return []


def figures(notebook: nbformat.NotebookNode) -> list[bytes]:
    """The PNG figures stored in `notebook`, in order; a picture in the place of something to touch is none."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = [output.data for output in outputs if "image/png" in output.get("data", {})]
    return [b64decode(data["image/png"]) for data in shown if data.get("text/plain", "").startswith("Figure: ")]


def execute(notebook: nbformat.NotebookNode, folder: Path) -> None:
    """Run all cells of `notebook` in a fresh kernel that works in `folder`; outputs are stored in place."""
    client = NotebookClient(
        notebook, timeout=CELL_SECONDS, record_timing=False, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = join_streams(cell.outputs)
    notebook.metadata["language_info"] = {"name": "python"}  # without the version of the machine that built it


def join_streams(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Join text that was printed in one go but came in pieces, as the kernel happened to send it; the order stays.

    (nbclient's own ``coalesce_streams`` joins across figures as well, so that what is printed below one moves above it.)
    """
    joined: list[nbformat.NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and last.output_type == output.output_type == "stream" and last.name == output.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def _target(info: LessonInfo, solved: bool) -> Path:
    return info.solution if solved else info.lesson
