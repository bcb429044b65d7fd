"""The one clock: days since a scenario starts, dates with or without an hour, and durations written with a unit.

A date is a `date`: the whole day, in UTC. A date with an hour is a `datetime` in UTC: that minute's beginning. The two
are never compared with each other, only the moments at which they begin and end. Every day has 24 hours: there are no
leap seconds and no daylight saving time.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import floor

from standoff.errors import Fault

_IN_A_DAY = {"minute": 1440, "hour": 24, "day": 1}
_MEANT = {"h": "hours", "hr": "hours", "d": "days", "w": "weeks", "wk": "weeks", "min": "minutes", "m": "minutes"}
_ADVERBS = {
    "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year",
    "annually": "year", "annual": "year",
}  # fmt: skip
_WEEKS = {"week": 1, "fortnight": 2}
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
_NO_LENGTH = {"month": "30 days", "quarter": "91 days", "year": "365 days", "decade": "3652 days"}
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]{1,3})?)\s*([A-Za-z]+)")
_LOOKS = re.compile(r"\s*[-+]?[0-9.]+(?:e[-+]?[0-9]+)?\s*[A-Za-z]+\s*")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}))?")
_LIKE_A_DATE = re.compile(
    r"([0-9]+[-/.][0-9]+[-/.][0-9]+)(?:\s*[Tt\s]\s*([0-9]{1,2}(?:[:.h].*)?))?|[0-9]{1,2}:[0-9]{2}.*"
)
_HOUR = re.compile(
    r"([0-9]{1,2})(?:[:.h]([0-9]{2}))?(?::?([0-9]{2})(?:\.[0-9]+)?)?\s*(Z|UTC|GMT|[-+][0-9]{2}:?[0-9]{2})?", re.I
)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
LONGEST_DAYS = 400_000.0


@dataclass(frozen=True, slots=True)
class Period:
    """The step from one date to the next: exactly so many days, or so many months of the calendar."""

    days: Fraction = Fraction(0)
    months: int = 0

    def after(self, origin: datetime, number: int) -> Fraction:
        """Days from a moment to that of the n-th step, reckoned from the first, so that no error adds up.

        A month later is the same day of the month at the same hour, or the last day of a month that has not so many.
        """
        if not self.months:
            return self.days * number
        months = origin.year * 12 + origin.month - 1 + self.months * number
        year, month = divmod(months, 12)
        if year > MAXYEAR:
            return Fraction(date.max.toordinal())
        later = origin.replace(year=year, month=month + 1, day=min(origin.day, monthrange(year, month + 1)[1]))
        return Fraction((later - origin).days)


def parse_duration(text: str) -> float:
    """The days in `21 days`, `3 weeks`, `12 hours` or `90 minutes`; raises a Fault SD211 otherwise."""
    return float(_exact_days(text))


def parse_period(text: str) -> Period:
    """The step in `30 days`, `6 hours` or `1 month`; raises a Fault SD211 (without a place) for anything else."""
    match = _DURATION.fullmatch(text.strip()) if len(text) <= 60 else None
    unit = "" if match is None else _unit_of(match[2])
    if match is None or unit not in _MONTHS_IN:
        alone = _unit_of(text.strip())
        alone = _ADVERBS.get(alone, alone)
        if alone in (*_MONTHS_IN, *_IN_A_DAY, *_WEEKS):
            raise _bad_duration(text, f"expected how many: write 1 {alone}")
        return Period(days=_exact_days(text))
    number = Fraction(match[1])
    if number.denominator != 1 or not 0 <= number * _MONTHS_IN[unit] <= 12_000:
        raise _bad_duration(text, f"expected a whole number of {unit}s, up to a thousand years")
    if number == 0:
        return Period()
    return Period(months=int(number) * _MONTHS_IN[unit])


def _exact_days(text: str) -> Fraction:
    match = _DURATION.fullmatch(text.strip()) if len(text) <= 60 else None
    if match is None:
        alone = re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text.strip()) if len(text) <= 60 else None
        such = f": write {alone[0]} days, or {alone[0]} hours" if alone else ", such as 21 days, 3 weeks or 12 hours"
        raise _bad_duration(text, f"expected a number and a unit{such}")
    unit = _unit_of(match[2])
    if unit in _NO_LENGTH:
        raise _bad_duration(text, f"a {unit} has no fixed length; write days, such as {_NO_LENGTH[unit]}")
    number = Fraction(match[1])
    if match[2].lower() in _MEANT:
        raise _bad_duration(text, f"write {match[1]} {_MEANT[match[2].lower()]}")
    if unit == "fortnight":
        raise _bad_duration(text, f"write {float(number * 2):g} weeks")
    if unit not in _IN_A_DAY and unit not in _WEEKS:
        raise _bad_duration(text, f"'{match[2]}' is not minutes, hours, days or weeks")
    days = number * 7 * _WEEKS[unit] if unit in _WEEKS else number / _IN_A_DAY[unit]
    if days > LONGEST_DAYS:
        raise _bad_duration(text, "longer than a thousand years")
    return days


def _unit_of(word: str) -> str:
    return word.lower().removesuffix("s")


def looks_like_duration(text: str) -> bool:
    """Whether a text is a number followed by a word, as durations and nothing else in the language are."""
    return len(text) <= 60 and _LOOKS.fullmatch(text) is not None


def parse_date(text: str) -> date:
    """The day in `2017-05-31`; raises a Fault SD205 (without a place) for anything else, an hour among it."""
    day = parse_when(text)
    if isinstance(day, datetime):
        raise _bad_date(text, f"expected the day alone: {day.date().isoformat()}")
    return day


def parse_when(text: str) -> date:
    """The day in `2017-05-31`, or the moment (UTC) in `2017-05-31T19:00`; raises a Fault SD205 for anything else."""
    given = text.strip()
    match = _DATE.fullmatch(given) if len(given) <= 40 else None
    if match is None:
        raise _bad_date(text, _cure(given))
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise _bad_date(text, _no_such_day(int(match[1]), int(match[2]), error)) from None
    if match[4] is None:
        return day
    if match[4] == "24" and match[5] == "00":
        raise _bad_date(text, _midnight(day))
    if int(match[4]) > 23 or int(match[5]) > 59:
        raise _bad_date(text, "hours go from 00:00 to 23:59")
    return datetime.combine(day, time(int(match[4]), int(match[5])), tzinfo=UTC)


def is_date(text: str) -> bool:
    """Whether a text looks like a date, with an hour or without; it may be mistaken."""
    return len(text) <= 40 and _LIKE_A_DATE.fullmatch(text.strip()) is not None


def _cure(text: str) -> str:
    """What to write for a text that is no date but looks like one."""
    match = _LIKE_A_DATE.fullmatch(text) if len(text) <= 40 else None
    hour = None if match is None else _HOUR.fullmatch(match[2] or "" if match[1] else text)
    if match is None or (match[1] and not match[2]):
        either = _either(text)
        meant_day = date_meant(text)
        return either or (f"write {meant_day}" if meant_day else "expected year-month-day, such as 2017-05-31")
    if not match[1]:
        return "a time of day needs its date before it, such as 2017-05-31T19:00"
    day = match[1] if _DATE.fullmatch(match[1]) else date_meant(match[1])
    if hour is None or day is None:
        return "expected year-month-dayThour:minute, such as 2017-05-31T19:00"
    try:
        meant = parse_when(f"{day}T{int(hour[1]):02d}:{hour[2] or '00'}")
    except Fault as fault:
        return fault.expected or ""
    zone = (hour[4] or "").upper()
    if zone[:1] in ("+", "-") and isinstance(meant, datetime) and 1 < meant.year < 9999:
        ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:])) * (1 if zone[0] == "+" else -1)
        return f"times are in UTC, without an offset: write {iso(meant - ahead)}"
    if zone:
        return f"times are in UTC, which is not written: write {iso(meant)}"
    return f"{'moments are told to the minute: ' if hour[3] else ''}write {iso(meant)}"


_IN_WORDS = (
    re.compile(
        r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(?P<month>[A-Za-z]{3,9})\.?,?\s+(?P<year>[0-9]{4})"
    ),
    re.compile(r"(?P<month>[A-Za-z]{3,9})\.?\s+(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>[0-9]{4})"),
    re.compile(r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})"),
    re.compile(r"(?P<day>[0-9]{1,2})[-/.](?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})"),
)


_NO_DAY = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2}))?")
_TWO_WAYS = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})")


def _no_such_day(year: int, month: int, error: ValueError) -> str:
    if not 1 <= month <= 12 or year < 1:
        return f"there is no such day: {error}"
    return f"there is no such day: {_MONTHS[month - 1]} {year} has {monthrange(year, month)[1]} days"


def _either(text: str) -> str | None:
    """The cure for a date without its day, or of two numbers that can both be the month; None for others."""
    match = _NO_DAY.fullmatch(text) if len(text) <= 40 else None
    if match is not None and int(match[1]) and 1 <= int(match[2] or 1) <= 12:
        which = "month" if match[2] else "year"
        return f"expected a day: write {match[1]}-{int(match[2] or 1):02d}-01, or another day of that {which}"
    match = _TWO_WAYS.fullmatch(text) if len(text) <= 40 else None
    if match is None or match[1] == match[2] or not (1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 12):
        return None
    first, second, year = int(match[1]), int(match[2]), match[3]
    return f"write {year}-{second:02d}-{first:02d} if the day comes first, {year}-{first:02d}-{second:02d} if the month"


def date_meant(text: str) -> str | None:
    """What a date in another form (`20 October 1962`, `28/10/1962`) is in ours; None for what is none.

    Of two numbers that can both be the month, the first is taken for the day, as most of the world writes.
    """
    given = text.strip()
    for form in _IN_WORDS if len(given) <= 40 else ():
        match = form.fullmatch(given)
        if match is None:
            continue
        word, first = match["month"].lower(), match["day"]
        named = [number for number, name in enumerate(_MONTHS, 1) if name.lower().startswith(word)]
        numbers = (int(word), int(first)) if word.isdigit() else (named[0], int(first)) if len(named) == 1 else None
        if numbers is None:
            continue
        month, day = numbers if numbers[0] <= 12 else (numbers[1], numbers[0])
        try:
            return date(int(match["year"]), month, day).isoformat()
        except ValueError:
            continue
    return None


def _midnight(day: date) -> str:
    after = f"write {iso(ends_at(day))}" if day < date.max else "hours go from 00:00 to 23:59"
    return f"a day ends where the next one begins: {after}"


def day_of(when: date) -> date:
    """The day of a day, or of a moment."""
    return when.date() if isinstance(when, datetime) else when


def begins_at(when: date) -> datetime:
    """The moment at which a day, or a moment, begins."""
    return when if isinstance(when, datetime) else datetime.combine(when, time(), tzinfo=UTC)


def ends_at(when: date) -> datetime:
    """The moment at which a day ends; a moment is its own end. The calendar's last day ends with its last moment."""
    if isinstance(when, datetime):
        return when
    return begins_at(when) + timedelta(days=1) if when < date.max else datetime.max.replace(tzinfo=UTC)


def days_between(start: date, when: date) -> float:
    """Days from the beginning of `start` to the beginning of `when`, rounded once."""
    return _days(begins_at(when) - begins_at(start))


def exact_days(start: datetime, moment: datetime) -> Fraction:
    """Days from one moment to another, without any rounding."""
    span = moment - start
    return Fraction(span.days * 86_400 + span.seconds, 86_400)


def days_to_end(start: date, when: date) -> float:
    """Days from the beginning of `start` to the end of `when`, rounded once."""
    # The end of the last day that the calendar has is a moment that it has not.
    return days_between(start, when) if isinstance(when, datetime) else _days(begins_at(when) - begins_at(start), 1)


def _days(span: timedelta, more: int = 0) -> float:
    return ((span.days + more) * 86_400 + span.seconds) / 86_400


def date_at(start: date, days: float) -> date:
    """The calendar day (UTC) that contains the moment `days` after `start`; the minute, where `start` has an hour."""
    if not isinstance(start, datetime):
        return moment_at(start, days).date()
    # A moment that was reckoned in days may lie a rounding before its minute.
    return start + timedelta(minutes=floor(days * 1440.0 + 1e-6))


def iso(when: date) -> str:
    """A date as it is written in a scenario: `2017-05-31`, or `2017-05-31T19:00`."""
    return when.isoformat(timespec="minutes")[:16] if isinstance(when, datetime) else when.isoformat()


def from_iso(text: str) -> date:
    """What `iso` has written."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if "T" in text else moment.date()


def date_in_words(when: date, *, short: bool = False) -> str:
    """A date as people write it, such as 5 July 2017, 5 Jul 2017, or 5 July 2017, 19:00, whatever the locale."""
    month = _MONTHS[when.month - 1]
    day = f"{when.day} {month[:3] if short else month} {when.year}"
    return f"{day}, {when:%H:%M}" if isinstance(when, datetime) else day


def moment_at(start: date, days: float) -> datetime:
    """The moment (UTC) `days` after the beginning of `start`."""
    return begins_at(start) + timedelta(days=days)


def _bad_duration(text: str, why: str) -> Fault:
    shown = text if len(text) <= 60 else text[:60] + "…"
    return Fault("SD211", None, f"'{shown}' is not a duration", expected=why, width=max(1, len(shown)))


def _bad_date(text: str, why: str) -> Fault:
    shown = text if len(text) <= 40 else text[:40] + "…"
    return Fault("SD205", None, f"'{shown}' is not a date", expected=why, width=max(1, len(shown)))
