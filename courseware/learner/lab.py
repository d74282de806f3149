"""Start JupyterLab on the learner's folder: this environment's kernel, and nothing fetched from the network.

``labconfig/default_setting_overrides.json`` turns off Jupyter's news and the question whether to fetch it, and keeps
every cell on the page: taken off while out of sight, they make a long lesson jump and leave blanks.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
import webbrowser
from pathlib import Path
from typing import Any
from urllib.parse import quote

from courseware.errors import CourseError
from courseware.learner.shadows import VARIABLE, clean_path
from courseware.progress import progress_file

HERE = Path(__file__).resolve().parent


def serve(folder: Path, notebook: str, browser: bool = True, ip: str | None = None, port: int | None = None) -> int:
    """Run JupyterLab in `folder` with `notebook` open, until the learner stops it; return its exit code.

    `ip` and `port` say where it listens: without them on this computer only, at the first free port from 8888 on.

    Raises:
        CourseError: if nothing can listen there.
    """
    if ip or port:
        _refuse_where_nothing_listens(ip or "localhost", port or 0)
    command = [sys.executable, *arguments(folder, notebook, browser and has_browser(), ip, port)]
    if os.name == "posix":
        os.execve(sys.executable, command, environment())
    try:
        return subprocess.call(command, env=environment())
    except KeyboardInterrupt:  # JupyterLab got it too
        return 0


def _refuse_where_nothing_listens(ip: str, port: int) -> None:
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(ip, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind, protocol) as tried:
                if os.name == "posix":  # as JupyterLab does: a port that was just left is free
                    tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)
    except OSError as error:
        where = f"{ip}, port {port}" if port else ip
        raise CourseError(
            f"JupyterLab cannot listen at {where} ({error.strerror or error}). --ip takes an address of this computer, "
            "0.0.0.0 for all of them; --port one that no other program has taken. Without both it finds a place by itself."
        ) from None


def running_at(folder: Path, notebook: str) -> str | None:
    """The address of `notebook` on a JupyterLab that runs on `folder` already, or None if there is none that answers."""
    from jupyter_server.serverapp import list_running_servers

    for server in list_running_servers():
        if _same_folder(server, folder) and _answers(server):
            token = f"?token={server['token']}" if server.get("token") else ""
            return f"{server['url']}lab/tree/{quote(notebook)}{token}"
    return None


def _same_folder(server: dict[str, Any], folder: Path) -> bool:
    try:
        return os.path.samefile(server["root_dir"], folder)
    except (OSError, KeyError):
        return False


def _answers(server: dict[str, Any]) -> bool:
    """Whether it is Jupyter that listens there; a process that was killed leaves its file behind."""
    try:
        open_directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # it is on this computer
        with open_directly.open(f"{server['url']}api", timeout=2) as answer:
            return "version" in json.load(answer)
    except (OSError, ValueError):
        return False


def show(address: str) -> None:
    """Open the address in a browser, if there is one."""
    if has_browser():
        webbrowser.open(address)


def arguments(folder: Path, notebook: str, browser: bool, ip: str | None = None, port: int | None = None) -> list[str]:
    """What to call Python with."""
    options = [
        "-m", "jupyterlab",
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{notebook}",
        # Its own place for open tabs, so that the tabs of another project are not looked for here.
        f"--LabApp.workspaces_dir={progress_file().parent.absolute() / 'jupyterlab'}",
        f"--LabApp.extra_labextensions_path={HERE / 'labextension'}",
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "--LabApp.news_url=None",
        "--LanguageServerManager.autodetect=False",
        "--Application.log_level=WARN",
    ]  # fmt: skip
    if kernels_can_encrypt():  # else each one warns, in the learner's terminal, that it does not
        options.append("--KernelManager.transport_encryption=auto")
    if ip:
        options.append(f"--ServerApp.ip={ip}")
    if port is not None:
        options += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]  # the one that was asked for, or none
    if not browser:
        options.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")  # in a container there is often nobody else
    return options


def kernels_can_encrypt() -> bool:
    """Whether what a notebook and its kernel say to each other can be encrypted here."""
    from jupyter_client.manager import KernelManager
    from traitlets import TraitError

    if "transport_encryption" not in KernelManager.class_trait_names():
        return False
    try:
        KernelManager(transport_encryption="auto")
    except TraitError:  # ZeroMQ was built without it
        return False
    return True


def environment() -> dict[str, str]:
    """The environment for JupyterLab: this Python's kernel before the user's, our settings, `course` in terminals.

    Folders of PYTHONPATH that hide packages of the lessons are left out.
    """

    def first(path: Path, variable: str) -> str:
        return os.pathsep.join([str(path), *filter(None, [os.environ.get(variable)])])

    return {
        **{key: value for key, value in os.environ.items() if key != VARIABLE},
        **({VARIABLE: kept} if (kept := clean_path()) else {}),
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
