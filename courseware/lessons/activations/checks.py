"""Exercises of lesson 02: what each checks, and its hints."""

import warnings

import keras
import numpy as np

from courseware.checking import NotStarted, TryAgain, array, call, describe, exercise, expect, number, pair
from courseware.checking_keras import compiled_model, every_layer, layers_of, output_activation, outputs_of, train


@exercise(
    "Three steps, in this order: products, sum with bias, activation.",
    "np.sum(w * x) gives the sum of the products. Then + b, and f(...) around it all.",
    "return f(np.sum(w * x) + b)",
)
def neuron(answer):
    w, b, x = np.array([2.0, -1.5]), 0.3, np.array([1.0, 2.0])  # numbers with which no two of these mistakes agree
    got = call(answer, w, b, x, np.tanh)
    if isinstance(got, tuple):
        raise TryAgain(f"neuron returned {len(got)} values; one was expected, the output of the unit.")
    if np.shape(got) == (2,):
        raise TryAgain("neuron returned two numbers, one for each input; a unit adds its products up first.")
    expect(
        "neuron(w=[2 -1.5], b=0.3, x=[1 2], f=tanh)", got, np.tanh(-0.7),
        mistakes=[
            (-0.7, "That is the weighted sum itself. Apply f to it."),
            (np.tanh(-1.0), "The bias is missing: add b before f."),
            (np.tanh(-1.0) + b, "Add the bias before f, not after it."),
            (np.sum(w * np.tanh(x)) + b, "f was applied to the inputs. It belongs to the weighted sum."),
            (np.sum(np.tanh(w * x)) + b, "f was applied to each product. Add the products and the bias first."),
            (np.sum(np.tanh(w * x + b)), "f was applied to each product. Add the products and the bias first."),
            (np.tanh(-0.4), "The bias was added once for each input; add it once, to the sum."),
            (np.tanh(-0.85), "The bias was added to each input; add it once, to the sum."),
            (np.tanh(-1.3), "The bias was subtracted; add it."),
            (np.tanh(-0.2), "That is the mean of the products; a unit takes their sum."),
        ],
    )  # fmt: skip
    expect(
        "neuron(w=[1 2 -1], b=0.25, x=[1 0.5 1.5], f=ReLU)",
        call(answer, np.array([1.0, 2.0, -1.0]), 0.25, np.array([1.0, 0.5, 1.5]), lambda z: np.maximum(0, z)), 0.75,
        mistakes=[(np.tanh(0.75), "Use the f that is passed in, whatever it is."),
                  (2.25, "Only the first two products count; a unit may have any number of inputs.")],
    )  # fmt: skip
    return "Weigh, add, activate."


@exercise(
    "Multiply out (x @ W1 + b1) @ W2 + b2, as with ordinary brackets. Keep the order of the matrices.",
    "You get x @ (W1 @ W2) + (...). What is in the second bracket does not contain x.",
    "return W1 @ W2, b1 @ W2 + b2",
)
def collapse(answer):
    W1, b1 = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]]), np.array([1.0, -2.0])
    W2, b2 = np.array([[2.0, 1.0], [0.0, -1.0]]), np.array([5.0, -3.0])
    what = "collapse(W1, b1, W2, b2) for 3 inputs, 2 units and 2 units"
    W, b = pair(call(answer, W1, b1, W2, b2), what, ("W", "b"))
    if W is ... or b is ...:
        raise NotStarted
    if np.ndim(W) == 1 and np.ndim(b) == 2:
        raise TryAgain("The two are swapped: return the matrix W first, then the bias b.")
    if np.shape(W) == (2, 3):
        raise TryAgain("W has shape (2, 3); expected (3, 2). W is transposed: W1 comes first, W1 @ W2.")
    expect("W", W, W1 @ W2,
           mistakes=[(W1, "That is W1 alone; W2 is missing."),
                     (W1 @ W2.T, "W2 is transposed; leave that out.")])  # fmt: skip
    b = np.ravel(b) if np.shape(b) == (1, 2) else b
    if np.shape(b) == (2, 2):
        raise TryAgain(
            "b has shape (2, 2); expected (2,). `*` multiplies entry by entry; `@` is the product of matrices."
        )
    expect(
        "b", b, b1 @ W2 + b2,
        mistakes=[
            (b2, "The first bias is missing. It passes through the second layer too."),
            (b1 @ W2, "The second bias is missing; add b2 at the end."),
            (b1 + b2, "b1 passes through the second layer: it is multiplied by W2 before b2 is added."),
            (b1.sum() + b2, "b1 passes through the second layer: it is multiplied by W2 before b2 is added."),
            (W2 @ b1 + b2, "Mind the order: b1 @ W2, as the outputs of a layer stand to the left of its matrix."),
            ((b1 @ W2) * b2, "The biases are added, not multiplied."),
        ],
    )  # fmt: skip
    W1, b1, W2, b2 = (
        np.array([[1.0, -1.0, 2.0]]),
        np.array([0.5, 1.0, 0.0]),
        np.array([[2.0], [1.0], [3.0]]),
        np.array([-1.0]),
    )
    what = "collapse(W1, b1, W2, b2) for 1 input, 3 units and 1 unit"
    W, b = pair(call(answer, W1, b1, W2, b2), what, ("W", "b"))
    expect("W for 1 input, 3 units and 1 unit", W, W1 @ W2)
    expect("b for 1 input, 3 units and 1 unit", np.ravel(b), b1 @ W2 + b2)
    return "Two layers, one matrix: nothing was gained by the second."


@exercise(
    "Three knees cut the range from 0.4 to 1.6 into four pieces. This curve bends alike everywhere.",
    "If the curve bends alike everywhere, the pieces should be equally long: (1.6 - 0.4) / 4 each.",
    "The pieces are 0.3 long, so start at 0.4 + 0.3 and go on in steps of 0.3: three numbers in a list.",
)
def knees(answer):
    if answer is ...:
        raise NotStarted
    places = [answer] if np.ndim(answer) == 0 and not isinstance(answer, set | dict) else list(answer)
    if any(place is ... for place in places):
        raise NotStarted
    places = [number(place, "One of the knees") for place in places]
    if len(places) > 3:
        raise TryAgain(f"knees has {len(places)} places; the goal is to make do with three.")
    outside = [place for place in places if not 0.4 < place < 1.6]
    if outside:
        raise TryAgain(
            f"The knee at {outside[0]:g} does not lie between the sizes 0.4 and 1.6, so it bends nothing there."
        )
    size = np.linspace(0.4, 1.6, 241)
    truth = 2 * size**2 + 0.5
    table = np.column_stack([size, np.ones_like(size), *[np.maximum(0, size - place) for place in places]])
    parameters, *_ = np.linalg.lstsq(table, truth)
    error = np.abs(table @ parameters - truth)
    if error.max() > 0.035:
        if len(places) < 3:
            advice = "Use all three knees."
        else:
            advice = f"It is largest near the size {size[error.argmax()]:.2f}. Are the four pieces about equally long?"
        raise TryAgain(f"The largest miss is {error.max():.3f}; at most 0.035 was the goal. {advice}")
    return f"The largest miss is {error.max():.3f}: three knees, four straight pieces."


@exercise(
    "Use np.where(z > 0, ..., ...) twice: once for the value and once for the slope.",
    "For negative z the value is alpha * (np.exp(z) - 1). Adding a constant changes no slope, so its slope has no -1.",
    "return np.where(z > 0, z, alpha * (np.exp(z) - 1)), np.where(z > 0, 1.0, alpha * np.exp(z))",
)
def elu(answer):
    z = np.array([-2.0, -0.5, 0.0, 0.5, 1.5])
    e = np.exp(np.minimum(z, 0))
    try:
        got = call(answer, z, 1.0)
    except TryAgain as refused:
        if "ambiguous" in str(refused):
            raise TryAgain(
                "z is an array here, some of it above zero and some below, and `if` decides once for all. Use np.where."
            ) from None
        raise
    value, slope = pair(got, "elu_and_slope(z, alpha=1)", ("value", "slope"))
    right_value, right_slope = np.where(z > 0, z, e - 1), np.where(z > 0, 1.0, e)
    alike = z != 0  # at the corner both 1 and alpha are accepted as slope
    expect(
        "the value for z = [-2 -0.5 0 0.5 1.5], alpha = 1", value, right_value,
        mistakes=[
            (right_slope, "That is the slope; return the value first."),
            (np.where(z > 1, z, e - 1), "The corner lies at 0: where z > 0, the value is z."),
            (np.where(z > 0, z, e), "For negative z subtract 1: alpha * (e^z - 1)."),
            (np.where(z > 0, z, 0), "That is ReLU. For negative z use alpha * (e^z - 1)."),
            (np.where(z > 0, z, 1 - e), "The sign is turned: alpha * (e^z - 1) lies below zero."),
            (np.exp(z) - 1, "For positive z the value is z itself; use np.where(z > 0, z, ...)."),
            (np.where(z > 0, z, z), "For negative z use alpha * (e^z - 1) instead of z."),
        ],
    )  # fmt: skip
    expect(
        "the slope for z = [-2 -0.5 0.5 1.5], alpha = 1", array(slope, (5,), "the slope")[alike], right_slope[alike],
        mistakes=[
            (right_value[alike], "That is the value again. Its slope is alpha * e^z for negative z, and 1 above."),
            (np.where(z > 0, 1.0, e - 1)[alike], "The slope of e^z - 1 is e^z: the -1 is constant and adds nothing."),
            (np.where(z > 0, 1.0, 0.0)[alike], "That is ReLU's slope. For negative z it is alpha * e^z."),
            (np.where(z > 0, z, e)[alike], "For positive z the value is z, so the slope is 1."),
            (np.exp(z)[alike], "For positive z the slope is 1; use np.where for the slope, too."),
            (np.where(z > 0, 0.0, e)[alike], "For positive z the value is z, so the slope is 1, not 0."),
        ],
    )  # fmt: skip
    value, slope = pair(call(answer, z, 2.0), "elu_and_slope(z, alpha=2)", ("value", "slope"))
    corner = array(slope, (5,), "the slope")[2]
    if not 0.999 < corner < 2.001:  # 1 and alpha are accepted, and what lies between
        raise TryAgain(
            f"At z = 0 the slope is {describe(corner)} for alpha = 2. There z is not above 0, so that it is alpha * e^0."
        )
    expect(
        "the value for z = [-2 -0.5 0 0.5 1.5], alpha = 2", value, np.where(z > 0, z, 2 * (e - 1)),
        mistakes=[
            (right_value, "alpha is not used: the floor is at -alpha."),
            (np.where(z > 0, 2 * z, 2 * (e - 1)), "alpha belongs to the negative side only."),
            (np.where(z > 0, z, 2 * e - 1), "alpha multiplies the whole of (e^z - 1): mind the brackets."),
            (np.where(z > 0, z, np.exp(2 * np.minimum(z, 0)) - 1), "alpha multiplies the result, not z."),
        ],
    )  # fmt: skip
    expect(
        "the slope for z = [-2 -0.5 0.5 1.5], alpha = 2", array(slope, (5,), "the slope")[alike],
        np.where(z > 0, 1.0, 2 * e)[alike],
        mistakes=[
            (np.where(z > 1, 1.0, 2 * e)[alike], "The corner lies at 0: where z > 0, the slope is 1."),
            (right_slope[alike], "alpha is missing in the slope: for negative z it is alpha * e^z."),
            (np.where(z > 0, 2.0, 2 * e)[alike], "alpha belongs to the negative side only; above zero the slope is 1."),
        ],
    )  # fmt: skip
    return "A larger alpha lowers the floor and makes the way down to it steeper."


@exercise(
    "First subtract a number from all scores, then np.exp, then divide by the sum.",
    "np.exp(0) is 1. If the largest score becomes 0, no exponential is larger than 1: subtract scores.max().",
    "e = np.exp(scores - scores.max()), then return e / e.sum()",
)
def softmax(answer):
    scores = np.array([1.0, 2.0, 0.0])
    shares = np.exp(scores) / np.exp(scores).sum()
    got = call(answer, scores)
    if np.shape(got) == ():
        raise TryAgain("softmax returned one number; one probability for each score was expected.")
    expect(
        "softmax([1 2 0])", got, shares, atol=1e-5,
        mistakes=[
            (np.exp(scores), "Those are positive but do not add up to 1. Divide by their sum."),
            (np.exp(scores - 2), "Those are positive but do not add up to 1. Divide by their sum."),
            (scores / scores.sum(), "Each score was divided by the sum of the scores. Raise e to the scores first, with np.exp."),
            (1 / (1 + np.exp(-scores)), "That is the sigmoid of each score. The probabilities must add up to 1."),
            (np.array([0.0, 1.0, 0.0]), "That is the hard maximum. Softmax leaves every class something."),
            (np.log(shares), "Those are the logarithms of the probabilities."),
        ],
    )  # fmt: skip
    with np.errstate(all="ignore"):
        large = call(answer, np.array([-3000.0, 1000.0, 1001.0, -3000.0]))
        low = call(answer, np.array([-1000.0, -1001.0]))
    with np.errstate(over="ignore"):
        for what, result in (("softmax([-3000 1000 1001 -3000])", large), ("softmax([-1000 -1001])", low)):
            try:
                finite = np.isfinite(np.asarray(result, dtype=float)).all()
            except (TypeError, ValueError):
                finite = True  # what it is instead is said below
            if not finite:
                raise TryAgain(
                    f"{what} is not finite: np.exp ran over, or every exponential was 0. "
                    "Subtract the largest score from all scores first."
                )
    expect("softmax([-3000 1000 1001 -3000])", large, [0.0, 0.268941, 0.731059, 0.0], atol=1e-5)
    expect("softmax([-1000 -1001])", low, [0.731059, 0.268941], atol=1e-5)
    return "Subtracting the largest score changes no probability, and keeps np.exp in its range."


TASKS = {
    "price of a house": [(1, "linear")],
    "spam or not": [(1, "sigmoid"), (2, "softmax")],
    "which of the ten digits": [(10, "softmax")],
    "which of five topics, any number of them": [(5, "sigmoid")],
}


@exercise(
    "Ask of each task: may the answer be any number, is it one probability, or several? Must they add up to 1?",
    "Any number: linear. Independent probabilities: sigmoid. Exactly one class: softmax, one unit for each class.",
    "The price needs no activation. Spam is one probability. The probabilities of ten digits add up to 1. Those of five topics need not.",
)
def outputs(answer):
    if not isinstance(answer, dict):
        raise TryAgain(f"outputs is {describe(answer)}; a dictionary was expected. Keep the lines, replace the dots.")
    given = {}
    for task in TASKS:
        if task not in answer:
            raise TryAgain(f"The task {task!r} is missing. Keep the four texts as they are and replace the dots.")
        given[task] = pair(answer[task], f"The answer for {task!r}", ("units", "activation"))
    if any(part is ... for choice in given.values() for part in choice):
        raise NotStarted
    for task, (units, activation) in given.items():
        if (isinstance(units, str) or units is None) and not (isinstance(activation, str) or activation is None):
            units, activation = activation, units
        units = number(units, f"The number of units for {task!r}")
        if units != int(units):
            raise TryAgain(f"For {task!r} you gave {units:g} units; a whole number was expected.")
        units = int(units)
        name = getattr(activation, "__name__", activation)  # keras.activations.softmax is as good as its name
        name = "linear" if name is None else str(name).strip().lower()
        if (units, name) in TASKS[task]:
            continue
        raise TryAgain(f"For {task!r}, {units} x {name} is not right. {_why(task, units, name)}")
    return "The form of the answer decides."


def _why(task, units, name):
    wanted = TASKS[task][0]
    if name not in ("linear", "sigmoid", "softmax"):
        return 'Choose among "linear", "sigmoid" and "softmax".'
    if units == 1 and name == "softmax":
        return "Softmax over a single unit is always 1."
    if task == "price of a house" and name == "linear":
        return f"A price is one number, so one unit is enough. (You gave {units}.)"
    if task == "price of a house":
        return "A price is one number and may be any size: nothing should squeeze it."
    if name == "linear":
        return "A probability lies between 0 and 1, and a linear output does not."
    if task == "spam or not":
        return "One question, one probability: one unit is enough."
    if name == wanted[1]:
        return f"The activation is right; how many probabilities are needed? (You gave {units}.)"
    if task == "which of the ten digits":
        return "Exactly one of the ten is right, so the ten probabilities must add up to 1."
    return "Several topics may be right at once, so the probabilities are independent and need not add up to 1."


@exercise(
    "Each sigmoid leaves at most a quarter. What is a quarter of a quarter?",
    "Work out 0.25**1, 0.25**2, 0.25**3 ... and stop when the result is below 0.001.",
    "0.25**4 is 0.0039: not yet. Try the next one.",
)
def depth(answer):
    got = number(answer, "depth")
    if got in (250, 1000):
        raise TryAgain("Slopes along a chain are multiplied: 0.25 to the power n, not 0.25 divided by n.")
    if got < 1:
        raise TryAgain(f"depth is {got:g}; a number of sigmoids was expected.")
    if got != int(got):
        raise TryAgain(f"depth is {got:g}. Units come in whole numbers, and enough of them are asked for: round up.")
    if got < 5:
        raise TryAgain(f"0.25 to the power {got:g} is {0.25**got:.4f}, which is still more than 0.001.")
    if got > 5:
        raise TryAgain(f"{got:g} are enough, but is it the smallest number? Try 0.25**n for n = 1, 2, 3 ...")
    return "0.25 to the power 5 is 0.00098."


@exercise(
    "Work out by hand: which weighted sums can the hidden units have? And what does softmax say for one unit?",
    "A bias of -20 keeps ReLU units at zero. One probability for yes or no comes from a sigmoid.",
    'layers.Dense(16, activation="relu") without the initializer, and layers.Dense(1, activation="sigmoid").',
    seconds=60,
)
def repair(answer):
    from sklearn.datasets import make_moons

    x, y = make_moons(300, noise=0.12, random_state=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns of the very fault that is to be found
        model = compiled_model(answer, "repaired_classifier", inputs=(2,))
        one_softmax = output_activation(model) == "softmax" and model.output_shape[-1] == 1
        dead_start = _never_on(model, x)
        if one_softmax and dead_start and _biases_of_first(model, -20):
            raise NotStarted("The model is still as it was given. Two things are wrong with it.")
        if one_softmax:
            raise TryAgain(
                "Softmax over a single unit is always 1, whatever comes in. Which activation says yes or no?"
            )
        if dead_start:
            raise TryAgain("The hidden units are dead from the start: their biases push every weighted sum below zero.")
        accuracy = 0.0
        for seed in range(3):  # one start may be a poor one; the verdict must not depend on it
            keras.utils.set_random_seed(seed)
            trained = _another(model)
            bending = _bending(trained, x)
            accuracy = max(accuracy, _trained_accuracy(trained, x, y))
            if accuracy >= 0.94:
                break
    if accuracy < 0.94:
        raise TryAgain(
            f"After training, it classifies {accuracy:.0%} of the points correctly; 94% was expected. "
            f"{_advice(model, bending, accuracy)}"
        )
    return "Units that are alive, and an output that can say no."


ACTIVATIONS = tuple(
    getattr(keras.layers, name) for name in ("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU")
)  # as layers of their own


def _first_sums(model, x):
    """The weighted sums of the first hidden layer for the points `x`, or None if there is no such layer."""
    dense = layers_of(model, keras.layers.Dense)
    if len(dense) < 2 or dense[0].kernel.shape[0] != x.shape[1]:
        return None
    weights = [keras.ops.convert_to_numpy(part) for part in dense[0].weights]
    return x @ weights[0] + (weights[1] if dense[0].use_bias else 0)


def _biases_of_first(model, value):
    """Whether all biases of the first dense layer are `value`."""
    first = layers_of(model, keras.layers.Dense)[0]
    return first.use_bias and bool(np.all(keras.ops.convert_to_numpy(first.bias) == value))


def _activation_of_first(model):
    """The activation of the first dense layer, be it its own or a layer behind it: a function or a layer, None if linear."""
    every = every_layer(model)
    first = next(i for i, layer in enumerate(every) if isinstance(layer, keras.layers.Dense))
    if every[first].activation is not keras.activations.linear:
        return every[first].activation
    behind = every[first + 1] if first + 1 < len(every) else None
    return behind if isinstance(behind, ACTIVATIONS) else None


def _never_on(model, x):
    """Whether every unit of a first hidden layer with ReLU is off for all the points `x`."""
    sums = _first_sums(model, x)
    if sums is None:
        return False
    activation = _activation_of_first(model)
    below = -np.ones((1, 1), "float32")
    silent = activation is not None and not np.any(keras.ops.convert_to_numpy(activation(below)))
    return bool(silent and np.all(sums <= 0))


def _bending(model, x):
    """How many units of the first hidden layer cross zero between the points `x`, and how many it has; None without one."""
    sums = _first_sums(model, x)
    if sums is None:
        return None
    return int(np.sum((sums > 0).any(axis=0) & (sums <= 0).any(axis=0))), sums.shape[1]


def _advice(model, bending, accuracy):
    """What to look at in a model that is not good enough after training, and at whose start so many units were bending."""
    if bending is None or _activation_of_first(model) is None:
        return "A straight line gets no further. Which activation lets the hidden layer bend?"
    crossing, units = bending
    if crossing <= units // 4:
        return (
            f"At the start {crossing} of its {units} hidden units cross zero between the points. The others lie on one side of "
            "their corner for all points, where a unit bends nothing. Where do their biases start?"
        )
    if accuracy < 0.7:
        return "It learns next to nothing. Look at the output and the learning rate."
    return "Are there enough hidden units, and is the learning rate as it was given?"


def _another(model):
    """The same model with a start of its own; one of a class that Keras cannot write down trains on as it is."""
    try:
        fresh = keras.models.clone_model(model)
    except NotImplementedError:
        return model
    fresh.compile_from_config(model.get_compile_config())
    return fresh


def _trained_accuracy(model, x, y):
    train(model, x, y, batch_size=30, epochs=200)
    output = outputs_of(model, x)
    if np.isfinite(output).all() and (output.min() < -1e-6 or output.max() > 1 + 1e-6):
        raise TryAgain(
            f"Trained, it gives numbers from {output.min():.2f} to {output.max():.2f}. A probability lies between 0 and "
            "1; which activation keeps the output there?"
        )
    if output.shape == (len(x), 1):
        return float(np.mean((output[:, 0] > 0.5) == y))
    if output.shape == (len(x), 2):  # two softmax units serve as well
        return float(np.mean(output.argmax(axis=1) == y))
    raise TryAgain(f"The output has shape {output.shape}; one probability for each point was expected.")


EXERCISES = (neuron, collapse, knees, elu, softmax, outputs, depth, repair)
