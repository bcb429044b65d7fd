"""Lint of what is written down and read by nothing: local values, zones, stances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from standoff.errors import Fault, Location, suggestion
from standoff.scenario.expression.syntax import names_in
from standoff.scenario.linting.statements import has_locals, steps
from standoff.scenario.linting.warned import warning
from standoff.scenario.origin import Origin
from standoff.scenario.reading.source import Words
from standoff.scenario.resolved import Let, Resolved, Rule
from standoff.scenario.schema import Document, cited_sources
from standoff.scenario.tree import Local, Node, StateValue
from standoff.scenario.walks import rule_nodes, statement_nodes, walk, watch_nodes
from standoff.scenario.words.zones import names_of


def unread(document: Document, expanded: Document, resolved: Resolved) -> Iterator[Fault]:
    """A warning for each local value, zone and stance that nothing reads, a note for each source that nobody cites."""
    yield from _locals(expanded, resolved)
    yield from _zones(document)
    yield from _stances(document, resolved)
    yield from _sources(document)


def _sources(document: Document) -> Iterator[Fault]:
    """A source may be there to be read: that nothing rests on it is no mistake."""
    cited = cited_sources(document)
    for name in document.sources:
        if name not in cited:
            found = f"no evidence points at the source '{name}'"
            hint = f"write from: {name}#p1 where something rests on its first paragraph, or leave the source out"
            yield replace(warning("SD433", name, found, hint), severity="note")


def _stands_there(words: Words, place: Location, name: str) -> bool:
    """Whether a statement about this name stands where it is said to, so that its author has written it."""
    begins = words.strip()[: len(name) + 2]
    return place.text[place.column - 1 :].lstrip("'\"")[: len(begins)] == begins


def _locals(expanded: Document, resolved: Resolved) -> Iterator[Fault]:
    told: set[object] = set()
    for rule in resolved.rules:
        if not has_locals(rule.then):
            continue
        for step in steps(rule, expanded.rules[Words(rule.name)]):
            if not isinstance(step.statement, Let) or not isinstance(step.words, Words):
                continue
            name, place = step.statement.name, step.words.location
            if place is None or place in told or not _stands_there(step.words, place, name):
                # A word of the language has made it.
                continue
            if any(isinstance(node, Local) and node.name == name for node in walk(*statement_nodes(step.after))):
                continue
            told.add(place)
            states = [
                state for state, one in resolved.states.items() if one.origin is None or one.origin.word == "stance"
            ]
            near = suggestion(name, states)[0]
            found = f"'{name}' is no state, so that this is a local value of '{rule.name}', and nothing reads it"
            yield Fault("SD415", place, found, None, near or "name a state, or leave it out", "warning", len(name))


def _zones(document: Document) -> Iterator[Fault]:
    if not document.zones:
        return
    texts = [*_texts({part: getattr(document, part) for part in type(document).model_fields if part != "zones"})]
    for name, zone in document.zones.items():
        if zone.places == () or zone.about is not None:
            continue  # SD403 says so; and what is explained to readers is there for the map
        made = names_of(str(name))
        if not any(name in text and made & names_in(text) for text in texts):
            found = f"nothing reads the zone '{name}': whether somebody is inside changes nothing"
            hint = f"ask for it, as in if: p in {name} of a red line, or remove it"
            yield warning("SD418", name, found, hint)


def _stances(document: Document, resolved: Resolved) -> Iterator[Fault]:
    made = {state.origin: name for name, state in resolved.states.items() if state.origin is not None}
    postures = {
        name: actor
        for actor, stance in document.stances.items()
        # A stance whose changes are events is seen by whoever asks for them.
        if not any(change.event is not None for change in stance.changes)
        and (name := made.get(Origin("stance", str(actor), "posture"))) is not None
    }
    if not postures:
        return
    read = {name for rule in resolved.rules for name in _read_in(rule_nodes(rule)) if not _own(rule, postures, name)}
    asked = [node for one in resolved.questions for node in (one.answer, one.levels) if node is not None]
    watched = [node for watch in resolved.watches if watch.name in document.watch for node in watch_nodes(watch)]
    read |= _read_in((*asked, *watched))
    for name, actor in postures.items():
        texts = _texts([document.variants, document.policies, document.claims])
        if name not in read and not any(name in text and name in names_in(text) for text in texts):
            hint = f"read it, as in when: {name} == {document.stances[Words(actor)].options[-1]}, or remove it"
            yield warning("SD418", actor, f"nothing reads the stance of '{actor}'", hint)


def _read_in(nodes: Iterable[Node]) -> set[str]:
    return {node.name for node in walk(*nodes) if isinstance(node, StateValue)}


def _own(rule: Rule, postures: Mapping[str, str], name: str) -> bool:
    """Whether a rule is a change of the very stance that it reads."""
    return rule.origin is not None and rule.origin.word == "stance" and rule.origin.name == postures.get(name)


_PROSE = ("about", "title", "says", "ask", "name", "evidence", "why")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, below in value.items():
            if name not in _PROSE:
                yield str(name)
                yield from _texts(below)
    elif isinstance(value, list | tuple):
        for below in value:
            yield from _texts(below)
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            if name not in _PROSE:
                yield from _texts(getattr(value, name))
