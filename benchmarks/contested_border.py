"""The workload "contested border": four actors on a ring of places, in the language and as plain tables.

W1 counts grievance and lets it cool one by one; W2 makes it a memory that decays. Both are given twice, as the
scenario text that this engine reads and as the tables that the floor in C reads, so that the two run the same law.
"""

from __future__ import annotations

import math
from dataclasses import asdict, astuple, dataclass

from benchmarks.floor import GroundRule, Law

ACTORS = 4
DAYS = 365
TIMES = 74


@dataclass(frozen=True)
class Numbers:
    """The constants of the workload, scaled so that the traffic per place hardly depends on the number of places."""

    move: float
    reinforce: float
    replenish: float
    attrition: float
    capture: float
    strike: float
    excite: float
    cool: float


@dataclass(frozen=True)
class Border:
    """The workload on some number of places; `memory` makes it W2, `written` says how the rates are put."""

    places: int
    memory: bool = False
    written: str = "plain"

    @property
    def numbers(self) -> Numbers:
        """The constants for this many places, per day."""
        p = self.places
        return Numbers(0.025, 0.02 * 60 / p, p / 30, 0.005, 0.02, 0.005 * 60 / p, 0.2, 0.1)

    @property
    def name(self) -> str:
        """What the tables of results call it."""
        way = "" if self.written == "plain" else f", {self.written}"
        return f"{'W2' if self.memory else 'W1'} at {self.places} places{way}"

    def near(self, place: int) -> list[int]:
        """The neighbours of a place: one and about sqrt(places) steps along the ring, both ways."""
        step = max(2, round(math.sqrt(self.places)))
        return sorted({(place + by) % self.places for by in (1, -1, step, -step)})

    def owner(self, place: int) -> int:
        """Who controls a place at the start: four bands of equal length."""
        return place * ACTORS // self.places

    def begin_force(self, actor: int, place: int) -> int:
        """Eight units in a place of one's own, one in a neighbouring place, else none."""
        if self.owner(place) == actor:
            return 8
        return 1 if any(self.owner(q) == actor for q in self.near(place)) else 0

    def scenario(self) -> str:
        """The workload in the language, as YAML text."""
        actors, places = range(ACTORS), range(self.places)
        lines = [
            "standoff: 1",
            f"title: Contested border, {self.name}",
            "starts: 2017-01-01",
            "ends: 2017-12-31",
            "every: 5 days",
            "actors:",
            *(f"  a{a}: {{kind: state}}" for a in actors),
            "places:",
            *(f"  p{p}: {{kind: town}}" for p in places),
            "relations:",
            "  near:",
            "    of: [place, place]",
            "    pairs:",
            *(f"      - [p{p}, p{q}]" for p in places for q in self.near(p)),
            "state:",
            "  force: {of: [actor, place], at_least: 0}",
            "  controls: {of: [actor, place], at_least: 0, at_most: 1}",
            "  reserve: {of: actor, at_least: 0}",
            f"  grievance: {{of: [actor, actor], at_least: 0{self.half_life()}}}",
            "begin:",
            "  force:",
            *(f"    a{a}: {self.row([self.begin_force(a, p) for p in places])}" for a in actors),
            "  controls:",
            *(f"    a{a}: {self.row([int(self.owner(p) == a) for p in places])}" for a in actors),
            f"  reserve: {{{', '.join(f'a{a}: 20' for a in actors)}}}",
            "rules:",
            *self.rules(),
            "watch:",
            "  force: {for: {a: actor, p: place}, of: 'force[a, p]'}",
            "  controls: {for: {a: actor, p: place}, of: 'controls[a, p]'}",
            "  reserve: {for: {a: actor}, of: 'reserve[a]'}",
            "  grievance: {for: {a: actor, b: actor}, of: 'grievance[a, b]'}",
        ]  # fmt: skip
        return "\n".join(lines) + "\n"

    def rules(self) -> list[str]:
        """The rules in the language, with their rates as `WRITTEN` puts them."""
        rates = {name: rate.format(**asdict(self.numbers)) for name, rate in WRITTEN[self.written].items()}
        place, pair = "a: actor, p: place", "a: actor, b: actor, p: place"
        lines = [
            *rule("move", f"{place}, q: near(p)", "", rates, "force[a, p] -= 1", "force[a, q] += 1"),
            *rule("reinforce", place, "", rates, "reserve[a] -= 1", "force[a, p] += 1"),
            *rule("replenish", "a: actor", "", rates, "reserve[a] += 5"),
            *rule("attrition", "b: actor, p: place", "", rates, "force[b, p] -= 1"),
            *rule("capture", pair, "a != b", rates, "controls[b, p] -= 1", "controls[a, p] += 1"),
            *rule("strike", pair, "a != b", rates, "force[b, p] -= 1", "grievance[b, a] += 1"),
        ]
        if not self.memory:
            lines += rule("cool", "a: actor, b: actor", "a != b", rates, "grievance[a, b] -= 1")
        return lines

    def half_life(self) -> str:
        """W2's memory fades at the rate at which W1's grievance cools."""
        return f", half_life: {math.log(2) / self.numbers.cool!r} days" if self.memory else ""

    @staticmethod
    def row(values: list[int]) -> str:
        """A flow mapping from places to what is not 0."""
        return "{" + ", ".join(f"p{p}: {v}" for p, v in enumerate(values) if v) + "}"

    def totals(self) -> dict[str, slice]:
        """Where the floor's state holds what the watches of the same names record."""
        edge = 2 * ACTORS * self.places
        return {
            "force": slice(0, edge // 2),
            "reserve": slice(edge, edge + ACTORS),
            "grievance": slice(edge + ACTORS, edge + ACTORS * ACTORS),
        }

    def begin(self) -> list[float]:
        """The floor's state at the start: force, controls, reserve, grievance."""
        pairs = [(a, p) for p in range(self.places) for a in range(ACTORS)]
        force = [float(self.begin_force(a, p)) for a, p in pairs]
        controls = [float(self.owner(p) == a) for a, p in pairs]
        return [*force, *controls, *[20.0] * ACTORS, *[0.0] * (ACTORS * (ACTORS - 1))]

    def law(self) -> Law:
        """The workload as the floor runs it."""
        formulas = "tangled.h" if self.written == "tangled" else "border.h"
        memories = ACTORS * (ACTORS - 1) if self.memory else 0
        begin, rules = tuple(self.begin()), tuple(self.ground_rules())
        return Law(formulas, astuple(self.numbers), begin, rules, memories, DAYS, TIMES)

    def ground_rules(self) -> list[GroundRule]:
        """Every ground rule as the floor wants it, templates in the order of its switch."""
        rivals = [(a, b) for a in range(ACTORS) for b in range(ACTORS) if a != b]
        places = range(self.places)

        def force(a: int, p: int) -> int:
            return ACTORS * p + a

        def controls(a: int, p: int) -> int:
            return ACTORS * self.places + ACTORS * p + a

        def reserve(a: int) -> int:
            return 2 * ACTORS * self.places + a

        def grievance(a: int, b: int) -> int:
            return 2 * ACTORS * self.places + ACTORS + rivals.index((a, b))

        rules = [
            GroundRule(0, (force(a, p),), ((force(a, p), -1), (force(a, q), 1)))
            for p in places for a in range(ACTORS) for q in self.near(p)
        ]  # fmt: skip
        rules += [
            GroundRule(1, (reserve(a), controls(a, p)), ((reserve(a), -1), (force(a, p), 1)))
            for a in range(ACTORS) for p in places
        ]  # fmt: skip
        rules += [GroundRule(2, (), ((reserve(a), 5),)) for a in range(ACTORS)]
        for p in places:
            for b in range(ACTORS):
                others = tuple(force(a, p) for a in range(ACTORS) if a != b)
                rules.append(GroundRule(3, (force(b, p), *others), ((force(b, p), -1),)))
        rules += [
            GroundRule(4, (controls(b, p), force(a, p), force(b, p)), ((controls(b, p), -1), (controls(a, p), 1)))
            for p in places for a, b in rivals
        ]  # fmt: skip
        rules += [
            GroundRule(5, (controls(b, p), force(b, p), grievance(a, b)), ((force(b, p), -1), (grievance(b, a), 1)))
            for a, b in rivals for p in places
        ]  # fmt: skip
        if not self.memory:
            rules += [GroundRule(6, (grievance(a, b),), ((grievance(a, b), -1),)) for a, b in rivals]
        return rules


def rule(name: str, over: str, when: str, rates: dict[str, str], *then: str) -> list[str]:
    """The lines of one rule."""
    guard = [f"    when: {when}"] if when else []
    effects = [f"      - {statement}" for statement in then]
    return [f"  {name}:", f"    for: {{{over}}}", *guard, f"    rate: {rates[name]}", "    then:", *effects]


WRITTEN = {
    "plain": {
        "move": "{move!r} * force[a, p]",
        "reinforce": "{reinforce!r} * reserve[a] * controls[a, p]",
        "replenish": "{replenish!r}",
        "attrition": "{attrition!r} * force[b, p] * sum(force[a, p] for a in actor if a != b)",
        "capture": "{capture!r} * controls[b, p] * force[a, p] / (1 + force[b, p])",
        "strike": "{strike!r} * controls[b, p] * force[b, p] * (1 + {excite!r} * grievance[a, b])",
        "cool": "{cool!r} * grievance[a, b]",
    },
    "guarded": {
        "move": "max(0, {move!r} * force[a, p] if force[a, p] > 0 else 0)",
        "reinforce": "min(1000000, {reinforce!r} * reserve[a] * controls[a, p]) if reserve[a] >= 1 and "
        "controls[a, p] > 0 else 0",
        "replenish": "{replenish!r} if reserve[a] >= 0 else 0",
        "attrition": "max(0, {attrition!r} * force[b, p] * (sum(force[a, p] for a in actor) - force[b, p])) if "
        "force[b, p] >= 1 else 0",
        "capture": "{capture!r} * controls[b, p] * force[a, p] / max(1, 1 + force[b, p]) if controls[b, p] == 1 and "
        "force[a, p] > 0 else 0",
        "strike": "min(1000000, {strike!r} * controls[b, p] * force[b, p]) * max(1, 1 + {excite!r} * grievance[a, b]) "
        "if force[b, p] > 0 and controls[b, p] > 0 else 0",
        "cool": "max(0, {cool!r} * grievance[a, b] if grievance[a, b] > 0 else 0)",
    },
    "tangled": {
        "move": "max(0, {move!r} * exp(log(force[a, p]))) if force[a, p] > 0 else 0",
        "reinforce": "min(1000000000, {reinforce!r} * reserve[a] * sqrt(controls[a, p] * controls[a, p])) / "
        "(1 + 0 * reserve[a]) if reserve[a] > 0 and controls[a, p] > 0 else 0",
        "replenish": "{replenish!r}",
        "attrition": "{attrition!r} * force[b, p] * max(sum(force[a, p] for a in actor if a != b), 0) * "
        "exp(-log(1 + 0 * force[b, p])) if force[b, p] >= 1 else 0",
        "capture": "max(0, min(1000000000, {capture!r} * controls[b, p] * exp(log(force[a, p]) - "
        "log(1 + force[b, p])))) if controls[b, p] == 1 and force[a, p] > 0 else 0",
        "strike": "{strike!r} * controls[b, p] * force[b, p] * max(1, 1 + {excite!r} * grievance[a, b]) "
        "if controls[b, p] > 0 and force[b, p] > 0 else 0",
        "cool": "max(0, {cool!r} * grievance[a, b] if grievance[a, b] > 0 else 0)",
    },
}
"""The same rates put in three ways: as one would, guarded where nothing needs it, and with needless functions too."""
