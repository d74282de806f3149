"""Spaced repetition: which questions to meet again today, by the scheduler of the `fsrs` library.

Nothing is stored beside the answers themselves: a question's schedule is worked out from all answers ever given to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fsrs import Card, Rating, Scheduler

from courseware import course
from courseware.progress import Answer, Progress
from courseware.quiz.load import load_quiz
from courseware.quiz.model import Quiz
from courseware.quiz.questions import Question


@dataclass(frozen=True)
class Review:
    """A question that was answered before, and when it should be met again (UTC)."""

    quiz: Quiz
    question: Question
    due: datetime


def schedule(answers: Iterable[Answer], quizzes: Mapping[str, Quiz]) -> list[Review]:
    """When each question answered so far should be met again, the most urgent first.

    Full points count as "good" for the scheduler, part of them as "hard", none as "again". A question that is no
    longer in its quiz is left out.
    """
    # Without steps of minutes, the soonest review is tomorrow's.
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    questions = {(quiz.lesson, q.id): (quiz, q) for quiz in quizzes.values() for q in quiz.questions}
    cards: dict[tuple[str, str], Card] = {}
    for answer in answers:
        name = (answer.quiz, answer.question)
        if name in questions:
            share = answer.points / answer.out_of if answer.out_of else 0
            rating = Rating.Good if share == 1 else Rating.Hard if share > 0 else Rating.Again
            cards[name], _ = scheduler.review_card(
                cards.get(name) or Card(card_id=len(cards)), rating, _time(answer.at)
            )
    reviews = [Review(*questions[name], card.due) for name, card in cards.items()]
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
        return "Nothing to review yet: questions that you have answered come back from the next day on."
    if waiting := len(due(reviews, now)):
        return f"{waiting} question{' is' if waiting == 1 else 's are'} due for review. Run `course review`."
    soonest = min(review.due for review in reviews)
    return f"Nothing is due for review before {soonest.astimezone():%Y-%m-%d %H:%M}."


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
