"""The command `course`. Everything heavy is imported inside the command that needs it, so that it starts at once."""

from __future__ import annotations

from pathlib import Path

import click

from courseware import catalog
from courseware.progress import Progress, ProgressError
from courseware.workspace import WorkspaceError

HELP = """Learn neural networks with Keras: lessons, exercises that answer back, and quizzes.

\b
First time here?
  course lab         opens the first lesson in JupyterLab, in your browser

\b
Then, whenever you come back:
  course next        says what to do next
  course lab         opens the lesson you are in
  course quiz 01     takes the quiz of lesson 01 in this terminal
  course progress    shows what you have done

A lesson may be called by its number (01), its name (linear_regression) or both (01_linear_regression).
"""


class Trouble(click.ClickException):
    """One line for the learner, and exit code 2."""

    exit_code = 2

    def show(self, file=None) -> None:
        click.echo(self.format_message(), err=True)


class Course(click.Group):
    """The group: commands in the order they stand here, and the course's own errors shown as one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context):
        try:
            return super().invoke(ctx)
        except (catalog.UnknownLesson, ProgressError, WorkspaceError) as error:
            raise Trouble(str(error)) from error


class Lesson(click.ParamType):
    """A lesson's name on the command line: the number, the name, or both."""

    name = "lesson"

    def __init__(self, ready: bool = True):
        self.ready = ready

    def convert(self, value, param, ctx) -> catalog.LessonInfo:
        info = catalog.find(value)
        if self.ready and not info.ready:
            raise Trouble(f"Lesson {info.slug} is announced but not written yet. `course progress` lists them all.")
        return info


@click.group(cls=Course, invoke_without_command=True, help=HELP)
@click.version_option(package_name="courseware", message="%(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@main.command()
@click.argument("lesson", type=Lesson(), required=False)
@click.option("--no-browser", is_flag=True, help="Only print the address, for you to open.")
def lab(lesson: catalog.LessonInfo | None, no_browser: bool) -> None:
    """Open a lesson in JupyterLab.

    Without LESSON it is the one that comes next.

    You work in your own copy, in the folder my_lessons; updates of the course never change it.
    """
    from courseware import jupyter, workspace

    ready = catalog.ready_lessons()
    for note in workspace.refresh(ready):
        click.echo(note)
    info = lesson or _next_lesson() or ready[0]
    click.echo(f"Lesson {info.slug}: {info.title}. Your copy is {workspace.copy_of(info)}")
    click.echo("JupyterLab runs until you press Ctrl-C here, or choose File > Shut Down there.")
    raise SystemExit(jupyter.serve(workspace.folder(), workspace.copy_of(info).name, browser=not no_browser))


@main.command(name="next")
def next_() -> None:
    """Say what to do next."""
    from courseware.status import advice

    click.echo(advice(_statuses()))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print it for programs.")
def progress(as_json: bool) -> None:
    """Show how far you are in every lesson."""
    from courseware.status import advice, table

    statuses = _statuses()
    if as_json:
        import json

        rows = [
            {
                "lesson": each.info.slug, "state": each.state, "exercises": each.exercises,
                "questions": each.questions, "answered": each.answered, "points": each.points,
            }
            for each in statuses
        ]  # fmt: skip
        click.echo(json.dumps(rows, indent=2))
        return
    click.echo(f"{table(statuses)}\n\n{advice(statuses)}")


@main.command()
@click.argument("lesson", type=Lesson())
def quiz(lesson: catalog.LessonInfo) -> None:
    """Take a lesson's quiz in this terminal."""
    from courseware.quiz import terminal
    from courseware.quiz.bank import QuizError, load_quiz

    try:
        questions = load_quiz(lesson.quiz)
    except QuizError as error:
        raise Trouble(str(error)) from error
    terminal.run(questions, Progress())


@main.command()
@click.argument("lesson", type=Lesson())
def reset(lesson: catalog.LessonInfo) -> None:
    """Start a lesson afresh; your copy is kept.

    The new copy takes the place of yours, which stays beside it under a name with the date.
    """
    from courseware import workspace

    backup = workspace.reset(lesson)
    click.echo(f"{workspace.copy_of(lesson)} is new.")
    if backup:
        click.echo(f"What you had is kept in {backup}.")


@main.command()
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
    from courseware.quiz.export import ExportError
    from courseware.quiz.export.files import export_files

    try:
        files = export_files(lesson, to, output=output, quizzes=quizzes, seed=seed, force=force)
    except ExportError as error:
        raise Trouble(str(error)) from error
    for written in files:
        click.echo(f"Wrote {written.path}")
        for note in written.notes:
            click.echo(f"{written.lesson}, {note}" if len(files) > 1 else note, err=True)


@main.command()
@click.argument("lessons", type=Lesson(), nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; only say what differs from source/.")
def build(lessons: tuple[catalog.LessonInfo, ...], check: bool) -> None:
    """For authors: make the notebooks from source/.

    Without LESSONS, all of them.
    """
    from courseware.authoring.build import build as make

    _report(make(lessons or catalog.ready_lessons(), check=check), "The notebooks agree with their sources.")


@main.command()
def lint() -> None:
    """For authors: look for faults in the lessons."""
    from courseware.authoring.lint import lint as look

    _report(look(catalog.ready_lessons()), "No faults found.")


def _report(problems: list[str], fine: str) -> None:
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise SystemExit(1)
    click.echo(fine)


def _statuses() -> list:
    from courseware.status import status

    record = Progress()
    return [status(info, record) for info in catalog.lessons()]


def _next_lesson() -> catalog.LessonInfo | None:
    from courseware.status import next_open

    each = next_open(_statuses())
    return each.info if each else None


if __name__ == "__main__":
    main(prog_name="course")
