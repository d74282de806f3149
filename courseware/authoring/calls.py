"""Calls in the code of a cell."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def is_call(node: ast.AST, *name: str) -> bool:
    """Whether `node` calls ``name``, e.g. ``is_call(node, "lesson", "check")`` for ``lesson.check(...)``."""
    match node:
        case ast.Call(func=ast.Name(id=function)):
            return name == (function,)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=function)):
            return name == (owner, function)
    return False


def guesses(code: str) -> list[str]:
    """Names of the guesses that the code asks for, ``lesson.guess("name", ...)``, in order."""
    return [name for call in _calls(code, "lesson", "guess") for name in _texts(call.args[:1])]


def answered_guesses(code: str) -> list[str]:
    """Names of the guesses that claims in the code answer, ``lesson.claim(..., guess="name")``, in order."""
    claims = _calls(code, "lesson", "claim")
    return [name for call in claims for name in _texts([word.value for word in call.keywords if word.arg == "guess"])]


def _calls(code: str, *name: str) -> Iterator[ast.Call]:
    found = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call) and is_call(node, *name)]
    yield from sorted(found, key=lambda call: call.lineno)


def _texts(values: list[ast.expr]) -> Iterator[str]:
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value
