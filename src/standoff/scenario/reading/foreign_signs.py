"""Signs that look like those of the language and are others: letters of other scripts, odd blanks, curly quotes.

A fault that lies on one of them says so: whoever reads `fear` in the line cannot see what is wrong with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from standoff.errors import Cure, Fault

LOOK_ALIKES = dict(
    zip(
        "аеорсухіјѕһԁԛԝкмнтвАВЕКМНОРСТХІЈЅαοεινυρκχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "aeopcyxijshdqwkmhtbABEKMHOPCTXIJSaoeivupkxABEZHIKMNOPTYX",
        strict=True,
    )
)
"""Letters of Cyrillic and Greek that are read as Latin ones (after Unicode's confusables, UTS 39)."""
QUOTES = {"‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
"""The quotes of word processors, and which of YAML's is meant."""
_WORD = re.compile(r"[^\W]+")
_BLANK = re.compile(r"[^\S \t\r\n]|[\u200b\u2060\ufeff]")


def straightened(text: str) -> str:
    """A line with YAML's own quotes and blanks in place of those of word processors."""
    return "".join(QUOTES.get(sign, sign) for sign in _BLANK.sub(" ", text))


def latin(text: str) -> str:
    """A text with Latin letters in place of those that look like them."""
    return "".join(LOOK_ALIKES.get(letter, letter) for letter in text)


def odd_blank(text: str) -> int | None:
    """Where a blank stands in a text that is none for YAML; None where there is none."""
    match = _BLANK.search(text)
    return None if match is None else match.start()


def curly_quote(text: str) -> int | None:
    """Where a curly quote stands in a text; None where there is none."""
    return next((place for place, sign in enumerate(text) if sign in QUOTES), None)


def blank_name(sign: str) -> str:
    """What an odd blank is called."""
    return {"\u00a0": "a no-break space", "\u202f": "a narrow no-break space", "\u200b": "a blank of no width"}.get(
        sign, f"a {unicodedata.name(sign, 'blank').lower()}"
    )


def told(faults: Iterable[Fault]) -> list[Fault]:
    """The faults, each with a word on the strange sign on which it lies, if it lies on one."""
    return [_told(fault) for fault in faults]


def _told(fault: Fault) -> Fault:
    place = fault.location
    if place is None or not place.text or place.text.isascii():
        return fault
    start = place.column - 1
    # A blank within an expression is underlined by the letter after it.
    under = place.text[max(0, start - 1) : start + fault.width]
    if under.isascii() or fault.code == "SD102":
        return fault
    at = odd_blank(under)
    if at is not None:
        cure = f"this is {blank_name(under[at])}, which YAML takes for a letter: write a plain blank"
        return replace(fault, hint=cure)
    at = curly_quote(under)
    if at is not None:
        cure = f"{under[at]} is a quotation mark of word processors: write {QUOTES[under[at]]}"
        return replace(fault, hint=cure)
    return _with_letters(fault, start)


def _with_letters(fault: Fault, start: int) -> Fault:
    place = fault.location
    for word in _WORD.finditer(place.text if place else ""):
        if place is None or not word.start() <= start + fault.width - 1 or not start < word.end():
            continue
        cure = letters_cure(word[0])
        if cure is not None:
            where = replace(place, column=word.start() + 1)
            return replace(fault, location=where, width=len(word[0]), hint=cure, expected=None)
    return fault


def letters_cure(word: str) -> Cure | None:
    """The cure for a word with letters of other scripts that look Latin; None for others."""
    letters = [letter for letter in word if letter in LOOK_ALIKES]
    right = latin(word)
    if not letters or not right.isascii():
        return None
    script = unicodedata.name(letters[0]).split()[0].capitalize()
    return Cure(f"the {letters[0]} in it is a {script} letter: write {right}", right)
