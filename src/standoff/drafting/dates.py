"""Dates in words: days, ranges, months, seasons and years, each as an interval with the words that say it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from standoff.drafting.quantities import NUMBER_WORDS

RECENTLY = timedelta(days=60)
"""How far back "recently" reaches, by convention."""

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_PART = r"(?P<part>early|mid|late|the beginning of|the end of|the middle of)"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_TO = r"\s*(?:-|–|—|to|through|until|and)\s*"
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 12)}
_UNSURE = ("may", "march", "mar")
"""Months that are also words: they need a day, a year or a word before them."""


@dataclass(frozen=True, slots=True)
class Dated:
    """Words that date something: the first and last day meant, where the words stand, and what is doubtful."""

    first: date
    last: date
    start: int
    end: int
    doubt: str | None = None

    @property
    def is_day(self) -> bool:
        """Whether it is given to the day, or to a few days."""
        return (self.last - self.first).days <= 14


def dates(text: str, anchor: date) -> list[Dated]:
    """All dates in a text, in its order; a year that is left out is that of the latest such day up to `anchor`."""
    found: list[Dated] = []
    for pattern, meaning in _FORMS:
        for match in pattern.finditer(text):
            if any(match.start() < one.end and one.start < match.end() for one in found):
                continue
            interval = meaning(match, anchor)
            if interval is not None:
                first, last, doubt = interval
                found.append(Dated(first, last, match.start(), match.end(), doubt))
    return _with_relative(text, sorted(found, key=lambda one: one.start))


def _with_relative(text: str, absolute: list[Dated]) -> list[Dated]:
    """Dates with those that are counted from the day before them in the text, such as `nine days later`."""
    found = list(absolute)
    for match in _RELATIVE.finditer(text):
        days = [one for one in found if one.start < match.start() and one.is_day]
        if not days:
            continue
        base = max(days, key=lambda one: one.start)
        count = match["count"]
        number = 1 if count is None else int(count) if count.isdigit() else NUMBER_WORDS.get(count.lower(), 1)
        away = timedelta(days=number * (7 if (match["unit"] or "").lower().startswith("week") else 1))
        if match["way"] and match["way"].lower() == "earlier":
            away = -away
        found.append(
            Dated(base.first + away, base.last + away, *match.span(), f"counted from {base.first}, the day before it")
        )
    return sorted(found, key=lambda one: one.start)


def latest_date(texts: Iterator[str], today: date) -> date | None:
    """The latest full date (with its year) in some texts that is not after today."""
    days = (one.last for text in texts for one in dates(text, today) if one.is_day and _has_year(text, one))
    return max((day for day in days if day <= today), default=None)


def _has_year(text: str, one: Dated) -> bool:
    return re.search(r"(?:19|20)\d\d", text[one.start : one.end]) is not None


Interval = tuple[date, date, str | None] | None


def _day(match: re.Match[str], anchor: date) -> Interval:
    """July 7; July 7-20; July 10 and 13; June 28 to July 3; with a year or without."""
    parts = match.groupdict()
    month = _MONTHS[parts["month"].lower()]
    second = _MONTHS[parts["other"].lower()] if parts.get("other") else month
    year = int(parts["year"]) if parts.get("year") else _year_of(month, int(parts["day"]), anchor)
    try:
        first = date(year, month, int(parts["day"]))
        last = date(year + (second < month), second, int(parts["until"])) if parts.get("until") else first
    except ValueError:
        return None
    return (first, last, None) if first <= last else (first, first, None)


def _iso(match: re.Match[str], _: date) -> Interval:
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return day, day, None


def _month(match: re.Match[str], anchor: date) -> Interval:
    """July 2015; early July; since mid-March; last November; throughout July."""
    name, before = match["month"].lower(), (match["before"] or "").lower()
    part, year = match["part"], match["year"]
    if name in _UNSURE and not (before or part or year):
        return None
    month = _MONTHS[name]
    which = int(year) if year else _year_of(month, 1, anchor)
    if not year and before == "last" and date(which, month, 1) > anchor - timedelta(days=31):
        which -= 1
    return (*_part_of(which, month, part), None)


def _part_of(year: int, month: int, part: str | None) -> tuple[date, date]:
    end = calendar.monthrange(year, month)[1]
    first, last = {
        "early": (1, 10), "the beginning of": (1, 10), "mid": (11, 20), "the middle of": (11, 20),
        "late": (21, end), "the end of": (21, end),
    }.get((part or "").lower(), (1, end))  # fmt: skip
    return date(year, month, first), date(year, month, last)


def _year_of(month: int, day: int, anchor: date) -> int:
    """The year of the latest such day that is not after the anchor."""
    return anchor.year if (month, day) <= (anchor.month, anchor.day) else anchor.year - 1


def _year(match: re.Match[str], anchor: date) -> Interval:
    year = int(match["year"])
    if year > anchor.year + 50:
        return None
    return (*_part_of_year(year, match["part"], anchor), None)


def _part_of_year(year: int, part: str | None, anchor: date) -> tuple[date, date]:
    first, last = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}.get((part or "").lower(), (1, 12))
    start, end = date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])
    return start, min(end, max(anchor, start))


def _season(match: re.Match[str], anchor: date) -> Interval:
    first, last = _SEASONS[match["season"].lower()]
    year = int(match["year"]) if match["year"] else _year_of(first, 1, anchor)
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]), None


def _this_year(match: re.Match[str], anchor: date) -> Interval:
    return date(anchor.year, 1, 1), anchor, None


def _last_year(match: re.Match[str], anchor: date) -> Interval:
    return (*_part_of_year(anchor.year - 1, match["part"], date(anchor.year - 1, 12, 31)), None)


def _recently(match: re.Match[str], anchor: date) -> Interval:
    return anchor - RECENTLY, anchor, f"'{match[0].lower()}' is taken for the last {RECENTLY.days} days"


def _near(days: int, what: str) -> Callable[[re.Match[str], date], Interval]:
    def meaning(match: re.Match[str], anchor: date) -> Interval:
        return anchor - timedelta(days=days), anchor, f"'{what}' is counted from the day of the text"

    return meaning


_RELATIVE = re.compile(
    rf"\b(?:(?P<count>\d{{1,2}}|a|one|{'|'.join(NUMBER_WORDS)})\s+(?P<unit>days?|weeks?)\s+(?P<way>later|earlier)"
    r"|the\s+(?:next|following)\s+day)\b",
    re.IGNORECASE,
)
"""Days that are counted from another one."""


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Interval]], ...] = (
    (_form(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b"), _iso),
    (
        _form(
            rf"\b(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]|\s*(?:percent|%))"
            rf"(?:{_TO}(?:(?P<other>{_MONTH})\.?\s+)?(?P<until>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?(?:,?\s+{_YEAR})?\b"
        ),
        _day,
    ),
    (
        _form(
            rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:{_TO}(?P<until>\d{{1,2}})(?:st|nd|rd|th)?)?\s+(?:of\s+)?"
            rf"(?P<month>{_MONTH})\.?(?:,?\s+{_YEAR})?\b(?!\s+\d{{1,2}}\b)"
        ),
        _day,
    ),
    (
        _form(
            rf"\b(?:(?P<before>in|since|last|of|by|until|from|during|throughout|after|before)\s+)?(?:{_PART}[\s-]+)?"
            rf"(?P<month>{_MONTH})\.?(?:,?\s+(?:of\s+)?{_YEAR})?\b(?!\s+\d{{1,2}}\b)"
        ),
        _month,
    ),
    (_form(rf"\b(?:the\s+)?(?P<season>spring|summer|autumn|fall|winter)\s+(?:of\s+)?{_YEAR}\b"), _season),
    (_form(r"\b(?:the\s+|last\s+|this\s+)(?P<season>spring|summer|autumn|winter)(?P<year>)\b(?!\s+of)"), _season),
    (_form(rf"(?:\b(?:in|since|of|by|until|from|during|after|before)\s+)?(?:{_PART}[\s-]+)\b{_YEAR}\b"), _year),
    (_form(rf"\b(?:in|since|by|until|from|during|after|before)\s+(?P<part>){_YEAR}\b"), _year),
    (_form(r"\b(?:earlier\s+)?this\s+year\b"), _this_year),
    (_form(r"\b(?:(?P<part>early|late|mid)[\s-]+)?last\s+year\b"), _last_year),
    (_form(r"\b(?:recently|in recent weeks|of late)\b"), _recently),
    (_form(r"\b(?:earlier|later)?\s*this\s+month\b"), _near(30, "this month")),
    (_form(r"\blast\s+week\b"), _near(13, "last week")),
    (_form(r"\b(?:earlier\s+)?this\s+week\b"), _near(6, "this week")),
    (_form(r"\byesterday\b"), _near(1, "yesterday")),
)
