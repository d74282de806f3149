"""What `course verify` does, step by step, with its exit status."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence
from pathlib import Path

import click

from courseware.catalog import LessonInfo
from courseware.verify import pages
from courseware.verify import plain as plain_run
from courseware.verify.running import Limits
from courseware.verify.table import details, legend, summary, table, versions

INTERRUPTED = 130


def plain(
    infos: Sequence[LessonInfo],
    junit: Path | None,
    html: Path | None,
    jobs: int | None,
    cell_limit: float,
    memory_limit: int,
) -> int:
    """Verify `infos`, print what was found, write the files asked for; return the exit status."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = time.monotonic()
    try:
        rows = plain_run.verify(infos, Limits(cell_limit, memory_limit), jobs)
    except KeyboardInterrupt:
        click.echo("Interrupted; nothing was decided.", err=True)
        return INTERRUPTED
    seconds = time.monotonic() - began
    click.echo(f"\n{table(rows)}\n\n{legend()}\n{versions()}\n")
    if found := details(rows):
        click.echo(f"{found}\n")
    click.echo(summary(rows, seconds))
    for path, text in ((junit, pages.junit), (html, pages.html)):
        if path:
            pages.write(path, text(rows, seconds))
            click.echo(f"Wrote {path}")
    return int(any(row.failed for row in rows))
