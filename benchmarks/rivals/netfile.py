"""Writes a reaction network as BioNetGen's .net file, which run_network and bngsim both read."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

from benchmarks.networks import Network


def written(network: Network, path: Path) -> None:
    """The network in a file. A rate that is no number becomes a function; what it reads becomes an observable."""
    number = {name: at for at, name in enumerate(network.species, start=1)}
    rates = {reaction.rate for reaction in network.reactions}
    constants = {rate: f"k{at}" for at, rate in enumerate(sorted(rate for rate in rates if isinstance(rate, float)))}
    functions = {rate: f"f{at}" for at, rate in enumerate(sorted(rate for rate in rates if isinstance(rate, str)))}
    names: dict[float | str, str] = {**constants, **functions}
    seen = sorted({name for rate in functions for name in re.findall(r"[A-Z]\w*", rate)}, key=number.__getitem__)
    lines = ["begin parameters"]
    order = count(1)
    lines += [f"{next(order)} {name} {value!r}" for value, name in constants.items()]
    lines += [f"{next(order)} never 1e-300", "end parameters", "begin functions"]
    order = count(1)
    lines += [f"{next(order)} {name}() {named(rate)}" for rate, name in functions.items()]
    lines += ["end functions", "begin species"]
    lines += [f"{number[name]} {name}() {value}" for name, value in network.species.items()]
    lines += ["end species", "begin reactions"]
    for at, reaction in enumerate(network.reactions, start=1):
        before, after = (
            ",".join(str(number[name]) for name in side) or "0" for side in (reaction.reactants, reaction.products)
        )
        lines.append(f"{at} {before} {after} {names[reaction.rate]}")
    # run_network takes a species that nothing consumes for the edge of a network that is still to be made, and falls.
    consumed = {name for reaction in network.reactions for name in reaction.reactants}
    edge = sorted({name for reaction in network.reactions for name in reaction.products} - consumed)
    for at, name in enumerate(edge, start=len(network.reactions) + 1):
        lines.append(f"{at} {number[name]} {number[name]} never")
    lines += ["end reactions", "begin groups"]
    lines += [f"{at} O_{name} {number[name]}" for at, name in enumerate(seen, start=1)]
    lines += ["end groups", ""]
    path.write_text("\n".join(lines), encoding="ascii")


def named(rate: str) -> str:
    """An expression of species as one of the observables that count them."""
    return re.sub(r"[A-Z]\w*", lambda found: f"O_{found.group()}", rate)
