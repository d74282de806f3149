"""The models of lesson 12."""

import numpy as np

from courseware.data import digits, tastes
from courseware.lessons.in_practice.models import build_digit_network, build_recommender
from lessons import Case


def pixels():
    images, labels = digits("small")
    return 16 * images.reshape(len(images), -1)[:640], labels[:640]


def pairs():
    """Who took what: 60 users, 24 items, 8 each."""
    taken, _, _ = tastes(n_users=60, n_items=24, n_taken=8)
    return np.repeat(np.arange(60), 8)[:, None], taken.ravel()


def popularity():
    """The loss of saying for everybody how often each item was taken."""
    counts = np.bincount(pairs()[1], minlength=24)
    shares = counts[counts > 0] / counts.sum()
    return float(-np.sum(shares * np.log(shares)))


CASES = [
    # 65 * 256 into the first layer, 257 * 256 into the second, 257 * 10 out; ln 10 is the loss of answering one tenth
    Case(build_digit_network, {}, 85_002, pixels, baseline=np.log(10), epochs=4),
    Case(build_digit_network, {"hidden": 32}, 3_466, pixels, baseline=np.log(10), epochs=4),
    # two numbers a user, two weights and a bias an item
    Case(build_recommender, {"n_users": 60, "n_items": 24}, 192, pairs, baseline=popularity(), epochs=30),
    Case(build_recommender, {"n_users": 60, "n_items": 24, "size": 5}, 444, pairs, baseline=popularity(), epochs=30),
]
