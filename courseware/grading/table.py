"""Read a CSV file of any length, a block at a time: columns as Arrow arrays, and the physical line of every row.

A block in which each line is a row and nothing is quoted is cut by `plainlines`, one with quoted cells by pyarrow. A block with anything else in it (line breaks
in quoted cells, blank lines, rows with too many or too few fields, bytes that are not UTF-8, a quotation mark that is
never closed) goes through Python's csv module line by line, so that each bad row is named and no other is lost.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from courseware.grading.inorder import in_order
from courseware.grading.plainlines import PlainLines
from courseware.grading.problems import GradebookError
from courseware.grading.stretches import Cells

BLOCK_BYTES = 4 * 1024 * 1024
_LONGEST_LINE = 64 * 1024 * 1024
_MOST_LINES = 200  # of one row; a quotation mark that stays open for longer was never meant to
_ENDS = (b"\n", b"\r")
_DELIMITERS = ",;\t"
_BROKEN = re.compile("[\udc80-\udcff]")  # what "surrogateescape" makes of bytes that are not UTF-8
_TEXT, _CELL = pa.string(), pa.dictionary(pa.int32(), pa.string())
_RAW_CELL = pa.dictionary(pa.int32(), pa.binary())  # only the distinct cells need a look whether they are UTF-8


@dataclass(frozen=True)
class Block:
    """Some rows of a table: the columns asked for, and the line (from 1) where each row begins.

    `bad` holds the line of each row that could not be read, and what is wrong with it.
    """

    columns: Cells
    lines: np.ndarray
    bad: tuple[tuple[int, str], ...] = ()


class Table:
    """A CSV file: comma, semicolon or tab, UTF-8 with or without a byte order mark.

    Args:
        path: the file.

    Raises:
        GradebookError: if the file cannot be opened, or its first row read.
    """

    def __init__(self, path: Path):
        self.path = path
        try:
            with path.open("rb") as file:
                start = file.read(BLOCK_BYTES)
        except OSError as error:
            raise GradebookError(
                f"{path}: cannot be read ({error.strerror}); check the name and the permissions"
            ) from None
        if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start[:1000]:
            raise GradebookError(f"{path}: not UTF-8 text; save it from the spreadsheet as `CSV UTF-8`")
        self._skip = 3 if start.startswith(b"\xef\xbb\xbf") else 0
        self._old_mac = b"\n" not in start and b"\r" in start
        lines = _lines(self._ends(start[self._skip :]))
        blank = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
        self.delimiter = max(_DELIMITERS, key=lambda sign: _outside_quotes(lines[blank : blank + 1]).count(sign))
        first = next(_records(lines[blank:], self.delimiter, True), None)
        if first is None:
            raise GradebookError(f"{path}: the file is empty; its first row names the columns, e.g. learner")
        if isinstance(first.fields, str):
            raise GradebookError(f"{path}:{blank + 1}: the first row, which names the columns, {first.fields}")
        self.header = [name.strip() for name in first.fields]
        used = blank + first.lines
        self._skip += sum(len(line) for line in lines[:used])
        self._first_line = used + 1

    def blocks(self, encoded: Iterable[int], text: Iterable[int], together: Iterable[int] = ()) -> Iterator[Block]:
        """The rows, with the columns of these numbers (from 0), dictionary-encoded or as plain text.

        Of the encoded ones, those in `together` may come as stretches.
        """
        types = dict.fromkeys(encoded, _CELL) | dict.fromkeys(text, _TEXT)
        plain = PlainLines(self.delimiter, len(self.header), encoded, text, together)
        line, left = self._first_line, b""
        for block, columns in in_order(lambda raw: (raw, plain.read(raw) or self._fast(raw, types)), self._raw()):
            if not block.endswith(_ENDS):
                yield Block(Cells({}), np.array([]), ((line, "a line without end; the rest is left out"),))
                return
            if left:
                block = left + block
                columns = self._fast(block, types)
            lines = _count(block, b"\n")
            if columns is not None:
                left = b""
                yield Block(columns, np.arange(line, line + lines))
            else:
                found, left = self._careful(block, types, line, final=False)
                lines -= left.count(b"\n")
                yield found
            line += lines
        if left:
            yield self._careful(left, types, line, final=True)[0]

    def _raw(self) -> Iterator[bytes]:
        """The bytes, in blocks of whole lines; or at last the beginning of a line that is far too long."""
        rest = b""
        with self.path.open("rb") as file:
            file.seek(self._skip)
            while read := self._ends(file.read(BLOCK_BYTES)):
                cut = read.rfind(b"\n") + 1
                if cut:
                    yield b"".join([rest, memoryview(read)[:cut]])
                    rest = b""
                rest += read[cut:]
                if len(rest) > _LONGEST_LINE:
                    yield rest
                    return
        if rest:
            yield rest if rest.endswith(_ENDS) else rest + b"\n"

    def _ends(self, raw: bytes) -> bytes:
        return raw.replace(b"\r", b"\n") if self._old_mac else raw

    def _fast(self, block: bytes, types: dict[int, pa.DataType]) -> Cells | None:
        """The columns as pyarrow reads them, or None unless every line is a row of the right length."""
        quotes = _count(block, b'"')
        if quotes % 2:
            return None
        names = [str(number) for number in range(len(self.header))]
        try:
            table = pyarrow.csv.read_csv(
                pa.BufferReader(block),
                pyarrow.csv.ReadOptions(column_names=names, block_size=max(len(block) // 2, 1024)),
                pyarrow.csv.ParseOptions(delimiter=self.delimiter, newlines_in_values=quotes > 0),
                pyarrow.csv.ConvertOptions(
                    column_types={names[n]: _RAW_CELL if kind == _CELL else kind for n, kind in types.items()},
                    include_columns=[names[number] for number in types],
                    strings_can_be_null=False,
                ),
            )
            if table.num_rows != _count(block, b"\n"):
                return None
            columns = [_as_text(column.unify_dictionaries().combine_chunks()) for column in table.columns]
        except pa.ArrowInvalid:
            return None
        return Cells(dict(zip(types, columns, strict=True)))

    def _careful(self, block: bytes, types: dict[int, pa.DataType], line: int, final: bool) -> tuple[Block, bytes]:
        """The block as Python's csv module reads it, and the bytes of a row that is not complete yet."""
        physical = _lines(block)
        kept, numbers, bad, left = [], [], [], b""
        for record in _records(physical, self.delimiter, final, len(self.header)):
            if record.fields is None:
                left = b"".join(physical[record.first :])
            elif isinstance(record.fields, str):
                bad.append((line + record.first, record.fields))
            elif any(field.strip() for field in record.fields):
                kept.append(record.fields)
                numbers.append(line + record.first)
        columns = {
            number: pa.array([fields[number] for fields in kept], _TEXT).cast(kind) for number, kind in types.items()
        }
        return Block(Cells(columns), np.array(numbers, dtype=np.int64), tuple(bad)), left


@dataclass(frozen=True)
class _Record:
    """One row: its first line (from 0), how many lines it has, and its cells, or what is wrong, or None (unfinished)."""

    first: int
    lines: int
    fields: list[str] | str | None


def _records(lines: list[bytes], delimiter: str, final: bool, width: int | None = None) -> Iterator[_Record]:
    """The rows in `lines`; after a bad one, reading goes on with the very next line."""
    start = 0
    while start < len(lines):
        taken = [start]
        reader = csv.reader(_decoded(lines, taken), delimiter=delimiter, strict=True)
        try:
            for fields in reader:
                several = taken[0] - start > 1
                if wrong := _fault(fields, width, several):
                    yield _Record(start, 1, wrong)
                    if several and "UTF-8" not in wrong:
                        taken[0] = start + 1
                        break
                else:
                    yield _Record(start, taken[0] - start, fields)
                start = taken[0]
        except csv.Error as error:
            ended = taken[0] == len(lines) and "unexpected end" in str(error)
            if ended and not final and len(lines) - start < _MOST_LINES:
                yield _Record(start, len(lines) - start, None)
                return
            yield _Record(start, 1, f"cannot be read ({_reason(error)}); mend the row, every other row is graded")
            taken[0] = start + 1
        start = taken[0]


def _decoded(lines: list[bytes], taken: list[int]) -> Iterator[str]:
    while taken[0] < len(lines):
        taken[0] += 1
        yield lines[taken[0] - 1].decode("utf-8", "surrogateescape")


def _fault(fields: list[str], width: int | None, several: bool) -> str | None:
    if any(not field.isascii() and _BROKEN.search(field) for field in fields):
        return "not UTF-8 text; save the file from the spreadsheet as `CSV UTF-8`"
    if width is None or len(fields) == width or not any(field.strip() for field in fields):
        return None
    more = " A quotation mark may be left open in it." if several else ""
    return f"{len(fields)} fields, but the first row has {width}; mend the row, every other row is graded.{more}"


def _reason(error: csv.Error) -> str:
    return "a quotation mark is left open" if "unexpected end" in str(error) else str(error)


def _as_text(column: pa.Array) -> pa.Array:
    if column.type != _RAW_CELL:
        return column
    return pa.DictionaryArray.from_arrays(column.indices, column.dictionary.cast(_TEXT))


def _count(block: bytes, sign: bytes) -> int:
    """`bytes.count`, several times as fast where there are many."""
    return int(np.count_nonzero(np.frombuffer(block, dtype=np.uint8) == sign[0]))


def _lines(raw: bytes) -> list[bytes]:
    return io.BytesIO(raw).readlines()


def _outside_quotes(lines: list[bytes]) -> str:
    """What stands outside of quotation marks."""
    return "".join("".join(line.decode("utf-8", "replace").split('"')[::2]) for line in lines)
