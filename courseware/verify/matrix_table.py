"""The matrix as text for a terminal and as a page of Markdown to commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from courseware.verify.judging import CLAIMS
from courseware.verify.matrix import Claim, Matrix, failures
from courseware.verify.table import versions

CLOSEST = 15  # claims listed as closest to failing
MARKS = {True: "✓", False: "✗", None: "·"}


def claims_by_settings(matrix: Matrix) -> str:
    """Each claim against each setting, as text; a setting is a column, numbered as in the list above the table."""
    lines = [f"{number:2d} {setting.name}: {setting.words}" for number, setting in enumerate(matrix.settings, 1)]
    for info in matrix.infos:
        lines += ["", info.slug, f"  {_numbers(matrix)}  margin"]
        for claim in matrix.claims.get(info.slug, []):
            marks = "".join(f"{MARKS[claim.held.get(setting.name)]:>3}" for setting in matrix.settings)
            lines.append(f"  {marks}  {_margin(claim):<8}  {claim.sentence}")
    return "\n".join(lines)


def lessons_by_settings(matrix: Matrix) -> list[list[str]]:
    """A row a lesson: how many of its claims held under each setting, or what failed."""
    return [
        [info.slug, *(_cell(matrix, setting.name, info.slug) for setting in matrix.settings)] for info in matrix.infos
    ]


CLOSEST_HEAD = ["lesson", "margin", "under", "room", "claim"]


def closest(matrix: Matrix) -> list[list[str]]:
    """The claims that come nearest to failing, in units of how much their margins vary over the settings, a row each."""
    known = [
        (claim.room, *claim.closest, claim)
        for claims in matrix.claims.values()
        for claim in claims
        if claim.room is not None and claim.closest
    ]
    rows = sorted(known, key=lambda row: row[0])[:CLOSEST]
    return [[claim.slug, f"{margin:.3g}", name, f"{room:.2g}", claim.sentence] for room, margin, name, claim in rows]


def findings(matrix: Matrix) -> str:
    """Everything that failed, a paragraph each, and where a cell shows other text than is stored."""
    lines = []
    for (setting, _), row in matrix.rows.items():
        for finding in failures(row):
            lines.append(f"✗ {setting} | {finding.where}: {finding.text}")
            lines += [f"    {line}" for line in finding.diff]
    for (setting, _), row in matrix.rows.items():
        decided = failures(row)
        for finding in (f for f in row.findings if f.failure and f not in decided):
            lines.append(f"note: {setting} | {finding.where} {finding.text}")
            lines += [f"    {line}" for line in finding.diff]
    return "\n".join(lines)


def verdict(matrix: Matrix) -> str:
    """One line: whether everything holds under every setting."""
    wrong = matrix.flips()
    claims = sum(map(len, matrix.claims.values()))
    if wrong:
        return f"{len(wrong)} of {len(matrix.rows)} runs fail: {', '.join(' '.join(key) for key in wrong)}."
    unmade = Counter(
        (name, slug) for name, slug in matrix.rows for claim in matrix.claims.get(slug, []) if name not in claim.held
    )
    except_for = ", ".join(f"{number} of {slug} under {name}" for (name, slug), number in unmade.items())
    return (
        f"All {claims} claims hold in all of {len(matrix.rows)} runs, and every worked answer passes its check."
        f"{f' Not made: {except_for}.' if unmade else ''}"
    )


def markdown(matrix: Matrix) -> str:
    """The page to commit: what ran, lessons by settings, what is closest to failing, and every claim."""
    names = [setting.name for setting in matrix.settings]
    days = sorted(set(matrix.when.values()))
    parts = [
        "# Every claim under every setting",
        "Made by `course verify matrix --report`; not written by hand. "
        f"Run on {days[0] if days[0] == days[-1] else f'{days[0]} to {days[-1]}'} with {versions()}.",
        verdict(matrix),
        "\n".join(f"- `{s.name}`: {s.words} ({_variables(s.environment)})" for s in matrix.settings),
        "## Lessons by settings",
        "How many claims held. A cross counts the failures, a dot says that the setting changes nothing there.",
        _markdown_table(["lesson", *names], lessons_by_settings(matrix)),
        "## Closest to failing",
        "The margin of `a < b` is (b - a) / max(|a|, |b|), so 0.05 says that the sides are five hundredths apart. "
        "Listed are the claims whose smallest margin is smallest beside how much the margin varies over the settings "
        "(the room); what does not vary is left out.",
        _markdown_table(
            CLOSEST_HEAD,
            closest(matrix),
        ),
        "## Every claim",
        "A dot says that a cell does not make the claim there, or that nothing was run. "
        "The last column has the smallest margin over all settings; a claim without one compares no sizes.",
    ]
    for info in matrix.infos:
        rows = [
            [claim.sentence, *(MARKS[claim.held.get(name)] for name in names), _margin(claim)]
            for claim in matrix.claims.get(info.slug, [])
        ]
        parts += [f"### {info.slug}", _markdown_table(["claim", *names, "margin"], rows)]
    return "\n\n".join(parts) + "\n"


def _cell(matrix: Matrix, setting: str, slug: str) -> str:
    row = matrix.rows.get((setting, slug))
    if row is None:
        return "·"
    wrong = failures(row)
    return f"✗ {len(wrong)}" if wrong else f"✓ {row.counts[CLAIMS]:.0f}"


def _margin(claim: Claim) -> str:
    return f"{claim.closest[0]:.3g}" if claim.closest else ""


def _numbers(matrix: Matrix) -> str:
    return "".join(f"{number:>3}" for number in range(1, len(matrix.settings) + 1))


def _variables(environment: dict[str, str]) -> str:
    return " ".join(f"`{name}={value}`" for name, value in environment.items())


def _markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(text.replace("|", "\\|") for text in line) + " |" for line in lines)
