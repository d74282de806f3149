"""What is known of a guess: the answer, a wrong one and the idea behind it, from a lesson's guesses.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from courseware.course import LessonInfo


@dataclass(frozen=True)
class Guess:
    """The option that came out, one that a known wrong idea leads to, and that idea's key; "" where there is none."""

    answer: str = ""
    common: str = ""
    idea: str = ""


@cache
def answers(info: LessonInfo) -> dict[str, Guess]:
    """The guesses of a lesson whose answer is known, by their names."""
    file = info.folder / "guesses.toml"
    if not file.exists():
        return {}
    return {name: Guess(**row) for name, row in tomllib.loads(file.read_text(encoding="utf-8")).items()}
