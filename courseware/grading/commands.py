"""What the commands `course grade` and `course report` do: read files, write files, say what happened."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

import click

from courseware.errors import CourseError
from courseware.files import whole_file
from courseware.grading.answers import answer_files, keyed_quiz, read_answers
from courseware.grading.gradefile import write_grades
from courseware.grading.problems import Problems, count
from courseware.grading.report.analysis import analyse_lesson, rank_misconceptions
from courseware.grading.report.class_answers import collect
from courseware.grading.report.page import page
from courseware.grading.report.tables import items_table, learners_table
from courseware.quiz.folder import Quizzes
from courseware.quiz.model import Misconception


def grade(
    quiz: str,
    answers: Sequence[Path],
    output: Path | None,
    folder: Path | None = None,
    problems_file: Path | None = None,
    feedback_file: Path | None = None,
) -> int:
    """Grade `answers` into the CSV file `output`; return the exit status.

    With `feedback_file`, the feedback goes there, each once, and the graded file names it by keys.

    Raises:
        CourseError: if the quiz, the answers or the files to write cannot be used.
    """
    quizzes = Quizzes(folder or _folder_of(quiz), student_copies=True)
    chosen = keyed_quiz(quizzes, quiz)
    files = answer_files(answers)
    for written in filter(None, (output, problems_file, feedback_file)):
        _refuse_input(written, files)
    with (
        _whole_file(problems_file) if problems_file else nullcontext() as listed,
        _whole_file(feedback_file) if feedback_file else nullcontext() as feedback,
        _whole_file(output) if output else nullcontext(sys.stdout.buffer) as graded,
    ):
        problems = Problems(listed)
        summary = write_grades(chosen, read_answers(files, quizzes, problems, chosen), graded, problems, feedback)
    for line in problems.lines():
        click.echo(line, err=True)
    click.echo(f"{summary}{f' Written to {output}.' if output else ''}", err=True)
    return say_lost(problems)


def _folder_of(quiz: str) -> Path | None:
    """The bank of a quiz that is given as a file."""
    return Path(quiz).parent if Path(quiz).suffix in (".yaml", ".yml") else None


def say_lost(problems: Problems) -> int:
    """Say in numbers what was not graded; return the exit status."""
    if problems.cells_lost:
        answers = count(problems.cells_lost, "answer could not be read and earns", "answers could not be read and earn")
        click.echo(f"{answers} 0 points.", err=True)
    if problems.unfinished:
        attempts = count(problems.unfinished, "unfinished attempt is", "unfinished attempts are")
        click.echo(f"{attempts} not graded.", err=True)
    if problems.rows_lost:
        rows = count(problems.rows_lost, "row or file", "rows or files")
        click.echo(f"{rows} could not be graded; see above.", err=True)
    return 1 if problems.rows_lost else 0


@contextmanager
def _whole_file(path: Path) -> Iterator[BinaryIO]:
    try:
        with whole_file(path) as file:
            yield file
    except OSError as error:
        raise CourseError(f"{path}: cannot be written ({error.strerror}); check the folder and your rights") from None


def _refuse_input(path: Path, files: Sequence[Path]) -> None:
    if path.is_dir():
        raise CourseError(f"{path}: this is a folder; name a file to write")
    if any(path.exists() and path.samefile(file) for file in files):
        raise CourseError(f"{path}: this file holds answers and is not overwritten; name another file")


def report(
    answers: Sequence[Path], folder: Path, quiz: str | None = None, bank: Path | None = None, all_attempts: bool = False,
    problems_file: Path | None = None,
) -> int:  # fmt: skip
    """Write the report on `answers` into `folder`; return the exit status.

    Raises:
        CourseError: if the quiz, the answers or the files to write cannot be used, or there is nothing to report.
    """
    quizzes = Quizzes(bank or (_folder_of(quiz) if quiz else None), student_copies=True)
    given = keyed_quiz(quizzes, quiz) if quiz else None
    files = answer_files(answers)
    targets = {name: folder / name for name in ("report.html", "items.csv", "learners.csv")}
    for target in filter(None, (*targets.values(), problems_file)):
        _refuse_input(target, files)
    with _whole_file(problems_file) if problems_file else nullcontext() as listed:
        problems = Problems(listed)
        classes = collect(read_answers(files, quizzes, problems, given), problems, all_attempts)
    for line in problems.lines():
        click.echo(line, err=True)
    if not classes:
        raise CourseError("No answers could be read, so there is nothing to report.")
    lessons = [analyse_lesson(each) for each in classes]
    known: dict[str, Misconception] = {}
    for each in classes:
        known |= quizzes.misconceptions(quiz or each.quiz.lesson)
    texts = {
        "report.html": page(
            lessons, rank_misconceptions(classes), known, [file.name for file in files], all_attempts, problems.rows_lost
        ),
        "items.csv": items_table(lessons),
        "learners.csv": learners_table(lessons),
    }  # fmt: skip
    _make_folder(folder)
    for name, text in texts.items():
        with _whole_file(targets[name]) as file:
            file.write(text.encode())
    learners = len({name for each in classes for name in each.learners})
    counts = f"{count(learners, 'learner')}, {count(len(classes), 'quiz', 'quizzes')}"
    click.echo(f"{counts}. Written to {targets['report.html']}.", err=True)
    return say_lost(problems)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(f"{folder}: cannot be made ({error.strerror}); name another folder with -o") from None
