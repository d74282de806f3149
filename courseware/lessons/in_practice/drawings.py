"""The drawings of lesson 12."""

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, PURPLE, RED, SKY


def weight_sizes(weights, limit):
    """Draw how many weights have which size; those below `limit`, which are set to zero, in grey and hatched."""
    sizes = np.concatenate([np.abs(w).ravel() for w in weights if w.ndim == 2])
    figure, ax = plt.subplots(figsize=(6.4, 3.4))
    edges = np.arange(0, sizes.max(), limit / 15)  # the limit is one of them
    ax.hist(sizes[sizes <= limit], edges, color="0.75", hatch="//", edgecolor="0.5", label="set to zero")
    ax.hist(sizes[sizes > limit], edges, color=BLUE, label="kept")
    ax.set(xlabel="size of a weight, without its sign", ylabel="weights", title="The half that goes is the small half")
    ax.legend()
    return figure


def time_per_example(sizes, seconds):
    """Draw the time for one example, in millionths of a second, against the batch size."""
    figure, ax = plt.subplots()
    ax.loglog(sizes, 1e6 * seconds, "o-")
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.minorticks_off()
    ax.set(
        xlabel="batch size", ylabel="millionths of a second", title="Time for each example (both scales logarithmic)"
    )
    return figure


def pruned(sparsities, plain, retrained_at, retrained):
    """Draw accuracy against sparsity, without retraining as lines and with it as single marks.

    Args:
        sparsities: the fractions of zeros of `plain`.
        plain: two curves, name -> accuracies.
        retrained_at: the fractions of zeros of `retrained`.
        retrained: the same two names -> accuracies after retraining.
    """
    figure, ax = plt.subplots(figsize=(6.8, 4.2))
    looks = [(BLUE, "o", "-", -0.014), (RED, "s", "--", 0.014)]  # side by side, so that no mark hides the other
    for name, (color, marker, line, aside) in zip(plain, looks, strict=True):
        ax.plot(sparsities, plain[name], line, marker=marker, color=color, markersize=4, label=name)
        ax.plot(
            np.add(retrained_at, aside), retrained[name], linestyle="none", marker=marker, markersize=10, color=color,
            markerfacecolor="white", markeredgewidth=2, label=f"{name}, retrained",
        )  # fmt: skip
    ax.axhline(0.1, color="0.6", linestyle=":")
    ax.text(0, 0.12, "guessing", color="0.4", fontsize=9)
    ax.set(xlabel="fraction of weights set to zero", ylabel="test accuracy", ylim=(0, 1.04), title="Which weights go?")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 0.15))
    return figure


def sizes(files):
    """Draw a bar for each of `files`: name -> (bytes, accuracy)."""
    figure, ax = plt.subplots(figsize=(7, 3))
    names = list(files)[::-1]
    ax.barh(names, [files[name][0] / 1000 for name in names], color=BLUE)
    for place, name in enumerate(names):
        size, accuracy = files[name]
        ax.text(size / 1000 + 12, place, f"accuracy {100 * accuracy:.1f} %", va="center", fontsize=9)
    ax.set(
        xlabel="thousand bytes",
        title="Five files for the same task",
        xlim=(0, 1.25 * max(s for s, _ in files.values()) / 1000),
    )
    return figure


def found(shares, chance):
    """Draw the fraction of hidden items that each method found, and what chance finds."""
    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    order = sorted(shares, key=shares.get)
    colors = {"popularity": "0.6", "item to item": ORANGE, "embeddings": BLUE, "true liking": GREEN}
    ax.barh(order, [shares[name] for name in order], color=[colors[name] for name in order])
    ax.axvline(chance, color=BLACK, linestyle="--")
    ax.text(chance + 0.008, -0.32, "chance", fontsize=9)
    ax.set(xlabel="fraction of hidden items among the ten suggestions", title="Suggestions that hit")
    return figure


def item_map(vectors, genre, popularity):
    """Draw the items by their two numbers, a colour and a marker for each genre, larger if more popular."""
    figure, ax = plt.subplots(figsize=(5.6, 5))
    for number, (color, marker) in enumerate(zip([BLUE, ORANGE, GREEN, RED, PURPLE, SKY], "os^DvP", strict=True)):
        mine = genre == number
        look = {"color": color, "marker": marker, "alpha": 0.75, "label": f"genre {number}"}
        ax.scatter(*vectors[mine].T, s=12 + popularity[mine], **look)
    ax.plot(0, 0, "+", color=BLACK, markersize=12)
    ax.set(xlabel="first number", ylabel="second number", title="What the network knows of the items", aspect="equal")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), markerscale=0.8, title="larger:\nmore popular")
    return figure


def two_groups(networks, overall, names):
    """Draw a pair of bars for each of `networks`: name -> (accuracy of the first group, of the second)."""
    figure, ax = plt.subplots(figsize=(6.8, 3.8))
    places = np.arange(len(networks))
    for shift, name, color, hatch, column in zip((-0.2, 0.2), names, (SKY, RED), ("", "//"), (0, 1), strict=True):
        heights = [pair[column] for pair in networks.values()]
        ax.bar(places + shift, heights, 0.38, color=color, hatch=hatch, edgecolor="white", label=name)
    ax.plot([-0.45, 0.45], [overall, overall], color=BLACK, linestyle="--", label="overall, first pair")
    ax.set_xticks(places, list(networks))
    ax.set(ylabel="test accuracy", ylim=(0, 1.05), title="One network, two groups")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


# Drawings that notebooks of earlier versions of the lesson call.


def tables(named):
    """Draw each weight table of `named` (title -> array) in one common scale; zeros are white."""
    figure, axes = plt.subplots(1, len(named), figsize=(4.2 * len(named), 4))
    limit = np.quantile(np.abs(next(iter(named.values()))), 0.98)
    for ax, (title, table) in zip(axes, named.items(), strict=True):
        ax.imshow(table, cmap="PuOr", vmin=-limit, vmax=limit, interpolation="nearest")
        ax.set(title=title, xlabel="unit of the second hidden layer", ylabel="unit of the first")
    return figure


def pruning(sparsities, curves, star_at, star):
    """Draw accuracy against sparsity for each of `curves`, and one retrained network as a star."""
    figure, ax = plt.subplots()
    for (name, accuracies), color in zip(curves.items(), [BLUE, RED], strict=True):
        ax.plot(sparsities, accuracies, "o-", color=color, markersize=4, label=name)
    ax.plot(star_at, star, "*", color=GREEN, markersize=16, label="smallest first, retrained")
    ax.axhline(0.1, color="0.6", linestyle="--")
    ax.text(0, 0.12, "guessing", color="0.4", fontsize=9)
    ax.set(
        xlabel="share of weights set to zero", ylabel="test accuracy", ylim=(0, 1.02), title="Which weights go matters"
    )
    ax.legend(loc="lower left", bbox_to_anchor=(0, 0.15))
    return figure


def groups(networks, overall):
    """Draw a pair of bars for each of `networks`: name -> (accuracy upright, accuracy turned)."""
    figure, ax = plt.subplots(figsize=(6.8, 3.8))
    places = np.arange(len(networks))
    for shift, name, color, column in ((-0.2, "upright writers", SKY, 0), (0.2, "turned writers", RED, 1)):
        ax.bar(places + shift, [pair[column] for pair in networks.values()], 0.38, color=color, label=name)
    ax.plot([-0.45, 0.45], [overall, overall], color=BLACK, linestyle="--", label="overall, first network")
    ax.set_xticks(places, networks)
    ax.set(ylabel="test accuracy", ylim=(0, 1.05), title="One network, two groups")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return figure
