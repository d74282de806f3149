"""The room a claim has: right by hand-worked cases, and of one sign with the condition itself."""

import ast
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.claims import RECORD_VARIABLE, ClaimFailed, claim
from courseware.margins import margin


def room(text, **names):
    return margin(ast.parse(text, mode="eval").body, {"np": np, **names})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 < 5", 0.2),
        ("5 < 4", -0.2),
        ("5 > 4 + 0.5", 0.1),
        ("1 < 2 < 2.5", 0.2),
        ("4 < 5 and 8 < 10 and 1 < 2", 0.2),
        ("5 < 4 or 1 < 2", 0.5),
        ("not 1 < 2", -0.5),
        ("np.all(np.array([1, 4]) < 5)", 0.2),
        ("np.any(np.array([1, 4]) < 5)", 0.8),
        ("all(n < 5 for n in (1, 2, 4))", 0.2),
        ("np.all((0 < np.array([1, 4])) & (np.array([1, 4]) < 5))", 0.2),
        ("np.allclose([1.0, 2.0], [1.0, 2.0 + 2.5e-3], rtol=0, atol=0.01)", 0.75),
        ("np.allclose([0.0], [0.0])", 1.0),
        ("bool(4 < 5)", 0.2),
        ("float('nan') < 1", -1.0),
        ("1 < float('inf')", 1.0),
        ("0 <= 0", 0.0),
        ("3 == 3", None),
        ("'a' in 'abc'", None),
        ("3 == 3 and 4 < 5", 0.2),
    ],
)
def test_the_room_of_a_condition(text, expected):
    assert room(text) == (expected if expected is None else pytest.approx(expected))


numbers = st.integers(-50, 50).map(lambda n: n / 4)


@given(numbers, numbers, numbers, st.sampled_from(["a < b", "a > b and b > c", "a < b or not b < c", "a < b < c"]))
def test_the_sign_says_whether_the_condition_holds(a, b, c, text):
    got = room(text, a=a, b=b, c=c)
    if got != 0:
        assert (got > 0) == eval(text, {}, {"a": a, "b": b, "c": c})


def test_a_claim_writes_its_room_into_the_file_that_the_environment_names(tmp_path, monkeypatch, capsys):
    record = tmp_path / "claims.jsonl"
    monkeypatch.setenv(RECORD_VARIABLE, str(record))
    cnn, fnn = 0.9, 0.8
    claim("the CNN is better", cnn > fnn)
    claim("they are two", len((cnn, fnn)) == 2)
    with pytest.raises(ClaimFailed):
        claim("the FNN is better", fnn > cnn)
    better, two, worse = map(json.loads, record.read_text(encoding="utf-8").splitlines())
    assert better == {"claim": "the CNN is better", "held": True, "margin": pytest.approx(1 / 9, abs=1e-6)}
    assert two == {"claim": "they are two", "held": True, "margin": None}
    assert not worse["held"] and worse["margin"] == pytest.approx(-1 / 9, abs=1e-6)
