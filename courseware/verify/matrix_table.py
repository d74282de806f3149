"""The matrix as text for a terminal and as a page of Markdown to commit."""

from __future__ import annotations

from collections import Counter

from courseware.tables import markdown_table, text_table
from courseware.verify.judging import CLAIMS
from courseware.verify.matrix import Claim, Matrix, failures
from courseware.verify.settings import versions
from courseware.verify.verdicts import paragraph

CLOSEST = 15  # claims listed as closest to failing, at least
FRAGILE = 4  # a mean margin of fewer spreads than this
MARGIN_HEAD = ["smallest margin", "mean/spread"]
MARKS = {True: "✓", False: "✗", None: "·"}


def matrix_text(matrix: Matrix) -> str:
    """For a terminal: every claim against every setting, lessons by settings, what is closest, what failed, a verdict."""
    numbered = [str(number) for number in range(1, len(matrix.settings) + 1)]  # names would be too wide
    settings = zip(numbered, matrix.settings, strict=True)
    parts = ["\n".join(f"{number:>2} {setting.name}: {setting.words}" for number, setting in settings)]
    for info in matrix.infos:
        rows = [[*_marks(matrix, claim), claim.sentence] for claim in matrix.claims.get(info.slug, {}).values()]
        parts.append(f"{info.slug}\n{text_table([*numbered, *MARGIN_HEAD, 'claim'], rows)}")
    parts += [versions(), text_table(_lessons_head(matrix), lessons_by_settings(matrix))]
    if near := closest(matrix):
        parts.append(f"Closest to failing\n{text_table(CLOSEST_HEAD, near)}")
    return "\n\n".join([*parts, *findings(matrix), verdict(matrix)])


def _marks(matrix: Matrix, claim: Claim) -> list[str]:
    """Whether a claim held, a mark for each setting; its smallest margin; and the mean one in units of the spread."""
    margin = f"{claim.closest[0]:.3g}" if claim.closest else ""
    steadiness = "" if claim.steadiness is None else f"{claim.steadiness:.2g}"
    return [*(MARKS[claim.held.get(setting.name)] for setting in matrix.settings), margin, steadiness]


def _lessons_head(matrix: Matrix) -> list[str]:
    return ["lesson", *(setting.name for setting in matrix.settings)]


def lessons_by_settings(matrix: Matrix) -> list[list[str]]:
    """A row a lesson: how many of its claims held under each setting, or what failed."""
    return [[info.slug, *(_cell(matrix, each.name, info.slug) for each in matrix.settings)] for info in matrix.infos]


CLOSEST_HEAD = ["lesson", "mean", "spread", "mean/spread", "smallest", "under", "claim"]


def closest(matrix: Matrix) -> list[list[str]]:
    """The claims whose margins are smallest in units of their spread, a row each: all that are fragile, and some more."""
    known = [(c.steadiness, c) for c in matrix.all_claims() if c.steadiness is not None]
    known.sort(key=lambda pair: pair[0])
    fragile = sum(steadiness < FRAGILE for steadiness, _ in known)
    rows = []
    for steadiness, claim in known[: max(CLOSEST, fragile)]:
        (average, spread), (smallest, name) = claim.mean_and_spread or (0, 0), claim.closest or (0, "")
        numbers = (f"{average:.3g}", f"{spread:.2g}", f"{steadiness:.2g}", f"{smallest:.3g}")
        rows.append([claim.slug, *numbers, name, claim.sentence])
    return rows


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


def markdown(matrix: Matrix, ledger: str = "") -> str:
    """The page to commit: what ran, lessons by settings, what is closest to failing, the ledger, and every claim."""
    days = sorted(matrix.days)
    parts = [
        "# Every claim under every setting",
        "Made by `course verify matrix --report`; not written by hand. "
        f"Run on {days[0] if days[0] == days[-1] else f'{days[0]} to {days[-1]}'} with {versions()}.",
        verdict(matrix),
        "\n".join(f"- `{s.name}`: {s.words} ({_variables(s.environment)})" for s in matrix.settings),
        "## Lessons by settings",
        "How many claims held. A cross counts the failures, a dot says that the setting changes nothing there.",
        markdown_table(_lessons_head(matrix), lessons_by_settings(matrix)),
        "## Closest to failing",
        "The margin of `a < b` is (b - a) / max(|a|, |b|), so 0.05 says that the sides are five hundredths apart. "
        "Listed are the claims whose mean margin is smallest in units of the spread, the standard deviation over the "
        f"settings; below {FRAGILE} a claim is fragile. What does not vary is left out.",
        markdown_table(CLOSEST_HEAD, closest(matrix)),
        *([ledger.strip()] if ledger else []),
        "## Every claim",
        "A dot says that a cell does not make the claim there, or that nothing was run. "
        "The last columns have the smallest margin over all settings, and the mean one in units of the spread; a claim "
        "without them compares no sizes.",
    ]
    for info in matrix.infos:
        rows = [[claim.sentence, *_marks(matrix, claim)] for claim in matrix.claims.get(info.slug, {}).values()]
        head = ["claim", *_lessons_head(matrix)[1:], *MARGIN_HEAD]
        parts += [f"### {info.slug}", markdown_table(head, rows)]
    return "\n\n".join(parts) + "\n"


def _cell(matrix: Matrix, setting: str, slug: str) -> str:
    row = matrix.rows.get((setting, slug))
    if row is None:
        return "·"
    wrong = failures(row)
    return f"✗ {len(wrong)}" if wrong else f"✓ {row.counts[CLAIMS]:.0f}"


def _variables(environment: dict[str, str]) -> str:
    return " ".join(f"`{name}={value}`" for name, value in environment.items())
