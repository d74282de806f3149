"""The drawings of lesson 08."""

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, RED, picture


def clouds(panels, real, limit=1.6):
    """Draw each cloud of `panels` (title -> points) in orange over the real points in grey."""
    figure, axes = plt.subplots(1, len(panels), figsize=(2.4 * len(panels), 2.7), sharey=True)
    for ax, (title, points) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        ax.scatter(*real.T, s=3, color="0.75")
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
    left.plot(path[:, 1], color=BLUE, label="discriminator's weight, a")
    left.set(xlabel="step", title="Neither comes to rest")
    left.legend(loc="upper right")
    right.plot(*path.T, "-", color="0.6", linewidth=1)
    right.scatter(*path.T, c=np.arange(len(path)), cmap="viridis", s=8, zorder=2)
    right.plot(*path[0], "o", color=BLACK)
    right.annotate("start", path[0], xytext=(5, 6), textcoords="offset points")
    right.plot(0, 0, "+", color=RED, markersize=12)
    right.set(xlabel="m", ylabel="a", title="Round and round the solution (+)", aspect="equal")
    return figure


def progress(steps, curves, chance=0.5):
    """Draw shares between 0 and 1 over the training steps, with a dashed line at `chance`."""
    figure, ax = plt.subplots(figsize=(7, 3.6))
    for (name, shares), color in zip(curves.items(), [GREEN, ORANGE, BLUE], strict=False):
        ax.plot(steps, shares, color=color, label=name)
    ax.axhline(chance, color="0.6", linestyle="--", linewidth=1)
    ax.text(steps[-1], chance - 0.015, "chance", color="0.4", fontsize=9, va="top", ha="right")
    ax.set(xlabel="step", ylim=(0, 1.08), title="What improves, and what does not")
    ax.legend(loc="lower right")
    return figure


def best_answer(x, real, fake):
    """Draw two densities over `x`, and below them the share of the real one in their sum."""
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(6.4, 4.4), sharex=True)
    top.fill_between(x, real, color="0.8", label="real")
    top.plot(x, fake, color=RED, label="fake")
    top.set(ylabel="how many lie here", title="Where the clouds overlap, nobody can be sure", ylim=(0, None))
    top.legend()
    bottom.plot(x, real / (real + fake), color=BLUE)
    bottom.axhline(0.5, color="0.6", linestyle="--", linewidth=1)
    bottom.set(xlabel="x", ylabel="best D(x)", ylim=(0, 1))
    return figure


def slopes(logit, slope_minimax, slope_turned):
    """Draw both losses of the generator against the discriminator's logit, and their slopes."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5))
    left.plot(logit, -np.logaddexp(0, logit), color=ORANGE, label="log(1 - D), minimax")
    left.plot(logit, np.logaddexp(0, -logit), color=BLUE, label="-log D, turned round")
    left.set(xlabel="logit of a fake", ylabel="loss of the generator", title="Both fall to the right")
    left.legend()
    right.plot(logit, slope_minimax, color=ORANGE)
    right.plot(logit, slope_turned, color=BLUE)
    right.axvspan(logit[0], -3, color="0.92", zorder=0)
    right.text(logit[0] + 0.15, -0.5, "exposed\nfakes", color="0.4", fontsize=9)
    right.set(xlabel="logit of a fake", ylabel="slope", title="but not where it is needed", ylim=(-1.05, 0.05))
    return figure


def pictures(panels, across=5):
    """Draw a block of pictures, `across` in a row, for each entry of `panels`: title -> array (n, size, size)."""
    figure, axes = plt.subplots(1, len(panels), figsize=(2.5 * len(panels), 2.8))
    for ax, (title, images) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        padded = np.pad(np.asarray(images), ((0, 0), (1, 0), (1, 0)), constant_values=0.35)
        rows = [np.hstack(padded[i : i + across]) for i in range(0, len(padded), across)]
        picture(ax, np.vstack(rows), frame=None)
        ax.set_title(title)
    return figure


def neighbours(samples, nearest):
    """Draw each picture of `samples` above the one of `nearest` in the same place; both (n, size, size)."""
    figure, axes = plt.subplots(2, len(samples), figsize=(1.1 * len(samples), 2.6))
    for ax, image in zip(axes.flat, [*samples, *nearest], strict=True):
        picture(ax, image, frame=None)
    axes[0, 0].set_ylabel("made")
    axes[1, 0].set_ylabel("nearest")
    return figure
