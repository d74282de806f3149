"""What can go wrong in a row of statements: one is forgotten, two change places, a `return` slips into the loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from courseware.verify.mutants.expressions import with_fields


def variants(body: list[ast.stmt], place: int) -> Iterator[tuple[list[ast.stmt], int]]:
    """Yield what could stand for the statements from `place` on, and how many of them it replaces.

    >>> body = ast.parse("for i in x:\\n    s += i\\nreturn s").body
    >>> for new, count in variants(body, 0):
    ...     print(count, ast.unparse(new).replace(chr(10), " "))
    1 pass
    2 for i in x:     s += i     return s
    1 for i in x:     s += i     break
    """
    statement = body[place]
    following = body[place + 1] if place + 1 < len(body) else None
    yield [ast.Pass()], 1
    match statement:
        case ast.For(body=inner):
            if isinstance(following, ast.Return):
                yield [with_fields(statement, body=[*inner, following])], 2
            yield [with_fields(statement, body=[*inner, ast.Break()])], 1
        case ast.While():
            yield [with_fields(statement, test=ast.Constant(False))], 1
        case ast.If(body=inner, orelse=orelse):
            yield inner, 1
            if orelse:
                yield orelse, 1
                yield [with_fields(statement, body=orelse, orelse=inner)], 1
        case ast.Assign(targets=[ast.Tuple(elts=[first, second, *rest]) as target]):
            yield [with_fields(statement, targets=[with_fields(target, elts=[second, first, *rest])])], 1
        case ast.AugAssign(op=op):
            yield [with_fields(statement, op=ast.Sub() if isinstance(op, ast.Add) else ast.Add())], 1
            yield [ast.copy_location(ast.Assign([statement.target], statement.value), statement)], 1
    following = None if isinstance(following, ast.Return) else following
    if following is not None and (_written(statement) & _named(following) or _written(following) & _named(statement)):
        yield [following, statement], 2


def _named(statement: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}


def _written(statement: ast.stmt) -> set[str]:
    """The names that a plain statement may change: what it assigns to, or what a call by itself is given."""
    match statement:
        case ast.Assign(targets=changed):
            return set().union(*(_named(target) for target in changed))
        case ast.AugAssign(target=target):
            return _named(target)
        case ast.Expr():
            return _named(statement)
    return set()
