"""Try the mutants of many lessons: a fresh process for each, and nothing twice that has not changed."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil

from courseware.course import ROOT, LessonInfo
from courseware.errors import CourseError
from courseware.files import write_whole
from courseware.verify.mutants.survivors import Outcome, outcomes

MEMORY = 6e9  # bytes that a process may take; the dearest solution takes a sixth of it
KEPT = ROOT / ".verify" / "mutants"
PACKAGE = ROOT / "courseware"
JUDGES = (  # what every outcome rests on
    *(PACKAGE / name for name in ("checking.py", "timelimit.py", "authoring/source.py")),
    *(
        Path(__file__).with_name(f"{name}.py")
        for name in ("cells", "expressions", "making", "statements", "survivors", "vocabulary")
    ),
)


def run(
    infos: Sequence[LessonInfo], say: Callable[[str], None] = print, kept: Path = KEPT, jobs: int = 1
) -> list[Outcome]:
    """Return what became of the mutants of every exercise of `infos`.

    Args:
        infos: the lessons.
        say: gets a line for each exercise that has ended.
        kept: the folder in which outcomes are kept; those of a lesson hold until its source, checks or models change.
        jobs: how many lessons are tried at a time.

    Raises:
        CourseError: if a lesson's mutants cannot be tried; what has ended until then is kept.
    """
    children: list[BaseProcess] = []
    over = threading.Event()

    def lesson(info: LessonInfo) -> list[Outcome]:
        file, key = kept / f"{info.slug}.json", _key(info)
        found = _read(file, key)
        for outcome in _apart(info, [outcome.exercise for outcome in found], children, over):
            found.append(outcome)
            write_whole(file, json.dumps({"key": key, "outcomes": [asdict(each) for each in found]}, indent=1))
            say(line(outcome))
        return found

    pool = ThreadPoolExecutor(jobs)
    try:
        return [outcome for found in pool.map(lesson, infos) for outcome in found]
    finally:
        over.set()
        for child in children:
            child.kill()
        pool.shutdown(cancel_futures=True)


def line(outcome: Outcome) -> str:
    """One line on an exercise.

    >>> line(Outcome("04_cnn", "max_pool", 115, ["a -> b"], 0.21))
    '04_cnn max_pool: 115 mutants, 1 accepted (0.2 s)'
    """
    return (
        f"{outcome.lesson} {outcome.exercise}: {outcome.tried} mutants, {len(outcome.survivors)} accepted "
        f"({outcome.seconds:.1f} s)"
    )


def _apart(info: LessonInfo, skip: list[str], children: list[BaseProcess], over: threading.Event) -> Iterator[Outcome]:
    """The outcomes of a lesson, from a process of its own; a mutant that ends it is refused, and another goes on."""
    skip, fatal = list(skip), list[tuple[str, str]]()
    while True:
        watched = _Child(info, skip, fatal)
        children.append(watched.process)
        for outcome in watched.outcomes():
            skip.append(outcome.exercise)
            yield outcome
        if watched.finished or over.is_set():
            return
        if watched.trying is None:
            raise CourseError(f"{info.slug}: the process that tries its mutants ended before the first of them.")
        fatal.append(watched.trying)


class _Child:
    """A process that tries a lesson's mutants, stopped when it takes too much memory or time for one of them."""

    def __init__(self, info: LessonInfo, skip: list[str], fatal: list[tuple[str, str]]):
        context = multiprocessing.get_context("spawn")
        self.here, there = context.Pipe(duplex=False)
        self.process = context.Process(target=_work, args=(info, skip, fatal, there))
        self.process.start()
        there.close()
        self.trying: tuple[str, str] | None = None
        self.until = float("inf")
        self.finished = False

    def outcomes(self) -> Iterator[Outcome]:
        memory = psutil.Process(self.process.pid)
        try:
            while True:
                while not self.here.poll(0.2):
                    if memory.memory_info().rss > MEMORY or time.monotonic() > self.until:
                        self.process.kill()
                match self.here.recv():
                    case Outcome() as outcome:
                        self.trying, self.until = None, float("inf")
                        yield outcome
                    case exercise, change, seconds:
                        # cell and check have so many seconds each, and one long call into compiled code is not cut
                        self.trying, self.until = (exercise, change), time.monotonic() + 3 * seconds + 60
                    case str(problem):
                        raise CourseError(problem)
                    case None:
                        self.finished = True
                        return
        except (EOFError, psutil.NoSuchProcess):
            return
        finally:
            self.process.join()


def _work(info: LessonInfo, skip: list[str], fatal: list[tuple[str, str]], connection: Connection) -> None:
    # Ctrl-C is the parent's; an interrupted check would look like a refusal.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(MPLBACKEND="Agg", TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0")
    with tempfile.TemporaryDirectory() as home:
        os.environ["COURSEWARE_HOME"] = home
        try:
            for outcome in outcomes(info, skip, fatal, lambda e, change: connection.send((e.name, change, e.seconds))):
                connection.send(outcome)
        except CourseError as error:
            connection.send(str(error))
        else:
            connection.send(None)


def _key(info: LessonInfo) -> str:
    own = [info.source, info.folder / "checks.py", info.folder / "models.py"]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in [*own, *JUDGES])).hexdigest()[:16]


def _read(file: Path, key: str) -> list[Outcome]:
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return [Outcome(**row) for row in stored["outcomes"]] if stored["key"] == key else []
    except (OSError, ValueError, KeyError, TypeError):
        return []  # a first run, or a file of another version: everything is tried
