"""Run each lesson and print what it costs: start-up, run time, peak memory, and the slowest three cells.

    python benchmarks/lessons.py            # every lesson, blank and solved
    python benchmarks/lessons.py 01 04      # some of them

Times are in seconds on this machine, one notebook after the other; memory is the kernel's peak resident size in MB.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from typing import Any

import nbformat
from nbclient import NotebookClient

from courseware import course
from courseware.authoring.source import read_source
from courseware.progress import FOLDER_VARIABLE

PEAK = "import resource, sys\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform != 'darwin' else 1024**2))"


def measure(info: course.LessonInfo, solved: bool) -> dict[str, Any]:
    """Run one notebook in a fresh kernel; return its times, peak memory and the source lines of its slowest cells."""
    notebook = read_source(info.source, solved=solved)
    code = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(info.lesson.parent)}})
    started = time.perf_counter()
    seconds: dict[int, float] = {}
    with client.setup_kernel():
        for index in code:
            before = time.perf_counter()
            client.execute_cell(notebook.cells[index], index)
            seconds[index] = time.perf_counter() - before
            if index == code[0]:
                start_up = time.perf_counter() - started
        total = time.perf_counter() - started
        notebook.cells.append(nbformat.v4.new_code_cell(PEAK))
        peak = int(client.execute_cell(notebook.cells[-1], len(notebook.cells) - 1).outputs[0].text)
    slowest = sorted(seconds, key=seconds.__getitem__, reverse=True)[:3]
    return {
        "start_up": start_up,
        "total": total,
        "peak": peak,
        "slowest": [(index, seconds[index], notebook.cells[index].source.splitlines()[0][:50]) for index in slowest],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lessons", nargs="*", help="numbers or names, e.g. 01 or 04_cnn")
    try:
        infos = [course.find(name) for name in parser.parse_args().lessons] or course.ready_lessons()
    except course.UnknownLesson as error:
        parser.error(str(error))
    print(f"{'notebook':<34} {'start-up':>9} {'total':>7} {'peak MB':>8}   slowest cells")
    with tempfile.TemporaryDirectory() as home:
        os.environ[FOLDER_VARIABLE] = home
        for info in infos:
            for solved in (False, True):
                cost = measure(info, solved)
                name = f"{'solutions' if solved else 'lessons'}/{info.slug}"
                first, *others = [f"{seconds:5.1f} s  cell {index}: {text}" for index, seconds, text in cost["slowest"]]
                print(f"{name:<34} {cost['start_up']:>9.1f} {cost['total']:>7.1f} {cost['peak']:>8}   {first}")
                for line in others:
                    print(f"{'':<61}   {line}", flush=True)


if __name__ == "__main__":
    main()
