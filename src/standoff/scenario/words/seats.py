"""Seats: where turns and sights name the rules of a word, they are given the rules that it has become."""

from __future__ import annotations

from collections.abc import Iterable

from standoff.scenario.reading.source import Words
from standoff.scenario.words.expansion import Expansion


def expand_seats(expansion: Expansion) -> None:
    """Writes out the rules that end turns and whose events are seen."""
    turns = expansion.turns
    if turns is not None:
        # What is ordered comes when a turn begins: it can end none.
        until = (rule for rule in _rules(expansion, turns.until) if not _is_called(expansion, rule))
        expansion.turns = turns.model_copy(update={"until": tuple(until)})
    for number, sight in enumerate(expansion.sees):
        if sight.events is not None and sight.events.rule:
            events = sight.events.model_copy(update={"rule": _rules(expansion, sight.events.rule)})
            expansion.sees[number] = sight.model_copy(update={"events": events})


def _rules(expansion: Expansion, words: Iterable[Words]) -> tuple[Words, ...]:
    found: dict[Words, None] = {}
    for word in words:
        made = expansion.made_by(word) if word not in expansion.document.rules else []
        found.update(dict.fromkeys((Words(name, word.location) for name in made), None) if made else {word: None})
    return tuple(found)


def _is_called(expansion: Expansion, name: str) -> bool:
    return name in expansion.rules and expansion.rules[name].called
