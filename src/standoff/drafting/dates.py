"""Dates in words: days, ranges, months, seasons and years, each as an interval with the words that say it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from standoff.drafting.quantities import NUMBER_WORDS

RECENTLY = timedelta(days=60)
"""How far back "recently" reaches, by convention."""

_A_MONTH, _HALF_A_YEAR = 31, 183
"""Days: how exact a date must be for later ones to take its year, and how far after it they may lie."""
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
    found = _in_their_year(text, sorted(found, key=lambda one: one.start), anchor)
    return _with_relative(text, found)


def _in_their_year(text: str, found: list[Dated], anchor: date) -> list[Dated]:
    """Dates whose year is left out in that of the last date before them that has one, given to the month or the day.

    It is the first such day from then on, and not after the anchor; a new year may have begun between the two.
    """
    placed: list[Dated] = []
    base: Dated | None = None
    for one in found:
        words = text[one.start : one.end]
        if _has_year(text, one):
            base = one if (one.last - one.first).days <= _A_MONTH else base
        elif base is not None and one.doubt is None and _names_month(words):
            if words.lower().startswith("that "):  # that June: of the year that was named
                placed.append(_moved(one, base.first.year))
                continue
            years = range(base.first.year, base.first.year + 2)
            moved = [_moved(one, year) for year in years]
            later = next((two for two in moved if two.last >= base.first and two.first <= anchor), None)
            if later is not None and later.first - base.first < timedelta(days=_HALF_A_YEAR):
                one = later
        placed.append(one)
    return placed


def _names_month(words: str) -> bool:
    return re.search(rf"\b(?:{_MONTH})\b", words, re.IGNORECASE) is not None


def _moved(one: Dated, year: int) -> Dated:
    """A date in another year; the 29th of February becomes the 28th where there is none."""
    span = one.last - one.first
    try:
        first = one.first.replace(year=year)
    except ValueError:
        first = one.first.replace(year=year, day=28)
    return replace(one, first=first, last=first + span)


def _with_relative(text: str, absolute: list[Dated]) -> list[Dated]:
    """Dates with those that are counted from the day before them in the text, such as `nine days later`."""
    found = list(absolute)
    for pattern, meaning in _COUNTED_FORMS:
        for match in pattern.finditer(text):
            if any(match.start() < one.end and one.start < match.end() for one in found):
                continue
            days = [one for one in found if one.start < match.start() and one.is_day]
            if not days:
                continue
            base = max(days, key=lambda one: one.start)
            first, last = meaning(match, base)
            found.append(Dated(first, last, *match.span(), f"counted from {base.first}, the day before it"))
    return sorted(found, key=lambda one: one.start)


Days = tuple[date, date]


def _away(match: re.Match[str], base: Dated) -> Days:
    """Nine days later; two weeks earlier; six days before; three months later; the next day; the day before."""
    count, unit = match["count"], match["unit"].lower().rstrip("s")
    number = int(count) if count.isdigit() else NUMBER_WORDS.get(count.lower(), 1)
    sign = -1 if match["way"].lower() in ("earlier", "before", "previously") else 1
    if unit in ("month", "year"):
        return _month_of(base.first, sign * number * (12 if unit == "year" else 1))
    if unit in ("hour", "minute"):
        return base.first, base.last + timedelta(days=number >= 24)
    away = timedelta(days=sign * number * {"day": 1, "night": 1, "week": 7, "fortnight": 14}[unit])
    return base.first + away, base.last + away


def _month_of(day: date, away: int) -> Days:
    """The month that is so many after that of a day."""
    years, month = divmod(day.year * 12 + day.month - 1 + away, 12)
    try:
        return _part_of(years, month + 1, None)
    except ValueError:  # before the year 1, or after 9999
        return day, day


def _next(match: re.Match[str], base: Dated) -> Days:
    """The next day; the following week; the previous evening; the month after."""
    unit, way = match["unit"].lower(), match["way"].lower()
    sign = -1 if way in ("previous", "preceding", "before") else 1
    if unit in ("month", "year"):
        first, last = _month_of(base.first, sign * (12 if unit == "year" else 1))
        return (date(first.year, 1, 1), date(first.year, 12, 31)) if unit == "year" else (first, last)
    if unit == "week":
        monday = base.first - timedelta(days=base.first.weekday()) + sign * timedelta(days=7)
        return monday, monday + timedelta(days=6)
    return base.first + sign * timedelta(days=1), base.last + sign * timedelta(days=1)


def _nth(match: re.Match[str], base: Dated) -> Days:
    """The 26th: that day of the month of the day before it, or of the next month where that day is over."""
    nth = int(match["nth"])
    try:
        day = base.first.replace(day=nth)
        return (day, day) if day >= base.first else (_month_of(base.first, 1)[0].replace(day=nth),) * 2
    except ValueError:
        return base.first, base.last


def _same(match: re.Match[str], base: Dated) -> Days:
    """The same day; that night; the same month; that year."""
    unit = match["unit"].lower()
    if unit == "month":
        return _month_of(base.first, 0)
    if unit == "year":
        return date(base.first.year, 1, 1), date(base.first.year, 12, 31)
    if unit == "week":
        monday = base.first - timedelta(days=base.first.weekday())
        return monday, monday + timedelta(days=6)
    return base.first, base.last


def _within(_: re.Match[str], base: Dated) -> Days:
    """Within hours; hours later."""
    return base.first, base.last + timedelta(days=1)


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


def _weekday(match: re.Match[str], anchor: date) -> Interval:
    """On Monday: the last one before the day of the text."""
    number = [name.lower() for name in calendar.day_name].index(match["weekday"].lower())
    day = anchor - timedelta(days=(anchor.weekday() - number) % 7 or 7)
    return day, day, f"'{match[0].lower()}' is counted from the day of the text"


def _near(days: int, what: str) -> Callable[[re.Match[str], date], Interval]:
    def meaning(match: re.Match[str], anchor: date) -> Interval:
        return anchor - timedelta(days=days), anchor, f"'{what}' is counted from the day of the text"

    return meaning


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_COUNT = rf"\d{{1,3}}|an?|one|{'|'.join(NUMBER_WORDS)}"
_PARTS_OF_DAYS = "day|morning|afternoon|evening|night"
_COUNTED_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Dated], Days]], ...] = (
    (
        _form(
            rf"\b(?P<count>{_COUNT})\s+(?P<unit>(?:hour|day|night|week|fortnight|month|year)s?)\s+"
            r"(?P<way>later|earlier|previously|(?:before|after|afterwards)(?=\s*[,.;:)]))"
        ),
        _away,
    ),
    (_form(rf"\b(?:the\s+)?(?P<way>next|following)\s+(?P<unit>{_PARTS_OF_DAYS})\b"), _next),
    (_form(rf"\bthe\s+(?P<way>previous|preceding)\s+(?P<unit>{_PARTS_OF_DAYS})\b"), _next),
    (_form(r"\bthe\s+(?P<way>next|following|previous|preceding)\s+(?P<unit>week|month|year)\b"), _next),
    (_form(r"\bthe\s+(?P<unit>day|night|week|month|year)\s+(?P<way>before|after)(?=\s*[,.;:)])"), _next),
    (
        _form(
            r"\b(?:on|by|until|since|of|from)\s+the\s+(?P<nth>\d{1,2})(?:st|nd|rd|th)"
            r"(?=\s*[,.;:)]|\s+(?:to|and|that|when|by|after|the|in|at|for|with|from|he|it|they|she)\b)"
        ),
        _nth,
    ),
    (_form(rf"\b(?:the\s+(?:very\s+)?same|that\s+very)\s+(?P<unit>{_PARTS_OF_DAYS}|week|month|year)\b"), _same),
    (_form(rf"\b(?:(?:on|in|during)\s+)?that\s+(?P<unit>{_PARTS_OF_DAYS}|week|month|year)\b"), _same),
    (
        _form(
            r"\b(?:within|in\s+a\s+matter\s+of)\s+(?:hours|minutes)\b|\b(?:hours|minutes)\s+(?:later|after(?:wards)?)\b"
        ),
        _within,
    ),
)
"""Days that are counted from another one."""
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
            rf"(?P<month>{_MONTH})\.?(?:,?\s+{_YEAR})?\b(?!\s+\d{{1,2}}\b(?!\s+(?!{_MONTH})[a-z]))"
        ),
        _day,
    ),
    (
        _form(
            rf"\b(?:(?P<before>in|since|last|of|by|until|from|during|throughout|after|before|that)\s+)?(?:{_PART}[\s-]+)?"
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
    (_form(rf"\b(?:on|since|until|last)\s+(?P<weekday>{'|'.join(calendar.day_name)})\b"), _weekday),
    (_form(r"\b(?:earlier\s+)?this\s+week\b"), _near(6, "this week")),
    (_form(r"\byesterday\b"), _near(1, "yesterday")),
)
