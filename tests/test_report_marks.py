"""Holders are told apart without hues: those as light as each other have marks of their own, whoever else holds."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from standoff.report.frames import Holder, Holding
from standoff.report.marks import APART, MARKS, lightness, luminance, marked
from standoff.report.stage import Actor

COLOUR_TS = Path(__file__).parents[1] / "viewer/src/shared/colour.ts"
MARKS_SVELTE = COLOUR_TS.parent / "Marks.svelte"


def _marks(colours: dict[str, str], held: dict[str, int]) -> dict[str, str]:
    """The mark of each actor where each holds so many places at the start."""
    actors = [Actor(name, name, "", colour, "", "", "", "") for name, colour in colours.items()]
    holdings = [Holding(0, [Holder(name, [runs]) for name, runs in held.items()])]
    return {actor.id: actor.mark for actor in marked(actors, holdings)}


def test_lightness_is_that_of_the_cie() -> None:
    assert [round(lightness(one), 1) for one in ("#000000", "#777777", "#ffffff")] == [0.0, 50.0, 100.0]
    assert round(lightness("#ff0000"), 1) == 53.2 and round(luminance("#ff0000"), 4) == 0.2126


def test_holders_as_light_as_each_other_have_marks_of_their_own_and_the_largest_has_none() -> None:
    colours = {"iraq": "#CC79A7", "lebanon": "#AAAA00", "tanf": "#56B4E9", "syria": "#D55E00", "isis": "#222222"}
    given = _marks(colours, {"iraq": 9, "lebanon": 1, "tanf": 2, "syria": 10, "isis": 5, "": 3})
    assert given["syria"] == given["isis"] == ""
    for one, other in combinations(colours, 2):
        close = abs(lightness(colours[one]) - lightness(colours[other])) < APART
        assert not close or given[one] != given[other], (one, other)


def test_who_never_holds_has_no_mark_and_a_latecomer_takes_none_away() -> None:
    colours = dict.fromkeys("abc", "#808080")
    assert _marks(colours, {"b": 4, "c": 2}) == {"a": "", "b": "", "c": MARKS[1]}
    assert _marks(colours, {"b": 4, "c": 2, "a": 0}) == {"b": "", "c": MARKS[1], "a": MARKS[2]}


def test_where_marks_run_out_the_holder_furthest_off_shares_its_own() -> None:
    greys = {f"g{i}": f"#{60 + 4 * i:02x}{60 + 4 * i:02x}{60 + 4 * i:02x}" for i in range(len(MARKS) + 1)}
    given = _marks(greys, {name: 20 - i for i, name in enumerate(greys)})
    assert list(given.values())[: len(MARKS)] == list(MARKS)
    assert given[f"g{len(MARKS)}"] == given["g0"]  # the darkest


@pytest.mark.parametrize("mark", MARKS[1:])
def test_the_page_draws_each_mark(mark: str) -> None:
    assert re.search(rf"\b{mark}\b['(:]", MARKS_SVELTE.read_text(encoding="utf-8"))
