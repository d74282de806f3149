"""The quizzes themselves: keys that score, feedback for every slip, answers recomputed, and no tells."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise

import numpy
import pytest

from courseware.authoring.quizlint import quiz_problems
from courseware.catalog import ROOT, ready_lessons
from courseware.quiz import parameters
from courseware.quiz.bank import load_misconceptions, load_quiz
from courseware.quiz.grade import grade
from courseware.quiz.model import names_of_misconceptions
from courseware.quiz.text import plain

QUIZZES = [load_quiz(lesson.quiz) for lesson in ready_lessons()]
QUESTIONS = [
    pytest.param(question, id=f"{quiz.lesson}-{question.id}") for quiz in QUIZZES for question in quiz.questions
]
CHOICES = [case for case in QUESTIONS if case.values[0].kind in ("single", "multiple")]
NUMBERS = [case for case in QUESTIONS if case.values[0].kind == "number"]
OUTPUTS = [case for case in QUESTIONS if case.values[0].kind == "output"]
each_quiz = pytest.mark.parametrize("quiz", QUIZZES, ids=lambda quiz: quiz.lesson)


def test_every_ready_lesson_has_its_quiz_and_every_quiz_its_lesson():
    files = {path.stem for path in (ROOT / "quizzes").glob("*.yaml")} - {"misconceptions"}
    assert files == {lesson.slug for lesson in ready_lessons()}
    assert [quiz.title for quiz in QUIZZES] == [lesson.title for lesson in ready_lessons()]


@pytest.mark.parametrize("lesson", ready_lessons(), ids=lambda lesson: lesson.slug)
def test_the_lint_finds_nothing(lesson):
    headings = re.findall(r"^# ## (.+?)\s*$", lesson.source.read_text(encoding="utf-8"), re.MULTILINE)
    assert quiz_problems(lesson.quiz, headings) == []


@each_quiz
def test_there_are_enough_questions_of_every_kind(quiz):
    kinds = Counter(question.kind for question in quiz.questions)
    assert len(quiz.questions) >= 14
    assert all(kinds[kind] >= 2 for kind in ("single", "multiple", "number")), kinds


@pytest.mark.parametrize("question", CHOICES)
def test_the_key_scores_full_and_each_wrong_option_says_why(question):
    right = [option.id for option in question.options if option.correct]
    assert grade(question, right if question.kind == "multiple" else right[0]).correct
    for option in question.options:
        if not option.correct:
            result = grade(question, [option.id] if question.kind == "multiple" else option.id)
            assert result.points == 0
            [message] = [message for message in result.messages if message.verdict == "wrong"]
            assert message.feedback == option.feedback and message.misconception == option.misconception
    assert len({option.feedback for option in question.options}) == len(question.options)


def draws_of(question):
    """The question as every learner may meet it, with what was drawn."""
    if not question.parameters:
        return [({}, question)]
    return [(values, question._with(values)) for values in parameters.draws(question.parameters)]


@pytest.mark.parametrize("question", NUMBERS)
def test_the_answer_scores_full_and_each_known_wrong_number_says_why(question):
    for _, drawn in draws_of(question):
        assert grade(drawn, drawn.answer).correct
        for known in drawn.known_wrong:
            result = grade(drawn, known.value)
            assert result.points == 0 and result.messages[0].feedback == known.feedback


@pytest.mark.parametrize("question", NUMBERS)
def test_the_answer_is_what_the_code_computes(question):
    assert question.verify, "a number that can be computed carries its computation"
    for values, drawn in draws_of(question):
        numbers = {name: int(value) if float(value).is_integer() else value for name, value in values.items()}
        value = float(eval(question.verify, {"np": numpy, **numbers}))
        assert grade(drawn, value).correct, f"{question.verify} is {value}, not {drawn.answer}, with {numbers}"


def test_the_code_of_a_question_prints_what_its_key_says():
    """All in one process: each piece of code runs in a namespace of its own."""
    asked = [drawn for case in OUTPUTS for _, drawn in draws_of(case.values[0])]
    script = "import contextlib, io, json, sys\nprinted = []\nfor code in json.load(sys.stdin):\n"
    script += "    with contextlib.redirect_stdout(io.StringIO()) as out:\n        exec(code, {})\n"
    script += "    printed.append(out.getvalue())\nprint(json.dumps(printed))\n"
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
    done = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps([q.code for q in asked]), env=environment,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    for question, printed in zip(asked, json.loads(done.stdout.splitlines()[-1]), strict=True):
        assert grade(question, printed).correct, f"{question.id} prints {printed!r}"
        for known in question.known_wrong:
            assert grade(question, known.value).messages[0].feedback == known.feedback


def test_every_misconception_is_used():
    known = load_misconceptions(ROOT / "quizzes" / "misconceptions.yaml")
    used = {key for quiz in QUIZZES for question in quiz.questions for key in names_of_misconceptions(question)}
    assert used == set(known)


def test_the_feedback_reads_well_as_plain_text():
    for quiz in QUIZZES:
        for question in quiz.questions:
            assert not re.search(r"[\\$]", plain(question.prompt)), question.id


def test_no_two_questions_of_a_quiz_share_a_prompt():
    for quiz in QUIZZES:
        prompts = sorted(question.prompt for question in quiz.questions)
        assert all(one != other for one, other in pairwise(prompts))


def test_the_bank_has_questions_of_all_kinds():
    questions = [question for quiz in QUIZZES for question in quiz.questions]
    kinds = Counter(question.kind for question in questions)
    assert all(kinds[kind] >= 6 for kind in ("text", "output", "ordering", "matching")), kinds
    assert sum(bool(question.parameters) for question in questions) >= 8
