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
from courseware.quiz.load import load_quiz
from courseware.verify import lessons as verify_lessons
from courseware.verify import matrix
from courseware.verify.mutants import report, running
from courseware.verify.mutants.survivors import Outcome
from courseware.verify.running import Run

GUIDE = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
FENCED = re.findall(r"^```(\w*)\n(.*?)\n?^```$", GUIDE, re.MULTILINE | re.DOTALL)
COMMANDS = [line for language, block in FENCED if not language for line in block.splitlines()]
COURSE = [command for command in COMMANDS if command.startswith("course ")]
[ADJUSTMENTS] = [block for language, block in FENCED if language == "yaml"]
LINKS = [block for language, block in FENCED if language == "text"]


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
    monkeypatch.setattr(report, "read_excuses", lambda info: [])
    monkeypatch.setattr(build, "_build_one", lambda info, solved: [])
    monkeypatch.setattr(build.glossary, "write_glossary", lambda folder: None)
    return seen


def test_the_commands_of_the_guide_work_one_after_the_other(tmp_path, monkeypatch, no_kernels):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path / "home"))
    (tmp_path / "my_quizzes").mkdir()
    for folder in ("answers", "pre_answers", "post_answers"):
        (tmp_path / folder).mkdir()
    for path in (course.find("04").quiz, ROOT / "quizzes" / "misconceptions.yaml"):
        shutil.copy(path, tmp_path / "my_quizzes")
    (tmp_path / "roster.csv").write_text(
        "id,name,email,section\n7,Ann Lee,ann@example.org,A\n8,Bo Orr,bo@example.org,B\n"
    )
    _write_responses(tmp_path / "moodle_responses.csv")
    assert len(COURSE) >= 34
    said = {}
    for command in COURSE:
        if "--compare" in command:  # what the page says before it
            (tmp_path / "my_quizzes" / "adjustments.yaml").write_text(ADJUSTMENTS)
        done = CliRunner().invoke(main, shlex.split(command)[1:], input="1\nq\n" if "--form" in command else "a\nq\n")
        assert done.exit_code == 0, f"{command}\n{done.output}"
        said[command.partition(" --quizzes")[0] + command[-len(" --compare grades.csv") :]] = done.output
    assert no_kernels.count("12_in_practice") >= 2
    assert "Ann Lee" in (tmp_path / "grades.csv").read_text(encoding="utf-8")
    grades = (tmp_path / "grades.csv").read_text(encoding="utf-8").splitlines()
    assert len(grades) == 2 and ",7,A,ann.json," in grades[1]
    [compared] = [text for command, text in said.items() if command.endswith("--compare grades.csv")]
    assert "output-size-stride 0 → void, global-max-cost 0 → 1" in compared and "1 mark differs" in compared
    assert (tmp_path / "for_moodle.csv").read_text().splitlines()[2] == "8,bo@example.org,Bo Orr,B,"
    assert (tmp_path / "for_canvas.csv").read_text().splitlines()[0].endswith(",Section,Quiz 4")
    assert [path.name for path in (tmp_path / "feedback").iterdir()] == ["7.html"]
    responses = (tmp_path / "moodle_grades.csv").read_text(encoding="utf-8")
    assert responses.splitlines()[1].startswith("ann@example.org,1,1,")  # the one with drawn numbers, as exported
    assert "Class report: 1 learner" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "Ann" not in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "Ann Lee" in (tmp_path / "report" / "learners.csv").read_text(encoding="utf-8")
    gained = (tmp_path / "gains" / "report.html").read_text(encoding="utf-8")
    assert "Normalized gain of the class" in gained and "Ann" not in gained
    written = (
        "gains/gains.csv",
        "for_students/04_cnn.yaml",
        "quiz_04.html",
        "report/items.csv",
        "04_cnn.xml",
        "verify.xml",
        "verify.html",
    )
    for file in (*written, "matrix.md"):
        assert (tmp_path / file).stat().st_size > 100


def _write_responses(path):
    """What Moodle exports of the quiz 04: one learner, who answered the questions with drawn numbers only."""
    quiz = load_quiz(course.find("04").quiz)
    drawn = quiz.drawn(0).questions
    answers = [f"{drawn[n].answer:g}" if question.parameters else "-" for n, question in enumerate(quiz.questions)]
    assert sum(answer != "-" for answer in answers) == 1
    header = ",".join(["Email address", *(f"Response {n}" for n in range(1, len(answers) + 1))])
    path.write_text(f"{header}\n{','.join(['ann@example.org', *answers])}\n")


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
    commands = (["progress"], ["quiz", "00"], ["lint", "--quizzes", "quizzes"])
    for arguments in (["-c", try_it], *(["-m", "courseware.cli", *command] for command in commands)):
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
