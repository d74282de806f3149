"""What the tests of the exports share: quizzes, responses to try, texts as a reader sees them, and nasty texts."""

import itertools
import random
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

from hypothesis import strategies as st
from markdown_it import MarkdownIt

from courseware.quiz.feedback import ResponseError
from courseware.quiz.load import load_quiz
from courseware.quiz.model import Quiz
from courseware.quiz.questions.spelling import normal_output

ROOT = Path(__file__).parent.parent.parent
ALL_KINDS = ROOT / "tests" / "quiz" / "all_kinds" / "01_linear_regression.yaml"
BANK = [ALL_KINDS, *sorted((ROOT / "quizzes").glob("[0-9]*.yaml"))]
BLOCKS = {
    "p",
    "div",
    "pre",
    "ul",
    "ol",
    "li",
    "blockquote",
    "hr",
    "br",
    "table",
    "tr",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
}


def name(path):
    return path.parent.name + "/" + path.stem


def drawn(path, seed=0):
    return load_quiz(path).drawn(seed)


# Texts as a reader sees them


class _Visible(HTMLParser):
    def __init__(self, formulas=()):
        super().__init__()
        self.pieces, self.pre, self.code, self.formulas = [], 0, 0, formulas

    def handle_starttag(self, tag, attributes):
        self.pieces += [("space", " ")] * (tag in BLOCKS)
        self.pre += tag == "pre"
        self.code += tag == "code"
        if formula := dict(attributes).get("data-equation-content"):
            self.pieces.append(("text", rf"\({formula}\)"))

    def handle_endtag(self, tag):
        self.pieces += [("space", " ")] * (tag in BLOCKS)
        self.pre -= tag == "pre"
        self.code -= tag == "code"

    def handle_data(self, data):
        marks = "${}$" if self.code else r"\({}\)"
        data = re.sub("\\$\ue002(\\d+)\ue003\\$", lambda found: marks.format(self.formulas[int(found[1])]), data)
        self.pieces.append(("code" if self.pre else "text", data))


def seen(html, formulas=()):
    """The text of HTML as a reader sees it, with every line of code as it stands."""
    parser = _Visible(formulas)
    parser.feed(html)
    parser.close()
    groups = [
        (kind, "".join(data for _, data in group))
        for kind, group in itertools.groupby(parser.pieces, lambda piece: "code" if piece[0] == "code" else "text")
    ]
    lines = [text.rstrip("\n") if kind == "code" else " ".join(text.split()) for kind, text in groups]
    # XML forbids two signs that YAML can write; they become the sign for "no such sign".
    return "\n".join(filter(None, lines)).translate({0xFFFE: "\ufffd", 0xFFFF: "\ufffd"})


def written(*markdown):
    """What a reader should see of Markdown: CommonMark without raw HTML, and formulas as they are."""
    formulas = []

    def keep(found):
        if found[2] is None:
            return found[0]
        formulas.append(found[2])
        return f"$\ue002{len(formulas) - 1}\ue003$"  # a dollar beside it, as in the source: emphasis depends on it

    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    sources = [re.sub(r"\\[^\n]|(\$\$?)(?=\S)([^$\n`]+?)(?<=[^\s\\])\1", keep, text) for text in markdown]
    return seen("\n".join(parser.render(source) for source in sources), formulas)


def prompt(question, *more):
    """The prompt of a question with its code, and what an exporter is to add."""
    code = [f"~~~~~~~~~python\n{question.code}\n~~~~~~~~~"] if question.kind == "output" else []
    return written(question.prompt, *code, *more)


# Responses


def responses(question, *, case=True):
    """Responses to try: right, wrong, partly right, known to be wrong, on the edges and just beyond them."""
    return _RESPONSES[question.kind](question, case)


def _single(question, case):
    return [option.id for option in question.options]


def _multiple(question, case):
    ids = [option.id for option in question.options]
    sets = [list(chosen) for size in range(1, len(ids) + 1) for chosen in itertools.combinations(ids, size)]
    few, many = sets[: len(ids)], sets[len(ids) :]  # each option alone is always tried
    return [*few, *(many if len(sets) <= 64 else random.Random(question.id).sample(many, 64 - len(few)))]


def _number(question, case):
    reach = question.width
    values = [Decimal(repr(float(v))) for v in (question.answer, *(known.value for known in question.known_wrong))]
    beyond = max(reach / 1000, abs(values[0]) / 10**6, Decimal("1e-9"))
    tried = [value + side * (reach + more) for value in values for side in (-1, 1) for more in (0, -beyond, beyond)]
    middles = [(a + b) / 2 + side * beyond for a, b in itertools.combinations(values[1:], 2) for side in (-1, 1)]
    found = [float(value) for value in (*values, *tried, *middles, *(-v for v in values), Decimal("12345.678"))]
    # The formats count in floats: a step of the last digit is not theirs to tell.
    return [v for v in dict.fromkeys(found) if v in map(float, values) or abs(v) > 1e-12]


def _text(question, case):
    known = [*question.answers, *(entry.value for entry in question.known_wrong)]
    return [
        *known,
        *(text.upper() for text in known),
        *(text.lower() for text in known),
        *_without_stars(known),
        "something else",
    ]


def _output(question, case):
    known = [question.answer, *(entry.value for entry in question.known_wrong)]
    known += [normal_output(text) for text in known]
    changed = [text.swapcase() for text in known if case]
    return [*known, *changed, *_without_stars(known), "something else"]


def _without_stars(texts):
    """What would be taken for an answer if its stars stood for anything."""
    return ["*", *(text.replace("*", "some") for text in texts if "*" in text)]


def _ordering(question, case):
    ids = [item.id for item in question.items]
    orders = [list(order) for order in itertools.islice(itertools.permutations(ids), 720)]
    return orders if len(orders) <= 24 else random.Random(question.id).sample(orders, 24)


def _matching(question, case):
    draw, choices = random.Random(question.id), [choice.id for choice in question.choices]
    tried = [{pair.id: draw.choice(choices) for pair in question.pairs} for _ in range(24)]
    return [question.key, *({**question.key, pair.id: choices[-1]} for pair in question.pairs), *tried]


_RESPONSES = {
    "single": _single, "multiple": _multiple, "number": _number, "text": _text, "output": _output,
    "ordering": _ordering, "matching": _matching,
}  # fmt: skip


def graded(question, *, case=True):
    """Each response to try with its grade; those that cannot be read are left out."""
    for response in responses(question, case=case):
        try:
            result = question.grade(response)
        except ResponseError:
            continue
        # The values of a wrong output that is known, in another dress, are known here alone.
        if (
            question.kind == "output"
            and result.keys not in (("other",), ("right",))
            and normal_output(response) not in [normal_output(known.value) for known in question.known_wrong]
        ):
            continue
        yield response, result


def typed(question, response, prompt):
    """An answer in words as one line: the prompt says what stands for a new line."""
    if question.kind == "text":
        return response
    lines = [line.strip() for line in response.split("\n") if line.strip()]
    said = re.search(r"Write it in one line, with (\S+) where a new line begins\.$", prompt)
    assert said or len(lines) == 1
    return f" {said[1]} ".join(lines) if said else lines[0]


def one_line_hint(question, prompt):
    """The sentence that an exporter adds to a question about several lines, as the prompt read back has it."""
    said = re.search(r"Write it in one line, with (\S+) where a new line begins\.$", prompt)
    return [f"Write it in one line, with `{said[1]}` where a new line begins."] if said else []


def told(question, result, *, known=True):
    """The feedback that a format shows after a response, as it stands in the quiz."""
    if question.kind in ("single", "multiple"):
        return [message.feedback for message in result.messages if message.verdict != "missed"]
    if question.kind == "matching":
        return []
    if question.kind == "ordering" or not known:
        return [question.feedback if result.correct else question.wrong]
    return [result.messages[0].feedback]


# Nasty texts

PIECES = [
    "{", "}", "~", "=", "#", ":", "::", "\\", "]]>", "&", "&amp;", "&#36;", "&&010", "<b>", "<", ">", "->", "-->", "<!--",
    "</code>", "\n", "\n\n", "\n    ", "`", "``", "```", "\n```\n", "$", "$x_1$", "$a\\$", r"$\frac{a}{b}$", "$$", "*", "**", "_",
    "1. ", "\n1. ", "- ", "\n- ", "+ ", "...", "--", '"', "'", "[", "]", "](", "[a](b)", "![a](b)", "[html]", "%50%", "//",
    "|", "!", "T", "TRUE", "a", "word", " ", "    ", "\t", "é", "\\n", r"\(", r"\)", "*a)", "= 3", "COMMENT", "END_GROUP",
    "\u2028", "\ufffe", "\u00a0", "{x}", "^", "@@", "\n# ", "\n> ", "\n---\n", "a | b\n--- | ---\n",
]  # fmt: skip
# A text of which a reader sees nothing, as `[a]: b`, is none.
NASTY = (
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join).filter(lambda text: written(text).strip())
)
# An answer in words is one line of at most 200 signs.
NASTY_LINE = NASTY.map(lambda text: re.sub(r"[\n\t\ufffe]", " ", text).strip()).filter(
    lambda text: text.strip("\u00a0\u2028 ")
)
WRONG = {"misconception": "an-idea"}


def _distinct(draw, count, texts=NASTY):
    return draw(st.lists(texts.map(str.strip), min_size=count, max_size=count, unique=True))


@st.composite
def nasty_questions(draw, kinds):
    """A question of one of the `kinds` with nasty texts in every place."""
    kind, text = draw(st.sampled_from(kinds)), lambda: draw(NASTY)
    question = {"id": "nasty", "kind": kind, "section": "Section", "prompt": text()}
    if draw(st.booleans()):
        question["explanation"] = text()
    if kind in ("single", "multiple"):
        rights = [True, False] if kind == "single" else draw(
            st.lists(st.booleans(), min_size=3, max_size=5).filter(lambda rights: 0 < sum(rights) < len(rights)))  # fmt: skip
        texts = _distinct(draw, len(rights))
        question["options"] = tuple(
            {"id": f"o{n}", "text": texts[n], "correct": right, "feedback": text()} | ({} if right else WRONG)
            for n, right in enumerate(rights)
        )
        return question
    if kind == "matching":
        lefts, rights = _distinct(draw, 2), _distinct(draw, 2)
        question["pairs"] = tuple(
            {"id": f"p{n}", "text": lefts[n], "match": rights[n], "feedback": text()} | WRONG for n in (0, 1)
        )
        return question
    question |= {"feedback": text(), "wrong": text()}
    if kind == "ordering":
        question["items"] = tuple({"id": f"i{n}", "text": item} for n, item in enumerate(_distinct(draw, 3)))
    elif kind == "number":
        question |= {"answer": 3.5, "tolerance": {"absolute": 0.25}, "unit": draw(NASTY_LINE)}
        question["known_wrong"] = tuple({"value": value, "feedback": text()} | WRONG for value in (4.0, 4.25))
    else:
        first, second = _distinct(draw, 2, NASTY_LINE)
        question["known_wrong"] = ({"value": second, "feedback": text()} | WRONG,)
        question |= {"answers": (first,)} if kind == "text" else {"code": text(), "answer": first}
    return question


def nasty_quizzes(*kinds):
    """Quizzes of one nasty question; what the model refuses is not drawn."""

    def valid(question):
        try:
            return Quiz(lesson="01_nasty", title="Nasty {~} title", questions=(question,))
        except ValueError:
            return None

    return nasty_questions(kinds).map(valid).filter(bool)
