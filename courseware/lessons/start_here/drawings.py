"""The drawings of lesson 00."""

from itertools import pairwise

import keras
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle, Ellipse, FancyBboxPatch, Rectangle

from courseware.drawing import BLACK, BLUE, GREEN, INK, ORANGE, RED, SKY, picture

ENGINES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}


def pictures(images, captions, wrong=(), columns=10):
    """Draw each image with its caption above it; captions whose place is in `wrong` have a cross and another colour."""
    rows = -(-len(images) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(0.98 * columns, 1.35 * rows), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for place, (ax, image, caption) in enumerate(zip(axes.flat, images, captions, strict=False)):
        ax.imshow(image, **INK)
        if place in wrong:
            ax.set_title(f"{caption} ✗", fontsize=11, color=RED, weight="bold")
        else:
            ax.set_title(caption, fontsize=11)
    return figure


def numbers(image, rows=(8, 17), columns=(8, 17)):
    """Draw one image, and beside it a part of it, cut out at `rows` and `columns`, with the numbers that it is made of."""
    part = image[slice(*rows), slice(*columns)]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.3))
    left.imshow(image, **INK)
    left.add_patch(
        Rectangle(
            (columns[0] - 0.5, rows[0] - 0.5), part.shape[1], part.shape[0], fill=False, edgecolor=BLUE, linewidth=2.5
        )
    )
    left.set(title="What you see", xlabel="column", ylabel="row", xticks=range(0, 28, 4), yticks=range(0, 28, 4))
    right.imshow(part, **INK)
    for (row, column), value in np.ndenumerate(part):
        text = f"{value:.1f}".replace("0.0", "0").replace("1.0", "1")
        right.text(column, row, text, ha="center", va="center", fontsize=10, color="white" if value > 0.5 else BLACK)
    right.set(title="What the program gets, in the blue frame", xlabel="column", ylabel="row")
    right.set_xticks(range(part.shape[1]), range(*columns))
    right.set_yticks(range(part.shape[0]), range(*rows))
    right.spines[:].set(visible=True, color=BLUE, linewidth=2.5)
    for ax in (left, right):
        ax.tick_params(length=0, labelsize=9)
    return figure


def _table(ax, x, y, values, color="white", text=BLACK, edge="0.4"):
    """Draw a matrix as a grid of numbers whose upper left corner is at (x, y); y grows downwards."""
    for (row, column), value in np.ndenumerate(np.atleast_2d(values)):
        ax.add_patch(Rectangle((x + column, y + row), 1, 1, facecolor=color, edgecolor=edge))
        ax.text(x + column + 0.5, y + row + 0.5, f"{value:g}", ha="center", va="center", fontsize=11, color=text)


def axes_of(table):
    """Draw a matrix with its sums along axis 0 below it and along axis 1 beside it."""
    figure, ax = plt.subplots(figsize=(7.4, 4.0))
    n_rows, n_columns = table.shape
    _table(ax, 0, 0, table)
    _table(ax, 0, n_rows + 1.2, table.sum(axis=0), "#CFE5F3")
    _table(ax, n_columns + 1.6, 0, table.sum(axis=1)[:, None], "#F7DCCB")
    for column in range(n_columns):
        ax.annotate(
            "", (column + 0.5, n_rows + 1.1), (column + 0.5, n_rows + 0.1),
            arrowprops={"arrowstyle": "-|>", "color": BLUE, "lw": 2},
        )  # fmt: skip
    for row in range(n_rows):
        ax.annotate(
            "", (n_columns + 1.5, row + 0.5), (n_columns + 0.1, row + 0.5),
            arrowprops={"arrowstyle": "-|>", "color": RED, "lw": 2, "linestyle": "--"},
        )  # fmt: skip
    ax.text(
        n_columns + 0.25,
        n_rows + 1.7,
        ".sum(axis=0): down each column,\nthe rows are gone: shape (3,)",
        color=BLUE,
        va="center",
    )
    ax.text(
        n_columns + 2.9,
        n_rows / 2,
        ".sum(axis=1): along each row,\nthe columns are gone: shape (4,)",
        color=RED,
        va="center",
    )
    ax.text(n_columns / 2, -0.35, "baskets, shape (4, 3)", ha="center")
    ax.set(xlim=(-0.2, 11.5), ylim=(n_rows + 2.4, -0.8), aspect="equal")
    ax.axis("off")
    return figure


def broadcast(table, row):
    """Draw a matrix minus one row: NumPy uses the row again for each row of the matrix."""
    figure, ax = plt.subplots(figsize=(8.6, 2.9))
    n_rows, n_columns = table.shape
    _table(ax, 0, 0, table)
    ax.text(n_columns + 0.7, n_rows / 2, "−", ha="center", va="center", fontsize=18)
    start = n_columns + 1.4
    for again in range(1, n_rows):
        _table(ax, start, again, row, "0.97", "0.6", "0.8")
    _table(ax, start, 0, row, "#CFE5F3")
    ax.text(start + n_columns + 0.7, n_rows / 2, "=", ha="center", va="center", fontsize=18)
    _table(ax, start + n_columns + 1.4, 0, table - row)
    for x, text in (
        (0, f"{table.shape}"),
        (start, f"({n_columns},), used for every row"),
        (start + n_columns + 1.4, f"{table.shape}"),
    ):
        ax.text(x + n_columns / 2, n_rows + 0.5, text, ha="center", va="center", fontsize=10)
    ax.set(xlim=(-0.2, start + 2 * n_columns + 1.8), ylim=(n_rows + 0.9, -0.2), aspect="equal")
    ax.axis("off")
    return figure


def families():
    """Draw artificial intelligence, machine learning, neural networks and deep learning, each inside the one before."""
    figure, ax = plt.subplots(figsize=(7.4, 3.9))
    rings = [
        ((0, 0), 10.0, 4.6, "0.93", "Artificial intelligence", "also: chess programs, route planners"),
        ((0, -0.45), 7.6, 3.45, "#CFE5F3", "Machine learning", "also: the nearest neighbour"),
        ((0, -0.85), 5.3, 2.4, "#9FCCE8", "Neural networks", "also: the network of this lesson"),
        ((0, -1.25), 3.1, 1.25, "#5AA5D3", "Deep learning", "many layers"),
    ]
    for (x, y), width, height, color, name, example in rings:
        ax.add_patch(Ellipse((x, y), width, height, facecolor=color, edgecolor="0.4"))
        top = y + height / 2
        ax.text(x, top - 0.32, name, ha="center", va="center", fontsize=11, weight="bold")
        ax.text(x, top - 0.64, example, ha="center", va="center", fontsize=9)
    ax.set(xlim=(-5.1, 5.1), ylim=(-2.45, 2.4), aspect="equal")
    ax.axis("off")
    return figure


def three_and_eight(threes, eights):
    """Draw the average of each, and where they differ."""
    difference = eights - threes
    figure, axes = plt.subplots(1, 3, figsize=(9.6, 3.4))
    for ax, image, title in zip(axes, (threes, eights), ("average 3", "average 8"), strict=False):
        ax.imshow(image, **INK)
        ax.set_title(title)
    shown = axes[2].imshow(difference, cmap="PuOr", vmin=-0.7, vmax=0.7)
    axes[2].set_title("average 8 minus average 3")
    bar = figure.colorbar(shown, ax=axes[2], ticks=[-0.6, 0, 0.6], shrink=0.85)
    bar.ax.set_yticklabels(["orange: more\nink in a 3", "the same", "purple: more\nink in an 8"], fontsize=9)
    for ax in axes:
        ax.set(xticks=range(0, 28, 4), yticks=range(0, 28, 4))
        ax.tick_params(labelsize=9)
    axes[0].set(xlabel="column", ylabel="row")
    return figure


def neurons():
    """Sketch a nerve cell and an artificial neuron, with the parts that play the same role in the same colour."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.7))
    for height in (1.6, 0.0, -1.6):
        left.plot([-3.4, -2.2, -0.5], [height * 1.25, height * 0.75, height * 0.2], color=BLUE, linewidth=3)
        left.plot([-3.4, -2.7], [height * 1.25 + 0.45, height * 0.95], color=BLUE, linewidth=2)
        left.plot(-3.4, height * 1.25, "o", color=ORANGE, markersize=9)
    left.add_patch(Circle((0, 0), 0.85, facecolor="#CDE9DF", edgecolor=GREEN, linewidth=2))
    left.add_patch(Circle((0, 0), 0.25, facecolor=GREEN))
    left.plot([0.85, 3.4], [0, 0], color=RED, linewidth=4)
    for height in (0.5, 0, -0.5):
        left.plot([3.4, 4.0], [0, height], color=RED, linewidth=2)
    left.text(-1.9, -2.1, "dendrites receive", color=BLUE, ha="left")
    left.text(-3.4, 2.65, "synapses, strong or weak", color=ORANGE, ha="center")
    left.text(0, 1.15, "cell body gathers", color=GREEN, ha="center")
    left.text(2.5, 0.75, "axon sends on", color=RED, ha="center")
    left.set_title("In the body")

    for height, name in zip((1.6, 0.0, -1.6), ("$x_1$", "$x_2$", "$x_3$"), strict=True):
        right.annotate(
            "", (-0.6, height * 0.15), (-3.0, height), arrowprops={"arrowstyle": "-|>", "color": BLUE, "lw": 2}
        )
        right.text(-3.3, height, name, color=BLUE, ha="center", va="center", fontsize=12)
        right.text(-1.95, height * 0.62 + 0.28, name.replace("x", "w"), color=ORANGE, ha="center", fontsize=12)
    right.add_patch(Circle((0, 0), 0.75, facecolor="#CDE9DF", edgecolor=GREEN, linewidth=2))
    right.text(0, 0, "sum\n$+\\,b$", ha="center", va="center", fontsize=10)
    right.annotate("", (1.5, 0), (0.75, 0), arrowprops={"arrowstyle": "-|>", "color": GREEN, "lw": 2})
    right.add_patch(
        FancyBboxPatch((1.5, -0.55), 1.5, 1.1, boxstyle="round,pad=0.05", facecolor="#F7DCCB", edgecolor=RED)
    )
    right.text(2.25, 0, "activation", ha="center", va="center", fontsize=9)
    right.annotate("", (4.0, 0), (3.05, 0), arrowprops={"arrowstyle": "-|>", "color": RED, "lw": 2})
    right.text(-3.3, -2.3, "inputs", color=BLUE, ha="center")
    right.text(-1.95, 2.0, "weights", color=ORANGE, ha="center")
    right.text(0.9, 1.15, "weighted sum and bias", color=GREEN, ha="center")
    right.text(3.75, 0.35, "output", color=RED, ha="center")
    right.set_title("In the computer")
    for ax in (left, right):
        ax.set(xlim=(-5, 4.6), ylim=(-2.6, 3))
        ax.axis("off")
    return figure


def report_card(history, baseline=0.1, before=(np.nan, np.nan)):
    """Draw the loss and accuracy that stand in `history`, the dictionary of fit, after those `before` training."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.3))
    loss, accuracy = [before[0], *history["loss"]], [before[1], *history["accuracy"]]
    epochs = np.arange(len(loss))
    left.plot(epochs, loss, "o-", color=RED)
    left.set(xlabel="epoch", ylabel="loss", title="The loss on the training set", ylim=(0, None))
    right.plot(epochs, accuracy, "o-", color=BLUE)
    right.axhline(baseline, color="0.6", linestyle="--")
    right.text(epochs[-1], baseline + 0.03, "baseline: always the same answer", color="0.4", fontsize=9, ha="right")
    right.set(xlabel="epoch", ylabel="accuracy", title="The accuracy on the training set", ylim=(0, 1.02))
    return figure


def weight_pictures(weights):
    """Draw the (784, 10) weights as ten pictures, one for each digit."""
    limit = 0.7 * np.abs(weights).max()  # the few largest are no darker than this
    figure, axes = plt.subplots(2, 5, figsize=(9.6, 4.1))
    for digit, ax in enumerate(axes.flat):
        shown = ax.imshow(weights[:, digit].reshape(28, 28), cmap="PuOr", vmin=-limit, vmax=limit)
        ax.set_title(str(digit))
        ax.axis("off")
    bar = figure.colorbar(shown, ax=axes, ticks=[-0.8 * limit, 0, 0.8 * limit], shrink=0.8)
    bar.ax.set_yticklabels(
        ["orange: ink\nspeaks against", "makes no\ndifference", "purple: ink\nspeaks for"], fontsize=9
    )
    return figure


def boards(panels, n=3):
    """Draw one square for each of `panels`: title -> array (k, k) of the probability of dark at each place."""
    figure, axes = plt.subplots(1, len(panels), figsize=(3.2 * len(panels) + 1, 3.5))
    for ax, (title, dark) in zip(axes, panels.items(), strict=True):
        shown = ax.imshow(dark, cmap="Blues", vmin=0, vmax=1, origin="lower", extent=(0, n, 0, n))
        ax.set(xticks=range(n + 1), yticks=range(n + 1), xlabel="horizontal position")
        ax.set_title(title, fontsize=11)
        ax.spines[:].set(visible=True, color="0.6")
    axes[0].set_ylabel("vertical position")
    bar = figure.colorbar(shown, ax=axes, ticks=[0, 0.5, 1], shrink=0.7)
    bar.set_label("probability of dark")
    return figure


def network(sizes, names):
    """Draw a feedforward network: a column of circles for each of `sizes`, a line for each weight."""
    figure, ax = plt.subplots(figsize=(8.6, 3.9))
    places = [[(2.6 * column, (size - 1) / 2 - row) for row in range(size)] for column, size in enumerate(sizes)]
    colors = [SKY, *[ORANGE] * (len(sizes) - 2), GREEN]
    for before, after in pairwise(places):
        for x, y in before:
            for to_x, to_y in after:
                ax.plot([x, to_x], [y, to_y], color="0.75", linewidth=0.9, zorder=1)
    chosen = places[2][1]
    for x, y in places[1]:
        ax.plot([x, chosen[0]], [y, chosen[1]], color=RED, linewidth=2.2, zorder=2)
    for column, color, name, size in zip(places, colors, names, sizes, strict=True):
        for x, y in column:
            ax.add_patch(Circle((x, y), 0.27, facecolor=color, edgecolor="0.3", zorder=3))
        ax.text(column[0][0], -max(sizes) / 2 - 0.35, f"{name}\n{size}", ha="center", va="top", fontsize=10)
    last = places[-1][0][0]
    ax.annotate("", (last + 1.1, 0), (last + 0.4, 0), arrowprops={"arrowstyle": "-|>", "lw": 2, "color": "0.3"})
    ax.annotate("", (-0.4, 0), (-1.1, 0), arrowprops={"arrowstyle": "-|>", "lw": 2, "color": "0.3"})
    ax.set(xlim=(-1.4, last + 1.4), ylim=(-max(sizes) / 2 - 1.3, max(sizes) / 2), aspect="equal")
    ax.axis("off")
    return figure


def corners(image, vertical, horizontal, corner):
    """Draw a square, the edges that a first layer finds in it, and the corners that a second layer finds in those."""
    figure, axes = plt.subplots(1, 4, figsize=(10, 2.9))
    titles = ("the picture", "layer 1: vertical edges", "layer 1: horizontal edges", "layer 2: both, a corner")
    for ax, values, title, cmap in zip(
        axes, (image, vertical, horizontal, corner), titles, ("gray_r", "Blues", "Blues", "Oranges"), strict=True
    ):
        picture(ax, values, "0.6", cmap=cmap, vmin=0, vmax=1.3)
        ax.set_title(title)
    return figure


def engines():
    """Draw the layers of software beneath a lesson; the engine that runs here is filled, the others are dashed."""
    running = keras.backend.backend()
    figure, ax = plt.subplots(figsize=(8, 3.9))

    def box(x, y, width, text, color, line="-"):
        ax.add_patch(
            FancyBboxPatch(
                (x, y), width, 0.72, boxstyle="round,pad=0.04", facecolor=color, edgecolor="0.35", linestyle=line
            )
        )
        ax.text(x + width / 2, y + 0.36, text, ha="center", va="center", fontsize=10)

    box(0, 3.0, 9, "your lines: Sequential, Dense, compile, fit", "white")
    box(0, 2.0, 9, "Keras 3: layers, losses, optimizers", "#CFE5F3")
    for place, (name, title) in enumerate(ENGINES.items()):
        here = name == running
        state = "runs here" if here else "could run here"
        box(3.06 * place, 1.0, 2.88, f"{title}: {state}", "#F4C77B" if here else "0.96", "-" if here else "--")
    box(0, 0.0, 9, "compiled routines for the processor or graphics card", "0.88")
    ax.set(xlim=(-0.2, 9.2), ylim=(-0.2, 3.95))
    ax.axis("off")
    return figure


def by_class(panels, marked):
    """Draw the accuracy of each digit as bars, one group of bars for each of `panels`: name -> array (10,)."""
    figure, ax = plt.subplots(figsize=(9, 3.6))
    width = 0.8 / len(panels)
    looks = zip(panels.items(), ((SKY, ""), (RED, "//"), (GREEN, "..")), strict=False)
    for place, ((name, rates), (color, hatch)) in enumerate(looks):
        where = np.arange(10) + (place - (len(panels) - 1) / 2) * width
        ax.bar(where, rates, width, label=name, color=color, hatch=hatch, edgecolor="white", linewidth=0)
    ax.axvspan(marked - 0.5, marked + 0.5, color="0.92", zorder=0)
    ax.set(xticks=range(10), xlabel="digit", ylabel="accuracy", ylim=(0, 1.02), title="The accuracy on each digit")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=len(panels))
    return figure


def leak(images, average, weights):
    """Draw ten training images, what sets each apart from the average, and the pictures that the weights make."""
    figure, axes = plt.subplots(3, 10, figsize=(9.8, 3.4))
    for digit in range(10):
        trained_on, difference, made = axes[:, digit]
        weight, limit = weights[:, digit].reshape(28, 28), 0.9 * np.abs(weights[:, digit]).max()
        picture(trained_on, images[digit].reshape(28, 28), frame=None)
        picture(difference, (images[digit] - average).reshape(28, 28), frame=None, cmap="PuOr", vmin=-1, vmax=1)
        picture(made, weight, frame=None, cmap="PuOr", vmin=-limit, vmax=limit)
    for ax, name in zip(axes[:, 0], ("trained on", "minus the\naverage", "weights"), strict=True):
        ax.set_ylabel(name, fontsize=10)
    return figure
