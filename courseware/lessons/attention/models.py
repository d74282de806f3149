"""The models of lesson 13: places for the words, a reader, a look-up among cards, a game of memory, and a writer."""

import keras
from keras import layers


class AddPositions(layers.Layer):
    """Adds to what stands at each place a list of numbers that is learned for this place.

    Args:
        length: how many places there are at most.

    Input and output shape (batch, time, size), for any time up to `length`.
    """

    def __init__(self, length, **other):
        super().__init__(**other)
        self.length = length
        self.supports_masking = True  # what is padding before is padding after

    def build(self, input_shape):
        """Make the table, a row for each place."""
        wide = keras.initializers.RandomUniform(-0.5, 0.5)
        shape = (self.length, input_shape[-1])
        self.table = self.add_weight(shape=shape, initializer=wide, name="table")

    def call(self, x):
        """Return x plus the row of each place."""
        return x + self.table[: x.shape[1]]

    def get_config(self):
        """Return what is needed to make the layer again."""
        return {**super().get_config(), "length": self.length}


def build_attention_reader(n_words, length, positions=True, size=16,
                           learning_rate=0.01, flat=False):  # fmt: skip
    """Return a classifier of sentences whose words look at each other, with one yes-or-no output.

    Args:
        n_words: how many word numbers there are, with 0 for padding.
        length: how many words a sentence has, padding included.
        positions: whether it is told the places of the words.
        size: how many numbers describe a word.
        learning_rate: of Adam.
        flat: whether all attention weights are kept equal.

    Returns:
        A compiled model, from (batch, length) whole numbers to (batch, 1) probabilities.

    >>> model = build_attention_reader(n_words=100, length=13)
    >>> model.count_params()  # 100 * 16 + 13 * 16, 1088 + 1072 + 2 * 32 in the block, 16 + 1
    4049
    """
    words = keras.Input(shape=(length,), dtype="int32")
    wide = keras.initializers.RandomUniform(-0.5, 0.5)  # ten times as wide as Keras draws
    x = layers.Embedding(n_words, size, wide, mask_zero=True)(words)  # (batch, length, size)
    if positions:
        x = AddPositions(length)(x)
    h = layers.LayerNormalization()(x)
    keys = 0 * h if flat else h  # where all keys are alike, so are all scores and weights
    x = x + layers.MultiHeadAttention(num_heads=1, key_dim=size)(query=h, value=h, key=keys)
    h = layers.LayerNormalization()(x)
    h = layers.Dense(2 * size, activation="relu")(h)  # (batch, length, 2 * size)
    x = x + layers.Dense(size)(h)  # (batch, length, size)
    x = layers.GlobalAveragePooling1D()(x, mask=words != 0)  # (batch, size), padding left out
    model = keras.Model(words, layers.Dense(1, activation="sigmoid")(x))
    adam = keras.optimizers.Adam(learning_rate)
    model.compile(optimizer=adam, loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_look_up(n_cards, shared="", size=16, learning_rate=0.01, own=True):
    """Return a network in which each card looks at all cards and tells a number between 0 and 9.

    Args:
        n_cards: how many cards lie on the table; a card is a name, a sought name and a number.
        shared: "query and key" or "key and value" if these two are made by the same weights.
        size: how many numbers a query, a key and a value have.
        learning_rate: of Adam.
        own: whether a card sees itself, too.

    Returns:
        A model compiled with Adam and the cross-entropy for whole-number labels.
        Input shape (batch, n_cards, 2 * n_cards + 10), output shape (batch, n_cards, 10).

    >>> model = build_look_up(n_cards=8)
    >>> model.count_params()  # three times 26 * 16, and 16 * 10 + 10
    1418
    """
    x = keras.Input(shape=(n_cards, 2 * n_cards + 10))
    to_query = layers.Dense(size, use_bias=False, name="query")
    to_key = to_query
    if shared != "query and key":
        to_key = layers.Dense(size, use_bias=False, name="key")
    to_value = to_key
    if shared != "key and value":
        to_value = layers.Dense(size, use_bias=False, name="value")
    scores = layers.Dot(axes=2)([to_query(x), to_key(x)])  # (batch, n_cards, n_cards)
    if not own:
        scores = scores - 1e9 * keras.ops.eye(n_cards)  # softmax makes it a weight of 0
    weights = layers.Softmax()(scores)
    looked = layers.Dot(axes=(2, 1))([weights, to_value(x)])  # (batch, n_cards, size)
    model = keras.Model(x, layers.Dense(10, activation="softmax")(looked))  # (batch, n_cards, 10)
    adam = keras.optimizers.Adam(learning_rate)
    model.compile(optimizer=adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def build_attention_recall(n_symbols, length, positions=True, size=16, learning_rate=0.01):
    """Return a classifier whose last symbol looks at all symbols of a row, and that names one.

    Args:
        n_symbols: how many different symbols there are.
        length: how many symbols a row has.
        positions: whether it is told the places of the symbols.
        size: how many numbers describe a symbol.
        learning_rate: of Adam.

    Returns:
        A model compiled with Adam and the cross-entropy for whole-number labels.
        Input shape (batch, length, n_symbols), output shape (batch, n_symbols).

    >>> model = build_attention_recall(n_symbols=10, length=41)
    >>> model.count_params()  # 10 * 16 + 16, 41 * 16 places, 4 * (16 * 16 + 16), 16 * 10 + 10
    2090
    """
    symbols = keras.Input(shape=(length, n_symbols))
    x = layers.Dense(size)(symbols)  # (batch, length, size)
    if positions:
        x = AddPositions(length)(x)  # (batch, length, size)
    looked = layers.MultiHeadAttention(1, key_dim=size)(x[:, -1:], x)  # (batch, 1, size)
    model = keras.Model(symbols, layers.Dense(n_symbols, activation="softmax")(looked[:, 0]))
    adam = keras.optimizers.Adam(learning_rate)
    model.compile(optimizer=adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def build_writer(n_characters, length, causal=True, size=32, heads=4, blocks=1, learning_rate=0.01):
    """Return a network that predicts, at each place of a text, the character that comes next.

    Args:
        n_characters: how many different characters there are.
        length: how many characters it reads at once.
        causal: whether each place sees only itself and what stands before it.
        size: how many numbers describe a character.
        heads: how many attentions work side by side in a block.
        blocks: how many blocks there are.
        learning_rate: of Adam.

    Returns:
        A model compiled with Adam and the cross-entropy for whole-number labels; it gives logits.
        Input shape (batch, length) of whole numbers, output shape (batch, length, n_characters).

    >>> model = build_writer(n_characters=30, length=32)
    >>> model.count_params()  # 30 * 32 + 32 * 32, 4224 + 8352 + 2 * 64, 64 + 32 * 30 + 30
    15742
    """
    characters = keras.Input(shape=(length,), dtype="int32")
    wide = keras.initializers.RandomUniform(-0.5, 0.5)
    x = layers.Embedding(n_characters, size, wide)(characters)  # (batch, length, size)
    x = AddPositions(length)(x)
    for _ in range(blocks):
        h = layers.LayerNormalization()(x)
        x = x + layers.MultiHeadAttention(heads, size // heads)(h, h, use_causal_mask=causal)
        h = layers.LayerNormalization()(x)
        x = x + layers.Dense(size)(layers.Dense(4 * size, activation="relu")(h))
    x = layers.LayerNormalization()(x)
    model = keras.Model(characters, layers.Dense(n_characters)(x))  # (batch, length, n_characters)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=loss)
    return model
