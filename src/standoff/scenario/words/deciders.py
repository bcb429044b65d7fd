"""Who decides: the variables of what somebody decides, and how long ago it was decided last."""

from __future__ import annotations

from collections.abc import Mapping

from standoff.numerals import plural
from standoff.scenario.expression.written import Form, applied, assigned, form, indexed, phrase
from standoff.scenario.origin import Origin
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import State
from standoff.scenario.words.expansion import Expansion
from standoff.time import parse_duration

SLACK = 1e-6
"""Days by which two moments may be nearer than they should: what rounding does to the time between two turns."""


def kinds_of(expansion: Expansion, what: str, of: Words, for_: Mapping[str, Words]) -> tuple[Words, ...] | None:
    """The kind of each variable of `for`; None, with a fault noted, where the form of a domain does not tell.

    Notes a fault as well where the variable that decides ranges over what is no actor.
    """
    kinds: list[Words] = []
    for domain in for_.values():
        kind = expansion.kind_of_domain(domain)
        if kind is None:
            expected = "a kind, a group, road(p) or a relation"
            found = f"'{domain}' is no domain for {'an' if what[0] in 'aeiou' else 'a'} {what}"
            expansion.fault("SD203", domain, found, expected=expected)
            return None
        kinds.append(Words(kind))
    decider = dict(zip(map(str, for_), kinds, strict=True)).get(str(of))
    if decider is not None and decider != "actor":
        found = f"'{of}' decides, but ranges over {plural(decider)}"
        expansion.fault("SD603", of, found, expected="an actor, or a variable that ranges over actors")
        return None
    return tuple(kinds)


class Last:
    """When something was done last by whoever does it, where it may not be done again too soon."""

    def __init__(
        self, expansion: Expansion, every: Words | None, what: str, origin: Origin, *, near: str, by: str | None = None
    ) -> None:
        """Adds the state `last_WHAT`, where `every` is given; `by` is the variable over actors that does it."""
        self.every, self.near = every, near
        self.day = indexed(f"last_{what}", *([] if by is None else [by]))
        if every is None:
            return
        self.days = parse_duration(every)
        if self.days <= 0.0:
            expansion.fault("SD203", every, f"'{every}' between one time and the next", expected="a duration above 0")
            self.every = None
            return
        of = () if by is None else (Words("actor"),)
        about = phrase(f"the day of the last {what}", near)
        begin = phrase(repr(-self.days), near)
        state = State(of=of, unit=Words("day"), about=about)
        expansion.add_state(f"last_{what}", state, origin, near=near, begin=begin)

    def long_ago(self) -> list[Form]:
        """The condition that it is long enough ago, if there is one."""
        if self.every is None:
            return []
        return [applied(">=", applied("-", "t", self.day), form(self.days - SLACK))]

    def now(self) -> tuple[Words, ...]:
        """The statement that it is done now."""
        return () if self.every is None else (assigned(self.day, "=", "t", self.near),)
