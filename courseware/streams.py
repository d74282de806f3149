"""What the course prints arrives on any stream: signs that its encoding lacks are replaced, never an exception."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata

PLAIN = {
    "✓": "+", "✗": "x", "○": "o", "·": ".", "•": "*", "…": "...", "≈": "~", "≠": "!=", "≤": "<=", "≥": ">=", "−": "-",
    "–": "-", "—": "-", "×": "x", "→": "->", "←": "<-", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "√": "sqrt",
    "∞": "inf", "±": "+-", "ß": "ss",
}  # fmt: skip
ERRORS, ASCII = "courseware_plain", "courseware_ascii"


def arrive() -> None:
    """Let standard output and error carry any text, whatever their encoding; what is closed swallows it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        carry_all(stream)


def carry_all(stream: object) -> None:
    """Let `stream`, if it is one of text over bytes, replace what its encoding lacks.

    >>> stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", newline="")
    >>> carry_all(stream)
    >>> _ = stream.write("✓ café, 日本"), stream.flush()
    >>> stream.buffer.getvalue()
    b'+ caf\\xe9, ??'
    """
    if isinstance(stream, io.TextIOWrapper):
        is_ascii = codecs.lookup(stream.encoding).name == "ascii"
        stream.reconfigure(encoding=ASCII if is_ascii else None, errors=ERRORS)


def _plain(error: UnicodeError) -> tuple[str, int]:
    """What stands for the signs that cannot be encoded: a like one, the letter without its accent, or a question mark."""
    if isinstance(error, UnicodeDecodeError):
        return "\N{REPLACEMENT CHARACTER}", error.end
    assert isinstance(error, UnicodeEncodeError)

    def like(sign: str) -> str:
        return PLAIN.get(sign) or "".join(c for c in unicodedata.normalize("NFKD", sign) if c.isascii()) or "?"

    return "".join(map(like, error.object[error.start : error.end])), error.end


def _ascii(name: str) -> codecs.CodecInfo | None:
    """ASCII by another name: a stream that says "ascii" is taken for a mistake by click, which then writes UTF-8 to it."""
    if name != ASCII:
        return None
    codec = codecs.lookup("ascii")
    return codecs.CodecInfo(
        codec.encode, codec.decode, incrementalencoder=codec.incrementalencoder,
        incrementaldecoder=codec.incrementaldecoder, name=ASCII,
    )  # fmt: skip


codecs.register_error(ERRORS, _plain)
codecs.register(_ascii)
