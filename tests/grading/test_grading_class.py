"""A class as it is: who is who, who handed in twice, who is missing, what was copied, what changed since."""

import os
import random
import subprocess
import unicodedata
from itertools import combinations

import numpy as np
import pytest

from courseware.errors import CourseError
from courseware.grading import columns
from courseware.grading.copies import at_least
from courseware.grading.people import Roster
from courseware.quiz.load import load_quiz
from courseware.quiz.student_copy import fingerprint

ROSTER = """\
Student ID,Name,E-Mail,Section
007,Ann Lee,ann@example.org,A
8,"Lee, Bo",bo@example.org,A
9,Cy Orr,cy@example.org,B
10,Cy Orr,cy2@example.org,B
"""
RIGHT = dict.fromkeys([f"q{number}" for number in range(1, 9)], "opt-a")


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER, encoding="utf-8")
    return path


# Who is who


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["007"], "007"), (["7"], "007"), (["ann lee"], "007"), (["Ann  LEE "], "007"), (["Lee, Bo"], "8"),
        (["Bo Lee"], "8"), (["BO@example.org"], "8"), (["9", "Cy Orr"], "9"), (["cy2@example.org", "Cy Orr"], "10"),
        (["", "Ann Lee"], "007"), (["mine@home.example", "Ann Lee"], "007"),
    ],
)  # fmt: skip
def test_a_learner_is_found_by_id_e_mail_or_name(roster, texts, found):
    assert Roster(roster).find(texts).id == found


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["Cy Orr"], "2 in the roster are called so"),
        (["Eve"], "nobody"),
        (["8", "Ann Lee"], "mend one of them"),
        (["99", "Ann Lee"], "nobody in the roster has the id 99, and Ann Lee (007, A) has another"),
    ],
)
def test_who_cannot_be_told_is_said(roster, texts, words):
    assert words in Roster(roster).find(texts)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_names_are_the_same_however_accents_are_stored(tmp_path, delimiter):
    path = tmp_path / "roster.csv"
    path.write_text(delimiter.join(["First name", "Surname"]) + "\n" + delimiter.join(["Alí", "Núñez"]), "utf-8-sig")
    for form in ("NFC", "NFD"):
        assert Roster(path).find([unicodedata.normalize(form, " alí  núñez")]).name == "Alí Núñez"


def test_a_gradebook_of_canvas_is_a_roster(tmp_path):
    path = tmp_path / "canvas.csv"
    path.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (7)\n    Points Possible,,,,,10\n"
        '"Lee, Ann",4711,s1,ann,Group A,\n"Student, Test",9,,x,Group A,\n'
    )
    [ann] = Roster(path).people
    assert (ann.id, ann.canvas_id, ann.name, ann.email, ann.section) == ("s1", "4711", "Lee, Ann", "ann", "Group A")


def test_all_faults_of_a_roster_are_told_at_once(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("id,name,email\n1,Ann,a@x\n1,Bo,b@x\n,,\n2,Cy\n3,Di,A@x\n,,  \n")
    with pytest.raises(CourseError) as caught:
        Roster(path)
    assert [line.split(":")[1] for line in str(caught.value).splitlines()] == ["5", "3", "6"]
    path.write_text("points,grade\n1,2\n")
    with pytest.raises(CourseError, match="none of the columns id, name, email"):
        Roster(path)


def test_rows_get_their_id_and_section_and_who_is_missing_is_listed(grades, table, hand_in, roster):
    hand_in("a.json", "ann lee", RIGHT)
    table("answers/b.csv", [["bo@example.org", "opt-a"], ["Cy Orr", "opt-a"], ["Eve", "opt-a"]], ["learner", "q1"])
    rows, said = grades(roster.parent / "answers", "--roster", roster, status=1)
    assert [(row["learner"], row["id"], row["section"]) for row in rows] == [
        ("Ann Lee", "007", "A"), ("Lee, Bo", "8", "A"), ("Cy Orr", "", ""), ("Eve", "", ""),
    ]  # fmt: skip
    assert "b.csv:3: 'Cy Orr': 2 in the roster are called so" in said and "b.csv:4: 'Eve': nobody" in said
    assert "2 of 4 learners in the roster have no answers: Cy Orr (9, B); Cy Orr (10, B)" in said
    assert "2 rows or files are of nobody in the roster" in said


def test_two_learners_of_one_name_are_told_apart_by_id(course, table, roster, tmp_path):
    rows = [["Cy Orr", "9", "opt-a"], ["Cy Orr", "10", "opt-b"]]
    for more in ((), ("--roster", roster)):
        file = table("91_one.csv", rows, ["learner", "id", "q1"])
        said = course("report", file, "-o", tmp_path / "out", *more).output
        assert "2 learners, 1 quiz" in said and "once more" not in said
    text = (tmp_path / "out" / "learners.csv").read_text()
    assert "Cy Orr,1,1,1,100,9,B\n" in text and "Cy Orr,1,0,1,0,10,B\n" in text


def test_a_roster_among_the_answers_is_no_answer(grades, hand_in, tmp_path):
    hand_in("a.json", "Ann Lee", RIGHT)
    (tmp_path / "answers" / "roster.csv").write_text(ROSTER)
    rows, _ = grades(tmp_path / "answers", "--roster", tmp_path / "answers" / "roster.csv")
    assert len(rows) == 1


# Several attempts


@pytest.mark.parametrize("other", ["ann LEE", "Ann  Lee", " Ann Lee"])
def test_one_learner_twice_is_told_with_both_places(grades, table, hand_in, other):
    file = table("a.csv", [["Ann Lee", "opt-a"], ["Bo", "opt-a"], [other, "opt-b"]], ["learner", "q1"])
    rows, said = grades(file)
    assert len(rows) == 3 and f"a.csv:4: attempt 1 of {' '.join(other.split())} once more, after a.csv:2" in said
    hand_in("x.json", other)
    assert "x.json: attempt 1 of" in grades(file, file.parent / "answers")[1]


@pytest.mark.parametrize(("attempt", "points"), [("first", "1"), ("last", "2"), ("best", "3")])
def test_attempts_go_by_number_and_time_and_not_by_the_names_of_files(course, hand_in, tmp_path, attempt, points):
    answers = [dict.fromkeys([f"q{n}" for n in range(1, right + 1)], "opt-a") for right in range(4)]
    hand_in("c.json", "Ann", answers[1], attempt=1, handed_in="2026-11-01T23:30:00+01:00")
    hand_in("a.json", "Ann", answers[3], attempt=1, handed_in="2026-11-01T22:40:00+00:00")  # ten minutes later
    hand_in("b.json", "ann", answers[2], attempt=2, handed_in="2026-11-01T23:00:00+00:00")
    course("report", tmp_path / "answers", "--attempt", attempt, "-o", tmp_path / "out")
    assert f",{points},10," in (tmp_path / "out" / "learners.csv").read_text().splitlines()[1]


def test_where_a_page_counts_anew_the_time_decides(course, hand_in, tmp_path):
    answers = [dict.fromkeys([f"q{n}" for n in range(1, right + 1)], "opt-a") for right in range(4)]
    hand_in("a.json", "Ann", answers[1], attempt=2, handed_in="2026-11-02T09:00:00+00:00")
    hand_in("b.json", "Ann", answers[2], attempt=1, handed_in="2026-11-03T09:00:00+00:00")
    course("report", tmp_path / "answers", "--attempt", "last", "-o", tmp_path / "out")
    assert ",2,10," in (tmp_path / "out" / "learners.csv").read_text().splitlines()[1]


def test_hand_ins_say_their_file_seed_and_time(grades, hand_in, table, tmp_path):
    hand_in("a.json", "Ann", RIGHT, attempt=2, handed_in="2026-11-01T21:00:00+00:00")
    rows, _ = grades(tmp_path / "answers")
    assert [rows[0][name] for name in ("attempt", "file", "seed", "handed_in")] == [
        "2", "a.json", "00000000000000aa", "2026-11-01T21:00:00+00:00",
    ]  # fmt: skip
    rows, _ = grades(table("a.csv", [["Ann", "opt-a"]], ["learner", "q1"]))
    assert (
        list(rows[0])[:5] == ["learner", "attempt", "points", "out_of", "percent"] and list(rows[0])[-1] == "feedback"
    )


# Everything that was not read


@pytest.mark.parametrize("command", ["grade", "report"])
def test_files_that_are_not_read_are_named_and_the_status_says_so(course, hand_in, tmp_path, command):
    hand_in("Ann Lee_12_assignsubmission_file/91_one_Ann.json", "Ann Lee", RIGHT)
    (tmp_path / "answers" / "groupF.xlsx").write_bytes(b"PK")
    (tmp_path / "answers" / "carl.json.bak").write_text("{}")
    more = ["91"] if command == "grade" else ["-o", tmp_path / "out"]
    said = course(command, *more, tmp_path / "answers", status=1).output
    assert "groupF.xlsx: not read: a spreadsheet" in said and "carl.json.bak: not read" in said
    assert "2 files were not read; see above." in said


def test_who_uploaded_and_who_stands_in_the_file_are_compared(grades, hand_in, roster, tmp_path):
    hand_in("Ann Lee_12_assignsubmission_file/a.json", "ann lee", RIGHT)
    hand_in("Mal Oy_13_assignsubmission_file/b.json", "Bo Lee", RIGHT)
    for more in ((), ("--roster", roster)):
        _, said = grades(tmp_path / "answers", *more)
        assert said.count("uploaded it") == 1 and "b.json: Mal Oy uploaded it, and in it stands" in said


def test_a_table_that_a_learner_uploaded_speaks_for_nobody(grades, hand_in, table, tmp_path):
    hand_in("Ann Lee_12_assignsubmission_file/a.json", "Ann Lee", RIGHT)
    table("answers/Mal_13_assignsubmission_file/x.csv", [["Ann Lee", "b"], ["Mal", "opt-a"]], ["learner", "q1"])
    rows, said = grades(tmp_path / "answers", status=1)
    assert [row["learner"] for row in rows] == ["Ann Lee"] and "in what Mal uploaded; name it yourself" in said
    file = tmp_path / "answers" / "Mal_13_assignsubmission_file" / "x.csv"
    assert len(grades(file)[0]) == 2


def test_a_link_is_no_hand_in_and_is_named(grades, hand_in, tmp_path):
    ann = hand_in("ann.json", "Ann", RIGHT)
    (tmp_path / "answers" / "bob.json").symlink_to(ann)
    (tmp_path / "answers" / "sub").symlink_to(tmp_path)
    rows, said = grades(tmp_path / "answers", status=1)
    assert len(rows) == 1 and "bob.json: not read: a link" in said and "sub: not read: a link" in said


def test_folders_within_folders_without_end_stop_nobody(grades, hand_in, tmp_path, monkeypatch):
    hand_in("a.json", "Ann", RIGHT)
    with monkeypatch.context() as inside:
        inside.chdir(tmp_path / "answers")
        for _ in range(1200):
            os.mkdir("d")
            os.chdir("d")
    try:
        assert len(grades(tmp_path / "answers", "--problems", tmp_path / "p.txt")[0]) == 1
    finally:
        subprocess.run(["rm", "-rf", tmp_path / "answers"], check=True)  # which shutil cannot


@pytest.mark.parametrize("depth", [20, 300, 900, 5000])
def test_an_answer_nested_without_end_costs_nobody_else_anything(course, grades, hand_in, tmp_path, depth):
    hand_in("z.json", "Zoë", RIGHT)
    path = hand_in("a.json", "Ann", {"q1": "opt-a"}, seed=f"{1:016x}")
    for nested in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
        path.write_text(path.read_text().split('"answers"')[0] + f'"answers": {{"q1": {nested}}}}}')
        rows, said = grades(tmp_path / "answers", status=1)
        assert [row["learner"] for row in rows] == ["Zoë"] and "a.json: nested too deep" in said
        course("report", tmp_path / "answers", "-o", tmp_path / "out", status=1)


def test_quizzes_and_answers_may_lie_in_one_folder(course, hand_in, bank):
    ann = hand_in("ann.json", "Ann", RIGHT)
    ann.rename(bank / "ann.json")
    assert course("grade", bank / "91_one.yaml", bank).stdout.count("\n") == 2


# Copies


def test_one_seed_under_two_names_is_told_and_one_learner_s_attempts_are_not(course, grades, hand_in, tmp_path):
    hand_in("ann.json", "Ann Lee", RIGHT)
    hand_in("bob.json", "Bob", RIGHT)
    hand_in("cy.json", "Cy", RIGHT, seed="00000000000000cc")
    hand_in("cy2.json", "Cy", RIGHT, seed="00000000000000cc", attempt=2)
    _, said = grades(tmp_path / "answers")
    assert "the same seed 00000000000000aa under 2 names" in said and "Ann Lee (ann.json), Bob (bob.json)" in said
    assert "00000000000000cc" not in said
    course("report", tmp_path / "answers", "-o", tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text()
    assert "the same seed 00000000000000aa under 2 names" in page and "Ann" not in page and "bob.json" not in page
    course("report", tmp_path / "answers", "-o", tmp_path / "out", "--names")
    assert "Ann Lee (ann.json), Bob (bob.json)" in (tmp_path / "out" / "report.html").read_text()


def test_a_seed_that_the_instructor_gives_is_nobody_s_own(grades, table, tmp_path):
    file = table("a.csv", [["Ann", "14"], ["Bob", "14"]], ["learner", "drawn"])
    assert "same seed" not in grades(file, "--seed", "00000000000000aa")[1]


@pytest.mark.parametrize(("seed", "words"), [(None, "no seed"), ("mine", "a seed that is none of the course's")])
def test_a_seed_that_the_course_did_not_make_is_told(grades, hand_in, tmp_path, seed, words):
    for name in ("a.json", "b.json"):
        hand_in(name, name, RIGHT, seed=seed)
    _, said = grades(tmp_path / "answers")
    assert f"{words}" in said and said.count("not handed in with the course") == 1 and "(a.json, b.json)" in said


def test_the_chance_to_agree_is_that_of_all_ways_to_agree():
    chances = [0.1, 0.5, 0.9, 0.3]
    for number in range(5):
        ways = [
            np.prod([p if n in chosen else 1 - p for n, p in enumerate(chances)])
            for size in range(number, 5)
            for chosen in combinations(range(4), size)
        ]
        assert at_least(number, chances) == pytest.approx(sum(ways))


def a_class(rng, learners=60):
    """Learners of all strengths, who choose among wrong options independently, some more often than others."""
    rows = []
    for _ in range(learners):
        strength = rng.random()
        rows.append([
            "opt-a" if rng.random() < strength else rng.choices(["opt-b", "opt-c", "opt-d"], [6, 3, 1])[0] for _ in range(8)
        ])  # fmt: skip
    return rows


def test_honest_classes_are_left_alone_and_a_copy_is_found(grades, table):
    names = [f"q{n}" for n in range(1, 9)]
    for seed in range(5):
        rows = a_class(random.Random(seed))
        file = table("a.csv", [[f"s{n}", *row] for n, row in enumerate(rows)], ["learner", *names])
        assert "same wrong answer" not in grades(file)[1]
        rows[7] = rows[31] = ["opt-d"] * 7 + ["opt-a"]
        file = table("a.csv", [[f"s{n}", *row] for n, row in enumerate(rows)], ["learner", *names])
        _, said = grades(file)
        assert (
            "91_one: the same wrong answer to 7 of the 7 questions" in said and "s7 (a.csv:9), s31 (a.csv:33)" in said
        )
        assert said.count("the same wrong answer") == 1


def test_what_is_typed_is_compared_as_it_is_graded(grades, table, hand_in, tmp_path):
    """A text of CSV and one of JSON are the same, whatever the capitals; so are options by letter and by id."""
    others = [[f"s{n}", *random.Random(n).choices(["b", "c", "d"], k=8), f"other {n}"] for n in range(40)]
    copied = ["d", "d", "b", "d", "c", "d", "d", "d"]
    table(
        "answers/a.csv", [*others, ["Ann", *copied, "Over fit"]], ["learner", *(f"q{n}" for n in range(1, 9)), "word"]
    )
    answers = {f"q{n}": f"opt-{letter}" for n, letter in enumerate(copied, 1)}
    hand_in("bob.json", "Bob", {**answers, "word": "over  FIT"})
    assert "the same wrong answer to 9 of the 9" in grades(tmp_path / "answers")[1]


def test_very_many_likenesses_are_counted_and_some_are_listed(grades, table, tmp_path):
    rows = [[f"s{n}", f"{n // 2:016x}", "opt-a"] for n in range(500)]
    _, said = grades(table("a.csv", rows, ["learner", "seed", "q1"]), "--problems", tmp_path / "p.txt")
    assert "250 groups of hand-ins are alike; 40 of them are listed" in said


# An exam


@pytest.mark.parametrize("name", ["midterm", "20_midterm", "03_fnn_retake"])
def test_an_exam_of_any_name_is_graded_and_reported(course, bank, hand_in, table, tmp_path, name):
    text = (bank / "91_one.yaml").read_text()
    (bank / f"{name}.yaml").write_text(text.replace("lesson: 91_one", f"lesson: {name}"))
    hand_in("ann.json", "Ann", RIGHT, quiz=name)
    table(f"answers/{name}_b.csv", [["Bo", "opt-a"]], ["learner", "q1"])
    assert course("grade", name, tmp_path / "answers").stdout.count("\n") == 3
    course("report", tmp_path / "answers", "-o", tmp_path / "out")
    lines = (tmp_path / "out" / "learners.csv").read_text().splitlines()[1:]
    assert sorted(line.split(",")[:2] for line in lines) == [
        [name, "Ann"], [name, "Bo"],
    ]  # fmt: skip


# Another version of the quiz


def test_answers_to_another_version_are_told_loudly_and_by_letter_refused(grades, hand_in, bank, tmp_path):
    now = fingerprint(load_quiz(bank / "91_one.yaml"))
    hand_in("a.json", "Ann", {"q1": "opt-a"}, fingerprint=now)
    assert "WARNING" not in grades(tmp_path / "answers")[1]
    text = (bank / "91_one.yaml").read_text()
    (bank / "91_one.yaml").write_text(text.replace("Question 1?", "Question one?"))
    hand_in("b.json", "Bob", {"q1": "b"}, fingerprint=now, seed="00000000000000bb")
    hand_in("c.json", "Cy", {"q1": "b"}, seed="00000000000000cc")
    rows, said = grades(tmp_path / "answers", status=1)
    assert [row["learner"] for row in rows] == ["Ann", "Cy"]
    assert "WARNING: 91_one is not the quiz that was answered" in said and "(a.json)" in said
    assert "b.json: answers to another version of 91_one" in said and "`q1` by letter or place" in said
    assert "answers by letter that do not say which version" in said and "(c.json)" in said


def test_what_concerns_the_whole_class_is_shown_however_many_small_problems_there_are(grades, hand_in, table, roster):
    table("answers/a.csv", [[f"s{n}", "nonsense"] for n in range(200)], ["learner", "q1"])
    hand_in("z.json", "Ann Lee", RIGHT, fingerprint="0" * 16)
    hand_in("z2.json", "Bo Lee", RIGHT)
    _, said = grades(roster.parent / "answers", "--roster", roster, status=1)
    assert said.count("nonsense") < 60 and "more problems, which are not shown" in said
    assert "WARNING" in said and "in the roster have no answers" in said and "the same seed" in said


def test_an_option_that_was_moved_after_the_quiz_was_handed_out_is_graded_as_it_was_meant(
    grades, hand_in, bank, tmp_path
):
    path = bank / "91_one.yaml"
    handed_out = load_quiz(path).without_keys()
    names = {each.id: each.shown[0].id for each in handed_out.questions if each.shown}  # the right one stands first
    hand_in("ann.json", "Ann", names, fingerprint=fingerprint(handed_out))
    assert grades(tmp_path / "answers")[0][0]["points"] == "8"
    lines = path.read_text().splitlines()
    for number in [number for number, line in enumerate(lines) if "opt-a" in line]:
        lines[number : number + 4] = [*lines[number + 1 : number + 4], lines[number].replace("right", "reworded")]
    path.write_text("\n".join(lines))
    assert [each.shown[3].text for each in load_quiz(path).questions[:2]] == ["reworded 1", "reworded 2"]
    rows, said = grades(tmp_path / "answers")
    assert rows[0]["points"] == "8" and "WARNING: 91_one is not the quiz that was answered" in said


def test_letters_of_version_0_1_0_are_refused_where_the_order_has_changed(grades, hand_in, bank, tmp_path):
    ordering = """\
  - id: {name}
    kind: ordering
    section: S
    prompt: Order?
    items: [{{id: i1, text: first}}, {{id: i2, text: second}}]
    feedback: Right.
    wrong: No.
"""
    names = [f"o{n}" for n in range(12)]
    with (bank / "91_one.yaml").open("a") as file:
        file.write("".join(ordering.format(name=name) for name in names))
    quiz = {question.id: question for question in load_quiz(bank / "91_one.yaml").questions}
    as_written = [name for name in names if quiz[name].shown == quiz[name].items]
    others = [name for name in names if name not in as_written]
    assert as_written and others  # version 0.1.0 never showed items in the right order, and turned them round instead
    hand_in("a.json", "Ann", {others[0]: ["a", "b"]})
    hand_in("b.json", "Bob", {as_written[0]: ["a", "b"]}, seed="00000000000000bb")
    rows, said = grades(tmp_path / "answers", status=1)
    assert [row["learner"] for row in rows] == ["Ann"] and rows[0][others[0]] == "0"
    assert f"b.json: `{as_written[0]}` is answered by letters" in said


def test_a_hand_in_with_very_many_ids_is_read_in_one_pass(grades, hand_in, tmp_path, monkeypatch):
    """Counted, not timed: how many ids are compared with those of the questions."""
    seen = []
    near = columns.difflib.get_close_matches
    monkeypatch.setattr(
        columns.difflib, "get_close_matches", lambda *given, **more: seen.append(1) or near(*given, **more)
    )
    hand_in("a.json", "Ann", {**RIGHT, **{f"x{n}": 1 for n in range(20_000)}})
    rows, said = grades(tmp_path / "answers")
    assert rows[0]["points"] == "8" and 0 < len(seen) <= 20 and "19,990 more ids that are no questions" in said


def test_a_question_that_was_deleted_costs_nobody_a_hand_in(grades, hand_in, tmp_path):
    for name in ("ann", "bo"):
        hand_in(f"{name}.json", name, {**RIGHT, "relu-slope": "opt-a"}, seed=f"{len(name):016x}")
    rows, said = grades(tmp_path / "answers")
    assert [row["points"] for row in rows] == ["8", "8"]
    assert said.count("`relu-slope` is not a question of the quiz") == 1 and "(ann.json, bo.json)" in said


# Seeds in tables


@pytest.mark.parametrize(
    ("written", "meant"),
    [("D7665D013E20DFE2", "d7665d013e20dfe2"), (" d7665d013e20dfe2", "d7665d013e20dfe2"), ("0.0", "0"), ("0,0", "0"), ("07", "7")],
)  # fmt: skip
def test_a_seed_is_read_as_it_was_meant_wherever_it_stands(grades, table, hand_in, bank, tmp_path, written, meant):
    right = load_quiz(bank / "91_one.yaml").drawn(meant).questions[-1].answer
    file = table("a.csv", [["ann", written, f"{right:g}"]], ["learner", "seed", "drawn"])
    plain = table("b.csv", [["ann", f"{right:g}"]], ["learner", "drawn"])
    one = hand_in("ann.json", "ann", {"drawn": right}, seed=written.strip())
    for arguments, status in (((file,), 0), ((plain, "--seed", written), 0), ((one,), 0)):
        [row], _ = grades(*arguments, status=status)
        assert row["drawn"] == "1"


@pytest.mark.parametrize("written", ["d7665d013e20dfe", "d7665d013e20dfe22", "spring", "0.5", "7665013", "1e3", "-1"])
def test_what_is_no_seed_costs_the_row_and_never_draws(grades, table, written):
    rows = [["ann", written, "14", "a"], ["bo", "0", "14", "a"], ["cy", written, "", "a"]]
    out, said = grades(table("a.csv", rows, ["learner", "seed", "drawn", "q1"]), status=int(written != "7665013"))
    if written == "7665013":  # a number may be one
        assert len(out) == 3
    else:
        assert "bo" in {row["learner"] for row in out} and "ann" not in {row["learner"] for row in out}
        assert f"a.csv:2: the seed '{written}' is none of the course's" in said


def test_a_seed_that_is_none_is_refused_on_the_command_line(course, table):
    file = table("a.csv", [["ann", "14"]], ["learner", "drawn"])
    said = course("grade", "91", file, "--seed", "d7665d013e20dfe", status=2).output
    assert "--seed: the seed 'd7665d013e20dfe' is none of the course's" in said


@pytest.mark.parametrize(("attempt", "points"), [("first", "0"), ("last", "1")])
def test_the_time_in_a_table_decides_in_report_and_gradebook_alike(
    course, grades, table, roster, tmp_path, attempt, points
):
    rows = [["Ann Lee", "2", "2026-11-20 09:00", "b"], ["Ann Lee", "1", "2026-11-21 09:00", "a"]]
    file = table("91_one.csv", rows, ["learner", "attempt", "handed_in", "q1"])
    grades(file, "--roster", roster)
    more = ["--to", "moodle", "--roster", roster, "--attempt", attempt]
    course("gradebook", tmp_path / "graded.csv", *more, "-o", tmp_path / "book.csv")
    assert (tmp_path / "book.csv").read_text().splitlines()[1].endswith(f",{points}")
    course("report", file, "-o", tmp_path / "report", "--attempt", attempt, "--roster", roster)
    assert f",{points},1," in (tmp_path / "report" / "learners.csv").read_text().splitlines()[1]


# Whose id, and whose name


@pytest.mark.parametrize(
    "texts", [["007", "Bobby"], ["ann@example.org", "Bobby"], ["007", "", "Bobby"], ["007", "李小龙"]]
)
def test_an_id_beside_a_name_that_has_nothing_of_its_owner_s_is_told(roster, texts):
    assert Roster(roster).find(texts).startswith(f"{texts[-1]} is not the name of Ann Lee (007, A)")


@pytest.mark.parametrize(
    "name", ["Annie", "A. Lee", "ann", "Lee", "An Le", "007", "ann@example.org", "me@home.example", ""]
)
def test_a_name_that_has_something_of_it_is_theirs(roster, name):
    assert Roster(roster).find(["007", name]).id == "007"


def test_nobody_s_row_is_credited_to_another(grades, table, roster):
    rows, said = grades(table("a.csv", [["Bobby", "007", "a"]], ["learner", "id", "q1"]), "--roster", roster, status=1)
    assert rows[0]["learner"] == "Bobby" and rows[0]["id"] == "" and "a.csv:2: 'Bobby': Bobby is not the name" in said


@pytest.mark.parametrize(
    ("typed", "found"),
    [("Jose Garcia", "1"), ("Garcia, José", "1"), ("Meier, Hans", "2"), ("Meier Hans", "2"), ("Lukasz Zolc", "3"), ("Eva Braun", None)],
)  # fmt: skip
def test_names_without_accents_and_surname_first_find_the_one_who_fits(tmp_path, typed, found):
    path = tmp_path / "roster.csv"
    path.write_text("id,name\n1,José García\n2,Hans Meier\n3,Łukasz Żółć\n4,Éva Braun\n5,Eva Braün\n", encoding="utf-8")
    who = Roster(path).find([typed])
    assert getattr(who, "id", None) == found
    assert found or "2 in the roster are called so" in who


# What is told about files and rows


def test_a_hand_in_may_say_id_and_e_mail(grades, hand_in, roster, tmp_path):
    hand_in("a.json", "Cy Orr", RIGHT, id="10")
    hand_in("b.json", "Cy Orr", RIGHT, email="cy@example.org", seed="00000000000000bb")
    hand_in("c.json", "Ann Lee", RIGHT, id=7, seed="00000000000000cc")
    rows, _ = grades(tmp_path / "answers", "--roster", roster)
    assert [row["id"] for row in rows] == ["10", "9", "007"]


def test_files_of_one_name_are_told_with_their_folders(grades, hand_in, tmp_path):
    for name in ("Ann Lee", "Bo Orr"):
        hand_in(f"{name}_1_assignsubmission_file/answers.json", name, RIGHT)
    rows, said = grades(tmp_path / "answers")
    assert [row["file"] for row in rows] == [
        str(tmp_path / "answers" / f"{name}_1_assignsubmission_file" / "answers.json") for name in ("Ann Lee", "Bo Orr")
    ]
    [alike] = [line for line in said.splitlines() if "the same seed" in line]
    assert "Ann Lee_1_" in alike and "Bo Orr_1_" in alike


def test_a_name_with_txt_behind_it_is_told(course, hand_in, tmp_path):
    hand_in("ann.json", "Ann", RIGHT)
    hand_in("bo.json.txt", "Bo", RIGHT)
    said = course("grade", "91", tmp_path / "answers", status=1).output
    assert "bo.json.txt: not read: `.txt` was put behind its name; call it bo.json" in said


@pytest.mark.parametrize(
    ("folder", "learner", "alike"),
    [
        ("Participant_501", "Ann Lee", True), ("Participant_77_501", "Ann Lee", True), ("Lee Ann_1", "Ann Lee", True),
        ("Lee, Ann_1", "Ann Lee", True), ("Jose Garcia_1", "José García", True), ("Ann Lee_1", "Bo Orr", False),
    ],
)  # fmt: skip
def test_who_uploaded_is_the_same_in_another_spelling(grades, hand_in, tmp_path, folder, learner, alike):
    hand_in(f"{folder}_assignsubmission_file/a.json", learner, RIGHT)
    assert ("uploaded it" not in grades(tmp_path / "answers")[1]) == alike


def test_one_odd_table_hides_no_other_s_problems(course, table, tmp_path):
    odd = [[f"s{n}", "no such option"] for n in range(60)]
    first, other = table("a.csv", odd, ["learner", "q1"]), table("b.csv", [["ann", "zz"]], ["learner", "q1"])
    said = course("grade", "91", first, other).output
    assert "b.csv:2: `q1`" in said and 5 <= said.count("a.csv:") <= 20
    assert course("grade", "91", first).output.count("a.csv:") >= 40


def test_a_row_with_an_id_and_no_name_is_graded(grades, table, roster):
    rows, _ = grades(
        table("a.csv", [["", "7", "a"], ["", "", "a"]], ["learner", "id", "q1"]), "--roster", roster, status=1
    )
    assert [(row["learner"], row["id"], row["q1"]) for row in rows] == [("Ann Lee", "007", "1")]
    rows, _ = grades(table("a.csv", [["", "7", "a"]], ["learner", "id", "q1"]))
    assert rows[0]["learner"] == "7"


def test_a_file_that_is_called_after_another_quiz_is_told(course, table, bank):
    (bank / "91_one_retake.yaml").write_text((bank / "91_one.yaml").read_text().replace("91_one", "91_one_retake"))
    for name, told in (("91_one_retake_group.csv", True), ("91_one_group.csv", False)):
        file = table(name, [["ann", "a"]], ["learner", "q1"])
        said = course("grade", "91_one", file).output
        assert ("by its name it belongs to 91_one_retake; it is graded as 91_one" in said) == told


def test_a_roster_in_german_and_columns_that_are_passed_over(grades, table, tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("Vorname;Nachname;E-Mail-Adresse;Gruppen;Abteilung\nHans;Meier;hans@x.org;A;Bio\n")
    [hans] = Roster(path).people
    assert (hans.name, hans.email, hans.section) == ("Hans Meier", "hans@x.org", "A")
    _, said = grades(table("a.csv", [["Hans Meier", "a"]], ["learner", "q1"]), "--roster", path)
    assert "roster.csv:1: not read: `Abteilung`; the columns are called id, name, email, section" in said
