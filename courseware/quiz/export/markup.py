"""Texts of quizzes in the markup that other programs read."""

from __future__ import annotations

import re

from courseware.quiz.maths import plain

# For `str.translate`: two signs that YAML can write and XML forbids.
FOR_XML = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}


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
