"""A program beside the notebook: it is there while the `with` lasts, and gone afterwards, whatever happened in between."""

import subprocess
import sys
import time

import pytest

from courseware.lessons.in_practice.by_hand import running

WAITS = "import sys; print('ready', flush=True); sys.stdin.read()"


def test_it_runs_while_the_with_lasts_and_no_longer():
    with running(sys.executable, "-c", WAITS) as (process, line):
        assert line == "ready"
        assert process.poll() is None
    assert process.poll() is not None


@pytest.mark.parametrize("trouble", [ValueError, KeyboardInterrupt])
def test_it_is_ended_when_the_cell_fails_or_is_interrupted(trouble):
    with pytest.raises(trouble), running(sys.executable, "-c", WAITS) as (process, _):
        raise trouble
    assert process.poll() is not None


def test_one_that_ends_before_it_is_ready_is_told():
    with (
        pytest.raises(RuntimeError, match="ended before it was ready"),
        running(sys.executable, "-c", "exit(3)"),
    ):
        pass


def test_it_hears_when_the_notebook_is_killed(tmp_path):
    """Its standard input is closed with the process that started it."""
    gone = tmp_path / "gone"
    program = f"{WAITS}; import pathlib; pathlib.Path(sys.argv[1]).touch()"
    notebook = (
        "import sys, time\n"
        "from courseware.lessons.in_practice.by_hand import running\n"
        f"with running(sys.executable, '-c', {program!r}, {str(gone)!r}):\n"
        "    print('started', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", notebook], stdout=subprocess.PIPE, text=True) as outer:
        assert outer.stdout.readline() == "started\n"
        outer.kill()
    for _ in range(100):
        if gone.exists():
            return
        time.sleep(0.1)
    pytest.fail("the program did not notice")
