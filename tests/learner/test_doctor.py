"""`course doctor`: what is in order is said in a line, what is not comes with the command that mends it."""

import importlib.metadata
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from courseware.cli import main
from courseware.course import ROOT, ready_lessons
from courseware.learner import doctor
from courseware.learner.doctor import BAD, NOTE, OK, TROUBLES, Diagnosis


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COURSEWARE_WORK", str(tmp_path / "work"))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    return tmp_path


@pytest.fixture
def versions(monkeypatch):
    """Pretend that packages have other versions, or (None) are missing."""
    real = importlib.metadata.version

    def pretend(**other):
        def version(name):
            if (found := other.get(name.replace("-", "_"), real)) is real:
                return real(name)
            if found is None:
                raise importlib.metadata.PackageNotFoundError(name)
            return found

        monkeypatch.setattr(importlib.metadata, "version", version)
        return [finding for finding in doctor.diagnose() if "package" in (finding.trouble, finding.text[:7])]

    return pretend


def found(trouble):
    return [finding for finding in doctor.diagnose() if finding.trouble == trouble]


def test_here_everything_is_as_verified():
    """`make test` runs in the environment that requirements.txt makes."""
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 0, done.output
    assert "packages as verified: tensorflow" in done.output
    assert done.output.endswith("All is well.\n")


def test_a_package_that_is_missing_too_old_or_too_new(versions):
    lines = {str(f).splitlines()[0] for f in versions(keras="3.2.0", nbval=None, jupyterlab="9.0.0", numpy="2.0.0")}
    locked = doctor._locked()
    assert lines == {
        f"✗ keras 3.2.0 is too old; verified with {locked['keras']}",
        "✗ nbval is not installed; the course needs nbval<0.12,>=0.11",
        f"✗ jupyterlab 9.0.0 is too new; verified with {locked['jupyterlab']}",
        f"! numpy 2.0.0; verified with {locked['numpy']}",
    }


def test_the_command_can_be_copied(versions, monkeypatch):
    monkeypatch.chdir(Path(sys.executable).parent.parent)
    [finding] = versions(keras="3.2.0")
    assert (
        str(finding).splitlines()[1].strip() == f"`bin/{Path(sys.executable).name} -m pip install -r requirements.txt`"
    )


def test_another_python(monkeypatch):
    monkeypatch.setattr(doctor, "PYTHONS", ((3, 99), (3, 99)))
    assert "needs 3.99 to 3.99" in found("python")[0].text


def test_a_backend_that_is_not_installed_or_another(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_BACKEND", "no_such_backend")
    assert "no_such_backend, which is not installed" in found("backend")[0].text
    monkeypatch.delenv("KERAS_BACKEND")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "keras.json").write_text('{"backend": "numpy"}', encoding="utf-8")
    assert Diagnosis(
        NOTE, "Keras computes with numpy; stored outputs are TensorFlow's, and figures differ a little"
    ) in (doctor.diagnose())


def test_data_that_are_missing(monkeypatch, tmp_path):
    monkeypatch.setitem(doctor.DATA, "sklearn", ("datasets/data/no_such.csv",))
    assert "sklearn/datasets/data/no_such.csv" in found("data")[0].text
    monkeypatch.setenv("COURSEWARE_DIGITS", "mnist")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert found("mnist")[0].mark == BAD


def test_too_little_disk_or_memory(monkeypatch):
    monkeypatch.setattr(doctor, "DISK_NEEDED", 1e18)
    monkeypatch.setattr(doctor, "MEMORY_NEEDED", 1e18)
    assert found("disk")[0].mark == BAD and found("memory")[0].mark == NOTE


@pytest.mark.parametrize(("command", "words"), [("/no/such/python", "not there"), ("/bin/sh", "another Python")])
def test_a_kernel_that_cannot_be_this_python(monkeypatch, tmp_path, command, words):
    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    spec = {
        "argv": [command, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "P",
        "language": "python",
    }
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert words in found("kernel")[0].text


def test_a_broken_progress_file_and_a_broken_copy(home):
    (home / "home").mkdir()
    (home / "home" / "progress.sqlite").write_text("no database at all" * 100)
    (home / "work").mkdir()
    copy = home / "work" / f"{ready_lessons()[0].slug}.ipynb"
    copy.write_text("{", encoding="utf-8")
    assert found("progress")[0].mark == BAD
    assert str(copy) in found("copy")[0].text
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 1 and "2 things to mend." in done.output
    assert copy.read_text(encoding="utf-8") == "{"


def test_every_file_of_data_that_it_looks_for_is_there():
    assert [finding for finding in doctor._data() if finding.mark != OK] == []


def test_the_readmes_table_is_made_from_the_same_troubles():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme == doctor.with_table(readme), "run python -m courseware.learner.doctor"
    for trouble in TROUBLES.values():
        assert f"| {trouble.sign} | {trouble.remedy} |" in readme
