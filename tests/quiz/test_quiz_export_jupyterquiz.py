"""jupyterquiz: its own JavaScript, in a browser, shows what the quiz says and takes for right what the quiz does."""

import json
import os
import re
import shutil

import jsonschema
import pytest
from export_samples import BANK, drawn, graded, name, nasty_quizzes, one_line_hint, prompt, seen, told, typed
from export_samples import written as text_of
from hypothesis import HealthCheck, given, settings
from jupyterquiz.dynamic import display as jupyterquiz_display

from courseware.quiz.export import export

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
TYPES = {"single": "multiple_choice", "multiple": "many_choice", "number": "numeric", "text": "string",
         "output": "string"}  # fmt: skip
# What the schemas in the project's repository ask for (schema/*.json), in brief.
TEXT, RIGHT = {"type": "string"}, {"type": "boolean"}
ANSWERS = {
    "multiple_choice": [{"answer": TEXT, "correct": RIGHT, "feedback": TEXT}],
    "numeric": [
        {"value": {"type": "number"}, "correct": RIGHT, "feedback": TEXT},
        {"range": {"type": "array", "minItems": 2, "maxItems": 2}, "correct": RIGHT, "feedback": TEXT},
        {"type": {"const": "default"}, "feedback": TEXT},
    ],
    "string": [
        {"answer": TEXT, "match_case": RIGHT, "correct": RIGHT, "feedback": TEXT},
        {"type": {"const": "default"}, "feedback": TEXT},
    ],
}
ANSWERS["many_choice"] = ANSWERS["multiple_choice"]

# Answers every question with each of its responses, and returns what the page says, right or wrong, each time.
ANSWER_ALL = """(responses) => [...document.querySelectorAll('.Quiz')].map((quiz, number) => {
  const says = () => {
    const box = quiz.querySelector('.Feedback');
    return {html: box.innerHTML, right: box.classList.contains('correct')};
  };
  const prompt = quiz.querySelector('[id^=quizQn]').innerHTML;
  const options = [...quiz.querySelectorAll('label.MCButton')];
  if (options.length) return {prompt, options: options.map((o) => o.querySelector('span').innerHTML),
    said: options.map((option) => { option.click(); return says(); })};
  const input = quiz.querySelector('input');
  return {prompt, said: responses[number].map((response) => {
    input.value = response;
    input.onkeypress({which: 13, keyCode: 13});
    return says();
  })};
})"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    from playwright.sync_api import sync_playwright

    home = str(tmp_path_factory.mktemp("home"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--no-first-run"],
            env={**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home},
        )  # fmt: skip
        page = browser.new_page()
        page.route("**/*", lambda route: route.abort())
        yield page
        browser.close()


def show(page, questions):
    """Show the questions on the page, as display_quiz of the package has a notebook show them."""
    shown = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jupyterquiz_display, "display", shown.append)
        jupyterquiz_display.display_quiz(questions, shuffle_answers=False)
    page.set_content(f"<!DOCTYPE html><body>{shown[0].data}</div></body>")
    page.evaluate("(script) => { eval(script); }", shown[1].data)
    page.wait_for_function(f"document.querySelectorAll('.Quiz').length == {len(questions)}")


def schema(question):
    variants = [
        {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
        for fields in ANSWERS[question["type"]]
    ]
    return {"properties": {"question": TEXT, "answers": {"type": "array", "minItems": 2, "items": {"oneOf": variants}}}}


def agrees(quiz, text, notes, page):
    """Assert that the page says what the quiz does, and takes the same for right; return how many were tried."""
    entries, tried = json.loads(text), 0
    out = [question for question in quiz.questions if question.kind not in TYPES]
    assert all(any(f"`{question.id}`" in line and "left out, " in line for line in notes) for question in out)
    questions = [question for question in quiz.questions if question.kind in TYPES]
    assert [entry["type"] for entry in entries] == [TYPES[question.kind] for question in questions]
    for entry in entries:
        jsonschema.validate(entry, schema(entry))
    cases, typings = [], []
    for question, entry in zip(questions, entries, strict=True):
        kept = list(graded(question))
        if question.kind == "multiple":  # each click is answered by itself
            kept = [(r, g) for option in question.options for r, g in kept if r == [option.id]]
        cases.append(kept)
        lines = question.kind in ("text", "output")
        prompts = seen(entry["question"])
        typings.append([typed(question, r, prompts) if lines else repr(r) for r, _ in kept])
    show(page, entries)
    for question, kept, shown in zip(questions, cases, page.evaluate(ANSWER_ALL, typings), strict=True):
        said = seen(shown["prompt"])
        if question.kind == "number" and question.unit:
            unit = f"The unit is {' '.join(question.unit.split())}."
            assert said.endswith(unit)
            said = said.removesuffix(unit).strip()
        assert said.strip() == prompt(question, *one_line_hint(question, said)).strip()
        assert [seen(one) for one in shown.get("options", [])] == [
            text_of(o.text) for o in getattr(question, "options", ())
        ]
        for (response, result), says in zip(kept, shown["said"], strict=True):
            right = all(message.verdict != "wrong" for message in result.messages)
            expected = [*told(question, result), *filter(None, [question.explanation])]
            counted = re.sub(r" \[\d+/\d+\]$", "", says["html"])
            assert (right, text_of(*expected)) == (says["right"], seen(counted)), (question.id, response)
            tried += 1
    return tried


@pytest.mark.parametrize("path", BANK, ids=name)
def test_the_page_takes_for_right_what_the_quiz_does(path, page):
    quiz = drawn(path)
    text, notes = export(quiz, "jupyterquiz")
    assert agrees(quiz, text, notes, page) > 50


@settings(max_examples=100, suppress_health_check=list(HealthCheck), deadline=None)
@given(nasty_quizzes(*TYPES))
def test_nasty_texts_come_through(page, quiz):
    agrees(quiz, *export(quiz, "jupyterquiz"), page)


def test_the_file_itself_is_read_by_the_package(page, tmp_path):
    path = tmp_path / "04_cnn.json"
    text, _ = export(drawn(BANK[0]), "jupyterquiz")
    path.write_text(text, encoding="utf-8")
    show(page, json.loads(text))
    with pytest.MonkeyPatch.context() as patch:
        shown = []
        patch.setattr(jupyterquiz_display, "display", shown.append)
        jupyterquiz_display.display_quiz(str(path))
    assert text.strip() in shown[1].data
