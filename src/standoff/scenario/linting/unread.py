"""Lint of what is written down and read by nothing: local values, zones, stances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from standoff.errors import Fault, suggestion
from standoff.scenario.expression.syntax import names_in
from standoff.scenario.linting.statements import steps
from standoff.scenario.linting.warned import warning
from standoff.scenario.origin import Origin
from standoff.scenario.reading.source import Words
from standoff.scenario.resolved import Let, Resolved
from standoff.scenario.schema import Document
from standoff.scenario.tree import Local
from standoff.scenario.walks import reads, rule_nodes, statement_nodes, walk, watch_nodes


def unread(document: Document, expanded: Document, resolved: Resolved) -> Iterator[Fault]:
    """A warning for each local value, zone and stance that nothing reads."""
    yield from _locals(expanded, resolved)
    yield from _zones(document)
    yield from _stances(document, resolved)


def _locals(expanded: Document, resolved: Resolved) -> Iterator[Fault]:
    told: set[object] = set()
    for rule in resolved.rules:
        for step in steps(rule, expanded.rules[Words(rule.name)]):
            if not isinstance(step.statement, Let) or not isinstance(step.words, Words):
                continue
            name, place = step.statement.name, step.words.location
            if place is None or place in told or not place.text.lstrip(" -['\"").find(name) >= 0:
                # A word of the language has made it.
                continue
            if any(isinstance(node, Local) and node.name == name for node in walk(*statement_nodes(step.after))):
                continue
            told.add(place)
            states = [state for state, one in resolved.states.items() if one.origin is None or one.origin.word == "stance"]
            near = suggestion(name, states)[0]
            found = f"'{name}' is no state, so that this is a local value of '{rule.name}', and nothing reads it"
            yield Fault("SD415", place, found, None, near or "name a state, or leave it out", "warning", len(name))


def _zones(document: Document) -> Iterator[Fault]:
    if not document.zones:
        return
    texts = [*_texts({part: getattr(document, part) for part in type(document).model_fields if part != "zones"})]
    for name in document.zones:
        made = {str(name), f"{name}_excludes", f"{name}_places", f"recognises_{name}"}
        if not any(name in text and made & names_in(text) for text in texts):
            found = f"nothing reads the zone '{name}': whether somebody is inside changes nothing"
            hint = f"ask for it, as in if: p in {name} of a red line, or remove it"
            yield warning("SD418", name, found, hint)


def _stances(document: Document, resolved: Resolved) -> Iterator[Fault]:
    if not document.stances:
        return
    made = {state.origin: name for name, state in resolved.states.items() if state.origin is not None}
    for actor, stance in document.stances.items():
        name = made.get(Origin("stance", str(actor), "posture"))
        if name is None or any(change.event is not None for change in stance.changes):
            continue
        own = [rule for rule in resolved.rules if rule.origin is None or rule.origin.name != actor or rule.origin.word != "stance"]
        nodes = [node for rule in own for node in rule_nodes(rule)]
        nodes += [node for one in resolved.questions for node in (one.answer, one.levels) if node is not None]
        nodes += [node for watch in resolved.watches if watch.name in document.watch for node in watch_nodes(watch)]
        texts = _texts([document.variants, document.policies, document.claims])
        if name not in reads(*nodes).states and not any(name in names_in(text) for text in texts):
            found = f"nothing reads the stance of '{actor}'"
            hint = f"read it, as in when: {name} == {stance.options[-1]}, or remove it"
            yield warning("SD418", actor, found, hint)


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
