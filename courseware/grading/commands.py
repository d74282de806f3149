"""What the commands `course grade` and `course report` do: read files, write files, say what happened."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from itertools import chain
from os.path import isfile
from pathlib import Path
from typing import BinaryIO

import click

from courseware.errors import CourseError
from courseware.grading.adjustments import Adjustments, load_adjustments
from courseware.grading.answers import Given, keyed_quiz
from courseware.grading.answertable import says_when
from courseware.grading.attendance import Attendance
from courseware.grading.compare import Comparison
from courseware.grading.copies import Copies, Likeness
from courseware.grading.feedbackfiles import FeedbackFiles
from courseware.grading.files import LEARNERS, Found, answer_files
from courseware.grading.gradefile import GradeFile, Watcher, write_grades
from courseware.grading.marks import Marker
from courseware.grading.outputs import check_outputs, output_file
from courseware.grading.people import Roster
from courseware.grading.problems import Problems, count
from courseware.grading.reading import read_answers
from courseware.grading.report.analysis import analyse_lesson, rank_misconceptions
from courseware.grading.report.class_answers import Attempt, ClassAnswers, collect
from courseware.grading.report.gains import gain_line, gains_table, lesson_gains
from courseware.grading.report.page import page
from courseware.grading.report.tables import items_table, learners_table
from courseware.grading.seeds import no_such_seed, tidy_seed
from courseware.grading.spreadsheet import EXCEL, PLAIN
from courseware.grading.written import is_written
from courseware.quiz.folder import ADJUSTMENTS, Quizzes
from courseware.quiz.load import MISCONCEPTIONS
from courseware.quiz.model import Misconception, Quiz, whole_and_form


def grade(
    quiz: str,
    answers: Sequence[Path],
    output: Path | None,
    folder: Path | None = None,
    problems_file: Path | None = None,
    feedback_file: Path | None = None,
    *,
    seed: str | None = None,
    roster_file: Path | None = None,
    compare: Path | None = None,
    feedback_folder: Path | None = None,
    excel: str | None = None,
    force: bool = False,
    form: str | None = None,
) -> int:
    """Grade `answers` into the CSV file `output`; return the exit status.

    With `feedback_file`, the feedback goes there, each once, and the graded file names it by keys.

    Raises:
        CourseError: if the quiz, the answers or the files to write cannot be used.
    """
    quizzes = Quizzes(folder or _folder_of(quiz), student_copies=True)
    chosen = keyed_quiz(quizzes, quiz, form)
    markers_of = _markers(load_adjustments(quizzes))
    roster = Roster(roster_file) if roster_file else None
    comparison = Comparison(compare) if compare else None
    outputs = [path for path in (output, problems_file, feedback_file) if path]
    found = answer_files(answers, _passed_over(outputs, roster_file, quizzes))
    check_outputs(outputs, [*found.files, *_read_beside(quizzes, quiz, roster_file)], force)
    style = EXCEL[excel] if excel else PLAIN
    with (
        output_file(problems_file) if problems_file else nullcontext() as listed,
        output_file(feedback_file) if feedback_file else nullcontext() as feedback,
        output_file(output) if output else nullcontext(sys.stdout.buffer) as graded,
    ):
        problems = _problems(listed, found)
        attendance = Attendance(problems, roster)
        batches = read_answers(found.files, quizzes, problems, Given(chosen, _seed(seed), roster))
        sources = any(file.suffix.lower() in LEARNERS or says_when(file) for file in found.files)
        markers = markers_of(chosen)
        grades = GradeFile(markers, problems, feedback_file is not None, roster is not None, sources, style)
        copies = Copies(_seed(seed))
        watch: list[Watcher] = [lambda answers, codes: copies.watch(chosen, answers, markers, codes)]
        pages = FeedbackFiles(feedback_folder, chosen, markers) if feedback_folder else None
        if pages:
            watch.append(pages.watch)
        if comparison:
            watch.append(lambda answers, codes: comparison.watch(answers, markers, codes))
        summary = write_grades(grades, attendance.watch(batches), graded, feedback, watch)
        attendance.finish()
        copies.tell(problems)
        written = pages.write(force) if pages else 0
        problems.finish()
    _say(problems.lines(), comparison.lines() if comparison else ())
    _say(f"{ADJUSTMENTS}: `{each.question.id}`: {each.adjustment}" for each in markers if each.adjustment)
    _say([f"Feedback for {count(written, 'learner')} in {feedback_folder}."] if feedback_folder else ())
    _say([f"{summary}{f' Written to {output}.' if output else ''}"], problems.summary())
    return problems.status


def _markers(adjustments: Adjustments) -> Callable[[Quiz], list[Marker]]:
    """What makes the markers of a quiz, as its questions were adjusted."""

    def markers_of(quiz: Quiz) -> list[Marker]:
        decided = adjustments.get(quiz.lesson) or adjustments.get(whole_and_form(quiz.lesson)[0], {})
        return [Marker(question, quiz, decided.get(question.id)) for question in quiz.questions]

    return markers_of


def _seed(text: str | None) -> str | None:
    """The seed that `--seed` names.

    Raises:
        CourseError: if numbers are never drawn with such a one.
    """
    if text and tidy_seed(text) is None:
        raise CourseError(f"--seed: {no_such_seed(text)}; `course export` says with which it drew")
    return tidy_seed(text) if text else None


def _problems(listed: BinaryIO | None, *found: Found) -> Problems:
    """A new list of problems, in a file if there is one; it begins with the files that are not read."""
    problems = Problems(listed)
    for path, why in chain(*(each.unread for each in found)):
        problems.not_read(path, why)
    return problems


def _passed_over(outputs: Iterable[Path], roster_file: Path | None, quizzes: Quizzes) -> list[Path]:
    """What may lie among answers and is passed over: the roster, the bank, and what was written to the same place."""
    written = [path for path in outputs if isfile(path) and is_written(path)]
    bank = [*quizzes.files, quizzes.folder / MISCONCEPTIONS, quizzes.folder / ADJUSTMENTS]
    return [*written, *bank, *([roster_file] if roster_file else [])]


def _folder_of(quiz: str) -> Path | None:
    """The bank of a quiz that is given as a file."""
    return Path(quiz).parent if Path(quiz).suffix in (".yaml", ".yml") else None


def _read_beside(quizzes: Quizzes, quiz: str | None, *more: Path | None) -> Iterable[Path]:
    """Everything that is read and is no answer: the files of the bank, the quiz, and others."""
    yield from (path for path in quizzes.folder.iterdir() if path.suffix in (".yaml", ".yml", ".json"))
    yield from (path for path in (Path(quiz) if quiz else None, *more) if path and isfile(path))


def _say(*parts: Iterable[str]) -> None:
    for line in chain(*parts):
        click.echo(line, err=True)


def report(
    answers: Sequence[Path],
    folder: Path,
    quiz: str | None = None,
    bank: Path | None = None,
    attempt: Attempt = "first",
    problems_file: Path | None = None,
    *,
    before: Path | None = None,
    seed: str | None = None,
    roster_file: Path | None = None,
    excel: str | None = None,
    force: bool = False,
    names: bool = False,
) -> int:
    """Write the report on `answers` into `folder`; return the exit status.

    With the answers to a pre-test in `before`, it says what was gained since, and `answers` are those to the post-test.

    Raises:
        CourseError: if the quiz, the answers or the files to write cannot be used, or there is nothing to report.
    """
    quizzes = Quizzes(bank or (_folder_of(quiz) if quiz else None), student_copies=True)
    given = keyed_quiz(quizzes, quiz) if quiz else None
    markers_of = _markers(load_adjustments(quizzes))
    roster = Roster(roster_file) if roster_file else None
    written = ("report.html", "items.csv", "learners.csv", *(("gains.csv",) if before else ()))
    targets = {name: folder / name for name in written}
    outputs = [path for path in (*targets.values(), problems_file) if path]
    passed_over = _passed_over(outputs, roster_file, quizzes)
    found, earlier = answer_files(answers, passed_over), answer_files([before], passed_over) if before else Found()
    check_outputs(outputs, [*found.files, *earlier.files, *_read_beside(quizzes, quiz, roster_file)], force)
    style = EXCEL[excel] if excel else PLAIN

    def gather(files: Sequence[Path]) -> tuple[list[ClassAnswers], list[Likeness]]:
        attendance = Attendance(problems, roster)
        batches = read_answers(files, quizzes, problems, Given(given, _seed(seed), roster))
        copies = Copies(_seed(seed))
        classes = collect(attendance.watch(batches), problems, attempt, markers_of, copies.watch)
        attendance.finish()
        return classes, copies.tell(problems)

    with output_file(problems_file) if problems_file else nullcontext() as listed:
        problems = _problems(listed, earlier, found)
        problems.alike = {file.name for file in earlier.files} & {file.name for file in found.files}
        tested, _ = gather(earlier.files)
        classes, alike = gather(found.files)
        gains = lesson_gains(tested, classes, problems) if before else []
        problems.finish()
    _say(problems.lines())
    if not classes:
        raise CourseError("No answers could be read, so there is nothing to report.")
    if before and not gains:
        raise CourseError(
            "Nobody took both a pre-test and a post-test of a lesson, so there is no gain to report. Learners are found by "
            "their names, or by --roster; see that both folders hold the same class."
        )
    lessons = [analyse_lesson(each) for each in classes]
    known: dict[str, Misconception] = {}
    for each in classes:
        known |= quizzes.misconceptions(quiz or each.quiz.lesson)
    sources = [file.name for file in found.files]
    texts = {
        "report.html": page(
            lessons,
            rank_misconceptions(classes),
            known,
            sources,
            attempt,
            problems.rows_lost + problems.unread,
            alike,
            names,
            gains,
        ),
        "items.csv": items_table(lessons, style),
        "learners.csv": learners_table(lessons, style),
        "gains.csv": gains_table(gains, style),
    }
    _make_folder(folder)
    for name, target in targets.items():
        with output_file(target) as file:
            file.write(texts[name].encode("utf-8", "replace"))
    learners = len({name for each in classes for name in each.keys})
    counts = f"{count(learners, 'learner')}, {count(len(classes), 'quiz', 'quizzes')}"
    _say(map(gain_line, gains), [f"{counts}. Written to {targets['report.html']}."], problems.summary())
    return problems.status


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(f"{folder}: cannot be made ({error.strerror}); name another folder with -o") from None
