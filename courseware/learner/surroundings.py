"""What around a lesson would break it: told in one line with its remedy, and put right for this notebook where it can be."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import json
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from courseware import course
from courseware.errors import CourseError
from courseware.learner.shadows import polluting, shadows

BACKENDS = ("tensorflow", "jax", "torch", "openvino", "numpy")
WITHOUT_TRAINING = ("openvino", "numpy")
KERAS_USUAL = {"floatx": "float32", "image_data_format": "channels_last"}
NEEDED = {"numpy": 1, "keras": 3, "tensorflow": 2}  # with the least major version
WIDGETS = (8, 1)


class PackagesMissing(CourseError):
    """Raised where this Python lacks what the lessons need; a notebook shows the sentence alone."""

    def _render_traceback_(self) -> list[str]:  # IPython asks for it
        return [str(self)]


def put_right() -> Iterator[str]:
    """Let packages win over files that hide them, and name those; to be called before NumPy and Keras are imported.

    Raises:
        PackagesMissing: if a package that every lesson needs is not there, or of a time before the course.
    """
    hiding: dict[Path, set[str]] = {}
    try:
        here = Path.cwd()
    except OSError:  # it was deleted
        here = Path()
    for file in shadows(here):
        hiding[file] = {"", str(here)}
        yield (
            f"{file.name} in the folder of this notebook hides the package {file.stem}. The lesson takes the package "
            "all the same; give that file another name."
        )
    for entry, found in polluting().items():
        hiding |= {file: {entry} for file in found}
        yield (
            f"PYTHONPATH names {entry}, which hides the course's own {', '.join(each.stem for each in found)}. The "
            "lesson takes its own; run `unset PYTHONPATH` in the terminal before you start the course."
        )
    if hiding:
        last = set().union(*hiding.values())
        sys.path[:] = [entry for entry in sys.path if entry not in last] + [
            entry for entry in sys.path if entry in last
        ]
        for file in hiding:
            _forget(file)
        importlib.invalidate_caches()
    _refuse_missing()
    if widgets := _widgets():
        yield widgets


def _forget(file: Path) -> None:
    """Forget the module that was imported from `file`, and what is below it."""
    module = sys.modules.get(file.stem)
    origin = getattr(module, "__file__", None)
    if origin and Path(origin).is_relative_to(file):
        for name in [name for name in sys.modules if name.split(".")[0] == file.stem]:
            del sys.modules[name]


def _refuse_missing() -> None:
    missing = []
    for name, major in NEEDED.items():
        if name not in sys.modules and importlib.util.find_spec(name) is None:
            missing.append(f"{name} is not installed")
            continue
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # e.g. tensorflow-cpu
        if int(version.split(".")[0]) < major:
            missing.append(f"{name} is {version}; version {major} or later is needed")
    if not missing:
        return
    folder = course.ROOT / ".venv"
    own = next((each for each in (folder / "bin" / "python", folder / "Scripts" / "python.exe") if each.exists()), None)
    remedy = (
        f"The course has a Python of its own, {own}: start with `course lab`, or choose it under Kernel > Change Kernel."
        if own and folder.resolve() != Path(sys.prefix).resolve()
        else f"In a terminal: `{shlex.quote(sys.executable)} -m pip install -r "
        f"{shlex.quote(str(course.ROOT / 'requirements.txt'))}`, then Kernel > Restart Kernel."
    )
    raise PackagesMissing(f"This notebook runs with {sys.executable}, where {', and '.join(missing)}. {remedy}")


def _widgets() -> str:
    try:
        version = importlib.metadata.version("ipywidgets")
        if tuple(map(int, version.split(".")[:2])) >= WIDGETS:
            return ""
        found = f"ipywidgets is {version}"
    except importlib.metadata.PackageNotFoundError:
        found = "ipywidgets is not installed"
    except ValueError:  # a version unlike any other
        return ""
    wanted = ".".join(map(str, WIDGETS))
    return (
        f"{found}, so the quiz and what is to be pressed cannot be shown. In a terminal: "
        f"`{shlex.quote(sys.executable)} -m pip install 'ipywidgets>={wanted}'`, then Kernel > Restart Kernel."
    )


def keras_settings() -> tuple[Path, dict[str, object]]:
    """Keras's own settings file and what stands in it."""
    from courseware.data import keras_home

    file = keras_home() / "keras.json"
    try:
        settings = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        settings = {}
    return file, settings if isinstance(settings, dict) else {}


def usable_backend() -> Iterator[str]:
    """See that Keras, not imported yet, will find its engine, and one that can train; else let it take TensorFlow."""
    if "keras" in sys.modules:
        return
    file, settings = keras_settings()
    variable = os.environ.get("KERAS_BACKEND")
    name = variable or str(settings.get("backend") or "tensorflow")
    if name not in BACKENDS:
        why = "which Keras 3 does not know"
    elif importlib.util.find_spec(name) is None:
        why = "which is not installed"
    elif name in WITHOUT_TRAINING:
        why = "which cannot train"
    else:
        return
    os.environ["KERAS_BACKEND"] = "tensorflow"
    if variable:
        asks, remedy = "KERAS_BACKEND asks for", "run `unset KERAS_BACKEND` in the terminal before you start the course"
    else:
        asks, remedy = f"{file} asks for", "give that file another name; Keras writes a new one"
    yield f"{asks} {name}, {why}. The lesson takes TensorFlow; {remedy}."


def usual_settings(config: Any) -> Iterator[str]:
    """Set what the lessons take for granted in Keras's `config`, where it was told otherwise."""
    file, settings = keras_settings()
    for key, usual in KERAS_USUAL.items():
        found = getattr(config, key)()
        if found == usual:
            continue
        getattr(config, f"set_{key}")(usual)
        if settings.get(key) == found:
            yield f"{file} sets {key} to {found!r}. The lesson takes {usual!r}; give that file another name."
        else:
            yield f"Keras's {key} was {found!r}. The lesson sets it to {usual!r}."
