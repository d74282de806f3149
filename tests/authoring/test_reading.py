"""What wants an author's eye is listed once, until it was looked at and as long as its words stay."""

import pytest
from click.testing import CliRunner

from courseware import course
from courseware.authoring import reading
from courseware.cli import main
from courseware.errors import CourseError

SOURCE = """\
# %% [markdown]
# # Title
#
# The network forgets, because its state is small. It is fast. The pictures put aside are new:
#
# * luck plays a part;
# * we part the moons, and part of it stays.

# %%
lesson.claim("all of them hold", x > 1)
lesson.claim("two are larger", x > 1)
lesson.claim("an overall gain", x > 1)
"""
FOUND = [
    ('explains ("because")', "The network forgets, because its state is small."),
    ('the field says "held out"', "The pictures put aside are new:"),
    ('the field says "random noise, chance"', "* luck plays a part;"),
    ('the field says "separate"', "* we part the moons, and part of it stays."),
    ('claims "all"', "all of them hold"),
]


@pytest.fixture
def info(tmp_path, monkeypatch):
    info = course.find("01")
    monkeypatch.setattr(course, "ROOT", tmp_path)
    monkeypatch.setattr(reading, "ROOT", tmp_path)
    info.source.parent.mkdir()
    info.source.write_text(SOURCE, encoding="utf-8")
    return info


def write(info, text):
    info.source.with_name("looked_at.toml").write_text(f"[{info.slug}]\n{text}\n", encoding="utf-8")


def test_each_place_is_listed_with_why(info):
    assert [(place.why, place.words) for place in reading.places(info)] == FOUND
    assert {place.where for place in reading.places(info)} == {
        "01_linear_regression.py:2",
        "01_linear_regression.py:10",
    }


def test_what_was_looked_at_is_listed_no_more(info):
    write(info, f'"{FOUND[0][1]}" = "a larger state remembers: the claim below"')
    assert [(place.why, place.words) for place in reading.places(info)] == FOUND[1:]


def test_a_line_for_words_that_are_gone_is_a_fault(info):
    write(info, '"It was so, because it was so." = "said twice"')
    with pytest.raises(CourseError, match="says no more 'It was so"):
        reading.places(info)


@pytest.mark.parametrize("text", ['"all of them hold" = ""', '"all of them hold" = 3', '"all of them hold"'])
def test_a_line_without_a_reason_is_refused(info, text):
    write(info, text)
    with pytest.raises(CourseError, match=r"looked_at\.toml"):
        reading.places(info)


def test_the_command_lists_them():
    done = CliRunner().invoke(main, ["lint", "--look", "08"])
    assert done.exit_code == 0 and "places to look at." in done.output


@pytest.mark.parametrize("slug", [info.slug for info in course.ready_lessons()])
def test_in_the_lessons_nothing_is_left_to_look_at(slug):
    assert not [str(place) for place in reading.places(course.find(slug))]
