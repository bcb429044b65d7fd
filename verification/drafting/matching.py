"""When a candidate counts as what a reader found: the same paragraph, and the same name, type, date or words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from standoff.drafting.lexicon import fold
from standoff.drafting.mentions import people_of
from standoff.drafting.parsing import parser
from verification.drafting.gold import Actor, Event, Locator, Place

_EMPTY = frozenset([
    "the", "of", "and", "in", "by", "based", "trained", "backed", "units", "forces", "force", "groups", "group",
    "from", "to", "at"
])  # fmt: skip
_KINDS = re.compile(
    r"\b(?:garrison|crossing|city|governorate|capital|town|checkpoint|area|air base|tri-border|border|territory|belt"
    r"|radius)\b",
    re.IGNORECASE,
)
ALSO = {
    "Iraq as arena": {"iraq"}, "Tanf exclusion zone, **25 km** radius": {"25 kilometer radius"},
    "Tanf exclusion zone, **55 km** radius": {"55 kilometer exclusion zone"},
    '"Established de-confliction zone", no radius, said to lie **northeast** of Tanf': {
        "established de confliction zone",
    },
    "Damascus-Baghdad highway through Tanf (M2)": {"damascus baghdad highway"},
    "Syria-Iraq-Jordan tri-border": {"syrian iraqi and jordanian borders"},
    "Known coalition patrol routes in SDF territory": {"coalition routes"},
    "SDF territory (north-east Syria)": {"sdf territory", "sdfs"},
}  # fmt: skip
"""What the texts call places of which a row gives a description."""


def locator(at: str) -> Locator:
    """A locator as the table has it."""
    name, _, number = at.partition("#p")
    return name, int(number)


def names_of(actor: Actor) -> set[str]:
    """The names that a row gives an actor, folded."""
    parts = (part.strip() for part in re.split(r"[/(),;\"\[\]]|\bor\b", actor.name))
    names = {fold(re.sub(r"^P\]?\s*", "", part)) for part in parts if len(part) > 1} | {fold(actor.code)}
    return names - {"", "p", "in syria", "2021", "2023"}


def same_actor(forms: Iterable[str], names: set[str]) -> bool:
    """Whether one of some spellings is one of the names: all its words and three more at most, or nearly so spelt."""
    for form in (fold(one.replace("U.S.", "US ").replace("U.K.", "UK ")) for one in forms):
        words = _words(form)
        for name in names:
            wanted = _words(name)
            if form == name or (wanted and len(name) > 2 and wanted <= words and len(words) - len(wanted) <= 3):
                return True
            if len(name) > 5 and _alike(form, name) >= 86:
                return True
            if len(words) >= 2 and len(wanted) >= 3 and words <= wanted and len(wanted) - len(words) <= 2:
                return True
    return False


def _alike(one: str, other: str) -> float:
    """How alike two spellings are, from 0 to 100."""
    from rapidfuzz import fuzz

    return float(fuzz.ratio(one, other))


def _words(name: str) -> set[str]:
    return {word.rstrip("s") for word in name.split() if word not in _EMPTY}


def same_place(key: str, place: Place) -> bool:
    """Whether a candidate's name is one of the names of a row: without the kind of place, or nearly so spelt."""
    key = fold(_KINDS.sub("", key)) or key
    words = _words(key)
    names = ALSO.get(place.name, set()) | {
        name for part in _parts(place.name) if len(name := fold(_KINDS.sub("", part))) > 3
    }
    for name in names:
        wanted = _words(name)
        if key == name or _alike(key, name) >= 82 or (wanted and wanted <= words and len(words) - len(wanted) <= 2):
            return True
    return False


def _parts(name: str) -> list[str]:
    spread = re.sub(r"\((.*?)\)", r",\1,", name)
    return re.split(r"[,/>]|\band\b", spread)


def takes_part(event: Event, forms: Iterable[str], names: dict[str, set[str]]) -> bool:
    """Whether one of some spellings is an actor or a target of a row."""
    every = list(forms)
    for code in re.findall(r"[A-Z][A-Z0-9]+", event.who):
        wanted = names.get(code, {fold(code)})
        for form in every:
            owners = {fold(owner) for word in (form, *form.split()) if (owner := people_of(word))}
            if same_actor([form], wanted) or owners & wanted:
                return True
    return False


def on_day(event: Event, first: date, last: date) -> bool:
    """Whether an interval and the days of a row have a day in common, or are next to each other."""
    day = timedelta(days=1)
    return event.days is not None and first <= event.days[1] + day and last >= event.days[0] - day


@cache
def content_words(text: str) -> frozenset[str]:
    """The lemmas of the nouns, verbs, names and adjectives of a text."""
    grammar = parser()
    with grammar.select_pipes(disable=["ner"]):  # which takes half of the time and says nothing of words
        doc = grammar(text)
    return frozenset(
        token.lemma_.lower()
        for token in doc
        if token.pos_ in ("NOUN", "VERB", "PROPN", "ADJ") and len(token) > 2
    )
