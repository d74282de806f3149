"""Exercises of lesson 13: what each checks, and its hints."""

import numpy as np

from courseware.checking import NotStarted, TryAgain, array, call, exercise, expect
from courseware.lessons.attention.by_hand import deal


def _softmax(scores, axis=-1):
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@exercise(
    "First all dot products at once: each row of queries with each row of keys.",
    "queries @ keys.T has a row for each query. Divide by the root of d, which is keys.shape[1], before the softmax.",
    "return softmax(queries @ keys.T / np.sqrt(keys.shape[1]))",
)
def attention_weights(answer):
    rng = np.random.default_rng(0)
    queries, keys = rng.normal(size=(3, 4)), rng.normal(size=(5, 4))
    products = queries @ keys.T
    got = call(answer, queries, keys, name="attention_weights")
    if np.shape(got) == (5, 3):
        raise TryAgain(
            "attention_weights gave the shape (5, 3) for 3 queries and 5 keys; expected (3, 5): a row for each query."
        )
    expect(
        "attention_weights for 3 queries and 5 keys of 4 numbers", got, _softmax(products / 2),
        mistakes=[
            (products, "These are the bare products. Divide by the root of d, then take the softmax."),
            (products / 2, "These are the scores. The softmax is missing."),
            (_softmax(products), "The division by the root of d is missing."),
            (_softmax(products / 4), "That divides by d itself; take its root."),
            (_softmax(products / np.sqrt(5)), "That is the root of the number of keys; d is how many numbers a key has."),
            (_softmax(products / np.sqrt(3)), "That is the root of the number of queries; d is how many numbers a key has."),
            (_softmax(products / 2, axis=0), "The columns add up to 1; the rows should. The weights belong to one query."),
            (_softmax(products) / 2, "The root belongs inside: the scores are divided, not the weights."),
            (np.exp(products / 2), "The powers do not add up to 1 yet: divide each row by its sum."),
            (np.exp(products / 2) / np.exp(products / 2).sum(), "All weights together add up to 1; each row should, by itself."),
            (_softmax(products * 2), "That multiplies by the root; divide by it."),
        ],
    )  # fmt: skip
    queries, keys = rng.normal(size=(2, 9)), rng.normal(size=(2, 9))
    expect(
        "attention_weights for 2 queries and 2 keys of 9 numbers",
        call(answer, queries, keys, name="attention_weights"),
        _softmax(queries @ keys.T / 3),
    )
    return "A row of weights for each query, and each row adds up to 1."


@exercise(
    "Make the powers np.exp(scores), and let each value count as much as its power says.",
    "The weights are powers / np.sum(powers). Multiply each value by its weight, and add up.",
    "powers = np.exp(scores); return np.sum(powers * values) / np.sum(powers)",
)
def attend(answer):
    scores, values = [0.5, -1.0, 2.0], [4.0, 10.0, -3.0]
    powers, v = np.exp(scores), np.array(values)
    weights = powers / powers.sum()
    expect(
        f"attend({scores}, {values})", call(answer, scores, values, name="attend"), np.sum(weights * v),
        mistakes=[
            (np.mean(v), "That is the plain mean. Each value counts by its weight."),
            (np.sum(powers * v), "The powers do not add up to 1 yet: divide by their sum."),
            (np.sum(np.array(scores) * v), "These are scores times values. The scores must first become weights, by the softmax."),
            (np.sum(np.array(scores) * v) / np.sum(scores), "You divided by the sum of the scores. Take np.exp of them first, else weights may be negative."),
            (np.mean(weights * v), "The weights add up to 1 already; add the products up, without dividing by their number."),
            (v[2], "That is the value of the largest score. Attention takes a mean of all, by their weights."),
            (weights @ np.array(scores), "That averages the scores; the values are what is averaged."),
            (np.sum(np.exp(v) / np.exp(v).sum() * np.array(scores)), "Scores and values are swapped."),
        ],
    )  # fmt: skip
    expect("attend([0, 0, 0, 0], [1, 2, 3, 10])", call(answer, [0, 0, 0, 0], [1, 2, 3, 10], name="attend"), 4.0)
    expect("attend([7.0], [-2.5])", call(answer, [7.0], [-2.5], name="attend"), -2.5)
    return "Equal scores give the plain mean; a single place gets all the weight."


@exercise(
    "Begin with zeros: w_q = np.zeros((26, 8)). Which eight columns of a card tell what it seeks? Only these belong in "
    "the query. Which belong in the key?",
    "After w_k = np.zeros((26, 8)), w_k[0:8] = np.eye(8) copies the name. The query copies columns 8 to 15 in the same "
    "way, and w_v, of zeros in the shape (26, 10), copies the number.",
    "Three lines after the zeros: w_q[8:16] = 10 * np.eye(8); w_k[0:8] = np.eye(8); w_v[16:26] = np.eye(10)",
)
def look_up(answer):
    made = call(answer, name="look_up")
    if not isinstance(made, tuple | list) or len(made) != 3:
        raise TryAgain("look_up must return three matrices: w_q, w_k, w_v.")
    missing = [name for part, name in zip(made, ("w_q", "w_k", "w_v"), strict=True) if part is ...]
    if len(missing) == 3:
        raise NotStarted
    if missing:
        raise TryAgain(f"Still to be set: {' and '.join(missing)}.")
    w_q, w_k = (array(part, (26, 8), name) for part, name in zip(made, ("w_q", "w_k"), strict=False))
    w_v = array(made[2], (26, 10), "w_v")
    x, told, sought_at = deal(np.random.default_rng(0), 50)
    weights = _softmax(x @ w_q @ (x @ w_k).transpose(0, 2, 1))
    out = weights @ (x @ w_v)
    sharp = np.take_along_axis(weights, sought_at[..., None], axis=2).min() >= 0.95  # not a louder w_v
    if sharp and np.all(np.take_along_axis(out, told[..., None], axis=2) > 0.95) and np.all(out.argmax(axis=2) == told):
        return "No training, and each finds whom they seek."
    looks, own = weights.argmax(axis=2), np.arange(8)
    if not w_q.any() or not w_k.any():
        raise TryAgain("All scores are 0, so that every card looks at all alike. Queries and keys are still to be set.")
    if np.mean(looks == own) > 0.9:
        raise TryAgain(
            "Each card looks mostly at itself. The query should hold the *sought* name, the key the own name."
        )
    wanted = np.any(sought_at[:, None] == own[:, None], axis=2)  # who is sought by anybody
    seekers = (np.take_along_axis(sought_at, looks, axis=1) == own)[wanted]
    if np.mean(looks == sought_at) < 0.9 and np.mean(seekers) > 0.9:
        raise TryAgain("Each card looks at one that seeks it. It is the other way round: query and key are swapped.")
    if np.mean(looks == sought_at) < 0.9:
        raise TryAgain(
            f"In {np.mean(looks == sought_at):.0%} of cases a card looks mostly at the one that it seeks; all should."
        )
    weight = np.take_along_axis(weights, sought_at[..., None], axis=2).min()
    if weight < 0.95:
        raise TryAgain(
            f"Each card looks at the right one, but with a weight of only {weight:.2f}. Larger products make the softmax "
            "sharper: multiply the query by a larger number."
        )
    raise TryAgain(
        "Each card looks at the right one; what it hands over is not the number, with a 1 at its place and zeros elsewhere. "
        "w_v should copy the columns 16 to 25 and nothing more."
    )


@exercise(
    "Place 0 gets row 0 of the table, place 1 gets row 1, in every example of the batch.",
    "The table may have more rows than the text has places: table[: x.shape[1]] are those that are needed.",
    "return x + table[: x.shape[1]]",
)
def add_positions(answer):
    rng = np.random.default_rng(0)
    x, table = rng.normal(size=(5, 4, 3)), rng.normal(size=(6, 3))
    try:
        got = call(answer, x, table, name="add_positions")
    except TryAgain as refused:
        if "broadcast" in str(refused):
            raise TryAgain(
                f"{refused} Each text has as many places as the second axis of x is long: x.shape[1]. The table may have more rows, "
                "and len(x) is the number of texts."
            ) from None
        raise
    expect(
        "add_positions for 5 texts of 4 places, and a table of 6 rows", got, x + table[:4],
        mistakes=[
            (x + table[0], "Every place got row 0; each place has a row of its own."),
            (x + table[-4:], "Those are the last rows of the table; the first place gets row 0."),
            (x + table[1:5], "The places are counted from 0: the first gets row 0."),
            (x + table[:5][:, None], "Each *text* got a row; each place should. The places are the second axis of x."),
            (x * table[:4], "The rows are added, not multiplied."),
            (x + table[3::-1], "The rows are in reversed order."),
            (np.broadcast_to(table[:4], x.shape), "x itself is missing."),
            (x + np.arange(4)[:, None], "You added the numbers of the places; add the rows of the table."),
        ],
    )  # fmt: skip
    x, table = rng.normal(size=(2, 6, 3)), rng.normal(size=(6, 3))
    expect("add_positions with as many rows as places", call(answer, x, table, name="add_positions"), x + table)
    return "The same word at two places is now two different rows."


@exercise(
    "Count attention first: four layers, each from `size` numbers to `size` numbers, with biases.",
    "Attention has 4 * (size * size + size), the two layers after it size * hidden + hidden and hidden * size + size.",
    "return 4 * (size * size + size) + 2 * size * hidden + hidden + size + 4 * size",
)
def block_parameters(answer):
    size, hidden = 10, 25
    expect(
        f"block_parameters(size={size}, hidden={hidden})", call(answer, size, hidden, name="block_parameters"), 1015,
        mistakes=[
            (905, "One of the four layers of attention is missing: queries, keys, values, and the layer after them."),
            (685, "Attention has four layers of weights: queries, keys, values, and the layer after them."),
            (975, "4 * size are missing: the biases of attention's four layers, or both normalizations (2 * size each)."),
            (995, "There are two normalizations, each with a scale and a shift for every feature."),
            (980, "The biases of the feedforward part are missing: hidden, and size on the way back."),
            (940, "The biases are missing, those of attention's four layers and of the feedforward part."),
            (440, "That is attention alone."),
            (535, "That is the feedforward part alone."),
            (755, "The way back of the feedforward part is missing: hidden * size + size."),
        ],
    )  # fmt: skip
    expect("block_parameters(size=16, hidden=32)", call(answer, 16, 32, name="block_parameters"), 2224)
    expect("block_parameters(size=7, hidden=5)", call(answer, 7, 5, name="block_parameters"), 334)
    return "The number of words does not come into it: the same block reads texts of any length."


@exercise(
    "Number the places. When may place i look at place j?",
    "It may if j <= i. np.tril(np.ones((n, n))) has ones on and below the diagonal.",
    "return np.tril(np.ones((n, n), dtype=bool))",
)
def causal_mask(answer):
    right = np.tril(np.ones((4, 4)))
    got = call(answer, 4, name="causal_mask")
    if np.shape(got) == (4, 4) and not np.isin(got, (0, 1)).all():
        raise TryAgain(
            "causal_mask(4) holds something else than True and False (numbers to add to scores, or weights, or texts?); it "
            "should say True where a place may see, else False."
        )
    expect(
        "causal_mask(4)", got, right,
        mistakes=[
            (right.T, "That is turned round: row i is the place that looks, and it may see the columns up to i."),
            (1 - right, "That is True where a place must *not* look."),
            (1 - right.T, "The diagonal is missing: a place may see itself. Its answer is what comes after it."),
            (np.eye(4), "That lets each place see itself alone; it may see all before it as well."),
            (np.ones((4, 4)), "That lets each place see everything, what comes later included."),
        ],
    )  # fmt: skip
    expect("causal_mask(1)", array(call(answer, 1, name="causal_mask"), (1, 1), "causal_mask(1)"), [[1]])
    expect(
        "causal_mask(7)", array(call(answer, 7, name="causal_mask"), (7, 7), "causal_mask(7)"), np.tril(np.ones((7, 7)))
    )
    return "Place 0 sees itself, the last place sees all."


@exercise(
    "The temperature works on the scores, before the softmax.",
    "Divide the scores by the temperature. A small one makes differences larger.",
    "powers = np.exp(scores / temperature - np.max(scores / temperature)); return powers / np.sum(powers)",
)
def warm(answer):
    scores = np.array([2.0, 1.0, -0.5, 0.3])
    p = _softmax(scores)
    expect(
        f"warm({scores.tolist()}, 0.5)", call(answer, scores, 0.5, name="warm"), _softmax(scores / 0.5),
        mistakes=[
            (p, "The temperature has no effect. Divide the scores by it."),
            (_softmax(scores * 0.5), "The scores are multiplied by the temperature; divide, so that a low one is sharper."),
            (p / 0.5, "The probabilities are divided, and no longer add up to 1. The scores are what to divide."),
            (_softmax(p / 0.5), "The softmax was taken twice. Divide the scores, then take it once."),
            (scores / 0.5, "These are scores; the softmax is missing."),
            (np.exp(scores / 0.5), "The powers do not add up to 1 yet."),
            (np.exp((scores - 2) / 0.5), "The powers do not add up to 1 yet."),
        ],
    )  # fmt: skip
    expect(f"warm({scores.tolist()}, 3.0)", call(answer, scores, 3.0, name="warm"), _softmax(scores / 3))
    scores = np.array([0.0, 3000.0, 2999.0])
    for temperature in (1.0, 0.5, 2.0):
        got = call(answer, scores, temperature, name="warm")
        if not np.all(np.isfinite(got)):
            raise TryAgain(
                f"For scores near 3000 and the temperature {temperature} np.exp overflows, or every power is 0. Subtract the "
                "largest of the numbers that go into np.exp; the probabilities stay the same."
            )
        expect(f"warm([0, 3000, 2999], {temperature})", got, _softmax(scores / temperature))
    return "The probabilities add up to 1, and scores of 3000 are no trouble."


def _repaired(
    x, table, w_q, w_k, w_v, *, places=True, mask=True, axis=-1, masked=-np.inf, bare=False, largest=None, late=False
):
    words = x
    if places:
        x = x + table[: len(x)]
    scores = x @ w_q @ (x @ w_k).T / np.sqrt(w_k.shape[1])
    if mask:
        scores = np.where(np.tril(np.ones(scores.shape, dtype=bool)), scores, masked)
    if largest is not None:
        powers = np.exp(scores - scores.max(axis=largest, keepdims=True))
        return powers / powers.sum(axis=axis, keepdims=True) @ (x @ w_v)
    weights = _softmax(scores, axis)
    if late:
        weights = weights * np.tril(np.ones(scores.shape))
    return weights @ ((words if bare else x) @ w_v)


@exercise(
    "Go through the three parts: what goes in, the scores, the softmax. Each has one fault.",
    "Add table[: len(x)] to x first. Set scores of later places to -np.inf. The weights of one row must add up to 1: axis=1.",
    "x = x + table[: len(x)]; scores = np.where(np.tril(np.ones(scores.shape)), scores, -np.inf); softmax along axis 1",
)
def repair(answer):
    rng = np.random.default_rng(0)
    x, table = rng.normal(size=(5, 4)), rng.normal(size=(8, 4))
    matrices = [rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=(4, 6))]
    got = array(call(answer, x, table, *matrices, name="repaired_attention"), (5, 6), "repaired_attention(...)")
    if np.allclose(got, _repaired(x, table, *matrices), atol=1e-5):
        return "It knows the order, sees no future, and each row's weights add up to 1."
    faults = {
        "no row of the table is added to the words, so that it knows no places": {"places": False},
        "places still look at what comes after them": {"mask": False},
        "the softmax runs over the wrong axis: the weights of one place that looks must add up to 1": {"axis": 0},
    }
    settings = list(faults.values())
    if np.allclose(got, _repaired(x, table, *matrices, **settings[0], **settings[1], **settings[2]), atol=1e-5):
        raise NotStarted("The function is still as it was given. Three things are wrong with it.")
    for words, fault in faults.items():
        if np.allclose(got, _repaired(x, table, *matrices, **fault), atol=1e-5):
            raise TryAgain(f"Two faults are mended. One is left: {words}.")
    for left_out in range(3):
        two = {key: value for i, setting in enumerate(settings) if i != left_out for key, value in setting.items()}
        if np.allclose(got, _repaired(x, table, *matrices, **two), atol=1e-5):
            raise TryAgain(f"One fault is mended, two are left. The first of them: {list(faults)[left_out == 0]}.")
    slips = {
        "The scores of later places are 0, and e to the power of 0 is 1: such a place still gets a weight. Make them -np.inf.":
            {"masked": 0.0},
        "The rows of the table are added for queries and keys, and not for the values: add them to x before all three.":
            {"bare": True},
        "The sum of the powers runs along the right axis, the largest score still along the other. Both need axis=1.":
            {"largest": 0},
        "The mask comes after the softmax, so that the weights of a row no longer add up to 1. Mask the scores, before it.":
            {"mask": False, "late": True},
    }  # fmt: skip
    for words, slip in slips.items():
        if np.allclose(got, _repaired(x, table, *matrices, **slip), atol=1e-5):
            raise TryAgain(words)
    raise TryAgain(
        "The result is not that of attention with places added, later places masked, and a softmax for each row."
    )


EXERCISES = (attention_weights, attend, look_up, add_positions, block_parameters, causal_mask, warm, repair)
