"""Print how often the playground shows a new picture while a network trains, without a browser.

Usage: python benchmarks/playground.py

The network is the largest that the controls allow, with batches of one point: the slowest case. On two busy cores the
median was 0.28 s between frames and the longest wait 0.41 s, after a first one of 1.7 s in which Keras compiles.
"""

from __future__ import annotations

import asyncio
import time

import numpy as np

from courseware import open_lesson
from courseware.playground import widget

FRAMES = 40


async def frames() -> list[float]:
    """The times at which pictures were shown."""
    face = widget.Playground()
    face.controls["layers"].value, face.controls["neurons"].value, face.controls["batch_size"].value = 4, 16, 1
    shown = [time.monotonic()]
    face.picture.observe(lambda _: shown.append(time.monotonic()), names="value")
    face.start()
    while len(shown) <= FRAMES:
        await asyncio.sleep(0.05)
    face.pause()
    return shown


if __name__ == "__main__":
    open_lesson("03_fnn")  # loads Keras quietly
    first, *gaps = np.diff(asyncio.run(frames()))
    print(f"first frame after {first:.2f} s; then {len(gaps)} frames, {np.median(gaps):.2f} s apart (median),")
    print(f"{np.quantile(gaps, 0.95):.2f} s (95 % of them are shorter), {max(gaps):.2f} s (the longest)")
