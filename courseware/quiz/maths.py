r"""Markdown with $maths$, as quizzes hold it: the one parser, and its texts as HTML and as plain text.

A formula stands between two dollars (or pairs of them) of one line, without blanks at its ends and without backticks;
`\$` is a dollar. The plugin for dollars of mdit-py-plugins takes code into formulas, and "$x$ \\" for none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from courseware.quiz.formulas import in_brackets, mathml, plain_formula

_FORMULA = re.compile(r"(\$\$?)(?=\S)([^$\n`]+?)(?<=[^\s\\])\1")
_OPEN, _CLOSE = "\ue000", "\ue001"  # private-use signs around a formula while the rest is rendered
_MARKS = re.compile(f"[{_OPEN}{_CLOSE}]")


def parsed(markdown: str) -> list[Token]:
    """The tokens of CommonMark with tables, in which a formula is a token of type `maths`.

    Raw HTML is text, and so are pictures, which would have to be fetched from somewhere.
    """
    tokens = _parser().parse(markdown)
    for token in (each for block in tokens for each in (block, *(block.children or ()))):
        token.content = _MARKS.sub("", token.content)  # the text may name them, as &#xE000; too
        token.info = re.sub(r"[^\w+-].*", "", token.info, flags=re.DOTALL)  # the language of code, a list's number
        token.attrs = {name: _MARKS.sub("", str(value)) for name, value in token.attrs.items()}
    return tokens


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.inline.ruler.before("escape", "maths", _maths)
    parser.add_render_rule("maths", lambda self, tokens, at, options, env: f"{_OPEN}{tokens[at].content}{_CLOSE}")
    return parser


def _maths(state: StateInline, silent: bool) -> bool:
    """A rule of the Markdown parser: a formula is one piece, in which no other mark counts."""
    found = _FORMULA.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("maths", "", 0).content = found[2]
    state.pos = found.end()
    return True


def html(*parts: str, maths: Callable[[str], str] = in_brackets, entities: str = "", tight: bool = True) -> str:
    r"""Markdown as HTML, raw HTML shown as text.

    Args:
        parts: CommonMark with $maths$; each one is rendered by itself.
        maths: writes a formula, given as TeX.
        entities: signs that the reading program would take for its own; outside of formulas they become entities.
        tight: whether a single paragraph comes without its tags.

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
    tokens = [token for part in parts for token in parsed(part)]
    if tight and [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]:
        tokens = tokens[1:2]
    rendered = parser.renderer.render(tokens, parser.options, {}).strip("\n")
    signs = {ord(sign): f"&#{ord(sign)};" for sign in entities}
    pieces = re.split(f"{_OPEN}(.*?){_CLOSE}", rendered, flags=re.DOTALL)
    return "".join(maths(piece) if number % 2 else piece.translate(signs) for number, piece in enumerate(pieces))


def page_html(markdown: str) -> str:
    r"""HTML for a page that asks the network for nothing and typesets formulas as MathML.

    >>> page_html("**Both** <b> and `w_1`")
    '<strong>Both</strong> &lt;b&gt; and <code>w_1</code>'
    """
    return html(markdown, maths=mathml)


def plain(markdown: str) -> str:
    r"""Markdown as plain text: formulas in signs that a terminal has, code indented, emphasis marks gone.

    >>> plain(r"The rate $\alpha$ scales $\frac{dL}{dw}$, and **never** `$w$`; it costs \$5.")
    'The rate α scales dL/dw, and never `$w$`; it costs $5.'
    >>> plain("What?\n\n```python\nx = 1\n```\n\n1. one\n2. two")
    'What?\n\n    x = 1\n\n1. one\n\n2. two'
    """
    blocks: list[str] = []
    marks: list[str] = []  # of the lists and quotations that are open
    row: list[str] | None = None  # of a table
    for token in parsed(markdown):
        if token.type == "list_item_open":
            marks.append(f"{token.info}{token.markup} ")
        elif token.type == "blockquote_open":
            marks.append("> ")
        elif token.type in ("list_item_close", "blockquote_close"):
            marks.pop()
        elif token.type in ("fence", "code_block"):
            blocks.append("\n".join(f"    {line}" for line in token.content.rstrip("\n").split("\n")))
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            blocks, row = [*blocks, " | ".join(row)], None
        elif token.type == "inline" and row is not None:
            row.append(_plain_inline(token.children or ()))
        elif token.type == "inline":
            blocks.append("".join(marks) + _plain_inline(token.children or ()))
            # What follows in the same item is set off below its mark.
            marks = [mark if mark == "> " else " " * len(mark) for mark in marks]
        elif token.type == "hr":
            blocks.append("---")
    return "\n\n".join(blocks)


def one_line(markdown: str) -> str:
    r"""Markdown as one line of plain text.

    >>> one_line("the *loss*\n$L_1$")
    'the loss L_1'
    """
    return " ".join(plain(markdown).split())


def _plain_inline(tokens: Iterable[Token]) -> str:
    found, links = "", []
    for token in tokens:
        if token.type == "maths":
            found += plain_formula(token.content)
        elif token.type == "code_inline":
            found += f"{token.markup}{token.content}{token.markup}"
        elif token.type in ("softbreak", "hardbreak"):
            found += "\n"
        elif token.type == "link_open":
            links.append(f" ({token.attrGet('href')})")
        elif token.type == "link_close":
            found += links.pop()
        else:
            found += token.content
    return found


def with_plain_formulas(markdown: str) -> list[Token]:
    """The tokens of Markdown with its formulas as plain text, for a renderer of Markdown that knows no maths."""
    tokens = parsed(markdown)
    for token in tokens:
        for child in token.children or ():
            if child.type == "maths":
                child.type, child.content = "text", plain_formula(child.content)
    return tokens
