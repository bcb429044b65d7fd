"""The record: what was observed is no part of the model, but it can name rules, and these must be there."""

from __future__ import annotations

from standoff.scenario.expression.headers import header_of
from standoff.scenario.words.expansion import Expansion


def check_record(expansion: Expansion) -> None:
    """Notes a fault for every rule that an observed event names and that is not there, or tells of other events.

    An inject that is switched off counts as a rule: what it brings in from outside can have been observed.
    """
    injects = expansion.document.injects
    for name, observed in expansion.document.record.items():
        header = observed.header
        for rule in observed.rule:
            if rule not in injects and not expansion.acting_rule(rule):
                continue
            event = injects[rule].event if rule in injects else expansion.rules[rule].event
            told = header_of(event) if event is not None else None
            if told is not None and told.type != header.type:
                found = f"'{name}' is not a firing of '{rule}', whose event is {event}"
                expansion.fault("SD203", rule, found, hint="give it the same type, or name another rule")
