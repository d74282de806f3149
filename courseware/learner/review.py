"""Spaced repetition: which questions to meet again today, by the scheduler of the `fsrs` library.

Nothing is stored beside the answers themselves: a question's schedule is worked out from all answers ever given to it.
It goes by the learner's calendar: whatever the hour of an answer, the question is due from the beginning of a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from fsrs import Card, Rating, Scheduler

from courseware import course
from courseware.progress import Answer, Progress
from courseware.quiz.load import load_quiz
from courseware.quiz.model import Quiz
from courseware.quiz.questions import Question


@dataclass(frozen=True)
class Review:
    """A question that was answered before, and when it should be met again: the beginning of a day of the learner's."""

    quiz: Quiz
    question: Question
    due: datetime


def schedule(answers: Iterable[Answer], quizzes: Mapping[str, Quiz], now: datetime | None = None) -> list[Review]:
    """When each question answered so far should be met again, the most urgent first.

    Full points count as "good" for the scheduler, part of them as "hard", none as "again". A question that is no
    longer in its quiz is left out. `answers` stand in the order in which they were given; one that is dated in the
    future, by a clock that was wrong, counts as given on the day of the one before it.
    """
    # Without steps of minutes, the soonest review is tomorrow's.
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    questions = {(quiz.lesson, q.id): (quiz, q) for quiz in quizzes.values() for q in quiz.questions}
    cards: dict[tuple[str, str], Card] = {}
    today, day = (now or datetime.now(UTC)).astimezone().date(), date(1970, 1, 1)
    for answer in answers:
        name = (answer.quiz, answer.question)
        given = datetime.fromisoformat(answer.at).astimezone().date()
        if given <= today:
            day = given
        if name in questions:
            share = answer.points / answer.out_of if answer.out_of else 0
            rating = Rating.Good if share == 1 else Rating.Hard if share > 0 else Rating.Again
            card = cards.get(name) or Card(card_id=len(cards))
            cards[name], _ = scheduler.review_card(card, rating, datetime.combine(day, time(12), UTC))
    reviews = [
        Review(*questions[name], datetime.combine(card.due, time()).astimezone()) for name, card in cards.items()
    ]
    return sorted(reviews, key=lambda review: review.due)


def due(reviews: Iterable[Review], now: datetime | None = None) -> list[Review]:
    """Those of `reviews` whose time has come."""
    now = now or datetime.now(UTC)
    return [review for review in reviews if review.due <= now]


def scheduled(progress: Progress) -> list[Review]:
    """When each question of the course that the learner has answered should be met again, the most urgent first."""
    answers, seed = progress.all_answers(), progress.seed()
    answered = {answer.quiz for answer in answers}
    quizzes = {info.slug: load_quiz(info.quiz).drawn(seed) for info in course.ready_lessons() if info.slug in answered}
    return schedule(answers, quizzes)


def reviews_line(reviews: Iterable[Review], now: datetime | None = None) -> str:
    """How many questions are due for review, or when the next will be."""
    reviews, now = list(reviews), now or datetime.now(UTC)
    if not reviews:
        return "Nothing to review yet: questions that you have answered come back, from tomorrow on."
    if waiting := len(due(reviews, now)):
        return f"{waiting} question{' is' if waiting == 1 else 's are'} due for review. Run `course review`."
    soonest = min(review.due for review in reviews)
    return f"Nothing is due for review before {soonest:%A, %Y-%m-%d}."
