"""The one clock: days since 00:00 UTC of the day a scenario starts, and durations written with a unit."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from standoff.errors import Fault

_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0}
_NO_LENGTH = {"month": "30 days", "quarter": "91 days", "year": "365 days", "decade": "3652 days"}
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]{1,3})?)\s*([A-Za-z]+)")
_LOOKS = re.compile(r"\s*[-+]?[0-9.]+(?:e[-+]?[0-9]+)?\s*[A-Za-z]+\s*")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
LONGEST_DAYS = 400_000.0


def parse_duration(text: str) -> float:
    """The days in `21 days`, `3 weeks` or `12 hours`; raises a Fault SD211 (without a place) for anything else."""
    match = _DURATION.fullmatch(text.strip()) if len(text) <= 60 else None
    if match is None:
        raise _bad_duration(text, "expected a number and a unit, such as 21 days, 3 weeks or 12 hours")
    unit = match[2].lower().removesuffix("s")
    if unit in _NO_LENGTH:
        raise _bad_duration(text, f"a {unit} has no fixed length; write days, such as {_NO_LENGTH[unit]}")
    if unit not in _DAYS:
        raise _bad_duration(text, f"'{match[2]}' is not hours, days or weeks")
    days = float(match[1]) * _DAYS[unit]
    if not days <= LONGEST_DAYS:
        raise _bad_duration(text, "longer than a thousand years")
    return days


def looks_like_duration(text: str) -> bool:
    """Whether a text is a number followed by a word, as durations and nothing else in the language are."""
    return len(text) <= 60 and _LOOKS.fullmatch(text) is not None


def parse_date(text: str) -> date:
    """The date in `2017-05-31`; raises a Fault SD205 (without a place) for anything else."""
    match = _DATE.fullmatch(text.strip()) if len(text) <= 40 else None
    if match is not None:
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError as error:
            raise _bad_date(text, f"there is no such day: {error}") from None
    raise _bad_date(text, "expected year-month-day, such as 2017-05-31")


def is_date(text: str) -> bool:
    """Whether a text has the form of a date, `2017-05-31`; there may be no such day."""
    return len(text) <= 40 and _DATE.fullmatch(text.strip()) is not None


def days_between(start: date, day: date) -> float:
    """Days from 00:00 of `start` to 00:00 of `day`."""
    return float((day - start).days)


def date_at(start: date, days: float) -> date:
    """The calendar day (UTC) that contains the moment `days` after 00:00 of `start`."""
    return moment_at(start, days).date()


def date_in_words(day: date, *, short: bool = False) -> str:
    """A day as people write it, such as 5 July 2017, or 5 Jul 2017, in English whatever the locale of the process."""
    month = _MONTHS[day.month - 1]
    return f"{day.day} {month[:3] if short else month} {day.year}"


def moment_at(start: date, days: float) -> datetime:
    """The moment (UTC) `days` after 00:00 of `start`."""
    return datetime.combine(start, time(), tzinfo=UTC) + timedelta(days=days)


def _bad_duration(text: str, why: str) -> Fault:
    shown = text if len(text) <= 60 else text[:60] + "…"
    return Fault("SD211", None, f"'{shown}' is not a duration", expected=why, width=max(1, len(shown)))


def _bad_date(text: str, why: str) -> Fault:
    shown = text if len(text) <= 40 else text[:40] + "…"
    return Fault("SD205", None, f"'{shown}' is not a date", expected=why, width=max(1, len(shown)))
