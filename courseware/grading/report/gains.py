"""What a class gained from a pre-test to a post-test of the same lesson: who took both, the gain, a page's part, a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from courseware.grading.people import Person
from courseware.grading.problems import Problems, count
from courseware.grading.report.analysis import FEW
from courseware.grading.report.class_answers import ClassAnswers
from courseware.grading.report.markup import between, line, number, share
from courseware.grading.spreadsheet import PLAIN, Style
from courseware.grading.statistics import Gain, Interval, normalized_gain, own_gains
from courseware.grading.written import GAINS, ROSTER
from courseware.quiz.model import whole_and_form


@dataclass(frozen=True)
class Taken:
    """One learner's test: of which quiz, and the share of its points."""

    quiz: str
    title: str
    learner: str
    person: Person | None
    share: float


@dataclass(frozen=True)
class LessonGain:
    """The learners who took both tests of a lesson, in one order; and how many took only one of them."""

    lesson: str
    title: str
    pre: tuple[Taken, ...]
    post: tuple[Taken, ...]
    only_pre: int
    only_post: int

    @property
    def shares(self) -> tuple[np.ndarray, np.ndarray]:
        return np.array([each.share for each in self.pre]), np.array([each.share for each in self.post])

    @property
    def gain(self) -> Gain:
        """The gain, without intervals where the learners are too few to say one."""
        found = normalized_gain(*self.shares)
        if len(self.pre) >= FEW:
            return found
        pre, post, gain, own = (Interval(each.value) for each in (found.pre, found.post, found.gain, found.own))
        return Gain(pre, post, gain, own, found.full)

    @property
    def same_questions(self) -> int:
        """How many had the same questions twice."""
        return sum(one.quiz == other.quiz for one, other in zip(self.pre, self.post, strict=True))


def lesson_gains(before: Sequence[ClassAnswers], after: Sequence[ClassAnswers], problems: Problems) -> list[LessonGain]:
    """Pair the tests of each lesson, learner by learner; which form somebody took when makes no difference."""
    pre, post = _by_lesson(before, "pre-test", problems), _by_lesson(after, "post-test", problems)
    found = []
    for lesson in sorted(pre.keys() | post.keys()):
        ones, others = pre.get(lesson, {}), post.get(lesson, {})
        both = [key for key in ones if key in others]
        only_pre, only_post = len(ones) - len(both), len(others) - len(both)
        if only_pre or only_post:
            problems.note(
                None, None, f"{lesson}: {count(only_pre, 'learner')} with a pre-test only and {only_post:,} with a post-test "
                "only are left out of the gain", loud=True,
            )  # fmt: skip
        if both:
            title = ones[both[0]].title.removesuffix(f", form {whole_and_form(ones[both[0]].quiz)[1]}")
            tests = tuple(ones[key] for key in both), tuple(others[key] for key in both)
            found.append(LessonGain(lesson, title, *tests, only_pre, only_post))
    return found


def _by_lesson(classes: Sequence[ClassAnswers], test: str, problems: Problems) -> dict[str, dict[str, Taken]]:
    found: dict[str, dict[str, Taken]] = {}
    for each in classes:
        lesson = whole_and_form(each.quiz.lesson)[0]
        taken = found.setdefault(lesson, {})
        people = each.people or [None] * len(each.keys)
        for key, learner, person, earned in zip(each.keys, each.learners, people, each.shares.tolist(), strict=True):
            if key in taken:
                problems.note(
                    None, None, f"{lesson}: {learner} took both {taken[key].quiz} and {each.quiz.lesson} as {test}; the first "
                    "counts", loud=True,
                )  # fmt: skip
            taken.setdefault(key, Taken(each.quiz.lesson, each.quiz.title, learner, person, earned))
    return found


def gains_html(gains: Sequence[LessonGain]) -> str:
    """The part of the page that says what was gained."""
    if not gains:
        return ""
    return "\n".join([
        '<h2 id="gains">From the pre-test to the post-test</h2>',
        "<p>The normalized gain is the part of what was still to be had that the class has won: (post − pre) / (full − pre), "
        "of its mean points (Hake 1998). Everybody who took both tests counts in it, whoever had full points before, too. "
        "Such learners could gain nothing, so they have no gain of their own and are left out of the mean of these. "
        "All below this part is about the post-test.</p>",
        *map(_lesson, gains),
    ])  # fmt: skip


def _lesson(each: LessonGain) -> str:
    gain, learners = each.gain, len(each.pre)
    rows = (
        ("Pre-test, mean share of points", share(gain.pre.value), between(gain.pre, share)),
        ("Post-test, mean share of points", share(gain.post.value), between(gain.post, share)),
        ("Normalized gain of the class", number(gain.gain.value), between(gain.gain)),
        (
            f"Mean of the learners’ own gains ({learners - gain.full:,} of {learners:,})",
            number(gain.own.value),
            between(gain.own),
        ),
    )
    table = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td class="n">{value}</td><td class="n">{ends}</td></tr>'
        for label, value, ends in rows
    )
    notes = []
    if learners < FEW:
        notes.append(f"With fewer than {FEW} learners no interval is given, and the gain may be chance.")
    if gain.full:
        notes.append(f"{count(gain.full, 'learner')} had full points in the pre-test.")
    if each.only_pre or each.only_post:
        notes.append(f"Left out: {each.only_pre:,} with a pre-test only, {each.only_post:,} with a post-test only.")
    if each.same_questions:
        notes.append(
            f"{count(each.same_questions, 'learner')} had the same questions twice, so that a part of the gain may be memory; "
            "give the other form after the lesson."
        )
    elif len({one.quiz for one in each.pre}) == 1:
        notes.append(
            "All had the same form first: if one form is harder, the gain holds that, too. Where half of a class begins "
            "with the other form, it does not."
        )
    return (
        f"<table><caption>{escape(each.lesson)}: {line(each.title)}, {count(learners, 'learner')} in both tests</caption>"
        '<thead><tr><td></td><th scope="col" class="n">Value</th><th scope="col" class="n">95 % interval</th></tr></thead>'
        f"<tbody>{table}</tbody></table>" + (f'<p class="note">{" ".join(notes)}</p>' if notes else "")
    )


def gain_line(each: LessonGain) -> str:
    """The gain in a sentence."""
    gain = each.gain
    interval = "" if np.isnan(gain.gain.low) else f" (95 % interval {between(gain.gain)})"
    return (
        f"{each.lesson}: {count(len(each.pre), 'learner')} went from {share(gain.pre.value)} to {share(gain.post.value)} of the "
        f"points, a normalized gain of {number(gain.gain.value)}{interval}."
    )


def gains_table(gains: Sequence[LessonGain], style: Style = PLAIN) -> str:
    """One row a learner and lesson, in per cent; `gain` is empty for who had full points before."""
    roster = any(one.person for each in gains for one in each.pre)
    rows: list[Sequence[object]] = [(*GAINS, *(ROSTER if roster else ()))]
    for each in gains:
        own = own_gains(*each.shares).tolist()
        for one, other, gain in zip(each.pre, each.post, own, strict=True):
            about = ((one.person.id, one.person.section) if one.person else ("", "")) if roster else ()
            rows.append(
                (each.lesson, one.learner, one.quiz, other.quiz, 100 * one.share, 100 * other.share, gain, *about)
            )
    return style.table(rows)
