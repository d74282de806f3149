"""A formula, given as TeX, in the forms that faces and exports show."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import deque
from xml.etree import ElementTree

_SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "eta": "η", "lambda": "λ",
    "mu": "μ", "rho": "ρ", "sigma": "σ", "tau": "τ", "theta": "θ", "phi": "φ", "omega": "ω", "pi": "π", "Delta": "Δ",
    "Sigma": "Σ", "Theta": "Θ", "Omega": "Ω", "nabla": "∇", "partial": "∂", "sum": "Σ", "prod": "Π", "int": "∫",
    "infty": "∞", "cdot": "·", "times": "×", "odot": "⊙", "pm": "±", "approx": "≈", "sim": "~", "propto": "∝",
    "neq": "≠", "ne": "≠", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "ll": "≪", "gg": "≫", "in": "∈", "to": "→",
    "rightarrow": "→", "leftarrow": "←", "mid": "|", "ldots": "…", "dots": "…", "cdots": "…", "quad": " ", "qquad": " ",
    "lVert": "‖", "rVert": "‖", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "left": "", "right": "",
    ",": " ", ";": " ", ":": " ", "!": " ", " ": " ", "\\": "; ", "|": "‖",
}  # fmt: skip
_ACCENTS = {
    "hat": "\N{COMBINING CIRCUMFLEX ACCENT}", "bar": "\N{COMBINING MACRON}", "tilde": "\N{COMBINING TILDE}",
    "dot": "\N{COMBINING DOT ABOVE}", "vec": "\N{COMBINING RIGHT ARROW ABOVE}",
}  # fmt: skip
_DOUBLE = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))
_RAISED = str.maketrans("0123456789n-", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ⁻")


def plain_formula(tex: str) -> str:
    r"""A formula in signs that a terminal has, with brackets where a line without them would say something else.

    >>> plain_formula(r"\hat{y} = w_1 x + b"), plain_formula(r"a < 2/\lambda_{\max}"), plain_formula("10^{-3}")
    ('ŷ = w_1 x + b', 'a < 2/λ_max', '10⁻³')
    >>> plain_formula("(a+b)^{n+1}"), plain_formula(r"\sqrt{x_1^2}"), plain_formula(r"\frac{a - b}{2n}")
    ('(a+b)^(n+1)', '√(x_1²)', '(a - b)/(2n)')
    """
    return _Plain(tex).until_brace()


class _Plain:
    """Reads a formula piece by piece: a command, a sign behind a backslash, or any other sign."""

    def __init__(self, tex: str):
        self.pieces = deque(re.findall(r"\\[A-Za-z]+|\\.|[^\\]", tex, re.DOTALL))

    def until_brace(self) -> str:
        """What comes before the brace that closes the group, or before the end."""
        found = ""
        while self.pieces and self.pieces[0] != "}":
            found += self.one()
        if self.pieces:
            self.pieces.popleft()
        return found

    def one(self) -> str:
        """The next sign, group, or command with what belongs to it."""
        piece = self.pieces.popleft()
        if piece in ("^", "_"):
            return self._script(piece)
        if piece == "{":
            return self.until_brace()
        return self._command(piece[1:]) if piece.startswith("\\") else piece

    def _argument(self) -> str:
        while self.pieces and self.pieces[0] == " ":
            self.pieces.popleft()
        return self.one() if self.pieces else ""

    def _command(self, name: str) -> str:
        if name in _ACCENTS:
            under = self._argument()
            return unicodedata.normalize("NFC", under + _ACCENTS[name]) if len(under) == 1 else f"{name}({under})"
        if name in ("frac", "dfrac", "tfrac"):
            above, below = self._argument(), self._argument()
            return f"{_grouped(above, r'[-+ ]')}/{_grouped(below, r'[-+ ]|^[0-9]+[^0-9.]|/')}"
        if name == "sqrt":
            return f"√{_grouped(self._argument(), '..')}"
        if name == "mathbb":
            return "".join(_DOUBLE.get(sign, sign) for sign in self._argument())
        if name in ("begin", "end"):  # a matrix
            self._argument()
            return "(" if name == "begin" else ")"
        if name in ("text", "mathrm", "mathbf", "mathcal", "operatorname", "boldsymbol"):
            return self._argument()
        return _SIGNS.get(name, name)

    def _script(self, sign: str) -> str:
        script = self._argument()
        if sign == "^" and re.fullmatch("[0-9n-]+", script) and script != "-":
            return script.translate(_RAISED)
        # w_1x means w_1 times x, as a space says.
        apart = " " if self.pieces and re.match(r"\w|\\[A-Za-z]", self.pieces[0]) and script[-1:].isalnum() else ""
        return sign + _grouped(script, r".[^\w]|[^\w].") + apart


def _grouped(part: str, is_several: str) -> str:
    """Brackets around a part that is several things, as the pattern finds them, and has none."""
    whole = re.fullmatch(r"\([^()]*\)", part)
    return f"({part})" if re.search(is_several, part) and not whole else part


def in_brackets(tex: str) -> str:
    r"""A formula as MathJax reads it in a page, between ``\(`` and ``\)``."""
    return rf"\({html.escape(tex, quote=False)}\)"


_CLOSING = r"[])}|]"
# The spaces that TeX sets and the converter's output lacks: a minus after another sign belongs to what follows, a
# fraction's slash and bars stand close, and max is a name as tanh is, with a thin space before what follows without (.
_SPACING = (
    (rf"(<mo[^>]*>(?!{_CLOSING})[^<]*</mo>)<mo>&#x02212;", r'\1<mo form="prefix">&#x02212;'),
    (r"<mo[^>]*>/", '<mo lspace="0" rspace="0">/'),
    (r'<mo stretchy="false">\|', '<mo stretchy="false" lspace="0" rspace="0">|'),
    (r"<mo>([a-z]+)</mo>", r"<mi>\1</mi>"),
    (r"(<mi>[a-z]{2,}</mi>)(?=<m[in])", r'\1<mspace width="0.17em"/>'),
)


def _markup(tree: ElementTree.Element) -> str:
    """The converter's tree as text; the converter's own way leaves `<` and `&` in texts as they are."""
    for element in tree.iter():
        for name in {"href", "style", "class", "id"} & element.attrib.keys():
            del element.attrib[name]
        # Signs stand in the tree as entities: &#x02212;
        element.text = html.unescape(element.text or "")
    return re.sub(
        r"[^\x00-\x7f]", lambda sign: f"&#x{ord(sign[0]):05X};", ElementTree.tostring(tree, encoding="unicode")
    )


def mathml(tex: str) -> str:
    """A formula as MathML, which browsers typeset, or as it was typed if it cannot be read as one.

    No text in it becomes an element, and TeX's own commands for links, styles and classes have no effect.
    """
    from latex2mathml.converter import convert_to_element

    try:
        formula = _markup(convert_to_element(tex))
    except Exception:  # the converter answers bad formulas with errors of many kinds, IndexError among them
        return f'<code class="tex">{html.escape(tex)}</code>'
    for pattern, spaced in _SPACING:
        formula = re.sub(pattern, spaced, formula)
    return formula
