"""The course's package: what a notebook needs, and the tools around the lessons."""

from __future__ import annotations

import sys

from courseware.old_names import OldNames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# First: an update leaves the old folders behind, with nothing but compiled files, and Python would take them for packages.
sys.meta_path.insert(0, OldNames())


def __getattr__(name: str) -> Any:
    # Loaded on first use, so that `course` and the quizzes start without NumPy, Keras or Jupyter.
    if name == "open_lesson":
        from courseware.learner.surroundings import put_right

        for notice in put_right():  # before NumPy, which the next line brings
            print(notice)
        from courseware.lesson import open_lesson

        globals()[name] = open_lesson  # `from courseware import` asks twice
        return open_lesson
    raise AttributeError(f"module 'courseware' has no attribute {name!r}")
