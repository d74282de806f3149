"""A lesson is its worked solution with blanks, so what nbval proves of the solution holds for the lesson as well.

Without this, every lesson would have to run twice here; `course verify` and `pytest --nbval lessons` do run it whole.
"""

import configparser
import re
from pathlib import Path

import nbformat
import pytest
from fewer_cells import keep_around
from nbclient import NotebookClient

from courseware import course

LESSONS = pytest.mark.parametrize("info", course.ready_lessons(), ids=lambda info: info.slug)
SANITIZER = configparser.ConfigParser()
SANITIZER.read(Path(__file__).with_name("nbval_sanitize.cfg"), encoding="utf-8")


def code_cells(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def shown(cell):
    """The text of a cell's outputs, without the numbers that may differ from run to run."""
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs]
    text = "".join("".join(each) for each in texts)
    for rule in SANITIZER.values():
        if "regex" in rule:
            text = re.sub(rule["regex"], rule["replace"], text)
    return text


def blanks(info):
    """The numbers of the code cells in which the lesson and its solution differ."""
    pairs = zip(code_cells(info.lesson), code_cells(info.solution), strict=True)
    return [n for n, (lesson, solution) in enumerate(pairs) if lesson.source != solution.source]


@LESSONS
def test_lesson_and_solution_differ_in_the_exercises_only(info):
    lesson, solution = code_cells(info.lesson), code_cells(info.solution)
    different = blanks(info)
    assert len(different) >= 5
    for number, (blank, worked) in enumerate(zip(lesson, solution, strict=True)):
        if number not in different and not re.match(r"lesson\.check\(", blank.source):
            assert shown(blank) == shown(worked), f"code cell {number}: {blank.source}"


@LESSONS
def test_the_blanks_and_their_checks_show_what_is_stored(info):
    notebook = nbformat.read(info.lesson, as_version=4)
    keep_around(notebook, blanks(info))
    stored = [shown(cell) for cell in notebook.cells]
    assert sum(text.startswith("○") for text in stored) >= 5
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(info.lesson.parent)}}).execute()
    for cell, text in zip(notebook.cells, stored, strict=True):
        assert shown(cell) == text, cell.source
