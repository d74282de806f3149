"""Drawing that teaches nothing: the course's look, and figures that come with a description in words."""

from __future__ import annotations

import html
import io

import matplotlib.pyplot as plt
from IPython.display import HTML, display
from matplotlib.figure import Figure

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


def show(figure: Figure, description: str) -> None:
    """Show `figure` below the cell, with `description` folded beneath it for those who cannot see it.

    Args:
        figure: a Matplotlib figure; it is closed afterwards.
        description: what can be seen, in one or two sentences without measured numbers.
    """
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    plt.close(figure)
    display({"image/png": picture.getvalue(), "text/plain": f"Figure: {description}"}, raw=True)
    display(HTML(f"<details><summary>The figure in words</summary>{html.escape(description)}</details>"))
