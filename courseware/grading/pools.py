"""Which questions of a quiz's pools each learner was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from courseware.grading.answers import Answers
from courseware.grading.marks import is_blank
from courseware.grading.problems import Problems
from courseware.grading.seeds import OWN_SEED
from courseware.quiz.model import Quiz


def with_asked(quiz: Quiz, answers: Answers, problems: Problems) -> Answers:
    """The same answers, which say of each question in a pool who was asked it.

    A learner's own seed says it, and so does Moodle, whose table has columns for these questions only. Where nothing does,
    as for a test on paper, it is those that are answered. Who answered others than the seed draws, as after a pool was
    changed, loses nothing by it and is named.
    """
    if not quiz.pools:
        return answers
    asked: dict[str, list[bool]] = {question.id: [] for question in quiz.questions if question.pool}
    for row in range(len(answers.lines)):
        for pool, number in quiz.pools.items():
            names = [question.id for question in quiz.questions if question.pool == pool]
            chosen = _chosen(quiz, answers, row, pool, names, number, problems)
            for name in names:
                asked[name].append(name in chosen)
    return replace(answers, asked=asked)


def _chosen(
    quiz: Quiz, answers: Answers, row: int, pool: str, names: Sequence[str], number: int, problems: Problems
) -> set[str]:
    """The questions of a pool that count for the learner of a row."""
    there = [name for name in names if name in answers.cells]
    if answers.form == "moodle":
        return set(there)
    given = [name for name in there if not is_blank(answers.cells[name][row], answers.form)]
    seed = answers.seeds[row]
    known = bool(seed and OWN_SEED.fullmatch(seed))
    order = quiz.in_draw_order(pool, seed or "") if known else names
    drawn = order[:number]
    first = [name for name in drawn if name in given] if known else []
    others = [name for name in given if name not in first]
    chosen = [*first, *others, *(name for name in drawn if name not in given), *order]
    counted = list(dict.fromkeys(chosen))[:number]
    if left := [name for name in given if name not in counted]:
        _note(
            answers,
            row,
            problems,
            f"{_named(given)} are answered, and {number} of the pool `{pool}` count; {_named(left)} left out",
        )
    elif known and others:
        _note(
            answers, row, problems, f"{_named(others)} is answered, which the seed does not draw from the pool `{pool}`; it counts. "
            "Was the pool changed after it was handed out?",
        )  # fmt: skip
    return set(counted)


def _note(answers: Answers, row: int, problems: Problems, text: str) -> None:
    problems.note(answers.path, None if answers.form == "learner" else answers.lines[row], text, loud=True)


def _named(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
