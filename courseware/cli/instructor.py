"""Commands for instructors: grade a class, report on it, hand quizzes on, and see whether the course still holds."""

from __future__ import annotations

from pathlib import Path

import click

from courseware import course
from courseware.cli.shared import CommandsWithDefault, Lesson, authors_only
from courseware.errors import CourseError


@click.command()
@click.argument("quiz")
@click.argument("answers", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The CSV file to write; else it is printed.")
@click.option("--quizzes", type=click.Path(path_type=Path), help="The folder of your own quizzes.")
@click.option("--problems", type=click.Path(path_type=Path), help="A file for all problems; some are shown anyway.")
@click.option("--feedback", type=click.Path(path_type=Path), help="A file for the feedback, each once; see below.")
def grade(quiz: str, answers: tuple[Path, ...], output: Path | None, quizzes: Path | None, problems: Path | None,
          feedback: Path | None) -> None:  # fmt: skip
    """For instructors: grade a class's answers to a quiz.

    QUIZ is a lesson, or a quiz's .yaml file. ANSWERS are files, or folders of files:

    \b
    - CSV with a column `learner` and one for each question's id, perhaps
      also `attempt`;
    - the responses of a quiz in Moodle, as CSV;
    - one YAML or JSON file a learner, with `learner`, `quiz`, `answers`.

    What cannot be read is listed with file and line, and earns 0 points. The
    exit status is 1 if a whole row could not be graded.

    For very large classes, --feedback FILE writes each feedback once into a
    file of its own; the column `feedback` then holds keys such as pooling:4.
    """
    from courseware.grading import commands

    raise SystemExit(commands.grade(quiz, answers, output, quizzes, problems, feedback))


@click.command()
@click.argument("answers", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), default="report", help="The folder to write into.")
@click.option("--quiz", help="The quiz that all answers belong to, if their files do not say.")
@click.option("--quizzes", type=click.Path(path_type=Path), help="The folder of your own quizzes.")
@click.option("--all-attempts", is_flag=True, help="Count all attempts, not only each learner's first.")
@click.option("--problems", type=click.Path(path_type=Path), help="A file for all problems; some are shown anyway.")
def report(answers: tuple[Path, ...], output: Path, quiz: str | None, quizzes: Path | None, all_attempts: bool,
           problems: Path | None) -> None:  # fmt: skip
    """For instructors: see what a class knows, and which questions need repair.

    ANSWERS are files or folders as for `course grade`, of one quiz or many. A
    file says which quiz it is for by a column or field `quiz`, or by its name
    (04_cnn_group_a.csv).

    The folder gets report.html, a page to read or print, and the tables
    items.csv (questions) and learners.csv.
    """
    from courseware.grading import commands

    raise SystemExit(commands.report(answers, output, quiz, quizzes, all_attempts, problems))


@click.command()
@click.argument("lesson")
@click.option(
    "--to", required=True, type=click.Choice(["moodle", "gift", "text2qti", "jupyterquiz"]), help="The format."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="A file, or a folder; by default the current folder."
)
@click.option("--quizzes", type=click.Path(path_type=Path), help="A folder of quizzes instead of the course's own.")
@click.option("--seed", default=0, help="Draws the numbers of questions that have any to draw; 0 by default.")
@click.option("--force", is_flag=True, help="Overwrite files that are there already.")
def export(lesson: str, to: str, output: Path | None, quizzes: Path | None, seed: int, force: bool) -> None:
    """For instructors: write a quiz for Moodle, Canvas or a notebook.

    LESSON is a lesson, or all. What the format cannot hold goes to the error output, line by line.

    \b
    moodle       Moodle XML, to import into a question bank
    gift         GIFT, for Moodle and other programs
    text2qti     text that the program text2qti makes a quiz for Canvas of
    jupyterquiz  JSON for the package jupyterquiz, for notebooks
    """
    from courseware.quiz.export.files import export_files

    files = export_files(lesson, to, output=output, quizzes=quizzes, seed=seed, force=force)
    for written in files:
        click.echo(f"Wrote {written.path}")
        for note in written.notes:
            click.echo(f"{written.lesson}, {note}" if len(files) > 1 else note, err=True)


VERIFY = """For instructors: run everything and see whether it still holds.

\b
course verify              the same as `course verify lessons`: all lessons
course verify 04           lesson 04 only
"""


@click.group(cls=CommandsWithDefault, help=VERIFY)
def verify() -> None:
    pass


def _moved(ctx: click.Context, option: click.Parameter, given: bool) -> None:
    if given:
        raise CourseError(
            f"`course verify --{option.name}` is a command of its own now: `course verify {option.name}`."
        )


_lessons = click.argument("lessons", type=Lesson(), nargs=-1)
_jobs = click.option("--jobs", type=click.IntRange(min=1), help="Notebooks at a time; by default one a core.")
_cell_limit = click.option(
    "--cell-limit", type=click.FloatRange(min=1), default=120, help="Stop a cell after so many seconds."
)
_memory_limit = click.option(
    "--memory-limit", type=click.IntRange(min=100), default=8000, help="Stop a kernel at so many MB."
)
_file = click.Path(path_type=Path, dir_okay=False)


@verify.command(name="lessons")
@_lessons
@click.option("--junit", type=_file, help="Write the verdicts as JUnit XML.")
@click.option("--html", type=_file, help="Write the table as a page.")
@_jobs
@_cell_limit
@_memory_limit
@click.option("--matrix", is_flag=True, hidden=True, is_eager=True, expose_value=False, callback=_moved)
@click.option("--mutants", is_flag=True, hidden=True, is_eager=True, expose_value=False, callback=_moved)
def verify_lessons(
    lessons: tuple[course.LessonInfo, ...],
    junit: Path | None,
    html: Path | None,
    jobs: int | None,
    cell_limit: float,
    memory_limit: int,
) -> None:
    """Run the lessons and solutions as they are shipped.

    Runs all of them or those that you name, and compares what every cell shows
    with what is stored, as `pytest --nbval` does. Prints a table of lessons by
    checks and every difference. Exit status 1 says that something does not hold.
    """
    from courseware.verify.commands import verify_lessons
    from courseware.verify.running import Limits

    infos = lessons or course.ready_lessons()
    raise SystemExit(verify_lessons(infos, junit, html, jobs, Limits(cell_limit, memory_limit)))


@verify.command(name="matrix")
@_lessons
@click.option("--settings", metavar="NAMES", help="Only these settings, e.g. seed-1,jax.")
@click.option("--report", type=_file, help="Write it as Markdown.")
@click.option("--rerun", is_flag=True, help="Run anew what an earlier run has found.")
@_jobs
@_cell_limit
@_memory_limit
def verify_matrix(
    lessons: tuple[course.LessonInfo, ...],
    settings: str | None,
    report: Path | None,
    rerun: bool,
    jobs: int | None,
    cell_limit: float,
    memory_limit: int,
) -> None:
    """Repeat it under other seeds, threads, instructions and backends.

    Runs the solutions under every setting and prints each claim against each
    of them. After an interruption the same command goes on.
    """
    from courseware.verify.commands import verify_matrix
    from courseware.verify.running import Limits
    from courseware.verify.settings import chosen

    infos = lessons or course.ready_lessons()
    raise SystemExit(verify_matrix(infos, chosen(settings), report, jobs, rerun, Limits(cell_limit, memory_limit)))


@verify.command(name="mutants")
@_lessons
@_jobs
def verify_mutants(lessons: tuple[course.LessonInfo, ...], jobs: int | None) -> None:
    """See what the exercises' checks let pass.

    Changes the worked answers in many small ways and lists each change that an
    exercise's check accepts.
    """
    authors_only()
    from courseware.verify.commands import verify_mutants

    raise SystemExit(verify_mutants(lessons or course.ready_lessons(), jobs))
