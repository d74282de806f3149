"""The drawings of lesson 01."""

import matplotlib.pyplot as plt
import numpy as np

from courseware.drawing import BLACK, BLUE, GREEN, ORANGE, RED


def learning_line(size, price, path):
    """Draw the line at four moments of `path`, a list of (w, b), and the loss after every step."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.6))
    left.scatter(size, price, s=10, color="0.7")
    ends = np.array([size.min(), size.max()])
    for step, color in zip([0, 1, 3, len(path) - 1], [RED, ORANGE, GREEN, BLUE], strict=True):
        w, b = path[step]
        left.plot(ends, w * ends + b, color=color, label=f"step {step}", linewidth=2)
    left.set(xlabel="size (100 m²)", ylabel="price (100,000 euros)", title="One line, learning")
    left.legend()
    losses = [np.mean((w * size + b - price) ** 2) for w, b in path[:51]]
    right.plot(losses, "o-", markersize=3)
    right.set(xlabel="step", ylabel="how wrong (explained below)", title="The first 50 steps", ylim=(0, None))
    return figure


def errors(size, price, w, b):
    """Draw the line and, for each house, the vertical distance to it."""
    figure, ax = plt.subplots()
    ax.vlines(size, price, w * size + b, color=RED, alpha=0.5, linewidth=1)
    ax.scatter(size, price, s=12, color=BLUE, zorder=3)
    ends = np.array([size.min(), size.max()])
    ax.plot(ends, w * ends + b, color=BLACK, linewidth=2)
    ax.set(xlabel="size (100 m²)", ylabel="price (100,000 euros)", title="Each stick is one error")
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


def surface(size, price, ax, title, span=(-1.5, 6.5, -2, 4), lines=True):
    """Draw on `ax` the loss over (w, b) in shades, dark where it is low, with height lines between them.

    Args:
        size, price: arrays (n,).
        ax: where to draw.
        title: what stands above it.
        span: ``(w_low, w_high, b_low, b_high)`` of the map.
        lines: whether to draw the lines; in a very narrow valley they would hide its floor.
    """
    w, b = np.meshgrid(np.linspace(*span[:2], 161 if lines else 1601), np.linspace(*span[2:], 161))
    # mean((w x + b - y)^2), multiplied out so that no array (161, 161, n) is needed
    loss = (
        w**2 * np.mean(size**2) + b**2 + np.mean(price**2) + 2 * w * b * size.mean()
        - 2 * w * np.mean(size * price) - 2 * b * price.mean()
    )  # fmt: skip
    loss = np.log(loss)
    heights = np.linspace(loss.min(), loss.max(), 19)
    ax.contourf(w, b, loss, levels=heights, cmap="Blues_r", alpha=0.8)
    if lines:
        ax.contour(w, b, loss, levels=heights, colors="white", linewidths=0.4, linestyles="solid")
    ax.set(xlim=span[:2], ylim=span[2:], xlabel="w", ylabel="b", title=title, aspect="equal")


def arrow_uphill(size, price, place, gradient, steepest):
    """Draw on a map, from `place` = (w, b), the gradient as an arrow and the direction `steepest` as a dashed line."""
    figure, ax = plt.subplots(figsize=(5, 3.8))
    surface(size, price, ax, "The gradient points uphill", (-1.5, 6.5, -2, 4))
    unit = np.array(gradient) / np.hypot(*gradient)
    tip = np.array(place) + 2 * unit
    ax.annotate(
        "", tip, place, arrowprops={"arrowstyle": "-|>", "color": BLACK, "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
    )
    ax.plot(*zip(place, np.array(place) + 2.6 * np.array(steepest), strict=True), "--", color=RED, linewidth=2,
            label="steepest of 360")  # fmt: skip
    ax.plot(*place, "o", color=BLACK)
    ax.plot(*np.polyfit(size, price, 1), "x", color=BLACK, markersize=9, markeredgewidth=2)
    ax.legend(loc="upper right")
    return figure


def walks(size, price, paths):
    """Draw each path of `paths` (name -> list of (w, b)) on a map of its own, until it leaves the map for good.

    A path that diverges is drawn on a wider map, with its first places numbered.
    """
    figure, axes = plt.subplots(1, len(paths), figsize=(2.6 * len(paths), 2.9))
    lowest = np.polyfit(size, price, 1)
    for ax, (name, path), color in zip(axes, paths.items(), [ORANGE, GREEN, RED], strict=True):
        points = np.array(path)
        diverges = np.abs(points).max() > 50
        points = points[: 5 if diverges else None]
        span = (-6, 10, -6, 8) if diverges else (-1.5, 6.5, -2, 5)
        surface(size, price, ax, f"{name}, {'first ' if diverges else ''}{len(points) - 1} steps", span)
        ax.plot(*points.T, "o-", color=color, markersize=3, linewidth=1.2)
        ax.plot(*points[0], "o", color=BLACK, markersize=6)
        ax.plot(*lowest, "x", color=BLACK, markersize=7, markeredgewidth=2)
        aside = {"xytext": (-5, 5), "ha": "right"} if diverges else {"xytext": (4, -13), "ha": "left"}
        ax.annotate("start", points[0], textcoords="offset points", fontsize=10, **aside)
        for number, point in enumerate(points[1:] if diverges else [], start=1):
            ax.annotate(str(number), point, xytext=(7, -3), textcoords="offset points", fontsize=11, weight="bold")
    return figure


def around_the_bottom(size, price, paths):
    """Draw each path of `paths` (name -> list of (w, b)) on a map of the surroundings of the lowest place."""
    figure, axes = plt.subplots(1, len(paths), figsize=(4 * len(paths), 3.8), sharey=True)
    w, b = np.polyfit(size, price, 1)
    for ax, (name, path) in zip(axes, paths.items(), strict=True):
        surface(size, price, ax, name, (w - 0.6, w + 0.6, b - 0.6, b + 0.6))
        ax.plot(w, b, "x", color=BLACK, markersize=14, markeredgewidth=2)
        ax.plot(*np.array(path).T, "o-", color=RED, markersize=4, linewidth=0.8)
    return figure


def edge(fractions, curves):
    """Draw the loss reached, as a multiple of the smallest possible, against the rate as a fraction of the edge.

    Args:
        fractions: array (k,): learning rate divided by the edge.
        curves: name -> array (k,) of losses divided by the smallest; values above the drawing are cut off.
    """
    figure, ax = plt.subplots()
    for (name, losses), marker in zip(curves.items(), "os^", strict=True):
        ax.plot(fractions, np.minimum(np.nan_to_num(losses, nan=1e3), 1e3), f"{marker}-", label=name, markersize=4)
    ax.axvline(1, color="0.6", linestyle="--")
    ax.text(1.005, 1.5, "edge", color="0.4", fontsize=9)
    ax.set(xlim=(None, 1.1), ylim=(0.9, 3), xlabel="learning rate / edge", ylabel="mean loss / smallest loss",
           title="A sharp edge, and blurred ones")  # fmt: skip
    ax.legend(loc="upper left")
    return figure


def schedules(edge, plans, excess):
    """Draw learning rates over the steps, and by how many per cent the losses exceed the smallest; name -> array."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.9))
    looks = zip([ORANGE, BLACK, GREEN, BLUE], ["-", "-.", "--", "-"], strict=True)
    for (name, rates), (color, style) in zip(plans.items(), looks, strict=True):
        thick = 2.4 if name == "schedule" else 1.2
        left.plot(rates / edge, style, color=color, linewidth=thick, label=name)
        right.plot(excess[name], style, color=color, linewidth=thick)
    left.set(xlabel="step", ylabel="learning rate / edge", title="Four plans", ylim=(0, 1))
    right.set(xlabel="step", ylabel="per cent above the smallest loss", title="What they give", yscale="log",
              ylim=(1e-3, None))  # fmt: skip
    figure.legend(loc="outside lower center", ncols=4)
    return figure


def four_walks(curves):
    """Draw the loss over the steps, in multiples of the smallest, for each of four `curves`, name -> list."""
    figure, ax = plt.subplots()
    for (name, curve), style in zip(curves.items(), ["-", "-.", ":", "--"], strict=True):
        ax.plot(curve, style, label=name, linewidth=2)
    ax.set(xlabel="step", ylabel="training loss / least-squares loss", title="Same data, same rule", ylim=(0.5, None))
    ax.legend()
    return figure


def features(panels):
    """Draw a cloud of points for each entry of `panels`: name across -> (values across, values up, name up)."""
    figure, axes = plt.subplots(1, len(panels), figsize=(2.65 * len(panels), 2.9))
    for ax, (name, (x, y, upwards)) in zip(axes, panels.items(), strict=True):
        ax.scatter(x, y, s=10)
        ax.set(xlabel=name, ylabel=upwards)
    return figure


def residuals(panels):
    """Draw one residual plot for each entry of `panels`: title -> (prediction, residual)."""
    figure, axes = plt.subplots(1, len(panels), figsize=(4 * len(panels), 3.4), squeeze=False, sharey=True)
    for ax, (title, (prediction, residual)) in zip(axes[0], panels.items(), strict=True):
        ax.scatter(prediction, residual, s=6, alpha=0.6)
        ax.axhline(0, color=BLACK, linewidth=1.5)
        ax.set(xlabel="prediction (small for small houses)", title=title)
    axes[0, 0].set_ylabel("label minus prediction")
    return figure
