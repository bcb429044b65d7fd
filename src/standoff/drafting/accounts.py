"""Two accounts side by side: of two tellers in a sentence or the next, or two that one phrase leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import pairwise

from standoff.drafting.amounts import amounts_of
from standoff.drafting.candidates import Candidate
from standoff.drafting.conflicts import TWO, pair
from standoff.drafting.dates import Dated
from standoff.drafting.lexicon import lexicon
from standoff.drafting.parsing import Read
from standoff.drafting.quantities import NUMBER_WORDS, number_of, quantities

_CONTRAST = re.compile(r"[;:]\s|\s[—–]\s|,?\s(?:while|whereas|but|although|though|against)\s", re.IGNORECASE)
"""What stands between two accounts of one thing."""
_BARE = re.compile(
    r"(?<![\w.,$€£-])(?:\d{1,3}(?:,\d{3})+|\d{1,3}|" + "|".join(NUMBER_WORDS) + r")(?=\s*(?:[.,;:)]\s|[.,;:)]?$))",
    re.IGNORECASE,
)
"""A number that no noun follows."""
_OR_DAY = re.compile(r"\b(?P<day>\d{1,2}(?:st|nd|rd|th)?(?: [A-Z][a-z]+)?),? or (?:on )?(?:the )?$")
"""A day that stands before another one: 7 or 8 August."""
_OR_NEXT = re.compile(r",? or (?:the )?(?P<day>\d{1,2}(?:st|nd|rd|th)?)\b(?! ?[\w%])")
"""A day that stands behind another one: August 7 or 8."""
_OR_YEAR = re.compile(r"\b((?:19|20)\d\d),? or (?:in )?((?:19|20)\d\d)\b")
_OR = re.compile(r",? or (?:perhaps )?(?:on |in )?(?:the )?")
"""What stands between two dates of which one holds."""
ACCOUNTS = timedelta(days=7)
"""Days that two accounts of one event can be apart, side by side."""
_ELLIPSIS = re.compile(r"(?:,|,? and|,? but)\s+(?P<who>[^,;:.()]{3,60}?)\s+(?:at\s+|of\s+|only\s+)?(?:about\s+)?$")
"""What stands between two amounts where the second has neither verb nor noun."""
_APART = 12
"""Letters between two clauses beyond which a third one stands between them."""


def of_accounts(reads: Iterable[Read]) -> Iterator[Candidate]:
    """Two amounts of one thing by different tellers, side by side: A speaks of 43 dead, while B puts them at 35.

    The second may leave out its noun where a word of contrast stands between the two, and its verb too: B at 35. The
    first may be the text's own where the second is only told: there were 43 boats. B counts 35.
    """
    for read in reads:
        for one, other in pairwise(_clauses(read)):
            count = next((two for two in _counts(read, *one[:2]) if two[2] is not None), None)
            if count is None or other[0] - one[1] > _APART or not _is_told(read, other):
                continue
            second = next((two for two in _counts(read, *other[:2]) if two[2] in (count[2], None)), None)
            if second is None or second[0] == count[0]:
                continue
            alone = second[2] is None and _is_all_that_is_told(read, second[1])
            if alone or (_is_told(read, one) and (other[2] or second[2] is not None)):
                yield _told(read, count[0], count[1], second[0], second[1], of=count[2], doubts=TWO if alone else ())
        for mine, theirs in pairwise(amounts_of(read)):
            if mine.is_told and not theirs.own_noun and mine.own_noun and _names_teller(read, mine.end, theirs.start):
                of = min(mine.topics, default=mine.unit)
                yield pair("number", mine.place, theirs.place, of=of, values=sorted((mine.value, theirs.value)),
                           unit=mine.unit, doubts=TWO)  # fmt: skip


def _told(
    read: Read, one: float, here: tuple[int, int], other: float, there: tuple[int, int], *, of: str | None,
    doubts: tuple[str, ...],
) -> Candidate:  # fmt: skip
    at = read.paragraph.at, read.paragraph.digest
    return pair("number", (*at, *here), (*at, *there), of=of, values=sorted((one, other)), unit=of, doubts=doubts)


def _is_all_that_is_told(read: Read, place: tuple[int, int]) -> bool:
    """Whether a number is the object of a verb of telling: Israel counts 80,000."""
    token = read.doc[read.token_at(place[0])]
    return token.dep_ == "dobj" and token.head.lemma_.lower() in lexicon("claims")["grammar"]["telling"]


def _names_teller(read: Read, start: int, end: int) -> bool:
    """Whether between two amounts stands only who gives the second one: 3.65 miles, the Turkish ministry at 3.8."""
    between = _ELLIPSIS.match(read.paragraph.text, start, end)
    if between is None:
        return False
    tokens = read.doc[read.token_at(between.start("who")) : read.token_at(between.end("who") - 1) + 1]
    nominal = all(token.pos_ in ("NOUN", "PROPN", "ADJ", "DET", "ADP", "PART") for token in tokens)
    return nominal and any(token.pos_ in ("NOUN", "PROPN") for token in tokens)


def of_open_numbers(reads: Iterable[Read]) -> Iterator[Candidate]:
    """Two numbers for one thing that one phrase leaves open: 10 or 11 dead."""
    for read in reads:
        text, at = read.paragraph.text, (read.paragraph.at, read.paragraph.digest)
        for one, other in pairwise(quantities(text)):
            if one.doubt == "one of two numbers" and not _in_a_date(read, one.start, other.end):
                first, second = (
                    (*at, one.start, one.start + len(text[one.start :].split()[0])),
                    (*at, other.start, other.end),
                )
                values = sorted((one.value, other.value))
                yield pair("number", first, second, of=one.head, values=values, unit=one.unit)


def of_open_days(reads: Iterable[Read]) -> Iterator[Candidate]:
    """Two days, months or years that one phrase leaves open: 7 or 8 August, May or June, in 1982 or 1983."""
    for read in reads:
        text, at = read.paragraph.text, (read.paragraph.at, read.paragraph.digest)
        places = {(one.span(1), one.span(2)) for one in _OR_YEAR.finditer(text)}
        for day in read.dates:
            before = _OR_DAY.search(text, max(0, day.start - 30), day.start)
            if before is not None and day.first == day.last:
                places.add((before.span("day"), (day.start, day.end)))
            after = _OR_NEXT.match(text, day.end)
            if after is not None and day.first == day.last:
                places.add(((day.start, day.end), after.span("day")))
        for one, other in pairwise(read.dates):
            apart = one.last < other.first or other.last < one.first
            if apart and _OR.fullmatch(text, one.end, other.start):
                places.add(((one.start, one.end), (other.start, other.end)))
        for first, second in sorted(places):
            yield pair("days", (*at, *first), (*at, *second), of="day")


def of_told_days(reads: Iterable[Read]) -> Iterator[Candidate]:
    """Two days that two tellers give side by side, where one of them insists or both speak of the same thing."""
    for read in reads:
        told = [day for day in (_told_day(read, clause) for clause in _clauses(read)) if day is not None]
        for (one, who, words, insists), (other, whom, also, denies) in pairwise(told):
            if who == whom or not timedelta(0) < abs(one.first - other.first) <= ACCOUNTS:
                continue
            if insists or denies or words & also:
                at = read.paragraph.at, read.paragraph.digest
                yield pair("days", (*at, one.start, one.end), (*at, other.start, other.end), of="day", doubts=TWO)


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
