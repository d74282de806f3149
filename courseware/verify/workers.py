"""Several notebooks at a time, as many as cores and memory allow, with a line of progress."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any, TextIO, TypeVar

import psutil
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

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
    """What is going on: a line for each thing that ends and, on a terminal, one for each under way below them."""

    def __init__(self, total: int, stream: TextIO | None = None):
        self.total, self.done = total, 0
        self.shown = Progress(
            TimeElapsedColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            console=Console(file=stream, stderr=stream is None, highlight=False, soft_wrap=True), transient=True,
        )  # fmt: skip
        self.under_way: dict[str, TaskID] = {}
        self.lock, self.closed = threading.Lock(), False
        self.shown.start()

    def update(self, name: str, cell: int, cells: int) -> None:
        with self.lock:
            if not self.closed:
                task = self.under_way.get(name)
                self.under_way[name] = self.shown.add_task(escape(name), total=cells) if task is None else task
                self.shown.update(self.under_way[name], completed=cell + 1)

    def end(self, name: str, text: str) -> None:
        """Say that `name` has ended, and how."""
        with self.lock:
            self.done += 1
            if not self.closed:  # else the run was interrupted
                if name in self.under_way:
                    self.shown.remove_task(self.under_way.pop(name))
                self.shown.console.print(f"[{self.done}/{self.total}] {name}: {text}", markup=False)

    def close(self) -> None:
        with self.lock:
            self.closed = True
            self.shown.stop()
