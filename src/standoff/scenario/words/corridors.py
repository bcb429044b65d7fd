"""Corridors: whether a path is open becomes a state that triggers keep up to date."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from standoff.errors import suggestion
from standoff.scenario.expression.written import (
    Each,
    Form,
    applied,
    assigned,
    belongs,
    called,
    form,
    indexed,
    phrase,
    written,
)
from standoff.scenario.origin import Origin
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Corridor, Define, ForStatement, Rule, State
from standoff.scenario.words.expansion import Expansion

TRUTH = Words("truth")
PLACE = Words("place")


def expand_corridors(expansion: Expansion) -> None:
    """Writes out every corridor of the document."""
    for name, corridor in expansion.document.corridors.items():
        if not _has_holder(expansion, name):
            continue
        if corridor.through == ():
            hint = "name a path, or leave through out for any path of roads"
            expansion.fault("SD203", name, f"the corridor '{name}' has an empty list of paths", hint=hint)
            continue
        _friendly(expansion, name, corridor)
        open_ = State(is_=TRUTH, title=corridor.title, about=corridor.about, evidence=corridor.evidence)
        expansion.add_state(f"open_{name}", open_, Origin("corridor", str(name), "open"), near=name)
        through = corridor.through
        joined = _along(expansion, name, through) if through is not None else _reached(expansion, name, corridor)
        _opens_and_closes(expansion, name, corridor, joined)


def _has_holder(expansion: Expansion, name: str) -> bool:
    holder = expansion.document.state.get(Words("holder"))
    if holder is not None and holder.of == ("place",) and holder.is_ == "actor":
        return True
    if holder is None:
        hint, _ = suggestion("holder", expansion.document.state)
        found = f"the corridor '{name}' needs a state 'holder' of places, but there is none"
    else:
        hint, found = None, f"the corridor '{name}' needs the state 'holder' to give the actor that holds each place"
    expansion.fault("SD204", name, found, expected="holder: {of: place, is: actor}", hint=hint)
    return False


def _friendly(expansion: Expansion, name: str, corridor: Corridor) -> None:
    p = expansion.fresh("p", "place_p")
    held = indexed("holder", p)
    ways = [belongs(held, who) if who in expansion.groups else applied("==", held, who) for who in corridor.friendly]
    friendly = Define(of={Words(p): PLACE}, is_=written(applied("or", *ways), name))
    expansion.add_define(f"{name}_friendly", friendly, near=name)


def _along(expansion: Expansion, name: str, paths: Iterable[Iterable[str]]) -> Form:
    # A define for each path, because one expression for many long paths would be beyond reading.
    free: list[str] = []
    for position, path in enumerate(paths):
        free.append(f"{name}_path_{position + 1}")
        whole = written(applied("and", *(called(f"{name}_friendly", place) for place in path)), name)
        expansion.add_define(free[-1], Define(is_=whole), near=name)
    return applied("or", *free)


def _reached(expansion: Expansion, name: str, corridor: Corridor) -> Form:
    # What is reached spreads from the start; when a reached place is lost, it spreads anew from nothing.
    # Both triggers stand before the one that looks at the end, so that it sees only settled states.
    reach, p, q = f"reach_{name}", expansion.fresh("p", "place_p"), expansion.fresh("q", "place_q")
    expansion.add_state(reach, State(of=(PLACE,), is_=TRUTH), Origin("corridor", str(name), "reach"), near=name)
    here, there, friendly = indexed(reach, p), indexed(reach, q), called(f"{name}_friendly", p)
    lost = Rule(
        for_={Words(p): PLACE},
        when=written(applied("and", here, applied("not", friendly)), name),
        then=(ForStatement(for_={Words(q): PLACE}, do=(assigned(there, "=", False, name),)),),
        silent=True,
    )
    expansion.add_rule(f"{name}_is_lost", lost, Origin("corridor", str(name), "is lost"), near=name)
    if any(route.one_way for route in expansion.document.routes):
        before = Each("any", there, q, form("place"), called("road", q, p))
    else:
        before = Each("any", there, q, called("road", p))
    begins = applied("or", applied("==", p, corridor.from_), before)
    reached = Rule(
        for_={Words(p): PLACE},
        when=written(applied("and", applied("not", here), friendly, begins), name),
        then=(assigned(here, "=", True, name),),
        silent=True,
    )
    expansion.add_rule(f"{name}_reaches", reached, Origin("corridor", str(name), "reaches"), near=name)
    return indexed(reach, corridor.to)


def _opens_and_closes(expansion: Expansion, name: str, corridor: Corridor, joined: Form) -> None:
    open_ = f"open_{name}"
    ways: tuple[tuple[Literal["opens", "closes"], Form, bool, str], ...] = (
        ("opens", applied("and", applied("not", open_), joined), True, "COOPERATE"),
        ("closes", applied("and", open_, applied("not", joined)), False, "COERCE"),
    )
    for verb, guard, value, event in ways:
        rule = Rule(
            when=written(guard, name),
            then=(assigned(open_, "=", value, name),),
            event=phrase(f"{event} (corridor) at {corridor.to}", name),
            evidence=corridor.evidence,
        )
        expansion.add_rule(f"{name}_{verb}", rule, Origin("corridor", str(name), verb), near=name)
