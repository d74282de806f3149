"""The statistics of the report, against published figures, closed forms and other packages."""

import numpy as np
import pandas as pd
import pingouin
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from courseware.grading.statistics import (
    analyse,
    cronbach_alpha,
    discriminations,
    group_share,
    score_groups,
    wilson_low,
)

# Ten students and ten items, from K. L. Wuensch's handout on the Kuder-Richardson 20 (East Carolina University).
WUENSCH = np.array([[int(sign) for sign in row] for row in (
    "1111110110", "1011011101", "1111011001", "0010001000", "0000010010",
    "1110111111", "1101110111", "1111111101", "0101111101", "1101101110",
)])  # fmt: skip
# Ten persons and five items, from D. J. Denis, Applied Univariate, Bivariate, and Multivariate Statistics (Wiley).
DENIS = np.array([
    [10, 12, 15, 11, 12], [12, 18, 12, 12, 1], [8, 16, 14, 14, 4], [6, 8, 16, 8, 6], [4, 7, 8, 7, 5],
    [6, 6, 3, 7, 3], [3, 4, 6, 5, 8], [7, 3, 7, 9, 9], [8, 9, 4, 10, 10], [9, 5, 6, 11, 12],
], dtype=float)  # fmt: skip

POINTS = arrays(
    np.float64, st.tuples(st.integers(3, 30), st.integers(2, 6)), elements=st.sampled_from([0, 0.25, 0.5, 1])
)
DICHOTOMOUS = arrays(np.float64, st.tuples(st.integers(3, 30), st.integers(2, 6)), elements=st.sampled_from([0.0, 1.0]))


def test_kr20_from_the_published_difficulties_and_variance():
    # The handout prints the p of each item and the variance of the totals, 5.84; the rest is arithmetic.
    p = np.array([0.7, 0.7, 0.6, 0.7, 0.6, 0.8, 0.7, 0.7, 0.5, 0.6])
    published = 10 / 9 * (1 - (p * (1 - p)).sum() / 5.84)
    result = analyse(WUENSCH)
    assert [each.value for each in result.difficulty] == pytest.approx(p.tolist())
    assert result.alpha.value == pytest.approx(published, abs=1e-12)
    assert cronbach_alpha(WUENSCH) == pytest.approx(36.6 / 52.56, abs=1e-12)  # 10/9 * (5.84 - 2.18) / 5.84


def test_alpha_and_corrected_correlation_as_a_textbook_prints_them():
    assert round(cronbach_alpha(DENIS), 3) == 0.633
    assert round(discriminations(DENIS)[0], 3) == 0.712


def test_corrected_correlations_by_hand_from_the_textbook_s_table():
    # r of item i with the rest is (sum of covariances with the others) / (s_i * s_rest), from s and r as printed.
    s = np.array([2.71006, 5.05085, 4.74810, 2.71621, 3.80058])
    r = np.array([
        [1, 0.679, 0.351, 0.827, 0.022], [0.679, 1, 0.612, 0.743, -0.463], [0.351, 0.612, 1, 0.462, -0.129],
        [0.827, 0.743, 0.462, 1, -0.011], [0.022, -0.463, -0.129, -0.011, 1],
    ])  # fmt: skip
    cov = r * np.outer(s, s)
    for item, found in enumerate(discriminations(DENIS)):
        others = np.delete(np.arange(5), item)
        by_hand = cov[item, others].sum() / (s[item] * np.sqrt(cov[np.ix_(others, others)].sum()))
        assert found == pytest.approx(by_hand, abs=2e-3)


@settings(deadline=None)
@given(POINTS)
def test_alpha_agrees_with_pingouin(points):
    alpha = cronbach_alpha(points)
    if points.sum(axis=1).var() < 1e-12:
        assert np.isnan(alpha)
    else:
        assert alpha == pytest.approx(pingouin.cronbach_alpha(pd.DataFrame(points))[0], abs=1e-9)


@settings(deadline=None)
@given(DICHOTOMOUS)
def test_discrimination_agrees_with_scipy_s_point_biserial(points):
    for item, found in enumerate(discriminations(points)):
        rest = np.delete(points, item, axis=1).sum(axis=1)
        if points[:, item].var() < 1e-12 or rest.var() < 1e-12:
            assert np.isnan(found)
        else:
            assert found == pytest.approx(scipy.stats.pointbiserialr(points[:, item], rest)[0], abs=1e-9)


def test_one_learner_and_one_question_leave_things_unsaid():
    alone = analyse(np.array([[1.0, 0.0, 1.0]]))
    assert alone.mean.value == 2 and np.isnan([alone.mean.low, alone.alpha.value, alone.discrimination[0].value]).all()
    single = analyse(np.array([[1.0], [0.0], [1.0]]))
    assert np.isnan([single.alpha.value, single.discrimination[0].value]).all()


def test_a_question_that_nobody_got_right_has_no_interval():
    points = np.column_stack([np.zeros(8), np.arange(8) % 2, np.arange(8) % 3 == 0])
    nobody = analyse(points).difficulty[0]
    assert nobody.value == 0 and np.isnan(nobody.low) and np.isnan(nobody.high)


@pytest.mark.parametrize("learners", [200, 5000])  # each learner drawn, and groups of learners drawn
def test_the_interval_of_the_mean_is_that_of_the_central_limit_theorem(learners):
    points = (np.random.default_rng(1).random((learners, 4)) < [0.3, 0.5, 0.6, 0.8]).astype(float)
    result = analyse(points, replicates=4000)
    totals = points.sum(axis=1)
    error = totals.std() / np.sqrt(learners)
    assert result.mean.low == pytest.approx(totals.mean() - 1.96 * error, abs=0.15 * error)
    assert result.mean.high == pytest.approx(totals.mean() + 1.96 * error, abs=0.15 * error)


def test_resampling_sums_gives_what_resampling_learners_gives():
    points = WUENSCH.astype(float)
    rng = np.random.default_rng(20)
    drawn = rng.multinomial(10, np.full(10, 0.1), size=1000)
    alphas = [cronbach_alpha(np.repeat(points, counts, axis=0)) for counts in drawn]
    assert analyse(points).alpha.low == pytest.approx(np.nanpercentile(alphas, 2.5), abs=1e-9)


def test_the_same_seed_gives_the_same_interval_and_another_one_does_not():
    assert analyse(DENIS) == analyse(DENIS)
    assert analyse(DENIS).alpha.low != analyse(DENIS, seed=3).alpha.low


def test_groups_are_thirds_and_in_large_classes_27_per_cent():
    lower, upper = score_groups(np.arange(30.0))
    assert lower.sum() == upper.sum() == 10 and lower[:10].all() and upper[20:].all()
    lower, upper = score_groups(np.arange(200.0))
    assert lower.sum() == upper.sum() == 54
    assert (group_share(99), group_share(100)) == (1 / 3, 0.27)


def test_equal_scores_stay_together_and_equal_classes_have_no_groups():
    lower, upper = score_groups(np.array([0, 0, 0, 0, 1, 2, 3, 3, 3.0]))
    assert lower.sum() == 4 and upper.sum() == 3
    assert score_groups(np.ones(9)) is None


@given(st.integers(1, 50), st.data())
def test_wilson_s_lower_end_agrees_with_scipy(met, data):
    showed = data.draw(st.integers(0, met))
    expected = scipy.stats.binomtest(showed, met).proportion_ci(method="wilson").low
    assert wilson_low(showed, met) == pytest.approx(expected, abs=1e-6)
