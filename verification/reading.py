"""Reads an SBML file into a network; what it does not know it refuses, with the reason."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import libsbml

from verification.formula import ONE, ZERO, Formula, Inexpressible, fold, named, number, substitute
from verification.mathml import Definitions, formula_of
from verification.network import Event, Network, Quantity, Reaction

KNOWN_PACKAGES = frozenset({"distrib", "layout", "render", "groups", "annot", "l3v2extendedmath"})
"""Packages that say nothing about how a model runs, or whose sayings are read: the draws of distrib."""


def read_network(path: Path) -> Network:
    """The model of a file; raises Inexpressible."""
    return network_of(path.read_text(encoding="utf-8"))


def network_of(xml: str) -> Network:
    """The model of an SBML text of any level; raises Inexpressible."""
    document = libsbml.readSBMLFromString(xml)
    worst = [document.getError(i) for i in range(document.getNumErrors())]
    for error in worst:
        if error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR:
            raise Inexpressible(f"not SBML that can be read: {' '.join(error.getShortMessage().split())}")
    for i in range(document.getNumPlugins()):
        package = document.getPlugin(i).getPackageName()
        if package not in KNOWN_PACKAGES:
            raise Inexpressible(f"the package {package}")
    # One set of defaults to know: older levels are brought to level 3, where all of them are written out.
    if document.getLevel() < 3 and not document.setLevelAndVersion(3, 2, False):
        raise Inexpressible(f"SBML level {document.getLevel()} that does not convert to level 3")
    model = document.getModel()
    if model is None:
        raise Inexpressible("a file without a model")
    return _Reader(model).network()


class _Reader:
    """One pass over a model of level 3."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.functions: Definitions = self._functions()
        self.quantities: dict[str, Quantity] = {}
        self.stoichiometries: dict[str, float | None] = {}

    def network(self) -> Network:
        model = self.model
        self._refuse()
        for given in _each(model.getListOfCompartments()):
            start = given.getSize() if given.isSetSize() else None
            self._add(Quantity(given.getId(), "compartment", start, given.getConstant()))
        for given in _each(model.getListOfParameters()):
            start = given.getValue() if given.isSetValue() else None
            self._add(Quantity(given.getId(), "parameter", start, given.getConstant()))
        for given in _each(model.getListOfSpecies()):
            self._add(self._species(given))
        reactions = tuple(self._reaction(given) for given in _each(model.getListOfReactions()))
        assigned, slopes = self._rules()
        initials = {
            given.getSymbol(): self._formula(given.getMath(), f"the initial assignment of {given.getSymbol()}")
            for given in _each(model.getListOfInitialAssignments())
        }
        events = tuple(
            self._event(given, i) for i, given in enumerate(_each(model.getListOfEvents())) if given.isSetTrigger()
        )
        for what in (assigned, slopes, initials):
            for target in what:
                self._known(target)
        name = model.getName() or model.getId() or "a model"
        return Network(name, self.quantities, reactions, assigned, slopes, initials, events)

    def _refuse(self) -> None:
        if self.model.getNumConstraints():
            raise Inexpressible("constraints")
        for given in _each(self.model.getListOfRules()):
            if given.isAlgebraic():
                raise Inexpressible("algebraic rules")
        for given in _each(self.model.getListOfReactions()):
            if given.isSetFast() and given.getFast():
                raise Inexpressible(f"a fast reaction ({given.getId()})")

    def _functions(self) -> dict[str, tuple[tuple[str, ...], Formula]]:
        found: dict[str, tuple[tuple[str, ...], Formula]] = {}
        waiting = list(_each(self.model.getListOfFunctionDefinitions()))
        while waiting:
            late = []
            for given in waiting:
                if not given.isSetMath() or given.getBody() is None:
                    raise Inexpressible(f"a function without a body ({given.getId()})")
                arguments = tuple(given.getArgument(i).getName() for i in range(given.getNumArguments()))
                try:
                    found[given.getId()] = (arguments, formula_of(given.getBody(), found))
                except Inexpressible:
                    late.append(given)
            if len(late) == len(waiting):
                formula_of(late[0].getBody(), found)
                raise Inexpressible("functions that are defined by each other")
            waiting = late
        return found

    def _add(self, quantity: Quantity) -> None:
        self.quantities[quantity.id] = quantity

    def _known(self, name: str) -> None:
        if name not in self.quantities:
            raise Inexpressible(f"a value for {name}, which is no species, parameter, compartment or stoichiometry")

    def _formula(self, node: Any, where: str) -> Formula:
        if node is None:
            raise Inexpressible(f"{where} has no formula")
        return formula_of(node, self.functions)

    def _species(self, given: Any) -> Quantity:
        size = self.model.getCompartment(given.getCompartment())
        if size is None:
            raise Inexpressible(f"the species {given.getId()} is in no compartment")
        start, by_size = None, False
        if given.isSetInitialAmount():
            start = given.getInitialAmount()
        elif given.isSetInitialConcentration():
            start, by_size = given.getInitialConcentration(), True
        factor = given.getConversionFactor() or self.model.getConversionFactor()
        flat = size.isSetSpatialDimensions() and size.getSpatialDimensionsAsDouble() == 0
        return Quantity(
            given.getId(), "species", start, given.getConstant(),
            compartment=given.getCompartment(),
            in_compartment=not given.getHasOnlySubstanceUnits() and not flat,
            starts_as_concentration=by_size,
            boundary=given.getBoundaryCondition(),
            factor=named(factor) if factor else None,
        )  # fmt: skip

    def _reaction(self, given: Any) -> Reaction:
        law = given.getKineticLaw()
        if law is None:
            raise Inexpressible(f"the reaction {given.getId()} has no kinetic law")
        own = {}
        for local in [*_each(law.getListOfLocalParameters())]:
            if not local.isSetValue():
                raise Inexpressible(f"the local parameter {local.getId()} of {given.getId()} has no value")
            own[local.getId()] = number(local.getValue())
        changes: dict[str, list[Formula]] = {}
        for references, sign in ((given.getListOfReactants(), -1), (given.getListOfProducts(), 1)):
            for reference in _each(references):
                amount = self._stoichiometry(reference)
                signed = amount if sign > 0 else Formula("negate", (amount,))
                changes.setdefault(reference.getSpecies(), []).append(signed)
        kept = []
        for species, parts in changes.items():
            quantity = self.quantities.get(species)
            if quantity is None:
                raise Inexpressible(f"the reaction {given.getId()} has the unknown species {species}")
            if not quantity.boundary and not quantity.constant:
                kept.append((species, Formula("plus", tuple(parts))))
        formula = substitute(self._formula(law.getMath(), f"the law of {given.getId()}"), own)
        return Reaction(given.getId(), formula, tuple(kept))

    def _stoichiometry(self, reference: Any) -> Formula:
        value = reference.getStoichiometry() if reference.isSetStoichiometry() else None
        if value is not None and math.isnan(value):
            value = None
        if not reference.getId():
            return ONE if value is None else number(value)
        self._add(Quantity(reference.getId(), "stoichiometry", value, reference.getConstant()))
        return named(reference.getId())

    def _rules(self) -> tuple[dict[str, Formula], dict[str, Formula]]:
        assigned: dict[str, Formula] = {}
        slopes: dict[str, Formula] = {}
        for given in _each(self.model.getListOfRules()):
            formula = self._formula(given.getMath(), f"the rule of {given.getVariable()}")
            (slopes if given.isRate() else assigned)[given.getVariable()] = formula
        return assigned, slopes

    def _event(self, given: Any, position: int) -> Event:
        name = given.getId() or f"event_{position + 1}"
        trigger = given.getTrigger()
        sets = []
        for part in _each(given.getListOfEventAssignments()):
            self._known(part.getVariable())
            sets.append((part.getVariable(), self._formula(part.getMath(), f"an assignment of the event {name}")))
        delay = given.getDelay().getMath() if given.isSetDelay() else None
        priority = given.getPriority().getMath() if given.isSetPriority() else None
        waits = None if delay is None else fold(self._formula(delay, f"the delay of {name}"))
        return Event(
            name,
            self._formula(trigger.getMath(), f"the trigger of the event {name}"),
            None if waits == ZERO else waits,
            None if priority is None else self._formula(priority, f"the priority of {name}"),
            true_before=trigger.getInitialValue() if trigger.isSetInitialValue() else True,
            persistent=trigger.getPersistent() if trigger.isSetPersistent() else True,
            from_trigger_time=given.getUseValuesFromTriggerTime() if given.isSetUseValuesFromTriggerTime() else True,
            sets=tuple(sets),
        )


def _each(listed: Any) -> list[Any]:
    return [listed.get(i) for i in range(listed.size())]
