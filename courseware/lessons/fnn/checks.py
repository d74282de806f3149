"""Exercises of lesson 03: what each checks, and its hints."""

import keras
import numpy as np

from courseware.checking import NotStarted, TryAgain, array, call, exercise, expect, number, pair
from courseware.checking_keras import (
    compiled_model,
    every_layer,
    layers_of,
    learning_rate,
    outputs_of,
    refuse_other_shapes,
    starts,
    train,
)
from courseware.data import spiral


@exercise(
    "Look at two neighbouring layers at a time: how many arrows are between them, and how many units do they lead to?",
    "Between widths `before` and `after` there are before * after weights, and after biases: (before + 1) * after.",
    "Add that up over zip(widths, widths[1:]).",
)
def count_parameters(answer):
    got = call(answer, [2, 3, 1])
    expect(
        "count_parameters([2, 3, 1])", got, 13,
        mistakes=[
            (9, "Those are the weights alone. Each unit outside the input layer also has a bias."),
            (15, "The input layer computes nothing, so it has no biases."),
            (11, "One bias for each layer was counted; every unit has its own."),
            (10, "That adds one bias in all; every unit has its own."),
            (12, "The biases of the output layer, or of one unit, are missing."),
            (6, "That is the number of units. Count the arrows between them, and a bias for each unit that computes."),
            (4, "That counts biases only. The weights are missing."),
            (14, "Add the bias to the width before the arrow, not after it: (before + 1) * after."),
        ],
    )  # fmt: skip
    exactly = {"rtol": 0.0, "atol": 1e-9}  # it is a count
    expect(
        "count_parameters([4, 5, 3])", call(answer, [4, 5, 3]), 43,
        mistakes=[(41, "The output layer has three units, and each of them has a bias of its own.")], **exactly,
    )  # fmt: skip
    expect("count_parameters([784, 128, 10])", call(answer, [784, 128, 10]), 101_770, **exactly)
    expect("count_parameters([8, 1]), which has no hidden layer", call(answer, [8, 1]), 9, **exactly)
    expect("count_parameters([2, 6, 4, 3, 1])", call(answer, [2, 6, 4, 3, 1]), 65, **exactly)
    return "Count before you build: it takes a second and prevents surprises."


@exercise(
    "Let x run through the layers: what one layer puts out is what the next one gets.",
    "for w, b in layers_list[:-1]: x = np.maximum(0, x @ w + b). What happens with the last pair?",
    "After that loop: w, b = layers_list[-1], then return x @ w + b.",
)
def forward(answer):
    x = np.array([[2.0, 3.0], [-1.0, 1.0]])
    first = (np.array([[1.0, -1.0, 0.5], [-0.5, 0.5, 0.5]]), np.array([0.5, 0.0, -1.0]))
    last = (np.array([[1.0], [-2.0], [1.0]]), np.array([-3.5]))

    def relu(z):
        return np.maximum(0, z)

    z = x @ first[0] + first[1]
    right = relu(z) @ last[0] + last[1]
    got = call(answer, x, [first, last], name="forward")
    if np.shape(got) == (2, 3):
        raise TryAgain("forward returned the hidden layer. The output layer comes after it.")
    expect(
        "forward of two examples through a 2-3-1 network", got, right,
        mistakes=[
            (relu(right), "ReLU was applied to the output too. The last layer is linear, so its answer may be negative."),
            (z @ last[0] + last[1], "The hidden layer has no ReLU."),
            (relu(x @ first[0]) @ last[0], "The biases are missing."),
            (relu(x @ first[0]) @ last[0] + last[1], "The hidden layer's bias is missing."),
            (relu(z) @ last[0], "The output layer's bias is missing."),
            ((relu(x @ first[0]) + first[1]) @ last[0] + last[1], "The bias belongs inside ReLU: first x @ w + b, then ReLU."),
        ],
    )  # fmt: skip
    middle = (np.array([[1.0, -1.0], [0.0, 2.0], [-1.0, 0.5]]), np.array([0.5, -0.25]))
    end = (np.array([[1.0, 2.0], [-1.0, 0.5]]), np.array([0.0, 1.0]))
    deep = relu(relu(z) @ middle[0] + middle[1]) @ end[0] + end[1]
    expect("forward through three layers, two outputs", call(answer, x, [first, middle, end], name="forward"), deep)
    expect("forward through a single layer, which is the last", call(answer, x, [end], name="forward"), x @ end[0] + end[1],
           mistakes=[(relu(x @ end[0] + end[1]), "The only layer is also the last: no ReLU.")])  # fmt: skip
    return "Weighted sum, activation, and again: that is a network."


@exercise(
    "First pick, from each row, the probability of its right class; then take logarithms.",
    "probabilities[np.arange(len(labels)), labels] picks one number from each row.",
    "return np.mean(-np.log(probabilities[np.arange(len(labels)), labels]))",
)
def cross_entropy(answer):
    probabilities = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8], [0.2, 0.7, 0.1]])
    labels = np.array([0, 2, 0])
    right = np.array([0.5, 0.8, 0.2])
    got = call(answer, probabilities, labels)
    if np.shape(got) == (3,):
        raise TryAgain("cross_entropy returned one loss for each example; return their mean.")
    expect(
        "cross_entropy of three examples with probabilities 0.5, 0.8 and 0.2 for the right class", got,
        -np.log(right).mean(),
        mistakes=[
            (np.log(right).mean(), "The sign is turned. The logarithm of a probability is negative; the loss is minus that."),
            (-np.log(right).sum(), "That is the sum; take the mean."),
            (-np.log(right.mean()), "That is the log of the mean. Take the logarithm of each probability first."),
            (-np.log(probabilities).mean(), "That takes all probabilities. Only the one of the right class counts."),
            (-np.log(probabilities.max(axis=1)).mean(), "That takes the largest probability of each row. Take that of the right class."),
            (-np.log2(right).mean(), "That is the logarithm to base 2; use np.log."),
            (-np.log10(right).mean(), "That is the logarithm to base 10; use np.log."),
            (np.mean((1 - right) ** 2), "That is the squared error; use -log."),
            (-np.log(probabilities[labels]).mean(),
             "probabilities[labels] picks whole rows. Pair row and label: probabilities[np.arange(n), labels]."),
            (-np.log(probabilities[:, labels]).mean(),
             "probabilities[:, labels] picks three columns for every row. Pair row and label: probabilities[np.arange(n), labels]."),
        ],
    )  # fmt: skip
    expect("cross_entropy of ten classes with probability 0.1 each",
           call(answer, np.full((4, 10), 0.1), np.array([3, 1, 9, 0])), np.log(10))  # fmt: skip
    four = np.array([[0.7, 0.1, 0.2], [0.3, 0.5, 0.2], [0.6, 0.3, 0.1], [0.2, 0.2, 0.6]])
    expect("cross_entropy of four rows and the labels 0, 2, 1, 2",
           call(answer, four, np.array([0, 2, 1, 2])), -np.log([0.7, 0.2, 0.3, 0.6]).mean(),
           mistakes=[(-np.log([0.7, 0.2, 0.3]).mean(), "That counts three rows only: use len(labels).")])  # fmt: skip
    return "Guessing evenly among ten costs 2.30: a number to remember."


@exercise(
    "Go forward first: you need z, h and the prediction. Then follow the five steps from the end.",
    "d_prediction = 2 * (prediction - y) / y.size, and d_z = (d_prediction @ w2.T) * (z > 0).",
    "return x.T @ d_z, d_z.sum(axis=0), h.T @ d_prediction, d_prediction.sum(axis=0)",
)
def backward(answer):
    names = ("d_w1", "d_b1", "d_w2", "d_b2")

    def slopes(w1, b1, w2, b2, x, y, two=2.0, over=None, gate=True, sign=1.0, weights=None):
        z = x @ w1 + b1
        h = np.maximum(0, z)
        d = sign * two * (h @ w2 + b2 - y) / (over or y.size)
        d_h = d @ (w2.T if weights is None else weights)
        d_z = d_h * (z > 0) if gate else d_h
        return x.T @ d_z, d_z.sum(0), h.T @ d, d.sum(0)

    def blames(case):
        try:
            return call(answer, *case, name="backward")
        except TryAgain as fault:
            if "matmul" not in str(fault):
                raise
            raise TryAgain(f"{fault} The shapes of a product do not fit. Did you turn w2 and x with .T?") from None

    def compare(given, shown, faults):
        got = []
        for name, value, wanted in zip(names, pair(given, "backward(...)", names), slopes(*shown), strict=True):
            if wanted.shape == (1,) and np.size(value) == 1:
                value = np.reshape(np.asarray(value, dtype=float), (1,))
            got.append(array(value, wanted.shape, name))
        for place in reversed(range(4)):  # from the output back, as the blame travels
            expect(names[place], got[place], slopes(*shown)[place],
                   mistakes=[(wrong[place], words) for wrong, words in faults])  # fmt: skip

    rng = np.random.default_rng(4)
    for outputs in (1, 2):
        w1, b1 = rng.normal(0, 1, (2, 3)), rng.normal(0, 1, 3)
        w2, b2 = rng.normal(0, 1, (3, outputs)), rng.normal(0, 1, outputs)
        x, y = rng.normal(0, 1, (5, 2)), rng.normal(0, 1, (5, outputs))
        case = (w1, b1, w2, b2, x, y)
        faults = [
            (slopes(*case, two=1.0), "The factor 2 is missing: the rate of e**2 is 2 * e."),
            (slopes(*case, over=1), "The loss is a mean: divide the blame of each error by y.size."),
            (slopes(*case, sign=-1.0), "The sign is turned: the error is prediction minus label."),
            (slopes(*case, gate=False), "ReLU's slope is missing (step 4): no blame passes where z was below 0."),
            (slopes(*case, weights=np.ones_like(w2.T)),
             "The blame of a hidden unit is that of the predictions, each times the weight that leads to it."),
        ]  # fmt: skip
        if outputs > 1:
            only_first = w2.T * np.array([[1.0], [0.0]])
            faults += [
                (
                    slopes(*case, over=len(y)),
                    "There are two outputs: the mean is over all y.size errors, not over the examples alone.",
                ),
                (slopes(*case, weights=only_first), "Each hidden unit feeds both outputs: add up the blames of both."),
            ]
        compare(blames(case), case, faults)

    # One sum z is 2**-22, above 0 by less than a nudge: the chain rule does not mind, and a nudge crosses the kink.
    w1, b1 = np.array([[1.0, 0.5], [0.25, -0.5]]), np.array([2.0**-22 - 1.25, 1.0])
    w2, b2 = np.array([[2.0, -1.0, 0.5], [1.0, 0.5, -2.0]]), np.array([0.5, -1.0, 0.25])
    case = (w1, b1, w2, b2, np.array([[1.0, 1.0], [2.0, 3.0]]), np.array([[3.0, 1.0, -1.0], [0.5, -2.0, 4.0]]))
    compare(blames(case), case, [
        (_nudged(*case), "Those slopes were measured by nudging, and a nudge went across a kink. Go back by the chain rule."),
    ])  # fmt: skip
    return "One pass back, and every parameter knows its blame, with one output or several."


def _nudged(*case, nudge=1e-6):
    """What the lesson's `nudged_gradient` finds."""
    *parameters, x, y = (np.array(part) for part in case)
    w1, b1, w2, b2 = parameters
    slopes = [np.zeros_like(p) for p in parameters]
    for p, slope in zip(parameters, slopes, strict=True):
        for place in np.ndindex(p.shape):
            kept, losses = p[place], []
            for sign in (1, -1):
                p[place] = kept + sign * nudge
                losses.append(np.mean((np.maximum(0, x @ w1 + b1) @ w2 + b2 - y) ** 2))
            slope[place], p[place] = (losses[0] - losses[1]) / (2 * nudge), kept
    return slopes


@exercise(
    "Update both averages, correct them for their start at 0, and walk against the slope.",
    "m = 0.9 * m + 0.1 * g and v = 0.999 * v + 0.001 * g**2; corrected: m / (1 - 0.9**t), v / (1 - 0.999**t).",
    "w - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7), and m and v as they are.",
)
def adam_step(answer):
    def step(w, g, m, v, t, rate, *, corrected=True, root=True, square=True, sign=-1.0, beta=0.999, old=False):
        new_m, new_v = 0.9 * m + 0.1 * g, beta * v + (1 - beta) * (g**2 if square else g)
        use_m, use_v = (m, v) if old else (new_m, new_v)
        if corrected:
            use_m, use_v = use_m / (1 - 0.9**t), use_v / (1 - beta**t)
        under = np.sqrt(np.abs(use_v)) if root else use_v
        return w + sign * rate * use_m / (under + 1e-7), new_m, new_v

    names = ("w", "m", "v")
    case = (1.0, 4.0, 0.5, 2.0, 3, 0.1)
    got = [
        number(part, name) for part, name in zip(pair(call(answer, *case), "adam_step(...)", names), names, strict=True)
    ]
    right = step(*case)
    told = "adam_step(w=1, g=4, m=0.5, v=2, t=3, rate=0.1)"
    expect(f"m after {told}", got[1], right[1], mistakes=[
        (0.1 * 0.5 + 0.9 * 4, "0.9 belongs to the old average and 0.1 to the new slope."),
        (right[1] / (1 - 0.9**3), "Return m as it is; only the step uses the corrected one."),
        (0.5, "m was not updated."),
    ])  # fmt: skip
    expect(f"v after {told}", got[2], right[2], mistakes=[
        (step(*case, square=False)[2], "v averages the squared slopes: g**2."),
        (0.9 * 2 + 0.1 * 16, "v uses 0.999 and 0.001."),
        (right[2] / (1 - 0.999**3), "Return v as it is; only the step uses the corrected one."),
        (2.0, "v was not updated."),
    ])  # fmt: skip
    expect(f"w after {told}", got[0], right[0], mistakes=[
        (step(*case, corrected=False)[0], "Divide m by 1 - 0.9**t and v by 1 - 0.999**t before you use them."),
        (step(*case, root=False)[0], "Divide by the square root of the corrected v."),
        (step(*case, sign=1.0)[0], "It walks uphill: subtract the step."),
        (step(*case, old=True)[0], "Update m and v first, then use the new ones."),
        (1.0 - 0.1 * 4.0, "That is plain gradient descent."),
        (step(1.0, 4.0, 0.5, 2.0, 1, 0.1)[0], "The correction uses t, the number of this step, not 1."),
    ])  # fmt: skip
    case = (np.array([0.0, 0.0]), np.array([100.0, -0.1]), np.zeros(2), np.zeros(2), 1, 0.1)
    got = pair(call(answer, *case), "adam_step of two parameters", names)
    expect("w after a first step from 0 with slopes 100 and -0.1", got[0], [-0.1, 0.1], rtol=1e-3)
    tiny = (0.0, 1e-7, 0.0, 0.0, 1, 0.1)
    got = pair(call(answer, *tiny), "adam_step of a tiny slope", names)
    keras_way = -0.1 * 1e-7 / (1e-7 + 1e-7 / np.sqrt(0.001))  # 1e-7 is added to the root of v before the correction
    if not np.isclose(number(got[0], "w"), keras_way, rtol=1e-3):
        expect("w after a first step from 0 with slope 1e-7, rate 0.1", got[0], -0.05, rtol=1e-3, mistakes=[
            (-0.1, "Add 1e-7 to the root: without it, a slope of exactly 0 gives 0 divided by 0."),
        ])  # fmt: skip
    return "Steep or gentle, the first step has the length of the rate."


@exercise(
    "Two calls of train_test_split: the second one cuts what the first one held out.",
    "test_size=0.3 in the first, 0.5 in the second, and random_state=seed in both.",
    "x_train, x_rest, y_train, y_rest = train_test_split(x, y, test_size=0.3, random_state=seed), then the rest in half.",
)
def split(answer):
    x = np.arange(400.0).reshape(200, 2)
    y = np.arange(200) % 3  # classes, so that a cut may be stratified
    names = ("x_train", "y_train", "x_val", "y_val", "x_test", "y_test")
    got = pair(call(answer, x, y, 3, name="split"), "split(x, y, seed)", names)
    sizes = [len(part) for part in got]
    if [np.ndim(part) for part in got] != [2, 1, 2, 1, 2, 1]:
        raise TryAgain("The order is wrong: return x_train, y_train, x_val, y_val, x_test, y_test.")
    for name, size, wanted in zip(names, sizes, (140, 140, 30, 30, 30, 30), strict=True):
        if abs(size - wanted) > 1:
            likely = {
                144: " 15 % of what the first cut left is less than 15 % of all. Cut off 0.3 first, then halve it with 0.5.",
                170: " Cut off 30 % first (test_size=0.3), then half of that.",
                60: " The 30 % that were cut off must be cut once more, in half.",
                51: " The second cut is a half (test_size=0.5) of the rest.",
                119: " The second cut halves the 30 %, not the training set.",
            }.get(size, "")
            raise TryAgain(f"Of 200 examples, {name} has {size}; expected {wanted}.{likely}")
    parts = [
        (array(got[i], (sizes[i], 2), names[i]), array(got[i + 1], (sizes[i + 1],), names[i + 1])) for i in (0, 2, 4)
    ]
    for (rows, labels), name in zip(parts, ("train", "val", "test"), strict=True):
        which = (rows[:, 0] / 2).astype(int) % len(x)
        if len(rows) != len(labels) or not np.array_equal(rows, x[which]) or not np.array_equal(labels, y[which]):
            raise TryAgain(
                f"In {name} the labels no longer belong to their rows. Shuffle x and y together, in one call."
            )
    every = np.concatenate([rows[:, 0] for rows, _ in parts])
    if len(set(every.tolist())) < len(every):
        raise TryAgain(
            "Some examples are in two of the three sets. Cut the second time only what the first cut held out."
        )
    if np.array_equal(np.sort(parts[0][0], axis=0), x[: len(parts[0][0])]):
        raise TryAgain("The examples were not shuffled: the training set is simply the first part.")
    if np.mean(np.diff(every) == x[1, 0] - x[0, 0]) > 0.5:
        raise TryAgain("The examples were not shuffled: most of them still stand one behind the other, as they came.")
    again = call(answer, x, y, 3, name="split")
    if not all(np.array_equal(a, b) for a, b in zip(got, again, strict=True)):
        raise TryAgain("Two calls with the same seed gave different splits. Pass random_state=seed in both cuts.")
    other = call(answer, x, y, 4, name="split")
    if all(np.array_equal(a, b) for a, b in zip(got, other, strict=True)):
        raise TryAgain("Another seed gave the same split: the seed is not used.")
    return "A textbook, a practice quiz and an exam, and nothing in two of them."


@exercise(
    "One fault is in the output layer, one in how the hidden layer starts, one in the optimizer.",
    "What does softmax give for a single unit? What does a ReLU unit whose weights are all 0 say? How far is a step of Adam?",
    'Output: activation="sigmoid". Hidden layer: no kernel_initializer. Optimizer: Adam(0.01).',
    seconds=60,
)
def repair(answer):
    model = compiled_model(answer, "repaired_classifier", inputs=(8,))
    refuse_other_shapes(model, (8,), (1,), "eight measurements in and one answer out")
    dense, rate = layers_of(model, keras.layers.Dense), learning_rate(model)
    softmax = any(layer.activation is keras.activations.softmax for layer in dense)
    zeros = any(
        layer.activation is not keras.activations.sigmoid and not np.any(layer.get_weights()[0]) for layer in dense[:-1]
    )
    if softmax and zeros and rate >= 10:
        raise NotStarted("The model is still as it was given. Three things are wrong with it.")
    if softmax:
        raise TryAgain(
            "The output still has softmax. Softmax makes the outputs of a layer add up to 1; with a single unit, that "
            "one is always 1."
        )
    rng = np.random.default_rng(5)
    x = rng.normal(0, 1, (1000, 8)).astype("float32")
    # sick at both ends of the second measurement: no straight boundary separates them
    y = (x[:, 0] + 2 * np.abs(x[:, 1]) - x[:, 2] + rng.normal(0, 0.3, 1000) > 1.6).astype("float32")
    train(model, x, y, epochs=100)
    out = outputs_of(model, x)[:, 0]
    if getattr(model.loss, "from_logits", False):  # the sigmoid is in the loss
        out = 1 / (1 + np.exp(-np.clip(out, -50, 50)))
    if not np.isfinite(out).all() or out.min() < -1e-6 or out.max() > 1 + 1e-6:
        raise TryAgain(
            "The answers are not probabilities: some lie outside 0 to 1. Which activation gives a yes-or-no answer?"
        )
    right = np.mean((out > 0.5) == y)
    if zeros and right < 0.85 and np.ptp(out) < 1e-6:
        raise TryAgain("The hidden weights all start at 0: every unit is silent, and no blame passes.")
    if rate >= 1 and right < 0.85:
        raise TryAgain(
            f"Adam's rate is {rate:g}: each step moves every weight by about that much. Which rate had the networks above?"
        )
    if right < 0.85:
        straight = keras.activations.linear
        bent = len(every_layer(model)) > len(dense) or any(layer.activation is not straight for layer in dense[:-1])
        raise TryAgain(
            f"After 100 epochs on 1,000 made-up patients {right:.0%} are right; 85 % were expected. "
            + ("Is the learning rate large enough, and is the loss the binary cross-entropy?" if bent else
               "That is about what a straight boundary gets. Keep the hidden layer, and its ReLU.")
        )  # fmt: skip
    return "One sigmoid, a start from which blame passes, and a rate that Adam can live with."


@exercise(
    "The spiral needs many kinks, and on this task one hidden layer gives them as cheaply as two. Count: [2, a, 1].",
    "[2, 14, 1] has 3 * 14 + 15 = 57 parameters. ReLU, and a rate somewhat larger than Adam's usual one.",
    'build_stack([14], activation="relu", learning_rate=0.02)',
    seconds=120,
)
def small_spiral(answer):
    best = 0.0
    for start in starts(answer, 3):
        model = compiled_model(answer, "small_spiral", inputs=(2,))
        refuse_other_shapes(model, (2,), (1,), "two coordinates in and one answer out")
        if model.count_params() > 60:
            raise TryAgain(f"The model has {model.count_params()} parameters; at most 60 were allowed.")
        hidden = layers_of(model, keras.layers.Dense)[:-1]
        if not hidden:
            raise TryAgain("Without a hidden layer the boundary is one straight line. The spiral needs kinks.")
        if all(layer.activation is keras.activations.linear for layer in hidden) and len(hidden) + 1 == len(
            every_layer(model)
        ):
            raise TryAgain("The hidden layers have no activation, so together they are one straight line (lesson 02).")
        points, arm = spiral(n=1000, turns=1.25, noise=0.02, seed=start)
        fresh, fresh_arm = spiral(n=1000, turns=1.25, noise=0.02, seed=start + 100)
        train(model, points.astype("float32"), arm, batch_size=50, epochs=60)
        out = outputs_of(model, fresh.astype("float32"))[:, 0]
        best = max(best, float(np.mean((out > 0.5) == fresh_arm)))
        if best >= 0.95:
            return f"{model.count_params()} parameters separate the spiral."
    advice = ("Use more of the 60 parameters. " if model.count_params() < 50 else "") + (
        "Which activation and which learning rate had the spiral's networks above? Or divide the units up differently.")  # fmt: skip
    raise TryAgain(f"At best {best:.0%} of new points were right; 95 % was the goal. {advice}")


EXERCISES = (count_parameters, forward, cross_entropy, backward, adam_step, split, repair, small_spiral)
