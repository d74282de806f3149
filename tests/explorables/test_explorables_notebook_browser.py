"""All explorables in JupyterLab, each played by its keys."""

import json
from urllib.parse import urlsplit, urlunsplit

import nbformat
import test_browser
from plays import PLAYS, reached
from playwright.sync_api import expect
from test_browser import address, environment, page  # noqa: F401  (fixtures)

from courseware.explorables import explorable, explorables

pytestmark = test_browser.pytestmark
NAMES = list(explorables())


def test_they_run_in_a_notebook(page, tmp_path):  # noqa: F811
    book = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("from courseware.explorables import show_explorable"),
            *(nbformat.v4.new_code_cell(f"show_explorable({name!r})") for name in NAMES),
        ]
    )
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    copy = tmp_path / "my work" / "touch.ipynb"
    nbformat.write(book, copy)
    page.goto(urlunsplit(urlsplit(page.url)._replace(path="/lab/tree/touch.ipynb", query="reset")))
    test_browser.run_all(page, copy, seconds=90)
    cells = page.locator(".jp-CodeCell").count()
    for name in NAMES:
        board = page.get_by_role("region", name=explorable(name).title)
        board.scroll_into_view_if_needed()
        cell = page.locator(".jp-CodeCell").filter(has=board)
        expect(cell.locator("img")).to_have_count(1)
        expect(cell.locator("img")).to_be_hidden()
        board.get_by_role("button", name="Show me").focus()
        for key in "xabdd":  # JupyterLab's commands to cut, insert and delete cells
            page.keyboard.press(key)
        PLAYS[name][0](board)
        reached(board, 0)
    assert page.locator(".jp-CodeCell").count() == cells
    assert page.hosts <= {"127.0.0.1", None, ""}
    stored = json.loads(copy.read_text(encoding="utf-8"))["cells"][1]["outputs"]
    assert "image/png" in stored[0]["data"], "without a kernel there is no picture"
