"""Words that a learner may take for one another: functions, layers, and the texts that Keras understands."""

from __future__ import annotations

CALLABLES = (
    ("mean", "sum", "median"),
    ("max", "min", "mean"),
    ("maximum", "minimum"),
    ("std", "var"),
    ("zeros", "ones"),
    ("argmax", "argmin"),
    ("floor", "ceil", "round"),
    ("exp", "expm1"),
    ("log", "log2", "log10"),
    ("abs", "square"),
    ("sign", "abs"),
    ("sort", "argsort"),
    ("tanh", "sigmoid"),
    ("normal", "uniform"),
    ("any", "all"),
    ("sorted", "set"),
    ("SimpleRNN", "LSTM", "GRU"),
    ("MaxPooling2D", "AveragePooling2D"),
    ("GlobalMaxPooling2D", "GlobalAveragePooling2D", "Flatten"),
    ("Conv2D", "DepthwiseConv2D"),
    ("Adam", "SGD", "RMSprop"),
    ("L1", "L2"),
    ("StandardScaler", "MinMaxScaler"),
)

TEXTS = (
    ("relu", "sigmoid", "tanh", "softmax", "linear"),
    ("mse", "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"),
    ("same", "valid"),
    ("adam", "sgd"),
    ("int8", "uint8"),
    ("int32", "float32"),
)

# Arguments that are often forgotten or set where they do not belong.
ADDED = {
    "Dense": (("activation", "relu"), ("activation", "softmax"), ("use_bias", False)),
    "Conv2D": (("use_bias", False), ("strides", 2)),
    "SimpleRNN": (("return_sequences", True),),
    "LSTM": (("return_sequences", True),),
    "GRU": (("return_sequences", True),),
}


def others(groups: tuple[tuple[str, ...], ...], word: str) -> list[str]:
    """Return the words that stand in a group with `word`, each once.

    >>> others(TEXTS, "same"), others(CALLABLES, "mean"), others(TEXTS, "hello")
    (['valid'], ['sum', 'median', 'max', 'min'], [])
    """
    return [w for w in dict.fromkeys(w for group in groups if word in group for w in group) if w != word]
