"""The drawings of lesson 06."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyBboxPatch

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, PURPLE, RED, named_bars


def recall(gaps, curves, trained_on, chance):
    """Draw the share of right answers against the gap, one curve for each entry of `curves` (name -> shares)."""
    figure, ax = plt.subplots(figsize=(7.2, 3.8))
    ax.axvspan(min(trained_on), max(trained_on), color="0.92")
    ax.text(np.sqrt(min(trained_on) * max(trained_on)), 1.04, "trained here", ha="center", fontsize=9, color="0.35")
    for (name, shares), color, marker in zip(curves.items(), [RED, BLUE, GREEN], "os^", strict=False):
        ax.plot(gaps, shares, f"{marker}-", color=color, label=name, markersize=5)
    ax.axhline(chance, color="0.5", linestyle="--", linewidth=1)
    ax.text(gaps[-1] * 1.2, chance, "chance", va="center", fontsize=9, color="0.35")
    ax.set(xscale="log", ylim=(-0.03, 1.12), xlabel="gap: digits between the first one and the question",
           ylabel="share of right answers", title="Which digit came first?")  # fmt: skip
    ax.set_xticks(gaps, [str(gap) for gap in gaps])
    ax.minorticks_off()
    ax.legend(loc="center left", bbox_to_anchor=(1.08, 0.5))
    return figure


def keeping(values, steps=60):
    """Draw what is left of a memory that is multiplied by the same gate value at every step."""
    figure, ax = plt.subplots()
    back = np.arange(steps + 1)
    for value, color in zip(values, [RED, ORANGE, GREEN, BLUE], strict=True):
        ax.plot(back, value**back, color=color, label=f"gate at {value}")
    ax.set(xlabel="steps", ylabel="share of the memory that is left", title="The same factor at every step")
    ax.legend()
    return figure


def cell():
    """Draw one LSTM step: the belt of the cell state on top, and the gates that act on it."""
    figure, ax = plt.subplots(figsize=(8.6, 4.3))
    arrow = {"arrowstyle": "->", "color": BLACK, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
    ax.add_patch(FancyBboxPatch((1.0, 0.35), 8.0, 3.3, boxstyle="round,pad=0.1", facecolor="#F4F4F4", edgecolor="0.6"))
    ax.annotate("", xy=(10.2, 3.1), xytext=(0, 3.1), arrowprops={**arrow, "linewidth": 3.5, "color": BLUE})
    ax.text(0.45, 3.3, "old c", ha="center", fontsize=11, color=BLUE)
    ax.text(9.65, 3.3, "new c", ha="center", fontsize=11, color=BLUE)

    def circle(x, y, sign):
        ax.text(x, y, sign, ha="center", va="center", fontsize=14,
                bbox={"boxstyle": "circle,pad=0.22", "facecolor": "white", "edgecolor": BLACK})  # fmt: skip

    for x, name, color in [(2, "forget\ngate f", RED), (3.7, "input\ngate i", GREEN), (5.4, "candidate\ng", PURPLE),
                           (7.3, "output\ngate o", ORANGE)]:  # fmt: skip
        ax.text(x, 1.15, name, ha="center", va="center", fontsize=10,
                bbox={"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": color, "linewidth": 2})  # fmt: skip
        ax.annotate("", xy=(x, 0.8), xytext=(x, 0.1), arrowprops=arrow)
    ax.plot([0, 7.3], [0.1, 0.1], color=BLACK, linewidth=1.2)
    ax.text(0.35, 0.25, "x and old h", ha="center", fontsize=10)
    ax.annotate("", xy=(2, 2.85), xytext=(2, 1.52), arrowprops=arrow)
    ax.annotate("", xy=(4.3, 2.05), xytext=(3.7, 1.52), arrowprops=arrow)
    ax.annotate("", xy=(4.8, 2.05), xytext=(5.4, 1.52), arrowprops=arrow)
    ax.annotate("", xy=(4.55, 2.85), xytext=(4.55, 2.4), arrowprops=arrow)
    ax.annotate("", xy=(7.95, 2.0), xytext=(7.3, 1.52), arrowprops=arrow)
    ax.annotate("", xy=(8.3, 2.35), xytext=(8.3, 3.1), arrowprops=arrow)
    ax.text(8.2, 2.72, "tanh", fontsize=9, ha="right", va="center")
    ax.annotate("", xy=(10.2, 2.1), xytext=(8.55, 2.1), arrowprops=arrow)
    ax.text(9.65, 2.25, "new h", ha="center", fontsize=11)
    circle(2, 3.1, "×")
    circle(4.55, 3.1, "+")
    circle(4.55, 2.2, "×")
    circle(8.3, 2.1, "×")
    ax.set(xlim=(-0.2, 10.4), ylim=(-0.15, 3.95))
    ax.axis("off")
    return figure


def influence(panels):
    """Draw influence against steps, one panel for each entry of `panels`: title -> (name -> influence)."""
    figure, axes = plt.subplots(1, len(panels), figsize=(4.6 * len(panels), 3.7), sharey=True)
    colors = {"SimpleRNN": RED, "LSTM": BLUE, "LSTM, gates open": GREEN}
    for ax, (title, curves) in zip(axes, panels.items(), strict=True):
        for name, values in curves.items():
            ax.plot(np.arange(len(values)), values, color=colors[name], label=name)
        ax.set(yscale="log", xlabel="steps since the first digit", title=title)
        ax.legend(loc="lower left", fontsize=9)
    axes[0].set_ylabel("influence of the first digit")
    return figure


def learning(curves, chance):
    """Draw training accuracy per epoch for each entry of `curves` (name -> accuracies)."""
    figure, ax = plt.subplots()
    for (name, shares), color in zip(curves.items(), [RED, BLUE, GREEN, ORANGE], strict=False):
        ax.plot(np.arange(1, len(shares) + 1), shares, "o-", color=color, markersize=4, label=name)
    ax.axhline(chance, color="0.5", linestyle="--", linewidth=1)
    ax.text(len(shares) + 0.05, chance - 0.04, "chance", fontsize=9, color="0.35", ha="right")
    ax.set(ylim=(0, 0.8), xlabel="epoch", ylabel="share of right answers (training)", title="Gap 40, from the start")
    ax.set_xticks(np.arange(1, len(shares) + 1))
    ax.legend(loc="upper left")
    return figure


def bars(values, title, xlabel, line=None):
    """Draw one bar for each entry of `values` (name -> number), and a dashed line named by `line`: (name, number)."""
    figure, ax = named_bars(values, xlabel, ["LSTM", "RNN"], figsize=(6.8, 2.8))
    if line:
        ax.axvline(line[1], color="0.4", linestyle="--", linewidth=1)
    ax.set_title(f"{title} (dashed: {line[0]})" if line else title)
    return figure


def positions(shares, chance):
    """Draw how well the digit at each place of the sequence can be read back from the last state."""
    figure, ax = plt.subplots(figsize=(7.2, 3))
    ax.bar(list(shares), list(shares.values()), color=BLUE)
    ax.axhline(chance, color="0.4", linestyle="--", linewidth=1)
    ax.text(20.6, chance + 0.02, "chance", fontsize=9, color="0.35", ha="left")
    ax.set(xlabel="place of the digit in the sequence (0 is the first)", ylabel="share read back correctly",
           ylim=(0, 1.05), title="What the state still holds at the end")  # fmt: skip
    ax.set_xticks(list(shares))
    return figure


def words(places, people):
    """Draw each word at its place along one line (word -> number), a row for each; `people` in another colour."""
    figure, ax = plt.subplots(figsize=(7, 4.4))
    for row, word in enumerate(sorted(places, key=places.get)):
        color = BLUE if word in people else ORANGE
        ax.plot(places[word], row, "o" if word in people else "s", color=color, markersize=5)
        ax.annotate(word, (places[word], row), xytext=(8, 0), textcoords="offset points", fontsize=9, va="center")
    ax.plot([], [], "o", color=BLUE, label="people")
    ax.plot([], [], "s", color=ORANGE, label="animals")
    ax.set(xlabel="place along the main direction of the embedding", title="Where the words have moved")
    ax.set_yticks([])
    ax.margins(x=0.15, y=0.04)
    ax.legend(loc="upper left")
    return figure
