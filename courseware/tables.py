"""Tables for a terminal, a log or a pipe, and in Markdown: the only printer of them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

_RULE = box.Box("    \n    \n----\n    \n    \n    \n    \n    \n", ascii=True)  # a line below the head, and no other
_WIDE = 10_000  # characters: nothing is wrapped or cut, so that a line can be found with grep


def text_table(head: Sequence[str], rows: Iterable[Sequence[object]], numbers: Iterable[str] = ()) -> str:
    """Text in columns, a line below the head; the columns called `numbers` are set to the right.

    >>> print(text_table(["n", "name"], [[1, "one"], [10, "ten"]], numbers=["n"]))
     n  name
    --------
     1  one
    10  ten
    """
    right = set(numbers)
    table = Table(box=_RULE, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for name in head:
        table.add_column(name, justify="right" if name in right else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(str(cell).replace("[", r"\[") for cell in row))
    page = io.StringIO()
    Console(file=page, width=_WIDE, color_system=None, legacy_windows=False).print(table)
    return "\n".join(line.rstrip() for line in page.getvalue().rstrip("\n").split("\n"))


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, a line for each row; a bar within a cell is escaped.

    >>> print(markdown_table(["claim"], [["a | b"]]))
    | claim |
    | --- |
    | a \\| b |
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
