"""What `course verify` and its two sisters do, step by step, each with its exit status."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence
from pathlib import Path

import click

from courseware.course import LessonInfo
from courseware.files import write_whole
from courseware.tables import text_table
from courseware.verify import matrix_table, pages
from courseware.verify.lessons import run_lessons
from courseware.verify.matrix import run_matrix
from courseware.verify.running import Limits
from courseware.verify.settings import Setting
from courseware.verify.table import details, legend, lessons_text, summary, versions
from courseware.verify.workers import workers

INTERRUPTED = 130


def end_as_interrupted() -> None:
    """Let SIGTERM end this process as Ctrl-C does: what is kept is kept, and no kernel runs on."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def verify_lessons(
    infos: Sequence[LessonInfo],
    junit: Path | None,
    html: Path | None,
    jobs: int | None,
    limits: Limits,
) -> int:
    """Verify `infos`, print what was found, write the files asked for; return the exit status."""
    end_as_interrupted()
    began = time.monotonic()
    try:
        rows = run_lessons(infos, limits, jobs)
    except KeyboardInterrupt:
        click.echo("Interrupted; nothing was decided.", err=True)
        return INTERRUPTED
    seconds = time.monotonic() - began
    click.echo(f"\n{lessons_text(rows)}\n\n{legend()}\n{versions()}\n")
    if found := details(rows):
        click.echo(f"{found}\n")
    click.echo(summary(rows, seconds))
    for path, text in ((junit, pages.junit_xml), (html, pages.html_page)):
        if path:
            write_whole(path, text(rows, seconds))
            click.echo(f"Wrote {path}")
    return int(any(row.failed for row in rows))


def verify_matrix(
    infos: Sequence[LessonInfo],
    settings: Sequence[Setting],
    report: Path | None,
    jobs: int | None,
    rerun: bool,
    limits: Limits,
) -> int:
    """Verify `infos` under `settings`, print every claim against every one of them; return the exit status."""
    end_as_interrupted()
    possible = [setting for setting in settings if not setting.missing]
    for setting in settings:
        if setting.missing:
            click.echo(f"Left out: {setting.name}: {setting.missing}.", err=True)
    if not possible:
        return 2
    try:
        found = run_matrix(infos, possible, limits, jobs, rerun)
    except KeyboardInterrupt:
        click.echo("Interrupted; what has ended is kept. The same command goes on from here.", err=True)
        return INTERRUPTED
    click.echo(f"\n{matrix_table.claims_by_settings(found)}\n\n{versions()}\n")
    head = ["lesson", *(setting.name for setting in possible)]
    click.echo(text_table(head, matrix_table.lessons_by_settings(found)))
    if near := matrix_table.closest(found):
        click.echo(f"\nClosest to failing\n{text_table(matrix_table.CLOSEST_HEAD, near)}")
    if wrong := matrix_table.findings(found):
        click.echo(f"\n{wrong}")
    click.echo(f"\n{matrix_table.verdict(found)}")
    if report:
        write_whole(report, matrix_table.markdown(found))
        click.echo(f"Wrote {report}")
    return int(bool(found.flips()))


def verify_mutants(infos: Sequence[LessonInfo], jobs: int | None) -> int:
    """Try every small change of the solutions of `infos` on its check; return the exit status."""
    # Authors have the packages that these need; who verifies the lessons need not.
    from courseware.verify.mutants import running
    from courseware.verify.mutants.excuses import read_excuses
    from courseware.verify.mutants.report import holds, mutants_text

    end_as_interrupted()
    try:
        excuses = [excuse for info in infos for excuse in read_excuses(info)]
        found = running.run(infos, say=lambda text: click.echo(text, err=True), jobs=workers(jobs))
    except KeyboardInterrupt:
        click.echo("Interrupted; what has ended is kept. The same command goes on from here.", err=True)
        return INTERRUPTED
    click.echo(f"\n{mutants_text(found, excuses)}")
    return int(not holds(found, excuses))
