"""Seeds as people and spreadsheets write them."""

from __future__ import annotations

import re

OWN_SEED = re.compile("[0-9a-f]{16}")  # as the course gives one to each learner
_WHOLE = re.compile(r"(\d{1,9})([.,]0+)?", re.ASCII)


def tidy_seed(text: str) -> str | None:
    """A seed as the course writes it; None for what it never draws with.

    >>> tidy_seed("D7665D013E20DFE2"), tidy_seed("0.0"), tidy_seed("07"), tidy_seed("d7665d013e20dfe")
    ('d7665d013e20dfe2', '0', '7', None)
    """
    text = text.strip()
    if OWN_SEED.fullmatch(text.lower()):
        return text.lower()
    whole = _WHOLE.fullmatch(text)
    return str(int(whole[1])) if whole else None


def no_such_seed(text: str) -> str:
    """Words for what is no seed."""
    return f"the seed {text.strip()[:60]!r} is none of the course's, which have 16 of the signs 0-9 and a-f, or are a number such as 0"
