"""Exercises of lesson 14: what each checks, and its hints."""

import keras
import numpy as np
from keras import layers

from courseware.checking import NotStarted, TryAgain, call, describe, exercise, expect, pair
from courseware.checking_keras import compiled_model, output_activation, refuse_other_shapes


@exercise(
    "A dense layer has a weight for each input and each unit, and a bias for each unit.",
    "Make a list of the counts first, inputs * units + units. What learns is the list without its first `frozen` entries.",
    "counts = [inputs * units + units for inputs, units in sizes]; return sum(counts), sum(counts[frozen:])",
)
def parameters_to_learn(answer):
    # 48, 35, 24, 20, 15 and 8 parameters: enough layers for each slice of the list to have another sum
    sizes = [(7, 6), (6, 5), (5, 4), (4, 4), (4, 3), (3, 2)]
    got = pair(call(answer, sizes, 2, name="parameters_to_learn"), "parameters_to_learn(...)", ("all", "learning"))
    expect(
        f"parameters_to_learn({sizes}, frozen=2)", got, [150, 67],
        mistakes=[
            ([126, 54], "The biases are missing: one for each unit."),
            ([150, 83], "The second number counts what is frozen; what *learns* is the rest."),
            ([67, 150], "The two are swapped: first all, then those that learn."),
            ([67, 67], "Frozen layers still have their parameters; they belong in the first number."),
            ([150, 127], "You froze the last layers; the *first* ones are frozen."),
            ([150, 8], "You froze all layers but the last; `frozen` says how many."),
            ([150, 43], "One layer too many is frozen: the first two are those with the numbers 0 and 1."),
            ([150, 102], "One layer too few is frozen: the first two are those with the numbers 0 and 1."),
            ([150, 23], "Only the last `frozen` layers learn; all but the first `frozen` should."),
            ([150, 150], "The frozen layers do not learn."),
        ],
    )  # fmt: skip
    for frozen, learning in ((0, 150), (1, 102), (5, 8), (6, 0)):
        got = call(answer, sizes, frozen, name="parameters_to_learn")
        expect(f"parameters_to_learn({sizes}, frozen={frozen})", pair(got, "It", ("all", "learning")), [150, learning])
    return "Frozen ones are counted, and not changed."


def _body():
    return keras.Sequential(
        [
            keras.Input(shape=(6, 6, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(5, activation="tanh"),
        ]
    )


def _values(weights):
    return [keras.ops.convert_to_numpy(weight) for weight in weights]


def _moved(before, weights):
    return [not np.array_equal(old, new) for old, new in zip(before, _values(weights), strict=True)]


@exercise(
    "Three lines: freeze the body, put it into a Sequential with a Dense layer behind it, compile.",
    'The head is layers.Dense(n_classes, activation="softmax"). Set body.trainable = False before the first step of training.',
    "body.trainable = False; keras.Sequential([body, layers.Dense(n_classes, activation='softmax')]); then compile.",
    seconds=30,
)
def borrow(answer):
    keras.utils.set_random_seed(0)
    body = _body()
    before = _values(body.weights)
    made = call(answer, body, 3, name="borrow", copied=False)  # whose weights stay is the question
    model = compiled_model(made, "borrow", inputs=(6, 6, 1))
    refuse_other_shapes(model, (6, 6, 1), (3,), "from a picture of 6 by 6 to three classes")
    rng = np.random.default_rng(0)
    x, y = rng.random((12, 6, 6, 1)).astype("float32"), np.arange(12) % 3
    if not any(weight is own for weight in body.weights for own in model.weights):
        raise TryAgain("The weights of the body that was given are not in the model. Put `body` itself into it.")
    if output_activation(model) != "softmax" and not getattr(model.loss, "from_logits", False):
        raise TryAgain("The last layer gives no probabilities of classes; give it softmax.")
    if len(model.trainable_weights) == 0:
        raise TryAgain("Nothing is left to learn: the head is frozen as well. Freeze the body alone.")
    if float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)) < 0:
        raise TryAgain("The learning rate is negative: each step would go uphill.")
    start = _values(model.trainable_weights)
    try:
        for _ in range(2):
            model.train_on_batch(x, y)
    except Exception:
        raise TryAgain(
            "The model cannot be trained with whole-number labels such as 0, 1, 2. The loss for these is "
            "sparse_categorical_crossentropy."
        ) from None
    if any(_moved(before, body.weights)):
        raise TryAgain(
            "After two steps of training the weights of the body have changed. Set body.trainable = False, before the "
            "model trains."
        )
    if not any(_moved(start, model.trainable_weights)):
        raise TryAgain("After two steps of training the head has not moved. Is its learning rate zero?")
    return "The body stays, the head learns."


@exercise(
    "Subtract draw by draw; np.array makes arrays of the lists.",
    "difference = np.array(first) - np.array(second). Its mean is the first number. Where is it above 0?",
    "return np.mean(difference), np.mean(difference > 0)",
)
def compare(answer):
    # differences 0.06, -0.04, 0.12, 0.18, 0.01, with which no two of these mistakes agree
    first, second = [0.5, 0.61, 0.42, 0.7, 0.55], [0.44, 0.65, 0.3, 0.52, 0.54]
    got = pair(call(answer, first, second, name="compare"), "compare(...)", ("mean", "fraction"))
    expect(
        f"compare({first}, {second})", got, [0.066, 0.8],
        mistakes=[
            ([-0.066, 0.2], "It is the other way round: first minus second."),
            ([-0.066, 0.8], "The difference is first minus second."),
            ([0.066, 0.2], "That is the fraction of draws in which the second wins."),
            ([0.066, 4], "That is the number of draws; divide it by how many there are."),
            ([0.33, 0.8], "That is the sum of the differences; take their mean."),
            ([0.33 / 4, 0.8], "That divides by n - 1; a mean divides by the number of draws, here 5."),
            ([0.06, 0.8], "That is the median of the differences; the mean is wanted."),
            ([0.8, 0.066], "The two are swapped: first the mean difference, then the fraction."),
            ([0.05, 0.8], "That is the difference of the best ones. Which draw was best says little; take the mean."),
            ([0.05, 1], "That compares the best ones only. Compare draw by draw."),
            ([0.066, 1], "The second wins one of these draws. Compare draw by draw. (Two lists > compares as wholes: np.array first.)"),
            ([0.082, 0.8], "The differences keep their sign: where the second is ahead, it counts against the first."),
        ],
    )  # fmt: skip
    got = call(answer, [0.5, 0.25], [0.5, 0.75], name="compare")
    expect("compare([0.5, 0.25], [0.5, 0.75])", pair(got, "It", ("mean", "fraction")), [-0.25, 0.0],
           mistakes=[([-0.25, 0.5], "In the first draw both are alike; that is no win.")])  # fmt: skip
    return "In each pair both had the same examples."


def _deep():
    return keras.Sequential(
        [
            keras.Input(shape=(10, 10, 1)),
            layers.Conv2D(2, 3),
            layers.MaxPooling2D(),
            layers.Conv2D(3, 3),
            layers.Flatten(),
            layers.Dense(5),
            layers.Activation("tanh"),
            layers.Dense(4),
        ]
    )


@exercise(
    "Which layers have weights? [layer for layer in body.layers if layer.weights] lists them in order.",
    "Thaw all with body.trainable = True, then freeze the first of that list: all but the last n.",
    "for layer in with_weights[: len(with_weights) - n]: layer.trainable = False, after body.trainable = True",
)
def thaw(answer):
    for n, frozen_before in ((1, False), (2, True), (3, True), (4, True), (0, False)):
        body = _deep()
        body.trainable = not frozen_before
        given = f"thaw(body, {n}) for a body of four layers with weights{' that are all frozen before' if frozen_before else ''}"
        made = call(answer, body, n, name="thaw", copied=False)
        if made is not body and not isinstance(made, keras.Model):
            raise TryAgain(f"thaw(body, {n}) returned {describe(made)}; the body was expected.")
        learning = {id(weight) for weight in made.trainable_weights}
        got = [id(layer.weights[0]) in learning for layer in made.layers if layer.weights]
        wanted = [place >= 4 - n for place in range(4)]
        if got == wanted:
            continue
        if all(got) and n == 0:
            why = "With n = 0 none shall learn. A list's [:-0] is empty and its [-0:] is all of it; use len(...) - n."
        elif got == [not each for each in wanted]:
            why = "These are the others: the *last* ones shall learn."
        elif got == wanted[::-1]:
            why = "You counted from the front; the *last* ones shall learn."
        elif not any(got) and not body.trainable:
            why = "The body itself is frozen, and with it all that is inside. Set body.trainable = True first."
        elif got == [place >= len(made.layers) - n for place, layer in enumerate(made.layers) if layer.weights]:
            why = "Pooling, Flatten and activations do not count: they have no weights."
        elif all(got):
            why = "All learn. (body.trainable = True sets every layer: it must stand before you freeze the first ones.)"
        elif sum(got) == n - 1:
            why = f"One layer too many is frozen{', or all are' if n == 1 else ''}. Where does your slice of the list end?"
        else:
            why = "Freeze all before the last n."
        raise TryAgain(f"{given}: {sum(got)} of them learn ({_told(got)}); expected {_told(wanted)}. {why}")
    return "The first stay as they are, the last may learn."


def _told(learns):
    return ", ".join("learns" if each else "frozen" for each in learns)


NAMES = ("feedforward", "convolutional", "recurrent", "Transformer", "autoencoder", "GAN", "borrowed", "none")
CASES = {
    "loans": ({"feedforward"}, "A row of numbers for each loan, with neither places nor an order: look at the first rows of the table."),
    "bees": ({"borrowed"}, "60 pictures of a kind are few, and networks that know photos exist."),
    "chips": ({"convolutional"}, "Pictures, with labels, and plenty of them; and no network that was trained on the like."),
    "power": ({"recurrent"}, "Measurements in the order of time, and the next one is asked for."),
    "logs": ({"recurrent", "Transformer"}, "Sequences of codes in which the order matters, and plenty of them: which networks read such?"),
    "pumps": ({"autoencoder"}, "There are no labels, and no odd examples to learn from. Which network learns what is normal?"),
    "patterns": ({"GAN"}, "More like these: which network makes new ones?"),
    "fees": ({"none"}, "The rule is known. Write it down."),
    "shops": ({"none"}, "Twelve examples are too few to train a network on: take the mean, or a straight line."),
    "letters": ({"borrowed"}, "300 letters are few, and networks that know English exist."),
}  # fmt: skip
WHY_NOT = {
    ("bees", "convolutional"): "It would have to learn to see from 180 photos alone.",
    (
        "chips",
        "borrowed",
    ): "One could, but there are labels enough for a network of its own, and no source that is similar.",
    ("letters", "recurrent"): "It would have to learn English from 300 letters alone.",
    ("letters", "Transformer"): "A Transformer, yes; but from scratch it would have to learn English from 300 letters.",
    ("logs", "borrowed"): "No other machine speaks this language, so that nobody has a network that knows it.",
    ("loans", "convolutional"): "The columns of a table have no neighbours: any order of them is as good.",
    ("loans", "recurrent"): "The 40 numbers of a loan are no series; any order of them is as good.",
    ("pumps", "feedforward"): "To name two classes it needs examples of both, and there is no broken pump.",
    (
        "power",
        "feedforward",
    ): "With the last hours as columns it would do, too. The table's first choice for a series is another.",
    ("power", "Transformer"): "It might do, too. The table's first choice for measurements in time is another.",
    (
        "shops",
        "feedforward",
    ): "With a hidden layer it has more parameters than there are shops; a single neuron is the straight line, a baseline.",
    ("patterns", "autoencoder"): "It rebuilds what it is given; new ones are another task.",
}


@exercise(
    "Ask in this order: is there a rule? How many examples? What shape do they have? Are there labels?",
    "Few examples of something that others have plenty of: borrowed. A known rule, or a dozen examples: none.",
    "In the order of the list: feedforward, borrowed, convolutional, recurrent, recurrent or Transformer, autoencoder, GAN, none, none, borrowed.",
)
def which_network(answer):
    given = _all_named(answer, CASES, "which_network", NAMES)
    wrong = [case for case, (right, _) in CASES.items() if given[case] not in right]
    if wrong:
        case, n = wrong[0], len(wrong)
        why = WHY_NOT.get((case, given[case]), CASES[case][1])
        raise TryAgain(f"{10 - n} of 10. Look again at {case!r}, where you have {given[case]!r}. {why}")
    other = {"recurrent": "A Transformer", "Transformer": "A recurrent network"}[given["logs"]]
    return f"All ten. ({other} would have been right for the logs as well.)"


FAULTS = ("no baseline", "leak", "chosen on the test", "too few to tell", "wrong scaling", "foreign source")
REPORTS = {
    "rain": ("no baseline", 'How often would "never" be right?'),
    "lungs": ("leak", "The same person may be in training and test."),
    "settings": (
        "chosen on the test",
        "The test pictures have chosen among 60. Is their accuracy still that of new pictures?",
    ),
    "birds": ("too few to tell", "How much would one photo more or less change?"),
    "flowers": ("wrong scaling", "Compare the numbers that go in with those that it was trained on."),
    "sounds": ("foreign source", "The control says that nothing of use was borrowed."),
}


@exercise(
    "For each report ask: would the number be the same if the method were worthless?",
    'In "rain", compare with "never". In "lungs", ask who is in training and test. In "sounds", read the control.',
    "no baseline, leak, chosen on the test, too few to tell, wrong scaling, foreign source: in the order of the reports.",
)
def what_went_wrong(answer):
    given = _all_named(answer, REPORTS, "what_went_wrong", FAULTS)
    wrong = [report for report, (right, _) in REPORTS.items() if given[report] != right]
    if wrong:
        report = wrong[0]
        raise TryAgain(
            f"{6 - len(wrong)} of 6. Look again at {report!r}, where you have {given[report]!r}. {REPORTS[report][1]}"
        )
    return "All six. Look for them in every report that you read."


def _all_named(answer, cases, name, allowed):
    """The learner's answers by case, in the spelling of `allowed`; raises for what is missing or unknown."""
    if not isinstance(answer, dict):
        raise TryAgain(f"{name} is {describe(answer)}; a dictionary was expected. Keep the lines, replace the dots.")
    if missing := [case for case in cases if case not in answer]:
        raise TryAgain(f"The case {missing[0]!r} is missing. Keep the names as they are and replace the dots.")
    if all(answer[case] is ... for case in cases):
        raise NotStarted
    spelled = {each.lower(): each for each in allowed}
    given = {}
    for case in cases:
        if answer[case] is ...:
            raise TryAgain(f"{case!r} still has its dots. Give one of the answers of the list.")
        word = "none" if answer[case] is None else str(answer[case]).strip().lower()
        if word not in spelled:
            raise TryAgain(
                f"For {case!r} you have {describe(word).removeprefix('a str: ')}; choose among {', '.join(map(repr, allowed))}."
            )
        given[case] = spelled[word]
    return given


EXERCISES = (parameters_to_learn, borrow, compare, thaw, which_network, what_went_wrong)
