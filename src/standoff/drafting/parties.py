"""Who does an event and to whom: by subject, agent and object, by what qualifies a noun, and by what stands for a name.

What is not named itself (it, they, both sides, the junta) is taken for who was named before it in its paragraph, and
that is a doubt of the event.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from standoff.drafting.lexicon import lexicon
from standoff.drafting.mentions import Mention, heads
from standoff.drafting.parsing import Read, Token, conjuncts, is_main, left_of, up

AGAINST = frozenset([
    "against", "on", "at", "with", "from", "to", "toward", "towards", "into", "between", "over", "for", "of", "in",
    "among", "upon"
])  # fmt: skip
"""Prepositions behind which stands whom an event is on."""
_ADJUNCTS = ("conj", "xcomp", "advcl", "pcomp", "dobj", "pobj", "prep", "ccomp", "acl", "nsubj", "nsubjpass", "attr")
"""Relations over which a word without a subject of its own has that of what it hangs on."""
_PERSONAL = frozenset({"he", "she", "his", "her"})
_PLURAL = frozenset({"they", "their", "both", "each"})
_OTHER_PRONOUNS = frozenset({"it", "its"})
_BOTH = frozenset({"both", "two", "each", "neither"})
_SIDES = frozenset([
    "side", "party", "country", "government", "state", "nation", "capital", "power", "army", "navy", "neighbour",
    "neighbor", "fleet", "republic", "leader", "minister", "regime", "claimant", "junta", "force", "president"
])  # fmt: skip
"""Nouns that `both` can stand before where it means two who were named."""
_ACTING = ("state", "state organ", "armed group", "coalition", "agency")
"""Kinds of actor that can have done what nobody is named for."""
_WHOLE = ("state", "leader", "agency", "coalition")
"""Kinds of actor that `both sides` can be, besides countries."""


@dataclass(slots=True)
class Parties:
    """Who does it and to whom, each in the order of the text, and what is doubtful about that."""

    sources: list[Mention] = field(default_factory=list)
    targets: list[Mention] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def parties_of(read: Read, token: Token, actors: Sequence[Mention], *, pledged: bool = False) -> Parties:
    """Who does what a verb or noun tells, and to whom, of those who are named in its paragraph.

    What is `pledged` is done by who says so.
    """
    found = Parties()
    doers, done_to = _of_verb(token, found.doubts) if token.pos_ == "VERB" else _of_noun(token)
    if pledged:
        doers, done_to = subjects_of(token.head), [*_objects(token.head), *done_to, *doers]
    found.sources = _named(doers, actors)
    if not found.sources:
        found.sources = _stood_for(read, doers, actors, found.doubts)
    found.targets = [one for one in _named(done_to, actors) if one not in found.sources]
    if not (found.sources or found.targets):
        found.targets = _stood_for(read, done_to, actors, found.doubts)
    if token.pos_ != "VERB" and not found.sources:
        before = range(left_of(token), token.i)
        found.sources = [one for one in actors if one.root in before and one not in found.targets]
    if not (found.sources or found.targets) and _is_somebodys(read, token, doers):
        found.sources = _acted_before(read, token, actors)
        if found.sources:
            found.doubts.append("nobody is named; it is who acts in a sentence before")
    return found


def _is_somebodys(read: Read, token: Token, doers: Sequence[Token]) -> bool:
    """Whether somebody must have done what nobody is named for: a passive; a dated noun; firing began, shells fell."""
    if token.pos_ != "VERB":
        start, end = read.sentence_at(token.idx)
        return any(start <= one.start < end for one in read.dates)
    if any(child.dep_ == "nsubjpass" for child in token.children):
        return True
    classes = lexicon("frames")["classes"]
    things = {*classes["munition"], *classes["operation"], *classes["battle"]}
    return bool(doers) and all(one.lemma_.lower() in things for one in doers)


def _of_verb(verb: Token, doubts: list[str]) -> tuple[list[Token], list[Token]]:
    """Of a verb, the heads of those who do it and of those to whom it is done."""
    subjects = subjects_of(verb)
    passive = any(child.dep_ in ("nsubjpass", "auxpass") for child in verb.children)
    agents = agents_of(verb) or _joined_agents(verb)
    objects = [one for child in verb.children if child.dep_ in ("dobj", "dative", "attr") for one in conjuncts(child)]
    objects += [two for one in objects for two in _complements(one)]
    behind = _complements(verb)
    if passive or (verb.tag_ == "VBN" and verb.dep_ in ("acl", "amod") and not is_main(verb)) or agents:
        if not agents:
            doubts.append("nobody is named who did it")
        return agents, [*subjects, *objects, *behind]
    if verb.dep_ in ("xcomp", "ccomp") and verb.head.lemma_.lower() in lexicon("events")["words"]["ordering"]:
        subjects = [*subjects_of(verb.head), *(one for one in subjects if one.head == verb)]
    if not subjects:
        doubts.append("no subject")
    return subjects, [*objects, *behind]


def _of_noun(noun: Token) -> tuple[list[Token], list[Token]]:
    """Of a noun, the same: X's attack on Y, the seizure of Y by X, an attack that X carried out.

    `of` is whom it is done to, unless the noun is of those that somebody does alone: the visit of X.
    """
    own = [*agents_of(noun), *(one for child in noun.children if child.dep_ == "poss" for one in conjuncts(child))]
    behind = _complements(noun)
    if noun.lemma_.lower() in lexicon("events")["words"]["done_alone"]:
        own += [one for one in behind if one.head.lower_ in ("of", "by")]
    elif not own and noun.lemma_.lower() in lexicon("events")["words"]["mutual"]:
        own += [one for one in behind if up(one, "conj", "appos").head.lower_ in ("between", "of")]
    if own:
        return own, [one for one in behind if one not in own]
    above = up(noun, "conj", "appos")
    verb = above.head
    if above.dep_ == "nsubjpass" or (verb.pos_ == "VERB" and agents_of(verb)):
        return agents_of(verb), behind
    if above.dep_ == "nsubj" and verb.pos_ in ("VERB", "AUX"):
        return [*subjects_of(noun)], behind
    return subjects_of(noun), [*(_objects(verb) if above.dep_ == "pobj" else []), *behind]


def _objects(word: Token) -> list[Token]:
    return [one for child in word.children if child.dep_ in ("dobj", "dative") for one in conjuncts(child)]


def agents_of(word: Token) -> list[Token]:
    """The heads behind the `by` of a passive, or of a noun."""
    return [
        two
        for child in word.children
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by" and word.pos_ != "VERB")
        for one in child.children
        if one.dep_ == "pobj"
        for two in (*conjuncts(one), *_included(one))
    ]


def _joined_agents(verb: Token) -> list[Token]:
    """The agents of a passive that is joined to another one, behind which they stand: seized and sunk by X."""
    joined = [child for child in verb.children if child.dep_ == "conj" and child.tag_ == "VBN"]
    return [one for child in joined for one in agents_of(child) if not _has_subject(child)]


def _has_subject(verb: Token) -> bool:
    return any(child.dep_ in ("nsubj", "nsubjpass") for child in verb.children)


def _complements(token: Token) -> list[Token]:
    """The nouns behind the prepositions of a word that name whom it is on."""
    found = []
    for child in token.children:
        if child.dep_ in ("prep", "dative") and child.lower_ in AGAINST:
            for one in child.children:
                if one.dep_ in ("pobj", "pcomp"):
                    found += conjuncts(one)
    return found


def subjects_of(token: Token) -> list[Token]:
    """The subject of a verb, or of what it hangs on where it has none; of a noun, that of its verb."""
    for _ in range(6):
        own = [child for child in token.children if child.dep_ in ("nsubj", "nsubjpass")]
        if own:
            found = [two for one in own for two in conjuncts(one)]
            if all(one.tag_ in ("WDT", "WP") for one in own) and token.dep_ == "relcl":
                found = conjuncts(token.head)
            return [*found, *(two for one in found for two in _included(one))]
        if is_main(token):
            found = conjuncts(token.head)
            return [*found, *(two for one in found for two in _included(one))]
        if token.dep_ in ("acl", "relcl") and token.head.pos_ in ("NOUN", "PROPN") and token.tag_ in ("VBG", "VBD"):
            whole = up(token.head, "pobj", "prep")
            found = [*conjuncts(token.head), *([whole] if whole != token.head else [])]
            things = not any(one.lemma_.lower() in heads() or one.pos_ == "PROPN" for one in found)
            return [*found, *(subjects_of(whole.head) if things and whole.dep_ == "dobj" else [])]
        reported = token.dep_ in ("dobj", "ccomp", "pobj", "prep") and token.head.lemma_.lower() in reporting()
        declared = lexicon("events")["words"]["declaring"]
        reported &= not (token.dep_ == "dobj" and token.head.lemma_.lower() in declared)
        if token.dep_ not in _ADJUNCTS or token.head == token or reported:
            return []
        token = token.head
    return []


@cache
def reporting() -> frozenset[str]:
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


def _named(every: Sequence[Token], actors: Sequence[Mention]) -> list[Mention]:
    """The mentions that hang on these heads, or qualify them, in their order and each once."""
    found: dict[Mention, None] = {}
    for head in every:
        here = [one for one in actors if one.root == head.i]
        if not here:
            here = _beside(head, actors)
        elif all(one.kind is None and not one.is_person for one in here):
            here = [*here, *(one for one in _beside(head, actors) if one.kind == "state")]  # the Iranian tanker X
        found.update(dict.fromkeys(here))
    return list(found)


def _beside(head: Token, actors: Sequence[Mention]) -> list[Mention]:
    """The mentions that qualify a head from the left."""
    inside = {child.i for child in head.lefts} | {two.i for child in head.lefts for two in child.children}
    return [one for one in actors if one.root in inside]


def _stood_for(read: Read, every: Sequence[Token], actors: Sequence[Mention], doubts: list[str]) -> list[Mention]:
    """Who is meant by a word that names nobody, among those named before it: it, they, both sides, the junta."""
    for head in every:
        before = [one for one in actors if one.end <= head.idx]
        words = {head.lower_, *(child.lower_ for child in head.children if child.dep_ in ("det", "poss", "nummod"))}
        meant = _meant(read, head, words, before)
        if meant:
            said = read.doc[left_of(head) : head.i + 1].text
            doubts.append(f"'{said}' is taken for {' and '.join(one.text for one in meant)}")
            return meant
    return []


def _meant(read: Read, head: Token, words: set[str], before: Sequence[Mention]) -> list[Mention]:
    """The mentions that a head without a name stands for; none where it is a thing, or nobody fits."""
    noun = head.pos_ in ("NOUN", "PROPN")
    sides = head.lemma_.lower() in _SIDES
    if (
        noun
        and head.lemma_.lower() not in heads()
        and not sides
        and not words & (_PERSONAL | _OTHER_PRONOUNS | {"their"})
    ):
        return []
    if words & _PERSONAL:
        persons = [one for one in before if one.kind == "leader" or (one.is_person and one.kind != "state")]
        crew = noun and not persons  # of a ship: her sailors, her guns
        return _last_subjects(read, head, before)[:1] if crew else persons[-1:]
    if words & _BOTH:
        return _last_two(before)
    if words & _PLURAL:
        return _last_subjects(read, head, before) or _last_two(before)
    if words & _OTHER_PRONOUNS:
        return _last_subjects(read, head, before)[:1]
    if noun and head.lemma_.lower() in heads() and "the" in words:
        return [one for one in before if one.kind in ("state", "leader") and not one.is_person][-1:]
    return []


def _last_two(before: Sequence[Mention]) -> list[Mention]:
    """The last two who are states or lead them, in the order of the text; else the last two persons; else none."""
    for persons in (False, True):
        found: dict[str, Mention] = {}
        for one in reversed(before):
            is_person = one.is_person and one.kind != "state"
            if is_person is persons and (persons or one.kind in _WHOLE):
                found.setdefault(one.key, one)
        last = list(found.values())[:2]
        if len(last) == 2:
            return last[::-1]
    return []


def _last_subjects(read: Read, head: Token, before: Sequence[Mention]) -> list[Mention]:
    """Who is the subject of the clause before, with those joined to it; else whoever was named last."""
    for token in reversed(list(read.doc[: head.i])):
        if token.dep_ in ("nsubj", "nsubjpass") and head not in token.subtree:
            named = [one for one in _named(conjuncts(token), before) if one.end <= head.idx]
            if named:
                return named
    return list(before[-1:])


def _acted_before(read: Read, token: Token, actors: Sequence[Mention]) -> list[Mention]:
    """Who acts in the sentences before: the nearest subject of one that is a state, a force or a body, and no person.

    Where the word itself is about something that nobody does, as a mediation of others, this is wrong: a doubt.
    """
    start = read.sentence_at(token.idx)[0]
    for one in reversed(list(read.doc[: read.token_at(start)]) if start else []):
        if one.dep_ == "nsubj" and one.head.dep_ in ("ROOT", "conj", "ccomp"):
            named = [two for two in _named(conjuncts(one), actors) if two.kind in _ACTING and not two.is_person]
            if named:
                return named
    return []
