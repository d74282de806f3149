"""The learner's working copy of the lessons: made from the shipped notebooks, never overwritten by them.

It is the folder ``my_lessons`` of the checkout (where the course was installed from a wheel: of the home folder), or the
one that ``$COURSEWARE_WORK`` names. A shipped notebook says in its metadata which version it is; a copy keeps that, so
that an update can be noticed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from courseware.course import INSTALLED, ROOT, LessonInfo, full_path
from courseware.errors import CourseError
from courseware.files import whole_file, write_whole

FOLDER_VARIABLE = "COURSEWARE_WORK"


def folder() -> Path:
    """The folder that the learner works in; it need not exist yet."""
    here = Path.home() if INSTALLED else ROOT
    named = os.environ.get(FOLDER_VARIABLE)
    return full_path(named) if named else here / "my_lessons"


def copy_of(info: LessonInfo) -> Path:
    """Path of the learner's copy of a lesson."""
    return folder() / info.lesson.name


def refresh(infos: Iterable[LessonInfo]) -> list[str]:
    """Copy every lesson that has no copy yet, outputs cleared; return what the learner should know, a line each.

    A shipped lesson that cannot be read is among these lines; the others are copied all the same.

    Raises:
        CourseError: if a copy cannot be written.
    """
    infos, unread = list(infos), []
    for info in infos:
        _copy_glossary(info)
        if not os.path.lexists(copy_of(info)):
            try:
                shipped = _shipped(info)
            except CourseError as error:
                unread.append(str(error))
                continue
            _write(copy_of(info), cleared(shipped))
    return unread + news(infos)


def news(infos: Iterable[LessonInfo]) -> list[str]:
    """What the learner should know about the copies that there are: broken, or of a lesson that has been updated."""
    notes = []
    for info in infos:
        copy = copy_of(info)
        if not os.path.lexists(copy):
            continue
        if problem := what_is_wrong(info):
            notes.append(f"{problem} `course reset {info.slug}` keeps it and makes a new copy.")
            continue
        try:
            shipped = _shipped(info)
        except CourseError as error:
            notes.append(str(error))
            continue
        if _about(read_notebook(copy)).get("version") != _about(shipped).get("version"):
            notes.append(
                f"Lesson {info.slug} has been updated; your copy stays as it is. "
                f"`course reset {info.slug}` takes the new one and keeps yours beside it."
            )
    return notes


def what_is_wrong(info: LessonInfo) -> str | None:
    """Why the copy of a lesson, where there is one, cannot be used."""
    copy = copy_of(info)
    if copy.is_symlink() and not copy.exists():
        return f"{copy} is a link to {os.readlink(copy)}, which is not there."
    try:
        if copy.exists():
            read_notebook(copy)
    except CourseError:
        return f"{copy} is not a notebook any more."
    return None


def solution_for(info: LessonInfo) -> Path:
    """Put the worked solution of a lesson where the learner works; return its path.

    What the learner has changed in an earlier one stays beside it, under a name with the date.

    Raises:
        CourseError: if there is no solution here or it cannot be written.
    """
    if not info.solution.exists():
        raise CourseError(
            f"The solution of lesson {info.slug} is not among the files of this course. Ask your teacher."
        )
    target = folder() / "solutions" / info.solution.name
    try:
        content = info.solution.read_bytes()
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and target.read_bytes() != content:
            target.rename(_backup_path(target))
        with whole_file(target) as file:
            file.write(content)
    except OSError as error:
        raise _unwritable(target, error) from error
    return target


def reset(info: LessonInfo) -> Path | None:
    """Give the learner a new copy of a lesson; return the backup of the old one, or None if there was none.

    Raises:
        CourseError: if the lesson cannot be read or written; the old copy is then still there.
    """
    new, copy = cleared(_shipped(info)), copy_of(info)
    if not os.path.lexists(copy):
        _write(copy, new)
        return None
    backup = _backup_path(copy)
    try:
        copy.rename(backup)
    except OSError as error:
        raise CourseError(f"{copy} could not be renamed: {error}.") from error
    try:
        _write(copy, new)
    except CourseError:
        backup.rename(copy)
        raise
    return backup


def exercise_names(info: LessonInfo) -> list[str]:
    """The names of a lesson's exercises in their order, as the build noted them in the shipped notebook."""
    return list(_about(_shipped(info)).get("exercises", []))


def cleared(notebook: dict[str, Any]) -> dict[str, Any]:
    """A notebook without outputs and widget state, so that nothing is given away before it is run.

    >>> cleared({"cells": [{"cell_type": "code", "outputs": ["7"], "execution_count": 3}], "metadata": {"widgets": 1}})
    {'cells': [{'cell_type': 'code', 'outputs': [], 'execution_count': None}], 'metadata': {}}
    """
    cells = [
        {**cell, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
        for cell in notebook["cells"]
    ]
    metadata = {key: value for key, value in notebook["metadata"].items() if key != "widgets"}
    return {**notebook, "cells": cells, "metadata": metadata}


def _copy_glossary(info: LessonInfo) -> None:
    """Put the list of terms, which lessons link to, beside the copies; it is nobody's work and always replaced."""
    shipped = info.lesson.with_name("glossary.md")
    if shipped.exists():
        with suppress(OSError):  # the lessons work without it
            write_whole(folder() / shipped.name, shipped.read_text(encoding="utf-8"))


def _about(notebook: dict[str, Any]) -> dict[str, Any]:
    about = notebook["metadata"].get("courseware", {})
    return about if isinstance(about, dict) else {}


def _shipped(info: LessonInfo) -> dict[str, Any]:
    try:
        return read_notebook(info.lesson)
    except CourseError as error:
        remedy = f"Get it back with `git checkout lessons`; authors make it with `course build {info.slug}`."
        raise CourseError(f"{error} {'Install the course again.' if INSTALLED else remedy}") from error


def read_notebook(path: Path) -> dict[str, Any]:
    """Return the notebook at `path` as plain data.

    Raises:
        CourseError: if it cannot be read or is no notebook.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CourseError(f"{path} is not a notebook.") from error
    if not (
        isinstance(notebook, dict)
        and isinstance(notebook.get("cells"), list)
        and isinstance(notebook.get("metadata"), dict)
    ):
        raise CourseError(f"{path} is not a notebook.")
    return notebook


def _write(path: Path, notebook: dict[str, Any]) -> None:
    try:
        write_whole(path, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> CourseError:
    return CourseError(
        f"{path} could not be written: {error.strerror}. "
        f"Mend that, or set {FOLDER_VARIABLE} to a folder that you can write to."
    )


def _backup_path(copy: Path) -> Path:
    """A name beside `copy` that says when it was put away, and is not taken."""
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    backup, number = copy.with_name(f"{copy.stem}.{stamp}.ipynb"), 1
    while os.path.lexists(backup):
        number += 1
        backup = copy.with_name(f"{copy.stem}.{stamp}_{number}.ipynb")
    return backup
