"""Names of the language as readers see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standoff.scenario import Origin


def readable(name: str) -> str:
    """A name of the language as words: `deir_ez_zor` becomes `Deir ez zor`."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def deal_label(shows: Origin, said_of: Mapping[str, str], called: Mapping[str, str]) -> str:
    """What readers call a series that a deal makes."""
    deal = said_of.get(shows.name, readable(shows.name))
    return f"{deal}: in force" if shows.role == "in force" else f"{deal}: gain of {called.get(shows.of, shows.of)}"
