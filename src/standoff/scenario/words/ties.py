"""Ties: patrons, alliances, rivalries and restraints become states between actors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from standoff.scenario.expression.syntax import names_in
from standoff.scenario.expression.written import Form, applied, called, written
from standoff.scenario.origin import Origin, Role, origin_of
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Document, Part, State, named_sections
from standoff.scenario.schema.scalars import MEMBER, TIE
from standoff.scenario.words.expansion import Expansion

STATES = {
    "patronage": "how far the first controls the second",
    "deniability": "how far the first can deny what the second does",
    "alliance": "how close two allies are",
    "rivalry": "how sharp the rivalry of two actors is",
    "restraint": "how far the first holds the second back",
}
_BOTH_WAYS = ("alliance", "rivalry")
STATE_OF = {"patron": "patronage", "alliance": "alliance", "rivalry": "rivalry", "restraint": "restraint"}
"""The state that ties of each kind are."""
_PARTS: dict[str, tuple[str, Role]] = {
    **{name: (kind, "strength") for kind, name in STATE_OF.items()}, "deniability": ("patron", "deniability"),
}  # fmt: skip
_FOR_PEOPLE = frozenset({"about", "ask", "evidence", "forecast", "recorded", "label", "mechanism"})

_WITHOUT_TIES = frozenset({
    "sources", "kinds", "actors", "places", "groups", "relations", "state", "parameters", "claims", "record",
})  # fmt: skip
"""The sections whose expressions read no tie that is not declared; a new section counts as one that reads some."""

Pairs = dict[str, dict[str, Words]]

TieName = tuple[str, str, str]
"""A tie: the state that it is, and its two actors."""


def expand_ties(expansion: Expansion) -> None:
    """Writes out the ties of the document; a state of ties is there if ties are given or an expression reads it."""
    document = expansion.document
    begin: dict[str, Pairs] = {name: {} for name in STATES}
    used: dict[str, str] = {
        name: _first_word(document, kind) for kind, name in STATE_OF.items() if getattr(document.ties, kind)
    }
    _explicit(expansion, begin)
    # An expanded document still says who is whose patron; the state that this makes is already there.
    if "patronage" not in document.state:
        _from_actors(document, begin)
    for name in ("patronage", "deniability"):
        if begin[name]:
            used.setdefault(name, next(iter(begin[name])))
    read = {name for words in _expressions(document) for name in names_in(words)}
    for name, about in STATES.items():
        if name in used or (name in read and name not in document.state):
            near = used.get(name, name)
            state = State(of=(Words("actor"), Words("actor")), at_least=0, at_most=1, about=Words(about))
            origin = Origin("tie", *_PARTS[name])
            expansion.add_state(name, state, origin, near=near, begin=begin[name] or None)


def change_tie(expansion: Expansion, tie: TieName, factor: Form, *, grows: bool = False) -> None:
    """Multiplies what a tie is at the start, both ways where it goes both ways; where it `grows`, up to 1.

    Where the factor is 1 it is the very number that it was.
    """
    state, *ends = tie
    begin: Pairs = {source: dict(targets) for source, targets in expansion.begin[state].items()}
    for source, target in (ends, ends[::-1]) if state in _BOTH_WAYS else (ends,):
        near = begin[source][target]
        changed = applied("*", near, factor)
        begin[source][target] = written(called("min", 1, changed) if grows else changed, near)
    expansion.begin[state] = begin


def ties_of(expansion: Expansion) -> dict[TieName, str]:
    """All ties that the words have made, as claims name them: `alliance[red, green]`; those both ways twice."""
    origins = {str(name): origin_of(name) for name in expansion.state}
    made = [name for name in STATES if (origin := origins.get(name)) is not None and origin.word == "tie"]
    return {
        (name, str(source), str(target)): f"{name}[{source}, {target}]"
        for name in made for source, targets in expansion.begin.get(name, {}).items() for target in targets
    }  # fmt: skip


def named_tie(name: str) -> TieName | None:
    """The state and the two actors in `alliance[red, green]`; None for another name."""
    match = TIE.fullmatch(name)
    return None if match is None else (match[1], match[2], match[3])


def begins_as_tie(name: str) -> bool:
    """Whether a name, perhaps with an actor, is that of a kind of ties or of what they are, such as `alliance[red]`."""
    match = MEMBER.fullmatch(name)
    return (name if match is None else match[1]) in {*STATES, *STATE_OF}


def parts_of(tie: TieName) -> tuple[TieName, ...]:
    """A tie with all that is not there without it: who has no proxy denies nothing."""
    state, source, target = tie
    return (tie, ("deniability", source, target)) if state == "patronage" else (tie,)


def _first_word(document: Document, kind: str) -> Words:
    first: Words = getattr(document.ties, kind)[0].from_
    return first


def _explicit(expansion: Expansion, begin: dict[str, Pairs]) -> None:
    for kind, name in STATE_OF.items():
        for tie in getattr(expansion.document.ties, kind):
            ways = [(tie.from_, tie.to)]
            if name in _BOTH_WAYS:
                ways.append((tie.to, tie.from_))
            if tie.to in begin[name].get(tie.from_, {}):
                expansion.fault("SD203", tie.from_, f"the {kind} tie of {tie.from_} to {tie.to} is given twice")
            for source, target in ways:
                begin[name].setdefault(source, {})[target] = tie.strength or Words("1")
            if tie.deniability is not None:
                begin["deniability"].setdefault(tie.from_, {})[tie.to] = tie.deniability


def _from_actors(document: Document, begin: dict[str, Pairs]) -> None:
    for name, actor in document.actors.items():
        if actor.patron is None:
            continue
        begin["patronage"].setdefault(actor.patron, {}).setdefault(name, actor.control or Words("1"))
        if actor.deniability is not None:
            begin["deniability"].setdefault(actor.patron, {}).setdefault(name, actor.deniability)


def _expressions(document: Document) -> Iterator[str]:
    for section in named_sections():
        if section not in _WITHOUT_TIES:
            yield from _words(getattr(document, section))


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, Words):
        yield value
    elif isinstance(value, Part):
        for name, below in value.__dict__.items():
            if name not in _FOR_PEOPLE:
                yield from _words(below)
    elif isinstance(value, dict):
        for below in value.values():
            yield from _words(below)
    elif isinstance(value, tuple):
        for below in value:
            yield from _words(below)
