"""What of Moodle's table is found row by row: which column answers which question, and which attempt a row is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from courseware.grading import moodle
from courseware.grading.answers import drawn_questions, no_seed
from courseware.grading.columns import Columns
from courseware.grading.csvfile import Row, Table
from courseware.grading.moodlequestions import Asked, by_text
from courseware.grading.moodletimes import read_time
from courseware.grading.people import name_key
from courseware.grading.problems import Problems, count
from courseware.quiz.model import Quiz


class AsAsked:
    """Parts the rows of a table by which column answers which question, as the columns say that were asked.

    Args:
        path: the table.
        columns: which column is what.
        problems: where questions are listed that the quiz does not have.
        seed: says what the numbers of a row were drawn with.
    """

    def __init__(self, path: Path, columns: Columns, problems: Problems, seed: Callable[[Sequence[str]], str | None]):
        self.path, self.columns, self.problems, self._seed = path, columns, problems, seed
        self._asked: dict[str | None, Asked] = {}
        self._told: set[tuple[str, str]] = set()

    def parted(self, quiz: Quiz, fit: dict[str, int], rows: list[Row]) -> Iterator[tuple[dict[str, int], list[Row]]]:
        """The rows by which column answers which question, where a column says what was asked."""
        columns = self.columns
        if not columns.asked:
            yield fit, rows
            return
        places = {number: place for place, number in columns.answers.items()}
        by_place = {places[number]: id_ for id_, number in fit.items()}
        parts: dict[tuple[tuple[str, int], ...], list[Row]] = {}
        for line, cells in rows:
            seed = self._seed(cells)
            if seed not in self._asked:
                self._asked[seed] = Asked(quiz, seed)
            texts = {place: cells[number] for place, number in columns.asked.items() if place in columns.answers}
            found, strange = by_text(
                self._asked[seed], {place: text for place, text in texts.items() if text.strip("- ")}, by_place
            )
            # What nothing was said of is taken by its place.
            for place, id_ in by_place.items():
                if not texts.get(place, "").strip("- ") and id_ not in found:
                    found[id_] = place
            strange = [each for each in strange if cells[columns.answers[each]].strip() not in moodle.NOT_ANSWERED]
            if seed is None and strange and drawn_questions(quiz):
                self.problems.lost(self.path, line, no_seed(drawn_questions(quiz)))
                continue
            for place in strange:
                self._tell_strange(quiz, place, texts[place], line, seed)
            part = tuple(sorted((id_, columns.answers[place]) for id_, place in found.items()))
            parts.setdefault(part, []).append((line, cells))
        for part, of_it in parts.items():
            missing = [each.id for each in quiz.questions if not each.pool and each.id not in dict(part)]
            if missing and (quiz.lesson, " ".join(missing)) not in self._told:
                self._told.add((quiz.lesson, " ".join(missing)))
                named = ", ".join(f"`{name}`" for name in missing)
                self.problems.note(
                    self.path, None, f"WARNING: no column asks {named}; nobody gets points there (from line {of_it[0][0]})", loud=True
                )  # fmt: skip
            yield dict(part), of_it

    def _tell_strange(self, quiz: Quiz, place: str, text: str, line: int, seed: str | None) -> None:
        if (place, text) in self._told:
            return
        self._told.add((place, text))
        short = " ".join(text.split())
        drawn = (
            f", or has other numbers than the seed {seed} draws" if drawn_questions(quiz) and seed is not None else ""
        )
        self.problems.note(
            self.path, line, f"WARNING: `Question {place}` ({short[:60]}{'...' if short[60:] else ''}) is no question of "
            f"{quiz.lesson} as it is now{drawn}; `Response {place}` is left out. Grade with the quiz that was exported", loud=True,
        )  # fmt: skip


def numbered(table: Table, columns: Columns, problems: Problems) -> dict[int, tuple[int, str]]:
    """Of each line of Moodle's table which attempt of its learner it is, by time, and the time."""
    found: dict[str, list[tuple[str, int]]] = {}
    unread = 0
    several = False
    for block in table.blocks():
        for line, cells in block.rows:
            if columns.state is not None and cells[columns.state].strip().lower() not in moodle.FINISHED:
                continue
            time = next(filter(None, (read_time(cells[number]) for number in columns.times)), "")
            unread += not time
            mine = found.setdefault(name_key(" ".join(cells[number] for number in columns.learner)), [])
            several = several or bool(mine)
            mine.append((time, line))
    if unread and several:
        problems.note(
            table.path, None, f"WARNING: {count(unread, 'row')} without a time that can be read in `Completed` or `Started on`; "
            "a learner's attempts are numbered as their rows stand", loud=True,
        )  # fmt: skip
    attempts: dict[int, tuple[int, str]] = {}
    for mine in found.values():
        if all(time for time, _ in mine):
            mine.sort()
        attempts |= {line: (number, time) for number, (time, line) in enumerate(mine, 1)}
    return attempts
