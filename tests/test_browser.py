"""A learner's way through a lesson in a real browser: open it, run it, answer the quiz by clicking."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from courseware import course
from courseware.quiz.load import load_quiz

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-quic"]  # fmt: skip
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+token=\w+")
INFO = course.find("01_linear_regression")

AXE = Path(__file__).parent / "site" / "axe" / "node_modules" / "axe-core" / "axe.min.js"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


def watched(page, trouble, *may_ask):
    """The page; into `trouble` goes an error, a warning, and each request whose address begins with none of `may_ask`."""
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: trouble.append(f"{page.url}: {error}"))
    page.on("console", lambda said: trouble.append(said.text) if said.type in ("error", "warning") else None)
    page.on("request", lambda asked: None if asked.url.startswith(may_ask) else trouble.append(asked.url))
    return page


def wait_for_server(address, deadline):
    """The address is printed shortly before it is listened on."""
    place = urlsplit(address)
    while True:
        try:
            return socket.create_connection((place.hostname, place.port)).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, f"nothing is served at {address}"
            time.sleep(0.1)


@pytest.fixture
def environment(tmp_path):
    return {**os.environ, "COURSEWARE_WORK": str(tmp_path / "my work"), "COURSEWARE_HOME": str(tmp_path / "home")}


@pytest.fixture
def address(environment, tmp_path):
    """The address that a real `course lab --no-browser` prints; the server ends with the test."""
    log = tmp_path / "lab.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "courseware.cli", "lab", INFO.slug, "--no-browser"],
            env=environment, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not (found := ADDRESS.search(log.read_text())):
            assert server.poll() is None and time.monotonic() < deadline, f"no address printed:\n{log.read_text()}"
            time.sleep(0.2)
        wait_for_server(found[0], deadline)
        yield found[0]
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@pytest.fixture
def page(address, tmp_path):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        home = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env=home)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.hosts = set()
        page.on("request", lambda request: page.hosts.add(urlsplit(request.url).hostname))
        page.goto(address)
        try:
            yield page
        finally:
            page.screenshot(path=tmp_path / "lesson.png")
            browser.close()


def run_all(page, copy, seconds=240):
    """Run every cell, and return the notebook as JupyterLab saves it when the last one has run."""
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=60_000)  # the kernel is there
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        page.wait_for_timeout(1000)
        page.keyboard.press("Control+s")
        page.wait_for_timeout(500)
        try:
            notebook = json.loads(copy.read_text(encoding="utf-8"))
        except json.JSONDecodeError:  # JupyterLab is writing it just now
            continue
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        faults = [out for cell in code for out in cell["outputs"] if out["output_type"] == "error"]
        assert not faults, "\n".join(faults[0]["traceback"])
        if all(cell["execution_count"] for cell in code):
            return notebook
    raise AssertionError(f"after {seconds} s {sum(not cell['execution_count'] for cell in code)} cells have not run")


def show_quiz(page):
    """Scroll until the quiz is there: JupyterLab takes cells off the page while they are out of sight."""
    quiz = page.locator(".course-quiz")
    panel = page.locator(".jp-WindowedPanel-outer").first
    panel.evaluate("panel => panel.scrollTop = panel.scrollHeight")
    for _ in range(60):
        page.wait_for_timeout(200)
        if quiz.count() and quiz.first.is_visible():
            return quiz.first
        panel.evaluate("panel => panel.scrollTop -= 500")
    raise AssertionError("the quiz is nowhere in the notebook")


def test_a_learner_opens_the_lesson_runs_it_and_answers_the_quiz(page, environment, tmp_path):
    copy = tmp_path / "my work" / INFO.lesson.name
    run_all(page, copy)

    assert page.locator(".jp-RenderedImage img").count() > 3
    assert page.locator('.jp-RenderedImage img:is(:not([alt]), [alt=""])').count() == 0, "a figure without its words"
    reply = page.locator(".jp-OutputArea-output pre").first
    assert reply.evaluate("element => getComputedStyle(element).wordBreak") == "normal", "lines break within words"

    questions = load_quiz(INFO.quiz).questions
    number, question = next((n, q) for n, q in enumerate(questions, start=1) if q.kind == "single")
    wrong, right = (next(o.id for o in question.options if o.correct == correct) for correct in (False, True))
    quiz = show_quiz(page)
    cells = page.locator(".jp-Cell").count()
    for chosen, verdict, score in [(wrong, "Not so", "0 of"), (right, "Right", "1 of")]:
        quiz.get_by_role("button", name=f"Question {number}:").click()
        quiz.locator(f"input[value={chosen}]").focus()
        page.keyboard.press("Space")
        for key in "xabdd":  # JupyterLab's commands to cut, insert and delete cells
            page.keyboard.press(key)
        page.keyboard.press("Enter")
        quiz.locator(".feedback").get_by_text(verdict).wait_for(timeout=10_000)
        quiz.get_by_role("button", name="Results").click()
        quiz.get_by_text(f"Score: {score} {len(questions)} points").wait_for(timeout=10_000)
    assert page.locator(".jp-Cell").count() == cells
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=60_000)
    assert quiz.locator(".note").inner_text() == ""

    told = subprocess.run(
        [sys.executable, "-m", "courseware.cli", "progress", "--json"],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    row = next(row for row in json.loads(told.stdout)["lessons"] if row["lesson"] == INFO.slug)
    assert (row["answered"], row["points"]) == (1, 1), "`course progress` does not know the answer given by clicking"
    assert page.hosts <= {"127.0.0.1", None, ""}, "the page asked the network for something"
    assert page.get_by_text("Would you like to get notified").count() == 0, "Jupyter asks about its news"

    # The next day the kernel is gone, and the quiz with it: what to do stands beside JupyterLab's words.
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1000)
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.locator(".lm-Menu-item").filter(has_text="Shut Down Kernel").first.click()
    page.wait_for_timeout(1000)
    page.reload()
    gone = page.locator(".jp-OutputArea-output").filter(has_text="Error displaying widget").last
    gone.wait_for(timeout=60_000)
    told = gone.evaluate("element => getComputedStyle(element, '::after').content")
    assert "Run the first cell and this one again" in told
