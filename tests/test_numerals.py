"""Numbers read the same wherever they are shown: the table of cases for Python and the page, and its laws."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff import numerals
from standoff.numerals import plural

CASES = json.loads((Path(__file__).parent / "number_cases.json").read_text(encoding="utf-8"))
CALLS = {
    "percent": numerals.percent,
    "percents": lambda low, high, like: numerals.percents(low, high, like=like),
    "percent_with_interval": numerals.percent_with_interval,
    "figure": numerals.figure,
    "signed": numerals.signed,
    "with_interval": numerals.with_interval,
    "points": numerals.points,
    "with_unit": numerals.with_unit,
    "many": numerals.many,
    "with_seed": numerals.with_seed,
}
LISTED = [(name, *case) for name, cases in CASES.items() if name != "about" for case in cases]
SHARES = st.floats(0, 1)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize("case", LISTED, ids=lambda case: f"{case[0]} {case[1:-1]}")
def test_a_number_reads_as_the_table_says(case: tuple[Any, ...]) -> None:
    name, *arguments, words = case
    assert CALLS[name](*arguments) == words


@pytest.mark.parametrize("case", LISTED, ids=lambda case: f"{case[0]} {case[1:-1]}")
def test_a_number_of_numpy_reads_as_any_other(case: tuple[Any, ...]) -> None:
    name, *arguments, words = case
    if name not in {"with_unit", "many", "with_seed"}:
        assert CALLS[name](*map(np.float64, arguments)) == words


@given(share=SHARES)
def test_only_nothing_is_0_percent_and_only_everything_100(share: float) -> None:
    assert (numerals.percent(share) in {"0%", "0.0%", "0.00%"}) == (share == 0)
    assert (numerals.percent(share) in {"100%", "100.0%", "100.00%"}) == (share == 1)


@given(share=SHARES, low=SHARES, high=SHARES)
def test_an_end_of_an_interval_is_0_or_100_percent_only_where_it_is(share: float, low: float, high: float) -> None:
    ends = re.split("–| to ", numerals.percents(low, high, like=share).removesuffix("%"))
    for end, words in zip((low, high), ends, strict=True):
        assert (float(words) == 0) == (end == 0) if words[0] not in "<>" else 0 < end < 1
        assert words not in {"100", "100.0", "100.00"} or end == 1


@given(share=st.floats(0.011, 0.989))
def test_a_share_and_what_is_left_of_it_sum_to_100(share: float) -> None:
    # The rest is taken from the digits, not from the float, which has other last digits.
    share = round(share, 4)
    rest = round(1 - share, 4)
    both = [float(numerals.percent(one, like=share).removesuffix("%")) for one in (share, rest)]
    assert sum(both) == pytest.approx(100, abs=1e-9)


@given(value=FINITE)
def test_no_zero_has_a_minus_and_no_number_is_off_by_more_than_half_its_last_digit(value: float) -> None:
    words = numerals.figure(value)
    assert not re.fullmatch(r"-0(\.0*)?", words)
    number, exact = Decimal(words.replace(",", "").replace(" × 10^", "e")), Decimal(value)
    assert abs(number - exact) <= abs(exact) * Decimal("0.051" if "×" in words else "0.00501")


@given(value=FINITE, half=st.floats(0, 1e6))
def test_a_number_and_its_interval_have_the_same_decimals(value: float, half: float) -> None:
    if abs(value) > 1e6 or half < 1e-3:
        return
    words = numerals.with_interval(value, value - half, value + half)
    if "×" not in words:
        assert len({len(part.partition(".")[2]) for part in re.findall(r"-?[\d,]+(?:\.\d+)?", words)}) == 1
    assert not re.search(r"-0(\.0*)?(?![\d.])", words)


def test_several_of_a_thing_are_named_in_the_plural() -> None:
    names = ("battalion", "city", "way", "actor or group", "entity, group or define")
    several = ["battalions", "cities", "ways", "actors or groups", "entities, groups or defines"]
    assert [plural(name) for name in names] == several


def test_ends_that_only_rounding_keeps_apart_have_no_more_digits_than_one_number() -> None:
    assert numerals.with_interval(0.1 + 0.2, 0.3, 0.1 + 0.2) == "0.3 (0.3 to 0.3)"
    assert numerals.with_interval(3.0600000000000005, 3.06, 3.0600000000000005) == "3.06 (3.06 to 3.06)"


@given(runs=st.integers(1, 5000), data=st.data())
def test_parts_are_of_the_whole_number_that_was_told(runs: int, data: st.DataObject) -> None:
    """What `out_of` says and what its parts are counted in are the same two numbers; a part never exceeds its whole."""
    count = data.draw(st.integers(0, runs))
    told, whole = numerals.told_out_of(count, runs)
    said = numerals.out_of(count, runs, 0.0, 1.0)[0].replace(",", "")
    said = said.replace("none", "0").replace("all ", f"{runs} of ")
    assert said.startswith(f"{told} of {whole} run")
    part, around = numerals.part_of(told, 0.9, 0.5, 1.0)
    assert int(part.replace(",", "")) <= told and around.endswith(f" to {told:,}")


def test_a_part_is_rounded_to_even() -> None:
    assert numerals.part_of(29, 0.925, 0.801, 0.974) == ("27", "23 to 28")
    assert numerals.part_of(5, 0.5, 0.1, 0.9) == ("2", "0 to 4")
