"""The times that Moodle writes into its tables, in the ways of several languages."""

from __future__ import annotations

import re
from datetime import datetime

# By their first letters, in English, German, French, Spanish, Italian, Portuguese and Dutch.
_MONTHS = (
    "jan ene gen", "feb fév fev", "mar mär mrz maa mrt", "apr abr avr", "may mai mag mei", "jun jui gi", "jul juil lu",
    "aug ago aoû aou", "sep set", "oct okt ott out", "nov", "dec dez déc dic",
)  # fmt: skip
_NAMES = sorted(
    ((name, number) for number, each in enumerate(_MONTHS, 1) for name in each.split()), key=lambda e: -len(e[0])
)
_TIME = re.compile(r"(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?\s*([ap])?\.?m?\b", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DOTS = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})")
_SLASHES = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:\.|[a-z]{2})?\s+(?:de\s+)?([^\W\d]{3,})\.?,?\s+(?:de\s+)?(\d{4}|\d{2})")
_MONTH_FIRST = re.compile(r"([^\W\d]{3,})\.?\s+(\d{1,2})(?:[a-z]{2})?,?\s+(\d{4})")


def read_time(text: str) -> str:
    """A time in ISO 8601, or "" if it is none, or could be read in two ways.

    >>> read_time("20 November 2026  9:05 PM"), read_time("Freitag, 20. November 2026, 09:05")
    ('2026-11-20T21:05:00', '2026-11-20T09:05:00')
    >>> read_time("2026-11-20 09:00"), read_time("25/11/26, 09:00"), read_time("03/04/2026 09:00"), read_time("-")
    ('2026-11-20T09:00:00', '2026-11-25T09:00:00', '', '')
    """
    text = " ".join(text.split())
    if (date := _date(text)) is None:
        return ""
    (year, month, day), rest = date
    hour = minute = second = 0
    if time := _TIME.search(rest):
        hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
        if time[4]:
            hour = hour % 12 + 12 * (time[4].lower() == "p")
    try:
        return datetime(year + 2000 * (year < 100), month, day, hour, minute, second).isoformat()
    except ValueError:
        return ""


def _date(text: str) -> tuple[tuple[int, int, int], str] | None:
    """Year, month and day, and the rest of the text."""
    if found := _ISO.search(text):
        return (int(found[1]), int(found[2]), int(found[3])), text[found.end() :]
    if found := _DOTS.search(text):
        return (int(found[3]), int(found[2]), int(found[1])), text[found.end() :]
    if found := _SLASHES.search(text):
        first, second = int(found[1]), int(found[2])
        if first <= 12 and second <= 12 and first != second:
            return None  # the day or the month first
        day, month = (second, first) if second > 12 else (first, second)
        return (int(found[3]), month, day), text[found.end() :]
    if (found := _DAY_FIRST.search(text)) and (month := _month(found[2])):
        return (int(found[3]), month, int(found[1])), text[found.end() :]
    if (found := _MONTH_FIRST.search(text)) and (month := _month(found[1])):
        return (int(found[3]), month, int(found[2])), text[found.end() :]
    return None


def _month(name: str) -> int:
    return next((number for start, number in _NAMES if name.casefold().startswith(start)), 0)
