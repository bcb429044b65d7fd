"""A small table of names and a small resolved scenario, which the tests of expressions share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from standoff.intervals import Interval
from standoff.scenario.expression.names import Names, Scope, StateName
from standoff.scenario.resolved import Group, Kind, Parameter, Prior, Relation, Resolved, State
from standoff.scenario.tree import Constant, Entity, Level, Number, OneOf, Text, Truth
from standoff.units import Unit

ACTOR, PLACE = OneOf("actor"), OneOf("place")
MOOD, ALARM = Level(("calm", "alert")), Level(("quiet", "calm", "loud"))
NUMBER, TRUTH = Number(), Truth()
COMPANY, PER_DAY = Unit.parse("company"), Unit.parse("1/day")


def names() -> Names:
    table = Names(
        starts=date(2017, 5, 31),
        kinds={"actor": ("blue", "red"), "place": ("ford", "mill")},
        attributes={"actor": {"kind": Text(), "patron": ACTOR}, "place": {"oil": NUMBER}},
        entities={"blue": "actor", "red": "actor", "ford": "place", "mill": "place"},
        groups={"reds": "actor"},
        relations={"road": ("place", "place"), "hosts": ("actor", "place")},
        parameters={"daring": PER_DAY, "reach": Unit.parse("km"), "weight": None},
        rules=("advance",),
    )
    table.add_state("force", StateName(("actor", "place"), NUMBER, COMPANY))
    table.add_state("stock", StateName(("place",), NUMBER))
    table.add_state("total", StateName((), NUMBER))
    table.add_state("holder", StateName(("place",), ACTOR))
    table.add_state("base", StateName(("actor",), PLACE))
    table.add_state("mood", StateName(("actor",), MOOD))
    table.add_state("alarm", StateName((), ALARM))
    table.add_state("open", StateName((), TRUTH))
    return table


ZERO, ONE = Constant(type=NUMBER, value=0.0), Constant(type=NUMBER, value=1.0)
NAMES = names()
SCOPE = Scope(NAMES, {"a": "actor", "p": "place", "q": "place"}, draws=True)
STILL = replace(SCOPE, draws=False)


def resolved_with(parameters: Mapping[str, Interval]) -> Resolved:
    return Resolved(
        title="Bounds",
        starts=date(2017, 5, 31),
        days=10.0,
        kinds={
            "actor": Kind("actor", ("blue", "red"), {}),
            "place": Kind("place", ("ford", "mill"), {}, (None, None)),
        },
        groups={"reds": Group("reds", "actor", ("red",))},
        relations={"road": Relation("road", ("place", "place"), (("ford", "mill"), ("mill", "ford")), (46.0, 46.0))},
        states={
            "total": State("total", (), NUMBER, None, 0.0, 5.0, None, (), ZERO),
            "memory": State("memory", (), NUMBER, None, 2.0, 5.0, ONE, (), ZERO),
            "stock": State("stock", ("place",), NUMBER, None, 1.0, 5.0, None, (), ONE),
            "holder": State("holder", ("place",), ACTOR, None, None, None, None, (), Entity(type=ACTOR, name=None)),
        },
        parameters={
            name: Parameter(
                name,
                Prior("uniform", {"low": low, "high": high}) if low < high else Prior("fixed", {"value": low}),
                None,
            )
            for name, (low, high) in parameters.items()
        },
        rules=(),
        questions=(),
        watches=(),
        grid=(0.0, 10.0),
    )
