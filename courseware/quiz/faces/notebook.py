"""The quiz in a notebook: ipywidgets over the same questions, grading and progress as the terminal."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets

from courseware.errors import CourseError
from courseware.notebook import show_widget
from courseware.progress import Progress, ProgressError
from courseware.quiz import maths
from courseware.quiz.feedback import Grade, ResponseError
from courseware.quiz.formulas import in_dollars
from courseware.quiz.hand_in import hand_in
from courseware.quiz.maths import plain
from courseware.quiz.model import Misconception, Quiz
from courseware.quiz.questions import (
    MatchingQuestion,
    MultipleChoice,
    NumberQuestion,
    OrderingQuestion,
    Question,
    SingleChoice,
)
from courseware.quiz.questions.entries import LETTERS
from courseware.quiz.results import earlier_grades, score

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
.course-quiz p, .course-quiz pre, .course-quiz .said { margin: .3em 0; line-height: 1.45; }
.course-quiz :focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
</style>"""


# The widget to answer with, how to read a response from it, and how to put one back.
Control = tuple[widgets.Widget, Callable[[], Any], Callable[[Any], None]]


def show(quiz: Quiz, progress: Progress, misconceptions: Mapping[str, Misconception] | None = None) -> None:
    """Display `quiz` beneath the cell, with the learner's earlier answers filled in.

    Where nobody can answer (nbval, nbclient, nbconvert: they refuse input to the kernel), only a line of text is
    displayed, so a stored notebook holds neither widgets nor anyone's answers.
    """
    show_widget(quiz.stored_line, lambda: quiz_box(quiz, progress, misconceptions or {}))


def quiz_box(quiz: Quiz, progress: Progress, misconceptions: Mapping[str, Misconception]) -> widgets.VBox:
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
        shown = "".join(_misconception(misconceptions[key]) for key in result.misconceptions if key in misconceptions)
        status.value = f'<div role="status"><p><b>{html.escape(str(result))}.</b>{words}</p>{shown}</div>'

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
    if not quiz.keyed:
        boxes.append(_hand_in_box(quiz, progress))
    box = widgets.VBox([widgets.HTML(STYLE), *boxes, status])
    box.add_class("course-quiz")
    return box


def _question_box(
    number: int, total: int, question: Question, earlier: Grade | None, answered: Callable[[Question, Grade], None]
) -> widgets.VBox:
    code = f"<pre><code>{html.escape(question.listing)}</code></pre>" if question.listing else ""
    heading = widgets.HTMLMath(f"<h4>Question {number} of {total}</h4>{_said(question.prompt)}{code}")
    make: Callable[[Any], Control] = _CONTROLS.get(question.kind, _typed)
    control, read, restore = make(question)
    button = widgets.Button(description=f"Answer question {number}", layout=widgets.Layout(width="auto"))
    feedback = widgets.HTMLMath()

    def click(_: widgets.Button) -> None:
        try:
            result = question.grade(read())
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
    return widgets.VBox([heading, control, widgets.HBox([button]), feedback])


def _typed(question: Question) -> Control:
    """A field for what is typed as in a terminal; of several lines, a larger one."""
    offered = [f"{letter}) {plain(entry.text)}" for letter, entry in zip(LETTERS, question.shown, strict=False)]
    notes = [widgets.HTML(f"<p>{html.escape(line)}</p>") for line in (*offered, *([question.how] if offered else []))]
    if question.listing:
        lines = f"{question.lines} lines" if question.lines > 1 else "one line"
        field = widgets.Textarea(description=f"What it prints ({lines}):", rows=question.lines, **WHOLE)
    else:
        field = widgets.Text(description="Your answer:", **WHOLE)
    control = widgets.VBox([*notes, field]) if notes else field
    return control, lambda: question.read_typed(field.value), lambda value: setattr(field, "value", str(value))


def _number(question: NumberQuestion) -> Control:
    unit = f" in {question.unit}" if question.unit else ""
    field = widgets.Text(description=f"Your number{unit}:", placeholder="e.g. 0.25", style=WHOLE_LABEL)
    return field, lambda: field.value, lambda value: setattr(field, "value", f"{value:.12g}")


def _single(question: SingleChoice) -> Control:
    ids = [option.id for option in question.options]
    radio = widgets.RadioButtons(
        options=[(plain(option.text), option.id) for option in question.options], index=None, layout=WIDE
    )

    def chosen() -> str:
        if radio.index is None:
            raise ResponseError("nothing is chosen; choose one option")
        return str(radio.value)

    return radio, chosen, lambda value: setattr(radio, "index", ids.index(value))


def _multiple(question: MultipleChoice) -> Control:
    ids = [option.id for option in question.options]
    boxes = [widgets.Checkbox(description=plain(option.text), indent=False, **WHOLE) for option in question.options]

    def restore(value: list[str]) -> None:
        for name, box in zip(ids, boxes, strict=True):
            box.value = name in value

    note = widgets.HTML("<p>Tick every option that is right.</p>")
    ticked = widgets.VBox([note, *boxes])
    return ticked, lambda: [name for name, box in zip(ids, boxes, strict=True) if box.value], restore


def _lists(question: OrderingQuestion | MatchingQuestion) -> Control:
    """A drop-down list of all choices for each place, or for each of what is given."""
    given = [entry.id for entry in question.given]
    labels = [plain(entry.text) for entry in question.given] or [f"{n}." for n in range(1, len(question.shown) + 1)]
    options = [("(choose)", None), *((plain(choice.text), choice.id) for choice in question.shown)]
    selects = [widgets.Dropdown(description=label, options=options, **WHOLE) for label in labels]
    note = "Choose what belongs to each." if given else "Choose what comes first, second, and so on."

    def chosen() -> list[str] | dict[str, str]:
        if left := [select.description for select in selects if select.value is None]:
            raise ResponseError(f"nothing is chosen for {left[0]!r}; choose in every list")
        names = [select.value for select in selects]
        return dict(zip(given, names, strict=True)) if given else names

    def restore(value: Any) -> None:
        for select, name in zip(selects, [value[name] for name in given] or value, strict=True):
            select.value = name

    return widgets.VBox([widgets.HTML(f"<p>{note}</p>"), *selects]), chosen, restore


WHOLE_LABEL = {"description_width": "initial"}
WIDE = {"width": "auto", "max_width": "60em"}
WHOLE = {"style": WHOLE_LABEL, "layout": WIDE}
# Another kind is typed, as in a terminal.
_CONTROLS: dict[str, Callable[[Any], Control]] = {
    "single": _single, "multiple": _multiple, "number": _number, "ordering": _lists, "matching": _lists,
}  # fmt: skip


def _feedback(question: Question, result: Grade) -> str:
    if not question.keyed:
        return "<p>Kept. You may change it and answer again.</p>"
    lines = []
    for message in result.messages:
        about = f" ({html.escape(plain(message.text))})" if question.feedback_quotes else ""
        lines.append(_said(message.feedback, before=f"<b>{VERDICTS[message.verdict]}</b>{about}. "))
    if 0 < result.points < result.out_of:
        lines.append(f"<p>Part of it: {result.points:.2g} of {result.out_of:g} points.</p>")
    if result.explanation:
        lines.append(_said(result.explanation))
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
        except (CourseError, ProgressError) as error:
            text = str(error)
        said.value = f'<p role="alert">{html.escape(text)}</p>'

    button.on_click(click)
    return widgets.VBox([name, widgets.HBox([button]), said])


def _misconception(misconception: Misconception) -> str:
    return _said(misconception.explanation, before=f"You may think: <i>{_html(misconception.title)}</i>. But: ")


def _said(markdown: str, before: str = "") -> str:
    return f'<div class="said">{before}{_html(markdown)}</div>'


def _html(markdown: str) -> str:
    """Markdown as HTML; the notebook's MathJax typesets what stands between dollars."""
    rendered = maths.html(markdown, maths=in_dollars, entities="$")
    # A dollar that is one stands in an element of its own, where MathJax finds no pair of them.
    return re.sub("&#36;(?![^<>]*>)", "<span>$</span>", rendered)
