"""The drawings of lesson 10."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from courseware.drawing import BLUE, GREEN, ORANGE, PURPLE, RED, SKY

RATE_TICKS = [-5, -4, -3, -2, -1, 0, 1, 2]


def rate_curve(rates, losses, baseline):
    """Draw validation loss against learning rate; a dashed line marks the loss of the baseline."""
    figure, ax = plt.subplots(figsize=(7, 3.6))
    ax.axhline(baseline, color="0.5", linestyle="--", linewidth=1)
    ax.text(rates[0], baseline - 0.02, "baseline", fontsize=9, color="0.35", va="top")
    ax.plot(rates, np.minimum(losses, 1.45), "o-", color=BLUE, markersize=4)
    ax.set(xscale="log", ylim=(0, 1.5), xlabel="learning rate", ylabel="validation loss (cut off at 1.45)",
           title="One network, one hyperparameter")  # fmt: skip
    return figure


def folds(k):
    """Draw the k rounds of cross-validation, one row each."""
    figure, ax = plt.subplots(figsize=(6.4, 0.55 * k + 0.5))
    for row in range(k):
        for block in range(k):
            held = row == block
            ax.add_patch(Rectangle((block + 0.02, -row - 0.4), 0.96, 0.8, facecolor=ORANGE if held else "#D9ECF7"))
            ax.text(block + 0.5, -row, "validate" if held else "train", ha="center", va="center", fontsize=10)
        ax.text(-0.08, -row, f"round {row + 1}", ha="right", va="center", fontsize=10)
        ax.text(k + 0.08, -row, f"score {row + 1}", ha="left", va="center", fontsize=10)
    ax.set(xlim=(-0.6, k + 0.6), ylim=(-k + 0.4, 0.6))
    ax.axis("off")
    return figure


def heatmap(table, across, up):
    """Draw a table {(a, b): loss} as coloured squares with the losses written in."""
    columns, rows = sorted({a for a, _ in table}), sorted({b for _, b in table})
    values = np.array([[table[a, b] for a in columns] for b in rows])
    figure, ax = plt.subplots(figsize=(5, 3))
    shade = ax.imshow(values, cmap="viridis_r", origin="lower", aspect="auto")
    figure.colorbar(shade, ax=ax, label="validation loss")
    middle = (values.min() + values.max()) / 2
    for r, line in enumerate(values):
        for c, value in enumerate(line):
            color = "white" if value > middle else "black"
            ax.text(c, r, f"{value:.2f}", ha="center", va="center", color=color)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.set(xlabel=across, ylabel=up, title="Nine combinations")
    return figure


def scores(scores, baseline):
    """Draw the fold scores of each name as dots and their mean as a bar."""
    names = sorted(scores, key=lambda name: np.mean(scores[name]))
    figure, ax = plt.subplots(figsize=(7, 3.4))
    for row, name in enumerate(names):
        ax.plot(scores[name], [row] * len(scores[name]), "o", color=BLUE, markersize=5, alpha=0.6)
        ax.plot([np.mean(scores[name])] * 2, [row - 0.32, row + 0.32], color=ORANGE, linewidth=3)
    ax.axvline(baseline, color="0.5", linestyle="--", linewidth=1)
    ax.text(baseline, len(names) - 0.4, " baseline", fontsize=9, color="0.35")
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel="accuracy in each fold (dot) and on average (bar)", ylim=(-0.6, len(names)),
           title="Seven optimizers, each at one learning rate")  # fmt: skip
    return figure


def luck(best, name, again):
    """Draw the mean scores of the best optimizers (name -> score) on one row, and those of one under other seeds below."""
    figure, ax = plt.subplots(figsize=(7, 2.5))
    places = {}
    for other, score in best.items():
        places.setdefault(round(score, 4), []).append(other)
    for score, tied in places.items():
        ax.annotate(", ".join(tied), (score, 1), (0, 12), textcoords="offset points", rotation=30, fontsize=9)
    for row, scores, color in ((1, list(best.values()), BLUE), (0, again, ORANGE)):
        ax.plot(scores, [row] * len(scores), "|", color=color, markersize=18, markeredgewidth=2)
    ax.set_yticks([0, 1], [f"{name}, {len(again)} seeds", f"the {len(best)} best\noptimizers, one seed"])
    low, high = min(*best.values(), *again), max(*best.values(), *again)
    ax.set(xlabel="mean score of the three folds", ylim=(-0.6, 2.2), xlim=(low - 0.02, high + 0.02))
    return figure


def winners(at_search, on_test, truth):
    """Draw how winners scored when they were chosen, and how on new examples."""
    figure, ax = plt.subplots(figsize=(7, 3.2))
    bins = np.arange(49.5, 73) / 72  # a bin for each possible score of 72 examples
    ax.hist(on_test, bins, color=BLUE, alpha=0.7, label="the same winners on new examples")
    ax.hist(at_search, bins, color=ORANGE, alpha=0.7, label="winners, when they were chosen")
    ax.axvline(truth, color="black", linewidth=1.2)
    ax.text(truth - 0.003, ax.get_ylim()[1] * 0.97, "the truth", ha="right", va="top", fontsize=9)
    ax.set(xlabel="accuracy", ylabel="searches")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, fontsize=9)
    return figure


def projections(grid, random, rates, losses):
    """Draw two sets of settings over rate and penalty, and above each where its rates meet the loss curve."""
    figure, axes = plt.subplots(2, 2, figsize=(8.4, 4.6), height_ratios=[1, 1.5], sharex=True)
    for column, (name, points) in enumerate({"grid": grid, "random": random}.items()):
        top, low = axes[:, column]
        top.plot(np.log10(rates), np.minimum(losses, 1), color="0.55")
        at = np.unique(np.round(points[:, 0], 6))
        top.plot(at, np.interp(at, np.log10(rates), np.minimum(losses, 1)), "o", color=RED)
        top.vlines(at, 0, np.interp(at, np.log10(rates), np.minimum(losses, 1)), color=RED, linewidth=1)
        top.set(ylim=(0, 1.1), title=f"{name}: {len(at)} different learning rates")
        low.scatter(
            points[:, 0], points[:, 1], 12 * 2.0 ** points[:, 2], edgecolors=BLUE, facecolors="none", linewidths=1.5
        )
        low.set_xticks(RATE_TICKS, [f"$10^{{{tick}}}$" for tick in RATE_TICKS])
        low.set(xlabel="learning rate (the larger a ring, the more units)", xlim=(-5.4, 2.4), ylim=(-6.4, -1.6))
        low.set_yticks([-6, -4, -2], ["$10^{-6}$", "$10^{-4}$", "$10^{-2}$"])
    axes[0, 0].set_ylabel("loss (cut off at 1)")
    axes[1, 0].set_ylabel("penalty")
    return figure


def trials(tried, rates, losses):
    """Draw the learning rate of each trial in order, beside the curve that the search does not know."""
    figure, (ax, side) = plt.subplots(1, 2, figsize=(8, 3.4), width_ratios=[3, 1], sharey=True)
    exponents, values = np.array(tried).T
    dots = ax.scatter(np.arange(1, len(tried) + 1), exponents, c=np.minimum(values, 1), cmap="viridis_r", s=36)
    figure.colorbar(dots, ax=ax, label="validation loss (1: or more)")
    ax.set_yticks(RATE_TICKS, [f"$10^{{{tick}}}$" for tick in RATE_TICKS])
    ax.set(xlabel="trial", ylabel="learning rate", title="Thirty trials of Optuna, in order")
    side.plot(np.minimum(losses, 1), np.log10(rates), color="0.55")
    side.set(xlabel="loss (cut off at 1)", title="unknown to it", xlim=(0, 1.05))
    return figure


def race(results):
    """Draw one dot for the best loss of each search, one row a method, and a bar at the mean."""
    figure, ax = plt.subplots(figsize=(7, 0.7 * len(results) + 0.9))
    many = len(next(iter(results.values())))
    _rows_of_dots(ax, {name: np.minimum(values, 1.5) for name, values in results.items()}, results)
    ax.set(
        xlabel=f"best validation loss, dots cut off at 1.5 (black bar: mean of {many} searches, uncut)", xlim=(0, 1.55)
    )
    return figure


def flattery(results):
    """Draw by how much each winner looked better than it was, one row a way of judging, and a bar at the mean."""
    figure, ax = plt.subplots(figsize=(7, 2.4))
    points = {name: 100 * np.asarray(values) for name, values in results.items()}
    _rows_of_dots(ax, points, points, sideways=0.3)
    ax.axvline(0, color="0.5", linestyle="--", linewidth=1)
    ax.set(xlabel="points by which the winner looked better than it was (black bar: mean)")
    return figure


def _rows_of_dots(ax, shown, results, sideways=0.0):
    """Rows from the top down, each with its dots, shifted a little so that fewer hide one another, and the mean of `results`."""
    rng = np.random.default_rng(0)
    for row, (name, values) in enumerate(reversed(shown.items())):
        color = [GREEN, BLUE, RED, ORANGE, PURPLE, SKY][row % 6]
        across = np.asarray(values) + rng.uniform(-sideways, sideways, len(values))
        ax.plot(across, row + rng.uniform(-0.18, 0.18, len(values)), "o", color=color, markersize=5, alpha=0.45)
        ax.plot(
            [min(np.mean(results[name]), np.max(shown[name]))] * 2,
            [row - 0.32, row + 0.32],
            color="black",
            linewidth=2.5,
        )
        ax.text(-0.02, row, name, ha="right", va="center", transform=ax.get_yaxis_transform())
    ax.set_yticks([])


def halving(way, steps):
    """Draw the losses of each network after `steps`, as far as it was trained; the winner's line is thick."""
    figure, ax = plt.subplots(figsize=(7, 3.4))
    last = [losses for losses in way if len(losses) == len(steps)]
    winner = min(last, key=lambda losses: losses[-1])
    for losses in way:
        best = losses is winner
        ax.plot(steps[: len(losses)], np.minimum(losses, 1.5), "o-", color=RED if best else BLUE, linewidth=3 if best else 1,
                markersize=7 if best else 4, alpha=1 if best else 0.6, zorder=3 if best else 2)  # fmt: skip
    for round_, at in enumerate(steps):
        running = sum(len(losses) > round_ for losses in way)
        ax.text(at, 1.56, f"{running} networks" if running > 1 else "1 network", ha="center", fontsize=9)
    ax.set_xticks(steps)
    ax.set(
        xlabel="steps of gradient descent",
        ylabel="validation loss (cut off at 1.5)",
        ylim=(0, 1.65),
        xlim=(0, steps[-1] + 4),
    )
    return figure
