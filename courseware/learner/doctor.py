"""What is installed and what is wrong with it, with the command that mends it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
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
from courseware.data import DIGITS_VARIABLE, mnist_file
from courseware.errors import CourseError
from courseware.learner import copies, shadows
from courseware.learner.surroundings import BACKENDS, KERAS_USUAL, keras_settings

GB = 1e9
MEMORY_NEEDED = 5 * GB  # lesson 10, worker processes included; the others take 1.5
DISK_NEEDED = 0.5 * GB
RECORD_NEEDS = 1e6  # bytes: some thousand answers
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


# What mends which trouble: the README's table has the same words, beside what people see.
REMEDIES = {
    "python": "`make clean`, then `make learn PYTHON=/path/to/python3.12`",
    "package": "`python -m pip install -r requirements.txt`",
    "backend": "`unset KERAS_BACKEND`, or `make test-backends`, which installs the others",
    "data": "`python -m pip install --force-reinstall --no-deps -r requirements.txt`",
    "mnist": "With the network, once: `python -c 'import keras; keras.datasets.mnist.load_data()'`",
    "disk": "Free some room",
    "memory": "Close other programs and other notebooks (Kernel > Shut Down All Kernels)",
    "kernel": "`python -m ipykernel install --sys-prefix`",
    "progress": "Make the folder that is named writable, or set `COURSEWARE_HOME` to another",
    "work": "Make the folder that is named writable, or set `COURSEWARE_WORK` to another",
    "copy": "`course reset 01`, with the lesson's number; yours is kept beside it",
    "hidden": "Give that file another name, then restart the kernel",
    "path": "`unset PYTHONPATH`",
    "keras": "Give Keras's settings file, which is named, another name; Keras writes a new one",
}
WITHOUT_CHECKOUT = {  # where there is no `make`
    "python": "Install the course with a Python that it supports",
    "backend": "`unset KERAS_BACKEND`",
}


@dataclass(frozen=True)
class Diagnosis:
    """One line of the doctor: a mark, what was found, and for what is wrong the key of its remedy.

    `remedy` takes the place of the one that the key stands for; an empty one says that `text` names it.
    """

    mark: str
    text: str
    trouble: str = ""
    remedy: str | None = None

    def __str__(self) -> str:
        remedy = _remedy(self.trouble) if self.remedy is None and self.trouble else self.remedy
        return f"{self.mark} {self.text}" + (f"\n    {remedy}" if remedy else "")


def _remedy(trouble: str) -> str:
    """What mends it, with this Python by its name, so that the command can be copied as it stands."""
    remedy = REMEDIES[trouble]
    if course.INSTALLED:
        listed = shlex.quote(str(course.ROOT / "requirements.txt"))
        remedy = WITHOUT_CHECKOUT.get(trouble, remedy).replace("-r requirements.txt", f"-r {listed}")
    python = Path(sys.executable)
    if python.is_relative_to(Path.cwd()):
        python = python.relative_to(Path.cwd())
    return remedy.replace("`python ", f"`{shlex.quote(str(python))} ")


def diagnose() -> list[Diagnosis]:
    """Look at Python, packages, backend, data, disk, memory, the Jupyter kernel, and the learner's folders."""
    looks = (_python, _hidden, _packages, _keras, _data, _room, _kernel, _progress, _lessons, _copies)
    return [finding for look in looks for finding in look()]


def _python() -> Iterator[Diagnosis]:
    first, last = PYTHONS
    text = f"Python {platform.python_version()}"
    if first <= sys.version_info[:2] <= last:
        yield Diagnosis(OK, f"{text} on {platform.system()} ({platform.machine()})")
    else:
        yield Diagnosis(BAD, f"{text}; the course needs {first[0]}.{first[1]} to {last[0]}.{last[1]}", "python")


def _hidden() -> Iterator[Diagnosis]:
    """What Python would import in the place of the lessons' packages."""
    for entry, found in shadows.polluting().items():
        names = ", ".join(path.stem for path in found)
        yield Diagnosis(BAD, f"PYTHONPATH names {entry}, which hides the course's own {names}", "path")
    for file in shadows.shadows(copies.folder()):
        yield Diagnosis(BAD, f"{file} hides the package {file.stem} from the lessons", "hidden")


def _packages() -> Iterator[Diagnosis]:
    """Direct requirements against what the course allows, and those that results depend on against what it was verified with."""
    wrong, verified = 0, _locked()
    remedy = REMEDIES["path"] if shadows.polluting() else None  # to install again would not help
    for requirement in _requirements():
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            wrong += 1
            yield Diagnosis(
                BAD, f"{requirement.name} is not installed; the course needs {requirement}", "package", remedy
            )
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong += 1
            wanted = verified.get(requirement.name, requirement.specifier)
            older = _is_older(version, wanted)
            yield Diagnosis(
                BAD,
                f"{requirement.name} {version} is too {'old' if older else 'new'}; verified with {wanted}",
                "package",
                remedy,
            )
        elif requirement.name in RESULTS_DEPEND_ON and version != verified.get(requirement.name, version):
            wrong += 1
            yield Diagnosis(
                NOTE, f"{requirement.name} {version}; verified with {verified[requirement.name]}", "package", remedy
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


def _keras() -> Iterator[Diagnosis]:
    """Keras's engine, and what its settings file says, which an older course may have written."""
    file, settings = keras_settings()
    variable = os.environ.get("KERAS_BACKEND")
    name = variable or str(settings.get("backend") or "tensorflow")
    where = "" if variable else f" (says {file})" if settings.get("backend") else ""
    trouble = "backend" if variable else "keras"
    if name not in BACKENDS:
        yield Diagnosis(BAD, f"Keras is to compute with {name}{where}, which Keras 3 does not know", trouble)
    elif importlib.util.find_spec(name) is None:
        yield Diagnosis(BAD, f"Keras is to compute with {name}{where}, which is not installed", trouble)
    elif name == "tensorflow":
        yield Diagnosis(OK, "Keras computes with TensorFlow, as verified")
    else:
        yield Diagnosis(
            NOTE, f"Keras computes with {name}; stored outputs are TensorFlow's, and figures differ a little"
        )
    for key, usual in KERAS_USUAL.items():
        if settings.get(key, usual) != usual:
            yield Diagnosis(BAD, f"{file} sets {key} to {settings[key]!r}; the lessons need {usual!r}", "keras")


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
    if os.environ.get(DIGITS_VARIABLE) == "mnist" and not mnist.exists():
        yield Diagnosis(BAD, f"{DIGITS_VARIABLE} asks for MNIST, which is not in {mnist.parent}", "mnist")


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
    record = progress.Progress()
    folder = record.path.parent
    try:
        record.all_answers()
        for info in course.ready_lessons():
            record.exercises(info.slug)
    except progress.ProgressError as error:
        yield Diagnosis(BAD, str(error), "progress", remedy="")
        return
    for row in sorted(record.bad_rows):
        yield Diagnosis(NOTE, f"{row} in {record.path} cannot be read and is left out")
    if not _writable(folder) or (record.path.exists() and not os.access(record.path, os.W_OK)):
        yield Diagnosis(BAD, f"progress cannot be written to {record.path}", "progress")
    elif shutil.disk_usage(_existing(folder)).free < RECORD_NEEDS:
        yield Diagnosis(BAD, f"the disk on which progress is kept is full: {folder}", "disk")
    else:
        yield Diagnosis(OK, f"progress is kept in {record.path}")


def _lessons() -> Iterator[Diagnosis]:
    for info in course.ready_lessons():
        try:
            copies.exercise_names(info)
        except CourseError as error:
            yield Diagnosis(BAD, str(error), "lesson", remedy="")


def _copies() -> Iterator[Diagnosis]:
    folder = copies.folder()
    if not _writable(folder):
        yield Diagnosis(BAD, f"{folder} cannot be written to", "work")
    for info in course.ready_lessons():
        if problem := copies.what_is_wrong(info):
            yield Diagnosis(BAD, problem, "copy", remedy=f"`course reset {info.slug}`; yours is kept beside it")


def _existing(folder: Path) -> Path:
    """The folder itself, or the nearest one above it that there is."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _writable(folder: Path) -> bool:
    """Whether files can be made in `folder`, or the folder itself where it is to be."""
    return os.access(_existing(folder), os.W_OK | os.X_OK)


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
