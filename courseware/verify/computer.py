"""The process of `courseware.verify.computing`: reads items from standard input, tells a line of JSON for each."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

import numpy as np


def main(seconds: float, memory: int, longest: int) -> None:
    items = json.load(sys.stdin)
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")  # nothing that is run here can write to it by mistake
    with open(os.devnull, "r+b") as nowhere:
        os.dup2(nowhere.fileno(), 0)
        os.dup2(nowhere.fileno(), 1)
    with contextlib.suppress(ImportError, ValueError, OSError):  # not Unix
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _tell(told, {"ready": True})
    for item in items:
        with _at_most(seconds):
            told_of = _number(item["verify"], item["values"]) if "verify" in item else _text(item["code"], longest)
        _tell(told, told_of)


def _tell(told: TextIO, event: Mapping[str, Any]) -> None:
    told.write(json.dumps(event) + "\n")
    told.flush()


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """The process ends after so long: also in the middle of compiled code, which no exception would reach."""
    try:
        import signal

        signal.setitimer(signal.ITIMER_REAL, seconds)
    except (ImportError, AttributeError):  # not Unix: whoever waits ends it
        yield
        return
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _number(expression: str, values: Mapping[str, float]) -> dict[str, Any]:
    numbers = {name: int(value) if float(value).is_integer() else value for name, value in values.items()}
    try:
        return {"number": float(eval(expression, {"np": np, **numbers}))}
    except BaseException as error:
        return {"trouble": f"{type(error).__name__}: {error}"[:500]}


def _text(code: str, longest: int) -> dict[str, Any]:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        try:
            exec(code, {})
        except BaseException as error:
            print(f"{type(error).__name__}: {error}")
    printed = out.getvalue()
    if len(printed) > longest:
        return {"trouble": f"prints {len(printed)} characters; no question asks for so many"}
    return {"text": printed}


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
