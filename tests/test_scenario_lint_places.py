"""Coordinates that are exchanged are told, and places that are meant to lie far away are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.scenario import bundled, check, load
from standoff.scenario.linting.exchanged import exchanged
from tests.proofs import first_of

HEAD = "standoff: 1\ntitle: It\nstarts: 2020-01-01\nends: 2020-01-09\nplaces:\n"


def told(folder: Path, **places: list[float]) -> list[tuple[str, str]]:
    path = folder / "it.yaml"
    path.write_text(HEAD + "".join(f"  {name}: {{at: {at}}}\n" for name, at in places.items()), encoding="utf-8")
    found = [fault for fault in check(path) if fault.code == "SD420"]
    return [(fault.found.split("'")[1], str(fault.hint)) for fault in found]


def test_a_place_with_its_numbers_exchanged_is_told_with_both(tmp_path: Path) -> None:
    here = {"ford": [34.1, 40.2], "mill": [34.4, 40.6], "gate": [34.9, 40.1]}
    assert told(tmp_path, **here, post=[40.5, 34.6]) == [
        ("post", "latitude comes first: write [34.6, 40.5] if that is meant")
    ]
    assert told(tmp_path, **here, post=[34.6, 40.5]) == []


def test_two_of_five_are_told_both_and_a_place_across_the_date_line_none(tmp_path: Path) -> None:
    gulf = {"bushehr": [28.9, 50.8], "sirri": [25.9, 54.5], "fujairah": [25.1, 56.3]}
    both = told(tmp_path, **gulf, farsi=[50.2, 27.9], hormuz=[56.5, 27.1])
    assert [name for name, _ in both] == ["farsi", "hormuz"]
    assert told(tmp_path, west=[65.8, 179.9], east=[65.7, -179.9], south=[64.5, 179.0]) == []


@pytest.mark.parametrize(
    "far", [[38.9, -77.0], [55.8, 37.6], [48.9, 2.3], [0, 0], [-33.9, 151.2], [35.7, 51.4], [39.9, 32.9], [30.0, 31.2]]
)
def test_a_capital_far_away_is_not(tmp_path: Path, far: list[float]) -> None:
    here = {"ford": [34.1, 40.2], "mill": [34.4, 40.6], "gate": [34.9, 40.1]}
    assert told(tmp_path, **here, capital=far) == []


@pytest.mark.parametrize("name", first_of(list(bundled("gallery"))))
def test_no_bundled_scenario_has_such_a_place(name: str) -> None:
    assert list(exchanged(load(name).document)) == []
