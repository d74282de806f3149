"""A learner's way through the quiz page in a real browser, from a file, by keyboard alone."""

import json
import re
from datetime import datetime
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
import test_browser
from playwright.sync_api import expect
from test_quiz_web import EXAMPLE, PATHS

from courseware.quiz.faces import web
from courseware.quiz.faces.web.data import misconceptions_data, quiz_data
from courseware.quiz.load import load_misconceptions, load_quiz, load_student_copy
from courseware.quiz.maths import page_html
from courseware.quiz.results import score
from courseware.quiz.student_copy import as_yaml, fingerprint

pytestmark = test_browser.pytestmark
SEED = "somebody"
QUIZ = load_quiz(EXAMPLE)
DRAWN = QUIZ.drawn(SEED)
OTHER = QUIZ.model_copy(update={"lesson": "02_activations", "title": "Another quiz"})
IDEAS = load_misconceptions(EXAMPLE.with_name("misconceptions.yaml"))
FIRST = "courseQuiz.quizzes[0].quiz"  # in a page, the quiz that it holds, or its first
PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture
def open_page(browser, tmp_path):
    """Open quizzes as a page from a file; errors in the page and requests to a network fail the test."""
    contexts, problems = [], []

    def open_page(quizzes=(QUIZ,), ideas=IDEAS, init="", **options):
        file = tmp_path / "my quizzes" / "the quiz.html"
        file.parent.mkdir(exist_ok=True)
        web.write_page(quizzes, ideas, file, SEED)
        contexts.append(browser.new_context(**{"viewport": WIDE, **options}))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        page.add_init_script(init)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.on(
            "request",
            lambda request: (
                problems.append(request.url) if urlsplit(request.url).scheme not in ("file", "data", "blob") else None
            ),
        )
        page.goto(file.as_uri())
        page.evaluate("courseQuiz.started")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def follow(link):
    """Click a link within the page and wait until the page has turned to what it names."""
    page, address = link.page, link.get_attribute("href")
    link.click()
    page.wait_for_function("address => (location.hash || '#') === address", arg=address)
    turned(page)


def turned(page):
    """Wait until the page has been told of a new address, which it is in a task of its own."""
    page.evaluate("() => new Promise((done) => setTimeout(done))")


def load_again(page, address=None):
    """Load the page anew and wait until it shows what was kept."""
    page.goto(address) if address else page.reload()
    page.evaluate("courseQuiz.started")


# By keyboard alone


def has_focus(locator):
    return locator.evaluate("element => element === document.activeElement")


def tab_to(page, locator):
    for _ in range(80):
        if has_focus(locator):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not reach {locator}")


def press_button(page, name):
    button = page.get_by_role("button", name=name)
    tab_to(page, button)
    page.keyboard.press("Enter")


def check(page):
    press_button(page, "Check")


def answer_single(page, question, wanted):
    radios = page.get_by_role("radio")
    checked = page.locator("input:checked")
    tab_to(page, checked if checked.count() else radios.first)
    page.keyboard.press("Space")
    while page.locator("input:checked").get_attribute("value") != wanted:
        page.keyboard.press("ArrowDown")
    check(page)


def answer_multiple(page, question, wanted):
    for option in question.options:
        box = page.locator(f"input[value={option.id}]")
        if box.is_checked() != (option.id in wanted):
            tab_to(page, box)
            page.keyboard.press("Space")
    check(page)


def answer_written(page, question, wanted):
    tab_to(page, page.get_by_role("textbox"))
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    for number, line in enumerate(wanted.split("\n")):
        if number:
            page.keyboard.press("Enter")
        page.keyboard.type(line)
    if question.kind == "output":
        check(page)
    else:
        page.keyboard.press("Enter")


def answer_ordering(page, question, wanted):
    rows = page.get_by_role("listitem").filter(has=page.get_by_role("button"))
    text = {item.id: item.text.strip("`") for item in question.items}
    for place, name in enumerate(wanted):
        button = page.get_by_role("button", name=f"Move up: {text[name]}", exact=True)
        tab_to(page, button)
        while text[name] not in rows.nth(place).inner_text():
            page.keyboard.press("Enter")
            assert has_focus(button), "the focus leaves the item that is moved"
            expect(page.locator("fieldset [role=status]")).to_contain_text(text[name], use_inner_text=True)
    check(page)


def answer_matching(page, question, wanted):
    for pair in question.pairs:
        values = page.locator(f"select[id$='-{pair.id}']").evaluate(
            "select => [...select.options].map(({ value }) => value)"
        )
        places = values[1:]  # the first says that something is to be chosen
        tab_to(page, page.locator(f"select[id$='-{pair.id}']"))
        page.keyboard.press("Home")
        for _ in range(places.index(wanted[pair.id]) + 1):
            page.keyboard.press("ArrowDown")
    check(page)


ANSWER = {
    "single": answer_single, "multiple": answer_multiple, "number": answer_written, "text": answer_written,
    "output": answer_written, "ordering": answer_ordering, "matching": answer_matching,
}  # fmt: skip
WRONG = {
    "meaning-of-rate": "accuracy",
    "what-descends": ["slope", "rate"],
    "predicted-price": "7,5",
    "half-mean": "0.9",
    "name-of-the-loss": "RSS",
    "printed-shape": "(9, 9)\n81",
    "order-of-training": ["build", "compile", "evaluate", "fit"],
    "what-stands-for-what": {"slope": "slope", "intercept": "alpha", "alpha": "alpha", "eta": "loss"},
}
RIGHT = {
    "meaning-of-rate": "step",
    "what-descends": ["slope", "intercept"],
    "predicted-price": str(DRAWN.questions[2].answer),
    "half-mean": "0.4",
    "name-of-the-loss": "mean-squared error",
    "printed-shape": DRAWN.questions[5].answer.strip(),
    "order-of-training": ["build", "compile", "fit", "evaluate"],
    "what-stands-for-what": {"slope": "slope", "intercept": "intercept", "alpha": "alpha", "eta": "alpha"},
}


def test_each_kind_is_answered_by_keyboard_first_wrongly_then_rightly(open_page):
    page = open_page()
    feedback = page.locator(".feedback")
    for number, question in enumerate(DRAWN.questions, start=1):
        expect(page.get_by_role("heading", level=2)).to_have_text(f"Question {number} of {len(DRAWN.questions)}")
        for response, is_right in ((WRONG[question.id], False), (RIGHT[question.id], True)):
            ANSWER[question.kind](page, question, response)
            expected = question.grade(response)
            assert expected.correct == is_right
            part = "Partly right" if expected.points else "Not so"
            assert (
                feedback.get_by_role("heading")
                .inner_text()
                .split(maxsplit=1)[1]
                .startswith("Right" if is_right else part)
            )
            for message in expected.messages:
                if "`" not in message.feedback:
                    assert message.feedback in feedback.inner_text()
            assert (f"Reread: {question.section}" in feedback.inner_text()) == (not is_right)
            word = "right" if is_right else part.lower()
            assert page.get_by_role("link", name=f"Question {number}: {word}", exact=True).count() == 1
        tab_to(page, page.locator("a.button"))
        page.keyboard.press("Enter")
        page.get_by_role("heading", level=2).get_by_text(f"Question {number} of").wait_for(state="detached")
        assert has_focus(page.get_by_role("heading", level=2)), "the next view is not where the keyboard goes on"
    expect(page.locator("main")).to_contain_text("Score: 8 of 8 points", use_inner_text=True)
    expect(page.locator("main")).to_contain_text("Everything is right.", use_inner_text=True)


# What is kept


def give(page, quiz, responses):
    """Answer as the page itself would, without the way there."""
    page.evaluate(
        """([slug, responses]) => {
          const { quiz } = courseQuiz.quizzes.find((each) => each.quiz.slug === slug);
          for (const question of quiz.questions.filter(({ id }) => id in responses)) {
            courseQuiz.store.keep(quiz, question, courseQuiz.grading.grade(question, responses[question.id]).response);
          }
        }""",
        [quiz.lesson, responses],
    )
    load_again(page)


def score_of(responses):
    return score(DRAWN, {q.id: q.grade(responses[q.id]) for q in DRAWN.questions if q.id in responses})


def test_answers_are_there_after_a_reload_and_the_quiz_goes_on_with_what_is_open(open_page):
    page = open_page()
    some = dict(list(WRONG.items())[:3])
    for question in DRAWN.questions[:3]:
        ANSWER[question.kind](page, question, some[question.id])
        follow(page.locator("a.button"))
    load_again(page, page.url.split("#")[0])
    expect(page.get_by_role("heading", level=2)).to_have_text("Question 4 of 8")
    follow(page.get_by_role("link", name="Question 2: not so"))
    checked = page.locator("input:checked").evaluate_all("boxes => boxes.map((box) => box.value)")
    assert sorted(checked) == ["rate", "slope"]
    expect(page.locator(".feedback")).to_contain_text("You choose it", use_inner_text=True)
    follow(page.get_by_role("link", name="Question 3: not so"))
    assert page.get_by_role("textbox").input_value() == "7.5"
    follow(page.get_by_role("link", name="Results"))
    expect(page.locator("main")).to_contain_text(str(score_of(some)), use_inner_text=True)


def test_every_kind_is_put_back_as_it_was_answered(open_page):
    page = open_page()
    give(page, QUIZ, WRONG)
    follow(page.get_by_role("link", name="Question 7: partly right"))
    lines = page.locator(".ordering li").all_inner_texts()
    assert ["Sequential" in lines[0], "compile" in lines[1], "evaluate" in lines[2], "fit" in lines[3]] == [True] * 4
    follow(page.get_by_role("link", name="Question 8: partly right"))
    values = page.locator("select").evaluate_all("all => all.map((select) => select.value)")
    assert values == list(WRONG["what-stands-for-what"].values())
    follow(page.get_by_role("link", name="Question 6: not so"))
    assert page.get_by_role("textbox").input_value() == WRONG["printed-shape"]


def test_what_is_typed_and_not_yet_checked_stays_while_one_looks_elsewhere(open_page):
    page = open_page()
    follow(page.get_by_role("link", name="Question 4: not answered"))
    page.get_by_role("textbox").fill("0.25")
    follow(page.get_by_role("link", name="Question 5: not answered"))
    follow(page.get_by_role("link", name="Question 4: not answered"))
    assert page.get_by_role("textbox").input_value() == "0.25"


def test_the_results_name_sections_and_ideas_and_the_download_is_graded_alike(open_page, tmp_path):
    page = open_page()
    give(page, QUIZ, WRONG)
    expected = score_of(WRONG)
    follow(page.get_by_role("link", name="Results"))
    main = page.locator("main").inner_text()
    assert str(expected) in main
    reread = page.get_by_role("heading", name="Worth rereading").locator("+ ul li").all_inner_texts()
    assert reread == list(expected.reread)
    ideas = {name for q in DRAWN.questions for name in q.grade(WRONG[q.id]).misconceptions}
    assert 0 < len(ideas) < len(IDEAS)
    assert [name for name in IDEAS if IDEAS[name].title in main] == [name for name in IDEAS if name in ideas]

    page.get_by_label("Your name").fill("Ada Lovelace")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download my answers").click()
    waiting.value.save_as(tmp_path / "answers.json")
    assert waiting.value.suggested_filename == "answers_01_linear_regression_Ada-Lovelace.json"
    data = json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))
    assert list(data) == ["learner", "quiz", "fingerprint", "seed", "attempt", "handed_in", "answers"]
    assert (data["learner"], data["quiz"], data["seed"]) == ("Ada Lovelace", QUIZ.lesson, SEED)
    assert data["fingerprint"] == fingerprint(QUIZ) and data["attempt"] == 1
    handed_in = datetime.fromisoformat(data["handed_in"])
    assert handed_in.utcoffset() is not None and abs((datetime.now().astimezone() - handed_in).total_seconds()) < 300
    assert score_of(data["answers"]) == expected
    load_again(page)
    assert page.get_by_label("Your name").input_value() == "Ada Lovelace"


REFUSE = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };"
FULL = "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };"


@pytest.mark.parametrize("refusal", [REFUSE, FULL], ids=["refused", "full"])
def test_where_nothing_can_be_kept_the_page_says_so_and_works(open_page, refusal):
    page = open_page(init=refusal)
    expect(page.get_by_text("Your answers are not kept")).to_be_visible()
    give_first(page)
    follow(page.get_by_role("link", name="Results"))
    expect(page.locator("main")).to_contain_text("Score: 1 of 8 points, 1 of 8 answered", use_inner_text=True)


def give_first(page):
    answer_single(page, DRAWN.questions[0], "step")
    page.get_by_role("link", name="Question 1: right").wait_for()


def test_what_is_kept_and_makes_no_sense_is_no_answer(open_page):
    page = open_page()
    assert not page.get_by_text("Your answers are not kept").is_visible()
    page.evaluate(
        """() => QUIZ.questions.forEach((question, n) =>
      courseQuiz.store.keep(QUIZ, question, [7, null, [1, 1], "gone", { a: 1 }][n % 5]))""".replace("QUIZ", FIRST)
    )
    load_again(page)
    follow(page.get_by_role("link", name="Results"))
    expect(page.locator("main")).to_contain_text("Score: 0 of 8 points, 0 of 8 answered", use_inner_text=True)


EARLIER = """localStorage.setItem('course-quiz/{store}/{first}', '"step"');
localStorage.setItem('course-quiz/{store}/{second}', '{{');"""


def test_answers_to_an_earlier_page_are_taken_over_once(open_page):
    store = open_page().evaluate(f"{FIRST}.store")
    first, second = QUIZ.questions[0].id, QUIZ.questions[1].id
    page = open_page(init=EARLIER.format(store=store, first=first, second=second))
    page.get_by_role("link", name="Question 1: right").wait_for()
    assert page.get_by_role("link", name="Question 2: not answered").count() == 1
    follow(page.get_by_role("link", name="Results"))
    press_button(page, "Start again")
    page.get_by_role("button", name="Delete them").click()
    load_again(page)
    assert page.get_by_role("link", name="Question 1: not answered").count() == 1


def test_an_answer_is_kept_also_where_the_page_is_closed_at_once(open_page):
    page = open_page()
    options = [option.id for option in QUIZ.questions[0].options]
    for option in options * 2:
        with page.expect_navigation():
            page.evaluate(
                f"option => {{ courseQuiz.store.keep({FIRST}, {FIRST}.questions[0], option); location.reload(); }}",
                option,
            )
        page.evaluate("courseQuiz.started")
        assert page.evaluate("courseQuiz.quizzes[0].grades.values().next().value.response") == option


def test_starting_again_asks_first_and_leaves_the_other_quiz_alone(open_page):
    page = open_page((QUIZ, OTHER))
    assert page.get_by_role("link", name="Lesson 02: Another quiz").count() == 1
    give(page, QUIZ, WRONG)
    follow(page.get_by_role("link", name="Lesson 01"))
    page.get_by_role("heading", name="Results").wait_for()
    expect(page.locator("main")).to_contain_text("Score: 0.833 of 8 points", use_inner_text=True)
    follow(page.get_by_role("link", name="All quizzes"))
    give(page, OTHER, {"half-mean": "0.3"})
    assert page.get_by_role("listitem").all_inner_texts()[1].endswith("1 of 8 points, 1 of 8 answered")
    follow(page.get_by_role("link", name="Lesson 01"))

    press_button(page, "Start again")
    assert has_focus(page.get_by_role("button", name="Keep my answers"))
    page.keyboard.press("Escape")
    expect(page.locator("main")).to_contain_text("Score: 0.833 of 8 points", use_inner_text=True)
    press_button(page, "Start again")
    press_button(page, "Delete them")
    expect(page.get_by_role("heading", level=2)).to_have_text("Question 1 of 8")
    assert page.locator("input:checked").count() == 0
    load_again(page)
    follow(page.get_by_role("link", name="All quizzes"))
    assert [text.split("\n")[-1] for text in page.get_by_role("listitem").all_inner_texts()] == [
        "8 questions",
        "1 of 8 points, 1 of 8 answered",
    ]


def test_an_answer_to_other_numbers_is_no_answer(open_page, tmp_path):
    page = open_page()
    give(page, QUIZ, RIGHT)
    other = next(seed for seed in "abcdefgh" if QUIZ.drawn(seed).questions[2] != DRAWN.questions[2])
    file = tmp_path / "my quizzes" / "the quiz.html"
    web.write_page([QUIZ], IDEAS, file, other)
    load_again(page)
    assert page.get_by_role("link", name="Question 3: not answered").count() == 1
    assert page.get_by_role("link", name="Question 4: right").count() == 1


# Answers that cannot be read


@pytest.mark.parametrize(
    ("number", "typed", "words"),
    [(1, None, "Nothing is chosen; choose one option."), (2, None, "Nothing is ticked"), (4, "", "Nothing is written; type a number"),
     (4, "1,000", "can mean a thousand or a decimal"), (5, " ", "Nothing is written"), (8, None, "No match for `w`, `b`")],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_not_kept(open_page, number, typed, words):
    page = open_page()
    follow(page.get_by_role("link", name=f"Question {number}: not answered"))
    if typed is not None:
        page.get_by_role("textbox").fill(typed)
    check(page)
    expect(page.locator(".feedback")).to_contain_text(words, use_inner_text=True)
    assert page.evaluate("courseQuiz.store.names('course-quiz/').filter((name) => !name.includes('?'))") == []
    field = page.locator("form input[type=text]")
    if field.count():
        assert field.get_attribute("aria-invalid") == "true"
        assert page.locator(f"#{field.get_attribute('aria-errormessage')}").inner_text()
        field.fill("2")
        assert field.get_attribute("aria-invalid") is None
    assert page.get_by_role("link", name=f"Question {number}: not answered").count() == 1


def test_a_word_that_is_not_known_may_be_said_again_once(open_page):
    page = open_page()
    follow(page.get_by_role("link", name="Question 5: not answered"))
    for word, verdict in (("squares", None), ("something", "Not so")):
        page.get_by_role("textbox").fill(word)
        check(page)
        said = page.locator(".feedback")
        expect(said).to_contain_text(verdict or f'I do not know "{word}" here.', use_inner_text=True)
        assert page.get_by_role("link", name="Question 5: not answered").count() == (verdict is None)


def test_options_stand_in_the_order_that_python_draws_for_the_seed_and_the_try(open_page):
    page = open_page()
    seed = page.evaluate("courseQuiz.store.seed(courseQuiz.quizzes[0].quiz)")
    by_id = {question.id: question for question in DRAWN.questions}
    found = page.evaluate("""([seed, tries]) => courseQuiz.quizzes[0].quiz.questions.flatMap((question) => tries.map((tried) =>
        [question.id, tried, courseQuiz.drawing.order(question, seed, courseQuiz.quizzes[0].quiz.slug, tried)]))""",
                          [seed, [0, 1, 7]])  # fmt: skip
    for name, tries, order in found:
        assert order == [entry.id for entry in by_id[name].in_order(seed, QUIZ.lesson, tries).asked]
    orders = [order for name, _, order in found if name == "what-descends"]
    first = page.locator("input[type=radio]").evaluate_all("inputs => inputs.map(({ value }) => value)")
    assert first == next(order for name, tries, order in found if name == DRAWN.questions[0].id and tries == 0)
    assert len(set(map(tuple, orders))) > 1 or len(orders[0]) < 3


def test_the_question_can_be_reached_past_the_overview_and_all_questions_are_printed(open_page):
    page = open_page()
    skip = page.get_by_role("button", name="Skip to the question")
    tab_to(page, skip)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className") == "here"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "radio"
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".here").all_inner_texts() == [f"Question {n} of 8" for n in range(1, 9)]
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".here").all_inner_texts() == ["Question 1 of 8"]
    page.goto(f"{page.url.split('#')[0]}#{QUIZ.lesson}/half-mean")
    turned(page)
    assert page.get_by_role("textbox").get_attribute("inputmode") in ("decimal", None)


# What a page must be


def test_markup_is_shown_as_text_and_never_run(open_page):
    bad = "</script><script>document.title = 'run'</script> <img src=x onerror=\"document.title='run'\"> <b>bold</b>"
    first, *_, text = QUIZ.questions[:5]
    quiz = QUIZ.model_copy(
        update={
            "title": bad[:60],
            "questions": (
                first.model_copy(update={"prompt": bad, "section": bad, "explanation": bad}),
                text.model_copy(update={"prompt": bad, "wrong": bad}),
            ),
        }
    )
    page = open_page((quiz,))
    expect(page.locator(".prompt")).to_have_text(bad, use_inner_text=True)
    answer_single(page, first, "accuracy")
    expect(page.locator(".feedback")).to_contain_text(f"Reread: {bad}", use_inner_text=True)
    follow(page.locator("a.button"))
    answer_written(page, text, bad)
    check(page)  # a word that is not known counts when it comes again
    assert page.locator(".feedback").inner_text().count(bad) == 2  # what was typed, and what the quiz says of it
    follow(page.locator("a.button"))
    expect(page.locator("main")).to_contain_text(bad, use_inner_text=True)
    assert page.locator("main img, main script").count() == page.locator("b", has_text="bold").count() == 0
    assert page.title().startswith("Results")


VIEWS = [f"{QUIZ.lesson}/{question.id}" for question in QUIZ.questions] + [f"results/{QUIZ.lesson}", ""]
CONTRAST = """() => {
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const colour = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const found = colour(getComputedStyle(element).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
    }
    throw new Error("no background");
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const weak = [];
  let seen = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest("script, option")) continue;
    const [a, b] = [colour(getComputedStyle(element).color), behind(element)].map(light).sort((x, y) => y - x);
    seen += 1;
    if ((a + 0.05) / (b + 0.05) < 4.5) weak.push([walker.currentNode.data, (a + 0.05) / (b + 0.05)]);
  }
  return [seen, weak];
}"""
NAMED = {"textbox", "radio", "checkbox", "combobox", "button", "link", "group", "navigation"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_headings_contrast_and_width_on_a_phone(open_page, scheme):
    page = open_page((QUIZ, OTHER), viewport=PHONE, color_scheme=scheme)
    give(page, QUIZ, WRONG)
    tree = page.context.new_cdp_session(page)
    assert page.locator("html").get_attribute("lang") == "en"
    titles = set()
    for view in VIEWS:
        page.evaluate("view => { location.hash = view; }", view)
        page.wait_for_function("() => document.querySelectorAll('.view:not([hidden] *), #list > *').length === 1")
        page.wait_for_timeout(50)
        titles.add(page.title())
        levels = page.locator("h1:visible, h2:visible, h3:visible").evaluate_all("all => all.map((h) => +h.tagName[1])")
        assert levels[0] == 1 and all(later - sooner <= 1 for sooner, later in pairwise(levels))
        ids = page.locator("[id]").evaluate_all("all => all.map((element) => element.id)")
        assert len(ids) == len(set(ids)), view
        seen, weak = page.evaluate(CONTRAST)
        assert seen > 3 and weak == [], view
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], view
        nodes = tree.send("Accessibility.getFullAXTree")["nodes"]
        named = [node for node in nodes if not node["ignored"] and node["role"]["value"] in NAMED]
        assert named and all(node["name"]["value"].strip() for node in named), view
    assert len(titles) == len(VIEWS)


def test_a_formula_has_a_name_too(open_page):
    page = open_page()
    follow(page.get_by_role("link", name="Question 2"))
    assert page.get_by_role("checkbox", name="The training data (x, y)", exact=True).count() == 1
    follow(page.get_by_role("link", name="Question 8"))
    assert page.get_by_role("combobox", name="α", exact=True).count() == 1


def test_every_question_of_the_course_fits_a_phone(open_page):
    quizzes = [load_quiz(path) for path in PATHS]
    page = open_page(quizzes, load_misconceptions(PATHS[0].with_name("misconceptions.yaml")), viewport=PHONE)
    seen, wide = page.evaluate("""() => {
      const wide = [];
      let seen = 0;
      for (const { quiz } of courseQuiz.quizzes) {
        for (const question of quiz.questions) {
          location.hash = courseQuiz.addressOf(quiz, question);
          courseQuiz.route();
          seen += 1;
          if (document.documentElement.scrollWidth > innerWidth) wide.push(question.id);
        }
      }
      return [seen, wide];
    }""")
    assert seen == sum(len(quiz.questions) for quiz in quizzes) and wide == []


# A quiz without keys


def test_a_student_copy_is_answered_changed_and_downloaded_and_says_nothing_of_right_or_wrong(open_page, tmp_path):
    (tmp_path / EXAMPLE.name).write_text(as_yaml(QUIZ.without_keys()), encoding="utf-8")
    copy = load_student_copy(tmp_path / EXAMPLE.name)
    page = open_page([copy], {})
    names = [[option.id for option in question.options] for question in copy.questions[:2]]
    for number, given in ((1, names[0][:1]), (1, names[0][1:2]), (2, names[1][::2])):
        page.goto(f"{page.url.split('#')[0]}#{copy.lesson}/{copy.questions[number - 1].id}")
        turned(page)
        for name in names[number - 1]:
            if name in given or number == 2:
                page.locator(f"input[value={name}]").set_checked(name in given)
        page.get_by_role("button", name="Keep").click()
        page.locator(".feedback").get_by_text("Kept. You may change it.").wait_for()
    page.screenshot(path=tmp_path / "copy.png")
    load_again(page)
    follow(page.get_by_role("link", name="Results"))
    expect(page.locator(".score")).to_contain_text("2 of 8 answered.", use_inner_text=True)
    said = page.locator("body").inner_text()
    assert not any(word in said for word in ("Right", "Not so", "points", "Everything", "rereading"))
    page.get_by_label("Your name").fill("Ann")
    for attempt in (1, 2, 3):
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download my answers").click()
        content = json.loads(waiting.value.path().read_text(encoding="utf-8"))
        assert content["attempt"] == attempt
        if attempt == 2:
            load_again(page)
    assert content["answers"] == {"meaning-of-rate": names[0][1], "what-descends": sorted(names[1][::2])}
    assert re.fullmatch("[0-9a-f]{16}", content["seed"]) and content["fingerprint"] == fingerprint(QUIZ)
    graded = [question.grade(content["answers"][question.id]) for question in DRAWN.questions[:2]]
    assert [each.points for each in graded] == [1, 1]


@pytest.fixture
def open_copy(open_page, tmp_path):
    def open_copy(quiz=QUIZ, folder="exam"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / EXAMPLE.name).write_text(as_yaml(quiz.without_keys()), encoding="utf-8")
        return open_page([load_student_copy(tmp_path / folder / EXAMPLE.name)], {})

    return open_copy


def kept(page):
    return page.evaluate(
        "Object.fromEntries([...courseQuiz.quizzes[0].grades].map(([id, grade]) => [id, grade.response]))"
    )


def download(page, name):
    page.get_by_label("Your name").fill(name)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download my answers").click()
    return json.loads(waiting.value.path().read_text(encoding="utf-8"))


def test_in_a_copy_what_is_chosen_is_kept_when_the_question_is_left(open_copy):
    page = open_copy()
    said = page.locator(".feedback")
    first, second = page.get_by_role("radio").all()[:2]
    first.check()
    expect(said).to_have_text("Not kept yet.")
    page.get_by_role("button", name="Keep this answer").click()
    expect(said).to_have_text("✓ Kept. You may change it.")
    second.check()
    expect(said).to_have_text("Not kept yet.")
    first.check()
    expect(said).to_have_text("✓ Kept. You may change it.")
    second.check()
    wanted = second.get_attribute("value")
    follow(page.get_by_role("link", name="Next question"))
    load_again(page)
    assert kept(page) == {"meaning-of-rate": wanted}
    follow(page.get_by_role("link", name="Question 4:"))
    page.get_by_role("textbox").fill("a half")
    follow(page.get_by_role("link", name="Results"))
    expect(page.locator(".unkept:not(:empty)")).to_have_text(
        re.compile('^Question 4 is not kept yet. Not a number: "a half"')
    )
    follow(page.get_by_role("link", name="Question 4:"))
    assert page.get_by_role("textbox").input_value() == "a half"
    page.get_by_role("textbox").fill("2.5")
    follow(page.get_by_role("link", name="Results"))
    expect(page.locator(".unkept:not(:empty)")).to_have_count(0)
    assert download(page, "Ann")["answers"] == {"meaning-of-rate": wanted, "half-mean": 2.5}


def test_an_order_that_is_moved_in_a_copy_is_not_kept_yet(open_copy):
    page = open_copy()
    follow(page.get_by_role("link", name="Question 7"))
    expect(page.locator(".feedback")).to_have_text("")
    page.get_by_role("button", name="Move down").first.click()
    expect(page.locator(".feedback")).to_have_text("Not kept yet.")


def test_no_verdict_stands_beside_another_choice(open_page):
    page = open_page()
    page.locator("input[value=accuracy]").check()
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".feedback")).to_contain_text("Not so")
    page.locator("input[value=step]").check()
    expect(page.locator(".feedback")).to_have_text("")
    page.locator("input[value=accuracy]").check()
    expect(page.locator(".feedback")).to_contain_text("Not so")
    page.locator("input[value=step]").check()
    follow(page.get_by_role("link", name="Next question"))
    assert kept(page) == {"meaning-of-rate": "accuracy"}, "what is not checked is not graded"


def test_each_of_two_tabs_hands_in_what_the_other_kept(open_copy):
    page = open_copy()
    other = page.context.new_page()
    other.goto(page.url)
    other.evaluate("courseQuiz.started")
    for number, tab in ((1, page), (2, other)):
        follow(tab.get_by_role("link", name=f"Question {number}:"))
        tab.locator("input").first.check()
        tab.get_by_role("button", name="Keep").click()
    both = {**kept(page), **kept(other)}
    assert len(both) == 2
    for attempt, tab in enumerate((page, other), 1):
        follow(tab.get_by_role("link", name="Results"))
        expect(tab.locator(".score")).to_have_text("2 of 8 answered.")
        content = download(tab, "Ann")
        assert content["answers"] == both and content["attempt"] == attempt
    # The page that comes to the front shows what is kept.
    follow(page.get_by_role("link", name="Question 1:"))
    other.evaluate("courseQuiz.store.keep(courseQuiz.quizzes[0].quiz, courseQuiz.quizzes[0].quiz.questions[3], 2.5)")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("link", name="Question 4: kept")).to_have_count(1)


def test_a_download_without_answers_is_none_and_one_without_a_name_no_attempt(open_copy):
    page = open_copy()
    follow(page.get_by_role("link", name="Results"))
    page.get_by_role("button", name="Download my answers").click()
    expect(page.locator(".handed")).to_have_text("Nothing is answered yet. Answer first, then download.")
    follow(page.get_by_role("link", name="Question 1:"))
    page.get_by_role("radio").first.check()
    follow(page.get_by_role("link", name="Results"))
    assert "attempt" not in download(page, "")
    expect(page.locator(".handed")).to_contain_text("It has no name, so it cannot be handed in.")
    assert download(page, "Ann")["attempt"] == 1


@pytest.mark.parametrize("folder", ["exam", "corrected"])
def test_answers_to_an_earlier_version_of_a_copy_are_told(open_copy, folder):
    page = open_copy()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Keep").click()
    told = page.get_by_text("answers of yours to an earlier version of this quiz")
    expect(told).to_have_count(0)
    first = QUIZ.questions[0]
    options = tuple(each.model_copy(update={"id": f"{each.id}-anew"}) for each in first.options)
    changed = first.model_copy(update={"options": options})
    open_copy(QUIZ.model_copy(update={"questions": (changed, *QUIZ.questions[1:])}), folder)
    load_again(page)  # the page of the same name, with what this browser kept
    expect(told).to_have_count(1)


def test_each_browser_draws_its_own_numbers_of_a_copy_keeps_them_and_they_are_graded(open_page, tmp_path):
    (tmp_path / EXAMPLE.name).write_text(as_yaml(QUIZ.without_keys()), encoding="utf-8")
    copy = load_student_copy(tmp_path / EXAMPLE.name)
    seeds, prompts = set(), set()
    for seed in ("", "0123456789abcdef", "ffffffffffffffff", "00000000000000aa", "5555555555555555"):
        page = open_page([copy], {})
        if seed:
            page.evaluate(f"courseQuiz.store.set('course-quiz/' + {FIRST}.store + '?seed={seed}', 1)")
            load_again(page)
        drawn_by = page.evaluate(f"{FIRST}.seed")
        assert drawn_by == seed or not seed
        drawn = QUIZ.drawn(drawn_by)
        for number, name in ((3, "predicted-price"), (6, "printed-shape")):
            question = next(each for each in drawn.questions if each.id == name)
            follow(page.get_by_role("link", name=f"Question {number}"))
            data = page.evaluate(f"{FIRST}.questions[{number - 1}]")
            assert data["prompt"] == page_html(question.prompt) and data.get("code") == getattr(question, "code", None)
        follow(page.get_by_role("link", name="Question 3"))
        prompts.add(page.locator(".prompt").inner_text())
        price = next(each for each in drawn.questions if each.id == "predicted-price")
        page.get_by_role("textbox").fill(str(price.answer))
        page.get_by_role("button", name="Keep").click()
        page.locator(".feedback").get_by_text("Kept. You may change it.").wait_for()
        load_again(page)
        assert page.evaluate(f"{FIRST}.seed") == drawn_by
        assert page.evaluate("courseQuiz.quizzes[0].grades.get('predicted-price').response") == price.answer
        follow(page.get_by_role("link", name="Results"))
        page.get_by_role("button", name="Start again").click()
        page.get_by_role("button", name="Delete them").click()
        load_again(page)
        assert page.evaluate(f"{FIRST}.seed") == drawn_by, "starting again gives no other numbers"
        seeds.add(drawn_by)
        page.context.close()
    assert len(seeds) == 5 and len(prompts) > 1


def test_of_two_seeds_the_first_one_counts_and_stays(open_page, tmp_path):
    """A page that does not see what was kept draws anew; later pages go back to the first draw, and its answers."""
    (tmp_path / EXAMPLE.name).write_text(as_yaml(QUIZ.without_keys()), encoding="utf-8")
    page = open_page([load_student_copy(tmp_path / EXAMPLE.name)], {})
    first = page.evaluate(f"{FIRST}.seed")
    later = (
        f"localStorage.setItem('course-quiz/' + {FIRST}.store + '?seed=0000000000000000', String(Date.now() + 1000))"
    )
    page.evaluate(later)
    load_again(page)
    assert page.evaluate(f"{FIRST}.seed") == first
    assert page.evaluate("courseQuiz.store.names('course-quiz/').filter((name) => name.includes('?seed=')).length") == 2


# In any other page


def test_a_quiz_mounts_inline_in_a_page_that_has_other_things_and_leaves_its_address_alone(browser, tmp_path):
    file = tmp_path / "lesson.html"
    data = json.dumps({"quiz": quiz_data(QUIZ, SEED), "misconceptions": misconceptions_data([QUIZ], IDEAS)})
    host = f"""const store = browserStore();
    window.mounted = Promise.all(["one", "two"].map((id) =>
      mount(document.getElementById(id), {{ ...{data.replace("<", chr(92) + "u003c")}, store, level: 4 }})));"""
    file.write_text(
        f"""<!doctype html><html lang="en"><meta charset="utf-8"><style>{web.part("quiz.css")}</style>
        <h3>In a lesson</h3><button>Outside</button><div id="one"></div><div id="two"></div>
        <script type="module">{web.module(host)}</script>""",
        encoding="utf-8",
    )
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(file.as_uri())
        page.evaluate("mounted")
        first, second = page.locator(".course-quiz").all()
        for quiz in (first, second):
            expect(quiz.get_by_role("heading", level=4)).to_have_text("Question 1 of 8")
        first.locator("input[value=step]").check()
        first.get_by_role("button", name="Check").click()
        expect(first.get_by_role("heading", level=5)).to_contain_text("Right")
        assert second.locator("input:checked").count() == 0
        first.get_by_role("button", name="Results").click()
        expect(first.locator(".score")).to_have_text("Score: 1 of 8 points, 1 of 8 answered")
        assert has_focus(first.locator(".here"))
        page.reload()
        page.evaluate("mounted")
        expect(first.locator(".here")).to_have_text("Question 2 of 8")  # what was answered is kept, for both
        expect(second.locator(".here")).to_have_text("Question 2 of 8")
        first.get_by_role("button", name="Results").click()
        first.get_by_role("button", name="Start again").click()
        first.get_by_role("button", name="Delete them").click()
        expect(first.locator(".here")).to_have_text("Question 1 of 8")
        assert first.locator("input:checked").count() == 0 and page.locator("dialog").count() == 0
        assert page.url == file.as_uri()
        ids = page.locator("[id]").evaluate_all("all => all.map((element) => element.id)")
        assert len(ids) == len(set(ids))
