"""A lesson as a page: the solution's cells and outputs as Markdown, guesses and worked answers behind a click."""

from __future__ import annotations

import ast
import base64
import html
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import nbformat
from PIL import Image

from courseware.authoring.calls import answered_guesses, guesses, is_call
from courseware.authoring.folding import FOLDED
from courseware.authoring.guesses import Guess, answers
from courseware.course import LessonInfo, site
from courseware.quiz.maths import page_html
from courseware.quiz.model import Misconception
from courseware.site import exercises

NOTEBOOK = re.compile(r"\]\((\d\d_\w+)\.ipynb\)")
IN_NOTEBOOKS_ONLY = ("progress",)  # calls on the lesson that a page has no use for
CLAIM = "✓ "
SCRIPT = (
    '<script>document.documentElement.classList.add("with-script")</script>'  # at once, so that no answer flashes up
)


@dataclass
class Page:
    """The page of one lesson while it is written.

    Args:
        info: the lesson.
        images: the folder for its pictures, beside the page.
        ideas: the misconceptions of the quizzes.
    """

    info: LessonInfo
    images: Path
    ideas: Mapping[str, Misconception]
    blocks: list[str] = field(default_factory=list)
    pictures: int = 0
    behind: dict[str, str] = field(
        default_factory=dict
    )  # the guess that each cell's outputs wait for, by the cell's id

    def text(self) -> str:
        """The page as MyST Markdown; its pictures are written on the way."""
        solved, blank = (nbformat.read(path, as_version=4).cells for path in (self.info.solution, self.info.lesson))
        self.behind = _behind_guesses(solved)
        worked: list[Any] = []  # solved cells of the exercise that is being shown
        for cell, other in zip(solved, blank, strict=True):
            if cell.cell_type == "markdown":
                self._prose(cell.source)
            elif cell.source != other.source:
                self._code(other.source)
                worked.append(cell)
            elif worked and (name := _called(cell.source, "check")):
                self._exercise(name, [*worked, cell])
                worked = []
            elif name := next(iter(guesses(cell.source)), ""):
                self._guess(name, cell.source)
            elif name := _called(cell.source, "explore"):
                self._explore(name, cell)
            elif _called(cell.source, "quiz", named=False):
                self._quiz()
            elif not any(_called(cell.source, call, named=False) for call in IN_NOTEBOOKS_ONLY):
                self._cell(cell)
        return "\n\n".join(self.blocks) + "\n"

    def _prose(self, source: str) -> None:
        if not self.blocks:
            title, _, rest = source.partition("\n")
            minutes, _, rest = rest.lstrip().partition("\n")
            self.blocks += [
                title,
                SCRIPT,
                f'<p class="eyebrow">Lesson {self.info.slug[:2]}</p>',
                minutes,
                _open_elsewhere(self.info),
            ]
            source = rest.lstrip("\n")
        self.blocks.append(NOTEBOOK.sub(r"](\1.md)", source))

    def _code(self, source: str) -> None:
        self.blocks.append(f"~~~~python\n{source}\n~~~~")

    def _raw(self, text: str) -> None:
        self.blocks.append(text)

    def _cell(self, cell: Any) -> None:
        guess = self.behind.get(cell.id, "")
        is_folded = cell.metadata.get("jupyter", {}).get("source_hidden") or _only_imports(cell.source)
        if not is_folded:
            self._code(cell.source)
        if guess and (cell.outputs or is_folded):
            self._raw(f'<div class="behind" data-guess="{guess}">')
        self._outputs(cell.outputs)
        if is_folded:
            told = (
                "Set-up: what is imported"
                if not cell.outputs and "import" in cell.source
                else "The code that shows this"
            )
            self._raw(f'<details class="fold"><summary>{told}</summary>')
            self._code(cell.source.removeprefix(FOLDED).lstrip("\n"))
            self._raw("</details>")
        if guess and cell.id == {name: each for each, name in self.behind.items()}[guess]:  # the last that waits for it
            self._raw(f'<div class="course-compared" data-guess="{guess}"></div>')
        if guess and (cell.outputs or is_folded):
            self._raw("</div>")

    def _guess(self, name: str, source: str) -> None:
        call = next(node for node in ast.walk(ast.parse(source)) if is_call(node, "lesson", "guess"))
        assert isinstance(call, ast.Call)
        options = [each.value for each in call.args[1:] if isinstance(each, ast.Constant)]
        known = answers(self.info).get(name, Guess())
        data = {"options": options, "answer": known.answer, "common": known.common, "idea": known.idea}
        if known.idea:
            data |= {
                "title": page_html(self.ideas[known.idea].title),
                "but": page_html(self.ideas[known.idea].explanation),
            }
        shown = html.escape(json.dumps(data, ensure_ascii=False))
        self._raw(
            f'<div class="course-guess" data-guess="{name}" data-lesson="{self.info.slug}" data-about="{shown}"></div>'
        )

    def _explore(self, name: str, cell: Any) -> None:
        guess = self.behind.get(cell.id, "")
        if guess:
            self._raw(f'<div class="behind" data-guess="{guess}">')
        self._raw(f'<div class="course-explore" data-explore="{name}">')
        self._outputs(cell.outputs)
        self._raw("</div>" * (2 if guess else 1))

    def _exercise(self, name: str, cells: list[Any]) -> None:
        hints = exercises.hints(self.info)[name]
        self._raw(f'<div class="exercise" data-exercise="{name}">')
        for number, hint in enumerate(hints, 1):  # each stands in the one before, so that they come one by one
            self._raw(f'<details class="hint"><summary>Hint {number} of {len(hints)}</summary>')
            self._raw(f"<p>{html.escape(hint)}</p>")
        self._raw("</details>" * len(hints))
        self._raw('<details class="answer"><summary>Show a worked answer</summary>')
        for cell in cells:
            if not _called(cell.source, "check"):
                self._code(cell.source)
            self._outputs(cell.outputs)
        self._raw("</details>")
        if said := exercises.replies(self.info)[name]:
            self._raw('<details class="replies"><summary>What the check says to other answers</summary><ul>')
            for reply in said:
                answer = f"<pre>{html.escape(reply.answer)}</pre>" if reply.answer else ""
                self._raw(f"<li>{answer}<p>{html.escape(reply.text)}</p></li>")
            self._raw("</ul></details>")
        self._raw("</div>")

    def _quiz(self) -> None:
        self._raw(
            f'<div class="course-quiz-here" data-quiz="{self.info.slug}"><p>The quiz is shown here; '
            "it needs JavaScript.</p></div>"
        )

    def _outputs(self, outputs: list[Any]) -> None:
        for output in outputs:
            if output.output_type == "stream":
                self._raw("\n".join(_stream(output.text)))
            elif "image/png" in output.data:
                self._figure(base64.b64decode(output.data["image/png"]), output.metadata.get("image/png", {}))
            elif "text/html" in output.data:
                self._raw(output.data["text/html"])
            elif "text/plain" in output.data:
                self._raw(f'<pre class="out">{html.escape(output.data["text/plain"])}</pre>')

    def _figure(self, png: bytes, about: dict[str, Any]) -> None:
        self.pictures += 1
        name = f"{self.info.slug}-{self.pictures}"
        picture = Image.open(io.BytesIO(png))
        self.images.mkdir(parents=True, exist_ok=True)
        (self.images / f"{name}.png").write_bytes(png)
        picture.convert("RGBA" if "A" in picture.mode else "RGB").save(
            self.images / f"{name}.webp", quality=88, method=3
        )
        width, height = about.get("width", picture.width), about.get("height", picture.height)
        self._raw(
            f'<figure><picture><source srcset="{self.images.name}/{name}.webp" type="image/webp">'
            f'<img src="{self.images.name}/{name}.png" alt="{html.escape(about.get("alt", ""))}" width="{width}" '
            f'height="{height}" loading="lazy" decoding="async"></picture></figure>'
        )


def _open_elsewhere(info: LessonInfo) -> str:
    """Links to the notebook of a lesson: to keep, and to run where `course.toml` names a place; and the handouts."""
    place, file = site(), f"lessons/{info.slug}.ipynb"
    links = {"Download the notebook": f"notebooks/{info.slug}.ipynb"}
    if repository := re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?", place.repository):
        links["Binder"] = f"https://mybinder.org/v2/gh/{repository[1]}/{place.branch}?labpath={file}"
        links["Colab"] = f"https://colab.research.google.com/github/{repository[1]}/blob/{place.branch}/{file}"
    if place.jupyterhub and place.repository:
        folder = place.repository.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git")
        wanted = urlencode({"repo": place.repository, "branch": place.branch, "urlpath": f"lab/tree/{folder}/{file}"})
        links["JupyterHub"] = f"{place.jupyterhub.rstrip('/')}/hub/user-redirect/git-pull?{wanted}"
    shown = "".join(
        f'<a href="{html.escape(address)}"{" download" if name.startswith("Download") else ""}>{name}</a>'
        for name, address in links.items()
    )
    buttons = {"answers": "Print", "blank": "Print without answers"}
    shown += "".join(f'<button type="button" data-print="{kind}">{name}</button>' for kind, name in buttons.items())
    return f'<div class="course-open">{shown}</div>'


def _stream(text: str) -> Iterator[str]:
    """Printed lines: claims as a list, whatever stands between them as it was printed."""
    kept: list[str] = []
    is_claim = False
    for line in [*text.rstrip("\n").split("\n"), None]:
        if kept and (line is None or line.startswith(CLAIM) != is_claim):
            if is_claim:
                rows = "".join(f"<li>{html.escape(each.removeprefix(CLAIM))}</li>" for each in kept)
                yield f'<ul class="claims">{rows}</ul>'
            else:
                yield f'<pre class="out">{html.escape(chr(10).join(kept))}</pre>'
            kept = []
        if line is not None:
            is_claim = line.startswith(CLAIM)
            kept.append(line)


def _behind_guesses(cells: list[Any]) -> dict[str, str]:
    """Which cells' outputs wait for a guess, by the cells' ids: those up to the claim that answers it."""
    found: dict[str, str] = {}
    for at, cell in enumerate(cells):
        for name in guesses(cell.source) if cell.cell_type == "code" else []:
            codes = [(n, each) for n, each in enumerate(cells) if n > at and each.cell_type == "code"]
            last = next((n for n, each in codes if name in answered_guesses(each.source)), None)
            if last is None:  # no claim answers it: what comes before the next words
                last = next((n for n in range(at + 2, len(cells)) if cells[n].cell_type == "markdown"), at + 2) - 1
            found |= {each.id: name for n, each in codes if n <= last and not guesses(each.source)}
    return found


def _called(source: str, method: str, named: bool = True) -> str:
    """The name that `source` hands to ``lesson.method(...)``, or the method's own where it takes none; "" without a call."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and is_call(node, "lesson", method):
            if not named:
                return method
            if node.args and isinstance(node.args[0], ast.Constant):
                return str(node.args[0].value)
    return ""


def _only_imports(source: str) -> bool:
    body = ast.parse(source).body
    return bool(body) and all(
        isinstance(node, ast.Import | ast.ImportFrom) or "open_lesson" in ast.unparse(node) for node in body
    )
