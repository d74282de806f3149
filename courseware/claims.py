"""A claim: a sentence that a lesson teaches, and the condition that proves it in this very run."""

from __future__ import annotations

import ast
import inspect
import json
import os
from types import FrameType
from typing import Any

import executing
import numpy as np

from courseware.margins import margin

RECORD_VARIABLE = "COURSEWARE_CLAIMS"


class ClaimFailed(AssertionError):
    """Raised when a claim does not hold; the message has the sentence and the figures."""


def claim(sentence: str, condition: Any, *, frame: FrameType | None = None) -> None:
    """Print `sentence` with a tick if `condition` holds; stop the notebook with the figures if not.

    If the environment variable ``COURSEWARE_CLAIMS`` names a file, a line of JSON is added to it: the sentence,
    whether it held, and its `courseware.margins.margin`.

    Args:
        sentence: what is claimed, in plain words.
        condition: the comparison that shows it, written out in the call: its figures are shown if it fails.
        frame: where that call is executing, if it is not the one of this function.

    Raises:
        ClaimFailed: if the condition is false, with both sides of every comparison in it.
        TypeError: if the condition is not a single truth value, such as an array or a number.

    >>> claim("two is more than one", 2 > 1)
    ✓ two is more than one
    """
    if not isinstance(condition, bool | np.bool_):
        raise TypeError(
            f"A claim needs one truth value, True or False; got {type(condition).__name__}. "
            "Compare something, e.g. loss < 0.1, or use np.all(...) for arrays."
        )
    here: Any = inspect.currentframe()
    frame = frame or here.f_back  # where the condition is written
    if os.environ.get(RECORD_VARIABLE):
        _record(sentence, bool(condition), frame)
    if not condition:
        raise ClaimFailed("\n".join([f"This claim does not hold: {sentence}", *figures(frame)]))
    print(f"✓ {sentence}")


def figures(frame: Any) -> list[str]:
    """Both sides of every comparison in the call that `frame` is executing, one line each.

    The sides are evaluated once more in that frame, so a condition is made of names and arithmetic.
    """
    condition = second_argument(frame)
    if condition is None:
        return []
    lines = []
    for comparison in (part for part in ast.walk(condition) if isinstance(part, ast.Compare)):
        for side in [comparison.left, *comparison.comparators]:
            if isinstance(side, ast.Constant):
                continue
            text = ast.unparse(side)
            try:
                value = eval(compile(ast.Expression(side), "<claim>", "eval"), frame.f_globals, frame.f_locals)
            except Exception as error:  # e.g. a name that exists only inside a comprehension
                value = f"not known here ({type(error).__name__})"
            lines.append(f"    {text} = {value}")
    return lines


def second_argument(frame: Any) -> ast.expr | None:
    """The second argument of the call that `frame` is executing, as it is written there: a claim's condition, say."""
    node = executing.Source.executing(frame).node
    return node.args[1] if isinstance(node, ast.Call) and len(node.args) > 1 else None


def _record(sentence: str, held: bool, frame: Any) -> None:
    condition = second_argument(frame)
    try:
        room = None if condition is None else margin(condition, {**frame.f_globals, **frame.f_locals})
    except Exception:  # e.g. words compared with <; the claim itself is recorded all the same
        room = None
    line = json.dumps({"claim": sentence, "held": held, "margin": room})
    with open(os.environ[RECORD_VARIABLE], "a", encoding="utf-8") as file:
        file.write(line + "\n")
