"""Print how soon each explorable answers, and how many frames a second it shows while it is dragged and while it moves.

Usage: python benchmarks/explorables.py [NAME ...]

It needs Chromium and Playwright; headless Chromium draws without a graphics card. Beside the frames that were seen stands
the processor time that the page's main thread took for one, which tells more where the computer is busy. On two cores shared
with twenty other programs it was 3 to 5 ms a frame, 23 ms for the hundred layers of `depth`, and 8 to 22 ms for a first answer.
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
# Turns every slider and moves every handle once in each frame, for a second each; where there are none, presses the first button.
DRAG = """async () => {
  const board = document.querySelector(".course-board");
  const frame = () => new Promise(requestAnimationFrame);
  const rates = [];
  const measure = async (turn) => {
    const begun = performance.now();
    let frames = 0;
    while (performance.now() - begun < 1000) {
      turn(frames);
      await frame();
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
  if (!rates.length) await measure(() => board.querySelector("button.first").click());
  return [Math.min(...rates), rates.reduce((sum, each) => sum + each, 0)];
}"""
# Counts the frames of three seconds of what the first button starts, if it moves by itself.
MOVE = """async () => {
  const button = document.querySelector(".course-board button.first");
  if (!button) return null;
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
  return [rate, frames];
}"""


def measured(page: Page, name: str) -> str:
    """One line about an explorable whose plain page is open."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        """Seconds of processor time that the main thread has worked."""
        rows = session.send("Performance.getMetrics")["metrics"]
        return next(float(row["value"]) for row in rows if row["name"] == "TaskDuration")

    begun = busy()
    first = sorted(page.evaluate(FIRST, name) for _ in range(5))
    shown = (busy() - begun) / 5
    begun = busy()
    drag, frames = page.evaluate(DRAG)
    line = (
        f"{name}: first answer after {first[2]:.0f} ms ({1000 * shown:.0f} ms of processor time); dragged or pressed, {drag} "
        f"frames a second ({1000 * (busy() - begun) / frames:.1f} ms each)"
    )
    begun = busy()
    if moves := page.evaluate(MOVE):
        line += f"; by itself, {moves[0]:.0f} frames a second ({1000 * (busy() - begun) / moves[1]:.1f} ms each)"
    return line


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
