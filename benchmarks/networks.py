"""Workloads as reaction networks, which is how rivals of systems biology read them."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks import epidemic
from benchmarks.contested_border import ACTORS, Border
from benchmarks.workloads import Workload


@dataclass(frozen=True)
class Reaction:
    """`reactants` become `products` at `rate`, a number or an expression, times the product of all reactants."""

    reactants: tuple[str, ...]
    products: tuple[str, ...]
    rate: float | str


@dataclass(frozen=True)
class Network:
    """Species in the order of the floor's state, with their first counts, and reactions."""

    species: dict[str, int]
    reactions: tuple[Reaction, ...]
    days: float
    times: int


def network_of(workload: Workload) -> Network | None:
    """The reaction network of a workload, or None if it is none (a memory that fades is no species)."""
    if workload.key == "sir":
        people = {"S": epidemic.PEOPLE - 1, "I": 1, "R": 0}
        infect = Reaction(("S", "I"), ("I", "I"), epidemic.BETA)
        return Network(people, (infect, Reaction(("I",), ("R",), epidemic.GAMMA)), epidemic.DAYS, epidemic.TIMES)
    border = workload.border
    if border is None or border.memory or border.written != "plain":
        return None
    law = border.law()
    names = [f"F_{a}_{p}" for p in range(border.places) for a in range(ACTORS)]
    names += [name.replace("F", "C") for name in names]
    names += [f"R_{a}" for a in range(ACTORS)]
    names += [f"G_{a}_{b}" for a in range(ACTORS) for b in range(ACTORS) if a != b]
    begin = {name: int(value) for name, value in zip(names, law.begin, strict=True)}
    return Network(begin, tuple(border_reactions(border)), law.days, law.times)


def border_reactions(border: Border) -> list[Reaction]:
    """The contested border, mass action wherever it can be; attrition is split by who does the damage."""
    n, places, actors = border.numbers, range(border.places), range(ACTORS)
    pairs = [(a, b) for a in actors for b in actors if a != b]
    found = [
        Reaction((f"F_{a}_{p}",), (f"F_{a}_{q}",), n.move) for p in places for a in actors for q in border.near(p)
    ]  # fmt: skip
    found += [
        Reaction((f"R_{a}", f"C_{a}_{p}"), (f"C_{a}_{p}", f"F_{a}_{p}"), n.reinforce) for a in actors for p in places
    ]  # fmt: skip
    found += [Reaction((), (f"R_{a}",) * 5, n.replenish) for a in actors]
    for p in places:
        for a, b in pairs:
            f, g = f"F_{a}_{p}", f"F_{b}_{p}"
            found.append(Reaction((g, f), (f,), n.attrition))
            found.append(Reaction((f"C_{b}_{p}", f), (f"C_{a}_{p}", f), f"{n.capture!r}/(1+{g})"))
            rate = f"{n.strike!r}*(1+{n.excite!r}*G_{a}_{b})"
            found.append(Reaction((f"C_{b}_{p}", g), (f"C_{b}_{p}", f"G_{b}_{a}"), rate))
    found += [Reaction((f"G_{a}_{b}",), (), n.cool) for a, b in pairs]
    return found
