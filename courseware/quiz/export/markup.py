"""Markdown with $maths$, as quizzes hold it, in the markup that other programs read."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from courseware.quiz.maths import plain

_MATHS = re.compile(r"\$(?=\S)([^$\n`]+?)(?<=[^\s\\])\$")
# For `str.translate`: two signs that YAML can write and XML forbids.
FOR_XML = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}
_OPEN, _CLOSE = "\ue000", "\ue001"  # private-use signs around a formula while the rest is rendered


def in_brackets(tex: str) -> str:
    r"""A formula as MathJax reads it in a page, between ``\(`` and ``\)``."""
    return rf"\({escape(tex, quote=False)}\)"


def html(*parts: str, maths: Callable[[str], str] = in_brackets, entities: str = "") -> str:
    r"""Markdown as HTML, raw HTML shown as text; a single paragraph comes without its tags.

    Args:
        parts: CommonMark with $maths$; each one is rendered by itself.
        maths: writes a formula, given as TeX.
        entities: signs that the reading program would take for its own; outside of formulas they become entities.

    >>> html("Set $w < 1$ in `a < b`, for *every* w.", entities="b")
    'Set \\(w &lt; 1\\) in <code>a &lt; &#98;</code>, for <em>every</em> w.'
    >>> print(html("What?\n\n```\nif x:\n\n    {y}\n```"))
    <p>What?</p>
    <pre><code>if x:
    <BLANKLINE>
        {y}
    </code></pre>
    """
    parser = _parser()
    tokens = [token for part in parts for token in parser.parse(re.sub(f"[{_OPEN}{_CLOSE}]", "", part))]
    if [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]:
        tokens = tokens[1:2]
    rendered = parser.renderer.render(tokens, parser.options, {}).strip("\n")
    parts = re.split(f"{_OPEN}(.*?){_CLOSE}", rendered, flags=re.DOTALL)
    signs = {ord(sign): f"&#{ord(sign)};" for sign in entities}
    return "".join(maths(part) if number % 2 else part.translate(signs) for number, part in enumerate(parts))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.inline.ruler.before("escape", "maths", _maths)
    parser.add_render_rule("maths", lambda self, tokens, at, options, env: f"{_OPEN}{tokens[at].content}{_CLOSE}")
    return parser


def _maths(state: StateInline, silent: bool) -> bool:
    """A rule of the Markdown parser: a formula is one piece, in which no other mark counts."""
    found = _MATHS.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("maths", "", 0).content = found[1]
    state.pos = found.end()
    return True


def literal(text: str) -> str:
    r"""Text as Markdown that shows just this text.

    >>> literal("m_2 & more")
    'm\\_2 \\& more'
    """
    return re.sub(r"([\\`*_\[\]<>&$#~|{}!+.-])", r"\\\1", text)


def fenced(code: str) -> str:
    """Python as a block of code in Markdown, whatever backticks it holds."""
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}python\n{code.rstrip(chr(10))}\n{fence}"


def one_line(markdown: str) -> str:
    r"""Markdown as one line of plain text.

    >>> one_line("the *loss*\n$L_1$")
    'the loss L_1'
    """
    return " ".join(plain(markdown).split())
