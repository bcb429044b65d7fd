"""Numbers that words leave open, as ranges by convention, and what is said before a number that makes it a bound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from standoff.drafting.lexicon import lexicon, singular
from standoff.drafting.quantities import COUNTED, UNITS, Quantity, counted_noun, noun_phrase

Bound = Literal["least", "most", "about"]
"""What a number is said to be: the least, the most, or not exact."""
DOUBTS = {
    "least": "a lower bound: it may be more", "most": "an upper bound: it may be less", "about": "said to be not exact",
}  # fmt: skip
"""What is told of each."""
_SHARES = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1}
_PARTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "nine": 9}
_SHARE = re.compile(
    rf"(?<!first )(?<!second )(?<!other )(?<!latter )(?<!a )\b(?:(?P<parts>{'|'.join(_PARTS)})[\s-]+)?"
    rf"(?P<share>{'|'.join(_SHARES)})s?\s+of\s+(?:the|its|their|his|her|all|these|those|our)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(r"\s+((?:square |nautical )?[a-z]+)", re.IGNORECASE)
_BEFORE = 24
"""Letters before a number in which what bounds it stands."""


def open_numbers(text: str) -> list[Quantity]:
    """The numbers of a text that words leave open, each with the ends of its range; shares in words have one value."""
    found: list[Quantity] = []
    for match in _words().finditer(text):
        least, most = _ranges()[match[0].lower()]
        one = _of_range(match, least, most, text)
        if one is not None:
            found.append(one)
    return sorted([*found, *_shares(text)], key=lambda one: one.start)


@cache
def _ranges() -> dict[str, tuple[float, float]]:
    listed = lexicon("vague")
    return {
        words: (float(low), float(high)) for part in ("counts", "few") for words, (low, high) in listed[part].items()
    }


@cache
def _words() -> re.Pattern[str]:
    every = "|".join(map(re.escape, sorted(_ranges(), key=len, reverse=True)))
    return re.compile(rf"\b(?:{every})\b(?! (?:dozen|hundred|thousand|million))", re.IGNORECASE)


def _of_range(match: re.Match[str], least: float, most: float, text: str) -> Quantity | None:
    """A range with what it counts, or with its unit; no length of time, and no share."""
    doubt = f"'{match[0].lower()}' is taken for {least:g} to {most:g} by convention"
    unit = _UNIT.match(text, match.end())
    names = [_unit_name(unit[1]), _unit_name(unit[1].split()[0])] if unit is not None else []
    name = next((one for one in names if one in UNITS), None)
    if unit is not None and name is not None:
        of, factor = UNITS[name]
        low, high = round(least * factor, 6), round(most * factor, 6)
        place = unit.span(1)
        return None if of in ("day", "") else Quantity(low, of, name, match.start(), place[1], *place, doubt, low, high)
    noun = counted_noun(text, match.end(), in_figures=True)
    if noun is None or (match[0].lower() in lexicon("vague")["few"] and noun[0] not in COUNTED):
        return None
    return Quantity(least, noun[0], noun[0], match.start(), noun[2], noun[1], noun[2], doubt, least, most)


def _unit_name(words: str) -> str:
    first, _, last = words.lower().rpartition(" ")
    return f"{first} {singular(last)}".strip()


def _shares(text: str) -> Iterator[Quantity]:
    """Half of the ships, two thirds of its army: the share, and of what."""
    for match in _SHARE.finditer(text):
        head, place = noun_phrase(text, match.end())
        if head is None or head in lexicon("vague")["words"]["times"]:
            continue
        value = round(_PARTS.get((match["parts"] or "a").lower(), 1) * _SHARES[match["share"].lower()], 6)
        yield Quantity(value, "", head, match.start(), place[1], *place, "a share in words")


def bound_before(text: str, start: int) -> Bound | None:
    """What is said right before a number that makes it a bound, or not exact."""
    before = " ".join(text[max(0, start - _BEFORE) : start].lower().split())
    listed = lexicon("vague")["words"]
    bounds: tuple[Bound, ...] = ("least", "most", "about")
    return next((one for one in bounds if any(f" {before}".endswith(f" {words}") for words in listed[one])), None)
