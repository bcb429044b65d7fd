"""Lint of variants: those that set what the scenario does not have, and those that change nothing."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.errors import Fault, suggestion
from standoff.scenario.linting.warned import warning
from standoff.scenario.reading.source import Source, Words
from standoff.scenario.schema import Document, whole_of


def unknown_parameters(source: Source, document: Document, variant: str) -> Iterator[Fault]:
    """SD216 for each parameter that a variant sets to a number alone, and that the scenario does not have."""
    variants = source.data.get("variants")
    changes = variants.get(variant) if isinstance(variants, dict) else None
    parameters = changes.get("parameters") if isinstance(changes, dict) else None
    # Of a parameter per entity, `resolve` sets all and `resolve[blue]` one.
    known = {**document.parameters, **dict.fromkeys(map(whole_of, document.parameters))}
    for name, value in parameters.items() if isinstance(parameters, dict) else ():
        if isinstance(value, Words) and name not in known:
            hint, expected = suggestion(name, known, what="parameters")
            found = f"the scenario has no parameter '{name}' that the variant '{variant}' could set"
            place = name.location if isinstance(name, Words) else None
            yield Fault("SD216", place, found, expected, hint, width=len(name))


def changing_nothing(source: Source, variant: str) -> Iterator[Fault]:
    """SD419 for a variant that leaves the scenario as it is."""
    if source.variant(variant).data == source.data:
        found = f"the variant '{variant}' changes nothing"
        yield warning("SD419", variant, found, "set something in it, as in parameters: {NAME: 0}, or remove it")
