"""Seeds that nobody has looked at: drawn at random, run once, and entered into a ledger with what flipped.

A claim that was made with some seeds is proven by others. A seed that stands in the ledger has been looked at, whatever
came of it, and is never drawn again.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from courseware import course
from courseware.course import LessonInfo
from courseware.files import write_whole
from courseware.lesson import SEED_VARIABLE
from courseware.tables import markdown_table
from courseware.verify.matrix import Matrix, failures
from courseware.verify.settings import Setting

HEADING = "## Seeds that were drawn once"
WORDS = (
    "Drawn at random by `course verify matrix --fresh`, from 1,000 to 999,999, none of them twice: proof that was not "
    "chosen. A seed counts for what the course was on its day; what flipped was mended later, and proven by other seeds."
)
HEAD = ["day", "seed", "under", "lessons", "what flipped"]
UNDER_WAY, NOTHING = "under way", "nothing"
SEEDS = range(1_000, 1_000_000)


@dataclass(frozen=True)
class Entry:
    """One seed: the setting that it was run under, for which lessons, and what flipped."""

    day: str
    seed: int
    under: str
    lessons: str
    flipped: str = UNDER_WAY

    @property
    def row(self) -> list[str]:
        return [self.day, str(self.seed), self.under, self.lessons, self.flipped]


def ledger_file() -> Path:
    """The page that holds the ledger."""
    return course.ROOT / "docs" / "verified.md"


def read_ledger(page: Path) -> list[Entry]:
    """The entries that stand in `page`, in their order; none if it is not there."""
    section = _parts(page)[1]
    rows = [re.split(r"(?<!\\)\|", line.strip("|"))[:5] for line in section.splitlines() if line.startswith("| 2")]
    cells = [[cell.replace("\\|", "|").strip() for cell in row] for row in rows]
    return [Entry(day, int(seed), under, lessons, flipped) for day, seed, under, lessons, flipped in cells]


def section(entries: Sequence[Entry]) -> str:
    """The ledger as a section of a page of Markdown."""
    return f"{HEADING}\n\n{WORDS}\n\n{markdown_table(HEAD, [entry.row for entry in entries])}\n"


def write_ledger(page: Path, entries: Sequence[Entry]) -> None:
    """Put the ledger into `page`, whose other sections stay as they are."""
    before, _, after = _parts(page)
    write_whole(page, f"{before.rstrip()}\n\n{section(entries)}{after}".lstrip())


def draw(bases: Sequence[Setting], count: int, infos: Sequence[LessonInfo], page: Path) -> list[Setting]:
    """Each of `bases` with `count` seeds that stand nowhere in the ledger; they are entered as under way.

    Those that an interrupted run of the same lessons has left under way come first.
    """
    entries, chosen = read_ledger(page), []
    lessons = _lessons(infos)
    for base in bases:
        open_ = [e.seed for e in entries if (e.flipped, e.under, e.lessons) == (UNDER_WAY, base.name, lessons)][:count]
        known = {entry.seed for entry in entries}
        while len(open_) < count:
            seed = SEEDS[secrets.randbelow(len(SEEDS))]
            if seed not in known:
                known.add(seed)
                open_.append(seed)
                entries.append(Entry(_today(), seed, base.name, lessons))
        chosen += [_with_seed(base, seed) for seed in open_]
    write_ledger(page, entries)
    return chosen


def enter(page: Path, found: Matrix) -> None:
    """Write into the ledger what flipped under each seed that is under way there and was run to its end."""
    entries = []
    lessons = _lessons(found.infos)
    for entry in read_ledger(page):
        names = [s.name for s in found.settings if s.name == _name(entry.under, entry.seed)]
        if names and (entry.flipped, entry.lessons) == (UNDER_WAY, lessons):
            entry = replace(entry, day=_today(), flipped=_flipped(found, names[0]))
        entries.append(entry)
    write_ledger(page, entries)


def _flipped(found: Matrix, name: str) -> str:
    words = []
    for info in found.infos:
        if (name, info.slug) not in found.rows:
            continue
        false = [
            f'"{claim.sentence}"'
            for claim in found.claims.get(info.slug, {}).values()
            if not claim.held.get(name, True)
        ]
        other = [finding.text for finding in failures(found.rows[name, info.slug])]
        words += [f"{info.slug[:2]} {what}" for what in false or other]
    return "; ".join(words).replace("\n", " ") or NOTHING


def _parts(page: Path) -> tuple[str, str, str]:
    """What stands before the ledger, the ledger, and what stands after it."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    before, heading, rest = text.partition(HEADING)
    ledger, next_heading, after = rest.partition("\n## ")
    return before, heading + ledger, next_heading + after


def _with_seed(base: Setting, seed: int) -> Setting:
    environment = {**base.environment, SEED_VARIABLE: str(seed)}
    return Setting(_name(base.name, seed), f"{base.words}; a seed that was never looked at", environment)


def _name(under: str, seed: int) -> str:
    return f"{under}-{seed}"


def _lessons(infos: Sequence[LessonInfo]) -> str:
    everything = [info.slug for info in course.ready_lessons()]
    return "all" if [info.slug for info in infos] == everything else ", ".join(info.slug[:2] for info in infos)


def _today() -> str:
    return f"{datetime.now():%Y-%m-%d}"
