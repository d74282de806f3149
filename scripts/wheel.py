"""Puts the course's files into a wheel, in courseware/_course, laid out as in a checkout; courseware.course looks there.

With them go the settings under which the notebooks are compared: an installed course verifies itself, too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FILES = (
    "course.toml", "lessons/*.ipynb", "lessons/*.md", "solutions/*.ipynb", "solutions/*.md", "quizzes/*.yaml",
    "quizzes/*.json", "requirements.txt", "pyproject.toml", "conftest.py", "tests/nbval_sanitize.cfg",
    "tests/no_network/*.py", "projects/*.ipynb", "projects/*.md", "projects/worked/*.ipynb",
)  # fmt: skip


class CourseFiles(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # there the checkout itself is used
            return
        root = Path(self.root)
        for pattern in FILES:
            for file in sorted(root.glob(pattern)):
                build_data["force_include"][str(file)] = f"courseware/_course/{file.relative_to(root).as_posix()}"
