"""PRIM, the patient rule induction method: a box of parameters in which an answer is yes more often than elsewhere.

Friedman and Fisher (1999, doi:10.1023/A:1008894516817): from the box of everything, the tenth of the runs at one
face whose loss raises the share of yes most is peeled off, again and again; each box on the way is a candidate. What
the best one cut off too much is pasted back as long as that raises the share. Chance is kept from drawing boxes:

* other runs than those that were peeled choose among the candidates, by how much they tell about the answer
  (mutual information, in which a small pure box and a large mixed one can be compared);
* those runs also drop each restriction without which the box would be as good by chance alone, more often than one
  time in twenty (the quasi-p-value of Bryant and Lempert 2010, doi:10.1016/j.techfore.2009.08.002);
* the figures that are told come from runs that had no part in any of it (`discovery.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, fsum, inf, lgamma, log, log1p

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

PEEL = 0.1
"""The share of the runs in a box that is peeled off or pasted back at once."""
LEAST = 0.05
"""The share of all runs that a box holds at least."""
BY_CHANCE = 0.05
"""The quasi-p-value above which a restriction is dropped."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box: the lowest and the highest value of each parameter, infinite where there is no limit; (parameters,)."""

    low: Floats
    high: Floats

    def within(self, values: Floats) -> Truths:
        """Which parameters of which runs lie within their limits: (runs, parameters)."""
        return (values >= self.low) & (values <= self.high)

    def holds(self, values: Floats) -> Truths:
        """Which runs lie in the box."""
        return np.asarray(self.within(values).all(axis=1))

    def restricted(self) -> list[int]:
        """The parameters that have a limit."""
        return [int(i) for i in np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high))]

    def moved(self, side: int, column: int, limit: float) -> Bounds:
        """The same box with another limit: the low one (side 0) or the high one (1) of a parameter."""
        ends = [self.low, self.high]
        ends[side] = ends[side].copy()
        ends[side][column] = limit
        return Bounds(*ends)

    def free_of(self, column: int) -> Bounds:
        """The same box without limits of a parameter."""
        return self.moved(0, column, -inf).moved(1, column, inf)


def find(values: Floats, yes: Truths, chosen_by: Floats, yes_there: Truths) -> Bounds | None:
    """The box that tells most about yes; peeled from some runs and chosen by others, (runs, parameters) each.

    None if no box is left.
    """
    trajectory = (pruned(box, chosen_by, yes_there) for box in peeled(values, yes))
    box = max(trajectory, key=lambda one: told_by(one, chosen_by, yes_there), default=None)
    if box is None or (best := told_by(box, chosen_by, yes_there)) <= 0.0:
        return None
    wider = pasted(box, values, yes)
    return wider if told_by(wider, chosen_by, yes_there) >= best else box


def peeled(values: Floats, yes: Truths) -> Iterator[Bounds]:
    """The boxes that peeling meets on its way, from the largest on."""
    box = Bounds(np.full(values.shape[1], -inf), np.full(values.shape[1], inf))
    least = max(1, int(LEAST * len(values)))
    while True:
        inside = box.holds(values)
        x, y = values[inside], yes[inside].astype(np.float64)
        ordered = np.sort(x, axis=0)
        cut = max(1, int(np.ceil(PEEL * len(x))))
        best: tuple[float, int, int] = (-inf, 0, 0)
        for side, kept in enumerate((x > ordered[cut - 1], x < ordered[-cut])):
            left = kept.sum(axis=0)
            share = y @ kept / np.maximum(left, 1)
            # Ties are peeled off together: what counts is what each run that is lost raises the share by.
            gain = np.where(left >= least, (share - y.mean()) / (len(x) - left), -inf)
            column = int(gain.argmax())
            best = max(best, (float(gain[column]), side, column))
        gained, side, column = best
        if gained == -inf:
            return
        ends = x[x[:, column] > ordered[cut - 1, column], column], x[x[:, column] < ordered[-cut, column], column]
        box = box.moved(side, column, float(ends[0].min() if side == 0 else ends[1].max()))
        yield box


def pasted(box: Bounds, values: Floats, yes: Truths) -> Bounds:
    """The box with each face moved out as long as that raises the share of yes."""
    while True:
        inside = box.holds(values)
        more = max(1, int(PEEL * inside.sum()))
        best, wider = float(yes[inside].mean()) if inside.any() else 0.0, None
        for column in box.restricted():
            others = box.free_of(column).holds(values)
            for side, end in enumerate((box.low[column], box.high[column])):
                beyond = values[:, column] < end if side == 0 else values[:, column] > end
                outside = np.sort(values[others & beyond, column])
                if not len(outside):
                    continue
                limit = float(outside[-more:][0] if side == 0 else outside[:more][-1])
                moved = box.moved(side, column, limit)
                share = float(yes[moved.holds(values)].mean())
                if share > best:
                    best, wider = share, moved
        if wider is None:
            return box
        box = wider


def pruned(box: Bounds, values: Floats, yes: Truths) -> Bounds:
    """The box without the restrictions that these runs do not bear out, the worst dropped first."""
    while columns := box.restricted():
        chances = quasi_p(box, values, yes)
        worst = max(columns, key=lambda column: chances[column])
        if chances[worst] <= BY_CHANCE:
            break
        box = box.free_of(worst)
    return box


def quasi_p(box: Bounds, values: Floats, yes: Truths) -> dict[int, float]:
    """For each restricted parameter, how likely as many yes in the box would be were its restriction of no use."""
    within = box.within(values)
    failed = (~within).sum(axis=1)
    inside = failed == 0
    chances = {}
    for column in box.restricted():
        without = (failed == 0) | ((failed == 1) & ~within[:, column])
        share = float(yes[without].mean()) if without.any() else 0.0
        chances[column] = at_least(int(yes[inside].sum()), int(inside.sum()), share)
    return chances


def at_least(yes: int, runs: int, share: float) -> float:
    """The probability of at least so many yes in independent runs that each say yes with this probability."""
    if yes <= 0:
        return 1.0
    if share <= 0.0:
        return 0.0
    if share >= 1.0:
        return 1.0
    ways = lgamma(runs + 1)
    terms = (
        exp(ways - lgamma(k + 1) - lgamma(runs - k + 1) + k * log(share) + (runs - k) * log1p(-share))
        for k in range(yes, runs + 1)
    )
    return min(1.0, fsum(terms))


def told_by(box: Bounds, values: Floats, yes: Truths) -> float:
    """What lying in the box tells about yes: their mutual information in nats; 0 where yes is rarer inside."""
    inside = box.holds(values)
    if not inside.any() or inside.all() or yes[inside].mean() <= yes.mean():
        return 0.0
    gain = 0.0
    for place in (inside, ~inside):
        for answer in (yes, ~yes):
            both = float((place & answer).mean())
            if both > 0:
                gain += both * log(both / (float(place.mean()) * float(answer.mean())))
    return gain
