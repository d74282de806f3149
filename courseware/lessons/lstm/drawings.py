"""The drawings of lesson 06."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyBboxPatch

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, PURPLE, RED, named_bars


def by_gap(panels, longest=40):
    """Draw the fraction of right answers against the gap, one panel for each entry: title -> (fractions, trained gaps).

    Several rows of fractions are drawn as thin lines, and their mean as a thick one.
    """
    figure, axes = plt.subplots(len(panels), 1, figsize=(7.2, 0.9 + 2.0 * len(panels)), squeeze=False)
    gaps = np.arange(1, longest + 1)
    marks = {"marker": "o", "markersize": 4, "markerfacecolor": "white"} if longest <= 40 else {}
    for ax, (title, (fractions, trained)) in zip(axes[:, 0], panels.items(), strict=True):
        label = None
        if fractions.ndim == 2:
            thin = ax.plot(gaps, fractions[:, gaps].T, color=BLUE, linewidth=0.7, alpha=0.45)
            thin[0].set_label("one start")
            fractions, label = fractions.mean(axis=0), "their mean"
        ax.plot(gaps, fractions[gaps], color=BLUE, linewidth=1.8 if marks else 0.8, label=label, **marks)
        ax.plot(
            trained, fractions[list(trained)], "s", color=RED, markersize=8 if marks else 4, label="trained at this gap"
        )
        ax.axhline(0.1, color="0.4", linestyle="--", linewidth=1, label="chance")
        ax.set(ylim=(-0.05, 1.1), xlim=(0, longest + 1), ylabel="fraction right", title=title)
        step = trained[1] - trained[0] if longest <= 40 else 20  # a tick at each beat, or round numbers
        ax.set_xticks([1, *range(trained[0] if longest <= 40 else 20, longest + 1, step)])
    axes[-1, 0].set_xlabel("gap: digits after the first one")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


def probes(curves, longest=40):
    """Draw how often the first digit is found, against the gap, one curve for each entry of `curves` (name -> fractions)."""
    figure, ax = plt.subplots(figsize=(7.2, 3.6))
    gaps = np.arange(1, longest + 1)
    for (name, fractions), color, style in zip(curves.items(), [BLUE, RED, "0.35"], ["o-", "s-", "^:"], strict=True):
        ax.plot(gaps, fractions[gaps], style, color=color, markersize=3.5, linewidth=1.2, label=name)
    ax.hlines(0.1, 0, longest + 0.5, color="0.4", linestyle="--", linewidth=1)
    ax.text(longest + 0.8, 0.1, "chance", fontsize=9, va="center")
    ax.set(ylim=(-0.03, 1.08), xlabel="gap: digits after the first one", ylabel="fraction right",
           title="Who can read the first digit?")  # fmt: skip
    ax.set_xticks([1, *range(4, longest + 1, 3)])
    figure.legend(loc="outside lower center", ncols=3, fontsize=9)
    return figure


def belts(kept, mean_gate):
    """Draw what each belt keeps of a number against steps: array (steps, units); dashed, the mean gate's powers."""
    figure, ax = plt.subplots(figsize=(6.8, 3.6))
    steps = np.arange(len(kept) + 1)
    lines = ax.plot(steps, np.vstack([np.ones(kept.shape[1]), kept]), color=BLUE, linewidth=1, alpha=0.7)
    lines[0].set_label("one belt each")
    ax.plot(steps, mean_gate**steps, "--", color=RED, linewidth=2.5, label="powers of the mean gate")
    ax.set(ylim=(0, 1.03), xlabel="steps after the first digit", ylabel="fraction left",
           title="What the forget gates leave, in one row")  # fmt: skip
    ax.set_xticks(steps[::2])
    figure.legend(loc="outside lower center", ncols=2)
    return figure


def places(series, chance):
    """Draw how often the digit at each place is read back, a bar for each entry of `series`: name -> fractions."""
    figure, ax = plt.subplots(figsize=(7.6, 3.4))
    for (name, fractions), shift, color, hatch in zip(
        series.items(), [-0.2, 0.2], [BLUE, ORANGE], ["", "//"], strict=True
    ):
        ax.bar(
            np.arange(len(fractions)) + 1 + shift,
            fractions,
            0.4,
            color=color,
            hatch=hatch,
            edgecolor="white",
            label=name,
        )
    ax.axhline(chance, color="0.3", linestyle="--", linewidth=1, label="chance")
    ax.set(ylim=(0, 1.05), xlabel="place of the digit in the row", ylabel="fraction read back",
           title="What can be read from the state after 21 digits")  # fmt: skip
    ax.set_xticks([1, 5, 10, 15, 21])
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def belt():
    """Draw the belt of the cell state alone: what the forget gate, the input gate and the candidate do to it."""
    figure, ax = plt.subplots(figsize=(7.2, 2.5))
    arrow = {"arrowstyle": "->", "color": BLACK, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", xy=(8, 2.2), xytext=(0, 2.2), arrowprops={**arrow, "linewidth": 3.5, "color": BLUE})
    ax.text(0.5, 2.4, "old c", ha="center", fontsize=11, color=BLUE)
    ax.text(7.4, 2.4, "new c", ha="center", fontsize=11, color=BLUE)
    for x, name, color in [(2, "forget\ngate f", RED), (4.2, "input\ngate i", GREEN), (6, "candidate\ng", PURPLE)]:
        ax.text(x, 0.25, name, ha="center", va="center", fontsize=10,
                bbox={"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": color, "linewidth": 2})  # fmt: skip
    for start, end in [
        ((2, 0.55), (2, 2.01)),
        ((4.2, 0.55), (4.96, 1.1)),
        ((6, 0.55), (5.24, 1.1)),
        ((5.1, 1.38), (5.1, 2.01)),
    ]:
        ax.annotate("", xy=end, xytext=start, arrowprops=arrow)
    for x, y, sign in [(2, 2.2, "×"), (5.1, 2.2, "+"), (5.1, 1.2, "×")]:
        ax.text(x, y, sign, ha="center", va="center", fontsize=14,
                bbox={"boxstyle": "circle,pad=0.22", "facecolor": "white", "edgecolor": BLACK})  # fmt: skip
    ax.set(xlim=(-0.1, 8.2), ylim=(-0.25, 2.8))
    ax.axis("off")
    return figure


def keeping(values, steps=60):
    """Draw what is left of a memory that is multiplied by the same gate value at every step."""
    figure, ax = plt.subplots()
    back = np.arange(steps + 1)
    for value, color in zip(values, [RED, ORANGE, GREEN, BLUE], strict=True):
        ax.plot(back, value**back, color=color, label=f"gate at {value}")
    ax.set(xlabel="steps", ylabel="fraction of the memory left", title="The same factor at every step")
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
        ax.annotate("", xy=(x, 0.92), xytext=(x, 0.1), arrowprops=arrow)
    ax.plot([0, 7.3], [0.1, 0.1], color=BLACK, linewidth=1.2)
    ax.text(0.35, 0.25, "x and old h", ha="center", fontsize=10)
    for start, end in [
        ((2, 1.38), (2, 2.96)),
        ((3.7, 1.38), (4.44, 2.09)),
        ((5.4, 1.38), (4.66, 2.09)),
        ((4.55, 2.34), (4.55, 2.96)),
        ((7.3, 1.38), (8.17, 2.0)),
        ((8.3, 3.1), (8.3, 2.24)),
        ((8.48, 2.1), (10.2, 2.1)),
    ]:
        ax.annotate("", xy=end, xytext=start, arrowprops=arrow)
    ax.text(8.3, 2.72, "tanh", fontsize=9, ha="center", va="center",
            bbox={"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": BLACK})  # fmt: skip
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
    figure, axes = plt.subplots(1, len(panels), figsize=(2.6 + 4.6 * len(panels), 3.7), sharey=True, squeeze=False)
    known = {"SimpleRNN": (RED, "-"), "LSTM": (BLUE, "--")}
    others = iter([(GREEN, "-."), (BLACK, ":"), (PURPLE, (0, (8, 2)))])
    for curves in panels.values():
        for name in curves:
            if name not in known:
                known[name] = next(others)
    for ax, (title, curves) in zip(axes[0], panels.items(), strict=True):
        for name, values in curves.items():
            color, line = known[name]
            ax.plot(np.arange(len(values)), values / values[0], linestyle=line, color=color, linewidth=1.8, label=name)
        ax.set(yscale="log", xlabel="steps after the first digit", title=title)
    axes[0, 0].set_ylabel("influence, as a fraction\nof that at the start")
    names = {name: handle for ax in axes[0] for handle, name in zip(*ax.get_legend_handles_labels(), strict=True)}
    figure.legend(names.values(), names, loc="outside right center", fontsize=9)
    return figure


def bars(values, title, xlabel, line=None):
    """Draw one bar for each entry of `values` (name -> number), and a dashed line named by `line`: (name, number)."""
    figure, ax = named_bars(values, xlabel, ["LSTM", "RNN"], figsize=(6.8, 2.8))
    if line:
        ax.axvline(line[1], color="0.4", linestyle="--", linewidth=1)
    ax.set_title(f"{title} (dashed: {line[0]})" if line else title)
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


# What notebooks that were made earlier draw.


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
