"""A guess that is asked for before a cell is run, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import anywidget
import traitlets

from courseware.notebook import widget_module
from courseware.progress import Progress, ProgressError

HERE = Path(__file__).parent


class GuessWidget(anywidget.AnyWidget):
    """The options to choose from, or a field for words where there are none.

    `about` says what it is a guess at; `guess` is what was chosen, `kept` what of it was recorded; `trouble` says why
    they differ.
    """

    _esm = widget_module(HERE / "guess.js")
    _css = HERE / "guess.css"
    about = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    guess = traitlets.Unicode().tag(sync=True)
    kept = traitlets.Unicode().tag(sync=True)
    trouble = traitlets.Unicode().tag(sync=True)


def guess_widget(lesson: str, name: str, options: Sequence[str], progress: Progress) -> GuessWidget:
    """Ask for the guess `name` of `lesson`, with the earlier one filled in; each new one is kept in `progress`."""
    widget = GuessWidget(about=name.replace("_", " "), options=list(options))
    widget.add_class("course-guess")
    try:
        widget.guess = widget.kept = progress.guesses(lesson).get(name, "")
    except ProgressError as error:
        widget.trouble = str(error)

    def keep(change: dict[str, str]) -> None:
        try:
            progress.record_guess(lesson, name, change["new"])
            widget.trouble, widget.kept = "", change["new"]
        except ProgressError as error:
            widget.trouble = str(error)

    widget.observe(keep, "guess")
    return widget
