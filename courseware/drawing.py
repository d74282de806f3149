"""Drawing that teaches nothing: the course's look, and figures that come with a description in words."""

from __future__ import annotations

import html
import io
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import HTML, display
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.transforms import Bbox
from PIL import Image

# Okabe and Ito's colours: distinct for colour-blind readers too.
BLUE, ORANGE, GREEN, RED, PURPLE, SKY, YELLOW, BLACK = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442", "#000000",
)  # fmt: skip
LOOK = {
    "figure.figsize": (6.4, 3.8),
    "figure.dpi": 90,
    "axes.prop_cycle": plt.cycler(color=[BLUE, ORANGE, GREEN, RED, PURPLE, SKY, BLACK]),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
}
plt.rcParams.update(LOOK)
DENSITY = 2  # pixels of a figure to one of the page, so that it is crisp on a dense screen


def know_own_fonts() -> None:
    """Let Matplotlib know the fonts that it brings.

    It keeps one list of fonts in the user's home for all its installations. One that is moved or deleted while it runs
    leaves a list without them, and each power of ten on an axis then draws a page of warnings, from then on.
    """
    known = {entry.fname for entry in fontManager.ttflist}
    for file in sorted(Path(matplotlib.get_data_path(), "fonts", "ttf").glob("*.ttf")):
        if str(file) not in known:
            fontManager.addfont(file)


know_own_fonts()


def show(figure: Figure, description: str) -> None:
    """Show `figure` below the cell, with `description` for those who cannot see it: as its `alt`, and folded beneath.

    Args:
        figure: a Matplotlib figure; it is closed afterwards.
        description: what can be seen, in one or two sentences without measured numbers.
    """
    png, (width, height) = _png(figure)
    plt.close(figure)
    # JupyterLab as `course lab` starts it shows the `alt` of the metadata; VS Code makes one of the text.
    about = {"width": width, "height": height, "alt": description}
    shown = {"image/png": png, "text/plain": f"Figure: {description}"}
    display(shown, metadata={"image/png": about}, raw=True)
    display(HTML(f"<details><summary>The figure in words</summary>{html.escape(description)}</details>"))


def _png(figure: Figure) -> tuple[bytes, tuple[int, int]]:
    """The figure as a PNG, and its width and height on the page.

    It has `DENSITY` and a palette of 256 colours, which takes less room. What does not look the same so, a photo
    for one, has all its colours and one pixel for each of the page.
    """
    image = Image.open(_drawn(figure, DENSITY)).convert("RGB")
    size = image.width // DENSITY, image.height // DENSITY
    few = image.quantize(256, dither=Image.Dither.NONE)
    difference = np.abs(np.asarray(few.convert("RGB"), np.int16) - np.asarray(image, np.int16))
    if difference.mean() > 1:  # of 255
        return _drawn(figure, 1).getvalue(), size
    smaller = io.BytesIO()
    few.save(smaller, "png")
    return smaller.getvalue(), size


def _drawn(figure: Figure, density: int) -> io.BytesIO:
    file = io.BytesIO()
    dpi = density * figure.dpi
    figure.draw_without_rendering()
    # Titles can stand out of a low figure: constrained layout gives way to axes of equal aspect.
    drawn, paper = figure.get_tightbbox(), figure.bbox_inches
    if min(*(drawn.min - paper.min), *(paper.max - drawn.max)) < 1 / dpi:
        paper = Bbox.union([paper, drawn.padded(0.03)])
    figure.savefig(file, format="png", dpi=dpi, bbox_inches=paper)
    file.seek(0)
    return file


INK = {"cmap": "gray_r", "vmin": 0, "vmax": 1}  # for imshow: 0 for paper to 1 for ink


def picture(ax, pixels, frame="0.8", **how):
    """Draw a picture of shape (height, width) in ink on paper; `how` takes the place of that ink for imshow.

    It has a frame of that colour, or the axes' own two lines if `frame` is None.
    """
    ax.imshow(pixels, **(how or INK))
    ax.set(xticks=[], yticks=[])
    if frame:
        ax.spines[:].set(visible=True, color=frame)


def rows_of_pictures(axes, named, frame="0.8"):
    """Draw a row of pictures for each entry of `named` (name -> array (n, height, width)); `axes` has their shape."""
    for line, (name, pictures) in zip(axes, named.items(), strict=True):
        for ax, pixels in zip(line, pictures, strict=True):
            picture(ax, pixels, frame)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")


def rows_of_weights(rows):
    """Draw rows of pictures of weights, name -> array (n, height, width): red above zero, blue below, on one scale."""
    most = max(np.abs(pictures).max() for pictures in rows.values())
    count = len(next(iter(rows.values())))
    figure, axes = plt.subplots(len(rows), count, figsize=(1.05 * count + 0.9, 1.1 * len(rows)))
    for line, (name, pictures) in zip(axes, rows.items(), strict=True):
        for ax, weights in zip(line, pictures, strict=True):
            picture(ax, weights, cmap="RdBu_r", vmin=-most, vmax=most)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    return figure


def signed_pictures(weights, same_scale):
    """Draw weights in two rows of pictures, red above zero, blue below: array (n, height, width).

    With `same_scale` a shade means the same in all of them, else each has its own largest weight in full colour.
    """
    figure, axes = plt.subplots(2, len(weights) // 2, figsize=(1.15 * len(weights) // 2, 2.7))
    for ax, weight in zip(axes.flat, weights, strict=True):
        most = np.abs(weights if same_scale else weight).max()
        ax.imshow(weight, cmap="RdBu_r", vmin=-most, vmax=most)
        ax.axis("off")
    return figure


def named_bars(values, xlabel, orange, figsize):
    """Draw a bar for each entry of `values` (name -> number), the first on top; return the figure and its axes.

    A bar is orange if its name holds one of the words `orange`.
    """
    figure, ax = plt.subplots(figsize=figsize)
    names = list(values)[::-1]
    colors = [ORANGE if any(word in name for word in orange) else BLUE for name in names]
    ax.bar_label(ax.barh(names, [values[name] for name in names], color=colors), fmt="%.2f", padding=3)
    ax.set_xlabel(xlabel)
    ax.margins(x=0.12)
    return figure, ax
