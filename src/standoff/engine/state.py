"""The arrays of one run, which the kernel and compiled functions write."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.engine import kernel
from standoff.engine.clocks import branch_key
from standoff.engine.evaluate import Machine
from standoff.engine.library import log
from standoff.engine.program import Program, Walk
from standoff.engine.streams import philox, stream_key, unit
from standoff.engine.structures import CallTables, StateTables, address

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Keys = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """The rates as they are now, by leaf (direct) or by ground rule (coupled), and the sums that direct draws from."""

    leaves: Floats
    factors: Floats | None = None
    blocks: Floats | None = None
    chunks: Floats | None = None
    rows: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Clocks:
    """The clocks of the coupled sampler: see `clocks.py` for the first five, `c/clocks.h` for the rest."""

    keys: Keys
    proposals: Longs
    left: Floats
    since: Floats
    times: Floats
    soonest: Floats
    tops: Floats

    @classmethod
    def over(cls, keys: Keys, shift: int, tops: int) -> Clocks:
        """Clocks that do not run yet."""
        times, soonest, top = (np.full(tops << level, np.inf) for level in (2 * shift, shift, 0))
        count = len(keys)
        return cls(keys, np.empty(count, np.int64), np.empty(count), np.empty(count), times, soonest, top)

    def retime(self, before: Floats, rates: Floats, day: float, shift: int) -> None:
        """Let the clocks whose rate has changed go on at the new one, with what is left of their unit exponential."""
        moved = np.flatnonzero(rates != before)
        left = np.maximum(self.left[moved] - before[moved] * (day - self.since[moved]), 0.0)
        self.left[moved], self.since[moved] = left, day
        self.times[moved] = np.inf
        runs = rates[moved] > 0.0
        with np.errstate(over="ignore"):
            self.times[moved[runs]] = day + left[runs] / rates[moved[runs]]
        size = 1 << shift
        self.soonest[:] = self.times.reshape(-1, size).min(axis=1)
        self.tops[:] = self.soonest.reshape(-1, size).min(axis=1)

    def skip(self, ground_rule: int, rate: float, shift: int) -> None:
        """Let a clock that runs ring for nothing and begin anew."""
        rings = float(self.times[ground_rule])
        self.proposals[ground_rule] += 1
        word = philox(int(self.keys[ground_rule]), int(self.proposals[ground_rule]))[0]
        self.left[ground_rule] = -log(1.0 - unit(word))
        self.since[ground_rule] = rings
        self.times[ground_rule] = rings + float(self.left[ground_rule]) / rate
        size = 1 << shift
        block = ground_rule // size
        self.soonest[block] = self.times[block * size : (block + 1) * size].min()
        top = block // size
        self.tops[top] = self.soonest[top * size : (top + 1) * size].min()


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """The recorded events, with room for more: day, ground rule, and the rest of each header."""

    time: Floats
    rule: Ints
    source: Ints
    target: Ints
    place: Ints
    size: Floats

    @classmethod
    def room(cls, size: int) -> Events:
        """Room for so many events."""
        rule, source, target, place = np.zeros((4, size), np.int32)
        return cls(np.zeros(size), rule, source, target, place, np.zeros(size))

    @property
    def arrays(self) -> tuple[Floats | Ints, ...]:
        """The arrays, one after the other."""
        return self.time, self.rule, self.source, self.target, self.place, self.size

    def resized(self, size: int, kept: int) -> Events:
        """The first events, with room for `size`."""
        other = Events.room(size)
        for mine, theirs in zip(self.arrays, other.arrays, strict=True):
            theirs[:kept] = mine[:kept]
        return other


@dataclass(frozen=True, slots=True, eq=False)
class Agenda:
    """What happens at a date, in order: day, ground rule, and the number of the call, -1 where the scenario says so."""

    day: Floats
    rule: Longs
    call: Longs

    @classmethod
    def of(cls, dates: list[tuple[float, int]]) -> Agenda:
        """The dates of a scenario: (day, ground rule) in order."""
        if not dates:
            return NOTHING_DATED
        days, rules = [day for day, _ in dates], [rule for _, rule in dates]
        return cls(np.array(days, np.float64), np.array(rules, np.int64), np.full(len(dates), -1, np.int64))

    def without(self, at: int) -> Agenda:
        """The agenda without its entry at a position."""
        return Agenda(np.delete(self.day, at), np.delete(self.rule, at), np.delete(self.call, at))

    def with_call(self, at: int, day: float, rule: int, call: int) -> Agenda:
        """The agenda with one entry more, at a position."""
        return Agenda(np.insert(self.day, at, day), np.insert(self.rule, at, rule), np.insert(self.call, at, call))


NOTHING_DATED = Agenda(np.zeros(0), np.zeros(0, np.int64), np.zeros(0, np.int64))


class Zeros:
    """Memory that is set to zero at once, cut into arrays one after another."""

    def __init__(self, words: int) -> None:
        self.block = np.zeros(words, np.int64)
        self._taken = 0

    def floats(self, size: int) -> Floats:
        """The next numbers."""
        return self.longs(size).view(np.float64)

    def longs(self, size: int) -> Longs:
        """The next whole numbers."""
        first, self._taken = self._taken, self._taken + size
        if self._taken > len(self.block):
            raise ValueError("no room is left")
        return self.block[first : self._taken]

    def truths(self, size: int) -> NDArray[np.bool_]:
        """The next truths, a byte each."""
        return self.longs((size + 7) // 8).view(np.bool_)[:size]


class State:
    """The arrays of one run, before it is started or takes over another. `carried` is all that makes it go on.

    The kernel is called with these very arrays, so they are written and never replaced.
    """

    def __init__(self, program: Program, walk: Walk, machine: Machine, keys: Keys | None) -> None:
        model = program.model
        self.program, self.walk, self.machine = program, walk, machine
        self.x, self.last, self.decay = machine.x, machine.last, machine.decay
        self.stream = np.zeros(5, np.uint64)
        self.touched = np.zeros(model.slots + 2, np.int64)
        self.mark = np.zeros(model.slots, np.int64)
        self.kept = np.zeros(program.memories)
        self.out = np.zeros(len(program.every_row))
        self.until = np.zeros(1)
        self.turns, self.turned = np.zeros((2, len(program.turning.rule)))
        terms, totals = len(walk.tallies.row), len(model.terms_of) - 1
        sums = (model.ground_rules,) if keys is not None else walk.sums
        zeros = Zeros(6 + 12 + 8 + terms + 2 * totals + 2 * ((model.ground_rules + 7) // 8) + sum(sums))
        self.clock, self.counts, self.head = zeros.floats(6), zeros.longs(12), zeros.floats(8)
        self.terms, self.totals, self.broken = zeros.floats(terms), zeros.floats(totals), zeros.longs(totals)
        self.truth, self.armed = zeros.truths(model.ground_rules), zeros.truths(model.ground_rules)
        self.sums = Sums(*map(zeros.floats, sums))
        shared = (
            self.x, self.last, self.decay, model.ints, model.floats, self.stream, self.touched, self.mark, self.head,
            self.totals, self.until,
        )  # fmt: skip
        self.context = np.array([address(array) for array in shared], dtype=np.int64)
        self.clocks = None if keys is None else Clocks.over(keys, walk.shift, walk.tops)
        own = (self.x, self.last, self.decay, self.stream, self.touched, self.mark, self.head, self.clock, self.counts)
        tallies = (self.terms, self.totals, self.broken)
        rates = (self.sums.leaves, self.sums.factors, self.sums.blocks, self.sums.chunks, self.sums.rows)
        c = self.clocks
        clocks = () if c is None else (c.proposals, c.left, c.since, c.times, c.soonest, c.tops)
        guards = self.truth, self.armed, self.turns, self.turned
        self.carried = tuple(a for a in (*own, *tallies, *rates, *clocks, *guards) if a is not None)
        # What the kernel is called with, and what that was filled from.
        self.call = CallTables()
        self.called: tuple[object, ...] = ()
        self.tables = StateTables()
        self.tables.fill(
            context=self.context, out=self.out, touched=self.touched, head=self.head, kept=self.kept, x=self.x,
            last=self.last, decay=self.decay, stream=self.stream, terms=self.terms, totals=self.totals,
            broken=self.broken, leaves=self.sums.leaves, factors=self.sums.factors, blocks=self.sums.blocks,
            chunks=self.sums.chunks, rows=self.sums.rows, keys=c and c.keys, proposals=c and c.proposals,
            left=c and c.left, since=c and c.since, times=c and c.times, soonest=c and c.soonest, tops=c and c.tops,
            truth=self.truth, armed=self.armed, until=self.until, turns=self.turns, turned=self.turned,
            clock=self.clock, counts=self.counts, zeros=zeros.block, zero_count=len(zeros.block),
        )  # fmt: skip

    def take_over(self, other: State) -> None:
        """Become a copy of another state of the same program and sampler."""
        if self.clocks is not None and other.clocks is not None:
            self.clocks.keys[:] = other.clocks.keys
        self.machine.t = other.machine.t
        for mine, theirs in zip(self.carried, other.carried, strict=True):
            mine[:] = theirs

    def move_from(self, other: State) -> None:
        """Become a copy of a coupled state of another program with the same slots and rules; clocks are to be set then.

        The times at which clocks ring are padded to whole blocks, whose size may differ.
        """
        for mine, theirs in zip(self.carried, other.carried, strict=True):
            size = min(len(mine), len(theirs))
            mine[:size] = theirs[:size]

    def draw_from(self, seed: int, run: int, stream: str) -> None:
        """Draw from another stream from now on; clocks have to be started anew."""
        clocks = self.clocks
        self.clock[kernel.PENDING] = np.nan
        if clocks is None:
            self.stream[:] = 0
            self.stream[0] = stream_key(seed, run, f"direct/{stream}")
            return
        clocks.keys[:] = kernel.draw_keys(branch_key(seed, run, stream), self.program.clock_names)
        clocks.proposals[:] = 0
        clocks.left[:] = -1.0
