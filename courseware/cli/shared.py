"""What all commands share: errors as one line, lessons by name, commands in the order in which they were added."""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import IO, Any

import click

from courseware import course, streams
from courseware.errors import CourseError
from courseware.learner import shadows
from courseware.progress import Progress


class Trouble(click.ClickException):
    """One line for the person at the keyboard, and exit status 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.format_message(), err=True)


class Commands(click.Group):
    """A group whose commands stand in the order in which they were added, and which shows the course's errors as one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def main(self, *args: Any, **options: Any) -> Any:
        """Run the command; what it prints arrives on any stream, and a stream that takes nothing ends it in one line."""
        streams.arrive()
        try:
            try:
                return super().main(*args, **options)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:  # as with `| head`
            code = 1
        except OSError as error:
            if error.filename is not None:  # it is about a file, not about a stream
                raise
            click.echo(f"The output could not be written: {error.strerror or error}.", err=True)
            code = 2
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python would try once more, and complain
        sys.exit(code)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CourseError as error:
            raise Trouble(str(error)) from error
        except ImportError as error:
            if not (bad := shadows.polluting()):
                raise
            names = " and ".join(str(path) for found in bad.values() for path in found)
            raise Trouble(
                f"{names}: PYTHONPATH brings this in the place of the course's own packages, and it does not work here "
                f"({error}). Run `unset PYTHONPATH` (on Windows `set PYTHONPATH=`) and try again."
            ) from error


def record() -> Progress:
    """The learner's record; what of it cannot be read is told when the command ends."""
    progress = Progress()

    def tell() -> None:
        for row in sorted(progress.bad_rows):
            click.echo(f"Left out of your record, since it cannot be read: {row} in {progress.path}.", err=True)

    click.get_current_context().call_on_close(tell)
    return progress


def authors_only() -> None:
    """Raise CourseError unless this is a checkout with what authors need in its environment."""
    if course.INSTALLED or not importlib.util.find_spec("jupytext"):
        raise CourseError("This command is for authors: it works in a checkout of the course, after `make setup-dev`.")


class CommandsWithDefault(Commands):
    """A group whose first command is meant where none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in (*self.commands, *ctx.help_option_names):
            args = [self.list_commands(ctx)[0], *args]
        return super().parse_args(ctx, args)


class Lesson(click.ParamType):  # type: ignore[type-arg]
    """A lesson's name on the command line: the number, the name, or both."""

    name = "lesson"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> course.LessonInfo:
        info = course.find(value)
        if not info.ready:
            raise CourseError(f"Lesson {info.slug} is announced but not written yet. `course progress` lists them all.")
        return info
