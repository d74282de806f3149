"""Copies of lessons that learners made before each lesson had a folder of its own still run."""

import importlib
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from courseware.course import find, ready_lessons

OLD_IMPORTS = {  # what today's copy says -> what a copy said then
    "from courseware.lessons.fnn import drawings as draw": "from courseware.plots import fnn as draw",
    "from courseware.lessons.cnn import drawings as draw": "from courseware.plots import cnn as draw",
    "from courseware.drawing import": "from courseware.plots import",
    "from courseware.lessons.fnn.models import": "from courseware.models.fnn import",
}


@pytest.mark.parametrize("slug", ["03_fnn", "04_cnn"])
def test_an_old_copy_runs(slug):
    info = find(slug)
    notebook = nbformat.read(info.solution, as_version=4)
    done = set()
    for cell in notebook.cells:
        for new, old in OLD_IMPORTS.items():
            if cell.cell_type == "code" and new in cell.source:
                cell.source = cell.source.replace(new, old)
                done.add(old)
    assert len(done) >= 2
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(info.solution.parent)}}).execute()


@pytest.mark.parametrize("info", ready_lessons(), ids=lambda info: info.short_name)
def test_the_modules_of_a_lesson_have_their_old_names_too(info):
    for old, new in (("models", "models"), ("exercises", "checks"), ("plots", "drawings")):
        made = importlib.import_module(f"courseware.{old}.{info.short_name}")
        assert made is importlib.import_module(f"courseware.lessons.{info.short_name}.{new}")


def test_what_all_drawings_share_and_the_quiet_workers_have_their_old_names_too():
    from courseware import drawing, notebook, plots, quiet

    assert plots.show is drawing.show and plots.BLUE == drawing.BLUE
    assert quiet.quiet_workers is notebook.quiet_workers


def test_a_name_that_never_was_is_not_found():
    with pytest.raises(ModuleNotFoundError, match=r"courseware\.lessons\.nothing"):
        importlib.import_module("courseware.models.nothing")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("courseware.modelz")
    assert "courseware.models.nothing" not in sys.modules
