"""Make .venv from requirements.txt, once: standard library only, one plain line for each thing that can be missing.

`setup.py` installs what a learner needs, `setup.py dev` also what tests and authors add. pip fetches the tools of
scripts/tools.txt into .venv; one of them, uv, installs the rest, several times as fast as pip does. Where uv is not to
be had, or fails, pip does it all.

A stamp in .venv says what it was made from. While a new .venv is filled the stamp says "unfinished", so after an
interruption the next run starts anew; what was downloaded is in uv's and pip's caches. Nothing that works is lost: an
update that fails leaves .venv as it was, and where a new .venv is to take its place the old one is put aside, comes
back if that fails, and is removed only when the new one is ready.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import hashlib
import os
import platform
import re
import selectors
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
ASIDE = ROOT / ".venv-old"  # what .venv was, until the new one is ready
REMOVE = ROOT / ".venv-remove"  # an unfinished one, on its way out
CACHE = ROOT / ".venv-cache"  # only where uv's usual one is on another disk, and only while it is needed
STAMP = VENV / "courseware-setup"
LOG = VENV / "setup.log"
PYTHON = VENV / "bin" / "python"
PIP = [str(PYTHON), "-m", "pip", "install", "--progress-bar", "off", "--retries", "3"]
OWN = ["--no-deps", "--no-build-isolation", "-e", "."]  # built by what scripts/tools.txt locks: nothing is fetched
LACKING, LACKING_OWN = "the packages are not installed", "the course's own package is not installed"
UNFINISHED, CHANGING = "unfinished", "changing"

GIB = 1024**3
SPACE = 3.1 * GIB  # measured: 2.9 GiB on Linux, of which TensorFlow is 1.9

# What uv and pip say -> what we say. The first that fits is shown.
DISK = "the disk is full (also see where TMPDIR points). Free some room and run it again."
NETWORK = "the packages could not be downloaded. Check the network and run it again."
CAUSES = [
    (("No space left on device", "Disk quota exceeded"), DISK),
    (
        ("Hash mismatch", "DO NOT MATCH THE HASHES"),
        "a package is not the one that requirements.txt names (it says so by a hash). Run it again, on another network: ",
    ),
    (
        (
            # uv
            "error sending request",
            "error decoding response body",
            "Failed to fetch",
            "Failed to download",
            "network was disabled",
            "operation timed out",
            # pip
            "Failed to establish a new connection",
            "name resolution",
            "NameResolutionError",
            "NewConnectionError",
            "ConnectTimeoutError",
            "Read timed out",
            "ReadTimeoutError",
            "Connection aborted",
            "Connection broken",
            "Connection reset",
            "Network is unreachable",
            "ProxyError",
            "SSLError",
        ),
        NETWORK,
    ),
    (
        ("has no wheels with a matching", "No matching distribution found", "there is no version of"),
        "a package has no build for this computer: ",
    ),
]

# Of pip's and uv's settings only those count that say where packages come from and how they are fetched. One that sends
# them elsewhere (target, user, prefix, system) or asks for others (constraint, no-binary) would break the set-up.
PIP_KEPT = {
    "index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "proxy", "cert", "client-cert", "timeout",
    "default-timeout", "retries", "cache-dir", "no-cache-dir", "keyring-provider", "use-feature", "use-deprecated",
}  # fmt: skip
UV_KEPT = (
    "UV_INDEX", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_NO_INDEX", "UV_OFFLINE", "UV_CACHE_DIR",
    "UV_NO_CACHE", "UV_LINK_MODE", "UV_HTTP_", "UV_REQUEST_", "UV_INSECURE_HOST", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS",
    "UV_KEYRING_PROVIDER", "UV_CONCURRENT_",
)  # fmt: skip
AS_UV = {
    "index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX", "trusted-host": "UV_INSECURE_HOST",
    "find-links": "UV_FIND_LINKS", "no-index": "UV_NO_INDEX", "cert": "SSL_CERT_FILE", "proxy": "ALL_PROXY",
    "default-timeout": "UV_HTTP_TIMEOUT", "timeout": "UV_HTTP_TIMEOUT", "retries": "UV_HTTP_RETRIES",
}  # fmt: skip
UV_FILE_KEPT = {
    "index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX", "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX", "offline": "UV_OFFLINE", "cache-dir": "UV_CACHE_DIR", "native-tls": "UV_NATIVE_TLS",
    "system-certs": "UV_SYSTEM_CERTS", "allow-insecure-host": "UV_INSECURE_HOST", "link-mode": "UV_LINK_MODE",
    "keyring-provider": "UV_KEYRING_PROVIDER", "http-proxy": "HTTP_PROXY", "https-proxy": "HTTPS_PROXY",
}  # fmt: skip

# What the first lesson and the page around it import. Python compiles it on the first import: done here, in two
# processes, it takes 10 s; compiling every module of every package takes 18.
WARM = (
    "import ipykernel.kernelapp, ipywidgets, keras, matplotlib.pyplot, sklearn.datasets, sklearn.linear_model",
    "import jupyterlab.labapp, jupyter_lsp, jupyter_server_terminals, nbconvert.exporters, notebook_shim",
)


class Fault(Exception):
    """Something is missing; the message is the one line to show."""


def digest(*names: str) -> str:
    return hashlib.sha256(b"|".join((ROOT / name).read_bytes() for name in names)).hexdigest()


def wanted_stamp(dev: bool = False) -> str:
    """What a finished .venv is stamped with, a line each: the place, and hashes of what it is made from."""
    lines = [str(ROOT), digest("requirements.txt", "scripts/tools.txt", "pyproject.toml")]
    return "\n".join([*lines, digest("requirements-dev.txt")] if dev else lines)


def check_platform(system: str = sys.platform, machine: str = platform.machine()) -> None:
    """Raise Fault on Intel Macs, for which TensorFlow is not built any more."""
    if system == "darwin" and machine == "x86_64":
        raise Fault(
            "TensorFlow is not made for Intel Macs any more (on an Apple-silicon Mac: this Python is an Intel one; "
            "install an arm64 Python)."
        )


def check_venv_module() -> None:
    """Raise Fault if this Python cannot make virtual environments, as on Debian without python3-venv."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        raise Fault(
            f"Python {version} at {sys.executable} lacks the venv module. "
            f"On Debian or Ubuntu: sudo apt install python{version}-venv"
        ) from error


def check_disk() -> None:
    """Raise Fault if the environment, and what is fetched for it, would not fit."""
    free = shutil.disk_usage(ROOT).free
    if free < SPACE:
        raise Fault(
            f"too little disk: {free / GIB:.1f} GiB free in {ROOT}, {SPACE / GIB:.1f} GiB needed. "
            "Free some room and run it again."
        )


def cache_elsewhere() -> bool:
    """Is uv's cache on another disk? Its files would be copied, and lie on both; on one disk they are links."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.stat().st_dev != ROOT.stat().st_dev


@functools.cache
def pip_settings() -> dict[str, str]:
    """What pip's files and variables say about where packages come from, e.g. an institution's index."""
    command = [str(PYTHON), "-m", "pip", "config", "list"]
    environment = {**os.environ, "PIP_USER": "0"}  # "user = true" in a file would leave out the other files
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}  # each overrules those before it
    for line in said.stdout.splitlines():
        place, _, value = line.partition("=")
        section, _, key = place.rpartition(".")
        if section in found and key in PIP_KEPT:
            found[section][key] = str(ast.literal_eval(value))
    return {key: value for section in found.values() for key, value in section.items()}


def in_words(values: list[str], key: str) -> str:
    """Several values of a setting as uv takes them in one variable."""
    return ("," if key == "find-links" else " ").join(values)


@functools.cache
def uv_settings() -> dict[str, str]:
    """What uv's own file says about where packages come from, as variables; the rest of the file is left out."""
    folder = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    places = [os.environ.get("UV_CONFIG_FILE") or f"{folder}/uv/uv.toml", "/etc/uv/uv.toml"]
    found: dict[str, str] = {}
    for place in places:
        try:
            settings: dict[str, Any] = tomllib.loads(Path(place).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        for key, value in {**settings.get("pip", {}), **settings}.items():
            if key in UV_FILE_KEPT:
                values = value if isinstance(value, list) else [value]
                words = [str(each).lower() if isinstance(each, bool) else str(each) for each in values]
                found.setdefault(UV_FILE_KEPT[key], in_words(words, key))
        for index in settings.get("index", []):
            if index.get("default"):
                found.setdefault("UV_DEFAULT_INDEX", index["url"])
            elif not index.get("explicit"):
                found["UV_INDEX"] = f"{found.get('UV_INDEX', '')} {index['url']}".strip()
    return found


def clean_environment() -> dict[str, str]:
    """The environment for uv and pip: without settings that would send the packages elsewhere."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "PIP_", "UV_", "VIRTUAL_ENV", "CONDA_")) or key.startswith(UV_KEPT)
    }
    settings = pip_settings() if PYTHON.exists() else {}
    for key, value in settings.items():
        environment[f"PIP_{key.upper().replace('-', '_')}"] = value
        if key in AS_UV and value.strip():
            environment.setdefault(AS_UV[key], in_words(value.split(), key))
    for key, value in uv_settings().items():
        environment.setdefault(key, value)
    if cache_elsewhere():
        environment.setdefault("UV_CACHE_DIR", str(CACHE))
    return {
        **environment,
        "PIP_CONFIG_FILE": os.devnull,  # its settings are passed on above
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PYTHONUNBUFFERED": "1",
        # Indexes are equals, as they are for pip; the hashes say whether it is the right package.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_NO_CONFIG": "1",  # likewise
        "UV_NO_PROGRESS": "1",
    }


def mark(text: str) -> None:
    """Write the stamp, wholly or not at all."""
    new = STAMP.with_suffix(".new")
    new.write_text(text)
    new.replace(STAMP)


def stamp() -> str:
    return STAMP.read_text() if STAMP.exists() else ""


def put_aside() -> None:
    """Move .venv out of the way, in one step, so that no half-removed one is ever taken for a good one."""
    if not (VENV.exists() or VENV.is_symlink()):
        return
    if stamp() == UNFINISHED or ASIDE.exists():  # what stands aside was finished once; this was not
        say("Removing the unfinished .venv")
        shutil.rmtree(REMOVE, ignore_errors=True)
        VENV.rename(REMOVE)
        shutil.rmtree(REMOVE, ignore_errors=True)
    else:
        say("Putting the old .venv aside until the new one is ready")
        VENV.rename(ASIDE)


def bring_back() -> None:
    """Put what stands aside in the place of a .venv that could not be finished; its log is kept."""
    if not ASIDE.exists():
        return
    if LOG.exists():
        shutil.copy(LOG, ASIDE / LOG.name)
    shutil.rmtree(VENV, ignore_errors=True)
    ASIDE.rename(VENV)
    say("The old .venv is back in its place.")


def new_venv() -> None:
    """Make an empty .venv, marked as unfinished from its first moment."""
    VENV.mkdir()
    mark(UNFINISHED)
    say(f"Making .venv with Python {platform.python_version()}")
    python = sys._base_executable  # type: ignore[attr-defined]  # not the one in the old .venv, which may be running this
    run([python, "-m", "venv", str(VENV)], f"{python} could not make a virtual environment")


def run(command: list[str], failure: str) -> None:
    """Run `command` into the log, showing what it fetches; raise Fault with the cause if it fails."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=clean_environment(), bufsize=0, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout
    try:
        with LOG.open("ab") as log, selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            news, lines = News(), []
            while True:
                if not selector.select(timeout=20):
                    say(f"    still {news.doing()}")
                    continue
                line = process.stdout.readline()
                if not line:
                    break
                log.write(line)
                lines.append(line.decode(errors="replace").strip())
                if shown := news.read(lines[-1]):
                    say(f"    {shown}")
        if process.wait() != 0:
            raise Fault(f"{failure}: {explain(lines)}")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


class News:
    """What uv or pip is doing, from its lines."""

    def __init__(self) -> None:
        self.under_way = {"working": time.monotonic()}  # what, since when; uv downloads several at a time

    def doing(self) -> str:
        """What has taken longest up to now, and how long."""
        what, since = next(iter(self.under_way.items()))
        return f"{what} ({time.monotonic() - since:.0f} s)"

    def read(self, line: str) -> str | None:
        """Take one line in; return what of it is worth showing: large downloads, the long unpacking at the end."""
        words = line.split()
        now = time.monotonic()
        if line.startswith("Downloading ") and line.endswith("iB)"):  # uv: Downloading numpy (16.1MiB)
            size = words[2].strip("()").replace("MiB", " MB").replace("GiB", " GB").replace("KiB", " kB")
            self.under_way.pop("working", None)
            self.under_way[f"downloading {words[1]}"] = now
            return f"downloading {words[1]} ({size})" if float(size.split()[0]) >= 10 or "GB" in size else None
        if line.startswith("Downloaded "):
            self.under_way.pop(f"downloading {words[1]}", None)
            self.under_way = self.under_way or {"working": now}
            return None
        if line.startswith("Downloading ") and line.endswith("MB)"):  # pip: Downloading numpy-2.0-cp311.whl (16.9 MB)
            name = words[1].rsplit("/", 1)[-1].split("-")[0]
            shown = f"downloading {name} {' '.join(words[-2:])}"
        elif line.startswith("Prepared ") and words[1] != "1":
            shown = f"unpacking {words[1]} packages"
        elif line.startswith("Installing collected packages") and "," in line:
            shown = f"unpacking {line.count(',') + 1} packages"
        else:
            return None
        self.under_way = {shown: now}
        return shown


def explain(lines: list[str]) -> str:
    """One line that says why uv, pip or venv failed, from what it printed."""
    for signs, words in CAUSES:
        for line in lines:
            if any(sign in line for sign in signs):
                return words + (line.removeprefix("cause: ") if words.endswith(": ") else "")
    last = next((line for line in reversed(lines) if line), "it said nothing").removeprefix("cause: ")
    return f"{last} (the whole story: {LOG})"


def get_uv() -> bool:
    """Let pip fetch uv and what else scripts/tools.txt names; return whether it could."""
    try:
        run([*PIP, "--only-binary", ":all:", "-r", "scripts/tools.txt"], LACKING)
    except Fault as fault:
        if str(fault).endswith((DISK, NETWORK)):
            raise  # pip would get no further with the others
        say(f"    uv is not to be had, so pip installs them; that takes longer. ({str(fault).partition(': ')[2]})")
        others = VENV / "tools.txt"  # what builds the course's own package
        listed = (ROOT / "scripts" / "tools.txt").read_text(encoding="utf-8")
        others.write_text(re.sub(r"^uv==.*\n(?: .*\n)*", "", listed, flags=re.MULTILINE), encoding="utf-8")
        run([*PIP, "--only-binary", ":all:", "-r", str(others)], LACKING)
        return False
    return True


def install(requirements: str, by_uv: bool, reinstall: bool) -> None:
    """Install the packages of a locked file, and the course's own."""
    locked = ["-r", requirements]
    if by_uv:
        uv = uv_install(clean_environment())
        try:
            run([*uv, *(["--reinstall"] if reinstall else []), *locked], LACKING)
            run([*uv, *OWN], LACKING_OWN)
            ascii_path()
            return
        except (Fault, OSError) as fault:
            if str(fault).endswith(DISK):
                raise
            say(f"    uv stopped, so pip has a try: {str(fault).partition(': ')[2] or fault}")
    run([*PIP, *(["--force-reinstall"] if reinstall else []), *locked], LACKING)
    run([*PIP, *OWN], LACKING_OWN)
    ascii_path()


def uv_install(environment: dict[str, str]) -> list[str]:
    """How uv is called; uv has no variable for `no-index`."""
    no_index = environment.get("UV_NO_INDEX", "").lower() not in ("", "0", "false", "no", "off")
    command = [str(PYTHON.with_name("uv")), "pip", "install", "--python", str(PYTHON)]
    return [*command, "--no-index"] if no_index else command


def ascii_path() -> None:
    """Let .venv find the checkout also where its path has letters such as ä.

    The file that names the path is written in UTF-8, but up to Python 3.12 it is read in the system's encoding, and
    Python does not even start. A line of code with the path's bytes as escapes is read alike everywhere.
    """
    for file in VENV.glob("lib/python*/site-packages/_*courseware*.pth"):
        if not file.read_bytes().isascii():
            file.write_text(f"import os, sys; sys.path.append(os.fsdecode({os.fsencode(ROOT)!r}))\n", encoding="ascii")


def warm_up() -> bool:
    """Compile and list fonts now, so that the first lesson starts quickly and prints no notes about it.

    Returns whether everything could be imported.
    """
    environment = {**clean_environment(), "TF_CPP_MIN_LOG_LEVEL": "3"}
    running = [
        subprocess.Popen(
            [str(PYTHON), "-c", code], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for code in WARM
    ]
    return [process.wait() for process in running] == [0] * len(WARM)


def works(python: Path) -> bool:
    """Is `python` a working one of a supported version, with pip?"""
    test = "import sys, pip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
    try:
        return subprocess.run([str(python), "-I", "-c", test], capture_output=True).returncode == 0
    except OSError:
        return False


def say(text: str) -> None:
    print(text, flush=True)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Wait for another set-up of this checkout, should one be running."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with (ROOT / "pyproject.toml").open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up of this folder is running; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:  # a file system without locks
            pass
        yield


def is_ready(dev: bool) -> bool:
    """Is .venv made from what is here now? One with the authors' tools serves learners, too."""
    return PYTHON.exists() and stamp() in {wanted_stamp(dev), wanted_stamp(True)}


def main(dev: bool) -> None:
    say_if_not_taken()
    if is_ready(dev):
        return
    with alone():
        if not is_ready(dev):
            set_up(dev)


def say_if_not_taken() -> None:
    """Say that PYTHON=... changes nothing where .venv was made with another version."""
    settings = VENV / "pyvenv.cfg"
    if os.environ.get("PYTHON") and settings.exists() and stamp() not in ("", UNFINISHED):
        made_with = re.search(r"^version\s*=\s*(\d+\.\d+)", settings.read_text(encoding="utf-8"), flags=re.MULTILINE)
        asked = f"{sys.version_info.major}.{sys.version_info.minor}"
        if made_with and made_with[1] != asked:
            say(f".venv was made with Python {made_with[1]} and stays so. For Python {asked}: `make clean` first.")


def set_up(dev: bool) -> None:
    started = time.monotonic()
    check_platform()
    found = stamp()
    requirements = "requirements-dev.txt" if dev else "requirements.txt"
    if (found and not found.startswith(f"{ROOT}\n")) or not works(PYTHON):  # unfinished, moved or broken
        moved = found not in ("", UNFINISHED) and works(PYTHON)
        try:
            make_anew(requirements)
        except Fault as fault:
            if dev or not moved:
                raise
            try:
                run([*PIP, *OWN], LACKING_OWN)  # it knows the folder by its old name; nothing is fetched
            except Fault:  # an older .venv lacks what builds it
                raise fault from None
            ascii_path()
            say(f"Not made anew: {str(fault).partition(': ')[2]}\nGoing on with the packages that are there.")
            return
    else:
        if found.startswith(wanted_stamp()):
            say("Adding what tests and authors need to .venv.")
        else:  # also a .venv made by hand: nothing that is in it is removed
            say("The requirements have changed: bringing .venv up to date.")
        try:
            update(requirements, found)
        except (Fault, OSError) as fault:
            if dev or not (is_finished(found) or warm_up()):
                raise
            cause = str(fault).partition(": ")[2] if isinstance(fault, Fault) else str(fault)
            say(f"Not brought up to date: {cause}\nGoing on with the packages that are there.")
            return
    for folder in (ASIDE, REMOVE, CACHE):
        shutil.rmtree(folder, ignore_errors=True)
    mark(wanted_stamp(dev))
    say(f"Ready after {time.monotonic() - started:.0f} s.")


def make_anew(requirements: str) -> None:
    """Make .venv from nothing; if that fails, the old one is there again."""
    check_venv_module()
    check_disk()
    say("Setting up the course, once. It downloads about 0.8 GB.")
    put_aside()
    try:
        new_venv()
        say(f"Installing the packages of {requirements}")
        install(requirements, get_uv(), reinstall=False)
        warm_up()
    except BaseException:
        bring_back()
        raise


def update(requirements: str, found: str) -> None:
    """Bring .venv up to date; the stamp says so while packages are being changed."""
    interrupted = found.endswith(f"\n{CHANGING}")  # what it had begun to change may be broken
    mark(f"{ROOT}\n{CHANGING}")
    say(f"Installing the packages of {requirements}")
    before = None
    try:
        by_uv = get_uv()
        before = packages()
        install(requirements, by_uv, reinstall=interrupted)
    except BaseException:
        if not interrupted and before in (None, packages()):
            mark(found)  # nothing has been touched
        raise
    if packages() != before:
        warm_up()


def is_finished(found: str) -> bool:
    """Has an update that began at the stamp `found`, of a finished .venv, changed nothing?"""
    return bool(found) and stamp() == found and not found.endswith(f"\n{CHANGING}")


def packages() -> list[tuple[str, int]]:
    """What is installed besides the course, and when: the same twice if nothing was changed in between."""
    found = VENV.glob("lib/python*/site-packages/*.dist-info")
    return sorted((each.name, each.stat().st_mtime_ns) for each in found if not each.name.startswith("courseware-"))


if __name__ == "__main__":
    try:
        main(dev=sys.argv[1:] == ["dev"])
    except Fault as fault:
        sys.exit(f"Set-up stopped: {fault}")
    except OSError as error:
        sys.exit(f"Set-up stopped: {error}. Mend that and run it again.")
    except KeyboardInterrupt:
        sys.exit("\nSet-up interrupted. Run it again to finish it.")
