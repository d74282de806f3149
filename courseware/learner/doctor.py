"""What is installed and what is wrong with it, with the command that mends it; the README's table is made from here.

``python -m courseware.learner.doctor`` writes that table into the README.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import platform
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from packaging.requirements import Requirement
from packaging.version import Version

from courseware import course, progress
from courseware.data import keras_home, mnist_file
from courseware.files import write_whole
from courseware.learner import copies

GB = 1e9
MEMORY_NEEDED = 5 * GB  # lesson 10, worker processes included; the others take 1.5
DISK_NEEDED = 0.5 * GB
OK, NOTE, BAD = "✓", "!", "✗"
RESULTS_DEPEND_ON = ("tensorflow", "keras", "numpy", "scikit-learn", "matplotlib", "jupyterlab", "nbval")
PYTHONS = ((3, 11), (3, 13))
DATA = {
    "sklearn": (
        "datasets/data/digits.csv.gz", "datasets/data/breast_cancer.csv", "datasets/data/diabetes_data_raw.csv.gz",
        "datasets/images/china.jpg", "datasets/images/flower.jpg",
    ),
    "statsmodels": ("datasets/sunspots/sunspots.csv", "datasets/co2/co2.csv"),
    "courseware": ("corpus/word_order.txt",),
}  # fmt: skip
BEGIN, END = "<!-- made by python -m courseware.learner.doctor -->\n", "<!-- end -->\n"


@dataclass(frozen=True)
class Trouble:
    """Something that goes wrong for people: what they see, and what mends it; without a checkout perhaps otherwise."""

    sign: str
    remedy: str
    if_installed: str = ""


TROUBLES = {
    "no python": Trouble(
        "`no Python 3.11, 3.12 or 3.13 was found`",
        "Install one, or name it: `make learn PYTHON=/path/to/python3.12`",
    ),
    "no venv": Trouble(
        "`lacks the venv module`",
        "On Debian or Ubuntu install the package that is named, e.g. `sudo apt install python3.11-venv`",
    ),
    "download": Trouble("`the packages could not be downloaded`", "Check the network and run it again"),
    "command": Trouble("`course: command not found`", "`source .venv/bin/activate` first, or call `.venv/bin/course`"),
    "python": Trouble(
        "Python is too old or too new",
        "`make clean`, then `make learn PYTHON=/path/to/python3.12`",
        if_installed="Install the course with a Python that it supports",
    ),
    "package": Trouble("A package is missing, or of another version", "`python -m pip install -r requirements.txt`"),
    "backend": Trouble(
        "Keras cannot find its backend",
        "`unset KERAS_BACKEND`, or `make test-backends`, which installs the others",
        if_installed="`unset KERAS_BACKEND`",
    ),
    "data": Trouble(
        "Data that a package brings along are not there",
        "`python -m pip install --force-reinstall --no-deps -r requirements.txt`",
    ),
    "mnist": Trouble(
        "`MNIST is not stored here`",
        "With the network, once: `python -c 'import keras; keras.datasets.mnist.load_data()'`",
    ),
    "disk": Trouble("`too little disk`", "Free some room"),
    "memory": Trouble(
        "The kernel dies, or the computer becomes very slow",
        "Close other programs and other notebooks (Kernel > Shut Down All Kernels)",
    ),
    "kernel": Trouble("The notebook's kernel does not start", "`python -m ipykernel install --sys-prefix`"),
    "progress": Trouble(
        "Progress cannot be kept", "Make the folder that is named writable, or set `COURSEWARE_HOME` to another"
    ),
    "work": Trouble(
        "Lessons cannot be copied", "Make the folder that is named writable, or set `COURSEWARE_WORK` to another"
    ),
    "copy": Trouble(
        "A copy of a lesson is broken", "`course reset 01`, with the lesson's number; yours is kept beside it"
    ),
    "port": Trouble("The port is busy", "JupyterLab takes the next free one; use the address that it prints"),
    "else": Trouble(
        "Something else is odd with the environment", "`make clean`, then `make learn`. Your lessons and progress stay"
    ),
}


@dataclass(frozen=True)
class Diagnosis:
    """One line of the doctor: a mark, what was found, and for what is wrong the entry of the table that mends it."""

    mark: str
    text: str
    trouble: str = ""

    def __str__(self) -> str:
        remedy = f"\n    {_for_here(TROUBLES[self.trouble])}" if self.trouble else ""
        return f"{self.mark} {self.text}{remedy}"


def _for_here(trouble: Trouble) -> str:
    """The remedy with this Python by its name, so that the command can be copied as it stands."""
    remedy = trouble.remedy
    if course.INSTALLED:
        listed = shlex.quote(str(course.ROOT / "requirements.txt"))
        remedy = (trouble.if_installed or remedy).replace("-r requirements.txt", f"-r {listed}")
    python = Path(sys.executable)
    if python.is_relative_to(Path.cwd()):
        python = python.relative_to(Path.cwd())
    return remedy.replace("`python ", f"`{shlex.quote(str(python))} ")


def diagnose() -> list[Diagnosis]:
    """Look at Python, packages, backend, data, disk, memory, the Jupyter kernel, and the learner's folders."""
    looks = (_python, _packages, _backend, _data, _room, _kernel, _progress, _copies)
    return [finding for look in looks for finding in look()]


def _python() -> Iterator[Diagnosis]:
    first, last = PYTHONS
    text = f"Python {platform.python_version()}"
    if first <= sys.version_info[:2] <= last:
        yield Diagnosis(OK, f"{text} on {platform.system()} ({platform.machine()})")
    else:
        yield Diagnosis(BAD, f"{text}; the course needs {first[0]}.{first[1]} to {last[0]}.{last[1]}", "python")


def _packages() -> Iterator[Diagnosis]:
    """Direct requirements against what the course allows, and those that results depend on against what it was verified with."""
    wrong, verified = 0, _locked()
    for requirement in _requirements():
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            wrong += 1
            yield Diagnosis(BAD, f"{requirement.name} is not installed; the course needs {requirement}", "package")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong += 1
            wanted = verified.get(requirement.name, requirement.specifier)
            older = _is_older(version, wanted)
            yield Diagnosis(
                BAD,
                f"{requirement.name} {version} is too {'old' if older else 'new'}; verified with {wanted}",
                "package",
            )
        elif requirement.name in RESULTS_DEPEND_ON and version != verified.get(requirement.name, version):
            wrong += 1
            yield Diagnosis(
                NOTE, f"{requirement.name} {version}; verified with {verified[requirement.name]}", "package"
            )
    if not wrong:
        shown = ", ".join(f"{name} {verified[name]}" for name in RESULTS_DEPEND_ON if name in verified)
        yield Diagnosis(OK, f"packages as verified: {shown}")


def _is_older(version: str, wanted: object) -> bool:
    numbers = re.findall(r"\d[\d.]*", str(wanted))
    return bool(numbers) and Version(version) < Version(numbers[0])


def _requirements() -> list[Requirement]:
    """What the package itself asks for, its extras left out."""
    found = [Requirement(line) for line in importlib.metadata.requires("courseware") or []]
    return [each for each in found if not each.marker or each.marker.evaluate({"extra": ""})]


def _locked() -> dict[str, str]:
    """The versions in requirements.txt, with which the course is verified."""
    try:
        lines = (course.ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pins = [Requirement(line.removesuffix("\\")) for line in lines if re.match(r"[\w.-]+==", line)]
    return {pin.name: str(pin.specifier)[2:] for pin in pins if not pin.marker or pin.marker.evaluate()}


def _backend() -> Iterator[Diagnosis]:
    name = os.environ.get("KERAS_BACKEND") or _configured_backend()
    if importlib.util.find_spec(name) is None:
        yield Diagnosis(BAD, f"Keras is to compute with {name}, which is not installed", "backend")
    elif name == "tensorflow":
        yield Diagnosis(OK, "Keras computes with TensorFlow, as verified")
    else:
        yield Diagnosis(
            NOTE, f"Keras computes with {name}; stored outputs are TensorFlow's, and figures differ a little"
        )


def _configured_backend() -> str:
    """The backend in Keras's own settings file."""
    try:
        return str(json.loads((keras_home() / "keras.json").read_text(encoding="utf-8"))["backend"])
    except (OSError, ValueError, KeyError, TypeError):
        return "tensorflow"


def _data() -> Iterator[Diagnosis]:
    missing = [
        f"{package}/{file}"
        for package, files in DATA.items()
        if (found := importlib.util.find_spec(package)) and found.origin
        for file in files
        if not (Path(found.origin).parent / file).exists()
    ]
    if missing:
        yield Diagnosis(BAD, f"data are not there: {', '.join(missing)}", "data")
    else:
        yield Diagnosis(OK, "the data of all lessons are stored here; no network is needed")
    mnist = mnist_file()
    if os.environ.get("COURSEWARE_DIGITS") == "mnist" and not mnist.exists():
        yield Diagnosis(BAD, f"COURSEWARE_DIGITS asks for MNIST, which is not in {mnist.parent}", "mnist")


def _room() -> Iterator[Diagnosis]:
    free = shutil.disk_usage(course.ROOT).free
    text = f"{free / GB:.1f} GB of disk free"
    yield (
        Diagnosis(OK, text)
        if free >= DISK_NEEDED
        else Diagnosis(BAD, f"{text}; {DISK_NEEDED / GB:g} GB are wanted", "disk")
    )
    available = psutil.virtual_memory().available
    text = f"{available / GB:.1f} GB of memory available, {os.cpu_count()} cores"
    if available >= MEMORY_NEEDED:
        yield Diagnosis(OK, text)
    else:
        yield Diagnosis(NOTE, f"{text}; the dearest lesson takes {MEMORY_NEEDED / GB:g} GB", "memory")


def _kernel() -> Iterator[Diagnosis]:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        command = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        yield Diagnosis(BAD, "Jupyter has no kernel called python3", "kernel")
        return
    program = shutil.which(command) or command
    if not Path(program).exists():
        yield Diagnosis(BAD, f"Jupyter's kernel python3 starts {command}, which is not there", "kernel")
    elif command not in ("python", "python3") and not os.path.samefile(program, sys.executable):
        yield Diagnosis(
            BAD, f"Jupyter's kernel python3 starts {command}, another Python than {sys.executable}", "kernel"
        )
    else:
        yield Diagnosis(OK, "Jupyter's kernel is this Python")


def _progress() -> Iterator[Diagnosis]:
    file = progress.progress_file()
    try:
        progress.Progress().all_answers()
    except progress.ProgressError as error:
        yield Diagnosis(BAD, str(error), "progress")
        return
    if _writable(file.parent):
        yield Diagnosis(OK, f"progress is kept in {file}")
    else:
        yield Diagnosis(BAD, f"progress cannot be written to {file.parent}", "progress")


def _copies() -> Iterator[Diagnosis]:
    folder = copies.folder()
    if not _writable(folder):
        yield Diagnosis(BAD, f"{folder} cannot be written to", "work")
    for info in course.ready_lessons():
        copy = copies.copy_of(info)
        try:
            broken = copy.exists() and "cells" not in json.loads(copy.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            broken = True
        if broken:
            yield Diagnosis(BAD, f"{copy} is no notebook any more", "copy")


def _writable(folder: Path) -> bool:
    """Whether files can be made in `folder`, or the folder itself where it is to be."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK | os.X_OK)


def in_lines(findings: list[Diagnosis]) -> str:
    """The findings a line each, and below them how many there are to mend.

    >>> print(in_lines([Diagnosis(OK, "fine"), Diagnosis(BAD, "a copy is no notebook any more", "copy")]))
    ✓ fine
    ✗ a copy is no notebook any more
        `course reset 01`, with the lesson's number; yours is kept beside it
    <BLANKLINE>
    1 thing to mend.
    """
    bad = sum(finding.mark == BAD for finding in findings)
    end = f"{bad} thing{'s' if bad > 1 else ''} to mend." if bad else "All is well."
    return "\n".join([*map(str, findings), "", end])


def troubles_table() -> str:
    """The README's table."""
    rows = [f"| {trouble.sign} | {trouble.remedy} |" for trouble in TROUBLES.values()]
    return "\n".join(["| What you see | What to do |", "| --- | --- |", *rows]) + "\n"


def with_table(readme: str) -> str:
    """The README's text with the table as it is now.

    >>> with_table(f"# Course\\n{BEGIN}old\\n{END}the end") == f"# Course\\n{BEGIN}\\n{troubles_table()}\\n{END}the end"
    True
    """
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{troubles_table()}\n{END}{after}"


if __name__ == "__main__":
    path = course.ROOT / "README.md"
    text = with_table(path.read_text(encoding="utf-8"))
    write_whole(path, text)
