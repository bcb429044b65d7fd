"""Two days for one event: the same verb, or one that can tell the same, of the same parties, in two places of texts.

Who did it, to what and where must not differ where both say it, and neither says that it is another one of its kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from standoff.drafting.amounts import LONGEST, around, things_in
from standoff.drafting.candidates import Candidate
from standoff.drafting.compared import NOTE
from standoff.drafting.conflicts import TWO, pair
from standoff.drafting.dates import Dated
from standoff.drafting.lexicon import lexicon
from standoff.drafting.parsing import Read, Token, conjuncts

_GAPS = ((14, 14), (31, 62), (366, 1100))
"""How far two accounts of one event can be apart, in days, by how many days the less exact of them spans."""
_FARTHEST = 14
"""Words before a verb in which its subject is looked for, where the grammar gives it none."""
_MOST = 40
"""Occasions of one verb that are compared with each other: all would take the square of a text's length."""
_PRONOUNS = ("one", "that", "this")


@dataclass(frozen=True, slots=True)
class Occasion:
    """A dated verb or noun of an event, with all nouns around it, and those of its parties: who, what, where.

    Who can be anybody, as soldiers and officials, is one of `parties` and not of `who`. `marks` are the notes that its
    sentence has, or that it stands in.

    `whose` and `others` are the peoples and names that tell its subject and its object from others of their kind: the
    Greek flag. `looks_back` says that it is told as what is known: since they landed; the landing of 5 May.
    """

    read: Read
    dated: Dated
    word: str
    groups: frozenset[str]
    things: frozenset[str]
    names: frozenset[str]
    parties: frozenset[str]
    who: frozenset[str]
    what: frozenset[str]
    where: frozenset[str]
    whose: frozenset[str]
    others: frozenset[str]
    marks: frozenset[str]
    looks_back: bool
    is_another: bool

    @property
    def place(self) -> tuple[str, str, int, int]:
        """Its locator, digest, and where its date starts and ends."""
        return self.read.paragraph.at, self.read.paragraph.digest, self.dated.start, self.dated.end


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(lexicon("occasions")[name])


@cache
def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for number, words in enumerate(lexicon("occasions")["groups"]):
        for word in words:
            found[word].add(f"{number}")
    return {word: frozenset(numbers) for word, numbers in found.items()}


def of_occasions(reads: Sequence[Read]) -> Iterator[Candidate]:
    """Two days, months or years for what can be one event, in two paragraphs, a text and its note, or two texts."""
    there: dict[str, list[Occasion]] = defaultdict(list)
    for read in reads:
        for one in _occasions(read):
            for group in one.groups:
                there[group].append(one)
    seen: set[tuple[object, ...]] = set()
    for every in there.values():
        for one, other in combinations(every[:_MOST], 2):
            key = (*one.place, *other.place)
            if key not in seen and one.read is not other.read and _is_one_event(one, other):
                seen.add(key)
                yield pair("days", one.place, other.place, of=one.word, doubts=TWO)


def _occasions(read: Read) -> Iterator[Occasion]:
    for dated in read.dates:
        start, end = read.sentence_at(dated.start)
        if end - start > LONGEST:
            continue
        token = read.doc[read.token_at(dated.end - 1)]
        head = _verb_before(read, dated) or _event_of(token)
        if head is None or any(child.dep_ == "neg" for child in head.children):
            continue
        yield _occasion(read, dated, head)


def _verb_before(read: Read, dated: Dated) -> Token | None:
    """The verb just before `on` and a day, where no comma and no other verb stands between: closed it on 23 May."""
    start = read.token_at(read.sentence_at(dated.start)[0])
    day = read.token_at(dated.start)
    if not day or read.doc[day - 1].lower_ != "on":
        return None
    for token in reversed(read.doc[start : day - 1]):
        if token.pos_ in ("VERB", "AUX", "PUNCT", "CCONJ"):
            return token if token.pos_ == "VERB" and _tells(token) else None
    return None


def _tells(verb: Token) -> bool:
    return _verb(verb) not in _set("empty") | frozenset(lexicon("claims")["grammar"]["telling"])


def _event_of(token: Token) -> Token | None:
    """The verb, or the noun of an event, that a date hangs on; None for verbs that tell none."""
    noun = None
    while token.head != token and token.pos_ not in ("VERB", "AUX"):
        token = token.head
        if noun is None and token.pos_ == "NOUN" and token.lemma_.lower() in _groups():
            noun = token
    if noun is not None:
        return noun
    return token if token.pos_ == "VERB" and _tells(token) else None


def _occasion(read: Read, dated: Dated, head: Token) -> Occasion:
    words = around(head) if head.pos_ == "VERB" else list(head.subtree)
    who, what = _subjects(head), _objects(head)
    if head.pos_ == "VERB" and not who:
        first = max(head.i - _FARTHEST, read.token_at(read.sentence_at(head.idx)[0]))
        words = [*words, *(token for token in read.doc[first : head.i] if token not in words)]
    if head.dep_ == "relcl":
        words = [*words, *_antecedent(head, read)]
    things = things_in((token for token in words if not dated.start <= token.idx < dated.end), head)
    lemma = _verb(head)
    back = head.dep_ in ("relcl", "advcl", "pcomp", "acl") or any(one.lower_ == "had" for one in head.children)
    known = head.pos_ == "NOUN" and any(
        one.dep_ in ("det", "poss") and one.lower_ not in ("a", "an") for one in head.children
    )
    return Occasion(
        read, dated, lemma, _groups().get(lemma, frozenset()) or frozenset({lemma}), frozenset(things),
        frozenset(word for word, is_name in things.items() if is_name),
        frozenset(one.lemma_.lower() for one in (*who, *what)), _lemmas(who), _lemmas(what),
        _where(words, dated), _others(who), _others(what), _marks(read, head),
        back or known or NOTE.match(read.paragraph.text) is not None,
        not _set("another").isdisjoint(token.lower_ for token in words),
    )  # fmt: skip


def _lemmas(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(two.lemma_.lower() for one in tokens for two in conjuncts(one)) - _set("anybody")


def _subjects(head: Token) -> list[Token]:
    """Who does it: the subject, the agent of a passive, whom `by` names, or whom a relative clause is about."""
    relations = ("nsubj", "agent", "poss") if head.pos_ == "VERB" else ("poss",)
    found = [two for one in head.children if one.dep_ in relations or one.lower_ == "by"
             for two in (one.children if one.dep_ in ("agent", "prep") else [one])]  # fmt: skip
    if head.dep_ == "conj" and head.pos_ == "VERB" and not found and head.head.pos_ == "VERB":
        found = [one for one in head.head.children if one.dep_ == "nsubj"]
    relative = [one for one in found if one.tag_ in ("WDT", "WP")]
    if relative and head.dep_ == "relcl":
        found = [head.head]
    return [one for one in found if one.pos_ in ("NOUN", "PROPN", "PRON")]


def _objects(head: Token) -> list[Token]:
    """To what it is done: the object, the subject of a passive, what a noun's `of` names, or a clause's antecedent."""
    if head.pos_ != "VERB":
        found = [two for one in head.children if one.lower_ in ("of", "on") for two in one.children]
    else:
        found = [one for one in head.children if one.dep_ in ("dobj", "nsubjpass")]
        if head.dep_ == "relcl" and (not found or any(one.tag_ in ("WDT", "WP") for one in found)):
            subjects = [one for one in head.children if one.dep_ == "nsubj" and one.tag_ not in ("WDT", "WP")]
            found = [head.head] if subjects else found
    return [one for one in found if one.pos_ in ("NOUN", "PROPN")]


def _antecedent(head: Token, read: Read) -> list[Token]:
    """The noun that a relative clause is about, with its own words; of `the one that` the noun before it."""
    noun = head.head
    if noun.lower_ in _PRONOUNS:
        before = [token for token in read.doc[max(0, noun.i - _FARTHEST) : noun.i] if token.pos_ in ("NOUN", "PROPN")]
        return before[-1:]
    return [noun, *(child for child in noun.children if child.dep_ in ("compound", "amod", "poss"))]


def _where(words: Sequence[Token], dated: Dated) -> frozenset[str]:
    """The names behind a preposition of place."""
    found = (
        token
        for token in words
        if token.dep_ == "pobj" and token.pos_ == "PROPN" and token.head.lower_ in _set("located")
    )
    return frozenset(one.lemma_.lower() for one in found if not dated.start <= one.idx < dated.end)


def _marks(read: Read, head: Token) -> frozenset[str]:
    note = NOTE.match(read.paragraph.text)
    here = read.sentence_at(head.idx)
    return frozenset({note[1]} if note else {one[1] for one in NOTE.finditer(read.paragraph.text, *here)})


def _verb(head: Token) -> str:
    """A verb with its particle, where it tells no event without: come down."""
    lemma = str(head.lemma_.lower())
    parts = [child.lower_ for child in head.children if child.dep_ == "prt"]
    return f"{lemma} {parts[0]}" if parts and lemma in _set("empty") else lemma


def _others(objects: Sequence[Token]) -> frozenset[str]:
    """The peoples and names beside a noun, which tell it from others of its kind: the Greek flag; the port of Riga."""
    beside = ("amod", "compound", "nmod", "poss")
    near = [child for one in objects for child in one.children if child.dep_ in beside]
    near += [two for one in objects for child in one.children if child.lower_ == "of" for two in child.children]
    return frozenset(one.lemma_.lower() for one in near if one.ent_type_ == "NORP" or one.pos_ == "PROPN")


def _is_one_event(one: Occasion, other: Occasion) -> bool:
    """Whether two occasions can be one: two things in common, one of them a party, or the object of what is known."""
    if one.is_another or other.is_another or not _is_near(one.dated, other.dated):
        return False
    if _differ(one.who, other.who, one, other) or _differ(one.what, other.what, one, other):
        return False
    if any(
        _apart(*sides) for sides in ((one.where, other.where), (one.whose, other.whose), (one.others, other.others))
    ):
        return False
    back = one.looks_back or other.looks_back or one.read.paragraph.source != other.read.paragraph.source
    if _set("recurring") & {one.word, other.word} and not back:
        return False
    shared = one.things & other.things
    if one.marks & other.marks and one.read.paragraph.source == other.read.paragraph.source:
        return bool(shared)
    if len(shared) < 2:
        return back and not shared.isdisjoint(one.parties & other.parties)
    party = not shared.isdisjoint(one.parties | other.parties | (one.where & other.where))
    return party and (back or len(shared) > 2 or bool(one.names & other.names))


def _differ(mine: frozenset[str], theirs: frozenset[str], one: Occasion, other: Occasion) -> bool:
    """Whether both say who or what it is, both by name or both not, and neither's is among the words of the other."""
    alike = bool(mine & one.names) == bool(theirs & other.names)
    return bool(mine and theirs) and alike and not (mine & (theirs | other.things) or theirs & one.things)


def _apart(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(mine and theirs) and not mine & theirs


def _is_near(one: Dated, other: Dated) -> bool:
    """Whether two dates have no day in common and are near enough to be of one event."""
    gap = max((other.first - one.last).days, (one.first - other.last).days)
    spans = max((day.last - day.first).days + 1 for day in (one, other))
    most = next((most for days, most in _GAPS if spans <= days), 0)
    return 0 < gap <= most
