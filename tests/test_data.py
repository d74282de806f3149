"""The made-up data sets follow the truth that the lessons state."""

import numpy as np

from courseware.data import curved_houses


def test_curved_houses_scatter_evenly_around_the_stated_curve():
    size, price = curved_houses(n=20_000, seed=3)
    noise = price - (2 * size**2 + 0.5)
    assert size.min() >= 0.4 and size.max() <= 1.6
    assert abs(noise.mean()) < 0.01 and abs(noise.std() - 0.1) < 0.01
    assert abs(np.corrcoef(size, np.abs(noise))[0, 1]) < 0.05
    assert not np.array_equal(price, curved_houses(n=20_000, seed=4)[1])
