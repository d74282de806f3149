"""Every command of docs/instructors.md is run, in its order, in a folder as the page describes it."""

import re
import shlex
import shutil

import pytest
from click.testing import CliRunner

from courseware import catalog
from courseware.catalog import ROOT
from courseware.cli import main

GUIDE = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines()]


def test_the_commands_of_the_guide_work_one_after_the_other(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path / "home"))
    (tmp_path / "my_quizzes").mkdir()
    (tmp_path / "answers").mkdir()
    for path in (catalog.find("04").quiz, ROOT / "quizzes" / "misconceptions.yaml"):
        shutil.copy(path, tmp_path / "my_quizzes")
    assert len(COMMANDS) >= 10 and all(command.startswith("course ") for command in COMMANDS)
    for command in COMMANDS:
        done = CliRunner().invoke(main, shlex.split(command)[1:], input="a\nq\n")
        assert done.exit_code == 0, f"{command}\n{done.output}"
    assert "Ann Lee" in (tmp_path / "grades.csv").read_text(encoding="utf-8")
    assert "Class report: 1 learner" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "Ann Lee" in (tmp_path / "report" / "learners.csv").read_text(encoding="utf-8")
    for file in ("for_students/04_cnn.yaml", "quiz_04.html", "report/items.csv", "04_cnn.xml"):
        assert (tmp_path / file).stat().st_size > 100


@pytest.mark.parametrize("command", sorted({command.split()[1] for command in COMMANDS}))
def test_every_command_that_is_named_has_a_help_text(command):
    assert "Usage:" in CliRunner().invoke(main, [command, "--help"]).output
