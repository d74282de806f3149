"""The playground without a browser: its data, its trainer, and its buttons in an event loop."""

import asyncio
import itertools
import threading
import time
from dataclasses import replace

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from courseware.course import ROOT
from courseware.playground import datasets, widget
from courseware.playground.trainer import BATCH_SIZES, SIDE, TRAINING, Settings, Trainer


@pytest.mark.parametrize("name", datasets.DATASETS)
def test_the_points_are_repeatable_balanced_and_blurred_by_noise(name):
    points, labels = datasets.make(name, n=400, seed=3)
    again, _ = datasets.make(name, n=400, seed=3)
    blurred, same_labels = datasets.make(name, n=400, noise=0.3, seed=3)
    assert np.array_equal(points, again) and not np.array_equal(points, datasets.make(name, n=400, seed=4)[0])
    assert 120 < labels.sum() < 280 and np.abs(points).max() < 1.3
    assert np.array_equal(labels, same_labels) and 0.25 < np.std(blurred - points) < 0.35


def trained(epochs, **settings):
    trainer = Trainer(Settings(**settings))
    trainer.train_for(60, until_epoch=epochs)
    return trainer


@pytest.mark.parametrize(
    ("settings", "epochs"),
    [({"data": "circle", "neurons": 8}, 20), ({"data": "exclusive-or", "neurons": 8, "activation": "tanh"}, 20),
     ({"data": "two Gaussians", "layers": 0}, 20), ({"data": "spiral", "noise": 0.0, "layers": 2, "neurons": 16}, 60)],
    ids=lambda value: value["data"] if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_fitting_network_learns_each_data_set(settings, epochs):
    trainer = trained(epochs, **settings)
    before, after = Trainer(Settings(**settings)).state(), trainer.state()
    assert trainer.epoch == after.epoch == epochs
    assert after.training_loss < before.training_loss / 2
    assert after.test_accuracy > 0.9


def test_a_line_cannot_part_the_circle():
    assert trained(20, data="circle", layers=0).state().test_accuracy < 0.75


@pytest.mark.parametrize("batch_size", BATCH_SIZES)
def test_an_epoch_shows_every_point_once(batch_size, monkeypatch):
    trainer = Trainer(Settings(batch_size=batch_size))
    seen = []
    monkeypatch.setattr(trainer.model, "train_on_batch", lambda x, y: seen.append(x))
    trainer.train_for(60, until_epoch=1)
    assert len(seen) == trainer.step == trainer.steps_per_epoch == TRAINING // batch_size
    assert np.array_equal(np.unique(np.concatenate(seen), axis=0), np.unique(trainer.points, axis=0))


def test_a_batch_size_that_does_not_divide_is_refused():
    with pytest.raises(ValueError, match="divide 256; got 100"):
        Trainer(Settings(batch_size=100))


def test_every_setting_reaches_the_network():
    settings = Settings(layers=3, neurons=5, activation="tanh", learning_rate=0.3, regularization="L1", strength=0.1)
    model = Trainer(settings).model
    assert [layer.units for layer in model.layers] == [5, 5, 5, 1]
    assert [layer.activation.__name__ for layer in model.layers] == ["tanh", "tanh", "tanh", "sigmoid"]
    assert float(model.optimizer.learning_rate) == pytest.approx(0.3)
    assert all(float(layer.kernel_regularizer.l1) == pytest.approx(0.1) for layer in model.layers)


def test_regularization_keeps_the_weights_small():
    def size(**settings):
        weights = trained(15, data="two Gaussians", **settings).model.get_weights()
        return sum(np.abs(part).sum() for part in weights if part.ndim == 2)

    free = size()
    assert size(regularization="L2", strength=0.1) < free / 2
    assert size(regularization="L1", strength=0.1) < free / 2


def test_the_state_is_repeatable_and_only_looks():
    first, second = trained(2), trained(2)
    state = first.state()
    assert state.surface.shape == (SIDE, SIDE) and 0 <= state.surface.min() <= state.surface.max() <= 1
    np.testing.assert_allclose(state.surface, second.state().surface, atol=1e-5)
    np.testing.assert_array_equal(state.surface, first.state().surface)
    assert [round(epoch) for epoch, *_ in first.history] == [2, 2]


def test_a_slice_of_time_is_kept(monkeypatch):
    trainer = Trainer(Settings())
    trainer.train_step()
    clock = itertools.count(step=0.25)  # a quarter of a second passes from one look to the next
    monkeypatch.setattr("courseware.playground.trainer.time.monotonic", lambda: next(clock))
    trainer.train_for(2.0, until_epoch=10**6)
    assert trainer.step == 1 + 8


async def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def test_start_pause_step_reset():
    async def play():
        face = widget.Playground()
        assert face.buttons["Pause"].disabled and bytes(face.picture.value).startswith(b"\x89PNG")
        face.buttons["Start"].click()
        assert face.running and face.buttons["Start"].disabled
        await until(lambda: face.trainer.epoch >= 2)
        assert face.names.said == "Training."
        frame = face.picture.value
        await until(lambda: face.picture.value != frame)

        face.buttons["Pause"].click()
        stopped = face.trainer.step
        await asyncio.sleep(0.4)
        assert face.trainer.step == stopped and not face.running
        assert face.names.said in face.status.value and face.names.said.startswith("Epoch")

        epoch = face.trainer.epoch
        face.buttons["Step"].click()
        await until(lambda: not face.running)
        assert face.trainer.epoch == epoch + 1 and f"Epoch {epoch + 1}." in face.status.value

        weights = face.trainer.model.get_weights()
        face.buttons["Reset"].click()
        assert face.trainer.step == 0 and "Epoch 0." in face.status.value
        assert not np.allclose(weights[0], face.trainer.model.get_weights()[0])
        return len(asyncio.all_tasks())

    assert asyncio.run(play()) == 1, "no task is left behind"


def test_a_change_begins_again_and_also_while_it_compiles():
    async def play():
        face = widget.Playground()
        face.start()
        await asyncio.sleep(0.05)  # the first network is still compiling
        face.controls["layers"].value = 2  # as a change that the page held back until after the click on "Start"
        assert face.running and face.trainer.settings == replace(Settings(), layers=2)
        await asyncio.sleep(0.05)
        face.pause()
        face.start()  # paused and started while it compiles: the first step is taken once
        await until(lambda: face.trainer.step > 0 or not face.running)
        await until(lambda: face.trainer.epoch >= 1)
        face.controls["noise"].value = 0.3
        await until(lambda: face.trainer.epoch >= 1)
        assert face.running and face.trainer.settings == replace(Settings(), layers=2, noise=0.3)
        face.pause()
        assert "Epoch" in face.status.value
        face.controls["layers"].value = 1
        assert not face.running and face.trainer.step == 0, "who had paused is not training now"
        face.step()
        face.controls["layers"].value = 2
        assert not face.running, "a single step ends where its network does"
        await until(lambda: len(asyncio.all_tasks()) == 1)  # what was stopped ends

    asyncio.run(play())


def test_an_error_while_training_is_shown():
    async def play():
        face = widget.Playground()
        face.trainer.train_step = lambda: 1 / 0
        face.start()
        await until(lambda: not face.running)
        return face.status.value

    assert "division by zero" in asyncio.run(play())


def test_a_machine_stores_one_line_and_builds_no_network(tmp_path):
    cell = "from courseware.playground import playground\nplayground()\nimport sys; print('keras' in sys.modules)"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    client = NotebookClient(book, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}})
    client.execute()
    shown, printed = book.cells[0].outputs
    assert shown.data == {"text/plain": widget.LINE}
    assert printed.text == "False\n"


def test_what_comes_in_another_thread_is_done_where_the_cells_run(monkeypatch):
    """JupyterLab may send a click or a change on a channel that the kernel reads in a thread of its own."""
    seen = []
    show = widget.Playground._show
    monkeypatch.setattr(widget.Playground, "_show", lambda self: seen.append(threading.get_ident()) or show(self))

    async def play():
        board = widget.Playground()

        def turn():
            board.controls["neurons"].value = 7
            board.buttons["Start"].click()

        await asyncio.to_thread(turn)
        await until(lambda: board.trainer.epoch >= 1)
        assert board.trainer.settings.neurons == 7
        await asyncio.to_thread(board.buttons["Pause"].click)
        await until(lambda: not board.running)

    asyncio.run(play())
    assert set(seen) == {threading.get_ident()}
