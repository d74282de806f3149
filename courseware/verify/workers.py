"""Several notebooks at a time, as many as cores and memory allow, with a line of progress."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

import psutil
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from courseware.verify.running import CellBegun, Run, stop_all

Job = TypeVar("Job")
PER_KERNEL = 2.5e9  # bytes that a kernel and its workers may need at their peak


def workers(wanted: int | None = None) -> int:
    """How many notebooks run at a time: one a core, fewer where memory is short, at least one."""
    fitting = max(1, int(psutil.virtual_memory().available / PER_KERNEL))
    return max(1, min(wanted or os.cpu_count() or 1, fitting))


def run_all(
    jobs: Mapping[str, Job], work: Callable[[Job, CellBegun], Run], ending: Callable[[Job, Run], str], count: int
) -> Iterator[tuple[Job, Run]]:
    """Yield each job with its run, as they end; after an error or an interruption nothing runs on.

    The error output gets a line for each job that ends and, on a terminal, one for each under way below them.

    Args:
        jobs: what to do, by a name to show.
        work: does it, and says which cell has begun.
        ending: how it went, in a few words.
        count: how many jobs at a time.
    """
    shown = Progress(
        TimeElapsedColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        console=Console(stderr=True, highlight=False, soft_wrap=True), transient=True,
    )  # fmt: skip

    def follow(name: str) -> Run:
        task = shown.add_task(escape(name), total=None)
        try:
            return work(jobs[name], lambda cell, cells: shown.update(task, completed=cell + 1, total=cells))
        finally:
            shown.remove_task(task)

    with shown, ThreadPoolExecutor(count) as pool:
        names = {pool.submit(follow, name): name for name in jobs}
        try:
            for number, done in enumerate(as_completed(names), 1):
                name, run = names[done], done.result()
                shown.console.print(f"[{number}/{len(jobs)}] {name}: {ending(jobs[name], run)}", markup=False)
                yield jobs[name], run
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            stop_all()
            raise
