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
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

from courseware import course
from courseware.claims import RECORD_VARIABLE

EVENTS_VARIABLE = "COURSEWARE_VERIFY_EVENTS"  # a file for what the recorder tells
MEMORY_VARIABLE = "COURSEWARE_VERIFY_MEMORY"  # in MB; a kernel that takes more is stopped
PATIENCE = 5  # seconds for pytest to end by itself when it is asked to
SILENCE = 90  # seconds beyond a cell's limit without a word from pytest, after which the run is given up
ONE_THREAD = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}


@dataclass(frozen=True)
class Limits:
    """What a cell may take before it is stopped: seconds, and MB of memory."""

    seconds: float = 120
    memory: int = 8000


LIMITS = Limits()
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
    """

    notebook: str
    cells: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    trouble: str = ""

    @property
    def memory(self) -> int:
        """Peak memory in MB."""
        return max((cell.get("memory", 0) for cell in self.cells), default=0)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def run_notebook(
    path: Path,
    settings: Mapping[str, str] | None = None,
    limits: Limits = LIMITS,
    progress: Callable[[int, int], None] = lambda cell, cells: None,
) -> Run:
    """Run the notebook at `path` from its first cell to its last, whatever happens in between.

    Args:
        path: a notebook inside the course.
        settings: variables added to the environment of its kernel.
        limits: what each cell may take.
        progress: called with the number of the cell that has begun, from 0, and how many there are.
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
        if not run.trouble and process.returncode not in (0, 1):
            run.trouble = _last_words(log.read_text(encoding="utf-8", errors="replace"))
        if claims.exists():
            run.claims = [json.loads(line) for line in claims.read_text(encoding="utf-8").splitlines()]
    return run


def _follow(
    process: subprocess.Popen[bytes], events: Path, run: Run, limits: Limits, progress: Callable[[int, int], None]
) -> str:
    """Read the events until pytest ends; return why it was given up, if it was."""
    cells, heard = 0, time.monotonic()
    with events.open(encoding="utf-8") as file:
        rest = ""
        while True:
            over = process.poll() is not None  # asked first, so that nothing told before the end is missed
            if text := file.read():
                heard = time.monotonic()
                *lines, rest = (rest + text).split("\n")
                for event in map(json.loads, lines):
                    match event.pop("event"):
                        case "unreadable":
                            return f"cannot be read: {event['why']}"
                        case "collected":
                            cells = event["cells"]
                        case "start":
                            progress(event["cell"], cells)
                        case "cell":
                            run.cells.append(event)
            if over:
                return ""
            if time.monotonic() - heard > limits.seconds + SILENCE:
                return f"nothing was heard for {limits.seconds + SILENCE:g} seconds; the run was stopped."
            time.sleep(0.1)


def _end(*processes: subprocess.Popen[bytes]) -> None:
    """End pytest runs with the kernels that they started: asked first, so that they clear up, then by force."""
    families = []
    for process in processes:
        if process.poll() is None:
            with suppress(psutil.Error):
                families += psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGINT)
    until = time.monotonic() + PATIENCE
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for member in families:
        with suppress(psutil.Error):
            member.kill()


def _last_words(log: str) -> str:
    errors = re.findall(r"^(?:E\s+|ERROR:?\s+|INTERNALERROR> )(.+)$", log, flags=re.MULTILINE)
    return f"pytest could not run it: {errors[-1] if errors else log.strip()[-300:]}"
