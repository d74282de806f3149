"""text2qti: what the program reads, and the QTI file that it makes, say the same as the quiz and grade the same."""

import io
import re
import zipfile
from html import unescape
from xml.etree import ElementTree

import pytest
from export_samples import BANK, drawn, graded, name, nasty_quizzes, one_line_hint, prompt, seen, told, typed
from export_samples import written as text_of
from hypothesis import HealthCheck, example, given, settings
from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz as Text2qtiQuiz

from courseware.errors import CourseError
from courseware.quiz.export import export
from courseware.quiz.model import Quiz

TYPES = {
    "single": "multiple_choice_question", "multiple": "multiple_answers_question", "number": "numerical_question",
    "text": "short_answer_question", "output": "short_answer_question",
}  # fmt: skip
SMART = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\t": " "})
NAMESPACE = {"q": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}


def read(text, folder):
    """The items of the QTI file that text2qti makes of a text, by title; its other files are well-formed as well."""
    quiz = Text2qtiQuiz(text, config=Config())
    file = folder / "quiz.zip"
    QTI(quiz).save(file)
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        trees = {
            name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith("xml")
        }
    [assessment] = [tree for tree in trees.values() if tree.tag.endswith("questestinterop")]
    assert len(trees) == 3
    return {item.get("title"): Item(item) for item in assessment.iterfind(".//q:item", NAMESPACE)}


class Item:
    """One question of a QTI file."""

    def __init__(self, element):
        self.element = element
        fields = element.iterfind(".//q:qtimetadatafield", NAMESPACE)
        values = {field.findtext("q:fieldlabel", None, NAMESPACE): field.findtext("q:fieldentry", None, NAMESPACE)
                  for field in fields}  # fmt: skip
        self.type = values["question_type"]
        self.prompt = element.findtext("q:presentation/q:material/q:mattext", None, NAMESPACE)
        labels = element.iterfind(".//q:response_label", NAMESPACE)
        self.options = {
            one.get("ident"): text for one in labels if (text := one.findtext(".//q:mattext", None, NAMESPACE))
        }
        feedback = element.iterfind("q:itemfeedback", NAMESPACE)
        self.feedback = {one.get("ident"): one.findtext(".//q:mattext", None, NAMESPACE) for one in feedback}

    def answer(self, given):
        """The points for the given values, and the feedback that is linked to them, by the conditions of the file."""
        points, shown = 0.0, []
        for condition in self.element.iterfind(".//q:respcondition", NAMESPACE):
            if not holds(condition.find("q:conditionvar", NAMESPACE), given):
                continue
            for score in condition.iterfind("q:setvar", NAMESPACE):
                points = float(score.text) / 100
            shown += [one.get("linkrefid") for one in condition.iterfind("q:displayfeedback", NAMESPACE)]
            if condition.get("continue") == "No":
                break
        return points, [self.feedback[one] for one in shown if one != "general_fb"]


def holds(element, given):
    kind = element.tag.split("}")[1]
    if kind == "or" or (kind == "conditionvar" and all(one.tag.endswith("varequal") for one in element)):
        return any(holds(one, given) for one in element)  # several words are each accepted, by Canvas
    if kind in ("conditionvar", "and"):
        return all(holds(one, given) for one in element)
    if kind == "not":
        return not holds(element[0], given)
    if kind == "other":
        return True
    if kind == "varequal":
        return any(same(element.text, one) for one in given)
    return all(float(one) >= float(element.text) if kind == "vargte" else float(one) <= float(element.text)
               for one in given)  # fmt: skip


def same(wanted, given):
    return float(wanted) == given if isinstance(given, float) else wanted.casefold() == given.casefold()


def plain(text):
    """A text without what text2qti may change: curly quotes, tabs, and blanks at the ends of lines."""
    return re.sub(r" +", " ", re.sub(r"[ \xa0]+(?=\n|$)", "", unescape(text).translate(SMART)))


def agrees(quiz, text, notes, folder):
    """Assert that the export says and grades what the quiz does; return how many responses were tried."""
    found, tried = read(text, folder), 0
    out = {question.id for question in quiz.questions} - set(found)
    assert all(any(f"`{one}`" in line and "left out, " in line for line in notes) for one in out)
    for question in (question for question in quiz.questions if question.id in found):
        item = found[question.id]
        said = plain(seen(item.prompt))
        unit = (
            [f"The unit is {' '.join(question.unit.split())}."] if question.kind == "number" and question.unit else []
        )
        hint = one_line_hint(question, said)
        assert item.type == TYPES[question.kind] or {seen(o).lower() for o in item.options.values()} == {
            "true",
            "false",
        }
        assert said.removesuffix(plain("".join(unit))).strip() == plain(prompt(question, *hint)).strip()
        explained = item.feedback.get("general_fb", "")
        assert plain(seen(explained)) == plain(text_of(question.explanation) if question.explanation else "")
        if question.kind in ("single", "multiple"):
            assert [plain(seen(one)) for one in item.options.values()] == [
                plain(text_of(o.text)) for o in question.options
            ]
        ids = dict(zip([option.id for option in getattr(question, "options", ())], item.options, strict=True))
        changed = [line for line in notes if "four decimals" in line and f"`{question.id}`" in line]
        for response, result in graded(question, case=False):
            if question.kind in ("text", "output"):
                given = [typed(question, response, said)]
            elif question.kind == "number":
                if changed and not near_the_edges_is_the_same(question, changed[0], response):
                    continue
                given = [response]
            else:
                given = [ids[one] for one in ([response] if isinstance(response, str) else response)]
            points, feedback = item.answer(given)
            assert points == result.correct, (question.id, response)
            expected = [plain(text_of(one)) for one in told(question, result, known=False)]
            assert sorted(plain(seen(one)) for one in feedback) == sorted(expected), response
            tried += 1
    return tried


def near_the_edges_is_the_same(question, note, value):
    """Whether a value is right, or wrong, both for the quiz and for the range that a note gives in its stead."""
    low, high = map(float, re.search(r"from (\S+) to (\S+),", note).groups())
    return (low <= value <= high) == question.is_right(value)


@pytest.mark.parametrize("path", BANK, ids=name)
def test_what_the_program_makes_of_it_grades_like_the_quiz(path, tmp_path):
    quiz = drawn(path)
    text, notes = export(quiz, "text2qti")
    assert agrees(quiz, text, notes, tmp_path) > 50
    found = read(text, tmp_path)
    assert len(quiz.questions) - len(found) == sum(question.kind not in TYPES for question in quiz.questions)


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@example(
    Quiz(
        lesson="01_nasty",
        title="A line separator alone on a line of code",
        questions=(
            {"id": "nasty", "kind": "output", "section": "Section", "prompt": "What?", "code": "\u2028\nprint(1)",
             "answer": "1", "feedback": "Yes.", "wrong": "No.",
             "known_wrong": ({"value": "2", "feedback": "One less.", "misconception": "an-idea"},)},
        ),
    )
)  # fmt: skip
@given(nasty_quizzes(*TYPES))
def test_nasty_texts_come_through(tmp_path_factory, quiz):
    try:
        text, notes = export(quiz, "text2qti")
    except CourseError as error:
        assert "two options look alike" in str(error)
        return
    agrees(quiz, text, notes, tmp_path_factory.getbasetemp())
