"""How long a lesson takes, by what there is in it.

A minute for 200 words and for 12 lines of code that are shown; five for an exercise, which a beginner may need two or
fifteen for; one for a question of the quiz. Each sum is rounded up to five minutes. These are rules of thumb: on average
people read 238 words of non-fiction a minute (M. Brysbaert, Journal of Memory and Language 109, 2019), and what has to be
thought about goes more slowly.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import nbformat

from courseware.authoring.source import exercise_names

WORDS_A_MINUTE, LINES_A_MINUTE, MINUTES_AN_EXERCISE, MINUTES_A_QUESTION = 200, 12, 5, 1


@dataclass(frozen=True)
class Minutes:
    """Minutes to read and run a lesson, for its exercises and for its quiz; and how many of these there are."""

    reading: int
    exercises: int
    quiz: int
    n_exercises: int
    n_questions: int

    @property
    def total(self) -> int:
        return self.reading + self.exercises + self.quiz

    def __str__(self) -> str:
        """The line at a lesson's beginning.

        >>> str(Minutes(45, 30, 25, 6, 24))
        '100 minutes: 45 to read and run, 30 for 6 exercises, 25 for the 24 questions of the quiz.'
        """
        return (
            f"{self.total} minutes: {self.reading} to read and run, {self.exercises} for {self.n_exercises} exercises, "
            f"{self.quiz} for the {self.n_questions} questions of the quiz."
        )


def minutes(lesson: nbformat.NotebookNode, questions: int) -> Minutes:
    """What `lesson`, a notebook with its exercises blank, takes with a quiz of so many `questions`."""
    prose = [cell.source for cell in lesson.cells if cell.cell_type == "markdown"]
    shown = [c.source for c in lesson.cells if c.cell_type == "code" and "hide-input" not in c.metadata.get("tags", [])]
    words = len(re.findall(r"\w[\w'-]*", "\n".join(prose)))
    lines = sum(bool(line.strip()) for code in shown for line in code.splitlines())
    exercises = len(exercise_names(lesson.cells))
    return Minutes(
        _fives(words / WORDS_A_MINUTE + lines / LINES_A_MINUTE), _fives(MINUTES_AN_EXERCISE * exercises),
        _fives(MINUTES_A_QUESTION * questions), exercises, questions,
    )  # fmt: skip


def _fives(minutes: float) -> int:
    return 5 * math.ceil(minutes / 5)
