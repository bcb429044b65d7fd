"""Numbers with a unit and the noun that they measure, as `a 25-kilometre radius`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from standoff.drafting.lexicon import singular

NUMBER_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "dozen": 12,
}  # fmt: skip
UNITS = {
    "kilometre": ("km", 1.0), "kilometer": ("km", 1.0), "km": ("km", 1.0), "mile": ("km", 1.609344),
    "metre": ("km", 0.001), "meter": ("km", 0.001), "ton": ("ton", 1.0), "tonne": ("ton", 1.0),
    "barrel": ("barrel", 1.0), "hour": ("day", 1 / 24), "day": ("day", 1.0), "week": ("day", 7.0),
    "percent": ("", 0.01), "%": ("", 0.01), "nautical mile": ("km", 1.852),
}  # fmt: skip
"""Units of the texts, each with the unit of the language and the factor to it."""
_COUNTED = frozenset([
        "truck", "soldier", "troop", "fighter", "aircraft", "jet", "drone", "missile", "rocket", "ship", "vessel",
        "tanker", "boat", "tank", "vehicle", "skirmish", "raid", "attack", "strike", "clash", "squadron", "regiment",
        "battalion", "brigade", "casualty", "death", "prisoner", "hostage", "refugee", "helicopter", "warship",
        "container", "sailor", "airstrike", "base", "launcher", "fatality"
    ])  # fmt: skip
"""Nouns that are counted as such: the unit is the noun itself."""
_SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_QUANTITY = re.compile(
    r"(?<![\w.,$€£-])(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|" + "|".join(NUMBER_WORDS) + r")(?:[\s-]+(?P<scale>"
    + "|".join(_SCALE) + r"))?[\s-]*(?P<unit>%|(?:[a-z]+-){0,2}[a-z]+)(?:[\s-]+(?P<next>(?:[a-z]+-)*[a-z]+))?"
    r"(?:[\s-]+(?P<third>(?:[a-z]+-)*[a-z]+))?",
    re.IGNORECASE,
)  # fmt: skip
_ENDS = frozenset([
        "of", "in", "on", "at", "to", "from", "by", "with", "and", "or", "but", "that", "which", "who", "as", "for",
        "near", "around", "until", "than", "are", "were", "the", "a", "an", "its", "their", "it", "they", "we", "he",
        "she", "him", "them", "there", "all", "some", "between", "per", "more", "each", "both", "later", "ago",
        "earlier", "after", "before", "was", "is", "had", "has", "have", "where", "when", "while", "into", "along",
        "through"
    ])  # fmt: skip


_AWAY = frozenset({"later", "ago", "earlier", "before", "after", "afterwards"})
"""Words that make a time of a duration: nine days later measures nothing."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the unit of the language (km, days), the noun that it measures, and where both stand."""

    value: float
    unit: str
    head: str
    start: int
    end: int
    head_start: int
    head_end: int


def quantities(text: str) -> list[Quantity]:
    """The numbers of a text that have a unit, or count something that is counted in the language of conflict."""
    found = []
    for match in _QUANTITY.finditer(text):
        one = _read(match, text)
        if one is not None:
            found.append(one)
    return found


def number_of(words: str) -> float:
    """A number in digits or in one word."""
    number = words.lower()
    return float(NUMBER_WORDS[number]) if number in NUMBER_WORDS else float(number.replace(",", ""))


def _read(match: re.Match[str], text: str) -> Quantity | None:
    value = number_of(match["number"]) * _SCALE.get((match["scale"] or "").lower(), 1.0)
    unit = singular(match["unit"].lower())
    if (match["next"] or "").lower() in _AWAY and UNITS.get(unit, ("",))[0] == "day":
        return None
    if unit == "nautical" and match["next"] and singular(match["next"].lower()) == "mile":
        return _measured(match, "nautical mile", value, match.end("next"), text)
    if unit in UNITS:
        return _measured(match, unit, value, match.end("unit"), text)
    for group in ("unit", "next", "third"):
        noun = singular((match[group] or "").lower())
        if noun in _COUNTED:
            return Quantity(value, noun, noun, match.start(), match.end(group), match.start(group), match.end(group))
        if noun in _ENDS:
            break
    return None


def _measured(match: re.Match[str], unit: str, value: float, end: int, text: str) -> Quantity:
    """A measure with the noun phrase that follows it: its last word before a preposition or a sign."""
    name, factor = UNITS[unit]
    head, place = unit, (match.start("unit"), end)
    for word in re.compile(r"[\s-]+((?:[a-z]+-)*[a-z]+)", re.IGNORECASE).finditer(text, end):
        if word.start() != (place[1] if head != unit else end) or word[1].lower() in _ENDS:
            break
        head, place = singular(word[1].lower()), (word.start(1), word.end(1))
    return Quantity(round(value * factor, 6), name, head, match.start(), end, *place)
