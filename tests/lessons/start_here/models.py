"""The models of lesson 00."""

import numpy as np
from sklearn.datasets import load_digits

from courseware.lessons.start_here.models import build_board_reader, build_digit_reader
from lessons import Case


def digits():
    x, y = load_digits(return_X_y=True)
    return x / 16, y


def board():
    place = np.random.default_rng(0).uniform(-1.5, 1.5, (600, 2))
    return place, np.floor(place + 1.5).astype(int).sum(axis=1) % 2


CASES = [
    # 64 weights and 1 bias for each of 10 neurons; ten equal shares cost ln 10 = 2.30, two equal shares ln 2 = 0.69
    Case(build_digit_reader, {}, 650, digits, baseline=0.3, epochs=20),
    Case(build_digit_reader, {"n_pixels": 64, "n_digits": 12}, 780, digits, baseline=0.3, epochs=20),
    # 2*32 + 32 in the hidden layer, 32*2 + 2 after it
    Case(build_board_reader, {"n_hidden": 32}, 162, board, baseline=0.6, epochs=50),
]
