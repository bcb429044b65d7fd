"""Lint of times: what is due, and dates that `t` is compared with, before the scenario starts or when it is over."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.errors import Fault
from standoff.scenario.expression.bounds import static_bounds
from standoff.scenario.expression.names import DAY
from standoff.scenario.linting.warned import key, passage, warning
from standoff.scenario.reading.source import Words
from standoff.scenario.resolved import Resolved
from standoff.scenario.schema import Document
from standoff.scenario.tree import Binary, Constant, Node, Now
from standoff.scenario.walks import conjuncts, walk
from standoff.time import iso


def overdue_rules(expanded: Document, resolved: Resolved) -> Iterator[Fault]:
    """SD413 for each rule of an author that is due before the scenario or when it is over."""
    for rule in resolved.rules:
        if rule.at is None or rule.origin is not None:
            continue
        low, high = static_bounds(rule.at, resolved)
        if rule.silent and low == resolved.days:
            # How questions of the last day are written out: at the end, into what an explicit answer reads.
            continue
        if low >= resolved.days or high < 0.0:
            when = f"from day {low:g} on" if low >= resolved.days else f"up to day {high:g}"
            found = f"the rule '{rule.name}' never fires: it is due {when}, outside day 0 to {resolved.days:g}"
            if low == resolved.days:
                found = f"the rule '{rule.name}' is due at the very end, day {low:g}: answers that day have been read"
            cure = f"give it a time from day 0 up to, but not including, day {resolved.days:g}"
            yield warning("SD413", key(expanded.rules, rule.name), found, cure)


_OPPOSITE = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def idle_dates(expanded: Document, resolved: Resolved) -> Iterator[Fault]:
    """SD428 for each date outside the scenario with which a guard or a rate compares `t`: that is always so, or never.

    A guard that can never hold is told by SD402.
    """
    for rule in resolved.rules:
        written = expanded.rules[Words(rule.name)]
        guards = conjuncts(rule.when)
        for words, node in ((written.when, rule.when), (written.rate, rule.rate)):
            if words is None or node is None:
                continue
            for part in walk(node):
                always = _always(part, resolved.days)
                if always is None or (not always and any(part is guard for guard in guards)):
                    continue
                place, told, width = passage(words, part)
                found = f"'{told}' is {'always' if always else 'never'} true: the scenario has no such day"
                hint = f"compare t with a date from {iso(expanded.starts)} to {iso(expanded.ends)}, or leave it out"
                yield Fault("SD428", place, found, None, hint, "warning", width)


def _always(part: Node, days: float) -> bool | None:
    """Whether a comparison of `t` with a date outside the scenario always holds, or never; None for all else."""
    if not isinstance(part, Binary) or part.op not in _OPPOSITE:
        return None
    op: str = part.op
    time, date = part.left, part.right
    if isinstance(date, Now):
        op, time, date = _OPPOSITE[op], date, time
    if not isinstance(time, Now) or not isinstance(date, Constant) or date.unit != DAY or 0.0 <= date.value <= days:
        return None
    return (date.value < 0.0) == (op in (">", ">="))
