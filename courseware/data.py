"""The course's data sets: generators with a known truth, and real data that ships with the course or inside a library."""

import os
from pathlib import Path

import numpy as np


def keras_home():
    """The folder in which Keras keeps its settings and what it has downloaded."""
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")


def mnist_file():
    """Where `keras.datasets.mnist.load_data` keeps MNIST; nothing is there before its first use."""
    return keras_home() / "datasets" / "mnist.npz"


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


def sunspots():
    """Return the yearly mean number of sunspots, 1700 to 2008, as counted by astronomers.

    Returns:
        years: array (309,), whole numbers.
        counts: array (309,), the mean number of sunspots in that year. From statsmodels.

    >>> years, counts = sunspots()
    >>> int(years[0]), int(years[-1]), counts.shape
    (1700, 2008, (309,))
    """
    from statsmodels.datasets import sunspots as source

    table = source.load_pandas().data
    return table["YEAR"].to_numpy().astype(int), table["SUNACTIVITY"].to_numpy()


def co2():
    """Return the monthly mean carbon dioxide in the air at Mauna Loa, March 1958 to December 2001.

    Returns:
        months: array (526,), the year with the month as its fraction.
        ppm: array (526,), parts per million; a month without a measurement lies on the line between its neighbours.
            Averaged from the weekly values of statsmodels.

    >>> months, ppm = co2()
    >>> ppm.shape, bool(np.isfinite(ppm).all())
    ((526,), True)
    """
    from statsmodels.datasets import co2 as source

    monthly = source.load_pandas().data["co2"].resample("MS").mean().interpolate()
    return monthly.index.year.to_numpy() + (monthly.index.month.to_numpy() - 1) / 12, monthly.to_numpy()


DIGITS_VARIABLE = "COURSEWARE_DIGITS"


def digits(name=None):
    """Return pictures of handwritten digits, and which digit each one shows.

    Args:
        name: ``"small"``: 1,797 real digits of 8 by 8 pixels that ship with scikit-learn; ``"10k"``: 10,000 of MNIST's
            digits of 28 by 28 pixels, which ship with the course; ``"mnist"``: all 70,000, through
            ``keras.datasets.mnist``, which keeps them after one download. Left out, the environment variable
            ``COURSEWARE_DIGITS`` decides; without it the 10,000 are taken.

    Returns:
        images: array (n, size, size) of float32, 0 for paper to 1 for ink.
        labels: array (n,) of whole numbers, 0 to 9.

    Raises:
        ValueError: for another name.
        RuntimeError: if MNIST is neither stored here nor can be downloaded.

    >>> images, labels = digits("small")
    >>> images.shape, labels.shape
    ((1797, 8, 8), (1797,))
    >>> digits("10k")[0].shape
    (10000, 28, 28)
    """
    name = name or os.environ.get(DIGITS_VARIABLE) or "10k"
    if name == "small":
        from sklearn.datasets import load_digits

        found = load_digits()
        return (found.images / 16).astype("float32"), found.target
    if name == "10k":
        with np.load(Path(__file__).parent / "digits" / "mnist_10k.npz", allow_pickle=False) as file:
            return file["x"].astype("float32") / 255, file["y"].astype(int)
    if name != "mnist":
        raise ValueError(f'digits are "small", "10k" or "mnist"; got {name!r}, as argument or in {DIGITS_VARIABLE}.')
    import keras

    try:
        (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    except Exception as error:
        raise RuntimeError(
            "MNIST is not stored here and cannot be downloaded: connect to the network once, "
            f'or use digits("10k") or digits("small"), and no {DIGITS_VARIABLE} ({type(error).__name__}).'
        ) from None
    images = np.concatenate([x_train, x_test]).astype("float32") / 255
    return images, np.concatenate([y_train, y_test]).astype(int)


def spiral(n=400, turns=1.5, noise=0.0, seed=0):
    """Return points on two spiral arms wound into each other, and the arm of each point.

    Args:
        n: number of points, half of them on each arm.
        turns: how often each arm goes round.
        noise: spread of the luck added to each coordinate; the arms reach out to a distance of 1.
        seed: where the random draw starts.

    Returns:
        points: array (n, 2).
        arm: array (n,) of zeros and ones.

    >>> points, arm = spiral(n=10)
    >>> points.shape, arm.sum().item()
    ((10, 2), 5)
    """
    rng = np.random.default_rng(seed)
    arm = np.arange(n) % 2
    way = np.sqrt(rng.uniform(0.02, 1, n))  # the root spreads the points evenly along the arm
    angle = 2 * np.pi * turns * way + np.pi * arm
    points = way[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return points + rng.normal(0, noise, (n, 2)), arm


def word_order():
    """Return the course's small corpus: pairs of sentences with the same words, where only the order says who acts.

    Returns:
        sentences: list of 756 sentences; those at 0 and 1, at 2 and 3, and so on are pairs.
        acts: array (756,), 1 where the person acts on the animal, 0 where the animal acts on the person.

    >>> sentences, acts = word_order()
    >>> len(sentences), int(acts.sum())
    (756, 378)
    """
    text = (Path(__file__).parent / "corpus" / "word_order.txt").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return [sentence for _, sentence in rows], np.array([int(label == "person") for label, _ in rows])


def photos():
    """Return the two colour photos that ship with scikit-learn: a pagoda in China, and a flower.

    Returns:
        china, flower: arrays (427, 640, 3) of float32: red, green and blue of each pixel, 0 for none to 1 for full.

    >>> china, flower = photos()
    >>> china.shape, flower.shape
    ((427, 640, 3), (427, 640, 3))
    """
    from sklearn.datasets import load_sample_image

    return tuple((load_sample_image(name) / 255).astype("float32") for name in ("china.jpg", "flower.jpg"))


def noisy_digits(n=200, wrong=0.2, seed=0):
    """Return a small sample of 8 by 8 digits, some of them with a wrong label, and other digits to test on.

    Args:
        n: number of training pictures, at most 800.
        wrong: share of them whose label is another digit, drawn at random.
        seed: where the random draw starts.

    Returns:
        x_train: array (n, 8, 8), 0 for paper to 1 for ink.
        y_train: array (n,), of which ``round(wrong * n)`` are wrong.
        x_test: array (997, 8, 8).
        y_test: array (997,), all of them right.

    Raises:
        ValueError: for more than 800 pictures.

    >>> x_train, y_train, x_test, y_test = noisy_digits(50)
    >>> x_train.shape, y_train.shape, x_test.shape, y_test.shape
    ((50, 8, 8), (50,), (997, 8, 8), (997,))
    """
    if n > 800:
        raise ValueError(f"n is at most 800, since the others are kept for testing; got {n}.")
    images, labels = digits("small")
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(labels))
    train, test = order[:n], order[800:]
    given = labels[train].copy()
    changed = rng.permutation(n)[: round(wrong * n)]
    given[changed] = (given[changed] + rng.integers(1, 10, len(changed))) % 10
    return images[train], given, images[test], labels[test]


def tastes(n_users=400, n_items=120, n_taken=20, seed=0):
    """Return what made-up users took from a shop, with the known taste behind it.

    Items belong to six genres, which lie around a circle; users look for a direction in the same plane. Users take what lies
    in their direction, but famous items are taken more often than others, and there is chance in it.

    Args:
        n_users, n_items: how many there are.
        n_taken: how many different items each user took.
        seed: where the random draw starts.

    Returns:
        taken: array (n_users, n_taken) of item numbers, those of a user in random order.
        genre: array (n_items,), 0 to 5; neighbouring genres lie side by side, and 5 beside 0.
        liking: array (n_users, n_items): the higher, the sooner a user takes an item. Known only because it is made up.

    >>> taken, genre, liking = tastes()
    >>> taken.shape, genre.shape, liking.shape
    ((400, 20), (120,), (400, 120))
    """
    rng = np.random.default_rng(seed)
    genre = np.arange(n_items) % 6
    angle = 2 * np.pi * genre / 6
    item = np.column_stack([np.cos(angle), np.sin(angle)]) + rng.normal(0, 0.2, (n_items, 2))
    fame = np.log(rng.gamma(0.6, 1.0, n_items) + 0.05)  # a few are famous, most are not
    angle = rng.uniform(0, 2 * np.pi, n_users)
    user = 2.5 * np.column_stack([np.cos(angle), np.sin(angle)])
    liking = user @ item.T + fame
    taken = np.argsort(-(liking + rng.gumbel(size=liking.shape)), axis=1)[:, :n_taken]
    return rng.permuted(taken, axis=1), genre, liking


def ring(n, rng, modes=8, spread=0.05):
    """Return points from clouds that stand on a circle of radius 1.

    Args:
        n: number of points.
        rng: NumPy's random number generator.
        modes: number of clouds, all equally likely.
        spread: standard deviation of each cloud, along x and along y.

    Returns:
        points: array (n, 2).

    >>> ring(5, np.random.default_rng(0)).shape
    (5, 2)
    """
    angle = 2 * np.pi * rng.integers(0, modes, n) / modes
    centres = np.column_stack([np.cos(angle), np.sin(angle)])
    return centres + rng.normal(0, spread, (n, 2))
