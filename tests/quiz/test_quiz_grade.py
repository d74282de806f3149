"""Grading: marks within bounds, for the right reasons, whatever the response is."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.quiz.feedback import ResponseError
from courseware.quiz.questions import MultipleChoice, NumberQuestion, SingleChoice

COMMON = {"id": "question", "section": "Section", "prompt": "Well?"}


def choice(rights, kind=MultipleChoice, order=None):
    """A question whose option o0, o1, … is right where `rights` says so, in the given order."""
    options = tuple(
        {"id": f"o{n}", "text": f"Option {n}", "correct": right, "feedback": f"About {n}."}
        | ({} if right else {"misconception": f"idea-{n}"})
        for n, right in enumerate(rights)
    )
    options = tuple(options[n] for n in order) if order else options
    return kind(kind={SingleChoice: "single", MultipleChoice: "multiple"}[kind], options=options, **COMMON)


def number(answer=0.3, tolerance=None, **more):
    fields = {"feedback": "Right.", "wrong": "Wrong.", "tolerance": tolerance or {"absolute": 0.1}, **COMMON, **more}
    return NumberQuestion(kind="number", answer=answer, **fields)


# Single choice


def test_single_choice_by_id_and_by_position():
    question = choice([False, True, False], SingleChoice)
    for response in ("o1", 1):
        result = question.grade(response)
        assert (result.points, result.out_of, result.correct, result.response) == (1, 1, True, "o1")
    wrong = question.grade(2)
    assert (wrong.points, wrong.correct) == (0, False)
    assert (wrong.messages[0].feedback, wrong.messages[0].misconception) == ("About 2.", "idea-2")


@pytest.mark.parametrize("response", [None, True, False, -1, 3, 1.0, "", "O1", "o9", ["o1"], {"o1"}, object(), 10**400])
def test_single_choice_refuses_nonsense(response):
    with pytest.raises(ResponseError, match=r"^no such option: .*; choose one of o0, o1, o2$") as caught:
        choice([False, True, False], SingleChoice).grade(response)
    assert len(str(caught.value)) < 200


# Multiple choice

RIGHTS = st.lists(st.booleans(), min_size=2, max_size=8).filter(lambda rights: 0 < sum(rights) < len(rights))


@st.composite
def question_and_ticks(draw):
    rights = draw(RIGHTS)
    ticked = draw(st.sets(st.integers(0, len(rights) - 1), min_size=1))
    return rights, ticked


@given(question_and_ticks())
def test_points_lie_within_bounds_and_are_full_for_the_right_set_only(case):
    rights, ticked = case
    result = choice(rights).grade(ticked)
    right_set = {n for n, right in enumerate(rights) if right}
    assert 0 <= result.points <= result.out_of == 1
    assert result.correct == (ticked == right_set)


@given(RIGHTS)
def test_ticking_all_earns_nothing(rights):
    assert choice(rights).grade(range(len(rights))).points == 0


@given(question_and_ticks(), st.data())
def test_one_more_right_tick_never_harms_and_one_more_wrong_tick_never_helps(case, data):
    rights, ticked = case
    more = data.draw(st.integers(0, len(rights) - 1))
    before, after = choice(rights).grade(ticked).points, choice(rights).grade(ticked | {more}).points
    assert after >= before if rights[more] else after <= before


@given(question_and_ticks(), st.data())
def test_the_order_of_options_and_of_ticks_is_irrelevant(case, data):
    rights, ticked = case
    order = data.draw(st.permutations(range(len(rights))))
    names = data.draw(st.permutations([f"o{n}" for n in ticked]))
    one, other = choice(rights).grade(ticked), choice(rights, order=order).grade(names)
    assert (one.points, one.response) == (other.points, other.response)
    assert set(one.messages) == set(other.messages)


def test_partial_credit_by_the_stated_formula():
    question = choice([True, True, False, False, False])
    assert question.grade(["o0"]).points == 0.5
    assert question.grade(["o0", "o2"]).points == pytest.approx(1 / 2 - 1 / 3)
    assert question.grade(["o2"]).points == 0


def test_every_ticked_and_every_missed_option_has_its_feedback():
    result = choice([True, True, False, False]).grade(["o0", "o3"])
    assert [(m.verdict, m.feedback, m.misconception) for m in result.messages] == [
        ("right", "About 0.", None), ("missed", "About 1.", None), ("wrong", "About 3.", "idea-3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("response", "words"),
    [([], "nothing is ticked"), ("o0", "not a list"), (b"o0", "not a list"), (None, "not a list"), (0, "not a list"),
     ({"o0": True}, "not a list"), (["o0", "o0"], "twice"), ([0, "o0"], "twice"), (["o0", "x"], "no such option: 'x'"),
     ([["o0"]], "no such option"), ([math.nan], "no such option")],
)  # fmt: skip
def test_multiple_choice_refuses_nonsense(response, words):
    with pytest.raises(ResponseError, match=words):
        choice([True, False]).grade(response)


# Numbers


@pytest.mark.parametrize("response", [0.2, 0.4, "0.4", "0,4", " +.4 ", "4e-1", "0.40", "0.4 m²", "0.4m²"])
def test_the_edges_of_the_tolerance_count_as_right(response):
    assert number(unit="m²").grade(response).correct


@pytest.mark.parametrize("response", [0.19999, 0.40001, "0.41", -0.3, "\N{MINUS SIGN}0.3", 0])
def test_beyond_the_edges_is_wrong(response):
    assert not number().grade(response).correct


def test_relative_tolerance():
    question = number(200, {"relative": 0.05})
    assert [question.grade(value).correct for value in (190, 210, 189.9, 210.1)] == [True, True, False, False]
    assert number(-200, {"relative": 0.05}).grade(-190).correct


@pytest.mark.parametrize("beyond", [1e-20, 1e-300])
def test_the_edge_is_exact_however_near(beyond):
    question = number(1e12, {"absolute": 1e12})
    assert question.grade(beyond).correct and not question.grade(-beyond).correct


@pytest.mark.parametrize(
    ("response", "words"),
    [("", "nothing is written; type a number"), ("a half", "not a number: 'a half'; write e.g. 0.25"), ("1/0", "divides by 0"),
     ("nan", "not a number"), ("inf", "not a number"), ("1e999", "not a finite number"),
     (math.nan, "not a finite number"),
     (math.inf, "not a finite number"), (10**400, "not a number"), (None, "not a number"), (True, "not a number"),
     ([0.3], "not a number"), ("1_000", "signs between its digits"), ("٣", "other digits"), ("1,000", "thousand or a decimal"),
     ("1,2,3", "signs between its digits"), ("0.3 kg", "the unit is m²"), ("9" * 5000, "not a number"), ("1,٣٣٣", "other digits"), (1j, "not a number")],
)  # fmt: skip
def test_numbers_that_cannot_be_read(response, words):
    with pytest.raises(ResponseError) as caught:
        number(unit="m²").grade(response)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 200 and "\n" not in str(caught.value)


def test_a_leading_zero_makes_the_comma_a_decimal_one():
    assert number().grade("0,300").correct


def test_known_wrong_values_have_their_own_feedback_and_the_nearest_one_speaks():
    known = ({"value": 3.0, "feedback": "Ten times.", "misconception": "tenfold"},
             {"value": 3.15, "feedback": "That is pi.", "misconception": "a-circle"})  # fmt: skip
    question = number(known_wrong=known)
    feedback = [question.grade(value).messages[0].feedback for value in (3.05, 3.1, 7)]
    assert feedback == ["Ten times.", "That is pi.", "Wrong."]
    assert question.grade(3).messages[0].misconception == "tenfold"


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_the_answer_itself_is_always_right_as_number_and_as_text(answer, response):
    question = number(answer, {"absolute": 0.0})
    assert question.grade(answer).points == question.grade(repr(answer)).points == 1
    result = question.grade(response)
    assert result.points == (response == answer)
    assert question.grade(result.response) == result


ANYTHING = st.one_of(st.text(), st.none(), st.binary(), st.lists(st.text()), st.dictionaries(st.text(), st.text()))


@given(ANYTHING)
def test_whatever_comes_there_is_a_grade_or_a_response_error(response):
    for question in (number(), choice([True, False], SingleChoice), choice([True, False])):
        try:
            result = question.grade(response)
        except ResponseError as error:
            assert "\n" not in str(error) and len(str(error)) < 200
        else:
            assert 0 <= result.points <= result.out_of
