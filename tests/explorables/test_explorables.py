"""Explorables as files, and what a notebook stores in their places."""

import base64
import json
import re

import nbformat
import pytest
from plays import PLAYS

import courseware.explorables as module
from courseware.authoring.lint import notebook_problems
from courseware.course import find, ready_lessons
from courseware.explorables import HERE, explorable, explorables
from courseware.lesson import Lesson

NAMES = list(explorables())
SHARED = ("kit", "network", "pad")
MOST_OWN, MOST_SHARED, MOST_WEIGHTS, MOST_PICTURE = 40_000, 25_000, 200_000, 150_000  # bytes


@pytest.mark.parametrize("name", NAMES)
def test_an_explorable_is_small(name):
    one = explorable(name)
    assert sum(file.stat().st_size for file in (one.module, HERE / f"{name}.css") if file.exists()) <= MOST_OWN
    assert not one.weights.exists() or one.weights.stat().st_size <= MOST_WEIGHTS
    assert one.png.stat().st_size <= MOST_PICTURE, "scripts/explorable_pictures.py draws it"


def test_what_they_share_is_small():
    assert all(file.stat().st_size <= MOST_SHARED for name in SHARED for file in HERE.glob(f"{name}.*"))


def test_every_file_belongs_to_one():
    """A module without a row in explorables.toml would be shown nowhere."""
    assert {path.stem for path in HERE.glob("*.js")} == {*NAMES, *SHARED}
    assert {path.stem for path in HERE.glob("*.css")} <= {*NAMES, *SHARED}
    assert {path.name.partition(".")[0] for path in HERE.glob("*.weights.json")} <= {*NAMES}
    assert {path.stem for path in HERE.glob("pictures/*.png")} == {*NAMES} == {*PLAYS}


@pytest.mark.parametrize("name", NAMES)
def test_a_module_names_what_it_takes_and_nothing_of_the_network(name):
    text = explorable(name).module.read_text(encoding="utf-8")
    taken = dict(re.findall(r'^import \{ ([\w, ]+) \} from "\./(\w+)\.js";$', text, re.M))
    assert {*taken.values()} <= {*SHARED} and "kit" in taken.values()
    for names, file in taken.items():
        shared = (HERE / f"{file}.js").read_text(encoding="utf-8")
        assert all(re.search(rf"^export (?:const|function) {each}\b", shared, re.M) for each in names.split(", "))
    for script in (explorable(name).script(), explorable(name).widget()):
        assert not re.search(r"https?://(?!www\.w3\.org)|fetch\(|import\(|^import ", script, re.M)
    assert "export" not in explorable(name).script()


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_shows_it(name):
    cells = [cell for info in ready_lessons() for cell in nbformat.read(info.lesson, as_version=4).cells]
    here = [cell for cell in cells if cell.cell_type == "code" and f'lesson.explore("{name}")' in cell.source]
    assert len(here) == 1
    stored = here[0].outputs[0]["data"]
    assert stored["text/plain"] == explorable(name).line, "its words have changed: course build"
    assert base64.b64decode(stored["image/png"]) == explorable(name).png.read_bytes(), (
        "its picture has changed: course build"
    )


def test_where_nobody_is_there_a_line_and_a_picture_stand_in_its_place(monkeypatch):
    stored = []
    monkeypatch.setattr(module, "display", lambda data, metadata, raw: stored.append((data, metadata)))
    Lesson(find("01")).explore("line")
    ((data, metadata),) = stored
    assert data["text/plain"].startswith("To touch: The line and its landscape.")
    about = metadata["image/png"]
    assert about["alt"] == explorable("line").picture and 500 < about["width"] < 900
    cell = nbformat.v4.new_code_cell('lesson.explore("line")', execution_count=1)
    cell.outputs = [nbformat.v4.new_output("display_data", data=json.loads(json.dumps(data)), metadata=metadata)]
    assert not [each for each in notebook_problems(nbformat.v4.new_notebook(cells=[cell])) if each.startswith("cell 0")]


def test_a_name_that_is_none_is_told_the_others(capsys):
    Lesson(find("01")).explore("lin")
    assert "There is no explorable 'lin'; there are " in capsys.readouterr().out


def test_a_copy_from_before_shows_the_playground_of_today(capsys):
    """Copies of lesson 03 that were made when it needed a kernel call it so."""
    from courseware.playground import playground

    playground()
    assert explorable("playground").line in capsys.readouterr().out
