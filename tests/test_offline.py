"""After the set-up everything works with the network unplugged.

On Linux the programs run in a network namespace of their own, which has nothing but a loopback device. Where that is
not permitted (and on macOS), Python itself refuses every address but loopback; that holds for Python's sockets only.
"""

import functools
import os
import subprocess
import sys

import pytest

from courseware import catalog

ROOT = catalog.ROOT

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

# The second-best way: a sitecustomize.py that every Python on PYTHONPATH runs at its start.
REFUSE = """
import socket
_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo
def _check(host):
    if isinstance(host, (str, bytes)) and host not in ("127.0.0.1", "::1", "localhost", "", b"127.0.0.1"):
        raise OSError(101, f"Network is unreachable (test): {host}")
def connect(self, address):
    if isinstance(address, tuple): _check(address[0])
    return _connect(self, address)
def connect_ex(self, address):
    if isinstance(address, tuple): _check(address[0])
    return _connect_ex(self, address)
def getaddrinfo(host, *rest, **options):
    _check(host)
    return _getaddrinfo(host, *rest, **options)
socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo = connect, connect_ex, getaddrinfo
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


@pytest.fixture(params=[pytest.param(info, id=info.slug) for info in catalog.ready_lessons()])
def info(request):
    return request.param


@pytest.fixture
def unplugged(tmp_path):
    """Run Python with these arguments and no network; returns what it prints."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    environment |= {"COURSEWARE_HOME": str(tmp_path / "home"), "COURSEWARE_WORK": str(tmp_path / "work")}
    command = [sys.executable]
    if namespaces_work():
        command = ["unshare", "-rn", sys.executable, "-c", LOOPBACK_UP, sys.executable]
    else:
        (tmp_path / "sitecustomize.py").write_text(REFUSE)
        environment["PYTHONPATH"] = str(tmp_path)

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


def test_a_lesson_runs(unplugged, info):
    told = unplugged("-m", "pytest", "-q", "-p", "no:cacheprovider", str(info.lesson.relative_to(ROOT)))
    assert " passed" in told and "failed" not in told and "skipped" not in told


def test_the_command_works(unplugged, info):
    assert "Lesson" in unplugged("-m", "courseware.cli", "next")
    assert info.slug in unplugged("-m", "courseware.cli", "progress")
    assert "Question 1" in unplugged("-m", "courseware.cli", "quiz", info.slug, input="q\n")
    assert "is new" in unplugged("-m", "courseware.cli", "reset", info.slug)


def test_jupyterlab_is_served(unplugged):
    assert unplugged("-c", LAB).strip().endswith("served True")
