"""Which code cells start folded: those that only draw or claim, since their words tell what is still to be guessed."""

from __future__ import annotations

import ast

from courseware.authoring.calls import is_call

# What a cell that only draws or claims may call, beside the methods of what it draws on and of data.
DRAWING = {"plt", "np", "draw", "ax", "axes", "figure", "fig", "left", "right", "line"}
PLAIN = {"show", "range", "zip", "enumerate", "len", "sum", "max", "min", "sorted", "list", "dict", "tuple", "set",
         "abs", "round", "all", "any", "float", "int", "str", "map", "slice"}  # fmt: skip
OF_DATA = {"mean", "std", "items", "values", "keys", "reshape", "argmax", "argmin", "max", "min", "sum", "all", "any", "copy",
           "get", "astype", "ravel", "index", "count", "append", "format", "join", "item", "tolist", "argsort", "cumsum", "split"}  # fmt: skip


FOLDED = "# Run this cell to see what came out."  # all that JupyterLab shows of a folded cell is its first line


def only_shows(code: str) -> bool:
    """Whether `code` draws or claims and does nothing else.

    >>> only_shows("gap = np.abs(ours - theirs).max()\\nlesson.claim('they agree', gap < 1e-5)")
    True
    >>> only_shows("model.fit(x, y)\\nshow(draw.losses(model), 'Two lines.')")
    False
    """
    return tells(code) and all(_shows(node) for node in ast.walk(ast.parse(code)))


def tells(code: str) -> bool:
    """Whether `code` holds a claim or the words of a figure."""
    return any(is_call(node, "show") or is_call(node, "lesson", "claim") for node in ast.walk(ast.parse(code)))


def _shows(node: ast.AST) -> bool:
    match node:
        case ast.FunctionDef() | ast.ClassDef() | ast.Import() | ast.ImportFrom() | ast.Lambda():
            return False
        case ast.Call(func=ast.Name(id=name)):
            return name in PLAIN
        case ast.Call(func=ast.Attribute(attr=attr) as function):
            root: ast.expr = function
            while isinstance(root, ast.Attribute | ast.Subscript | ast.Call):
                root = root.func if isinstance(root, ast.Call) else root.value
            known = isinstance(root, ast.Name) and root.id in DRAWING
            return known or attr in OF_DATA or is_call(node, "lesson", "claim")
        case ast.Call():
            return False
    return True
