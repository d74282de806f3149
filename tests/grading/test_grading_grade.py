"""`course grade`: what `grade` says of each cell, for whole classes, whatever the cells hold."""

import csv
import io
import json
import random
import shutil
import subprocess
import sys
import tracemalloc

import pytest
from click.testing import CliRunner

from courseware.cli import main
from courseware.grading import attendance, columns, copies, csvfile, gradetable, marks, written
from courseware.grading.gradefile import GradeFile
from courseware.grading.moodle import read_moodle
from courseware.grading.problems import Problems
from courseware.grading.spreadsheet import cell
from courseware.quiz.feedback import ResponseError
from courseware.quiz.fields import COLUMNS
from courseware.quiz.load import load_quiz
from courseware.quiz.questions import Question
from courseware.quiz.student_copy import as_yaml

QUIZ = """\
lesson: 90_kinds
title: All kinds
questions:
  - id: one
    kind: single
    section: S
    prompt: One?
    options:
      - {id: yes-it-is, text: "Yes, `w * x`; always", correct: true, feedback: Indeed.}
      - {id: no-way, text: "No; never", feedback: 'Look "again".', misconception: mixed}
      - {id: perhaps, text: Perhaps, feedback: It is sure., misconception: other}
  - id: some
    kind: multiple
    section: S
    prompt: Some?
    options:
      - {id: pp, text: "P; Q", correct: true, feedback: P.}
      - {id: qq, text: Q, correct: true, feedback: Q.}
      - {id: rr, text: P, feedback: Not R., misconception: mixed}
  - id: drawn
    kind: number
    section: S
    prompt: "{n} times {k}?"
    parameters: {n: [2, 3, 4, 5], k: [7, 11, 13]}
    answer: n * k
    tolerance: {absolute: 0.01}
    feedback: Right.
    wrong: Multiply {n} and {k}.
    known_wrong: [{value: n + k, feedback: "{n} and {k} are multiplied.", misconception: mixed}]
  - id: word
    kind: text
    section: S
    prompt: Word?
    answers: [overfitting]
    feedback: Right.
    wrong: Not that.
  - id: order
    kind: ordering
    section: S
    prompt: Order?
    items: [{id: i1, text: first}, {id: i2, text: second}, {id: i3, text: third}]
    feedback: Right.
    wrong: Start with the first.
  - id: match
    kind: matching
    section: S
    prompt: Match?
    pairs:
      - {id: m1, text: one -> 1, match: uno, feedback: One is uno., misconception: mixed}
      - {id: m2, text: two, match: due, feedback: Two is due., misconception: other}
"""
IDS = ["one", "some", "drawn", "word", "order", "match"]
SEEDED = ("learner", *IDS, "seed")
CELLS = {
    "one": ["yes-it-is", "a", "B", "perhaps", "z", ""],
    "some": ["pp qq", "pp;qq", "a, c", "rr", "pp pp", "nothing", ""],
    "drawn": ["14", "33", "55", "9", "65", "x", "1,000", ""],
    "word": ["Overfitting", "over-fitting", '"overfitting".', "=1+1", " ", ""],
    "order": ["i1 i2 i3", "c b a", "a,c,b", "a b", ""],
    "match": ["m1=m1 m2=m2", "m1=b m2=a", "m1=m1", "m1", ""],
}


@pytest.fixture
def bank(make_bank):
    return make_bank("90_kinds", QUIZ)


@pytest.fixture
def run(bank, tmp_path):
    """Run `course grade` on files in tmp_path; the graded rows, what was said, and the exit status."""

    def run(*files, options=(), status=0):
        out = tmp_path / "graded.csv"
        arguments = ["grade", "kinds", *map(str, files), "--quizzes", str(bank), "-o", str(out), *map(str, options)]
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == status, result.output
        assert "Traceback" not in result.output
        rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
        return rows, result.output

    return run


def table(path, rows, header=("learner", *IDS)):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def test_every_cell_gets_what_grade_gives(bank, run, tmp_path):
    quiz = load_quiz(bank / "90_kinds.yaml")
    rng = random.Random(1)
    answers = [[f"learner {n}", *(rng.choice(CELLS[name]) for name in IDS)] for n in range(300)]
    rows, said = run(table(tmp_path / "a.csv", [[*row, row[0].split()[1]] for row in answers], SEEDED))
    assert [row["learner"] for row in rows] == [row[0] for row in answers]
    unreadable = 0
    for row, (learner, *cells) in zip(rows, answers, strict=True):
        total = 0
        for question, text in zip(quiz.drawn(learner.split()[1]).questions, cells, strict=True):
            entry = next((e for e in row["feedback"].split(" | ") if e.startswith(question.id + ": ")), None)
            points = 0.0
            if not text.strip():
                assert entry == f"{question.id}: not answered"
            else:
                try:
                    result = question.grade(question.read(text))
                    points = result.points
                    assert (entry is None) == result.correct
                    wrong = [message.feedback for message in result.messages if message.verdict != "right"]
                    assert all(feedback in entry for feedback in wrong)
                except ResponseError:
                    unreadable += 1
                    assert entry == f"{question.id}: could not be read"
            assert float(row[question.id]) == pytest.approx(points, abs=1e-6)
            total += points
        assert float(row["points"]) == pytest.approx(total, abs=1e-5) and row["out_of"] == "6"
        assert float(row["percent"]) == pytest.approx(100 * total / 6, abs=0.01)
    assert unreadable and f"{unreadable:,} answers could not be read" in said


def test_drawn_numbers_are_graded_by_the_seed_in_the_row(bank, run, tmp_path):
    quiz = load_quiz(bank / "90_kinds.yaml")
    seeds = [f"{n:016x}" for n in range(60)]
    right = {seed: quiz.drawn(seed).questions[2].answer for seed in seeds}
    assert len(set(right.values())) > 6
    for others in (seeds, seeds[1:] + seeds[:1]):
        answers = [[f"s{n}", seeds[n], f"{right[other]:g}"] for n, other in enumerate(others)]
        rows, _ = run(table(tmp_path / "a.csv", answers, ("learner", "seed", "drawn")))
        expected = ["1" if right[seed] == right[other] else "0" for seed, other in zip(seeds, others, strict=True)]
        assert [row["drawn"] for row in rows] == expected


def moodle_table(path, answers):
    """Responses to the one question with drawn numbers, as Moodle exports them."""
    rows = [[f"s{n}@example.org", *["-"] * 2, answer, *["-"] * 3] for n, answer in enumerate(answers)]
    return table(path, rows, ("Email address", *(f"Response {n}" for n in range(1, 7))))


@pytest.mark.parametrize("form", ["moodle", "csv", "json"])
def test_answers_to_drawn_numbers_are_refused_by_name_where_nobody_knows_the_seed(bank, run, tmp_path, form):
    """`course export` draws once for all; no name and no address says what."""
    quiz = load_quiz(bank / "90_kinds.yaml")
    right = [f"{quiz.drawn(0).questions[2].answer:g}"] * 30
    folder = tmp_path / "answers"
    folder.mkdir()
    if form == "json":
        for n, answer in enumerate(right):
            (folder / f"s{n}.json").write_text(json.dumps({"learner": f"s{n}", "answers": {"drawn": answer}}))
    elif form == "csv":
        table(folder / "a.csv", [[f"s{n}", answer] for n, answer in enumerate(right)], ("learner", "drawn"))
    else:
        moodle_table(folder / "a.csv", right)
    rows, said = run(folder, status=1)
    assert rows == [] and "`drawn` has numbers that are drawn" in said and "--seed" in said
    rows, _ = run(folder, options=["--seed", "0"])
    assert [row["drawn"] for row in rows] == ["1"] * 30
    out = tmp_path / "report"
    command = ["report", str(folder), "--quiz", "kinds", "--quizzes", str(bank), "-o", str(out)]
    refused = CliRunner().invoke(main, command)
    assert refused.exit_code == 2 and "`drawn` has numbers" in refused.output and not out.exists()
    assert CliRunner().invoke(main, [*command, "--seed", "0"]).exit_code == 0
    assert "90_kinds,drawn,number,30,30,0,1," in (out / "items.csv").read_text()


def test_a_row_without_a_seed_loses_nothing_but_by_questions_with_drawn_numbers(run, tmp_path):
    answers = [["ann", "", "a", ""], ["bob", "", "a", "14"], ["cy", "7", "a", "14"], ["dee", "1,23E+15", "a", "14"]]
    file = table(tmp_path / "a.csv", answers, ("learner", "seed", "one", "drawn"))
    rows, said = run(file, status=1)
    assert [row["learner"] for row in rows] == ["ann", "cy"]
    assert "a.csv:3: `drawn` has numbers" in said and "a.csv:5: the seed '1,23E+15' was rounded" in said
    rows, _ = run(file, options=["--seed", "3"], status=1)
    assert [row["learner"] for row in rows] == ["ann", "bob", "cy"]


def test_without_a_column_for_seeds_rows_without_drawn_numbers_are_graded(run, tmp_path):
    answers = [["ann", "a", ""], ["bob", "a", "14"]]
    rows, said = run(table(tmp_path / "a.csv", answers, ("learner", "one", "drawn")), status=1)
    assert [row["learner"] for row in rows] == ["ann"] and "a.csv:3: `drawn` has numbers that are drawn" in said


def test_a_table_without_columns_for_drawn_numbers_needs_no_seed(run, tmp_path):
    assert len(run(table(tmp_path / "a.csv", [["ann", "a"]], ("learner", "one")))[0]) == 1


def test_attempts_are_all_graded_and_odd_ones_listed(run, tmp_path):
    answers = [
        ["ann", "1", "a"],
        ["ann", "2", "b"],
        ["bob", "0", "a"],
        ["cy", "x", "a"],
        ["dee", "", "a"],
        ["", "1", "a"],
    ]
    rows, said = run(table(tmp_path / "a.csv", answers, ("learner", "attempt", "one")), status=1)
    assert [(row["learner"], row["attempt"], row["one"]) for row in rows] == [
        ("ann", "1", "1"), ("ann", "2", "0"), ("dee", "1", "1"),
    ]  # fmt: skip
    assert all(f"a.csv:{line}: " in said for line in (4, 5, 7))


def test_unknown_and_missing_columns_are_named_once_with_the_nearest(run, tmp_path):
    answers = [[f"s{n}", "a", "b"] for n in range(50)]
    _, said = run(table(tmp_path / "a.csv", answers, ("learner", "one", "ordr")))
    assert said.count("did you mean `order`?") == 1 and said.count("no column for some, drawn") == 1


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "\u3000@x", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x", "\u200b=1",
     "\u2061=1", "\u3164=1", "\u202e=1", "\u2066@x", "\ufe0f=1", "\u180e=1", "\ufe62=1", "\ufe66=1"],
)  # fmt: skip
def test_no_cell_is_run_as_a_formula(run, tmp_path, name):
    rows, _ = run(table(tmp_path / "a.csv", [[name, "a"], ["-5", "a"], ["plain", "a"]], ("learner", "one")))
    assert rows[0]["learner"].startswith("'") or rows[0]["learner"] == "1"
    assert [row["learner"] for row in rows[1:]] == ["-5", "plain"]
    assert cell(name).lstrip('"').startswith("'")


@pytest.mark.parametrize("name", ["-5", "+3.5", "1e5", "-0,25", "ann@example.org", "x=1", "Ann-Marie"])
def test_plain_numbers_and_names_stay_as_they_are(name):
    assert cell(name).strip('"') == name


def test_feedback_in_a_file_of_its_own_is_the_same_feedback(run, tmp_path):
    file = table(
        tmp_path / "a.csv",
        [["ann", "b", "a", "9", "x", "c b a", "m1=b m2=a", "1"], ["bob", "a", "pp qq", "", "", "", "", "2"]],
        SEEDED,
    )
    full, _ = run(file)
    short, _ = run(file, options=["--feedback", tmp_path / "feedback.csv"])
    with (tmp_path / "feedback.csv").open(newline="", encoding="utf-8") as opened:
        texts = {row["key"]: row["feedback"] for row in csv.DictReader(opened)}
    for long_row, short_row in zip(full, short, strict=True):
        keys = short_row["feedback"].split(" | ")
        assert " | ".join(f"{key.split(':')[0]}: {texts[key]}" for key in keys) == long_row["feedback"]


def test_kinds_of_files_may_be_mixed(run, tmp_path):
    folder = tmp_path / "answers"
    folder.mkdir()
    table(folder / "a.csv", [["ann", "a"]], ("learner", "one"))
    (folder / "bob.yaml").write_text("learner: bob\nquiz: 90_kinds\nattempt: 2\nanswers: {one: a, some: [pp, b]}\n")
    (folder / "cy.json").write_text(
        json.dumps({"learner": "cy", "answers": {"match": {"m1": "m1", "m2": "m2"}, "one": None}})
    )
    (folder / "dee.json").write_text(json.dumps({"learner": "dee", "quiz": "01", "answers": {}}))
    rows, said = run(folder, status=1)
    assert [(row["learner"], row["attempt"], row["points"]) for row in rows] == [
        ("ann", "1", "1"),
        ("bob", "2", "2"),
        ("cy", "1", "1"),
    ]
    assert "dee.json" in said and "one: not answered" in rows[2]["feedback"]


def test_rows_that_belong_to_another_quiz_are_listed(run, tmp_path):
    answers = [["ann", "kinds", "a"], ["bob", "91", "a"], ["cy", "", "a"]]
    rows, said = run(table(tmp_path / "a.csv", answers, ("learner", "quiz", "one")), status=1)
    assert [row["learner"] for row in rows] == ["ann", "cy"] and "a.csv:3: There is no quiz '91'" in said


MOODLE = """\
Surname,First name,Email address,State,Started on,Completed,Time taken,Grade/6.00,Question 1,Response 1,Right answer 1,Response 2,Response 3,Response 4,Response 5,Response 6
Lovelace,Ada,ada@example.org,Finished,x,y,9 mins,6.00,One?,"Yes, w * x; always","Yes, w * x; always",P; Q; Q,9,Overfitting,first; second; third,one -> 1 -> uno; two -> due
Hopper,Grace,grace@example.org,Finished,x,y,9 mins,-,One?,No; never,x,"P
; Q",-,,third; first; second,"one -> 1 -> due
two -> uno"
Noether,Emmy,emmy@example.org,In progress,x,-,-,-,-,-,-,-,-,-,-,-
Lovelace,Ada,ada@example.org,Finished,x,y,9 mins,6.00,One?,Something,x,-,-,-,-,-
"""


def test_moodle_s_export(run, tmp_path):
    path = tmp_path / "responses.csv"
    path.write_text(MOODLE, encoding="utf-8-sig")
    rows, said = run(path, options=["--seed", "0"])
    assert [(row["learner"], row["attempt"]) for row in rows] == [
        ("ada@example.org", "1"),
        ("grace@example.org", "1"),
        ("ada@example.org", "2"),
    ]
    assert [[row[name] for name in IDS if name != "drawn"] for row in rows] == [
        ["1", "1", "1", "1", "1"], ["0", "0.5", "0", "0.5", "0"], ["0", "0", "0", "0", "0"],
    ]  # fmt: skip
    assert "responses.csv:6: not graded: the attempt is 'In progress'" in said
    assert "responses.csv:7: `one`: no such option: 'Something'" in said


def test_a_moodle_text_that_could_mean_two_options_is_not_guessed():
    from courseware.quiz.questions import SingleChoice

    question = SingleChoice(
        id="q", kind="single", section="S", prompt="?",
        options=(
            {"id": "xx", "text": "a*b", "correct": True, "feedback": "."},
            {"id": "yy", "text": "`ab`", "feedback": ".", "misconception": "m"},
        ),
    )  # fmt: skip
    with pytest.raises(ResponseError, match="no such option"):
        read_moodle(question, "ab")


def test_a_folder_that_cannot_be_written_and_an_input_that_would_be_lost(bank, tmp_path):
    file = table(tmp_path / "a.csv", [["ann", "a"]], ("learner", "one"))
    before = file.read_bytes()
    for target, words in (
        (file, "not overwritten"),
        (tmp_path / "no" / "x.csv", "cannot be written"),
        (tmp_path, "folder"),
    ):
        result = CliRunner().invoke(main, ["grade", "90", str(file), "--quizzes", str(bank), "-o", str(target)])
        assert result.exit_code == 2 and words in result.output and len(result.output.splitlines()) == 1
    assert file.read_bytes() == before and sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "bank"]


def test_an_error_halfway_leaves_the_earlier_result(run, bank, tmp_path, monkeypatch):
    file = table(tmp_path / "a.csv", [["ann", "a"]], ("learner", "one"))
    run(file)
    before = (tmp_path / "graded.csv").read_bytes()
    monkeypatch.setattr(GradeFile, "lines", lambda self, *rows: 1 / 0)
    arguments = ["grade", "90", str(file), "--quizzes", str(bank), "-o", str(tmp_path / "graded.csv")]
    assert isinstance(CliRunner().invoke(main, arguments).exception, ZeroDivisionError)
    assert (tmp_path / "graded.csv").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "bank", "graded.csv"]


def test_all_problems_go_into_a_file_if_asked(run, tmp_path):
    file = table(tmp_path / "a.csv", [[f"s{n}", "nonsense"] for n in range(500)], ("learner", "one"))
    _, said = run(file)
    assert said.count("nonsense") < 60 and "more problems" in said
    run(file, options=["--problems", tmp_path / "problems.txt"])
    lines = (tmp_path / "problems.txt").read_text().splitlines()
    assert [f"a.csv:{n + 2}: " in line for n, line in enumerate(lines[2:])] == [True] * 500


def test_without_output_the_table_is_printed(bank, tmp_path):
    file = table(tmp_path / "a.csv", [["ann", "a"]], ("learner", "one"))
    result = CliRunner().invoke(main, ["grade", str(bank / "90_kinds.yaml"), str(file)])
    assert result.exit_code == 0 and result.stdout.splitlines()[1].startswith("ann,1,1,6,16.67,1,0,")


def test_student_copies_cannot_grade_which_is_said_in_one_sentence(bank, tmp_path):
    copies = tmp_path / "copies"
    copies.mkdir()
    (copies / "90_kinds.yaml").write_text(as_yaml(load_quiz(bank / "90_kinds.yaml").without_keys()), encoding="utf-8")
    (tmp_path / "ann.json").write_text(json.dumps({"learner": "ann", "quiz": "90", "answers": {"one": "a"}}))
    table(tmp_path / "90.csv", [["ann", "a"]], ("learner", "one"))
    for file in ("ann.json", "90.csv"):
        for command in (["grade", "kinds"], ["report"], ["report", "--quiz", "kinds"]):
            result = CliRunner().invoke(main, [*command, str(tmp_path / file), "--quizzes", str(copies)])
            assert result.exit_code == 2 and len(result.output.splitlines()) == 1
            assert "'All kinds' is a student copy, without keys" in result.output
    # The quiz itself may be named, and beside it the copies that the answers were given to.
    shutil.copy(bank / "misconceptions.yaml", tmp_path)
    (tmp_path / "90_kinds.yaml").write_text(QUIZ)
    arguments = ["grade", str(tmp_path / "90_kinds.yaml"), str(tmp_path / "ann.json"), "--quizzes", str(copies)]
    assert CliRunner().invoke(main, arguments).exit_code == 0


def a_large_class(path, rows):
    """A class of `rows` learners, who give the same few answers."""
    rng = random.Random(3)
    return table(path, [[f"s{n}", *(rng.choice(CELLS[name]) for name in IDS), n % 7] for n in range(rows)], SEEDED)


def test_grades_do_not_depend_on_how_much_is_remembered_or_read_at_once(run, tmp_path, monkeypatch):
    file, found = a_large_class(tmp_path / "a.csv", 400), []
    for block, most in ((csvfile.BLOCK_BYTES, marks._MOST_REMEMBERED), (2000, 3)):
        monkeypatch.setattr(csvfile, "BLOCK_BYTES", block)
        monkeypatch.setattr(marks, "_MOST_REMEMBERED", most)
        run(file, options=["--feedback", tmp_path / "feedback.csv"])
        found.append(((tmp_path / "graded.csv").read_bytes(), (tmp_path / "feedback.csv").read_bytes()))
    assert found[0] == found[1] and len(found[0][0].splitlines()) == 401


def test_each_distinct_answer_is_graded_once(run, tmp_path, monkeypatch):
    graded = []
    grade = Question.grade
    monkeypatch.setattr(
        Question, "grade", lambda question, response: graded.append(question.id) or grade(question, response)
    )
    run(a_large_class(tmp_path / "a.csv", 3000))
    draws = 4 * 3
    assert len(graded) <= sum(len(CELLS[name]) * (draws if name == "drawn" else 1) for name in IDS)


def test_a_larger_class_takes_no_more_memory_than_to_know_who_was_there(bank, tmp_path, monkeypatch):
    monkeypatch.setattr(csvfile, "BLOCK_BYTES", 10_000)
    monkeypatch.setattr(attendance, "_MOST_PLACES", 500)
    monkeypatch.setattr(copies, "MOST", 500)
    peaks = []
    for rows in (1000, 1000, 8000):  # the first run fills what is kept once and for all
        file = a_large_class(tmp_path / "a.csv", rows)
        tracemalloc.start()
        arguments = ["grade", "90", str(file), "--quizzes", str(bank), "-o", str(tmp_path / "graded.csv")]
        assert CliRunner().invoke(main, arguments).exit_code == 0
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert (peaks[2] - peaks[1]) / 7000 < 150  # bytes a learner: a number in a set


def test_a_table_is_graded_without_pandas_which_takes_long_to_start(bank, tmp_path):
    file = table(tmp_path / "a.csv", [["ann", "a", "1"], ["bob", "b", "2"]], ("learner", "one", "attempt"))
    program = (
        "import sys; from pathlib import Path; from courseware.grading import commands; "
        "commands.grade(sys.argv[1], [Path(sys.argv[2])], Path(sys.argv[3])); print('pandas' in sys.modules)"
    )
    arguments = [str(bank / "90_kinds.yaml"), str(file), str(tmp_path / "graded.csv")]
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False" and "2 rows graded" in done.stderr


def test_no_question_is_called_as_a_column_of_these_tables():
    """Two columns of one name: the first would be taken for the other."""
    assert {*columns.OWN, *columns._EMAIL, *written.GRADES, *gradetable._AFTER} <= COLUMNS
    header = GradeFile([], Problems(), roster=True, sources=True).header()
    assert set(header.strip().split(",")) <= COLUMNS
