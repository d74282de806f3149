"""The whole course: folders agree, notebooks agree with their sources, and the lint finds nothing."""

import pytest

from courseware.authoring.build import build, figures
from courseware.authoring.lint import lint
from courseware.course import ROOT, lessons, pictures, ready_lessons

FOLDERS = {"source": "py", "lessons": "ipynb", "solutions": "ipynb", "quizzes": "yaml"}
FILES = ("checks.py", "drawings.py", "glossary.toml", "models.py")


@pytest.mark.parametrize(("folder", "suffix"), FOLDERS.items())
def test_every_ready_lesson_has_its_file_and_there_are_no_others(folder, suffix):
    found = {path.stem for path in (ROOT / folder).glob(f"[0-9]*.{suffix}")}
    assert found == {info.slug for info in ready_lessons()}


def test_every_ready_lesson_has_its_folder_and_there_are_no_others():
    wanted = {info.short_name for info in ready_lessons()}
    for home, files in (("courseware", FILES), ("tests", ("answers.py", "models.py", "equivalent_mutants.toml"))):
        folders = [path.parent for path in (ROOT / home / "lessons").glob(f"*/{files[0]}")]
        assert {path.name for path in folders} == wanted
        assert all((folder / file).exists() for folder in folders for file in files)


def test_there_are_fifteen_lessons_numbered_in_order():
    assert [info.slug[:3] for info in lessons()] == [f"{number:02d}_" for number in range(15)]


@pytest.mark.parametrize("info", ready_lessons(), ids=lambda info: info.slug)
def test_the_notebooks_are_what_the_source_makes(info):
    assert build([info], check=True) == []


def test_the_lint_finds_nothing():
    assert lint() == []


@pytest.mark.parametrize("picture", pictures(), ids=lambda picture: picture.file)
def test_the_pictures_of_the_readme_come_from_the_lessons(picture):
    import nbformat

    lesson = next(info for info in ready_lessons() if info.slug == picture.lesson)
    notebook = nbformat.read(lesson.lesson, as_version=4)
    assert picture.path.read_bytes() == figures(notebook)[picture.figure - 1]
    assert picture.file in (ROOT / "README.md").read_text(encoding="utf-8")
