"""What a response is worth and what is said to it; `question.grade` gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


class ResponseError(ValueError):
    """Raised for a response that cannot be read; the message is one line for the learner."""


@dataclass(frozen=True)
class Message:
    """Feedback on one part of a response: `right`, `wrong`, or `missed` (a right option left unticked).

    `key` names the `KnownAnswer` that the part is.
    """

    verdict: Literal["right", "wrong", "missed"]
    text: str
    feedback: str
    misconception: str | None = None
    key: str = ""


@dataclass(frozen=True)
class KnownAnswer:
    """Something that may be answered, as a report counts it; one that is not `offered` is named only where it was given."""

    key: str
    text: str
    right: bool
    misconception: str | None = None
    offered: bool = True


@dataclass(frozen=True)
class Grade:
    """The marks for one response, the feedback, and the response in the form that is kept.

    `response` is what `question.accept` returns; grading it again gives the same grade.
    """

    points: float
    out_of: float
    messages: tuple[Message, ...]
    response: Any
    explanation: str | None = None

    @property
    def correct(self) -> bool:
        """Whether the marks are full."""
        return self.points == self.out_of

    @property
    def partly(self) -> bool:
        """Whether something of it is right and something is not, so that the verdicts alone do not tell the points."""
        return not self.correct and (self.points > 0 or any(message.verdict == "right" for message in self.messages))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the known answers that were given; of a response with none that is wrong, ``right``."""
        return tuple(m.key for m in self.messages if m.key and m.verdict != "missed") or ("right",)

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """The keys of the misconceptions that the response shows, each once."""
        return tuple(dict.fromkeys(m.misconception for m in self.messages if m.misconception))


def quoted(value: Any) -> str:
    """A response as an error message quotes it: short, and in one line whatever it holds."""
    if isinstance(value, int) and value.bit_length() > 1000:
        return "a number of hundreds of digits"
    try:
        text = repr(value)
    except Exception:  # the repr of a stranger's object may do anything
        text = f"an object of type {type(value).__name__}"
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."
