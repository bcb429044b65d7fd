"""What a word of the language has made, in plain state and rules, as YAML."""

from __future__ import annotations

from typing import Any

from standoff.scenario.index.symbols import MADE, Symbol, place_of
from standoff.scenario.index.table import Index
from standoff.scenario.schema import Document, dump

_SECTIONS = (*MADE, "begin", "watch")


def made_by(found: Index, symbol: Symbol) -> str | None:
    """What stands for a word in the expanded scenario, and the rules that cross a line; None where nothing does."""
    places = {use.place for use in found.declared(symbol)}
    if symbol.space == "actor":
        places |= {use.place for use in found.of(symbol) if use.path[:1] in (("stances",), ("goals",))}
    own, expanded = found.document, found.expanded
    parts: dict[str, dict[str, Any]] = {}
    for section in _SECTIONS:
        written = getattr(own, section)
        for name, entry in getattr(expanded, section).items():
            if place_of(name) in places and (name not in written or written[name] != entry):
                parts.setdefault(section, {})[name] = entry
    line = own.red_lines.get(symbol.name) if symbol.space == "red line" else None
    for crossing in line.crossed_by if line is not None else ():
        if crossing.rule in expanded.rules:
            parts.setdefault("rules", {})[crossing.rule] = expanded.rules[crossing.rule]
    if not parts:
        return None
    empty: dict[str, Any] = {section: {} for section in _SECTIONS}
    shown: Document = expanded.model_copy(update={**empty, **parts})
    return dump(shown, sections=parts)
