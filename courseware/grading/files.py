"""Which files hold answers: those named, and those in folders and their sub-folders; every other one is told."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from courseware.errors import CourseError
from courseware.grading.written import is_written

TABLES, LEARNERS = (".csv", ".tsv", ".txt"), (".yaml", ".yml", ".json")
# What systems and the course itself leave in folders, and nobody hands in.
_LITTER = {
    ".ds_store",
    "thumbs.db",
    "desktop.ini",
    ".git",
    ".gitignore",
    "__macosx",
    ".ipynb_checkpoints",
    "__pycache__",
}
# The folder that Moodle puts a learner's files into: their name, a number, and what kind of files they are.
_MOODLE_FOLDER = re.compile(r"(.+)_\d+_assignsubmission_\w+")
_REMEDIES = {
    ".xlsx": "a spreadsheet; save it as `CSV UTF-8`",
    ".xls": "a spreadsheet; save it as `CSV UTF-8`",
    ".ods": "a spreadsheet; save it as CSV in UTF-8",
    ".zip": "an archive; unpack it",
    ".ipynb": "a notebook; what is graded is the file that the quiz's button writes",
}


@dataclass
class Found:
    """The files to read, in the order of their names, and every file that is not read, with the reason."""

    files: list[Path] = field(default_factory=list)
    unread: list[tuple[Path, str]] = field(default_factory=list)


def answer_files(paths: Iterable[Path], known: Iterable[Path] = ()) -> Found:
    """The files that `paths` stand for: a folder stands for all the files in it and in its sub-folders.

    Files in `known`, such as the roster, are passed over where a folder holds them.

    Raises:
        CourseError: if one is not there or is not a kind of file that holds answers, or none is left.
    """
    found, passed = Found(), [path.resolve() for path in known]
    for path in paths:
        try:
            about = path.stat()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise CourseError(f"{path}: cannot be read ({reason}); check the name") from None
        if stat.S_ISDIR(about.st_mode):
            before = len(found.files)
            for file in _inside(path, found):
                if file.resolve() in passed:
                    continue
                if why := _why_left(file):
                    found.unread.append((file, why))
                else:
                    found.files.append(file)
            if len(found.files) == before:
                raise CourseError(_nothing(path, found.unread))
        elif why := _why_not(path):
            raise CourseError(f"{path}: {why}. Name .csv, .yaml or .json files, or folders of them")
        else:
            found.files.append(path)
    once: dict[Path, Path] = {}
    for file in found.files:
        once.setdefault(file.resolve(), file)
    found.files = list(once.values())
    return found


def _inside(folder: Path, found: Found) -> Iterator[Path]:
    """All files beneath a folder, in the order of names, without what systems leave there; no link is followed."""
    files: list[Path] = []
    left = [folder]
    while left:
        place = left.pop()
        try:
            entries = [entry for entry in os.scandir(place) if not _is_litter(entry.name)]
        except OSError as error:
            found.unread.append((place, f"the folder cannot be opened ({error.strerror})"))
            continue
        for entry in entries:
            (left if entry.is_dir(follow_symlinks=False) else files).append(Path(entry.path))
    yield from sorted(files)


def _is_litter(name: str) -> bool:
    return name.lower() in _LITTER or name.startswith("._")


def _why_left(path: Path) -> str | None:
    """Why a file in a folder is not read as answers; None if it is."""
    if path.is_symlink():
        return "a link; put the file itself there"
    if path.suffix.lower() in TABLES and (uploader := uploaded_by(path)):
        return f"a table, which may speak for others, in what {uploader} uploaded; name it yourself if it is right"
    return _why_not(path)


def uploaded_by(path: Path) -> str | None:
    """Whose upload a file is, where it lies in a folder of Moodle's `Download all submissions`."""
    found = next(filter(None, map(_MOODLE_FOLDER.match, path.parts[::-1])), None)
    return found[1] if found else None


def _why_not(path: Path) -> str | None:
    """Why a file is not read as answers, and what to do; None if it is."""
    suffix = path.suffix.lower()
    if not path.is_file():
        return "no plain file"
    if path.name.startswith("."):
        return "a hidden file; give it another name if it holds answers"
    if suffix == ".txt" and Path(path.stem).suffix.lower() in LEARNERS:
        return f"`.txt` was put behind its name; call it {path.stem}"
    if suffix in _REMEDIES:
        return _REMEDIES[suffix]
    if suffix not in TABLES + LEARNERS:
        return "no file of answers, by the ending of its name"
    if suffix in TABLES and _is_written(path):
        return "a table that `course` wrote, not answers"
    return None


def _is_written(path: Path) -> bool:
    try:
        return is_written(path)
    except OSError:
        return False  # whoever reads it says why it cannot be read


def _nothing(folder: Path, unread: list[tuple[Path, str]]) -> str:
    inside = [f"{file.relative_to(folder)} ({why})" for file, why in unread if file.is_relative_to(folder)]
    shown = f". Not read: {', '.join(inside[:5])}" + (f" and {len(inside) - 5} more" if inside[5:] else "")
    return f"{folder}: no answers in this folder; they are .csv, .yaml or .json files{shown if inside else ''}"
