"""What the theme's pages lack for screen readers, and half of the bytes of their code, which no style looks at."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

PLAIN = re.compile(r'<span class="(?:n|p|w)">([^<]*)</span>')  # kinds of words that have the colour of the rest
SEARCH = """<h1>Search</h1>
<form action="search.html" method="get" class="begin">
<input type="search" name="q" aria-label="What to look for"><button type="submit" class="button">Search</button>
</form>
<div id="search-results"></div>"""
LACKING = (
    ('class="caption" role="heading"', 'class="caption" role="heading" aria-level="2"'),
    ('<aside class="sidebar-drawer">', '<aside class="sidebar-drawer" aria-label="The course">'),
    ('<aside class="toc-drawer', '<aside aria-label="This page" class="toc-drawer'),
    ('<div id="search-results"></div>', SEARCH),
    ('<th class="head"><p></p></th>', "<td></td>"),
)


@cache
def moved() -> dict[str, str]:
    """Addresses that were, each with the one that stands for it now."""
    return tomllib.loads(Path(__file__).with_name("moved.toml").read_text(encoding="utf-8"))


def polish(folder: Path) -> None:
    """Mend every page in `folder`, and let old addresses of headings lead to the new ones."""
    for old, new in moved().items():
        page, _, mark = old.partition("#")
        if mark:
            path, now = folder / page, f'<section id="{new.partition("#")[2]}">'
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(now, f'{now}<span class="moved" id="{mark}"></span>'), encoding="utf-8")
    for path in folder.rglob("*.html"):
        text = PLAIN.sub(r"\1", path.read_text(encoding="utf-8"))
        for old, new in LACKING:
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
