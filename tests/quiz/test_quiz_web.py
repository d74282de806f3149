"""The web page of quizzes: what is written, and that it grades as Python does, response by response."""

import json
import math
import os
import random
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from test_browser import CHROMIUM
from test_cli import course_says

from courseware import course
from courseware.progress import Progress
from courseware.quiz import parameters
from courseware.quiz.faces import web
from courseware.quiz.faces.web.data import question_data
from courseware.quiz.feedback import ResponseError
from courseware.quiz.load import load_misconceptions, load_quiz
from courseware.quiz.maths import page_html as html
from courseware.quiz.questions import AnyQuestion
from courseware.quiz.questions.entries import LETTERS

TESTS = Path(__file__).parent
EXAMPLE = TESTS / "all_kinds" / "01_linear_regression.yaml"
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


def question_of(fields):
    return TypeAdapter(AnyQuestion).validate_json(json.dumps(fields))


def example_page(seed="somebody"):
    return web.page([load_quiz(EXAMPLE)], load_misconceptions(EXAMPLE.with_name("misconceptions.yaml")), seed)


# Two graders, one table


def table():
    for group in YAML(typ="safe", pure=True).load(TESTS / "grade_cases.yaml"):
        question = question_of(group["question"])
        for case in group["cases"]:
            yield question, case.get("response", "x" * case.get("long", 0)), case


def marks(question, response):
    """What Python's grade makes of a response, as plain data."""
    try:
        result = question.grade(response)
    except ResponseError as error:
        return {"error": str(error)}
    messages = [[m.verdict, m.text, m.feedback, m.misconception] for m in result.messages]
    return {"points": result.points, "messages": messages, "ideas": list(result.misconceptions),
            "kept": result.response}  # fmt: skip


GRADE_ALL = """cases => JSON.stringify(JSON.parse(cases).map(([question, response]) => {
  try {
    const { points, messages, misconceptions, response: kept } = courseQuiz.grading.grade(question, response);
    const told = messages.map(({ verdict, text, feedback, misconception }) => [verdict, text, feedback, misconception]);
    return { points, messages: told, ideas: misconceptions, kept };
  } catch (error) {
    if (!(error instanceof courseQuiz.grading.ResponseError)) throw error;
    return { error: error.message };
  }
}))"""


def marks_in_page(page, cases):
    """What the page's grade makes of (question, response) pairs; sent as JSON in ASCII, so that nothing is changed."""
    sent = json.dumps([[question_data(question), response] for question, response in cases])
    return json.loads(page.evaluate(GRADE_ALL, sent), parse_int=float)  # JavaScript writes the float 1e20 as an integer


def alike(found):
    """What both graders must agree on: each words its errors itself, and shows a number in its own way."""
    if "error" in found:
        return {"error": True}
    return {**found, "messages": [[verdict, _shown(text), *rest] for verdict, text, *rest in found["messages"]]}


def _shown(text):
    number = re.match(r"[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)(e[-+]?[0-9]+)?(?![^ ])", text)
    return [f"{float(number[0]) + 0:.4g}", text[number.end() :]] if number else text


def assert_as_expected(case, found, response):
    if "error" in case:
        assert found == {"error": case["error"]}
        return
    assert found.get("points") == case["points"], (case, found)
    assert "".join(verdict[0] for verdict, *_ in found["messages"]) == case["verdicts"], case
    assert found["kept"] == case.get("kept", response), case
    if "says" in case:
        assert [feedback for _, _, feedback, _ in found["messages"]] == case["says"], case
    if "shown" in case:
        assert [text for _, text, _, _ in found["messages"]] == case["shown"], case
    if "ideas" in case:
        assert found["ideas"] == case["ideas"], case


@pytest.fixture(scope="module")
def grader(browser, tmp_path_factory):
    file = tmp_path_factory.mktemp("page") / "quiz.html"
    file.write_text(example_page(), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    return page


def test_python_grades_as_the_table_says():
    for question, response, case in table():
        assert_as_expected(case, marks(question, response), response)


@needs_browser
def test_the_page_grades_as_the_table_says(grader):
    cases = list(table())
    found = marks_in_page(grader, [(question, response) for question, response, _ in cases])
    for (question, response, _), one in zip(cases, found, strict=True):
        assert alike(one) == alike(marks(question, response))


# Two graders, whatever comes

NASTY = st.text(st.sampled_from("aAkzZ019.,-+eE \t\n\r\x0b\x1c\x85\xa0\u2028\u2009\u200b\ufeff'\"`“’«()[]{}:;!\\\x00\x7f"
                                "²３ＡſßİΣσςéÅK½ﬁ漢😀\u0301\u0378\ud800\U000e0001\u2212m€"), max_size=70)  # fmt: skip
NUMBERISH = st.text(st.sampled_from("0123456789..,,-+eE xX×*^/() %m²⁻⁴５\u202f\u2013'_½"), max_size=14)
PATHS = sorted((course.ROOT / "quizzes").glob("[0-9]*.yaml"))
REAL = [question.drawn("x") for path in [*PATHS, *[EXAMPLE] * 5] for question in load_quiz(path).questions]
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.floats(-1000, 1000).map(lambda value: round(value, 2))


@st.composite
def number_questions(draw):
    kind = draw(st.sampled_from(["absolute", "relative"]))
    tolerance = draw(st.one_of(st.sampled_from([0.0, 0.05, 0.1, 1.0]), st.floats(0, 1)))
    known = draw(st.lists(st.one_of(PLAIN, FLOATS), max_size=3))
    fields = {
        "kind": "number", "id": "q", "section": "S", "prompt": "P", "feedback": "Yes.", "wrong": "No.",
        "answer": draw(st.one_of(PLAIN, FLOATS)), "tolerance": {kind: tolerance},
        "unit": draw(st.sampled_from([None, "m²", "%", "e", "thousand euros"])),
        "known_wrong": [
            {"value": value, "feedback": f"Known {n}.", "misconception": f"idea-{n}"} for n, value in enumerate(known)
        ],
    }  # fmt: skip
    try:
        return question_of(fields)
    except ValidationError:  # e.g. a known wrong value that counts as right
        assume(False)


def near_edges(question):
    """Numbers at the edges of what counts as right or as known, a few floats to either side, as people write them."""
    tolerance = question.tolerance
    width = tolerance.relative * abs(question.answer) if tolerance.absolute is None else tolerance.absolute
    middles = [question.answer, *(known.value for known in question.known_wrong)]
    edges = [middle + side * width for middle in middles for side in (-1, 0, 1)]
    halves = [(one + other) / 2 for one in middles for other in middles]
    spelled = st.sampled_from([repr, "{:g}".format, "{:.3f}".format, lambda v: repr(v).replace(".", ","),
                               lambda v: f" {v!r} {question.unit or ''}"])  # fmt: skip
    value = st.builds(
        lambda value, steps: value + steps * math.ulp(value), st.sampled_from(edges + halves), st.integers(-2, 2)
    ).filter(math.isfinite)
    return st.one_of(value.filter(lambda value: not value.is_integer()), st.builds(lambda f, v: f(v), spelled, value))


@st.composite
def touched(draw, texts):
    """One of the texts with some of it replaced, or the case changed: nearly right."""
    text = draw(st.sampled_from(texts))
    at, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
    changed = text[:at] + draw(st.one_of(st.just(text[at:end]), NASTY)) + text[end:]
    return draw(st.sampled_from([str, str.upper, str.title, lambda text: f" {text} "]))(changed)


def sensible_responses(question):
    """What one may well answer: any option, subset, order or match; texts near the right one; numbers near an edge."""
    ids = [entry.id for entry in getattr(question, "options", None) or getattr(question, "items", ())]
    match question.kind:
        case "single":
            return st.sampled_from([*ids, *range(len(ids)), *LETTERS[: len(ids)]])
        case "multiple":
            return st.lists(st.sampled_from([*ids, *range(len(ids)), *LETTERS[: len(ids)]]), max_size=len(ids))
        case "ordering":
            return st.one_of(st.permutations(ids), st.permutations(range(len(ids))))
        case "matching":
            choices = st.sampled_from([*(choice.id for choice in question.choices), *"abcd", *range(4)])
            return st.fixed_dictionaries({}, optional={pair.id: choices for pair in question.pairs})
        case "number":
            return near_edges(question)
        case "text":
            return touched([*question.answers, *(known.value for known in question.known_wrong)])
        case "output":
            return touched([question.answer, *(known.value for known in question.known_wrong)])


# Whole floats are left out: JSON has one kind of number, so that the page cannot tell 1.0 from 1.
STRANGE = st.recursive(
    st.one_of(NASTY, st.none(), st.booleans(), st.integers(-12, 12), PLAIN.filter(lambda value: value % 1)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["a", "b c", "'"]), inner)),
    max_leaves=4,
)


@st.composite
def cases(draw):
    question = draw(st.one_of(st.sampled_from(REAL), number_questions()))
    usual = sensible_responses(question)
    strange = NUMBERISH if question.kind == "number" else NASTY
    return question, draw(st.one_of(usual, usual, strange, NASTY, STRANGE))


@needs_browser
@settings(max_examples=500, deadline=None)
@given(case=cases())
def test_the_page_and_python_agree_whatever_comes(grader, case):
    assert [alike(one) for one in marks_in_page(grader, [case])] == [alike(marks(*case))]


# The page as a file


def data_of(text):
    """The JSON in a page."""
    return text.split('id="data">')[1].split("</script>")[0].replace("\\u003c", "<")


def test_everything_is_in_the_page_and_nothing_else_is_named():
    text = example_page()
    assert "src=" not in text and "@import" not in text and "url(" not in text
    assert text.count("<script") == 2 and "default-src 'none'" in text
    assert "unsafe" not in text


def test_markup_in_a_quiz_is_text():
    quiz = load_quiz(EXAMPLE)
    bad = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)> $</script>$ ![x](http://example.org/x)"
    question = quiz.questions[0].model_copy(update={"prompt": bad, "section": bad})
    quiz = quiz.model_copy(update={"questions": (question,), "title": bad})
    text = web.page([quiz], load_misconceptions(EXAMPLE.with_name("misconceptions.yaml")), 1)
    assert text.count("</script>") == 2 and text.count("<script") == 2 and "<!--" not in text and "<img" not in text


def test_only_the_misconceptions_that_are_named_are_laid_in():
    quiz = load_quiz(EXAMPLE)
    quiz = quiz.model_copy(update={"questions": quiz.questions[:1]})
    text = web.page([quiz], load_misconceptions(EXAMPLE.with_name("misconceptions.yaml")), 1)
    assert "The gradient is added" in text and "Rows and columns change places" not in text


def test_the_numbers_are_those_of_the_learner():
    quiz = load_quiz(EXAMPLE)
    pages = {seed: example_page(seed) for seed in "abcdefgh"}
    assert len(set(pages.values())) > 1
    for seed, text in pages.items():
        [question] = [
            each for each in json.loads(data_of(text))["quizzes"][0]["questions"] if each["id"] == "predicted-price"
        ]
        drawn = next(each for each in quiz.drawn(seed).questions if each.id == "predicted-price")
        assert question["answer"] == drawn.answer and example_page(seed) == text


def test_every_formula_of_the_quizzes_is_typeset():
    ideas = load_misconceptions(PATHS[0].with_name("misconceptions.yaml"))
    data = data_of(web.page([load_quiz(path) for path in PATHS], ideas, 1))
    assert data.count("<math") > 50 and "$" not in data and 'class=\\"tex' not in data
    assert html(r"$\frac$ & $\sqrt$").count('<code class="tex">') == 2  # not readable, so left as typed


@needs_browser
def test_the_page_draws_as_python_does(grader):
    draw = random.Random(0)
    cases = [(draw.randint(1, 500), "".join(draw.choices("0123456789abcdefäΩ😀", k=length)), "04_cnn", "a-question")
             for length in [*range(130), 1000]]  # fmt: skip
    assert grader.evaluate("cases => cases.map((each) => courseQuiz.drawing.place(...each))", cases) == [
        parameters.place(*each) for each in cases
    ]


class _Elements(HTMLParser):
    """The names of the elements that a browser makes, each with its attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.mark.parametrize("command", [r"\text{%s}", r"\mbox{%s}", r"\textbf{%s}", r"\verb|%s|", r"\tag{%s}", r"\style{%s}{x}",
                                     r"\color{%s}x", r"\class{%s}{x}", r"\href{%s}{x}", r"\operatorname{%s}", "%s",
                                     r"\unknown{%s}", r"\begin{array}{%s}1\end{array}", r"\hspace{%s}"])  # fmt: skip
@pytest.mark.parametrize("payload", ['<meta/http-equiv="refresh"/content="0;url=http://a.example/">', "p<q", "<a/href='x'>",
                                     "&lt;b&gt;", "&#60;b&#62;", "&amp;lt;b&amp;gt;", "</math><b>", "<!--", "javascript:x",
                                     '"onclick="x'])  # fmt: skip
def test_what_a_formula_holds_never_becomes_an_element_of_the_page(command, payload):
    parser = _Elements()
    shown = html(f"Before ${command % payload}$ after")
    parser.feed(shown)
    parser.close()
    assert all((tag.startswith("m") and tag != "meta") or tag == "code" for tag, _ in parser.found), shown
    names = {name for _, attributes in parser.found for name in attributes}
    assert not names & {"href", "style", "id", "onclick"} and "<!--" not in shown
    assert shown.startswith("Before ") and shown.endswith(" after")


def test_what_a_formula_says_in_words_is_read_as_it_was_written():
    assert "<mtext>p&lt;q</mtext>" in html(r"$\text{p<q}$") and "<mtext>a&amp;b</mtext>" in html(r"$\text{a&b}$")


@pytest.mark.parametrize(
    ("tex", "words"),
    [("(-1, -1)", '<mo form="prefix">&#x02212;</mo><mn>1</mn>'), ("x - 1", "<mo>&#x02212;</mo>"),
     ("(x) - 1", "<mo>&#x02212;</mo>"), (r"\max(0, z)", "<mi>max</mi><mo"),
     (r"\log D", '<mi>log</mi><mspace width="0.17em"/><mi>D</mi>')],
)  # fmt: skip
def test_signs_stand_where_tex_would_set_them(tex, words):
    assert words in html(f"${tex}$")


@needs_browser
def test_the_browser_lets_the_page_ask_for_nothing(grader):
    grader.evaluate(
        "window.refused = []; addEventListener('securitypolicyviolation', (e) => refused.push(e.blockedURI))"
    )
    grader.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/picture.png'}))")
    assert grader.evaluate("fetch('data:,x').then(() => 'let through', () => 'refused')") == "refused"
    assert grader.evaluate("refused.map((address) => address.split(':')[0])") == ["http", "data"]


# The command


@pytest.fixture
def folder(small_course, tmp_path, monkeypatch):
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def test_the_command_writes_one_quiz_or_all_and_says_where(folder):
    assert "quiz_01_linear_regression.html" in course_says("quiz", "--web", "1")
    assert "quizzes.html" in course_says("quiz", "--web")
    assert "mine.html" in course_says("quiz", "--web", "1", "-o", "mine.html")
    names = {"quiz_01_linear_regression.html", "quizzes.html", "mine.html"}
    assert {path.name for path in folder.iterdir()} == names
    assert "Which is larger?" in (folder / "mine.html").read_text()


def test_the_command_draws_as_the_terminal_does(folder, small_course):
    small_course.quiz.write_bytes(EXAMPLE.read_bytes())
    small_course.quiz.with_name("misconceptions.yaml").write_bytes(
        EXAMPLE.with_name("misconceptions.yaml").read_bytes()
    )
    course_says("quiz", "--web", "1", "-o", "page.html")
    pages = [(folder / "page.html").read_text(), example_page(Progress().seed())]
    drawn, example = (json.loads(data_of(text))["quizzes"][0]["questions"] for text in pages)
    assert drawn == example


def test_a_page_is_replaced_and_nothing_else_without_force(folder):
    mine = folder / "quizzes.html"
    mine.write_text("my own")
    text = course_says("quiz", "--web", code=2)
    assert "quizzes.html is there already" in text and text.count("\n") == 1
    assert mine.read_text() == "my own" and os.listdir(folder) == ["quizzes.html"]
    course_says("quiz", "--web", "--force")
    course_says("quiz", "--web")
    assert "Which is larger?" in mine.read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["quiz"], "Missing argument"), (["quiz", "1", "-o", "x.html"], "go with --web"),
     (["quiz", "--web", "-o", "none/x.html"], "No such file or directory"), (["quiz", "--web", "-o", "."], "cannot be"),
     (["quiz", "--web", "4"], "not written yet")],
)  # fmt: skip
def test_what_cannot_be_is_said_in_plain_words(folder, arguments, words):
    assert words in course_says(*arguments, code=2)
    assert os.listdir(folder) == []


def test_a_faulty_quiz_is_told_with_its_line_and_the_old_page_stays(folder, small_course):
    course_says("quiz", "--web")
    before = (folder / "quizzes.html").read_bytes()
    small_course.quiz.write_text(small_course.quiz.read_text().replace("kind: single", "kind: sinlge"))
    assert "01_linear_regression.yaml:" in course_says("quiz", "--web", code=2)
    assert (folder / "quizzes.html").read_bytes() == before
