"""Exercises of lesson 10: what each checks, and its hints."""

import keras
import numpy as np

from courseware.checking import NotStarted, TryAgain, array, call, describe, exercise, expect, number, pair, said
from courseware.checking_keras import compiled_model, loss_name, output_activation

KNOBS = {"learning rate", "batch size", "dropout rate", "number of units", "L2 penalty"}
NO_KNOBS = {
    "weights of the first layer": "training turns the weights",
    "biases": "training turns the biases",
    "output for one example": "an output is what the network computes",
    "training loss": "the loss is measured, not set",
}
CALLS = 12


@exercise(
    "What is known before training starts, and is the same when it ends?",
    "Four of the nine are learned, computed or measured. The other five are set.",
    'return {"learning rate", "batch size", "dropout rate", "number of units", "L2 penalty"}',
)
def knobs(answer):
    got = call(answer, [*KNOBS, *NO_KNOBS], name="knobs")
    if isinstance(got, str) or not isinstance(got, set | frozenset | list | tuple):
        raise TryAgain(f"knobs(names) returned {describe(got)}; expected a set of names, like {{'biases'}}.")
    got = set(got)
    strange = sorted(str(name) for name in got - KNOBS - set(NO_KNOBS))
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
    got = call(answer, 6, 3, name="folds")
    try:
        pairs = [tuple(entry) for entry in got]
    except TypeError:
        raise TryAgain(f"folds(6, 3) returned {describe(got)}; expected a list of 3 pairs.") from None
    if len(pairs) != 3 or any(len(entry) != 2 for entry in pairs):
        raise TryAgain(f"folds(6, 3) returned {describe(got)}; expected 3 pairs (train, validation).")
    for n, (train, validation) in enumerate(pairs):
        if len(np.ravel(train)) == 2 and len(np.ravel(validation)) == 4:
            raise TryAgain("In each pair the training indexes come first, then those for validation.")
        train = array(train, (4,), f"the training part of pair {n}")
        validation = array(validation, (2,), f"the validation part of pair {n}")
        if set(train) & set(validation):
            raise TryAgain(f"In pair {n} index {int(min(set(train) & set(validation)))} both trains and validates.")
        if set(train) | set(validation) != set(range(6)):
            raise TryAgain(f"Pair {n} does not use all of the indexes 0 to 5 exactly once.")
    held = [set(np.ravel(validation)) for _, validation in pairs]
    if set.union(*held) != set(range(6)):
        raise TryAgain("Not every example validates once: the validation parts must be three different blocks.")
    if held != [{0, 1}, {2, 3}, {4, 5}]:
        raise TryAgain(f"The first pair validates on {sorted(held[0])}; expected the first block, 0 and 1, and so on.")
    blocks = [list(np.ravel(validation)) for _, validation in call(answer, 20, 4)]
    if blocks != np.arange(20).reshape(4, 5).tolist():
        raise TryAgain(f"For folds(20, 4) the validation parts are {describe(blocks)}; expected blocks of five.")
    return "Every example is judged on exactly once."


@exercise(
    "How many combinations has a grid of 2 and 3 values? Each is trained once per fold.",
    "The combinations are the product of the lengths: np.prod([len(v) for v in grid.values()]). Then the refit.",
    "fits = int(np.prod([len(v) for v in grid.values()])) * folds + 1, and return fits, fits * epochs",
)
def cost(answer):
    grid = {"optimizer": ["sgd", "rmsprop", "adagrad", "adadelta", "adam", "adamax", "nadam"]}
    fits, epochs = pair(call(answer, grid, 3, 100, name="cost"), "cost(...)", ("fits", "epochs"))
    expect(
        "the number of fits for seven optimizers and three folds", fits, 22,
        mistakes=[
            (21, "The refit of the best setting is missing."),
            (7, "Each setting is trained once per fold. And the refit?"),
            (8, "Each setting is trained once per fold."),
            (24, "There is one refit in all, not one per fold."),
            (28, "There is one refit in all, not one per setting."),
        ],
    )  # fmt: skip
    expect("the number of epochs", epochs, 2200, mistakes=[(2100, "The refit trains all epochs, too."), (100, "That is one fit.")])  # fmt: skip
    two = {"rate": [0.1, 1.0], "units": [4, 12, 36]}
    expect(
        "the fits for 2 rates and 3 numbers of units with 5 folds",
        pair(call(answer, two, 5, 10), "cost(...)", ("fits", "epochs"))[0],
        31,
        mistakes=[
            (26, "The numbers of values are multiplied, not added: every value meets every other."),
            (11, "That is only the first knob: values of different knobs are combined."),
            (30, "The refit of the best setting is missing."),
        ],
    )
    return "Combinations multiply. Count before you start."


@exercise(
    "The wrapper hands the labels over as two columns. How many outputs fit that?",
    "Two outputs whose beliefs add up to 1, and the cross-entropy for columns.",
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
    if activation == "sigmoid" and loss == "binary_crossentropy":
        return "Two sigmoids, judged one by one. It runs; softmax makes the two beliefs add up to 1."
    if activation != "softmax" and not (logits and activation == "linear"):
        raise TryAgain(f"The activation of the output is {activation!r}; two beliefs that add up to 1 need softmax.")
    if loss != "categorical_crossentropy":
        words = "takes whole numbers, not columns" if "sparse" in loss else "is none for two shares that add up to 1"
        if not logits and loss in ("mean_squared_error", "binary_crossentropy"):
            words = "can be trained so, but was not asked for: the cross-entropy for columns was"
        raise TryAgain(f"The loss is {loss!r}, which {words}; expected categorical_crossentropy.")
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 8))
    try:
        keras.wrappers.SKLearnClassifier(answer).fit(x, (x[:, 0] > 0).astype(int), epochs=1, verbose=0)
    except Exception as error:
        raise TryAgain(f"Inside the wrapper, fit stopped with {type(error).__name__}: {said(error)[:150]}") from None
    if activation != "softmax":
        return "Now the wrapper can train it: the loss puts a softmax over the two logits."
    return "Now the wrapper can train it."


@exercise(
    "The scaler must be a part of the model that the search copies for each fold.",
    'GridSearchCV(make_pipeline(...), {"logisticregression__C": [...]}), and then .fit(x, y) on the raw x.',
    "return GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression()), "
    '{"logisticregression__C": [0.01, 1, 100]}).fit(x, y)',
    seconds=60,
)
def no_leak(answer):
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(0)
    x = rng.normal(50, 20, size=(60, 3))
    y = (x[:, 0] + rng.normal(0, 5, 60) > 50).astype(int)
    search = call(answer, x, y, name="no_leak")
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
    if not hasattr(search, "best_estimator_"):
        raise TryAgain("The search has not been fitted: add .fit(x, y).")
    tried = sorted(float(value) for value in search.cv_results_.get("param_logisticregression__C", []))
    if tried != [0.01, 1.0, 100.0]:
        raise TryAgain(f"The values of C that were tried are {tried}; expected 0.01, 1 and 100.")
    inner = next(step for step in search.best_estimator_ if isinstance(step, StandardScaler))
    if not np.allclose(inner.mean_, x.mean(axis=0)):
        raise TryAgain("The scaler did not see the raw features: something scaled them before the pipeline.")
    return "Each fold is now judged by a model that has not seen it at all."


@exercise(
    "Draw the exponent instead of the rate.",
    "The exponent lies between np.log10(low) and np.log10(high).",
    "return 10 ** rng.uniform(np.log10(low), np.log10(high), n)",
)
def draw_rates(answer):
    rates = array(call(answer, np.random.default_rng(0), 4000, 1e-5, 10.0, name="draw_rates"), (4000,), "draw_rates")
    if rates.min() < 0.999e-5 or rates.max() > 10.01:
        hint = " Those look like exponents: raise 10 to them." if rates.min() < 0 else ""
        raise TryAgain(
            f"The numbers go from {describe(float(rates.min()))} to {describe(float(rates.max()))}; "
            f"expected numbers between 0.00001 and 10.{hint}"
        )
    below = float(np.mean(rates < 0.01))
    if below < 0.05:
        raise TryAgain(
            f"Only {100 * below:.1f} in 100 numbers are below 0.01. Half of the powers of ten lie there: "
            "draw the exponent evenly, not the rate."
        )
    if abs(below - 0.5) > 0.05:
        raise TryAgain(
            f"{100 * below:.0f} in 100 numbers are below 0.01; expected 50, since the exponents -5 to -2 are half of the range."
        )
    if len(np.unique(np.round(np.log10(rates), 3))) < 500:
        raise TryAgain("There are only a few different values; draw each number anew.")
    narrow = array(call(answer, np.random.default_rng(1), 500, 0.01, 0.1), (500,), "draw_rates")
    if narrow.min() < 0.0099 or narrow.max() > 0.101:
        raise TryAgain("With low = 0.01 and high = 0.1 some numbers lie outside. Use the arguments low and high.")
    return "As many draws per power of ten, everywhere."


@exercise(
    "A few wide trials first. Where can the valley not be any more?",
    "Take two exponents near the middle of the range. The side beyond the worse of the two can be cut off. Repeat.",
    "Six times: left and right at 45 and 55 percent of the range; if loss(10**left) < loss(10**right), "
    "the new end is right, else the new start is left.",
)
def coarse_to_fine(answer):
    for best in (-0.79, -2.3, -4.45, -5.98, 0.98):  # near both ends, too, and where a halving loses its way first
        calls = []

        def loss(rate, best=best, calls=calls):
            calls.append(rate)
            if len(calls) > CALLS:
                raise TryAgain(f"loss was called more than {CALLS} times; that is the budget.")
            if not np.isfinite(rate) or rate <= 0:
                raise TryAgain(f"loss was called with {describe(rate)}; a rate is a positive number, 10 ** exponent.")
            distance = np.log10(rate) - best
            return distance**2 if distance < 0 else 3 * distance**2

        rate = number(call(answer, loss, name="coarse_to_fine"), "coarse_to_fine(loss)")
        if rate <= 0:
            raise TryAgain(f"It returned {describe(rate)}; a rate is a positive number. Is that the exponent?")
        miss = abs(np.log10(rate) - best)
        if miss > 0.15:
            raise TryAgain(
                f"The best rate was 10 ** {best}, yours is 10 ** {np.log10(rate):.2f}: {miss:.2f} away in the exponent, "
                f"after {len(calls)} calls. Spend the later calls near the best of the earlier ones."
            )
    return "Wide first, then narrow: five hidden valleys found."


EXERCISES = (knobs, folds, cost, repair, no_leak, draw_rates, coarse_to_fine)
