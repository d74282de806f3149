"""The notebook's quiz: the record behind it, its way in a browser, and what a notebook run by machine stores."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest
import test_browser
from jupyter_client.session import json_packer
from nbclient import NotebookClient
from playwright.sync_api import expect
from test_quiz_web_browser import NAMED

from courseware import explorables
from courseware import notebook as notebooks
from courseware.course import ROOT, find
from courseware.lesson import Lesson
from courseware.progress import Progress
from courseware.quiz.faces import notebook
from courseware.quiz.load import MISCONCEPTIONS, load_misconceptions, load_quiz, load_student_copy
from courseware.quiz.student_copy import as_yaml

QUIZ = load_quiz(find("01").quiz)
QUIZ_IDEAS = load_misconceptions(find("01").quiz.with_name(MISCONCEPTIONS))
EXAMPLE = ROOT / "tests" / "quiz" / "all_kinds" / "01_linear_regression.yaml"
IDEAS = load_misconceptions(EXAMPLE.with_name(MISCONCEPTIONS))
CELL = "from courseware import open_lesson\nopen_lesson('01_linear_regression').quiz()"
needs_browser = pytest.mark.skipif(test_browser.CHROMIUM is None, reason="no Chromium is installed")


@pytest.fixture
def progress(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(notebook, "_shown", {})  # as in a new kernel
    return Progress()


@pytest.fixture
def copy(tmp_path):
    (tmp_path / "exam").mkdir()
    file = tmp_path / "exam" / EXAMPLE.name
    file.write_text(as_yaml(load_quiz(EXAMPLE).without_keys()), encoding="utf-8")
    return load_student_copy(file)


class Kernel:
    """The Python side of one quiz; `sent` holds what it answered."""

    def __init__(self, quiz, progress, ideas=None):
        self.widget = notebook.quiz_widget(quiz, progress, IDEAS if ideas is None else ideas)
        self.sent = []
        self.widget.send = self.sent.append

    def gets(self, **message):
        """Receive a message of the browser and return what is answered, if anything."""
        before = len(self.sent)
        self.widget._handle_custom_msg(message, [])
        return self.sent[before] if len(self.sent) > before else None

    def answer(self, question, response):
        return self.gets(number="7", question=question, response=response)["said"]


# The record


def test_python_grades_again_what_it_is_sent(progress):
    kernel = Kernel(QUIZ, progress, QUIZ_IDEAS)
    assert kernel.answer("predict-a-price", "240") == ""
    assert progress.answers(QUIZ.lesson)["predict-a-price"].points == 0
    kernel.gets(number="8", question="predict-a-price", response="290", points=0)
    kept = progress.answers(QUIZ.lesson)["predict-a-price"]
    assert (kept.points, kept.response) == (1, 290.0)
    assert kernel.widget.answers == {"predict-a-price": 290.0}
    assert [answer.response for answer in progress.all_answers()] == [240.0, 290.0]


def test_what_cannot_be_read_is_not_kept(progress):
    kernel = Kernel(QUIZ, progress, QUIZ_IDEAS)
    assert "nothing is written" in kernel.answer("predict-a-price", "")
    assert "no such option" in kernel.answer("meaning-of-w", "gone")
    assert not progress.answers(QUIZ.lesson) and kernel.widget.answers == {}


def test_earlier_answers_are_there_and_the_last_place_for_as_long_as_the_kernel(progress, monkeypatch):
    kernel = Kernel(QUIZ, progress, QUIZ_IDEAS)
    assert kernel.widget.at == ""
    kernel.answer("predict-a-price", "290")
    assert kernel.gets(at="meaning-of-w") is None
    again = Kernel(QUIZ, progress, QUIZ_IDEAS).widget
    assert (again.answers, again.at) == ({"predict-a-price": 290.0}, "meaning-of-w")
    monkeypatch.setattr(notebook, "_shown", {})
    assert notebook.quiz_widget(QUIZ, progress, QUIZ_IDEAS).at == ""


def test_answers_to_an_earlier_version_are_counted(progress, copy):
    progress.record_answer(copy.record, copy.questions[0].id, copy.questions[0].options[0].id, 0, 0)
    assert notebook.quiz_widget(copy, progress, {}).data["earlier"] == 0
    progress.record_answer(copy.record, copy.questions[1].id, ["taken-out"], 0, 0)
    progress.record_answer(f"{copy.lesson} in /elsewhere", copy.questions[0].id, "taken-out", 0, 0)
    assert notebook.quiz_widget(copy, progress, {}).data["earlier"] == 2


def test_a_record_that_cannot_be_used_does_not_stop_the_quiz(tmp_path):
    file = tmp_path / "progress.sqlite"
    file.write_text("this is no database, and long enough to be looked at" * 20)
    kernel = Kernel(QUIZ, Progress(file), QUIZ_IDEAS)
    assert "could not be read" in kernel.widget.trouble
    assert "could not be kept" in kernel.answer("predict-a-price", "290")
    assert kernel.widget.answers == {"predict-a-price": 290.0} and "could not be kept" in kernel.widget.trouble
    file.unlink()
    assert kernel.answer("predict-a-price", "240") == "" == kernel.widget.trouble


def test_half_a_sign_in_an_answer_does_not_stop_the_quiz_for_good(progress):
    quiz = load_quiz(EXAMPLE)
    kernel = Kernel(quiz, progress)
    assert kernel.answer("name-of-the-loss", "a\ud800b") == ""
    assert progress.answers(quiz.record)["name-of-the-loss"].response == "a\ud800b"
    for widget in (kernel.widget, notebook.quiz_widget(quiz, progress, IDEAS)):
        assert json.loads(json_packer({"state": widget.answers})) == {"state": {"name-of-the-loss": "a?b"}}


def test_the_learners_own_numbers_are_filled_in(progress):
    quiz = load_quiz(EXAMPLE)
    widget = notebook.quiz_widget(quiz, progress, IDEAS)
    drawn = {each.id: each for each in quiz.drawn(progress.seed()).questions}
    shown = {each["id"]: each for each in widget.data["quiz"]["questions"]}
    assert shown["predicted-price"]["answer"] == drawn["predicted-price"].answer
    assert shown["printed-shape"]["code"] == drawn["printed-shape"].code


def test_a_student_copy_is_kept_and_handed_in(copy, progress, tmp_path):
    kernel = Kernel(copy, progress, {})
    assert "answer" not in json.dumps(kernel.widget.data["quiz"]["questions"][2])
    option = copy.questions[0].options[0].id
    assert "Nothing is answered yet" in kernel.gets(number="1", learner="Bo")["said"]
    assert kernel.answer(copy.questions[0].id, option) == ""
    assert "No name" in kernel.gets(number="2", learner=" ")["said"]
    said = kernel.gets(number="3", learner="Bo")
    assert said == {"number": "3", "said": "Written to 01_linear_regression_Bo.json. Give that file to your teacher."}
    handed_in = json.loads((tmp_path / "01_linear_regression_Bo.json").read_text())
    assert handed_in["answers"] == {copy.questions[0].id: option} and handed_in["seed"] == progress.seed()


# In a browser, with this process as the kernel

HOST = """<!doctype html><html lang="en"><body data-jp-theme-light="THEME"><h2>Quiz</h2><p id="beside">Beside</p>
<div id="cell" class="lm-Widget"></div></body></html>"""
SHOW = """async (state) => {
  const url = URL.createObjectURL(new Blob([state._esm], { type: "text/javascript" }));
  const style = document.createElement("style");
  style.textContent = state._css;
  document.head.append(style);
  const listeners = {};
  window.model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; },
    on: (event, react) => (listeners[event] ??= []).push(react),
    send: (message) => {
      if (window.restarted) throw new Error("Cannot send");
      if (!window.busy) window.kernel(message).then(hear);
    },
  };
  function hear({ answer, trouble }) {
    if (trouble !== state.trouble) {
      state.trouble = trouble;
      listeners["change:trouble"].forEach((react) => react());
    }
    if (answer) listeners["msg:custom"].forEach((react) => react(answer));
  }
  const { default: host } = await import(url);
  await host.render({ model, el: document.getElementById("cell") });
}"""


@pytest.fixture
def show(browser, progress):
    """Show a quiz in a browser: `show(quiz, ...)` gives the page and the kernel; errors in the page fail the test."""
    contexts, problems = [], []

    def show(quiz, ideas=IDEAS, record=progress, theme="true", scrolled_to=None, **options):
        kernel = Kernel(quiz, record, ideas)
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.expose_function(
            "kernel", lambda message: {"answer": kernel.gets(**message), "trouble": kernel.widget.trouble}
        )
        page.set_content(HOST.replace("THEME", theme))
        if scrolled_to is not None:
            page.evaluate("document.body.style.padding = '600px 0 2000px'")
            page.evaluate("y => window.scrollTo(0, y)", scrolled_to)
        names = ("_esm", "_css", "data", "answers", "at", "trouble", "hand_in")
        page.evaluate(SHOW, {name: str(value) if name[0] == "_" else value
                             for name in names for value in [getattr(kernel.widget, name)]})  # fmt: skip
        return page, kernel

    yield show
    for context in contexts:
        context.close()
    assert problems == []


def settled(page):
    """Wait until the kernel has answered what it was sent."""
    page.evaluate("kernel({ at: 'results' })")


@needs_browser
def test_an_answer_by_keyboard_is_graded_at_once_kept_and_there_again(show, progress):
    page, _ = show(load_quiz(EXAMPLE))
    expect(page.get_by_role("heading", level=3)).to_have_text("Question 1 of 8")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    while page.locator("input:checked").get_attribute("value") != "step":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=4)).to_contain_text("Right")
    page.get_by_role("button", name="Next question").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".here")).to_have_text("Question 2 of 8")
    assert page.locator(".here").evaluate("element => element === document.activeElement")
    settled(page)
    kept = progress.answers(load_quiz(EXAMPLE).record)["meaning-of-rate"]
    assert (kept.response, kept.points) == ("step", 1)

    page, _ = show(load_quiz(EXAMPLE))
    page.get_by_role("button", name="Question 1: right").click()
    assert page.locator("input:checked").get_attribute("value") == "step"
    expect(page.locator(".feedback")).to_contain_text("Right")
    page.get_by_role("button", name="Results").click()
    expect(page.locator(".score")).to_have_text("Score: 1 of 8 points, 1 of 8 answered")
    assert page.get_by_role("button", name="Start again").count() == page.get_by_role("textbox").count() == 0


@needs_browser
def test_what_takes_the_focus_has_a_name_and_its_own_keys_and_no_address_changes(show):
    page, kernel = show(load_quiz(EXAMPLE))
    before = page.url
    tree = page.context.new_cdp_session(page)
    for number in range(1, 9):
        page.get_by_role("button", name=f"Question {number}:").click()
        page.get_by_role("button", name="Check").click()
        free = page.evaluate("""() => [...document.querySelectorAll("#cell *")].filter((element) =>
          (element.tabIndex >= 0 || element.hasAttribute("tabindex")) && !element.dataset.lmSuppressShortcuts)""")
        assert free == []
        nodes = tree.send("Accessibility.getFullAXTree")["nodes"]
        named = [node for node in nodes if not node["ignored"] and node["role"]["value"] in NAMED]
        assert len(named) > 10 and all(node["name"]["value"].strip() for node in named)
    assert page.url == before
    settled(page)
    assert list(kernel.widget.answers) == ["order-of-training"], "what is empty is no answer"


@needs_browser
def test_two_outputs_of_a_quiz_have_no_name_in_common_and_touch_nothing_else(show):
    page, _ = show(load_quiz(EXAMPLE))
    names = set(page.evaluate("Object.keys(window)"))
    before = page.locator("#beside").evaluate("element => JSON.stringify({...getComputedStyle(element)})")
    page.evaluate("""async () => {
      document.getElementById("cell").insertAdjacentHTML("afterend", '<div id="second"></div>');
      const url = URL.createObjectURL(new Blob([model.get("_esm")], { type: "text/javascript" }));
      const { default: host } = await import(url);
      await host.render({ model, el: document.getElementById("second") });
    }""")
    first, second = page.locator(".course-quiz").all()
    first.get_by_role("radio").nth(0).check()
    second.get_by_role("radio").nth(1).check()
    assert first.get_by_role("radio").nth(0).is_checked() and page.locator("input:checked").count() == 2
    ids = page.locator(".course-quiz [id]").evaluate_all("all => all.map((element) => element.id)")
    assert len(ids) == len(set(ids)) and set(page.evaluate("Object.keys(window)")) == names
    page.evaluate("document.querySelectorAll('style').forEach((style) => style.remove())")
    assert page.locator("#beside").evaluate("element => JSON.stringify({...getComputedStyle(element)})") == before


@needs_browser
def test_what_cannot_be_kept_is_said_and_the_quiz_goes_on(show, tmp_path):
    (tmp_path / "no").write_text("no record" * 200)
    page, _ = show(load_quiz(EXAMPLE), record=Progress(tmp_path / "no"))
    expect(page.locator(".note")).to_contain_text("could not be read")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".note")).to_contain_text("Progress could not be kept")
    expect(page.locator(".feedback")).not_to_be_empty()
    assert page.get_by_role("status").filter(has_text="could not be kept").count() == 1


@needs_browser
def test_a_kernel_that_is_busy_or_restarted_is_said(show):
    page, _ = show(load_quiz(EXAMPLE))
    note = page.locator(".note")
    page.clock.install()
    page.evaluate("busy = true")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".feedback")).not_to_be_empty()
    expect(note).to_be_hidden()
    page.clock.run_for(6000)
    expect(note).to_contain_text("not kept yet, for the kernel is busy")
    page.evaluate("busy = false; restarted = true")
    page.get_by_role("button", name="Next question").click()
    expect(note).to_contain_text("The kernel was restarted")
    expect(page.locator(".here")).to_have_text("Question 2 of 8")


@needs_browser
def test_a_student_copy_is_handed_in_where_the_results_are(show, copy, tmp_path):
    page, _ = show(copy, {})
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Keep this answer").click()
    expect(page.locator(".feedback")).to_contain_text("Kept. You may change it.")
    page.get_by_role("button", name="Results").click()
    expect(page.locator(".score")).to_have_text("1 of 8 answered.")
    page.get_by_label("Your name").fill("Bo <b>")
    page.get_by_role("button", name="Write my answers to a file").click()
    expect(page.get_by_role("status").filter(has_text="Written to")).to_have_text(
        "Written to 01_linear_regression_Bo_b.json. Give that file to your teacher."
    )
    assert (tmp_path / "01_linear_regression_Bo_b.json").exists()


@needs_browser
@pytest.mark.parametrize("theme", ["true", "false"], ids=["light", "dark"])
def test_it_follows_the_notebooks_theme_and_fits_a_narrow_one(show, theme):
    """The theme is the notebook's, not the browser's; every question is as narrow as its cell."""
    other = "dark" if theme == "true" else "light"
    page, _ = show(load_quiz(EXAMPLE), theme=theme, color_scheme=other, viewport={"width": 300, "height": 700})
    ink = page.locator(".prompt").evaluate("element => getComputedStyle(element).color")
    assert (max(map(int, ink[4:-1].split(","))) < 100) == (theme == "true")
    for number in range(1, 9):
        page.get_by_role("button", name=f"Question {number}:").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 300, number


@needs_browser
@pytest.mark.parametrize(
    ("scrolled_to", "brought_back"), [(800, True), (1800, False)], ids=["half hidden", "out of sight"]
)
def test_a_learner_is_left_at_the_beginning_and_nobody_is_torn_away(show, scrolled_to, brought_back):
    page, _ = show(load_quiz(EXAMPLE), scrolled_to=scrolled_to)
    page.wait_for_timeout(300)
    top = page.locator("#cell").evaluate("element => element.getBoundingClientRect().top")
    assert (top > -1) == brought_back
    assert (abs(page.evaluate("scrollY") - scrolled_to) < 2) != brought_back


@needs_browser
def test_ctrl_s_reaches_the_notebook(show):
    page, _ = show(load_quiz(EXAMPLE))
    page.evaluate("""() => {
      window.saved = [];
      document.addEventListener("keydown", (event) => {
        if (event.key === "s" && !event.target.dataset.lmSuppressShortcuts) saved.push(event.ctrlKey);
      }, true);
    }""")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Control+s")
    page.keyboard.press("s")
    assert page.evaluate("saved") == [True]


@needs_browser
def test_shift_enter_runs_the_cell_and_escape_gives_it_the_keyboard(show):
    page, _ = show(load_quiz(EXAMPLE))
    page.evaluate("""() => {
      window.pressed = [];
      const cell = document.querySelector("#cell");
      cell.classList.add("jp-Cell");
      cell.tabIndex = -1;
      cell.addEventListener("keydown", (event) => {
        if (event.target === cell) pressed.push(event.key + (event.shiftKey ? "+shift" : ""));
      });
    }""")
    at_the_cell = "document.activeElement.id === 'cell'"
    for key, arrives in (("Shift+Enter", ["Enter+shift"]), ("Escape", [])):
        page.get_by_role("radio").first.focus()
        page.keyboard.press("b")
        page.keyboard.press("ArrowDown")
        assert not page.evaluate(at_the_cell) and page.evaluate("pressed") == []
        page.keyboard.press(key)
        assert page.evaluate(at_the_cell) and page.evaluate("pressed.splice(0)") == arrives


# What is stored


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


def test_a_person_gets_the_widget(progress):
    book = run_cell(someone_is_there=True)
    [output] = book.cells[0].outputs
    assert output.data["text/plain"] == QUIZ.stored_line
    state = book.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    assert output.data[notebooks.WIDGET]["model_id"] in state


@pytest.mark.parametrize(
    ("name", "found"),
    [("ipywidgets", "ipywidgets 8, and here ipywidgets is 7.7.1."), ("anywidget", "here anywidget is missing.")],
)
@pytest.mark.parametrize("what", ["quiz", "guess", "explore"])
def test_where_widgets_are_missing_or_old_a_sentence_says_what_to_do(what, name, found, capsys, monkeypatch, progress):
    for module in (notebooks, explorables):
        monkeypatch.setattr(module, "someone_is_there", lambda: True)
    missing = {"anywidget": None, "ipywidgets": SimpleNamespace(__version__="7.7.1")}
    monkeypatch.setitem(sys.modules, name, missing[name])
    lesson = Lesson(find("01"), progress)
    {"quiz": lesson.quiz, "guess": lambda: lesson.guess("a", "b"), "explore": lambda: lesson.explore("line")}[what]()
    said = capsys.readouterr().out
    assert found in said and '%pip install "ipywidgets>=8.1,<9" anywidget' in said


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
