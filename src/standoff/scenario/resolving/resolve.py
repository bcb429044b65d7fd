"""From an expanded document to the resolved scenario: every name found, every type and unit checked.

All faults of all expressions are gathered and raised together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from standoff.errors import Fault, Faults
from standoff.scenario import schema
from standoff.scenario.expression.bounds import constant
from standoff.scenario.expression.expr import parse, read_domain
from standoff.scenario.expression.names import DAY, DefinesItself, Scope, describe
from standoff.scenario.expression.syntax import fault_in, names_in, refused
from standoff.scenario.origin import Origin, origin_of
from standoff.scenario.resolved import (
    Assign,
    Given,
    Parameter,
    Question,
    Resolved,
    Rule,
    State,
    Variable,
    Watch,
)
from standoff.scenario.resolving.correlations import lucks_of
from standoff.scenario.resolving.declarations import Declarations, declare, fault_at, place_of
from standoff.scenario.resolving.distances import Distances
from standoff.scenario.resolving.held import Held
from standoff.scenario.resolving.priors import parse_prior
from standoff.scenario.resolving.shown import shown, with_holder
from standoff.scenario.resolving.sights import resolve_play
from standoff.scenario.resolving.sizes import Excess, Sizes, excess_of_starts, excess_of_values
from standoff.scenario.resolving.starts import in_days, only_parameters, resolve_state
from standoff.scenario.resolving.statements import Effects, clashing, read_event
from standoff.scenario.schema import Document
from standoff.scenario.tree import Binary, Constant, Entity, Node, Now, Number, OneOf, StateValue, Text, Truth, children
from standoff.scenario.tree import Variable as VariableNode
from standoff.scenario.walks import reads, walk
from standoff.time import days_between, days_to_end, is_date, parse_duration, parse_when
from standoff.units import DIMENSIONLESS, Unit

MOST_TIMES = 100_000
"""Times at which watches may be recorded."""


def resolve(expanded: Document) -> Resolved:
    """The resolved scenario; raises Faults with everything that is wrong in any expression."""
    return _Resolver(expanded).resolved()


class Apart:
    """Expressions that are not part of a scenario, in terms of its names."""

    def __init__(self, expanded: Document) -> None:
        self._resolver = _Resolver(expanded)

    def read(self, words: str) -> Node:
        """The expression; raises Faults with what is wrong in it."""
        node = parse(words, Scope(self._resolver.names))
        if self._resolver.faults:
            raise Faults(each_once(self._resolver.faults))
        return node


def each_once(faults: list[Fault]) -> tuple[Fault, ...]:
    """Faults as a reader meets them, each once."""
    kept: dict[tuple[object, ...], Fault] = {}
    for fault in faults:
        kept.setdefault((fault.code, fault.location, fault.found), fault)
    return tuple(schema.in_order(list(kept.values())))


def _values(node: Node) -> Iterator[Node]:
    """The parts of an expression that its value is made of, without the conditions that choose among them."""
    if isinstance(node.type, Truth):
        return
    yield node
    for child in children(node):
        yield from _values(child)


class _Resolver:
    """One pass over a document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.told: Declarations = declare(document)
        self.names = self.told.names
        self.names.body_of = self._body_of
        self.faults: list[Fault] = self.told.faults
        self.bodies: dict[str, Node | None] = {}
        self.trail: list[str] = []
        self.days = days_to_end(document.starts, document.ends)

    def resolved(self) -> Resolved:
        document, names = self.document, self.names
        for name in self._defines_in_order():
            self._check_define(name)
        for name in self.document.define:
            self._check_flow(name)
        states = self._states()
        parameters = self._parameters()
        rules = [self._rule(name, rule) for name, rule in document.rules.items() if name in names.rules]
        self._check_circles(rules)
        questions = [self._question(name, question) for name, question in document.questions.items()]
        watches = [self._watch(name, watch, states) for name, watch in document.watch.items()]
        grid = self._grid()
        play = resolve_play(document, Scope(names), self._variables, self.faults)
        if not self.faults:
            self._check_sizes(states, rules, watches, questions, len(grid))
            self._check_distances(states, rules, watches, questions)
        if self.faults:
            raise Faults(each_once(self.faults))
        return Resolved(
            title=str(document.title),
            starts=document.starts,
            days=self.days,
            kinds=self.told.kinds,
            groups=self.told.groups,
            relations=self.told.relations,
            states=states,
            parameters=parameters,
            rules=tuple(rule for rule in rules if rule is not None),
            questions=tuple(question for question in questions if question is not None),
            watches=with_holder(watch for watch in watches if watch is not None),
            grid=grid,
            play=play,
        )

    def _check_sizes(
        self,
        states: Mapping[str, State],
        rules: Sequence[Rule | None],
        watches: Sequence[Watch | None],
        questions: Sequence[Question | None],
        times: int,
    ) -> None:
        """Refuse what is too large to be held, where it becomes so."""
        sizes = Sizes(self.told.kinds, self.told.groups, self.told.relations, states)
        document, answers = self.document, [None if question is None else question.answer for question in questions]
        things = zip(
            [*document.rules, *document.watch, *document.questions], [*rules, *watches, *answers], strict=False
        )
        made = [(word, thing) for word, thing in things if thing is not None]
        excess = sizes.excess(made, times)
        if excess is not None:
            self._note_excess(excess)

    def _check_distances(
        self,
        states: Mapping[str, State],
        rules: Sequence[Rule | None],
        watches: Sequence[Watch | None],
        questions: Sequence[Question | None],
    ) -> None:
        entities = self.told.kinds, self.told.groups, self.told.relations
        known = [rule for rule in rules if rule is not None]
        distances = Distances(*entities, lambda: Held(*entities, states, known))
        words = [*self.document.rules, *self.document.watch]
        for word, thing in zip(words, [*rules, *watches], strict=False):
            self._check_measured(word, None if thing is None else next(distances.unmeasurable(thing), None))
        for word, question in zip(self.document.questions, questions, strict=False):
            answer = None if question is None else question.answer
            self._check_measured(word, None if answer is None else next(distances.unmeasurable(answer), None))

    def _check_measured(self, word: str, place: str | None) -> None:
        if place is not None:
            found = f"'{word}' measures a distance to '{place}', which has no coordinates"
            hint = f"give '{place}' its coordinates, at: [latitude, longitude], or leave it out by a group"
            self.faults.append(fault_at(word, "SD314", found, hint=hint))

    # -- names ---------------------------------------------------------------------------------------------------

    def _body_of(self, name: str) -> Node:
        if name in self.trail:
            raise DefinesItself((*self.trail[self.trail.index(name) :], name))
        if name not in self.bodies:
            self.trail.append(name)
            self.bodies[name] = None
            try:
                self.bodies[name] = self._define(name)
            except Faults as found:
                self.faults.extend(found.faults)
            finally:
                self.trail.pop()
        body = self.bodies[name]
        if body is None:
            # Its own fault is told already.
            raise Faults(())
        return body

    def _defines_in_order(self) -> list[str]:
        # Those that others use come first, so that a long chain of defines is no deep nest of readings.
        order: dict[str, None] = {}
        for start in self.names.defines:
            pending = [(start, False)]
            entered: set[str] = set()
            while pending:
                name, done = pending.pop()
                if done:
                    order[name] = None
                elif name not in order and name not in entered:
                    entered.add(name)
                    pending.append((name, True))
                    used = names_in(self.document.define[name].is_)
                    pending += [(other, False) for other in sorted(used) if other in self.names.defines]
        return list(order)

    def _check_define(self, name: str) -> None:
        try:
            self._body_of(name)
        except Faults as found:
            self.faults.extend(found.faults)

    def _check_flow(self, name: str) -> None:
        """Whether the value of a flow's rate stands still between events; its conditions may turn."""
        origin, rate = origin_of(name), self.bodies.get(str(name))
        if origin is None or origin.word != "flow" or rate is None:
            return
        words, moving = self.document.define[name].is_, {n for n, state in self.names.states.items() if state.memory}
        for node in _values(rate):
            if isinstance(node, Now):
                told, hint = "the time t", "let it change at dates: 5 if t < 30 else 2"
            elif isinstance(node, StateValue) and node.name in moving:
                told = f"'{node.name}', which moves between events"
                hint = "read it in a condition (5 if fear > 2 else 3); for a share that is lost each day, use half_life"
            else:
                continue
            found = f"the rate of the flow '{origin.name}' changes between events: it reads {told}"
            self.faults.append(fault_in(words, "SD353", found, span=node.span, hint=hint))
            return

    def _check_circles(self, rules: Sequence[Rule | None]) -> None:
        """Whether a flow's conditions lead back to what it moves, which would switch it on and off without end."""
        if any(fault.code == "SD353" for fault in self.faults):
            return
        states = self.document.state.items()
        moved = {str(state.moves_by): str(name) for name, state in states if state.moves_by is not None}
        reads_of: dict[str, frozenset[str]] = {}
        near: dict[str, str] = {}
        for rule in rules:
            effect = rule.then[0] if rule is not None and rule.then else None
            if rule is None or rule.origin is None or rule.origin.word != "flow" or not isinstance(effect, Assign):
                continue
            stock = moved[effect.state]
            reads_of[stock] = reads(rule.when).states & set(moved.values())
            near[stock] = next(name for name in self.document.rules if name == rule.name)
        told: set[str] = set()
        for stock in reads_of:
            seen: set[str] = set()
            pending = list(reads_of[stock])
            while pending:
                other = pending.pop()
                if other not in seen:
                    seen.add(other)
                    pending += reads_of.get(other, ())
            if stock in seen - told:
                told |= seen
                found = f"what flows into '{stock}' depends on '{stock}' itself"
                hint = "it stops at at_least and at_most; else let triggers switch a state that the rate reads"
                self.faults.append(fault_at(near[stock], "SD354", found, hint=hint))

    def _define(self, name: str) -> Node:
        define = self.document.define[name]
        scope = Scope(self.names)
        for argument, kind in define.of.items():
            clash = clashing(argument, scope)
            if clash is not None:
                raise Faults((clash,))
            scope = scope.with_variable(str(argument), str(kind))
        node = parse(define.is_, scope)
        if define.unit is None:
            return node
        unit = Unit.parse(define.unit)
        if node.unit is not None and node.unit != unit:
            found = f"the units differ: {name} is declared in {unit}, but this is in {node.unit}"
            raise refused(define.is_, "SD306", found)
        return replace(node, unit=unit)

    def _states(self) -> dict[str, State]:
        begin = self.document.begin
        for name in begin:
            if name not in self.names.states and name not in self.document.state:
                self.told.known(name, self.document.state, "state")
        states = {name: state for name, state in self.document.state.items() if name in self.names.states}
        # What is too large is not laid out, not even to look for its other faults.
        large = excess_of_values({name: self._shape(name) for name in states})
        large = large or excess_of_starts({name: (begin.get(name), self._shape(name)) for name in states})
        if large is not None:
            self._note_excess(large)
            begin = {}
        return {
            str(name): resolve_state(name, state, begin.get(name), self.names, self.faults)
            for name, state in states.items()
        }

    def _shape(self, state: str) -> tuple[Collection[str], ...]:
        """The members of the kinds of a state."""
        return tuple(self.names.kinds[kind] for kind in self.names.states[state].of)

    def _note_excess(self, excess: Excess) -> None:
        self.faults.append(fault_at(excess.word, "SD217", excess.found, hint=excess.hint))

    def _parameters(self) -> dict[str, Parameter]:
        found: dict[str, Parameter] = {}
        for name, parameter in self.document.parameters.items():
            if name not in self.names.parameters:
                continue
            try:
                prior = parse_prior(parameter.prior, at_least=parameter.at_least, at_most=parameter.at_most)
            except Faults as wrong:
                self.faults.extend(wrong.faults)
            else:
                unit = self.names.parameters[name]
                found[str(name)] = Parameter(str(name), prior, unit, origin_of(name))
        priors = {name: parameter.prior for name, parameter in found.items()}
        lucks = lucks_of(self.document.parameters, priors, self.faults)
        return {name: replace(one, luck=lucks[name]) if name in lucks else one for name, one in found.items()}

    # -- rules ---------------------------------------------------------------------------------------------------

    def _variables(self, domains: Mapping[str, str], scope: Scope) -> tuple[tuple[Variable, ...], Scope]:
        variables: list[Variable] = []
        for name, words in domains.items():
            try:
                clash = clashing(name, scope)
                if clash is not None:
                    raise Faults((clash,))
                domain = read_domain(words, scope)
                if domain.of is not None and not isinstance(domain.of, VariableNode | Entity):
                    found = "a rule cannot range over the partners of an entity that changes"
                    hint = f"write {name}: {domain.kind}, and the condition under when:"
                    raise refused(words, "SD304", found, hint=hint)
            except Faults as wrong:
                self.faults.extend(wrong.faults)
                scope = scope.with_broken(str(name))
                continue
            variables.append(Variable(str(name), domain))
            scope = scope.with_variable(str(name), domain.kind)
        return tuple(variables), scope

    def _read(self, words: str | None, scope: Scope, expect: Number | Truth) -> Node | None:
        if words is None:
            return None
        try:
            return parse(words, scope, expect=expect)
        except Faults as found:
            self.faults.extend(found.faults)
            return None

    def _rule(self, name: str, rule: schema.Rule) -> Rule:
        variables, scope = self._variables(rule.for_, Scope(self.names))
        when = self._read(rule.when, scope, Truth())
        rate = self._read(rule.rate, scope, Number())
        if rate is not None and rule.rate is not None:
            self._check_rate(rule.rate, rate)
            self._check_delay(rule.rate, rate, origin_of(name))
        if when is not None and rule.when is not None and rule.rate is None and rule.at is None and not rule.called:
            self._check_trigger(rule.when, when)
        at = None if rule.at is None else self._moment(rule.at, scope)
        effects = Effects(self.faults)
        then = effects.block(rule.then, replace(scope, draws=True))
        event = None
        if rule.event is not None:
            try:
                event = read_event(rule.event, scope)
            except Faults as found:
                self.faults.extend(found.faults)
        place = place_of(name)
        where = f"{place.file}:{place.line}" if place else str(name)
        decides = None if rule.decides is None else self._decider(rule.decides, scope)
        return Rule(
            str(name), variables, when, rate, at, then, event, rule.silent, where, rule.called, origin_of(name), decides
        )

    def _decider(self, words: str, scope: Scope) -> Node | None:
        """The actor who decides: known for each binding before a run, so that it can be asked for beforehand."""
        expected = "an actor, or a variable that ranges over actors"
        try:
            node = parse(words, scope)
            found = reads(node)
            if node.type != OneOf("actor"):
                raise refused(words, "SD603", f"'{words}' is {describe(node.type)}", expected=expected)
            if found.states or found.parameters or found.firings or found.time:
                raise refused(words, "SD603", f"'{words}' can change during a run", expected=expected)
        except Faults as wrong:
            self.faults.extend(wrong.faults)
            return None
        return node

    def _check_rate(self, words: str, rate: Node) -> None:
        # Words that count (company) do not matter; a pure number may stand for a number per day.
        if rate.unit is not None and rate.unit != DIMENSIONLESS and not rate.unit.per_day:
            found = f"a rate must be per day, but this is in {rate.unit}"
            hint = "multiply by a parameter with the unit 1/day"
            self.faults.append(fault_in(words, "SD311", found, hint=hint))

    def _check_delay(self, words: str, rate: Node, origin: Origin | None) -> None:
        # The rate of an answer is one over its mean delay, which must be a time.
        answers = origin is not None and (origin.word, origin.role) == ("red line", "response")
        mean = rate.right if answers and isinstance(rate, Binary) and rate.op == "/" else None
        if mean is not None and mean.unit is not None and mean.unit != DAY:
            found = f"a delay must be in days, but its mean is in {mean.unit}"
            hint = "write 1 / RATE for a rate per day" if mean.unit == DAY**-1 else None
            self.faults.append(fault_in(words, "SD306", found, span=mean.span, hint=hint))

    def _check_trigger(self, words: str, when: Node) -> None:
        # Numbers and truths have bounds over a span of time, which is how it is found when time turns a guard.
        memories = {name for name, state in self.names.states.items() if state.memory}
        for node in walk(when):
            if isinstance(node.type, Number | Truth) or isinstance(node, StateValue):
                continue
            found = reads(node)
            read = [*(f"the memory {name}" for name in sorted(found.memories(memories)))]
            read += ["the time t"] if found.time else []
            if read:
                told = f"this guard chooses who or where by {' and '.join(read)}, which changes between events"
                hint = "write it as conditions on each: (C and …) or (not C and …)"
                self.faults.append(fault_in(words, "SD351", told, span=node.span, hint=hint))
                return

    def _moment(self, words: str, scope: Scope) -> Node | None:
        try:
            if is_date(words):
                try:
                    days = days_between(self.document.starts, parse_when(words))
                except Fault as fault:
                    raise Faults((fault.at(place_of(words)),)) from None
                return Constant(type=Number(), value=days, unit=DAY)
            node = parse(words, scope, expect=Number())
            only_parameters(words, node, "the time of a rule")
            in_days(words, node, "the time of a rule")
        except Faults as found:
            self.faults.extend(found.faults)
            return None
        value = constant(node)
        if value is not None and not 0.0 <= value <= self.days:
            told = f"day {value:g} is outside the scenario"
            self.faults.append(fault_in(words, "SD206", told, expected=f"expected 0 to {self.days:g}"))
        return node

    # -- what is read --------------------------------------------------------------------------------------------

    def _question(self, name: str, question: schema.Question) -> Question | None:
        words, day, type_ = question.answer, question.date, question.type
        if words is None or day is None or type_ is None:
            place = place_of(name)
            found = f"the question {name} is not in its explicit form"
            self.faults.append(Fault("SD203", place, found, expected="expected type, answer and date"))
            return None
        try:
            answer = parse(words, Scope(self.names))
            wanted = (Number, Truth) if type_ == "binary" else (Number,)
            if not isinstance(answer.type, wanted):
                found = f"the answer is {describe(answer.type)}, but the question asks for a {type_} one"
                raise refused(words, "SD304", found)
            unit = self._unit(words, answer, question.unit)
            if type_ == "date":
                in_days(words, answer, "a date")
            levels = None if question.levels is None else parse(question.levels, Scope(self.names), expect=Number())
        except Faults as wrong:
            self.faults.extend(wrong.faults)
            return None
        forecast = question.forecast
        return Question(
            name=str(name),
            ask=str(question.ask),
            type=type_,
            answer=answer,
            date=day,
            unit=unit,
            forecast=str(forecast.id) if forecast is not None and forecast.id is not None else None,
            given=self._given(question),
            levels=levels,
            origin=origin_of(name),
            condition=None if question.given is None else str(question.given.question),
        )

    def _given(self, question: schema.Question) -> Given:
        forecast, recorded = question.forecast, question.recorded
        told = [part.evidence for part in (question, forecast, recorded) if part is not None]
        evidence = [item for part in told for item in part]
        value = recorded.value if recorded is not None else None
        if recorded is not None and value is None and recorded.date is not None:
            value = days_between(self.document.starts, recorded.date)
        return Given(
            low=forecast.low if forecast is not None else None,
            high=forecast.high if forecast is not None else None,
            words=str(forecast.words) if forecast is not None and forecast.words is not None else None,
            outcome=recorded.outcome if recorded is not None else None,
            why=str(recorded.why) if recorded is not None and recorded.why is not None else None,
            value=value,
            locators=tuple(dict.fromkeys(str(item.from_) for item in evidence)),
            hindsight=any(item.hindsight for item in evidence),
        )

    def _unit(self, words: str, node: Node, given: str | None) -> Unit | None:
        unit = Unit.parse(given) if given is not None else None
        if unit is not None and node.unit is not None and unit != node.unit:
            found = f"the units differ: asked for in {unit}, but this is in {node.unit}"
            hint = f"write '{node.unit}', or multiply by a parameter with a unit that turns one into the other"
            raise refused(words, "SD306", found, hint=hint)
        return unit if unit is not None else node.unit

    def _watch(self, name: str, watch: schema.Watch, states: dict[str, State]) -> Watch | None:
        variables, scope = self._variables(watch.for_, Scope(self.names))
        try:
            node = parse(watch.of, scope)
            if isinstance(node.type, Text):
                raise refused(watch.of, "SD304", "a text never changes, so it cannot be watched")
            unit = self._unit(watch.of, node, watch.unit)
        except Faults as found:
            self.faults.extend(found.faults)
            return None
        shows = None
        if len(variables) == len(watch.for_):
            shows = shown(self.document, name, variables, node, states, self.faults)
        return Watch(str(name), variables, node, str(watch.label or name), unit, shows)

    def _grid(self) -> tuple[float, ...]:
        every = self.document.every
        step = float(round(self.days / 100.0)) if self.days >= 100.0 else self.days / 100.0
        if every is not None:
            step = parse_duration(every)
            if step <= 0.0:
                found = "the time between two records must be above 0"
                self.faults.append(Fault("SD203", place_of(every), found, width=len(every)))
                return ()
        count = self.days / step if step > 0.0 else float("inf")
        if count > MOST_TIMES:
            found = f"watches recorded more than {MOST_TIMES:,} times"
            hint = "choose a longer time between records"
            self.faults.append(Fault("SD203", place_of(every or ""), found, hint=hint))
            return ()
        times = [number * step for number in range(int(count) + 1)]
        # The last record is at the very end, also where the steps do not fit into the scenario.
        if times[-1] < self.days * (1.0 - 1e-12):
            times.append(self.days)
        times[-1] = self.days
        return tuple(times)
