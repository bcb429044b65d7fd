"""The words of the language as pydantic models: what an author may write, key by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from standoff.errors import Fault, Faults
from standoff.scenario.reading.source import Source
from standoff.scenario.schema.aliases import with_names
from standoff.scenario.schema.cited import cited_sources
from standoff.scenario.schema.claims import POINTS, SHARE, Claim, Direction, Mechanism, Rival, read_rival
from standoff.scenario.schema.dates import in_hours
from standoff.scenario.schema.decisions import ComesUp, Decision, Goal, Option, Policy
from standoff.scenario.schema.document import Document, named_sections
from standoff.scenario.schema.entities import (
    LATER,
    Actor,
    Define,
    Entity,
    Evidence,
    Group,
    Kind,
    Parameter,
    Part,
    Place,
    Relation,
    Route,
    SourceText,
    State,
    later_texts,
)
from standoff.scenario.schema.faults import NEEDED, but, faults_of, without
from standoff.scenario.schema.members import member_of, spread, whole_of, with_members
from standoff.scenario.schema.orders import Order, Otherwise, Seat, SeenEvents, Sight, Turns
from standoff.scenario.schema.policies import AS_WRITTEN, Lever, NamedPolicy
from standoff.scenario.schema.questions import Condition, Forecast, Happens, Question, Recorded, Watch
from standoff.scenario.schema.records import Header, Observed
from standoff.scenario.schema.references import find_faults
from standoff.scenario.schema.rules import (
    PLOVER,
    Branch,
    ChanceStatement,
    ForStatement,
    IfStatement,
    Inject,
    Rule,
    Statement,
)
from standoff.scenario.schema.scalars import RESERVED, Expression, Label, Name, Text
from standoff.scenario.schema.shape import forms_at, is_part
from standoff.scenario.schema.words import (
    Corridor,
    Credibility,
    Crossing,
    Deal,
    Ending,
    Flow,
    Offers,
    Ordered,
    Party,
    RedLine,
    Response,
    Stance,
    StanceChange,
    Threshold,
    Tie,
    Ties,
    Zone,
)
from standoff.scenario.schema.yaml_text import dump

__all__ = [
    "AS_WRITTEN", "PLOVER", "POINTS", "RESERVED", "SHARE", "Actor", "Branch", "ChanceStatement", "Claim", "ComesUp",
    "Condition", "Corridor", "Credibility", "Crossing", "Deal", "Decision", "Define", "Direction", "Document", "Ending",
    "Entity", "Evidence", "Expression", "Flow", "ForStatement", "Forecast", "Goal", "Group", "Happens", "Header",
    "IfStatement", "Inject", "Kind", "Label", "Lever", "Mechanism", "Name", "NamedPolicy", "Observed", "Offers",
    "Option", "Order", "Ordered", "Otherwise", "Parameter", "Part", "Party", "Place", "Policy", "Question", "Recorded",
    "RedLine", "Relation", "Response", "Rival", "Route", "Rule", "Seat", "SeenEvents", "Sight", "SourceText", "Stance",
    "StanceChange", "State", "Statement", "Text", "Threshold", "Tie", "Ties", "Turns", "Watch", "Zone", "as_written",
    "cited_sources", "dump", "examine", "forms_at", "in_hours", "in_order", "is_part", "member_of",
    "named_sections", "read_rival", "spread", "validate", "whole_of",
]  # fmt: skip


def validate(source: Source) -> Document:
    """The document that a source holds; raises Faults with everything that is wrong with it."""
    document, faults = examine(source)
    if faults or document is None:
        raise Faults(in_order(faults))
    return document


def examine(source: Source) -> tuple[Document | None, list[Fault]]:
    """The document that a source holds, and all faults; None where too little is left.

    Of an entry with a fault only the wrong key is left out, as far as the rest says something by itself.
    """
    document, faults = _well_formed(source)
    if document is None:
        return None, faults
    document, amiss = with_members(with_names(document))
    # What each entity has of a parameter is written once, and so is what is wrong with it.
    found = {(one.code, one.location, one.found): one for one in (*faults, *amiss, *find_faults(document, source))}
    left = as_written(source)[0] if faults else None
    if left is not None:
        document, _ = with_members(with_names(left))
    return document, list(found.values())


def as_written(source: Source) -> tuple[Document | None, list[Fault]]:
    """The document with all that can be read, and the faults of the rest; events keep other names for entities.

    Of an entry with a fault only the wrong key is left out, as far as the rest says something by itself.
    """
    data, found = source.data, list[Fault]()
    for cut in (but, but, without):
        try:
            return _validated(data), found
        except ValidationError as error:
            errors = error.errors(include_url=False)
        found = found or faults_of(errors, source, Document)
        data = cut(data, [error["loc"] for error in errors])
    try:
        return _validated(data), found
    except ValidationError:
        return None, found


def _well_formed(source: Source) -> tuple[Document | None, list[Fault]]:
    try:
        return _validated(source.data), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
    faults = faults_of(errors, source, Document)
    if any(len(error["loc"]) == 1 and error["loc"][0] not in NEEDED for error in errors):
        # A whole section is missing: what its names are used for would only repeat that.
        return None, faults
    try:
        return _validated(without(source.data, [error["loc"] for error in errors])), faults
    except ValidationError:
        return None, faults


def _validated(data: Mapping[str, Any]) -> Document:
    return Document.model_validate(data, by_alias=True, by_name=False, context={LATER: later_texts(data)})


def in_order(faults: list[Fault]) -> list[Fault]:
    """Faults by file and line, as a reader meets them; those without a place first."""

    def where(fault: Fault) -> tuple[str, int, int]:
        place = fault.location
        return (place.file, place.line, place.column) if place else ("", 0, 0)

    return sorted(faults, key=where)
