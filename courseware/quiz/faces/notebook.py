"""The quiz in a notebook: ipywidgets over the same questions, grading and progress as the terminal."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from courseware.notebook import show_widget
from courseware.progress import ProgressError
from courseware.quiz.grade import Grade, ResponseError, grade
from courseware.quiz.hand_in import HandInError, hand_in
from courseware.quiz.maths import plain, stored_line
from courseware.quiz.results import earlier_grades, score

if TYPE_CHECKING:
    from courseware.progress import Progress
    from courseware.quiz.model import Misconception, Question, Quiz

VERDICTS = {"right": "✓ Right", "wrong": "✗ Not so", "missed": "! Missed"}
# ipywidgets keeps an option on one line of fixed height; options here are sentences.
STYLE = """<style>
.course-quiz label, .course-quiz .widget-label-basic {
  height: auto; min-height: 1.6em; white-space: normal; overflow: visible; line-height: 1.4; }
.course-quiz .widget-radio-box { margin-bottom: 0; }
.course-quiz .widget-radio-box label {
  display: flex; flex-direction: row-reverse; justify-content: flex-end; align-items: flex-start; margin: .2em 0; }
.course-quiz .widget-radio-box input { flex: none; height: auto; margin: .25em .6em 0 0; }
.course-quiz .widget-checkbox { align-items: flex-start; height: auto; }
.course-quiz h4 { margin: 1.2em 0 .3em; }
.course-quiz p, .course-quiz pre { margin: .3em 0; line-height: 1.45; }
.course-quiz :focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
</style>"""


def show(quiz: Quiz, progress: Progress, ideas: Mapping[str, Misconception] | None = None) -> None:
    """Display `quiz` beneath the cell, with the learner's earlier answers filled in.

    Where nobody can answer (nbval, nbclient, nbconvert: they refuse input to the kernel), only a line of text is
    displayed, so a stored notebook holds neither widgets nor anyone's answers. `ideas` are the misconceptions by key.
    """
    show_widget(stored_line(quiz), lambda: build(quiz, progress, ideas))


def build(quiz: Quiz, progress: Progress, ideas: Mapping[str, Misconception] | None = None) -> widgets.VBox:
    """The quiz as one widget: a box for each question, then the score."""
    status = widgets.HTML()
    trouble = seed = ""
    grades: dict[str, Grade] = {}
    try:
        seed = progress.seed()
        grades = earlier_grades(quiz.drawn(seed), progress)
    except ProgressError as error:
        trouble = str(error)
    quiz = quiz.drawn(seed)

    def show_score() -> None:
        result = score(quiz, grades)
        reread = f" Worth rereading: {'; '.join(result.reread)}." if result.reread else ""
        words = html.escape(f"{reread} {trouble}".rstrip())
        held = "".join(_idea(ideas[key]) for key in result.misconceptions if key in (ideas or {}))
        status.value = f'<div role="status"><p><b>{html.escape(str(result))}.</b>{words}</p>{held}</div>'

    def answered(question: Question, result: Grade) -> None:
        nonlocal trouble
        grades[question.id] = result
        try:
            progress.record_answer(quiz.record, question.id, result.response, result.points, result.out_of)
            trouble = ""
        except ProgressError as error:
            trouble = str(error)
        show_score()

    show_score()
    boxes = [
        _question_box(number, len(quiz.questions), question, grades.get(question.id), answered)
        for number, question in enumerate(quiz.questions, start=1)
    ]
    if not quiz.questions[0].keyed:
        boxes.append(_hand_in_box(quiz, progress))
    box = widgets.VBox([widgets.HTML(STYLE), *boxes, status])
    box.add_class("course-quiz")
    return box


def _question_box(
    number: int, total: int, question: Question, earlier: Grade | None, answered: Callable[[Question, Grade], None]
) -> widgets.VBox:
    code = f"<pre><code>{html.escape(question.code)}</code></pre>" if question.kind == "output" else ""
    heading = widgets.HTMLMath(f"<h4>Question {number} of {total}</h4>{_html(question.prompt)}{code}")
    entry, read, restore = _entry(question)
    button = widgets.Button(description=f"Answer question {number}", layout=widgets.Layout(width="auto"))
    feedback = widgets.HTMLMath()

    def click(_: widgets.Button) -> None:
        try:
            result = grade(question, read())
        except ResponseError as problem:
            feedback.value = f'<p role="alert">{html.escape(str(problem))}.</p>'
            return
        # An alert is read out when it appears; feedback that was there from the start is not.
        feedback.value = f'<div role="alert">{_feedback(question, result)}</div>'
        answered(question, result)

    button.on_click(click)
    if earlier:
        restore(earlier.response)
        feedback.value = _feedback(question, earlier)
    return widgets.VBox([heading, entry, widgets.HBox([button]), feedback])


def _entry(question: Question) -> tuple[widgets.Widget, Callable[[], Any], Callable[[Any], None]]:
    """The widget to answer with, how to read a response from it, and how to put one back."""
    return _ENTRIES[question.kind](question)


def _number(question):
    unit = f" in {question.unit}" if question.unit else ""
    text = widgets.Text(description=f"Your number{unit}:", placeholder="e.g. 0.25", style=WHOLE_LABEL)
    return text, lambda: text.value, lambda value: setattr(text, "value", f"{value:.12g}")


def _text(question):
    text = widgets.Text(description="Your answer:", style=WHOLE_LABEL, layout=WIDE)
    return text, lambda: text.value, lambda value: setattr(text, "value", value)


def _output(question):
    lines = f"{question.lines} lines" if question.lines > 1 else "one line"
    area = widgets.Textarea(
        description=f"What it prints ({lines}):", rows=question.lines, style=WHOLE_LABEL, layout=WIDE
    )
    return area, lambda: area.value, lambda value: setattr(area, "value", value)


def _single(question):
    ids = [option.id for option in question.options]
    radio = widgets.RadioButtons(
        options=[(plain(option.text), option.id) for option in question.options], index=None, layout=WIDE
    )

    def chosen() -> str:
        if radio.index is None:
            raise ResponseError("nothing is chosen; choose one option")
        return ids[radio.index]

    return radio, chosen, lambda value: setattr(radio, "index", ids.index(value))


def _multiple(question):
    ids = [option.id for option in question.options]
    boxes = [
        widgets.Checkbox(description=plain(option.text), indent=False, layout=WIDE, style=WHOLE_LABEL)
        for option in question.options
    ]

    def restore(value: list[str]) -> None:
        for name, box in zip(ids, boxes, strict=True):
            box.value = name in value

    note = widgets.HTML("<p>Tick every option that is right.</p>")
    ticked = widgets.VBox([note, *boxes])
    return ticked, lambda: [name for name, box in zip(ids, boxes, strict=True) if box.value], restore


def _ordering(question):
    places = [f"{number}." for number in range(1, len(question.items) + 1)]
    entry, selects = _selects("<p>Choose what comes first, second, and so on.</p>", places, question.shown)

    def restore(value: list[str]) -> None:
        for select, name in zip(selects, value, strict=True):
            select.value = name

    return entry, lambda: _chosen(selects), restore


def _matching(question):
    given = [plain(pair.text) for pair in question.pairs]
    entry, selects = _selects("<p>Choose what belongs to each.</p>", given, question.shown)

    def restore(value: dict[str, str]) -> None:
        for select, pair in zip(selects, question.pairs, strict=True):
            select.value = value[pair.id]

    def matched() -> dict[str, str]:
        return {pair.id: name for pair, name in zip(question.pairs, _chosen(selects), strict=True)}

    return entry, matched, restore


def _selects(note: str, labels: list[str], choices: tuple) -> tuple[widgets.VBox, list[widgets.Dropdown]]:
    """A drop-down list of all choices for each label."""
    options = [("(choose)", None), *((plain(choice.text), choice.id) for choice in choices)]
    selects = [widgets.Dropdown(description=label, options=options, style=WHOLE_LABEL, layout=WIDE) for label in labels]
    return widgets.VBox([widgets.HTML(note), *selects]), selects


def _chosen(selects: list[widgets.Dropdown]) -> list[str]:
    if open_ := [select.description for select in selects if select.value is None]:
        raise ResponseError(f"nothing is chosen for {open_[0]!r}; choose in every list")
    return [select.value for select in selects]


WHOLE_LABEL = {"description_width": "initial"}
WIDE = {"width": "auto", "max_width": "60em"}
_ENTRIES = {
    "single": _single, "multiple": _multiple, "number": _number, "text": _text,
    "output": _output, "ordering": _ordering, "matching": _matching,
}  # fmt: skip


def _feedback(question: Question, result: Grade) -> str:
    if not question.keyed:
        return "<p>Kept. You may change it and answer again.</p>"
    lines = []
    for message in result.messages:
        about = "" if question.kind in ("single", "output", "ordering") else f" ({html.escape(plain(message.text))})"
        lines.append(f"<p><b>{VERDICTS[message.verdict]}</b>{about}. {_html(message.feedback, inline=True)}</p>")
    if 0 < result.points < result.out_of:
        lines.append(f"<p>Part of it: {result.points:.2g} of {result.out_of:g} points.</p>")
    if result.explanation:
        lines.append(_html(result.explanation))
    if not result.correct:
        lines.append(f"<p>Reread: {html.escape(question.section)}</p>")
    return "".join(lines)


def _hand_in_box(quiz: Quiz, progress: Progress) -> widgets.VBox:
    """Writes the answers to a file for the teacher, beside the notebook."""
    name = widgets.Text(description="Your name:", style=WHOLE_LABEL)
    button = widgets.Button(description="Write my answers to a file", layout=widgets.Layout(width="auto"))
    said = widgets.HTML()

    def click(_: widgets.Button) -> None:
        try:
            text = f"Written to {hand_in(quiz, progress, name.value)}. Give that file to your teacher."
        except (HandInError, ProgressError) as error:
            text = str(error)
        said.value = f'<p role="alert">{html.escape(text)}</p>'

    button.on_click(click)
    return widgets.VBox([name, widgets.HBox([button]), said])


def _idea(idea: Misconception) -> str:
    return f"<p>You may think: <i>{_html(idea.title, inline=True)}</i>. But: {_html(idea.explanation, inline=True)}</p>"


def _html(markdown: str, *, inline: bool = False) -> str:
    """Markdown as HTML, raw HTML shown as text; the notebook's MathJax typesets what stands between dollars."""
    from markdown_it import MarkdownIt

    maths: list[str] = []

    def keep(found: re.Match) -> str:
        if found[0].startswith("`"):
            return found[0]
        maths.append(html.escape(found[0]))
        return f"\ue000{len(maths) - 1}\ue000"  # a private-use sign, so that Markdown leaves formulas alone

    markdown = markdown.replace("\ue000", "")
    kept = re.sub(r"```.*?```|`[^`\n]+`|\$(?=\S)[^$\n]+?(?<=\S)\$", keep, markdown, flags=re.DOTALL)
    parser = MarkdownIt("commonmark", {"html": False})
    rendered = parser.renderInline(kept) if inline else parser.render(kept)
    return re.sub("\ue000(\\d+)\ue000", lambda found: maths[int(found[1])], rendered)
