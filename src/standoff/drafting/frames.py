"""Which types of event a verb can tell, by what it is done to, by what stands beside it, and by who does it.

A frame is a row of `lexicons/frames.toml`: a verb of many meanings tells an event where one of its frames holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from standoff.drafting.lexicon import fold, lexicon
from standoff.drafting.mentions import people_of
from standoff.drafting.parsing import Token, conjuncts, is_main

_ANY = "*"
COUNTING = (
    "lot", "number", "thousand", "hundred", "dozen", "score", "series", "pair", "all", "some", "most", "half", "part",
    "week", "round", "wave", "string", "spate", "chain", "rest", "last", "first", "majority", "handful", "few",
    "couple", "each", "one", "many", "several", "another", "type", "kind", "batch", "group"
)  # fmt: skip
"""Nouns that only count what stands behind their `of`."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What must be true around a verb: each set that is not None has a word of its kind; `alone` means no object.

    `bare` means an object without an article: to give way is not to give a way.
    """

    type: str
    on: frozenset[str] | None
    by: frozenset[str] | None
    behind: frozenset[str] | None
    who: frozenset[str] | None
    alone: bool
    bare: bool

    def holds(self, around: Around) -> bool:
        """Whether the words around a verb are those of this frame."""
        if (self.alone and around.objects) or (self.bare and not around.is_bare):
            return False
        wanted = ((self.on, around.objects), (self.by, around.beside), (self.behind, around.behind))
        if any(words is not None and not _has(words, near) for words, near in wanted):
            return False
        return self.who is None or _has(self.who, around.subjects)


@dataclass(frozen=True, slots=True)
class Around:
    """The lemmas around a verb: what it is done to, particles and prepositions, what is behind these, its subjects."""

    objects: frozenset[str]
    beside: frozenset[str]
    behind: frozenset[str]
    subjects: frozenset[str]
    is_bare: bool


def _has(words: frozenset[str], near: frozenset[str]) -> bool:
    return bool(near) if _ANY in words else not words.isdisjoint(near)


@cache
def frames_of() -> dict[str, tuple[Frame, ...]]:
    """The frames of each verb, in the order of the list."""
    listed = lexicon("frames")
    classes: dict[str, list[str]] = listed["classes"]

    def words(given: str | Iterable[str] | None) -> frozenset[str] | None:
        every = [given] if isinstance(given, str) else given
        if every is None:
            return None
        return frozenset(word for one in every for word in (classes[one[1:]] if one.startswith("@") else [one]))

    found: dict[str, list[Frame]] = {}
    for row in listed["frames"]:
        on, by, behind, who = (words(row.get(part)) for part in ("on", "by", "behind", "who"))
        frame = Frame(row["type"], on, by, behind, who, alone=row.get("alone", False), bare=row.get("bare", False))
        for verb in row["verbs"]:
            found.setdefault(verb, []).append(frame)
    return {verb: tuple(every) for verb, every in found.items()}


def framed(verb: Token, subjects: Iterable[Token]) -> tuple[str, ...]:
    """The type of the first frame of a verb that holds; none where no frame does."""
    frames = frames_of().get(verb.lemma_.lower())
    if not frames:
        return ()
    around = _around(verb, subjects)
    return next(((one.type,) for one in frames if one.holds(around)), ())


def _around(verb: Token, subjects: Iterable[Token]) -> Around:
    objects = [child for child in verb.children if child.dep_ in ("dobj", "nsubjpass", "oprd")]
    if (verb.dep_ in ("relcl", "acl") and verb.tag_ == "VBN" and not is_main(verb)) or _has_it_before(verb, objects):
        objects.append(verb.head)
    if verb.dep_ == "conj" and verb.tag_ == "VBN" and not objects:
        objects += [child for child in verb.head.children if child.dep_ == "nsubjpass"]
    beside = [
        child for child in verb.children if child.dep_ in ("prt", "prep", "advmod", "agent") or child.pos_ == "ADP"
    ]
    if verb.lemma_.lower() == "let":  # let him go
        beside += [child for child in verb.children if child.dep_ in ("ccomp", "xcomp")]
    behind = [one for child in beside for one in child.children if one.dep_ in ("pobj", "pcomp")]
    # Of a passive without an agent nobody is known to do it.
    passive = any(child.dep_ in ("nsubjpass", "auxpass") for child in verb.children)
    return Around(
        _lemmas(objects), frozenset(one.lower_ for one in beside), _lemmas(behind),
        frozenset() if passive else _lemmas(subjects),
        not any(child.dep_ in ("det", "poss") for one in objects for child in one.children),
    )  # fmt: skip


def _kinds_beside(name: Token) -> set[str]:
    """The words in small letters before a name, of which one says what it is of: the squid boat X; the cruiser Y."""
    if name.pos_ != "PROPN":
        return set()
    before = [child for child in name.lefts if child.dep_ in ("compound", "nmod", "amod")]
    return {word for child in before if child.text.islower() for word in (child.lower_, child.lemma_.lower())}


def _has_it_before(verb: Token, objects: Iterable[Token]) -> bool:
    """Whether a relative clause does something to what it hangs on: a plan that X turned down; the ship X sank."""
    if verb.dep_ != "relcl" or not any(child.dep_ == "nsubj" for child in verb.children):
        return False
    every = list(objects)
    who = any(child.tag_ in ("WDT", "WP") for child in verb.children if child.dep_ == "nsubj")
    return not who and all(one.tag_ in ("WDT", "WP") for one in every)


def _lemmas(heads: Iterable[Token]) -> frozenset[str]:
    """The lemmas of some heads and all joined to them; what is only counted is looked through to what it counts.

    A person's name stands for a person, those of a people for its nationals.
    """
    found = set()
    for one in (two for head in heads for two in conjuncts(head)):
        found |= {one.lemma_.lower(), one.lower_}
        kinds = _kinds_beside(one)
        found |= kinds
        if one.ent_type_ == "PERSON" and kinds.isdisjoint(lexicon("frames")["classes"]["craft"]):
            found.add("minister")
        people = people_of(one.text) if one.tag_ in ("NNS", "NNPS") else None
        if people is not None and fold(people) != one.lower_:
            found.add("national")
        if one.lemma_.lower() in COUNTING or one.pos_ == "NUM" or any(two.dep_ == "nummod" for two in one.children):
            found |= {
                two.lemma_.lower()
                for child in one.children
                if child.dep_ == "prep" and child.lower_ == "of"
                for two in child.children
            }
    return frozenset(found)
