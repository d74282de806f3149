"""What `course gradebook` does: tables of grades as one file that Moodle or Canvas imports, by the ids of the roster.

Moodle asks at the import which column says who it is (`ID number` or `Email address`) and which grade each other column
is. Canvas wants its own five first columns by these names, and in the second row the points to be had.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import click

from courseware.errors import CourseError
from courseware.grading.answers import in_order, moment
from courseware.grading.gradetable import Mark, read_marks
from courseware.grading.outputs import check_outputs, output_file
from courseware.grading.people import Person, Roster
from courseware.grading.problems import count
from courseware.grading.spreadsheet import PLAIN
from courseware.grading.written import GRADEBOOK

_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,12})?", re.ASCII)


def gradebook(
    tables: Sequence[Path],
    to: Literal["moodle", "canvas"],
    roster_file: Path,
    output: Path,
    names: Sequence[str] = (),
    attempt: Literal["first", "last", "best"] = "first",
    force: bool = False,
) -> int:
    """Write the marks of `tables`, a column each, for everybody in the roster; return the exit status.

    Args:
        tables: what `course grade` wrote.
        to: whose format.
        roster_file: the class.
        output: the file to write.
        names: what the columns are called, by default as the tables' files.
        attempt: which attempt of a learner counts.
        force: whether a file that the course did not write may be overwritten.

    Raises:
        CourseError: if a table, the roster or the file cannot be used.
    """
    titles = list(names) or [table.stem for table in tables]
    if len(titles) != len(tables):
        raise CourseError(f"{count(len(titles), 'name')} for {count(len(tables), 'table')}; add --name once for each")
    if len(set(titles)) < len(titles) or any(not title.strip() for title in titles):
        raise CourseError(f"Two columns would be called alike ({', '.join(titles)}); name each with --name")
    roster = Roster(roster_file)
    check_outputs([output], [*tables, roster_file], force)
    strangers: list[str] = []
    columns = [_column(table, roster, attempt, strangers) for table in tables]
    rows: list[Sequence[object]] = [(*GRADEBOOK[to], *titles)]
    if to == "canvas":
        rows.append(("    Points Possible", "", "", "", "", *(out_of for _, out_of in columns)))
    for person in roster.people:
        rows.append((*_about(person, to), *(marks[person].points if person in marks else "" for marks, _ in columns)))
    with output_file(output) as file:
        file.write(PLAIN.table(rows).encode())
    for line in strangers:
        click.echo(line, err=True)
    for title, (marks, _) in zip(titles, columns, strict=True):
        missing = len(roster.people) - len(marks)
        click.echo(f"{title}: {count(len(marks), 'mark')}, {missing:,} without one.", err=True)
    click.echo(f"Written to {output}.", err=True)
    return 1 if strangers else 0


def _about(person: Person, to: str) -> Iterable[str]:
    if to == "moodle":
        return person.id, person.email, person.name, person.section
    return person.name, person.canvas_id, person.id, person.email, person.section


def _column(path: Path, roster: Roster, attempt: str, strangers: list[str]) -> tuple[dict[Person, Mark], str]:
    """The mark of each learner in a table, and the points to be had; who is not in the roster is listed."""
    found: dict[Person, list[Mark]] = {}
    marks = read_marks(path)
    for mark in marks:
        if not (_is_number(mark.points) and mark.attempt.isdecimal()):
            strangers.append(
                f"{path}:{mark.line}: {mark.points!r} points in attempt {mark.attempt!r} are no mark; mend it"
            )
            continue
        if not _is_number(mark.out_of) or not 0 <= float(mark.points) <= float(mark.out_of):
            strangers.append(f"{path}:{mark.line}: {mark.points} points of {mark.out_of} cannot be had; mend them")
            continue
        person = roster.find([mark.id, mark.learner])
        if isinstance(person, Person) and mark.names_ids and not mark.id and person.id:
            person = f"`course grade` could not tell who it is; fill in the id ({person.id}?), or grade again with this roster"
        if isinstance(person, Person):
            found.setdefault(person, []).append(mark)
        else:
            strangers.append(f"{path}:{mark.line}: {mark.learner!r}: {person}")
    out_of = {mark.out_of for mark in marks}
    if len(out_of) > 1:
        raise CourseError(
            f"{path}: marks of {' and of '.join(sorted(out_of))} points; grade all of them at once, and give the "
            "questions of a pool one weight"
        )
    return {person: _counts(each, attempt) for person, each in found.items()}, next(iter(out_of), "")


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text))


def _counts(marks: list[Mark], attempt: str) -> Mark:
    """Of several attempts, the one that counts."""
    places = in_order([int(mark.attempt) for mark in marks], [moment(mark.handed_in) for mark in marks])
    ordered = [marks[place] for place in places]
    if attempt == "best":
        return max(ordered, key=lambda mark: float(mark.points))
    return ordered[0 if attempt == "first" else -1]
