"""Whether a verb or a noun tells what has happened, or what may, should, was feared, meant, rehearsed or denied.

A word is followed up through what it hangs on: it is no fact where it, or a clause that it belongs to, is none.
"""

from __future__ import annotations

from functools import cache

from standoff.drafting.lexicon import lexicon
from standoff.drafting.parsing import Token

_VERBS = ("VERB", "AUX")
_FARTHEST = 8
"""Steps after which the way up ends: longer ones are wrong parses more often than clauses."""


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(lexicon("events")["words"][name])


def is_fact(token: Token, nouns: frozenset[str]) -> bool:
    """Whether a verb or noun tells a fact; `nouns` are the nouns of events.

    What hangs on another noun of an event is none: a vote for a withdrawal is not a withdrawal.
    """
    if token.pos_ not in _VERBS and (_is_called_unreal(token) or _is_object_of(token, nouns)):
        return False
    if _is_habit(token):
        return False
    node = token
    for _ in range(_FARTHEST):
        if node.pos_ in _VERBS and _is_unreal_clause(node):
            return False
        if node.dep_ == "csubj" or _is_foretold(node):
            return False
        above = _above(node)
        if above is None:
            return True
        if node.pos_ in _VERBS and _is_aim(node, above):
            return False
        node = above
    return True


def _is_habit(verb: Token) -> bool:
    """Whether a verb in the plain present says what is done again and again, or what is so: who sells arms to both."""
    return verb.tag_ in ("VBZ", "VBP") and not any(child.dep_ == "aux" for child in verb.children)


def _is_called_unreal(noun: Token) -> bool:
    """Whether a noun is called potential or eventual, or is denied."""
    return any(child.lower_ in _set("unreal_adjectives") for child in noun.children)


def _is_object_of(noun: Token, nouns: frozenset[str]) -> bool:
    """Whether a noun is what a word wants, fears, rehearses or prevents, or what another event is about."""
    head = noun.head
    while noun.dep_ in ("conj", "appos") and head != noun:
        noun, head = head, head.head
    if noun.dep_ == "dobj":
        return head.lemma_.lower() in _set("wishes") | _set("unreal_verbs")
    if noun.dep_ == "pobj" and head.head.pos_ in ("NOUN", "PROPN"):
        return head.head.lemma_.lower() in _set("unreal_nouns") | nouns
    if noun.dep_ == "pobj" and head.lower_ in ("for", "to"):
        # Of `took a vote for a withdrawal` the parser hangs the second noun on the verb.
        objects = {child.lemma_.lower() for child in head.head.children if child.dep_ == "dobj"}
        wanted = head.head.lemma_.lower() in _set("wishes") | _set("unreal_verbs")
        return wanted or (head.lower_ == "for" and not objects.isdisjoint(_set("unreal_nouns") | nouns))
    return False


def _is_unreal_clause(verb: Token) -> bool:
    """Whether a clause itself says what may, should or would be, what is denied, wished or meant, or a condition."""
    children = list(verb.children)
    words = {child.lower_ for child in children if child.dep_ in ("aux", "mark", "advmod")}
    if words & (_set("modals") | _set("conditions")) or any(child.dep_ == "neg" for child in children):
        return True
    if any(_is_nobody(child) for child in children if child.dep_ in ("nsubj", "nsubjpass", "dobj")):
        return True
    head = verb.head.lemma_.lower()
    purposed = "to" in words and verb.dep_ in ("xcomp", "advcl", "acl", "relcl", "ccomp")
    return (purposed and head not in _set("light") | _set("ordering")) or (
        verb.dep_ in ("xcomp", "pcomp", "ccomp") and head in _set("wishes")
    )


def _is_nobody(noun: Token) -> bool:
    """Whether who does it, or what is done, is nobody or nothing: no one was killed, neither side attacked."""
    denies = _set("nobody")
    return noun.lower_ in denies or any(child.lower_ in denies for child in noun.children if child.dep_ == "det")


def _is_foretold(token: Token) -> bool:
    """Whether it is the subject of what is called likely."""
    called = [child.lemma_.lower() for child in token.head.children if child.dep_ in ("acomp", "oprd")]
    return token.dep_ in ("nsubj", "nsubjpass") and bool(_set("chances").intersection(called))


def _is_aim(verb: Token, above: Token) -> bool:
    """Whether a gerund or an infinitive says what a noun is for: a focus on defeating, two objectives, withdrawing."""
    if verb.dep_ == "pcomp" and verb.head.lower_ != "of" and above.pos_ not in ("VERB", "PART"):
        return bool(above.pos_ != "AUX" or above.lemma_ == "be")
    return above.lemma_.lower() in _set("unreal_nouns") and verb.tag_ == "VBG"


def _above(node: Token) -> Token | None:
    """What decides on a word: the noun or verb that it hangs on; None where it stands for itself."""
    head, relation = node.head, node.dep_
    if head == node or relation == "ROOT":
        return None
    if node.pos_ in _VERBS:
        if relation == "conj":
            own = any(child.dep_ in ("nsubj", "nsubjpass") for child in node.children)
            return None if own else head
        is_past = node.tag_ in ("VBD", "VBN") or any(child.lower_ in ("had", "was", "were") for child in node.children)
        if relation == "relcl" and is_past:
            return None
        if relation == "advcl" and node.tag_ != "VBG":
            return None
        if relation not in ("xcomp", "ccomp", "acl", "relcl", "pcomp", "advcl"):
            return None
    if head.pos_ in ("ADP", "SCONJ", "PART") and relation in ("pobj", "pcomp"):
        return None if head.lower_ in _set("after") else head.head
    return head
