"""Lint of times: rules that are due before the scenario starts, or when it is over."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.errors import Fault
from standoff.scenario.expression.bounds import bounds
from standoff.scenario.linting.unreachable import key, warning
from standoff.scenario.resolved import Resolved
from standoff.scenario.schema import Document


def overdue_rules(expanded: Document, resolved: Resolved) -> Iterator[Fault]:
    """SD413 for each rule of an author whose time is never within the scenario."""
    for rule in resolved.rules:
        if rule.at is None or rule.origin is not None:
            continue
        low, high = bounds(rule.at, resolved)
        if low >= resolved.days or high < 0.0:
            when = f"from day {low:g} on" if low >= resolved.days else f"up to day {high:g}"
            found = f"the rule '{rule.name}' never fires: it is due {when}, outside day 0 to {resolved.days:g}"
            cure = f"give it a time from 0 to before {resolved.days:g}: what ends then has ended"
            yield warning("SD413", key(expanded.rules, rule.name), found, cure)
