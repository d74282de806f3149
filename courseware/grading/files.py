"""Which files hold answers: those named, and those in folders and their sub-folders; every other one is told."""

from __future__ import annotations

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
            for file in _inside(path):
                if file.resolve() in passed:
                    continue
                if why := _why_not(file):
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


def _inside(folder: Path) -> Iterator[Path]:
    """All files beneath a folder, in the order of names, without what systems leave there; no link to a folder is followed."""
    for path in sorted(folder.iterdir()):
        if path.name.lower() in _LITTER or path.name.startswith("._"):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _inside(path)
        else:
            yield path


def _why_not(path: Path) -> str | None:
    """Why a file is not read as answers, and what to do; None if it is."""
    suffix = path.suffix.lower()
    if path.is_symlink() and not path.exists():
        return "a link to nothing"
    if not path.is_file():
        return "no plain file"
    if path.name.startswith("."):
        return "a hidden file; give it another name if it holds answers"
    if suffix in _REMEDIES:
        return _REMEDIES[suffix]
    if suffix not in TABLES + LEARNERS:
        return "no file of answers, by the ending of its name"
    if suffix in TABLES and is_written(path):
        return "a table that `course` wrote, not answers"
    return None


def _nothing(folder: Path, unread: list[tuple[Path, str]]) -> str:
    inside = [f"{file.relative_to(folder)} ({why})" for file, why in unread if file.is_relative_to(folder)]
    shown = f". Not read: {', '.join(inside[:5])}" + (f" and {len(inside) - 5} more" if inside[5:] else "")
    return f"{folder}: no answers in this folder; they are .csv, .yaml or .json files{shown if inside else ''}"
