"""The entities of a scenario as the page shows them: names, actors, places, routes, zones, corridors and sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from standoff.report.background import WrittenZone
from standoff.report.scene import Source
from standoff.report.stage import Actor, Corridor, Place, Route, Zone
from standoff.report.wording import readable
from standoff.report.zones import outline
from standoff.scenario import meaning_of, tree, walks

if TYPE_CHECKING:
    from standoff.scenario import Document, Resolved

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#8C510A", "#5E4FA2", "#666666")
"""Colours that stay apart for the colour-blind: Okabe and Ito (2008), then three more."""

LONGEST_NAME = 60
MOST_CORNERS = 4000
"""Corners of the outlines of all zones together: 40 kB of a page before it is packed."""
_TURNING = re.compile("[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


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
    """What readers call each deal: its title, else its name in words, with entities as they are written."""

    written = {name.lower(): name for name in called.values()}

    def said(name: str) -> str:
        return readable(" ".join(written.get(word, word) for word in name.split("_")))

    return {str(name): str(deal.title or said(str(name))) for name, deal in document.deals.items()}


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
                mark="",
            )
        )
    return actors


def _symbol(kind: str) -> str:
    """What the units of such an actor are, as the language says it of an actor without `symbol`."""
    words = kind.lower().split()
    at_sea = {("navy",): "warships", ("coast", "guard"): "patrol-boats", ("armed", "group"): "irregular"}
    return "combined-arms" if "state" in words else at_sea.get(tuple(words), "infantry")


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
        Route(
            ends=(at[route.ends[0]], at[route.ends[1]]),
            km=route.km,
            along=str(route.along or ""),
            one_way=route.one_way,
        )
        for route in document.routes
    ]


def zones(document: Document, at: Mapping[str, int]) -> list[WrittenZone]:
    """All zones as they are written; their rings are drawn by the runs."""
    return [
        WrittenZone(
            Zone(
                id=str(name),
                name=_short(meaning_of(zone) or readable(name)),
                centre=at[zone.centre] if zone.centre is not None else None,
                places=[at[place] for place in zone.places or ()],
                holder=str(zone.holder),
                excludes=[str(one) for one in zone.excludes],
                rings=[],
                area=outline(zone.area or (), MOST_CORNERS // len(document.zones)),
            ),
            None if zone.radius is None else str(zone.radius),
        )
        for name, zone in document.zones.items()
    ]


def corridors(document: Document, at: Mapping[str, int]) -> list[Corridor]:
    """All corridors."""
    return [
        Corridor(
            id=str(name),
            name=_corridor(document, name),
            ends=(at[corridor.from_], at[corridor.to]),
            paths=[[at[place] for place in path] for path in corridor.through or ()],
            any_path=not corridor.through,
            friendly=_members(document, corridor.friendly),
        )
        for name, corridor in document.corridors.items()
    ]


def happens_at(resolved: Resolved, at: Mapping[str, int]) -> dict[str, int]:
    """By its name the place of each rule that names one itself: as where its event is, else in its effects."""
    named: dict[str, int] = {}
    for rule in resolved.rules:
        where = None if rule.event is None else rule.event.place
        nodes = walks.statement_nodes(rule.then) if where is None else (where,)
        told = {str(node.name) for node in walks.walk(*nodes) if isinstance(node, tree.Entity)}
        places = [at[name] for name in told if name in at]
        if len(places) == 1:
            named[rule.name] = places[0]
    return named


def _corridor(document: Document, name: str) -> str:
    """The title of a corridor, else its name in words, with places by the names that they have."""
    title = document.corridors[name].title
    if title:
        return " ".join(str(title).split())
    called = {str(key): str(place.name) for key, place in document.places.items() if place.name}
    words = [called.get(word, word) for word in readable(name).split(" ")]
    return " ".join([called.get(words[0].lower(), words[0]), *words[1:]])


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
            url=str(source.url or ""),
        )
        for name, source in document.sources.items()
    ]
