"""`course doctor`: what is in order is said in a line, what is not comes with the command that mends it."""

import importlib.metadata
import json
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from courseware.cli import main
from courseware.course import ROOT, ready_lessons
from courseware.learner import doctor, shadows
from courseware.learner.doctor import BAD, NOTE, OK, REMEDIES, Diagnosis
from courseware.progress import Progress


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COURSEWARE_WORK", str(tmp_path / "work"))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.delenv("PYTHONPATH", raising=False)
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
    real = doctor.importlib.util.find_spec
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: None if name == "jax" else real(name))
    for name, words in [
        ("jax", "is not installed"),
        ("theano", "Keras 3 does not know"),
        ("a.b", "Keras 3 does not know"),
    ]:
        monkeypatch.setenv("KERAS_BACKEND", name)
        assert f"{name}, which {words}" in found("backend")[0].text
    monkeypatch.delenv("KERAS_BACKEND")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "keras.json").write_text('{"backend": "numpy"}', encoding="utf-8")
    assert Diagnosis(
        NOTE, "Keras computes with numpy; stored outputs are TensorFlow's, and figures differ a little"
    ) in (doctor.diagnose())


def test_settings_that_an_older_course_left_for_keras(monkeypatch, tmp_path):
    """What mends them is another than for the variable, and the file is named."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    file = tmp_path / "keras.json"
    for settings, words in [
        ({"backend": "theano"}, f"theano (says {file}), which Keras 3 does not know"),
        ({"image_data_format": "channels_first"}, "sets image_data_format to 'channels_first'"),
        ({"floatx": "float16"}, "the lessons need 'float32'"),
    ]:
        file.write_text(json.dumps(settings), encoding="utf-8")
        [finding] = found("keras")
        assert words in finding.text and finding.mark == BAD and "KERAS_BACKEND" not in str(finding)
    for odd in ("[]", "{", "null", '{"floatx": "float32", "backend": "tensorflow", "epsilon": 1e-7}'):
        file.write_text(odd)
        assert found("keras") == found("backend") == []


def test_what_hides_a_package_is_named(monkeypatch, home, tmp_path):
    (home / "work").mkdir()
    assert found("hidden") == found("path") == []
    (home / "work" / "numpy.py").touch()
    (home / "work" / "random.py").touch()  # the lessons do without it, or it is loaded already
    assert [finding.text for finding in found("hidden")] == [
        f"{home / 'work' / 'numpy.py'} hides the package numpy from the lessons"
    ]
    stale = tmp_path / "stale"
    (stale / "keras").mkdir(parents=True)
    (stale / "keras" / "__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(stale), str(ROOT)]))
    [finding] = found("path")
    assert f"names {stale}, which hides the course's own keras" in finding.text and "unset PYTHONPATH" in str(finding)
    assert shadows.clean_path() == os.pathsep.join([str(tmp_path), str(ROOT)])


def test_to_install_again_is_no_remedy_for_a_path(versions, monkeypatch, tmp_path):
    (tmp_path / "keras.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    [finding] = [each for each in versions(keras="2.15.0") if each.trouble == "package"]
    assert str(finding).splitlines()[1:] == ["    `unset PYTHONPATH`"]


def test_the_record_is_looked_at_in_full(home, monkeypatch):
    def line():
        return next(
            each for each in doctor.diagnose() if "progress.sqlite" in each.text or "progress is kept" in each.text
        )

    assert line() == Diagnosis(OK, f"progress is kept in {home / 'home' / 'progress.sqlite'}")
    monkeypatch.setenv("COURSEWARE_HOME", "rec")
    assert str(ROOT / "rec" / "progress.sqlite") in line().text  # the whole path
    monkeypatch.setenv("COURSEWARE_HOME", str(home / "home"))
    record = Progress()
    record.record_answer("04_cnn", "q", "a", 1.0, 1.0)
    with closing(sqlite3.connect(record.path)) as connection, connection:
        connection.execute("UPDATE answer SET at = 'long ago'")
    assert line() == Diagnosis(NOTE, f"row 1 of the table answer in {record.path} cannot be read and is left out")
    with closing(sqlite3.connect(record.path)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    assert "newer version" in line().text and "\n" not in str(line())  # its remedy, and no other
    monkeypatch.setattr(doctor, "RECORD_NEEDS", 1e18)
    record.path.unlink()
    assert [each.text for each in found("disk")] == [f"the disk on which progress is kept is full: {home / 'home'}"]


def test_every_broken_copy_gets_its_own_command(home):
    (home / "work").mkdir()
    for info in ready_lessons()[:3]:
        (home / "work" / info.lesson.name).write_text("{")
    (home / "work" / ready_lessons()[3].lesson.name).symlink_to("nowhere")
    for finding, info in zip(found("copy"), ready_lessons()[:4], strict=True):
        assert info.lesson.name in finding.text and f"`course reset {info.slug}`" in str(finding)


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


@pytest.mark.parametrize("content", ["{", "3", "{}"])
def test_a_broken_progress_file_and_a_broken_copy(home, content):
    (home / "home").mkdir()
    (home / "home" / "progress.sqlite").write_text("no database at all" * 100)
    (home / "work").mkdir()
    copy = home / "work" / f"{ready_lessons()[0].slug}.ipynb"
    copy.write_text(content, encoding="utf-8")
    assert found("progress")[0].mark == BAD
    assert str(copy) in found("copy")[0].text
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 1 and "2 things to mend." in done.output
    assert copy.read_text(encoding="utf-8") == content


def test_every_file_of_data_that_it_looks_for_is_there():
    assert [finding for finding in doctor._data() if finding.mark != OK] == []


def test_the_readmes_table_has_the_same_remedies():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [remedy for remedy in REMEDIES.values() if f" | {remedy} |\n" not in readme] == []
