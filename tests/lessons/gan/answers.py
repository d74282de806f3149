"""Answers to the exercises of lesson 08."""

import keras
import numpy as np

from courseware.lessons.gan.models import discriminator_step, generator_step, values


def _distance(a, b):
    return np.linalg.norm(a[:, None] - b[None], axis=2)


def _good_by_loop(points, centres, reach=0.2):
    return sum(any(np.hypot(*(point - centre)) < reach for centre in centres) for point in points) / len(points)


def _step(real=1.0, fake=0.0, asked=1.0, thaw=True, freeze=True, first=True, second=True):
    def step(gan, real_points, noise):
        generator, discriminator, combined = gan
        samples = np.concatenate([real_points, values(generator, noise)])
        labels = np.concatenate([np.full((len(real_points), 1), real), np.full((len(noise), 1), fake)])
        if thaw:
            discriminator.trainable = True
        if first:
            discriminator.train_on_batch(samples, labels)
        if freeze:
            discriminator.trainable = False
        if second:
            combined.train_on_batch(noise, np.full((len(noise), 1), asked))

    return step


def _labels_as_many_as_real(gan, real, noise):
    discriminator_step(gan, real, noise)
    gan[1].trainable = False
    gan[2].train_on_batch(noise, np.ones((len(real), 1)))


def _both_turns(gan, real, noise):
    discriminator_step(gan, real, noise)
    generator_step(gan, noise)
    return gan


def _two_batches(gan, real, noise):
    generator, discriminator, combined = gan
    discriminator.trainable = True
    discriminator.train_on_batch(real, np.ones(len(real)))
    discriminator.train_on_batch(values(generator, noise), np.zeros(len(noise)))
    discriminator.trainable = False
    combined.train_on_batch(noise, np.ones(len(noise)))


def _sigmoid(logit):
    return 1 / (1 + np.exp(-logit))


def _shares(seen):
    return np.unique(seen, return_counts=True)[1] / len(seen)


def _settings(generator_steps=1, rates=(0.001, 0.002), hidden=64):
    return {"generator_steps": generator_steps, "rates": rates, "hidden": hidden}


RIGHT = {
    "good_share": [
        _good_by_loop,
        lambda points, centres, reach=0.2: (_distance(points, centres) < reach).any(axis=1).sum() / len(points),
    ],
    "repair": [_both_turns, _two_batches, _step(real=0.0, fake=1.0, asked=0.0), _step(real=0.9)],
    "best_discriminator": [lambda p, q, n_real=1, n_fake=1: 1 - n_fake * q / (n_fake * q + n_real * p)],
    "generator_slopes": [
        lambda logit: [-1 / (1 + np.exp(-logit)), -1 / (1 + np.exp(logit))],
        lambda logit: np.array([-_sigmoid(logit), -(1 - _sigmoid(logit))]),
        lambda logit: (-keras.ops.sigmoid(logit), keras.ops.sigmoid(logit) - 1),
    ],
    "cover": [_settings(hidden=96), {**_settings(rates=[0.001, 0.003])}],
    "effective_number": [
        lambda seen: len(seen) ** 2 / np.sum(np.bincount(seen) ** 2),
        lambda seen: 1 / sum((list(seen).count(kind) / len(seen)) ** 2 for kind in set(seen)),
    ],
    "nearest": [
        lambda made, training: [min(np.linalg.norm(one - other) for other in training) for one in made],
        lambda made, training: _distance(made, training).min(axis=1),
    ],
}

WRONG = {
    "good_share": [
        (lambda points, centres, reach=0.2: np.sum(_distance(points, centres).min(axis=1) < reach), "Divide"),
        (lambda points, centres, reach=0.2: np.mean(_distance(points, centres) < reach), "minimum over the centres"),
        (lambda points, centres, reach=0.2: _distance(points, centres).min(axis=1) < reach, "for each point"),
        (lambda points, centres, reach=0.2: np.mean(_distance(points, centres).min(axis=1) >= reach), "bad points"),
        (lambda points, centres, reach=0.2: np.mean(_distance(points, centres).max(axis=1) < reach), "ONE centre"),
        (lambda points, centres, reach=0.2: np.mean(_distance(points, centres).min(axis=1) < 0.2), "not used"),
        (
            lambda points, centres, reach=0.2: np.mean(
                (np.abs(points[:, None] - centres[None]).max(axis=2) < reach).any(axis=1)
            ),
            "each coordinate",
        ),
        (
            lambda points, centres, reach=0.2: np.mean(
                np.linalg.norm(points[:, None] - centres[None], axis=1).min(axis=1) < reach
            ),
            "axis=2",
        ),
        (lambda points, centres, reach=0.2: np.mean((_distance(points, centres) > reach).any(axis=1)), "wrong way"),
        (lambda points, centres, reach=0.2: np.mean(_distance(points, centres).min(axis=1) ** 2 < reach), "squared"),
        (lambda points, centres, reach=0.2: np.mean(_distance(points, centres[:2]).min(axis=1) < reach), "left out"),
        (0.6, "must be a function"),
    ],
    "repair": [
        (_step(thaw=False), "still frozen"),
        (_step(freeze=False), "in the generator's turn"),
        (_step(asked=0.0), "trained to be called fake"),
        (_step(real=0.0, fake=1.0), "labels of both turns"),
        (_step(first=False), "discriminator.train_on_batch was never called"),
        (_step(second=False), "combined.train_on_batch was never called"),
        (_labels_as_many_as_real, "48 rows go in, with 64 labels"),
        (lambda gan, real, noise: gan[1].fit(real), "raised"),
        ("a step", "must be a function"),
    ],
    "best_discriminator": [
        (lambda p, q, n_real=1, n_fake=1: n_fake * q / (n_real * p + n_fake * q), "numerator"),
        (lambda p, q, n_real=1, n_fake=1: n_real * p / (n_fake * q), "odds"),
        (lambda p, q, n_real=1, n_fake=1: p, "p alone"),
        (lambda p, q, n_real=1, n_fake=1: n_real * p + n_fake * q, "belongs in the denominator"),
        (lambda p, q, n_real=1, n_fake=1: p / (p + q), "not used"),
        (lambda p, q, n_real=1, n_fake=1: n_fake * p / (n_fake * p + n_real * q), "swapped"),
        (lambda p, q, n_real=1, n_fake=1: n_real * p / (p + q), "are missing in the denominator"),
        (lambda p, q, n_real=1, n_fake=1: n_real * p / (p + n_fake * q), "n_real is missing"),
        (lambda p, q, n_real=1, n_fake=1: n_real * p / (n_real * p + q), "n_fake is missing"),
        (lambda p, q: p / (p + q), "TypeError"),
    ],
    "generator_slopes": [
        (lambda logit: (_sigmoid(logit), 1 - _sigmoid(logit)), "signs are flipped"),
        (lambda logit: (_sigmoid(logit) - 1, -_sigmoid(logit)), "swapped"),
        (lambda logit: (-1 / (1 - _sigmoid(logit)), -1 / _sigmoid(logit)), "slopes along D"),
        (lambda logit: (np.log(1 - _sigmoid(logit)), -np.log(_sigmoid(logit))), "losses themselves"),
        (lambda logit: (-logit, logit - 1), "sigmoid(logit)"),
        (lambda logit: -_sigmoid(logit), "2 values"),
        (lambda logit: [-_sigmoid(logit) * (1 - _sigmoid(logit))] * 2, "comes on top"),
    ],
    "cover": [
        (_settings(generator_steps=8), "collapses"),
        (_settings(hidden=4), "units in a layer"),
        (_settings(rates=(0.002, 0.0005)), "compare the two rates"),
        (_settings(rates=(0.1, 0.1)), "chase each other"),
        (_settings(rates=(0.0005, 0.0005), hidden=32), "first training"),
        (_settings(rates=(0.00005, 0.002)), "has not arrived"),
        (_settings(rates=(0.001, 0)), "above 0"),
        (_settings(generator_steps=0), "from 1 to 10"),
        (_settings(rates=0.001), "two numbers"),
        (_settings(rates=(0.001,)), "2 values"),
        ({"generator_steps": 1}, "expected dict"),
    ],
    "effective_number": [
        (lambda seen: np.sum(_shares(seen) ** 2), "1 over it"),
        (lambda seen: 1 / np.sum(_shares(seen)), "square each"),
        (lambda seen: 1 / np.sum(np.unique(seen, return_counts=True)[1] ** 2), "Those are counts"),
        (lambda seen: 1 / np.sum((np.unique(seen, return_counts=True)[1] / len(set(seen))) ** 2), "not of kinds"),
        (lambda seen: 1 / np.sum(seen**2), "digits themselves"),
        (lambda seen: len(seen), "how many samples"),
        (lambda seen: len(set(seen)), "counts the kinds that occur"),
        (lambda seen: 1 / _shares(seen).max(), "most frequent kind only"),
        (lambda seen: np.exp(-np.sum(_shares(seen) * np.log(_shares(seen)))), "entropy"),
        (lambda seen: _shares(seen), "holds"),
    ],
    "nearest": [
        (lambda made, training: _distance(made, training).min(axis=1) ** 2, "take the root"),
        (lambda made, training: _distance(made, training).argmin(axis=1), "indices"),
        (lambda made, training: _distance(made, training).max(axis=1), "take the smallest"),
        (lambda made, training: _distance(made, training).mean(axis=1), "mean distances"),
        (lambda made, training: _distance(made, training).min(axis=1) / made.shape[1] ** 0.5, "do not take their mean"),
        (lambda made, training: np.abs(made[:, None] - training).max(axis=2).min(axis=1), "or the largest"),
        (lambda made, training: _distance(made, training).min(axis=0), "each training example"),
        (lambda made, training: _distance(made, training), "all distances"),
        (lambda made, training: _distance(made, training).min(), "shape"),
    ],
}
