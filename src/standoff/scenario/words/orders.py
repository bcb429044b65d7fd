"""Orders: each is a rule that fires only when it is ordered; what takes time waits in a state until it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from standoff.numerals import exact
from standoff.scenario.expression.headers import header_of
from standoff.scenario.expression.written import Form, Said, applied, assigned, indexed, phrase, written
from standoff.scenario.origin import Origin, Role
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Order, Rule, State, Statement
from standoff.scenario.words.deciders import Last, kinds_of
from standoff.scenario.words.delays import Delay, Queue, last_stage, read_delay, stages, step
from standoff.scenario.words.expansion import Expansion

Statements = tuple[Statement, ...]


def expand_orders(expansion: Expansion) -> None:
    """Writes out every order of the document."""
    for name, order in expansion.document.orders.items():
        kinds = kinds_of(expansion, "order", order.of, order.for_)
        delay = read_delay(expansion, order.takes)
        if kinds is None or delay is None:
            continue
        by = str(order.of) if order.of in order.for_ else None
        last = Last(expansion, order.every, name, Origin("order", str(name), "last"), near=name, by=by)
        for amounts in _each(order):
            _Ordering(expansion, name, order, kinds, delay, last, amounts).write()


def names_of(name: str, order: Order) -> list[str]:
    """The rules of an order, one for each combination of its amounts."""
    return [_named(name, amounts) for amounts in _each(order)]


def _each(order: Order) -> Iterator[dict[str, float]]:
    for combination in product(*order.amounts.values()):
        yield dict(zip(map(str, order.amounts), combination, strict=True))


def _named(name: str, amounts: Mapping[str, float]) -> str:
    parts = (exact(number).replace(".", "_").replace("-", "minus_") for number in amounts.values())
    return "_".join((name, *parts))


class _Ordering:
    """One order, for one combination of its amounts, while it is written out."""

    def __init__(
        self, expansion: Expansion, name: str, order: Order, kinds: tuple[Words, ...], delay: Delay, last: Last,
        amounts: Mapping[str, float],
    ) -> None:  # fmt: skip
        self.expansion, self.word, self.order, self.kinds = expansion, name, order, kinds
        self.delay, self.last = delay, last
        self.name = phrase(_named(name, amounts), name)
        self.queue = None if delay.lasts is None else Queue(self.name, order.for_, name)
        self.numbers = {one: f"({exact(number)})" if number < 0 else exact(number) for one, number in amounts.items()}

    def write(self) -> None:
        """The rule that is ordered, what the model does otherwise, and how it is done where it takes time."""
        order, takes = self.order, not self.delay.at_once
        if takes:
            waiting = State(of=self.kinds, at_least=0, about=phrase(f"{self.name}: ordered and not done", self.word))
            self.expansion.add_state(f"awaiting_{self.name}", waiting, self._origin("under way"), near=self.word)
        begun = (*self._begun(), *order.commits) if takes else order.then
        then = (*self._amounts(), *self.last.now(), *begun)
        event = None if takes else self._event()
        asked = [Said(order.when, self.numbers)] if order.when is not None else []
        guards = [*asked, *self.last.long_ago()]
        self._add(self.name, "order", guards, then, event, called=True)
        if order.otherwise is not None:
            choose = order.otherwise.choose
            chosen = [] if choose is None else [Said(choose, self.numbers)]
            rate = written(Said(order.otherwise.rate, self.numbers), order.otherwise.rate)
            self._add(f"{self.name}_otherwise", "otherwise", [*guards, *chosen], then, event, rate=rate)
        if takes:
            self._done()

    def _add(
        self, name: str, role: Role, guards: list[Form], then: Statements, event: Words | None, *,
        called: bool = False, rate: Words | None = None,
    ) -> None:  # fmt: skip
        order = self.order
        rule = Rule(
            for_=order.for_,
            when=written(applied("and", *guards), self.word) if guards else None,
            called=called,
            rate=rate,
            then=then,
            event=event,
            decides=phrase(order.of, order.of),
            mechanism=order.mechanism,
            title=order.title,
            about=order.about,
            evidence=order.evidence,
        )
        self.expansion.add_rule(name, rule, self._origin(role), near=self.word)

    def _begun(self) -> Statements:
        """What lets it be under way."""
        if self.queue is not None:
            return self.queue.begin(self.delay, *map(str, self.order.for_))
        return (assigned(self._waiting(), "+=", 1, self.name),)

    def _done(self) -> None:
        """What waits is done, one order after another, each after a delay of its own."""
        order, name, origin, queue = self.order, self.name, self._origin("done"), self.queue
        stages(self.expansion, self.delay, origin, name, order.for_, self.kinds)
        if queue is not None:
            queue.declare(self.expansion, origin, self.kinds)
        here = last_stage(self.delay, name, order.for_) if queue is None else queue.ready
        heard = [assigned(here, "-=", 1, name)]
        if self.delay.stages > 1 or queue is not None:
            heard.append(assigned(self._waiting(), "-=", 1, name))
        rule = Rule(
            for_=order.for_,
            when=written(applied(">", here, 0), name),
            rate=written(step(here, self.delay), order.takes or name) if queue is None else None,
            then=(*self._amounts(), *heard, *order.then),
            event=self._event(),
            mechanism=order.mechanism,
            evidence=order.evidence,
        )
        self.expansion.add_rule(f"{name}_done", rule, origin, near=self.word)
        if queue is not None:
            queue.come(self.expansion, origin)

    def _origin(self, role: Role) -> Origin:
        return Origin("order", str(self.word), role, str(self.name) if self.numbers else "")

    def _waiting(self) -> Form:
        return indexed(f"awaiting_{self.name}", *map(str, self.order.for_))

    def _amounts(self) -> Statements:
        """What gives the amounts their names in what follows."""
        return tuple(assigned(name, "=", number, self.word) for name, number in self.numbers.items())

    def _event(self) -> Words | None:
        """The event, with the amounts in place of their names."""
        words = self.order.event
        header = header_of(words) if words is not None and self.numbers else None
        if words is None or header is None:
            return words
        mode = f" ({header.mode})" if header.mode is not None else ""
        parts = ((key, header.part(key)) for key in header.parts)
        told = (f" {key} {written(Said(part, self.numbers), part)}" for key, part in parts if part is not None)
        return phrase(f"{header.type}{mode}{''.join(told)}", words)
