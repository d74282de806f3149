"""Several notebooks at a time, as many as cores and memory allow, with a line of progress."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any, TextIO, TypeVar

import psutil

from courseware.verify.running import stop_all

Job = TypeVar("Job")
PER_KERNEL = 2.5e9  # bytes that a kernel and its workers may need at their peak


def workers(wanted: int | None = None) -> int:
    """How many notebooks run at a time: one a core, fewer where memory is short, at least one."""
    fitting = max(1, int(psutil.virtual_memory().available / PER_KERNEL))
    return max(1, min(wanted or os.cpu_count() or 1, fitting))


def run_all(jobs: Iterable[Job], work: Callable[[Job], Any], count: int) -> Iterator[tuple[Job, Any]]:
    """Yield each job with what `work` made of it, as they end; after an error or an interruption nothing runs on."""
    pool = ThreadPoolExecutor(max_workers=count)
    waiting = {pool.submit(work, job): job for job in jobs}
    try:
        for done in as_completed(waiting):
            yield waiting[done], done.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        stop_all()
        raise
    pool.shutdown()


class ProgressLine:
    """What is going on: a line for each thing that ends and, on a terminal, one that changes below them."""

    def __init__(self, total: int, stream: TextIO | None = None):
        self.total, self.done, self.began = total, 0, time.monotonic()
        self.stream = stream or sys.stderr
        self.live = self.stream.isatty()
        self.under_way: dict[str, str] = {}
        self.lock, self.closed = threading.Lock(), False

    def update(self, name: str, cell: int, cells: int) -> None:
        with self.lock:
            self.under_way[name] = f"{name} {cell + 1}/{cells}"
            self._line()

    def end(self, name: str, text: str) -> None:
        """Say that `name` has ended, and how."""
        with self.lock:
            self.under_way.pop(name, None)
            self.done += 1
            if self.closed:  # the run was interrupted
                return
            self._clear()
            print(f"[{self.done}/{self.total}] {name}: {text}", file=self.stream, flush=True)
            self._line()

    def close(self) -> None:
        with self.lock:
            self.closed = True
            self.under_way.clear()
            self._clear()

    def _line(self) -> None:
        if self.live and self.under_way and not self.closed:
            minutes, seconds = divmod(int(time.monotonic() - self.began), 60)
            text = f"{minutes}:{seconds:02d}  {'   '.join(self.under_way.values())}"
            self.stream.write(f"\r\x1b[K{text[: os.get_terminal_size(self.stream.fileno()).columns - 1]}")
            self.stream.flush()

    def _clear(self) -> None:
        if self.live:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
