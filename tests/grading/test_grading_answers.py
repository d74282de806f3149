"""Reading answers: every good row arrives with its line, every bad one is named, in all the forms that files have."""

import csv
import io
import json
import os

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courseware.errors import CourseError
from courseware.grading import csvfile, learnerfile
from courseware.grading.csvfile import Table
from courseware.grading.files import answer_files
from courseware.grading.problems import SHOWN, AnswersError, Problems
from courseware.quiz.folder import Quizzes


def rows_of(path):
    """The rows as lists of text with their lines, and what was bad."""
    opened = Table(path)
    rows, bad = [], []
    for block in opened.blocks():
        rows += block.rows
        bad += block.bad
    return opened.header, rows, bad


@pytest.fixture
def read(tmp_path):
    path = tmp_path / "answers.csv"

    def read(content):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return rows_of(path)

    return read


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_tables_that_spreadsheets_of_many_countries_write(read, delimiter, bom, end):
    lines = ["learner,q", "Ann,a b", "Müller,c"]
    header, rows, bad = read(bom + end.join(line.replace(",", delimiter) for line in lines).encode())
    assert (header, rows, bad) == (["learner", "q"], [(2, ["Ann", "a b"]), (3, ["Müller", "c"])], [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_excel_s_own_first_line_says_the_delimiter(read, delimiter, bom):
    header, rows, bad = read(f"{bom}sep={delimiter}\r\nlearner,q\r\nann,1\r\n".replace(",", delimiter))
    assert header == ["learner", "q"] and rows == [(3, ["ann", "1"])] and not bad


def test_bad_rows_are_named_by_line_and_no_other_is_lost(read):
    _, rows, bad = read(
        b'learner,q,r\nann,1,2\nbob,1\ncleo,"1\n2",3\n\ndora,\xff,1\n,,\neva,1,2,3\n"fred,1,2\ngus,1,2\n"hal"x,1,2\nida,"a, b",2'
    )
    assert rows == [
        (2, ["ann", "1", "2"]), (4, ["cleo", "1\n2", "3"]), (11, ["gus", "1", "2"]), (13, ["ida", "a, b", "2"]),
    ]  # fmt: skip
    assert [line for line, _ in bad] == [3, 7, 9, 10, 12]
    said = " ".join(text for _, text in bad)
    assert all(word in said for word in ("2 fields", "4 fields", "UTF-8", "has 3"))


def test_a_nul_costs_the_row_that_it_stands_in(read):
    _, rows, bad = read(b"learner,q\nann,1\nb\0b,2\ncy,3\n")
    assert rows == [(2, ["ann", "1"]), (4, ["cy", "3"])] and [line for line, _ in bad] == [3]


def test_a_row_of_wrong_length_that_is_not_utf_8_raises_nothing_unseen(read, monkeypatch):
    unseen = []
    monkeypatch.setattr("sys.unraisablehook", unseen.append)
    _, rows, bad = read(b"learner,q\nann,1\n\xff,1,2\n")
    assert not unseen and len(rows) == 1 and [line for line, _ in bad] == [3]


def test_a_quotation_mark_that_is_never_closed_costs_one_row(read):
    lines = [f"s{number},a" for number in range(1000)]
    lines[500] = '"s500,a'
    _, rows, bad = read("learner,q\n" + "\n".join(lines) + "\n")
    assert [line for line, _ in bad] == [502] and len(rows) == 999
    assert [cells[0] for _, cells in rows] == [line.split(",")[0] for line in lines if line[0] != '"']


CELL = st.text(st.sampled_from('ab "\n;,é'), max_size=5)
ROWS = st.lists(st.tuples(st.text("xyz", min_size=1, max_size=3), CELL, CELL), min_size=1, max_size=40)


@settings(deadline=None, max_examples=60)
@given(ROWS, st.integers(16, 200))
def test_whatever_is_written_properly_is_read_back_whatever_the_size_of_blocks(tmp_path_factory, rows, block):
    path = tmp_path_factory.mktemp("table") / "answers.csv"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("learner", "q", "r"), *rows])
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    lines, at = [], 2
    for row in rows:
        lines.append(at)
        at += 1 + sum(cell.count("\n") for cell in row)
    before, csvfile.BLOCK_BYTES = csvfile.BLOCK_BYTES, max(block, len("learner,q,r\n") + 1)
    try:
        _, found, bad = rows_of(path)
    finally:
        csvfile.BLOCK_BYTES = before
    assert not bad
    assert found == [(line, list(row)) for line, row in zip(lines, rows, strict=True)]


WORD = st.text(st.sampled_from('ab é=;,"\t'), max_size=4)
TABLE = st.integers(2, 6).flatmap(
    lambda width: st.lists(st.lists(WORD, min_size=width, max_size=width), min_size=1, max_size=20)
)


@settings(deadline=None, max_examples=100)
@given(
    TABLE, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
)
def test_a_table_is_read_as_pandas_reads_it(tmp_path_factory, rows, delimiter, end, quoting):
    path = tmp_path_factory.mktemp("table") / "answers.csv"
    header = ["learner", *(f"q{number}" for number in range(1, len(rows[0])))]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([header, *rows])
    expected = pd.read_csv(path, sep=delimiter, dtype=str, keep_default_na=False).values.tolist()
    _, found, bad = rows_of(path)
    assert not bad
    assert [cells for _, cells in found] == [row for row in expected if any(cell.strip() for cell in row)]


LINE = st.sampled_from([
    b"ann,1,2", b'b,"x,y",z', b'c,"1\n2",3', b"", b",,", b"\xc3\xa9,1,2", b"\xff,1,2", b'"open,1,2', b"a,b", b"a,b,c,d",
    b'"x"y,1,2', b'q"q,1,""', b'"', b'x,"', b"\xc3", b"a\rb,1,2",
])  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(st.lists(LINE, max_size=30), st.sampled_from([b"\n", b"\r\n"]), st.integers(50, 300))
def test_what_is_read_and_what_is_bad_does_not_depend_on_the_size_of_blocks(tmp_path_factory, lines, end, block):
    path = tmp_path_factory.mktemp("table") / "answers.csv"
    path.write_bytes(end.join([b"learner,q,r", *lines]))
    whole = rows_of(path)
    assert {line for line, _ in whole[1]}.isdisjoint(line for line, _ in whole[2])
    before, csvfile.BLOCK_BYTES = csvfile.BLOCK_BYTES, block
    try:
        assert rows_of(path) == whole
    finally:
        csvfile.BLOCK_BYTES = before


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("blank", ["", "  ", ",,", " ,\t, "])
def test_blank_rows_are_left_out_wherever_they_stand(read, end, blank):
    header, rows, bad = read(end.join(["", "learner,q,r", "ann,1,2", blank, blank, "bob,,2", blank]))
    assert header == ["learner", "q", "r"] and not bad
    assert rows == [(3, ["ann", "1", "2"]), (6, ["bob", "", "2"])]


def test_a_very_long_cell_does_not_cost_the_row(read):
    long = "x" * 300_000
    assert read(f'learner,q\nann,{long}\nbob,"{long}"\n')[1:] == ([(2, ["ann", long]), (3, ["bob", long])], [])


def test_a_line_without_end_does_not_fill_the_memory(read, monkeypatch):
    monkeypatch.setattr(csvfile, "BLOCK_BYTES", 100)
    monkeypatch.setattr(csvfile, "_LONGEST_LINE", 1000)
    _, rows, [(line, words)] = read("learner,q\nann,1\n" + "x" * 5000)
    assert rows == [(2, ["ann", "1"])] and line == 3 and "without end" in words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        ("learner,q\nann,1\n".encode("utf-16"), "CSV UTF-8"),
        ("learner,q\nann,1\n".encode("utf-16-le"), "CSV UTF-8"),
        (b'learner,"q\nann,1\n', "first row"),
        (b"learner,\xff\nann,1\n", "UTF-8"),
    ],
)
def test_a_file_without_a_readable_first_row_is_refused_in_one_line(read, content, words):
    with pytest.raises(AnswersError, match=words) as caught:
        read(content)
    assert "\n" not in str(caught.value)


def test_folders_stand_for_their_files_and_other_files_are_refused(tmp_path):
    for name in ("b.csv", "a.yaml", "c.JSON", "notes.docx"):
        (tmp_path / name).write_text("x")
    found = answer_files([tmp_path, tmp_path / "b.csv"])
    assert [path.name for path in found.files] == ["a.yaml", "b.csv", "c.JSON"]
    assert [path.name for path, _ in found.unread] == ["notes.docx"]
    for wrong in (tmp_path / "notes.docx", tmp_path / "absent.csv"):
        with pytest.raises(CourseError, match=wrong.name):
            answer_files([wrong])


def test_sub_folders_are_read_and_every_other_file_is_told_with_its_remedy(tmp_path):
    inside = tmp_path / "Ann Lee_123"
    (inside / "deep").mkdir(parents=True)
    read = [inside / "03_fnn_Ann_Lee.json", inside / "deep" / "x.csv", tmp_path / "z.yml"]
    left = {
        "groupF.xlsx": "CSV UTF-8", "carl.json.bak": "ending", "work.ipynb": "a notebook", "all.zip": "unpack",
        ".bob.json": "a hidden file", "README": "ending",
    }  # fmt: skip
    for path in (*read, *(tmp_path / name for name in left), tmp_path / ".DS_Store", tmp_path / "._z.yml"):
        path.write_text("x")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "y.json").write_text("x")
    (tmp_path / "away.json").symlink_to(tmp_path / "nowhere")
    found = answer_files([tmp_path])
    assert found.files == read
    told = {path.name: why for path, why in found.unread}
    assert told.keys() == {*left, "away.json"}
    assert all(words in told[name] for name, words in left.items()), told


def test_a_folder_where_nothing_can_be_read_says_what_is_there(tmp_path):
    (tmp_path / "all.xlsx").write_text("x")
    with pytest.raises(CourseError, match=r"all.xlsx \(a spreadsheet; save it as `CSV UTF-8`\)"):
        answer_files([tmp_path])


def test_a_pipe_and_a_name_that_is_too_long_are_refused(tmp_path):
    os.mkfifo(tmp_path / "x.csv")
    for wrong in (tmp_path / "x.csv", tmp_path / ("n" * 300 + ".csv")):
        with pytest.raises(CourseError, match=r"no plain file|too long"):
            answer_files([wrong])


def test_what_the_course_wrote_itself_is_not_read_as_answers(tmp_path):
    (tmp_path / "a.csv").write_text("learner,q\nann,1\n")
    (tmp_path / "grades.csv").write_text("learner,attempt,points,out_of,percent,q,feedback\nann,1,1,1,100,1,\n")
    (tmp_path / "excel.csv").write_text("\ufefflearner;attempt;points;out_of;percent;q;feedback\n", encoding="utf-8")
    found = answer_files([tmp_path])
    assert [path.name for path in found.files] == ["a.csv"]
    assert all("wrote" in why for _, why in found.unread) and len(found.unread) == 2


GOOD = {"learner": "ann", "quiz": "04_cnn", "attempt": 2, "answers": {"a": "b", "c": [1, 2]}}


@pytest.mark.parametrize("suffix", [".json", ".yaml"])
def test_a_learner_s_file(tmp_path, suffix):
    path = tmp_path / f"ann{suffix}"
    path.write_text(json.dumps(GOOD))  # JSON is YAML too
    found = learnerfile.read(path)
    assert (found.learner, found.quiz, found.attempt, found.answers["a"]) == ("ann", "04_cnn", 2, "b")
    assert list(found.answers["c"]) == [1, 2]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({**GOOD, "learner": ""}, "learner: ann"),
        ({**GOOD, "learner": "ann \ud800"}, "half a character"),
        ({**GOOD, "seed": "\ud800"}, "half a character"),
        ({**GOOD, "quiz": "04\ud800"}, "half a character"),
        ({**GOOD, "quiz": "x" * 1000}, "has 1000 signs"),
        ({**GOOD, "learner": 10**4000}, "no learner's name"),
        ({**GOOD, "seed": 10**4000}, "hundreds of digits"),
        ({**GOOD, "attempt": 0}, "whole number from 1"),
        ({**GOOD, "attempt": True}, "whole number from 1"),
        ({**GOOD, "answers": ["b"]}, "`answers` is not fields"),
        ({"learner": "ann"}, "no `answers`"),
        ({**GOOD, "answer": {}}, "`answer` is not known"),
        (["ann"], "not fields"),
        ('{"learner": "ann", "learner": "bob"}', "twice"),
        ('{"learner": NaN}', "not a number"),
        ("[" * 100_000, "nested too deep"),
        ('{"learner": "' + "x" * 600_000 + '"}', "larger than"),
        (b"\xff", "UTF-8"),
        ("{", "not valid JSON"),
    ],
)
def test_a_learner_s_file_that_is_not_one_is_refused_in_one_line(tmp_path, content, words):
    path = tmp_path / "ann.json"
    if not isinstance(content, (str, bytes)):
        content = json.dumps(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(AnswersError, match=words) as caught:
        learnerfile.read(path)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400


def test_half_a_character_in_an_answer_costs_that_answer_alone(tmp_path):
    path = tmp_path / "ann.json"
    path.write_text(
        json.dumps({**GOOD, "answers": {"a": "b\ud800", "\udfff": 1, "c": ["\ud800"]}, "seconds": {"a": "\ud800"}})
    )
    found = learnerfile.read(path)
    assert found.answers == {"a": "b\ufffd", "\ufffd": 1, "c": ["\ufffd"]} and found.seconds == {"a": "\ufffd"}


def test_yaml_keeps_its_limits_and_its_lines(tmp_path):
    path = tmp_path / "ann.yaml"
    path.write_text("learner: ann\nanswers:\n  a: no\n")
    with pytest.raises(AnswersError, match=r"ann.yaml:3: `no` can be read in more ways"):
        learnerfile.read(path)


def test_a_file_s_name_says_its_quiz(tmp_path):
    for name in ("04_cnn.yaml", "04_cnn_hard.yaml", "05_rnn.yaml", "misconceptions.yaml"):
        (tmp_path / name).write_text("")
    quizzes = Quizzes(tmp_path)
    for file, quiz in {
        "04_cnn_group_a.csv": "04_cnn", "04_cnn_hard_a.csv": "04_cnn_hard", "5-monday.csv": "05_rnn", "05.csv": "05_rnn",
        "monday.csv": None, "2026_class.csv": None, "misconceptions.csv": None,
    }.items():  # fmt: skip
        assert quizzes.of_file(tmp_path / file) == quiz, file


def test_problems_are_shown_up_to_a_number_and_counted_beyond():
    problems = Problems()
    for line in range(SHOWN + 5):
        problems.lost("a.csv", line + 2, "bad\nrow \x1b[31m")
    problems.more(10)
    lines = problems.lines()
    assert len(lines) == SHOWN + 1 and "15 more" in lines[-1] and problems.rows_lost == SHOWN + 5
    assert all("\n" not in line and "\x1b" not in line for line in lines)
