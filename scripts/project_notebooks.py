"""Make the notebooks of the projects from projects/source/: the templates bare, the worked example run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import jupytext
import nbformat

from courseware.authoring.build import execute

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "projects" / "source"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def notebook_for(source: Path) -> Path:
    """Where the notebook of a source lies."""
    return SOURCES.parent / source.relative_to(SOURCES).with_suffix(".ipynb")


def notebook_of(source: Path) -> Any:
    """The notebook that a source makes, without outputs; its cells are numbered, so that it is the same every time."""
    notebook = jupytext.read(source, fmt="py:percent")
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    for number, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"{source.stem}-{number}", nbformat.from_dict({})
    return notebook


def main() -> None:
    """Write all of them, or those that are named."""
    for source in sorted(SOURCES.rglob("*.py")):
        if sys.argv[1:] and source.stem not in sys.argv[1:]:
            continue
        notebook, is_worked = notebook_of(source), source.parent.name == "worked"
        if is_worked:
            execute(notebook, SOURCES)
        target = notebook_for(source)
        target.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, target)
        print(target.relative_to(ROOT))


if __name__ == "__main__":
    main()
