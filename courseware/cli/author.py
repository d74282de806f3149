"""Commands for who writes the course: make the notebooks, look for faults."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import click

from courseware import course
from courseware.cli.shared import Lesson, authors_only
from courseware.errors import CourseError


@click.command()
@click.argument("lessons", type=Lesson(), nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; only say what differs from source/.")
@click.option("--words", is_flag=True, help="Run nothing: only words, comments and layout have changed.")
def build(lessons: tuple[course.LessonInfo, ...], check: bool, words: bool) -> None:
    """For authors: make the notebooks from source/.

    Without LESSONS, all of them. With --words the notebooks keep their outputs,
    which takes a second; where the code of a cell has changed it says so instead.
    """
    authors_only()
    from courseware.authoring.build import build, build_words

    infos = lessons or course.ready_lessons()
    if check and words:
        raise click.UsageError("Choose one of --check and --words.")
    problems = build_words(infos) if words else build(infos, check=check)
    _report(problems, "The notebooks agree with their sources.")


@click.command()
@click.option(
    "--quizzes", type=click.Path(path_type=Path), metavar="DIR", help="Look at the quizzes in this folder only."
)
@click.option("--look", type=Lesson(), help="List what only a person can judge in this lesson.")
def lint(quizzes: Path | None, look: course.LessonInfo | None) -> None:
    """For authors: look for faults in lessons and quizzes.

    With --look it lists, for one lesson, explanations that may lack an experiment,
    claims with a sweeping word, words that the field does not use, and what the
    form of its quiz may give away. Write what you looked at in the lesson, and what
    makes it right, into source/looked_at.toml. --quizzes lists the last as well.
    """
    if look:
        authors_only()
        from courseware.authoring.quiznotes import quiz_notes
        from courseware.authoring.reading import places

        found = [*map(str, places(look)), *quiz_notes(look.quiz)]
        click.echo("\n".join([*found, f"{len(found)} places to look at."]))
        return
    from courseware.authoring.quizlint import folder_problems
    from courseware.authoring.quiznotes import folder_notes

    if quizzes:
        problems = folder_problems(quizzes)
        if not problems:
            click.echo("".join(f"{note}\n" for note in folder_notes(quizzes)), nl=False)
    else:
        authors_only()
        from courseware.authoring.lint import lint

        problems = lint()
    _report(problems, "No faults found.")


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("site"), show_default=True, metavar="FOLDER",
              help="Where the site is written.")  # fmt: skip
@click.option("--check", is_flag=True, help="Write nothing; look at the site that lies in FOLDER.")
def site(output: Path, check: bool) -> None:
    """For authors: write the course as a web site.

    The folder works on any web server, and from a stick without the network: open
    its index.html. --check reports dead links, pictures without a description, and
    whatever would ask the network.
    """
    authors_only()
    if not importlib.util.find_spec("furo") or not importlib.util.find_spec("myst_parser"):
        raise CourseError("`course site` needs Sphinx with MyST and Furo: run `make setup-dev`, which installs them.")
    from courseware.site import build_site
    from courseware.site.check import problems

    if check:
        _report(problems(output), f"{output}: every link leads somewhere, and nothing asks the network.")
    else:
        _report(build_site(output), f"Written: {output / 'index.html'}")


def _report(problems: list[str], fine: str) -> None:
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise SystemExit(1)
    click.echo(fine)
