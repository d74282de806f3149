"""A learner's copy of a project: made once from the template, never overwritten."""

from __future__ import annotations

import json
import os
from pathlib import Path

from courseware.course import ROOT
from courseware.errors import CourseError
from courseware.files import whole_file, write_whole
from courseware.learner.copies import cleared, folder, read_notebook
from courseware.projects.briefs import Brief

CHECKLIST = ROOT / "projects" / "checklist.md"


def copy_of(brief: Brief) -> Path:
    """Where the learner's notebook is, or will be."""
    return folder() / "projects" / brief.template.name


def start_project(brief: Brief) -> tuple[Path, bool]:
    """Make the learner's copy of a project, with the checklist beside it; return its path, and whether it is new.

    Raises:
        CourseError: if the template cannot be read, or the copy not be written.
    """
    copy = copy_of(brief)
    is_new = not os.path.lexists(copy)
    try:
        if is_new:
            notebook = cleared(read_notebook(brief.template))
            write_whole(copy, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
        if not os.path.lexists(listed := copy.with_name(CHECKLIST.name)):
            with whole_file(listed) as file:
                file.write(CHECKLIST.read_bytes())
    except OSError as error:
        raise CourseError(f"{copy.parent} could not be written: {error.strerror}.") from error
    return copy, is_new
