"""Which events are one kind to a reader: dates that the language makes tell none apart, and options tell choices.

A decision that comes up `every` so often is a rule with a row for each date. What it comes to is told by the rule of
the option that was chosen, which fires in the same instant and has the decision's own variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.model import Model, RuleTable

Case = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kinds:
    """`of`: (ground rules,), the first ground rule of each one's kind; `silent`: kinds that an option tells instead.

    `options` are, of each ground rule by which a decision comes up, those that do what was chosen.
    """

    of: NDArray[np.int64]
    silent: NDArray[np.bool_]
    options: Mapping[int, frozenset[int]]

    def tells(self, time: NDArray[np.float64], rule: NDArray[np.int32], place: int) -> int:
        """The ground rule that tells an event of a course, (events,) each: its own, or of a decision the option's."""
        own = int(rule[place])
        options = self.options.get(own, frozenset())
        while options and place < len(time) - 1 and time[place + 1] == time[place]:
            place += 1
            if int(rule[place]) in options:
                return int(rule[place])
        return own


def kinds(model: Model, dates: frozenset[str]) -> Kinds:
    """The kinds of a model's events; `dates` are the kinds of entities that the language makes of dates."""
    of = np.arange(model.ground_rules, dtype=np.int64)
    silent = np.zeros(model.ground_rules, np.bool_)
    cases = [_cases(rule, dates) for rule in model.rules]
    done: dict[tuple[str, Case], set[int]] = {}
    for rule, some in zip(model.rules, cases, strict=True):
        first: dict[Case, int] = {}
        for row, case in enumerate(some):
            of[rule.first + row] = first.setdefault(case, rule.first + row)
            if _is_decision(rule, "option"):
                done.setdefault((_decision(rule), case), set()).add(rule.first + row)
    options: dict[int, frozenset[int]] = {}
    for rule, some in zip(model.rules, cases, strict=True):
        if _is_decision(rule, "comes up"):
            for row, case in enumerate(some):
                if told := done.get((_decision(rule), case)):
                    options[rule.first + row] = frozenset(told)
    silent[list(options)] = True
    return Kinds(of, silent, options)


def _cases(rule: RuleTable, dates: frozenset[str]) -> list[Case]:
    """The bindings of a rule's rows without the dates that the language made."""
    kept = [i for i, (_, kind) in enumerate(rule.variables) if kind not in dates]
    return [tuple(row[i] for i in kept) for row in rule.bindings.tolist()]


def _is_decision(rule: RuleTable, role: str) -> bool:
    return rule.origin is not None and (rule.origin.word, rule.origin.role) == ("decision", role)


def _decision(rule: RuleTable) -> str:
    return "" if rule.origin is None else rule.origin.name
