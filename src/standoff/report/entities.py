"""The entities of a scenario as the page shows them: names, actors, places, routes, zones, corridors and sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.report.scene import Source
from standoff.report.stage import Actor, Corridor, Place, Ring, Route, Zone

if TYPE_CHECKING:
    from standoff.scenario import Document, Origin

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#8C510A", "#5E4FA2", "#666666")
"""Colours that stay apart for the colour-blind: Okabe and Ito (2008), then three more."""

FEW_RADII = 6
LONGEST_NAME = 60
_TURNING = re.compile("[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def readable(name: str) -> str:
    """A name of the language as words: `deir_ez_zor` becomes `Deir ez zor`."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _short(name: str) -> str:
    """A name fit to stand in a line with others: not too long, and unable to turn the direction of what follows."""
    plain = _TURNING.sub("", name)
    return plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - 1] + "…"


def names(document: Document) -> dict[str, str]:
    """The readable name of every entity, by its name in the language."""
    own = [member for kind in document.kinds.values() for member in kind.members.items()]
    entities = [*own, *document.actors.items(), *document.places.items()]
    return {str(name): _short(str(entity.name or readable(name))) for name, entity in entities}


def deal_names(document: Document, called: Mapping[str, str]) -> dict[str, str]:
    """What readers call each deal: its name in words, with entities as they are written."""

    written = {name.lower(): name for name in called.values()}

    def said(name: str) -> str:
        return readable(" ".join(written.get(word, word) for word in name.split("_")))

    return {str(name): said(str(name)) for name in document.deals}


def deal_label(shows: Origin, said_of: Mapping[str, str], called: Mapping[str, str]) -> str:
    """What readers call a series that a deal makes."""
    deal = said_of.get(shows.name, readable(shows.name))
    return f"{deal}: in force" if shows.role == "in force" else f"{deal}: gain of {called.get(shows.of, shows.of)}"


def actors(document: Document, called: Mapping[str, str]) -> list[Actor]:
    """All actors, each with a colour; those without one get the next of the palette that no author's actor has."""
    given = {str(actor.colour).upper() for actor in document.actors.values() if actor.colour is not None}
    spare = [colour for colour in PALETTE if colour.upper() not in given] or list(PALETTE)
    actors: list[Actor] = []
    for name, actor in document.actors.items():
        colour, kind = str(actor.colour or ""), str(actor.kind or "")
        if _COLOUR.fullmatch(colour) is None:
            colour = spare[sum(one.colour in spare for one in actors) % len(spare)]
        actors.append(
            Actor(
                id=str(name),
                name=called[name],
                kind=kind,
                colour=colour,
                about=str(actor.about or ""),
                symbol=str(actor.symbol or _symbol(kind)),
                patron=str(actor.patron or ""),
            )
        )
    return actors


def _symbol(kind: str) -> str:
    """What the units of such an actor are, as the language says it of an actor without `symbol`."""
    words = kind.lower().split()
    return "combined-arms" if "state" in words else "irregular" if words == ["armed", "group"] else "infantry"


def places(document: Document, called: Mapping[str, str]) -> list[Place]:
    """All places in the order of writing; points as longitude and latitude."""
    return [
        Place(
            id=str(name),
            name=called[name],
            at=(place.at[1], place.at[0]) if place.at is not None else None,
            kind=str(place.kind or ""),
            country=str(place.country or ""),
            about=str(place.about or ""),
        )
        for name, place in document.places.items()
    ]


def routes(document: Document, at: Mapping[str, int]) -> list[Route]:
    """All routes, by the positions of their ends."""
    return [
        Route(ends=(at[route.between[0]], at[route.between[1]]), km=route.km, along=str(route.along or ""))
        for route in document.routes
    ]


def zones(document: Document, at: Mapping[str, int], drawn: Mapping[str, NDArray[np.float64]]) -> list[Zone]:
    """All zones; `drawn` holds the values of each parameter over the runs."""
    return [
        Zone(
            id=str(name),
            name=readable(name),
            centre=at[zone.centre] if zone.centre is not None else None,
            places=[at[place] for place in zone.places or ()],
            holder=str(zone.holder),
            excludes=[str(one) for one in zone.excludes],
            rings=_rings(str(zone.radius), drawn) if zone.radius is not None else [],
        )
        for name, zone in document.zones.items()
    ]


def radii(document: Document, drawn: Mapping[str, NDArray[np.float64]], runs: int) -> list[NDArray[np.float64] | None]:
    """The radius of each zone in each run, in km; None where it has none, or one that no number or parameter tells."""
    return [None if zone.radius is None else _radius(str(zone.radius), drawn, runs) for zone in document.zones.values()]


def _radius(radius: str, drawn: Mapping[str, NDArray[np.float64]], runs: int) -> NDArray[np.float64] | None:
    try:
        return np.full(runs, float(radius))
    except ValueError:
        # An expression of several parameters has no value here: no single circle would be true of the runs.
        return drawn.get(radius.strip())


def _rings(radius: str, drawn: Mapping[str, NDArray[np.float64]]) -> list[Ring]:
    try:
        return [Ring(km=float(radius), runs=None, says="fixed")]
    except ValueError:
        pass
    values = drawn.get(radius.strip())
    if values is None or values.size == 0:
        return []
    kinds, counts = np.unique(values, return_counts=True)
    if len(kinds) <= FEW_RADII:
        return [Ring(km=float(km), runs=int(n), says=radius.strip()) for km, n in zip(kinds, counts, strict=True)]
    quantiles = np.quantile(values, [0.05, 0.5, 0.95])
    says = ("5% of runs are smaller", "median", "5% of runs are larger")
    return [Ring(km=float(km), runs=None, says=text) for km, text in zip(quantiles, says, strict=True)]


def corridors(document: Document, at: Mapping[str, int]) -> list[Corridor]:
    """All corridors."""
    return [
        Corridor(
            id=str(name),
            name=readable(name),
            ends=(at[corridor.from_], at[corridor.to]),
            paths=[[at[place] for place in path] for path in corridor.through or ()],
            any_path=not corridor.through,
            friendly=_members(document, corridor.friendly),
        )
        for name, corridor in document.corridors.items()
    ]


def _members(document: Document, names: Iterable[str]) -> list[str]:
    """Actors in the place of groups, each once; the empty id for `none`."""
    actors: dict[str, None] = {}
    for name in names:
        group = document.groups.get(name)
        members = group.members if group is not None else ("" if name == "none" else name,)
        actors |= dict.fromkeys(str(member) for member in members)
    return list(actors)


def sources(document: Document) -> list[Source]:
    """The texts that locators point at."""
    return [
        Source(
            id=str(name),
            title=str(source.title),
            publisher=str(source.publisher or ""),
            date=source.date.isoformat() if source.date is not None else "",
        )
        for name, source in document.sources.items()
    ]
