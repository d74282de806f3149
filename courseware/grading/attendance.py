"""Who handed in: learners with several rows or files, and those of the roster who are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from courseware.grading.answers import Answers
from courseware.grading.people import Person, Roster
from courseware.grading.problems import Problems, count
from courseware.quiz.model import Quiz

_MOST_PLACES = 20_000  # rows whose places are remembered, to be named beside a second one


class Attendance:
    """Passes answers on and remembers whose they are.

    Args:
        problems: where a learner is listed who has the same attempt twice.
        roster: the class, if it is known.
    """

    def __init__(self, problems: Problems, roster: Roster | None = None):
        self.problems, self.roster = problems, roster
        if roster and roster.passed_over:
            named = ", ".join(f"`{name}`" for name in roster.passed_over[:5])
            problems.note(roster.path, 1, f"not read: {named}; the columns are called id, name, email, section")
        self.later = 0  # rows that are a second attempt or a later one
        self._seen: set[int] = set()  # hashes, since a class may have a million learners
        self._places: dict[int, str] = {}
        self._came: dict[str, set[Person]] = {}

    def watch(self, batches: Iterable[tuple[Quiz, Answers]]) -> Iterator[tuple[Quiz, Answers]]:
        """The same batches."""
        for quiz, answers in batches:
            self._take(quiz, answers)
            yield quiz, answers

    def _take(self, quiz: Quiz, answers: Answers) -> None:
        self._came.setdefault(quiz.lesson, set()).update(filter(None, answers.people))
        seen = self._seen
        for row, (key, attempt) in enumerate(zip(answers.keys, answers.attempts, strict=True)):
            mark = hash((quiz.lesson, key, attempt))
            if mark in seen:
                self._twice(answers, row, mark)
            seen.add(mark)
            self.later += attempt > 1
            if len(seen) <= _MOST_PLACES:
                self._places.setdefault(mark, answers.place(row))

    def _twice(self, answers: Answers, row: int, mark: int) -> None:
        known = bool(answers.people) and answers.people[row] is not None
        advice = "" if known else ". If they are two people, give each an id"
        first = f", after {self._places[mark]}" if mark in self._places else ""
        self.problems.note(
            answers.path,
            None if answers.form == "learner" else answers.lines[row],
            f"attempt {answers.attempts[row]} of {answers.learners[row]} once more{first}; every one is graded{advice}",
        )

    def finish(self) -> None:
        """List who is missing."""
        if not self.roster:
            return
        for lesson, came in self._came.items():
            missing = [person for person in self.roster.people if person not in came]
            if missing:
                names = "; ".join(map(str, missing))
                self.problems.note(
                    None, None, f"{lesson}: {len(missing)} of {count(len(self.roster.people), 'learner')} in the roster have "
                    f"no answers: {names}", loud=True,
                )  # fmt: skip
