"""The drawings of lesson 09."""

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, PURPLE, RED, picture
from courseware.lessons.fnn.drawings import surface
from courseware.lessons.regularization.contest import LOOKS


def labelled(images, labels, dice):
    """Draw a row of pictures, each with the label that it was given by dice and the one it should have."""
    figure, axes = plt.subplots(1, len(images), figsize=(1.05 * len(images), 1.7))
    for ax, image, label, thrown in zip(axes, images, labels, dice, strict=True):
        picture(ax, image, frame=None, cmap="gray_r")
        ax.set_title(f"die: {thrown}", fontsize=9, color=RED if label != thrown else BLACK)
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

    def losses(ax, log):
        taken = steps * np.arange(1, len(log["loss"]) + 1)
        ax.plot(taken, log["loss"], color=BLUE, label="training")
        ax.plot(taken, log["val_loss"], color=RED, label="validation")
        ax.set(xlabel="step", ylim=(0, 1.3))

    return _maps_over_losses(logs, maps, way, points, labels, losses)


def _maps_over_losses(logs, maps, way, points, labels, losses):
    """For each network its map above and below it what `losses(ax, log)` draws."""
    figure, axes = plt.subplots(2, len(logs), figsize=(3.3 * len(logs), 5.8), height_ratios=[1.25, 1])
    for (upper, lower), (name, log) in zip(axes.T, logs.items(), strict=True):
        surface(upper, way, maps[name], points, labels, name)
        losses(lower, log)
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
    figure, axes = plt.subplots(1, 2, figsize=(9, 4.4), sharey=True)
    panels = {"L2: loss + strength · w²": w**2, "L1: loss + strength · |w|": np.abs(w)}
    for ax, (title, price) in zip(axes, panels.items(), strict=True):
        for strength, color in zip(strengths, [BLACK, ORANGE, RED], strict=True):
            total = (w - 1) ** 2 + strength * price
            lowest = total.argmin()
            ax.plot(w, total, color=color, label=f"strength {strength}: best w = {w[lowest] + 0:.2f}")
            ax.plot(w[lowest], total[lowest], "o", color=color, markersize=7)
        ax.axvline(0, color="0.7", linewidth=1, linestyle="--")
        ax.set(xlabel="w", title=title, ylim=(-0.1, 4))
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), fontsize=9)
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


def dropped(before, after, stays=None):
    """Draw the values of a layer for a few examples before and after dropout; what was dropped is crossed.

    `stays` says which values were kept. Without it, those that were 0 already count as kept.
    """
    gone = (after == 0) & (before > 0) if stays is None else ~stays
    figure, axes = plt.subplots(1, 2, figsize=(9, 2.6), sharey=True)
    top = after.max()
    for ax, values, title in zip(axes, (before, after), ("As computed", "After dropout 0.5"), strict=True):
        ax.imshow(values, cmap="Blues", vmin=0, vmax=top, aspect="auto")
        for axis, many in ((ax.yaxis, len(values)), (ax.xaxis, values.shape[1])):
            axis.set_ticks(range(many), range(1, many + 1))
        ax.set(title=title, xlabel="unit")
        for row, column in np.argwhere(gone) if values is after else []:
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


def rates(tried, curves, title="100 steps of plain gradient descent"):
    """Draw accuracy against the learning rate on a logarithmic axis, one line for each entry of `curves`."""
    figure, ax = plt.subplots()
    place = min(3, len(tried) - 2)  # of the names
    for (name, accuracies), color, marker in zip(curves.items(), [BLACK, BLUE], "os", strict=True):
        ax.plot(tried, accuracies, f"{marker}-", color=color)
        ax.text(tried[place], accuracies[place] + 0.04, name, color=color, ha="center")
    ax.axhline(0.1, color="0.6", linestyle="--", linewidth=1)
    ax.text(tried[1], 0.03, "guessing", color="0.4", fontsize=9)
    ax.set(xscale="log", xticks=tried, xticklabels=tried, xlabel="learning rate", ylabel="test accuracy", ylim=(0, 1.08),
           title=title)  # fmt: skip
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


def sizes(logs, maps, way, points, labels):
    """Draw, for each network, its decision boundary above and its two losses below.

    Args:
        logs: name -> the history of a fit with validation data, which may have been looked at in some epochs only.
        maps: name -> array (k * k,) of probabilities of class 1 on the map.
        way: array (k,) of the map's coordinates on both sides.
        points, labels: the training points, arrays (n, 2) and (n,).
    """

    def losses(ax, log):
        for key, color, style, label in (
            ("cross_entropy", BLUE, "-", "training"),
            ("val_cross_entropy", RED, "--", "validation"),
        ):
            every = len(log["cross_entropy"]) // len(log[key])
            ax.plot(every * np.arange(1, len(log[key]) + 1), log[key], style, color=color, label=label)
        ax.set(xlabel="epoch", ylim=(0, 0.7))

    return _maps_over_losses(logs, maps, way, points, labels, losses)


def double_descent(widths, test, train):
    """Draw test and training error over the number of hidden units, on a logarithmic axis."""
    figure, ax = plt.subplots(figsize=(6.4, 3.7))
    ax.plot(widths, test, "s--", color=RED, label="test error")
    ax.plot(widths, train, "o-", color=BLUE, label="training error")
    ax.axvline(200, color="0.6", linewidth=1, linestyle=":")
    ax.text(190, 0.93, "as many units\nas examples", fontsize=9, color="0.35", ha="right", va="top")
    shown = [10, 25, 50, 100, 200, 400, 800, 1600]
    ax.set(xscale="log", xticks=shown, xticklabels=shown, ylim=(-0.03, 1),
           xlabel="hidden units (equal steps multiply)", ylabel="error")  # fmt: skip
    ax.minorticks_off()
    ax.legend(loc="upper right", fontsize=9)
    return figure


def strengths(tried, curves):
    """Draw the loss on new data over the strength, a panel for each case and a curve for each penalty.

    Args:
        tried: the strengths, the first of them 0, which a logarithmic axis does not have: it is drawn at the left.
        curves: (case, penalty) -> losses.
    """
    cases = sorted({case for case, _ in curves}, reverse=True)
    figure, axes = plt.subplots(1, len(cases), figsize=(4.5 * len(cases), 3.5), sharey=True)
    place = np.arange(len(tried))
    for ax, case in zip(axes, cases, strict=True):
        for penalty, color, style in (("L1", RED, "s--"), ("L2", BLUE, "o-")):
            losses = curves[case, penalty]
            ax.plot(place, losses, style, color=color, label=penalty)
            ax.plot(losses.argmin(), losses.min(), "o", color=color, markersize=13, fillstyle="none")
        ax.set(title=case, xlabel="strength (about three times larger at each tick)", xticks=place)
        ax.set_xticklabels([f"{strength:g}" for strength in tried])
    axes[0].set_ylabel("loss on new data (ring: lowest)")
    axes[0].legend(loc="lower left")
    return figure


def shared(pairs):
    """Draw the second weight against the first, a mark for each sample and a kind of mark for each entry of `pairs`."""
    figure, ax = plt.subplots(figsize=(5, 4.2))
    for (name, weights), color, marker in zip(pairs.items(), [BLACK, BLUE], "xo", strict=True):
        ax.plot(*weights.T, marker, color=color, markersize=6, label=name, alpha=0.8)
    ax.axhline(0, color="0.8", linewidth=1)
    ax.axvline(0, color="0.8", linewidth=1)
    ax.set(xlabel="weight of the first feature", ylabel="weight of its near copy", aspect="equal")
    ax.legend(loc="upper right", fontsize=9)
    return figure


def sorted_weights(panels):
    """Draw the sizes of the weights of each entry of `panels` (name -> array), the largest first."""
    figure, ax = plt.subplots(figsize=(6.4, 3.6))
    for (name, values), color, style in zip(panels.items(), [BLACK, BLUE, RED], ["-", "--", ":"], strict=True):
        in_order = np.sort(np.abs(np.ravel(values)))[::-1]
        ax.plot(np.linspace(0, 100, len(in_order)), in_order, style, color=color, label=name, linewidth=2)
    ax.set(xlabel="weights, the largest first (in percent)", ylabel="size of the weight", ylim=(-0.01, None))
    ax.legend()
    return figure


def with_units_removed(fractions, curves):
    """Draw accuracy against the fraction of hidden units removed, one line for each entry of `curves`."""
    figure, ax = plt.subplots(figsize=(6.4, 3.7))
    for (name, accuracies), color, style in zip(curves.items(), [BLACK, RED, BLUE], ["o-", "^:", "s--"], strict=True):
        ax.plot(fractions, accuracies, style, color=color, label=name)
    ax.set(xlabel="fraction of hidden units removed", ylabel="test accuracy", ylim=(0, 1.02), xticks=fractions)
    ax.legend(loc="lower left", title="trained with")
    return figure


def early_stopping(log, best, stopped, right, wrong):
    """Draw both losses of a long training with the best epoch and the end of patience, and which labels were known when."""
    figure, (left, other) = plt.subplots(1, 2, figsize=(9.4, 3.6))
    epochs = np.arange(1, len(log["loss"]) + 1)
    left.plot(epochs, log["loss"], color=BLUE, label="training")
    left.plot(epochs, log["val_loss"], "--", color=RED, label="validation")
    left.axvline(best, color=GREEN, linestyle="-.", label="lowest (second network)")
    left.axvline(stopped, color="0.5", linestyle=":", label="patience is over")
    left.set(xlabel="epoch", ylabel="loss", ylim=(0, None), title="When to stop")
    left.legend(fontsize=8)
    other.plot(epochs, right, "o-", color=BLUE, markersize=4, label="right labels")
    other.plot(epochs, wrong, "s--", color=RED, markersize=4, label="wrong labels")
    other.set(xlabel="epoch", ylabel="fraction known", ylim=(0, 1.03), title="What is known when")
    other.legend(fontsize=9, loc="lower right")
    return figure


def two_penalties(tried, curves, nothing):
    """Draw validation accuracy over the strength for L1 and L2, and a line for no penalty."""
    figure, ax = plt.subplots(figsize=(6.4, 3.6))
    for (name, scores), color, style in zip(curves.items(), [RED, BLUE], ["s--", "o-"], strict=True):
        ax.plot(tried, scores, style, color=color, label=name)
    ax.axhline(nothing, color=BLACK, linewidth=1, linestyle=":", label="nothing")
    ax.annotate("L1 at 0.03:\nat guessing", (tried[-1] * 0.83, 0.61), (tried[-2] * 0.9, 0.63), ha="right", va="center",
                color=RED, fontsize=9, arrowprops={"arrowstyle": "->", "color": RED})  # fmt: skip
    ax.set(xscale="log", xticks=tried, xticklabels=tried, ylim=(0.6, 0.9),
           xlabel="strength (about three times larger at each tick)", ylabel="validation accuracy")  # fmt: skip
    ax.minorticks_off()
    ax.legend(loc="lower left")
    return figure


def contest_by_epoch(at_end, by_epoch, baseline):
    """Draw the contest: accuracy over epochs for some remedies, and each round at the end for all of them.

    Args:
        at_end: name -> array of accuracies, one a round.
        by_epoch: name -> array of mean accuracies after `LOOKS` epochs.
        baseline: the mean accuracy of the baseline, a dashed line.
    """
    order = sorted(at_end, key=lambda name: at_end[name].mean())
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.4, 4), width_ratios=[1, 1.15])
    lines = {
        "nothing": (BLACK, "o-"),
        "dropout": (BLUE, "s--"),
        "L2": (GREEN, "^-."),
        "batch normalization": (RED, "v:"),
    }
    for name, (color, style) in lines.items():
        left.plot(LOOKS, by_epoch[name], style, color=color, label=name, markersize=5)
    left.axhline(baseline, color="0.4", linestyle=(0, (6, 3)), linewidth=1, label="nearest average")
    left.set(xlabel="epoch", ylabel="accuracy on clean test digits", title="On the way, four of them", xticks=LOOKS)
    left.legend(fontsize=9, loc="lower right")
    for place, name in enumerate(order):
        right.scatter(at_end[name], np.full(len(at_end[name]), place), s=22, color=BLUE, alpha=0.5)
        right.plot([at_end[name].mean()] * 2, [place - 0.32, place + 0.32], color=BLACK, linewidth=2.5)
    right.axvline(baseline, ymax=0.92, color="0.4", linestyle=(0, (6, 3)), linewidth=1)
    right.text(baseline, len(order) - 0.4, "nearest average", color="0.3", fontsize=9, ha="center", va="bottom")
    right.set(yticks=range(len(order)), yticklabels=order, xlabel="accuracy after 30 epochs", ylim=(-0.6, len(order)))
    right.set_title("At the end, a dot for each round", pad=14)
    return figure
