"""What was decided about a question afterwards holds in grades, report and statistics, and every change is accounted for."""

import csv
import json

import pytest

from courseware.grading.adjustments import SCHEMA_FILE, load_adjustments, schema_text
from courseware.quiz.folder import Quizzes
from courseware.quiz.load import QuizError, load_quiz

IDS = [*(f"q{number}" for number in range(1, 9)), "word", "drawn"]


@pytest.fixture
def adjust(bank):
    def adjust(text):
        (bank / "adjustments.yaml").write_text(text, encoding="utf-8")

    return adjust


@pytest.fixture
def answers(table, bank):
    quiz = load_quiz(bank / "91_one.yaml")
    right = [*["a"] * 8, "overfitting", f"{quiz.drawn(5).questions[-1].answer:g}"]
    rows = [
        ["ann", *right],
        ["bob", "b", "b", *["a"] * 6, "over-fit", "1"],
        ["cy", "", "c", *["a"] * 6, "nonsense", "x"],
    ]
    return table("a.csv", [[*row, "5"] for row in rows], ["learner", *IDS, "seed"])


def points(rows, *names):
    return {row["learner"]: tuple(row[name] for name in names) for row in rows}


def test_a_void_question_counts_for_nobody_and_is_no_part_of_the_sum(grades, answers, adjust):
    before, _ = grades(answers)
    adjust("91_one:\n  q1: {void: true, reason: two true answers}\n")
    rows, said = grades(answers)
    assert points(rows, "q1", "points", "out_of") == {
        "ann": ("", "9", "9"),
        "bob": ("", "6", "9"),
        "cy": ("", "6", "9"),
    }
    assert points(before, "points", "out_of") == {"ann": ("10", "10"), "bob": ("6", "10"), "cy": ("6", "10")}
    assert "adjustments.yaml: `q1`: void (two true answers)" in said and not any(
        "q1:" in row["feedback"] for row in rows
    )


def test_full_points_for_all_are_for_those_as_well_who_did_not_answer_or_cannot_be_read(grades, answers, adjust):
    adjust("91_one:\n  q1: {full_points: true}\n  drawn: {full_points: true}\n")
    rows, said = grades(answers)
    assert points(rows, "q1", "drawn", "points") == {
        "ann": ("1", "1", "10"),
        "bob": ("1", "1", "8"),
        "cy": ("1", "1", "8"),
    }
    assert "could not be read" not in said


def test_another_answer_is_accepted_in_every_spelling_that_is_graded_alike(grades, answers, adjust):
    adjust("91_one:\n  q2: {accept: [opt-b]}\n  word: {accept: [over fit]}\n  drawn: {accept: [n - n + 1]}\n")
    rows, _ = grades(answers)
    assert points(rows, "q2", "word", "drawn") == {"ann": ("1",) * 3, "bob": ("1",) * 3, "cy": ("0",) * 3}
    assert "q2" not in rows[1]["feedback"] and "q1" in rows[1]["feedback"]


def test_a_weight_is_what_a_question_is_worth(grades, answers, adjust):
    adjust("91_one:\n  q1: {weight: 3}\n  word: {weight: 0.5, accept: [over-fit]}\n")
    rows, _ = grades(answers)
    assert points(rows, "q1", "word", "points", "out_of") == {
        "ann": ("3", "0.5", "11.5", "11.5"), "bob": ("0", "0.5", "6.5", "11.5"), "cy": ("0", "0", "6", "11.5"),
    }  # fmt: skip


def test_without_the_file_or_with_a_weight_of_one_nothing_changes(grades, answers, adjust, tmp_path):
    grades(answers)
    before = (tmp_path / "graded.csv").read_bytes()
    adjust("91_one:\n  q1: {weight: 1}\n")
    grades(answers)
    assert (tmp_path / "graded.csv").read_bytes() == before


def test_the_report_counts_as_the_grades_do(course, table, adjust, tmp_path):
    rows = [[f"s{n}", *("ab"[(n + q) % 3 == 0] for q in range(8))] for n in range(30)]
    file = table("91_one.csv", rows, ["learner", *IDS[:8]])
    adjust("91_one:\n  q1: {void: true}\n  q2: {weight: 2}\n  q3: {accept: [opt-b]}\n  q4: {full_points: true}\n")
    course("report", file, "-o", tmp_path / "out")
    with (tmp_path / "out" / "items.csv").open(newline="") as opened:
        items = {row["question"]: row for row in csv.DictReader(opened)}
    assert "q1" not in items and [items[name]["difficulty"] for name in ("q2", "q3", "q4", "q5")] == [
        "0.666667", "1", "1", "0.666667",
    ]  # fmt: skip
    with (tmp_path / "out" / "learners.csv").open(newline="") as opened:
        learners = list(csv.DictReader(opened))
    for row, answer in zip(learners, rows, strict=True):
        by_hand = 2 * (answer[2] == "a") + 2 + sum(each == "a" for each in answer[5:9])
        assert (float(row["points"]), row["out_of"]) == (by_hand, "8")
    page = (tmp_path / "out" / "report.html").read_text()
    assert "<li>q1: void</li>" in page and "<li>q3: also accepted: opt-b</li>" in page
    assert "Mean, of 8 points" in page


def test_an_option_that_is_accepted_is_not_ahead_of_the_right_one(course, table, adjust, tmp_path):
    rows = [[f"s{n}", *("b" if n > 10 else "c"), *("a" if n > 10 else "b") * 7] for n in range(30)]
    file = table("91_one.csv", rows, ["learner", *IDS[:8]])
    course("report", file, "-o", tmp_path / "out")
    assert "more learners chose" in (tmp_path / "out" / "items.csv").read_text()
    adjust("91_one:\n  q1: {accept: [opt-b]}\n")
    course("report", file, "-o", tmp_path / "out")
    assert "more learners chose" not in (tmp_path / "out" / "items.csv").read_text()


def test_an_answer_that_is_accepted_is_no_wrong_one_in_the_report(course, table, adjust, tmp_path):
    file = table("91_one.csv", [["ann", "over-fit"], ["bob", "nonsense"]], ["learner", "word"])
    course("report", file, "-o", tmp_path / "out")
    others = (tmp_path / "out" / "report.html").read_text().split("Is one of them right?")[1]
    assert "over-fit" in others
    adjust("91_one:\n  word: {accept: [over fit]}\n")
    course("report", file, "-o", tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text()
    assert "over-fit" not in page.split("Is one of them right?")[1] and "Accepted later" in page


def test_all_faults_are_told_at_once_with_their_lines(bank, adjust):
    adjust(
        "91_one:\n  q1: {}\n  q2: {void: true, weight: 2}\n  q33: {void: true}\n  q3: {accept: [opt-x]}\n"
        "  q4: {weight: -1}\n  q5: {voided: true}\n  drawn: {accept: [n / 0]}\n91_two:\n  q1: {void: true}\n"
    )
    with pytest.raises(QuizError) as caught:
        load_adjustments(Quizzes(bank))
    lines = [problem.split("adjustments.yaml:")[1] for problem in caught.value.problems]
    assert [line.split(":")[0] for line in lines] == ["2", "3", "4", "5", "6", "7", "8", "9"]
    for words in ("says nothing", "is void", "did you mean `q3`", "no such option", "greater than 0", "`voided`",
                  "cannot be worked out", "there is no quiz `91_two`"):  # fmt: skip
        assert any(words in line for line in lines), (words, lines)


def test_a_quiz_with_nothing_left_is_refused(bank, adjust):
    adjust("91_one:\n" + "".join(f"  {name}: {{void: true}}\n" for name in IDS))
    with pytest.raises(QuizError, match="every question is void"):
        load_adjustments(Quizzes(bank))


def test_the_file_is_no_quiz_of_the_bank(bank, adjust):
    adjust("91_one:\n  q1: {void: true}\n")
    assert [quiz.lesson for quiz in Quizzes(bank).all()] == ["91_one"]


def test_the_schema_is_the_one_of_the_model():
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text() and json.loads(schema_text())["$defs"]["Adjustment"]


def test_whose_mark_changed_is_told_with_the_questions(course, grades, answers, adjust, tmp_path):
    grades(answers)
    old = (tmp_path / "graded.csv").rename(tmp_path / "old.csv")
    adjust("91_one:\n  q2: {accept: [opt-b]}\n  q1: {void: true}\n")
    answers.write_text(answers.read_text() + "dee" + "," * 11 + "5\n")
    _, said = grades(answers, "--compare", old)
    told = [line for line in said.splitlines() if "→" in line]
    assert told == [
        "ann: 10 of 10 → 9 of 9 (q1 1 → void)",
        "bob: 6 of 10 → 7 of 9 (q1 0 → void, q2 0 → 1)",
        "cy: 6 of 10 → 6 of 9 (q1 0 → void)",
    ]
    assert "3 marks differ, 0 as before, 1 new, 0 gone." in said
    _, said = grades(answers, "--compare", tmp_path / "graded.csv")  # which is written anew by the same command
    assert "0 marks differ, 4 as before, 0 new, 0 gone." in said and "→" not in said


def test_a_question_that_was_deleted_since_is_told_as_such(grades, bank, hand_in, tmp_path):
    hand_in("a.json", "Ann", {"q8": "opt-a", "q1": "opt-a", "word": "overfitting"})
    grades(tmp_path / "answers")
    old = (tmp_path / "graded.csv").rename(tmp_path / "old.csv")
    text = (bank / "91_one.yaml").read_text()
    start, end = text.index("  - id: word"), text.index("  - id: drawn")
    (bank / "91_one.yaml").write_text(text[:start] + text[end:])
    _, said = grades(tmp_path / "answers", "--compare", old)
    assert "Ann: 3 of 10 → 2 of 9 (word 1 → not asked)" in said and "`word` is not a question of the quiz" in said


def test_a_table_that_went_through_excel_is_compared_all_the_same(course, grades, answers, tmp_path):
    for how in ("comma", "semicolon"):
        course("grade", "91", answers, "-o", tmp_path / "old.csv", "--excel", how)
        assert (tmp_path / "old.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        assert "0 marks differ, 3 as before" in grades(answers, "--compare", tmp_path / "old.csv")[1]


def test_only_a_table_of_grades_can_be_compared_with(course, answers, tmp_path):
    for old in (answers, tmp_path / "absent.csv"):
        assert len(course("grade", "91", answers, "--compare", old, status=2).output.splitlines()) == 1


def test_marks_of_before_are_found_with_and_without_a_roster_and_never_those_of_a_namesake(grades, table, tmp_path):
    roster = table("roster.csv", [["9", "Cy Orr"], ["10", "Cy Orr"], ["7", "Ann Lee"]], ["id", "name"])
    file = table("a.csv", [["Cy Orr", "9", "a"], ["ann lee", "", "a"]], ["learner", "id", "q1"])
    grades(file)
    without = (tmp_path / "graded.csv").rename(tmp_path / "without.csv")
    assert "0 marks differ, 2 as before" in grades(file, "--roster", roster, "--compare", without)[1]
    with_ids = (tmp_path / "graded.csv").rename(tmp_path / "with.csv")
    assert "0 marks differ, 2 as before" in grades(file, "--compare", with_ids)[1]
    file = table("a.csv", [["Cy Orr", "10", "b"], ["ann lee", "", "a"]], ["learner", "id", "q1"])
    _, said = grades(file, "--roster", roster, "--compare", with_ids)
    assert "0 marks differ, 1 as before, 1 new, 1 gone." in said and "Cy Orr, attempt 1: not graded any more" in said


@pytest.mark.parametrize(
    "name",
    ["adjustments.yml", "Adjustments.yaml", "adjustments.yaml.txt", "adjustment.yaml", "adjustments (1).yaml"],
)
@pytest.mark.parametrize("beside", [True, False])
def test_a_file_that_is_meant_and_not_read_is_named(course, answers, bank, adjust, name, beside):
    if beside:
        adjust("91_one: {q1: {void: true}}\n")
    (bank / name).write_text("91_one: {q2: {void: true}}\n")
    for command in (("grade", "91"), ("report",)):
        said = course(*command, answers, status=2).output
        assert f"{bank / name}: decisions are read from `adjustments.yaml` only; rename it" in said


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n"])
def test_an_empty_file_is_told_in_its_own_words(course, answers, adjust, text):
    adjust(text)
    said = course("grade", "91", answers, status=2).output
    assert "adjustments.yaml: the file is empty; write the quiz's name, and beneath it" in said


def test_an_answer_that_cannot_be_accepted_names_its_question(course, answers, adjust):
    adjust("91_one:\n  q1: {accept: [opt-z]}\n")
    assert "`q1`: no response to this question" in course("grade", "91", answers, status=2).output


def test_a_sum_of_thirds_is_as_before(course, grades, answers, adjust, tmp_path):
    third = "{weight: 0.3333333333333}"
    adjust(f"91_one: {{q3: {third}, q4: {third}, q5: {third}, q6: {third}, q7: {third}}}\n")
    grades(answers)
    said = course("grade", "91", answers, "--compare", tmp_path / "graded.csv", "-o", tmp_path / "new.csv").output
    assert "0 marks differ, 3 as before" in said
