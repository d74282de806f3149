"""Faults of a site that lies in a folder: dead links, pictures without a description, and what asks the network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from courseware.errors import CourseError

LOADED = {
    "script": "src",
    "img": "src",
    "source": "srcset",
    "iframe": "src",
    "audio": "src",
    "video": "src",
    "embed": "src",
}
KINDS_OF_LINK = (
    "stylesheet",
    "icon",
    "preload",
    "modulepreload",
    "prefetch",
    "manifest",
)  # that a browser follows by itself


class _Reader(HTMLParser):
    """What a page has of anchors, links, and files that it loads."""

    def __init__(self, text: str):
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.undescribed: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag == "img" and not found.get("alt", "").strip():
            self.undescribed.append(found.get("src", ""))
        if LOADED.get(tag, "") in found:
            self.loaded.append(found[LOADED[tag]])
        if tag == "link" and any(kind in found.get("rel", "") for kind in KINDS_OF_LINK):
            self.loaded.append(found.get("href", ""))


def problems(folder: Path) -> list[str]:
    """The faults of the site in `folder`, one line each.

    Raises:
        CourseError: if there is no site.
    """
    folder = folder.resolve()
    pages = {path: _Reader(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))}
    if not pages:
        raise CourseError(f"{folder} holds no pages; `course site -o {folder}` writes them.")
    found = [problem for path in pages for problem in _of_page(path, pages, folder)]
    for style in sorted(folder.rglob("*.css")):
        if "url(http" in style.read_text(encoding="utf-8").replace('"', "").replace("'", ""):
            found.append(f"{style.relative_to(folder)}: asks the network for a file")
    return found


def _of_page(path: Path, pages: dict[Path, _Reader], folder: Path) -> Iterator[str]:
    page, name = pages[path], path.relative_to(folder)
    for source in page.undescribed:
        yield f"{name}: {source} has no description"
    for address in page.loaded:
        parts = urlsplit(address.split()[0] if address else "")
        if parts.scheme not in ("", "data") or parts.netloc:
            yield f"{name}: asks the network for {address}"
        elif parts.path and not (path.parent / unquote(parts.path)).exists():
            yield f"{name}: {address} is not there"
    for link in page.links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = Path(os.path.normpath(path.parent / unquote(parts.path))) if parts.path else path
        if target not in pages and not target.is_file():
            yield f"{name}: the link to {link} is dead"
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
            yield f"{name}: the link to {link} names no place of that page"
