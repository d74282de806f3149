"""Moodle XML: what is read back by Moodle's own rules says the same, and grades the same."""

import re
import unicodedata
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from export_samples import BANK, drawn, graded, name, nasty_quizzes, one_line_hint, prompt, seen, told, typed
from export_samples import written as text_of
from hypothesis import HealthCheck, given, settings

from courseware.quiz.export import export
from courseware.quiz.questions import KINDS

TYPES = {
    "single": "multichoice", "multiple": "multichoice", "number": "numerical", "text": "shortanswer",
    "output": "shortanswer", "ordering": "ordering", "matching": "match",
}  # fmt: skip
# Moodle's question/engine/bank.php, fraction_options_full, in per cent; negative ones count as well.
FRACTIONS = {100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5,
             11.11111, 10, 5, 0}  # fmt: skip


def read(xml):
    """The questions by name, after the category that Moodle puts them into."""
    root = ElementTree.fromstring(xml.encode())
    first, *rest = root
    assert (root.tag, first.get("type")) == ("quiz", "category")
    return {element.findtext("name/text"): element for element in rest}


def answer(element, question, response):
    """What Moodle gives for a response, and the feedback that it shows."""
    answers = element.findall("answer")
    if element.get("type") == "multichoice":
        ids = [option.id for option in question.options]
        ticked = [answers[ids.index(one)] for one in ([response] if isinstance(response, str) else response)]
        assert element.findtext("single") == ("true" if question.kind == "single" else "false")
        points = sum(float(one.get("fraction")) for one in ticked) / 100
        return min(max(points, 0), 1), [one.findtext("feedback/text") for one in ticked]
    if element.get("type") == "ordering":
        assert (element.findtext("gradingtype"), element.findtext("selecttype")) == (
            "RELATIVE_NEXT_EXCLUDE_LAST",
            "ALL",
        )
        ids = [item.id for item in question.items]
        places = [ids.index(one) for one in response]
        points = sum(b == a + 1 for a, b in pairwise(places)) / (len(ids) - 1)
        kind = "correct" if points == 1 else "partiallycorrect" if points else "incorrect"
        return points, [element.findtext(f"{kind}feedback/text")]
    if element.get("type") == "match":
        subs = element.findall("subquestion")
        rights = {sub.findtext("text"): sub.findtext("answer/text") for sub in subs if sub.findtext("text")}
        by_id = {
            choice.id: next(s.findtext("answer/text") for s in subs if same(s, choice)) for choice in question.choices
        }
        chosen = [by_id[response[pair.id]] for pair in question.pairs]
        return sum(a == b for a, b in zip(rights.values(), chosen, strict=True)) / len(chosen), []
    fits = within if element.get("type") == "numerical" else matches
    found = next(one for one in answers if fits(element, one, response))
    return float(found.get("fraction")) / 100, [found.findtext("feedback/text")]


def same(sub, choice):
    """Whether a choice of Moodle, plain text with entities, is one of ours."""
    return shown(sub.findtext("answer/text")) == shown(plain_html(choice.text))


def shown(html):
    return re.sub(r"\\[()]", "", seen(html))


def plain_html(markdown):
    from courseware.quiz.maths import plain

    return " ".join(plain(markdown).split()).replace("&", "&amp;").replace("<", "&lt;")


def within(element, one, value):
    """question/type/numerical/question.php: a tiny part of the number is added to the tolerance."""
    target = one.findtext("text")
    if target == "*":
        return True
    reach = abs(float(one.findtext("tolerance"))) + 1e-14 * max(1, abs(float(target)))
    return float(target) - reach <= value <= float(target) + reach


def matches(element, one, text):
    """question/type/shortanswer/question.php: stars stand for anything, unless a backslash is before them."""
    pattern, text = (unicodedata.normalize("NFC", t) for t in (one.findtext("text"), text.strip()))
    parts = [re.escape(part.replace(r"\*", "*")) for part in re.split(r"(?<!\\)\*+", pattern)]
    flags = 0 if element.findtext("usecase") == "1" else re.IGNORECASE
    return re.search(f"^{'.*'.join(parts)}$", text, flags)


def agrees(quiz, xml, notes):
    """Assert that the export says and grades what the quiz does; return how many responses were tried."""
    found, tried = read(xml), 0
    out = {question.id for question in quiz.questions} - set(found)
    assert all(any(f"`{one}`" in line and "left out, " in line for line in notes) for one in out)
    for question in (question for question in quiz.questions if question.id in found):
        element = found[question.id]
        assert element.get("type") == TYPES[question.kind]
        said = seen(element.findtext("questiontext/text"))
        assert said == prompt(question, *one_line_hint(question, said))
        general = seen(element.findtext("generalfeedback/text"))
        explained = text_of(question.explanation) if question.explanation else ""
        if question.kind == "matching":
            explained += "".join(f"{text_of(pair.text)}:{text_of(pair.feedback)}" for pair in question.pairs)
        assert "".join(general.split()) == "".join(explained.split())
        if question.kind in ("single", "multiple", "ordering"):
            entries = question.items if question.kind == "ordering" else question.options
            texts = [seen(one.findtext("text")) for one in element.findall("answer")]
            assert texts == [text_of(entry.text) for entry in entries]
        if question.kind == "number":
            assert element.findtext("units/unit/unit_name") == question.unit
        for response, result in graded(question):
            given = typed(question, response, said) if question.kind in ("text", "output") else response
            points, feedback = answer(element, question, given)
            assert points == pytest.approx(result.points, abs=2e-6), (question.id, response)
            assert [seen(one) for one in feedback] == [text_of(one) for one in told(question, result)], response
            tried += 1
    return tried


@pytest.mark.parametrize("path", BANK, ids=name)
def test_what_moodle_reads_grades_like_the_quiz(path):
    quiz = drawn(path)
    xml, notes = export(quiz, "moodle")
    assert agrees(quiz, xml, notes) > 50
    assert len(read(xml)) == len(quiz.questions)


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(nasty_quizzes(*KINDS))
def test_nasty_texts_come_through(quiz):
    try:
        xml, notes = export(quiz, "moodle")
    except ValueError as error:
        assert "look alike as plain text" in str(error)
        return
    agrees(quiz, xml, notes)
