"""What a text says has happened: who did what to whom, where and when, by the verbs and nouns of the lexicon.

What may, should or would happen, what is denied, wished or a condition is no event; nor is what is said: who reports is
not who acts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from standoff.drafting.counting import counted_day
from standoff.drafting.dates import Dated
from standoff.drafting.facts import is_fact
from standoff.drafting.frames import COUNTING, framed, frames_of
from standoff.drafting.lexicon import lexicon
from standoff.drafting.mentions import Mention
from standoff.drafting.parsing import Read, Token, conjuncts, up
from standoff.drafting.parties import parties_of, reporting, subjects_of
from standoff.drafting.quantities import quantities
from standoff.drafting.sites import Sited

_PLEDGED = ("THREATEN",)
_AGREED = frozenset({"deal", "agreement", "treaty", "pact", "talks", "accord"})


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a sentence: `word` is where its verb or noun stands, the others are mentions or dates, or none."""

    read: Read
    type: str
    types: tuple[str, ...]
    lemma: str
    word: tuple[int, int]
    sources: tuple[Mention, ...]
    targets: tuple[Mention, ...]
    place: Sited | None
    dated: Dated | None
    size: tuple[float, int, int] | None
    doubts: tuple[str, ...]


@cache
def verb_types() -> dict[str, tuple[str, ...]]:
    """The types of each verb, the likelier first as the lexicon has them."""
    return _by_word("verbs")


@cache
def types_of_verb(lemma: str) -> tuple[str, ...]:
    """Every type that a verb can tell, in whatever frame."""
    return (*verb_types().get(lemma, ()), *(one.type for one in frames_of().get(lemma, ())))


@cache
def noun_types() -> dict[str, tuple[str, ...]]:
    """The types of each noun."""
    return _by_word("nouns")


def _by_word(section: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for kind, words in lexicon("events")[section].items():
        for word in words:
            found.setdefault(word, []).append(kind)
    return {word: tuple(kinds) for word, kinds in found.items()}


def events_in(read: Read, actors: Sequence[Mention], places: Sequence[Sited]) -> list[Happened]:
    """The events of a paragraph; in one sentence each type with one date and one actor once."""
    found: dict[tuple[object, ...], Happened] = {}
    for token in read.doc:
        types = () if _is_date(read, token.idx) else _types_of(token)
        pledged = _is_pledge(token, types)
        if not pledged and (not types or _is_told_already(token) or not is_fact(token, frozenset(noun_types()))):
            continue
        one = _event(read, token, _PLEDGED if pledged else types, actors, places, pledged=pledged)
        if one is None:
            continue
        source = one.sources[0].key if one.sources else None
        day = one.dated.first if one.dated else None
        key = (read.sentence_at(token.idx), one.type, source, day)
        if key not in found or (len(one.targets) > len(found[key].targets) and not found[key].targets):
            found[key] = one
    return sorted(found.values(), key=lambda one: one.word)


def _types_of(token: Token) -> tuple[str, ...]:
    lemma = token.lemma_.lower()
    if token.pos_ == "VERB":
        if token.dep_ == "amod":
            return ()  # X-backed militias: a quality of theirs
        return framed(token, subjects_of(token)) or (verb_types().get(lemma, ()) if _has_its_object(token) else ())
    if token.pos_ in ("NOUN", "PROPN") and token.dep_ in (
        "nsubj",
        "nsubjpass",
        "dobj",
        "pobj",
        "conj",
        "ROOT",
        "appos",
        "attr",
        "advcl",
    ):
        return noun_types().get(lemma, ())
    return ()


def _is_told_already(noun: Token) -> bool:
    """Whether a noun only names again what was told: the clash, these talks; or what its verb tells: made a protest."""
    if noun.pos_ == "VERB":
        return False
    above = up(noun, "conj", "appos", "pobj", "prep")
    if above.dep_ in ("dobj", "nsubjpass", "prep") and above.head.pos_ == "VERB":
        told = _types_of(above.head)
        if told and (above == noun or above.dep_ == "prep" or above.lemma_.lower() in COUNTING):
            return True
    own = [
        child for child in noun.children if child.dep_ in ("prep", "poss", "amod", "compound", "nmod", "acl", "relcl")
    ]
    pointing = any(child.lower_ in ("the", "this", "these", "that", "those") for child in noun.children)
    return pointing and not own and noun.dep_ == "pobj"


def _is_pledge(verb: Token, types: tuple[str, ...]) -> bool:
    """Whether somebody says that they will do what threatens, or not bear what is done: then that is the event."""
    will = {child.lower_ for child in verb.children if child.dep_ == "aux"} & {"will", "would"}
    said = verb.dep_ == "ccomp" and verb.head.lemma_.lower() in reporting()
    if verb.pos_ != "VERB" or not (will and said) or verb.head.tag_ in ("VBZ", "VBP"):
        return False
    words = lexicon("events")["words"]
    lemma = verb.lemma_.lower()
    if any(child.dep_ == "neg" for child in verb.children):
        return lemma in words["not_borne"]
    dire = {two.lemma_.lower() for child in verb.children if child.dep_ == "dobj" for two in conjuncts(child)}
    return "THREATEN" in types or lemma in words["pledged"] or not dire.isdisjoint(words["dire"])


def _has_its_object(verb: Token) -> bool:
    """Whether a verb of many meanings has one of the objects with which it tells an event; other verbs need none.

    `expand` does with ties and trade, and not with influence.
    """
    wanted = lexicon("events")["objects"].get(verb.lemma_.lower())
    if wanted is None:
        return True
    behind = [one for child in verb.children if child.dep_ == "prep" for one in child.children if one.dep_ == "pobj"]
    beside = ("dobj", "nsubjpass", "prt", "prep")
    near = [child for child in verb.children if child.dep_ in beside or child.pos_ == "ADP"]
    above = [verb.head] if verb.dep_ in ("relcl", "acl") else []
    words = {two.lemma_.lower() for one in (*near, *behind, *above) for two in conjuncts(one)}
    return not words.isdisjoint(wanted)


def _event(
    read: Read, token: Token, types: tuple[str, ...], actors: Sequence[Mention], places: Sequence[Sited], *,
    pledged: bool,
) -> Happened | None:  # fmt: skip
    who = parties_of(read, token, actors, pledged=pledged)
    sources, targets, doubts = who.sources, who.targets, who.doubts
    if not targets and _is_mutual(token, types):
        sources, targets = sources[:1], sources[1:]
    sentence = read.sentence_at(token.idx)
    if not (sources or targets):
        if (
            token.pos_ != "VERB"
            or token.dep_ in ("acl", "relcl")
            or not any(sentence[0] <= one.start < sentence[1] for one in read.dates)
        ):
            return None
        doubts.append("who?")
    dated, when = _dated(read, token, sentence)
    place = _placed(read, token, places, sentence)
    size = next(
        ((one.value, one.start, one.end) for one in quantities(read.paragraph.text[slice(*sentence)])
         if one.unit == one.head and not _is_date(read, sentence[0] + one.start)), None,
    )  # fmt: skip
    if size is not None:
        size = (size[0], size[1] + sentence[0], size[2] + sentence[0])
    kind = _fitting(token, types, sources)
    word = (token.idx, token.idx + len(token.text))
    doubts += [when] if when else []
    return Happened(
        read, kind, types, token.lemma_.lower(), word, tuple(sources), tuple(targets), place, dated, size, tuple(doubts)
    )


def _is_mutual(token: Token, types: tuple[str, ...]) -> bool:
    """Whether several who do it do it with each other: they met, they agreed, they fought."""
    words = lexicon("events")["words"]
    return types[0] in words["mutual_types"] or token.lemma_.lower() in words["mutual"]


def _is_date(read: Read, offset: int) -> bool:
    return any(one.start <= offset < one.end for one in read.dates)


def _fitting(token: Token, types: tuple[str, ...], sources: Sequence[Mention]) -> str:
    """The type that the grammar speaks for: to withdraw from an agreement is no retreat of forces.

    A government that protests accuses; people who protest are in the street.
    """
    if len(types) > 1 and "RETREAT" in types and "REJECT" in types:
        objects = {child.lower_ for prep in token.children if prep.dep_ == "prep" for child in prep.children}
        return "REJECT" if objects & _AGREED else "RETREAT"
    if len(types) > 1 and "PROTEST" in types and "ACCUSE" in types:
        return "ACCUSE" if any(one.kind in ("state", "leader", "agency") for one in sources) else "PROTEST"
    return types[0]


def _dated(read: Read, token: Token, sentence: tuple[int, int]) -> tuple[Dated | None, str | None]:
    """The date of an event: that of its clause, or of what this hangs on, or the nearest; else the last one before."""
    here = [one for one in read.dates if sentence[0] <= one.start < sentence[1] and not _compares(read, one)]
    if here:
        counted = counted_day(read, _clause(token))
        if counted is not None:
            return counted, counted.doubt
        below = {child.idx for child in token.subtree}
        within = [one for one in here if any(one.start <= place < one.end for place in below)]
        clause = _clause(token)
        own = [one for one in within if _clause(read.doc[read.token_at(one.end - 1)]) == clause]
        above = [] if within else [one for one in here if _clause(read.doc[read.token_at(one.end - 1)]) == clause]
        best = min(own or within or above or here, key=lambda one: abs(one.start - token.idx))
        return best, best.doubt
    before = [one for one in read.dates if one.start < sentence[0] and (one.doubt is None or _is_counted(one))]
    if before:
        return before[-1], "the date is that of a sentence before"
    return None, None


def _is_counted(dated: Dated) -> bool:
    """Whether it is a day that is counted from another one: as good a day to go on from."""
    return dated.is_day and dated.doubt is not None and dated.doubt.startswith("counted from")


def _clause(token: Token) -> Token:
    """The verb of the clause that a word belongs to."""
    while token.pos_ not in ("VERB", "AUX") and token.head != token:
        token = token.head
    while token.dep_ in ("aux", "auxpass") and token.head != token:
        token = token.head
    return token


def _compares(read: Read, dated: Dated) -> bool:
    """Whether a date only says how long there was nothing of the sort: the first deaths since 1975."""
    start = read.sentence_at(dated.start)[0]
    since = read.paragraph.text[dated.start : dated.end].lower().startswith("since")
    return since and re.search(r"\bfirst\b", read.paragraph.text[start : dated.start]) is not None


def _placed(read: Read, token: Token, places: Sequence[Sited], sentence: tuple[int, int]) -> Sited | None:
    """The place of an event: the nearest behind it in its sentence that is more than a country, else any, else none."""
    here = [one for one in places if sentence[0] <= one.mention.start < sentence[1]]
    small = [one for one in here if one.mention.kind != "country"] or here
    behind = [one for one in small if one.mention.start > token.idx]
    return min(behind or small, key=lambda one: abs(one.mention.start - token.idx), default=None)


def mode_of(lemma: str) -> str | None:
    """The mode that a word gives an event, such as air strike."""
    modes: Mapping[str, str] = lexicon("events")["modes"]
    return modes.get(lemma)
