"""Commands for instructors: grade a class, report on it, and hand quizzes on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from courseware.grading.report.class_answers import Attempt

_SEED = click.option(
    "--seed", help="What the numbers were drawn with, where the answers do not say; see `course export`."
)
_ROSTER = click.option("--roster", type=click.Path(path_type=Path), help="The class as CSV: id, name, email, section.")
_EXCEL = click.option(
    "--excel",
    type=click.Choice(["comma", "semicolon"]),
    help="Write tables for Excel: what parts cells in your country.",
)
_ATTEMPT = click.option(
    "--attempt",
    type=click.Choice(["first", "last", "best"]),
    default="first",
    help="Which attempt of each learner counts.",
)
_FORM = click.option("--form", type=click.Choice(["a", "b"]), help="Of the quiz, only the questions of this form.")
_FORCE = click.option("--force", is_flag=True, help="Overwrite files that `course` did not write.")


@click.command()
@click.argument("quiz")
@click.argument("answers", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The CSV file to write; else it is printed.")
@click.option("--quizzes", type=click.Path(path_type=Path), help="The folder of your own quizzes.")
@click.option("--problems", type=click.Path(path_type=Path), help="A file for all problems; some are shown anyway.")
@click.option("--feedback", type=click.Path(path_type=Path), help="A file for the feedback, each once; see below.")
@click.option("--feedback-for-each", type=click.Path(path_type=Path), help="A folder for a page of feedback a learner.")
@click.option("--compare", type=click.Path(path_type=Path), help="An earlier table: say whose mark changed, and why.")
@_FORM
@_SEED
@_ROSTER
@_EXCEL
@_FORCE
def grade(quiz: str, answers: tuple[Path, ...], output: Path | None, quizzes: Path | None, problems: Path | None,
          feedback: Path | None, feedback_for_each: Path | None, compare: Path | None, form: str | None, seed: str | None, roster: Path | None,
          excel: str | None, force: bool) -> None:  # fmt: skip
    """For instructors: grade a class's answers to a quiz.

    QUIZ is a lesson, or a quiz's .yaml file. ANSWERS are files, or folders of files:

    \b
    - CSV with a column `learner` and one for each question's id, perhaps
      also `attempt`;
    - the responses of a quiz in Moodle, as CSV;
    - one YAML or JSON file a learner, with `learner`, `quiz`, `answers`.

    What cannot be read is listed with file and line, and earns 0 points. The
    exit status is 1 if a whole row could not be graded, a file was not read,
    or somebody is not in the roster.

    For very large classes, --feedback FILE writes each feedback once into a
    file of its own; the column `feedback` then holds keys such as pooling:4.
    """
    from courseware.grading import commands

    raise SystemExit(commands.grade(
        quiz, answers, output, quizzes, problems, feedback, seed=seed, roster_file=roster, compare=compare,
        feedback_folder=feedback_for_each, excel=excel, force=force, form=form,
    ))  # fmt: skip


@click.command()
@click.argument("answers", nargs=-1, type=click.Path(path_type=Path))
@click.option("--pre", metavar="DIR", type=click.Path(path_type=Path), help="The answers to a pre-test.")
@click.option(
    "--post", metavar="DIR", type=click.Path(path_type=Path), help="Those to the post-test, instead of ANSWERS."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), default="report", help="The folder to write into.")
@click.option("--quiz", help="The quiz that all answers belong to, if their files do not say.")
@click.option("--quizzes", type=click.Path(path_type=Path), help="The folder of your own quizzes.")
@_ATTEMPT
@click.option("--all-attempts", is_flag=True, help="Count all attempts, not only one of each learner.")
@click.option("--problems", type=click.Path(path_type=Path), help="A file for all problems; some are shown anyway.")
@click.option("--names", is_flag=True, help="Name learners and their files on the page.")
@_SEED
@_ROSTER
@_EXCEL
@_FORCE
def report(answers: tuple[Path, ...], pre: Path | None, post: Path | None, output: Path, quiz: str | None,
           quizzes: Path | None, attempt: Attempt, all_attempts: bool, problems: Path | None, seed: str | None,
           roster: Path | None, excel: str | None, force: bool, names: bool) -> None:  # fmt: skip
    """For instructors: see what a class knows, and which questions need repair.

    ANSWERS are files or folders as for `course grade`, of one quiz or many. A
    file says which quiz it is for by a column or field `quiz`, or by its name
    (04_cnn_group_a.csv).

    The folder gets report.html, a page to read or print, and the tables
    items.csv (questions) and learners.csv.

    With --pre and --post the page begins with what the class has gained from
    one to the other, and gains.csv has a row for each learner. The rest is
    about the post-test.
    """
    from courseware.grading import commands

    if (pre is None) != (post is None):
        raise click.UsageError("--pre and --post go together: the answers before, and those after.")
    if bool(answers) == bool(post):
        raise click.UsageError("Name the answers: files or folders, or both --pre and --post instead.")
    if post and all_attempts:
        raise click.UsageError(
            "--all-attempts does not go with --pre and --post, where one attempt of each learner counts."
        )
    raise SystemExit(commands.report(
        (post,) if post else answers, output, quiz, quizzes, "all" if all_attempts else attempt, problems,
        before=pre, seed=seed, roster_file=roster,
        excel=excel, force=force, names=names,
    ))  # fmt: skip


@click.command()
@click.argument("grades", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--to", required=True, type=click.Choice(["moodle", "canvas"]), help="What is to import the file.")
@click.option(
    "--roster", required=True, type=click.Path(path_type=Path), help="The class as CSV: id, name, email, section."
)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The CSV file to write.")
@click.option("--name", multiple=True, help="What a column is called, once for each table; by default as its file.")
@_ATTEMPT
@_FORCE
def gradebook(grades: tuple[Path, ...], to: Literal["moodle", "canvas"], roster: Path, output: Path,
              name: tuple[str, ...], attempt: Literal["first", "last", "best"], force: bool) -> None:  # fmt: skip
    """For instructors: bring grades into Moodle or Canvas.

    GRADES are tables that `course grade` wrote. Each becomes a column, and
    everybody in the roster a row, with the id that the roster has. Who is not
    in the roster is listed, and the exit status is 1.

    Canvas adds grades to an assignment whose name is that of the column. A
    gradebook exported from Canvas can itself be the roster.
    """
    from courseware.grading.gradebook import gradebook as write

    raise SystemExit(write(grades, to, roster, output, name, attempt, force))


@click.command()
@click.argument("lesson")
@click.option(
    "--to", required=True, type=click.Choice(["moodle", "gift", "text2qti", "jupyterquiz"]), help="The format."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="A file, or a folder; by default the current folder."
)
@click.option("--quizzes", type=click.Path(path_type=Path), help="A folder of quizzes instead of the course's own.")
@_FORM
@click.option("--seed", default=0, help="Draws the numbers of questions that have any to draw; 0 by default.")
@click.option("--force", is_flag=True, help="Overwrite files that are there already.")
def export(lesson: str, to: str, output: Path | None, quizzes: Path | None, form: str | None, seed: int,
           force: bool) -> None:  # fmt: skip
    """For instructors: write a quiz for Moodle, Canvas or a notebook.

    LESSON is a lesson, or all. What the format cannot hold goes to the error output, line by line.

    \b
    moodle       Moodle XML, to import into a question bank
    gift         GIFT, for Moodle and other programs
    text2qti     text that the program text2qti makes a quiz for Canvas of
    jupyterquiz  JSON for the package jupyterquiz, for notebooks
    """
    from courseware.quiz.export.files import export_files

    files = export_files(lesson, to, output=output, quizzes=quizzes, form=form, seed=seed, force=force)
    for written in files:
        click.echo(f"Wrote {written.path}")
        for note in written.notes:
            click.echo(f"{written.lesson}, {note}" if len(files) > 1 else note, err=True)
