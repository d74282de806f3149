"""Student copies tell nothing, look the same to the learner, and what is handed in is graded by the teacher's quiz."""

import io
import json
import re
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from courseware.cli import main
from courseware.course import ROOT, ready_lessons
from courseware.errors import CourseError
from courseware.progress import Progress, ProgressError
from courseware.quiz.faces import terminal
from courseware.quiz.hand_in import hand_in
from courseware.quiz.load import QuizError, load_quiz, load_student_copy
from courseware.quiz.questions.entries import LETTERS
from courseware.quiz.results import earlier_grades
from courseware.quiz.student_copy import answered_by_place, as_yaml, fingerprint

EXAMPLE = ROOT / "tests" / "quiz" / "all_kinds" / "01_linear_regression.yaml"
OLD = ROOT / "tests" / "quiz" / "old_student_copy" / EXAMPLE.name  # as version 0.1.0 wrote it
FILES = [EXAMPLE, *(lesson.quiz for lesson in ready_lessons())]


@pytest.fixture
def copy(tmp_path):
    """A student copy of the example, loaded from its file."""
    folder = tmp_path / "exam"
    folder.mkdir()
    (folder / EXAMPLE.name).write_text(as_yaml(load_quiz(EXAMPLE).without_keys()), encoding="utf-8")
    return load_student_copy(folder / EXAMPLE.name)


@pytest.fixture
def progress(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return Progress()


def key_of(question, shown_by):
    """The right response to `question`, as somebody gives it who sees the entries of `shown_by`."""
    letters = {}
    if question.kind in ("single", "multiple"):
        letters = {o.id: shown.id for o, shown in zip(question.options, shown_by.options, strict=True)}
        right = [letters[o.id] for o in question.options if o.correct]
        return right if question.kind == "multiple" else right[0]
    if question.kind == "ordering":
        letters = {item.id: shown.id for item, shown in zip(question.shown, shown_by.shown, strict=True)}
        return [letters[item.id] for item in question.items]
    if question.kind == "matching":
        letters = {item.id: shown.id for item, shown in zip(question.shown, shown_by.shown, strict=True)}
        return {given.id: letters[name] for given, name in zip(shown_by.pairs, question.key.values(), strict=True)}
    return {"number": lambda: question.answer, "text": lambda: question.answers[0], "output": lambda: question.answer}[
        question.kind
    ]()


def typed_for(blank, right):
    """What is typed in a terminal for a response to `blank`: letters where entries are shown."""
    letters = dict(zip([entry.id for entry in blank.asked], LETTERS, strict=False))
    chosen = list(right.values()) if isinstance(right, dict) else right if isinstance(right, list) else [right]
    return "".join(letters[name] for name in chosen) if blank.shown else str(right)


@pytest.mark.parametrize("seed", ["d7665d013e20dfe2", 0, 7])
def test_a_copy_has_the_order_that_the_quiz_has_for_the_seed_whatever_the_try(seed):
    quiz = load_quiz(EXAMPLE).drawn(seed)
    copy = load_quiz(EXAMPLE).without_keys().drawn(seed)
    for question, blank in zip(quiz.questions, copy.questions, strict=True):
        expected = [entry.text for entry in quiz.asked(question, 0).asked]
        for tries in (0, 1, 5):
            assert [entry.text for entry in copy.asked(blank, tries).asked] == expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_copy_reads_back_and_holds_no_key_and_no_feedback(path):
    quiz = load_quiz(path)
    text = as_yaml(quiz.without_keys())
    for field in (
        "correct",
        "feedback",
        "misconception",
        "known_wrong",
        "wrong",
        "answer",
        "verify",
        "explanation",
        "match",
    ):
        assert f"{field}:" not in text, field
    for question in quiz.questions:
        assert question.prompt.split("\n")[0][:30].replace('"', '\\"').replace("\\alpha", "\\\\alpha")[:20] in text
        for option in getattr(question, "options", ()):
            assert option.feedback not in text and f'id: "{option.id}"' not in text


def test_a_copy_made_by_an_earlier_version_is_the_same_quiz():
    """What a class has in its hands goes on working, and so do the answers that are handed in: letters by place."""
    old, quiz = load_student_copy(OLD), load_quiz(EXAMPLE)
    assert fingerprint(old) == fingerprint(quiz, by_place=True)
    for question, blank in zip(quiz.drawn("ann").questions, old.drawn("ann").questions, strict=True):
        assert [entry.id for entry in blank.shown] == list(LETTERS[: len(blank.shown)])
        right = key_of(question, blank)
        kept = blank.grade(right).response
        assert kept == right or question.kind in ("text", "output"), "letters stay letters"
        assert question.grade(kept).correct, question.id
        assert question.is_by_place(kept) == bool(blank.shown)


def test_the_learner_sees_the_same_and_draws_the_same(copy):
    for one, other in zip(load_quiz(EXAMPLE).drawn("ann").questions, copy.drawn("ann").questions, strict=True):
        assert one.prompt == other.prompt
        shown = [getattr(each, "shown", getattr(each, "options", ())) for each in (one, other)]
        assert [entry.text for entry in shown[0]] == [entry.text for entry in shown[1]]


def test_a_question_without_its_key_is_of_its_class_and_does_not_know_the_answer(copy):
    quiz = load_quiz(EXAMPLE)
    assert quiz.keyed and not copy.keyed and copy == copy.without_keys()
    for question, blank in zip(quiz.questions, copy.questions, strict=True):
        assert type(question) is type(blank) and blank == question.without_key()
        assert question.how == blank.how and question.lines == blank.lines
        assert question.misconceptions and blank.misconceptions == ()
        for field in ("answer", "answers", "feedback", "wrong", "key"):
            assert not hasattr(blank, field)


def test_a_copy_and_a_quiz_are_not_taken_for_each_other(copy, tmp_path):
    with pytest.raises(QuizError, match="a student copy, without keys; name the quiz that it was made from"):
        load_quiz(tmp_path / "exam" / EXAMPLE.name)
    with pytest.raises(QuizError, match="a quiz with keys"):
        load_student_copy(EXAMPLE)


def test_a_copy_cannot_be_graded_and_its_responses_can(copy):
    quiz = load_quiz(EXAMPLE).drawn("ann")
    for question, blank in zip(quiz.questions, copy.drawn("ann").questions, strict=True):
        kept = blank.grade(key_of(question, blank))
        assert (kept.points, kept.out_of, kept.messages) == (0, 0, ())
        assert question.grade(kept.response).correct, question.id


def test_in_the_terminal_answers_are_kept_changed_and_handed_in(copy, progress):
    drawn, quiz = copy.drawn(progress.seed()), load_quiz(EXAMPLE).drawn(progress.seed())
    typed = []
    for question, blank in zip(quiz.questions, drawn.questions, strict=True):
        typed.append(typed_for(drawn.asked(blank, 0), key_of(question, blank)))
    right, typed[0] = typed[0], "b" if typed[0] == "a" else "a"  # wrong, and changed at the end: the order is the same
    lines = "\n".join(each.strip("\n") for each in typed) + f"\n99\n1\n{right}\nn\n"
    output = io.StringIO()
    result = terminal.run(drawn, progress, source=io.StringIO(lines), output=output)
    said = output.getvalue()
    assert said.count("Kept.") == len(quiz.questions) + 1 and "Type a number from 1 to 8" in said
    assert "Right" not in said and "Not so" not in said and "points" not in said
    assert str(result) == "8 of 8 answered"
    path = hand_in(drawn, progress, " Ann  Lee ")
    assert path.name == "01_linear_regression_Ann_Lee.json" and stat.S_IMODE(path.stat().st_mode) == 0o600
    content = json.loads(path.read_text(encoding="utf-8"))
    assert list(content) == ["learner", "quiz", "fingerprint", "seed", "attempt", "handed_in", "answers"]
    assert content["learner"] == "Ann Lee" and content["quiz"] == quiz.lesson and content["attempt"] == 1
    assert content["fingerprint"] == fingerprint(load_quiz(EXAMPLE))
    assert abs(datetime.fromisoformat(content["handed_in"]).timestamp() - path.stat().st_mtime) < 60
    assert re.fullmatch(r"[-0-9]{10}T[0-9:]{8}[+-][0-9:]{5}", content["handed_in"])
    assert answered_by_place(quiz, content["answers"]) == []
    graded = load_quiz(EXAMPLE).drawn(content["seed"])
    assert all(q.grade(content["answers"][q.id]).correct for q in graded.questions)


def test_handing_in_twice_keeps_both_and_nothing_is_handed_in_without_a_name_or_answers(copy, progress):
    drawn = copy.drawn(progress.seed())
    with pytest.raises(CourseError, match="Nothing is answered yet"):
        hand_in(drawn, progress, "ann")
    answer_first(drawn, progress)
    with pytest.raises(CourseError, match="No name"):
        hand_in(drawn, progress, " / ")
    first, second = (json.loads(hand_in(copy, progress, "ann").read_text()) for _ in range(2))
    assert (first["attempt"], second["attempt"]) == (1, 2) and first["answers"] == second["answers"] != {}
    assert len(list(Path().glob("*.json"))) == 2


def answer_first(copy, progress, place=1):
    name = copy.questions[0].options[place].id
    progress.record_answer(copy.record, copy.questions[0].id, name, 0, 0)
    return name


def test_a_folder_takes_the_hand_in_and_a_missing_one_is_made(copy, progress, tmp_path):
    answer_first(copy, progress)
    (tmp_path / "box").mkdir()
    assert hand_in(copy, progress, "Ann", Path("box")) == Path("box/01_linear_regression_Ann.json")
    assert hand_in(copy, progress, "Ann", Path("new/deep/ann.json")).is_file()
    (tmp_path / "thesis").write_text("mine")
    with pytest.raises(CourseError, match=r"^thesis/ann\.json cannot be written"):
        hand_in(copy, progress, "Ann", Path("thesis/ann.json"))


def test_a_full_disk_leaves_no_file(copy, progress, tmp_path, monkeypatch):
    answer_first(copy, progress)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CourseError, match="No space left on device"):
        hand_in(copy, progress, "Ann", Path("out/ann.json"))
    assert list(Path("out").iterdir()) == []


def test_a_record_of_an_earlier_version_is_handed_in_and_counted(copy, progress):
    """Version 0.1.0 had no table for it."""
    answer_first(copy, progress)
    with closing(sqlite3.connect(progress.path)) as connection, connection:
        connection.execute("DROP TABLE hand_in")
        connection.execute("PRAGMA user_version = 0")
    assert [json.loads(hand_in(copy, Progress(), "Ann").read_text())["attempt"] for _ in range(2)] == [1, 2]


def test_where_the_record_cannot_count_it_the_hand_in_is_written_all_the_same(copy, progress, monkeypatch):
    answer_first(copy, progress)

    def refuse(quiz):
        raise ProgressError("read-only")

    monkeypatch.setattr(progress, "record_hand_in", refuse)
    assert [json.loads(hand_in(copy, progress, "Ann").read_text())["attempt"] for _ in range(2)] == [1, 1]


@pytest.mark.parametrize("name", ["A\udcff", "\ud800"])
def test_a_name_that_is_no_text_is_refused(copy, progress, name):
    answer_first(copy, progress)
    with pytest.raises(CourseError, match="not UTF-8"):
        hand_in(copy, progress, name)


def test_a_name_of_any_length_and_script_can_be_handed_in(copy, progress):
    answer_first(copy, progress)
    for name in ("A" * 5000, "Ωμέγα " * 80, "😀" * 90 + "x"):
        assert json.loads(hand_in(copy, progress, name).read_text(encoding="utf-8"))["learner"] == name.strip()


# What happens between handing out and handing in


def moved(text):
    """The example with its options, items and pairs in another order, and two texts reworded."""
    yaml = YAML()
    data = yaml.load(text)
    for question in data["questions"]:
        for entries in ("options", "pairs", "extra"):
            if entries in question:
                question[entries] = question[entries][::-1]
    text = io.StringIO()
    yaml.dump(data, text)
    return text.getvalue().replace("How long a step is", "How far a step goes")


def test_options_moved_and_reworded_after_hand_out_are_graded_as_they_were_chosen(copy, progress, tmp_path):
    quiz = load_quiz(EXAMPLE)
    shutil.copytree(EXAMPLE.parent, tmp_path / "later")
    (tmp_path / "later" / EXAMPLE.name).write_text(moved(EXAMPLE.read_text(encoding="utf-8")), encoding="utf-8")
    later = load_quiz(tmp_path / "later" / EXAMPLE.name)
    assert fingerprint(later) != fingerprint(quiz)
    for question, changed, blank in zip(quiz.questions, later.questions, copy.questions, strict=True):
        if not blank.shown:
            continue
        right = key_of(question, blank)
        assert changed.grade(right).correct, question.id
        assert changed.grade(right).response == changed.grade(question.grade(right).response).response
        if question.kind == "single":
            for option, shown in zip(question.options, blank.options, strict=True):
                assert changed.grade(shown.id).response == option.id


def test_an_older_copy_of_a_quiz_that_was_changed_can_be_told(tmp_path):
    """Its answers are letters, which are right only for a quiz with its fingerprint."""
    shutil.copytree(EXAMPLE.parent, tmp_path / "later")
    (tmp_path / "later" / EXAMPLE.name).write_text(moved(EXAMPLE.read_text(encoding="utf-8")), encoding="utf-8")
    later, old = load_quiz(tmp_path / "later" / EXAMPLE.name), load_student_copy(OLD)
    assert fingerprint(later) != fingerprint(old)
    answers = {each.id: key_of(quiz, each) for each, quiz in zip(old.questions, load_quiz(EXAMPLE).questions, strict=True)
               if each.shown}  # fmt: skip
    assert answered_by_place(later, answers) == [each.id for each in old.questions if each.shown]
    assert answered_by_place(old, answers) == [], "for the copy itself they are names"


def test_letters_kept_of_an_older_copy_are_no_answers_to_a_new_one(copy, progress):
    progress.record_answer(copy.record, "meaning-of-rate", "b", 0, 0)
    progress.record_answer(copy.record, "name-of-the-loss", "mse", 0, 0)
    assert list(earlier_grades(copy.drawn("ann"), progress)) == ["name-of-the-loss"]
    assert json.loads(hand_in(copy, progress, "ann").read_text())["answers"] == {"name-of-the-loss": "mse"}


def begun(copy, progress):
    """What the terminal says of a quiz that is begun, before its first question."""
    output = io.StringIO()
    terminal.run(copy.drawn(progress.seed()), progress, source=io.StringIO("q\n"), output=output)
    return output.getvalue().split("Question ")[0]


@pytest.mark.parametrize("folder", ["exam", "corrected"])
def test_answers_to_an_earlier_version_are_told(copy, progress, tmp_path, folder):
    """Those that no longer fit were left out without a word, and so were those to a copy in another folder."""
    answer_first(copy, progress)
    assert "earlier version" not in begun(copy, progress)
    shutil.copytree(EXAMPLE.parent, tmp_path / "bank")
    changed = EXAMPLE.read_text(encoding="utf-8").replace("id: step\n", "id: stride\n")
    (tmp_path / "bank" / EXAMPLE.name).write_text(changed, encoding="utf-8")
    (tmp_path / folder).mkdir(exist_ok=True)
    file = tmp_path / folder / EXAMPLE.name
    file.write_text(as_yaml(load_quiz(tmp_path / "bank" / EXAMPLE.name).without_keys()), encoding="utf-8")
    corrected = load_student_copy(file)
    assert begun(corrected, progress).count("There are answers of yours to an earlier version of this quiz.") == 1
    progress.record_answer("01_linear_regression", "meaning-of-rate", "step", 1, 1)
    assert "earlier version" not in begun(load_quiz(EXAMPLE), progress), "practice is no exam"


@pytest.mark.parametrize(
    ("before", "after"),
    [("How long", "How short"), ("- 80", "- 90"), ("Every kind", "Each kind"), ("Walking", "Going")],
)
def test_a_copy_that_was_changed_is_refused(tmp_path, before, after):
    text = as_yaml(load_quiz(EXAMPLE).without_keys())
    assert before in text
    file = tmp_path / EXAMPLE.name
    file.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(QuizError, match="was changed after it was made; get it again from your teacher"):
        load_student_copy(file)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_fingerprint_is_that_of_the_copy_whatever_is_drawn(path, tmp_path):
    quiz = load_quiz(path)
    (tmp_path / path.name).write_text(as_yaml(quiz.without_keys()), encoding="utf-8")
    copy = load_student_copy(tmp_path / path.name)
    prints = {
        fingerprint(each) for each in (quiz, copy, quiz.drawn("ann"), copy.drawn(7), quiz.drawn(1).without_keys())
    }
    assert len(prints) == 1 and re.fullmatch("[0-9a-f]{16}", prints.pop())


def exchanged(text, one, other):
    return text.replace(one, "\0").replace(other, one).replace("\0", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("id: accuracy\n", "id: step\n"), ("id: slope\n        text", "id: data\n        text"), ("{id: build,", "{id: fit,"),
     ("id: alpha\n", "id: eta\n"), ("      w: [2, 2.5, 4]\n", "      x: [30, 80]\n")],
)  # fmt: skip
def test_the_fingerprint_tells_names_that_were_exchanged_and_parameters_in_another_order(tmp_path, one, other):
    """The first gives learners' answers to another option, the second gives everybody other numbers."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert one in text and other in text
    shutil.copytree(EXAMPLE.parent, tmp_path / "bank")
    file = tmp_path / "bank" / EXAMPLE.name
    file.write_text(exchanged(text, one, other), encoding="utf-8")
    assert fingerprint(load_quiz(file)) != fingerprint(load_quiz(EXAMPLE))


def test_the_fingerprint_stays_when_only_the_key_changes(tmp_path):
    shutil.copytree(EXAMPLE.parent, tmp_path / "bank")
    file = tmp_path / "bank" / EXAMPLE.name
    file.write_text(
        file.read_text(encoding="utf-8").replace("MSE, mean-square error", "MSE, mean squares"), encoding="utf-8"
    )
    assert fingerprint(load_quiz(file)) == fingerprint(load_quiz(EXAMPLE))


def test_answers_to_a_copy_stay_apart_from_practice(copy, progress):
    progress.record_answer(copy.record, "meaning-of-rate", "b", 0, 0)
    assert progress.answers("01_linear_regression") == {}


# From the teacher's bank to the grades, by the commands


def small_course(*arguments, code=0, **options):
    result = CliRunner().invoke(main, [str(each) for each in arguments], **options)
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def bank(tmp_path):
    """A private bank with keys."""
    shutil.copytree(EXAMPLE.parent, tmp_path / "bank")
    return tmp_path / "bank"


def test_a_class_takes_a_private_quiz_in_the_terminal_and_is_graded(bank, progress, tmp_path):
    copies = tmp_path / "copies"
    assert "01_linear_regression.yaml" in small_course("quiz", "--student-copy", "--quizzes", bank, "-o", copies)
    copy = load_student_copy(copies / "01_linear_regression.yaml").drawn(progress.seed())
    typed = [
        typed_for(copy.asked(blank, 0), key_of(question, blank))
        for question, blank in zip(load_quiz(EXAMPLE).questions[:2], copy.questions[:2], strict=True)
    ]
    said = small_course("quiz", "1", "--quizzes", copies, input="\n".join([*typed, "q\n"]))
    assert said.count("Kept.") == 2 and "hand in" in said
    assert "goes on" in said and "Question 3" in small_course("quiz", "1", "--quizzes", copies, input="q\n")
    assert "Give that file" in small_course(
        "quiz", "1", "--quizzes", copies, "--hand-in", "Ann", "-o", tmp_path / "ann.json"
    )
    graded = small_course("grade", "1", tmp_path / "ann.json", "--quizzes", bank)
    assert "Ann,1,2,8,25" in graded
    assert "student copy" in small_course("grade", "1", tmp_path / "ann.json", "--quizzes", copies, code=2)
    assert progress.answers("01_linear_regression") == {}, "an exam is no practice"


def test_a_report_on_a_folder_of_student_copies_says_that_they_have_no_key(bank, tmp_path):
    small_course("quiz", "--student-copy", "--quizzes", bank, "-o", tmp_path / "copies")
    content = {"learner": "ann", "quiz": "01", "answers": {"meaning-of-rate": "b"}}
    (tmp_path / "ann.json").write_text(json.dumps(content))
    said = small_course("report", tmp_path / "ann.json", "--quizzes", tmp_path / "copies", code=2)
    assert "is a student copy, without keys; name the quiz that it was made from" in said and said.count("\n") == 1


def test_a_student_copy_replaces_only_a_student_copy(bank, progress, tmp_path):
    small_course("quiz", "1", "--student-copy", "--quizzes", bank, "-o", tmp_path / "copies")
    small_course("quiz", "1", "--student-copy", "--quizzes", bank, "-o", tmp_path / "copies")
    before = (bank / "01_linear_regression.yaml").read_bytes()
    said = small_course("quiz", "1", "--student-copy", "--quizzes", bank, "-o", bank, code=2)
    assert (
        "is a quiz with keys and no student copy" in said
        and (bank / "01_linear_regression.yaml").read_bytes() == before
    )
    said = small_course("quiz", "--student-copy", "--quizzes", bank, "-o", bank, "--force", code=2)
    assert "a quiz with keys" in said and (bank / "01_linear_regression.yaml").read_bytes() == before
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "01_linear_regression.yaml").write_text("my: notes\n")
    to_notes = ("quiz", "--student-copy", "--quizzes", bank, "-o", tmp_path / "notes")
    assert "or --force" in small_course(*to_notes, code=2)
    small_course(*to_notes, "--force")
    page = ("quiz", "1", "--web", "--quizzes", bank, "--force", "-o", bank / "01_linear_regression.yaml")
    assert "name the page .html" in small_course(*page, code=2)
    assert (bank / "01_linear_regression.yaml").read_bytes() == before
    assert "student copy already" in small_course("quiz", "--student-copy", "--quizzes", tmp_path / "copies", code=2)


def test_the_numbers_that_were_drawn_are_those_that_are_graded(bank, progress, tmp_path):
    copy = load_quiz(bank / "01_linear_regression.yaml").drawn(progress.seed())
    answer = next(question.answer for question in copy.questions if question.id == "predicted-price")
    content = {"learner": "bo", "quiz": "01", "seed": progress.seed(), "answers": {"predicted-price": answer}}
    (tmp_path / "bo.json").write_text(json.dumps(content))
    assert "bo,1,1,8,12.5" in small_course("grade", "1", tmp_path / "bo.json", "--quizzes", bank)


def test_a_page_for_students_keeps_answers_and_tells_no_key(bank, progress, tmp_path):
    small_course("quiz", "--student-copy", "--quizzes", bank, "-o", tmp_path / "copies")
    said = small_course("quiz", "1", "--web", "--quizzes", bank, "-o", tmp_path / "keyed.html")
    assert "It holds the keys" in said and "with --student-copy" in said
    said = small_course("quiz", "1", "--web", "--quizzes", tmp_path / "copies", "-o", tmp_path / "exam.html")
    assert "keys" not in said
    text = (tmp_path / "exam.html").read_text(encoding="utf-8")
    data = json.loads(text.split('id="data">')[1].split("</script>")[0].replace("\\u003c", "<"))
    assert data["misconceptions"] == {} and progress.seed() not in text, "each browser draws for itself"
    questions = data["quizzes"][0]["questions"]
    assert [len(question["draws"]) for question in questions if "draws" in question] == [12, 2]
    fields = {name for question in questions for each in (question, *question.get("draws", ())) for name in each}
    assert not fields & {"key", "feedback", "wrong", "answer", "answers", "explanation", "known_wrong"}
