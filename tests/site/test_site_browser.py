"""The web site in a real browser, opened from its folder while the network is refused."""

import gzip
import re
from pathlib import Path

import pytest
import test_browser
from playwright.sync_api import expect
from test_browser import AXE, watched

from courseware.course import ready_lessons
from courseware.quiz.load import load_quiz

pytest.importorskip("furo", reason="Sphinx and its theme are not installed")
from courseware.site import build_site
from courseware.site.check import problems

pytestmark = test_browser.pytestmark
ADDRESSES = Path(__file__).parent / "addresses.txt"
INFO = next(info for info in ready_lessons() if info.short_name == "cnn")
QUIZ = load_quiz(INFO.quiz)
WIDTHS = (320, 768, 1280)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("on a stick") / "site"
    assert build_site(folder) == []
    return folder


@pytest.fixture
def opened(browser, site):
    """Open pages from the folder; a request to a network and an error in the console fail the test."""
    contexts, trouble = [], []

    def opened(name, **options):
        contexts.append(browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "offline": True, **options}))
        page = watched(contexts[-1].new_page(), trouble, "file:", "data:")
        go(page, site, name)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert trouble == []


def go(page, site, name):
    file, _, anchor = name.partition("#")
    page.goto((site / file).as_uri() + (f"#{anchor}" if anchor else ""))
    page.evaluate("courseSite.started")


def names(site):
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def test_no_link_is_dead_and_nothing_asks_the_network(site):
    assert problems(site) == []


def test_old_addresses_stay_alive(site):
    """`addresses.txt` grows with the site; a line of it is never taken out, since somebody may have kept that link."""
    anchors = {
        f"{name}#{anchor}"
        for name in names(site)
        if not name.startswith("misconceptions/")
        for anchor in re.findall(
            r'<(?:section|span class="moved") id="([^"]+)"', (site / name).read_text(encoding="utf-8")
        )
    }
    here = {*names(site), *anchors}
    kept = set(ADDRESSES.read_text(encoding="utf-8").split())
    assert kept - here == set(), "these addresses were known and are dead"
    assert here - kept == set(), "add these to tests/site/addresses.txt"


def test_every_page_opens_without_network_and_without_an_error(opened, site):
    page = opened("index.html")
    for name in names(site):
        go(page, site, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, name
        page.evaluate("courseSite.showQuiz()")


@pytest.mark.parametrize("width", (320, 768))
def test_no_page_is_wider_than_a_small_screen(opened, site, width):
    page = opened("index.html", viewport={"width": width, "height": 800})
    for name in names(site):
        if not name.startswith("misconceptions/"):
            go(page, site, name)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.skipif(not AXE.exists(), reason="axe is not installed: it needs Node, and `npm ci` in tests/site/axe")
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (768, "light"), (1280, "light"), (1280, "dark")])
def test_axe_finds_nothing(opened, site, width, scheme):
    """Every kind of page; `COURSEWARE_AXE=all` would take long, and the pages of a kind are made by the same code."""
    page = opened("index.html", viewport={"width": width, "height": 900}, color_scheme=scheme)
    axe = AXE.read_text(encoding="utf-8")
    ideas = [name for name in names(site) if name.startswith("misconceptions/")]
    lessons = [f"{info.slug}.html" for info in ready_lessons()]
    shown = (*lessons[:2], f"{INFO.slug}.html", lessons[-1])
    skipped = {*ideas[2:], *(name for name in lessons if name not in shown)}
    for name in [name for name in names(site) if name not in skipped]:
        go(page, site, name)
        page.evaluate("Promise.all([courseSite.showQuiz(), courseSite.showExplorables()])")
        page.evaluate("new Promise(requestIdleCallback)")  # what the page does when it is idle is done by then
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, { preload: false, resultTypes: ['violations'] })")["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], name


def test_a_guess_shows_what_came_out_and_is_kept(opened, site):
    page = opened(f"{INFO.slug}.html")
    behind = page.locator('.behind[data-guess="moved_by_four"]')
    assert behind.count() >= 2
    expect(page.locator(".claims li", has_text="it reads fewer than half")).to_be_hidden()
    box = page.get_by_role("group", name="Your guess: moved by four")
    box.get_by_label("about 80").check()
    expect(page.locator(".claims li", has_text="it reads fewer than half")).to_be_visible()
    compared = page.locator('.course-compared[data-guess="moved_by_four"]')
    expect(compared).to_contain_text("Your guess: about 80. What came out: fewer than 50.")
    expect(compared).to_contain_text("A dense layer sees shapes")
    box.get_by_label("fewer than 50").check()
    expect(compared).to_contain_text("That is what came out.")
    page.reload()
    page.evaluate("courseSite.started")
    expect(page.locator(".claims li", has_text="it reads fewer than half")).to_be_visible()
    expect(box.get_by_label("fewer than 50")).to_be_checked()


def test_what_came_out_can_be_seen_without_a_guess(opened):
    page = opened(f"{INFO.slug}.html")
    page.locator('.course-guess[data-guess="pillars"]').get_by_role("button").click()
    expect(page.locator('.behind[data-guess="pillars"] figure').first).to_be_visible()


def test_what_can_be_touched_takes_the_place_of_its_picture(opened):
    page = opened("01_linear_regression.html", viewport={"width": 768, "height": 900})
    place = page.locator('.course-explore[data-explore="line"]')
    assert page.evaluate("!globalThis.courseExplorables"), "it is fetched before anybody is near"
    expect(place.locator("img")).to_have_attribute("alt", re.compile("map of the loss"))
    page.locator('.course-guess[data-guess="sharpness"]').get_by_label("about alike").check()
    board = place.get_by_role("region", name="The line and its landscape")
    board.get_by_role("button", name="Walk downhill").click()
    expect(place.locator("img")).to_have_count(0)
    expect(board.get_by_role("button", name="Pause")).to_be_visible()
    board.get_by_role("slider", name="learning rate").fill("0.6")
    expect(board).to_contain_text("It has exploded", timeout=30_000)
    assert board.evaluate("board => board.scrollWidth <= board.clientWidth")


def test_hints_open_one_by_one_and_the_answer_by_a_click(opened):
    page = opened(f"{INFO.slug}.html")
    exercise = page.locator('.exercise[data-exercise="output_size"]')
    answer = exercise.get_by_text("return (n + 2 * padding - kernel) // stride + 1").last
    expect(exercise.get_by_text("Hint 2 of 3")).to_be_hidden()
    exercise.get_by_text("Hint 1 of 3").click()
    expect(exercise.get_by_text("Hint 2 of 3")).to_be_visible()
    expect(answer).to_be_hidden()
    exercise.get_by_text("Show a worked answer").click()
    expect(answer).to_be_visible()
    exercise.get_by_text("What the check says to other answers").click()
    expect(exercise.locator(".replies li").first).to_be_visible()


def test_the_quiz_is_graded_and_its_results_lead_to_the_sections(opened):
    page = opened(f"{INFO.slug}.html#quiz")
    quiz = page.locator(".course-quiz")
    expect(quiz.get_by_text("Question 1 of")).to_be_visible()
    question = QUIZ.questions[0]
    wrong = next(option for option in question.options if not option.correct)
    quiz.get_by_label(wrong.text).check()
    quiz.get_by_role("button", name="Check").click()
    expect(quiz.get_by_text("Not so")).to_be_visible()
    quiz.get_by_role("button", name="Results").click()
    expect(quiz.get_by_text("Ideas behind your answers")).to_be_visible()
    link = quiz.get_by_role("link", name=question.section).last
    link.click()
    assert page.evaluate("decodeURIComponent(location.hash)") == "#a-picture-is-a-grid-of-numbers"
    idea = quiz.get_by_role("link", name="More on this idea")
    idea.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("“")


def test_every_question_names_a_section_of_the_page(opened, site):
    page = opened("index.html")
    for info in ready_lessons():
        go(page, site, f"{info.slug}.html")
        for question in load_quiz(info.quiz).questions:
            assert page.evaluate("name => courseSite.sectionAt(name)", question.section), (
                f"{info.slug}: {question.section}"
            )


def test_a_term_says_what_it_means_by_mouse_and_by_keyboard(opened):
    page = opened(f"{INFO.slug}.html")
    term = page.locator("a.term", has_text="convolution").first
    box = page.locator("#course-term")
    term.hover()
    expect(box).to_contain_text("Sliding a small matrix")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    term.focus()
    expect(box).to_be_visible()
    assert term.get_attribute("aria-describedby") == "course-term"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Glossary")
    assert page.url.endswith("glossary.html#convolution")


def test_the_search_finds_a_section(opened):
    page = opened("index.html")
    page.locator(".sidebar-search").fill("leakage")
    page.keyboard.press("Enter")
    found = page.locator("#search-results li a", has_text="Networks that see").first
    expect(found).to_be_visible()
    found.click()
    assert f"{INFO.slug}.html" in page.url


def test_the_menus_of_a_small_screen_open_by_keyboard(opened):
    page = opened("index.html", viewport={"width": 320, "height": 800})
    menu = page.get_by_role("button", name="Pages of the course")
    menu.focus()
    page.keyboard.press("Enter")
    assert menu.get_attribute("aria-expanded") == "true"
    expect(page.locator(".sidebar-drawer").get_by_role("link", name="04 Networks that see")).to_be_in_viewport()
    page.keyboard.press("Escape")
    assert menu.get_attribute("aria-expanded") == "false"


def test_the_colours_are_the_readers_choice(opened):
    page = opened("index.html", color_scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.locator(".theme-toggle-content .theme-toggle").click()
    page.locator(".theme-toggle-content .theme-toggle").click()
    assert page.evaluate(paper) != light or page.evaluate("document.body.dataset.theme") == "light"


@pytest.mark.parametrize(("kind", "is_there"), [("answers", True), ("blank", False)])
def test_a_lesson_prints_with_and_without_answers(opened, kind, is_there):
    page = opened(f"{INFO.slug}.html")
    page.emulate_media(media="print")
    seen = page.evaluate(
        """async (kind) => {
            const found = {};
            window.print = () => {
                const shown = (place) => document.querySelector(place).checkVisibility();
                found.answer = shown('.exercise[data-exercise="output_size"] .answer pre');
                found.claim = shown('.behind[data-guess="moved_by_four"] .claims');
                found.menu = shown(".sidebar-drawer");
            };
            document.querySelector(`button[data-print="${kind}"]`).click();
            while (found.menu === undefined) await new Promise((done) => setTimeout(done, 50));
            return found;
        }""",
        kind,
    )
    assert seen == {"answer": is_there, "claim": is_there, "menu": False}


def test_a_lesson_needs_few_bytes_to_first_view(opened, site):
    """What is fetched before anybody scrolls, pictures near the screen included; texts packed, as web servers send them."""
    sizes = {}
    page = opened("index.html", viewport={"width": 412, "height": 823})

    def count(request):
        path = Path(re.sub(r"[?#].*", "", request.url.removeprefix("file://")).replace("%20", " "))
        sizes[path] = len(gzip.compress(path.read_bytes())) if path.is_file() else 0

    page.on("request", count)
    for info in ready_lessons():
        sizes.clear()
        go(page, site, f"{info.slug}.html")
        page.wait_for_timeout(500)
        assert sum(sizes.values()) <= 400_000, (info.slug, sizes)
