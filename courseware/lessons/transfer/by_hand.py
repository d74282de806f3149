"""By hand for lesson 14: digits at any place of a page, and a few pictures of each class."""

import keras
import numpy as np

from courseware.data import digits


def wandering_digits(seed, room=6):
    """Return digits at half their size, each at a random place of a page of 20 by 20, and labels."""
    images, labels = digits("10k")
    images = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4))  # four pixels become one
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(images))
    places = rng.integers(0, room + 1, (len(images), 2))
    pages = np.zeros((len(images), 14 + room, 14 + room, 1), "float32")
    for page, image, (down, right) in zip(pages, images[order], places, strict=True):
        page[down : down + 14, right : right + 14, 0] = image
    return pages, labels[order]


def few_of_each(labels, n, seed):
    """Return the indices of `n` examples of each class, drawn without repeats.

    >>> labels = np.array([0, 1, 0, 1, 1, 0])
    >>> sorted(int(label) for label in labels[few_of_each(labels, n=2, seed=0)])
    [0, 0, 1, 1]
    """
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.choice(np.flatnonzero(labels == each), n, replace=False) for each in np.unique(labels)])


def outputs(model, x):
    """Return what a model or a layer makes of x, as an array: a body features, a classifier probabilities."""
    return keras.ops.convert_to_numpy(model(x))


def right(found, labels):
    """Return the fraction of rows whose largest number stands at the label.

    >>> float(right(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1])))
    0.5
    """
    return np.mean(found.argmax(axis=1) == labels)
