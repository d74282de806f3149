"""Make all mutants of a cell: every small change to its solution, one at a time."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from courseware.verify.mutants import expressions, statements

Path = tuple[ast.AST, ...]  # a node's parents, the outermost first
WIDTH = 100  # characters that a change may be shown in


@dataclass(frozen=True)
class Mutant:
    """A cell with one change: what was changed, ``old -> new``, and the code of the whole cell."""

    change: str
    code: str


def mutants(source: str, regions: list[range]) -> list[Mutant]:
    """Return the mutants of `source`, each different from it and from the others.

    Args:
        source: the code of a cell.
        regions: the lines (from 1) that may be changed.

    >>> cell = '''def double(x):
    ...     return 2 * x'''
    >>> for mutant in mutants(cell, [range(2, 3)]):
    ...     print(mutant.change)
    return 2 * x -> pass
    return 2 * x -> return 2 / x
    return 2 * x -> return 2 + x
    return 2 * x -> return 2
    return 2 * x -> return x
    return 2 * x -> return 3 * x
    return 2 * x -> return 1 * x
    """
    tree = ast.parse(source)
    made = {ast.unparse(tree): ""}
    for change, code in _changes(tree, regions):
        made.setdefault(code, change)
    return [Mutant(change, code) for code, change in made.items() if change]


def _changes(tree: ast.Module, regions: list[range]) -> Iterator[tuple[str, str]]:
    texts = _texts(tree, regions)
    for parents, holder, key in list(_slots(tree, ())):
        node = holder[key] if isinstance(holder, list) else getattr(holder, key)
        if not _inside(node, regions):
            continue
        if isinstance(node, ast.stmt):
            for others, count in statements.variants(holder, key):
                old = holder[key : key + count]
                if not all(_inside(each, regions) for each in old):
                    continue
                holder[key : key + count] = others
                code = ast.unparse(tree)
                holder[key : key + len(others)] = old
                yield f"{_brief(old)} -> {_brief(others)}", code
        elif not isinstance(getattr(node, "ctx", None), ast.Store):
            shown = _shown([*parents, node])
            before = ast.unparse(shown)
            for new in expressions.variants(node, _names(parents), texts):
                _put(holder, key, new)
                yield f"{before} -> {ast.unparse(new if shown is node else shown)}", ast.unparse(tree)
            _put(holder, key, node)


def _slots(node: ast.AST, parents: Path) -> Iterator[tuple[Path, Any, Any]]:
    """Every place below `node` that holds an expression or a statement: its parents, and holder and key to reach it."""
    for field, value in ast.iter_fields(node):
        many = isinstance(value, list)
        for key, child in list(enumerate(value)) if many else [(field, value)]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr):
                continue
            if isinstance(child, ast.expr | ast.stmt) and not isinstance(child, ast.Slice):
                yield (*parents, node), value if many else node, key
            yield from _slots(child, (*parents, node))


def _put(holder: Any, key: Any, node: ast.AST) -> None:
    if isinstance(holder, list):
        holder[key] = node
    else:
        setattr(holder, key, node)


def _shown(path: list[ast.AST]) -> ast.AST:
    """The widest node of `path` that can be read in one line: the statement, or a part of it."""
    best = path[-1]
    for node in reversed(path):
        if isinstance(node, ast.expr | ast.keyword) or (isinstance(node, ast.stmt) and not hasattr(node, "body")):
            text = ast.unparse(node)
            if len(text) > WIDTH or "\n" in text:
                break
            best = node
        elif isinstance(node, ast.stmt):
            break
    return best


def _brief(nodes: list[ast.stmt]) -> str:
    return "; ".join(" ".join(ast.unparse(node).split())[:WIDTH] for node in nodes)


def _names(parents: Path) -> list[str]:
    """The parameters and variables of the innermost function around a node."""
    functions = [node for node in parents if isinstance(node, ast.FunctionDef)]
    if not functions:
        return []
    given = [argument.arg for argument in functions[-1].args.args]
    stored = [n.id for n in ast.walk(functions[-1]) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return list(dict.fromkeys([*given, *stored]))


def _texts(tree: ast.Module, regions: list[range]) -> list[str]:
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and _inside(node, regions)]
    return list(dict.fromkeys(node.value for node in constants if isinstance(node.value, str)))


def _inside(node: ast.expr | ast.stmt, regions: list[range]) -> bool:
    return any(node.lineno in region for region in regions)
