"""What a class's answers say about each question, each wrong answer and each misconception."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from courseware.grading.marks import Marker
from courseware.grading.report.class_answers import ClassAnswers
from courseware.grading.statistics import Interval, TestStatistics, analyse, score_groups, wilson_low
from courseware.quiz.feedback import KnownAnswer

# Our choice: with fewer learners, correlations and groups say nothing; up to the second, they say little.
FEW, SMALL = 10, 30


@dataclass(frozen=True)
class Choice:
    """An option, or a known answer: how many gave it, in all and, as shares, in the groups (lower, middle, upper)."""

    key: str
    text: str
    right: bool
    misconception: str | None
    count: int
    by_group: tuple[float, ...]

    @property
    def offered(self) -> bool:
        """Whether learners could see it as an option."""
        return self.key not in ("accepted", "other", "empty", "unreadable")


@dataclass(frozen=True)
class QuestionAnalysis:
    """One question: `others` are the most frequent answers that it does not know; `group_sizes` (lower, middle, upper) and `seconds` (quartiles) are empty where there are none."""

    question: Any
    learners: int
    answered: int
    unreadable: int
    difficulty: Interval
    discrimination: Interval
    choices: tuple[Choice, ...]
    group_sizes: tuple[int, ...]
    seconds: tuple[float, ...]
    others: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class LessonAnalysis:
    """One quiz and the class that took it."""

    answers: ClassAnswers
    statistics: TestStatistics
    questions: tuple[QuestionAnalysis, ...]
    dichotomous: bool

    @property
    def learners(self) -> int:
        return len(self.answers.learners)

    @property
    def scores(self) -> np.ndarray:
        return np.asarray(self.answers.worth.sum(axis=1))


@dataclass(frozen=True)
class MisconceptionCount:
    """How many learners met a misconception (answered a question that names it), and how many showed it.

    It could show in `questions`, in `chances` answers to these, and did in `times`.
    """

    key: str
    showed: int
    met: int
    lessons: tuple[str, ...]
    questions: int = 1
    chances: int = 1
    times: int = 1

    @property
    def rate(self) -> float:
        """Of the answers in which it could show, the share that show it."""
        return self.times / self.chances


def analyse_lesson(answers: ClassAnswers) -> LessonAnalysis:
    """Analyse what a class (of at least one learner) answered to a quiz."""
    statistics = analyse(answers.worth, answers.weights, asked=answers.asked)
    questions = tuple(_question(answers, number, statistics) for number in range(len(answers.markers)))
    return LessonAnalysis(answers, statistics, questions, bool(np.isin(answers.worth, (0, 1)).all()))


def rank_misconceptions(classes: list[ClassAnswers]) -> list[MisconceptionCount]:
    """Misconceptions that somebody showed, over all lessons, those of the largest shares first.

    A learner meets a misconception by answering a question whose wrong answers name it. The share that ranks is that of
    the answers in which it could show, so that an idea does not lead because many questions ask for it; and of that the
    lower end of its interval for so many learners, so that one of two does not come before fifty of a hundred.
    """
    number_of: dict[str, int] = {}
    for each in classes:
        for name in each.keys:
            number_of.setdefault(name, len(number_of))
    met: dict[str, np.ndarray] = {}
    showed: dict[str, np.ndarray] = {}
    lessons: dict[str, list[str]] = {}
    questions: Counter[str] = Counter()
    chances: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for each in classes:
        rows = np.array([number_of[name] for name in each.keys])
        for column, marker in enumerate(each.markers):
            codes = each.codes[:, column]
            given = np.array([outcome.state == "given" for outcome in marker.outcomes])[codes]
            for key in marker.question.misconceptions:
                shows = np.array([key in outcome.misconceptions for outcome in marker.outcomes])[codes]
                questions[key] += 1
                chances[key] += int(given.sum())
                times[key] += int(shows.sum())
                for table, who in ((met, given), (showed, shows)):
                    table.setdefault(key, np.zeros(len(number_of), dtype=bool))[rows[who]] = True
                if shows.any() and each.quiz.lesson not in lessons.setdefault(key, []):
                    lessons[key].append(each.quiz.lesson)
    counts = [
        MisconceptionCount(
            key,
            int(showed[key].sum()),
            int(met[key].sum()),
            tuple(lessons[key]),
            questions[key],
            chances[key],
            times[key],
        )
        for key in met
        if showed[key].any()
    ]
    return sorted(counts, key=lambda each: (-wilson_low(each.rate * each.met, each.met), each.key))


def _question(answers: ClassAnswers, number: int, statistics: TestStatistics) -> QuestionAnalysis:
    asked = answers.asked[:, number]
    marker, points = answers.markers[number], answers.worth[asked]
    state, codes = answers.state(number)[asked], answers.codes[asked, number]
    counts = Counter(state.tolist())
    groups = score_groups(points.sum(axis=1) - points[:, number]) if len(points) >= FEW else None
    masks = [groups[0], ~groups[0] & ~groups[1], groups[1]] if groups else []
    seconds = answers.seconds[asked, number]
    known = seconds[~np.isnan(seconds)]
    return QuestionAnalysis(
        question=marker.question,
        learners=len(points),
        answered=counts["given"],
        unreadable=counts["unreadable"],
        difficulty=statistics.difficulty[number],
        discrimination=statistics.discrimination[number] if len(points) >= FEW else Interval(float("nan")),
        choices=tuple(_choices(marker, codes, masks)),
        group_sizes=tuple(int(mask.sum()) for mask in masks),
        seconds=tuple(np.percentile(known, [25, 50, 75]).tolist()) if len(known) else (),
        others=answers.others[number] if answers.others else (),
    )


def _accepted(marker: Marker) -> set[str]:
    """The keys of options that were accepted later."""
    if not marker.adjustment or marker.question.kind != "single":
        return set()
    return {marker.question.accept(each) for each in marker.adjustment.accept}


def _choices(marker: Any, codes: np.ndarray, masks: list[np.ndarray]) -> list[Choice]:
    """Every option and known answer, and the others that were given."""
    found = []
    answers = [
        *marker.question.known_answers,
        KnownAnswer("accepted", "Accepted later", True, offered=False),
        KnownAnswer("other", marker.question.other_answer, False, offered=False),
        KnownAnswer("unreadable", "Could not be read", False, offered=False),
        KnownAnswer("empty", "Not answered", False, offered=False),
    ]
    accepted = _accepted(marker)
    for each in answers:
        took = np.array([each.key in outcome.chosen or each.key == outcome.state for outcome in marker.outcomes])[codes]
        if each.offered or took.any():
            by_group = tuple(float(took[mask].mean()) if mask.any() else 0.0 for mask in masks)
            right = each.right or each.key in accepted
            found.append(Choice(each.key, each.text, right, each.misconception, int(took.sum()), by_group))
    return found
