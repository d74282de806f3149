"""The playground in a real browser: press its buttons in JupyterLab and watch the frames come."""

import json
import re
from urllib.parse import urlsplit, urlunsplit

import nbformat
import test_browser
from test_browser import address, environment, page  # noqa: F401  (fixtures)

pytestmark = test_browser.pytestmark
EPOCH = re.compile(r"Epoch (\d+)\. Loss on training points ([\d.]+)")
# Called in the page: counts how often the picture changes, from now on.
WATCH = """image => {
  window.frames_seen = 0;
  new MutationObserver(() => window.frames_seen++).observe(image, {attributes: true});
}"""

# The same for what is read out.
HEAR = """element => {
  window.heard = 0;
  new MutationObserver(() => window.heard++).observe(element, {childList: true, characterData: true, subtree: true});
}"""


def write_notebook(path):
    cells = ["from courseware.playground import playground\nplayground()", "print(6 * 7)"]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, path)


def test_it_trains_while_the_page_stays_alive_and_stops(page, address, tmp_path):  # noqa: F811
    write_notebook(tmp_path / "my work" / "play.ipynb")
    place = urlsplit(address)
    page.goto(urlunsplit(place._replace(path="/lab/tree/play.ipynb")))
    test_browser.run_all(page, tmp_path / "my work" / "play.ipynb", seconds=90)
    board = page.locator(".course-playground").first
    board.wait_for(timeout=60_000)
    status = board.locator(".status")
    listeners = board.get_by_role("status")

    def press(name):
        board.get_by_role("button", name=name, exact=True).click()

    def epoch():
        found = EPOCH.search(status.inner_text())
        return int(found[1]) if found else -1

    def wait_for(condition, seconds=60):
        for _ in range(seconds * 10):
            if condition():
                return
            page.wait_for_timeout(100)
        raise AssertionError(f"waited {seconds} s in vain; the status is {status.inner_text()!r}")

    assert epoch() == 0
    # Names, and keys that JupyterLab leaves alone.
    assert board.get_by_role("img").get_attribute("alt").startswith("Left, the points")
    for role, names in {"slider": ("noise", "hidden layers"), "combobox": ("data", "activation")}.items():
        for name in names:
            board.get_by_role(role, name=name, exact=True).focus()
            for key in ("x", "a", "ArrowDown", "ArrowUp"):
                page.keyboard.press(key)
    assert page.locator(".jp-Cell").count() == 2
    press("Reset")
    wait_for(lambda: epoch() == 0)
    first_loss = float(EPOCH.search(status.inner_text())[2])
    press("Start")
    wait_for(lambda: epoch() >= 2)  # by then it is compiled
    before = epoch()
    board.locator("img").evaluate(WATCH)
    listeners.evaluate(HEAR)
    wait_for(lambda: page.evaluate("window.frames_seen") >= 8)  # benchmarks/playground.py shows how fast they come
    assert epoch() > before, "the pictures change while nothing is learned"
    assert page.evaluate("window.heard") == 0 and listeners.text_content() == "Training."

    press("Pause")  # the kernel hears it in the middle of training
    page.wait_for_timeout(1000)
    stopped = epoch()
    page.wait_for_timeout(1000)
    assert epoch() == stopped > 2
    assert listeners.text_content() == status.inner_text()
    assert float(EPOCH.search(status.inner_text())[2]) < first_loss

    press("Step")
    wait_for(lambda: epoch() == stopped + 1)
    press("Reset")
    wait_for(lambda: epoch() == 0)
    for control, value in [("data", "spiral"), ("activation", "tanh")]:
        before = status.inner_text()
        board.get_by_label(control, exact=True).select_option(value)
        wait_for(lambda before=before: epoch() == 0 and status.inner_text() != before)
    page.wait_for_timeout(1000)  # ipywidgets holds changes back while the kernel is busy, but not clicks
    press("Start")
    wait_for(lambda: epoch() >= 1)
    press("Pause")

    # The kernel is free again: another cell runs at once, and the stored notebook holds the text line.
    book = test_browser.run_all(page, tmp_path / "my work" / "play.ipynb", seconds=90)
    shown, printed = (cell["outputs"][0] for cell in book["cells"])
    assert "".join(shown["data"]["text/plain"]).startswith("Playground: ")
    assert json.dumps(printed["text"]).count("42") == 1
