"""Make .venv from requirements.txt, once: standard library only, one plain line for each thing that can be missing.

A stamp in .venv says what it was made from. While the set-up runs the stamp says "unfinished", so after an
interruption the next run starts with a new .venv; what pip had downloaded is in its cache.
"""

from __future__ import annotations

import hashlib
import os
import platform
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
REMOVE = ROOT / ".venv-remove"
STAMP = VENV / "courseware-setup"
LOG = VENV / "setup.log"
PYTHON = VENV / "bin" / "python"
UNFINISHED = "unfinished"

GIB = 1024**3
VENV_SPACE = 3.0 * GIB  # measured: 2.8 GiB on Linux, of which TensorFlow is 1.9
DOWNLOAD_SPACE = 0.9 * GIB  # measured: 0.75 GiB, of which TensorFlow is 0.55

# What pip says -> what we say. The first that fits is shown.
CAUSES = [
    (
        ("No space left on device", "Disk quota exceeded"),
        "the disk is full (also see where TMPDIR points). Free some room and run it again.",
    ),
    (
        (
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
        "the packages could not be downloaded. Check the network and run it again.",
    ),
    (("No matching distribution found",), "a package has no build for this computer: "),
]


class Fault(Exception):
    """Something is missing; the message is the one line to show."""


def wanted_stamp() -> str:
    """What a finished .venv is stamped with: the place, and a hash of what it is made from."""
    files = [(ROOT / name).read_bytes() for name in ("requirements.txt", "pyproject.toml")]
    return f"{ROOT}\n{hashlib.sha256(b'|'.join(files)).hexdigest()}"


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
    """Raise Fault if the environment and what is downloaded for it would not fit."""
    needs = {ROOT.stat().st_dev: (ROOT, VENV_SPACE)}
    for folder in (Path(tempfile.gettempdir()), Path.home()):  # pip downloads to the one and keeps a copy in the other
        first, space = needs.get(folder.stat().st_dev, (folder, 0.0))
        needs[folder.stat().st_dev] = (first, space + DOWNLOAD_SPACE)
    for folder, space in needs.values():
        free = shutil.disk_usage(folder).free
        if free < space:
            raise Fault(
                f"too little disk: {free / GIB:.1f} GiB free in {folder}, {space / GIB:.1f} GiB needed. "
                "Free some room and run it again."
            )


def clean_environment() -> dict[str, str]:
    """The environment for pip: without settings that would send the packages elsewhere."""
    drop = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE_VIRTUALENV")
    kept = {key: value for key, value in os.environ.items() if key not in drop}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PYTHONUNBUFFERED": "1"}


def new_venv() -> None:
    """Replace .venv by an empty one, marked as unfinished from its first moment."""
    if VENV.exists() or VENV.is_symlink():
        say("Removing the old or unfinished .venv")
        shutil.rmtree(REMOVE, ignore_errors=True)
        VENV.rename(REMOVE)  # in one step, so that no half-removed .venv is ever taken for a good one
    shutil.rmtree(REMOVE, ignore_errors=True)
    VENV.mkdir()
    STAMP.write_text(UNFINISHED)
    say(f"Making .venv with Python {platform.python_version()}")
    python = sys._base_executable  # not the one in the old .venv, which may be running this
    run([python, "-m", "venv", str(VENV)], f"{python} could not make a virtual environment")


def run(command: list[str], failure: str) -> None:
    """Run `command` into the log, showing what it fetches; raise Fault with the cause if it fails."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=clean_environment(), bufsize=0, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        with LOG.open("ab") as log, selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            doing, since, lines = "working", time.monotonic(), []
            while True:
                if not selector.select(timeout=20):
                    say(f"    still {doing} ({time.monotonic() - since:.0f} s)")
                    continue
                line = process.stdout.readline()
                if not line:
                    break
                log.write(line)
                lines.append(line.decode(errors="replace").strip())
                news = progress_line(lines[-1])
                if news:
                    doing, since = news, time.monotonic()
                    say(f"    {doing}")
        if process.wait() != 0:
            raise Fault(f"{failure}: {explain(lines)}")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def progress_line(line: str) -> str | None:
    """The part of pip's output worth showing: large downloads, and the long unpacking at the end."""
    words = line.split()
    if line.startswith("Downloading ") and line.endswith("MB)"):
        name = words[1].rsplit("/", 1)[-1].split("-")[0]
        return f"downloading {name} {' '.join(words[-2:])}"
    if line.startswith("Installing collected packages"):
        return f"unpacking {line.count(',') + 1} packages" if "," in line else None
    return None


def explain(lines: list[str]) -> str:
    """One line that says why pip (or venv) failed, from what it printed."""
    for signs, words in CAUSES:
        for line in lines:
            if any(sign in line for sign in signs):
                return words + (line if words.endswith(": ") else "")
    last = next((line for line in reversed(lines) if line), "it said nothing")
    return f"{last} (the whole story: {LOG})"


def warm_up() -> None:
    """Compile and list fonts now, so that the first lesson starts quickly and prints no notes about it."""
    subprocess.run(
        [str(PYTHON), "-c", "import matplotlib.font_manager"],
        env=clean_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip


def works(python: Path) -> bool:
    """Is `python` a working one of a supported version, with pip?"""
    test = "import sys, pip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
    try:
        return subprocess.run([str(python), "-I", "-c", test], capture_output=True).returncode == 0
    except OSError:
        return False


def say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    wanted = wanted_stamp()
    found = STAMP.read_text() if STAMP.exists() else ""
    if found == wanted and PYTHON.exists():
        return
    started = time.monotonic()
    check_platform()
    if found and not found.startswith(f"{ROOT}\n") or not works(PYTHON):  # unfinished, moved or broken
        check_venv_module()
        check_disk()
        say("Setting up the course, once. It downloads about 0.8 GB and takes a few minutes.")
        new_venv()
    else:  # also a .venv made by hand: nothing that is in it is removed
        say("The requirements have changed: bringing .venv up to date.")
        STAMP.write_text(UNFINISHED)
    pip = [str(PYTHON), "-m", "pip", "install", "--progress-bar", "off", "--retries", "3"]
    say("Installing the packages of requirements.txt")
    run([*pip, "-r", "requirements.txt"], "the packages are not installed")
    run([*pip, "--no-deps", "-e", "."], "the course's own package is not installed")
    warm_up()
    STAMP.write_text(wanted)
    say(f"Ready after {time.monotonic() - started:.0f} s.")


if __name__ == "__main__":
    try:
        main()
    except Fault as fault:
        sys.exit(f"Set-up stopped: {fault}")
    except OSError as error:
        sys.exit(f"Set-up stopped: {error}. Mend that and run it again.")
    except KeyboardInterrupt:
        sys.exit("\nSet-up interrupted. Run it again to finish it.")
