"""By hand for lesson 13: the sentences as numbers and as one text, cards, tables of characters, and two ways to read, timed."""

import time
from collections import Counter

import numpy as np
from threadpoolctl import threadpool_limits

from courseware.data import word_order


def words_of(sentence):
    """Return the words of a sentence in small letters, without stops and commas.

    >>> words_of("The dog, it seems, barked.")
    ['the', 'dog', 'it', 'seems', 'barked']
    """
    return sentence.lower().replace(",", "").replace(".", "").split()


def sentence_rows(seed, held_pairs=95):
    """Return the pairs of sentences of lesson 06 as rows of word numbers, with zeros after the words.

    Args:
        seed: where the draw of the held-out pairs starts.
        held_pairs: how many of the 378 pairs are held out.

    Returns:
        The rows, of shape (756, longest); the labels; which rows are held out; and the number of each word of the
        others. 0 is padding, 1 an unknown word.
    """
    sentences, acts = word_order()
    order = np.random.default_rng(seed).permutation(len(sentences) // 2)
    held_out = np.isin(np.arange(len(sentences)) // 2, order[:held_pairs])
    known = {word for n in np.flatnonzero(~held_out) for word in words_of(sentences[n])}
    vocabulary = {word: number for number, word in enumerate(sorted(known), start=2)}
    rows = np.zeros((len(sentences), max(len(words_of(s)) for s in sentences)), dtype="int32")
    for row, sentence in zip(rows, sentences, strict=True):
        numbers = [vocabulary.get(word, 1) for word in words_of(sentence)]
        row[: len(numbers)] = numbers
    return rows, acts, held_out, vocabulary


def deal(rng, n, mutual=False):
    """Return n tables of 8 cards, the numbers to tell, and the places of those who are sought.

    If `mutual`, the people are pairs, and in each pair the two seek each other.
    """
    names = np.argsort(rng.random((n, 8)), axis=1)  # each row: the 8 names in a drawn order
    sought_at = (np.arange(8) + rng.integers(1, 8, (n, 8))) % 8  # never the card itself
    if mutual:
        sought_at = np.tile([1, 0, 3, 2, 5, 4, 7, 6], (n, 1))
    sought = np.take_along_axis(names, sought_at, axis=1)  # the names that stand at these places
    number = rng.integers(0, 10, (n, 8))
    cards = np.concatenate([np.eye(8)[names], np.eye(8)[sought], np.eye(10)[number]], axis=2)
    return cards.astype("float32"), np.take_along_axis(number, sought_at, axis=1), sought_at


def deal_two(rng, n):
    """Return n tables of 8 cards on which two names are sought, and the two numbers to tell, of shape (n, 8, 2)."""
    names = np.argsort(rng.random((n, 8)), axis=1)
    steps = 1 + np.argsort(rng.random((n, 8, 7)), axis=2)[..., :2]  # two different ones, never the card itself
    sought_at = (np.arange(8)[:, None] + steps) % 8
    table = np.arange(n)[:, None, None]
    number = rng.integers(0, 10, (n, 8))
    sought = np.eye(8)[names[table, sought_at]].reshape(n, 8, 16)
    cards = np.concatenate([np.eye(8)[names], sought, np.eye(10)[number]], axis=2)
    return cards.astype("float32"), number[table, sought_at]


def two_texts(seed, held_pairs=40):
    """Return the sentences of lesson 06 as two texts, in a drawn order: one to learn from, one that is held out."""
    sentences, _ = word_order()
    rng = np.random.default_rng(seed)
    held = set(rng.permutation(len(sentences) // 2)[:held_pairs].tolist())
    order = rng.permutation(len(sentences))
    return tuple(" ".join(sentences[n] for n in order if (n // 2 in held) == want) for want in (False, True))


def table_losses(text, new_text, seen, places=32, step=7):
    """Return the mean loss, at each of so many places of pieces of the new text, of a table of characters.

    The table counts in `text` which character followed the last `seen` ones. What it has rarely seen it fills up with
    the table that sees one character fewer, as if that had been seen twice; at the end of this stands the same
    probability for each character.
    """
    n_characters = len(set(text + new_text))
    followed = [Counter(text[i : i + n + 1] for i in range(len(text) - n)) for n in range(seen + 1)]
    before = [Counter(text[i : i + n] for i in range(len(text) - n)) for n in range(seen + 1)]
    pieces = [new_text[start : start + places + 1] for start in range(0, len(new_text) - places, step)]
    losses = np.zeros(places)
    for piece in pieces:
        for place in range(places):
            p = 1 / n_characters
            for n in range(min(seen, place + 1) + 1):
                past = piece[place + 1 - n : place + 1]
                p = (followed[n][past + piece[place + 1]] + 2 * p) / (before[n][past] + 2)
            losses[place] -= np.log(p)
    return losses / len(pieces)


def time_both(lengths, size=16, repeats=7, rows=None):
    """Return the shortest processor time, in seconds, that attention and that a recurrence take for each length, on one core.

    Both are plain NumPy: attention makes its n times n weights in one go, or for so many `rows` at a time, which keeps
    the arrays small; the recurrence takes n steps. The array of weights is made once for all repeats, else asking for
    memory is what takes the time.
    """
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(size, size)).astype("float32") / 4

    def attention(x, weights):
        out = np.empty_like(x)
        for start in range(0, len(x), len(weights)):
            part = slice(start, start + len(weights))
            np.matmul(x[part], x.T, out=weights)
            np.exp(weights, out=weights)
            np.divide(weights, weights.sum(axis=1, keepdims=True), out=weights)
            out[part] = weights @ x
        return out

    def recurrence(x, _):
        h = np.zeros(size, "float32")
        for row in x:
            h = np.tanh(row + h @ matrix)
        return h

    best = {"attention": [], "recurrence": []}
    for n in lengths:
        x, weights = rng.normal(size=(n, size)).astype("float32") / 4, np.zeros((rows or n, n), "float32")
        times = {name: [] for name in best}
        with threadpool_limits(1):  # threads that wait for each other count as work
            for _ in range(repeats):
                for name, work in (("attention", attention), ("recurrence", recurrence)):
                    start = time.process_time()
                    work(x, weights)
                    times[name].append(time.process_time() - start)
        for name, measured in times.items():
            best[name].append(min(measured))
    return {name: np.array(seconds) for name, seconds in best.items()}
