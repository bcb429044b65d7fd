"""Takes docs/screenshots/*.jpg of the reports of two bundled scenarios; `make screenshots` runs it, with a Chromium.

With a folder as argument, the runs are kept there, and what lies there already is not made again.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Browser, sync_playwright

from standoff import analysis, calibration, report, strategy
from standoff.scenario import load

SHOTS = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
RUNS = 1000
JOBS = os.cpu_count() or 1
RACE, BARGAIN = "eastern-syria-2017", "eastern-syria-2018"
MAIN = "albukamal-pro-regime"
"""What is explained and boxed, the scenario's headline: to explain one question takes a quarter of an hour."""


class Finding(Protocol):
    """What a verb keeps in a run folder."""

    def to_json(self) -> str:
        """The text of its file."""


@dataclass(frozen=True)
class Shot:
    """A view at an address; `click` is what is clicked first."""

    name: str
    scenario: str
    address: str
    width: int = 1280
    height: int = 720
    scheme: str = "light"
    click: str = ""


TAKEN = (
    Shot("brief", RACE, "view=brief"),
    Shot("brief-dark", RACE, "view=brief", scheme="dark", width=1920, height=1080),
    Shot("brief-phone", RACE, "view=brief", width=390, height=844),
    Shot("map", RACE, "view=map&at=2017-09-05&place=raqqa"),
    Shot("map-one-run", RACE, "view=map&at=2017-09-05&run=291", scheme="dark"),
    Shot("map-phone", RACE, "view=map&at=2017-09-05&place=raqqa", width=390, height=844, scheme="dark"),
    Shot("question", RACE, "view=question&question=albukamal-pro-regime"),
    Shot("question-phone", RACE, "view=question&question=albukamal-pro-regime", width=390, height=844),
    Shot("what-if", RACE, "view=whatif"),
    Shot("who-decides", BARGAIN, "view=whatif&part=who-decides", scheme="dark"),
    Shot("scenario", RACE, "view=library&part=scenario"),
    Shot("claims", RACE, "view=library&part=claims"),
)


def main() -> None:
    """Run the scenarios, ask what the views tell of, write the reports and photograph them."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if chromium is None:
        raise SystemExit("no Chromium on this machine")
    with tempfile.TemporaryDirectory() as place, sync_playwright() as started:
        at = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(place)
        pages = {RACE: _race(at / RACE), BARGAIN: _bargain(at / BARGAIN)}
        browser = started.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-lcd-text"]
        )
        for old in SHOTS.glob("*.jpg"):
            old.unlink()
        SHOTS.mkdir(parents=True, exist_ok=True)
        for shot in TAKEN:
            _take(browser, pages[shot.scenario], shot)
            print(f"docs/screenshots/{shot.name}.jpg", flush=True)
        browser.close()


def _race(folder: Path) -> Path:
    base = load(RACE)

    def compared() -> Finding:
        changed = {
            "zone not defended": load(RACE, variant="zone-not-defended"),
            "no restraint": load(RACE, variant="no-restraint"),
        }
        return analysis.compare(base, changed, runs=RUNS, seed=1, jobs=JOBS)

    def spread() -> Finding:
        boxes = analysis.boxes(base, [MAIN], runs=1000, seed=1, jobs=JOBS)
        return replace(analysis.sense(base, runs=60, seed=1, jobs=JOBS), boxes=boxes)

    made: dict[str, Callable[[], Finding]] = {
        "compare": compared,
        "sense": spread,
        "claims": lambda: analysis.try_claims(base, at_most=100, rivals=False, seed=1, jobs=JOBS),
        f"explain-{MAIN}": lambda: analysis.explain(base, MAIN, runs=200, seed=1, jobs=JOBS),
    }
    return _report(RACE, folder, made)


def _bargain(folder: Path) -> Path:
    base = load(BARGAIN)
    return _report(BARGAIN, folder, {"deciders": lambda: strategy.sense_deciders(base, runs=60, seed=1, jobs=JOBS)})


def _report(name: str, folder: Path, made: dict[str, Callable[[], Finding]]) -> Path:
    if not (folder / "manifest.json").exists():
        calibration.run(load(name), runs=RUNS, seed=1, out=folder, name=name)
    for file, make in made.items():
        if not (folder / f"{file}.json").exists():
            (folder / f"{file}.json").write_text(make().to_json(), encoding="utf-8")
    return report.write_report(folder)


def _take(browser: Browser, page: Path, shot: Shot) -> None:
    opened = browser.new_page(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    opened.goto(f"{page.as_uri()}#{shot.address}")
    if shot.click:
        opened.locator(shot.click).click()
    # The relief is drawn when there is time.
    opened.wait_for_timeout(900)
    opened.screenshot(path=SHOTS / f"{shot.name}.jpg", type="jpeg", quality=82)
    opened.close()


if __name__ == "__main__":
    main()
