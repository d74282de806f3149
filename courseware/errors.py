"""The root of all errors of this package that are meant for a person."""

from __future__ import annotations


class CourseError(Exception):
    """What is wrong and what to do about it, in a sentence for the person at the keyboard.

    The command `course` shows it as one line, without a traceback.
    """
