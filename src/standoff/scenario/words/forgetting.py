"""What a red line remembers: each crossing counts for so long, to the instant, and then no more.

A crossing takes a place in a ring and stays there until it is forgotten. The breaches are what stands in the ring,
added up anew at each change, so that no rounding gathers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, inf

from standoff.errors import Faults
from standoff.intervals import Interval, point
from standoff.numerals import read_number
from standoff.scenario.expression.syntax import refused
from standoff.scenario.expression.written import (
    Each,
    Form,
    applied,
    assigned,
    called,
    form,
    indexed,
    phrase,
    value_in,
    written,
)
from standoff.scenario.origin import Origin, Role
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Entity, ForStatement, Kind, RedLine, Rule, State, Statement
from standoff.scenario.words.delays import NEVER, until_due
from standoff.scenario.words.expansion import Expansion, limits_of
from standoff.time import looks_like_duration, parse_duration

FEWEST, MOST = 8, 64
"""How many crossings by one crosser a line can remember: as many as its thresholds ask for, within these.

It is `MOST` where it is not known what they ask for, so that no threshold is beyond a line that could be counted up to.
"""


@dataclass(frozen=True, slots=True)
class Window:
    """The ring of one line: `crossed_NAME` counts its crossings, and the n-th takes the place n modulo `places`.

    `until_NAME` says when the crossing in a place is forgotten, and `weight_NAME` what it counts, where that is not 1.
    """

    name: str
    lasts: Form
    places: int
    weighed: bool

    @classmethod
    def of(cls, expansion: Expansion, name: str, line: RedLine) -> Window | None:
        """The ring of a line; None for one that never forgets, or whose breaches fade; raises Faults for no time."""
        if line.forgets is None:
            return None
        places = _places(expansion, name, line)
        days = parse_duration(line.forgets) if looks_like_duration(line.forgets) else read_number(line.forgets.strip())
        if days is not None and days <= 0.0:
            raise refused(line.forgets, "SD312", "the time after which a breach is forgotten must be above 0")
        lasts = called("max", line.forgets, 0) if days is None else form(days)
        weighed = any(crossing.size is not None and value_in(crossing.size) != 1.0 for crossing in line.crossed_by)
        return cls(name, lasts, places, weighed)

    @property
    def spot(self) -> Words:
        """The variable for a place of the ring."""
        return phrase(f"{self.name}_crossing", self.name)

    @property
    def ring(self) -> Words:
        """The kind of these places."""
        return phrase(f"{self.name}_crossings", self.name)

    def declare(self, expansion: Expansion, for_: dict[str, Words]) -> None:
        """Adds the places, the states, and the rule by which a crossing is forgotten."""
        name, origin = self.name, _origin(self.name, "places")
        members = {
            phrase(f"{name}_crossing_{number + 1}", name): Entity(attributes={Words("number"): float(number)})
            for number in range(self.places)
        }
        expansion.add_kind(str(self.ring), Kind(members=members), near=name, origin=origin)
        actor = Words("actor")
        about = phrase(f"the day on which a crossing of {name} is forgotten, {NEVER} for none", name)
        until = State(of=(actor, self.ring), unit=Words("day"), about=about)
        expansion.add_state(f"until_{name}", until, _origin(name, "due"), near=name, begin=Words(str(NEVER)))
        if self.weighed:
            told = phrase(f"what a crossing of {name} counts", name)
            weight = State(of=(actor, self.ring), at_least=0, about=told)
            expansion.add_state(f"weight_{name}", weight, _origin(name, "weight"), near=name)
        told = phrase(f"how often {name} was crossed", name)
        crossed = State(of=(actor,), at_least=0, about=told)
        expansion.add_state(f"crossed_{name}", crossed, _origin(name, "sent"), near=name)
        here = self._until("intruder")
        rule = Rule(
            for_={**for_, self.spot: self.ring},
            when=written(until_due(here), name),
            then=(*self._emptied("intruder"), self._counted("intruder")),
            silent=True,
        )
        expansion.add_rule(f"{name}_forgets", rule, _origin(name, "is forgotten"), near=name)

    def count(self, intruder: str, size: Form, near: str) -> tuple[Statement, ...]:
        """What remembers one crossing, in place of the oldest where all places are taken."""
        crossed = indexed(f"crossed_{self.name}", intruder)
        mine = applied("==", f"{self.spot}.number", applied("%", crossed, self.places))
        taken = [assigned(self._until(intruder), "=", applied("+", "t", self.lasts), near)]
        if self.weighed:
            taken.append(assigned(indexed(f"weight_{self.name}", intruder, str(self.spot)), "=", size, near))
        each = ForStatement(for_={self.spot: self.ring}, where=written(mine, near), do=tuple(taken))
        return each, assigned(crossed, "+=", 1, near), self._counted(intruder)

    def clear(self, intruder: str) -> tuple[Statement, ...]:
        """What forgets all crossings of one crosser."""
        each = ForStatement(for_={self.spot: self.ring}, do=tuple(self._emptied(intruder)))
        return each, assigned(indexed(f"breaches_{self.name}", intruder), "=", 0, self.name)

    def _until(self, intruder: str) -> Form:
        return indexed(f"until_{self.name}", intruder, str(self.spot))

    def _emptied(self, intruder: str) -> list[Statement]:
        empty: list[Statement] = [assigned(self._until(intruder), "=", NEVER, self.name)]
        if self.weighed:
            empty.append(assigned(indexed(f"weight_{self.name}", intruder, str(self.spot)), "=", 0, self.name))
        return empty

    def _counted(self, intruder: str) -> Statement:
        """`breaches_NAME` as what stands in the ring."""
        place = f"{self.name}_kept"
        until, weight = (indexed(f"{what}_{self.name}", intruder, place) for what in ("until", "weight"))
        told = Each("count", form(place), place, form(self.ring), applied(">=", until, 0))
        if self.weighed:
            told = Each("sum", weight, place, form(self.ring))
        return assigned(indexed(f"breaches_{self.name}", intruder), "=", told, self.name)


def _origin(name: str, role: Role) -> Origin:
    # Answers of a fixed delay have places of their own.
    return Origin("red line", str(name), role, "crossing")


def _places(expansion: Expansion, name: str, line: RedLine) -> int:
    """As many places as the crossings that the thresholds ask for; raises Faults SD203 for more than there can be."""
    sizes = [_ends(expansion, crossing.size or Words("1")) for crossing in line.crossed_by]
    smallest, largest = min(size[0] for size in sizes), max(size[1] for size in sizes)
    declared = line.threshold.declared or Words("1")
    asked = 0.0
    for words in (declared, line.threshold.true or declared):
        least, most = _ends(expansion, words)
        if least > MOST * largest:
            found = f"'{name}' remembers {MOST} crossings at most, so that it never comes up to {words.strip()}"
            raise refused(words, "SD203", found, hint="ask for fewer crossings, let each count for more, or use fades")
        asked = max(asked, most / smallest if smallest > 0.0 else inf)
    # One more than a quotient: what is added up may be a rounding short of the threshold.
    return max(FEWEST, floor(asked) + 1) if asked < MOST else MOST


def _ends(expansion: Expansion, words: Words) -> Interval:
    """Between which values a number or a parameter lies; anything else is above 0, for all that is known."""
    value, given = value_in(words), expansion.parameters.get(words.strip())
    if value is not None or given is None:
        return (0.0, inf) if value is None else point(value)
    try:
        return limits_of(given)
    except Faults:
        # It is told where the parameter is read.
        return 0.0, inf
