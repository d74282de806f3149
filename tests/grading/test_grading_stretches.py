"""Reading and grading stretches of cells comes to the same as cell by cell, in any order and however many differ."""

import csv
import io
import random
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courseware.grading import commands, grading, table
from courseware.grading.inorder import in_order
from courseware.grading.plainlines import PlainLines
from courseware.grading.stretches import Cells
from courseware.quiz.folder import Quizzes

WORD = st.text(st.sampled_from("ab é='"), max_size=4)
TABLE = st.integers(2, 9).flatmap(
    lambda width: st.tuples(
        st.lists(st.lists(WORD, min_size=width, max_size=width), min_size=1, max_size=30), st.permutations(range(width))
    )
)


@settings(deadline=None, max_examples=100)
@given(TABLE, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]), st.integers(0, 9))
def test_a_plain_block_is_read_as_python_s_csv_module_reads_it(drawn, delimiter, end, apart):
    rows, order = drawn
    block = "".join(delimiter.join(row) + end for row in rows)
    text, together = sorted(order[:1]), order[1 : len(order) - apart]
    found = PlainLines(delimiter, len(order), order[1:], text, together).read(block.encode())
    expected = list(csv.reader(io.StringIO(block, newline=""), delimiter=delimiter))
    assert sorted(found) == sorted(order)
    assert {number: found[number].to_pylist() for number in found} == {
        number: [row[number] for row in expected] for number in order
    }


@pytest.mark.parametrize(
    "block",
    [
        b"ann,a\nbob\n", b"ann,a,b\n", b"ann,a\n\nbob,b\n", b"ann\nbob,b,c\n", b'ann,"a"\n', b"ann,\xff\n", b"\xff,a\n",
        b"ann,a\rbob,b\n", b"ann,a",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_others(block):
    assert PlainLines(",", 2, [1], [0], [1]).read(block) is None
    assert PlainLines(",", 2, [1], [0], [1]).read(b"ann,a\n")[1].to_pylist() == ["a"]


def test_columns_that_differ_much_are_parted_and_others_stay_together():
    plain = PlainLines(",", 9, range(1, 9), [0], range(1, 9))
    block = "".join(f"s{n},{n},{n * 7 % 1000},a,b,{n % 2},c,d,e\n" for n in range(1000)).encode()
    for _ in range(3):
        found = plain.read(block)
    assert set(found.stretches) == {(1,), (2,), (3, 4), (5, 6, 7, 8)}
    assert found[2].to_pylist() == [str(n * 7 % 1000) for n in range(1000)]


def test_cells_are_chosen_and_renamed_together_where_all_are_known():
    block = b"ann,a,b,c\nbob,d,e,f\ncleo,a,b,c\n"
    found = PlainLines(",", 4, [1, 2, 3], [0], [1, 2, 3]).read(block).filter(np.array([True, False, True]))
    whole, part = found.renamed({1: "x", 2: "y", 3: "z"}), found.renamed({3: "z", 1: "x"})
    assert set(whole.stretches) == {("x", "y", "z")} and not part.stretches
    assert [whole[name].to_pylist() for name in "xyz"] == [["a", "a"], ["b", "b"], ["c", "c"]]
    assert {name: part[name].to_pylist() for name in part} == {"x": ["a", "a"], "z": ["c", "c"]}
    assert isinstance(part, Cells) and len(whole) == 3 and "learner" not in whole


def test_results_come_in_order_though_the_first_is_done_last():
    second_done = threading.Event()

    def work(number):
        if number == 0:
            assert second_done.wait(10)
        second_done.set()
        return number

    assert list(in_order(work, range(5), threads=2)) == [0, 1, 2, 3, 4]


def test_an_error_in_a_thread_reaches_the_caller():
    with pytest.raises(ZeroDivisionError):
        list(in_order(lambda number: 1 / number, [1, 0, 2]))


def test_grades_do_not_depend_on_how_much_is_remembered_or_read_at_once(tmp_path, monkeypatch):
    ids = [question.id for question in Quizzes(None).load("04_cnn").questions]
    draw = random.Random(3)
    rows = [
        ",".join([f"s{n}", *(draw.choice(["a", "b", "c", "a b", "14", "", "zz"]) for _ in ids)]) for n in range(400)
    ]
    answers, files = tmp_path / "answers.csv", []
    answers.write_text("\n".join([",".join(["learner", *ids]), *rows]) + "\n")
    for block, most in ((table.BLOCK_BYTES, grading._MOST_REMEMBERED), (2000, 3)):
        monkeypatch.setattr(table, "BLOCK_BYTES", block)
        monkeypatch.setattr(grading, "_MOST_REMEMBERED", most)
        files.append(tmp_path / f"{block}.csv")
        commands.grade("04_cnn", [answers], files[-1])
    assert len(files[0].read_text().splitlines()) == 401
    assert files[0].read_bytes() == files[1].read_bytes()
