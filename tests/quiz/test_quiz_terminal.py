"""The terminal face, driven by text alone and once as a process in a pipe."""

import io
import json
import os
import re
import shlex
import subprocess
import sys

import pytest

from courseware.course import ROOT, find
from courseware.progress import Progress
from courseware.quiz.faces import terminal
from courseware.quiz.load import MISCONCEPTIONS, load_misconceptions, load_quiz
from courseware.quiz.model import Misconception, Quiz
from courseware.quiz.questions.entries import LETTERS

CHOICES = (
    {"id": "right", "text": "Blue, $w_1$", "correct": True, "feedback": "As you see."},
    {"id": "wrong", "text": "Green", "feedback": "That is the grass.", "misconception": "mixed-up"},
    {"id": "also", "text": "Azure", "correct": True, "feedback": "A kind of blue."},
    {"id": "red", "text": "Red", "feedback": "Only at dusk.", "misconception": "mixed-up"},
)


def quiz():
    one = {"id": "one", "kind": "single", "section": "Colours", "prompt": "Sky?", "options": CHOICES[:2]}
    many = {"id": "many", "kind": "multiple", "section": "Shades", "prompt": "Which?", "options": CHOICES}
    half = {"id": "half", "kind": "number", "section": "Numbers", "prompt": "Half of $1$?\n\n```python\nx = 1\n```",
            "answer": 0.5, "tolerance": {"absolute": 0.01}, "feedback": "Right so.", "wrong": "Divide.",
            "explanation": "A half is a fraction."}  # fmt: skip
    return Quiz(lesson="01_small", title="Small", questions=(one, many, half))


@pytest.fixture
def progress(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEWARE_HOME", str(tmp_path))
    return Progress()


def take(progress, typed):
    output = io.StringIO()
    result = terminal.run(quiz(), progress, source=io.StringIO(typed), output=output)
    return result, output.getvalue()


def test_all_right(progress):
    result, shown = take(progress, "a\nac\n0.5\n")
    assert (result.points, result.answered, result.reread) == (3, 3, ())
    assert "Question 2 of 3" in shown and "Everything is right." in shown
    assert "a) Blue, w_1" in shown and "A half is a fraction." in shown
    assert "\n    x = 1\n" in shown and "```" not in shown
    assert "\x1b" not in shown, "no colours where there is no terminal"


def test_wrong_answers_get_feedback_and_the_section_to_reread(progress):
    result, shown = take(progress, "b\na,B\n7\nn\n")
    assert result.points == 0
    assert result.reread == ("Colours", "Shades", "Numbers")
    for words in ("Not so. That is the grass.", "Missed (Azure). A kind of blue.", "Divide.", "Reread: Colours"):
        assert words in shown


def test_nonsense_is_asked_again_with_a_reason(progress):
    result, shown = take(progress, "x\n\nab\n1\na)\n\nzz\naa\nc a\nhalf\n1,000\n\n0,5\n")
    assert result.points == 3
    for words in ("No such option: 'x'", "Nothing typed", "one option is right; type one letter".capitalize(),
                  "No such option: 'zz'", "named twice", "Not a number: 'half'", "thousand or a decimal"):  # fmt: skip
        assert words in shown
    assert shown.count("Question ") == 3, "a question is not printed again, only its prompt for input"


@pytest.mark.parametrize("leave", ["q\n", "Q\n", "quit\n", ""])
def test_leaving_keeps_what_was_answered_and_the_next_run_goes_on(progress, leave):
    result, shown = take(progress, "b\n" + leave)
    assert (result.answered, result.questions) == (1, 3)
    assert "goes on from here" in shown
    assert list(progress.answers("01_small")) == ["one"]
    result, shown = take(progress, "ac\n0.5\ny\na\n")
    assert "answered 1 of 3 before" in shown
    assert "Question 1 of 3" in shown.split("Try again what you missed (1)?")[1], "missed ones are offered last"
    assert result.points == 3


def test_q_leaves_on_every_line_of_an_answer(progress):
    [asked] = [question for question in ALL_KINDS.questions if question.kind == "output" and question.lines > 1]
    output = io.StringIO()
    quiz = ALL_KINDS.model_copy(update={"questions": (asked,)})
    result = terminal.run(quiz, progress, source=io.StringIO("0.7\nQ\n"), output=output)
    assert result.answered == 0 and not progress.answers(quiz.record)
    assert "Left early" in output.getvalue() and "Not so" not in output.getvalue()


def test_ticking_everything_is_told_what_it_earns(progress):
    _, shown = take(progress, "a\nabcd\nq\n")
    assert "Part of it: 0 of 1 points." in shown
    _, shown = take(progress, "q\n")
    assert "Part of it" not in shown


def test_a_review_is_as_narrow_as_the_terminal(progress, monkeypatch):
    monkeypatch.setenv("COLUMNS", "44")
    monkeypatch.setenv("TERM", "xterm")
    screen, asked = Screen(), long_quiz()
    terminal.review([(asked, asked.questions[0])], progress, source=io.StringIO("bd\n"), output=screen)
    lines = re.sub("\x1b[^m]*m", "", screen.getvalue()).split("\n")
    assert max(len(line.rstrip()) for line in lines if not line.startswith("> ")) <= 44


def test_ctrl_c_leaves_as_q_does(progress):
    class Interrupted(io.StringIO):
        def readline(self):
            line = super().readline()
            if not line:
                raise KeyboardInterrupt
            return line

    result = terminal.run(quiz(), progress, source=Interrupted("a\n"), output=io.StringIO())
    assert result.answered == 1
    assert progress.answers("01_small")["one"].points == 1


def test_an_answer_is_kept_as_soon_as_it_is_graded(progress):
    kept = []

    class Watched(io.StringIO):
        def readline(self):
            kept.append(len(progress.answers("01_small")))
            return super().readline()

    terminal.run(quiz(), progress, source=Watched("a\nac\n0.5\n"), output=io.StringIO())
    assert kept == [0, 1, 2]


def test_an_answer_that_no_longer_fits_counts_as_open(progress):
    progress.record_answer("01_small", "one", "an-option-taken-out", 1, 1)
    progress.record_answer("01_small", "a-question-taken-out", 1, 1, 1)
    _, shown = take(progress, "q\n")
    assert "Question 1 of 3" in shown and "before" not in shown


def test_a_real_terminal_gets_colour(progress):
    os.environ.pop("NO_COLOR", None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TERM", "xterm")
        rich, dumb = Screen(), Screen()
        terminal.run(quiz(), progress, source=io.StringIO("b\n"), output=rich)
        patch.setenv("TERM", "dumb")
        terminal.run(quiz(), progress, source=io.StringIO(""), output=dumb)
    assert "\x1b[" in rich.getvalue() and "That is the grass." in rich.getvalue()
    assert "\x1b" not in dumb.getvalue()


class Screen(io.StringIO):
    def isatty(self):
        return True


LONG = "Since every pixel of the picture is a number, the network reads all of them at once and never learns which were neighbours, so that nothing is kept."


def long_quiz():
    options = tuple({**option, "text": f"{option['text']}. {LONG}", "feedback": LONG} for option in CHOICES)
    matching = {"id": "match", "kind": "matching", "section": LONG[:90], "prompt": LONG, "pairs": [
        {"id": f"pair-{n}", "text": f"{n} {LONG}", "match": f"match {n}. {LONG}", "feedback": LONG, "misconception": "mixed-up"}
        for n in range(2)]}  # fmt: skip
    many = {"id": "many", "kind": "multiple", "section": "S", "prompt": LONG, "options": options, "explanation": LONG}
    return Quiz.model_validate_json(json.dumps({"lesson": "01_small", "title": "Small", "questions": [many, matching]}))


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
@pytest.mark.parametrize("kind", ["xterm", "dumb"])
def test_no_word_is_broken_whatever_the_width(progress, monkeypatch, columns, kind):
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", kind)
    screen = Screen()
    idea = {"mixed-up": Misconception(title=LONG, explanation=LONG)}
    terminal.run(long_quiz(), progress, idea, source=io.StringIO("bd\nzz\nab\nn\n"), output=screen)
    shown = re.sub("\x1b[^m]*m", "", screen.getvalue())
    lines = [line.rstrip() for line in shown.split("\n") if not line.startswith(("> ", "Try again"))]
    assert max(map(len, lines)) <= min(columns, 100)
    assert max(map(len, lines)) > min(columns, 100) - 15, "the width is used"
    assert set(LONG.split()) <= set(" ".join(lines).split())
    # What follows an option's letter is indented beneath its text.
    at = next(number for number, line in enumerate(lines) if line.startswith("a) "))
    assert lines[at + 1].startswith("   ") and lines[at + 1][3] != " "


def test_code_is_not_painted_on_a_ground_of_its_own(progress, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    screen = Screen()
    prompt = "What is `x` here?\n\n```python\nx = 1\nprint(x)\n```"
    question = quiz().questions[0].model_copy(update={"prompt": prompt})
    terminal.run(
        quiz().model_copy(update={"questions": (question,)}), progress, source=io.StringIO("b\nn\n"), output=screen
    )
    codes = [
        int(code) for codes in re.findall("\x1b\\[([0-9;]*)m", screen.getvalue()) for code in codes.split(";") if code
    ]
    assert codes and not [code for code in codes if code == 7 or 40 <= code <= 48 or 100 <= code <= 107]


@pytest.mark.parametrize("closed", ["<&-", "<&- >&-"])
def test_a_closed_stream_ends_the_quiz_and_no_more(tmp_path, closed):
    environment = os.environ | {"COURSEWARE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = f"{shlex.quote(sys.executable)} -c 'from courseware.cli import main; main()' quiz 05 {closed}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, env=environment, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Left early." in done.stdout or ">&-" in closed


SCRIPT = """
import sys
from courseware.course import find
from courseware.progress import Progress
from courseware.quiz.load import load_quiz
from courseware.quiz.faces.terminal import run
run(load_quiz(find("01").quiz), Progress())
heavy = {"numpy", "keras", "tensorflow", "IPython", "ipywidgets", "rich"} & set(sys.modules)
assert not heavy, heavy
"""


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_in_a_pipe(tmp_path, encoding):
    environment = os.environ | {"COURSEWARE_HOME": str(tmp_path), "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", SCRIPT], input=b"290\n800\nz\xff\nc\nq\n", capture_output=True,
                          env=environment, timeout=60, check=False)  # fmt: skip
    shown = done.stdout.decode(encoding)
    assert done.returncode == 0, done.stderr.decode()
    assert not done.stderr
    assert f"3 of {len(load_quiz(find('01').quiz).questions)} answered" in shown and "No such option" in shown


# Every kind of question

ALL_KINDS = load_quiz(ROOT / "tests" / "quiz" / "all_kinds" / "01_linear_regression.yaml").drawn("ann")
IDEAS = load_misconceptions(ROOT / "tests" / "quiz" / "all_kinds" / MISCONCEPTIONS)


def typed_key(question):
    """What a learner who knows the answer types."""
    letters = {entry.id: LETTERS[place] for place, entry in enumerate(question.asked)}
    if question.kind == "matching":
        return "".join(letters[name] for name in question.key.values())
    if question.kind == "ordering":
        return " ".join(letters[item.id] for item in question.items)
    if question.kind in ("single", "multiple"):
        return "".join(letters[option.id] for option in question.options if option.correct)
    return {
        "number": lambda: str(question.answer),
        "text": lambda: question.answers[0],
        "output": lambda: question.answer,
    }[question.kind]().strip("\n")


def test_every_kind_can_be_answered(progress):
    output = io.StringIO()
    typed = "\n".join(typed_key(ALL_KINDS.asked(question, 0)) for question in ALL_KINDS.questions) + "\n"
    result = terminal.run(ALL_KINDS, progress, IDEAS, source=io.StringIO(typed), output=output)
    assert (result.points, result.answered) == (len(ALL_KINDS.questions), len(ALL_KINDS.questions)), output.getvalue()
    assert "It prints 2 lines." in output.getvalue() and "\n    import numpy as np\n" in output.getvalue()


def test_each_learner_and_each_try_has_another_order_and_a_letter_means_what_is_seen(progress):
    [asked] = [question for question in ALL_KINDS.questions if question.kind == "multiple"]
    orders = {
        tuple(entry.id for entry in ALL_KINDS.drawn(seed).asked(asked, tries).asked)
        for seed in "abcdef"
        for tries in range(3)
    }
    assert len(orders) > 6
    quiz = ALL_KINDS.model_copy(update={"questions": (asked,)})
    for tries in range(4):
        wrong = next(place for place, option in enumerate(quiz.asked(asked, tries).asked) if not option.correct)
        output = io.StringIO()
        terminal.review([(quiz, asked)], progress, source=io.StringIO(f"{LETTERS[wrong]}\n"), output=output)
        option = quiz.asked(asked, tries).asked[wrong]
        assert progress.answers(quiz.record)[asked.id].response == [option.id]


def test_an_order_that_the_author_fixed_is_the_same_for_all():
    [asked] = [question for question in ALL_KINDS.questions if question.kind == "single"][:1]
    fixed = asked.model_copy(update={"shuffle": False})
    orders = {tuple(option.id for option in ALL_KINDS.drawn(seed).asked(fixed, 1).asked) for seed in range(20)}
    assert orders == {tuple(option.id for option in asked.options)}
    assert fixed.without_key().shuffle is False and fixed.in_copy()["shuffle"] is False
    assert "shuffle" not in asked.in_copy()


def test_a_word_that_is_not_known_may_be_said_again_once(progress):
    [asked] = [question for question in ALL_KINDS.questions if question.kind == "text"]
    quiz = ALL_KINDS.model_copy(update={"questions": (asked,)})
    output = io.StringIO()
    result = terminal.run(quiz, progress, source=io.StringIO(f"something\n{asked.answers[0]}\n"), output=output)
    assert result.points == 1 and "I do not know 'something' here." in output.getvalue()
    assert len(progress.all_answers()) == 1
    result = terminal.run(quiz, progress, source=io.StringIO("n\n"), output=output)
    output = io.StringIO()
    asked_again = [(quiz, asked)]
    terminal.review(asked_again, progress, source=io.StringIO("something\nsomething else\n"), output=output)
    assert output.getvalue().count("I do not know") == 1 and "0 of 1 right" in output.getvalue()
    assert len(progress.all_answers()) == 2


def test_a_match_may_be_numbered_in_any_order_and_an_order_must_be_whole(progress):
    [asked] = [question for question in ALL_KINDS.questions if question.kind == "matching"]
    key = typed_key(ALL_KINDS.asked(asked, 0))
    numbered = " ".join(f"{number}{key[number - 1]}" for number in (3, 1, 4, 2))
    quiz = ALL_KINDS.model_copy(update={"questions": (asked,)})
    output = io.StringIO()
    result = terminal.run(quiz, progress, source=io.StringIO(f"ab\nabcz\n\n{numbered}\n"), output=output)
    assert result.points == 1
    for words in ("2 letters for 4 numbers", "No such option: 'abcz'", "Nothing typed"):
        assert words in output.getvalue()


def test_the_results_name_the_misconceptions(progress):
    output = io.StringIO()
    [first] = ALL_KINDS.questions[:1]
    quiz = ALL_KINDS.model_copy(update={"questions": (first,)})
    [wrong] = [
        letter
        for letter, option in zip(LETTERS, ALL_KINDS.asked(first, 0).asked, strict=False)
        if option == first.options[0]
    ]
    result = terminal.run(quiz, progress, IDEAS, source=io.StringIO(f"{wrong}\nn\n"), output=output)
    assert result.misconceptions == ("rate-is-accuracy",)
    idea = IDEAS["rate-is-accuracy"]
    assert f"You may think: {idea.title}" in output.getvalue() and f"But: {idea.explanation[:30]}" in output.getvalue()


def test_a_review_asks_what_is_due_and_keeps_it(progress):
    asked = [(ALL_KINDS, question) for question in ALL_KINDS.questions[:2]]
    output = io.StringIO()
    key = typed_key(ALL_KINDS.asked(ALL_KINDS.questions[0], 0))
    assert terminal.review(asked, progress, source=io.StringIO(f"{key}\nq\n"), output=output) == 1
    assert "1 of 2, from lesson 01" in output.getvalue() and "1 of 1 right." in output.getvalue()
    assert list(progress.answers(ALL_KINDS.record)) == [ALL_KINDS.questions[0].id]
