"""The quizzes themselves: keys that score, feedback for every slip, answers recomputed, and no tells."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from courseware.authoring.guesses import answers
from courseware.authoring.quizlint import quiz_problems
from courseware.authoring.quiznotes import blunt_ideas
from courseware.course import ROOT, ready_lessons
from courseware.quiz.load import load_misconceptions, load_quiz
from courseware.quiz.maths import plain
from courseware.verify.keys import quiz_faults

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
    assert question.grade(right if question.kind == "multiple" else right[0]).correct
    for option in question.options:
        if not option.correct:
            result = question.grade([option.id] if question.kind == "multiple" else option.id)
            assert result.points == 0
            [message] = [message for message in result.messages if message.verdict == "wrong"]
            assert message.feedback == option.feedback and message.misconception == option.misconception
    assert len({option.feedback for option in question.options}) == len(question.options)


@pytest.mark.parametrize("question", NUMBERS)
def test_the_answer_scores_full_and_each_known_wrong_number_says_why(question):
    for _, drawn in question.draws():
        assert drawn.grade(drawn.answer).correct
        for known in drawn.known_wrong:
            result = drawn.grade(known.value)
            assert result.points == 0 and result.messages[0].feedback == known.feedback


@pytest.mark.parametrize("question", NUMBERS)
def test_a_number_that_can_be_computed_carries_its_computation(question):
    assert question.verify


@pytest.mark.parametrize("lesson", ready_lessons(), ids=lambda lesson: lesson.slug)
def test_every_key_is_what_the_code_computes_and_prints(lesson):
    looked_at, faults = quiz_faults(lesson.quiz, lesson.lesson)
    assert faults == []
    asked = [case.values[0] for case in [*NUMBERS, *OUTPUTS] if case.id.startswith(lesson.slug)]
    assert looked_at >= len(asked) > 0


@pytest.mark.parametrize("question", OUTPUTS)
def test_a_known_wrong_print_gets_its_feedback(question):
    for _, drawn in question.draws():
        for known in drawn.known_wrong:
            assert drawn.grade(known.value).messages[0].feedback == known.feedback


def test_every_misconception_is_used():
    known = load_misconceptions(ROOT / "quizzes" / "misconceptions.yaml")
    used = {key for quiz in QUIZZES for question in quiz.questions for key in question.misconceptions}
    used |= {guess.idea for info in ready_lessons() for guess in answers(info).values()} - {""}
    assert used == set(known)


@each_quiz
def test_no_misconception_is_said_to_every_wrong_answer(quiz):
    assert list(blunt_ideas(quiz)) == []


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
