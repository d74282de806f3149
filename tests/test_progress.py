"""The learner's record survives kills, two writers and bad files."""

import signal
import subprocess
import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courseware.progress import Progress, ProgressError, progress_file

LESSON = "01_linear_regression"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


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
    with pytest.raises(ProgressError, match="COURSEWARE_HOME"):
        Progress(tmp_path / "file" / "progress.sqlite").exercises(LESSON)


def test_the_folder_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path))
    assert progress_file() == tmp_path / "progress.sqlite"
    monkeypatch.delenv("COURSEWARE_HOME")
    assert progress_file().name == "progress.sqlite" and progress_file().parent.name == "courseware"
