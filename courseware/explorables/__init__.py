"""Explorables: something to drag, draw or press that carries one idea of a lesson. docs/explorables.md tells how one is made.

Each is a JavaScript module of its own, which a notebook shows as a widget and a page of the site as it is. Where nobody is
there, a picture of it stands in its place.
"""

from __future__ import annotations

import base64
import json
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from IPython.display import display
from PIL import Image

from courseware.errors import CourseError
from courseware.notebook import show_widget, someone_is_there, widget_module

HERE = Path(__file__).parent
DENSITY = 2  # pixels of a picture to one of the page
IMPORT = re.compile(r"^import \{[^}]*\} from \"\./(\w+)\.js\";\n", re.M)
EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function))", re.M)

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{style} body {{ margin: 12px; font-family: system-ui, sans-serif; }}
@media (prefers-color-scheme: dark) {{ body {{ color: #ddd; background: #101316; }} }}</style>
<main><h1>{title}</h1><div id="here"></div></main>
<script>{script}</script><script>globalThis.shown = courseExplorables.{name}.render({{ el: document.getElementById("here") }});</script>
"""


@dataclass(frozen=True)
class Explorable:
    """What is known of one explorable.

    Attributes:
        name: what `lesson.explore` takes; its module is ``name.js``, its weights, if it has any, ``name.weights.json``.
        title: the words above it.
        picture: its picture in words.
    """

    name: str
    title: str
    picture: str

    @property
    def line(self) -> str:
        """What a stored notebook says in its place."""
        return f"To touch: {self.title}. Run this cell to try it. In the picture: {self.picture}"

    @property
    def png(self) -> Path:
        return HERE / "pictures" / f"{self.name}.png"

    @property
    def module(self) -> Path:
        return HERE / f"{self.name}.js"

    @property
    def weights(self) -> Path:
        return HERE / f"{self.name}.weights.json"

    def widget(self) -> str:
        """The text of its ES module for a notebook."""
        return f"{self._text()}\nexport default {{ render({{ el }}) {{ return show(el, {self._about()}, build).remove; }} }};\n"

    def script(self) -> str:
        """The text of a plain script: a page that was opened as a file may load no modules."""
        return (
            f"(() => {{\n{self._text()}\n(globalThis.courseExplorables ??= {{}}).{self.name} = "
            f"{{ arithmetic, render: ({{ el }}) => show(el, {self._about()}, build) }};\n}})();\n"
        )

    def page(self) -> str:
        """A page with nothing else, for tests and pictures; `shown` is what its `render` returned."""
        return PAGE.format(title=self.title, name=self.name, script=self.script(), style=self.style())

    def sheets(self) -> list[str]:
        """The style sheets of its board: what all have, what comes with the modules that it shares, and its own."""
        return ["kit", *self._shared(), self.name]

    def style(self) -> str:
        """The look of its board."""
        return style(*self.sheets())

    def _about(self) -> str:
        return json.dumps({"title": self.title})

    def _text(self) -> str:
        weights = (
            f"const WEIGHTS = {self.weights.read_text(encoding='utf-8').strip()};" if self.weights.exists() else ""
        )
        shared = [(HERE / f"{name}.js").read_text(encoding="utf-8") for name in self._shared()]
        texts = [widget_module(HERE / "kit.js"), *shared, weights, self.module.read_text(encoding="utf-8")]
        return EXPORT.sub("", IMPORT.sub("", "\n".join(texts)))

    def _shared(self) -> list[str]:
        """The modules that it takes from beside the kit."""
        return [name for name in IMPORT.findall(self.module.read_text(encoding="utf-8")) if name != "kit"]


def style(*names: str) -> str:
    """The style sheets of these names, as far as there are any, one after another."""
    files = [HERE / f"{name}.css" for name in dict.fromkeys(names)]
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.exists())


@cache
def explorables() -> dict[str, Explorable]:
    """All explorables, by name."""
    rows = tomllib.loads((HERE / "explorables.toml").read_text(encoding="utf-8"))
    return {name: Explorable(name, **row) for name, row in rows.items()}


def explorable(name: str) -> Explorable:
    """The explorable called `name`.

    Raises:
        CourseError: if there is none.
    """
    if name not in explorables():
        raise CourseError(f"There is no explorable {name!r}; there are {', '.join(explorables())}.")
    return explorables()[name]


def show_explorable(name: str) -> None:
    """Show the explorable `name` beneath the cell: its picture, which the live one hides where someone is there.

    Raises:
        CourseError: if there is none of that name.
    """
    one = explorable(name)
    with Image.open(one.png) as picture:
        size = {"width": picture.width // DENSITY, "height": picture.height // DENSITY}
    shown = {"image/png": base64.b64encode(one.png.read_bytes()).decode(), "text/plain": one.line}
    display(shown, metadata={"image/png": {**size, "alt": one.picture}}, raw=True)
    if someone_is_there():
        show_widget(one.line, lambda: _widget(one))


def _widget(one: Explorable) -> Any:
    import anywidget

    kind = type(f"Explorable_{one.name}", (anywidget.AnyWidget,), {"_esm": one.widget(), "_css": one.style()})
    widget = kind()
    widget.add_class("course-explore")
    return widget
