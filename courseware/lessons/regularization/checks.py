"""Exercises of lesson 09: what each checks, and its hints."""

import keras
import numpy as np

from courseware.checking import NotStarted, TryAgain, array, call, describe, exercise, expect, number, pair
from courseware.checking_keras import (
    DIGIT_LABELS,
    accuracy,
    compiled_model,
    every_layer,
    refuse_no_probabilities,
    refuse_other_shapes,
    train,
)
from courseware.data import noisy_digits

GOAL = 0.82  # fraction of clean digits read in "beat_noise"


@exercise(
    "First look at the training accuracy: is it much better than guessing, which is 0.10?",
    "If it is poor, the network underfits. If it is high, compare it with the validation accuracy.",
    "Two of the four overfit; the one with 0.43 underfits.",
)
def diagnose(answer):
    if not isinstance(answer, dict) or set(answer) != set("ABCD"):
        raise TryAgain(f'verdicts is {describe(answer)}; expected {{"A": ..., "B": ..., "C": ..., "D": ...}}.')
    if all(verdict is ... for verdict in answer.values()):
        raise NotStarted
    words = ("overfits", "underfits", "generalizes")
    right = dict(zip("ABCD", (words[0], words[1], words[2], words[0]), strict=True))
    why = {
        "A": "0.71 is far below 1.00: what it knows by heart does not carry over.",
        "B": "The two agree, and that is good; but it is poor already on what it was shown.",
        "C": "Both are high, and they differ by one point only.",
        "D": "It knows its training data almost perfectly and guesses on new data, like the network that learned dice.",
    }
    for name, verdict in answer.items():
        if verdict is ...:
            raise TryAgain(f"The verdict on {name} is missing.")
        if not isinstance(verdict, str) or verdict.strip().lower() not in words:
            raise TryAgain(f"The verdict on {name} is {describe(verdict)}; expected one of {', '.join(words)}.")
        if verdict.strip().lower() != right[name]:
            raise TryAgain(f"Network {name} was called {verdict!r}. {why[name]}")
    return "Compare the two numbers with each other, and the first with guessing."


@exercise(
    "Three terms, added up: the loss, and two sums over the weights, each times its strength.",
    "np.abs(weights) gives the sizes, weights**2 the squares; np.sum adds over all of them.",
    "return data_loss + l1 * np.sum(np.abs(weights)) + l2 * np.sum(weights**2)",
)
def penalized_loss(answer):
    weights = np.array([1.0, -2.0, 0.5])
    expect(
        "penalized_loss(2.0, [1 -2 0.5], l1=0.1, l2=0)", call(answer, 2.0, weights, 0.1, 0.0), 2.35,
        mistakes=[
            (0.7, "The penalty is added to the loss on the data, not multiplied with it."),
            (1.95, "The weights were added with their signs, so they cancel. L1 takes their sizes."),
            (0.35, "That is the penalty alone. Add the loss on the data."),
            (2 + 0.35 / 3, "That is a mean. The penalty is a sum over the weights."),
            (2.525, "The two strengths have changed places, or L1 was squared."),
            (2.0, "Nothing was added for L1."),
        ],
    )  # fmt: skip
    expect(
        "penalized_loss(1.0, [1 -2 0.5], l1=0, l2=0.1)", call(answer, 1.0, weights, 0.0, 0.1), 1.525,
        mistakes=[
            (1 + 0.1 * np.sqrt(5.25), "A root was taken. L2 in this course, and in Keras, is the plain sum of squares."),
            (1 + 0.1 * 5.25 / 2, "Some books put 1/2 before L2. Here, as in Keras, it has none."),
            (1 + 0.1 * 0.25, "The sum was squared. Square each weight first."),
            (1 + 0.1 * 5.25 / 3, "That is a mean. The penalty is a sum over the weights."),
            (1.0, "Nothing was added for L2."),
        ],
    )  # fmt: skip
    table = np.array([[1.0, -1.0], [2.0, 0.0]])
    expect(
        "penalized_loss(0.5, a matrix of weights, l1=0.01, l2=0.1)",
        call(answer, 0.5, table, 0.01, 0.1),
        0.5 + 0.04 + 0.6,
        mistakes=[
            (0.5 + 0.11 * 10, "Each sum has its own strength."),
        ],
    )
    return "What training makes small is the loss plus a price."


@exercise(
    "The slope of a sum is the sum of the slopes. What are the slopes of |w| and of w**2?",
    "They are np.sign(w) and 2 * w, each times its strength.",
    "return slope + l1 * np.sign(weights) + 2 * l2 * weights",
)
def penalized_slope(answer):
    slope, weights = np.array([0.5, 1.0, 0.0]), np.array([2.0, -3.0, 0.0])
    expect(
        "penalized_slope([0.5 1 0], [2 -3 0], l1=0.1, l2=0)", call(answer, slope, weights, 0.1, 0.0), [0.6, 0.9, 0.0],
        mistakes=[
            ([0.4, 1.1, 0.0], "The penalty has the wrong sign: it raises the slope of a positive weight, and descent goes against it."),
            ([0.6, 1.1, 0.1], "L1 pushes each weight toward zero: its slope has the sign of the weight."),
            ([0.6, 1.1, 0.0], "The sign that counts is that of the weights, not of the slope."),
            ([0.7, 0.7, 0.0], "The slope of |w| does not depend on how large w is: it is +1 or -1."),
            ([0.7, 1.3, 0.0], "That added the penalty itself. Its slope is asked for: np.sign(weights)."),
            ([0.1, -0.1, 0.0], "The slope of the loss on the data is missing."),
            ([0.6, 0.9, 0.1], "At 0 a weight has no sign: np.sign(0) is 0, so L1 pushes nowhere."),
            ([0.6, 0.9, -0.1], "At 0 a weight has no sign: np.sign(0) is 0, so L1 pushes nowhere."),
            ([0.9, 0.4, 0.0], "The two strengths have changed places."),
            (slope, "Nothing was added for L1. (Or were the signs summed up? They cancel; each weight has a slope of its own.)"),
        ],
    )  # fmt: skip
    expect(
        "penalized_slope([0.5 1 0], [2 -3 0], l1=0, l2=0.1)", call(answer, slope, weights, 0.0, 0.1), [0.9, 0.4, 0.0],
        mistakes=[
            ([0.7, 0.7, 0.0], "The slope of w**2 is 2 * w; the 2 is missing."),
            ([0.9, 1.9, 0.0], "That added w**2 itself. Its slope is asked for."),
            ([0.9, 1.6, 0.0], "The slope of w**2 has the sign of w: below 0 the parabola falls."),
            ([0.6, 0.9, 0.0], "That is L1's slope. The one of w**2 grows with w."),
            ([0.1, 1.6, 0.0], "The penalty has the wrong sign."),
            ([0.4, -0.6, 0.0], "The slope of the loss on the data is missing."),
            (slope, "Nothing was added for L2."),
        ],
    )  # fmt: skip
    expect("penalized_slope with both penalties", call(answer, slope, weights, 0.1, 0.1), [1.0, 0.3, 0.0])
    return "L1 pushes with the same force down to zero; L2's push fades."


@exercise(
    "First the easy case: if not training, return the values. Then draw.",
    "rng.random(values.shape) >= rate is True with probability 1 - rate: those stay.",
    "return values * (rng.random(values.shape) >= rate) / (1 - rate)",
)
def drop(answer):
    def run(rate, training, seed, given=None):
        given = values if given is None else given
        got = call(answer, given, rate, training, np.random.default_rng(seed), name="drop")
        return array(got, given.shape, f"drop(..., training={training})")

    values = np.arange(1.0, 1001.0).reshape(10, 100)
    resting = run(0.5, False, 0)
    if not np.allclose(resting, values):
        words = "It was scaled." if np.allclose(resting / values, (resting / values).flat[0]) else "Units were dropped."
        raise TryAgain(f"With training=False the values must come back as they are. {words}")
    for rate in (0.2, 0.5):
        got = run(rate, True, 1)
        zero = got == 0
        gone = np.mean(zero)
        left = (got / values)[~zero]
        if np.isclose(got, -rate).mean() > 0.05:
            raise TryAgain(f"Some values became -{rate}: mind the brackets, / (1 - rate).")
        if gone in (0, 1) and len({float(np.mean(run(rate, True, seed) == 0)) for seed in range(12)}) > 1:
            raise TryAgain("All units are dropped, or none. Draw a number for each place: rng.random(values.shape).")
        if gone == 1:
            raise TryAgain(f"With training=True and rate {rate} every unit was dropped.")
        if gone == 0:
            raise TryAgain(f"With training=True and rate {rate} no unit was dropped.")
        if np.all(zero == zero[0]):
            raise TryAgain("The same units were dropped for every example. Draw for each place of the array.")
        if np.all(zero == zero[:, :1]):
            raise TryAgain("Of each example all units were dropped, or none. Draw for each place of the array.")
        if rate != 0.5 and abs(gone - (1 - rate)) < 0.06:
            raise TryAgain(
                f"With rate {rate} a fraction of {gone:.2f} was dropped. The rate is the fraction that goes, not that stays."
            )
        if abs(gone - rate) > 0.06:
            raise TryAgain(f"With rate {rate} a fraction of {gone:.2f} of the values became zero.")
        if np.allclose(left, 1):
            raise TryAgain(
                "The values that stayed were not scaled up: divide by 1 - rate, so that the average stays the same."
            )
        if not np.allclose(left, 1 / (1 - rate)):
            if np.allclose(left, 1 / rate):
                raise TryAgain(f"With rate {rate} the others were divided by the rate; divide by 1 - rate.")
            if np.allclose(left, 1 - rate):
                raise TryAgain(f"With rate {rate} the others were multiplied by 1 - rate; divide by it.")
            raise TryAgain(
                f"With rate {rate} the values that stayed were multiplied by {describe(left.flat[0])}; "
                f"expected {1 / (1 - rate):.4g}."
            )
    if np.array_equal(run(0.5, True, 1), run(0.5, True, 2)):
        raise TryAgain("Two different rng drew the same. Use the rng that is given.")
    if not np.array_equal(run(0.5, True, 1), run(0.5, True, 1)):
        raise TryAgain("The same rng, begun anew, drew something else. Use the rng that is given, and nothing else.")
    for given in (np.arange(1.0, 401.0), np.arange(1.0, 401.0).reshape(4, 5, 20)):
        got = run(0.5, True, 1, given)
        zero = got == 0
        alike = any(np.all(zero == zero.take([0], axis=axis)) for axis in range(given.ndim))
        if alike or not np.all(zero | np.isclose(got, 2 * given)):
            raise TryAgain(
                f"In an array of shape {given.shape} not every place was drawn by itself: draw values.shape."
            )
    return "Nobody is indispensable, and on average nothing changes."


@exercise(
    "Go through the epochs and remember the best so far. When is its lead over the present one too long?",
    "A new low makes this epoch the best. Otherwise stop if epoch - best has reached the patience.",
    "for epoch in range(1, len(losses) + 1): if losses[epoch - 1] < losses[best - 1]: best = epoch; "
    "elif epoch - best >= patience: return epoch, best. After the loop: return len(losses), best.",
)
def stop_at(answer):
    losses = [0.9, 0.7, 0.5, 0.6, 0.55, 0.52, 0.4]

    def run(losses, patience):
        got = pair(call(answer, losses, patience), f"stop_at({losses}, {patience})", ("epoch", "best"))
        return [number(part, "an epoch") for part in got]

    expect(
        f"stop_at({losses}, patience=2)", run(losses, 2), [5, 3],
        mistakes=[
            ([4, 3], "It stopped at the first epoch that was not better. Patience 2 allows for two such epochs."),
            ([6, 3], "It waited one epoch too long: after two epochs without a new low, training stops."),
            ([4, 2], "Count the epochs from 1; these are counted from 0."),
            ([3, 5], "The two are swapped: first where training stops, then the best epoch."),
            ([7, 7], "The low at the end comes after patience 2 was over: 0.55 and 0.52 are lower than the epoch before, but no new lows."),
            ([5, 5], "The second number is the best epoch, not the last."),
            ([5, 2], "The best epoch is counted from 0 here; count both from 1."),
            ([3, 3], "It stopped at the low itself. Nobody knows yet that it is the low."),
        ],
    )  # fmt: skip
    expect(
        f"stop_at({losses}, patience=4)", run(losses, 4), [7, 7],
        mistakes=[
            ([5, 3], "The patience is 4 here: use the argument, not a fixed 2."),
            ([7, 3], "The last epoch is a new low, within patience 4."),
        ],
    )  # fmt: skip
    expect(
        "stop_at([0.5, 0.4, 0.45, 0.43, 0.44, 0.42], patience=3)", run([0.5, 0.4, 0.45, 0.43, 0.44, 0.42], 3), [5, 2]
    )
    expect("stop_at([0.5, 0.4, 0.3], patience=2)", run([0.5, 0.4, 0.3], 2), [3, 3])
    expect("stop_at([2.5, 2.4, 2.3, 2.2], patience=2)", run([2.5, 2.4, 2.3, 2.2], 2), [4, 4],
           mistakes=[(wrong, "A loss may be larger than 1: begin with the first loss, or with float('inf'), as the best.")
                     for wrong in ([2, 0], [2, 1], [3, 1], [4, 1])])  # fmt: skip
    expect("stop_at([0.5, 0.3, 0.4], patience=2)", run([0.5, 0.3, 0.4], 2), [3, 2],
           mistakes=[([2, 3], "The two are swapped: first where training stops, then the best epoch."),
                     ([3, 3], "Training ends before patience does. The second number is still the best epoch.")])  # fmt: skip
    expect("stop_at([0.5, 0.5, 0.5], patience=2)", run([0.5, 0.5, 0.5], 2), [3, 1],
           mistakes=[([3, 3], "Equal is not better: only a lower loss is a new low.")])  # fmt: skip
    expect("stop_at([0.9, 1.0, 0.5, 0.6, 0.4], patience=2)", run([0.9, 1.0, 0.5, 0.6, 0.4], 2), [5, 5],
           mistakes=[([4, 3], "A new low begins the count anew: only epochs since the best one count.")])  # fmt: skip
    return "That is EarlyStopping(patience=..., restore_best_weights=True)."


@exercise(
    "Put paper around the picture, then cut out a window of the old size.",
    "np.pad(images, ((0, 0), (room, room), (room, room))) adds room on four sides and leaves the first axis alone.",
    "To move the picture down by 1, the window starts 1 higher: padded[:, room - down : room - down + height, "
    "room - right : room - right + width].",
)
def shift(answer):
    def by(images, down, right):
        made = np.zeros_like(images)
        height, width = images.shape[1:]
        for y in range(height):
            for x in range(width):
                if 0 <= y - down < height and 0 <= x - right < width:
                    made[:, y, x] = images[:, y - down, x - right]
        return made

    small = np.arange(1.0, 9.0).reshape(1, 2, 4)
    large = np.random.default_rng(3).uniform(0.1, 1, (2, 4, 5))
    tall = np.arange(1.0, 11.0).reshape(1, 5, 2)
    for images, down, right in (
        (small, 1, 1), (small, 1, 0), (small, 0, 1), (small, 0, 0), (large, -1, 2), (large, 3, -2),
        (small, 0, -3), (large, -3, 0), (large, 0, -4), (tall, -4, 1),
    ):  # fmt: skip
        what = f"shift({describe(images)}, down={down}, right={right})"
        expect(
            what, call(answer, images, down, right), by(images, down, right),
            mistakes=[
                (images, "Nothing was moved."),
                (np.roll(images, (down, right), axis=(1, 2)), "What leaves on one side comes back in on the other: np.roll does that, and so do indices below 0."),
                (by(images, -down, -right), "It went the other way."),
                (by(images, -down, right), "Down is the way in which the row number grows."),
                (by(images, down, -right), "Right is the way in which the column number grows."),
                (by(images, right, down), "Rows and columns are swapped: the first number moves rows."),
            ],
        )  # fmt: skip
    return "To you the same digit, to a dense network a new one."


def _dropouts(model):
    return [
        (place, each.rate) for place, each in enumerate(every_layer(model)) if isinstance(each, keras.layers.Dropout)
    ]


def _strength(model):
    """The largest L1 or L2 strength in the model."""
    found = [0.0]
    for layer in every_layer(model):
        regularizer = getattr(layer, "kernel_regularizer", None)
        found += [abs(float(value)) for name in ("l1", "l2") if (value := getattr(regularizer, name, None)) is not None]
    return max(found)


LIMITS = "kernel_constraint", "bias_constraint", "bias_regularizer"
NOTICED = 1e-4  # a penalty of 0.00001 on the weights of a small layer costs more


def _regularized(model, x):
    """Whether something holds the model back: training is random, weights or activities cost, are limited or decay.

    Batch normalization alone does not: with the same batch it gives the same twice.

    Of what is not Keras's own nobody can tell, and the learner is believed.
    """
    weights = model.get_weights()
    once, again = (np.asarray(keras.ops.convert_to_numpy(model(x, training=True))) for _ in range(2))
    price = sum(abs(float(keras.ops.convert_to_numpy(each))) for each in model.losses)
    model.set_weights(weights)
    return (
        price > NOTICED
        or np.abs(once - again).max() > NOTICED
        or (getattr(model.optimizer, "weight_decay", None) or 0) > 0
        or any(
            not type(layer).__module__.startswith("keras.")
            or any(getattr(layer, key, None) is not None for key in LIMITS)
            for layer in every_layer(model)
        )
    )


def _score(model, n, wrong, seed, batch_size, epochs):
    x, y, x_test, y_test = noisy_digits(n, wrong, seed)
    x, x_test = x.reshape(n, -1), x_test.reshape(len(x_test), -1)
    train(model, x, y, batch_size=batch_size, epochs=epochs, labels=DIGIT_LABELS)
    refuse_no_probabilities(model, x_test)
    return accuracy(model, x_test, y_test)


@exercise(
    "Look at each regularizer: is its place right, and its strength?",
    "Dropout belongs after hidden layers. Usual rates are 0.2 to 0.5, usual L2 strengths 0.001 to 0.03.",
    "Remove the last Dropout, write Dropout(0.5) for the other, and L2(0.001).",
    seconds=60,
)
def repair(answer):
    model = compiled_model(answer, "repaired_reader", inputs=(64,))
    drops = _dropouts(model)
    at_the_end = bool(drops) and drops[-1][0] == len(every_layer(model)) - 1
    too_strong, too_often = _strength(model) > 0.5, any(rate > 0.9 for _, rate in drops)
    if at_the_end and too_strong and too_often:
        raise NotStarted("Three things are wrong; none is mended yet.")
    refuse_other_shapes(model, (64,), (10,), "64 pixels in and ten probabilities out")
    if at_the_end:
        raise TryAgain("There is dropout after the output: some of the ten probabilities are set to zero at random.")
    if too_often:
        rate = max(rate for _, rate in drops)
        raise TryAgain(
            f"With rate {rate:g} only {1 - rate:.0%} of the units are left in each step. What is a usual rate?"
        )
    if too_strong:
        raise TryAgain("The penalty is so strong that weights near zero cost least. The lesson used 0.01 and 0.03.")
    x, _, _, _ = noisy_digits(400, 0.0, 0)
    if not _regularized(model, x.reshape(400, -1)):
        raise TryAgain("There is no regularization left in it, or too little to be noticed. Keep a moderate amount.")
    score = _score(model, 400, 0.0, 0, 400, 200)
    if score < 0.85:
        raise TryAgain(f"After 200 steps on 400 digits it reads {100 * score:.0f} % of new ones; 85 % was expected.")
    return "Enough to share the work, not so much that none is done."


@exercise(
    "Which remedies of the contest are switches of the builder?",
    "Dropout was ahead. Which rates were tried, and which learning rate did the networks have?",
    "return build_network(hidden=(64, 64), dropout=0.5, rate=0.005)",
    seconds=90,
)
def beat_noise(answer):
    model = compiled_model(answer, "noise_proof", inputs=(64,))
    refuse_other_shapes(model, (64,), (10,), "64 pixels in and ten probabilities out")
    start, scores = model.get_weights(), []
    for seed in range(3):
        keras.utils.set_random_seed(seed)
        model.set_weights(start)
        for variable in model.optimizer.variables:
            if "learning_rate" not in variable.path:
                variable.assign(np.zeros(variable.shape))
        scores.append(_score(model, 200, 0.2, 5000 + seed, 20, 30))
    mean = float(np.mean(scores))
    if mean >= GOAL:
        return "The goal is reached, with 40 of 200 labels wrong."
    x, y, _, _ = noisy_digits(200, 0.2, 5002)
    known = accuracy(model, x.reshape(200, -1), y)
    if known > 0.95:
        advice = "It knows nearly all training labels, the 40 wrong ones too: it overfits. Regularize more."
    else:
        advice = (
            f"It knows {known:.0%} of its training labels, of which 80 % are right: well below that it underfits "
            "(regularize less, or train faster), well above it overfits."
        )
    raise TryAgain(f"It reads {100 * mean:.1f} % of clean digits; {100 * GOAL:.0f} % was the goal. {advice}")


EXERCISES = (diagnose, penalized_loss, penalized_slope, drop, stop_at, shift, repair, beat_noise)
