"""The course as a web site: static files that work from a folder and from any server, without the network."""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from courseware import course
from courseware.course import PACKAGE, ready_lessons
from courseware.errors import CourseError
from courseware.explorables import explorables, style
from courseware.notebook import widget_module
from courseware.quiz.faces.web import PARTS, part
from courseware.quiz.faces.web.data import misconceptions_data, quiz_data
from courseware.quiz.folder import Quizzes
from courseware.site.lesson_page import Page
from courseware.site.pages import all_pages, described
from courseware.site.polish import polish

MARK = ".course-site"  # a file that tells an earlier site from a folder of something else
SEED = "site"  # whose numbers the questions with parameters show: one site is the same for all
STATIC = Path(__file__).with_name("static")


def build_site(output: Path) -> list[str]:
    """Write the site into the folder `output`; return what Sphinx warned of.

    Raises:
        CourseError: if something else than an earlier site is there, or it cannot be written.
    """
    if output.exists() and any(output.iterdir() if output.is_dir() else [output]) and not (output / MARK).exists():
        raise CourseError(f"{output} is there already and is no site of the course; name another folder with -o.")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".course-site-", dir=output.resolve().parent) as folder:
            made = Path(folder) / "made"
            warnings = _build(Path(folder), made)
            (made / MARK).write_text("Written by `course site`, which replaces this folder.\n")
            (made / ".nojekyll").touch()  # GitHub Pages would leave out what begins with an underscore
            if output.exists():
                shutil.rmtree(output)
            os.rename(made, output)
    except OSError as error:
        raise CourseError(
            f"{output} cannot be written ({error.strerror or error}); name another folder with -o."
        ) from error
    return warnings


def _build(folder: Path, output: Path) -> list[str]:
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    source = folder / "source"
    _write_sources(source)
    warnings = io.StringIO()
    with docutils_namespace():
        application = Sphinx(
            source,
            None,
            output,
            folder / "doctrees",
            "html",
            settings(source),
            None,
            warnings,
            parallel=os.cpu_count() or 1,
        )
        application.build()
    polish(output)
    return [line.replace(f"{source}/", "") for line in warnings.getvalue().splitlines() if line.strip()]


def settings(source: Path) -> dict[str, Any]:
    """Sphinx's settings."""
    title = course.title()
    fonts = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif'
    colours = {"color-brand-primary": "#0a54a3", "color-brand-content": "#0a54a3", "color-brand-visited": "#5b3f96"}
    dark = {"color-brand-primary": "#8dbbf7", "color-brand-content": "#8dbbf7", "color-brand-visited": "#c3aef0"}
    return {
        "project": title,
        "html_title": title,
        "language": "en",
        "extensions": ["myst_parser", "courseware.site.extension"],
        "myst_enable_extensions": ["dollarmath"],
        "myst_heading_anchors": 4,
        "myst_heading_slug_func": "courseware.site.extension.address",
        "highlight_language": "none",  # of blocks that name no language
        "html_theme": "furo",
        "html_theme_options": {
            "light_css_variables": {"font-stack": fonts, **colours},
            "dark_css_variables": {"font-stack": fonts, **dark},
        },
        "pygments_style": "a11y-high-contrast-light",
        "html_math_renderer": "mathml",
        "html_static_path": [str(source / "_static")],
        "html_extra_path": [str(source.parent / "extra")],
        "html_favicon": str(STATIC / "icon.svg"),
        "html_css_files": ["course.css"],
        "html_js_files": [("course.js", {"defer": "defer"})],
        "html_baseurl": course.site().address,
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_copyright": False,
        "html_use_index": False,
        "html_show_search_summary": False,  # it would be fetched, which a page that was opened as a file may not
    }


def _write_sources(source: Path) -> None:
    quizzes = Quizzes()
    extra = source.parent / "extra"
    (source / "_static").mkdir(parents=True)
    (extra / "notebooks").mkdir(parents=True)
    for info in ready_lessons():
        text = Page(info, extra / "pictures", quizzes.misconceptions(info.slug)).text()
        (source / f"{info.slug}.md").write_text(
            described(f"{info.title}: a lesson in which you build {info.builds}.", text), encoding="utf-8"
        )
        shutil.copy(info.lesson, extra / "notebooks")
    for name, text in all_pages(extra / "pictures", quizzes).items():
        path = source / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _write_static(source / "_static", quizzes)


def _write_static(folder: Path, quizzes: Quizzes) -> None:
    for name, text in scripts().items():
        (folder / name).write_text(text, encoding="utf-8")
    css = [
        part("quiz.css"),
        (PACKAGE / "guess.css").read_text(encoding="utf-8"),
        style(*(name for one in explorables().values() for name in one.sheets())),
        (STATIC / "site.css").read_text(encoding="utf-8"),
    ]
    (folder / "course.css").write_text("\n".join(css), encoding="utf-8")
    (folder / "explore").mkdir()
    for name, one in explorables().items():
        (folder / "explore" / f"{name}.js").write_text(one.script(), encoding="utf-8")
    (folder / "quiz").mkdir()
    for info in ready_lessons():
        quiz = quizzes.load(info.slug).drawn(SEED)
        data = {
            "quiz": quiz_data(quiz, SEED),
            "misconceptions": misconceptions_data([quiz], quizzes.misconceptions(info.slug)),
        }
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        (folder / "quiz" / f"{info.slug}.js").write_text(f"globalThis.courseQuizData = {text};\n", encoding="utf-8")


def scripts() -> dict[str, str]:
    """The pages' script, with the notebooks' guess, and the quiz page's grader, which a page fetches with its questions."""
    guess = widget_module(PACKAGE / "guess.js").replace("export default", "const guessWidget =")
    early = ("draw.js", "controls.js", "browser.js")
    host = (STATIC / "host.js").read_text(encoding="utf-8")
    return {
        "course.js": "\n".join([*map(part, early), guess, host]),
        "quiz.js": "\n".join(part(name) for name in PARTS if name not in early),
    }
