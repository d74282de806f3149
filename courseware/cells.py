"""What became of the cells that a learner ran: which names a failed cell left as they were, and what a restart forgot."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

from IPython import get_ipython

MISSING = object()  # in the place of what is not there
LIKE_A_DEFINITION = re.compile(r"^(?:(\w+)\s*(?::[^=\n]+)?=(?!=)|(?:async\s+)?def\s+(\w+)|class\s+(\w+))", re.MULTILINE)
NAME_ERROR = re.compile(r"name '(\w+)' is not defined")


class Cells:
    """Told by IPython before and after each cell; without IPython it knows of none.

    Attributes:
        stale: the names that a failed cell was to define and did not, each with the name of the error.
    """

    def __init__(self, notebook: Path):
        self.stale: dict[str, str] = {}
        self._notebook = notebook
        self._before: dict[str, Any] = {}
        self._shell: Any = get_ipython()

    def watch(self) -> None:
        """Begin to be told, in the place of one that was told before."""
        if self._shell is None:
            return
        events = self._shell.events
        for name, told in (("pre_run_cell", self.before), ("post_run_cell", self.after)):
            for earlier in [each for each in events.callbacks[name] if _is_ours(each)]:
                events.unregister(name, earlier)
            events.register(name, told)

    def before(self, info: Any) -> None:
        """Remember what the names stand for that the cell is to define."""
        names = defined_in(info.raw_cell)
        self._before = {name: self._shell.user_ns.get(name, MISSING) for name in names}
        for name in names:  # the cell may define it and have it checked as well
            self.stale.pop(name, None)

    def after(self, result: Any) -> None:
        """See which of them a cell that failed has left as they were; after a NameError say what to run again."""
        error = result.error_before_exec or result.error_in_exec
        for name, value in self._before.items():
            if error is not None and self._shell.user_ns.get(name, MISSING) is value:
                self.stale[name] = type(error).__name__
        self._before = {}
        if type(error) is NameError and (found := NAME_ERROR.search(str(error))) and self._made_above(found[1]):
            print(
                f"`{found[1]}` is made in an earlier cell, which has not been run since Python was started.\n"
                "Choose Run > Run All Above Selected Cell, then run this cell again."
            )

    def _made_above(self, name: str) -> bool:
        try:
            cells = json.loads(self._notebook.read_text(encoding="utf-8"))["cells"]
        except (OSError, ValueError, KeyError):
            return False
        return any(name in defined_in("".join(c["source"])) for c in cells if c["cell_type"] == "code")


def _is_ours(callback: Any) -> bool:
    return isinstance(getattr(callback, "__self__", None), Cells)


def defined_in(code: str) -> set[str]:
    """The names that a cell defines at its top level: variables, functions, classes and imports.

    >>> sorted(defined_in("import numpy as np\\nfor i in [1]:\\n    a, (b, *c) = i\\ndef f(x):\\n    y = x"))
    ['a', 'b', 'c', 'f', 'i', 'np']
    >>> sorted(defined_in("pixels = "))  # no Python yet
    ['pixels']
    """
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return {name for names in LIKE_A_DEFINITION.findall(code) for name in names if name}
    found = set()
    todo: list[ast.AST] = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
            todo.extend(ast.iter_child_nodes(node))
    return found
