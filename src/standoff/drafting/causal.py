"""Whether a cue says why: the same words also say when, where, by whom, how long, or what somebody wishes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from standoff.drafting.lexicon import lexicon
from standoff.drafting.mentions import heads
from standoff.drafting.parsing import Read, Token

THING = "thing"
"""The class of verbs that say why only where a thing does it: what somebody does is an event."""
_OBJECTS = ("dobj", "nsubjpass", "dative", "ccomp", "xcomp", "oprd", "pcomp")
"""What a verb has of which it says that it is caused."""


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(lexicon("claims")["grammar"][name])


def is_causal(read: Read, start: int, end: int, way: str) -> bool:
    """Whether the cue at a place of a paragraph says why, by what hangs on it; `way` is its class."""
    token = read.doc[read.token_at(start)]
    words = read.paragraph.text[start:end].lower()
    if way == "purpose":
        return _is_purpose(token)
    if way == "verb":
        return " " in words or words in lexicon("claims")["verbs"]["nouns"] or _has_effect(token)
    if way == THING:
        return _has_effect(token) and _is_done_by_a_thing(token)
    if words == "by":
        return any(child.dep_ == "pcomp" and child.tag_ == "VBG" for child in token.children)
    if words == "so":
        joins = token.tag_ == "IN" and token.head.pos_ in ("VERB", "AUX")
        return bool(joins and read.paragraph.text[:start].endswith(", "))
    if words in _set("of_time"):
        return not _is_of_time(read, token, end)
    relations: Mapping[str, list[str]] = lexicon("claims")["relations_of_cues"]
    if words in relations:
        if any(one.end <= start <= one.end + 2 for one in read.dates):
            return False  # in the summer, when
        return bool(token.dep_ in relations[words] and token.head.dep_ != "relcl")
    if words in _set("verbal"):
        return _has_effect(token)
    return True


def _is_purpose(to: Token) -> bool:
    """Whether an infinitive says what for: not what is wished or begun, nor what a noun is about."""
    verb = to.head
    if verb == to or verb.dep_ not in ("xcomp", "ccomp"):
        return True
    return verb.head.lemma_.lower() not in _set("completed")


def _has_effect(token: Token) -> bool:
    """Whether a word is a verb with something that it acts on: not a quality (`limited means`), not a noun."""
    wished = token.dep_ == "xcomp" and token.head.lemma_.lower() in _set("wished")
    if token.pos_ != "VERB" or token.dep_ in ("amod", "acomp", "compound") or wished:
        return False
    behind = [child for child in token.children if child.dep_ == "prt" and child.i == token.i + 1]
    if behind and token.lemma_.lower() in _set("with_particles"):
        return False
    return bool((token.tag_ == "VBN" and token.dep_ == "acl") or any(one.dep_ in _OBJECTS for one in token.children))


def _is_done_by_a_thing(verb: Token) -> bool:
    """Whether what does it is no actor and no name, but what has happened, is, or was just said."""
    while verb.dep_ == "conj" and not any(child.dep_ == "nsubj" for child in verb.children):
        verb = verb.head
    doers = [child for child in verb.children if child.dep_ in ("nsubj", "csubj")]
    if verb.dep_ == "relcl" and any(one.tag_ in ("WDT", "WP") for one in doers):
        doers = [verb.head]
    return any(
        one.pos_ == "VERB" or (one.pos_ == "NOUN" and not one.ent_type_ and one.lemma_.lower() not in heads())
        or one.lower_ in ("this", "that", "which") for one in doers
    )  # fmt: skip


def _counts_from(read: Read, verb: Token) -> bool:
    """Whether a clause says from when on something has been so: since the truce lapsed in May, they have fought."""
    first, last = verb.left_edge.idx, verb.right_edge.idx
    dated = any(first <= one.start <= last for one in read.dates)
    return dated and any(child.dep_ == "aux" and child.lemma_.lower() == "have" for child in verb.head.children)


def _is_of_time(read: Read, token: Token, end: int) -> bool:
    """Whether a word that can mean why means when: a date, a length of time or a mere noun stands behind it."""
    if any(one.start - 1 <= end <= one.end for one in read.dates):
        return True
    if token.dep_ == "mark":
        counted = token.lower_ in _set("only_clauses") and _counts_from(read, token.head)
        return bool(token.head.dep_ == "relcl") or counted
    if any(child.dep_ == "npadvmod" for child in token.children):
        return True  # seven months after
    behind = [child for child in token.children if child.dep_ in ("pobj", "pcomp", "advmod")]
    spans = any(one.lemma_.lower() in _set("spans") or one.ent_type_ in ("DATE", "TIME") for one in behind)
    return spans or (token.lower_ in _set("only_clauses") and any(one.dep_ == "pobj" for one in behind))
