"""The kinds beyond choice and number, and questions that draw their numbers."""

import math
import subprocess
import sys
from collections import Counter
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from courseware.course import ROOT
from courseware.grading.moodle import read_moodle
from courseware.quiz import parameters
from courseware.quiz.feedback import ResponseError
from courseware.quiz.load import load_quiz
from courseware.quiz.questions import AnyQuestion
from courseware.quiz.questions.entries import Item, shuffled

ALL_KINDS = load_quiz(ROOT / "tests" / "quiz" / "all_kinds" / "01_linear_regression.yaml")
DRAWN = ALL_KINDS.drawn("ann")
COMMON = {"id": "question", "section": "Section", "prompt": "Well?", "feedback": "Right.", "wrong": "Wrong."}


def question(**fields):
    return TypeAdapter(AnyQuestion).validate_python({**COMMON, **fields})


def text(*answers, known=()):
    known = tuple({"value": value, "feedback": f"Not {value}.", "misconception": "idea"} for value in known)
    return question(kind="text", answers=answers, known_wrong=known)


def output(answer, known=()):
    known = tuple({"value": value, "feedback": "Known.", "misconception": "idea"} for value in known)
    return question(kind="output", code="print(1)", answer=answer, known_wrong=known)


def ordering(size):
    return question(kind="ordering", items=tuple({"id": f"i{n}", "text": f"Item {n}"} for n in range(size)))


def matching(matches, extra=0):
    pairs = tuple(
        {
            "id": f"p{n}",
            "text": f"Left {n}",
            "match": f"Right {match}",
            "feedback": f"Why {n}.",
            "misconception": f"m-{n}",
        }
        for n, match in enumerate(matches)
    )
    more = tuple({"id": f"e{n}", "text": f"Extra {n}"} for n in range(extra))
    fields = {name: value for name, value in COMMON.items() if name not in ("feedback", "wrong")}
    return TypeAdapter(AnyQuestion).validate_python({**fields, "kind": "matching", "pairs": pairs, "extra": more})


# Text


@pytest.mark.parametrize("typed", ["over-fitting", "OVERFITTING", " overfitting. ", '"Overfitting"', "over   fitting",
                                   "`overfitting`", "ｏverfitting", "over\nfitting!"])  # fmt: skip
def test_spelling_that_does_not_matter(typed):
    assert text("overfitting", "over fitting").grade(typed).correct


@pytest.mark.parametrize("typed", ["under fitting", "overfittin", "over_fitting", "overfitting, underfitting"])
def test_another_word_is_wrong(typed):
    assert not text("overfitting", "over fitting").grade(typed).correct


def test_a_known_wrong_text_has_its_own_feedback():
    result = text("bias", known=["variance"]).grade("Variance")
    assert (result.points, result.messages[0].feedback, result.misconceptions) == (0, "Not variance.", ("idea",))
    assert text("bias", known=["variance"]).grade("noise").messages[0].feedback == "Wrong."


@pytest.mark.parametrize("typed", ["", "   ", "\n", "''", 3, None, ["bias"], "x" * 5000])
def test_text_that_is_no_answer(typed):
    with pytest.raises(ResponseError):
        text("bias").grade(typed)


# Output


@pytest.mark.parametrize("typed", ["(3, 4)\n[1 2]", "(3,4)\n[1 2]", "( 3, 4 )\r\n[1  2]\n\n", "\n(3, 4)  \n[ 1 2 ]"])
def test_blanks_that_python_prints_differently_do_not_matter(typed):
    assert output("(3, 4)\n[1 2]\n").grade(typed).correct


@pytest.mark.parametrize("typed", ["(3, 4)", "(3, 4)\n[12]", "(4, 3)\n[1 2]"])
def test_other_output_is_wrong(typed):
    assert not output("(3, 4)\n[1 2]").grade(typed).correct


@pytest.mark.parametrize("typed", ["(3, 4) [1 2]", "(3, 4)\n[1, 2]", "3 4\n1 2", "3.0, 4; 1 2", "[3 4]\n(１ ２)"])
def test_the_right_values_in_another_dress_are_told_so_and_not_judged(typed):
    with pytest.raises(ResponseError, match="the values are right"):
        output("(3, 4)\n[1 2]").grade(typed)
    kept = output("(3, 4)\n[1 2]").without_key().grade(typed).response
    assert kept == typed, "a student copy keeps it, and does not know"


def test_output_minds_case_and_knows_a_known_wrong_one():
    with pytest.raises(ResponseError, match="the values are right"):
        output("True").grade("true")
    assert output("***").grade("**").points == 0
    assert output("1.0", known=["1"]).grade("1 ").misconceptions == ("idea",)


# Ordering


@given(st.integers(2, 8).flatmap(lambda size: st.permutations(range(size))))
def test_an_order_earns_the_share_of_neighbours_that_follow_each_other(order):
    result = ordering(len(order)).grade([f"i{n}" for n in order])
    expected = sum(b == a + 1 for a, b in pairwise(order)) / (len(order) - 1)
    assert result.points == pytest.approx(expected) and 0 <= result.points <= 1
    assert result.correct == (list(order) == sorted(order))


def test_the_reverse_order_earns_nothing_and_only_one_order_earns_all():
    points = {order: ordering(4).grade([f"i{n}" for n in order]).points for order in permutations(range(4))}
    assert points[(3, 2, 1, 0)] == 0
    assert [order for order, earned in points.items() if earned == 1] == [(0, 1, 2, 3)]


@pytest.mark.parametrize(
    "response", [[], ["i0"], ["i0", "i0", "i1"], ["i0", "i1", "i2", "i3"], "i0 i1 i2", {"i0": 1}, 3]
)
def test_what_is_no_order(response):
    with pytest.raises(ResponseError):
        ordering(3).grade(response)


@given(st.integers(2, 10))
def test_all_items_are_shown(size):
    asked = ordering(size)
    assert sorted(i.id for i in asked.shown) == sorted(i.id for i in asked.items)


# Matching


def test_matching_counts_pairs_and_says_why():
    asked = matching([0, 1, 0], extra=1)
    assert [choice.id for choice in asked.choices] == ["p0", "p1", "e0"]
    assert asked.grade({"p0": "p0", "p1": "p1", "p2": "p0"}).correct
    result = asked.grade({"p0": "p1", "p1": "e0", "p2": "p0"})
    assert result.points == pytest.approx(1 / 3) and result.misconceptions == ("m-0", "m-1")
    assert [m.feedback for m in result.messages] == ["Why 0.", "Why 1.", "Why 2."]


@given(st.integers(2, 6).flatmap(lambda n: st.lists(st.integers(0, n - 1), min_size=n, max_size=n)))
def test_one_choice_for_all_earns_no_more_than_its_own_pairs(chosen):
    asked = matching(range(len(chosen)))
    result = asked.grade({f"p{n}": f"p{choice}" for n, choice in enumerate(chosen)})
    assert result.points == pytest.approx(sum(n == choice for n, choice in enumerate(chosen)) / len(chosen))


@pytest.mark.parametrize("response", [{}, {"p0": "p0"}, {"p0": "p9", "p1": "p0"}, [("p0", "p0")], "p0=p0", {"x": "p0"}])
def test_what_is_no_match(response):
    with pytest.raises(ResponseError):
        matching([0, 1]).grade(response)


# What a table of answers or a terminal holds


@pytest.mark.parametrize("asked", DRAWN.questions, ids=lambda asked: asked.id)
def test_the_key_written_as_text_scores_full(asked):
    written = {
        "single": lambda: next(o.id for o in asked.options if o.correct),
        "multiple": lambda: "; ".join(o.id for o in asked.options if o.correct),
        "number": lambda: f"{asked.answer}",
        "text": lambda: asked.answers[-1],
        "output": lambda: asked.answer,
        "ordering": lambda: ";".join(item.id for item in asked.items),
        "matching": lambda: "; ".join(f"{left}={right}" for left, right in asked.key.items()),
    }[asked.kind]()
    response = asked.read(written)
    assert asked.grade(response).correct
    assert asked.accept(response) == response, "what is kept must read as itself"


def test_letters_and_texts_stand_for_options():
    [single] = [asked for asked in DRAWN.questions if asked.kind == "single"]
    assert single.read("B)") == single.read(single.options[1].text) == "step"
    [ordered] = [asked for asked in DRAWN.questions if asked.kind == "ordering"]
    assert ordered.read("d, c, b, a") == [item.id for item in reversed(ordered.shown)]


# Numbers that are drawn


def test_a_formula_in_an_option_s_text_may_stand_in_the_brackets_of_an_export():
    fields = {name: value for name, value in COMMON.items() if name not in ("feedback", "wrong")}
    options = (
        {"id": "slope", "text": "the slope $w$", "feedback": "Yes.", "correct": True},
        {"id": "intercept", "text": "the intercept $b$", "feedback": "No.", "misconception": "idea"},
    )
    asked = TypeAdapter(AnyQuestion).validate_python({**fields, "kind": "single", "options": options})
    for typed in (r"the slope \(w\)", "the slope $w$"):
        assert asked.read(typed) == "slope"
        assert read_moodle(asked, typed) == "slope"


@pytest.mark.parametrize(
    ("typed", "kept"), [("1.234", 1.234), ("1.230", None), ("0.230", 0.23), ("1.2300", 1.23), ("12.30", 12.3)]
)
def test_without_the_key_a_number_is_asked_again_only_where_its_thousands_would_be_lost(typed, kept):
    asked = question(kind="number", answer=5, tolerance={"absolute": 0}).without_key()
    if kept is None:
        with pytest.raises(ResponseError, match=r"'1\.230' can mean a thousand or a decimal; write 1230 or 1\.23$"):
            asked.accept(typed)
    else:
        assert asked.accept(typed) == kept


def test_the_same_learner_always_draws_the_same_and_others_draw_others():
    assert ALL_KINDS.drawn("ann") == ALL_KINDS.drawn("ann")
    prompts = {ALL_KINDS.drawn(f"learner {n}").questions[2].prompt for n in range(40)}
    assert 6 <= len(prompts) <= 12  # 3 * 2 * 2 draws are possible
    # Worked out by hand from the definition (SHA-256), so that no other machine or version may differ.
    assert parameters.choose({"n": (1, 2, 3, 4, 5, 6, 7)}, "ann", "01", "q") == {"n": _by_hand("ann\x0001\x00q", 7)}


def _by_hand(seed, count):
    said = subprocess.run(["sha256sum"], input=seed.encode(), capture_output=True, check=True).stdout
    return int(said[:16], 16) % count + 1


def test_every_draw_of_the_example_grades_its_own_answer_right():
    for asked in (asked for asked in ALL_KINDS.questions if asked.kind == "number" and asked.parameters):
        for values, drawn in asked.draws():
            assert drawn.answer == values["w"] * values["x"] + values["b"]
            assert "{" not in drawn.prompt and drawn.grade(drawn.answer).correct
            assert drawn.grade((values["w"] + values["b"]) * values["x"]).misconceptions == ("line-through-zero",)


def test_what_is_not_drawn_is_not_graded():
    with pytest.raises(TypeError, match="not drawn"):
        ALL_KINDS.questions[2].grade(3)


def drawing(parameters, answer="n", prompt="{n}?", **more):
    return question(
        **{
            "kind": "number",
            "tolerance": {"absolute": 0},
            "answer": answer,
            "parameters": parameters,
            "prompt": prompt,
            **more,
        }
    )


@pytest.mark.parametrize(
    ("parameters", "answer", "words"),
    [
        ({"n": (1, 2), "m": "__import__('os').system('true')"}, "n + m", "is no formula"),
        ({"n": (1, 2)}, "n; n", "is no formula"),
        ({"n": (1, 2)}, "n.real", "is no formula"),
        ({"n": (1, 2)}, "open('x')", "is no formula"),
        ({"n": (1, 2)}, "'a' * n", "is no formula"),
        ({"n": (0, 2)}, "1 / n", "division by zero"),
        ({"n": (9,)}, "n ** n ** n", "too large"),
        ({"n": (400,)}, "exp(n * 10)", "cannot be worked out"),
        ({"n": (1,)}, "(" * 120 + "n", "cannot be worked out"),
        ({"n": (1,)}, "n == 1", "is no formula"),
        ({"n": (1,)}, "k + n", "cannot be worked out"),
        ({"n": (5,)}, "round(n, -99999999)", "at most 20 digits"),
        ({"n": (5,)}, "round(n, 99999999)", "at most 20 digits"),
        ({"n": (1,)}, "n * floor(1e308) * floor(1e308)", "no finite number"),
        ({"n": (1e308,)}, "n * 10", "no finite number"),
        ({"n": (1,)}, "n * 1e400", "no finite number"),
        ({"n": (-1,)}, "abs(n ** 0.5)", "no real number"),
        (
            {"n": (9,), **{f"p{k}": f"{'*'.join(['n' if not k else f'p{k - 1}'] * 30)}" for k in range(9)}},
            "p8",
            "no finite number",
        ),
        ({"n": (1,)}, "abs(1j) * n", "is no formula"),
        ({"n": (1,)}, "0x10 * n", "is no formula"),
        ({"n": (1,)}, "1_000 * n", "is no formula"),
        ({"n": (1,)}, "n if n", "cannot be worked out"),
        ({"n": (1,)}, "x" * 100_000 + "!", "is no formula"),
        ({"n": (1, 2), "unused": (1, 2)}, "n", "never used"),
        ({"n": tuple(range(30)), "m": tuple(range(30))}, "n + m", "900 draws"),
        ({"n": ("1", "2")}, "n", "list of numbers"),
        ({"n": ()}, "n", "at least 1"),
        ({"N": (1,)}, "1", "match pattern"),
    ],
)
def test_a_bad_parameter_is_named(parameters, answer, words):
    with pytest.raises(ValidationError) as caught:
        drawing(parameters, answer)
    assert any(word in str(caught.value) for word in words.split("|")), caught.value


TOKENS = ["n", "k", "0", "1", "7", "1e9", "1e308", ".5", "64", "-20", "-99999999", "(", ")", ",", "+", "-", "*", "/",
          "//", "%", "**", " ", *(f"{name}(" for name in parameters.FUNCTIONS)]  # fmt: skip


@settings(max_examples=1500)
@given(st.lists(st.sampled_from(TOKENS), max_size=40))
def test_a_formula_of_any_signs_gives_a_finite_number_or_is_refused_in_words(tokens):
    try:
        found = parameters.compute("".join(tokens)[:200], {"n": 12345678901234567890, "k": -0.5})
    except ValueError as error:
        assert str(error).startswith("the formula `")
    else:
        assert isinstance(found, (int, float)) and math.isfinite(found)


def test_numbers_may_be_written_in_every_usual_way():
    assert [parameters.compute(text, {"n": 2}) for text in ("1.", ".5", "1e3", "1.5e-3 * n", "round(2.567, 1)", "-n")] == [
        1, 0.5, 1000, 0.003, 2.6, -2,
    ]  # fmt: skip


def test_a_draw_that_makes_a_bad_question_is_found():
    known = ({"value": "n ** 2", "feedback": "Squared.", "misconception": "idea"},)
    with pytest.raises(ValidationError, match=r"drawn with n = 1: 1 counts as right"):
        drawing({"n": (2, 1)}, known_wrong=known)


def test_braces_that_name_no_parameter_stay():
    drawn = drawing({"n": (3,)}, prompt=r"{n} and {m}, $\frac{n}{2}$ aside").drawn("x")
    assert drawn.prompt.startswith("3 and {m}")


# The code in questions


@pytest.mark.parametrize("asked", [asked for asked in DRAWN.questions if asked.kind == "output"], ids=lambda q: q.id)
def test_the_code_prints_what_the_question_says(asked):
    said = subprocess.run([sys.executable, "-c", asked.code], capture_output=True, text=True, check=True).stdout
    assert asked.grade(said).correct


def test_the_order_that_is_shown_says_nothing_of_the_right_one():
    """Over many questions, each place of the right order is shown first equally often: no rule finds it."""
    entries = tuple(Item(id=f"item-{n}", text=str(n)) for n in range(3))
    shown = Counter(tuple(entry.id for entry in shuffled(entries, f"question-{n}")) for n in range(3000))
    assert len(shown) == 6 and all(430 < times < 570 for times in shown.values())  # 500 each, by chance ±20
