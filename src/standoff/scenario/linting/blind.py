"""Lint of the variant `blind`: what a scenario would have said without knowing what came later."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.errors import Fault
from standoff.scenario.linting.warned import warning
from standoff.scenario.schema import Document, Parameter

BLIND = "blind"
"""The variant in which every number that carries hindsight goes back to what an author of the day could have given."""


def left_in_hindsight(document: Document, blind: Document) -> Iterator[Fault]:
    """The parameters set in hindsight that the variant leaves as they are; `blind` is the document in that variant."""
    hint = f"give it under variants: {BLIND}: a prior that an author of the day could have given, widened"
    for name, parameter in document.parameters.items():
        changed = blind.parameters.get(name)
        if changed is None or not _later(parameter):
            continue
        if _numbers(changed) == _numbers(parameter):
            found = f"the variant '{BLIND}' leaves the parameter '{name}', which was set in hindsight"
            yield warning("SD414", name, found, hint)
        elif _later(changed):
            found = f"in the variant '{BLIND}' the parameter '{name}' has another prior, but its evidence is hindsight"
            yield warning("SD414", name, found, "give it evidence of its own there, without hindsight")


def _later(parameter: Parameter) -> bool:
    return any(piece.hindsight for piece in parameter.evidence)


def _numbers(parameter: Parameter) -> tuple[str, float | None, float | None]:
    return "".join(parameter.prior.split()), parameter.at_least, parameter.at_most
