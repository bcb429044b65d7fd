"""A packed scene is smaller, and the page reads the same from it."""

from __future__ import annotations

import gzip
import json
from decimal import ROUND_HALF_EVEN, Context, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.plain import as_plain
from standoff.report.build import scene
from standoff.report.packing import DIGITS, packed, short, unpacked
from standoff.report.render import write_report
from tests.browsing import Opened
from tests.front import Texts
from tests.pages import keep_findings, run_of_front


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts(), full=True)
    keep_findings(made, "compare", "claims", "sense", "explain-land-link", "game", "levers", "deciders")
    return made


def _alike(packed: Any, plain: Any) -> bool:
    if isinstance(packed, dict):
        return list(packed) == list(plain) and all(_alike(packed[key], plain[key]) for key in packed)
    if isinstance(packed, list):
        return len(packed) == len(plain) and all(map(_alike, packed, plain))
    if isinstance(packed, float) and isinstance(plain, float):
        return short(packed) == short(plain)
    return bool(packed == plain)


def test_what_was_packed_is_unpacked_but_for_digits_that_are_not_shown(folder: Path) -> None:
    said = scene(folder)
    text = json.dumps(said, default=as_plain)
    parts = packed(said)
    assert _alike(dict(sorted(unpacked(*parts).items())), dict(sorted(json.loads(text).items())))
    assert sum(map(len, parts)) < len(gzip.compress(text.encode(), mtime=0))


def _rounded(value: float, digits: int) -> Decimal:
    """Half to even, from the digits that it is written with, as numerals.py rounds."""
    return Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(Decimal(repr(value)))


@given(st.floats(1e-9, 1e9) | st.floats(-1e9, -1e-9), st.integers(1, DIGITS - 1))
def test_a_shortened_number_rounds_to_fewer_digits_as_itself(value: float, digits: int) -> None:
    assert _rounded(short(value), digits) == _rounded(value, digits)
    assert short(short(value)) == short(value)


def test_a_number_that_would_round_twice_does_not() -> None:
    shortened = short(0.12344999999), short(0.1234500000001), short(2.5), short(1 / 3)
    assert shortened == (0.123449999, 0.123450001, 2.5, 0.333333333)
    assert (_rounded(short(1.0049999999), 3), _rounded(float(f"{1.0049999999:.9g}"), 3)) == (1, Decimal("1"))
    assert _rounded(short(0.12350000000001), 3) == _rounded(0.12350000000001, 3) == Decimal("0.124")


def test_the_page_unpacks_what_python_packs(browser: Any, folder: Path) -> None:
    write_report(folder)
    opened = Opened(browser, folder / "report.html")
    opened.go("library", part="scores")
    assert opened.complaints == []
    opened.close()


def test_a_browser_that_cannot_turn_letters_into_bytes_shows_the_same(browser: Any, folder: Path) -> None:
    write_report(folder)
    shown = []
    for before in ("", "delete Uint8Array.fromBase64"):
        page = browser.new_page()
        page.add_init_script(before)
        page.goto((folder / "report.html").as_uri())
        shown.append(page.locator("#brief").inner_text())
        assert page.evaluate("'fromBase64' in Uint8Array") == (before == "")
        page.close()
    assert shown[0] == shown[1] != ""
