"""Learners: names that differ only in how they are typed, and the roster of a class."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from os.path import isfile
from pathlib import Path

from courseware.errors import CourseError
from courseware.grading.csvfile import Table

# The headings of a roster, without spaces and signs: the course's own, those of Canvas, of Moodle, and of other lists.
_HEADINGS = {
    "id": (
        "id",
        "sisuserid",
        "idnumber",
        "studentid",
        "studentnumber",
        "matriculationnumber",
        "matrikelnummer",
        "number",
    ),
    "name": ("name", "student", "learner", "fullname", "studentname"),
    "first": ("firstname", "givenname", "forename", "vorname"),
    "last": ("lastname", "surname", "familyname", "nachname"),
    "email": (
        "email",
        "emailaddress",
        "emailadresse",
        "adressedecourriel",
        "correo",
        "mail",
        "sisloginid",
        "loginid",
        "login",
        "username",
    ),
    "section": (
        "section",
        "group",
        "groups",
        "class",
        "sections",
        "gruppe",
        "gruppen",
        "grupo",
        "grupos",
        "kurs",
    ),
}
_NO_ACCENTS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae", "Æ": "AE"}
)
_WORD = re.compile(r"[^\W_]+")
_NOBODY = ("points possible", "student, test", "test student")  # rows of Canvas's gradebook


def name_key(text: str) -> str:
    """A name as it is compared: capitals, spaces and the way that accents are stored do not count.

    >>> name_key("  Ann   LEE ") == name_key("ann lee"), name_key("Ali\N{COMBINING ACUTE ACCENT}") == name_key("Alí")
    (True, True)
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).casefold()
    return " ".join(text.lower().split())


def bare(text: str) -> str:
    """A name without its accents, as it is often typed.

    >>> bare("Zoë Müller"), bare("Łukasz Straße")
    ('zoe muller', 'lukasz strasse')
    """
    apart = unicodedata.normalize("NFKD", text.translate(_NO_ACCENTS).casefold())
    return name_key("".join(sign for sign in apart if not unicodedata.combining(sign)))


def unlike(name: str, other: str) -> bool:
    """Whether two names have nothing in common, not a word, the beginning of one, or most of their letters.

    >>> unlike("Bobby", "Ann Lee"), unlike("Annie", "Ann Lee"), unlike("A. Lee", "Ann Lee"), unlike("", "Ann Lee")
    (True, False, False, False)
    """
    if "@" in name or not any(map(str.isalpha, name)) or not any(map(str.isalpha, other)):
        return False
    mine, theirs = (_WORD.findall(bare(text)) for text in (name, other))
    common = any(a.startswith(b) or b.startswith(a) for a in mine for b in theirs if min(len(a), len(b)) > 1 or a == b)
    return not common and SequenceMatcher(None, bare(name), bare(other)).ratio() < 0.6


@dataclass(frozen=True)
class Person:
    """Somebody in the roster; what the roster does not say is empty. `canvas_id` is Canvas's own number."""

    line: int
    id: str
    name: str
    email: str
    section: str
    canvas_id: str = ""

    def __str__(self) -> str:
        about = ", ".join(filter(None, (self.id, self.section)))
        return (self.name or self.email or self.id) + (f" ({about})" if about and (self.name or self.email) else "")


class Roster:
    """The people of a class, found by id, e-mail or name.

    Args:
        path: a CSV file whose first row names the columns: id, name (or first and last name), e-mail, section. A
            gradebook exported from Canvas, or a list of participants from Moodle, will do.

    Raises:
        CourseError: if it cannot be used; the message says all that is wrong, with lines.
    """

    def __init__(self, path: Path):
        self.path = path
        if not isfile(path):
            raise CourseError(
                f"{path}: no such file; --roster names a CSV file with the columns id, name, email, section"
            )
        table = Table(path)
        columns = _columns(table.header)
        if not columns.keys() & {"id", "name", "email", "last"}:
            raise CourseError(
                f"{path}:1: none of the columns id, name, email; the first row names the columns, e.g. id,name,email,section"
            )
        used = set(columns.values())
        # Columns that are passed over, where one of those that are wanted was not found.
        self.passed_over = [name for number, name in enumerate(table.header) if name and number not in used]
        self.passed_over = [] if {"id", "email", "section"} <= columns.keys() else self.passed_over
        self.people: list[Person] = []
        problems: list[str] = []
        for block in table.blocks():
            problems += [f"{path}:{line}: {text}" for line, text in block.bad]
            for line, cells in block.rows:
                found = {name: " ".join(cells[number].split()) for name, number in columns.items()}
                name = found.get("name") or " ".join(filter(None, (found.get("first"), found.get("last"))))
                if name.lower() in _NOBODY:
                    continue
                person = Person(
                    line, found.get("id", ""), name, found.get("email", ""), found.get("section", ""),
                    found.get("canvas", ""),
                )  # fmt: skip
                if not (person.id or person.name or person.email):
                    problems.append(f"{path}:{line}: neither id, name nor e-mail; fill one in, or take the row away")
                self.people.append(person)
        self._by_key: dict[str, list[Person]] = {}
        self._by_bare: dict[str, list[Person]] = {}
        self._by_number: dict[str, list[Person]] = {}
        for person in self.people:
            for key in dict.fromkeys(
                name_key(text) for text in (person.id, person.email, *_spellings(person.name)) if text
            ):
                self._by_key.setdefault(key, []).append(person)
            for key in {either_way(text) for text in _spellings(person.name) if text}:
                self._by_bare.setdefault(key, []).append(person)
            if person.id.isdigit():
                self._by_number.setdefault(person.id.lstrip("0"), []).append(person)
        problems += self._twice()
        if problems:
            raise CourseError("\n".join(problems))
        if not self.people:
            raise CourseError(f"{path}: nobody is in this roster; write a row for each learner")

    def _twice(self) -> Iterable[str]:
        for what in ("id", "email"):
            seen: dict[str, Person] = {}
            for person in self.people:
                if key := name_key(getattr(person, what)):
                    if key in seen:
                        yield (
                            f"{self.path}:{person.line}: the {what} {getattr(person, what)} stands in line "
                            f"{seen[key].line} too; mend one of them"
                        )
                    seen.setdefault(key, person)

    def find(self, texts: Sequence[str]) -> Person | str:
        """Who is meant by an id, an e-mail and a name, whichever are there; or why that cannot be said."""
        several: list[Person] = []
        found: list[Person] = []
        unknown = ""
        for text in filter(None, map(str.strip, texts)):
            fitting = (
                self._by_key.get(name_key(text))
                or self._by_number.get(text.lstrip("0"))
                or self._by_bare.get(either_way(text), [])
            )
            if len(fitting) == 1:
                found += fitting
            else:
                several = several or fitting
                unknown = unknown or ("" if fitting or "@" in text or text == texts[-1].strip() else text)
        if len(set(found)) > 1:
            return f"the roster has {' and '.join(map(str, dict.fromkeys(found)))} for these; mend one of them"
        name = next((text.strip() for text in texts[-1:] if text.strip()), "")
        if found and name_key(name) not in map(name_key, (found[0].id, found[0].email)) and unlike(name, found[0].name):
            return f"{name} is not the name of {found[0]}, who has this id or e-mail; mend one of them"
        if found and unknown:
            return f"nobody in the roster has the id {unknown}, and {found[0]} has another; mend one of them"
        if found:
            return found[0]
        if several:
            return f"{len(several)} in the roster are called so ({', '.join(map(str, several))}); add the id"
        return "nobody in the roster has this id, e-mail or name"


def _columns(header: list[str]) -> dict[str, int]:
    """The columns of a roster by what they hold. In Canvas's gradebook `ID` is Canvas's own number."""
    plain = ["".join(filter(str.isalnum, name.lower())) for name in header]
    found = {
        what: plain.index(next(name for name in names if name in plain))
        for what, names in _HEADINGS.items()
        if any(name in plain for name in names)
    }
    if "sisuserid" in plain and "id" in plain:
        found["canvas"], found["id"] = plain.index("id"), plain.index("sisuserid")
    return found


def either_way(name: str) -> str:
    """A name without accents, and with its words in one order, whichever it was typed in."""
    return " ".join(sorted(_WORD.findall(bare(name))))


def _spellings(name: str) -> list[str]:
    """A name, and with the surname at the other end: ``Lee, Ann`` is ``Ann Lee``."""
    last, comma, first = name.partition(",")
    return [name, f"{first} {last}"] if comma else [name]
