"""Run one notebook under pytest and nbval in a process of its own, and collect what the recorder tells."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from courseware import course, processes
from courseware.claims import RECORD_VARIABLE

EVENTS_VARIABLE = "COURSEWARE_VERIFY_EVENTS"  # a file for what the recorder tells
MEMORY_VARIABLE = "COURSEWARE_VERIFY_MEMORY"  # in MB; a kernel that takes more is stopped
PATIENCE = 5  # seconds for pytest to end by itself when it is asked to
SILENCE = 90  # seconds beyond a cell's limit without a word from pytest, after which the run is given up
ROOM = "see whether there is room left on the disk for temporary files"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}


@dataclass(frozen=True)
class Limits:
    """What a cell may take before it is stopped: seconds, and MB of memory."""

    seconds: float = 120
    memory: int = 8000


LIMITS = Limits()
CellBegun = Callable[[int, int], None]  # is called with the number of the cell, from 0, and how many there are
PLUGINS = ("courseware.verify.recorder", "nbval.plugin")  # no others: some take seconds to start
_under_way: set[subprocess.Popen[bytes]] = set()


def calmly(pid: int = 0) -> None:
    """Let a process (0: this one), and those that it starts from now on, be switched less often, where Linux runs it.

    The threads of a kernel hand each step of a training to one another, and interrupt one another when they do. Two
    notebooks side by side on two cores lose about a tenth of their time by that.
    """
    with suppress(AttributeError, OSError):  # not Linux; or the process has ended
        os.sched_setscheduler(pid, os.SCHED_BATCH, os.sched_param(0))


def stop_all() -> None:
    """Let every run that is under way end now; what it has shown so far is all there is."""
    _end(*_under_way)


@dataclass
class Run:
    """What one run of a notebook showed.

    Attributes:
        notebook: its path from the course's folder, e.g. ``lessons/04_cnn.ipynb``.
        cells: one event a code cell, in order, as `courseware.verify.recorder` tells them.
        claims: what the claims recorded: sentence, whether it held, and its margin.
        seconds: wall time of the whole run, the kernel's start included.
        trouble: why there is nothing, or not all, to see: the notebook cannot be read, or pytest gave up.
        collected: how many cells pytest was going to run; None if it did not get so far.
        left_behind: processes that the notebook left running, and that were ended.
        exercises: the names of its exercises, as the build noted them in the notebook.
    """

    notebook: str
    cells: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    trouble: str = ""
    collected: int | None = None
    left_behind: int = 0
    exercises: list[str] = field(default_factory=list)

    @property
    def memory(self) -> int:
        """Peak memory in MB."""
        return max((cell.get("memory", 0) for cell in self.cells), default=0)


def run_notebook(
    path: Path,
    settings: Mapping[str, str] | None = None,
    limits: Limits = LIMITS,
    progress: CellBegun = lambda cell, cells: None,
) -> Run:
    """Run the notebook at `path` from its first cell to its last, whatever happens in between.

    Args:
        path: a notebook inside the course.
        settings: variables added to the environment of its kernel.
        limits: what each cell may take.
        progress: called when a cell has begun.
    """
    run = Run(path.relative_to(course.ROOT).as_posix())
    with tempfile.TemporaryDirectory(prefix="course-verify-") as folder:
        events, claims, log = (Path(folder) / name for name in ("events", "claims", "log"))
        events.touch()
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
        environment |= {
            **(settings or {}), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", EVENTS_VARIABLE: str(events), RECORD_VARIABLE: str(claims),
            MEMORY_VARIABLE: str(limits.memory),
        }  # fmt: skip
        command = [
            sys.executable, "-m", "pytest", "-q", *(f"-p{name}" for name in PLUGINS), "-pno:cacheprovider", "--nbval",
            "--color=no", f"--nbval-cell-timeout={limits.seconds:g}", run.notebook,
        ]  # fmt: skip
        read = _contents(path)
        run.exercises = _exercises(read)
        began = time.perf_counter()
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=course.ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
        calmly(process.pid)
        _under_way.add(process)
        try:
            run.trouble = _follow(process, events, run, limits, progress)
        finally:
            _end(process)
            _under_way.discard(process)
        run.seconds = round(time.perf_counter() - began, 1)
        run.left_behind = _end_what_is_left(events)
        words = log.read_text(encoding="utf-8", errors="replace")
        run.trouble = run.trouble or _trouble(run, process.returncode, words)
        if not run.trouble and _contents(path) != read:
            run.trouble = "was changed while it ran; run it again."
        if claims.exists():
            try:
                run.claims = [json.loads(line) for line in claims.read_text(encoding="utf-8").splitlines()]
            except ValueError:
                run.trouble = run.trouble or f"what its claims told cannot be read; {ROOM}"
    return run


def _trouble(run: Run, status: int, log: str) -> str:
    """Why a run that ended by itself cannot be judged by what it told, if so."""
    if status < 0:
        return f"pytest was stopped by the signal {-status}, after {len(run.cells)} cells."
    if status not in (0, 1):
        return _last_words(log)
    if run.collected is None:
        return f"pytest ended and told nothing of its cells; {ROOM}"
    if len(run.cells) != run.collected:
        return f"{run.collected} cells were to run, and {len(run.cells)} of them told how they went; {ROOM}"
    if status == 1 and not any(cell["problem"] for cell in run.cells):
        return f"pytest says that a cell failed, and no cell told so: {_last_words(log)}"
    return ""


def _contents(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _exercises(notebook: bytes) -> list[str]:
    try:
        return list(json.loads(notebook)["metadata"]["courseware"]["exercises"])
    except (ValueError, KeyError, TypeError, RecursionError):  # not built by the course; pytest says what else is wrong
        return []


def _end_what_is_left(events: Path) -> int:
    """End the processes that a notebook left running, known by their environment; return how many there were."""
    left = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(EVENTS_VARIABLE) == str(events):
                left.append(process)
    processes.end(left)
    return len(left)


def _follow(process: subprocess.Popen[bytes], events: Path, run: Run, limits: Limits, progress: CellBegun) -> str:
    """Read the events until pytest ends; return why it was given up, if it was."""
    cells, heard = 0, time.monotonic()
    with events.open(encoding="utf-8") as file:
        rest = ""
        while True:
            over = process.poll() is not None  # asked first, so that nothing told before the end is missed
            if text := file.read():
                heard = time.monotonic()
                *lines, rest = (rest + text).split("\n")
                for line in lines:
                    try:
                        event = json.loads(line)
                    except ValueError:
                        return f"what pytest told cannot be read; {ROOM}"
                    match event.pop("event"):
                        case "unreadable":
                            return f"cannot be read: {event['why']}"
                        case "collected":
                            cells = run.collected = event["cells"]
                        case "start":
                            progress(event["cell"], cells)
                        case "cell":
                            run.cells.append(event)
            if over:
                return ""
            if time.monotonic() - heard > limits.seconds + SILENCE:
                return f"nothing was heard for {limits.seconds + SILENCE:g} seconds; the run was stopped."
            time.sleep(0.1)


def _end(*runs: subprocess.Popen[bytes]) -> None:
    """End pytest runs with the kernels that they started: asked first, so that they clear up, then by force."""
    families = []
    for run in runs:
        if run.poll() is None:
            families += processes.family(run.pid)
            run.send_signal(signal.SIGINT)
    until = time.monotonic() + PATIENCE
    for run in runs:
        with suppress(subprocess.TimeoutExpired):
            run.wait(max(0.0, until - time.monotonic()))
    processes.end(families)
    for run in runs:
        run.wait()


def _last_words(log: str) -> str:
    errors = re.findall(r"^(?:E\s+|ERROR:?\s+|INTERNALERROR> )(.+)$", log, flags=re.MULTILINE)
    return f"pytest could not run it: {errors[-1] if errors else log.strip()[-300:]}"
