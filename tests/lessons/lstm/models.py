"""The models of lesson 06."""

import numpy as np
from keras import layers

from courseware.lessons.lstm.models import build_lstm_forecaster, build_reader, build_recall
from lessons import Case


def first_digit(n_symbols, gap=3):
    digits = np.random.default_rng(0).integers(0, n_symbols, (600, gap + 1))
    return np.eye(n_symbols, dtype="float32")[digits], digits[:, 0]


def waves():
    """Windows of twelve values of a sine wave, and the value that follows; its variance is one half."""
    series = np.sin(np.arange(200) / 2)
    cut = np.lib.stride_tricks.sliding_window_view(series, 13)
    return cut[:, :-1, None], cut[:, -1]


def which_first(n_words):
    """Pairs of words, 1 or 2, behind padding; the label says whether 1 comes first. Counting them tells nothing."""
    rows = np.random.default_rng(0).integers(1, n_words, (256, 5))
    rows[:, 0] = 0
    rows[:, 2:4] = np.where(np.arange(256)[:, None] % 2, [1, 2], [2, 1])
    return rows, (np.arange(256) % 2).astype("float32")


CASES = [
    # one part for SimpleRNN, four for LSTM, each n (n + m) + n; three for GRU, each with a second bias
    Case(build_recall, {"cell": layers.SimpleRNN, "n_symbols": 4}, 336 + 68, lambda: first_digit(4), np.log(4), 12),
    Case(build_recall, {"cell": layers.LSTM, "n_symbols": 4}, 4 * 336 + 68, lambda: first_digit(4), np.log(4), 12),
    Case(build_recall, {"cell": layers.GRU, "n_symbols": 4}, 3 * 352 + 68, lambda: first_digit(4), np.log(4), 12),
    Case(build_lstm_forecaster, {"units": 50}, 10_451, waves, baseline=0.5, epochs=12),
    Case(build_lstm_forecaster, {"units": 4, "learning_rate": 0.01}, 4 * 4 * 6 + 5, waves, baseline=0.5, epochs=15),
    # a table of 100 rows, the LSTM, the output
    Case(build_reader, {"n_words": 100}, 1600 + 4 * 24 * 41 + 25, lambda: which_first(100), np.log(2), 20),
    Case(
        build_reader, {"n_words": 9, "size": 4, "units": 6}, 36 + 4 * 6 * 11 + 7, lambda: which_first(9), np.log(2), 20
    ),
]
