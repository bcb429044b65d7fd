"""Two amounts of one thing in two places: in a sentence and its note, in two paragraphs, or in two texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from standoff.drafting.amounts import Amount, amounts_of
from standoff.drafting.candidates import Candidate
from standoff.drafting.conflicts import TWO, pair
from standoff.drafting.lexicon import lexicon
from standoff.drafting.parsing import Read

NOTE = re.compile(r"\[(\d{1,3})\]")
"""The mark of a note, in a sentence and before the note."""
_LOOKED_BACK = 20
"""Amounts of one name and topic that one is compared with: all would take the square of a text's length."""


def of_amounts(reads: Sequence[Read]) -> list[Candidate]:
    """Amounts of one thing that differ: of sentences and their notes, and of paragraphs; each with what is doubtful."""
    amounts = {read.paragraph.at: amounts_of(read) for read in reads}
    return [*_of_notes(reads, amounts), *_of_paragraphs(reads, amounts)]


def _of_notes(reads: Sequence[Read], amounts: Mapping[str, Sequence[Amount]]) -> Iterator[Candidate]:
    """An amount of a sentence and another one in the note that it is marked with.

    A count needs no more than the same noun, and a measure that somebody gives it, or a thing in common.
    """
    notes = {(read.paragraph.source, match[1]): read for read in reads if (match := NOTE.match(read.paragraph.text))}
    for read in reads:
        for start, end in read.sentences:
            for mark in NOTE.finditer(read.paragraph.text, start, end):
                note = notes.get((read.paragraph.source, mark[1]))
                if note is not None and note is not read:
                    said = [one for one in amounts[read.paragraph.at] if start <= one.start < end]
                    also = amounts[note.paragraph.at]
                    best = _best([(one, two) for one in said for two in also if _is_of_note(one, two)], said, also)
                    if best is not None:
                        yield _disagreeing(*best)


def _is_of_note(one: Amount, other: Amount) -> bool:
    if one.is_count or other.is_count:
        return _counts_alike(one, other)
    alike = one.unit == other.unit and other.size in (one.size, None)
    return alike and (other.is_told or bool(one.ends & other.ends or one.topics & other.topics))


def _of_paragraphs(reads: Sequence[Read], amounts: Mapping[str, Sequence[Amount]]) -> Iterator[Candidate]:
    """Amounts of two paragraphs that are of one thing, as far as their sentences say; a note is no paragraph here."""
    every = [one for read in reads if not NOTE.match(read.paragraph.text) for one in amounts[read.paragraph.at]]
    there: dict[tuple[str, str], list[int]] = defaultdict(list)
    pairs: set[tuple[int, int]] = set()
    for index, one in enumerate(every):
        what = one.topics if one.is_count else {one.unit}
        for key in {(thing, word) for thing in what for word in one.ends | one.topics}:
            pairs.update((before, index) for before in there[key][-_LOOKED_BACK:])
            there[key].append(index)
    found: dict[tuple[str, int, str, int], list[tuple[Amount, Amount]]] = defaultdict(list)
    for first, second in sorted(pairs):
        one, other = every[first], every[second]
        if one.read is not other.read and _is_of_one_thing(one, other):
            found[_sentence(one) + _sentence(other)].append((one, other))
    used: set[Amount] = set()
    for alike in sorted(found.values(), key=lambda every: -max(_shared(*both) for both in every)):
        here, there_also = (_of_sentence(one, amounts) for one in alike[0])
        best = _best(alike, here, there_also)
        if best is not None and used.isdisjoint(best):
            used.update(best)
            yield _disagreeing(*best)


def _of_sentence(one: Amount, amounts: Mapping[str, Sequence[Amount]]) -> list[Amount]:
    return [two for two in amounts[one.read.paragraph.at] if _sentence(two) == _sentence(one)]


def _sentence(one: Amount) -> tuple[str, int]:
    return one.read.paragraph.at, one.read.sentence_at(one.start)[0]


def _is_of_one_thing(one: Amount, other: Amount) -> bool:
    """Whether two amounts can be of one thing.

    Neither says that it has changed, is a part or comes on top, and they have no different days. Counts have the noun
    and a name in common, and are told, or the later is of what the reader knows. A distance has both ends in common. A
    measure has its owner, by name or as what the reader knows.
    """
    if one.moved or other.moved or (one.days and other.days and not _same_days(one, other)):
        return False
    named = one.names & other.names
    if one.is_count or other.is_count:
        known = other.is_known and not (one.is_known and not named)
        return bool(named) and _counts_alike(one, other) and (one.is_told or other.is_told or known)
    if one.unit != other.unit or one.size != other.size or (one.names - named and other.names - named and not named):
        return False
    if one.unit == "km" and one.size is None and not one.topics & other.topics:
        other_ends = one.names - named and other.names - named
        return len(one.ends & other.ends) > 1 and bool(named) and not other_ends
    owned = one.topics & other.topics
    if not (one.own_noun and other.own_noun):
        return bool(named and owned | (one.ends & other.ends))
    return bool(owned) and bool(named or owned & (one.names | other.names) or (one.is_known and other.is_known))


def _same_days(one: Amount, other: Amount) -> bool:
    return any(day.first <= two.last and two.first <= day.last for day in one.days for two in other.days)


def _counts_alike(one: Amount, other: Amount) -> bool:
    """Whether two counts have a noun in common. People of two sorts are not one thing.

    Only who is called nothing but dead or people can be any of them.
    """
    shared = one.topics & other.topics
    general = {"people", "person", *lexicon("claims")["grammar"]["dying"]}
    return bool(shared) and (shared != {"dead"} or one.topics <= general or other.topics <= general)


def _best(
    alike: Sequence[tuple[Amount, Amount]], said: Sequence[Amount], also: Sequence[Amount]
) -> tuple[Amount, Amount] | None:
    """The pair with most in common of two sentences; none where one of its amounts stands in both."""
    differ = [(one, other) for one, other in alike if one.value != other.value and not (
        any(_repeats(one, two) for two in also) or any(_repeats(other, two) for two in said))]  # fmt: skip
    return max(differ, key=lambda both: (_shared(*both), -both[0].start, -both[1].start), default=None)


def _disagreeing(one: Amount, other: Amount) -> Candidate:
    shared = one.topics & other.topics
    of = max(shared & {"dead"} or shared, default=one.unit)
    values = sorted((one.value, other.value))
    return pair("number", one.place, other.place, of=of, values=values, unit=one.unit, doubts=TWO)


def _repeats(one: Amount, other: Amount) -> bool:
    return one.unit == other.unit and one.value == other.value


def _shared(one: Amount, other: Amount) -> int:
    things = len(one.ends & other.ends) + len(one.topics & other.topics)
    return 2 * len(one.names & other.names) + 2 * len(one.deeds & other.deeds) + things
