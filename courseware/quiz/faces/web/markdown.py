"""Markdown with $maths$ as HTML: raw HTML is shown as text, formulas become MathML, which browsers typeset."""

from __future__ import annotations

import html as html_
import re
from functools import cache

from latex2mathml.converter import convert
from markdown_it import MarkdownIt

_MATHS = re.compile(r"\$(?=\S)([^$\n]+?)(?<=\S)\$")
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\n?", re.DOTALL)

_CLOSING = r"&#x00029;|\]|&#x0007D;|&#x0007C;"  # ) ] } |
# The spaces that TeX sets and the converter's output lacks: a minus after another sign belongs to what follows, a
# fraction's slash and bars stand close, and max is a name as tanh is, with a thin space before what follows without (.
_SPACING = (
    (rf"(<mo[^>]*>(?!{_CLOSING})[^<]*</mo>)<mo>&#x02212;", r'\1<mo form="prefix">&#x02212;'),
    (r"<mo[^>]*>&#x0002F;", '<mo lspace="0" rspace="0">&#x0002F;'),
    (r'<mo stretchy="false">&#x0007C;', '<mo stretchy="false" lspace="0" rspace="0">&#x0007C;'),
    (r"<mo>([a-z]+)</mo>", r"<mi>\1</mi>"),
    (r"(<mi>[a-z]{2,}</mi>)(?=<m[in])", r'\1<mspace width="0.17em"/>'),
)


def html(markdown: str) -> str:
    r"""HTML of one text; a text that is one paragraph comes without its `<p>`, to stand in a label or a list.

    >>> html("**Both** <b> and `w_1`")
    '<strong>Both</strong> &lt;b&gt; and <code>w_1</code>'
    >>> html("$x$").count("<mi>x</mi>"), html("`$x$`")
    (1, '<code>$x$</code>')
    """
    rendered = _parser().render(markdown).strip()
    single = _ONE_PARAGRAPH.fullmatch(rendered)
    return single[1] if single else rendered


def mathml(tex: str) -> str:
    """A formula as MathML, or as it was typed if it cannot be read as one."""
    try:
        formula = convert(tex)
    except Exception:  # the converter answers bad formulas with errors of many kinds, IndexError among them
        return f'<code class="tex">{html_.escape(tex)}</code>'
    for pattern, spaced in _SPACING:
        formula = re.sub(pattern, spaced, formula)
    return formula


@cache
def _parser() -> MarkdownIt:
    # Pictures would be fetched from somewhere; the page asks for nothing.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.inline.ruler.before("escape", "maths", _find_maths)
    parser.add_render_rule("maths", lambda self, tokens, n, options, env: mathml(tokens[n].content))
    return parser


def _find_maths(state, silent: bool) -> bool:
    found = _MATHS.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("maths", "math", 0).content = found[1]
    state.pos = found.end()
    return True
