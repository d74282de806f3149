"""The drawings of lesson 05."""

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, RED, named_bars


def series(time, values, split, label, unit):
    """Draw a series over time; what comes after `split` is the test part, in another colour."""
    figure, ax = plt.subplots(figsize=(9, 3))
    before = time < split
    ax.plot(time[before], values[before], color=BLUE, linewidth=1.2, label="training part")
    ax.plot(time[~before], values[~before], color=ORANGE, linewidth=1.2, label="test part")
    ax.set(xlabel="year", ylabel=unit, title=label)
    ax.legend(loc="upper left", ncols=2)
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
        ax.annotate("", xy=(x, -0.55), xytext=(x, -1.1), arrowprops=arrow)
        ax.annotate("", xy=(x + 1.6, 0), xytext=(x + 0.6, 0), arrowprops=arrow)
        ax.text(x + 1.1, 0.2, "h" + "₁₂₃₄₅"[step], ha="center", fontsize=11)
    end = 2.2 * len(inputs)
    ax.text(end, 0, "dense", ha="center", va="center", fontsize=9,
            bbox={"boxstyle": "round,pad=0.55", "facecolor": "#FBE8C8", "edgecolor": ORANGE})  # fmt: skip
    ax.annotate("", xy=(end, 1.0), xytext=(end, 0.45), arrowprops=arrow)
    ax.text(end, 1.2, "prediction", ha="center", fontsize=10)
    ax.set(xlim=(-1, end + 1), ylim=(-1.7, 1.6))
    ax.axis("off")
    return figure


def forecasts(time, truth, predictions):
    """Draw what happened and, over it, each series of one-step forecasts (name -> values)."""
    figure, ax = plt.subplots(figsize=(9, 3.4))
    ax.plot(time, truth, color="0.6", linewidth=4, alpha=0.6, label="what happened")
    for (name, values), color in zip(predictions.items(), [RED, BLUE, GREEN], strict=False):
        ax.plot(time, values, color=color, linewidth=1.2, label=name)
    ax.set(xlabel="year", title="Each forecast sees everything up to the year before")
    ax.legend(ncols=4, loc="upper left", fontsize=9)
    ax.set_ylim(top=ax.get_ylim()[1] * 1.15)
    return figure


def errors(values, title):
    """Draw one bar for each entry of `values` (name -> mean squared error)."""
    label = "mean squared error on the test part (smaller is better)"
    figure, ax = named_bars(values, label, ["network"], figsize=(6.4, 2.6))
    ax.set_title(title)
    return figure


def memory(curves):
    """Draw, for each entry of `curves`, the influence of an input against how many steps back it lies."""
    figure, ax = plt.subplots()
    for name, influence in curves.items():
        ax.plot(np.arange(len(influence)), np.maximum(influence, 1e-7), label=name)
    ax.set(yscale="log", xlabel="steps back in time", ylabel="influence on the prediction",
           title="How far back does it remember?")  # fmt: skip
    ax.legend()
    return figure


def two_ways(time, truth, levels, changes, known_top):
    """Draw the forecasts of a network fed with levels and of one fed with changes, and the top of the training range."""
    figure, ax = plt.subplots(figsize=(9, 3.6))
    ax.plot(time, truth, color="0.6", linewidth=5, alpha=0.6, label="what happened")
    ax.plot(time, levels, color=RED, linewidth=1.2, label="network on levels")
    ax.plot(time, changes, color=BLUE, linewidth=1.2, label="network on changes")
    ax.axhline(known_top, color="0.3", linestyle="--", linewidth=1)
    ax.text(time[-1], known_top - 0.4, "highest training value", ha="right", va="top", fontsize=9, color="0.3")
    ax.set(xlabel="year", ylabel="CO₂ (parts per million)", title="The future lies above everything seen before")
    ax.legend(loc="upper left")
    return figure
