"""Projects: the data in two parts, the learner's copy, and the check held against right and wrong notebooks."""

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import nbformat
import numpy as np
import pytest
from click.testing import CliRunner
from project_answers import ALSO_RIGHT, REPORT, RIGHT, SPLIT, TRAIN, WRONG

from courseware.cli import main
from courseware.course import ROOT
from courseware.projects.briefs import BRIEFS, find
from courseware.projects.check import check_project, reply
from courseware.projects.findings import score
from courseware.projects.parts import all_parts, columns, data
from courseware.projects.sandbox import Limits


@pytest.fixture
def hand_in(tmp_path):
    """Write a notebook of these code cells, have it checked, and see that the check has left it alone."""

    def check(cells, brief="tumours", limits=None):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        path = tmp_path / "mine.ipynb"
        nbformat.write(notebook, path)
        before = path.read_bytes()
        findings = check_project(find(brief), path, limits)
        assert path.read_bytes() == before and [each.name for each in tmp_path.iterdir()] == ["mine.ipynb"]
        return findings

    return check


@pytest.mark.parametrize("brief", BRIEFS, ids=lambda brief: brief.name)
def test_the_held_out_part_is_always_the_same_and_no_row_of_it_is_handed_out(brief):
    parts, again = all_parts(brief.name), all_parts(brief.name)
    assert all(np.array_equal(getattr(parts, name), getattr(again, name)) for name in vars(parts))
    x, y = data(brief.name)
    assert len(x) == len(y) == {"tumours": 440, "postcodes": 3300, "sea": 500}[brief.name]
    assert len(parts.held_x) == len(parts.held_y) == {"tumours": 169, "postcodes": 2000, "sea": 208}[brief.name]
    handed = {row.tobytes() for row in (x[:, :30] if brief.name == "tumours" else x)}
    held = parts.held_x[:, :30] if brief.name == "tumours" else parts.held_x
    assert not handed & {row.tobytes() for row in held}


@pytest.mark.parametrize("brief", BRIEFS, ids=lambda brief: brief.name)
def test_the_baseline_is_better_than_one_answer_for_all(brief):
    parts = all_parts(brief.name)
    same = np.bincount(parts.y).argmax() if brief.of_labels else np.median(parts.y)
    constant = score(brief, np.full(len(parts.held_y), same), parts.held_y)
    assert brief.is_better(score(brief, parts.baseline, parts.held_y), constant)


def test_the_traps_are_there():
    x, y = data("tumours")
    held = all_parts("tumours").held_x
    assert len(columns("tumours")) == 31 and len(np.unique(x, axis=0)) == 400
    assert x[y == 1, 30].mean() > 5 > 1 > x[y == 0, 30].mean() and not held[:, 30].any()
    assert len(np.unique(data("postcodes")[0].reshape(3300, -1), axis=0)) == 3000


def test_a_right_notebook_passes(hand_in):
    findings = hand_in(RIGHT)
    assert all(each.holds for each in findings) and len(findings) == 8, reply(find("tumours"), findings)
    assert "checklist.md" in reply(find("tumours"), findings)


@pytest.mark.parametrize("name", ALSO_RIGHT)
def test_other_right_notebooks_pass(hand_in, name):
    findings = hand_in(ALSO_RIGHT[name])
    assert all(each.holds for each in findings), reply(find("tumours"), findings)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_notebook_is_found_and_told_why(hand_in, name):
    cells, words = WRONG[name]
    findings = hand_in(cells)
    refused = "\n".join(each.words for each in findings if not each.holds)
    assert all(each in refused for each in words), reply(find("tumours"), findings)


def test_the_held_out_score_is_told_only_when_all_else_is_in_order(hand_in):
    assert "held-out part:" not in reply(find("tumours"), hand_in([*RIGHT, "del report['test']"]))


@pytest.mark.parametrize(
    "code, limits, words",
    [
        ("while True: pass", Limits(seconds=8), "8 seconds"),
        ("while True:\n    try:\n        while True: pass\n    except BaseException: pass", Limits(seconds=8), "8 seconds"),
        ("much = np.ones((40_000, 10_000))\nimport time; time.sleep(20)", Limits(seconds=60, memory=1000), "1000 MB"),
    ],
)  # fmt: skip
def test_a_cell_without_end_or_measure_is_stopped(hand_in, code, limits, words):
    *_, last = hand_in([SPLIT, code, TRAIN, REPORT], limits=limits)
    assert not last.holds and "code cell 2" in last.words and words in last.words


def test_a_train_without_end_is_stopped(hand_in):
    cells = [SPLIT, "def train(x, y, seed):\n    while True: pass", "report = {}"]
    *_, last = hand_in(cells, limits=Limits(seconds=8))
    assert "`train(x, y, seed)`" in last.words and "8 seconds" in last.words


SEA = """\
import numpy as np
from sklearn.linear_model import LinearRegression
from courseware.projects import data
x, y = data("sea")
train_rows, valid_rows, test_rows = np.split({order}, [300, 400])
def train(x, y, seed):
    return LinearRegression().fit(x, y).predict
error = np.abs(train(x[train_rows], y[train_rows], 0)(x[test_rows]) - y[test_rows]).mean()
report = {{"baseline": 0.8, "validation": 0.4, "test": error}}
"""


def test_a_forecast_is_split_in_time(hand_in):
    findings = hand_in([SEA.format(order="np.arange(500)")], "sea")
    assert all(each.holds for each in findings), reply(find("sea"), findings)
    findings = hand_in([SEA.format(order="np.random.default_rng(0).permutation(500)")], "sea")
    assert [each.words[:32] for each in findings if not each.holds] == ["The three parts overlap in time:"]


def test_a_forecast_that_is_not_scaled_back_is_told_so(hand_in):
    cells = [SEA.format(order="np.arange(500)").replace("fit(x, y)", "fit(x, (y - 20) / 5)")]
    *_, last = hand_in(cells, "sea")
    assert not last.holds and "undo it" in last.words


def test_start_makes_a_copy_once_and_never_again(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSEWARE_WORK", str(tmp_path))

    def says(*arguments, code=0):
        result = CliRunner().invoke(main, ["project", *arguments])
        assert result.exit_code == code, result.output
        return result.output

    assert all(f"{brief.name}: {brief.title}" in says() for brief in BRIEFS)
    assert "course project start sea" in says("check", "sea", code=2)
    assert "Did you mean tumours?" in says("start", "tumors", code=2)
    says("start", "sea")
    mine, listed = tmp_path / "projects" / "sea.ipynb", tmp_path / "projects" / "checklist.md"
    assert json.loads(mine.read_text(encoding="utf-8"))["cells"] and listed.exists()
    mine.write_text("my work")
    listed.write_text("my notes")
    assert "stays as it is" in says("start", "sea")
    assert (mine.read_text(), listed.read_text()) == ("my work", "my notes")
    assert "not a notebook" in says("check", "sea", code=2)


def test_the_notebooks_are_those_of_their_sources():
    spec = spec_from_file_location("project_notebooks", ROOT / "scripts" / "project_notebooks.py")
    spec.loader.exec_module(made := module_from_spec(spec))
    sources = list((ROOT / "projects" / "source").rglob("*.py"))
    assert len(sources) == len(BRIEFS) + 1
    for source in sources:
        stored = nbformat.read(made.notebook_for(source), as_version=4)
        assert [(each.cell_type, each.source) for each in made.notebook_of(source).cells] == [
            (each.cell_type, each.source) for each in stored.cells
        ]


@pytest.mark.parametrize("brief", BRIEFS, ids=lambda brief: brief.name)
def test_a_template_as_it_came_is_not_started(tmp_path, brief):
    from shutil import copy

    findings = check_project(brief, Path(copy(brief.template, tmp_path)))
    assert [each.holds for each in findings] == [True, False, False, False], reply(brief, findings)
    assert all("Not started" in each.words for each in findings[1:3]) and "`train` returned None" in findings[3].words
