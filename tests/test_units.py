"""Units multiply, divide and read back as they are written; hours and miles are refused with the word to use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.errors import Fault
from standoff.units import DIMENSIONLESS, Unit

WORDS = st.sampled_from(["company", "km", "day", "person", "place", "shell"])
UNITS = st.dictionaries(WORDS, st.integers(-3, 3), max_size=4).map(
    lambda powers: Unit(tuple(sorted((word, power) for word, power in powers.items() if power)))
)


@given(UNITS)
def test_a_unit_reads_back_as_it_is_written(unit: Unit) -> None:
    assert Unit.parse(str(unit)) == unit


@given(UNITS, UNITS)
def test_dividing_undoes_multiplying(one: Unit, other: Unit) -> None:
    assert one * other / other == one
    assert one * other == other * one


@given(UNITS, st.integers(0, 4))
def test_a_power_is_repeated_multiplication(unit: Unit, exponent: int) -> None:
    product = DIMENSIONLESS
    for _ in range(exponent):
        product = product * unit
    assert unit**exponent == product


@given(UNITS)
def test_equal_units_have_equal_hashes(unit: Unit) -> None:
    assert hash(Unit.parse(str(unit))) == hash(unit)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("company", "company"),
        ("1/day", "1/day"),
        ("km/day", "km/day"),
        ("day/day", "1"),
        ("1", "1"),
        ("company*km/day", "company*km/day"),
        ("km^2/day", "km^2/day"),
        ("km**2", "km^2"),
        (" company / day ", "company/day"),
        ("1/day^-1", "day"),
    ],
)
def test_a_unit_has_one_written_form(text: str, written: str) -> None:
    assert str(Unit.parse(text)) == written


@pytest.mark.parametrize(
    ("text", "per_day"), [("1/day", True), ("company/day", True), ("day", False), ("1/day^2", False)]
)
def test_per_day_means_once_over_day(text: str, per_day: bool) -> None:
    assert Unit.parse(text).per_day is per_day


@pytest.mark.parametrize(
    ("text", "right"),
    [("hour", "day"), ("1/week", "day"), ("company/month", "day"), ("days", "day"), ("m", "km"), ("mile/day", "km")],
)
def test_units_of_other_systems_are_refused_with_the_word_to_use(text: str, right: str) -> None:
    with pytest.raises(Fault) as raised:
        Unit.parse(text)
    assert raised.value.code == "SD208"
    assert raised.value.hint == f"use '{right}'"


@pytest.mark.parametrize(
    "text", ["", "/day", "km/", "%", "a b", "2/day", "10", "km^", "km^x", "km//day", "(km)", "x" * 500]
)
def test_what_is_no_product_of_words_is_refused(text: str) -> None:
    with pytest.raises(Fault) as raised:
        Unit.parse(text)
    assert raised.value.code == "SD208"
