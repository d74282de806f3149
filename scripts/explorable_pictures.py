"""Draw the pictures that stand in the explorables' places where nobody is there.

Usage: python scripts/explorable_pictures.py [NAME ...]

It needs Chromium and Playwright, as some tests do.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from courseware.explorables import DENSITY, explorables

WIDTH = 820  # pixels on the page
MOST = 150_000  # bytes of a picture


def main(names: list[str]) -> None:
    chosen = [explorables()[name] for name in names] or list(explorables().values())
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(
            viewport={"width": WIDTH + 24, "height": 1000}, device_scale_factor=DENSITY, reduced_motion="reduce"
        )
        for one in chosen:
            file = Path(folder) / f"{one.name}.html"
            file.write_text(one.page(), encoding="utf-8")
            page.goto(file.as_uri())
            page.evaluate("shown.pose()")
            board = page.locator(".course-board")
            board.evaluate("board => board.classList.add('still')")
            page.wait_for_timeout(1500)
            picture = Image.open(io.BytesIO(board.screenshot())).convert("RGB")
            one.png.parent.mkdir(exist_ok=True)
            for colours in (256, 128):
                picture.quantize(colours, dither=Image.Dither.NONE).save(one.png, optimize=True)
                if one.png.stat().st_size <= MOST:
                    break
            print(f"{one.png.name}: {picture.width} x {picture.height}, {one.png.stat().st_size / 1000:.0f} kB")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
