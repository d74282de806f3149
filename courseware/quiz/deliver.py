"""What the command `course quiz` does: ask in the terminal, or write pages, student copies and answers."""

from __future__ import annotations

import re
from pathlib import Path

import click

from courseware.course import ready_lessons
from courseware.errors import CourseError
from courseware.files import write_whole
from courseware.progress import Progress
from courseware.quiz.faces.terminal import run
from courseware.quiz.faces.web import write_page
from courseware.quiz.folder import Quizzes
from courseware.quiz.hand_in import hand_in
from courseware.quiz.model import Quiz
from courseware.quiz.student_copy import MARK, as_yaml


class Chosen:
    """The quizzes that the command is about: the one called `lesson`, or all, of the folder `quizzes` or the course's.

    With a `form`, "a" or "b", it is that form of the quiz, or of all that have one.

    Raises:
        QuizError: with the problems of every file that cannot be used.
    """

    def __init__(self, lesson: str | None, quizzes: Path | None, form: str | None = None):
        folder = Quizzes(quizzes, student_copies=True)
        if lesson:
            self.quizzes = [folder.load(lesson, form)]
        elif quizzes is None and form is None:
            self.quizzes = [folder.load(info.slug) for info in ready_lessons()]
        else:
            self.quizzes = folder.all(form)
        self.misconceptions = folder.misconceptions(lesson or folder.files[0].stem)
        self.is_all = lesson is None

    @property
    def one(self) -> Quiz:
        """The one quiz that was named."""
        [quiz] = self.quizzes
        return quiz


def ask(chosen: Chosen, progress: Progress) -> None:
    """Ask the quiz in this terminal."""
    run(chosen.one.drawn(progress.seed()), progress, chosen.misconceptions)
    if not chosen.one.keyed:
        click.echo("When you are done, hand in: the same command with --hand-in YOUR-NAME.")


def put_on_page(chosen: Chosen, output: Path | None, progress: Progress, force: bool) -> None:
    """Write one page for a browser."""
    file = output or Path("quizzes.html" if chosen.is_all else f"quiz_{chosen.one.lesson}.html")
    write_page(chosen.quizzes, chosen.misconceptions, file, progress.seed(), force=force)
    click.echo(f"Written to {file}. Open it in a browser; it needs no network.")
    if any(quiz.keyed and quiz.is_private for quiz in chosen.quizzes):
        click.echo(
            "It holds the keys, and everybody sees the same numbers: it is for practice. For a test make student copies "
            "with --student-copy, and the page of them."
        )


def copy_for_students(chosen: Chosen, output: Path | None, force: bool) -> None:
    """Write the quizzes without keys and feedback into a folder, a file each."""
    folder = output or Path("student_copy")
    texts = {}
    for quiz in chosen.quizzes:
        if not quiz.keyed:
            raise CourseError(f"{quiz.title!r} is a student copy already; name the folder of the quizzes with keys")
        texts[folder / f"{quiz.lesson}.yaml"] = as_yaml(quiz.without_keys())
    try:
        for file in texts:
            _refuse_to_replace(file, force)
        for file, text in texts.items():
            write_whole(file, text)
    except OSError as error:
        raise CourseError(f"{folder} cannot be written ({error.strerror}); name another folder with -o") from error
    click.echo(f"Written to {folder}, without keys and feedback: {', '.join(file.name for file in texts)}.")


def _refuse_to_replace(file: Path, force: bool) -> None:
    """Raise CourseError if a student copy may not take the place of `file`: a quiz with keys is never replaced."""
    if not file.exists():
        return
    text = file.read_bytes()
    if text.startswith(f"{MARK}: true".encode()):
        return
    if re.search(rb"^questions:", text, re.MULTILINE):
        raise CourseError(f"{file} is a quiz with keys and no student copy; name another folder with -o")
    if not force:
        raise CourseError(f"{file} is there already and is no student copy; name another folder with -o, or --force")


def hand_in_answers(chosen: Chosen, output: Path | None, progress: Progress, name: str) -> None:
    """Write the learner's answers to a file that `course grade` reads."""
    click.echo(f"Written to {hand_in(chosen.one, progress, name, output)}. Give that file to your teacher.")
