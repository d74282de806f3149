"""The drawings of lesson 13."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, RED


def look(words, vectors, weights, result):
    """Draw words as arrows (n, 2) with the weighted mean of their ends, and beside them a bar for each weight."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.2, 3.4), width_ratios=[3, 2])
    for word, (x, y), color in zip(words, vectors, [BLUE, GREEN, ORANGE], strict=True):
        left.annotate("", xy=(x, y), xytext=(0, 0), arrowprops={"arrowstyle": "->", "color": color, "linewidth": 2})
        left.annotate(word, (x, y), xytext=(7, -4), textcoords="offset points", fontsize=11)
    corners = np.vstack([vectors, vectors[:1]])
    left.plot(corners[:, 0], corners[:, 1], ":", color="0.5", linewidth=1)
    right_end, top = vectors.max(axis=0)
    left.annotate("new dog", result, xytext=(1.08 * right_end, 0.8 * top), fontsize=11, color=RED,
                  arrowprops={"arrowstyle": "-", "color": RED, "linewidth": 0.8, "shrinkB": 6})  # fmt: skip
    left.plot(*result, "x", color=RED, markersize=11, markeredgewidth=3)
    left.set(
        xlim=(vectors[:, 0].min() - 0.3 * right_end, 1.6 * right_end),
        ylim=(-0.1 * top, 1.4 * top),
        xlabel="first number",
        ylabel="second number",
        title="Three words",
    )
    left.set_aspect("equal")
    bars = right.bar(words, weights, color=[BLUE, GREEN, ORANGE])
    right.bar_label(bars, fmt="%.2f", padding=2)
    right.set(ylim=(0, 1), ylabel="weight", title="How much dog looks at each")
    return figure


def _box(ax, place, words, color=BLACK, face="white"):
    ax.text(*place, words, ha="center", va="center", fontsize=10,
            bbox={"boxstyle": "round,pad=0.4", "facecolor": face, "edgecolor": color, "linewidth": 1.6})  # fmt: skip


def _arrow(ax, start, end, bend=0.0, color=BLACK):
    way = f"arc3,rad={bend}"
    ax.annotate("", xy=end, xytext=start,
                arrowprops={"arrowstyle": "->", "color": color, "linewidth": 1.3, "connectionstyle": way})  # fmt: skip


def flow():
    """Draw what attention does with rows: queries, keys and values, scores, softmax, weighted mean."""
    figure, ax = plt.subplots(figsize=(8.6, 3.0))
    for y, name, color in [(2.5, "queries Q", BLUE), (1.5, "keys K", GREEN), (0.5, "values V", ORANGE)]:
        _arrow(ax, (0.75, 1.5 + 0.2 * (y - 1.5)), (1.45, y))
        _box(ax, (2.1, y), name, color)
    _box(ax, (0.4, 1.5), "rows x")
    for start, end in [
        ((2.75, 2.5), (3.6, 2.1)),
        ((2.7, 1.5), (3.6, 1.9)),
        ((5.0, 2.0), (5.35, 2.0)),
        ((6.5, 2.0), (7.1, 1.5)),
        ((2.75, 0.5), (7.1, 1.05)),
        ((8.35, 1.27), (8.75, 1.27)),
    ]:
        _arrow(ax, start, end)
    _box(ax, (4.3, 2.0), "products\n$Q K^\\top / \\sqrt{d}$")
    _box(ax, (5.95, 2.0), "softmax")
    _box(ax, (7.7, 1.27), "weighted\nmean")
    _box(ax, (9.25, 1.27), "new\nrows")
    ax.text(6.95, 2.0, "weights", fontsize=9, color="0.3", va="center")
    ax.set(xlim=(-0.2, 9.8), ylim=(0.1, 2.9))
    ax.axis("off")
    return figure


def block():
    """Draw a Transformer block: attention and a feedforward network, each with a normalization and a shortcut."""
    figure, ax = plt.subplots(figsize=(8.6, 2.4))
    for x, words, color in [
        (1.35, "normalize", BLACK),
        (2.85, "attention", BLUE),
        (5.55, "normalize", BLACK),
        (7.15, "feedforward", GREEN),
    ]:
        _box(ax, (x, 0.7), words, color)
    for x in (4.0, 8.4):
        ax.text(x, 0.7, "+", ha="center", va="center", fontsize=14,
                bbox={"boxstyle": "circle,pad=0.22", "facecolor": "white", "edgecolor": BLACK})  # fmt: skip
    for start, end in [(0, 0.75), (1.95, 2.25), (3.43, 3.75), (4.25, 4.95), (6.15, 6.4), (7.9, 8.15), (8.65, 9.4)]:
        _arrow(ax, (start, 0.7), (end, 0.7))
    for start, end in [(0.3, 4.0), (4.55, 8.4)]:
        ax.plot([start, start, end], [0.7, 1.6, 1.6], color=RED, linewidth=1.6)
        _arrow(ax, (end, 1.62), (end, 0.95), color=RED)
        ax.text((start + end) / 2, 1.72, "shortcut", ha="center", fontsize=10, color=RED)
    ax.text(-0.08, 0.7, "x", ha="right", va="center", fontsize=11)
    ax.text(9.48, 0.7, "new x", va="center", fontsize=11)
    ax.set(xlim=(-0.3, 10.1), ylim=(0.3, 2.0))
    ax.axis("off")
    return figure


def largest(sizes, curves):
    """Draw the largest weight against the size of a key, a curve for each entry of `curves` (name -> weights)."""
    figure, ax = plt.subplots()
    for (name, weights), color, style in zip(curves.items(), [RED, BLUE], ["s-", "o--"], strict=True):
        ax.plot(sizes, weights, style, color=color, label=name)
    ax.set(xscale="log", ylim=(0, 1.03), xlabel="d, how many numbers a key has (logarithmic)",
           ylabel="largest of eight weights, mean", title="What the root is for")  # fmt: skip
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.minorticks_off()
    ax.legend()
    return figure


def costs(lengths, seconds):
    """Draw processor time against the number of words on logarithmic scales, a line for each entry (name -> seconds)."""
    figure, ax = plt.subplots()
    for (name, times), color, style in zip(seconds.items(), [BLUE, RED], ["o-", "s--"], strict=True):
        ax.plot(lengths, 1000 * times, style, color=color, label=name)
    ax.set(xscale="log", yscale="log", xlabel="words (logarithmic)", ylabel="milliseconds (logarithmic)",
           title="Time for a text of n words")  # fmt: skip
    ax.set_xticks(lengths, [str(n) for n in lengths])
    ax.minorticks_off()
    ax.legend()
    return figure


def collapse(passed):
    """Draw how much rows differ and how large they are, layer by layer: name -> array (layers, 2)."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.4))
    looks = [(RED, "s-"), (ORANGE, "^--"), (BLUE, "o-"), (GREEN, "x:"), (BLACK, ".-.")]
    for (name, values), (color, style) in zip(passed.items(), looks, strict=False):  # three in earlier copies
        layer = np.arange(1, len(values) + 1)
        left.plot(layer, values[:, 0], style, color=color, markersize=4)
        right.plot(layer, values[:, 1], style, color=color, markersize=4, label=name)
    left.set(ylim=(-0.03, 1.03), xlabel="layer", ylabel="how much the rows differ", title="Do the rows stay apart?")
    right.set(
        yscale="log", xlabel="layer", ylabel="typical size (logarithmic)", title="Does their size stay in bounds?"
    )
    figure.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def interfered(results, chance):
    """Draw the fraction right for each way of interfering, a group of bars for each network (name -> (way -> fraction)),
    with a line for what the simplest answers get, one for each of `chance`."""
    figure, axes = plt.subplots(1, len(results), figsize=(8.6, 3), sharey=True)
    for ax, (name, fractions), line in zip(axes, results.items(), chance, strict=True):
        bars = ax.bar(list(fractions), list(fractions.values()), color=[BLUE, ORANGE, RED][: len(fractions)])
        ax.bar_label(bars, fmt="%.2f", padding=2)
        ax.axhline(line, color="0.4", linestyle="--", linewidth=1, label="commonest number, coin toss")
        ax.set(ylim=(0, 1.12), title=name)
    axes[0].set_ylabel("fraction right")
    axes[0].legend(loc="upper right", fontsize=9)
    return figure


def triangle(n):
    """Draw which of n places (columns) each place (rows) may see under a causal mask."""
    mask = np.tril(np.ones((n, n)))
    figure, ax = plt.subplots(figsize=(3.8, 3.4))
    ax.imshow(mask, cmap="Blues", vmin=0, vmax=1.6)
    for i, row in enumerate(mask):
        for j, seen in enumerate(row):
            ax.text(j, i, "sees" if seen else "–", ha="center", va="center", fontsize=9, color=BLACK)
    places = [str(place) for place in range(len(mask))]
    ax.set_xticks(range(len(mask)), places)
    ax.set_yticks(range(len(mask)), places)
    ax.set(xlabel="is looked at", ylabel="looks", title="No place sees what comes after it")
    return figure


def by_place(curves, baseline):
    """Draw the loss at each place of the text, a curve for each entry of `curves` (name -> losses).

    `baseline` holds further curves, or is one number, that of the last character alone.
    """
    if not isinstance(baseline, dict):
        baseline = {"from the last character alone": np.full(len(next(iter(curves.values()))), baseline)}
    figure, ax = plt.subplots(figsize=(7.2, 3.6))
    for (name, losses), color, style in zip(curves.items(), [BLUE, RED], ["-", "--"], strict=True):
        ax.plot(np.arange(len(losses)), losses, style, color=color, linewidth=1.8, label=name)
    for (name, losses), style in zip(baseline.items(), [":", "-."], strict=False):
        ax.plot(np.arange(len(losses)), losses, style, color="0.35", linewidth=1.5, label=name)
    ax.set(ylim=(-0.1, None), xlabel="place in the text", ylabel="loss on new text",
           title="How well the next character is predicted")  # fmt: skip
    figure.legend(loc="outside lower center", ncols=2, fontsize=9)
    return figure


def maps(words, weights):
    """Draw two maps of one sentence side by side, arrays (n, n); `weights` holds them: name -> map."""
    figure, axes = plt.subplots(1, 2, figsize=(9, 4.6), sharey=True)
    for ax, (name, each) in zip(axes, weights.items(), strict=True):
        picture = ax.imshow(each, cmap="gray_r", vmin=0, vmax=1)
        ax.set_xticks(range(len(words)), words, rotation=60, ha="right")
        ax.set_yticks(range(len(words)), words)
        ax.set(xlabel="is looked at", title=name)
    axes[0].set_ylabel("looks")
    figure.colorbar(picture, ax=axes, label="weight", shrink=0.7)
    return figure


def written(texts, width=64, given=""):
    """Show pieces of text, each below its name (name -> text), with what all of them continue in grey before it."""
    lines = [(name, textwrap.wrap(given + text, width, drop_whitespace=not given)) for name, text in texts.items()]
    figure, ax = plt.subplots(figsize=(8.2, 0.3 + 0.24 * sum(len(text) + 1.5 for _, text in lines)))
    row = 0.0
    for name, text in lines:
        ax.text(0, -row, name, fontsize=10, color=BLUE, va="top")
        in_grey = len(given)
        for number, line in enumerate(text):
            grey, black = line[:in_grey], " " * min(in_grey, len(line)) + line[in_grey:]
            in_grey -= len(grey)
            for part, color in ((grey, "0.6"), (black, BLACK)):
                ax.text(0.02, -row - 1 - number, part, fontsize=10, family="monospace", va="top", color=color)
        row += len(text) + 1.5
    ax.set(xlim=(0, 1), ylim=(-row, 0.2))
    ax.axis("off")
    return figure
