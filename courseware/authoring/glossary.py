"""The terms of the course: which lesson introduces each, the page that lists them, and uses that come too early."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import jupytext

from courseware.course import LessonInfo, ready_lessons
from courseware.files import write_whole

FILE = "glossary.md"
LINK = "[glossary](glossary.md)"


def terms(info: LessonInfo) -> dict[str, str]:
    """The terms that a lesson introduces, as they are written within a sentence, each with its meaning in one."""
    return dict(_table(info).get("terms", {}))


def everyday(info: LessonInfo) -> list[str]:
    """Those of a lesson's terms that are words of plain English too, so that other lessons may use them freely."""
    return list(_table(info).get("everyday", []))


def page() -> str:
    """The glossary as Markdown, in alphabetical order."""
    rows = [(term, meaning, info) for info in ready_lessons() for term, meaning in terms(info).items()]
    rows.sort(key=lambda row: row[0].lower())
    lines = [f"**{term}** (lesson {info.slug[:2]}): {meaning}\n" for term, meaning, info in rows]
    return "\n".join(["# Glossary", "", "Every term of the course, with the lesson that introduces it.", "", *lines])


def write_glossary(folder: Path) -> None:
    """Write the page into `folder`, beside the notebooks that link to it."""
    write_whole(folder / FILE, page())


def is_stale(folder: Path) -> bool:
    """Whether the page in `folder` is missing or not what the terms say now."""
    path = folder / FILE
    return not path.exists() or path.read_text(encoding="utf-8") != page()


def problems(infos: Iterable[LessonInfo]) -> Iterator[str]:
    """Terms used before the lesson or the cell that introduces them, terms listed twice, and missing links."""
    order = [info.slug for info in ready_lessons()]
    plain_words = {term for info in ready_lessons() for term in everyday(info)}
    introduced: dict[str, str] = {}
    homes: dict[str, str] = {}
    for info in ready_lessons():
        for term in terms(info):
            if term.lower() in homes:
                yield f"{_shown(info)}: {term!r} is introduced in {homes[term.lower()]} already; list it once."
                continue
            introduced[term] = homes[term.lower()] = info.slug
    for info in infos:
        if not info.glossary.exists():
            yield f"{_shown(info)}: missing; list the terms that the lesson introduces."
            continue
        prose = _prose(info)
        if not any(LINK in text for text in prose):
            yield f"{info.source.name}: does not link to the {LINK}."
        for term, home in introduced.items():
            if order.index(home) > order.index(info.slug):
                if term not in plain_words and (early := _first_use(term, prose)):
                    yield f"{info.source.name}: uses {term!r} ({early}), which only {home} introduces."
            elif home == info.slug:
                yield from _own(term, prose, info)


def _own(term: str, prose: list[str], info: LessonInfo) -> Iterator[str]:
    bold = next((i for i, text in enumerate(prose) if _matches(rf"\*\*[^*]*{_pattern(term)}[^*]*\*\*", text)), None)
    if bold is None:
        yield f"{info.source.name}: never sets {term!r} in bold, though its glossary says it introduces it."
    elif early := _first_use(term, prose[1:bold]):
        yield f"{info.source.name}: uses {term!r} ({early}) before the cell that introduces it."


def _prose(info: LessonInfo) -> list[str]:
    """The Markdown cells without headings, code and formulas, and without the last section, which points ahead."""
    cells = jupytext.reads(info.source.read_text(encoding="utf-8"), fmt="py:percent").cells
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    kept = []
    for text in texts:
        if "## Where to go next" in text:
            before, _, after = text.partition("## Where to go next")
            kept.append(before)
            if LINK in after:
                kept.append(LINK)
            continue
        kept.append(
            re.sub(r"^#+ [^\n]*$|```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$", " ", text, flags=re.DOTALL | re.MULTILINE)
        )
    return kept


def _first_use(term: str, prose: list[str]) -> str | None:
    for text in prose:
        if found := re.search(rf".{{0,30}}\b{_pattern(term)}.{{0,20}}", " ".join(text.split()), flags=re.IGNORECASE):
            return found.group()
    return None


def _matches(pattern: str, text: str) -> bool:
    return re.search(pattern, text, flags=re.IGNORECASE | re.DOTALL) is not None


def _pattern(term: str) -> str:
    return re.escape(term).replace(r"\ ", r"\s+") + r"(?:s|es)?\b"


def _table(info: LessonInfo) -> dict[str, Any]:
    return tomllib.loads(info.glossary.read_text(encoding="utf-8")) if info.glossary.exists() else {}


def _shown(info: LessonInfo) -> str:
    return f"{info.short_name}/{info.glossary.name}"
