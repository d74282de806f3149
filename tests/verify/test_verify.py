"""`course verify` on a small course in which each lesson is broken in another way: each under the right column."""

import dataclasses
import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import nbformat
import psutil
import pytest
from click.testing import CliRunner

from courseware import course
from courseware.cli.verify import verify
from courseware.verify import judging, lessons, verdicts
from courseware.verify.judging import CLAIMS, COLUMNS, EXECUTES, EXERCISES, KEYS, MEMORY, OUTPUTS, TIME
from courseware.verify.running import Limits, calmly, run_notebook, stop_all

START = ("from courseware.claims import claim", "")
GOOD = [START, ("print(1 + 1)", "2\n"), ("claim('two is more', 2 > 1.5)", "✓ two is more\n")]
LESSON = "class lesson:\n    check = staticmethod(lambda name, answer: print(f'{answer} {name}: said'))"
BREAKAGES = {  # two a lesson: the first in the lesson, the second in its solution
    "a wrong stored output": (OUTPUTS, [("print(7 * 6)", "41\n")], "- 41\n+ 42"),
    "a false claim": (CLAIMS, [("claim('two is less', 2 < 1.5)", "✓ two is less\n")], "two is less"),
    "a slow cell": (TIME, [("import time\ntime.sleep(1.5)", "")], "planned for a cell"),
    "a memory hog": (MEMORY, [("hog = bytearray(700_000_000)\nimport time\ntime.sleep(3)", "")], "600 MB are allowed"),
    "a hanging cell": (TIME, [("while True:\n    pass", "")], "Timeout of 4 seconds exceeded"),
    "a kernel that dies": (EXECUTES, [("import os\nos._exit(3)", ""), ("print(1)", "1\n")], "The kernel died"),
    "not a notebook": (EXECUTES, None, "cannot be read"),
    "a broken cell": (EXECUTES, [("1 / 0", "")], "ZeroDivisionError: division by zero"),
    "a wrong verdict": (EXERCISES, [(LESSON, ""), ('lesson.check("add", "✗")', "✗ add: said\n")], "not started"),
    "nothing": (None, [(LESSON, ""), ('lesson.check("add", "✓")', "✓ add: said\n")], ""),
}
PLACES = {name: (n // 2, ("lessons", "solutions")[n % 2]) for n, name in enumerate(BREAKAGES)}
STALE_KEY, STALE_CELL = 3, 4  # the lessons whose quizzes are at fault
QUIZ = """\
lesson: {slug}
title: A stand-in
questions:
  - id: sum
    kind: number
    section: One
    prompt: What is 1 + 1?
    answer: {answer}
    tolerance: {{absolute: 0.01}}
    verify: 1 + 1
    cites: ["{cited}"]
    feedback: Two it is.
    wrong: Count again.
"""


def write_notebook(path, cells, metadata=None):
    if cells is None:
        path.write_text("no notebook at all", encoding="utf-8")
        return
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": ""}, **(metadata or {})}
    )
    for number, (source, shown) in enumerate([*GOOD, *cells], 1):
        outputs = [nbformat.v4.new_output("stream", text=shown)] if shown else []
        notebook.cells.append(nbformat.v4.new_code_cell(source, execution_count=number, outputs=outputs))
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """One run over all that is broken."""
    root = tmp_path_factory.mktemp("broken course")
    for folder in ("lessons", "solutions", "quizzes"):
        (root / folder).mkdir()
    (root / "quizzes" / "misconceptions.yaml").write_text("order: {title: Order, explanation: It counts.}\n")
    shutil.copy(course.ROOT / "pyproject.toml", root)
    (root / "tests").mkdir()
    shutil.copy(course.ROOT / "tests" / "nbval_sanitize.cfg", root / "tests")
    template = course.lessons()[0]
    infos = [dataclasses.replace(template, slug=f"{number:02d}_broken") for number in range(len(BREAKAGES) // 2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(course, "ROOT", root)
        patch.setattr(course, "budget", lambda: course.Budget(seconds=60, cell_seconds=1, memory_mb=590))
        for name, (number, folder) in PLACES.items():
            write_notebook(root / folder / f"{infos[number].slug}.ipynb", BREAKAGES[name][1])
        for number, info in enumerate(infos):
            answer, cited = 5 if number == STALE_KEY else 2, "two is less" if number == STALE_CELL else "two is more"
            info.quiz.write_text(QUIZ.format(slug=info.slug, answer=answer, cited=cited), encoding="utf-8")
        return lessons.run_lessons(infos, Limits(seconds=4, memory=600), jobs=2)


def found_in(rows, name):
    number, folder = PLACES[name]
    return [finding for finding in rows[number].findings if finding.where.startswith(f"{folder}/")]


@pytest.mark.parametrize("name", [name for name in BREAKAGES if name != "nothing"])
def test_each_breakage_is_reported_once_under_its_column(rows, name):
    """Once: also where everything after it fails too."""
    column, _, words = BREAKAGES[name]
    [finding] = found_in(rows, name)
    assert finding.column == column
    assert words in "\n".join([finding.text, *finding.diff])
    assert finding.failure == (name != "a slow cell")


def test_where_nothing_is_broken_nothing_is_found(rows):
    assert found_in(rows, "nothing") == []


def test_the_rest_of_the_run_goes_on(rows):
    assert [row.slug for row in rows] == [f"{number:02d}_broken" for number in range(len(BREAKAGES) // 2)]
    cells = [
        sum(len(GOOD) + len(BREAKAGES[n][1] or ()) for n, p in PLACES.items() if p[0] == m) for m in range(len(rows))
    ]
    cells[PLACES["not a notebook"][0]] -= len(GOOD)
    assert [row.counts[EXECUTES] for row in rows] == cells


def test_a_stale_key_and_a_cited_cell_that_shows_something_else(rows):
    for number, words in ((STALE_CELL, "two is less"), (STALE_KEY, "the key is 5, but `1 + 1` is 2")):
        [finding] = rows[number].under(KEYS)
        assert words in finding.text and finding.failure
        assert finding.where == f"quizzes/{rows[number].slug}.yaml, question sum"


def test_the_table_shows_where_it_fails(rows):
    lines = verdicts.lessons_text(rows, 61).splitlines()[2 : 2 + len(rows)]
    wanted = [dict.fromkeys(COLUMNS, "✓") for _ in rows]
    for name, (number, _) in PLACES.items():
        if column := BREAKAGES[name][0]:
            wanted[number][column] = "✗"
    wanted[STALE_KEY][KEYS] = wanted[STALE_CELL][KEYS] = "✗"
    wanted[PLACES["a slow cell"][0]][TIME] = "!"
    assert [dict(zip(COLUMNS, re.findall("[✓✗!]", line), strict=True)) for line in lines] == wanted
    assert "5 of 5 lessons fail" in verdicts.summary(rows, 61)


def test_junit_has_a_case_for_each_check_and_says_which_fail(rows):
    root = ElementTree.fromstring(verdicts.junit_xml(rows, 61))
    cases = list(root.iter("testcase"))
    failed = {(case.get("classname"), case.get("name")) for case in cases if case.find("failure") is not None}
    assert failed == {(row.slug, finding.column) for row in rows for finding in row.findings if finding.failure}
    assert [case.get("name") for case in cases] == [*COLUMNS] * len(rows)
    assert [int(suite.get("failures")) for suite in root] == [
        len({f.column for f in r.findings if f.failure}) for r in rows
    ]


def test_the_page_shows_the_difference_and_runs_nothing_from_a_notebook(rows):
    page = verdicts.html_page(rows, 61)
    assert '<span class="minus">- 41</span>' in page and '<span class="plus">+ 42</span>' in page
    evil = dataclasses.replace(rows[0].findings[0], diff=("+ <script>alert(1)</script>",))
    assert "<script" not in verdicts.html_page([dataclasses.replace(rows[0], findings=[evil])], 1)


def test_nbval_alone_finds_the_same_cells(tmp_path, monkeypatch):
    """The verdict on each cell of a broken lesson is that of `pytest --nbval`, run by hand."""
    write_notebook(tmp_path / "broken.ipynb", [("print(7 * 6)", "41\n"), ("1 / 0", ""), ("print('on')", "on\n")])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-q", "-rf", "-p", "no:cacheprovider", "broken.ipynb"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    monkeypatch.setattr(course, "ROOT", tmp_path)
    run = run_notebook(tmp_path / "broken.ipynb")
    by_hand = [int(number) for number in re.findall(r"^FAILED \S+::Cell (\d+)", done.stdout, re.MULTILINE)]
    assert by_hand == [cell["cell"] for cell in run.cells if cell["problem"]] == [3, 4]
    assert run.claims == [{"claim": "two is more", "held": True, "margin": 0.25}]


def test_after_an_interruption_nothing_runs_on(tmp_path, monkeypatch):
    write_notebook(tmp_path / "long.ipynb", [("import time\ntime.sleep(100)", "")])
    monkeypatch.setattr(course, "ROOT", tmp_path)
    begun = threading.Event()
    with ThreadPoolExecutor() as pool:
        running = pool.submit(
            run_notebook, tmp_path / "long.ipynb", progress=lambda cell, cells: cell == 3 and begun.set()
        )
        assert begun.wait(60)
        family = psutil.Process().children(recursive=True)
        kernels = [each for each in family if "ipykernel_launcher" in each.cmdline()]
        stop_all()
        assert running.result(timeout=30).cells
    _, alive = psutil.wait_procs(kernels, timeout=10)
    assert kernels and not alive


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="only Linux can be asked for it")
def test_what_a_calm_process_starts_is_calm_too():
    child = "import os; print(os.sched_getscheduler(0))"
    parent = f"import subprocess, sys; input(); subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        os.sched_setscheduler(process.pid, os.SCHED_OTHER, os.sched_param(0))
        calmly(process.pid)
        assert process.communicate("go on\n")[0] == f"{os.SCHED_BATCH}\n"


# What must not pass for a lesson that holds


@pytest.fixture
def run_cells(tmp_path, monkeypatch):
    def run_cells(*cells, metadata=None):
        shutil.copy(course.ROOT / "course.toml", tmp_path)
        write_notebook(tmp_path / "odd.ipynb", list(cells), metadata)
        monkeypatch.setattr(course, "ROOT", tmp_path)
        return run_notebook(tmp_path / "odd.ipynb")

    return run_cells


NO_ROOM = (
    "import os\nfile = os.environ['COURSEWARE_VERIFY_EVENTS']\nos.remove(file)\nos.mkdir(file)"  # as on a full disk
)


def test_cells_of_which_nothing_was_told_do_not_hold(run_cells):
    run = run_cells((NO_ROOM, ""), ("raise SystemError", ""), ("print(7 * 6)", "41\n"))
    assert run.collected == len(GOOD) + 3 and len(run.cells) == len(GOOD)
    assert "6 cells were to run, and 3 of them told how they went" in run.trouble and "room" in run.trouble
    assert judging.judge(course.lessons()[0], [run], [], 0).failed


@pytest.mark.parametrize("damage", ["open(file, 'a').write('{half\\n')", "open(file, 'ab').write(b'\\x00\\n')"])
def test_what_was_told_and_cannot_be_read_does_not_hold(run_cells, damage):
    run = run_cells((f"import os\nfile = os.environ['COURSEWARE_VERIFY_EVENTS']\n_ = {damage}", ""))
    assert "cannot be read" in run.trouble


def test_a_run_that_is_killed_says_so(run_cells):
    run = run_cells(("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nimport time\ntime.sleep(9)", ""))
    assert "stopped by the signal 9" in run.trouble


def test_a_notebook_that_is_changed_while_it_runs_does_not_hold(run_cells):
    run = run_cells(("import glob\n_ = open(glob.glob('*.ipynb')[0], 'a').write(' ')", ""))
    assert "was changed while it ran" in run.trouble


def test_a_lesson_without_one_of_its_exercises_does_not_hold(run_cells):
    cells = (LESSON, ""), ('lesson.check("add", "○")', "○ add: said\n")
    built = {"courseware": {"exercises": ["add", "subtract"]}}
    run = run_cells(*cells, metadata=built)
    assert run.exercises == ["add", "subtract"] and not run.trouble
    [finding] = judging.judge(course.lessons()[0], [run], [], 0).findings
    assert finding.column == EXERCISES and finding.failure and "no cell checks subtract" in finding.text


def test_what_a_notebook_leaves_running_is_ended_and_told(run_cells):
    run = run_cells(("import subprocess\nleft = subprocess.Popen(['sleep', '97'], start_new_session=True)", ""))
    assert run.left_behind == 1 and not run.trouble
    assert not [each for each in psutil.process_iter(["cmdline"]) if each.info["cmdline"] == ["sleep", "97"]]
    [finding] = judging.judge(course.lessons()[0], [run], [], 0).findings
    assert "left 1 process" in finding.text and not finding.failure


VERIFY = """
import dataclasses, sys
from pathlib import Path
from courseware import course
from courseware.cli.verify import verify
course.ROOT = Path(sys.argv[1])
info = dataclasses.replace(course.lessons()[0], slug="00_long")
course.ready_lessons = lambda: (info,)
verify.main(["lessons", *sys.argv[2:]])
"""


@pytest.fixture
def long_run(tmp_path):
    """A verification that is under way, in a process of its own, and what it has started."""
    for folder in ("lessons", "solutions", "quizzes", "tmp"):
        (tmp_path / folder).mkdir()
    shutil.copy(course.ROOT / "course.toml", tmp_path)
    for folder in ("lessons", "solutions"):
        write_notebook(tmp_path / folder / "00_long.ipynb", [("import time\ntime.sleep(100)", "")])
    process = subprocess.Popen(
        [sys.executable, "-c", VERIFY, str(tmp_path), "--jobs", "1"], stderr=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
    )  # fmt: skip
    for _ in range(600):
        family = psutil.Process(process.pid).children(recursive=True)
        if any("ipykernel_launcher" in each.cmdline() for each in family):
            break
        time.sleep(0.1)
    yield process, family
    process.kill()
    process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM", "SIGKILL"])
def test_a_verification_that_is_ended_leaves_nothing_running(long_run, name, tmp_path):
    process, family = long_run
    assert len(family) >= 2
    process.send_signal(getattr(signal, name))
    _, alive = psutil.wait_procs(family, timeout=30)
    assert not alive
    assert process.wait(30) == (-9 if name == "SIGKILL" else 130)
    if name != "SIGKILL":
        assert list((tmp_path / "tmp").glob("course-verify-*")) == []


def test_a_report_takes_no_other_files_place_and_a_full_disk_is_told(tmp_path, monkeypatch):
    thesis = tmp_path / "thesis.html"
    thesis.write_text("Years of work")
    done = CliRunner().invoke(verify, ["lessons", "01", "--html", str(thesis)])
    assert done.exit_code and "something else than an earlier report" in done.output
    assert thesis.read_text() == "Years of work"
    monkeypatch.setattr("courseware.verify.lessons.run_lessons", lambda *_: [])
    for _ in range(2):  # an earlier report is replaced
        done = CliRunner().invoke(
            verify, ["lessons", "01", "--html", str(tmp_path / "a.html"), "--junit", str(tmp_path / "a.xml")]
        )
        assert done.exit_code == 0, done.output
    monkeypatch.setattr("courseware.cli.verify.write_whole", full_disk)
    done = CliRunner().invoke(verify, ["lessons", "01", "--html", str(tmp_path / "b.html")])
    assert done.exit_code and "All 0 lessons hold" in done.output and "No space left on device" in done.output


def full_disk(path, text):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
