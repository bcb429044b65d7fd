"""Small random scenarios that hold to the language, for laws that every run of every scenario obeys."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests import made_world
from tests.made_expressions import Expressions, Scope, World

RULES = (
    "move", "raise", "lose", "haul", "pass", "shared", "draw_down", "memory", "write", "take", "trigger", "timed",
    "called", "every", "after", "since",
)  # fmt: skip
"""What a rule of a made scenario is for; only the first seven change what the laws of `made_world` watch."""

SHARED = (
    "0.02 * reserve[a] * load[u]",
    "0.02 * (1 + 0.3 * grief[a]) * (1 + load[u])",
    "0.01 * (1 + tension) * (load[u] + 0.1)",
    "0.02 * abs(heat) * logistic(load[u])",
    "0.02 * reserve[a] / (1 + load[u])",
    "daring * worry * (u.bulk + fatigue[u])",
    "0.02 * min(3, tension) * max(load[u], fatigue[u])",
    "(0.03 * reserve[a] if mood == calm else 0.02 * load[u])",
    "0.01 * reserve[a] * grief[a] * worry * (1 + load[u]) * u.bulk",
    "0.02 * (reserve[a] + load[u])",
    "edge * load[u] * worry",
    "0.02 * sum(reserve[b] for b in actor) * load[u]",
    "0.02 * reserve[boss[u]] * (1 + load[u])",
    "0.01 * exp(-heat * heat) * (1 + load[u]) * reserve[a]",
    "0.02 * load[u] * (1 + worry) / (1 + reserve[a])",
)
"""Rates that read one slot through many rows, and one of each row."""

SHARED_GUARDS = (
    "reserve[a] >= 1",
    "not alarm and load[u] > 0",
    "mood != war and load[u] < 9",
    "heat < 2",
    "worry > 0.2 and boss[u] == a",
    "tension < 5 or load[u] > 2",
    "fatigue[u] < worry",
    "busy[a] or reserve[a] > 0",
    "u in crew and reserve[a] > load[u]",
)


@dataclass(frozen=True)
class Made:
    """A scenario as text, and what its maker knows of it: what each watch of a law must show at every time."""

    text: str
    laws: dict[str, float]
    wild: bool


class Maker:
    """Makes one scenario; the luck of every part is its own, so that leaving a rule out changes no other."""

    def __init__(self, seed: int, *, wild: bool, crowd: bool, words: frozenset[str]) -> None:
        luck = Random(seed)
        self.world = World(made_world.members(luck, crowd), ("raise_0",), words)
        self.speak = Expressions(luck, self.world, wild)
        self.wild = wild
        self.document = made_world.document(luck, self.world) | made_world.words(luck, self.world)
        self.document |= made_world.readings(self.speak)
        self.document["rules"] = {}

    @property
    def luck(self) -> Random:
        """The luck of the part that is being made."""
        return self.speak.luck

    # Effects that leave the laws alone.

    def block(self, scope: Scope, depth: int) -> list[Any]:
        """A few statements, perhaps a local value first."""
        done: list[Any] = []
        if self.speak.odds(0.4):
            name = self.speak.name()
            done.append(f"{name} = {self.speak.draw(scope) if self.speak.odds(0.5) else self.speak.value(scope, 2)}")
            scope = scope.keeping(name)
        return done + [self.statement(scope, depth) for _ in range(self.luck.randint(1, 2))]

    def statement(self, scope: Scope, depth: int) -> Any:
        """One statement of any form."""
        if depth > 0 and self.speak.odds(0.5):
            return self.nested(scope, depth - 1)
        return self.write(scope)

    def nested(self, scope: Scope, depth: int) -> Any:
        """An if, a loop or a gamble."""
        match self.luck.randrange(3):
            case 0:
                return {
                    "if": self.speak.truth(scope, 2),
                    "then": self.block(scope, depth),
                    "else": self.block(scope, depth),
                }
            case 1:
                name = self.speak.name()
                domain, kind = self.speak.domain(scope)
                inside = scope.wider(name, kind)
                return {"for": {name: domain}, "where": self.speak.truth(inside, 1), "do": self.block(inside, depth)}
        shares = [f"{self.speak.value(scope, 1)} + edge" if self.wild else "logistic(stock) / 2", "0.25"]
        branches = [{"p": p, "do": self.block(scope, depth)} for p in shares]
        return {"chance": branches, "otherwise": self.block(scope, depth)}

    def write(self, scope: Scope) -> str:
        """One assignment, by any operator, to a state of any sort."""
        speak = self.speak
        actor, place, unit = (speak.sure(kind, scope) for kind in ("actor", "place", "unit"))
        picked, kind = speak.pick(scope)
        entity = {
            of: picked if of == kind else speak.one_of(speak.entity(of, scope, 1), "none")
            for of in ("actor", "place", "unit")
        }
        if self.wild and speak.odds(0.15):
            target, change = speak.one_of("tension", "stock", "heat"), speak.one_of("+=", "-=", "*=", "=")
            return f"{target} {change} {speak.value(scope, 2)}"
        small = f"max(-9, min(9, {speak.value(scope, 2)}))"
        return speak.one_of(
            f"tension = min(10, max(0, tension + {speak.value(scope, 2)} - {speak.value(scope, 1)}))",
            f"stock = min(5, max(-5, stock + {small}))",
            f"heat {speak.one_of('+=', '-=', '=')} {small}",
            "heat *= -0.5",
            f"worry = min(3, abs({speak.value(scope, 2)}))",
            f"grief[{actor}] += min(2, abs({speak.value(scope, 2)}))",
            f"pulse[{place}] {speak.one_of('+=', '-=', '=')} max(-5, min(5, {speak.draw(scope)}))",
            f"fatigue[{unit}] = abs({small})",
            f"holder[{place}] = {entity['actor']}",
            f"boss[{unit}] = {entity['actor']}",
            f"seat[{actor}] = {entity['place']}",
            f"post[{unit}] = {entity['place']}",
            f"mate[{unit}] = {entity['unit']}",
            f"mood = {speak.one_of('calm', 'tense', 'war')}",
            f"mode[{unit}] = {speak.one_of('idle', 'keen')}",
            f"alarm = {speak.truth(scope, 2)}",
            "alarm = chance(0.4)",
            f"busy[{actor}] = {speak.truth(scope, 1)}",
            f"busy[{actor}] = not busy[{actor}]",
            f"worry = min(3, abs({speak.draw(scope)}))",
            f"tank = max(-2, min(8, tank + {small}))",
            f"pile[{place}] = min(6, abs({small}))",
        )

    # Rules.

    def header(self, scope: Scope) -> dict[str, Any]:
        """How a firing is recorded."""
        speak = self.speak
        if speak.odds(0.15):
            return {"silent": True}
        if speak.odds(0.3):
            return {}
        actor, other, place = (speak.entity(kind, scope, 1) for kind in ("actor", "actor", "place"))
        words = f"{speak.one_of('ASSAULT', 'AID (food)', 'CONSULT')} by ({actor}) on ({other}) at ({place})"
        # A size that is always negative is a fault.
        return {"event": f"{words} size abs({speak.value(scope, 1)})"}

    def bindings(self, scope: Scope) -> tuple[dict[str, str], Scope]:
        """A `for` with up to two variables, three where the kinds are small."""
        bound: dict[str, str] = {}
        most = 2 if len(self.world.members["unit"]) > 4 else 3
        for _ in range(self.luck.randint(0, most)):
            name = self.speak.name()
            domain, kind = self.speak.domain(scope, fixed=True)
            bound[name] = domain
            scope = scope.wider(name, kind)
        return bound, scope

    def rule(self, kind: str, seed: int, number: int) -> None:
        """Add a rule of a kind."""
        self.speak.luck = Random(seed)
        make = {
            "trigger": self.trigger, "timed": self.timed, "called": self.called, "every": self.every,
            "after": self.after, "since": self.after,
        }.get(kind)  # fmt: skip
        if make is None:
            make = self.free if kind in ("memory", "write", "take") else self.lawful
        self.document["rules"][f"{kind}_{number}"] = make(kind)

    def lawful(self, kind: str) -> dict[str, Any]:
        """A rule that changes what the laws watch, as the laws say."""
        speak = self.speak
        rule: dict[str, Any] = {
            "move": {
                "for": {"a": "actor", "p": "place", "q": "road(p)"},
                "when": "force[a, p] >= 1",
                "rate": "0.1 * force[a, p]",
                "then": ["force[a, p] -= 1", "force[a, q] += 1"],
                "event": "MOBILIZE by a at q size force[a, p]",
            },
            "raise": {
                "for": {"a": "actor", "p": "place"},
                "when": "true",
                "rate": "0.05",
                "then": ["force[a, p] += 1"],
            },
            "lose": {
                "for": {"a": "actor", "p": "place"},
                "when": "force[a, p] >= 1",
                "rate": "0.2",
                "then": ["force[a, p] -= 1"],
            },
            "haul": {
                "for": {"u": "unit"},
                "when": "load[u] > 0",
                "rate": "0.1 * load[u]",
                "then": [
                    "moved = binomial(load[u], 0.6)",
                    "onto = choice(w for w in unit if w != u, weight=w.bulk)",
                    {"if": "onto != none", "then": ["load[u] -= moved", "load[onto] += moved"]},
                ],
            },
            "pass": {
                "for": {"a": "actor", "p": "place"},
                "when": "not flag[a, p]",
                "rate": "0.05 + 0.01 * force[a, p]",
                "then": [{"for": {"b": "actor"}, "do": ["flag[b, p] = false"]}, "flag[a, p] = true"],
                "event": "SUPPORT by a at p",
            },
            "shared": {
                "for": {"a": "actor", "u": "unit"},
                "when": self.luck.choice(SHARED_GUARDS),
                "rate": self.luck.choice(SHARED),
                "then": [
                    {"if": "load[u] >= 1", "then": ["load[u] -= 1", "reserve[a] += 1"]},
                    "worry = min(2, worry + 0.05)",
                ],
            },
            "draw_down": {
                "for": {"a": "actor", "u": "unit"},
                "when": "reserve[a] >= 1",
                "rate": self.luck.choice(SHARED),
                "then": ["reserve[a] -= 1", "load[u] += 1"],
                "event": "AID by a size reserve[a]",
            },
        }[kind]
        named = {"actor": ("a",), "place": ("p",), "unit": ("u",)}
        bound = {of: tuple(v for v in names if v in rule["for"]) for of, names in named.items()}
        scope = Scope({**bound, "place": (*bound["place"], *(["q"] if "q" in rule["for"] else []))})
        if kind == "raise" and speak.odds(0.3):
            # The same place, found while running.
            rule["when"], rule["then"] = "holder[p] != none", ["force[holder[p], p] += 1"]
        if speak.odds(0.5):
            rule["when"] += f" and {speak.truth(scope, 2)}" if " or " not in rule["when"] else ""
            rule["then"] = [*rule["then"], *self.block(scope, 1)]
        return rule

    def free(self, kind: str) -> dict[str, Any]:
        """A rated rule of any form."""
        bound, scope = self.bindings(Scope())
        rule: dict[str, Any] = {"for": bound} if bound else {}
        rule["rate"] = self.speak.rate(scope)
        if self.speak.odds(0.7):
            rule["when"] = self.speak.truth(scope, 3)
        rule["then"] = self.block(scope, 2)
        if kind == "memory":
            rule["then"] += [f"grief[{self.speak.sure('actor', scope)}] += 1", "worry = min(3, worry + 0.2)"]
        if kind == "take":
            rule["then"].append(f"holder[{self.speak.sure('place', scope)}] = {self.speak.entity('actor', scope, 1)}")
        return rule | self.header(scope)

    def trigger(self, kind: str) -> dict[str, Any]:
        """A trigger that mostly puts out its own guard in the end."""
        bound, scope = self.bindings(Scope(moving=self.speak.odds(0.5)))
        rule: dict[str, Any] = {"for": bound} if bound else {}
        acts = Scope(scope.variables)
        guard = self.speak.truth(scope, 3)
        marker = f"rank[{scope.variables['place'][-1]}]" if scope.variables["place"] else "spent"
        if self.wild and self.speak.odds(0.3):
            rule |= {"when": guard, "then": self.block(acts, 1)}
        else:
            rule |= {"when": f"{marker} < 20 and {guard}", "then": [f"{marker} += 1", *self.block(acts, 2)]}
        return rule | self.header(acts)

    def timed(self, kind: str) -> dict[str, Any]:
        """A rule with a date or a drawn day."""
        bound, scope = self.bindings(Scope())
        rule: dict[str, Any] = {"for": bound} if bound else {}
        rule["at"] = self.speak.one_of(
            "2020-01-03", "4.5", "2 * scale", "1 + abs(mass)", "0", "edge", "40", "39 + edge"
        )
        if self.speak.odds(0.5):
            rule["when"] = self.speak.truth(scope, 2)
        rule["then"] = self.block(scope, 2)
        return rule | self.header(scope)

    def every(self, kind: str) -> dict[str, Any]:
        """A rule that comes again and again, also by months, with a jitter or without."""
        bound, scope = self.bindings(Scope())
        rule: dict[str, Any] = {"for": bound} if bound else {}
        rule["every"] = self.speak.one_of("4 days", "1 month", "30 hours")
        rule |= self.luck.choice([{}, {"from": "2020-01-03T06:00"}])
        rule |= self.luck.choice([{}, {"jitter": "20 hours"}])
        if self.speak.odds(0.5):
            rule["when"] = self.speak.truth(scope, 2)
        rule["then"] = self.block(scope, 1)
        return rule | self.header(scope)

    def after(self, kind: str) -> dict[str, Any]:
        """A rule that comes so long after its guard has turned true, or after another rule."""
        bound, scope = self.bindings(Scope(moving=self.speak.odds(0.3)))
        rule: dict[str, Any] = {"for": bound} if bound else {}
        rule["after"] = self.speak.one_of("36 hours", "uniform(1 day, 3 days)", "exponential(2 days)", "scale")
        if kind == "since":
            rule["since"] = "raise_0"
        if kind == "after" or self.speak.odds(0.5):
            rule["when"] = self.speak.truth(scope, 2)
        rule["then"] = self.block(Scope(scope.variables), 1)
        return rule | self.header(Scope(scope.variables))

    def called(self, kind: str) -> dict[str, Any]:
        """A rule that fires only when it is ordered."""
        bound, scope = self.bindings(Scope())
        rule: dict[str, Any] = {"for": bound} if bound else {}
        rule["called"] = True
        if self.speak.odds(0.6):
            rule["when"] = self.speak.truth(scope, 2)
        rule["then"] = self.block(scope, 2)
        return rule | self.header(scope)

    def made(self) -> Made:
        """The scenario with the watches of its laws."""
        watches, laws = made_world.laws(self.document)
        self.document["watch"] |= {name: {"of": of} for name, of in watches.items()}
        return Made(json.dumps(self.document, indent=1), laws, self.wild)


def ring(luck: Random, size: int) -> str:
    """A ring of triggers that raise each other for ever, set off at day 0 or by an event."""
    rules: dict[str, Any] = {} if luck.random() < 0.5 else {"start": {"rate": 3, "when": "x < 0", "then": ["x = 0"]}}
    begins = {} if not rules else {"begin": {"x": -1}}
    for i in range(size):
        rules[f"step_{i}"] = {"when": f"x == {i}", "then": [f"x = {(i + 1) % size}", "turns += 1"]}
    order = list(rules)
    luck.shuffle(order)
    state = {"x": {}, "turns": {"at_least": 0}}
    head = {"standoff": 1, "title": "a ring", "starts": "2020-01-01", "ends": "2020-01-30"}
    return json.dumps({**head, "state": state, **begins, "rules": {name: rules[name] for name in order}})


@st.composite
def scenarios(draw: st.DrawFn, most: int = 6, crowd: bool = False, wild: bool | None = None) -> Made:
    """Scenarios: the world from one number, each rule from its own, so that a failing one shrinks by rules."""
    words = draw(st.sets(st.sampled_from(made_world.WORDS), max_size=2))
    wilder = draw(st.booleans()) if wild is None else wild
    maker = Maker(draw(st.integers(0, 10**9)), wild=wilder, crowd=crowd, words=frozenset(words))
    kinds = ("shared", "draw_down", "haul", "shared", "memory", "trigger", "move") if crowd else RULES
    rules = draw(st.lists(st.tuples(st.sampled_from(kinds), st.integers(0, 10**9)), min_size=2, max_size=most))
    maker.rule("raise", 0, 0)
    maker.document["rules"]["raise_0"] |= {"event": "MOBILIZE by a at p"}
    for number, (kind, seed) in enumerate(rules, start=1):
        maker.rule(kind, seed, number)
    return maker.made()
