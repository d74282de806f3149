"""Pre-test and post-test: the normalized gain against another package, who is paired with whom, and what is said."""

import csv
import io

import numpy as np
import pytest
import scipy.stats
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from courseware.cli import main
from courseware.grading.statistics import normalized_gain, own_gains
from courseware.grading.written import is_written

SHARES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=30)
QUESTIONS = 10


def quiz_text(lesson):
    return f"lesson: {lesson}\ntitle: Lesson nine\nquestions:\n" + "".join(
        f"""\
  - id: q{number}-{form}
    kind: single
    section: S
    form: {form}
    prompt: Question {number} of {form}?
    options:
      - {{id: opt-a, text: right, correct: true, feedback: Yes.}}
      - {{id: opt-b, text: wrong, feedback: No.}}
"""
        for form in "ab"
        for number in range(QUESTIONS)
    )


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank" / "91_nine.yaml").write_text(quiz_text("91_nine"), encoding="utf-8")

    def run(*arguments, status=0):
        done = CliRunner().invoke(main, ["report", *arguments, "--quizzes", "bank"])
        assert done.exit_code == status, done.output
        return done.output

    return run


def write(folder, form, points, file=None):
    """A table of the answers of learners who earned so many `points` in the form."""
    folder.mkdir(exist_ok=True)
    with (folder / f"{file or f'91_nine_form_{form}'}.csv").open("w", newline="") as target:
        table = csv.writer(target)
        table.writerow(["learner", *(f"q{number}-{form}" for number in range(QUESTIONS))])
        table.writerows([name, *("a" * earned + "b" * (QUESTIONS - earned))] for name, earned in points.items())


def gains(folder):
    return list(csv.DictReader(io.StringIO((folder / "report" / "gains.csv").read_text(encoding="utf-8"))))


def test_the_gain_and_its_interval_against_scipy():
    rng = np.random.default_rng(3)
    pre = rng.beta(3, 5, 40)
    post = np.clip(pre + (1 - pre) * rng.normal(0.45, 0.2, 40), 0, 1)

    def of_class(pre, post, axis=-1):
        before = np.mean(pre, axis=axis)
        return (np.mean(post, axis=axis) - before) / (1 - before)

    def of_learners(pre, post, axis=-1):
        return np.mean((post - pre) / (1 - pre), axis=axis)

    found = normalized_gain(pre, post, replicates=20_000)
    for mine, statistic in ((found.gain, of_class), (found.own, of_learners)):
        theirs = scipy.stats.bootstrap(
            (pre, post), statistic, paired=True, n_resamples=20_000, method="percentile", rng=np.random.default_rng(9)
        ).confidence_interval
        assert mine.value == pytest.approx(statistic(pre, post), abs=1e-12)
        assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), abs=0.006)
    # The mean of the learners' own gains has a textbook interval, too, which is close for a class of forty.
    own = (post - pre) / (1 - pre)
    low, high = scipy.stats.t.interval(0.95, 39, own.mean(), scipy.stats.sem(own))
    assert (found.own.low, found.own.high) == pytest.approx((low, high), abs=0.01)
    assert found.pre.value == pytest.approx(pre.mean()) and found.post.low < post.mean() < found.post.high


def test_the_published_example_of_a_class():
    # Hake (1998): a class that goes from 45 % to 70 % has won 25 of 55 that were to be had, "medium-g".
    assert normalized_gain(np.full(2, 0.45), np.full(2, 0.70)).gain.value == pytest.approx(25 / 55)


def test_who_had_full_points_counts_in_the_class_and_has_no_gain_of_their_own():
    pre, post = np.array([0.5, 1.0, 1.0]), np.array([1.0, 1.0, 0.7])
    found = normalized_gain(pre, post)
    assert found.full == 2 and found.own.value == 1.0
    assert found.gain.value == pytest.approx((2.7 - 2.5) / (3 - 2.5))
    assert np.isnan(own_gains(pre, post)).tolist() == [False, True, True]
    nothing = normalized_gain(np.ones(4), np.array([1, 0.5, 1, 1]))
    assert np.isnan([nothing.gain.value, nothing.own.value, nothing.gain.low]).all()


@given(SHARES)
def test_gains_never_exceed_one_and_intervals_hold_their_order(pairs):
    pre, post = np.array(pairs).T
    found = normalized_gain(pre, post, replicates=50)
    for each in (found.gain, found.own):
        assert np.isnan(each.value) or each.value <= 1 + 1e-9
        assert np.isnan(each.low) or each.low <= each.high


def test_learners_are_paired_whatever_form_they_began_with(run, tmp_path):
    names = [f"L{number}" for number in range(12)]
    write(tmp_path / "pre", "a", dict.fromkeys(names[:6], 4))
    write(tmp_path / "pre", "b", {**dict.fromkeys(names[6:], 2), "early": 5})
    write(tmp_path / "post", "b", {**dict.fromkeys(names[:6], 7), "late": 9})
    write(tmp_path / "post", "a", dict.fromkeys(names[6:], 6))
    said = run("--pre", "pre", "--post", "post")
    assert "91_nine: 12 learners went from 30\xa0% to 65\xa0% of the points, a normalized gain of 0.50" in said
    assert "91_nine: 1 learner with a pre-test only and 1 with a post-test only are left out of the gain" in said
    rows = gains(tmp_path)
    assert len(rows) == 12 and rows[0] == {
        "lesson": "91_nine", "learner": "L0", "pre_test": "91_nine_form_a", "post_test": "91_nine_form_b",
        "pre_percent": "40", "post_percent": "70", "gain": "0.5",
    }  # fmt: skip
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "From the pre-test to the post-test" in page and "Lesson nine, 12 learners in both tests" in page
    assert "Left out: 1 with a pre-test only, 1 with a post-test only." in page
    assert "form first" not in page and "L0" not in page, "half began with either form; and nobody is named"
    assert "Class report: 13 learners, 2 quizzes" in page, "the rest is about the post-test"
    assert is_written(tmp_path / "report" / "gains.csv")


def test_a_small_class_gets_no_interval_and_is_told_what_may_be_chance(run, tmp_path):
    write(tmp_path / "pre", "a", {"Ann": 10, "Bo": 5, "Cy": 2})
    write(tmp_path / "post", "b", {"Ann": 9, "Bo": 8, "Cy": 2})
    said = run("--pre", "pre", "--post", "post")
    assert "a normalized gain of 0.15.\n" in said
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert (
        "With fewer than 10 learners no interval is given" in page
        and "1 learner had full points in the pre-test." in page
    )
    assert "own gains (2 of 3)" in page and "All had the same form first" in page
    assert [row["gain"] for row in gains(tmp_path)] == ["", "0.6", "0"]


def test_the_same_questions_twice_are_named(run, tmp_path):
    write(tmp_path / "pre", "a", {"Ann": 3})
    write(tmp_path / "post", "a", {"Ann": 8})
    run("--pre", "pre", "--post", "post")
    assert "1 learner had the same questions twice" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")


def test_a_learner_with_both_forms_in_one_test_is_named(run, tmp_path):
    write(tmp_path / "pre", "a", {"Ann": 3})
    write(tmp_path / "pre", "b", {"Ann": 9})
    write(tmp_path / "post", "b", {"Ann": 8})
    said = run("--pre", "pre", "--post", "post")
    assert "Ann took both 91_nine_form_a and 91_nine_form_b as pre-test; the first counts" in said
    assert gains(tmp_path)[0]["pre_percent"] == "30"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--pre", "pre"], "--pre and --post go together"),
        (
            ["pre", "--pre", "pre", "--post", "post"],
            "Name the answers: files or folders, or both --pre and --post instead.",
        ),
        ([], "Name the answers"),
        (["--pre", "pre", "--post", "post", "--all-attempts"], "--all-attempts does not go with --pre and --post"),
        (["--pre", "pre", "--post", "post"], "Nobody took both a pre-test and a post-test of a lesson"),
        (["--pre", "nowhere", "--post", "post"], "nowhere: cannot be read"),
    ],
)
def test_what_cannot_be_reported_is_said(run, tmp_path, arguments, said):
    write(tmp_path / "pre", "a", {"Ann": 3})
    write(tmp_path / "post", "b", {"Bo": 8})
    assert said in run(*arguments, status=2)
