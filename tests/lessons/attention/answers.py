"""Answers to the exercises of lesson 13."""

import numpy as np


def _softmax(scores, axis=-1):
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def _weights(divide=lambda q, k: np.sqrt(k.shape[1]), after=_softmax):
    return lambda q, k: after(q @ k.T / divide(q, k))


def _loop_weights(queries, keys):
    rows = []
    for query in queries:
        powers = [np.exp(np.dot(query, key) / len(key) ** 0.5) for key in keys]
        rows.append([power / sum(powers) for power in powers])
    return rows


def _p(scores):
    with np.errstate(over="ignore", invalid="ignore"):
        return np.exp(scores) / np.sum(np.exp(scores))


def _loop_attend(scores, values):
    total = sum(np.exp(s) for s in scores)
    return sum(np.exp(s) / total * v for s, v in zip(scores, values, strict=True))


NAME, SOUGHT, NUMBER = slice(0, 8), slice(8, 16), slice(16, 26)


def _look_up(query=SOUGHT, key=NAME, value=NUMBER, loud=10.0, own=0.0):
    def matrices():
        w_q, w_k, w_v = np.zeros((26, 8)), np.zeros((26, 8)), np.zeros((26, 10))
        w_q[query], w_k[key] = loud * np.eye(8), np.eye(8)
        w_v[value] = np.eye(10)[: value.stop - value.start]
        w_v[NAME, 0] += own
        return w_q, w_k, w_v

    return matrices


def _turned():
    """Query and key in another basis: what counts is their product."""
    w_q, w_k, w_v = _look_up(loud=4.0)()
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(8, 8)))[0]
    return [w_q @ turn, 4 * w_k @ turn, w_v]


def _tril(n, **how):
    return np.array([[j <= i for j in range(n)] for i in range(n)], **how)


def _attention(
    x, table, w_q, w_k, w_v, places=True, mask=True, axis=1, root=True, masked=-1e9, bare=False, largest=None
):
    words, x = x, x + table[: len(x)] if places else x
    scores = x @ w_q @ (x @ w_k).T
    if root:
        scores = scores / np.sqrt(w_k.shape[1])
    if mask:
        scores = np.where(_tril(len(x)), scores, masked)
    if largest is not None:
        powers = np.exp(scores - scores.max(axis=largest, keepdims=True))
        return powers / powers.sum(axis=axis, keepdims=True) @ x @ w_v
    return _softmax(scores, axis) @ (words if bare else x) @ w_v


def _faulty(**faults):
    return lambda x, table, w_q, w_k, w_v: _attention(x, table, w_q, w_k, w_v, **faults)


def _masked_late(x, table, w_q, w_k, w_v):
    x = x + table[: len(x)]
    weights = _softmax(x @ w_q @ (x @ w_k).T / np.sqrt(w_k.shape[1])) * _tril(len(x))
    return weights @ (x @ w_v)


RIGHT = {
    "attention_weights": [
        _loop_weights,
        _weights(),
        lambda q, k: _softmax(np.einsum("id,jd->ij", q, k) * k.shape[1] ** -0.5),
    ],
    "attend": [_loop_attend, lambda scores, values: np.average(values, weights=np.exp(scores))],
    "look_up": [_look_up(), _turned, _look_up(loud=50.0)],
    "add_positions": [
        lambda x, table: np.array([[row + table[place] for place, row in enumerate(text)] for text in x]),
        lambda x, table: x + table[None, : x.shape[1], :],
    ],
    "block_parameters": [
        lambda size, hidden: 4 * size * (size + 1) + hidden * (size + 1) + size * (hidden + 1) + 4 * size,
        lambda s, h: sum([s * s + s] * 4) + s * h + h + h * s + s + 2 * s + 2 * s,
    ],
    "causal_mask": [_tril, lambda n: np.tril(np.ones((n, n))), lambda n: np.arange(n)[None] <= np.arange(n)[:, None]],
    "warm": [
        lambda scores, t: _softmax(scores / t),
        lambda scores, t: np.exp((scores - np.max(scores)) / t) / np.sum(np.exp((scores - np.max(scores)) / t)),
    ],
    "repair": [_attention],
}

WRONG = {
    "attention_weights": [
        (_weights(after=np.exp), "divide each row"),
        (_weights(after=lambda s: np.exp(s) / np.exp(s).sum()), "each row should, by itself"),
        (lambda q, k: q @ k.T, "bare products"),
        (_weights(after=lambda s: s), "softmax is missing"),
        (_weights(divide=lambda q, k: 1), "division by the root of d is missing"),
        (_weights(divide=lambda q, k: k.shape[1]), "take its root"),
        (_weights(divide=lambda q, k: np.sqrt(len(k))), "root of the number of keys"),
        (_weights(divide=lambda q, k: np.sqrt(len(q))), "root of the number of queries"),
        (_weights(after=lambda s: _softmax(s, axis=0)), "columns add up to 1"),
        (lambda q, k: _softmax(q @ k.T) / np.sqrt(k.shape[1]), "root belongs inside"),
        (lambda q, k: _softmax(q @ k.T * np.sqrt(k.shape[1])), "divide by it"),
        (lambda q, k: _softmax(k @ q.T / 2), "a row for each query"),
        (_weights(divide=lambda q, k: 2), "9 numbers"),
        (lambda q, k: q @ k, "raised"),
    ],
    "attend": [
        (lambda s, v: np.mean(v), "plain mean"),
        (lambda s, v: np.sum(np.exp(s) * v), "divide by their sum"),
        (lambda s, v: np.sum(np.array(s) * v), "must first become weights"),
        (lambda s, v: np.sum(np.array(s) * v) / np.sum(s), "sum of the scores"),
        (lambda s, v: np.mean(_p(s) * v), "without dividing by their number"),
        (lambda s, v: v[np.argmax(s)], "value of the largest score"),
        (lambda s, v: _p(s) @ np.array(s), "averages the scores"),
        (lambda s, v: np.sum(_p(v) * s), "swapped"),
        (lambda s, v: _p(s) * v, "one number was expected"),
    ],
    "look_up": [
        (lambda: (*_look_up(loud=3.0)()[:2], 1.5 * _look_up()()[2]), "sharper"),
        (lambda: (np.zeros((26, 8)), np.zeros((26, 8)), np.zeros((26, 10))), "All scores are 0"),
        (_look_up(query=NAME), "at itself"),
        (_look_up(query=SOUGHT, key=SOUGHT), "all should"),
        (_look_up(query=NAME, key=SOUGHT), "swapped"),
        (_look_up(loud=1.0), "sharper"),
        (_look_up(loud=3.0), "sharper"),
        (_look_up(loud=-10.0), "all should"),
        (_look_up(value=SOUGHT), "not the number"),
        (_look_up(own=2.0), "nothing more"),
        (lambda: _look_up()()[:2], "three matrices"),
        (lambda: (*_look_up()()[:2], ...), "Still to be set: w_v"),
        (lambda: (..., _look_up()()[1], ...), "Still to be set: w_q and w_v"),
        (lambda: [part.T for part in _look_up()()], "shape"),
    ],
    "add_positions": [
        (lambda x, table: x + table[: len(x)], "number of texts"),
        (lambda x, table: x + table[0], "Every place got row 0"),
        (lambda x, table: x + table[-x.shape[1] :], "last rows"),
        (lambda x, table: x + table[1 : x.shape[1] + 1] if len(table) > x.shape[1] else x + table, "counted from 0"),
        (lambda x, table: x + table[: len(x)][:, None], "second axis"),
        (lambda x, table: x * table[: x.shape[1]], "not multiplied"),
        (lambda x, table: x + table[: x.shape[1]][::-1], "reversed"),
        (lambda x, table: np.broadcast_to(table[: x.shape[1]], x.shape), "x itself"),
        (lambda x, table: x + np.arange(x.shape[1])[:, None], "numbers of the places"),
        (lambda x, table: x + table, "raised"),
    ],
    "block_parameters": [
        (lambda s, h: 3 * (s * s + s) + 2 * s * h + h + s + 4 * s, "One of the four"),
        (lambda s, h: s * s + s + 2 * s * h + h + s + 4 * s, "has four layers"),
        (lambda s, h: 4 * (s * s + s) + 2 * s * h + h + s, "4 * size are missing"),
        (lambda s, h: 4 * s * s + 2 * s * h + h + s + 4 * s, "4 * size are missing"),
        (lambda s, h: 4 * (s * s + s) + 2 * s * h + h + s + 2 * s, "two normalizations"),
        (lambda s, h: 4 * (s * s + s) + 2 * s * h + 4 * s, "biases of the feedforward part"),
        (lambda s, h: 4 * s * s + 2 * s * h + 4 * s, "The biases are missing"),
        (lambda s, h: 4 * (s * s + s), "attention alone"),
        (lambda s, h: 2 * s * h + h + s, "feedforward part alone"),
        (lambda s, h: 4 * (s * s + s) + s * h + h + 4 * s, "way back"),
        (lambda s, h: 1015, "; expected 2224"),
    ],
    "causal_mask": [
        (lambda n: [[True] * (i + 1) for i in range(n)], "different lengths"),
        (lambda n: _tril(n).astype(str), "or texts"),
        (lambda n: _tril(n).T, "turned round"),
        (lambda n: ~_tril(n), "must *not*"),
        (lambda n: np.tril(np.ones((n, n)), k=-1), "diagonal is missing"),
        (lambda n: np.eye(n), "itself alone"),
        (lambda n: np.ones((n, n)), "see everything"),
        (lambda n: np.where(_tril(n), 0, -1e9), "numbers to add to scores"),
        (lambda n: np.where(_tril(n), 0, -np.inf), "numbers to add to scores"),
        (lambda n: np.tri(n, k=1), "causal_mask(4)"),
        (lambda n: _tril(n + 1), "shape"),
        (lambda n: _tril(4), "causal_mask(1)"),
    ],
    "warm": [
        (lambda s, t: np.exp(s / t - s.max()) / np.exp(s / t - s.max()).sum(), "the temperature 0.5"),
        (lambda s, t: np.exp((s - s[0]) / t) / np.exp((s - s[0]) / t).sum(), "overflows"),
        (lambda s, t: np.exp((s - s.max()) / t), "do not add up"),
        (lambda s, t: _softmax(s), "no effect"),
        (lambda s, t: _softmax(s * t), "multiplied by the temperature"),
        (lambda s, t: _softmax(s) / t, "no longer add up to 1"),
        (lambda s, t: _softmax(_softmax(s) / t), "taken twice"),
        (lambda s, t: s / t, "softmax is missing"),
        (lambda s, t: np.exp(s / t), "do not add up"),
        (lambda s, t: _p(s / t), "overflows"),
        (lambda s, t: _softmax(s / 0.5), "3.0"),
    ],
    "repair": [
        (_masked_late, "comes after the softmax"),
        (_faulty(places=False), "knows no places"),
        (_faulty(mask=False), "comes after them"),
        (_faulty(axis=0), "wrong axis"),
        (_faulty(places=False, mask=False), "first of them: no row"),
        (_faulty(mask=False, axis=0), "first of them: places still look"),
        (_faulty(places=False, axis=0), "first of them: no row"),
        (_faulty(masked=0), "e to the power of 0"),
        (_faulty(bare=True), "not for the values"),
        (_faulty(largest=0), "Both need axis=1"),
        (_faulty(root=False), "The result is not"),
        (lambda x, table, w_q, w_k, w_v: x[0], "shape"),
    ],
}
