"""Every command of docs/instructors.md is run, in its order, in a folder as the page describes it."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from courseware import course
from courseware.authoring import build
from courseware.cli import main
from courseware.course import ROOT
from courseware.verify import lessons as verify_lessons
from courseware.verify import matrix
from courseware.verify.mutants import excuses, running
from courseware.verify.mutants.survivors import Outcome
from courseware.verify.running import Run

GUIDE = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines()]
COURSE = [command for command in COMMANDS if command.startswith("course ")]
LINKS = re.findall(r"^```text\n(.*?)\n```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def no_kernels(monkeypatch):
    """Notebooks are not run here: `course verify` and `course build` do that elsewhere, for real."""
    seen = []

    def run_notebook(path, *settings):
        seen.append(path.stem)
        return Run(path.relative_to(ROOT).as_posix())

    for module in (verify_lessons, matrix):
        monkeypatch.setattr(module, "run_notebook", run_notebook)
    monkeypatch.setattr(matrix, "_write", lambda *stored: None)
    monkeypatch.setattr(matrix, "_read", lambda *wanted: None)
    monkeypatch.setattr(running, "run", lambda infos, **how: [Outcome(info.slug, "add", 7, []) for info in infos])
    monkeypatch.setattr(excuses, "read_excuses", lambda info: [])
    monkeypatch.setattr(build, "_build_one", lambda info, solved: [])
    monkeypatch.setattr(build.glossary, "write_glossary", lambda folder: None)
    return seen


def test_the_commands_of_the_guide_work_one_after_the_other(tmp_path, monkeypatch, no_kernels):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path / "home"))
    (tmp_path / "my_quizzes").mkdir()
    (tmp_path / "answers").mkdir()
    for path in (course.find("04").quiz, ROOT / "quizzes" / "misconceptions.yaml"):
        shutil.copy(path, tmp_path / "my_quizzes")
    assert len(COURSE) >= 20
    for command in COURSE:
        done = CliRunner().invoke(main, shlex.split(command)[1:], input="a\nq\n")
        assert done.exit_code == 0, f"{command}\n{done.output}"
    assert no_kernels.count("12_in_practice") >= 2
    assert "Ann Lee" in (tmp_path / "grades.csv").read_text(encoding="utf-8")
    assert "Class report: 1 learner" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "Ann Lee" in (tmp_path / "report" / "learners.csv").read_text(encoding="utf-8")
    written = (
        "for_students/04_cnn.yaml",
        "quiz_04.html",
        "report/items.csv",
        "04_cnn.xml",
        "verify.xml",
        "verify.html",
    )
    for file in (*written, "matrix.md"):
        assert (tmp_path / file).stat().st_size > 100


@pytest.mark.parametrize("command", sorted({command.split()[1] for command in COURSE}))
def test_every_command_that_is_named_has_a_help_text(command):
    assert "Usage:" in CliRunner().invoke(main, [command, "--help"]).output


def test_every_make_target_that_is_named_exists():
    """What they do is tested by tests/test_setup.py, and by CI, which begins with one."""
    targets = set(re.findall(r"^(?:`|)(make [a-z-]+)", "\n".join(COMMANDS), re.MULTILINE))
    targets |= set(re.findall(r"`(make [a-z-]+)`", GUIDE))
    assert "make setup" in targets
    for target in targets:
        assert subprocess.run([*target.split(), "-n"], cwd=ROOT, capture_output=True).returncode == 0, target


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout")
def test_the_zip_file_for_a_class_is_a_course_that_works(tmp_path):
    [command] = [command for command in COMMANDS if command.startswith("git archive")]
    command = command.replace("course.zip", shlex.quote(str(tmp_path / "course.zip")))
    subprocess.run(shlex.split(command), cwd=ROOT, check=True)
    zipfile.ZipFile(tmp_path / "course.zip").extractall(tmp_path / "course")
    unpacked = {path.name for path in (tmp_path / "course").iterdir()}
    assert not unpacked & {"solutions", "source", "tests"} and {"lessons", "quizzes", "courseware"} <= unpacked
    try_it = (
        "from courseware import course; from courseware.learner import copies; from courseware.lesson import Lesson; info = course.find('00');"
        "print(copies.refresh([info])); lesson = Lesson(info); lesson.check('pixels', 64); lesson.hint('pixels')"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "course"), "COURSEWARE_HOME": str(tmp_path / "home")}
    environment["COURSEWARE_WORK"] = str(tmp_path / "work")
    for arguments in (["-c", try_it], ["-m", "courseware.cli", "progress"], ["-m", "courseware.cli", "quiz", "00"]):
        done = subprocess.run(
            [sys.executable, *arguments], env=environment, cwd=tmp_path / "course", capture_output=True, text=True,
            input="q\n",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "work" / "00_start_here.ipynb").exists()


@pytest.mark.parametrize("link", LINKS)
def test_the_links_open_a_lesson_that_exists(link):
    [path] = parse_qs(urlsplit(link).query)["urlpath"]
    file = path.removeprefix("lab/tree/").removeprefix("REPOSITORY/")
    assert (ROOT / file).exists()
    assert len(LINKS) == 2
