"""`make` sets up or says in one line what is missing; the lists of packages agree with one another."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import zipfile
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

from courseware import course
from courseware.quiz.questions import Question

ROOT = course.ROOT
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
LISTS = {name: (ROOT / name).read_text() for name in ("requirements.txt", "requirements-dev.txt", "scripts/tools.txt")}


def pins(name):
    """The packages of one list, as they are locked."""
    lines = [line.removesuffix("\\") for line in LISTS[name].splitlines() if re.match(r"[a-zA-Z]", line)]
    return [Requirement(line) for line in lines]


BASE, DEV = pins("requirements.txt"), pins("requirements-dev.txt")
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


def locked_for(machine, pins=BASE):
    """The locked packages of one kind of machine, by name."""
    here = default_environment() | machine
    fitting = [each for each in pins if each.marker is None or each.marker.evaluate(here)]
    assert len({each.name for each in fitting}) == len(fitting), "a package is locked twice for one machine"
    return {each.name: each for each in fitting}


# --- the lists, and the ways to install from them --------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_a_lock_is_exact_checked_by_hashes_and_names_no_place(name):
    assert all(re.fullmatch(r"==[\w.]+", str(each.specifier)) for each in pins(name))
    assert "://" not in LISTS[name] and "make lock" in LISTS[name].splitlines()[1]
    for block in re.split(r"\n(?=[a-zA-Z])", LISTS[name])[1:]:
        assert "--hash=sha256:" in block, block


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: f"{m['python_version']}-{m['platform_machine']}")
def test_every_dependency_is_locked_within_its_range(machine):
    base, everything = locked_for(machine), locked_for(machine, BASE + DEV)
    for locked, wanted in [(base, PROJECT["dependencies"]), (everything, EXTRAS["test"] + EXTRAS["author"])]:
        for each in map(Requirement, wanted):
            version = str(locked[canonicalize_name(each.name)].specifier).removeprefix("==")
            assert each.specifier.contains(version), f"{each} is locked at {version}; run `make lock`"


def test_the_lock_was_made_from_these_dependencies():
    direct, name = set(), ""
    for line in LISTS["requirements.txt"].splitlines():
        if re.match(r"[a-zA-Z]", line):
            name = Requirement(line.removesuffix("\\")).name
        elif "courseware (pyproject.toml)" in line:
            direct.add(name)
    assert direct == {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}, "run `make lock`"


def test_what_is_tested_here_is_what_is_locked():
    different = {
        name: installed
        for name, each in locked_for({}, BASE + DEV).items()
        if not each.specifier.contains(installed := importlib.metadata.version(name), prereleases=True)
    }
    assert not different, "run `make setup-dev`"


def test_what_authors_add_stands_on_what_learners_have():
    assert LISTS["requirements-dev.txt"].splitlines()[2] == "-r requirements.txt"
    assert {each.name for each in DEV}.isdisjoint(each.name for each in BASE)
    everything = {each.name: each.specifier for each in BASE + DEV}
    for each in pins("scripts/tools.txt"):  # else each update would change one back and forth
        assert each.specifier == everything.get(each.name, each.specifier)
    assert {"playwright", "hypothesis", "text2qti", "jupytext", "mypy", "ruff"} <= {each.name for each in DEV}


# No module is called like these packages, or none imports them: they are started by name, or others load them.
NOT_IMPORTED = {
    "tensorflow",
    "tensorboard",
    "jupyterlab",
    "ipykernel",
    "distributed",
    "ipywidgets",
}  # the second by a callback of Keras; the last by anywidget, at the version that courseware.notebook asks for


def test_the_package_imports_what_learners_have_and_learners_have_nothing_else():
    """Only authors' commands may need authors' packages, and only inside the functions that are called by them."""
    ours = importlib.metadata.packages_distributions()
    used, by_authors = set(), set()
    for file in [*(ROOT / "courseware").rglob("*.py"), *(ROOT / "source").glob("*.py")]:
        whose = by_authors if {"authoring", "mutants", "site"} & set(file.relative_to(ROOT).parts) else used
        for name in re.findall(r"^\s*(?:import|from) (\w+)", file.read_text(encoding="utf-8"), flags=re.MULTILINE):
            whose.update(canonicalize_name(each) for each in ours.get(name, []))
    base = {canonicalize_name(Requirement(each).name) for each in PROJECT["dependencies"]}
    author = {canonicalize_name(Requirement(each).name) for each in EXTRAS["author"]}
    known = {each.name for each in BASE + DEV}
    brought = {
        "ipython",
        "jupyter-client",
        "dask",
        "joblib",
        "pydantic-core",
        "jupyter-server",
        "traitlets",
        "docutils",
    }  # as parts of ipykernel, Sphinx and so on
    assert used & known - brought <= base, "not among the dependencies of pyproject.toml"
    assert by_authors & known - brought <= base | author, "not among the dependencies of pyproject.toml"
    assert base - used <= NOT_IMPORTED, "is it still needed?"


def test_every_way_installs_from_the_same_list():
    """make, pip, conda, Binder."""
    own = "pip install --no-build-isolation --no-deps -e ."
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"pip install -r requirements.txt -r scripts/tools.txt\n{own}\n" in readme
    assert f"conda activate courseware\n{own}\n" in readme

    text = (ROOT / "environment.yml").read_text()
    environment = YAML(typ="safe").load(text)
    assert environment["name"] == PROJECT["name"] and environment["channels"] == ["conda-forge"]
    *conda, pip = environment["dependencies"]
    assert pip == {"pip": ["-r requirements.txt", "-r scripts/tools.txt"]} and "pip=25" in conda and own in text
    (python,) = (each for each in conda if each.startswith("python="))
    assert SpecifierSet(PROJECT["requires-python"]).contains(python.removeprefix("python=") + ".1")

    binder = ROOT / "postBuild"
    assert binder.read_text().splitlines()[-1] == own and os.access(binder, os.X_OK)


def test_the_set_up_takes_the_pythons_that_the_package_takes():
    supported = [f"3.{minor}" for minor in range(8, 20) if f"3.{minor}.1" in SpecifierSet(PROJECT["requires-python"])]
    test = re.compile(r"\(3, (\d+)\) <= sys.version_info\[:2\] <= \(3, (\d+)\)")
    for file in ("scripts/setup", "scripts/setup.py", ".ci/run"):
        first, last = test.search((ROOT / file).read_text()).groups()
        assert (f"3.{first}", f"3.{last}") == (supported[0], supported[-1]), file


def test_the_readme_lists_the_lessons_of_the_course():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    row = r"^\| (\d\d) \| \[(.+?)\]\((.+?)\) \| \*\*.+?\*\*: (.+?) \| (\d+) \| (.+?) \|$"
    assert re.findall(row, readme, flags=re.MULTILINE) == [
        (
            info.slug[:2],
            info.title,
            f"lessons/{info.slug}.ipynb",
            ", ".join(info.topics),
            str(info.minutes),
            info.builds,
        )
        for info in course.ready_lessons()
    ]
    for info in course.ready_lessons():
        assert info.lesson == ROOT / "lessons" / f"{info.slug}.ipynb"


def test_the_readme_names_what_the_course_teaches_and_what_it_takes():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for word in ("activations", "FNN", "CNN", "RNN", "LSTM", "autoencoder", "GAN", "regularization", "grid search"):
        assert word in readme, word
    assert "No GPU (graphics card) is needed" in readme and "**You need** some Python" in readme
    assert "`question.grade(response)`" in readme and "(courseware/quiz/questions)" in readme
    assert callable(getattr(Question, "grade", None)) and (ROOT / "courseware/quiz/questions").is_dir()


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
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "pyproject.toml"):
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
    assert "Check the network" in fault(again) and "Removing the unfinished .venv" in again.stdout
    assert not list(make.checkout.glob(".venv-*"))

    wanted = subprocess.run(
        [sys.executable, "-c", "import runpy; print(runpy.run_path('scripts/setup.py')['wanted_stamp'](), end='')"],
        cwd=make.checkout, capture_output=True, text=True, check=True,
    )  # fmt: skip
    stamp.write_text(wanted.stdout)
    started = time.monotonic()
    done = make("setup", **OFFLINE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "") and time.monotonic() - started < 2

    # An update that cannot be downloaded leaves what works as it is; who asks for the authors' tools is told.
    with (make.checkout / "requirements.txt").open("a") as file:
        file.write("one-more-package==1.0\n")
    changed = make("setup", **OFFLINE)
    assert changed.returncode == 0 and "requirements have changed" in changed.stdout
    assert "Not brought up to date: the packages could not be downloaded" in changed.stdout
    assert changed.stdout.endswith("Going on with the packages that are there.\n")
    assert stamp.read_text() == wanted.stdout
    assert "Check the network" in fault(make("setup-dev", **OFFLINE)) and stamp.read_text() == wanted.stdout

    # One that was made elsewhere is put aside, and comes back.
    (make.checkout / ".venv" / "theirs").touch()
    stamp.write_text("/another/place\nof another course")
    moved = make("setup", **OFFLINE)
    assert "Check the network" in fault(moved) and "The old .venv is back in its place" in moved.stdout
    assert (make.checkout / ".venv" / "theirs").exists() and stamp.read_text().startswith("/another/place")
    assert not list(make.checkout.glob(".venv-*"))


@with_make
def test_two_set_ups_at_once(make):
    """The second waits for the first, and then has nothing to do but what is left."""
    fcntl = pytest.importorskip("fcntl")
    python_with(make, "import shutil; shutil.disk_usage = lambda _: shutil._ntuple_diskusage(9, 9, 9)")
    with (make.checkout / "pyproject.toml").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with ThreadPoolExecutor() as threads:
            second = threads.submit(make, "setup")
            time.sleep(1)
            assert not second.done()
            fcntl.flock(file, fcntl.LOCK_UN)
            assert "waiting for it" in second.result().stdout and "too little disk" in fault(second.result())


# --- uv, and pip without it ------------------------------------------------------------------------------------------


@pytest.fixture
def setup(monkeypatch, tmp_path):
    """scripts/setup.py as a module that takes `tmp_path` for the checkout."""
    spec = importlib.util.spec_from_file_location("setup_of_the_course", ROOT / "scripts" / "setup.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(module, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(module, "LOG", tmp_path / "setup.log")
    return module


@pytest.fixture
def checkout(setup, monkeypatch, tmp_path):
    """The module with a finished .venv of an older course in `tmp_path`, whose packages can be told to work or not."""
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml", "scripts/tools.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    venv = tmp_path / ".venv"
    for name, path in [("ROOT", tmp_path), ("VENV", venv), ("ASIDE", tmp_path / ".venv-old"), ("REMOVE", tmp_path / ".venv-remove"), ("LOG", venv / "log"),
                       ("STAMP", venv / "stamp")]:  # fmt: skip
        monkeypatch.setattr(setup, name, path)
    venv.mkdir()
    (venv / "package").write_text("of the older course")
    setup.STAMP.write_text(f"{tmp_path}\nolder")
    monkeypatch.setattr(setup, "run", lambda command, failure: None)
    monkeypatch.setattr(setup, "warm_up", lambda: True)
    monkeypatch.setattr(setup, "check_disk", lambda: None)
    return setup


def fails(error):
    def step(*_, **__):
        raise error

    return step


@pytest.mark.parametrize("interrupted", [False, True])
def test_an_update_that_fails_goes_on_with_what_works(checkout, monkeypatch, capsys, interrupted):
    """Whatever the cause: no network, an index that is down, a full disk; also after a kill in an earlier update."""
    if interrupted:
        checkout.mark(f"{checkout.ROOT}\n{checkout.CHANGING}")
    found = checkout.stamp()
    for error in (checkout.Fault(f"x: {checkout.NETWORK}"), checkout.Fault(f"x: {checkout.DISK}"), OSError(28, "Full")):
        for step in ("get_uv", "install"):
            with monkeypatch.context() as patch:
                patch.setattr(checkout, step, fails(error))
                checkout.set_up(dev=False)
                said = capsys.readouterr().out
                assert "Not brought up to date: " in said and said.endswith("packages that are there.\n")
                with pytest.raises(type(error)):
                    checkout.set_up(dev=True)
                assert checkout.stamp() == found and (checkout.VENV / "package").exists()


def test_an_update_that_broke_something_is_not_gone_on_with(checkout, monkeypatch):
    def half_done(*_, **__):
        (checkout.VENV / "lib" / "python3.11" / "site-packages" / "half.dist-info").mkdir(parents=True)
        raise checkout.Fault(f"x: {checkout.NETWORK}")

    monkeypatch.setattr(checkout, "install", half_done)
    monkeypatch.setattr(checkout, "warm_up", lambda: False)
    with pytest.raises(checkout.Fault):
        checkout.set_up(dev=False)
    assert checkout.stamp().endswith(checkout.CHANGING)  # so the next run installs all of it anew


@pytest.mark.parametrize("step", ["new_venv", "get_uv", "install", "warm_up"])
@pytest.mark.parametrize("error", [OSError(28, "Full"), KeyboardInterrupt()])
def test_a_rebuild_that_fails_brings_the_old_one_back(checkout, monkeypatch, step, error):
    monkeypatch.setattr(checkout, "works", lambda _: False)  # its Python is gone
    with monkeypatch.context() as patch:
        patch.setattr(checkout, step, fails(error))
        with pytest.raises(type(error)):
            checkout.set_up(dev=False)
    assert (checkout.VENV / "package").exists() and checkout.stamp().endswith("older")
    assert not checkout.ASIDE.exists()

    # Killed on the way, it leaves an unfinished one; what stands aside stays until the next run is through.
    checkout.put_aside()
    checkout.new_venv()
    checkout.REMOVE.mkdir()  # as if killed while an unfinished one was being removed
    checkout.set_up(dev=False)
    assert not (checkout.VENV / "package").exists()
    assert not checkout.ASIDE.exists() and not checkout.REMOVE.exists()
    assert checkout.is_ready(dev=False)


def test_a_folder_that_was_moved_goes_on_with_what_it_has(checkout, monkeypatch, capsys):
    """Without network, too: only the course's own package is installed again, by what is there."""
    checkout.mark("/its/old/place\nolder")
    ran = []
    monkeypatch.setattr(checkout, "run", lambda command, failure: ran.append(command))
    monkeypatch.setattr(checkout, "get_uv", fails(checkout.Fault(f"x: {checkout.NETWORK}")))
    checkout.set_up(dev=False)
    assert "Going on with the packages that are there" in capsys.readouterr().out
    assert ran[-1] == [*checkout.PIP, *checkout.OWN] and (checkout.VENV / "package").exists()
    assert not checkout.is_ready(dev=False)  # with the network it is made anew
    with pytest.raises(checkout.Fault):
        checkout.set_up(dev=True)


def test_another_python_than_that_of_the_venv_is_told(checkout, monkeypatch, capsys):
    checkout.mark(checkout.wanted_stamp())
    (checkout.VENV / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.99.1\n")
    monkeypatch.delenv("PYTHON", raising=False)
    checkout.main(dev=False)
    assert capsys.readouterr().out == ""
    monkeypatch.setenv("PYTHON", "python3")
    checkout.main(dev=False)
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert capsys.readouterr().out == (
        f".venv was made with Python 3.99 and stays so. For Python {here}: `make clean` first.\n"
    )


def test_the_course_is_built_by_what_is_locked(setup, monkeypatch):
    """By uv or by pip: neither may fetch a build backend of its own choice."""
    commands = []
    monkeypatch.setattr(setup, "run", lambda command, failure: commands.append(command))
    for by_uv in (True, False):
        setup.install("requirements.txt", by_uv=by_uv, reinstall=False)
    own = [command for command in commands if "-e" in command]
    assert len(own) == 2 and all("--no-build-isolation" in command for command in own)
    locked = {each.name for each in pins("scripts/tools.txt")}
    assert {
        Requirement(each).name for each in PYPROJECT["build-system"]["requires"]
    } <= locked and "editables" in locked


def test_without_uv_the_build_backend_is_there_all_the_same(checkout, monkeypatch):
    asked = []

    def run(command, failure):
        asked.append(Path(checkout.ROOT, command[-1]).read_text())
        if len(asked) == 1:
            raise checkout.Fault("x: a package has no build for this computer: uv")

    monkeypatch.setattr(checkout, "run", run)
    assert not checkout.get_uv()
    assert "uv==" in asked[0] and "uv==" not in asked[1] and asked[1].count("--hash") > 8
    assert {Requirement(line.rstrip(" \\")).name for line in asked[1].splitlines() if "==" in line} == {
        each.name for each in pins("scripts/tools.txt")
    } - {"uv"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has a locale without ä")
def test_a_path_with_other_letters_is_found_in_any_locale(setup, monkeypatch, tmp_path):
    root = tmp_path / "Jürgen 日本"
    (root / "courseware").mkdir(parents=True)
    (root / "courseware" / "__init__.py").touch()
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    [packages] = venv.glob("lib/python*/site-packages")
    (packages / "_editable_impl_courseware.pth").write_text(str(root), encoding="utf-8")
    monkeypatch.setattr(setup, "VENV", venv)
    monkeypatch.setattr(setup, "ROOT", root)
    setup.ascii_path()
    for locale in ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"LC_ALL": "C.UTF-8"}):
        command = [str(venv / "bin" / "python"), "-c", "import courseware, os; print(os.fsencode(courseware.__file__))"]
        done = subprocess.run(command, env=locale, cwd="/", capture_output=True, text=True)
        assert done.stdout.strip() == repr(os.fsencode(root / "courseware" / "__init__.py")), done.stderr


# What uv 0.13.9 prints.
REFUSED = """\
error: Request failed after 3 retries in 4.7s
cause: Failed to fetch: [address]
cause: client error (Connect)"""
OFF = """\
error: No solution found when resolving dependencies
cause: Because absl-py was not found in the cache and you require absl-py==2.5.1, we can conclude that your requirements are unsatisfiable.
hint: Packages were unavailable because the network was disabled."""
NO_WHEEL = """\
error: No solution found when resolving dependencies
cause: Because tensorflow==2.21.0 has no wheels with a matching platform tag (e.g., `macosx_13_0_x86_64`) and you require it"""
FULL = """\
error: Failed to download `keras==3.15.1`
cause: I/O operation failed during extraction
cause: failed to write to file `x/.tmphA7KMq/keras/resizing_test.py`: No space left on device (os error 28)"""
OTHER_HASH = """\
error: Failed to download `six==1.16.0`
cause: Hash mismatch for `six==1.16.0`"""


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (REFUSED, "the packages could not be downloaded. Check the network"),
        (OFF, "the packages could not be downloaded. Check the network"),
        (NO_WHEEL, "a package has no build for this computer: Because tensorflow==2.21.0 has no wheels"),
        (FULL, "the disk is full"),
        (OTHER_HASH, "a package is not the one that requirements.txt names"),
        ("error: something new", "error: something new (the whole story: "),
    ],
)
def test_what_uv_says_is_put_as_what_pip_says(setup, said, line):
    assert setup.explain(said.splitlines()).startswith(line)


def test_uv_that_reaches_nothing_and_pip_after_it(setup, monkeypatch, capsys):
    """The real uv, sent to a closed port, as is pip, of which only the name of the index is taken."""
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setattr(setup, "PIP", [sys.executable, *setup.PIP[1:4], "--dry-run", "--retries", "1"])
    (setup.LOG.parent / "list.txt").write_text("no-such-package-of-this-course==1.0\n")
    with pytest.raises(setup.Fault, match="the packages are not installed: the packages could not be downloaded"):
        setup.install(str(setup.LOG.parent / "list.txt"), by_uv=True, reinstall=False)
    assert "uv stopped, so pip has a try: the packages could not be downloaded" in capsys.readouterr().out
    assert "127.0.0.1:9" in setup.LOG.read_text()


def test_where_packages_come_from_is_kept_and_where_they_go_is_not(setup, monkeypatch, tmp_path):
    """An institution's index serves uv, too; a setting that puts packages elsewhere is not taken over."""
    config = tmp_path / "pip.conf"
    config.write_text(
        "[global]\nindex-url = http://mirror.example/simple\nuser = true\ncert = /etc/ssl/own.pem\n"
        "[install]\ntarget = /nowhere\nextra-index-url =\n    http://one.example/simple\n    http://two.example/simple\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    monkeypatch.setenv("PIP_TIMEOUT", "7")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    for name in ("PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "UV_SYSTEM_PYTHON", "UV_CONSTRAINT", "PYTHONPATH"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("UV_HTTP_RETRIES", "9")

    environment = setup.clean_environment()
    assert environment["PIP_INDEX_URL"] == environment["UV_DEFAULT_INDEX"] == "http://mirror.example/simple"
    assert environment["UV_INDEX"] == "http://one.example/simple http://two.example/simple"
    assert environment["SSL_CERT_FILE"] == environment["PIP_CERT"] == "/etc/ssl/own.pem"
    assert (environment["PIP_TIMEOUT"], environment["UV_HTTP_TIMEOUT"], environment["UV_HTTP_RETRIES"]) == (
        "7",
        "7",
        "9",
    )
    assert not {name for name in environment if "TARGET" in name or ("USER" in name.split("_") and "PIP" in name)}
    assert environment.keys().isdisjoint(
        {"PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "UV_SYSTEM_PYTHON", "UV_CONSTRAINT", "PYTHONPATH"}
    )


def test_uvs_own_file_sends_nothing_elsewhere(setup, monkeypatch, tmp_path):
    """The real uv would install into the target that a user's uv.toml names; an index that is named there still counts."""
    (tmp_path / "uv").mkdir()
    (tmp_path / "uv" / "uv.toml").write_text(
        f'[pip]\ntarget = "{tmp_path}/elsewhere"\nno-index = true\nfind-links = ["{tmp_path}/one", "{tmp_path}/two"]\n'
        '[[index]]\nurl = "http://a.example/simple"\ndefault = true\n[[index]]\nurl = "http://b.example/simple"\n'
    )
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    environment = setup.clean_environment()
    assert environment["UV_NO_CONFIG"] == "1" and environment["UV_NO_INDEX"] == "true"
    assert environment["UV_FIND_LINKS"] == f"{tmp_path}/one,{tmp_path}/two"
    assert environment["UV_DEFAULT_INDEX"] == "http://a.example/simple"
    assert environment["UV_INDEX"] == "http://b.example/simple"

    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with zipfile.ZipFile(tmp_path / "two" / "tiny-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "")
        wheel.writestr("tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n")
        wheel.writestr("tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("tiny-1.dist-info/RECORD", "tiny.py,,\n")
    (venv / "bin" / "uv").symlink_to(Path(sys.executable).with_name("uv"))
    monkeypatch.setattr(setup, "PYTHON", venv / "bin" / "python")
    command = [*setup.uv_install(environment), "--no-cache", "tiny"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "elsewhere").exists() and list(venv.glob("lib/python*/site-packages/tiny.py"))


def test_the_news_are_the_large_downloads_and_the_unpacking(setup):
    uv, pip = setup.News(), setup.News()
    assert uv.read("Downloading tensorflow (545.9MiB)") == "downloading tensorflow (545.9 MB)"
    assert uv.read("Downloading jedi (4.7MiB)") is None
    assert uv.doing().startswith("downloading tensorflow")
    uv.read("Downloaded tensorflow")
    assert uv.doing().startswith("downloading jedi")
    assert uv.read("Prepared 174 packages in 12.58s") == "unpacking 174 packages"
    assert uv.doing().startswith("unpacking 174 packages")
    assert pip.read("Downloading http://a.example/numpy-2.4-cp311.whl (16.9 MB)") == "downloading numpy (16.9 MB)"
    assert pip.read("Installing collected packages: a, b, c") == "unpacking 3 packages"


@with_make
def test_make_alone_shows_what_there_is():
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"learn", "test", "setup", "check", "build", "lint", "lock", "clean"} <= set(
        re.findall(r"make (\w+)", done.stdout)
    )
