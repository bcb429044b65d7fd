"""Random expressions of the language over the world of `made_world.py`, all of them well-formed and well-typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

KINDS = ("actor", "place", "unit")


@dataclass(frozen=True)
class World:
    """What expressions can name: the members of each kind, and the words that the world has."""

    members: dict[str, tuple[str, ...]]
    counted: tuple[str, ...]
    words: frozenset[str]


@dataclass(frozen=True)
class Scope:
    """What an expression may use where it stands: variables by kind, local values, and whether it may move in time."""

    variables: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict.fromkeys(KINDS, ()))
    locals: tuple[str, ...] = ()
    moving: bool = True

    def wider(self, name: str, kind: str) -> Scope:
        """This scope with one more variable."""
        return Scope({**self.variables, kind: (*self.variables[kind], name)}, self.locals, self.moving)

    def keeping(self, name: str) -> Scope:
        """This scope with one more local value."""
        return Scope(self.variables, (*self.locals, name), self.moving)


class Expressions:
    """Makes expressions; in a wild world they may divide by zero, overflow, or be no number at all."""

    def __init__(self, luck: Random, world: World, wild: bool) -> None:
        self.luck, self.world, self.wild = luck, world, wild
        self.fresh = 0

    def one_of(self, *options: str) -> str:
        """One of these texts."""
        return self.luck.choice(options)

    def odds(self, share: float) -> bool:
        """True in this share of the cases."""
        return self.luck.random() < share

    def name(self) -> str:
        """A variable's name that nothing else has."""
        self.fresh += 1
        return f"v{self.fresh}"

    def number(self) -> str:
        """A literal number."""
        return self.one_of("0", "1", "2", "0.5", "3", "1.25", "1e-3", "-0.75")

    # Entities.

    def entity(self, kind: str, scope: Scope, depth: int = 0) -> str:
        """An expression that gives an entity of a kind, or none."""
        named = scope.variables[kind] * 3 or self.world.members[kind]
        if depth <= 0 or self.odds(0.6):
            return self.luck.choice([*named, self.luck.choice(self.world.members[kind])])
        if self.odds(0.2):
            first, second = (self.entity(kind, scope, depth - 1) for _ in range(2))
            return f"({first} if {self.truth(scope, depth - 1)} else {second})"
        match kind:
            case "actor":
                return self.one_of(
                    f"holder[{self.entity('place', scope, depth - 1)}]",
                    f"({self.entity('actor', scope, depth - 1)}).patron",
                    f"boss[{self.entity('unit', scope, depth - 1)}]",
                    f"({self.entity('unit', scope, depth - 1)}).maker",
                )
            case "place":
                return self.one_of(
                    f"seat[{self.entity('actor', scope, depth - 1)}]", f"post[{self.entity('unit', scope, depth - 1)}]"
                )
        return f"mate[{self.entity('unit', scope, depth - 1)}]"

    def sure(self, kind: str, scope: Scope) -> str:
        """An entity to write at, which is never none unless the world is wild."""
        if self.wild and self.odds(0.15):
            return self.entity(kind, scope, 2)
        return self.luck.choice(scope.variables[kind] or self.world.members[kind])

    def domain(self, scope: Scope, *, fixed: bool = False) -> tuple[str, str]:
        """A domain and the kind of its members; in a rule's `for` it may not start from what changes."""
        if self.odds(0.4):
            kind = self.one_of(*KINDS)
            return kind, kind
        depth = 0 if fixed else 1
        place, actor = self.entity("place", scope, depth), self.entity("actor", scope, depth)
        return self.luck.choice(
            [
                ("actor", "actor"),
                ("place", "place"),
                ("unit", "unit"),
                ("bloc", "actor"),
                ("hubs", "place"),
                ("crew", "unit"),
                ("nobody", "actor"),
                (f"road({place})", "place"),
                (f"hosts({actor})", "actor"),
                (f"serves({actor})", "unit"),
            ]
        )

    # Truths.

    def simple_truth(self, scope: Scope, depth: int) -> str:
        """A condition that is read, not worked out."""
        actor, place, unit = (self.entity(kind, scope, depth - 1) for kind in KINDS)
        same = self.one_of("==", "!=")
        options = [
            "alarm",
            f"mood {same} {self.one_of('calm', 'tense', 'war')}",
            f"holder[{place}] {same} {self.one_of('none', actor)}",
            f"({actor}) in bloc",
            f"({place}) in hubs",
            f"({unit}) in crew",
            f"({place}) in ring",
            f"({place}).kind {same} 'town'",
            f"road({place}, {self.entity('place', scope)})",
            f"hosts({actor}, {self.entity('actor', scope)})",
            f"serves({actor}, {unit})",
            f"busy[{actor}]",
            f"boss[{unit}] {same} {actor}",
            f"flag[{actor}, {place}]",
            f"post[{unit}] {same} {place}",
            f"mode[{unit}] {same} {self.one_of('idle', 'keen')}",
            f"tough({unit})",
            f"({unit}).maker {same} {self.one_of('none', actor)}",
            self.one_of("true", "false"),
        ]
        if "stances" in self.world.words:
            options.append(f"stance_{self.world.members['actor'][0]} {same} {self.one_of('lean', 'bold')}")
        if "corridors" in self.world.words:
            options.append("open_link")
        if "deals" in self.world.words:
            options += ["in_force_truce", "in_force_pact"]
        return self.luck.choice(options)

    def truth(self, scope: Scope, depth: int) -> str:
        """An expression that is true or false."""
        if depth > 0:
            match self.luck.randrange(8):
                case 0 | 1:
                    left, right = (self.value(scope, depth - 1) for _ in range(2))
                    return f"{left} {self.one_of('<', '<=', '>', '>=', '==', '!=')} {right}"
                case 2:
                    return f"({self.truth(scope, depth - 1)} {self.one_of('and', 'or')} {self.truth(scope, depth - 1)})"
                case 3:
                    return f"(not {self.truth(scope, depth - 1)})"
                case 4:
                    return self.over(self.one_of("any", "all"), scope, depth)
                case 5:
                    sign = self.one_of("<", "<=")
                    return f"0 {sign} {self.value(scope, depth - 1)} {sign} {self.value(scope, depth - 1)}"
        return self.simple_truth(scope, depth)

    def over(self, function: str, scope: Scope, depth: int) -> str:
        """A sum, count, min, max, any or all over a domain."""
        name = self.name()
        domain, kind = self.domain(scope)
        inside = scope.wider(name, kind)
        condition = f" if {self.truth(inside, depth - 1)}" if self.odds(0.5) else ""
        if function == "count":
            body = name
        elif function in ("any", "all"):
            body = self.truth(inside, depth - 1)
        else:
            body = self.value(inside, depth - 1)
        return f"{function}({body} for {name} in {domain}{condition})"

    # Numbers.

    def plain(self, scope: Scope, depth: int) -> str:
        """A number that is read, not worked out."""
        actor, place, unit = (self.entity(kind, scope, depth - 1) for kind in KINDS)
        other = self.entity("place", scope)
        options = [
            self.number(),
            "tension",
            "stock",
            f"force[{actor}, {place}]",
            f"({actor}).weight",
            f"distance({place}, {other}) / 100",
            f"road_km({place}, {other}) / 50",
            f"count({self.luck.choice(self.world.counted)})",
            f"pull({place})",
            f"rank[{place}]",
            f"load[{unit}]",
            f"reserve[{actor}]",
            f"({unit}).bulk",
            "daring",
            "scale",
            "cutoff",
            "edge",
            "mass",
            f"nerve[{actor}]",
            f"bent[{unit}]",
            f"hold[{place}]",
        ]
        if "ties" in self.world.words:
            options += [f"alliance[{actor}, {self.entity('actor', scope)}]", f"patronage[{actor}, {actor}]"]
        if scope.moving:
            options += ["heat", f"grief[{actor}]", f"pulse[{place}]", f"fatigue[{unit}]", "worry", "1 * t", "t / 10"]
            options += [f"pile[{place}]", "tank"]
        return self.luck.choice([*options, *scope.locals * 2])

    def value(self, scope: Scope, depth: int) -> str:
        """An expression that is a number."""
        if depth <= 0:
            return self.plain(scope, depth)

        def below() -> str:
            return self.value(scope, depth - 1)

        match self.luck.randrange(9):
            case 0 | 1:
                return f"({below()} {self.one_of('+', '-', '*')} {below()})"
            case 2:
                divisor = f"({below()} - edge)" if self.wild else f"(1 + abs({below()}))"
                return f"({below()} / {divisor})"
            case 3:
                return self.over(self.one_of("sum", "count", "min", "max"), scope, depth)
            case 4:
                return f"({below()} if {self.truth(scope, depth - 1)} else {below()})"
            case 5:
                return self.function(below())
            case 6:
                return f"{self.one_of('min', 'max')}({below()}, {below()}, {self.number()})"
        return self.plain(scope, depth)

    def function(self, of: str) -> str:
        """A function of a number, in a wild world also where it is not defined."""
        if self.wild and self.odds(0.5):
            return self.one_of(
                f"log({of})", f"sqrt({of})", f"({of}) ** 0.5", f"exp({of})", f"({of}) ** -1", f"2 ** ({of})",
                f"2 % ({of})",
            )
        return self.one_of(
            f"exp(-abs({of}))",
            f"sqrt(abs({of}))",
            f"logistic({of})",
            f"floor({of})",
            f"sin({of})",
            f"({of}) % 3",
            f"3 % (0.5 + abs({of}))",
            f"log(1 + abs({of}))",
            f"abs({of})",
            f"-({of})",
            f"abs({of}) ** 0.5",
            f"max({of}, -3) ** 2",
            f"(0.5 + abs({of})) ** -1",
            f"min({of}, 4) ** 3",
        )

    def rate(self, scope: Scope) -> str:
        """A rate that is mostly possible."""
        inside = self.value(scope, 2)
        if self.wild and self.odds(0.4):
            return f"1 * {inside}"
        return self.one_of(
            f"min(0.4, abs(1 * {inside}))",
            f"0.3 * logistic({inside})",
            f"daring / (1 + abs({inside}))",
            f"0.05 + 0.2 * exp(-abs({inside}))",
            f"max(0, min(0.3, 1 * {inside}))",
            "daring",
            f"daring * min(2, worry + abs({inside}))",
            "0.5 * worry * exp(1 - worry)",
        )

    # Draws, in effects only.

    def draw(self, scope: Scope) -> str:
        """A random number."""
        inside = f"min(3, abs({self.value(scope, 1)}))"
        if self.wild and self.odds(0.3):
            # Impossible literals are refused when the scenario is read; `edge` makes them known only in the run.
            free = f"{self.value(scope, 1)} + edge"
            return self.one_of(
                f"poisson({free})", f"binomial({free}, {free})", f"exponential({free})", f"uniform(0, {free})"
            )
        return self.one_of(
            f"poisson({inside})",
            f"binomial(floor({inside}), 0.4)",
            f"exponential({inside})",
            f"uniform(-1, {inside})",
            f"binomial(3, {inside} / 3)",
        )

    def pick(self, scope: Scope) -> tuple[str, str]:
        """A random member of a domain, or none, and its kind."""
        name = self.name()
        domain, kind = self.domain(scope)
        inside = scope.wider(name, kind)
        weight = self.value(inside, 1) if self.wild else f"abs({self.value(inside, 1)})"
        weighted = f", weight={weight}" if self.odds(0.5) else ""
        return f"choice({name} for {name} in {domain} if {self.truth(inside, 1)}{weighted})", kind
