"""Compute what a quiz says can be computed, in a process of its own: what hangs, dies or prints nonsense costs only itself.

It is the user's own process, with the user's rights: a limit on time and memory keeps faults away, not malice.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from courseware.errors import CourseError

SECONDS = 60  # for one expression or one piece of code
BYTES = 8_000_000_000
LONGEST = 20_000  # characters of what a piece of code prints
START = 60  # seconds for the process to begin


class ComputingError(CourseError):
    """Raised where nothing can be computed at all."""


@dataclass(frozen=True)
class Computed:
    """What one item gave: a number for an expression, a text for a piece of code, or else why there is none."""

    number: float | None = None
    text: str | None = None
    trouble: str = ""


def compute_all(items: Sequence[Mapping[str, Any]], seconds: float = SECONDS) -> list[Computed]:
    """Compute `items` one after another, each within `seconds`.

    Args:
        items: ``{"verify": expression (or a slip), "values": numbers by name}``, or ``{"code": what to run}``.

    Raises:
        ComputingError: if the process cannot be started.
    """
    found: list[Computed] = []
    while len(found) < len(items):
        before = len(found)
        told, trouble = _run(items[before:], seconds)
        found += told
        if len(found) < len(items):
            if not told and trouble.startswith("could not begin"):
                raise ComputingError(f"The process that computes a quiz's keys {trouble}")
            found.append(Computed(trouble=trouble))
    return found


def _run(items: Sequence[Mapping[str, Any]], seconds: float) -> tuple[list[Computed], str]:
    """What the process told of `items` before it ended, and why it ended at the next one."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
    with tempfile.TemporaryDirectory(prefix="course-verify-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "courseware.verify.computer", str(seconds), str(BYTES), str(LONGEST)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder, env=environment,
            start_new_session=True,
        )  # fmt: skip
        try:
            output, _ = process.communicate(json.dumps(list(items)).encode(), START + seconds * len(items))
            trouble = (
                f"was stopped after {seconds:g} s" if process.returncode == -14 else "ended the process that ran it"
            )
        except subprocess.TimeoutExpired:
            _end(process)
            output, trouble = process.communicate()[0], f"was stopped after {seconds:g} s"
        finally:
            _end(process)
    lines = output.decode("utf-8", "replace").splitlines()
    if not lines:
        return [], f"could not begin (exit status {process.returncode})"
    told = []
    for line in lines[1:]:
        with suppress(ValueError, TypeError):
            told.append(Computed(**json.loads(line)))
    return told, trouble


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and what it started, which is in its session."""
    with suppress(OSError, AttributeError):  # it has ended; or not Unix
        os.killpg(process.pid, 9)
    with suppress(OSError):
        process.kill()
