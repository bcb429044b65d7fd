"""A network as a scenario in our language: a mapping that is written as YAML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from verification.draws import Draws
from verification.events import Events
from verification.formula import Formula, Inexpressible, as_number, draws, text
from verification.network import Network, Reaction
from verification.symbols import Symbols

STARTS = date(2000, 1, 1)
LONGEST_STEP = 100.0


@dataclass(frozen=True)
class Sampling:
    """When the results of a case are taken: `steps` steps of the same length from `start`, both ends included."""

    start: float
    duration: float
    steps: int

    @property
    def step(self) -> float:
        """The model's time between two results."""
        return self.duration / self.steps


@dataclass(frozen=True)
class Written:
    """A scenario, the watch of each output, and the days on which outputs are read."""

    document: dict[str, Any]
    columns: dict[str, str]
    days: tuple[float, ...]

    def save(self, path: Path) -> None:
        """Write it where it can be loaded from."""
        words = yaml.safe_dump(self.document, sort_keys=False, width=110, allow_unicode=True)
        path.write_text(words, encoding="utf-8")


def translate(network: Network, sampling: Sampling, outputs: dict[str, str]) -> Written:
    """The scenario of a network; `outputs` says of each quantity how it is read; raises Inexpressible."""
    day, days, last, every = _calendar(sampling)
    symbols = Symbols(network, day)
    made = Draws()
    events = Events(symbols, made, last * day)
    rules = {**_beginning(symbols, made), **events.rules, **_reactions(symbols)}
    states: dict[str, Any] = {own: {} for own in symbols.states.values()}
    begin = {own: symbols.begin(name) for name, own in symbols.states.items()}
    columns = {name: symbols.names.new("seen", name) for name in outputs}
    kinds = dict(events.kinds)
    if made.attempts:
        kinds["attempt"] = {"members": [f"attempt_{i + 1}" for i in range(made.attempts)]}
    if symbols.drawn:
        states["begun"] = {"is": "truth"}
    document: dict[str, Any] = {
        "standoff": 1,
        "title": network.name,
        "about": "A case of the SBML stochastic test suite, written in the language by its verification.",
        "starts": STARTS,
        "ends": STARTS + timedelta(days=last - 1),
        "every": f"{every} days",
        "kinds": kinds,
        "state": {**states, **events.states, **made.states},
        "begin": {**{name: value for name, value in begin.items() if value}, **events.begin},
        "define": {name: {"is": text(formula)} for name, formula in symbols.defined().items()},
        "rules": rules,
        "watch": {columns[name]: {"of": text(symbols.shown(name, how))} for name, how in outputs.items()},
    }
    return Written({key: value for key, value in document.items() if value != {}}, columns, days)


def _calendar(sampling: Sampling) -> tuple[float, tuple[float, ...], int, int]:
    """The model's time in one day, the days of the outputs, the last day, and the days between records."""
    step = sampling.step
    if sampling.steps < 1 or not step > 0.0 or sampling.start < 0.0:
        raise Inexpressible("a time course without steps")
    day = 1.0 if step.is_integer() and step <= LONGEST_STEP else step
    every = int(step) if day == 1.0 else 1
    first = sampling.start / day
    if abs(first - round(first)) > 1e-9 or round(first) % every:
        raise Inexpressible("a first result that is no whole number of steps after the start")
    days = tuple(float(round(first) + i * every) for i in range(sampling.steps + 1))
    return day, days, int(days[-1]), every


def _beginning(symbols: Symbols, made: Draws) -> dict[str, Any]:
    """A rule that draws, at the very start, what starts at random."""
    if not symbols.drawn:
        return {}
    then: list[Any] = ["begun = true"]
    for name in symbols.drawn:
        value = made.hoist(symbols.ours(symbols.network.initials[name]), then)
        state, written = symbols.write(name, value)
        then.append(f"{state} = {text(written)}")
    return {"begin_draws": {"when": "not begun", "then": then, "silent": True}}


def _reactions(symbols: Symbols) -> dict[str, Any]:
    rules: dict[str, Any] = {}
    for reaction in symbols.network.reactions:
        if draws(reaction.law):
            raise Inexpressible(f"a rate that draws at random ({reaction.id})")
        then = _effects(symbols, reaction)
        if then:
            rate = as_number(symbols.ours(Formula("times", (reaction.law, Formula("number", value=symbols.day)))))
            rules[symbols.names.new("reaction", reaction.id)] = {"rate": text(rate), "then": then, "silent": True}
    return rules


def _effects(symbols: Symbols, reaction: Reaction) -> list[str]:
    then = []
    for species, change in reaction.changes:
        factor = symbols.network.quantities[species].factor
        whole = symbols.ours(change if factor is None else Formula("times", (change, factor)))
        if draws(whole):
            raise Inexpressible(f"a stoichiometry that draws at random ({reaction.id})")
        if whole.op == "number" and whole.value < 0.0:
            then.append(f"{symbols.states[species]} -= {text(Formula('number', value=-whole.value))}")
        elif whole != Formula("number"):
            then.append(f"{symbols.states[species]} += {text(whole)}")
    return then
