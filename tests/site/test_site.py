"""The pages of the web site as text: what is read from lessons, checks and guesses, and the faults that are looked for."""

import dataclasses
import re
from importlib import import_module
from types import SimpleNamespace

import nbformat
import pytest

from courseware import course
from courseware.authoring import guesses
from courseware.authoring.calls import is_call
from courseware.cli import main
from courseware.course import find, ready_lessons
from courseware.errors import CourseError
from courseware.quiz.folder import Quizzes
from courseware.site import exercises, lesson_page
from courseware.site.check import problems

pytest.importorskip("furo", reason="Sphinx and its theme are not installed")
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document

from courseware.site import build_site, extension, pages, scripts

SLUGS = [info.slug for info in ready_lessons()]
IDEAS = Quizzes().misconceptions(SLUGS[0])


def asked(info):
    """The guesses that a lesson asks for, each with its options."""
    import ast

    for cell in nbformat.read(info.solution, as_version=4).cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if is_call(node, "lesson", "guess"):
                    name, *options = [each.value for each in node.args]
                    yield name, options


@pytest.mark.parametrize("slug", SLUGS)
def test_hints_are_those_of_the_checks(slug):
    info = find(slug)
    for exercise in import_module(info.checks).EXERCISES:
        assert exercises.hints(info)[exercise.name] == list(exercise.hints)
        assert exercise.name in exercises.replies(info)


def test_most_exercises_have_replies_to_browse():
    counts = [len(found) for info in ready_lessons() for found in exercises.replies(info).values()]
    assert sum(count > 0 for count in counts) > 0.9 * len(counts) and sum(counts) > 400


def test_a_reply_stands_beside_an_answer_that_draws_it():
    shown = {reply.answer: reply.text for reply in exercises.replies(find("cnn"))["conv_parameters"]}
    assert "return (kernel * channels + 1) * filters" in shown
    assert "The kernel is square" in shown["return (kernel * channels + 1) * filters"]


@pytest.mark.parametrize("slug", SLUGS)
def test_known_answers_to_guesses_are_among_the_options(slug):
    info = find(slug)
    options = dict(asked(info))
    for name, known in guesses.answers(info).items():
        assert name in options, f"{slug} asks for no guess {name!r}"
        assert known.answer and (not known.common) == (not known.idea)
        for answer in filter(None, (known.answer, known.common)):
            assert not options[name] or answer in options[name], f"{slug}: {name} has no option {answer!r}"
        assert not known.idea or known.idea in IDEAS
        assert known.common != known.answer


@pytest.fixture(scope="module")
def cnn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page") / "pictures"
    return lesson_page.Page(find("cnn"), folder, IDEAS).text(), folder


def test_a_worked_answer_stands_only_behind_its_fold(cnn):
    text, _ = cnn
    before, _, after = text.partition('data-exercise="output_size"')
    answer = "return (n + 2 * padding - kernel) // stride + 1"
    assert answer not in before and "return ...  # replace the dots" in before
    assert answer in after.partition('<details class="answer">')[2].partition("What the check says")[0]
    assert "lesson.check" not in text.replace("~~~~python", "")


def test_hints_come_one_by_one(cnn):
    text, _ = cnn
    part = text.partition('data-exercise="output_size"')[2].partition('class="answer"')[0]
    assert part.count("<details") == part.count("</details>") + 1  # that of the answer
    assert part.index("Hint 3 of 3") < part.index("</details>")


def test_what_answers_a_guess_waits_for_it(cnn):
    text, _ = cnn
    part = text.partition('<div class="course-guess" data-guess="moved_by_four"')[2].partition("Compare each row")[0]
    waiting = part.partition('<div class="behind" data-guess="moved_by_four">')[2]
    assert "moved by 4: accuracy" in waiting and "it reads fewer than half" in waiting
    assert "moved by 4: accuracy" not in part.partition('<div class="behind"')[0].replace("print(", "")


def test_pictures_have_two_forms_and_a_description(cnn):
    text, folder = cnn
    figures = re.findall(r"<figure>.*?</figure>", text)
    assert len(figures) == len(list(folder.glob("*.png"))) == len(list(folder.glob("*.webp"))) > 10
    for figure in figures:
        assert re.search(
            r'srcset="pictures/[\w-]+\.webp".*alt="[^"]{20,}".*width="\d+" height="\d+" loading="lazy"', figure
        )


def test_a_notebook_is_opened_where_course_toml_names_a_place(monkeypatch):
    info = find("cnn")
    assert "Binder" not in lesson_page._open_elsewhere(info)
    place = course.Site(repository="https://github.com/some/course", jupyterhub="https://hub.school.edu/")
    monkeypatch.setattr(lesson_page, "site", lambda: place)
    links = lesson_page._open_elsewhere(info)
    assert "https://mybinder.org/v2/gh/some/course/main?labpath=lessons/04_cnn.ipynb" in links
    assert "https://colab.research.google.com/github/some/course/blob/main/lessons/04_cnn.ipynb" in links
    assert "https://hub.school.edu/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgithub.com%2Fsome%2Fcourse" in links


def test_links_of_the_guides_stay_on_the_site(monkeypatch):
    text = "[guide](docs/quizzes.md#points) [lesson](lessons/04_cnn.ipynb) [code](courseware/quiz/questions) [web](https://x.org)"
    assert pages._local(text) == "[guide](quizzes.md#points) [lesson](04_cnn.md) code [web](https://x.org)"
    monkeypatch.setattr(course, "site", lambda: course.Site(repository="https://github.com/some/course"))
    assert "[code](https://github.com/some/course/blob/main/courseware/quiz/questions)" in pages._local(text)


def test_terms_are_found_in_plural_and_before_their_parts():
    meanings = extension._meanings("04_cnn")
    assert "feature map" in meanings and "lstm" not in meanings and "kernel" in meanings
    assert "kernel" not in extension._meanings("05_rnn")  # a plain word, so only its own lesson explains it


def test_a_term_is_marked_once_and_never_in_the_title_of_a_paper():
    document = new_document("04_cnn", get_default_settings())
    document.settings.env = SimpleNamespace(docname="04_cnn")
    for name in ("Strides", "Where to go next"):
        section = nodes.section("", names=[name.lower()])
        section += nodes.paragraph("", "", nodes.Text("A kernel, pooling, a kernel."))
        document += section
        if name == "Strides":
            section += nodes.paragraph("", "", nodes.Text("More on pooling."))
    section += nodes.paragraph("", "", nodes.Text("On Feature Maps, 1998."))
    extension.Terms(document).apply()
    assert [re.sub("<.*?>", "", raw.astext()) for raw in document.findall(nodes.raw)] == ["kernel", "pooling"]


def test_the_scripts_hold_one_grader_and_one_guess():
    made = scripts()
    assert "const guessWidget" in made["course.js"] and "const grading" in made["quiz.js"]
    assert not any(
        "export " in line for text in made.values() for line in text.splitlines() if line.startswith("export")
    )


def test_faults_of_a_site_are_found(tmp_path):
    (tmp_path / "a.html").write_text(
        '<h1 id="here">A</h1><a href="b.html">b</a><a href="#gone">c</a><a href="#here">d</a><a href="https://x.org">e</a>'
        '<img src="p.png"><script src="https://cdn.org/x.js"></script><link rel="stylesheet" href="gone.css">'
    )
    (tmp_path / "s.css").write_text("@font-face { src: url('https://fonts.org/f.woff2') }")
    assert problems(tmp_path) == [
        "a.html: p.png has no description",
        "a.html: p.png is not there",
        "a.html: asks the network for https://cdn.org/x.js",
        "a.html: gone.css is not there",
        "a.html: the link to b.html is dead",
        "a.html: the link to #gone names no place of that page",
        "s.css: asks the network for a file",
    ]
    with pytest.raises(CourseError, match="holds no pages"):
        problems(tmp_path / "nothing")


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CourseError, match="no site of the course"):
        build_site(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_without_sphinx_the_command_says_what_to_install(monkeypatch, capsys):
    from courseware.cli import author

    monkeypatch.setattr(author.importlib.util, "find_spec", lambda name: None if name == "furo" else object())
    with pytest.raises(SystemExit) as stopped:
        main(["site"])
    assert stopped.value.code == 2
    assert "make setup-dev" in capsys.readouterr().err


def test_the_address_of_each_lesson_is_its_slug():
    assert dataclasses.asdict(course.Site()) == {"address": "", "repository": "", "branch": "main", "jupyterhub": ""}
    assert extension.address("Exercise: max_pool") == "exercise-max_pool"
