"""Files and folders that would be imported in the place of the packages that the lessons use."""

from __future__ import annotations

import os
import site
from pathlib import Path

PACKAGES = (
    "tensorflow", "keras", "numpy", "scipy", "sklearn", "statsmodels", "optuna", "matplotlib", "ipykernel", "IPython",
    "pandas", "PIL", "h5py", "anywidget", "ipywidgets", "jupyterlab", "jupyter_server", "jupyter_client", "traitlets", "pydantic", "rich", "click", "courseware",
)  # fmt: skip
# What Python itself imports before a kernel of ours runs: with a types.py beside the lessons none starts.
PYTHONS_OWN = (
    "collections", "contextlib", "enum", "functools", "importlib", "keyword", "operator", "re", "reprlib", "types",
    "warnings",
)  # fmt: skip
VARIABLE = "PYTHONPATH"
OWN = Path(__file__).resolve().parent.parent


def shadows(folder: Path) -> list[Path]:
    """What in `folder` has the name of a package that the lessons use, the course's own package apart.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     (Path(folder) / "keras.py").touch()
    ...     [path.name for path in shadows(Path(folder))]
    ['keras.py']
    """
    found = []
    for name in (*PACKAGES, *PYTHONS_OWN):
        file, package = folder / f"{name}.py", folder / name
        if file.is_file():
            found.append(file)
        elif (package / "__init__.py").is_file() and package.resolve() != OWN:
            found.append(package)
    return found


def polluting() -> dict[str, list[Path]]:
    """The folders of ``$PYTHONPATH`` that hide packages, each with what hides them."""
    entries = filter(None, os.environ.get(VARIABLE, "").split(os.pathsep))
    own = {Path(folder).resolve() for folder in site.getsitepackages()}  # where the course's packages lie themselves
    return {entry: found for entry in entries if Path(entry).resolve() not in own and (found := shadows(Path(entry)))}


def clean_path() -> str:
    """``$PYTHONPATH`` without these folders."""
    bad = polluting()
    return os.pathsep.join(e for e in os.environ.get(VARIABLE, "").split(os.pathsep) if e and e not in bad)
