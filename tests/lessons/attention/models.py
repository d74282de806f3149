"""The models of lesson 13."""

import numpy as np

from courseware.lessons.attention.models import (
    build_attention_reader,
    build_attention_recall,
    build_look_up,
    build_writer,
)
from lessons import Case


def which_first(n_words, length):
    """Pairs of words, 1 or 2, before padding; the label says whether 1 comes first. Counting them tells nothing."""
    rows = np.zeros((256, length), dtype="int32")
    rows[:, :2] = np.where(np.arange(256)[:, None] % 2, [1, 2], [2, 1])
    rows[:, 2] = np.random.default_rng(0).integers(3, n_words, 256)
    return rows, (np.arange(256) % 2).astype("float32")


def cards(n_cards):
    """Tables of cards, each with a name, the name of the next at the table, and a number; the number of the next."""
    rng = np.random.default_rng(0)
    names = np.argsort(rng.random((600, n_cards)), axis=1)
    number = rng.integers(0, 10, (600, n_cards))
    parts = [np.eye(n_cards)[names], np.eye(n_cards)[np.roll(names, -1, axis=1)], np.eye(10)[number]]
    return np.concatenate(parts, axis=2).astype("float32"), np.roll(number, -1, axis=1)


def first_symbol(n_symbols, length):
    symbols = np.random.default_rng(0).integers(0, n_symbols, (600, length))
    return np.eye(n_symbols, dtype="float32")[symbols], symbols[:, 0]


def counting(n_characters, length):
    """Rows that count upwards and begin again; what comes next is the number after the last."""
    rows = (np.random.default_rng(0).integers(0, n_characters, (128, 1)) + np.arange(length + 1)) % n_characters
    return rows[:, :-1].astype("int32"), rows[:, 1:]


CASES = [
    # 9 words, 5 places, attention, the feedforward part, two normalizations, the output
    Case(
        build_attention_reader, {"n_words": 9, "length": 5, "size": 8}, 72 + 40 + 288 + 280 + 32 + 9,
        lambda: which_first(9, 5), np.log(2), 30,
    ),
    Case(
        build_attention_reader, {"n_words": 100, "length": 13}, 1600 + 208 + 1088 + 1072 + 64 + 17,
        lambda: which_first(100, 13), np.log(2), 40,
    ),
    # three times (2 * 4 + 10) * 16, and the output; 16 * 18 fewer for what is shared
    Case(build_look_up, {"n_cards": 4}, 3 * 288 + 170, lambda: cards(4), np.log(10), 12),
    Case(build_look_up, {"n_cards": 4, "shared": "key and value"}, 2 * 288 + 170, lambda: cards(4), np.log(10), 12),
    Case(build_look_up, {"n_cards": 4, "shared": "query and key"}, 2 * 288 + 170, lambda: cards(4), np.log(10), 12),
    # the dense layer, the places, attention, the output
    Case(
        build_attention_recall, {"n_symbols": 4, "length": 6}, 80 + 96 + 1088 + 68,
        lambda: first_symbol(4, 6), np.log(4), 12,
    ),
    # characters, places, a block of attention and feedforward part and two normalizations, a third, the output
    Case(
        build_writer, {"n_characters": 7, "length": 10, "size": 8, "heads": 2, "blocks": 1},
        56 + 80 + 288 + 552 + 32 + 16 + 63, lambda: counting(7, 10), np.log(7), 12,
    ),
]  # fmt: skip
