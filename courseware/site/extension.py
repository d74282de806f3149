"""What the course adds to Sphinx: formulas as MathML, addresses from headings, and terms that say what they mean."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from courseware.authoring.glossary import everyday, terms
from courseware.course import ready_lessons
from courseware.quiz.formulas import mathml

PROSE_ONLY = (nodes.title, nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.reference, nodes.strong,
              nodes.raw, nodes.image)  # fmt: skip
READING = "where to go next"


def address(text: str) -> str:
    """The anchor of a heading or term.

    >>> address("How large, how many?"), address("Adam's β₁")
    ('how-large-how-many', 'adam-s-β₁')
    """
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-_") or "section"


class Addresses(SphinxTransform):
    """Each section's anchor comes from its heading; a second one of the same name is numbered."""

    default_priority = 700

    def apply(self, **options: Any) -> None:
        taken: set[str] = set()
        for section in self.document.findall(nodes.section):
            name = base = address(section[0].astext())
            number = 1
            while name in taken:
                number += 1
                name = f"{base}-{number}"
            taken.add(name)
            section["ids"] = [name]


class Terms(SphinxTransform):
    """The first use of a term in a lesson, outside of its introduction, says what the term means and links to the glossary.

    Titles of books and papers, in the list at the end, are left alone.
    """

    default_priority = 710

    def apply(self, **options: Any) -> None:
        slugs = [info.slug for info in ready_lessons()]
        if self.env.docname not in slugs:
            return
        meanings = _meanings(self.env.docname)
        pattern = re.compile(
            rf"(?<![\w-])({'|'.join(map(_pattern, sorted(meanings, key=len, reverse=True)))})(?![\w-])", re.I
        )
        used: set[str] = set()
        for text in list(self.document.findall(nodes.Text)):
            if not any(isinstance(each, PROSE_ONLY) or READING in each.get("names", ()) for each in _above(text)):
                self._mark(text, pattern, meanings, used)

    def _mark(self, text: nodes.Text, pattern: re.Pattern[str], meanings: dict[str, str], used: set[str]) -> None:
        pieces: list[nodes.Node] = []
        end = 0
        for found in pattern.finditer(text):
            term = next((each for each in (found[1].lower(), *_singular(found[1].lower())) if each in meanings), "")
            if not term or term in used:
                continue
            used.add(term)
            link = (
                f'<a class="term" href="glossary.html#{address(term)}" data-meaning="{html.escape(meanings[term])}">'
                f"{html.escape(found[1])}</a>"
            )
            pieces += [nodes.Text(text[end : found.start()]), nodes.raw("", link, format="html")]
            end = found.end()
        if pieces:
            text.parent.replace(text, [*pieces, nodes.Text(text[end:])])


@cache
def _meanings(slug: str) -> dict[str, str]:
    """What the terms mean that a lesson may use: its own, and those of the lessons before it that are no plain words."""
    found: dict[str, str] = {}
    for info in ready_lessons():
        plain = set(everyday(info)) if info.slug != slug else set()
        found |= {term.lower(): meaning for term, meaning in terms(info).items() if term not in plain}
        if info.slug == slug:
            break
    return found


def _pattern(term: str) -> str:
    return re.escape(term).replace(r"\ ", r"\s+") + "(?:s|es)?"


def _singular(word: str) -> tuple[str, ...]:
    word = " ".join(word.split())
    return word, word.removesuffix("s"), word.removesuffix("es")


def _above(node: nodes.Node) -> list[nodes.Node]:
    found = []
    while node.parent is not None:
        node = node.parent
        found.append(node)
    return found


def _formula(self: Any, node: nodes.math) -> None:
    self.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def _displayed(self: Any, node: nodes.math_block) -> None:
    formula = mathml(" ".join(node.astext().split())).replace('display="inline"', 'display="block"')
    self.body.append(f'<div class="math">{formula}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_html_math_renderer("mathml", (_formula, None), (_displayed, None))
    app.add_transform(Addresses)
    app.add_transform(Terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
