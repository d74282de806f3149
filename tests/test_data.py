"""The data sets: what they are, and the switch from small digits to MNIST."""

import re
from collections import Counter

import keras
import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline

from courseware.data import curved_houses, digits, noisy_digits, photos, ring, spiral, tastes, word_order


def stand_in():
    """The small digits in MNIST's form: 28 by 28 pixels from 0 to 255, in two parts."""
    images, labels = digits("small")
    large = np.kron(images, np.ones((1, 3, 3)))  # 24 by 24
    large = np.pad((255 * large).astype("uint8"), ((0, 0), (2, 2), (2, 2)))
    labels = labels.astype("uint8")
    return (large[:1500], labels[:1500]), (large[1500:], labels[1500:])


def test_the_ten_thousand_are_the_default_and_the_small_ones_a_word_away(monkeypatch):
    monkeypatch.delenv("COURSEWARE_DIGITS", raising=False)
    assert digits()[0].shape == (10_000, 28, 28)
    monkeypatch.setenv("COURSEWARE_DIGITS", "small")
    images, labels = digits()
    assert images.shape == (1797, 8, 8) and images.dtype == "float32"
    assert (images.min(), images.max()) == (0, 1)
    assert sorted(set(labels.tolist())) == list(range(10))


@pytest.mark.parametrize("by_word", [True, False])
def test_mnist_by_a_word_or_by_the_environment(monkeypatch, by_word):
    monkeypatch.setattr(keras.datasets.mnist, "load_data", stand_in)
    if by_word:
        images, labels = digits("mnist")
    else:
        monkeypatch.setenv("COURSEWARE_DIGITS", "mnist")
        images, labels = digits()
    assert images.shape == (1797, 28, 28) and images.dtype == "float32"
    assert images.min() == 0 and 0.99 < images.max() <= 1
    assert labels.shape == (1797,) and labels.dtype.kind == "i" and labels.max() == 9


def test_the_word_wins_over_the_environment(monkeypatch):
    monkeypatch.setenv("COURSEWARE_DIGITS", "mnist")
    assert digits("small")[0].shape == (1797, 8, 8)


def test_without_mnist_one_line_says_what_to_do(monkeypatch):
    def unplugged():
        raise Exception("URL fetch failure on https://example.invalid/mnist.npz: None -- network is unreachable")

    monkeypatch.setattr(keras.datasets.mnist, "load_data", unplugged)
    with pytest.raises(RuntimeError, match="connect to the network once") as failure:
        digits("mnist")
    assert "\n" not in str(failure.value) and 'digits("small")' in str(failure.value)


def test_another_name_is_refused(monkeypatch):
    monkeypatch.setenv("COURSEWARE_DIGITS", "MNSIT")
    with pytest.raises(ValueError, match="'MNSIT'"):
        digits()


def test_the_spiral_has_two_arms_that_mirror_each_other():
    points, arm = spiral(n=400, turns=1.25, noise=0.0, seed=1)
    distance = np.hypot(*points.T)
    assert distance.max() <= 1 and arm.sum() == 200
    angle = 2 * np.pi * 1.25 * distance + np.pi * arm
    np.testing.assert_allclose(points, distance[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), atol=1e-12)


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


def test_the_photos_are_in_colour_and_scaled_to_one():
    for photo in photos():
        assert photo.shape == (427, 640, 3) and photo.dtype == "float32"
        assert photo.min() == 0 and 0.9 < photo.max() <= 1


@pytest.mark.parametrize("seed", range(3))
def test_tastes_are_twenty_different_items_that_follow_liking_and_fame(seed):
    taken, genre, liking = tastes(seed=seed)
    assert all(len(set(row)) == 20 for row in taken.tolist())
    assert taken.min() >= 0 and taken.max() < 120 and sorted(set(genre.tolist())) == list(range(6))
    taken_liking = np.take_along_axis(liking, taken, axis=1).mean()
    assert taken_liking > liking.mean() + 1
    # the hidden part is as well liked as the rest: a user's items come in random order
    first, last = (np.take_along_axis(liking, part, axis=1).mean() for part in (taken[:, :4], taken[:, 4:]))
    assert abs(first - last) < 0.25
    counts = np.bincount(taken.ravel(), minlength=120)
    assert np.sort(counts)[-12:].sum() > 0.2 * counts.sum()  # a tenth of the items has over a fifth of the interest


def test_the_ten_thousand_that_ship_are_real_digits_of_every_kind(monkeypatch):
    images, labels = digits("10k")
    assert images.shape == (10_000, 28, 28) and images.dtype == np.float32
    assert (images.min(), images.max()) == (0, 1) and np.bincount(labels).min() > 800
    # what each picture shows is right: a linear model that has seen half of them reads the other half
    flat = images.reshape(len(images), -1)
    model = RidgeClassifier().fit(flat[:5000], labels[:5000])
    assert model.score(flat[5000:], labels[5000:]) > 0.8


def test_noisy_digits_have_as_many_wrong_labels_as_asked_for_and_clean_ones_to_test_on():
    images, labels = digits("small")
    truth = {image.tobytes(): label for image, label in zip(images, labels, strict=True)}
    x_train, y_train, x_test, y_test = noisy_digits(200, wrong=0.2, seed=1)
    assert sum(truth[image.tobytes()] != label for image, label in zip(x_train, y_train, strict=True)) == 40
    assert all(truth[image.tobytes()] == label for image, label in zip(x_test, y_test, strict=True))
    assert not {image.tobytes() for image in x_train} & {image.tobytes() for image in x_test}
    with pytest.raises(ValueError, match="at most 800"):
        noisy_digits(801)


def test_the_ring_has_equal_clouds_of_the_given_spread_on_the_unit_circle():
    points = ring(8000, np.random.default_rng(0))
    turn = 2 * np.pi * np.arange(8) / 8
    centres = np.column_stack([np.cos(turn), np.sin(turn)])
    distance = np.linalg.norm(points[:, None] - centres, axis=2)
    assert np.bincount(distance.argmin(axis=1)).tolist() == pytest.approx([1000] * 8, rel=0.12)
    assert (points - centres[distance.argmin(axis=1)]).std() == pytest.approx(0.05, rel=0.05)
