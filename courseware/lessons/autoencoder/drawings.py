"""The drawings of lesson 07."""

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLUE, GREEN, ORANGE, RED, picture, rows_of_pictures, rows_of_weights

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


def pattern_rows(rows, size):
    """Draw rows of patterns on one scale, red where they add ink and blue where they subtract it: name -> array (n, pixels)."""
    return rows_of_weights({name: np.reshape(patterns, (-1, size, size)) for name, patterns in rows.items()})


def error_curve(kept, errors, others):
    """Draw PCA's error against the number of directions, the baseline as a line, networks as marks.

    Args:
        kept, errors: numbers of directions, and PCA's error with each.
        others: name -> height of the baseline, then name -> (numbers in the code, error) for up to three networks: a
            diamond, a square and a hollow square.
    """
    figure, ax = plt.subplots()
    ax.plot(kept, errors, "o-", color=BLUE, label="PCA")
    (baseline, height), *networks = others.items()
    ax.axhline(height, color="0.5", linestyle="--", linewidth=1)
    above = {"xytext": (0, 3), "textcoords": "offset points"}
    ax.annotate(baseline, (kept[-1], height), **above, ha="right", va="bottom", fontsize=9, color="0.35")
    marks = (("D", ORANGE, "full"), ("s", RED, "full"), ("s", RED, "none"))
    for (name, dot), (marker, color, fill) in zip(networks, marks, strict=False):
        k, error = dot if isinstance(dot, tuple) else (8, dot)  # a bare error, from an earlier copy of the lesson
        ax.plot(
            k, error, marker, color=color, fillstyle=fill, markeredgewidth=2, markersize=9, linestyle="none", label=name
        )
    ax.set(
        xscale="log",
        xlabel="numbers in the code (twice as many at each tick)",
        ylabel="squared error per pixel",
        ylim=(0, None),
    )
    ax.set_xticks(kept, [str(k) for k in kept])
    ax.minorticks_off()
    ax.legend(loc="lower left")
    return figure


def optimizers(histories, originals, rebuilt, size, baseline=None):
    """Draw loss curves, and beside them pictures with each optimizer's reconstructions.

    `baseline`, if given, is the loss of the average picture: a dashed line.
    """
    figure = plt.figure(figsize=(9.4, 3.2))
    left, right = figure.subfigures(1, 2, width_ratios=[1, 1.4])
    ax = left.subplots()
    for (name, losses), color, marker in zip(histories.items(), (RED, BLUE, GREEN), "os^", strict=False):
        ax.plot(range(1, len(losses) + 1), losses, marker + "-", color=color, markersize=4, label=name)
    if baseline is not None:  # an earlier copy of the lesson gives none
        ax.axhline(baseline, color="0.3", linestyle="--", linewidth=1, label="average picture")
    ax.set(xlabel="epoch", ylabel="training loss", ylim=(0, 0.75))
    ax.legend(fontsize=9)
    named = {name: np.reshape(line, (-1, size, size)) for name, line in {"true": originals, **rebuilt}.items()}
    rows_of_pictures(right.subplots(len(named), len(originals)), named)
    return figure


def rows(pictures, size):
    """Draw one row of pictures for each entry of `pictures` (name -> pictures)."""
    n = len(next(iter(pictures.values())))
    figure, axes = plt.subplots(len(pictures), n, figsize=(9, 1.05 * len(pictures)))
    rows_of_pictures(axes, {name: np.reshape(line, (-1, size, size)) for name, line in pictures.items()})
    return figure


def maps(places, labels, most=450):
    """Draw one map for each entry of `places` (name -> two numbers a picture), every picture as its numeral.

    Of more than `most` pictures the first ones are drawn. The numerals tell the kinds apart without their colours.
    """
    figure, axes = plt.subplots(1, len(places), figsize=(9.4, 4.6))
    for ax, (name, points) in zip(axes, places.items(), strict=True):
        points, shown = points[:most], labels[:most]
        for digit, color in enumerate(TEN_COLORS):
            edge = {"edgecolor": "0.3", "linewidths": 0.4 if digit in (1, 6) else 0}  # the palest two
            ax.scatter(*points[shown == digit].T, s=48, marker=f"${digit}$", color=color, **edge)
        low, high = np.quantile(points, [0.005, 0.995], axis=0)  # a few far-off ones would shrink all others
        room = 0.06 * (high - low)
        ax.set(title=name, xlabel="first number of the code", ylabel="second number",
               xlim=(low[0] - room[0], high[0] + room[0]), ylim=(low[1] - room[1], high[1] + room[1]))  # fmt: skip
    return figure


def sheets(pictures, size):
    """Draw a square sheet of pictures for each entry of `pictures` (name -> array (n * n, pixels), row by row from above)."""
    figure, axes = plt.subplots(1, len(pictures), figsize=(9.4, 9.4 / len(pictures) + 0.3))
    for ax, (name, made) in zip(axes, pictures.items(), strict=True):
        n = round(len(made) ** 0.5)
        sheet = np.reshape(made, (n, n, size, size)).transpose(0, 2, 1, 3).reshape(n * size, n * size)
        picture(ax, sheet)
        ax.set_title(name)
    return figure


def oddness(by_pca, by_network):
    """Draw a bar for each unseen digit, how well PCA's error tells it, and diamonds for the network's, with the coin's line."""
    figure, ax = plt.subplots(figsize=(7.2, 3.4))
    ax.bar(list(by_pca), list(by_pca.values()), color=BLUE, label="PCA, 8 numbers")
    ax.plot(list(by_network), list(by_network.values()), "D", color=ORANGE, markeredgecolor="black", markersize=9,
            linestyle="none", label="network, 8 numbers")  # fmt: skip
    ax.axhline(0.5, color="0.2", linestyle=":", linewidth=1.5, label="a coin")
    ax.set(
        xticks=range(10),
        xlabel="digit left out of training",
        ylabel="ROC AUC",
        ylim=(0, 1.28),
        yticks=[0, 0.25, 0.5, 0.75, 1],
    )
    ax.legend(loc="upper center", ncols=3, fontsize=9)
    return figure


def active_units(counts):
    """Draw, for each entry of `counts` (name -> active units of each picture), how often so many units are active."""
    figure, ax = plt.subplots(figsize=(6.4, 2.9))
    most = max(values.max() for values in counts.values())
    bins = np.linspace(0, most + 1, 45)
    for (name, values), color, hatch in zip(counts.items(), (BLUE, ORANGE), ("", "///"), strict=True):
        ax.hist(values, bins, color=color, alpha=0.75, hatch=hatch, edgecolor="white", label=name)
    ax.set(xlabel="units of the code that are above 0", ylabel="pictures")
    ax.legend()
    return figure


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
