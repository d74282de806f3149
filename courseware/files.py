"""Write a file wholly or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A new file that takes the name `path` once all of it is written; after an error what was there stays.

    A link stays a link: what is written is the file that it leads to. A device or a pipe is written to as it is.

    Args:
        path: the file's name.
        mode: who may read and write it, less what the user's own setting forbids.

    Raises:
        OSError: if it cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with whole_file(Path(folder) / "a.txt") as file:
    ...         _ = file.write(b"all of it")
    ...     [each.name for each in Path(folder).iterdir()]
    ['a.txt']
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()  # here a full disk shows; a write without a buffer may write a part and say nothing
            os.fsync(handle)
        os.chmod(name, mode & ~_umask())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_whole(path: Path, text: str) -> None:
    """Write `text` as UTF-8, wholly or not at all; folders that are missing are made.

    Raises:
        OSError: if it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        file.write(text.encode())


def write_new(path: Path, text: str, mode: int = 0o666) -> Path:
    """Write `text` as UTF-8, wholly or not at all, to `path`, or where that is taken to the next free name beside it.

    Folders that are missing are made.

    Args:
        path: e.g. ``a.json``, after which come ``a_2.json`` and so on.
        text: what the file is to hold.
        mode: who may read and write it, less what the user's own setting forbids.

    Raises:
        OSError: if it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    number, free = 1, path
    while True:
        try:
            free.touch(mode, exist_ok=False)
            break
        except FileExistsError:
            number += 1
            free = path.with_stem(f"{path.stem}_{number}")
    try:
        with whole_file(free, mode) as file:
            file.write(text.encode())
    except BaseException:
        free.unlink(missing_ok=True)
        raise
    return free


def has_mark(path: Path, mark: str) -> bool:
    """Whether `mark` stands among the first 4096 bytes of a file, as in what the course itself has written.

    Raises:
        OSError: if it cannot be read.
    """
    with path.open("rb") as file:
        return mark.encode() in file.read(4096)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
