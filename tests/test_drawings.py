"""Drawings show what their descriptions say."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb

from courseware.drawing import ORANGE, RED
from courseware.lessons.autoencoder import drawings


def test_both_principal_directions_are_drawn_although_the_long_one_leaves_the_axes():
    """An arrow whose point lies outside of its axes is left out by matplotlib, without a word."""
    pair = 0.6 + 0.7 * np.array([[-1, -1], [-1, -1], [1, 1], [1, 1], [-0.8, 0.8], [0.8, -0.8]])
    directions = np.array([[1, 1], [-1, 1]]) / np.sqrt(2)
    figure = drawings.two_pixels(pair, directions)
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)
    plt.close(figure)
    for color in (RED, ORANGE):
        distance = np.abs(pixels - 255 * np.array(to_rgb(color))).max(axis=-1)
        assert np.count_nonzero(distance < 3) > 30
