"""The drawings of lesson 01."""

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, RED


def learning_line(size, price, path):
    """Draw the line at four moments of `path`, a list of (w, b), and the loss after every step."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    left.scatter(size, price, s=10, color="0.7")
    ends = np.array([size.min(), size.max()])
    for step, color in zip([0, 1, 3, len(path) - 1], [RED, ORANGE, GREEN, BLUE], strict=True):
        w, b = path[step]
        left.plot(ends, w * ends + b, color=color, label=f"step {step}", linewidth=2)
    left.set(xlabel="size (hundreds of m²)", ylabel="price (hundreds of thousands)", title="One line, learning")
    left.legend()
    losses = [np.mean((w * size + b - price) ** 2) for w, b in path]
    right.plot(losses)
    right.set(xlabel="step", ylabel="mean squared error", title="How wrong it is", yscale="log")
    return figure


def errors(size, price, w, b):
    """Draw the line and, for each house, the vertical distance to it."""
    figure, ax = plt.subplots()
    ax.vlines(size, price, w * size + b, color=RED, alpha=0.5, linewidth=1)
    ax.scatter(size, price, s=12, color=BLUE, zorder=3)
    ends = np.array([size.min(), size.max()])
    ax.plot(ends, w * ends + b, color=BLACK, linewidth=2)
    ax.set(xlabel="size (hundreds of m²)", ylabel="price (hundreds of thousands)", title="Each red stick is one error")
    return figure


def loss_over_w(size, price, b, at, slope):
    """Draw the loss as w varies with b held, and the tangent with `slope` at w = `at`."""
    w = np.linspace(-0.5, 6.5, 141)
    loss = np.mean((w[:, None] * size + b - price) ** 2, axis=1)
    here = np.mean((at * size + b - price) ** 2)
    figure, ax = plt.subplots()
    ax.plot(w, loss)
    near = np.array([at - 0.7, at + 0.7])
    ax.plot(near, here + slope * (near - at), color=RED, linewidth=2, label="the slope here")
    ax.plot(at, here, "o", color=RED)
    ax.set(xlabel="w, with b held fixed", ylabel="mean squared error", title="A slice through the landscape")
    ax.legend()
    return figure


def surface(size, price, ax, title, span=(-1.5, 6.5, -2, 4)):
    """Draw on `ax` the loss over (w, b) as height lines, dark where it is low.

    Args:
        size, price: arrays (n,).
        ax: where to draw.
        title: what stands above it.
        span: ``(w_low, w_high, b_low, b_high)`` of the map.
    """
    w, b = np.meshgrid(np.linspace(*span[:2], 161), np.linspace(*span[2:], 161))
    # mean((w x + b - y)^2), multiplied out so that no (161, 161, n) array is needed
    loss = (
        w**2 * np.mean(size**2) + b**2 + np.mean(price**2) + 2 * w * b * size.mean()
        - 2 * w * np.mean(size * price) - 2 * b * price.mean()
    )  # fmt: skip
    ax.contourf(w, b, np.log(loss), levels=18, cmap="Blues_r", alpha=0.8)
    ax.contour(w, b, np.log(loss), levels=18, colors="white", linewidths=0.4, linestyles="solid")
    ax.set(xlim=span[:2], ylim=span[2:], xlabel="w", ylabel="b", title=title, aspect="equal")


def walks(size, price, paths):
    """Draw each path of `paths` (name -> list of (w, b)) on a map of its own, until it leaves the map for good."""
    figure, axes = plt.subplots(1, len(paths), figsize=(4 * len(paths), 3.4), sharey=True)
    for ax, (name, path), color in zip(axes, paths.items(), [ORANGE, GREEN, RED], strict=True):
        points = np.array(path)
        diverges = np.abs(points).max() > 50
        points = points[: 8 if diverges else None]
        surface(size, price, ax, f"{name}, {'the first ' if diverges else ''}{len(points) - 1} steps")
        ax.plot(*points.T, "o-", color=color, markersize=3, linewidth=1.2)
        ax.plot(*points[0], "o", color=BLACK, markersize=6)
        ax.annotate("start", points[0], xytext=(4, -12), textcoords="offset points", fontsize=9)
    return figure


def edge(fractions, curves):
    """Draw the loss reached, as a multiple of the smallest possible, against the rate as a share of the edge.

    Args:
        fractions: array (k,): learning rate divided by the predicted edge.
        curves: name -> array (k,) of losses divided by the smallest; values above the drawing are cut off.
    """
    figure, ax = plt.subplots()
    for (name, losses), marker in zip(curves.items(), "os^", strict=True):
        ax.plot(fractions, np.minimum(np.nan_to_num(losses, nan=1e3), 1e3), f"{marker}-", label=name, markersize=4)
    ax.axvline(1, color="0.6", linestyle="--")
    ax.text(1.005, 1.5, "predicted\nedge", color="0.4", fontsize=9)
    ax.set(xlim=(None, 1.1), ylim=(0.9, 3), xlabel="learning rate / predicted edge", ylabel="loss reached / smallest loss",
           title="A sharp edge, and blurred ones")  # fmt: skip
    ax.legend(loc="upper left")
    return figure


def residuals(panels):
    """Draw one residual plot for each entry of `panels`: title -> (prediction, residual)."""
    figure, axes = plt.subplots(1, len(panels), figsize=(4.5 * len(panels), 3.4), squeeze=False)
    for ax, (title, (prediction, residual)) in zip(axes[0], panels.items(), strict=True):
        ax.axhline(0, color=BLACK, linewidth=1)
        ax.scatter(prediction, residual, s=10)
        ax.set(xlabel="prediction", ylabel="label minus prediction", title=title)
    return figure
