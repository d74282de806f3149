"""Numbers that a question draws: every learner gets a draw of their own, and the answer is computed from it.

A formula is arithmetic over the drawn numbers, worked out by a library made for that; it can name nothing else.
"""

from __future__ import annotations

import ast
import hashlib
import itertools
import math
import operator
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, FiniteFloat, StringConstraints
from simpleeval import SimpleEval

from courseware.quiz.fields import fault

MAX_DRAWS = 500
ParameterName = Annotated[str, StringConstraints(max_length=30, pattern=r"^[a-z][a-z0-9_]*$")]
Formula = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
FORMULA_HELP = (
    "write arithmetic such as `n * (k * k + 1)`; "
    "+ - * / // % ** and abs, min, max, round, sqrt, exp, log, ceil, floor are known"
)
_UNTOUCHED = {"id", "kind", "section", "misconception", "verify", "cites", "order", "parameters"}


def _formula(text: str) -> str:
    if not re.fullmatch(r"[\w +*/%().,-]*", text, re.ASCII):
        raise fault(f"is no formula: {text!r}; {FORMULA_HELP}")
    return text


def _number_or_formula(value: Any) -> Any:
    if value is None:
        raise fault("is empty; write a number")
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise fault("wants a number (or, with `parameters`, a formula); change it")
    return _formula(value) if isinstance(value, str) else value


def _values_or_formula(value: Any) -> Any:
    if isinstance(value, str):
        return _formula(value)
    if not isinstance(value, tuple) or not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in value):
        raise fault("wants a list of numbers to draw from, e.g. [8, 16, 32], or a formula, e.g. n * 9; change it")
    return value


Number = Annotated[FiniteFloat | Formula, BeforeValidator(_number_or_formula)]
Parameter = Annotated[
    Annotated[tuple[FiniteFloat, ...], Field(min_length=1, max_length=50)] | Formula,
    BeforeValidator(_values_or_formula),
]


def draws(parameters: Mapping[str, tuple[float, ...] | str]) -> Iterator[dict[str, float]]:
    """Every draw of `parameters`, formulas worked out, in a fixed order.

    Raises:
        ValueError: for a formula that cannot be worked out; the message says for which numbers.

    >>> list(draws({"n": (2, 3), "square": "n ** 2"}))
    [{'n': 2, 'square': 4}, {'n': 3, 'square': 9}]
    """
    lists = {name: values for name, values in parameters.items() if not isinstance(values, str)}
    for chosen in itertools.product(*lists.values()):
        drawn = dict(zip(lists, chosen, strict=True))
        values: dict[str, float] = {}
        for name, value in parameters.items():
            values[name] = compute(value, values) if isinstance(value, str) else drawn[name]
        yield values


def count(parameters: Mapping[str, Any]) -> int:
    """How many draws there are."""
    return math.prod(len(values) for values in parameters.values() if not isinstance(values, str))


def choose(parameters: Mapping[str, Any], *seed: str | int) -> dict[str, float]:
    """The draw that belongs to `seed` (e.g. the learner and the question), the same on every machine."""
    return next(itertools.islice(draws(parameters), place(count(parameters), *seed), None))


def place(count: int, *seed: str | int) -> int:
    """Which of `count` draws belongs to `seed`, in the order of `draws`."""
    return int.from_bytes(hashlib.sha256("\0".join(map(str, seed)).encode()).digest()[:8], "big") % count


def compute(formula: str, values: Mapping[str, float]) -> float:
    """Work out arithmetic over `values`.

    Raises:
        ValueError: for what is not arithmetic, names something else, or has no finite result.

    >>> compute("n * (k * k + 1)", {"n": 8, "k": 3})
    80
    """
    given = ", ".join(f"{name} = {shown(value)}" for name, value in values.items())
    try:
        calculator = SimpleEval(operators=_OPERATORS, functions=_FUNCTIONS, names=dict(values))
        calculator.nodes = {node: work for node, work in calculator.nodes.items() if node in _ARITHMETIC}
        result = calculator.eval(formula)
    except Exception as error:  # the library raises many kinds; all mean that this is not arithmetic
        raise ValueError(
            f"the formula `{formula}` cannot be worked out with {given} ({error}); {FORMULA_HELP}"
        ) from None
    if isinstance(result, bool) or not isinstance(result, (int, float)) or not math.isfinite(result):
        raise ValueError(f"the formula `{formula}` gives no finite number with {given}; {FORMULA_HELP}")
    return result


def fill(question: Mapping[str, Any], values: Mapping[str, float]) -> dict[str, Any]:
    """A question, as plain data, with ``{name}`` in its texts and its formulas replaced by numbers.

    Raises:
        ValueError: for a formula that cannot be worked out.
    """
    filled = {key: _texts(key, value, values) for key, value in question.items() if key != "parameters"}
    if filled["kind"] == "number":
        filled["answer"] = _worked_out(filled["answer"], values)
        filled["known_wrong"] = tuple(
            {**known, "value": _worked_out(known["value"], values)} for known in filled["known_wrong"]
        )
    return filled


def _worked_out(value: float | str, values: Mapping[str, float]) -> float:
    return compute(value, values) if isinstance(value, str) else value


def _texts(key: str, entry: Any, values: Mapping[str, float]) -> Any:
    if key in _UNTOUCHED:
        return entry
    if isinstance(entry, str):
        return _BRACES.sub(lambda found: shown(values[found[1]]) if found[1] in values else found[0], entry)
    if isinstance(entry, dict):
        return {name: _texts(name, value, values) for name, value in entry.items()}
    return tuple(_texts(key, value, values) for value in entry) if isinstance(entry, (tuple, list)) else entry


def names_used(question: Mapping[str, Any]) -> set[str]:
    """The names in braces in the texts of a question, and those in its formulas."""

    def texts(key: str, entry: Any) -> Iterator[str]:
        if key in _UNTOUCHED:
            return
        if isinstance(entry, str):
            yield entry
        for name, value in entry.items() if isinstance(entry, dict) else ():
            yield from texts(name, value)
        for value in entry if isinstance(entry, (tuple, list)) else ():
            yield from texts(key, value)

    found = [text for key, entry in question.items() for text in texts(key, entry)]
    formulas = [value for value in question["parameters"].values() if isinstance(value, str)]
    if question["kind"] == "number":
        formulas += [
            v for v in (question["answer"], *(k["value"] for k in question["known_wrong"])) if isinstance(v, str)
        ]
    return {name for text in found for name in _BRACES.findall(text)} | {
        name for formula in formulas for name in re.findall(r"[a-z][a-z0-9_]*", formula)
    }


def shown(value: float) -> str:
    """A number as a text shows it.

    >>> shown(8.0), shown(0.1 + 0.2), shown(1234567)
    ('8', '0.3', '1234567')
    """
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else f"{value:.10g}"


def _power(base: float, exponent: float) -> float:
    if abs(exponent) > 64 or abs(base) > 1e9:
        raise ValueError("the power is too large")
    return base**exponent


_BRACES = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: _power,
    ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip
_ARITHMETIC = (ast.Expr, ast.Constant, ast.Name, ast.UnaryOp, ast.BinOp, ast.Call)
_FUNCTIONS = {
    "abs": abs, "min": min, "max": max, "round": round, "sqrt": math.sqrt, "exp": math.exp, "log": math.log,
    "ceil": math.ceil, "floor": math.floor,
}  # fmt: skip
