"""Takes docs/screenshots/*.jpg of the reports of two bundled scenarios; `make screenshots` runs it, with a Chromium."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from standoff import analysis, report
from standoff.scenario import load

SHOTS = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
RUNS = 500
# Name, scenario, what is brought to the top, width, colours.
TAKEN = (
    ("map", "eastern-syria-2017", "#map", 1280, "light"),
    ("map-phone", "eastern-syria-2017", "#map", 390, "dark"),
    ("questions", "eastern-syria-2017", "#questions", 1280, "light"),
    ("what-if", "eastern-syria-2017", "#what-if", 1280, "light"),
    ("through-time", "eastern-syria-2017", "#fans", 1280, "dark"),
    ("scenario", "eastern-syria-2017", "#scenario", 1280, "light"),
    ("deals", "eastern-syria-2018", "#deals", 1280, "light"),
    ("deals-phone", "eastern-syria-2018", "#deals", 390, "light"),
)


def main() -> None:
    """Run the scenarios, write their reports and photograph them."""
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if found is None:
        raise SystemExit("no Chromium on this machine")
    SHOTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as started:
        pages = {name: _page(name, Path(place) / name) for name in dict.fromkeys(shot[1] for shot in TAKEN)}
        browser = started.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", "--disable-lcd-text"]
        )
        for name, scenario, section, width, scheme in TAKEN:
            _take(browser, pages[scenario], SHOTS / f"{name}.jpg", section, width, scheme)
            print(f"docs/screenshots/{name}.jpg")
        browser.close()


def _page(name: str, folder: Path) -> Path:
    base = load(name)
    analysis.run(base, runs=RUNS, seed=1, out=folder, name=name)
    if "zone-not-defended" in base.document.variants:
        what = {"zone not defended": load(name, variant="zone-not-defended")}
        made = analysis.compare(base, what, runs=RUNS // 5, seed=1)
        (folder / "compare.json").write_text(made.to_json(), encoding="utf-8")
    return report.write_report(folder)


def _take(browser: Browser, page: Path, into: Path, section: str, width: int, scheme: str) -> None:
    opened = browser.new_page(
        viewport={"width": width, "height": 720}, color_scheme="dark" if scheme == "dark" else "light"
    )
    opened.goto(page.as_uri())
    opened.locator(section).evaluate("section => section.scrollIntoView({ behavior: 'instant' })")
    opened.wait_for_timeout(400)
    opened.screenshot(path=into, type="jpeg", quality=82)
    opened.close()


if __name__ == "__main__":
    main()
