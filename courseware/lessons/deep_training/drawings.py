"""The drawings of lesson 11."""

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, PURPLE, RED

COLORS = [RED, BLUE, GREEN, PURPLE, ORANGE]


def losses(histories, baseline, ceiling=3.0):
    """Draw the training loss by epoch, one curve for each of `histories` (name -> list), beside the baseline."""
    figure, ax = plt.subplots(figsize=(8.5, 3.8))
    ax.axhline(baseline, color="0.5", linestyle="--", linewidth=1, label="baseline")
    styles = dict(zip(["no cure", "all cures", "He", "batch normalization", "He and shortcuts"],
                      zip([RED, BLUE, GREEN, ORANGE, PURPLE], "osD^v", strict=True), strict=True))  # fmt: skip
    for name, loss in histories.items():
        color, marker = styles[name]
        loss = np.array(loss)
        if np.isfinite(loss).all():
            ax.plot(range(1, len(loss) + 1), loss, color=color, marker=marker, markersize=4, label=name)
        else:
            ax.plot([], [], color=color, marker="x", linestyle="", label=f"{name} (not a number)")
    ax.set(xlabel="epoch", ylabel="training loss", ylim=(0, ceiling), title="Thirty layers", xticks=range(1, 11))
    figure.legend(loc="outside right center", fontsize=9)
    return figure


def signals(sizes):
    """Draw the size of the signal after each layer, on a logarithmic scale: `sizes` is name -> list."""
    figure, ax = plt.subplots()
    for (name, size), color, line in zip(sizes.items(), [RED, GREEN, BLUE], ["--", "-", ":"], strict=True):
        ax.plot(range(len(size)), size, color=color, linestyle=line, linewidth=2.2, label=name)
    ax.set(xlabel="layer, 0 is the input", ylabel="typical size of a value", yscale="log",
           title="The signal on its way through thirty layers")  # fmt: skip
    ax.legend()
    return figure


def signal_bands(sizes):
    """Draw the size of the signal after each layer, on a logarithmic scale: `sizes` is name -> array (draws, layers)."""
    figure, ax = plt.subplots(figsize=(7, 4))
    for (name, drawn), color, marker in zip(sizes.items(), [RED, GREEN, BLUE], "sDo", strict=True):
        _band(ax, np.arange(drawn.shape[1]), drawn, color, marker, name)
    ax.set(xlabel="layer, 0 is the input", ylabel="size of the signal", yscale="log",
           title="The signal on its way through thirty layers")  # fmt: skip
    ax.legend(fontsize=9)
    return figure


def trainings(curves, baseline):
    """Draw the training loss by epoch, a line for each start: `curves` is name -> array (starts, epochs)."""
    figure, ax = plt.subplots(figsize=(8.5, 3.8))
    ax.axhline(baseline, color="0.5", linestyle="--", linewidth=1, label="baseline")
    for (name, losses), color, marker in zip(curves.items(), COLORS, "osD^", strict=False):
        finite = losses[np.isfinite(losses[:, -1])]
        gone = "" if len(finite) else " (not a number)"
        ax.plot([], [], color=color, marker=marker, markersize=4, label=name + gone)
        for loss in finite:
            ax.plot(range(1, len(loss) + 1), loss, color=color, marker=marker, markersize=4, linewidth=1.2)
    ax.set(
        xlabel="epoch",
        ylabel="training loss",
        ylim=(0, 3),
        title="Thirty layers, three starts each",
        xticks=range(1, 11),
    )
    figure.legend(loc="outside right center", fontsize=9)
    return figure


def by_depth(last, baseline):
    """Draw the last training losses against depth: `last` is (name, depth) -> the losses from several starts."""
    figure, ax = plt.subplots(figsize=(7, 3.6))
    ax.axhline(baseline, color="0.5", linestyle="--", linewidth=1, label="baseline")
    names = list(dict.fromkeys(name for name, _ in last))
    for name, color, marker in zip(names, COLORS, "os", strict=False):
        depths = [depth for other, depth in last if other == name]
        ax.plot(depths, [np.median(last[name, depth]) for depth in depths], color=color, linewidth=1.2)
        for depth in depths:
            ax.plot([depth] * len(last[name, depth]), last[name, depth], color=color, marker=marker, linestyle="",
                    markersize=6, label=name if depth == depths[0] else None)  # fmt: skip
    ax.set(xlabel="hidden layers", ylabel="training loss, tenth epoch", xticks=depths, ylim=(0, 2.6),
           title="Without shortcuts")  # fmt: skip
    ax.legend(fontsize=9, loc="center left")
    return figure


def gradients(by_layer, by_depth):
    """Draw gradient norms by layer (left) and of the first layer by depth (right), with the spread over the draws.

    Args:
        by_layer: name -> array (draws, layers).
        by_depth: name -> (depths, array (draws, depths)).
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2), sharey=True)
    for (name, norms), color, marker in zip(by_layer.items(), COLORS, "osD^v", strict=False):
        _band(left, np.arange(1, norms.shape[1] + 1), norms, color, marker, name)
        depths, norms = by_depth[name]
        _band(right, np.array(depths), norms, color, marker, name)
    left.set(xlabel="layer, 1 is next to the input", ylabel="norm of the gradient", yscale="log",
             title="Thirty layers: each layer's gradient")  # fmt: skip
    right.set(xlabel="depth of the network", title="The first layer's gradient, by depth")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=4, fontsize=9)
    return figure


def growth(by_depth, title):
    """Draw the norm of the first layer's gradient against depth: `by_depth` is name -> (depths, array (draws, depths))."""
    figure, ax = plt.subplots(figsize=(7, 4))
    for (name, (depths, norms)), color, marker in zip(by_depth.items(), COLORS, "osD^v", strict=False):
        _band(ax, np.array(depths), norms, color, marker, name)
    ax.set(xlabel="depth of the network", ylabel="norm of the first layer's gradient", yscale="log", title=title)
    ax.legend(fontsize=9)
    return figure


def _band(ax, across, norms, color, marker, name):
    """The median over the draws as a line, the range from the smallest to the largest as a band."""
    ax.fill_between(across, norms.min(axis=0), norms.max(axis=0), color=color, alpha=0.25, linewidth=0)
    ax.plot(across, np.median(norms, axis=0), color=color, marker=marker, markersize=3.5, linewidth=1.4, label=name)


def cliff(w, loss, path, out_to):
    """Draw the loss of the fifty-step recurrence over w, the clipped walk on it, and where the unclipped step goes."""
    figure, ax = plt.subplots(figsize=(7, 4))
    ax.plot(w, loss, color="0.4", linewidth=2)
    path = np.array(path)
    heights = np.interp(path, w, loss)
    ax.plot(path, heights, "o", color=GREEN, markersize=4, label="clipped: short steps down the wall")
    ax.plot(path[0], heights[0], "o", color=BLACK, markersize=8, label="start")
    ax.annotate(
        "", xy=(w.min(), heights[0]), xytext=(path[0], heights[0]), arrowprops={"arrowstyle": "->", "color": RED}
    )
    ax.text(0.94, heights[0] * 1.04, f"unclipped: one step, to w = {out_to:,.0f}", color=RED)
    ax.set(
        xlabel="w",
        ylabel="loss",
        ylim=(-20, 1.5 * heights[0]),
        xlim=(w.min(), w.max()),
        title="A flat valley with a wall",
    )
    ax.legend(loc="upper left")
    return figure


def valley(height, paths, span=(-11, 11, -2.2, 2.2)):
    """Draw each path of `paths` (name -> list of places) on a map of `height`, a function of arrays (..., 2)."""
    x, y = np.meshgrid(np.linspace(*span[:2], 141), np.linspace(*span[2:], 101))
    z = np.log(height(np.stack([x, y], axis=-1)) + 1e-2)
    figure, axes = plt.subplots(len(paths), 1, figsize=(7.5, 1.9 * len(paths)), sharex=True)
    for ax, (name, path), color in zip(axes, paths.items(), [RED, GREEN, ORANGE], strict=True):
        ax.contourf(x, y, z, levels=16, cmap="Blues_r", alpha=0.8)
        ax.plot(*np.array(path).T, "o-", color=color, markersize=3, linewidth=1)
        ax.plot(*path[0], "o", color=BLACK)
        ax.plot(0, 0, "*", color="white", markersize=12, markeredgecolor=BLACK)
        ax.set(ylabel="second parameter", title=name, xlim=span[:2], ylim=span[2:])
    axes[-1].set(xlabel="first parameter")
    return figure


def range_test(rates, losses, chosen, baseline):
    """Draw the loss of each batch against the learning rate that was used on it."""
    figure, ax = plt.subplots(figsize=(7, 3.8))
    ax.plot(rates, losses, color=BLUE)
    ax.axhline(baseline, color="0.5", linestyle="--", linewidth=1, label="baseline")
    ax.axvline(chosen, color=GREEN, linewidth=2, label="chosen")
    ax.set(
        xlabel="learning rate",
        ylabel="loss of the batch",
        xscale="log",
        ylim=(0, 5),
        title="A new rate for each batch",
    )
    ax.legend(loc="upper left")
    return figure


def noise(sizes, spreads):
    """Draw the noise of a mini-batch's gradient against the batch size, and one over the root for comparison."""
    figure, ax = plt.subplots(figsize=(6, 3.6))
    ax.plot(sizes, spreads, "o-", color=BLUE, label="measured")
    ax.plot(
        sizes, spreads[0] * np.sqrt(sizes[0] / np.array(sizes)), color=BLACK, linestyle="--", label="one over the root"
    )
    ax.set(
        xlabel="batch size",
        ylabel="noise (miss / size of the gradient)",
        xscale="log",
        yscale="log",
        title="Larger batches, less noise",
    )
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.set_yticks([0.25, 0.5, 1, 2], ["0.25", "0.5", "1", "2"])
    ax.minorticks_off()
    ax.legend()
    return figure


def monitored(log, best):
    """Draw the losses and the learning rate by epoch from `log` (column -> list); `best` is the epoch that was kept."""
    epochs = np.arange(1, len(log["loss"]) + 1)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.6))
    left.plot(epochs, log["loss"], color=BLUE, label="training")
    left.plot(epochs, log["val_loss"], color=ORANGE, label="validation")
    left.plot(
        best + 1, log["val_loss"][best], "*", color=GREEN, markersize=15, markeredgecolor=BLACK, label="checkpoint"
    )
    left.set(xlabel="epoch", ylabel="loss", title="What is kept", yscale="log")
    left.legend()
    right.step(epochs, log["learning_rate"], where="mid", color=PURPLE)
    right.set(xlabel="epoch", ylabel="learning rate", yscale="log", title="What the plateau rule did")
    return figure
