"""Chances that a text gives as numbers: `a 60 per cent chance`, `one in three`, `odds of two to one against`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from standoff.drafting.quantities import NUMBER_WORDS

_WORDS = {"one": 1} | NUMBER_WORDS
_NUMBER = rf"\d+(?:\.\d+)?|(?:{'|'.join(_WORDS)})\b"
_CHANCE = r"(?:chances?|probabilit(?:y|ies)|likelihood|odds|risk|possibility)"
_MORE = r"more than|at least|over|above|upwards of|not less than|no less than"
_LESS = r"less than|at most|under|below|up to|no more than|not more than"
_ABOUT = r"about|around|roughly|some|only|perhaps|approximately|nearly|almost|between|maybe|just|as high as|as low as"
_SHARE = (
    rf"(?P<low>{_NUMBER})(?:\s?(?:%|per ?cent))?(?:\s*(?:to|and|or|–|-)\s*(?P<high>{_NUMBER}))?[\s-]?"
    r"(?:%|per ?cent(?!age)\b)"
)
_BOUND = rf"(?:(?P<more>{_MORE})\s+|(?P<less>{_LESS})\s+)?"
_PUT_AT = r"(?:[^.;!?]{0,160}?\b(?:at|is|was|as|be|stands at)|\s+of|:)"
_IN_PERCENT = (
    # a 60 per cent chance; 70 per cent likely
    rf"{_BOUND}{_SHARE}[\s-]+(?:{_CHANCE}|likely|probable|certain)\b",
    # put the chance that … at 20 to 30 per cent; a probability of 40 per cent
    rf"\b{_CHANCE}\b{_PUT_AT}\s+(?:(?:{_ABOUT})\s+)*{_BOUND}{_SHARE}(?!\s+(?:of|more|less|higher|lower)\b)",
)
_IN = rf"(?P<part>{_NUMBER})(?:\s+{_CHANCE})?[\s-]+(?:in|out of)[\s-]+(?P<whole>{_NUMBER})"
_OF_SO_MANY = (rf"{_IN}(?:[\s-]+{_CHANCE})?",)
_TO = rf"(?P<part>{_NUMBER})[\s-]+to[\s-]+(?P<whole>{_NUMBER})[\s-]+(?P<way>against|on|in favou?r)\b"
_PERCENTS = tuple(re.compile(one, re.IGNORECASE) for one in _IN_PERCENT)
_PARTS = tuple(re.compile(rf"(?<![\w.,-]){one}", re.IGNORECASE) for one in _OF_SO_MANY)
_ODDS = re.compile(rf"(?<![\w.,-]){_TO}", re.IGNORECASE)
_EVEN = re.compile(r"(?<![\w-])(?:fifty-fifty|50[-/–]50)(?![\w-])", re.IGNORECASE)
_NAMES_IT = re.compile(rf"\b{_CHANCE}\b", re.IGNORECASE)
_FAR = 40
"""Letters from `one in three` within which a word must say that it is a chance, and not a share of something."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A chance in numbers, from `low` to `high`, and where its words stand."""

    low: float
    high: float
    start: int
    end: int


def stated_chances(sentence: str) -> list[Stated]:
    """The chances that a sentence states in numbers, in its order; a share of something is none."""
    found: list[Stated] = []
    for one in (*_percents(sentence), *_parts(sentence), *_odds(sentence)):
        if 0 <= one.low <= one.high <= 1 and not any(one.start < two.end and two.start < one.end for two in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _percents(sentence: str) -> Iterator[Stated]:
    for pattern in _PERCENTS:
        for match in pattern.finditer(sentence):
            low = _value(match["low"]) / 100
            high = _value(match["high"]) / 100 if match["high"] else low
            start = match.start("more" if match["more"] else "less" if match["less"] else "low")
            if match["more"]:
                high = 1.0
            elif match["less"]:
                low, high = 0.0, max(low, high)
            yield Stated(low, high, start, match.end())


def _parts(sentence: str) -> Iterator[Stated]:
    for pattern in _PARTS:
        for match in pattern.finditer(sentence):
            near = sentence[max(match.start() - _FAR, 0) : match.end()]
            if _NAMES_IT.search(near) and _value(match["whole"]):
                share = _value(match["part"]) / _value(match["whole"])
                yield Stated(share, share, match.start(), match.end())


def _odds(sentence: str) -> Iterator[Stated]:
    for match in _ODDS.finditer(sentence):
        part, whole = _value(match["part"]), _value(match["whole"])
        if part + whole and _NAMES_IT.search(sentence):
            share = (whole if match["way"].lower() == "against" else part) / (part + whole)
            yield Stated(share, share, match.start(), match.end())
    for match in _EVEN.finditer(sentence):
        yield Stated(0.5, 0.5, match.start(), match.end())


def _value(words: str) -> float:
    return float(_WORDS.get(words.lower(), 0)) if words.isalpha() else float(words)
