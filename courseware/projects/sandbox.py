"""Run a learner's notebook in a process of its own, within limits of time and memory, and collect what it answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from courseware import processes
from courseware.projects.child import CELL, DONE, FAILED, LEFT, ROWS, TRAINS
from courseware.projects.parts import Array

TICK = 0.2  # seconds between two looks at the process


@dataclass(frozen=True)
class Limits:
    """What the notebook and all trainings may take together: seconds, and MB of memory."""

    seconds: float = 600
    memory: int = 4000


@dataclass(frozen=True)
class Trial:
    """One call ``train(x, y, seed)``."""

    y: Array
    seed: int


@dataclass
class Outcome:
    """What came of a run.

    Attributes:
        stage: where it stopped: "cell", "train", or "" if it went through.
        where: which cell or training that was, in words.
        trouble: why it stopped.
        rows: the row numbers of the learner's parts, by name; None for one that is missing.
        report: the learner's own scores.
        answers: for each trial the answers to all new rows, then those to the first half alone.
        seconds: wall time.
    """

    stage: str = ""
    where: str = ""
    trouble: str = ""
    rows: dict[str, list[int] | None] = field(default_factory=dict)
    report: dict[str, float] = field(default_factory=dict)
    answers: list[Array] = field(default_factory=list)
    seconds: float = 0.0


def run_project(notebook: Path, x: Array, x_new: Array, trials: Sequence[Trial], limits: Limits) -> Outcome:
    """Run `notebook` from its first cell to its last, then its `train` for each trial; ask each for `x_new`."""
    with tempfile.TemporaryDirectory(prefix="course-project-") as name:
        folder = Path(name)
        job = {"notebook": str(notebook.resolve()), "seeds": [trial.seed for trial in trials]}
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        np.savez(
            folder / "job.npz",
            allow_pickle=False,
            x=x,
            x_new=x_new,
            **{f"y_{n}": trial.y for n, trial in enumerate(trials)},
        )
        (folder / "events").touch()
        began = time.monotonic()
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "courseware.projects.child", name], cwd=notebook.resolve().parent,
                env={**os.environ, "MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3", "IPYTHONDIR": str(folder / "ipython")},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            trouble = _watch(process, began, limits)
        finally:
            processes.end(processes.family(process.pid))
            process.wait()
        outcome = _read(folder, trouble)
        outcome.seconds = time.monotonic() - began
        return outcome


def _watch(process: subprocess.Popen[bytes], began: float, limits: Limits) -> str:
    """Wait for the end; return why it is not waited for any longer, if so."""
    while process.poll() is None:
        if time.monotonic() - began > limits.seconds:
            return f"it was not done after {limits.seconds:g} seconds and was stopped"
        used = processes.memory(processes.family(process.pid)) // 1_000_000
        if used > limits.memory:
            return f"it took {used} MB of memory and was stopped; {limits.memory} MB are allowed"
        time.sleep(TICK)
    return ""


def _read(folder: Path, trouble: str) -> Outcome:
    outcome, event = Outcome(), {}
    for line in (folder / "events").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["event"] == CELL:
            outcome.stage, outcome.where = "cell", f"code cell {event['number']}, which begins with `{event['first']}`"
        elif event["event"] == LEFT:
            outcome.rows, outcome.report = {each: event[each] for each in ROWS}, event["report"]
        elif event["event"] == TRAINS:
            outcome.stage, outcome.where = "train", "`train(x, y, seed)`"
    if event.get("event") == DONE:
        outcome.stage = outcome.where = ""
    elif event.get("event") == FAILED:
        outcome.trouble = event["error"]
    else:
        outcome.trouble = trouble or f"Python ended there by itself: {_last_line(folder / 'log')}"
    outcome.answers = [np.load(file) for file in sorted(folder.glob("answers_*.npy"))]
    return outcome


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "it says nothing"
