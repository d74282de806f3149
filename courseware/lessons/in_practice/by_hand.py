"""By hand for lesson 12: the digit network in NumPy, timings, packed files, and a program that runs beside the notebook."""

import subprocess
import time
import zipfile
from contextlib import contextmanager

import keras
import numpy as np

from courseware.lessons.in_practice.models import build_digit_network


def forward(weights, x, keep=None):
    """Return the scores (n, 10) of the digit network; the largest score of a row names the digit.

    Args:
        weights: its six arrays, matrix and biases by turns, as `model.get_weights()` gives them.
        x: array (n, 64), the pixels, 0 to 16.
        keep: a list to which the values of each layer are appended, as training has to keep them.

    >>> forward([np.ones((64, 2)), np.zeros(2), np.ones((2, 1)), np.zeros(1)], np.full((1, 64), 16.0))
    array([[128.]], dtype=float32)
    """
    h = (x / 8 - 1).astype("float32")
    for matrix, biases in zip(weights[::2], weights[1::2], strict=True):
        z = (h @ matrix + biases).astype("float32")
        h = z if matrix is weights[-2] else np.maximum(0, z)
        if keep is not None:
            keep.append(h)
    return h


def zipped_bytes(path):
    """Return the size of the file at `path` after compression, as in any .zip file."""
    packed = path.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "model")
    return packed.stat().st_size


def fastest(repeats, **works):
    """Call all `works` alternately; return for each the shortest time that it took, in seconds.

    >>> sorted(fastest(2, short=lambda: None, long=lambda: time.sleep(0.01)))
    ['long', 'short']
    """
    times = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - start)
    return {name: min(measured) for name, measured in times.items()}


def compare(ours, other, x, repeats=30):
    """Return how many times as long as `ours` the network `other` takes for the batch `x`."""
    times = fastest(repeats, ours=lambda: ours.predict_on_batch(x), other=lambda: other.predict_on_batch(x))
    return times["other"] / times["ours"]


class Stopwatch(keras.callbacks.Callback):
    """Measures the processor time of each epoch, in seconds: what other programs do does not count."""

    def __init__(self):
        super().__init__()
        self.times = []

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.process_time()

    def on_epoch_end(self, epoch, logs=None):
        self.times.append(time.process_time() - self.start)


def time_steps(x, y, seed, *settings, turns=3):
    """Train a small digit network in batches of 8, once under each of `settings`, always in the same order.

    The settings take turns, two epochs each, so that a disturbance hits all of them.

    Args:
        x: array (n, 64), the pixels, 0 to 16.
        y: array (n,), the digits.
        seed: of the first weights.
        settings: dicts, what `model.compile` is given besides optimizer and loss, e.g. ``{"run_eagerly": True}``.
        turns: how many.

    Returns:
        For each setting: for each epoch the seconds of processor time for one step, and the weights at the end.
    """
    models, watches = [], [Stopwatch() for _ in settings]
    for setting in settings:
        keras.utils.set_random_seed(seed)
        models.append(build_digit_network(hidden=32))
        models[-1].compile("adam", "sparse_categorical_crossentropy", **setting)
    for _ in range(turns):
        for model, watch in zip(models, watches, strict=True):
            model.fit(x, y, batch_size=8, epochs=2, shuffle=False, verbose=0, callbacks=[watch])
    steps = len(x) / 8
    return [
        ([seconds / steps for seconds in watch.times], model.get_weights())
        for model, watch in zip(models, watches, strict=True)
    ]


def neighbours_alike(vectors, groups):
    """Return for which fraction of `vectors` the one in the most similar direction belongs to the same of `groups`.

    >>> vectors = np.array([[1.0, 0.0], [2.0, 0.1], [0.0, 3.0], [0.1, 1.0]])
    >>> float(neighbours_alike(vectors, np.array([0, 0, 1, 2])))
    0.5
    """
    directions = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    alike = directions @ directions.T  # 1: same direction, -1: opposite
    np.fill_diagonal(alike, -2)
    return np.mean(groups[alike.argmax(axis=1)] == groups)


@contextmanager
def running(*command):
    """Run a program beside the notebook for as long as a `with` lasts, and end it after that in any case.

    The program says that it is ready by a line on its standard output. It should end by itself when its standard input is
    closed: that happens even if the notebook's own process is killed.

    Args:
        command: the program and its arguments, as for `subprocess.Popen`.

    Yields:
        The process, and the line.

    Raises:
        RuntimeError: if the program ends before it is ready.

    >>> import sys
    >>> with running(sys.executable, "-c", "print('ready', flush=True); input()") as (process, line):
    ...     print(line, process.poll())
    ready None
    >>> process.poll() is None
    False
    """
    with subprocess.Popen(
        [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:  # fmt: skip
        try:
            line = process.stdout.readline().strip()
            if not line:
                raise RuntimeError(f"{command[-1]} ended before it was ready; run it in a terminal to see why.")
            yield process, line
        finally:
            process.kill()
