"""Lesson 09's networks side by side learn what each would learn alone, and its contest is played as it is told."""

import keras
import numpy as np
import pytest

from courseware.batches import ShuffledBatches
from courseware.lessons.regularization import contest
from courseware.lessons.regularization.models import build_network
from courseware.lessons.regularization.side_by_side import build_team


def weights_of(team, number):
    """The weights of one classifier of a team, as `build_network` has them."""
    n = team.output_shape[1]
    return [each[number] if each.shape[0] == n else np.split(each, n)[number] for each in team.get_weights()]


@pytest.mark.parametrize("batch_norm", [False, True])
def test_a_classifier_in_a_team_learns_what_it_learns_alone(batch_norm):
    rounds = contest.draw_rounds(3, seed=1)
    settings = [{}, {"l2": 0.01}, {"l1": 0.003}]
    keras.utils.set_random_seed(0)
    team = build_team(settings, hidden=(32,), batch_norm=batch_norm)
    spread = [np.std(weights_of(team, number)[0]) for number in range(3)]
    for number, setting in enumerate(settings):
        alone = build_network(hidden=(32,), batch_norm=batch_norm, rate=0.005, **setting)
        assert abs(np.std(alone.get_weights()[0]) / spread[number] - 1) < 0.1  # initialized alike
        alone.set_weights(weights_of(team, number))
        batches = ShuffledBatches(rounds.x[:, number], rounds.y[:, number], 20, seed=2)
        alone.fit(batches, epochs=2, shuffle=False, verbose=0)
        settings[number] = alone
    team.fit(ShuffledBatches(rounds.x, rounds.y, 20, seed=2), epochs=2, shuffle=False, verbose=0)
    for number, alone in enumerate(settings):
        for ours, own in zip(weights_of(team, number), alone.get_weights(), strict=True):
            # a step is 0.005; at a weight of nearly 0 the slope of L1 may jump for a rounding
            assert np.quantile(np.abs(ours - own), 0.95) < 1e-3


def test_each_classifier_has_its_own_rate_of_dropout():
    team = build_team([{}, {"dropout": 0.5}], hidden=(400,))
    x = np.ones((50, 2, 64), dtype="float32")
    dropped = next(layer for layer in team.layers if "dropout" in layer.name)
    made = keras.ops.convert_to_numpy(dropped(np.ones((50, 2, 400), dtype="float32"), training=True))
    assert np.all(made[:, 0] == 1) and set(np.unique(made[:, 1])) == {0, 2}
    assert abs(np.mean(made[:, 1] == 0) - 0.5) < 0.03
    first, second = (keras.ops.convert_to_numpy(team(x, training=False)) for _ in range(2))
    assert np.array_equal(first, second)


def test_the_rounds_have_a_fifth_of_wrong_labels_and_share_no_digit_with_those_that_judge():
    rounds = contest.draw_rounds(2, seed=0)
    clean = contest.draw_rounds(2, wrong=0, seed=0)
    assert np.array_equal(rounds.x, clean.x)
    assert np.all(np.sum(rounds.y != clean.y, axis=0) == 40)
    held = {row.tobytes() for row in np.concatenate([rounds.x_val, rounds.x_test])}
    assert not held & {row.tobytes() for row in rounds.x.reshape(-1, 64)}
    assert len(held) == 997


def test_a_contest_has_a_number_for_each_setting_look_and_round(monkeypatch):
    monkeypatch.setattr(contest, "LOOKS", (1, 2))
    monkeypatch.setattr(contest, "EPOCHS", 3)
    rounds = contest.draw_rounds(2, n=60, seed=0)
    tried = {
        "nothing": [{}],
        "L2": [{"l2": 0.1}, {"l2": 0.01}],
        "bn": [{"batch_norm": True}],
        "moved": [{"shifts": True}],
    }
    validation, test = contest.play(rounds, tried, seed=0)
    assert list(validation) == list(test) == list(tried)
    assert validation["L2"].shape == (2, 2) and test["L2"].shape == (2, 2, 2) and test["bn"].shape == (1, 2, 2)
    assert all(np.all((each >= 0) & (each <= 1)) for each in test.values())
    accuracies, epochs = contest.play_early_stopping(rounds, patience=2, seed=0)
    assert accuracies.shape == (2,) and np.all((epochs >= 1) & (epochs <= 3))


def test_pictures_move_by_a_pixel_at_most_and_do_not_come_back_in():
    image = np.zeros((1, 5, 6))
    image[0, 0, 2] = 1
    rng = np.random.default_rng(0)
    places = {tuple(np.argwhere(contest.moved_at_random(image, rng)[0])[:1].ravel()) for _ in range(300)}
    assert places == {(), (0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3)}
    four = contest.four_ways(image[0])
    assert not four["up"].any() and four["down"][1, 2] == four["left"][0, 1] == four["right"][0, 3] == 1
