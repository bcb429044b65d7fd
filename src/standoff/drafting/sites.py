"""A place that a text names: what it is on a map, which nouns are places, and how a name of a place is spelt alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from standoff.drafting.lexicon import fold, lexicon, singular
from standoff.drafting.mentions import Mention, people_of
from standoff.drafting.parsing import Read, Token

NAME = r"[A-Z][\w’'‘-]+(?:[ -](?:al-|el-|de |la |el )?[A-Z][\w’'‘-]+){0,3}"
"""A run of capitalised words, with particles of other languages between them."""
LISTED = rf"{NAME}(?:, {NAME})*(?:,? and {NAME})?"
"""Several names, with commas and `and`."""
_TOWN = re.compile(r"^(?:city|town|village) of | (?:city|town|village|area)$")


@dataclass(frozen=True, slots=True)
class Sited:
    """A mention of a place with what it is on a map: `point`, `area`, `line` or `zone`, and its coordinates or none.

    `anchor` is where the words stand that the coordinates belong to.
    """

    mention: Mention
    form: str
    at: tuple[float, float] | None
    country: str | None
    anchor: tuple[int, int] | None
    doubt: str | None


@cache
def place_heads() -> dict[str, str]:
    """The nouns that are places, each with its form."""
    return {noun: form for form, nouns in lexicon("places")["heads"].items() for noun in nouns}


def head_of(token: Token) -> str | None:
    """The noun of `place_heads` that a token is, in the singular; None where it is none."""
    lemma = token.lemma_.lower()
    for word in (lemma, singular(lemma), token.lower_, singular(token.lower_)):
        if word in place_heads():
            return str(word)
    return None


@cache
def words(name: str) -> frozenset[str]:
    """A list of words of `lexicons/places.toml`."""
    return frozenset(lexicon("places")["words"][name])


def place_key(text: str) -> str:
    """Under which key a place is gathered: `city of X` and `X city` are X, and a border is known by its countries."""
    plain = fold(text)
    if plain.endswith((" border", " borders", " frontier", " border area")):
        countries = sorted({fold(owner) for word in plain.split() if (owner := people_of(word))})
        if countries:
            return f"{' '.join(countries)} border"
    plain = plain.replace("governorate", "province").replace("provinces", "province")
    return fold(_TOWN.sub("", plain))


def made(read: Read, start: int, end: int, root: int, key: str, kind: str) -> Mention:
    """The mention of a place between two offsets of a paragraph; `root` is the token that it hangs on."""
    text = read.paragraph.text[start:end]
    return Mention(read.paragraph.at, read.paragraph.digest, start, end, text, root, key, None, kind)


def overlap(one: Mention, other: Mention) -> bool:
    """Whether two mentions of a paragraph share a letter."""
    return one.start < other.end and other.start < one.end
