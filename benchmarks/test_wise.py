"""How many single choices does somebody get right who knows nothing, and only looks at how the options are written?

    python benchmarks/test_wise.py          # all lessons
    python benchmarks/test_wise.py 04 10    # learned from all others, tried on these

A logistic regression learns from the questions of all other lessons what marks a key: length, reasons, absolutes, words of
the stem and so on, each compared with the other options of its question. In each question of the lesson that was left out
it takes the option with the highest score. By chance it would hit one in four. Then come the features that give a key
away, and the questions in which the form tells the most.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from sklearn.linear_model import LogisticRegression

from courseware.course import find, ready_lessons
from courseware.quiz.load import load_quiz
from courseware.quiz.questions import SingleChoice

GOAL = 0.30
REASON = re.compile(r"\b(since|because|so that|hence)\b|, as\b", re.IGNORECASE)
ABSOLUTE = re.compile(
    r"\b(all|always|any|anything|cannot|completely|each|every|everything|must|never|no|nobody|none|nothing|only|whole|whatever)\b",
    re.IGNORECASE,
)
HEDGE = re.compile(
    r"\b(about|can|could|hardly|likely|mainly|may|might|mostly|often|partly|perhaps|probably|some|sometimes|usually)\b",
    re.IGNORECASE,
)
NOT = re.compile(r"\b(not|no|never|neither|nor|without|cannot)\b", re.IGNORECASE)
WORD = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True)
class Single:
    """A single choice as its form shows it: one row of features for each option."""

    lesson: str
    id: str
    features: np.ndarray
    key: int


def _words(text: str) -> set[str]:
    """The longer words, cut to their beginnings so that plurals and endings make no difference."""
    return {word[:6] for word in WORD.findall(text.lower())}


def _shared(words: set[str], others: set[str]) -> float:
    return len(words & others) / max(1, len(words))


# What each option is looked at for: its text, the stem, the other options' texts.
FEATURES: dict[str, Callable[[str, str, list[str]], float]] = {
    "length": lambda text, stem, others: len(text) / float(np.mean([len(each) for each in others])),
    "longest": lambda text, stem, others: len(text) > max(map(len, others)),
    "shortest": lambda text, stem, others: len(text) < min(map(len, others)),
    "reason": lambda text, stem, others: bool(REASON.search(text)),
    "absolute": lambda text, stem, others: bool(ABSOLUTE.search(text)),
    "hedge": lambda text, stem, others: bool(HEDGE.search(text)),
    "negation": lambda text, stem, others: bool(NOT.search(text)),
    "comma": lambda text, stem, others: "," in text,
    "number": lambda text, stem, others: bool(re.search(r"\d", text)),
    "code": lambda text, stem, others: "`" in text,
    "maths": lambda text, stem, others: "$" in text,
    "long words": lambda text, stem, others: float(np.mean([len(word) for word in text.split()])),
    "words of the stem": lambda text, stem, others: _shared(_words(text), _words(stem)),
    "words of the others": lambda text, stem, others: float(
        np.mean([_shared(_words(text), _words(each)) for each in others])
    ),
    "two parts": lambda text, stem, others: bool(re.search(r"[;:]|\b(and|but|while|though|which)\b", text)),
    "begins alike": lambda text, stem, others: sum(each.split()[0] == text.split()[0] for each in others),
}


def read(slug: str) -> list[Single]:
    """The single choices of a lesson's quiz."""
    found = []
    for question in load_quiz(find(slug).quiz).questions:
        if not isinstance(question, SingleChoice):
            continue
        texts = [option.text for option in question.options]
        rows = [
            [float(look(text, question.prompt, texts[:n] + texts[n + 1 :])) for look in FEATURES.values()]
            for n, text in enumerate(texts)
        ]
        features = np.array(rows)
        key = [option.correct for option in question.options].index(True)
        found.append(Single(slug, question.id, features - features.mean(axis=0), key))
    return found


def learned(singles: Sequence[Single]) -> tuple[LogisticRegression, np.ndarray]:
    """What marks a key in these questions, and the spread of each feature by which it is measured."""
    rows = np.concatenate([each.features for each in singles])
    spread = rows.std(axis=0)
    spread[spread == 0] = 1
    keys = np.concatenate([np.arange(len(each.features)) == each.key for each in singles])
    return LogisticRegression(fit_intercept=True, class_weight="balanced").fit(rows / spread, keys), spread


def main(names: Sequence[str]) -> None:
    lessons = [info.slug for info in ready_lessons()]
    singles = {slug: read(slug) for slug in lessons}
    told: list[tuple[float, Single]] = []
    for slug in [find(name).slug for name in names] or lessons:
        model, spread = learned([each for other in lessons if other != slug for each in singles[other]])
        hits = 0
        for each in singles[slug]:
            scores = model.decision_function(each.features / spread)
            hits += int(scores.argmax() == each.key)
            others = np.delete(scores, each.key)
            told.append((float(scores[each.key] - others.max()), each))
        print(f"{slug}: {hits} of {len(singles[slug])}")
    number, hits = len(told), sum(margin > 0 for margin, _ in told)
    chances = np.array([1 / len(each.features) for _, each in told])
    z = (hits - chances.sum()) / sqrt((chances * (1 - chances)).sum())
    verdict = "within" if hits <= GOAL * number else "above"
    print(
        f"\n{hits} of {number} single choices, {hits / number:.1%} (by chance {chances.mean():.1%}, z = {z:.1f}): {verdict} "
        f"the goal of {GOAL:.0%}.\n"
    )
    model, _ = learned([each for slug in lessons for each in singles[slug]])
    every = [each for slug in lessons for each in singles[slug]]
    print("Feature               weight   in keys   in the others (beside the mean of the question)")
    for n in np.argsort(-np.abs(model.coef_[0])):
        keys = np.mean([each.features[each.key, n] for each in every])
        others = np.mean(np.concatenate([np.delete(each.features[:, n], each.key) for each in every]))
        print(f"{list(FEATURES)[n]:<21} {model.coef_[0][n]:+6.2f}   {keys:+7.3f}   {others:+7.3f}")
    print("\nThe form tells the most in:")
    for margin, each in sorted(told, key=lambda pair: -pair[0])[: max(10, hits - int(GOAL * number))]:
        if margin > 0:
            print(f"  {margin:5.2f}  {each.lesson} {each.id}")


if __name__ == "__main__":
    main(sys.argv[1:])
