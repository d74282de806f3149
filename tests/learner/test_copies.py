"""The learner's copies: made once, outputs cleared, and never lost."""

import dataclasses
import json
import os

import pytest

from courseware.errors import CourseError
from courseware.learner import copies
from courseware.learner.copies import copy_of, exercise_names, refresh, reset, solution_for


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_copy_has_no_outputs_but_is_otherwise_the_lesson(small_course):
    assert refresh([small_course]) == []
    shipped, copy = (
        json.loads(path.read_text(encoding="utf-8")) for path in (small_course.lesson, copy_of(small_course))
    )
    assert [cell.get("outputs") for cell in copy["cells"]] == [None, []]
    assert copy["cells"][1]["execution_count"] is None and "widgets" not in copy["metadata"]
    assert [cell["source"] for cell in copy["cells"]] == [cell["source"] for cell in shipped["cells"]]
    assert copy["metadata"]["courseware"] == shipped["metadata"]["courseware"]
    assert files(copies.folder()) == ["01_linear_regression.ipynb"]  # and no temporary file


def test_a_copy_is_a_valid_notebook(small_course):
    import nbformat

    refresh([small_course])
    nbformat.validate(nbformat.read(copy_of(small_course), as_version=4))


def test_what_the_learner_wrote_is_never_overwritten(small_course, ship):
    refresh([small_course])
    mine = copy_of(small_course).read_text(encoding="utf-8").replace("hello", "my own work")
    copy_of(small_course).write_text(mine, encoding="utf-8")
    assert refresh([small_course]) == []
    ship(small_course, version="v2")
    (note,) = refresh([small_course])
    assert "updated" in note and "course reset 01_linear_regression" in note
    assert copy_of(small_course).read_text(encoding="utf-8") == mine


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3, "metadata": {}}', "not json"])
def test_a_copy_that_is_broken_is_kept_and_named(small_course, content):
    refresh([small_course])
    copy_of(small_course).write_text(content)
    (note,) = refresh([small_course])
    assert "not a notebook" in note and "course reset" in note
    assert copy_of(small_course).read_text() == content


def test_reset_keeps_every_old_copy_under_a_name_of_its_own(small_course):
    assert reset(small_course) is None
    backups = []
    for number in range(3):  # within one second, so the dates are equal
        copy_of(small_course).write_text(f"work {number}")
        backups.append(reset(small_course))
    assert [backup.read_text() for backup in backups] == ["work 0", "work 1", "work 2"]
    assert json.loads(copy_of(small_course).read_text(encoding="utf-8"))["cells"]
    assert {backup.parent for backup in backups} == {copies.folder()}


def test_a_reset_that_cannot_write_leaves_the_old_copy(small_course, monkeypatch):
    refresh([small_course])
    copy_of(small_course).write_text("my work")
    monkeypatch.setattr(os, "replace", disk_full)
    with pytest.raises(CourseError, match="No space left"):
        reset(small_course)
    assert copy_of(small_course).read_text() == "my work"
    assert files(copies.folder()) == ["01_linear_regression.ipynb"]


def test_a_crash_while_copying_leaves_no_half_written_lesson(small_course, monkeypatch):
    monkeypatch.setattr(os, "replace", disk_full)
    with pytest.raises(CourseError, match="COURSEWARE_WORK"):
        refresh([small_course])
    assert files(copies.folder()) == []


def disk_full(source, target):
    raise OSError(28, "No space left on device")


def test_a_lesson_that_is_not_there_is_named_with_the_remedy(small_course):
    small_course.lesson.unlink()
    (note,) = refresh([small_course])
    assert "course build 01_linear_regression" in note


def test_one_lesson_that_is_not_there_does_not_stop_the_others(small_course, ship):
    missing, there = dataclasses.replace(small_course, slug="00_start_here"), small_course
    (note,) = refresh([missing, there])
    assert "00_start_here" in note and copy_of(there).exists() and not copy_of(missing).exists()


def test_a_copy_with_odd_metadata_is_taken_for_an_old_one(small_course):
    refresh([small_course])
    text = copy_of(small_course).read_text(encoding="utf-8")
    for about in ("x", 3, None, ["v1"]):
        notebook = json.loads(text)
        notebook["metadata"]["courseware"] = about
        copy_of(small_course).write_text(json.dumps(notebook), encoding="utf-8")
        (note,) = refresh([small_course])
        assert "course reset 01_linear_regression" in note


def test_a_link_to_nothing_is_named(small_course):
    copies.folder().mkdir(parents=True)
    copy_of(small_course).symlink_to("nowhere.ipynb")
    (note,) = refresh([small_course])
    assert "a link to nowhere.ipynb, which is not there" in note and "course reset 01_linear_regression" in note
    reset(small_course)
    assert refresh([small_course]) == []


def test_the_list_of_terms_is_written_whole_or_not_at_all(small_course, monkeypatch):
    (small_course.lesson.parent / "glossary.md").write_text("old")
    refresh([small_course])
    (small_course.lesson.parent / "glossary.md").write_text("new")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", disk_full)
        refresh([small_course])
    assert (copies.folder() / "glossary.md").read_text() == "old"
    refresh([small_course])
    assert (copies.folder() / "glossary.md").read_text() == "new"


def test_a_solution_is_put_beside_the_copies_and_what_was_changed_in_it_stays(small_course):
    with pytest.raises(CourseError, match="Ask your teacher"):
        solution_for(small_course)
    small_course.solution.parent.mkdir()
    small_course.solution.write_text("the worked answer")
    file = solution_for(small_course)
    assert file == copies.folder() / "solutions" / small_course.solution.name
    assert solution_for(small_course).read_text() == "the worked answer" and len(files(file.parent)) == 1
    file.write_text("my notes")
    assert solution_for(small_course).read_text() == "the worked answer"
    assert {each.read_text() for each in file.parent.iterdir()} == {"the worked answer", "my notes"}


def test_a_folder_that_cannot_be_made_is_named(small_course, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSEWARE_WORK", str(tmp_path / "file" / "below"))
    with pytest.raises(CourseError, match="COURSEWARE_WORK"):
        refresh([small_course])


def test_exercises_are_read_from_the_shipped_notebook(small_course):
    assert exercise_names(small_course) == ["predict", "gradient"]


def test_by_default_the_copies_are_in_a_folder_that_git_ignores(monkeypatch):
    monkeypatch.delenv("COURSEWARE_WORK")
    assert copies.folder() == copies.ROOT / "my_lessons"
    assert "my_lessons/" in (copies.ROOT / ".gitignore").read_text().split()
