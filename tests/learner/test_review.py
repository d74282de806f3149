"""Spaced repetition: what was missed comes back soon, what is known later and later."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courseware.course import find
from courseware.learner.review import due, schedule
from courseware.progress import Answer
from courseware.quiz.load import load_quiz

QUIZ = load_quiz(find("01").quiz)
NAMES = [question.id for question in QUIZ.questions]
START = datetime(2026, 1, 5, 10, tzinfo=UTC)


def answer(name, points, days=0.0, quiz=QUIZ.lesson):
    return Answer(quiz, name, None, points, 1.0, (START + timedelta(days=days)).isoformat(timespec="seconds"))


def days_until(answers):
    """Days of the calendar from the first day to the one that the question is due on."""
    reviews = schedule(answers, {QUIZ.lesson: QUIZ}, now=START + timedelta(days=1000))
    return {review.question.id: (review.due.date() - START.astimezone().date()).days for review in reviews}


def test_a_miss_comes_back_before_a_half_and_a_half_before_a_hit():
    days = days_until([answer(NAMES[0], 1), answer(NAMES[1], 0), answer(NAMES[2], 0.5)])
    assert 1 <= days[NAMES[1]] <= days[NAMES[2]] <= days[NAMES[0]] and days[NAMES[1]] < days[NAMES[0]]


def test_intervals_grow_while_the_answers_are_right_and_shrink_with_a_miss():
    history, gaps, day = [], [], 0.0
    for _ in range(4):
        history.append(answer(NAMES[0], 1, day))
        due_at = days_until(history)[NAMES[0]]
        gaps.append(due_at - day)
        day = due_at
    assert gaps == sorted(gaps) and gaps[-1] > 3 * gaps[0]
    assert days_until([*history, answer(NAMES[0], 0, day)])[NAMES[0]] - day < gaps[-1]


def test_what_is_gone_from_the_quiz_or_belongs_to_another_is_left_out():
    assert days_until([answer("gone", 1), answer(NAMES[0], 1, quiz="02_activations")]) == {}


def test_due_is_what_has_come_and_the_most_urgent_comes_first():
    reviews = schedule([answer(NAMES[0], 1), answer(NAMES[1], 0)], {QUIZ.lesson: QUIZ})
    assert [review.question.id for review in reviews] == [NAMES[1], NAMES[0]]
    assert due(reviews, START) == []
    assert due(reviews, reviews[0].due) == reviews[:1]
    assert due(reviews, START + timedelta(days=400)) == reviews


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(NAMES[:3]), st.sampled_from([0, 0.5, 1]), st.floats(-3, 900)), max_size=12))
def test_any_record_gives_a_schedule_also_when_clocks_went_back(history):
    reviews = schedule([answer(*each) for each in history], {QUIZ.lesson: QUIZ})
    assert {review.question.id for review in reviews} == {name for name, *_ in history}


@pytest.fixture(params=["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def zone(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def local(day, hour):
    return datetime(2026, 11, day, hour).astimezone()


def given_at(points, *moments):
    return [Answer(QUIZ.lesson, NAMES[0], None, points, 1.0, each.astimezone(UTC).isoformat()) for each in moments]


def due_at(answers, now=None):
    [review] = schedule(answers, {QUIZ.lesson: QUIZ}, now or local(30, 12))
    return review.due


def test_it_goes_by_the_learners_calendar(zone):
    """Whatever the hour of the answer, the question is due from the beginning of a day on."""
    for hour in (0, 9, 18, 23):
        assert due_at(given_at(0, local(23, hour))) == local(24, 0)  # missed: the next day
        assert due_at(given_at(1, local(23, hour))) == local(25, 0)  # known: the day after it


def test_who_always_misses_it_is_asked_every_morning(zone):
    for day in range(2, 16):
        assert due_at(given_at(0, *(local(each, 9) for each in range(1, day)))) == local(day, 0)


def test_a_clock_that_was_wrong_once_does_not_bury_a_question():
    future = datetime(2500, 1, 1, tzinfo=UTC)
    assert due_at(given_at(1, future)) < local(1, 0)
    assert due_at(given_at(1, local(20, 9), future)) < local(28, 0)
    assert due_at([*given_at(1, future), *given_at(0, local(20, 9))]) <= local(22, 0)
    assert due_at(given_at(1, datetime(9999, 12, 31, tzinfo=UTC), datetime(1, 1, 3, tzinfo=UTC))) < local(1, 0)
