"""The machinery under every check: time limits, claims, and the words a learner reads."""

import builtins
import os
import re
import signal
import sys
import threading
import time
import warnings
from decimal import Decimal
from fractions import Fraction
from urllib.parse import unquote

import ml_dtypes
import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from courseware import checking, claims, course, shielded, timelimit
from courseware.checking import Exercise, call, describe, examine, number
from courseware.course import find
from courseware.lesson import Lesson, open_lesson
from courseware.progress import NOT_STARTED, PASSED, TRY_AGAIN, Progress
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


@pytest.fixture
def unmarked(tmp_path):
    """Lesson 01 of somebody who has not begun."""
    return Lesson(find("01"), Progress(tmp_path / "progress.sqlite"))


def test_checks_are_recorded_and_printed(lesson, capsys):
    lesson.check("predict", lambda w, b, x: w * x + b)
    assert capsys.readouterr().out.startswith("✓ predict: passed.")
    assert lesson._progress.exercises("01_linear_regression")["predict"] == "passed"
    lesson.check("predict", lambda w, b, x: w * x)
    assert 'lesson.hint("predict")' in capsys.readouterr().out
    assert lesson._progress.exercises("01_linear_regression")["predict"] == "passed"


def test_a_progress_file_that_cannot_be_written_does_not_stop_the_lesson(tmp_path, capsys):
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


def test_where_one_works_the_last_hint_links_to_the_solution(lesson, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("courseware.lesson.someone_is_there", lambda: True)
    monkeypatch.setenv("COURSEWARE_WORK", str(tmp_path / "my work"))
    shown = []
    monkeypatch.setattr("courseware.lesson.display", lambda bundle, raw: shown.append(bundle["text/markdown"]))
    (tmp_path / "my work").mkdir()
    for links, place in enumerate([tmp_path / "my work", tmp_path], 1):
        monkeypatch.chdir(place)
        for _ in range(4):
            lesson.hint("mse")
        assert len(shown) == links
        target = unquote(re.search(r"\((.+)\)$", shown[-1])[1])
        assert (place / target).read_bytes() == lesson.info.solution.read_bytes()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    capsys.readouterr()
    for _ in range(4):
        lesson.hint("mse")
    assert "`course solution 01`" in capsys.readouterr().out


def test_a_forgotten_answer_and_a_forgotten_name_are_asked_for(lesson, capsys):
    before = lesson._progress.exercises("01_linear_regression")
    lesson.check("predict")
    lesson.hint()
    first, second = capsys.readouterr().out.splitlines()
    assert 'lesson.check("predict", predict)' in first and "mse" in second
    assert lesson._progress.exercises("01_linear_regression") == before


def test_an_array_that_is_changed_in_place_is_said_to_have_other_values():
    def change(table):
        table += 1
        return table

    verdict = examine(Exercise("any", lambda answer: call(answer, np.zeros((8, 8))), HINTS), change)
    assert "an array of shape (8, 8) has other values now" in verdict.message


def test_without_solutions_the_last_hint_points_to_none(lesson, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(course, "ROOT", tmp_path)
    for _ in range(4):
        lesson.hint("predict")
    said = capsys.readouterr().out.splitlines()[-1]
    assert "no worked answers" in said and "course solution" not in said


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


class SaysTooMuch:
    """An answer whose every word about itself is trouble."""

    def __init__(self, trouble):
        self.trouble = trouble

    def __repr__(self):
        return self.trouble()


def leave():
    raise SystemExit


def interrupt():
    raise KeyboardInterrupt


class Unprintable(Exception):
    def __str__(self):
        raise SystemExit


stumble = {}.__getitem__  # a KeyError without a line of anybody's


@pytest.mark.parametrize("check", [stumble, lambda answer: call(answer, 2), number])
@pytest.mark.parametrize("trouble", [stubborn, leave, interrupt])
def test_an_answer_that_cannot_be_described_gets_a_sentence(check, trouble):
    verdict = examine(Exercise("any", check, HINTS, seconds=0.3), SaysTooMuch(trouble))
    assert verdict.outcome == TRY_AGAIN
    assert "SaysTooMuch" in verdict.message or "0.3 seconds" in verdict.message


@pytest.mark.parametrize("check", [stumble, lambda answer: call(answer, 2), number])
@pytest.mark.parametrize("is_class", [True, False])
def test_a_class_without_a_name_gets_a_sentence(check, is_class):
    class Meta(type):
        @property
        def __name__(cls):
            raise KeyboardInterrupt

        def __getattribute__(cls, name):
            raise SystemExit

    class NoName(metaclass=Meta):
        def __getattribute__(self, name):
            raise SystemExit

    verdict = examine(Exercise("any", check, HINTS), NoName if is_class else NoName())
    assert verdict.outcome == TRY_AGAIN and verdict.message


@pytest.mark.parametrize("error", [Unprintable, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_whatever_a_function_raises_is_told_by_its_name(error):
    def raises(x):
        raise error

    verdict = examine(Exercise("any", lambda answer: call(answer, 2), HINTS), raises)
    assert verdict.outcome == TRY_AGAIN and f"raised {error.__name__}" in verdict.message


def test_an_error_of_the_learners_code_is_told_with_its_line_wherever_a_check_meets_it():
    class Odd:
        def __len__(self):
            raise ZeroDivisionError("mine")

    verdict = examine(Exercise("any", lambda answer: str(len(answer)), HINTS), Odd())
    assert verdict.message == 'Your code raised ZeroDivisionError: mine (in the line `raise ZeroDivisionError("mine")`)'


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers here")
@pytest.mark.parametrize("endless", [lambda: re.match("(a+)+$", "a" * 60 + "b"), lambda: 10**10**8])
def test_compiled_code_that_looks_for_signals_is_stopped(endless):
    verdict = examine(Exercise("any", lambda answer: call(answer), HINTS, seconds=0.3), endless)
    assert "0.3 seconds" in verdict.message


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers here")
@pytest.mark.parametrize(
    "switch_off",
    [
        lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        lambda: signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}),
    ],
)
def test_a_loop_that_ignores_interrupts_is_stopped(switch_off):
    def blocks():
        switch_off()
        while True:
            pass

    before = signal.getsignal(signal.SIGINT), signal.pthread_sigmask(signal.SIG_BLOCK, ())
    verdict = examine(Exercise("any", lambda answer: call(answer), HINTS, seconds=0.3), blocks)
    assert "0.3 seconds" in verdict.message
    assert (signal.getsignal(signal.SIGINT), signal.pthread_sigmask(signal.SIG_BLOCK, ())) == before


def test_code_that_cannot_be_stopped_is_told_what_to_do(monkeypatch, capsys):
    monkeypatch.setattr(timelimit, "PATIENCE", 0.1)
    said = threading.Event()
    monkeypatch.setattr(sys.stdout, "write", lambda text: said.set() if "Restart Kernel" in text else None)

    def deaf():  # a call into compiled code that looks for no signals would be so, too
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGALRM})
        try:
            assert said.wait(30)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGALRM})

    with pytest.raises(TimeLimitReached):
        run_limited(deaf, seconds=0.1)


def test_a_check_that_a_person_interrupts_is_no_verdict_and_not_recorded(unmarked, capsys):
    def presses_ctrl_c(w, b, x):
        signal.raise_signal(signal.SIGINT)

    unmarked.check("predict", presses_ctrl_c)
    assert capsys.readouterr().out.startswith("○ predict: interrupted. The check was stopped before it was done")
    assert unmarked._progress.exercises("01_linear_regression") == {}


def test_passed_is_recorded_before_it_is_said(unmarked, monkeypatch):
    def killed(*text):
        raise SystemExit

    monkeypatch.setattr("builtins.print", killed)
    with pytest.raises(SystemExit):
        unmarked.check("predict", lambda w, b, x: w * x + b)
    assert unmarked._progress.exercises("01_linear_regression") == {"predict": "passed"}


def test_a_wrong_answer_written_in_the_call_is_a_trial_and_not_recorded(unmarked, capsys):
    unmarked.check("predict", 16)
    assert capsys.readouterr().out.startswith("✗ predict: try again.")
    assert unmarked._progress.exercises("01_linear_regression") == {}
    mine = 16
    unmarked.check("predict", mine)
    assert unmarked._progress.exercises("01_linear_regression") == {"predict": "try again"}


@pytest.mark.parametrize(
    "printing",
    [
        lambda: [print(i) for i in range(1000)],
        lambda: [print("x", end="") for _ in range(10_000)],
        lambda: print("x" * 10**7),
        lambda: sys.stderr.write("x\n" * 1000),
        lambda: sys.stdout.writelines(["x\n"] * 1000),
    ],
)
def test_of_what_an_answer_prints_the_beginning_is_shown(printing, capsys):
    examine(Exercise("any", lambda answer: call(answer) and None, HINTS), lambda: printing() or 1)
    out, err = capsys.readouterr()
    assert len(out) + len(err) < 5000 and (out + err).count("\n") <= 22
    assert out.endswith("(Your answer prints more; the rest is left out.)\n")


def test_what_fits_is_shown_as_it_is(capsys):
    examine(Exercise("any", lambda answer: call(answer), HINTS), lambda: print("a\nb", end="!\n"))
    assert capsys.readouterr().out == "a\nb!\n"


def test_input_is_refused_in_words():
    verdict = examine(Exercise("any", lambda answer: call(answer), HINTS), lambda: input("a number, please"))
    assert verdict.outcome == TRY_AGAIN and "leave out input()" in verdict.message


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_an_answer_that_forks_is_checked_once(tmp_path):
    verdicts = tmp_path / "verdicts"

    def check(answer):
        call(answer)
        return "done"

    examine(Exercise("any", check, HINTS), lambda: os.fork() + 1)
    with verdicts.open("a") as file:
        file.write("x")
    for _ in range(1):
        os.wait()
    assert verdicts.read_text() == "x"


def settings():
    return (
        np.asarray, isinstance, np.geterr(), np.get_printoptions()["precision"], list(warnings.filters), sys.getrecursionlimit(),
        os.getcwd(), sys.stdout, sys.stderr, input,
    )  # fmt: skip


def spoil():
    np.asarray = np.array = None
    builtins.sorted = None
    np.seterr(all="raise"), np.set_printoptions(precision=1, suppress=True)
    warnings.simplefilter("error")
    sys.setrecursionlimit(200)
    os.chdir("/")
    sys.stdout = sys.stderr = None
    return 7


def test_what_an_answer_leaves_behind_is_gone_after_its_check():
    before = settings()
    try:
        examine(Exercise("seven", lambda answer: str(call(answer)), HINTS), spoil)
        assert settings() == before
        assert sorted([2, 1]) == [1, 2]
    finally:
        builtins.sorted = shielded.ORIGINALS[0][1]["sorted"]
        np.asarray, np.array = (shielded.ORIGINALS[2][1][name] for name in ("asarray", "array"))


def test_a_right_answer_passes_whatever_the_notebook_has_set_before(monkeypatch):
    """And what it has set stays set."""
    exercise = Exercise("sum", lambda answer: checking.expect("sum", call(answer, np.array([1e-300, 2.0])), 2.0), HINTS)
    monkeypatch.setattr(np, "asarray", None)
    monkeypatch.setattr(builtins, "sorted", None)
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")

        def answer(x):
            warnings.warn("mine", stacklevel=1)
            return np.sum(sorted(x * 1e-300 * 1e300))

        assert examine(exercise, answer).outcome == PASSED
        assert np.asarray is None and builtins.sorted is None and np.geterr()["over"] == "raise"
        with pytest.raises(UserWarning):
            warnings.warn("mine", stacklevel=1)


class Tensor:
    """Numbers of another library."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype)


SEVENS = [
    7, 7.0, np.float32(7), np.array([7]), [7], Fraction(7), Decimal(7), 7 + 0j, np.array([7], dtype=object), [[Fraction(14, 2)]],
    ml_dtypes.bfloat16(7), np.array(7, dtype=ml_dtypes.bfloat16), Tensor(7.0), np.array([Tensor(7.0)], dtype=object),
]  # fmt: skip


@pytest.mark.parametrize("seven", SEVENS, ids=lambda value: type(value).__name__)
def test_a_right_number_is_right_in_any_type(seven):
    assert number(seven) == 7.0
    checking.expect("seven", seven, 7.0)


@pytest.mark.parametrize(
    "values",
    [
        [1, 2.5],
        (Fraction(1), Decimal("2.5")),
        np.array([1, 2.5], dtype=object),
        np.array([1 + 0j, 2.5]),
        np.array([1, 2.5], dtype=ml_dtypes.bfloat16),
        np.array([1, 2.5], dtype=np.float16),
        [Tensor(1), Tensor(2.5)],
    ],
    ids=lambda value: type(value).__name__,
)
def test_right_numbers_are_right_in_any_table(values):
    np.testing.assert_array_equal(checking.array(values, (2,)), [1.0, 2.5])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1 + 2j, "a complex number; real numbers"),
        (np.array([1, None], dtype=object), "holds None; numbers"),
        (np.array([1, "2"], dtype=object), "holds a str: '2'; numbers"),
        ([1, ...], "still holds dots"),
        (np.array(["1", "2"]), "numbers were expected"),
    ],
)
def test_what_is_no_table_of_numbers_is_named(value, words):
    with pytest.raises(checking.TryAgain, match=re.escape(words)):
        checking.array(value, (2,))


def test_a_check_does_not_bring_back_warnings_that_were_given_once():
    with warnings.catch_warnings(record=True) as given:
        warnings.resetwarnings()
        warnings.simplefilter("default")

        def warn(answer):
            warnings.warn("mine", stacklevel=1)

        for _ in range(3):
            examine(Exercise("warn", warn, HINTS), 1)
    assert len(given) == 1


PICTURES = """\
import matplotlib.pyplot as plt
from IPython import get_ipython
from IPython.display import clear_output, display
from courseware.checking import Exercise, call, examine

HINTS = ("One.", "Two.", "Three.")
get_ipython().run_line_magic("matplotlib", "inline")
mine = plt.figure()

def drawing(x):
    clear_output()
    plt.plot([1, 2])
    plt.show()
    plt.figure()
    display(x)
    return x

print("before")
verdict = examine(Exercise("any", lambda answer: str([call(answer, n) for n in range(30)]), HINTS), drawing)
print(verdict.outcome, plt.get_fignums() == [mine.number])
plt.close(mine)
display("after")
"""


def test_pictures_are_neither_drawn_nor_shown_during_a_check():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PICTURES)])
    NotebookClient(notebook, timeout=60).execute()
    *printed, last = notebook.cells[0].outputs  # what is printed may come in several pieces
    assert "".join(output["text"] for output in printed) == (
        "before\n(What your answer draws or displays is not shown during a check.)\npassed True\n"
    )
    assert last["data"]["text/plain"] == "'after'"
