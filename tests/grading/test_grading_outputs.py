"""What grading writes: gradebooks and feedback files are read back, and nothing of anybody else's is overwritten."""

import csv
import html.parser
import json
import os
import re
import threading

import pytest
from click.testing import CliRunner

from courseware.cli import main
from courseware.quiz.load import load_quiz

RIGHT = dict.fromkeys([f"q{number}" for number in range(1, 9)], "opt-a")
ROSTER = (
    'id,name,email,section\n007,Ann Lee,ann@example.org,A\n8,"Lee, Bo",bo@example.org,A\n9,Cy Orr,cy@example.org,B\n'
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Other (1)\n    Points Possible,,,,,5\n"
    '"Lee, Ann",4711,007,ann,Group A,1\n"Lee, Bo",4712,8,bo,Group A,\n"Student, Test",1,,t,Group A,\n'
)


@pytest.fixture
def graded(course, hand_in, tmp_path):
    """Grade a class of two; the table."""
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    hand_in("ann.json", "Ann Lee", RIGHT, handed_in="2026-11-02T10:00:00+00:00")
    hand_in("ann2.json", "ann lee", {**RIGHT, "q1": "opt-b"}, attempt=2, handed_in="2026-11-03T10:00:00+00:00")
    hand_in("bo.json", "8", {"q1": "opt-a"}, seed="00000000000000bb")
    out = tmp_path / "quiz 1.csv"
    course("grade", "91", tmp_path / "answers", "--roster", tmp_path / "roster.csv", "-o", out)
    return out


def read(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


# Gradebooks. The columns are those that Canvas documents for its gradebook ("Student, ID, SIS User ID, SIS Login ID,
# Section", then assignments, and a second row with the points possible) and Moodle for its import of grades, which maps
# from "ID number" or "Email address".


def test_moodle_gets_a_row_for_everybody_by_id_and_address(course, graded, tmp_path):
    out = tmp_path / "moodle.csv"
    course("gradebook", graded, "--to", "moodle", "--roster", tmp_path / "roster.csv", "-o", out)
    assert read(out) == [
        ["ID number", "Email address", "Name", "Section", "quiz 1"],
        ["007", "ann@example.org", "Ann Lee", "A", "8"],
        ["8", "bo@example.org", "Lee, Bo", "A", "1"],
        ["9", "cy@example.org", "Cy Orr", "B", ""],
    ]


def test_canvas_gets_its_own_columns_and_the_points_possible(course, graded, tmp_path):
    (tmp_path / "canvas.csv").write_text(CANVAS)
    out = tmp_path / "out.csv"
    arguments = [
        "--to",
        "canvas",
        "--roster",
        tmp_path / "canvas.csv",
        "--name",
        "Quiz 1 (99)",
        "--attempt",
        "last",
        "-o",
        out,
    ]
    course("gradebook", graded, *arguments)
    assert read(out) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Quiz 1 (99)"],
        ["    Points Possible", "", "", "", "", "10"],
        ["Lee, Ann", "4711", "007", "ann", "Group A", "7"],
        ["Lee, Bo", "4712", "8", "bo", "Group A", "1"],
    ]


@pytest.mark.parametrize(("attempt", "points"), [("first", "8"), ("last", "7"), ("best", "8")])
def test_one_attempt_counts(course, graded, tmp_path, attempt, points):
    out = tmp_path / "out.csv"
    course("gradebook", graded, "--to", "moodle", "--roster", tmp_path / "roster.csv", "--attempt", attempt, "-o", out)
    assert read(out)[1][-1] == points


def test_several_quizzes_are_columns_and_strangers_are_told(course, graded, tmp_path):
    other = tmp_path / "quiz 2.csv"
    other.write_text("learner,attempt,points,out_of,percent,q1,feedback\nCy Orr,1,0.5,1,50,0.5,\nEve,1,1,1,100,1,\n")
    out = tmp_path / "out.csv"
    said = course(
        "gradebook", graded, other, "--to", "moodle", "--roster", tmp_path / "roster.csv", "-o", out, status=1
    ).output
    assert [row[-2:] for row in read(out)] == [["quiz 1", "quiz 2"], ["8", ""], ["1", ""], ["", "0.5"]]
    assert "quiz 2.csv:3: 'Eve': nobody in the roster" in said and "quiz 2: 1 mark, 2 without one." in said


def test_a_cell_that_is_no_mark_is_told_with_its_line(course, graded, tmp_path):
    text = (
        graded.read_text(encoding="utf-8")
        .replace("Ann Lee,1,8,", "Ann Lee,1,excused,")
        .replace("Ann Lee,2,", "Ann Lee,x,")
    )
    graded.write_text(text, encoding="utf-8")
    more = ["--to", "moodle", "--roster", tmp_path / "roster.csv", "--attempt", "best", "-o", tmp_path / "out.csv"]
    said = course("gradebook", graded, *more, status=1).output
    assert "quiz 1.csv:2: 'excused' points in attempt '1'" in said and "attempt 'x' are no mark" in said
    assert [row[-1] for row in read(tmp_path / "out.csv")] == ["quiz 1", "", "1", ""]


def test_a_table_that_is_none_and_names_that_do_not_fit_are_refused(course, graded, tmp_path):
    roster = ["--roster", tmp_path / "roster.csv", "-o", tmp_path / "out.csv", "--to", "moodle"]
    assert (
        "not a table that `course grade` wrote"
        in course("gradebook", tmp_path / "roster.csv", *roster, status=2).output
    )
    assert "called alike" in course("gradebook", graded, graded, *roster, status=2).output
    assert "2 names for 1 table" in course("gradebook", graded, "--name", "a", "--name", "b", *roster, status=2).output


# Feedback for each


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data + " "


LONG = " and so on" * 30  # the page has room for it


def test_each_learner_gets_a_page_under_their_id_with_what_they_met_and_answered(course, bank, hand_in, tmp_path):
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    quiz = load_quiz(bank / "91_one.yaml").drawn("00000000000000aa")
    hand_in("ann.json", "Ann Lee", {"q1": "opt-b", "q2": "opt-a", "word": f"<script>x</script>{LONG}", "drawn": 1})
    hand_in("ann2.json", "Ann Lee", RIGHT, attempt=2)
    hand_in("bo.json", "8", RIGHT, seed="00000000000000bb")
    folder = tmp_path / "feedback"
    more = ["--roster", tmp_path / "roster.csv", "--feedback-for-each", folder, "-o", tmp_path / "g.csv"]
    said = course("grade", "91", tmp_path / "answers", *more).output
    assert "Feedback for 2 learners" in said and sorted(path.name for path in folder.iterdir()) == [
        "007.html",
        "8.html",
    ]
    text = (folder / "007.html").read_text(encoding="utf-8")
    page = Page(text)
    assert "Content-Security-Policy" in text and "script" not in page.tags and f"<script>x</script>{LONG}" in page.text
    words = re.sub(r"\s+", " ", page.text)
    assert "1 of 10 points" in words and "8 of 10 points" in words  # both attempts
    assert quiz.questions[-1].prompt in words and quiz.questions[-1].wrong in words  # as this learner drew it
    assert "Your answer: wrong b1" in words and "No, not b." in words and "Bo" not in words
    course("grade", "91", tmp_path / "answers", *more)  # may be written again


def test_names_of_files_lead_nowhere_and_no_two_are_alike(course, hand_in, tmp_path):
    names = ["../../evil", "/etc/passwd", "ann lee!", "Ann-Lee?", "ANN LEE#", "con", "x" * 190, "...", "Zoë"]
    for number, name in enumerate(names):
        hand_in(f"{number}.json", name, RIGHT, seed=f"{number:016x}")
    course(
        "grade", "91", tmp_path / "answers", "--feedback-for-each", tmp_path / "deep" / "f", "-o", tmp_path / "g.csv"
    )
    written = [path.name for path in (tmp_path / "deep" / "f").iterdir()]
    assert len(written) == len({name.casefold() for name in written}) == len(names)
    assert all(re.fullmatch(r"[\w-]{1,66}\.html", name) for name in written) and "con.html" not in written
    assert "Zoë.html" in written


# Nothing of anybody else's is overwritten


@pytest.mark.parametrize("option", ["-o", "--problems", "--feedback"])
def test_a_file_of_somebody_else_s_is_not_overwritten(course, table, tmp_path, option):
    file = table("a.csv", [["Ann", "opt-a"]], ["learner", "q1"])
    thesis = tmp_path / "thesis.docx"
    thesis.write_text("years of work")
    output = course("grade", "91", file, option, thesis, status=2).output
    assert "thesis.docx" in output and "--force" in output and thesis.read_text() == "years of work"
    course("grade", "91", file, option, thesis, "--force")
    again = thesis.read_text()
    assert again != "years of work"
    course("grade", "91", file, option, thesis)  # its own
    assert thesis.read_text() == again


@pytest.mark.parametrize("name", ["report.html", "items.csv", "learners.csv"])
def test_nor_are_those_that_a_report_would_replace(course, table, tmp_path, name):
    file = table("91_one.csv", [["Ann", "opt-a"]], ["learner", "q1"])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("mine")
    course("report", file, "-o", tmp_path / "out", status=2)
    assert [path.read_text() for path in (tmp_path / "out").iterdir()] == ["mine"]
    course("report", file, "-o", tmp_path / "out", "--force")
    course("report", file, "-o", tmp_path / "out")


@pytest.mark.parametrize("option", ["-o", "--problems", "--feedback"])
@pytest.mark.parametrize("target", ["91_one.yaml", "misconceptions.yaml"])
def test_no_force_replaces_the_quizzes(course, table, bank, tmp_path, option, target):
    file = table("a.csv", [["Ann", "opt-a"]], ["learner", "q1"])
    before = (bank / target).read_bytes()
    for path in (bank / target, bank / ".." / bank.name / target):
        course("grade", "91", file, option, path, "--force", status=2)
    assert (bank / target).read_bytes() == before


def test_one_file_for_two_things_is_refused(course, table, tmp_path):
    file = table("a.csv", [["Ann", "opt-a"]], ["learner", "q1"])
    (tmp_path / "link.csv").symlink_to(tmp_path / "x.csv")
    for other in (tmp_path / "x.csv", tmp_path / "link.csv"):
        said = course("grade", "91", file, "-o", tmp_path / "x.csv", "--problems", other, status=2).output
        assert "two things" in said and not (tmp_path / "x.csv").exists()


def test_a_link_stays_a_link_and_a_device_a_device(course, table, tmp_path):
    file = table("a.csv", [["Ann", "opt-a"]], ["learner", "q1"])
    (tmp_path / "real").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "real" / "g.csv")
    course("grade", "91", file, "-o", tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink() and (tmp_path / "real" / "g.csv").read_text().startswith("learner,")
    course("grade", "91", file, "-o", os.devnull)
    assert not os.path.isfile(os.devnull)
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()))
    reader.start()
    course("grade", "91", file, "-o", pipe)
    reader.join(60)
    assert got[0].startswith("learner,") and not pipe.is_file()


@pytest.mark.parametrize("option", ["-o", "--problems", "--feedback"])
def test_a_name_that_is_too_long_is_one_sentence(course, table, tmp_path, option):
    file = table("a.csv", [["Ann", "opt-a"]], ["learner", "q1"])
    assert len(course("grade", "91", file, option, tmp_path / ("n" * 300), status=2).output.splitlines()) == 1


# Tables for Excel


def test_tables_for_excel_have_a_mark_and_the_country_s_separator(course, table, tmp_path):
    file = table("91_one.csv", [["Jürgen; A", "opt-a", "opt-b"], ["-1,5", "opt-a", "opt-a"]], ["learner", "q1", "q2"])
    course("grade", "91", file, "-o", tmp_path / "g.csv", "--excel", "semicolon")
    course("report", file, "-o", tmp_path / "out", "--excel", "semicolon")
    for path in (tmp_path / "g.csv", tmp_path / "out" / "items.csv", tmp_path / "out" / "learners.csv"):
        raw = path.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf") and not raw.startswith(b"\xef\xbb\xbf\xef\xbb\xbf")
        with path.open(newline="", encoding="utf-8-sig") as opened:
            rows = list(csv.reader(opened, delimiter=";"))
        assert len({len(row) for row in rows}) == 1 and len(rows[0]) > 4
    with (tmp_path / "out" / "learners.csv").open(newline="", encoding="utf-8-sig") as opened:
        assert [row["points"] for row in csv.DictReader(opened, delimiter=";")] == ["1", "2"]
    assert ";0,5;" in (tmp_path / "out" / "items.csv").read_text(encoding="utf-8")


# Tables that are none


def test_a_table_that_fits_no_question_is_refused(course, table, tmp_path):
    file = table("a.csv", [["Ann", "1"], ["Bo", "2"]], ["learner", "age"])
    said = course("grade", "91", file, "-o", tmp_path / "g.csv", status=1).output
    assert "no column for any question of 91_one" in said and "0 rows graded" in said


def test_twenty_thousand_columns_and_a_cell_of_many_parts_are_read_in_one_pass(course, table, tmp_path, monkeypatch):
    """Counted, not timed: how often a name is compared with those of the questions, and a part with known texts."""
    from courseware.grading import columns, moodle

    seen = {"near": 0, "key": 0}
    near, key = columns.difflib.get_close_matches, moodle._key

    def counted(name, function):
        def call(*arguments, **more):
            seen[name] += 1
            return function(*arguments, **more)

        return call

    monkeypatch.setattr(columns.difflib, "get_close_matches", counted("near", near))
    header = ["learner", "q1", *(f"extra{n}" for n in range(20_000))]
    file = table("a.csv", [["Ann", "opt-a", *[""] * 20_000]], header)
    said = course("grade", "91", file, "-o", tmp_path / "g.csv").output
    assert 0 < seen["near"] <= 50 and "more problems" in said
    monkeypatch.setattr(moodle, "_key", counted("key", key))
    known = {"a": 1}
    assert moodle._all(known, ";".join("a" * 900)) == [1] * 900
    assert seen["key"] < 900 * 60
    with pytest.raises(moodle.ResponseError, match="4000 parts"):
        moodle._all(known, "a;" * 4000)


def test_a_hand_in_with_half_a_character_anywhere_costs_nobody_else_anything(course, hand_in, tmp_path):
    for number, place in enumerate(("learner", "seed", "quiz", "fingerprint", "handed_in", "answers", "id", "seconds")):
        fields = {place: "x\ud800"} if place not in ("answers", "id", "seconds") else {}
        path = hand_in(f"{number}.json", fields.pop("learner", f"s{number}"), RIGHT, **fields)
        content = json.loads(path.read_text())
        if place == "answers":
            content["answers"]["word"] = "\udfff"
        elif place == "id":
            content["answers"]["\ud800"] = "a"
        elif place == "seconds":
            content["seconds"] = {"q1": "\ud800"}
        path.write_text(json.dumps(content))
    hand_in("z.json", "Zoë", RIGHT, seed=f"{9:016x}")
    folder = tmp_path / "answers"
    more = ["-o", tmp_path / "g.csv", "--problems", tmp_path / "p.txt", "--feedback-for-each", tmp_path / "f"]
    said = course("grade", "91", folder, *more, status=1).output
    assert "Zoë" in (tmp_path / "g.csv").read_text(encoding="utf-8") and "6 rows graded" in said
    course("report", folder, "-o", tmp_path / "out", "--names", status=1)
    assert "Zoë" in (tmp_path / "out" / "learners.csv").read_text(encoding="utf-8")


def test_a_file_whose_name_is_no_utf_8_is_read_and_named(tmp_path, course, hand_in):
    path = hand_in("a.json", "Ann", RIGHT)
    odd = os.fsencode(path.parent) + b"/\xff.json"
    os.rename(path, odd)
    course("grade", "91", tmp_path / "answers", "-o", tmp_path / "g.csv")
    assert "?.json" in (tmp_path / "g.csv").read_text(encoding="utf-8")
    course("report", tmp_path / "answers", "-o", tmp_path / "out", "--names")


def test_the_help_of_the_gradebook_names_the_exit_status():
    assert "exit status is 1" in CliRunner().invoke(main, ["gradebook", "--help"]).output


def edited(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_gradebook_does_not_guess_whom_grade_could_not_tell(course, graded, tmp_path):
    roster = ["--roster", tmp_path / "roster.csv"]
    edited(graded, ",007,A,ann.json,", ",,,ann.json,")
    said = course("gradebook", graded, "--to", "moodle", *roster, "-o", tmp_path / "book.csv", status=1).output
    assert "quiz 1.csv:2: 'Ann Lee': `course grade` could not tell who it is; fill in the id (007?)" in said


@pytest.mark.parametrize("points", ["1e2", "-3", "11", "inf", "nan", ""])
def test_points_that_cannot_be_had_are_told(course, graded, tmp_path, points):
    edited(graded, "Ann Lee,1,8,10,80", f"Ann Lee,1,{points},10,80")
    roster = ["--roster", tmp_path / "roster.csv", "--attempt", "best"]
    said = course("gradebook", graded, "--to", "moodle", *roster, "-o", tmp_path / "book.csv", status=1).output
    assert "quiz 1.csv:2: " in said and "mend" in said
    assert read(tmp_path / "book.csv")[1][-1] == "7"


def test_a_sum_that_was_changed_by_hand_is_no_mark_as_before(course, graded, tmp_path):
    edited(graded, "Ann Lee,1,8,10,80", "Ann Lee,1,9,10,90")
    more = ["--roster", tmp_path / "roster.csv", "--compare", graded, "-o", tmp_path / "new.csv"]
    said = course("grade", "91", tmp_path / "answers", *more).output
    assert "Ann Lee: 9 of 10 → 8 of 10 (the sum was changed by hand, no question was)" in said
    assert "1 mark differs, 2 as before" in said


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x7f", "\x9b", "\b"])
def test_control_signs_stop_no_later_command_and_reach_no_table(course, hand_in, table, graded, tmp_path, sign):
    hand_in("eve.json", f"Eve{sign}", RIGHT, seed="00000000000000cc")
    hand_in("cy.json", "Cy Orr", RIGHT, seed="00000000000000dd", handed_in=f"2026{sign}")
    files = [tmp_path / "answers"]
    if sign != "\0":
        files.append(table(f"a{sign}b.csv", [[f"Dee{sign}", "a"]], ["learner", "q1"]))
    roster = ["--roster", tmp_path / "roster.csv"]
    said = course("grade", "91", *files, *roster, "-o", graded, status=1).output
    assert "eve.json: the learner's name holds a control sign" in said and sign not in said
    assert sign not in graded.read_text(encoding="utf-8")
    course("gradebook", graded, "--to", "moodle", *roster, "-o", tmp_path / "book.csv", status=int(sign != "\0"))
    assert read(tmp_path / "book.csv")[3][-1] == "8"


def test_two_of_one_name_do_not_read_each_other_s_page(course, hand_in, tmp_path):
    hand_in("a.json", "Ann Lee", RIGHT)
    hand_in("b.json", "Ann Lee", {"q1": "opt-b"}, seed="00000000000000bb")
    hand_in("c.json", "Ann Lee", RIGHT, attempt=2)
    course("grade", "91", tmp_path / "answers", "--feedback-for-each", tmp_path / "f", "-o", tmp_path / "g.csv")
    pages = sorted((tmp_path / "f").iterdir())
    assert [page.read_text(encoding="utf-8").count("<p>Attempt") for page in pages] == [1, 1, 1]
