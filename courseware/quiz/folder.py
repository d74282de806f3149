"""Find quizzes by name: in the course's own bank, in a private one, or in a file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path

from courseware import course
from courseware.errors import CourseError
from courseware.quiz.load import MISCONCEPTIONS, QuizError, load_misconceptions, load_quiz, load_to_ask
from courseware.quiz.model import Misconception, Quiz, form_name, whole_and_form

ADJUSTMENTS = "adjustments.yaml"  # which `courseware.grading.adjustments` reads
_SUFFIXES = (".yaml", ".yml")


class Quizzes:
    """The quizzes of one folder, each loaded once.

    Args:
        folder: a private bank; by default the course's own.
        student_copies: whether quizzes without keys are taken as well, as for asking them.

    Raises:
        QuizError: if the folder is not there or has no quizzes.
    """

    def __init__(self, folder: Path | None = None, *, student_copies: bool = False):
        self._load = load_to_ask if student_copies else load_quiz
        self.folder = folder or course.ROOT / "quizzes"
        if not self.folder.is_dir():
            raise QuizError([f"{self.folder}: no such folder; --quizzes names the folder of your quizzes"])
        self.files = sorted(
            path
            for path in self.folder.iterdir()
            if path.suffix in _SUFFIXES and path.name not in (MISCONCEPTIONS, ADJUSTMENTS)
        )
        if not self.files:
            raise QuizError([f"{self.folder}: no quizzes in it; a quiz is a file such as 04_cnn.yaml"])
        self._loaded: dict[Path, Quiz] = {}
        self._forms: dict[tuple[Path, str], Quiz] = {}

    def load(self, name: str, form: str | None = None) -> Quiz:
        """The quiz called `name`: a slug, its number, its short name, or the path of a file; or the `form` of it.

        A form may also be called by its own name, `04_cnn_form_a`, and may have a file of its own under that name.

        Raises:
            QuizError: if there is no such quiz, it has faults, or has no questions of that form.
        """
        path = Path(name)
        if path.suffix not in _SUFFIXES:
            name, form = (name, form) if form else whole_and_form(name)
            path = self._find(name, form)
        if path not in self._loaded:
            self._loaded[path] = self._load(path)
        quiz = self._loaded[path]
        if form is None or whole_and_form(quiz.lesson)[1] == form:
            return quiz
        if (path, form) not in self._forms:
            try:
                self._forms[path, form] = quiz.of_form(form)
            except CourseError as error:
                raise QuizError([str(error)]) from None
        return self._forms[path, form]

    def named(self, name: str) -> Quiz:
        """The quiz of this folder called `name`: a slug, its number or its short name, and never a path.

        For names that come from outside, as those in answers do.

        Raises:
            QuizError: if there is no such quiz, or it has faults.
        """
        name, form = whole_and_form(name.removesuffix(".yaml"))
        return self.load(str(self._find(name, form)), form)

    def all(self, form: str | None = None) -> list[Quiz]:
        """Every quiz of the folder, in the order of names; or the `form` of each that has it.

        Raises:
            QuizError: with the problems of all files, or if none has the form.
        """
        problems = []
        for path in self.files:
            try:
                self.load(str(path))
            except QuizError as error:
                problems += error.problems
        if problems:
            raise QuizError(problems)
        if form is None:
            return [self._loaded[path] for path in self.files]
        having = [path for path in self.files if self._loaded[path].has_form(form)]
        if not having:
            raise QuizError([f"No quiz in {self.folder} has questions of form {form}; mark some with `form: {form}`."])
        return [self.load(str(path), form) for path in having]

    def of_file(self, path: Path) -> str | None:
        """The quiz whose slug or number the name of an answers' file begins with.

        >>> Quizzes().of_file(Path("04_cnn_group_a.csv")), Quizzes().of_file(Path("4 monday.csv"))
        ('04_cnn', '04_cnn')
        >>> Quizzes().of_file(Path("monday.csv")) is None
        True
        """
        stem = path.stem.lower().replace("-", "_").replace(" ", "_")
        stems = [file.stem for file in self.files]
        fitting = [each for each in stems if stem == each.lower() or stem.startswith(each.lower() + "_")]
        if not fitting and (number := re.match(r"(\d{1,3})(?!\d)", stem)):
            fitting = [each for each in stems if _number(each) == int(number[1])]
        form = re.search(r"_form_([ab])(?![a-z0-9])", stem)
        of_form = [each for each in fitting if whole_and_form(each)[1] == (form[1] if form else None)]
        if of_form or not fitting or not form:
            return max(of_form or fitting, key=len, default=None)
        return form_name(max(fitting, key=len), form[1])

    def misconceptions(self, name: str) -> dict[str, Misconception]:
        """The list of misconceptions beside the quiz called `name`; empty if there is none."""
        path = Path(name) if Path(name).suffix in _SUFFIXES else self._find(*whole_and_form(name))
        try:
            return load_misconceptions(path.with_name(MISCONCEPTIONS))
        except QuizError:
            return {}

    def _find(self, name: str, form: str | None = None) -> Path:
        """The file of a quiz; that of the form, if it has one of its own."""
        if self.folder == course.ROOT / "quizzes":
            try:
                return course.find(name).quiz
            except course.UnknownLesson as error:
                raise QuizError([str(error)]) from None
        wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
        stems = {file.stem: file for file in self.files}
        wholes = {stem: whole_and_form(stem)[0] for stem in stems}
        of = {stem: whole_and_form(stem)[1] for stem in stems}
        # The file of the form itself, then whole quizzes; where no form is meant, the form that is there.
        tiers = [[each for each in stems if of[each] == form], [each for each in stems if not of[each]]]
        tiers += [] if form else [list(stems)]
        found: list[str] = next(filter(None, (_called(wanted, {s: wholes[s] for s in tier}) for tier in tiers)), [])
        if len(found) == 1:
            return stems[found[0]]
        near = found or difflib.get_close_matches(wanted, stems, n=1, cutoff=0.5) or list(stems)[:5]
        raise QuizError([f"There is no quiz {name!r} in {self.folder}. Did you mean {' or '.join(near)}?"])


def _called(wanted: str, names: Mapping[str, str]) -> list[str]:
    """The keys of the `names` that fit what somebody calls a quiz: its number, its name, or a part of that."""
    if wanted.isascii() and wanted.isdigit():
        return [key for key, name in names.items() if _number(name) == int(wanted[:9])]
    exact = [key for key, name in names.items() if wanted == name]
    return exact or [key for key, name in names.items() if wanted and wanted in name]


def _number(stem: str) -> int | None:
    match = re.match(r"\d+", stem)
    return int(match[0]) if match else None
