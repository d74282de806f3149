"""Which questions need repair, and why, in words that a teacher can act on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from courseware.grading.report.analysis import FEW, SMALL, QuestionAnalysis

# Our choices; below them a finding would be mere chance.
TOO_EASY, TOO_HARD = 0.95, 0.05
_UPPER_GROUP, _OFTEN = 5, 0.2
_NEAR_ZERO = 0.05
_Z = 1.645  # 5 % on one side


@dataclass(frozen=True)
class Finding:
    """One reason to look at a question; `urgent` if it harms the learners' marks."""

    urgent: bool
    what: str
    advice: str


def findings(question: QuestionAnalysis) -> list[Finding]:
    """The reasons to repair a question, the urgent ones first; none if too few learners answered."""
    if question.learners < FEW:
        return []
    found = [*_against_the_strong(question), *_unused(question), *_level(question), *_unanswered(question)]
    return sorted(found, key=lambda finding: not finding.urgent)


def _against_the_strong(question: QuestionAnalysis) -> Iterator[Finding]:
    r = question.discrimination
    if r.value < -_NEAR_ZERO and r.high < 0:
        yield Finding(
            True,
            "Learners who do well elsewhere do worse here (discrimination below 0, its whole interval too).",
            "Check the key first. If it is right, read the prompt as a strong learner might: is there a second true answer?",
        )
    elif r.high < 2 * _NEAR_ZERO:
        yield Finding(
            False,
            "Learners who do well elsewhere are hardly more often right here (discrimination near 0).",
            "See whether the question asks for what the lesson teaches, or for luck or prior knowledge.",
        )
    elif r.value < -_NEAR_ZERO:
        yield Finding(
            False,
            "Learners who do well elsewhere tend to do worse here, though it may be chance (the interval holds 0).",
            "Check the key, and look again when more learners have answered.",
        )
    if not question.group_sizes or question.group_sizes[2] < _UPPER_GROUP or question.question.kind != "single":
        return
    # The right option, and those that were accepted later.
    size, right = question.group_sizes[2], sum(choice.by_group[2] for choice in question.choices if choice.right)
    for choice in question.choices:
        ahead = size * (choice.by_group[2] - right)
        if choice.offered and not choice.right and ahead > 0:
            # More than by chance, if both were equally likely: a sign test in its normal form.
            clear = ahead > _Z * np.sqrt(size * (choice.by_group[2] + right))
            yield Finding(
                bool(clear),
                f"In the upper group more learners chose “{choice.text}” than the right answer"
                + ("." if clear else ", though it may be chance."),
                "Check the key. If it is right, say in the prompt what rules this option out, or teach it again.",
            )


def _unused(question: QuestionAnalysis) -> Iterator[Finding]:
    if question.question.kind not in ("single", "multiple") or question.answered < SMALL:
        return
    unused = [choice.text for choice in question.choices if choice.offered and not choice.right and not choice.count]
    if unused:
        yield Finding(
            False,
            f"Nobody chose {' and '.join(f'“{text}”' for text in unused)}.",
            "Write a wrong option that somebody could believe, best one that learners have said, or take it away.",
        )


def _level(question: QuestionAnalysis) -> Iterator[Finding]:
    share = question.difficulty.value
    guess = 1 / len(question.question.options) if question.question.kind == "single" else 0
    if share >= TOO_EASY:
        yield Finding(
            False,
            f"Nearly all points were earned ({100 * share:.0f} %), so the question cannot tell learners apart.",
            "Keep it as a warm-up, or ask for one step more.",
        )
    elif share <= TOO_HARD:
        yield Finding(
            True,
            f"Hardly any points were earned ({100 * share:.0f} %), so the question cannot tell learners apart.",
            "Check the key, and whether the lesson teaches what is asked.",
        )
    elif question.difficulty.high <= guess:
        yield Finding(
            True,
            f"Fewer learners were right ({100 * share:.0f} %) than would be by guessing ({100 * guess:.0f} %).",
            "A wrong idea is at work, or the key is wrong: see which option most of them chose.",
        )


def _unanswered(question: QuestionAnalysis) -> Iterator[Finding]:
    empty = question.learners - question.answered - question.unreadable
    if empty > _OFTEN * question.learners:
        yield Finding(
            False,
            f"{empty:,} of {question.learners:,} left it unanswered, which counts as wrong here.",
            "See whether time ran out (are the questions after it unanswered too?) or the prompt is not understood.",
        )
    if question.unreadable > max(2, 0.05 * question.learners):
        yield Finding(
            True,
            f"{question.unreadable:,} answers could not be read and earned nothing.",
            "Say in the prompt how the answer is to be written, and look at the list of problems.",
        )
