"""Spaced repetition: which questions to meet again today, by the scheduler of the `fsrs` library.

Nothing is stored beside the answers themselves: a question's schedule is worked out from all answers ever given to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from courseware.progress import Answer
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
    from fsrs import Card, Rating, Scheduler

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


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
