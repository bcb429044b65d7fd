"""Where texts disagree: other numbers for one thing, other days or doers of one event, other names, other relations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, islice

from standoff.drafting.candidates import Candidate, Span, identity
from standoff.drafting.lexicon import fold, lexicon
from standoff.drafting.parsing import Read
from standoff.drafting.places import place_heads
from standoff.drafting.quantities import UNITS

NEAR_IN_TIME = timedelta(days=30)
"""Days within which two accounts can be of one event."""
_MEASURES = frozenset(["radius", "distance", "ring", "range", "depth", "width", "belt", "zone"])
TWO = ("may be of two things",)


def pair(
    what: str, one: tuple[str, str, int, int], other: tuple[str, str, int, int], *, doubts: tuple[str, ...] = (),
    **fields: object,
) -> Candidate:  # fmt: skip
    """A conflict of two places in texts (locator, digest, start, end), in the order of their locators."""
    first, second = sorted((one, other))
    spans: dict[str, tuple[Span, ...]] = {"one": ((0, *first[2:]),), "other": ((1, *second[2:]),)}
    name = identity("conflict", what, sorted((one[1:], other[1:])), sorted(map(str, fields.values())))
    return Candidate(
        name, "conflict", (first[0], second[0]), (first[1], second[1]), {"what": what, **fields}, spans, doubts=doubts
    )


def of_numbers(numbers: Sequence[Candidate], reads: Iterable[Read]) -> Iterator[Candidate]:
    """Two numbers for one thing: the same unit, and a measured noun, or a zone of the sentence, in common."""
    texts = {read.paragraph.at: read for read in reads}
    topics = {one.id: _topics(one, texts[one.at[0]]) for one in numbers if one.at[0] in texts}
    by_unit: dict[str, list[Candidate]] = defaultdict(list)
    for one in numbers:
        if one.id in topics:
            by_unit[one.fields["unit"]].append(one)
    for one, other in (two for every in by_unit.values() for two in combinations(every, 2)):
        shared = topics[one.id] & topics[other.id]
        if one.fields["unit"] == other.fields["unit"] and one.fields["value"] != other.fields["value"] and shared:
            if one.fields["unit"] == one.fields["head"] or one.fields["head"] in UNITS:
                continue  # counts of trucks or clashes are of different days; bare kilometres measure nothing named
            if not all(_has_noun(two, texts[two.at[0]]) for two in (one, other)):
                continue  # 4 km wide, 9 km away
            values = sorted((one.fields["value"], other.fields["value"]))
            yield pair(
                "number", _at(one, "value"), _at(other, "value"), of=min(shared), values=values, unit=one.fields["unit"]
            )


def _topics(one: Candidate, read: Read) -> set[str]:
    """What a number measures: its noun and, of a radius or a ring, the zones that its sentence names."""
    head = str(one.fields["head"])
    found = {head}
    if head in _MEASURES:
        start, end = read.sentence_at(one.spans["value"][0][1])
        words = {fold(word) for word in re.findall(r"[A-Za-z]+", read.paragraph.text[start:end])}
        found |= {word for word in words if place_heads().get(word) == "zone"}
    return found


def _has_noun(one: Candidate, read: Read) -> bool:
    """Whether what a number measures is a noun, and no adjective or adverb."""
    return bool(read.doc[read.token_at(one.spans["head"][0][1])].pos_ in ("NOUN", "PROPN"))


def _at(one: Candidate, name: str) -> tuple[str, str, int, int]:
    index, start, end = one.spans[name][0]
    return one.at[index], one.digests[index], start, end


def of_events(events: Sequence[Candidate], near: Mapping[str, frozenset[str]]) -> Iterator[Candidate]:
    """Two accounts that can be of one event: the same type, the same place, within thirty days.

    They disagree on the days, where an actor is the same, or, in two texts, on who did it or to whom. `near` are the
    points that each paragraph names: two texts can speak of one place without the same phrase.
    """
    for one, other in _of_one_place(events, near):
        if one.fields["type"] != other.fields["type"] or one.digests == other.digests or not _near(one, other):
            continue
        days = _days(one), _days(other)
        same = one.fields["place"] is not None and one.fields["place"] == other.fields["place"]
        if same and all(days) and days[0] != days[1] and _actors(one) & _actors(other):
            yield pair("days", _at(one, "at"), _at(other, "at"), of=one.fields["type"])
        texts = {at.partition("#")[0] for at in (one.at[0], other.at[0])}
        if len(texts) == 2 and near[one.at[0]] & near[other.at[0]]:
            for part in ("source", "target"):
                first, second = one.fields.get(part), other.fields.get(part)
                if first and second and first != second and not _actors(one) & _actors(other):
                    yield pair(f"who ({part})", _at(one, part), _at(other, part), of=one.fields["type"])


def _of_one_place(
    events: Sequence[Candidate], near: Mapping[str, frozenset[str]]
) -> Iterator[tuple[Candidate, Candidate]]:
    """The pairs of events of one type that have a place in common, their own or one that their paragraphs name."""
    there: dict[tuple[object, object], list[int]] = defaultdict(list)
    for index, one in enumerate(events):
        for place in {one.fields["place"], *near[one.at[0]]} - {None}:
            there[one.fields["type"], place].append(index)
    pairs = {pair for every in there.values() for pair in combinations(every, 2)}
    yield from ((events[one], events[other]) for one, other in sorted(pairs))


def _actors(one: Candidate) -> set[str]:
    return {str(one.fields[part]) for part in ("source", "target") if one.fields.get(part)} | set(
        one.fields.get("others", ())
    )


def _days(one: Candidate) -> tuple[str, str] | None:
    return (one.fields["at"], one.fields["until"]) if one.fields.get("at") else None


def _near(one: Candidate, other: Candidate) -> bool:
    """Whether two events are within thirty days of each other, or one of them, in another text, has no date."""
    first, second = _days(one), _days(other)
    if first is None or second is None:
        return (first or second) is not None and one.at[0].partition("#")[0] != other.at[0].partition("#")[0]
    begin = max(date.fromisoformat(first[0]), date.fromisoformat(second[0]))
    end = min(date.fromisoformat(first[1]), date.fromisoformat(second[1]))
    return begin - end <= NEAR_IN_TIME


def of_names(groups: Sequence[tuple[str, Sequence[tuple[str, str, str, int, int]]]]) -> Iterator[Candidate]:
    """One actor or place under several spellings: the first mention of each of two spellings.

    Each group is its identity with its mentions: (spelling folded, locator, digest, start, end).
    """
    for whose, mentions in groups:
        first: dict[str, tuple[str, str, int, int]] = {}
        for spelt, locator, digest, start, end in sorted(mentions, key=lambda one: one[1:]):
            first.setdefault(spelt, (locator, digest, start, end))
        for (_, one), (_, other) in combinations(sorted(first.items()), 2):
            if one[0].partition("#")[0] != other[0].partition("#")[0]:
                yield pair("name", one, other, of=whose)


def of_zones(zones: Sequence[tuple[str, frozenset[str], tuple[str, str, int, int]]]) -> Iterator[Candidate]:
    """One zone called differently in two texts: a noun for its kind, and a place that both paragraphs name.

    Each is the zone's words folded without its number, the places of its paragraph, and where it stands.
    """
    for (one, here, first), (other, there, second) in combinations(zones, 2):
        differ = one != other and one.split()[-1] == other.split()[-1]
        if differ and here & there and first[0].partition("#")[0] != second[0].partition("#")[0]:
            yield pair("kind of zone", first, second, of=one.split()[-1])


def of_relations(sentences: Iterable[tuple[frozenset[str], str, str, str, int]]) -> Iterator[Candidate]:
    """Two actors who go together in one sentence and apart in another: (actors, locator, digest, sentence, start)."""
    found: dict[tuple[str, str], dict[str, list[tuple[str, str, int, int]]]] = defaultdict(lambda: defaultdict(list))
    for actors, locator, digest, sentence, start in sentences:
        for way, stems in lexicon("claims")["relations"].items():
            match = re.search("|".join(rf"\b{re.escape(stem)}\w*" for stem in stems), sentence, re.IGNORECASE)
            if match:
                for both in combinations(sorted(actors), 2):
                    found[both][way].append((locator, digest, start + match.start(), start + match.end()))
    for both, ways in sorted(found.items()):
        if len(ways) == 2:
            others = ((one, two) for two in ways["apart"] for one in ways["together"] if one[1] != two[1])
            for one, two in islice(others, 1):
                yield pair("relation", one, two, of=list(both))
