"""The drawings of lesson 00."""

import keras
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle, Ellipse, FancyBboxPatch

from courseware.drawing import BLACK, BLUE, GREEN, INK, ORANGE, RED, SKY, picture

ENGINES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}


def pictures(images, captions, wrong=(), columns=10):
    """Draw each image with its caption above it; captions whose place is in `wrong` are red."""
    rows = -(-len(images) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(0.98 * columns, 1.35 * rows), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for place, (ax, image, caption) in enumerate(zip(axes.flat, images, captions, strict=False)):
        ax.imshow(image, **INK)
        ax.set_title(caption, fontsize=10, color=RED if place in wrong else BLACK)
    return figure


def numbers(image):
    """Draw one image, and beside it the same squares with the numbers that they are."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.9))
    left.imshow(image, **INK)
    left.set_title("What you see")
    right.imshow(image, **INK)
    for (row, column), value in np.ndenumerate(image):
        text = f"{value:.1f}".replace("0.0", "0").replace("1.0", "1")
        right.text(column, row, text, ha="center", va="center", fontsize=9, color="white" if value > 0.5 else BLACK)
    right.set_title("What the program gets")
    for ax in (left, right):
        ax.set(xticks=range(8), yticks=range(8))
        ax.tick_params(length=0, labelsize=8)
    left.set(xlabel="column", ylabel="row")
    return figure


def families():
    """Draw artificial intelligence, machine learning, neural networks and deep learning, each inside the one before."""
    figure, ax = plt.subplots(figsize=(7.4, 3.9))
    rings = [
        ((0, 0), 10.0, 4.6, "0.93", "Artificial intelligence", "also: chess programs, route planners"),
        ((0, -0.45), 7.6, 3.45, "#CFE5F3", "Machine learning", "also: straight lines, decision trees"),
        ((0, -0.85), 5.3, 2.4, "#9FCCE8", "Neural networks", "also: the reader of this lesson"),
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
    figure, axes = plt.subplots(1, 3, figsize=(9, 3.2))
    for ax, image, title in zip(axes, (threes, eights), ("average 3", "average 8"), strict=False):
        ax.imshow(image, **INK)
        ax.set_title(title)
    shown = axes[2].imshow(difference, cmap="PuOr", vmin=-0.7, vmax=0.7)
    axes[2].set_title("8 minus 3")
    bar = figure.colorbar(shown, ax=axes[2], ticks=[-0.6, 0, 0.6], shrink=0.85)
    bar.ax.set_yticklabels(["more ink\nin a 3", "the same", "more ink\nin an 8"], fontsize=8)
    for ax in axes:
        ax.set(xticks=range(8), yticks=range(8))
        ax.tick_params(length=0, labelsize=8)
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
    left.text(-2.9, -2.75, "dendrites receive", color=BLUE, ha="center")
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
    right.text(-3.3, -2.75, "inputs", color=BLUE, ha="center")
    right.text(-1.95, 2.0, "weights", color=ORANGE, ha="center")
    right.text(0.9, 1.15, "weighted sum and bias", color=GREEN, ha="center")
    right.text(3.75, 0.35, "output", color=RED, ha="center")
    right.set_title("In the computer")
    for ax in (left, right):
        ax.set(xlim=(-5, 4.6), ylim=(-3, 3))
        ax.axis("off")
    return figure


def report_card(history):
    """Draw loss and accuracy on the training set after each epoch of `history`, the dictionary that fit returns."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.3))
    epochs = np.arange(1, len(history["loss"]) + 1)
    left.plot(epochs, history["loss"], color=RED)
    left.set(xlabel="epoch", ylabel="loss", title="The loss falls", ylim=(0, None))
    right.plot(epochs, history["accuracy"], color=BLUE)
    right.axhline(0.1, color="0.6", linestyle="--")
    right.text(len(epochs), 0.13, "always the same answer", color="0.4", fontsize=9, ha="right")
    right.set(xlabel="epoch", ylabel="accuracy", title="The share of right answers rises", ylim=(0, 1.02))
    return figure


def weight_pictures(weights):
    """Draw the (64, 10) weights as ten pictures, one for each digit."""
    limit = np.abs(weights).max()
    figure, axes = plt.subplots(2, 5, figsize=(9, 3.9))
    for digit, ax in enumerate(axes.flat):
        shown = ax.imshow(weights[:, digit].reshape(8, 8), cmap="PuOr", vmin=-limit, vmax=limit)
        ax.set_title(str(digit))
        ax.axis("off")
    bar = figure.colorbar(shown, ax=axes, ticks=[-0.8 * limit, 0, 0.8 * limit], shrink=0.8)
    bar.ax.set_yticklabels(["ink speaks\nagainst", "no matter", "ink speaks\nfor"], fontsize=9)
    return figure


def boards(panels, n=3):
    """Draw one square for each of `panels`: title -> array (k, k) of the share of dark at each place."""
    figure, axes = plt.subplots(1, len(panels), figsize=(3.1 * len(panels), 3.2))
    for ax, (title, shares) in zip(axes, panels.items(), strict=True):
        ax.imshow(shares, cmap="Blues", vmin=0, vmax=1.2, origin="lower", extent=(0, n, 0, n))
        ax.set(title=title, xticks=range(n + 1), yticks=range(n + 1))
    return figure


def corners(image, upright, level, corner):
    """Draw a square, the edges that a first layer finds in it, and the corners that a second layer finds in those."""
    figure, axes = plt.subplots(1, 4, figsize=(10, 2.9))
    titles = ("the picture", "layer 1: upright edges", "layer 1: level edges", "layer 2: both, a corner")
    for ax, values, title, cmap in zip(
        axes, (image, upright, level, corner), titles, ("gray_r", "Blues", "Blues", "Oranges"), strict=True
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
    for place, ((name, shares), color) in enumerate(zip(panels.items(), (SKY, RED, GREEN), strict=False)):
        ax.bar(np.arange(10) + (place - (len(panels) - 1) / 2) * width, shares, width, label=name, color=color)
    ax.axvspan(marked - 0.5, marked + 0.5, color="0.92", zorder=0)
    ax.set(xticks=range(10), xlabel="digit", ylabel="accuracy", ylim=(0, 1.02), title="One bar a digit")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=len(panels))
    return figure


def leak(images, average, weights):
    """Draw ten training images, what sets each apart from the average, and the pictures that the weights make."""
    figure, axes = plt.subplots(3, 10, figsize=(9.8, 3.4))
    limit = 1.1 * np.abs(weights).max()
    for digit in range(10):
        trained_on, difference, made = axes[:, digit]
        picture(trained_on, images[digit].reshape(8, 8), frame=None)
        picture(difference, (images[digit] - average).reshape(8, 8), frame=None, cmap="PuOr", vmin=-0.9, vmax=0.9)
        picture(made, weights[:, digit].reshape(8, 8), frame=None, cmap="PuOr", vmin=-limit, vmax=limit)
    for ax, name in zip(axes[:, 0], ("trained on", "minus average", "weights"), strict=True):
        ax.set_ylabel(name, fontsize=9)
    return figure
