"""The workloads "H12" and "H1": strikes that call forth strikes, and nothing else (exponential Hawkes processes).

H12 is the strike block of the contested border with the stakes frozen: a's strikes on b excite b's on a, twelve
directed pairs, branching ratio 0.6, so 270,000 events are expected in 30,000 days. H1 is one process that excites
itself at a branching ratio of 0.9, where thinning has the most to refuse.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from benchmarks.contested_border import ACTORS
from benchmarks.floor import GroundRule, Law

DAYS, TIMES = 30_000, 76
BASE, DECAY = 0.3, 0.1


@dataclass(frozen=True)
class Hawkes:
    """Every pair of actors against each other, or one process alone."""

    alone: bool = False

    @property
    def excite(self) -> float:
        """How much one strike adds to the rate, as a share of the base rate."""
        return self.branching * DECAY / BASE

    @property
    def branching(self) -> float:
        """How many strikes one strike brings about in the mean."""
        return 0.9 if self.alone else 0.6

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The directed pairs that strike."""
        actors = range(1) if self.alone else range(ACTORS)
        return [(a, b) for a in actors for b in actors if self.alone or a != b]

    def scenario(self) -> str:
        """The workload in the language."""
        actors = range(1 if self.alone else ACTORS)
        return f"""\
standoff: 1
title: Strikes that call forth strikes
starts: 2017-01-01
ends: 2099-02-19
every: 400 days
actors: {{{", ".join(f"a{a}: {{kind: state}}" for a in actors)}}}
state:
  grievance: {{of: [actor, actor], at_least: 0, half_life: {math.log(2) / DECAY!r} days}}
rules:
  strike:
    for: {{a: actor, b: actor}}
    when: a {"==" if self.alone else "!="} b
    rate: {BASE!r} * (1 + {self.excite!r} * grievance[a, b])
    then:
      - grievance[b, a] += 1
watch:
  grievance: {{for: {{a: actor, b: actor}}, of: "grievance[a, b]"}}
"""

    def law(self) -> Law:
        """The workload as the floor runs it: the border's strikes on one guard in a place that never falls."""
        strikes = tuple(
            GroundRule(5, (0, 1, 2 + at), ((2 + self.pairs.index((b, a)), 1.0),))
            for at, (a, b) in enumerate(self.pairs)
        )
        constants = (0.0, 0.0, 0.0, 0.0, 0.0, BASE, self.excite, DECAY)
        begin = (1.0, 1.0, *[0.0] * len(self.pairs))
        return Law("border.h", constants, begin, strikes, len(self.pairs), DAYS, TIMES)

    def totals(self) -> dict[str, slice]:
        """Where the floor's state holds what the watches of the same names record."""
        return {"grievance": slice(2, 2 + len(self.pairs))}
