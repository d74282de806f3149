"""Answers that come back from Moodle: what the exported quiz asks for is what is graded."""

import csv
import html
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from courseware.cli import main
from courseware.course import ROOT

COURSE = sorted(path.stem for path in (ROOT / "quizzes").glob("[0-9]*.yaml"))
FIRST = ("Last name", "First name", "Email address", "State")


def shown(text):
    """HTML as Moodle shows it in its tables."""
    text = re.sub(r"<br\s*/?>", "\n", text or "")
    return html.unescape(re.sub(r"<[^>]+>", "", text)).strip()


def asked(element):
    """What Moodle tells of a question in its column: the text, and the options or pairs."""
    text = shown(element.find("questiontext/text").text)
    choices = "; ".join(shown(answer.find("text").text) for answer in element.findall("answer"))
    match element.get("type"):
        case "multichoice":
            return f"{text}: {choices}"
        case "ordering":
            return f"{text}: {choices}"
        case "match":
            pairs = [(shown(s.find("text").text), s.find("answer/text").text) for s in element.findall("subquestion")]
            return f"{text} {{{'; '.join(a for a, _ in pairs)}}} -> {{{'; '.join(b for _, b in pairs)}}}"
    return text


def key(element):
    """What Moodle takes for right, as its table of responses says it."""
    answers = element.findall("answer")
    match element.get("type"):
        case "multichoice":
            return "; ".join(shown(answer.find("text").text) for answer in answers if float(answer.get("fraction")) > 0)
        case "ordering":
            return "; ".join(shown(answer.find("text").text) for answer in answers)
        case "match":
            pairs = [
                (shown(s.find("text").text), shown(s.find("answer/text").text)) for s in element.findall("subquestion")
            ]
            return "; ".join(f"{left} -> {right}" for left, right in pairs if left)
    right = next(answer for answer in answers if float(answer.get("fraction")) == 100)
    return right.find("text").text.replace(r"\*", "*")


def exported(lesson, tmp_path, seed=0, more=()):
    """The questions of a quiz as Moodle gets them."""
    file = tmp_path / f"{lesson}.xml"
    done = CliRunner().invoke(
        main, ["export", lesson, "--to", "moodle", "--seed", str(seed), "-o", str(file), "--force", *more]
    )
    assert done.exit_code == 0, done.output
    return [each for each in ElementTree.parse(file).getroot() if each.get("type") != "category"]


def responses(path, rows, first=FIRST):
    """Moodle's table: of each row who it is, and what was asked and answered."""
    places = range(1, max(len(answers) for _, answers in rows) + 1)
    header = [*first, *(name for place in places for name in (f"Question {place}", f"Response {place}"))]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(
            [header, *([*who, *(text for pair in answers for text in pair)] for who, answers in rows)]
        )
    return path


ANN = ("Lee", "Ann", "ann@example.org", "Finished")


def graded(lesson, path, tmp_path, *more, status=0):
    out = tmp_path / "graded.csv"
    done = CliRunner().invoke(main, ["grade", lesson, str(path), "-o", str(out), *map(str, more)])
    assert done.exit_code == status, done.output
    return list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8")))), done.output


@pytest.mark.parametrize("lesson", COURSE)
def test_what_moodle_takes_for_right_is_right_here(lesson, tmp_path):
    elements = exported(lesson, tmp_path)
    path = responses(tmp_path / "a.csv", [(ANN, [(asked(each), key(each)) for each in elements])])
    [row], said = graded(lesson, path, tmp_path, "--seed", 0)
    points = {each.find("name/text").text: row[each.find("name/text").text] for each in elements}
    assert set(points.values()) == {"1"}, points
    assert "WARNING" not in said


LINES = """\
lesson: midterm
title: Midterm
questions:
  - id: lines
    kind: output
    section: S
    prompt: What does this print?
    code: |
      print(1)
      print(2)
    answer: |
      1
      2
    known_wrong: [{value: "2\\n1", feedback: The other way round., misconception: mixed}]
    feedback: Right.
    wrong: Read it again.
"""


@pytest.mark.parametrize(
    ("typed", "points", "feedback"),
    [
        ("1 / 2", "1", ""), ("1/2", "1", ""), ("1\n2", "1", ""), ("1 /2 /", "1", ""),
        ("2 / 1", "0", "lines: The other way round."), ("12", "0", "lines: Read it again."),
        ("1 2", "0", "lines: Read it again."),
    ],
)  # fmt: skip
def test_lines_are_written_as_the_exported_prompt_asks(tmp_path, typed, points, feedback):
    bank = own(tmp_path, LINES)
    [element] = exported("midterm", tmp_path, more=["--quizzes", str(bank)])
    assert "with / where a new line begins" in shown(element.find("questiontext/text").text)
    path = responses(tmp_path / "a.csv", [(ANN, [(asked(element), typed)])])
    [row], _ = graded("midterm", path, tmp_path, "--quizzes", bank)
    assert (row["lines"], row["feedback"]) == (points, feedback)


def own(tmp_path, text) -> Path:
    bank = tmp_path / "bank"
    bank.mkdir(exist_ok=True)
    (bank / "midterm.yaml").write_text(text, encoding="utf-8")
    (bank / "misconceptions.yaml").write_text("mixed: {title: Mixed up, explanation: They differ.}\n")
    return bank
