"""The lessons in order, and the one place that knows how a slug becomes paths.

The files lie in the checkout, around the package; a wheel carries them in the package, in ``_course``.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from courseware.errors import CourseError

PACKAGE = Path(__file__).resolve().parent
INSTALLED = (PACKAGE / "_course").is_dir()
ROOT = PACKAGE / "_course" if INSTALLED else PACKAGE.parent


class UnknownLesson(CourseError):
    """Raised for a lesson name that is not in ``course.toml``."""


@dataclass(frozen=True)
class LessonInfo:
    """One lesson of ``course.toml``; every path that belongs to it hangs off its slug."""

    slug: str
    title: str
    minutes: int
    builds: str
    topics: tuple[str, ...]
    ready: bool

    @property
    def short_name(self) -> str:
        """The slug without its number, e.g. ``linear_regression``: the name of its modules."""
        return self.slug.split("_", 1)[1]

    @property
    def source(self) -> Path:
        return ROOT / "source" / f"{self.slug}.py"

    @property
    def lesson(self) -> Path:
        return ROOT / "lessons" / f"{self.slug}.ipynb"

    @property
    def solution(self) -> Path:
        return ROOT / "solutions" / f"{self.slug}.ipynb"

    @property
    def quiz(self) -> Path:
        return ROOT / "quizzes" / f"{self.slug}.yaml"

    @property
    def folder(self) -> Path:
        """The package's folder of this lesson: its models, checks, drawings and glossary."""
        return PACKAGE / "lessons" / self.short_name

    @property
    def glossary(self) -> Path:
        return self.folder / "glossary.toml"

    @property
    def models(self) -> str:
        """Dotted name of the module that holds the lesson's Keras builders."""
        return f"courseware.lessons.{self.short_name}.models"

    @property
    def checks(self) -> str:
        """Dotted name of the module that holds the lesson's exercise checks."""
        return f"courseware.lessons.{self.short_name}.checks"


@dataclass(frozen=True)
class Budget:
    """What each lesson and each solution may take, start of the kernel included: seconds of wall time, and MB."""

    seconds: float
    cell_seconds: float
    memory_mb: int


@dataclass(frozen=True)
class Picture:
    """A picture of the README: the n-th figure (from 1) of a lesson, stored as a file."""

    file: str
    lesson: str
    figure: int

    @property
    def path(self) -> Path:
        return ROOT / self.file


@dataclass(frozen=True)
class Site:
    """Where the course can be found on the web; "" for what is nowhere.

    Attributes:
        address: of the site itself, e.g. ``https://somebody.github.io/course/``.
        repository: the project's page at GitHub, from where Binder and Colab open notebooks.
        branch: which of its branches.
        jupyterhub: a JupyterHub that brings nbgitpuller, which fetches the repository for a learner.
    """

    address: str = ""
    repository: str = ""
    branch: str = "main"
    jupyterhub: str = ""


def title() -> str:
    """The name of the course."""
    return str(_table()["title"])


def site() -> Site:
    """The course's places on the web."""
    return Site(**_table().get("site", {}))


@cache
def pictures() -> tuple[Picture, ...]:
    """The pictures that lessons make for the README."""
    return tuple(Picture(**row) for row in _table()["picture"])


@cache
def budget() -> Budget:
    """What is planned for each notebook; `course verify` measures it."""
    return Budget(**_table()["budget"])


@cache
def lessons() -> tuple[LessonInfo, ...]:
    """All lessons in teaching order, the announced ones included."""
    return tuple(LessonInfo(**{**row, "topics": tuple(row["topics"])}) for row in _table()["lesson"])


def ready_lessons() -> tuple[LessonInfo, ...]:
    """The lessons that are written, in teaching order."""
    return tuple(lesson for lesson in lessons() if lesson.ready)


def find(name: str) -> LessonInfo:
    """Return the lesson called `name`: a slug, its number, its short name, or a unique part of it.

    Raises:
        UnknownLesson: if nothing or more than one lesson fits; the message suggests the nearest.

    >>> find("01_linear_regression").title
    'A straight line that learns'
    >>> find("1").slug, find("cnn").slug
    ('01_linear_regression', '04_cnn')
    >>> find("liner_regresion")
    Traceback (most recent call last):
    courseware.course.UnknownLesson: There is no lesson 'liner_regresion'. Did you mean 01_linear_regression?
    """
    wanted = name.strip().lower().removesuffix(".ipynb").replace("-", "_").replace(" ", "_")
    by_name = {key: info for info in lessons() for key in (info.slug, info.short_name)}
    if wanted in by_name:
        return by_name[wanted]
    if wanted.isascii() and wanted.isdigit():
        matches = [info for info in lessons() if int(info.slug.split("_")[0]) == int(wanted[:9])]
    else:
        matches = [info for info in lessons() if wanted and wanted in info.slug]
    if len(matches) == 1:
        return matches[0]
    near = [info.slug for info in matches] or [
        by_name[key].slug for key in difflib.get_close_matches(wanted, by_name, n=1, cutoff=0.5)
    ]
    advice = f"Did you mean {' or '.join(near)}?" if near else "`course progress` lists them all."
    raise UnknownLesson(f"There is no lesson {name!r}. {advice}")


def full_path(text: str) -> Path:
    """The folder that a setting names, wherever one happens to be.

    ``~`` is the home folder; a relative path counts from the course's folder, or from the home folder where the course
    was installed from a wheel.

    Raises:
        CourseError: for the home folder of a user whom this computer does not know.
    """
    path = Path(os.path.expanduser(text))
    if path.parts[:1] and path.parts[0].startswith("~"):
        raise CourseError(
            f"The folder {text} is asked for, and this computer knows no user {path.parts[0][1:]!r}. "
            "Write the whole path, or begin with ~/ for your own home folder."
        )
    return (Path.home() if INSTALLED else PACKAGE.parent) / path


def _table() -> dict[str, Any]:
    return tomllib.loads((ROOT / "course.toml").read_text(encoding="utf-8"))
