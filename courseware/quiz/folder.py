"""Find quizzes by name: in the course's own bank, in a private one, or in a file."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from courseware import course
from courseware.quiz.load import MISCONCEPTIONS, QuizError, load_misconceptions, load_quiz, load_to_ask
from courseware.quiz.model import Misconception, Quiz

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

    def load(self, name: str) -> Quiz:
        """The quiz called `name`: a slug, its number, its short name, or the path of a file.

        Raises:
            QuizError: if there is no such quiz, or it has faults.
        """
        path = Path(name)
        if path.suffix not in _SUFFIXES:
            path = self._find(name)
        if path not in self._loaded:
            self._loaded[path] = self._load(path)
        return self._loaded[path]

    def named(self, name: str) -> Quiz:
        """The quiz of this folder called `name`: a slug, its number or its short name, and never a path.

        For names that come from outside, as those in answers do.

        Raises:
            QuizError: if there is no such quiz, or it has faults.
        """
        return self.load(str(self._find(name.removesuffix(".yaml"))))

    def all(self) -> list[Quiz]:
        """Every quiz of the folder, in the order of names.

        Raises:
            QuizError: with the problems of all files.
        """
        problems = []
        for path in self.files:
            try:
                self.load(str(path))
            except QuizError as error:
                problems += error.problems
        if problems:
            raise QuizError(problems)
        return [self._loaded[path] for path in self.files]

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
        return max(fitting, key=len) if fitting else None

    def misconceptions(self, name: str) -> dict[str, Misconception]:
        """The list of misconceptions beside the quiz called `name`; empty if there is none."""
        path = Path(name) if Path(name).suffix in _SUFFIXES else self._find(name)
        try:
            return load_misconceptions(path.with_name(MISCONCEPTIONS))
        except QuizError:
            return {}

    def _find(self, name: str) -> Path:
        if self.folder == course.ROOT / "quizzes":
            try:
                return course.find(name).quiz
            except course.UnknownLesson as error:
                raise QuizError([str(error)]) from None
        wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
        stems = {file.stem: file for file in self.files}
        if wanted.isascii() and wanted.isdigit():
            found = [each for each in stems if _number(each) == int(wanted[:9])]
        else:
            found = [each for each in stems if wanted == each] or [each for each in stems if wanted and wanted in each]
        if len(found) == 1:
            return stems[found[0]]
        near = found or difflib.get_close_matches(wanted, stems, n=1, cutoff=0.5) or list(stems)[:5]
        raise QuizError([f"There is no quiz {name!r} in {self.folder}. Did you mean {' or '.join(near)}?"])


def _number(stem: str) -> int | None:
    match = re.match(r"\d+", stem)
    return int(match[0]) if match else None
