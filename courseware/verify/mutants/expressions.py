"""What can go wrong in an expression: for a node of Python's syntax tree, the nodes that could stand in its place."""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from courseware.verify.mutants.vocabulary import ADDED, CALLABLES, TEXTS, others

Node = TypeVar("Node", bound=ast.AST)
Part = TypeVar("Part")
ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
}
COMMUTES = (ast.Add, ast.Mult, ast.BitAnd)
SYMMETRIC = ("np.maximum", "np.minimum", "max", "min")  # functions whose arguments may change places
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
}


def variants(node: ast.expr, names: Collection[str] = (), texts: Collection[str] = ()) -> Iterator[ast.expr]:
    """Yield what could stand in the place of `node`; `node` itself is never changed.

    Args:
        names: the variables of the function that `node` stands in.
        texts: the texts that the solution holds, one of which could stand for another.

    >>> [ast.unparse(v) for v in variants(ast.parse("w * x", mode="eval").body)]
    ['w / x', 'w + x', 'w', 'x']
    >>> [ast.unparse(v) for v in variants(ast.parse("x.mean(axis=0)", mode="eval").body)]
    ['x.sum(axis=0)', 'x.median(axis=0)', 'x.max(axis=0)', 'x.min(axis=0)', 'x.mean()', 'x']
    >>> [ast.unparse(v) for v in variants(ast.parse("i < n", mode="eval").body)]
    ['i <= n', 'i > n']
    """
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            for sign in ARITHMETIC.get(type(op), ()):
                yield with_fields(node, op=sign())
            if not isinstance(op, COMMUTES):
                yield with_fields(node, left=right, right=left)
            yield left
            yield right
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.Compare(ops=[op]):
            for comparison in COMPARISONS.get(type(op), ()):
                yield with_fields(node, ops=[comparison()])
        case ast.BoolOp(op=op, values=values):
            yield with_fields(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
            yield from values
        case ast.IfExp(body=body, orelse=orelse):
            yield body
            yield orelse
            yield with_fields(node, body=orelse, orelse=body)
        case ast.Constant(value=value):
            for constant in _constants(value, texts):
                yield ast.Constant(constant)
        case ast.Name(id=name) if name in names:
            for variable in names:
                if variable != name:
                    yield with_fields(node, id=variable)
        case ast.Call():
            yield from _calls(node)
        case ast.Attribute(attr="T", value=value):
            yield value
        case ast.Subscript(value=value, slice=index):
            yield value
            for other in _slices(index):
                yield with_fields(node, slice=other)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for shorter in _dropped(elements) if len(elements) > 1 else ():
                yield with_fields(node, elts=shorter)
            for swapped in _swapped(elements):
                yield with_fields(node, elts=swapped)
        case ast.Dict(keys=keys, values=values):
            for fewer_keys, fewer in zip(_dropped(keys), _dropped(values), strict=True):
                yield with_fields(node, keys=fewer_keys, values=fewer)
            for swapped in _swapped(values):
                yield with_fields(node, values=swapped)
        case ast.Set(elts=elements):
            for shorter in _dropped(elements):
                yield with_fields(node, elts=shorter)


def _calls(node: ast.Call) -> Iterator[ast.expr]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    for function in others(CALLABLES, name):
        field = "attr" if isinstance(node.func, ast.Attribute) else "id"
        renamed = with_fields(node.func, **{field: function})
        yield with_fields(node, func=renamed)
    if len(node.args) > 1:
        for shorter in _dropped(node.args):
            yield with_fields(node, args=shorter)
        for swapped in _swapped(node.args) if ast.unparse(node.func) not in SYMMETRIC else ():
            yield with_fields(node, args=swapped)
    for fewer in _dropped(node.keywords):
        yield with_fields(node, keywords=fewer)
    for key, value in ADDED.get(name, ()):
        if key not in [keyword.arg for keyword in node.keywords]:
            yield with_fields(node, keywords=[*node.keywords, ast.keyword(key, ast.Constant(value))])
    if name == "range":
        for other in _off_by_one(node.args[-1]):
            yield with_fields(node, args=[*node.args[:-1], other])
    if len(node.args) == 1 and name != "range":
        yield node.args[0]
    elif isinstance(node.func, ast.Attribute) and not node.args:
        yield node.func.value


def _constants(value: object, texts: Collection[str]) -> Sequence[bool | float | str]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1] if value < 8 else [value + 1, 1]
    if isinstance(value, float):
        return [2 * value, -value, 0.0] if value else [1.0]
    if isinstance(value, str):
        return others(TEXTS, value) or [text for text in texts if text != value]
    return []


def _slices(index: ast.expr) -> Iterator[ast.expr]:
    if isinstance(index, ast.Tuple):
        for place, part in enumerate(index.elts):
            for other in _slices(part):
                yield with_fields(index, elts=[*index.elts[:place], other, *index.elts[place + 1 :]])
    elif isinstance(index, ast.Slice):
        for bound in ("lower", "upper"):
            limit = getattr(index, bound)
            if limit is not None:
                yield with_fields(index, **{bound: None})
                for other in _off_by_one(limit):
                    yield with_fields(index, **{bound: other})


def _off_by_one(node: ast.expr) -> Iterator[ast.expr]:
    if not isinstance(node, ast.Constant):  # a constant is changed in its own place
        yield ast.BinOp(node, ast.Add(), ast.Constant(1))
        yield ast.BinOp(node, ast.Sub(), ast.Constant(1))


def _dropped(parts: list[Part]) -> list[list[Part]]:
    return [parts[:i] + parts[i + 1 :] for i in range(len(parts))]


def _swapped(parts: list[Part]) -> list[list[Part]]:
    return [[*parts[:i], parts[i + 1], parts[i], *parts[i + 2 :]] for i in range(len(parts) - 1)]


def with_fields(node: Node, **fields: object) -> Node:
    """A copy of `node` with other parts in some of its fields."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed
