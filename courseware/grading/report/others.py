"""What learners answered beside the answers that a quiz knows: where a missing spelling or a new wrong idea shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from courseware.grading.marks import Marker, read_response
from courseware.quiz.feedback import ResponseError
from courseware.quiz.questions.spelling import word_key

MOST_SHOWN = 8
_LONGEST = 120

# A response as it stands in a file: the row of the class, the form of the file, the text.
Raw = tuple[int, str, str]


def frequent(marker: Marker, answers: Iterable[Raw]) -> tuple[tuple[str, int], ...]:
    """The most frequent of these answers to a question, each with how many gave it; spellings alike are one."""
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for (form, text), number in Counter((form, text) for _, form, text in answers).items():
        words = in_words(marker.question, form, text)
        key = word_key(words) or words
        shown.setdefault(key, words)
        counts[key] += number
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return tuple((shown[key], number) for key, number in ranked[:MOST_SHOWN])


def in_words(question: Any, form: str, text: str, longest: int = _LONGEST) -> str:
    """A response in words, in one line of at most `longest` signs; what cannot be read, as it stands there."""
    try:
        value = read_response(question, text, form)
    except ResponseError:
        value = text
    texts = {entry.id: entry.text for entry in question.shown}
    given = {entry.id: entry.text for entry in question.given}
    if isinstance(value, float):
        value = f"{value:.10g}"
    elif isinstance(value, list):
        value = (" → " if question.kind == "ordering" else "; ").join(str(texts.get(each, each)) for each in value)
    elif isinstance(value, dict):
        value = "; ".join(f"{given.get(left, left)}: {texts.get(right, right)}" for left, right in value.items())
    elif question.kind == "single":
        value = texts.get(value, value)
    words = " ".join(str(value).split())
    return words if len(words) <= longest else words[: longest - 3] + "..."
