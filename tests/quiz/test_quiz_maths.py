"""Markdown with formulas: what is a formula, and how formulas and texts look where nothing typesets them."""

import pytest

from courseware.quiz.formulas import plain_formula
from courseware.quiz.maths import html, page_html, plain, with_plain_formulas


@pytest.mark.parametrize(
    ("tex", "wanted"),
    [
        ("(a+b)^{n+1}", "(a+b)^(n+1)"), ("x^{-y}", "x^(-y)"), ("10^{-3}", "10⁻³"), ("x^2", "x²"), ("x^T", "x^T"),
        ("X^{(i)}", "X^(i)"), (r"w_{ij}", "w_ij"), ("h_{t-1}", "h_(t-1)"), ("a_{i,j}", "a_(i,j)"), ("w_1x", "w_1 x"),
        (r"\lambda_{\max}", "λ_max"), (r"\sqrt{x_1^2}", "√(x_1²)"), (r"\sqrt x", "√x"), (r"\mathbb{R}^2", "ℝ²"),
        (r"\frac{a}{b}", "a/b"), (r"\frac{a+b}{2m}", "(a+b)/(2m)"), (r"\frac{1}{\frac{a}{b}}", "1/(a/b)"),
        (r"\frac{\partial L}{\partial w}", "(∂ L)/(∂ w)"), (r"\hat y", "ŷ"), (r"\bar{x}_i", "x̄_i"),
        (r"\hat{xy}", "hat(xy)"), (r"\sum_{i=1}^n x_i", "Σ_(i=1)ⁿ x_i"), (r"\left(\frac{1}{n}\right)", "(1/n)"),
        (r"\{x \mid x \geq 0\}", "{x | x ≥ 0}"), (r"\text{if } a < b", "if  a < b"), (r"\operatorname{tanh}(z)", "tanh(z)"),
        (r"\begin{pmatrix}a\\b\end{pmatrix}", "(a; b)"), ("}", ""), ("{", ""), (r"\frac", "/"), ("^", "^"),
    ],
)  # fmt: skip
def test_a_formula_in_plain_signs_says_the_same(tex, wanted):
    assert plain_formula(tex) == wanted


@pytest.mark.parametrize(
    ("markdown", "as_text", "as_html"),
    [
        (r"\$5 and \$6", "$5 and $6", "$5 and $6"),
        ("from $5 to `a`$", "from $5 to `a`$", "from $5 to <code>a</code>$"),
        ("`$x$` and $x$", "`$x$` and x", r"<code>$x$</code> and \(x\)"),
        ("$ x $ and $5\n$", "$ x $ and $5\n$", "$ x $ and $5\n$"),
        ("$x_1$\\", "x_1\\", r"\(x_1\)" + "\\"),
        ("$$x^2$$", "x²", r"\(x^2\)"),
        ("$a * b * c$ *d*", "a * b * c d", r"\(a * b * c\) <em>d</em>"),
        ("$a < b$ & <b>", "a < b & <b>", r"\(a &lt; b\) &amp; &lt;b&gt;"),
    ],
)
def test_what_is_a_formula_is_so_everywhere(markdown, as_text, as_html):
    assert plain(markdown) == as_text
    assert html(markdown) == as_html
    assert page_html(markdown).count("<math") == as_html.count(r"\(")


def test_blocks_as_plain_text():
    markdown = "# Title\n\n- one\n  two\n- three\n\n  four\n\n> said\n\na | b\n--- | ---\n1 | $x$\n\n```\nf(\n\n)\n```\n\n[c](d) ![e](f)"
    assert plain(markdown).split("\n\n") == [
        "Title", "- one\ntwo", "- three", "  four", "> said", "a | b", "1 | x", "    f(\n    \n    )", "c (d) !e (f)",
    ]  # fmt: skip


@pytest.mark.parametrize("mark", ["\ue000", "\ue001", "&#xE000;", "&#xE001;", "&#57344;"])
@pytest.mark.parametrize(
    "text", ["{0}5{0} and $x$", "$x$ {0}", '[a](b "{0}") $x$', "`{0}` $x$", "```{0}\n{0}\n```", "{0}"]
)
def test_no_sign_of_a_text_is_taken_for_the_border_of_a_formula(text, mark):
    markdown = text.format(mark)
    rendered = html(markdown)
    assert rendered.count(r"\(x\)") == markdown.count("$x$"), rendered
    assert "\ue000" not in page_html(markdown) and "\ue001" not in plain(markdown)


@pytest.mark.parametrize(
    "text", ["![a](http://a.example/x.png)", "![a][1]\n\n[1]: http://a.example/x.png", "![](data:image/png;base64,AA)"]
)
def test_no_picture_is_fetched_from_anywhere(text):
    assert "<img" not in html(text) and "<img" not in page_html(text)
    assert not any(child.type == "image" for token in with_plain_formulas(text) for child in token.children or ())
