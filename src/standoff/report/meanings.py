"""What the page says instead of the identifiers that occur on it: those of the findings, the numbers and the events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from standoff.ensemble import Manifest
from standoff.report.findings import Findings
from standoff.report.frames import SampledRun


def of_scene(
    known: Mapping[str, str], findings: Findings, manifest: Manifest, sampled: Iterable[SampledRun]
) -> dict[str, str]:
    """The meanings of what occurs on a page, of all that are known."""
    written = {entry.name for entry in manifest.parameters} | {entry.watch for entry in manifest.series}
    written |= {manifest.variant} if manifest.variant else set()
    written |= {word for run in sampled for frame in run.frames for word in frame.words}
    written |= set(_texts(findings))
    told = {text: of_name(known, text) for text in sorted(written)}
    return {text: said for text, said in told.items() if said}


def of_name(known: Mapping[str, str], text: str) -> str | None:
    """The meaning of an identifier; a variant is also named by its words."""
    return known.get(text) or known.get(text.replace(" ", "-"))


def _texts(part: Any) -> Iterator[str]:
    """All texts below a part of the findings."""
    if isinstance(part, str):
        yield part
    elif is_dataclass(part):
        for field in fields(part):
            yield from _texts(getattr(part, field.name))
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from _texts(key)
            yield from _texts(value)
    elif isinstance(part, list | tuple):
        for item in part:
            yield from _texts(item)
