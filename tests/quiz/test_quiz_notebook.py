"""The notebook face: the widgets without a browser, and what a notebook run by machine stores."""

import os
import subprocess
import sys

import ipywidgets as widgets
import nbformat
import pytest
from nbclient import NotebookClient

from courseware import notebook as notebooks
from courseware.course import ROOT, find
from courseware.progress import Progress
from courseware.quiz.faces import notebook
from courseware.quiz.load import MISCONCEPTIONS, load_misconceptions, load_quiz

QUIZ = load_quiz(find("01").quiz)
POINTS = len(QUIZ.questions)
CELL = (
    "from courseware.course import find\nfrom courseware.progress import Progress\n"
    "from courseware.quiz import load\nfrom courseware.quiz.faces import notebook\nnotebook.show(load.load_quiz(find('01').quiz), Progress())"
)


@pytest.fixture
def progress(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return Progress()


class Face:
    """The widgets of one quiz, found as a learner finds them."""

    def __init__(self, progress):
        self.box = notebook.quiz_box(QUIZ, progress, {})
        self.questions = self.box.children[1:-1]

    @property
    def score(self):
        return self.box.children[-1].value

    def parts(self, name):
        number = [question.id for question in QUIZ.questions].index(name)
        _, entry, buttons, feedback = self.questions[number].children
        return entry, buttons.children[0], feedback

    def answer(self, name, response):
        entry, button, feedback = self.parts(name)
        if isinstance(entry, widgets.Text):
            entry.value = response
        elif isinstance(entry, widgets.RadioButtons):
            entry.index = response
        else:
            for number, box in enumerate(entry.children[1:]):
                box.value = number in response
        button.click()
        return feedback.value


def test_a_wrong_then_a_right_answer(progress):
    face = Face(progress)
    assert len(face.questions) == len(QUIZ.questions)
    shown = face.answer("predict-a-price", "240")
    assert "Not so" in shown and "alone" in shown and "Reread: A line has two numbers" in shown
    assert f"0 of {POINTS} points" in face.score and "A line has two numbers" in face.score
    shown = face.answer("predict-a-price", "290")
    assert "✓ Right" in shown and 'role="alert"' in shown
    assert f"1 of {POINTS} points" in face.score
    assert progress.answers(QUIZ.lesson)["predict-a-price"].points == 1


def test_choices_by_radio_button_and_checkbox(progress):
    face = Face(progress)
    assert "✓ Right" in face.answer("meaning-of-w", 2)
    shown = face.answer("what-the-rate-does", {1, 2})
    assert "✓ Right" in shown and "✗ Not so" in shown and "! Missed" in shown and "Part of it" in shown
    assert progress.answers(QUIZ.lesson)["what-the-rate-does"].response == ["doubles-next-step", "smaller-wins"]


@pytest.mark.parametrize(
    ("name", "response", "words"),
    [("predict-a-price", "", "nothing is written; type a number"), ("predict-a-price", "<b>x</b>", "&lt;b&gt;"),
     ("meaning-of-w", None, "choose one option"), ("what-the-rate-does", set(), "nothing is ticked")],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_not_kept(progress, name, response, words):
    shown = Face(progress).answer(name, response)
    assert words in shown and "<b>x" not in shown
    assert not progress.answers(QUIZ.lesson)


def test_earlier_answers_are_filled_in(progress):
    first = Face(progress)
    first.answer("meaning-of-w", 0)
    first.answer("what-the-rate-does", {1, 3})
    first.answer("predict-a-price", "290")
    again = Face(progress)
    assert again.parts("meaning-of-w")[0].index == 0
    assert [box.value for box in again.parts("what-the-rate-does")[0].children[1:]] == [False, True, False, True, False]
    assert again.parts("predict-a-price")[0].value == "290"
    assert "Not so" in again.parts("meaning-of-w")[2].value
    assert "alert" not in again.parts("meaning-of-w")[2].value, "what was there before is not read out"
    assert f"2 of {POINTS} points, 3 of {POINTS} answered" in again.score


def test_a_progress_file_that_cannot_be_used_does_not_stop_the_quiz(tmp_path):
    (tmp_path / "progress.sqlite").write_text("this is no database, and long enough to be looked at" * 20)
    face = Face(Progress(tmp_path / "progress.sqlite"))
    assert "✓ Right" in face.answer("predict-a-price", "290")
    assert "Progress could not be kept" in face.score and f"1 of {POINTS} points" in face.score


def test_every_button_and_entry_has_words_of_its_own(progress):
    face = Face(progress)
    buttons = [face.parts(question.id)[1].description for question in QUIZ.questions]
    assert len(set(buttons)) == len(QUIZ.questions)
    assert face.parts("predict-a-price")[0].description == "Your number in thousand euros:"


@pytest.mark.parametrize(
    ("markdown", "wanted"),
    [("a $w_1 * x_1 * b$ b", "a $w_1 * x_1 * b$ b"), ("`$w$` *so*", "<code><span>$</span>w<span>$</span></code> <em>so</em>"),
     ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"), ("$a < b$", "$a &lt; b$"),
     ("[x](javascript:alert)", "[x](javascript:alert)"), ("\ue0000\ue000", "0"), (r"\$5 and \$6", "<span>$</span>5 and <span>$</span>6")],
)  # fmt: skip
def test_markdown_becomes_safe_html(progress, markdown, wanted):
    question = QUIZ.questions[0].model_copy(update={"prompt": markdown})
    box = notebook.quiz_box(QUIZ.model_copy(update={"questions": (question,)}), progress, {})
    assert f'<div class="said">{wanted}</div>' in box.children[1].children[0].value


def press(box, number, response):
    """Answer the question at this place of the quiz's widget, and return the feedback shown."""
    _, entry, buttons, feedback = box.children[1 + number].children
    if isinstance(entry, (widgets.Text, widgets.Textarea)):
        entry.value = response
    else:
        for select, name in zip(entry.children[1:], response, strict=True):
            select.value = name
    buttons.children[0].click()
    return feedback.value


def test_the_other_kinds_are_answered_and_filled_in_again(progress):
    quiz = load_quiz(ROOT / "tests" / "quiz" / "all_kinds" / "01_linear_regression.yaml")
    ideas = load_misconceptions(ROOT / "tests" / "quiz" / "all_kinds" / MISCONCEPTIONS)
    drawn = quiz.drawn(progress.seed())
    place = {question.kind: number for number, question in enumerate(drawn.questions)}
    by_kind = {question.kind: question for question in drawn.questions}
    box = notebook.quiz_box(quiz, progress, ideas)
    assert "{" not in box.children[1 + place["output"]].children[0].value, "the learner's own numbers are filled in"
    assert "nothing is chosen" in press(box, place["ordering"], [None] * 4)
    for kind, response in {
        "text": by_kind["text"].answers[0],
        "output": by_kind["output"].answer,
        "ordering": [item.id for item in by_kind["ordering"].items],
        "matching": list(by_kind["matching"].key.values()),
    }.items():
        assert "✓ Right" in press(box, place[kind], response), kind
    assert "Not so" in press(box, place["text"], "RSS")
    again = notebook.quiz_box(quiz, progress, ideas)
    assert "You may think" in again.children[-1].value
    for kind in ("ordering", "matching"):
        old, new = (each.children[1 + place[kind]].children[1].children[1:] for each in (box, again))
        assert [select.value for select in old] == [select.value for select in new]
    assert again.children[1 + place["text"]].children[1].value == "RSS"


def run_cell(*, someone_is_there):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    client = NotebookClient(book, kernel_name="python3", store_widget_state=True)
    with client.setup_kernel():
        client.kc.allow_stdin = someone_is_there
        client.execute_cell(book.cells[0], 0)
        client.set_widgets_metadata()
    return book


def test_a_machine_stores_one_line_whatever_was_answered_before(progress):
    first = run_cell(someone_is_there=False)
    progress.record_answer(QUIZ.lesson, "predict-a-price", 290.0, 1, 1)
    second = run_cell(someone_is_there=False)
    assert first.cells[0].outputs == second.cells[0].outputs
    [output] = first.cells[0].outputs
    assert output.data == {"text/plain": QUIZ.stored_line}
    assert "widgets" not in first.metadata


def test_a_person_gets_the_widgets(progress):
    book = run_cell(someone_is_there=True)
    [output] = book.cells[0].outputs
    assert output.data["text/plain"] == QUIZ.stored_line
    state = book.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    assert output.data[notebooks.WIDGET]["model_id"] in state


def test_nbval_compares_it_to_the_letter(progress, tmp_path):
    def nbval(*books):
        for number, book in enumerate(books):
            book.metadata.pop("widgets", None)
            book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
            nbformat.write(book, tmp_path / f"quiz{number}.ipynb")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "nbval.plugin",
            "--nbval",
            "-q",
            "-p",
            "no:cacheprovider",
            "-c",
            os.devnull,
        ]
        command += [f"quiz{number}.ipynb" for number in range(len(books))]
        light = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        return subprocess.run(
            command, env=light, capture_output=True, text=True, cwd=tmp_path, check=False, timeout=120
        )

    machine, person = run_cell(someone_is_there=False), run_cell(someone_is_there=True)
    progress.record_answer(QUIZ.lesson, "predict-a-price", 290.0, 1, 1)
    done = nbval(machine, person)
    assert done.returncode == 0, done.stdout
    machine.cells[0].outputs[0].data["text/plain"] = "Quiz: another one"
    assert nbval(machine).returncode == 1, "a changed line must be noticed"
