"""The command `course verify` and its two sisters: see whether the course still holds.

Each exits with 0 if it does, 1 if not, 130 after an interruption.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from courseware import course
from courseware.cli.shared import CommandsWithDefault, Lesson, authors_only
from courseware.errors import CourseError
from courseware.files import has_mark, write_whole

INTERRUPTED = 130
GOES_ON = "what has ended is kept. The same command goes on from here."

HELP = """For instructors: run everything and see whether it still holds.

\b
course verify              the same as `course verify lessons`: all lessons
course verify 04           lesson 04 only
"""


@click.group(cls=CommandsWithDefault, help=HELP)
def verify() -> None:
    # These end it as Ctrl-C does, SIGHUP when the terminal is closed: what is kept is kept, and no kernel runs on.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # not Windows
            signal.signal(getattr(signal, name), signal.default_int_handler)


@contextmanager
def _interruptible(words: str) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"Interrupted; {words}", err=True)
        raise SystemExit(INTERRUPTED) from None


def _moved(ctx: click.Context, option: click.Parameter, given: bool) -> None:
    if given:
        raise CourseError(
            f"`course verify --{option.name}` is a command of its own now: `course verify {option.name}`."
        )


def _may_write(path: Path | None, mark: str) -> None:
    """See before hours of running that a report may take the place of what is there.

    Raises:
        CourseError: if that is something else than an earlier report, which holds `mark`.
    """
    if path is None or not path.is_file():  # a device or a pipe is written to as it is
        return
    try:
        if not has_mark(path, mark):
            raise CourseError(f"{path}: something else than an earlier report is there; name another file")
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror}); name another file") from None


def _write_file(path: Path, text: str) -> None:
    try:
        write_whole(path, text)
    except OSError as error:
        raise CourseError(f"{path}: cannot be written ({error.strerror}); what was found stands above") from None
    click.echo(f"Wrote {path}")


_lessons = click.argument("lessons", type=Lesson(), nargs=-1)
_jobs = click.option("--jobs", type=click.IntRange(min=1), help="Notebooks at a time; by default one a core.")
_cell_limit = click.option(
    "--cell-limit", type=click.FloatRange(min=1), default=120, help="Stop a cell after so many seconds."
)
_memory_limit = click.option(
    "--memory-limit", type=click.IntRange(min=100), default=8000, help="Stop a kernel at so many MB."
)
_file = click.Path(path_type=Path, dir_okay=False)


@verify.command()
@_lessons
@click.option("--junit", type=_file, help="Write the verdicts as JUnit XML.")
@click.option("--html", type=_file, help="Write the table as a page.")
@click.option(
    "--quizzes", type=click.Path(path_type=Path), help="Look at the keys of your own quizzes in this folder instead."
)
@_jobs
@_cell_limit
@_memory_limit
@click.option("--matrix", is_flag=True, hidden=True, is_eager=True, expose_value=False, callback=_moved)
@click.option("--mutants", is_flag=True, hidden=True, is_eager=True, expose_value=False, callback=_moved)
def lessons(
    lessons: tuple[course.LessonInfo, ...],
    junit: Path | None,
    html: Path | None,
    quizzes: Path | None,
    jobs: int | None,
    cell_limit: float,
    memory_limit: int,
) -> None:
    """Run the lessons and solutions as they are shipped.

    Runs all of them or those that you name, and compares what every cell shows
    with what is stored, as `pytest --nbval` does. Prints a table of lessons by
    checks and every difference. Exit status 1 says that something does not hold.

    With --quizzes no notebook runs: what `verify` and `code` say in your own
    quizzes is computed and compared with their keys. That runs code which the
    quizzes hold, with your rights; so do it with quizzes that you trust.
    """
    if quizzes:
        if lessons or junit or html:
            raise CourseError("--quizzes looks at keys alone; leave out the lessons, --junit and --html")
        from courseware.verify.keys import bank_text

        text, holds = bank_text(quizzes)
        click.echo(text)
        raise SystemExit(int(not holds))
    from courseware.verify.lessons import run_lessons
    from courseware.verify.running import Limits
    from courseware.verify.verdicts import html_page, junit_xml, lessons_text

    _may_write(junit, 'testsuites name="course verify"')
    _may_write(html, "<title>course verify</title>")
    began = time.monotonic()
    with _interruptible("nothing was decided."):
        rows = run_lessons(lessons or course.ready_lessons(), Limits(cell_limit, memory_limit), jobs)
    seconds = time.monotonic() - began
    click.echo(f"\n{lessons_text(rows, seconds)}")
    if junit:
        _write_file(junit, junit_xml(rows, seconds))
    if html:
        _write_file(html, html_page(rows, seconds))
    raise SystemExit(int(any(row.failed for row in rows)))


@verify.command()
@_lessons
@click.option("--settings", metavar="NAMES", help="Only these settings, e.g. seed-37,jax.")
@click.option("--report", type=_file, help="Write it as Markdown.")
@click.option("--fresh", type=click.IntRange(min=1), help="For authors: so many seeds that nobody has looked at.")
@click.option("--rerun", is_flag=True, help="Run anew what an earlier run has found.")
@_jobs
@_cell_limit
@_memory_limit
def matrix(
    lessons: tuple[course.LessonInfo, ...],
    settings: str | None,
    report: Path | None,
    fresh: int | None,
    rerun: bool,
    jobs: int | None,
    cell_limit: float,
    memory_limit: int,
) -> None:
    """Repeat it under other seeds, threads, instructions and backends.

    Runs the solutions under every setting and prints each claim against each
    of them. After an interruption the same command goes on.

    With --fresh N it draws N seeds at random instead, none that was ever drawn
    before, runs each as shipped (or under each of --settings), and enters them
    with what flipped into the ledger in docs/verified.md.
    """
    from courseware.verify.fresh import draw, enter, ledger_file, read_ledger, section
    from courseware.verify.matrix import run_matrix
    from courseware.verify.matrix_table import markdown, matrix_text
    from courseware.verify.running import Limits
    from courseware.verify.settings import chosen

    if fresh:
        authors_only()
        if rerun or report:
            raise CourseError("A fresh seed is run once, and its report is the ledger; leave out --rerun and --report")
    _may_write(report, "Made by `course verify matrix --report`")
    wanted = chosen("seed-0" if fresh and not settings else settings)
    for setting in wanted:
        if setting.missing:
            click.echo(f"Left out: {setting.name}: {setting.missing}.", err=True)
    possible = [setting for setting in wanted if not setting.missing]
    if not possible:
        raise SystemExit(2)
    infos = lessons or course.ready_lessons()
    if fresh:
        possible = draw(possible, fresh, infos, ledger_file())
    with _interruptible(GOES_ON):
        limits = Limits(cell_limit, memory_limit)
        found = run_matrix(infos, possible, limits, jobs, rerun)
    click.echo(f"\n{matrix_text(found)}")
    if fresh:
        enter(ledger_file(), found)
        click.echo(f"Entered into {ledger_file()}")
    if report:
        entries = read_ledger(report)
        _write_file(report, markdown(found, section(entries) if entries else ""))
    raise SystemExit(int(bool(found.flips())))


@verify.command()
@_lessons
@_jobs
def mutants(lessons: tuple[course.LessonInfo, ...], jobs: int | None) -> None:
    """See what the exercises' checks let pass.

    Changes the worked answers in many small ways and lists each change that an
    exercise's check accepts.
    """
    authors_only()
    from courseware.verify.mutants import running
    from courseware.verify.mutants.report import holds, mutants_text, read_excuses
    from courseware.verify.workers import workers

    infos = lessons or course.ready_lessons()
    with _interruptible(GOES_ON):
        excuses = [excuse for info in infos for excuse in read_excuses(info)]
        found = running.run(infos, say=lambda text: click.echo(text, err=True), jobs=workers(jobs))
    click.echo(f"\n{mutants_text(found, excuses)}")
    raise SystemExit(int(not holds(found, excuses)))
