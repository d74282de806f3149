"""Find what nbval lets pass: the faults of a notebook that running it does not show."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress

import nbformat

from courseware.authoring import glossary
from courseware.authoring.calls import answered_guesses, guesses
from courseware.authoring.folding import tells
from courseware.authoring.guesses import answers
from courseware.authoring.minutes import Minutes, minutes
from courseware.authoring.quizlint import quiz_problems
from courseware.authoring.source import LISTING, exercise_names
from courseware.course import ROOT, LessonInfo, ready_lessons
from courseware.quiz.load import MISCONCEPTIONS, QuizError, load_misconceptions, load_quiz

MAX_CELL_LINES = 35
MAX_LINE = 100
MOST_BYTES = 2_500_000  # of a notebook
SECTIONS = ("## What people get wrong", "## Takeaways", "## Quiz", "## Where to go next")
MIN_EXERCISES = 5
MIN_QUESTIONS = 10
GUESS = "**Before you run it, guess:**"
REPR = re.compile(r" at 0x[0-9a-f]+>|<Figure size|<Axes|<keras\.|<Sequential|<Functional")
PLACE = re.compile(r"(?:/tmp/|/home/|/Users/|/root\b|ipykernel_\d+)")
OUTDATED = ("tf.keras", "input_shape=", "input_dim=", "import tensorflow", "clear_output")
UNCHECKED = ("NBVAL_IGNORE_OUTPUT", "NBVAL_SKIP", "PYTEST_VALIDATE_IGNORE_OUTPUT")


def lint() -> list[str]:
    """Return the faults of all lessons, solutions and quizzes that are ready and of the glossary, one line each."""
    of_lessons = [problem for info in ready_lessons() for problem in _lesson(info)]
    return [*of_lessons, *_unused_misconceptions(), *glossary.problems()]


def _lesson(info: LessonInfo) -> Iterator[str]:
    quiz = None
    with suppress(QuizError):  # named with the quiz's own faults
        quiz = load_quiz(info.quiz)
    headings = None
    for path in (info.lesson, info.solution):
        shown = path.relative_to(ROOT)
        try:
            notebook = nbformat.read(path, as_version=4)
        except Exception as error:
            yield f"{shown}: cannot be read ({type(error).__name__}); run `course build {info.slug}`."
            continue
        if path.stat().st_size > MOST_BYTES:
            yield f"{shown}: has {path.stat().st_size / 1e6:.1f} MB; at most {MOST_BYTES / 1e6:g} open quickly. Draw less."
        stale = _stale_quiz_lines(notebook, quiz.stored_line) if quiz else []
        yield from (f"{shown}: {problem}" for problem in [*notebook_problems(notebook), *stale])
        if quiz and path == info.lesson:
            yield from _wrong_minutes(info, notebook, minutes(notebook, quiz.length))
        lines = [line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
        headings = [line.removeprefix("## ") for line in lines if line.startswith("## ")]
    yield from (problem.removeprefix(f"{ROOT}/") for problem in quiz_problems(info.quiz, headings))
    if quiz and len(quiz.questions) < MIN_QUESTIONS:
        yield f"{info.quiz.relative_to(ROOT)}: {len(quiz.questions)} questions; at least {MIN_QUESTIONS} are wanted."


def _wrong_minutes(info: LessonInfo, lesson: nbformat.NotebookNode, counted: Minutes) -> Iterator[str]:
    """Where the minutes that are told are not those that the lesson's length gives."""
    if lesson.cells and str(counted) not in lesson.cells[0].source:
        yield f"{info.source.relative_to(ROOT)}: by its length the first cell must say '{counted}'"
    if info.minutes != counted.total:
        yield f"course.toml: {info.slug} has {info.minutes} minutes; by its length it takes {counted.total}."


def _stale_quiz_lines(notebook: nbformat.NotebookNode, wanted: str) -> Iterator[str]:
    """Cells that store another line in the quiz's place than the quiz gives today."""
    for index, cell in enumerate(notebook.cells):
        shown = [output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", [])]
        stale = [text for text in shown if text.startswith("Quiz: ") and text != wanted]
        if stale and "lesson.quiz()" in cell.source:
            yield f"cell {index}: stores {stale[0][:60]!r}..., the quiz has changed; build it."


def _unused_misconceptions() -> Iterator[str]:
    """Misconceptions that no quiz and no guess of the whole course names."""
    path = ROOT / "quizzes" / MISCONCEPTIONS
    try:
        questions = [question for info in ready_lessons() for question in load_quiz(info.quiz).questions]
        known = load_misconceptions(path)
    except QuizError:
        return  # named with its quiz
    named = {key for question in questions for key in question.misconceptions}
    named |= {guess.idea for info in ready_lessons() for guess in answers(info).values()}
    yield from (
        f"{path.relative_to(ROOT)}: no question and no guess names `{key}`; take it away."
        for key in known
        if key not in named
    )


def notebook_problems(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the faults of one executed notebook, each starting with the cell's number.

    >>> cell = nbformat.v4.new_code_cell("print(1)")
    >>> notebook_problems(nbformat.v4.new_notebook(cells=[cell]))[0]
    'cell 0: was never executed; build the notebook.'
    """
    problems = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            following = next((each for each in notebook.cells[index + 1 :] if each.cell_type == "code"), None)
            bounded = any(".claim(" in each.source for each in (cell, following) if each)
            found = [*_code_problems(cell), *_output_problems(cell, bounded)]
        else:
            found = list(_prose_problems(cell))
        problems += [f"cell {index}: {problem}" for problem in [*found, *_guess_problems(notebook.cells, index)]]
    return problems + list(_whole_problems(notebook))


def _code_problems(cell: nbformat.NotebookNode) -> Iterator[str]:
    lines = cell.source.splitlines()
    if not lines:
        yield "is empty; remove it."
        return
    if cell.get("execution_count") is None:
        yield "was never executed; build the notebook."
    if len(lines) > MAX_CELL_LINES:
        yield f"has {len(lines)} lines; at most {MAX_CELL_LINES} fit on a screen. Split it."
    for line in lines:
        if len(line) > MAX_LINE:
            yield f"has a line of {len(line)} characters; at most {MAX_LINE} are wanted."
        if line.strip().startswith(LISTING):
            yield f"still has the marker {line.strip()!r}; build the notebook."
    for word in (*OUTDATED, *UNCHECKED):
        if word in cell.source:
            yield f"uses {word!r}, which this course does without."
    if any(tag.startswith(("nbval", "raises-exception")) for tag in cell.metadata.get("tags", [])):
        yield "has a tag that excuses it from comparison; remove the tag."


def _output_problems(cell: nbformat.NotebookNode, bounded: bool) -> Iterator[str]:
    """Faults of what a code cell shows; `bounded` says whether it or the next one claims something."""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            yield f"holds an error ({output.ename}); mend it and build again."
            continue
        if output.get("name") == "stderr":
            yield f"holds text from stderr ({output.text.strip()[:60]!r}); silence its cause."
            continue
        data = output.get("data", {})
        text = "".join([output.get("text", ""), data.get("text/plain", ""), data.get("text/html", "")])
        if match := REPR.search(text):
            yield f"shows the repr {match.group()[:50]!r}; assign the value to _ or print what matters."
        if "WARNING:" in text:
            yield "shows a library's warning; mend its cause."
        if match := PLACE.search(text):
            yield f"shows a path or process of one machine ({match.group()!r})."
        if "application/vnd.jupyter.widget-view+json" in data:
            yield "stores a widget, whose id differs from run to run."
        if "≈" in text and not bounded:
            yield "prints a measurement (≈) that no claim in the same cell or the next one bounds."
        if "image/png" in data and not data.get("text/plain", "").startswith(("Figure: ", "To touch: ")):
            yield "has a figure without a description; draw it with courseware.drawing.show."


def _guess_problems(cells: list[nbformat.NotebookNode], index: int) -> Iterator[str]:
    """Faults of what is asked in cell `index`, and of how it is answered."""
    cell = cells[index]
    names = guesses(cell.source) if cell.cell_type == "code" else []
    if cell.cell_type == "markdown" and GUESS in cell.source:
        following = cells[index + 1] if index + 1 < len(cells) else None
        if following is None or following.cell_type != "code" or not guesses(following.source):
            yield 'asks for a guess that nobody keeps; put lesson.guess("name", ...) alone into the next cell.'
    if not names:
        return
    if len(names) > 1 or len(ast.parse(cell.source).body) > 1:
        yield "does more than ask for one guess; give lesson.guess a cell of its own."
    if cells[index - 1].cell_type != "markdown" or GUESS not in cells[index - 1].source:
        yield f"asks for a guess without the question; end the text above with '{GUESS} ...?'."
    elsewhere = [name for other in cells[:index] if other.cell_type == "code" for name in guesses(other.source)]
    if names[0] in elsewhere:
        yield f"asks for the guess {names[0]!r} a second time; each has a name of its own."
    for other in cells[index + 1 :]:  # up to the next prose or the first folded cell all is read before it is run
        if other.cell_type == "markdown" or other.metadata.get("jupyter", {}).get("source_hidden"):
            break
        if tells(other.source):
            yield "asks for a guess that the claim or the words of a figure in the next cell answer; give them a cell of their own."


def _prose_problems(cell: nbformat.NotebookNode) -> Iterator[str]:
    for line in cell.source.splitlines():
        if re.match(r"#{1,6}[^ #]", line):
            yield f"has a heading without a space after #: {line[:40]!r}."
    if re.search(r"≈\s*[-+]?\d", cell.source):
        yield "writes ≈ in prose: measured figures are printed by a cell that bounds them."


def _whole_problems(notebook: nbformat.NotebookNode) -> Iterator[str]:
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    lines = [line for text in prose for line in text.splitlines()]
    if not prose or not notebook.cells[0].source.startswith("# "):
        yield "does not begin with a title, '# ...'."
    if prose and ("minutes" not in prose[0] or "you can" not in prose[0]):
        yield "the first cell must say how many minutes the lesson takes and what 'you can' do after it."
    for section in SECTIONS:
        if section not in lines:
            yield f"has no section {section!r}."
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    if not guesses(code):
        yield f"asks for no prediction: '{GUESS} ...' and lesson.guess(\"name\", ...)."
    for name in answered_guesses(code):
        if name not in guesses(code):
            yield f"has a claim that answers the guess {name!r}, which is nowhere asked for."
    names = exercise_names(notebook.cells)
    if len(names) < MIN_EXERCISES:
        yield f"checks {len(names)} exercises; at least {MIN_EXERCISES} are wanted."
    for name in names:
        if not any(line.startswith("### Exercise") and name in line for line in lines):
            yield f"exercise {name!r} has no heading '### Exercise: {name}'."
    if not any(cell.cell_type == "code" and "lesson.quiz()" in cell.source for cell in notebook.cells):
        yield "never calls lesson.quiz()."
