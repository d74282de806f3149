"""The matrix as text for a terminal and as a page of Markdown to commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from courseware.tables import text_table
from courseware.verify.judging import CLAIMS
from courseware.verify.matrix import Claim, Matrix, failures
from courseware.verify.settings import versions
from courseware.verify.verdicts import paragraph

CLOSEST = 15  # claims listed as closest to failing
MARKS = {True: "✓", False: "✗", None: "·"}


def matrix_text(matrix: Matrix) -> str:
    """For a terminal: every claim against every setting, lessons by settings, what is closest, what failed, a verdict."""
    numbered = [str(number) for number in range(1, len(matrix.settings) + 1)]  # names would be too wide
    settings = zip(numbered, matrix.settings, strict=True)
    parts = ["\n".join(f"{number:>2} {setting.name}: {setting.words}" for number, setting in settings)]
    for info in matrix.infos:
        rows = [[*_marks(matrix, claim), claim.sentence] for claim in matrix.claims.get(info.slug, {}).values()]
        parts.append(f"{info.slug}\n{text_table([*numbered, 'margin', 'claim'], rows)}")
    parts += [versions(), text_table(_lessons_head(matrix), lessons_by_settings(matrix))]
    if near := closest(matrix):
        parts.append(f"Closest to failing\n{text_table(CLOSEST_HEAD, near)}")
    return "\n\n".join([*parts, *findings(matrix), verdict(matrix)])


def _marks(matrix: Matrix, claim: Claim) -> list[str]:
    """Whether a claim held, a mark for each setting, and its smallest margin."""
    margin = f"{claim.closest[0]:.3g}" if claim.closest else ""
    return [*(MARKS[claim.held.get(setting.name)] for setting in matrix.settings), margin]


def _lessons_head(matrix: Matrix) -> list[str]:
    return ["lesson", *(setting.name for setting in matrix.settings)]


def lessons_by_settings(matrix: Matrix) -> list[list[str]]:
    """A row a lesson: how many of its claims held under each setting, or what failed."""
    return [[info.slug, *(_cell(matrix, each.name, info.slug) for each in matrix.settings)] for info in matrix.infos]


CLOSEST_HEAD = ["lesson", "margin", "under", "room", "claim"]


def closest(matrix: Matrix) -> list[list[str]]:
    """The claims that come nearest to failing, in units of how much their margins vary over the settings, a row each."""
    claims = matrix.all_claims()
    known = [(claim.room, *claim.closest, claim) for claim in claims if claim.room is not None and claim.closest]
    rows = sorted(known, key=lambda row: row[0])[:CLOSEST]
    return [[claim.slug, f"{margin:.3g}", name, f"{room:.2g}", claim.sentence] for room, margin, name, claim in rows]


def findings(matrix: Matrix) -> list[str]:
    """Everything that failed, a paragraph each, and below that where a cell shows other text than is stored."""
    wrong, notes = [], []
    for (setting, _), row in matrix.rows.items():
        decided = failures(row)
        for finding in row.findings:
            if finding in decided:
                wrong.append(paragraph(f"✗ {setting}", finding))
            elif finding.failure:
                notes.append(paragraph(f"note: {setting}", finding))
    return wrong + notes


def verdict(matrix: Matrix) -> str:
    """One line: whether everything holds under every setting."""
    wrong = matrix.flips()
    if wrong:
        return f"{len(wrong)} of {len(matrix.rows)} runs fail: {', '.join(' '.join(key) for key in wrong)}."
    claims = matrix.all_claims()
    unmade = Counter(
        (name, slug) for name, slug in matrix.rows for c in claims if c.slug == slug and name not in c.held
    )
    except_for = ", ".join(f"{number} of {slug} under {name}" for (name, slug), number in unmade.items())
    return (
        f"All {len(claims)} claims hold in all of {len(matrix.rows)} runs, and every worked answer passes its check."
        f"{f' Not made: {except_for}.' if unmade else ''}"
    )


def markdown(matrix: Matrix) -> str:
    """The page to commit: what ran, lessons by settings, what is closest to failing, and every claim."""
    days = sorted(matrix.days)
    parts = [
        "# Every claim under every setting",
        "Made by `course verify matrix --report`; not written by hand. "
        f"Run on {days[0] if days[0] == days[-1] else f'{days[0]} to {days[-1]}'} with {versions()}.",
        verdict(matrix),
        "\n".join(f"- `{s.name}`: {s.words} ({_variables(s.environment)})" for s in matrix.settings),
        "## Lessons by settings",
        "How many claims held. A cross counts the failures, a dot says that the setting changes nothing there.",
        _markdown_table(_lessons_head(matrix), lessons_by_settings(matrix)),
        "## Closest to failing",
        "The margin of `a < b` is (b - a) / max(|a|, |b|), so 0.05 says that the sides are five hundredths apart. "
        "Listed are the claims whose smallest margin is smallest beside how much the margin varies over the settings "
        "(the room); what does not vary is left out.",
        _markdown_table(CLOSEST_HEAD, closest(matrix)),
        "## Every claim",
        "A dot says that a cell does not make the claim there, or that nothing was run. "
        "The last column has the smallest margin over all settings; a claim without one compares no sizes.",
    ]
    for info in matrix.infos:
        rows = [[claim.sentence, *_marks(matrix, claim)] for claim in matrix.claims.get(info.slug, {}).values()]
        head = ["claim", *_lessons_head(matrix)[1:], "margin"]
        parts += [f"### {info.slug}", _markdown_table(head, rows)]
    return "\n\n".join(parts) + "\n"


def _cell(matrix: Matrix, setting: str, slug: str) -> str:
    row = matrix.rows.get((setting, slug))
    if row is None:
        return "·"
    wrong = failures(row)
    return f"✗ {len(wrong)}" if wrong else f"✓ {row.counts[CLAIMS]:.0f}"


def _variables(environment: dict[str, str]) -> str:
    return " ".join(f"`{name}={value}`" for name, value in environment.items())


def _markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(text.replace("|", "\\|") for text in line) + " |" for line in lines)
