"""Days since the start and dates are two ways of saying the same; durations have a fixed length or are refused."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import standoff
from standoff.errors import Fault
from standoff.time import (
    date_at,
    date_in_words,
    days_between,
    looks_like_duration,
    moment_at,
    parse_date,
    parse_duration,
    parse_when,
)

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(DAYS, DAYS)
def test_a_date_is_found_again_from_its_days(start: date, day: date) -> None:
    assert date_at(start, days_between(start, day)) == day


@given(DAYS)
def test_a_date_reads_back_as_it_is_written(day: date) -> None:
    assert parse_date(day.isoformat()) == day


def test_a_date_in_words_is_english_whatever_the_locale() -> None:
    months = "January February March April May June July August September October November December".split()
    assert [date_in_words(date(2017, month, 5)) for month in range(1, 13)] == [f"5 {name} 2017" for name in months]
    assert date_in_words(date(2017, 9, 5), short=True) == "5 Sep 2017"
    # The other ways to name a month or a day of the week follow the locale; %a{i} is a value of LLVM's.
    sources = Path(standoff.__file__).parent.rglob("*.py")
    named = re.compile(r"%[aAbBcpxX][^a-zA-Z{]")
    assert [path.name for path in sources if named.search(path.read_text(encoding="utf-8"))] == []


def test_day_zero_begins_at_midnight_utc() -> None:
    assert moment_at(date(2017, 5, 31), 0.0) == datetime(2017, 5, 31, tzinfo=UTC)
    assert moment_at(date(2017, 5, 31), 1.25) == datetime(2017, 6, 1, 6, tzinfo=UTC)


def test_a_day_lasts_until_the_next_midnight() -> None:
    assert date_at(date(2017, 5, 31), 0.999) == date(2017, 5, 31)
    assert date_at(date(2017, 5, 31), 1.0) == date(2017, 6, 1)


@pytest.mark.parametrize(
    ("text", "days"),
    [("21 days", 21.0), ("1 day", 1.0), ("3 weeks", 21.0), ("12 hours", 0.5), ("0.5 days", 0.5), ("7days", 7.0)],
)
def test_a_duration_is_counted_in_days(text: str, days: float) -> None:
    assert parse_duration(text) == days


@pytest.mark.parametrize("text", ["2 months", "1 year", "a quarter", "1 quarter"])
def test_what_has_no_fixed_length_is_no_duration(text: str) -> None:
    with pytest.raises(Fault) as raised:
        parse_duration(text)
    assert raised.value.code == "SD211"


@pytest.mark.parametrize(
    "text", ["", "21", "days", "-3 days", "nan days", "inf days", "1e9 days", "1 d 2 h", "9" * 400 + " days"]
)
def test_what_is_no_number_with_a_unit_is_no_duration(text: str) -> None:
    with pytest.raises(Fault) as raised:
        parse_duration(text)
    assert raised.value.code == "SD211"


@pytest.mark.parametrize(
    "text", ["31.5.2017", "2017-5-31", "2017-02-29", "2017-13-01", "20170531", "today", "", "２０１７-05-31"]
)
def test_what_is_no_iso_date_is_refused(text: str) -> None:
    with pytest.raises(Fault) as raised:
        parse_date(text)
    assert raised.value.code == "SD205"


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("2026-1-05T12:00", "write 2026-01-05T12:00"),
        ("1962/10/22 19:00", "write 1962-10-22T19:00"),
        ("2026-1-5T24:00", "write 2026-01-06T00:00"),
        ("962-10-22T19:00", "expected year-month-dayThour:minute, such as 2017-05-31T19:00"),
        ("0-0-0T00:00", "expected year-month-dayThour:minute, such as 2017-05-31T19:00"),
    ],
)
def test_a_moment_whose_day_is_written_otherwise_is_told_with_its_cure(text: str, cure: str) -> None:
    with pytest.raises(Fault) as raised:
        parse_when(text)
    assert raised.value.code == "SD205" and (raised.value.expected or "").endswith(cure)


def test_expressions_do_not_look_like_durations() -> None:
    assert looks_like_duration("21 days")
    assert looks_like_duration("2 months")
    assert not looks_like_duration("2 * patience")
    assert not looks_like_duration("patience")
    assert not looks_like_duration("14")
