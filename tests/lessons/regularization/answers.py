"""Answers to the exercises of lesson 09."""

import keras
import numpy as np

from courseware.lessons.regularization.models import build_network

VERDICTS = {"A": "overfits", "B": "underfits", "C": "generalizes", "D": "overfits"}


def _roomy_shift(images, down, right, roll=False):
    if roll:
        return np.roll(images, (down, right), axis=(1, 2))
    made = np.zeros_like(images)
    height, width = images.shape[1:]
    made[:, max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)] = images[
        :, max(-down, 0) : height + min(-down, 0), max(-right, 0) : width + min(-right, 0)
    ]
    return made


def _drop(scale=lambda rate: 1 / (1 - rate), share=lambda rate: rate, use=True, own=False, shape=np.shape):
    def drop(values, rate, training, rng):
        if use and not training:
            return values
        draws = (np.random.default_rng(7) if own else rng).random(shape(values))
        return np.where(draws < share(rate), 0, values * scale(rate))

    return drop


def _stop(losses, patience, *, start=1, previous=False, equal=False, slack=0, swap=False, whole=False):
    best, waited = 0, 0
    for epoch, loss in enumerate(losses):
        reference = losses[epoch - 1] if previous and epoch else losses[best]
        if epoch and (loss < reference or (equal and loss == reference)):
            best, waited = epoch, 0
        elif epoch:
            waited += 1
            if waited >= patience + slack and not whole:
                break
    found = (epoch + start, best + start)
    return found[::-1] if swap else found


def _stop_counts_on(losses, patience):
    """The epochs without a new low are counted over the whole training."""
    best, waited = 1, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < losses[best - 1]:
            best = epoch
        elif epoch > 1:
            waited += 1
            if waited >= patience:
                return epoch, best
    return len(losses), best


def _stop_too_soon_asked(losses, patience):
    """The patience is looked at before the epoch's loss."""
    best = 1
    for epoch, loss in enumerate(losses, start=1):
        if epoch - best >= patience:
            return epoch, best
        if loss < losses[best - 1]:
            best = epoch
    return len(losses), best


def _stop_swapped_at_the_end(losses, patience):
    epoch, best = _stop(losses, patience)
    return (best, epoch) if epoch - best < patience else (epoch, best)


def _stop_forgets_the_best(losses, patience):
    epoch, best = _stop(losses, patience)
    return epoch, (epoch if epoch - best < patience else best)


def _reader(l2=0.001, rate=0.5, last=None, compiled=True, l1=0.0, inputs=64, step=0.003, output="softmax"):
    stack = [keras.Input(shape=(inputs,))]
    penalty = keras.regularizers.L1L2(l1, l2) if l1 or l2 else None
    stack.append(keras.layers.Dense(64, activation="relu", kernel_regularizer=penalty))
    if rate:
        stack.append(keras.layers.Dropout(rate))
    stack.append(keras.layers.Dense(10, activation=output))
    if last:
        stack.append(keras.layers.Dropout(last))
    model = keras.Sequential(stack)
    if compiled:
        model.compile(optimizer=keras.optimizers.Adam(step), loss="sparse_categorical_crossentropy")
    return model


def _held_back(*noise, optimizer="adam", **dense):
    hidden = keras.layers.Dense(64, activation="relu", **dense)
    model = keras.Sequential([keras.Input(shape=(64,)), hidden, *noise, keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy")
    return model


def _stop_best_from_one(losses, patience):
    lowest, best, waited = 1.0, 1, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest:
            lowest, best, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, best
    return len(losses), best


RIGHT = {
    "diagnose": [VERDICTS, {name: verdict.upper() for name, verdict in VERDICTS.items()}],
    "penalized_loss": [
        lambda loss, w, l1, l2: loss + np.sum(l1 * abs(w) + l2 * w * w),
        lambda loss, w, l1, l2: float(loss + l1 * np.linalg.norm(w.ravel(), 1) + l2 * np.vdot(w, w)),
    ],
    "penalized_slope": [
        lambda slope, w, l1, l2: slope + np.where(w > 0, l1, np.where(w < 0, -l1, 0)) + l2 * (w + w),
        lambda slope, w, l1, l2: [s + l1 * np.sign(v) + 2 * l2 * v for s, v in zip(slope, w, strict=True)],
    ],
    "drop": [
        _drop(),
        lambda v, rate, training, rng: v * rng.binomial(1, 1 - rate, v.shape) / (1 - rate) if training else v.copy(),
        lambda v, rate, training, rng: (
            keras.ops.convert_to_numpy(v * (rng.random(v.shape) < 1 - rate)) / (1 - rate) if training else v
        ),
    ],
    "stop_at": [_stop, lambda losses, patience: np.array(_stop(losses, patience))],
    "shift": [_roomy_shift, lambda images, down, right: _roomy_shift(images, down, right).astype("float32")],
    "repair": [
        lambda: _reader(l2=0.0),
        lambda: _reader(rate=0.0, l2=0.01),
        lambda: _held_back(keras.layers.GaussianNoise(0.3)),
        lambda: _held_back(keras.layers.GaussianDropout(0.3)),
        lambda: _held_back(kernel_constraint=keras.constraints.MaxNorm(2)),
        lambda: _held_back(kernel_regularizer=keras.regularizers.L2(1e-5)),
        lambda: _held_back(optimizer=keras.optimizers.AdamW(0.003)),
        lambda: _held_back(activity_regularizer=keras.regularizers.L2(1e-4)),
        lambda: build_network(dropout=0.3, l1=0.0001),
        _reader(),
    ],
    "beat_noise": [
        lambda: build_network(hidden=(64, 64), dropout=0.5, rate=0.005),
        lambda: _reader(l2=0.003, rate=0.5, step=0.005),
    ],
}

WRONG = {
    "diagnose": [
        (VERDICTS | {"A": "underfits"}, "does not carry over"),
        (VERDICTS | {"B": "generalizes"}, "poor already"),
        (VERDICTS | {"C": "overfits"}, "one point"),
        (VERDICTS | {"D": "underfits"}, "dice"),
        (VERDICTS | {"D": ...}, "missing"),
        (VERDICTS | {"A": "overfitting"}, "expected one of"),
        (list(VERDICTS.values()), "expected {"),
    ],
    "penalized_loss": [
        (lambda loss, w, l1, l2: loss * (l1 * np.sum(abs(w)) + l2 * np.sum(w**2)), "not multiplied"),
        (lambda loss, w, l1, l2: loss + l1 * np.sum(w) + l2 * np.sum(w**2), "cancel"),
        (lambda loss, w, l1, l2: l1 * np.sum(abs(w)) + l2 * np.sum(w**2), "penalty alone"),
        (lambda loss, w, l1, l2: loss + l1 * np.mean(abs(w)) + l2 * np.mean(w**2), "sum over"),
        (lambda loss, w, l1, l2: loss + l2 * np.sum(abs(w)) + l1 * np.sum(w**2), "changed places"),
        (lambda loss, w, l1, l2: loss + l1 * np.sum(abs(w)) + l2 * np.sqrt(np.sum(w**2)), "root"),
        (lambda loss, w, l1, l2: loss + l1 * np.sum(abs(w)) + l2 / 2 * np.sum(w**2), "1/2"),
        (lambda loss, w, l1, l2: loss + l1 * np.sum(abs(w)) + l2 * np.sum(w) ** 2, "Square each"),
        (lambda loss, w, l1, l2: loss + l1 * np.sum(abs(w)), "Nothing was added for L2"),
        (
            lambda loss, w, l1, l2: loss + (l1 + l2) * (l1 and np.sum(abs(w))) + (l1 + l2) * (l2 and np.sum(w**2)),
            "its own",
        ),
    ],
    "penalized_slope": [
        (lambda slope, w, l1, l2: slope + l2 * np.sign(w) + 2 * l1 * w, "changed places"),
        (lambda slope, w, l1, l2: slope + l1 * np.sum(np.sign(w)) + 2 * l2 * np.sum(w), "a slope of its own"),
        (lambda slope, w, l1, l2: slope - l1 * np.sign(w) - 2 * l2 * w, "wrong sign: it raises"),
        (lambda slope, w, l1, l2: slope + l1 * np.sign(w) - 2 * l2 * w, "wrong sign."),
        (lambda slope, w, l1, l2: slope + l1 + 2 * l2 * w, "; expected"),
        (lambda slope, w, l1, l2: slope + l1 * w + 2 * l2 * w, "does not depend"),
        (lambda slope, w, l1, l2: slope + l1 * abs(w) + l2 * w**2, "penalty itself"),
        (lambda slope, w, l1, l2: slope + l1 * np.sign(w) + l2 * w, "the 2 is missing"),
        (lambda slope, w, l1, l2: slope + l1 * np.sign(w) + l2 * w**2, "w**2 itself"),
        (lambda slope, w, l1, l2: l1 * np.sign(w) + 2 * l2 * w, "on the data is missing"),
        (lambda slope, w, l1, l2: slope + 2 * l2 * w, "Nothing was added for L1"),
        (lambda slope, w, l1, l2: slope + np.where(w >= 0, l1, -l1) + 2 * l2 * w, "has no sign"),
        (lambda slope, w, l1, l2: slope + np.where(w > 0, l1, -l1) + 2 * l2 * w, "has no sign"),
        (lambda slope, w, l1, l2: slope + l1 * np.sign(w) + 2 * l2 * abs(w), "the parabola falls"),
        (lambda slope, w, l1, l2: slope + (l1 + l2) * np.sign(w), "L1's slope"),
        (lambda slope, w, l1, l2: slope + l1 * np.sign(slope) + 2 * l2 * w, "that of the weights"),
    ],
    "drop": [
        (_drop(scale=lambda rate: rate), "were multiplied by 0.2"),
        (_drop(shape=lambda values: ()), "or none. Draw a number"),
        (lambda values, rate, training, rng: 0 * values if training else values, "every unit was dropped"),
        (
            lambda values, rate, training, rng: (
                values * (rng.random(values.shape) >= rate) / 1 - rate if training else values
            ),
            "mind the brackets",
        ),
        (_drop(scale=lambda rate: 1), "not scaled up"),
        (_drop(scale=lambda rate: 1 / rate), "1 - rate"),
        (_drop(scale=lambda rate: 1 - rate), "divide by it"),
        (_drop(share=lambda rate: 1 - rate), "not that stays"),
        (_drop(share=lambda rate: 0.5), "of the values became zero"),
        (_drop(use=False), "Units were dropped"),
        (_drop(own=True), "Use the rng"),
        (_drop(shape=lambda values: (1, values.shape[1])), "for every example"),
        (_drop(shape=lambda values: (values.shape[0], 1)), "Of each example all units"),
        (
            _drop(shape=lambda values: values.shape if values.ndim < 3 else (*values.shape[:2], 1)),
            "every place was drawn by itself",
        ),
        (_drop(scale=lambda rate: 3), "were multiplied by 3"),
        (
            lambda values, rate, training, rng: (
                values * (np.random.random(values.shape) >= rate) / (1 - rate) if training else values
            ),
            "and nothing else",
        ),
        (lambda values, rate, training, rng: values / (1 - rate) if training else values, "no unit was dropped"),
        (
            lambda values, rate, training, rng: values * (rng.random(values.shape) >= rate) if training else values / 2,
            "It was scaled",
        ),
    ],
    "stop_at": [
        (_stop_best_from_one, "larger than 1"),
        (lambda losses, patience: np.array(_stop(losses, patience)) - [0, 1], "counted from 0 here"),
        (lambda losses, patience: _stop(losses, 1), "allows for two"),
        (lambda losses, patience: _stop(losses, patience, slack=1), "one epoch too long"),
        (lambda losses, patience: _stop(losses, patience, start=0), "from 1"),
        (lambda losses, patience: _stop(losses, patience, swap=True), "swapped"),
        (lambda losses, patience: (_stop(losses, patience)[0],) * 2, "not the last"),
        (lambda losses, patience: _stop(losses, patience, equal=True), "Equal is not better"),
        (lambda losses, patience: _stop(losses, patience, whole=True), "after patience 2 was over"),
        (lambda losses, patience: _stop(losses, patience, previous=True), "but no new lows"),
        (lambda losses, patience: _stop(losses, 2), "not a fixed 2"),
        (lambda losses, patience: (_stop(losses, patience)[1],) * 2, "stopped at the low itself"),
        (_stop_too_soon_asked, "within patience 4"),
        (lambda losses, patience: _stop(losses, patience)[0], "expected 2 values"),
        (_stop_swapped_at_the_end, "are swapped"),
        (_stop_counts_on, "begins the count anew"),
        (_stop_forgets_the_best, "still the best epoch"),
    ],
    "shift": [
        (lambda images, down, right: _roomy_shift(images, down, right, roll=True), "comes back in"),
        (lambda images, down, right: _roomy_shift(images, -down, -right), "other way"),
        (lambda images, down, right: _roomy_shift(images, right, down), "swapped"),
        (lambda images, down, right: images, "Nothing was moved"),
        (lambda images, down, right: np.pad(images, ((0, 0), (down, 0), (right, 0))), "expected (1, 2, 4)"),
        (lambda images, down, right: _roomy_shift(images, down, -right), "column number"),
        (lambda images, down, right: _roomy_shift(images, -down, right), "row number"),
        (lambda images, down, right: _roomy_shift(images, down, max(right, -2)), "; expected"),
    ],
    "repair": [
        (lambda: _reader(last=0.5), "after the output"),
        (lambda: _reader(rate=0.99), "rate 0.99"),
        (lambda: _reader(rate=0.95), "rate 0.95"),
        (lambda: _reader(l2=10.0), "so strong"),
        (lambda: _reader(l2=0.0, rate=0.0), "no regularization"),
        (lambda: _held_back(kernel_regularizer=keras.regularizers.L2(0.0)), "no regularization"),
        (lambda: _held_back(kernel_regularizer=keras.regularizers.L2(1e-9)), "no regularization"),
        (lambda: _held_back(keras.layers.Dropout(0.0)), "no regularization"),
        (lambda: _held_back(keras.layers.BatchNormalization()), "no regularization"),
        (lambda: _reader(compiled=False), "not compiled"),
        (lambda: _reader(output="sigmoid"), "add up to 1"),
        (lambda: _reader(inputs=8), "64 pixels in and ten"),
        (lambda: _reader(step=1e-5), "85 % was expected"),
        (lambda: "a model", "Keras model was expected"),
    ],
    "beat_noise": [
        (lambda: build_network(hidden=(64, 64), rate=0.01), "overfits"),
        (lambda: build_network(hidden=(64, 64), l2=0.5), "underfits"),
        (lambda: build_network(n_features=8), "64 pixels in and ten"),
        (lambda: build_network(hidden=(64, 64), rate=0.005), "82 % was the goal"),  # nothing done
        (lambda: build_network(hidden=(2,)), "82 % was the goal"),
        (lambda: _reader(compiled=False), "not compiled"),
    ],
}
