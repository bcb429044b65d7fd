"""How fast the page of a run folder is in a Chromium, beside an empty page: python -m benchmarks.report_page FOLDER."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

VIEWS = ("brief", "map", "question", "whatif", "library")
EMPTY = "<!doctype html><title>empty</title><p>Nothing."
PLAY_S = 4
STEPS = 60
REST_MS = 1500
SETTLED_S = 4
OPTIONS = ["--no-sandbox", "--disable-gpu"]

FIRST = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
# Until the frame after the one in which the view was laid out, so that it is drawn.
SWITCH = """view => new Promise(done => {
  const start = performance.now()
  location.hash = `#view=${view}`
  const drawn = () => document.querySelector(`nav a[href*="view=${view}"][aria-current]`)
    ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)))
    : setTimeout(drawn, 0)
  addEventListener('hashchange', () => setTimeout(drawn, 0), { once: true })
})"""
# Script, style and layout of one step; each in a frame of its own, as a hand moves the slider.
STEP = """count => new Promise(async done => {
  const slider = document.querySelector('#main input[type=range]'), took = []
  for (let i = 0; i < count; i += 1) {
    await new Promise(requestAnimationFrame)
    slider.value = String(1 + ((i * 7) % (Number(slider.max) - 1)))
    const start = performance.now()
    slider.dispatchEvent(new Event('input', { bubbles: true }))
    await null
    document.body.getBoundingClientRect()
    took.push(performance.now() - start)
  }
  done(took)
})"""
FRAMES = """seconds => new Promise(done => {
  const at = []
  const frame = now => { at.push(now); now - at[0] < seconds * 1000 ? requestAnimationFrame(frame) : done(at) }
  requestAnimationFrame(frame)
})"""


def main() -> int:
    """Measure and print; an empty page stands beside everything, since a machine that does more has no fixed speed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report_page", description=__doc__)
    parser.add_argument("folder", type=Path, help="a run folder with its report.html")
    parser.add_argument("--turns", type=int, default=5, metavar="N", help="how often each page is opened")
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started, tempfile.TemporaryDirectory() as place:
        empty = Path(place) / "empty.html"
        empty.write_text(EMPTY, encoding="utf-8")
        page = asked.folder / "report.html"
        firsts = _firsts(started.chromium, chromium, [empty, page], asked.turns)
        print(f"first picture        {_ms(firsts[page])}, empty page {_ms(firsts[empty])}")
        browser = started.chromium.launch(executable_path=chromium, args=OPTIONS)
        for view, taken in _switches(browser, page, asked.turns).items():
            print(f"to {view:17} {_ms(taken)}")
        opened = _opened(browser, page)
        opened.evaluate(SWITCH, "map")
        opened.wait_for_timeout(REST_MS)
        session = opened.context.new_cdp_session(opened)
        session.send("Performance.enable")
        before = _worked(session)
        steps = sorted(opened.evaluate(STEP, STEPS))
        worked = 1000 * (_worked(session) - before) / STEPS
        print(f"slider step          {_ms(steps)}, 95 of 100 under {steps[int(0.95 * STEPS)]:.1f} ms")
        print(f"  script and layout  {worked:.1f} ms, the mean")
        beside = _opened(browser, empty)
        idle = _frames(beside)
        beside.context.close()
        opened.get_by_role("button", name="Play through time").click()
        played = _frames(opened)
        print(f"frames in play       {played}; empty page {idle}")
        browser.close()
    return 0


def _firsts(kind: Any, chromium: str, files: list[Path], turns: int) -> dict[Path, list[float]]:
    """Milliseconds to the first picture of each, in turns.

    A browser of its own opens them in tabs, and is asked only afterwards: whoever is attached to a page while it opens
    has his scripts read in between, and has V8 read those of the page twice.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        options = [*OPTIONS, "--headless=new", "--no-first-run", "--window-size=1280,720", f"--user-data-dir={home}"]
        process = subprocess.Popen(
            [chromium, *options, "--remote-debugging-port=0", "about:blank"], stderr=subprocess.DEVNULL
        )
        try:
            told = Path(home) / "DevToolsActivePort"
            while not (told.is_file() and told.read_text(encoding="ascii")):
                time.sleep(0.1)
            address = f"http://127.0.0.1:{told.read_text(encoding='ascii').split()[0]}"
            time.sleep(SETTLED_S)
            for _ in range(turns):
                for file in files:
                    asked = urllib.parse.quote(file.resolve().as_uri(), safe="")
                    urllib.request.urlopen(urllib.request.Request(f"{address}/json/new?{asked}", method="PUT")).close()
                    time.sleep(SETTLED_S)
            tabs = kind.connect_over_cdp(address).contexts[0].pages
            seen = [(tab.url, tab.evaluate(FIRST)) for tab in tabs]
        finally:
            process.terminate()
            process.wait()
    return {file: [float(at) for url, at in seen if url == file.resolve().as_uri() and at] for file in files}


def _switches(browser: Any, file: Path, turns: int) -> dict[str, list[float]]:
    """Milliseconds to go to each view, on a page that has been opened anew for each turn."""
    taken: dict[str, list[float]] = {view: [] for view in (*VIEWS[1:], VIEWS[0])}
    for _ in range(turns):
        page = _opened(browser, file)
        page.wait_for_timeout(REST_MS)
        for view, of in taken.items():
            of.append(page.evaluate(SWITCH, view))
        page.context.close()
    return taken


def _opened(browser: Any, file: Path) -> Any:
    page = browser.new_context(bypass_csp=True, viewport={"width": 1280, "height": 720}).new_page()
    page.goto(file.resolve().as_uri())
    page.wait_for_selector("main > *, p")
    return page


def _worked(session: Any) -> float:
    """Seconds that the page has spent in scripts, styles and layout since it was asked to count, as Chromium has it."""
    told = {one["name"]: float(one["value"]) for one in session.send("Performance.getMetrics")["metrics"]}
    return told["ScriptDuration"] + told["LayoutDuration"] + told["RecalcStyleDuration"]


def _ms(taken: list[float]) -> str:
    return f"{median(taken):.1f} ms" + (f" ({min(taken):.1f} to {max(taken):.1f})" if len(taken) > 1 else "")


def _frames(page: Any) -> str:
    at = page.evaluate(FRAMES, PLAY_S)
    gaps = sorted(later - before for before, later in pairwise(at))
    rate = 1000 * len(gaps) / (at[-1] - at[0])
    return f"{rate:.1f} a second, 95 of 100 within {gaps[int(0.95 * len(gaps))]:.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
