"""Lint of games: seats with nothing to do, and what they decide by, change or are told without seeing it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from standoff.errors import Fault
from standoff.scenario.linting.warned import key, warning
from standoff.scenario.resolved import Play, Resolved, Rule, SeenEvents
from standoff.scenario.schema import Document
from standoff.scenario.tree import Attribute, Entity, Variable
from standoff.scenario.walks import reads, rule_nodes, statement_nodes, writes


def seat_warnings(document: Document, resolved: Resolved) -> Iterator[Fault]:
    """What is amiss with how a scenario is played."""
    lint = _Lint(document, resolved)
    yield from lint.cheap_talk()
    if resolved.play is not None:
        yield from lint.at_the_table(resolved.play)


class _Lint:
    """The rules that somebody decides, by who does."""

    def __init__(self, document: Document, resolved: Resolved) -> None:
        self.document, self.resolved = document, resolved

    @cached_property
    def _orders(self) -> dict[str, list[Rule]]:
        """The rules of each order, by its name."""
        found: dict[str, list[Rule]] = {}
        for rule in self.resolved.rules:
            if rule.origin is not None and rule.origin.word == "order":
                found.setdefault(rule.origin.name, []).append(rule)
        return found

    def cheap_talk(self) -> Iterator[Fault]:
        """Orders that change nothing: what nothing reads moves nobody but people."""
        counted = reads(*(node for rule in self.resolved.rules for node in rule_nodes(rule))).firings
        counted |= reads(*(question.answer for question in self.resolved.questions)).firings
        own = {name for name, state in self.resolved.states.items() if state.origin and state.origin.word == "order"}
        for name, rules in self._orders.items():
            changed = frozenset().union(*(writes(rule.then) for rule in rules)) - own
            if not changed and not counted & {rule.name for rule in rules}:
                word = key(self.document.orders, name)
                hint = "give it a `then`, or let a red line or a question read it"
                yield warning("SD608", word, f"the order '{name}' changes nothing in the model", hint)

    def at_the_table(self, play: Play) -> Iterator[Fault]:
        """What is amiss with the seats."""
        seen = {seat: self._seen(play, seat) for seat in play.seats}
        deciding = {rule.name: self._deciders(rule) for rule in self.resolved.rules if rule.decides is not None}
        for name, seat in play.seats.items():
            word, actors = key(self.document.seats, name), frozenset(seat.actors)
            theirs = [rule for rule in self.resolved.rules if not actors.isdisjoint(deciding.get(rule.name, ()))]
            if not theirs:
                hint = "give it orders or decisions, or say under `decides` which rules are its own"
                yield warning("SD605", word, f"the seat '{name}' has nothing to do", hint)
            yield from self._blind(name, theirs, seen[name])
        yield from self._unseen(frozenset().union(*seen.values()))
        yield from self._told_early(play)

    def _seen(self, play: Play, seat: str) -> frozenset[str]:
        """The states of which a seat sees something."""
        shown = (what.of for sight in play.sights if seat in sight.seats for what, _ in sight.what)
        return reads(*shown).states

    def _deciders(self, rule: Rule) -> frozenset[str]:
        """The actors that may decide a rule, as far as its form tells."""
        actors = frozenset(self.resolved.kinds["actor"].members)
        match rule.decides:
            case Entity(name=str(name)):
                return frozenset((name,))
            case Variable(name=name):
                domain = next(variable.domain for variable in rule.variables if variable.name == name)
                return frozenset(self.resolved.groups[domain.name].members) if domain.over == "group" else actors
            case Attribute(name=name):
                column = self.resolved.kinds["actor"].attributes.get(name)
                return frozenset(str(value) for value in column.values if value is not None) if column else actors
        return actors

    def _blind(self, seat: str, theirs: list[Rule], seen: frozenset[str]) -> Iterator[Fault]:
        """Orders and decisions that read what their seat cannot see: a refusal, or a policy, would tell it."""
        done: set[str] = set()
        for rule in theirs:
            origin = rule.origin
            if origin is None or origin.role not in ("order", "takes") or origin.name in done:
                continue
            nodes = [rule.when]
            if origin.role == "takes":
                policy = next(one for one in self.resolved.rules if one.name == origin.name)
                nodes += statement_nodes(policy.then)
            unseen = sorted(name for name in reads(*nodes).states - seen if self._is_authors(name))
            if unseen:
                done.add(origin.name)
                # What weighs the answer of a red line stands under no decision of the author.
                known = {**self.document.orders, **self.document.decisions}
                word = key(known, origin.name) if origin.name in known else key(self.document.seats, seat)
                found = f"{origin.word} '{origin.name}' reads what the seat '{seat}' cannot see: {', '.join(unseen)}"
                yield warning("SD604", word, found, "let the seat see it under `sees`, or test it under `then`")

    def _is_authors(self, state: str) -> bool:
        """Whether a state is not just the book that an order or a decision keeps of itself."""
        origin = self.resolved.states[state].origin
        return origin is None or (origin.word not in ("order", "decision") and origin.role != "last")

    def _unseen(self, seen: frozenset[str]) -> Iterator[Fault]:
        for name, rules in self._orders.items():
            changed = frozenset().union(*(writes(rule.then) for rule in rules))
            unseen = sorted(state for state in changed - seen if self.resolved.states[state].origin is None)
            if unseen:
                word = key(self.document.orders, name)
                found = f"the order '{name}' changes what no seat ever sees: {', '.join(unseen)}"
                yield warning("SD606", word, found, "let a seat see it under `sees`")

    def _told_early(self, play: Play) -> Iterator[Fault]:
        rules = {rule.name: rule for rule in self.resolved.rules}
        turns = self.document.turns
        for word in () if turns is None else turns.until:
            those = [rules[name] for name in play.until if name == word or self._made_by(rules[name], word)]
            for seat in play.seats:
                sights = [sight.events for sight in play.sights if seat in sight.seats and sight.events is not None]
                dark = [rule for rule in those if rule.silent or not any(_shows(events, rule) for events in sights)]
                heard = [rule for rule in those if rule not in dark]
                if dark and not (heard and all(rule.silent for rule in dark)):
                    found = f"'{word}' ends a turn, but the seat '{seat}' does not see its event"
                    hint = f"let it see the event: events: {{rule: {word}}}"
                    yield warning("SD609", word, found, hint)
                    break

    def _made_by(self, rule: Rule, word: str) -> bool:
        return rule.origin is not None and rule.origin.name == word


def _shows(events: SeenEvents, rule: Rule) -> bool:
    """Whether a sight surely shows the events of a rule, whoever is part of them."""
    if events.parts or (events.rules and rule.name not in events.rules):
        return False
    kind, mode = (None, None) if rule.event is None else (rule.event.type, rule.event.mode)
    return (events.type is None or events.type == kind) and (events.mode is None or events.mode == mode)
