"""The drawings of lesson 04."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, RED, SKY, picture, rows_of_weights, signed_pictures
from courseware.lessons.fnn.drawings import history as history  # the curves of lesson 03


def _bare(ax, title=None, fontsize=11):
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    if title is not None:
        ax.set_title(title, fontsize=fontsize)


def _table(ax, values, cmap="gray_r", limits=(0, 1), fontsize=11, form="{:g}", known=None):
    """Draw a table of numbers on its picture; `known` is a mask of the places that are filled in."""
    known = np.ones(values.shape, dtype=bool) if known is None else known
    low, high = limits
    ax.imshow(np.where(known, values, np.nan), cmap=cmap, vmin=low, vmax=high, alpha=0.45)
    for (row, column), value in np.ndenumerate(values):
        if known[row, column]:
            ax.text(column, row, form.format(value), ha="center", va="center", fontsize=fontsize)
        ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor="0.8", linewidth=0.6))
    _bare(ax)


def moved_digits(rows, titles, labels):
    """Draw pictures in a grid, each with an answer below it, green where it is right.

    Args:
        rows: list of lists of pairs (picture, answer).
        titles: what stands above the columns.
        labels: the right answer of each row.
    """
    figure, axes = plt.subplots(len(rows), len(titles), figsize=(1.75 * len(titles), 2.05 * len(rows)), squeeze=False)
    for place, (pictures, label) in enumerate(zip(rows, labels, strict=True)):
        for ax, (pixels, answer), title in zip(axes[place], pictures, titles, strict=True):
            picture(ax, pixels, frame="0.7")
            right = answer == label
            ax.set_xlabel(f"“{answer}”" + ("" if right else "  wrong"), color=GREEN if right else RED, fontsize=11)
            if place == 0:
                ax.set_title(title, fontsize=10)
    return figure


def accuracy_bars(scores, ticks, chance=None, xlabel=None, figsize=(6.4, 3.4)):
    """Draw groups of bars of accuracy: `scores` maps a model's name to one accuracy for each of `ticks`."""
    figure, ax = plt.subplots(figsize=figsize)
    width = 0.8 / len(scores)
    for place, ((name, values), color) in enumerate(zip(scores.items(), (BLUE, ORANGE, GREEN), strict=False)):
        spots = np.arange(len(ticks)) + (place - (len(scores) - 1) / 2) * width
        ax.bar(spots, values, width * 0.92, label=name, color=color)
        for spot, value in zip(spots, values, strict=True):
            ax.text(spot, value + 0.015, f"{100 * round(value, 2):.0f}", ha="center", fontsize=9)
    if chance is not None:
        ax.axhline(chance, color="0.3", linestyle=":", linewidth=1.4, label="most common digit")
    ax.set(xticks=range(len(ticks)), xticklabels=ticks, ylim=(0, 1.12), ylabel="accuracy", xlabel=xlabel)
    ax.yaxis.set_major_formatter("{x:.0%}")
    if len(scores) > 1:
        ax.legend(loc="upper center", ncols=3, bbox_to_anchor=(0.5, 1.16))
    return figure


def sliding(picture, kernel, result, stops):
    """Draw a kernel, and at several places of a picture what it multiplies, and the result as far as it has come.

    Args:
        picture, kernel, result: tables of numbers.
        stops: places (row, column) of the result, one row of drawings each.
    """
    height, width = kernel.shape
    figure, axes = plt.subplots(
        len(stops), 4, figsize=(10, 2.5 * len(stops)), width_ratios=[3, 6, 4.2, 4], squeeze=False
    )
    flat = np.arange(result.size).reshape(result.shape)
    most = np.abs(result).max()
    _table(axes[0, 0], kernel, cmap="RdBu_r", limits=(-most, most))
    for blank in axes[1:, 0]:
        blank.axis("off")
    for (_, left, middle, right), (row, column) in zip(axes, stops, strict=True):
        _table(left, picture, cmap="gray")
        left.add_patch(
            Rectangle((column - 0.5, row - 0.5), width, height, fill=False, edgecolor=RED, linewidth=3, zorder=3)
        )
        seen = picture[row : row + height, column : column + width]
        for (i, j), weight in np.ndenumerate(kernel):
            middle.text(j, i, f"{seen[i, j]:g} · {weight:g}", ha="center", va="center", fontsize=10, color=BLACK)
            middle.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False, edgecolor=RED, linewidth=1))
        middle.set(xlim=(-0.6, width - 0.4), ylim=(height - 0.4, -0.6), aspect="equal")
        _bare(middle, f"nine products, sum {result[row, column]:g}", fontsize=10)
        known = flat <= flat[row, column]
        _table(right, result, cmap="RdBu_r", limits=(-most, most), known=known)
        right.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=RED, linewidth=3, zorder=3))
    for ax, title in zip(axes[0, [0, 1, 3]], ("kernel", "picture", "result so far"), strict=True):
        ax.set_title(title, fontsize=10)
    return figure


def channels(photo):
    """Draw a colour photo, and how much red, green and blue there is, in grey: white for much."""
    figure, axes = plt.subplots(1, 4, figsize=(11, 2.3))
    axes[0].imshow(photo)
    _bare(axes[0], "photo", 10)
    for ax, part, name in zip(axes[1:], np.moveaxis(photo, 2, 0), ("red", "green", "blue"), strict=True):
        ax.imshow(part, cmap="gray", vmin=0, vmax=1)
        _bare(ax, f"{name}: how much", 10)
    return figure


def edges(grey, responses):
    """Draw a grey photo and what kernels answer: `responses` maps a title to a table."""
    figure, axes = plt.subplots(1, 1 + len(responses), figsize=(4 * (1 + len(responses)), 2.9))
    axes[0].imshow(grey, cmap="gray", vmin=0, vmax=1)
    _bare(axes[0], "grey photo")
    for ax, (title, response) in zip(axes[1:], responses.items(), strict=True):
        most = np.quantile(np.abs(response), 0.99)
        ax.imshow(response, cmap="RdBu_r", vmin=-most, vmax=most)
        _bare(ax, title)
    return figure


def pooling(before, after):
    """Draw a table in coloured blocks of two by two, and the largest number of each block."""
    figure, axes = plt.subplots(1, 2, figsize=(6.4, 3.2), width_ratios=[4, 2.4])
    colors = (SKY, ORANGE, GREEN, "#CC79A7")
    for ax, values, block in zip(axes, (before, after), (2, 1), strict=True):
        for (row, column), value in np.ndenumerate(values):
            shade = colors[(row // block) * 2 + column // block]
            top = value == after[row // block, column // block] or block == 1
            ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=shade, alpha=0.75 if top else 0.25))
            ax.text(
                column, row, f"{value:g}", ha="center", va="center", fontsize=14, weight="bold" if top else "normal"
            )
        ax.set(xlim=(-0.6, values.shape[1] - 0.4), ylim=(values.shape[0] - 0.4, -0.6), aspect="equal")
        _bare(ax)
    axes[0].set_title("before")
    axes[1].set_title("the largest of each block")
    return figure


def field_growth(maps):
    """Draw how far one bright pixel spreads: `maps` maps a title to a table."""
    figure, axes = plt.subplots(1, len(maps), figsize=(2.3 * len(maps), 2.6))
    for ax, (title, values) in zip(axes, maps.items(), strict=True):
        ax.imshow(values > 0, cmap="Blues", vmin=0, vmax=1.4)
        for k in range(values.shape[0] + 1):
            ax.axhline(k - 0.5, color="white", linewidth=0.7)
            ax.axvline(k - 0.5, color="white", linewidth=0.7)
        _bare(ax, title, 10)
    return figure


def kernels(named):
    """Draw kernels with their weights written in, red above zero and blue below: `named` maps a title to a kernel."""
    most = max(np.abs(kernel).max() for kernel in named.values())
    figure, axes = plt.subplots(1, len(named), figsize=(2.3 * len(named), 2.9))
    for ax, (title, kernel) in zip(axes, named.items(), strict=True):
        _table(ax, kernel, cmap="RdBu_r", limits=(-most, most), form="{:.2f}")
        _bare(ax, title, 11)
    return figure


def kernel_rows(rows):
    """Draw rows of kernels on one scale, red above zero and blue below: name -> array (kernels, height, width)."""
    return rows_of_weights(rows)


def feature_maps(pixels, rows, titles=None):
    """Draw a picture and rows of its feature maps, dark where a filter responds: name -> array (height, width, filters)."""
    if titles:  # an earlier copy of the lesson: one array, and what stands above
        rows = {titles[1]: rows}
    count = next(iter(rows.values())).shape[2]
    figure, axes = plt.subplots(len(rows), count + 1, squeeze=False, figsize=(1.1 * count + 2, 1.25 * len(rows)))
    for line, (name, maps) in zip(axes, rows.items(), strict=True):
        picture(line[0], pixels, frame="0.7")
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
        for ax, place in zip(line[1:], range(count), strict=True):
            most = max(maps[:, :, place].max(), 0.1)
            picture(ax, maps[:, :, place], cmap="Purples", vmin=0, vmax=most, frame="0.85")
    axes[0, 0].set_title("picture", fontsize=10)
    axes[0, 1 + count // 2].set_title(f"its {count} feature maps", fontsize=10)
    return figure


def best_pieces(blocks, names):
    """Draw for each filter the pieces of pictures to which it responds most: block -> one list of pieces for each filter."""
    count = len(next(iter(blocks.values()))[0])
    figure = plt.figure(figsize=(0.56 * count * len(blocks) + 1, 0.62 * len(names) + 0.5))
    for part, (title, rows) in zip(figure.subfigures(1, len(blocks)), blocks.items(), strict=True):
        axes = part.subplots(len(names), count)
        for line, name, pieces in zip(axes, names, rows, strict=True):
            for ax, pixels in zip(line, pieces, strict=True):
                picture(ax, pixels, frame="0.85")
            line[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=9)
        part.suptitle(title, fontsize=11)
    return figure


def pages(pictures, answers, labels):
    """Draw pages in two rows, each with the network's answer below it."""
    figure, axes = plt.subplots(2, len(pictures) // 2, figsize=(1.75 * (len(pictures) // 2), 4.1))
    for ax, pixels, answer, label in zip(axes.flat, pictures, answers, labels, strict=True):
        picture(ax, pixels, frame="0.5")
        right = answer == label
        ax.set_xlabel(f"“{answer}”" + ("" if right else "  wrong"), color=GREEN if right else RED, fontsize=11)
    return figure


def halves(pictures, corners, cut, size=64):
    """Draw photos with their training half and test half, and some patches of either.

    Args:
        pictures: title -> photo.
        corners: list of (row, column) of the upper left corners of patches.
        cut: the row where the test half begins.
        size: height and width of a patch.
    """
    figure, axes = plt.subplots(1, len(pictures), figsize=(10, 3.6))
    for ax, (title, photo) in zip(axes, pictures.items(), strict=True):
        ax.imshow(photo)
        ax.axhline(cut, color="white", linewidth=3)
        for row, column in corners:
            color = SKY if row + size <= cut else ORANGE
            ax.add_patch(Rectangle((column, row), size, size, fill=False, edgecolor=color, linewidth=2.4))
        for y, text, color in ((0.96, "training half", SKY), (0.04, "test half", ORANGE)):
            ax.text(
                0.02, y, text, transform=ax.transAxes, ha="left", va="top" if y > 0.5 else "bottom", fontsize=10,
                bbox={"facecolor": color, "edgecolor": "none", "pad": 3},
            )  # fmt: skip
        _bare(ax, title)
    return figure


# Below: what copies of this lesson ask for that were made before it was rewritten.


def filters(weights):
    """Draw kernels as small pictures, red above zero and blue below: array (kernels, height, width)."""
    return signed_pictures(weights, same_scale=True)
