"""When time alone turns a guard: the first moment at which it is not as it is now, if nothing happens until then.

A span over which the guard surely stays (`standoff.model.spans`) is passed over, any other is halved, the earlier half
first, until it is a single step of the time's own numbers: there the guard itself is asked. So the moment is that of
the guard as it is computed, to the last bit, and kernel (`c/turns.h`) and twin find the same one.
"""

from __future__ import annotations

from standoff.engine.evaluate import Machine
from standoff.model import RuleTable

FINEST = 2.0**-60
"""Days: a span of no more is not halved, however fine numbers are near day 0."""

APART = 2.0**-30
"""Days (80 microseconds) from one turn of a guard to the next: what rounding does beside a turn is no other turn."""

MOST_SPANS = 20_000
"""A search that looks at more spans than this is given up (SD550)."""

DEEPEST = 128
"""Spans that wait at once: each is half of the one before, so no search of less than a million years needs more."""


class Untold(Exception):
    """No turn was found, and none excluded."""


def next_turn(machine: Machine, rule: RuleTable, row: int, holds: bool, start: float, end: float) -> float:
    """The first moment after `start` (a day), up to `end`, at which a guard that `holds` before does not, or the other
    way round; infinity if there is none. Raises Untold.
    """
    now, high_before = machine.t, machine.until
    try:
        return _search(machine, rule, row, holds, start, end)
    finally:
        machine.t, machine.until = now, high_before


def _search(machine: Machine, rule: RuleTable, row: int, holds: bool, start: float, end: float) -> float:
    turns = rule.turns
    if turns is None or start > end:
        return float("inf")

    def stays(low: float, high: float) -> bool:
        machine.t, machine.until = low, high
        return (machine.value(turns.must if holds else turns.may, rule.table, row) != 0) == holds

    def is_as_now(day: float) -> bool:
        machine.t = day
        return (machine.value(rule.exact, rule.table, row) != 0) == holds

    if not is_as_now(start):
        return start
    low, ends = start, [end]
    for _ in range(MOST_SPANS):
        high = ends[-1]
        middle = low + 0.5 * (high - low)
        if low >= high or stays(low, high):
            pass
        elif low < middle < high and high - low > FINEST and len(ends) < DEEPEST:
            ends.append(middle)
            continue
        elif not is_as_now(high):
            return high
        low = high
        ends.pop()
        if not ends:
            return float("inf")
    raise Untold
