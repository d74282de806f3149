"""The command `course`: what learners, instructors and authors type, a module each.

Everything heavy is imported inside the command that needs it, so that it starts at once.
"""

from __future__ import annotations

import click

from courseware.cli import author, instructor, learner, project, verify
from courseware.cli.shared import Commands

HELP = """Learn neural networks with Keras: lessons, exercises that answer back, and quizzes.

\b
First time here?
  course lab         opens the first lesson in JupyterLab, in your browser

\b
Then, whenever you come back:
  course next        says what to do next
  course lab         opens the lesson you are in
  course quiz 01     takes the quiz of lesson 01 in this terminal
  course review      asks again what is due today, so that it stays with you
  course progress    shows what you have done

A lesson may be called by its number (01), its name (linear_regression) or both (01_linear_regression).
"""


@click.group(cls=Commands, invoke_without_command=True, help=HELP)
@click.version_option(package_name="courseware", message="%(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for command in (
    learner.lab, learner.next_, learner.progress, learner.quiz, learner.review, learner.reset,
    learner.solution, project.project, learner.doctor,
    instructor.grade, instructor.report, instructor.gradebook, instructor.export, verify.verify,
    author.build, author.lint, author.site,
):  # fmt: skip
    main.add_command(command)
