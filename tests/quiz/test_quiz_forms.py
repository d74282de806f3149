"""Forms a and b of a quiz: each is a quiz of its own in every face, copy, export and hand-in, and no other changes by it."""

import json
import re

import pytest
from click.testing import CliRunner

from courseware import course
from courseware.authoring.quizlint import quiz_problems
from courseware.cli import main
from courseware.lesson import Lesson
from courseware.progress import Progress
from courseware.quiz.folder import Quizzes
from courseware.quiz.load import QuizError, load_quiz, load_student_copy
from courseware.quiz.model import form_name, whole_and_form
from courseware.quiz.student_copy import as_yaml, fingerprint

ENTRY = """\
  - id: {id}
    kind: number
    section: {section}
    prompt: "{id}: {{n}} and {{n}} is?"
    parameters: {{n: [2, 3, 4, 5]}}
    answer: 2 * n
    tolerance: {{absolute: 0.01}}
    feedback: Right.
    wrong: Add them.
"""
MARKS = {"sum-one": "a", "sum-two": "b", "extra": None, "sum-three": "b", "sum-four": "a"}


def quiz_text(lesson="exam", marks=MARKS):
    entries = [
        ENTRY.format(id=name, section="One" if name in ("sum-one", "sum-two") else "Two")
        + (f"    form: {form}\n" if form else "")
        for name, form in marks.items()
    ]
    return f"lesson: {lesson}\ntitle: An exam\nquestions:\n" + "".join(entries)


@pytest.fixture
def bank(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path / "home"))
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank" / "exam.yaml").write_text(quiz_text(), encoding="utf-8")
    return tmp_path / "bank"


def run(*arguments, status=0, typed=""):
    done = CliRunner().invoke(main, list(map(str, arguments)), input=typed)
    assert done.exit_code == status, done.output
    return done.output


def ids(quiz):
    return [question.id for question in quiz.questions]


def test_a_form_has_its_own_questions_only_and_unmarked_ones_are_in_neither(bank):
    quizzes = Quizzes(bank)
    assert ids(quizzes.load("exam")) == list(MARKS)
    assert ids(quizzes.load("exam", "a")) == ["sum-one", "sum-four"]
    assert ids(quizzes.load("exam_form_b")) == ids(quizzes.named("exam_form_b")) == ["sum-two", "sum-three"]
    assert quizzes.load("exam", "a") is quizzes.named("exam_form_a"), "graded as one quiz, whatever it was called"
    assert [quiz.lesson for quiz in quizzes.all("b")] == ["exam_form_b"]


def test_marks_change_neither_the_whole_quiz_nor_what_was_handed_out(bank):
    (bank / "exam.yaml").write_text(quiz_text(marks=dict.fromkeys(MARKS)), encoding="utf-8")
    plain = load_quiz(bank / "exam.yaml")
    copy = as_yaml(plain.without_keys())
    (bank / "exam.yaml").write_text(quiz_text(), encoding="utf-8")
    marked = load_quiz(bank / "exam.yaml")
    assert fingerprint(marked) == fingerprint(plain) and as_yaml(marked.without_keys()) == copy
    assert "form" not in copy, "a copy does not say what else there is"


def test_what_is_wrong_with_forms_is_said_with_what_to_do(bank):
    (bank / "exam.yaml").write_text(quiz_text(marks={**MARKS, "sum-one": "c", "extra": ""}), encoding="utf-8")
    with pytest.raises(QuizError, match=r"exam.yaml:13: `form` must be 'a' or 'b'; change it") as caught:
        load_quiz(bank / "exam.yaml")
    assert len(caught.value.problems) == 1
    (bank / "exam.yaml").write_text(quiz_text(marks={**MARKS, "sum-two": None}), encoding="utf-8")
    [problem] = quiz_problems(bank / "exam.yaml", private=True)
    assert "`sum-one`: of the section 'One' form a has 1 and form b 0; mark as many in each" in problem
    long = "a" * 54
    (bank / f"{long}.yaml").write_text(quiz_text(lesson=long), encoding="utf-8")
    with pytest.raises(QuizError, match="has 54 signs; a quiz with forms has at most 53, shorten it"):
        load_quiz(bank / f"{long}.yaml")


def test_a_quiz_without_the_form_says_so(bank):
    (bank / "exam.yaml").write_text(quiz_text(marks=dict.fromkeys(MARKS)), encoding="utf-8")
    said = run("quiz", "exam", "--quizzes", bank, "--form", "a", status=2)
    assert said == "exam has no questions of form a; mark those that are with `form: a`\n"
    assert "No quiz in" in run("quiz", "--web", "--quizzes", bank, "--form", "a", status=2)


def test_the_terminal_asks_the_form_and_keeps_its_answers_apart(bank):
    said = run("quiz", "exam", "--quizzes", bank, "--form", "a", typed="1\nq\n")
    assert "An exam, form a: 2 questions" in said and "sum-one" in said and "extra" not in said
    kept = Progress().answers(Quizzes(bank).load("exam", "a").record)
    assert list(kept) == ["sum-one"]
    assert "You have answered" not in run("quiz", "exam", "--quizzes", bank, typed="q\n")
    assert "You have answered 1 of 2 before" in run("quiz", "exam", "--quizzes", bank, "--form", "a", typed="q\n")
    assert "answers of yours to an earlier version" not in run("quiz", "exam", "--quizzes", bank, typed="q\n")


def test_the_page_and_its_name_are_the_form_s(bank, tmp_path):
    run("quiz", "exam", "--quizzes", bank, "--form", "b", "--web")
    data = re.search(
        r'<script type="application/json" id="data">(.*?)</script>', (tmp_path / "quiz_exam_form_b.html").read_text()
    )
    [quiz] = json.loads(data[1])["quizzes"]
    assert quiz["slug"] == "exam_form_b" and [each["id"] for each in quiz["questions"]] == ["sum-two", "sum-three"]
    assert not any("form" in each for each in quiz["questions"])


@pytest.mark.parametrize("called", [("exam", "--form", "a"), ("exam_form_a",), ("exam",)])
def test_a_copy_of_a_form_is_taken_handed_in_and_graded(bank, tmp_path, called):
    run("quiz", "--student-copy", "--quizzes", bank, "--form", "a", "-o", "class")
    assert [path.name for path in (tmp_path / "class").iterdir()] == ["exam_form_a.yaml"]
    copy = load_student_copy(tmp_path / "class" / "exam_form_a.yaml")
    assert fingerprint(copy) == fingerprint(Quizzes(bank).load("exam", "a"))
    seed = Progress().seed()
    right = [f"{question.answer:g}" for question in Quizzes(bank).load("exam", "a").drawn(seed).questions]
    run("quiz", *called, "--quizzes", "class", typed="\n".join([*right, "n", ""]))
    (tmp_path / "answers").mkdir()
    run("quiz", *called, "--quizzes", "class", "--hand-in", "Ann", "-o", "answers/ann.json")
    said = json.loads((tmp_path / "answers" / "ann.json").read_text())
    assert said["quiz"] == "exam_form_a" and list(said["answers"]) == ["sum-one", "sum-four"]
    graded = run("grade", "exam", "answers", "--quizzes", bank, "--form", "a")
    assert "Ann,1,2,2,100,1,1" in graded and "WARNING" not in graded
    assert "belong to exam_form_a, not to exam; they are left out" in run(
        "grade", "exam", "answers", "--quizzes", bank, status=1
    )
    run("report", "answers", "--quizzes", bank)
    assert "exam_form_a" in (tmp_path / "report" / "report.html").read_text()


def test_a_copy_of_the_whole_quiz_does_not_say_which_are_of_a_form(bank):
    run("quiz", "--student-copy", "--quizzes", bank, "-o", "class")
    said = run("quiz", "exam", "--quizzes", "class", "--form", "a", status=2)
    assert "does not say which questions are of form a; ask your teacher for the copy exam_form_a" in said


def test_a_table_belongs_to_the_form_that_its_name_says(bank, tmp_path):
    quizzes = Quizzes(bank)
    for name, quiz in {
        "exam_form_b_monday.csv": "exam_form_b",
        "exam-form-a.csv": "exam_form_a",
        "exam_x.csv": "exam",
    }.items():
        assert quizzes.of_file(tmp_path / name) == quiz
    (bank / "exam_form_a.yaml").write_text(quiz_text("exam_form_a", {"sum-one": None}), encoding="utf-8")
    quizzes = Quizzes(bank)
    assert ids(quizzes.load("exam", "a")) == ["sum-one"], "a form may have a file of its own"
    assert quizzes.of_file(tmp_path / "exam_form_a_x.csv") == "exam_form_a"
    assert quizzes.of_file(tmp_path / "exam_x.csv") == "exam" and len(ids(quizzes.load("exam"))) == 5


def test_an_adjustment_of_the_whole_quiz_holds_in_its_forms(bank, tmp_path):
    (bank / "adjustments.yaml").write_text("exam:\n  sum-four: {void: true}\n", encoding="utf-8")
    (tmp_path / "exam_form_a.csv").write_text("learner,seed,sum-one,sum-four\nAnn,0,0,0\n")
    assert "Ann,1,0,1,0,0,," in run("grade", "exam", "exam_form_a.csv", "--quizzes", bank, "--form", "a")


@pytest.mark.parametrize("to", ["moodle", "gift", "text2qti", "jupyterquiz"])
def test_a_form_is_exported_alone(bank, tmp_path, to):
    run("export", "exam", "--to", to, "--quizzes", bank, "--form", "a", "-o", "out")
    text = (tmp_path / "out").read_text()
    assert "sum-one" in text and "sum-two" not in text and "extra" not in text
    run("export", "all", "--to", to, "--quizzes", bank, "--form", "b", "-o", tmp_path)
    assert "sum-two" in next(tmp_path.glob("exam_form_b.*")).read_text()


def test_a_notebook_shows_a_form(bank, capsys):
    quiz = Quizzes(bank).load("exam", "a")
    assert quiz.stored_line.endswith("or `course quiz exam --form a` in a terminal.")
    Lesson(course.find("04")).quiz(str(bank), "a")
    assert "There is no quiz '04_cnn'" in capsys.readouterr().out


def test_names_of_forms_read_back():
    assert whole_and_form(form_name("04_cnn", "b")) == ("04_cnn", "b")


MARKED = [info for info in course.ready_lessons() if any(each.form for each in load_quiz(info.quiz).questions)]


@pytest.mark.parametrize("info", MARKED, ids=lambda info: info.slug)
def test_the_forms_of_a_lesson_ask_for_the_same_sections(info):
    forms = [Quizzes().load(info.slug, form) for form in "ab"]
    assert [question.section for question in forms[0].questions] == [
        question.section for question in forms[1].questions
    ]
    assert not set(ids(forms[0])) & set(ids(forms[1]))
