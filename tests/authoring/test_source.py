"""From source to notebook: solution regions, listings, and what is refused."""

import nbformat
import pytest

from courseware.authoring import build as building
from courseware.authoring import glossary, source
from courseware.authoring.source import exercise_names, read_cell, read_source
from courseware.course import Site
from courseware.errors import CourseError

FUNCTION = """\
def double(x):
    ### BEGIN SOLUTION
    y = 2 * x
    return y
    ### END SOLUTION
"""


def code(source, *, solved):
    return read_cell(source, solved=solved).code


def test_pieces_of_printed_text_are_joined_and_keep_their_place():
    def said(text, name="stdout"):
        return nbformat.v4.new_output("stream", name=name, text=text)

    figure = nbformat.v4.new_output("display_data", data={"text/plain": "a figure"})
    joined = building.join_streams([said("one "), said("line\n"), figure, said("below\n"), said("!", "stderr")])
    assert joined == [said("one line\n"), figure, said("below\n"), said("!", "stderr")]


def test_a_region_that_returns_becomes_a_returned_blank():
    assert code(FUNCTION, solved=True) == "def double(x):\n    y = 2 * x\n    return y"
    assert code(FUNCTION, solved=False) == "def double(x):\n    return ...  # replace the dots"


def test_a_region_that_assigns_blanks_each_name_once():
    cell = "### BEGIN SOLUTION\nrate = 1\nrate = 2\nsteps = 3\n### END SOLUTION\nprint(rate)"
    assert code(cell, solved=False) == "rate = ...  # replace the dots\nsteps = ...  # replace the dots\nprint(rate)"


def test_a_starter_is_shown_instead_of_a_blank_and_left_out_when_solved():
    cell = "### BEGIN SOLUTION\nrate = 0.1\n### STARTER\n# rate = 20\n# wrong = True\n### END SOLUTION"
    assert code(cell, solved=False) == "rate = 20\nwrong = True"
    assert code(cell, solved=True) == "rate = 0.1"
    assert read_cell(f"a = 1\n{cell}\nb = 2", solved=True).regions == (range(2, 3),)


def test_a_cell_that_only_draws_or_claims_starts_folded_and_its_first_line_tells_nothing(tmp_path):
    cells = ["gap = fit()", "lesson.claim('they agree', gap < 1e-5)", "bars = np.abs(w)\nshow(draw.bars(bars), 'Bars.')",
             "model.fit(x)\nshow(draw.bars(w), 'Bars.')", "def f(x):\n    return x\n\n\nlesson.claim('one', f(1) == 1)"]  # fmt: skip
    file = tmp_path / "01_linear_regression.py"
    file.write_text("\n\n".join(f"# %%\n{cell}" for cell in cells) + "\n")
    made = read_source(file, solved=True).cells
    assert [cell.metadata.get("jupyter", {}).get("source_hidden", False) for cell in made] == [0, 1, 1, 0, 0]
    assert [cell.metadata.get("tags") for cell in made] == [None, ["hide-input"], ["hide-input"], None, None]
    assert made[1].source.splitlines() == ["# Run this cell to see what came out.", cells[1]]
    assert made[0].source == cells[0]


def test_a_listing_is_the_source_of_the_function():
    made = code("### SOURCE courseware.data.houses", solved=False)
    assert made.startswith("def houses(n=200, seed=0):")
    assert "rng.normal" in made


@pytest.mark.parametrize(
    ("lines", "number", "words"),
    [
        (["### BEGIN SOLUTION", "x = 1"], 4, "has no ### END"),
        (["x = 1", "### END SOLUTION"], 5, "without ### BEGIN"),
        (["### BEGIN SOLUTION", "### BEGIN SOLUTION", "x = 1", "### END SOLUTION"], 5, "inside a region"),
        (["### STARTER", "x = 1"], 4, "belongs once between"),
        (["### BEGIN SOLUTION", "### END SOLUTION"], 5, "empty"),
        (["### BEGIN SOLUTON", "x = 1", "### END SOLUTION"], 4, "unknown marker"),
        (["### BEGIN SOLUTION", "print(1)", "### END SOLUTION"], 4, "write the blank"),
        (["### BEGIN SOLUTION", "x = = 1", "### END SOLUTION"], 5, "does not parse"),
        (["### BEGIN SOLUTION", "x = 1", "### STARTER", "x = 2", "### END SOLUTION"], 4, "must be a comment"),
        (["### SOURCE courseware.data.castles"], 4, "has no function 'castles'"),
        (["### SOURCE courseware.nowhere.houses"], 4, "there is no module"),
        (["x ="], 4, "invalid syntax"),
    ],
)
def test_a_misplaced_marker_is_refused_with_file_and_line(tmp_path, lines, number, words):
    path = tmp_path / "01_broken.py"
    path.write_text("# %% [markdown]\n# # Title\n# %%\n" + "\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(CourseError, match=rf"^01_broken\.py:{number}: ") as refused:
        read_source(path, solved=False)
    assert words in str(refused.value)


def test_a_marker_in_prose_is_refused(tmp_path):
    path = tmp_path / "01_prose.py"
    path.write_text("# %% [markdown]\n# # Title\n# ### BEGIN SOLUTION\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"^01_prose\.py:3: .* belongs in a code cell"):
        read_source(path, solved=True)


def test_exercise_names_are_found_in_order_without_repeats():
    cells = [nbformat.v4.new_code_cell('lesson.check("b", 1)\nlesson.check("a", 2)\nlesson.check("b", 3)')]
    assert exercise_names(cells) == ["b", "a"]


@pytest.fixture
def stand_in(small_course):
    """A lesson of one cell, with its notebooks as if they were built from it."""
    small_course.source.parent.mkdir()
    small_course.source.write_text("# %% [markdown]\n# # Title\n# %%\nprint(1)\n", encoding="utf-8")
    for solved in (False, True):
        path = small_course.solution if solved else small_course.lesson
        path.parent.mkdir(exist_ok=True)
        notebook = read_source(small_course.source, solved=solved)
        notebook.cells[1].outputs = [nbformat.v4.new_output("stream", name="stdout", text="1\n")]
        nbformat.write(notebook, path)
        glossary.write_glossary(path.parent)
    return small_course


@pytest.fixture(autouse=True)
def root(monkeypatch, tmp_path):
    monkeypatch.setattr(building, "ROOT", tmp_path / "root")
    monkeypatch.setattr(building, "pictures", tuple)
    monkeypatch.setattr(source, "site", Site)


def test_notebooks_made_from_their_source_have_not_drifted(stand_in):
    assert building.build([stand_in], check=True) == []


def test_words_and_comments_reach_the_notebooks_which_keep_their_outputs(stand_in):
    stand_in.source.write_text("# %% [markdown]\n# # Its new name\n\n# %%\nprint(1)  # one\n", encoding="utf-8")
    assert building.build_words([stand_in]) == []
    for path in (stand_in.lesson, stand_in.solution):
        words, code = nbformat.read(path, as_version=4).cells
        assert (words.source, code.source, code.outputs[0].text) == ("# Its new name", "print(1)  # one", "1\n")
    assert building.drift(stand_in, solved=True) == []


def test_what_is_no_notebook_is_named_and_left(stand_in):
    stand_in.solution.write_text("{", encoding="utf-8")
    (problem,) = building.build_words([stand_in])
    assert "not a notebook" in problem
    assert stand_in.solution.read_text(encoding="utf-8") == "{"


@pytest.mark.parametrize("cells", ["print(1 + 2)", "print(1)\n\n# %%\nprint(3)"])
def test_a_notebook_whose_code_has_changed_is_left_as_it_is(stand_in, cells):
    before = stand_in.solution.read_bytes()
    stand_in.source.write_text(f"# %% [markdown]\n# # Title\n\n# %%\n{cells}\n", encoding="utf-8")
    problems = building.build_words([stand_in])
    assert len(problems) == 2
    assert all("run `course build 01_linear_regression`" in problem for problem in problems)
    assert stand_in.solution.read_bytes() == before


def test_the_first_cell_brings_the_course_to_a_hosted_notebook(stand_in, monkeypatch):
    assert "pip" not in read_source(stand_in.source, solved=False).cells[1].source
    monkeypatch.setattr(source, "site", lambda: Site(repository="https://github.com/some/course", branch="live"))
    wanted = (
        "# !pip install -q --no-deps git+https://github.com/some/course@live && python -m courseware.hosted\n\nprint(1)"
    )
    assert read_source(stand_in.source, solved=False).cells[1].source.endswith(wanted)
    assert building.build_words([stand_in]) == []


def test_a_changed_source_is_drift_in_both_notebooks(stand_in):
    stand_in.source.write_text("# %% [markdown]\n# # Title\n# %%\nprint(2)\n", encoding="utf-8")
    problems = building.build([stand_in], check=True)
    assert [problem.split(":")[0] for problem in problems] == [
        "lessons/01_linear_regression.ipynb",
        "solutions/01_linear_regression.ipynb",
    ]
    assert all("run `course build 01_linear_regression`" in problem for problem in problems)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_text("{"), "not a notebook"),
        (lambda path: path.write_text(path.read_text().replace("print(1)", "print(3)")), "cell 1 differs"),
        (lambda path: path.write_text(path.read_text().replace('"version"', '"edition"')), "metadata"),
    ],
)
def test_a_damaged_notebook_is_drift(stand_in, damage, words):
    damage(stand_in.lesson)
    problems = building.build([stand_in], check=True)
    assert len(problems) == 1 and words in problems[0]


def test_a_stale_glossary_page_is_drift(stand_in):
    stand_in.lesson.with_name("glossary.md").write_text("# Old\n", encoding="utf-8")
    (problem,) = building.build([stand_in], check=True)
    assert problem.startswith("lessons/glossary.md") and "course build" in problem


def test_building_runs_every_cell_and_reports_one_that_fails(stand_in):
    assert building.build([stand_in]) == []
    cell = nbformat.read(stand_in.lesson, as_version=4).cells[1]
    assert (cell.execution_count, cell.outputs[0].text) == (1, "1\n")
    stand_in.source.write_text("# %% [markdown]\n# # Title\n# %%\n1 / 0\n", encoding="utf-8")
    problems = building.build([stand_in])
    assert len(problems) == 2 and "ZeroDivisionError" in problems[0]
    assert nbformat.read(stand_in.lesson, as_version=4).cells[1].source == "print(1)", "the old one stays"
