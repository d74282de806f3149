"""After the set-up everything works with the network unplugged.

Every notebook that pytest runs is refused every address but loopback, by `no_network/sitecustomize.py`; that holds for
Python's sockets. Here, on Linux, programs run in a network namespace of their own, which has nothing but a loopback
device, so that nothing at all can get out. Where that is not permitted (and on macOS), the refusal has to do.
"""

import functools
import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from courseware import course

ROOT = course.ROOT
SLUG = "01_linear_regression"

# Runs first inside the namespace: brings the loopback device up, then becomes the program that is asked for.
LOOPBACK_UP = """
import fcntl, os, socket, struct, sys
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    now = fcntl.ioctl(any_socket, SIOCGIFFLAGS, struct.pack("16sH22s", b"lo", 0, b""))
    name, flags, rest = struct.unpack("16sH22s", now)
    fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH22s", name, flags | IFF_UP, rest))
os.execv(sys.argv[1], sys.argv[1:])
"""

# Starts `course lab`, opens the page that it prints and one of its scripts, and stops it.
LAB = """
import re, subprocess, sys, time, urllib.error, urllib.request
def fetch(address):
    for _ in range(50):  # the address is printed shortly before it is listened on
        try:
            return urllib.request.urlopen(address).read()
        except urllib.error.URLError:
            time.sleep(0.2)
    raise SystemExit("nothing is served at " + address)
lab = subprocess.Popen([sys.executable, "-m", "courseware.cli", "lab", "--no-browser"],
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
try:
    address = next(filter(None, (re.search(r"http://127\\S+token=\\w+", line) for line in lab.stdout)))[0]
    page = fetch(address).decode()
    script = re.search(r'src="(/static/lab/main\\.[^"]+)"', page)[1]
    print("served", len(fetch(re.match(r"http://[^/]+", address)[0] + script)) > 1000)
finally:
    lab.terminate()
    lab.wait()
"""


@functools.cache
def namespaces_work() -> bool:
    try:
        command = ["unshare", "-rn", sys.executable, "-c", LOOPBACK_UP, sys.executable, "-c", ""]
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.fixture
def unplugged(tmp_path):
    """Run Python with these arguments and no network; returns what it prints."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    environment |= {"COURSEWARE_HOME": str(tmp_path / "home"), "COURSEWARE_WORK": str(tmp_path / "work")}
    command = [sys.executable]
    if namespaces_work():
        command = ["unshare", "-rn", sys.executable, "-c", LOOPBACK_UP, sys.executable]

    def run(*arguments, **options):
        done = subprocess.run(
            [*command, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=300, **options,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        return done.stdout

    return run


def test_the_network_is_really_unplugged(unplugged):
    if namespaces_work():  # no device but loopback, no route to anywhere: whatever is sent cannot leave
        told = unplugged("-c", "import socket; print(socket.if_nameindex()); print(open('/proc/net/route').read())")
        assert told.splitlines()[0] == "[(1, 'lo')]" and len(told.split("\n", 1)[1].strip().splitlines()) <= 1
    else:
        told = unplugged("-c", "import socket; print(socket.socket.connect.__module__)")
        assert told.strip() == "sitecustomize"
    looking_up = "import socket\ntry: socket.getaddrinfo('example.invalid', 80)\nexcept OSError: print('refused')"
    assert unplugged("-c", looking_up).strip() == "refused"
    talking_to_itself = (
        "import socket; server = socket.create_server(('127.0.0.1', 0)); "
        "socket.create_connection(server.getsockname()); print('connected')"
    )
    assert unplugged("-c", talking_to_itself).strip() == "connected"


def test_a_lesson_runs(unplugged, tmp_path):
    """Its first cells: the kernel, Keras and the data. All of it runs, for every lesson, under the refusal below."""
    notebook = nbformat.read(ROOT / "lessons" / f"{SLUG}.ipynb", as_version=4)
    notebook.cells = notebook.cells[:20]
    assert sum(cell.cell_type == "code" for cell in notebook.cells) >= 5
    nbformat.write(notebook, tmp_path / "beginning.ipynb")
    told = unplugged(
        "-m",
        "pytest",
        "-q",
        "-p",
        "nbval.plugin",
        "-p",
        "no:cacheprovider",
        "-c",
        "pyproject.toml",
        str(tmp_path / "beginning.ipynb"),
    )
    assert " passed" in told and "failed" not in told and "skipped" not in told


def test_no_notebook_that_pytest_runs_can_reach_the_network():
    reach = "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=1)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(reach)])
    with pytest.raises(CellExecutionError, match="refused while testing"):
        NotebookClient(notebook, kernel_name="python3").execute()


def test_the_command_works(unplugged):
    assert "Lesson" in unplugged("-m", "courseware.cli", "next")
    assert SLUG in unplugged("-m", "courseware.cli", "progress")
    assert "Question 1" in unplugged("-m", "courseware.cli", "quiz", SLUG, input="q\n")
    assert "is new" in unplugged("-m", "courseware.cli", "reset", SLUG)


def test_jupyterlab_is_served(unplugged):
    assert unplugged("-c", LAB).strip().endswith("served True")
