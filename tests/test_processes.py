"""Processes are found with all that they started, and are gone once they were ended."""

import subprocess
import sys

import psutil
import pytest

from courseware import processes

PARENT = "import subprocess, sys, time; print(subprocess.Popen(['sleep', '93']).pid, flush=True); time.sleep(93)"


@pytest.fixture
def parent():
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as process:
        yield process, int(process.stdout.readline())


def runs(pid):
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_process_and_its_child_are_found_measured_and_ended(parent):
    process, child = parent
    family = processes.family(process.pid)
    assert [each.pid for each in family] == [process.pid, child]
    assert processes.memory(family) > processes.memory(family[1:]) > 100_000
    processes.end(family)
    assert not runs(process.pid) and not runs(child)  # at once, without waiting
    assert processes.memory(family) == 0


def test_what_has_ended_has_no_family_and_can_be_ended_again(parent):
    process, _ = parent
    family = processes.family(process.pid)
    processes.end(family)
    process.wait()
    assert processes.family(process.pid) == []
    processes.end(family)
