"""The kinds of text that quiz files hold, and the strict base of every entry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

# Line breaks and tabs are welcome in text; other control characters could drive a terminal.
_PRINTABLE = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$"
_ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f]*$"
NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000, pattern=_PRINTABLE)]
# Code and what it prints keep the spaces at the start of their first line.
Code = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=_PRINTABLE)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_ONE_LINE)]
Name = Annotated[str, StringConstraints(max_length=60, pattern=NAME)]
# Two signs at least: a single letter stands for the place where an entry is shown.
EntryName = Annotated[str, StringConstraints(min_length=2, max_length=60, pattern=NAME)]
Slug = Annotated[str, StringConstraints(max_length=60, pattern=r"^[0-9]{2}(_[a-z0-9]+)+$")]


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
