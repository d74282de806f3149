"""The drawings of lesson 09."""

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, PURPLE, RED, picture
from courseware.lessons.fnn.drawings import surface


def labelled(images, labels, dice):
    """Draw a row of pictures, each with the label that it was given by dice and the one it should have."""
    figure, axes = plt.subplots(1, len(images), figsize=(1.05 * len(images), 1.7))
    for ax, image, label, thrown in zip(axes, images, labels, dice, strict=True):
        picture(ax, image, frame=None, cmap="gray_r")
        ax.set_title(f"it says {thrown}", fontsize=9, color=RED if label != thrown else BLACK)
        ax.set_xlabel(f"it is {label}", fontsize=9)
    return figure


def three_sizes(logs, steps, maps, way, points, labels):
    """Draw, for each network, its border above and its two losses below.

    Args:
        logs: name -> the history of a fit with validation data.
        steps: how many steps an epoch has.
        maps: name -> array (k * k,) of probabilities of class 1 on the map.
        way: array (k,) of the map's coordinates on both sides.
        points, labels: the training points, arrays (n, 2) and (n,).
    """
    figure, axes = plt.subplots(2, len(logs), figsize=(3.3 * len(logs), 5.8), height_ratios=[1.25, 1])
    for (upper, lower), (name, log) in zip(axes.T, logs.items(), strict=True):
        surface(upper, way, maps[name], points, labels, name)
        taken = steps * np.arange(1, len(log["loss"]) + 1)
        lower.plot(taken, log["loss"], color=BLUE, label="training")
        lower.plot(taken, log["val_loss"], color=RED, label="validation")
        lower.set(xlabel="step", ylim=(0, 1.3))
    axes[1, 0].set_ylabel("loss")
    axes[1, 0].legend(loc="upper right")
    return figure


def data_curve(sizes, train, test):
    """Draw training and test accuracy against the number of training examples."""
    figure, ax = plt.subplots()
    ax.plot(sizes, train, "o-", color=BLUE, label="training")
    ax.plot(sizes, test, "o-", color=RED, label="test")
    ax.fill_between(sizes, test, train, color="0.9")
    ax.set(
        xscale="log",
        xticks=sizes,
        xticklabels=sizes,
        xlabel="training examples",
        ylabel="accuracy",
        title="More data, smaller gap",
    )
    ax.minorticks_off()
    ax.legend(loc="lower right")
    return figure


def one_weight(strengths=(0, 1, 3)):
    """Draw the loss (w - 1)² plus each penalty for some strengths, and mark where it is smallest."""
    w = np.linspace(-0.6, 1.6, 441)
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.7), sharey=True)
    panels = {"L2: loss + strength · w²": w**2, "L1: loss + strength · |w|": np.abs(w)}
    for ax, (title, price) in zip(axes, panels.items(), strict=True):
        for strength, color in zip(strengths, [BLACK, ORANGE, RED], strict=True):
            total = (w - 1) ** 2 + strength * price
            lowest = total.argmin()
            ax.plot(w, total, color=color, label=f"strength {strength}: best w = {w[lowest] + 0:.2f}")
            ax.plot(w[lowest], total[lowest], "o", color=color, markersize=7)
        ax.axvline(0, color="0.7", linewidth=1, linestyle="--")
        ax.set(xlabel="w", title=title, ylim=(-0.1, 4))
        ax.legend(loc="upper center", fontsize=9, frameon=True, framealpha=1, edgecolor="white")
    axes[0].set_ylabel("what is made small")
    return figure


def recovered(truth, found):
    """Draw the weights of each entry of `found` (name -> array) as sticks, with rings at the true ones."""
    figure, axes = plt.subplots(1, len(found), figsize=(3.5 * len(found), 3.2), sharey=True)
    place = np.arange(1, len(truth) + 1)
    for ax, (name, weights) in zip(axes, found.items(), strict=True):
        ax.vlines(place, 0, weights, color=BLUE, linewidth=2)
        ax.plot(place, truth, "o", color=RED, markersize=4, fillstyle="none")
        ax.axhline(0, color="0.6", linewidth=0.8)
        ax.set(title=name, xlabel="feature")
    axes[0].set_ylabel("weight (ring: the truth)")
    return figure


def weights(panels):
    """Draw a histogram of the weights of each entry of `panels`: name -> array, counts on a log scale."""
    figure, axes = plt.subplots(1, len(panels), figsize=(3.3 * len(panels), 3), sharey=True, sharex=True)
    for ax, (name, values), color in zip(axes, panels.items(), [BLACK, BLUE, RED], strict=True):
        ax.hist(np.ravel(values), bins=np.linspace(-1, 1, 81), color=color)
        ax.set(title=name, xlabel="weight", yscale="log", ylim=(0.7, 9000))
    axes[0].set_ylabel("how many (log scale)")
    return figure


def typo(x, y, x_typo, slopes):
    """Draw a cloud of points and, for each entry of `slopes` (name -> slope), its line through zero; one point is far out."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), width_ratios=[1, 1])
    out = x_typo != x
    left.scatter(x_typo[~out], y[~out], s=14, color="0.6")
    left.scatter(x[out], y[out], s=40, color=GREEN, zorder=3)
    left.annotate(
        "its true place", (x[out][0], y[out][0]), (-12, -3), textcoords="offset points", ha="right", fontsize=9
    )
    ends = np.array([-3.0, 3.0])
    for (name, slope), color, style in zip(
        slopes.items(), [GREEN, RED, PURPLE, ORANGE], ["-", "-", "--", ":"], strict=True
    ):
        left.plot(ends, slope * ends, color=color, linestyle=style, label=name, linewidth=2)
    left.set(xlabel="feature", ylabel="label", title="Near the cloud", xlim=(-3, 3), ylim=(-9, 9))
    left.legend(fontsize=8, loc="upper left")
    right.scatter(x_typo, y, s=14, color="0.6")
    right.scatter(x_typo[out], y[out], s=40, color=RED)
    right.annotate(
        "the typo", (x_typo[out][0], y[out][0]), (-12, -3), textcoords="offset points", ha="right", fontsize=9
    )
    right.set(xlabel="feature", title="The whole picture")
    return figure


def dropped(before, after):
    """Draw the values of a layer for a few examples before and after dropout; what was dropped is crossed."""
    figure, axes = plt.subplots(1, 2, figsize=(9, 2.6), sharey=True)
    top = after.max()
    for ax, values, title in zip(axes, (before, after), ("As computed", "After dropout 0.5"), strict=True):
        ax.imshow(values, cmap="Blues", vmin=0, vmax=top, aspect="auto")
        ax.set(title=title, xlabel="unit", yticks=range(len(values)), yticklabels=range(1, len(values) + 1))
        for row, column in np.argwhere((after == 0) & (before > 0)) if values is after else []:
            ax.text(column, row, "×", ha="center", va="center", color=RED, fontsize=11)
    axes[0].set_ylabel("example")
    return figure


def removed(shares, curves):
    """Draw accuracy against the share of hidden units removed, one line for each entry of `curves`."""
    figure, ax = plt.subplots()
    for (name, accuracies), color, marker in zip(curves.items(), [BLACK, BLUE], "os", strict=True):
        ax.plot(shares, accuracies, f"{marker}-", color=color, label=name)
    ax.set(xlabel="share of hidden units removed", ylabel="test accuracy", ylim=(0, 1.02), title="Who can do without?")
    ax.legend(loc="lower left")
    return figure


def rates(tried, curves):
    """Draw accuracy against the learning rate on a logarithmic axis, one line for each entry of `curves`."""
    figure, ax = plt.subplots()
    for (name, accuracies), color, marker in zip(curves.items(), [BLACK, BLUE], "os", strict=True):
        ax.plot(tried, accuracies, f"{marker}-", color=color)
        ax.text(tried[3], accuracies[3] + 0.04, name, color=color, ha="center")
    ax.axhline(0.1, color="0.6", linestyle="--", linewidth=1)
    ax.text(tried[1], 0.03, "guessing", color="0.4", fontsize=9)
    ax.set(xscale="log", xticks=tried, xticklabels=tried, xlabel="learning rate", ylabel="test accuracy", ylim=(0, 1.08),
           title="100 steps of plain gradient descent")  # fmt: skip
    ax.minorticks_off()
    return figure


def stopping(log, best, stopped):
    """Draw both losses of a long training, and mark the best epoch and the one where patience ended (counted from 1)."""
    figure, ax = plt.subplots()
    epochs = np.arange(1, len(log["loss"]) + 1)
    ax.plot(epochs, log["loss"], color=BLUE, label="training")
    ax.plot(epochs, log["val_loss"], color=RED, label="validation")
    ax.axvline(best, color=GREEN, linestyle="--", label="lowest validation loss")
    ax.axvline(stopped, color="0.5", linestyle=":", label="patience is over")
    ax.set(xlabel="epoch", ylabel="loss", ylim=(0, None), title="When to stop")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.legend()
    return figure


def shifted(image, copies):
    """Draw a picture and its shifted copies (title -> picture)."""
    figure, axes = plt.subplots(1, 1 + len(copies), figsize=(1.45 * (1 + len(copies)), 1.8))
    for ax, (title, pixels) in zip(axes, {"as drawn": image, **copies}.items(), strict=True):
        picture(ax, pixels, frame=None)
        ax.set_title(title, fontsize=9)
    return figure


def contest(scores, baseline):
    """Draw for each entry of `scores` (name -> array of accuracies, one a round) its rounds as dots and their mean as a bar.

    `baseline` is the mean accuracy of the baseline, a dashed line.
    """
    order = sorted(scores, key=lambda name: scores[name].mean())
    figure, ax = plt.subplots(figsize=(7.2, 3.9))
    for place, name in enumerate(order):
        color = RED if name == "nothing" else BLUE
        ax.scatter(scores[name], np.full(len(scores[name]), place), s=22, color=color, alpha=0.5)
        ax.plot([scores[name].mean()] * 2, [place - 0.32, place + 0.32], color=BLACK, linewidth=2.5)
    ax.axvline(baseline, ymax=0.92, color=GREEN, linestyle="--")
    ax.text(baseline, len(order) - 0.4, "nearest average", color=GREEN, fontsize=9, ha="center", va="bottom")
    ax.set(yticks=range(len(order)), yticklabels=order, xlabel="accuracy on clean test digits", ylim=(-0.6, len(order)))
    return figure
