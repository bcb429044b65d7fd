"""Takes docs/screenshots/*.jpg of the reports of two bundled scenarios; `make screenshots` runs it, with a Chromium."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from standoff import analysis, calibration, report
from standoff.scenario import load

SHOTS = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
RUNS = 500
JOBS = os.cpu_count() or 1
RACE, BARGAIN = "eastern-syria-2017", "eastern-syria-2018"
EXPLAINED = ("albukamal-pro-regime", "tanf-crossing")


@dataclass(frozen=True)
class Shot:
    """What is brought to the top of which page; `address` is how the page is opened, `click` what is clicked first."""

    name: str
    scenario: str
    section: str
    width: int = 1280
    scheme: str = "light"
    address: str = ""
    click: str = ""


DAY = "#at=2017-09-05&place=raqqa"
MORE = "#questions li:nth-child(4) button.more"
TAKEN = (
    Shot("map", RACE, "#map", address=DAY),
    Shot("map-one-run", RACE, "#map", scheme="dark", address=f"{DAY}&run=291"),
    Shot("map-phone", RACE, "#map", 390, "dark", DAY),
    Shot("questions", RACE, "#questions"),
    Shot("question", RACE, "#questions li:nth-child(4)", click=MORE),
    Shot("question-phone", RACE, "#questions li:nth-child(4)", 390, click=MORE),
    Shot("why", RACE, "#why"),
    Shot("depends-on", RACE, "#depends-on"),
    Shot("what-if", RACE, "#what-if"),
    Shot("claims", RACE, "#claims"),
    Shot("through-time", RACE, "#fans", scheme="dark", address=DAY),
    Shot("changing-hands", RACE, "#moves"),
    Shot("one-run", RACE, "#log"),
    Shot("scenario", RACE, "#scenario"),
    Shot("assumptions", RACE, "#assumptions"),
    Shot("deals", BARGAIN, "#deals"),
    Shot("deals-phone", BARGAIN, "#deals", 390),
)


def main() -> None:
    """Run the scenarios, ask what the panels tell of, write the reports and photograph them."""
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if found is None:
        raise SystemExit("no Chromium on this machine")
    SHOTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as started:
        pages = {RACE: _race(Path(place) / RACE), BARGAIN: _run(BARGAIN, Path(place) / BARGAIN)}
        browser = started.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", "--disable-lcd-text"]
        )
        for shot in TAKEN:
            _take(browser, pages[shot.scenario], shot)
            print(f"docs/screenshots/{shot.name}.jpg", flush=True)
        browser.close()


def _run(name: str, folder: Path) -> Path:
    calibration.run(load(name), runs=RUNS, seed=1, out=folder, name=name)
    return report.write_report(folder)


def _race(folder: Path) -> Path:
    _run(RACE, folder)
    base = load(RACE)
    changed = {
        "zone not defended": load(RACE, variant="zone-not-defended"),
        "no restraint": load(RACE, variant="no-restraint"),
    }
    boxes = analysis.boxes(base, EXPLAINED[:1], runs=1000, seed=1, jobs=JOBS)
    made = {
        "compare": analysis.compare(base, changed, runs=RUNS, seed=1, jobs=JOBS),
        "sense": replace(analysis.sense(base, runs=60, seed=1, jobs=JOBS), boxes=boxes),
        "claims": analysis.try_claims(base, at_most=200, seed=1, jobs=JOBS),
    } | {f"explain-{question}": analysis.explain(base, question, runs=300, seed=1, jobs=JOBS) for question in EXPLAINED}
    for name, found in made.items():
        (folder / f"{name}.json").write_text(found.to_json(), encoding="utf-8")
    return report.write_report(folder)


def _take(browser: Browser, page: Path, shot: Shot) -> None:
    opened = browser.new_page(
        viewport={"width": shot.width, "height": 720},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    opened.goto(page.as_uri() + shot.address)
    if shot.click:
        opened.locator(shot.click).click()
    opened.locator(shot.section).first.evaluate("section => section.scrollIntoView({ behavior: 'instant' })")
    # The charts that come into sight and the relief are drawn when there is time.
    opened.wait_for_timeout(900)
    opened.screenshot(path=SHOTS / f"{shot.name}.jpg", type="jpeg", quality=82)
    opened.close()


if __name__ == "__main__":
    main()
