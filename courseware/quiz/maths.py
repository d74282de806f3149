"""Markdown with $maths$, as quizzes hold it, for places that cannot typeset it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from courseware.quiz.model import Quiz

_FENCE = re.compile(r"^(```|~~~)[^\n]*\n(.*?)^\1[^\S\n]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(`[^`\n]+`)")
_MATHS = re.compile(r"\$(?=\S)([^$\n]+?)(?<=\S)\$")
_SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η", "lambda": "λ", "mu": "μ",
    "sigma": "σ", "theta": "θ", "pi": "π", "Delta": "Δ", "nabla": "∇", "partial": "∂", "sum": "Σ", "infty": "∞",
    "cdot": "·", "times": "×", "pm": "±", "approx": "≈", "neq": "≠", "ne": "≠", "leq": "≤", "le": "≤", "geq": "≥",
    "ge": "≥", "to": "→", "leftarrow": "←", "ldots": "…", "dots": "…", "max": "max", "min": "min",
}  # fmt: skip
_RAISED = str.maketrans("0123456789n-", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ⁻")


def stored_line(quiz: Quiz) -> str:
    """What a notebook shows in the quiz's place where widgets cannot run."""
    return (
        f"Quiz: {quiz.title}, {len(quiz.questions)} questions. Run this cell to take it here, "
        f"or `course quiz {quiz.lesson}` in a terminal."
    )


def plain(markdown: str) -> str:
    r"""Markdown as plain text: maths in signs that a terminal has, code indented, emphasis marks gone.

    >>> plain(r"The rate $\alpha$ scales $\frac{dL}{dw}$, and **never** `$w$`.")
    'The rate α scales dL/dw, and never `$w$`.'
    >>> plain(r"$\hat{y} = w_1 x + b$ has the error $(\hat{y} - y)^2$; so $a < 2/\lambda_{\max}$.")
    'ŷ = w_1 x + b has the error (ŷ - y)²; so a < 2/λ_max.'
    """
    return _outside_code(markdown, _plain_prose, fence=lambda code: "\n" + _indented(code))


def without_maths(markdown: str) -> str:
    r"""Markdown with its maths as plain text, for a renderer of Markdown that knows no maths.

    >>> without_maths(r"**Both** $w_1$ and `w_1`")
    '**Both** w\\_1 and `w_1`'
    """

    def prose(text: str) -> str:
        return _MATHS.sub(lambda found: re.sub(r"([\\*_`])", r"\\\1", _maths(found[1])), text)

    return _outside_code(markdown, prose, fence=None)


def _outside_code(markdown: str, change, fence) -> str:
    parts, at = [], 0
    for found in _FENCE.finditer(markdown):
        parts += [_outside_spans(markdown[at : found.start()], change), fence(found[2]) if fence else found[0]]
        at = found.end()
    return "".join([*parts, _outside_spans(markdown[at:], change)])


def _outside_spans(text: str, change) -> str:
    return "".join(part if number % 2 else change(part) for number, part in enumerate(_CODE.split(text)))


def _indented(code: str) -> str:
    return "".join(f"    {line}\n" for line in code.rstrip("\n").split("\n"))


def _plain_prose(text: str) -> str:
    pieces = []
    for number, piece in enumerate(_MATHS.split(text)):
        pieces.append(_maths(piece) if number % 2 else re.sub(r"(\*\*|\*)(?=\S)(.+?)(?<=\S)\1", r"\2", piece))
    return "".join(pieces)


def _maths(tex: str) -> str:
    tex = re.sub(r"\\hat\s*\{?(\w)\}?", "\\1\N{COMBINING CIRCUMFLEX ACCENT}", tex)
    tex = tex.replace("y\N{COMBINING CIRCUMFLEX ACCENT}", "ŷ")
    tex = re.sub(r"\\(?:text|mathrm|operatorname)\{([^{}]*)\}", r"\1", tex)
    tex = re.sub(r"\\d?frac\{([^{}]*)\}\{([^{}]*)\}", lambda f: f"{_grouped(f[1])}/{_grouped(f[2])}", tex)
    tex = re.sub(r"\\(?:left|right)(?![a-z])", "", tex)
    tex = re.sub(r"\\([A-Za-z]+)", lambda found: _SIGNS.get(found[1], found[1]), tex)
    tex = re.sub(r"\\[,;:! ]", " ", tex)
    tex = re.sub(r"\^(?:\{([0-9n-]+)\}|([0-9n]))", lambda f: (f[1] or f[2]).translate(_RAISED), tex)
    return re.sub(r"\{([^{}]*)\}", r"\1", tex).replace("\\", "")


def _grouped(tex: str) -> str:
    return f"({tex})" if re.search(r"[-+ ]", tex.strip()) else tex
