"""What the form of a quiz may give away, or may say wrongly, and only a person can judge."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from courseware.quiz.folder import Quizzes
from courseware.quiz.load import MISCONCEPTIONS, load_misconceptions, load_to_ask
from courseware.quiz.model import Misconception, Quiz
from courseware.quiz.questions import MatchingQuestion, MultipleChoice, NumberQuestion, Question, SingleChoice

FEW = 3  # fewer multiple choice questions than these tell nothing about habits
_NAMED = re.compile(r"`[^`]+`|\$[^$]+\$|\d+(?:[.,]\d+)?(?: ?%)?")
_SMALL = re.compile(r"0?\d")  # a lesson, or a number that stands for any


def folder_notes(folder: Path) -> list[str]:
    """The notes on all quizzes in a folder, a line each.

    Raises:
        QuizError: if the folder is not there, has no quizzes, or one of them has faults.
    """
    return [note for path in Quizzes(folder).files for note in quiz_notes(path)]


def quiz_notes(path: Path) -> list[str]:
    """What to look at in a quiz, a line each.

    Raises:
        QuizError: if it has faults.
    """
    quiz = load_to_ask(path)
    if not quiz.keyed:
        return []
    known = load_misconceptions(path.with_name(MISCONCEPTIONS)) if any(q.misconceptions for q in quiz.questions) else {}
    notes = [*_multiples(quiz), *_slips(quiz), *blunt_ideas(quiz)]
    notes += [note for question in quiz.questions for note in _strange_explanations(question, known)]
    return [f"{path}: {note}" for note in notes]


def _multiples(quiz: Quiz) -> Iterator[str]:
    """Habits by which somebody who knows nothing can guess what to tick."""
    multiples = [question for question in quiz.questions if isinstance(question, MultipleChoice)]
    keys = [tuple(option.correct for option in question.options) for question in multiples]
    if len(keys) < FEW:
        return
    counts = {sum(key) for key in keys}
    if len(counts) == 1:
        yield f"each of the {len(keys)} multiple choices has {counts.pop()} right options; let it be one to four"
    for place in range(max(map(len, keys))):
        there = [key[place] for key in keys if len(key) > place]
        if len(there) >= FEW and len(set(there)) == 1:
            which = "always" if there[0] else "never"
            yield f"option {place + 1} is {which} right in {len(there)} multiple choices; move some"
    [(key, number)] = Counter(keys).most_common(1)
    if number > max(1, len(keys) / 2):
        letters = "".join("abcdefghij"[place] for place, right in enumerate(key) if right)
        yield f"{letters} is the key of {number} of {len(keys)} multiple choices; move some"


def _slips(quiz: Quiz) -> Iterator[str]:
    for question in quiz.questions:
        if isinstance(question, NumberQuestion) and question.verify:
            open_ = [known.value for known in question.known_wrong if not known.slip]
            if open_:
                values = ", ".join(str(value) for value in open_)
                yield f"question `{question.id}`: nothing computes the known wrong {values}; add `slip:`"


def blunt_ideas(quiz: Quiz) -> Iterator[str]:
    """Misconceptions that every wrong answer gets, so that they say no more than that it is wrong."""
    for question in quiz.questions:
        if isinstance(question, SingleChoice):
            named = [option.misconception for option in question.options if not option.correct]
            if len(named) > 1 and named[0] and len(set(named)) == 1:
                yield (
                    f"question `{question.id}`: all {len(named)} wrong options name `{named[0]}`, which then tells nothing "
                    "about who chose which; keep it where it fits best"
                )
        if isinstance(question, MatchingQuestion) and len(question.choices) > 2:
            for pair in question.pairs:
                if pair.misconception:
                    yield (
                        f"question `{question.id}`: `{pair.misconception}` is said to each of the {len(question.choices) - 1} "
                        f"wrong matches of `{pair.id}`; take it away, unless it is behind all of them"
                    )


def _strange_explanations(question: Question, known: dict[str, Misconception]) -> Iterator[str]:
    """Misconceptions whose explanation speaks of numbers, code or formulas that are nowhere in the question."""
    if not question.misconceptions:
        return
    said = _bare(question.model_dump_json())
    for key in question.misconceptions:
        named = [name for name in _NAMED.findall(known[key].explanation) if not _SMALL.fullmatch(name)]
        strange = [name for name in named if _bare(name) not in said]
        if strange:
            yield (
                f"question `{question.id}`: the explanation of `{key}` speaks of {', '.join(dict.fromkeys(strange))}, and the "
                "question does not; say it for every question that names it, or name another idea"
            )


def _bare(name: str) -> str:
    return re.sub(r"[`$ \\{}]", "", name)
