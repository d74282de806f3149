"""Print how soon each explorable answers, and how many frames a second it shows while it is dragged and while it moves.

Usage: python benchmarks/explorables.py [NAME ...]

It needs Chromium and Playwright. Headless Chromium draws without a graphics card. The milliseconds of a drag are those of the
script alone, from the event to the end of the frame's drawing.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from courseware.explorables import explorables

# Shows it once more in a fresh place, and waits for the first frame.
FIRST = """async (name) => {
  const place = document.createElement("div");
  document.querySelector("main").append(place);
  const begun = performance.now();
  const shown = courseExplorables[name].render({ el: place });
  place.getBoundingClientRect();
  const took = performance.now() - begun;
  await new Promise(requestAnimationFrame);
  shown.remove();
  return took;
}"""
# Turns every slider and moves every handle once in each frame, for a second each.
DRAG = """async () => {
  const board = document.querySelector(".course-board");
  const frame = () => new Promise(requestAnimationFrame);
  const rates = [];
  const work = [];
  const measure = async (turn) => {
    const begun = performance.now();
    let frames = 0;
    while (performance.now() - begun < 1000) {
      const at = performance.now();
      turn(frames);
      await frame();
      await new Promise((done) => { const c = new MessageChannel(); c.port1.onmessage = done; c.port2.postMessage(0); });
      work.push(performance.now() - at);
      frames += 1;
    }
    rates.push(frames);
  };
  for (const slider of board.querySelectorAll("input[type=range]")) {
    const [low, high, value] = [slider.min, slider.max, slider.value].map(Number);
    const set = (to) => { slider.value = to; slider.dispatchEvent(new Event("input", { bubbles: true })); };
    await measure((n) => set(low + (high - low) * (0.5 + 0.45 * Math.sin(n / 10))));
    set(value);
  }
  for (const handle of [...board.querySelectorAll(".handle:not([hidden])")].slice(0, 2)) {
    await measure((n) => handle.dispatchEvent(new KeyboardEvent("keydown", { key: ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"][n % 4], bubbles: true })));
  }
  work.sort((a, b) => a - b);
  return [Math.min(...rates), work[Math.floor(work.length / 2)]];
}"""
# Counts the frames of three seconds of what the first button starts, if it moves by itself.
MOVE = """async () => {
  const button = document.querySelector(".course-board button.first");
  const before = button.textContent;
  button.click();
  if (button.textContent === before) return null;
  const begun = performance.now();
  let frames = 0;
  while (performance.now() - begun < 3000 && button.textContent !== before) {
    await new Promise(requestAnimationFrame);
    frames += 1;
  }
  const rate = (1000 * frames) / (performance.now() - begun);
  if (button.textContent !== before) button.click();
  return rate;
}"""


def measured(page: Page, name: str) -> str:
    """One line about an explorable whose plain page is open."""
    first = sorted(page.evaluate(FIRST, name) for _ in range(5))
    drag, work = page.evaluate(DRAG)
    moves = page.evaluate(MOVE)
    moving = f"{moves:.0f} a second while it moves by itself" if moves else "nothing moves by itself"
    return (
        f"{name}: first answer after {first[2]:.0f} ms; dragged, at least {drag} frames a second, {work:.1f} ms a frame "
        f"(median); {moving}"
    )


def main(names: list[str]) -> None:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        for one in [explorables()[name] for name in names] or explorables().values():
            file = Path(folder) / f"{one.name}.html"
            file.write_text(one.page(), encoding="utf-8")
            page.goto(file.as_uri())
            print(measured(page, one.name))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
