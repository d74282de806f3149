"""Exercises of lesson 07: what each checks, and its hints."""

import keras
import numpy as np

from courseware.checking import NotStarted, TryAgain, array, call, describe, exercise, expect
from courseware.checking_keras import (
    compiled_model,
    keeps_to_0_and_1,
    layers_of,
    loss_name,
    output_activation,
    outputs_of,
    refuse_other_shapes,
    starts,
    train,
)
from courseware.data import digits


def _product(answer, *arguments, name, shapes):
    """Call a function that multiplies two matrices. Where NumPy refuses, say what `shapes` says, or that `*` is another product."""
    try:
        return call(answer, *arguments, name=name)
    except TryAgain as fault:
        if "matmul" in str(fault) or "not aligned" in str(fault):
            raise TryAgain(f"{name}: the shapes of the two factors of a product do not fit. {shapes}") from None
        if "broadcast" in str(fault):
            raise TryAgain(
                f"{name}: two arrays have shapes that do not fit number by number. If you wrote `*` for a matrix product: "
                "that is written `@`."
            ) from None
        raise


@exercise(
    "Centre first: x - average, for all pictures at once.",
    "Each amount is a sum of products of a centred picture with a direction: a matrix product, @. For it the directions have to "
    "go down the columns, and .T turns rows into columns.",
    "return (x - average) @ directions.T",
)
def pca_code(answer):
    rng = np.random.default_rng(0)
    x, average = rng.normal(size=(5, 4)), np.array([1.0, 2.0, 3.0, 4.0])
    directions = np.linalg.qr(rng.normal(size=(4, 4)))[0][:2]
    turn = "Each picture is a row of 4 pixels, and so is each direction: directions.T has them in its columns."
    got = _product(answer, x, average, directions, name="pca_code", shapes=turn)
    if np.shape(got) == (2, 5):
        raise TryAgain("The result has shape (2, 5); the pictures go down the rows: (5, 2). Swap the two factors.")
    expect(
        "pca_code(...) for five pictures and two directions", got,
        (x - average) @ directions.T,
        mistakes=[
            (x @ directions.T, "The average was not subtracted."),
            ((average - x) @ directions.T, "The sign is wrong: picture minus average."),
            ((x - x.mean(axis=0)) @ directions.T, "Use the given average, not that of these pictures."),
        ],
    )  # fmt: skip
    return "As many numbers as directions."


@exercise(
    "Each picture is the average plus a weighted sum of the directions.",
    "code has shape (n, k) and directions (k, pixels): their product has shape (n, pixels).",
    "return average + code @ directions",
)
def pca_rebuild(answer):
    rng = np.random.default_rng(0)
    code, average = rng.normal(size=(5, 2)), np.array([1.0, 2.0, 3.0, 4.0])
    directions = np.linalg.qr(rng.normal(size=(4, 4)))[0][:2]
    as_given = "code has shape (5, 2) and directions (2, 4): these fit as they are, without .T."
    got = _product(answer, code, average, directions, name="pca_rebuild", shapes=as_given)
    expect(
        "pca_rebuild(...) for five codes of two numbers", got, average + code @ directions,
        mistakes=[
            (code @ directions, "The average is missing."),
            (code @ directions - average, "The average is added, not subtracted."),
        ],
    )  # fmt: skip
    return "The decoder of PCA: a sum of patterns."


@exercise(
    "Two dense layers: pixels to code, and code to pixels. Count each.",
    "A dense layer from a to b numbers has a * b weights and b biases, that is (a + 1) * b.",
    "return (n_pixels + 1) * n_code + (n_code + 1) * n_pixels",
)
def parameters(answer):
    expect(
        "parameters(784, 32)", call(answer, 784, 32, name="parameters"), 50992,
        mistakes=[
            (50176, "The biases are missing: one for each unit of both layers."),
            (25120, "That is the encoder. The decoder counts, too."),
            (25872, "That is the decoder. The encoder counts, too."),
            (50240, "The 784 outputs have biases of their own."),
            (50960, "The 32 units of the code have biases of their own."),
        ],
    )  # fmt: skip
    expect("parameters(64, 8)", call(answer, 64, 8), 1096)
    return "25,120 of them compress and 25,872 draw: the decoder has a bias for each pixel."


def _small_digits():
    """The pictures of the small digits as rows of 64 pixels, in an order of their own."""
    images, _ = digits("small")
    return images.reshape(len(images), 64)[np.random.default_rng(5).permutation(len(images))]


@exercise(
    "Which layer should be narrow? What do the outputs have to be?",
    "A code of at most 16 numbers, an activation that gives each pixel a value between 0 and 1, a loss for that.",
    'n_code, output, loss = 8, "sigmoid", "binary_crossentropy"',
    seconds=60,
)
def repair(answer):
    model = compiled_model(answer, "repaired_autoencoder", inputs=(64,))
    dense = layers_of(model, keras.layers.Dense)
    if not dense:
        raise TryAgain("There is no dense layer left in the model.")
    narrow = min(layer.units for layer in dense)
    output, loss = output_activation(model), loss_name(model)
    if narrow >= 64 and output == "softmax" and loss == "categorical_crossentropy":
        raise NotStarted("The autoencoder is still as it was given. Three values are wrong.")
    refuse_other_shapes(model, (64,), (64,), "64 pixels in and out")
    if narrow > 16:
        raise TryAgain(f"The narrowest layer has {narrow} units; at most 16 were wanted, or it can simply copy.")
    if output == "softmax":
        raise TryAgain("With softmax all 64 outputs add up to 1. Each pixel needs its own value between 0 and 1.")
    if output == "linear" and getattr(model.loss, "from_logits", False):
        raise TryAgain(
            "The outputs are logits, which this loss takes, so it can be trained. But what comes out is to be a picture, "
            "with pixels from 0 to 1: sigmoid does that, and then the loss needs no from_logits."
        )
    x = _small_digits()
    if not keeps_to_0_and_1(model, x[:200]):
        raise TryAgain(f"The output activation {output!r} does not keep pixels between 0 and 1; sigmoid does.")
    if "categorical" in loss:
        raise TryAgain(f"The loss {loss!r} expects classes; the targets are pixels between 0 and 1.")
    goal = float(x.var(axis=0).mean())
    for _ in starts(answer, 3):
        model = compiled_model(answer, "repaired_autoencoder", inputs=(64,))
        train(model, x, x, epochs=20)
        got = float(np.mean((outputs_of(model, x) - x) ** 2))
        if got < goal:
            break
    else:
        raise TryAgain(
            f"Trained for 20 epochs its squared error is {got:.3f}; that of the average picture is {goal:.3f}. "
            "Is the loss smallest where the output equals the target, and does the optimizer move at its default rate?"
        )
    return "Narrow in the middle, a value for each pixel, and a loss for pixels."


@exercise(
    "Draw random numbers of the shape of x and add them.",
    "rng.normal(0, spread, x.shape) draws them; np.clip(values, 0, 1) cuts what is outside.",
    "return np.clip(x + rng.normal(0, spread, x.shape), 0, 1)",
)
def add_noise(answer):
    x = np.full((200, 50), 0.5)

    def noise(spread, seed):
        got = call(answer, x, spread, np.random.default_rng(seed), name="add_noise")
        return array(got, (200, 50), "add_noise(...)") - x

    first = noise(0.1, 0)
    if np.allclose(first, 0):
        raise TryAgain("Nothing was added to the pictures.")
    if abs(float(first.mean())) > 0.04:
        raise TryAgain(f"The noise has a mean of {first.mean():.2f}; it should subtract as often as it adds: mean 0.")
    if np.allclose(first, first[0]) or np.allclose(first, first[:, :1]):
        raise TryAgain("Whole rows or columns got the same noise; each pixel of each picture needs its own.")
    if np.allclose(first, noise(0.1, 1)):
        raise TryAgain(
            "Two generators with different seeds gave the same noise. Draw it from `rng`, the one that is given."
        )
    if not np.allclose(first, noise(0.1, 0)):
        raise TryAgain(
            "Two generators with the same seed gave different noise. Draw it from `rng`, and from nothing else."
        )
    got = array(call(answer, np.eye(20), 0.5, np.random.default_rng(1), name="add_noise"), (20, 20), "add_noise(...)")
    if got.min() < 0 or got.max() > 1:
        raise TryAgain(
            f"Some values lie outside: {describe(float(got.min()))} to {describe(float(got.max()))}. "
            "Cut them to 0 and 1 with np.clip."
        )
    if np.mean(got == 0) < 0.2:  # cut off, nearly half of them are
        raise TryAgain("The values were scaled; they should only be cut off at 0 and 1, as np.clip does.")
    for spread, made in ((0.1, first), (0.2, noise(0.2, 2))):
        if abs(float(made.std()) / spread - 1) > 0.1:
            raise TryAgain(
                f"With spread {spread} the noise has a standard deviation of {made.std():.3f}; expected {spread}. "
                "Was the spread squared, or forgotten?"
            )
    inside = float(np.mean(np.abs(first) < 0.05))
    if abs(inside - 0.383) > 0.04:
        raise TryAgain(
            f"The spread is right, but this is no normal noise: {inside:.0%} of it is smaller than half the spread, and of "
            "normal noise 38 % is. rng.normal draws that."
        )
    return "Noise in every pixel, and still a picture."


@exercise(
    "Every odd score meets every normal score. How many pairs are there?",
    "odd[:, None] > normal gives a matrix of all comparisons; its mean is nearly the answer.",
    "return np.mean((odd[:, None] > normal) + 0.5 * (odd[:, None] == normal))",
)
def auc(answer):
    normal, odd = np.array([1.0, 2.0, 3.0, 4.0]), np.array([3.5, 5.0])
    expect(
        "auc([1 2 3 4], [3.5 5])", call(answer, normal, odd, name="auc"), 0.875,
        mistakes=[
            (0.125, "That is the fraction of pairs in which the normal case has the higher score."),
            (7.0, "That is the number of pairs; divide by the number of all pairs."),
            (3.5, "Divide by all pairs: 4 times 2."),
            (1.75, "Divide by all pairs: 4 times 2."),
            (1.0, "Compare every odd score with every normal one, not only at the same place."),
        ],
    )  # fmt: skip
    expect(
        "auc([1 1 2], [1 2]), with equal scores", call(answer, np.array([1.0, 1.0, 2.0]), np.array([1.0, 2.0])), 3.5 / 6,
        mistakes=[
            (2 / 6, "Equal scores count as half a pair, not as none."),
            (5 / 6, "Equal scores count as half a pair, not as a whole one."),
        ],
    )  # fmt: skip
    expect(
        "auc([2 3 4], [1 2.5]), with the odd ones below", call(answer, np.array([2.0, 3.0, 4.0]), np.array([1.0, 2.5])), 1 / 6,
        mistakes=[(5 / 6, "A score that is usually lower for the odd cases has an AUC below 0.5; do not turn it round.")],
    )  # fmt: skip
    same = call(answer, np.zeros(3), np.zeros(4))
    expect("auc where all scores are equal", same, 0.5)
    return "One half is a coin, one is perfect, and no threshold is needed."


@exercise(
    "Each of the scores may be the threshold. What fraction of them lies above it?",
    "np.mean(normal_scores > score) is that fraction. Of the scores for which it is small enough, which is wanted?",
    "return min(score for score in normal_scores if np.mean(normal_scores > score) <= fraction)",
)
def alarm_at(answer):
    scores = np.arange(1.0, 101.0)
    np.random.default_rng(0).shuffle(scores)
    expect(
        "alarm_at of the scores 1 to 100 with fraction 0.05", call(answer, scores, 0.05, name="alarm_at"), 95.0,
        mistakes=[
            (5.0, "That is the other end: 95 of 100 normal cases would raise an alarm."),
            (100.0, "With 100 nothing is above it. Lower thresholds are allowed, too."),
            (96.0, "Only four are above 96. One more may be."),
            (94.0, "Six are above 94, one too many."),
            (95.05, "The threshold should be one of the scores."),
        ],
    )  # fmt: skip
    expect("alarm_at of the scores 1 to 100 with fraction 0", call(answer, scores, 0.0), 100.0)
    expect("alarm_at of the scores 1 to 10 with fraction 0.25", call(answer, np.arange(1.0, 11.0), 0.25), 8.0,
           mistakes=[(7.0, "Three of ten are above 7; that is more than a quarter.")])  # fmt: skip
    expect("alarm_at of the scores 1 to 10 with fraction 0.27", call(answer, np.arange(1.0, 11.0), 0.27), 8.0,
           mistakes=[(7.0, "Three of ten are above 7, which is more than 0.27 of them: round down.")])  # fmt: skip
    tied = np.array([1.0, 2.0, 3.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 5.0])
    expect("alarm_at of 1, 2, 3, six times 4, and 5, with fraction 0.5", call(answer, tied, 0.5), 4.0,
           mistakes=[(3.0, "Seven of the ten are above 3. Scores that occur several times count as often.")])  # fmt: skip
    return "At most so many false alarms, and as watchful as that allows."


@exercise(
    "What did the network of the first section have that the classic one has not?",
    "Hidden layers before the code, the code linear, and Adam with a rate a little above its default.",
    'return build_autoencoder(64, 6, hidden=(128, 64), code="linear", optimizer=keras.optimizers.Adam(0.003))',
    seconds=90,
)
def six_numbers(answer):
    from sklearn.decomposition import PCA

    made = call(answer, name="six_numbers")
    if isinstance(made, keras.Model):
        raise TryAgain("six_numbers() returned one model; return all three: autoencoder, encoder, decoder.")
    if not isinstance(made, tuple | list) or len(made) != 3 or not all(isinstance(m, keras.Model) for m in made):
        raise TryAgain(f"six_numbers() returned {describe(made)}; expected the three models of build_autoencoder.")
    x = _small_digits()
    known, test = x[:1347], x[1347:]
    pca = PCA(6).fit(known)
    goal = 0.85 * np.mean((pca.inverse_transform(pca.transform(test)) - test) ** 2)
    for _ in starts(answer, 2):
        autoencoder, encoder, decoder = call(answer, name="six_numbers")
        autoencoder = compiled_model(autoencoder, "six_numbers", inputs=(64,))
        refuse_other_shapes(autoencoder, (64,), (64,), "64 pixels in and out")
        if encoder.output_shape[-1] > 6:
            raise TryAgain(f"The code has {encoder.output_shape[-1]} numbers; at most 6 were allowed.")
        train(autoencoder, known, known, epochs=40)
        rebuilt = outputs_of(autoencoder, test)
        if not np.allclose(outputs_of(decoder, outputs_of(encoder, test)), rebuilt, atol=1e-3):
            raise TryAgain(
                "After training, decoder(encoder(x)) is not what the autoencoder returns. The three have to share their "
                "layers, and nothing may go round the code."
            )
        got = float(np.mean((rebuilt - test) ** 2))
        if got <= goal:
            break
    else:
        raise TryAgain(
            f"Its error on new digits is {got:.4f}; {goal:.4f} was the goal, 15 % below PCA. "
            "Deeper halves, a code without ReLU, or another learning rate may help."
        )
    return "Six numbers, and better than six directions."


EXERCISES = (pca_code, pca_rebuild, parameters, repair, add_noise, auc, alarm_at, six_numbers)
