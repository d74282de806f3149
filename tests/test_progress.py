"""The learner's record survives kills, two writers and bad files."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courseware import course
from courseware import progress as module
from courseware.learner import copies
from courseware.progress import VERSION, Progress, ProgressError, progress_file

LESSON = "01_linear_regression"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def in_sql(file, statement, *values):
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(statement, values).fetchall()


@pytest.fixture
def progress(tmp_path):
    return Progress(tmp_path / "deep" / "er" / "progress.sqlite")


def test_a_new_learner_has_done_nothing(progress):
    assert progress.exercises(LESSON) == {} and progress.answers(LESSON) == {}


def test_once_passed_always_passed(progress):
    for name, outcome in [("a", "try again"), ("a", "passed"), ("a", "try again"), ("b", "try again")]:
        progress.record_exercise(LESSON, name, outcome)
    assert progress.exercises(LESSON) == {"a": "passed", "b": "try again"}
    assert progress.exercises("02_activations") == {}


def test_the_latest_answer_counts(progress):
    progress.record_answer(LESSON, "first", "wrong", 0.0, 1.0)
    progress.record_answer(LESSON, "first", "right", 1.0, 1.0)
    progress.record_answer("02_activations", "first", "other", 0.0, 1.0)
    (answer,) = progress.answers(LESSON).values()
    assert (answer.response, answer.points, answer.out_of) == ("right", 1.0, 1.0)


@settings(deadline=None, max_examples=50)  # each example writes a file
@given(response=JSON)
def test_an_answer_comes_back_as_it_was_given(tmp_path_factory, response):
    progress = Progress(tmp_path_factory.mktemp("answers") / "progress.sqlite")
    progress.record_answer(LESSON, "question", response, 0.5, 1.0)
    assert progress.answers(LESSON)["question"].response == response


def test_a_kill_loses_nothing_that_was_recorded(tmp_path):
    file = tmp_path / "progress.sqlite"
    endless = (
        "import itertools, pathlib, sys\n"
        "from courseware.progress import Progress\n"
        "progress = Progress(pathlib.Path(sys.argv[1]))\n"
        "for number in itertools.count():\n"
        "    progress.record_exercise('01_linear_regression', str(number), 'passed')\n"
        "    print(number, flush=True)\n"
    )
    for start in range(0, 60, 20):
        writer = subprocess.Popen([sys.executable, "-c", endless, str(file)], stdout=subprocess.PIPE, text=True)
        for _ in range(start + 10):
            last = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        last = max([last, *map(int, writer.communicate()[0].split())])
        kept = set(Progress(file).exercises(LESSON))
        assert {str(number) for number in range(last + 1)} <= kept


def test_two_programs_may_write_at_once(progress):
    def write(prefix):
        for number in range(25):
            Progress(progress.path).record_exercise(LESSON, f"{prefix}{number}", "passed")

    writers = [threading.Thread(target=write, args=(prefix,)) for prefix in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(progress.exercises(LESSON)) == 50


def test_a_file_that_is_no_record_is_named_and_left_alone(tmp_path):
    file = tmp_path / "progress.sqlite"
    file.write_text("a shopping list, which is not a database at all\n" * 50)
    with pytest.raises(ProgressError, match=r"progress.sqlite.*COURSEWARE_HOME"):
        Progress(file).record_exercise(LESSON, "a", "passed")
    assert file.read_text().startswith("a shopping list")


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    progress = Progress(tmp_path / "file" / "progress.sqlite")
    with pytest.raises(ProgressError, match="COURSEWARE_HOME"):
        progress.record_exercise(LESSON, "a", "passed")
    assert progress.exercises(LESSON) == {} and progress.seed() == progress.seed()  # reading needs no file


def test_the_folder_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path))
    assert progress_file() == tmp_path / "progress.sqlite"
    monkeypatch.delenv("COURSEWARE_HOME")
    assert progress_file().name == "progress.sqlite" and progress_file().parent.name == "courseware"


@pytest.mark.parametrize("variable", ["COURSEWARE_HOME", "COURSEWARE_WORK"])
def test_a_setting_means_one_place_whatever_the_working_folder(monkeypatch, tmp_path, variable):
    """The terminal works in the course's folder, the kernels in the learner's."""
    place = {"COURSEWARE_HOME": lambda: progress_file().parent, "COURSEWARE_WORK": copies.folder}[variable]
    monkeypatch.setenv("HOME", str(tmp_path))
    for setting, expected in [
        ("~/record", tmp_path / "record"),
        ("~", tmp_path),
        ("a/b", course.PACKAGE.parent / "a/b"),
    ]:
        monkeypatch.setenv(variable, setting)
        for folder in (tmp_path, Path("/")):
            monkeypatch.chdir(folder)
            assert place() == expected
    monkeypatch.setattr(course, "INSTALLED", True)  # a wheel lies where nobody works
    assert course.full_path("a/b") == tmp_path / "a/b"


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has these rights")
def test_others_on_the_computer_cannot_read_it(progress):
    progress.record_answer(LESSON, "first", "a", 1.0, 1.0)
    assert progress.path.stat().st_mode & 0o777 == 0o600
    assert progress.path.parent.stat().st_mode & 0o777 == 0o700


def test_a_record_of_an_older_course_goes_on(progress):
    """Files from before there was a version have the same tables, and were open to all."""
    progress.record_exercise(LESSON, "a", "passed")
    in_sql(progress.path, "PRAGMA user_version = 0")
    progress.path.chmod(0o644)
    assert progress.exercises(LESSON) == {"a": "passed"}
    progress.record_exercise(LESSON, "b", "passed")
    assert set(progress.exercises(LESSON)) == {"a", "b"}
    assert in_sql(progress.path, "PRAGMA user_version") == [(VERSION,)]
    assert progress.path.stat().st_mode & 0o777 == 0o600


def test_a_record_of_a_newer_course_is_left_alone(progress):
    progress.record_exercise(LESSON, "a", "passed")
    in_sql(progress.path, f"PRAGMA user_version = {VERSION + 1}")
    before = progress.path.read_bytes()
    for use in (progress.seed, progress.all_answers, lambda: progress.record_exercise(LESSON, "b", "passed")):
        with pytest.raises(ProgressError, match=r"newer version of the course.*Update the course") as raised:
            use()
        assert not re.search("[Mm]ove|another name|COURSEWARE_HOME", str(raised.value))
    assert progress.path.read_bytes() == before


BAD_ROWS = {
    "response": "no json", "at": "yesterday", "points": "many", "out_of": -1, "question": b"\x00\xff",
}  # fmt: skip
BAD_DATES = ["", "2026-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", b"\xff", 5]


@pytest.mark.parametrize(
    ("column", "value"), [*BAD_ROWS.items(), *(("at", date) for date in BAD_DATES), ("response", "[" * 100_000)]
)
def test_a_bad_row_is_left_out_and_named(progress, column, value):
    for number in range(3):
        progress.record_answer(LESSON, f"q{number}", "a", 1.0, 1.0)
    in_sql(progress.path, f"UPDATE answer SET {column} = ? WHERE id = 2", value)
    assert [answer.question for answer in progress.all_answers()] == ["q0", "q2"]
    assert progress.bad_rows == {"row 2 of the table answer"}


def test_a_bad_outcome_is_left_out_and_named(progress):
    for name in "abc":
        progress.record_exercise(LESSON, name, "passed")
    in_sql(progress.path, "UPDATE exercise SET outcome = 'perhaps' WHERE name = 'b'")
    in_sql(progress.path, "UPDATE exercise SET name = CAST(x'ff' AS TEXT) WHERE name = 'c'")  # no UTF-8
    assert progress.exercises(LESSON)["a"] == "passed" and "b" not in progress.exercises(LESSON)
    assert progress.bad_rows == {"row 2 of the table exercise"}


def sql_error(name, text):
    error = sqlite3.OperationalError(text)
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (sql_error("SQLITE_BUSY", "database is locked"), "Close that program"),
        (sql_error("SQLITE_FULL", "database or disk is full"), "Free some room"),
        (OSError(28, "No space left on device"), "Free some room"),
        (sql_error("SQLITE_READONLY_DIRECTORY", "attempt to write a readonly database"), "Make its folder writable"),
        (PermissionError(13, "Permission denied"), "Make its folder writable"),
        (sql_error("SQLITE_ERROR", "no such column: response"), "Update the course"),
        (sql_error("SQLITE_IOERR_READ", "disk I/O error"), "see whether its disk is in order"),
        (sql_error("SQLITE_NOTADB", "file is not a database"), "Give it another name"),
    ],
)
def test_every_cause_has_its_own_remedy(progress, monkeypatch, error, remedy):
    """Only what is no record at all may be put away: who does that with a good one loses it."""
    progress.record_exercise(LESSON, "a", "passed")

    def connect(*_, **__):
        raise error

    monkeypatch.setattr(module.sqlite3, "connect", connect)
    for use in (lambda: progress.record_exercise(LESSON, "b", "passed"), progress.all_answers):
        with pytest.raises(ProgressError) as raised:
            use()
        text = str(raised.value)
        assert remedy in text and str(progress.path) in text and text.count("\n") == 0
        assert ("another name" in text) == (remedy == "Give it another name")


def test_the_real_errors_are_told_apart(progress, tmp_path, monkeypatch):
    progress.record_exercise(LESSON, "a", "passed")
    connect = sqlite3.connect
    monkeypatch.setattr(module.sqlite3, "connect", lambda *a, **k: connect(*a, **{**k, "timeout": 0}))
    with closing(connect(progress.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ProgressError, match="Close that program"):
            progress.record_exercise(LESSON, "b", "passed")
        other.execute("ROLLBACK")
    in_sql(progress.path, "ALTER TABLE answer RENAME COLUMN response TO reply")
    with pytest.raises(ProgressError, match="Update the course"):
        progress.all_answers()
    progress.path.write_bytes(b"a shopping list " * 500)
    with pytest.raises(ProgressError, match="Give it another name"):
        progress.all_answers()


def test_a_record_that_cannot_be_written_can_be_read(progress, monkeypatch):
    """As on a read-only disk: the file may only be opened for reading."""
    progress.record_answer(LESSON, "first", "a", 1.0, 1.0)
    seed = progress.seed()

    def write(*_, **__):
        raise ProgressError("read-only")

    monkeypatch.setattr(Progress, "_write", write)
    again = Progress(progress.path)
    assert again.seed() == seed and list(again.answers(LESSON)) == ["first"] and again.worked_in() == [LESSON]


def test_a_seed_that_could_not_be_kept_is_kept_with_the_first_answer(progress, monkeypatch):
    """Else the answer would be graded by another draw the next time."""
    write = Progress._write
    monkeypatch.setattr(Progress, "_write", lambda *_: (_ for _ in ()).throw(ProgressError("full")))
    seed = progress.seed()
    monkeypatch.setattr(Progress, "_write", write)
    progress.record_answer(LESSON, "first", "a", 1.0, 1.0)
    assert Progress(progress.path).seed() == seed == progress.seed()


def test_what_was_worked_in_last_comes_first_and_the_future_does_not_count(progress):
    progress.record_exercise("04_cnn", "a", "passed")
    progress.record_answer("00_start_here", "q", "a", 1.0, 1.0)
    in_sql(progress.path, "UPDATE exercise SET at = '2026-01-01T10:00:00+00:00'")
    assert progress.worked_in() == ["00_start_here", "04_cnn"]
    in_sql(progress.path, "UPDATE exercise SET at = '2500-01-01T10:00:00+00:00'")
    assert progress.worked_in() == ["00_start_here"]


def test_what_a_killed_program_left_half_written_is_taken_back(progress, tmp_path):
    """SQLite's journal beside the file says what to undo; reading must do it."""
    progress.record_exercise(LESSON, "a", "passed")
    half_done = (
        "import os, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA cache_size = 1'); c.execute('BEGIN')\n"
        "for n in range(2000): c.execute(\"INSERT INTO exercise (at, lesson, name, outcome) VALUES ('x', '01_linear_regression', ?, 'passed')\", (str(n),))\n"
        "os._exit(1)\n"
    )
    subprocess.run([sys.executable, "-c", half_done, str(progress.path)])
    assert progress.path.with_name("progress.sqlite-journal").exists()
    assert progress.exercises(LESSON) == {"a": "passed"}
