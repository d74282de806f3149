"""The drawings of lesson 14."""

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLUE, GREEN, ORANGE, RED


def pages(pictures, digits):
    """Draw pictures (n, size, size, 1) in rows, one row for each digit."""
    kinds = np.unique(digits)
    figure, axes = plt.subplots(len(kinds), len(pictures) // len(kinds), figsize=(4.4, 4.4))
    for row, digit in zip(axes, kinds, strict=True):
        for ax, picture in zip(row, pictures[digits == digit], strict=True):
            ax.imshow(picture[..., 0], cmap="gray_r", vmin=0, vmax=1)
            ax.set(xticks=[], yticks=[])
            ax.spines[["top", "right"]].set_visible(True)
        row[0].set_ylabel(str(digit), rotation=0, labelpad=12, va="center", fontsize=12)
    figure.suptitle("The first draw: 25 pictures", fontsize=11)
    return figure


def exchange():
    """Draw how the body is kept and the head exchanged: a row of boxes for each task."""
    figure, ax = plt.subplots(figsize=(8.6, 2.6))
    rows = [
        (1.7, "a page\nwith a 3", "body\n(trained)", BLUE, "head\n(trained)", ORANGE, "0, 1, 2, 3\nor 4?"),
        (0.4, "a page\nwith an 8", "the same body\n(frozen)", BLUE, "new head\n(learns)", RED, "5, 6, 7, 8\nor 9?"),
    ]
    for y, page, body, cool, head, warm, answers in rows:
        for x, words, color in ((0.5, page, "0.6"), (2.5, body, cool), (4.6, "48\nfeatures", "0.6"), (6.5, head, warm), (8.5, answers, "0.6")):  # fmt: skip
            ax.text(x, y, words, ha="center", va="center", fontsize=10, bbox={"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": color, "linewidth": 1.8})  # fmt: skip
        for start, end in ((1.05, 1.65), (3.4, 4.0), (5.15, 5.8), (7.2, 7.8)):
            ax.annotate("", xy=(end, y), xytext=(start, y), arrowprops={"arrowstyle": "->", "linewidth": 1.3})
    ax.annotate(
        "", xy=(2.5, 0.75), xytext=(2.5, 1.35), arrowprops={"arrowstyle": "->", "color": BLUE, "linewidth": 1.8}
    )
    ax.text(2.65, 1.05, "its weights", color=BLUE, fontsize=10, va="center")
    ax.set(xlim=(-0.2, 9.3), ylim=(-0.05, 2.15), title="The body is kept, the head is exchanged")
    ax.axis("off")
    return figure


def dots(scores, chance):
    """Draw a dot for each accuracy and a bar for their mean, a row for each entry of `scores` (name -> accuracies)."""
    figure, ax = plt.subplots(figsize=(6.8, 3.2))
    for place, ((name, values), color) in enumerate(zip(scores.items(), [BLUE, ORANGE, GREEN, RED], strict=True)):
        ax.plot(values, np.full(len(values), place), "o", color=color, alpha=0.7, label=name)
        ax.plot([np.mean(values)] * 2, [place - 0.3, place + 0.3], color="0.2", linewidth=2.5)
    ax.axvline(chance, color="0.4", linestyle="--", linewidth=1)
    ax.set_yticks(range(len(scores)), list(scores))
    ax.set(xlim=(0.15, max(map(max, scores.values())) + 0.05), ylim=(len(scores) - 0.5, -0.5), xlabel="accuracy on new pictures (dashed: blind guessing)",
           title="Draws of 25 pictures each")  # fmt: skip
    return figure


def two_tasks(new, old):
    """Draw the mean accuracy on the new and on the old task, a pair of bars for each way (name -> accuracies)."""
    figure, ax = plt.subplots(figsize=(6.4, 3.4))
    place = np.arange(len(new))
    for shift, results, color, hatch, name in ((-0.2, new, BLUE, "", "5 to 9, new head"), (0.2, old, ORANGE, "//", "0 to 4, old head")):  # fmt: skip
        means = [np.mean(values) for values in results.values()]
        bars = ax.bar(place + shift, means, 0.38, color=color, hatch=hatch, edgecolor="white", label=name)
        ax.bar_label(bars, fmt="%.2f", padding=2)
    ax.set_xticks(place, list(new))
    ax.set(ylim=(0, 1.12), ylabel="accuracy", title="New and old digits after fine-tuning")
    figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure
