"""The pages around the lessons, as MyST Markdown: front page, table, glossary, misconceptions, guides, what was proven."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from string import Template

from PIL import Image

from courseware import course
from courseware.authoring.glossary import terms
from courseware.authoring.guesses import answers
from courseware.course import ROOT, LessonInfo, ready_lessons
from courseware.quiz.folder import Quizzes
from courseware.quiz.maths import one_line
from courseware.site.extension import address
from courseware.site.polish import moved

GUIDES = {
    "instructors": "docs/instructors.md",
    "projects": "docs/projects.md",
    "quizzes": "docs/quizzes.md",
    "explorables": "docs/explorables.md",
    "publish": "docs/site.md",
    "contributing": "CONTRIBUTING.md",
}
HERE = {"verified.md": "verified", "glossary.md": "glossary", "README.md": "start", "lessons": "lessons",
        **{Path(file).name: name for name, file in GUIDES.items()}}  # fmt: skip
LINK = re.compile(r"\[([^\]]*)\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)")
CAPTIONS = re.compile(r"!\[([^\]]+)\]\((docs/images/[^)]+)\)\n\n\*([^\n]+)\*")
WIDTH = 810  # pixels of a picture of the front page, twice what is shown


def all_pages(pictures: Path, quizzes: Quizzes) -> dict[str, str]:
    """Every page but the lessons, by its name; the pictures of the front page are written into `pictures`."""
    return {
        "index": front(pictures),
        "lessons": lessons(),
        "start": start(),
        "glossary": glossary(),
        "verified": verified(),
        **{name: described(f"{_first_heading(file)}.", _guide(file)) for name, file in GUIDES.items()},
        **misconceptions(quizzes),
        **gone(),
    }


def gone() -> dict[str, str]:
    """A page with a link for each that is there no more."""
    found = {}
    for old, new in moved().items():
        if "#" not in old:
            name = old.removesuffix(".html")
            up = "../" * name.count("/")
            text = f"# This page has moved\n\n[Go to what stands in its place]({up}{new.replace('.html', '.md')}).\n"
            found[name] = described("A page that has moved.", text, is_orphan=True)
    return found


def described(description: str, text: str, *, is_orphan: bool = False) -> str:
    """A page with the description that search engines show."""
    safe = description.replace("\\", "").replace('"', "'")
    orphan = "orphan: true\n" if is_orphan else ""
    return f'---\n{orphan}myst:\n  html_meta:\n    description: "{safe}"\n---\n{text}'


def front(pictures: Path) -> str:
    """The page that the address of the site shows."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = {file: (alt, caption) for alt, file, caption in CAPTIONS.findall(readme)}
    ready = ready_lessons()
    text = Template(_text("index.md")).substitute(
        title=_title(),
        first=ready[0].slug,
        pictures="\n".join(
            _picture(each, *told[each.file], pictures) for each in course.pictures() if each.file in told
        ),
        lessons="\n".join(_card(info) for info in ready),
        proof=next((line for line in _report().splitlines() if line.startswith("All ")), ""),
    )
    toctrees = _toctree("Lessons", [f"{info.slug[:2]} {info.title} <{info.slug}>" for info in ready]) + _toctree(
        "Around the lessons", ["lessons", "start", "glossary", "misconceptions", "verified"]
    ) + _toctree("Teach and write", list(GUIDES))  # fmt: skip
    return described(
        f"{_title()}: a free course in {len(ready)} lessons, from a single neuron to networks that see, remember and invent.",
        text + toctrees,
    )


def _picture(picture: course.Picture, alt: str, caption: str, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    image = Image.open(picture.path).convert("RGB")
    image.thumbnail((WIDTH, WIDTH), Image.Resampling.LANCZOS)
    name = f"{folder.name}/{picture.path.stem}"
    image.save(folder / f"{picture.path.stem}.png", optimize=True)
    image.save(folder / f"{picture.path.stem}.webp", quality=86)
    return (
        f'<figure><a href="{picture.lesson}.html"><picture><source srcset="{name}.webp" type="image/webp">'
        f'<img src="{name}.png" alt="{html.escape(alt)}" width="{image.width // 2}" height="{image.height // 2}" '
        f'loading="lazy" decoding="async"></picture></a><figcaption>{html.escape(caption)}</figcaption></figure>'
    )


def _card(info: LessonInfo) -> str:
    return (
        f'<li><a href="{info.slug}.html">{html.escape(info.title)}</a><span>{html.escape(info.builds)}</span>'
        f"<span>{info.minutes} minutes</span></li>"
    )


def lessons() -> str:
    """The table of lessons."""
    rows = "\n".join(
        f"| {info.slug[:2]} | [{info.title}]({info.slug}.md) | {', '.join(info.topics)} | {info.minutes} |"
        for info in ready_lessons()
    )
    hours = sum(info.minutes for info in ready_lessons()) / 60
    return described(
        "The lessons of the course with their topics and the time that they take.",
        "# All lessons\n\nThe minutes are counted from the words, lines of code, exercises and questions of each lesson, at a "
        f"beginner's pace: {hours:.0f} hours in all. Every lesson says how they divide.\n\n"
        f"| No. | Lesson | Topics | Minutes |\n| --- | --- | --- | --- |\n{rows}\n",
    )


def start() -> str:
    """How to work in the notebooks, from the README."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    parts = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", readme, flags=re.DOTALL | re.MULTILINE))
    wanted = {
        "Set up": "Start",
        "In the notebooks": "For learners",
        "When something goes wrong": "When something goes wrong",
    }
    text = "".join(f"## {title}\n{_local(parts[name])}" for title, name in wanted.items())
    return described(
        "How to set the course up on your own computer and work in its notebooks.", f"# Work in the notebooks\n\n{text}"
    )


def glossary() -> str:
    """All terms in alphabetical order, each with an anchor."""
    rows = sorted(
        ((term, meaning, info) for info in ready_lessons() for term, meaning in terms(info).items()),
        key=lambda row: row[0].lower(),
    )
    entries = "\n".join(
        f'<dt id="{address(term)}">{html.escape(term)}</dt><dd>{html.escape(meaning)} '
        f'<a href="{info.slug}.html">Lesson {info.slug[:2]}</a></dd>'
        for term, meaning, info in rows
    )
    return described(
        "Every term of the course in one sentence, with the lesson that introduces it.",
        "# Glossary\n\nEvery term of the course, with the lesson that introduces it. In the lessons a dotted line marks a term: "
        f'point at it, or tap it, and its meaning is shown.\n\n<dl class="glossary">\n{entries}\n</dl>\n',
    )


def misconceptions(quizzes: Quizzes) -> dict[str, str]:
    """A page for each wrong idea that quizzes or guesses name, with what addresses it, and the page that lists them."""
    known = quizzes.misconceptions(ready_lessons()[0].slug)
    where: dict[str, list[tuple[LessonInfo, str]]] = defaultdict(list)  # the lesson, and a line of the list
    for info in ready_lessons():
        for question in quizzes.load(info.slug).undrawn.questions:
            for key in sorted(question.misconceptions):
                page, prompt = f"../{info.slug}.md", _short(question.drawn("site", info.slug).prompt)
                section = f"[{question.section}]({page}#{address(question.section)})"
                where[key].append((info, f"* [{prompt}]({page}#quiz) *Lesson {info.slug[:2]}, {section}*"))
        for key in sorted({guess.idea for guess in answers(info).values()} - {""}):
            where[key].append((info, f"* A guess of [lesson {info.slug[:2]}](../{info.slug}.md)"))
    pages = {}
    first_in: dict[str, list[str]] = defaultdict(list)
    for key, idea in known.items():
        if not where[key]:
            continue
        first_in[where[key][0][0].slug].append(key)
        asked = "\n".join(line for _, line in where[key])
        pages[f"misconceptions/{key}"] = described(
            f"A wrong idea about neural networks, and what is true instead: {one_line(idea.title)}.",
            f'# “{idea.title}”\n\n<p class="eyebrow">A wrong idea that many have</p>\n\n{idea.explanation}\n\n'
            f"## Questions and sections on it\n\n{asked}\n\n[All misconceptions](../misconceptions.md)\n",
            is_orphan=True,
        )
    listed = "".join(
        f"## Lesson {info.slug[:2]}: {info.title}\n\n"
        + "".join(f"* [{known[key].title}](misconceptions/{key}.md)\n" for key in first_in[info.slug])
        + "\n"
        for info in ready_lessons()
        if first_in[info.slug]
    )
    pages["misconceptions"] = described(
        "Wrong ideas about neural networks that many learners share, each with what is true instead.",
        "# Misconceptions\n\nWrong ideas that many share. The quizzes recognize them in your answers; each page says what is "
        f"true instead, and where the course shows it.\n\n{listed}",
    )
    return pages


def verified() -> str:
    """What was proven of the lessons' claims, explained, with the report."""
    report = _report().partition("\n")[2]
    return described(
        "How the statements of the lessons were put to the test, and the result for each.",
        f"{_text('verified.md')}\n{report}",
    )


def _report() -> str:
    return (ROOT / "docs" / "verified.md").read_text(encoding="utf-8")


def _short(prompt: str) -> str:
    """The first lines of a question, as the text of a link."""
    text = one_line(re.sub(r"```.*?```", "…", prompt, flags=re.DOTALL))
    text = text if len(text) <= 120 else f"{text[:110].rsplit(' ', 1)[0]} …"
    return re.sub(r"([\[\]\\*_`$<>|#])", r"\\\1", text)


def _guide(file: str) -> str:
    return _local((ROOT / file).read_text(encoding="utf-8"))


def _local(text: str) -> str:
    """Markdown of the repository with its links to pages of the site, to the repository, or to nowhere."""

    def link(found: re.Match[str]) -> str:
        words, path, anchor = found[1], found[2].strip("/"), found[3] or ""
        if page := HERE.get(path.rsplit("/", 1)[-1]):
            if words.endswith(".md"):  # the name of a file says little here
                words = f"*{_first_heading(GUIDES[page])}*" if page in GUIDES else f"*{page.capitalize()}*"
            return f"[{words}]({page}.md{anchor})"
        if lesson := re.search(r"(\d\d_\w+)\.ipynb", path):
            return f"[{words}]({lesson[1]}.md)"
        repository = course.site().repository
        return (
            f"[{words}]({repository}/blob/{course.site().branch}/{path.removeprefix('../')})" if repository else words
        )

    return LINK.sub(link, text.replace("[lessons](#lessons)", "[lessons](lessons.md)"))


def _first_heading(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")


def _toctree(caption: str, pages: list[str]) -> str:
    names = "\n".join(pages)
    return f"\n```{{toctree}}\n:hidden:\n:titlesonly:\n:caption: {caption}\n\n{names}\n```\n"


def _text(name: str) -> str:
    return files("courseware.site").joinpath("text", name).read_text(encoding="utf-8")


def _title() -> str:
    return course.title()
