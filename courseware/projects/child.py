"""Runs a learner's notebook and calls its `train`, in a process of its own: ``python -m courseware.projects.child FOLDER``.

The folder holds ``job.json`` and ``job.npz``; what happens is told in ``events``, a line of JSON each, and the answers are
written as ``answers_0.npy`` and so on. Labels of the held-out part never come here.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

CELL, FAILED, LEFT, TRAINS, DONE = "cell", "failed", "left", "trains", "done"
ROWS = ("train_rows", "valid_rows", "test_rows")


def main(folder: Path) -> None:
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    with (folder / "events").open("a", encoding="utf-8", buffering=1) as file:

        def tell(event: str, **more: object) -> None:
            file.write(json.dumps({"event": event, **more}) + "\n")

        names = _run_cells(Path(job["notebook"]), tell)
        if names is None:
            return
        tell(LEFT, report=_numbers(names.get("report")), **{each: _whole_numbers(names.get(each)) for each in ROWS})
        with np.load(folder / "job.npz", allow_pickle=False) as arrays:
            for number, seed in enumerate(job["seeds"]):
                tell(TRAINS, number=number)
                try:
                    x, y, x_new = arrays["x"], arrays[f"y_{number}"], arrays["x_new"]
                    np.save(folder / f"answers_{number}.npy", _answers(names.get("train"), x, y, seed, x_new))
                except BaseException as error:
                    tell(FAILED, where="train", number=number, error=_in_a_line(error))
                    return
        tell(DONE)


def _run_cells(notebook: Path, tell: Callable[..., None]) -> dict[str, Any] | None:
    """Run the code cells in their order; return the names that they leave, or None if one failed."""
    from IPython.core.interactiveshell import InteractiveShell

    class Shell(InteractiveShell):
        def enable_gui(self, gui: object = None) -> None:
            """What ``%matplotlib`` asks for; here nobody is there to look."""

    shell: Any = Shell.instance()
    shell.history_manager.enabled = False
    number = 0
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        code = "".join(cell["source"])
        if cell["cell_type"] != "code" or not code.strip():
            continue
        number += 1
        tell(CELL, number=number, first=code.strip().splitlines()[0])
        result = shell.run_cell(code)
        if error := result.error_before_exec or result.error_in_exec:
            tell(FAILED, where="cell", number=number, error=_in_a_line(error))
            return None
    names: dict[str, Any] = shell.user_ns
    return names


def _answers(train: Any, x: Any, y: Any, seed: int, x_new: Any) -> Any:
    """What the learner's function answers for new rows: first for all, then once more for the first half alone."""
    if not callable(train):
        raise _Unusable("there is no function `train`")
    predict = train(x, y, seed)
    if predict is None:
        raise _Unusable("`train` returned None; it must return a function `predict`")
    predict = getattr(predict, "predict", predict)
    if not callable(predict):
        raise _Unusable(f"`train` returned {type(predict).__name__}; it must return a function `predict`")
    found = []
    for rows in (x_new, x_new[: len(x_new) // 2]):
        answer = predict(rows.copy())
        if answer is None:
            raise _Unusable("`predict` returned None; it must return one answer for each row")
        answer = np.asarray(answer)
        if answer.shape not in ((len(rows),), (len(rows), 1)):
            raise _Unusable(
                f"`predict(x)` returned shape {answer.shape} for {len(rows)} rows; expected ({len(rows)},), one answer for "
                "each row" + ("; for probabilities of classes, add `.argmax(axis=1)`" if answer.ndim == 2 else "")
            )
        found.append(answer.astype(float).ravel())
    return np.concatenate(found)


class _Unusable(Exception):
    """What came from `train` is not what was asked for."""


def _in_a_line(error: BaseException) -> str:
    if isinstance(error, _Unusable):
        return str(error)
    return traceback.format_exception_only(error)[-1].strip().splitlines()[0].rstrip(".")


def _whole_numbers(rows: Any) -> list[int] | None:
    try:
        array = np.asarray(rows)
    except Exception:
        return None
    if array.ndim == 1 and array.size and array.dtype.kind in "iu":
        return [int(row) for row in array]
    return None


def _numbers(report: Any) -> dict[str, float]:
    found = {}
    for key, value in report.items() if isinstance(report, dict) else ():
        try:
            found[str(key)] = float(value)
        except (TypeError, ValueError):
            continue
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
