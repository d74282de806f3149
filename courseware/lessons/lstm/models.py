"""The models of lesson 06: recall over a gap, a forecaster, and a reader that minds the order of words."""

import keras
from keras import layers


def build_recall(cell, n_symbols, units=16, learning_rate=0.01, every_step=False):
    """Return a classifier that reads a sequence of symbols and names one of them.

    Args:
        cell: the recurrent layer: ``layers.SimpleRNN``, ``layers.LSTM`` or ``layers.GRU``.
        n_symbols: how many different symbols there are.
        units: how many numbers the hidden state holds.
        learning_rate: of Adam.
        every_step: whether it answers after every symbol, and not only after the last.

    Returns:
        A model compiled with Adam and the cross-entropy for whole-number labels.
        Input shape (batch, time, n_symbols) for any time, output shape (batch, n_symbols), or with
        `every_step` (batch, time, n_symbols).

    >>> model = build_recall(layers.LSTM, n_symbols=10)
    >>> model.count_params()  # 1,728 of them in the LSTM
    1898
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(None, n_symbols)),  # None: any number of time steps
            cell(units, return_sequences=every_step),  # (batch, units)
            layers.Dense(n_symbols, activation="softmax"),  # (batch, n_symbols)
        ]
    )
    adam = keras.optimizers.Adam(learning_rate)
    model.compile(optimizer=adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def build_lstm_forecaster(units=50, learning_rate=0.003):
    """Return an LSTM that reads a series of any length and predicts the value that follows.

    Args:
        units: how many numbers the hidden state holds.
        learning_rate: of Adam.

    Returns:
        A model compiled with Adam and the mean squared error.
        Input shape (batch, time, 1) for any length of time, output shape (batch, 1).

    >>> model = build_lstm_forecaster()
    >>> model.count_params()  # 4 * 50 * (1 + 50 + 1) = 10400 in the LSTM, 50 + 1 = 51 in the output
    10451
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(None, 1)),  # None: any number of time steps
            layers.LSTM(units),  # (batch, units)
            layers.Dense(1),  # (batch, 1)
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    return model


def build_reader(n_words, size=16, units=24, learning_rate=0.01):
    """Return a classifier of sentences: an embedding, an LSTM, and one yes-or-no output.

    Args:
        n_words: how many word numbers there are, with 0 for padding.
        size: how many numbers describe a word.
        units: how many numbers the hidden state holds.
        learning_rate: of Adam.

    Returns:
        A model compiled with Adam and binary cross-entropy.
        Input shape (batch, time) of whole numbers, output shape (batch, 1).

    >>> model = build_reader(n_words=100)
    >>> model.count_params()  # 100 * 16 + 4 * 24 * (16 + 24 + 1) + 24 + 1
    5561
    """
    model = keras.Sequential(
        [
            keras.Input(shape=(None,), dtype="int32"),
            layers.Embedding(n_words, size, mask_zero=True),  # (batch, time, size)
            # NVIDIA's own LSTM for graphics cards, cuDNN's, cannot skip zeros in front.
            layers.LSTM(units, use_cudnn=False),  # (batch, units)
            layers.Dense(1, activation="sigmoid"),  # (batch, 1)
        ]
    )
    adam = keras.optimizers.Adam(learning_rate)
    model.compile(optimizer=adam, loss="binary_crossentropy", metrics=["accuracy"])
    return model
