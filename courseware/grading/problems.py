"""What went wrong with a class's answers: shown in a few lines, counted, and all of it kept in a file if asked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import BinaryIO

from courseware.errors import CourseError
from courseware.grading.written import PROBLEMS

SHOWN = 40
_LONGEST = 400


class AnswersError(CourseError):
    """Raised for a file of answers that cannot be used; all other files are graded."""


class Problems:
    """Problems as they are found, one line each: 'file:line: what is wrong; what to do'.

    Args:
        file: where every line goes as well, if given.

    >>> problems = Problems()
    >>> problems.lost("a.csv", 3, "no learner's name; fill it in")
    >>> problems.shown, problems.rows_lost
    (["a.csv:3: no learner's name; fill it in"], 1)
    """

    def __init__(self, file: BinaryIO | None = None):
        self.file = file
        self.shown: list[str] = []
        self.loud: list[str] = []  # shown however many others there are
        self.hidden = 0
        self.rows_lost = 0
        self.cells_lost = 0
        self.unfinished = 0
        self.unread = 0  # files
        self.unmatched = 0  # rows or files of learners that the roster does not have
        self.alike: set[str] = set()  # names that several files have, which are then told with their folders
        self.most_of_one = SHOWN  # lines about one file, so that it hides no other's
        self._of_one: Counter[Path] = Counter()
        self._gathered: dict[tuple[str, bool], list[str]] = {}
        if file:
            file.write((PROBLEMS + "\n").encode())

    @property
    def full(self) -> bool:
        """Whether another line would be counted only."""
        return len(self.shown) >= SHOWN and self.file is None

    def note(self, path: Path | None, line: int | None, text: str, loud: bool = False) -> None:
        """Note what no row was lost by; without `path`, the text says where. A `loud` one is always shown, and whole."""
        where = f"{path}:{line}: " if line else f"{path}: " if path else ""
        entry = " ".join(f"{where}{text}".split())
        entry = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in entry)
        entry = entry if loud or len(entry) <= _LONGEST else entry[: _LONGEST - 3] + "..."
        if self.file:
            self.file.write((entry + "\n").encode())
        if loud:
            self.loud.append(entry)
        elif len(self.shown) < SHOWN and (path is None or self._of_one[path] < self.most_of_one):
            self.shown.append(entry)
            self._of_one.update([path] if path else [])
        else:
            self.hidden += 1

    def lost(self, path: Path | None, line: int | None, text: str) -> None:
        """Note a row (or a learner's file) that is not graded."""
        self.rows_lost += 1
        self.note(path, line, text)

    def each(self, text: str, path: Path, loud: bool = False) -> None:
        """Note what holds for several files, in one line for all of them; `finish` writes it."""
        self._gathered.setdefault((text, loud), []).append(self.name(path))

    def name(self, path: Path) -> str:
        """What a file is called: its name, with the folder where several have it."""
        return str(path) if path.name in self.alike else path.name

    def finish(self) -> None:
        """Write the lines that stand for several files."""
        for (text, loud), names in self._gathered.items():
            shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if names[3:] else "")
            self.note(None, None, f"{text} ({shown})", loud)
        self._gathered.clear()

    def not_read(self, path: Path, why: str) -> None:
        """Note a file that is not read."""
        self.unread += 1
        self.note(path, None, f"not read: {why}")

    def more(self, count: int) -> None:
        """Count problems that were not put into words."""
        self.hidden += count

    def lines(self) -> list[str]:
        """What is shown to the instructor."""
        self.finish()
        if not self.hidden:
            return [*self.shown, *self.loud]
        rest = "are in the problems file" if self.file else "are not shown; `--problems FILE` writes all of them"
        return [*self.shown, f"... and {self.hidden} more problems, which {rest}.", *self.loud]

    def summary(self) -> list[str]:
        """What was not graded, in numbers."""
        cells = count(self.cells_lost, "answer could not be read and earns", "answers could not be read and earn")
        attempts = count(self.unfinished, "unfinished attempt is", "unfinished attempts are")
        unmatched = count(self.unmatched, "row or file is", "rows or files are")
        files = count(self.unread, "file was", "files were")
        rows = count(self.rows_lost, "row or file", "rows or files")
        said = (
            (self.cells_lost, f"{cells} 0 points."),
            (self.unfinished, f"{attempts} not graded."),
            (self.unmatched, f"{unmatched} of nobody in the roster; see above."),
            (self.unread, f"{files} not read; see above."),
            (self.rows_lost, f"{rows} could not be graded; see above."),
        )
        return [words for number, words in said if number]

    @property
    def status(self) -> int:
        """The exit status: 1 if anything was left out."""
        return int(bool(self.rows_lost or self.unread or self.unmatched))


def count(number: int, one: str, many: str | None = None) -> str:
    """A number of things, in words.

    >>> count(1, "learner"), count(2000, "learner"), count(0, "quiz", "quizzes")
    ('1 learner', '2,000 learners', '0 quizzes')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
