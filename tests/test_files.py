"""Files are written wholly or not at all."""

import os
import stat
import subprocess
import sys

import pytest

from courseware.files import whole_file, write_new

PARTLY = """
import resource, signal, sys
from pathlib import Path
from courseware.files import whole_file
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))  # as a disk with room for a part
try:
    with whole_file(Path(sys.argv[1])) as file:
        file.write(b"x" * 10_000)
except OSError as error:
    print(error.errno)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files there")
def test_where_only_a_part_can_be_written_there_is_no_file_and_an_error(tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text("old")
    done = subprocess.run(
        [sys.executable, "-c", PARTLY, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip().isdigit(), "the writing says so"
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_a_new_file_takes_no_others_place_and_is_as_open_as_was_asked(tmp_path):
    path = tmp_path / "deep" / "a.json"
    written = [write_new(path, f"{number} ü", 0o600) for number in range(3)]
    assert [each.name for each in written] == ["a.json", "a_2.json", "a_3.json"]
    assert [each.read_text(encoding="utf-8") for each in written] == ["0 ü", "1 ü", "2 ü"]
    if sys.platform != "win32":
        assert {stat.S_IMODE(each.stat().st_mode) for each in written} == {0o600}
    assert len(list(path.parent.iterdir())) == 3


def test_what_cannot_be_encoded_leaves_no_file(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        write_new(tmp_path / "a.json", "\ud800")
    assert list(tmp_path.iterdir()) == []


def test_an_error_while_writing_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), whole_file(path) as file:
        file.write(b"new")
        1 / 0  # noqa: B018
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of Unix")
def test_a_link_stays_a_link_and_a_pipe_a_pipe(tmp_path):
    real, link, pipe = tmp_path / "real.txt", tmp_path / "link.txt", tmp_path / "pipe"
    real.write_text("old")
    link.symlink_to(real)
    with whole_file(link) as file:
        file.write(b"new")
    assert link.is_symlink() and real.read_text() == "new"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with whole_file(pipe) as file:
        file.write(b"said")
    assert os.read(reader, 10) == b"said" and stat.S_ISFIFO(pipe.stat().st_mode)
    os.close(reader)
