"""The verdicts as files: JUnit XML for CI services, and one HTML page to keep or to send."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from xml.etree import ElementTree

from courseware.verify.judging import COLUMNS, TIME, Row
from courseware.verify.table import cell_text, legend, summary, versions

NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .25rem .7rem; border-bottom: 1px solid #ccc; white-space: nowrap; }
td.fails { background: #f8d7da; font-weight: 600; } td.over { background: #fff3cd; }
pre { background: #f4f4f4; padding: .6rem .8rem; overflow-x: auto; font-size: .88rem; }
.minus { color: #8a1c1c; } .plus { color: #145a14; } .small { color: #444; font-size: .9rem; }
"""


def junit_xml(rows: Sequence[Row], seconds: float) -> str:
    """JUnit XML: a suite a lesson, a case a check; what is only over budget stands in the case's output."""
    root = ElementTree.Element("testsuites", name="course verify", time=f"{seconds:.1f}")
    for row in rows:
        failures = sum(any(f.failure for f in row.under(column)) for column in COLUMNS)
        took = f"{row.counts[TIME]:.1f}"
        suite = ElementTree.SubElement(
            root, "testsuite", name=row.slug, tests=str(len(COLUMNS)), failures=str(failures), errors="0", skipped="0",
            time=took,
        )  # fmt: skip
        for column in COLUMNS:
            case = ElementTree.SubElement(
                suite, "testcase", classname=row.slug, name=column, time=took if column == TIME else "0"
            )
            for failure, tag in ((True, "failure"), (False, "system-out")):
                found = [finding for finding in row.under(column) if finding.failure == failure]
                if found:
                    text = "\n\n".join("\n".join([f"{f.where}: {f.text}", *f.diff]) for f in found)
                    about = {"message": _xml(f"{found[0].where}: {found[0].text}")} if failure else {}
                    ElementTree.SubElement(case, tag, about).text = _xml(text)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def html_page(rows: Sequence[Row], seconds: float) -> str:
    """One page that needs nothing else: the table, and every finding with its difference."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("lesson", *COLUMNS))
    body = "\n".join(
        f'<tr><th scope="row">{escape(row.slug)}</th>{"".join(_cell(row, column) for column in COLUMNS)}</tr>'
        for row in rows
    )
    found = sorted((f for row in rows for f in row.findings), key=lambda finding: not finding.failure)
    parts = "\n".join(
        f"<h2>{'✗' if f.failure else '!'} {escape(f.column)}: {escape(f.where)}</h2>\n<p>{escape(f.text)}</p>"
        + (f"\n<pre>{_diff(f.diff)}</pre>" if f.diff else "")
        for f in found
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>course verify</title><style>{STYLE}</style></head>\n<body><main>\n<h1>{escape(summary(rows, seconds))}</h1>\n"
        f'<p class="small">{datetime.now():%Y-%m-%d %H:%M}. {escape(versions())}</p>\n'
        f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>\n"
        f'<p class="small">{escape(legend())}</p>\n{parts}\n</main></body></html>\n'
    )


def _cell(row: Row, column: str) -> str:
    found = row.under(column)
    kind = "fails" if any(f.failure for f in found) else "over" if found else "holds"
    return f'<td class="{kind}">{escape(cell_text(row, column))}</td>'


def _diff(lines: Sequence[str]) -> str:
    kinds = {"-": "minus", "+": "plus"}
    return "\n".join(
        f'<span class="{kinds[line[:1]]}">{escape(line)}</span>' if line[:1] in kinds else escape(line)
        for line in lines
    )


def _xml(text: str) -> str:
    """`text` without the signs that XML cannot hold."""
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
