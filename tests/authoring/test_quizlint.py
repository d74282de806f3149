"""`course lint` on quizzes: each fault that a learner could use, or a teacher would regret, is named with its line."""

import re

import pytest

from courseware.authoring.quizlint import _headings, folder_problems, quiz_problems
from courseware.authoring.quiznotes import quiz_notes
from courseware.course import ROOT, find

HEADER = "lesson: 01_small\ntitle: Small\nquestions:\n"
MATCHED = """\
  - id: pairs
    kind: matching
    section: One
    prompt: Which belong together?
    pairs:
      - {id: cat, text: A cat, match: Fur, feedback: It is soft., misconception: idea}
      - {id: bird, text: A bird, match: Feathers, feedback: They are light., misconception: idea}
"""
MISCONCEPTIONS = "idea:\n  title: An idea\n  explanation: It is not so.\n"


def single(number, key=0, texts=("A first text", "Some other one", "A third thing"), section="One"):
    """Three options; the key at place `key`."""
    lines = [f"  - id: question-{number}", "    kind: single", f"    section: {section}", f"    prompt: Number {number}?",
             "    options:"]  # fmt: skip
    for place, text in enumerate(texts):
        mark = {key: "        correct: true\n", (key + 1) % len(texts): "        misconception: idea\n"}.get(place, "")
        lines += [f"      - id: option-{place}", f'        text: "{text}"',
                  f"{mark}        feedback: About {number} and {place}."]  # fmt: skip
    return "\n".join(lines) + "\n"


def number(name, *known):
    lines = [f"  - id: {name}", "    kind: number", "    section: One", "    prompt: How many?", "    answer: 10",
             "    tolerance: {absolute: 0.5}", "    feedback: Yes.", "    wrong: No.", "    known_wrong:"]  # fmt: skip
    for value in known:
        lines += [f"      - {{value: {value}, feedback: Not {value}., misconception: idea}}"]
    return "\n".join(lines) + "\n"


def multiple(number, key, options=5):
    lines = [
        f"  - id: ticks-{number}",
        "    kind: multiple",
        "    section: One",
        f"    prompt: Which, {number}?",
        "    options:",
    ]
    for place in range(options):
        mark = "correct: true" if "abcde"[place] in key else "misconception: idea"
        lines += [f"      - {{id: tick-{place}, text: Text {place}, feedback: About {place}., {mark}}}"]
    return "\n".join(lines) + "\n"


def notes(folder, *questions, explanation="It is not so."):
    (folder / "misconceptions.yaml").write_text(f"idea:\n  title: An idea\n  explanation: {explanation}\n")
    (folder / "01_small.yaml").write_text(HEADER + "".join(questions))
    return [note.removeprefix(f"{folder / '01_small.yaml'}: ") for note in quiz_notes(folder / "01_small.yaml")]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (["ab", "bc", "de", "ae"], ["each of the 4 multiple choices has 2 right options; let it be one to four"]),
        (["a", "abc", "ad", "b"], ["option 5 is never right in 4 multiple choices; move some"]),
        (["ae", "ab", "acde", "a"], ["option 1 is always right in 4 multiple choices; move some"]),
        (["bde", "bde", "bde", "ac"], ["bde is the key of 3 of 4 multiple choices; move some"]),
        (["a", "bce", "bd", "cde"], []),
        (["ab", "ab"], []),
    ],
)
def test_what_the_form_of_multiples_gives_away(tmp_path, keys, words):
    assert notes(tmp_path, *(multiple(n, key) for n, key in enumerate(keys))) == words


def test_an_explanation_that_speaks_of_what_the_question_does_not_is_noted(tmp_path):
    [note] = notes(tmp_path, single(1), explanation="Half of 30 % is `share`.")
    assert "question `question-1`: the explanation of `idea` speaks of 30 %, `share`, and the question does not" in note
    assert (
        notes(tmp_path, single(30, texts=("A share", "30 %", "Another one")), explanation="Half of 30 % is `share`.")
        == []
    )


def test_an_idea_that_every_wrong_answer_gets_is_noted(tmp_path):
    alike = multiple(0, "a").replace("multiple", "single")
    [note] = notes(tmp_path, alike)
    assert note.startswith("question `ticks-0`: all 4 wrong options name `idea`, which then tells nothing")
    assert notes(tmp_path, alike.replace(", misconception: idea}", "}", 1)) == []
    assert notes(tmp_path, multiple(0, "a")) == notes(tmp_path, single(1)) == []


@pytest.mark.parametrize(("extra", "number"), [("", 0), ("    extra: [{id: bare, text: A tail}]\n", 2)])
def test_an_idea_that_several_wrong_matches_get_is_noted(tmp_path, extra, number):
    found = notes(tmp_path, MATCHED + extra)
    assert len(found) == number and all("is said to each of the 2 wrong matches of `" in note for note in found)


def test_a_known_wrong_number_that_nothing_computes_is_noted(tmp_path):
    asked = number("count", 1, 20).replace("    feedback: Yes.\n", "    verify: 5 + 5\n    feedback: Yes.\n")
    assert notes(tmp_path, asked) == ["question `count`: nothing computes the known wrong 1.0, 20.0; add `slip:`"]
    assert notes(tmp_path, number("count", 1, 20)) == []
    assert notes(tmp_path, asked.replace("misconception: idea}", "slip: 4 * 5}")) == []


@pytest.mark.parametrize(
    ("slip", "words"),
    [("5 + 5", "the slip to 20 is `verify` itself"), ("5 +", "`slip: 5 +` is no Python expression; mend it"),
     ("5; 6", "`slip: 5; 6` is no Python expression; mend it"), ("5 * 4", "")],
)  # fmt: skip
def test_a_slip_is_an_expression_of_its_own(problems, slip, words):
    asked = number("count", 20).replace("    feedback: Yes.\n", "    verify: 5 + 5\n    feedback: Yes.\n")
    found = problems(asked.replace("misconception: idea}", f'slip: "{slip}"}}'))
    assert [words in each for each in found] == [True] if words else found == []


@pytest.fixture
def problems(tmp_path):
    def find(*questions, headings=("One", "Two"), **more):
        (tmp_path / "misconceptions.yaml").write_text(MISCONCEPTIONS, encoding="utf-8")
        path = tmp_path / "01_small.yaml"
        path.write_text(HEADER + "".join(questions), encoding="utf-8")
        return [problem.removeprefix(f"{path}:") for problem in quiz_problems(path, headings, **more)]

    return find


# Lengths 12, 14, 13: the key at place 1 is the longest, at 0 the shortest, at 2 neither.
MIXED = [2, 0, 1, 2, 0, 2, 1]


def test_a_fair_quiz_has_no_faults(problems):
    assert problems(*(single(n, key) for n, key in enumerate(MIXED)), number("count", 1, 20)) == []


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ([2, 0, 2, 1, 2, 2], "1: the key is option 3 in 4 of 6 questions"),
        ([2, 0, 1, 2, 2, 2, 0, 1], "1: the key is option 3 three times in a row, from `question-3` on"),
        ([1, 0, 1, 2, 1, 0, 2], "1: the key is the longest option in 3 of 7 questions"),
        ([0, 1, 0, 2, 0, 1, 2], "1: the key is the shortest option in 3 of 7 questions"),
    ],
)
def test_habits_that_tell_the_key(problems, keys, words):
    assert [
        problem for problem in problems(*(single(n, key) for n, key in enumerate(keys))) if problem.startswith(words)
    ]


@pytest.mark.parametrize(
    "text", ["All of the above", "none of these", "Both of them", "both A and B", "All of the others"]
)
def test_an_option_about_other_options(problems, text):
    [problem] = problems(single(1, texts=("One thing", text, "Another")))
    assert problem.startswith("4: question `question-1`: option `option-1` speaks of the other options")


def test_options_that_say_the_same(problems):
    [problem] = problems(single(1, texts=("The slope", "the slope.", "Another")))
    assert problem.startswith("4: question `question-1`: `option-0` and `option-1` say the same")


def test_feedback_that_stands_twice(problems):
    text = single(1).replace("About 1 and 2.", "About 1 and 1.")
    assert [problem for problem in problems(text) if "share their feedback" in problem]


def test_known_wrong_numbers_that_overlap(problems):
    [problem] = problems(number("count", 1, 20, 1.25))
    assert problem.startswith("4: question `count`: the known wrong values 1 and 1.25 overlap")
    assert problems(number("count", 1, 20, 1.75)) == []


def test_sections_that_do_not_exist_or_stand_in_another_order(problems):
    first, *found = problems(single(1, 0, section="Two"), single(2, 1, section="One"), single(3, section="Three"))
    assert first == "1: the lesson's sections are 'One', 'Two'; name one of them in each question"
    assert [re.match(r"\d+: question `question-(\d)`: \w+ \w+", problem)[0] for problem in found] == [
        "20: question `question-2`: comes after", "36: question `question-3`: points to",
    ]  # fmt: skip
    assert problems(single(1, section="Nowhere"), headings=None) == []
    assert any("did you mean 'Gradient descent'?" in problem for problem in
               problems(single(1, section="Gradient decent"), headings=("Loss", "Gradient descent")))  # fmt: skip


def test_the_questions_of_an_exam_may_come_in_any_order(tmp_path):
    (tmp_path / "misconceptions.yaml").write_text(MISCONCEPTIONS, encoding="utf-8")
    sections = _headings(find("04"))
    text = HEADER.replace("01_small", "04_cnn") + single(1, 0, section=sections[3]) + single(2, 1, section=sections[0])
    (tmp_path / "04_cnn.yaml").write_text(text, encoding="utf-8")
    assert folder_problems(tmp_path) == []
    [problem] = quiz_problems(tmp_path / "04_cnn.yaml", sections)
    assert "comes after a question on a later section" in problem


def test_a_key_that_always_comes_first_shows_in_a_short_quiz_too(problems):
    assert problems(single(1, 0), single(2, 0), single(3, 0)) == [
        "1: the key is option 1 in all 3 single choices; move some"
    ]
    assert problems(single(1, 0), single(2, 0), single(3, 1)) == [] == problems(single(1, 0))


@pytest.mark.parametrize("name", ["right", "wrong-1", "correct-answer", "the-right-one", "distractor-b"])
def test_a_name_that_may_tell_the_key(problems, name):
    telling = single(1).replace("id: option-0", f"id: {name}")
    [problem] = problems(telling, private=True)
    assert problem.startswith(f"4: question `question-1`: the id `{name}` may tell the key")
    assert problems(telling) == [], "the course's own quizzes are no exams"
    for fine in (
        single(1).replace("option-0", "right-of-the-line"),
        single(1).replace("option-0", "left").replace("option-1", "right"),
    ):
        assert problems(fine, private=True) == []


def test_a_picture_which_no_face_shows(problems):
    [problem] = problems(single(1).replace("Number 1?", '"See ![a plot](http://a.example/plot.png)"'))
    assert "holds a picture" in problem


def test_a_file_that_does_not_load_is_named_with_all_its_problems(problems):
    found = problems(single(1).replace("prompt:", "promt:"), single(2).replace("kind: single", "kind: singel"))
    assert len(found) >= 3 and all(re.match(r"\d+: ", problem) for problem in found)


def test_the_example_with_all_kinds_is_clean():
    assert quiz_problems(ROOT / "tests" / "quiz" / "all_kinds" / "01_linear_regression.yaml") == []


def test_a_folder_of_quizzes_is_looked_at_as_a_whole(tmp_path):
    (tmp_path / "misconceptions.yaml").write_text(MISCONCEPTIONS, encoding="utf-8")
    for name in ("04_cnn", "90_exam"):
        text = HEADER.replace("01_small", name) + single(1, texts=("Aa", "aa.", "Cc"))
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    found = folder_problems(tmp_path)
    assert [problem.split(":")[0].rsplit("/", 1)[1] for problem in found] == [
        "04_cnn.yaml",
        "04_cnn.yaml",
        "04_cnn.yaml",
        "90_exam.yaml",
    ]
    assert "points to the section 'One'" in found[2], "the section is looked up where there is such a lesson"


def drawn(prompt, wrong="No."):
    return (
        f"  - id: drawn\n    kind: number\n    section: One\n    prompt: '{prompt}'\n    parameters: {{size: [2, 3]}}\n"
        f"    answer: size\n    tolerance: {{absolute: 0}}\n    feedback: Yes.\n    wrong: '{wrong}'\n"
    )


def test_a_name_in_braces_that_no_parameter_defines_is_found(problems):
    words = "names no parameter, and is shown as it stands"
    [found] = problems(drawn("How long are {size} {unit}?"))
    assert found.startswith("4: question `drawn`: `{unit}` " + words)
    [found] = problems(drawn("How long are {size}?", "They are {size} {unit}."))
    assert words in found
    assert problems(drawn(r'Is $\frac{n}{unit}$ `f"{unit}"`, {size}, or {}?')) == []


def test_choices_that_differ_in_capitals_are_found(problems):
    pairs = "".join(
        f"      - {{id: {name}, text: Of {name}, match: {match}, feedback: So it is., misconception: idea}}\n"
        for name, match in (("first", "A mean"), ("second", "A sum"))
    )
    matching = "  - id: pairs\n    kind: matching\n    section: One\n    prompt: Which?\n    pairs:\n" + pairs
    assert problems(matching + "    extra:\n      - {id: more, text: A product}\n") == []
    [found] = problems(matching + "    extra:\n      - {id: more, text: a mean}\n")
    assert found == "4: question `pairs`: `first` and `more` say the same but for case and signs; change one"
