"""GIFT: what the parser gift-pegjs reads says the same as the quiz, and grades the same by Moodle's rules."""

import json
import re
import shutil
import subprocess
from html import unescape

import pytest
from export_samples import BANK, ROOT, drawn, graded, name, nasty_quizzes, one_line_hint, prompt, seen, told, typed
from export_samples import written as text_of
from hypothesis import HealthCheck, given, settings

from courseware.errors import CourseError
from courseware.quiz.export import export
from courseware.quiz.maths import plain

FOLDER = ROOT / "tests" / "quiz" / "gift_reader"
pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and (FOLDER / "node_modules").is_dir()),
    reason="gift-pegjs is not installed: it needs Node, and `npm ci` in tests/quiz/gift_reader",
)
TYPES = {"single": "MC", "multiple": "MC", "number": "Numerical", "text": "Short", "output": "Short",
         "matching": "Matching"}  # fmt: skip


@pytest.fixture(scope="module")
def read():
    """Reads a file of GIFT: its questions by name, after the category that Moodle puts them into."""
    with subprocess.Popen(
        ["node", "read.mjs"], cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as reader:

        def read(text):
            reader.stdin.write(json.dumps(text) + "\n")
            reader.stdin.flush()
            first, *rest = json.loads(reader.stdout.readline())["questions"]
            assert first["type"] == "Category"
            return {entry["title"]: entry for entry in rest}

        yield read
        reader.stdin.close()


def html(rich):
    return rich["text"] if rich else ""


def plain_text(text):
    """The parser leaves its marks for escaped signs in the right texts of a match."""
    return re.sub("&&(0[0-9][0-9]|1[0-9][0-9]);?", lambda found: chr(int(found[1])), text)


def answer(entry, question, response):
    """What Moodle gives for a response, and the feedback that it shows."""
    if question.kind == "matching":
        pairs = [(html(p["subquestion"]), unescape(plain_text(p["subanswer"]))) for p in entry["matchPairs"]]
        rights = [right for left, right in pairs if left]
        texts = {choice.id: " ".join(plain(choice.text).split()) for choice in question.choices}
        assert {*texts.values()} == {right for _, right in pairs}
        chosen = [texts[response[pair.id]] for pair in question.pairs]
        return sum(a == b for a, b in zip(rights, chosen, strict=True)) / len(chosen), []
    choices = entry["choices"]
    if question.kind in ("single", "multiple"):
        several = not any(choice["isCorrect"] for choice in choices)
        assert several == (question.kind == "multiple")
        ids = [option.id for option in question.options]
        ticked = [choices[ids.index(one)] for one in (response if several else [response])]
        points = sum(one["weight"] if several else 100 * one["isCorrect"] for one in ticked) / 100
        return min(max(points, 0), 1), [html(one["feedback"]) for one in ticked]
    fits = within if question.kind == "number" else matches
    found = next(one for one in choices if fits(one["text"], response))
    return (found["weight"] or 0) / 100, [html(found["feedback"])]


def within(number, value):
    if "number" not in number:
        return number["text"] == "*"
    reach = number["range"] + 1e-14 * max(1, abs(number["number"]))
    return number["number"] - reach <= value <= number["number"] + reach


def matches(rich, text):
    """Moodle's short answers: stars stand for anything, unless a backslash is before them; case does not count."""
    parts = [re.escape(part.replace(r"\*", "*")) for part in re.split(r"(?<!\\)\*+", rich["text"])]
    return re.search(f"^{'.*'.join(parts)}$", text.strip(), re.IGNORECASE)


def agrees(quiz, found, notes):
    """Assert that the export says and grades what the quiz does; return how many responses were tried."""
    tried = 0
    out = {question.id for question in quiz.questions} - set(found)
    assert all(any(f"`{one}`" in line and "left out, " in line for line in notes) for one in out)
    for question in (question for question in quiz.questions if question.id in found):
        entry = found[question.id]
        assert entry["type"] == TYPES[question.kind] and not entry["hasEmbeddedAnswers"]
        assert entry["stem"]["format"] == "html"
        said = seen(html(entry["stem"]))
        if question.kind == "number" and question.unit:
            assert said.endswith(f"The unit is {' '.join(question.unit.split())}.")
            said = said.removesuffix(f"The unit is {' '.join(question.unit.split())}.").strip()
        assert said.strip() == prompt(question, *one_line_hint(question, said)).strip()
        general = seen(html(entry["globalFeedback"]))
        explained = text_of(question.explanation) if question.explanation else ""
        if question.kind == "matching":
            explained += "".join(f"{text_of(pair.text)}:{text_of(pair.feedback)}" for pair in question.pairs)
        assert "".join(general.split()) == "".join(explained.split())
        if question.kind in ("single", "multiple"):
            assert [seen(html(one["text"])) for one in entry["choices"]] == [text_of(o.text) for o in question.options]
        for response, result in graded(question, case=False):
            given = typed(question, response, said) if question.kind in ("text", "output") else response
            points, feedback = answer(entry, question, given)
            assert points == pytest.approx(result.points, abs=2e-6), (question.id, response)
            assert [seen(one) for one in feedback] == [text_of(one) for one in told(question, result)], response
            tried += 1
    return tried


@pytest.mark.parametrize("path", BANK, ids=name)
def test_what_the_parser_reads_grades_like_the_quiz(path, read):
    quiz = drawn(path)
    text, notes = export(quiz, "gift")
    found = read(text)
    assert agrees(quiz, found, notes) > 50
    assert len(quiz.questions) - len(found) == sum(question.kind == "ordering" for question in quiz.questions)


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(nasty_quizzes(*TYPES))
def test_nasty_texts_come_through(read, quiz):
    try:
        text, notes = export(quiz, "gift")
    except CourseError as error:
        assert re.search("look alike as plain text|for a match; Moodle|for its own; Moodle", str(error))
        return
    agrees(quiz, read(text), notes)
