"""Fresh seeds: never one that was looked at, entered before they run, gone on with, and kept with what flipped."""

import re

import pytest
from click.testing import CliRunner
from test_verify_matrix import infos  # noqa: F401  (a fixture)

from courseware import course
from courseware.cli import main
from courseware.verify import fresh, matrix
from courseware.verify.running import Run
from courseware.verify.settings import chosen

BASES = chosen("seed-0,jax")


@pytest.fixture
def page(infos, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setattr(course, "ready_lessons", lambda: infos)
    file = tmp_path / "docs" / "verified.md"
    file.parent.mkdir()
    file.write_text("# Every claim\n\nWords.\n\n## Every claim\n\n| claim | a |\n| --- | --- |\n| 2 is more | ✓ |\n")
    return file


def test_a_seed_is_entered_before_it_runs_and_the_rest_of_the_page_stays(infos, page):  # noqa: F811
    before = page.read_text()
    settings = fresh.draw(BASES, 3, infos, page)
    entries = fresh.read_ledger(page)
    assert len({entry.seed for entry in entries}) == 6 and {entry.flipped for entry in entries} == {"under way"}
    assert all(1000 <= entry.seed < 10**6 and entry.lessons == "all" for entry in entries)
    assert [setting.name for setting in settings] == [f"{e.under}-{e.seed}" for e in entries]
    assert [s.environment["COURSEWARE_SEED"] for s in settings] == [str(e.seed) for e in entries]
    assert settings[0].environment["TF_ENABLE_ONEDNN_OPTS"] == "0" and settings[3].environment["KERAS_BACKEND"] == "jax"
    assert re.sub(r"\n## Seeds that.*?\n(?=## |\Z)", "", page.read_text(), flags=re.DOTALL).split() == before.split()


def test_no_seed_comes_twice(infos, page, monkeypatch):  # noqa: F811
    monkeypatch.setattr(fresh, "SEEDS", range(1000, 1006))
    first = fresh.draw(BASES[:1], 4, infos, page)
    fresh.write_ledger(page, [fresh.replace(entry, flipped="nothing") for entry in fresh.read_ledger(page)])
    second = fresh.draw(BASES[:1], 2, infos, page)
    assert len({setting.name for setting in [*first, *second]}) == 6


def test_what_an_interrupted_run_left_is_gone_on_with_for_the_same_lessons(infos, page):  # noqa: F811
    first = fresh.draw(BASES[:1], 2, infos, page)
    assert fresh.draw(BASES[:1], 2, infos, page) == first
    assert fresh.draw(BASES[:1], 3, infos, page)[:2] == first
    assert not {s.name for s in fresh.draw(BASES[:1], 2, infos[:1], page)} & {s.name for s in first}


class Runs:
    """Stands in for `run_notebook`: the claim of the second lesson is false for every other seed."""

    def __init__(self):
        self.stop, self.count = None, 0

    def __call__(self, path, settings, limits, progress):
        self.count += 1
        if self.count == self.stop:
            raise KeyboardInterrupt
        held = path.stem.startswith("00") or int(settings["COURSEWARE_SEED"]) % 2 == 0
        cell = {"cell": 0, "source": "x", "problem": None, "checks": {}, "seconds": 1.0, "memory": 1}
        if not held:
            cell["problem"] = {"kind": "error", "name": "ClaimFailed", "text": "This claim does not hold: a | b"}
        return Run(
            f"solutions/{path.name}", [cell], [{"claim": "a | b", "held": held, "margin": 0.1 if held else -0.1}], 1.0
        )


@pytest.fixture
def runs(monkeypatch):
    made = Runs()
    monkeypatch.setattr(matrix, "run_notebook", made)
    return made


def test_the_command_enters_what_flipped(infos, page, runs):  # noqa: F811
    done = CliRunner().invoke(main, ["verify", "matrix", "--fresh", "8", "--jobs", "1"])
    entries = fresh.read_ledger(page)
    assert len(entries) == 8
    for entry in entries:
        assert entry.flipped == ('01 "a | b"' if entry.seed % 2 else "nothing")
    assert done.exit_code == any(entry.seed % 2 for entry in entries)


def test_an_interrupted_command_goes_on_with_its_seeds(infos, page, runs):  # noqa: F811
    runs.stop = 5
    assert CliRunner().invoke(main, ["verify", "matrix", "--fresh", "4", "--jobs", "1"]).exit_code == 130
    drawn = fresh.read_ledger(page)
    assert {entry.flipped for entry in drawn} == {"under way"}
    runs.stop, runs.count = None, 0
    CliRunner().invoke(main, ["verify", "matrix", "--fresh", "4", "--jobs", "1"])
    assert [entry.seed for entry in fresh.read_ledger(page)] == [entry.seed for entry in drawn]
    assert runs.count == 4 and "under way" not in page.read_text()


def test_one_lesson_is_proven_alone_and_a_report_keeps_the_ledger(infos, page, runs):  # noqa: F811
    CliRunner().invoke(main, ["verify", "matrix", "01", "--fresh", "2", "--jobs", "1"])
    [one, two] = fresh.read_ledger(page)
    assert one.lessons == two.lessons == "01"
    page.write_text("Made by `course verify matrix --report`\n\n" + page.read_text())
    CliRunner().invoke(main, ["verify", "matrix", "--settings", "seed-2", "--jobs", "1", "--report", str(page)])
    assert fresh.read_ledger(page) == [one, two] and "### 01_" in page.read_text()


@pytest.mark.parametrize("other", [["--rerun"], ["--report", "x.md"]])
def test_what_does_not_go_with_it_is_refused(page, other):
    done = CliRunner().invoke(main, ["verify", "matrix", "--fresh", "2", *other])
    assert done.exit_code == 2 and "leave out --rerun and --report" in done.output
