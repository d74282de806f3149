"""The matrix over settings, with runs that are made up: what is kept, what counts as a flip, what is closest to failing."""

import dataclasses
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from courseware import course
from courseware.cli import main
from courseware.verify import matrix, matrix_table
from courseware.verify.running import Run
from courseware.verify.settings import SETTINGS, Setting, chosen

A, B, C = Setting("a", "first"), Setting("b", "second", {"COURSEWARE_SEED": "1"}), Setting("c", "third", {"X": "1"})
MARGINS = {"a": 0.30, "b": 0.10, "c": 0.20}


@pytest.fixture
def infos(tmp_path, monkeypatch):
    """Two lessons in a folder of their own, with an empty solution each."""
    templates = course.lessons()[:2]
    monkeypatch.setattr(course, "ROOT", tmp_path)
    monkeypatch.setattr(course, "budget", lambda: course.Budget(60, 20, 2500))
    monkeypatch.setattr(course, "lessons", lambda: templates)
    for info in templates:
        for path in (info.solution, info.source):
            path.parent.mkdir(exist_ok=True)
            path.write_text("{}", encoding="utf-8")
    return templates


def cell(problem=None, checks=None, source="x"):
    return {"cell": 0, "source": source, "problem": problem, "checks": checks or {}, "seconds": 1.0, "memory": 100}


class Runs:
    """Stands in for `run_notebook`: remembers what was run, and can be interrupted."""

    def __init__(self):
        self.seen, self.stop_before, self.cells, self.held = [], None, [cell()], True

    def __call__(self, path, settings, limits, progress):
        name = next(setting.name for setting in (A, B, C, *SETTINGS) if setting.environment == settings)
        if len(self.seen) == self.stop_before:
            raise KeyboardInterrupt
        self.seen.append((name, path.stem))
        claims = [
            {"claim": "it varies", "held": self.held or name != "b", "margin": MARGINS.get(name, 0.3)},
            {"claim": "it is exact", "held": True, "margin": None},
            {"claim": "it stays", "held": True, "margin": 0.01},
        ]
        return Run(f"solutions/{path.name}", self.cells, claims, 12.0)


@pytest.fixture
def runs(monkeypatch):
    made = Runs()
    monkeypatch.setattr(matrix, "run_notebook", made)
    return made


def test_every_lesson_runs_once_under_every_setting(infos, runs):
    found = matrix.run_matrix(infos, [A, B], jobs=1)
    assert sorted(runs.seen) == sorted((s.name, info.slug) for s in (A, B) for info in infos)
    assert found.flips() == []
    assert "All 6 claims hold in all of 4 runs" in matrix_table.verdict(found)
    assert "Not made" not in matrix_table.verdict(found)
    del found.claims[infos[0].slug]["it is exact", 0].held["b"]
    assert f"Not made: 1 of {infos[0].slug} under b." in matrix_table.verdict(found)


def test_an_interrupted_matrix_goes_on_where_it_was(infos, runs):
    runs.stop_before = 3
    with pytest.raises(KeyboardInterrupt):
        matrix.run_matrix(infos, [A, B], jobs=1)
    runs.stop_before = None
    found = matrix.run_matrix(infos, [A, B], jobs=1)
    assert len(runs.seen) == len(set(runs.seen)) == 4
    assert len(found.rows) == 4 and [len(found.claims[info.slug]) for info in infos] == [3, 3]


def test_what_has_changed_is_run_again_and_nothing_else(infos, runs):
    matrix.run_matrix(infos, [A, B], jobs=1)
    runs.seen.clear()
    infos[1].solution.write_text('{"changed": 1}', encoding="utf-8")
    matrix.run_matrix(infos, [A, B], jobs=1)
    assert sorted(runs.seen) == [("a", infos[1].slug), ("b", infos[1].slug)]
    runs.seen.clear()
    matrix.run_matrix(infos, [A], jobs=1, rerun=True)
    assert len(runs.seen) == 2


@pytest.mark.parametrize(
    ("code", "path", "rests"),
    [
        ("", "lessons/{own}/checks.py", True),
        ("", "checking.py", True),
        ("", "lessons/gan/models.py", False),
        ("from courseware.lessons.gan.models import build_gan", "lessons/gan/models.py", True),
        ("from courseware.lessons.gan import models", "lessons/gan/models.py", True),
        ("import courseware.lessons.gan.models as gan", "lessons/gan/models.py", True),
        ("from courseware.lessons.gan.models import build_gan", "lessons/gan/checks.py", False),
        ("", "quiz/results.py", False),
    ],
)
def test_a_run_rests_on_what_its_notebook_imports(infos, monkeypatch, code, path, rests):
    cells = [{"cell_type": "code", "source": [code]}]
    infos[0].solution.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    package = {p: text for p, text in matrix._package().items()}
    before = matrix.rests_on(A, infos[0])
    changed = Path(path.format(own=infos[0].short_name))
    monkeypatch.setattr(matrix, "_package", lambda: package | ({changed: b"x = 1"} if changed in package else {}))
    assert (matrix.rests_on(A, infos[0]) != before) == rests


@pytest.mark.parametrize("damage", ["", "{", '{"rests_on": 1}', "[]"])
def test_a_damaged_record_is_run_again(infos, runs, tmp_path, damage):
    matrix.run_matrix(infos[:1], [A], jobs=1)
    (tmp_path / matrix.FOLDER / "a" / f"{infos[0].slug}.json").write_text(damage, encoding="utf-8")
    matrix.run_matrix(infos[:1], [A], jobs=1)
    assert len(runs.seen) == 2


def test_a_claim_that_fails_under_one_setting_is_a_flip(infos, runs):
    runs.held = False
    found = matrix.run_matrix(infos[:1], [A, B, C], jobs=1)
    shown = matrix_table.matrix_text(found)
    assert next(line for line in shown.splitlines() if "it varies" in line).split()[:3] == ["✓", "✗", "✓"]
    assert found.flips() == [("b", infos[0].slug)]


@pytest.mark.parametrize(
    ("problem", "checks", "flips"),
    [
        ({"kind": "error", "name": "ClaimFailed", "text": "no"}, {}, True),
        ({"kind": "error", "name": "ValueError", "text": "no"}, {}, True),
        ({"kind": "limit", "text": "Timeout"}, {}, True),
        ({"kind": "differs", "expected": "7", "got": "8"}, {}, False),
        (
            {"kind": "differs", "expected": "✓ add: passed. 7", "got": "✓ add: passed. 8"},
            {"add": "✓ add: passed. 8"},
            False,
        ),
        ({"kind": "differs", "expected": "✓ add: passed.", "got": "✗ add: no."}, {"add": "✗ add: no."}, True),
    ],
)
def test_what_decides_and_what_is_only_noted(infos, runs, problem, checks, flips):
    runs.cells = [cell(problem, checks)]
    found = matrix.run_matrix(infos[:1], [A], jobs=1)
    assert bool(found.flips()) == flips
    assert matrix_table.findings(found)


def test_the_most_fragile_claim_comes_first_with_its_margin_in_units_of_the_spread(infos, runs):
    """Margins of 0.3, 0.1 and 0.2: their mean is 0.2, their standard deviation 0.1. What does not vary is left out."""
    found = matrix.run_matrix(infos[:1], [A, B, C], jobs=1)
    assert matrix_table.closest(found) == [[infos[0].slug, "0.2", "0.1", "2", "0.1", "b", "it varies"]]


def test_the_page_has_every_claim_and_setting(infos, runs):
    page = matrix_table.markdown(matrix.run_matrix(infos, [A, B], jobs=1))
    for words in (
        "| it varies | ✓ | ✓ | 0.1 | 1.4 |",
        "`b`: second (`COURSEWARE_SEED=1`)",
        "keras",
        f"### {infos[1].slug}",
    ):
        assert words in page


def test_a_setting_that_changes_nothing_for_a_lesson_is_not_run(infos, runs):
    mnist = dataclasses.replace(chosen("mnist")[0])
    infos[1].solution.write_text(
        json.dumps({"cells": [{"cell_type": "code", "source": ["x, y = digits()"]}]}), encoding="utf-8"
    )
    matrix.run_matrix(infos, [mnist], jobs=1)
    assert runs.seen == [("mnist", infos[1].slug)]


def test_the_command(infos, runs, tmp_path):
    report = tmp_path / "verified.md"
    options = ["verify", "matrix", "0", "--jobs", "1", "--settings"]
    done = CliRunner().invoke(main, [*options, "seed-0,one-thread", "--report", str(report)])
    assert done.exit_code == 0 and "Closest to failing" not in done.output
    assert report.read_text(encoding="utf-8").startswith("# Every claim under every setting")
    assert CliRunner().invoke(main, [*options, "seed-100"]).exit_code == 2
    assert CliRunner().invoke(main, ["verify", "--settings", "jax"]).exit_code == 2
    assert CliRunner().invoke(main, ["verify", "mutants", "--html", "x.html"]).exit_code == 2
    assert CliRunner().invoke(main, ["verify", "mutants", "--cell-limit", "5"]).exit_code == 2
    assert CliRunner().invoke(main, ["verify", "matrix", "--junit", "x.xml"]).exit_code == 2


@pytest.mark.parametrize("command", ["matrix", "mutants"])
@pytest.mark.parametrize("place", [1, 2])
def test_the_old_spelling_says_the_new_one(command, place):
    words = ["verify", "04"]
    words.insert(place, f"--{command}")
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2 and f"`course verify {command}`" in done.output


def test_without_a_command_the_lessons_are_verified():
    whole = CliRunner().invoke(main, ["verify", "--help"]).output
    assert "lessons" in whole and "matrix" in whole and "mutants" in whole
    assert "There is no lesson 'no-such'" in CliRunner().invoke(main, ["verify", "no-such"]).output
    assert "There is no lesson 'no-such'" in CliRunner().invoke(main, ["verify", "lessons", "no-such"]).output
