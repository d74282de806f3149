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
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, FiniteFloat, StringConstraints
from simpleeval import SimpleEval

from courseware.quiz.feedback import quoted
from courseware.quiz.fields import fault

MAX_DRAWS = 500
ParameterName = Annotated[str, StringConstraints(max_length=30, pattern=r"^[a-z][a-z0-9_]*$")]
Formula = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
FORMULA_HELP = (
    "write arithmetic such as `n * (k * k + 1)`; "
    "+ - * / // % ** and abs, min, max, round, sqrt, exp, log, ceil, floor are known"
)
_UNTOUCHED = {
    "id",
    "kind",
    "section",
    "misconception",
    "verify",
    "slip",
    "cites",
    "order",
    "parameters",
    "pool",
    "form",
}


def _formula(text: str) -> str:
    if not _FORMULA.fullmatch(text):
        raise fault(f"is no formula: {quoted(text)}; {FORMULA_HELP}")
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


def _each_draw_computes(parameters: dict[str, Any]) -> dict[str, Any]:
    if (number := count(parameters)) > MAX_DRAWS:
        raise fault(f"has {number} draws; at most {MAX_DRAWS} are checked. Shorten the lists")
    try:
        for _ in draws(parameters):
            pass
    except ValueError as error:
        raise fault(str(error)) from None
    return parameters


Parameters = Annotated[dict[ParameterName, Parameter], AfterValidator(_each_draw_computes)]


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
    return rank(*seed) % count


def rank(*seed: str | int) -> int:
    """A number below 2**64 that belongs to `seed`, the same on every machine; `draw.js` in `faces/web` has the same."""
    return int.from_bytes(hashlib.sha256("\0".join(map(str, seed)).encode()).digest()[:8], "big")


def compute(formula: str, values: Mapping[str, float]) -> float:
    """Work out arithmetic over `values`.

    Raises:
        ValueError: for what is not arithmetic, names something else, or has no finite result on the way.

    >>> compute("n * (k * k + 1)", {"n": 8, "k": 3})
    80
    """
    given = ", ".join(f"{name} = {shown(value)}" for name, value in values.items())
    try:
        calculator = SimpleEval(operators=_OPERATORS, functions=_BOUNDED, names=dict(values))
        calculator.nodes = {node: work for node, work in calculator.nodes.items() if node in _ARITHMETIC}
        result = _number(calculator.eval(formula))
    except Exception as error:  # the library raises many kinds; all mean that this is not arithmetic
        raise ValueError(
            f"the formula `{formula}` cannot be worked out with {given} ({error}); {FORMULA_HELP}"
        ) from None
    return result


def fill(entry: Any, values: Mapping[str, float]) -> Any:
    """A question, or what stands in one, with ``{name}`` in its texts replaced by numbers."""
    if isinstance(entry, str):
        return _BRACES.sub(lambda found: shown(values[found[1]]) if found[1] in values else found[0], entry)
    if isinstance(entry, BaseModel):
        return entry.model_copy(update={name: fill(value, values) for name, value in _texts(entry)})
    return tuple(fill(each, values) for each in entry) if isinstance(entry, tuple) else entry


def names_used(entry: Any, parameters: Mapping[str, Any], formulas: Iterable[str] = ()) -> set[str]:
    """The names in braces in the texts of a question, and those in its parameters and other `formulas`."""
    formulas = [*formulas, *(value for value in parameters.values() if isinstance(value, str))]
    return _in_braces(entry) | {name for formula in formulas for name in _NAME.findall(formula)}


def needed_for(seen: Any, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The lists, which decide what is drawn, and those formulas whose results a text of what is `seen` shows."""
    needed = _in_braces(seen)
    for name, value in reversed(list(parameters.items())):
        if name in needed and isinstance(value, str):
            needed |= set(_NAME.findall(value))
    return {name: value for name, value in parameters.items() if name in needed or not isinstance(value, str)}


def _texts(entry: BaseModel) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in entry if name not in _UNTOUCHED)


def _in_braces(entry: Any) -> set[str]:
    if isinstance(entry, str):
        return set(_BRACES.findall(entry))
    if isinstance(entry, BaseModel):
        entry = [value for _, value in _texts(entry)]
    return {name for each in entry for name in _in_braces(each)} if isinstance(entry, (list, tuple)) else set()


def shown(value: float) -> str:
    """A number as a text shows it.

    >>> shown(8.0), shown(0.1 + 0.2), shown(1234567)
    ('8', '0.3', '1234567')
    """
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else f"{value:.10g}"


# Every step is bounded, so that a formula, which is short, ends soon: no operand has more than 1024 bits.


def _number(value: Any) -> float:
    """A finite real number, as each step has to give one.

    Raises:
        ValueError: for anything else.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("no real number")
    if (isinstance(value, int) and value.bit_length() > _MOST_BITS) or not math.isfinite(value):
        raise ValueError("no finite number")
    return value


def _bounded(step: Callable[..., Any]) -> Callable[..., float]:
    return lambda *operands: _number(step(*map(_number, operands)))


def _power(base: float, exponent: float) -> Any:
    if abs(exponent) > 64 or abs(base) > 1e9:
        raise ValueError("the power is too large")
    return base**exponent


def _round(value: float, digits: int = 0) -> float:
    if abs(digits) > 20:
        raise ValueError("round takes at most 20 digits")
    return round(value, digits) if digits else round(value)


_MOST_BITS = 1023  # all such whole numbers are finite as floats
# Decimal numbers as one writes them, names in lower case, and signs.
_FORMULA = re.compile(
    r"(?:[-+*/%(), ]|[a-z][a-z0-9_]*(?![\w.])|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?(?![\w.]))*", re.ASCII
)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_BRACES = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_STEPS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: _power,
    ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip
_OPERATORS = {kind: _bounded(step) for kind, step in _STEPS.items()}
_ARITHMETIC = (ast.Expr, ast.Constant, ast.Name, ast.UnaryOp, ast.BinOp, ast.Call)
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs, "min": min, "max": max, "round": _round, "sqrt": math.sqrt, "exp": math.exp, "log": math.log,
    "ceil": math.ceil, "floor": math.floor,
}  # fmt: skip
_BOUNDED = {name: _bounded(function) for name, function in FUNCTIONS.items()}
