"""The machinery under every check: time limits, claims, and the words a learner reads."""

import signal
import sys
import time

import numpy as np
import pytest

from courseware import checking, claims
from courseware.checking import Exercise, call, describe, examine, number
from courseware.lesson import Lesson, open_lesson
from courseware.progress import NOT_STARTED, PASSED, TRY_AGAIN
from courseware.timelimit import TimeLimitReached, run_limited

HINTS = ("one", "two", "three")


def stubborn():
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722 - learners write this
            pass


@pytest.mark.parametrize(
    "endless", [lambda: [None for _ in iter(int, 1)], stubborn, lambda: time.sleep(0.01) or stubborn()]
)
def test_an_endless_loop_is_stopped(endless):
    exercise = Exercise("loop", lambda answer: call(answer), HINTS, seconds=0.3)
    verdict = examine(exercise, endless)
    assert verdict.outcome == TRY_AGAIN
    assert "0.3 seconds" in verdict.message


def test_a_time_limit_leaves_nothing_behind():
    """Also when it runs out just as the work is done, which some of these do on any machine."""
    handler, tracer = signal.getsignal(signal.SIGINT), sys.gettrace()
    stopped = 0
    for tries in range(400):
        try:
            run_limited(lambda tries=tries: sum(range(tries * 10)), seconds=0.0002)
        except TimeLimitReached:
            stopped += 1
    time.sleep(0.05)  # an interrupt still under way would surface here
    assert stopped < 400
    assert (signal.getsignal(signal.SIGINT), sys.gettrace()) == (handler, tracer)


def test_a_time_limit_lets_other_exceptions_through():
    with pytest.raises(KeyError):
        run_limited(lambda: {}["mine"], seconds=5)


def test_the_limit_is_not_an_exception_that_learners_catch():
    assert not issubclass(TimeLimitReached, Exception)


def test_the_three_outcomes():
    exercise = Exercise("seven", lambda answer: checking.expect("your number", answer, 7.0), HINTS)
    assert examine(exercise, ...).outcome == NOT_STARTED
    assert examine(exercise, 7).outcome == PASSED
    verdict = examine(exercise, 8)
    assert (verdict.outcome, verdict.message) == (TRY_AGAIN, "your number is 8; expected 7.")


def test_dots_left_inside_a_function_count_as_not_started():
    def blank(x):
        y = ...
        return y * x

    exercise = Exercise("blank", lambda answer: call(answer, 2), HINTS)
    assert examine(exercise, blank).outcome == NOT_STARTED
    assert examine(exercise, lambda x: ...).outcome == NOT_STARTED


def test_an_exception_names_the_call_and_the_learners_line():
    def divides(x):
        return x / 0

    verdict = examine(Exercise("divide", lambda answer: call(answer, 2), HINTS), divides)
    assert verdict.message == "divides(2) raised ZeroDivisionError: division by zero (in the line `return x / 0`)"


@pytest.mark.parametrize("change", [lambda x: x.append(1) or 1, lambda x: x.clear() or 1])
def test_a_changed_input_is_noticed_and_the_next_call_gets_a_fresh_one(change):
    given = [1, 2]
    with pytest.raises(checking.TryAgain, match="in place"):
        call(change, given)
    assert given == [1, 2]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("3", "quotes"),
        (True, "True"),
        (np.nan, "finite"),
        ([1, 2], "2 numbers"),
        (None, "numbers were expected"),
        (1j, "numbers"),
    ],
)
def test_what_is_no_number_is_named(value, words):
    with pytest.raises(checking.TryAgain, match=words):
        number(value)


def test_descriptions_are_short_whatever_the_value():
    for value in [np.zeros((1000, 1000)), "x" * 10_000, list(range(10_000)), object(), {"a": np.zeros(1000)}, int, len]:
        assert len(describe(value)) < 80
        assert " at 0x" not in describe(value)


def test_a_claim_that_fails_shows_both_sides():
    cnn, fnn = 0.5, 0.9
    with pytest.raises(claims.ClaimFailed) as failure:
        claims.claim("the CNN is better", cnn > fnn + 0.1)
    assert "the CNN is better" in str(failure.value)
    assert "cnn = 0.5" in str(failure.value)
    assert "fnn + 0.1 = 1.0" in str(failure.value)


@pytest.mark.parametrize("condition", [1, np.array([True]), None, "yes"])
def test_a_claim_wants_one_truth_value(condition):
    with pytest.raises(TypeError, match="truth value"):
        claims.claim("anything", condition)


def test_a_claim_about_nan_fails():
    with pytest.raises(claims.ClaimFailed):
        claims.claim("the loss is small", float("nan") < 1)


@pytest.fixture
def lesson():
    return open_lesson("01_linear_regression")


def test_checks_are_recorded_and_printed(lesson, capsys):
    lesson.check("predict", lambda w, b, x: w * x + b)
    assert capsys.readouterr().out.startswith("✓ predict: passed.")
    assert lesson._progress.exercises("01_linear_regression")["predict"] == "passed"
    lesson.check("predict", lambda w, b, x: w * x)
    assert 'lesson.hint("predict")' in capsys.readouterr().out
    assert lesson._progress.exercises("01_linear_regression")["predict"] == "passed"


def test_a_progress_file_that_cannot_be_written_does_not_stop_the_lesson(tmp_path, capsys):
    from courseware.course import find
    from courseware.progress import Progress

    (tmp_path / "progress.sqlite").mkdir()
    lesson = Lesson(find("01"), Progress(tmp_path / "progress.sqlite"))
    lesson.check("predict", lambda w, b, x: w * x + b)
    printed = capsys.readouterr().out
    assert "✓ predict: passed." in printed
    assert "could not be kept" in printed


def test_hints_come_one_by_one_and_then_point_to_the_solution(lesson, capsys):
    for _ in range(4):
        lesson.hint("mse")
    lines = capsys.readouterr().out.splitlines()
    assert [line[:13] for line in lines[:3]] == ["Hint 1 of 3: ", "Hint 2 of 3: ", "Hint 3 of 3: "]
    assert "`course solution 01`" in lines[3]


def test_progress_is_shown_to_a_learner_and_a_fixed_line_to_nobody(lesson, capsys, monkeypatch):
    lesson.progress()
    assert "course progress" in capsys.readouterr().out
    monkeypatch.setattr("courseware.lesson.someone_is_there", lambda: True)
    lesson.check("predict", lambda w, b, x: w * x + b)
    capsys.readouterr()
    lesson.progress()
    lines = capsys.readouterr().out.splitlines()
    assert "✓ predict: passed" in lines and lines[-1].startswith("Quiz: ")


@pytest.mark.parametrize("method", ["check", "hint"])
def test_a_misspelt_exercise_is_answered_with_the_right_name(lesson, capsys, method):
    getattr(lesson, method)(*(["predct", 1] if method == "check" else ["predct"]))
    assert 'Did you mean "predict"?' in capsys.readouterr().out


@pytest.mark.parametrize("text", ["-1", "two", "", "1.5", "²"])
def test_a_seed_that_is_no_whole_number_is_refused(monkeypatch, text):
    monkeypatch.setenv("COURSEWARE_SEED", text)
    with pytest.raises(ValueError, match="COURSEWARE_SEED must be a whole number"):
        open_lesson("01")


def test_the_seed_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("COURSEWARE_SEED", "3")
    assert open_lesson("01").seed == 3
