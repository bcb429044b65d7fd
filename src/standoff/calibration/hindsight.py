"""Hindsight in words: how much of a scenario was set in the light of later events, counted by kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_KINDS = {
    "kinds": "kind of entity", "actors": "actor", "places": "place", "routes": "route", "groups": "group",
    "relations": "relation", "state": "state", "flows": "flow", "define": "definition",
    "parameters": "parameter", "zones": "zone",
    "red_lines": "red line", "ties": "tie", "corridors": "corridor", "stances": "stance", "deals": "deal",
    "goals": "goal", "decisions": "decision", "policies": "policy", "levers": "lever", "orders": "order",
    "injects": "inject", "rules": "rule", "questions": "question", "seats": "seat", "watch": "watch",
}  # fmt: skip
_MANY = {"kinds": "kinds of entities", "policies": "policies", "watch": "watches"}

WHICH = "evidence hindsight"
"""The verb that names them."""


def by_kind(names: Mapping[str, Sequence[str]]) -> str:
    """The names of things by section, counted: `2 parameters, 1 rule`; the most numerous kind first."""
    numbers = sorted(((len(of), section) for section, of in names.items() if of), key=lambda item: -item[0])
    return ", ".join(f"{number} {_named(section, number)}" for number, section in numbers)


def counted(names: Mapping[str, Sequence[str]]) -> int:
    """How many things by section there are in all."""
    return sum(map(len, names.values()))


def _named(kind: str, number: int) -> str:
    word = _KINDS.get(kind, kind)
    return word if number == 1 else _MANY.get(kind, f"{word}s")
