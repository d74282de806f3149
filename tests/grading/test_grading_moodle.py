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
        ("1 2", "0", "lines: not judged: the values are right, but Python prints them in another way; look at brackets, commas, "
         "quotes, points, capitals and lines, and write what it prints"),
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


SOME = "lesson: midterm\ntitle: Midterm\nquestions:\n" + "".join(f"""\
  - id: q{number}
    kind: single
    section: S
    prompt: Is it {number}?
    options:
      - {{id: yes-{number}, text: "Yes", correct: true, feedback: Indeed.}}
      - {{id: nono-{number}, text: "No", feedback: It is., misconception: mixed}}
""" for number in (1, 2, 3))  # fmt: skip
ASKED = [("Is it 1?: Yes; No", "Yes"), ("Is it 2?: Yes; No", "No"), ("Is it 3?: Yes; No", "-")]


def blocks(text):
    head, *questions = text.split("  - id: ")
    return head, [f"  - id: {each}" for each in questions]


def test_questions_that_were_moved_or_deleted_keep_their_answers(tmp_path):
    head, (one, two, three) = blocks(SOME)
    path = responses(tmp_path / "a.csv", [(ANN, ASKED)])
    for text, points in ((SOME, "100"), (head + two + three + one, "100"), (head + three + one, "10")):
        bank = own(tmp_path, text)
        [row], said = graded("midterm", path, tmp_path, "--quizzes", bank)
        assert "".join(row.get(f"q{number}", "") for number in (1, 2, 3)) == points, text
        assert ("`Question 2` (Is it 2?: Yes; No) is no question of midterm" in said) == ("q2" not in text)


def test_each_row_goes_by_what_was_asked_in_it(tmp_path):
    bank = own(tmp_path, SOME)
    other = ("Orr", "Bo", "bo@example.org", "Finished")
    path = responses(tmp_path / "a.csv", [(ANN, ASKED), (other, ASKED[::-1])])
    rows, said = graded("midterm", path, tmp_path, "--quizzes", bank)
    assert [[row["q1"], row["q2"]] for row in rows] == [["1", "0"]] * 2 and "WARNING" not in said


def test_without_the_texts_of_questions_a_warning_says_what_is_gone_by(tmp_path):
    bank = own(tmp_path, SOME)
    path = tmp_path / "a.csv"
    path.write_text("Email address,Response 1,Response 2,Response 3\nann@example.org,Yes,No,-\n")
    [row], said = graded("midterm", path, tmp_path, "--quizzes", bank)
    assert row["points"] == "1" and "WARNING: no columns `Question 1`" in said


DRAWN = """\
lesson: midterm
title: Midterm
questions:
  - id: times
    kind: number
    section: S
    prompt: "{n} times {k}?"
    parameters: {n: [2, 3, 4, 5], k: [7, 11, 13]}
    answer: n * k
    tolerance: {absolute: 0.01}
    feedback: Right.
    wrong: Multiply.
"""


def test_numbers_of_another_seed_are_not_graded_by_this_one(tmp_path):
    bank = own(tmp_path, DRAWN)
    [element] = exported("midterm", tmp_path, seed=3, more=["--quizzes", str(bank)])
    path = responses(tmp_path / "a.csv", [(ANN, [(asked(element), key(element))])])
    [row], said = graded("midterm", path, tmp_path, "--quizzes", bank, "--seed", 3)
    assert row["times"] == "1" and "WARNING" not in said
    others = []
    for seed in range(6):
        again = exported("midterm", tmp_path, seed=seed, more=["--quizzes", str(bank)])
        others += [seed] * (asked(again[0]) != asked(element))
    [row], said = graded("midterm", path, tmp_path, "--quizzes", bank, "--seed", others[0])
    assert f"has other numbers than the seed {others[0]} draws; `Response 1` is left out" in said


@pytest.mark.parametrize(
    ("late", "early"),
    [
        ("2026-11-21 09:00", "2026-11-20 09:00"),
        ("2 December 2026  9:00 AM", "30 November 2026  9:00 AM"),
        ("20 November 2026  1:00 PM", "20 November 2026  11:00 AM"),
        ("Dienstag, 1. Dezember 2026, 09:00", "Montag, 30. November 2026, 19:00"),
        ("01.12.26, 09:00", "30.11.26, 10:00"),
        ("November 21, 2026, 9:00 AM", "November 20, 2026, 10:00 AM"),
    ],
)
def test_attempts_are_numbered_by_time_and_not_as_they_stand(tmp_path, late, early):
    bank = own(tmp_path, SOME)
    first = (*FIRST, "Started on", "Completed")
    path = tmp_path / "a.csv"
    responses(path, [((*ANN, late, late), ASKED), ((*ANN, early, early), [(text, "No") for text, _ in ASKED])], first)
    rows, _ = graded("midterm", path, tmp_path, "--quizzes", bank)
    assert [(row["attempt"], row["points"]) for row in rows] == [("2", "1"), ("1", "0")]
    (tmp_path / "roster.csv").write_text("name,email\nAnn Lee,ann@example.org\n")
    for attempt, points in (("first", "0"), ("last", "1")):
        done = CliRunner().invoke(main, [
            "gradebook", str(tmp_path / "graded.csv"), "--to", "moodle", "--roster", str(tmp_path / "roster.csv"),
            "--attempt", attempt, "-o", str(tmp_path / "book.csv"),
        ])  # fmt: skip
        assert done.exit_code == 0, done.output
        assert (tmp_path / "book.csv").read_text().splitlines()[1].endswith(f",{points}")


def test_times_that_cannot_be_read_are_told(tmp_path):
    bank = own(tmp_path, SOME)
    first = (*FIRST, "Started on")
    path = responses(tmp_path / "a.csv", [((*ANN, "03/04/2026"), ASKED), ((*ANN, "04/03/2026"), ASKED)], first)
    _, said = graded("midterm", path, tmp_path, "--quizzes", bank)
    assert "WARNING: 2 rows without a time that can be read" in said
