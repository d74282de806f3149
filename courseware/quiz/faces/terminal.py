"""The quiz in a terminal or a pipe: asks, shows feedback, and keeps each answer as soon as it is graded."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from io import StringIO
from typing import TextIO, cast

from courseware.progress import Progress, ProgressError
from courseware.quiz.feedback import Grade, ResponseError
from courseware.quiz.maths import plain, with_plain_formulas
from courseware.quiz.model import Misconception, Quiz
from courseware.quiz.questions import Question
from courseware.quiz.questions.entries import LETTERS
from courseware.quiz.results import Score, earlier_grades, score, to_earlier_versions, tries
from courseware.streams import carry_all

WIDTH = 100  # characters, at most: longer lines of prose are hard to follow
EARLIER = (
    "There are answers of yours to an earlier version of this quiz. They do not count for this one, so please answer "
    "these questions again."
)
VERDICTS = {"right": ("+", "Right", "green"), "wrong": ("-", "Not so", "red"), "missed": ("!", "Missed", "yellow")}


class _Leave(Exception):
    """The learner has had enough for now."""


def run(
    quiz: Quiz,
    progress: Progress,
    misconceptions: Mapping[str, Misconception] | None = None,
    *,
    source: TextIO | None = None,
    output: TextIO | None = None,
) -> Score:
    """Ask the open questions of `quiz`, then offer those missed again; return the score reached.

    ``q``, the end of the input and Ctrl-C leave; all that was answered is kept, and the next run goes on there.
    Colour and Markdown appear only on a real terminal. `misconceptions` are named at the end.

    Raises:
        ProgressError: if what was answered before cannot be read. Answers that cannot be kept are told, and the quiz goes on.
    """
    face = _Terminal(source, output)
    kept = _Kept(progress, face)
    grades = earlier_grades(quiz, progress)
    face.heading(f"{quiz.title}: {len(quiz.questions)} questions")
    face.line("Type q to leave; what you have answered is kept.")
    if grades:
        face.line(f"You have answered {len(grades)} of {len(quiz.questions)} before.")
    if len(grades) < len(quiz.questions) and to_earlier_versions(quiz, progress, grades):
        face.line(EARLIER)
    try:
        _ask_all(quiz, [q for q in quiz.questions if q.id not in grades], grades, kept, face)
        while not quiz.keyed:
            face.line()
            number = face.number(f"Change an answer? [1 to {len(quiz.questions)}, or n] ", len(quiz.questions))
            if number is None:
                break
            _ask_all(quiz, [quiz.questions[number - 1]], grades, kept, face)
        while missed := [q for q in quiz.questions if not grades[q.id].correct]:
            face.line()
            face.line(str(score(quiz, grades)))
            if not face.yes(f"Try again what you missed ({len(missed)})? [y/n] "):
                break
            _ask_all(quiz, missed, grades, kept, face)
    except (_Leave, EOFError, KeyboardInterrupt):
        face.line()
        if kept.all() and len(grades) < len(quiz.questions):
            face.line("Left early. The same command goes on from here.")
    kept.say_what_is_lost()
    return _finish(quiz, grades, misconceptions or {}, face)


def review(
    asked: Sequence[tuple[Quiz, Question]],
    progress: Progress,
    *,
    source: TextIO | None = None,
    output: TextIO | None = None,
) -> int:
    """Ask each question, which is one of the quiz beside it, once; return how many were answered.

    Answers that cannot be kept are told, and the review goes on.
    """
    face = _Terminal(source, output)
    kept = _Kept(progress, face)
    face.line("Type q to leave; what you have answered is kept.")
    right = done = 0
    try:
        for quiz, question in asked:
            face.line()
            face.heading(f"{done + 1} of {len(asked)}, from lesson {quiz.lesson.split('_')[0]}: {quiz.title}")
            right += _ask_and_keep(quiz, question, kept, face).correct
            done += 1
    except (_Leave, EOFError, KeyboardInterrupt):
        face.line()
    face.line()
    face.heading(f"{right} of {done} right." if done else "Nothing answered.")
    kept.say_what_is_lost()
    return done


class _Kept:
    """Keeps answers; what could not be kept at once, as when another program held the record, is tried again with the next."""

    def __init__(self, progress: Progress, face: _Terminal):
        self.progress, self.face = progress, face
        self.waiting: list[tuple[Quiz, Grade, str]] = []
        self.counts: Counter[tuple[str, str]] = Counter()
        with suppress(ProgressError):  # told where answers are read
            self.counts = tries(progress)

    def tries(self, quiz: Quiz, question: Question) -> int:
        """How often the question was answered before."""
        return self.counts[quiz.record, question.id]

    def add(self, quiz: Quiz, question: Question, grade: Grade) -> None:
        self.waiting.append((quiz, grade, question.id))
        self.counts[quiz.record, question.id] += 1
        self.all()

    def all(self) -> bool:
        """Whether all is kept now."""
        while self.waiting:
            quiz, grade, question = self.waiting[0]
            try:
                self.progress.record_answer(quiz.record, question, grade.response, grade.points, grade.out_of)
            except ProgressError as problem:
                self.face.once(f"Your answers count here, and it is tried again to keep them. {problem}")
                return False
            del self.waiting[0]
        return True

    def say_what_is_lost(self) -> None:
        if not self.all():
            count = "One answer was" if len(self.waiting) == 1 else f"{len(self.waiting)} answers were"
            self.face.line(f"{count} not kept.")


def _ask_all(quiz: Quiz, questions: Iterable[Question], grades: dict[str, Grade], kept: _Kept, face: _Terminal) -> None:
    places = {question.id: place for place, question in enumerate(quiz.questions, start=1)}
    for question in questions:
        face.line()
        face.heading(f"Question {places[question.id]} of {len(quiz.questions)}")
        grades[question.id] = _ask_and_keep(quiz, question, kept, face)


def _ask_and_keep(quiz: Quiz, question: Question, kept: _Kept, face: _Terminal) -> Grade:
    result = _ask(quiz.asked(question, kept.tries(quiz, question)), face)
    kept.add(quiz, question, result)
    _feedback(question, result, face)
    return result


def _ask(question: Question, face: _Terminal) -> Grade:
    """Ask until the answer can be read."""
    face.markdown(question.prompt)
    face.line()
    if question.listing:
        face.code(question.listing)
    for number, entry in enumerate(question.given, start=1):
        face.item(f"{number}. ", entry.text)
    if question.given:
        face.line()
    for letter, entry in zip(LETTERS, question.asked, strict=False):
        face.item(f"{letter}) ", entry.text)
    face.line(question.how)
    is_again = False
    while True:
        typed = _line(face)
        try:
            if typed:
                typed = "\n".join([typed, *(_line(face) for _ in range(question.lines - 1))])
            grade = question.grade(question.read_typed(typed))
            again = "" if is_again else question.again(grade)
            if not again:
                return grade
            face.line(again)
            is_again = True
        except ResponseError as problem:
            face.line(f"{str(problem)[0].upper()}{str(problem)[1:]}.")


def _line(face: _Terminal) -> str:
    """One line of an answer; the word for leaving leaves on every one."""
    typed = face.ask("> ")
    if typed.lower() in ("q", "quit", "exit"):
        raise _Leave
    return typed


def _feedback(question: Question, result: Grade, face: _Terminal) -> None:
    face.line()
    if not question.keyed:
        face.line("Kept.")
    for message in result.messages:
        sign, verdict, colour = VERDICTS[message.verdict]
        about = f" ({plain(message.text)})" if question.feedback_quotes else ""
        face.item(f"{sign} ", f"{verdict}{about}. {message.feedback}", colour)
    if result.partly:
        face.line(f"Part of it: {result.points:.2g} of {result.out_of:g} points.")
    if result.explanation:
        face.markdown(result.explanation)
    if not result.correct:
        face.line(f"Reread: {question.section}")


def _finish(
    quiz: Quiz, grades: Mapping[str, Grade], misconceptions: Mapping[str, Misconception], face: _Terminal
) -> Score:
    result = score(quiz, grades)
    face.line()
    face.heading(str(result))
    if result.reread:
        face.line("Worth rereading:")
        for section in result.reread:
            face.item("  ", section)
        for misconception in (misconceptions[key] for key in result.misconceptions if key in misconceptions):
            face.line()
            face.item("You may think: ", misconception.title)
            face.item("But: ", misconception.explanation)
    elif result.out_of and result.answered == result.questions:
        face.line("Everything is right.")
    return result


class _Terminal:
    """Lines in and out, as wide as the terminal and at most `WIDTH` signs; rich is loaded only for a real terminal."""

    def __init__(self, source: TextIO | None, output: TextIO | None):
        # A stream that the shell has closed (<&-) is None: nothing comes from it.
        self.source: TextIO = source or sys.stdin or StringIO()
        self.output: TextIO = output or sys.stdout or StringIO()
        for stream in (self.source, self.output):
            carry_all(stream)
        self.said: set[str] = set()
        self.rich, self.width = None, WIDTH
        is_terminal = self.output.isatty()
        if is_terminal:
            self.width = max(20, min(WIDTH, shutil.get_terminal_size().columns))
        if is_terminal and os.environ.get("TERM") not in ("dumb", "unknown"):
            from rich.console import Console
            from rich.theme import Theme

            # The default theme paints code black, on light terminals too.
            theme = Theme({"markdown.code": "bold", "markdown.code_block": "none"})
            self.rich = Console(file=self.output, highlight=False, emoji=False, width=self.width, theme=theme)

    def line(self, text: str = "") -> None:
        """One line; in a terminal, words that do not fit go to the next."""
        self._print(textwrap.fill(text, self.width) if self.output.isatty() else text)

    def once(self, text: str) -> None:
        """A paragraph that is not said twice in a row of questions."""
        if text not in self.said:
            self.said.add(text)
            self._print(_wrapped(text, self.width))

    def _print(self, text: str) -> None:
        print(text, file=self.output, flush=True)

    def heading(self, text: str) -> None:
        if self.rich:
            self.rich.print(text, style="bold", markup=False)
        else:
            self.line(text)

    def markdown(self, text: str) -> None:
        if self.rich:
            from rich.markdown import Markdown
            from rich.syntax import ANSISyntaxTheme

            markdown = Markdown("", code_theme=cast("str", ANSISyntaxTheme({})))  # the terminal's own colours
            markdown.parsed = with_plain_formulas(text)
            self.rich.print(markdown)
        else:
            self._print(_wrapped(plain(text), self.width))

    def code(self, code: str) -> None:
        self._print("\n".join(f"    {line}".rstrip() for line in code.rstrip("\n").split("\n")))
        self.line()

    def item(self, label: str, text: str, colour: str = "") -> None:
        """A label and a text that is indented beneath it."""
        body = _wrapped(plain(text), self.width - len(label)).replace("\n", "\n" + " " * len(label))
        if self.rich:
            self.rich.print(label + body, style=colour, markup=False, soft_wrap=True)
        else:
            self._print(label + body)

    def ask(self, prompt: str) -> str:
        """One line from the learner, without its ends.

        Raises:
            EOFError: where the input ends.
        """
        if self.rich and self.source is sys.stdin and self.source.isatty():
            return input(prompt).strip()
        self.output.write(prompt)
        self.output.flush()
        line = self.source.readline()
        if not line:
            raise EOFError
        return line.strip()

    def yes(self, prompt: str) -> bool:
        while (typed := self.ask(prompt).lower()) not in ("y", "yes", "n", "no", "q", "quit", "exit"):
            self.line("Type y for yes or n for no.")
        return typed in ("y", "yes")

    def number(self, prompt: str, most: int) -> int | None:
        """A whole number from 1 to `most`, or None for no."""
        while (typed := self.ask(prompt).lower()) not in ("n", "no", "q", "quit", "exit", ""):
            if typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= most:
                return int(typed)
            self.line(f"Type a number from 1 to {most}, or n to finish.")
        return None


def _wrapped(text: str, width: int) -> str:
    """Prose wrapped to `width`; indented lines (code) stay as they are."""
    lines = []
    for block in re.split(r"\n{2,}", text.strip("\n")):
        code = [line.startswith("    ") for line in block.split("\n")]
        lines.append(block if any(code) else textwrap.fill(" ".join(block.split()), width))
    return "\n\n".join(lines)
