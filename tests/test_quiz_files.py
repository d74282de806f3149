"""The quizzes themselves: keys that score, feedback for every slip, answers recomputed, and no tells."""

import re
from collections import Counter
from itertools import pairwise

import numpy
import pytest

from courseware.catalog import ROOT, ready_lessons
from courseware.quiz.bank import load_misconceptions, load_quiz
from courseware.quiz.grade import grade
from courseware.quiz.text import plain

QUIZZES = [load_quiz(lesson.quiz) for lesson in ready_lessons()]
QUESTIONS = [
    pytest.param(question, id=f"{quiz.lesson}-{question.id}") for quiz in QUIZZES for question in quiz.questions
]
CHOICES = [case for case in QUESTIONS if case.values[0].kind != "number"]
NUMBERS = [case for case in QUESTIONS if case.values[0].kind == "number"]
each_quiz = pytest.mark.parametrize("quiz", QUIZZES, ids=lambda quiz: quiz.lesson)


def test_every_ready_lesson_has_its_quiz_and_every_quiz_its_lesson():
    files = {path.stem for path in (ROOT / "quizzes").glob("*.yaml")} - {"misconceptions"}
    assert files == {lesson.slug for lesson in ready_lessons()}
    assert [quiz.title for quiz in QUIZZES] == [lesson.title for lesson in ready_lessons()]


@each_quiz
def test_every_section_is_a_heading_of_the_lesson_and_they_come_in_its_order(quiz):
    [lesson] = [lesson for lesson in ready_lessons() if lesson.slug == quiz.lesson]
    headings = re.findall(r"^# ## (.+?)\s*$", lesson.source.read_text(encoding="utf-8"), re.MULTILINE)
    places = [headings.index(question.section) for question in quiz.questions]
    assert places == sorted(places)


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


@pytest.mark.parametrize("question", NUMBERS)
def test_the_answer_scores_full_and_each_known_wrong_number_says_why(question):
    assert grade(question, question.answer).correct
    for known in question.known_wrong:
        result = grade(question, known.value)
        assert result.points == 0 and result.messages[0].feedback == known.feedback


@pytest.mark.parametrize("question", NUMBERS)
def test_the_answer_is_what_the_code_computes(question):
    assert question.verify, "a number that can be computed carries its computation"
    value = float(eval(question.verify, {"np": numpy}))
    assert grade(question, value).correct, f"{question.verify} is {value}, not {question.answer}"


@each_quiz
def test_places_and_lengths_do_not_tell_the_key(quiz):
    singles = [question for question in quiz.questions if question.kind == "single"]
    places = [[option.correct for option in question.options].index(True) for question in singles]
    shares = Counter(places)
    assert max(shares.values()) <= len(singles) / 2 and len(shares) >= 3, places
    assert all(len(set(three)) > 1 for three in zip(places, places[1:], places[2:], strict=False)), places
    lengths = [[len(option.text) for option in question.options] for question in singles]
    longest = sum(sizes[place] == max(sizes) for sizes, place in zip(lengths, places, strict=True))
    shortest = sum(sizes[place] == min(sizes) for sizes, place in zip(lengths, places, strict=True))
    assert longest <= len(singles) * 0.4 and shortest <= len(singles) * 0.4, (longest, shortest)


@pytest.mark.parametrize("question", CHOICES)
def test_no_option_speaks_of_the_others(question):
    for option in question.options:
        assert not re.search(r"\b(all|none|both|neither) of (the )?(above|these|them)\b", option.text, re.IGNORECASE)


def test_every_misconception_is_used():
    known = load_misconceptions(ROOT / "quizzes" / "misconceptions.yaml")
    used = {
        wrong.misconception
        for quiz in QUIZZES
        for question in quiz.questions
        for wrong in (question.known_wrong if question.kind == "number" else question.options)
    } - {None}
    assert used == set(known)


def test_the_feedback_reads_well_as_plain_text():
    for quiz in QUIZZES:
        for question in quiz.questions:
            assert not re.search(r"[\\$]", plain(question.prompt)), question.id


def test_no_two_questions_of_a_quiz_share_a_prompt():
    for quiz in QUIZZES:
        prompts = sorted(question.prompt for question in quiz.questions)
        assert all(one != other for one, other in pairwise(prompts))
