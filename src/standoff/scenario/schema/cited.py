"""The sources at which evidence points, and whether they have the paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from standoff.errors import Fault, suggestion
from standoff.scenario.reading.source import Words
from standoff.scenario.schema.document import Document
from standoff.scenario.schema.entities import ASSUMED, Evidence, Part
from standoff.scenario.schema.scalars import LOCATOR


def faults_of_evidence(document: Document, data: Mapping[str, Any]) -> Iterator[Fault]:
    """SD213 for a locator of a source that is not there, or of a paragraph beyond its last."""
    sources = data.get("sources") or {}
    for evidence in _find(document):
        if evidence.from_ in ASSUMED:
            continue
        name, _, paragraph = evidence.from_.partition("#p")
        text = document.sources.get(Words(name))
        where, width = evidence.from_.location if isinstance(evidence.from_, Words) else None, len(evidence.from_)
        if name not in sources:
            hint, expected = suggestion(name, sources, what="sources")
            yield Fault("SD213", where, f"unknown source '{name}'", expected, hint, width=width)
        elif text is not None and text.paragraphs is not None and int(paragraph) > text.paragraphs:
            found = f"'{name}' has {text.paragraphs} paragraphs, not {paragraph}"
            expected = f"{name}#p1 to {name}#p{text.paragraphs}"
            yield Fault("SD213", where, found, expected, width=width)


def cited_sources(document: Document) -> set[str]:
    """The sources at whose paragraphs evidence points, also within variants, which are not read yet."""
    locators = [one.from_ for one in _find(document)] + [*_texts(document.variants)]
    return {text.partition("#")[0] for text in locators if LOCATOR.fullmatch(text) is not None}


def _texts(value: Any) -> Iterator[str]:
    """Every text in plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for below in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(below)


def _find(part: Any) -> Iterator[Evidence]:
    if isinstance(part, Evidence):
        yield part
    elif isinstance(part, Part):
        for value in part.__dict__.values():
            yield from _find(value)
    elif isinstance(part, dict):
        for value in part.values():
            yield from _find(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from _find(value)
