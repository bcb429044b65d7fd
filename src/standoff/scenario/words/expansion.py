"""The expanded form while it is being put together: what the words of a scenario have become so far."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import isfinite
from typing import Any

from standoff.errors import Fault, article, suggestion
from standoff.intervals import Interval
from standoff.scenario.builder import Builder
from standoff.scenario.expression.written import Form, phrase, syntax_of
from standoff.scenario.origin import Made, Origin, for_authors, origin_of
from standoff.scenario.reading.source import Words
from standoff.scenario.resolving.priors import parse_prior, support
from standoff.scenario.schema import (
    Define,
    Document,
    Entity,
    Group,
    Kind,
    NamedPolicy,
    Parameter,
    Question,
    Rule,
    State,
    Ties,
    Watch,
    in_hours,
)
from standoff.time import begins_at, ends_at, exact_days, parse_period

_ADDED_TO = ("kinds", "state", "begin", "groups", "define", "parameters", "rules", "watch")
"""The sections that words add to."""
MOST_DATES = 10_000
"""What comes again and again has no more dates than this."""


def place(word: object) -> Any:
    """Where a word stands, if it knows."""
    return word.location if isinstance(word, Words) else None


@dataclass(frozen=True, slots=True)
class Switched:
    """A policy and the condition under which its actor follows it."""

    name: str
    policy: NamedPolicy
    on: Form


class Expansion:
    """A document and what its words add to it.

    `timed` are rules that read the clock for questions: they come before all other rules, because a day
    must be over before what begins at 00:00 of the next one. `last` are the triggers that record
    answers: they come after all other rules, because everything that happens at an instant comes first.
    `stands_for` names the rule that another counts as, where a claim lets it happen. `switched` are the policies that
    a switch can let an actor follow, where policies are compared.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.builder = Builder(document.title, starts=document.starts, ends=document.ends)
        for section in _ADDED_TO:
            self.builder.section(section).update(getattr(document, section))
        self.state: dict[str, State] = self.builder.section("state")
        self.begin: dict[str, Any] = self.builder.section("begin")
        self.groups: dict[str, Group] = self.builder.section("groups")
        self.define: dict[str, Define] = self.builder.section("define")
        self.parameters: dict[str, Parameter] = self.builder.section("parameters")
        self.timed: dict[str, Rule] = {}
        self.rules: dict[str, Rule] = self.builder.section("rules")
        self.last: dict[str, Rule] = {}
        self.questions: dict[str, Question] = {}
        self.watch: dict[str, Watch] = self.builder.section("watch")
        self.turns = document.turns
        self.sees = list(document.sees)
        self.faults: list[Fault] = []
        self.dropped: set[str] = set()
        self.stands_for: dict[str, str] = {}
        self.switched: list[Switched] = []
        self.kind_of = _kinds_of(document)
        self._kinds = {"actor", "place", *document.kinds}
        self._attribute_kinds: dict[tuple[str, str], str] = {("actor", "patron"): "actor"}
        self._taken: dict[str, str] = dict(_names(document))

    # -- adding --------------------------------------------------------------------------------------------------

    def add_state(self, name: str, state: State, origin: Origin, *, near: str, begin: object = None) -> None:
        """Declares a generated state with what it starts at."""
        if self._free(name, "state", near):
            self.builder.add("state", name, state, origin=origin, near=near)
            if begin is not None:
                self.builder.add("begin", name, begin, near=near)

    def add_group(self, name: str, group: Group, *, near: str) -> None:
        """Declares a generated group."""
        if self._free(name, "group", near):
            self.builder.add("groups", name, group, near=near)

    def add_kind(self, name: str, kind: Kind, *, near: str, origin: Origin | None = None) -> None:
        """Declares a generated kind with its members."""
        if self._free(name, "kind", near) and all(self._free(member, name, near) for member in kind.members):
            self.builder.add("kinds", name, kind, origin=origin, near=near)

    def add_dates(
        self, name: str, every: Words, origin: Origin, *, until: date, near: str, first: date | None = None,
        rest: bool = False,
    ) -> tuple[Fraction, ...]:  # fmt: skip
        """Declares a kind of dates for a rule `at: d.day`, in equal steps to the end of a day; gives their days.

        They begin with the `first`, or one step after the start. Each has its `day` and the `days` since the one before
        (or the start); with `rest` the last one is the end of that day. There are none where a fault is noted.
        """
        starts, period = begins_at(self.document.starts), parse_period(every)
        one, number = (starts, 1) if first is None else (begins_at(first), 0)
        end, offset = exact_days(starts, ends_at(until)), exact_days(starts, one)
        found: list[Fraction] = []
        # Each is reckoned from the first, exactly: multiples of 5 hours have to meet each fifth midnight.
        while (day := offset + period.after(one, number)) <= end and len(found) <= MOST_DATES:
            found.append(day)
            number += 1
        if len(found) > MOST_DATES:
            found_many, hint = f"'{every}' comes more than {MOST_DATES:,} times", "choose a longer time between them"
            self.fault("SD217", every, found_many, hint=hint)
            return ()
        if not found and not rest:
            self.fault("SD206", every, f"'{every}' is longer than the scenario: it would never come up")
            return ()
        found += [end] if rest and (not found or found[-1] < end) else []
        before = [Fraction(0), *found]
        moments = [(float(day), float(day - before[i])) for i, day in enumerate(found)]
        members = {
            phrase(f"{name}_{i}", near): Entity(attributes={Words("day"): day, Words("days"): days})
            for i, (day, days) in enumerate(moments, start=1)
        }
        self.add_kind(name, Kind(members=members), near=near, origin=origin)
        return tuple(found)

    def add_define(
        self, name: str, define: Define, *, near: str, own_name: bool = False, origin: Origin | None = None
    ) -> None:
        """Declares a generated define; with `own_name` it has the name of the word that makes it, as a zone's has."""
        if own_name or self._free(name, "define", near):
            self.builder.add("define", name, define, near=near, origin=origin)

    def add_parameter(self, name: str, parameter: Parameter, origin: Origin, *, near: str) -> None:
        """Declares a generated parameter."""
        if self._free(name, "parameter", near):
            self.builder.add("parameters", name, parameter, origin=origin, near=near)

    def add_rule(self, name: str, rule: Rule, origin: Origin, *, near: str) -> None:
        """Adds a generated rule after the rules there are."""
        if self._free(name, "rule", near):
            self.builder.add("rules", name, rule, origin=origin, near=near)

    def add_timed(self, name: str, rule: Rule, origin: Origin, *, near: str) -> None:
        """Adds a rule that reads the clock for a question."""
        if self._free(name, "rule", near):
            self.timed[Made(name, origin, place(near))] = rule

    def add_last(self, name: str, rule: Rule, origin: Origin, *, near: str) -> None:
        """Adds a trigger that records the answer to a question."""
        if self._free(name, "rule", near):
            self.last[Made(name, origin, place(near))] = rule

    def add_watch(self, name: str, watch: Watch, origin: Origin, *, near: str) -> None:
        """Adds a generated series."""
        if name in self.watch:
            found = f"'{near}' makes a watch '{name}', but that name is taken"
            self.fault("SD209", near, found, hint="rename one of them")
            return
        self.builder.add("watch", name, watch, origin=origin, near=near)

    def _free(self, name: str, what: str, near: str) -> bool:
        if name in self._taken:
            taken = article(self._taken[name])
            found = f"'{near}' makes {article(what)} '{name}', but that is already the name of {taken}"
            self.fault("SD209", near, found, hint="rename one of them")
            return False
        self._taken[name] = what
        return True

    def reach(self, name: str, value: float) -> None:
        """Widens the prior of a parameter that is set to a value: bounds on rates are proved from it."""
        given = self.parameters[name]
        low, high = limits_of(given)
        if not low <= value <= high:
            low, high = min(low, value), max(high, value)
            prior = f"uniform({low!r}, {high!r})" if isfinite(high - low) else "normal(0, 1)"
            wider = given.model_copy(update={"prior": Words(prior), "at_least": None, "at_most": None})
            self.parameters[name] = wider

    # -- looking up ----------------------------------------------------------------------------------------------

    def fresh(self, *wanted: str, taken: Iterable[str] = ()) -> str:
        """The first of some variable names that hides nothing; the last one gets a number if need be."""
        # Decisions, orders and injects become rules of their name later.
        later = (*self.document.decisions, *self.document.orders, *self.document.injects)
        known = {*self._taken, *taken, *later}
        for name in wanted:
            if name not in known:
                return name
        number = 2
        while f"{wanted[-1]}_{number}" in known:
            number += 1
        return f"{wanted[-1]}_{number}"

    def actors(self, names: Iterable[str]) -> list[str]:
        """Actors and groups of actors as actors, each once."""
        found: dict[str, None] = {}
        for name in names:
            members = self.groups[name].members if name in self.groups else (name,)
            found.update(dict.fromkeys(members))
        return list(found)

    def kind_of_attribute(self, kind: str | None, attribute: str) -> str | None:
        """The kind of entity that an attribute of a kind gives, where it gives one."""
        if kind is None:
            return None
        if (kind, attribute) not in self._attribute_kinds:
            given = [entity.attributes.get(attribute) for entity in self.members_of(kind).values()]
            kinds = {self.kind_of.get(value) if isinstance(value, str) else "" for value in given if value is not None}
            self._attribute_kinds[kind, attribute] = (kinds.pop() or "") if len(kinds) == 1 else ""
        return self._attribute_kinds[kind, attribute] or None

    def members_of(self, kind: str) -> Mapping[str, Entity]:
        """The entities of a kind by name."""
        document = self.document
        if kind == "actor":
            return dict(document.actors)
        if kind == "place":
            return dict(document.places)
        return dict(document.kinds[Words(kind)].members) if kind in document.kinds else {}

    def kind_of_domain(self, domain: str) -> str | None:
        """The kind of entity over which a variable ranges, where the form of its domain tells."""
        syntax = syntax_of(domain)
        match syntax.body if syntax is not None else None:
            case ast.Name(id=name) if name in self.groups:
                return str(self.groups[Words(name)].of)
            case ast.Name(id=name):
                return name if name in self._kinds else None
            case ast.Call(func=ast.Name(id="road")):
                return "place"
            case ast.Call(func=ast.Name(id=name)) if name in self.document.relations:
                return str(self.document.relations[Words(name)].of[1])
        return None

    @property
    def kind_names(self) -> set[str]:
        """The names of all kinds of entities."""
        return self._kinds

    def made_by(self, name: str) -> list[str]:
        """The rules that a word of that name has made, but for those that keep the answers of questions."""
        origins = ((rule, origin_of(rule)) for rule in self.rules)
        return [str(rule) for rule, origin in origins if origin is not None and origin.name == name]

    def makers(self) -> list[str]:
        """The names of the words that have made rules."""
        origins = (origin_of(rule) for rule in self.rules)
        return list(dict.fromkeys(origin.name for origin in origins if origin is not None))

    def fault(self, code: str, word: str, found: str, *, expected: str | None = None, hint: str | None = None) -> None:
        """Notes a fault at the author's word; all are raised together."""
        self.faults.append(Fault(code, place(word), found, expected=expected, hint=hint, width=max(1, len(word))))

    def variables_of(self, rule: str) -> dict[str, str]:
        """The variables of a rule, or of an option that becomes one, with their domains."""
        if rule in self.document.rules:
            return {str(variable): str(domain) for variable, domain in self.document.rules[Words(rule)].for_.items()}
        for name, decision in self.document.decisions.items():
            if rule in {f"{name}_{option}" for option in decision.options}:
                return {str(variable): str(domain) for variable, domain in decision.for_.items()}
        return {}

    def known_rule(self, name: str) -> bool:
        """Whether there is such a rule; notes SD204 if not."""
        if name in self.rules or name in self.dropped:
            return name in self.rules
        hint, expected = suggestion(name, for_authors(self.rules), what="rules")
        self.fault("SD204", name, f"unknown rule '{name}'", expected=expected, hint=hint)
        return False

    def acting_rule(self, name: str) -> bool:
        """Whether there is such a rule and something happens by it; notes SD204 if not.

        The rule by which a decision comes up does nothing by itself, whatever is then chosen.
        """
        decision = self.document.decisions.get(Words(name))
        if decision is None or name in self.document.rules:
            return self.known_rule(name)
        options = [f"{name}_{option}" for option in decision.options]
        found = f"'{name}' is a decision, and nothing happens when it only comes up"
        self.fault("SD204", name, found, expected=f"options: {', '.join(options)}", hint="name the option that does it")
        return False

    def finished(self) -> Document:
        """The document that says the same without the words."""
        starts = self.document.starts
        return self.document.model_copy(
            update={
                **self.builder.sections,
                # Whatever is reckoned from a start with an hour is told to the minute.
                "starts": begins_at(starts) if in_hours(self.document) else starts,
                "rules": {**self.timed, **self.rules, **self.last},
                "questions": self.questions,
                "turns": self.turns,
                "sees": tuple(self.sees),
                "theatre": None,
                "include": (),
                "zones": {},
                "flows": {},
                "red_lines": {},
                "ties": Ties(),
                "corridors": {},
                "stances": {},
                "deals": {},
                "goals": {},
                "decisions": {},
                "policies": {},
                "levers": {},
                "orders": {},
                "injects": {},
                "claims": {},
                "mechanisms": {},
                "record": {},
                "variants": {},
            }
        )


def limits_of(given: Parameter) -> Interval:
    """The least and the greatest value that a parameter can have."""
    return support(parse_prior(given.prior, at_least=given.at_least, at_most=given.at_most))


def _kinds_of(document: Document) -> dict[str, str]:
    # The kind of every entity, group, zone and one-argument define.
    kinds: dict[str, str] = dict.fromkeys(document.actors, "actor") | dict.fromkeys(document.places, "place")
    for kind, entry in document.kinds.items():
        kinds |= {name: str(kind) for name in entry.members}
    kinds |= {name: str(group.of) for name, group in document.groups.items()}
    kinds |= dict.fromkeys(document.zones, "place")
    for name, define in document.define.items():
        if len(define.of) == 1:
            kinds[name] = str(*define.of.values())
    return {str(name): kind for name, kind in kinds.items()}


def _names(document: Document) -> Iterable[tuple[str, str]]:
    sections: list[tuple[str, Iterable[str]]] = [
        ("actor", document.actors), ("place", document.places), ("kind", document.kinds),
        ("group", document.groups), ("relation", document.relations), ("state", document.state),
        ("define", document.define), ("parameter", document.parameters), ("zone", document.zones),
        ("rule", document.rules),
    ]  # fmt: skip
    for what, names in sections:
        yield from ((str(name), what) for name in names)
    for kind, entry in document.kinds.items():
        yield from ((str(name), str(kind)) for name in entry.members)
    for state in document.state.values():
        if isinstance(state.is_, tuple):
            yield from ((str(level), "level") for level in state.is_)
    for stance in document.stances.values():
        yield from ((str(level), "level") for level in stance.options)
    for decision in document.decisions.values():
        yield from ((str(level), "level") for level in decision.options)
