"""The made-up data sets follow the truth that the lessons state."""

import re
from collections import Counter

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline

from courseware.data import curved_houses, word_order


def test_curved_houses_scatter_evenly_around_the_stated_curve():
    size, price = curved_houses(n=20_000, seed=3)
    noise = price - (2 * size**2 + 0.5)
    assert size.min() >= 0.4 and size.max() <= 1.6
    assert abs(noise.mean()) < 0.01 and abs(noise.std() - 0.1) < 0.01
    assert abs(np.corrcoef(size, np.abs(noise))[0, 1]) < 0.05
    assert not np.array_equal(price, curved_houses(n=20_000, seed=4)[1])


def test_the_corpus_is_large_balanced_and_made_of_pairs():
    sentences, acts = word_order()
    assert len(sentences) == len(set(sentences)) >= 600
    for first in range(0, len(sentences), 2):
        one, two = (re.findall(r"\w+", sentences[n].lower()) for n in (first, first + 1))
        assert Counter(one) == Counter(two) and one != two, sentences[first]
        assert acts[first] + acts[first + 1] == 1
        assert sum(a != b for a, b in zip(one, two, strict=True)) == 2, "person and animal change places, nothing else"


def test_counting_words_does_not_tell_who_acts():
    sentences, acts = word_order()
    model = make_pipeline(CountVectorizer(), LogisticRegression(max_iter=1000))
    scores = cross_val_score(model, sentences, acts, groups=np.arange(len(acts)) // 2, cv=GroupKFold(5))
    assert abs(scores.mean() - 0.5) < 0.02


def test_neither_place_nor_length_gives_the_answer_away():
    sentences, acts = word_order()
    people = {
        "boy",
        "girl",
        "farmer",
        "baker",
        "teacher",
        "nurse",
        "sailor",
        "doctor",
        "painter",
        "gardener",
        "hunter",
        "driver",
    }
    animals = {"dog", "cat", "goat", "horse", "cow", "donkey", "goose", "pig", "sheep", "fox", "bear", "parrot"}
    person_first = []
    for sentence in sentences:
        beings = [word for word in re.findall(r"\w+", sentence.lower()) if word in people | animals]
        assert len(beings) == 2 and (beings[0] in people) != (beings[1] in people), sentence
        person_first.append(beings[0] in people)
    assert abs(np.mean(np.array(person_first) == acts) - 0.5) < 0.05, "whoever is named first is the one who acts"
    assert abs(np.mean(acts[::2]) - 0.5) < 0.1, "the place within the pair"
    lengths = np.array([len(sentence.split()) for sentence in sentences])
    assert lengths[acts == 1].mean() == lengths[acts == 0].mean()
