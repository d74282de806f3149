"""The playground's face: ipywidgets around a `Trainer`. It trains in slices, so the page stays alive meanwhile."""

from __future__ import annotations

import asyncio
import html
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from courseware.notebook import show_widget, widget_module
from courseware.playground import trainer as training
from courseware.playground.datasets import DATASETS
from courseware.playground.trainer import Settings, State, Trainer

LINE = "Playground: run this cell in JupyterLab to train a network here and watch its border move."
SLICE = 0.15  # seconds of training between two frames; with drawing this is well under half a second
BREATH = 0.03  # seconds for the kernel to hear clicks between two slices
LAST_EPOCH = 3000  # it stops by itself here

PICTURE = (
    "Left, the points of both kinds, and what the network answers at each place as a colour. Right, the loss on training "
    "points and on test points, by epoch."
)

_latest: list[Playground] = []


def playground() -> None:
    """Show the playground beneath the cell; an earlier one stops training."""

    def build() -> widgets.Widget:
        while _latest:
            _latest.pop().pause()
        _latest.append(Playground())
        return _latest[0].box

    show_widget(LINE, build)


class Names(anywidget.AnyWidget):
    """Names of the controls beside it, words for the picture (`alt`), and what is `said` to those who listen."""

    _esm = widget_module(Path(__file__).with_name("names.js"))
    _css = Path(__file__).with_name("names.css")
    alt = traitlets.Unicode(PICTURE).tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)


class Playground:
    """Controls, buttons and a picture around one trainer.

    Attributes:
        box: the widget to display.
        trainer: the network in play; a reset makes a new one.
    """

    def __init__(self) -> None:
        self.controls = _controls()
        self.buttons = {
            name: widgets.Button(description=name, tooltip=told, layout=widgets.Layout(width="7em"))
            for name, told in [("Start", "train until paused"), ("Pause", "stop training, keep the network"),
                               ("Step", "train for one epoch"), ("Reset", "begin again with new random weights")]
        }  # fmt: skip
        for name, act in {"Start": self.start, "Pause": self.pause, "Step": self.step, "Reset": self.reset}.items():
            self.buttons[name].on_click(lambda _, act=act: self._in_turn(act))
        self.picture = widgets.Image(format="png")
        self.status = widgets.HTML()
        self.status.add_class("status")
        self.names = Names()
        self.names.add_class("names")
        self._loop = _running_loop()
        self._task: asyncio.Task | None = None
        self._first: asyncio.Future | None = None
        self._seed = self._until = 0
        self._stands = ""
        for control in self.controls.values():
            control.observe(lambda _: self._in_turn(self._change), names="value")
        self._begin()
        self.box = widgets.VBox([
            widgets.HBox(list(self.controls.values()), layout=widgets.Layout(flex_flow="row wrap")),
            widgets.HBox(list(self.buttons.values())), self.status, self.picture, self.names,
        ])  # fmt: skip
        self.box.add_class("course-playground")

    @property
    def running(self) -> bool:
        return self._task is not None

    def start(self) -> None:
        """Train until paused; needs a running event loop, which a notebook has."""
        self._run(until_epoch=LAST_EPOCH)

    def step(self) -> None:
        """Train to the end of the epoch."""
        self._run(until_epoch=self.trainer.epoch + 1)

    def pause(self) -> None:
        """Stop after the slice in progress; the network stays as it is."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._enable()

    def reset(self) -> None:
        """Begin again, with other random weights and points."""
        self._seed += 1
        self._begin()

    def _in_turn(self, act: Callable[[], None]) -> None:
        """Do it where the cells run: JupyterLab may bring a click or a change in another thread, and both at once."""
        if self._loop is None or self._loop.is_closed() or _running_loop() is self._loop:
            act()
        else:
            self._loop.call_soon_threadsafe(act)

    def _change(self) -> None:
        """Begin again as the controls now stand; who was training goes on, so turning one shows at once what it does.

        The page holds changes back while the kernel is busy, but not clicks, so one may come after a later "Start".
        """
        training_on = self._until == LAST_EPOCH and self.running
        self._begin()
        if training_on:
            self.start()

    def _begin(self) -> None:
        self.pause()
        chosen = {name: control.value for name, control in self.controls.items()}
        self.trainer, self._first = Trainer(Settings(**chosen, seed=self._seed)), None
        self._drawing = _Drawing(self.trainer)
        self._show()

    def _run(self, until_epoch: int) -> None:
        if self._task is None:
            self._until = until_epoch
            self.names.said = "Training."
            self._task = asyncio.get_running_loop().create_task(self._train(self.trainer, until_epoch))
            self._enable()

    async def _train(self, trainer: Trainer, until_epoch: int) -> None:
        try:
            if trainer.step == 0:  # Keras compiles the step now; in a thread, so that the page stays alive
                if self._first is None:  # else it was paused meanwhile, and is still compiling
                    self._first = asyncio.ensure_future(asyncio.to_thread(trainer.train_step))
                first, dots = self._first, 0
                while not first.done():
                    dots = dots % 3 + 1
                    self._say(f"Compiling the network {'.' * dots}")
                    await asyncio.wait({first}, timeout=0.25)
                first.result()
            while trainer.epoch < until_epoch and trainer is self.trainer:
                trainer.train_for(SLICE, until_epoch)
                self._show()
                await asyncio.sleep(BREATH)
            self._show()
        except Exception as error:  # a task's exception would be lost; the player should read it
            self._say(f"Training stopped: {str(error) or type(error).__name__}")
        if self._task is asyncio.current_task():
            self._task = None
            self._enable()

    def _show(self) -> None:
        drawing = self._drawing  # with its own trainer: a control may be turned meanwhile, in another thread
        state = drawing.trainer.state()
        self.picture.value = drawing.frame(state)
        self._say(
            f"Epoch {state.epoch}. Loss on training points {state.training_loss:.3f}, on test points "
            f"{state.test_loss:.3f}; {state.test_accuracy:.0%} of the test points are right. "
            f"{drawing.trainer.model.count_params()} parameters."
        )

    def _say(self, text: str) -> None:
        """Show how it stands; it is read out only at rest, not several times a second."""
        self._stands = text
        self.status.value = f"<p>{html.escape(text)}</p>"
        if not self.running:
            self.names.said = text

    def _enable(self) -> None:
        if not self.running:
            self.names.said = self._stands
        for name, button in self.buttons.items():
            button.disabled = {"Start": self.running, "Step": self.running, "Pause": not self.running}.get(name, False)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """The event loop of this thread, if one runs."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _controls() -> dict[str, Any]:
    """One control for each setting, by the name that `Settings` has for it."""
    start = Settings()
    look = {"style": {"description_width": "8em"}, "layout": widgets.Layout(width="21em")}

    def choice(title: str, options: Any, name: str) -> widgets.Dropdown:
        return widgets.Dropdown(description=title, options=options, value=getattr(start, name), **look)

    def slider(kind: Any, title: str, name: str, low: float, high: float, by: float) -> Any:
        return kind(description=title, min=low, max=high, step=by, value=getattr(start, name),
                    continuous_update=False, **look)  # fmt: skip

    return {
        "data": choice("data", list(DATASETS), "data"),
        "noise": slider(widgets.FloatSlider, "noise", "noise", 0, 0.4, 0.05),
        "layers": slider(widgets.IntSlider, "hidden layers", "layers", 0, 4, 1),
        "neurons": slider(widgets.IntSlider, "neurons in each", "neurons", 1, 16, 1),
        "activation": choice("activation", training.ACTIVATIONS, "activation"),
        "learning_rate": choice("learning rate", (0.001, 0.003, 0.01, 0.03, 0.1, 0.3), "learning_rate"),
        "regularization": choice("regularization", training.REGULARIZATIONS, "regularization"),
        "strength": choice("its strength", (0.0001, 0.001, 0.01, 0.1), "strength"),
        "batch_size": choice("batch size", training.BATCH_SIZES, "batch_size"),
    }


class _Drawing:
    """The picture of one trainer, drawn once and then only changed: that is what makes a frame quick."""

    def __init__(self, trainer: Trainer):
        self.trainer = trainer
        # Fixed places, whatever layout the notebook's style asks for, so that nothing moves from frame to frame.
        self._figure = Figure(figsize=(8.6, 3.9), dpi=80, layout="none")
        FigureCanvasAgg(self._figure)
        left, self._right = self._figure.subplots(1, 2, width_ratios=[1, 1.15])
        reach = training.REACH
        self._surface = left.imshow(np.zeros((training.SIDE, training.SIDE)), extent=(-reach, reach, -reach, reach),
                                    origin="lower", cmap="RdBu_r", vmin=0, vmax=1, alpha=0.6,
                                    interpolation="bilinear")  # fmt: skip
        for label, color, marker in ((0, "#0072B2", "o"), (1, "#D55E00", "^")):
            shown = trainer.points[trainer.labels == label]
            left.scatter(*shown.T, s=12, color=color, marker=marker, edgecolors="black", linewidths=0.3)
        left.set(xticks=[], yticks=[], xlim=(-reach, reach), ylim=(-reach, reach), title="What the network answers")
        (self._training,) = self._right.plot([], [], color="#0072B2", label="training points")
        (self._test,) = self._right.plot([], [], color="#E69F00", linestyle="--", label="test points")
        self._right.set(xlabel="epoch", ylabel="loss", title="Cross-entropy")
        self._right.legend(loc="upper right", frameon=False)
        self._figure.subplots_adjust(left=0.02, right=0.98, bottom=0.14, top=0.91, wspace=0.16)

    def frame(self, state: State) -> bytes:
        """The picture of `state` as PNG."""
        self._surface.set_data(state.surface)
        epochs, given, test = np.array(self.trainer.history).T
        self._training.set_data(epochs, given)
        self._test.set_data(epochs, test)
        self._right.set(xlim=(0, max(1, epochs[-1])), ylim=(0, 1.05 * max(0.75, given.max(), test.max())))
        picture = io.BytesIO()
        self._figure.savefig(picture, format="png")
        return picture.getvalue()
