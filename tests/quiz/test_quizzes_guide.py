"""Each example of docs/quizzes.md is what it says: it loads, grades its own key, and the lint finds no fault in it."""

import re
import subprocess
import sys

import numpy
import pytest

from courseware.authoring.quizlint import quiz_problems
from courseware.course import ROOT
from courseware.quiz import parameters
from courseware.quiz.load import load_quiz
from courseware.quiz.questions import KINDS

GUIDE = (ROOT / "docs" / "quizzes.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
WHOLE = [block for block in BLOCKS if "\nlesson: " in block]
SINGLE = [block for block in BLOCKS if block.startswith("  - id: ")]
LISTED = [block for block in BLOCKS if block.startswith("# misconceptions.yaml")]
POOLED = [block for block in BLOCKS if block.startswith("lesson: ")]
HEADER = "lesson: 01_linear_regression\ntitle: Examples\nquestions:\n"


@pytest.fixture
def load(tmp_path):
    def load(text):
        named = set(re.findall(r"misconception: ([a-z-]+)", text)) - set(
            re.findall(r"^([a-z-]+):$", LISTED[0], re.MULTILINE)
        )
        more = "".join(f"{name}:\n  title: Some idea\n  explanation: Not so.\n" for name in named)
        (tmp_path / "misconceptions.yaml").write_text(LISTED[0] + more, encoding="utf-8")
        path = tmp_path / "01_linear_regression.yaml"
        path.write_text(text, encoding="utf-8")
        assert quiz_problems(path) == []
        return load_quiz(path)

    return load


def test_every_block_is_an_example_of_some_kind():
    assert len(WHOLE) == len(LISTED) == len(POOLED) == 1
    assert len(WHOLE) + len(SINGLE) + len(LISTED) + len(POOLED) == len(BLOCKS)
    assert set(re.findall(r"kind: (\w+)", "".join(BLOCKS))) == set(KINDS)
    assert all(f"**`{kind}`**" in GUIDE for kind in KINDS)


def test_the_whole_file_loads(load):
    assert load(WHOLE[0]).questions[0].id == "what-b-does"


@pytest.mark.parametrize("block", SINGLE, ids=lambda block: block.split("\n")[0].removeprefix("  - id: "))
def test_the_example_loads_and_grades_its_key(load, block):
    [question] = load(HEADER + block).questions
    for values, drawn in question.draws():
        key = {
            "multiple": lambda q: [option.id for option in q.options if option.correct],
            "number": lambda q: eval(question.verify, {"np": numpy, **values}),  # noqa: B023
            "text": lambda q: q.answers[0],
            "output": lambda q: subprocess.run([sys.executable, "-c", q.code], capture_output=True, text=True).stdout,
            "ordering": lambda q: [item.id for item in q.items],
            "matching": lambda q: q.key,
        }[question.kind](drawn)
        assert drawn.grade(key).correct
        for known in getattr(drawn, "known_wrong", ()):
            result = drawn.grade(getattr(known, "order", None) or known.value)
            assert not result.correct and result.misconceptions == (known.misconception,)


def test_the_pool_is_drawn_from(tmp_path):
    path = tmp_path / "midterm.yaml"
    path.write_text(POOLED[0], encoding="utf-8")
    assert quiz_problems(path, private=True) == []
    quiz = load_quiz(path)
    assert {quiz.drawn(seed).questions[0].id for seed in range(20)} == {each.id for each in quiz.questions}
    assert quiz.length == 1 and all(eval(each.verify) == each.answer for each in quiz.questions)


def test_what_it_says_of_limits_and_formulas_is_so():
    from courseware.quiz import yamlfile

    assert f"{yamlfile.MAX_BYTES // 1024} KiB" in GUIDE and yamlfile.MAX_DEPTH == 8 and "eight levels" in GUIDE
    listed = re.search(r"Formulas know .*?, brackets, and ([^.]*)\.", GUIDE, re.DOTALL)[1]
    assert set(re.split(r",\s+|\s+and\s+", listed)) == set(parameters.FUNCTIONS)
