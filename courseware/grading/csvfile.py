"""Read a CSV file of any length, a block of rows at a time, with the line where each row begins.

Each bad row is named, and no other is lost: rows with too many or too few fields, bytes that are not UTF-8, and a
quotation mark that is never closed, after which reading goes on with the very next line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from courseware.grading.problems import AnswersError

BLOCK_BYTES = 1024 * 1024
_LONGEST_LINE = 64 * 1024 * 1024
_MOST_LINES = 200  # of one row; a quotation mark that stays open for longer was never meant to
_DELIMITERS = ",;\t"
_SAYS_DELIMITER = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)  # a first line that Excel writes and reads
csv.field_size_limit(_LONGEST_LINE)  # a long cell costs its own points, not the row

Row = tuple[int, list[str]]  # the line (from 1) where it begins, and its cells


@dataclass
class Block:
    """Some rows of a table; `bad` holds the line of each row that could not be read, and what is wrong with it."""

    rows: list[Row] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)


class Table:
    """A CSV file: comma, semicolon or tab, UTF-8 with or without a byte order mark.

    Args:
        path: the file.

    Raises:
        AnswersError: if the file cannot be opened, or its first row read.
    """

    def __init__(self, path: Path):
        self.path = path
        try:
            with path.open("rb") as file:
                start = file.read(BLOCK_BYTES)
        except OSError as error:
            raise AnswersError(
                f"{path}: cannot be read ({error.strerror}); check the name and the permissions"
            ) from None
        if start.startswith((b"\xff\xfe", b"\xfe\xff")) or start[:1000].count(b"\0") * 4 > len(start[:1000]):
            raise AnswersError(f"{path}: not UTF-8 text; save it from the spreadsheet as `CSV UTF-8`")
        # Lines that end in a carriage return alone, as old Macs wrote them; else it stands within a row.
        self._newline = None if b"\r" in start and b"\n" not in start else "\n"
        lines = next(self._lines(), [])
        blank = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
        if said := _SAYS_DELIMITER.fullmatch("".join(lines[blank : blank + 1]).strip(" \r\n")):
            self.delimiter, blank = said[1], blank + 1
        else:
            outside_quotes = "".join("".join(lines[blank : blank + 1]).split('"')[::2])
            self.delimiter = max(_DELIMITERS, key=outside_quotes.count)
        _, self._after_header, cells = next(self._records(lines, blank, None, final=True), (0, 0, None))
        if cells is None:
            raise AnswersError(f"{path}: the file is empty; its first row names the columns, e.g. learner")
        if isinstance(cells, str):
            raise AnswersError(f"{path}:{blank + 1}: the first row, which names the columns, {cells}")
        self.header = [name.strip() for name in cells]

    def blocks(self) -> Iterator[Block]:
        """The rows after the first; blank ones are left out."""
        at, start, left = 1, self._after_header, list[str]()
        for lines in chain(self._lines(), [None]):
            if lines and not lines[-1].endswith("\n"):
                yield Block(bad=[(at + len(left), "a line without end; the rest is left out")])
                return
            final, lines = lines is None, left + (lines or [])
            block, left = Block(), []
            for first, _, cells in self._records(lines, start, len(self.header), final):
                if cells is None:
                    left = lines[first:]
                elif isinstance(cells, str):
                    block.bad.append((at + first, cells))
                elif any(map(str.strip, cells)):
                    block.rows.append((at + first, cells))
            at, start = at + len(lines) - len(left), 0
            yield block

    def _lines(self) -> Iterator[list[str]]:
        """The lines, a block at a time; or at last the beginning of one that is far too long, without its end."""
        rest = ""
        with self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline=self._newline) as file:
            while text := file.read(BLOCK_BYTES):
                *lines, rest = (rest + text).split("\n")
                if lines:
                    yield [line + "\n" for line in lines]
                if len(rest) > _LONGEST_LINE:
                    yield [rest]
                    return
        if rest:
            yield [rest + "\n"]

    def _records(
        self, lines: list[str], start: int, width: int | None, final: bool
    ) -> Iterator[tuple[int, int, list[str] | str | None]]:
        """Each row: its first line, the line after it, and its cells; or what is wrong with it; or None if it goes on."""
        is_text = _is_text("".join(lines))
        while start < len(lines):
            origin = start
            reader = csv.reader(map(lines.__getitem__, range(start, len(lines))), delimiter=self.delimiter, strict=True)
            try:
                for cells in reader:
                    first, start = start, origin + reader.line_num
                    if len(cells) == width and is_text:
                        yield first, start, cells
                    elif not all(map(_is_text, cells)):
                        yield first, start, "not UTF-8 text; save the file from the spreadsheet as `CSV UTF-8`"
                    elif width is None or len(cells) == width or not any(map(str.strip, cells)):
                        yield first, start, cells
                    else:
                        several, start = start > first + 1, first + 1
                        what = f"{len(cells)} fields, but the first row has {width}; mend the row, every other row is graded."
                        yield first, start, what + " A quotation mark may be left open in it." * several
                        if several:
                            break
            except csv.Error as error:
                unfinished = "unexpected end" in str(error)
                if unfinished and not final and len(lines) - start < _MOST_LINES:
                    yield start, len(lines), None
                    return
                reason = "a quotation mark is left open" if unfinished else str(error)
                yield start, start + 1, f"cannot be read ({reason}); mend the row, every other row is graded"
                start += 1


def _is_text(text: str) -> bool:
    """Whether it holds no NUL, and no bytes that are not UTF-8 and were read as surrogates."""
    if "\0" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
