"""Start JupyterLab on the learner's folder: this environment's kernel, and nothing fetched from the network.

``labconfig/default_setting_overrides.json`` turns off Jupyter's news and the question whether to fetch it, and keeps
every cell on the page: taken off while out of sight, they make a long lesson jump and leave blanks.
"""

from __future__ import annotations

import os
import subprocess
import sys
import webbrowser
from pathlib import Path

from courseware.progress import progress_file

HERE = Path(__file__).resolve().parent


def serve(folder: Path, notebook: str, browser: bool = True) -> int:
    """Run JupyterLab in `folder` with `notebook` open, until the learner stops it; return its exit code."""
    command = [sys.executable, *arguments(folder, notebook, browser=browser and has_browser())]
    if os.name == "posix":
        os.execve(sys.executable, command, environment())
    try:
        return subprocess.call(command, env=environment())
    except KeyboardInterrupt:  # JupyterLab got it too
        return 0


def arguments(folder: Path, notebook: str, browser: bool) -> list[str]:
    """What to call Python with."""
    options = [
        "-m", "jupyterlab",
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{notebook}",
        # Its own place for open tabs, so that the tabs of another project are not looked for here.
        f"--LabApp.workspaces_dir={progress_file().parent.absolute() / 'jupyterlab'}",
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "--LabApp.news_url=None",
        "--LanguageServerManager.autodetect=False",
        "--Application.log_level=WARN",
    ]  # fmt: skip
    if not browser:
        options.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")  # in a container there is often nobody else
    return options


def environment() -> dict[str, str]:
    """The environment for JupyterLab: this Python's kernel before the user's, our settings, `course` in terminals."""

    def first(path: Path, variable: str) -> str:
        return os.pathsep.join([str(path), *filter(None, [os.environ.get(variable)])])

    return {
        **os.environ,
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_CONFIG_PATH": first(HERE, "JUPYTER_CONFIG_PATH"),
        "PATH": first(Path(sys.executable).parent, "PATH"),
    }


def has_browser() -> bool:
    """Whether there is a screen and a browser to show a page on it."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False  # what `webbrowser` finds then is a text browser, in which JupyterLab cannot run
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True
