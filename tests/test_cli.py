"""The command `course`, as a learner types it."""

import http.server
import io
import json
import os
import re
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from courseware import course
from courseware.cli import main
from courseware.errors import CourseError
from courseware.learner import lab, shadows
from courseware.learner.copies import copy_of, refresh
from courseware.learner.status import next_open
from courseware.progress import Progress, ProgressError, progress_file
from courseware.quiz.faces import terminal
from courseware.quiz.load import load_quiz
from courseware.quiz.maths import plain

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
    text = course_says("progress", code=2)
    assert str(progress_file()) in text and text.count("\n") == 1


def test_a_broken_record_keeps_nobody_from_the_lessons(small_course, monkeypatch):
    progress_file().parent.mkdir()
    progress_file().write_text("not a database " * 100)
    opened = []
    monkeypatch.setattr(lab, "serve", lambda folder, notebook, **_: opened.append(notebook))
    assert str(progress_file()) in course_says("lab") and opened == [small_course.lesson.name]
    text = course_says("next")
    assert str(progress_file()) in text and "course lab" in text
    assert progress_file().read_text().startswith("not a database")


def test_a_bad_row_is_named_once_and_stops_nothing(small_course):
    course_says("quiz", "1", input="a\n2\nq\n")
    with closing(sqlite3.connect(Progress().path)) as connection, connection:
        connection.execute("UPDATE answer SET response = 'rotten' WHERE id = 2")
    for command in (["next"], ["progress"], ["review"], ["quiz", "1"]):
        text = course_says(*command, input="q\n")
        assert text.count("row 2 of the table answer") == 1
    assert "1 answered" in course_says("progress")


@pytest.mark.parametrize("cause", ["full", "read-only"])
def test_a_quiz_goes_on_where_no_answer_can_be_kept(small_course, monkeypatch, cause):
    def write(*_):
        raise ProgressError(f"Progress could not be kept: {cause}.")

    monkeypatch.setattr(Progress, "_write", write)
    text = " ".join(course_says("quiz", "1", input="a\n2\n").split())
    assert text.count(f"it is tried again to keep them. Progress could not be kept: {cause}.") == 1
    assert "Two it is" in text and "Score: 2 of 2 points" in text and "2 answers were not kept." in text
    assert "goes on from here" not in course_says("quiz", "1", input="a\nq\n")


def test_an_answer_that_could_not_be_kept_is_kept_with_the_next(small_course, monkeypatch):
    write, held = Progress._write, [True]

    def held_once(*arguments):
        if held and "INTO answer" in arguments[1]:
            held.clear()
            raise ProgressError("Another program holds the record.")
        return write(*arguments)

    monkeypatch.setattr(Progress, "_write", held_once)
    text = " ".join(course_says("quiz", "1", input="a\n2\n").split())
    assert "tried again" in text and "not kept" not in text
    assert "2 answered" in course_says("progress") or "2 of 2" in course_says("progress")


def test_one_lesson_that_is_missing_does_not_stop_the_others(monkeypatch, tmp_path):
    """In the real course: one shipped notebook is renamed."""
    missing = course.find("03")
    monkeypatch.setattr(type(missing), "lesson", property(lambda self: self.source.with_suffix(".gone")
                        if self.slug == missing.slug else course.ROOT / "lessons" / f"{self.slug}.ipynb"))  # fmt: skip
    monkeypatch.setenv("COURSEWARE_WORK", str(tmp_path / "work"))
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path / "home"))
    opened = []
    monkeypatch.setattr(lab, "serve", lambda folder, notebook, **_: opened.append(notebook))
    assert "03_" in course_says("lab", "00") and opened == ["00_start_here.ipynb"]
    text = course_says("progress", code=2)
    assert re.search(r"^03_\w+ .*cannot be read$", text, flags=re.MULTILINE) and "04_cnn" in text
    assert "is next" in course_says("next")


def test_a_broken_quiz_is_told_with_file_and_line(small_course):
    small_course.quiz.write_text(small_course.quiz.read_text().replace("kind: single", "kind: sinlge"))
    for command in (["quiz", "01"], ["progress"]):
        assert "01_linear_regression.yaml:" in course_says(*command, code=2)


def test_next_leads_through_a_lesson_in_order(small_course):
    progress = Progress()

    def record(name, outcome):
        progress.record_exercise(small_course.slug, name, outcome)

    wanted = f'Lesson 01, "A straight line that learns", is next ({small_course.minutes} minutes).'
    assert course_says("next").startswith(wanted)
    record("predict", "try again")
    assert course_says("next") == 'Lesson 01, exercise "predict" is not passed yet. Run `course lab 01`.\n'
    record("predict", "passed")
    assert course_says("next") == 'Lesson 01, exercise "gradient" is open. Run `course lab 01`.\n'
    record("gradient", "passed")
    assert "2 quiz questions are open. Run `course quiz 01`" in course_says("next")
    course_says("quiz", "01", input="a\n5\nn\n")
    assert "You have done every lesson that is ready" in course_says("next")


def test_a_lesson_that_has_been_updated_is_told_by_next_and_progress(small_course, ship):
    refresh([small_course])
    ship(small_course, version="v2")
    for command in ("next", "progress"):
        assert "has been updated; your copy stays as it is. `course reset 01_linear_regression`" in course_says(command)


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
    monkeypatch.setattr(
        lab, "serve", lambda folder, notebook, browser, ip, port: opened.append((folder, notebook, browser, ip, port))
    )
    assert str(copy_of(small_course)) in course_says("lab", "--no-browser")
    course_says("lab", "linear_regression", "--ip", "0.0.0.0", "--port", "9000")
    place = (copy_of(small_course).parent, small_course.lesson.name)
    assert opened == [(*place, False, None, None), (*place, True, "0.0.0.0", 9000)]
    ship(small_course, version="v2")
    for command in ("lab", "next", "progress"):
        assert "course reset 01_linear_regression" in course_says(command)


def test_next_and_lab_stay_where_one_works(monkeypatch, tmp_path):
    """One open question in lesson 00 does not lead back to it for good."""
    monkeypatch.setenv("COURSEWARE_WORK", str(tmp_path / "work"))
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path / "home"))
    opened = []
    monkeypatch.setattr(lab, "serve", lambda folder, notebook, **_: opened.append(notebook))
    assert "Lesson 00" in course_says("next")
    Progress().record_exercise("00_start_here", "pixels", "try again")
    Progress().record_answer("04_cnn", "a-question", "a", 0.0, 1.0)
    with closing(sqlite3.connect(Progress().path)) as connection, connection:
        connection.execute("UPDATE exercise SET at = '2026-01-01T10:00:00+00:00'")
    assert course_says("next").startswith("Lesson 04,") and "Lesson 04_cnn" in course_says("lab")
    assert opened == ["04_cnn.ipynb"]


def test_after_a_lesson_that_is_done_comes_the_next_one():
    def with_states(*states):
        infos = course.ready_lessons()
        return [SimpleNamespace(info=info, state=state) for info, state in zip(infos, states, strict=False)]

    slugs = [info.slug for info in course.ready_lessons()]
    for states, worked_in, expected in [
        (("started", "started", "done", "new"), [slugs[2], slugs[0]], slugs[3]),
        (("started", "done", "done"), [slugs[2]], slugs[0]),
        (("new", "started", "new"), [slugs[1]], slugs[1]),
        (("new", "new"), ["a private quiz", slugs[1]], slugs[1]),
        (("broken", "new"), [], slugs[1]),
    ]:
        assert next_open(with_states(*states), worked_in).info.slug == expected
    assert next_open(with_states("done", "done"), [slugs[0]]) is None


@pytest.fixture
def server(small_course, monkeypatch):
    """Something that answers as a JupyterLab on the learner's folder does, and says so as JupyterLab does."""
    from jupyter_server import serverapp

    class Api(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/api" else 404)
            self.end_headers()
            self.wfile.write(b'{"version": "2.17.0"}')

        def log_message(self, *_): ...

    with http.server.HTTPServer(("127.0.0.1", 0), Api) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{listening.server_port}/"
        about = {"url": url, "token": "abc", "root_dir": str(copy_of(small_course).parent)}
        monkeypatch.setattr(serverapp, "list_running_servers", lambda: iter([about]))
        yield about
        listening.shutdown()


def test_a_server_that_runs_is_offered_instead_of_a_second(small_course, server, monkeypatch):
    served = []
    monkeypatch.setattr(lab, "serve", lambda *_, **options: served.append(options))
    monkeypatch.setattr(lab, "show", served.append)
    address = f"{server['url']}lab/tree/01_linear_regression.ipynb?token=abc"
    assert address in course_says("lab", "--no-browser") and served == []
    assert address in course_says("lab") and served == [address]
    course_says("lab", "--port", "9000")
    assert served[1]["port"] == 9000  # who asks for a port gets it
    here = dict(server)
    for other in ({"root_dir": "/"}, {"url": "http://127.0.0.1:9/"}):  # another folder; one that was killed
        server.update(here | other)
        assert "running already" not in course_says("lab")


def test_reset_says_what_to_do_with_an_open_tab(small_course, server, monkeypatch):
    """Saved from there, the old content would take the place of the new without a word."""
    course_says("reset", "01")
    copy_of(small_course).write_text("my work")
    assert "Reload Notebook from Disk" in course_says("reset", "01")
    server["root_dir"] = "/"
    assert "Reload" not in course_says("reset", "01")


def test_a_solution_can_be_opened_from_where_one_works(small_course, server):
    small_course.solution.parent.mkdir()
    small_course.solution.write_text("{}")
    assert f"{server['url']}lab/tree/solutions/01_linear_regression.ipynb?token=abc" in course_says("solution", "1")
    server["root_dir"] = "/"
    assert "folder solutions" in course_says("solution", "01")
    assert (copy_of(small_course).parent / "solutions" / "01_linear_regression.ipynb").exists()


def test_what_a_container_needs_goes_to_jupyterlab(tmp_path, monkeypatch):
    options = lab.arguments(tmp_path, "01.ipynb", browser=False, ip="0.0.0.0", port=9000)
    assert {"--ServerApp.ip=0.0.0.0", "--ServerApp.port=9000", "--no-browser"} <= set(options)
    assert not [each for each in lab.arguments(tmp_path, "01.ipynb", browser=False) if "ip=" in each or "port=" in each]


def test_no_kernel_warns_in_the_terminal_that_it_does_not_encrypt(tmp_path, monkeypatch):
    """The real one, started as JupyterLab starts it."""
    if not lab.kernels_can_encrypt():
        pytest.skip("only where ZeroMQ can")
    assert "--KernelManager.transport_encryption=auto" in lab.arguments(tmp_path, "01.ipynb", browser=False)
    start = (
        "import sys\nfrom jupyter_client.manager import KernelManager\n"
        "manager = KernelManager(transport_encryption=sys.argv[1])\nmanager.start_kernel()\n"
        "client = manager.blocking_client()\nclient.start_channels()\nclient.wait_for_ready(60)\n"
        "print(client.execute_interactive('pass', timeout=60)['content']['status'])\nmanager.shutdown_kernel(now=True)\n"
    )
    for policy, warns in (("disabled", True), ("auto", False)):
        done = subprocess.run([sys.executable, "-c", start, policy], capture_output=True, text=True, timeout=120)
        assert ("without encryption" in done.stderr, done.stdout) == (warns, "ok\n"), done.stderr


def test_a_path_that_hides_packages_does_not_reach_the_kernels(tmp_path, monkeypatch, small_course):
    for name in ("fine", "stale"):
        (tmp_path / name).mkdir()
    (tmp_path / "stale" / "keras.py").touch()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "stale"), str(tmp_path / "fine")]))
    assert lab.environment()["PYTHONPATH"] == str(tmp_path / "fine")
    monkeypatch.setattr(lab, "serve", lambda *_, **__: 0)
    assert f"PYTHONPATH names {tmp_path / 'stale'}" in course_says("lab")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "stale"))
    assert "PYTHONPATH" not in lab.environment()


# --- streams ---------------------------------------------------------------------------------------------------------


def course_prints(*arguments, encoding="utf-8", redirect="", **options):
    """What a real process prints: its exit code, standard output and error as bytes."""
    command = f'exec "$0" -m courseware "$@" {redirect}'
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "40"}
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, *arguments], capture_output=True, env=environment, timeout=120, **options
    )
    assert b"Traceback" not in done.stdout + done.stderr and b"Exception ignored" not in done.stderr
    return done


COMMANDS = [
    ([], 0), (["--help"], 0), (["next"], 0), (["progress"], 0), (["progress", "--json"], 0), (["review"], 0),
    (["doctor"], None), (["quiz", "04"], 0), (["reset", "04"], 0), (["solution", "04"], 0), (["lint", "--quizzes", "quizzes"], None),
    (["export", "04", "--to", "gift", "-o", "OUT"], 0), (["lab", "liner ä日"], 2), (["nönsense ✓"], 2), (["verify", "--help"], 0),
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
@pytest.mark.parametrize(("arguments", "code"), COMMANDS, ids=lambda value: str(value)[:20])
def test_whatever_is_printed_arrives_on_any_stream(arguments, code, encoding, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEWARE_WORK", str(tmp_path / "wörk ✓"))
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path / "日本"))
    arguments = [str(tmp_path / "out") if each == "OUT" else each for each in arguments]
    done = course_prints(*arguments, encoding=encoding, input="ä ✓ \ud7ff\nq\n".encode())
    assert code is None or done.returncode == code, done.stderr
    shown = (done.stdout + done.stderr).decode(encoding)  # every byte is of that encoding
    assert shown.strip() and not re.search("[✓✗]", shown)


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_quiz_keeps_words_whole_at_any_width(columns, monkeypatch, tmp_path):
    """Code apart, no line is longer than the screen, so the screen breaks none; and none than can be read."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    quiz = load_quiz(course.find("04").quiz).drawn("seed")
    lettered = [question for question in quiz.questions if question.kind == "single"]
    screen = Screen()
    progress = Progress(tmp_path / "progress.sqlite")
    terminal.review([(quiz, each) for each in lettered], progress, source=io.StringIO("a\n" * 99), output=screen)
    shown = re.sub(r"\x1b\[[\d;]*m", "", screen.getvalue())
    assert len(lettered) > 5 and f"{len(lettered)} of {len(lettered)}" in shown
    assert not re.search(r"\x1b\[(?:[\d;]*;)?4[0-8]", screen.getvalue())  # no background, whatever the screen's colour
    lines = [line for line in shown.splitlines() if not line.startswith("    ")]
    assert max(map(len, lines)) <= min(columns, 100)
    words = set(re.findall(r"\w+", shown))
    for question in lettered:
        for entry in question.shown:
            assert set(re.findall(r"\w+", plain(entry.text))) <= words


def test_a_screen_shows_text_as_it_is(monkeypatch):
    """Neither colons nor brackets are signs for something else: both stand in code."""
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    face = terminal._Terminal(io.StringIO(), screen)
    for show in (face.line, face.heading, face.once, lambda text: face.item("a) ", text)):
        show("x[:a:], [bold], :x:")
    shown = re.sub(r"\x1b\[[\d;]*m", "", screen.getvalue())
    assert [line.removeprefix("a) ") for line in shown.splitlines()] == ["x[:a:], [bold], :x:"] * 4


def test_what_a_reply_repeats_arrives_too(tmp_path):
    """A learner's own text, in a script: signs of another language, and half a sign."""
    script = (
        "from courseware import open_lesson\n"
        "lesson = open_lesson('00_start_here')\n"
        "lesson.check('pixels', '\u65e5\u672c \\ud800 \u00e9')\nlesson.check('\u65e5\\ud800', 1)\nprint('end')\n"
    )
    for encoding in ("cp1252", "utf-8"):
        environment = {**os.environ, "PYTHONIOENCODING": encoding, "COURSEWARE_HOME": str(tmp_path)}
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, env=environment)
        shown = done.stdout.decode(encoding)
        assert "try again" in shown and "no exercise" in shown and shown.endswith("end\n".replace("\n", os.linesep)), (
            done.stderr
        )


def test_a_sign_is_replaced_by_a_like_one():
    out = course_prints("doctor", encoding="cp1252").stdout
    assert out.startswith(b"+ Python")
    assert course_prints("doctor", encoding="utf-8").stdout.decode().startswith("✓ Python")
    assert course_prints("doctor", encoding="latin-1").stdout.startswith(b"+ Python")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("arguments", [["progress"], ["--help"], ["next"], ["quiz", "05"]])
def test_a_stream_that_takes_nothing_ends_it_in_a_line(arguments):
    done = course_prints(*arguments, redirect=">/dev/full", input=b"q\n")
    assert (
        done.returncode == 2 and done.stderr.decode() == "The output could not be written: No space left on device.\n"
    )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a disk that is always full")
def test_also_what_is_still_on_its_way_at_the_end_is_looked_after():
    script = (
        "import click\nfrom courseware.cli.shared import Commands\n"
        "group = Commands(commands=[click.Command('say', callback=lambda: print('a line'))])\ngroup(['say'])\n"
    )
    with open("/dev/full", "w") as full:
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, env=environment)
    assert (done.returncode, done.stderr) == (2, "The output could not be written: No space left on device.\n")


@pytest.mark.parametrize("redirect", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("arguments", [["progress"], ["quiz", "05"]])
def test_closed_streams_are_no_trouble(arguments, redirect):
    assert course_prints(*arguments, redirect=redirect).returncode == 0


def test_a_pipe_that_is_closed_early_is_no_trouble():
    assert course_prints("progress", redirect="| head -1").stdout.startswith(b"lesson")


def test_ctrl_c_while_it_loads_ends_it_without_a_word():
    """At every moment from the first line of ours on: stopped where the import of each module begins."""
    stop = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # tests that run in the background ignore it
        "class Stop:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == stop_at: os.kill(os.getpid(), signal.SIGINT)\n"
        "stop_at = sys.argv[1]\n"
        "sys.argv = ['course', 'progress']\n"
        "from courseware.__main__ import main\n"
        "sys.meta_path.insert(0, Stop())\n"
        "main()\n"
    )
    for module in ("click", "courseware.cli", "courseware.cli.verify", "courseware.learner.status", "fsrs"):
        done = subprocess.run([sys.executable, "-c", stop, module], capture_output=True, text=True)
        assert done.returncode in (-signal.SIGINT, 1), module
        assert "Traceback" not in done.stderr and len(done.stderr.splitlines()) <= 2, done.stderr


def test_next_to_nothing_is_loaded_before_ctrl_c_is_looked_after():
    loaded = "import sys; import courseware.__main__; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(course.ROOT)!r}); {loaded}"],
                             capture_output=True, text=True, check=True).stdout.split()  # fmt: skip
    assert {"courseware.__main__", "signal"} <= set(modules)
    assert not {"typing", "importlib.abc", "tempfile", "re", "click"} & set(modules)


def test_ctrl_c_is_ignored_where_it_was_ignored(monkeypatch):
    """As for a command in the background."""
    from courseware import __main__

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        monkeypatch.setattr("courseware.cli.main", lambda prog_name: None)
        __main__.main()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_reset_says_where_the_old_copy_is(small_course):
    assert "is new" in course_says("reset", "01")
    copy_of(small_course).write_text("my work")
    backup = course_says("reset", "01").rstrip().rstrip(".").split(" kept in ")[1]
    with open(backup) as file:
        assert file.read() == "my work"


@pytest.mark.parametrize(("ip", "port"), [("203.0.113.7", None), ("no.such.host.invalid", 8888), (None, "taken")])
def test_a_place_where_nothing_can_listen_is_named(tmp_path, ip, port):
    with socket.create_server(("localhost", 0)) as other:
        port = other.getsockname()[1] if port == "taken" else port
        with pytest.raises(CourseError, match=f"cannot listen at {ip or f'localhost, port {port}'}"):
            lab.serve(tmp_path, "01.ipynb", ip=ip, port=port)


def test_the_home_folder_of_nobody_is_refused(monkeypatch):
    monkeypatch.setenv("COURSEWARE_HOME", "~nobody-of-this-name/x")
    assert "no user 'nobody-of-this-name'" in course_says("next", code=2)


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
    monkeypatch.setattr(lint, "lint", lambda: [])
    assert "No faults" in course_says("lint")


def test_a_broken_package_on_the_python_path_is_named_in_one_line(tmp_path):
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy" / "__init__.py").write_text("raise ImportError('made for another Python')")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(course.ROOT)])}
    done = subprocess.run(
        [sys.executable, "-m", "courseware.cli", "doctor"], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert str(tmp_path / "numpy") in done.stderr and "unset PYTHONPATH" in done.stderr


@pytest.mark.parametrize("name", ["pandas.py", "PIL.py", "types.py"])
def test_files_beside_the_lessons_that_hide_a_module_are_found(tmp_path, name):
    (tmp_path / name).touch()
    (tmp_path / "my_helpers.py").touch()
    assert [path.name for path in shadows.shadows(tmp_path)] == [name]
