"""Exercises of lesson 06: what each checks, and its hints."""

import keras
import numpy as np

from courseware.checking import NotStarted, TryAgain, array, call, describe, exercise, expect, pair
from courseware.checking_keras import (
    compiled_model,
    keeps_to_0_and_1,
    layers_of,
    output_activation,
    outputs_of,
    without_cudnn,
)

HOLD = 200
UNKNOWN = 'The word "a" is not in the vocabulary: it becomes 1.'


def _sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -60, 60)))


@exercise(
    "Two parts are added: what stays of the old, and what comes in.",
    "The forget gate f multiplies the old cell state, the input gate i multiplies the candidate.",
    "return f * c + i * g",
)
def new_cell(answer):
    c, f, i, g = 0.8, 0.5, 0.25, -0.6
    expect(
        f"new_cell(c={c}, f={f}, i={i}, g={g})", call(answer, c, f, i, g), f * c + i * g,
        mistakes=[
            (f * c, "The new part is missing: add i * g."),
            (i * g, "The old part is missing: f * c."),
            (f * c - i * g, "The candidate is subtracted; it is added (it may be negative itself)."),
            (f * c + g, "The candidate goes in through its gate: i * g, not g alone."),
            (c + i * g, "The old cell state passes its gate, too: f * c."),
            (i * c + f * g, "The gates are swapped: f belongs to the old state, i to the candidate."),
            (f * c + (1 - f) * g, "The candidate has a gate of its own, i; 1 - f is not used here."),
            (np.tanh(f * c + i * g), "No tanh on the belt: just the products and the sum."),
        ],
    )  # fmt: skip
    c, f, i, g = (np.array(v) for v in ([1.0, 2.0], [1.0, 0.0], [0.0, 1.0], [5.0, -0.5]))
    expect("new_cell for arrays", call(answer, c, f, i, g), [1.0, -0.5])
    return "Held in the first place, replaced in the second."


@exercise(
    "After `steps` steps f ** steps is left, and that is to be one half.",
    "Take the root: the power of 1 / steps undoes the power of steps.",
    "return 0.5 ** (1 / steps)",
)
def gate_for(answer):
    expect(
        "gate_for(steps=10)", call(answer, 10), 0.5**0.1,
        mistakes=[
            (0.05, "That is 0.5 / steps, which 0.5 ** 1 / steps is, too. The gate multiplies at every step, so a root is needed: the power of (1 / steps), in brackets."),
            (0.5**10, "That is what a gate at 0.5 leaves after ten steps. Now the reverse: which f gives f ** 10 = 0.5?"),
            (0.95, "That loses a fraction of the *start* at each step. The gate multiplies what is left."),
            (0.1**0.5, "Base and exponent are swapped."),
            (np.log(0.5) / 10, "That is the logarithm of the gate; take np.exp of it."),
            (0.9, "That is 1 - 1 / steps, which leaves about a third."),
        ],
    )  # fmt: skip
    expect("gate_for(steps=1)", call(answer, 1), 0.5)
    expect("gate_for(steps=1000)", call(answer, 1000), 0.5**0.001, rtol=1e-6)
    return "For a thousand steps it must stand above 0.999."


@exercise(
    "First the new cell state, by the line of new_cell. Then the hidden state from the new cell state.",
    "i, f and o pass through sigmoid, g passes through np.tanh, each before it is used.",
    "c = sigmoid(f) * c + sigmoid(i) * np.tanh(g), then return sigmoid(o) * np.tanh(c), c",
)
def lstm_step(answer):
    rng = np.random.default_rng(0)
    x, h, c = rng.normal(size=(4, 2)), rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    kernel, recurrent, bias = rng.normal(size=(2, 12)), rng.normal(size=(3, 12)), rng.normal(size=12)
    i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=1)
    s, tanh = _sigmoid, np.tanh
    new = s(f) * c + s(i) * tanh(g)
    right = np.stack([s(o) * tanh(new), new])
    got = pair(call(answer, x, h, c, kernel, recurrent, bias, name="lstm_step"), "lstm_step(...)", ("h", "c"))
    got = np.stack([array(got[0], (4, 3), "the new h"), array(got[1], (4, 3), "the new c")])
    if np.allclose(got, right, atol=1e-5):
        return "That one step, repeated, is a whole LSTM."
    if np.allclose(got, right[::-1], atol=1e-5):
        raise TryAgain("Both are right, but swapped: return h first, then c.")
    cells = {
        "i, f, g and o are still sums: squeeze each before you use it.": f * c + i * g,
        "The gates are squeezed by sigmoid before they are used: sigmoid(f), sigmoid(i).": f * c + i * tanh(g),
        "The candidate needs tanh: np.tanh(g).": s(f) * c + s(i) * g,
        "The candidate is squeezed by tanh, not by sigmoid.": s(f) * c + s(i) * s(g),
        "The old cell state is missing: sigmoid(f) * c.": s(i) * tanh(g),
        "The candidate passes through the input gate: sigmoid(i) * np.tanh(g).": s(f) * c + tanh(g),
        "i and f are swapped: f multiplies the old cell state.": s(i) * c + s(f) * tanh(g),
        "The forget gate keeps where it is open: sigmoid(f) * c, not (1 - sigmoid(f)) * c.": (1 - s(f)) * c
        + s(i) * tanh(g),
        "No tanh on the belt: the new c is only a sum of products.": tanh(new),
        "The forget gate multiplies the old cell state c, not h.": s(f) * h + s(i) * tanh(g),
        "The candidate is the third of the four parts: the order is i, f, g, o.": s(f) * c + s(i) * tanh(o),
    }
    for words, wrong in cells.items():
        if np.allclose(got[1], wrong, atol=1e-5):
            raise TryAgain(f"The new c is not right. {words}")
    if np.allclose(got[1], new, atol=1e-5):
        states = {
            "The output gate is missing.": tanh(new),
            "tanh of the new c is missing.": s(o) * new,
            "It uses the old c; first compute the new one.": s(o) * tanh(c),
            "The output gate is squeezed by sigmoid: sigmoid(o).": o * tanh(new),
        }
        words = next((text for text, wrong in states.items() if np.allclose(got[0], wrong, atol=1e-5)), "")
        raise TryAgain(f"The new c is right, the new h is not: expected sigmoid(o) * tanh(new c). {words}".strip())
    raise TryAgain(
        "The new c is not right. Which squeeze does each of i, f and g get, and what does each gate multiply?"
    )


@exercise(
    "Count one gate first. It is a dense layer with n units: what are its inputs?",
    "One gate sees m inputs and n old states, so it has n * (n + m) weights and n biases.",
    "return 4 * (n * (n + m) + n)",
)
def lstm_parameters(answer):
    expect(
        "lstm_parameters(n=5, m=3)", call(answer, 5, 3), 180,
        mistakes=[
            (45, "That is one part. There are four: three gates and the candidate."),
            (135, "There are four parts: three gates and also the candidate."),
            (160, "The biases are missing: each part has one for each unit."),
            (164, "A bias for each *unit* of each part, not one for each part."),
            (80, "The weights from the old state are missing: n * n in each part."),
            (120, "The weights from the input are missing: n * m in each part."),
            (165, "Each of the four parts has n biases of its own, so there are 4 * n."),
            (200, "Keras's LSTM has one bias for each unit and part, not two."),
        ],
    )  # fmt: skip
    expect("lstm_parameters(n=50, m=1)", call(answer, 50, 1), 10400)
    return "Four times a SimpleRNN of the same size."


def _run_latch(kernel, bias, value, mark, steps):
    c = h = 0.0
    for t in range(steps):
        i, f, g, o = value[t] * kernel[0] + mark[t] * kernel[1] + bias
        c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
        h = _sigmoid(o) * np.tanh(c)
    return c, h


@exercise(
    "Decide for each of i, f, g, o: what should it be with the mark, and what without?",
    "Without the mark: i shut (bias -10), f open (bias 10), o open (bias 10). The mark opens i; g looks at the value.",
    "kernel = [[0, 0, 1.5, 0], [20, 0, 0, 0]] and bias = [-10, 10, 0, 10], as NumPy arrays.",
)
def latch(answer):
    kernel, bias = pair(call(answer, name="latch"), "latch()", ("kernel", "bias"))
    if kernel is ... or bias is ...:
        raise NotStarted
    kernel, bias = array(kernel, (2, 4), "kernel"), array(bias, (4,), "bias")
    rng = np.random.default_rng(0)
    for shown in (0.8, -0.8, 0.5, -0.5, 0.3, -1.0):
        for marked in (0, 7):
            value = rng.uniform(-1, 1, marked + 1 + HOLD)
            mark = np.zeros(len(value))
            value[marked], mark[marked] = shown, 1
            stored, _ = _run_latch(kernel, bias, value, mark, marked + 1)
            c, h = _run_latch(kernel, bias, value, mark, len(value))
            if h * shown > 0 and abs(h) >= abs(shown) / 2:
                continue
            raise TryAgain(
                f"The value {shown} came with the mark in step {marked + 1}; {HOLD} steps later the output is {h:.3f}. "
                f"Expected: the same sign and at least {abs(shown) / 2:g} in size. {_advice(kernel, bias, shown, stored, c)}"
            )
    return f"Set by hand, held for {HOLD} steps. Training has to find something like it."


def _advice(kernel, bias, shown, stored, c):
    quiet, marked = _sigmoid(bias), _sigmoid(kernel[1] + bias)
    if marked[0] < 0.1:
        return "The input gate stays shut when the mark comes. Which weight lets the mark open it?"
    if quiet[0] > 0.001:
        return "The input gate is not shut without the mark, so other values leak in. Give it a negative bias."
    if marked[0] < 0.9:
        return (
            f"With the mark the input gate stands at {marked[0]:.2f}, not fully open: it gets the sum of its bias and the "
            "mark's weight. Let the weight outweigh the bias by far."
        )
    if quiet[1] < 0.995:
        return f"The forget gate stands at {quiet[1]:.3f} without the mark, so the memory fades. Give it a large bias."
    if kernel[0, 2] == 0:
        return "The candidate does not look at the value: its weight is 0."
    shift = kernel[1, 2] + bias[2]
    if abs(shift) > 0.3:
        return (
            f"At the mark the candidate gets {shift:g} beside the value, from its bias and its weight for the mark, "
            "and that shifts every value. Both should be 0."
        )
    if stored * shown < 0:
        return "The value is stored with its sign turned."
    if quiet[3] < 0.9:
        return "The cell state is kept, but the output gate does not show all of it."
    if np.any(np.abs(kernel[0, [0, 1, 3]]) > 0):
        return "A gate looks at the value; gates should look at the mark only."
    return "It is a little weak: let the candidate's weight for the value be larger, 1.5 or 2."


@exercise(
    "Two steps: look up each word, then put zeros in front until there are `length` numbers.",
    "vocabulary.get(word, 1) gives 1 for an unknown word; [0] * k is a list of k zeros.",
    "numbers = [vocabulary.get(word, 1) for word in words]; return [0] * (length - len(numbers)) + numbers",
)
def encode(answer):
    words, vocabulary = ["the", "fox", "saw", "a", "dog"], {"the": 2, "dog": 3, "fox": 4, "saw": 5}
    try:
        got = call(answer, words, vocabulary, 8, name="encode")
    except TryAgain as problem:
        if "KeyError: 'a'" in str(problem):
            raise TryAgain(f"{problem} {UNKNOWN}") from None
        raise
    if isinstance(got, list) and None in got:
        raise TryAgain(f"encode(...) returned {describe(got)}, with None in it. {UNKNOWN}")
    if np.ndim(got) == 1 and len(got) != 8 and all(isinstance(v, int | np.integer) for v in got):
        raise TryAgain(f"encode(...) gave {len(got)} numbers; expected 8: zeros make up for the missing words.")
    right = [0, 0, 0, 2, 4, 5, 1, 3]
    expect(
        f"encode({words}, {vocabulary}, 8)", got, right,
        mistakes=[
            ([2, 4, 5, 1, 3, 0, 0, 0], "The zeros belong in front, so that the sentence is read last."),
            ([0, 0, 0, 2, 4, 5, 0, 3], 'The word "a" is not in the vocabulary: it becomes 1. 0 is for padding.'),
            ([0, 0, 0, 0, 2, 4, 5, 3], 'The word "a" was left out. It is unknown, so it becomes 1, at its place.'),
            ([1, 1, 1, 2, 4, 5, 1, 3], "Fill up with 0, not with 1."),
            ([0, 0, 0, 3, 1, 5, 4, 2], "The order of the words is reversed."),
            ([0, 0, 0, 1, 2, 3, 4, 5], "The words are sorted or numbered by place; look each up in the vocabulary."),
        ],
    )  # fmt: skip
    expect("encode for a sentence of exactly 2 words", call(answer, ["dog", "saw"], vocabulary, 2), [3, 5])
    expect("encode for a length of 13", call(answer, ["dog", "saw"], vocabulary, 13), [0] * 11 + [3, 5])
    return "Zeros in front, the last word last."


@exercise(
    "Bring both lists into a form in which order does not matter, but number does.",
    "A set forgets how often a word comes. Sorting does not; nor does collections.Counter.",
    "return sorted(first) == sorted(second)",
)
def same_bag(answer):
    cases = [
        ("the dog chased the boy", "the boy chased the dog", True, "Order must not count."),
        ("the dog chased the boy", "the dog chased a boy", False, "One of the words differs."),
        ("the dog saw the dog", "the dog saw the", False, "A word that comes twice must come twice in both."),
        ("the dog saw the dog", "the the saw the dog", False, "The words are the same, but not equally often."),
        ("a a b", "a b b", False, "The words are the same, but not equally often."),
        ("the dog", "the dog ran", False, "The second list has a word that the first has not."),
        ("the dog ran", "the dog", False, "The first list has a word that the second has not."),
        ("the dog saw", "the dog was", False, "The letters are the same, the words are not."),
    ]
    for first, second, same, words in cases:
        got = call(answer, first.split(), second.split(), name="same_bag")
        if not isinstance(got, bool | np.bool_):
            raise TryAgain(f"same_bag returned {describe(got)}; True or False was expected.")
        if bool(got) != same:
            raise TryAgain(f'same_bag of "{first}" and "{second}" is {got}; expected {same}. {words}')
    return "What a bag cannot tell apart, no model on top of it can."


@exercise(
    "Look at the first argument of Embedding, at the arguments of LSTM, and at the activation.",
    "Numbers 0 to 99 need 100 rows. return_sequences makes the layer answer at every step. A probability lies between 0 and 1.",
    'layers.Embedding(100, 8, mask_zero=True), layers.LSTM(16, use_cudnn=False), layers.Dense(1, activation="sigmoid")',
    seconds=60,
)
def repair(answer):
    model = compiled_model(answer, "repaired_reader", inputs=(None,))
    tables = layers_of(model, keras.layers.Embedding)
    if not tables:
        raise TryAgain("There is no Embedding left in the model; the word numbers need their table.")
    if not layers_of(model, (keras.layers.RNN, keras.layers.Bidirectional)):
        raise TryAgain("There is no recurrent layer left in the model; keep the LSTM.")
    small, every_word = tables[0].input_dim < 100, len(model.output_shape) == 3
    output = output_activation(model)
    if small and every_word and output == "relu":
        raise NotStarted("The model is still as it was given. Three things are wrong with it.")
    if small:
        raise TryAgain(f"The table has {tables[0].input_dim} rows, numbered from 0; there is none for word 99.")
    if every_word:
        raise TryAgain("The output has a number for every word; one for the whole sentence was expected.")
    if model.output_shape != (None, 1):
        raise TryAgain(
            f"The output shape is {model.output_shape}; expected (None, 1): one probability for each sentence."
        )
    sentences = np.random.default_rng(0).integers(1, 100, (50, 6)).astype("int32")
    if output != "sigmoid" and (output == "relu" or not keeps_to_0_and_1(model, sentences)):
        raise TryAgain("The output is not squeezed to between 0 and 1. Which activation belongs to a yes-or-no answer?")
    with without_cudnn(model):
        made = outputs_of(model, np.array([[0, 0, 99], [5, 6, 7]], dtype="int32"))
        long, short = (outputs_of(model, np.array([row], dtype="int32")) for row in ([0, 0, 5, 6, 7], [5, 6, 7]))
    if made.shape != (2, 1) or not np.all((made > 0) & (made < 1)):
        raise TryAgain("For two sentences it does not give two probabilities between 0 and 1.")
    if not np.allclose(long, short, atol=1e-5):
        raise TryAgain("Two zeros before a sentence change its answer. Zeros are no words: keep mask_zero=True.")
    return "Room for every word, one answer, and a probability."


EXERCISES = (new_cell, gate_for, lstm_step, lstm_parameters, latch, encode, same_bag, repair)
