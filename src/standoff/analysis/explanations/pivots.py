"""Pivotal events: in what share of the runs that say yes, removing one such event undoes that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import newcombe
from standoff.analysis.explanations.history import History
from standoff.analysis.explanations.story import Tested
from standoff.analysis.explanations.target import Target

MOST_PIVOTS = 20
FEWEST = 10
"""Of fewer runs than this on a side no share is told, and so no difference: the one run without says nothing."""


@dataclass(frozen=True, slots=True)
class Pivot:
    """One kind of event: the first ground rule of the kind, or all of a rule's where `ground_rule` is None.

    Of `tested` runs that say yes, `undone` turn to no where one such event is removed, with all other random numbers
    kept; in `settles` of these it was itself what settled the answer. `with_yes` of the `with_runs` runs that saw such
    an event by the horizon say yes, `without_yes` of the others;
    `with_it` and `without_it` are these shares, None where there are fewer than FEWEST runs to take one of.
    """

    rule: int
    ground_rule: int | None
    tested: int
    undone: int
    settles: int
    with_yes: int
    with_runs: int
    without_yes: int
    without_runs: int
    with_it: float | None
    without_it: float | None
    difference: float | None
    low: float | None
    high: float | None


def first_days(target: Target, runs: Sequence[History]) -> NDArray[np.float64]:
    """The day of the first event of each kind: (runs, ground rules), inf for none and for what does not tell a kind."""
    model, kinds = target.model, target.kinds
    own = target.own[model.rule_of] | kinds.silent
    first = np.full((len(runs), model.ground_rules), np.inf)
    for row, seen in zip(first, runs, strict=True):
        np.minimum.at(row, kinds.of[seen.rule], seen.time)
        row[own] = np.inf
    return first


def pivots(
    target: Target,
    runs: Sequence[History],
    examined: Sequence[Tested],
    first: NDArray[np.float64],
    settled_by: Sequence[int | None],
) -> tuple[Pivot, ...]:
    """The pivotal kinds of events, those first whose removal undoes most.

    `settled_by` has for each examined run the kind of event that settled its answer, None where none did.
    """
    model = target.model
    yes = np.array([seen.yes for seen in runs], dtype=np.bool_)
    of = target.kinds.of
    undone = [{int(of[one.told]) for one in tested.necessary} for tested in examined]
    last = list(zip(undone, settled_by, strict=True))
    ranked = []
    kinds = sorted(set().union(*undone)) if undone else []
    for ground_rule in kinds:
        needing = [end for each, end in last if ground_rule in each]
        count = len(needing), needing.count(ground_rule)
        came = np.asarray(np.isfinite(first[:, ground_rule]))
        ranked.append(_pivot(int(model.rule_of[ground_rule]), ground_rule, len(examined), count, came, yes))
    for rule in sorted({int(model.rule_of[kind]) for kind in kinds}):
        table = model.rules[rule]
        all_of = range(table.first, table.first + table.rows)
        if len(np.unique(of[table.first : table.first + table.rows])) > 1:
            needing = [end for each, end in last if any(one in all_of for one in each)]
            count = len(needing), sum(end in all_of for end in needing)
            came = np.asarray(np.isfinite(first[:, all_of.start : all_of.stop]).any(axis=1))
            ranked.append(_pivot(rule, None, len(examined), count, came, yes))
    ranked.sort(key=lambda one: (-one.undone, -abs(one.difference or 0.0), one.rule))
    return tuple(ranked[:MOST_PIVOTS])


def _pivot(
    rule: int,
    ground_rule: int | None,
    tested: int,
    undone: tuple[int, int],
    came: NDArray[np.bool_],
    yes: NDArray[np.bool_],
) -> Pivot:
    hits = int((came & yes).sum()), int((~came & yes).sum())
    sizes = int(came.sum()), int((~came).sum())
    with_it, without_it = (hit / size if size >= FEWEST else None for hit, size in zip(hits, sizes, strict=True))
    both = with_it is not None and without_it is not None
    gap = newcombe(hits[0], sizes[0], hits[1], sizes[1]) if both else None
    return Pivot(
        rule, ground_rule, tested, *undone, hits[0], sizes[0], hits[1], sizes[1], with_it, without_it,
        with_it - without_it if with_it is not None and without_it is not None else None,
        gap.low if gap else None, gap.high if gap else None,
    )  # fmt: skip
