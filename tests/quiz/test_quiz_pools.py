"""Pools: what a learner draws is the same in every face, copy and hand-in, and graded as it was asked."""

import csv
import json
import re
import subprocess
from collections import Counter
from itertools import combinations

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from courseware.cli import main
from courseware.progress import Progress
from courseware.quiz.faces import web
from courseware.quiz.faces.notebook import quiz_widget
from courseware.quiz.folder import Quizzes
from courseware.quiz.load import QuizError, load_quiz, load_student_copy
from courseware.quiz.student_copy import as_yaml, fingerprint

SEED = "00000000000000aa"
SUMS = [f"sum-{word}" for word in ("one", "two", "three", "four", "five")]


def entry(name, pool="sums", more=""):
    pooled = f"    pool: {pool}\n" if pool else ""
    return f"""\
  - id: {name}
{pooled}    kind: number
    section: S
    prompt: "{name}: {{n}} and {{n}} is?"
    parameters: {{n: [2, 3, 4, 5]}}
    answer: 2 * n
    tolerance: {{absolute: 0.01}}
    feedback: Right.
    wrong: Add them.
{more}"""


def quiz_text(sums=SUMS, pools="{sums: 2}"):
    entries = [entry("first", None), *map(entry, sums), entry("last", None)]
    return f"lesson: exam\ntitle: An exam\npools: {pools}\nquestions:\n" + "".join(entries)


@pytest.fixture
def bank(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path / "home"))
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank" / "exam.yaml").write_text(quiz_text(), encoding="utf-8")
    return tmp_path / "bank"


@pytest.fixture
def quiz(bank):
    return Quizzes(bank).load("exam")


def run(*arguments, status=0, typed=""):
    done = CliRunner().invoke(main, list(map(str, arguments)), input=typed)
    assert done.exit_code == status, done.output
    return done.output


def ids(quiz):
    return [question.id for question in quiz.questions]


def test_each_learner_draws_as_many_as_are_to_be_drawn_and_all_pairs_come_up(quiz):
    drawn = Counter(tuple(ids(quiz.drawn(f"{seed:016x}"))) for seed in range(3000))
    assert {each[0] for each in drawn} == {"first"} and {each[-1] for each in drawn} == {"last"}
    pairs = Counter({each[1:-1]: number for each, number in drawn.items()})
    assert set(pairs) == set(combinations(SUMS, 2)), "in the order of the file"
    assert max(pairs.values()) < 1.4 * min(pairs.values())
    assert quiz.length == 4 and "4 questions" in quiz.stored_line


@given(st.text("0123456789abcdef", min_size=16, max_size=16), st.sampled_from(SUMS))
def test_a_question_less_moves_only_those_who_had_drawn_it(seed, gone):
    def drawn(names):
        quiz = parsed(quiz_text(names))
        return set(ids(quiz.drawn(seed)))

    before, after = drawn(SUMS), drawn([name for name in SUMS if name != gone])
    assert before == after if gone not in before else before - {gone} < after


def parsed(text):
    from pydantic import TypeAdapter
    from ruamel.yaml import YAML

    from courseware.quiz.model import Quiz

    return TypeAdapter(Quiz).validate_python(_tuples(YAML(typ="safe").load(text)))


def _tuples(data):
    if isinstance(data, dict):
        return {key: _tuples(value) for key, value in data.items()}
    return tuple(map(_tuples, data)) if isinstance(data, list) else data


def test_the_numbers_do_not_hang_on_the_draw(quiz):
    whole = {each.id: each.prompt for each in quiz.with_numbers(SEED).questions}
    assert all(whole[each.id] == each.prompt for each in quiz.drawn(SEED).questions)
    assert ids(quiz.drawn(SEED).drawn(SEED)) == ids(quiz.drawn(SEED)), "drawing again changes nothing"
    assert quiz.drawn(SEED).undrawn == quiz


def test_the_copy_draws_the_same_and_its_fingerprint_tells_of_the_pool(quiz, bank, tmp_path):
    (tmp_path / "exam.yaml").write_text(as_yaml(quiz.without_keys()), encoding="utf-8")
    copy = load_student_copy(tmp_path / "exam.yaml")
    for seed in range(50):
        assert [each.prompt for each in copy.drawn(seed).questions] == [
            each.prompt for each in quiz.drawn(seed).questions
        ]
    assert fingerprint(copy) == fingerprint(quiz) == fingerprint(quiz.drawn(SEED))
    (bank / "exam.yaml").write_text(quiz_text(pools="{sums: 3}"), encoding="utf-8")
    assert fingerprint(load_quiz(bank / "exam.yaml")) != fingerprint(quiz)
    changed = (tmp_path / "exam.yaml").read_text().replace("sums: 2", "sums: 4")
    (tmp_path / "exam.yaml").write_text(changed, encoding="utf-8")
    with pytest.raises(QuizError, match="this copy was changed after it was made"):
        load_student_copy(tmp_path / "exam.yaml")


PROBLEMS = [
    ("{sums: 5}", SUMS, r"exam.yaml:3: `sums` draws 5 of 5 questions; write a smaller number, or more questions with"),
    ("{sums: 0}", SUMS, r"exam.yaml:3: `sums` is 0; write a number that is at least 1"),
    ("{sums: two}", SUMS, r"exam.yaml:3: `sums` wants a whole number, not .*; change it"),
    ("{sums: 1.5}", SUMS, r"exam.yaml:3: `sums` wants a whole number, not .*; change it"),
    ("{sums: 2, other: 1}", SUMS, r"exam.yaml:3: `other` draws 1 of 0 questions"),
    ("{sum: 1}", SUMS, r"exam.yaml:15: there is no pool `sums`; did you mean `sum`\?"),
    (
        "{}",
        SUMS,
        r"exam.yaml:15: there is no pool `sums`; say above `questions:` how many are drawn, `pools: {sums: 2}`",
    ),
    ("2", SUMS, r"exam.yaml:3: `pools` wants fields \(`key: value`\), not a number; change it"),
]


@pytest.mark.parametrize(("pools", "sums", "said"), PROBLEMS)
def test_what_is_wrong_with_a_pool_is_said_with_line_and_remedy(bank, pools, sums, said):
    (bank / "exam.yaml").write_text(quiz_text(sums, pools), encoding="utf-8")
    with pytest.raises(QuizError, match=said):
        load_quiz(bank / "exam.yaml")


def test_a_question_is_of_a_pool_or_of_a_form(bank):
    text = quiz_text().replace("  - id: sum-two\n", "  - id: sum-two\n    form: a\n")
    (bank / "exam.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(QuizError, match=r"exam.yaml:25: a form has the same questions for all.*keep `form` or `pool`"):
        load_quiz(bank / "exam.yaml")


def test_the_terminal_asks_what_is_drawn_and_hands_in_what_was_asked(bank, quiz, tmp_path):
    run("quiz", "--student-copy", "--quizzes", bank, "-o", "class")
    seed = Progress().seed()
    mine = quiz.drawn(seed)
    typed = [f"{question.answer:g}" for question in mine.questions]
    said = run("quiz", "exam", "--quizzes", "class", typed="\n".join([*typed, "n", ""]))
    assert "An exam: 4 questions" in said and re.findall(r"^(\S+): \d and", said, re.MULTILINE) == ids(mine)
    (tmp_path / "answers").mkdir()
    run("quiz", "exam", "--quizzes", "class", "--hand-in", "Ann", "-o", "answers/ann.json")
    said = json.loads((tmp_path / "answers" / "ann.json").read_text())
    assert list(said["answers"]) == ids(mine) and said["seed"] == seed
    table = run("grade", "exam", "answers", "--quizzes", bank)
    assert "Ann,1,4,4,100," in table and "1 row graded, on average 4 of 4 points." in table and "WARNING" not in table


def test_a_page_of_copies_draws_in_the_browser_as_python_does(quiz):
    data = web.quiz_data(quiz.without_keys(), "")
    assert data["pools"] == {"sums": 2} and "seed" not in data
    assert [each["id"] for each in data["questions"]] == ["first", *SUMS, "last"]
    seeds = [f"{seed:016x}" for seed in range(40)]
    script = (
        f"{web.part('draw.js')}\nconst quiz = {json.dumps(data)};\n"
        f"console.log(JSON.stringify({json.dumps(seeds)}.map((seed) => [...drawing.chosen(quiz, seed)])));"
    )
    node = pytest.importorskip("shutil").which("node")
    if not node:
        pytest.skip("needs node")
    found = json.loads(subprocess.run([node, "-e", script], capture_output=True, text=True, check=True).stdout)
    for seed, chosen in zip(seeds, found, strict=True):
        assert set(chosen) == set(ids(quiz.drawn(seed)))


def test_a_page_with_keys_and_a_notebook_show_what_is_drawn(quiz, tmp_path):
    data = web.quiz_data(quiz, SEED)
    assert [each["id"] for each in data["questions"]] == ids(quiz.drawn(SEED)) and data["seed"] == SEED
    assert "pools" not in data and not any("pool" in each for each in data["questions"])
    progress = Progress(tmp_path / "record.sqlite")
    for each in (quiz, quiz.without_keys()):
        shown = quiz_widget(each, progress, {}).data["quiz"]
        assert [question["id"] for question in shown["questions"]] == ids(quiz.drawn(progress.seed()))
        assert "pools" not in shown


def test_of_a_pool_moodle_and_gift_get_a_category_and_canvas_a_group(bank, tmp_path):
    said = run("export", "exam", "--to", "moodle", "--quizzes", bank, "-o", "exam.xml")
    xml = (tmp_path / "exam.xml").read_text()
    assert re.findall(r"<text>(\$course\$[^<]*)|<name>\s*<text>([^<]*)", xml) == [
        ("$course$/exam", ""), ("", "first"), ("", "last"), ("$course$/exam/sums", ""), *(("", name) for name in SUMS)
    ]  # fmt: skip
    assert (
        "the pool sums, of which 2 are drawn here: a category of its own, exam/sums; in your quiz add 2 random" in said
    )
    run("export", "exam", "--to", "gift", "--quizzes", bank, "-o", "exam.gift")
    gift = (tmp_path / "exam.gift").read_text()
    assert re.findall(r"^\$CATEGORY: (.*)|^::([^:]*)", gift, re.MULTILINE) == [
        ("$course$/exam", ""), ("", "first"), ("", "last"), ("$course$/exam/sums", ""), *(("", name) for name in SUMS)
    ]  # fmt: skip
    said = run("export", "exam", "--to", "jupyterquiz", "--quizzes", bank, "-o", "exam.json")
    assert "all of them are written, since jupyterquiz draws from no pool" in said
    assert len(json.loads((tmp_path / "exam.json").read_text())) == 7


def test_text2qti_reads_the_group(bank, tmp_path):
    text2qti = pytest.importorskip("text2qti")
    from text2qti.config import Config
    from text2qti.quiz import Quiz

    assert text2qti
    run("export", "exam", "--to", "text2qti", "--quizzes", bank, "-o", "exam.txt")
    text = (tmp_path / "exam.txt").read_text()
    read = Quiz(text, config=Config(), source_name="exam.txt")
    kinds = [type(each).__name__ for each in read.questions_and_delims]
    assert kinds == ["Question", "GroupStart", *["Question"] * 5, "GroupEnd", "Question"]
    [start] = [each for each in read.questions_and_delims if type(each).__name__ == "GroupStart"]
    assert start.group.pick == 2 and len(start.group.questions) == 5


# Grading


def grade(bank, *files, status=0):
    said = run("grade", "exam", *files, "--quizzes", bank, "-o", "grades.csv", "--force", status=status)
    with open("grades.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file)), said


def hand_in(tmp_path, quiz, learner="Ann", seed=SEED, answers=None, **fields):
    (tmp_path / "answers").mkdir(exist_ok=True)
    right = {each.id: each.answer for each in quiz.with_numbers(seed).questions}
    given = {name: right[name] for name in (answers or ids(quiz.drawn(seed)))}
    content = {"learner": learner, "quiz": "exam", "fingerprint": fingerprint(quiz), "seed": seed, "answers": given}
    (tmp_path / "answers" / f"{learner}.json").write_text(json.dumps({**content, **fields}))


def test_what_was_not_drawn_is_no_part_of_the_points(bank, quiz, tmp_path):
    hand_in(tmp_path, quiz)
    drawn = ids(quiz.drawn(SEED))
    hand_in(tmp_path, quiz, "Bo", answers=drawn[:2])  # the third and the fourth are left unanswered
    rows, _ = grade(bank, "answers")
    ann, bo = rows
    assert (ann["points"], ann["out_of"], bo["points"], bo["out_of"]) == ("4", "4", "2", "4")
    assert {name: bo[name] for name in ["first", *SUMS, "last"]} == {
        name: "1" if name in drawn[:2] else "0" if name in drawn else "" for name in ["first", *SUMS, "last"]
    }
    assert bo["feedback"].count("not answered") == 2
    run(
        "grade",
        "exam",
        "answers",
        "--quizzes",
        bank,
        "-o",
        "g2.csv",
        "--feedback-for-each",
        "pages",
        "--compare",
        "grades.csv",
    )
    page = (tmp_path / "pages" / "Bo.html").read_text(encoding="utf-8")
    assert page.count("<h2>Question") == 4 and "2 of 4 points" in page


def test_who_answered_others_than_the_seed_draws_loses_nothing_and_is_named(bank, quiz, tmp_path):
    drawn = ids(quiz.drawn(SEED))
    other = next(name for name in SUMS if name not in drawn)
    hand_in(tmp_path, quiz, "Ann", answers=["first", drawn[1], other, "last"])
    hand_in(tmp_path, quiz, "Bo", answers=[*drawn, other])
    rows, said = grade(bank, "answers")
    assert [(row["points"], row["out_of"]) for row in rows] == [("4", "4"), ("4", "4")]
    assert f"Ann.json: `{other}` is answered, which the seed does not draw from the pool `sums`; it counts." in said
    assert f"2 of the pool `sums` count; `{other}` left out" in said and rows[1][other] == ""


def test_a_test_on_paper_counts_what_is_answered(bank, tmp_path):
    (tmp_path / "paper.csv").write_text(
        "learner,seed,first,sum-one,sum-two,sum-three,sum-four,sum-five,last\n"
        "Ann,0,1,,1,,1,,1\nBo,0,1,,,1,,,1\nCy,0,1,1,1,1,,,1\nDi,0,,,,,,,1\n"
    )
    rows, said = grade(bank, "paper.csv")
    assert {row["out_of"] for row in rows} == {"4"}
    assert [sum(row[name] != "" for name in SUMS) for row in rows] == [2, 2, 2, 2]
    assert (
        "paper.csv:4: `sum-one`, `sum-two`, `sum-three` are answered, and 2 of the pool `sums` count; `sum-three` left out"
        in said
    )


def test_moodle_s_random_questions_are_those_that_it_asked(bank, quiz, tmp_path):
    whole = {each.id: each for each in quiz.with_numbers(0).questions}
    rows = []
    for learner, names in {
        "ann": ["first", "sum-two", "sum-five", "last"],
        "bo": ["first", "sum-one", "sum-two", "last"],
    }.items():
        asked = [(whole[name].prompt, f"{whole[name].answer:g}") for name in names]
        asked[2] = (asked[2][0], "-") if learner == "bo" else asked[2]
        rows.append([f"{learner}@example.org", *(cell for pair in asked for cell in pair)])
    header = ["Email address", *(f"{what} {n}" for n in range(1, 5) for what in ("Question", "Response"))]
    with (tmp_path / "exam.csv").open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    rows, said = grade(bank, "exam.csv", "--seed", "0")
    assert [(row["points"], row["out_of"]) for row in rows] == [("4", "4"), ("3", "4")]
    assert rows[1]["sum-two"] == "0" and rows[1]["sum-five"] == "" and "WARNING" not in said
    (tmp_path / "bare.csv").write_text("Email address,Response 1\nann@example.org,4\n")
    _, said = grade(bank, "bare.csv", "--seed", "0", status=1)
    assert "which say what was drawn from the pools of exam; download the responses with the text" in said


def test_the_report_says_of_each_question_what_those_did_who_were_asked(bank, quiz, tmp_path):
    asked = Counter()
    for number in range(24):
        seed = f"{number:016x}"
        drawn = ids(quiz.drawn(seed))
        asked.update(drawn)
        hand_in(tmp_path, quiz, f"L{number}", seed, [name for name in drawn if name != "sum-one"])
    run("report", "answers", "--quizzes", bank)
    with open("report/items.csv", encoding="utf-8") as file:
        items = {row["question"]: row for row in csv.DictReader(file)}
    assert {name: int(row["learners"]) for name, row in items.items()} == asked and asked["first"] == 24
    assert items["sum-one"]["difficulty"] == "0" and items["sum-two"]["difficulty"] == "1"
    assert int(items["sum-one"]["answered"]) == 0 and int(items["sum-two"]["answered"]) == asked["sum-two"]
    with open("report/learners.csv", encoding="utf-8") as file:
        assert {row["out_of"] for row in csv.DictReader(file)} == {"4"}
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "Mean, of 4 points" in page and "each learner was asked other questions" in page


def test_points_of_another_weight_in_a_pool_are_told_to_the_gradebook(bank, quiz, tmp_path):
    drawn = ids(quiz.drawn(SEED))
    (bank / "adjustments.yaml").write_text(f"exam:\n  {drawn[1]}: {{weight: 3}}\n")
    hand_in(tmp_path, quiz)
    other = next(f"{n:016x}" for n in range(99) if drawn[1] not in ids(quiz.drawn(f"{n:016x}")))
    hand_in(tmp_path, quiz, "Bo", other)
    rows, _ = grade(bank, "answers")
    assert [(row["points"], row["out_of"]) for row in rows] == [("6", "6"), ("4", "4")]
    (tmp_path / "roster.csv").write_text("name\nAnn\nBo\n")
    said = run("gradebook", "grades.csv", "--to", "moodle", "--roster", "roster.csv", "-o", "book.csv", status=2)
    assert "give the questions of a pool one weight" in said
