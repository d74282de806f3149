"""A pytest plugin that tells what nbval finds, cell by cell, while the notebook runs: one line of JSON an event.

Loaded by `courseware.verify.running` with ``-p courseware.verify.recorder``. The verdicts are nbval's own; what is added
are times, the kernel's memory with that of its worker processes, and that a kernel which died is noticed at once.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty
from typing import Any

# jsonschema checks addresses by this package if it is there, and it is slow to import; no notebook holds an address in
# a field that is checked. This has to come before nbformat, which nbval imports, and is for this process alone.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

import psutil  # noqa: E402
import pytest  # noqa: E402
from nbval.plugin import IPyNbCell, IPyNbFile, coalesce_streams  # noqa: E402

from courseware import processes  # noqa: E402
from courseware.verify.running import EVENTS_VARIABLE, MEMORY_VARIABLE  # noqa: E402

if sys.platform == "linux":  # where `course verify` is killed, this run and its kernel end as well
    import ctypes

    signal.signal(signal.SIGINT, signal.default_int_handler)  # what is started in the background ignores it
    ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG

TICK = 0.5  # seconds between two looks at the memory; each look goes through all processes
MB = 2**20


class KernelDied(RuntimeError):
    """Raised when the kernel is gone before it has answered."""


def tell(**event: Any) -> None:
    with open(os.environ[EVENTS_VARIABLE], "a", encoding="utf-8") as file:
        file.write(json.dumps(event) + "\n")


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.failed:
        tell(event="unreadable", why=str(report.longrepr).strip().splitlines()[-1])


def pytest_collection_finish(session: pytest.Session) -> None:
    tell(event="collected", cells=len(session.items))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        tell(
            event="cell",
            cell=getattr(item, "cell_num", None),
            problem={"kind": "error", "name": type(error).__name__, "text": str(error)},
        )
        raise
    if isinstance(item.parent, IPyNbFile):
        _notice_death(item.parent.kernel)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    if not isinstance(item, IPyNbCell):
        return (yield)
    tell(event="start", cell=item.cell_num)
    began, problem = time.perf_counter(), None
    with _watched(item.parent.kernel) as memory:
        try:
            return (yield)
        except BaseException as error:
            problem = _problem(item, error, memory)
            raise
        finally:
            tell(
                event="cell", cell=item.cell_num, source=item.cell.source, problem=problem, checks=_checks(item),
                seconds=round(time.perf_counter() - began, 2), memory=memory["peak"],
            )  # fmt: skip


def _problem(item: IPyNbCell, error: BaseException, memory: dict[str, Any]) -> dict[str, Any]:
    """What went wrong in a cell, in parts: its kind and what to show."""
    if memory["limit"]:
        return {
            "kind": "memory",
            "text": f"The kernel was stopped at {memory['peak']} MB; {memory['limit']} MB are allowed.",
        }
    if isinstance(error, KernelDied) or "Kernel dead" in str(error):
        return {"kind": "died", "text": str(error)}
    if "Timeout of" in str(error):
        return {"kind": "limit", "text": str(error)}
    for output in item.test_outputs or []:
        if output.output_type == "error":
            return {"kind": "error", "name": output.ename, "text": _plain(output.evalue)}
    if str(error) == "Cell outputs differ":
        return {
            "kind": "differs",
            "expected": _text(item, coalesce_streams(item.cell.outputs)),
            "got": _text(item, item.test_outputs),
            "nbval": _plain(getattr(error, "inner_traceback", "") or ""),
        }
    return {"kind": "error", "name": type(error).__name__, "text": str(error)}


def _text(item: IPyNbCell, outputs: list[Any]) -> str:
    """What a reader sees of `outputs`, as nbval compares it."""
    parts = []
    for output in item.sanitize_outputs(outputs):
        data = output.get("data", {})
        kinds = [kind for kind in data if kind.startswith("image/")]
        parts.append(output.get("text") or data.get("text/plain") or data.get("text/html") or "")
        if output.get("name") == "stderr":
            parts[-1] = f"(stderr) {parts[-1]}"
        if not parts[-1] and kinds:
            parts[-1] = f"(a picture, {kinds[0]})"
        if output.output_type == "error":
            parts[-1] = f"{output.ename}: {output.evalue}"
    return "\n".join(part.rstrip("\n") for part in parts)


def _checks(item: IPyNbCell) -> dict[str, str]:
    """For a cell that checks an exercise: the exercise's name, and the line that the check printed just now."""
    names = re.findall(r'^lesson\.check\("(\w+)"', item.cell.source, flags=re.MULTILINE)
    printed = "".join(output.get("text", "") for output in item.test_outputs or []).splitlines()
    return {name: next((line for line in printed if f" {name}: " in line), "") for name in names}


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _notice_death(kernel: Any) -> None:
    """Let `kernel` raise KernelDied soon after its process is gone, in place of waiting for the cell's time to end."""
    if hasattr(kernel, "patient"):
        return
    kernel.patient = kernel.get_message

    def get_message(stream: str, timeout: float | None = None) -> Any:
        until = time.monotonic() + timeout if timeout is not None else float("inf")
        while True:
            with suppress(Empty):
                return kernel.patient(stream, timeout=max(0.0, min(1.0, until - time.monotonic())))
            if not kernel.is_alive():
                raise KernelDied("The kernel died while it ran this cell.")
            if time.monotonic() >= until:
                raise Empty

    kernel.get_message = get_message


@contextmanager
def _watched(kernel: Any) -> Iterator[dict[str, int]]:
    """Measure the memory of the kernel and of the processes it started, in MB, while the block runs."""
    limit = int(os.environ.get(MEMORY_VARIABLE) or 0)
    memory, over = {"peak": 0, "limit": 0}, threading.Event()

    def watch() -> None:
        while True:
            family = _family(kernel)
            used = processes.memory(family) // MB
            memory["peak"] = max(memory["peak"], used)
            if limit and used > limit:
                memory["limit"] = limit
                processes.end(family)
                return
            if over.wait(TICK):
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield memory
    finally:
        over.set()
        watcher.join()


def _family(kernel: Any) -> list[psutil.Process]:
    """The kernel's process and all that it started, unless it is gone or runs elsewhere."""
    with suppress(AttributeError):
        return processes.family(kernel.km.provisioner.pid)
    return []
