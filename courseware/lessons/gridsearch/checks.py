"""Exercises of lesson 10: what each checks, and its hints."""

import warnings
from itertools import islice

import keras
import numpy as np

from courseware.checking import NotStarted, TryAgain, array, call, describe, exercise, expect, number, pair, said
from courseware.checking_keras import compiled_model, loss_name, output_activation

NAMES = ["learning rate", "weights of the first layer", "batch size", "biases", "dropout rate"]  # as in the lesson
NAMES += ["number of units", "output for one example", "L2 penalty", "training loss"]
NO_KNOBS = {
    "weights of the first layer": "training turns the weights",
    "biases": "training turns the biases",
    "output for one example": "an output is what the network computes",
    "training loss": "the loss is measured, not set",
}
KNOBS = {*NAMES} - {*NO_KNOBS}
CALLS = 12
FITTING = ("categorical_crossentropy", "kl_divergence", "binary_crossentropy")  # alike for softmax and one-hot columns


@exercise(
    "What is known before training starts, and is the same when it ends?",
    "Four of the nine are learned, computed or measured. The other five are set.",
    'return {"learning rate", "batch size", "dropout rate", "number of units", "L2 penalty"}',
)
def knobs(answer):
    got = call(answer, NAMES, name="knobs")
    got = got.tolist() if isinstance(got, np.ndarray) else got
    if not isinstance(got, set | frozenset | list | tuple) or not all(isinstance(name, str) for name in got):
        raise TryAgain(f"knobs(names) returned {describe(got)}; expected a set of names, {{'...', '...'}}.")
    got = set(got)
    strange = sorted(str(name) for name in got - {*NAMES})
    if strange:
        raise TryAgain(f"{strange[0]!r} is not one of the nine names.")
    for name in sorted(got & set(NO_KNOBS)):
        raise TryAgain(f"{name!r} is no hyperparameter: {NO_KNOBS[name]}.")
    if got != KNOBS:
        raise TryAgain(f"{len(got)} of the 5 are there. Which others are set before training and stay as they are?")
    return "What is set before training and stays."


@exercise(
    "For n = 6 and k = 3 the blocks are 0 1, 2 3 and 4 5. Each is the validation part once.",
    "np.arange(n).reshape(k, n // k) gives the blocks as rows; what trains is everything but row i.",
    "[(np.delete(blocks, i, axis=0).ravel(), blocks[i]) for i in range(k)]",
)
def folds(answer):
    pairs = _pairs(answer, 6, 3)
    for n, (train, validation) in enumerate(pairs):
        if np.asarray(train).dtype == bool:
            raise TryAgain(f"Pair {n} holds True and False; the numbers of the examples were expected: np.flatnonzero.")
        if len(np.ravel(train)) == 2 and len(np.ravel(validation)) == 4:
            raise TryAgain("In each pair the training indexes come first, then those for validation.")
        if len(np.ravel(train)) == 6:
            raise TryAgain(f"Pair {n} trains on all six indexes; leave out the two of its validation part.")
        train = array(train, (4,), f"the training part of pair {n}")
        validation = array(validation, (2,), f"the validation part of pair {n}")
        if set(train) & set(validation):
            raise TryAgain(f"In pair {n} index {int(min(set(train) & set(validation)))} both trains and validates.")
        if set(train) | set(validation) != set(range(6)):
            raise TryAgain(f"Pair {n} does not use all of the indexes 0 to 5 exactly once.")
    held = [{int(index) for index in np.ravel(validation)} for _, validation in pairs]
    if set.union(*held) != set(range(6)):
        raise TryAgain("Not every example validates once: the validation parts must be three different blocks.")
    if held != [{0, 1}, {2, 3}, {4, 5}]:
        raise TryAgain(f"The first pair validates on {sorted(held[0])}; expected the first block, 0 and 1, and so on.")
    pairs = _pairs(answer, 20, 4)
    blocks = [[int(index) for index in np.ravel(validation)] for _, validation in pairs]
    if blocks != np.arange(20).reshape(4, 5).tolist():
        raise TryAgain(f"For folds(20, 4) the validation parts are {describe(blocks)}; expected blocks of five.")
    for n, (train, block) in enumerate(zip([train for train, _ in pairs], blocks, strict=True)):
        rest = sorted(set(range(20)) - set(block))
        if sorted(int(index) for index in np.ravel(train)) != rest:
            raise TryAgain(f"For folds(20, 4) pair {n} trains on {describe(np.ravel(train))}; expected the other 15.")
    return "Every example judges exactly once, and never a network that has seen it."


def _pairs(answer, n, k):
    got = call(answer, n, k, name="folds")
    try:
        pairs = [tuple(entry) for entry in islice(got, k + 1)]  # it may be a generator without an end
    except TypeError:
        raise TryAgain(f"folds({n}, {k}) returned {describe(got)}; expected a list of {k} pairs.") from None
    if len(pairs) != k or any(len(entry) != 2 for entry in pairs):
        raise TryAgain(f"folds({n}, {k}) returned {describe(got)}; expected {k} pairs (train, validation).")
    return pairs


@exercise(
    "How many combinations has a grid of 2 and 3 values? Each is trained once per fold.",
    "The combinations are the product of the lengths: np.prod([len(v) for v in grid.values()]). Then the refit.",
    "fits = int(np.prod([len(v) for v in grid.values()])) * folds + 1, and return fits, fits * epochs",
)
def cost(answer):
    grid = {"method": ["sgd", "rmsprop", "adagrad", "adadelta", "adam", "adamax", "nadam"]}
    fits, epochs = pair(call(answer, grid, 3, 100, name="cost"), "cost(...)", ("fits", "epochs"))
    expect(
        "the number of fits for seven optimizers and three folds", fits, 22,
        mistakes=[
            (21, "The refit of the best setting is missing."),
            (7, "Each setting is trained once per fold. And the refit?"),
            (8, "Each setting is trained once per fold."),
            (24, "There is one refit in all, not one per fold."),
            (28, "There is one refit in all, not one per setting."),
            (2200, "The two are swapped: first the fits, then the epochs."),
            (4, "len(grid) counts the knobs. How many values has this knob?"),
            (19, "That counts the six letters of the knob's name, 'method'. Its list of values is grid['method']."),
        ],
    )  # fmt: skip
    expect("the number of epochs", epochs, 2200, mistakes=[(2100, "The refit trains all epochs, too."), (100, "That is one fit.")])  # fmt: skip
    two = {"rate": [0.1, 1.0], "units": [4, 12, 36]}
    fits, epochs = pair(call(answer, two, 5, 10), "cost(...)", ("fits", "epochs"))
    expect(
        "the number of fits for 2 rates and 3 numbers of units with 5 folds", fits, 31,
        mistakes=[
            (26, "The numbers of values are multiplied, not added: every value meets every other."),
            (11, "That is only the first knob: values of different knobs are combined."),
            (30, "The refit of the best setting is missing."),
        ],
    )  # fmt: skip
    expect(
        "the number of epochs in those 31 fits, with 10 epochs each", epochs, 310,
        mistakes=[(3100, "That is for 100 epochs a fit. Use the argument `epochs`.")],
    )  # fmt: skip
    return "Combinations multiply. Count before you start."


@exercise(
    "The wrapper hands the labels over as two columns. How many outputs fit that?",
    "Two outputs whose probabilities add up to 1, and the cross-entropy for columns.",
    'outputs, activation, loss = 2, "softmax", "categorical_crossentropy"',
    seconds=60,
)
def repair(answer):
    model = compiled_model(answer, "repaired_builder", np.zeros((1, 8)), np.zeros((1, 2)), inputs=(8,))
    outputs, activation, loss = model.output_shape[-1], output_activation(model), loss_name(model)
    logits = getattr(model.loss, "from_logits", False)
    if outputs == 1 and activation == "sigmoid" and loss == "binary_crossentropy":
        raise NotStarted("The builder is still as it was given. Look at the output layer and the loss.")
    if outputs != 2:
        raise TryAgain(f"The model has {outputs} output(s); the labels come as two columns, so two are needed.")
    # two yes-or-no answers, one for each column
    apart = loss == "binary_crossentropy" and (activation == "sigmoid" or logits)
    if activation == "softmax" and logits:
        raise TryAgain(
            "The loss expects logits, but the softmax has already made probabilities of them. Leave out one."
        )
    if activation != "softmax" and not logits and not apart:
        raise TryAgain(
            f"The activation of the output is {activation or 'none'!r}; two probabilities for one choice need softmax."
        )
    if loss not in FITTING:
        words = "takes whole numbers, not columns" if "sparse" in loss else "is no cross-entropy"
        raise TryAgain(f"The loss is {loss!r}, which {words}; expected a cross-entropy for two columns.")
    if model.count_params() != 9 * 12 + 13 * 2:
        raise TryAgain(
            f"The model has {model.count_params()} parameters; with 8 features, 12 hidden units and 2 outputs it has 134. "
            "Leave the hidden layer as it was given."
        )
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 8))
    try:
        keras.wrappers.SKLearnClassifier(answer).fit(x, (x[:, 0] > 0).astype(int), epochs=1, verbose=0)
    except Exception as error:
        raise TryAgain(f"Inside the wrapper, fit stopped with {type(error).__name__}: {said(error)[:150]}") from None
    if apart:
        return "Two sigmoids, judged one by one. It runs; softmax makes the two probabilities add up to 1."
    if logits:
        return "Now the wrapper can train it: the loss puts a softmax over the two logits."
    if loss != "categorical_crossentropy":
        return f"Now the wrapper can train it. For such columns {loss} has the same slopes as categorical_crossentropy."
    return "Now the wrapper can train it."


@exercise(
    "The scaler must be a part of the model that the search copies for each fold.",
    'GridSearchCV(make_pipeline(...), {"logisticregression__C": [...]}), and then .fit(x, y) on the raw x.',
    "return GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression()), "
    '{"logisticregression__C": [0.01, 1, 100]}).fit(x, y)',
    seconds=60,
)
def no_leak(answer):
    from sklearn.base import clone
    from sklearn.model_selection import GridSearchCV, check_cv
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(0)
    x = rng.normal(50, 20, size=(60, 3))
    y = (x[:, 0] + rng.normal(0, 5, 60) > 50).astype(int)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of fits that failed, with their tracebacks
            search = call(answer, x, y, name="no_leak")
    except TryAgain as refused:
        if "Invalid parameter" in str(refused):
            raise TryAgain(
                "GridSearchCV does not know that knob. In a pipeline a knob is named after its step: 'logisticregression__C', "
                "with two underscores."
            ) from None
        raise
    if isinstance(search, Pipeline):
        raise TryAgain("no_leak(x, y) returned a pipeline; put it into a GridSearchCV and return that.")
    if not isinstance(search, GridSearchCV):
        raise TryAgain(f"no_leak(x, y) returned {describe(search)}; expected a fitted GridSearchCV.")
    if not isinstance(search.estimator, Pipeline):
        raise TryAgain(
            "The search is over a model without its scaling. Search over make_pipeline(StandardScaler(), ...)."
        )
    steps = [step for _, step in search.estimator.steps]
    if not any(isinstance(step, StandardScaler) for step in steps):
        raise TryAgain("There is no StandardScaler in the pipeline.")
    if not hasattr(search, "cv_results_"):
        raise TryAgain("The search has not been fitted: add .fit(x, y).")
    names = [name for name in search.cv_results_ if name.startswith("param_") and name.endswith("__C")]
    tried = sorted({float(value) for name in names for value in search.cv_results_[name]})
    if tried != [0.01, 1.0, 100.0]:
        raise TryAgain(f"The values of C that were tried are {tried}; expected 0.01, 1 and 100.")
    for train, validation in check_cv(search.cv, y, classifier=True).split(x, y):
        if seen := set(train) & set(validation):
            raise TryAgain(
                f"In one round {len(seen)} of the examples both train and validate. Leave the folds to cv=5."
            )
    fitted = search.best_estimator_ if search.refit else clone(search.estimator).fit(x, y)
    inner = next(step for _, step in fitted.steps if isinstance(step, StandardScaler))
    if (given := int(inner.n_samples_seen_)) != len(x):
        raise TryAgain(f"The search was given {given} of the {len(x)} examples: fit it on all of x and y.")
    if getattr(search, "n_features_in_", 3) != 3 or not np.allclose(inner.mean_, x.mean(axis=0)):
        raise TryAgain("The scaler did not see the raw features: something scaled them before the pipeline.")
    return "Each fold now judges a model that has not seen it at all, scaling included."


@exercise(
    "Draw the exponent instead of the rate.",
    "The exponent lies between np.log10(low) and np.log10(high).",
    "return 10 ** rng.uniform(np.log10(low), np.log10(high), n)",
)
def draw_rates(answer):
    rates = _drawn(answer, 0, 4000, 1e-5, 10.0)
    if rates.min() < 0.999e-5 or rates.max() > 10.01:
        hint = " Those look like exponents: raise 10 to them." if rates.min() < 0 else ""
        if 1e-13 < rates.min() < 1e-9:  # 10 ** -11.5 is the lowest from natural logarithms
            hint = " 10 ** undoes np.log10; np.log is undone by np.exp."
        elif rates.min() > 0.999 and rates.max() > 1e8:  # 10 ** low and 10 ** high
            hint = " low and high are rates, not exponents; np.log10 makes exponents of them."
        elif rates.max() < 100.1 and 3 / 7 - 0.05 < np.mean(rates < 0.01) < 3 / 7 + 0.05:  # from 10 ** -5 to 10 ** 2
            hint = " The range of the lesson ends at 100; use the arguments low and high."
        raise TryAgain(
            f"The numbers go from {describe(float(rates.min()))} to {describe(float(rates.max()))}; "
            f"expected numbers between 0.00001 and 10.{hint}"
        )
    if len(np.unique(np.round(np.log10(rates), 5))) < 500:
        raise TryAgain("There are only a few different values; draw each number anew.")
    below = float(np.mean(rates < 0.01))
    if below < 0.05:
        raise TryAgain(
            f"Only {100 * below:.1f} in 100 numbers are below 0.01. Half of the powers of ten lie there: "
            "draw the exponent evenly, not the rate."
        )
    places = np.sort((np.log10(rates) + 5) / 6)  # where each exponent lies, 0 to 1
    even = np.arange(4000) / 4000
    if max(np.max(places - even), np.max(even + 1 / 4000 - places)) > 0.04:  # by chance in 1 of 200,000 even draws
        per_decade = ", ".join(f"{100 * share:.0f}" for share in np.histogram(places, 6, (0, 1))[0] / 4000)
        exponential = rates.min() > 0.99 * np.exp(-5) and rates.max() < 1.01 * np.exp(1)
        hint = " 10 ** undoes np.log10; np.exp undoes np.log." if exponential else ""
        raise TryAgain(
            f"Of 100 numbers, {per_decade} fall into the six powers of ten from 0.00001 to 10; expected about 17 in each.{hint}"
        )
    if np.array_equal(_drawn(answer, 1, 4000, 1e-5, 10.0), rates):
        raise TryAgain("Two different generators gave the same numbers: nothing was drawn with the rng that was given.")
    if not np.array_equal(_drawn(answer, 0, 4000, 1e-5, 10.0), rates):
        raise TryAgain(
            "The same generator twice gave different numbers: draw with the rng that was given, and only with it."
        )
    narrow = _drawn(answer, 2, 500, 0.01, 0.1)
    if narrow.min() < 0.0099 or narrow.max() > 0.101:
        raise TryAgain("With low = 0.01 and high = 0.1 some numbers lie outside. Use the arguments low and high.")
    return "As many draws per power of ten, everywhere."


def _drawn(answer, seed, n, low, high):
    return array(call(answer, np.random.default_rng(seed), n, low, high, name="draw_rates"), (n,), "draw_rates")


@exercise(
    "A few wide trials first. Where can the valley not be any more?",
    "Take two exponents near the middle of the range. The side beyond the worse of the two can be cut off. Repeat.",
    "Six times: left and right at 45 and 55 percent of the range; if loss(10**left) < loss(10**right), "
    "the new end is right, else the new start is left.",
)
def coarse_to_fine(answer):
    for best in (-0.79, -2.3, -4.45, -5.98, 0.98):  # near both ends, too, and where a halving loses its way first
        calls, losses = [], []

        def loss(rate, best=best, calls=calls, losses=losses):
            rate = number(rate, "The rate that loss was called with")
            calls.append(rate)
            if len(calls) > CALLS:
                raise TryAgain(f"loss was called more than {CALLS} times; that is the budget.")
            if not np.isfinite(rate) or rate <= 0:
                raise TryAgain(f"loss was called with {describe(rate)}; a rate is a positive number, 10 ** exponent.")
            distance = np.log10(rate) - best
            losses.append(distance**2 if distance < 0 else 3 * distance**2)
            return losses[-1]

        rate = number(call(answer, loss, name="coarse_to_fine"), "coarse_to_fine(loss)")
        if len(calls) > CALLS:  # its refusal was caught
            raise TryAgain(f"loss was called more than {CALLS} times; that is the budget.")
        if rate in losses:
            raise TryAgain("It returned a loss. Return the rate at which the loss is smallest.")
        if rate <= 0:
            raise TryAgain(f"It returned {describe(rate)}; a rate is a positive number. Is that the exponent?")
        miss = abs(np.log10(rate) - best)
        if miss > 0.15:
            raise TryAgain(
                f"The best rate was 10 ** {best}, yours is 10 ** {np.log10(rate):.2f}: {miss:.2f} away in the exponent, "
                f"after {len(calls)} calls. {_advice(calls, losses)}"
            )
    return "Wide first, then narrow: five hidden valleys found."


def _advice(calls, losses):
    """Say what to do better than with these calls of the loss."""
    if not calls:
        return "Only calls of loss can tell where the valley is."
    even = len(calls) > 2 and np.ptp(np.diff(np.sort(calls))) < 1e-6 * np.ptp(calls)
    if even or min(calls) > 0.01:
        return "The rates that you tried left out most powers of ten: spread the exponents, not the rates."
    exponents, first = np.log10(calls), len(calls) // 2
    if _near_the_best(exponents, losses, first):
        if abs(exponents[-1] - exponents[-2]) > 0.15:
            return (
                f"You narrowed the range, but your last two calls still lie {abs(exponents[-1] - exponents[-2]):.2f} apart. "
                "Narrow more with each call: of two calls close together, the worse one rules out all that lies beyond it."
            )
        if len(calls) == CALLS:
            return "You narrowed to a place beside the valley: rule out only what lies beyond the worse of two calls."
        return f"You are on the way, and {CALLS - len(calls)} calls are left: narrow further."
    return "Spend the later calls near the best of the earlier ones."


def _near_the_best(exponents, losses, first):
    """Say whether the calls after the `first` lie around the best of these, closer together than they did."""
    if first < 2:
        return False
    early, late = np.sort(exponents[:first]), np.sort(exponents[first:])
    best = exponents[np.argmin(losses[:first])]
    return np.max(np.abs(late - best)) < 7 / 3 and np.median(np.diff(late)) < 0.9 * np.median(np.diff(early))


EXERCISES = (knobs, folds, cost, repair, no_leak, draw_rates, coarse_to_fine)
