"""Zones: who is inside becomes a define, who is to stay out a group, who accepts it a state."""

from __future__ import annotations

from standoff.scenario.expression.written import applied, belongs, called, phrase, written
from standoff.scenario.origin import Origin
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Define, Group, State, Zone
from standoff.scenario.words.expansion import Expansion


def expand_zones(expansion: Expansion) -> None:
    """Writes out every zone of the document."""
    for name, zone in expansion.document.zones.items():
        _inside(expansion, name, zone)
        out = tuple(phrase(actor, name) for actor in expansion.actors(zone.excludes))
        expansion.add_group(f"{name}_excludes", Group(of=Words("actor"), members=out), near=name)
        accepting = expansion.actors(zone.recognised_by)
        begin = {actor: Words("1") for actor in accepting} or None
        state = State(of=(Words("actor"),), at_least=0, at_most=1, about=phrase(f"how far each accepts {name}", name))
        origin = Origin("zone", str(name), "acceptance")
        expansion.add_state(f"recognises_{name}", state, origin, near=name, begin=begin)


def names_of(zone: str) -> frozenset[str]:
    """The names by which anything reads a zone: its own, and those of what it makes."""
    return frozenset((zone, f"{zone}_excludes", f"{zone}_places", f"recognises_{zone}"))


def _inside(expansion: Expansion, name: str, zone: Zone) -> None:
    variable = expansion.fresh("p", "place_p")
    if zone.centre is not None and zone.radius is not None:
        inside = applied("<=", called("distance", variable, str(zone.centre)), zone.radius)
    else:
        members = f"{name}_places"
        expansion.add_group(members, Group(of=Words("place"), members=zone.places or ()), near=name)
        inside = belongs(variable, members)
    of = {Words(variable): Words("place")}
    define = Define(of=of, is_=written(inside, name), title=zone.title, about=zone.about, evidence=zone.evidence)
    expansion.add_define(name, define, near=name, own_name=True)
