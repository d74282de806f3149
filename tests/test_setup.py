"""`make` sets up or says in one line what is missing; the lists of packages agree with one another."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import time
import tomllib
from itertools import product

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

from courseware import course

ROOT = course.ROOT
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK_TEXT = (ROOT / "requirements.txt").read_text()
LOCKED = [Requirement(line) for line in LOCK_TEXT.splitlines() if re.match(r"[a-zA-Z]", line)]
MACHINES = [
    {"python_version": python, "python_full_version": f"{python}.2", "sys_platform": system, "os_name": os_name,
     "platform_system": name, "platform_machine": machine, "implementation_name": "cpython",
     "platform_python_implementation": "CPython"}
    for python, (system, os_name, name, machine) in product(
        ("3.11", "3.12", "3.13"),
        [("linux", "posix", "Linux", "x86_64"), ("linux", "posix", "Linux", "aarch64"),
         ("darwin", "posix", "Darwin", "arm64"), ("win32", "nt", "Windows", "AMD64")],
    )
]  # fmt: skip


def locked_for(machine):
    """The locked packages of one kind of machine, by name."""
    here = default_environment() | machine
    fitting = [each for each in LOCKED if each.marker is None or each.marker.evaluate(here)]
    assert len({each.name for each in fitting}) == len(fitting), "a package is locked twice for one machine"
    return {each.name: each for each in fitting}


# --- the three lists -------------------------------------------------------------------------------------------------


def test_the_lock_is_exact_and_names_no_place():
    assert all(re.fullmatch(r"==[\w.]+", str(each.specifier)) for each in LOCKED)
    assert "://" not in LOCK_TEXT and "make lock" in LOCK_TEXT.splitlines()[1]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: f"{m['python_version']}-{m['platform_machine']}")
def test_every_dependency_is_locked_within_its_range(machine):
    locked = locked_for(machine)
    for wanted in map(Requirement, PROJECT["dependencies"]):
        version = str(locked[canonicalize_name(wanted.name)].specifier).removeprefix("==")
        assert wanted.specifier.contains(version), f"{wanted} is locked at {version}; run `make lock`"


def test_the_lock_was_made_from_these_dependencies():
    direct, name = set(), ""
    for line in LOCK_TEXT.splitlines():
        if re.match(r"[a-zA-Z]", line):
            name = Requirement(line).name
        elif "courseware (pyproject.toml)" in line:
            direct.add(name)
    assert direct == {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}, "run `make lock`"


def test_what_is_tested_here_is_what_is_locked():
    different = {
        name: installed
        for name, each in locked_for({}).items()
        if not each.specifier.contains(installed := importlib.metadata.version(name), prereleases=True)
    }
    assert not different, "run `make setup`"


def test_conda_and_binder_get_the_same():
    environment = YAML(typ="safe").load((ROOT / "environment.yml").read_text())
    assert environment["name"] == PROJECT["name"] and environment["channels"] == ["conda-forge"]
    *conda, pip = environment["dependencies"]
    assert pip == {"pip": ["-r requirements.txt", "-e ."]} and "pip" in conda
    (python,) = (each for each in conda if each.startswith("python="))
    assert SpecifierSet(PROJECT["requires-python"]).contains(python.removeprefix("python=") + ".1")


def test_the_set_up_takes_the_pythons_that_the_package_takes():
    supported = [f"3.{minor}" for minor in range(8, 20) if f"3.{minor}.1" in SpecifierSet(PROJECT["requires-python"])]
    test = re.compile(r"\(3, (\d+)\) <= sys.version_info\[:2\] <= \(3, (\d+)\)")
    for file in ("scripts/setup", "scripts/setup.py", ".ci/run"):
        first, last = test.search((ROOT / file).read_text()).groups()
        assert (f"3.{first}", f"3.{last}") == (supported[0], supported[-1]), file


def test_the_readme_lists_the_lessons_of_the_course():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d\d) \| (.+?) \| (\d+) \| (.+?) \|$", readme, flags=re.MULTILINE)
    assert rows == [
        (info.slug[:2], info.title if info.ready else f"{info.title} (coming)", str(info.minutes), info.builds)
        for info in course.lessons()
    ]


# --- what `make` says when something is missing ----------------------------------------------------------------------

with_make = pytest.mark.skipif(shutil.which("make") is None, reason="`make` is not installed")
OFFLINE = {
    "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_EXTRA_INDEX_URL": "", "PIP_FIND_LINKS": "",
    "PIP_CONFIG_FILE": "/dev/null", "PIP_TIMEOUT": "2", "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1",
}  # fmt: skip


@pytest.fixture
def make(tmp_path):
    """Run `make` on a copy of the checkout, with only `tmp_path/bin` on the PATH; returns what it says."""
    copy, tools = tmp_path / "my course", tmp_path / "bin"
    for folder in (copy, tools):
        folder.mkdir()
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    shutil.copytree(ROOT / "scripts", copy / "scripts")
    for tool in ("sh", "dirname"):
        (tools / tool).symlink_to(shutil.which(tool))

    def run(*arguments, **environment):
        done = subprocess.run(
            [shutil.which("make"), *arguments], cwd=copy, capture_output=True, text=True, timeout=120,
            env={"PATH": str(tools), "HOME": str(tmp_path), **environment},
        )  # fmt: skip
        assert "Traceback" not in done.stdout + done.stderr
        return done

    run.checkout, run.tools = copy, tools
    return run


def python_with(make, prelude, name="python3"):
    """Put a Python on the PATH in which `prelude` has been run first, so that it lacks or says what we want."""
    file = make.tools / name
    file.write_text(
        f"""#!{shutil.which("sh")}
if [ "$1" = -c ]; then exec '{sys.executable}' -c "{prelude}
$2"; fi
exec '{sys.executable}' -c "{prelude}
import runpy; runpy.run_path('scripts/setup.py', run_name='__main__')"
"""
    )
    file.chmod(0o755)


def fault(done):
    """The one line that the set-up ended with."""
    assert done.returncode != 0
    (line,) = (line for line in done.stderr.splitlines() if not line.startswith("make"))
    return line


@with_make
@pytest.mark.parametrize("version", [(2, 7, 18), (3, 9, 18), (3, 10, 1), (3, 14, 0)])
def test_a_python_of_another_version_is_refused(make, version):
    python_with(make, f"import sys; sys.version_info = {version}")
    assert "no Python 3.11, 3.12 or 3.13 was found" in fault(make("learn"))
    assert "PYTHON=python3 is not a Python 3.11" in fault(make("learn", "PYTHON=python3"))


@with_make
def test_no_python_at_all(make):
    assert "no Python 3.11, 3.12 or 3.13 was found" in fault(make("test"))
    assert "is not a Python" in fault(make("test", "PYTHON=/nowhere/python3"))


@with_make
def test_a_python_without_the_venv_module(make):
    python_with(make, "import sys; sys.modules['ensurepip'] = None")
    line = fault(make("learn"))
    assert f"sudo apt install python3.{sys.version_info.minor}-venv" in line
    # Another Python that has it is taken instead, though it comes later in the search.
    python_with(make, "import sys; sys.modules['ensurepip'] = None", name="python3.13")
    python_with(make, "import shutil; shutil.disk_usage = lambda _: shutil._ntuple_diskusage(9, 9, 9)", name="python3")
    assert "too little disk" in fault(make("learn"))


@with_make
def test_a_venv_that_cannot_be_made(make):
    broken = make.tools / "broken"
    broken.write_text("#!/bin/sh\necho Error: something odd\nexit 1\n")
    broken.chmod(0o755)
    python_with(make, f"import sys; sys._base_executable = '{broken}'")
    line = fault(make("learn"))
    assert "could not make a virtual environment" in line and "Error: something odd" in line


@with_make
def test_too_little_disk(make):
    python_with(make, "import shutil; shutil.disk_usage = lambda _: shutil._ntuple_diskusage(9, 9, 10**9)")
    line = fault(make("learn"))
    assert "too little disk: 0.9 GiB free" in line and str(make.checkout) in line
    assert not (make.checkout / ".venv").exists()


@with_make
def test_an_intel_mac(make):
    python_with(make, "import sys, platform; sys.platform = 'darwin'; platform.machine = lambda: 'x86_64'")
    assert "TensorFlow is not made for Intel Macs" in fault(make("learn"))


@with_make
def test_no_network_then_again_then_done_then_changed(make):
    """From a failure to a finished set-up and on to changed requirements, with pip that reaches nothing."""
    python_with(make, "")
    stamp = make.checkout / ".venv" / "courseware-setup"

    first = make("setup", **OFFLINE)
    assert "Check the network" in fault(first) and "Making .venv" in first.stdout
    assert stamp.read_text() == "unfinished"
    again = make("setup", **OFFLINE)
    assert "Check the network" in fault(again) and "Removing the old or unfinished .venv" in again.stdout

    wanted = subprocess.run(
        [sys.executable, "-c", "import runpy; print(runpy.run_path('scripts/setup.py')['wanted_stamp'](), end='')"],
        cwd=make.checkout, capture_output=True, text=True, check=True,
    )  # fmt: skip
    stamp.write_text(wanted.stdout)
    started = time.monotonic()
    done = make("setup", **OFFLINE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "") and time.monotonic() - started < 2

    with (make.checkout / "requirements.txt").open("a") as file:
        file.write("one-more-package==1.0\n")
    changed = make("setup", **OFFLINE)
    assert "Check the network" in fault(changed) and "requirements have changed" in changed.stdout
    assert stamp.read_text() == "unfinished"


@with_make
def test_make_alone_shows_what_there_is():
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"learn", "test", "setup", "build", "lint", "lock", "clean"} <= set(re.findall(r"make (\w+)", done.stdout))
