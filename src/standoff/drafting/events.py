"""What a text says has happened: who did what to whom, where and when, by the verbs and nouns of the lexicon.

What may, should or would happen, what is denied, wished or a condition is no event; nor is what is said: who reports is
not who acts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from standoff.drafting.dates import Dated
from standoff.drafting.facts import is_fact
from standoff.drafting.lexicon import lexicon
from standoff.drafting.mentions import Mention
from standoff.drafting.parsing import Read, Token, conjuncts, left_of, up
from standoff.drafting.places import Sited
from standoff.drafting.quantities import quantities

AGAINST = frozenset([
    "against", "on", "at", "with", "from", "to", "toward", "towards", "into", "between", "over", "for", "of", "in",
    "among", "upon"
])  # fmt: skip
"""Prepositions behind which stands whom an event is on."""


_AGREED = frozenset({"deal", "agreement", "treaty", "pact", "talks", "accord"})
_ADJUNCTS = ("conj", "xcomp", "advcl", "pcomp", "dobj", "pobj", "prep", "ccomp", "acl", "nsubj", "attr")
"""Relations over which a word without a subject of its own has that of what it hangs on."""


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
        types = _types_of(token)
        if not types or not (_is_pledge(token, types) or is_fact(token, frozenset(noun_types()))):
            continue
        one = _event(read, token, types, actors, places)
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
        return verb_types().get(lemma, ()) if _has_its_object(token) else ()
    if token.pos_ in ("NOUN", "PROPN") and token.dep_ in (
        "nsubj",
        "nsubjpass",
        "dobj",
        "pobj",
        "conj",
        "ROOT",
        "appos",
        "attr",
    ):
        return noun_types().get(lemma, ())
    return ()


def _is_pledge(verb: Token, types: tuple[str, ...]) -> bool:
    """Whether somebody says that they will do what threatens: then that is said is the event."""
    will = {child.lower_ for child in verb.children if child.dep_ == "aux"} & {"will", "would"}
    said = verb.dep_ == "ccomp" and verb.head.lemma_.lower() in _reporting()
    return bool("THREATEN" in types and will and said and not any(child.dep_ == "neg" for child in verb.children))


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
    read: Read, token: Token, types: tuple[str, ...], actors: Sequence[Mention], places: Sequence[Sited]
) -> Happened | None:
    doers, done_to, doubts = _arguments(token)
    sources = _named(doers, actors)
    targets = [one for one in _named(done_to, actors) if one not in sources]
    if not targets and _is_mutual(token, types):
        sources, targets = sources[:1], sources[1:]
    if token.pos_ != "VERB":
        before = range(left_of(token), token.i)
        within = [one for one in actors if one.root in before]
        sources = sources or within
    if not (sources or targets):
        return None
    sentence = read.sentence_at(token.idx)
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


def _arguments(token: Token) -> tuple[list[Token], list[Token], list[str]]:
    """Who does it and to whom, as heads of noun phrases, and what is doubtful about that."""
    doubts: list[str] = []
    subjects = _subjects(token)
    passive = any(child.dep_ in ("nsubjpass", "auxpass") for child in token.children)
    agents = [one for child in token.children if child.dep_ == "agent" for one in child.children if one.dep_ == "pobj"]
    objects = [one for child in token.children if child.dep_ in ("dobj", "dative", "attr") for one in conjuncts(child)]
    objects += [two for one in objects for two in _complements(one)]
    behind = _complements(token)
    if token.pos_ == "VERB" and (passive or (token.tag_ == "VBN" and token.dep_ in ("acl", "amod")) or agents):
        if not agents:
            doubts.append("nobody is named who did it")
        return [two for one in agents for two in conjuncts(one)], [*subjects, *objects, *behind], doubts
    if not subjects and token.pos_ == "VERB":
        doubts.append("no subject")
    return subjects, [*objects, *behind], doubts


def _complements(token: Token) -> list[Token]:
    """The nouns behind the prepositions of a word that name whom it is on."""
    found = []
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ in AGAINST:
            for one in child.children:
                if one.dep_ in ("pobj", "pcomp"):
                    found += conjuncts(one)
    return found


def _subjects(token: Token) -> list[Token]:
    """The subject of a verb, or of what it hangs on where it has none; of a noun, that of its verb."""
    for _ in range(6):
        own = [child for child in token.children if child.dep_ in ("nsubj", "nsubjpass")]
        if own:
            found = [two for one in own for two in conjuncts(one)]
            if all(one.tag_ in ("WDT", "WP") for one in own) and token.dep_ == "relcl":
                found = conjuncts(token.head)
            return [*found, *(two for one in found for two in _included(one))]
        if token.dep_ in ("acl", "relcl") and token.head.pos_ in ("NOUN", "PROPN") and token.tag_ in ("VBG", "VBD"):
            whole = up(token.head, "pobj", "prep")
            return [*conjuncts(token.head), *([whole] if whole != token.head else [])]
        reported = token.dep_ in ("dobj", "ccomp", "pobj", "prep") and token.head.lemma_.lower() in _reporting()
        if token.dep_ not in _ADJUNCTS or token.head == token or reported:
            return []
        token = token.head
    return []


@cache
def _reporting() -> frozenset[str]:
    """Verbs of saying: who says it is not who does it."""
    return frozenset(lexicon("events")["words"]["reporting"])


def _included(noun: Token) -> Iterator[Token]:
    """What a noun is said to hold: a column that included X and Y; members of X; forces from X."""
    for child in noun.children:
        if child.dep_ == "relcl" and child.lemma_.lower() in ("include", "contain", "comprise"):
            for one in child.children:
                if one.dep_ == "dobj":
                    yield from conjuncts(one)
        elif child.dep_ == "prep" and child.lower_ in ("of", "including", "from", "between", "by", "with"):
            for one in child.children:
                if one.dep_ == "pobj":
                    yield from conjuncts(one)


def _named(heads: Sequence[Token], actors: Sequence[Mention]) -> list[Mention]:
    """The mentions that hang on these heads, or qualify them, in their order and each once."""
    found: dict[Mention, None] = {}
    for head in heads:
        index = {head.i}
        every = [one for one in actors if one.root in index]
        if not every:
            inside = {child.i for child in head.lefts} | {two.i for child in head.lefts for two in child.children}
            every = [one for one in actors if one.root in inside]
        found.update(dict.fromkeys(every))
    return list(found)


def _dated(read: Read, token: Token, sentence: tuple[int, int]) -> tuple[Dated | None, str | None]:
    """The date of an event: the nearest in its clause or its sentence; else the last one before it."""
    here = [one for one in read.dates if sentence[0] <= one.start < sentence[1] and not _compares(read, one)]
    if here:
        below = {child.idx for child in token.subtree}
        own = [one for one in here if any(one.start <= place < one.end for place in below)]
        best = min(own or here, key=lambda one: abs(one.start - token.idx))
        return best, best.doubt
    before = [one for one in read.dates if one.start < sentence[0] and one.doubt is None]
    if before:
        return before[-1], "the date is that of a sentence before"
    return None, None


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
