"""What a model's quantities are called in the scenario, what they start at, and which of them stay as they are."""

from __future__ import annotations

import re

from verification.formula import (
    TIME,
    Formula,
    Inexpressible,
    as_number,
    draws,
    evaluate,
    fold,
    named,
    names_in,
    number,
    substitute,
)
from verification.network import Network, Quantity


class Names:
    """Names for the scenario: each begins with what it is, so that none is a word of the language."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, what: str, given: str) -> str:
        """A name that nothing else has, from an id that may hold capitals."""
        stem = name = f"{what}_{re.sub('[^a-z0-9_]', '_', given.lower())}"
        count = 1
        while name in self._taken:
            count += 1
            name = f"{stem}_{count}"
        self._taken.add(name)
        return name


class Symbols:
    """The quantities of a network in the scenario's words; `day` is how much of the model's time one day is."""

    def __init__(self, network: Network, day: float) -> None:
        self.network, self.day, self.names = network, day, Names()
        self.time = TIME if day == 1.0 else Formula("times", (TIME, number(day)))
        self.changed_by_reactions = {species for r in network.reactions for species, _ in r.changes}
        self.set_by_events = {target for event in network.events for target, _ in event.sets}
        ruled = set(network.assigned) | set(network.slopes)
        if both := ruled & self.changed_by_reactions:
            raise Inexpressible(f"a species that a rule and a reaction change ({min(both)})")
        if both := set(network.assigned) & self.set_by_events:
            raise Inexpressible(f"a quantity that a rule and an event set ({min(both)})")
        self.starts: dict[str, float] = {}
        self.drawn: list[str] = []
        self._open: list[str] = []
        for name in network.quantities:
            self._start(name)
        self.changing = self.changed_by_reactions | self.set_by_events | ruled
        self.states: dict[str, str] = {}
        self.defines: dict[str, str] = {}
        self.slopes: dict[str, float] = {}
        self.table: dict[str, Formula] = {}
        self._name_all()

    def _start(self, name: str) -> bool:
        """Works out the start of a quantity as formulas see it; False where it has none that is known beforehand."""
        if name in self.starts or name in self.drawn:
            return name in self.starts
        if name in self._open:
            raise Inexpressible(f"starting values that need each other ({', '.join(self._open)})")
        self._open.append(name)
        quantity = self._quantity(name)
        formula = self.network.assigned.get(name) or self.network.initials.get(name)
        known = True
        if formula is not None:
            for part in sorted(names_in(formula)):
                known = self._start(part) and known
            known = known and not draws(formula)
            if known:
                self.starts[name] = float(evaluate(formula, self.starts, time=0.0))
            else:
                self._unknown(name, formula)
        else:
            known = self._given(quantity)
        self._open.pop()
        return known

    def _unknown(self, name: str, formula: Formula) -> None:
        missing = [part for part in names_in(formula) if part not in self.starts and part not in self.drawn]
        if not missing and name not in self.network.assigned:
            self.drawn.append(name)

    def _given(self, quantity: Quantity) -> bool:
        value = quantity.start
        if value is None:
            return False
        if quantity.in_compartment != quantity.starts_as_concentration:
            if not self._start(quantity.compartment):
                return False
            size = self.starts[quantity.compartment]
            value = value * size if quantity.starts_as_concentration else value / size
        self.starts[quantity.id] = value
        return True

    def _quantity(self, name: str) -> Quantity:
        if name not in self.network.quantities:
            raise Inexpressible(f"the value of {name}, which is no species, parameter, compartment or stoichiometry")
        return self.network.quantities[name]

    def _name_all(self) -> None:
        network = self.network
        for name, quantity in network.quantities.items():
            if name not in self.changing and name in self.starts:
                self.table[name] = number(self.starts[name])
            elif name in network.assigned:
                self.defines[name] = self.names.new("value", name)
                self.table[name] = named(self.defines[name])
            elif name in self.changing or name in self.drawn:
                self._name_state(name, quantity)
        for name in network.slopes:
            slope = fold(self.ours(network.slopes[name]))
            if slope.op != "number":
                raise Inexpressible(f"a rate rule whose rate changes (of {name})")
            self.slopes[name] = slope.value

    def _name_state(self, name: str, quantity: Quantity) -> None:
        if name in self.network.slopes:
            self.states[name] = self.names.new("base", name)
            self.defines[name] = self.names.new("value", name)
            self.table[name] = named(self.defines[name])
            return
        species = quantity.kind == "species"
        self.states[name] = self.names.new("amount" if species else "value", name)
        own = named(self.states[name])
        if not quantity.in_compartment:
            self.table[name] = own
        elif quantity.compartment in self.table:
            self.table[name] = Formula("divide", (own, self.table[quantity.compartment]))

    def ours(self, formula: Formula) -> Formula:
        """A formula of the model in the scenario's words; raises Inexpressible where something has no value."""
        for name in sorted(names_in(formula)):
            if name not in self.table:
                self._quantity(name)
                raise Inexpressible(f"the value of {name}, which is not given")
        return fold(substitute(formula, self.table, self.time))

    def begin(self, name: str) -> float:
        """What the state of a quantity starts at: of a species the amount."""
        if name in self.drawn:
            return 0.0
        if name not in self.starts:
            raise Inexpressible(f"the starting value of {name}, which is not given")
        quantity = self.network.quantities[name]
        if not self._by_size(quantity):
            return _whole(self.starts[name]) if quantity.starts_as_concentration else self.starts[name]
        if name not in self.network.initials and not quantity.starts_as_concentration and quantity.start is not None:
            return quantity.start
        return _whole(self.starts[name] * self.starts[quantity.compartment])

    def _by_size(self, quantity: Quantity) -> bool:
        return quantity.in_compartment and quantity.id not in self.network.slopes

    def write(self, name: str, value: Formula) -> tuple[str, Formula]:
        """The state, and what it must become, for a quantity to have a value (in the scenario's words)."""
        quantity = self._quantity(name)
        value = as_number(value)
        if name in self.slopes:
            gone = Formula("times", (number(self.slopes[name] * self.day), TIME))
            value = value if self.slopes[name] == 0.0 else Formula("minus", (value, gone))
        elif self._by_size(quantity):
            value = fold(Formula("times", (value, self.table[quantity.compartment])))
            value = number(_whole(value.value)) if value.op == "number" else value
        return self.states[name], fold(value)

    def defined(self) -> dict[str, Formula]:
        """The named expressions: quantities with an assignment rule, and those that run on evenly."""
        found = {}
        for name, own in self.defines.items():
            if name in self.slopes:
                run = Formula("times", (number(self.slopes[name] * self.day), TIME))
                found[own] = Formula("plus", (named(self.states[name]), run))
            else:
                formula = self.network.assigned[name]
                if draws(formula):
                    raise Inexpressible(f"a draw that is made anew at every reading (of {name})")
                found[own] = as_number(self.ours(formula))
        return found

    def shown(self, name: str, how: str) -> Formula:
        """A quantity as the results have it: `amount`, `concentration`, or as formulas see it."""
        quantity = self._quantity(name)
        if how == "amount" and quantity.kind == "species" and name in self.states and name not in self.slopes:
            return named(self.states[name])
        seen = self.ours(named(name))
        if quantity.kind != "species" or how == "value" or (how == "concentration") == quantity.in_compartment:
            return seen
        if how == "amount":
            return self.ours(Formula("times", (named(name), named(quantity.compartment))))
        return self.ours(Formula("divide", (named(name), named(quantity.compartment))))


def _whole(amount: float) -> float:
    """An amount made from a concentration: a whole number that rounding has missed is that number.

    Otherwise the last one of a kind would be a hair less than one, and a rate then below 0.
    """
    near = float(round(amount))
    return near if abs(amount - near) <= 1e-9 * max(1.0, abs(amount)) else amount
