"""Answers to the exercises of lesson 12."""

import keras
import numpy as np
from keras import layers


def _conv(places=lambda s, k: (s - k + 1) ** 2, **left_out):
    def count(size, kernel_size, channels, filters):
        channels = 1 if "channels" in left_out else channels
        filters = 1 if "filters" in left_out else filters
        return kernel_size**2 * channels * filters * places(size, kernel_size)

    return count


def _batch(numbers=4, bytes_each=4, example_bytes=4, end=lambda n: max(0, int(n // 1))):
    def fits(memory, parameters, values):
        return end((memory - numbers * bytes_each * parameters) / (example_bytes * values))

    return fits


def _by_row(queries, known):
    return np.array([np.argmin(((query - known) ** 2).sum(axis=1)) for query in queries])


def _slowly(queries, known):
    found = []
    for query in queries:
        distances = [sum((a - b) ** 2 for a, b in zip(query, row, strict=True)) for row in known]
        found.append(int(np.argmin(distances)))
    return found


def _cut(first, biases, second, kept):
    return first[:, kept], biases[kept], second[kept]


def _strongest(second, keep):
    return np.argsort(np.linalg.norm(second, axis=1))[::-1][:keep]


def _by_mask(first, biases, second, keep):
    strength = (second**2).sum(axis=1)
    mask = strength >= np.sort(strength)[-keep]
    return [first.T[mask].T, biases[mask], second[mask]]


def _only_zeroed(first, biases, second, keep):
    mask = np.isin(np.arange(len(biases)), _strongest(second, keep))
    return first * mask, biases * mask, second * mask[:, None]


def _int8(table, largest=None, top=127, rounding=np.round, dtype="int8"):
    largest = np.abs(table).max(axis=0) if largest is None else largest
    scale = top / largest
    return rounding(table * scale).astype(dtype), scale


def _int8_of_keras(table):
    """As Keras does it: a tiny number in the divisor, and the numbers clipped."""
    scale = 127 / (np.abs(table).max(axis=0) + 1e-7)
    return np.clip(np.round(table * scale), -127, 127).astype("int8"), scale


def _only_small_in_int8(table):
    """One byte each in a small matrix, eight in a large one."""
    q, scale = _int8(table)
    return (q if table.size < 10 else q.astype(float)), scale


def _squeezed(share=0.6, levels=127, dtype="float32", back=True, axis=None):
    def squeeze(weights):
        sizes = np.concatenate([np.abs(w).ravel() for w in weights if w.ndim == 2])
        limit = np.quantile(sizes, share) if share else -1
        made = []
        for w in weights:
            if w.ndim == 2:
                w = np.where(np.abs(w) <= limit, 0, w)
                if levels:
                    step = np.abs(w).max(axis=axis) / levels
                    w = np.round(w / step) * (step if back else 1)
            made.append(w.astype(dtype))
        return made

    return squeeze


def _half_precision(weights):
    return [w.astype("float16").astype("float32") for w in weights]


def _places_shifted(scores, seen, n):
    return np.argsort(-np.delete(scores, seen))[:n]


def _zero_for_seen(scores, seen, n):
    scores = scores.copy()
    scores[seen] = 0
    return np.argsort(-scores)[:n]


def _seen_in_place(scores, seen, n):
    scores[seen] = -np.inf
    return np.argsort(-scores)[:n]


def _seen_first(scores, seen, n):
    scores = scores.copy()
    scores[seen] = np.inf
    return np.argsort(-scores)[:n]


def _by_hand(scores, seen, n):
    order = sorted(range(len(scores)), key=lambda item: -scores[item])
    return [item for item in order if item not in set(seen)][:n]


def _recommender(rows=None, activation="softmax", optimizer=None, size=2, loss="sparse_categorical_crossentropy"):
    def build(n_users, n_items):
        model = keras.Sequential(
            [
                keras.Input(shape=(1,), dtype="int32"),
                layers.Embedding(n_users if rows is None else rows(n_users, n_items), size),
                layers.Flatten(),
                layers.Dense(n_items, activation=activation),
            ]
        )
        model.compile(optimizer=optimizer() if optimizer else keras.optimizers.Adam(0.02), loss=loss)
        return model

    return build


def _without_table(n_users, n_items):
    model = keras.Sequential(
        [keras.Input(shape=(1,)), layers.Dense(8, activation="relu"), layers.Dense(n_items, activation="softmax")]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy")
    return model


def _one_hot(n_users, n_items):
    """Numbers for each user without an Embedding layer."""
    model = keras.Sequential(
        [
            keras.Input(shape=(1,), dtype="int32"),
            layers.CategoryEncoding(num_tokens=n_users, output_mode="one_hot"),
            layers.Dense(2),
            layers.Dense(n_items, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy")
    return model


def _uncompiled(n_users, n_items):
    return keras.Sequential(
        [keras.Input(shape=(1,)), layers.Embedding(n_users, 2), layers.Flatten(), layers.Dense(n_items)]
    )


def _minus_ten_for_seen(scores, seen, n):
    scores = scores.copy()
    scores[seen] = -10
    return np.argsort(-scores)[:n]


def _seen_last_then_lowest(scores, seen, n):
    scores = scores.copy()
    scores[seen] = -np.inf
    return np.argsort(scores)[:n]


RIGHT = {
    "multiply_adds": [_conv(), lambda s, k, c, f: float(np.prod([s - k + 1, s - k + 1, k, k, c, f]))],
    "largest_batch": [
        _batch(),
        lambda memory, parameters, values: np.floor(max(memory - 16 * parameters, 0) / (4 * values)),
    ],
    "faster": [
        _by_row,
        lambda queries, known: ((queries[:, None, :] - known[None]) ** 2).sum(axis=2).argmin(axis=1),
        lambda queries, known: list(np.argmin(np.sum(known * known, 1) / 2 - queries @ known.T, axis=-1)),
    ],
    "drop_units": [lambda f, b, s, k: _cut(f, b, s, _strongest(s, k)), _by_mask],
    "to_int8": [
        lambda t: _int8(t),
        lambda t: [np.rint(t * (127 / np.abs(t).max(0))).astype(np.int8), 127 / np.abs(t).max(axis=0, keepdims=True)],
        _int8_of_keras,
        lambda t: (keras.ops.convert_to_tensor(_int8(t)[0]), _int8(t)[1].tolist()),
    ],
    "squeeze": [_squeezed(), _squeezed(share=0.5, levels=31), _squeezed(share=0.0, levels=15)],
    "suggest": [_by_hand, lambda scores, seen, n: [i for i in np.argsort(scores)[::-1] if i not in seen][:n]],
    "repair": [
        _recommender(size=3),
        _one_hot,
        _recommender(
            activation=None, loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), rows=lambda u, i: u + 1
        ),
    ],
}

WRONG = {
    "multiply_adds": [
        (_conv(places=lambda s, k: 2 * (s - k + 1)), "they are not added"),
        (_conv(places=lambda s, k: 1), "used at every place"),
        (_conv(places=lambda s, k: s**2), "without padding"),
        (_conv(places=lambda s, k: (s - k) ** 2), "9 - 3 + 1"),
        (_conv(places=lambda s, k: s - k + 1), "one side only"),
        (_conv(channels=True), "channels multiply"),
        (_conv(filters=True), "filters multiply"),
        (_conv(places=lambda s, k: (s - 2) ** 2), "depends on kernel_size"),
        (_conv(places=lambda s, k: (s - 2 * (k // 2)) ** 2), "even width"),
        (lambda s, k, c, f: (k**2 * c + 1) * f, "Leave out the biases"),
        (lambda s, k, c, f: (k**2 * c + 1) * f * (s - k + 1) ** 2, "Biases are not counted"),
        (lambda s, k, c, f: k * c * f * (s - k + 1) ** 2, "square"),
    ],
    "largest_batch": [
        (_batch(numbers=1), "training keeps four"),
        (_batch(bytes_each=1), "of 4 bytes each"),
        (_batch(bytes_each=1, example_bytes=1), "Every number takes 4 bytes"),
        (_batch(numbers=2), "two averages besides"),
        (_batch(numbers=3), "are four"),
        (_batch(numbers=0), "Subtract what they need"),
        (_batch(example_bytes=1), "4 bytes each as well"),
        (_batch(end=lambda n: max(0, n)), "round down"),
        (_batch(end=lambda n: int(n // 1)), "return 0"),
        (_batch(end=lambda n: max(0, int(np.ceil(n)))), "round down"),
    ],
    "faster": [
        (lambda queries, known: ((known**2).sum(axis=1) - 2 * queries @ known.T).min(axis=1), "argmin, not min"),
        (_slowly, "5 times was the goal"),
        (lambda queries, known: (queries @ known.T).argmax(axis=1), "largest product"),
        (lambda queries, known: ((queries[:, None] - known) ** 2).sum(axis=2).argmax(axis=1), "farthest"),
        (lambda queries, known: ((queries[:, None] - known) ** 2).sum(axis=2).min(axis=1), "argmin, not min"),
        (lambda queries, known: np.abs(queries[:, None] - known).sum(axis=2).argmin(axis=1), "Square the differences"),
        (lambda queries, known: ((queries[:, None] - known) ** 2).sum(axis=2).argmin(axis=0), "shape (60,)"),
        (
            lambda queries, known: ((known**2).sum(axis=1) - queries @ known.T).argmin(axis=1),
            "that you choose yourself",
        ),
        (lambda queries, known: queries - known, "ValueError"),
    ],
    "drop_units": [
        (lambda f, b, s, k: _cut(f, b, s, np.argsort(-np.sum(s**2, axis=0))[:k]), "the other axis"),
        (lambda f, b, s, k: _cut(f, b, s, _strongest(s, 2)), "With keep=20, first"),
        (lambda f, b, s, k: _cut(f, b, s, np.argsort(np.linalg.norm(s, axis=1))[:k]), "weakest"),
        (lambda f, b, s, k: _cut(f, b, s, np.arange(k)), "first units"),
        (lambda f, b, s, k: _cut(f, b, s, np.argsort(-np.linalg.norm(f, axis=0))[:k]), "what comes in"),
        (lambda f, b, s, k: _cut(f, b, s, np.argsort(-s.sum(axis=1))[:k]), "Square before"),
        (lambda f, b, s, k: (f[_strongest(s, k)], b[_strongest(s, k)], s[_strongest(s, k)]), "rows must stay"),
        (lambda f, b, s, k: (f[:k], b[:k], s[:k]), "first[:, kept]"),
        (lambda f, b, s, k: (f[:, _strongest(s, k)], b[_strongest(s, k)], s), "cut it as well"),
        (lambda f, b, s, k: (f[:, _strongest(s, k)], b, s[_strongest(s, k)]), "as many biases"),
        (_only_zeroed, "zeros where units should be gone"),
    ],
    "to_int8": [
        (lambda t: (_int8(t)[0], np.abs(t).max(axis=0)), "127 divided by them"),
        (lambda t: _int8(t, np.abs(t).max()), "one scale for the whole matrix"),
        (lambda t: (_int8(t.T)[0].T, _int8(t.T)[1]), "each row"),
        (lambda t: _int8(t, t.max(axis=0)), "np.abs before max"),
        (lambda t: _int8(t, top=128, dtype=float), "not to 128"),
        (lambda t: _int8(t, top=255, dtype=float), "from -127 to 127"),
        (lambda t: _int8(t, np.full(2, np.abs(t).max())), "Both columns"),
        (lambda t: _int8(t, rounding=np.floor), "rounded down"),
        (lambda t: (_int8(t)[0] / _int8(t)[1], _int8(t)[1]), "read back"),
        (lambda t: (np.round(t / _int8(t)[1]), _int8(t)[1]), "not divide"),
        (lambda t: _int8(t, rounding=np.trunc), "cut off"),
        (lambda t: _int8(t, rounding=lambda v: v, dtype=float), "not whole yet"),
        (lambda t: _int8(t, dtype=float), "stored as float64, 8 bytes each"),
        (lambda t: _int8(t, dtype="int64"), "stored as int64, 8 bytes each"),
        (lambda t: (_int8(t)[0].tolist(), _int8(t)[1]), "One byte each was the point"),
        (_only_small_in_int8, "8 bytes each"),
        (lambda t: (_int8(t)[0].astype("uint8"), _int8(t)[1]), "have no sign"),
        (lambda t: (_int8(t)[0], 1 / _int8(t)[1]), "turned over"),
        (lambda t: _int8(t)[0], "2 values"),
    ],
    "squeeze": [
        (lambda weights: weights, "unchanged"),
        (_squeezed(levels=0), "zeros are there"),
        (_squeezed(axis=0), "Each column has a grid of its own"),
        (_squeezed(axis=0, share=0.0), "One step for the whole matrix"),
        (_squeezed(share=0.4), "set more of the small ones to zero"),
        (_half_precision, "fewer different values"),
        (_half_precision, "did not fall"),
        (_squeezed(dtype="float64"), "eight bytes each"),
        (_squeezed(share=0.0), "a coarser grid"),
        (_squeezed(share=0.98), "points; the limit was 4"),
        (_squeezed(back=False), "divide the whole numbers"),
        (lambda weights: weights[:4], "6 arrays"),
        (lambda weights: [w[:10] for w in weights], "has shape"),
    ],
    "suggest": [
        (_minus_ten_for_seen, "-np.inf"),
        (_seen_last_then_lowest, "lowest scores"),
        (lambda scores, seen, n: np.argsort(-scores)[:n], "were seen"),
        (lambda scores, seen, n: _by_hand(scores, seen, n)[::-1], "worst first"),
        (lambda scores, seen, n: _by_hand(-scores, seen, n), "lowest scores"),
        (lambda scores, seen, n: scores[_by_hand(scores, seen, n)], "argsort, not sort"),
        (_places_shifted, "shifted"),
        (_zero_for_seen, "-np.inf"),
        (_seen_first, "come first now"),
        (_seen_in_place, "in place"),
    ],
    "repair": [
        (_recommender(rows=lambda u, i: i), "no row"),
        (_recommender(activation="relu"), "add up to 1"),
        (_recommender(activation="sigmoid"), "add up to 1"),
        (_recommender(optimizer=lambda: keras.optimizers.SGD(0.001)), "far too small"),
        (_recommender(optimizer=lambda: keras.optimizers.SGD(100.0)), "no numbers any more"),
        (_recommender(optimizer=lambda: keras.optimizers.Adam(0.00001)), "numbers of its own up to the output"),
        (_without_table, "no Embedding layer left"),
        (_uncompiled, "not compiled"),
        (lambda n_users, n_items: _recommender()(n_users, n_users), "expected (None, 80)"),
    ],
}
