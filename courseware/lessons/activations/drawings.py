"""The drawings of lesson 02."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, PURPLE, RED, SKY

BLUE_TO_ORANGE = LinearSegmentedColormap.from_list("blue to orange", [BLUE, "white", ORANGE])


MONTHS = ["J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D"]


def seasons(month, change, fits):
    """Draw the measurements of each month with each fit of `fits` (name -> predictions like `month`), one panel each."""
    figure, axes = plt.subplots(1, len(fits), figsize=(4 * len(fits), 3.2), sharey=True)
    for ax, (name, prediction), color in zip(axes, fits.items(), [RED, GREEN], strict=True):
        ax.scatter(month, change, s=10, color="0.7")
        ax.plot(month[:12], prediction[:12], color=color, linewidth=2.5)
        ax.set(xlabel="month", title=name, xticks=range(1, 13), xticklabels=MONTHS)
    axes[0].set(ylabel="carbon dioxide, ppm above the\naverage of the year around it")
    return figure


def added_up(at, weighted, bias, total, month, change):
    """Draw each row of `weighted`, the weighted outputs of one unit at the inputs `at`, and their sum over the data."""
    figure, axes = plt.subplots(2, 2, figsize=(8, 5))
    axes = axes.ravel()
    names = ["first unit", "second unit", "third unit"]  # of a network with three
    lowest, highest = weighted.min() - 0.5, weighted.max() + 0.5
    for ax, row, name, color in zip(axes, weighted, names, [BLUE, PURPLE, ORANGE], strict=False):
        ax.plot(at, row, color=color, linewidth=2.5)
        ax.set(title=f"{name}, times its output weight", ylim=(lowest, highest))
    axes[-1].scatter(month, change, s=6, color="0.7")
    axes[-1].plot(at, total, color=GREEN, linewidth=2.5)
    axes[-1].set(title=f"their sum, plus the output bias {bias:.2f}", ylim=(-5, 5))
    for ax in axes:
        ax.axhline(0, color="0.8", linewidth=1, zorder=0)
        ax.set(xlabel="month", xticks=range(1, 13), xticklabels=MONTHS)
    axes[0].set(ylabel="ppm")
    axes[2].set(ylabel="ppm")
    return figure


def thresholds(functions, bias):
    """Draw the output of one unit against its weighted inputs, for each of `functions` (name -> function)."""
    inputs = np.linspace(-3, 5, 801)
    figure, axes = plt.subplots(1, len(functions), figsize=(8.1, 2.7), sharey=True)
    for ax, (name, function), color in zip(axes, functions.items(), [RED, BLUE, GREEN], strict=True):
        output = function(inputs + bias)
        ax.axvline(-bias, color="0.6", linestyle="--")
        ax.plot(inputs, output, color=color, linewidth=2)
        ax.set(xlabel="weighted inputs", title=name, ylim=(-0.15, 2.2))
    axes[0].set(ylabel="output of the unit")
    for ax in axes:
        ax.text(-bias - 0.15, 1.9, "-b", color="0.4", ha="right")
    return figure


def stacks(x, rows):
    """Draw curves of random networks: `rows` is title -> list of arrays like `x`, one panel each."""
    figure, axes = plt.subplots(1, len(rows), figsize=(8.1, 3))
    for ax, (title, curves) in zip(axes, rows.items(), strict=True):
        for place, curve in enumerate(curves):
            ax.plot(x, (curve - curve.mean()) / np.ptp(curve) + 0.4 * place, linewidth=2)
        ax.set(xlabel="input", title=title, yticks=[])
    axes[0].set(ylabel="output (scaled and shifted)")
    return figure


def gallery(z, functions, slopes=None):
    """Draw each function (name -> function) as a solid line and, where `slopes` are given, its slope as a dashed one."""
    figure, axes = plt.subplots(2, 4, figsize=(8.1, 4.6), sharex=True)
    colors = [BLUE, PURPLE, GREEN, ORANGE, RED, SKY, BLUE]
    for ax, (name, function), color in zip(axes.flat, functions.items(), colors, strict=False):
        ax.axhline(0, color="0.8", linewidth=1)
        ax.axvline(0, color="0.8", linewidth=1)
        ax.plot(z, function(z), color=color, linewidth=2.5)
        if slopes:
            ax.plot(z, slopes[name](z), color=BLACK, linestyle="--", linewidth=1.2)
        ax.set(title=name, xlabel="z", ylim=(-1.2, 3))
        ax.tick_params(labelbottom=True)
    last = axes.flat[-1]
    last.axis("off")
    if not slopes:
        return figure
    last.plot([], [], color="0.4", linewidth=2.5, label="the function")
    last.plot([], [], color=BLACK, linestyle="--", linewidth=1.2, label="its slope")
    last.legend(loc="center")
    return figure


def softmax_steps(names, scores, after_exp, probabilities):
    """Draw the three stages of softmax as bars: scores, their exponentials, and the probabilities."""
    figure, axes = plt.subplots(1, 3, figsize=(8.1, 2.8))
    stages = {"scores": scores, "e to the score": after_exp, "divided by their sum": probabilities}
    for ax, (title, values), color in zip(axes, stages.items(), ["0.6", ORANGE, BLUE], strict=True):
        bars = ax.bar(names, values, color=color)
        ax.bar_label(bars, fmt="%.2f", padding=2)
        ax.axhline(0, color=BLACK, linewidth=1)
        ax.set(title=title, yticks=[])
        ax.margins(y=0.18)
    return figure


def points(x, y):
    """Draw the points `x` (n, 2) with the marks of their classes `y` (n,)."""
    figure, ax = plt.subplots(figsize=(4.6, 3.4))
    for value, color, marker in ((0, BLUE, "o"), (1, ORANGE, "^")):
        ax.scatter(
            *x[y == value].T, s=12, color=color, marker=marker, edgecolor=BLACK, linewidth=0.3, label=f"class {value}"
        )
    ax.set(xlabel="first feature", ylabel="second feature", title="Two moons, the training set")
    ax.legend(fontsize=9)
    return figure


def maps(x, y, panels, knees=None):
    """Draw the points over the probability of class 1, one panel for each of `panels` (title -> function).

    Args:
        x, y: points (n, 2) and their classes (n,).
        panels: each function takes points (m, 2) and returns probabilities (m,).
        knees: ``(kernel, bias)`` of hidden units whose zero lines are drawn into the last panel.
    """
    grid = np.meshgrid(np.linspace(-2.8, 2.8, 121), np.linspace(-3.2, 3.2, 101))
    places = np.column_stack([part.ravel() for part in grid]).astype("float32")
    figure, axes = plt.subplots(1, len(panels), figsize=(2.7 * len(panels), 2.8), sharey=True, squeeze=False)
    for ax, (title, function) in zip(axes[0], panels.items(), strict=True):
        surface = np.reshape(function(places), grid[0].shape)
        ax.contourf(*grid, surface, levels=np.linspace(0, 1, 21), cmap=BLUE_TO_ORANGE, alpha=0.4)
        ax.contour(*grid, surface, levels=[0.5], colors=BLACK, linewidths=2)
        for value, color, marker in ((0, BLUE, "o"), (1, ORANGE, "^")):
            ax.scatter(*x[y == value].T, s=9, color=color, marker=marker, edgecolor=BLACK, linewidth=0.3)
        ax.set(title=title, xlabel="first feature")
    axes[0, 0].set(ylabel="second feature")
    if knees is not None:
        across = np.array([-2.8, 2.8])
        for (first, second), bias in zip(knees[0].T, knees[1], strict=True):
            axes[0, -1].plot(across, -(first * across + bias) / second, color="0.35", linewidth=0.7, linestyle="--")
    for ax in axes[0]:
        ax.set(xlim=(-2.8, 2.8), ylim=(-3.2, 3.2))
    return figure


def chains(sizes):
    """Draw the sizes (chains, n) of the gradient after 1 ... n sigmoids, and the bound 0.25 to the n."""
    depth = np.arange(1, sizes.shape[1] + 1)
    figure, ax = plt.subplots()
    for row in sizes[:200]:
        ax.plot(depth, row, color=BLUE, alpha=0.12, linewidth=0.8)
    ax.plot(depth, 0.25**depth, color=RED, linewidth=2.5, label="0.25 to the power n")
    ax.plot([], [], color=BLUE, alpha=0.6, label="random chains (200 of them)")
    ax.set(xlabel="n, number of sigmoids in the chain", ylabel="slope of the output", yscale="log",
           ylim=(1e-24, 1), xticks=range(2, sizes.shape[1] + 1, 2), title="How far a nudge of the input moves the output")  # fmt: skip
    ax.legend(loc="lower left")
    return figure


def revivals(traces):
    """Draw the largest weighted sum of a unit over the steps of training: `traces` is name -> list."""
    figure, ax = plt.subplots(figsize=(7.4, 4))
    styles = {"ReLU": (RED, "-"), "leaky": (GREEN, "-."), "ELU": (BLUE, "--")}
    for name, trace in traces.items():
        color, line = next(style for word, style in styles.items() if name.startswith(word))
        ax.plot(trace, color=color, linestyle=":" if "-9" in name else line, linewidth=2, label=name)
    ax.axhline(0, color=BLACK, linewidth=1)
    ax.text(len(trace), -0.75, "z = 0: on above, flat below", ha="right")
    ax.set(xlabel="step", ylabel="largest weighted sum z of any house", title="Which unit climbs out of the flat part?")
    ax.legend(loc="lower right", bbox_to_anchor=(1, 0.14), fontsize=9)
    return figure


def gradients(by_network):
    """Draw the mean size of the gradient in each layer: `by_network` is name -> array, first layer first."""
    figure, ax = plt.subplots(figsize=(6.4, 3.6))
    for (name, sizes), color, marker in zip(by_network.items(), [BLUE, PURPLE, GREEN], "o^s", strict=True):
        ax.plot(range(1, len(sizes) + 1), sizes, color=color, marker=marker, label=name)
    ax.set(xlabel="layer (1 is next to the inputs, 7 is the output)", ylabel="mean size of the gradient",
           yscale="log", title="The gradient at the start, averaged over ten starts")  # fmt: skip
    ax.legend()
    return figure


# Below: what copies of this lesson ask for that were made before it was rewritten.


def curved_town(size, price, fits):
    """Draw the houses with each fit of `fits` (name -> predictions), one panel each."""
    figure, axes = plt.subplots(1, len(fits), figsize=(4.4 * len(fits), 3.5), sharey=True)
    order = np.argsort(size)
    for ax, (name, prediction), color in zip(axes, fits.items(), [RED, GREEN], strict=True):
        ax.scatter(size, price, s=10, color="0.7")
        ax.plot(size[order], prediction[order], color=color, linewidth=2.5)
        ax.set(xlabel="size (hundreds of m²)", title=name)
    axes[0].set(ylabel="price (hundreds of thousands)")
    return figure


def shares(names, scores, after_exp, probabilities):
    """As `softmax_steps`."""
    return softmax_steps(names, scores, after_exp, probabilities)


def parted(x, y, panels, folds=None):
    """As `maps`, with `folds` for its `knees`."""
    return maps(x, y, panels, knees=folds)


def moves(by_network):
    """Draw how far the weights of each layer moved in training: `by_network` is name -> list, first layer first."""
    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    for (name, moved), color, marker in zip(by_network.items(), [BLUE, GREEN], "os", strict=True):
        ax.plot(range(1, len(moved) + 1), moved, color=color, marker=marker, label=name)
    ax.set(xlabel="layer, 1 is next to the inputs", ylabel="mean change of a weight", yscale="log",
           title="How far did each layer move?")  # fmt: skip
    ax.legend()
    return figure
