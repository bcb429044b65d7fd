"""Without hues: whatever a key of a view tells apart differs by a mark, a pattern, a width or its lightness."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from standoff import calibration
from standoff.scenario import load
from tests.browsing import Opened
from tests.front import Texts, full_front
from tests.pages import keep_findings
from tests.proofs import first_of

STEP = 32
"""Levels of 256 by which a pixel must differ to count."""
SHARE = 0.08
"""Of a sample so much must differ, which is a thin line through it."""
COLUMNS = 25
PIXELS = """async (png) => {
  const image = new Image()
  image.src = `data:image/png;base64,${png}`
  await image.decode()
  const [wide, high] = [image.width, image.height]
  const on = new OffscreenCanvas(wide, high).getContext('2d')
  on.drawImage(image, 0, 0)
  return [wide, high, [...on.getImageData(0, 0, wide, high).data]]
}"""
SEEN = [
    ("light", 1280, 720), ("dark", 1280, 720), ("light", 1920, 1080), ("dark", 1920, 1080), ("light", 390, 844),
    ("dark", 390, 844),
]  # fmt: skip
"""Scheme, width and height."""
FINE = 3
"""Pixels of a phone, or of a printer with 300 dots to the inch, in a pixel of the page."""
A4 = {"width": 703, "height": 1000}
"""Between its margins, in pixels."""
ON_PAPER = ("#map .legend .holders .swatch", "#brief .legend .swatch")
UNMARKED = ".swatch circle + circle { display: none }"
KEYS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("map", {}, ".legend .holders .swatch"),
    ("map", {}, ".legend li svg:has(.corridor)"),
    ("brief", {}, "#brief .legend .swatch"),
    ("brief", {}, "#brief .movers ol:first-of-type li:first-of-type circle"),
    ("question", {"question": "town-never", "part": "hangs-on"}, "article .bar i"),
    ("whatif", {}, ".row:has(.way) .base, .row:has(.way) .dot"),
    ("whatif", {"part": "boxes"}, ".legend svg"),
    ("library", {"part": "ties"}, ".key svg"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of the front with a second corridor, to be told from the first."""
    place = tmp_path_factory.mktemp("front")
    written, made = place / "front.yaml", place / "run"
    document = full_front(Texts())
    document["corridors"]["desert_road"] = {"from": "damascus", "to": "tanf", "friendly": ["axis", "none"]}
    written.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    calibration.run(load(written), runs=20, seed=7, out=made)

    def of_the_front(_: str, content: dict[str, Any]) -> dict[str, Any]:
        words = json.dumps(content).replace('"land-link"', '"town"').replace('"strike-near-tanf"', '"town-never"')
        asked: dict[str, Any] = json.loads(words)
        return asked

    keep_findings(made, "compare", "claims", "sense", "explain-land-link", "deciders", change=of_the_front)
    return made


@pytest.fixture(params=first_of([f"{scheme}-{width}-{height}" for scheme, width, height in SEEN]))
def grey(request: pytest.FixtureRequest, browser: Any, folder: Path) -> Iterator[Opened]:
    """The report as somebody sees it who sees no hues."""
    scheme, *size = request.param.split("-")
    width, height = map(int, size)
    made = Opened(browser, folder / "report.html", width, scheme, scale=FINE if width < 500 else 1)
    made.page.set_viewport_size({"width": width, "height": height})
    session = made.context.new_cdp_session(made.page)
    session.send("Emulation.setEmulatedVisionDeficiency", {"type": "achromatopsia"})
    yield made
    made.context.close()
    assert made.complaints == []


def _pixels(made: Opened, png: bytes) -> NDArray[np.int64]:
    """A picture as levels of grey, of shape (high, wide)."""
    wide, high, data = made.page.evaluate(PIXELS, base64.b64encode(png).decode())
    colours = np.array(data).reshape(high, wide, 4)[:, :, :3]
    assert int((colours.max(axis=2) - colours.min(axis=2)).max()) <= 1
    levels: NDArray[np.int64] = colours[:, :, 0]
    return levels


def _alike(samples: list[NDArray[np.int64]]) -> list[tuple[int, int]]:
    """The pairs of samples that nobody tells apart without hues."""

    def apart(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
        high, wide = (min(sides) for sides in zip(one.shape, other.shape, strict=True))
        return float((abs(one[:high, :wide] - other[:high, :wide]) >= STEP).mean())

    return [(i, j) for (i, one), (j, other) in combinations(enumerate(samples), 2) if apart(one, other) < SHARE]


def _samples(made: Opened, selector: str, most: int = 14) -> list[NDArray[np.int64]]:
    shown = made.page.locator(f":is({selector}):visible")
    shown.first.wait_for()
    return [_pixels(made, one.screenshot()) for one in shown.all()[:most]]


@pytest.mark.parametrize("keys", [KEYS[::3], pytest.param(KEYS, marks=pytest.mark.slow)], ids=["some", "all"])
def test_what_a_key_tells_apart_is_told_apart_without_hues(
    grey: Opened, keys: tuple[tuple[str, dict[str, str], str], ...]
) -> None:
    for view, address, selector in keys:
        grey.go(view, **address)
        samples = _samples(grey, selector, 2 if view == "whatif" else 14)
        assert len(samples) > 1, selector
        assert _alike(samples) == [], (view, selector)


def test_routes_have_numbers_of_their_own(grey: Opened) -> None:
    grey.go("question", question="town", part="routes")
    grey.page.locator(".badge").first.wait_for()
    badges = grey.page.locator(".badge").all_inner_texts()
    assert badges == [str(i + 1) for i in range(len(badges))] and len(badges) > 1


def test_dots_of_a_yes_are_filled_and_those_of_a_no_are_hollow(grey: Opened) -> None:
    grey.go("brief")
    strip = grey.page.locator("#brief .questions li", has_text="55–80%").locator("svg").bounding_box()
    assert strip is not None
    wide = strip["width"] / COLUMNS
    ends = [
        {"x": strip["x"] + at * wide, "y": strip["y"], "width": wide, "height": strip["height"] * 32 / 41}
        for at in (0, COLUMNS - 1)
    ]
    assert _alike([_pixels(grey, grey.page.screenshot(clip=one)) for one in ends]) == []


def test_without_their_patterns_some_holders_would_be_one(grey: Opened) -> None:
    """The measure above can fail: it sees that hues alone tell nothing."""
    grey.go("map")
    grey.page.add_style_tag(content=UNMARKED)
    assert _alike(_samples(grey, ".legend .holders .swatch")) != []


@pytest.mark.slow
def test_on_a_grey_print_keys_are_told_apart(browser: Any, folder: Path) -> None:
    made = Opened(browser, folder / "report.html", A4["width"], scale=FINE)
    made.context.new_cdp_session(made.page).send("Emulation.setEmulatedVisionDeficiency", {"type": "achromatopsia"})
    made.page.set_viewport_size(A4)
    made.page.emulate_media(media="print")
    made.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    made.page.wait_for_selector("#brief + *", state="attached")
    for selector in ON_PAPER:
        samples = _samples(made, selector)
        assert len(samples) > 1, selector
        assert _alike(samples) == [], selector
    bars = made.page.locator(".glance .bar:visible").all()
    assert len(bars) > 1
    for bar in bars:
        # Each tells its own parts apart, however many of them there are.
        assert _alike([_pixels(made, part.screenshot()) for part in bar.locator("i").all()]) == []
    made.context.close()
