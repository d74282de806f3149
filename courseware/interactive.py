"""What a cell shows: widgets where a person can use them, one line of text where a machine runs the notebook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from IPython import get_ipython
from IPython.display import display

WIDGET = "application/vnd.jupyter.widget-view+json"


def show_widget(line: str, build: Callable[[], Any]) -> None:
    """Display the widget that `build` makes, or only `line` where nobody can use it.

    nbval, nbclient and nbconvert refuse input to the kernel; for them nothing is built, so that a stored notebook holds
    neither widgets nor anyone's input, and compares to the letter.
    """
    bundle: dict[str, Any] = {"text/plain": line}
    if someone_is_there():
        bundle[WIDGET] = build()._repr_mimebundle_()[WIDGET]
    display(bundle, raw=True)


def someone_is_there() -> bool:
    """Whether the cell was run by a front end that lets a person type, as JupyterLab and VS Code do."""
    kernel = getattr(get_ipython(), "kernel", None)
    return kernel is not None and getattr(kernel, "_allow_stdin", True)
