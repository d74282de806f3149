"""Mutation of the exercises: what is changed, what a check lets pass, and what is said about it."""

import ast
import json
import signal
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from courseware.checking import Exercise, call, expect
from courseware.course import LessonInfo, find, lessons, ready_lessons
from courseware.errors import CourseError
from courseware.verify.mutants import running
from courseware.verify.mutants.cells import cell, needed, read_cells, tasks
from courseware.verify.mutants.excuses import Excuse, listed, read_excuses, stale, unexplained
from courseware.verify.mutants.making import mutants
from courseware.verify.mutants.report import holds, mutants_text
from courseware.verify.mutants.survivors import Outcome, outcomes, survivors

HINTS = ("one", "two", "three")


def changes(line, *, inside="def f(x, y, n):\n    "):
    return [mutant.change for mutant in mutants(inside + line, [range(inside.count("\n") + 1, 99)])]


@pytest.mark.parametrize(
    ("line", "change"),
    [
        ("return x - y", "return x - y -> return x + y"),
        ("return x - y", "return x - y -> return y - x"),
        ("return x + y", "return x + y -> return x"),
        ("return x @ y", "return x @ y -> return x * y"),
        ("return -x", "return -x -> return x"),
        ("return x < y", "return x < y -> return x <= y"),
        ("return x and y", "return x and y -> return x or y"),
        ("return 3", "return 3 -> return 4"),
        ("return 0.5", "return 0.5 -> return 1.0"),
        ("return x", "return x -> return y"),
        ("return (x, y)", "return (x, y) -> return (y, x)"),
        ("return x[1:n]", "return x[1:n] -> return x[1:n + 1]"),
        ("return x[1:n]", "return x[1:n] -> return x[:n]"),
        ("return list(range(n))", "return list(range(n)) -> return list(range(n - 1))"),
        ("return x.mean(axis=0)", "return x.mean(axis=0) -> return x.mean(axis=1)"),
        ("return x.mean(axis=0)", "return x.mean(axis=0) -> return x.mean()"),
        ("return np.sqrt(x)", "return np.sqrt(x) -> return x"),
        ("return split(x, y)", "return split(x, y) -> return split(y, x)"),
        ("return x.T", "return x.T -> return x"),
        ("return [i for i in x if i > 0]", "return [i for i in x if i > 0] -> return [i for i in x if i >= 0]"),
        ("return 1 if x else 0", "return 1 if x else 0 -> return 0 if x else 1"),
        ("return {'a': x, 'b': y}", "return {'a': x, 'b': y} -> return {'a': y, 'b': x}"),
        ("return Dense(4, activation='relu')", "return Dense(4, activation='relu') -> return Dense(4)"),
        ("return Dense(4)", "return Dense(4) -> return Dense(4, activation='relu')"),
        ("return MaxPooling2D(2)", "return MaxPooling2D(2) -> return AveragePooling2D(2)"),
        ("return fit(loss='mse')", "return fit(loss='mse') -> return fit(loss='binary_crossentropy')"),
        ("x = x + 1; y = x", "x = x + 1; y = x -> y = x; x = x + 1"),
        ("x += 1", "x += 1 -> x -= 1"),
        ("x, y = n", "x, y = n -> y, x = n"),
        ("show(x)", "show(x) -> pass"),
    ],
)
def test_a_slip_that_people_make_is_among_the_mutants(line, change):
    assert change in changes(line)


def test_nothing_outside_the_solution_is_changed_and_every_mutant_is_a_different_program():
    code = "def f(x):\n    y = 2 * x\n    z = y + 1\n    return z - 3"
    made = mutants(code, [range(3, 4)])
    assert made and len({mutant.code for mutant in made}) == len(made)
    for mutant in made:
        lines = mutant.code.splitlines()
        assert lines[:2] == code.splitlines()[:2] and lines[-1] == "    return z - 3"
        assert ast.dump(ast.parse(mutant.code)) != ast.dump(ast.parse(code))


def test_statements_that_share_nothing_are_not_swapped_and_what_commutes_is_not_turned():
    assert not [c for c in changes("x = 1; y = 2") if c.startswith("x = 1; y = 2 ->")]
    assert "return x + y -> return y + x" not in changes("return x + y")
    assert "return max(x, y) -> return max(y, x)" not in changes("return max(x, y)")


SOURCE = '''import os, time

ended = []

def live(flag):
    if not flag:
        os._exit(9)

def hold(n):
    kept = b"x" * (n * 600_000_000)
    time.sleep(10 * n)

# %%
def double(x):
    """Return twice x."""
    ### BEGIN SOLUTION
    live(True)
    hold(0)
    return 2 * x
    ### END SOLUTION

# %%
lesson.check("double", double)
'''
CHECKS = """from courseware.checking import Exercise, call, expect

def _double(answer):
    expect("double(2)", call(answer, 2.0), 4.0)
    expect("double(3)", call(answer, 3.0), 6.0)

EXERCISES = (Exercise("double", _double, ("a", "b", "c")),)
"""


def weak(answer):
    expect("double(2)", call(answer, 2.0), 4.0)


def strong(answer):
    weak(answer)
    expect("double(3)", call(answer, 3.0), 6.0)


def endless(answer):
    while True:
        pass


def test_a_weak_check_lets_a_mutant_pass_and_a_strong_one_does_not():
    made = mutants("def double(x):\n    return 2 * x", [range(2, 3)])
    assert survivors(Exercise("double", weak, HINTS), {}, made, "double") == ["return 2 * x -> return 2 + x"]
    assert survivors(Exercise("double", strong, HINTS), {}, made, "double") == []


def test_a_mutant_that_fails_or_never_ends_is_refused():
    made = mutants("k = 3\nwhile k > 0:\n    k = k - 1", [range(1, 4)])
    assert any("k + 1" in mutant.change for mutant in made)
    check = Exercise("k", lambda answer: expect("k", answer, 0), HINTS, seconds=0.3)
    assert not [c for c in survivors(check, {}, made, "k") if "k + 1" in c or "pass" in c]
    assert survivors(Exercise("k", endless, HINTS, seconds=0.3), {}, made[:1], "k") == []


def test_what_a_mutant_binds_does_not_reach_the_next_one():
    space = {"x": 1}
    survivors(Exercise("x", lambda answer: None, HINTS), space, mutants("x = 2", [range(1, 2)]), "x")
    assert space == {"x": 1}


@dataclass(frozen=True)
class MadeUp(LessonInfo):
    """A lesson in a folder of its own; it borrows a real slug."""

    home: str = ""

    @property
    def source(self):
        return Path(self.home) / "lesson.py"

    @property
    def checks(self):
        return "made_up_checks"


@pytest.fixture
def made_up(tmp_path, monkeypatch):
    (tmp_path / "lesson.py").write_text(f"# %%\n{SOURCE}")
    (tmp_path / "made_up_checks.py").write_text(CHECKS)
    monkeypatch.syspath_prepend(str(tmp_path))
    given = {name: getattr(lessons()[0], name) for name in ("slug", "title", "minutes", "builds", "topics", "ready")}
    return MadeUp(**given, home=str(tmp_path))


def test_a_mutant_that_ends_its_process_or_takes_all_memory_is_refused_and_the_rest_is_tried(
    made_up, tmp_path, monkeypatch
):
    monkeypatch.setattr(running, "MEMORY", 4e8)
    said, kept = [], tmp_path / "kept" / "mutants.json"
    (found,) = running.run([made_up], said.append, kept)
    assert found.tried > 8
    assert {"live(True) -> pass", "hold(0) -> pass"} <= set(found.survivors)
    assert not {"live(True) -> live(False)", "hold(0) -> hold(1)"} & set(found.survivors)
    assert not [change for change in found.survivors if "2 * x" in change]
    assert said == [running.line(found)]
    again = running.run([made_up], said.append, kept)
    assert again == [found] and len(said) == 1, "what was tried is tried again"
    key = running._key(made_up)
    made_up.source.write_text(made_up.source.read_text().replace("2 * x", "x + x"))
    assert running._key(made_up) != key, "what has changed is not tried again"


def test_a_check_that_refuses_the_solution_is_said_in_one_line(made_up, tmp_path):
    (tmp_path / "made_up_checks.py").write_text(CHECKS.replace("6.0", "7.0"))
    with pytest.raises(CourseError, match=r"the check double refuses the solution as it stands: double\(3\) is 6"):
        running.run([made_up], print, tmp_path / "mutants.json")


def test_after_an_interruption_nothing_runs_on(made_up, monkeypatch):
    started = []

    class Interrupted(running._Child):
        def outcomes(self):
            started.append(self)
            self.trying = ("double", "in the middle of it")
            yield Outcome("00_start_here", "double")
            yield from super().outcomes()

    def interrupt(text):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    monkeypatch.setattr(running, "_Child", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        running.run([made_up], interrupt, None)
    assert len(started) == 1
    started[0].process.join(10)
    assert not started[0].process.is_alive()


def test_a_damaged_file_of_outcomes_is_no_trouble(tmp_path):
    (tmp_path / "mutants.json").write_text("{")
    assert running.run([], print, tmp_path / "mutants.json") == []


FOUND = [Outcome("01_line", "predict", 9, ["a -> b", "Dense(16) -> Dense(17)"])]


def test_a_survivor_is_reported_until_it_is_listed_and_a_listed_one_when_it_is_gone():
    goal = Excuse("01_line", "predict", ("Dense(16) -> ...",), "a goal")
    assert [change for _, change in unexplained(FOUND, [goal])] == ["a -> b"]
    assert "01_line predict: a -> b" in mutants_text(FOUND, [goal]) and not holds(FOUND, [goal])
    both = [goal, Excuse("01_line", "predict", ("a -> b",), "the same")]
    assert holds(FOUND, both)
    old = [*both, Excuse("01_line", "predict", ("a -> c",), "the same")]
    assert stale(FOUND, old) == [(old[2], "a -> c")]
    assert "predict: a -> c" in mutants_text(FOUND, old) and not holds(FOUND, old)
    assert stale(FOUND, [Excuse("01_line", "gone", ("a -> b",), "no such exercise")])
    assert not stale(FOUND, [Excuse("02_other", "predict", ("a -> c",), "a lesson that was not tried")])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[equivalent]\n", "cannot be read"),
        ('[[equivalent]]\nexercise = "a"\n', "entry 1 has exercise; expected"),
        ('[[equivalent]]\nexercise="b"\nmutants="c -> d"\nreason="e"\n', "mutants (a list of texts)"),
        ('[[equivalent]]\nexercise="b"\nmutants=["c -> d"]\nreason=""\n', "expected"),
    ],
)
def test_a_list_that_cannot_be_read_is_said_in_one_line(small_course, text, words):
    path = listed(small_course)
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(CourseError) as problem:
        read_excuses(small_course)
    assert words in str(problem.value) and "\n" not in str(problem.value)


@pytest.mark.parametrize("info", ready_lessons(), ids=lambda info: info.slug)
def test_every_exercise_of_a_lesson_has_a_solution_to_change_and_every_listed_exercise_is_one(info):
    cells = read_cells(info.source)
    found = tasks(cells, info.source)
    checked = json.loads(info.solution.read_text(encoding="utf-8"))["metadata"]["courseware"]["exercises"]
    assert sorted(task.name for task in found) == sorted(checked)
    assert {excuse.exercise for excuse in read_excuses(info)} <= set(checked)
    for task in found:
        solution = cells[task.cell]
        assert mutants(solution.code, list(solution.regions)), task.name
        assert all(number < task.cell for number in needed(cells, task.cell))


def test_a_starter_and_the_markers_are_no_part_of_the_solution():
    made = cell("a = 1\n### BEGIN SOLUTION\nb = 2\nc = 3\n### STARTER\n# b = ...\n### END SOLUTION\nd = 4")
    assert made.code == "a = 1\nb = 2\nc = 3\nd = 4" and made.regions == (range(2, 4),)


def test_no_survivor_of_lesson_01_is_unexplained():
    found = list(outcomes(find("01"), skip=["repair"]))  # which trains a network for each mutant
    assert len(found) == 7 and sum(outcome.tried for outcome in found) > 400
    known = [excuse for excuse in read_excuses(find("01")) if excuse.exercise != "repair"]
    assert holds(found, known), mutants_text(found, known)
    assert not holds(found, []), "no mutant survives any more: is anything changed at all?"
