"""The graph of rules and states: what each rule reads and writes, index by index, and the ways from one to another.

Nobody runs anything here. Every rule counts with all its bindings, and an index that is known only in a run counts as
every member that it may be. So a way may be shown that no run takes, and every way that a run takes is shown: a
distance is never too long.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from standoff.scenario.linting.possible_values import Options, PossibleValues
from standoff.scenario.resolved import Assign, Chance, ForEach, If, Let, Question, Resolved, Rule, State, Statement
from standoff.scenario.tree import (
    Choose,
    Firings,
    Fold,
    Local,
    Node,
    OwnValue,
    ParameterValue,
    Pick,
    StateValue,
    children,
)
from standoff.scenario.walks import conjuncts, free_variables

BOOKKEEPING = ("question", "goal", "claim", "policy")
"""What these words make only looks at a run, or is what is changed in it: its rules are no step on a way."""
AS_ONE = ("decision", "order")
"""The rules of each such word are one step: weighing, choosing and doing what was chosen."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A parameter, a rule's firings, or a state at some of its indices; an index of None can be any member."""

    kind: Literal["state", "parameter", "firings"]
    name: str
    at: tuple[Options | None, ...] = ()

    def meets(self, other: Quantity) -> bool:
        """Whether the two have something in common."""
        if (self.kind, self.name) != (other.kind, other.name):
            return False
        return all(a is None or b is None or a & b for a, b in zip(self.at, other.at, strict=True))


Quantities = frozenset[Quantity]


@dataclass(frozen=True, slots=True)
class Influence:
    """A thing that a rule writes, and what that hangs on: `own` by itself, `reads` with the rule's guard and clock.

    `rule` is None for what a state begins with, how fast it fades and what it moves by.
    """

    rule: str | None
    writes: Quantity
    own: Quantities
    reads: Quantities


class RuleGraph:
    """The rules of a scenario and what they pass on to each other."""

    def __init__(self, resolved: Resolved) -> None:
        self.resolved = resolved
        self.rules = {rule.name: rule for rule in resolved.rules}
        ever = PossibleValues(resolved)
        self._looking = {rule.name: _Looking(ever, rule) for rule in resolved.rules}
        self.influences: tuple[Influence, ...] = (
            *(one for state in resolved.states.values() for one in _begins(ever, state)),
            *(one for looking in self._looking.values() for one in looking.influences()),
        )

    def reads(self, rule: str) -> Quantities:
        """What a rule reads: in guard, clock and effects, but not what is noted for questions."""
        own = (one.own for one in self._of.get(rule, ()) if not self._is_noted(one.writes))
        return self._looking[rule].driven.union(*own)

    def writes(self, rule: str) -> Quantities:
        """The states that a rule writes, without what is noted for questions."""
        found = (one.writes for one in self._of.get(rule, ()))
        return frozenset(part for part in found if part.kind == "state" and not self._is_noted(part))

    def is_bookkeeping(self, rule: str) -> bool:
        """Whether a rule only keeps the books of a question, a goal or a claim."""
        origin = self.rules[rule].origin
        return origin is not None and origin.word in BOOKKEEPING

    def step(self, rule: str) -> str | None:
        """What a rule is called on a way: all rules of a decision or an order by its name; None for keeping books."""
        origin = self.rules[rule].origin
        if origin is None:
            return rule
        return None if origin.word in BOOKKEEPING else origin.name if origin.word in AS_ONE else rule

    def answer(self, question: Question) -> Quantities:
        """What the answer of a question reads, its own tallies and windows among it."""
        return _Looking(self._ever, None).read(question.answer, {})

    def asked(self, question: Question) -> Quantities:
        """What a question reads of the model: in its answer, and in the conditions under which it counts an event."""
        found = set(self.answer(question))
        noted = {part.name for part in found if self._is_noted(part)}
        for one in self.influences:
            if one.writes.name in noted and one.rule is not None:
                found |= one.reads if self.is_bookkeeping(one.rule) else one.own
        return frozenset(part for part in found if not self._is_noted(part))

    def leading_to(self, ends: Iterable[Quantity]) -> frozenset[str]:
        """The rules from which there is a way to any of some parts."""
        return self._behind(ends)[0]

    def behind(self, ends: Iterable[Quantity]) -> Quantities:
        """The parts from which there is a way to any of some parts, these among them."""
        return self._behind(ends)[1]

    def read_in(self, rule: str, node: Node | None) -> Quantities:
        """What an expression of a rule's guard or clock reads."""
        looking = self._looking[rule]
        return frozenset() if node is None else looking.read(node, looking.bound)

    def _behind(self, ends: Iterable[Quantity]) -> tuple[frozenset[str], Quantities]:
        wanted, seen = deque(ends), set[Quantity]()
        rules: set[str] = set()
        while wanted:
            part = wanted.popleft()
            if part in seen:
                continue
            seen.add(part)
            for one in self._writers.get((part.kind, part.name), ()):
                if one.writes.meets(part):
                    rules |= {one.rule} if one.rule is not None else set()
                    wanted.extend(one.reads)
        return frozenset(rules), frozenset(seen)

    def way(
        self, causes: Iterable[Quantity], ends: Iterable[Quantity], *, leaving_out: Set[str] = frozenset()
    ) -> tuple[str, ...] | None:
        """A shortest way from any of some parts to any of others: its rules, in order; None where there is none.

        What only keeps books is no step of it. All that a decision or an order consists of is one step, named after it.
        """
        causes, ends = tuple(causes), tuple(ends)
        if any(cause.meets(end) for cause in causes for end in ends):
            return ()
        ways: dict[int, tuple[str, ...]] = {}
        pending: list[deque[int]] = [deque()]

        def reach(number: int, way: tuple[str, ...]) -> None:
            if number not in ways or len(way) < len(ways[number]):
                ways[number] = way
                pending.extend(deque() for _ in range(len(way) + 1 - len(pending)))
                pending[len(way)].append(number)

        for cause in causes:
            for number in sorted(self._readers(cause)):
                one = self.influences[number]
                if one.rule not in leaving_out:
                    reach(number, self._with((), one.rule))
        length, settled = 0, set[int]()
        while length < len(pending):
            # Nothing that is found from here on is shorter.
            settled.update(pending[length])
            while pending[length]:
                number = pending[length].popleft()
                way = ways[number]
                if len(way) != length:
                    continue  # There was a shorter one.
                writes = self.influences[number].writes
                if any(writes.meets(end) for end in ends):
                    return way
                for after in sorted(self._readers(writes) - settled):
                    if self.influences[after].rule not in leaving_out:
                        reach(after, self._with(way, self.influences[after].rule))
            length += 1
        return None

    def _with(self, way: tuple[str, ...], rule: str | None) -> tuple[str, ...]:
        step = None if rule is None else self.step(rule)
        if step is None:
            return way
        # What a rule hands on to itself, in one firing or from one to the next, is one step.
        return way if way and way[-1] == step else (*way, step)

    def _is_noted(self, part: Quantity) -> bool:
        if part.kind != "state":
            return False
        origin = self.resolved.states[part.name].origin
        return origin is not None and origin.word in BOOKKEEPING

    def _readers(self, part: Quantity) -> frozenset[int]:
        if part not in self._met:
            numbers = self._read_at.get((part.kind, part.name), ())
            self._met[part] = frozenset(
                number for number in numbers if any(part.meets(read) for read in self.influences[number].reads)
            )
        return self._met[part]

    @cached_property
    def _met(self) -> dict[Quantity, frozenset[int]]:
        return {}

    @cached_property
    def _read_at(self) -> Mapping[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], dict[int, None]] = {}
        for number, one in enumerate(self.influences):
            for part in one.reads:
                found.setdefault((part.kind, part.name), {})[number] = None
        return {name: list(numbers) for name, numbers in found.items()}

    @cached_property
    def _writers(self) -> Mapping[tuple[str, str], list[Influence]]:
        found: dict[tuple[str, str], list[Influence]] = {}
        for one in self.influences:
            found.setdefault((one.writes.kind, one.writes.name), []).append(one)
        return found

    @cached_property
    def _of(self) -> Mapping[str, list[Influence]]:
        found: dict[str, list[Influence]] = {}
        for one in self.influences:
            if one.rule is not None:
                found.setdefault(one.rule, []).append(one)
        return found

    @cached_property
    def _ever(self) -> PossibleValues:
        return PossibleValues(self.resolved)


Bound = Mapping[str, Options]


class _Looking:
    """What one rule reads and writes, in the order of its statements; None for an expression outside of rules."""

    def __init__(self, ever: PossibleValues, rule: Rule | None) -> None:
        self.ever, self.rule = ever, rule
        self._local: dict[str, tuple[Quantities, Options | None]] = {}
        self.bound: Bound = {} if rule is None else self._narrowed(ever.ranges(rule), rule.when)
        clock = () if rule is None else (rule.when, rule.rate, rule.at)
        self.driven = self._all(clock, self.bound)

    def influences(self) -> Iterator[Influence]:
        """Everything that the rule writes, and its firings."""
        if self.rule is None or not all(self.bound.values()):
            return
        name = self.rule.name
        yield Influence(name, Quantity("firings", name), self.driven, self.driven)
        # Its firings are among what its effects hang on: whoever makes it fire has them.
        driven = self.driven | {Quantity("firings", name)}
        for part, own in self._effects(self.rule.then, self.bound, frozenset()):
            yield Influence(name, part, own, own | driven)

    def read(self, node: Node, bound: Bound) -> Quantities:
        """What an expression reads."""
        match node:
            case StateValue(name=name, indices=indices):
                part = Quantity("state", name, tuple(self._members(index, bound) for index in indices))
                return frozenset((part,)) | self._all(indices, bound)
            case ParameterValue(name=name):
                return frozenset((Quantity("parameter", name),))
            case OwnValue(each=each, index=index):
                whose = self._members(index, bound)
                mine = (name for one, name in each if whose is None or one in whose)
                return frozenset(Quantity("parameter", name) for name in mine) | self.read(index, bound)
            case Firings(rule=rule):
                return frozenset((Quantity("firings", rule),))
            case Local(name=name):
                return self._local.get(name, (frozenset(), None))[0]
            case Fold(variable=variable, where=where, body=body):
                return self._all((node.domain.of, where, body), self._inside(node, variable, bound))
            case Pick(variable=variable, where=where, weight=weight):
                return self._all((node.domain.of, where, weight), self._inside(node, variable, bound))
        return self._all(children(node), bound)

    def _all(self, nodes: Iterable[Node | None], bound: Bound) -> Quantities:
        return frozenset[Quantity]().union(*(self.read(node, bound) for node in nodes if node is not None))

    def _effects(
        self, statements: Iterable[Statement], bound: Bound, under: Quantities
    ) -> Iterator[tuple[Quantity, Quantities]]:
        for statement in statements:
            match statement:
                case Assign(state=state, indices=indices, value=value):
                    part = Quantity("state", state, tuple(self._members(index, bound) for index in indices))
                    yield part, under | self._all((*indices, value), bound)
                case Let(name=name, value=value):
                    known = self._local.get(name, (frozenset(), frozenset()))
                    members, before = self._members(value, bound), known[1]
                    either = None if members is None or before is None else members | before
                    self._local[name] = (known[0] | under | self.read(value, bound), either)
                case If(condition=condition, then=then, otherwise=otherwise):
                    asked = under | self.read(condition, bound)
                    narrowed = self._narrowed(bound, condition)
                    if all(narrowed.values()):
                        yield from self._effects(then, narrowed, asked)
                    yield from self._effects(otherwise, bound, asked)
                case ForEach(variable=variable, domain=domain, where=where, do=do):
                    inside = self._narrowed({**bound, variable: self.ever.members(domain, bound)}, where)
                    asked = under | self._all((domain.of, where), inside)
                    if all(inside.values()):
                        yield from self._effects(do, inside, asked)
                case Chance(branches=branches, otherwise=otherwise):
                    asked = under | self._all((probability for probability, _ in branches), bound)
                    for _, do in branches:
                        yield from self._effects(do, bound, asked)
                    yield from self._effects(otherwise, bound, asked)

    def _members(self, node: Node, bound: Bound) -> Options | None:
        match node:
            case Local(name=name):
                return self._local.get(name, (frozenset(), None))[1]
            case Pick(variable=variable):
                return self._inside(node, variable, bound)[variable]
            case Choose(then=then, otherwise=otherwise):
                ways = self._members(then, bound), self._members(otherwise, bound)
                return None if ways[0] is None or ways[1] is None else ways[0] | ways[1]
        return self.ever.options(node, bound)

    def _inside(self, node: Fold | Pick, variable: str, bound: Bound) -> Bound:
        return self._narrowed({**bound, variable: self.ever.members(node.domain, bound)}, node.where)

    def _narrowed(self, bound: Bound, condition: Node | None) -> dict[str, Options]:
        """What each variable can stand for where a condition holds, as far as its parts about one variable tell."""
        narrowed = dict(bound)
        for part in conjuncts(condition):
            about = free_variables(part)
            if len(about) == 1 and (name := next(iter(about))) in narrowed:
                narrowed[name] = frozenset(
                    one for one in narrowed[name] if self.ever.of(part, {**narrowed, name: frozenset((one,))})[1] > 0.0
                )
        return narrowed


def _begins(ever: PossibleValues, state: State) -> Iterator[Influence]:
    looking = _Looking(ever, None)
    for at, node in state.begin:
        reads = looking.read(node, {})
        if reads:
            yield Influence(None, Quantity("state", state.name, tuple(frozenset((one,)) for one in at)), reads, reads)
    for other in (state.otherwise, state.half_life):
        reads = looking.read(other, {}) if other is not None else frozenset()
        if reads:
            yield Influence(None, Quantity("state", state.name, (None,) * len(state.of)), reads, reads)
    if state.moves_by is not None:
        everywhere = (None,) * len(state.of)
        by = frozenset((Quantity("state", state.moves_by, everywhere),))
        yield Influence(None, Quantity("state", state.name, everywhere), by, by)
