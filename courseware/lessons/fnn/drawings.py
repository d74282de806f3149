"""The drawings of lesson 03."""

import itertools

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, RED, signed_pictures


def surface(ax, way, shade, points, labels, title):
    """Draw what a network answers everywhere in the plane, and the points it was shown.

    Args:
        ax: where to draw.
        way: array (k,) of the coordinates of the map, on both sides.
        shade: array (k * k,) of the probabilities on the map, row by row from the bottom.
        points, labels: arrays (n, 2) and (n,).
        title: what stands above.
    """
    shade = np.reshape(shade, (len(way), len(way)))
    ax.contourf(way, way, shade, levels=np.linspace(0, 1, 11), cmap="RdBu_r", alpha=0.55)
    if shade.min() < 0.5 < shade.max():
        ax.contour(way, way, shade, levels=[0.5], colors=BLACK, linewidths=1)
    for kind, color, marker in ((0, BLUE, "o"), (1, RED, "^")):
        ax.scatter(*points[labels == kind].T, s=14, color=color, marker=marker, edgecolors=BLACK, linewidths=0.3)
    ax.set(title=title, xticks=[], yticks=[], aspect="equal")
    ax.spines[:].set_visible(False)


def surfaces(panels, way, points, labels):
    """Draw one map for each entry of `panels`: title -> probabilities, as in `surface`."""
    figure, axes = plt.subplots(1, len(panels), figsize=(3.3 * len(panels), 3.5))
    for ax, (title, shade) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        surface(ax, way, shade, points, labels, title)
    return figure


def network(columns, names, weights=(), ax=None, color=BLACK, title=None, notes=()):
    """Draw units as circles in columns, joined by arrows.

    Args:
        columns: for each layer the texts in its circles.
        names: for each layer the text below it.
        weights: for each gap between layers an array (from, to) of texts to write on the arrows.
        ax: where to draw; left out, a figure is made.
        color: of the texts on the arrows.
        title: what stands above.
        notes: for each layer the texts beside its circles, or None.
    """
    if ax is None:
        ax = plt.subplots(figsize=(6.4, 3.4))[1]
    places = [
        [(3.0 * c, 1.5 * ((len(column) - 1) / 2 - r)) for r in range(len(column))] for c, column in enumerate(columns)
    ]
    for gap, (left, right) in enumerate(itertools.pairwise(places)):
        for i, (x0, y0) in enumerate(left):
            for j, (x1, y1) in enumerate(right):
                ax.annotate(
                    "", (x1 - 0.42, y1), (x0 + 0.42, y0), arrowprops={"arrowstyle": "->", "color": "0.6", "lw": 1}
                )
                if len(weights) > gap:
                    share = (0.3, 0.62)[i % 2] if len(left) == 2 else 0.4
                    ax.text(
                        x0 + 0.42 + share * (x1 - x0 - 0.84), y0 + share * (y1 - y0), str(weights[gap][i][j]),
                        color=color, fontsize=9, ha="center", va="center",
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
                    )  # fmt: skip
    shades = ["#DDEBF7", *["#FBE9C6"] * (len(columns) - 2), "#D5F0E3"]
    for c, (column, spots, shade) in enumerate(zip(columns, places, shades, strict=True)):
        for r, (text, (x, y)) in enumerate(zip(column, spots, strict=True)):
            ax.add_patch(plt.Circle((x, y), 0.4, facecolor=shade, edgecolor="0.4"))
            ax.text(x, y, text, ha="center", va="center", fontsize=10)
            if len(notes) > c and notes[c]:
                ax.text(x, y - 0.58, notes[c][r], ha="center", va="center", fontsize=9, color=color)
    lowest = min(y for spots in places for _, y in spots)
    for name, spots in zip(names, places, strict=True):
        ax.text(spots[0][0], lowest - 1.05, name, ha="center", va="center", fontsize=10)
    ax.set(xlim=(-0.8, 3 * len(columns) - 2.2), ylim=(lowest - 1.4, -lowest + 0.6), aspect="equal", title=title)
    ax.axis("off")
    return ax.figure


def two_losses():
    """Draw the squared error and the cross-entropy against the probability given to the right answer."""
    p = np.linspace(0.005, 1, 300)
    figure, ax = plt.subplots()
    ax.plot(p, -np.log(p), label="cross-entropy: -log p")
    ax.plot(p, (1 - p) ** 2, label="squared error: (1 - p)²", linestyle="--")
    ax.set(xlabel="probability p given to the right answer", ylabel="loss of this example", title="The price of being sure",
           ylim=(-0.1, 5.5))  # fmt: skip
    ax.annotate("sure and wrong", (0.02, 3.9), xytext=(0.2, 4.4), arrowprops={"arrowstyle": "->", "color": "0.4"})
    ax.annotate("sure and right", (0.99, 0.02), xytext=(0.68, 1.6), arrowprops={"arrowstyle": "->", "color": "0.4"})
    ax.legend(loc="upper right")
    return figure


def starts(losses, floor=1e-6):
    """Draw one loss curve for each start: array (starts, steps)."""
    figure, ax = plt.subplots()
    for curve in losses:
        good = curve[-1] < 0.01
        ax.plot(np.maximum(curve, floor), color=GREEN if good else RED, linestyle="-" if good else "--", linewidth=1.2)
    ax.plot([], [], color=GREEN, label="solved")
    ax.plot([], [], color=RED, linestyle="--", label="stuck")
    ax.set(xlabel="step", ylabel="mean squared error", yscale="log", title="Same network, same data, other starts")
    ax.legend(loc="lower right")
    return figure


def fits(x, y, panels):
    """Draw one panel for each entry of `panels`: title -> curve; the true curve lies behind it."""
    figure, axes = plt.subplots(1, len(panels), figsize=(3.3 * len(panels), 3), sharey=True)
    for ax, (title, curve) in zip(axes, panels.items(), strict=True):
        ax.plot(x, y, color="0.7", linewidth=5, label="wave")
        ax.plot(x, curve, color=BLUE, linewidth=1.6, label="network")
        ax.set(title=title, xlabel="x")
    axes[0].legend(loc="lower left")
    return figure


def pixels(image, label):
    """Draw a digit, and beside it the numbers that the network gets (every second one of a large picture)."""
    step = max(1, image.shape[0] // 14)
    small = image[::step, ::step]
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.9))
    left.imshow(image, cmap="gray_r")
    left.set(title=f"What you see: a {label}", xticks=[], yticks=[])
    right.imshow(small, cmap="gray_r", alpha=0.25)
    for (row, column), value in np.ndenumerate(small):
        right.text(column, row, f"{value:.1f}", ha="center", va="center", fontsize=9 if len(small) < 10 else 6)
    right.set(title="What the network gets", xticks=[], yticks=[])
    return figure


def history(logs):
    """Draw loss and accuracy by epoch, on training and validation data; `logs` is Keras's ``history.history``."""
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.3))
    for ax, name in zip(axes, ("loss", "accuracy"), strict=True):
        epochs = np.arange(1, len(logs[name]) + 1)
        ax.plot(epochs, logs[name], "o-", markersize=3, label="training")
        ax.plot(epochs, logs[f"val_{name}"], "s--", markersize=3, label="validation")
        ax.set(xlabel="epoch", ylabel=name)
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.legend()
    return figure


def confusions(table, images, labels, answers):
    """Draw the confusion matrix, and beside it up to nine of the digits that were misread."""
    figure = plt.figure(figsize=(9.5, 4.4))
    left, right = figure.subfigures(1, 2, width_ratios=[1.25, 1])
    ax = left.subplots()
    ax.imshow(
        np.where(np.eye(10, dtype=bool), 0, table), cmap="Oranges", vmax=max(3, table[~np.eye(10, dtype=bool)].max())
    )
    for (row, column), count in np.ndenumerate(table):
        if count:
            ax.text(column, row, count, ha="center", va="center", fontsize=9, color="0.5" if row == column else BLACK)
    ax.set(xticks=range(10), yticks=range(10), xlabel="the network's answer", ylabel="the digit that it is")
    ax.spines[:].set_visible(False)
    axes = right.subplots(3, 3)
    for ax in axes.flat:
        ax.axis("off")
    for ax, image, label, answer in zip(axes.flat, images, labels, answers, strict=False):
        ax.imshow(image, cmap="gray_r")
        ax.set_title(f"{label} read as {answer}", fontsize=9)
    return figure


def unit_pictures(weights):
    """Draw the weights of units as pictures: array (units, size, size), red above zero, blue below."""
    return signed_pictures(weights, same_scale=False)


def weight_histogram(weights):
    """Draw how a trained network's weights are spread, with the range from 0 to 1 marked."""
    figure, ax = plt.subplots(figsize=(6.4, 3))
    ax.axvspan(0, 1, color=ORANGE, alpha=0.25, label="between 0 and 1")
    ax.hist(weights, bins=30, color=BLUE)
    ax.set(xlabel="weight", ylabel="how many", title="The weights of the trained 8-10-1 network")
    ax.legend()
    return figure
