"""Lint of times: rules that are due before the scenario starts, or when it is over."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.errors import Fault
from standoff.scenario.expression.bounds import static_bounds
from standoff.scenario.linting.warned import key, warning
from standoff.scenario.resolved import Resolved
from standoff.scenario.schema import Document


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
