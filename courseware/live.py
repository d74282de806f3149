"""How training goes, while it goes: one line below the cell for the person who waits, nothing for a machine."""

from __future__ import annotations

import math
import time
from typing import Any

import keras
from IPython.display import display

from courseware.notebook import someone_is_there

BLOCKS = "▁▂▃▄▅▆▇█"
WIDTH = 40
SECONDS_BETWEEN_LINES = 0.25


class LiveLine(keras.callbacks.Callback):
    """A Keras callback that shows the epoch, the latest figures, and the course of the loss in one line.

    The line is shown only where a person runs the cell, so a stored notebook holds no trace of it. A loop that counts
    something else than epochs gives its name to `set_params` as ``counted``.
    """

    def __init__(self) -> None:
        super().__init__()
        self._losses: list[float] = []
        self._handle: Any = None
        self._shown_at = 0.0

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self._losses = []
        if someone_is_there():
            self._handle = display(_text("compiling the model ..."), raw=True, display_id=True)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        if self._handle is None or not logs:
            return
        if "loss" in logs:
            self._losses.append(float(logs["loss"]))
        last = epoch + 1 == self.params["epochs"]
        if last or time.monotonic() - self._shown_at > SECONDS_BETWEEN_LINES:
            figures = "  ".join(f"{name} {float(value):.4g}" for name, value in logs.items())
            counted = f"{self.params.get('counted', 'epoch')} {epoch + 1} of {self.params['epochs']}"
            parts = (counted, sparkline(self._losses), figures)
            self._handle.update(_text("  ".join(part for part in parts if part)), raw=True)
            self._shown_at = time.monotonic()


def sparkline(values: list[float]) -> str:
    """Return `values` as a row of at most forty blocks, the highest for the largest value, a gap for nan and infinity.

    >>> sparkline([4.0, 2.0, 1.0, 0.5])
    '█▄▂▁'
    """
    kept = values[:: len(values) // WIDTH + 1]
    finite = [value for value in kept if math.isfinite(value)]
    low, span = min(finite, default=0.0), max(finite, default=0.0) - min(finite, default=0.0)
    scale = (len(BLOCKS) - 1) / span if span else 0.0
    return "".join(BLOCKS[round((value - low) * scale)] if math.isfinite(value) else " " for value in kept)


def _text(line: str) -> dict[str, str]:
    return {"text/plain": line}
