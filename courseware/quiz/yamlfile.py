"""Read one YAML file strictly: plain data, the line of every entry, and all problems at once."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from courseware.errors import CourseError

MAX_BYTES = 512 * 1024
MAX_DEPTH = 8
MAX_PROBLEMS = 50
MAX_LINE = 400

INTEGER = re.compile(r"[-+]?(0|[1-9]\d{0,17})", re.ASCII)
DECIMAL = re.compile(r"[-+]?((0|[1-9]\d{0,17})(\.\d{0,30})?|\.\d{1,30})([eE][-+]?\d{1,3})?", re.ASCII)
WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
# Words, and figures with signs in between, that YAML 1.1 and 1.2 (or two people) read differently.
UNCLEAR_WORD = re.compile(r"y|n|yes|no|on|off|true|false|null|[-+]?\.(inf|nan)", re.IGNORECASE)
UNCLEAR_FIGURES = re.compile(
    r"[-+.]?\d[\d_:.,+-]*(e[-+]?\d+)?|0[xob][\da-f_]+|\d{4}-\d\d?-\d\d?[t ][\d:. zt+-]*", re.IGNORECASE
)

Path_ = tuple[str | int, ...]


class QuizError(CourseError):
    """Raised for a file that is not a good quiz; `problems` lists all that is wrong, each 'file:line: …; …'."""

    def __init__(self, problems: list[str]):
        self.problems = [as_seen(problem) for problem in problems]
        super().__init__("\n".join(self.problems))


def as_seen(text: str) -> str:
    """One line without what would drive a terminal, as a file's name or a stray sign may; these stand as escapes."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


class Document:
    """The data of one file, the line of each entry by its path, and the problems found so far.

    Mappings become dicts with text keys, sequences tuples, and scalars text, bool, int, float or None. A plain
    scalar that could be read in two ways (``no``, ``012``, ``1,5``, a date) is a problem, never a guess.
    """

    def __init__(self, path: Path):
        self.path = path
        self.data: Any = None
        self.lines: dict[Path_, int] = {}
        self._problems: list[tuple[int, str]] = []

    def problem(self, where: int | Path_, text: str) -> None:
        """Note what is wrong at a line, or at the entry with this path (or its nearest known ancestor).

        Raises:
            QuizError: with all problems, once they are many.
        """
        if not isinstance(where, int):
            while where not in self.lines and where:
                where = where[:-1]
            where = self.lines.get(where, 1)
        # A key may be as long as the file.
        text = re.sub(r"\S{200,}", lambda long: f"{long[0][:60]}...", " ".join(text.split("\n")))
        self._problems.append((where, text if len(text) <= MAX_LINE else f"{text[:MAX_LINE]}..."))
        if len(self._problems) > MAX_PROBLEMS:
            raise self._error()

    def _error(self) -> QuizError:
        unique = list(dict.fromkeys(sorted(self._problems, key=lambda problem: problem[0])))
        lines = [f"{self.path}:{line}: {text}" for line, text in unique[:MAX_PROBLEMS]]
        if len(self._problems) > MAX_PROBLEMS:
            lines.append(f"{self.path}: there may be more problems; mend these {len(lines)} first")
        return QuizError(lines)

    def raise_problems(self) -> None:
        """Raise `QuizError` with every problem noted so far, in the order of lines, if there is one."""
        if self._problems:
            raise self._error()


def read(path: Path) -> Document:
    """Read `path` into a `Document`; look at its problems with `raise_problems`.

    Raises:
        QuizError: if the file cannot be read as a YAML document at all.
    """
    document = Document(Path(path))
    try:
        _Builder(document, YAML(typ="safe", pure=True).parse(_text(document.path))).document()
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = str(getattr(error, "problem", None) or error).splitlines()[0]
        advice = "mend the text at or above this line"
        if what.startswith("mapping values are not allowed"):
            what = "a colon with a space behind it stands in a text without quotes"
            advice = 'put quotes around the text, prompt: "..."'
        start = getattr(error, "context_mark", None)
        if mark and start and start.line < mark.line:
            what += f" (what is read here began on line {start.line + 1})"
        document.problem(mark.line + 1 if mark else 1, f"not valid YAML: {what}; {advice}")
    except _Stop as stop:
        document.problem(*stop.args)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, AssertionError, OverflowError) as error:
        # The YAML library answers a few malformed files with these instead of an error of its own.
        document.problem(1, f"not valid YAML ({type(error).__name__}: {error}); compare with a file that works")
    if document.data is None:
        if not document._problems:
            document.problem(1, "the file is empty; start with `lesson:`, `title:` and `questions:`")
        document.raise_problems()
    return document


def _text(path: Path) -> str:
    """The text of a small UTF-8 text file."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _Stop(1, "not a file; name a .yaml file")
        if path.is_symlink() and path.parent.resolve() not in path.resolve().parents:
            raise _Stop(1, "a link that leads out of its folder; put the file itself there")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _Stop(1, f"cannot be read ({reason}); check the name and the permissions") from None
    if len(raw) > MAX_BYTES:
        raise _Stop(1, f"larger than {MAX_BYTES // 1024} KiB; split the quiz")
    if b"\0" in raw:
        raise _Stop(1, "not a text file; save it as plain text in UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, byte = raw[: error.start].count(b"\n") + 1, raw[error.start]
        raise _Stop(line, f"not UTF-8 text (byte 0x{byte:02x}); save the file as UTF-8") from None


class _Stop(Exception):
    """What ends the reading: a line, and what is wrong there."""


class _Builder:
    """Turns the parser's events into data in one pass, so that limits hold before anything is built."""

    def __init__(self, document: Document, events: Iterable[Any]):
        self.to = document
        self.events = iter(events)

    def document(self) -> None:
        event = next(self.events)
        while not isinstance(event, DocumentStartEvent):
            if isinstance(event, StreamEndEvent):
                return
            event = next(self.events)
        self.to.data = self.value(next(self.events), ())
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                self.to.problem(event.start_mark.line + 1, "a second document starts here; keep one in a file")
                return

    def value(self, event: Any, path: Path_) -> Any:
        line = event.start_mark.line + 1
        self.to.lines.setdefault(path, line)
        if len(path) > MAX_DEPTH:
            raise _Stop(line, f"nested deeper than {MAX_DEPTH} levels; a quiz file never needs that")
        if isinstance(event, AliasEvent) or event.anchor:
            raise _Stop(line, f"an anchor or alias ({event.anchor}); write the text out, quizzes do not use them")
        if getattr(event, "tag", None):
            self.to.problem(line, f"a YAML tag ({event.tag}); take it away, quizzes hold plain values only")
        if isinstance(event, ScalarEvent):
            return self.scalar(event, line)
        if isinstance(event, SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := next(self.events), SequenceEndEvent):
                items.append(self.value(event, (*path, len(items))))
            return tuple(items)
        return self.mapping(path) if isinstance(event, MappingStartEvent) else None

    def mapping(self, path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            line = event.start_mark.line + 1
            key = event.value if isinstance(event, ScalarEvent) else None
            if key is None:
                self.value(event, (*path, "?"))
                self.to.problem(line, "a key that is not a word; write `key: value`")
            elif key in found:
                first = self.to.lines[(*path, key)]
                self.to.problem(line, f"the key `{key}` stands here and on line {first}; keep one")
            else:
                self.to.lines[(*path, key)] = line
            value = self.value(next(self.events), (*path, f"{key} again" if key in found else str(key)))
            if key is not None:
                found.setdefault(key, value)
        return found

    def scalar(self, event: ScalarEvent, line: int) -> Any:
        text = event.value
        if event.style is not None or not event.implicit[0]:
            return text
        if text in WORDS:
            return WORDS[text]
        if INTEGER.fullmatch(text):
            return int(text)
        if DECIMAL.fullmatch(text):
            return float(text)
        shown = text if len(text) < 40 else text[:37] + "..."
        two_ways = f'`{shown}` can be read in more ways than one; write "{shown}" in quotes if it is text, '
        if UNCLEAR_WORD.fullmatch(text):
            self.to.problem(line, two_ways + "true or false if it is a truth value")
        elif UNCLEAR_FIGURES.fullmatch(text):
            self.to.problem(line, two_ways + "a plain number such as 12 or 0.25 if it is a number")
        return text
