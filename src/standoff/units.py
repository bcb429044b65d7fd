"""Units of the language: products of words such as `company`, `1/day` or `km/day`, and their algebra."""

from __future__ import annotations

import re
from dataclasses import dataclass

from standoff.errors import Fault

_REFUSED = {
    "second": ("day", "1 second is 1/86400 day"),
    "minute": ("day", "1 minute is 1/1440 day"),
    "hour": ("day", "1 hour is 1/24 day"),
    "hr": ("day", "1 hour is 1/24 day"),
    "week": ("day", "1 week is 7 day"),
    "month": ("day", "a month has no fixed length"),
    "year": ("day", "a year has no fixed length"),
    "d": ("day", "units are written in full"),
    "days": ("day", "units are written in the singular"),
    "m": ("km", "1 m is 0.001 km"),
    "metre": ("km", "1 metre is 0.001 km"),
    "meter": ("km", "1 meter is 0.001 km"),
    "mile": ("km", "1 mile is 1.609344 km"),
    "mi": ("km", "1 mile is 1.609344 km"),
    "nm": ("km", "1 nautical mile is 1.852 km"),
    "kilometre": ("km", "units have one spelling"),
    "kilometer": ("km", "units have one spelling"),
}
_WORD = re.compile(r"[A-Za-z][A-Za-z_]*")
_POWER = re.compile(r"\s*(?:\^|\*\*)\s*(-?[0-9]{1,2})")
_BELOW = re.compile(r"([^()]+?)\s*/\s*\(([A-Za-z_\s*]+)\)")
_BETWEEN = re.compile(r"\s*([*/·])\s*")
MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of words with whole powers, kept sorted by word; no words means a plain number."""

    powers: tuple[tuple[str, int], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Unit:
        """Reads `company/day`; raises a Fault SD208 (without a place) for what is not a unit."""
        if len(text) > MAX_LENGTH:
            raise _fault(text[:40] + "…", "it is too long")
        position, sign = 0, 1
        text = text.strip()
        below = _BELOW.fullmatch(text)
        if below is not None:
            meant = f"{below[1]}/{'/'.join(below[2].replace(' ', '').split('*'))}"
            raise _fault(text, f"write {meant}: units have no brackets, and each '/' divides by the next word")
        powers: dict[str, int] = {}
        while True:
            word, position = _word(text, position)
            power = _POWER.match(text, position)
            if power:
                position = power.end()
            if word != "1":
                powers[word] = powers.get(word, 0) + sign * (int(power[1]) if power else 1)
            if position == len(text):
                return _unit(powers)
            between = _BETWEEN.match(text, position)
            if between is None:
                raise _fault(text, "expected words joined by '*' and '/', such as company/day")
            sign = -1 if between[1] == "/" else 1
            position = between.end()

    def __mul__(self, other: Unit) -> Unit:
        powers = dict(self.powers)
        for word, power in other.powers:
            powers[word] = powers.get(word, 0) + power
        return _unit(powers)

    def __truediv__(self, other: Unit) -> Unit:
        return self * other**-1

    def __pow__(self, exponent: int) -> Unit:
        return _unit({word: power * exponent for word, power in self.powers})

    def __str__(self) -> str:
        above = "*".join(_written(word, power) for word, power in self.powers if power > 0)
        below = "".join("/" + _written(word, -power) for word, power in self.powers if power < 0)
        return (above or "1") + below

    @property
    def measures(self) -> bool:
        """Whether it has time or length in it, and so is no unit of a share or a count of things."""
        return not {"day", "km"}.isdisjoint(word for word, _ in self.powers)

    @property
    def per_day(self) -> bool:
        """Whether this counts something per day."""
        return dict(self.powers).get("day") == -1


DIMENSIONLESS = Unit()
"""The unit of a plain number, such as a share or a probability."""


def _unit(powers: dict[str, int]) -> Unit:
    return Unit(tuple(sorted((word, power) for word, power in powers.items() if power)))


def _written(word: str, power: int) -> str:
    return word if power == 1 else f"{word}^{power}"


def _word(text: str, position: int) -> tuple[str, int]:
    if text.startswith("1", position) and not text[position + 1 : position + 2].isdigit():
        return "1", position + 1
    match = _WORD.match(text, position)
    if match is None:
        raise _fault(text, "expected words joined by '*' and '/', such as company/day")
    word = match[0]
    refused = _REFUSED.get(word) or _REFUSED.get(word.removesuffix("s"))
    if refused:
        right, why = refused
        raise Fault("SD208", None, f"'{word}' is not a unit here", hint=f"use '{right}'", expected=why, width=len(text))
    return word, match.end()


def _fault(text: str, why: str) -> Fault:
    return Fault("SD208", None, f"'{text}' is not a unit", expected=why, width=max(1, len(text)))
