"""The kinds of text that quiz files hold, and the strict base of every entry."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

# Line breaks and tabs are welcome in text; other control characters could drive a terminal.
_PRINTABLE = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$"
_ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f]*$"
NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"

# Signs that cannot be seen, or turn what follows: what is read would not be what is compared. The two that join letters
# in some scripts and in emoji, and a variant's mark, are welcome.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ue000-\uf8ff"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)


def _seen(text: str) -> str:
    if found := _UNSEEN.search(html.unescape(text) if "&" in text else text):
        name = unicodedata.name(found[0], "").capitalize()
        sign = f"U+{ord(found[0]):04X}{f', {name}' if name else ''}"
        raise fault(f"holds a sign that cannot be seen ({sign}); type the text anew there")
    return text


Seen = AfterValidator(_seen)
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000, pattern=_PRINTABLE), Seen]
# Code and what it prints keep the spaces at the start of their first line.
Code = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=_PRINTABLE), Seen]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_ONE_LINE), Seen]
Name = Annotated[str, StringConstraints(max_length=60, pattern=NAME)]
# Two signs at least: a single letter stands for the place where an entry is shown.
EntryName = Annotated[str, StringConstraints(min_length=2, max_length=60, pattern=NAME)]
Slug = Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]

# No question's name: what the columns of tables of answers and of grades are called, where each question has one too.
COLUMNS = {
    "learner", "id", "email", "e-mail", "attempt", "quiz", "seed", "handed_in",
    "points", "out_of", "percent", "feedback", "section", "file",
}  # fmt: skip


class Strict(BaseModel):
    """Immutable, without unknown fields, and without silent conversions."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def fault(text: str, *at: str | int) -> PydanticCustomError:
    """An error about the entry `at` (field names and positions) beneath the one that is validated."""
    return PydanticCustomError("fault", "{text}", {"text": text, "at": at})


def twice(values: Iterable[str]) -> list[str]:
    """The values that stand more than once, sorted."""
    values = list(values)
    return sorted({value for value in values if values.count(value) > 1})
