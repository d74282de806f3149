"""The playground of lesson 03, for copies of the lesson that were made before it was something to touch."""

from __future__ import annotations

from courseware.explorables import show_explorable


def playground() -> None:
    """Show the playground beneath the cell, as `lesson.explore("playground")` does."""
    show_explorable("playground")
