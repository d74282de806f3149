"""Exercises of lesson 12: what each checks, and its hints."""

import functools
import io
import time

import keras
import numpy as np

from courseware.checking import NotStarted, TryAgain, array, call, describe, exercise, expect, pair
from courseware.checking_keras import (
    compiled_model,
    layers_of,
    learning_rate,
    output_activation,
    outputs_of,
    refuse_no_probabilities,
    train,
)
from courseware.data import digits, tastes
from courseware.lessons.in_practice.models import build_digit_network


@exercise(
    "First the weights of all filters, then the number of places at which each is used.",
    "Along one side the kernel fits size - kernel_size + 1 times; there are two sides.",
    "kernel_size**2 * channels * filters * (size - kernel_size + 1) ** 2",
)
def multiply_adds(answer):
    expect(
        "multiply_adds(size=9, kernel_size=3, channels=1, filters=16)", call(answer, 9, 3, 1, 16), 7056,
        mistakes=[
            (144, "Those are the weights. Each of them is used at every place of the picture."),
            (160, "Those are the parameters. Leave out the biases, and count every place of the picture."),
            (7840, "Those are the parameters times the places. Biases are not counted."),
            (11664, "The kernel does not fit 9 times into a width of 9: count the places without padding."),
            (5184, "A kernel of width 3 fits into a width of 9 at 7 places: 9 - 3 + 1."),
            (2016, "The places along the two sides multiply; they are not added."),
            (441, "Each filter slides over the picture by itself: the filters multiply too."),
            (1008, "The places are counted along one side only. The kernel slides down as well."),
            (2352, "The kernel is square: kernel_size times kernel_size weights for each channel."),
        ],
    )  # fmt: skip
    expect(
        "multiply_adds(size=32, kernel_size=5, channels=3, filters=10)", call(answer, 32, 5, 3, 10), 588_000,
        mistakes=[
            (196_000, "Each filter looks at every channel: the channels multiply too."),
            (750 * 900, "The number of places depends on kernel_size: 32 - 5 + 1 along a side."),
        ],
    )  # fmt: skip
    expect(
        "multiply_adds(size=9, kernel_size=4, channels=2, filters=5)", call(answer, 9, 4, 2, 5), 5760,
        mistakes=[(4000, "A kernel of even width fits in at 9 - 4 + 1 places along a side, like any other.")],
    )  # fmt: skip
    return "With 32 by 32 pixels, 3 channels and 10 filters of 5 by 5: 750 weights, each used at 784 places."


@exercise(
    "Work out what the parameters need, whatever the batch. What is left is shared by the examples.",
    "The parameters need 4 * 4 * parameters bytes, each example 4 * values.",
    "max(0, int((memory - 16 * parameters) // (4 * values)))",
)
def largest_batch(answer):
    expect(
        "largest_batch(memory=1_000_000, parameters=10_000, values=500)", call(answer, 1_000_000, 10_000, 500), 420,
        mistakes=[
            (480, "Only 4 bytes were kept for each parameter: training keeps four numbers, of 4 bytes each."),
            (460, "Two numbers for each parameter are too few: Adam keeps two averages besides."),
            (440, "Three numbers for each parameter are too few: value, gradient and two averages are four."),
            (500, "The parameters take room too. Subtract what they need first."),
            (1680, "The values of an example take 4 bytes each as well."),
            (1920, "Every number takes 4 bytes: those of the parameters and those of the examples."),
        ],
    )  # fmt: skip
    expect("largest_batch(memory=1_000_000, parameters=10_000, values=600)", call(answer, 1_000_000, 10_000, 600), 350)
    got = call(answer, 1_000_000, 10_000, 450)
    expect("largest_batch(memory=1_000_000, parameters=10_000, values=450)", got, 466,
           mistakes=[(420_000 / 900, "There are no parts of examples: round down."),
                     (467, "Rounded up, the last example does not fit any more: round down.")])  # fmt: skip
    expect("largest_batch(memory=100_000, parameters=10_000, values=500)", call(answer, 100_000, 10_000, 500), 0,
           mistakes=[(-30, "A batch cannot be smaller than nothing: return 0 where nothing fits.")])  # fmt: skip
    return "The parameters are a fixed cost; each example of the batch comes on top."


def _nearest_slowly(queries, known):
    found = []
    for query in queries:
        distances = []
        for row in known:
            distances.append(sum((a - b) ** 2 for a, b in zip(query, row, strict=True)))
        found.append(int(np.argmin(distances)))
    return np.array(found)


def _shortest(function, *arguments):
    times = []
    for _ in range(3):
        start = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - start)
    return min(times)


@exercise(
    "All products of a query and a known row at once are one matrix product: queries @ known.T.",
    "Since (a - b)**2 = a**2 - 2*a*b + b**2: (sum of squares of the known row) - 2 * product; then argmin.",
    "return (np.sum(known**2, axis=1) - 2 * queries @ known.T).argmin(axis=1)",
    seconds=60,
)
def faster(answer):
    rng = np.random.default_rng(0)
    known, queries = 5 * rng.normal(size=(60, 8)) + 3, 5 * rng.normal(size=(40, 8)) + 3
    right = _nearest_slowly(queries, known)
    got = array(call(answer, queries, known, name="nearest"), (40,), "nearest(queries, known)")
    if not np.array_equal(got, right):
        product = (queries @ known.T).argmax(axis=1)
        closest = np.array([np.argmin(np.abs(query - known).sum(axis=1)) for query in queries])
        distance = ((queries[:, None] - known) ** 2).sum(axis=2)
        if np.array_equal(got, product):
            advice = "The largest product is not the smallest distance: the squares of the known rows count too."
        elif np.array_equal(got, distance.argmax(axis=1)):
            advice = "Those are the farthest rows. Look for the smallest distance."
        elif np.array_equal(got, closest):
            advice = "Those are nearest by the sum of sizes of the differences. Square the differences instead."
        elif not np.array_equal(got, np.round(got)):
            advice = "Those are no numbers of rows, but distances. Return the number of the row: argmin, not min."
        else:
            advice = "Compare both functions on two queries and three rows that you choose yourself."
        raise TryAgain(
            f"nearest(queries, known) gives another row than the slow function for {np.sum(got != right)} of 40 "
            f"queries. {advice}"
        )
    known, queries = rng.normal(size=(300, 64)), rng.normal(size=(20, 64))
    slow = fast = np.inf
    for _ in range(10):  # by turns: a busy computer may disturb each of a few tries, of either
        slow = min(slow, _shortest(_nearest_slowly, queries, known))
        fast = min(fast, _shortest(answer, queries, known))
        if fast <= slow / 5:
            break
    if fast > slow / 5:
        raise TryAgain(
            f"The answers are right, and it is {slow / fast:.1f} times as fast as the slow function; 5 times was the "
            "goal. Is there still a loop in Python over single numbers, or over every pair of rows?"
        )
    return "The same answers, and no new hardware."


@exercise(
    "Find the numbers of the units to keep once, and use them three times.",
    "np.sum(second**2, axis=1) gives the strengths, np.argsort(-strength)[:keep] the numbers to keep.",
    "return first[:, kept], biases[kept], second[kept]",
)
def drop_units(answer):
    first = np.array([[1.0, -0.2, 0.5, 0.3], [0.3, 0.5, -1.0, 0.2], [2.0, 0.1, 0.7, -0.4]])
    biases = np.array([0.5, 1.0, -0.2, 0.8])
    second = np.array([[0.3, -0.2], [1.0, 0.4], [-2.0, 0.1], [0.1, 0.9]])
    strength = np.sum(second**2, axis=1)
    x = np.array([[1.0, 0.5, 2.0], [0.2, 3.0, 1.0], [2.0, 0.1, 0.4]])
    got = pair(call(answer, first, biases, second, 2), "drop_units(first, biases, second, 2)", ("a", "b", "c"))
    shapes = [np.shape(part) for part in got]
    if shapes == [(3, 4), (4,), (4, 2)] and 0 in np.asarray(got[0]):
        raise TryAgain("There are zeros where units should be gone. Take the kept rows and columns out of the arrays.")
    if shapes[0] == (2, 4):
        raise TryAgain("In `first` a row is an input, so rows must stay. A unit is a column there: first[:, kept].")
    if shapes[2] == (4, 2) and shapes[0] == (3, 2):
        raise TryAgain("`second` still has the rows of units that are gone; cut it as well.")
    if shapes[1] == (4,):
        raise TryAgain("There are as many biases as before; each unit has one, so they are cut too.")
    first_left = array(got[0], (3, 2), "The new first")
    biases_left, second_left = array(got[1], (2,), "The new biases"), array(got[2], (2, 2), "The new second")

    def run(kept):
        return np.maximum(0, x @ first[:, kept] + biases[kept]) @ second[kept]

    expect(
        "what the smaller layers answer", np.maximum(0, x @ first_left + biases_left) @ second_left,
        run(np.argsort(-strength)[:2]),
        mistakes=[
            (run(np.argsort(strength)[:2]), "The weakest units were kept. Sort from large to small."),
            (run([0, 1]), "Those are the first units, not the strongest. (Is the sum taken along the other axis? A unit is a row.)"),
            (run(np.argsort(-np.sum(first**2, axis=0))[:2]),
             "That ranks units by what comes in. Here strength is what leaves a unit: its row of `second`."),
            (run(np.argsort(-second.sum(axis=1))[:2]), "Square before you add: -2 is a strong weight."),
        ],
    )  # fmt: skip
    rng = np.random.default_rng(1)
    large = rng.normal(size=(64, 50)), rng.normal(size=50), rng.normal(size=(50, 10))
    got = pair(call(answer, *large, 20), "drop_units(first, biases, second, 20)", ("a", "b", "c"))
    kept = np.argsort(-np.sum(large[2] ** 2, axis=1))[:20]
    x = rng.normal(size=(5, 64))
    parts = [
        array(part, shape, f"With keep=20, {name}")
        for part, shape, name in zip(got, ((64, 20), (20,), (20, 10)), ("first", "biases", "second"), strict=True)
    ]
    expect("what the layers answer with 20 of 50 units", np.maximum(0, x @ parts[0] + parts[1]) @ parts[2],
           np.maximum(0, x @ large[0][:, kept] + large[1][kept]) @ large[2][kept])  # fmt: skip
    return "Smaller matrices, so less room and fewer multiply-adds, in any file and on any chip."


@exercise(
    "First the largest size in each column, then the scales, then the whole numbers.",
    "np.abs(table).max(axis=0) gives one number for each column; the scale is 127 divided by it.",
    "scale = 127 / np.abs(table).max(axis=0); return np.round(table * scale).astype('int8'), scale",
)
def to_int8(answer):
    table = np.array([[0.5, -2.0], [-0.2, 0.94], [0.013, 0.3]])
    scale = 127 / np.abs(table).max(axis=0)
    whole = np.round(table * scale)
    got = pair(call(answer, table), "to_int8(table)", ("q", "scale"))
    q, scales = array(got[0], (3, 2), "The first value"), got[1]
    one_for_all = 127 / np.abs(table).max()
    if np.shape(scales) == () or np.size(scales) == 1:
        raise TryAgain("There is one scale for the whole matrix; each unit, that is each column, has its own: axis=0.")
    if np.size(scales) == 3:
        raise TryAgain("There is a scale for each row; each unit is a column: axis=0.")
    expect(
        "the scales", np.reshape(scales, -1), scale,
        mistakes=[
            (np.abs(table).max(axis=0), "Those are the largest sizes; the scale is 127 divided by them."),
            (1 / scale, "That is the size of a step, the scale turned over. The lesson's scale is 127 / largest size."),
            (127 / table.max(axis=0), "The largest size may belong to a negative weight: take np.abs before max."),
            (128 / np.abs(table).max(axis=0), "The largest weight comes to 127, not to 128, which int8 does not have."),
            (255 / np.abs(table).max(axis=0), "255 values would be 0 to 255. Here they go from -127 to 127."),
            ([one_for_all] * 2, "Both columns have the same scale; take the largest size of each column: axis=0."),
        ],
    )  # fmt: skip
    expect(
        "the whole numbers", q, whole,
        mistakes=[
            (np.trunc(table * scale), "They are cut off, not rounded: use np.round before astype."),
            (np.floor(table * scale), "They are rounded down; use np.round."),
            (table * scale, "They are not whole yet: np.round."),
            (whole / scale, "Those are the weights read back. Return the whole numbers themselves."),
            (np.round(table / scale), "Multiply by the scale, not divide."),
            (whole % 256, "These have no sign, so that -127 became 129. The type for -127 to 127 is 'int8'."),
        ],
    )  # fmt: skip
    _one_byte_each(got[0])
    larger = np.random.default_rng(5).normal(size=(20, 4)) * [0.1, 1, 3, 0.02]
    q, scales = pair(call(answer, larger), "to_int8(table)", ("q", "scale"))
    scale = 127 / np.abs(larger).max(axis=0)
    expect("the scales of a matrix of 20 rows and 4 columns", np.reshape(scales, -1), scale)
    expect("its whole numbers", q, np.round(larger * scale))
    _one_byte_each(q)
    return "One byte for each weight, and one scale for each unit."


def _one_byte_each(q):
    kind = np.asarray(q).dtype
    if kind.itemsize != 1:
        raise TryAgain(
            f"The whole numbers are right, but they are stored as {kind.name}, {kind.itemsize} bytes each. "
            "One byte each was the point: .astype('int8')."
        )


@functools.lru_cache(maxsize=1)
def _trained_reader():
    """A trained digit network, its weights, and test digits."""
    images, labels = digits("small")
    pixels = (16 * images).reshape(len(images), 64)
    order = np.random.default_rng(7).permutation(len(labels))
    known, test = order[:1297], order[1297:]
    keras.utils.set_random_seed(7)
    model = build_digit_network()
    train(model, pixels[known], labels[known], epochs=12)
    return model.get_weights(), pixels[test], labels[test]


def _accuracy(weights, pixels, labels):
    h = pixels / 8 - 1
    for i in (0, 2, 4):
        h = h @ weights[i] + weights[i + 1]
        h = np.maximum(h, 0) if i < 4 else h
    return float(np.mean(h.argmax(axis=1) == labels))


def _packed(weights):
    file = io.BytesIO()
    np.savez_compressed(file, *weights)
    return file.getbuffer().nbytes


def _on_a_grid(values):
    """Whether all values are whole multiples, not too large ones, of the smallest gap between two of them."""
    different = np.unique(values).astype(float)
    if len(different) < 2:
        return True
    steps = different / np.diff(different).min()
    return np.abs(steps).max() < 2000 and np.abs(steps - np.round(steps)).max() < 0.1


@exercise(
    "Do both: set the small weights to zero, and round the others to a grid.",
    "zero_small(weights, 0.6) zeros; a grid is np.round(w / step) * step with step = largest size / 127.",
    "After both, .astype('float32'). Change the matrices only (ndim == 2), and leave the biases.",
    seconds=120,
)
def squeeze(answer):
    weights, pixels, labels = _trained_reader()
    got = call(answer, weights, name="squeeze")
    if not isinstance(got, tuple | list) or len(got) != len(weights):
        raise TryAgain(f"squeeze(weights) returned {describe(got)}; expected a list of {len(weights)} arrays.")
    for i, (new, old) in enumerate(zip(got, weights, strict=True)):
        array(new, old.shape, f"Array {i}")
    before, after = _accuracy(weights, pixels, labels), _accuracy([np.asarray(w, float) for w in got], pixels, labels)
    size = _packed([np.asarray(w) for w in got])
    fell = (
        f"the accuracy fell by {100 * (before - after):.1f} points" if after < before else "the accuracy did not fall"
    )
    if all(np.array_equal(new, old) for new, old in zip(got, weights, strict=True)):
        raise TryAgain(f"The weights are unchanged: {size:,} bytes. Make many of them equal.")
    if np.abs(np.asarray(got[2], float)).max() > 20 * np.abs(weights[2]).max():
        raise TryAgain(
            "The weights must be usable as they are: after rounding, divide the whole numbers by their scale."
        )
    if after < before - 0.04:
        raise TryAgain(f"{size:,} bytes, but {fell}; the limit was 4. Change fewer weights, or choose more carefully.")
    if size > 80_000:
        if all(np.asarray(w).dtype == np.float64 for w in got[::2]):
            hint = " They are stored with eight bytes each: .astype('float32')."
        elif _on_a_grid(got[2]):
            hint = " Round to a coarser grid, or set more of the small ones to zero."
        elif all(_on_a_grid(column) for column in np.transpose(got[2])):
            hint = (
                f" Each column has a grid of its own, so that the largest matrix has {len(np.unique(got[2])):,} different "
                "numbers. One step for the whole matrix packs better here."
            )
        elif np.mean(np.equal(got[2], 0)) > 0.3:
            hint = " The zeros are there. Now give the others fewer different values: round them to a grid."
        elif len(np.unique(got[2])) < 70_000 / 4:
            hint = " Give them fewer different values, or set the small ones to zero as well."
        else:
            hint = ""
        raise TryAgain(f"{size:,} bytes; at most 80,000 were wanted, and {fell}.{hint}")
    return "At most 80,000 bytes, a quarter of what they took."


@exercise(
    "Give the seen items a score below every other, then sort.",
    "In a copy of the scores set the entries seen to -np.inf; np.argsort sorts from low to high.",
    "s = np.array(scores, dtype=float); s[seen] = -np.inf; return np.argsort(-s)[:n]",
)
def suggest(answer):
    scores = np.array([0.3, 0.9, 0.1, 0.7, 0.5, 0.8])
    seen = np.array([1, 4])
    expect(
        "suggest([0.3 0.9 0.1 0.7 0.5 0.8], seen=[1 4], n=3)", call(answer, scores, seen, 3), [5, 3, 0],
        mistakes=[
            ([1, 5, 3], "Items 1 and 4 were seen: leave them out."),
            ([0, 3, 5], "The right items, but worst first. Turn the order round."),
            ([2, 0, 3], "Those are the lowest scores. Sort -scores, or turn the order round."),
            ([1, 4, 2], "Those are the lowest scores. Sort -scores, or turn the order round."),
            ([0.8, 0.7, 0.3], "Those are scores. Return the numbers of the items: argsort, not sort."),
            ([3, 2, 0], "Those are places in the list without the seen items; the numbers have shifted."),
            ([1, 4, 5], "The seen items come first now. A score of minus infinity puts them last."),
        ],
    )  # fmt: skip
    low = -1000 * (1 + np.arange(6.0))
    expect(
        "suggest([-1000 -2000 -3000 -4000 -5000 -6000], seen=[0], n=2)", call(answer, low, np.array([0]), 2), [1, 2],
        mistakes=[([0, 1], "A seen item got a score such as 0 or -1, and others may be lower. Only -np.inf is below them all.")],
    )  # fmt: skip
    expect("suggest(scores, seen=[], n=1)", call(answer, scores, np.array([], dtype=int), 1), [1])
    return "Nobody needs to be told about what they already have."


@exercise(
    "Compare it line by line with build_recommender.",
    "The embedding needs a row for each user; the outputs must be probabilities that add up to 1; and SGD with 0.001 creeps.",
    "Embedding(n_users, 2), activation='softmax', keras.optimizers.Adam(0.02).",
    seconds=120,
)
def repair(answer):
    n_users, n_items = 240, 80
    model = compiled_model(answer, "repaired_recommender", n_users, n_items, inputs=(1,))
    tables = layers_of(model, keras.layers.Embedding)
    rows, output = (tables[0].input_dim if tables else n_users), model.output_shape
    rows_short = rows < n_users
    plain = isinstance(model.optimizer, keras.optimizers.SGD) and learning_rate(model) < 0.0011
    no_probabilities = output_activation(model) == "relu"
    if rows_short and plain and no_probabilities:
        raise NotStarted("The model is still as it was given. Three things are wrong with it.")
    if rows_short:
        raise TryAgain(f"The embedding has {rows} rows, and there are {n_users} users: user {n_users - 1} has no row.")
    if output != (None, n_items):
        raise TryAgain(f"The output has shape {output}; expected (None, {n_items}), a probability for each item.")
    taken, _, _ = tastes(n_users, n_items, n_taken=16, seed=3)
    hidden, known = taken[:, :4], taken[:, 4:]
    took = np.zeros((n_users, n_items))
    np.put_along_axis(took, known, 1, axis=1)
    users = np.repeat(np.arange(n_users), known.shape[1])[:, None]
    refuse_no_probabilities(model, np.arange(n_users)[:, None], "a user")
    train(model, users, known.ravel(), batch_size=64, epochs=30)
    scores = outputs_of(model, np.arange(n_users)[:, None])

    def found(values):
        best = np.argsort(-np.where(took == 1, -np.inf, values), axis=1)[:, :10]
        return np.mean([np.isin(h, b) for h, b in zip(hidden, best, strict=True)])

    popular, own = found(np.tile(took.sum(axis=0), (n_users, 1))), found(scores)
    if not np.isfinite(scores).all():
        raise TryAgain("After training the outputs are no numbers any more: the learning rate is too large.")
    if own < popular + 0.08:
        hint = "The optimizer makes steps far too small: Adam with 0.02, say." if plain else (
            "There is no Embedding layer left: where does each user have numbers of its own?" if not tables else
            "Does each user keep numbers of its own up to the output, and is the rate large enough?"
        )  # fmt: skip
        raise TryAgain(
            f"After 30 epochs it finds {own:.0%} of the hidden items, popularity {popular:.0%}; 8 points more were "
            f"wanted. {hint}"
        )
    return "It finds far more of the hidden items than popularity does."


EXERCISES = (multiply_adds, largest_batch, faster, drop_units, to_int8, squeeze, suggest, repair)
