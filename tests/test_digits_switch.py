"""One word in the environment, and a lesson runs on all of MNIST, for which a stand-in serves here; every claim still holds.

On the small digits, and on the 10,000 that are the default, `course verify matrix` runs it for real.
"""

import shutil
from pathlib import Path

import pytest
from fewer_cells import keep_around
from nbclient import NotebookClient

from courseware import course
from courseware.authoring.source import read_source

SWITCHED = [info for info in course.ready_lessons() if "= digits()" in info.source.read_text(encoding="utf-8")]


def test_the_switch_is_in_the_lessons_that_promise_it():
    assert [info.slug for info in SWITCHED] == ["03_fnn", "04_cnn", "07_autoencoder", "08_gan"]


@pytest.mark.parametrize("info", SWITCHED, ids=lambda info: info.slug)
def test_the_lesson_runs_on_pictures_from_keras(info, tmp_path, monkeypatch):
    startup = tmp_path / "profile_default" / "startup"
    startup.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("mnist_stand_in.py"), startup / "00-mnist.py")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("COURSEWARE_DIGITS", "mnist")
    notebook = read_source(info.source, solved=False)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    keep_around(notebook, [next(n for n, cell in enumerate(code) if "= digits()" in cell.source)])
    assert sum(cell.source.count("lesson.claim(") for cell in notebook.cells) >= 15
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(info.lesson.parent)}}).execute()
    assert (tmp_path / "asked_for_mnist").exists(), "the lesson ran, but on other digits"


def test_without_the_pictures_one_line_says_what_to_do(monkeypatch):
    info = SWITCHED[0]
    monkeypatch.setenv("COURSEWARE_DIGITS", "mnist")
    notebook = read_source(info.source, solved=False)
    first = next(n for n, cell in enumerate(notebook.cells) if "= digits()" in cell.source)
    notebook.cells = notebook.cells[: first + 1]
    with pytest.raises(Exception, match="MNIST is not stored here and cannot be downloaded") as failure:
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(info.lesson.parent)}}).execute()
    assert "connect to the network once" in str(failure.value)
