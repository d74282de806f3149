"""Columns of cells, of which neighbours may be kept together: as stretches, taken apart only when that is asked for."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from courseware.grading.arrays import number_array, text_array


@dataclass(frozen=True)
class Stretch:
    """Some neighbouring cells of each row: the distinct `texts`, and the position of each row's among them."""

    texts: pa.StringArray
    numbers: np.ndarray
    delimiter: str

    def columns(self) -> list[pa.Array]:
        """The columns apart, as dictionary-encoded text.

        >>> [column.to_pylist() for column in Stretch(text_array(["a,b", "a,c"]), np.array([0, 1, 1]), ",").columns()]
        [['a', 'a', 'a'], ['b', 'c', 'c']]
        """
        found = []
        for cells in zip(*(text.split(self.delimiter) for text in self.texts.to_pylist()), strict=True):
            distinct = {text: number for number, text in enumerate(dict.fromkeys(cells))}
            of_text = np.array([distinct[text] for text in cells], dtype=np.int32)
            indices = number_array(of_text[self.numbers])
            found.append(pa.DictionaryArray.from_arrays(indices, text_array(list(distinct))))
        return found


class Cells(Mapping):
    """Columns by name, as Arrow arrays.

    Args:
        columns: those that are apart.
        stretches: those that are together, by the names of their columns.
    """

    def __init__(self, columns: Mapping[Any, pa.Array], stretches: Mapping[tuple, Stretch] | None = None):
        self._columns, self.stretches = dict(columns), dict(stretches or {})
        self._stretch_of = {name: names for names in self.stretches for name in names}

    def __getitem__(self, name: Hashable) -> pa.Array:
        if name not in self._columns:
            names = self._stretch_of[name]
            self._columns |= zip(names, self.stretches[names].columns(), strict=True)
        return self._columns[name]

    def __iter__(self) -> Iterator:
        return iter({**self._columns, **self._stretch_of})

    def __len__(self) -> int:
        return len({**self._columns, **self._stretch_of})

    def filter(self, mask: np.ndarray) -> Cells:
        """The rows where `mask` is true."""
        chosen = pa.array(mask)
        return Cells(
            {name: column.filter(chosen) for name, column in self._columns.items()},
            {names: Stretch(s.texts, s.numbers[mask], s.delimiter) for names, s in self.stretches.items()},
        )

    def renamed(self, names: Mapping[Any, Any]) -> Cells:
        """Only the columns in `names`, by what each is called there."""
        together = {old: s for old, s in self.stretches.items() if all(name in names for name in old)}
        apart = names.keys() - {name for old in together for name in old}
        return Cells(
            {names[name]: self[name] for name in apart},
            {tuple(names[name] for name in old): stretch for old, stretch in together.items()},
        )
