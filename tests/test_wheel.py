"""A wheel works away from a checkout: built, installed in an environment of its own, and used from an empty folder."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import time
import zipfile

import pytest

from courseware import course

ROOT = course.ROOT
SLUG = "01_linear_regression"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-index", "--no-build-isolation", "--no-deps"]
    subprocess.run([*command, "-w", str(folder), str(ROOT)], check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment with the wheel; all other packages are those of this one, but for the course itself."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    ask = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()
    with open(f"{packages}/others.pth", "w", encoding="utf-8") as file:
        file.write(sysconfig.get_path("purelib"))
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--ignore-installed", str(wheel)], check=True)
    return folder


@pytest.fixture
def away(installed, tmp_path):
    """Run `course ...` of the wheel from an empty folder; returns what it says."""
    empty = tmp_path / "empty"
    empty.mkdir()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("COURSEWARE_", "PYTHON", "PYTEST_"))
    } | {"HOME": str(tmp_path / "home"), "COURSEWARE_HOME": str(tmp_path / "record"), "PYTHONDONTWRITEBYTECODE": "1"}

    def course_says(*arguments, code=0, typed=""):
        done = subprocess.run(
            [str(installed / "bin" / "course"), *arguments], cwd=empty, env=environment, input=typed, text=True,
            capture_output=True, timeout=300, check=False,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert (done.returncode, "Traceback" in said) == (code, False), said
        return said

    course_says.environment, course_says.folder, course_says.installed = environment, empty, installed
    return course_says


def test_the_wheel_holds_the_course_and_nothing_of_its_making(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    inside = {name.removeprefix("courseware/_course/") for name in names if name.startswith("courseware/_course/")}
    for info in course.ready_lessons():
        for path in (info.lesson, info.solution, info.quiz):
            assert path.relative_to(ROOT).as_posix() in inside
    beside = {
        path.relative_to(ROOT).as_posix()
        for kind in ("js", "css", "html", "json")
        for path in course.PACKAGE.rglob(f"*.{kind}")
    }
    assert {"courseware/guess.js", "courseware/quiz/faces/notebook.js"} <= beside <= set(names)
    assert {
        "course.toml",
        "quizzes/misconceptions.yaml",
        "quizzes/quiz.schema.json",
        "quizzes/adjustments.schema.json",
        "requirements.txt",
        "projects/checklist.md",
        "projects/tumours.ipynb",
        "projects/worked/tumours.ipynb",
    } <= inside
    assert [name for name in names if re.search(r"__pycache__|/\.|_course/(source|docs|tests/(?!n))", name)] == []


def test_a_learner_finds_the_lessons_and_quizzes(away, tmp_path):
    assert "Lesson 00" in away("next")
    assert SLUG in away("progress")
    assert "Question 1 of" in away("quiz", "01", typed="q\n")
    assert "All is well." in away("doctor")
    assert "Written to" in away("quiz", "--web", "01")
    away("reset", "01")
    away("project", "start", "sea")
    assert (tmp_path / "home" / "my_lessons" / "projects" / "sea.ipynb").exists()
    assert (tmp_path / "home" / "my_lessons" / f"{SLUG}.ipynb").exists()  # not among the packages


def test_a_learner_opens_a_lesson(away, tmp_path):
    log = tmp_path / "lab.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [str(away.installed / "bin" / "course"), "lab", "--no-browser"],
            cwd=away.folder, env=away.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 120
        while "/lab/tree/00_start_here.ipynb?token=" not in log.read_text():
            assert server.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.5)
    finally:
        server.terminate()
        server.wait()
    assert len(list((tmp_path / "home" / "my_lessons").glob("*.ipynb"))) == len(course.ready_lessons())


def test_an_instructor_grades_and_verifies(away):
    (away.folder / "class.csv").write_text("learner,predict-a-price\nann,290\n")
    away("grade", "01", "class.csv", "-o", "grades.csv")
    assert (away.folder / "grades.csv").read_text().splitlines()[1].startswith("ann,1,1,")
    [there] = away.installed.glob("lib/*/site-packages/courseware/_course")
    assert "No faults found." in away("lint", "--quizzes", str(there / "quizzes"))

    # The beginning of the lesson and of its solution: how long it takes does not matter here.
    for kind in ("lessons", "solutions"):
        path = there / kind / f"{SLUG}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"] = notebook["cells"][:8]
        notebook["metadata"]["courseware"]["exercises"] = []
        path.write_text(json.dumps(notebook), encoding="utf-8")
    assert f"{SLUG}" in away("verify", "01")
    assert not list((there / "lessons").glob(".*")), "something was written among the packages"


def test_commands_of_authors_say_that_they_need_a_checkout(away):
    for arguments in (["build", "01"], ["lint"], ["verify", "mutants", "01"]):
        assert away(*arguments, code=2) == (
            "This command is for authors: it works in a checkout of the course, after `make setup-dev`.\n"
        )
