"""The drawings of lesson 08."""

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, RED, picture


def clouds(panels, real, limit=1.6):
    """Draw each cloud of `panels` (title -> points) in orange-red over the real points in grey; over four in two rows."""
    rows = 1 if len(panels) <= 4 else 2
    across = -(-len(panels) // rows)
    figure, axes = plt.subplots(rows, across, figsize=(2.4 * across, 2.7 * rows), squeeze=False)
    for ax in axes.flat[len(panels) :]:
        ax.axis("off")
    for ax, (title, points) in zip(axes.flat, panels.items(), strict=False):
        ax.scatter(*real.T, s=8, color="0.75")
        ax.scatter(*np.asarray(points).T, s=5, color=RED, alpha=0.5)
        ax.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal", xticks=[], yticks=[], title=title)
    return figure


def duel(path):
    """Draw the fake's place and the discriminator's weight over the steps, and one against the other.

    Args:
        path: array (steps, 2) of the pairs (m, a).
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5), width_ratios=[1.5, 1])
    left.axhline(0, color="0.6", linewidth=1)
    left.plot(path[:, 0], color=RED, label="place of the fake, m")
    left.plot(path[:, 1], color=BLUE, label="discriminator's weight, a", linestyle="--")
    left.set(xlabel="step", title="The swings shrink slowly")
    left.legend(loc="upper right")
    right.plot(*path.T, "-", color="0.6", linewidth=1)
    right.scatter(*path.T, c=np.arange(len(path)), cmap="viridis", s=8, zorder=2)
    right.plot(*path[0], "o", color=BLACK)
    right.annotate("start", path[0], xytext=(5, 6), textcoords="offset points")
    right.plot(0, 0, "+", color=RED, markersize=12)
    right.set(xlabel="m", ylabel="a", title="Around the + (dark: early)", aspect="equal")
    return figure


def progress(steps, curves, chance=0.5):
    """Draw fractions between 0 and 1 over the training steps, with a dashed line at `chance`."""
    figure, ax = plt.subplots(figsize=(7, 3.6))
    looks = [(GREEN, ":"), (ORANGE, "-"), (BLUE, "-.")]
    for (name, shares), (color, style) in zip(curves.items(), looks, strict=False):
        ax.plot(steps, shares, color=color, linestyle=style, label=name)
    ax.axhline(chance, color="0.6", linestyle="--", linewidth=1)
    ax.text(steps[-1], chance - 0.015, "chance", color="0.4", fontsize=9, va="top", ha="right")
    ax.set(xlabel="step", ylabel="fraction", ylim=(0, 1.08), title="The samples and their detective")
    ax.legend(loc="lower right")
    return figure


def best_answer(x, real, fake):
    """Draw two densities over `x`, and below them the fraction of the real one in their sum."""
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(6.4, 4.4), sharex=True)
    top.fill_between(x, real, color="0.8", label="real")
    top.plot(x, fake, color=RED, label="fake")
    top.set(ylabel="how dense they lie", title="Where the clouds overlap, nobody can be sure", ylim=(0, None))
    top.legend()
    bottom.plot(x, real / (real + fake), color=BLUE)
    bottom.axhline(0.5, color="0.6", linestyle="--", linewidth=1)
    bottom.set(xlabel="x", ylabel="best D(x)", ylim=(0, 1.05))
    return figure


def slopes(logit, slope_minimax, slope_flipped):
    """Draw both losses of the generator against the discriminator's logit, and their slopes."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5))
    left.plot(logit, -np.logaddexp(0, logit), color=ORANGE, linestyle="--", label="log(1 - D), minimax")
    left.plot(logit, np.logaddexp(0, -logit), color=BLUE, label="-log D, flipped")
    left.set(xlabel="logit of a fake", ylabel="loss of the generator", title="Both losses fall to the right")
    left.legend()
    right.plot(logit, slope_minimax, color=ORANGE, linestyle="--")
    right.plot(logit, slope_flipped, color=BLUE)
    right.axvspan(logit[0], -3, color="0.92", zorder=0)
    right.text(logit[0] + 0.15, -0.5, "exposed\nfakes", color="0.4", fontsize=9)
    right.set(xlabel="logit of a fake", ylabel="slope", title="Their slopes", ylim=(-1.05, 0.05))
    return figure


def gradients(steps, of_minimax, of_flipped):
    """Draw the size of the generator's gradient under both losses over the discriminator's steps, on a log axis."""
    figure, ax = plt.subplots(figsize=(7, 3.6))
    ax.semilogy(steps, of_minimax, color=ORANGE, linestyle="--", label="log(1 - D), minimax")
    ax.semilogy(steps, of_flipped, color=BLUE, label="-log D, flipped")
    ax.set(xlabel="steps that D trained alone", title="How hard G is pushed while D gets ahead")
    ax.set_ylabel("size of G's gradient\n(each line: 10 times)")
    ax.grid(axis="y", color="0.9")
    ax.legend(loc="center right")
    return figure


def pictures(panels, across=5):
    """Draw a block of pictures, `across` in a row, for each entry of `panels`: title -> array (n, size, size)."""
    wide = min(3, len(panels))
    rows = -(-len(panels) // wide)
    figure, axes = plt.subplots(rows, wide, figsize=(9, 9.6 * rows / wide), squeeze=False)
    for ax in axes.flat[len(panels) :]:
        ax.axis("off")
    for ax, (title, images) in zip(axes.flat, panels.items(), strict=False):
        padded = np.pad(np.asarray(images), ((0, 0), (1, 0), (1, 0)), constant_values=0.35)
        lines = [np.hstack(padded[i : i + across]) for i in range(0, len(padded), across)]
        picture(ax, np.vstack(lines), frame=None)
        ax.set_title(title)
    return figure


def walks(rows):
    """Draw rows of pictures, each an array (n, size, size), without anything between them."""
    figure, ax = plt.subplots(figsize=(9, 9.2 * len(rows) / len(rows[0])))
    picture(ax, np.vstack([np.hstack(row) for row in rows]), frame=None)
    ax.spines[:].set_visible(False)
    ax.set_title("Each row: from one draw of noise to another")
    return figure


def neighbours(samples, nearest):
    """Draw each picture of `samples` above the one of `nearest` in the same place; both (n, size, size)."""
    figure, axes = plt.subplots(2, len(samples), figsize=(1.1 * len(samples), 2.6))
    for ax, image in zip(axes.flat, [*samples, *nearest], strict=True):
        picture(ax, image, frame=None)
    axes[0, 0].set_ylabel("made")
    axes[1, 0].set_ylabel("nearest")
    return figure
