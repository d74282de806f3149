"""The course's data sets: generators with a known truth, and real data that ships inside scikit-learn."""

import numpy as np


def houses(n=200, seed=0):
    """Return the sizes and prices of `n` made-up houses whose true line is known.

    Args:
        n: number of houses.
        seed: where the random draw starts.

    Returns:
        size: array (n,), in hundreds of square metres, between 0.4 and 1.6.
        price: array (n,), in hundreds of thousands of euros: 3 * size + 0.5 plus noise.

    >>> size, price = houses(n=5)
    >>> size.shape, price.shape
    ((5,), (5,))
    """
    rng = np.random.default_rng(seed)
    size = rng.uniform(0.4, 1.6, n)
    price = 3 * size + 0.5 + rng.normal(0, 0.3, n)
    return size, price


def curved_houses(n=200, seed=0):
    """Return the sizes and prices of `n` made-up houses whose prices follow a known curve.

    Args:
        n: number of houses.
        seed: where the random draw starts.

    Returns:
        size: array (n,), in hundreds of square metres, between 0.4 and 1.6.
        price: array (n,), in hundreds of thousands of euros: 2 * size**2 + 0.5 plus noise.

    >>> size, price = curved_houses(n=5)
    >>> size.shape, price.shape
    ((5,), (5,))
    """
    rng = np.random.default_rng(seed)
    size = rng.uniform(0.4, 1.6, n)
    price = 2 * size**2 + 0.5 + rng.normal(0, 0.1, n)
    return size, price
