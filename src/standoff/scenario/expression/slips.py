"""Numbers, dates and names as people write them in prose: what each is in the language."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from standoff.errors import Cure
from standoff.numerals import exact
from standoff.time import date_meant

_NUMBER = r"(?P<number>[0-9]+(?:[.,][0-9]+)?)"
_KM = {
    "km": 1.0, "kms": 1.0, "kilometre": 1.0, "kilometres": 1.0, "kilometer": 1.0, "kilometers": 1.0,
    "mi": 1.609344, "mile": 1.609344, "miles": 1.609344, "nm": 1.852, "nmi": 1.852, "nautical miles": 1.852,
    "metres": 0.001, "meters": 0.001, "m": 0.001,
}  # fmt: skip
"""Kilometres in a unit of length (a mile of 1959, a nautical mile of 1929)."""
LENGTHS = frozenset(_KM)
"""Units of length as people write them."""
_EACH = {
    "hour": "{} * 24",
    "day": "{}",
    "week": "{} / 7",
    "fortnight": "{} / 14",
    "month": "{} / 30",
    "year": "{} / 365",
}
"""A number each so long, as a number each day."""
_LASTING = {
    "hour": "{} / 24",
    "minute": "{} / 1440",
    "day": "{}",
    "week": "{} * 7",
    "month": "{} * 30",
    "year": "{} * 365",
}
"""A number of units of time, in days."""
_TIMES = {"once": "1", "twice": "2"}

_LENGTH = re.compile(rf"{_NUMBER}\s*(?P<unit>{'|'.join(sorted(_KM, key=len, reverse=True))})\b", re.I)
_RATE = re.compile(
    rf"(?:{_NUMBER}|(?P<times>once|twice))\s*(?:times\s+)?(?:per|a|an|each|every|/)\s*"
    rf"(?P<unit>{'|'.join(_EACH)})s?\b",
    re.I,
)
_DURATION = re.compile(rf"{_NUMBER}\s*(?P<unit>{'|'.join(_LASTING)})s?\b", re.I)
_PERCENT = re.compile(rf"{_NUMBER}\s*(?:%|per ?cent\b)", re.I)
_MONEY = re.compile(rf"[$€£¥]\s*{_NUMBER}")
_COMMA = re.compile(r"(?P<number>[-+]?[0-9]+,[0-9]+)")
_THOUSANDS = re.compile(r"(?P<number>[0-9]{1,3}(?:[ ',\u00a0\u202f][0-9]{3})+)(?![0-9])")
_RANGE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(?:-|–|—|to|\.\.+|…)\s*([0-9]+(?:\.[0-9]+)?)")
_UNIT = re.compile(rf"{_NUMBER}\s+(?P<unit>[A-Za-z]+)\b")


@dataclass(frozen=True, slots=True)
class Slip:
    """Characters `start` to `end` of a text, what they are, and what they should be."""

    start: int
    end: int
    found: str
    cure: Cure


def slip_in(text: str) -> Slip | None:
    """The first number, date or unit of a text that is written as in prose; None where there is none that we know."""
    day = date_meant(text)
    if day is not None:
        return Slip(0, len(text), f"'{text.strip()}' is not a date of the language", Cure(f"write {day}", day))
    for pattern, tell in _KINDS:
        match = pattern.search(text)
        if match is not None and (
            match.start() == 0 or not (text[match.start() - 1].isalnum() or text[match.start() - 1] in "_.")
        ):
            return tell(match)
    return None


_ANGLE = (
    r"(?P<degrees{0}>[-+]?[0-9]+(?:\.[0-9]+)?)\s*°?"
    r"(?:\s*(?P<minutes{0}>[0-9]+(?:\.[0-9]+)?)\s*['′’])?(?:\s*(?P<seconds{0}>[0-9]+(?:\.[0-9]+)?)\s*[\"″”])?"
    r"\s*(?P<sky{0}>{1})"
)
_COORDINATES = re.compile(rf"{_ANGLE.format(1, '[NS]?')}[\s,]+{_ANGLE.format(2, '[EWO]?')}", re.I)
_OF_COORDINATES = (("lat", "latitude", "y"), ("lon", "lng", "long", "longitude", "x"))


def coordinates_in(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees in `64.15N 21.94W`, `7°18'N 61°30'W` or `64.15, -21.94`; None in others."""
    match = _COORDINATES.fullmatch(text.strip())
    if match is None:
        return None
    angles = []
    for number, turned in ((1, "S"), (2, "W")):
        degrees, minutes, seconds = (match[f"{part}{number}"] for part in ("degrees", "minutes", "seconds"))
        size = abs(float(degrees)) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
        west_or_south = match[f"sky{number}"].upper() == turned or degrees.startswith("-")
        angles.append(round(-size if west_or_south else size, 6))
    return angles[0], angles[1]


def coordinates_meant(value: object) -> tuple[float, float] | None:
    """Latitude and longitude in other forms than a list of two numbers: a text, a list of texts, `{lat: …, lon: …}`."""
    if isinstance(value, dict):
        found = [next((value[key] for key in keys if key in value), None) for keys in _OF_COORDINATES]
        value = found if len(value) == len(found) else None
    if isinstance(value, list | tuple) and len(value) == len(_OF_COORDINATES):
        value = ", ".join(map(str, value)) if all(isinstance(one, str) for one in value) else None
    return coordinates_in(value) if isinstance(value, str) else None


def tidied(value: str) -> str:
    """The name of the language that is nearest to a word: `boa_vista` for `Boa Vista`; empty where there is none."""
    apart = unicodedata.normalize("NFKD", value.strip()[:80])
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign)).lower()
    if any(sign.isalpha() and not sign.isascii() for sign in plain):
        return ""
    name = re.sub(r"[^a-z0-9_]+", "_", plain).strip("_")
    return name if name[:1].isalpha() else ""


def as_share(number: float) -> Cure | None:
    """The cure for a number of percent where a share from 0 to 1 is meant; None where it is none."""
    words = exact(float(f"{number / 100:.12g}"))
    return Cure(f"write {words}: shares and chances go from 0 to 1", words) if 1.0 < number <= 100.0 else None


def range_in(text: str) -> tuple[str, str] | None:
    """The two ends of a range, `0.2 - 0.8` or `0.2 to 0.8`, the lower first; None where it is something else."""
    match = _RANGE.fullmatch(text.strip())
    return (match[1], match[2]) if match is not None and float(match[1]) < float(match[2]) else None


def decimal_comma(text: str) -> str | None:
    """The number that a text with a decimal comma means; None where it is something else."""
    return text.strip().replace(",", ".") if _COMMA.fullmatch(text.strip()) else None


def _plain(match: re.Match[str]) -> str:
    return (match["number"] or "").replace(",", ".")


def _slip(match: re.Match[str], words: str, why: str) -> Slip:
    return Slip(match.start(), match.end(), f"'{match[0]}' is not an expression", Cure(f"write {words}: {why}", words))


def _length(match: re.Match[str]) -> Slip:
    km = float(_plain(match)) * _KM[match["unit"].lower()]
    return _slip(match, exact(float(f"{km:.4g}")), "lengths are in km, and the unit is not written")


def _rate(match: re.Match[str]) -> Slip:
    number = _TIMES[match["times"].lower()] if match["times"] else _plain(match)
    return _slip(
        match, _EACH[match["unit"].lower()].format(number), "rates are per day, so that 'per day' is not written"
    )


def _lasting(match: re.Match[str]) -> Slip:
    words = _LASTING[match["unit"].lower()].format(_plain(match))
    return _slip(match, words, "in expressions times are in days; the unit of a number stands beside it, unit: day")


def _percent(match: re.Match[str]) -> Slip:
    return _slip(match, exact(float(f"{float(_plain(match)) / 100:.12g}")), "shares and chances go from 0 to 1")


def _money(match: re.Match[str]) -> Slip:
    return _slip(match, _plain(match), "the unit of a number stands beside it, such as unit: dollar")


def _thousands(match: re.Match[str]) -> Slip:
    return _slip(match, re.sub("[^0-9]", "", match["number"]), "numbers have no signs between thousands")


def _unit(match: re.Match[str]) -> Slip | None:
    if match["unit"].lower() in ("if", "else", "when", "and", "or", "in", "not", "is", "for"):
        return None
    return _slip(match, _plain(match), f"the unit of a number stands beside it, such as unit: {match['unit']}")


_KINDS = (
    (_RATE, _rate), (_PERCENT, _percent), (_MONEY, _money), (_LENGTH, _length), (_DURATION, _lasting),
    (_THOUSANDS, _thousands), (_UNIT, _unit),
)  # fmt: skip
