"""What a learner's code does to the program around it is of no effect while a check runs, and gone after it."""

from __future__ import annotations

import builtins
import math
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import numpy as np
from IPython import get_ipython

LINES, SIGNS = 20, 4000  # so much of what an answer prints during a check is shown
USUAL_ERRORS = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
USUAL_PRINTING = np.get_printoptions()
# What a learner may have overwritten, such as np.asarray or isinstance, as it was when the course was opened.
ORIGINALS = [
    (module, {name: value for name, value in vars(module).items() if not name.startswith("_") and name != "input"})
    for module in (builtins, math, np, np.linalg)
]


class AsksForInput(Exception):
    """Raised by ``input()`` during a check."""


class AsksToExit(Exception):
    """Raised by IPython's ``exit()`` and ``quit()`` during a check; else the kernel would end."""


@contextmanager
def shielded() -> Iterator[None]:
    """Inside, the lesson's own settings hold, whatever the learner has set; afterwards all is as it was before.

    These are: built-in functions and those of NumPy, warnings, NumPy's errors and printing, Keras's float type, order of
    channels and eager mode, the working folder and the limit of recursion. Of what is printed inside only the beginning
    is shown, of pictures nothing, nobody is asked for input, and ``exit()`` ends no kernel.
    """
    with ExitStack() as stack:
        for each in (_built_in, _going_on, _calm, _keras_settings, _place, _no_pictures, _cut_output):
            stack.enter_context(each())
        yield


@contextmanager
def _built_in() -> Iterator[None]:
    """Built-in functions and NumPy's as they came, but no ``input``."""
    changed = [
        (module, name, vars(module).get(name, ...), value)
        for module, originals in ORIGINALS
        for name, value in originals.items()
        if vars(module).get(name, ...) is not value
    ]
    for module, name, _, original in changed:
        setattr(module, name, original)
    asking, builtins.input = builtins.input, _no_input
    before = [dict(vars(module)) for module, _ in ORIGINALS]
    try:
        yield
    finally:
        for (module, originals), values in zip(ORIGINALS, before, strict=True):
            for name in originals:
                if vars(module).get(name, ...) is not values[name]:
                    setattr(module, name, values[name])
        builtins.input = asking
        for module, name, theirs, _ in changed:
            if theirs is not ...:
                setattr(module, name, theirs)


def _no_input(prompt: object = "") -> str:
    raise AsksForInput("a function gets what it needs as its arguments; leave out input()")


@contextmanager
def _going_on() -> Iterator[None]:
    """IPython's ``exit`` and ``quit``, which a beginner takes for ``return``, raise an error."""
    shell: Any = get_ipython()
    if shell is None:
        yield
        return
    shell.ask_exit = _no_exit
    try:
        yield
    finally:
        vars(shell).pop("ask_exit", None)


def _no_exit() -> None:
    raise AsksToExit("calls exit(), which would end Python; a function gives its result back with `return`")


@contextmanager
def _calm() -> Iterator[None]:
    """Warnings that are errors are warnings, and numbers are written as always."""
    before = list(warnings.filters)
    _filter([each for each in before if each[0] != "error"])
    try:
        with np.errstate(**USUAL_ERRORS), np.printoptions(**USUAL_PRINTING):  # type: ignore[arg-type]
            yield
    finally:
        _filter(before)


def _filter(wanted: list[Any]) -> None:
    """Set the filters of warnings; where they are so already, what was warned of once is not warned of again."""
    if list(warnings.filters) != wanted:
        warnings.resetwarnings()
        warnings.filters[:] = wanted  # type: ignore[index]


@contextmanager
def _keras_settings() -> Iterator[None]:
    """Keras's and TensorFlow's usual settings, where Keras is loaded."""
    if "keras" not in sys.modules:
        yield
        return
    import keras

    config = keras.config
    tensorflow: Any = sys.modules.get("tensorflow") if keras.backend.backend() == "tensorflow" else None

    def put(floatx: str, channels: str, policy: Any, eager: bool) -> None:
        if config.floatx() != floatx:
            config.set_floatx(floatx)
        if config.image_data_format() != channels:
            config.set_image_data_format(channels)
        if getattr(config.dtype_policy(), "name", config.dtype_policy()) != getattr(policy, "name", policy):
            config.set_dtype_policy(policy)
        if tensorflow and tensorflow.config.functions_run_eagerly() != eager:
            tensorflow.config.run_functions_eagerly(eager)

    eager = bool(tensorflow and tensorflow.config.functions_run_eagerly())
    before = config.floatx(), config.image_data_format(), config.dtype_policy(), eager
    put("float32", "channels_last", "float32", False)
    try:
        yield
    finally:
        put(*before)


@contextmanager
def _place() -> Iterator[None]:
    """The working folder and how deep functions may call themselves."""
    deep = sys.getrecursionlimit()
    folder = None
    with suppress(OSError):
        folder = os.getcwd()
    try:
        yield
    finally:
        if sys.getrecursionlimit() != deep:
            sys.setrecursionlimit(deep)
        if folder:
            with suppress(OSError):
                os.chdir(folder)


@contextmanager
def _no_pictures() -> Iterator[None]:
    """What is displayed is neither drawn nor shown, which takes its time at every call, and new figures are closed."""
    shell: Any = get_ipython()
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    before = set(pyplot.get_fignums()) if pyplot else set()
    dropped: list[None] = []

    def drop(*_: object, **__: object) -> tuple[dict[str, Any], dict[str, Any]]:
        dropped.append(None)
        return {}, {}

    silent: list[tuple[Any, str, Any]] = []
    if pyplot:
        silent += [(pyplot, "show", drop)]  # in a notebook it closes every figure as well
    if shell is not None:
        silent += [(shell.display_formatter, "format", drop), (shell.display_pub, "publish", drop)]
        silent += [(shell.display_pub, "clear_output", lambda wait=False: None)]
    many = pyplot.rcParams["figure.max_open_warning"] if pyplot else None
    try:
        with ExitStack() as stack:
            for holder, name, instead in silent:
                stack.callback(_put, holder, name, vars(holder).get(name, ...))
                setattr(holder, name, instead)
            if pyplot:
                pyplot.rcParams["figure.max_open_warning"] = 0
            yield
    finally:
        if pyplot:
            opened = set(pyplot.get_fignums()) - before
            dropped += [None] * len(opened)
            for number in opened:
                pyplot.close(number)
            pyplot.rcParams["figure.max_open_warning"] = many
        if dropped:
            print("(What your answer draws or displays is not shown during a check.)")


def _put(holder: Any, name: str, value: Any) -> None:
    """Set an attribute to what it was; ... for one that only its class had."""
    if value is ...:
        vars(holder).pop(name, None)
    else:
        setattr(holder, name, value)


@contextmanager
def _cut_output() -> Iterator[None]:
    """Let the beginning of what is printed through, and put the streams back."""
    stdout, stderr = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err = _Beginning(stdout), _Beginning(stderr)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = stdout, stderr
        if out.cut or err.cut:
            with suppress(Exception):
                stdout.write(
                    f"{'' if out.at_line_start else chr(10)}(Your answer prints more; the rest is left out.)\n"
                )


class _Beginning:
    """A stream that passes on the first lines and drops the others; what is closed swallows all."""

    def __init__(self, stream: Any):
        self.uncut = stream
        self._lines = self._signs = 0
        self.cut = False
        self.at_line_start = True

    def write(self, text: str) -> int:
        if not self.cut:
            kept = text[: SIGNS - self._signs]
            kept = "".join(kept.splitlines(keepends=True)[: LINES - self._lines])
            self.cut = len(kept) < len(text)
            self._lines += kept.count("\n")
            self._signs += len(kept)
            if kept:
                self.at_line_start = kept.endswith("\n")
                with suppress(Exception):
                    self.uncut.write(kept)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        with suppress(Exception):
            self.uncut.flush()

    def close(self) -> None:
        """Only the stream that is kept outside could be closed."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.uncut, name)
