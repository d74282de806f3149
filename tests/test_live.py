"""The line that shows how training goes: there for a person, absent for a machine."""

import math

import keras
import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from courseware.live import BLOCKS, WIDTH, LiveLine, sparkline

TRAIN = """
import keras, numpy as np
from courseware.live import LiveLine
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(loss="mse")
_ = model.fit(np.ones((8, 1)), np.ones(8), epochs=7, verbose=0, callbacks=[LiveLine()])
"""


def lines_shown(*, someone_is_there):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(TRAIN)])
    client = NotebookClient(book, kernel_name="python3")
    with client.setup_kernel():
        client.kc.allow_stdin = someone_is_there
        client.execute_cell(book.cells[0], 0)
    return [output.data["text/plain"] for output in book.cells[0].outputs if output.output_type == "display_data"]


def test_a_person_sees_the_last_epoch_and_its_loss():
    (line,) = lines_shown(someone_is_there=True)
    assert line.startswith("epoch 7 of 7") and "loss" in line


def test_a_machine_sees_nothing():
    assert lines_shown(someone_is_there=False) == []


def test_a_plain_script_trains_as_ever():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(loss="mse")
    history = model.fit(np.ones((8, 1)), np.ones(8), epochs=2, verbose=0, callbacks=[LiveLine()])
    assert len(history.history["loss"]) == 2


def test_a_loop_may_count_something_else_and_show_no_loss(monkeypatch):
    shown = []

    class Handle:
        def update(self, data, raw):
            shown.append(data["text/plain"])

    monkeypatch.setattr("courseware.live.someone_is_there", lambda: True)
    monkeypatch.setattr("courseware.live.display", lambda *_, **__: Handle())
    line = LiveLine()
    line.set_params({"epochs": 2, "counted": "look"})
    line.on_train_begin()
    line.on_epoch_end(1, {"step": 20})
    assert shown == ["look 2 of 2  step 20"]


@pytest.mark.parametrize("count", [1, 39, 40, 41, 79, 80, 81, 1000])
def test_the_line_of_blocks_never_outgrows_its_width(count):
    blocks = sparkline([float(i) for i in range(count)])
    assert 1 <= len(blocks) <= WIDTH
    assert list(blocks) == sorted(blocks, key=BLOCKS.index)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_loss_that_leaves_the_numbers_is_no_error(bad):
    assert len(sparkline([1.0, bad, 2.0])) == 3
