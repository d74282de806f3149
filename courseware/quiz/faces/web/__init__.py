"""Quizzes for a browser: the module that shows and grades one in any page, and a page of its own, which works offline."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from string import Template

from courseware.errors import CourseError
from courseware.files import has_mark, whole_file
from courseware.quiz.faces.web.data import misconceptions_data, quiz_data
from courseware.quiz.model import Misconception, Quiz

PARTS = ("grade.js", "draw.js", "controls.js", "quiz.js", "browser.js")
MARK = '<meta name="generator" content="course quiz --web">'


def write_page(
    quizzes: Sequence[Quiz],
    misconceptions: Mapping[str, Misconception],
    output: Path,
    seed: str | int,
    *,
    force: bool = False,
) -> None:
    """Write `quizzes` to the file `output`, as one page; a student's copy keeps answers and grades nothing.

    Args:
        seed: whose numbers the questions with parameters show; a student's copy draws them in each browser anew.
        force: replace `output` whatever it is; without it only an earlier page is replaced.

    Raises:
        CourseError: if something else than an earlier page is there, or the file cannot be written.
    """
    text = page(quizzes, misconceptions, seed)
    if output.suffix in (".yaml", ".yml"):
        raise CourseError(f"{output} would be taken for a quiz; name the page .html with -o")
    try:
        if output.exists() and not force and not has_mark(output, MARK):
            raise CourseError(f"{output} is there already and is no quiz page; name another with -o, or --force")
        with whole_file(output) as new:
            new.write(text.encode())
    except OSError as error:
        reason = error.strerror or error
        raise CourseError(f"{output} cannot be written ({reason}); name another file with -o") from error


def page(quizzes: Sequence[Quiz], misconceptions: Mapping[str, Misconception], seed: str | int) -> str:
    """The HTML of one page with `quizzes`, which names no other file and asks no network for anything."""
    data = {
        "quizzes": [quiz_data(quiz, seed) for quiz in quizzes],
        "misconceptions": misconceptions_data(list(quizzes), misconceptions),
    }
    style = part("quiz.css") + part("page.css")
    script = module(part("page.js"))
    return Template(part("page.html")).substitute(
        mark=MARK,
        policy=f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        title=html.escape(quizzes[0].title if len(quizzes) == 1 else "Quizzes"),
        style=style,
        # No text of a quiz can end the element that holds it.
        data=json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        script=script,
    )


def module(host: str = "export { mount, browserStore };\n") -> str:
    """The text of an ES module that shows a quiz: ``mount`` of quiz.js, ``browserStore`` of browser.js.

    Args:
        host: what the module does or exports, with the names of its parts at hand.
    """
    return "\n".join([*map(part, PARTS), host])


def part(name: str) -> str:
    """The text of one of the files that the module and the page are made of."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
