"""`course export`: files where they are asked for, notes on the error output, and nothing overwritten unasked."""

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from export_samples import ALL_KINDS, ROOT, drawn
from test_quiz_export_moodle import FRACTIONS, read

from courseware.cli import main
from courseware.quiz.export import FORMATS, export
from courseware.quiz.export.answers import weights
from courseware.quiz.load import load_quiz
from courseware.quiz.model import Quiz
from courseware.quiz.questions import MultipleChoice, NumberQuestion, OrderingQuestion, OutputQuestion, TextQuestion

OPEN = {"section": "Section", "prompt": "Well?", "feedback": "Right.", "wrong": "Wrong."}
IDEA = {"misconception": "an-idea"}


def run(*arguments):
    return CliRunner().invoke(main, ["export", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def quiz(*questions):
    return Quiz(lesson="01_one", title="One", questions=questions)


# Files


@pytest.mark.parametrize(("to", "file"), [("moodle", "04_cnn.xml"), ("gift", "04_cnn.gift"), ("text2qti", "04_cnn.txt"),
                                          ("jupyterquiz", "04_cnn.json")])  # fmt: skip
def test_a_lesson_goes_into_the_current_folder(to, file, tmp_path):
    result = run("cnn", "--to", to)
    assert (result.exit_code, result.stdout) == (0, f"Wrote {file}\n")
    assert [path.name for path in tmp_path.iterdir()] == [file]
    assert (tmp_path / file).read_text(encoding="utf-8") == export(drawn(ROOT / "quizzes" / "04_cnn.yaml"), to)[0]


def test_all_lessons_go_into_one_folder(tmp_path):
    result = run("all", "--to", "moodle", "-o", "new/folder")
    assert result.exit_code == 0
    slugs = sorted(path.stem for path in (ROOT / "quizzes").glob("[0-9]*.yaml"))
    assert sorted(path.name for path in (tmp_path / "new/folder").iterdir()) == [f"{slug}.xml" for slug in slugs]


def test_a_file_or_a_folder_can_be_named_and_so_can_other_quizzes(tmp_path):
    (tmp_path / "folder").mkdir()
    assert run("04", "--to", "gift", "-o", "folder").exit_code == 0
    assert run("04", "--to", "gift", "-o", "mine.txt").exit_code == 0
    assert (tmp_path / "mine.txt").read_bytes() == (tmp_path / "folder/04_cnn.gift").read_bytes()
    (tmp_path / "exam").mkdir()
    text = ALL_KINDS.read_text(encoding="utf-8").replace("lesson: 01_linear_regression", "lesson: 77_exam")
    (tmp_path / "exam/77_exam.yaml").write_text(text, encoding="utf-8")
    shutil.copy(ALL_KINDS.with_name("misconceptions.yaml"), tmp_path / "exam")
    assert run("77_exam", "--to", "moodle", "--quizzes", "exam").exit_code == 0
    assert len(read((tmp_path / "77_exam.xml").read_text(encoding="utf-8"))) == 8
    assert (
        run("all", "--to", "moodle", "--quizzes", "exam", "-o", "exams").stdout
        == f"Wrote {Path('exams/77_exam.xml')}\n"
    )


def test_nothing_is_overwritten_unasked_and_a_quiz_never(tmp_path):
    (tmp_path / "04_cnn.xml").write_text("mine")
    refused = run("04", "--to", "moodle")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "04_cnn.xml is there already" in refused.stderr and (tmp_path / "04_cnn.xml").read_text() == "mine"
    assert run("all", "--to", "moodle").exit_code == 2
    assert len(list(tmp_path.iterdir())) == 1
    assert run("04", "--to", "moodle", "--force").exit_code == 0
    assert (tmp_path / "04_cnn.xml").read_text(encoding="utf-8").startswith("<?xml")
    bank = ROOT / "quizzes" / "04_cnn.yaml"
    before = bank.read_bytes()
    refused = run("04", "--to", "moodle", "-o", bank, "--force")
    assert (refused.exit_code, bank.read_bytes()) == (2, before) and "nothing is overwritten" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nix", "--to", "moodle"), "There is no lesson 'nix'"),
        (("04", "--to", "moodle", "--quizzes", "nowhere"), "nowhere: no such folder"),
        (("04", "--to", "moodle", "--quizzes", "."), "no quizzes in it"),
        (("all", "--to", "moodle", "--quizzes", "."), "no quizzes in it"),
        (("all", "--to", "moodle", "-o", "file"), "file is a file; for all lessons, name a folder"),
        (("04", "--to", "moodle", "-o", "file/in/a/file"), "Cannot write"),
    ],
)
def test_trouble_is_one_line(arguments, words, tmp_path):
    (tmp_path / "file").write_text("")
    result = run(*arguments)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert words in result.stderr and [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_faulty_quiz_is_named_with_its_lines(tmp_path):
    (tmp_path / "04_cnn.yaml").write_text("lesson: 04_cnn\n")
    result = run("04", "--to", "moodle", "--quizzes", ".", "-o", "out.xml")
    assert result.exit_code == 2 and "`questions` is missing" in result.stderr and "Traceback" not in result.stderr


# Notes


def test_notes_go_to_the_error_output(tmp_path):
    result = run("01_linear_regression", "--to", "gift", "--quizzes", ALL_KINDS.parent, "--seed", 3)
    lines = result.stderr.splitlines()
    assert "question `order-of-training`: left out, GIFT has no such kind of question; Moodle XML has" in lines
    assert any(line.startswith("questions `predicted-price`, `printed-shape`: ") and "seed 3" in line for line in lines)
    assert all(line.startswith(("question `", "questions `", "every question: ")) for line in lines)
    text = (tmp_path / "01_linear_regression.gift").read_text(encoding="utf-8")
    assert text == export(drawn(ALL_KINDS, seed=3), "gift")[0]
    assert text != export(drawn(ALL_KINDS, seed=0), "gift")[0]


DRAWN = ["predicted-price", "printed-shape"]


@pytest.mark.parametrize("to", FORMATS)
def test_the_file_says_of_each_question_with_drawn_numbers_which_seed_drew_them(to):
    text, notes = export(load_quiz(ALL_KINDS), to, seed=7)
    if to == "moodle":
        found = {element.findtext("name/text"): element.findtext("tags/tag/text")
                 for element in ElementTree.fromstring(text)[1:]}  # fmt: skip
        assert {name for name, tag in found.items() if tag == "seed-7"} == set(DRAWN)
        assert set(found.values()) == {"seed-7", None}
    elif to == "gift":
        assert re.findall(r"^// \[tag:seed-7\]\n::([a-z-]+)::", text, re.MULTILINE) == DRAWN
    elif to == "text2qti":
        assert re.findall(r"^% Drawn with the seed 7\nTitle: ([a-z-]+)$", text, re.MULTILINE) == DRAWN
    else:
        assert [each.get("seed") for each in json.loads(text)].count(7) == len(DRAWN) and text.count('"seed"') == 2
    assert any("`course grade --seed 7`" in line and all(name in line for name in DRAWN) for line in notes)


def test_a_quiz_of_which_nothing_can_be_held_is_refused():
    question = OrderingQuestion(
        id="steps", kind="ordering", items=({"id": "first", "text": "A"}, {"id": "second", "text": "B"}), **OPEN
    )
    assert "ordering" in export(quiz(question), "moodle")[0]
    for to in set(FORMATS) - {"moodle"}:
        with pytest.raises(match="no question of 01_one can be written"):
            export(quiz(question), to)


# Numbers


@pytest.mark.parametrize("right", range(1, 10))
def test_every_share_of_a_multiple_choice_is_one_that_moodle_knows(right):
    for wrong in range(1, 11 - right):
        options = tuple(
            {"id": f"o{n}", "text": f"{n}", "correct": n < right, "feedback": "So."} | ({} if n < right else IDEA)
            for n in range(right + wrong)
        )
        question = MultipleChoice(id="m", kind="multiple", section="S", prompt="?", options=options)
        shares = [float(share) for share in weights(question).values()]
        assert {abs(share) for share in shares} <= FRACTIONS
        assert sum(share for share in shares if share > 0) == pytest.approx(100, abs=1e-4)  # Moodle rounds the sum


def number(answer, tolerance, *wrong):
    known = tuple({"value": value, "feedback": f"About {value}.", **IDEA} for value in wrong)
    return NumberQuestion(id="n", kind="number", answer=answer, tolerance=tolerance, known_wrong=known, **OPEN)


def test_a_relative_tolerance_becomes_an_absolute_one():
    element = read(export(quiz(number(-200, {"relative": 0.05})), "moodle")[0])["n"]
    assert (element.findtext("answer/text"), element.findtext("answer/tolerance")) == ("-200", "10")


def test_known_wrong_numbers_that_are_near_share_out_the_range_between_them():
    text, notes = export(quiz(number(1, {"absolute": 0.1}, 3.0, 3.1)), "moodle")
    answers = read(text)["n"].findall("answer")
    ranges = [(float(a.findtext("text")), float(a.findtext("tolerance"))) for a in answers[:-1]]
    assert ranges == [(1, 0.1), (2.975, 0.075), (3.125, 0.075)]
    assert any("`n`: the ranges of known wrong numbers that overlap" in note for note in notes)


@pytest.mark.parametrize(
    ("question", "line"),
    [(number(0.5, {"absolute": 0.01}), "=   0.5 +- 0.01"), (number(3, {"absolute": 0}), "=   3 +- 0"),
     (number(0.12345, {"absolute": 0.001}), "=   [0.1224, 0.1245]"), (number(1e6, {"relative": 0.1}), "=   1000000 +- 100000"),
     (number(0, {"absolute": 0}), None), (number(5e-5, {"relative": 0.1}), None), (number(0.12345, {"absolute": 0}), None),
     (number(2, {"absolute": 2}), None)],
)  # fmt: skip
def test_numbers_for_text2qti_keep_to_its_four_decimals(question, line):
    """Those that the program refuses or would round away are left out."""
    if line is None:
        with pytest.raises(match="left out, text2qti"):
            export(quiz(question), "text2qti")
    else:
        assert line in export(quiz(question), "text2qti")[0].splitlines()


# Words


def output(answer, *wrong):
    known = tuple({"value": value, "feedback": f"About {value}.", **IDEA} for value in wrong)
    return OutputQuestion(id="o", kind="output", code="print()", answer=answer, known_wrong=known, **OPEN)


def typed(question, to="moodle"):
    return [a.findtext("text") for a in read(export(quiz(question), to)[0])["o"].findall("answer")]


def test_several_lines_are_asked_for_in_one():
    assert typed(output("(2, 3)\nTrue\n")) == ["(2, 3) / True", "(2, 3)/True", "(2,3) / True", "(2,3)/True", "*"]
    assert typed(output("a/b\nc")) == ["a/b | c", "a/b|c", "*"]
    assert typed(output("True")) == ["True", "*"]
    assert "with <code>/</code> where a new line begins" in read(export(quiz(output("1\n2")), "moodle")[0])[
        "o"
    ].findtext("questiontext/text")


def test_gift_does_not_tell_upper_from_lower_case_and_says_so():
    text, notes = export(quiz(output("True", "true")), "gift")
    assert "About true" not in text
    assert "question `o`: `true` counts as right, the program does not tell upper from lower case" in notes
    assert "true" in typed(output("True", "true"))


def test_gift_leaves_out_what_it_would_take_for_a_match():
    question = TextQuestion(id="t", kind="text", answers=("a->b",), **OPEN)
    with pytest.raises(match="`t`: left out, GIFT takes `->` in an answer for a match; Moodle XML holds it"):
        export(quiz(question), "gift")
    assert "a-&gt;b" in export(quiz(question), "moodle")[0]
