"""The projects: whose question each one is, what is measured, and what there is to beat."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from courseware.course import ROOT
from courseware.errors import CourseError


@dataclass(frozen=True)
class Brief:
    """One project.

    Attributes:
        name: as in ``course project start NAME``.
        title: in a few words.
        question: what somebody wants to know.
        baseline: the simple rule that a network must beat.
        unit: of the score; "" for the fraction of right answers.
        in_time: whether the rows follow one another in time.
        repeats: how far two trainings with different seeds may lie apart.
        honest: how much better than the held-out score a reported score may be, by chance.
    """

    name: str
    title: str
    question: str
    baseline: str
    repeats: float
    honest: float
    unit: str = ""
    in_time: bool = False

    @property
    def template(self) -> Path:
        """The notebook that a learner begins with."""
        return ROOT / "projects" / f"{self.name}.ipynb"

    @property
    def of_labels(self) -> bool:
        """Whether answers are labels; else they are numbers, and the mean absolute error counts."""
        return not self.unit

    def is_better(self, score: float, than: float) -> bool:
        return score > than if self.of_labels else score < than

    def in_words(self, score: float) -> str:
        """A score with its unit."""
        return f"{score:.1%} right" if self.of_labels else f"{score:.2f} {self.unit} off on average"


BRIEFS = (
    Brief(
        "tumours",
        "A second opinion",
        "A clinic measures the cells of a tumour under a microscope. Which samples should be looked at first, since they "
        "are probably malignant?",
        "one measurement and a threshold",
        repeats=0.05,
        honest=0.08,
    ),
    Brief(
        "postcodes",
        "Sorting letters",
        "A post office photographs handwritten digits. How many of them can a small network read, and which ones should a "
        "person look at?",
        "the mean picture that is nearest",
        repeats=0.03,
        honest=0.04,
    ),
    Brief(
        "sea",
        "The sea next month",
        "Fishers off Peru live by cold water. How warm will the sea be next month, if the last two years are known?",
        "what is usual in that month of the year",
        unit="°C",
        in_time=True,
        repeats=0.1,
        honest=0.2,
    ),
)  # fmt: skip


def find(name: str) -> Brief:
    """Return the project called `name`.

    Raises:
        CourseError: if there is none; the message suggests the nearest.

    >>> find("sea").title
    'The sea next month'
    >>> find("tumors")
    Traceback (most recent call last):
    courseware.errors.CourseError: There is no project 'tumors'. Did you mean tumours?
    """
    known = {brief.name: brief for brief in BRIEFS}
    wanted = name.strip().lower().removesuffix(".ipynb")
    if wanted in known:
        return known[wanted]
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.5)
    raise CourseError(
        f"There is no project {name!r}. " + (f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}.")
    )
