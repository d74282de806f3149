"""One page of feedback for each learner: the questions as the learner met them, what was answered, and what is said to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from courseware.errors import CourseError
from courseware.grading.answers import Answers
from courseware.grading.marks import Marker
from courseware.grading.outputs import check_outputs, output_file
from courseware.grading.report.markup import POLICY, line, prompt_html
from courseware.grading.report.others import in_words
from courseware.grading.written import PAGE
from courseware.quiz.model import Quiz

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
    "h2{font-size:1.1rem;border-top:1px solid #999;padding-top:.6rem}pre{white-space:pre-wrap}p{overflow-wrap:anywhere}"
)
_LONGEST = 4000  # signs of an answer
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # no names of files on Windows


@dataclass
class _Learner:
    name: str
    file: str
    attempts: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    known: bool = False  # whether the roster has them

    def apart(self) -> list[_Learner]:
        """The same, or where it may be two of one name a part for each row: nobody reads another's page."""
        if self.known or len(set(self.numbers)) == len(self.numbers):
            return [self]
        return [_Learner(self.name, self.file, [attempt]) for attempt in self.attempts]


class FeedbackFiles:
    """Looks on while a class is graded, and at the end writes a file for each learner.

    Args:
        folder: where the files go, named by the roster's ids, or else by the learners' names.
        quiz: what was answered.
        markers: what grades it.
    """

    def __init__(self, folder: Path, quiz: Quiz, markers: Sequence[Marker]):
        self.folder, self.quiz, self.markers = folder, quiz, markers
        self._learners: dict[str, _Learner] = {}
        if folder.exists() and not folder.is_dir():
            raise CourseError(f"{folder}: not a folder; name one for the feedback files")

    def watch(self, answers: Answers, codes: Sequence[Sequence[int]]) -> None:
        """Take note of graded answers."""
        for row, (key, name) in enumerate(zip(answers.keys, answers.learners, strict=True)):
            person = answers.people[row] if answers.people else None
            learner = self._learners.setdefault(key, _Learner(name, (person.id if person else "") or name))
            learner.known = person is not None
            learner.numbers.append(answers.attempts[row])
            learner.attempts.append(self._attempt(answers, row, [column[row] for column in codes]))

    def _attempt(self, answers: Answers, row: int, codes: Sequence[int]) -> str:
        earned = sum(
            marker.weight * marker.outcomes[code].points for marker, code in zip(self.markers, codes, strict=True)
        )
        met = [
            (marker, code)
            for marker, code in zip(self.markers, codes, strict=True)
            if marker.outcomes[code].state != "not asked"
        ]
        out_of = sum(marker.weight for marker, _ in met)
        when = f", handed in {answers.handed_in[row]}" if answers.handed_in and answers.handed_in[row] else ""
        parts = [
            f"<p>Attempt {answers.attempts[row]}{escape(when)}: <strong>{earned:.4g} of {out_of:g} points</strong>.</p>"
        ]
        for place, (marker, code) in enumerate(met, 1):
            parts.append(self._question(marker, answers, row, code, place))
        return "\n".join(parts)

    def _question(self, marker: Marker, answers: Answers, row: int, code: int, place: int) -> str:
        outcome, text = marker.outcomes[code], answers.cells.get(marker.question.id, [""] * (row + 1))[row]
        seed = answers.seeds[row]
        question = marker.question if seed is None else marker.question.drawn(seed, self.quiz.lesson)
        code_shown = f"<pre>{escape(question.listing)}</pre>" if question.listing else ""
        parts = [f"<h2>Question {place}</h2>", prompt_html(question.prompt) + code_shown]
        if outcome.state in ("given", "unreadable"):
            parts.append(f"<p>Your answer: {escape(in_words(question, answers.form, text, _LONGEST))}</p>")
        points = f"{marker.weight * outcome.points:.3g} of {marker.weight:g}" if marker.weight else "not counted"
        said = line(outcome.feedback) or ("Right." if outcome.right else "")
        parts.append(f"<p>Points: {points}. {said}</p>")
        return "\n".join(parts)

    def write(self, force: bool = False) -> int:
        """Write the files; return how many.

        Raises:
            CourseError: if one cannot be written, or is another's file.
        """
        learners = {
            f"{key}\n{number}": part
            for key, learner in self._learners.items()
            for number, part in enumerate(learner.apart())
        }
        files = _names(learners)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CourseError(f"{self.folder}: cannot be made ({error.strerror}); name another folder") from None
        paths = {key: self.folder / name for key, name in files.items()}
        check_outputs(paths.values(), [], force)
        for key, path in paths.items():
            learner = learners[key]
            with output_file(path) as file:
                file.write(self._page(learner).encode("utf-8", "replace"))
        return len(paths)

    def _page(self, learner: _Learner) -> str:
        return (
            f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{PAGE}{POLICY}'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{line(self.quiz.title)}</title>'
            f"<style>{_STYLE}</style></head>\n<body><main>\n<h1>{line(self.quiz.title)}</h1>\n<p>{escape(learner.name)}</p>\n"
            + "\n".join(learner.attempts)
            + "\n</main></body></html>\n"
        )


def _names(learners: dict[str, _Learner]) -> dict[str, str]:
    """A file's name for each learner, which leads nowhere else and is the same on every system; no two are alike."""
    taken: set[str] = set()
    names = {}
    for key, learner in learners.items():
        safe = re.sub(r"[^\w-]+", "_", learner.file).strip("_")[:60] or "learner"
        safe = f"_{safe}" if _RESERVED.fullmatch(safe) else safe
        name, number = safe, 1
        while name.casefold() in taken:
            number += 1
            name = f"{safe}_{number}"
        taken.add(name.casefold())
        names[key] = f"{name}.html"
    return names
