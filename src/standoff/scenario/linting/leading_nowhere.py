"""What a scenario has that leads nowhere: states, rules and parameters on which no answer hangs, and constant rates.

All of this is read from the graph of rules, without a run. A reader counts wherever it might read, so what is listed
here is surely unread; what no run ever takes may still be missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from standoff.errors import Fault
from standoff.scenario.linting.warned import warning
from standoff.scenario.origin import Origin
from standoff.scenario.resolved import Question, Resolved, Rule
from standoff.scenario.rule_graph import BOOKKEEPING, Influence, Quantity, RuleGraph
from standoff.scenario.schema import Document, whole_of
from standoff.scenario.tree import Binary, Choose, Constant, Entity, Node
from standoff.scenario.walks import reads, watch_nodes

Finds = Literal[
    "unread state", "rule without a path", "rule that never fired", "parameter without a path", "constant rate",
    "unread members", "decision that reads nothing",
]  # fmt: skip
"""What a deep check finds."""
CODES: dict[Finds, str] = {
    "unread state": "SD421", "rule without a path": "SD422", "rule that never fired": "SD423",
    "parameter without a path": "SD424", "constant rate": "SD425", "unread members": "SD426",
    "decision that reads nothing": "SD427",
}  # fmt: skip
"""The code of each."""


GOAL = "goal"
"""Stands apart: a goal reads it, which moves no answer but what a game is worth to an actor."""
CLASSES = ("no state at all", "own switch only", "other state switches it")
"""What switches a rate that is always the same while its guard holds."""

_WHICH = ("first ", "second ", "third ")
_DECLARED = ("tie", "zone")
"""The words whose states say what their author declared, member by member."""

_FOR_READERS = {("red line", "awaited answers"), ("order", "under way")}
"""The states of words that count what is under way: where times are fixed no rule needs them, and people read them."""

_SOMEBODY_CHOOSES = {
    ("decision", "comes up"), ("decision", "takes"), ("red line", "preparation"), ("red line", "response"),
    ("order", "preparation"), ("order", "done"), ("deal", "offer"), ("deal", "withdraw"), ("deal", "replies"),
    ("deal", "withdraws"),
}  # fmt: skip
"""The rated rules of words, by word and role, that are delays, or say how often somebody weighs what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that leads nowhere.

    `apart` tells kinds of one thing apart: `goal` for what a goal alone reads or hangs on, so that it counts in games
    and moves no other answer; of a constant rate, what switches it.
    """

    finds: Finds
    name: str
    apart: str
    fault: Fault

    @property
    def place(self) -> str:
        """File and line."""
        at = self.fault.location
        return "" if at is None else f"{at.file}:{at.line}"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many findings there are of one kind, out of how many things, and how many of them stand apart, by `apart`."""

    finds: Finds
    found: int
    of: int
    apart: dict[str, int]


@dataclass(frozen=True, slots=True)
class LooseEnds:
    """What leads nowhere in a scenario, and out of how many: states and rules without those that keep books.

    `rated` are the rules with a rate of their own: not the delays of answers and orders, nor how often a decision comes
    up, since there somebody chooses. `runs` and `seed` are of the runs in which rules were counted, if there were any.
    """

    states: int
    rules: int
    rated: int
    decisions: int
    parameters: int
    findings: tuple[Finding, ...]
    runs: int = 0
    seed: int | None = None

    def of(self, finds: Finds, *, apart: str | None = None) -> tuple[Finding, ...]:
        """The findings of one kind; with `apart` those of that kind alone."""
        return tuple(one for one in self.findings if one.finds == finds and apart in (None, one.apart))

    @property
    def counts(self) -> tuple[Counted, ...]:
        """How many there are of each kind that was looked for."""
        out_of: dict[Finds, int] = {
            "unread state": self.states, "rule without a path": self.rules, "rule that never fired": self.rules,
            "parameter without a path": self.parameters, "constant rate": self.rated, "unread members": self.states,
            "decision that reads nothing": self.decisions,
        }  # fmt: skip
        if not self.runs:
            del out_of["rule that never fired"]
        counted = []
        for finds, total in out_of.items():
            here = self.of(finds)
            apart = Counter(one.apart for one in here if one.apart)
            counted.append(Counted(finds, len({one.name for one in here}), total, dict(apart)))
        return tuple(counted)


def loose_ends(expanded: Document, resolved: Resolved) -> LooseEnds:
    """What leads nowhere in a scenario."""
    return _Look(expanded, resolved).found()


class _Look:
    """One look at the graph of a scenario."""

    def __init__(self, expanded: Document, resolved: Resolved) -> None:
        self.expanded, self.resolved = expanded, resolved
        self.graph = RuleGraph(resolved)
        self.model_rules = [rule for rule in resolved.rules if not self.graph.is_bookkeeping(rule.name)]
        self.states = [name for name, state in resolved.states.items() if not self._keeps_books(state.origin)]
        self.parameters = [name for name, one in resolved.parameters.items() if one.origin is None]
        self.decisions = [rule for rule in self.model_rules if _is(rule, "decision", "comes up")]
        self.rated = [rule for rule in self.model_rules if rule.rate is not None and not _is_clock(rule)]

    def found(self) -> LooseEnds:
        """Everything that leads nowhere."""
        findings = (
            *self._unread_states(), *self._without_path(), *self._unused(), *self._constant_rates(),
            *self._unread_members(), *self._blind_decisions(),
        )  # fmt: skip
        return LooseEnds(
            len(self.states), len(self.model_rules), len(self.rated), len(self.decisions), len(self.parameters),
            findings,
        )  # fmt: skip

    @staticmethod
    def _keeps_books(origin: Origin | None) -> bool:
        return origin is not None and origin.word in BOOKKEEPING

    # -- what answers and goals hang on ------------------------------------------------------------------------------

    def _read_by_questions(self, *, goals: bool) -> frozenset[Quantity]:
        """What questions read, or what moves a rule whose firings they count; or goals."""
        return self._moves[goals].union(*(self.graph.asked(one) for one in self._questions(goals=goals)))

    def _ends(self, *, goals: bool) -> frozenset[Quantity]:
        """What answers are read from, tallies and windows among it; or goals."""
        return frozenset().union(*(self.graph.answer(one) for one in self._questions(goals=goals)))

    def _questions(self, *, goals: bool) -> Iterator[Question]:
        return (one for one in self.resolved.questions if _is_goal(one) == goals)

    # -- states ------------------------------------------------------------------------------------------------------

    def _unread_states(self) -> Iterator[Finding]:
        read, wanted = _names(self._read), _names(self._read_by_questions(goals=True))
        for name in self.states:
            origin = self.resolved.states[name].origin
            if name in read or (origin is not None and (origin.word, origin.role) in _FOR_READERS):
                continue
            apart = GOAL if name in wanted else ""
            reader = "a goal alone reads" if apart else self._other_reader(name)
            word = _word(self.expanded.state, name)
            found = f"{reader} the state '{name}'" + (", beside what writes it" if name in self._written else "")
            hint = "let a rule's guard or rate, a decision or a question read it, or remove it"
            yield self._finding("unread state", word, name, apart, found, hint)

    @cached_property
    def _read_by_rules(self) -> frozenset[Quantity]:
        # A rule that writes a state itself reads it for somebody else only if something else hangs on it.
        return self._speeds | frozenset(
            part
            for one in self.graph.influences
            if one.rule is not None and not self.graph.is_bookkeeping(one.rule)
            for part in one.reads
            if part.kind == "state"
            and (part.name not in self._writes[one.rule] or self._is_other_state(one, part.name))
        )

    @cached_property
    def _speeds(self) -> frozenset[Quantity]:
        """What states that move between events move by, such as what a flow makes."""
        moving = [state.name for state in self.resolved.states.values() if state.moves_by is not None]
        return frozenset(
            part
            for one in self.graph.influences
            if one.rule is None and one.writes.kind == "state" and one.writes.name in moving
            for part in one.reads
            if part.kind == "state" and part.name == self.resolved.states[one.writes.name].moves_by
        )

    def _is_other_state(self, one: Influence, name: str) -> bool:
        written = one.writes
        if written.kind != "state" or written.name == name:
            return False
        return not self._keeps_books(self.resolved.states[written.name].origin)

    @cached_property
    def _writes(self) -> Mapping[str, frozenset[str]]:
        return {rule.name: _names(self.graph.writes(rule.name)) for rule in self.resolved.rules}

    @cached_property
    def _written(self) -> frozenset[str]:
        return frozenset().union(*self._writes.values())

    @cached_property
    def _read(self) -> frozenset[Quantity]:
        return self._read_by_rules | self._read_by_questions(goals=False)

    @cached_property
    def _moves(self) -> Mapping[bool, frozenset[Quantity]]:
        """What moves a rule whose firings are counted: for questions (False), for goals (True)."""
        found: dict[bool, set[Quantity]] = {False: set(), True: set()}
        for one in self.graph.influences:
            state = self.resolved.states.get(one.writes.name) if one.writes.kind == "state" else None
            kept_by = state.origin if state is not None and self._keeps_books(state.origin) else None
            if one.rule is not None and kept_by is not None and not self.graph.is_bookkeeping(one.rule):
                found[kept_by.word == "goal"] |= one.reads
        return {of_goals: frozenset(parts) for of_goals, parts in found.items()}

    def _other_reader(self, name: str) -> str:
        watched = reads(*(node for watch in self.resolved.watches for node in watch_nodes(watch))).states
        return "nothing but a watch reads" if name in watched else "nothing reads"

    def _unread_members(self) -> Iterator[Finding]:
        """Of states that something reads, the members at which nothing does, though they begin with something there."""
        read = self._read
        for name in self.states:
            state = self.resolved.states[name]
            parts = [part for part in read if part.kind == "state" and part.name == name]
            if not parts or (state.origin is not None and state.origin.word not in _DECLARED):
                continue
            for i, kind in enumerate(state.of):
                begun = {at[i] for at, value in state.begin if not _is_nothing(value)}
                here = [part.at[i] for part in parts]
                if None in here:
                    continue
                unread = begun.difference(*(members for members in here if members is not None))
                if unread:
                    which = _WHICH[i] if state.of.count(kind) > 1 and i < len(_WHICH) else ""
                    found = f"nothing reads the state '{name}' where its {which}{kind} is {_listed(unread)}"
                    hint = "let a choice, a rate or a question read it there too, or leave these out of begin"
                    yield self._finding("unread members", _word(self.expanded.state, name), name, "", found, hint)

    # -- rules and parameters ----------------------------------------------------------------------------------------

    def _without_path(self) -> Iterator[Finding]:
        answers, goals = (self.graph.leading_to(self._ends(goals=goals)) for goals in (False, True))
        for rule in self.model_rules:
            if rule.name in answers:
                continue
            apart = GOAL if rule.name in goals else ""
            writes = sorted(self._writes[rule.name])
            where = f"it writes {_listed(writes)}" if writes else "it writes nothing that is read"
            end = "leads to a goal alone, and to no question" if apart else "leads to no question"
            found = f"the rule '{rule.name}' {end}: {where}"
            hint = "let what it writes move a choice, a rate or a question, or remove it"
            yield self._finding(
                "rule without a path", _word(self.expanded.rules, rule.name), rule.name, apart, found, hint
            )

    def _unused(self) -> Iterator[Finding]:
        behind = [self.graph.behind(self._ends(goals=goals)) for goals in (False, True)]
        answers, goals = ({part.name for part in parts if part.kind == "parameter"} for parts in behind)
        moving = {whole_of(name) for name in answers}
        for name in self.parameters:
            # Whose value of a parameter nothing reads is no loose end where another's is read.
            if whole_of(name) in moving:
                continue
            apart = GOAL if name in goals else ""
            found = f"no answer depends on the parameter '{name}'" + (", but a goal does" if apart else "")
            readers = sorted({one.rule for one in self.graph.influences if one.rule and name in _read(one)})
            hint = f"{_listed(readers)} reads it, and leads to no question" if readers else "use it, or remove it"
            yield self._finding(
                "parameter without a path", _word(self.expanded.parameters, name), name, apart, found, hint
            )

    # -- rates -------------------------------------------------------------------------------------------------------

    def _constant_rates(self) -> Iterator[Finding]:
        for rule in self.rated:
            conditions, factors = _taken_apart(rule.rate)
            if self._changing(rule, *factors):
                continue
            guard = self._changing(rule, rule.when, *conditions)
            own = self.graph.writes(rule.name)
            others = sorted({part.name for part in guard if not any(part.meets(one) for one in own)})
            if others:
                apart, text = CLASSES[2], f"only its guard reads state ({_listed(others)})"
            elif guard:
                apart, text = CLASSES[1], f"its guard reads only what it writes itself ({_listed(_names(guard))})"
            else:
                apart, text = CLASSES[0], "neither its rate nor its guard reads any state"
            found = f"the rate of '{rule.name}' is always the same: {text}"
            hint = "let its rate read the state of the world, or let somebody decide it (decisions:)"
            word = _word(self.expanded.rules, rule.name)
            yield self._finding("constant rate", word, rule.name, apart, found, hint)

    def _blind_decisions(self) -> Iterator[Finding]:
        for rule in self.decisions:
            read = {
                part
                for one in self.graph.influences
                if one.rule == rule.name and one.writes.kind == "state" and self._is_choice(one.writes.name)
                for part in one.own
                if part.name != one.writes.name and self._can_change(part)
            }
            if not read:
                found = f"'{rule.name}' is the same lottery whatever holds: no appeal, option or policy reads any state"
                hint = "let appeals read what the actor cares about (appeal:), or what it can do (when:)"
                word = _word(self.expanded.rules, rule.name)
                yield self._finding("decision that reads nothing", word, rule.name, "", found, hint)

    def _is_choice(self, name: str) -> bool:
        origin = self.resolved.states[name].origin
        return origin is not None and (origin.word, origin.role) == ("decision", "chosen")

    def _changing(self, rule: Rule, *nodes: Node | None) -> frozenset[Quantity]:
        return frozenset(
            part for node in nodes for part in self.graph.read_in(rule.name, node) if self._can_change(part)
        )

    def _can_change(self, part: Quantity) -> bool:
        # A state that no rule writes there is as fixed as a number, unless it moves by itself.
        if part.kind == "firings" or (part.kind == "state" and self.resolved.states[part.name].moves_by is not None):
            return True
        if part.kind != "state":
            return False
        return any(one.writes.meets(part) for one in self._changes if one.writes.name == part.name)

    @cached_property
    def _changes(self) -> tuple[Influence, ...]:
        return tuple(one for one in self.graph.influences if one.rule is not None and one.writes.kind == "state")

    def _finding(self, finds: Finds, word: str, name: str, apart: str, found: str, hint: str) -> Finding:
        return Finding(finds, name, apart, warning(CODES[finds], word, found, hint))


def never_fired(expanded: Document, resolved: Resolved, fired: Iterable[str], runs: int) -> tuple[Finding, ...]:
    """The rules that never fired in some runs, given those that did; not those that fire only when ordered.

    Nor those by which a word gives up waiting: where what it waits for always comes, none of them is of use.
    """
    there, graph = set(fired), RuleGraph(resolved)
    found = []
    for rule in resolved.rules:
        if rule.name in there or graph.is_bookkeeping(rule.name) or _is_ordered(rule) or _gives_up(rule):
            continue
        word = _word(expanded.rules, rule.name)
        text = f"the rule '{rule.name}' never fired in {runs:,} runs"
        hint = "see what keeps its guard from holding, or remove it"
        fault = warning(CODES["rule that never fired"], word, text, hint)
        found.append(Finding("rule that never fired", rule.name, "", fault))
    return tuple(found)


def _taken_apart(rate: Node | None) -> tuple[list[Node], list[Node]]:
    """The conditions without which a rate is 0, which are guards wherever they stand, and the factors that are left."""
    match rate:
        case Binary(op="*", left=left, right=right):
            apart = [_taken_apart(side) for side in (left, right)]
            return apart[0][0] + apart[1][0], apart[0][1] + apart[1][1]
        case Choose(condition=condition, then=then, otherwise=otherwise) if _is_nothing(then) or _is_nothing(otherwise):
            conditions, factors = _taken_apart(otherwise if _is_nothing(then) else then)
            return [condition, *conditions], factors
    return [], [] if rate is None else [rate]


def _is_nothing(value: Node) -> bool:
    return (isinstance(value, Constant) and value.value == 0.0) or (isinstance(value, Entity) and value.name is None)


def _is_ordered(rule: Rule) -> bool:
    """Whether it fires only when somebody orders it, or after that."""
    origin = rule.origin
    return rule.called or (origin is not None and origin.word == "order" and origin.role != "otherwise")


def _gives_up(rule: Rule) -> bool:
    return rule.origin is not None and rule.origin.role == "rests"


def _is(rule: Rule, word: str, role: str) -> bool:
    return rule.origin is not None and (rule.origin.word, rule.origin.role) == (word, role)


def _is_clock(rule: Rule) -> bool:
    return rule.origin is not None and (rule.origin.word, rule.origin.role) in _SOMEBODY_CHOOSES


def _is_goal(question: Question) -> bool:
    return question.origin is not None and question.origin.word == "goal"


def _names(parts: Iterable[Quantity]) -> frozenset[str]:
    return frozenset(part.name for part in parts if part.kind == "state")


def _read(one: Influence) -> frozenset[str]:
    return frozenset(part.name for part in one.reads if part.kind == "parameter")


def _word(section: Mapping[str, object], name: str) -> str:
    """The name where its author wrote it."""
    return next((word for word in section if word == name), name)


def _listed(names: Iterable[str]) -> str:
    names = sorted(names)
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:4])} and {len(names) - 4} more"
