"""Grounding: every lifted rule becomes one row per binding, with the graph of who depends on what."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from standoff.errors import UsageError, refusal, shown
from standoff.garbage import uncollected
from standoff.intervals import EVERYTHING, Interval, join, point
from standoff.model import code, graph
from standoff.model.bounds import Bounds, Drifting
from standoff.model.constants import Constants
from standoff.model.frame import Frame, IntColumn, Operands, Reads, filtered
from standoff.model.graph import Grounded
from standoff.model.lower import Lowering, conjoined, conjunction, count_of, written_between
from standoff.model.shares import Part, Sharing, joined, proposed
from standoff.model.spans import Spans
from standoff.model.tables import (
    Header,
    Model,
    ParameterInfo,
    QuestionInfo,
    RuleTable,
    SeriesColumn,
    Share,
    StateTable,
    Turns,
    WatchTable,
)
from standoff.scenario import resolved as res
from standoff.scenario import static_bounds, support, tree, walks
from standoff.time import days_to_end


@uncollected()
def ground(
    resolved: res.Resolved, *, changeable: Collection[str] = (), reach: Mapping[str, float] | None = None
) -> Model:
    """Compile a resolved scenario, such as `scenario.resolved`, into tables.

    A state that no rule writes is worked into the tables as a constant, unless it is `changeable` from outside. Bounds
    of rates are proved from the priors; `reach` names parameters with a value that the proof must cover as well.
    """
    if not isinstance(resolved, res.Resolved):
        raise UsageError(f"ground takes what a scenario holds as `resolved`, not {shown(resolved)}")
    for name in changeable:
        if name not in resolved.states:
            raise refusal(f"there is no state {shown(name)}", str(name), resolved.states, what="states")
    return Grounding(resolved, changeable, reach or {}).model()


class Grounding:
    """One pass over a scenario; the arrays it grows become the model."""

    def __init__(self, resolved: res.Resolved, changeable: Collection[str], reach: Mapping[str, float]) -> None:
        self.resolved = resolved
        self.reaching = _reaching(resolved, reach)
        self.read_by_proofs: set[str] = set()
        self.operands = Operands()
        self.constants = Constants(resolved, self.operands, changeable)
        self.slots = 0
        self.parameters = {name: self._take(1) for name in resolved.parameters}
        self.states: dict[str, StateTable] = {}
        self.lowering = Lowering(self.constants, self.states, self.parameters)
        memories = {state.name for state in resolved.states.values() if state.half_life is not None}
        drifts = {
            state.name: Drifting(state.moves_by, *_bounds_of(state))
            for state in resolved.states.values() if state.moves_by is not None
        }  # fmt: skip
        self.bounds = Bounds(memories, resolved.days, self._span, drifts)
        self.sharing = Sharing(self.bounds, self.constants.varies, self._span)
        self.factors = 0
        for state in resolved.states.values():
            self.states[state.name] = self._state(state)
        half_lives = {state.name: state.half_life for state in self.states.values() if state.half_life is not None}
        self.spans = Spans(half_lives, resolved.days, self._span, drifts)
        for name, drifting in drifts.items():
            away = self.states[drifting.speed].start - self.states[name].start
            drift = code.Drift(away, drifting.low, drifting.high)
            self.states[name] = replace(self.states[name], drift=drift)
        for rule in sorted(self._counted()):
            name = count_of(rule)
            self.states[name] = StateTable(name, self._take(1), (), (), None, None, hidden=True)

    def _span(self, node: tree.Node) -> Interval:
        """Between which values an expression lies, as far as priors and declared bounds prove."""
        self.read_by_proofs |= walks.reads(node).parameters
        return static_bounds(node, self.reaching)

    def _take(self, size: int) -> int:
        start = self.slots
        self.slots += size
        return start

    def _state(self, state: res.State) -> StateTable:
        shape = tuple(self.constants.size(kind) for kind in state.of)
        half_life = None
        if state.half_life is not None:
            half_life = self.lowering.expression(state.half_life, self.lowering.frame({}, 1))
        labels, (low, high) = self._labels(state.type), _bounds_of(state)
        return StateTable(
            state.name, self._take(math.prod(shape)), shape, state.of, labels, half_life, holds=_holds(state.type),
            low=low, high=high, origin=state.origin,
        )  # fmt: skip

    def _labels(self, kind: tree.Type) -> tuple[str, ...] | None:
        match kind:
            case tree.OneOf(kind=of):
                return self.resolved.kinds[of].members
            case tree.Level(levels=levels):
                return levels
        return None

    def _counted(self) -> frozenset[str]:
        """The rules whose firings anything counts."""
        asked = [node for question in self.resolved.questions for node in (question.answer, question.levels)]
        watched = [node for watch in self.resolved.watches for node in walks.watch_nodes(watch)]
        ruled = [node for rule in self.resolved.rules for node in walks.rule_nodes(rule)]
        return walks.reads(*asked, *watched, *ruled).firings

    def model(self) -> Model:
        """Ground everything and freeze it."""
        grounded: list[Grounded] = []
        for rule in self.resolved.rules:
            before = grounded[-1].table if grounded else None
            grounded.append(self._rule(rule, before.first + before.rows if before else 0))
        rules = tuple(g.table for g in grounded)
        leaves = graph.leaves(grounded)
        watches, series = self._watches()
        questions = tuple(self._question(q) for q in self.resolved.questions)
        begin, writes = self._begin()
        rule_of = np.repeat(np.arange(len(rules), dtype=np.int32), [r.rows for r in rules])
        return Model(
            title=self.resolved.title,
            starts=self.resolved.starts,
            days=self.resolved.days,
            kinds={name: kind.members for name, kind in self.resolved.kinds.items()},
            states=tuple(self.states.values()),
            slots=self.slots,
            begin=begin,
            begin_writes=tuple(writes),
            rules=rules,
            rule_of=rule_of,
            leaves=leaves,
            dependents=graph.dependents(grounded, leaves, self.slots),
            dependents_alone=graph.dependents_alone(grounded, self.slots),
            tallies=tuple(self.lowering.tallies.tables),
            terms_of=self.lowering.tallies.terms_of,
            tallied=graph.tallied(self.lowering.tallies, self.slots),
            memories_of=graph.memories(grounded),
            parameters=tuple(self._parameter(p) for p in self.resolved.parameters.values()),
            questions=questions,
            watches=watches,
            series=series,
            grid=np.array(self.resolved.grid, dtype=np.float64),
            ints=self.operands.ints(),
            floats=self.operands.floats(),
        )

    def _bindings(
        self, variables: tuple[res.Variable, ...], when: tree.Node | None
    ) -> tuple[dict[str, IntColumn], int, list[tree.Node]]:
        """All bindings that fixed facts allow, and the conditions left to test while running.

        Each fixed condition is applied as soon as its variables are bound, so that rules over several
        kinds never unfold further than they must.
        """
        columns: dict[str, IntColumn] = {}
        rows = 1
        fixed = [c for c in walks.conjuncts(when) if self.constants.is_fixed(c)]
        left = [c for c in walks.conjuncts(when) if not self.constants.is_fixed(c)]
        names: set[str] = set()
        for variable in (None, *variables):
            if variable is not None:
                parent, member = self.constants.members(variable.domain, columns, rows)
                columns = {name: column[parent] for name, column in columns.items()} | {variable.name: member}
                rows = len(parent)
                names.add(variable.name)
            ready = [c for c in fixed if walks.free_variables(c) <= names]
            fixed = [c for c in fixed if c not in ready]
            for condition in ready:
                keep = self.constants.evaluate(condition, columns, rows) != 0
                columns, rows = filtered(columns, keep), int(keep.sum())
        return columns, rows, left

    def _rule(self, rule: res.Rule, first: int) -> Grounded:
        columns, rows, left = self._bindings(rule.variables, rule.when)
        frame = self.lowering.frame(columns, rows)
        reads = Reads()
        kind: Literal["rate", "trigger", "timed"]
        kind = "rate" if rule.rate is not None else "trigger" if rule.is_trigger else "timed"
        frame.reads, frame.between = reads, kind != "timed"
        guard = conjunction([self.lowering.expression(c, frame) for c in left])
        clock_node = rule.rate if rule.rate is not None else rule.at
        clock = None if clock_node is None else self.lowering.expression(clock_node, frame)
        frame.reads, frame.between = None, False
        header = None if rule.event is None else self._header(rule.event, frame)
        effects = self.lowering.statements(rule.then, frame)
        if count_of(rule.name) in self.states:
            counter = code.Global(self.states[count_of(rule.name)].start, memory=False)
            effects += (code.Write(counter, "+=", code.Num(1.0), 0.0, math.inf),)
        bound, frame.between = None, kind != "timed"
        if rule.rate is not None and (self.bounds.moves(rule.rate) or any(self.bounds.moves(c) for c in left)):
            bound = self.lowering.expression(self.bounds.rate(conjoined(left), rule.rate), frame)
        turns = None
        if kind == "trigger" and any(self.spans.moves(c) for c in left):
            may, must = (
                conjunction([self.lowering.expression(of(c), frame) for c in left]) or code.Num(1.0)
                for of in (self.spans.may, self.spans.must)
            )
            turns = Turns(may, must)
        share, own, shared, nodes = self._share(rule, left, columns, frame)
        kinds = tuple((v.name, v.domain.kind) for v in rule.variables)
        bindings = np.stack([columns[name] for name, _ in kinds], axis=1) if kinds else np.zeros((rows, 0))
        table = RuleTable(
            name=rule.name,
            kind=kind,
            first=first,
            table=frame.layout.store(self.operands),
            guard=guard,
            clock=clock,
            bound=bound,
            share=share,
            effects=effects,
            locals=len(frame.locals),
            header=header,
            silent=rule.silent,
            where=rule.where,
            variables=kinds,
            bindings=bindings.astype(np.int32),
            origin=rule.origin,
            turns=turns,
        )
        alike, place = self.sharing.alike(nodes, columns, rows), self.sharing.place(nodes, columns, rows)
        return Grounded(table, alike, place, reads if kind != "timed" else Reads(), own, shared)

    def _share(
        self, rule: res.Rule, left: list[tree.Node], columns: dict[str, IntColumn], frame: Frame
    ) -> tuple[Share | None, Reads, Reads, list[tree.Node]]:
        """The split of a rated rule, what its leaves read, what its factors read, and what its leaves are made of."""
        own, shared = Reads(), Reads()
        split = None if rule.rate is None else self.sharing.split(left, rule.rate, columns, frame.rows)
        if split is None:
            return None, own, shared, left if rule.rate is None else [*left, rule.rate]

        def lowered(parts: tuple[Part, ...], reads: Reads) -> code.Expr:
            frame.reads = reads
            code_of = [self.lowering.expression(proposed(part, self.bounds), frame) for part in parts]
            frame.reads = None
            return joined(parts, code_of)

        _, row = np.unique(split.cluster, return_index=True)
        share = Share(
            factor=lowered(split.shared, shared),
            leaf=lowered(split.own, own),
            first=self.factors,
            cluster=split.cluster.astype(np.int32),
            row=row.astype(np.int32),
        )
        self.factors += len(row)
        return share, own, shared, [part.node for part in split.own]

    def _header(self, event: res.EventHeader, frame: Frame) -> Header:
        def lower(node: tree.Node | None) -> code.Expr | None:
            return None if node is None else self.lowering.expression(node, frame)

        def kind(node: tree.Node | None) -> str | None:
            return node.type.kind if node is not None and isinstance(node.type, tree.OneOf) else None

        return Header(
            type=event.type,
            mode=event.mode,
            source=lower(event.source),
            target=lower(event.target),
            place=lower(event.place),
            size=lower(event.size),
            kinds=(kind(event.source), kind(event.target), kind(event.place)),
        )

    def _watches(self) -> tuple[tuple[WatchTable, ...], tuple[SeriesColumn, ...]]:
        tables: list[WatchTable] = []
        series: list[SeriesColumn] = []
        for watch in self.resolved.watches:
            columns, rows, _ = self._bindings(watch.variables, None)
            frame = self.lowering.frame(columns, rows)
            of = self.lowering.expression(watch.of, frame)
            tables.append(WatchTable(watch.name, len(series), frame.layout.store(self.operands), of))
            labels, truth = self._labels(watch.of.type), isinstance(watch.of.type, tree.Truth)
            for row in range(rows):
                index = tuple(
                    self.resolved.kinds[v.domain.kind].members[int(columns[v.name][row])] for v in watch.variables
                )
                name = f"{watch.name}[{', '.join(index)}]" if index else watch.name
                series.append(SeriesColumn(name, watch.name, index, labels, watch.shows, truth))
        return tuple(tables), tuple(series)

    def _question(self, question: res.Question) -> QuestionInfo:
        frame = self.lowering.frame({}, 1)
        answer = self.lowering.expression(question.answer, frame)
        days = days_to_end(self.resolved.starts, question.date)
        table = frame.layout.store(self.operands)
        return QuestionInfo(question.name, question.type, table, answer, days, question.origin)

    def _parameter(self, parameter: res.Parameter) -> ParameterInfo:
        name, prior, slot = parameter.name, parameter.prior, self.parameters[parameter.name]
        proved = support(self.reaching.parameters[name].prior) if name in self.read_by_proofs else EVERYTHING
        of = tuple(prior.of.items())
        return ParameterInfo(name, prior.kind, of, prior.options, slot, proved, parameter.origin, parameter.luck)

    def _begin(self) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], list[tuple[int, code.Expr, float, float]]]:
        begin = np.zeros(self.slots)
        writes: list[tuple[int, code.Expr, float, float]] = []
        for state in self.resolved.states.values():
            table = self.states[state.name]
            begin[table.start : table.start + table.size] = self.constants.begin_values(state).ravel()
            low, high = written_between(state)
            entries = list(state.begin)
            if not self.constants.is_fixed(state.otherwise):
                spots = [()] if not table.shape else list(np.ndindex(table.shape))
                members = [self.resolved.kinds[k].members for k in state.of]
                every = [(tuple(m[i] for m, i in zip(members, spot, strict=True)), state.otherwise) for spot in spots]
                entries = every + entries
            drawn = next((i for i, (_, node) in enumerate(entries) if not self.constants.is_fixed(node)), len(entries))
            for names, node in entries[drawn:]:
                where = [self.constants.index(kind, name) for kind, name in zip(state.of, names, strict=True)]
                slot = table.start + (int(np.ravel_multi_index(where, table.shape)) if where else 0)
                writes.append((slot, self.lowering.expression(node, self.lowering.frame({}, 1)), low, high))
        return begin, writes


def _reaching(resolved: res.Resolved, reach: Mapping[str, float]) -> res.Resolved:
    """The scenario as proofs see it: with priors that reach the values named."""
    parameters = dict(resolved.parameters)
    for name, value in reach.items():
        low, high = join(support(parameters[name].prior), point(value))
        parameters[name] = replace(parameters[name], prior=res.Prior("uniform", {"low": low, "high": high}))
    return replace(resolved, parameters=parameters)


def _holds(kind: tree.Type) -> Literal["number", "truth", "entity", "level"]:
    match kind:
        case tree.Truth():
            return "truth"
        case tree.OneOf():
            return "entity"
        case tree.Level():
            return "level"
    return "number"


def _bounds_of(state: res.State) -> tuple[float, float]:
    low = -math.inf if state.at_least is None else state.at_least
    return low, math.inf if state.at_most is None else state.at_most
