"""The loader: good files load, and every bad file gets clear lines, never a traceback."""

import json
import os
import shutil
from pathlib import Path

import jsonschema
import pytest
from fuzz_quiz_files import fuzz
from ruamel.yaml import YAML

from courseware.course import ROOT
from courseware.quiz.folder import Quizzes
from courseware.quiz.load import QuizError, load_misconceptions, load_quiz
from courseware.quiz.schema import SCHEMA_FILE, schema_text
from courseware.quiz.yamlfile import MAX_BYTES

GOOD = """\
lesson: 01_small
title: A small quiz
questions:
  - id: colour
    kind: single
    section: Colours
    prompt: Which colour has the sky?
    options:
      - id: blue
        text: Blue
        correct: true
        feedback: As you see.
      - id: green
        text: Green
        feedback: That is the grass.
        misconception: mixed-up
  - id: half
    kind: number
    section: Numbers
    prompt: Half of 1?
    answer: 0.5
    tolerance: {absolute: 0.01}
    feedback: Right.
    wrong: Divide 1 by 2.
    known_wrong:
      - {value: 2, feedback: You doubled it., misconception: mixed-up}
"""
MISCONCEPTIONS = "mixed-up: {title: Things are mixed up, explanation: They are two things.}\n"


@pytest.fixture
def load(tmp_path):
    """Load a text (or bytes) as the quiz 01_small, beside a list of misconceptions."""
    (tmp_path / "misconceptions.yaml").write_text(MISCONCEPTIONS, encoding="utf-8")
    path = tmp_path / "01_small.yaml"

    def load(content):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_quiz(path)

    return load


def problems_of(load, content):
    with pytest.raises(QuizError) as caught:
        load(content)
    return [problem.split("01_small.yaml:", 1)[-1] for problem in caught.value.problems]


def test_a_good_quiz_loads(load):
    quiz = load(GOOD)
    assert [question.id for question in quiz.questions] == ["colour", "half"]
    assert quiz.questions[0].options[0].correct and not quiz.questions[0].options[1].correct
    assert quiz.questions[1].answer == 0.5


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(load):
    assert load(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()) == load(GOOD)


# What is changed in the good quiz, by what, the line of the problem, and words that its message must hold.
CHANGES = [
    ("text: Blue", "text: no", 10, '"no" in quotes'),
    ("text: Blue", "text: 012", 10, '"012" in quotes'),
    ("text: Blue", "text: 12", 10, '"12" in quotes'),
    ("text: Blue", "text: true", 10, '"true" in quotes'),
    ("text: Blue", "text: 2024-01-31", 10, '"2024-01-31" in quotes'),
    ("text: Blue", "text:", 10, "`text` is empty"),
    ("text: Blue", 'text: "  "', 10, "`text` is empty; write text"),
    ("text: Blue", "text: [Blue]", 10, "wants text, not a list"),
    ("text: Blue", 'text: "\\e[31mBlue"', 10, "control characters"),
    ("text: Blue", 'text: "\\ud800"', 10, ""),
    ("correct: true", "correct: yes", 11, "true or false"),
    ("correct: true", "correct: 1", 11, "wants true or false, not a number"),
    ("        correct: true\n", "        correct: true\n        correct: false\n", 12, "also|here and on line 11"),
    ("answer: 0.5", "answer: 0,5", 21, "more ways than one"),
    ("answer: 0.5", "answer: '0.5'", 21, "wants a number, not text"),
    ("answer: 0.5", "answer: .nan", 21, "more ways than one"),
    ("answer: 0.5", "answer: 1e999", 21, "finite"),
    ("answer: 0.5", "answer: " + "9" * 5000, 21, "more ways than one"),
    ("{absolute: 0.01}", "{absolute: 0.01, relative: 0.1}", 22, "one of `absolute` and `relative`"),
    ("{absolute: 0.01}", "{}", 22, "one of `absolute` and `relative`"),
    ("{absolute: 0.01}", "{absolute: -1}", 22, "at least 0"),
    ("{absolute: 0.01}", "{absolute: 1.5}", 26, "counts as right"),
    ("kind: single", "kind: choice", 4, "kind: single"),
    ("    kind: number\n", "", 17, "`kind` is missing"),
    ("section: Colours", "sektion: Colours", 6, "did you mean `section`?"),
    ("    section: Colours\n", "", 4, "`section` is missing"),
    ("        feedback: That is the grass.\n", "", 13, "`feedback` is missing"),
    ("misconception: mixed-up\n  -", "misconception: mixed-upp\n  -", 16, "no misconception|did you mean `mixed-up`?"),
    ("        correct: true\n", "", 4, "0 right options; mark exactly one"),
    ("text: Green", "text: Blue", 4, "two options with the text 'Blue'"),
    ("id: green", "id: blue", 4, "two options with the id 'blue'"),
    ("        misconception: mixed-up\n", "        correct: true\n", 4, "2 right options"),
    ("id: half", "id: colour", 17, "another question has the id `colour`"),
    ("id: half", "id: A half", 17, "lower-case words joined by hyphens"),
    ("lesson: 01_small", "lesson: 02_other", 1, "named 01_small.yaml"),
    ("lesson: 01_small", "lesson: small", 1, "named 01_small.yaml"),
    ("lesson: 01_small", "lesson: A small one", 1, "joined by underscores, e.g. `01_linear_regression` or `midterm`"),
    ("id: half\n", "id: half\n    points: 3\n", 18, "every question is worth one point; take it away, and weigh questions"),
    ("id: half", "id: points", 17, "`points` is a column of its own in tables of answers and grades"),
    ("id: half", "id: e-mail", 17, "`e-mail` is a column of its own"),
    ("text: Blue", "text: b", 4, "'b' of `blue` is also the letter of another place"),
    ("text: Green", "text: A)", 4, "'A)' of `green` is also the letter of another place"),
    ("id: blue", "id: b", 9, "`b` is too short for a name, since single letters stand for places"),
    ("answer: 0.5", "answer: 0.5\n    cites: [1, 2]", 22, "wants text"),
    ("title: A small quiz", "title: " + "long " * 50, 2, "characters; at most 200 fit"),
    ("text: Blue", "text: Bl\u202eue", 10, "U+202E, Right-to-left override"),
    ("text: Blue", "text: Bl\u200bue", 10, "U+200B, Zero width space"),
    ("text: Blue", "text: Bl&#x200b;ue", 10, "U+200B"),
    ("text: Blue", 'text: "&#xE000;5&#xE000;"', 10, "U+E000"),
    ("text: Blue", "text: Bl\U000e0041ue", 10, "U+E0041"),
    ("title: A small quiz", "title: A sm\u2066all quiz", 2, "U+2066"),
    ("text: Blue", "text: &sky Blue", 10, "anchor or alias"),
    ("text: Blue", "text: !!python/name:os.system Blue", 10, "tag"),
    ("questions:\n", "questions:\n  - just words\n", 4, "wants fields|fields"),
    ("    prompt: Half of 1?\n", "    prompt: Half: of 1?\n", 20, "not valid YAML"),
    ("    prompt: Half of 1?\n", "\tprompt: Half of 1?\n", 20, "not valid YAML"),
    ("title: A small quiz", "title: 'A small quiz", 27, "began on line 2"),
    ("title: A small quiz", "title: [[[[[[[[[[[[1]]]]]]]]]]]]", 2, "nested deeper"),
    ("title: A small quiz", "? [a, b]\n: c\ntitle: A small quiz", 2, "not a word"),
]  # fmt: skip


CHANGE_NAMES = [f"{change[1][:25]!r}-{number}" for number, change in enumerate(CHANGES)]


@pytest.mark.parametrize(("old", "new", "line", "words"), CHANGES, ids=CHANGE_NAMES)
def test_one_fault_is_named_with_its_line(load, old, new, line, words):
    assert old in GOOD
    problems = problems_of(load, GOOD.replace(old, new, 1))
    fitting = [p for p in problems if p.startswith(f"{line}:") and any(word in p for word in words.split("|"))]
    assert fitting, f"no problem on line {line} with {words!r}: {problems}"
    assert ";" in fitting[0] or "did you mean" in fitting[0], "it must say what to do"


@pytest.mark.parametrize("text", ["Blü 😀👩\u200d👧", "می\u200cخواهم", "✓\ufe0f", "日本語", "a\u00a0b", "café"])
def test_signs_of_all_scripts_are_welcome(load, text):
    assert load(GOOD.replace("text: Blue", f"text: {text}")).questions[0].options[0].text == text


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("text: Blue", "text:", 1),  # neither that the options are too few, nor that the questions are
        ("kind: single", "kind: choice", 1),
        ("    prompt: Half of 1?\n", "    prompt: Half: of 1?\n", 1),
        ("id: blue", "id: b", 1),
    ],
)
def test_one_fault_has_no_followers(load, old, new, count):
    bad = GOOD.replace(old, new)
    only = bad[: bad.index("  - id: half")] if "half" not in old.lower() else bad
    problems = problems_of(load, only)
    assert len(problems) == count, problems
    assert not any(word in problem for problem in problems for word in ("tuple", "validation", "string"))


def test_a_colon_in_a_text_is_named_with_its_cure(load):
    [problem] = problems_of(load, GOOD.replace("prompt: Half of 1?", "prompt: Half: of 1?"))
    assert "a colon with a space behind it" in problem and 'put quotes around the text, prompt: "..."' in problem


@pytest.mark.parametrize(
    "content",
    ["".join(f"a{n}: no\n" for n in range(40_000)), "a: no\n" * 60_000, "- {id: no}\n" * 40_000,
     "questions:\n" + "  - {id: x}\n" * 10_000],
    ids=["words", "again", "list", "questions"],
)  # fmt: skip
def test_of_very_many_problems_fifty_are_told(load, content):
    problems = problems_of(load, content)
    assert len(problems) == 51 and problems[-1].endswith("there may be more problems; mend these 50 first")


def test_no_problem_is_longer_than_a_few_lines(load):
    for content in ("x" * 100_000 + ": 1\n", f"lesson: {'long ' * 50_000}\n", GOOD.replace("mixed-up", "m" * 90_000)):
        assert all(len(problem) < 600 for problem in problems_of(load, content))


def test_a_files_name_drives_no_terminal(tmp_path):
    path = tmp_path / "01_\x1b[31mred\x07.yaml"
    path.write_text("lesson: x\n")
    with pytest.raises(QuizError) as caught:
        load_quiz(path)
    assert "\x1b" not in str(caught.value) and r"01_\x1b[31mred\x07.yaml:1: " in caught.value.problems[0]


def test_an_exam_is_named_as_the_teacher_likes(load, tmp_path):
    for name in ("midterm", "03_fnn_retake", "20_midterm", "exam_2026"):
        (tmp_path / f"{name}.yaml").write_text(GOOD.replace("01_small", name), encoding="utf-8")
        assert load_quiz(tmp_path / f"{name}.yaml").lesson == name
        assert Quizzes(tmp_path).load(name).lesson == name
    assert Quizzes(tmp_path).of_file(Path("midterm_group_a.csv")) == "midterm"


def test_all_faults_come_at_once_in_the_order_of_lines(load):
    bad = GOOD.replace("text: Blue", "text: no").replace("answer: 0.5", "answer: half")
    bad = bad.replace("id: half", "id: colour")
    lines = [int(problem.split(":")[0]) for problem in problems_of(load, bad.replace("{value: 2,", "{worth: 2,"))]
    assert lines == sorted(lines)
    assert {10, 17, 21, 26} <= set(lines)


BILLION = "\n".join(["a0: &a0 [x, x, x, x, x, x, x, x, x]"] + [
    f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]" for n in range(1, 8)
])  # fmt: skip


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "empty"),
        (b"# only a remark\n", 1, "empty"),
        (b"just words", 1, "fields"),
        (b"- a list\n", 1, "fields"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 1, "not a text file"),
        (b"lesson: 01_small\ntitle: caf\xe9\n", 2, "not UTF-8 text (byte 0xe9)"),
        (b"title: \x07bell\n", 1, "not valid YAML"),
        (BILLION.encode(), 1, "anchor or alias"),
        (b"a: &a [*a]\n", 1, "anchor or alias"),
        (b"[" * 100_000, 1, "nested deeper"),
        (b"x" * (MAX_BYTES + 1), 1, "larger than 512 KiB"),
        (GOOD.encode() + b"---\nlesson: second\n", 27, "second document"),
        (b"%YAML 9.9\n---\na: b\n", 1, "not valid YAML"),
    ],
    ids=[
        "empty",
        "remark",
        "words",
        "list",
        "binary",
        "latin-1",
        "bell",
        "bomb",
        "loop",
        "deep",
        "large",
        "two",
        "version",
    ],
)
def test_files_that_are_no_quiz(load, content, line, words):
    problems = problems_of(load, content)
    assert any(problem.startswith(f"{line}:") and words in problem for problem in problems), problems
    assert all("\n" not in problem for problem in problems)


def test_an_alias_bomb_and_fifty_megabytes_each_get_one_line(load):
    for content in (BILLION.encode(), b"# " + b"x" * 50_000_000):
        assert len(problems_of(load, content)) == 1


def test_a_link_may_not_lead_out_of_the_folder(load, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text(GOOD, encoding="utf-8")
    folder = tmp_path / "bank"
    folder.mkdir()
    (folder / "misconceptions.yaml").write_text(MISCONCEPTIONS, encoding="utf-8")
    (folder / "01_small.yaml").symlink_to(outside / "secret.yaml")
    with pytest.raises(QuizError, match="1: a link that leads out of its folder") as caught:
        load_quiz(folder / "01_small.yaml")
    assert len(caught.value.problems) == 1
    (folder / "01_small.yaml").unlink()
    (folder / "there.yaml").write_text(GOOD, encoding="utf-8")
    (folder / "01_small.yaml").symlink_to("there.yaml")
    assert load_quiz(folder / "01_small.yaml").title == "A small quiz"


def test_what_is_not_a_file(tmp_path):
    with pytest.raises(QuizError, match="not a file"):
        load_quiz(tmp_path)
    with pytest.raises(QuizError, match="No such file"):
        load_quiz(tmp_path / "01_none.yaml")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "01_pipe.yaml")
        with pytest.raises(QuizError, match="not a file"):
            load_quiz(tmp_path / "01_pipe.yaml")


def test_a_quiz_without_its_list_of_misconceptions_says_so(tmp_path):
    (tmp_path / "01_small.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(QuizError, match="list of misconceptions cannot be used"):
        load_quiz(tmp_path / "01_small.yaml")


def test_nothing_in_a_file_is_executed(load, tmp_path):
    trap = tmp_path / "trap"
    quiz = load(GOOD.replace("answer: 0.5", f"verify: open({str(trap)!r}, 'w')\n    answer: 0.5"))
    assert quiz.questions[1].verify.startswith("open(")
    assert not trap.exists()


def test_mutated_files_give_a_quiz_or_clear_lines(tmp_path):
    outcomes = fuzz(600, seed=1, folder=tmp_path)
    assert outcomes["refused"] > 200 and outcomes["valid"] > 20, (
        "the mutations are too mild or too wild to find anything"
    )


def test_the_schema_for_editors_is_current():
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), "run `python -m courseware.quiz.schema`"


def test_the_schema_for_editors_accepts_the_quizzes_and_refuses_a_typing_error(load):
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in sorted((ROOT / "quizzes").glob("[0-9]*.yaml")):
        jsonschema.validate(YAML(typ="safe", pure=True).load(path), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(YAML(typ="safe", pure=True).load(GOOD.replace("section:", "sektion:")), schema)


def test_the_shared_misconceptions_load_and_a_fault_in_them_is_named(tmp_path):
    assert load_misconceptions(ROOT / "quizzes" / "misconceptions.yaml")["step-from-loss"].title
    path = tmp_path / "misconceptions.yaml"
    shutil.copy(ROOT / "quizzes" / "misconceptions.yaml", path)
    with path.open("a", encoding="utf-8") as file:
        file.write("one-more: {title: Only a title}\n")
    last = len(path.read_text(encoding="utf-8").splitlines())
    with pytest.raises(QuizError, match=f":{last}: `explanation` is missing"):
        load_misconceptions(path)
