"""The table of lessons by checks, and below it what is wrong, for a terminal and for a CI log."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from courseware.tables import text_table
from courseware.verify.judging import COLUMNS, MEMORY, TIME, Row

PACKAGES = ("tensorflow", "keras", "numpy", "scikit-learn", "matplotlib", "jax", "torch")
DIFF_LINES = 30  # of one difference


def cell_text(row: Row, column: str) -> str:
    """What stands in the table: a tick and what was looked at, a cross and how often, or a measurement.

    >>> cell_text(Row("04_cnn", {"claims": 12}), "claims")
    '✓ 12'
    """
    found = row.under(column)
    failed = sum(finding.failure for finding in found)
    amount = row.counts.get(column, 0)
    if column == TIME:
        shown = f"{amount:.0f} s"
    elif column == MEMORY:
        shown = f"{amount / 1000:.1f} GB"
    elif failed:
        return f"✗ {failed}"
    else:
        return f"✓ {amount:.0f}"
    return f"{'✗' if failed else '!' if found else '✓'} {shown}"


def lessons_text(rows: Sequence[Row]) -> str:
    """The table as text of fixed width."""
    return text_table(["lesson", *COLUMNS], [[row.slug, *(cell_text(row, c) for c in COLUMNS)] for row in rows])


def details(rows: Sequence[Row]) -> str:
    """Everything that was found, a paragraph each: failures first, then what exceeds its budget."""
    found = [(row, finding) for row in rows for finding in row.findings]
    found.sort(key=lambda pair: not pair[1].failure)
    paragraphs = []
    for _, finding in found:
        mark = "✗" if finding.failure else "!"
        lines = [f"{mark} {finding.column} | {finding.where}: {finding.text}"]
        lines += [f"    {line}" for line in finding.diff[:DIFF_LINES]]
        if len(finding.diff) > DIFF_LINES:
            lines.append(f"    and {len(finding.diff) - DIFF_LINES} lines more")
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)


def summary(rows: Sequence[Row], seconds: float) -> str:
    """One line: whether the course holds, and how long it took to see."""
    failed = [row.slug for row in rows if row.failed]
    over = sum(not finding.failure for row in rows for finding in row.findings)
    verdict = (
        f"{len(failed)} of {len(rows)} lessons fail: {', '.join(failed)}."
        if failed
        else "The lesson holds."
        if len(rows) == 1
        else f"All {len(rows)} lessons hold."
    )
    if over:
        verdict += f" {over} measurement{'s are' if over > 1 else ' is'} over budget, which fails nothing."
    return f"{verdict} It took {seconds // 60:.0f} min {seconds % 60:.0f} s."


def legend() -> str:
    return (
        "✓ holds, with what was looked at (cells, claims, checks, keys); ✗ fails, with how often; ! over budget. "
        "Time and memory are those of the dearer of lesson and solution."
    )


def versions() -> str:
    """What it ran on, e.g. for a report: Python, the packages that matter, the processor."""
    return ", ".join([f"Python {platform.python_version()}", *map(" ".join, installed()), platform.machine()])


def installed() -> list[tuple[str, str]]:
    """The packages that results depend on, as far as they are installed, with their versions."""
    found = []
    for name in PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return found
