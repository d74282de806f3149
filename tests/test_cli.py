"""The command `course`, as a learner types it."""

import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from click.testing import CliRunner

from courseware import course
from courseware.cli import main
from courseware.learner import lab
from courseware.learner.copies import copy_of
from courseware.progress import Progress, progress_file

HEAVY = {"numpy", "keras", "tensorflow", "pydantic", "matplotlib", "IPython", "jupyter_core", "jupyterlab", "nbformat"}


def course_says(*arguments, code=0, **options):
    """Everything that `course ...` prints, after a check of its exit code."""
    result = CliRunner().invoke(main, arguments, **options)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.mark.parametrize("arguments", [["--help"], ["quiz", "--help"], ["lab", "nonsense"]])
def test_it_starts_at_once(arguments):
    def run(*options):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, *options, "-m", "courseware.cli", *arguments], capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return done.stderr.decode(), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    imported = set(re.findall(r"\|\s+([\w.]+)$", run("-X", "importtime")[0], flags=re.MULTILINE))
    assert "courseware.course" in imported and not imported & HEAVY
    # Processor time, so that other tests beside this one do not count; about 0.06 s where this was written.
    assert min(run()[1] for _ in range(3)) < 0.3


@pytest.mark.parametrize("command", [[], *([name] for name in main.commands)])
def test_help_says_what_every_command_is_for(command):
    text = course_says(*command, "--help")
    assert "Usage:" in text and len(text.splitlines()) > 4


def test_without_a_command_it_shows_a_beginner_what_to_do_first():
    text = course_says()
    assert text.index("First time here?") < text.index("course lab") < text.index("Commands:")
    assert all(main.commands[name].get_short_help_str(80)[-3:] != "..." for name in main.commands)


@pytest.mark.parametrize(
    "arguments",
    [["quiz", "liner_regresion"], ["lab", "linear_regresion"], ["reset", "01_linaer"], ["build", "linearregression"]],
)
def test_a_wrong_name_gets_the_right_one_in_one_line(arguments, small_course):
    text = course_says(*arguments, code=2)
    assert "01_linear_regression" in text and text.count("\n") == 1


def test_a_lesson_that_is_coming_is_not_opened(small_course):
    text = course_says("lab", "4", code=2)
    assert "04_cnn" in text and "not written yet" in text and text.count("\n") == 1


def test_a_broken_record_is_told_in_one_line(small_course):
    progress_file().parent.mkdir()
    progress_file().write_text("not a database " * 100)
    for command in ("next", "progress", "lab"):
        text = course_says(command, code=2)
        assert str(progress_file()) in text and text.count("\n") == 1


def test_a_broken_quiz_is_told_with_file_and_line(small_course):
    small_course.quiz.write_text(small_course.quiz.read_text().replace("kind: single", "kind: sinlge"))
    for command in (["quiz", "01"], ["progress"]):
        assert "01_linear_regression.yaml:" in course_says(*command, code=2)


def test_next_leads_through_a_lesson_in_order(small_course):
    progress = Progress()

    def record(name, outcome):
        progress.record_exercise(small_course.slug, name, outcome)

    assert course_says("next").startswith('Lesson 01, "A straight line that learns", is next (45 minutes).')
    record("predict", "try again")
    assert course_says("next") == 'Lesson 01, exercise "predict" is not passed yet. Run `course lab 01`.\n'
    record("predict", "passed")
    assert course_says("next") == 'Lesson 01, exercise "gradient" is open. Run `course lab 01`.\n'
    record("gradient", "passed")
    assert "2 quiz questions are open. Run `course quiz 01`" in course_says("next")
    course_says("quiz", "01", input="a\n5\nn\n")
    assert "You have done every lesson that is ready" in course_says("next")


def test_progress_is_a_plain_table_of_all_lessons(small_course):
    Progress().record_exercise(small_course.slug, "gradient", "passed")
    course_says("quiz", "1", input="a\nq\n")
    lines = course_says("progress").splitlines()
    rows = {line.split()[0]: line for line in lines[2 : len(course.lessons()) + 2]}
    assert list(rows) == [info.slug for info in course.lessons()]
    assert "1 of 2 passed" in rows[small_course.slug] and "1 of 2 points, 1 answered" in rows[small_course.slug]
    assert rows[small_course.slug].endswith("started") and rows["04_cnn"].endswith("coming")
    assert max(map(len, lines)) < 100 and "\x1b" not in "".join(lines)


def test_progress_for_programs(small_course):
    Progress().record_exercise(small_course.slug, "gradient", "try again")
    rows = {row["lesson"]: row for row in json.loads(course_says("progress", "--json"))["lessons"]}
    assert rows["04_cnn"]["state"] == "coming"
    assert rows[small_course.slug] == {
        "lesson": small_course.slug, "state": "started", "exercises": {"predict": "open", "gradient": "try again"},
        "questions": 2, "answered": 0, "points": 0,
    }  # fmt: skip


def test_review_says_what_is_due_and_asks_it(small_course):
    assert "Nothing to review yet" in course_says("review")
    course_says("quiz", "1", input="a\nq\n")
    assert "Nothing is due for review before" in course_says("review")
    with closing(sqlite3.connect(Progress().path)) as connection, connection:
        connection.execute("UPDATE answer SET at = '2026-01-01T10:00:00+00:00'")
    assert "1 question is due for review" in course_says("progress")
    [waiting] = json.loads(course_says("progress", "--json"))["reviews"]
    assert waiting["due"].startswith("2026-01-0")
    said = course_says("review", input="a\n")
    assert "1 of 1, from lesson 01" in said and "Nothing is due for review before" in said


def test_lab_opens_the_next_lesson_in_the_learners_folder(small_course, ship, monkeypatch):
    opened = []
    monkeypatch.setattr(lab, "serve", lambda folder, notebook, browser: opened.append((folder, notebook, browser)))
    assert str(copy_of(small_course)) in course_says("lab", "--no-browser")
    course_says("lab", "linear_regression")
    place = (copy_of(small_course).parent, small_course.lesson.name)
    assert opened == [(*place, False), (*place, True)]
    ship(small_course, version="v2")
    assert "course reset 01_linear_regression" in course_says("lab")


def test_reset_says_where_the_old_copy_is(small_course):
    assert "is new" in course_says("reset", "01")
    copy_of(small_course).write_text("my work")
    backup = course_says("reset", "01").rstrip().rstrip(".").split(" kept in ")[1]
    with open(backup) as file:
        assert file.read() == "my work"


def test_jupyterlab_is_started_for_this_folder_and_fetches_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/elsewhere")
    options = lab.arguments(tmp_path / "a b", "01.ipynb", browser=False)
    assert {f"--ServerApp.root_dir={tmp_path / 'a b'}", "--LabApp.default_url=/lab/tree/01.ipynb"} <= set(options)
    assert "--no-browser" in options and "--no-browser" not in lab.arguments(tmp_path, "01.ipynb", browser=True)
    assert {"--LabApp.news_url=None", "--LabApp.extension_manager=readonly"} <= set(options)
    ours, theirs = lab.environment()["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    settings = json.loads((course.Path(ours) / "labconfig" / "default_setting_overrides.json").read_text())
    assert theirs == "/elsewhere"
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells the screen by DISPLAY")
def test_no_browser_is_opened_where_there_is_no_screen(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("BROWSER", "true")
    assert not lab.has_browser()
    monkeypatch.setenv("DISPLAY", ":0")
    assert lab.has_browser()


def test_build_and_lint_fail_with_their_problems(monkeypatch):
    from courseware.authoring import build

    asked = []
    monkeypatch.setattr(build, "build", lambda infos, check: asked.append((tuple(infos), check)) or ["a fault"])
    assert "a fault" in course_says("build", "01", "--check", code=1)
    assert asked == [((course.find("01"),), True)]
    lint = pytest.importorskip("courseware.authoring.lint")
    monkeypatch.setattr(lint, "lint", lambda infos: [])
    assert "No faults" in course_says("lint")
