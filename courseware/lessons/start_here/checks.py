"""Exercises of lesson 00: what each checks, and its hints."""

import numpy as np

from courseware.checking import NotStarted, TryAgain, call, describe, exercise, expect, number
from courseware.checking_keras import DIGIT_LABELS, accuracy, compiled_model, output_activation, outputs_of, train
from courseware.data import digits

KINDS = {
    "the price of a house": ("regression", "A price is an amount: 201,000 is close to 200,000."),
    "is this mail spam": ("classification", "There are two answers and nothing in between: spam or not."),
    "tomorrow's temperature at noon": ("regression", "A temperature is an amount: 19 degrees is close to 20."),
    "which digit is in the picture": (
        "classification",
        "The answers look like numbers, but they are names: reading an 8 for a 1 is not seven times as wrong "
        "as reading a 2 for it.",
    ),
    "the language of a text": ("classification", "A language is one of a list of names."),
}


@exercise(
    "Count the small squares of the picture above: how many rows, and how many in each row?",
    "There are 8 rows, and every row has 8 pixels. Python multiplies with *.",
    "pixels = 8 * 8",
)
def pixels(answer):
    got = number(answer, "pixels")
    slips = {
        16: "16 is 8 + 8. Each of the 8 rows has 8 pixels of its own.",
        8: "8 is one row. How many pixels do all 8 rows have together?",
        1797: "That is how many pictures there are. How many pixels does one of them have?",
        640: "That is ten times too many: one picture, not ten.",
        256: "That counts the shades too. A pixel is one number, whatever its shade.",
    }
    if got != 64:
        raise TryAgain(slips.get(got, f"pixels is {describe(got)}. The picture has 8 rows of 8 pixels each."))
    return "64 features for one picture."


@exercise(
    "Ask of each answer: is it an amount, so that you can be a little off? Or one of a list of names?",
    "Two are amounts, three are names. The digits belong to the names: an 8 is not more than a 1, it is another sign.",
    "The price and the temperature are regression; spam, digit and language are classification.",
)
def kinds(answer):
    if not isinstance(answer, dict):
        raise TryAgain(f"kinds is {describe(answer)}; leave it a dictionary and replace only the dots in it.")
    missing = [task for task in KINDS if task not in answer]
    if missing:
        raise TryAgain(f"The task {missing[0]!r} is missing. Leave the left-hand sides as they are.")
    blank = [task for task in KINDS if answer[task] is ...]
    if len(blank) == len(KINDS):
        raise NotStarted('Replace each of the five dots with "regression" or "classification", in quotes.')
    if blank:
        raise TryAgain(f"The dots for {blank[0]!r} are still there.")
    given = {task: str(answer[task]).strip().lower() for task in KINDS}
    for task, kind in given.items():
        if kind not in ("regression", "classification"):
            raise TryAgain(f'For {task!r} you wrote {kind!r}; it must be "regression" or "classification".')
    if len(set(given.values())) == 1:
        raise TryAgain(f"All five are {given['is this mail spam']} now; both kinds occur among them.")
    if all(kind != KINDS[task][0] for task, kind in given.items()):
        raise TryAgain("The two words have changed places: regression predicts an amount, classification picks a name.")
    for task, kind in given.items():
        if kind != KINDS[task][0]:
            raise TryAgain(f"{task!r} is not {kind}. {KINDS[task][1]}")
    return "An amount or a name: that is the whole difference."


@exercise(
    "Where does an average 8 have ink and an average 3 has not? Look at the third picture.",
    "Left of the middle tells most. picture[2:6, 2:4].mean() is the average ink in rows 2 to 5 of columns 2 and 3.",
    "if picture[2:6, 2:4].mean() > 0.4: return 8, and otherwise return 3.",
)
def tell_apart(answer):
    images, labels = digits("small")
    chosen = (labels == 3) | (labels == 8)
    pictures, labels = images[chosen].astype(float), labels[chosen]
    said = np.array([number(call(answer, picture), "tell_apart(picture)") for picture in pictures])
    strange = said[(said != 3) & (said != 8)]
    if strange.size:
        raise TryAgain(f"tell_apart(picture) returned {describe(strange[0])}; it must return 3 or 8.")
    right = int(np.sum(said == labels))
    score = f"Your rule is right for {right} of {len(labels)} pictures"
    if len(set(said)) == 1:
        raise TryAgain(f"{score}, because it always answers {said[0]:.0f}. Let the answer depend on the ink somewhere.")
    if right < 0.35 * len(labels):
        raise TryAgain(f"{score}: worse than a coin. Turned round, it would be good.")
    if right < 0.9 * len(labels):
        raise TryAgain(
            f"{score}; 90 in 100 is the goal, which is {int(np.ceil(0.9 * len(labels)))}. "
            "Try another place, a larger one, or another limit."
        )
    return f"{score}, without any learning, except your own."


def _step(total):
    return 1.0 if total > 0 else 0.0


@exercise(
    "Three steps: multiply each input by its weight, add up with the bias, compare with zero.",
    "np.sum(inputs * weights) + bias is the sum.",
    "total = np.sum(inputs * weights) + bias, then: return 1 if total > 0 else 0",
)
def neuron(answer):
    cases = [  # chosen so that every slip below gives another row of answers
        ([4.0, 2.0], [-0.5, 1.5], -2.0),
        ([4.0, 3.0], [2.0, 1.0], 1.0),
        ([4.0, 1.0], [2.0, -1.5], -5.0),
        ([2.0, 4.0], [-1.5, -1.0], 5.0),
        ([1.0, 1.0], [-0.5, -1.0], -3.0),
        ([1.0, 2.0, 3.0], [-1.0, 1.0, 0.5], -1.0),
        ([1.0, 2.0], [0.25, 0.5], -1.0),  # a sum of 0.25
        ([1.0, 2.0], [0.25, 0.5], -1.25),  # exactly 0
        ([1.0, 2.0], [0.25, 0.5], -1.5),  # -0.25
    ]
    cases = [(np.array(x), np.array(w), b) for x, w, b in cases]
    got = []
    for x, w, b in cases:
        value = call(answer, x, w, b, name="neuron")
        if np.shape(value) == x.shape:
            raise TryAgain("neuron returned one number for each input. Add the products up to one sum.")
        value = number(int(value) if isinstance(value, bool | np.bool_) else value, "neuron(...)")
        if value not in (0, 1):
            if np.isclose(value, np.sum(x * w) + b):
                raise TryAgain(
                    f"neuron(inputs={describe(x)}, weights={describe(w)}, bias={b}) returned the sum, {describe(value)}. "
                    "One step is left: 1 if the sum is above zero, else 0."
                )
            raise TryAgain(f"neuron(...) returned {describe(value)}; it must return 1 (it fires) or 0 (it does not).")
        got.append(value)
    mistakes = [
        (lambda x, w, b: _step(np.sum(x * w)), "The bias is not added."),
        (lambda x, w, b: _step(np.sum(x * w) - b), "The bias is taken away; add it."),
        (lambda x, w, b: 1 - _step(np.sum(x * w) + b), "It is turned round: 1 when the sum is above zero."),
        (lambda x, w, b: _step(-np.sum(x * w) - b), "It is turned round: 1 when the sum is above zero."),
        (lambda x, w, b: _step(np.sum(x + w) + b), "The weights are added to the inputs; multiply them."),
        (lambda x, w, b: _step(np.sum(x) * np.sum(w) + b), "Multiply each input by its own weight, then add up."),
        (lambda x, w, b: _step(np.sum(x) + b), "The weights are not used."),
        (lambda x, w, b: _step(x[0] * w[0] + b), "Only the first input counts; add up the products of all of them."),
        (lambda x, w, b: _step(np.sum(x * (w + b))), "The bias is added to every weight; add it once, to the sum."),
        (lambda x, w, b: 1 - _step(-np.sum(x * w) - b), "A sum of exactly zero is not above zero: use >, not >=."),
        (lambda x, w, b: _step(np.sum(x * w) + b - 1), "Compare the sum with 0, not with 1."),
        (lambda x, w, b: _step(np.sum(x * w) + b + 1), "Compare the sum with 0, not with -1."),
        (lambda x, w, b: 1.0, "It fires whatever comes in."),
        (lambda x, w, b: 0.0, "It never fires."),
    ]
    for (x, w, b), value in zip(cases, got, strict=True):
        right = _step(np.sum(x * w) + b)
        if value != right:
            likely = [text for slip, text in mistakes if got == [slip(*case) for case in cases]]
            raise TryAgain(
                f"neuron(inputs={describe(x)}, weights={describe(w)}, bias={b}) returned {value:.0f}; expected "
                + " ".join([f"{right:.0f}.", *likely[:1]])
            )
    return "Weigh, add up, compare: a neuron."


@exercise(
    "Ask for each number in it: how many numbers come in, how many go out? Compare with the builder above.",
    "A picture has 64 numbers, there are ten digits, and shares that add up to 1 need a certain activation.",
    'keras.Input(shape=(64,)) and layers.Dense(10, activation="softmax"); the rest stays as it is.',
    seconds=60,
)
def repair(answer):
    model = compiled_model(answer, "repaired_reader", inputs=(64,))
    given, made = tuple(model.input_shape[1:]), tuple(model.output_shape[1:])
    if given == (8,) and made == (9,) and output_activation(model) == "relu":
        raise NotStarted("The model is still as it was given. Three things are wrong with it.")
    if given != (64,):
        raise TryAgain(f"The model expects pictures of shape {given}; ours are rows of 64 numbers, shape (64,).")
    if made != (10,):
        raise TryAgain(f"The model gives {made[-1]} numbers for a picture; there are ten digits, from 0 to 9.")
    images, y = digits("small")
    order = np.random.default_rng(0).permutation(len(images))
    x, y = images.reshape(-1, 64)[order], y[order]
    shares = outputs_of(model, x[:50])
    if not np.allclose(shares.sum(axis=1), 1, atol=1e-3) or shares.min() < 0:
        raise TryAgain("The ten numbers are not shares yet: they must add up to 1. Which activation sees to that?")
    train(model, x[:1400], y[:1400], epochs=30, labels=DIGIT_LABELS)
    score = accuracy(model, x[1400:], y[1400:])
    if score < 0.85:
        raise TryAgain(
            f"Trained for 30 epochs it reads {100 * score:.0f} in 100 test pictures; at least 85 were expected. "
            "Leave the loss and the optimizer as they were."
        )
    return "64 numbers in, ten shares out."


@exercise(
    "For one digit: pick the pictures that show it, then ask how many of them were read right.",
    "said[labels == 8] holds what was said about the eights; np.mean(... == 8) is the share that is right.",
    "return np.array([np.mean(said[labels == digit] == digit) for digit in range(10)])",
)
def accuracy_by_class(answer):
    labels = np.array([0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 7, 7, 8, 8, 8, 8, 8, 9])
    said = np.array([0, 0, 0, 8, 1, 1, 2, 3, 4, 5, 6, 7, 7, 1, 8, 3, 3, 3, 3, 8])
    right = np.array([np.mean(said[labels == digit] == digit) for digit in range(10)])
    of_said = np.array([np.mean(labels[said == d] == d) if np.any(said == d) else np.nan for d in range(10)])
    hits = np.array([np.sum((labels == d) & (said == d)) for d in range(10)])
    overall = float(np.mean(said == labels))
    got = call(answer, said, labels, name="accuracy_by_class")
    if isinstance(got, dict):
        got = [got.get(digit, np.nan) for digit in range(10)]
    if np.shape(got) == ():
        value = number(got, "accuracy_by_class(said, labels)")
        if np.isclose(value, overall):
            raise TryAgain(
                "That is the accuracy over all digits in one number. Ten numbers are wanted, one for each digit."
            )
        raise TryAgain(f"accuracy_by_class(...) returned one number, {describe(value)}; ten were expected.")
    if np.shape(got) == labels.shape:
        raise TryAgain("It returned one value for each picture. Take the mean over the pictures of each digit.")
    if np.shape(got) == (10,) and np.allclose(np.asarray(got, float), of_said, equal_nan=True):
        raise TryAgain(
            "Those are shares of what was *said* to be each digit. Pick the pictures by their label: labels == digit."
        )
    expect(
        "accuracy_by_class(said, labels)", got, right,
        mistakes=[
            (hits, "Those are counts of right answers; divide each by how often its digit occurs."),
            (hits / len(labels), "Divide by how often the digit occurs, not by the number of all pictures."),
            (100 * right, "Those are per cent; give shares between 0 and 1."),
            (1 - right, "Those are the shares of wrong answers."),
            (np.full(10, overall), "All ten are the overall accuracy: pick the pictures of one digit first."),
            (np.array([np.mean((said == d) == (labels == d)) for d in range(10)]),
             "That counts every picture that is not the digit as read right. Look only at those with labels == digit."),
        ],
    )  # fmt: skip
    again = call(answer, np.arange(10), np.arange(10)[::-1].copy(), name="accuracy_by_class")
    again = [again.get(d, np.nan) for d in range(10)] if isinstance(again, dict) else again
    expect("accuracy_by_class of ten wrong answers", again, np.zeros(10))
    return "Ten report cards instead of one."


EXERCISES = (pixels, kinds, tell_apart, neuron, repair, accuracy_by_class)
