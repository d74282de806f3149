"""The settings that the matrix repeats the course under: seeds, threads, instructions, Keras backends, MNIST; and what all runs on."""

from __future__ import annotations

import importlib.util
import platform
import re
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

from courseware.course import LessonInfo
from courseware.data import DIGITS_VARIABLE, mnist_file
from courseware.errors import CourseError
from courseware.lesson import SEED_VARIABLE
from courseware.verify.running import ONE_THREAD

ONEDNN, INSTRUCTIONS = "TF_ENABLE_ONEDNN_OPTS", "ONEDNN_MAX_CPU_ISA"
PACKAGES = ("tensorflow", "keras", "numpy", "scikit-learn", "matplotlib", "jax", "torch")  # that results depend on
DIGITS_SWITCH = "= digits()"  # how a lesson takes the digits that COURSEWARE_DIGITS chooses


@dataclass(frozen=True)
class Setting:
    """One column of the matrix: its name, what it is, and the environment that makes it."""

    name: str
    words: str
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> str:
        """Why it cannot run here; empty if it can."""
        if (package := self.environment.get("KERAS_BACKEND")) and importlib.util.find_spec(package) is None:
            return f"{package} is not installed; `make test-backends` installs it"
        if self.environment.get(DIGITS_VARIABLE) == "mnist" and not mnist_file().exists():
            return "MNIST is not stored here; with the network, keras.datasets.mnist.load_data() fetches it"
        return ""

    def fits(self, info: LessonInfo) -> bool:
        """Whether it changes anything for this lesson."""
        return DIGITS_VARIABLE not in self.environment or DIGITS_SWITCH in info.solution.read_text(encoding="utf-8")


def _seed(number: int) -> Setting:
    return Setting(f"seed-{number}", f"every seed shifted by {number}", {SEED_VARIABLE: f"{number}"})


SETTINGS = (
    Setting("seed-0", "as shipped: oneDNN off, every core", {SEED_VARIABLE: "0", ONEDNN: "0"}),
    *(_seed(number) for number in range(1, 5)),
    Setting("one-thread", "one thread for all computing", ONE_THREAD),
    Setting("onednn", "oneDNN on", {ONEDNN: "1"}),
    Setting("avx2", "oneDNN on, instructions up to AVX2", {ONEDNN: "1", INSTRUCTIONS: "AVX2"}),
    Setting("jax", "Keras on JAX", {"KERAS_BACKEND": "jax"}),
    Setting("torch", "Keras on PyTorch, on one thread", {"KERAS_BACKEND": "torch", **ONE_THREAD}),
    Setting("small", "the 1,797 digits of 8 by 8 pixels, where a lesson has the switch", {DIGITS_VARIABLE: "small"}),
    Setting("mnist", "all 70,000 digits of MNIST, where a lesson has the switch", {DIGITS_VARIABLE: "mnist"}),
)


def chosen(names: str | None) -> list[Setting]:
    """The settings called `names`, separated by commas; without names, all. Any seed from 0 to 99 may be named.

    Raises:
        CourseError: for a name that is not in the list.

    >>> [each.name for each in chosen("jax, seed-37")]
    ['jax', 'seed-37']
    """
    by_name = {setting.name: setting for setting in SETTINGS}
    wanted = [name.strip() for name in names.split(",")] if names else list(by_name)
    for name in wanted:
        if name not in by_name and (seed := re.fullmatch(r"seed-(\d{1,2})", name)):
            by_name[name] = _seed(int(seed[1]))
        if name not in by_name:
            raise CourseError(f"There is no setting {name!r}. Known are: {', '.join(by_name)}, and seed-5 to seed-99.")
    return [by_name[name] for name in dict.fromkeys(wanted)]


def versions() -> str:
    """What it ran on, e.g. for a report: Python, the packages that matter, the processor."""
    return ", ".join([f"Python {platform.python_version()}", *map(" ".join, installed()), platform.machine()])


def installed() -> list[tuple[str, str]]:
    """The packages that results depend on, as far as they are installed, with their versions."""
    found = []
    for name in PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return found
