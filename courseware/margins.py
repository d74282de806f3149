"""How far a claim is from failing: the condition once more, with a number in the place of each truth value."""

from __future__ import annotations

import ast
import math
from functools import reduce
from typing import Any

import numpy as np

LESS, MORE = (ast.Lt, ast.LtE), (ast.Gt, ast.GtE)


def margin(condition: ast.expr, names: dict[str, Any]) -> float | None:
    """Return how much room `condition` has: positive if it holds, 0 at its limit, negative if it fails.

    The room of `a < b` is (b - a) / max(|a|, |b|): 0.05 says that the sides are five hundredths of the larger
    one apart. `np.allclose` has 1 - (largest difference / tolerance). `and`, `all` have the least room of their
    parts, `or`, `any` the most; `not` turns the sign. What holds or does not, such as `==`, has none.

    Args:
        condition: an expression that is true or false.
        names: what the names in it stand for.

    Returns:
        The room, or None where no numbers are compared.

    >>> margin(ast.parse("a > 0.8 and b < 1", mode="eval").body, {"a": 1.0, "b": 0.9})
    0.1
    >>> margin(ast.parse("a == 1", mode="eval").body, {"a": 1})
    """
    expression = ast.fix_missing_locations(ast.Expression(_rewrite(condition)))
    room = float(eval(compile(expression, "<margin>", "eval"), {**names, **_HELPERS}))
    return round(room, 6) if math.isfinite(room) else None


def _rewrite(node: ast.expr) -> ast.expr:
    """The expression whose value is the room of `node`."""
    match node:
        case ast.Compare() if all(isinstance(op, LESS + MORE) for op in node.ops):
            sides = [node.left, *node.comparators]
            pairs = zip(node.ops, sides, sides[1:], strict=False)
            rooms = [_call("_room", *(pair if isinstance(op, LESS) else pair[::-1])) for op, *pair in pairs]
            return rooms[0] if len(rooms) == 1 else _call("_lower", *rooms)
        case ast.BoolOp():
            return _call("_least" if isinstance(node.op, ast.And) else "_most", *map(_rewrite, node.values))
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
            name = "_lower" if isinstance(node.op, ast.BitAnd) else "_upper"
            return _call(name, _rewrite(node.left), _rewrite(node.right))
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            return ast.UnaryOp(ast.USub(), _rewrite(node.operand))
        case ast.GeneratorExp() | ast.ListComp():
            return ast.ListComp(_rewrite(node.elt), node.generators)
        case ast.Call(args=[inner]) if _name(node) in ("all", "any", "bool"):
            return _call("_most" if _name(node) == "any" else "_least", _rewrite(inner))
        case ast.Call() if _name(node) == "allclose":
            return ast.Call(ast.Name("_close", ast.Load()), node.args, node.keywords)
    return _call("_exact", node)


def _name(node: ast.Call) -> str:
    """`all` for all(...) and np.all(...)."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def _room(small: Any, large: Any) -> np.ndarray:
    """(large - small) / max(|large|, |small|), elementwise; 0 where both are 0."""
    small, large = np.asarray(small, dtype=float), np.asarray(large, dtype=float)
    size = np.maximum(np.abs(small), np.abs(large))
    with np.errstate(invalid="ignore", divide="ignore"):
        room = np.where(size == 0, 0.0, (large - small) / size)
    # an infinite side is as far off as can be; nothing compares with "not a number"
    room = np.where(np.isinf(size), np.sign(large - small), room)
    return np.where(np.isnan(size), -1.0, room)


def _close(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, **_: Any) -> float:
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    allowed = atol + rtol * np.abs(b)
    with np.errstate(divide="ignore", invalid="ignore"):
        used = np.where(a == b, 0.0, np.abs(a - b) / allowed)
    return 1 - float(np.max(used, initial=0.0))


def _exact(value: Any) -> np.ndarray:
    return np.where(np.asarray(value, dtype=bool), math.inf, -math.inf)


_HELPERS = {
    "_room": _room,
    "_close": _close,
    "_exact": _exact,
    "_least": lambda *parts: min(float(np.min(part, initial=math.inf)) for part in parts),
    "_most": lambda *parts: max(float(np.max(part, initial=-math.inf)) for part in parts),
    "_lower": lambda *parts: reduce(np.minimum, parts),
    "_upper": lambda *parts: reduce(np.maximum, parts),
}
