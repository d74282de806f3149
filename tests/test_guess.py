"""Guesses: asked for before a cell is run, kept, and shown beside what answers them."""

import sqlite3
from contextlib import closing

import pytest

from courseware import lesson as module
from courseware.course import find
from courseware.guess import guess_widget
from courseware.lesson import Lesson
from courseware.progress import SCHEMA, Progress

SLUG = "08_gan"
OPTIONS = ("never", "half the time")


@pytest.fixture
def progress(tmp_path):
    return Progress(tmp_path / "progress.sqlite")


@pytest.fixture
def lesson(progress):
    return Lesson(find(SLUG), progress)


def test_a_guess_is_kept_and_there_the_next_day(progress):
    widget = guess_widget(SLUG, "judge", OPTIONS, progress)
    assert widget.options == list(OPTIONS) and widget.guess == ""
    assert guess_widget(SLUG, "fading_judge", OPTIONS, progress).about == "fading judge"
    widget.guess = "never"
    widget.guess = "half the time"
    assert widget.kept == "half the time"
    assert Progress(progress.path).guesses(SLUG) == {"judge": "half the time"}
    assert guess_widget(SLUG, "judge", OPTIONS, Progress(progress.path)).guess == "half the time"
    assert guess_widget(SLUG, "other", OPTIONS, progress).guess == ""
    assert guess_widget("07_autoencoder", "judge", OPTIONS, progress).guess == ""


def test_where_a_guess_cannot_be_kept_it_is_said_and_can_be_made(tmp_path):
    (tmp_path / "progress.sqlite").write_text("no record")
    widget = guess_widget(SLUG, "judge", OPTIONS, Progress(tmp_path / "progress.sqlite"))
    assert "could not be read" in widget.trouble
    widget.guess = "never"
    assert (widget.guess, widget.kept) == ("never", "") and "could not be kept" in widget.trouble


def test_a_record_from_before_there_were_guesses_is_read_and_gets_them(progress):
    with closing(sqlite3.connect(progress.path)) as connection, connection:
        connection.executescript(SCHEMA.replace("CREATE TABLE IF NOT EXISTS guess", "CREATE TABLE unused"))
        connection.execute("DROP TABLE unused")
        connection.execute("PRAGMA user_version = 1")
        connection.execute(
            "INSERT INTO exercise (at, lesson, name, outcome) VALUES ('2026-01-01', ?, 'a', 'passed')", [SLUG]
        )
    assert progress.guesses(SLUG) == {}
    progress.record_guess(SLUG, "judge", "never")
    assert progress.guesses(SLUG) == {"judge": "never"} and progress.exercises(SLUG) == {"a": "passed"}


def test_a_stored_notebook_holds_a_line_in_place_of_the_options(lesson, capsys):
    lesson.guess("judge", *OPTIONS)
    lesson.guess("share")
    said = capsys.readouterr().out
    assert "Guess first: never / half the time" in said and "Guess first, in a word or a number." in said


def test_a_claim_says_what_was_guessed_where_someone_is_there(lesson, progress, capsys, monkeypatch):
    progress.record_guess(SLUG, "judge", "never")
    lesson.claim("two is more", 2 > 1, guess="judge")
    assert capsys.readouterr().out == "✓ two is more\n"
    monkeypatch.setattr(module, "someone_is_there", lambda: True)
    lesson.claim("two is more", 2 > 1, guess="judge")
    lesson.claim("three is more", 3 > 1, guess="not guessed")
    lesson.claim("four is more", 4 > 1)
    assert capsys.readouterr().out == "✓ two is more\n  Your guess: never\n✓ three is more\n✓ four is more\n"


def test_a_lessons_claim_that_fails_shows_its_figures(lesson):
    little = 1
    with pytest.raises(AssertionError, match=r"(?s)one is more.*little = 1.*2 \* little = 2"):
        lesson.claim("one is more", little > 2 * little, guess="judge")
