"""The models of lesson 00."""

import numpy as np

from courseware.data import digits as load_digits
from courseware.lessons.start_here.models import build_board_classifier, build_digit_classifier
from lessons import Case


def digits():
    images, y = load_digits("10k")
    return images[:1500].reshape(-1, 784), y[:1500]


def board():
    place = np.random.default_rng(0).uniform(-1.5, 1.5, (600, 2))
    return place, np.floor(place + 1.5).astype(int).sum(axis=1) % 2


CASES = [
    # 784 weights and 1 bias for each of 10 neurons; ten equal probabilities cost ln 10 = 2.30, two equal ones ln 2 = 0.69
    Case(build_digit_classifier, {}, 7850, digits, baseline=0.5, epochs=20),
    Case(build_digit_classifier, {"n_digits": 12, "learning_rate": 0.001}, 9420, digits, baseline=0.5, epochs=20),
    # 2*32 + 32 in the hidden layer, 32*2 + 2 after it
    Case(build_board_classifier, {"n_hidden": 32}, 162, board, baseline=0.6, epochs=50),
]
