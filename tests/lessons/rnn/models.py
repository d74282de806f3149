"""The model of lesson 05."""

import numpy as np

from courseware.lessons.rnn.models import build_rnn_forecaster
from lessons import Case


def waves():
    """Windows of twelve values of a sine wave, and the value that follows; its variance is one half."""
    series = np.sin(np.arange(200) / 2)
    cut = np.lib.stride_tricks.sliding_window_view(series, 13)
    return cut[:, :-1, None], cut[:, -1]


CASES = [
    # 10 * (1 + 10 + 1) in the recurrence, 10 + 1 in the output
    Case(build_rnn_forecaster, {"units": 10}, 131, waves, baseline=0.5, epochs=15),
    Case(build_rnn_forecaster, {"units": 4, "learning_rate": 0.02}, 29, waves, baseline=0.5, epochs=15),
]
