"""What a notebook's first line sees around it, and checks in a real kernel that has been through a lot."""

import importlib.metadata
import importlib.util
import os
import site
import sys

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient

from courseware import lesson
from courseware.cells import Cells
from courseware.course import ROOT, find
from courseware.learner import surroundings
from courseware.learner.copies import refresh
from courseware.learner.surroundings import PackagesMissing, put_right, usable_backend, usual_settings

OPEN = (
    'from courseware import open_lesson\nlesson = open_lesson("01_linear_regression")\nimport keras\nimport numpy as np'
)
RIGHT = "predict = lambda w, b, x: w * x + b"
CHECK = 'lesson.check("predict", predict)'
PASSED = "✓ predict: passed. One rule serves one house and a whole array of them.\n"


def outputs(folder, *cells, python_path=(), **environment):
    """What each cell shows, in a kernel of its own that works in `folder`: texts and the last lines of errors."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(notebook, timeout=240, allow_errors=True, resources={"metadata": {"path": str(folder)}})
    path = os.pathsep.join([*map(str, python_path), str(ROOT)])
    client.execute(env={**os.environ, "PYTHONPATH": path, "COURSEWARE_HOME": str(folder / "home"), **environment})
    shown = []
    for cell in notebook.cells:
        texts = [
            each.get("text") or "\n".join(each.get("traceback", ())) or str(each.get("data")) for each in cell.outputs
        ]
        shown.append("".join(texts))
    return shown


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """By its first line, what each cell of a notebook shows whose learner does all sorts of things."""
    cells = {
        "open": OPEN,
        "right": RIGHT,
        "check": CHECK,
        "closed": "import io, os, sys, warnings\nsys.stdout.close()",
        "check closed": CHECK,
        "replaced": "sys.stdout = io.StringIO()",
        "check replaced": CHECK,
        "print": 'print("I can be read")',
        "syntax": "predict = ",
        "check syntax": CHECK,
        "half": "def predict(w, b, x):\n    return w * x + b\nprint(1 / 0)",
        "check half": CHECK,
        "failed": "predict = nothing_of_that_name(3)",
        "check failed": CHECK,
        "exit": "def predict(w, b, x):\n    exit()",
        "check exit": CHECK,
        "after exit": "print(np.sqrt(4))",
        "check and mended": f"{RIGHT}\n{CHECK}",
        "check mended": CHECK,
        "middle": "price.mean()",
        "typo": "prise.mean()",
        "fork": "def predict(w, b, x):\n    os.fork()\n    return w * x + b",
        "check fork": CHECK,
        "alone": "import psutil\n_, staying = psutil.wait_procs(psutil.Process().children(), timeout=60)\nprint(staying)",
        "settings": 'keras.config.set_floatx("float16")\nnp.seterr(all="raise")\nwarnings.simplefilter("error")\n'
        "keras.config.set_image_data_format('channels_first')\nasarray, np.asarray = np.asarray, None\n" + RIGHT,
        "check settings": CHECK,
        "kept": "print(keras.config.floatx(), keras.config.image_data_format(), np.asarray)\nnp.asarray = asarray",
    }
    return dict(zip(cells, outputs(tmp_path_factory.mktemp("work"), *cells.values()), strict=True))


def test_exit_ends_no_kernel_and_is_named(busy):
    assert "calls exit(), which would end Python" in busy["check exit"] and busy["after exit"] == "2.0\n"


def test_nothing_is_said_where_all_is_well(busy):
    assert busy["open"] == busy["right"] == ""
    assert busy["check"] == PASSED


@pytest.mark.parametrize("after", ["closed", "replaced", "half", "and mended", "mended", "fork", "settings"])
def test_a_right_answer_passes_and_the_reply_is_seen(busy, after):
    assert busy[f"check {after}"] == PASSED


def test_after_a_check_the_notebook_prints_again(busy):
    assert busy["print"] == "I can be read\n"


@pytest.mark.parametrize(("after", "error"), [("syntax", "SyntaxError"), ("failed", "NameError")])
def test_an_earlier_answer_is_not_checked_for_one_whose_cell_failed(busy, after, error):
    assert busy[f"check {after}"].startswith(
        f"○ predict: not checked. The cell that makes `predict` stopped with {error}"
    )


def test_a_name_of_an_earlier_cell_is_told_what_to_run_and_a_slip_of_the_pen_is_not(busy):
    assert "`price` is made in an earlier cell" in busy["middle"] and "Run All Above Selected Cell" in busy["middle"]
    assert "NameError" in busy["typo"] and "earlier cell" not in busy["typo"]


def test_no_second_kernel_stays(busy):
    assert busy["alone"] == "[]\n"


def test_the_learners_settings_stay_as_they_set_them(busy):
    assert busy["kept"] == "float16 channels_first None\n"


def test_what_hides_packages_or_changes_keras_is_told_and_does_no_harm(tmp_path):
    work, old, home = (tmp_path / name for name in ("work", "old", "keras"))
    for folder in (work, old / "matplotlib", home):
        folder.mkdir(parents=True)
    (work / "keras.py").write_text("")
    (work / "numpy.py").write_text("raise RuntimeError")
    (work / "helper.py").write_text("mine = 1")
    (old / "matplotlib" / "__init__.py").write_text("raise RuntimeError")
    wrong = '{"floatx": "float16", "image_data_format": "channels_first", "backend": "theano"}'
    (home / "keras.json").write_text(wrong)
    cells = [
        OPEN,
        RIGHT,
        CHECK,
        "import matplotlib.pyplot\nimport helper\nprint(keras.config.floatx(), keras.config.image_data_format())",
    ]
    opened, _, checked, rest = outputs(work, *cells, python_path=[old], KERAS_HOME=str(home))
    lines = opened.splitlines()
    for words in (
        "keras.py in the folder of this notebook hides the package keras.",
        "numpy.py in the folder of this notebook hides the package numpy.",
        f"PYTHONPATH names {old}, which hides the course's own matplotlib.",
        "keras.json asks for theano, which Keras 3 does not know.",
        "keras.json sets floatx to 'float16'. The lesson takes 'float32'",
        "keras.json sets image_data_format to 'channels_first'. The lesson takes 'channels_last'",
    ):
        assert sum(words in line for line in lines) == 1, opened
    assert len(lines) == 6
    assert checked == PASSED
    assert rest == "float32 channels_last\n"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("theano", "does not know"),
        ("jax", "is not installed"),
        ("numpy", "cannot train"),
        ("openvino", "is not installed"),
    ],
)
def test_an_engine_that_cannot_serve_is_told_and_replaced(name, why, monkeypatch, tmp_path):
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("KERAS_BACKEND", name)
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda module: None if module in ("jax", "openvino") else found(module)
    )
    (notice,) = usable_backend()
    assert (
        notice.startswith(f"KERAS_BACKEND asks for {name}, which ")
        and why in notice
        and "unset KERAS_BACKEND" in notice
    )
    assert os.environ["KERAS_BACKEND"] == "tensorflow"


def test_an_engine_that_serves_is_left_alone(monkeypatch, tmp_path):
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    monkeypatch.setattr(importlib.util, "find_spec", lambda module: module)
    assert list(usable_backend()) == [] and os.environ["KERAS_BACKEND"] == "torch"


@pytest.mark.parametrize(
    ("versions", "told"),
    [
        ({"ipywidgets": "7.7.1"}, "ipywidgets is 7.7.1, so the quiz"),
        ({"ipywidgets": None}, "ipywidgets is not installed, so the quiz"),
        ({"ipywidgets": "8.1.0"}, None),
        ({"ipywidgets": "10.0"}, None),
    ],
)
def test_widgets_that_cannot_be_shown_are_told(versions, told, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    pretend(monkeypatch, versions)
    notices = list(put_right())
    assert len(notices) == (told is not None)
    assert not told or (notices[0].startswith(told) and "pip install 'ipywidgets>=8.1'" in notices[0])


def pretend(monkeypatch, versions):
    """Let packages have other versions, or not be there."""
    true = importlib.metadata.version

    def version(name):
        if versions.get(name, "") is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return versions.get(name) or true(name)

    monkeypatch.setattr(importlib.metadata, "version", version)


def test_a_python_without_the_packages_is_told_which_one_to_take(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "keras" else name)
    monkeypatch.setattr(surroundings.course, "ROOT", tmp_path)
    with pytest.raises(PackagesMissing, match=r"keras is not installed\. In a terminal: `.* -m pip install -r "):
        list(put_right())
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    with pytest.raises(PackagesMissing, match=r"of its own, .*python: start with `course lab`"):
        list(put_right())


def test_a_keras_of_before_is_refused_by_its_version(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    pretend(monkeypatch, {"keras": "2.15.0"})
    with pytest.raises(PackagesMissing, match=r"keras is 2\.15\.0; version 3 or later is needed"):
        list(put_right())


def test_the_packages_own_folder_on_the_path_and_a_deleted_working_folder_are_no_trouble(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", site.getsitepackages()[0])
    monkeypatch.chdir(tmp_path)
    tmp_path.rmdir()
    assert list(put_right()) == []


def test_what_is_missing_is_told_without_a_traceback(capsys):
    shell = InteractiveShell()
    shell.run_cell("from courseware.learner.surroundings import PackagesMissing\nraise PackagesMissing('Only this.')")
    assert capsys.readouterr().out.strip() == "Only this."


def test_a_lesson_that_is_opened_twice_watches_the_cells_once():
    shell = InteractiveShell()
    first, second = Cells(find("01").lesson), Cells(find("01").lesson)
    first._shell = second._shell = shell
    first.watch(), second.watch()
    shell.run_cell("x = 1"), shell.run_cell("x = 1 / 0"), shell.run_cell("y = 2 +")
    assert second.stale == {"x": "ZeroDivisionError", "y": "SyntaxError"} and first.stale == {}
    shell.run_cell("x = 3\nfor y in [4]:\n    pass")
    assert second.stale == {}


def test_a_setting_of_the_notebook_itself_is_put_back_in_words(tmp_path, monkeypatch):
    import keras

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    keras.config.set_floatx("float64")
    assert list(usual_settings(keras.config)) == ["Keras's floatx was 'float64'. The lesson sets it to 'float32'."]
    assert keras.config.floatx() == "float32"
    assert list(usual_settings(keras.config)) == []


@pytest.mark.parametrize("someone", [True, False])
def test_a_lesson_that_has_been_updated_is_told_where_one_works(someone, small_course, ship, monkeypatch, capsys):
    monkeypatch.setattr(lesson, "someone_is_there", lambda: someone)
    monkeypatch.setattr(lesson, "import_keras_quietly", lambda: None)
    monkeypatch.setattr(Cells, "watch", lambda self: None)
    refresh([small_course])
    lesson.open_lesson("01")
    assert capsys.readouterr().out == ""
    ship(small_course, version="v2")
    lesson.open_lesson("01")
    told = "Lesson 01_linear_regression has been updated; your copy stays as it is."
    assert capsys.readouterr().out.startswith(told) == someone
