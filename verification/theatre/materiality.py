"""Materiality: each mechanism knocked out, and whether that moves a forecast by five points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from standoff.analysis.effects import KnockOuts, Moved
from verification.theatre.asked import Asked
from verification.theatre.claims import MECHANISMS, is_of_the_seeds
from verification.theatre.table import Row, Section, met

MATERIAL = 60
"""How many of the hundred mechanisms are to move a forecast by five points."""

TITLE = "Materiality: mechanisms knocked out"
HOW = (
    "By `standoff claims --knock-out`: what carries a mechanism is switched off, in pairs of runs with the same random "
    "numbers. It is material if a forecast moves by five points or more in some scenario and the 95 % interval, which "
    "holds for all answers of the mechanism together, leaves out nought. A forecast is a mechanism's own if it asks "
    "for the event of its own rule; those that move no other are said apart, as are those whose rules carry no other "
    "mechanism: a rule that carries two is off where either is knocked out. A scenario's forecasts are its questions "
    "with a forecast of a source, or all of them where it has none."
)


def section(asked: Asked) -> Section:
    """The section of the table."""
    if not asked.knocked:
        return Section("materiality", TITLE, skipped="the scenarios name no mechanism")
    return Section("materiality", TITLE, tuple(rows_of(asked.knocked)), (HOW,))


def rows_of(made: Sequence[KnockOuts]) -> Iterator[Row]:
    """What is material by scenario, in all, and by more than a mechanism's own event."""
    for one in made:
        some = {part.mechanism: part.moved for part in one.mechanisms if is_of_the_seeds(part.mechanism)}
        hits = [name for name, moved in some.items() if _material(moved)]
        yield Row(f"  {one.scenario}", f"{len(hits)} of {len(some)} mechanisms, {one.runs} pairs")
    every: dict[str, list[Moved]] = defaultdict(list)
    for one in made:
        for part in one.mechanisms:
            if is_of_the_seeds(part.mechanism):
                every[part.mechanism] += part.moved
    material = [name for name, moved in every.items() if _material(moved)]
    beyond = [name for name in material if _material([one for one in every[name] if not one.own])]
    idle = sorted(set(every) - set(material), key=_number)
    values = {"material": sorted(material, key=_number), "not": idle, "largest": _largest(every)}
    said = f"{len(material)} of {len(every)} that are carried"
    bar = f"at least {MATERIAL} of {MECHANISMS}"
    yield Row("mechanisms that move a forecast by five points", said, bar, met(holds=len(material) >= MATERIAL), values)
    yield Row(
        "of them, one that is not their own event", str(len(beyond)), values={"beyond": sorted(beyond, key=_number)}
    )
    shared = {part.mechanism for one in made for part in one.mechanisms if part.shared}
    alone = [name for name in material if name not in shared]
    yield Row(
        "of them, by rules that carry nothing else", str(len(alone)), values={"alone": sorted(alone, key=_number)}
    )
    yield Row("mechanisms that move none", ", ".join(idle) or "none")


def _material(moved: Sequence[Moved]) -> bool:
    return any(one.material for one in moved)


def _largest(every: Mapping[str, Sequence[Moved]]) -> dict[str, float]:
    """The largest move of a forecast by each mechanism, whether or not it is luck."""
    return {name: round(max((abs(one.difference) for one in moved), default=0.0), 4) for name, moved in every.items()}


def _number(name: str) -> int:
    return int(name[1:])
