"""The learner's copies: made once, outputs cleared, and never lost."""

import json
from pathlib import Path

import pytest

from courseware import workspace
from courseware.workspace import WorkspaceError, copy_of, exercise_names, refresh, reset


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_copy_has_no_outputs_but_is_otherwise_the_lesson(course):
    assert refresh([course]) == []
    shipped, copy = (json.loads(path.read_text(encoding="utf-8")) for path in (course.lesson, copy_of(course)))
    assert [cell.get("outputs") for cell in copy["cells"]] == [None, []]
    assert copy["cells"][1]["execution_count"] is None and "widgets" not in copy["metadata"]
    assert [cell["source"] for cell in copy["cells"]] == [cell["source"] for cell in shipped["cells"]]
    assert copy["metadata"]["courseware"] == shipped["metadata"]["courseware"]
    assert files(workspace.folder()) == ["01_linear_regression.ipynb"]  # and no temporary file


def test_a_copy_is_a_valid_notebook(course):
    import nbformat

    refresh([course])
    nbformat.validate(nbformat.read(copy_of(course), as_version=4))


def test_what_the_learner_wrote_is_never_overwritten(course, ship):
    refresh([course])
    mine = copy_of(course).read_text(encoding="utf-8").replace("hello", "my own work")
    copy_of(course).write_text(mine, encoding="utf-8")
    assert refresh([course]) == []
    ship(course, version="v2")
    (note,) = refresh([course])
    assert "updated" in note and "course reset 01_linear_regression" in note
    assert copy_of(course).read_text(encoding="utf-8") == mine


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3, "metadata": {}}', "not json"])
def test_a_copy_that_is_broken_is_kept_and_named(course, content):
    refresh([course])
    copy_of(course).write_text(content)
    (note,) = refresh([course])
    assert "not a notebook" in note and "course reset" in note
    assert copy_of(course).read_text() == content


def test_reset_keeps_every_old_copy_under_a_name_of_its_own(course):
    assert reset(course) is None
    backups = []
    for number in range(3):  # within one second, so the dates are equal
        copy_of(course).write_text(f"work {number}")
        backups.append(reset(course))
    assert [backup.read_text() for backup in backups] == ["work 0", "work 1", "work 2"]
    assert json.loads(copy_of(course).read_text(encoding="utf-8"))["cells"]
    assert {backup.parent for backup in backups} == {workspace.folder()}


def test_a_reset_that_cannot_write_leaves_the_old_copy(course, monkeypatch):
    refresh([course])
    copy_of(course).write_text("my work")
    monkeypatch.setattr(Path, "replace", failing(Path.replace))
    with pytest.raises(WorkspaceError, match="No space left"):
        reset(course)
    assert copy_of(course).read_text() == "my work"
    assert files(workspace.folder()) == ["01_linear_regression.ipynb"]


def test_a_crash_while_copying_leaves_no_half_written_lesson(course, monkeypatch):
    monkeypatch.setattr(Path, "replace", failing(Path.replace))
    with pytest.raises(WorkspaceError, match="COURSEWARE_WORK"):
        refresh([course])
    assert files(workspace.folder()) == []


def failing(real):
    def replace(self, target):
        raise OSError(28, "No space left on device")

    return replace


def test_a_lesson_that_is_not_there_is_named_with_the_remedy(course):
    course.lesson.unlink()
    with pytest.raises(WorkspaceError, match="course build 01_linear_regression"):
        refresh([course])


def test_a_folder_that_cannot_be_made_is_named(course, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSEWARE_WORK", str(tmp_path / "file" / "below"))
    with pytest.raises(WorkspaceError, match="COURSEWARE_WORK"):
        refresh([course])


def test_exercises_are_read_from_the_shipped_notebook(course):
    assert exercise_names(course) == ["predict", "gradient"]


def test_by_default_the_copies_are_in_a_folder_that_git_ignores(monkeypatch):
    monkeypatch.delenv("COURSEWARE_WORK")
    assert workspace.folder() == workspace.ROOT / "my_lessons"
    assert "my_lessons/" in (workspace.ROOT / ".gitignore").read_text().split()
