"""Exercises of lesson 05: what each checks, and its hints."""

import keras
import numpy as np

from courseware.checking import NotStarted, TryAgain, array, call, exercise, expect, number, pair
from courseware.checking_keras import compiled_model, layers_of, outputs_of, train
from courseware.data import co2

GOAL_PPM = 0.6


def _call(answer, *arguments, name, **advice):
    """Call an answer; where it raises an error that is named in `advice`, say that as well."""
    try:
        return call(answer, *arguments, name=name)
    except TryAgain as error:
        words = next((text for kind, text in advice.items() if f" raised {kind}" in str(error)), "")
        raise TryAgain(f"{error} {words}".strip()) from None


def _miss_of_change(ppm, starts, back):
    """Return the typical miss of the last value plus the change that ended `back` months before."""
    forecasts = [ppm[now - 1] + ppm[now - back] - ppm[now - back - 1] for now in starts]
    return np.sqrt(np.mean([(forecast - ppm[now]) ** 2 for forecast, now in zip(forecasts, starts, strict=True)]))


@exercise(
    "Each window starts one place later than the one before. Where may the last one start?",
    "The windows start at 0 ... n - length - 1, so there are n - length of them; the labels are series[length:].",
    "np.array([series[i : i + length] for i in range(len(series) - length)]), and series[length:]",
)
def windows(answer):
    series = np.arange(10.0, 17.0)
    made = _call(answer, series, 3, name="windows", IndexError="The last window must still have a value after it.")
    got = pair(made, "windows(series, 3)", ("inputs", "labels"))
    if len(np.shape(got[0])) == 3:
        raise TryAgain(f"The inputs have shape {np.shape(got[0])}; here two axes are enough: (examples, length).")
    if len(np.shape(got[0])) == 2 and np.shape(got[0])[0] != 4:
        raise TryAgain(
            f"There are {np.shape(got[0])[0]} windows; a series of 7 values has 7 - 3 = 4 windows of 3 that a value follows."
        )
    inputs, labels = array(got[0], (4, 3), "the inputs"), array(got[1], (4,), "the labels")
    right = np.array([series[i : i + 3] for i in range(4)])
    expect("the inputs for the series 10 ... 16", inputs, right,
           mistakes=[(right[:, ::-1], "The order in each window is reversed; keep it as in the series.")])  # fmt: skip
    expect("the labels for the series 10 ... 16", labels, series[3:],
           mistakes=[
               (series[2:-1], "That is the last value of each window; the label is the value after it."),
               (series[:4], "That is the first value of each window; the label is the value after the window."),
           ])  # fmt: skip
    expect("the inputs of windows(series, 5)", pair(call(answer, series, 5), "windows", ("a", "b"))[0],
           [[10, 11, 12, 13, 14], [11, 12, 13, 14, 15]])  # fmt: skip
    expect("the labels of windows(series, 5)", pair(call(answer, series, 5), "windows", ("a", "b"))[1], [15, 16])
    return "Seven values make four examples of three."


@exercise(
    "No shuffling: the examples already stand in the order of time.",
    "A slice [:n_train] takes the first ones, [n_train:] the rest.",
    "return inputs[:n_train], labels[:n_train], inputs[n_train:], labels[n_train:]",
)
def split_by_time(answer):
    inputs, labels = np.arange(20.0).reshape(10, 2), np.arange(10.0) * 100
    names = ("inputs_train", "labels_train", "inputs_test", "labels_test")
    got = pair(call(answer, inputs, labels, 7), "split_by_time(inputs, labels, 7)", names)
    if np.shape(got[1]) == (3, 2):
        raise TryAgain("The order of the four is inputs_train, labels_train, inputs_test, labels_test.")
    parts = [
        array(part, shape, name) for part, shape, name in zip(got, [(7, 2), (7,), (3, 2), (3,)], names, strict=True)
    ]
    if set(parts[1]) != set(labels[:7]):
        raise TryAgain(
            "Some training labels come from the end of the series: the future is in the training set. "
            "Take the first 7, without shuffling."
        )
    expect("labels_train", parts[1], labels[:7])
    expect("labels_test", parts[3], labels[7:])
    expect("inputs_train", parts[0], inputs[:7])
    expect("inputs_test", parts[2], inputs[7:])
    again = pair(call(answer, inputs, labels, 4), "split_by_time(inputs, labels, 4)", names)
    for name, part, right in zip(names, again, (inputs[:4], labels[:4], inputs[4:], labels[4:]), strict=True):
        expect(f"{name} of split_by_time(inputs, labels, 4)", part, right)
    return "The past trains, the future tests."


@exercise(
    "Which value is the forecast for series[1]? Which for series[2]?",
    "The forecasts are series[:-1], and what then happened is series[1:].",
    "return np.mean((series[1:] - series[:-1]) ** 2)",
)
def persistence_mse(answer):
    series = np.array([2.0, 1.0, 4.0, 3.0])
    expect(
        "persistence_mse([2 1 4 3])", call(answer, series), 11 / 3,
        mistakes=[
            (11.0, "That is the sum; take the mean."),
            (1 / 3, "The errors cancel: square them first."),
            (5 / 3, "That is the mean of the absolute errors; square them."),
            (11 / 4, "Four values make only three forecasts: divide by three."),
            (1.5, "The last value of the series is no forecast for the others; take for each the one before it."),
            (np.var(series), "That is the baseline of the mean; persistence forecasts each value by the one before."),
            (np.sqrt(11 / 3), "That is the root of it; leave out the root."),
        ],
    )  # fmt: skip
    longer = np.array([3.0, 6.0, 4.0, 4.0, 9.0])
    expect(
        "persistence_mse([3 6 4 4 9])", call(answer, longer), 38 / 4,
        mistakes=[(38 / 3, "Five values make four forecasts: divide by how many there are, not always by three.")],
    )  # fmt: skip
    expect("persistence_mse of a constant series", call(answer, np.full(5, 3.0)), 0.0)
    return "Cheap, and hard to beat where things change slowly."


@exercise(
    "Three things are added: the part of the input, the part of the old state, and the bias.",
    "x @ w_x is the part of the input and h @ w_h that of the old state. Then the activation.",
    "return np.tanh(x @ w_x + h @ w_h + b)",
)
def rnn_step(answer):
    rng = np.random.default_rng(0)
    x, h = rng.normal(size=(4, 2)), rng.normal(size=(4, 3))
    w_x, w_h, b = rng.normal(size=(2, 3)), rng.normal(size=(3, 3)), rng.normal(size=3)
    z = x @ w_x + h @ w_h + b
    made = _call(
        answer, x, h, w_x, w_h, b, name="rnn_step", ValueError="Put x before w_x and h before w_h, with @ between."
    )
    got = array(made, (4, 3), "rnn_step(...)")
    mistakes = [
        (z, "tanh is missing."),
        (np.tanh(x @ w_x + h @ w_h), "The bias is missing."),
        (np.tanh(x @ w_x + b), "The old state is missing: add h @ w_h."),
        (np.tanh(h @ w_h + b), "The input is missing: add x @ w_x."),
        (np.tanh(x @ w_x + b) + h @ w_h, "tanh goes over the whole sum, the part of the old state included."),
        (1 / (1 + np.exp(-z)), "That is a sigmoid; the recurrence uses tanh."),
        (np.maximum(0, z), "That is ReLU; the recurrence uses tanh."),
        (np.tanh(x @ w_x + h @ w_h.T + b), "The old state goes through w_h as it is, not transposed."),
    ]
    expect("rnn_step(...) of arrays of random numbers", got, np.tanh(z), mistakes=mistakes, atol=1e-5)
    return "This line, in a loop over the time steps, is the memory of a recurrent network."


@exercise(
    "Count for one unit first: what comes into it?",
    "Each unit has a weight for each feature, one for each unit's old state, and a bias. Then the dense layer.",
    "return units * (features + units + 1) + units + 1",
)
def rnn_parameters(answer):
    expect(
        "rnn_parameters(units=10, features=1)", call(answer, 10, 1), 131,
        mistakes=[
            (120, "That is the recurrent layer alone; the Dense(1) adds a weight for each unit and a bias."),
            (121, "The recurrent layer has a bias for each of its units, too."),
            (31, "The weights from state to state are missing: units * units of them."),
            (130, "The bias of the dense layer is missing."),
            (110, "The biases are missing: one for each unit, and one for the dense layer."),
            (24 * 120 + 11, "The weights are shared over time: the number of steps does not count."),
        ],
    )  # fmt: skip
    expect("rnn_parameters(units=32, features=8)", call(answer, 32, 8), 1345,
           mistakes=[(1121, "It fits one feature only: each unit has a weight for every feature.")])  # fmt: skip
    return "The length of the sequence does not appear in it."


@exercise(
    "One argument fixes the length of the input, another makes the layer answer at every step.",
    "In keras.Input the number of steps may be None. What does return_sequences do?",
    "keras.Input(shape=(None, 1)), and SimpleRNN(10) without return_sequences.",
    seconds=60,
)
def repair(answer):
    model = compiled_model(answer, "repaired_forecaster", inputs=(None, 1))
    if not layers_of(model, keras.layers.RNN):
        raise TryAgain("There is no recurrent layer left in the model; keep SimpleRNN.")
    fixed = model.input_shape[1] is not None
    every_step = len(model.output_shape) == 3
    if fixed and every_step:
        raise NotStarted("The model is still as it was given. Two arguments are wrong.")
    if fixed:
        raise TryAgain(f"The input shape is {model.input_shape}: only sequences of {model.input_shape[1]} steps fit.")
    if every_step:
        raise TryAgain("The output has a number for every time step; one for the whole sequence was expected.")
    if model.output_shape != (None, 1):
        raise TryAgain(f"The output shape is {model.output_shape}; expected (None, 1): one number for each sequence.")
    for steps in (3, 50):
        made = outputs_of(model, np.zeros((2, steps, 1)))
        if made.shape != (2, 1):
            raise TryAgain(
                f"For two sequences of {steps} steps it gives an output of shape {made.shape}; expected (2, 1)."
            )
    x = np.random.default_rng(0).uniform(-2, 0, (256, 6, 1))  # below zero, as any standardized series half is
    train(model, x, x[:, -1], batch_size=16, epochs=40, labels="Does the loss fit a forecast, which is a number?")
    miss = float(np.mean((outputs_of(model, x) - x[:, -1]) ** 2) / np.var(x[:, -1]))
    if not miss < 0.5:
        raise TryAgain(
            "Trained to return the last value of each sequence, numbers from -2 to 0, it does no better than a guess. "
            "Keep the squared loss, the rate and a plain output: a forecast may be any number."
        )
    return "Any length in, one number out."


@exercise(
    "Persistence is not enough because of the yearly wave. Which past month is like the coming one?",
    "history[-1] is now, history[-12] is the month a year before the coming one, history[-13] a year before now.",
    "return history[-1] + (history[-12] - history[-13])",
    seconds=30,
)
def no_network(answer):
    _, ppm = co2()
    starts = range(368, len(ppm))
    misses = [number(call(answer, ppm[:now], name="forecast"), "forecast(history)") - ppm[now] for now in starts]
    miss = float(np.sqrt(np.mean(np.square(misses))))
    if miss < GOAL_PPM:
        now = len(ppm) - 1
        elsewhere = number(call(answer, 2 * ppm[:now] - 300, name="forecast"), "forecast(history)")
        if abs((elsewhere + 300) / 2 - ppm[now]) > 3 * GOAL_PPM:
            raise TryAgain(
                "On this series it reaches the goal; on one of the same shape that climbs twice as fast it misses by far. "
                "Forecast from `history` alone."
            )
        return "No network, no training: know your series first."
    late = float(np.sqrt(np.mean(np.square(np.diff(ppm[367:])))))
    year_ago = float(np.sqrt(np.mean([(ppm[now - 12] - ppm[now]) ** 2 for now in starts])))
    if np.isclose(miss, late, rtol=1e-3):
        words = "That is persistence. What did the series do in the same month a year ago?"
    elif np.isclose(miss, year_ago, rtol=1e-3):
        words = (
            "The same month a year ago has the right wave but misses a year of climbing. Use its change, not its level."
        )
    elif any(np.isclose(miss, _miss_of_change(ppm, starts, back), rtol=1e-3) for back in (11, 13)):
        words = "That is the change of a neighbouring month: the coming month a year ago is history[-12]."
    else:
        words = "Start from the last value and add a good guess of the change."
    raise TryAgain(f"It misses by {miss:.2f} parts per million; less than {GOAL_PPM} was the goal. {words}")


EXERCISES = (windows, split_by_time, persistence_mse, rnn_step, rnn_parameters, repair, no_network)
