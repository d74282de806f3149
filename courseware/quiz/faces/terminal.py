"""The quiz in a terminal or a pipe: asks, shows feedback, and keeps each answer as soon as it is graded."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from courseware.quiz.grade import Grade, grade
from courseware.quiz.maths import plain, without_maths
from courseware.quiz.reading import LETTERS, ResponseError
from courseware.quiz.results import Score, earlier_grades, score

if TYPE_CHECKING:
    from courseware.progress import Progress
    from courseware.quiz.model import Misconception, Question, Quiz

HOW = {
    "single": "One option is right: type its letter.",
    "multiple": "Tick every option that is right: type the letters, e.g. ac.",
    "number": "Type a number.",
    "text": "Type your answer, a word or a few.",
    "output": "Type what it prints.",
    "ordering": "Type the letters in the right order, first to last, e.g. bca.",
    "matching": "Type a letter for each number in turn, e.g. ba for 1b 2a. A letter may stand twice.",
}
VERDICTS = {"right": ("+", "Right", "green"), "wrong": ("-", "Not so", "red"), "missed": ("!", "Missed", "yellow")}


class _Leave(Exception):
    """The learner has had enough for now."""


def run(
    quiz: Quiz,
    progress: Progress,
    ideas: Mapping[str, Misconception] | None = None,
    *,
    input: TextIO | None = None,
    output: TextIO | None = None,
) -> Score:
    """Ask the open questions of `quiz`, then offer those missed again; return the score reached.

    ``q``, the end of the input and Ctrl-C leave; all that was answered is kept, and the next run goes on there.
    Colour and Markdown appear only on a real terminal. `ideas` are the misconceptions by key, to be named at the end.

    Raises:
        ProgressError: if an answer cannot be kept.
    """
    face = _Terminal(input or sys.stdin, output or sys.stdout)
    grades = earlier_grades(quiz, progress)
    face.heading(f"{quiz.title}: {len(quiz.questions)} questions")
    face.line("Type q to leave; what you have answered is kept.")
    if grades:
        face.line(f"You have answered {len(grades)} of {len(quiz.questions)} before.")
    try:
        _ask_all(quiz, [q for q in quiz.questions if q.id not in grades], grades, progress, face)
        while not quiz.questions[0].keyed:
            face.line()
            number = face.number(f"Change an answer? [1 to {len(quiz.questions)}, or n] ", len(quiz.questions))
            if number is None:
                break
            _ask_all(quiz, [quiz.questions[number - 1]], grades, progress, face)
        while missed := [q for q in quiz.questions if not grades[q.id].correct]:
            face.line()
            face.line(str(score(quiz, grades)))
            if not face.yes(f"Try again what you missed ({len(missed)})? [y/n] "):
                break
            _ask_all(quiz, missed, grades, progress, face)
    except (_Leave, EOFError, KeyboardInterrupt):
        face.line()
        if len(grades) < len(quiz.questions):
            face.line("Left early. The same command goes on from here.")
    return _finish(quiz, grades, ideas or {}, face)


def review(
    questions: Sequence[tuple[Quiz, Question]],
    progress: Progress,
    *,
    input: TextIO | None = None,
    output: TextIO | None = None,
) -> int:
    """Ask `questions`, each of its quiz, once each; return how many were answered.

    Raises:
        ProgressError: if an answer cannot be kept.
    """
    face = _Terminal(input or sys.stdin, output or sys.stdout)
    face.line("Type q to leave; what you have answered is kept.")
    right = done = 0
    try:
        for quiz, question in questions:
            face.line()
            face.heading(f"{done + 1} of {len(questions)}, from lesson {quiz.lesson.split('_')[0]}: {quiz.title}")
            right += _ask_and_keep(quiz, question, progress, face).correct
            done += 1
    except (_Leave, EOFError, KeyboardInterrupt):
        face.line()
    face.line()
    face.heading(f"{right} of {done} right." if done else "Nothing answered.")
    return done


def _ask_all(quiz: Quiz, questions: Iterable[Question], grades: dict[str, Grade], progress: Progress, face) -> None:
    for question in questions:
        face.line()
        face.heading(f"Question {quiz.questions.index(question) + 1} of {len(quiz.questions)}")
        grades[question.id] = _ask_and_keep(quiz, question, progress, face)


def _ask_and_keep(quiz: Quiz, question: Question, progress: Progress, face: _Terminal) -> Grade:
    result = _ask(question, face)
    progress.record_answer(quiz.record, question.id, result.response, result.points, result.out_of)
    _feedback(question, result, face)
    return result


def _ask(question: Question, face: _Terminal) -> Grade:
    """Ask until the answer can be read."""
    face.markdown(question.prompt)
    face.line()
    if question.kind == "output":
        face.code(question.code)
    if question.kind == "matching":
        for number, pair in enumerate(question.pairs, start=1):
            face.item(f"{number}. ", pair.text)
        face.line()
    for letter, choice in zip(LETTERS, _lettered(question), strict=False):
        face.item(f"{letter}) ", choice.text)
    face.line(_how(question))
    while True:
        typed = face.ask("> ")
        if typed.lower() in ("q", "quit", "exit"):
            raise _Leave
        try:
            if question.kind == "output" and typed:
                for _ in range(question.lines - 1):
                    typed += "\n" + face.ask("> ")
            return grade(question, _response(question, typed))
        except ResponseError as problem:
            face.line(f"{str(problem)[0].upper()}{str(problem)[1:]}.")


def _lettered(question: Question) -> tuple:
    """What the letters stand for, in the order that the learner sees."""
    return question.shown if question.kind in ("ordering", "matching") else getattr(question, "options", ())


def _how(question: Question) -> str:
    if question.kind == "number" and question.unit:
        return f"{HOW['number']} The unit is {question.unit}."
    if question.kind == "output" and question.lines > 1:
        return f"{HOW['output']} It prints {question.lines} lines."
    return HOW[question.kind]


def _response(question: Question, typed: str) -> Any:
    """Turn letters into ids; `grade` reads the other kinds itself."""
    choices = _lettered(question)
    if not choices:
        return typed
    letters = LETTERS[: len(choices)]
    # "ac", "a, c", "a c" and "a)" all mean their letters; so does "1a 2c" in a matching question.
    if question.kind == "matching":
        typed = _in_turn(typed, len(question.pairs))
    chosen = [letter for part in re.split(r"[\s,;]+", typed) for letter in part.strip(").").lower()]
    if not chosen or any(letter not in letters for letter in chosen):
        shown = typed if len(typed) <= 40 else typed[:37] + "..."
        what = "nothing typed" if not typed else f"no such option: {shown!r}"
        raise ResponseError(
            f"{what}; type {'a letter' if question.kind == 'single' else 'letters'} "
            f"from a to {letters[-1]}, or q to leave"
        )
    ids = [choices[letters.index(letter)].id for letter in chosen]
    if question.kind == "matching":
        if len(ids) != len(question.pairs):
            raise ResponseError(f"{len(ids)} letters for {len(question.pairs)} numbers; type one letter for each")
        return {pair.id: name for pair, name in zip(question.pairs, ids, strict=True)}
    if question.kind == "single":
        if len(ids) > 1:
            raise ResponseError("one option is right; type one letter")
        return ids[0]
    return ids


def _in_turn(typed: str, pairs: int) -> str:
    """``2a 1b`` as ``ba``; anything else as it is."""
    numbered = re.findall(r"(\d+)[).:=-]*\s*([a-zA-Z])", typed)
    if sorted(int(number) for number, _ in numbered) != list(range(1, pairs + 1)):
        return typed
    return "".join(letter for _, letter in sorted(numbered, key=lambda found: int(found[0])))


def _feedback(question: Question, result: Grade, face: _Terminal) -> None:
    face.line()
    if not question.keyed:
        face.line("Kept.")
    for message in result.messages:
        sign, verdict, colour = VERDICTS[message.verdict]
        about = "" if question.kind in ("single", "output", "ordering") else f" ({plain(message.text)})"
        face.item(f"{sign} ", f"{verdict}{about}. {message.feedback}", colour)
    if 0 < result.points < result.out_of:
        face.line(f"Part of it: {result.points:.2g} of {result.out_of:g} points.")
    if result.explanation:
        face.markdown(result.explanation)
    if not result.correct:
        face.line(f"Reread: {question.section}")


def _finish(quiz: Quiz, grades: dict[str, Grade], ideas: Mapping[str, Misconception], face: _Terminal) -> Score:
    result = score(quiz, grades)
    face.line()
    face.heading(str(result))
    if result.reread:
        face.line("Worth rereading:")
        for section in result.reread:
            face.item("  ", section)
        for idea in (ideas[key] for key in result.misconceptions if key in ideas):
            face.line()
            face.item("You may think: ", idea.title)
            face.item("But: ", idea.explanation)
    elif result.out_of and result.answered == result.questions:
        face.line("Everything is right.")
    return result


class _Terminal:
    """Lines in and out; rich is loaded only for a real terminal."""

    def __init__(self, input: TextIO, output: TextIO):
        self.input, self.output, self.rich = input, output, None
        for stream in (input, output):
            # A sign that the stream's encoding lacks becomes "?", never a traceback.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        if output.isatty() and os.environ.get("TERM") not in ("dumb", "unknown"):
            from rich.console import Console

            self.rich = Console(file=output, highlight=False)

    def line(self, text: str = "") -> None:
        print(text, file=self.output, flush=True)

    def heading(self, text: str) -> None:
        if self.rich:
            self.rich.print(text, style="bold", markup=False)
        else:
            self.line(text)

    def markdown(self, text: str) -> None:
        if self.rich:
            from rich.markdown import Markdown

            self.rich.print(Markdown(without_maths(text)))
        else:
            self.line(_wrapped(plain(text)))

    def code(self, code: str) -> None:
        self.line("\n".join(f"    {line}".rstrip() for line in code.rstrip("\n").split("\n")))
        self.line()

    def item(self, label: str, text: str, colour: str = "") -> None:
        """A label and a text that is indented beneath it."""
        body = _wrapped(plain(text), width=100 - len(label)).replace("\n", "\n" + " " * len(label))
        if self.rich:
            self.rich.print(label + body, style=colour, markup=False, soft_wrap=True)
        else:
            self.line(label + body)

    def ask(self, prompt: str) -> str:
        """One line from the learner, without its ends.

        Raises:
            EOFError: where the input ends.
        """
        if self.rich and self.input is sys.stdin and self.input.isatty():
            return _builtin_input(prompt).strip()
        self.output.write(prompt)
        self.output.flush()
        line = self.input.readline()
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


_builtin_input = input


def _wrapped(text: str, width: int = 100) -> str:
    """Prose wrapped to `width`; indented lines (code) stay as they are."""
    lines = []
    for block in re.split(r"\n{2,}", text.strip("\n")):
        code = [line.startswith("    ") for line in block.split("\n")]
        lines.append(block if any(code) else textwrap.fill(" ".join(block.split()), width))
    return "\n\n".join(lines)
