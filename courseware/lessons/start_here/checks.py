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
    "The picture on the left has small squares: how many rows of them, and how many in each row?",
    "There are 28 rows, and every row has 28 pixels. Python multiplies with *.",
    "pixels = 28 * 28",
)
def pixels(answer):
    got = number(answer, "pixels")
    slips = {
        56: "56 is 28 + 28. Each of the 28 rows has 28 pixels of its own.",
        28: "28 is one row. How many pixels do all 28 rows have together?",
        81: "That is the part in the blue frame. How many pixels does the whole picture have?",
        4000: "That is how many pictures there are to learn from. How many pixels does one of them have?",
        10000: "That is how many pictures there are. How many pixels does one of them have?",
        7840: "That is ten times too many: one picture, not ten.",
    }
    if got != 784:
        raise TryAgain(slips.get(got, f"pixels is {describe(got)}. The picture has 28 rows of 28 pixels each."))
    return "784 features for one picture."


SHAPES = {
    "x[0]": ((784,), "One row is left, with a number for each column."),
    "x[:, 0]": ((100,), "One column is left, with a number for each row."),
    "x[20:30]": ((10, 784), "Rows 20 to 29 are kept, for the end of a range is left out; the columns stay."),
    "x.mean(axis=0)": ((784,), "The axis that is named disappears: axis 0, the 100 rows."),
    "x.argmax(axis=1)": ((100,), "The axis that is named disappears: axis 1, the 784 columns."),
    "x @ w": ((100, 10), "The two inner numbers, 784 and 784, disappear; the outer two are left."),
    "x @ w + b": ((100, 10), "b is used for every row of x @ w again, which keeps its shape."),
    "w.T": ((10, 784), "Rows and columns change places."),
}


def _all_filled_in(answer, name, lines, not_begun):
    """Refuse what is not the dictionary `name` with all its `lines`, or still has dots in it; `not_begun` is raised where all has."""
    if not isinstance(answer, dict):
        raise TryAgain(f"{name} is {describe(answer)}; leave it a dictionary and replace only the dots in it.")
    missing = [line for line in lines if line not in answer]
    if missing:
        raise TryAgain(f"The line {missing[0]!r} is missing. Leave the left-hand sides as they are.")
    blank = [line for line in lines if answer[line] is ...]
    if len(blank) == len(lines):
        raise not_begun
    if blank:
        raise TryAgain(f"The dots for {blank[0]!r} are still there.")


def _shape(value):
    """`value` as a shape, a tuple of whole numbers; None if it is none. A bare 784 is taken for (784,)."""
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return (int(value),)
    if isinstance(value, tuple | list | np.ndarray):
        numbers = [int(each) for each in value if isinstance(each, int | np.integer)]
        return tuple(numbers) if len(numbers) == len(value) else None
    return None


@exercise(
    "Ask of each line: which of the numbers in the shapes are still there, and which disappear?",
    "A row number or a named axis makes its axis disappear; a range such as 20:30 keeps it, with its own length. In "
    "(100, 784) @ (784, 10) the inner two disappear.",
    "In order: (784,), (100,), (10, 784), (784,), (100,), (100, 10), (100, 10), (10, 784).",
)
def shapes(answer):
    _all_filled_in(
        answer, "shapes", SHAPES, NotStarted("Replace each of the dots with a shape, such as (100, 784) or (784,).")
    )
    for code, (right, why) in SHAPES.items():
        got = _shape(answer[code])
        if got is None:
            raise TryAgain(f"For {code} you wrote {describe(answer[code])}; a shape such as (100, 784) was expected.")
        if got != right:
            raise TryAgain(f"{code} has another shape than {describe(answer[code])}. {why}")
    return "Whoever can follow the shapes can follow a network."


@exercise(
    "Two steps: pick the pictures with that label, then take the mean over them.",
    "labels == digit is the mask; pictures[mask] are the pictures. Which axis must disappear?",
    "return pictures[labels == digit].mean(axis=0)",
)
def average_picture(answer):
    rng = np.random.default_rng(0)
    pictures, labels = rng.uniform(0, 1, (11, 28, 28)), np.array([3, 5, 3, 7, 5, 3, 7, 7, 5, 3, 4])
    for digit in (5, 3):
        right = pictures[labels == digit].mean(axis=0)
        got = call(answer, pictures, labels, digit, name="average_picture")
        what = f"average_picture(pictures, labels, {digit})"
        chosen = pictures[labels == digit]
        if np.shape(got) == ():
            raise TryAgain(f"{what} returned one number, {describe(number(got, what))}. Keep the pixels: name an axis.")
        if np.shape(got) == (len(chosen),):
            raise TryAgain(
                f"{what} returned one number for each picture. Average over the pictures, and keep the pixels."
            )
        if np.shape(got) == (len(chosen), 28):
            raise TryAgain(
                f"{what} still has the {len(chosen)} pictures. It is axis 0, the pictures, that must disappear."
            )
        if np.shape(got) == chosen.shape:
            raise TryAgain(f"{what} returned the {len(chosen)} pictures themselves. Their mean is wanted.")
        if np.shape(got) == (784,):
            raise TryAgain(f"{what} returned 784 numbers in a row; keep them as a picture of shape (28, 28).")
        expect(
            what, got, right,
            mistakes=[
                (pictures.mean(axis=0), "That is the average of all pictures: pick those of the digit first."),
                (chosen.sum(axis=0), "That is the sum; divide by how many pictures there are."),
                (pictures[digit], "That is the picture in place number `digit`. Pick by label: labels == digit."),
                (pictures[labels != digit].mean(axis=0), "Those are the pictures of the other digits: use ==."),
                (np.median(chosen, axis=0), "That is the median; the mean is wanted."),
                (chosen.sum(axis=0) / len(labels), "The other pictures still count, as zeros: pick pictures[labels == digit]."),
            ],
        )  # fmt: skip
    return "A mask and an axis: most work on data is done with these two."


@exercise(
    "First the mean of each column, then subtract it. What shape has the mean?",
    "matrix.mean(axis=0) has one number for each column, and broadcasting subtracts it from every row.",
    "return matrix - matrix.mean(axis=0)",
)
def centred(answer):
    for matrix in (
        np.array([[1.0, 10.0, 3.0], [2.0, 40.0, 8.0], [6.0, 10.0, 4.0]]),
        np.array([[2.0, 7.0], [5.0, 1.0], [0.0, 3.0], [9.0, 2.0]]),
    ):
        right = matrix - matrix.mean(axis=0)
        got = call(answer, matrix, name="centred")
        if np.shape(got) == (matrix.shape[1],):
            raise TryAgain("centred returned one number for each column. Subtract the means from the matrix.")
        of_rows = matrix.mean(axis=1)
        mistakes = [
            (matrix - of_rows[:, None], "That subtracts from each row the mean of that row. Columns: axis=0."),
            (matrix - matrix.mean(), "That subtracts the mean of all numbers. One mean for each column: axis=0."),
            (right / matrix.std(axis=0), "That also divides by the standard deviation; only the mean is to be subtracted."),
            (-right, "It is turned round: the matrix minus its means."),
            (matrix - matrix.sum(axis=0), "That subtracts the sum of each column; subtract its mean."),
            (matrix - np.median(matrix, axis=0), "That subtracts the median of each column; subtract its mean."),
            (matrix, "That is the matrix as it was."),
        ]  # fmt: skip
        if len(of_rows) == matrix.shape[1]:
            mistakes.append(
                (matrix - of_rows, "Those are means of rows (axis=1), subtracted from columns. Columns: axis=0.")
            )
        expect("centred(matrix)", got, right, mistakes=mistakes)
    return "Each column has mean 0 now, whatever its scale."


@exercise(
    "Ask of each answer: is it an amount, so that you can be a little off? Or one of a list of names?",
    "Two are amounts, three are names. The digits belong to the names: an 8 is not more than a 1, it is another sign.",
    "The price and the temperature are regression; spam, digit and language are classification.",
)
def kinds(answer):
    _all_filled_in(
        answer, "kinds", KINDS,
        NotStarted('Replace each of the five dots with "regression" or "classification", in quotes.'),
    )  # fmt: skip
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
    "Below the middle on the left tells most. picture[17:19, 8:14].mean() is the average ink in rows 17 and 18 of "
    "columns 8 to 13.",
    "if picture[17:19, 8:14].mean() > 0.2: return 8, and otherwise return 3.",
)
def tell_apart(answer):
    images, labels = digits("10k")
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
        promise = "good" if right < 0.15 * len(labels) else "better"
        raise TryAgain(f"{score}: worse than a coin. Turned round, it would be {promise}.")
    if right < 0.85 * len(labels):
        raise TryAgain(
            f"{score}; 85 in 100 is the goal, which is {int(np.ceil(0.85 * len(labels)))}. "
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
        ([0.5, 0.25], [6.0, 8.0], -4.0),
        ([0.25, 0.25], [2.0, 1.0], -2.0),  # the weights alone would do
        ([1.0, 2.0], [0.25, 0.5], -1.0),  # a sum of 0.25
        ([1.0, 2.0], [0.25, 0.5], -1.25),  # exactly 0
        ([1.0, 2.0], [0.25, 0.5], -1.5),  # -0.25
    ]
    cases = [(np.array(x), np.array(w), b) for x, w, b in cases]
    got = []
    for x, w, b in cases:
        try:
            value = call(answer, x, w, b, name="neuron")
        except TryAgain as error:
            if "truth value of an array" not in str(error):
                raise
            raise TryAgain(
                "neuron compares several numbers with zero at once. Add the products up first, to one sum."
            ) from None
        if isinstance(value, tuple):
            raise TryAgain(f"neuron returned {len(value)} values, {describe(value)}; one was expected: 1 or 0.")
        if np.shape(value) == x.shape:
            raise TryAgain("neuron returned one number for each input. Add the products up to one sum.")
        value = number(int(value) if isinstance(value, bool | np.bool_) else value, "neuron(...)")
        got.append(value)
    for (x, w, b), value in zip(cases, got, strict=True):
        if value not in (0, 1):
            if np.allclose(got, [np.sum(x * w) + b for x, w, b in cases]):
                raise TryAgain(
                    f"neuron(inputs={describe(x)}, weights={describe(w)}, bias={b}) returned the sum, {describe(value)}. "
                    "One step is left: 1 if the sum is above zero, else 0."
                )
            raise TryAgain(f"neuron(...) returned {describe(value)}; it must return 1 (it fires) or 0 (it does not).")
    mistakes = [
        (lambda x, w, b: _step(np.sum(x * w)), "The bias is not added."),
        (lambda x, w, b: _step(np.sum(x * w) - b), "The bias is subtracted; add it."),
        (lambda x, w, b: 1 - _step(np.sum(x * w) + b), "It is turned round: 1 when the sum is above zero."),
        (lambda x, w, b: _step(-np.sum(x * w) - b), "It is turned round: 1 when the sum is above zero."),
        (lambda x, w, b: _step(np.sum(x + w) + b), "The weights are added to the inputs; multiply them."),
        (lambda x, w, b: _step(np.sum(x) * np.sum(w) + b), "Multiply each input by its own weight, then add up."),
        (lambda x, w, b: _step(np.sum(x) + b), "The weights are not used."),
        (lambda x, w, b: _step(np.sum(w) + b), "The inputs are not used."),
        (lambda x, w, b: _step(x[0] * w[0] + b), "Only the first input counts; add up the products of all of them."),
        (lambda x, w, b: _step(np.sum(x * (w + b))), "The bias is added to every weight; add it once, to the sum."),
        (lambda x, w, b: 1 - _step(-np.sum(x * w) - b), "A sum of exactly zero is not above zero: use >, not >=."),
        (lambda x, w, b: _step(np.sum(x * w) + b - 1), "Compare the sum with 0, not with 1."),
        (lambda x, w, b: _step(np.sum(x * w) + b + 1), "Compare the sum with 0, not with -1."),
        # the same answers as _step(np.mean(x * w) + b): the two sums differ by a factor
        (
            lambda x, w, b: _step(np.sum(x * w + b)),
            "The bias counts too much, as if it were added once for each input "
            "(or the products were averaged). Add the products up, then add the bias once.",
        ),
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
    "A picture has 784 numbers, there are ten digits, and probabilities that add up to 1 need a certain activation.",
    'keras.Input(shape=(784,)) and layers.Dense(10, activation="softmax"); the rest stays as it is.',
    seconds=60,
)
def repair(answer):
    model = compiled_model(answer, "repaired_classifier", inputs=(784,))
    given, made = tuple(model.input_shape[1:]), tuple(model.output_shape[1:])
    if given == (28,) and made == (9,) and output_activation(model) == "relu":
        raise NotStarted("The model is still as it was given. Three things are wrong with it.")
    if given != (784,):
        raise TryAgain(f"The model expects pictures of shape {given}; ours are rows of 784 numbers, shape (784,).")
    if made != (10,):
        raise TryAgain(f"The model gives {made[-1]} numbers for a picture; there are ten digits, from 0 to 9.")
    images, y = digits("10k")
    x, y = images[:3000].reshape(-1, 784), y[:3000]
    given = outputs_of(model, x[:50])
    if not np.allclose(given.sum(axis=1), 1, atol=1e-3) or given.min() < 0:
        raise TryAgain(
            "The ten numbers are no probabilities yet: they must add up to 1. Which activation sees to that?"
        )
    train(model, x[:2000], y[:2000], epochs=10, labels=DIGIT_LABELS)
    score = accuracy(model, x[2000:], y[2000:])
    if score < 0.8:
        raise TryAgain(
            f"Trained for 10 epochs on 2,000 pictures it reads {100 * score:.0f} in 100 others; at least 80 were expected. "
            "Leave the loss and the optimizer as they were."
        )
    return "784 numbers in, ten probabilities out."


@exercise(
    "For one digit: pick the pictures that show it, then ask how many of them were read right.",
    "said[labels == 8] holds what was said about the eights; np.mean(... == 8) is the fraction that is right.",
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
        if missing := [digit for digit in range(10) if digit not in got]:
            raise TryAgain(
                f"The dictionary has no entry {missing[0]}; its entries are {describe(list(got))}. They should be the digits, "
                "whole numbers from 0 to 9."
            )
        got = [got[digit] for digit in range(10)]
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
            "Those are fractions of what was *said* to be each digit. Pick the pictures by their label: labels == digit."
        )
    expect(
        "accuracy_by_class(said, labels)", got, right,
        mistakes=[
            (hits, "Those are counts of right answers; divide each by how often its digit occurs."),
            (hits / len(labels), "Divide by how often the digit occurs, not by the number of all pictures."),
            (100 * right, "Those are per cent; give fractions between 0 and 1."),
            (1 - right, "Those are the fractions of wrong answers."),
            (np.full(10, overall), "All ten are the overall accuracy: pick the pictures of one digit first."),
            (np.array([np.mean((said == d) == (labels == d)) for d in range(10)]),
             "That counts every picture that is not the digit as read right. Look only at those with labels == digit."),
        ],
    )  # fmt: skip
    again = call(answer, np.arange(10), np.arange(10)[::-1].copy(), name="accuracy_by_class")
    again = [again.get(d, np.nan) for d in range(10)] if isinstance(again, dict) else again
    expect("accuracy_by_class of ten wrong answers", again, np.zeros(10))
    return "Ten report cards instead of one."


EXERCISES = (pixels, shapes, average_picture, centred, kinds, tell_apart, neuron, repair, accuracy_by_class)
