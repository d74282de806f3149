"""A bank with two small quizzes, and commands run on files of a class."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from courseware.cli import main

CHOICES = 8
QUIZ = """\
lesson: 91_one
title: One
questions:
""" + "".join(f"""\
  - id: q{number}
    kind: single
    section: S
    prompt: Question {number}?
    options:
      - {{id: opt-a, text: "right {number}", correct: true, feedback: Yes.}}
      - {{id: opt-b, text: "wrong b{number}", feedback: "No, not b.", misconception: mixed}}
      - {{id: opt-c, text: "wrong c{number}", feedback: "No, not c.", misconception: other}}
      - {{id: opt-d, text: "wrong d{number}", feedback: "No, not d.", misconception: other}}
""" for number in range(1, CHOICES + 1)) + """\
  - id: word
    kind: text
    section: S
    prompt: Word?
    answers: [overfitting]
    feedback: Right.
    wrong: Not that.
  - id: drawn
    kind: number
    section: S
    prompt: "{n} times {k}?"
    parameters: {n: [2, 3, 4, 5], k: [7, 11, 13]}
    answer: n * k
    tolerance: {absolute: 0.01}
    feedback: Right.
    wrong: Multiply {n} and {k}.
"""  # fmt: skip
SHARED = "mixed: {title: Mixed up, explanation: They differ.}\nother: {title: Other, explanation: No.}\n"
SEED = "00000000000000aa"


@pytest.fixture
def make_bank(tmp_path):
    """Make a folder with one quiz and the misconceptions `mixed` and `other`."""

    def make_bank(name, text):
        folder = tmp_path / "bank"
        folder.mkdir()
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        (folder / "misconceptions.yaml").write_text(SHARED, encoding="utf-8")
        return folder

    return make_bank


@pytest.fixture
def bank(make_bank):
    return make_bank("91_one", QUIZ)


@pytest.fixture
def course(bank, tmp_path):
    """Run a command of `course` with the bank; what it printed and wrote to the error output, its status as expected."""

    def course(command, *arguments, status=0):
        more = ["--quizzes", str(bank)] if command in ("grade", "report") else []
        result = CliRunner().invoke(main, [command, *map(str, arguments), *more])
        assert result.exit_code == status, result.output
        assert "Traceback" not in result.output
        return result

    return course


@pytest.fixture
def grades(course, tmp_path):
    """Run `course grade` on quiz 91_one; the rows of the table by learner, and what was said."""

    def grades(*arguments, status=0):
        out = tmp_path / "graded.csv"
        result = course("grade", "91", *arguments, "-o", out, status=status)
        rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
        return rows, result.output

    return grades


@pytest.fixture
def hand_in(tmp_path):
    """Write the file that a learner hands in, into the folder `answers`."""

    def hand_in(file, learner, answers=None, **fields):
        path = tmp_path / "answers" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {"learner": learner, "quiz": "91_one", "seed": SEED, **fields, "answers": answers or {}}
        path.write_text(
            json.dumps({key: value for key, value in content.items() if value is not None}), encoding="utf-8"
        )
        return path

    return hand_in


@pytest.fixture
def table(tmp_path):
    """Write a CSV file of rows."""

    def table(name, rows, header):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    return table
