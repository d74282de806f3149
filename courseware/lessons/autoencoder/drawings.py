"""The drawings of lesson 07."""

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLUE, GREEN, ORANGE, RED, picture, rows_of_pictures

# One for each digit. They differ in lightness as well, for readers who do not tell red from green.
TEN_COLORS = (
    "#0000ff", "#ffb300", "#006680", "#4d331a", "#80cce6", "#000066", "#b3cc99", "#996600", "#9980ff", "#00001a",
)  # fmt: skip


def telephone(originals, codes, rebuilt, size):
    """Draw pictures, their codes as bars, and what was drawn from the codes."""
    figure, axes = plt.subplots(3, len(originals), figsize=(9, 3.6), height_ratios=[1, 0.8, 1])
    limit = np.abs(codes).max() * 1.05
    for column in range(len(originals)):
        picture(axes[0, column], np.reshape(originals[column], (size, size)))
        axes[1, column].bar(range(codes.shape[1]), codes[column], color=ORANGE)
        axes[1, column].set(ylim=(-limit, limit), xticks=[], yticks=[])
        axes[1, column].axhline(0, color="0.6", linewidth=0.6)
        axes[1, column].spines[:].set_visible(False)
        picture(axes[2, column], np.reshape(rebuilt[column], (size, size)))
    for ax, name in zip(axes[:, 0], ("goes in", "code", "comes out"), strict=True):
        ax.set_ylabel(name, rotation=0, ha="right", va="center")
    return figure


def two_pixels(pair, directions):
    """Draw one pixel's ink against its neighbour's, with the two principal directions as arrows."""
    figure, ax = plt.subplots(figsize=(4.6, 4.2))
    rng = np.random.default_rng(0)
    ax.plot(*(pair + rng.normal(0, 0.008, pair.shape)).T, ".", color=BLUE, alpha=0.25, markersize=4)
    centre = pair.mean(axis=0)
    spreads = ((pair - centre) @ directions.T).std(axis=0)
    for direction, spread, color in zip(directions, spreads, (RED, ORANGE), strict=True):
        sign = 1 if direction.sum() >= 0 else -1
        ax.annotate("", xy=centre + sign * spread * direction, xytext=centre, annotation_clip=False,
                    arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 3})  # fmt: skip
    ax.set(xlabel="ink of a pixel", ylabel="ink of the pixel to its right", aspect="equal",
           xlim=(-0.08, 1.08), ylim=(-0.08, 1.08))  # fmt: skip
    return figure


def strips(patterns, size, title):
    """Draw patterns side by side, red where they add ink and blue where they take it away."""
    figure, axes = plt.subplots(1, len(patterns), figsize=(1.15 * len(patterns), 1.6))
    for ax, pattern in zip(axes, patterns, strict=True):
        limit = np.abs(pattern).max()
        picture(ax, np.reshape(pattern, (size, size)), cmap="RdBu_r", vmin=-limit, vmax=limit)
    figure.suptitle(title, fontsize=11)
    return figure


def error_curve(kept, errors, others):
    """Draw PCA's error against the number of directions, the baseline as a line, the network as a dot."""
    figure, ax = plt.subplots()
    ax.plot(kept, errors, "o-", color=BLUE, label="PCA")
    (baseline, height), (network, dot) = others.items()
    ax.axhline(height, color="0.5", linestyle="--", linewidth=1)
    ax.text(kept[-1], height, baseline, ha="right", va="bottom", fontsize=9, color="0.35")
    ax.plot(8, dot, "D", color=ORANGE, markersize=9, label=network)
    ax.set(xscale="log", xlabel="numbers in the code", ylabel="squared error per pixel", ylim=(0, None))
    ax.set_xticks(kept, [str(k) for k in kept])
    ax.minorticks_off()
    ax.legend(loc="lower left")
    return figure


def optimizers(histories, originals, rebuilt, size):
    """Draw two loss curves, and beside them pictures with each optimizer's reconstructions."""
    figure = plt.figure(figsize=(9.4, 3))
    left, right = figure.subfigures(1, 2, width_ratios=[1, 1.4])
    ax = left.subplots()
    for (name, losses), color in zip(histories.items(), (RED, BLUE), strict=True):
        ax.plot(range(1, len(losses) + 1), losses, "o-", color=color, markersize=4, label=name)
    ax.set(xlabel="epoch", ylabel="training loss", ylim=(0, 0.75))
    ax.legend()
    named = {name: np.reshape(line, (-1, size, size)) for name, line in {"true": originals, **rebuilt}.items()}
    rows_of_pictures(right.subplots(3, len(originals)), named)
    return figure


def rows(pictures, size):
    """Draw one row of pictures for each entry of `pictures` (name -> pictures)."""
    n = len(next(iter(pictures.values())))
    figure, axes = plt.subplots(len(pictures), n, figsize=(9, 1.05 * len(pictures)))
    rows_of_pictures(axes, {name: np.reshape(line, (-1, size, size)) for name, line in pictures.items()})
    return figure


def maps(places, labels):
    """Draw one map for each entry of `places` (name -> two numbers a picture), coloured by label."""
    figure, axes = plt.subplots(1, len(places), figsize=(9.4, 4.4))
    for ax, (name, points) in zip(axes, places.items(), strict=True):
        numerals = []
        for digit, color in enumerate(TEN_COLORS):
            own = points[labels == digit]
            ax.plot(*own.T, ".", color=color, markersize=5, alpha=0.7)
            numerals.append(_free_place(own, numerals, np.ptp(points, axis=0)))
            ax.text(*numerals[-1], str(digit), fontsize=13, weight="bold", ha="center", va="center",
                    bbox={"boxstyle": "circle,pad=0.15", "facecolor": "white", "edgecolor": color})  # fmt: skip
        ax.set(title=name, xlabel="first number of the code", ylabel="second number")
    return figure


def _free_place(own, taken, size):
    """The middle of the points `own`, or the point next to it that lies off the numerals that are there already."""
    middle = np.median(own, axis=0)
    near = own[np.argsort(np.linalg.norm((own - middle) / size, axis=1))]
    return next((p for p in (middle, *near) if all(np.linalg.norm((p - t) / size) > 0.1 for t in taken)), middle)


def score_histograms(scores, labels):
    """Draw, for each unseen digit, the reconstruction errors of its pictures and of all others."""
    figure, axes = plt.subplots(1, len(scores), figsize=(9, 3), sharey=True)
    top = max(np.quantile(score, 0.995) for score in scores.values())
    bins = np.linspace(0, top, 40)
    for ax, (digit, score) in zip(axes, scores.items(), strict=True):
        ax.hist(score[labels != digit], bins, density=True, color=GREEN, alpha=0.6, label="digits it was trained on")
        ax.hist(score[labels == digit], bins, density=True, color=RED, alpha=0.6, label=f"digit {digit}, never seen")
        ax.set(xlabel="reconstruction error", title=f"Trained without {digit}", yticks=[])
        ax.legend(fontsize=9)
    return figure
