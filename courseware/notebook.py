"""What the course does to a notebook: widgets only where a person is there, and no start-up messages of compiled code."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from IPython import get_ipython
from IPython.display import display

WIDGET = "application/vnd.jupyter.widget-view+json"


def show_widget(line: str, build: Callable[[], Any]) -> None:
    """Display the widget that `build` makes, or only `line` where nobody can use it.

    nbval, nbclient and nbconvert refuse input to the kernel; for them nothing is built, so that a stored notebook holds
    neither widgets nor anyone's input, and compares to the letter. Where widgets are missing, or of another version, a
    sentence says so.
    """
    bundle: dict[str, Any] = {"text/plain": line}
    if someone_is_there() and (lack := _lack_of_widgets()):
        print(lack)
    elif someone_is_there():
        data = build()._repr_mimebundle_()
        bundle[WIDGET] = (data[0] if isinstance(data, tuple) else data)[WIDGET]  # anywidget adds metadata
    display(bundle, raw=True)


def _lack_of_widgets() -> str:
    """What a learner should do to see widgets here; "" if nothing."""
    try:
        importlib.import_module("anywidget")
        version = str(importlib.import_module("ipywidgets").__version__)
        found = f"ipywidgets is {version}"
    except ImportError as error:
        version, found = "", f"{error.name} is missing"
    if version.startswith("8."):
        return ""
    return (
        f"What belongs here needs anywidget and ipywidgets 8, and here {found}. Run this in a cell, then restart the "
        f'kernel and come back:\n  %pip install "ipywidgets>=8.1,<9" anywidget'
    )


def someone_is_there() -> bool:
    """Whether the cell was run by a front end that lets a person type, as JupyterLab and VS Code do."""
    kernel = getattr(get_ipython(), "kernel", None)
    return kernel is not None and getattr(kernel, "_allow_stdin", True)


def output_again(stream: Any) -> None:
    """Let prints arrive in the notebook again where a cell has closed or replaced its standard output, `stream`."""
    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is not None and hasattr(stream, "pub_thread"):
        if stream.closed:
            stream.pub_thread = kernel.iopub_thread
        if sys.stdout is not stream:
            sys.stdout = stream
            stream.set_parent(kernel.get_parent())  # which cell it is that prints
    elif getattr(sys.stdout, "closed", sys.stdout is None):
        sys.stdout = open(os.devnull, "w") if getattr(stream, "closed", stream is None) else stream  # noqa: SIM115


def widget_module(file: Path) -> str:
    """The text of a widget's ES module: what is in `file`, with `handKeysOn` of keys.js at hand."""
    return "".join(path.read_text(encoding="utf-8") for path in (Path(__file__).with_name("keys.js"), file))


@contextmanager
def standard_error_closed() -> Iterator[None]:
    """Send what compiled code writes to standard error nowhere, and that of processes started meanwhile."""
    sys.stderr.flush()
    stderr = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)  # C++ writes here, past sys.stderr; exceptions still reach the learner
    try:
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)


@contextmanager
def quiet_workers() -> Iterator[None]:
    """Let worker processes that start inside this block, by joblib or Dask, keep their start-up lines to themselves."""
    logging.getLogger("distributed").setLevel(logging.ERROR)
    with standard_error_closed():
        yield
