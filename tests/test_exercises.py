"""Exercise checks in both directions: right answers of any style pass, wrong ones get the fitting message."""

import ast
import importlib
import re
from functools import cache

import nbformat
import pytest

from courseware.checking import examine
from courseware.course import ready_lessons
from courseware.progress import NOT_STARTED, PASSED, TRY_AGAIN

LESSONS = {info.slug: info for info in ready_lessons()}
EXERCISES = {
    (slug, exercise.name): exercise
    for slug, info in LESSONS.items()
    for exercise in importlib.import_module(info.checks).EXERCISES
}
ANSWERS = {slug: importlib.import_module(f"lessons.{info.short_name}.answers") for slug, info in LESSONS.items()}
RIGHT = [(s, n, i) for s, module in ANSWERS.items() for n, given in module.RIGHT.items() for i in range(len(given))]
WRONG = [(s, n, i) for s, module in ANSWERS.items() for n, given in module.WRONG.items() for i in range(len(given))]


@cache
def verdict_on_wrong(slug, name, index):
    return examine(EXERCISES[slug, name], ANSWERS[slug].WRONG[name][index][0])


class Hostile:
    """An answer that fights back at every touch."""

    def __getattr__(self, name):
        raise RuntimeError("no such thing")

    def __repr__(self):
        raise RuntimeError("no words")

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    __hash__ = object.__hash__


def leave(*arguments):
    raise SystemExit


HOSTILE = [
    None,
    "seven",
    float("nan"),
    [],
    {},
    object(),
    Hostile(),
    Hostile,
    leave,
    lambda *a: Hostile(),
    lambda *a: None,
]


@pytest.mark.parametrize(("slug", "name", "index"), RIGHT)
def test_a_right_answer_in_another_style_passes(slug, name, index):
    verdict = examine(EXERCISES[slug, name], ANSWERS[slug].RIGHT[name][index])
    assert verdict.outcome == PASSED, verdict.message


@pytest.mark.parametrize(("slug", "name", "index"), WRONG)
def test_a_wrong_answer_is_refused_with_the_fitting_words(slug, name, index):
    words = ANSWERS[slug].WRONG[name][index][1]
    verdict = verdict_on_wrong(slug, name, index)
    assert verdict.outcome == TRY_AGAIN
    assert words in verdict.message


def replies(slug):
    """The sentences with which the checks of a lesson refuse an answer, as they stand in the code: (line, words)."""
    tree = ast.parse(LESSONS[slug].folder.joinpath("checks.py").read_text(encoding="utf-8"))
    aside = set()  # hints, docstrings, and what is said of a right answer
    for node in ast.walk(tree):
        quoted = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        parts = [node.value] if quoted or (isinstance(node, ast.Return) and node.value) else []
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "NotStarted":
            parts.append(node)
        for part in [*parts, *getattr(node, "decorator_list", [])]:
            aside |= set(ast.walk(part))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in aside:
            words = node.value.strip()
            if len(words.split()) >= 4 and words.endswith((".", "?")):
                yield node.lineno, words


@pytest.mark.parametrize("slug", LESSONS)
def test_every_reply_is_given_to_some_wrong_answer(slug):
    """Each mistake that a reply names is made on purpose, and gets that reply."""
    said = [verdict_on_wrong(*case).message for case in WRONG if case[0] == slug]
    assert [reply for reply in replies(slug) if not any(reply[1] in message for message in said)] == []


@pytest.mark.parametrize(("slug", "name"), EXERCISES)
def test_whatever_the_answer_is_the_learner_gets_one_of_three_outcomes(slug, name):
    for answer in HOSTILE:
        verdict = examine(EXERCISES[slug, name], answer)
        assert verdict.outcome == TRY_AGAIN, (answer.__class__, verdict)
        assert verdict.message
        assert "Traceback" not in verdict.message
    assert examine(EXERCISES[slug, name], ...).outcome == NOT_STARTED


@pytest.mark.parametrize("slug", LESSONS)
def test_every_exercise_has_enough_answers_hints_and_a_place_in_the_lesson(slug):
    named = [name for lesson, name in EXERCISES if lesson == slug]
    assert len(named) == len(set(named)) >= 5
    answers = ANSWERS[slug]
    for name in named:
        assert len(answers.WRONG.get(name, ())) >= 4, f"list four wrong answers to {name} or more in {answers.__file__}"
        assert answers.RIGHT.get(name), f"list a right answer to {name} in {answers.__file__}"
        hints = EXERCISES[slug, name].hints
        assert len(set(hints)) == 3 and all(hints), name
    notebook = nbformat.read(LESSONS[slug].lesson, as_version=4)
    assert sorted(notebook.metadata["courseware"]["exercises"]) == sorted(named)


@pytest.mark.parametrize("slug", LESSONS)
@pytest.mark.parametrize(("kind", "mark"), [("lesson", "○"), ("solution", "✓")])
def test_blanks_are_not_started_and_solutions_pass(slug, kind, mark):
    """The stored outputs say so, and nbval holds the stored outputs to the truth."""
    notebook = nbformat.read(getattr(LESSONS[slug], kind), as_version=4)
    found = {}
    for cell in notebook.cells:
        for name in re.findall(r'^lesson\.check\("(\w+)"', cell.source, flags=re.MULTILINE):
            found[name] = "".join(output.get("text", "") for output in cell.outputs)
    assert set(found) == set(notebook.metadata["courseware"]["exercises"])
    assert {name: text[0] for name, text in found.items()} == dict.fromkeys(found, mark)
