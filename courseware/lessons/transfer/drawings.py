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
    figure.suptitle("All there is to learn from", fontsize=11)
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
    ax.set(ylim=(0, 1.12), ylabel="accuracy", title="What fine-tuning gains, and what it loses")
    figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure
