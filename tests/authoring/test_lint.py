"""The lint finds each fault that nbval lets pass, and only that one."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from courseware.authoring.lint import lint, notebook_problems
from courseware.course import find

GUESS = "**Before you run it, guess:** how many?"
EXERCISES = ["one", "two", "three", "four", "five"]


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def figure(description):
    return new_output("display_data", data={"image/png": "iVBORw0KGgo=", "text/plain": description})


def ran(source, *outputs):
    return new_code_cell(source, execution_count=1, outputs=list(outputs))


@pytest.fixture
def notebook():
    cells = [new_markdown_cell("# Title\n\n*45 minutes.* After this lesson you can count.")]
    cells += [new_markdown_cell(GUESS), ran('lesson.guess("many", "few", "many")')]
    for name in EXERCISES:
        cells += [new_markdown_cell(f"### Exercise: {name}"), ran(f'lesson.check("{name}", ...)')]
    cells += [new_markdown_cell("## What people get wrong\n\n## Takeaways\n\n## Quiz"), ran("lesson.quiz()")]
    cells += [new_markdown_cell("## Where to go next")]
    return new_notebook(cells=cells)


def test_a_good_notebook_has_no_faults(notebook):
    notebook.cells += [
        ran('print(f"loss ≈ {loss:.3f}")\nlesson.claim("the loss is small", loss < 1)', stream("loss ≈ 0.123\n")),
        ran('show(draw.line(), "A line.")', figure("Figure: A line.")),
    ]
    assert notebook_problems(notebook) == []


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (new_code_cell("print(1)"), "was never executed"),
        (ran(""), "is empty"),
        (ran("x = 1\n" * 36), "36 lines"),
        (ran("x = " + "1 + " * 30 + "1"), "line of 125 characters"),
        (ran("### SOURCE a.b"), "marker"),
        (ran("tf.keras.Model()"), "'tf.keras'"),
        (ran("Dense(1, input_shape=(2,))"), "'input_shape='"),
        (ran("# NBVAL_IGNORE_OUTPUT\nprint(1)"), "NBVAL_IGNORE_OUTPUT"),
        (ran("print(1)", stream("a warning", name="stderr")), "stderr"),
        (ran("1 / 0", new_output("error", ename="ZeroDivisionError", evalue="", traceback=[])), "holds an error"),
        (ran("object()", stream("<object object at 0x7f00aa>")), "repr"),
        (ran("f", stream("<function Trainer.<locals>.step at 0x7f00aa>")), "repr"),
        (ran("fit()", stream("WARNING:tensorflow:5 out of the last 5 calls")), "warning"),
        (ran("plt.plot()", stream("[<matplotlib.lines.Line2D at 0x7f00aa>]")), "repr"),
        (ran("model", stream("<Sequential name=sequential, built=True>")), "repr"),
        (ran("plt.figure()", figure("<Figure size 640x480 with 1 Axes>")), "repr"),
        (ran("print(path)", stream("/tmp/tmpabc/model.keras")), "one machine"),
        (ran("print(loss)", stream("loss ≈ 0.123")), "no claim"),
        (ran("fig", figure("a plot")), "without a description"),
        (ran("box", new_output("display_data", data={"application/vnd.jupyter.widget-view+json": {}})), "widget"),
        (new_markdown_cell("#Heading"), "without a space"),
        (new_markdown_cell("The loss is ≈ 0.1."), "≈ in prose"),
    ],
)
def test_each_fault_is_found_in_its_cell(notebook, cell, words):
    notebook.cells.append(cell)
    found = [problem for problem in notebook_problems(notebook) if words in problem]
    assert found and found[0].startswith(f"cell {len(notebook.cells) - 1}: ")


def folded(source):
    cell = ran(source)
    cell.metadata["jupyter"] = {"source_hidden": True}
    return cell


def test_nothing_that_is_read_before_it_is_run_answers_a_guess(notebook):
    asked = [new_markdown_cell(GUESS), ran('lesson.guess("how_many")')]
    answer = 'lesson.claim("there are many", n > 9, guess="how_many")'
    notebook.cells += [*asked, ran("n = 10"), folded(answer)]
    assert notebook_problems(notebook) == []
    notebook.cells[-1] = ran(answer)
    assert "the next cell answer" in "\n".join(notebook_problems(notebook))
    notebook.cells[-2:] = [ran('n = 10\nshow(picture, "Many.")')]
    assert "the next cell answer" in "\n".join(notebook_problems(notebook))


def test_each_guess_has_a_name_of_its_own_and_a_claim_answers_one_that_is_asked_for(notebook):
    notebook.cells += [new_markdown_cell(GUESS), ran('lesson.guess("many")')]
    notebook.cells += [ran('lesson.claim("there are many", n > 9, guess="other")')]
    found = "\n".join(notebook_problems(notebook))
    assert "the guess 'many' a second time" in found and "answers the guess 'other'" in found


def test_a_tag_that_excuses_a_cell_is_a_fault(notebook):
    notebook.cells.append(ran("print(1)"))
    notebook.cells[-1].metadata["tags"] = ["nbval-ignore-output"]
    assert "tag" in notebook_problems(notebook)[0]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("# Title", "Title", "begin with a title"),
        ("45 minutes", "long", "how many minutes"),
        ("## Takeaways", "## In short", "'## Takeaways'"),
        ('lesson.guess("many", "few", "many")', "pass", "no prediction"),
        ('lesson.guess("many", "few", "many")', "pass", "a guess that nobody keeps"),
        ("**Before you run it, guess:**", "Think:", "without the question"),
        ('lesson.guess("many", "few", "many")', 'lesson.guess("many")\nx = 1', "a cell of its own"),
        ("### Exercise: two", "### Exercise 2", "'two' has no heading"),
        ('lesson.check("five", ...)', "pass", "checks 4 exercises"),
        ("lesson.quiz()", "pass", "never calls lesson.quiz()"),
    ],
)
def test_what_a_lesson_must_have(notebook, old, new, words):
    for cell in notebook.cells:
        cell.source = cell.source.replace(old, new)
    assert words in "\n".join(notebook_problems(notebook))


def test_a_notebook_that_is_very_large_is_a_fault(small_course, notebook, monkeypatch):
    monkeypatch.setattr("courseware.authoring.lint.ROOT", small_course.quiz.parent.parent)
    notebook.cells += [ran("show(photo, 'A photo.')", figure(f"Figure: {'x' * 2_600_000}"))]
    for path in (small_course.lesson, small_course.solution):
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
    assert sum("2.6 MB; at most 2.5" in problem for problem in lint()) == 2


def test_a_quiz_question_needs_a_section_that_exists(small_course, notebook, monkeypatch):
    monkeypatch.setattr("courseware.authoring.lint.ROOT", small_course.quiz.parent.parent)
    for path in (small_course.lesson, small_course.solution):
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
    problems = "\n".join(lint())
    assert "question `larger`: points to the section 'One', which the lesson does not have" in problems
    assert "2 questions; at least 10" in problems


@pytest.fixture
def two_lessons(small_course, monkeypatch):
    """Lesson 01 introduces loss, lesson 02 softmax; their prose is written by the test."""
    import dataclasses

    from courseware.authoring import glossary

    second = dataclasses.replace(find("02"), ready=True)
    monkeypatch.setattr(glossary, "ready_lessons", lambda: (small_course, second))
    for info, term in [(small_course, "loss"), (second, "softmax")]:
        info.glossary.parent.mkdir(parents=True, exist_ok=True)
        info.glossary.write_text(f'[terms]\n"{term}" = "A meaning."\n', encoding="utf-8")
        info.source.parent.mkdir(exist_ok=True)

    def problems(first, other="The **softmax**."):
        for info, text in [(small_course, first), (second, other)]:
            info.source.write_text(
                f"# %% [markdown]\n# # Title\n# {text}\n# [glossary](glossary.md)\n", encoding="utf-8"
            )
        return list(glossary.problems())

    return problems


def test_terms_in_their_place_are_no_fault(two_lessons):
    assert two_lessons("The **loss**.\n#\n# Losses fall.") == []


@pytest.mark.parametrize(
    "text", ["The **loss** and the softmax.", "The **loss** of Softmaxes.", "The **loss**,\n# softmax"]
)
def test_a_term_used_before_its_lesson_is_a_fault(two_lessons, text):
    (problem,) = two_lessons(text)
    assert "01_linear_regression.py: uses 'softmax'" in problem and "02_activations" in problem


@pytest.mark.parametrize(
    "text", ["The **loss** in `softmax(x)`.", "The **loss** $softmax$.", "The **loss**.\n# ## Softmax"]
)
def test_code_formulas_and_headings_are_not_prose(two_lessons, text):
    assert two_lessons(text) == []


def test_a_term_that_is_never_introduced_is_a_fault(two_lessons):
    (problem,) = two_lessons("Nothing.")
    assert "never sets 'loss' in bold" in problem


def test_a_term_used_before_the_cell_that_introduces_it_is_a_fault(two_lessons):
    (problem,) = two_lessons("Intro.\n\n# %% [markdown]\n# The loss falls.\n\n# %% [markdown]\n# The **loss**.")
    assert "before the cell that introduces it" in problem
