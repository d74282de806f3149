"""Answers that are more alike than chance makes them: shared seeds, and the same wrong answers.

The rule for wrong answers: take the questions that two learners both got wrong. How likely is it that somebody who got
a question wrong gives the very answer that the other gave? As likely as others in the class gave it. From that follows
the chance to agree as often as the two do (a sum over independent questions). A pair is listed if fewer than one class
in a hundred would hold such a pair by chance. The idea is that of error similarity analysis (Bellezza and Bellezza,
Teaching of Psychology 16, 1989), with the share of each answer instead of one chance for all.

That is no proof: who learned together, and shares a wrong idea that shows in many questions, is alike as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from courseware.grading.answers import Answers
from courseware.grading.marks import Marker, read_response
from courseware.grading.problems import Problems
from courseware.grading.seeds import OWN_SEED
from courseware.quiz.feedback import ResponseError
from courseware.quiz.model import Quiz
from courseware.quiz.questions.spelling import normal_text

MOST = 2000  # rows of a quiz, and seeds: in larger classes nothing is compared
_MOST_TOLD = 40
_FEWEST, _SHARE, _BY_CHANCE = 3, 0.8, 0.01


@dataclass(frozen=True)
class Likeness:
    """What several hand-ins have in common, in words without names, and whose they are."""

    what: str
    learners: tuple[str, ...]
    places: tuple[str, ...]

    def __str__(self) -> str:
        who = ", ".join(f"{name} ({place})" for name, place in zip(self.learners, self.places, strict=True))
        return f"{self.what}: {who}"


@dataclass
class _Rows:
    """The wrong answers to one quiz, a row for each attempt."""

    ids: list[str]
    keys: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    wrong: list[dict[str, str]] = field(default_factory=list)


class Copies:
    """Looks on while answers are graded, and says at the end which are alike.

    Args:
        seed: what the instructor gives for all; it is nobody's own.
    """

    def __init__(self, seed: str | None = None):
        self._seed = seed
        self._quizzes: dict[str, _Rows] = {}
        self._by_seed: dict[str, dict[str, tuple[str, str]]] = {}
        self._read: dict[tuple[str, str, str, str], str] = {}
        self.too_many = False

    def watch(self, quiz: Quiz, answers: Answers, markers: Sequence[Marker], codes: Sequence[Sequence[int]]) -> None:
        """Take note of graded answers."""
        rows = self._quizzes.setdefault(quiz.lesson, _Rows([marker.question.id for marker in markers]))
        if self.too_many or len(rows.keys) + len(answers.lines) > MOST or len(self._by_seed) > MOST:
            self.too_many = True
            for kept in (self._quizzes, self._by_seed, self._read):
                kept.clear()
            return
        for row, (key, name, seed) in enumerate(zip(answers.keys, answers.learners, answers.seeds, strict=True)):
            place = answers.place(row)
            rows.keys.append(key)
            rows.names.append(name)
            rows.places.append(place)
            rows.wrong.append({
                marker.question.id: self._given(quiz.lesson, marker, answers, row)
                for marker, column in zip(markers, codes, strict=True)
                if (outcome := marker.outcomes[column[row]]).state == "given" and not outcome.right
            })  # fmt: skip
            if seed and seed != self._seed and OWN_SEED.fullmatch(seed):
                self._by_seed.setdefault(seed, {}).setdefault(key, (name, place))

    def _given(self, lesson: str, marker: Marker, answers: Answers, row: int) -> str:
        """A response as it is compared with those of others."""
        question, text = marker.question, answers.cells[marker.question.id][row]
        place = (lesson, question.id, answers.form, text)
        if place not in self._read:
            try:
                value = read_response(question, text, answers.form)
            except ResponseError:
                value = text
            self._read[place] = normal_text(value) if isinstance(value, str) else repr(value)
        return self._read[place]

    def found(self) -> list[Likeness]:
        """Every likeness, those of seeds first."""
        if self.too_many:
            return []
        shared = [
            Likeness(f"the same seed {seed} under {len(who)} names; two records never have the same", *zip(*who.values(), strict=True))
            for seed, who in self._by_seed.items()
            if len(who) > 1
        ]  # fmt: skip
        return [*shared, *(each for lesson, rows in self._quizzes.items() for each in _alike(lesson, rows))]

    def tell(self, problems: Problems) -> list[Likeness]:
        """List what is alike among the problems, and return it."""
        if self.too_many:
            problems.note(None, None, f"more than {MOST:,} rows: hand-ins are not compared with each other")
        found = self.found()
        if len(found) > _MOST_TOLD:
            problems.note(None, None, f"{len(found):,} groups of hand-ins are alike; {_MOST_TOLD} of them are listed")
            found = found[:_MOST_TOLD]
        for each in found:
            problems.note(None, None, f"{each}. Ask before you conclude anything", loud=True)
        return found


def _alike(lesson: str, rows: _Rows) -> list[Likeness]:
    given = np.full((len(rows.keys), len(rows.ids)), -1)
    shares = np.zeros(given.shape)  # of those who got the question wrong, without the learner: who gave that answer
    for column, name in enumerate(rows.ids):
        texts = [wrong.get(name) for wrong in rows.wrong]
        counts = Counter(text for text in texts if text is not None)
        number = {text: place for place, text in enumerate(counts)}
        for row, text in enumerate(texts):
            if text is not None:
                given[row, column] = number[text]
                shares[row, column] = (counts[text] - 1) / max(1, counts.total() - 1)
    alone = len(set(rows.keys))
    allowed = _BY_CHANCE / max(1, alone * (alone - 1) / 2)
    found = []
    for first in range(len(given)):
        same = (given[first + 1 :] == given[first]) & (given[first] >= 0)
        # The chance to agree in just these is never more than that to agree as often: it rules most pairs out.
        chance = np.where(same, shares[first], 1).prod(axis=1)
        for second in (first + 1 + np.flatnonzero((same.sum(axis=1) >= _FEWEST) & (chance < allowed))).tolist():
            both = (given[first] >= 0) & (given[second] >= 0)
            agree, wrong = int((given[first] == given[second])[both].sum()), int(both.sum())
            if rows.keys[first] == rows.keys[second] or agree < _SHARE * wrong:
                continue
            if max(at_least(agree, shares[row][both]) for row in (first, second)) < allowed:
                what = (
                    f"{lesson}: the same wrong answer to {agree} of the {wrong} questions that both got wrong; "
                    "by chance, fewer than one class in a hundred holds such a pair"
                )
                pair = (first, second)
                found.append(
                    Likeness(what, tuple(rows.names[row] for row in pair), tuple(rows.places[row] for row in pair))
                )
    return found


def at_least(number: int, chances: Sequence[float] | np.ndarray) -> float:
    """The chance that at least `number` of independent things happen, each with a chance of its own.

    >>> round(at_least(2, [0.5, 0.5, 0.5]), 6)
    0.5
    """
    spread = np.array([1.0])
    for chance in chances:
        spread = np.append(spread * (1 - chance), 0) + np.append(0, spread * chance)
    return float(spread[number:].sum())
