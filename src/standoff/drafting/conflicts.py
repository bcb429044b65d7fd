"""Where texts disagree: other numbers for one thing, other days or doers of one event, other names, other relations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, islice, pairwise

from standoff.drafting.candidates import Candidate, Span, identity
from standoff.drafting.dates import Dated
from standoff.drafting.lexicon import fold, lexicon
from standoff.drafting.parsing import Read
from standoff.drafting.places import place_heads
from standoff.drafting.quantities import NUMBER_WORDS, UNITS, number_of, quantities

NEAR_IN_TIME = timedelta(days=30)
"""Days within which two accounts can be of one event."""
_MEASURES = frozenset(["radius", "distance", "ring", "range", "depth", "width", "belt", "zone"])
_CONTRAST = re.compile(r"[;:]\s|\s[—–]\s|,?\s(?:while|whereas|but|although|though|against)\s", re.IGNORECASE)
"""What stands between two accounts of one thing."""
_BARE = re.compile(
    r"(?<![\w.,$€£-])(?:\d{1,3}(?:,\d{3})+|\d{1,3}|" + "|".join(NUMBER_WORDS) + r")(?=\s*(?:[.,;:)]\s|[.,;:)]?$))",
    re.IGNORECASE,
)
"""A number that no noun follows."""
_MARK = re.compile(r"\[(\d{1,3})\]")
_OR_DAY = re.compile(r"\b(?P<day>\d{1,2}(?:st|nd|rd|th)?(?: [A-Z][a-z]+)?),? or (?:on )?(?:the )?$")
"""A day that stands before another one: 7 or 8 August."""
ACCOUNTS = timedelta(days=7)
"""Days that two accounts of one event can be apart, side by side."""
_LOOKED_BACK = 20
"""Sentences of one name and topic that a count is compared with: all would take the square of a text's length."""
_TWO = ("may be of two things",)
_APART = 12
"""Letters between two clauses beyond which a third one stands between them."""


def _pair(
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
    for one, other in (pair for every in by_unit.values() for pair in combinations(every, 2)):
        shared = topics[one.id] & topics[other.id]
        if one.fields["unit"] == other.fields["unit"] and one.fields["value"] != other.fields["value"] and shared:
            if one.fields["unit"] == one.fields["head"] or one.fields["head"] in UNITS:
                continue  # counts of trucks or clashes are of different days; bare kilometres measure nothing named
            values = sorted((one.fields["value"], other.fields["value"]))
            yield _pair(
                "number", _at(one, "value"), _at(other, "value"), of=min(shared), values=values, unit=one.fields["unit"]
            )


def of_accounts(reads: Iterable[Read]) -> Iterator[Candidate]:
    """Two counts of one thing by different tellers, side by side: A speaks of 43 dead, while B puts them at 35.

    The second count may leave out its noun where a word of contrast stands between the two.
    """
    for read in reads:
        told = [one for one in _clauses(read) if _is_told(read, one)]
        for one, other in pairwise(told):
            count = next((two for two in _counts(read, *one[:2]) if two[2] is not None), None)
            if count is None or other[0] - one[1] > _APART:
                continue
            second = next((two for two in _counts(read, *other[:2]) if two[2] in (count[2], None)), None)
            if second is not None and second[0] != count[0] and (other[2] or second[2] is not None):
                at = read.paragraph.at, read.paragraph.digest
                values = sorted((count[0], second[0]))
                yield _pair("number", (*at, *count[1]), (*at, *second[1]), of=count[2], values=values, unit=count[2])


def of_open_numbers(reads: Iterable[Read]) -> Iterator[Candidate]:
    """Two numbers for one thing, or two days, that one phrase leaves open: 10 or 11 dead, 7 or 8 August."""
    for read in reads:
        text, at = read.paragraph.text, (read.paragraph.at, read.paragraph.digest)
        for one, other in pairwise(quantities(text)):
            if one.doubt == "one of two numbers" and not _in_a_date(read, one.start, other.end):
                first, second = (
                    (*at, one.start, one.start + len(text[one.start :].split()[0])),
                    (*at, other.start, other.end),
                )
                values = sorted((one.value, other.value))
                yield _pair("number", first, second, of=one.head, values=values, unit=one.unit)
        for day in read.dates:
            before = _OR_DAY.search(text, max(0, day.start - 30), day.start)
            if before is not None and day.first == day.last:
                yield _pair("days", (*at, *before.span("day")), (*at, day.start, day.end), of="day")


def of_notes(reads: Sequence[Read]) -> Iterator[Candidate]:
    """A count of a sentence and another one in the note that it is marked with."""
    notes = {(read.paragraph.source, match[1]): read for read in reads if (match := _MARK.match(read.paragraph.text))}
    for read in reads:
        for start, end in read.sentences:
            for mark in _MARK.finditer(read.paragraph.text, start, end):
                note = notes.get((read.paragraph.source, mark[1]))
                if note is not None and note is not read:
                    said = _topical(read, start, end), [one for two in note.sentences for one in _topical(note, *two)]
                    yield from islice(_differing(read, note, *said), 1)


def of_counts(reads: Sequence[Read]) -> Iterator[Candidate]:
    """Counts of one thing in two paragraphs, at one of which somebody tells it, and a name that both sentences have.

    Nothing says that they are of two days; whether they are of one event, who reads them has to see. A note belongs to
    the sentence with its mark.
    """
    counted = []
    for read in (one for one in reads if not _MARK.match(one.paragraph.text)):
        for start, end in read.sentences:
            found = _topical(read, start, end)
            if found:
                tokens = read.doc[read.token_at(start) : read.token_at(end - 1) + 1]
                names = frozenset(token.text for token in tokens if token.pos_ == "PROPN" and len(token.text) > 3)
                days = frozenset((day.first, day.last) for day in read.dates if start <= day.start < end)
                names -= {word for day in read.dates for word in read.paragraph.text[day.start : day.end].split()}
                counted.append((read, found, names, days, _is_told(read, (start, end, False))))
    for first, second in _of_one_name([(names, found) for _, found, names, _, _ in counted]):
        read, one, _, days, told = counted[first]
        again, other, _, later, also = counted[second]
        apart = days and later and days != later
        if read is not again and (told or also) and not apart:
            yield from islice(_differing(read, again, one, other), 1)


def _of_one_name(
    counted: Sequence[tuple[frozenset[str], Sequence[tuple[float, tuple[int, int], frozenset[str]]]]],
) -> list[tuple[int, int]]:
    """The pairs of sentences with a name and a topic in common, each with the last `_LOOKED_BACK` before it at most."""
    there: dict[tuple[str, str], list[int]] = defaultdict(list)
    pairs: set[tuple[int, int]] = set()
    for index, (names, found) in enumerate(counted):
        for key in {(name, topic) for name in names for _, _, topics in found for topic in topics}:
            pairs.update((before, index) for before in there[key][-_LOOKED_BACK:])
            there[key].append(index)
    return sorted(pairs)


def of_told_days(reads: Iterable[Read]) -> Iterator[Candidate]:
    """Two days that two tellers give side by side, where one of them insists or both speak of the same thing."""
    for read in reads:
        told = [day for day in (_told_day(read, clause) for clause in _clauses(read)) if day is not None]
        for (one, who, words, insists), (other, whom, also, denies) in pairwise(told):
            if who == whom or not timedelta(0) < abs(one.first - other.first) <= ACCOUNTS:
                continue
            if insists or denies or words & also:
                at = read.paragraph.at, read.paragraph.digest
                yield _pair("days", (*at, one.start, one.end), (*at, other.start, other.end), of="day", doubts=_TWO)


def _told_day(read: Read, clause: tuple[int, int, bool]) -> tuple[Dated, str, frozenset[str], bool] | None:
    """The one day that a clause says somebody gives: with the teller, the nouns and verbs, and how firmly.

    A day right behind the verb is the day of telling, so another verb has to stand between the two.
    """
    grammar = lexicon("claims")["grammar"]
    tokens = read.doc[read.token_at(clause[0]) : read.token_at(max(clause[1] - 1, 0)) + 1]
    verbs = {*grammar["telling"], *grammar["disputing"]}
    teller = next(((token, child) for token in tokens if token.lemma_.lower() in verbs and token.pos_ == "VERB"
                   for child in token.children if child.dep_ == "nsubj"), None)  # fmt: skip
    days = [one for one in read.dates if clause[0] <= one.start < clause[1]]
    if teller is None or len(days) != 1 or days[0].first != days[0].last:
        return None
    between = [token for token in tokens if teller[0].idx < token.idx < days[0].start and token.pos_ == "VERB"]
    if not between:
        return None
    words = frozenset(token.lemma_.lower() for token in tokens if token.pos_ in ("NOUN", "VERB")) - verbs
    return days[0], teller[1].text, words, teller[0].lemma_.lower() in grammar["disputing"]


def _topical(read: Read, start: int, end: int) -> list[tuple[float, tuple[int, int], frozenset[str]]]:
    """The counts of a sentence, each with its place and what it counts: its noun, and `dead` where some have died.

    People of two sorts are not one thing: only who is called nothing but dead or people can be any of them.
    """
    grammar = lexicon("claims")["grammar"]
    lemmas = {token.lemma_.lower() for token in read.doc[read.token_at(start) : read.token_at(max(end - 1, 0)) + 1]}
    found = []
    for value, place, noun in _counts(read, start, end):
        if noun is not None and not _in_a_date(read, *place):
            dies = not lemmas.isdisjoint(grammar["dying"])
            found.append((value, place, frozenset({noun, *(["dead"] if dies else [])})))
    return found


def _differing(
    read: Read,
    again: Read,
    one: Iterable[tuple[float, tuple[int, int], frozenset[str]]],
    other: Sequence[tuple[float, tuple[int, int], frozenset[str]]],
) -> Iterator[Candidate]:
    """The pairs of counts that have a topic in common and differ; none where one count is in both."""
    one = list(one)
    if {value for value, _, _ in one} & {value for value, _, _ in other}:
        return
    for value, place, topics in one:
        for second, there, others in other:
            shared = topics & others
            general = {"people", "person", *lexicon("claims")["grammar"]["dying"]}
            if shared and (shared != {"dead"} or topics <= general or others <= general):
                yield _pair(
                    "number", (read.paragraph.at, read.paragraph.digest, *place),
                    (again.paragraph.at, again.paragraph.digest, *there), of=max(shared & {"dead"} or shared),
                    values=sorted((value, second)), unit=min(shared), doubts=_TWO,
                )  # fmt: skip


def _in_a_date(read: Read, start: int, end: int) -> bool:
    return any(one.start < end and start < one.end for one in read.dates)


def _clauses(read: Read) -> Iterator[tuple[int, int, bool]]:
    """Where clauses of a paragraph begin and end, and whether a word of contrast stands before each."""
    for start, end in read.sentences:
        begin, contrasts = start, False
        for match in _CONTRAST.finditer(read.paragraph.text, start, end):
            yield begin, match.start(), contrasts
            begin, contrasts = match.end(), True
        yield begin, end, contrasts


def _is_told(read: Read, clause: tuple[int, int, bool]) -> bool:
    """Whether somebody says or counts something in a clause."""
    tokens = read.doc[read.token_at(clause[0]) : read.token_at(clause[1]) + 1]
    return any(token.lemma_.lower() in lexicon("claims")["grammar"]["telling"] for token in tokens)


def _counts(read: Read, start: int, end: int) -> Iterator[tuple[float, tuple[int, int], str | None]]:
    """The counts of a clause, each with where its number stands and what is counted; None where no noun is said."""
    counted = [one for one in quantities(read.paragraph.text[start:end]) if one.unit == one.head]
    found = [(one.value, (start + one.start, start + one.end), one.head) for one in counted]
    for match in _BARE.finditer(read.paragraph.text, start, end):
        dated = any(one.start < match.end() and match.start() < one.end for one in read.dates)
        if not dated and not any(begin <= match.start() < over for _, (begin, over), _ in found):
            yield number_of(match[0]), match.span(), None
    yield from found


def _topics(one: Candidate, read: Read) -> set[str]:
    """What a number measures: its noun and, of a radius or a ring, the zones that its sentence names."""
    head = str(one.fields["head"])
    found = {head}
    if head in _MEASURES:
        start, end = read.sentence_at(one.spans["value"][0][1])
        words = {fold(word) for word in re.findall(r"[A-Za-z]+", read.paragraph.text[start:end])}
        found |= {word for word in words if place_heads().get(word) == "zone"}
    return found


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
            yield _pair("days", _at(one, "at"), _at(other, "at"), of=one.fields["type"])
        texts = {at.partition("#")[0] for at in (one.at[0], other.at[0])}
        if len(texts) == 2 and near[one.at[0]] & near[other.at[0]]:
            for part in ("source", "target"):
                first, second = one.fields.get(part), other.fields.get(part)
                if first and second and first != second and not _actors(one) & _actors(other):
                    yield _pair(f"who ({part})", _at(one, part), _at(other, part), of=one.fields["type"])


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
                yield _pair("name", one, other, of=whose)


def of_zones(zones: Sequence[tuple[str, frozenset[str], tuple[str, str, int, int]]]) -> Iterator[Candidate]:
    """One zone called differently in two texts: a noun for its kind, and a place that both paragraphs name.

    Each is the zone's words folded without its number, the places of its paragraph, and where it stands.
    """
    for (one, here, first), (other, there, second) in combinations(zones, 2):
        differ = one != other and one.split()[-1] == other.split()[-1]
        if differ and here & there and first[0].partition("#")[0] != second[0].partition("#")[0]:
            yield _pair("kind of zone", first, second, of=one.split()[-1])


def of_relations(sentences: Iterable[tuple[frozenset[str], str, str, str, int]]) -> Iterator[Candidate]:
    """Two actors who go together in one sentence and apart in another: (actors, locator, digest, sentence, start)."""
    found: dict[tuple[str, str], dict[str, list[tuple[str, str, int, int]]]] = defaultdict(lambda: defaultdict(list))
    for actors, locator, digest, sentence, start in sentences:
        for way, stems in lexicon("claims")["relations"].items():
            match = re.search("|".join(rf"\b{re.escape(stem)}\w*" for stem in stems), sentence, re.IGNORECASE)
            if match:
                for pair in combinations(sorted(actors), 2):
                    found[pair][way].append((locator, digest, start + match.start(), start + match.end()))
    for pair, ways in sorted(found.items()):
        if len(ways) == 2:
            others = ((one, two) for two in ways["apart"] for one in ways["together"] if one[1] != two[1])
            for one, two in islice(others, 1):
                yield _pair("relation", one, two, of=list(pair))
