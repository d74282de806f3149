"""The drawings of lesson 05."""

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, RED, named_bars


def series(time, values, cuts, label, unit):
    """Draw a series over time in two or three parts: training, then validation if there are two `cuts`, then test."""
    figure, ax = plt.subplots(figsize=(9, 3))
    names = ["training", "validation", "test"] if len(cuts) == 2 else ["training", "test"]
    styles = [(BLUE, "-"), (GREEN, "--"), (ORANGE, "-")] if len(cuts) == 2 else [(BLUE, "-"), (ORANGE, "-")]
    edges = [time[0], *cuts, time[-1] + 1]
    for name, (color, line), start, end in zip(names, styles, edges[:-1], edges[1:], strict=True):
        here = (time >= start) & (time < end)
        ax.plot(time[here], values[here], line, color=color, linewidth=1.4, label=name)
    for cut in cuts:
        ax.axvline(cut, color="0.6", linewidth=0.8)
    ax.set(xlabel="year", ylabel=unit, title=label)
    ax.set_ylim(top=values.max() * 1.2 - 0.2 * values.min())
    ax.legend(loc="upper left", ncols=3)
    return figure


def unrolled(inputs=("x₁", "x₂", "x₃", "x₄")):
    """Draw the same cell once per time step, the hidden state passed along, and the prediction at the end."""
    figure, ax = plt.subplots(figsize=(8, 2.8))
    arrow = {"arrowstyle": "->", "color": BLACK, "linewidth": 1.2}
    for step, name in enumerate(inputs):
        x = 2.2 * step
        ax.text(x, 0, "same\nweights", ha="center", va="center", fontsize=9,
                bbox={"boxstyle": "round,pad=0.55", "facecolor": "#D9ECF7", "edgecolor": BLUE})  # fmt: skip
        ax.text(x, -1.35, name, ha="center", va="center", fontsize=12)
        ax.annotate("", xy=(x, -0.4), xytext=(x, -1.15), arrowprops=arrow)
        ax.annotate("", xy=(x + (1.75 if step < len(inputs) - 1 else 1.8), 0), xytext=(x + 0.46, 0), arrowprops=arrow)
        if step == 0:
            ax.annotate("", xy=(x - 0.45, 0), xytext=(x - 1.3, 0), arrowprops=arrow)
            ax.text(x - 1.0, 0.2, "h₀", ha="center", fontsize=11)
        ax.text(x + 1.1, 0.2, "h" + "₁₂₃₄₅"[step], ha="center", fontsize=11)
    end = 2.2 * len(inputs)
    ax.text(end, 0, "dense", ha="center", va="center", fontsize=9,
            bbox={"boxstyle": "round,pad=0.55", "facecolor": "#FBE8C8", "edgecolor": ORANGE})  # fmt: skip
    ax.annotate("", xy=(end, 1.05), xytext=(end, 0.22), arrowprops=arrow)
    ax.text(end, 1.2, "prediction", ha="center", fontsize=10)
    ax.set(xlim=(-1.5, end + 1), ylim=(-1.7, 1.6))
    ax.axis("off")
    return figure


def forecasts(time, truth, predictions, unit=""):
    """Draw what happened and, over it, each series of one-step forecasts (name -> values)."""
    figure, ax = plt.subplots(figsize=(9, 3.4))
    ax.plot(time, truth, color="0.6", linewidth=4, alpha=0.6, label="what happened")
    for (name, values), color, line in zip(predictions.items(), [RED, BLUE, GREEN], ["-", "--", ":"], strict=False):
        ax.plot(time, values, line, color=color, linewidth=1.3, label=name)
    ax.set(xlabel="year", ylabel=unit, title="One year ahead, from the years before it")
    ax.legend(ncols=4, loc="upper left", fontsize=9)
    ax.set_ylim(top=ax.get_ylim()[1] * 1.15)
    return figure


def errors(values, title, years="test"):
    """Draw one bar for each entry of `values` (name -> mean squared error on the `years`)."""
    label = f"mean squared error on the {years} years (smaller is better)"
    figure, ax = named_bars(values, label, ["recurrent"], figsize=(6.8, 0.9 + 0.36 * len(values)))
    ax.set_title(title)
    return figure


def lags(numbers, errors):
    """Draw the validation error of an autoregression against the number of past values that it weighs."""
    figure, ax = plt.subplots()
    ax.plot(numbers, errors, "o-", color=BLUE)
    ax.set(xlabel="lags: how many past years are weighed", ylabel="error on the validation years",
           title="How many years should the sum weigh?")  # fmt: skip
    ax.set_ylim(bottom=0)
    return figure


def losses(train, valid):
    """Draw the error on training and validation examples against the epoch, both averaged over several starts."""
    figure, ax = plt.subplots()
    epochs = np.arange(1, len(train) + 1)
    ax.plot(epochs, train, color=BLUE, label="training years")
    ax.plot(epochs, valid, "--", color=GREEN, label="validation years")
    ax.set(xlabel="epoch", ylabel="mean squared error", title="The recurrent network learns")
    ax.set_ylim(bottom=0)
    ax.legend()
    return figure


def horizons(curves):
    """Draw the error of each forecaster (name -> errors) against how many years ahead it forecasts."""
    figure, ax = plt.subplots()
    for (name, errors_), line in zip(curves.items(), ["o-", "s--", "-", "^:", "d-."], strict=True):
        ax.plot(np.arange(1, len(errors_) + 1), errors_, line, label=name, markersize=4)
    ax.set(xlabel="years ahead", ylabel="mean squared error (validation)", title="How far ahead can you see?")
    ax.set_ylim(0, 2.9)
    ax.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def memory(curves, unit="year"):
    """Draw, for each entry of `curves`, the influence of an input against how many steps back it lies."""
    figure, ax = plt.subplots()
    for (name, influence), line in zip(curves.items(), ["-", "--", "-.", ":"], strict=False):
        ax.plot(np.arange(1, len(influence) + 1), np.maximum(influence, 1e-12), line, label=name)
    ax.set(yscale="log", xlabel=f"{unit}s back", ylabel="influence on the prediction",
           title="How much does an old input still count?")  # fmt: skip
    ax.legend(fontsize=9)
    return figure


def two_ways(time, truth, forecasts_, *rest):
    """Draw forecasts of the level (name -> values) and the top of the training range."""
    *changes, known_top = rest
    if changes:  # an earlier copy of the lesson: two series, one by one
        forecasts_ = {"network on levels": forecasts_, "network on changes": changes[0]}
    figure, ax = plt.subplots(figsize=(9, 3.6))
    ax.plot(time, truth, color="0.6", linewidth=5, alpha=0.6, label="what happened")
    for (name, values), color, line in zip(forecasts_.items(), [RED, GREEN, BLUE], ["-", ":", "--"], strict=False):
        ax.plot(time, values, line, color=color, linewidth=1.4, label=name)
    ax.axhline(known_top, color="0.3", linestyle="--", linewidth=1)
    ax.text(time[-1], known_top - 0.4, "highest training value", ha="right", va="top", fontsize=9, color="0.3")
    ax.set(xlabel="year", ylabel="CO₂ (parts per million)", title="A future above nearly everything seen before")
    ax.legend(loc="upper left")
    return figure
