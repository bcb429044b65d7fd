"""Mentions gathered into actors: by acronym, state, backing, surname and spelling; each join can be undone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from standoff.drafting.lexicon import fold
from standoff.drafting.mentions import Mention, people_of
from standoff.drafting.texts import Paragraph

ALIKE = 86
"""Two keys are taken for one from this ratio of rapidfuzz on; measured in DRAFT.md, section 7."""
_UNDIVIDED = ("korea", "congo")
"""Names that no state of today has, but two have at their end: of the one of these that the texts name."""
_ACRONYM = re.compile(r"((?:[A-Z][\w’'-]*\s+(?:(?:of|for|and)\s+(?:the\s+)?)?){1,7})\(\s*([A-Z][A-Za-z -]{1,9})\s*[,)]")
_ALSO = re.compile(r"\s*(?:also )?(?:known|called) (?:as )?([A-Z]{2,9})\b")


@dataclass(frozen=True, slots=True)
class Group:
    """Mentions that name one actor or place: its key, and the keys that were joined to it, each with the reason."""

    key: str
    mentions: tuple[Mention, ...]
    joined: tuple[tuple[str, str], ...]

    @property
    def forms(self) -> Counter[str]:
        """The spellings in the texts, with how often each occurs."""
        return Counter(one.text for one in self.mentions)


def acronyms(paragraphs: Iterable[Paragraph]) -> dict[str, str]:
    """Acronyms that the texts explain in brackets, each with the key of its long form."""
    found: dict[str, str] = {}
    for paragraph in paragraphs:
        for match in _ACRONYM.finditer(paragraph.text):
            long, short = _fitting(match[1].split(), match[2]), fold(match[2])
            if long and short not in found:
                found[short] = fold(" ".join(long))
                also = _ALSO.match(paragraph.text, match.end())
                if also:
                    found.setdefault(fold(also[1]), found[short])
    return found


def _fitting(words: list[str], short: str) -> list[str] | None:
    """The words before a bracket that its letters stand for: the last ones whose initials it has."""
    letters = [letter.lower() for letter in short if letter.isupper()]
    for begin in range(len(words)):
        initials = [word[0].lower() for word in words[begin:] if word[0].isupper()]
        if initials and initials[0] == letters[0] and len(set(letters) & set(initials)) >= min(2, len(letters)):
            return words[begin:]
    return None


def by_sides(keys: Collection[str]) -> dict[str, str]:
    """The sides that stand for a state, by the keys of all mentions: the North is North Korea where that is named.

    Where only the other half has its side in its name, it is the rest: beside South Sudan the North is Sudan.
    """
    states = [key for key in keys if people_of(key) is not None]
    found: dict[str, str] = {}
    for side, other in (("north", "south"), ("south", "north"), ("east", "west"), ("west", "east")):
        halves = [key for key in states if key.startswith(f"{side} ")]
        rest = [key for key in states if f"{other} {key}" in states]
        one = halves if halves else rest
        if len(one) == 1:
            found[side] = one[0]
    return found


def gathered(
    mentions: Iterable[Mention],
    short: Mapping[str, str],
    apart: Collection[tuple[str, str]] = (),
    known: Mapping[str, str] = MappingProxyType({}),
) -> list[Group]:
    """Mentions as groups, in the order of their keys; pairs in `apart` (key, key) are not joined.

    `known` are other names that a theatre has for an actor, each with its first name. The way a key is joined:
    `theatre`, `acronym`, `state`, `forces`, `backing`, `surname`, `spelling`. No join of spelling is made between
    names that differ in the people, the direction or the number that they name.
    """
    by_key: dict[str, list[Mention]] = {}
    own: dict[str, set[str]] = {}
    joins: dict[str, dict[str, str]] = {}
    for one in mentions:
        spelt = fold(one.text)
        key, how = one.key, one.how
        if known.get(spelt, key) != key:
            key = known[spelt]
            how = "theatre" if key != spelt else None
        if how is not None and (key, spelt) in apart:
            key, how = spelt, None
        by_key.setdefault(key, []).append(one)
        own.setdefault(key, set()).add(spelt)
        if how is not None:
            joins.setdefault(key, {})[spelt] = how
    target = {key: (key, "") for key in by_key}
    for key in by_key:
        first = known.get(key, key)
        if first != key and (first, key) not in apart:
            target[key] = (first, "theatre")
        elif key in short and (short[key], key) not in apart:
            target[key] = (_existing(short[key], by_key), "acronym")
        elif key in _UNDIVIDED:
            halves = [one for one in by_key if one.split()[-1] == key and one != key and people_of(one) is not None]
            if len(halves) == 1 and (halves[0], key) not in apart:
                target[key] = (halves[0], "state")
    _by_surname(by_key, target, apart)
    _by_spelling(by_key, target, apart)
    groups: dict[str, list[Mention]] = {}
    for key in sorted(by_key):
        final, how = _final(key, target)
        groups.setdefault(final, []).extend(by_key[key])
        if final != key:
            joins.setdefault(final, {})[key] = how
            joins[final].update(joins.pop(key, {}))
    found = []
    for key, every in sorted(groups.items()):
        in_order = sorted(every, key=lambda one: (one.locator, one.start))
        found.append(Group(key, tuple(in_order), tuple(sorted(joins.get(key, {}).items()))))
    return found


def _existing(long: str, by_key: dict[str, list[Mention]]) -> str:
    """The key among those there that a long form has, in the singular too; else the long form."""
    return next((key for key in (long, long.removesuffix("s")) if key in by_key), long)


def _final(key: str, target: dict[str, tuple[str, str]]) -> tuple[str, str]:
    how, seen = "", {key}
    while key in target and target[key][0] not in seen:
        key, reason = target[key]
        how = how or reason
        seen.add(key)
    return key, how


def _by_surname(
    by_key: dict[str, list[Mention]], target: dict[str, tuple[str, str]], apart: Collection[tuple[str, str]]
) -> None:
    """Joins a single name to the one person whose name ends with it; a state is no person, nor named after one."""
    full = [key for key, every in by_key.items() if any(one.is_person for one in every) and len(key.split()) > 1]
    full = [key for key in full if people_of(key) is None]
    for key in by_key:
        if " " in key or target[key][1] or people_of(key) is not None:
            continue
        owners = [one for one in full if one.split()[-1] == key]
        first = [one for one in full if one.split()[0] == key]  # Lee Teng-hui: the surname can come first
        owners = owners or (first if len(first) == 1 else [])
        if owners and len({one.split()[0][0] for one in owners}) == 1:
            owner = max(owners, key=lambda one: (len(by_key[one]), one))
            if (owner, key) not in apart:
                target[key] = (owner, "surname")


def _by_spelling(
    by_key: dict[str, list[Mention]], target: dict[str, tuple[str, str]], apart: Collection[tuple[str, str]]
) -> None:
    """Joins keys that are nearly spelt alike to the one that occurs most."""
    from rapidfuzz import fuzz, process

    keys = sorted(
        (key for key in by_key if len(key) > 5 and not target[key][1]), key=lambda key: (-len(by_key[key]), key)
    )
    for index, key in enumerate(keys):
        earlier = keys[:index]
        alike = process.extract(key, earlier, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=3)
        turned = process.extract(key, earlier, scorer=fuzz.token_sort_ratio, score_cutoff=99, limit=1)
        for other, _, _ in (*alike, *turned):
            if may_join(key, other) and (other, key) not in apart and target[other][0] == other:
                target[key] = (other, "spelling")
                break


def may_join(one: str, other: str) -> bool:
    """Whether two keys differ in spelling only: not in a people, a direction or a number."""
    differing = set(one.split()) ^ set(other.split())
    return not any(
        people_of(word) or word.isdigit() or word.endswith(("ern", "est", "east", "anti")) for word in differing
    )
