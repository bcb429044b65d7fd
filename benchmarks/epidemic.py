"""The workload "epidemic": susceptible, infected, recovered, a thousand people who all meet, for 250 days."""

from __future__ import annotations

from benchmarks.floor import GroundRule, Law

PEOPLE = 1000
BETA, GAMMA = 1e-4, 0.01
DAYS, TIMES = 250, 51
TOTALS = {"susceptible": slice(0, 1), "infected": slice(1, 2), "recovered": slice(2, 3)}

SCENARIO = f"""\
standoff: 1
title: Epidemic in a closed population
starts: 2017-01-01
ends: 2017-09-07
every: 5 days
state:
  susceptible: {{at_least: 0}}
  infected: {{at_least: 0}}
  recovered: {{at_least: 0}}
begin:
  susceptible: {PEOPLE - 1}
  infected: 1
rules:
  infect:
    rate: {BETA!r} * susceptible * infected
    then:
      - susceptible -= 1
      - infected += 1
  recover:
    rate: {GAMMA!r} * infected
    then:
      - infected -= 1
      - recovered += 1
watch:
  susceptible: {{of: susceptible}}
  infected: {{of: infected}}
  recovered: {{of: recovered}}
"""


def law() -> Law:
    """The epidemic as the floor runs it."""
    infect = GroundRule(0, (0, 1), ((0, -1.0), (1, 1.0)))
    recover = GroundRule(1, (1,), ((1, -1.0), (2, 1.0)))
    return Law("epidemic.h", (BETA, GAMMA), (PEOPLE - 1.0, 1.0, 0.0), (infect, recover), 0, DAYS, TIMES)
