"""A hosted notebook gets what it lacks, and keeps its own versions of everything else."""

import subprocess
from importlib import metadata
from types import SimpleNamespace

import pytest

from courseware import hosted

NEEDS = [
    "keras<3.16,>=3.15",
    "tensorflow<3,>=2.21",
    "fsrs<7,>=6.3",
    "jupyterlab<5,>=4.4",
    'pytest-xdist>=3.8; extra == "test"',
    "numpy>=2",
]


@pytest.fixture
def there(monkeypatch):
    """A machine with an old TensorFlow, an old Keras, and NumPy, as far as the module can see."""
    versions = {"tensorflow": "2.19.0", "keras": "3.10.0", "numpy": "2.0.2"}

    def distribution(name):
        if name not in versions:
            raise metadata.PackageNotFoundError(name)
        return SimpleNamespace(version=versions[name])

    monkeypatch.setattr(hosted.metadata, "requires", lambda name: NEEDS)
    monkeypatch.setattr(hosted.metadata, "distribution", distribution)


def test_only_what_is_absent_in_every_version_is_missing_and_an_old_keras(there):
    assert hosted.missing() == ["keras<3.16,>=3.15", "fsrs<7,>=6.3"]


@pytest.mark.parametrize(("status", "said"), [(0, "Ready."), (1, "no such thing")])
def test_pip_installs_it_and_its_failure_is_told(there, monkeypatch, capsys, status, said):
    asked = []

    def run(command, **options):
        asked.append(command)
        return subprocess.CompletedProcess(command, status, "", "no such thing")

    monkeypatch.setattr(hosted.subprocess, "run", run)
    assert hosted.main() == status
    assert asked[0][1:] == ["-m", "pip", "install", "--quiet", "keras<3.16,>=3.15", "fsrs<7,>=6.3"]
    assert said in capsys.readouterr().out


def test_where_nothing_is_missing_nothing_is_installed(there, monkeypatch, capsys):
    monkeypatch.setattr(hosted.metadata, "requires", lambda name: ["numpy>=2"])
    monkeypatch.setattr(hosted.subprocess, "run", lambda *_, **__: pytest.fail("pip was called"))
    assert hosted.main() == 0
    assert "Nothing is missing" in capsys.readouterr().out
