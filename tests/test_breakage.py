"""Breaking a lesson on purpose, on a copy of the course: each kind of damage is caught by the suite."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from courseware.course import ROOT

LEFT_OUT = shutil.ignore_patterns(".venv*", ".git", "my_lessons", "__pycache__", ".pytest_cache", ".hypothesis")
PLUGINS = ("-p", "nbval.plugin")
SLUG = "01_linear_regression"


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(ROOT, tmp_path / "course", ignore=LEFT_OUT)


def suite(copy, *arguments):
    """Run pytest in the copy; return the ids of the tests that failed."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    environment |= {"PYTHONPATH": str(copy), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *PLUGINS, "-p", "no:cacheprovider", "-rfE", *arguments],
        cwd=copy, env=environment, capture_output=True, text=True, timeout=500,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return [line.split(" ", 1)[1] for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path.name}: this test must follow the lesson"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def cell_with(path, text):
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    return next(index for index, cell in enumerate(cells) if text in "".join(cell["source"]))


def keep_until(path, text):
    """Cut the notebook off after the code cell that holds `text`; return that cell's number among the code cells."""
    index = cell_with(path, text)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [place for place, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code"]
    notebook["cells"] = notebook["cells"][: code[index] + 1]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return index


def test_a_changed_fact_and_a_false_claim_are_caught_by_nbval(copy):
    lesson, solution = copy / "lessons" / f"{SLUG}.ipynb", copy / "solutions" / f"{SLUG}.ipynb"
    replace(lesson, "training set: (331, 10)", "training set: (331, 11)")
    fact = keep_until(lesson, 'print("training set:')
    replace(solution, "slope_measured < -1", "slope_measured > -1")
    claim = keep_until(solution, "slope_measured > -1")
    failed = suite(copy, f"lessons/{SLUG}.ipynb", f"solutions/{SLUG}.ipynb")
    assert [test.split(" ")[0] for test in sorted(failed)] == [
        f"lessons/{SLUG}.ipynb::Cell",
        f"solutions/{SLUG}.ipynb::Cell",
    ]
    assert sorted(test.split(" ")[1] for test in failed) == sorted([str(fact), str(claim)])


def test_a_changed_builder_is_caught(copy):
    replace(
        copy / "courseware/lessons/linear_regression/models.py", "layers.Dense(1)", "layers.Dense(1, use_bias=False)"
    )
    failed = "\n".join(
        suite(copy, "tests/test_models.py", "tests/authoring/test_course.py", "-k", "linear_regression or linear_model")
    )
    assert "test_parameters_are_as_counted_by_hand" in failed
    assert "test_the_notebooks_are_what_the_source_makes" in failed


def test_a_changed_solution_is_caught(copy):
    """Also when the author builds again: the stored verdict is then a cross, and that is refused."""
    replace(copy / "source" / f"{SLUG}.py", "np.mean((prediction - label) ** 2)", "np.sum((prediction - label) ** 2)")
    assert "test_the_notebooks_are_what_the_source_makes" in "\n".join(
        suite(copy, "tests/authoring/test_course.py", "-k", SLUG)
    )
    solution = copy / "solutions" / f"{SLUG}.ipynb"
    replace(solution, "✓ mse: passed.", "✗ mse: try again.")
    failed = "\n".join(suite(copy, "tests/test_exercises.py", "-k", f"solutions_pass and {SLUG}"))
    assert "test_blanks_are_not_started_and_solutions_pass" in failed


def test_a_changed_quiz_key_is_caught(copy):
    replace(copy / "quizzes" / f"{SLUG}.yaml", "answer: 290", "answer: 291")
    assert suite(copy, "tests/quiz/test_quiz_files.py", "-k", SLUG)
