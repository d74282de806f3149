"""The command `course project`: briefs, a notebook to begin with, and the check of what was made of it."""

from __future__ import annotations

from pathlib import Path

import click

from courseware.cli.shared import CommandsWithDefault


@click.group(cls=CommandsWithDefault, invoke_without_command=True)
def project() -> None:
    """Finish the course with a project of your own.

    Without a command it lists the projects.
    """


@project.command(name="list")
def list_() -> None:
    """List the projects."""
    from courseware.projects.briefs import BRIEFS

    for brief in BRIEFS:
        click.echo(f"{brief.name}: {brief.title}\n  {brief.question}\n  To beat: {brief.baseline}.\n")
    click.echo("`course project start NAME` gives you a notebook to work in, `course project check NAME` looks at it.")


@project.command()
@click.argument("name")
def start(name: str) -> None:
    """Get a project's notebook; one that you have stays as it is."""
    from courseware.projects.briefs import find
    from courseware.projects.start import start_project

    copy, is_new = start_project(find(name))
    click.echo(f"Your notebook is {copy}" if is_new else f"You have it already, and it stays as it is: {copy}")
    click.echo(
        "`course lab` starts JupyterLab; open the folder projects in its list of files. "
        f"When the notebook is filled in and saved: `course project check {find(name).name}`."
    )


@project.command()
@click.argument("name")
@click.argument("notebook", type=click.Path(dir_okay=False, exists=True, path_type=Path), required=False)
@click.option("--seconds", default=600, show_default=True, type=click.IntRange(1), help="What it may take in all.")
@click.option("--memory", default=4000, show_default=True, type=click.IntRange(1), help="MB that it may take.")
def check(name: str, notebook: Path | None, seconds: int, memory: int) -> None:
    """Check a project against the part of its data that was held out.

    Without NOTEBOOK it is your own copy. It is run from its first cell to its last, then its function train is called
    three times; save it first.
    """
    from courseware.projects.briefs import find
    from courseware.projects.check import check_project, reply
    from courseware.projects.sandbox import Limits

    brief = find(name)
    click.echo("The notebook runs, then trains three times; this may take some minutes.", err=True)
    findings = check_project(brief, notebook, Limits(seconds, memory))
    click.echo(reply(brief, findings))
    raise SystemExit(int(not all(each.holds for each in findings)))
