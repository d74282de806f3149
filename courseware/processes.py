"""A process with all that it started: find them, and end them for good."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress

import psutil

PATIENCE = 10.0  # seconds for the operating system to clear away what was killed


def family(pid: int) -> list[psutil.Process]:
    """The process `pid` and all that it started, itself first; nothing if it has ended."""
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    return []


def memory(processes: Iterable[psutil.Process]) -> int:
    """Bytes of memory that `processes` hold together."""
    used = 0
    for process in processes:
        with suppress(psutil.Error):
            used += process.memory_info().rss
    return used


def end(processes: Iterable[psutil.Process]) -> None:
    """Kill `processes`, and wait until none of them runs: a killed process may go on for a moment."""
    killed = list(processes)
    for process in killed:
        with suppress(psutil.Error):
            process.kill()
    until = time.monotonic() + PATIENCE
    while any(_runs(process) for process in killed) and time.monotonic() < until:
        time.sleep(0.01)


def _runs(process: psutil.Process) -> bool:
    with suppress(psutil.Error):  # one that has ended, and that its parent has not asked about yet, is a zombie
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
