"""What an author writes: reading, checking, expanding and resolving scenarios.

The names load what they need when they are first used, so that an engine's worker, which reads only
`resolved` and `tree`, never waits for the schema.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from standoff.scenario import resolved, tree, walks
    from standoff.scenario.builder import Builder
    from standoff.scenario.expression import written
    from standoff.scenario.expression.bounds import bounds as static_bounds
    from standoff.scenario.expression.spelling import spelled
    from standoff.scenario.language import json_schema, reference
    from standoff.scenario.loading import ClaimPlans, Scenario, bundled, check, claim_plans, digest, find, load
    from standoff.scenario.origin import Origin, Role, Word
    from standoff.scenario.reading.source import Source, Words, read
    from standoff.scenario.reading.yaml_reader import read_text
    from standoff.scenario.resolved import Prior, PriorKind, Resolved
    from standoff.scenario.resolving.priors import parse_prior, support
    from standoff.scenario.resolving.resolve import read_apart
    from standoff.scenario.schema import (
        Direction,
        Document,
        Evidence,
        Happens,
        Observed,
        Part,
        Question,
        Recorded,
        SourceText,
        dump,
        named_sections,
        validate,
    )
    from standoff.scenario.words.claims import ClaimPlan

__all__ = [
    "Builder", "ClaimPlan", "ClaimPlans", "Direction", "Document", "Evidence", "Happens", "Observed", "Origin", "Part",
    "Prior", "PriorKind", "Question", "Recorded", "Resolved", "Role", "Scenario", "Source", "SourceText", "Word",
    "Words", "bundled", "check", "claim_plans", "digest", "dump", "find", "json_schema", "load", "named_sections",
    "parse_prior", "read", "read_apart", "read_text", "reference", "resolved", "spelled", "static_bounds", "support",
    "tree", "validate", "walks", "written",
]  # fmt: skip

_FILE_OF = {
    "Direction": "schema", "Document": "schema", "Evidence": "schema", "Happens": "schema", "Observed": "schema",
    "Part": "schema", "Question": "schema", "Recorded": "schema", "SourceText": "schema",
    "dump": "schema", "named_sections": "schema",
    "read_apart": "resolving.resolve", "validate": "schema",
    "Scenario": "loading", "bundled": "loading", "check": "loading", "digest": "loading", "find": "loading",
    "load": "loading", "ClaimPlans": "loading", "claim_plans": "loading", "ClaimPlan": "words.claims",
    "Origin": "origin", "Role": "origin", "Word": "origin",
    "Prior": "resolved", "PriorKind": "resolved", "Resolved": "resolved",
    "parse_prior": "resolving.priors", "support": "resolving.priors",
    "Source": "reading.source", "Words": "reading.source", "read": "reading.source",
    "Builder": "builder", "read_text": "reading.yaml_reader", "spelled": "expression.spelling",
    "json_schema": "language", "reference": "language",
}  # fmt: skip


def __getattr__(name: str) -> Any:  # Any: each name has a type of its own, which type checkers read above
    if name in ("resolved", "tree", "walks"):
        return importlib.import_module(f"standoff.scenario.{name}")
    if name == "written":
        return importlib.import_module("standoff.scenario.expression.written")
    if name == "static_bounds":
        from standoff.scenario.expression.bounds import bounds

        return bounds
    if name not in _FILE_OF:
        raise AttributeError(f"module 'standoff.scenario' has no attribute '{name}'")
    value = getattr(importlib.import_module(f"standoff.scenario.{_FILE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
