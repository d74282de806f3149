"""`course report`: what stands on the page, and what is said about questions that need repair."""

import csv
import html.parser
import json
import random
import re
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from courseware.cli import main
from courseware.course import ROOT
from courseware.grading.report.analysis import Choice, QuestionAnalysis
from courseware.grading.report.findings import findings
from courseware.grading.report.others import in_words
from courseware.grading.statistics import Interval
from courseware.quiz.load import load_quiz

OPTIONS = "abcd"
QUIZ = """\
lesson: {slug}
title: A <b>bold</b> title
questions:
""" + "".join(f"""\
  - id: q{number}
    kind: single
    section: S
    prompt: "Is **this** `x < {number}` and $w_1$? <img src=x onerror=alert(1)>"
    options:
      - {{{{id: opt-a, text: "right & <i>good</i>", correct: true, feedback: Yes.}}}}
      - {{{{id: opt-b, text: wrong b, feedback: No., misconception: mixed}}}}
      - {{{{id: opt-c, text: wrong c, feedback: No., misconception: other}}}}
      - {{{{id: opt-d, text: wrong d, feedback: No., misconception: other}}}}
""" for number in range(1, 7))  # fmt: skip
SHARED = """\
mixed: {title: Things <mixed> up, explanation: They are two.}
other: {title: Another idea, explanation: It is not so.}
"""


class Page(html.parser.HTMLParser):
    """The tags of a page, and what a reader sees."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.attributes, self._skip = [], "", [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, *each) for each in attributes]
        self._skip = tag == "style"

    def handle_endtag(self, tag):
        self._skip = False

    def handle_data(self, data):
        self.text += "" if self._skip else data + " "


@pytest.fixture
def bank(tmp_path):
    folder = tmp_path / "bank"
    folder.mkdir()
    for slug in ("91_one", "92_two"):
        (folder / f"{slug}.yaml").write_text(QUIZ.format(slug=slug), encoding="utf-8")
    (folder / "misconceptions.yaml").write_text(SHARED, encoding="utf-8")
    return folder


@pytest.fixture
def run(bank, tmp_path):
    def run(*arguments, status=0):
        out = tmp_path / "out"
        result = CliRunner().invoke(main, ["report", *map(str, arguments), "--quizzes", str(bank), "-o", str(out)])
        assert result.exit_code == status, result.output
        assert "Traceback" not in result.output
        return Page((out / "report.html").read_text(encoding="utf-8")), out, result.output

    return run


def write(path, rows, header=None):
    header = header or ["learner", *(f"q{number}" for number in range(1, 7))]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def a_class(learners, seed=0):
    """Answers where the strong do better on q1 to q4, worse on q5, and nobody takes d in q1."""
    rng = random.Random(seed)
    rows = []
    for number in range(learners):
        strength = rng.random()
        chances = [strength, strength, strength, strength, 1 - strength, 0.5]
        wrong = ["bc", "bcd", "bcd", "bcd", "b", "bcd"]
        rows.append(
            [f"s{number}", *("a" if rng.random() < p else rng.choice(w) for p, w in zip(chances, wrong, strict=True))]
        )
    return rows


def items(out):
    with (out / "items.csv").open(newline="", encoding="utf-8") as file:
        return {(row["lesson"], row["question"]): row for row in csv.DictReader(file)}


@pytest.mark.parametrize("learners", [1, 2, 5, 12, 30, 300])
def test_a_class_of_any_size_gets_a_page_without_holes(run, tmp_path, learners):
    page, out, _ = run(write(tmp_path / "91_one.csv", a_class(learners)))
    words = re.findall(r"[a-z]+", page.text.lower())
    assert "nan" not in words and "inf" not in words and "none" not in words
    table = (out / "items.csv").read_text() + (out / "learners.csv").read_text()
    assert "nan" not in table
    assert ("too few to say" in page.text) == (learners < 10) and ("is small" in page.text) == (10 <= learners < 30)
    assert ("cannot be said" in page.text) or learners >= 12


def test_all_alike_is_said_not_computed(run, tmp_path):
    page, _, _ = run(write(tmp_path / "91_one.csv", [[f"s{n}", *"aaaaaa"] for n in range(20)]))
    assert "cannot be said" in page.text and "nan" not in page.text.lower().split()


def test_nothing_from_outside_becomes_html(run, tmp_path):
    rows = a_class(30)
    rows[0][0] = "<script>alert(1)</script>"
    page, out, _ = run(write(tmp_path / "91_one <u>x.csv", rows))
    assert not {"script", "img", "b", "i", "u", "mixed", "link", "iframe"} & set(page.tags)
    assert not [each for each in page.attributes if each[1].startswith("on") or each[1] in ("src", "srcset")]
    assert all(value.startswith("#") for _, name, value in page.attributes if name == "href")
    assert "right & <i>good</i>" in page.text and "<img src=x onerror=alert(1)>" in page.text
    assert "Things <mixed> up" in page.text and "w_1" in page.text and "$" not in page.text
    assert "<script>" in (out / "learners.csv").read_text()


def test_the_page_can_be_read_by_ear(run, tmp_path):
    page, _, _ = run(write(tmp_path / "91_one.csv", a_class(40)))
    figures = [value for tag, name, value in page.attributes if tag == "svg" and name == "aria-labelledby"]
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(figures) == 2 and all(name in ids for names in figures for name in names.split())
    assert len(ids) == len(set(ids)) and ("html", "lang", "en") in page.attributes
    assert page.tags.count("svg") == page.tags.count("desc") == 2
    assert page.tags.count("th") == sum(1 for tag, name, _ in page.attributes if tag == "th" and name == "scope")


def test_numbers_in_the_table_are_those_of_the_class(run, tmp_path):
    rows = a_class(200)
    _, out, _ = run(write(tmp_path / "91_one.csv", rows))
    points = np.array([[cell == "a" for cell in row[1:]] for row in rows], dtype=float)
    for number in range(6):
        row = items(out)["91_one", f"q{number + 1}"]
        rest = points.sum(axis=1) - points[:, number]
        assert float(row["difficulty"]) == pytest.approx(points[:, number].mean(), abs=1e-5)
        assert float(row["discrimination"]) == pytest.approx(np.corrcoef(points[:, number], rest)[0, 1], abs=1e-5)
        assert float(row["discrimination_low"]) < float(row["discrimination"]) < float(row["discrimination_high"])


def test_questions_that_need_repair_are_found_and_sound_ones_left_alone(run, tmp_path):
    page, out, _ = run(write(tmp_path / "91_one.csv", a_class(400)))
    found = {question: row["to_do"] for (_, question), row in items(out).items()}
    assert "do worse here" in found["q5"] and "Check the key" in found["q5"]
    assert "Nobody chose “wrong d”" in found["q1"]
    assert not found["q2"] and not found["q3"] and not found["q4"]
    assert "Repair 91_one, question 5 (q5)" in re.sub(r"\s+", " ", page.text)


def test_first_attempts_only_unless_all_are_asked_for(run, tmp_path):
    rows = [
        [name, attempt, *cells]
        for name, attempt, cells in [("ann", 2, "aaaaaa"), ("ann", 1, "bbbbbb"), ("bob", 1, "aaaaaa")]
    ]
    file = write(tmp_path / "91_one.csv", rows, ["learner", "attempt", *(f"q{n}" for n in range(1, 7))])
    page, out, _ = run(file)
    assert items(out)["91_one", "q1"]["difficulty"] == "0.5" and "1 later attempt is left out" in page.text
    _, out, _ = run(file, "--all-attempts")
    assert float(items(out)["91_one", "q1"]["difficulty"]) == pytest.approx(2 / 3, abs=1e-5)


def test_misconceptions_are_counted_by_learner_over_all_lessons(run, tmp_path):
    one = [["ann", *"bbaaaa"], ["bob", *"aaaaaa"], ["cy", *"caaaaa"], ["dee", "", "", "", "", "", ""]]
    two = [["ann", *"baaaaa"], ["bob", *"abaaaa"]]
    page, _, _ = run(write(tmp_path / "91_one.csv", one), write(tmp_path / "92 monday.csv", two))
    text = re.sub(r"\s+", " ", page.text)
    # ann and bob showed "mixed" somewhere, of ann, bob and cy who answered; dee met nothing.
    assert "Things <mixed> up They are two. mixed, in 91_one, 92_two 2 of 3 67 %" in text.replace("\u00a0", " ")
    assert "1 of 3" in text


def test_a_column_says_which_quiz_a_row_belongs_to(run, tmp_path):
    rows = [["ann", "91_one", *"aaaaaa"], ["bob", "92", *"bbbbbb"], ["cy", "93", *"aaaaaa"], ["dee", "", *"aaaaaa"]]
    file = write(tmp_path / "all.csv", rows, ["learner", "quiz", *(f"q{n}" for n in range(1, 7))])
    _, out, said = run(file, status=1)
    found = items(out)
    assert found["91_one", "q1"]["difficulty"] == "1" and found["92_two", "q1"]["difficulty"] == "0"
    assert "all.csv:4: There is no quiz '93'" in said and "all.csv:5: it does not say which quiz" in said


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("command", ["report", "grade"])
def test_a_quiz_that_answers_name_is_looked_up_in_the_bank_and_is_never_a_path(run, bank, tmp_path, form, command):
    """Who hands in may hand in a quiz as well, with keys of their own, and name it."""
    own = tmp_path / "answers" / "mal"
    own.mkdir(parents=True)
    forged = QUIZ.format(slug="91_one").replace("correct: true, feedback: Yes.", "feedback: No., misconception: other")
    forged = forged.replace("wrong b, feedback: No., misconception: mixed", "wrong b, correct: true, feedback: No.")
    (own / "91_one.yaml").write_text(forged.replace("A <b>bold</b> title", "Forged"))
    (own / "misconceptions.yaml").write_text(SHARED)
    assert load_quiz(own / "91_one.yaml").title == "Forged"
    path = str(own / "91_one.yaml")
    named = [path, path.removesuffix(".yaml"), "mal/91_one.yaml", "../91_one", "answers/mal/91_one"]
    right = dict.fromkeys([f"q{n}" for n in range(1, 7)], "opt-a")
    wrong = dict.fromkeys(right, "opt-b")
    if form == "json":
        for number, name in enumerate(named):
            (own.parent / f"a{number}.json").write_text(json.dumps({"learner": "Mal", "quiz": name, "answers": wrong}))
        (own.parent / "z.json").write_text(json.dumps({"learner": "Ann", "quiz": "91_one", "answers": right}))
        files = [*own.parent.glob("*.json")]
    else:
        rows = [*(["Mal", name, *wrong.values()] for name in named), ["Ann", "91_one", *right.values()]]
        files = [write(own.parent / "all.csv", rows, ["learner", "quiz", *right])]
    if command == "grade":
        arguments = ["grade", "91", *map(str, files), "--quizzes", str(bank)]
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 1 and "Forged" not in result.output
        assert [line[:8] for line in result.stdout.splitlines()[1:]] == ["Ann,1,6,"]
        return
    page, out, said = run(*files, status=1)
    assert "Forged" not in page.text and items(out)["91_one", "q1"]["difficulty"] == "1"
    assert "5 rows or files could not be graded" in said


def test_a_file_that_does_not_say_its_quiz_is_listed_and_told_how(run, bank, tmp_path):
    file = write(tmp_path / "monday.csv", a_class(3))
    result = CliRunner().invoke(main, ["report", str(file), "--quizzes", str(bank), "-o", str(tmp_path / "x")])
    assert result.exit_code == 2 and "add --quiz" in result.output and not (tmp_path / "x").exists()
    page, _, _ = run(file, "--quiz", "one")
    assert "Class report: 3 learners, 1 quiz" in page.text


def test_times_are_told_where_there_are_some(run, tmp_path):
    header = ["learner", "q1", "seconds:q1", "q2"]
    rows = [[f"s{n}", "a", str(10 + n), "b"] for n in range(11)] + [["odd", "a", "soon", "b"]]
    page, out, _ = run(write(tmp_path / "91_one.csv", rows, header))
    assert items(out)["91_one", "q1"]["median_seconds"] == "15" and "median 15 s" in page.text
    assert "No file has answers to: q3, q4, q5, q6" in page.text


# Repair, with numbers given


SOUND = Interval(0.4, 0.2, 0.6)


def question(difficulty=0.6, r=SOUND, right=(0.4, 0.6, 0.8), wrong=(0.4, 0.3, 0.1), **more):
    choices = (Choice("a", "A", True, None, 60, right), Choice("b", "B", False, "m", 40, wrong))
    known = {"learners": 100, "answered": 100, "unreadable": 0, "group_sizes": (30, 40, 30), "seconds": (), **more}
    shape = SimpleNamespace(id="q", kind="single", options=(1, 2))
    interval = Interval(difficulty, difficulty - 0.05, difficulty + 0.05)
    return QuestionAnalysis(question=shape, difficulty=interval, discrimination=r, choices=choices, **known)


@pytest.mark.parametrize(
    ("given", "urgent", "words"),
    [
        ({"r": Interval(-0.4, -0.6, -0.2)}, True, "do worse here (discrimination"),
        ({"r": Interval(-0.1, -0.3, 0.15)}, False, "may be chance"),
        ({"r": Interval(-0.01, -0.02, -0.001)}, False, "hardly more often right"),
        ({"r": Interval(0.02, -0.05, 0.09)}, False, "hardly more often right"),
        ({"right": (0.3, 0.3, 0.2), "wrong": (0.7, 0.7, 0.8)}, True, "In the upper group more learners chose “B”"),
        ({"right": (0.3, 0.3, 0.45), "wrong": (0.7, 0.7, 0.55)}, False, "though it may be chance"),
        ({"difficulty": 0.97}, False, "cannot tell learners apart"),
        ({"difficulty": 0.02}, True, "cannot tell learners apart"),
        ({"difficulty": 0.4}, True, "by guessing"),
        ({"answered": 70}, False, "30 of 100 left it unanswered"),
        ({"answered": 90, "unreadable": 10}, True, "10 answers could not be read"),
    ],
)
def test_each_reason_for_repair(given, urgent, words):
    found = findings(question(**given))
    assert [finding.urgent for finding in found if words in finding.what] == [urgent], found


def test_a_sound_question_and_a_tiny_class_are_left_alone():
    assert findings(question()) == []
    assert findings(question(r=Interval(-0.4, -0.6, -0.2), learners=9)) == []


# What learners wrote, and who they are


OPEN = """\
lesson: 93_open
title: Open
questions:
  - {id: word, kind: text, section: S, prompt: "Word?", answers: [backpropagation], feedback: Yes., wrong: No.}
  - id: number
    kind: number
    section: S
    prompt: How many?
    answer: 14
    tolerance: {absolute: 0.1}
    feedback: Yes.
    wrong: No.
    known_wrong: [{value: 13, feedback: One less., misconception: mixed}]
  - id: order
    kind: ordering
    section: S
    prompt: Order?
    items: [{id: i1, text: first}, {id: i2, text: second}, {id: i3, text: third}]
    feedback: Yes.
    wrong: No.
"""


def test_the_most_frequent_other_answers_are_shown(run, bank, tmp_path):
    (bank / "93_open.yaml").write_text(OPEN)
    rows = [
        *([f"a{n}", "Back prop", "7", "i3 i2 i1"] for n in range(3)),
        *([f"b{n}", "back  PROP.", "7.0", "i3 i2 i1"] for n in range(2)),
        ["c", "backpropagation", "13", "i1 i2 i3"],
        ["d", "<b>x</b>", "many", ""],
    ]
    page, _, _ = run(write(tmp_path / "93_open.csv", rows, ["learner", "word", "number", "order"]))
    text = re.sub(r"\s+", " ", page.text)
    assert "Is one of them right? Answer Learners Back prop 5 <b>x</b> 1" in text
    assert "Is one of them right? Answer Learners 7 5" in text and "b" not in page.tags
    assert "Is one of them right? Answer Learners third → second → first 5" in text


def test_other_answers_are_those_of_the_attempt_that_counts(run, bank, tmp_path):
    (bank / "93_open.yaml").write_text(OPEN)
    rows = [["ann", "2", "zweite"], ["ann", "1", "erste"]]
    file = write(tmp_path / "93_open.csv", rows, ["learner", "attempt", "word"])
    assert "erste" in run(file)[0].text and "zweite" not in run(file)[0].text
    assert "zweite" in run(file, "--attempt", "last")[0].text


def test_the_page_names_nobody_and_no_file_unless_asked(run, tmp_path):
    for name in ("Ann Lee", "Zed"):
        path = tmp_path / "answers" / f"{name.replace(' ', '_')}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"learner": name, "quiz": "91_one", "seed": "0" * 16, "answers": {"q1": "opt-b"}}))
    page, out, _ = run(tmp_path / "answers")
    assert "From 2 files." in page.text and not re.search("Ann|Lee|Zed|json", (out / "report.html").read_text())
    assert "Ann Lee" in (out / "learners.csv").read_text()
    page, _, _ = run(tmp_path / "answers", "--names")
    assert "From 2 files: Ann_Lee.json, Zed.json." in page.text and "Ann Lee (Ann_Lee.json)" in page.text


def test_the_page_forbids_to_fetch_and_run_anything(run, tmp_path):
    page, _, _ = run(write(tmp_path / "91_one.csv", a_class(12)))
    [policy] = [value for tag, name, value in page.attributes if tag == "meta" and name == "content" and "src" in value]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'") and "script-src" not in policy


def test_an_idea_does_not_lead_because_many_questions_ask_for_it(run, tmp_path):
    """Both can show in all six questions, and all 30 showed both at least once: one in five answers, the other in one."""
    rows = [[f"s{n}", *"ccccc", "b"] for n in range(30)]
    page, _, _ = run(write(tmp_path / "91_one.csv", rows))
    text = re.sub(r"\s+", " ", page.text).replace("\u00a0", " ")
    assert "1 Another idea It is not so. other, in 91_one 30 of 30 100 % 6 83 %" in text
    assert "2 Things <mixed> up They are two. mixed, in 91_one 30 of 30 100 % 6 17 %" in text


# Quizzes from Moodle


def moodle(path, responses):
    header = ["Email address", *(f"Response {number}" for number in range(1, len(responses[0]) + 1))]
    return write(path, [[f"s{n}@example.org", *row] for n, row in enumerate(responses)], header)


def test_a_quiz_that_came_as_gift_lacks_what_gift_cannot_hold_and_no_other_answer_moves(run, bank, tmp_path):
    order, others = OPEN.split("  - id: order")[1], OPEN.split("  - id: order")[0]
    head, questions = others.split("questions:\n")
    (bank / "93_open.yaml").write_text(f"{head}questions:\n  - id: order{order}{questions}")
    _, out, said = run(moodle(tmp_path / "93_open.csv", [["backpropagation", "14"]] * 12))
    found = items(out)
    assert found["93_open", "word"]["difficulty"] == found["93_open", "number"]["difficulty"] == "1"
    assert "2 responses for 3 questions" in said and "GIFT, which cannot hold `order`" in said
    assert "`Response 2` is taken as the answer to `number`" in said
    _, out, said = run(moodle(tmp_path / "93_open.csv", [["first; second; third", "backpropagation", "14"]] * 12))
    assert {row["difficulty"] for row in items(out).values()} == {"1"} and "GIFT" not in said


def test_a_match_in_words_is_what_was_chosen_and_not_what_it_was_chosen_for():
    """A pair's text and the choice that belongs to it go by one id."""
    quiz = load_quiz(ROOT / "tests" / "quiz" / "all_kinds" / "01_linear_regression.yaml")
    answer = {"slope": "intercept", "intercept": "slope", "alpha": "loss", "eta": "alpha"}
    assert in_words(quiz.questions[-1], "learner", json.dumps(answer), 200) == (
        r"$w$: the intercept; $b$: the slope of the line; $\alpha$: the loss $L$; "
        r"$\eta$ in other books: the learning rate"
    )
