"""A lesson's minutes follow from what there is in it, counted here by hand."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from courseware.authoring.lint import _wrong_minutes
from courseware.authoring.minutes import minutes
from courseware.course import find


def lesson(first="A title"):
    folded = new_code_cell("x = 1\n" * 100, metadata={"tags": ["hide-input"]})
    shown = new_code_cell("x = 1\n\n" * 60 + 'lesson.check("one", x)')  # 61 lines: 5.1 minutes
    return new_notebook(cells=[new_markdown_cell(first), new_markdown_cell("a word " * 998), shown, folded])


def test_words_lines_exercises_and_questions_are_added_up():
    found = minutes(lesson(), questions=21)  # 1,998 words: 10 minutes, 15.1 with the code
    assert (found.reading, found.exercises, found.quiz, found.total) == (20, 5, 25, 50)
    assert str(found) == "50 minutes: 20 to read and run, 5 for 1 exercises, 25 for the 21 questions of the quiz."


def test_other_minutes_are_a_fault():
    info, counted = find("01"), minutes(lesson(), questions=21)
    assert len(list(_wrong_minutes(info, lesson(), counted))) == 2
    assert len(list(_wrong_minutes(info, lesson(f"*{counted} Builds on: nothing.*"), counted))) == 1
