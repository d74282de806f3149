"""The drawings of lesson 03."""

import itertools

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, RED, rows_of_weights


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


def network(columns, names, weights=(), ax=None, color=BLACK, title=None, notes=(), backward=False):
    """Draw units as circles in columns, joined by arrows.

    Args:
        columns: for each layer the texts in its circles.
        names: for each layer the text below it.
        weights: for each gap between layers an array (from, to) of texts to write on the arrows.
        ax: where to draw; left out, a figure is made.
        color: of the texts on the arrows.
        title: what stands above.
        notes: for each layer the texts below its circles, or None.
        backward: whether the arrows run from right to left.
    """
    if ax is None:
        ax = plt.subplots(figsize=(6.4, 3.4))[1]
    places = [
        [(3.0 * c, 1.5 * ((len(column) - 1) / 2 - r)) for r in range(len(column))] for c, column in enumerate(columns)
    ]
    for gap, (left, right) in enumerate(itertools.pairwise(places)):
        for i, (x0, y0) in enumerate(left):
            for j, (x1, y1) in enumerate(right):
                ends = (x1 - 0.42, y1), (x0 + 0.42, y0)
                ax.annotate(
                    "", *(ends[::-1] if backward else ends), arrowprops={"arrowstyle": "->", "color": "0.6", "lw": 1}
                )
                if len(weights) > gap:
                    share = 0.5 if len(left) == 1 else 0.2
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
                ax.text(x, y - 0.58, notes[c][r], ha="center", va="center", fontsize=9, color=BLACK)
    lowest = min(y for spots in places for _, y in spots)
    for name, spots in zip(names, places, strict=True):
        ax.text(spots[0][0], lowest - 1.05, name, ha="center", va="center", fontsize=10)
    ax.set(xlim=(-0.8, 3 * len(columns) - 2.2), ylim=(lowest - 1.4, -lowest + 0.6), aspect="equal", title=title)
    ax.axis("off")
    return ax.figure


def two_losses():
    """Draw the squared error and the cross-entropy against the weighted sum before the sigmoid, the right answer being yes."""
    z = np.linspace(-8, 5, 400)
    p = 1 / (1 + np.exp(-z))
    figure, ax = plt.subplots()
    ax.plot(z, -np.log(p), label="cross-entropy: -log p")
    ax.plot(z, (1 - p) ** 2, label="squared error: (1 - p)²", linestyle="--")
    ax.set(xlabel="weighted sum z; p = sigmoid(z) is the probability of the right answer", ylabel="loss of this example",
           title="How steep is each loss where the network is wrong?")  # fmt: skip
    ax.text(-7.8, 1.9, "sure and wrong:\nthe squared error is flat", color="0.3", fontsize=10)
    ax.text(2.1, 0.9, "sure and right", color="0.3", fontsize=10)
    ax.legend(loc="upper right")
    return figure


def blame_tables(x, d):
    """Draw the multiplication table of inputs and blames for each example, and their sum.

    Args:
        x: array (n, inputs).
        d: array (n, units), the blames.
    """
    figure, axes = plt.subplots(1, len(x) + 1, figsize=(2.5 * (len(x) + 1), 1.9))
    tables = [*(np.outer(row, blames) for row, blames in zip(x, d, strict=True)), x.T @ d]
    for number, (ax, table) in enumerate(zip(axes, tables, strict=True)):
        last = number == len(x)
        for (row, column), value in np.ndenumerate(table):
            shade = "#FBE9C6" if last else "#EEF3F8"
            ax.add_patch(plt.Rectangle((column, row), 1, 1, facecolor=shade, edgecolor="0.6"))
            ax.text(column + 0.5, row + 0.5, value, ha="center", va="center", fontsize=12)
        if not last:
            for column, value in enumerate(d[number]):
                ax.text(column + 0.5, -0.3, value, ha="center", va="center", fontsize=12, color=RED)
            for row, value in enumerate(x[number]):
                ax.text(-0.35, row + 0.5, value, ha="center", va="center", fontsize=12, color=BLUE)
            ax.text(3.45, 1, "+" if number < len(x) - 1 else "=", ha="center", va="center", fontsize=15)
        ax.set(xlim=(-0.7, 3.8), ylim=(2.1, -0.6), aspect="equal")
        ax.set_title("x.T @ d" if last else f"example {number + 1}", fontsize=11)
        ax.axis("off")
    axes[0].text(-0.6, 2.45, "down the side: inputs", color=BLUE, fontsize=10, va="center", clip_on=False)
    axes[1].text(-0.6, 2.45, "along the top: blames", color=RED, fontsize=10, va="center", clip_on=False)
    return figure


def walks(places, steepness):
    """Draw walks, name -> array (steps + 1, 2), each on the map of the loss sum(steepness * w**2) / 2."""
    figure, axes = plt.subplots(1, len(places), figsize=(3.2 * len(places), 3.5), sharey=True)
    way = np.linspace(-1.3, 1.3, 200)
    across, up = np.meshgrid(way, way)
    loss = (steepness[0] * across**2 + steepness[1] * up**2) / 2
    for ax, (name, walk) in zip(axes, places.items(), strict=True):
        ax.contour(way, way, loss, levels=np.max(loss) * np.geomspace(1e-4, 1, 12), colors="0.8", linewidths=0.8)
        ax.plot(*walk.T, "o-", color=BLUE, markersize=3, linewidth=1)
        ax.plot(*walk[0], "s", color=ORANGE, markersize=8, label="start")
        ax.plot(0, 0, "*", color=BLACK, markersize=10, label="bottom")
        ax.set(title=name, xlabel="$w_1$", aspect="equal", xlim=(-1.3, 1.3), ylim=(-1.3, 1.3))
    axes[0].set_ylabel("$w_2$ (100 times as steep)")
    axes[0].legend(loc="lower left", fontsize=9)
    return figure


def folds(x, panels):
    """Draw one panel for each entry of `panels`: number of folds -> values at x."""
    figure, axes = plt.subplots(1, len(panels), figsize=(3.2 * len(panels), 2.6), sharey=True)
    for ax, (times, values) in zip(axes, panels.items(), strict=True):
        ax.plot(x, values, color=BLUE, linewidth=1.5)
        ax.set(title=f"{times} fold" + "s" * (times > 1), xlabel="x", xticks=[0, 0.5, 1], yticks=[0, 1])
    axes[0].set_ylabel("output")
    return figure


def starts(losses, floor=1e-8):
    """Draw one loss curve for each start: array (starts, steps); what is below the `floor` leaves the picture."""
    figure, ax = plt.subplots()
    for curve in losses:
        good = curve[-1] < 0.01
        ax.plot(curve, color=GREEN if good else RED, linestyle="-" if good else "--", linewidth=1.2)
    ax.plot([], [], color=GREEN, label="solved")
    ax.plot([], [], color=RED, linestyle="--", label="stuck")
    ax.set(xlabel="step", ylabel="mean squared error (log scale)", yscale="log", ylim=(floor, 10),
           title="Same network, same data, other starts")  # fmt: skip
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
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
    which = f" (one number in {step * step})" if step > 1 else ""
    right.set(title=f"What the network gets{which}", xticks=[], yticks=[])
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


def unit_pictures(rows):
    """Draw rows of pictures of weights, name -> array (units, size, size): red above zero, blue below, on one scale."""
    return rows_of_weights(rows)


def weight_histogram(weights):
    """Draw how a trained network's weights are spread, with the range from 0 to 1 marked."""
    figure, ax = plt.subplots(figsize=(6.4, 3))
    ax.axvspan(0, 1, color=ORANGE, alpha=0.25, label="between 0 and 1")
    ax.hist(weights, bins=30, color=BLUE)
    ax.set(xlabel="weight", ylabel="how many", title="The weights of the trained 8-10-1 network")
    ax.legend()
    return figure
