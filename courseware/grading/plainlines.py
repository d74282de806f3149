"""Read blocks of CSV in which each line is a row and no cell is quoted: most of any class's answers, and quickly.

Neighbouring columns of which few combinations occur, as of answers to a quiz, are looked up together: a stretch of four
cells costs little more than one cell.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from courseware.grading.arrays import number_array
from courseware.grading.stretches import Cells, Stretch

_LONGEST_STRETCH = 4
_MOST_DISTINCT = 1 / 6  # of the rows; with more distinct texts a stretch is halved, since each goes through Python


class PlainLines:
    """Reads the blocks of one file; several threads may.

    Args:
        delimiter: what stands between two cells.
        width: the number of columns.
        encoded: the numbers (from 0) of the columns to read dictionary-encoded.
        text: of those to read as plain text.
        together: of those among `encoded` that may be kept as stretches, in the order that they should have.
    """

    def __init__(
        self, delimiter: str, width: int, encoded: Iterable[int], text: Iterable[int], together: Iterable[int] = ()
    ):
        self._delimiter, self._width, self._text = delimiter, width, frozenset(text)
        self._together = list(together)
        apart = {*encoded, *self._text} - {*self._together}
        self._parts = sorted([*_stretches(self._together), *((number,) for number in apart)])

    def read(self, block: bytes) -> Cells | None:
        """The columns by number, or None unless every line is a row of the right length in plain UTF-8."""
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n")
        if b'"' in block or b"\r" in block:
            return None
        ends = self._ends_of_cells(block)
        if ends is None:
            return None
        try:
            return self._cells(block, ends, self._parts)
        except pa.ArrowInvalid:  # not UTF-8
            return None

    def _ends_of_cells(self, block: bytes) -> np.ndarray | None:
        """Where each cell ends, shape (rows, columns)."""
        signs = np.frombuffer(block, dtype=np.uint8)
        line_ends = signs == ord("\n")
        rows = np.count_nonzero(line_ends)
        ends = np.flatnonzero(line_ends | (signs == ord(self._delimiter)))
        if len(ends) != rows * self._width:
            return None
        ends = ends.reshape(rows, self._width)
        return ends if line_ends[ends[:, -1]].all() else None

    def _cells(self, block: bytes, ends: np.ndarray, parts: list[tuple[int, ...]]) -> Cells:
        # An Arrow array of texts is one run of bytes, and the places to cut it. Here these are the bytes of the block,
        # cut where each part begins and ends; what lies between two parts becomes a text too, which nobody looks at.
        cuts = np.empty((len(ends), 2 * len(parts)), dtype=np.int32)
        for place, part in enumerate(parts):
            if part[0]:
                cuts[:, 2 * place] = ends[:, part[0] - 1] + 1
            else:
                cuts[0, 0], cuts[1:, 0] = 0, ends[:-1, -1] + 1
            cuts[:, 2 * place + 1] = ends[:, part[-1]]
        looked_up = np.zeros(cuts.shape, dtype=bool)
        looked_up[:, ::2] = [part[0] not in self._text for part in parts]
        pieces = _pieces(block, cuts, None)
        encoded = _pieces(block, cuts, np.packbits(looked_up, bitorder="little")).dictionary_encode()
        texts = encoded.dictionary.cast(pa.string())
        numbers = np.frombuffer(encoded.indices.buffers()[1], dtype=np.int32)
        columns, stretches = {}, {}
        for place, part in enumerate(parts):
            if part[0] in self._text:
                at = np.arange(2 * place, cuts.size, cuts.shape[1], dtype=np.int32)
                columns[part[0]] = pieces.take(number_array(at)).cast(pa.string())
            else:
                mine = numbers[2 * place : cuts.size - 1 : cuts.shape[1]].astype(np.intp)
                stretch = _stretch(texts, mine, self._delimiter)
                if part[0] in self._together:
                    stretches[part] = stretch
                else:
                    [columns[part[0]]] = stretch.columns()
        self._parts = [half for part in parts for half in _halves(part, stretches.get(part))]
        return Cells(columns, stretches)


def _stretches(columns: list[int]) -> list[tuple[int, ...]]:
    """Neighbours together, at most `_LONGEST_STRETCH` of them.

    >>> _stretches([1, 2, 3, 4, 5, 8, 7])
    [(1, 2, 3), (4, 5), (8,), (7,)]
    """
    runs: list[list[int]] = []
    for column in columns:
        if runs and column == runs[-1][-1] + 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    return [
        tuple(part.tolist()) for run in runs for part in np.array_split(run, -(-len(run) // _LONGEST_STRETCH))
    ]  # fmt: skip


def _halves(part: tuple[int, ...], stretch: Stretch | None) -> list[tuple[int, ...]]:
    """The part of a row as the next block should be read: halved if too many of its texts are distinct."""
    middle = len(part) // 2
    if not middle or stretch is None or len(stretch.texts) <= max(100, _MOST_DISTINCT * len(stretch.numbers)):
        return [part]
    return [part[:middle], part[middle:]]


def _stretch(texts: pa.Array, numbers: np.ndarray, delimiter: str) -> Stretch:
    """Of all `texts` only those that `numbers` name."""
    met = np.zeros(len(texts), dtype=bool)
    met[numbers] = True
    at = np.flatnonzero(met)
    number_of = np.cumsum(met) - 1
    return Stretch(texts.take(number_array(at)), number_of[numbers], delimiter)


def _pieces(block: bytes, cuts: np.ndarray, valid: np.ndarray | None) -> pa.Array:
    """The bytes between each of `cuts` and the next."""
    buffers = [None if valid is None else pa.py_buffer(valid), pa.py_buffer(cuts), pa.py_buffer(block)]
    return pa.Array.from_buffers(pa.binary(), cuts.size - 1, buffers)
