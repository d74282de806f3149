"""Where grading may write: nothing is overwritten that it did not write itself, unless that is wanted."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from os.path import exists
from pathlib import Path
from typing import BinaryIO

from courseware.errors import CourseError
from courseware.files import whole_file
from courseware.grading.written import is_written


def check_outputs(outputs: Iterable[Path], inputs: Iterable[Path], force: bool = False) -> None:
    """See that `outputs` may be written.

    `inputs` are what is read: answers, quizzes, the roster. They are never overwritten, not even by `force`.

    Raises:
        CourseError: if one is a folder or cannot be written, stands twice, is an input, or is somebody else's file.
    """
    seen: list[Path] = []
    sources = [path for path in inputs if exists(path)]
    for path in outputs:
        try:
            real = path.resolve()
            mode = real.stat().st_mode if real.exists() else None
            if any(real == other for other in seen):
                raise CourseError(f"{path}: named for two things to write; give each a file of its own")
            seen.append(real)
            if mode is None:
                continue
            if stat.S_ISDIR(mode):
                raise CourseError(f"{path}: this is a folder; name a file to write")
            if any(real.samefile(source) for source in sources):
                raise CourseError(
                    f"{path}: this file is read here (answers, a quiz or a list) and is not overwritten; name another file"
                )
            if stat.S_ISREG(mode) and real.stat().st_size and not force and not is_written(real):
                raise CourseError(
                    f"{path}: a file that `course` did not write is there already; name another, or add --force"
                )
        except (OSError, ValueError, RuntimeError) as error:
            raise CourseError(f"{str(path)[:200]}: cannot be written ({_reason(error)}); name another file") from None


@contextmanager
def output_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write, as `whole_file`.

    Raises:
        CourseError: if it cannot be written.
    """
    try:
        with whole_file(path) as file:
            yield file
    except OSError as error:
        raise CourseError(f"{path}: cannot be written ({_reason(error)}); check the folder and your rights") from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
